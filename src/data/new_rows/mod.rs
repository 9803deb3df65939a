//! New rows for a model, read as its training read them, a block after the other: a table that is streamed may be endless.

pub(super) mod adapted;
pub(super) mod counts;
mod opening;
pub(super) mod placement;
pub(super) mod rows_from;
pub(super) mod typed;

use std::path::PathBuf;

use ndarray::Array2;

use super::cell::is_missing;
use super::columns::labels::Classes;
use super::values::Values;
use super::{ColumnReading, Reading, Table};
use crate::support::number::shortest;
use crate::{Error, Result};
use adapted::adapted;
use counts::{Counts, count, fill, part_of, wrong};
use placement::Placement;
use rows_from::{Cells, records};
use typed::TypedRows;

/// Rows of a block.
const BLOCK: usize = 8192;
/// Cells of a block, where rows are long.
const CELLS: usize = 1 << 20;
/// With more pixels than this the features of an image are no columns of the table, as in a run's.
const WIDE_IMAGE: usize = 64;

/// New rows on their way to a model.
pub struct NewRows<'a> {
    pub(super) reading: &'a Reading,
    /// Its columns as the rows want them, which may be written otherwise than in the training.
    columns: Vec<ColumnReading>,
    pub(super) path: PathBuf,
    /// Names of the original columns.
    header: Vec<String>,
    pub(super) from: From,
    pub(super) placement: Placement,
    /// How many were given away.
    pub(super) given: usize,
    /// What was found in each column of the reading.
    pub(super) counts: Vec<Counts>,
    pub(super) notes: Vec<String>,
}

impl std::fmt::Debug for NewRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewRows").field("path", &self.path).field("header", &self.header).finish_non_exhaustive()
    }
}

/// Where rows come from.
pub(super) enum From {
    Cells(Cells),
    Array(Array),
    Typed(TypedRows),
}

/// Rows of numbers.
pub(super) struct Array {
    features: Values,
    classes: Option<Classes>,
    /// Rows that are still to come, the last one first.
    rows: Vec<usize>,
    /// The place of each row in its source, where some of them were drawn before.
    places: Option<Vec<usize>>,
    /// Whether the features are among the original columns.
    shown: bool,
    /// What is known of the rows beside their features: the names of pictures.
    table: Option<Table>,
}

/// Some new rows.
#[derive(Clone, Debug)]
pub struct Block {
    /// The original columns, word for word; of arrays their numbers.
    pub table: Table,
    /// The place of each row in its source, from 0.
    pub rows: Vec<usize>,
    /// Features, `n × d`, before any scaling.
    pub features: Array2<f64>,
    pub(super) label: Option<usize>,
    /// The cells of that column, where they are no text.
    pub(super) labels: Vec<String>,
}

impl Block {
    /// The class of a row, where it has one.
    #[must_use]
    pub fn label(&self, row: usize) -> Option<&str> {
        let cell = |column| self.labels.get(row).map_or_else(|| self.table.cell(row, column), String::as_str).trim();
        self.label.map(cell).filter(|name| !is_missing(name))
    }
}

impl<'a> NewRows<'a> {
    pub(super) fn over(
        from: From,
        header: Vec<String>,
        (mut placement, path): (Placement, PathBuf),
        reading: &'a Reading,
    ) -> Self {
        let notes = placement.note.take().into_iter().collect();
        let counts = vec![Counts::default(); reading.columns.len()];
        Self { reading, columns: Vec::new(), path, header, from, placement, given: 0, counts, notes }
    }

    /// Names of the original columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Whether the original columns hold the features: not those of large pictures, nor the components of sparse rows.
    #[must_use]
    pub fn shows_features(&self) -> bool {
        match &self.from {
            From::Cells(_) | From::Typed(_) => true,
            From::Array(array) => array.shown,
        }
    }

    /// The next rows, at most 8192; nothing after the last ones.
    ///
    /// # Errors
    /// A cell that is neither what training had nor missing, a row of another length, no row at all; each with its line.
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        let width = self.header.len().max(self.reading.features()).max(1);
        let most = BLOCK.min(CELLS / width).max(1);
        let block = match &mut self.from {
            From::Cells(cells) => {
                let (table, places) = records(cells, &self.header, most, &self.path)?;
                if table.is_empty() { None } else { Some(self.read(table, &places)?) }
            }
            From::Array(array) => {
                let rows: Vec<usize> = (0..most).map_while(|_| array.rows.pop()).collect();
                if rows.is_empty() { None } else { Some(self.read_array(rows)?) }
            }
            From::Typed(rows) => {
                let block = rows.next(most)?;
                block.map(|block| self.read_typed(&block)).transpose()?
            }
        };
        let Some(block) = block else {
            return if self.given > 0 { Ok(None) } else { Err(Error::format(&self.path, "no row follows the header")) };
        };
        self.given += block.rows.len();
        Ok(Some(block))
    }

    /// Cells become features.
    fn read(&mut self, table: Table, places: &[(usize, u64)]) -> Result<Block> {
        if self.given == 0 {
            let (columns, notes) = adapted(self.reading, &table, &self.placement.slots);
            self.columns = columns;
            self.notes.extend(notes);
        }
        let (reading, path, columns) = (self.reading, &self.path, &self.columns);
        let slots = &self.placement.slots;
        let read = |row: usize, features: &mut [f64], starts: &[usize], counts: &mut [Counts]| {
            for (place, text) in table.record(row).enumerate() {
                let Some(slot) = slots.get(place).copied().flatten() else { continue };
                let (column, into) = (&columns[slot], part_of(features, starts, slot));
                let seen = column.read(text, into).map_err(|complaint| {
                    let line = places.get(row).map_or(0, |place| place.1);
                    wrong(path, &format!("line {line}"), column, &complaint)
                })?;
                count(&mut counts[slot], seen, || text.trim().to_owned());
            }
            Ok(())
        };
        let (features, counts) = fill(reading, table.len(), read)?;
        if self.given == 0 {
            self.check_kinds(&counts, table.len())?;
        }
        self.count(counts);
        let rows = places.iter().map(|place| place.0).collect();
        Ok(Block { table, rows, features, label: self.placement.label, labels: Vec::new() })
    }

    /// Numbers of an array become features.
    fn read_array(&mut self, rows: Vec<usize>) -> Result<Block> {
        let From::Array(array) = &self.from else { return Err(Error::Data("these rows are no array".to_owned())) };
        let (reading, path, slots) = (self.reading, &self.path, &self.placement.slots);
        let read = |row: usize, features: &mut [f64], starts: &[usize], counts: &mut [Counts]| {
            for (value, slot) in array.features.row(rows[row]).into_iter().zip(slots) {
                let Some(slot) = *slot else { continue };
                let (column, into) = (&reading.columns[slot], part_of(features, starts, slot));
                let seen = column
                    .read_number(value, into)
                    .map_err(|complaint| wrong(path, &format!("row {}", rows[row] + 1), column, &complaint))?;
                count(&mut counts[slot], seen, || value.to_string());
            }
            Ok(())
        };
        let (features, counts) = fill(reading, rows.len(), read)?;
        let mut table = Table::new(self.header.clone());
        for &row in &rows {
            let values = array.features.row(row);
            let single = matches!(array.features, Values::Single(_));
            let digits = |v: f64| if single { shortest(v, v as f32) } else { shortest(v, v) };
            let shown = array.shown.then_some(values).into_iter().flatten();
            let mut cells: Vec<String> = shown.map(digits).collect();
            if let Some(table) = &array.table {
                cells.extend(table.texts(row).map(std::borrow::Cow::into_owned));
            } else if let Some(classes) = &array.classes {
                let name = classes.ids.get(row).and_then(|&id| classes.names.get(id as usize));
                cells.push(name.cloned().unwrap_or_default());
            }
            table.push(cells.iter().map(String::as_str))?;
        }
        let label = array.classes.as_ref().and(self.header.len().checked_sub(1));
        let rows = match &array.places {
            Some(places) => rows.into_iter().map(|row| places[row]).collect(),
            None => rows,
        };
        self.count(counts);
        Ok(Block { table, rows, features, label, labels: Vec::new() })
    }
}
