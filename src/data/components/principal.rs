//! The first principal components, for looking at data of many dimensions.
//!
//! Block subspace iteration on the covariance, which is never formed: each round reads the data once in blocks of rows and costs
//! O(n·d·l) for a basis of l columns. Rayleigh–Ritz on the basis gives components and variances (Halko, Martinsson and Tropp,
//! 2011, section 4.5). A few rows, drawn with the seed, give the basis to start from, so that few rounds take all of them. The answer
//! does not depend on the number of threads: blocks are fixed and summed in order.

use faer::{Accum, Mat, MatMut, MatRef, Side};
use ndarray::parallel::prelude::*;
use ndarray::{Array1, Array2, ArrayView2, Axis, Slice, Zip};
use rand::Rng;

use crate::support::gram_schmidt::{PASSES, orthogonalize};
use crate::support::random::{Stream, rng};
use crate::support::wide::multiply;

/// Columns of the basis beyond the components that are wanted; they make it converge quickly.
const SPARE: usize = 29;
/// Rows that give the first basis, where there are several times as many.
const SAMPLE: usize = 4096;
/// Rounds at most; a view needs no more.
const ROUNDS: usize = 40;
/// Relative change of the wanted variances between two rounds that counts as none.
const STILL: f64 = 1e-6;
/// Rows of a product that lie in the nearest caches.
const ROWS_IN_CACHE: usize = 128;

/// Scores on the first `count` principal components, `n × count`, and each one's share of the total variance.
///
/// Components are ordered by falling variance; in each the coefficient of largest magnitude is positive. Columns beyond the
/// data's rank are 0 with share 0. `x` must be finite.
#[must_use]
pub fn principal_components(x: ArrayView2<'_, f32>, count: usize, seed: u64) -> (Array2<f32>, Vec<f32>) {
    let (n, d) = x.dim();
    let rank = count.min(d).min(n.saturating_sub(1));
    let mut scores = Array2::zeros((n, count));
    let mut shares = vec![0.0; count];
    let (mean, total) = moments(x);
    if rank == 0 || total <= 0.0 {
        return (scores, shares);
    }
    let width = (count + SPARE).min(d).min(n);
    let mut rng = rng(seed, Stream::Principal, 0);
    let mut basis = Array2::from_shape_simple_fn((d, width), || rng.random_range(-1.0f64..1.0));
    orthonormalise(&mut basis);
    if n >= 4 * SAMPLE {
        let mut chosen = rand::seq::index::sample(&mut rng, n, SAMPLE).into_vec();
        chosen.sort_unstable();
        iterate(x.select(Axis(0), &chosen).view(), &mean, &mut basis, rank);
    }
    let variances = iterate(x, &mean, &mut basis, rank);
    for mut axis in basis.columns_mut() {
        let largest = axis.iter().copied().fold(0.0f64, |m, v| if v.abs() > m.abs() { v } else { m });
        if largest < 0.0 {
            axis.mapv_inplace(|v| -v);
        }
    }
    let first = Slice::from(..rank);
    let axes = basis.slice_axis(Axis(1), first).mapv(|v| v as f32);
    for (share, variance) in shares.iter_mut().zip(&variances).take(rank) {
        *share = (variance / total).clamp(0.0, 1.0) as f32;
    }
    let block = block_rows(n);
    scores
        .axis_chunks_iter_mut(Axis(0), block)
        .into_par_iter()
        .zip(x.axis_chunks_iter(Axis(0), block))
        .for_each(|(mut scores, x)| scores.slice_axis_mut(Axis(1), first).assign(&(&x - &mean).dot(&axes)));
    (scores, shares)
}

/// Turns an orthonormal basis towards the rows' principal components until the variances of the first `rank` stand still; the variances
/// along its columns, falling.
fn iterate(x: ArrayView2<'_, f32>, mean: &Array1<f32>, basis: &mut Array2<f64>, rank: usize) -> Vec<f64> {
    let mut before = 0.0;
    let mut round = 0;
    loop {
        // S = XᵀX·Q on centred rows; QᵀS is the covariance seen from the basis.
        let image = covariance_times(x, mean, basis);
        let (variances, rotation) = eigen(&basis.t().dot(&image));
        let now: f64 = variances.iter().take(rank).sum();
        round += 1;
        // A basis of the whole space is right at once.
        if basis.nrows() == basis.ncols() || round == ROUNDS || (now - before).abs() <= STILL * now {
            *basis = basis.dot(&rotation);
            return variances;
        }
        before = now;
        *basis = image.dot(&rotation);
        orthonormalise(basis);
    }
}

/// Rows in a block: few enough blocks that their partial results stay small, fixed by `n` alone.
fn block_rows(n: usize) -> usize {
    n.div_ceil(64).max(1024)
}

/// Mean of each column, and the sum over all columns of squared differences from it.
fn moments(x: ArrayView2<'_, f32>) -> (Array1<f32>, f64) {
    let (n, d) = x.dim();
    let n = n.max(1) as f64;
    // Differences from the first row: a large common offset then costs no digits.
    let origin = x.rows().into_iter().next().map_or_else(|| Array1::zeros(d), |row| row.mapv(f64::from));
    let blocks: Vec<[Array1<f64>; 2]> = x
        .axis_chunks_iter(Axis(0), block_rows(x.nrows()))
        .into_par_iter()
        .map(|block| {
            let [mut sums, mut squares] = [Array1::zeros(d), Array1::zeros(d)];
            for row in block.rows() {
                Zip::from(&mut sums).and(&mut squares).and(row).and(&origin).for_each(|sum, square, &v, &origin| {
                    let away = f64::from(v) - origin;
                    *sum += away;
                    *square += away * away;
                });
            }
            [sums, squares]
        })
        .collect();
    let [sums, squares] = blocks
        .into_iter()
        .fold([Array1::<f64>::zeros(d), Array1::zeros(d)], |[a, b], [sums, squares]| [a + sums, b + squares]);
    let total = squares.iter().zip(&sums).map(|(square, sum)| (square - sum * sum / n).max(0.0)).sum();
    ((origin + sums / n).mapv(|m| m as f32), total)
}

/// `(X − 1μᵀ)ᵀ (X − 1μᵀ) Q`, block by block.
fn covariance_times(x: ArrayView2<'_, f32>, mean: &Array1<f32>, basis: &Array2<f64>) -> Array2<f64> {
    let (d, width) = basis.dim();
    let narrow = Mat::from_fn(d, width, |i, j| basis[[i, j]] as f32);
    let of_block = |block: ArrayView2<'_, f32>| {
        let (mut sum, mut centred) = (Mat::<f32>::zeros(d, width), vec![0.0; ROWS_IN_CACHE * d]);
        let mut seen = vec![0.0; ROWS_IN_CACHE * width];
        for rows in block.axis_chunks_iter(Axis(0), ROWS_IN_CACHE) {
            // Centring first costs a copy of the rows, and keeps the digits that a large mean would eat.
            for (to, row) in centred.chunks_exact_mut(d).zip(rows.rows()) {
                to.iter_mut().zip(&row).zip(mean).for_each(|((to, &v), &m)| *to = v - m);
            }
            let n = rows.nrows();
            let centred = MatRef::from_row_major_slice(&centred[..n * d], n, d);
            let mut seen = MatMut::from_row_major_slice_mut(&mut seen[..n * width], n, width);
            multiply(seen.as_mut(), Accum::Replace, centred, narrow.as_ref());
            multiply(sum.as_mut(), Accum::Add, centred.transpose(), seen.as_ref());
        }
        sum
    };
    let blocks = x.axis_chunks_iter(Axis(0), block_rows(x.nrows()));
    let parts: Vec<Mat<f32>> = blocks.into_par_iter().map(of_block).collect();
    Array2::from_shape_fn((d, width), |(i, j)| parts.iter().map(|part| f64::from(part[(i, j)])).sum())
}

/// Make columns orthonormal; one that depends on those before it becomes 0.
fn orthonormalise(basis: &mut Array2<f64>) {
    for j in 0..basis.ncols() {
        let (done, mut rest) = basis.view_mut().split_at(Axis(1), j);
        let mut column = rest.column_mut(0);
        let left = orthogonalize(&mut column, done.columns().into_iter(), PASSES, 1e-10);
        let factor = left.map_or(0.0, f64::recip);
        column.mapv_inplace(|v| v * factor);
    }
}

/// Eigenvalues of a small symmetric matrix, falling, and its eigenvectors.
fn eigen(a: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let l = a.nrows();
    let symmetric = Mat::from_fn(l, l, |i, j| f64::midpoint(a[[i, j]], a[[j, i]]));
    match symmetric.self_adjoint_eigen(Side::Lower) {
        Ok(found) => {
            let values = (0..l).rev().map(|j| found.S()[j]).collect();
            (values, Array2::from_shape_fn((l, l), |(i, j)| found.U()[(i, l - 1 - j)]))
        }
        // Only values that are not finite make it fail; the basis as it is then still is a basis.
        Err(_) => ((0..l).map(|j| a[[j, j]]).collect(), Array2::eye(l)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows spread by 5, 3, 1 and 0.1 along four axes that are turned away from the columns, far from the origin.
    fn turned(n: usize, d: usize) -> Array2<f32> {
        let mut rng = rng(1, Stream::Data, 0);
        let mut axes = Array2::from_shape_simple_fn((d, 4), || rng.random_range(-1.0..1.0));
        orthonormalise(&mut axes);
        let spread = [5.0, 3.0, 1.0, 0.1];
        let inner = Array2::from_shape_fn((n, 4), |(_, j)| spread[j] * rng.random_range(-1.0..1.0f64));
        inner.dot(&axes.t()).mapv(|v| v as f32 + 100.0)
    }

    #[test]
    fn scores_carry_the_variance_that_the_shares_claim() {
        for (n, d) in [(3000, 40), (500, 4), (50, 300)] {
            let x = turned(n, d);
            let (scores, shares) = principal_components(x.view(), 3, 0);
            let (mean, total) = moments(x.view());
            assert!(mean.iter().all(|m| (m - 100.0).abs() < 5.0));
            assert!(shares[0] > shares[1] && shares[1] > shares[2] && shares.iter().sum::<f32>() > 0.99, "{shares:?}");
            for (column, share) in scores.columns().into_iter().zip(&shares) {
                let squares: f64 = column.iter().map(|&v| f64::from(v).powi(2)).sum();
                assert!((squares / total - f64::from(*share)).abs() < 2e-3, "{n}×{d}: {squares} of {total}, {share}");
            }
            let dot: f32 = scores.column(0).dot(&scores.column(1)) / (scores.column(0).dot(&scores.column(0)));
            assert!(dot.abs() < 1e-3, "components are uncorrelated");
        }
    }

    #[test]
    fn data_without_so_many_dimensions_is_filled_up_with_zeros() {
        let x = Array2::from_shape_fn((20, 2), |(i, j)| if j == 0 { i as f32 } else { 1.0 });
        let (scores, shares) = principal_components(x.view(), 3, 0);
        assert!((shares[0] - 1.0).abs() < 1e-6 && shares[1].abs() < 1e-6 && shares[2] == 0.0);
        assert!(scores.column(2).iter().all(|v| *v == 0.0));
        let (scores, shares) = principal_components(Array2::zeros((5, 9)).view(), 3, 0);
        assert!(scores.iter().chain(&shares).all(|v| *v == 0.0));
    }
}
