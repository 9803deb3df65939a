//! Columns that hold answers and no numbers: those of two values, and 0/1 columns that spread the answers to one question.

#![allow(clippy::float_cmp, reason = "two values are told apart to the last bit")]

use std::collections::HashMap;
use std::ops::Range;

use crate::data::Features;

/// Rows looked at, spread over all.
const ROWS_LOOKED_AT: usize = 20_000;

/// Rows with all answers alike up to which another answer may lie a deviation away: three times the neighbours that a row has by default.
const ALIKE: f64 = 45.0;

/// Columns of answers, and how they are brought beside numbers.
pub(in crate::data) struct Answers {
    /// For each column what its values are divided by, where it holds answers.
    pub(super) divisors: Vec<Option<f64>>,
    /// How far apart rows of another answer then lie, in deviations of a number.
    pub(in crate::data) apart: f64,
    /// How many rows have the same answers as a row has to all questions, the median.
    pub(in crate::data) alike: usize,
}

/// Columns of `x` that hold two values, and what these are divided by: rows of different answers then lie as far apart in all columns of a
/// question together as they do in a column of two values. Some thousand rows tell.
///
/// Neighbouring 0/1 columns of which each row has a 1 in exactly one are the answers to one question. Rows that differ there differ in two
/// columns, whose values are divided by √2 each.
///
/// Another answer is one deviation of a number away where few rows share all their answers. Where many do, as with one or two flags, a row finds
/// all its neighbours among those, and any flag would part the graph: the `m` rows that share them lie nearer to each other by `m` to one over the
/// number of columns of numbers, and so do the answers.
pub(in crate::data) fn answers(x: &Features) -> Answers {
    let (n, d) = x.dim();
    let places: Vec<usize> = (0..n).step_by(n.div_ceil(ROWS_LOOKED_AT).max(1)).collect();
    let two: Vec<Option<[f64; 2]>> = (0..d).map(|j| two_values(places.iter().map(|&i| x.at(i, j)))).collect();
    let mut divisors: Vec<Option<f64>> = two.iter().map(|values| values.map(|[low, high]| high - low)).collect();
    let is_flag: Vec<bool> = two.iter().map(|values| *values == Some([0.0, 1.0])).collect();
    for question in questions(x, &places, &is_flag) {
        divisors[question].iter_mut().flatten().for_each(|apart| *apart *= std::f64::consts::SQRT_2);
    }
    let divisors: Vec<Option<f64>> = divisors.into_iter().map(|apart| apart.filter(|a| a.is_normal())).collect();
    let alike = alike(x, &places, &two) * n / places.len().max(1);
    let numbers = (0..d).filter(|&j| two[j].is_none() && places.iter().any(|&i| x.at(i, j) != x.at(0, j))).count();
    let apart = if numbers == 0 { 1.0 } else { (ALIKE / alike.max(1) as f64).powf(1.0 / numbers as f64).min(1.0) };
    let divisors = divisors.into_iter().map(|divisor| divisor.map(|by| by / apart)).collect();
    Answers { divisors, apart, alike }
}

/// Of the rows in these places how many have the answers that a row has, in all columns of two values: the median over the rows.
fn alike(x: &Features, places: &[usize], two: &[Option<[f64; 2]>]) -> usize {
    let high: Vec<(usize, f64)> =
        two.iter().enumerate().filter_map(|(j, two)| two.map(|[_, high]| (j, high))).collect();
    let mut counts: HashMap<Vec<bool>, usize> = HashMap::new();
    for &i in places {
        *counts.entry(high.iter().map(|&(j, high)| x.at(i, j) == high).collect()).or_default() += 1;
    }
    // A group of rows counts once for each of them.
    let mut sizes: Vec<usize> = counts.into_values().collect();
    sizes.sort_unstable();
    let mut before = 0;
    sizes
        .into_iter()
        .find(|size| {
            before += size;
            2 * before >= places.len()
        })
        .unwrap_or(0)
}

/// The two values that there are, the lower one first; nothing where there are fewer or more.
fn two_values(mut values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    let first = values.next()?;
    let mut second = None;
    for value in values.filter(|&value| value != first) {
        if *second.get_or_insert(value) != value {
            return None;
        }
    }
    second.map(|second| [first.min(second), first.max(second)])
}

/// Runs of 0/1 columns whose values sum to 1 in every row, each as short as can be.
fn questions(x: &Features, places: &[usize], is_flag: &[bool]) -> Vec<Range<usize>> {
    let ones = |j: usize| (0..places.len()).filter(move |&at| x.at(places[at], j) == 1.0);
    let (mut found, mut answered) = (Vec::new(), vec![false; places.len()]);
    // In the columns `from..to` no row has two, and so many have none. Each column comes in once and goes out once.
    let (mut from, mut to, mut open) = (0, 0, places.len());
    while to < is_flag.len() {
        if is_flag[to] && ones(to).any(|at| answered[at]) {
            for at in ones(from) {
                (answered[at], open) = (false, open + 1);
            }
            from += 1;
            continue;
        }
        to += 1;
        if is_flag[to - 1] {
            for at in ones(to - 1) {
                (answered[at], open) = (true, open - 1);
            }
            if open > 0 {
                continue;
            }
            found.push(from..to);
        }
        answered.fill(false);
        (from, open) = (to, places.len());
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::{Array2, array};

    use super::*;

    fn of(x: Array2<f32>) -> Vec<Option<f64>> {
        answers(&Features::Numbers(Arc::new(x))).divisors
    }

    #[test]
    fn answers_that_many_rows_share_part_them_less() {
        // A flag beside three numbers, in tables of few rows and of many; then eleven flags, and a flag alone.
        let value = |i: usize, j: usize| ((i * 7919 + j * 104_729) % 10_007) as f32;
        let beside = |n: usize, flags: usize, numbers: usize| {
            let x = Array2::from_shape_fn((n, flags + numbers), |(i, j)| {
                if j < flags { f32::from(u8::from(i >> j & 1 == 1)) } else { value(i, j) }
            });
            answers(&Features::Numbers(Arc::new(x)))
        };
        let few = beside(80, 1, 3);
        assert!((few.alike, few.apart) == (40, 1.0) && few.divisors[0] == Some(1.0));
        let many = beside(720, 1, 3);
        assert!(
            many.alike == 360 && (many.apart - 0.5).abs() < 1e-9 && many.divisors[0] == Some(2.0),
            "{}",
            many.apart
        );
        assert_eq!((beside(1200, 11, 3).alike, beside(1200, 11, 3).apart), (1, 1.0));
        assert!((beside(1200, 1, 0).apart - 1.0).abs() < 1e-9, "nothing to weigh them against");
        assert!(beside(1200, 1, 30).apart > 0.9, "rows lie far apart in many columns");
    }

    #[test]
    fn two_values_lie_one_apart_and_answers_to_one_question_together() {
        let root = Some(std::f64::consts::SQRT_2);
        // A number, a sex in 1 and 2, a colour in three columns, a flag, a constant.
        let x = array![
            [0.3, 1.0, 1.0, 0.0, 0.0, 1.0, 7.0],
            [0.9, 2.0, 0.0, 1.0, 0.0, 0.0, 7.0],
            [0.1, 2.0, 0.0, 0.0, 1.0, 0.0, 7.0],
            [0.4, 1.0, 0.0, 1.0, 0.0, 1.0, 7.0],
        ];
        assert_eq!(of(x), [None, Some(1.0), root, root, root, Some(1.0), None]);
    }

    #[test]
    fn questions_end_where_every_row_has_answered() {
        let root = Some(std::f64::consts::SQRT_2);
        // Two questions side by side, of two answers and of three.
        let x = Array2::from_shape_fn((6, 5), |(i, j)| {
            let chosen = if j < 2 { i % 2 == j } else { i % 3 == j - 2 };
            f32::from(u8::from(chosen))
        });
        assert_eq!(of(x), [root; 5]);
        // Flags that may stand together are no question.
        assert_eq!(of(array![[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), [Some(1.0); 2]);
        assert_eq!(of(Array2::zeros((0, 2))), [None; 2]);
        // A flag that shares a row with the second answer of a question behind it.
        let x = array![
            [1.0, 0.0, 1.0, 5.0, 1.0, 0.0, 0.0, 1.0],
            [0.0, 1.0, 0.0, 6.0, 0.0, 0.0, 1.0, 1.0],
            [0.0, 1.0, 0.0, 7.0, 0.0, 1.0, 0.0, 0.0],
            [0.0, 0.0, 1.0, 8.0, 0.0, 0.0, 1.0, 0.0],
        ];
        assert_eq!(of(x), [Some(1.0), root, root, None, root, root, root, Some(1.0)]);
    }

    #[test]
    fn many_answers_of_which_one_was_left_out_are_looked_through_once() {
        // Nothing in them ever comes to a question; to look through all behind each takes ten billion steps.
        let (n, d) = (20_000, 1000);
        let x = Array2::from_shape_fn((n, d), |(i, j)| f32::from(u8::from(i % (d + 1) == j + 1)));
        assert_eq!(of(x), vec![Some(1.0); d]);
    }
}
