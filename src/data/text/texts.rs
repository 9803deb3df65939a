//! Records of cells as text: blocks of text as they were read, and where each cell ends in them.

use std::sync::Arc;

use crate::support::language::{are, counted};
use crate::{Error, Result};

/// Bytes of a block that takes records one by one, about.
const BLOCK: usize = 1 << 20;

/// Records of equally many cells.
///
/// Text lies in blocks of some megabytes, so that none is ever copied to grow, and the bytes of a file can stay as they were read: behind
/// each cell stands one byte that is none of it, such as a delimiter or the end of its line.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Texts {
    /// Cells of a record.
    width: usize,
    blocks: Vec<Block>,
    /// For each record the block it lies in.
    of: Vec<u32>,
    /// Records that were taken away before the first.
    skipped: usize,
    /// Whether the last block takes records one by one.
    open: bool,
}

/// Records that follow each other.
#[derive(Clone, Debug)]
struct Block {
    /// The number of the first, those that were taken away counted.
    first: usize,
    text: Arc<String>,
    /// Where each begins.
    starts: Vec<u32>,
    /// For each cell where it ends, counted from the start of its record.
    ends: Vec<u32>,
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        let same = (self.width, self.len()) == (other.width, other.len());
        same && (0..self.len()).all(|row| self.record(row).eq(other.record(row)))
    }
}

impl Texts {
    /// No records yet, of so many cells each.
    pub(in crate::data) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// So many records without a cell.
    pub(in crate::data) fn empty(records: usize) -> Self {
        Self { of: vec![0; records], ..Self::default() }
    }

    /// Cells of a record.
    pub(in crate::data) fn width(&self) -> usize {
        self.width
    }

    /// Number of records.
    pub(in crate::data) fn len(&self) -> usize {
        self.of.len()
    }

    /// Add a record.
    ///
    /// # Errors
    /// When the record has another number of cells, or more than 4 GiB of text.
    pub(in crate::data) fn push<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        if !self.open || self.blocks.last().is_none_or(|block| block.text.len() > BLOCK) {
            let first = self.skipped + self.len();
            self.blocks.push(Block { first, text: Arc::default(), starts: Vec::new(), ends: Vec::new() });
            self.open = true;
        }
        let (number, width) = ((self.blocks.len() - 1) as u32, self.width);
        let Some(Block { text, starts, ends, .. }) = self.blocks.last_mut() else { return Ok(()) };
        let text = Arc::make_mut(text);
        let (start, before) = (text.len(), ends.len());
        for cell in cells {
            text.push_str(cell);
            let end = u32::try_from(text.len() - start)
                .map_err(|_| Error::Data("a row of a table holds more than 4 GiB of text".to_owned()))?;
            ends.push(end);
            text.push('\n');
        }
        let got = ends.len() - before;
        if got != width {
            ends.truncate(before);
            text.truncate(start);
            let (cells, columns) = (counted(got, "cell"), counted(width, "column"));
            return Err(Error::Data(format!("{cells} where there {} {columns}", are(width))));
        }
        starts.push(start as u32);
        self.of.push(number);
        Ok(())
    }

    /// Adds records that lie in a text of less than 4 GiB: where each begins, and where each of their cells ends, from the start of its
    /// record.
    pub(in crate::data) fn adopt(&mut self, text: Arc<String>, starts: Vec<u32>, ends: Vec<u32>) {
        let (number, first) = (self.blocks.len() as u32, self.skipped + self.len());
        self.of.extend(std::iter::repeat_n(number, starts.len()));
        self.blocks.push(Block { first, text, starts, ends });
        self.open = false;
    }

    /// The text that begins with a record, and where its cells end.
    fn stored(&self, row: usize) -> Option<(&str, &[u32])> {
        let block = self.blocks.get(*self.of.get(row)? as usize)?;
        let at = row + self.skipped - block.first;
        let ends = block.ends.get(at * self.width..(at + 1) * self.width)?;
        Some((&block.text[*block.starts.get(at)? as usize..], ends))
    }

    /// The cells of a record, left to right; none for a row that does not exist.
    pub(in crate::data) fn record(&self, row: usize) -> impl Iterator<Item = &str> {
        let (text, ends) = self.stored(row).unwrap_or_default();
        let mut from = 0;
        ends.iter().map(move |&end| {
            let cell = &text[from..end as usize];
            from = end as usize + 1;
            cell
        })
    }

    /// One cell; empty where there is none.
    pub(in crate::data) fn cell(&self, row: usize, column: usize) -> &str {
        let (text, ends) = self.stored(row).unwrap_or_default();
        let Some(&end) = ends.get(column) else { return "" };
        let from = if column == 0 { 0 } else { ends[column - 1] as usize + 1 };
        &text[from..end as usize]
    }

    /// The records of `rows`, in that order; rows that do not exist are left out.
    pub(in crate::data) fn select(&self, rows: &[usize]) -> Self {
        let rows = rows.iter().filter(|&&row| row < self.len());
        if self.width == 0 {
            return Self::empty(rows.count());
        }
        let mut picked = Self::new(self.width);
        for &row in rows {
            // It was short enough where it stood.
            let _ = picked.push(self.record(row));
        }
        picked
    }

    /// Some of the cells of each record.
    pub(in crate::data) fn only(&self, columns: &[usize]) -> Self {
        let mut rest = Self::new(columns.len());
        for row in 0..self.len() {
            // No record is longer than it was.
            let _ = rest.push(columns.iter().map(|&column| self.cell(row, column)));
        }
        rest
    }

    /// Keeps the first records alone.
    pub(in crate::data) fn truncate(&mut self, records: usize) {
        if records < self.len() {
            self.of.truncate(records);
            self.open = false;
        }
    }

    /// Takes the first records away.
    pub(in crate::data) fn skip(&mut self, records: usize) {
        let records = records.min(self.len());
        self.of.drain(..records);
        self.skipped += records;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two records of a file, one that came by itself, one of another block.
    fn three() -> Texts {
        let mut texts = Texts::new(2);
        texts.adopt(Arc::new("1,a\r\n\n22,\n".to_owned()), vec![0, 6], vec![1, 3, 2, 3]);
        texts.push(["3", "zwölf"].into_iter()).expect("two cells");
        texts
    }

    fn all(texts: &Texts) -> Vec<String> {
        (0..texts.len()).map(|row| texts.record(row).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn cells_are_read_where_they_lie() {
        let texts = three();
        assert_eq!(all(&texts), ["1|a", "22|", "3|zwölf"]);
        assert_eq!((texts.cell(1, 0), texts.cell(0, 1), texts.cell(2, 1)), ("22", "a", "zwölf"));
        assert_eq!((texts.cell(3, 0), texts.cell(0, 2), texts.record(3).count()), ("", "", 0));
    }

    #[test]
    fn records_are_picked_from_any_block_and_equal_ones_are_so_wherever_they_lie() {
        let texts = three();
        assert_eq!(all(&texts.select(&[2, 0, 9])), ["3|zwölf", "1|a"]);
        let mut copy = Texts::new(2);
        for row in 0..3 {
            copy.push(texts.record(row)).expect("two cells");
        }
        assert_eq!(copy, texts);
        assert_eq!(all(&texts.only(&[1])), ["a", "", "zwölf"]);
        let mut rest = texts.clone();
        for texts in [&mut copy, &mut rest] {
            texts.skip(1);
            assert_eq!(all(texts), ["22|", "3|zwölf"]);
            texts.truncate(1);
            texts.push(["5", "x"].into_iter()).expect("two cells");
            assert_eq!(all(texts), ["22|", "5|x"]);
        }
        assert_ne!(copy, texts);
        assert_eq!((Texts::empty(4).len(), Texts::empty(4).select(&[3, 4]).len()), (4, 1));
    }

    #[test]
    fn a_record_of_another_length_changes_nothing() {
        let mut texts = three();
        let before = texts.clone();
        assert!(texts.push(["only one"].into_iter()).is_err());
        texts.push(["4", "b"].into_iter()).expect("two cells");
        assert_eq!((all(&texts).last().map(String::as_str), before.len()), (Some("4|b"), 3));
    }
}
