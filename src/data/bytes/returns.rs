//! Carriage returns that no line feed follows. In a text of old Macintoshes they end lines; elsewhere one may end a line among others, where
//! both sides of it are rows, and else it got into a cell by mistake and is a blank.

use std::borrow::Cow;
use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::{memchr_iter, memrchr};

use super::stream::hand_out;
use crate::support::language::counted;

/// Bytes of a line that are looked at together.
const LONGEST: u64 = 1 << 24;

/// Whether a text that begins so ends its lines with carriage returns alone.
pub(super) fn end_lines(beginning: &[u8]) -> bool {
    let (mut quoted, mut found) = (false, false);
    for (at, &byte) in beginning.iter().enumerate() {
        match byte {
            // No text.
            0 => return false,
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return false,
            b'\r' if !quoted => found |= beginning.get(at + 1).is_some_and(|&next| next != b'\n'),
            _ => {}
        }
    }
    found
}

/// A text whose lines carriage returns end, with line feeds in their place.
pub(super) struct Fed<R>(pub(in crate::data) R);

impl<R: Read> Read for Fed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.0.read(buffer)?;
        buffer[..got].iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(got)
    }
}

/// How many carriage returns within cells became blanks.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Returned(Arc<AtomicUsize>);

impl Returned {
    /// What a person should know of them.
    pub(in crate::data) fn note(&self) -> Option<String> {
        let count = self.0.load(Ordering::Relaxed);
        (count > 0).then(|| {
            format!(
                "{} within cells without quotes, where no line can end, read as {}",
                counted(count, "carriage return"),
                if count == 1 { "a blank" } else { "blanks" }
            )
        })
    }
}

/// A text of rows with a delimiter, on its way to a reader that ends a record at any carriage return.
pub(in crate::data) struct Lone<R> {
    inner: BufReader<R>,
    delimiter: u8,
    /// Delimiters of the last line in which nothing was to be decided.
    parts: Option<usize>,
    out: Vec<u8>,
    given: usize,
    returned: Returned,
}

impl<R: Read> Lone<R> {
    pub(in crate::data) fn new(inner: R, delimiter: u8, returned: Returned) -> Self {
        let inner = BufReader::with_capacity(1 << 17, inner);
        Self { inner, delimiter, parts: None, out: Vec::new(), given: 0, returned }
    }

    /// Makes the next line ready.
    fn go_on(&mut self) -> io::Result<()> {
        (self.out, self.given) = (Vec::new(), 0);
        self.inner.by_ref().take(LONGEST).read_until(b'\n', &mut self.out)?;
        let body = self.out.len() - self.out.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let ends = &self.out[body..];
        // Several before a line feed are one end, as text has that was made one of Windows twice.
        let several = ends.len() > 2 && ends.ends_with(b"\n");
        let (mut quoted, mut lone) = (false, Vec::new());
        for (at, &byte) in self.out[..body].iter().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b'\r' if !quoted => lone.push(at),
                _ => {}
            }
        }
        if lone.is_empty() {
            self.parts = Some(self.delimiters(&self.out[..body]));
        } else {
            let mut starts = vec![0];
            starts.extend(lone.iter().map(|at| at + 1));
            let pieces = starts.iter().zip(lone.iter().copied().chain([body])).map(|(&from, to)| &self.out[from..to]);
            let mut counts = pieces.filter(|piece| !piece.is_empty()).map(|piece| self.delimiters(piece));
            let width = self.parts.filter(|&parts| parts > 0).or_else(|| counts.clone().next());
            let rows = counts.all(|count| Some(count) == width);
            for &at in &lone {
                self.out[at] = if rows { b'\n' } else { b' ' };
            }
            if !rows {
                self.returned.0.fetch_add(lone.len(), Ordering::Relaxed);
            }
        }
        if several {
            self.out.truncate(body);
            self.out.extend_from_slice(b"\r\n");
        }
        Ok(())
    }

    /// Delimiters outside of quotes.
    fn delimiters(&self, line: &[u8]) -> usize {
        let mut quoted = false;
        let outside = line.iter().filter(|&&byte| {
            quoted ^= byte == b'"';
            byte == self.delimiter && !quoted
        });
        outside.count()
    }
}

impl<R: Read> Read for Lone<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.out.len() {
            // Whole lines without such a return go on as they are.
            let begun = self.inner.fill_buf()?;
            let part = &begun[..begun.len().min(buffer.len())];
            let lone = memchr_iter(b'\r', part).find(|&at| part.get(at + 1) != Some(&b'\n'));
            let end = memrchr(b'\n', &part[..lone.unwrap_or(part.len())]);
            if let Some(end) = end {
                buffer[..=end].copy_from_slice(&part[..=end]);
                self.inner.consume(end + 1);
                let from = memrchr(b'\n', &buffer[..end]).map_or(0, |before| before + 1);
                self.parts = Some(self.delimiters(&buffer[from..end]));
                return Ok(end + 1);
            }
            self.go_on()?;
        }
        Ok(hand_out(&self.out, &mut self.given, buffer))
    }
}

/// The same of a text that is in memory.
pub(in crate::data) fn without(text: &[u8], delimiter: u8) -> Cow<'_, [u8]> {
    let lone = |at: usize| text.get(at + 1).is_some_and(|&next| next != b'\n');
    if !memchr_iter(b'\r', text).any(lone) {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    match Lone::new(text, delimiter, Returned::default()).read_to_end(&mut out) {
        Ok(_) => Cow::Owned(out),
        Err(_) => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a text, read in pieces of so many bytes, and how many returns became blanks.
    fn read(text: &str, size: usize) -> (String, usize) {
        let returned = Returned::default();
        let mut lone = Lone::new(text.as_bytes(), b',', returned.clone());
        let (mut out, mut piece) = (Vec::new(), vec![0; size]);
        loop {
            let got = lone.read(&mut piece).expect("memory");
            if got == 0 {
                break;
            }
            out.extend_from_slice(&piece[..got]);
        }
        (String::from_utf8(out).expect("it was text"), returned.0.load(Ordering::Relaxed))
    }

    #[test]
    fn a_lone_return_ends_a_line_where_both_sides_are_rows_and_is_a_blank_elsewhere() {
        for (text, wanted, blanks) in [
            ("a,b\r\n1,2\r\n", "a,b\r\n1,2\r\n", 0),
            ("a,b\n1,2\r3,4\n5,6\r", "a,b\n1,2\n3,4\n5,6\r", 0),
            ("a,b\r1,2\n3,4\n", "a,b\n1,2\n3,4\n", 0),
            ("a,b,c\n1,x\ry,2\n3,z,4\n", "a,b,c\n1,x y,2\n3,z,4\n", 1),
            ("a,b\n1,\"x\ry\"\n2,\r\r z\n", "a,b\n1,\"x\ry\"\n2,   z\n", 2),
            ("a,b\r\r\n1,2\r\r\n", "a,b\r\n1,2\r\n", 0),
            ("title\na,b\r1,2\n", "title\na,b\n1,2\n", 0),
            ("x\ry\n", "x\ny\n", 0),
        ] {
            for size in [1, 3, 7, 1 << 10] {
                assert_eq!(read(text, size), (wanted.to_owned(), blanks), "{text:?} by {size}");
            }
            assert_eq!(&*without(text.as_bytes(), b','), wanted.as_bytes());
        }
    }

    #[test]
    fn texts_of_old_macintoshes_are_known_by_their_beginning() {
        assert!(end_lines(b"a,b\r1,2\r") && end_lines(b"a,b\r\"x\ny\",2\r3,4"));
        assert!(!end_lines(b"a,b\r\n1,2\r\n") && !end_lines(b"a\rb,c\n1,2\n") && !end_lines(b"a,b"));
        assert!(!end_lines(b"\r\0\r") && !end_lines(b"\"a\rb\""));
        let mut out = String::new();
        Fed(&b"a,b\r1,2\r"[..]).read_to_string(&mut out).expect("memory");
        assert_eq!(out, "a,b\n1,2\n");
    }
}
