//! New rows from a table of typed columns, read as they are asked for.

use std::vec::IntoIter;

use arrow_array::ArrayRef;
use rayon::prelude::*;

use super::From;
use super::counts::{Counts, count, fill, part_of, wrong};
use super::placement::{Names, place};
use crate::data::bytes::source::Input;
use crate::data::table::numbered;
use crate::data::table_columns::Column;
use crate::data::typed::arrays::{self, Holds, Parts};
use crate::data::typed::batches::{Batches, Columns};
use crate::data::{Block, ColumnReading, Kind, NewRows, Notation, Reading, Table};
use crate::support::random::{Stream, rng};
use crate::{Error, Recipe, Result};

/// Rows on their way.
pub(in crate::data) struct TypedRows {
    columns: Columns,
    header: Vec<String>,
    holds: Vec<Holds>,
    /// The rows that are wanted and still to come, where not all are.
    wanted: Option<std::iter::Peekable<IntoIter<usize>>>,
}

/// Some of them.
pub(in crate::data) struct TypedBlock {
    /// All columns as they came.
    pub(in crate::data) arrays: Vec<ArrayRef>,
    /// Of those arrays the rows that are wanted, and the place of each in its source.
    pub(in crate::data) picked: Vec<usize>,
    pub(in crate::data) rows: Vec<usize>,
}

/// The cells of a column as a model reads them.
enum Cells<'a> {
    /// As numbers.
    Numbers(Vec<f64>),
    /// As text.
    Text(&'a ArrayRef),
    /// Not at all.
    Unread,
}

impl TypedRows {
    /// All rows, or at most `limit` of them, drawn with the seed; and a sentence where some are left out.
    pub(in crate::data) fn new(mut batches: Batches, limit: usize, seed: u64) -> Result<(Self, Option<String>)> {
        let of = if limit > 0 { batches.count()? } else { 0 };
        let all: Vec<usize> = (0..batches.header.len()).collect();
        let columns = batches.columns(&all)?;
        let mut rows = Self { columns, header: batches.header, holds: batches.holds, wanted: None };
        if limit == 0 || of <= limit {
            return Ok((rows, None));
        }
        let mut picked = rand::seq::index::sample(&mut rng(seed, Stream::Limit, 0), of, limit).into_vec();
        picked.sort_unstable();
        rows.wanted = Some(picked.into_iter().peekable());
        Ok((rows, Some(format!("{limit} of {of} rows kept, drawn at random (--limit {limit})"))))
    }

    /// The next of the wanted rows, from at most `most` of all; nothing after the last ones.
    pub(in crate::data) fn next(&mut self, most: usize) -> Result<Option<TypedBlock>> {
        loop {
            let first = self.columns.rows();
            let Some(arrays) = self.columns.next(most)? else { return Ok(None) };
            let rows = first..self.columns.rows();
            let rows: Vec<usize> = match &mut self.wanted {
                Some(wanted) => std::iter::from_fn(|| wanted.next_if(|row| rows.contains(row))).collect(),
                None => rows.collect(),
            };
            if !rows.is_empty() {
                let picked = rows.iter().map(|row| row - first).collect();
                return Ok(Some(TypedBlock { arrays, picked, rows }));
            }
        }
    }

    /// The rows as a table that holds what came.
    pub(in crate::data) fn table(&self, block: &TypedBlock) -> Table {
        let mut table = Table::with_holes(self.header.clone(), &[]);
        let count = block.arrays.first().map_or(0, |array| array.len());
        table.forget_texts(count);
        for (column, array) in block.arrays.iter().enumerate() {
            table.set_column(column, Column::Parts(Parts::one(array.clone()), None));
        }
        if block.picked.len() == count { table } else { table.select(&block.picked) }
    }

    /// What each column holds.
    pub(in crate::data) fn holds(&self) -> &[Holds] {
        &self.holds
    }
}

impl<'a> NewRows<'a> {
    /// Rows of a table of typed columns.
    pub(super) fn of_typed(input: Input, reading: &'a Reading, recipe: &Recipe) -> Result<Self> {
        let mut batches = Batches::open(input)?;
        let (path, header) = (batches.path.clone(), batches.header.clone());
        let own = header != numbered(header.len());
        let placement = place(reading, Names { header: &header, own, path: &path })?;
        let mut notes = std::mem::take(&mut batches.notes);
        let (rows, note) = TypedRows::new(batches, recipe.limit, recipe.seed)?;
        notes.extend(note);
        let mut new = Self::over(From::Typed(rows), header, (placement, path), reading);
        new.notes.extend(notes);
        Ok(new)
    }

    /// Typed columns become features.
    pub(super) fn read_typed(&mut self, block: &TypedBlock) -> Result<Block> {
        let From::Typed(rows) = &self.from else { return Err(Error::Data("these rows are no columns".to_owned())) };
        let (reading, path, slots) = (self.reading, &self.path, &self.placement.slots);
        let holds = rows.holds();
        let of = |slot: Option<usize>| slot.and_then(|slot| reading.columns.get(slot));
        let cells = block
            .arrays
            .par_iter()
            .enumerate()
            .map(|(place, array)| cells_of(holds[place], array, of(slots.get(place).copied().flatten())));
        let cells: Vec<Cells<'_>> = cells.collect();
        let read = |row: usize, features: &mut [f64], starts: &[usize], counts: &mut [Counts]| {
            let at = block.picked[row];
            for (cells, slot) in cells.iter().zip(slots) {
                let Some(slot) = *slot else { continue };
                let (column, into) = (&reading.columns[slot], part_of(features, starts, slot));
                let text = |array| arrays::text(array, at).unwrap_or_default();
                let seen = match cells {
                    Cells::Numbers(values) => column.read_number(values[at], into),
                    Cells::Text(array) => column.read(&text(array.as_ref()), into),
                    Cells::Unread => continue,
                };
                let seen = seen.map_err(|e| wrong(path, &format!("row {}", block.rows[row] + 1), column, &e))?;
                count(&mut counts[slot], seen, || match cells {
                    Cells::Text(array) => text(array.as_ref()).trim().to_owned(),
                    _ => String::new(),
                });
            }
            Ok(())
        };
        let (features, counts) = fill(reading, block.rows.len(), read)?;
        if self.given == 0 {
            self.check_kinds(&counts, block.rows.len())?;
        }
        let table = rows.table(block);
        let label = self.placement.label;
        let labels = label.into_iter().flat_map(|column| (0..table.len()).map(move |row| (row, column)));
        let labels = labels.map(|(row, column)| table.text(row, column).into_owned()).collect();
        self.count(counts);
        Ok(Block { table, rows: block.rows.clone(), features, label, labels })
    }
}

/// The cells of a column as its reading wants them: numbers where it holds such as the training had.
fn cells_of<'a>(holds: Holds, array: &'a ArrayRef, reading: Option<&ColumnReading>) -> Cells<'a> {
    let Some(reading) = reading else { return Cells::Unread };
    let alike = match reading.kind {
        // A number alone does not say that it is in the unit of the training.
        Kind::Numbers(Notation::Measured(unit) | Notation::MeasuredComma(unit)) if !unit.is_none() => false,
        Kind::Numbers(_) => matches!(holds, Holds::Numbers | Holds::Seconds),
        Kind::Flags => holds == Holds::Flags,
        Kind::Dates(_) => holds == Holds::Dates,
        Kind::Scale(_) | Kind::Words(_) | Kind::Several(..) | Kind::List(_) => false,
    };
    if alike { Cells::Numbers(arrays::numbers(array).0) } else { Cells::Text(array) }
}
