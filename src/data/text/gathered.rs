//! Records of a text as they come become one table.

use std::ops::Range;
use std::sync::Arc;

use super::delimiter::Delimiter;
use super::footer::is_note;
use super::pieces::{self, Piece};
use super::{Read, draws, is_comment};
use crate::data::Table;
use crate::data::cell::is_number;
use crate::support::language::{counted, short};
use crate::{Error, Result};

/// Lines below a table that may be notes.
const MOST_NOTES: usize = 20;

/// Whether a record may have lost the tabs at its end.
pub(super) fn lost_tabs<'c>(cells: impl Iterator<Item = &'c str> + Clone, width: usize) -> bool {
    let count = cells.clone().count();
    (2..width).contains(&count) && !is_note(cells, width)
}

/// Records as they come. The first two set the number of columns: names may be one fewer than the cells of a row, where rows have names,
/// and a delimiter may end each line or the names alone.
pub(in crate::data) struct Gathered<'a> {
    first: Option<(Table, u64)>,
    found: Option<(Table, Vec<u64>)>,
    pub(in crate::data) path: &'a std::path::Path,
    row_names: bool,
    /// Records that end with a delimiter.
    trailing: usize,
    /// Whether the names do.
    trailing_names: bool,
    /// Lines of comment between records.
    comments: usize,
    /// Whether tabs part cells: those at the end of a line are what editors take off.
    pub(in crate::data) tabs: bool,
    /// Records that lack cells at their end, and the line of the first.
    padded: Option<(usize, u64)>,
    /// Lines with a quote that nothing closes: how many, and the first.
    open_quotes: Option<(usize, u64)>,
    /// Records of another length that may be notes below the table: the lines and words of them, and what is wrong if a row follows.
    below: Vec<(u64, String)>,
    /// Cells of the names of another table below, and its lines.
    second: Option<(usize, usize)>,
    wrong: Option<Error>,
}

impl<'a> Gathered<'a> {
    pub(in crate::data) fn new(path: &'a std::path::Path) -> Self {
        Self {
            first: None,
            found: None,
            path,
            row_names: false,
            trailing: 0,
            trailing_names: false,
            comments: 0,
            tabs: false,
            padded: None,
            open_quotes: None,
            below: Vec::new(),
            second: None,
            wrong: None,
        }
    }

    /// Cells of a row, once that is known.
    pub(in crate::data) fn width(&self) -> Option<usize> {
        self.found.as_ref().map(|(table, _)| table.width())
    }

    /// Takes the records of a piece of a text that begins with this line; they lie in that text, or in one of the piece's own.
    pub(in crate::data) fn take(
        &mut self,
        mut piece: Piece,
        text: &Arc<String>,
        (delimiter, line): (u8, u64),
    ) -> Result<()> {
        let own = piece.own.take().map(Arc::new);
        let lie_in = own.unwrap_or_else(|| Arc::clone(text));
        if piece.odd.is_empty() {
            return self.adopt(lie_in, piece, line);
        }
        let width = self.width().unwrap_or(0);
        let mut done = 0;
        for (before, number, place) in &piece.odd {
            self.copy(&lie_in, &piece, (done..*before, width), line)?;
            done = *before;
            let (mut all, mut ends) = (String::new(), vec![0]);
            pieces::cells(&text[place.clone()], delimiter, true, |part, is_done| {
                all.push_str(part);
                if is_done {
                    ends.push(all.len());
                }
            });
            let cells = ends.windows(2).map(|ends| &all[ends[0]..ends[1]]);
            // A line of blanks alone is a blank line.
            if ends.len() > 2 || all.is_empty() || !all.trim().is_empty() {
                self.push(cells, line + u64::from(*number))?;
            }
        }
        self.copy(&lie_in, &piece, (done..piece.lines_of.len(), width), line)
    }

    /// Takes all records of a piece where they lie.
    fn adopt(&mut self, text: Arc<String>, piece: Piece, line: u64) -> Result<()> {
        let Some((table, lines)) = self.found.as_mut().filter(|_| !piece.starts.is_empty()) else { return Ok(()) };
        if let Some(wrong) = self.wrong.take() {
            // A row follows, so that was none below the table.
            return Err(wrong);
        }
        lines.extend(piece.lines_of.iter().map(|&number| line + u64::from(number)));
        table.adopt(text, piece.starts, piece.ends);
        Ok(())
    }

    /// Takes some records of a piece one by one, as others come between them.
    fn copy(&mut self, text: &str, piece: &Piece, (records, width): (Range<usize>, usize), line: u64) -> Result<()> {
        let Some((table, lines)) = self.found.as_mut().filter(|_| !records.is_empty()) else { return Ok(()) };
        if let Some(wrong) = self.wrong.take() {
            return Err(wrong);
        }
        for record in records {
            let record_text = &text[piece.starts[record] as usize..];
            let mut from = 0;
            table.push(piece.ends[record * width..(record + 1) * width].iter().map(|&end| {
                let cell = &record_text[from..end as usize];
                from = end as usize + 1;
                cell
            }))?;
            lines.push(line + u64::from(piece.lines_of[record]));
        }
        Ok(())
    }

    /// Takes a record with a quote that nothing closes.
    pub(super) fn take_open_quote<'c>(
        &mut self,
        cells: impl Iterator<Item = &'c str> + Clone,
        line: u64,
    ) -> Result<()> {
        self.open_quotes.get_or_insert((0, line)).0 += 1;
        self.push(cells, line)
    }

    /// Takes a record.
    pub(in crate::data) fn push<'c>(&mut self, cells: impl Iterator<Item = &'c str> + Clone, line: u64) -> Result<()> {
        if draws(cells.clone()) {
            return Ok(());
        }
        let Some((table, lines)) = &mut self.found else {
            return match self.first.take() {
                None => {
                    let mut first = Table::unnamed(cells.clone().count());
                    first.push(cells)?;
                    self.first = Some((first, line));
                    Ok(())
                }
                Some(first) => {
                    self.settle(first, cells.clone())?;
                    self.push(cells, line)
                }
            };
        };
        let width = table.width();
        if is_comment(cells.clone(), width) {
            self.comments += 1;
            return Ok(());
        }
        let added = match table.push(cells.clone()) {
            // A cell that is empty and one too many stands behind a delimiter that ends the line.
            Err(_)
                if cells.clone().count() == width + 1 && cells.clone().last().is_some_and(|c| c.trim().is_empty()) =>
            {
                self.trailing += 1;
                table.push(cells.clone().take(width))
            }
            Err(_) if self.tabs && lost_tabs(cells.clone(), width) => {
                self.padded.get_or_insert((0, line)).0 += 1;
                let missing = width - cells.clone().count();
                table.push(cells.clone().chain(std::iter::repeat_n("", missing)))
            }
            added => added,
        };
        if let Err(e) = added {
            let first = lines.first().copied().unwrap_or(1);
            let wrong = Error::format(self.path, format!("line {line}: {e} (as line {first} has)"));
            let apart = lines.last().is_some_and(|&last| line > last + 1);
            if let Some((cells_of, rows)) = &mut self.second
                && cells.clone().count() == *cells_of
            {
                *rows += 1;
                return Ok(());
            }
            if apart && self.second.is_none() && names_columns(cells.clone()) {
                self.second = Some((cells.clone().count(), 1));
                self.below.push((line, cells.collect::<Vec<_>>().join(", ").trim().to_owned()));
                self.wrong.get_or_insert(wrong);
                return Ok(());
            }
            if self.below.len() < MOST_NOTES && is_note(cells.clone(), width) {
                self.below.push((line, cells.collect::<Vec<_>>().join(" ").trim().to_owned()));
                self.wrong.get_or_insert(wrong);
                return Ok(());
            }
            return Err(self.wrong.take().unwrap_or(wrong));
        }
        if let Some(wrong) = self.wrong.take() {
            // A row follows, so that was none below the table.
            return Err(wrong);
        }
        lines.push(line);
        Ok(())
    }

    /// Begin the table with its first record, once the second is known.
    fn settle<'c>(&mut self, (first, line): (Table, u64), second: impl Iterator<Item = &'c str> + Clone) -> Result<()> {
        let (names, cells) = (first.width(), second.clone().count());
        let empty = |cell: Option<&str>| cell.is_some_and(|cell| cell.trim().is_empty());
        let mut table = first;
        // Where a delimiter ends the names and the rows alike, what stands before it counts.
        let ends = cells == names + 1
            && names > 1
            && empty(Some(table.cell(0, names - 1)))
            && empty(second.clone().last())
            && !empty(second.clone().nth(cells - 2));
        let cells = if ends {
            table = shorter(&table, names - 1)?;
            self.trailing_names = true;
            cells - 1
        } else {
            cells
        };
        if ends || cells == names + 1 && !empty(second.clone().last()) {
            let rows_are_named = second.clone().next().is_some_and(|cell| !is_number(cell));
            self.row_names = rows_are_named || !table.record(0).any(is_number);
            if self.row_names {
                let mut longer = Table::unnamed(cells);
                longer.push(std::iter::once("").chain(table.record(0)))?;
                table = longer;
            }
        } else if names == cells + 1 && names > 1 && empty(Some(table.cell(0, names - 1))) {
            self.trailing_names = true;
            table = shorter(&table, cells)?;
        }
        self.found = Some((table, vec![line]));
        Ok(())
    }

    /// All of them, if there is any.
    pub(in crate::data) fn finish(mut self, delimiter: Delimiter, mut notes: Vec<String>) -> Option<Read> {
        if let Some((first, line)) = self.first.take() {
            self.found = Some((first, vec![line]));
        }
        let (table, lines) = self.found?;
        if self.trailing > 0 {
            let (rows, end) = (counted(self.trailing, "row"), if self.trailing == 1 { "ends" } else { "end" });
            notes.push(format!("{rows} {end} with a delimiter, and the empty cell behind it is left out"));
        }
        if let Some((line, words)) = self.below.first() {
            let rows = counted(self.below.len() + self.second.map_or(0, |(_, rows)| rows - 1), "line");
            notes.push(format!("{rows} below the table left out, the first on line {line}: `{}`", short(words, 80)));
        }
        if let Some((count, line)) = self.padded {
            notes.push(format!(
                "{} with fewer cells than there are columns, the first on line {line}: tabs at the end of a line get lost, so the last cells count as empty",
                counted(count, "row")
            ));
        }
        if let Some((count, line)) = self.open_quotes {
            notes.push(format!(
                "{} with a quote that nothing closes taken as it stands, the first on line {line}",
                counted(count, "line")
            ));
        }
        if self.comments > 0 {
            notes.push(format!("{} of comment between the rows left out", counted(self.comments, "line")));
        }
        if self.trailing_names {
            notes.push("the line of names ends with a delimiter, and the empty name behind it is left out".to_owned());
        }
        if self.row_names {
            notes.push(
                "the first line has one name fewer than the rows have cells: the first column names the rows"
                    .to_owned(),
            );
        }
        Some(Read { table, lines, delimiter, comment: None, said: None, row_names: self.row_names, notes })
    }
}

/// Whether a record that has not as many cells as the rows, behind an empty line, holds the names of another table's columns.
pub(super) fn names_columns<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut count = 0;
    let words = |cell: &str| !cell.is_empty() && !is_number(cell) && cell.contains(char::is_alphabetic);
    cells.map(str::trim).all(|cell| {
        count += 1;
        words(cell)
    }) && count > 1
}

/// A table of the first cells of a first record.
fn shorter(table: &Table, cells: usize) -> Result<Table> {
    let mut shorter = Table::unnamed(cells);
    shorter.push(table.record(0).take(cells))?;
    Ok(shorter)
}
