//! A trained model in a file: a line that says what it is, then gzipped CBOR.

use std::io::{BufReader, Read as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::write_atomically;
use crate::learn::Model;
use crate::{Error, Result};

/// The first line; its number grows when older programs could not read what follows.
const MAGIC: &[u8] = b"eigenscope model 1\n";
/// The largest file that is taken for a model, in bytes once unpacked: a lying file must not fill the memory.
const LARGEST: u64 = 4 << 30;

/// Writes a model.
///
/// # Errors
/// [`Error::Io`] with the path.
pub fn write_model(path: &Path, model: &Model) -> Result<()> {
    write_atomically(path, |writer| {
        writer.write_all(MAGIC)?;
        let mut packed = GzEncoder::new(writer, Compression::fast());
        ciborium::into_writer(model, &mut packed).map_err(std::io::Error::other)?;
        packed.finish()?.flush()
    })
}

/// Reads a model.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Format`] when it is no model, is cut short, or its parts do not fit.
pub fn read_model(path: &Path) -> Result<Model> {
    let mut file = BufReader::new(std::fs::File::open(path).map_err(Error::io("read", path))?);
    let mut first = vec![0; MAGIC.len()];
    if file.read_exact(&mut first).is_err() || first != MAGIC {
        return Err(Error::format(path, "this is no Eigenscope model; `eigenscope run DATA --out DIR` writes one"));
    }
    let unpacked = GzDecoder::new(file).take(LARGEST);
    let model: Model =
        ciborium::from_reader(unpacked).map_err(|e| Error::format(path, format!("the model is damaged: {e}")))?;
    model.check().map_err(|reason| Error::format(path, format!("the model is damaged: {reason}")))?;
    Ok(model)
}
