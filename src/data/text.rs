//! Text becomes a table: the delimiter is found, rows are checked to be of one length.

use std::io::{self, BufRead, BufReader, Cursor, Read as _};

use super::Table;
use super::formats::sample_formats;
use super::source::{Input, LOOKS_LIKE_A_TRAP, bare_name, has_extension};
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Bytes of text the delimiter is judged by.
const SAMPLE: u64 = 1 << 16;
/// Most cells of a line: beyond it the names of the columns alone would fill the memory.
pub(super) const MOST_CELLS: usize = 1 << 20;
/// Most bytes of a cell.
pub(super) const LONGEST_CELL: usize = 1 << 22;

/// A table and the line of the file in which each of its records begins.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) table: Table,
    pub(super) lines: Vec<u64>,
    pub(super) delimiter: Delimiter,
}

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delimiter {
    Byte(u8),
    /// Any run of spaces or tabs.
    Blank,
}

impl Delimiter {
    pub(super) fn name(self) -> String {
        match self {
            Self::Byte(b'\t') => "tab".to_owned(),
            Self::Byte(byte) => format!("`{}`", char::from(byte)),
            Self::Blank => "space".to_owned(),
        }
    }
}

/// Read all records of a text file; the header, if there is one, is the first of them.
pub(super) fn read(mut input: Input, progress: &Progress) -> Result<Read> {
    let path = input.path.clone();
    let most = input.most();
    let wrong = |message: String| Error::format(&path, message);
    let mut sample = Vec::new();
    input.by_ref().take(SAMPLE).read_to_end(&mut sample).map_err(|e| wrong(format!("cannot be read: {e}")))?;
    if sample.contains(&0) {
        return Err(wrong(format!("the file holds zero bytes, so it is no text; {} are read", sample_formats("and"))));
    }
    let whole = (sample.len() as u64) < SAMPLE;
    let delimiter = if has_extension(std::path::Path::new(&bare_name(&path)), "tsv") {
        Delimiter::Byte(b'\t')
    } else {
        sniff(&String::from_utf8_lossy(&sample), whole)
    };
    let (packed, total) = (input.packed, input.stored.max(1) as f32);
    let text = Lines::new(Cursor::new(sample).chain(input), delimiter).take(most);
    let mut into = Records { found: None, path: &path };
    let mut tick = |place: u64| {
        // How much is to come is not known of a packed file.
        progress.at(if packed { 0.3 } else { (0.6 * place as f32 / total).min(0.6) }, "reading")
    };
    let left = match delimiter {
        Delimiter::Byte(byte) => read_delimited(text, byte, &mut into, &mut tick)?,
        Delimiter::Blank => read_blank(text, &mut into, &mut tick)?,
    };
    if left == 0 {
        return Err(wrong(format!("it unpacks to {most} bytes and goes on: {LOOKS_LIKE_A_TRAP}")));
    }
    let (table, lines) = into.found.ok_or_else(|| wrong("the file holds no row".to_owned()))?;
    Ok(Read { table, lines, delimiter })
}

/// Text on its way to a reader of records, which holds a whole one at once: a line of too many cells, or one cell that does not end, stops
/// it. Cells in quotes may hold line ends, so this counts too few rather than too many.
struct Lines<R> {
    inner: R,
    delimiter: Delimiter,
    line: u64,
    cells: usize,
    /// Bytes since the last cell or line ended.
    since: usize,
}

impl<R> Lines<R> {
    fn new(inner: R, delimiter: Delimiter) -> Self {
        Self { inner, delimiter, line: 1, cells: 0, since: 0 }
    }

    fn count(&mut self, bytes: &[u8]) -> io::Result<()> {
        for &byte in bytes {
            let ends_cell = match self.delimiter {
                Delimiter::Byte(delimiter) => byte == delimiter,
                Delimiter::Blank => self.since > 0 && matches!(byte, b' ' | b'\t'),
            };
            if byte == b'\n' {
                (self.line, self.cells, self.since) = (self.line + 1, 0, 0);
            } else if ends_cell {
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

/// Records as they come; the first sets the number of columns.
struct Records<'a> {
    found: Option<(Table, Vec<u64>)>,
    path: &'a std::path::Path,
}

impl Records<'_> {
    fn push<'c>(&mut self, cells: impl Iterator<Item = &'c str> + Clone, line: u64) -> Result<()> {
        let (table, lines) = self.found.get_or_insert_with(|| (Table::unnamed(cells.clone().count()), Vec::new()));
        table.push(cells).map_err(|e| {
            let first = lines.first().copied().unwrap_or(1);
            Error::format(self.path, format!("line {line}: {e} (as line {first} has)"))
        })?;
        lines.push(line);
        Ok(())
    }
}

/// Rows with one byte between cells and quotes around those that need them. Returns how many bytes the limit still allows.
fn read_delimited(
    text: io::Take<impl io::Read>,
    delimiter: u8,
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
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(reader.into_inner().limit()),
            Ok(true) => {}
            Err(e) => return Err(Error::format(into.path, explain(&e, line))),
        }
        let line = record.position().map_or(line, csv::Position::line);
        into.push(record.iter(), line)?;
        count += 1;
        if count.is_multiple_of(1 << 14) {
            tick(reader.position().byte())?;
        }
    }
}

/// What the reader of delimited text complains about, in our words.
fn explain(e: &csv::Error, line: u64) -> String {
    let at = e.position().map_or(line, csv::Position::line);
    match e.kind() {
        csv::ErrorKind::Utf8 { err, .. } => format!("line {at}, column {}: the text is not UTF-8", err.field() + 1),
        csv::ErrorKind::Io(e) => format!("cannot be read or unpacked after line {at}: {e}"),
        _ => format!("line {at}: {e}"),
    }
}

/// Rows with blanks between cells, any number of them. Returns how many bytes the limit still allows.
fn read_blank(
    text: io::Take<impl io::Read>,
    into: &mut Records,
    tick: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<u64> {
    let mut reader = BufReader::with_capacity(1 << 17, text);
    let mut line = String::new();
    let (mut number, mut bytes) = (0, 0);
    loop {
        line.clear();
        let read = reader.read_line(&mut line);
        number += 1;
        match read {
            Ok(0) => return Ok(reader.into_inner().limit()),
            Ok(length) => bytes += length as u64,
            Err(e) => return Err(Error::format(into.path, format!("line {number}: {e}"))),
        }
        let cells = line.trim_start_matches('\u{feff}').split_ascii_whitespace();
        if cells.clone().next().is_some() {
            into.push(cells, number)?;
        }
        if number.is_multiple_of(1 << 14) {
            tick(bytes)?;
        }
    }
}

/// The delimiter that makes the first lines equally long; else the one that cuts most; else blanks; else none.
fn sniff(sample: &str, whole: bool) -> Delimiter {
    let mut lines: Vec<&str> = sample.lines().filter(|line| !line.trim().is_empty()).collect();
    if !whole && lines.len() > 1 {
        lines.pop();
    }
    lines.truncate(50);
    let counts = |byte: u8| -> Vec<usize> { lines.iter().map(|line| outside_quotes(line, byte)).collect() };
    // A comma comes last: with tabs or semicolons between cells, commas can be decimal.
    let candidates = [b'\t', b';', b'|', b','].map(|byte| (byte, counts(byte)));
    let even =
        candidates.iter().find(|(_, c)| c.first().is_some_and(|&first| first > 0 && c.iter().all(|&n| n == first)));
    if let Some((byte, _)) = even {
        return Delimiter::Byte(*byte);
    }
    let blank: Vec<usize> = lines.iter().map(|line| line.split_ascii_whitespace().count()).collect();
    if blank.first().is_some_and(|&first| first > 1 && blank.iter().all(|&n| n == first)) {
        return Delimiter::Blank;
    }
    // Ragged lines: the complaint about them should speak of the likeliest delimiter.
    let most = candidates.iter().max_by_key(|(_, c)| c.iter().filter(|&&n| n > 0).count());
    match most {
        Some((byte, c)) if 2 * c.iter().filter(|&&n| n > 0).count() > c.len() => Delimiter::Byte(*byte),
        _ if blank.iter().filter(|&&n| n > 1).count() * 2 > blank.len() && numeric_start(&lines) => Delimiter::Blank,
        _ => Delimiter::Byte(b','),
    }
}

/// Whether most lines begin with a number, as ragged columns of numbers do and sentences do not.
fn numeric_start(lines: &[&str]) -> bool {
    let starts = |line: &&&str| line.split_ascii_whitespace().next().is_some_and(|word| word.parse::<f64>().is_ok());
    lines.iter().filter(starts).count() * 2 > lines.len()
}

fn outside_quotes(line: &str, byte: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|&b| {
            quoted ^= b == b'"';
            !quoted && b == byte
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", Delimiter::Byte(b',')),
            ("a;b\n1,5;2,5\n3,5;4,5\n", Delimiter::Byte(b';')),
            ("a\tb c\n1\t2\n", Delimiter::Byte(b'\t')),
            ("1|2\n3|4\n", Delimiter::Byte(b'|')),
            ("  1.0   2.0\n 3.0 4.0\n", Delimiter::Blank),
            ("\"a,b\",c\n1,2\n", Delimiter::Byte(b',')),
            ("1\n2\n", Delimiter::Byte(b',')),
            ("1,2,3\n4,5\n6,7,8\n", Delimiter::Byte(b',')),
        ] {
            assert_eq!(sniff(text, true), delimiter, "{text}");
        }
    }
}
