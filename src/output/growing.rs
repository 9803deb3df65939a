//! A labelled table that is written block by block, in any format, all of it or the columns and rows that a person chose.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, BooleanArray, Int64Array};
use arrow_select::filter::filter;

use super::columns::{Columns, table};
use super::frame::{Frame, TableFormat, other};
use crate::data::{Block, Kind, Notation, Reading, Written};
use crate::support::language::nearest;

/// The original cells of some rows.
pub(super) trait Cells {
    /// How many rows.
    fn len(&self) -> usize;

    /// Where the first of them stands in new columns.
    fn first(&self) -> usize {
        0
    }

    /// The cells of a row as text.
    fn texts(&self, row: usize) -> Vec<Cow<'_, str>>;

    /// All rows as typed columns.
    ///
    /// # Errors
    /// Where parts of a column are not of one kind.
    fn arrays(&self) -> io::Result<Vec<ArrayRef>>;
}

/// A block of a source that is read, each row behind its `index` where there is one.
pub(super) struct BlockCells<'a> {
    pub(super) block: &'a Block,
    pub(super) index: Option<&'a [usize]>,
    /// How columns of text are written to a file with types.
    pub(super) written: &'a [Written],
}

impl Cells for BlockCells<'_> {
    fn len(&self) -> usize {
        self.block.rows.len()
    }

    fn texts(&self, row: usize) -> Vec<Cow<'_, str>> {
        let index = self.index.map(|index| Cow::Owned(index[row].to_string()));
        index.into_iter().chain(self.block.table.texts(row)).collect()
    }

    fn arrays(&self) -> io::Result<Vec<ArrayRef>> {
        let place = |index: &[usize]| index.iter().map(|&i| Some(i as i64)).collect::<Int64Array>();
        let index = self.index.map(place).map(|index| Arc::new(index) as ArrayRef);
        let rest = self.block.table.arrays(0..self.len(), self.written).map_err(other)?;
        Ok(index.into_iter().chain(rest).collect())
    }
}

/// How columns of text are written to a file with types, before all rows are known: those that a model reads as numbers are numbers.
pub(super) fn written(header: &[String], reading: &Reading) -> Vec<Written> {
    let is_number = |(place, name): (usize, &String)| {
        reading.columns.iter().any(|column| {
            let here = if reading.named { column.name == *name } else { column.place == place };
            // With commas they stand as they came: no number of a typed column is written so.
            here && column.kind == Kind::Numbers(Notation::Plain)
        })
    };
    header.iter().enumerate().map(|at| if is_number(at) { Written::Real } else { Written::Text }).collect()
}

/// Which columns of a table are written.
#[derive(Debug, Default)]
pub(super) struct Picked {
    /// Their places; all where nothing is said.
    places: Option<Vec<usize>>,
    /// What could not be as it was wanted.
    pub(super) notes: Vec<String>,
}

impl Picked {
    /// The places of the `wanted` columns, in the order of the table. A name that no column has is passed over with a note: what was
    /// computed is not to be lost over it.
    pub(super) fn new(names: &[String], wanted: Option<&[String]>) -> Self {
        let Some(wanted) = wanted else { return Self::default() };
        let set: HashSet<&str> = wanted.iter().map(String::as_str).collect();
        let there: HashSet<&str> = names.iter().map(String::as_str).collect();
        let mut notes: Vec<String> = Vec::new();
        for name in wanted.iter().filter(|name| !there.contains(name.as_str())) {
            let meant = nearest(name, names.iter().map(String::as_str));
            let meant = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
            notes.push(format!("the table has no column `{name}`, and it is not written{meant}"));
        }
        let places: Vec<usize> = (0..names.len()).filter(|&at| set.contains(names[at].as_str())).collect();
        if places.is_empty() {
            notes.push("none of the columns asked for is there, so that all are written".to_owned());
            return Self { places: None, notes };
        }
        Self { places: Some(places), notes }
    }

    /// Of things, one for each column, those of the columns that are written.
    fn of<T>(&self, all: impl Iterator<Item = T>) -> Vec<T> {
        let Some(places) = &self.places else { return all.collect() };
        let mut next = places.iter().peekable();
        all.enumerate().filter_map(|(at, thing)| next.next_if(|&&place| place == at).map(|_| thing)).collect()
    }
}

/// A table on its way to a writer: in each row its original cells, then new columns.
pub(super) struct Growing<'w> {
    out: Out<'w>,
    begun: bool,
}

/// What rows are written to.
enum Out<'w> {
    Text(Box<csv::Writer<&'w mut dyn Write>>),
    Frame(Frame<'w>),
}

impl<'w> Growing<'w> {
    /// A table of which nothing is written yet.
    pub(super) fn new(writer: &'w mut dyn Write, format: TableFormat) -> Self {
        let out = match format.delimiter() {
            Some(delimiter) => Out::Text(Box::new(table(writer, delimiter))),
            None => Out::Frame(Frame::new(writer, format)),
        };
        Self { out, begun: false }
    }

    /// Whether rows were written.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Writes rows, the header before the first of them: their original cells, whose names are `header`, then new columns; of these the
    /// `picked` columns, and of the rows those that `which` marks.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn write(
        &mut self,
        (header, cells): (&[String], &dyn Cells),
        columns: &Columns<'_>,
        picked: &Picked,
        which: Option<&[bool]>,
    ) -> io::Result<()> {
        let begins = !std::mem::replace(&mut self.begun, true);
        let (n, first) = (cells.len(), cells.first());
        match &mut self.out {
            Out::Text(csv) => {
                if begins {
                    csv.write_record(picked.of(header.iter().chain(columns.names())))?;
                }
                for row in (0..n).filter(|&row| which.is_none_or(|which| which[row])) {
                    let all = cells.texts(row).into_iter().chain(columns.texts(first + row).map(Cow::Owned));
                    let record = picked.of(all);
                    csv.write_record(record.iter().map(|cell| cell.as_bytes()))?;
                }
                Ok(())
            }
            Out::Frame(frame) => {
                let names = picked.of(header.iter().chain(columns.names()).cloned());
                let mut arrays = picked.of(cells.arrays()?.into_iter().chain(columns.arrays(first..first + n)));
                if let Some(which) = which {
                    let which = BooleanArray::from(which[..n].to_vec());
                    for array in &mut arrays {
                        debug_assert_eq!(array.len(), n);
                        *array = filter(array.as_ref(), &which).map_err(other)?;
                    }
                }
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
            Out::Text(mut csv) => csv.flush(),
            Out::Frame(frame) => frame.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_columns_keep_the_order_of_the_table_and_an_unknown_one_is_said() {
        let names = ["x", "y", "cluster", "cluster_name"].map(str::to_owned);
        let wanted = ["cluster", "x", "clustr_name"].map(str::to_owned);
        let picked = Picked::new(&names, Some(&wanted));
        assert_eq!(picked.of(names.iter()), ["x", "cluster"]);
        assert!(
            picked.notes.len() == 1 && picked.notes[0].contains("did you mean `cluster_name`?"),
            "{:?}",
            picked.notes
        );
        let none = Picked::new(&names, Some(&["z9q".to_owned()]));
        assert_eq!((none.of(names.iter()).len(), none.notes.len()), (4, 2), "what was computed is not lost");
    }
}
