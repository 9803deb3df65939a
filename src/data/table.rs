//! The cells of a text table, kept compactly.

use super::idx::numbered;
use crate::support::language::{are, counted};
use crate::{Error, Result};

/// The cells of a text table as they stood in the file, for the rows that were kept.
///
/// All cells lie in one string, so a table costs little more than its file did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Column names: the header, or `column 1`, `column 2`, ….
    pub header: Vec<String>,
    /// Number of columns.
    width: usize,
    /// Every cell after the other, row by row.
    text: String,
    /// Where each record starts in `text`, and where the last one ends.
    starts: Vec<usize>,
    /// For each cell where it ends, counted from the start of its record.
    ends: Vec<u32>,
}

impl Table {
    /// A table without records.
    #[must_use]
    pub fn new(header: Vec<String>) -> Self {
        Self { width: header.len(), header, text: String::new(), starts: vec![0], ends: Vec::new() }
    }

    /// A table whose columns are named later: names of a million columns take more memory than the first rows.
    pub(super) fn unnamed(width: usize) -> Self {
        Self { width, ..Self::new(Vec::new()) }
    }

    /// Number the columns that have no name.
    pub(super) fn name(&mut self) {
        if self.header.is_empty() {
            self.header = numbered(self.width);
        }
    }

    /// Add a record.
    ///
    /// # Errors
    /// When the record has not one cell for each column, or more than 4 GiB of text.
    pub fn push<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        let (start, first) = (self.text.len(), self.ends.len());
        for cell in cells {
            self.text.push_str(cell);
            let end = u32::try_from(self.text.len() - start)
                .map_err(|_| Error::Data("a row of a table holds more than 4 GiB of text".to_owned()))?;
            self.ends.push(end);
        }
        let got = self.ends.len() - first;
        if got != self.width() {
            self.ends.truncate(first);
            self.text.truncate(start);
            let width = self.width();
            let (cells, columns) = (counted(got, "cell"), counted(width, "column"));
            return Err(Error::Data(format!("{cells} where there {} {columns}", are(width))));
        }
        self.starts.push(self.text.len());
        Ok(())
    }

    /// Number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of a record, left to right; none for a row that does not exist.
    pub fn record(&self, row: usize) -> impl Iterator<Item = &str> {
        let exists = row < self.len();
        let (start, width) = if exists { (self.starts[row], self.width()) } else { (0, 0) };
        let ends = if exists { &self.ends[row * width..(row + 1) * width] } else { &[] };
        let mut from = 0;
        ends.iter().map(move |&end| {
            let cell = &self.text[start + from..start + end as usize];
            from = end as usize;
            cell
        })
    }

    /// One cell; empty where there is none.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if row >= self.len() || column >= self.width() {
            return "";
        }
        let cell = row * self.width() + column;
        let start = self.starts[row];
        let from = if column == 0 { 0 } else { self.ends[cell - 1] as usize };
        &self.text[start + from..start + self.ends[cell] as usize]
    }

    /// The records of `rows`, in that order; rows that do not exist are left out.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut picked = Self { header: self.header.clone(), ..Self::unnamed(self.width) };
        for &row in rows.iter().filter(|&&row| row < self.len()) {
            let width = self.width();
            picked.text.push_str(&self.text[self.starts[row]..self.starts[row + 1]]);
            picked.ends.extend_from_slice(&self.ends[row * width..(row + 1) * width]);
            picked.starts.push(picked.text.len());
        }
        picked
    }

    /// Take the first record away and make it the header.
    pub(super) fn promote_first(&mut self) {
        if self.is_empty() {
            return;
        }
        self.header = self.record(0).map(str::to_owned).collect();
        self.starts.remove(0);
        self.ends.drain(..self.width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Table {
        let mut table = Table::new(vec!["a".into(), "b".into()]);
        for row in [["1", "x"], ["", "zwölf"], ["3", ""]] {
            table.push(row.into_iter()).expect("two cells");
        }
        table
    }

    #[test]
    fn cells_come_back_as_they_went_in() {
        let table = small();
        assert_eq!(table.record(1).collect::<Vec<_>>(), ["", "zwölf"]);
        assert_eq!((table.cell(0, 1), table.cell(2, 1), table.cell(9, 0)), ("x", "", ""));
        assert_eq!(table.record(3).count(), 0);
    }

    #[test]
    fn a_ragged_record_changes_nothing() {
        let mut table = small();
        assert!(table.push(["only one"].into_iter()).is_err());
        assert_eq!(table, small());
    }

    #[test]
    fn selected_and_promoted_rows() {
        let picked = small().select(&[2, 0]);
        assert_eq!(picked.record(0).chain(picked.record(1)).collect::<Vec<_>>(), ["3", "", "1", "x"]);
        let mut table = small();
        table.promote_first();
        assert_eq!(table.header, ["1", "x"]);
        assert_eq!((table.len(), table.cell(0, 1)), (2, "zwölf"));
    }
}
