//! The leading singular vectors of a sparse matrix, as latent semantic analysis wants them.
//!
//! A block Krylov space of `A Aᵀ` (or `Aᵀ A`, whichever is smaller) from a random block, searched by Rayleigh–Ritz and restarted from its
//! leading Ritz vectors: the block Lanczos method of Golub, Luk and Overton (1981) with the thick restart of Wu and Simon (2000). Halko,
//! Martinsson and Tropp (2011) and Musco and Musco (2015) say why a random block will do. `A` may be centred: its column means then are taken
//! from the products, and never from its zeros. All sums are in double precision and in a fixed order.

use faer::{Accum, Mat, MatRef, Side};
use ndarray::Array2;
use rand::Rng as _;

use super::centred::Centred;
use crate::Result;
use crate::support::gram_schmidt::{PASSES, orthogonalize};
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};
use crate::support::wide::multiply;

/// Columns of a block.
pub(in crate::data) const BLOCK: usize = 16;
/// Restarts at most.
const ROUNDS: usize = 24;
/// Residual of a pair of `A Aᵀ`, as a part of its value, that is good enough.
const ENOUGH: f64 = 1e-6;
/// Relative change of the wanted squares' sum between two rounds that counts as none.
const STILL: f64 = 1e-10;
/// What is left of a column, as a part of the largest value, that is rounding.
const ROUNDING: f64 = 1e-12;
/// Singular values below this part of the largest are 0.
const RANK: f64 = 1e-7;

/// Columns that are held for so many wanted ones, where the smaller side has as many.
pub(in crate::data) fn room(count: usize) -> usize {
    3 * count + 4 * BLOCK
}

/// Leading singular directions.
#[derive(Debug)]
pub(super) struct Leading {
    /// Right singular vectors, `d × r`; in each the number of largest magnitude is positive.
    pub(super) axes: Array2<f64>,
    /// Their singular values, falling.
    pub(in crate::data) values: Vec<f64>,
    /// Whether all of them came to rest.
    pub(super) settled: bool,
}

/// The `count` leading singular directions, or as many as the matrix has.
///
/// # Errors
/// [`crate::Error::Cancelled`].
pub(super) fn leading(a: &Centred, count: usize, seed: u64, progress: &Progress<'_>) -> Result<Leading> {
    let side = a.dim().0.min(a.dim().1);
    let count = count.min(side);
    let mut space = Space::new(a, room(count).min(side), seed);
    let mut before = 0.0;
    for round in 1.. {
        let done = (round - 1) as f32 / ROUNDS as f32;
        space.grow(count, &|share| progress.at(0.6 + 0.2 * (done + share / ROUNDS as f32), "truncated SVD"))?;
        let found = space.ritz(count);
        let sum: f64 = found.values.iter().sum();
        let whole = space.width == side || space.pending.ncols() == 0;
        let settled = whole || found.residual <= ENOUGH || (sum - before).abs() <= STILL * sum;
        if settled || round == ROUNDS {
            return Ok(directions(a, &space, &found, settled));
        }
        before = sum;
        space.restart(count);
    }
    Ok(Leading { axes: Array2::zeros((a.dim().1, 0)), values: Vec::new(), settled: true })
}

/// Right singular vectors of the Ritz vectors that were found.
fn directions(a: &Centred, space: &Space<'_>, found: &Ritz, settled: bool) -> Leading {
    let largest = found.values.first().copied().unwrap_or(0.0).max(0.0).sqrt();
    let values: Vec<f64> =
        found.values.iter().map(|v| v.max(0.0).sqrt()).take_while(|&v| v > RANK * largest && v > 0.0).collect();
    let rank = values.len();
    let vectors = array(space.turned(found.map.subcols(0, rank)).as_ref());
    let mut axes = if a.is_tall() { vectors } else { a.transposed_times(&vectors) };
    for mut axis in axes.columns_mut() {
        // The image of a left vector has its singular value for a length, but for rounding.
        let length = axis.dot(&axis).sqrt();
        let largest = axis.iter().copied().fold(0.0_f64, |m, v| if v.abs() > m.abs() { v } else { m });
        let factor = if largest < 0.0 { -1.0 } else { 1.0 } / length.max(f64::MIN_POSITIVE);
        axis.mapv_inplace(|v| v * factor);
    }
    Leading { axes, values, settled }
}

/// The leading Ritz pairs.
struct Ritz {
    /// Falling.
    values: Vec<f64>,
    /// Of the basis, one column a pair.
    map: Mat<f64>,
    /// The largest residual, as a part of its value.
    residual: f64,
}

/// Orthonormal columns, the operator between them, and the block that follows.
struct Space<'a> {
    a: &'a Centred,
    /// The first `width` columns hold.
    basis: Mat<f64>,
    width: usize,
    /// `BᵀSB`.
    inner: Array2<f64>,
    /// Orthonormal, and so to the basis.
    pending: Mat<f64>,
    /// `S` of the newest block less what of it lies in the basis, seen from `pending`.
    coupling: Array2<f64>,
    /// The largest length of an image so far.
    norm: f64,
    rng: rand_chacha::ChaCha8Rng,
}

impl<'a> Space<'a> {
    fn new(a: &'a Centred, room: usize, seed: u64) -> Self {
        let side = a.dim().0.min(a.dim().1);
        let mut new = Self {
            a,
            basis: Mat::zeros(side, room),
            width: 0,
            inner: Array2::zeros((room, room)),
            pending: Mat::zeros(side, 0),
            coupling: Array2::zeros((0, 0)),
            norm: 0.0,
            rng: rng(seed, Stream::Singular, 0),
        };
        new.draw();
        new
    }

    /// A random block to follow.
    fn draw(&mut self) {
        let side = self.basis.nrows();
        let mut block = Mat::from_fn(side, BLOCK.min(self.basis.ncols() - self.width), |_, _| 0.0);
        for j in 0..block.ncols() {
            for i in 0..side {
                block[(i, j)] = self.rng.random_range(-1.0..1.0);
            }
        }
        self.take_out(&mut block);
        self.pending = orthonormal(&block, 1e-8 * (side as f64).sqrt()).0;
        // What was taken out leaves digits behind where little is left.
        let mut again = self.pending.clone();
        self.take_out(&mut again);
        self.pending = orthonormal(&again, 0.5).0;
        self.coupling = Array2::zeros((0, 0));
    }

    /// Takes out of a block what lies in the basis; how much that was.
    fn take_out(&self, block: &mut Mat<f64>) -> Mat<f64> {
        let basis = self.basis.as_ref().subcols(0, self.width);
        let mut all = Mat::zeros(self.width, block.ncols());
        for _ in 0..PASSES {
            let mut inside = Mat::zeros(self.width, block.ncols());
            multiply(inside.as_mut(), Accum::Replace, basis.transpose(), block.as_ref());
            let back = Mat::from_fn(self.width, block.ncols(), |i, j| -inside[(i, j)]);
            multiply(block.as_mut(), Accum::Add, basis, back.as_ref());
            all += inside;
        }
        all
    }

    /// Blocks are added until there is no more room, or nothing new.
    fn grow(&mut self, count: usize, step: &dyn Fn(f32) -> Result<()>) -> Result<()> {
        let room = self.basis.ncols();
        // A block joins whole, or residuals would not be told from it.
        while self.width < room && self.width + self.pending.ncols() <= room {
            step(self.width as f32 / room as f32)?;
            if self.pending.ncols() == 0 {
                // The basis holds its own image. Directions that it misses are as good as any to go on with.
                if self.width >= count {
                    return Ok(());
                }
                self.draw();
                if self.pending.ncols() == 0 {
                    return Ok(());
                }
            }
            self.push();
        }
        Ok(())
    }

    /// The block that follows joins the basis.
    fn push(&mut self) {
        let block = std::mem::replace(&mut self.pending, Mat::zeros(0, 0));
        let wide = block.ncols();
        let mut image = matrix(&self.a.square(&array(block.as_ref())));
        for j in 0..wide {
            self.norm = self.norm.max((0..image.nrows()).map(|i| image[(i, j)].powi(2)).sum::<f64>().sqrt());
        }
        self.basis.as_mut().subcols_mut(self.width, wide).copy_from(block.as_ref());
        let old = self.width;
        self.width += wide;
        let inside = self.take_out(&mut image);
        for j in 0..wide {
            for i in 0..self.width {
                self.inner[[i, old + j]] = inside[(i, j)];
                self.inner[[old + j, i]] = inside[(i, j)];
            }
        }
        let (pending, coupling) = orthonormal(&image, ROUNDING * self.norm);
        (self.pending, self.coupling) = (pending, coupling);
    }

    /// The leading pairs of the basis.
    fn ritz(&self, count: usize) -> Ritz {
        let l = self.width;
        let symmetric = Mat::from_fn(l, l, |i, j| f64::midpoint(self.inner[[i, j]], self.inner[[j, i]]));
        let count = count.min(l);
        let (values, map) = match symmetric.self_adjoint_eigen(Side::Lower) {
            Ok(found) => {
                let values: Vec<f64> = (0..count).map(|j| found.S()[l - 1 - j]).collect();
                (values, Mat::from_fn(l, count, |i, j| found.U()[(i, l - 1 - j)]))
            }
            // Only values that are not finite make it fail.
            Err(_) => (vec![0.0; count], Mat::identity(l, count)),
        };
        let newest = l - self.coupling.ncols().min(l);
        let largest = values.first().copied().unwrap_or(0.0);
        let residual = (0..count).map(|j| {
            let row = |r: usize| (newest..l).map(|i| self.coupling[[r, i - newest]] * map[(i, j)]).sum::<f64>();
            let left = (0..self.coupling.nrows()).map(|r| row(r).powi(2)).sum::<f64>().sqrt();
            left / values[j].max(ENOUGH * largest).max(f64::MIN_POSITIVE)
        });
        Ritz { residual: residual.fold(0.0, f64::max), values, map }
    }

    /// The basis times a map.
    fn turned(&self, map: MatRef<'_, f64>) -> Mat<f64> {
        let mut vectors = Mat::zeros(self.basis.nrows(), map.ncols());
        multiply(vectors.as_mut(), Accum::Replace, self.basis.as_ref().subcols(0, self.width), map);
        vectors
    }

    /// Goes on from the leading pairs, a few more than are wanted, and the block that follows.
    fn restart(&mut self, count: usize) {
        let kept = self.ritz((count + BLOCK).min(self.width.saturating_sub(BLOCK).max(1)));
        let vectors = self.turned(kept.map.as_ref());
        self.width = vectors.ncols();
        self.basis.as_mut().subcols_mut(0, self.width).copy_from(vectors.as_ref());
        self.inner.fill(0.0);
        for (at, &value) in kept.values.iter().enumerate() {
            self.inner[[at, at]] = value;
        }
        // Residuals of the pairs lie in the block that follows, which brings them when it joins.
        self.coupling = Array2::zeros((0, 0));
    }
}

/// The columns made orthonormal, without those of which no more than `least` is left, and the columns seen from them.
fn orthonormal(block: &Mat<f64>, least: f64) -> (Mat<f64>, Array2<f64>) {
    let mut done: Vec<Vec<f64>> = Vec::new();
    for j in 0..block.ncols() {
        let mut column: Vec<f64> = (0..block.nrows()).map(|i| block[(i, j)]).collect();
        let left = orthogonalize(&mut column[..], done.iter().map(Vec::as_slice), PASSES, 1e-14);
        if let Some(left) = left.filter(|&left| left > least && left > 0.0) {
            for v in &mut column {
                *v /= left;
            }
            done.push(column);
        }
    }
    let seen = |r: usize, j: usize| done[r].iter().enumerate().map(|(i, v)| v * block[(i, j)]).sum::<f64>();
    let coupling = Array2::from_shape_fn((done.len(), block.ncols()), |(r, j)| seen(r, j));
    (Mat::from_fn(block.nrows(), done.len(), |i, j| done[j][i]), coupling)
}

fn array(from: MatRef<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((from.nrows(), from.ncols()), |(i, j)| from[(i, j)])
}

fn matrix(from: &Array2<f64>) -> Mat<f64> {
    Mat::from_fn(from.nrows(), from.ncols(), |i, j| from[[i, j]])
}

#[cfg(test)]
mod tests {
    use ndarray::Axis;

    use super::super::rows::SparseRows;
    use super::*;

    fn sparse(dense: &Array2<f64>) -> SparseRows {
        let entries: Vec<_> =
            dense.indexed_iter().filter(|(_, v)| v.abs() > 0.0).map(|((i, j), &v)| (i as u32, j as u32, v)).collect();
        SparseRows::new(&entries, dense.nrows(), dense.ncols(), None).expect("finite")
    }

    fn found(dense: &Array2<f64>, mean: Option<Vec<f64>>, count: usize) -> Leading {
        leading(&Centred::new(sparse(dense), mean), count, 3, &Progress::silent()).expect("nobody cancels")
    }

    /// `A V` has orthogonal columns of the lengths that the singular values claim.
    fn is_right(dense: &Array2<f64>, found: &Leading) {
        let scores = dense.dot(&found.axes);
        let gram = scores.t().dot(&scores);
        let first = found.values[0].powi(2);
        for ((i, j), &v) in gram.indexed_iter() {
            let wanted = if i == j { found.values[i].powi(2) } else { 0.0 };
            assert!((v - wanted).abs() < 1e-7 * first, "{i}, {j}: {v} for {wanted}");
        }
        let unit = found.axes.t().dot(&found.axes) - Array2::<f64>::eye(found.values.len());
        assert!(unit.iter().all(|v| v.abs() < 1e-8), "axes are orthonormal");
    }

    #[test]
    fn known_singular_values_are_found_on_either_side() {
        // The path's incidence matrix, 300 × 299: singular values 2 sin(πk / 600).
        let n = 300;
        let path =
            Array2::from_shape_fn((n, n - 1), |(i, j)| f64::from(u8::from(i == j)) - f64::from(u8::from(i == j + 1)));
        for dense in [path.clone(), path.t().to_owned()] {
            let found = found(&dense, None, 20);
            is_right(&dense, &found);
            for (at, value) in found.values.iter().enumerate() {
                let exact = 2.0 * (std::f64::consts::PI * (n - 1 - at) as f64 / (2 * n) as f64).sin();
                assert!((value - exact).abs() < 1e-7, "{at}: {value} for {exact}");
            }
        }
    }

    #[test]
    fn one_value_many_times_is_found_as_often_and_a_low_rank_ends_it() {
        let found_of_unit = found(&(3.0 * Array2::<f64>::eye(90)), None, 40);
        assert!(found_of_unit.values.len() == 40 && found_of_unit.values.iter().all(|v| (v - 3.0).abs() < 1e-9));
        is_right(&(3.0 * Array2::<f64>::eye(90)), &found_of_unit);
        let low = Array2::from_shape_fn((120, 80), |(i, j)| (i % 3) as f64 * f64::from(u8::from(j % 3 == i % 3)));
        let found_of_low = found(&low, None, 20);
        assert_eq!(found_of_low.values.len(), 2, "{:?}", found_of_low.values);
        is_right(&low, &found_of_low);
        assert!(found(&Array2::zeros((5, 4)), None, 3).values.is_empty());
    }

    #[test]
    fn centring_is_that_of_the_dense_matrix() {
        let dense = Array2::from_shape_fn((200, 60), |(i, j)| {
            let wave = ((i * 7 + j * 13) as f64 * 0.7).sin() * (1.0 + j as f64);
            if (i + j) % 4 == 0 { wave + 2.0 } else { 0.0 }
        });
        let mean = dense.mean_axis(Axis(0)).expect("rows");
        let found = found(&dense, Some(mean.to_vec()), 12);
        is_right(&(&dense - &mean), &found);
        let shorter = leading(&Centred::new(sparse(&dense), Some(mean.to_vec())), 12, 4, &Progress::silent());
        let shorter = shorter.expect("nobody cancels").values;
        assert!(shorter.iter().zip(&found.values).all(|(a, b)| (a - b).abs() < 1e-6 * b), "whatever the seed");
    }
}
