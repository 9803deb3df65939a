//! What a person decides of the columns of a table, in the words of settings: lists of names, kinds, roles; and the file that holds them.

mod file;

use std::collections::HashMap;
use std::fmt::Write as _;

use clap::ValueEnum;

pub use file::{LONGEST_ROLES, field_of, header_of_file, quoted, read_roles};

use super::Recipe;
use crate::support::language::nearest;
use crate::{Error, Result};

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub enum Role {
    /// It decides who is near whom.
    Feature,
    /// Its classes colour and score; they never reach the solvers.
    Label,
    /// It names the rows.
    Id,
    /// It stands in the card of a point and in exports, and is no feature.
    Shown,
    /// It stands in exports alone.
    Ignored,
}

/// What a person says that the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub enum ColumnKind {
    /// Numbers; whatever is none counts as missing.
    Number,
    /// Names, each of which becomes a feature that is 1 where it stands and else 0.
    Category,
    /// Yes and no, or 1 and 0; whatever is neither counts as missing.
    Flag,
    /// Dates, taken as days since 1970, their parts in the order that most cells have; whatever is none counts as missing.
    Date,
    /// Dates such as 2024-01-31.
    YearMonthDay,
    /// Dates such as 31-01-2024.
    DayMonthYear,
    /// Dates such as 01-31-2024.
    MonthDayYear,
}

/// The word of a value that is one of a few.
pub(crate) fn word<T: ValueEnum>(value: &T) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

impl Role {
    /// In the order to offer them.
    pub const ALL: [Self; 5] = [Self::Feature, Self::Label, Self::Id, Self::Shown, Self::Ignored];

    /// As files and the window have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Label => "label",
            Self::Id => "id",
            Self::Shown => "shown",
            Self::Ignored => "ignored",
        }
    }
}

impl ColumnKind {
    /// As flags and files have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Flag => "flag",
            Self::Date => "date",
            Self::YearMonthDay => "year-month-day",
            Self::DayMonthYear => "day-month-year",
            Self::MonthDayYear => "month-day-year",
        }
    }
}

/// The value of this name.
fn named<T: ValueEnum + Clone>(name: &str) -> Option<T> {
    T::value_variants().iter().find(|value| word(*value).eq_ignore_ascii_case(name)).cloned()
}

/// All names of a choice, one after the other.
fn names<T: ValueEnum>() -> Vec<String> {
    T::value_variants().iter().map(word).collect()
}

/// The names in a list with commas between them; one that has a comma itself stands in quotes.
#[must_use]
pub fn parts(list: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(list.as_bytes());
    let record = reader.records().next().and_then(std::result::Result::ok).unwrap_or_default();
    record.iter().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The list of some names, from which [`parts`] reads them again.
#[must_use]
pub fn joined(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut list = String::new();
    for name in names {
        let name = name.as_ref();
        if !list.is_empty() {
            list.push(',');
        }
        if name.contains(['"', ',', '\n', '\r']) {
            let _ = write!(list, "\"{}\"", name.replace('"', "\"\""));
        } else {
            list.push_str(name);
        }
    }
    list
}

/// What `--kind` says: columns, by name or number, each with its kind; of one that comes twice the last.
///
/// # Errors
/// [`Error::Setting`] for a part that is not `column=kind`, with the kind that was probably meant.
pub fn kinds(list: &str) -> Result<Vec<(String, ColumnKind)>> {
    let mut found: Vec<(String, ColumnKind)> = Vec::new();
    if list.trim() == "auto" {
        return Ok(found);
    }
    for part in parts(list) {
        let wrong = |what: String| Error::Setting(format!("--kind {part}: {what}"));
        let Some((column, kind)) = part.rsplit_once('=') else {
            return Err(wrong("a column and its kind are wanted, such as age=number".to_owned()));
        };
        let (column, kind) = (column.trim(), kind.trim());
        let Some(kind) = named::<ColumnKind>(kind) else {
            return Err(wrong(no_kind(kind, column)));
        };
        found.push((column.to_owned(), kind));
    }
    let last: HashMap<String, usize> = found.iter().enumerate().map(|(at, (column, _))| (column.clone(), at)).collect();
    let mut at = 0;
    found.retain(|(column, _)| {
        at += 1;
        last.get(column) == Some(&(at - 1))
    });
    Ok(found)
}

/// What to say of a word that is no kind.
fn no_kind(given: &str, column: &str) -> String {
    let known = names::<ColumnKind>();
    if ["ignore", "ignored", "none", "drop"].contains(&given) {
        return format!("what is left out has no kind; --ignore {column} leaves it out");
    }
    let meant = nearest(given, known.iter().map(String::as_str));
    let meant = meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "));
    format!("`{given}` is no kind; {meant}kinds are {}", known.join(", "))
}

/// The same as `--kind` takes it.
#[must_use]
pub fn kind_list(kinds: &[(String, ColumnKind)]) -> String {
    if kinds.is_empty() {
        return "auto".to_owned();
    }
    let parts: Vec<String> = kinds.iter().map(|(column, kind)| format!("{column}={}", kind.name())).collect();
    joined(parts)
}

/// Several values of `--kind` as one: what comes later wins, and `auto` forgets what came before.
#[must_use]
pub fn merged_kinds<'a>(lists: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<String> = Vec::new();
    for list in lists {
        if list.trim() == "auto" {
            all.clear();
        } else {
            all.extend(parts(list));
        }
    }
    if all.is_empty() { "auto".to_owned() } else { joined(all) }
}

impl Recipe {
    /// Whether it decides anything about single columns.
    #[must_use]
    pub fn decides_columns(&self) -> bool {
        let default = Self::default();
        (&self.label_column, &self.id_column, &self.features)
            != (&default.label_column, &default.id_column, &default.features)
            || (&self.ignore, &self.shown, &self.kind) != (&default.ignore, &default.shown, &default.kind)
    }

    /// The same recipe with nothing decided about single columns.
    #[must_use]
    pub fn columns_as_guessed(&self) -> Self {
        let Self { label_column, id_column, features, ignore, shown, kind, .. } = Self::default();
        Self { label_column, id_column, features, ignore, shown, kind, ..self.clone() }
    }

    /// The same recipe with all that says how a table is read, single columns too, as another has it.
    #[must_use]
    pub fn read_as(&self, other: &Self) -> Self {
        let Self { label_column, id_column, features, ignore, shown, kind, .. } = other.clone();
        let Self { header, delimiter, encoding, decimal, array, missing, text, .. } = other.clone();
        let columns = Self { label_column, id_column, features, ignore, shown, kind, ..self.clone() };
        Self { header, delimiter, encoding, decimal, array, missing, text, ..columns }
    }

    /// The same recipe with the files that say something of single rows, as another has them: they are of one dataset.
    #[must_use]
    pub fn with_rows_of(&self, other: &Self) -> Self {
        let Self { affinity_file, known_labels, .. } = other.clone();
        Self { affinity_file, known_labels, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_any_names_come_back() {
        for names in [vec!["a", "b c"], vec!["a, b", "say \"hi\"", "two\nlines"], vec!["="], vec![]] {
            assert_eq!(parts(&joined(&names)), names);
        }
        assert_eq!(parts(" a , ,\"b, c\""), ["a", "b, c"]);
    }

    #[test]
    fn kinds_are_read_the_last_of_a_column_wins_and_slips_are_named() {
        let read = kinds("a=number,\"b, c=category\", x=y=flag,a=date").expect("kinds");
        let wanted = [("b, c", ColumnKind::Category), ("x=y", ColumnKind::Flag), ("a", ColumnKind::Date)];
        assert_eq!(read, wanted.map(|(name, kind)| (name.to_owned(), kind)));
        assert_eq!(kinds(&kind_list(&read)).expect("again"), read);
        assert_eq!((kinds("auto").expect("none"), kind_list(&[])), (Vec::new(), "auto".to_owned()));
        let said = |list: &str| kinds(list).expect_err(list).to_string();
        assert!(said("a=catgory").contains("did you mean `category`?"), "{}", said("a=catgory"));
        assert!(said("a").contains("such as age=number"));
        assert!(said("a=ignore").contains("--ignore a"));
    }

    #[test]
    fn files_of_single_rows_are_taken_over_and_nothing_else() {
        let set = |file: &str| Recipe {
            affinity_file: Some(file.into()),
            known_labels: Some(file.into()),
            seed: file.len() as u64,
            ..Recipe::default()
        };
        let (mine, theirs) = (set("w.mtx"), set("other.mtx"));
        let mixed = mine.with_rows_of(&theirs);
        assert_eq!(mixed, Recipe { seed: 5, ..theirs.clone() });
    }

    #[test]
    fn several_lists_of_kinds_are_one() {
        assert_eq!(merged_kinds(["a=number", "b=flag,a=date"]), "a=number,b=flag,a=date");
        assert_eq!(merged_kinds(["a=number", "auto"]), "auto");
        assert_eq!(merged_kinds(["a=number", "auto", "\"b, c=date\""]), "\"b, c=date\"");
    }
}
