//! A labelled table that is written block by block, in any format.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::Int64Array;

use super::columns::{Columns, table};
use super::frame::{Frame, TableFormat};
use crate::data::{Block, Kind, Notation, Reading, Written};

/// A table on its way to a writer: in each row its original cells, then new columns.
pub(super) struct Growing<'w> {
    out: Out<'w>,
    begun: bool,
}

/// What rows are written to.
enum Out<'w> {
    Csv(Box<csv::Writer<&'w mut dyn Write>>),
    /// With how each original column is written that is text.
    Frame(Frame<'w>, Vec<Written>),
}

impl<'w> Growing<'w> {
    /// A table of which nothing is written yet, with original columns that are read so.
    pub(super) fn new(writer: &'w mut dyn Write, format: TableFormat, header: &[String], reading: &Reading) -> Self {
        let out = match format {
            TableFormat::Csv => Out::Csv(Box::new(table(writer))),
            _ => Out::Frame(Frame::new(writer, format), written(header, reading)),
        };
        Self { out, begun: false }
    }

    /// Whether rows were written.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Writes the rows of a block, the header before the first of them; before its cells the `index` of each, where there is one, which is
    /// named in the header too.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn write(
        &mut self,
        header: &[String],
        block: &Block,
        index: Option<&[usize]>,
        columns: &Columns<'_>,
    ) -> io::Result<()> {
        let begins = !std::mem::replace(&mut self.begun, true);
        let n = block.rows.len();
        match &mut self.out {
            Out::Csv(csv) => {
                if begins {
                    csv.write_record(header.iter().chain(columns.names()))?;
                }
                columns.write_rows(csv, n, |i, csv| {
                    if let Some(index) = index {
                        csv.write_field(index[i].to_string())?;
                    }
                    block.table.texts(i).try_for_each(|cell| csv.write_field(cell.as_bytes()))
                })
            }
            Out::Frame(frame, written) => {
                let names: Vec<String> = header.iter().chain(columns.names()).cloned().collect();
                let place = |index: &[usize]| index.iter().map(|&i| Some(i as i64)).collect::<Int64Array>();
                let mut arrays: Vec<arrow_array::ArrayRef> =
                    index.map(place).into_iter().map(|index| Arc::new(index) as _).collect();
                arrays.extend(block.table.arrays(0..n, written).map_err(io::Error::other)?);
                arrays.extend(columns.arrays(0..n));
                frame.write(&names, arrays)
            }
        }
    }

    /// Sees to it that all of it arrives.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.out {
            Out::Csv(mut csv) => csv.flush(),
            Out::Frame(frame, _) => frame.finish(),
        }
    }
}

/// How columns of text are written to a file with types, before all rows are known: those that the model reads as numbers are numbers.
fn written(header: &[String], reading: &Reading) -> Vec<Written> {
    let is_number = |(place, name): (usize, &String)| {
        reading.columns.iter().any(|column| {
            let here = if reading.named { column.name == *name } else { column.place == place };
            // With commas they stand as they came: no number of a typed column is written so.
            here && column.kind == Kind::Numbers(Notation::Plain)
        })
    };
    header.iter().enumerate().map(|at| if is_number(at) { Written::Real } else { Written::Text }).collect()
}
