//! Columns of words that have an order: answers on a scale, ranges, fractions, and answers with their number before them.

use std::collections::{HashMap, HashSet};

use ndarray::parallel::prelude::*;

use super::kinds::Kind;
use super::numbers::Parsed;
use super::scale::{Scale, is_no_answer};
use crate::data::Table;
use crate::data::cell::Notation;
use crate::data::cell::graded::{ORDINALS, graded};
use crate::data::cell::parts::{are_between_times, are_fractions, are_stars};
use crate::data::cell::ranges::{Range, part_a_scale};
use crate::recipe::TextColumns;
use crate::recipe::columns::ColumnKind;

/// Most different cells of a column of ranges or of answers with numbers.
const MOST_CELLS: usize = 40;
/// The highest number of an answer where only some have words.
const HIGHEST: u32 = 10;

/// Takes columns of words that have an order for what they are, unless a person or the policy wants words. Scales of one kind have the same
/// levels in all columns.
pub(in crate::data) fn take(
    parsed: &mut Parsed,
    (table, columns): (&Table, &[usize]),
    given: &HashMap<usize, ColumnKind>,
    policy: TextColumns,
) {
    let free = |slot: usize| match given.get(&columns[slot]) {
        None => policy == TextColumns::Drop && parsed.kinds[slot] == Kind::Words,
        Some(kind) => *kind == ColumnKind::Number && parsed.found[slot].words > 0,
    };
    let slots: Vec<usize> = (0..columns.len()).filter(|&slot| free(slot)).collect();
    let mut found: Vec<(usize, Kind)> =
        slots.into_par_iter().filter_map(|slot| Some((slot, of_column(table, columns[slot])?))).collect();
    let scales: Vec<Scale> =
        found.iter().filter_map(|(_, kind)| if let Kind::Scale(scale) = kind { Some(*scale) } else { None }).collect();
    for (slot, kind) in &mut found {
        if let Kind::Scale(scale) = kind {
            *scale = scales.iter().fold(*scale, |all, other| all.with(*other));
        }
        parsed.kinds[*slot] = *kind;
        parsed.reread(*slot, table, columns[*slot]);
    }
}

/// What the words of a column are, if they have an order.
fn of_column(table: &Table, column: usize) -> Option<Kind> {
    if let Some(scale) = Scale::of_column(table, column) {
        return Some(Kind::Scale(scale));
    }
    let said = || (0..table.len()).map(|row| table.cell(row, column).trim()).filter(|cell| !is_no_answer(cell));
    if are_between_times(said()) {
        return Some(Kind::Numbers(Notation::Between));
    }
    if are_stars(said()) || are_fractions(said()) {
        return Some(Kind::Numbers(Notation::Fractions));
    }
    let mut cells: HashSet<&str> = HashSet::new();
    for row in 0..table.len() {
        let cell = table.cell(row, column).trim();
        if !cell.is_empty() && cells.insert(cell) && cells.len() > MOST_CELLS {
            return None;
        }
    }
    cells.retain(|cell| !is_no_answer(cell));
    let ranges: Option<Vec<Range>> = cells.iter().map(|cell| Range::of(cell)).collect();
    if ranges.is_some_and(|ranges| part_a_scale(&ranges)) {
        return Some(Kind::Numbers(Notation::Ranges));
    }
    are_graded(&cells).then_some(Kind::Numbers(Notation::Graded))
}

/// Whether these cells are answers whose number says their place: places in a row, such as `2nd`, or numbers with words of which some stand
/// without, `1 (never)` beside `2`, or which are a scale by themselves. Other numbers before words may be those of a list of names.
fn are_graded(cells: &HashSet<&str>) -> bool {
    let Some(graded) = cells.iter().map(|cell| graded(cell)).collect::<Option<Vec<_>>>() else { return false };
    let numbers: HashSet<u32> = graded.iter().map(|(number, _)| *number).collect();
    let words: Vec<&str> = graded.iter().map(|(_, word)| *word).filter(|word| !word.is_empty()).collect();
    if graded.len() < 2 || numbers.len() < graded.len() || words.is_empty() {
        return false;
    }
    let places = words.len() == graded.len() && words.iter().all(|word| ORDINALS.contains(word));
    let some = words.len() < graded.len() && !words.iter().any(|word| ORDINALS.contains(word));
    places || some && numbers.iter().all(|&number| number <= HIGHEST) || Scale::of_answers(&words).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(cells: &[&str]) -> Option<Kind> {
        let mut table = Table::new(vec!["a".to_owned()]);
        for cell in cells {
            table.push(std::iter::once(*cell)).expect("one cell");
        }
        of_column(&table, 0)
    }

    #[test]
    fn words_with_an_order_are_told_from_names() {
        let (ranges, graded) = (Some(Kind::Numbers(Notation::Ranges)), Some(Kind::Numbers(Notation::Graded)));
        for (cells, wanted) in [
            (&["20-29", "30-39", "", "40+", "Prefer not to say"][..], ranges),
            (&["Under 18", "18-24", "25-34"], ranges),
            (&["1 (not at all)", "2", "3", "4", "5 (very much)"], graded),
            (&["1 - never", "2 - rarely", "3 - often"], graded),
            (&["not at all (1)", "2", "3", "very much (4)"], graded),
            (&["Bern (1)", "Rome (2)", "Oslo (3)"], None),
            (&["1st", "2nd", "3rd", "4th"], graded),
            (&["1 - married", "2 - single", "3 - widowed"], None),
            (&["1: red", "2: green"], None),
            (&["18-29", "30-49", "50-"], ranges),
            (&["3/5", "", "1/5", "5/5"], Some(Kind::Numbers(Notation::Fractions))),
            (&["9:00-17:00", "8:00-16:30"], Some(Kind::Numbers(Notation::Between))),
            (&["3-1", "2-0", "0-1"], None),
            (&["1a", "2b", "3"], None),
            (&["12 - Sales", "15", "18", "20 - Law"], None),
            (&["red", "blue"], None),
            (&[""], None),
        ] {
            assert_eq!(kind(cells), wanted, "{cells:?}");
        }
        assert!(matches!(kind(&["often", "never", "-"]), Some(Kind::Scale(_))));
    }
}
