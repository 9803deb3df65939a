//! A file as a stream, unpacked on the way, that knows how much it can hold.

use std::io::{BufReader, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::archive;
use super::element::{Fault, fill};
use super::encoding::{self, Decoding, Heard};
use super::returns::{self, Fed};
use super::stream;
use super::wrapped::{Unwrapped, are_wrapped};
use crate::support::memory;
use crate::{Error, Recipe, Result};

/// The extensions of what is packed with gzip and Zstandard, after that of what is in it.
pub(in crate::data) const GZIP: &str = "gz";
pub(in crate::data) const ZSTD: &str = "zst";

/// Neither can pack tighter: deflate takes about 1032 to 1, Zstandard a block of 128 KiB in four bytes. A header that promises more is a
/// lie.
const TIGHTEST: u128 = 1 << 15;
/// What unpacks to more than this many times its packed size is taken for a trap ...
const TRAP: u64 = 200;
/// ... unless it is small all the same.
const HARMLESS: u64 = 1 << 26;
/// The same for what is unpacked in one piece, before any of it is looked at.
const AT_ONCE: u64 = 1 << 25;
/// Copies of each value while samples are loaded: the value itself, and one in another order or of fewer rows.
const LOADING: usize = 2;

/// Values that each byte of a file may well stand for; packed pictures have five or so.
const LIKELY: u64 = 16;

/// Bytes by which one text is told from another.
pub(in crate::data) const BEGINNING: usize = 1 << 14;

/// A file being read.
pub(in crate::data) struct Input {
    /// Its name, for messages.
    pub(in crate::data) path: PathBuf,
    /// Bytes on disk.
    pub(in crate::data) stored: u64,
    /// Whether it is unpacked on the way.
    pub(in crate::data) packed: bool,
    /// What is heard of its encoding, once it is read as text.
    heard: Option<Heard>,
    /// Its first bytes, unpacked.
    opening: Vec<u8>,
    /// The files that it is made of, where it is no stream of bytes and more than one.
    parts: Vec<PathBuf>,
    reader: Box<dyn Read + Send>,
}

impl Input {
    /// Open a file and look at its first bytes.
    pub(in crate::data) fn open(path: &Path) -> Result<Self> {
        let (reader, stored) = stream::open(path)?;
        let input = Self::over(path, stored, Box::new(reader))?;
        if input.packed || !input.opening.starts_with(b"PK\x03\x04") {
            return Ok(input);
        }
        match archive::only_table(path)? {
            Some(member) => archive::open_table(path, &member),
            None => Ok(input),
        }
    }

    /// A file that is part of the program.
    pub(in crate::data) fn embedded(name: &str, bytes: &'static [u8]) -> Result<Self> {
        Self::over(Path::new(name), bytes.len() as u64, Box::new(bytes))
    }

    /// A stream of `stored` bytes, unpacked if it is packed with gzip or Zstandard.
    pub(in crate::data) fn over(path: &Path, stored: u64, reader: Box<dyn Read + Send>) -> Result<Self> {
        let mut reader = BufReader::with_capacity(1 << 17, reader);
        let head = peek(&mut reader, path)?;
        if head.is_empty() {
            return Err(Error::format(path, "the file is empty"));
        }
        let again = Cursor::new(head.clone()).chain(reader);
        let (gzip, zstd) = (head.starts_with(&[0x1f, 0x8b]), head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]));
        let packed = gzip || zstd;
        if !gzip && has_extension(path, GZIP) {
            return Err(Error::format(path, "the name says gzip, but the content is not gzipped"));
        }
        if !zstd && has_extension(path, ZSTD) {
            return Err(Error::format(path, "the name says zstd, but the content is not packed with it"));
        }
        if !packed {
            return Ok(Self {
                path: path.to_owned(),
                stored,
                packed,
                heard: None,
                opening: head,
                parts: Vec::new(),
                reader: Box::new(again),
            });
        }
        let mut unpacked: Box<dyn Read + Send> = if gzip {
            Box::new(MultiGzDecoder::new(again))
        } else {
            let decoder = zstd::stream::read::Decoder::new(again);
            Box::new(decoder.map_err(|e| Error::format(path, format!("cannot be unpacked: {e}")))?)
        };
        let head = peek(&mut unpacked, path)?;
        if head.is_empty() {
            return Err(Error::format(path, "the packed stream holds nothing, or is cut off at its beginning"));
        }
        let again = Cursor::new(head.clone()).chain(unpacked);
        let (path, reader) = (path.to_owned(), Box::new(again));
        Ok(Self { path, stored, packed, heard: None, opening: head, parts: Vec::new(), reader })
    }

    /// A member of an archive: `stored` bytes there, packed or not.
    pub(in crate::data) fn member(
        path: PathBuf,
        stored: u64,
        packed: bool,
        mut reader: Box<dyn Read + Send>,
    ) -> Result<Self> {
        let head = peek(&mut reader, &path)?;
        let reader = Box::new(Cursor::new(head.clone()).chain(reader));
        Ok(Self { path, stored, packed, heard: None, opening: head, parts: Vec::new(), reader })
    }

    /// The first of several files as all of them, of so many bytes: these parts, or one stream that its own becomes.
    pub(in crate::data) fn in_parts(
        self,
        path: &Path,
        (stored, packed): (u64, bool),
        parts: Vec<PathBuf>,
        joined: impl FnOnce(Box<dyn Read + Send>) -> Box<dyn Read + Send>,
    ) -> Self {
        Self { path: path.to_owned(), stored, packed, parts, reader: joined(self.reader), ..self }
    }

    /// The files that it is made of, if those are several that are read each for itself; else the one.
    pub(in crate::data) fn files(&self) -> &[PathBuf] {
        if self.parts.is_empty() { std::slice::from_ref(&self.path) } else { &self.parts }
    }

    /// A text in memory, as if it were that file.
    ///
    /// # Errors
    /// None that a text in memory has.
    pub(in crate::data) fn of_text(path: impl Into<PathBuf>, text: impl Into<String>) -> Result<Self> {
        let bytes = text.into().into_bytes();
        Self::member(path.into(), bytes.len() as u64, false, Box::new(Cursor::new(bytes)))
    }

    /// What is heard of its encoding, where it is read as text.
    pub(in crate::data) fn heard(&self) -> Option<Heard> {
        self.heard.clone()
    }

    /// Its first bytes, unpacked: eight, or all there are.
    pub(in crate::data) fn head(&self) -> &[u8] {
        &self.opening[..self.opening.len().min(8)]
    }

    /// The same, but sixty-four of them.
    pub(in crate::data) fn opening(&self) -> &[u8] {
        &self.opening
    }

    /// The most bytes it may unpack to; what goes on after them is taken for a trap.
    pub(in crate::data) fn most(&self) -> u64 {
        if self.packed { self.stored.saturating_mul(TRAP).max(HARMLESS) } else { u64::MAX }
    }

    /// All of its text, which is UTF-8 by now.
    ///
    /// # Errors
    /// [`Error::Format`] where it cannot be read, or unpacks to more than it may.
    pub(in crate::data) fn text(&mut self) -> Result<String> {
        let (most, mut bytes) = (self.most(), Vec::new());
        let read = self.by_ref().take(most).read_to_end(&mut bytes);
        let wrong = |what: String| Error::format(&self.path, what);
        read.map_err(|e| wrong(format!("cannot be read: {e}")))?;
        if bytes.len() as u64 == most {
            return Err(wrong(format!("it unpacks to {most} bytes and goes on: {LOOKS_LIKE_A_TRAP}")));
        }
        String::from_utf8(bytes).map_err(|e| wrong(format!("cannot be read: {e}")))
    }

    /// From here on its text is UTF-8, whatever it was: the encoding that the setting names, or the one that it turns out to have. What is
    /// heard of that as it is read. Its lines end with line feeds, where carriage returns alone ended them too, and stand in no quotes of their own.
    ///
    /// # Errors
    /// [`Error::Setting`] for an encoding that does not exist; [`Error::Format`] where the first bytes cannot be read.
    pub(in crate::data) fn decode(&mut self, label: &str) -> Result<Heard> {
        if let Some(heard) = &self.heard {
            return Ok(heard.clone());
        }
        let inner = std::mem::replace(&mut self.reader, Box::new(std::io::empty()));
        let (mut text, heard) = Decoding::new(inner, encoding::given(label)?, &self.opening);
        self.opening = peek(&mut text, &self.path)?;
        self.reader = Box::new(Cursor::new(self.opening.clone()).chain(text));
        self.heard = Some(heard.clone());
        let beginning = self.beginning(BEGINNING)?;
        if returns::end_lines(&beginning) {
            let text = std::mem::replace(&mut self.reader, Box::new(std::io::empty()));
            self.reader = Box::new(Fed(text));
        } else if are_wrapped(&beginning, beginning.len() < BEGINNING) {
            let text = std::mem::replace(&mut self.reader, Box::new(std::io::empty()));
            self.reader = Box::new(Unwrapped::new(text));
            heard.is_unwrapped();
        }
        Ok(heard)
    }

    /// So many of its first bytes, unpacked; all of them are still to be read.
    ///
    /// # Errors
    /// [`Error::Format`] where they cannot be read or unpacked.
    pub(in crate::data) fn beginning(&mut self, most: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; most];
        let got = fill(&mut self.reader, &mut bytes).map_err(|e| self.damaged(&e))?;
        bytes.truncate(got);
        let rest = std::mem::replace(&mut self.reader, Box::new(std::io::empty()));
        self.reader = Box::new(Cursor::new(bytes.clone()).chain(rest));
        Ok(bytes)
    }

    /// Check what a header of `header` bytes promises against what the file can hold.
    pub(in crate::data) fn check_promise(&self, header: u64, payload: u128, what: &str) -> Result<()> {
        let (stored, needs) = (u128::from(self.stored), u128::from(header) + payload);
        let complaint = if self.packed && needs > stored * TIGHTEST + 1024 {
            format!("the header promises {what}, {needs} bytes, which a packed file of {stored} bytes cannot hold")
        } else if self.packed && needs > u128::from(HARMLESS) && needs > stored * u128::from(TRAP) {
            format!("{stored} packed bytes promise {what}, {needs} bytes: {LOOKS_LIKE_A_TRAP}")
        } else if !self.packed && needs > stored {
            format!(
                "the header promises {what}, {needs} bytes with the header, but the file has {stored}: it is cut off, or the header is wrong"
            )
        } else if !self.packed && needs < stored {
            format!(
                "the header promises {what}, {needs} bytes with the header, but the file has {stored}: the header is wrong"
            )
        } else {
            return Ok(());
        };
        Err(Error::format(&self.path, complaint))
    }

    /// Whether there is memory for this many values of so many bytes.
    ///
    /// # Errors
    /// [`Error::Format`] with what they would take and what is free.
    pub(in crate::data) fn check_memory(&self, values: usize, size: usize, recipe: &Recipe) -> Result<()> {
        memory::check(values as f64 * (LOADING * size) as f64, recipe.memory.set())
            .map_err(|what| Error::format(&self.path, format!("{values} values {what}")))
    }

    /// Read exactly this many bytes of a header.
    pub(in crate::data) fn header_bytes(&mut self, buffer: &mut [u8]) -> Result<()> {
        let got = fill(&mut self.reader, buffer).map_err(|e| self.damaged(&e))?;
        if got < buffer.len() {
            return Err(Error::format(&self.path, "the file ends within its header"));
        }
        Ok(())
    }

    /// Make room at once for `count` more values, or for as many as a file of this size may well hold: growing step by step copies them
    /// again and again. A header that promises more has to bring them first.
    pub(in crate::data) fn make_room<T>(&self, values: &mut Vec<T>, count: usize) {
        let likely = usize::try_from(self.stored.saturating_mul(LIKELY)).unwrap_or(usize::MAX);
        // Without the memory they grow as they come, and tell where it ended.
        let _ = values.try_reserve_exact(count.min(likely));
    }

    /// Say so if anything follows the payload, or if the checksum behind packed data is missing or another one.
    pub(in crate::data) fn check_end(&mut self) -> Result<()> {
        let mut end = self.reader.read(&mut [0]);
        while end.as_ref().is_err_and(|e| e.kind() == ErrorKind::Interrupted) {
            end = self.reader.read(&mut [0]);
        }
        match end {
            Ok(0) => Ok(()),
            Ok(_) => Err(Error::format(
                &self.path,
                "the file goes on after the data that its header promises: the header is wrong",
            )),
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
                Err(Error::format(&self.path, "the packed data is cut off before its checksum, so it may be damaged"))
            }
            Err(e) => Err(self.damaged(&e)),
        }
    }

    /// Why numbers could not be read; `place` names the value of an index.
    pub(in crate::data) fn fault(&self, fault: Fault, count: usize, place: &dyn Fn(usize) -> String) -> Error {
        let message = match fault {
            Fault::Short(done) => {
                format!("the file ends after {done} of the {count} values that its header promises, at {}", place(done))
            }
            Fault::Infinite(at) => format!("{}: the value is infinite", place(at)),
            Fault::Memory(count) => {
                format!("there is no memory for {count} values; --limit does not help here, a smaller file would")
            }
            Fault::Stream(e) => return self.damaged(&e),
            Fault::Stopped(e) => return e,
        };
        Error::format(&self.path, message)
    }

    fn damaged(&self, e: &std::io::Error) -> Error {
        let what = if self.packed { "the packed data is damaged" } else { "reading failed" };
        Error::format(&self.path, format!("{what}: {e}"))
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// Whether packed bytes promise so much in one piece that they are taken for a trap.
pub(in crate::data) fn promises_too_much(packed: u64, unpacked: u64) -> bool {
    unpacked > packed.saturating_mul(TRAP).max(AT_ONCE)
}

/// What to do about a file that unpacks to suspiciously much.
pub(in crate::data) const LOOKS_LIKE_A_TRAP: &str =
    "more than 200 times as much looks like a trap; unpack the file first if it is meant";

/// The same for a file whose columns are packed one by one.
pub(in crate::data) const PAGES_LOOK_LIKE_A_TRAP: &str =
    "more than 200 times as much looks like a trap; write the file without compression if it is meant";

/// The first bytes of a stream, at most sixty-four.
fn peek(reader: &mut dyn Read, path: &Path) -> Result<Vec<u8>> {
    let mut head = vec![0; 64];
    let got = fill(reader, &mut head).map_err(|e| Error::format(path, format!("cannot be read: {e}")))?;
    head.truncate(got);
    Ok(head)
}

/// Whether the name ends so, in upper or lower case.
pub(in crate::data) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

/// A path without the end that says that it is packed.
fn unpacked_path(path: &Path) -> PathBuf {
    let packed = [GZIP, ZSTD].iter().any(|end| has_extension(path, end));
    if packed { path.with_extension("") } else { path.to_owned() }
}

/// The file's name without folders, `.gz` or `.zst` and extension.
pub(crate) fn stem(path: &Path) -> String {
    let bare = unpacked_path(path);
    bare.file_stem().map_or_else(|| "data".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// The file's name without folders and `.gz` or `.zst`, in lower case; empty for a path that ends in no name.
pub(in crate::data) fn bare_name(path: &Path) -> String {
    let bare = unpacked_path(path);
    bare.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_unpacks_without_end_is_refused_and_not_cut_off() {
        let text = |packed| {
            let reader = std::io::repeat(b'x').take(HARMLESS + 1);
            Input::member(PathBuf::from("a.sql.gz"), 100, packed, Box::new(reader)).and_then(|mut input| input.text())
        };
        let error = text(true).expect_err("64 MiB of 100 bytes").to_string();
        assert!(error.starts_with("a.sql.gz: it unpacks to 67108864 bytes and goes on"), "{error}");
        assert_eq!(text(false).expect("nothing is packed").len() as u64, HARMLESS + 1);
    }
}
