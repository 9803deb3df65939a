//! The columns of a set as a person sees them: cell by cell, as they came, with what each column holds.

use std::borrow::Cow;
use std::collections::HashMap;

use super::cell::dates::{DateOrder, date, day};
use super::cell::flags::flag;
use super::cell::is_surely_missing;
use super::columns::kinds::Kind;
use super::columns::reading;
use super::sheet::notation;
use super::{Dataset, SeenKind, Table};
use crate::recipe::columns::Role;
use crate::support::number::{shortest, significant};

/// With more pixels than this those of an image are no columns to look at.
const WIDE_IMAGE: usize = 64;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Numbers.
    Numbers,
    /// Dates, as days since 1970.
    Dates(DateOrder),
    /// Yes and no, as 1 and 0.
    Flags,
    /// Words.
    Words,
}

impl Holds {
    /// In one word, as `it holds numbers`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Dates(_) => "dates",
            Self::Flags => "yes or no",
            Self::Words => "words",
        }
    }

    /// A number, such as a mean, as such cells are written.
    #[must_use]
    pub fn write(self, value: f64) -> String {
        match self {
            Self::Dates(_) => day(value),
            _ => significant(value),
        }
    }

    /// What a person who wrote this means among such cells; none where it is none of them.
    #[must_use]
    pub fn read(self, text: &str) -> Option<f64> {
        let text = text.trim();
        match self {
            Self::Numbers => text.parse().ok().filter(|v: &f64| v.is_finite()),
            Self::Dates(order) => date(text, DateOrder::YearMonthDay).or_else(|| date(text, order)),
            Self::Flags => match text {
                "1" => Some(1.0),
                "0" => Some(0.0),
                _ => flag(text).map(|yes| f64::from(u8::from(yes))),
            },
            Self::Words => None,
        }
    }
}

/// A column of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct CellColumn {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub holds: Holds,
    /// What it is for, where the set came from a table.
    pub role: Option<Role>,
    of: Of,
}

/// Where the cells of a column come from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    /// This column of the table, read so.
    Table(usize, Kind),
    /// This feature.
    Feature(usize),
    /// The classes.
    Class,
}

/// The columns of a set, for its samples: those of the table it came from, else its features and its classes.
#[derive(Clone, Debug)]
pub struct Cells {
    data: Dataset,
    columns: Vec<CellColumn>,
    /// Whether features came in single precision.
    single: bool,
}

impl Cells {
    /// The columns of a set.
    #[must_use]
    pub fn of(data: &Dataset) -> Self {
        let table = data.table.as_deref().filter(|table| table.len() == data.len());
        let columns = table.map_or_else(|| of_features(data), |table| of_table(data, table));
        Self { columns, single: data.features.is_single(), data: data.clone() }
    }

    /// The columns, in the order in which they came.
    #[must_use]
    pub fn columns(&self) -> &[CellColumn] {
        &self.columns
    }

    /// The samples they are of.
    #[must_use]
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// A cell as it came; empty where there is none.
    #[must_use]
    pub fn text(&self, sample: usize, column: usize) -> Cow<'_, str> {
        match (self.columns.get(column).map(|c| c.of), &self.data.table) {
            (Some(Of::Table(at, _)), Some(table)) => table.text(sample, at),
            (Some(Of::Feature(j)), _) => match self.feature(sample, j) {
                Some(v) if self.single => shortest(v, v as f32).into(),
                Some(v) => shortest(v, v).into(),
                None => "".into(),
            },
            (Some(Of::Class), _) => self.class(sample).unwrap_or_default().into(),
            _ => "".into(),
        }
    }

    /// A cell as a number: of numbers, dates and flags; none where it holds nothing, or is none of them.
    #[must_use]
    pub fn number(&self, sample: usize, column: usize) -> Option<f64> {
        let value = match (self.columns.get(column).map(|c| c.of)?, &self.data.table) {
            (Of::Table(at, kind), Some(table)) => kind.value(&table.text(sample, at)),
            (Of::Feature(j), _) => self.feature(sample, j)?,
            (Of::Class, _) => self.class(sample)?.parse().ok()?,
            (Of::Table(..), None) => return None,
        };
        value.is_finite().then_some(value)
    }

    /// A cell without blanks around it; none where it holds nothing.
    #[must_use]
    pub fn word(&self, sample: usize, column: usize) -> Option<Cow<'_, str>> {
        let text = match self.text(sample, column) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        (!is_surely_missing(&text)).then_some(text)
    }

    /// Whether a cell holds nothing that its column could hold.
    #[must_use]
    pub fn is_missing(&self, sample: usize, column: usize) -> bool {
        match self.columns.get(column).map(|c| c.holds) {
            Some(Holds::Words) | None => self.word(sample, column).is_none(),
            Some(_) => self.number(sample, column).is_none(),
        }
    }

    /// A number that a person wrote, as exact as those of this column: what single precision rounded is equal to what it was written as.
    #[must_use]
    pub fn rounded(&self, value: f64, column: usize) -> f64 {
        let feature = self.columns.get(column).is_some_and(|c| matches!(c.of, Of::Feature(_)));
        if feature && self.single { f64::from(value as f32) } else { value }
    }

    fn feature(&self, sample: usize, feature: usize) -> Option<f64> {
        let (n, d) = self.data.features.dim();
        let there = sample < n && feature < d && !self.data.is_filled(sample, feature);
        there.then(|| self.data.features.at(sample, feature))
    }

    fn class(&self, sample: usize) -> Option<&str> {
        let labels = self.data.labels.as_ref()?;
        labels.names.get(labels.class(sample)? as usize).map(String::as_str)
    }
}

fn of_table(data: &Dataset, table: &Table) -> Vec<CellColumn> {
    let read: HashMap<usize, &reading::Kind> = data.reading.columns.iter().map(|r| (r.place, &r.kind)).collect();
    let column = |(at, name): (usize, &String)| {
        let seen = data.outline.as_ref().and_then(|outline| outline.columns.get(at));
        let (holds, kind) = match (seen.map_or(SeenKind::Category, |c| c.kind), read.get(&at)) {
            (
                _,
                Some(
                    reading::Kind::Words(_)
                    | reading::Kind::Several(..)
                    | reading::Kind::List(_)
                    | reading::Kind::Scale(_),
                ),
            )
            | (SeenKind::Category | SeenKind::UnclearDate | SeenKind::Scale | SeenKind::Empty, None) => {
                (Holds::Words, Kind::Words)
            }
            (_, Some(reading::Kind::Flags)) | (SeenKind::Flag, None) => (Holds::Flags, Kind::Flags),
            (_, Some(&&reading::Kind::Dates(order))) | (SeenKind::Date(order), None) => {
                (Holds::Dates(order), Kind::Dates(order))
            }
            (_, Some(reading::Kind::Numbers(notation))) => (Holds::Numbers, Kind::Numbers(*notation)),
            (SeenKind::Number, None) => (Holds::Numbers, Kind::Numbers(notation(table, at))),
        };
        CellColumn { name: name.clone(), holds, role: seen.map(|c| c.role), of: Of::Table(at, kind) }
    };
    table.header.iter().enumerate().map(column).collect()
}

fn of_features(data: &Dataset) -> Vec<CellColumn> {
    // Components of sparse rows are no columns of theirs.
    let shown = data.sparse.is_none() && (data.image.is_none() || data.dim() <= WIDE_IMAGE);
    let name = |j: usize| data.columns.get(j).cloned().unwrap_or_else(|| format!("column {}", j + 1));
    let feature = |j: usize| CellColumn { name: name(j), holds: Holds::Numbers, role: None, of: Of::Feature(j) };
    let mut columns: Vec<CellColumn> = (0..if shown { data.dim() } else { 0 }).map(feature).collect();
    if let Some(labels) = &data.labels {
        let whole = labels.names.iter().all(|name| name.parse::<i64>().is_ok());
        let holds = if whole { Holds::Numbers } else { Holds::Words };
        let taken = columns.iter().any(|c| c.name == "label");
        let name = if taken { "label_2" } else { "label" }.to_owned();
        columns.push(CellColumn { name, holds, role: Some(Role::Label), of: Of::Class });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::super::{Source, load};
    use super::*;
    use crate::Recipe;
    use crate::support::progress::Progress;

    fn cells(text: &str) -> Cells {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, text).expect("written");
        Cells::of(&load(&Source::Path(path), &Recipe::default(), &Progress::silent()).expect("it loads"))
    }

    #[test]
    fn a_table_keeps_its_text_and_each_column_is_read_by_its_kind() {
        let rows: Vec<String> = (0..30)
            .map(|i| {
                let gap = if i == 3 { "n/a".to_owned() } else { format!("1{i:03}.5") };
                let (town, paid) = ([" Oslo", "Bern", ""][i % 3], ["yes", "no"][i % 2]);
                format!("{gap},{town},{paid},2024-01-{:02}\n", i % 28 + 1)
            })
            .collect();
        let cells = cells(&format!("size,town,paid,day\n{}", rows.concat()));
        let holds: Vec<&str> = cells.columns().iter().map(|c| c.holds.name()).collect();
        assert_eq!(holds, ["numbers", "words", "yes or no", "dates"]);
        assert_eq!((cells.text(3, 0), cells.number(3, 0), cells.is_missing(3, 0)), ("n/a".into(), None, true));
        assert_eq!(
            (cells.number(4, 0), cells.number(0, 2), cells.number(0, 3)),
            (Some(1004.5), Some(1.0), Some(19_723.0))
        );
        assert_eq!((cells.text(0, 1), cells.word(0, 1)), (" Oslo".into(), Some("Oslo".into())));
        assert!(cells.is_missing(2, 1) && cells.word(2, 1).is_none() && !cells.is_missing(2, 0));
        assert_eq!((cells.text(99, 0), cells.text(0, 99), cells.number(99, 0)), ("".into(), "".into(), None));
    }

    #[test]
    fn a_built_in_set_has_its_features_and_its_classes_and_a_wide_image_no_pixels() {
        let recipe = Recipe { samples: crate::recipe::Auto::Set(40), ..Recipe::default() };
        let named = |name: &str| load(&Source::Named(name.to_owned()), &recipe, &Progress::silent()).expect("it loads");
        let moons = Cells::of(&named("moons"));
        let names: Vec<&str> = moons.columns().iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["x", "y", "label"]);
        let written: f64 = moons.text(7, 0).parse().expect("a number");
        assert!((moons.rounded(written, 0) - moons.number(7, 0).expect("there is one")).abs() == 0.0);
        let mut digits = named("digits");
        assert_eq!(Cells::of(&digits).columns().len(), 65);
        let sparsity = crate::data::Sparsity { columns: 9, scaling: (crate::recipe::Scaling::None, String::new()) };
        digits.sparse = Some(std::sync::Arc::new(sparsity));
        assert_eq!(Cells::of(&digits).columns().len(), 1);
    }

    #[test]
    fn what_a_person_writes_is_read_by_what_a_column_holds() {
        let dates = Holds::Dates(DateOrder::DayMonthYear);
        assert_eq!([19_754.0, 0.6, -1.0].map(|v| dates.write(v)), ["2024-02-01", "1970-01-01", "1969-12-31"]);
        assert_eq!([dates.read("1.2.2024"), dates.read("2024-02-01")], [Some(19_754.0); 2]);
        assert_eq!(
            [Holds::Flags.read("TRUE"), Holds::Flags.read("0"), Holds::Flags.read("2")],
            [Some(1.0), Some(0.0), None]
        );
        assert_eq!(
            [Holds::Numbers.read("1e3"), Holds::Numbers.read("tall"), Holds::Numbers.read("inf")],
            [Some(1000.0), None, None]
        );
    }
}
