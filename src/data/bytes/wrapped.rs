//! Lines that were put into quotes once more as a whole, as happens where a table is pasted into one column and saved: `"1,2,""x"""`.

use std::io::{self, BufRead as _, BufReader, Read};

use super::stream::hand_out;
use crate::data::cell::is_number;

/// Lines that such a text is known by, and of how many at most one is not wrapped.
const LINES: usize = 3;
const SOME: usize = 5;
/// Bytes of a line that are looked at together.
const LONGEST: u64 = 1 << 24;
/// What may part the cells within.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// What a line holds within its quotes, if it is one cell as a whole.
fn unwrapped(line: &str) -> Option<String> {
    let inside = line.strip_prefix('"')?.strip_suffix('"')?;
    let plain = inside.replace("\"\"", "");
    (!plain.contains('"')).then(|| inside.replace("\"\"", "\""))
}

/// Whether the lines of a text that begins so are wrapped: nearly all of them, with equally many cells within, some of which are numbers.
pub(super) fn are_wrapped(beginning: &[u8], whole: bool) -> bool {
    let Ok(text) = std::str::from_utf8(beginning) else { return false };
    let text = text.trim_start_matches('\u{feff}');
    if !text.contains('"') {
        return false;
    }
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    if !whole {
        lines.pop();
    }
    let inner: Vec<String> = lines.iter().filter_map(|line| unwrapped(line)).collect();
    if inner.len() < LINES || SOME * (lines.len() - inner.len()) > lines.len() {
        return false;
    }
    let cells = |text: &str, mark: char| {
        let mut quoted = false;
        let marks = text.chars().filter(|&c| {
            quoted ^= c == '"';
            c == mark && !quoted
        });
        marks.count() + 1
    };
    DELIMITERS.into_iter().any(|mark| {
        let width = cells(&inner[0], mark);
        let others = lines.iter().filter(|line| unwrapped(line).is_none());
        let even = inner.iter().all(|line| cells(line, mark) == width)
            && others.clone().all(|line| cells(line, mark) == width);
        let numbers =
            || inner[1..].iter().filter(|line| line.split(mark).any(|cell| is_number(cell.trim_matches([' ', '"']))));
        width > 1 && even && 2 * numbers().count() >= inner.len()
    })
}

/// Such a text without the outer quotes.
pub(super) struct Unwrapped<R> {
    inner: BufReader<R>,
    out: Vec<u8>,
    given: usize,
}

impl<R: Read> Unwrapped<R> {
    pub(in crate::data) fn new(inner: R) -> Self {
        Self { inner: BufReader::with_capacity(1 << 17, inner), out: Vec::new(), given: 0 }
    }

    fn go_on(&mut self) -> io::Result<()> {
        (self.out, self.given) = (Vec::new(), 0);
        self.inner.by_ref().take(LONGEST).read_until(b'\n', &mut self.out)?;
        let end = self.out.trim_ascii_end().len();
        let Ok(line) = std::str::from_utf8(&self.out[..end]) else { return Ok(()) };
        if let Some(plain) = unwrapped(line.trim_start_matches('\u{feff}')) {
            let rest = self.out.split_off(end);
            self.out = [plain.into_bytes(), rest].concat();
        }
        Ok(())
    }
}

impl<R: Read> Read for Unwrapped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.out.len() {
            self.go_on()?;
        }
        Ok(hand_out(&self.out, &mut self.given, buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_quotes_as_a_whole_are_told_from_cells_in_quotes() {
        let are = |text: &str| are_wrapped(text.as_bytes(), true);
        assert!(
            are("\"a,b\"\n\"1,2\"\n\"3,4\"\n") && are("\u{feff}\"a;\"\"b c\"\"\"\r\n\"1;\"\"x;y\"\"\"\r\n\"3;z\"\r\n")
        );
        assert!(are("a,b\n\"1,\"\"x\"\"\"\n\"3,y\"\n\"3,y\"\n\"3,y\"\n"), "names alone");
        for text in [
            "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"\n",
            "\"name\"\n\"Bern, Anna\"\n\"Rom, Pia\"\n\"Ulm, Eva\"\n",
            "\"text\"\n\"1, 2 and 3\"\n\"4\"\n\"5, 6\"\n",
            "a,b\n1,2\n3,4\n",
        ] {
            assert!(!are(text), "{text}");
        }
    }

    #[test]
    fn the_outer_quotes_are_taken_off() {
        let mut out = String::new();
        let text = "\u{feff}\"a,\"\"b\"\"\"\r\n\"1,2\"\n3,\"x\"\n\"5,6\"";
        Unwrapped::new(text.as_bytes()).read_to_string(&mut out).expect("memory");
        assert_eq!(out, "a,\"b\"\r\n1,2\n3,\"x\"\n5,6");
    }
}
