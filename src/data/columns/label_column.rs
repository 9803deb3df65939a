//! Which column of a table holds classes, by its name and its cells.

use std::collections::{HashMap, HashSet};

use crate::data::Table;
use crate::data::cell::measure::measure;
use crate::data::cell::{Cell, Notation, cell, is_missing, is_number};
use crate::data::text::declared::LABEL_NAMES;
use crate::support::language::counted;

/// How the names of such columns end where they lie within objects, as of `attributes.label`.
const WITHIN: [&str; 3] = [".label", ".class", ".target"];
/// Other names of classes, where a column holds few words or few whole numbers: those names in other languages, and what is told apart in
/// sciences.
const CLASS_NAMES: [&str; 44] = [
    "labels",
    "classes",
    "class_label",
    "class label",
    "class_name",
    "class name",
    "label_name",
    "target_name",
    "target_names",
    "true_label",
    "true_class",
    "y_true",
    "gold_label",
    "ground truth",
    "outcome",
    "churn",
    "etiket",
    "sınıf",
    "ground_truth",
    "groundtruth",
    "species",
    "subspecies",
    "cultivar",
    "variety",
    "diagnosis",
    "cell_type",
    "celltype",
    "cell type",
    "tumor_type",
    "tumour_type",
    "spezies",
    "diagnose",
    "klasse",
    "classe",
    "clase",
    "klasa",
    "etichetta",
    "etiqueta",
    "étiquette",
    "класс",
    "метка",
    "类别",
    "标签",
    "クラス",
];
/// Of those names, such as are never those of a count or an amount: numbers under them are classes too.
const NUMBERED: [&str; 21] = [
    "labels",
    "classes",
    "class_label",
    "class label",
    "true_label",
    "true_class",
    "y_true",
    "gold_label",
    "ground_truth",
    "groundtruth",
    "ground truth",
    "klasse",
    "classe",
    "clase",
    "klasa",
    "класс",
    "метка",
    "类别",
    "标签",
    "クラス",
    "sınıf",
];
/// Names of what happened or did not: two numbers say it.
const HAPPENED: [&str; 3] = ["outcome", "churn", "diagnosis"];
/// Rows that a class of such a column has at least, on average, most classes, and most where they are numbers.
const ROWS_A_CLASS: usize = 3;
const MOST_CLASSES: usize = 50;
const MOST_NUMBERS: usize = 10;

/// The label column: one that is called so and can be one.
pub(in crate::data) fn label_column(
    table: &Table,
    taken: &dyn Fn(usize) -> bool,
    why: &mut HashMap<usize, String>,
    notes: &mut Vec<String>,
) -> Option<usize> {
    for name in LABEL_NAMES.into_iter().chain(WITHIN) {
        let ends = |header: &str| {
            let within = header.len().checked_sub(name.len()).and_then(|at| header.get(at..));
            within.is_some_and(|end| end.eq_ignore_ascii_case(name))
        };
        let named = |&c: &usize| {
            !taken(c) && ends(&table.header[c]) && (name.starts_with('.') || table.header[c].len() == name.len())
        };
        for column in (0..table.width()).filter(named) {
            let name = &table.header[column];
            match doubt(table, column) {
                None => {
                    notes
                        .push(format!("column `{name}` taken for the labels (--label-column none makes it a feature)"));
                    why.insert(column, "has the name of labels, and few values that come again".to_owned());
                    return Some(column);
                }
                Some(doubt) => {
                    notes.push(format!(
                        "column `{name}` {doubt}, so it stays a feature; --label-column {name} makes it the labels"
                    ));
                    why.insert(column, format!("has the name of labels, but {doubt}"));
                }
            }
        }
    }
    let column = (0..table.width()).find(|&column| !taken(column) && holds_classes(table, column))?;
    let name = &table.header[column];
    notes.push(format!(
        "column `{name}` of few values that come again taken for the labels, by its name (--label-column none makes it a column like others)"
    ));
    why.insert(column, "has the name of classes, and few values that come again".to_owned());
    Some(column)
}

/// Whether a column is called as classes are and holds some words or whole numbers again and again, beside numbers that can tell them apart.
fn holds_classes(table: &Table, column: usize) -> bool {
    let name = table.header[column].to_lowercase();
    if !CLASS_NAMES.contains(&name.as_str()) {
        return false;
    }
    let (mut distinct, mut rows, mut numbers) = (HashSet::new(), 0, false);
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        if is_missing(text) {
            continue;
        }
        let number = is_number(text);
        let whole = text.bytes().all(|b| b.is_ascii_digit());
        if number && !whole || rows > 0 && number != numbers || distinct.len() > MOST_CLASSES {
            return false;
        }
        numbers = number;
        distinct.insert(text);
        rows += 1;
    }
    let most = |name: &str| match name {
        _ if NUMBERED.contains(&name) => MOST_NUMBERS,
        _ if HAPPENED.contains(&name) => 2,
        _ => 0,
    };
    if numbers && distinct.len() > most(&name) {
        return false;
    }
    let first = |other: usize| (0..table.len()).map(|row| table.cell(row, other).trim()).find(|text| !is_missing(text));
    // Columns that came with types and are no text hold numbers.
    let measured = |text: &str| is_number(text) || measure(text, false).or_else(|| measure(text, true)).is_some();
    let is = |other: usize| !table.is_text(other) || first(other).is_some_and(measured);
    let numbers = (0..table.width()).any(|other| other != column && is(other));
    numbers && distinct.len() > 1 && ROWS_A_CLASS * distinct.len() <= rows
}

/// Why a column with the name of labels is probably none.
fn doubt(table: &Table, column: usize) -> Option<String> {
    if table.header[column].eq_ignore_ascii_case("y") && table.header.iter().any(|name| name.eq_ignore_ascii_case("x"))
    {
        return Some("stands beside a column `x`".to_owned());
    }
    too_many(table, column)
}

/// Why the cells of a column can hardly be classes.
pub(in crate::data) fn too_many(table: &Table, column: usize) -> Option<String> {
    let mut distinct = HashSet::new();
    let mut numbers = true;
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        match number(text) {
            Cell::Number(value) if value.fract() != 0.0 => return Some("has fractions".to_owned()),
            Cell::Number(_) => {}
            Cell::Missing => continue,
            Cell::Infinite | Cell::Word => numbers = false,
        }
        distinct.insert(text);
    }
    let most = if numbers { most_classes(table.len()) } else { FEW_CLASSES.max(table.len() / 2) };
    let kind = if numbers { "whole numbers" } else { "values" };
    (distinct.len() > most)
        .then(|| format!("has {} different {kind} in {}", distinct.len(), counted(table.len(), "row")))
}

/// A cell as a number, with a decimal point or comma.
fn number(text: &str) -> Cell {
    match cell(text, Notation::Plain) {
        Cell::Word => cell(text, Notation::Comma),
        plain => plain,
    }
}

/// So many classes anything may have.
const FEW_CLASSES: usize = 10;
/// More whole numbers than these are counts, years or amounts, not classes.
const MANY_CLASSES: usize = 100;

/// Different whole numbers in `rows` rows that may still be the classes of a set: an amount takes new values with new rows, where
/// classes gather rows.
pub(in crate::data) fn most_classes(rows: usize) -> usize {
    ((2.0 * (rows as f64).sqrt()) as usize).clamp(FEW_CLASSES, MANY_CLASSES)
}
