//! Cells of several answers, such as `tea; coffee`: each answer is a 0/1 column.

use std::collections::{BTreeMap, HashSet};

use crate::data::Table;
use crate::data::cell::is_surely_missing;

/// What may stand between answers.
const MARKS: [char; 3] = [';', '|', ','];
/// Most different answers.
const MOST: usize = 60;
/// Cells of several answers that are no accident.
const CELLS: usize = 3;
/// Rows of which one has such a cell, where any has.
const FIRST: usize = 1000;

/// The different answers of a column whose cells hold several of them, sorted, and the mark between them; nothing where a cell holds one
/// thing: answers come again in other company, and none twice in a cell.
pub(in crate::data) fn several(table: &Table, column: usize) -> Option<(char, Vec<String>)> {
    let first = || (0..table.len().min(FIRST)).map(|row| table.cell(row, column));
    let mut marks = MARKS.into_iter().filter(|&mark| first().any(|cell| cell.contains(mark)));
    marks.find_map(|mark| Some((mark, with_mark(table, column, mark)?)))
}

fn with_mark(table: &Table, column: usize, mark: char) -> Option<Vec<String>> {
    let (mut times, mut cells, mut several) = (BTreeMap::<&str, usize>::new(), HashSet::new(), 0);
    for row in 0..table.len() {
        let cell = table.cell(row, column).trim();
        if is_surely_missing(cell) {
            continue;
        }
        cells.insert(cell);
        let mut here = HashSet::new();
        for answer in answers(cell, mark) {
            if !here.insert(answer) || !answer.contains(char::is_alphabetic) {
                return None;
            }
            *times.entry(answer).or_default() += 1;
        }
        several += usize::from(here.len() > 1);
        if times.len() > MOST {
            return None;
        }
    }
    let again = times.values().filter(|&&times| times > 1).count();
    let are_answers = several >= CELLS && times.len() > 1 && times.len() <= cells.len() && 2 * again >= times.len();
    are_answers.then(|| times.into_keys().map(str::to_owned).collect())
}

/// The answers of a cell.
pub(in crate::data) fn answers(cell: &str, mark: char) -> impl Iterator<Item = &str> {
    cell.split(mark).map(str::trim).filter(|answer| !answer.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_answers_are_told_from_words_with_marks_in_them() {
        let found = |cells: &[&str]| {
            let mut table = Table::new(vec!["a".to_owned()]);
            for cell in cells {
                table.push(std::iter::once(*cell)).expect("one cell");
            }
            several(&table, 0).map(|(mark, words)| format!("{mark} {}", words.join("/")))
        };
        let drinks = ["tea; milk", "tea", "", "milk;tea; water", "water; tea"];
        assert_eq!(found(&drinks).as_deref(), Some("; milk/tea/water"));
        let commas = ["tea, milk", "tea", "", "milk,tea, water", "water, tea"];
        assert_eq!(found(&commas).as_deref(), Some(", milk/tea/water"));
        for cells in [
            &["Bern, Switzerland", "Rome, Italy", "Paris, France", "Oslo, Norway"][..],
            &["tea", "milk", "tea"],
            &["tea; tea", "milk; tea", "tea; water", "water; tea"],
            &["1;2", "2;3", "1;3", "1"],
        ] {
            assert_eq!(found(cells), None, "{cells:?}");
        }
    }
}
