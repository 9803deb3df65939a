//! Text with a delimiter, read by pieces on every core: most tables have one record a line, so a piece can begin at any of them. A line that
//! is not one by itself (a cell goes over its end, or is quoted in a way of its own) is looked at alone; after some of them a reader of
//! records goes on, and pieces that were begun behind it are forgotten. So the records are those that a reader finds that takes one after
//! the other, but for a quote that nothing closes.

mod piece;

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::{memchr, memchr_iter, memrchr};
use rayon::prelude::*;

use super::gathered::Gathered;
use super::quoted;
use crate::{Error, Result};

pub(in crate::data) use piece::{Piece, cells};

/// Bytes that are read at once, at first, so that a line without an end takes no memory, and once lines came ...
const FIRST: usize = 1 << 20;
const BATCH: usize = 1 << 23;
/// ... how many bytes more it takes to see that a text has ended, ...
const PROBE: usize = 64;
/// ... least bytes of a piece, and how many of them a core has at most.
const PIECE: usize = 1 << 16;
const PIECES: usize = 4;

/// Records that are no line, of which a reader of records takes all that follow once there are more.
const ODD: usize = 16;

/// What is left where lines are no records any more: bytes that were read, and the number of the line that they begin with.
pub(super) type Rest = Option<(Vec<u8>, u64)>;

/// Reads as far as every line is a record by itself.
pub(in crate::data) fn read(
    text: &mut (impl Read + Send),
    (delimiter, first): (u8, u64),
    into: &mut Gathered<'_>,
    tick: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<Rest> {
    let (mut line, mut place, mut odd) = (first, 0, 0);
    let mut block = Block::next(text, Vec::new(), FIRST);
    loop {
        let Block { mut bytes, ended, wrong } = block;
        if let Some(e) = wrong {
            let line = line + memchr_iter(b'\n', &bytes).count() as u64;
            return Err(Error::format(into.path, format!("cannot be read or unpacked after line {line}: {e}")));
        }
        let whole = if ended { bytes.len() } else { memrchr(b'\n', &bytes).map_or(0, |last| last + 1) };
        let rest = bytes.split_off(whole);
        let lines = match String::from_utf8(bytes) {
            Ok(lines) => Arc::new(lines),
            // A reader of records finds the place.
            Err(e) => return Ok(Some(([e.into_bytes(), rest].concat(), line))),
        };
        if whole == 0 && !ended {
            return Ok(Some((rest, line)));
        }
        // What comes next is read, and unpacked, while these lines are looked at.
        let follow = || if ended { Block { bytes: rest, ended, wrong: None } } else { Block::next(text, rest, BATCH) };
        let (taken, next) = rayon::join(|| block_of(&lines, (delimiter, line, ended), &mut odd, into), follow);
        let taken = taken?;
        line += taken.lines;
        place += taken.bytes as u64;
        if taken.stopped {
            // An error in what follows comes when it is read.
            let unread = [&lines.as_bytes()[taken.bytes..], &next.bytes].concat();
            return match next.wrong {
                Some(e) => Err(Error::format(into.path, format!("cannot be read or unpacked after line {line}: {e}"))),
                None => Ok(Some((unread, line))),
            };
        }
        if ended {
            return Ok(None);
        }
        block = next;
        tick(place)?;
    }
}

/// Bytes that were read at once, behind those that were left over.
struct Block {
    bytes: Vec<u8>,
    /// Whether there are no more.
    ended: bool,
    wrong: Option<io::Error>,
}

impl Block {
    /// The next bytes of a text behind these, to about so many.
    fn next(text: &mut impl Read, mut bytes: Vec<u8>, size: usize) -> Self {
        let before = bytes.len();
        let size = size.max(before + 1);
        // What there is not room for takes its own time.
        let _ = bytes.try_reserve_exact(size - before + PROBE);
        let wrong = text.by_ref().take((size - before) as u64).read_to_end(&mut bytes).err();
        Self { ended: bytes.len() < size, bytes, wrong }
    }
}

/// Takes the whole lines of a text, those that are no record by themselves one by one.
fn block_of(
    text: &Arc<String>,
    (delimiter, first, ended): (u8, u64, bool),
    odd: &mut usize,
    into: &mut Gathered<'_>,
) -> Result<Taken> {
    let mut all = Taken { bytes: 0, lines: 0, stopped: false };
    loop {
        let taken = batch(text, all.bytes, (delimiter, first + all.lines), into)?;
        all = Taken { bytes: all.bytes + taken.bytes, lines: all.lines + taken.lines, stopped: taken.stopped };
        if !taken.stopped || *odd == ODD {
            return Ok(all);
        }
        *odd += 1;
        let at = first + all.lines;
        let Some((bytes, lines)) = quoted::one(&text[all.bytes..], (delimiter, at), ended, into)? else {
            return Ok(all);
        };
        (all.bytes, all.lines, all.stopped) = (all.bytes + bytes, all.lines + lines, false);
    }
}

/// How much of some text was understood.
struct Taken {
    bytes: usize,
    lines: u64,
    stopped: bool,
}

impl Taken {
    /// Counts a piece as understood; whether it was not so to its end.
    fn adds(&mut self, piece: &Piece) -> bool {
        self.bytes += piece.bytes;
        self.lines += piece.lines;
        self.stopped = piece.stopped;
        piece.stopped
    }
}

/// Takes some whole lines from this byte of a text on.
fn batch(text: &Arc<String>, from: usize, (delimiter, first): (u8, u64), into: &mut Gathered<'_>) -> Result<Taken> {
    let mut taken = Taken { bytes: 0, lines: 0, stopped: false };
    // How many cells there are is known after two records.
    let width = loop {
        if let Some(width) = into.width() {
            break width;
        }
        let rest = &text[from + taken.bytes..];
        if rest.is_empty() {
            return Ok(taken);
        }
        let length = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let line = &rest[..length];
        let quotes = memchr(b'"', line.as_bytes()).is_some();
        let piece = Piece::of(line, from + taken.bytes, (delimiter, 0), quotes);
        let at = first + taken.lines;
        let stopped = taken.adds(&piece);
        into.take(piece, text, (delimiter, at))?;
        if stopped {
            return Ok(taken);
        }
    };
    // Cells in quotes are not what stands there, so they get a text of their own.
    let quotes = memchr(b'"', text.as_bytes()).is_some();
    let parts = parts(text, from + taken.bytes);
    let piece = |part: &Range<usize>| Piece::of(&text[part.clone()], part.start, (delimiter, width), quotes);
    let pieces: Vec<Piece> = parts.par_iter().map(piece).collect();
    for piece in pieces {
        let line = first + taken.lines;
        let stopped = taken.adds(&piece);
        into.take(piece, text, (delimiter, line))?;
        if stopped {
            break;
        }
    }
    Ok(taken)
}

/// The lines from this byte on, in a few pieces for each core, so that none waits long for another.
fn parts(text: &str, from: usize) -> Vec<Range<usize>> {
    let cores = rayon::current_num_threads().max(1);
    let size = (text.len() - from).div_ceil(PIECES * cores).max(PIECE);
    let (mut parts, mut from) = (Vec::new(), from);
    while from < text.len() {
        let end = memchr(b'\n', text.as_bytes().get(from + size..).unwrap_or_default());
        let end = end.map_or(text.len(), |at| from + size + at + 1);
        parts.push(from..end);
        from = end;
    }
    parts
}

/// How many bytes of a text may still come, for who gives the text away.
pub(in crate::data) struct Left<R> {
    inner: io::Take<R>,
    left: Arc<AtomicU64>,
}

impl<R: Read> Left<R> {
    pub(in crate::data) fn new(inner: R, most: u64) -> (Self, Arc<AtomicU64>) {
        let left = Arc::new(AtomicU64::new(most));
        (Self { inner: inner.take(most), left: Arc::clone(&left) }, left)
    }
}

impl<R: Read> Read for Left<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.left.store(self.inner.limit(), Ordering::Relaxed);
        Ok(got)
    }
}

#[cfg(test)]
mod tests;
