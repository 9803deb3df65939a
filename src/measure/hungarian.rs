//! The assignment problem: one column for each row, each column once, at the least total cost.

use ndarray::ArrayView2;

/// For each row its column in a cheapest one-to-one assignment. With more rows than columns some rows go without.
///
/// Shortest augmenting paths with potentials (Kuhn, 1955; Munkres, 1957; Jonker and Volgenant, 1987): `O(a² b)` for the
/// smaller side `a` and the larger `b`. Costs must be finite.
#[must_use]
pub fn hungarian(cost: ArrayView2<'_, f64>) -> Vec<Option<usize>> {
    let (rows, columns) = cost.dim();
    if rows <= columns {
        return assign_rows(cost).into_iter().map(Some).collect();
    }
    let mut of_row = vec![None; rows];
    for (column, row) in assign_rows(cost.reversed_axes()).into_iter().enumerate() {
        of_row[row] = Some(column);
    }
    of_row
}

/// A column for every row, where there are at least as many columns as rows.
///
/// Row `i` is added by growing a tree of alternating paths from it, nearest column first, until a free column is met.
/// Place 0 stands for "nothing yet", so rows and columns count from 1 inside.
fn assign_rows(cost: ArrayView2<'_, f64>) -> Vec<usize> {
    let (rows, columns) = cost.dim();
    let mut row_price = vec![0.0; rows + 1];
    let mut column_price = vec![0.0; columns + 1];
    let mut row_of = vec![0; columns + 1];
    for row in 1..=rows {
        let mut slack = vec![f64::INFINITY; columns + 1];
        let mut reached_from = vec![0; columns + 1];
        let mut in_tree = vec![false; columns + 1];
        row_of[0] = row;
        let mut at = 0;
        while row_of[at] != 0 {
            in_tree[at] = true;
            let from = row_of[at];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for column in (1..=columns).filter(|&c| !in_tree[c]) {
                let reduced = cost[(from - 1, column - 1)] - row_price[from] - column_price[column];
                if reduced < slack[column] {
                    slack[column] = reduced;
                    reached_from[column] = at;
                }
                if slack[column] < step || next == 0 {
                    step = slack[column];
                    next = column;
                }
            }
            for column in 0..=columns {
                if in_tree[column] {
                    row_price[row_of[column]] += step;
                    column_price[column] -= step;
                } else {
                    slack[column] -= step;
                }
            }
            at = next;
        }
        while at != 0 {
            let before = reached_from[at];
            row_of[at] = row_of[before];
            at = before;
        }
    }
    let mut of_row = vec![0; rows];
    for column in 1..=columns {
        if row_of[column] != 0 {
            of_row[row_of[column] - 1] = column - 1;
        }
    }
    of_row
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};
    use rand::{Rng, SeedableRng};

    use super::*;

    fn total(cost: &Array2<f64>, of_row: &[Option<usize>]) -> f64 {
        of_row.iter().enumerate().filter_map(|(r, c)| c.map(|c| cost[(r, c)])).sum()
    }

    /// The least cost by trying everything; the side with fewer is given completely.
    fn by_trial(cost: &Array2<f64>, row: usize, used: &mut Vec<bool>) -> f64 {
        if row == cost.nrows() {
            return 0.0;
        }
        let mut best = f64::INFINITY;
        for column in 0..cost.ncols() {
            if !used[column] {
                used[column] = true;
                best = best.min(cost[(row, column)] + by_trial(cost, row + 1, used));
                used[column] = false;
            }
        }
        best
    }

    #[test]
    fn small_cases_match_trial_of_everything() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(3);
        for case in 0..200 {
            let (rows, columns) = (rng.random_range(1..6), rng.random_range(1..6));
            let cost = Array2::from_shape_fn((rows, columns), |_| f64::from(rng.random_range(-9_i32..10)));
            let found = hungarian(cost.view());
            let wide = if rows <= columns { cost.clone() } else { cost.t().to_owned() };
            let best = by_trial(&wide, 0, &mut vec![false; wide.ncols()]);
            assert!((total(&cost, &found) - best).abs() < 1e-12, "case {case}: {cost} gave {found:?}, best {best}");
            let mut columns_used: Vec<_> = found.iter().flatten().collect();
            columns_used.sort();
            columns_used.dedup();
            assert_eq!(columns_used.len(), rows.min(columns), "each column once in {found:?}");
        }
    }

    #[test]
    fn nothing_to_assign_is_no_error() {
        assert!(hungarian(Array2::zeros((0, 3)).view()).is_empty());
        assert_eq!(hungarian(Array2::zeros((2, 0)).view()), [None, None]);
        assert_eq!(hungarian(array![[5.0]].view()), [Some(0)]);
    }
}
