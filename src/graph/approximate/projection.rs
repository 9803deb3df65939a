//! Rows in few coordinates: principal components of a sample, by subspace iteration.
//!
//! Halko, Martinsson and Tropp, "Finding structure with randomness" (SIAM Review 53, 2011), algorithm 4.4. Only the space
//! that the components span matters here, not the components themselves, so a few rounds are enough.

use faer::{Accum, ColMut, ColRef, Mat, MatMut, MatRef};
use rand::Rng;
use rayon::prelude::*;

use crate::Result;
use crate::support::gram_schmidt::{Column, PASSES, orthogonalize};
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};
use crate::support::wide::multiply;

/// Coordinates kept; data with no more than these keeps its own.
pub(super) const DEPTH: usize = 64;
/// Rows whose principal components are found.
const SAMPLE: usize = 2048;
/// Rounds of subspace iteration.
const ROUNDS: usize = 3;
/// Rows that a thread takes at a time.
const BLOCK: usize = 256;
/// How much of the length that the projection loses counts in the closeness of a point. Of two rows equally far apart in
/// the projection, those that lost more are farther apart, though neighbours lose much the same part: none is too few and
/// all too much.
const LOST: f32 = 0.3;

/// Numbers are multiplied by no more than this, so that the factor fits in f32.
const LARGEST_SCALE: f64 = 1.0e30;

/// Rows in few coordinates.
#[derive(Clone, Debug)]
pub(super) struct Projected {
    /// `n × depth`, row by row.
    pub(super) rows: Vec<f32>,
    /// For each row the bias of its closeness: minus half its squared length, and a part of what the projection lost.
    pub(super) bias: Vec<f32>,
    /// Coordinates of a row.
    pub(super) depth: usize,
    /// What the rows' numbers were multiplied by.
    pub(super) scale: f32,
}

/// How rows are centred and scaled before anything else, so that no square overflows or vanishes.
struct Normal {
    mean: Vec<f64>,
    scale: f64,
}

impl Projected {
    /// Coordinates of row `i`.
    pub(super) fn row(&self, i: u32) -> &[f32] {
        &self.rows[i as usize * self.depth..][..self.depth]
    }

    /// Project the rows of `x`, which are finite and stand in `x` one after the other, each of `d` numbers.
    pub(super) fn new(x: &[f32], d: usize, seed: u64, progress: &Progress<'_>) -> Result<Self> {
        let n = x.len() / d;
        let normal = Normal::new(x, d);
        let depth = d.min(DEPTH);
        let basis = (d > depth).then(|| normal.basis(x, d, depth, seed));
        progress.at(0.05, "finding neighbours")?;
        let (mut rows, mut bias) = (vec![0.0f32; n * depth], vec![0.0f32; n]);
        rows.par_chunks_mut(BLOCK * depth)
            .zip(bias.par_chunks_mut(BLOCK))
            .zip(x.par_chunks(BLOCK * d))
            .try_for_each_init(
                || vec![0.0f32; BLOCK * d],
                |centred, ((rows, bias), x)| {
                    progress.check()?;
                    let centred = &mut centred[..x.len()];
                    for (to, from) in centred.chunks_exact_mut(d).zip(x.chunks_exact(d)) {
                        normal.apply(from, to);
                    }
                    if let Some(basis) = &basis {
                        let to = MatMut::from_row_major_slice_mut(&mut *rows, bias.len(), depth);
                        let from = MatRef::from_row_major_slice(&*centred, bias.len(), d);
                        multiply(to, Accum::Replace, from, basis.as_ref());
                    } else {
                        rows.copy_from_slice(centred);
                    }
                    for ((bias, row), centred) in
                        bias.iter_mut().zip(rows.chunks_exact(depth)).zip(centred.chunks_exact(d))
                    {
                        *bias = -0.5 * ((1.0 - LOST) * square(row) + LOST * square(centred));
                    }
                    Ok::<_, crate::Error>(())
                },
            )?;
        Ok(Self { rows, bias, depth, scale: normal.scale as f32 })
    }
}

impl Normal {
    fn new(x: &[f32], d: usize) -> Self {
        // Blocks are added up in order, so the sums do not depend on the number of threads.
        let blocks: Vec<(Vec<f64>, Vec<f32>, Vec<f32>)> =
            x.par_chunks(8 * BLOCK * d).map(|block| statistics(block, d)).collect();
        let n = (x.len() / d) as f64;
        let (mut mean, mut low, mut high) = (vec![0.0; d], vec![f32::INFINITY; d], vec![f32::NEG_INFINITY; d]);
        for (sums, lows, highs) in blocks {
            for j in 0..d {
                mean[j] += sums[j] / n;
                low[j] = low[j].min(lows[j]);
                high[j] = high[j].max(highs[j]);
            }
        }
        let largest =
            (0..d).fold(0.0, |most: f64, j| most.max(f64::from(high[j]) - mean[j]).max(mean[j] - f64::from(low[j])));
        Self { mean, scale: if largest > 0.0 { largest.recip().min(LARGEST_SCALE) } else { 1.0 } }
    }

    fn apply(&self, from: &[f32], to: &mut [f32]) {
        for ((to, &from), &mean) in to.iter_mut().zip(from).zip(&self.mean) {
            *to = ((f64::from(from) - mean) * self.scale) as f32;
        }
    }

    /// `depth` orthonormal columns that nearly span the first principal components, `d × depth`.
    fn basis(&self, x: &[f32], d: usize, depth: usize, seed: u64) -> Mat<f32> {
        let n = x.len() / d;
        let mut rng = rng(seed, Stream::Projection, 0);
        let count = n.min(SAMPLE);
        let mut sample = vec![0.0f32; count * d];
        let chosen = rand::seq::index::sample(&mut rng, n, count);
        for (to, i) in sample.chunks_exact_mut(d).zip(chosen) {
            self.apply(&x[i * d..(i + 1) * d], to);
        }
        let sample = MatRef::from_row_major_slice(&sample, count, d);
        let mut basis = Mat::from_fn(d, depth, |_, _| rng.random_range(-1.0f32..1.0));
        for _ in 0..ROUNDS {
            let products = times(sample, basis.as_ref());
            basis = times(sample.transpose(), products.as_ref());
            orthonormalise(&mut basis);
        }
        basis
    }
}

/// Sums, least and greatest values of the columns.
fn statistics(x: &[f32], d: usize) -> (Vec<f64>, Vec<f32>, Vec<f32>) {
    let (mut sums, mut low, mut high) = (vec![0.0; d], vec![f32::INFINITY; d], vec![f32::NEG_INFINITY; d]);
    for row in x.chunks_exact(d) {
        for (((&v, sum), low), high) in row.iter().zip(&mut sums).zip(&mut low).zip(&mut high) {
            *sum += f64::from(v);
            *low = low.min(v);
            *high = high.max(v);
        }
    }
    (sums, low, high)
}

/// A product whose rows are shared out among threads, each by the same arithmetic on any number of them.
fn times(a: MatRef<'_, f32>, b: MatRef<'_, f32>) -> Mat<f32> {
    let mut product = Mat::zeros(a.nrows(), b.ncols());
    let blocks: Vec<_> = product.par_row_chunks_mut(BLOCK).zip(a.par_row_chunks(BLOCK)).collect();
    blocks.into_par_iter().for_each(|(to, a)| multiply(to, Accum::Replace, a, b));
    product
}

/// Makes columns orthonormal; those that depend on the ones before become zero.
fn orthonormalise(columns: &mut Mat<f32>) {
    for j in 0..columns.ncols() {
        let (before, mut rest) = columns.as_mut().split_at_col_mut(j);
        let mut column = rest.as_mut().col_mut(0);
        let left = orthogonalize(&mut column, (0..j).map(|i| before.as_ref().col(i)), PASSES, 1e-5);
        let factor = left.map_or(0.0, |left| (left as f32).recip());
        column.iter_mut().for_each(|v| *v *= factor);
    }
}

impl Column<ColRef<'_, f32>> for ColMut<'_, f32> {
    fn inner(&self, other: &ColRef<'_, f32>) -> f64 {
        f64::from(other.transpose() * self.as_ref())
    }

    fn subtract(&mut self, amount: f64, other: &ColRef<'_, f32>) {
        let amount = amount as f32; // As `inner` gave it.
        faer::zip!(self.as_mut(), *other).for_each(|faer::unzip!(to, &from)| *to -= amount * from);
    }

    fn length(&self) -> f64 {
        f64::from(self.norm_l2())
    }
}

/// Squared length.
pub(super) fn square(row: &[f32]) -> f32 {
    let mut sums = [0.0f32; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for (sum, &v) in sums.iter_mut().zip(chunk) {
            *sum += v * v;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|&v| v * v).sum::<f32>()
}
