//! Records of cells as text: blocks of text as they were read, and where each cell ends in them.

use std::sync::Arc;

use crate::support::language::{are, counted};
use crate::{Error, Result};

/// Bytes of a block that takes records one by one, about.
const BLOCK: usize = 1 << 20;

/// Records of equally many cells.
///
/// Text lies in blocks of some megabytes, so that none is copied to grow, and the bytes of a file can stay as they were read: behind each
/// cell stands one byte that is none of it, such as a delimiter or the end of its line.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    /// Cells of a record.
    width: usize,
    blocks: Vec<Arc<String>>,
    /// Where each record begins: its block, and the byte in there.
    starts: Vec<(u32, u32)>,
    /// For each cell where it ends, counted from the start of its record.
    ends: Vec<u32>,
    /// Whether the last block takes records one by one.
    open: bool,
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        let same = (self.width, self.len()) == (other.width, other.len());
        same && (0..self.len()).all(|row| self.record(row).eq(other.record(row)))
    }
}

impl Texts {
    /// No records yet, of so many cells each.
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// So many records without a cell.
    pub(super) fn empty(records: usize) -> Self {
        Self { starts: vec![(0, 0); records], ..Self::default() }
    }

    /// Cells of a record.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Add a record.
    ///
    /// # Errors
    /// When the record has another number of cells, or more than 4 GiB of text.
    pub(super) fn push<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        if !self.open || self.blocks.last().is_none_or(|block| block.len() > BLOCK) {
            self.hold(Arc::default());
            self.open = true;
        }
        let (block, first) = ((self.blocks.len() - 1) as u32, self.ends.len());
        let Some(text) = self.blocks.last_mut().map(Arc::make_mut) else { return Ok(()) };
        let start = text.len();
        for cell in cells {
            text.push_str(cell);
            let end = u32::try_from(text.len() - start)
                .map_err(|_| Error::Data("a row of a table holds more than 4 GiB of text".to_owned()))?;
            self.ends.push(end);
            text.push('\n');
        }
        let (got, width) = (self.ends.len() - first, self.width);
        if got != width {
            self.ends.truncate(first);
            text.truncate(start);
            let (cells, columns) = (counted(got, "cell"), counted(width, "column"));
            return Err(Error::Data(format!("{cells} where there {} {columns}", are(width))));
        }
        self.starts.push((block, start as u32));
        Ok(())
    }

    /// Keeps a block of text, of less than 4 GiB, that records lie in; its number.
    pub(super) fn hold(&mut self, text: Arc<String>) -> u32 {
        self.open = false;
        self.blocks.push(text);
        (self.blocks.len() - 1) as u32
    }

    /// Adds records of a block: where each begins, and where each of their cells ends, from the start of its record.
    pub(super) fn append(&mut self, block: u32, starts: &[u32], ends: &[u32]) {
        self.starts.extend(starts.iter().map(|&start| (block, start)));
        self.ends.extend_from_slice(ends);
    }

    /// The cells of a record, left to right; none for a row that does not exist.
    pub(super) fn record(&self, row: usize) -> impl Iterator<Item = &str> {
        let ends = self.ends.get(row * self.width..(row + 1) * self.width).unwrap_or_default();
        let text = self.text_from(row);
        let mut from = 0;
        ends.iter().map(move |&end| {
            let cell = &text[from..end as usize];
            from = end as usize + 1;
            cell
        })
    }

    /// One cell; empty where there is none.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.width {
            return "";
        }
        let cell = row * self.width + column;
        let Some(&end) = self.ends.get(cell) else { return "" };
        let from = if column == 0 { 0 } else { self.ends[cell - 1] as usize + 1 };
        &self.text_from(row)[from..end as usize]
    }

    /// The text that begins with a record.
    fn text_from(&self, row: usize) -> &str {
        let Some(&(block, start)) = self.starts.get(row) else { return "" };
        self.blocks.get(block as usize).map_or("", |block| &block[start as usize..])
    }

    /// The records of `rows`, in that order; rows that do not exist are left out.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        if self.width == 0 {
            return Self::empty(rows.iter().filter(|&&row| row < self.len()).count());
        }
        let mut picked = Self::new(self.width);
        // Of most of them the text stays where it is, for both.
        let shared = 2 * rows.len() > self.len();
        if shared {
            picked.blocks.clone_from(&self.blocks);
        }
        for &row in rows.iter().filter(|&&row| row < self.len()) {
            if shared {
                picked.starts.push(self.starts[row]);
                picked.ends.extend_from_slice(&self.ends[row * self.width..(row + 1) * self.width]);
            } else {
                // It was short enough where it stood.
                let _ = picked.push(self.record(row));
            }
        }
        picked
    }

    /// Some of the cells of each record.
    pub(super) fn only(&self, columns: &[usize]) -> Self {
        let mut rest = Self::new(columns.len());
        for row in 0..self.len() {
            // No record is longer than it was.
            let _ = rest.push(columns.iter().map(|&column| self.cell(row, column)));
        }
        rest
    }

    /// Keeps the first records alone.
    pub(super) fn truncate(&mut self, records: usize) {
        self.starts.truncate(records);
        self.ends.truncate(records * self.width);
    }

    /// Takes the first records away.
    pub(super) fn skip(&mut self, records: usize) {
        let records = records.min(self.len());
        self.starts.drain(..records);
        self.ends.drain(..records * self.width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two records of a file, one that came by itself, one of another block.
    fn three() -> Texts {
        let mut texts = Texts::new(2);
        let block = texts.hold(Arc::new("1,a\r\n\n22,\n".to_owned()));
        texts.append(block, &[0, 6], &[1, 3, 2, 3]);
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
        assert_eq!(all(&texts.select(&[2, 0, 9])), ["3|zwölf", "1|a"], "with the text they lie in");
        assert_eq!(all(&texts.select(&[2])), ["3|zwölf"], "with their own text alone");
        let mut copy = Texts::new(2);
        for row in 0..3 {
            copy.push(texts.record(row)).expect("two cells");
        }
        assert_eq!(copy, texts);
        assert_eq!(all(&texts.only(&[1])), ["a", "", "zwölf"]);
        copy.skip(1);
        copy.truncate(1);
        assert_eq!(all(&copy), ["22|"]);
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
