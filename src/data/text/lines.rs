//! Where the lines of a text begin, and whether one of them is too long for a table, while it is on its way to a reader of records.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::{memchr_iter, memchr2, memrchr};

use super::delimiter::Delimiter;
use super::{LONGEST_CELL, MOST_CELLS};

/// Text on its way to a reader of records, which holds a whole one at once: a line of too many cells, or one cell that does not end, stops
/// it. Cells in quotes may hold line ends, so this counts too few rather than too many. It also notes where lines begin that hold
/// anything, since a reader of records counts other line ends than an editor.
pub(in crate::data) struct Lines<R> {
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
    pub(in crate::data) fn new(inner: R, delimiter: Delimiter, line: u64, starts: Starts) -> Self {
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

/// The line of the record that begins at this place or after it: the first from there on that holds anything. Those before it lie within
/// earlier records and are forgotten.
pub(super) fn line_at(starts: &Starts, place: u64) -> Option<u64> {
    let mut starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
    while starts.front().is_some_and(|&(start, _)| start < place) {
        starts.pop_front();
    }
    starts.front().map(|&(_, line)| line)
}
