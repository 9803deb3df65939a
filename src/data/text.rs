//! Text becomes a table: the delimiter is found, rows are checked to be of one length, and each record knows its line.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Cursor, Read as _};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::{memchr_iter, memchr2, memrchr};

use super::Table;
use super::cell::is_number;
use super::delimiter::{Delimiter, sniff};
use super::formats::sample_formats;
use super::preamble::{self, Preamble};
use super::source::{Input, LOOKS_LIKE_A_TRAP, bare_name, has_extension};
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Bytes of text the delimiter is judged by ...
const SAMPLE: usize = 1 << 16;
/// ... and most where lines are so long that those hold less than [`LINES`] of them.
const LARGEST_SAMPLE: usize = 1 << 20;
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
        return Err(wrong(format!("the file holds zero bytes, so it is no text; {} are read", sample_formats("and"))));
    }
    let before = preamble::read(&sample);
    let mut notes = Vec::new();
    let body = String::from_utf8_lossy(&sample[before.bytes..]).into_owned();
    let tabs = has_extension(std::path::Path::new(&bare_name(&path)), "tsv") && body.contains('\t');
    let delimiter = given.or(before.delimiter).or(tabs.then_some(Delimiter::Byte(b'\t'))).unwrap_or_else(|| {
        let (delimiter, note) = sniff(&body, whole);
        notes.extend(note);
        delimiter
    });
    let (packed, total) = (input.packed, input.stored.max(1) as f32);
    // A pipe has no size.
    let input_bytes = if input.stored == u64::MAX { 0 } else { input.stored };
    let starts = Starts::default();
    let mut rest = Cursor::new(sample);
    rest.set_position(before.bytes as u64);
    let text = Lines::new(rest.chain(input), delimiter, before.lines + 1, Arc::clone(&starts)).take(most);
    let mut into = Records::new(&path);
    // The text of the cells is at most that of a file that is not packed.
    into.likely = if packed { 0 } else { usize::try_from(input_bytes).unwrap_or(0) };
    let mut tick = |place: u64| {
        // How much is to come is not known of a packed file.
        progress.at(if packed { 0.3 } else { (0.6 * place as f32 / total).min(0.6) }, "reading")
    };
    let left = match delimiter {
        Delimiter::Byte(byte) => read_delimited(text, byte, &starts, &mut into, &mut tick)?,
        Delimiter::Blank => read_blank(text, before.lines, &mut into, &mut tick)?,
    };
    if left == 0 {
        return Err(wrong(format!("it unpacks to {most} bytes and goes on: {LOOKS_LIKE_A_TRAP}")));
    }
    let read = into.finish(delimiter, notes).ok_or_else(|| wrong("the file holds no row".to_owned()))?;
    Ok(with_comment(read, &before))
}

/// The first bytes of a text, with some lines in them, and whether they are all of it.
pub(super) fn sample(input: &mut Input) -> io::Result<(Vec<u8>, bool)> {
    let mut sample = Vec::new();
    let mut size = SAMPLE;
    loop {
        let want = size - sample.len();
        let got = input.by_ref().take(want as u64).read_to_end(&mut sample)?;
        let lines = sample.split(|&b| b == b'\n').count();
        if got < want || lines >= LINES || size >= LARGEST_SAMPLE {
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

/// Text on its way to a reader of records, which holds a whole one at once: a line of too many cells, or one cell that does not end, stops
/// it. Cells in quotes may hold line ends, so this counts too few rather than too many. It also notes where lines begin that hold
/// anything, since a reader of records counts other line ends than an editor.
pub(super) struct Lines<R> {
    inner: R,
    delimiter: Delimiter,
    line: u64,
    cells: usize,
    /// Bytes since the last cell or line ended.
    since: usize,
    /// Bytes so far.
    offset: u64,
    /// Whether nothing has come since the line began.
    fresh: bool,
    /// Whether the last byte was a carriage return.
    returned: bool,
    /// Offset and number of each line that holds anything, as they come.
    starts: Starts,
}

pub(super) type Starts = Arc<Mutex<VecDeque<(u64, u64)>>>;

impl<R> Lines<R> {
    pub(super) fn new(inner: R, delimiter: Delimiter, line: u64, starts: Starts) -> Self {
        Self { inner, delimiter, line, cells: 0, since: 0, offset: 0, fresh: true, returned: false, starts }
    }

    fn count(&mut self, bytes: &[u8]) -> io::Result<()> {
        let starts = Arc::clone(&self.starts);
        let mut starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr2(b'\n', b'\r', rest);
            let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
            if !part.is_empty() {
                if self.fresh {
                    starts.push_back((self.offset, self.line));
                }
                (self.fresh, self.returned) = (false, false);
                self.offset += part.len() as u64;
                self.count_cells(part)?;
            }
            rest = after;
            if let [byte, after @ ..] = after {
                self.offset += 1;
                // A carriage return and a line feed are one end.
                self.line += u64::from(!(*byte == b'\n' && self.returned));
                (self.cells, self.since, self.fresh, self.returned) = (0, 0, true, *byte == b'\r');
                rest = after;
            }
        }
        Ok(())
    }

    /// Counts the cells that end within a part of a line.
    fn count_cells(&mut self, part: &[u8]) -> io::Result<()> {
        if let Delimiter::Byte(delimiter) = self.delimiter
            && self.since + part.len() <= LONGEST_CELL
        {
            // No cell can be too long, so their number is all that counts.
            let ends = memchr_iter(delimiter, part).count();
            if self.cells + ends < MOST_CELLS {
                self.cells += ends;
                self.since = memrchr(delimiter, part).map_or(self.since + part.len(), |last| part.len() - last - 1);
                return Ok(());
            }
        }
        for &byte in part {
            let ends_cell = match self.delimiter {
                Delimiter::Byte(delimiter) => byte == delimiter,
                Delimiter::Blank => self.since > 0 && matches!(byte, b' ' | b'\t'),
            };
            if ends_cell {
                (self.cells, self.since) = (self.cells + 1, 0);
            } else if self.delimiter != Delimiter::Blank || !matches!(byte, b' ' | b'\t') {
                self.since += 1;
            }
            if self.cells >= MOST_CELLS || self.since > LONGEST_CELL {
                return Err(io::Error::other(self.complaint()));
            }
        }
        Ok(())
    }

    fn complaint(&self) -> String {
        let (line, column) = (self.line, self.cells + 1);
        if self.cells >= MOST_CELLS {
            format!(
                "line {line} has more than {MOST_CELLS} cells, which no table has that is read here; is the delimiter {}?",
                self.delimiter.name()
            )
        } else {
            format!("line {line}, column {column}: the cell is longer than {LONGEST_CELL} bytes; is a quote missing?")
        }
    }
}

impl<R: io::Read> io::Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.count(&buffer[..got])?;
        Ok(got)
    }
}

/// Records as they come. The first two set the number of columns: names may be one fewer than the cells of a row, where rows have names,
/// and a delimiter may end each line or the names alone.
struct Records<'a> {
    first: Option<(Table, u64)>,
    found: Option<(Table, Vec<u64>)>,
    path: &'a std::path::Path,
    row_names: bool,
    /// Records that end with a delimiter.
    trailing: usize,
    /// Whether the names do.
    trailing_names: bool,
    /// Lines of comment between records.
    comments: usize,
    /// Bytes of text to make room for.
    likely: usize,
}

impl<'a> Records<'a> {
    fn new(path: &'a std::path::Path) -> Self {
        Self {
            first: None,
            found: None,
            path,
            row_names: false,
            trailing: 0,
            trailing_names: false,
            comments: 0,
            likely: 0,
        }
    }

    fn push<'c>(&mut self, cells: impl Iterator<Item = &'c str> + Clone, line: u64) -> Result<()> {
        let Some((table, lines)) = &mut self.found else {
            return match self.first.take() {
                None => {
                    let mut first = Table::unnamed(cells.clone().count());
                    first.push(cells)?;
                    self.first = Some((first, line));
                    Ok(())
                }
                Some(first) => {
                    self.settle(first, cells.clone())?;
                    self.push(cells, line)
                }
            };
        };
        let width = table.width();
        if is_comment(cells.clone(), width) {
            self.comments += 1;
            return Ok(());
        }
        let added = match table.push(cells.clone()) {
            // A cell that is empty and one too many stands behind a delimiter that ends the line.
            Err(_)
                if cells.clone().count() == width + 1 && cells.clone().last().is_some_and(|c| c.trim().is_empty()) =>
            {
                self.trailing += 1;
                table.push(cells.take(width))
            }
            added => added,
        };
        added.map_err(|e| {
            let first = lines.first().copied().unwrap_or(1);
            Error::format(self.path, format!("line {line}: {e} (as line {first} has)"))
        })?;
        lines.push(line);
        Ok(())
    }

    /// Begin the table with its first record, once the second is known.
    fn settle<'c>(&mut self, (first, line): (Table, u64), second: impl Iterator<Item = &'c str> + Clone) -> Result<()> {
        let (names, cells) = (first.width(), second.clone().count());
        let empty = |cell: Option<&str>| cell.is_some_and(|cell| cell.trim().is_empty());
        let mut table = first;
        if cells == names + 1 && !empty(second.clone().last()) {
            let rows_are_named = second.clone().next().is_some_and(|cell| !is_number(cell));
            self.row_names = rows_are_named || !table.record(0).any(is_number);
            if self.row_names {
                let mut longer = Table::unnamed(cells);
                longer.push(std::iter::once("").chain(table.record(0)))?;
                table = longer;
            }
        } else if names == cells + 1 && names > 1 && empty(Some(table.cell(0, names - 1))) {
            self.trailing_names = true;
            let mut shorter = Table::unnamed(cells);
            shorter.push(table.record(0).take(cells))?;
            table = shorter;
        }
        table.make_room(self.likely);
        self.found = Some((table, vec![line]));
        Ok(())
    }

    /// All of them, if there is any.
    fn finish(mut self, delimiter: Delimiter, mut notes: Vec<String>) -> Option<Read> {
        if let Some((first, line)) = self.first.take() {
            self.found = Some((first, vec![line]));
        }
        let (table, lines) = self.found?;
        if self.trailing > 0 {
            let (rows, end) = (counted(self.trailing, "row"), if self.trailing == 1 { "ends" } else { "end" });
            notes.push(format!("{rows} {end} with a delimiter, and the empty cell behind it is left out"));
        }
        if self.comments > 0 {
            notes.push(format!("{} of comment between the rows left out", counted(self.comments, "line")));
        }
        if self.trailing_names {
            notes.push("the line of names ends with a delimiter, and the empty name behind it is left out".to_owned());
        }
        if self.row_names {
            notes.push(
                "the first line has one name fewer than the rows have cells: the first column names the rows"
                    .to_owned(),
            );
        }
        Some(Read { table, lines, delimiter, comment: None, row_names: self.row_names, notes })
    }
}

/// Whether a record among others of so many cells is a line of comment: of another length, with its mark. One that is as long is a row.
pub(super) fn is_comment<'c>(cells: impl Iterator<Item = &'c str> + Clone, width: usize) -> bool {
    cells.clone().next().is_some_and(|first| first.trim_start().starts_with('#')) && cells.count() != width
}

/// The line of the record that begins at this place or after it: the first from there on that holds anything. Those before it lie within
/// earlier records and are forgotten.
pub(super) fn line_at(starts: &Starts, place: u64) -> Option<u64> {
    let mut starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
    while starts.front().is_some_and(|&(start, _)| start < place) {
        starts.pop_front();
    }
    starts.front().map(|&(_, line)| line)
}

/// Rows with one byte between cells and quotes around those that need them. Returns how many bytes the limit still allows.
fn read_delimited(
    text: io::Take<impl io::Read>,
    delimiter: u8,
    starts: &Starts,
    into: &mut Records,
    tick: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<u64> {
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
            Ok(false) => return Ok(reader.into_inner().limit()),
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

/// Rows with blanks between cells, any number of them. Returns how many bytes the limit still allows.
fn read_blank(
    text: io::Take<impl io::Read>,
    before: u64,
    into: &mut Records,
    tick: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<u64> {
    let mut reader = BufReader::with_capacity(1 << 17, text);
    let mut line = String::new();
    let (mut number, mut bytes) = (before, 0);
    loop {
        line.clear();
        let read = reader.read_line(&mut line);
        number += 1;
        match read {
            Ok(0) => return Ok(reader.into_inner().limit()),
            Ok(length) => bytes += length as u64,
            Err(e) => return Err(Error::format(into.path, format!("line {number}: {e}"))),
        }
        let cells = line.split_ascii_whitespace();
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
