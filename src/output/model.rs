//! A trained model in a file: a line that says what it is, then gzipped CBOR.

use std::io::{BufRead as _, BufReader, BufWriter, Cursor, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

use super::write_atomically;
use crate::model::{Before, Model};
use crate::{Error, Result};

/// The first line; its number grows when older programs could not read what follows.
const MAGIC: &[u8] = b"eigenscope model 5\n";
/// The same without columns of lists, and before that without a classifier: what they hold is read as it is.
const WITH_LESS: [&[u8]; 2] = [b"eigenscope model 4\n", b"eigenscope model 3\n"];
/// The first lines of models that held a network alone: with the names of its features, and with the reading of a table.
const BEFORE: [&[u8]; 2] = [b"eigenscope model 1\n", b"eigenscope model 2\n"];
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
    let write = |level| {
        let mut lengths = (0, 0);
        write_atomically(path, |writer| {
            lengths = write_packed(writer, model, level)?;
            Ok(())
        })?;
        Ok(lengths)
    };
    if looks_like_a_lie(write(Compression::fast())?) {
        write(Compression::none())?;
    }
    Ok(())
}

/// The bytes of a model's file, for a place inside another one. Nothing is packed: weights and rows hardly get smaller, and a million rows
/// would take seconds.
///
/// # Errors
/// [`Error::Numerics`] for a model that would not be read again.
pub fn model_to_bytes(model: &Model) -> Result<Vec<u8>> {
    let useless = |what: String| Error::Numerics(format!("the model is of no use and was not kept: {what}"));
    model.check().map_err(useless)?;
    let mut bytes = Vec::new();
    write_packed(&mut bytes, model, Compression::none()).map_err(|e| useless(e.to_string()))?;
    Ok(bytes)
}

/// The model of the bytes of a model's file, which lie inside that of `path`.
///
/// # Errors
/// As [`read_model`].
pub fn model_of_bytes(path: &Path, bytes: &[u8]) -> Result<Model> {
    model_from(path, Cursor::new(bytes), bytes.len() as u64)
}

/// Whether a file of this length, packed and unpacked, would not be read again.
fn looks_like_a_lie((packed, unpacked): (u64, u64)) -> bool {
    unpacked > packed.saturating_mul(LOOSEST).max(HARMLESS)
}

/// Writes the model as gzipped CBOR; how long that is packed, and unpacked.
fn write_packed(writer: &mut dyn Write, model: &Model, level: Compression) -> std::io::Result<(u64, u64)> {
    writer.write_all(MAGIC)?;
    let packed = Counting { inner: writer, bytes: 0 };
    // Numbers come a few bytes at a time, which a packer takes slowly.
    let unpacked = Counting { inner: GzEncoder::new(packed, level), bytes: 0 };
    let mut unpacked = BufWriter::with_capacity(1 << 16, unpacked);
    ciborium::into_writer(model, &mut unpacked).map_err(|e| std::io::Error::other(e.to_string()))?;
    let unpacked = unpacked.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok((unpacked.inner.finish()?.bytes, unpacked.bytes))
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
    let file = std::fs::File::open(path).map_err(Error::io("read", path))?;
    let length = file.metadata().map_err(Error::io("read", path))?.len();
    model_from(path, file, length)
}

/// The model that comes from a file of this length, or a part of one.
fn model_from(path: &Path, file: impl Read, length: u64) -> Result<Model> {
    let damaged = |what: &dyn std::fmt::Display| Error::format(path, format!("the model is damaged: {what}"));
    let mut file = BufReader::new(file);
    let mut first = vec![0; MAGIC.len()];
    let begins = file.read_exact(&mut first).is_ok();
    let before = BEFORE.contains(&&first[..]);
    if !begins || (first != MAGIC && !WITH_LESS.contains(&&first[..]) && !before) {
        let what = if first.starts_with(b"eigenscope model ") {
            "this model was written by a later version of Eigenscope, which can read it"
        } else {
            "this is no Eigenscope model; `eigenscope run DATA --out DIR` writes one"
        };
        return Err(Error::format(path, what));
    }
    let most = length.saturating_mul(LOOSEST).max(HARMLESS);
    let mut unpacked = BufReader::new(GzDecoder::new(file).take(most));
    let read: Result<Model, _> = if before {
        ciborium::from_reader::<Before, _>(&mut unpacked).map(|older| older.into_model(first == BEFORE[0]))
    } else {
        ciborium::from_reader(&mut unpacked)
    };
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
    let model = read.map_err(|e| damaged(&words(&e)))?;
    model.check().map_err(|reason| damaged(&reason))?;
    Ok(model)
}
