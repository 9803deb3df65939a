//! What the cells of a column are, as a model keeps it.

use crate::data::cell::dates::DateOrder;
use crate::data::cell::measure::measure;
use crate::data::cell::{Cell, Notation, cell, is_missing};
use crate::data::columns::kinds;
use crate::data::columns::scale::{Scale, is_no_answer};

/// What the cells of a column are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers, written so: one feature.
    Numbers(Notation),
    /// Yes and no, as 1 and 0.
    Flags,
    /// Dates, as days since the beginning of 1970.
    Dates(DateOrder),
    /// Answers on a scale of words, as their places from 1.
    Scale(Scale),
    /// Words, each with a feature that is 1 where it stands and else 0; ascending.
    Words(Vec<String>),
    /// The same with several words in a cell, and this mark between them.
    Several(char, Vec<String>),
    /// A list of so many numbers, each a feature.
    List(usize),
}

impl Kind {
    /// What was judged of a column that gives one feature.
    pub(in crate::data) fn of(kind: kinds::Kind) -> Self {
        match kind {
            kinds::Kind::Numbers(notation) => Self::Numbers(notation),
            kinds::Kind::Flags | kinds::Kind::Ticks => Self::Flags,
            kinds::Kind::Dates(order) => Self::Dates(order),
            kinds::Kind::Scale(scale) => Self::Scale(scale),
            kinds::Kind::UnclearDates | kinds::Kind::Words | kinds::Kind::Empty => Self::Words(Vec::new()),
        }
    }

    /// A cell as a number; not a number where it is missing or none of this kind.
    pub(super) fn value(&self, text: &str) -> f64 {
        match self {
            Self::Numbers(notation) => kinds::Kind::Numbers(*notation).value(text),
            Self::Flags => kinds::Kind::Flags.value(text),
            Self::Dates(order) => kinds::Kind::Dates(*order).value(text),
            Self::Scale(scale) => kinds::Kind::Scale(*scale).value(text),
            Self::Words(_) | Self::Several(..) | Self::List(_) => f64::NAN,
        }
    }

    /// Whether a cell that is of this kind is a number in another unit than the column's.
    pub(super) fn converts(&self, text: &str) -> bool {
        let (unit, comma) = match self {
            Self::Numbers(Notation::Measured(unit)) => (*unit, false),
            Self::Numbers(Notation::MeasuredComma(unit)) => (*unit, true),
            _ => return false,
        };
        let found = measure(text, comma).map(|found| found.unit).filter(|&found| found != unit);
        found.and_then(|found| found.in_one(unit)).is_some_and(|times| times.total_cmp(&1.0).is_ne())
    }

    /// Whether a cell that is none of this kind says nothing.
    pub(super) fn is_gap(&self, text: &str) -> bool {
        match self {
            Self::Scale(_)
            | Self::Numbers(Notation::Ranges | Notation::Graded | Notation::Fractions | Notation::Between) => {
                is_no_answer(text)
            }
            Self::Numbers(notation) => is_missing(text) || cell(text, *notation) == Cell::Missing,
            Self::Flags | Self::Dates(_) | Self::Words(_) | Self::Several(..) | Self::List(_) => is_missing(text),
        }
    }
}
