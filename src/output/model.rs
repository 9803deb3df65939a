//! A trained model in a file: a line that says what it is, then gzipped CBOR.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::path::Path;

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

use super::write_atomically;
use crate::data::Reading;
use crate::model::Model;
use crate::{Error, Result};

/// The first line; its number grows when older programs could not read what follows.
const MAGIC: &[u8] = b"eigenscope model 2\n";
/// The first line of models that had the names of their features alone.
const WITHOUT_READING: &[u8] = b"eigenscope model 1\n";
/// How many times its size a model may unpack to, beyond what is harmless anyway. Weights hardly pack at all; a lying file does, and what
/// it unpacks to takes several times as much memory.
const LOOSEST: u64 = 4;
const HARMLESS: u64 = 4 << 20;

/// Writes a model.
///
/// # Errors
/// [`Error::Io`] with the path; [`Error::Numerics`] for a model that would not be read again.
pub fn write_model(path: &Path, model: &Model) -> Result<()> {
    let useless =
        |what| Error::Numerics(format!("the model is of no use and was not written to {}: {what}", path.display()));
    model.check().map_err(useless)?;
    let fail = |e: std::io::Error| Error::io("write", path)(e);
    let (mut packed, unpacked) = pack(model, Compression::fast()).map_err(fail)?;
    if unpacked > (packed.len() as u64).saturating_mul(LOOSEST).max(HARMLESS) {
        // It would look like a file that lies.
        packed = pack(model, Compression::none()).map_err(fail)?.0;
    }
    write_atomically(path, |writer| {
        writer.write_all(MAGIC)?;
        writer.write_all(&packed)
    })
}

/// The model as gzipped CBOR, and how long the CBOR is.
fn pack(model: &Model, level: Compression) -> std::io::Result<(Vec<u8>, u64)> {
    let mut encoder = Counting { inner: GzEncoder::new(Vec::new(), level), bytes: 0 };
    ciborium::into_writer(model, &mut encoder).map_err(|e| std::io::Error::other(e.to_string()))?;
    Ok((encoder.inner.finish()?, encoder.bytes))
}

/// A writer that counts.
struct Counting<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        let done = self.inner.write(buffer)?;
        self.bytes += done as u64;
        Ok(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// What is wrong with the CBOR, in words.
fn words(error: &ciborium::de::Error<std::io::Error>) -> String {
    use ciborium::de::Error::{Io, RecursionLimitExceeded, Semantic, Syntax};
    match error {
        Io(e) => e.to_string(),
        Syntax(at) => format!("byte {at} of what is packed is no CBOR"),
        Semantic(_, what) => what.chars().take(200).collect(),
        RecursionLimitExceeded => "it goes too deep".to_owned(),
    }
}

/// Reads a model.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Format`] when it is no model, is cut short, or its parts do not fit.
pub fn read_model(path: &Path) -> Result<Model> {
    let damaged = |what: &dyn std::fmt::Display| Error::format(path, format!("the model is damaged: {what}"));
    let file = std::fs::File::open(path).map_err(Error::io("read", path))?;
    let length = file.metadata().map_err(Error::io("read", path))?.len();
    let mut file = BufReader::new(file);
    let mut first = vec![0; MAGIC.len()];
    let begins = file.read_exact(&mut first).is_ok();
    if !begins || (first != MAGIC && first != WITHOUT_READING) {
        let what = if first.starts_with(b"eigenscope model ") {
            "this model was written by a later version of Eigenscope, which can read it"
        } else {
            "this is no Eigenscope model; `eigenscope run DATA --out DIR` writes one"
        };
        return Err(Error::format(path, what));
    }
    let most = length.saturating_mul(LOOSEST).max(HARMLESS);
    let mut unpacked = BufReader::new(GzDecoder::new(file).take(most));
    let read: Result<Model, _> = ciborium::from_reader(&mut unpacked);
    // The end of the packed data has its checksum, which is compared when that end is read.
    let rest = std::io::copy(&mut unpacked, &mut std::io::sink());
    if unpacked.get_ref().limit() == 0 {
        return Err(damaged(&format!(
            "it unpacks to {most} bytes and goes on, and {length} bytes never hold such a model"
        )));
    }
    match rest {
        Err(e) => return Err(damaged(&e)),
        Ok(more) if more > 0 && read.is_ok() => return Err(damaged(&"something follows it")),
        Ok(_) => {}
    }
    let mut file = unpacked.into_inner().into_inner().into_inner();
    if !file.fill_buf().map_err(Error::io("read", path))?.is_empty() {
        return Err(damaged(&"something follows it"));
    }
    let mut model = read.map_err(|e| damaged(&words(&e)))?;
    if first == WITHOUT_READING {
        model.reading = Reading::of_names(&model.columns, model.recipe.text);
    }
    model.check().map_err(|reason| damaged(&reason))?;
    Ok(model)
}
