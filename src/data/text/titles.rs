//! What stands above a table in its first records: a title, or how many rows and columns follow.

use super::delimiter::Delimiter;
use super::header::names_some;
use super::layout::RECORDS;
use crate::data::Table;
use crate::data::cell::{is_missing, is_number};
use crate::recipe::HeaderLine;

/// Most records of a title.
const TITLES: usize = 30;

/// Whether the first record says how many rows and columns follow, as files of word vectors and expression tables do: `400000 300`. Columns
/// may be counted without those that name the rows.
pub(super) fn says_size(records: &[(usize, Vec<String>)], whole: bool) -> bool {
    let [(_, first), (_, second), ..] = records else { return false };
    let [rows, columns] = first.as_slice() else { return false };
    let count = |cell: &String| cell.trim().parse::<usize>().ok();
    let (Some(rows), Some(columns), width) = (count(rows), count(columns), second.len()) else { return false };
    let follow = records.len() - 1;
    let names = !second.iter().any(|cell| is_number(cell));
    // All records are here, with a line of names or without, or only the first of them.
    let fits =
        if whole && follow + 1 < RECORDS { rows == follow || names && rows + 1 == follow } else { rows >= follow };
    width > 2 && (width - 2..=width).contains(&columns) && fits
}

/// How many of the first records are a title: they begin with a word and have fewer cells than the rows have, and what follows them looks
/// like the beginning of a table.
pub(super) fn titles(
    (records, whole): (&[(usize, Vec<String>)], bool),
    delimiter: Delimiter,
    header: HeaderLine,
) -> usize {
    let width_at = |at: usize| records[at].1.len();
    let Some(width) = width_of_most(records) else { return 0 };
    if says_size(records, whole) {
        return 1;
    }
    let named = |at: usize| {
        let mut table = Table::unnamed(width);
        for (_, cells) in records[at..].iter().filter(|(_, cells)| cells.len() == width) {
            // As long as the table is wide, and far from 4 GiB.
            let _ = table.push(cells.iter().map(String::as_str));
        }
        header != HeaderLine::No && names_some(&table)
    };
    let Some(full) = (0..records.len().min(TITLES)).find(|&at| width_at(at) == width) else { return 0 };
    // scikit-learn says how many rows and features follow, and names the classes.
    let counts = |cells: &[String]| {
        let number = |at: usize| cells.get(at).and_then(|cell| cell.trim().parse::<usize>().ok());
        let classes = cells.get(2..).is_some_and(|rest| rest.iter().any(|cell| !is_number(cell)));
        cells.len() < width && number(0).is_some() && number(1) == Some(width - 1) && classes
    };
    // Names of columns may be one fewer than the cells of a row, where rows have names; then a row follows them.
    let names_of_rows = full > 0 && width_at(full - 1) + 1 == width && !named(full) && !counts(&records[full - 1].1);
    let first = if names_of_rows { full - 1 } else { full };
    // A line of names that ends with a delimiter has one cell more than the rows.
    let longer = first > 0 && delimiter != Delimiter::Blank && width_at(first - 1) == width + 1;
    let first = if longer { first - 1 } else { first };
    let wordy = |cells: &[String]| {
        let said = cells.iter().map(|cell| cell.trim()).find(|cell| !is_missing(cell));
        said.is_some_and(|cell| cell.contains(char::is_alphabetic) && !is_number(cell))
    };
    // A sentence may have more words than a table has columns.
    let sentence = |cells: &[String]| {
        delimiter == Delimiter::Blank && 3 * cells.iter().filter(|cell| is_number(cell)).count() <= cells.len()
    };
    // Names of columns that lack some are no title.
    let named = named(full);
    let few = |cells: &[String]| cells.len() < width && (named || 2 * cells.len() <= width);
    // What a logger says of itself may be more than its rows hold.
    let many = |cells: &[String]| named && cells.len() > width + 1;
    let title = |cells: &[String]| counts(cells) || wordy(cells) && (few(cells) || many(cells) || sentence(cells));
    if records[..first].iter().all(|(_, cells)| title(cells)) { first } else { 0 }
}

/// Cells of most of the records, where at least half have as many.
fn width_of_most(records: &[(usize, Vec<String>)]) -> Option<usize> {
    let mut widths: Vec<usize> = records.iter().map(|(_, cells)| cells.len()).collect();
    widths.sort_unstable();
    let most = widths.chunk_by(|a, b| a == b).filter(|run| run[0] > 1).max_by_key(|run| run.len())?;
    (2 * most.len() >= widths.len()).then_some(most[0])
}
