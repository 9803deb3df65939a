//! Text that is not UTF-8 becomes it: UTF-16, as Excel and PowerShell write it, and single bytes of Windows-1252, of which Latin-1 is most.

use std::io::{Error, ErrorKind, Read, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::support::language::counted;

/// Bytes that are decoded at once.
const CHUNK: usize = 1 << 16;

/// How the bytes of a stream are taken.
enum How {
    Utf16(Decoder),
    /// As UTF-8 where they are that, and else one by one as Windows-1252; how many those were.
    Mostly(Arc<AtomicU64>),
}

/// A stream of UTF-8 out of one of other bytes.
pub(super) struct Decoded<R> {
    inner: R,
    how: How,
    /// Bytes not decoded yet: the beginning of a letter.
    rest: Vec<u8>,
    text: String,
    /// Bytes of the text that were handed on.
    at: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    /// UTF-16 behind its mark; nothing where there is none.
    pub(super) fn utf16(head: &[u8], inner: R) -> std::result::Result<Self, R> {
        let encoding = match head {
            [0xff, 0xfe, ..] => UTF_16LE,
            [0xfe, 0xff, ..] => UTF_16BE,
            _ => return Err(inner),
        };
        Ok(Self::new(inner, How::Utf16(encoding.new_decoder_with_bom_removal())))
    }

    /// UTF-8 among which bytes of Windows-1252 may stand, which are counted.
    pub(super) fn mostly_utf8(inner: R, foreign: Arc<AtomicU64>) -> Self {
        Self::new(inner, How::Mostly(foreign))
    }

    fn new(inner: R, how: How) -> Self {
        Self { inner, how, rest: Vec::new(), text: String::new(), at: 0, ended: false }
    }

    /// Decodes the next bytes.
    fn refill(&mut self) -> Result<()> {
        (self.at, self.ended) = (0, self.inner.by_ref().take(CHUNK as u64).read_to_end(&mut self.rest)? == 0);
        self.text.clear();
        match &mut self.how {
            How::Utf16(decoder) => {
                let longest = decoder.max_utf8_buffer_length(self.rest.len()).unwrap_or(0);
                self.text.reserve(longest);
                let (_, _, damaged) = decoder.decode_to_string(&self.rest, &mut self.text, self.ended);
                if damaged {
                    return Err(Error::new(ErrorKind::InvalidData, "the text in UTF-16 is damaged"));
                }
                self.rest.clear();
            }
            How::Mostly(foreign) => {
                let left = mostly(&self.rest, self.ended, &mut self.text, foreign)?;
                self.rest.drain(..self.rest.len() - left);
            }
        }
        Ok(())
    }
}

/// Takes bytes as text; how many at the end may be the beginning of a letter.
fn mostly(bytes: &[u8], ended: bool, text: &mut String, foreign: &AtomicU64) -> Result<usize> {
    let mut left = bytes;
    loop {
        let error = match std::str::from_utf8(left) {
            Ok(all) => {
                text.push_str(all);
                return Ok(0);
            }
            Err(error) => error,
        };
        let (good, behind) = left.split_at(error.valid_up_to());
        text.push_str(&String::from_utf8_lossy(good));
        if error.error_len().is_none() && !ended {
            return Ok(behind.len());
        }
        let (letter, after) = behind.split_at(behind.len().min(1));
        let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(letter);
        if decoded.chars().any(char::is_control) {
            return Err(Error::new(ErrorKind::InvalidData, "the text is not UTF-8"));
        }
        text.push_str(&decoded);
        foreign.fetch_add(1, Ordering::Relaxed);
        left = after;
    }
}

/// What to say where bytes were no UTF-8.
pub(super) fn note(foreign: &AtomicU64) -> Option<String> {
    let count = usize::try_from(foreign.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
    (count > 0).then(|| {
        let (letters, are) = (counted(count, "letter"), if count == 1 { "is" } else { "are" });
        format!("{letters} {are} not UTF-8 and read as Windows-1252 (Latin-1)")
    })
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while self.at == self.text.len() && !self.ended {
            self.refill()?;
        }
        let from = &self.text.as_bytes()[self.at..];
        let count = from.len().min(buffer.len());
        buffer[..count].copy_from_slice(&from[..count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that gives a few bytes at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
            let count = self.0.len().min(buffer.len()).min(3);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn text(mut decoded: Decoded<Slow<'_>>) -> Result<String> {
        let mut text = String::new();
        decoded.read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn text_of_any_of_them_is_what_was_written() {
        let said = "Größe;Preis\r\n1,5;3 €\r\n😀;\u{a0}\r\n".repeat(9000);
        let wide: Vec<u8> = said.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = [&[0xff, 0xfe], &wide[..]].concat();
        let decoded = Decoded::utf16(&bytes, Slow(&bytes)).ok().expect("its mark");
        assert_eq!(text(decoded).expect("sound"), said);
        assert!(text(Decoded::utf16(&bytes, Slow(&bytes[..bytes.len() - 1])).ok().expect("its mark")).is_err());
        let foreign = Arc::default();
        assert_eq!(text(Decoded::mostly_utf8(Slow(said.as_bytes()), Arc::clone(&foreign))).expect("sound"), said);
        assert_eq!(foreign.load(Ordering::Relaxed), 0);
        let latin = b"Gr\xf6\xdfe;3 \x80;s\xfc\xdf".repeat(9000);
        let decoded = Decoded::mostly_utf8(Slow(&latin), Arc::clone(&foreign));
        assert_eq!(text(decoded).expect("sound"), "Größe;3 €;süß".repeat(9000));
        assert_eq!(foreign.load(Ordering::Relaxed), 5 * 9000);
        assert!(text(Decoded::mostly_utf8(Slow(b"a\x81b"), foreign)).is_err());
    }
}
