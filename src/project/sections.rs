//! Sections of a project's file: each its checksum and its length, both little-endian, then its bytes.

use std::io::{Read, Result as IoResult, Write};

use crate::data::checksum;

/// Bytes before those of a section.
pub(super) const HEAD: u64 = 16;

/// Why a section cannot be read.
#[derive(Debug)]
pub(super) enum Wrong {
    /// The disk refused.
    Io(std::io::Error),
    /// In words.
    Damaged(String),
}

impl From<std::io::Error> for Wrong {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes a section.
pub(super) fn write(writer: &mut dyn Write, body: &[u8]) -> IoResult<()> {
    writer.write_all(&checksum(body).to_le_bytes())?;
    writer.write_all(&(body.len() as u64).to_le_bytes())?;
    writer.write_all(body)
}

/// The checksum and the length of the next section in a file that has so many bytes left, those of this section's head among them.
pub(super) fn head(reader: &mut impl Read, left: u64) -> Result<(u64, u64), Wrong> {
    if left < HEAD {
        return Err(Wrong::Damaged("the project is cut off before its end".to_owned()));
    }
    let mut number = || {
        let mut bytes = [0; 8];
        reader.read_exact(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    };
    Ok((number()?, number()?))
}

/// The bytes of a section with this head; memory is taken as they come.
pub(super) fn body(reader: &mut impl Read, (sum, length): (u64, u64)) -> Result<Vec<u8>, Wrong> {
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    if body.len() as u64 != length || checksum(&body) != sum {
        return Err(Wrong::Damaged("the project is damaged: its checksum is another".to_owned()));
    }
    Ok(body)
}
