//! A sparse matrix as samples: narrow ones become rows of numbers, where those fit; wide ones stay sparse until they are projected.

pub(super) mod blocks;
pub(super) mod market;
pub(super) mod matrix;
pub(super) mod matrix_market;
pub(super) mod matrix_npz;
pub(super) mod npz;
pub(super) mod projected;
pub(super) mod svmlight;

use std::collections::HashSet;
use std::path::PathBuf;

use ndarray::Array2;

use super::Reading;
use super::bytes::source::stem;
use super::components::projection::Task;
use super::components::rows::{Entry, SparseRows};
use super::raw::{Raw, Taken, drawn, few};
use crate::support::memory;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};
use projected::Kept;

/// Bytes of memory for each value of a dense copy: the value itself, and a copy of fewer rows or in another precision.
const VALUE: f64 = 16.0;
/// Bytes of memory for the name of a column.
const NAME: f64 = 48.0;
/// Values of a dense copy that nobody asks about, eight for the name of each column ...
const FEW: u128 = 1 << 20;
/// ... and those for each entry beyond which a matrix is nothing but zeros: rather a wrong shape than data.
const EMPTIEST: u128 = 1 << 16;
/// Entries between two looks at the clock.
const TICK: usize = 1 << 20;

/// A sparse matrix, one sample a row.
#[derive(Debug)]
pub(super) struct Sparse {
    /// The file, for messages.
    pub(super) path: PathBuf,
    pub(super) rows: u64,
    pub(super) columns: u64,
    /// Those that are not 0, in no order; those of one place add up.
    pub(super) entries: Vec<Entry>,
    /// What a column is called, and the number of the first.
    pub(super) names: (&'static str, usize),
}

/// What is wrong with the size of a sparse matrix, if anything.
pub(super) fn check_size(rows: u64, columns: u64) -> Result<(), String> {
    if rows == 0 || columns == 0 {
        return Err(format!("the sparse matrix is {rows} × {columns}: nothing"));
    }
    if rows > u64::from(u32::MAX) || columns > u64::from(u32::MAX) {
        return Err(format!("the sparse matrix is {rows} × {columns}; up to 4,294,967,295 rows and columns are read"));
    }
    Ok(())
}

impl Raw {
    /// Says how the columns are called of what came from a sparse matrix, as they have no order by which they are known, and in which line
    /// of the file each of its rows began.
    pub(in crate::data) fn has_names(&mut self, names: Vec<String>, lines: Vec<u64>) {
        match &mut self.sparse {
            Some(kept) => kept.called = names,
            None => self.columns = names,
        }
        self.says_what_is = true;
        self.lines = Some(match &self.taken {
            Some(taken) => taken.rows.iter().filter_map(|&row| lines.get(row).copied()).collect(),
            None => lines,
        });
    }
}

impl Sparse {
    /// The samples, at most `--limit` of them, drawn before any is made dense: rows of numbers, or sparse rows that are still to be projected.
    ///
    /// # Errors
    /// [`Error::Format`] where the dense copy does not fit, where nearly nothing of it would be anything but 0, and with row and column
    /// for a value that is infinite; [`Error::Cancelled`].
    pub(super) fn into_raw(self, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
        let mut notes = Vec::new();
        let (found, columns) = self.check(recipe)?;
        let picked = drawn(found, recipe, &mut notes);
        let rows = picked.as_ref().map_or(found, Vec::len);
        if let Some(components) = recipe.components_of(rows, columns) {
            return self.kept(components, picked, notes);
        }
        let values = self.dense(rows, columns, picked.as_deref(), progress)?;
        let nonzero = values.iter().filter(|v| v.is_nan() || v.abs() > 0.0).count();
        notes.push(format!(
            "sparse matrix of {} × {}: {} of its entries{} are not 0; it was made dense",
            self.rows,
            self.columns,
            share(nonzero as f64 / values.len() as f64),
            if picked.is_some() { " in these rows" } else { "" }
        ));
        let (word, first) = self.names;
        let names = (first..first + columns).map(|at| format!("{word} {at}")).collect();
        let mut raw = Raw::new(stem(&self.path), self.path.clone(), values, names);
        raw.taken = picked.map(|rows| Taken { of: found, rows });
        raw.notes = notes;
        Ok(raw)
    }

    /// The samples as sparse rows.
    fn kept(self, components: usize, picked: Option<Vec<usize>>, mut notes: Vec<String>) -> Result<Raw> {
        let (found, columns) = (self.rows as usize, self.columns as usize);
        let rows = SparseRows::new(&self.entries, found, columns, picked.as_deref()).map_err(|(row, column)| {
            let message = format!("row {}, {} {}: the value is infinite", row + 1, self.names.0, column + self.names.1);
            Error::format(&self.path, message)
        })?;
        let (n, entries) = (rows.dim().0, rows.entries());
        notes.push(format!(
            "sparse matrix of {} × {}: {} of its entries{} are not 0; it stays sparse",
            self.rows,
            self.columns,
            share(entries as f64 / (n as f64 * columns as f64)),
            if picked.is_some() { " in these rows" } else { "" }
        ));
        let features = Array2::<f32>::zeros((n, 0));
        let mut raw = Raw::new(stem(&self.path), self.path.clone(), features, Vec::new());
        raw.taken = picked.map(|rows| Taken { of: found, rows });
        raw.sparse = Some(Kept { rows, names: self.names, called: Vec::new(), components });
        raw.notes = notes;
        Ok(raw)
    }

    /// Whether the dense copy fits; the number of rows there are, and of columns.
    fn check(&self, recipe: &Recipe) -> Result<(usize, usize)> {
        check_size(self.rows, self.columns).map_err(|what| Error::format(&self.path, what))?;
        let kept = if recipe.limit == 0 { self.rows } else { self.rows.min(recipe.limit as u64) };
        let (rows, columns) = (self.rows, self.columns);
        let values = u128::from(kept) * u128::from(columns);
        let entries = self.entries.len();
        let made = values + 8 * u128::from(columns);
        if made > FEW && made / EMPTIEST > entries as u128 {
            let message = format!(
                "the sparse matrix is {rows} × {columns} and has {entries} entries, fewer than one in {EMPTIEST} places: its shape is wrong, \
                 or most of its columns should be left out"
            );
            return Err(Error::format(&self.path, message));
        }
        if let Some(components) = recipe.components_of(kept as usize, columns as usize) {
            let bytes = Task::bytes((kept as f64, columns.min(entries as u64) as f64), entries as f64, components);
            let what = format!(
                "the sparse matrix is {rows} × {columns}, and a truncated SVD to {components} components of it"
            );
            let help = "fewer --components, a --limit or fewer columns (the most frequent words) help";
            return memory::check(bytes, recipe.memory.set())
                .map(|()| (rows as usize, columns as usize))
                .map_err(|free| Error::format(&self.path, format!("{what} {free}; {help}")));
        }
        let bytes = values as f64 * VALUE + columns as f64 * NAME;
        memory::check(bytes, recipe.memory.set()).map_err(|what| self.too_large(&what))?;
        Ok((rows as usize, columns as usize))
    }

    fn too_large(&self, what: &str) -> Error {
        let (rows, columns) = (self.rows, self.columns);
        let message = format!(
            "the sparse matrix is {rows} × {columns}, and dense rows are needed here: a dense copy {what}; --components 100 leaves it sparse, \
             --limit makes fewer rows dense, and fewer columns help too"
        );
        Error::format(&self.path, message)
    }

    /// The rows `picked`, or all, as a matrix of `rows × columns`.
    fn dense(
        &self,
        rows: usize,
        columns: usize,
        picked: Option<&[usize]>,
        progress: &Progress<'_>,
    ) -> Result<Array2<f64>> {
        let mut values: Vec<f64> = Vec::new();
        let count = rows.checked_mul(columns).filter(|&count| values.try_reserve_exact(count).is_ok());
        let count = count.ok_or_else(|| self.too_large("does not fit into the memory"))?;
        values.resize(count, 0.0);
        for (at, &(row, column, value)) in self.entries.iter().enumerate() {
            let slot = picked.map_or(Some(row as usize), |rows| rows.binary_search(&(row as usize)).ok());
            if let Some(slot) = slot {
                let sum = &mut values[slot * columns + column as usize];
                *sum += value;
                if sum.is_infinite() {
                    let (row, name) = (row as usize + 1, column as usize + self.names.1);
                    let message = format!("row {row}, {} {name}: the value is infinite", self.names.0);
                    return Err(Error::format(&self.path, message));
                }
            }
            if at % TICK == 0 {
                progress.at(0.6 + 0.2 * at as f32 / self.entries.len() as f32, "making it dense")?;
            }
        }
        let unfit = |e: ndarray::ShapeError| Error::format(&self.path, format!("the shape does not fit: {e}"));
        Array2::from_shape_vec((rows, columns), values).map_err(unfit)
    }
}

impl Raw {
    /// Columns of zeros for those of a reading that rows which say what is in them alone do not name, and a note on those; and one on what
    /// the reading does not know.
    pub(super) fn add_absent(&mut self, reading: &Reading) {
        if !self.says_what_is || !reading.named || self.sparse.is_some() {
            return;
        }
        let there: HashSet<&str> = self.columns.iter().map(String::as_str).collect();
        let wanted: HashSet<&str> = reading.columns.iter().map(|column| column.name.as_str()).collect();
        let absent: Vec<&str> =
            reading.columns.iter().map(|column| column.name.as_str()).filter(|name| !there.contains(name)).collect();
        let new: Vec<&str> = self.columns.iter().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
        // Rows that share nothing with the training are of something else.
        if absent.len() == wanted.len() {
            return;
        }
        let mut notes = Vec::new();
        if !new.is_empty() {
            notes.push(format!("what the training did not have has no say: {}", few(&new)));
        }
        if !absent.is_empty() {
            notes.push(format!("what no row names counts as 0: {}", few(&absent)));
            let absent: Vec<String> = absent.into_iter().map(str::to_owned).collect();
            self.features = self.features.with_zeros(absent.len());
            self.columns.extend(absent);
        }
        self.notes.extend(notes);
    }
}

/// A share in words, with as many digits as tell it from 0.
fn share(part: f64) -> String {
    match part * 100.0 {
        percent if percent >= 1.0 => format!("{percent:.1}%"),
        percent if percent >= 0.01 => format!("{percent:.2}%"),
        percent if percent > 0.0 => "less than 0.01%".to_owned(),
        _ => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::Values;
    use super::*;
    use crate::recipe::Auto;

    fn small() -> Sparse {
        let entries = vec![(2, 0, 4.0), (0, 1, 1.5), (0, 1, 0.25), (1, 3, -1.0)];
        Sparse { path: PathBuf::from("small.npz"), rows: 4, columns: 5, entries, names: ("column", 1) }
    }

    #[test]
    fn entries_of_one_place_add_up_and_empty_columns_stay() {
        let raw = small().into_raw(&Recipe::default(), &Progress::silent()).expect("it is small");
        let all = Values::from(ndarray::array![
            [0.0, 1.75, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, -1.0, 0.0],
            [4.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 0.0]
        ]);
        assert_eq!(raw.features, all);
        assert_eq!(raw.columns, ["column 1", "column 2", "column 3", "column 4", "column 5"]);
        assert_eq!(raw.notes, ["sparse matrix of 4 × 5: 15.0% of its entries are not 0; it was made dense"]);
    }

    #[test]
    fn a_limit_is_drawn_before_rows_are_made_dense() {
        let recipe = Recipe { limit: 2, ..Recipe::default() };
        let all = small().into_raw(&Recipe::default(), &Progress::silent()).expect("it is small");
        let raw = small().into_raw(&recipe, &Progress::silent()).expect("it is small");
        let taken = raw.taken.as_ref().expect("two of four");
        assert_eq!((taken.of, taken.rows.len(), raw.features.dim()), (4, 2, (2, 5)));
        assert_eq!(raw.features, all.features.select(ndarray::Axis(0), &taken.rows));
        assert!(raw.notes[0].contains("2 of 4 samples kept"), "{:?}", raw.notes);
    }

    #[test]
    fn what_does_not_fit_or_holds_nothing_is_refused_in_words() {
        let refused = |sparse: Sparse, recipe: &Recipe| {
            sparse.into_raw(recipe, &Progress::silent()).expect_err("it is refused").to_string()
        };
        let huge = Sparse { rows: 1_000_000, columns: 1_000_000, ..small() };
        let message = refused(huge, &Recipe::default());
        assert!(message.contains("1000000 × 1000000") && message.contains("shape is wrong"), "{message}");
        let wide = || Sparse { rows: 3000, columns: 50_000, entries: vec![(0, 0, 1.0); 4000], ..small() };
        let tight = Recipe { memory: Auto::Set(0.01), components: Auto::Set(0), ..Recipe::default() };
        let message = refused(wide(), &tight);
        for word in ["sparse matrix is 3000 × 50000", "GiB", "--memory", "--limit", "fewer columns"] {
            assert!(message.contains(word), "{message}");
        }
        let long = Sparse { rows: 300_000, entries: vec![(0, 0, 1.0); 300_000], ..wide() };
        let message = refused(long, &Recipe { components: Auto::Auto, ..tight.clone() });
        for word in ["truncated SVD to 300 components", "GiB", "--components", "--limit"] {
            assert!(message.contains(word), "{message}");
        }
        let few = Recipe { limit: 10, ..tight };
        assert_eq!(wide().into_raw(&few, &Progress::silent()).expect("ten rows fit").features.dim(), (10, 50_000));
        let nothing = Sparse { rows: 0, ..small() };
        assert!(refused(nothing, &Recipe::default()).contains("0 × 5: nothing"));
        let infinite = Sparse { entries: vec![(1, 2, 1e308), (1, 2, 1e308)], ..small() };
        assert!(refused(infinite, &Recipe::default()).contains("row 2, column 3"));
    }

    #[test]
    fn shares_have_the_digits_they_need() {
        assert_eq!([0.1058, 0.0019, 1e-6, 0.0].map(share), ["10.6%", "0.19%", "less than 0.01%", "none"]);
    }
}
