//! Graphs of high-dimensional data, first part: the lowest eigenvectors to some six digits, in single precision.
//!
//! A block is filtered by a Chebyshev polynomial, the result once more, and Rayleigh–Ritz searches the three blocks together: a restarted
//! block Krylov space of the polynomial (Zhou and Saad's block Chebyshev–Davidson method, 2007). It takes a third fewer products than
//! filtering one block over and over, and single precision moves half of the bytes. Inner products are summed in double precision.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};
use ndarray::{Array2, ArrayView2, Axis};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::block;
use super::chebyshev::{Filter, rate};
use super::ritz::add_lower;
use super::subspace::Goal;
use super::symmetric::Symmetric;
use crate::graph::gram::{ROWS, add_up, parts, pieces};
use crate::graph::product::{Sparse, Terms};
use crate::progress::Progress;
use crate::{Error, Result};

/// Filtered blocks in a round, beside the one they came from: in the first, and at most.
const FIRST_BLOCKS: usize = 2;
const BLOCKS: usize = 3;
/// The first polynomial: its degree, and where it begins to damp, as a part of the spectrum.
const FIRST: usize = 8;
const FIRST_CUT: f64 = 0.2;
/// Degrees of later ones.
const DEGREES: std::ops::RangeInclusive<usize> = 6..=120;
/// Natural logarithm of the amplification between a block's own columns beyond which single precision loses the weaker ones.
const SPREAD: f64 = 8.0;
/// What is added to the logarithm of the residual's excess for a round that should be the last.
const MARGIN: f64 = 2.0;
/// Directions with less than this share of the strongest one's square are rounding noise.
const NOISE: f64 = 1e-10;
/// Rounds, and those in a row that may pass without residuals falling to half.
const ROUNDS: usize = 40;
const PATIENCE: usize = 4;
/// Relative residual below which a round without such a fall ends it at once: single precision has no more to give.
const FLOOR: f64 = 1e-5;

/// `goal.columns` columns near the lowest eigenvectors; as near as the goal wants them or single precision gets them. No eigenvalue lies
/// above `upper`. And the rounds it took.
pub(super) fn approach(
    s: &Symmetric,
    goal: &Goal,
    upper: f64,
    progress: &Progress<'_>,
) -> Result<(Array2<f64>, usize)> {
    let (matrix, upper) = (Single::new(s), upper / s.norm);
    let mut rng = ChaCha8Rng::seed_from_u64(goal.seed);
    let random =
        Block { width: goal.columns, rows: (0..s.len() * goal.columns).map(|_| rng.random_range(-1.0..1.0)).collect() };
    let mut x = orthonormal(s, random, &[])?;
    let mut repeats = FIRST_BLOCKS;
    let mut filter = Filter { degree: FIRST, lowest: 0.0, cut: FIRST_CUT * upper, upper };
    let (mut first, mut best, mut since) = (None, f64::INFINITY, 0);
    let mut rounds = 0;
    while rounds < ROUNDS {
        rounds += 1;
        let mut blocks = vec![x];
        for _ in 0..repeats {
            let last = &blocks[blocks.len() - 1];
            let rows = filter.apply(matrix.sparse(s), last.rows.clone(), progress)?;
            let next = orthonormal(s, Block { width: last.width, rows }, &blocks)?;
            if next.width == 0 {
                break; // The space is invariant already.
            }
            blocks.push(next);
        }
        let ritz;
        (ritz, x) = search(s, &matrix, &blocks, goal.columns)?;
        let wanted = goal.wanted.min(ritz.len());
        let residuals = matrix.residuals(s, &x, &ritz);
        let worst = |of: &dyn Fn(usize) -> f64| (0..wanted).map(of).fold(0.0, f64::max);
        let excess = worst(&|j| residuals[j] / goal.enough(1.0, ritz[j]));
        let residual = worst(&|j| residuals[j]);
        let fell = residual < 0.5 * best;
        best = best.min(residual);
        since = if fell { 0 } else { since + 1 };
        if excess <= 1.0 || (!fell && residual < FLOOR) || since == PATIENCE || !residual.is_finite() {
            break;
        }
        let first = *first.get_or_insert(excess.ln());
        progress.at((1.0 - excess.ln() / first).clamp(0.0, 1.0) as f32, "refining eigenvectors")?;
        (filter, repeats) = next_filter(&ritz, wanted, excess, upper);
    }
    let wide = x.rows.iter().map(|&v| f64::from(v)).collect();
    let columns = Array2::from_shape_vec((s.len(), x.width), wide)
        .map_err(|e| Error::Numerics(format!("a block changed its shape: {e}")))?;
    Ok((columns, rounds))
}

/// A polynomial, and how often it is to be applied, that amplifies the last wanted pair as much as is still needed, or as [`SPREAD`] and
/// [`BLOCKS`] allow.
fn next_filter(ritz: &[f64], wanted: usize, excess: f64, upper: f64) -> (Filter, usize) {
    let filter = Filter::between(ritz, upper);
    let most = SPREAD / rate(filter.lowest, filter.cut, upper);
    let enough = (excess.ln() + MARGIN) / rate(ritz[wanted - 1], filter.cut, upper);
    let repeats = (enough / most).ceil().clamp(1.0, BLOCKS as f64);
    let degree = (enough / repeats).min(most).ceil() as usize;
    (Filter { degree: degree.clamp(*DEGREES.start(), *DEGREES.end()), ..filter }, repeats as usize)
}

/// The symmetric form's numbers in single precision, in units of its norm, so that none is too large for it.
struct Single {
    values: Vec<f32>,
    diagonal: Vec<f32>,
}

/// Columns, row by row.
struct Block {
    width: usize,
    rows: Vec<f32>,
}

impl Block {
    fn piece(&self, rows: &Range<usize>) -> &[f32] {
        &self.rows[rows.start * self.width..rows.end * self.width]
    }

    /// The rows of a piece, in double precision, to columns `from..` of a matrix `out` of `width` columns.
    fn widen(part: &[f32], own: usize, out: &mut [f64], width: usize, from: usize) {
        for (out, row) in out.chunks_exact_mut(width).zip(part.chunks_exact(own)) {
            for (out, &v) in out[from..from + own].iter_mut().zip(row) {
                *out = f64::from(v);
            }
        }
    }
}

impl Single {
    fn new(s: &Symmetric) -> Self {
        let single = |values: &[f64]| values.iter().map(|&v| (v / s.norm) as f32).collect();
        Self { values: single(&s.weights.values), diagonal: single(&s.diagonal) }
    }

    fn sparse<'a>(&'a self, s: &'a Symmetric) -> Sparse<'a, f32> {
        let (offsets, columns) = (&s.weights.offsets, &s.weights.columns);
        Sparse { offsets, columns, values: &self.values, diagonal: &self.diagonal }
    }

    /// `S x` for some rows.
    fn product(&self, s: &Symmetric, x: &Block, rows: &Range<usize>, out: &mut Vec<f32>) {
        out.resize(rows.len() * x.width, 0.0);
        self.sparse(s).combine_rows(&x.rows, out, rows.start, x.width, Terms { scale: 1.0, shift: 0.0, keep: 0.0 });
    }

    /// `‖S x − λ x‖` of each column.
    fn residuals(&self, s: &Symmetric, x: &Block, values: &[f64]) -> Vec<f64> {
        let part = |part: Range<usize>| {
            let (mut squares, mut product) = (vec![0.0; x.width], Vec::new());
            for piece in pieces(part) {
                self.product(s, x, &piece, &mut product);
                for (product, row) in product.chunks_exact(x.width).zip(x.piece(&piece).chunks_exact(x.width)) {
                    for (((square, &p), &v), &value) in squares.iter_mut().zip(product).zip(row).zip(values) {
                        let difference = f64::from(p) - value * f64::from(v);
                        *square += difference * difference;
                    }
                }
            }
            squares
        };
        let parts: Vec<Vec<f64>> = parts(s.len()).into_par_iter().map(part).collect();
        (0..values.len()).map(|j| parts.iter().map(|squares| squares[j]).sum::<f64>().sqrt()).collect()
    }
}

/// Rayleigh–Ritz in the span of all blocks: the `keep` lowest pairs.
fn search(s: &Symmetric, matrix: &Single, blocks: &[Block], keep: usize) -> Result<(Vec<f64>, Block)> {
    let width = blocks.iter().map(|b| b.width).sum();
    let part = |part: Range<usize>| {
        let (mut g, mut h) = (Mat::zeros(width, width), Mat::zeros(width, width));
        let (mut own, mut product, mut single) = (Vec::new(), Vec::new(), Vec::new());
        for piece in pieces(part) {
            own.resize(piece.len() * width, 0.0);
            product.resize(piece.len() * width, 0.0);
            let mut from = 0;
            for x in blocks {
                Block::widen(x.piece(&piece), x.width, &mut own, width, from);
                matrix.product(s, x, &piece, &mut single);
                Block::widen(&single, x.width, &mut product, width, from);
                from += x.width;
            }
            let left = MatRef::from_row_major_slice(&own, piece.len(), width).transpose();
            add_lower(&mut g, left, &own);
            add_lower(&mut h, left, &product);
        }
        (g, h)
    };
    let (g, h): (Vec<_>, Vec<_>) = parts(s.len()).into_par_iter().map(part).collect::<Vec<_>>().into_iter().unzip();
    let (mut values, map) = block::pencil(&add_up(&h, width, width), &add_up(&g, width, width), NOISE)?;
    if values.is_empty() {
        return Err(Error::Numerics(
            "the eigensolver's block of vectors lost its rank; ask for fewer --eigenvectors".into(),
        ));
    }
    values.truncate(keep);
    let x = combine(s.len(), blocks, block::columns(&map, 0..values.len()));
    Ok((values, x))
}

/// All columns of the blocks times `map`.
fn combine(n: usize, blocks: &[Block], map: ArrayView2<'_, f64>) -> Block {
    let width = map.ncols();
    let map: Vec<f32> = map.iter().map(|&v| v as f32).collect();
    let mut rows = vec![0.0; n * width];
    let parts = parts(n);
    let length = parts.first().map_or(1, ExactSizeIterator::len);
    rows.par_chunks_mut((length * width).max(1)).zip(parts).for_each(|(out, part)| {
        for (piece, out) in pieces(part).zip(out.chunks_mut(ROWS * width)) {
            let mut from = 0;
            for x in blocks {
                let to = MatMut::from_row_major_slice_mut(&mut *out, piece.len(), width);
                let left = MatRef::from_row_major_slice(x.piece(&piece), piece.len(), x.width);
                let right = MatRef::from_row_major_slice(&map[from * width..(from + x.width) * width], x.width, width);
                matmul(to, Accum::Add, left, right, 1.0, Par::Seq);
                from += x.width;
            }
        }
    });
    Block { width, rows }
}

/// The columns made orthonormal to the kernel, to the blocks and to each other; those that are rounding noise are left out.
fn orthonormal(s: &Symmetric, mut x: Block, blocks: &[Block]) -> Result<Block> {
    for _ in 0..2 {
        project(s, &mut x);
        if !blocks.is_empty() {
            let overlap: Vec<Array2<f64>> = blocks.iter().map(|b| gram(b, &x)).collect();
            let views: Vec<_> = overlap.iter().map(|o| o.view()).collect();
            let map = ndarray::concatenate(Axis(0), &views)
                .map_err(|e| Error::Numerics(format!("blocks do not fit together: {e}")))?;
            let inside = combine(s.len(), blocks, map.view());
            x.rows.par_iter_mut().zip(&inside.rows).for_each(|(v, &inside)| *v -= inside);
        }
        let white = block::whiten(&gram(&x, &x), NOISE)?;
        x = combine(s.len(), &[x], white.view());
    }
    Ok(x)
}

/// `aᵀ b`.
fn gram(a: &Block, b: &Block) -> Array2<f64> {
    let part = |part: Range<usize>| {
        let mut sum = Mat::zeros(a.width, b.width);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for piece in pieces(part) {
            left.resize(piece.len() * a.width, 0.0);
            right.resize(piece.len() * b.width, 0.0);
            Block::widen(a.piece(&piece), a.width, &mut left, a.width, 0);
            Block::widen(b.piece(&piece), b.width, &mut right, b.width, 0);
            let left = MatRef::from_row_major_slice(&left, piece.len(), a.width).transpose();
            let right = MatRef::from_row_major_slice(&right, piece.len(), b.width);
            matmul(sum.as_mut(), Accum::Add, left, right, 1.0, Par::Seq);
        }
        sum
    };
    let n = a.rows.len() / a.width.max(1);
    let sums: Vec<Mat<f64>> = parts(n).into_par_iter().map(part).collect();
    add_up(&sums, a.width, b.width)
}

/// Take the kernel out of every column.
fn project(s: &Symmetric, x: &mut Block) {
    let width = x.width;
    if width == 0 {
        return;
    }
    let mut sums = vec![0.0; s.components.count() * width];
    let rows = || s.components.of.iter().zip(&s.kernel);
    for ((&c, &u), row) in rows().zip(x.rows.chunks_exact(width)) {
        for (sum, &v) in sums[c as usize * width..][..width].iter_mut().zip(row) {
            *sum += u * f64::from(v);
        }
    }
    x.rows.par_chunks_exact_mut(width).zip(&s.components.of).zip(&s.kernel).for_each(|((row, &c), &u)| {
        for (v, &sum) in row.iter_mut().zip(&sums[c as usize * width..][..width]) {
            *v = (f64::from(*v) - u * sum) as f32;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::dense;
    use crate::graph::{Csr, Operator};
    use crate::recipe::Laplacian;

    #[test]
    fn single_precision_comes_near_the_eigenvectors() {
        // A torus of 20 by 30 nodes with uneven edges, and a ring beside it: two components.
        let (rows, columns) = (20_u32, 30_u32);
        let mut edges = Vec::new();
        let mut edge = |i: u32, j: u32, w: f64| edges.extend([(i, j, w), (j, i, w)]);
        for i in 0..rows * columns {
            let (row, column) = (i / columns, i % columns);
            let weight = 1.0 + 0.3 * f64::from(i % 7);
            edge(i, row * columns + (column + 1) % columns, weight);
            edge(i, (row + 1) % rows * columns + column, 0.4 * weight);
        }
        let ring = rows * columns;
        (0..50).for_each(|i| edge(ring + i, ring + (i + 1) % 50, 1.0));
        let graph = Csr::from_triplets(ring as usize + 50, &edges).expect("inside");
        let operator = Operator::new(graph, Laplacian::RandomWalk).expect("symmetric");
        let s = Symmetric::new(&operator);
        let goal = Goal { wanted: 8, columns: 16, tolerance: 1e-6, rounds: 50, seed: 1 };
        let (near, rounds) = approach(&s, &goal, s.norm, &Progress::silent()).expect("it works");
        let exact = dense::solve(&s, 8).expect("it works");
        assert!(near.dim() == (s.len(), 16) && (1..ROUNDS).contains(&rounds));
        // What of the exact vectors lies outside the sixteen columns, which hold their whole space.
        let inside = near.dot(&near.t().dot(&exact.vectors));
        let outside = (&exact.vectors - &inside).iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        assert!(outside < 1e-4, "{outside}");
        let mut known = near.clone();
        s.project(&mut known);
        assert!((&known - &near).iter().all(|d| d.abs() < 1e-6), "nothing of the kernel is left");
    }
}
