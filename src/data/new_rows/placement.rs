//! Where a new table has the columns that a model reads: by name where both have names, else by place, and then it says so.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use crate::data::Reading;
use crate::data::raw::few;
use crate::data::table::numbered;
use crate::data::text::declared::LABEL_NAMES;
use crate::support::language::{are, counted, plural};
use crate::{Error, Result};

/// Where the columns of a reading stand in a table.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::data) struct Placement {
    /// For each column of the table the one of the reading that it is.
    pub(in crate::data) slots: Vec<Option<usize>>,
    /// The column of labels.
    pub(in crate::data) label: Option<usize>,
    /// What a person should know of it.
    pub(in crate::data) note: Option<String>,
}

/// What a table calls its columns.
#[derive(Clone, Copy, Debug)]
pub(in crate::data) struct Names<'a> {
    pub(in crate::data) header: &'a [String],
    /// Whether the table itself calls them so.
    pub(in crate::data) own: bool,
    /// The file, for messages.
    pub(in crate::data) path: &'a Path,
}

/// Whether a header has every column of a reading by name, in any case.
pub(super) fn has_all(reading: &Reading, header: &[String]) -> bool {
    let names: HashSet<&str> = header.iter().map(String::as_str).collect();
    reading.columns.iter().all(|column| names.contains(column.name.as_str())) || loosely(reading, header).is_some()
}

/// Whether a first record of different cells has at least two columns of a reading by name, and half of them. Names that are numbers look like a
/// row; what names most columns is no row, and what it lacks can be said.
pub(super) fn has_most<'a>(reading: &Reading, first: impl Iterator<Item = &'a str> + Clone) -> bool {
    let names: HashSet<&str> = first.clone().map(str::trim).collect();
    let known = reading.columns.iter().filter(|column| names.contains(column.name.as_str())).count();
    reading.named && names.len() == first.count() && known >= 2 && 2 * known >= reading.columns.len()
}

/// A name as one that is written in capitals, with other marks between its words, or with accents that are characters of their own, is the
/// same.
fn loose(name: &str) -> String {
    // Wavelengths and the like are numbers, however many digits stand behind the mark before their fraction.
    let decimal = name.trim().replacen(',', ".", 1);
    let number =
        decimal.parse::<f64>().ok().filter(|_| decimal.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')));
    if let Some(number) = number {
        return format!("{number}");
    }
    // Marks that no screen shows, such as that of the byte order, come with files.
    let unseen = |c: char| matches!(c, '_' | '-' | '.' | '\u{feff}' | '\u{200b}'..='\u{200f}') || c.is_whitespace();
    name.nfc().filter(|&c| !unseen(c)).flat_map(char::to_lowercase).collect()
}

/// The names in the reading of columns of a header, where they differ in their case and in the marks between words alone, and each is
/// meant by one column and no other.
fn loosely(reading: &Reading, header: &[String]) -> Option<Vec<String>> {
    let mut at: HashMap<String, Option<usize>> = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        at.entry(loose(name)).and_modify(|place| *place = None).or_insert(Some(place));
    }
    let wanted: HashSet<String> = reading.columns.iter().map(|column| loose(&column.name)).collect();
    if wanted.len() < reading.columns.len() {
        return None;
    }
    let mut names = header.to_vec();
    for column in &reading.columns {
        let place = (*at.get(&loose(&column.name))?)?;
        names[place].clone_from(&column.name);
    }
    Some(names)
}

/// Finds the columns of a reading.
///
/// # Errors
/// [`Error::Format`] with the names of columns that are missing, or the number of columns where they have no names.
pub(in crate::data) fn place(reading: &Reading, names: Names<'_>) -> Result<Placement> {
    let all = has_all(reading, names.header);
    if names.own && (all || reading.named) {
        if !all {
            return Err(missing(reading, names));
        }
        let exact: HashSet<&str> = names.header.iter().map(String::as_str).collect();
        if reading.columns.iter().all(|column| exact.contains(column.name.as_str())) {
            return Ok(by_name(reading, names.header));
        }
        let Some(same) = loosely(reading, names.header) else { return Err(missing(reading, names)) };
        let other: Vec<&str> =
            names.header.iter().zip(&same).filter(|(own, same)| own != same).map(|(own, _)| own.as_str()).collect();
        let note = format!(
            "columns were found though their names are written otherwise than in the training: {}",
            few(&other)
        );
        return Ok(Placement { note: Some(note), ..by_name(reading, &same) });
    }
    let Some((places, label)) = by_place(reading, names) else {
        return Err(misfit(reading, names));
    };
    let mut slots = vec![None; names.header.len()];
    places.iter().enumerate().for_each(|(slot, &place)| slots[place] = Some(slot));
    let same = reading.columns.iter().zip(&places).all(|(column, &place)| names.header[place] == column.name);
    let note = (!same).then(|| {
        let why = if names.own { "the model was trained on columns without names" } else { "it has no header" };
        let read: Vec<&str> = reading.columns.iter().map(|column| column.name.as_str()).collect();
        format!("{why}, so its columns were taken by their place for {}", few(&read))
    });
    Ok(Placement { slots, label, note })
}

/// Every column under its name, the first of that name.
fn by_name(reading: &Reading, header: &[String]) -> Placement {
    let mut at: HashMap<&str, usize> = HashMap::new();
    header.iter().enumerate().rev().for_each(|(place, name)| {
        at.insert(name, place);
    });
    let mut slots = vec![None; header.len()];
    for (slot, column) in reading.columns.iter().enumerate() {
        if let Some(&place) = at.get(column.name.as_str()) {
            slots[place] = Some(slot);
        }
    }
    let label = reading.label.as_deref().and_then(|name| at.get(name).copied());
    let label = label.filter(|&place| slots[place].is_none());
    Placement { slots, label, note: None }
}

/// The places of the columns, and that of the labels, where the number of columns leaves no doubt.
fn by_place(reading: &Reading, names: Names<'_>) -> Option<(Vec<usize>, Option<usize>)> {
    let (count, width) = (reading.columns.len(), names.header.len());
    let trained = || reading.columns.iter().map(|column| column.place).collect::<Vec<_>>();
    let is_label =
        |name: &str| reading.label.as_deref() == Some(name) || LABEL_NAMES.iter().any(|l| name.eq_ignore_ascii_case(l));
    let labels: Vec<usize> = (0..width).filter(|&place| names.own && is_label(&names.header[place])).collect();
    if width == count && labels.is_empty() {
        return Some(((0..width).collect(), None));
    }
    if width == count + 1
        && let [label] = labels[..]
    {
        return Some(((0..width).filter(|&place| place != label).collect(), Some(label)));
    }
    // The table as it was in training, perhaps without its last column of labels.
    let last = reading.label.is_some() && width + 1 == reading.width && trained().iter().all(|&place| place < width);
    if width == reading.width || last {
        let places = trained();
        let label = numbered(width).iter().position(|name| reading.label.as_ref() == Some(name));
        return places.iter().all(|&place| place < width).then_some((places, label));
    }
    None
}

/// What is said of columns that are not there.
fn missing(reading: &Reading, names: Names<'_>) -> Error {
    let there: HashSet<&str> = names.header.iter().map(String::as_str).collect();
    let wanted = reading.columns.iter().map(|column| column.name.as_str());
    let gone: Vec<&str> = wanted.filter(|name| !there.contains(name)).collect();
    let has: Vec<&str> = names.header.iter().map(String::as_str).collect();
    Error::format(
        names.path,
        format!(
            "there {} no {} {}, which the model reads by name; the table has {}; rename or add what is missing",
            are(gone.len()),
            plural(gone.len(), "column"),
            few(&gone),
            few(&has)
        ),
    )
}

/// What is said of a table of another number of columns.
fn misfit(reading: &Reading, names: Names<'_>) -> Error {
    let (wanted, found) = (reading.columns.len(), names.header.len());
    let read: Vec<&str> = reading.columns.iter().map(|column| column.name.as_str()).collect();
    let table = if reading.width == wanted {
        String::new()
    } else {
        format!(", or the {} of the table it was trained on", counted(reading.width, "column"))
    };
    Error::format(
        names.path,
        format!(
            "the model reads {} ({}), and here {} {}; without names they are taken by their place, and only as many fit{table}",
            counted(wanted, "column"),
            few(&read),
            are(found),
            found
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::cell::Notation;
    use crate::data::columns::reading::{ColumnReading, Kind};

    fn names(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    /// `a` and `b` of a table `id, a, b, label`.
    fn reading(named: bool) -> Reading {
        let called = |at: usize, name: &str| if named { name.to_owned() } else { format!("column {}", at + 1) };
        let column = |at: usize, name: &str| ColumnReading::new(&called(at, name), at, Kind::Numbers(Notation::Plain));
        let columns = vec![column(1, "a"), column(2, "b")];
        let (label, ids) = (Some(called(3, "label")), vec![called(0, "id")]);
        Reading { columns, label, ids, named, width: 4, projection: None }
    }

    fn placed(named: bool, own: bool, header: &[&str]) -> Result<Placement, String> {
        let header = if own { names(header) } else { numbered(header.len()) };
        let names = Names { header: &header, own, path: Path::new("new.csv") };
        place(&reading(named), names).map_err(|e| e.to_string())
    }

    #[test]
    fn names_decide_where_there_are_names() {
        let found = placed(true, true, &["label", "b", "more", "a", "id"]).expect("all are there");
        assert_eq!((found.slots, found.label), (vec![None, Some(1), None, Some(0), None], Some(0)));
        assert_eq!(found.note, None);
        assert_eq!(placed(true, true, &["a", "b"]).expect("no label is needed").label, None);
        let loose = placed(true, true, &["B", "label", " A_"]).expect("they are the same names");
        assert_eq!(loose.slots, [Some(1), None, Some(0)]);
        assert!(loose.note.is_some_and(|note| note.contains("`B`")), "it is said");
        assert!(placed(true, true, &["A", "a_", "B"]).is_err(), "two columns may be meant");
        assert_eq!(super::loose("\u{feff}Gro\u{308}\u{df}e\u{a0}"), super::loose("Grö\u{df}e"));
        let refused = placed(true, true, &["p", "b", "c", "d"]).expect_err("there is no `a`");
        assert!(refused.starts_with("new.csv: there is no column `a`") && refused.contains("`p`"), "{refused}");
    }

    #[test]
    fn places_count_where_names_are_missing_and_the_number_fits() {
        for (named, own, header, slots, label) in [
            (true, false, &["", ""][..], vec![Some(0), Some(1)], None),
            (true, false, &["", "", "", ""], vec![None, Some(0), Some(1), None], None),
            (true, false, &["", "", ""], vec![None, Some(0), Some(1)], None),
            (false, false, &["", "", "", ""], vec![None, Some(0), Some(1), None], Some(3)),
            (false, true, &["p", "q"], vec![Some(0), Some(1)], None),
            (false, true, &["p", "Label", "q"], vec![Some(0), None, Some(1)], Some(1)),
        ] {
            let found = placed(named, own, header).expect("the number fits");
            assert_eq!((found.slots, found.label), (slots, label), "{named} {own} {header:?}");
            assert_eq!(found.note.is_some(), named || own, "{named} {own} {header:?}");
        }
        for header in [&["x"][..], &["p", "q", "r", "s", "t"]] {
            let refused = placed(false, true, header).expect_err("another number");
            assert!(refused.contains("reads 2 columns") && refused.contains(&header.len().to_string()), "{refused}");
        }
    }
}
