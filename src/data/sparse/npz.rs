//! Sparse matrices as SciPy's `save_npz` writes them: an archive of `format`, `shape`, `data` and the indices.

use std::path::Path;

use super::matrix::check_count;
use super::{Sparse, check_size};
use crate::data::arrays::npy::{read_classes, split_columns};
use crate::data::arrays::npy_header::{Content, Header};
use crate::data::arrays::npz::{LABELS, doubt, holds_objects, reopen};
use crate::data::bytes::archive::Member;
use crate::data::bytes::source::Input;
use crate::data::components::rows::Entry;
use crate::data::raw::Raw;
use crate::support::language::counted;
use crate::support::memory;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Bytes of memory for each entry while it is read.
const ENTRY: f64 = 48.0;

/// What is done with an entry: its place in the arrays, counted from 0, and itself.
pub(in crate::data) type Take<'a> = &'a mut dyn FnMut(usize, Entry) -> Result<()>;

/// The members of an archive that holds a sparse matrix.
pub(super) struct Archive<'a> {
    pub(in crate::data) path: &'a Path,
    pub(in crate::data) members: Vec<Member>,
    pub(in crate::data) recipe: &'a Recipe,
}

/// Whether an archive holds the parts of a sparse matrix, by their names: as SciPy writes them, or without `format`, as people wrote them
/// before it did.
pub(in crate::data) fn is_sparse(members: &[Member]) -> bool {
    let all = |names: &[&str]| names.iter().all(|name| members.iter().any(|m| m.name == *name));
    let places = all(&["indices", "indptr"]) || all(&["row", "col"]);
    all(&["data", "shape"]) && (places || all(&["format", "offsets"]) || all(&["format", "coords"]))
}

/// Load a sparse matrix as samples, one a row.
pub(in crate::data) fn load(
    path: &Path,
    members: Vec<Member>,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<Raw> {
    let archive = Archive { path, members, recipe };
    let (rows, columns) = archive.shape()?;
    check_size(rows, columns).map_err(|what| Error::format(path, what))?;
    let given = archive.format()?;
    let format = match &given {
        Some(format) => format.as_str(),
        None => archive.likely_format(rows)?,
    };
    progress.at(0.1, "reading the sparse matrix")?;
    let mut entries = Vec::new();
    archive.entries(format, (rows, columns), &mut |at, entry: Entry| {
        if entry.2.is_infinite() {
            let (row, column) = (entry.0 + 1, entry.1 + 1);
            let message =
                format!("array `data`, number {} (row {row}, column {column}): the value is infinite", at + 1);
            return Err(Error::format(path, message));
        }
        entries.push(entry);
        Ok(())
    })?;
    progress.check()?;
    let sparse = Sparse { path: path.to_owned(), rows, columns, entries, names: ("column", 1) };
    let mut raw = sparse.into_raw(recipe, progress)?;
    if given.is_none() {
        raw.notes.push(format!("the archive has no array `format`; its arrays were taken for {format}"));
    }
    let Some(name) = archive.labels(rows as usize)? else { return split_columns(raw, recipe) };
    let (input, header) = reopen(path, archive.member(&name)?)?;
    let mut classes = read_classes(input, &header)?;
    if let Some(doubt) = doubt(&classes).filter(|_| recipe.label_column == "auto") {
        raw.notes.push(format!("array `{name}` {doubt}, so it is no set of classes and is left out; --label-column {name} makes it the labels"));
        return split_columns(raw, recipe);
    }
    raw.notes.push(format!("labels from array `{name}`"));
    classes.drop_minus_one(&name, &mut raw.notes);
    raw.classes = Some(match &raw.taken {
        Some(taken) => classes.select(&taken.rows),
        None => classes,
    });
    split_columns(raw, &Recipe { label_column: "none".to_owned(), ..recipe.clone() })
}

impl Archive<'_> {
    /// The array of labels that people put beside the others: one for each row, with a usual name or the one that is asked for.
    fn labels(&self, rows: usize) -> Result<Option<String>> {
        let asked = self.recipe.label_column.as_str();
        let names = if asked == "auto" { &LABELS[..] } else { &[asked] };
        let found = names.iter().find_map(|name| self.members.iter().find(|m| m.name.eq_ignore_ascii_case(name)));
        let Some(member) = found.filter(|_| asked != "none") else { return Ok(None) };
        let fits = match reopen(self.path, member) {
            Ok((_, header)) => header.values == rows,
            Err(_) if holds_objects(self.path, member) => false,
            Err(e) => return Err(e),
        };
        if !fits && asked != "auto" {
            let message = format!("array `{}` has no label for each of {}", member.name, counted(rows, "row"));
            return Err(Error::format(self.path, message));
        }
        Ok(fits.then(|| member.name.clone()))
    }

    pub(in crate::data) fn member(&self, name: &str) -> Result<&Member> {
        let found = self.members.iter().find(|m| m.name == name);
        found.ok_or_else(|| Error::format(self.path, format!("the archive has no array `{name}`")))
    }

    /// Rows and columns.
    pub(in crate::data) fn shape(&self) -> Result<(u64, u64)> {
        let (input, header) = self.open("shape")?;
        if header.values != 2 {
            let message = format!("array `shape` has {}; a matrix has two", counted(header.values, "number"));
            return Err(Error::format(self.path, message));
        }
        let numbers = values(input, &header)?;
        let size = |v: f64| (v >= 0.0 && v.fract() == 0.0 && v < 9e15).then_some(v as u64);
        match (size(numbers[0]), size(numbers[1])) {
            (Some(rows), Some(columns)) => Ok((rows, columns)),
            _ => Err(Error::format(self.path, format!("array `shape` holds {numbers:?}, which are no sizes"))),
        }
    }

    /// The word that says how the entries are arranged, where there is one.
    pub(in crate::data) fn format(&self) -> Result<Option<String>> {
        if self.member("format").is_err() { Ok(None) } else { self.word("format").map(Some) }
    }

    /// What the arrays are without that word: those of rows, unless only columns are as many.
    fn likely_format(&self, rows: u64) -> Result<&'static str> {
        if self.member("indptr").is_err() {
            return Ok("coo");
        }
        let starts = self.open("indptr")?.1.values as u64;
        Ok(if starts == rows + 1 { "csr" } else { "csc" })
    }

    /// Hand all entries of a `rows × columns` matrix on, in the order of the file.
    pub(in crate::data) fn entries(&self, format: &str, size: (u64, u64), take: Take<'_>) -> Result<()> {
        match format {
            "csr" => self.compressed(false, size, take),
            "csc" => self.compressed(true, size, take),
            "coo" if self.member("coords").is_ok() => self.coords(size, take),
            "coo" => self.coordinates(size, take),
            "bsr" => self.blocks(size, take),
            "dia" => self.diagonals(size, take),
            other => {
                let message =
                    format!("a sparse matrix of format `{other}` is not read; csr, csc, coo, bsr and dia are");
                Err(Error::format(self.path, message))
            }
        }
    }

    pub(in crate::data) fn open(&self, name: &str) -> Result<(Input, Header)> {
        let (input, header) = reopen(self.path, self.member(name)?)?;
        if header.shape.len() > 1 {
            let message = format!("the array has shape {:?} and should be flat", header.shape);
            return Err(Error::format(&input.path, message));
        }
        Ok((input, header))
    }

    /// The arrays of these names, one number each an entry. That they are equally long, and that there is memory, is known before any is
    /// read.
    fn parallel<const N: usize>(&self, names: [&str; N], size: (u64, u64)) -> Result<[Vec<f64>; N]> {
        let mut lengths = Vec::new();
        for name in names {
            let count = self.open(name)?.1.values;
            check_count(self.path, count as u64, size)?;
            lengths.push(count);
        }
        if lengths.windows(2).any(|w| w[0] != w[1]) {
            let lengths: Vec<String> =
                names.iter().zip(&lengths).map(|(name, length)| format!("`{name}` has {length}")).collect();
            return Err(Error::format(self.path, format!("the arrays differ in length: {}", lengths.join(", "))));
        }
        self.check_memory(lengths.first().copied().unwrap_or_default())?;
        let mut arrays = [const { Vec::new() }; N];
        for (array, name) in arrays.iter_mut().zip(names) {
            let (input, header) = self.open(name)?;
            *array = values(input, &header)?;
        }
        Ok(arrays)
    }

    pub(in crate::data) fn check_memory(&self, entries: usize) -> Result<()> {
        memory::check(entries as f64 * ENTRY, self.recipe.memory.set())
            .map_err(|what| Error::format(self.path, format!("a sparse matrix of {entries} entries {what}")))
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
    fn compressed(&self, by_column: bool, size: (u64, u64), take: Take<'_>) -> Result<()> {
        let (own, other) = if by_column { (size.1, size.0) } else { size };
        let what = if by_column { "columns" } else { "rows" };
        let (input, header) = self.open("indptr")?;
        if header.values as u64 != own + 1 {
            let message = format!("array `indptr` has {} numbers and {own} {what} need {}", header.values, own + 1);
            return Err(Error::format(self.path, message));
        }
        self.check_memory(header.values)?;
        let starts = values(input, &header)?;
        let [indices, data] = self.parallel(["indices", "data"], size)?;
        let falls = starts.windows(2).position(|w| !(w[0] <= w[1] && w[1].fract() == 0.0));
        if let Some(at) = falls.or((starts[0] != 0.0).then_some(0)) {
            return Err(Error::format(
                self.path,
                format!("array `indptr`, number {}: it begins with 0 and never falls", at + 1),
            ));
        }
        let last = starts.last().copied().unwrap_or_default();
        if last as usize != data.len() {
            let message = format!("array `indptr` ends with {last} and `data` has {} numbers", data.len());
            return Err(Error::format(self.path, message));
        }
        let owners =
            starts.windows(2).enumerate().flat_map(|(i, w)| std::iter::repeat_n(i as u32, (w[1] - w[0]) as usize));
        for (at, ((own, &index), &value)) in owners.zip(&indices).zip(&data).enumerate() {
            let index = self.index("indices", at, index, other)?;
            let (i, j) = if by_column { (index, own) } else { (own, index) };
            take(at, (i, j, value))?;
        }
        Ok(())
    }

    /// A row, a column and a value for each entry.
    fn coordinates(&self, size: (u64, u64), take: Take<'_>) -> Result<()> {
        let [rows, columns, data] = self.parallel(["row", "col", "data"], size)?;
        for (at, ((&row, &column), &value)) in rows.iter().zip(&columns).zip(&data).enumerate() {
            take(at, (self.index("row", at, row, size.0)?, self.index("col", at, column, size.1)?, value))?;
        }
        Ok(())
    }

    pub(in crate::data) fn index(&self, array: &str, at: usize, value: f64, size: u64) -> Result<u32> {
        if value >= 0.0 && value < size as f64 && value.fract() == 0.0 {
            return Ok(value as u32);
        }
        let message =
            format!("array `{array}`, number {}: index {value} is outside 0 to {}", at + 1, size.saturating_sub(1));
        Err(Error::format(self.path, message))
    }
}

/// The numbers of a flat array.
pub(in crate::data) fn values(mut input: Input, header: &Header) -> Result<Vec<f64>> {
    let Content::Numbers(element) = header.content else {
        return Err(Error::format(&input.path, "the array holds words and should hold numbers"));
    };
    let values = element.read_exactly(&mut input, header.values);
    let values = values.map_err(|fault| input.fault(fault, header.values, &|at| format!("number {}", at + 1)))?;
    input.check_end()?;
    Ok(values)
}
