//! Rows with gaps, for the graph. A value that was filled with its column's median puts a row halfway between clusters, and a few such rows
//! join what lies apart. For the graph alone a gap stands for what the rows hold that are most like its row in everything else: k-nearest-
//! neighbour imputation (Troyanskaya et al. 2001), with the median in the place of the mean. What the other values do not tell, and a flag,
//! stays what was filled in: the network could not see from them which cluster the graph has put the row into.

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView1};

use crate::support::number::median;
use crate::support::random::{Stream, rng};

/// Rows most like one with a gap that say what may stand there.
const LIKE: usize = 10;
/// Those among which they are looked for, nearest first: each gap may be one of theirs, too.
const LOOKED_AT: usize = 16 * LIKE;
/// Values compared at most, about a second's work, and rows without which nobody is asked.
const MOST: usize = 2_000_000_000;
const MOST_ROWS: usize = 4096;
const FEWEST: usize = 64;
/// Rows on which it is tried whether the others tell a column, the parts of the columns that are hidden in turn, and the share of the
/// median's error that must not be reached.
const TRIED: usize = 64;
const PARTS: usize = 8;
const TELLS: f64 = 0.7;

/// The rows (`n × d`) with other values where some were `filled`: those are rows and columns, ascending. Nothing where none was, or where
/// so many rows have gaps that each could be compared with a few others only.
pub(crate) fn without_fills(x: &Array2<f32>, filled: &[(u32, u32)], seed: u64) -> Option<Array2<f32>> {
    let (n, d) = x.dim();
    let gaps: Vec<&[(u32, u32)]> = filled.chunk_by(|a, b| a.0 == b.0).collect();
    let inside = filled.iter().all(|&(row, column)| (row as usize) < n && (column as usize) < d);
    let asked = asked(gaps.len(), (n, d)).filter(|_| inside && !filled.is_empty())?;
    let mut known = x.clone();
    for &(row, column) in filled {
        known[(row as usize, column as usize)] = f32::NAN;
    }
    let mut rows = rand::seq::index::sample(&mut rng(seed, Stream::Gaps, 0), n, asked).into_vec();
    rows.sort_unstable();
    let told = told_by_others(&known, &rows);
    let values: Vec<Vec<f32>> = (gaps.par_iter())
        .map(|gaps| {
            let row = gaps[0].0 as usize;
            let like = most_like(&known, (row, known.row(row)), &rows);
            let value = |column: usize| if told[column] { agreed(&known, &like, column) } else { None };
            gaps.iter().map(|&(_, column)| value(column as usize).unwrap_or(f32::NAN)).collect()
        })
        .collect();
    let mut whole = x.clone();
    for (&(row, column), value) in filled.iter().zip(values.into_iter().flatten()) {
        if value.is_finite() {
            whole[(row as usize, column as usize)] = value;
        }
    }
    Some(whole)
}

/// How many of `n` rows of `d` columns are compared with each row that has gaps; nothing where that is too few to ask.
fn asked(rows: usize, (n, d): (usize, usize)) -> Option<usize> {
    let asked = (MOST / (rows * d).max(1)).min(MOST_ROWS).min(n);
    (asked >= FEWEST.min(n)).then_some(asked)
}

/// Whether what is known of a column are more than two values.
fn is_measured(column: ArrayView1<'_, f32>) -> bool {
    let mut seen = [f32::NAN; 2];
    for &value in column.iter().filter(|value| !value.is_nan()) {
        match seen {
            [first, _] if first.is_nan() => seen[0] = value,
            [first, second] if second.is_nan() && value.total_cmp(&first).is_ne() => seen[1] = value,
            [first, second] if value.total_cmp(&first).is_ne() && value.total_cmp(&second).is_ne() => return true,
            _ => {}
        }
    }
    false
}

/// Of each column whether it is a measure, and the rows that are most like one in the others tell it far better than its median does.
fn told_by_others(known: &Array2<f32>, rows: &[usize]) -> Vec<bool> {
    let d = known.ncols();
    let parts = d.min(PARTS);
    let rows = &tried_among(rows, d);
    let middles: Vec<f64> = (0..d).map(|column| middle(known, rows.iter().copied(), column)).collect();
    let tried: Vec<usize> = rows.iter().copied().step_by(rows.len().div_ceil(TRIED).max(1)).collect();
    // Of each column the errors of the rows like one, and of the median.
    let errors: Vec<Vec<(usize, [f64; 2])>> = (tried.par_iter())
        .map(|&row| {
            let mut found = Vec::new();
            for part in 0..parts {
                let hidden = || (part..d).step_by(parts);
                let mut own = known.row(row).to_owned();
                for column in hidden() {
                    own[column] = f32::NAN;
                }
                let like = most_like(known, (row, own.view()), rows);
                for column in hidden() {
                    let value = f64::from(known[(row, column)]);
                    if let Some(agreed) = agreed(known, &like, column).filter(|_| !value.is_nan()) {
                        found.push((column, [f64::from(agreed), middles[column]].map(|said| (said - value).abs())));
                    }
                }
            }
            found
        })
        .collect();
    let mut sums = vec![[0.0; 2]; d];
    for (column, [like, median]) in errors.into_iter().flatten() {
        sums[column] = [sums[column][0] + like, sums[column][1] + median];
    }
    let told = |(column, sum): (usize, [f64; 2])| sum[0] < TELLS * sum[1] && is_measured(known.column(column));
    sums.into_iter().enumerate().map(told).collect()
}

/// Those of some rows among which it is tried: of wide tables fewer, so that all trials together compare no more than the gaps do.
fn tried_among(rows: &[usize], d: usize) -> Vec<usize> {
    let most = (MOST / (TRIED * PARTS * d).max(1)).max(FEWEST);
    rows.iter().copied().step_by(rows.len().div_ceil(most).max(1)).collect()
}

/// Those of some rows that are most like a row in the columns which both have, nearest first.
fn most_like(known: &Array2<f32>, (row, own): (usize, ArrayView1<'_, f32>), rows: &[usize]) -> Vec<usize> {
    let others = rows.iter().filter(|&&other| other != row);
    let mut like: Vec<(f32, usize)> = others
        .filter_map(|&other| {
            let (mut sum, mut both) = (0.0, 0.0);
            for (a, b) in own.iter().zip(known.row(other)) {
                let apart = a - b;
                if !apart.is_nan() {
                    sum += apart * apart;
                    both += 1.0;
                }
            }
            (both > 0.0).then_some((sum / both, other))
        })
        .collect();
    let by_distance = |a: &(f32, usize), b: &(f32, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    if like.len() > LOOKED_AT {
        like.select_nth_unstable_by(LOOKED_AT - 1, by_distance);
        like.truncate(LOOKED_AT);
    }
    like.sort_unstable_by(by_distance);
    like.into_iter().map(|(_, other)| other).collect()
}

/// The middle of what the first of these rows that have a value in a column hold there.
fn agreed(known: &Array2<f32>, like: &[usize], column: usize) -> Option<f32> {
    let held = like.iter().copied().filter(|&row| !known[(row, column)].is_nan()).take(LIKE);
    let middle = middle(known, held, column) as f32;
    (!middle.is_nan()).then_some(middle)
}

/// The median of what some rows hold in a column; not a number where they hold nothing.
fn middle(known: &Array2<f32>, rows: impl Iterator<Item = usize>, column: usize) -> f64 {
    median(rows.map(|row| known[(row, column)]).filter(|value| !value.is_nan()).map(f64::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two clusters far apart in three columns, the middle of each of which lies between them.
    fn clusters() -> Array2<f32> {
        Array2::from_shape_fn((400, 3), |(i, j)| {
            let side = if i % 2 == 0 { 5.0 } else { -5.0 };
            side + ((i * 7 + j * 3) % 11) as f32 / 11.0
        })
    }

    #[test]
    fn a_gap_stands_for_what_rows_like_its_own_hold() {
        let truth = clusters();
        let filled: Vec<(u32, u32)> = (0..40).map(|i| (i * 9, i % 3)).collect();
        let mut x = truth.clone();
        for &(i, j) in &filled {
            x[(i as usize, j as usize)] = 0.0;
        }
        let whole = without_fills(&x, &filled, 1).expect("there are gaps");
        for ((at, &value), &true_one) in whole.indexed_iter().zip(&truth) {
            let gap = filled.contains(&(at.0 as u32, at.1 as u32));
            assert!((value - true_one).abs() < if gap { 1.0 } else { 1e-9 }, "{at:?}: {value} for {true_one}");
        }
    }

    #[test]
    fn what_nobody_can_say_stays_as_it_was_filled() {
        // The last column is known of no row, and of the first row nothing is.
        let mut x = clusters();
        x.column_mut(2).fill(0.5);
        x.row_mut(0).fill(0.25);
        let mut filled: Vec<(u32, u32)> = (0..400).map(|i| (i, 2)).chain([(0, 0), (0, 1)]).collect();
        filled.sort_unstable();
        assert_eq!(without_fills(&x, &filled, 1), Some(x));
    }

    #[test]
    fn a_flag_stays_as_it_was_filled() {
        let mut x = clusters();
        for (i, flag) in x.column_mut(2).iter_mut().enumerate() {
            *flag = (i % 2) as f32;
        }
        x[(0, 2)] = 1.0;
        assert_eq!(without_fills(&x, &[(0, 2)], 1), Some(x.clone()));
        x[(1, 2)] = 0.5;
        let whole = without_fills(&x, &[(0, 2)], 1).expect("a gap");
        assert!(whole[(0, 2)].abs() < 1e-9, "a third value makes a measure of it");
    }

    #[test]
    fn what_the_other_columns_do_not_tell_stays_as_it_was_filled() {
        let mut x = clusters();
        for (i, value) in x.column_mut(2).iter_mut().enumerate() {
            *value = ((i * 37) % 101) as f32;
        }
        x[(4, 1)] = 0.0;
        x[(4, 2)] = 50.0;
        let whole = without_fills(&x, &[(4, 1), (4, 2)], 1).expect("gaps");
        assert!((whole[(4, 1)] - 5.5).abs() < 1.0 && (whole[(4, 2)] - 50.0).abs() < 1e-9, "{}", whole.row(4));
    }

    #[test]
    fn nothing_is_made_where_nothing_was_filled_or_too_much_would_have_to_be_compared() {
        let x = clusters();
        assert_eq!(without_fills(&x, &[], 1), None);
        assert_eq!(without_fills(&x, &[(400, 0)], 1), None, "there is no such row");
        assert_eq!(asked(40, (400, 3)), Some(400));
        assert_eq!(asked(100_000, (300_000, 30)), Some(666));
        assert_eq!(asked(8000, (8000, 12_000)), None, "20 rows for each");
        let rows: Vec<usize> = (0..MOST_ROWS).collect();
        assert_eq!(tried_among(&rows, 900), rows);
        assert!((300..400).contains(&tried_among(&rows, 10_000).len()), "64 trials in 8 parts");
        assert_eq!(tried_among(&rows, 1_000_000).len(), FEWEST);
    }
}
