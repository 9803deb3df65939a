//! Rows of a text as they come, in memory for a few of them: the last may be totals or notes below the table.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;

use csv::StringRecord;

use super::closed::Open;
use super::footer::{self, Maybe};
use super::gathered::lost_tabs;
use super::records::Records;
use super::second_names::repeats_names;
use crate::Result;
use crate::data::bytes::returns::Returned;
use crate::data::cell::is_missing;
use crate::support::language::{counted, short};

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
            left_out: None,
            open: Open::default(),
            returned: Returned::default(),
            tabs: false,
            names: None,
            again: 0,
        }
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
                if self.held.is_empty() {
                    return Ok(None);
                }
                self.leave_out();
                continue;
            };
            if self.names.as_ref().is_some_and(|names| repeats_names(record.iter(), names.iter())) {
                self.again += 1;
                continue;
            }
            if self.tabs && lost_tabs(record.iter(), self.width) {
                (record.len()..self.width).for_each(|_| record.push_field(""));
            }
            match footer::maybe(record.iter(), self.width) {
                Some(maybe) => {
                    self.held.push_back((line, record.clone(), maybe));
                    if self.held.len() > footer::MOST {
                        self.release();
                    }
                }
                None if self.held.is_empty() => {
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

    /// What was held back are rows.
    fn release(&mut self) {
        self.ready.extend(self.held.drain(..).map(|(line, record, _)| (line, record)));
    }

    /// What was held back stands at the end: it is below the table if its words say so and it lacks what rows have.
    fn leave_out(&mut self) {
        let kept = if let Some(of) = self.of {
            of.saturating_sub(self.row).min(self.held.len())
        } else {
            let last = self.held.iter().rposition(|(_, record, maybe)| !self.is_below(record, *maybe));
            let kept = last.map_or(0, |last| last + 1);
            // Rows of nothing alone are rows.
            if self.held.range(kept..).all(|(.., maybe)| *maybe == Maybe::Blank) { self.held.len() } else { kept }
        };
        if let Some((_, record, _)) = self.held.get(kept) {
            let words: Vec<&str> = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect();
            self.left_out = Some((self.held.len() - kept, short(&words.join(", "), 80)));
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
        let quotes = self.open.load(Ordering::Relaxed);
        let quotes = (quotes > 0)
            .then(|| format!("{} with a quote that nothing closes taken as it stands", counted(quotes, "line")));
        [again, below, quotes, self.returned.note()].into_iter().flatten().reduce(|a, b| format!("{a}; {b}"))
    }
}
