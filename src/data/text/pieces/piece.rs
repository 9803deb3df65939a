//! Records of whole lines, and where their cells end.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use crate::data::text::{LONGEST_CELL, MOST_CELLS};

/// Records of some lines.
#[derive(Debug, Default)]
pub(in crate::data) struct Piece {
    /// Their cells, each with a byte behind it, where they do not stand so in the block.
    pub(in crate::data) own: Option<String>,
    /// Where each record begins, in the block or in that.
    pub(in crate::data) starts: Vec<u32>,
    /// Where each cell ends, from the beginning of its record.
    pub(in crate::data) ends: Vec<u32>,
    /// The line of each, from 0.
    pub(in crate::data) lines_of: Vec<u32>,
    /// Lines that have another number of cells, or only draw: how many records come before each, its number, where it stands in the text
    /// that the piece is of.
    pub(in crate::data) odd: Vec<(usize, u32, Range<usize>)>,
    /// How much was understood.
    pub(super) bytes: usize,
    pub(super) lines: u64,
    /// Whether what follows was not.
    pub(super) stopped: bool,
}

impl Piece {
    /// The records of some lines that have so many cells; they begin at this byte of their block.
    pub(super) fn of(text: &str, base: usize, (delimiter, width): (u8, usize), quotes: bool) -> Self {
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
pub(super) fn places(bytes: &[u8], byte: u8, mut at: impl FnMut(usize)) {
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
pub(in crate::data) fn cells(line: &str, delimiter: u8, quotes: bool, mut take: impl FnMut(&str, bool)) -> bool {
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
