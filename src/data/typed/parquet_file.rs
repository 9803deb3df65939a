//! Parquet: columns in groups of rows, read from the end of the file; `parquet` unpacks them.

use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use super::parquet_pages;
use crate::data::bytes::stream;
use crate::support::{faults, plain};
use crate::{Error, Result};

/// How a file begins and ends.
pub(in crate::data) const MARK: &[u8] = b"PAR1";
/// Rows that are read at once.
pub(in crate::data) const ROWS: usize = 8192;

/// A file of which the columns are known.
#[derive(Clone)]
pub(in crate::data) struct Parquet {
    path: PathBuf,
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
    /// Reads what a file says of itself.
    pub(in crate::data) fn open(path: &Path) -> Result<Self> {
        let file = Bytewise { path: path.to_owned(), length: stream::open(path)?.1 };
        let about = guarded(path, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()))?;
        Ok(Self { path: path.to_owned(), file, about })
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        self.about.schema()
    }

    /// Some of its columns, ascending, a few thousand rows at a time.
    pub(in crate::data) fn columns(&self, columns: &[usize]) -> Result<Reader> {
        let mask = ProjectionMask::roots(self.about.parquet_schema(), columns.iter().copied());
        let mut pages = stream::open(&self.path)?.0;
        guarded(&self.path, || {
            parquet_pages::check(&mut pages, self.about.metadata(), |root| columns.contains(&root), self.file.length)
        })?;
        let (file, about) = (self.file.clone(), self.about.clone());
        let batches = guarded(&self.path, || {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, about);
            builder.with_projection(mask).with_batch_size(ROWS).build()
        })?;
        Ok(Reader { batches, path: self.path.clone(), rows: 0 })
    }
}

/// Rows of some columns.
pub(in crate::data) struct Reader {
    batches: ParquetRecordBatchReader,
    path: PathBuf,
    rows: usize,
}

impl Reader {
    /// The next rows, nothing after the last ones.
    pub(in crate::data) fn next(&mut self) -> Result<Option<RecordBatch>> {
        let (batches, rows) = (&mut self.batches, self.rows);
        let batch = guarded(&self.path, || batches.next().transpose().map_err(|e| format!("after row {rows}: {e}")))?;
        self.rows += batch.as_ref().map_or(0, RecordBatch::num_rows);
        Ok(batch)
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
