//! The cells of one sheet become a table of text.

use std::path::{Path, PathBuf};

use calamine::{DataRef, ExcelDateTime};

use crate::data::Table;
use crate::data::bytes::source::LOOKS_LIKE_A_TRAP;
use crate::data::columns::{self, Named, named};
use crate::data::raw::Raw;
use crate::data::text::delimiter::Delimiter;
use crate::data::text::{MOST_CELLS, Read};
use crate::support::language::counted;
use crate::support::memory;
use crate::support::number::shortest;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Bytes of memory for a cell of the table: its end, its number, a copy.
const CELL: f64 = 20.0;
/// Cells of a table that nobody asks about ...
const FEW: usize = 1 << 21;
/// ... and those for each value beyond which a table is nothing but gaps.
const EMPTIEST: usize = 1 << 10;
/// Most cells over several rows that are written into each.
const MOST_MERGED: usize = 1 << 16;
/// Bytes of the longest of them.
const LONGEST_MERGED: usize = 1 << 10;

/// Cells as they come, those that hold something.
#[derive(Debug, Default)]
pub(in crate::data) struct Cells {
    /// Row, column, and where the text of each ends.
    places: Vec<(u32, u32, usize)>,
    text: String,
    /// Cells that hold an error, such as a division by 0.
    errors: usize,
    /// Cells that were made one: from this row and column to that.
    merged: Vec<((u32, u32), (u32, u32))>,
    /// Bytes of text that there may be at most.
    most: Option<usize>,
}

impl Cells {
    /// No cell yet, and at most so many bytes of text: a text that stands in a book once may stand for many cells.
    pub(in crate::data) fn within(most: u64) -> Self {
        Self { most: usize::try_from(most).ok(), ..Self::default() }
    }

    /// Takes a cell.
    ///
    /// # Errors
    /// Where cells do not come row by row, or their text is longer than it may be.
    pub(in crate::data) fn take(&mut self, (row, column): (u32, u32), value: &DataRef<'_>) -> Result<(), String> {
        if matches!(value, DataRef::Error(_)) {
            self.errors += 1;
        }
        let Some(text) = text(value) else { return Ok(()) };
        if self.places.last().is_some_and(|&(last, before, _)| (row, column) <= (last, before)) {
            return Err(format!("the cells of row {} are out of order", row + 1));
        }
        if let Some(most) = self.most.filter(|&most| self.text.len() + text.len() > most) {
            return Err(format!("the text of its cells comes to more than {most} bytes: {LOOKS_LIKE_A_TRAP}"));
        }
        self.text.push_str(text.trim());
        if self.places.last().map_or(0, |place| place.2) < self.text.len() {
            self.places.push((row, column, self.text.len()));
        }
        Ok(())
    }

    /// Row, column and text of each, and what was made one.
    #[cfg(test)]
    pub(in crate::data) fn said(&self) -> String {
        let starts = std::iter::once(0).chain(self.places.iter().map(|place| place.2));
        let cells: Vec<String> = (self.places.iter().zip(starts))
            .map(|(&(row, column, end), start)| format!("{row}.{column} {}", &self.text[start..end]))
            .collect();
        format!("{} {:?}", cells.join("|"), self.merged)
    }

    /// How many there are.
    pub(in crate::data) fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are two columns or more.
    pub(super) fn is_wide(&self) -> bool {
        let first = self.places.first().map(|place| place.1);
        self.places.iter().any(|place| Some(place.1) != first)
    }

    /// Notes cells that were made one: from this row and column to that.
    pub(in crate::data) fn merge(&mut self, start: (u32, u32), end: (u32, u32)) {
        self.merged.push((start, end));
    }

    /// Writes what a cell over several rows holds into each of them that holds anything, but for names of columns: those in the first
    /// rows. How many cells these are.
    fn spread_merged(&mut self) -> usize {
        let top = self.places.first().map_or(0, |place| place.0);
        self.merged.retain(|&((row, _), (last, _))| row > top && last > row);
        self.merged.truncate(MOST_MERGED);
        if self.merged.is_empty() {
            return 0;
        }
        let mut rows: Vec<u32> = self.places.iter().map(|place| place.0).collect();
        rows.dedup();
        let starts: Vec<usize> = std::iter::once(0).chain(self.places.iter().map(|place| place.2)).collect();
        let mut all: Vec<(u32, u32, usize)> =
            (0..self.places.len()).map(|at| (self.places[at].0, self.places[at].1, at)).collect();
        for &((row, column), (last, right)) in &self.merged {
            let Ok(at) = self.places.binary_search_by_key(&(row, column), |place| (place.0, place.1)) else { continue };
            if starts[at + 1] - starts[at] > LONGEST_MERGED {
                continue;
            }
            let from = rows.partition_point(|&other| other <= row);
            let to = rows.partition_point(|&other| other <= last);
            let room = (self.places.len() + MOST_MERGED).saturating_sub(all.len());
            for &row in rows[from..to].iter().take(room) {
                // One column is enough: what is beside it is part of the same cell.
                all.push((row, column.min(right), at));
            }
        }
        let spread = all.len() - self.places.len();
        all.sort_unstable_by_key(|&(row, column, at)| (row, column, std::cmp::Reverse(at)));
        all.dedup_by_key(|&mut (row, column, _)| (row, column));
        let (mut text, mut places) = (String::new(), Vec::with_capacity(all.len()));
        for (row, column, at) in all {
            text.push_str(&self.text[starts[at]..starts[at + 1]]);
            places.push((row, column, text.len()));
        }
        (self.text, self.places) = (text, places);
        spread
    }

    /// Whether there are two rows or more.
    pub(in crate::data) fn is_table(&self) -> bool {
        let first = self.places.first().map(|place| place.0);
        self.places.last().map(|place| place.0) != first
    }

    /// The samples that they are; `what` names the table that they stand in, and `notes` say what is known of it.
    ///
    /// # Errors
    /// [`Error::Format`] where no row follows the names of the columns, or what is around them takes too much memory; those of any table.
    pub(in crate::data) fn into_raw(
        self,
        path: PathBuf,
        what: &str,
        (recipe, progress): (&Recipe, &Progress<'_>),
        mut notes: Vec<String>,
    ) -> Result<Raw> {
        let read = self.into_read(&path, recipe, &mut notes)?;
        let (row_names, delimiter) = (read.row_names, read.delimiter);
        let Named { table, lines, said, notes: more } =
            named(read, recipe.header, &format!("rows are those of {what}"));
        notes.extend(more);
        if table.is_empty() {
            return Err(Error::format(&path, format!("{what} has a header, but no row follows it")));
        }
        columns::Cells { path, table, lines, delimiter, row_names, said, notes }.into_raw(recipe, progress)
    }

    /// The rows that hold anything, from the first column that does to the last; a title above them is left out.
    fn into_read(mut self, path: &Path, recipe: &Recipe, notes: &mut Vec<String>) -> Result<Read> {
        self.leave_out_title(notes);
        let spread = self.spread_merged();
        if spread > 0 {
            notes
                .push(format!("cells over several rows stand for each of them: {} filled so", counted(spread, "cell")));
        }
        if self.errors > 0 {
            notes.push(format!("{} with an error, such as #DIV/0!, count as missing", counted(self.errors, "cell")));
        }
        let wrong = |message: String| Error::format(path, message);
        let left = self.places.iter().map(|place| place.1).min().unwrap_or(0);
        let right = self.places.iter().map(|place| place.1).max().unwrap_or(0);
        let width = (right - left) as usize + 1;
        let mut rows: Vec<u32> = self.places.iter().map(|place| place.0).collect();
        rows.dedup();
        let size = format!("{} of {}", counted(rows.len(), "row"), counted(width, "column"));
        let cells = rows.len().saturating_mul(width);
        if rows.is_empty() {
            return Err(wrong("the sheet holds nothing".to_owned()));
        }
        if width > MOST_CELLS || cells > FEW && cells / EMPTIEST > self.places.len() {
            let values = counted(self.places.len(), "value");
            return Err(wrong(format!("{size} have {values}: is there something far from the table?")));
        }
        memory::check(cells as f64 * CELL, recipe.memory.set()).map_err(|what| wrong(format!("{size}: it {what}")))?;
        let mut table = Table::unnamed(width);
        let (mut at, mut from) = (0, 0);
        for &row in &rows {
            let mut record = vec![""; width];
            while let Some(&(_, column, end)) = self.places.get(at).filter(|place| place.0 == row) {
                record[(column - left) as usize] = &self.text[from..end];
                (at, from) = (at + 1, end);
            }
            table.push(record.into_iter()).map_err(|e| wrong(e.to_string()))?;
        }
        let lines = rows.into_iter().map(|row| u64::from(row) + 1).collect();
        // Cells stand in no text, so no comma parts them.
        let delimiter = Delimiter::Byte(b',');
        Ok(Read { table, lines, delimiter, comment: None, said: None, row_names: false, notes: Vec::new() })
    }

    /// Rows with one cell above a row of several are a title.
    fn leave_out_title(&mut self, notes: &mut Vec<String>) {
        let alone = |at: usize| {
            let row = self.places[at].0;
            self.places.get(at + 1).is_some_and(|next| next.0 != row) && (at == 0 || self.places[at - 1].0 != row)
        };
        let titles = (0..self.places.len()).take_while(|&at| alone(at)).count();
        if titles == 0 || titles > 5 || titles + 3 > self.places.len() {
            return;
        }
        let end = self.places[titles - 1].2;
        notes.push(format!("{} above the table left out: `{}`", counted(titles, "row"), self.text[..end].trim()));
        self.places.drain(..titles);
        self.places.iter_mut().for_each(|place| place.2 -= end);
        self.text.drain(..end);
    }
}

/// What a cell holds, as text; nothing where it holds nothing or an error.
fn text(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::Int(value) => Some(value.to_string()),
        DataRef::Float(value) => Some(shortest(*value, *value)),
        DataRef::String(text) | DataRef::DurationIso(text) => Some(text.clone()),
        // OpenDocument has the midnight of every date.
        DataRef::DateTimeIso(text) => Some(text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()),
        DataRef::SharedString(text) => Some((*text).to_owned()),
        DataRef::Bool(yes) => Some(yes.to_string()),
        DataRef::DateTime(moment) => Some(date(moment)),
        DataRef::Error(_) | DataRef::Empty => None,
    }
}

/// A date, with its time where it has one; spans of time and times of the day are seconds.
fn date(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    if moment.is_duration() || value < 1.0 {
        let seconds = (value * 86_400_000.0).round() / 1000.0;
        return shortest(seconds, seconds);
    }
    let (year, month, day, hour, minute, second, thousandths) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, thousandths) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{thousandths:03}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn cells(rows: &[(u32, u32, &str)]) -> Cells {
        let mut cells = Cells::default();
        for &(row, column, text) in rows {
            cells.take((row, column), &DataRef::SharedString(text)).expect("in order");
        }
        cells
    }

    #[test]
    fn the_used_part_of_a_sheet_is_the_table() {
        let mut notes = Vec::new();
        let sheet = cells(&[(1, 2, "Sales"), (3, 1, "a"), (3, 2, "b"), (4, 2, "2"), (6, 1, " 3 "), (6, 2, "")]);
        let read = sheet.into_read(Path::new("a.xlsx"), &Recipe::default(), &mut notes).expect("a table");
        let rows: Vec<Vec<&str>> = (0..read.table.len()).map(|row| read.table.record(row).collect()).collect();
        assert_eq!((rows, read.lines), (vec![vec!["a", "b"], vec!["", "2"], vec!["3", ""]], vec![4, 5, 7]));
        assert!(notes.len() == 1 && notes[0].contains("`Sales`"), "{notes:?}");
    }

    #[test]
    fn what_cells_hold_is_text_with_every_digit() {
        let moment = |value, kind| DataRef::DateTime(ExcelDateTime::new(value, kind, false));
        for (value, wanted) in [
            (DataRef::Float(0.1), Some("0.1")),
            (DataRef::Float(3.0), Some("3")),
            (DataRef::Bool(true), Some("true")),
            (DataRef::Error(CellErrorType::Div0), None),
            (moment(45_321.0, ExcelDateTimeType::DateTime), Some("2024-01-30")),
            (moment(45_321.5, ExcelDateTimeType::DateTime), Some("2024-01-30 12:00:00")),
            (moment(1.5, ExcelDateTimeType::TimeDelta), Some("129600")),
            (moment(0.25, ExcelDateTimeType::DateTime), Some("21600")),
        ] {
            assert_eq!(text(&value).as_deref(), wanted, "{value:?}");
        }
    }

    #[test]
    fn a_text_that_stands_for_many_cells_takes_no_more_than_it_may() {
        let (mut sheet, text) = (Cells::within(1000), "x".repeat(100));
        for row in 0..10 {
            sheet.take((row, 0), &DataRef::SharedString(&text)).expect("there is room");
        }
        let refused = sheet.take((10, 0), &DataRef::SharedString(&text)).expect_err("a thousand bytes");
        assert!(refused.contains("more than 1000 bytes"), "{refused}");
    }

    #[test]
    fn a_cell_far_away_takes_no_memory() {
        let sheet = cells(&[(0, 0, "a"), (0, 1, "b"), (900_000, 0, "1"), (1_048_575, 16_383, "2")]);
        let read = sheet.into_read(Path::new("a.xlsx"), &Recipe::default(), &mut Vec::new()).expect("three rows");
        assert_eq!((read.table.len(), read.table.width()), (3, 16_384));
        let mut sheet = Cells::default();
        for row in 0..2000 {
            sheet.take((row, 0), &DataRef::Int(1)).expect("in order");
        }
        sheet.take((2000, 16_383), &DataRef::Int(1)).expect("in order");
        let refused = sheet.into_read(Path::new("a.xlsx"), &Recipe::default(), &mut Vec::new()).expect_err("gaps");
        assert!(refused.to_string().contains("2001 rows of 16384 columns have 2001 values"), "{refused}");
    }
}
