//! How the columns of a table became features, kept with a model so that the next table is read the same way.

mod kind;

use std::sync::Arc;

pub use kind::Kind;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::lists;
use super::several::answers;
use super::stored::Stored;
use crate::data::cell::dates::{DateOrder, date};
use crate::data::cell::measure::measure;
use crate::data::cell::{Cell, Notation, cell, is_missing, is_number, is_surely_missing};
use crate::data::components::projection::Projection;
use crate::data::table::numbered;
use crate::data::{Dataset, Features};
use crate::recipe::{Missing, TextColumns};
use crate::support::language::{counted, short};
use crate::support::number::median;

/// How a table was read. What another table makes of its own rows, its means and its words, has no say in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Reading {
    /// The columns that features come from, in the order of the features.
    pub columns: Vec<ColumnReading>,
    /// Name of the column that held the labels.
    pub label: Option<String>,
    /// Names of columns that only numbered the rows.
    pub ids: Vec<String>,
    /// Whether the columns had names of their own; else they are known by their place.
    pub named: bool,
    /// How rows of a sparse matrix became the features, where they did.
    pub projection: Option<Arc<Projection>>,
    /// Columns of the table, labels and what was left out among them; as many as there are features where there was no table.
    pub width: usize,
}

/// How one column is read.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnReading {
    /// Its name.
    pub name: String,
    /// Its place in the table it was made of, from 0.
    pub place: usize,
    /// What its cells are.
    pub kind: Kind,
    /// What stands for a missing cell, a number a feature; empty where that is not known.
    pub fill: Vec<f64>,
    /// A number that stands where nothing is known, such as -999; in single precision, in which a column may have come.
    pub nothing: Option<f32>,
    /// Whether its numbers had commas and none a point, so that `182.634` alone may be a fraction or thousands.
    pub no_points: bool,
}

/// What was found in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Seen {
    /// What training knew.
    Known,
    /// A number in another unit of the same kind, brought to that of the training.
    Converted,
    /// Nothing; the fill stands for it.
    Gap,
    /// A word that training never saw, or one among numbers: it counts as none of the known words, or as missing.
    New,
    /// The same, but what the column holds in another notation, unit or order: to call it missing would be a mistake.
    Otherwise,
}

impl ColumnReading {
    /// A column whose fill is not known yet.
    pub(in crate::data) fn new(name: &str, place: usize, kind: Kind) -> Self {
        Self { name: name.to_owned(), place, kind, fill: Vec::new(), nothing: None, no_points: false }
    }

    /// How many features it gives.
    #[must_use]
    pub fn width(&self) -> usize {
        match self.kind {
            Kind::List(numbers) => numbers,
            _ => self.words().map_or(1, <[String]>::len),
        }
    }

    /// The words that each have a feature, where the column holds such.
    pub(in crate::data) fn words(&self) -> Option<&[String]> {
        match &self.kind {
            Kind::Words(words) | Kind::Several(_, words) => Some(words),
            Kind::Numbers(_) | Kind::Flags | Kind::Dates(_) | Kind::Scale(_) | Kind::List(_) => None,
        }
    }

    /// Names of the features it gives.
    fn features(&self) -> Vec<String> {
        match (self.words(), &self.kind) {
            (Some(words), _) => words.iter().map(|word| feature_of_word(&self.name, word)).collect(),
            (None, Kind::List(numbers)) => (0..*numbers).map(|at| feature_of_list(&self.name, at)).collect(),
            (None, _) => vec![self.name.clone()],
        }
    }

    /// The features of a cell, as many as [`ColumnReading::width`]; or what is wrong with it, in words.
    pub(in crate::data) fn read(&self, text: &str, into: &mut [f64]) -> Result<Seen, String> {
        let text = text.trim();
        let (words, mark) = match &self.kind {
            Kind::Words(words) => (words, None),
            Kind::Several(mark, words) => (words, Some(*mark)),
            Kind::List(_) if lists::read(text, into) => return Ok(Seen::Known),
            Kind::List(_) => return self.gap(into).map(|seen| if is_missing(text) { seen } else { Seen::New }),
            _ => return self.read_value(text, into),
        };
        if is_surely_missing(text) {
            return self.gap(into);
        }
        into.fill(0.0);
        let mut seen = Seen::Known;
        let mut mark_word = |text: &str| match words.binary_search_by(|word| word.as_str().cmp(text)) {
            Ok(at) if at < into.len() => into[at] = 1.0,
            _ => seen = Seen::New,
        };
        match mark {
            None => mark_word(text),
            Some(mark) => answers(text, mark).for_each(mark_word),
        }
        Ok(seen)
    }

    /// The feature of a cell that is no word.
    fn read_value(&self, text: &str, into: &mut [f64]) -> Result<Seen, String> {
        if self.no_points && may_be_thousands(text) {
            return self.gap(into).map(|_| Seen::Otherwise);
        }
        let value = self.kind.value(text);
        match self.kind {
            _ if self.is_nothing(value) => self.gap(into),
            _ if value.is_finite() => {
                into.fill(value);
                Ok(if self.kind.converts(text) { Seen::Converted } else { Seen::Known })
            }
            _ if self.kind.is_gap(text) => self.gap(into),
            Kind::Numbers(notation) if cell(text, notation) == Cell::Infinite => self.gap(into).map(|_| Seen::New),
            _ => self.gap(into).map(|_| if self.is_otherwise(text) { Seen::Otherwise } else { Seen::New }),
        }
    }

    /// Whether a number is the one that stands where nothing is known.
    fn is_nothing(&self, value: f64) -> bool {
        self.nothing.is_some_and(|nothing| nothing.total_cmp(&(value as f32)).is_eq())
    }

    /// Whether a cell holds what the column does, written as the training did not write it.
    fn is_otherwise(&self, text: &str) -> bool {
        match self.kind {
            Kind::Numbers(_) => is_number(text) || measure(text, false).or_else(|| measure(text, true)).is_some(),
            Kind::Dates(_) => [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear]
                .into_iter()
                .any(|order| date(text, order).is_some()),
            Kind::Flags => is_number(text),
            Kind::Scale(_) | Kind::Words(_) | Kind::Several(..) | Kind::List(_) => false,
        }
    }

    /// The same for a number that comes from an array; NaN is a gap.
    pub(in crate::data) fn read_number(&self, value: f64, into: &mut [f64]) -> Result<Seen, String> {
        match self.kind {
            _ if value.is_nan() || self.is_nothing(value) => self.gap(into),
            // A number alone does not say that it is in the unit of the training.
            Kind::Numbers(Notation::Measured(unit) | Notation::MeasuredComma(unit)) if !unit.is_none() => {
                self.read(&value.to_string(), into)
            }
            Kind::Scale(_) | Kind::Words(_) | Kind::Several(..) | Kind::List(_) => self.read(&value.to_string(), into),
            _ => {
                into.fill(value);
                Ok(Seen::Known)
            }
        }
    }

    fn gap(&self, into: &mut [f64]) -> Result<Seen, String> {
        if self.fill.len() != into.len() {
            return Err("a value is missing, and this model, of an earlier version, knows nothing that fills it; \
                        train it again, or fill the gap"
                .to_owned());
        }
        into.copy_from_slice(&self.fill);
        Ok(Seen::Gap)
    }

    /// What does not fit, in words.
    fn check(&self) -> Result<(), String> {
        let name = short(&self.name, 40);
        if !self.fill.is_empty() && self.fill.len() != self.width() || !self.fill.iter().all(|v| v.is_finite()) {
            return Err(format!("what fills the gaps of column `{name}` does not fit it"));
        }
        if self.words().is_some_and(|words| !words.is_sorted_by(|a, b| a < b)) {
            return Err(format!("the words of column `{name}` are out of order"));
        }
        Ok(())
    }
}

/// Whether a number has one point, three digits behind it and one to three before it.
fn may_be_thousands(text: &str) -> bool {
    let Some((whole, rest)) = text.strip_prefix('-').unwrap_or(text).split_once('.') else { return false };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&whole.len()) && !whole.starts_with('0') && rest.len() == 3 && digits(whole) && digits(rest)
}

/// What the feature of a word is called.
pub(super) fn feature_of_word(column: &str, word: &str) -> String {
    format!("{column} = {word}")
}

/// What the feature of a number of a list is called, as in tables whose lists have types.
pub(super) fn feature_of_list(column: &str, at: usize) -> String {
    format!("{column}.{at}")
}

impl Reading {
    /// Of features that are numbers as they came.
    pub(in crate::data) fn of_numbers(names: &[String], named: bool) -> Self {
        let column = |(place, name): (usize, &String)| ColumnReading::new(name, place, Kind::Numbers(Notation::Plain));
        Self {
            columns: names.iter().enumerate().map(column).collect(),
            named: named && names != numbered(names.len()),
            width: names.len(),
            ..Self::default()
        }
    }

    /// Of components that sparse rows were projected to.
    pub(in crate::data) fn of_projection(projection: Projection) -> Self {
        let reading = Self::of_numbers(&projection.names(), true);
        Self { projection: Some(Arc::new(projection)), ..reading }
    }

    /// What can be known of a model that has the names of its features alone, as those of earlier versions: no fills.
    #[must_use]
    pub fn of_names(names: &[String], text: TextColumns) -> Self {
        let pictures = names.first().is_some_and(|name| name.starts_with("pixel 1,1"));
        let mut reading = Self::of_numbers(names, !pictures);
        if text != TextColumns::OneHot {
            return reading;
        }
        reading.columns.clear();
        for name in names {
            let Some((column, word)) = name.split_once(" = ") else {
                reading.columns.push(ColumnReading::new(name, reading.columns.len(), Kind::Numbers(Notation::Plain)));
                continue;
            };
            match reading.columns.last_mut() {
                Some(ColumnReading { name, kind: Kind::Words(words), .. }) if name == column => {
                    words.push(word.to_owned());
                }
                _ => {
                    let kind = Kind::Words(vec![word.to_owned()]);
                    reading.columns.push(ColumnReading::new(column, reading.columns.len(), kind));
                }
            }
        }
        reading
    }

    /// Number of features that it gives.
    #[must_use]
    pub fn features(&self) -> usize {
        self.columns.iter().map(ColumnReading::width).sum()
    }

    /// Without the features that are not `kept`, ascending, where every column gives one.
    pub(in crate::data) fn with_features(mut self, kept: &[usize]) -> Self {
        if self.features() == self.columns.len() {
            let mut place = 0;
            self.columns.retain(|_| {
                place += 1;
                kept.binary_search(&(place - 1)).is_ok()
            });
        }
        self
    }

    /// Gives every column its part of `fill`, a number a feature; NaN where nothing was filled in.
    pub(in crate::data) fn filled_with(mut self, fill: &[f64]) -> Self {
        let mut rest = fill;
        for column in &mut self.columns {
            let Some((own, others)) = rest.split_at_checked(column.width()) else { break };
            // What nothing filled in may have its fill from what the column holds.
            if own.iter().all(|v| v.is_finite()) {
                column.fill = own.to_vec();
            }
            rest = others;
        }
        self
    }

    /// The reading of a set with what would fill the gaps of every column: what filled them in training or, where there was no gap, what
    /// would have: the mean of its values where means fill, else the median.
    #[must_use]
    pub fn with_fills(data: &Dataset, missing: Missing) -> Self {
        let mut reading = data.reading.as_ref().clone();
        let middle = |features: &Features, j: usize| {
            let values = features.column(j);
            let count = values.len() as f64;
            if missing == Missing::Mean { values.into_iter().sum::<f64>() / count } else { median(values) }
        };
        let mut first = 0;
        let mut lacking = Vec::new();
        for column in &mut reading.columns {
            let features = first..first + column.width();
            first = features.end;
            if column.fill.len() != column.width() && first <= data.dim() {
                lacking.push((column, features));
            }
        }
        lacking.into_par_iter().for_each(|(column, features)| {
            let fill: Vec<f64> = features.map(|j| middle(&data.features, j)).collect();
            column.fill = if fill.iter().all(|v| v.is_finite()) { fill } else { Vec::new() };
        });
        reading
    }

    /// Whether it gives the features of these names and its parts fit each other: it may come from a file.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn check(&self, features: &[String]) -> Result<(), String> {
        let (own, wanted) = (self.features(), features.len());
        if own != wanted {
            return Err(format!("it reads {} of a table and has {}", counted(own, "feature"), wanted));
        }
        let names = self.columns.iter().flat_map(ColumnReading::features);
        if let Some((own, wanted)) = names.zip(features).find(|(own, wanted)| own != *wanted) {
            let (own, wanted) = (short(&own, 40), short(wanted, 40));
            return Err(format!("it reads `{own}` of a table where it has `{wanted}`"));
        }
        if let Some(projection) = &self.projection {
            projection.check()?;
            if projection.components() != wanted {
                return Err("what it makes of sparse rows has another number of components".to_owned());
            }
        }
        self.columns.iter().try_for_each(ColumnReading::check)
    }
}

#[cfg(test)]
mod tests;
