//! Quotes that nothing closes, in text that is read once: such a quote is a character of its cell, as where a table is read whole.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::{memchr, memchr_iter, memrchr};

use crate::data::bytes::stream::hand_out;

/// Lines, and bytes, that a quote may reach over.
const MOST_LINES: usize = 1000;
const MOST_BYTES: usize = 1 << 16;

/// How many lines had such a quote.
pub(in crate::data) type Open = Arc<AtomicUsize>;

/// A text on its way to a reader of CSV, whose rows have so many cells.
pub(in crate::data) struct Closed<R> {
    inner: BufReader<R>,
    delimiter: u8,
    width: usize,
    /// Lines that were looked at and not given away.
    ahead: VecDeque<Vec<u8>>,
    out: Vec<u8>,
    given: usize,
    open: Open,
}

impl<R: Read> Closed<R> {
    pub(in crate::data) fn new(inner: R, (delimiter, width): (u8, usize), open: Open) -> Self {
        let inner = BufReader::with_capacity(1 << 17, inner);
        Self { inner, delimiter, width, ahead: VecDeque::new(), out: Vec::new(), given: 0, open }
    }

    /// The next line with its end; none after the last.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.ahead.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        // Whoever counts bytes of a cell stops at a line that does not end.
        let got = self.inner.by_ref().take(1 << 24).read_until(b'\n', &mut line)?;
        Ok((got > 0).then_some(line))
    }

    /// Writes the next line, or those that a quote holds together.
    fn go_on(&mut self) -> io::Result<()> {
        self.out.clear();
        self.given = 0;
        let Some(first) = self.line()? else { return Ok(()) };
        if !is_odd(&first) {
            self.out = first;
            return Ok(());
        }
        // Lines up to the next quote that may close it.
        let (mut whole, mut others) = (first.clone(), Vec::new());
        while others.len() < MOST_LINES && whole.len() < MOST_BYTES {
            let Some(line) = self.line()? else { break };
            let closes = is_odd(&line);
            whole.extend_from_slice(&line);
            others.push(line);
            if closes {
                break;
            }
        }
        let one = is_odd(&whole) || !self.is_record(&whole);
        if one && self.cells(&first).count() == self.width {
            self.open.fetch_add(1, Ordering::Relaxed);
            self.out = self.closed(&first);
            for line in others.into_iter().rev() {
                self.ahead.push_front(line);
            }
        } else {
            self.out = whole;
        }
        Ok(())
    }

    fn cells<'a>(&self, line: &'a [u8]) -> impl Iterator<Item = &'a [u8]> + use<'a, R> {
        let delimiter = self.delimiter;
        line.trim_ascii_end().split(move |&byte| byte == delimiter)
    }

    /// Whether lines are one record, as long as the others.
    fn is_record(&self, lines: &[u8]) -> bool {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).delimiter(self.delimiter).from_reader(lines);
        let mut record = csv::ByteRecord::new();
        let sound = reader.read_byte_record(&mut record).unwrap_or(false) && record.len() == self.width;
        sound && !reader.read_byte_record(&mut record).unwrap_or(true)
    }

    /// A line with its open quotes as characters.
    fn closed(&self, line: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(line.len() + 8);
        for (at, cell) in self.cells(line).enumerate() {
            if at > 0 {
                out.push(self.delimiter);
            }
            let number = |cell: &[u8]| std::str::from_utf8(cell).is_ok_and(|text| text.trim().parse::<f64>().is_ok());
            match cell.strip_prefix(b"\"").filter(|_| is_odd(cell)) {
                // Before a number the quote says nothing.
                Some(rest) if number(rest) => out.extend_from_slice(rest),
                Some(_) => {
                    out.push(b'"');
                    for &byte in cell {
                        out.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
                    }
                    out.push(b'"');
                }
                None => out.extend_from_slice(cell),
            }
        }
        out.extend_from_slice(&line[line.trim_ascii_end().len()..]);
        out
    }
}

/// Whether bytes have an odd number of quotes.
fn is_odd(bytes: &[u8]) -> bool {
    memchr_iter(b'"', bytes).count() % 2 == 1
}

impl<R: Read> Read for Closed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.out.len() && self.ahead.is_empty() {
            // Whole lines without a quote go on as they are.
            let begun = self.inner.fill_buf()?;
            let part = &begun[..begun.len().min(buffer.len())];
            let part = &part[..memchr(b'"', part).unwrap_or(part.len())];
            if let Some(end) = memrchr(b'\n', part) {
                buffer[..=end].copy_from_slice(&part[..=end]);
                self.inner.consume(end + 1);
                return Ok(end + 1);
            }
        }
        while self.given == self.out.len() {
            self.go_on()?;
            if self.out.is_empty() {
                return Ok(0);
            }
        }
        Ok(hand_out(&self.out, &mut self.given, buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_quotes_are_characters_and_others_are_quotes() {
        for (text, wanted, count) in [
            ("a,b\n\"x,1\ny,2\n", "a,b\n\"\"\"x\",1\ny,2\n", 1),
            ("a,b\n\"x\ny\",2\nz,3\n", "a,b\n\"x\ny\",2\nz,3\n", 0),
            ("a,b\n\"1,2\nx,4\n", "a,b\n1,2\nx,4\n", 1),
            ("a,b\r\nx,\"5\"\" tall\"\r\n", "a,b\r\nx,\"5\"\" tall\"\r\n", 0),
            ("a,b\nx,\"open", "a,b\nx,\"\"\"open\"", 1),
            ("a,b\n\"x\n", "a,b\n\"x\n", 0),
        ] {
            let open = Open::default();
            let mut read = String::new();
            let mut text = Closed::new(text.as_bytes(), (b',', 2), Arc::clone(&open));
            text.read_to_string(&mut read).expect("memory");
            assert_eq!((read.as_str(), open.load(Ordering::Relaxed)), (wanted, count));
        }
    }
}
