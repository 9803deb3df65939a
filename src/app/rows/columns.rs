//! The columns of the table of rows: what was found, then the data as it came, then coordinates.

use std::borrow::Cow;

use crate::app::shown::fields::{Field, Found, RowFields};
use crate::data::Holds;
use crate::project::query::Fields as _;
use crate::recipe::columns::Role;
use crate::support::number::significant;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Col {
    /// The sample as a picture.
    Picture,
    /// What was found, or a column of the data.
    Field(Field),
    /// A learned eigenvector, from 0.
    Learned(usize),
    /// An exact one.
    Exact(usize),
}

/// What was found that has a column, and stands before the data.
const FOUND: [Found; 5] = [Found::Cluster, Found::Name, Found::Edited, Found::Confidence, Found::Unlike];
/// Letters that a number takes.
const NUMBER: usize = 9;
/// Widths of columns in points, and of a letter.
const LEAST: f32 = 44.0;
const MOST: f32 = 220.0;
const LETTER: f32 = 6.6;

impl Col {
    /// The columns that stay in sight, then those that scroll.
    #[must_use]
    pub fn all(fields: &RowFields) -> (Vec<Self>, Vec<Self>) {
        let snapshot = fields.snapshot();
        let mut fixed = vec![Self::Field(Field::Found(Found::Row))];
        if snapshot.data.image.is_some() {
            fixed.push(Self::Picture);
        }
        let known = FOUND.into_iter().map(Field::Found).filter(|&field| fields.is_known(field));
        let mut columns: Vec<usize> = (0..fields.cells().columns().len()).collect();
        // What names a row is read first.
        columns.sort_by_key(|&c| fields.cells().columns()[c].role != Some(Role::Id));
        let columns = columns.into_iter().map(Field::Column);
        let mut others: Vec<Self> = known.chain(columns).map(Self::Field).collect();
        let vectors =
            |s: &Option<std::sync::Arc<crate::pipeline::Solution>>| s.as_ref().map_or(0, |s| s.space.vectors.ncols());
        others.extend((0..vectors(&snapshot.learned)).map(Self::Learned));
        others.extend((0..vectors(&snapshot.exact)).map(Self::Exact));
        (fixed, others)
    }

    /// What stands at its head.
    #[must_use]
    pub fn head(self, fields: &RowFields) -> Cow<'_, str> {
        match self {
            Self::Picture => "".into(),
            Self::Field(field) => fields.name(field).into(),
            Self::Learned(j) => format!("learned v{}", j + 1).into(),
            Self::Exact(j) => format!("exact v{}", j + 1).into(),
        }
    }

    /// What it says, in one sentence.
    #[must_use]
    pub fn tip(self, fields: &RowFields) -> String {
        match self {
            Self::Picture => "The sample".to_owned(),
            Self::Field(Field::Found(found)) => found.tip().to_owned(),
            Self::Field(field @ Field::Column(column)) => {
                let role = fields.cells().columns().get(column).and_then(|c| c.role).map(Role::name);
                let role = role.map_or_else(String::new, |role| format!(", {role}"));
                format!("A column of the data as it came: {}{role}", fields.holds(field.number()).name())
            }
            Self::Learned(j) => format!("The sample's place along learned eigenvector {}", j + 1),
            Self::Exact(j) => format!("The sample's place along exact eigenvector {}", j + 1),
        }
    }

    /// Whether its cells stand at the right.
    #[must_use]
    pub fn is_number(self, fields: &RowFields) -> bool {
        match self {
            Self::Picture => false,
            Self::Field(field) => fields.holds(field.number()) == Holds::Numbers,
            Self::Learned(_) | Self::Exact(_) => true,
        }
    }

    /// A cell as a number; none where it holds none.
    #[must_use]
    pub fn number(self, fields: &RowFields, row: usize) -> Option<f64> {
        let at = |s: &Option<std::sync::Arc<crate::pipeline::Solution>>, j: usize| {
            s.as_ref()?.space.vectors.get((row, j)).copied()
        };
        match self {
            Self::Picture => None,
            Self::Field(field) => fields.number(field.number(), row),
            Self::Learned(j) => at(&fields.snapshot().learned, j),
            Self::Exact(j) => at(&fields.snapshot().exact, j),
        }
    }

    /// A cell as it is shown; a mark of waiting where it is still to be found.
    #[must_use]
    pub fn text(self, fields: &RowFields, row: usize) -> Cow<'_, str> {
        match self {
            Self::Field(field) if fields.at_hand(field) => fields.shown(field, row),
            Self::Field(_) => "…".into(),
            Self::Picture => "".into(),
            Self::Learned(_) | Self::Exact(_) => self.number(fields, row).map(significant).unwrap_or_default().into(),
        }
    }

    /// A width that fits its head and its first cells.
    #[must_use]
    pub fn width(self, fields: &RowFields, row_height: f32) -> f32 {
        if self == Self::Picture {
            return row_height + 4.0;
        }
        let letters = |text: &str| text.chars().take(64).count();
        let cells = match self {
            Self::Field(Field::Found(Found::Row)) => fields.rows().to_string().len(),
            Self::Field(Field::Found(Found::Name | Found::Edited)) => 10,
            // Of very many columns only heads are measured.
            Self::Field(Field::Column(_)) if fields.cells().columns().len() > 500 => NUMBER,
            Self::Field(field @ Field::Column(_)) => {
                (0..fields.rows().min(40)).map(|row| letters(fields.shown(field, row).trim())).max().unwrap_or(0)
            }
            _ => NUMBER - 3,
        };
        let head = letters(&self.head(fields)) + 2;
        (LETTER * head.max(cells) as f32 + 12.0).clamp(LEAST, MOST)
    }
}
