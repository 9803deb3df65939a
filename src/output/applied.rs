//! New rows with the cluster a model gives them.

use std::io::{self, Write};

use super::columns::{Column, Columns, table};
use super::frame::{Frame, TableFormat};
use crate::data::{Block, Kind, Reading, Written};
use crate::model::{Labelled, Model};

/// The columns that tell an output of [`Applied`] from another table, however they are numbered.
const TELLING: [&str; 3] = ["cluster", "confidence", "learned_1"];

/// Whether the first line of a file is one that [`Applied`] writes, or that it wrote before it had a confidence.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<&str> = line.trim_end().split(',').collect();
    let has = |wanted: &&str| {
        let numbered = |name: &&str| {
            name.strip_prefix(*wanted).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('_').is_some_and(|n| n.parse::<usize>().is_ok())
            })
        };
        names.iter().any(numbered)
    };
    TELLING.iter().all(has) || (names.starts_with(&["row", "cluster"]) && names.contains(&"learned_1"))
}

/// A labelled table on its way to a writer, a block of rows after the other. Every row has its original columns as they came, then `row`
/// (its place in the source, from 0), `cluster`, `cluster_name` where clusters have names, `confidence`, `unlike` where the model can tell,
/// `learned_1` … and, where diffusion coordinates are clustered, `learned_diffusion_1` …. A name that the data has already gets a number.
pub struct Applied<'w> {
    out: Out<'w>,
    header: Vec<String>,
    names: Vec<String>,
    begun: bool,
    notes: Vec<String>,
}

/// What rows are written to.
enum Out<'w> {
    Csv(Box<csv::Writer<&'w mut dyn Write>>),
    /// With how each original column is written that is text.
    Frame(Frame<'w>, Vec<Written>),
}

impl std::fmt::Debug for Applied<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Applied").field("header", &self.header).finish_non_exhaustive()
    }
}

impl<'w> Applied<'w> {
    /// A table with these original columns, labelled by this model. Nothing is written yet.
    #[must_use]
    pub fn new(writer: &'w mut dyn Write, format: TableFormat, header: &[String], model: &Model) -> Self {
        let names = model.names.clone();
        let out = match format {
            TableFormat::Csv => Out::Csv(Box::new(table(writer))),
            _ => Out::Frame(Frame::new(writer, format), written(header, &model.reading)),
        };
        Self { out, header: header.to_vec(), names, begun: false, notes: Vec::new() }
    }

    /// Writes some rows, the header before the first of them.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&mut self, block: &Block, labelled: &Labelled) -> io::Result<()> {
        let mut columns = Columns::default();
        columns.push("row", Column::Row(&block.rows));
        columns.clusters("cluster", &labelled.clusters, (!self.names.is_empty()).then_some(&self.names));
        columns.push("confidence", Column::Number(&labelled.confidence));
        if let Some(unlike) = &labelled.unlike {
            columns.push("unlike", Column::Flag(unlike));
        }
        columns.coordinates("learned", labelled.coordinates.view(), None);
        if let Some(diffusion) = &labelled.diffusion {
            columns.coordinates("learned_diffusion", diffusion.view(), None);
        }
        let renamed = columns.rename(&self.header);
        let begins = !std::mem::replace(&mut self.begun, true);
        if begins {
            self.notes = renamed;
        }
        let n = block.rows.len();
        match &mut self.out {
            Out::Csv(csv) => {
                if begins {
                    csv.write_record(self.header.iter().chain(columns.names()))?;
                }
                columns.write_rows(csv, n, |i, csv| {
                    block.table.texts(i).try_for_each(|cell| csv.write_field(cell.as_bytes()))
                })
            }
            Out::Frame(frame, written) => {
                let names: Vec<String> = self.header.iter().chain(columns.names()).cloned().collect();
                let mut arrays = block.table.arrays(0..n, written).map_err(io::Error::other)?;
                arrays.extend(columns.arrays(0..n));
                frame.write(&names, arrays)
            }
        }
    }

    /// Sees to it that all of it arrives; a sentence for each column that could not have its name.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<Vec<String>> {
        match self.out {
            Out::Csv(mut csv) => csv.flush()?,
            Out::Frame(frame, _) => frame.finish()?,
        }
        Ok(self.notes)
    }
}

/// How columns of text are written to a file with types, before all rows are known: those that the model reads as numbers are numbers.
fn written(header: &[String], reading: &Reading) -> Vec<Written> {
    let is_number = |(place, name): (usize, &String)| {
        reading.columns.iter().any(|column| {
            let here = if reading.named { column.name == *name } else { column.place == place };
            here && matches!(column.kind, Kind::Numbers(_))
        })
    };
    header.iter().enumerate().map(|at| if is_number(at) { Written::Real } else { Written::Text }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_output_is_known_by_its_header() {
        for (line, own) in [
            ("x,y,row,cluster,confidence,unlike,learned_1,learned_2\n", true),
            ("cluster,row,row_2,cluster_2,cluster_name,confidence,learned_1\r\n", true),
            ("row,cluster,learned_1\n", true),
            ("x,y,cluster,learned_1,exact_1\n", false),
            ("x,confidence\n", false),
            ("", false),
        ] {
            assert_eq!(is_header(line), own, "{line}");
        }
    }
}
