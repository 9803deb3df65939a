//! Columns that hold answers and no numbers: those of two values, and 0/1 columns that spread the answers to one question.

#![allow(clippy::float_cmp, reason = "two values are told apart to the last bit")]

use std::ops::Range;

use super::Features;

/// Rows looked at, spread over all.
const ROWS_LOOKED_AT: usize = 20_000;

/// For each column of `x` what its values are divided by, where it holds two: rows of different answers then lie 1 apart, in all columns of
/// the question together. Some thousand rows tell.
///
/// Neighbouring 0/1 columns of which each row has a 1 in exactly one are the answers to one question. Rows that differ there differ in two
/// columns, whose values are divided by √2 each.
pub(super) fn answers(x: &Features) -> Vec<Option<f64>> {
    let (n, d) = x.dim();
    let places: Vec<usize> = (0..n).step_by(n.div_ceil(ROWS_LOOKED_AT).max(1)).collect();
    let two: Vec<Option<[f64; 2]>> = (0..d).map(|j| two_values(places.iter().map(|&i| x.at(i, j)))).collect();
    let mut apart: Vec<Option<f64>> = two.iter().map(|values| values.map(|[low, high]| high - low)).collect();
    let is_flag: Vec<bool> = two.iter().map(|values| *values == Some([0.0, 1.0])).collect();
    for question in questions(x, &places, &is_flag) {
        apart[question].iter_mut().flatten().for_each(|apart| *apart *= std::f64::consts::SQRT_2);
    }
    apart.into_iter().map(|apart| apart.filter(|a| a.is_normal())).collect()
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
    let mut found = Vec::new();
    let mut from = 0;
    while from < is_flag.len() {
        match question(x, places, is_flag, from) {
            Some(to) => {
                found.push(from..to);
                from = to;
            }
            None => from += 1,
        }
    }
    found
}

/// Where the question ends whose first answer stands in the column `from`.
fn question(x: &Features, places: &[usize], is_flag: &[bool], from: usize) -> Option<usize> {
    let mut answered = vec![false; places.len()];
    let mut open = places.len();
    for j in (from..is_flag.len()).take_while(|&j| is_flag[j]) {
        for (answered, _) in answered.iter_mut().zip(places).filter(|(_, i)| x.at(**i, j) == 1.0) {
            if std::mem::replace(answered, true) {
                return None;
            }
            open -= 1;
        }
        if open == 0 {
            return Some(j + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::{Array2, array};

    use super::*;

    fn of(x: Array2<f32>) -> Vec<Option<f64>> {
        answers(&Features::Numbers(Arc::new(x)))
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
    }
}
