//! Columns that name rows or things: they number them, or are called so.

use std::collections::HashSet;

use super::kinds::{Shapes, is_code};
use super::lists;
use crate::data::Table;
use crate::data::cell::are_slips;
use crate::data::cell::{Cell, Notation, cell, is_missing};

/// Names of columns that number or name the rows.
const ID_NAMES: [&str; 32] = [
    "id",
    "ids",
    "index",
    "unnamed: 0",
    "row",
    "rows",
    "row.names",
    "rownames",
    "rowname",
    "row names",
    "row_number",
    "nr",
    "uuid",
    "guid",
    "#",
    "no.",
    "nr.",
    "s.no",
    "s.no.",
    "s. no.",
    "sno",
    "sr.no",
    "sr. no.",
    "sl.no",
    "sl. no.",
    "serial no",
    "rowid",
    "_id",
    "obs",
    "obs.",
    "observation",
    "identifier",
];
/// Names, without blanks and marks, of columns that count rows where they do so.
const COUNTS: [&str; 39] = [
    "lfdnr",
    "lfnr",
    "laufendenummer",
    "nummer",
    "zeile",
    "zeilennr",
    "zeilennummer",
    "row",
    "rownum",
    "rownumber",
    "rowno",
    "line",
    "lineno",
    "linenumber",
    "no",
    "num",
    "number",
    "n",
    "nº",
    "numéro",
    "numero",
    "número",
    "sn",
    "srno",
    "slno",
    "seq",
    "record",
    "recno",
    "case",
    "caseno",
    "fid",
    "gid",
    "oid",
    "ogcfid",
    "rk",
    "rank",
    "rang",
    "platz",
    "pl",
];
const COUNTS_ELSEWHERE: [&str; 13] = [
    "№",
    "№пп",
    "пп",
    "номер",
    "номерстроки",
    "порядковыйномер",
    "n°",
    "序号",
    "编号",
    "番号",
    "行番号",
    "連番",
    "順番",
];

/// Whether a name is one of those.
fn is_called_count(name: &str) -> bool {
    let bare: String =
        name.chars().filter(|c| c.is_alphanumeric() || "№°".contains(*c)).collect::<String>().to_lowercase();
    COUNTS.contains(&bare.as_str()) || COUNTS_ELSEWHERE.contains(&bare.as_str()) || name.trim() == "#" || is_index(name)
}

/// Whether a name is that of an index that pandas wrote, once or again: `Unnamed: 0.1`, `level_0`.
fn is_index(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.starts_with("unnamed: 0") || lower == "level_0"
}

/// Rows from which a column whose cells are all different is no accident.
const ROWS_OF_IDS: usize = 10;

/// Why a column names the rows rather than measures them: it counts them, or is called an id and has another cell in each.
pub(in crate::data) fn why(table: &Table, column: usize, row_names: bool) -> Option<&'static str> {
    let name = table.header[column].to_lowercase();
    let unnamed = column == 0 && name == "column 1" && table.width() > 1;
    let named = ID_NAMES.contains(&name.as_str()) || is_index(&name);
    let called = is_called_id(&table.header[column]);
    let counting = is_called_count(&table.header[column]);
    if table.len() > 2 && (named || called || unnamed || counting) && counts(table, column, named || counting) {
        return Some("only numbers the rows");
    }
    // R and pandas write the names of rows under no name, between names: rows that were picked keep the numbers they had.
    let nameless = unnamed && table.header.get(1).is_some_and(|second| second != "column 2");
    if table.len() >= FEWEST_ROWS && nameless && all_different(table, column) {
        return Some("names the rows, as it has no name and another cell in each,");
    }
    if table.len() >= ROWS_OF_IDS && unnamed && reorders(table, column) {
        return Some("has the numbers of the rows, in another order");
    }
    if column == 0 && row_names && are_different(table, column, false, ALL) {
        return Some("names the rows");
    }
    // Words that are different in each row name them, whatever they are called, if they come first.
    if column == 0
        && table.len() >= ROWS_OF_IDS
        && table.width() > 1
        && are_different(table, column, true, ALL)
        && are_names(table)
    {
        return Some("names the rows, as it comes first and holds another word in each,");
    }
    // A column without a name is one of names only where it has a header to lack a name in and holds words.
    let ids = (named || called) && table.len() >= ROWS_OF_IDS && are_different(table, column, false, NEARLY_ALL);
    let words = unnamed && table.len() >= ROWS_OF_IDS && are_different(table, column, true, ALL);
    (ids || words).then_some("names the rows, as hardly a cell stands there twice,")
}

/// Whether a column is called so and counts the rows, so that it says nothing of them.
pub(super) fn numbers_rows(table: &Table, column: usize) -> bool {
    let name = &table.header[column];
    let counting = is_called_count(name) || ID_NAMES.contains(&name.to_lowercase().as_str());
    let picked = || is_index(name) && table.len() >= ROWS_OF_IDS && are_different(table, column, false, ALL);
    table.len() > 2 && counting && counts(table, column, true) || picked()
}

/// What people name in one word with "id".
const NAMED: [&str; 20] = [
    "obj", "object", "specobj", "photoobj", "user", "customer", "client", "patient", "subject", "sample", "item",
    "product", "order", "person", "player", "session", "device", "station", "employee", "tweet",
];

/// Whether a name ends as those of ids do.
fn is_called_id(name: &str) -> bool {
    let lower = name.to_lowercase();
    if lower.strip_suffix("id").is_some_and(|stem| NAMED.contains(&stem)) {
        return true;
    }
    ["_id", " id", "-id", ".id", "_uuid"].iter().any(|end| lower.ends_with(end))
        || ["Id", "ID"]
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|stem| stem.ends_with(|c: char| c.is_lowercase())))
}

/// Names of numbers that name a place, a line or a thing, without blanks and marks.
const CODE_NAMES: [&str; 27] = [
    "zip",
    "zipcode",
    "postcode",
    "postalcode",
    "plz",
    "postleitzahl",
    "codepostal",
    "cep",
    "phone",
    "phonenumber",
    "telephone",
    "telefon",
    "tel",
    "mobile",
    "fax",
    "ssn",
    "isbn",
    "ean",
    "upc",
    "gtin",
    "iban",
    "fips",
    "fipscode",
    "geoid",
    "barcode",
    "imei",
    "npi",
];
/// More different whole numbers than these under the name of an id are no measure, and no few classes.
const FEW_IDS: usize = 20;

fn is_called_code(name: &str) -> bool {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    CODE_NAMES.contains(&bare.as_str())
}

/// Whether a column holds whole numbers that name something: those of places and lines by their name, and ids that come again, as those
/// of customers in a table of orders, or stand beside names of the rows.
pub(super) fn hold_codes(table: &Table, column: usize) -> bool {
    let name = &table.header[column];
    let code = is_called_code(name);
    let id = || name.eq_ignore_ascii_case("id") && table.is_text(column) && all_different(table, column);
    if !code && !is_called_id(name) && !id() {
        return false;
    }
    let (mut seen, mut others) = (HashSet::new(), 0);
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        seen.insert(text);
        // Codes with zeros before them are words anyway.
        others += usize::from(!is_missing(text) && (whole(text).parse::<u128>().is_err() || is_code(text)));
    }
    // A post code with four digits more among those of five is one too.
    are_slips(others, table.len() - others) && seen.len() > if code { 1 } else { FEW_IDS }
}

/// Whether each cell of a column holds something, and no other holds the same.
fn all_different(table: &Table, column: usize) -> bool {
    let mut seen = HashSet::new();
    (0..table.len()).all(|row| {
        let text = table.cell(row, column).trim();
        !is_missing(text) && seen.insert(text)
    })
}

/// Zeros behind a mark that may as well part thousands: `7.000`.
const AMBIGUOUS: usize = 3;

/// A whole number without the fraction that programs write where its column has a gap, or had one in a merge: `7.0`.
fn whole(text: &str) -> &str {
    let zeros = |zeros: &str| !zeros.is_empty() && zeros.len() != AMBIGUOUS && zeros.bytes().all(|byte| byte == b'0');
    text.rsplit_once(['.', ',']).filter(|(_, fraction)| zeros(fraction)).map_or(text, |(digits, _)| digits)
}

/// From here on doubles are whole numbers, which are written with an exponent: `5.888e+17`.
const LARGE: f64 = 1e15;

/// Whether a number without blanks around it has no fraction, however it is written.
fn is_whole(text: &str) -> bool {
    let large = || text.contains(['e', 'E']) && text.parse::<f64>().is_ok_and(|value| value.abs() >= LARGE);
    whole(text).parse::<i128>().is_ok() || large()
}

/// Whether a column counts the rows: from 0 or 1, or from anywhere where its name says that it is a number of rows. Up to half of its cells
/// may be missing.
fn counts(table: &Table, column: usize, anywhere: bool) -> bool {
    let (mut start, mut present) = (None, 0);
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        if is_missing(text) {
            continue;
        }
        let first = whole(text).parse::<u64>().ok().and_then(|number| number.checked_sub(row as u64));
        if first.is_none_or(|first| *start.get_or_insert(first) != first) {
            return false;
        }
        present += 1;
    }
    present > 2 && 2 * present >= table.len() && start.is_some_and(|start| anywhere || start <= 1)
}

/// Whether a column holds each number of a row once, from 0 or 1 on, as that of a table does whose rows were put in another order.
fn reorders(table: &Table, column: usize) -> bool {
    let rows = table.len();
    let mut seen = vec![false; rows + 1];
    let once = (0..rows).all(|row| {
        let place = whole(table.cell(row, column).trim()).parse::<usize>().ok().filter(|&number| number <= rows);
        place.is_some_and(|number| !std::mem::replace(&mut seen[number], true))
    });
    once && !(seen[0] && seen[rows])
}

/// Rows from which it is no accident that those of a column without a name are.
const FEWEST_ROWS: usize = 5;

/// Parts of a column's cells that have to be different.
const ALL: f64 = 1.0;
const NEARLY_ALL: f64 = 0.8;

/// Whether no cell has a fraction, and such a part of them are different. None is missing where that part is all of them, else no more than
/// half.
fn are_different(table: &Table, column: usize, words: bool, part: f64) -> bool {
    let (mut seen, mut present) = (HashSet::new(), 0);
    let fit = (0..table.len()).all(|row| {
        let text = table.cell(row, column).trim();
        if is_missing(text) {
            return part < ALL;
        }
        present += 1;
        seen.insert(whole(text));
        match cell(text, Notation::Plain) {
            Cell::Number(_) => !words && is_whole(text),
            Cell::Word => true,
            Cell::Missing | Cell::Infinite => false,
        }
    });
    fit && 2 * present >= table.len() && seen.len() as f64 >= part * present as f64
}

/// Whether the words of the first column are none that stand for something else: dates, times, numbers with units.
fn are_names(table: &Table) -> bool {
    let shapes = Shapes::of(table, 0);
    shapes.kind().is_none() && !shapes.is_marked() && shapes.quarrel().is_none() && lists::width(table, 0).is_none()
}

/// Whether a column of this name at this place may be one of those.
pub(in crate::data) fn may_be(name: &str, column: usize) -> bool {
    let known = ID_NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    known || is_called_count(name) || is_called_id(name) || is_called_code(name) || column == 0 && name == "column 1"
}
