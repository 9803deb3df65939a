//! A table as an archive of NumPy's arrays, one a column, which `numpy.load` reads without pickles.
//!
//! The length and the type of an array stand before its values, and are known at the end alone: until then the columns lie, a block after
//! the other, in a temporary file.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float32Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::columns::free_name;
use super::frame::other;
use crate::data::cell_text;

/// Bytes of a column of text that is refused where most of them would be padding.
const MOST_PADDED: u64 = 1 << 30;
/// From this on a member has the lengths of large archives.
const LARGE: u64 = 1 << 31;

/// What an array is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Flag,
    Whole,
    Single,
    Real,
    Text,
}

impl Kind {
    fn of(kind: &DataType) -> Self {
        match kind {
            DataType::Boolean => Self::Flag,
            DataType::Float32 | DataType::Float16 => Self::Single,
            DataType::UInt64 => Self::Real,
            kind if kind.is_integer() => Self::Whole,
            kind if kind.is_numeric() => Self::Real,
            _ => Self::Text,
        }
    }
}

/// A column so far.
#[derive(Debug)]
struct Column {
    name: String,
    kind: Option<Kind>,
    /// Whether a row has no value.
    gaps: bool,
    /// Characters of the longest text, and bytes of all.
    longest: usize,
    bytes: u64,
    /// Where its blocks begin in the temporary file, and their rows.
    blocks: Vec<(u64, usize)>,
}

/// An archive on its way.
#[derive(Debug)]
pub(super) struct Archive {
    spool: BufWriter<File>,
    at: u64,
    columns: Vec<Column>,
}

impl Archive {
    /// An archive without rows.
    ///
    /// # Errors
    /// Where there is no room for a temporary file.
    pub(super) fn new(names: Vec<String>) -> io::Result<Self> {
        let mut taken = HashSet::new();
        let mut column = |name: String| {
            // A member's name is a path: a column must not lead out of where the archive is unpacked.
            let plain: String = name.chars().map(|c| if matches!(c, '/' | '\\' | '\0') { '_' } else { c }).collect();
            let plain = if plain.is_empty() || plain == "." || plain == ".." { "column".to_owned() } else { plain };
            let name = free_name(&plain, &taken);
            taken.insert(name.clone());
            Column { name, kind: None, gaps: false, longest: 1, bytes: 0, blocks: Vec::new() }
        };
        let columns = names.into_iter().map(&mut column).collect();
        Ok(Self { spool: BufWriter::new(tempfile::tempfile()?), at: 0, columns })
    }

    /// Takes rows.
    ///
    /// # Errors
    /// Those of the temporary file.
    pub(super) fn write(&mut self, arrays: &[ArrayRef]) -> io::Result<()> {
        for (column, array) in self.columns.iter_mut().zip(arrays) {
            let kind = *column.kind.get_or_insert_with(|| Kind::of(array.data_type()));
            column.gaps |= array.null_count() > 0;
            column.blocks.push((self.at, array.len()));
            self.at += spool(&mut self.spool, column, kind, array)?;
        }
        Ok(())
    }

    /// Packs the arrays and passes the archive on.
    ///
    /// # Errors
    /// Those of the files; a column of text that is nearly all padding.
    pub(super) fn finish(self, writer: &mut dyn Write) -> io::Result<()> {
        let mut spooled = BufReader::new(self.spool.into_inner().map_err(io::IntoInnerError::into_error)?);
        let mut zip = ZipWriter::new(BufWriter::new(tempfile::tempfile()?));
        for column in &self.columns {
            let rows: usize = column.blocks.iter().map(|(_, rows)| rows).sum();
            let (descr, size) = column.descr(rows)?;
            let large = rows as u64 * size as u64 > LARGE;
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(large);
            zip.start_file(format!("{}.npy", column.name), options).map_err(other)?;
            zip.write_all(&header(&descr, rows))?;
            for &(at, rows) in &column.blocks {
                spooled.seek(SeekFrom::Start(at))?;
                column.unspool(&mut spooled, rows, size, &mut zip)?;
            }
        }
        let mut file = zip.finish().map_err(other)?.into_inner().map_err(io::IntoInnerError::into_error)?;
        pass_on(&mut file, writer)
    }
}

/// Copies a temporary file from its beginning.
pub(super) fn pass_on(file: &mut File, writer: &mut dyn Write) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    io::copy(file, writer)?;
    writer.flush()
}

/// Writes a block to the temporary file; the bytes it took. Numbers take 9 bytes, the first of which says whether there is one; texts their
/// length and themselves.
fn spool(file: &mut impl Write, column: &mut Column, kind: Kind, array: &ArrayRef) -> io::Result<u64> {
    let mut written = 0;
    for row in 0..array.len() {
        if kind == Kind::Text {
            let text = cell_text(array.as_ref(), row).unwrap_or_default();
            column.longest = column.longest.max(text.chars().count());
            column.bytes += text.len() as u64;
            file.write_all(&(text.len() as u64).to_le_bytes())?;
            file.write_all(text.as_bytes())?;
            written += 8 + text.len() as u64;
            continue;
        }
        let bits = if array.is_null(row) { None } else { number(kind, array, row) };
        column.gaps |= bits.is_none();
        file.write_all(&[u8::from(bits.is_some())])?;
        file.write_all(&bits.unwrap_or_default())?;
        written += 9;
    }
    Ok(written)
}

/// The eight bytes of a number: a whole one's own, else those of a double.
fn number(kind: Kind, array: &ArrayRef, row: usize) -> Option<[u8; 8]> {
    let text = || cell_text(array.as_ref(), row);
    match (kind, array.data_type()) {
        (Kind::Whole, DataType::Int64) => Some(array.as_primitive::<Int64Type>().value(row).to_le_bytes()),
        (Kind::Whole, _) => text()?.parse::<i64>().ok().map(i64::to_le_bytes),
        (Kind::Flag, _) => Some(i64::from(array.as_boolean().value(row)).to_le_bytes()),
        (_, DataType::Float64) => Some(array.as_primitive::<Float64Type>().value(row).to_le_bytes()),
        (_, DataType::Float32) => Some(f64::from(array.as_primitive::<Float32Type>().value(row)).to_le_bytes()),
        _ => text()?.parse::<f64>().ok().map(f64::to_le_bytes),
    }
}

impl Column {
    /// What NumPy calls the type, and the bytes of a value.
    fn descr(&self, rows: usize) -> io::Result<(String, usize)> {
        let whole = |name: &str, size| Ok((name.to_owned(), size));
        match self.kind.unwrap_or(Kind::Text) {
            Kind::Flag if !self.gaps => whole("|b1", 1),
            Kind::Whole if !self.gaps => whole("<i8", 8),
            Kind::Single => whole("<f4", 4),
            Kind::Text => {
                let size = 4 * self.longest;
                if (size as u64).saturating_mul(rows as u64) > MOST_PADDED.max(64 * self.bytes) {
                    let Self { name, longest, .. } = self;
                    return Err(io::Error::other(format!(
                        "column `{name}` has a text of {longest} characters, and NPZ makes every text as long as the longest; \
                         leave the column out, or choose another format"
                    )));
                }
                Ok((format!("<U{}", self.longest), size))
            }
            // Whole numbers and flags with gaps are doubles, as in pandas.
            _ => whole("<f8", 8),
        }
    }

    /// Writes a block as the array has it.
    fn unspool(&self, spooled: &mut BufReader<File>, rows: usize, size: usize, to: &mut impl Write) -> io::Result<()> {
        let kind = self.kind.unwrap_or(Kind::Text);
        let (mut nine, mut eight) = ([0; 9], [0; 8]);
        let mut cell = Vec::with_capacity(size);
        for _ in 0..rows {
            cell.clear();
            if kind == Kind::Text {
                spooled.read_exact(&mut eight)?;
                let mut text = vec![0; u64::from_le_bytes(eight) as usize];
                spooled.read_exact(&mut text)?;
                for letter in String::from_utf8_lossy(&text).chars() {
                    cell.extend_from_slice(&u32::from(letter).to_le_bytes());
                }
                cell.resize(size, 0);
            } else {
                spooled.read_exact(&mut nine)?;
                eight.copy_from_slice(&nine[1..]);
                let (there, whole) = (nine[0] == 1, i64::from_le_bytes(eight));
                let real = match kind {
                    _ if !there => f64::NAN,
                    Kind::Flag | Kind::Whole => whole as f64,
                    _ => f64::from_le_bytes(eight),
                };
                match kind {
                    Kind::Flag if !self.gaps => cell.push(u8::from(whole == 1)),
                    Kind::Whole if !self.gaps => cell.extend_from_slice(&eight),
                    Kind::Single => cell.extend_from_slice(&(real as f32).to_le_bytes()),
                    _ => cell.extend_from_slice(&real.to_le_bytes()),
                }
            }
            to.write_all(&cell)?;
        }
        Ok(())
    }
}

/// The head of an array of one dimension, format 1.0: as long as a multiple of 64 bytes.
fn header(descr: &str, rows: usize) -> Vec<u8> {
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({rows},), }}");
    let filled = (10 + text.len() + 1).next_multiple_of(64);
    text.push_str(&" ".repeat(filled - 11 - text.len()));
    text.push('\n');
    let length = (text.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BooleanArray, Float32Array, Float64Array, Int64Array, StringArray};

    use super::*;

    /// The bytes of a member behind its header, and the header.
    fn member(archive: &[u8], name: &str) -> (String, Vec<u8>) {
        let mut zip = zip::ZipArchive::new(io::Cursor::new(archive)).expect("an archive");
        let mut bytes = Vec::new();
        zip.by_name(name).expect("a member").read_to_end(&mut bytes).expect("whole");
        let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!((10 + length) % 64, 0);
        (String::from_utf8_lossy(&bytes[10..10 + length]).into_owned(), bytes[10 + length..].to_vec())
    }

    #[test]
    fn every_kind_of_column_is_an_array_over_all_blocks() {
        let names = ["n", "gaps", "x", "y", "word", "yes", "a/b"].map(str::to_owned).to_vec();
        let mut archive = Archive::new(names).expect("room for it");
        for at in 0..2_i64 {
            let columns: Vec<ArrayRef> = vec![
                Arc::new(Int64Array::from(vec![9_007_199_254_740_993 + at, -1])),
                Arc::new(Int64Array::from(vec![(at == 0).then_some(7), Some(8)])),
                Arc::new(Float64Array::from(vec![Some(0.1), None])),
                Arc::new(Float32Array::from(vec![0.1, 2.0])),
                Arc::new(StringArray::from(vec![Some("é"), (at == 1).then_some("abc")])),
                Arc::new(BooleanArray::from(vec![true, false])),
                Arc::new(Int64Array::from(vec![1, 2])),
            ];
            archive.write(&columns).expect("it fits");
        }
        let mut out = Vec::new();
        archive.finish(&mut out).expect("memory takes it");
        let (head, bytes) = member(&out, "n.npy");
        assert!(head.contains("'<i8'") && head.contains("(4,)"), "{head}");
        assert_eq!(bytes[16..24], 9_007_199_254_740_994_i64.to_le_bytes());
        let (head, bytes) = member(&out, "gaps.npy");
        assert!(head.contains("'<f8'") && f64::from_le_bytes(bytes[16..24].try_into().expect("8")).is_nan(), "{head}");
        assert!(member(&out, "x.npy").0.contains("'<f8'") && member(&out, "y.npy").0.contains("'<f4'"));
        let (head, bytes) = member(&out, "word.npy");
        assert!(head.contains("'<U3'"), "{head}");
        assert_eq!((bytes.len(), bytes[0], bytes[12]), (48, 0xe9, 0));
        assert_eq!(member(&out, "yes.npy").1, [1, 0, 1, 0]);
        assert_eq!(member(&out, "a_b.npy").1.len(), 32);
    }
}
