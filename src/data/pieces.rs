//! Text with a delimiter, read by pieces on every core: most tables have one record a line, so a piece can begin at any of them. The first
//! line that is not one by itself (a cell goes over its end, or is quoted in a way of its own) ends this, and a reader of records goes on
//! from there; pieces that were begun behind it are forgotten. So the records are those that a reader finds that takes one after the other.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};
use rayon::prelude::*;

use super::gathered::Gathered;
use super::text::{LONGEST_CELL, MOST_CELLS};
use crate::{Error, Result};

/// Bytes that are read at once, at first, so that a line without an end takes no memory, and once lines came ...
const FIRST: usize = 1 << 20;
const BATCH: usize = 1 << 23;
/// ... how many bytes more it takes to see that a text has ended, ...
const PROBE: usize = 64;
/// ... least bytes of a piece, and how many of them a core has at most.
const PIECE: usize = 1 << 16;
const PIECES: usize = 4;

/// What is left where lines are no records any more: bytes that were read, and the number of the line that they begin with.
pub(super) type Rest = Option<(Vec<u8>, u64)>;

/// Reads as far as every line is a record by itself.
pub(super) fn read(
    text: &mut impl Read,
    (delimiter, first): (u8, u64),
    into: &mut Gathered<'_>,
    tick: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<Rest> {
    let (mut bytes, mut line, mut place, mut ended, mut size) = (Vec::new(), first, 0, false, FIRST);
    loop {
        if !ended {
            let before = bytes.len();
            // What there is not room for takes its own time.
            let _ = bytes.try_reserve_exact(size.saturating_sub(before) + PROBE);
            let read = text.by_ref().take((size - before.min(size)) as u64).read_to_end(&mut bytes);
            if let Err(e) = read {
                let line = line + memchr_iter(b'\n', &bytes).count() as u64;
                return Err(Error::format(into.path, format!("cannot be read or unpacked after line {line}: {e}")));
            }
            ended = bytes.len() < size;
        }
        let whole = if ended { bytes.len() } else { memrchr(b'\n', &bytes).map_or(0, |last| last + 1) };
        let rest = bytes.split_off(whole);
        let text = match String::from_utf8(bytes) {
            Ok(text) => Arc::new(text),
            // A reader of records finds the place.
            Err(e) => return Ok(Some(([e.into_bytes(), rest].concat(), line))),
        };
        let taken = batch(&text, (delimiter, line), into)?;
        line += taken.lines;
        place += taken.bytes as u64;
        if taken.stopped || whole == 0 && !ended {
            return Ok(Some(([&text.as_bytes()[taken.bytes..], &rest].concat(), line)));
        }
        if ended {
            return Ok(None);
        }
        (bytes, size) = (rest, BATCH);
        tick(place)?;
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

/// Takes some whole lines.
fn batch(text: &Arc<String>, (delimiter, first): (u8, u64), into: &mut Gathered<'_>) -> Result<Taken> {
    let mut taken = Taken { bytes: 0, lines: 0, stopped: false };
    // How many cells there are is known after two records.
    let width = loop {
        if let Some(width) = into.width() {
            break width;
        }
        let rest = &text[taken.bytes..];
        if rest.is_empty() {
            return Ok(taken);
        }
        let length = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let line = &rest[..length];
        let quotes = memchr(b'"', line.as_bytes()).is_some();
        let piece = Piece::of(line, taken.bytes, (delimiter, 0), quotes);
        let at = first + taken.lines;
        let stopped = taken.adds(&piece);
        into.take(piece, text, (delimiter, at))?;
        if stopped {
            return Ok(taken);
        }
    };
    // Cells in quotes are not what stands there, so they get a text of their own.
    let quotes = memchr(b'"', text.as_bytes()).is_some();
    let parts = parts(text, taken.bytes);
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

/// Records of some lines.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// Their cells, each with a byte behind it, where they do not stand so in the block.
    pub(super) own: Option<String>,
    /// Where each record begins, in the block or in that.
    pub(super) starts: Vec<u32>,
    /// Where each cell ends, from the beginning of its record.
    pub(super) ends: Vec<u32>,
    /// The line of each, from 0.
    pub(super) lines_of: Vec<u32>,
    /// Lines that have another number of cells, or only draw: how many records come before each, its number, where it stands in the text
    /// that the piece is of.
    pub(super) odd: Vec<(usize, u32, Range<usize>)>,
    /// How much was understood.
    bytes: usize,
    lines: u64,
    /// Whether what follows was not.
    stopped: bool,
}

impl Piece {
    /// The records of some lines that have so many cells; they begin at this byte of their block.
    fn of(text: &str, base: usize, (delimiter, width): (u8, usize), quotes: bool) -> Self {
        let mut piece = Self { own: quotes.then(String::new), ..Self::default() };
        let bytes = text.as_bytes();
        if width > 0 {
            // Lines are about as long as the first. What there is not room for takes its own time.
            let length = memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1).max(width);
            let records = bytes.len() / length + bytes.len() / length / 16 + 1;
            let _ = piece.ends.try_reserve_exact(records * width);
            let _ = piece.starts.try_reserve_exact(records);
            let _ = piece.lines_of.try_reserve_exact(records);
            let _ = piece.own.as_mut().map(|own| own.try_reserve_exact(text.len() + 1));
        }
        let returns = memchr(b'\r', bytes).is_some();
        while piece.bytes < bytes.len() {
            let from = piece.bytes;
            let end = memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at);
            let line = &text[from..end];
            let line = line.strip_suffix('\r').unwrap_or(line);
            let alone = line.len() > LONGEST_CELL || returns && memchr(b'\r', line.as_bytes()).is_some();
            if alone || !piece.line(line, (base, from), (delimiter, width)) {
                piece.stopped = true;
                break;
            }
            piece.bytes = (end + 1).min(bytes.len());
            piece.lines += 1;
        }
        piece
    }

    /// Takes a line; not if it may go on in the next one.
    fn line(&mut self, line: &str, (base, from): (usize, usize), (delimiter, width): (u8, usize)) -> bool {
        if line.is_empty() {
            return true;
        }
        let (before, number) = (self.ends.len(), self.lines as u32);
        let start = self.own.as_ref().map_or(base + from, String::len);
        let ends = &mut self.ends;
        let whole = if let Some(own) = &mut self.own {
            cells(line, delimiter, true, |cell, done| {
                own.push_str(cell);
                if done {
                    ends.push((own.len() - start) as u32);
                    own.push('\n');
                }
            })
        } else {
            places(line.as_bytes(), delimiter, |at| ends.push(at as u32));
            ends.push(line.len() as u32);
            true
        };
        let found = self.ends.len() - before;
        if whole && found == width && found <= MOST_CELLS && (width > 1 || !line.trim().is_empty()) && !may_draw(line) {
            self.starts.push(start as u32);
            self.lines_of.push(number);
            return true;
        }
        self.ends.truncate(before);
        if let Some(own) = &mut self.own {
            own.truncate(start);
        }
        let sound = whole && found <= MOST_CELLS;
        if sound {
            let from = base + from;
            self.odd.push((self.lines_of.len(), number, from..from + line.len()));
        }
        sound
    }
}

/// Tells each place of a byte; eight are compared at once, as cells are too short to be searched for one by one.
fn places(bytes: &[u8], byte: u8, mut at: impl FnMut(usize)) {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let pattern = u64::from_ne_bytes([byte; 8]);
    let (words, rest) = bytes.as_chunks();
    for (word, bytes) in words.iter().enumerate() {
        // Bytes that are zero now, and no others, get their upper bit.
        let differs = u64::from_le_bytes(*bytes) ^ pattern;
        let mut hits = !(((differs & LOW) + LOW) | differs | LOW);
        while hits != 0 {
            at(8 * word + hits.trailing_zeros() as usize / 8);
            hits &= hits - 1;
        }
    }
    let from = bytes.len() - rest.len();
    rest.iter().enumerate().filter(|(_, b)| **b == byte).for_each(|(place, _)| at(from + place));
}

/// Whether a line may be one of dashes.
fn may_draw(line: &str) -> bool {
    line.starts_with(|c: char| !c.is_alphanumeric()) && !line.contains(|c: char| c.is_alphanumeric())
}

/// Hands on the cells of a line, bit by bit; `true` with the last bit of each. It says `false` where the line does not end with a cell, or
/// where a reader of records has to judge.
pub(super) fn cells(line: &str, delimiter: u8, quotes: bool, mut take: impl FnMut(&str, bool)) -> bool {
    let bytes = line.as_bytes();
    let mut from = 0;
    if !quotes || memchr(b'"', bytes).is_none() {
        for at in memchr_iter(delimiter, bytes) {
            take(&line[from..at], true);
            from = at + 1;
        }
        take(&line[from..], true);
        return true;
    }
    loop {
        if bytes.get(from) == Some(&b'"') {
            from += 1;
            loop {
                let Some(end) = memchr(b'"', &bytes[from..]).map(|at| from + at) else { return false };
                let next = bytes.get(end + 1);
                if next == Some(&b'"') {
                    // Two quotes are one.
                    take(&line[from..=end], false);
                    from = end + 2;
                    continue;
                }
                if next.is_some_and(|&next| next != delimiter) {
                    return false;
                }
                take(&line[from..end], true);
                from = end + 1;
                break;
            }
        } else {
            let end = memchr(delimiter, &bytes[from..]).map_or(bytes.len(), |at| from + at);
            take(&line[from..end], true);
            from = end;
        }
        if from >= bytes.len() {
            return true;
        }
        // A delimiter; an empty cell stands behind one that ends the line.
        from += 1;
        if from == bytes.len() {
            take("", true);
            return true;
        }
    }
}

/// How many bytes of a text may still come, for who gives the text away.
pub(super) struct Left<R> {
    inner: io::Take<R>,
    left: std::rc::Rc<std::cell::Cell<u64>>,
}

impl<R: Read> Left<R> {
    pub(super) fn new(inner: R, most: u64) -> (Self, std::rc::Rc<std::cell::Cell<u64>>) {
        let left = std::rc::Rc::new(std::cell::Cell::new(most));
        (Self { inner: inner.take(most), left: std::rc::Rc::clone(&left) }, left)
    }
}

impl<R: Read> Read for Left<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.left.set(self.inner.limit());
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::data::delimiter::Delimiter;

    /// Records and lines of a text that is read by pieces as far as that goes, and what is left.
    fn read_all(text: &str) -> (Vec<(u64, String)>, Rest) {
        let mut into = Gathered::new(Path::new("a.csv"));
        let rest = read(&mut text.as_bytes(), (b',', 1), &mut into, &mut |_| Ok(())).expect("no error");
        let read = into.finish(Delimiter::Byte(b','), Vec::new());
        let records = read.map_or_else(Vec::new, |read| {
            let cells = |row: usize| read.table.record(row).collect::<Vec<_>>().join("|");
            read.lines.iter().enumerate().map(|(row, &line)| (line, cells(row))).collect()
        });
        (records, rest)
    }

    /// The same by a reader of records.
    fn one_by_one(text: &str) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let records = reader.records().map(|record| record.expect("sound").iter().collect::<Vec<_>>().join("|"));
        records.collect()
    }

    #[test]
    fn records_are_those_of_a_reader_of_records() {
        for text in [
            "a,b\n1,2\n3,4\n",
            "a,b\r\n1,2\r\n\r\n3,4",
            "\"a\",\"b, c\"\n1,\"x \"\"y\"\" z\"\n\"\",\"\"\n,5\" wide\n\"\"\"\",2\n",
            "a,\n,\n1,\n",
            "ä,\"ö\"\n1,2\n",
            "a\n1\n\"\"\n2\n",
        ] {
            let (records, rest) = read_all(text);
            assert_eq!(rest, None, "{text}");
            let records: Vec<String> = records.into_iter().map(|(_, cells)| cells).collect();
            assert_eq!(records, one_by_one(text), "{text}");
        }
    }

    #[test]
    fn every_place_of_a_byte_is_found_and_none_of_its_neighbours() {
        for text in [
            ",",
            "",
            "a,b",
            ",,,,,,,,,,,,",
            "+-,+-,+-,+-+-+-,,+",
            "\u{ac},\u{ac}\u{12c},aaaaaaaaaaaaaaaa,-",
            "a-b-c-d-e,",
        ] {
            let mut found = Vec::new();
            places(text.as_bytes(), b',', |at| found.push(at));
            assert_eq!(found, memchr_iter(b',', text.as_bytes()).collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn what_is_no_line_by_itself_is_left_with_its_line() {
        for (text, records, rest, line) in [
            ("a,b\n1,2\n3,\"x\ny\"\n5,6\n", 2, "3,\"x\ny\"\n5,6\n", 3),
            ("a,b\n\n1,2\n3,\"x\"y\n5,6\n", 2, "3,\"x\"y\n5,6\n", 4),
            ("a,b\n1,2\n3,4\r5,6\n", 2, "3,4\r5,6\n", 3),
        ] {
            let (found, left) = read_all(text);
            assert_eq!((found.len(), left), (records, Some((rest.as_bytes().to_vec(), line))), "{text}");
        }
    }

    #[test]
    fn pieces_come_together_in_order_with_their_lines() {
        let rows: Vec<String> = (0..200_000).map(|i| format!("{i},\"{}\",x{}\r\n", i * 3, i % 7)).collect();
        let text = format!("a,b,c\r\n\r\n{}", rows.concat());
        let (records, rest) = read_all(&text);
        assert_eq!((records.len(), rest), (200_001, None));
        let sound = |(i, (line, cells)): (usize, &(u64, String))| {
            *line == i as u64 + 3 && *cells == format!("{i}|{}|x{}", i * 3, i % 7)
        };
        assert!(records[1..].iter().enumerate().all(sound));
        let broken = text.replace("\r\n150000,", "\r\n\"150000\r\n\",");
        let (records, rest) = read_all(&broken);
        assert_eq!((records.len(), rest.map(|rest| rest.1)), (150_001, Some(150_003)));
    }
}
