//! What became of each column of a table, and why: kept with the samples, so that it can be shown and changed.

use std::collections::HashMap;

use ndarray::parallel::prelude::*;

use super::given::Given;
use super::kinds::Kind;
use super::numbers::Found;
use super::reading;
use super::reading::ColumnReading;
use super::roles::Roles;
use crate::data::Table;
use crate::data::cell::dates::DateOrder;
use crate::data::cell::{Notation, is_missing, is_number};
use crate::recipe::TextColumns;
use crate::recipe::columns::Role;
use crate::support::language::{counted, short};

/// Rows that are kept word for word, to look at.
pub const FIRST_ROWS: usize = 100;
/// Rows by which the kind of a column is judged that is no feature.
const GLANCE: usize = 1000;

/// The columns of a table as it was read, and its first rows.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// All columns, in the order of the table.
    pub columns: Vec<OutlineColumn>,
    /// The first rows, at most [`FIRST_ROWS`], word for word; its header has the names of the columns.
    pub first: Table,
    /// How many rows the table has.
    pub rows: usize,
    /// What stands between its cells, in words, where they stand in a text.
    pub delimiter: Option<String>,
}

/// What became of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineColumn {
    /// What it is for.
    pub role: Role,
    /// What its cells are.
    pub kind: SeenKind,
    /// Cells that hold nothing, in all rows of the table.
    pub gaps: usize,
    /// Why it has this role and this kind, in a sentence.
    pub why: String,
    /// Whether a person decided its role, and its kind.
    pub decided: (bool, bool),
}

/// What the cells of a column were taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenKind {
    /// Numbers.
    Number,
    /// Words, each a feature of its own where the column is one.
    Category,
    /// Yes and no.
    Flag,
    /// Dates, in this order of their parts.
    Date(DateOrder),
    /// Dates whose day and month cannot be told apart.
    UnclearDate,
    /// Answers on a scale of words, as their places.
    Scale,
    /// No cell holds anything.
    Empty,
}

impl SeenKind {
    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Flag => "flag",
            Self::Date(_) => "date",
            Self::UnclearDate => "unclear date",
            Self::Scale => "scale",
            Self::Empty => "empty",
        }
    }
}

impl From<Kind> for SeenKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Numbers(_) => Self::Number,
            Kind::Flags | Kind::Ticks => Self::Flag,
            Kind::Dates(order) => Self::Date(order),
            Kind::UnclearDates => Self::UnclearDate,
            Kind::Scale(_) => Self::Scale,
            Kind::Words => Self::Category,
            Kind::Empty => Self::Empty,
        }
    }
}

/// What the readers of columns found, by the places of the features among them.
pub(in crate::data) struct Findings<'a> {
    pub(in crate::data) roles: &'a Roles,
    pub(in crate::data) given: &'a Given,
    pub(in crate::data) kinds: &'a [Kind],
    pub(in crate::data) found: &'a [Found],
    /// Columns that gave features.
    pub(in crate::data) readings: &'a [ColumnReading],
    pub(in crate::data) text: TextColumns,
}

impl Outline {
    /// What became of the columns of `table`.
    pub(in crate::data) fn new(table: &Table, of: &Findings<'_>) -> Self {
        let slots: HashMap<usize, usize> = of.roles.features.iter().enumerate().map(|(slot, &c)| (c, slot)).collect();
        let read: HashMap<usize, &reading::Kind> = of.readings.iter().map(|r| (r.place, &r.kind)).collect();
        let column = |column: usize| match slots.get(&column) {
            Some(&slot) => of.candidate(table, column, slot, read.get(&column).copied()),
            None => of.other(table, column),
        };
        Self {
            columns: (0..table.width()).into_par_iter().map(column).collect(),
            first: table.select(&(0..table.len().min(FIRST_ROWS)).collect::<Vec<_>>()),
            rows: table.len(),
            delimiter: None,
        }
    }
}

impl Findings<'_> {
    /// A column that was looked at as a feature, and became one where it was read as something.
    fn candidate(&self, table: &Table, column: usize, slot: usize, read: Option<&reading::Kind>) -> OutlineColumn {
        let (kind, found) = (self.kinds[slot], &self.found[slot]);
        let missing_words = || (0..table.len()).filter(|&row| is_missing(table.cell(row, column).trim())).count();
        // Of flags and dates the cells that are none count as missing, and hold something all the same.
        let gaps = table.len().saturating_sub(found.numbers + found.words);
        let gaps = if kind == Kind::Words { missing_words() } else { gaps };
        let decided = (self.given.role(column).is_some(), self.given.kinds.contains_key(&column));
        let role = if read.is_some() { Role::Feature } else { Role::Shown };
        let mut why = if decided.1 { "as asked".to_owned() } else { why_kind(table, column, kind, found) };
        if self.given.told.kinds.contains_key(&column) && !decided.1 {
            why = format!("{why}, and the table itself says its kind");
        }
        if read.is_none() {
            why.push_str(match (kind, self.text) {
                (Kind::Words, TextColumns::Drop) => "; words are left out, and as a category they are features",
                (Kind::UnclearDates, _) => "; the kind says which comes first",
                _ => "; left out",
            });
        } else if let (Some(reading::Kind::Words(words)), false) = (read, decided.1) {
            why = format!("{why}, {} and as many features", counted(words.len(), "word"));
        } else if let Some(reading::Kind::Several(mark, words)) = read {
            why = format!("{why}, several answers with `{mark}` between them, {} and as many features", words.len());
        }
        if let Some(reading::Kind::List(numbers)) = read {
            why = format!("{}, each a feature", counted(*numbers, "number in a cell"));
        }
        if let Some(reason) = self.roles.why.get(&column) {
            why = format!("{reason}; {why}");
        } else if decided.0 && !decided.1 {
            why = format!("a feature as asked; {why}");
        }
        OutlineColumn { role, kind: kind.into(), gaps, why, decided }
    }

    /// A column that is no feature by its role.
    fn other(&self, table: &Table, column: usize) -> OutlineColumn {
        let gaps = (0..table.len()).filter(|&row| is_missing(table.cell(row, column).trim())).count();
        let is = |one: Option<usize>| one == Some(column);
        let role = match self.given.role(column) {
            _ if is(self.roles.label) => Role::Label,
            _ if is(self.roles.id) => Role::Id,
            Some(role) if role != Role::Feature => role,
            _ if self.given.told.roles.get(&column) == Some(&Role::Ignored) => Role::Ignored,
            _ => Role::Shown,
        };
        let given = self.given.role(column).is_some();
        let why = match self.roles.why.get(&column) {
            Some(why) => why.clone(),
            None if given => "as asked".to_owned(),
            None => "no feature, as others were named".to_owned(),
        };
        let decided = (given || !self.roles.why.contains_key(&column), self.given.kinds.contains_key(&column));
        OutlineColumn { role, kind: glance(table, column), gaps, why, decided }
    }
}

/// Why a column that is looked at as a feature has its kind.
fn why_kind(table: &Table, column: usize, kind: Kind, found: &Found) -> String {
    let Found { numbers, words, first_word, .. } = *found;
    let all = numbers + words;
    let other = || first_word.map(|row| short(table.cell(row, column).trim(), 24)).unwrap_or_default();
    match kind {
        Kind::Numbers(_) if words > 0 => {
            format!("{words} of {all} cells are no numbers, the first `{}`, and count as missing", other())
        }
        Kind::Numbers(Notation::Clock) => "its cells are times, read as seconds".to_owned(),
        Kind::Numbers(Notation::Measured(unit) | Notation::MeasuredComma(unit)) if !unit.is_none() => {
            format!("numbers with the unit `{}` beside them", unit.name())
        }
        Kind::Numbers(Notation::Measured(_) | Notation::MeasuredComma(_)) => {
            "numbers, some with a mark beside them, such as < or *".to_owned()
        }
        Kind::Numbers(Notation::Ranges) => "every cell is a range, read as its middle".to_owned(),
        Kind::Numbers(Notation::Graded) => "every cell is an answer with its number, read as that".to_owned(),
        Kind::Numbers(Notation::Fractions) => "every cell is a fraction or a whole, read as its value".to_owned(),
        Kind::Numbers(Notation::Between) => {
            "every cell is a time from and to, read as the seconds between them".to_owned()
        }
        Kind::Numbers(Notation::Comma) => "numbers with a comma before fractions".to_owned(),
        Kind::Numbers(_) => "every cell is a number".to_owned(),
        Kind::Flags => "every cell is yes or no, 1 or 0".to_owned(),
        Kind::Ticks => "every cell is a tick or empty, 1 or 0".to_owned(),
        Kind::Dates(order) => format!("every cell is a date ({}), read as days since 1970", order.name()),
        Kind::UnclearDates => "dates whose day and month cannot be told apart".to_owned(),
        Kind::Scale(scale) => {
            let (least, most, count) = scale.ends();
            let gaps = if words > 0 {
                format!("; {words} of {all} cells are none of it, the first `{}`", other())
            } else {
                String::new()
            };
            format!("answers on a scale, read as 1 for `{least}` to {count} for `{most}`{gaps}")
        }
        Kind::Words if numbers == 0 => format!("cells are words, the first `{}`", other()),
        Kind::Words => format!("{words} of {all} cells are words, the first `{}`; {numbers} are numbers", other()),
        Kind::Empty => "no cell holds anything".to_owned(),
    }
}

/// What a column holds by its first rows, where nobody read it.
fn glance(table: &Table, column: usize) -> SeenKind {
    let cells = (0..table.len().min(GLANCE)).map(|row| table.cell(row, column).trim());
    let present: Vec<&str> = cells.filter(|text| !is_missing(text)).collect();
    match present[..] {
        [] => SeenKind::Empty,
        _ if present.iter().all(|text| is_number(text)) => SeenKind::Number,
        _ => SeenKind::Category,
    }
}
