//! What a spreadsheet of before 2007 is kept in: sectors, and a table that says which follows which (Microsoft's Compound File Binary
//! Format, MS-CFB 2.2 to 2.4). Whoever follows a table that leads in a circle never comes to an end, so it is looked through first.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::{Error, Result};

/// Numbers of sectors from here on have a meaning of their own, such as the end of a chain.
const SPECIAL: u32 = 0xffff_fffa;
/// Bytes of the header, and where its list of sectors of the table begins.
const HEADER: usize = 512;
const LIST: usize = 76;

/// Refuses a file whose table leads in a circle or is larger than the file; whatever else is wrong, its reader says. The reader is left at
/// the beginning.
///
/// # Errors
/// [`Error::Data`] naming the file.
pub(super) fn check(file: &mut (impl Read + Seek), path: &Path) -> Result<()> {
    let damaged = table(file).map_err(Error::io("read", path))?.is_some_and(|table| leads_in_a_circle(&table));
    file.rewind().map_err(Error::io("read", path))?;
    if damaged {
        let message = "the table of its sectors leads in a circle: the file is damaged".to_owned();
        return Err(Error::format(path, message));
    }
    Ok(())
}

/// Which sector follows each; nothing where the file has no such table. One that is larger than the file is a circle of one.
fn table(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u32>>> {
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
    let (mut next, mut seen) = (numbers(&header[68..72])[0], 0);
    while next < SPECIAL {
        seen += 1;
        let Some(mut more) = sector(file, next, size)?.filter(|_| seen <= most) else { return Ok(None) };
        next = more.pop().unwrap_or(SPECIAL);
        list.extend(more);
    }
    list.retain(|&at| at < SPECIAL);
    if list.len() > most {
        return Ok(Some(vec![0]));
    }
    let mut table = Vec::new();
    for at in list {
        let Some(part) = sector(file, at, size)? else { break };
        table.extend(part);
    }
    Ok(Some(table))
}

/// The numbers in a sector; nothing where it lies behind the end of the file.
fn sector(file: &mut (impl Read + Seek), at: u32, size: usize) -> io::Result<Option<Vec<u32>>> {
    // The header fills the place of one.
    file.seek(SeekFrom::Start((u64::from(at) + 1) * size as u64))?;
    let mut bytes = Vec::with_capacity(size);
    file.by_ref().take(size as u64).read_to_end(&mut bytes)?;
    Ok((!bytes.is_empty()).then(|| numbers(&bytes)))
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
