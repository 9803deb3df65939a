//! The records of a text table one after the other, in memory for one of them: for tables that are read once and may be endless.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::text::{Delimiter, Lines, explain};
use crate::{Error, Result};

/// Bytes that are read at once.
const BUFFER: usize = 1 << 17;

/// Where text comes from.
pub(super) type Text = Box<dyn Read + Send>;

/// Reads records; the header, if there is one, is the first of them.
pub(super) struct Records {
    path: PathBuf,
    reader: Reader,
}

enum Reader {
    Delimited(csv::Reader<Starts<Lines<Text>>>),
    Blank { reader: BufReader<Lines<Text>>, line: String, number: u64 },
}

impl Records {
    pub(super) fn new(text: Text, delimiter: Delimiter, path: &Path) -> Self {
        let text = Lines::new(text, delimiter);
        let reader = match delimiter {
            Delimiter::Byte(byte) => Reader::Delimited(
                csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .delimiter(byte)
                    .buffer_capacity(BUFFER)
                    .from_reader(Starts::new(text)),
            ),
            Delimiter::Blank => {
                Reader::Blank { reader: BufReader::with_capacity(BUFFER, text), line: String::new(), number: 0 }
            }
        };
        Self { path: path.to_owned(), reader }
    }

    /// The next record goes into `record`; the line of the file in which it begins, or nothing after the last one.
    pub(super) fn next(&mut self, record: &mut StringRecord) -> Result<Option<u64>> {
        match &mut self.reader {
            Reader::Delimited(reader) => {
                let before = reader.position().line();
                match reader.read_record(record) {
                    Ok(false) => Ok(None),
                    Ok(true) => {
                        let at = record.position().map_or(0, csv::Position::byte);
                        Ok(Some(reader.get_mut().line_at(at).unwrap_or(before)))
                    }
                    Err(e) => {
                        let at = e.position().and_then(|at| reader.get_mut().line_at(at.byte()));
                        Err(Error::format(&self.path, explain(&e, at.unwrap_or(before))))
                    }
                }
            }
            Reader::Blank { reader, line, number } => loop {
                line.clear();
                *number += 1;
                let wrong = |e: io::Error| Error::format(&self.path, format!("line {number}: {e}"));
                if reader.read_line(line).map_err(wrong)? == 0 {
                    return Ok(None);
                }
                record.clear();
                line.trim_start_matches('\u{feff}').split_ascii_whitespace().for_each(|cell| record.push_field(cell));
                if !record.is_empty() {
                    return Ok(Some(*number));
                }
            },
        }
    }
}

/// Knows in which line a record begins. The reader of records says where one may begin: in a file with Windows line ends, or after blank
/// lines, that is the end of a line before, so that a line would be one too few.
struct Starts<R> {
    inner: R,
    /// Bytes read so far.
    read: u64,
    line: u64,
    /// Where the line begins that is being read.
    start: u64,
    /// Whether anything stands in it.
    filled: bool,
    /// The last byte.
    last: u8,
    /// Place and number of lines that hold something and no record was asked for yet.
    lines: VecDeque<(u64, u64)>,
}

impl<R> Starts<R> {
    fn new(inner: R) -> Self {
        Self { inner, read: 0, line: 1, start: 0, filled: false, last: 0, lines: VecDeque::new() }
    }

    fn count(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let of_pair = self.last == b'\r' && byte == b'\n';
            if of_pair {
                self.start = self.read + 1;
            } else if matches!(byte, b'\r' | b'\n') {
                (self.line, self.start, self.filled) = (self.line + 1, self.read + 1, false);
            } else if !self.filled {
                self.filled = true;
                self.lines.push_back((self.start, self.line));
            }
            self.last = byte;
            self.read += 1;
        }
    }

    /// The line of the record that begins at or after this byte; what lies before it is forgotten.
    fn line_at(&mut self, byte: u64) -> Option<u64> {
        while self.lines.front().is_some_and(|&(start, _)| start < byte) {
            self.lines.pop_front();
        }
        self.lines.front().map(|&(_, line)| line)
    }
}

impl<R: Read> Read for Starts<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.count(&buffer[..got]);
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str, delimiter: Delimiter) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(Box::new(text.as_bytes()), delimiter, Path::new("test.csv"));
        let (mut record, mut found) = (StringRecord::new(), Vec::new());
        while let Some(line) = records.next(&mut record).expect("it is well formed") {
            found.push((line, record.iter().map(str::to_owned).collect()));
        }
        found
    }

    #[test]
    fn lines_are_those_an_editor_shows_whatever_ends_them() {
        let comma = Delimiter::Byte(b',');
        let numbers = |text| lines(text, comma).iter().map(|(line, _)| *line).collect::<Vec<_>>();
        assert_eq!(numbers("a,b\n1,2\n\n\n3,4\n"), [1, 2, 5]);
        assert_eq!(numbers("a,b\r\n1,2\r\n\r\n3,4\r\n"), [1, 2, 4]);
        assert_eq!(numbers("a,b\r1,2\r3,4"), [1, 2, 3]);
        assert_eq!(numbers("\u{feff}a,b\r\n\"x\r\ny\",2\r\n3,4\r\n"), [1, 2, 4]);
        assert_eq!(numbers("\n\r\na,b\n1,2\n"), [3, 4]);
        let blank = lines(" a  b\r\n\n 1\t2\n", Delimiter::Blank);
        assert_eq!(blank, [(1, vec!["a".into(), "b".into()]), (3, vec!["1".into(), "2".into()])]);
    }

    #[test]
    fn lines_stay_right_over_many_buffers() {
        let rows: Vec<String> = (0..30_000).map(|i| format!("{i},\"some longer cell\r\nof two lines\"\r\n")).collect();
        let text = format!("a,b\r\n{}", rows.concat());
        let found = lines(text.leak(), Delimiter::Byte(b','));
        assert_eq!(found.len(), 30_001);
        assert!(found.iter().skip(1).enumerate().all(|(i, (line, _))| *line == 2 * i as u64 + 2));
    }
}
