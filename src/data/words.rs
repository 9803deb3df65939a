//! Columns of words: left out, or spread into 0/1 columns, as the person chose.

use std::collections::BTreeSet;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

use super::Table;
use super::cell::is_surely_missing;
use super::columns::Place;
use super::given::Given;
use super::kinds::Kind;
use super::numbers::{Parsed, unclear_dates};
use super::raw::few;
use super::reading::{self, ColumnReading, feature_of_word};
use crate::recipe::TextColumns;
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::memory;
use crate::{Error, Recipe, Result};

/// Most distinct words of a column that `--text one-hot` spreads out.
const MOST_WORDS: usize = 1000;

/// Most distinct words of a column that is spread because there are no numbers.
const FEW_WORDS: usize = 50;

/// Where a feature comes from.
enum Origin {
    Numbers { slot: usize },
    Word { column: usize, word: String },
}

/// Apply the policy for words: the final features, their names, and how columns give them. A column whose kind was given is spread whatever
/// the policy is.
///
/// # Errors
/// [`Error::Format`] with line and column of a word where the policy refuses words, where a person named its column, and where no other
/// column is left; too many words to spread.
pub(super) fn choose(
    parsed: Parsed,
    table: &Table,
    (columns, given): (&[usize], &Given),
    recipe: &Recipe,
    place: &Place,
    notes: &mut Vec<String>,
) -> Result<(Array2<f64>, Vec<String>, Vec<ColumnReading>)> {
    let (mut origins, mut readings) = (Vec::new(), Vec::new());
    let (mut empty, mut dropped, mut spread, mut categories) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut first_dropped = None;
    for (slot, (&column, found)) in columns.iter().zip(&parsed.found).enumerate() {
        let name = table.header[column].as_str();
        let row = match parsed.kinds[slot] {
            Kind::Numbers(_) | Kind::Flags | Kind::Ticks | Kind::Dates(_) => {
                origins.push(Origin::Numbers { slot });
                let mut reading = ColumnReading::new(name, column, reading::Kind::of(parsed.kinds[slot]));
                if parsed.kinds[slot] == Kind::Ticks {
                    // No tick is no gap.
                    reading.fill = vec![0.0];
                }
                readings.push(ColumnReading { no_points: found.no_points, ..reading });
                continue;
            }
            Kind::Empty => {
                empty.push(name);
                continue;
            }
            Kind::Words | Kind::UnclearDates => found.first_word.unwrap_or(0),
        };
        let asked = given.kinds.contains_key(&column) || given.told.kinds.contains_key(&column);
        let policy = if asked { TextColumns::OneHot } else { recipe.text };
        match policy {
            TextColumns::Drop if !given.wants(column) => {
                first_dropped.get_or_insert((row, column));
                if parsed.kinds[slot] == Kind::Words {
                    dropped.push(name);
                }
                if found.numbers > 0 {
                    let (word, line) = (table.cell(row, column).trim(), place.line(row));
                    notes.push(format!(
                        "column `{name}` counts as words: {} of its values are none but words, the first `{word}` on {line}; {} are numbers",
                        found.words, found.numbers
                    ));
                }
            }
            TextColumns::Drop if parsed.kinds[slot] == Kind::UnclearDates => {
                return Err(unclear_dates(place, column, name));
            }
            TextColumns::Error | TextColumns::Drop => return Err(no_number(table, (row, column), place, recipe.text)),
            TextColumns::OneHot => {
                if asked { &mut categories } else { &mut spread }.push(name);
                let words = distinct_words(table, column, asked, place)?;
                readings.push(ColumnReading::new(name, column, reading::Kind::Words(words.clone())));
                origins.extend(words.into_iter().map(|word| Origin::Word { column, word }));
            }
        }
    }
    let mut instead = Vec::new();
    if let Some(at) = first_dropped.filter(|_| origins.is_empty() && parsed.beside == 0) {
        // Words are all there is.
        let of_words = columns.iter().enumerate().filter(|(slot, _)| parsed.kinds[*slot] == Kind::Words);
        for (_, &column) in of_words {
            let name = table.header[column].as_str();
            let Some(words) = few_words(table, column) else { continue };
            readings.push(ColumnReading::new(name, column, reading::Kind::Words(words.clone())));
            origins.extend(words.into_iter().map(|word| Origin::Word { column, word }));
            instead.push(name);
        }
        if origins.is_empty() {
            return Err(no_number(table, at, place, recipe.text));
        }
        dropped.retain(|name| !instead.contains(name));
    }
    for (names, fate) in [
        (&empty, "without any value left out"),
        (&dropped, "of words left out (--text one-hot spreads them, --kind NAME=category one of them)"),
        (
            &instead,
            "of words spread into 0/1 columns, one a word, as there is no column of numbers (--text error refuses that)",
        ),
        (&spread, "of words spread into 0/1 columns, one a word (--text one-hot)"),
        (&categories, "of categories spread into 0/1 columns, one a word, as asked or as the table itself says"),
    ] {
        if !names.is_empty() {
            notes.push(format!("columns {fate}: {}", few(names)));
        }
    }
    let name = |origin: &Origin| match origin {
        Origin::Numbers { slot } => table.header[columns[*slot]].clone(),
        Origin::Word { column, word } => feature_of_word(&table.header[*column], word),
    };
    let names: Vec<String> = origins.iter().map(name).collect();
    let none_spread = spread.is_empty() && categories.is_empty() && instead.is_empty();
    if origins.len() == columns.len() && none_spread {
        return Ok((parsed.values, names, readings));
    }
    if !none_spread {
        let bytes = table.len() as f64 * origins.len() as f64 * size_of::<f64>() as f64;
        memory::check(bytes, recipe.memory.set()).map_err(|what| {
            let (columns, rows) = (counted(origins.len(), "column"), counted(table.len(), "row"));
            let flag = if spread.is_empty() { "--kind" } else { "--text one-hot" };
            let message = format!("{flag} makes {columns} for {rows}, and it {what}");
            Error::format(place.path, message).or(leave_out("leaves columns of words out"))
        })?;
    }
    Ok((assemble(&parsed.values, table, &origins), names, readings))
}

/// A word where only numbers can be features, with the ways out.
fn no_number(table: &Table, (row, column): (usize, usize), place: &Place, policy: TextColumns) -> Error {
    let name = table.header[column].as_str();
    let word: String = table.cell(row, column).trim().chars().take(40).collect();
    let mut error = place.wrong(row, column, &format!("`{word}` is not a number"));
    if policy == TextColumns::Error {
        error = error.or(leave_out("leaves such a column out"));
    }
    error.or(Remedy::set("text", "one-hot", "makes a 0/1 column of each word", "Spread words")).or(Remedy::set(
        "label-column",
        name,
        "makes it the labels",
        format!("Take {name} for labels"),
    ))
}

/// The way out that always works.
fn leave_out(does: &str) -> Remedy {
    Remedy::set("text", "drop", does, "Leave out words")
}

/// The distinct words of a column, sorted; too many are an error. `asked` says that a person called it a category.
fn distinct_words(table: &Table, column: usize, asked: bool, place: &Place) -> Result<Vec<String>> {
    let mut words = BTreeSet::new();
    for row in 0..table.len() {
        let word = table.cell(row, column).trim();
        if !is_surely_missing(word) {
            words.insert(word);
        }
        if words.len() > MOST_WORDS {
            if asked {
                let message = format!("more than {MOST_WORDS} different words are too many for a category (--kind)");
                return Err(place.wrong(row, column, &message));
            }
            let message = format!("more than {MOST_WORDS} different words are too many for --text one-hot");
            return Err(place.wrong(row, column, &message).or(leave_out("leaves it out, if it is an id")));
        }
    }
    Ok(words.into_iter().map(str::to_owned).collect())
}

/// The distinct words of a column, sorted, where they are so few that each may well stand for a group of rows.
fn few_words(table: &Table, column: usize) -> Option<Vec<String>> {
    let mut words = BTreeSet::new();
    for row in 0..table.len() {
        let word = table.cell(row, column).trim();
        if !is_surely_missing(word) {
            words.insert(word);
        }
        if words.len() > FEW_WORDS.min(table.len() / 2) {
            return None;
        }
    }
    (words.len() > 1).then(|| words.into_iter().map(str::to_owned).collect())
}

/// Copy numbers, and write 0 or 1 for words, NaN where the word is missing.
fn assemble(values: &Array2<f64>, table: &Table, origins: &[Origin]) -> Array2<f64> {
    let mut features = Array2::zeros((table.len(), origins.len()));
    features.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut features)| {
        for (feature, origin) in features.iter_mut().zip(origins) {
            *feature = match origin {
                Origin::Numbers { slot } => values[[row, *slot]],
                Origin::Word { column, word } => match table.cell(row, *column).trim() {
                    cell if is_surely_missing(cell) => f64::NAN,
                    cell => f64::from(u8::from(cell == word)),
                },
            };
        }
    });
    features
}
