//! What new rows hold that the training of their model did not have: counted, refused, said.

use std::path::Path;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayViewMut2, Axis};

use super::From;
use super::rows_from::Cells;
use crate::data::cell::are_slips;
use crate::data::columns::reading::Seen;
use crate::data::raw::few;
use crate::data::{ColumnReading, Kind, NewRows, Notation, Reading};
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::{Error, Result};

/// Rows that one core reads at once.
const PART: usize = 512;

/// What was found in one column that training did not have.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Counts {
    gaps: usize,
    new: usize,
    /// Of those, what the column holds in another notation, and the first of it.
    otherwise: usize,
    other: Option<String>,
    /// Numbers that were brought to the unit of the training, and the first of them.
    converted: usize,
    measured: Option<String>,
    /// The first word that is new.
    word: Option<String>,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.gaps += other.gaps;
        self.new += other.new;
        self.otherwise += other.otherwise;
        self.converted += other.converted;
        self.other = self.other.take().or(other.other);
        self.measured = self.measured.take().or(other.measured);
        self.word = self.word.take().or(other.word);
    }
}

/// Cells written otherwise that are more than slips of a hand; fewer count as missing, which is told.
const WRITTEN_OTHERWISE: usize = 3;

impl NewRows<'_> {
    /// Refuses a column of which nothing in the first rows is what training had there: that is another column, or written otherwise, and
    /// filling it in would give labels that mean nothing.
    pub(super) fn check_kinds(&self, counts: &[Counts], rows: usize) -> Result<()> {
        let odd = self.reading.columns.iter().zip(counts).find(|(column, counts)| {
            let none = counts.new > 0 && counts.new + counts.gaps == rows;
            column.words().is_none()
                && (none
                    || counts.otherwise >= WRITTEN_OTHERWISE && !are_slips(counts.otherwise, rows - counts.otherwise))
        });
        let Some((column, Counts { word, other, new, gaps, .. })) = odd else { return Ok(()) };
        let unit;
        let what = match column.kind {
            Kind::Numbers(Notation::Measured(of) | Notation::MeasuredComma(of)) if !of.is_none() => {
                unit = format!("numbers with the unit `{}`", of.name());
                unit.as_str()
            }
            Kind::Numbers(Notation::Comma | Notation::MeasuredComma(_)) => "numbers with decimal commas",
            Kind::Numbers(Notation::Clock) => "times such as 12:30",
            Kind::Numbers(Notation::Ranges) => "ranges such as 20-29",
            Kind::Numbers(Notation::Graded) => "answers with their number before them",
            Kind::Numbers(Notation::Fractions) => "fractions such as 1/2",
            Kind::Numbers(Notation::Between) => "times from and to such as 9:00-17:00",
            Kind::Numbers(_) => "numbers with decimal points",
            Kind::Flags => "yes and no",
            Kind::Dates(order) => order.name(),
            Kind::Scale(_) => "answers on a scale of words",
            Kind::Words(_) | Kind::Several(..) => "words",
            Kind::List(_) => "lists of as many numbers as the training had",
        };
        let name = plain::line(&column.name);
        if new + gaps < rows {
            let word = short(other.as_deref().unwrap_or_default(), 40);
            return Err(Error::format(
                &self.path,
                format!(
                    "column `{name}`: the model reads {what} there, and some of the first {} hold it written otherwise, the first `{}`; write all of them as the training did",
                    counted(rows, "row"),
                    plain::line(&word)
                ),
            ));
        }
        let word = short(word.as_deref().unwrap_or_default(), 40);
        Err(Error::format(
            &self.path,
            format!(
                "column `{name}`: the model reads {what} there, and none of the first {} holds such a thing; the first is `{}`",
                counted(rows, "row"),
                plain::line(&word)
            ),
        ))
    }

    pub(in crate::data) fn count(&mut self, counts: Vec<Counts>) {
        self.counts.iter_mut().zip(counts).for_each(|(all, part)| all.add(part));
    }

    /// What a person should know, one sentence each: of the whole once all rows were given away.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.notes.clone();
        if let From::Cells(Cells::Text(rows)) = &self.from {
            notes.extend(rows.note());
        }
        let columns = || self.reading.columns.iter().zip(&self.counts);
        let gaps: usize = columns().map(|(_, counts)| counts.gaps).sum();
        if gaps > 0 {
            let with: Vec<String> = columns()
                .filter(|(_, counts)| counts.gaps > 0)
                .map(|(column, counts)| format!("{} ({})", column.name, counts.gaps))
                .collect();
            let with: Vec<&str> = with.iter().map(String::as_str).collect();
            notes.push(format!(
                "missing values filled with what the training data has in the middle of their column: {gaps}, in {}",
                few(&with)
            ));
        }
        for (column, counts) in columns().filter(|(_, counts)| counts.converted > 0) {
            let (Kind::Numbers(Notation::Measured(unit) | Notation::MeasuredComma(unit)), Some(first)) =
                (&column.kind, &counts.measured)
            else {
                continue;
            };
            notes.push(format!(
                "column `{}`: {} in another unit than the training's {}, the first `{}`, converted to it",
                plain::line(&column.name),
                counted(counts.converted, "cell"),
                plain::line(unit.name()),
                plain::line(&short(first, 40))
            ));
        }
        for (column, counts) in columns().filter(|(_, counts)| counts.new > 0) {
            let fate = match column.kind {
                Kind::Words(_) | Kind::Several(..) => "it counts as none of the known ones",
                _ => "it counts as missing and is filled in likewise",
            };
            let word = short(counts.word.as_deref().unwrap_or_default(), 40);
            notes.push(format!(
                "column `{}`: {} with a word that training never saw, the first `{}`; {fate}",
                plain::line(&column.name),
                counted(counts.new, "row"),
                plain::line(&word)
            ));
        }
        notes
    }
}

/// A complaint about a cell, with its place.
pub(in crate::data) fn wrong(path: &Path, place: &str, column: &ColumnReading, complaint: &str) -> Error {
    Error::format(path, format!("{place}, column `{}`: {}", plain::line(&column.name), plain::line(complaint)))
}

/// The features of a column within those of its row.
pub(super) fn part_of<'f>(features: &'f mut [f64], starts: &[usize], slot: usize) -> &'f mut [f64] {
    features.get_mut(starts[slot]..starts[slot + 1]).unwrap_or_default()
}

pub(in crate::data) fn count(counts: &mut Counts, seen: Seen, word: impl FnOnce() -> String) {
    match seen {
        Seen::Known => {}
        Seen::Converted => {
            counts.converted += 1;
            counts.measured.get_or_insert_with(word);
        }
        Seen::Gap => counts.gaps += 1,
        Seen::New => {
            counts.new += 1;
            counts.word.get_or_insert_with(word);
        }
        Seen::Otherwise => {
            counts.new += 1;
            counts.otherwise += 1;
            let word = word();
            counts.other.get_or_insert_with(|| word.clone());
            counts.word.get_or_insert(word);
        }
    }
}

/// The features of `n` rows, each made by `read`, and what it counted.
pub(in crate::data) fn fill(
    reading: &Reading,
    n: usize,
    read: impl Fn(usize, &mut [f64], &[usize], &mut [Counts]) -> Result<()> + Sync,
) -> Result<(Array2<f64>, Vec<Counts>)> {
    let mut starts = vec![0];
    for column in &reading.columns {
        starts.push(starts.last().copied().unwrap_or(0) + column.width());
    }
    let mut features = Array2::zeros((n, reading.features()));
    let of_part = |(part, mut features): (usize, ArrayViewMut2<'_, f64>)| {
        let mut counts = vec![Counts::default(); reading.columns.len()];
        for (at, mut features) in features.rows_mut().into_iter().enumerate() {
            read(part * PART + at, features.as_slice_mut().unwrap_or_default(), &starts, &mut counts)?;
        }
        Ok(counts)
    };
    let parts: Result<Vec<Vec<Counts>>> =
        features.axis_chunks_iter_mut(Axis(0), PART).into_par_iter().enumerate().map(of_part).collect();
    let mut counts = vec![Counts::default(); reading.columns.len()];
    for part in parts? {
        counts.iter_mut().zip(part).for_each(|(all, part)| all.add(part));
    }
    Ok((features, counts))
}
