//! The cells of a table, kept compactly: as text, or as the typed columns that they came in.

use std::borrow::Cow;
use std::sync::Arc;

use super::Features;
use super::table_columns::{Column, Numbers};
use super::text::texts::Texts;
use crate::Result;

/// `column 1`, `column 2`, ….
pub(in crate::data) fn numbered(width: usize) -> Vec<String> {
    (1..=width).map(|at| format!("column {at}")).collect()
}

/// The cells of a table as they stood in the file, for the rows that were kept.
///
/// Text lies as it was read, so a table costs little more than its file did. Columns that came typed are kept as they came, and those
/// that are features not at all: their cells are read from there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Column names: the header, or `column 1`, `column 2`, ….
    pub header: Vec<String>,
    /// Where the cells of each column are; nothing where all of them are text.
    columns: Vec<Column>,
    /// The columns that are kept as text.
    texts: Texts,
}

impl Table {
    /// A table without records.
    #[must_use]
    pub fn new(header: Vec<String>) -> Self {
        Self { texts: Texts::new(header.len()), header, columns: Vec::new() }
    }

    /// A table without records whose records hold some of its columns alone, as text.
    pub(super) fn with_holes(header: Vec<String>, texts: &[usize]) -> Self {
        let mut columns = vec![Column::Nothing; header.len()];
        for (at, &column) in texts.iter().enumerate() {
            columns[column] = Column::Text(at);
        }
        Self { columns, texts: Texts::new(texts.len()), header }
    }

    /// Where the cells of a column are, where not all columns are text.
    pub(super) fn column(&self, column: usize) -> Option<&Column> {
        self.columns.get(column)
    }

    /// Whether a column is kept as text.
    pub(super) fn is_text(&self, column: usize) -> bool {
        self.columns.get(column).is_none_or(|cells| matches!(cells, Column::Text(_)))
    }

    /// Where the cells of a column are from now on.
    pub(super) fn set_column(&mut self, column: usize, cells: Column) {
        if let Some(place) = self.columns.get_mut(column) {
            *place = cells;
        }
    }

    /// Keeps as text what is still a column of text, and forgets the text of the others; there are so many records.
    pub(super) fn forget_texts(&mut self, records: usize) {
        let kept: Vec<usize> =
            self.columns.iter().filter_map(|c| if let Column::Text(at) = c { Some(*at) } else { None }).collect();
        if kept.len() == self.texts.width() && self.len() == records {
            return;
        }
        self.texts = if kept.is_empty() { Texts::empty(records) } else { self.texts.only(&kept) };
        let mut next = 0;
        for column in &mut self.columns {
            if let Column::Text(at) = column {
                *at = next;
                next += 1;
            }
        }
    }

    /// Features were left out: these stay, ascending.
    pub(super) fn keep_features(&mut self, kept: &[usize]) {
        for column in &mut self.columns {
            if let Column::Feature(at, native) = *column {
                *column = kept.binary_search(&at).map_or(Column::Nothing, |at| Column::Feature(at, native));
            }
        }
    }

    /// The features are there now, and which of their values were filled in, some of them in the place of a number that counts as missing.
    pub(super) fn attach(
        &mut self,
        features: &Arc<Features>,
        filled: &Arc<Vec<(u32, u32)>>,
        left_out: &Arc<Vec<(u32, u32, f64)>>,
    ) {
        for column in &mut self.columns {
            if let Column::Feature(at, native) = *column {
                let (features, filled) = (Arc::clone(features), Arc::clone(filled));
                let left_out = Arc::clone(left_out);
                *column = Column::Numbers(Numbers { features, at, native, filled, left_out });
            }
        }
    }

    /// A table whose columns are named later: names of a million columns take more memory than the first rows.
    pub(super) fn unnamed(width: usize) -> Self {
        Self { texts: Texts::new(width), ..Self::default() }
    }

    /// Number the columns that have no name.
    pub(super) fn name(&mut self) {
        if self.header.is_empty() {
            self.header = numbered(self.texts.width());
        }
    }

    /// Add a record.
    ///
    /// # Errors
    /// When the record has not one cell for each column, or more than 4 GiB of text.
    pub fn push<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        self.texts.push(cells)
    }

    /// Adds records that lie in a text as it was read: where each begins, and where each of their cells ends, from the start of its record.
    pub(super) fn adopt(&mut self, text: Arc<String>, starts: Vec<u32>, ends: Vec<u32>) {
        self.texts.adopt(text, starts, ends);
    }

    /// Number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        if self.columns.is_empty() { self.texts.width() } else { self.columns.len() }
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of a record, left to right; none for a row that does not exist, and an empty one where a column is not kept as text.
    pub(super) fn record(&self, row: usize) -> impl Iterator<Item = &str> {
        let typed = (row < self.len()).then(|| (0..self.columns.len()).map(move |column| self.cell(row, column)));
        let stored = self.columns.is_empty().then(|| self.texts.record(row));
        stored.into_iter().flatten().chain(typed.into_iter().flatten())
    }

    /// One cell; empty where there is none, and where its column is not kept as text.
    #[must_use]
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let column = match self.columns.get(column) {
            Some(Column::Text(at)) => *at,
            None if self.columns.is_empty() => column,
            _ => return "",
        };
        self.texts.cell(row, column)
    }

    /// One cell as text, however it is kept; empty where there is none.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
        if row >= self.len() {
            return "".into();
        }
        match self.columns.get(column) {
            Some(Column::Parts(parts, rows)) => {
                let row = rows.as_ref().map_or(Some(row), |rows| rows.get(row).copied());
                row.and_then(|row| parts.text(row)).unwrap_or_default()
            }
            Some(Column::Numbers(numbers)) => {
                numbers.value(row).map(|value| numbers.native.text(value)).unwrap_or_default().into()
            }
            _ => self.cell(row, column).into(),
        }
    }

    /// All cells of a record as text, left to right; none for a row that does not exist.
    pub fn texts(&self, row: usize) -> impl Iterator<Item = Cow<'_, str>> {
        let typed = (row < self.len()).then(|| (0..self.columns.len()).map(move |column| self.text(row, column)));
        let stored = self.columns.is_empty().then(|| self.texts.record(row).map(Cow::from));
        stored.into_iter().flatten().chain(typed.into_iter().flatten())
    }

    /// The records of `rows`, in that order; rows that do not exist are left out.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut picked =
            Self { header: self.header.clone(), columns: self.columns.clone(), texts: self.texts.select(rows) };
        let rows = rows.iter().copied().filter(|&row| row < self.len());
        let mut same: Option<Arc<Vec<usize>>> = None;
        for column in &mut picked.columns {
            if let Column::Parts(_, places) = column {
                let mine = match places {
                    // Columns that were picked from before were picked from alike.
                    Some(places) => Arc::new(rows.clone().map(|row| places[row]).collect()),
                    None => Arc::clone(same.get_or_insert_with(|| Arc::new(rows.clone().collect()))),
                };
                *places = Some(mine);
            }
        }
        picked
    }

    /// Keeps the first records alone, of a table of text.
    pub(super) fn truncate(&mut self, records: usize) {
        self.texts.truncate(records);
    }

    /// Takes the first records away, of a table of text.
    pub(super) fn skip(&mut self, records: usize) {
        self.texts.skip(records);
    }

    /// Take the first record away and make it the header.
    pub(super) fn promote_first(&mut self) {
        if self.is_empty() {
            return;
        }
        self.header = self.record(0).map(str::to_owned).collect();
        self.texts.skip(1);
    }
}

#[cfg(test)]
impl Table {
    /// One without names, of lines that a mark parts.
    pub(super) fn of_lines(text: &str, mark: char) -> Self {
        let mut table = Self::unnamed(text.lines().next().map_or(0, |line| line.split(mark).count()));
        text.lines().for_each(|line| table.push(line.split(mark)).expect("as wide as the first"));
        table
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{ArrayRef, Int64Array};

    use super::super::typed::arrays::Parts;
    use super::super::typed::native::Native;
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
        assert_eq!(table.text(1, 1), "zwölf");
        assert_eq!(table.texts(0).collect::<Vec<_>>(), ["1", "x"]);
    }

    #[test]
    fn columns_that_came_typed_are_kept_as_they_came() {
        let header = ["id", "a", "word", "gone"].map(str::to_owned).to_vec();
        let mut table = Table::with_holes(header, &[0, 2]);
        for row in [["7", "x"], ["8", "y"], ["9", "z"]] {
            table.push(row.into_iter()).expect("two texts");
        }
        assert_eq!((table.width(), table.cell(1, 2), table.cell(1, 1)), (4, "y", ""));
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![7, 8, 9]));
        table.set_column(0, Column::Parts(Parts::one(ids), None));
        table.set_column(1, Column::Feature(1, Native::Double));
        table.forget_texts(3);
        let mut table = table.select(&[2, 0]).select(&[1, 0, 5]);
        table.keep_features(&[1]);
        let features = Arc::new(Features::new(ndarray::array![[0.5_f32], [2.0]]));
        let mut other = table.clone();
        other.attach(&features, &Arc::new(vec![(1, 0)]), &Arc::new(vec![(1, 0, -999.0)]));
        assert_eq!(other.text(1, 1), "-999", "what counts as missing is written as it came");
        table.attach(&features, &Arc::new(vec![(1, 0)]), &Arc::default());
        assert_eq!(table.texts(0).collect::<Vec<_>>(), ["7", "0.5", "x", ""]);
        assert_eq!(table.texts(1).collect::<Vec<_>>(), ["9", "", "z", ""]);
        assert_eq!(table.texts(2).count(), 0);
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
        table.truncate(1);
        assert_eq!((table.len(), table.cell(0, 1), table.cell(1, 0)), (1, "zwölf", ""));
        let mut table = small();
        table.skip(2);
        assert_eq!((table.len(), table.cell(0, 0)), (1, "3"));
    }
}
