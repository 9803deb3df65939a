//! Parquet: columns in groups of rows, read from the end of the file; `parquet` unpacks them.

use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use super::parquet_pages;
use crate::data::bytes::stream;
use crate::data::raw::few;
use crate::support::{faults, plain};
use crate::{Error, Result};

/// How a file begins and ends.
pub(in crate::data) const MARK: &[u8] = b"PAR1";
/// Rows that are read at once.
pub(in crate::data) const ROWS: usize = 8192;

/// Files of which the columns are known, which are the same: the parts of one table.
#[derive(Clone)]
pub(in crate::data) struct Parquet {
    first: Part,
    others: Vec<Part>,
}

/// One of the files.
#[derive(Clone)]
struct Part {
    file: Bytewise,
    about: ArrowReaderMetadata,
}

/// A file, or what came through a pipe, to be read from any place in it.
#[derive(Clone)]
struct Bytewise {
    path: PathBuf,
    length: u64,
}

impl Length for Bytewise {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Bytewise {
    type T = BufReader<Box<dyn stream::Source>>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let (mut file, _) = stream::open(&self.path).map_err(|e| ParquetError::General(e.to_string()))?;
        file.seek(SeekFrom::Start(start))?;
        Ok(BufReader::with_capacity(1 << 16, file))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        // The length is that of a header: memory is asked for what the file can hold.
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF(format!("{length} bytes from {start} lie outside the file")));
        }
        let mut bytes = Vec::with_capacity(length);
        self.get_read(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the file became shorter".to_owned()));
        }
        Ok(bytes.into())
    }
}

impl Parquet {
    /// Reads what the files say of themselves.
    pub(in crate::data) fn open(paths: &[PathBuf]) -> Result<Self> {
        let Some((first, others)) = paths.split_first() else { return Err(Error::Data("no file".to_owned())) };
        let first = Part::open(first)?;
        let others: Vec<Part> = others.iter().map(|path| Part::open(path)).collect::<Result<_>>()?;
        if let Some(other) = others.iter().find(|other| other.columns() != first.columns()) {
            let name = first.file.path.file_name().unwrap_or_default().to_string_lossy();
            let (wanted, own) = (listed(first.columns()), listed(other.columns()));
            let what =
                format!("it is no part of one table with {}, which holds {wanted}: it holds {own}", plain::line(&name));
            return Err(Error::format(&other.file.path, what));
        }
        Ok(Self { first, others })
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        self.first.about.schema()
    }

    /// Some of its columns, ascending, a few thousand rows at a time.
    pub(in crate::data) fn columns(&self, columns: &[usize]) -> Result<Reader> {
        let part = self.first.reader(columns)?;
        let path = self.first.file.path.clone();
        Ok(Reader { part, path, others: self.others.clone().into_iter(), columns: columns.to_vec(), rows: 0 })
    }
}

impl Part {
    fn open(path: &Path) -> Result<Self> {
        let file = Bytewise { path: path.to_owned(), length: stream::open(path)?.1 };
        let about = guarded(path, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()))?;
        Ok(Self { file, about })
    }

    /// Names and types of its columns.
    fn columns(&self) -> Vec<(&str, &DataType)> {
        self.about.schema().fields().iter().map(|field| (field.name().as_str(), field.data_type())).collect()
    }

    fn reader(&self, columns: &[usize]) -> Result<ParquetRecordBatchReader> {
        let path = &self.file.path;
        let mask = ProjectionMask::roots(self.about.parquet_schema(), columns.iter().copied());
        let mut pages = stream::open(path)?.0;
        guarded(path, || {
            parquet_pages::check(&mut pages, self.about.metadata(), |root| columns.contains(&root), self.file.length)
        })?;
        let (file, about) = (self.file.clone(), self.about.clone());
        guarded(path, || {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, about);
            builder.with_projection(mask).with_batch_size(ROWS).build()
        })
    }
}

/// Columns in words.
fn listed(columns: Vec<(&str, &DataType)>) -> String {
    let words: Vec<String> = columns.into_iter().map(|(name, kind)| format!("{name} ({kind})")).collect();
    few(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Rows of some columns.
pub(in crate::data) struct Reader {
    part: ParquetRecordBatchReader,
    /// The file that it reads.
    path: PathBuf,
    /// Files that are still to come.
    others: IntoIter<Part>,
    columns: Vec<usize>,
    rows: usize,
}

impl Reader {
    /// The next rows, nothing after the last ones.
    pub(in crate::data) fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            let (part, rows) = (&mut self.part, self.rows);
            let batch = guarded(&self.path, || part.next().transpose().map_err(|e| format!("after row {rows}: {e}")))?;
            if let Some(batch) = batch {
                self.rows += batch.num_rows();
                return Ok(Some(batch));
            }
            let Some(other) = self.others.next() else { return Ok(None) };
            self.part = other.reader(&self.columns)?;
            self.path.clone_from(&other.file.path);
            self.rows = 0;
        }
    }
}

/// Runs what reads a file, which may stumble over one that contradicts itself.
fn guarded<T, E: ToString>(path: &Path, read: impl FnOnce() -> Result<T, E>) -> Result<T> {
    let read = faults::caught(|| read().map_err(|e| e.to_string()));
    read.unwrap_or_else(|_| Err("it contradicts itself".to_owned())).map_err(|what| {
        Error::format(
            path,
            format!("the Parquet file is damaged, or of a kind that is not read: {}", plain::line(&what)),
        )
    })
}
