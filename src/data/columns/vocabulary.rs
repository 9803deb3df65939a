//! The words of a column: which they are, and whether they are words at all.

use std::collections::BTreeSet;

use super::Place;
use super::several::several;
use crate::Result;
use crate::data::Table;
use crate::data::cell::is_surely_missing;
use crate::support::error::Remedy;

/// Most distinct words of a column that `--text one-hot` spreads out.
const MOST_WORDS: usize = 1000;

/// Most distinct words of a column that is spread because there are no numbers.
const FEW_WORDS: usize = 50;

/// Words that a cell of texts has on average at least; a column of such cells of which next to no two are alike is none of words.
const WORDS_OF_A_TEXT: usize = 4;

/// The words of a column that is spread, and what stands between those of a cell, where it holds several.
pub(super) type Spread = (Vec<String>, Option<char>);

/// Whether the cells of a column are texts rather than words: of several words each, and next to no two alike.
pub(super) fn are_texts(table: &Table, column: usize) -> bool {
    if several(table, column).is_some() {
        return false;
    }
    let (mut cells, mut words, mut distinct) = (0, 0, BTreeSet::new());
    for cell in (0..table.len()).map(|row| table.cell(row, column).trim()).filter(|cell| !is_surely_missing(cell)) {
        (cells, words) = (cells + 1, words + cell.split_whitespace().count());
        distinct.insert(cell);
    }
    cells > 1 && words >= WORDS_OF_A_TEXT * cells && 10 * distinct.len() >= 9 * cells
}

/// The way out that always works.
pub(super) fn leave_out(does: &str) -> Remedy {
    Remedy::set("text", "drop", does, "Leave out words")
}

/// The distinct words of a column, sorted; too many are an error. `asked` says that a person called it a category.
pub(super) fn distinct_words(table: &Table, column: usize, asked: bool, place: &Place) -> Result<Spread> {
    if let Some((mark, words)) = several(table, column) {
        return Ok((words, Some(mark)));
    }
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
    Ok((words.into_iter().map(str::to_owned).collect(), None))
}

/// The distinct words of a column, sorted, where they are so few that each may well stand for a group of rows.
pub(super) fn few_words(table: &Table, column: usize) -> Option<Spread> {
    if let Some((mark, words)) = several(table, column) {
        return Some((words, Some(mark)));
    }
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
    (words.len() > 1).then(|| (words.into_iter().map(str::to_owned).collect(), None))
}
