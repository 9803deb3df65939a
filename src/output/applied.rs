//! New rows with the cluster a model gives them.

use std::io::{self, Write};

use super::columns::{Column, Columns};
use super::frame::TableFormat;
use super::growing::{BlockCells, Growing, Picked, written};
use crate::data::{Block, Written};
use crate::model::{Labelled, Model, Side};

/// The columns that tell an output of [`Applied`] from another table, however they are numbered.
const TELLING: [&str; 2] = ["cluster", "confidence"];
/// One of which is there too.
const SIDES: [&str; 2] = ["learned_1", "exact_1"];

/// Whether the first line of a file is one that [`Applied`] writes, or that it wrote before it had a confidence.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<&str> = line.trim_end().split(',').collect();
    let last = |wanted: &&str| {
        let numbered = |name: &&str| {
            name.strip_prefix(*wanted).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('_').is_some_and(|n| n.parse::<usize>().is_ok())
            })
        };
        names.iter().rposition(numbered)
    };
    // The labelled table of a run has its confidence behind the coordinates.
    let [cluster, confidence] = TELLING.each_ref().map(last);
    let side = SIDES.iter().filter_map(last).max();
    (cluster.is_some() && confidence.is_some() && confidence < side)
        || (names.starts_with(&["row", "cluster"]) && names.contains(&"learned_1"))
}

/// A labelled table on its way to a writer, a block of rows after the other. Every row has its original columns as they came, then `row`
/// (its place in the source, from 0), `cluster`, `cluster_name` where clusters have names, `confidence`, `unlike` where the model can tell,
/// `learned_1` … and, where diffusion coordinates are clustered, `learned_diffusion_1` …, or `exact_1` … where the exact side labels. A name that the data has already gets a number.
pub struct Applied<'w> {
    out: Growing<'w>,
    header: Vec<String>,
    written: Vec<Written>,
    names: Vec<String>,
    side: Side,
    notes: Vec<String>,
}

impl std::fmt::Debug for Applied<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Applied").field("header", &self.header).finish_non_exhaustive()
    }
}

impl<'w> Applied<'w> {
    /// A table with these original columns, labelled by this side of the model. Nothing is written yet.
    #[must_use]
    pub fn new(
        writer: &'w mut dyn Write,
        format: TableFormat,
        header: &[String],
        (model, side): (&Model, Side),
    ) -> Self {
        let names = model.names.clone();
        let (out, written) = (Growing::new(writer, format), written(header, &model.reading));
        Self { out, header: header.to_vec(), written, names, side, notes: Vec::new() }
    }

    /// Writes some rows, the header before the first of them.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&mut self, block: &Block, labelled: &Labelled) -> io::Result<()> {
        let mut columns = Columns::default();
        columns.push("row", Column::Row(&block.rows));
        let names = (!self.names.is_empty()).then_some(self.names.as_slice());
        columns.clusters("cluster", &labelled.clusters, (names, None));
        columns.push("confidence", Column::Number(&labelled.confidence));
        if let Some(unlike) = &labelled.unlike {
            columns.push("unlike", Column::Flag(unlike));
        }
        columns.coordinates(self.side.name(), labelled.coordinates.view(), None);
        if let Some(diffusion) = &labelled.diffusion {
            columns.coordinates(&format!("{}_diffusion", self.side.name()), diffusion.view(), None);
        }
        let renamed = columns.rename(&self.header);
        if !self.out.has_begun() {
            self.notes = renamed;
        }
        let cells = BlockCells { block, index: None, written: &self.written };
        self.out.write((&self.header, &cells), &columns, &Picked::default(), None)
    }

    /// Sees to it that all of it arrives; a sentence for each column that could not have its name.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<Vec<String>> {
        self.out.finish()?;
        Ok(self.notes)
    }
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
            ("x,row,cluster,confidence,exact_1\n", true),
            ("x,y,cluster,learned_1,exact_1\n", false),
            ("x,confidence\n", false),
            ("x,y,row,cluster,learned_1,exact_1,confidence,unlike\n", false),
            ("x,row,cluster,learned_1,confidence,row_2,cluster_2,confidence_2,unlike,learned_1_2\n", true),
            ("", false),
        ] {
            assert_eq!(is_header(line), own, "{line}");
        }
    }
}
