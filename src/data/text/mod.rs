//! Text becomes a table: the delimiter is found, rows are checked to be of one length, and each record knows its line.

pub(super) mod aligned;
pub(super) mod closed;
pub(super) mod declared;
pub(super) mod delimiter;
pub(super) mod footer;
pub(super) mod gathered;
pub(super) mod header;
pub(super) mod layout;
pub(super) mod lines;
pub(super) mod pieces;
pub(super) mod preamble;
pub(super) mod quoted;
pub(super) mod records;
pub(super) mod second_names;
pub(super) mod streamed;
pub(super) mod subtotals;
pub(super) mod texts;
mod titles;

use std::io::{self, BufRead, BufReader, Cursor, Read as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Table;
use super::bytes::source::{Input, LOOKS_LIKE_A_TRAP, bare_name, has_extension};
use super::cell::is_number;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};
use aligned::is_rule;
use declared::Said;
use delimiter::{Blanks, Delimiter};
use gathered::Gathered;
use layout::Layout;
use lines::{Lines, Starts, line_at};
use pieces::Left;
use preamble::Preamble;

/// Bytes of text the delimiter is judged by ...
const SAMPLE: usize = 1 << 16;
/// ... and most where lines are so long that those hold less than [`LINES`] of them.
const LARGEST_SAMPLE: usize = 1 << 20;
/// Bytes of what a file may say of its columns before its rows; until it ends, the text is looked at on.
pub(super) const LONGEST_HEAD: usize = 1 << 24;
/// Lines the delimiter is judged by at least.
const LINES: usize = 20;
/// Most cells of a line: beyond it the names of the columns alone would fill the memory.
pub(super) const MOST_CELLS: usize = 1 << 20;
/// Most bytes of a cell.
pub(super) const LONGEST_CELL: usize = 1 << 22;

/// A table and the line of the file in which each of its records begins.
#[derive(Debug)]
pub(super) struct Read {
    /// Every record; the header, if there is one, is the first of them.
    pub(super) table: Table,
    pub(super) lines: Vec<u64>,
    pub(super) delimiter: Delimiter,
    /// Cells of the last line of comment above the table, where there are as many as columns.
    pub(super) comment: Option<Vec<String>>,
    /// The names of the columns and what is said of them, where the text does so before its rows.
    pub(super) said: Option<(Vec<String>, Vec<Said>)>,
    /// Whether the first record is one shorter than the others, as names of columns beside names of rows are.
    pub(super) row_names: bool,
    /// What was guessed and left out, one sentence each.
    pub(super) notes: Vec<String>,
}

/// Read all records of a text file; the header, if there is one, is the first of them.
pub(super) fn read(mut input: Input, recipe: &Recipe, progress: &Progress) -> Result<Read> {
    let path = input.path.clone();
    let given = Delimiter::given(&recipe.delimiter)?;
    let most = input.most();
    let wrong = |message: String| Error::format(&path, message);
    let (sample, whole) = sample(&mut input).map_err(|e| wrong(format!("cannot be read: {e}")))?;
    if sample.contains(&0) {
        return Err(wrong("the file holds zero bytes, so it is no text".to_owned()));
    }
    let tabs = has_extension(std::path::Path::new(&bare_name(&path)), "tsv");
    let mut layout = Layout::of(&sample, whole, (given, tabs), recipe.header);
    let (delimiter, mut notes) = (layout.delimiter, std::mem::take(&mut layout.notes));
    notes.extend(layout.title.take());
    let (packed, total) = (input.packed, input.stored.max(1) as f32);
    let before = layout.before.lines;
    let (text, left) = Left::new(layout.text(sample, input), most);
    let mut into = Gathered::new(&path);
    into.tabs = delimiter == Delimiter::Byte(b'\t');
    let mut tick = |place: u64| {
        // How much is to come is not known of a packed file.
        progress.at(if packed { 0.3 } else { (0.6 * place as f32 / total).min(0.6) }, "reading")
    };
    match delimiter {
        Delimiter::Byte(byte) => read_delimited(text, (byte, before + 1), &mut into, &mut tick)?,
        Delimiter::Blank => read_blank(text, before, &mut into, &mut tick)?,
    }
    if left.load(Ordering::Relaxed) == 0 {
        return Err(wrong(format!("it unpacks to {most} bytes and goes on: {LOOKS_LIKE_A_TRAP}")));
    }
    let read = into.finish(delimiter, notes).ok_or_else(|| wrong("the file holds no row".to_owned()))?;
    let mut read = with_comment(read, &layout.before);
    read.notes.extend(layout.returned.note());
    read.said = layout.before.names.take().filter(|(names, _)| names.len() == read.table.width());
    Ok(read)
}

/// The first bytes of a text, with some lines in them, and whether they are all of it.
pub(super) fn sample(input: &mut Input) -> io::Result<(Vec<u8>, bool)> {
    let mut sample = Vec::new();
    let mut size = SAMPLE;
    loop {
        let want = size - sample.len();
        let got = input.by_ref().take(want as u64).read_to_end(&mut sample)?;
        let lines = sample.split(|&b| b == b'\n').count();
        let goes_on = || size < LONGEST_HEAD && preamble::is_head(&sample);
        if got < want || (lines >= LINES || size >= LARGEST_SAMPLE) && !goes_on() {
            return Ok((sample, got < want));
        }
        size *= 4;
    }
}

/// Say what became of the lines of comment, and keep the last where it has a cell for each column.
fn with_comment(mut read: Read, before: &Preamble) -> Read {
    let Some(text) = &before.comment else { return read };
    let cells: Vec<String> = read.delimiter.cells(text);
    read.comment = (cells.len() == read.table.width() && !cells.iter().any(|cell| is_number(cell))).then_some(cells);
    if read.comment.is_none() || before.comments > 1 {
        let skipped = before.comments - usize::from(read.comment.is_some());
        read.notes.push(format!("{} of comment above the table skipped", counted(skipped, "line")));
    }
    read
}

/// Whether a record only draws, such as a line of dashes below the names or above totals.
pub(super) fn draws<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut filled = cells.filter(|cell| !cell.trim().is_empty());
    filled.next().is_some_and(is_rule) && filled.all(is_rule)
}

/// Whether a record among others of so many cells is a line of comment: of another length, with its mark. One that is as long is a row.
pub(super) fn is_comment<'c>(cells: impl Iterator<Item = &'c str> + Clone, width: usize) -> bool {
    cells.clone().next().is_some_and(|first| first.trim_start().starts_with(['#', '!'])) && cells.count() != width
}

/// Rows with one byte between cells and quotes around those that need them, from this line on: by pieces, and from where that does not go
/// one by one.
fn read_delimited(
    mut text: impl io::Read + Send,
    (delimiter, first): (u8, u64),
    into: &mut Gathered,
    tick: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<()> {
    let Some((begun, line)) = pieces::read(&mut text, (delimiter, first), into, tick)? else { return Ok(()) };
    let starts = &Starts::default();
    let rest = Cursor::new(begun).chain(text);
    let text = Lines::new(rest, Delimiter::Byte(delimiter), line, Arc::clone(starts));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 17)
        .from_reader(text);
    let mut record = csv::StringRecord::new();
    let mut count = 0u64;
    let line_at = |place: u64| line_at(starts, place);
    loop {
        let place = reader.position().byte();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(e) => return Err(Error::format(into.path, explain(&e, line_at(place).unwrap_or(1)))),
        }
        // A line of blanks alone is a blank line.
        if record.len() == 1 && record.get(0).is_some_and(|cell| !cell.is_empty() && cell.trim().is_empty()) {
            continue;
        }
        let line = line_at(place).unwrap_or(1);
        into.push(record.iter(), line)?;
        count += 1;
        if count.is_multiple_of(1 << 14) {
            tick(place)?;
        }
    }
}

/// What the reader of delimited text complains about, in our words.
pub(super) fn explain(e: &csv::Error, at: u64) -> String {
    match e.kind() {
        csv::ErrorKind::Utf8 { err, .. } => format!("line {at}, column {}: the text is not UTF-8", err.field() + 1),
        csv::ErrorKind::Io(e) => format!("cannot be read or unpacked after line {at}: {e}"),
        _ => format!("line {at}: {e}"),
    }
}

/// Rows with blanks between cells, any number of them, behind so many lines.
fn read_blank(
    text: impl io::Read,
    before: u64,
    into: &mut Gathered,
    tick: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<()> {
    let text = Lines::new(text, Delimiter::Blank, before + 1, Starts::default());
    let mut reader = BufReader::with_capacity(1 << 17, text);
    let mut line = String::new();
    let (mut number, mut bytes) = (before, 0);
    loop {
        line.clear();
        let read = reader.read_line(&mut line);
        number += 1;
        match read {
            Ok(0) => return Ok(()),
            Ok(length) => bytes += length as u64,
            Err(e) => return Err(Error::format(into.path, format!("line {number}: {e}"))),
        }
        let cells = Blanks(&line);
        if cells.clone().next().is_some() {
            into.push(cells, number)?;
        }
        if number.is_multiple_of(1 << 14) {
            tick(bytes)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of a text, each with its line.
    fn records(text: &str) -> Result<Vec<(u64, String)>> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, text).expect("it can be written");
        let read = read(Input::open(&path)?, &Recipe::default(), &Progress::silent())?;
        let cells = |row: usize| read.table.record(row).collect::<Vec<_>>().join("|");
        Ok(read.lines.iter().enumerate().map(|(row, &line)| (line, cells(row))).collect())
    }

    fn lines(text: &str) -> Vec<u64> {
        records(text).unwrap_or_else(|e| panic!("{text:?}: {e}")).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn each_record_knows_the_line_an_editor_shows() {
        assert_eq!(lines("a,b\n1,2\n3,4\n"), [1, 2, 3]);
        assert_eq!(lines("a,b\r\n1,2\r\n3,4\r\n"), [1, 2, 3]);
        assert_eq!(lines("a,b\n1,2\n\n\n3,4\n"), [1, 2, 5]);
        assert_eq!(lines("\r\na,b\r\n\r\n1,2\r\n3,4"), [2, 4, 5]);
        assert_eq!(lines("a,t,b\r\n1,\"x\r\ny\",2\r\n3,z,4\r\n5,w,8\r\n"), [1, 2, 4, 5]);
        assert_eq!(lines("a,t,b\n1,\"x\n\ny\",2\n3,z,4\n"), [1, 2, 5]);
        assert_eq!(lines("\u{feff}a,b\r\n1,2\r\n"), [1, 2]);
        assert_eq!(lines("sep=;\r\na;b\r\n1;2\r\n"), [2, 3]);
        assert_eq!(lines("# made\n# by\na b\n1 2\n\n3 4\n"), [3, 4, 6]);
        let many: String = (0..40_000).map(|i| format!("{i},{i}.5")).collect::<Vec<_>>().join("\r\n");
        assert_eq!(lines(&format!("a,b\r\n{many}")).last(), Some(&40_001));
        for (text, words) in [("a,b\r\n1,2\r\n3,4\r\n5,6\r\n7,8,9\r\n", "line 5"), ("a,b\n1,2\n\n3\n", "line 4")] {
            let message = records(text).expect_err(text).to_string();
            assert!(message.contains(words) && message.contains("as line 1 has"), "{message}");
        }
    }

    #[test]
    fn a_delimiter_that_ends_lines_adds_no_column() {
        let both = |text: &str| records(text).expect(text).into_iter().map(|(_, cells)| cells).collect::<Vec<_>>();
        assert_eq!(both("a,b,\n1,2\n3,4\n"), ["a|b", "1|2", "3|4"]);
        assert_eq!(both("a,b\n1,2,\n3,4,\n5,6\n"), ["a|b", "1|2", "3|4", "5|6"]);
        assert_eq!(both("a,b\nr1,1,2\nr2,3,4\n"), ["|a|b", "r1|1|2", "r2|3|4"], "rows with names");
        assert!(records("a,b\n1,2\n3,4,5\n").is_err() && records("1,2\n3,4,5\n6,7,8\n").is_err());
    }
}
