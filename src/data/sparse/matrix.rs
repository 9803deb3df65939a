//! A given affinity matrix: Matrix Market text, a sparse matrix that SciPy saved, or a dense array.
//!
//! As for samples, no header is believed: the size must be that of the data before anything is made of it, and memory grows with
//! the entries that really come.

use std::path::Path;

use crate::data::arrays::npy_header::{Content, Header, read_header};
use crate::data::bytes::source::Input;
use crate::data::components::rows::Entry;
use crate::support::memory;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// The entries of a dense array in a file of its own.
pub(in crate::data) fn read_dense(mut input: Input, n: usize, recipe: &Recipe, _: &Progress<'_>) -> Result<Vec<Entry>> {
    let header = read_header(&mut input)?;
    dense(input, &header, n, recipe)
}

/// What is wrong with a file of another size than the data.
pub(super) fn check_size(path: &Path, rows: u64, columns: u64, n: usize) -> Result<()> {
    if rows == n as u64 && columns == n as u64 {
        return Ok(());
    }
    Err(Error::format(
        path,
        format!(
            "the matrix is {rows} × {columns} and the data has {n} samples; it needs one row and one column a sample, in the data's order, \
             those that --limit or --missing drop-rows leave out not counted"
        ),
    ))
}

/// Entries that a matrix of few rows may have all the same.
const FEW: u64 = 1 << 16;
/// Bytes of an entry while it is read and becomes part of a graph.
const ENTRY: f64 = 48.0;

/// What is wrong with a number of entries: a place may come more than once, but not without end.
pub(super) fn check_count(path: &Path, count: u64, (rows, columns): (u64, u64)) -> Result<()> {
    let places = rows.saturating_mul(columns);
    if count > places.max(FEW) {
        let message =
            format!("{count} entries are promised, and a matrix of {rows} × {columns} has only {places} places");
        return Err(Error::format(path, message));
    }
    Ok(())
}

/// Whether there is memory for a graph of so many entries.
pub(in crate::data) fn check_memory(path: &Path, entries: u64, recipe: &Recipe) -> Result<()> {
    memory::check(entries as f64 * ENTRY, recipe.memory.set())
        .map_err(|what| Error::format(path, format!("a graph of {entries} entries {what}")))
}

/// What is wrong with a weight.
pub(super) fn check_weight(path: &Path, value: f64, place: impl FnOnce() -> String) -> Result<()> {
    let what = match value {
        v if v.is_nan() => "not a number",
        v if v.is_infinite() => "infinite",
        v if v < 0.0 => "negative",
        _ => return Ok(()),
    };
    Err(Error::format(path, format!("{}: the weight {value} is {what}; weights are 0 or more", place())))
}

/// The entries above 0 of a dense square array.
pub(in crate::data) fn dense(mut input: Input, header: &Header, n: usize, recipe: &Recipe) -> Result<Vec<Entry>> {
    let path = input.path.clone();
    let Content::Numbers(element) = header.content else {
        return Err(Error::format(&path, "the array holds words; weights are numbers"));
    };
    let [rows, columns] = header.shape[..] else {
        return Err(Error::format(
            &path,
            format!("the array has shape {:?}; a matrix has two dimensions", header.shape),
        ));
    };
    check_size(&path, rows as u64, columns as u64, n)?;
    check_memory(&path, header.values as u64, recipe)?;
    let at = |at: usize| if header.fortran { (at % n, at / n) } else { (at / n, at % n) };
    let place = |index: usize| format!("row {}, column {}", at(index).0 + 1, at(index).1 + 1);
    let values = element.read_exactly(&mut input, header.values);
    let values = values.map_err(|fault| input.fault(fault, header.values, &place))?;
    input.check_end()?;
    let mut entries = Vec::new();
    for (index, &value) in values.iter().enumerate() {
        check_weight(&path, value, || place(index))?;
        if value > 0.0 {
            entries.push((at(index).0 as u32, at(index).1 as u32, value));
        }
    }
    Ok(entries)
}
