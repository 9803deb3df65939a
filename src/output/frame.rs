//! Tables in the formats that other programs read with their types: Parquet, Arrow, JSON Lines, NPZ and Excel.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::excel::Sheet;
use super::npz::Archive;
use crate::data::cell_text;

/// Rows that Parquet keeps together, and that are in memory until then.
const GROUP: usize = 1 << 17;

/// A format for tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    /// Text with commas
    #[default]
    Csv,
    /// Text with tabs
    Tsv,
    /// Columns with types, packed
    Parquet,
    /// The same as an Arrow file, which is Feather too
    Arrow,
    /// An object a line
    Jsonl,
    /// An array of NumPy for each column
    Npz,
    /// A spreadsheet of Excel
    Xlsx,
}

impl TableFormat {
    /// All of them, the usual one first.
    pub const ALL: [Self; 7] = [Self::Csv, Self::Tsv, Self::Parquet, Self::Arrow, Self::Jsonl, Self::Npz, Self::Xlsx];

    /// The one that a file's name says; CSV where it says none.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        Self::named(path).unwrap_or_default()
    }

    /// The one that the end of a file's name says, if it says one.
    #[must_use]
    pub fn named(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_string_lossy().to_lowercase();
        Self::ALL.into_iter().find(|format| format.about().ends.contains(&end.as_str()))
    }

    /// What stands between cells, where the format is text with cells.
    pub(super) fn delimiter(self) -> Option<u8> {
        self.about().delimiter
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// What it keeps and who reads it, in one sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.about().sentence
    }

    /// How names of its files end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.about().ends[0]
    }

    const fn about(self) -> About {
        match self {
            Self::Csv => About {
                name: "CSV",
                sentence: "Text with commas, every digit kept; every program reads it",
                ends: &["csv"],
                delimiter: Some(b','),
            },
            Self::Tsv => About {
                name: "TSV",
                sentence: "Text with tabs, every digit kept; it can be pasted into a spreadsheet",
                ends: &["tsv", "tab"],
                delimiter: Some(b'\t'),
            },
            Self::Parquet => About {
                name: "Parquet",
                sentence: "Columns with types, packed; pandas, Polars, DuckDB and Spark read it",
                ends: &["parquet", "pq"],
                delimiter: None,
            },
            Self::Arrow => About {
                name: "Arrow",
                sentence: "Columns with types as an Arrow file, which is Feather too",
                ends: &["arrow", "feather", "ipc"],
                delimiter: None,
            },
            Self::Jsonl => About {
                name: "JSON Lines",
                sentence: "An object a line with numbers as numbers; gaps are null",
                ends: &["jsonl", "ndjson"],
                delimiter: None,
            },
            Self::Npz => About {
                name: "NPZ",
                sentence: "An array of NumPy for each column, without pickles; gaps of numbers are NaN",
                ends: &["npz"],
                delimiter: None,
            },
            Self::Xlsx => About {
                name: "Excel",
                sentence: "A spreadsheet: at most 1,048,575 rows and 16,384 columns, whole numbers to 15 digits",
                ends: &["xlsx"],
                delimiter: None,
            },
        }
    }
}

/// What there is to say of a format.
struct About {
    name: &'static str,
    sentence: &'static str,
    /// How names of its files may end, the usual end first.
    ends: &'static [&'static str],
    /// What stands between cells, where it is text with cells.
    delimiter: Option<u8>,
}

/// What is written and not yet given on: the writers of Parquet and Arrow want one that is theirs.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    /// Gives on what there is.
    fn pass_on(&self, writer: &mut dyn Write) -> io::Result<()> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        writer.write_all(&bytes)
    }
}

/// A table of typed columns on its way to a writer, some rows after the other.
pub(super) struct Frame<'w> {
    writer: &'w mut dyn Write,
    format: TableFormat,
    between: Shared,
    open: Option<Open>,
}

enum Open {
    Parquet(SchemaRef, Box<ArrowWriter<Shared>>),
    Arrow(SchemaRef, Box<FileWriter<Shared>>),
    Npz(Archive),
    Xlsx(Box<Sheet>),
}

impl<'w> Frame<'w> {
    /// A table of which nothing is written yet.
    pub(super) fn new(writer: &'w mut dyn Write, format: TableFormat) -> Self {
        Self { writer, format, between: Shared::default(), open: None }
    }

    /// Writes rows, a column after the other; those of all calls have the same names and types.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn write(&mut self, names: &[String], columns: Vec<ArrayRef>) -> io::Result<()> {
        if self.format == TableFormat::Jsonl {
            return write_objects(self.writer, names, &columns);
        }
        if self.open.is_none() {
            let field = |(name, column): (&String, &ArrayRef)| Field::new(name, column.data_type().clone(), true);
            let schema = Arc::new(Schema::new(names.iter().zip(&columns).map(field).collect::<Vec<_>>()));
            self.open = Some(self.begin(schema)?);
        }
        match &mut self.open {
            Some(Open::Parquet(schema, file)) => {
                let batch = RecordBatch::try_new(Arc::clone(schema), columns).map_err(other)?;
                file.write(&batch).map_err(other)?;
            }
            Some(Open::Arrow(schema, file)) => {
                let batch = RecordBatch::try_new(Arc::clone(schema), columns).map_err(other)?;
                file.write(&batch).map_err(other)?;
            }
            Some(Open::Npz(archive)) => archive.write(&columns)?,
            Some(Open::Xlsx(sheet)) => sheet.write(names, &columns)?,
            None => {}
        }
        self.between.pass_on(self.writer)
    }

    fn begin(&self, schema: SchemaRef) -> io::Result<Open> {
        let between = self.between.clone();
        if self.format == TableFormat::Npz {
            let names = schema.fields().iter().map(|field| field.name().clone()).collect();
            return Ok(Open::Npz(Archive::new(names)?));
        }
        if self.format == TableFormat::Xlsx {
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            return Ok(Open::Xlsx(Box::new(Sheet::new(&names)?)));
        }
        if self.format == TableFormat::Arrow {
            let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME));
            let file = FileWriter::try_new_with_options(between, &schema, options.map_err(other)?).map_err(other)?;
            return Ok(Open::Arrow(schema, Box::new(file)));
        }
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("eigenscope {}", env!("CARGO_PKG_VERSION")))
            .set_max_row_group_row_count(Some(GROUP));
        for field in schema.fields().iter().filter(|field| field.data_type() == &DataType::Float64) {
            // Numbers that hardly come again take longer to look up than to write.
            let path = ColumnPath::new(vec![field.name().clone()]);
            properties = properties.set_column_dictionary_enabled(path, false);
        }
        let file = ArrowWriter::try_new(between, Arc::clone(&schema), Some(properties.build())).map_err(other)?;
        Ok(Open::Parquet(schema, Box::new(file)))
    }

    /// Writes what comes at the end.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.open {
            Some(Open::Parquet(_, file)) => {
                file.close().map_err(other)?;
            }
            Some(Open::Arrow(_, mut file)) => file.finish().map_err(other)?,
            Some(Open::Npz(archive)) => archive.finish(self.writer)?,
            Some(Open::Xlsx(sheet)) => sheet.finish(self.writer)?,
            None => {}
        }
        self.between.pass_on(self.writer)?;
        self.writer.flush()
    }
}

pub(super) fn other(e: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(e)
}

/// Rows as objects, one a line; a null is left as null.
fn write_objects(writer: &mut dyn Write, names: &[String], columns: &[ArrayRef]) -> io::Result<()> {
    let keys: Vec<String> = names.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let rows = columns.first().map_or(0, Array::len);
    let mut line = Vec::new();
    for row in 0..rows {
        line.clear();
        for (at, (key, column)) in keys.iter().zip(columns).enumerate() {
            line.push(if at == 0 { b'{' } else { b',' });
            line.extend_from_slice(key.as_bytes());
            line.push(b':');
            let kind = column.data_type();
            match cell_text(column.as_ref(), row) {
                None => line.extend_from_slice(b"null"),
                Some(text)
                    if (kind.is_numeric() || kind == &DataType::Boolean)
                        && text.parse::<f64>().is_ok_and(f64::is_finite) =>
                {
                    line.extend_from_slice(text.as_bytes());
                }
                Some(text) if kind == &DataType::Boolean => line.extend_from_slice(text.as_bytes()),
                Some(text) => serde_json::to_writer(&mut line, text.as_ref())?,
            }
        }
        line.extend_from_slice(b"}\n");
        writer.write_all(&line)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use arrow_array::{BooleanArray, Float64Array, Int64Array, StringArray};

    use super::*;

    #[test]
    fn a_name_says_the_format() {
        let of = |name: &str| TableFormat::of(Path::new(name));
        assert_eq!([of("a.parquet"), of("a.PQ")], [TableFormat::Parquet; 2]);
        assert_eq!([of("a.arrow"), of("a.feather")], [TableFormat::Arrow; 2]);
        assert_eq!([of("a.jsonl"), of("a.csv"), of("a")], [TableFormat::Jsonl, TableFormat::Csv, TableFormat::Csv]);
        for format in TableFormat::ALL {
            assert_eq!(TableFormat::named(&Path::new("a").with_extension(format.extension())), Some(format));
        }
    }

    #[test]
    fn objects_have_numbers_flags_texts_and_gaps() {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(vec![Some(9_007_199_254_740_993), None])),
            Arc::new(Float64Array::from(vec![0.5, 1e-9])),
            Arc::new(BooleanArray::from(vec![true, false])),
            Arc::new(StringArray::from(vec!["a \"b\"", "008"])),
        ];
        let names = ["n", "x", "yes", "word"].map(str::to_owned);
        let mut out = Vec::new();
        let mut frame = Frame::new(&mut out, TableFormat::Jsonl);
        frame.write(&names, columns).expect("memory takes it");
        frame.finish().expect("memory takes it");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(
            text,
            "{\"n\":9007199254740993,\"x\":0.5,\"yes\":true,\"word\":\"a \\\"b\\\"\"}\n{\"n\":null,\"x\":1e-9,\"yes\":false,\"word\":\"008\"}\n"
        );
    }
}
