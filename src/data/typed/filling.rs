//! Columns of numbers of a typed table on their way into features; what those cannot give back stays in the table as it came.

use std::collections::{HashMap, TryReserveError};

use arrow_array::{Array, ArrayRef};
use ndarray::Array2;
use rayon::prelude::*;

use super::arrays::{self, Parts};
use super::batches::{Batches, ROWS};
use super::native::Native;
use super::rows::{Layout, Slot};
use super::values::{Builder, Piece};
use crate::data::table::Table;
use crate::data::table_columns::Column;
use crate::data::values::Values;
use crate::support::memory;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Copies of each value while samples are loaded: the value itself, and one in another order or of fewer rows.
const LOADING: usize = 2;
/// Numbers that are taken at once.
const CELLS: usize = 1 << 19;

/// What came of the columns of numbers.
pub(in crate::data) struct Filled {
    pub(in crate::data) values: Values,
    /// How many cells of each column hold nothing, or an infinite number ...
    pub(in crate::data) gaps: HashMap<usize, usize>,
    /// ... and of those columns that have some the infinite ones.
    pub(in crate::data) infinite: Vec<(usize, usize)>,
}

/// Reads the numbers; those that are no features, or that a feature cannot give back, stay in the table as they came.
pub(in crate::data) fn numbers(
    batches: &mut Batches,
    (table, rows): (&mut Table, usize),
    layout: &Layout,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<Filled> {
    let d = layout.slots.len();
    let path = batches.path.clone();
    memory::check(rows as f64 * d as f64 * (LOADING * size_of::<f64>()) as f64, recipe.memory.set())
        .map_err(|what| Error::format(&batches.path, format!("{rows} rows of {d} features {what}")))?;
    let mut filling = Filling::new(batches, layout, rows);
    let no_memory = |_| Error::format(&path, format!("there is no memory for {rows} rows of {d} features"));
    filling.put_words(&layout.words).map_err(no_memory)?;
    let all = filling.columns.clone();
    let mut before = 0;
    for which in batches.groups(&all) {
        let mut columns = batches.columns(which)?;
        let (mut done, most) = (0, (CELLS / which.len().max(1)).clamp(1, ROWS));
        while let Some(arrays) = columns.next(most)? {
            if columns.rows() > rows {
                break;
            }
            filling.take((before, done), arrays).map_err(no_memory)?;
            done = columns.rows();
            let part = (before as f32 + which.len() as f32 * done as f32 / rows.max(1) as f32) / all.len() as f32;
            progress.at(0.3 + 0.5 * part.min(1.0), "reading numbers")?;
        }
        if columns.rows() != rows {
            let message = format!("some of its columns have {rows} rows and others {}", columns.rows());
            return Err(Error::format(&path, message));
        }
        before += which.len();
    }
    let of = |counts: &[usize]| filling.columns.clone().into_iter().zip(counts.to_vec());
    let gaps = of(&filling.gaps).collect();
    let infinite = of(&filling.infinite).filter(|(_, count)| *count > 0).collect();
    let (values, kept) = filling.finish();
    let wide: Vec<usize> = kept.iter().filter(|(_, kept)| matches!(kept, Kept::Again)).map(|(at, _)| *at).collect();
    for (column, kept) in kept {
        match kept {
            Kept::Parts(parts) => table.set_column(column, Column::Parts(parts, None)),
            Kept::Feature(slot, native) => table.set_column(column, Column::Feature(slot, native)),
            Kept::Again => {}
        }
    }
    if !wide.is_empty() {
        keep(batches, &wide, table)?;
    }
    table.forget_texts(rows);
    Ok(Filled { values, gaps, infinite })
}

/// Reads columns as they came into the table.
fn keep(batches: &mut Batches, which: &[usize], table: &mut Table) -> Result<()> {
    let mut parts = vec![Parts::default(); which.len()];
    let mut columns = batches.columns(which)?;
    while let Some(arrays) = columns.next(ROWS)? {
        parts.iter_mut().zip(arrays).for_each(|(parts, array)| parts.push(array));
    }
    which.iter().zip(parts).for_each(|(&column, parts)| table.set_column(column, Column::Parts(parts, None)));
    Ok(())
}

/// Columns of numbers on their way into features.
struct Filling {
    /// Those that are read, ascending.
    columns: Vec<usize>,
    /// The feature that each is, if it is one.
    features: Vec<Option<usize>>,
    /// How those are written that their features can give back.
    natives: Vec<Option<Native>>,
    /// What is kept of the others.
    parts: Vec<Parts>,
    /// Which have numbers that a feature does not give back: whole ones of more digits than it holds, infinite ones.
    wide: Vec<bool>,
    /// Cells that hold nothing.
    gaps: Vec<usize>,
    /// Those that are infinite, and count as gaps.
    infinite: Vec<usize>,
    /// The features from columns of text: which, and of those which.
    words: Vec<(usize, usize)>,
    builder: Builder,
}

/// What became of a column of numbers.
enum Kept {
    Parts(Parts),
    Feature(usize, Native),
    /// It has to be read again, as it came.
    Again,
}

impl Filling {
    fn new(batches: &Batches, layout: &Layout, rows: usize) -> Self {
        let columns: Vec<usize> =
            (0..batches.holds.len()).filter(|&column| batches.holds[column].is_number()).collect();
        let (mut feature_of, mut words) = (HashMap::new(), Vec::new());
        for (slot, from) in layout.slots.iter().enumerate() {
            match *from {
                Slot::Numbers(column) => drop(feature_of.insert(column, slot)),
                Slot::Words(at) => words.push((slot, at)),
            }
        }
        let features: Vec<Option<usize>> = columns.iter().map(|column| feature_of.get(column).copied()).collect();
        let native =
            |(&column, feature): (&usize, &Option<usize>)| feature.and_then(|_| Native::of(&batches.kinds[column]));
        let natives = columns.iter().zip(&features).map(native).collect();
        let count = columns.len();
        Self {
            features,
            natives,
            parts: vec![Parts::default(); count],
            wide: vec![false; count],
            gaps: vec![0; count],
            infinite: vec![0; count],
            words,
            builder: Builder::new(rows, layout.slots.len()),
            columns,
        }
    }

    /// Puts in the features that come from columns of text.
    fn put_words(&mut self, words: &Array2<f64>) -> std::result::Result<(), TryReserveError> {
        let pieces: Vec<Piece> = self.words.iter().map(|&(slot, at)| (slot, words.column(at).to_vec())).collect();
        if pieces.is_empty() { Ok(()) } else { self.builder.put(0, &pieces) }
    }

    /// Takes rows of some columns, the first of them at this place among all that are read, and from this row on.
    fn take(
        &mut self,
        (first, start): (usize, usize),
        arrays: Vec<ArrayRef>,
    ) -> std::result::Result<(), TryReserveError> {
        let features = &self.features[first..];
        let read = |(array, feature): (&ArrayRef, &Option<usize>)| match feature {
            Some(_) => arrays::numbers(array),
            None => (Vec::new(), 0),
        };
        let read: Vec<_> = arrays.par_iter().zip(features).map(read).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        for (at, ((values, infinite), array)) in (first..).zip(read.into_iter().zip(arrays)) {
            self.infinite[at] += infinite;
            self.wide[at] |= infinite > 0;
            self.wide[at] |= self.natives[at] == Some(Native::Whole) && values.iter().any(|v| v.abs() > Native::MOST);
            self.gaps[at] += match self.features[at] {
                Some(_) => values.iter().filter(|v| v.is_nan()).count(),
                None => array.null_count(),
            };
            if self.natives[at].is_none() {
                self.parts[at].push(array);
            }
            pieces.extend(self.features[at].map(|slot| (slot, values)));
        }
        self.builder.put(start, &pieces)
    }

    fn finish(self) -> (Values, Vec<(usize, Kept)>) {
        let kept = self.columns.into_iter().zip(self.parts).zip(self.features).zip(self.natives).zip(self.wide);
        let kept = kept.map(|((((column, parts), feature), native), wide)| match feature.zip(native) {
            Some(_) if wide => (column, Kept::Again),
            Some((slot, native)) => (column, Kept::Feature(slot, native)),
            None => (column, Kept::Parts(parts)),
        });
        (self.builder.finish(), kept.collect())
    }
}
