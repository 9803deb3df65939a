//! Where the cells of new rows come from: a text that is read once, a table that another format gave, or some rows kept of either.

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::vec::IntoIter;

use csv::StringRecord;
use rand::Rng as _;

use super::delimiter::{Delimiter, sniff};
use super::header::{has_header, has_units, name_columns};
use super::idx::numbered;
use super::placement::has_all;
use super::preamble::{self, Preamble};
use super::records::Records;
use super::source::{Input, bare_name, has_extension};
use super::text::sample;
use super::{Reading, Table};
use crate::recipe::HeaderLine;
use crate::support::random::{Stream, rng};
use crate::{Error, Recipe, Result};

/// Records that a header is judged by.
const LOOKED_AT: usize = 100;
/// What may stand between cells.
const DELIMITERS: [Delimiter; 5] =
    [Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Byte(b'\t'), Delimiter::Byte(b'|'), Delimiter::Blank];

/// A row's place in its source, from 0, and the line in which it begins.
pub(super) type Place = (usize, u64);

/// Rows of cells, one after the other.
pub(super) enum Cells {
    /// Read as they are asked for.
    Text { records: Records, row: usize },
    /// In memory, with their lines where they have any.
    Table { table: Table, lines: Option<Vec<u64>>, row: usize },
    /// Some, drawn before.
    Kept(IntoIter<(Place, StringRecord)>),
}

impl Cells {
    /// The next row goes into `record`; its place, or nothing after the last one.
    pub(super) fn next(&mut self, record: &mut StringRecord) -> Result<Option<Place>> {
        match self {
            Self::Text { records, row } => {
                let Some(line) = records.next(record)? else { return Ok(None) };
                *row += 1;
                Ok(Some((*row - 1, line)))
            }
            Self::Table { table, lines, row } => {
                if *row >= table.len() {
                    return Ok(None);
                }
                record.clear();
                table.texts(*row).for_each(|cell| record.push_field(&cell));
                *row += 1;
                let line = lines.as_ref().and_then(|lines| lines.get(*row - 1).copied());
                Ok(Some((*row - 1, line.unwrap_or(*row as u64))))
            }
            Self::Kept(rows) => Ok(rows.next().map(|(place, kept)| {
                *record = kept;
                place
            })),
        }
    }

    /// At most `most` of the rows, drawn with the seed as they come, so that no more than these are held at once; they stay in their own
    /// order. How many there were.
    pub(super) fn draw(&mut self, most: usize, seed: u64) -> Result<usize> {
        let mut rng = rng(seed, Stream::Limit, 0);
        let (mut kept, mut record, mut seen) = (Vec::new(), StringRecord::new(), 0_usize);
        while let Some(place) = self.next(&mut record)? {
            seen += 1;
            if kept.len() < most {
                kept.push((place, record.clone()));
                continue;
            }
            // Each of the rows so far stays with the same chance (Vitter, 1985, algorithm R).
            let at = rng.random_range(0..seen);
            if let Some(old) = kept.get_mut(at) {
                *old = (place, record.clone());
            }
        }
        kept.sort_unstable_by_key(|(place, _)| *place);
        *self = Self::Kept(kept.into_iter());
        Ok(seen)
    }
}

/// A text, and what is known before its rows are read.
pub(super) struct Opened {
    pub(super) cells: Cells,
    /// Names of its columns, or their numbers.
    pub(super) header: Vec<String>,
    /// Whether the names are its own.
    pub(super) own: bool,
}

/// Opens a text. Its delimiter is one that makes the columns of the reading come out, where there is such a one; it has a header if the
/// first record names those, or looks like a header otherwise.
pub(super) fn open(mut input: Input, reading: &Reading, recipe: &Recipe) -> Result<Opened> {
    let path = input.path.clone();
    let (bytes, whole) = sample(&mut input).map_err(|e| Error::format(&path, format!("cannot be read: {e}")))?;
    if bytes.contains(&0) {
        return Err(Error::format(&path, "the file holds zero bytes, so it is no text"));
    }
    let before = preamble::read(&bytes);
    let body = &bytes[before.bytes..];
    let delimiter = delimiter(body, whole, &before, (reading, recipe), &path)?;
    let looked_at = first_records(body, delimiter, &path, LOOKED_AT);
    let text = Box::new(Cursor::new(body.to_vec()).chain(input));
    let mut records = Records::new(text, delimiter, before.lines, &path);
    let Some(first) = looked_at.first() else {
        // Nothing was understood of it: its first record is an error, or there is none.
        records.next(&mut StringRecord::new())?;
        return Err(Error::format(&path, "the file holds no row"));
    };
    let (mut header, mut own) = (names(first), true);
    let comment = before.comment.map(|text| named(delimiter.cells(&text)));
    let guess = || recipe.header == HeaderLine::Auto && has_header(&table(&looked_at));
    if has_all(reading, &header) || recipe.header == HeaderLine::Yes || guess() {
        records.next(&mut StringRecord::new())?;
        fit(&mut header, looked_at.get(1));
        if recipe.header == HeaderLine::Auto && has_units(&table(&looked_at[1..])) {
            records.next(&mut StringRecord::new())?;
        }
    } else if let Some(names) = comment.filter(|names| names.len() == first.len() && has_all(reading, names)) {
        header = names;
    } else {
        (header, own) = (numbered(first.len()), false);
    }
    records.pass_comments(header.len());
    Ok(Opened { cells: Cells::Text { records, row: 0 }, header, own })
}

/// What stands between cells.
fn delimiter(
    body: &[u8],
    whole: bool,
    before: &Preamble,
    (reading, recipe): (&Reading, &Recipe),
    path: &Path,
) -> Result<Delimiter> {
    let tabs = has_extension(Path::new(&bare_name(path)), "tsv") && body.contains(&b'\t');
    let guess = before
        .delimiter
        .or(tabs.then_some(Delimiter::Byte(b'\t')))
        .unwrap_or_else(|| sniff(&String::from_utf8_lossy(body), whole).0);
    let given = Delimiter::given(&recipe.delimiter)?;
    let first = |delimiter| first_records(body, delimiter, path, 1).into_iter().next();
    let fits = |delimiter: &Delimiter| first(*delimiter).is_some_and(|record| has_all(reading, &names(&record)));
    let candidates = [Some(guess), given].into_iter().flatten().chain(DELIMITERS);
    Ok(candidates.into_iter().find(fits).or(given).unwrap_or(guess))
}

/// Makes names as many as the cells of the first row: one more where rows have names, as R writes them, and one less where the line of
/// names ends with a delimiter.
fn fit(header: &mut Vec<String>, row: Option<&StringRecord>) {
    let Some(row) = row else { return };
    let names = header.len();
    if row.len() == names + 1 && !row[names].trim().is_empty() {
        header.insert(0, String::new());
        name_columns(&mut header[..1]);
    } else if names == row.len() + 1 && header.last().is_some_and(|name| *name == format!("column {names}")) {
        header.pop();
    }
}

/// What a first record calls the columns.
fn names(record: &StringRecord) -> Vec<String> {
    named(record.iter().map(str::to_owned).collect())
}

/// The names of columns, told apart and numbered where there is none, as in training.
fn named(mut names: Vec<String>) -> Vec<String> {
    name_columns(&mut names);
    names
}

/// The first records of a sample, as far as they can be read.
fn first_records(sample: &[u8], delimiter: Delimiter, path: &Path, most: usize) -> Vec<StringRecord> {
    let mut records = Records::new(Box::new(Cursor::new(sample.to_vec())), delimiter, 0, path);
    let (mut found, mut record) = (Vec::new(), StringRecord::new());
    while found.len() < most && matches!(records.next(&mut record), Ok(Some(_))) {
        found.push(record.clone());
    }
    found
}

/// Those that are as long as the first one.
fn table(records: &[StringRecord]) -> Table {
    let mut table = Table::unnamed(records.first().map_or(0, StringRecord::len));
    for record in records.iter().filter(|record| record.len() == table.width()).collect::<Vec<_>>() {
        // As long as the table is wide, and far from 4 GiB.
        let _ = table.push(record.iter());
    }
    table
}
