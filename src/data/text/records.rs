//! The records of a text table one after the other, in memory for one of them: for tables that are read once and may be endless.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::StringRecord;

use super::delimiter::{Blanks, Delimiter};
use super::lines::{Lines, Starts, line_at};
use super::{draws, explain, is_comment};
use crate::{Error, Result};

/// Bytes that are read at once.
const BUFFER: usize = 1 << 17;

/// Where text comes from.
pub(in crate::data) type Text = Box<dyn Read + Send>;

/// Reads records; the header, if there is one, is the first of them.
pub(in crate::data) struct Records {
    path: PathBuf,
    reader: Reader,
    /// Cells of a row, once that is known: comments between rows are passed over.
    width: Option<usize>,
}

enum Reader {
    Delimited { reader: csv::Reader<Lines<Text>>, starts: Starts },
    Blank { reader: BufReader<Lines<Text>>, line: String, number: u64 },
}

impl Records {
    /// The records of a text of which so many lines were read before.
    pub(in crate::data) fn new(text: Text, delimiter: Delimiter, lines: u64, path: &Path) -> Self {
        let starts = Starts::default();
        let text = Lines::new(text, delimiter, lines + 1, Arc::clone(&starts));
        let reader = match delimiter {
            Delimiter::Byte(byte) => {
                let mut builder = csv::ReaderBuilder::new();
                builder.has_headers(false).flexible(true).delimiter(byte).buffer_capacity(BUFFER);
                Reader::Delimited { reader: builder.from_reader(text), starts }
            }
            Delimiter::Blank => {
                let reader = BufReader::with_capacity(BUFFER, text);
                Reader::Blank { reader, line: String::new(), number: lines }
            }
        };
        Self { path: path.to_owned(), reader, width: None }
    }

    /// Lines of comment between rows of so many cells are passed over from here on.
    pub(in crate::data) fn pass_comments(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// The next record goes into `record`; the line of the file in which it begins, or nothing after the last one.
    pub(in crate::data) fn next(&mut self, record: &mut StringRecord) -> Result<Option<u64>> {
        loop {
            let line = self.any(record)?;
            if line.is_some() && draws(record.iter()) {
                continue;
            }
            if line.is_none() || self.width.is_none_or(|width| !is_comment(record.iter(), width)) {
                return Ok(line);
            }
        }
    }

    fn any(&mut self, record: &mut StringRecord) -> Result<Option<u64>> {
        match &mut self.reader {
            Reader::Delimited { reader, starts } => loop {
                let place = reader.position().byte();
                let read = reader.read_record(record);
                let line = line_at(starts, place).unwrap_or(1);
                match read {
                    Ok(false) => return Ok(None),
                    // A line of blanks alone is a blank line.
                    Ok(true) if record.len() == 1 && !record[0].is_empty() && record[0].trim().is_empty() => {}
                    Ok(true) => return Ok(Some(line)),
                    Err(e) => return Err(Error::format(&self.path, explain(&e, line))),
                }
            },
            Reader::Blank { reader, line, number } => loop {
                line.clear();
                *number += 1;
                let wrong = |e: io::Error| Error::format(&self.path, format!("line {number}: {e}"));
                if reader.read_line(line).map_err(wrong)? == 0 {
                    return Ok(None);
                }
                record.clear();
                Blanks(line.trim_start_matches('\u{feff}')).for_each(|cell| record.push_field(cell));
                if !record.is_empty() {
                    return Ok(Some(*number));
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str, delimiter: Delimiter) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(Box::new(text.as_bytes()), delimiter, 0, Path::new("test.csv"));
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
