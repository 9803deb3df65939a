//! Rows of a text as they come, in memory for a few of them: the last may be totals or notes below the table.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;

use csv::StringRecord;

use super::closed::Open;
use super::footer::{self, Maybe};
use super::gathered::{lost_tabs, names_columns};
use super::records::Records;
use super::second_names::repeats_names;
use super::subtotals::{Sums, is_called_sum};
use crate::Result;
use crate::data::bytes::returns::Returned;
use crate::data::cell::{Cell, Notation, cell, is_missing};
use crate::support::language::{counted, short};

/// Rows without a sum among them after which none is looked for.
const MOST_SUMMED: usize = 1 << 14;

/// Rows without anything, one behind the other, that are looked behind.
const MOST_EMPTY: usize = 1 << 16;

/// A row's place in its source, from 0, and the line in which it begins.
pub(in crate::data) type Place = (usize, u64);

/// Rows of a text as they come. The last of them are held back where they may be totals or notes below the table.
pub(in crate::data) struct Streamed {
    records: Records,
    row: usize,
    /// Cells of a row.
    width: usize,
    /// Whether a column is one of numbers to the reading.
    numbers: Vec<bool>,
    /// Whether totals are looked for.
    auto: bool,
    /// How many rows there are, where that is known.
    pub(in crate::data) of: Option<usize>,
    /// What may be a row or not, and what is one.
    held: VecDeque<(u64, StringRecord, Maybe)>,
    ready: VecDeque<(u64, StringRecord)>,
    /// Rows without anything that came last, by their lines, whether they are rows is not known before the next one.
    empty: Vec<u64>,
    /// How many were none, and the words of the first.
    left_out: Option<(usize, String)>,
    /// Quotes that nothing closes.
    pub(in crate::data) open: Open,
    /// Carriage returns within cells.
    pub(in crate::data) returned: Returned,
    /// Whether tabs part cells: those at the end of a line get lost.
    pub(in crate::data) tabs: bool,
    /// The line of names, and how many rows say them again.
    names: Option<StringRecord>,
    again: usize,
    /// Columns of numbers, by which sums of groups between rows are known, and how those are written.
    summed: Vec<(usize, Notation)>,
    sums: Sums,
    /// Rows without anything at the end.
    left_empty: usize,
    /// Such sums: how many, the line and the words of the first.
    left_between: Option<(usize, u64, String)>,
    /// The line of the last record.
    last: u64,
    /// What names the columns of another table below, its line, and how many lines that table has.
    second: Option<(StringRecord, u64, usize)>,
}

impl Streamed {
    /// Rows of so many cells. `numbers` says which columns are such to the reading, `auto` whether totals are looked for.
    pub(in crate::data) fn new(records: Records, width: usize, numbers: Vec<bool>, auto: bool) -> Self {
        Self {
            records,
            row: 0,
            width,
            numbers,
            auto,
            of: None,
            held: VecDeque::new(),
            ready: VecDeque::new(),
            empty: Vec::new(),
            left_out: None,
            open: Open::default(),
            returned: Returned::default(),
            tabs: false,
            names: None,
            again: 0,
            summed: Vec::new(),
            sums: Sums::default(),
            left_empty: 0,
            left_between: None,
            last: 0,
            second: None,
        }
    }

    /// Sums of groups between rows are no rows; these are the columns of numbers.
    pub(in crate::data) fn pass_sums(&mut self, columns: Vec<(usize, Notation)>) {
        self.summed = columns;
    }

    /// Rows that say these names again are no rows.
    pub(in crate::data) fn pass_names(&mut self, names: StringRecord) {
        self.names = Some(names);
    }

    /// The next row goes into `record`; its place, or nothing after the last one.
    pub(in crate::data) fn next(&mut self, record: &mut StringRecord) -> Result<Option<Place>> {
        loop {
            if let Some((line, ready)) = self.ready.pop_front() {
                *record = ready;
                self.row += 1;
                return Ok(Some((self.row - 1, line)));
            }
            let Some(line) = self.records.next(record)? else {
                self.end_empty();
                if self.held.is_empty() && self.ready.is_empty() {
                    return Ok(None);
                }
                self.leave_out();
                continue;
            };
            let apart = line > self.last + 1;
            self.last = line;
            if self.names.as_ref().is_some_and(|names| repeats_names(record.iter(), names.iter())) {
                self.again += 1;
                continue;
            }
            if self.tabs && lost_tabs(record.iter(), self.width) {
                (record.len()..self.width).for_each(|_| record.push_field(""));
            }
            if self.is_of_second(record, (line, apart)) || self.is_sum(record, line) {
                continue;
            }
            let maybe = footer::maybe(record.iter(), self.width);
            let empty = || record.len() == self.width && record.iter().all(str::is_empty);
            if maybe == Some(Maybe::Blank) && self.empty.len() < MOST_EMPTY && empty() {
                self.empty.push(line);
                continue;
            }
            self.hold_empty();
            match maybe {
                Some(maybe) => self.hold((line, record.clone(), maybe)),
                None if self.held.is_empty() && self.ready.is_empty() => {
                    self.row += 1;
                    return Ok(Some((self.row - 1, line)));
                }
                None => {
                    self.release();
                    self.ready.push_back((line, record.clone()));
                }
            }
        }
    }

    /// Keeps back what may be no row.
    fn hold(&mut self, record: (u64, StringRecord, Maybe)) {
        self.held.push_back(record);
        if self.held.len() > footer::MOST {
            self.release();
        }
    }

    /// Rows without anything that others follow are held like those.
    fn hold_empty(&mut self) {
        let empty = StringRecord::from(vec![""; self.width]);
        for line in std::mem::take(&mut self.empty) {
            self.hold((line, empty.clone(), Maybe::Blank));
        }
    }

    /// Rows without anything at the end are none where they are several, as where a table is read whole.
    fn end_empty(&mut self) {
        let none = self.auto && self.width > 1 && self.empty.len() >= footer::EMPTY;
        // Where it is known how many rows there are, those that are missing are among these.
        let missing = self.of.map_or(0, |of| of.saturating_sub(self.row + self.held.len() + self.ready.len()));
        if none && missing == 0 {
            self.left_empty = std::mem::take(&mut self.empty).len();
        } else {
            self.hold_empty();
        }
    }

    /// Whether a record belongs to another table below, as where a table is read whole. Where a row follows there is none, and what was taken
    /// for its names is handed on, to be refused with its line.
    fn is_of_second(&mut self, record: &StringRecord, (line, apart): (u64, bool)) -> bool {
        let cells = record.len();
        if let Some((names, _, lines)) = &mut self.second {
            if cells == names.len() || cells < self.width && footer::is_note(record.iter(), self.width) {
                *lines += 1;
                return true;
            }
        } else if apart && cells != self.width && names_columns(record.iter()) {
            self.second = Some((record.clone(), line, 1));
            return true;
        }
        if let Some((names, line, _)) = self.second.take() {
            self.release();
            self.ready.push_back((line, names));
        }
        false
    }

    /// Whether a record is a sum of the rows above it by its name and its numbers.
    fn is_sum(&mut self, record: &StringRecord, line: u64) -> bool {
        // Where none came for so long, none will: adding up rows takes time.
        if self.summed.is_empty() || self.sums.rows() >= MOST_SUMMED {
            return false;
        }
        let value = |&(column, notation): &(usize, Notation)| match record.get(column).map(|text| cell(text, notation))
        {
            Some(Cell::Number(value)) => value,
            _ => f64::NAN,
        };
        let is = self.sums.take(self.summed.iter().map(value), is_called_sum(record.iter()));
        if is {
            self.left_between.get_or_insert_with(|| (0, line, words(record))).0 += 1;
        }
        is
    }

    /// What was held back are rows.
    fn release(&mut self) {
        self.ready.extend(self.held.drain(..).map(|(line, record, _)| (line, record)));
    }

    /// What was held back stands at the end: it is below the table if its words say so and it lacks what rows have.
    fn leave_out(&mut self) {
        let kept = if let Some(of) = self.of {
            of.saturating_sub(self.row + self.ready.len()).min(self.held.len())
        } else {
            let last = self.held.iter().rposition(|(_, record, maybe)| !self.is_below(record, *maybe));
            let kept = last.map_or(0, |last| last + 1);
            // Rows of nothing alone are rows.
            if self.held.range(kept..).all(|(.., maybe)| *maybe == Maybe::Blank) { self.held.len() } else { kept }
        };
        if let Some((_, record, _)) = self.held.get(kept) {
            self.left_out = Some((self.held.len() - kept, words(record)));
        }
        self.held.truncate(kept);
        self.release();
    }

    fn is_below(&self, record: &StringRecord, maybe: Maybe) -> bool {
        let lacks = |(column, cell): (usize, &str)| {
            self.numbers.get(column).is_some_and(|numbers| *numbers) && is_missing(cell.trim())
        };
        let short = record.len() < self.width;
        match maybe {
            Maybe::Blank | Maybe::Note => self.auto || short,
            Maybe::Figure(column) => {
                let among_numbers = self.numbers.get(column).is_some_and(|numbers| *numbers);
                short || self.auto && (among_numbers || record.iter().enumerate().any(lacks))
            }
        }
    }

    /// What a person should know of what was left out.
    pub(in crate::data) fn note(&self) -> Option<String> {
        let again = (self.again > 0)
            .then(|| format!("{} with the names of the columns again left out", counted(self.again, "row")));
        let below = self.left_out.as_ref().map(|(count, words)| {
            format!(
                "{} below the table, totals or notes by what they say, left out, the first: `{words}`",
                counted(*count, "row")
            )
        });
        let between = self.left_between.as_ref().map(|(count, line, words)| {
            format!(
                "{} between the others, called sums and the sums of rows above them, left out, the first on line {line}: `{words}`",
                counted(*count, "row")
            )
        });
        let empty = (self.left_empty > 0)
            .then(|| format!("{} without anything at the end left out", counted(self.left_empty, "row")));
        let second = self.second.as_ref().map(|(names, line, lines)| {
            let lines = counted(*lines, "line");
            format!("{lines} below the table left out, the first on line {line}: `{}`", words(names))
        });
        let quotes = self.open.load(Ordering::Relaxed);
        let quotes = (quotes > 0)
            .then(|| format!("{} with a quote that nothing closes taken as it stands", counted(quotes, "line")));
        [again, between, below, second, empty, quotes, self.returned.note()]
            .into_iter()
            .flatten()
            .reduce(|a, b| format!("{a}; {b}"))
    }
}

/// What a record says.
fn words(record: &StringRecord) -> String {
    let words: Vec<&str> = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect();
    short(&words.join(", "), 80)
}
