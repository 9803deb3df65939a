//! Where the cells of new rows come from: a text that is read once, a table that another format gave, or some rows kept of either.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::vec::IntoIter;

use csv::StringRecord;
use rand::Rng as _;

use super::placement::{has_all, has_most};
use crate::data::bytes::source::{Input, bare_name, has_extension};
use crate::data::raw::few;
use crate::data::table::numbered;
use crate::data::text::closed::{Closed, Open};
use crate::data::text::declared;
use crate::data::text::delimiter::Delimiter;
use crate::data::text::header::{has_header, name_columns, padded_titles};
use crate::data::text::layout::Layout;
use crate::data::text::records::Records;
use crate::data::text::sample;
use crate::data::text::second_names::{Below, more_names};
use crate::data::text::streamed::{Place, Streamed};
use crate::data::{ColumnReading, Kind, Notation, Reading, Table};
use crate::recipe::{Auto, HeaderLine};
use crate::support::random::{Stream, rng};
use crate::{Error, Recipe, Result};

/// Records that a header is judged by.
const LOOKED_AT: usize = 100;
/// Records that may stand above the names.
const ABOVE: usize = 20;
/// What may stand between cells.
const DELIMITERS: [Delimiter; 5] =
    [Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Byte(b'\t'), Delimiter::Byte(b'|'), Delimiter::Blank];

/// Rows of cells, one after the other.
pub(in crate::data) enum Cells {
    /// Read as they are asked for.
    Text(Box<Streamed>),
    /// In memory, with their lines where they have any.
    Table { table: Table, lines: Option<Vec<u64>>, row: usize },
    /// Some, drawn before.
    Kept(IntoIter<(Place, StringRecord)>),
}

impl Cells {
    /// The next row goes into `record`; its place, or nothing after the last one.
    pub(in crate::data) fn next(&mut self, record: &mut StringRecord) -> Result<Option<Place>> {
        match self {
            Self::Text(rows) => rows.next(record),
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
    pub(in crate::data) fn draw(&mut self, most: usize, seed: u64) -> Result<(usize, Option<String>)> {
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
        let note = if let Self::Text(rows) = self { rows.note() } else { None };
        *self = Self::Kept(kept.into_iter());
        Ok((seen, note))
    }
}

/// A text, and what is known before its rows are read.
pub(in crate::data) struct Opened {
    pub(in crate::data) cells: Cells,
    /// Names of its columns, or their numbers.
    pub(in crate::data) header: Vec<String>,
    /// Whether the names are its own.
    pub(in crate::data) own: bool,
    /// What was left out above the table, in a sentence.
    pub(in crate::data) title: Option<String>,
    /// Which columns of the reading stand there more than once, in a sentence.
    pub(in crate::data) twice: Option<String>,
}

/// Opens a text. Its delimiter is one that makes the columns of the reading come out, where there is such a one; it has a header if the
/// first record names those, or looks like a header otherwise.
pub(in crate::data) fn open(mut input: Input, reading: &Reading, recipe: &Recipe) -> Result<Opened> {
    let path = input.path.clone();
    let (bytes, whole) = sample(&mut input).map_err(|e| Error::format(&path, format!("cannot be read: {e}")))?;
    if bytes.contains(&0) {
        return Err(Error::format(&path, "the file holds zero bytes, so it is no text"));
    }
    let layout = layout(&bytes, whole, (reading, recipe), &path)?;
    let (delimiter, lines, title) = (layout.delimiter, layout.before.lines, layout.title.clone());
    let looked_at = first_records(&layout.body(&bytes), delimiter, &path, LOOKED_AT);
    let comment = layout.before.comment.as_ref().map(|text| named(delimiter.cells(text)));
    let open = Open::default();
    let text = layout.text(bytes, input);
    let text = match (delimiter, looked_at.first()) {
        (Delimiter::Byte(byte), Some(first)) => Box::new(Closed::new(text, (byte, first.len()), Arc::clone(&open))),
        _ => text,
    };
    let mut records = Records::new(text, delimiter, lines, &path);
    let beside = Beside { said: layout.before.names.clone().map(|(names, _)| names), comment };
    let auto = recipe.header == HeaderLine::Auto;
    let titles = if auto && beside.said.is_none() { titles(&looked_at, reading) } else { 0 };
    for _ in 0..titles {
        records.next(&mut StringRecord::new())?;
    }
    let Some((first, rest)) = looked_at.get(titles..).and_then(<[StringRecord]>::split_first) else {
        // Nothing was understood of it: its first record is an error, or there is none.
        records.next(&mut StringRecord::new())?;
        return Err(Error::format(&path, "the file holds no row"));
    };
    let Names { header, own, records: passed } = beside.names((first, rest), reading, recipe.header);
    for _ in 0..passed {
        records.next(&mut StringRecord::new())?;
    }
    let written = Some(first.clone()).filter(|_| passed > 0 && auto);
    let twice = if passed > 0 { twice(first, reading) } else { None };
    records.pass_comments(header.len());
    let mut rows = Streamed::new(records, header.len(), numbers(reading, &header), auto);
    (rows.open, rows.returned) = (open, layout.returned.clone());
    rows.tabs = delimiter == Delimiter::Byte(b'\t');
    if let Some(written) = written {
        rows.pass_names(written);
    }
    if auto {
        rows.pass_sums(summed(reading, &header));
    }
    Ok(Opened { cells: Cells::Text(Box::new(rows)), header, own, title, twice })
}

/// Names of columns that do not stand in the records.
struct Beside {
    /// What stands above the table says them.
    said: Option<Vec<String>>,
    /// A comment before the first record may.
    comment: Option<Vec<String>>,
}

/// What the columns are called.
struct Names {
    header: Vec<String>,
    /// Whether the names are the text's own.
    own: bool,
    /// Records that hold them, and what a table says of itself below them.
    records: usize,
}

impl Beside {
    /// The names of the columns, by the first record and those below it.
    fn names(self, (first, rest): (&StringRecord, &[StringRecord]), reading: &Reading, asked: HeaderLine) -> Names {
        let auto = asked == HeaderLine::Auto;
        let fits = |names: &Vec<String>| names.len() == first.len();
        if let Some(names) = self.said.filter(|names| fits(names) && asked != HeaderLine::Yes) {
            return Names { header: named(names), own: true, records: 0 };
        }
        let mut header = names(first);
        let mut joined: Vec<String> = first.iter().map(str::to_owned).collect();
        let told = if auto { declared::below(&table(rest)).map_or(0, |told| told.0) } else { 0 };
        let below = if auto { more_names(&table(&rest[told..]), &mut joined) } else { None };
        let joined = named(joined);
        let known = names_all(first, reading)
            || says_anything(first) && has_all(reading, &joined)
            || auto && has_most(reading, first.iter());
        let looks_so = || auto && has_header(&table(std::iter::once(first).chain(rest)));
        if known || asked == HeaderLine::Yes || looks_so() {
            if matches!(below, Some(Below::Names(_))) {
                header = joined;
            }
            fit(&mut header, rest.first());
            return Names { header, own: true, records: 1 + told + below.map_or(0, |below| below.records()) };
        }
        match self.comment.filter(|names| fits(names) && has_all(reading, names)) {
            Some(header) => Names { header, own: true, records: 0 },
            None => Names { header: numbered(first.len()), own: false, records: 0 },
        }
    }
}

/// Columns of the reading whose name stands more than once among the names of new rows, and once among those of the training.
fn twice(names: &StringRecord, reading: &Reading) -> Option<String> {
    let count = |name: &str| names.iter().filter(|other| other.trim() == name).count();
    let again = |name: &str| reading.columns.iter().any(|column| column.name == format!("{name}_2"));
    let of_reading = reading.columns.iter().map(|column| column.name.as_str());
    let twice: Vec<&str> = of_reading.filter(|name| count(name) > 1 && !again(name)).collect();
    let more =
        || format!("names that stand more than once in the header; the first column of each is read: {}", few(&twice));
    (!twice.is_empty()).then(more)
}

/// How many records stand above the one that names the columns of the reading, or above the names as those of any table do.
fn titles(looked_at: &[StringRecord], reading: &Reading) -> usize {
    looked_at
        .iter()
        .take(ABOVE)
        .position(|record| names_all(record, reading))
        .unwrap_or_else(|| padded_titles(&table(looked_at)))
}

/// The column of the reading that a column is, by its name or its place.
fn column_of<'r>(reading: &'r Reading, (place, name): (usize, &String)) -> Option<&'r ColumnReading> {
    reading.columns.iter().find(|column| if reading.named { column.name == *name } else { column.place == place })
}

/// Which columns are numbers to the reading.
fn numbers(reading: &Reading, header: &[String]) -> Vec<bool> {
    let is = |column: &ColumnReading| column.words().is_none() && !matches!(column.kind, Kind::Scale(_));
    header.iter().enumerate().map(|at| column_of(reading, at).is_some_and(is)).collect()
}

/// Those that add up, and how they are written.
fn summed(reading: &Reading, header: &[String]) -> Vec<(usize, Notation)> {
    let notation = |at: (usize, &String)| match column_of(reading, at)?.kind {
        Kind::Numbers(notation) => Some((at.0, notation)),
        _ => None,
    };
    header.iter().enumerate().filter_map(notation).collect()
}

/// How the text holds its table.
fn layout(bytes: &[u8], whole: bool, (reading, recipe): (&Reading, &Recipe), path: &Path) -> Result<Layout> {
    let tabs = has_extension(Path::new(&bare_name(path)), "tsv");
    let given = Delimiter::given(&recipe.delimiter)?;
    let guess = Layout::of(bytes, whole, (None, tabs), recipe.header);
    let fits = |layout: &Layout| {
        let records = first_records(&layout.body(bytes), layout.delimiter, path, ABOVE);
        records.iter().any(|record| names_all(record, reading))
    };
    if fits(&guess) {
        return Ok(guess);
    }
    let candidates = given.into_iter().chain(DELIMITERS).map(|delimiter| Layout::parted_by(bytes, delimiter));
    Ok(match (candidates.into_iter().find(fits), given) {
        (Some(found), _) => found,
        (None, Some(given)) => Layout::of(bytes, whole, (Some(given), tabs), recipe.header),
        (None, None) => guess,
    })
}

/// Makes names as many as the cells of the first row: one more where rows have names, as R writes them, and one less where the line of
/// names ends with a delimiter.
fn fit(header: &mut Vec<String>, row: Option<&StringRecord>) {
    let Some(row) = row else { return };
    let names = header.len();
    let unnamed = header.last().is_some_and(|name| *name == format!("column {names}"));
    let longer = row.len() == names + 1;
    if longer && unnamed && names > 1 && row[names].trim().is_empty() && !row[names - 1].trim().is_empty() {
        // Both: a delimiter ends the names and the rows.
        header.pop();
        header.insert(0, String::new());
        name_columns(&mut header[..1]);
    } else if longer && !row[names].trim().is_empty() {
        header.insert(0, String::new());
        name_columns(&mut header[..1]);
    } else if names == row.len() + 1 && unnamed {
        header.pop();
    }
}

/// What a first record calls the columns.
fn names(record: &StringRecord) -> Vec<String> {
    named(record.iter().map(str::to_owned).collect())
}

/// Whether a record names all columns of the reading. One of delimiters alone would get the names of columns without names.
fn names_all(record: &StringRecord, reading: &Reading) -> bool {
    says_anything(record) && has_all(reading, &names(record))
}

fn says_anything(record: &StringRecord) -> bool {
    record.iter().any(|cell| !cell.trim().is_empty())
}

/// The names of columns, told apart and numbered where there is none, as in training.
fn named(mut names: Vec<String>) -> Vec<String> {
    declared::before_names(&mut names);
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
fn table<'a>(records: impl IntoIterator<Item = &'a StringRecord>) -> Table {
    let mut records = records.into_iter().peekable();
    let width = records.peek().map_or(0, |record| record.len());
    let mut table = Table::unnamed(width);
    for record in records.filter(|record| record.len() == width) {
        // As long as the table is wide, and far from 4 GiB.
        let _ = table.push(record.iter());
    }
    table
}

/// The recipe with sparse matrices taken as the training took them.
pub(super) fn like_training(reading: &Reading, recipe: &Recipe) -> Recipe {
    Recipe { components: Auto::Set(usize::from(reading.projection.is_some())), ..recipe.clone() }
}

/// The next rows as a table, and their places.
pub(in crate::data) fn records(
    cells: &mut Cells,
    header: &[String],
    most: usize,
    path: &Path,
) -> Result<(Table, Vec<(usize, u64)>)> {
    let mut table = Table::new(header.to_vec());
    let (mut places, mut record) = (Vec::new(), StringRecord::new());
    while table.len() < most {
        let Some((row, line)) = cells.next(&mut record)? else { break };
        // A delimiter too many at the end of a line is no cell.
        if record.len() > header.len() && record.iter().skip(header.len()).all(|cell| cell.trim().is_empty()) {
            record.truncate(header.len());
        }
        table.push(record.iter()).map_err(|e| Error::format(path, format!("line {line}: {e}")))?;
        places.push((row, line));
    }
    Ok((table, places))
}
