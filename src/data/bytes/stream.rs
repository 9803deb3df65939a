//! Where bytes come from: files, and pipes, which are read once and kept.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::support::memory;
use crate::{Error, Result};

/// What the standard input is called where a path is expected.
pub(in crate::data) const STANDARD_INPUT: &str = "standard input";

/// What came through pipes, under the names they were given by.
static PIPES: LazyLock<Mutex<HashMap<PathBuf, Bytes>>> = LazyLock::new(Mutex::default);

/// Shared bytes; cheap to clone.
#[derive(Clone)]
struct Bytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Bytes of a pipe after which, and after each doubling of which, the system is asked whether there is room for as many again.
const MANY: usize = 1 << 26;

/// Something to read from any place in it.
pub(in crate::data) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// The bytes of a file or of a pipe that was read before, and how many there are.
pub(in crate::data) fn open(path: &Path) -> Result<(Box<dyn Source>, u64)> {
    if let Some(bytes) = pipe(path) {
        let length = bytes.0.len() as u64;
        return Ok((Box::new(Cursor::new(bytes)), length));
    }
    let about = std::fs::metadata(path).map_err(Error::io("read", path))?;
    if !about.is_file() {
        return Err(Error::format(path, "this is not a file that can be read from beginning to end"));
    }
    let file = File::open(path).map_err(Error::io("read", path))?;
    Ok((Box::new(file), about.len()))
}

/// Whether something came through a pipe of this name.
pub(in crate::data) fn is_pipe(path: &Path) -> bool {
    pipe(path).is_some()
}

fn pipe(path: &Path) -> Option<Bytes> {
    PIPES.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
}

/// Reads all that comes through the standard input, or through a pipe that has a path, as `<(command)` gives one in a shell.
///
/// # Errors
/// [`Error::Io`], and [`Error::Data`] where there is no memory for it.
pub(in crate::data) fn keep(path: &Path, mut reader: impl Read) -> Result<()> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    let mut next = MANY;
    loop {
        let got = match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(got) => got,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Error::io("read", path)(e)),
        };
        if bytes.len() + got > next {
            if memory::free().is_some_and(|free| free < next as f64) {
                return Err(Error::format(
                    path,
                    format!("there is no memory for more than {} bytes of it", bytes.len()),
                ));
            }
            next *= 2;
        }
        bytes.extend_from_slice(&chunk[..got]);
    }
    PIPES.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), Bytes(Arc::new(bytes)));
    Ok(())
}

/// Whether a path is one end of a pipe.
pub(in crate::data) fn leads_to_a_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        std::fs::metadata(path).is_ok_and(|about| about.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
/// Hands on what is left of bytes that were made, of which so many are `given` already, and says how many that were.
pub(in crate::data) fn hand_out(made: &[u8], given: &mut usize, buffer: &mut [u8]) -> usize {
    let left = made.get(*given..).unwrap_or_default();
    let count = left.len().min(buffer.len());
    buffer[..count].copy_from_slice(&left[..count]);
    *given += count;
    count
}
