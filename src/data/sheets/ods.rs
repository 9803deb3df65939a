//! How far the repeated cells of an OpenDocument sheet reach (OpenDocument 1.3 part 3, 9.1 and 19.675). Cells and rows that are alike stand in
//! it once, with their number, and its reader writes each of them out, and makes room for all that lies between: a hundred million cells of a
//! few kilobytes. So it is looked through first.

use std::io::{self, BufRead, BufReader, Read};

use super::hidden::attribute;
use crate::data::bytes::entities::unescaped;
use crate::support::language::counted;

/// Rows and columns that a sheet has at most, beyond which its reader stops to count.
const MOST_ROWS: u64 = 1 << 20;
const MOST_COLUMNS: u64 = 1 << 14;
/// Most cells of a sheet that were made of several.
const MOST_MERGED: usize = 1 << 16;
/// Bytes that the reader takes for a cell: its value and its formula, each in the row and in the sheet.
const CELL: u64 = 112;
/// Bytes of cells that nobody asks about ...
const FEW: u64 = 1 << 27;
/// ... and those for each byte of the file beyond which repeats are no work of hands.
const LARGEST: u64 = 32;

/// Cells that were made one: from this row and column to that.
pub(super) type Merged = ((u32, u32), (u32, u32));

/// Refuses sheets, whose text is given, that would take far more memory than they are long. The names of those that have cells which were
/// made one, and these.
///
/// # Errors
/// In words, what is wrong and what helps, or why the text cannot be read.
pub(in crate::data) fn check(text: impl Read) -> Result<Vec<(String, Vec<Merged>)>, String> {
    let mut text = Tags::new(text);
    let mut merged: Vec<(String, Vec<Merged>)> = Vec::new();
    let (mut sheet, mut all, mut widest) = (Sheet::default(), 0_u64, Sheet::default());
    loop {
        let tag = text.next().map_err(|e| format!("cannot be read or unpacked: {e}"))?;
        let ends = tag.is_none();
        let (name, open) = tag.as_deref().map_or(("", false), parts);
        if ends || name == "table:table" {
            all = all.saturating_add(sheet.bytes());
            if sheet.bytes() > widest.bytes() {
                widest = sheet;
            }
            sheet = Sheet::default();
        }
        let Some(tag) = tag.as_deref() else { break };
        if name == "table:table" && open {
            merged.push((attribute(tag, "table:name").map(|name| unescaped(&name)).unwrap_or_default(), Vec::new()));
        }
        sheet.text(text.between);
        match (name, open) {
            ("table:table-row", true) => sheet.row(count(tag, "number-rows-repeated")),
            ("table:table-cell" | "table:covered-table-cell", true) => {
                if let Some((_, merged)) = merged.last_mut().filter(|(_, merged)| merged.len() < MOST_MERGED) {
                    merged.extend(sheet.spanned(tag));
                }
                sheet.cell(count(tag, "number-columns-repeated"), holds(tag), tag.len() as u64);
            }
            ("table:table-cell" | "table:covered-table-cell", false) => sheet.cells = 0,
            _ => {}
        }
    }
    if all <= FEW || all / LARGEST <= text.length {
        return Ok(merged);
    }
    Err(format!(
        "its cells come to {} of {}, but only {} in the file: is there something far from the table? Delete it, or \
         save the file as .xlsx",
        counted(widest.rows as usize, "row"),
        counted(widest.width as usize, "column"),
        if widest.stored == 1 { "1 of them stands".to_owned() } else { format!("{} of them stand", widest.stored) }
    ))
}

/// What a sheet comes to, as far as it was read.
#[derive(Clone, Copy, Debug, Default)]
struct Sheet {
    /// Rows so far.
    all: u64,
    /// Rows from the first that holds anything to the last one, and those of nothing since.
    rows: u64,
    empty: u64,
    /// The widest of them.
    width: u64,
    /// Cells that are written one by one: of each row up to the last that holds anything.
    written: u64,
    /// Bytes of text that these hold.
    held: u64,
    /// Cells that stand in the file and hold anything.
    stored: u64,
    /// How often the row comes, how wide it is, and cells of nothing since.
    times: u64,
    at: u64,
    gap: u64,
    /// How often the cell comes.
    cells: u64,
}

impl Sheet {
    /// A row begins that comes so often.
    fn row(&mut self, times: u64) {
        (self.at, self.gap, self.cells) = (0, 0, 0);
        self.times = times.min(MOST_ROWS);
        self.all = self.all.saturating_add(self.times);
        self.empty = self.empty.saturating_add(self.times);
    }

    /// The cells that the next one was made of, by its tag, if it was made of several.
    fn spanned(&self, tag: &str) -> Option<Merged> {
        let (rows, columns) = (count(tag, "number-rows-spanned"), count(tag, "number-columns-spanned"));
        let (row, column) = (self.all - self.times, self.at + self.gap);
        let end = |from: u64, count: u64, most: u64| from.saturating_add(count.saturating_sub(1)).min(most - 1) as u32;
        let last = (end(row, rows, MOST_ROWS), end(column, columns, MOST_COLUMNS));
        let first = (end(row, 1, MOST_ROWS), end(column, 1, MOST_COLUMNS));
        (first != last).then_some((first, last))
    }

    /// A cell that comes so often, and the bytes of its tag.
    fn cell(&mut self, times: u64, holds: bool, bytes: u64) {
        let times = times.min(MOST_COLUMNS);
        if !holds {
            self.gap = (self.gap + times).min(MOST_COLUMNS);
            self.cells = 0;
            return;
        }
        if self.empty > 0 {
            // Rows of nothing above the first one that holds anything are left out.
            self.rows = if self.rows == 0 { self.times } else { self.rows + self.empty }.min(MOST_ROWS);
            self.empty = 0;
        }
        let before = self.at;
        self.at = (self.at + self.gap + times).min(MOST_COLUMNS);
        (self.gap, self.cells) = (0, times);
        self.width = self.width.max(self.at);
        self.written += self.at - before;
        self.stored += 1;
        self.text(bytes);
    }

    /// Bytes of the cell, each time that it comes.
    fn text(&mut self, bytes: u64) {
        let times = self.cells.saturating_mul(self.times + 1);
        self.held = self.held.saturating_add(bytes.saturating_mul(times));
    }

    /// Memory of it.
    fn bytes(&self) -> u64 {
        let cells = self.rows.saturating_mul(self.width).saturating_add(self.written);
        cells.saturating_mul(CELL).saturating_add(self.held)
    }
}

/// The name of a tag, and whether it opens what is called so.
fn parts(tag: &str) -> (&str, bool) {
    let name = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').find(|part| !part.is_empty());
    (name.unwrap_or_default(), !tag.starts_with('/'))
}

/// How often something comes, or how far it reaches, by this attribute of its tag; the most that a tag says which has it more than once,
/// or within a text.
fn count(tag: &str, name: &str) -> u64 {
    let number = |(at, _): (usize, &str)| {
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        let digits = value.split(|c: char| !c.is_ascii_digit()).next().filter(|digits| !digits.is_empty())?;
        // A number beyond 64 bits is more than there can be all the same.
        Some(digits.parse().unwrap_or(u64::MAX))
    };
    tag.match_indices(name).filter_map(number).max().unwrap_or(1)
}

/// Whether a cell holds anything, by its tag.
fn holds(tag: &str) -> bool {
    tag.contains("value") || tag.contains("formula")
}

/// The tags of a text in XML, one after the other.
struct Tags<R> {
    inner: BufReader<R>,
    buffer: Vec<u8>,
    /// Bytes between the last tag and the one before it.
    between: u64,
    /// Bytes so far.
    length: u64,
}

impl<R: Read> Tags<R> {
    fn new(inner: R) -> Self {
        Self { inner: BufReader::with_capacity(1 << 16, inner), buffer: Vec::new(), between: 0, length: 0 }
    }

    /// What stands between the next `<` and its `>`, but for comments and the like; none at the end.
    fn next(&mut self) -> io::Result<Option<String>> {
        self.between = 0;
        loop {
            let skipped = self.inner.skip_until(b'<')? as u64;
            (self.between, self.length) = (self.between + skipped, self.length + skipped);
            self.buffer.clear();
            let (mut read, mut quote) = (0, None);
            loop {
                let got = self.inner.read_until(b'>', &mut self.buffer)?;
                self.length += got as u64;
                if got == 0 {
                    return Ok(None);
                }
                // It may stand in a comment, or in an attribute's quotes.
                if is_whole(&self.buffer, read, &mut quote) {
                    break;
                }
                read = self.buffer.len();
            }
            if !self.buffer.starts_with(b"!") && !self.buffer.starts_with(b"?") {
                return Ok(Some(String::from_utf8_lossy(&self.buffer[..self.buffer.len() - 1]).into_owned()));
            }
            self.between += self.buffer.len() as u64;
        }
    }
}

/// Whether what was read up to a `>` is a whole tag; what stands before `read` was looked at, and `quote` is open since.
fn is_whole(tag: &[u8], read: usize, quote: &mut Option<u8>) -> bool {
    for (begin, end) in [(&b"!--"[..], &b"-->"[..]), (b"![CDATA[", b"]]>"), (b"?", b"?>")] {
        if tag.starts_with(begin) {
            return tag.len() >= begin.len() + end.len() && tag.ends_with(end);
        }
    }
    for &byte in tag[read..].iter().filter(|byte| matches!(byte, b'"' | b'\'')) {
        *quote = match *quote {
            None => Some(byte),
            Some(open) => Some(open).filter(|open| *open != byte),
        };
    }
    quote.is_none() && tag.ends_with(b">")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &str) -> String {
        format!("<?xml version='1.0'?><x><table:table table:name=\"a > b\"><!-- > -->{rows}</table:table></x>")
    }

    fn row(attributes: &str, cells: &str) -> String {
        format!("<table:table-row{attributes}>{cells}</table:table-row>")
    }

    fn cell(attributes: &str) -> String {
        format!(
            "<table:table-cell{attributes} office:value-type='float' office:value=\"1\"><text:p>1</text:p></table:table-cell>"
        )
    }

    const WIDE: &str = " table:number-columns-repeated=\"16384\"";

    #[test]
    fn what_repeats_without_end_is_refused() {
        let few = cell("");
        let nothing = |times: &str| format!("<table:table-cell table:number-columns-repeated='{times}'/>");
        let long = " table:number-rows-repeated=\"1048576\"";
        for (rows, words) in [
            (row(long, &cell(WIDE)), "1048576 rows of 16384 columns, but only 1 of them stands"),
            (row(long, &few.repeat(8)), "1048576 rows of 8 columns, but only 8 of them stand"),
            (row("", &few) + &row(long, "") + &row("", &few.repeat(3)), "1048576 rows of 3 columns"),
            (row("", &few) + &row("", &(nothing("16383") + &few)).repeat(400), "401 rows of 16384 columns"),
            (row(" table:number-rows-repeated='9999999999999999999999'", &few.repeat(3)), "1048576 rows of 3"),
            (row(" table:number-rows-repeated='9000'", &cell(&format!(" note='{}'", "x".repeat(60_000)))), "9000 rows"),
        ] {
            let error = check(sheet(&rows).as_bytes()).expect_err(words);
            assert!(error.contains(words) && error.contains("far from the table"), "{error}");
        }
    }

    #[test]
    fn what_a_sheet_repeats_by_itself_is_let_through() {
        let few = cell("") + &cell("");
        let filling = format!("<table:table-cell{WIDE}/>");
        let rest = row(" table:number-rows-repeated=\"1048000\"", &filling);
        for rows in [
            row("", &(few.clone() + &filling)).repeat(500) + &rest,
            rest.clone() + &row("", &few),
            row(" table:number-rows-repeated=\"1000\"", &cell(" table:number-columns-repeated='500'")),
            row("", &cell(" x='>' table:number-columns-repeated='2'")) + "<![CDATA[ <table:table-row ]]>",
        ] {
            assert!(check(sheet(&rows).as_bytes()).is_ok());
        }
    }

    #[test]
    fn cells_that_were_made_one_are_told() {
        let wide = cell(" table:number-columns-spanned=\"2\" table:number-rows-spanned='3'");
        let rows = row(" table:number-rows-repeated='4'", "")
            + &row("", &(cell(" table:number-columns-repeated='2'") + &wide));
        let found = check(sheet(&rows).as_bytes()).expect("it is small");
        assert_eq!(found, [("a > b".to_owned(), vec![((4, 2), (6, 3))])]);
    }

    #[test]
    fn what_is_cut_off_anywhere_ends_without_a_panic() {
        let whole = sheet(&(row("", &cell(WIDE)) + "<!-- a --><![CDATA[>]]>é"));
        for end in 0..whole.len() {
            assert!(check(&whole.as_bytes()[..end]).is_ok());
        }
    }
}
