//! The columns that a labelled table has beside the data's own, and the table itself.
//!
//! What a person looks up counts from 0: rows of the source, and clusters. Eigenvectors count from 1, as in the literature.

use std::collections::HashSet;
use std::io::{self, Write};

use ndarray::{ArrayView1, ArrayView2};

use crate::support::number::shortest;
use crate::support::plain;

/// One column, a cell a row.
#[derive(Debug)]
pub(super) enum Column<'a> {
    /// The place of each row in its source.
    Row(&'a [usize]),
    Cluster(&'a [u32]),
    Name(&'a [u32], &'a [String]),
    /// A word of the program's own.
    Word(&'a [&'static str]),
    /// An eigenvector, and what it is weighted by.
    Coordinate(ArrayView1<'a, f64>, f64),
    /// A number for itself.
    Number(&'a [f64]),
    /// 1 for yes and 0 for no, such as whether a sample is selected.
    Flag(&'a [bool]),
}

impl Column<'_> {
    /// What stands in row `i`; nothing beyond the column's end and for a cluster without a name.
    fn cell(&self, i: usize) -> String {
        let cell = match self {
            Self::Row(places) => places.get(i).map(ToString::to_string),
            Self::Cluster(of) => of.get(i).map(ToString::to_string),
            // Names may be a stranger's: a spreadsheet is kept from taking them for formulas.
            Self::Name(of, names) => {
                of.get(i).and_then(|&c| names.get(c as usize)).map(|name| plain::cell(name).into_owned())
            }
            Self::Word(of) => of.get(i).map(|&word| word.to_owned()),
            Self::Coordinate(vector, weight) => vector.get(i).map(|v| v * weight).map(|v| shortest(v, v)),
            Self::Number(of) => of.get(i).map(|&v| shortest(v, v)),
            Self::Flag(which) => Some(u8::from(which.get(i) == Some(&true)).to_string()),
        };
        cell.unwrap_or_default()
    }
}

/// Columns with their names, in the order they are written.
#[derive(Debug, Default)]
pub(super) struct Columns<'a>(Vec<(String, Column<'a>)>);

impl<'a> Columns<'a> {
    pub(super) fn push(&mut self, name: &str, column: Column<'a>) {
        self.0.push((name.to_owned(), column));
    }

    /// The number of each row's cluster, and `…_name` where clusters have names.
    pub(super) fn clusters(&mut self, name: &str, of: &'a [u32], names: Option<&'a [String]>) {
        self.push(name, Column::Cluster(of));
        if let Some(names) = names {
            self.push(&format!("{name}_name"), Column::Name(of, names));
        }
    }

    /// Eigenvectors as `kind_1` …, each times its weight; all of weight 1 where there are none.
    pub(super) fn coordinates(&mut self, kind: &str, vectors: ArrayView2<'a, f64>, weights: Option<&[f64]>) {
        for j in 0..vectors.ncols() {
            let Some(weight) = weights.map_or(Some(1.0), |weights| weights.get(j).copied()) else { break };
            let vector = vectors.slice_move(ndarray::s![.., j]);
            self.push(&format!("{kind}_{}", j + 1), Column::Coordinate(vector, weight));
        }
    }

    /// Give each column whose name is taken already a number; a sentence for each.
    pub(super) fn rename(&mut self, taken: &[String]) -> Vec<String> {
        let mut taken: HashSet<String> = taken.iter().cloned().collect();
        let mut notes = Vec::new();
        for (name, _) in &mut self.0 {
            let free = free_name(name, &taken);
            if free != *name {
                notes.push(format!("the data has a column `{name}` of its own, so the new one is called `{free}`"));
            }
            taken.insert(free.clone());
            *name = free;
        }
        notes
    }

    /// Writes a table of `n` rows as CSV: a header, and in each row the cells that `before` writes for it, as many as there are names in
    /// `header`, then those of the columns.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn write<'w>(
        &self,
        writer: &'w mut dyn Write,
        n: usize,
        header: &[String],
        before: impl Fn(usize, &mut csv::Writer<&'w mut dyn Write>) -> csv::Result<()>,
    ) -> io::Result<()> {
        let mut csv = table(writer);
        csv.write_record(header.iter().chain(self.names()))?;
        self.write_rows(&mut csv, n, before)?;
        csv.flush()
    }

    /// Names of the columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Writes `n` rows, in each the cells that `before` writes and those of the columns.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn write_rows<'w>(
        &self,
        csv: &mut csv::Writer<&'w mut dyn Write>,
        n: usize,
        before: impl Fn(usize, &mut csv::Writer<&'w mut dyn Write>) -> csv::Result<()>,
    ) -> io::Result<()> {
        for i in 0..n {
            before(i, csv)?;
            for (_, column) in &self.0 {
                csv.write_field(column.cell(i))?;
            }
            csv.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }
}

/// A table on its way to a writer.
pub(super) fn table(writer: &mut dyn Write) -> csv::Writer<&mut dyn Write> {
    csv::WriterBuilder::new().flexible(true).from_writer(writer)
}

/// The name itself, or with the first number from 2 on that makes it new.
pub(super) fn free_name(name: &str, taken: &HashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut count = 2_usize;
    while taken.contains(&free) {
        free = format!("{name}_{count}");
        count += 1;
    }
    free
}
