//! What a table's columns are called and which of them holds the labels: guesses, each of which is said.

use std::collections::HashSet;
use std::path::Path;

use super::Table;
use super::columns::{Cell, cell, is_missing, is_number};
use super::raw::few;
use crate::support::error::Remedy;
use crate::support::language::{are, counted};
use crate::{Error, Recipe, Result};

/// Names by which a label column is known, most telling first.
pub(super) const LABEL_NAMES: [&str; 4] = ["label", "class", "target", "y"];
/// Rows the header is judged by.
const HEADER_ROWS: usize = 100;

/// Whether the first record names the columns: words where numbers follow, or the numbers 0, 1, 2, … that pandas writes.
pub(super) fn has_header(table: &Table) -> bool {
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
pub(super) fn name_columns(header: &mut [String]) {
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
        let columns = counted(names.len(), "column");
        let verb = are(names.len());
        let path = path.display();
        Error::Setting(format!(
            "--label-column {wanted}: {path} has no such column; its {columns} {verb} {}",
            few(&names)
        ))
        .or(Remedy::set("label-column", "auto", "looks for one", "Look for labels"))
        .or(Remedy::set("label-column", "none", "does without labels", "Do without labels"))
    })
}

/// The label column: the one named, or one that is called so and can be one.
pub(super) fn label_column(
    table: &Table,
    recipe: &Recipe,
    path: &Path,
    notes: &mut Vec<String>,
) -> Result<Option<usize>> {
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
    let mut numbers = true;
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        match cell(text, true) {
            Cell::Number(value) if value.fract() != 0.0 => return Some("has fractions".to_owned()),
            Cell::Number(_) | Cell::Missing => {}
            Cell::Infinite | Cell::Word => numbers = false,
        }
        distinct.insert(text);
    }
    let most = if numbers { most_classes(table.len()) } else { FEW_CLASSES.max(table.len() / 2) };
    let kind = if numbers { "whole numbers" } else { "values" };
    (distinct.len() > most)
        .then(|| format!("has {} different {kind} in {}", distinct.len(), counted(table.len(), "row")))
}

/// So many classes anything may have.
const FEW_CLASSES: usize = 10;
/// More whole numbers than these are counts, years or amounts, not classes.
const MANY_CLASSES: usize = 100;

/// Different whole numbers in `rows` rows that may still be the classes of a set: an amount takes new values with new rows, where
/// classes gather rows.
pub(super) fn most_classes(rows: usize) -> usize {
    ((2.0 * (rows as f64).sqrt()) as usize).clamp(FEW_CLASSES, MANY_CLASSES)
}

/// Whether a column without a name, or called id or index, counts the rows from 0 or 1.
pub(super) fn is_row_number(table: &Table, column: usize) -> bool {
    let name = &table.header[column];
    let suspicious = *name == format!("column {}", column + 1) && column == 0 && table.width() > 1
        || ["id", "index", "unnamed: 0"].iter().any(|n| name.eq_ignore_ascii_case(n));
    let start = table.cell(0, column).trim().parse::<usize>().ok().filter(|&start| start <= 1);
    suspicious
        && table.len() > 2
        && start
            .is_some_and(|start| (0..table.len()).all(|row| table.cell(row, column).trim().parse() == Ok(start + row)))
}
