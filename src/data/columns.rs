//! A text table becomes features and classes: header, label column, numbers, words.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

use super::Table;
use super::labels::Classes;
use super::raw::{Raw, few};
use super::source::{Input, stem};
use super::text::{self, Delimiter};
use crate::progress::Progress;
use crate::recipe::TextColumns;
use crate::{Error, Recipe, Result};

/// Names by which a label column is known, most telling first.
const LABEL_NAMES: [&str; 4] = ["label", "class", "target", "y"];
/// Rows the header is judged by.
const HEADER_ROWS: usize = 100;
/// Most distinct words of a column that `--text one-hot` spreads out.
const MOST_WORDS: usize = 1000;
/// Most values that spreading may make of a table: 2 GiB.
const MOST_VALUES: usize = 1 << 29;
/// Rows parsed by one task.
const BLOCK: usize = 4096;

/// Load a text table.
pub(super) fn load_file(input: Input, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let path = input.path.clone();
    let text::Read { mut table, mut lines, delimiter } = text::read(input, progress)?;
    let mut notes = Vec::new();
    if has_header(&table) {
        table.promote_first();
        lines.remove(0);
        name_columns(&mut table.header);
    } else {
        notes.push("the first line looks like data, not like a header: columns are numbered".to_owned());
    }
    if table.is_empty() {
        return Err(Error::format(&path, "there is a header, but no row follows it"));
    }
    if table.width() == 1 && table.len() > 1 {
        notes.push(format!("only one column was found; the delimiter was taken to be {}", delimiter.name()));
    }
    let place = Place { path: &path, lines: &lines, header: &table.header };
    let label = label_column(&table, recipe, &path, &mut notes)?;
    let mut columns: Vec<usize> = (0..table.width()).filter(|&c| Some(c) != label).collect();
    columns.retain(|&c| {
        let numbers_rows = is_row_number(&table, c);
        if numbers_rows {
            notes.push(format!("column `{}` only numbers the rows and was left out of the features", table.header[c]));
        }
        !numbers_rows
    });
    let decimal_comma = delimiter != Delimiter::Byte(b',');
    progress.at(0.65, "reading numbers")?;
    let parsed = parse(&table, &columns, decimal_comma, &place)?;
    let (features, names) = choose(parsed, &table, &columns, recipe.text, &place, &mut notes)?;
    let classes = label.map(|column| {
        let cell = |row: usize| Some(table.cell(row, column).trim()).filter(|cell| !is_missing(cell));
        Classes::from_words((0..table.len()).map(cell))
    });
    let mut raw = Raw::new(stem(&path), path.clone(), features, names);
    raw.classes = classes;
    raw.table = Some(table);
    raw.lines = Some(lines);
    raw.notes = notes;
    Ok(raw)
}

/// How a person finds a cell.
struct Place<'a> {
    path: &'a Path,
    lines: &'a [u64],
    header: &'a [String],
}

impl Place<'_> {
    fn wrong(&self, row: usize, column: usize, message: &str) -> Error {
        let line = self.lines.get(row).copied().unwrap_or_default();
        Error::format(self.path, format!("line {line}, column `{}`: {message}", self.header[column]))
    }
}

/// A cell as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Number(f32),
    Missing,
    Infinite,
    Word,
}

fn is_missing(cell: &str) -> bool {
    matches!(cell, "" | "?") || ["na", "nan", "null"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

fn cell(text: &str, decimal_comma: bool) -> Cell {
    let text = text.trim();
    if is_missing(text) {
        return Cell::Missing;
    }
    let value = text.parse::<f64>().ok().or_else(|| {
        let comma = decimal_comma && !text.contains('.') && text.bytes().filter(|&b| b == b',').count() == 1;
        comma.then(|| text.replace(',', ".").parse().ok()).flatten()
    });
    match value {
        None => Cell::Word,
        Some(value) if (value as f32).is_finite() => Cell::Number(value as f32),
        Some(value) if value.is_nan() => Cell::Missing,
        Some(_) => Cell::Infinite,
    }
}

fn is_number(text: &str) -> bool {
    matches!(cell(text, true), Cell::Number(_) | Cell::Infinite)
}

/// Whether the first record names the columns: words where numbers follow, or the numbers 0, 1, 2, … that pandas writes.
fn has_header(table: &Table) -> bool {
    let words = table.record(0).all(|text| !is_number(text));
    if words {
        let rows = 1..table.len().min(HEADER_ROWS);
        let numeric = |column: usize| rows.clone().any(|row| is_number(table.cell(row, column)));
        let named = table.record(0).any(|text| !is_missing(text.trim()));
        // In a table of words alone the first row is more often names than not, if each stands there once.
        let distinct: HashSet<&str> = table.record(0).collect();
        return named && ((0..table.width()).any(numeric) || distinct.len() == table.width());
    }
    let counts = |first: usize| table.record(0).skip(first).enumerate().all(|(at, text)| text.parse() == Ok(at));
    let numbered = counts(0) || (table.cell(0, 0).is_empty() && counts(1));
    // A first row of data can be 0, 1 too; from three columns on that is no accident.
    numbered && table.width() >= 3
}

/// Give columns without a name their number.
fn name_columns(header: &mut [String]) {
    for (at, name) in header.iter_mut().enumerate() {
        *name = name.trim().to_owned();
        if name.is_empty() {
            *name = format!("column {}", at + 1);
        }
    }
}

/// The column a person means by a name or a 1-based number.
pub(super) fn label_index(header: &[String], wanted: &str, path: &Path) -> Result<usize> {
    let exact = header.iter().position(|name| name == wanted);
    let loose = || header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let number = || wanted.parse::<usize>().ok().and_then(|at| at.checked_sub(1)).filter(|&at| at < header.len());
    exact.or_else(loose).or_else(number).ok_or_else(|| {
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        Error::Setting(format!(
            "--label-column {wanted}: {} has no such column; its {} columns are {}",
            path.display(),
            names.len(),
            few(&names)
        ))
    })
}

/// The label column: the one named, or one that is called so and can be one.
fn label_column(table: &Table, recipe: &Recipe, path: &Path, notes: &mut Vec<String>) -> Result<Option<usize>> {
    match recipe.label_column.as_str() {
        "none" => return Ok(None),
        "auto" => {}
        wanted => return label_index(&table.header, wanted, path).map(Some),
    }
    for name in LABEL_NAMES {
        for column in (0..table.width()).filter(|&c| table.header[c].eq_ignore_ascii_case(name)) {
            let name = &table.header[column];
            match doubt(table, column) {
                None => {
                    notes
                        .push(format!("column `{name}` taken for the labels (--label-column none makes it a feature)"));
                    return Ok(Some(column));
                }
                Some(doubt) => notes.push(format!(
                    "column `{name}` {doubt}, so it stays a feature; --label-column {name} makes it the labels"
                )),
            }
        }
    }
    Ok(None)
}

/// Why a column with the name of labels is probably none.
fn doubt(table: &Table, column: usize) -> Option<String> {
    if table.header[column].eq_ignore_ascii_case("y") && table.header.iter().any(|name| name.eq_ignore_ascii_case("x"))
    {
        return Some("stands beside a column `x`".to_owned());
    }
    let mut distinct = HashSet::new();
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        if matches!(cell(text, true), Cell::Number(value) if value.fract() != 0.0) {
            return Some("has fractions".to_owned());
        }
        distinct.insert(text);
    }
    let many = distinct.len() > 10.max(table.len() / 2);
    many.then(|| format!("has {} different values in {} rows", distinct.len(), table.len()))
}

/// Whether a column without a name, or called id or index, counts the rows from 0 or 1.
fn is_row_number(table: &Table, column: usize) -> bool {
    let name = &table.header[column];
    let suspicious = *name == format!("column {}", column + 1) && column == 0 && table.width() > 1
        || ["id", "index", "unnamed: 0"].iter().any(|n| name.eq_ignore_ascii_case(n));
    let start = table.cell(0, column).trim().parse::<usize>().ok().filter(|&start| start <= 1);
    suspicious
        && table.len() > 2
        && start
            .is_some_and(|start| (0..table.len()).all(|row| table.cell(row, column).trim().parse() == Ok(start + row)))
}

/// What was found in one column.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    numbers: usize,
    words: usize,
    first_word: Option<usize>,
}

struct Parsed {
    /// `n × columns`; NaN for what is missing or a word.
    values: Array2<f32>,
    found: Vec<Found>,
}

/// Read the cells of some columns as numbers.
fn parse(table: &Table, columns: &[usize], decimal_comma: bool, place: &Place) -> Result<Parsed> {
    let mut values = Array2::zeros((table.len(), columns.len()));
    let mut slots = vec![None; table.width()];
    for (slot, &column) in columns.iter().enumerate() {
        slots[column] = Some(slot);
    }
    let blocks: Result<Vec<Vec<Found>>> = values
        .axis_chunks_iter_mut(Axis(0), BLOCK)
        .into_par_iter()
        .enumerate()
        .map(|(block, mut values)| {
            let mut found = vec![Found::default(); columns.len()];
            for (at, mut values) in values.rows_mut().into_iter().enumerate() {
                let row = block * BLOCK + at;
                for (column, text) in table.record(row).enumerate() {
                    let Some(slot) = slots[column] else { continue };
                    values[slot] = match cell(text, decimal_comma) {
                        Cell::Number(value) => {
                            found[slot].numbers += 1;
                            value
                        }
                        Cell::Missing => f32::NAN,
                        Cell::Infinite => {
                            let message = format!("`{}` is infinite, or too large for single precision", text.trim());
                            return Err(place.wrong(row, column, &message));
                        }
                        Cell::Word => {
                            found[slot].words += 1;
                            found[slot].first_word.get_or_insert(row);
                            f32::NAN
                        }
                    };
                }
            }
            Ok(found)
        })
        .collect();
    let mut found = vec![Found::default(); columns.len()];
    for block in blocks? {
        for (all, part) in found.iter_mut().zip(block) {
            all.numbers += part.numbers;
            all.words += part.words;
            all.first_word = all.first_word.or(part.first_word);
        }
    }
    Ok(Parsed { values, found })
}

/// Where a feature comes from.
enum Origin {
    Numbers { slot: usize },
    Word { column: usize, word: String },
}

/// Apply the policy for words: the final features and their names.
fn choose(
    parsed: Parsed,
    table: &Table,
    columns: &[usize],
    policy: TextColumns,
    place: &Place,
    notes: &mut Vec<String>,
) -> Result<(Array2<f32>, Vec<String>)> {
    let mut origins = Vec::new();
    let (mut empty, mut dropped, mut spread) = (Vec::new(), Vec::new(), Vec::new());
    for (slot, (&column, found)) in columns.iter().zip(&parsed.found).enumerate() {
        let name = table.header[column].as_str();
        let Some(row) = found.first_word else {
            if found.numbers > 0 {
                origins.push(Origin::Numbers { slot });
            } else {
                empty.push(name);
            }
            continue;
        };
        match policy {
            TextColumns::Error => {
                let word: String = table.cell(row, column).trim().chars().take(40).collect();
                let message = format!(
                    "`{word}` is not a number; --text drop leaves such a column out, --text one-hot makes a 0/1 column of each word, --label-column names the labels"
                );
                return Err(place.wrong(row, column, &message));
            }
            TextColumns::Drop => {
                dropped.push(name);
                if found.numbers > 0 {
                    let word = table.cell(row, column).trim();
                    let line = place.lines.get(row).copied().unwrap_or_default();
                    notes.push(format!(
                        "column `{name}` counts as words: {} of its values are none but words, the first `{word}` on line {line}; {} are numbers",
                        found.words, found.numbers
                    ));
                }
            }
            TextColumns::OneHot => {
                spread.push(name);
                let words = distinct_words(table, column, place)?;
                origins.extend(words.into_iter().map(|word| Origin::Word { column, word }));
            }
        }
    }
    for (names, fate) in [
        (&empty, "hold no value and were left out"),
        (&dropped, "hold words and were left out (--text drop)"),
        (&spread, "hold words, each of which became a 0/1 column (--text one-hot)"),
    ] {
        if !names.is_empty() {
            notes.push(format!("{} columns {fate}: {}", names.len(), few(names)));
        }
    }
    let name = |origin: &Origin| match origin {
        Origin::Numbers { slot } => table.header[columns[*slot]].clone(),
        Origin::Word { column, word } => format!("{} = {word}", table.header[*column]),
    };
    let names: Vec<String> = origins.iter().map(name).collect();
    if origins.len() == columns.len() && spread.is_empty() {
        return Ok((parsed.values, names));
    }
    if !spread.is_empty() && table.len().saturating_mul(origins.len()) > MOST_VALUES {
        let message = format!(
            "--text one-hot would make {} columns for {} rows; --text drop leaves columns of words out",
            origins.len(),
            table.len()
        );
        return Err(Error::format(place.path, message));
    }
    Ok((assemble(&parsed.values, table, &origins), names))
}

/// The distinct words of a column, sorted; too many are an error.
fn distinct_words(table: &Table, column: usize, place: &Place) -> Result<Vec<String>> {
    let mut words = BTreeSet::new();
    for row in 0..table.len() {
        let word = table.cell(row, column).trim();
        if !is_missing(word) {
            words.insert(word);
        }
        if words.len() > MOST_WORDS {
            let message = format!(
                "more than {MOST_WORDS} different words are too many for --text one-hot; if it is an id, --text drop leaves it out"
            );
            return Err(place.wrong(row, column, &message));
        }
    }
    Ok(words.into_iter().map(str::to_owned).collect())
}

/// Copy numbers, and write 0 or 1 for words, NaN where the word is missing.
fn assemble(values: &Array2<f32>, table: &Table, origins: &[Origin]) -> Array2<f32> {
    let mut features = Array2::zeros((table.len(), origins.len()));
    features.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut features)| {
        for (feature, origin) in features.iter_mut().zip(origins) {
            *feature = match origin {
                Origin::Numbers { slot } => values[[row, *slot]],
                Origin::Word { column, word } => match table.cell(row, *column).trim() {
                    cell if is_missing(cell) => f32::NAN,
                    cell => f32::from(u8::from(cell == word)),
                },
            };
        }
    });
    features
}
