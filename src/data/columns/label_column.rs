//! Which column of a table holds classes, by its name and its cells.

use std::collections::{HashMap, HashSet};

use crate::data::Table;
use crate::data::cell::flags::flag;
use crate::data::cell::measure::measure;
use crate::data::cell::{Cell, Notation, cell, is_missing, is_number};
use crate::data::table::numbered;
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
    let called = (0..table.width()).find(|&column| !taken(column) && is_called_classes(table, column));
    let (column, by, reason) = match called {
        Some(column) => (column, "by its name", "has the name of classes"),
        None => (last_of_words(table, taken)?, "as the last of a table without names", "is the last, of words"),
    };
    let name = &table.header[column];
    notes.push(format!(
        "column `{name}` of few values that come again taken for the labels, {by} (--label-column none makes it a column like others)"
    ));
    why.insert(column, format!("{reason}, and few values that come again"));
    Some(column)
}

/// The last column of a table without names, where it holds few words that come again: so archives of data sets put the class of a row. Flags
/// are features as good as any.
fn last_of_words(table: &Table, taken: &dyn Fn(usize) -> bool) -> Option<usize> {
    let column = table.width().checked_sub(1).filter(|&column| !taken(column) && table.is_text(column))?;
    let words = || (0..table.len()).map(|row| table.cell(row, column).trim()).filter(|text| !is_missing(text));
    let fits = table.header == numbered(table.width())
        && words().all(|text| !is_number(text))
        && !words().all(|text| flag(text).is_some());
    (fits && holds_classes(table, column, 0)).then_some(column)
}

/// Whether a column is called as classes are and holds some.
fn is_called_classes(table: &Table, column: usize) -> bool {
    let name = table.header[column].to_lowercase();
    let most = match name.as_str() {
        name if NUMBERED.contains(&name) => MOST_NUMBERS,
        name if HAPPENED.contains(&name) => 2,
        _ => 0,
    };
    CLASS_NAMES.contains(&name.as_str()) && holds_classes(table, column, most)
}

/// Whether a column holds some words, or at most so many whole numbers, again and again, beside numbers that can tell them apart.
fn holds_classes(table: &Table, column: usize, most_numbers: usize) -> bool {
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
    if numbers && distinct.len() > most_numbers {
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
    let mut distinct: HashMap<&str, (f64, usize)> = HashMap::new();
    let mut numbers = true;
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        let value = match number(text) {
            Cell::Number(value) if value.fract() != 0.0 => return Some("has fractions".to_owned()),
            Cell::Number(value) => value,
            Cell::Missing => continue,
            Cell::Infinite | Cell::Word => {
                numbers = false;
                f64::NAN
            }
        };
        distinct.entry(text).or_insert((value, 0)).1 += 1;
    }
    let many = if numbers {
        too_many_numbers(distinct.values().copied(), table.len())
    } else {
        distinct.len() > FEW_CLASSES.max(table.len() / 2)
    };
    let kind = if numbers { "whole numbers" } else { "values" };
    many.then(|| format!("has {} different {kind} in {}", distinct.len(), counted(table.len(), "row")))
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
/// A number that comes less often than this gathers no rows, and the part of them, one in so many, that no classes have.
const RARE: usize = 3;
const RARE_SHARE: usize = 5;

/// Whether so many whole numbers, each with how often it comes in `rows` rows, are more than the classes of a set: an amount takes new values
/// with new rows, and some of them hardly ever, where classes gather rows.
pub(in crate::data) fn too_many_numbers(numbers: impl Iterator<Item = (f64, usize)>, rows: usize) -> bool {
    let numbers: Vec<(f64, usize)> = numbers.collect();
    let (found, rare) = (numbers.len(), numbers.iter().filter(|(_, count)| *count < RARE).count());
    if found <= FEW_CLASSES {
        return false;
    }
    let (low, high) = numbers.iter().fold((f64::MAX, f64::MIN), |(l, h), (v, _)| (l.min(*v), h.max(*v)));
    // Programs that number classes leave none out.
    let numbered = (low == 0.0 || (low - 1.0).abs() < 0.5) && (high - low) as usize + 1 == found;
    let most = ((2.0 * (rows as f64).sqrt()) as usize).clamp(FEW_CLASSES, MANY_CLASSES);
    if numbered && rare == 0 {
        found > MANY_CLASSES.min(rows / ROWS_A_CLASS)
    } else {
        found > most || RARE_SHARE * rare >= found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_of_words_of_a_table_without_names_holds_classes() {
        let last = |lines: &str, header: bool| {
            let mut table = Table::of_lines(lines, ',');
            let width = table.width();
            table.header = if header { (0..width).map(|at| format!("name {at}")).collect() } else { numbered(width) };
            label_column(&table, &|_| false, &mut HashMap::new(), &mut Vec::new())
        };
        let rows = |words: [&str; 2]| (0..12).map(|i| format!("{i}.5,{}", words[i % 2])).collect::<Vec<_>>().join("\n");
        assert_eq!(last(&rows(["Iris-setosa", "Iris-virginica"]), false), Some(1));
        assert_eq!(last(&rows(["Iris-setosa", "Iris-virginica"]), true), None, "its name would say it");
        assert_eq!(last(&rows(["yes", "no"]), false), None, "a flag is a feature");
        assert_eq!(last(&rows(["3", "4"]), false), None, "so is a number");
        let names = (0..12).map(|i| format!("{i}.5,name {i}")).collect::<Vec<_>>().join("\n");
        assert_eq!(last(&names, false), None, "names come once");
        assert_eq!(last("a,b\nc,d\na,b\nc,d\na,b\nc,d", false), None, "there is nothing to tell them apart by");
    }

    #[test]
    fn classes_gather_rows_and_amounts_do_not() {
        let many = |counts: &[(i32, usize)]| {
            let rows = counts.iter().map(|(_, count)| count).sum();
            too_many_numbers(counts.iter().map(|&(value, count)| (f64::from(value), count)), rows)
        };
        let evenly = |values: std::ops::Range<i32>, count| values.map(|value| (value, count)).collect::<Vec<_>>();
        for classes in [evenly(0..10, 1), evenly(0..40, 5), evenly(1..101, 4), evenly(100..120, 20)] {
            assert!(!many(&classes), "{classes:?}");
        }
        // Of years, with some that come once, and of ages in few rows.
        let mut rings = evenly(3..21, 20);
        rings.extend([(1, 1), (2, 1), (22, 1), (25, 2), (29, 1)]);
        for amounts in [evenly(0..40, 1), evenly(0..300, 50), evenly(100..150, 5), evenly(18..88, 3), rings] {
            assert!(many(&amounts), "{amounts:?}");
        }
    }
}
