//! Whether a file is the published one: what it unpacks to has the published length and SHA-256.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Seek as _};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use ring::digest::{Context, SHA256};

use super::PublicFile;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Checks a file from its beginning, packed or not.
///
/// # Errors
/// [`Error::Cancelled`], or [`Error::Io`] where the file cannot be read. `Ok(Err(reason))` where it is not the published one.
pub(super) fn checked(
    mut opened: &File,
    path: &Path,
    file: &PublicFile,
    progress: &Progress,
) -> Result<Result<(), String>> {
    opened.rewind().map_err(Error::io("read", path))?;
    let mut stream = BufReader::with_capacity(1 << 16, opened);
    if stream.fill_buf().map_err(Error::io("read", path))?.starts_with(&[0x1f, 0x8b]) {
        same(MultiGzDecoder::new(stream), file, progress)
    } else {
        same(stream, file, progress)
    }
}

/// Reads to the end, or to the first byte too many: a stream that unpacks to without end is none of ours.
fn same(mut stream: impl Read, file: &PublicFile, progress: &Progress) -> Result<Result<(), String>> {
    let (mut sum, mut length, mut buffer) = (Context::new(&SHA256), 0, vec![0; 1 << 16]);
    loop {
        progress.check()?;
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                length += count as u64;
                if length > file.unpacked {
                    return Ok(Err(format!("it is longer than the {} bytes that were published", file.unpacked)));
                }
                sum.update(&buffer[..count]);
            }
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Ok(Err(format!("it cannot be unpacked: {e}"))),
        }
    }
    let hex = sum.finish().as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok(if hex == file.sha256 {
        Ok(())
    } else if length != file.unpacked {
        Err(format!("it has {length} bytes, unpacked, and {} were published", file.unpacked))
    } else {
        Err(format!("its SHA-256 is {hex}, and that of the published one is {}", file.sha256))
    })
}
