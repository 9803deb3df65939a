//! Text files that people and strangers write: settings, comparisons.

use std::io::Read as _;
use std::path::Path;

use crate::{Error, Result};

/// The text of a file of at most `longest` bytes.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] for a file that is longer, or no text.
pub(crate) fn read_text(path: &Path, longest: u64) -> Result<String> {
    let file = std::fs::File::open(path).map_err(Error::io("read", path))?;
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    if bytes.len() as u64 > longest {
        return Err(Error::format(path, format!("it is longer than {longest} bytes, which is none of ours")));
    }
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let line = e.as_bytes()[..at].split(|&b| b == b'\n').count();
        Error::format(path, format!("line {line}: the text is not UTF-8"))
    })
}

/// The longest file that is taken for settings, in bytes.
pub(crate) const LONGEST_RECIPE: u64 = 1 << 20;
