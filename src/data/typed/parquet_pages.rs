//! What the pages of a Parquet file promise to unpack to. `parquet` takes the memory that a page's header asks for before it looks at
//! the page, so the headers are looked at here first.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

use parquet::file::metadata::ParquetMetaData;

use crate::data::bytes::source::{PAGES_LOOK_LIKE_A_TRAP, promises_too_much};

/// Structures in structures of a header, at most.
const DEEPEST: usize = 16;

/// The columns' pages, of which the largest of each column is in the memory at one time, are not out of proportion to the file.
///
/// # Errors
/// What is wrong, in words.
pub(in crate::data) fn check(
    file: &mut (impl Read + Seek),
    about: &ParquetMetaData,
    wanted: impl Fn(usize) -> bool,
    length: u64,
) -> std::result::Result<(), String> {
    let schema = about.file_metadata().schema_descr();
    for group in about.row_groups() {
        let mut promised = 0_u64;
        for (leaf, column) in group.columns().iter().enumerate() {
            if !wanted(schema.get_column_root_idx(leaf)) {
                continue;
            }
            let (start, size) = column.byte_range();
            let end = start.checked_add(size).filter(|&end| end <= length).ok_or("a column lies outside the file")?;
            let largest = largest(file, start, end).map_err(|e| format!("a page's header is damaged: {e}"))?;
            promised = promised.saturating_add(largest);
        }
        if promises_too_much(length, promised) {
            return Err(format!("its pages claim to unpack to {promised} bytes: {PAGES_LOOK_LIKE_A_TRAP}"));
        }
    }
    Ok(())
}

/// The largest page between two places, unpacked.
fn largest(file: &mut (impl Read + Seek), start: u64, end: u64) -> Result<u64> {
    let mut file = std::io::BufReader::with_capacity(1 << 10, file);
    let (mut at, mut most) = (file.seek(SeekFrom::Start(start))?, 0);
    while at < end {
        let mut header = Header { bytes: (&mut file).take(end - at), unpacked: 0, packed: 0 };
        header.read(0)?;
        let rest = header.bytes.limit();
        let (unpacked, packed) = (size(header.unpacked)?, size(header.packed)?);
        at = (end - rest).saturating_add(packed);
        most = most.max(unpacked);
        file.seek_relative(packed as i64)?;
    }
    Ok(most)
}

fn size(claimed: i64) -> Result<u64> {
    u64::try_from(claimed).ok().filter(|&size| i32::try_from(size).is_ok()).ok_or_else(|| wrong("a page of no size"))
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

/// A page's header in Thrift's compact encoding, <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>, of
/// which two numbers are wanted. A number that comes twice counts as the largest.
struct Header<R> {
    bytes: R,
    unpacked: i64,
    packed: i64,
}

impl<R: Read> Header<R> {
    /// Reads a structure to its end.
    fn read(&mut self, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            return Err(wrong("it goes too deep"));
        }
        let mut last = 0_i64;
        loop {
            let byte = self.byte()?;
            let (ahead, kind) = (byte >> 4, byte & 15);
            if kind == 0 {
                return Ok(());
            }
            last = if ahead == 0 { self.number()? } else { last.saturating_add(ahead.into()) };
            match (depth, last, kind) {
                (0, 2, 4..=6) => self.unpacked = self.number()?.max(self.unpacked),
                (0, 3, 4..=6) => self.packed = self.number()?.max(self.packed),
                // A flag is told by its kind.
                (_, _, 1 | 2) => {}
                _ => self.skip(kind, depth)?,
            }
        }
    }

    /// Passes over a value, which in a list, and only there, is a flag of one byte.
    fn skip(&mut self, kind: u8, depth: usize) -> Result<()> {
        match kind {
            1..=3 => self.byte().map(drop),
            4..=6 => self.number().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => {
                let byte = self.byte()?;
                let count = if byte >> 4 == 15 { self.varint()? } else { (byte >> 4).into() };
                (0..count).try_for_each(|_| self.value(byte & 15, depth))
            }
            11 => {
                let count = self.varint()?;
                let kinds = if count > 0 { self.byte()? } else { 0 };
                (0..count).try_for_each(|_| {
                    self.value(kinds >> 4, depth)?;
                    self.value(kinds & 15, depth)
                })
            }
            12 => self.value(12, depth),
            _ => Err(wrong("a value of no kind")),
        }
    }

    /// Passes over a value in a list, or a structure.
    fn value(&mut self, kind: u8, depth: usize) -> Result<()> {
        match kind {
            12 => self.read(depth + 1),
            9..=11 if depth >= DEEPEST => Err(wrong("it goes too deep")),
            9..=11 => self.skip(kind, depth + 1),
            _ => self.skip(kind, depth),
        }
    }

    fn byte(&mut self) -> Result<u8> {
        let mut byte = [0];
        self.bytes.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn pass(&mut self, count: u64) -> Result<()> {
        let passed = std::io::copy(&mut (&mut self.bytes).take(count), &mut std::io::sink())?;
        if passed == count { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
    }

    fn varint(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(wrong("a number without end"))
    }

    /// A signed number, zigzag.
    fn number(&mut self) -> Result<i64> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}
