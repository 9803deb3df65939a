//! Sparse matrices as SciPy's `save_npz` writes them: an archive of `format`, `shape`, `data` and the indices.

use std::path::Path;

use super::matrix::{Entry, check_count, check_size, check_weight, dense};
use super::npy::Content;
use super::npz::{Member, directory, reopen};
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// The members of an archive.
struct Archive<'a> {
    path: &'a Path,
    members: Vec<Member>,
    n: usize,
    recipe: &'a Recipe,
}

/// The entries of an `n × n` matrix.
pub(super) fn read(path: &Path, n: usize, recipe: &Recipe, progress: &Progress<'_>) -> Result<Vec<Entry>> {
    let archive = Archive { path, members: directory(path)?, n, recipe };
    if archive.member("format").is_err() {
        return match archive.members.as_slice() {
            [only] => {
                let (input, header) = reopen(path, only)?;
                dense(input, &header, n, recipe)
            }
            _ => Err(Error::format(
                path,
                "the archive is neither a sparse matrix of SciPy's save_npz (it has no array `format`) nor a single dense array",
            )),
        };
    }
    let format = archive.word("format")?;
    let shape = archive.numbers("shape")?;
    let [rows, columns] = shape[..] else {
        return Err(Error::format(path, format!("array `shape` has {} numbers; a matrix has two", shape.len())));
    };
    check_size(path, rows as u64, columns as u64, n)?;
    progress.check()?;
    match format.as_str() {
        "csr" => archive.compressed(false),
        "csc" => archive.compressed(true),
        "coo" => archive.coordinates(),
        other => {
            Err(Error::format(path, format!("a sparse matrix of format `{other}` is not read; csr, csc and coo are")))
        }
    }
}

impl Archive<'_> {
    fn member(&self, name: &str) -> Result<&Member> {
        let found = self.members.iter().find(|m| m.name == name);
        found.ok_or_else(|| Error::format(self.path, format!("the archive has no array `{name}`")))
    }

    /// A flat array of numbers.
    fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        let (mut input, header) = reopen(self.path, self.member(name)?)?;
        let Content::Numbers(element) = header.content else {
            return Err(Error::format(&input.path, "the array holds words and should hold numbers"));
        };
        if header.shape.len() > 1 {
            return Err(Error::format(
                &input.path,
                format!("the array has shape {:?} and should be flat", header.shape),
            ));
        }
        // `indptr` has one number more than there are rows, `shape` two; the rest one an entry.
        if header.values > (self.n + 1).max(2) {
            check_count(&input.path, header.values as u64, self.n, self.recipe)?;
        }
        let values = element.read_exactly(&mut input, header.values);
        let values = values.map_err(|fault| input.fault(fault, header.values, &|at| format!("number {}", at + 1)))?;
        input.check_end()?;
        Ok(values)
    }

    /// A single word.
    fn word(&self, name: &str) -> Result<String> {
        let (mut input, header) = reopen(self.path, self.member(name)?)?;
        let Content::Words { characters, wide, .. } = header.content else {
            return Err(Error::format(&input.path, "the array should hold a word"));
        };
        if header.values != 1 {
            return Err(Error::format(
                &input.path,
                format!("the array has shape {:?} and should hold a word", header.shape),
            ));
        }
        let mut bytes = vec![0; characters * if wide { 4 } else { 1 }];
        input.header_bytes(&mut bytes)?;
        input.check_end()?;
        Ok(bytes.into_iter().filter(|&b| b != 0).map(char::from).collect())
    }

    /// Rows (or columns) one after the other, `indptr` saying where each begins.
    fn compressed(&self, by_column: bool) -> Result<Vec<Entry>> {
        let starts = self.numbers("indptr")?;
        if starts.len() != self.n + 1 {
            let message =
                format!("array `indptr` has {} numbers and {} rows need {}", starts.len(), self.n, self.n + 1);
            return Err(Error::format(self.path, message));
        }
        let (indices, data) = (self.numbers("indices")?, self.numbers("data")?);
        self.check_lengths(&[("indices", indices.len()), ("data", data.len())])?;
        let falls = starts.windows(2).position(|w| !(w[0] <= w[1] && w[1].fract() == 0.0));
        if let Some(at) = falls.or((starts[0] != 0.0).then_some(0)) {
            return Err(Error::format(
                self.path,
                format!("array `indptr`, number {}: it begins with 0 and never falls", at + 1),
            ));
        }
        if starts[self.n] as usize != data.len() {
            let message = format!("array `indptr` ends with {} and `data` has {} numbers", starts[self.n], data.len());
            return Err(Error::format(self.path, message));
        }
        let owners =
            starts.windows(2).enumerate().flat_map(|(i, w)| std::iter::repeat_n(i as u32, (w[1] - w[0]) as usize));
        let mut entries = Vec::with_capacity(data.len());
        for (at, ((own, &other), &value)) in owners.zip(&indices).zip(&data).enumerate() {
            let other = self.index("indices", at, other)?;
            let (i, j) = if by_column { (other, own) } else { (own, other) };
            self.push(&mut entries, at, (i, j, value))?;
        }
        Ok(entries)
    }

    /// A row, a column and a value for each entry.
    fn coordinates(&self) -> Result<Vec<Entry>> {
        let (rows, columns, data) = (self.numbers("row")?, self.numbers("col")?, self.numbers("data")?);
        self.check_lengths(&[("row", rows.len()), ("col", columns.len()), ("data", data.len())])?;
        let mut entries = Vec::with_capacity(data.len());
        for (at, ((&row, &column), &value)) in rows.iter().zip(&columns).zip(&data).enumerate() {
            let entry = (self.index("row", at, row)?, self.index("col", at, column)?, value);
            self.push(&mut entries, at, entry)?;
        }
        Ok(entries)
    }

    fn check_lengths(&self, arrays: &[(&str, usize)]) -> Result<()> {
        if arrays.windows(2).all(|w| w[0].1 == w[1].1) {
            return Ok(());
        }
        let lengths: Vec<String> = arrays.iter().map(|(name, length)| format!("`{name}` has {length}")).collect();
        Err(Error::format(self.path, format!("the arrays differ in length: {}", lengths.join(", "))))
    }

    fn index(&self, array: &str, at: usize, value: f64) -> Result<u32> {
        if value >= 0.0 && value < self.n as f64 && value.fract() == 0.0 {
            return Ok(value as u32);
        }
        let message = format!("array `{array}`, number {}: index {value} is outside 0 to {}", at + 1, self.n - 1);
        Err(Error::format(self.path, message))
    }

    fn push(&self, entries: &mut Vec<Entry>, at: usize, entry: Entry) -> Result<()> {
        let (i, j, value) = entry;
        let place = || format!("array `data`, number {} (row {}, column {})", at + 1, i + 1, j + 1);
        check_weight(self.path, value, place)?;
        if value > 0.0 {
            entries.push(entry);
        }
        Ok(())
    }
}
