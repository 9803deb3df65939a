//! What a spreadsheet of before 2007 is kept in: sectors, and a table that says which follows which (Microsoft's Compound File Binary
//! Format, MS-CFB 2.2 to 2.6). Whoever follows a table that leads in a circle never comes to an end, so it is looked through first.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::biff;
use crate::{Error, Result};

/// Numbers of sectors from here on have a meaning of their own, such as the end of a chain.
const SPECIAL: u32 = 0xffff_fffa;
/// Bytes of the header, and where its list of sectors of the table begins.
const HEADER: usize = 512;
const LIST: usize = 76;
/// Bytes of an entry of the directory, and of a sector of the container within the container, which holds what is smaller than this.
const ENTRY: usize = 128;
const SMALL_SECTOR: usize = 64;
const SMALL: usize = 4096;
/// What the stream of sheets is called, in newer and older books.
const BOOK: [&str; 2] = ["workbook", "book"];

/// Refuses a file whose table leads in a circle or is larger than the file, and a book that would take far more memory than its values
/// need; whatever else is wrong, its reader says. The reader is left at the beginning.
///
/// # Errors
/// [`Error::Data`] naming the file.
pub(in crate::data) fn check(file: &mut (impl Read + Seek), path: &Path) -> Result<()> {
    let refused = refusal(file).map_err(Error::io("read", path))?;
    file.rewind().map_err(Error::io("read", path))?;
    refused.map_or(Ok(()), |message| Err(Error::format(path, message)))
}

/// Why a file is not read on.
fn refusal(file: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    let Some(mut container) = Container::open(file)? else { return Ok(None) };
    if leads_in_a_circle(&container.table) {
        return Ok(Some("the table of its sectors leads in a circle: the file is damaged".to_owned()));
    }
    for book in container.books()? {
        let book = book.ok_or_else(|| "a sector lies beyond its end: the file is damaged".to_owned());
        if let Err(message) = book.and_then(|book| biff::check(&book)) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// A file of sectors.
struct Container<'a, F> {
    file: &'a mut F,
    header: [u8; HEADER],
    /// Bytes of a sector.
    size: usize,
    /// Which sector follows each.
    table: Vec<u32>,
}

impl<'a, F: Read + Seek> Container<'a, F> {
    /// Reads the header and the table; nothing where there is none. A table that is larger than the file is a circle of one.
    fn open(file: &'a mut F) -> io::Result<Option<Self>> {
        let length = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        let mut header = [0; HEADER];
        if length < HEADER as u64 || file.read_exact(&mut header).is_err() {
            return Ok(None);
        }
        let size = match header[30..32] {
            [9, 0] => 512,
            [12, 0] => 4096,
            _ => return Ok(None),
        };
        let most = usize::try_from(length).unwrap_or(usize::MAX) / size;
        let mut list = numbers(&header[LIST..]);
        let (mut next, mut seen) = (number(&header, 68), 0);
        while next < SPECIAL {
            seen += 1;
            let mut more = numbers(&sector(file, next, size)?);
            if more.is_empty() || seen > most {
                return Ok(None);
            }
            next = more.pop().unwrap_or(SPECIAL);
            list.extend(more);
        }
        list.retain(|&at| at < SPECIAL);
        if list.len() > most {
            return Ok(Some(Self { file, header, size, table: vec![0] }));
        }
        let mut table = Vec::new();
        for at in list {
            let part = numbers(&sector(file, at, size)?);
            if part.is_empty() {
                break;
            }
            table.extend(part);
        }
        Ok(Some(Self { file, header, size, table }))
    }

    /// The streams of sheets; none in the place of one that the file cannot hold.
    fn books(&mut self) -> io::Result<Vec<Option<Vec<u8>>>> {
        let Some(directory) = self.chain(number(&self.header, 48), usize::MAX)? else { return Ok(vec![None]) };
        let entries = || directory.as_chunks::<ENTRY>().0.iter().map(|entry| self.entry(entry));
        let books: Vec<Entry> = BOOK.iter().filter_map(|name| entries().find(|entry| entry.name == *name)).collect();
        let root = entries().next();
        let mut streams = Vec::new();
        for book in books {
            streams.push(match &root {
                Some(root) if book.length < SMALL => self.small(root, &book)?,
                _ => self.chain(book.start, book.length)?,
            });
        }
        Ok(streams)
    }

    /// An entry of the directory.
    fn entry(&self, bytes: &[u8; ENTRY]) -> Entry {
        let units =
            bytes[..64].as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).take_while(|&unit| unit != 0);
        let name = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>();
        // The upper half of the length means something in large sectors alone.
        let upper = if self.size == HEADER { 0 } else { number(bytes, 124) };
        let length = u64::from(upper) << 32 | u64::from(number(bytes, 120));
        Entry {
            name: name.to_ascii_lowercase(),
            start: number(bytes, 116),
            length: usize::try_from(length).unwrap_or(usize::MAX),
        }
    }

    /// The bytes of a chain of sectors that is no circle, so many at most; none where one in its midst is not whole.
    fn chain(&mut self, mut at: u32, most: usize) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        while at < SPECIAL && bytes.len() < most {
            let sector = sector(self.file, at, self.size)?;
            let whole = sector.len() == self.size;
            bytes.extend(sector);
            at = self.table.get(at as usize).copied().unwrap_or(SPECIAL);
            if !whole && at < SPECIAL && bytes.len() < most {
                return Ok(None);
            }
        }
        bytes.truncate(most);
        Ok(Some(bytes))
    }

    /// The bytes of a stream in the container within this one.
    fn small(&mut self, root: &Entry, stream: &Entry) -> io::Result<Option<Vec<u8>>> {
        let length = (number(&self.header, 64) as usize).saturating_mul(self.size);
        let (Some(all), Some(table)) =
            (self.chain(root.start, root.length)?, self.chain(number(&self.header, 60), length)?)
        else {
            return Ok(None);
        };
        let (table, mut at) = (numbers(&table), stream.start);
        let mut bytes = Vec::new();
        // It is short, so a circle ends here.
        while at < SPECIAL && bytes.len() < stream.length {
            let start = (at as usize).saturating_mul(SMALL_SECTOR);
            let sector = all.get(start..).unwrap_or_default();
            if sector.is_empty() {
                break;
            }
            bytes.extend(&sector[..SMALL_SECTOR.min(sector.len())]);
            at = table.get(at as usize).copied().unwrap_or(SPECIAL);
        }
        bytes.truncate(stream.length);
        Ok(Some(bytes))
    }
}

/// A stream, by its name in small letters.
struct Entry {
    name: String,
    start: u32,
    length: usize,
}

/// The bytes of a sector; fewer where it lies behind the end of the file.
fn sector(file: &mut (impl Read + Seek), at: u32, size: usize) -> io::Result<Vec<u8>> {
    // The header fills the place of one.
    file.seek(SeekFrom::Start((u64::from(at) + 1) * size as u64))?;
    let mut bytes = Vec::with_capacity(size);
    file.by_ref().take(size as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The number at a place of the header or an entry.
fn number<const N: usize>(bytes: &[u8; N], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk().copied()).map_or(0, u32::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
}

/// Whether whoever goes from sector to sector comes to one again.
fn leads_in_a_circle(table: &[u32]) -> bool {
    // On which walk each was passed.
    let mut passed = vec![0_usize; table.len()];
    (0..table.len()).any(|start| {
        let mut at = start;
        while passed.get(at) == Some(&0) {
            passed[at] = start + 1;
            at = table[at] as usize;
        }
        passed.get(at) == Some(&(start + 1))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file of four sectors, the first of which is the table.
    fn file(table: [u32; 4]) -> Cursor<Vec<u8>> {
        let mut bytes = vec![0xff; 5 * 512];
        bytes[30..32].copy_from_slice(&[9, 0]);
        bytes[LIST..LIST + 4].copy_from_slice(&[0; 4]);
        for (at, next) in table.iter().enumerate() {
            bytes[512 + 4 * at..516 + 4 * at].copy_from_slice(&next.to_le_bytes());
        }
        Cursor::new(bytes)
    }

    #[test]
    fn a_table_that_leads_in_a_circle_is_refused_before_anyone_follows_it() {
        let end = SPECIAL + 4;
        for (table, good) in [
            ([end - 1, 2, 3, end], true),
            ([end - 1, 2, 1, end], false),
            ([end - 1, 1, end, end], false),
            ([end; 4], true),
        ] {
            let mut file = file(table);
            assert_eq!(check(&mut file, Path::new("old.xls")).is_ok(), good, "{table:?}");
            assert_eq!(file.position(), 0);
        }
        let error = check(&mut file([3, 0, 0, 0]), Path::new("old.xls")).expect_err("0, 3, 0, …").to_string();
        assert!(error.starts_with("old.xls: the table of its sectors leads in a circle"), "{error}");
        for short in [vec![], vec![0; 600], vec![0xff; 512]] {
            assert!(check(&mut Cursor::new(short), Path::new("old.xls")).is_ok(), "the reader says what it is");
        }
    }
}
