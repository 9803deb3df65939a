//! A text table becomes features and classes.

use std::path::{Path, PathBuf};

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

use super::Table;
use super::header::{has_header, is_row_number, label_column, name_columns};
use super::labels::Classes;
use super::raw::Raw;
use super::source::{Input, stem};
use super::text::{self, Delimiter};
use super::words::choose;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

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
        table.name();
        notes.push("the first line looks like data, not like a header: columns are numbered".to_owned());
    }
    if table.is_empty() {
        return Err(Error::format(&path, "there is a header, but no row follows it"));
    }
    if table.width() == 1 && table.len() > 1 {
        notes.push(format!("only one column was found; the delimiter was taken to be {}", delimiter.name()));
    }
    Cells { path, table, lines, delimiter, notes }.into_raw(recipe, progress)
}

/// A table whose columns have names, and what else is known of it, whatever kind of text it stood in.
pub(super) struct Cells {
    pub(super) path: PathBuf,
    pub(super) table: Table,
    /// Line of the file in which each row begins.
    pub(super) lines: Vec<u64>,
    pub(super) delimiter: Delimiter,
    pub(super) notes: Vec<String>,
}

impl Cells {
    /// Its features and classes.
    ///
    /// # Errors
    /// [`Error::Format`] with line and column of a cell that is none of what a feature can be; those of the label column.
    pub(super) fn into_raw(self, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
        let Self { path, table, lines, delimiter, mut notes } = self;
        let place = Place { path: &path, lines: &lines, header: &table.header };
        let label = label_column(&table, recipe, &path, &mut notes)?;
        let mut columns: Vec<usize> = (0..table.width()).filter(|&c| Some(c) != label).collect();
        columns.retain(|&c| {
            let numbers_rows = is_row_number(&table, c);
            if numbers_rows {
                let name = &table.header[c];
                notes.push(format!("column `{name}` only numbers the rows and was left out of the features"));
            }
            !numbers_rows
        });
        progress.at(0.65, "reading numbers")?;
        let decimal_comma = delimiter != Delimiter::Byte(b',');
        let parsed = parse(&table, &columns, decimal_comma, &place)?;
        let (features, names) = choose(parsed, &table, &columns, recipe, &place, &mut notes)?;
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
}

/// How a person finds a cell.
pub(super) struct Place<'a> {
    pub(super) path: &'a Path,
    pub(super) lines: &'a [u64],
    header: &'a [String],
}

impl Place<'_> {
    pub(super) fn wrong(&self, row: usize, column: usize, message: &str) -> Error {
        // There is a line for each row.
        let line = self.lines.get(row).copied().unwrap_or_default();
        Error::format(
            self.path,
            format!("line {line}, column `{}`: {}", plain::line(&self.header[column]), plain::line(message)),
        )
    }
}

/// A cell as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f32),
    Missing,
    Infinite,
    Word,
}

pub(super) fn is_missing(cell: &str) -> bool {
    matches!(cell, "" | "?") || ["na", "nan", "null"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

pub(super) fn cell(text: &str, decimal_comma: bool) -> Cell {
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

pub(super) fn is_number(text: &str) -> bool {
    matches!(cell(text, true), Cell::Number(_) | Cell::Infinite)
}

/// What was found in one column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    pub(super) numbers: usize,
    pub(super) words: usize,
    pub(super) first_word: Option<usize>,
}

pub(super) struct Parsed {
    /// `n × columns`; NaN for what is missing or a word.
    pub(super) values: Array2<f32>,
    pub(super) found: Vec<Found>,
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
