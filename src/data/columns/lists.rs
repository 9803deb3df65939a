//! Cells of text that each hold a list of numbers: embeddings as Python prints them, arrays of databases, points of maps, sizes of boxes.

use crate::data::Table;
use crate::data::cell::is_surely_missing;

/// Most numbers of a list.
const MOST: usize = 1 << 14;
/// Numbers that a list in brackets has at least: two may be the ends of a range.
const FEWEST: usize = 3;
/// Cells that are lists, at least.
const CELLS: usize = 2;
/// Letters of the unit behind the sizes of a thing at most.
const UNIT: usize = 3;

/// How many numbers each cell of a column holds, where all that hold anything hold equally many.
pub(in crate::data) fn width(table: &Table, column: usize) -> Option<usize> {
    if !table.is_text(column) {
        return None;
    }
    let (mut width, mut cells, mut last) = (None, 0, "");
    let mut differ = false;
    for row in 0..table.len() {
        let text = table.cell(row, column).trim();
        if is_surely_missing(text) {
            continue;
        }
        let count = numbers(text)?.count();
        if *width.get_or_insert(count) != count {
            return None;
        }
        differ |= cells > 0 && text != last;
        (cells, last) = (cells + 1, text);
    }
    width.filter(|width| cells >= CELLS && differ && *width <= MOST)
}

/// The numbers of a cell, one after the other into `into`, NaN for what is none; whether it holds as many.
pub(super) fn read(text: &str, into: &mut [f64]) -> bool {
    let Some(numbers) = numbers(text) else { return false };
    let mut count = 0;
    for number in numbers {
        if let Some(to) = into.get_mut(count) {
            *to = number;
        }
        count += 1;
    }
    count == into.len()
}

/// The numbers of a cell that is a list of them.
fn numbers(text: &str) -> Option<Numbers<'_>> {
    let text = text.trim();
    let first = text.chars().next()?;
    let (inside, fewest, by_sizes) = match first {
        '[' => (text.strip_prefix('[')?.strip_suffix(']')?, FEWEST, false),
        '{' => (text.strip_prefix('{')?.strip_suffix('}')?, FEWEST, false),
        '(' => (text.strip_prefix('(')?.strip_suffix(')')?, FEWEST, false),
        'P' | 'p' => (point(text)?, 2, false),
        'a' => (text.strip_prefix("array([")?.split_once("])")?.0, FEWEST, false),
        // Hexadecimal numbers begin so too.
        '0'..='9' if !text.starts_with("0x") && !text.starts_with("0X") => (without_unit(text), 2, true),
        _ => return None,
    };
    let numbers = Numbers { rest: inside, by_sizes };
    let mut count = 0;
    for number in numbers.clone() {
        if number.is_nan() {
            return None;
        }
        count += 1;
    }
    (count >= fewest).then_some(numbers)
}

/// What stands in `POINT (18.06 59.33)`, as maps write a place.
fn point(text: &str) -> Option<&str> {
    let begins = text.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("point"));
    text.get(5..)
        .filter(|_| begins)?
        .trim_start()
        .trim_start_matches(['Z', 'M', ' '])
        .strip_prefix('(')?
        .strip_suffix(')')
}

/// `30 x 40 x 20` of `30 x 40 x 20 cm`.
fn without_unit(text: &str) -> &str {
    let sizes = text.trim_end_matches(|c: char| c.is_alphabetic());
    let unit = text.len() - sizes.len();
    if (1..=UNIT).contains(&unit) { sizes.trim_end() } else { text }
}

/// The parts of a list as numbers, NaN for each that is none.
#[derive(Clone)]
struct Numbers<'t> {
    rest: &'t str,
    /// Whether `x` parts them, as it does sizes, and nothing else.
    by_sizes: bool,
}

impl Iterator for Numbers<'_> {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() {
            return None;
        }
        let parts = |c: char| {
            if self.by_sizes { matches!(c, 'x' | 'X' | '×') } else { c == ',' || c.is_whitespace() }
        };
        let end = self.rest.find(parts).unwrap_or(self.rest.len());
        let (part, rest) = self.rest.split_at(end);
        let mark = |c: char| parts(c) && !c.is_whitespace();
        // One mark, with blanks around it or none.
        let rest = rest.trim_start();
        self.rest = rest.strip_prefix(mark).unwrap_or(rest);
        let part = part.trim();
        let digits = part.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        let fits = digits && part.ends_with(|c: char| c.is_ascii_digit() || c == '.');
        Some(part.parse().ok().filter(|value: &f64| fits && value.is_finite()).unwrap_or(f64::NAN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_from_words() {
        let all = |text: &str| numbers(text).map(Iterator::collect::<Vec<f64>>);
        for (text, numbers) in [
            ("[0.1, -2, 3e-4]", vec![0.1, -2.0, 3e-4]),
            ("[ 0.1 -2.\n  3.5]", vec![0.1, -2.0, 3.5]),
            ("{1,2,3}", vec![1.0, 2.0, 3.0]),
            ("(1, 2, 3)", vec![1.0, 2.0, 3.0]),
            ("array([1., 2., 3.])", vec![1.0, 2.0, 3.0]),
            ("POINT (18.06 59.33)", vec![18.06, 59.33]),
            ("POINT Z(18 59 3)", vec![18.0, 59.0, 3.0]),
            ("30 x 40 x 20 cm", vec![30.0, 40.0, 20.0]),
            ("1920x1080", vec![1920.0, 1080.0]),
            ("1.5×2", vec![1.5, 2.0]),
        ] {
            assert_eq!(all(text), Some(numbers), "{text}");
        }
        for text in [
            "[1, 2]",
            "(18.0, 25.0]",
            "[1, a, 3]",
            "[1, , 3]",
            "0x1F",
            "5",
            "5x",
            "12 kg",
            "POINT EMPTY",
            "[]",
            "[1;2;3]",
            "",
        ] {
            assert_eq!(all(text), None, "{text}");
        }
    }

    #[test]
    fn all_cells_of_a_column_are_as_long() {
        let width = |cells: &[&str]| {
            let mut table = Table::new(vec!["a".to_owned()]);
            for cell in cells {
                table.push(std::iter::once(*cell)).expect("one cell");
            }
            super::width(&table, 0)
        };
        assert_eq!(width(&["[1,2,3]", "", "[4,5,6]"]), Some(3));
        assert_eq!(width(&["2x4", "2x6"]), Some(2));
        for cells in [&["[1,2,3]", "[4,5]"][..], &["[1,2,3]", "none of it"], &["[1,2,3]"], &["[1,2,3]", "[1,2,3]"]] {
            assert_eq!(width(cells), None, "{cells:?}");
        }
    }
}
