//! Graphs of high-dimensional data, first part: the lowest eigenvectors to some six digits, in single precision.
//!
//! A block of eight columns is filtered by a Chebyshev polynomial, the result once more, and so on; Rayleigh–Ritz searches all of them
//! together: a block Krylov space of the polynomial (Zhou and Saad's block Chebyshev–Davidson method, 2007). What is not found by the time
//! the columns are many starts again, from the lowest Ritz vectors and with a polynomial made for them. Narrow blocks take the fewest
//! products, since a Krylov space gains with each step and little with its width, and eight columns lie in near caches where sixteen do
//! not.

use std::ops::Range;

use ndarray::{Array2, ArrayView1, s};
use rand::Rng;
use rayon::prelude::*;

use super::basis::{Basis, Block, rows, tiles, turn};
use super::block;
use super::chebyshev::{Filter, rate};
use super::single::Single;
use super::subspace::Goal;
use super::tile::LANES;
use crate::graph::gram::parts;
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// The first polynomial: its degree, and where it begins to damp, as a part of the spectrum.
const FIRST: usize = 12;
const FIRST_CUT: f64 = 0.05;
/// Columns in the first round for each one of the goal's, and numbers that all of them may hold.
const ROOM: usize = 8;
const MOST_NUMBERS: usize = 1 << 26;
/// Sweeps of the polynomial over all columns in later rounds.
const SWEEPS: usize = 3;
/// Degrees of later polynomials.
const DEGREES: std::ops::RangeInclusive<usize> = 6..=120;
/// Natural logarithm of the amplification between a round's own columns beyond which single precision loses the weaker ones.
const SPREAD: f64 = 8.0;
/// What is added to the logarithm of the residual's excess for a round that should be the last.
const LAST_ROUND: f64 = 2.0;
/// Directions with less than this share of the strongest one's square are rounding noise.
const NOISE: f64 = 1e-10;
/// What stands for the eigenvalue of a column of 0: all others are at most 1.
const ZERO: f64 = 2.0;
/// Where progress would stand at the end of a round that fills all its room.
const AHEAD: f64 = 0.9;
/// Rounds, and those in a row that may pass without residuals falling to half.
const ROUNDS: usize = 40;
const PATIENCE: usize = 4;
/// Relative residual below which a round without such a fall ends it at once: single precision has no more to give.
const FLOOR: f64 = 1e-5;

/// At most `goal.columns` columns near the lowest eigenvectors; as near as the goal wants them or single precision gets them. No
/// eigenvalue lies above `upper`, in units of the norm. And the rounds it took.
pub(super) fn approach(s: &Single, goal: &Goal, upper: f64, progress: &Progress<'_>) -> Result<(Array2<f64>, usize)> {
    let columns = goal.columns;
    let goal = &Goal { columns: columns.next_multiple_of(LANES), ..*goal };
    let mut rng = rng(goal.seed, Stream::BlockKrylov, 0);
    let room = (ROOM * goal.columns).min(MOST_NUMBERS / s.len()).max((1 + SWEEPS) * goal.columns);
    let mut space = Space::new(s, room);
    space.push((0..s.len() * LANES).map(|_| rng.random_range(-1.0..1.0)).collect())?;
    let mut filter = Filter { degree: FIRST, lowest: 0.0, cut: FIRST_CUT * upper, upper };
    let mut sweeps = usize::MAX;
    let (mut first, mut best, mut since, mut done) = (None, f64::INFINITY, 0, 0.0);
    for rounds in 1.. {
        let step = |grown: f64| progress.at((done + (AHEAD - done).max(0.0) * grown) as f32, "refining eigenvectors");
        let found = space.grow(&filter, sweeps, goal, progress, &step)?;
        let fell = found.residual < 0.5 * best;
        best = best.min(found.residual);
        since = if fell { 0 } else { since + 1 };
        let spent = (!fell && found.residual < FLOOR) || since == PATIENCE || rounds == ROUNDS;
        if found.excess <= 1.0 || spent || !found.residual.is_finite() {
            return Ok((s.widened(&found.vectors, found.rank.min(columns)), rounds));
        }
        let first = *first.get_or_insert(found.excess.ln());
        done = (1.0 - found.excess.ln() / first).clamp(done, 1.0);
        (filter, sweeps) = next_filter(&found, goal, upper);
        space.restart(found, (1 + SWEEPS) * goal.columns);
    }
    Err(Error::Numerics("the eigensolver came to no end".into()))
}

/// A polynomial, and how often it is to be applied, that amplifies the last wanted pair as much as is still needed, or as [`SPREAD`] and
/// [`SWEEPS`] allow.
fn next_filter(found: &Ritz, goal: &Goal, upper: f64) -> (Filter, usize) {
    let values = &found.values[..found.rank];
    let filter = Filter::between(values, upper);
    let most = SPREAD / rate(filter.lowest, filter.cut, upper);
    let last = values[goal.wanted.min(values.len()) - 1];
    let enough = (found.excess.ln() + LAST_ROUND) / rate(last, filter.cut, upper);
    let sweeps = (enough / most).ceil().clamp(1.0, SWEEPS as f64);
    let degree = (enough / sweeps).min(most).ceil() as usize;
    (Filter { degree: degree.clamp(*DEGREES.start(), *DEGREES.end()), ..filter }, sweeps as usize)
}

/// The lowest Ritz pairs, as many as the goal has columns.
struct Ritz {
    values: Vec<f64>,
    vectors: Vec<Block>,
    /// Those of them that are not 0.
    rank: usize,
    /// The largest residual of the wanted ones, and the largest in multiples of what it has to be.
    residual: f64,
    excess: f64,
}

/// Orthonormal columns, and the operator between them.
struct Space<'a> {
    s: &'a Single,
    /// `B`; a column may be 0.
    basis: Basis,
    /// `BᵀSB`, its lower half, with [`ZERO`] on the diagonal for a column of 0.
    inner: Array2<f64>,
    /// `S x` of the block `x` that came last, and its rank, while `inner` does not know it.
    newest: Option<(Block, usize)>,
    /// Blocks of no more use.
    spare: Vec<Block>,
}

impl<'a> Space<'a> {
    /// With room for so many columns.
    fn new(s: &'a Single, room: usize) -> Self {
        Self { s, basis: Basis::new(room), inner: Array2::zeros((0, 0)), newest: None, spare: Vec::new() }
    }

    /// A block that may hold anything.
    fn room(&mut self) -> Block {
        self.spare.pop().unwrap_or_else(|| vec![0.0; self.s.len() * LANES])
    }

    /// Take a block in, made orthonormal to the kernel, to the others and in itself; whether anything of it was new.
    fn push(&mut self, mut x: Block) -> Result<bool> {
        self.s.project(&mut x);
        let inside = self.overlap(Some(&x));
        let (mut new, left, rest) = self.basis.rest(&x, inside.view());
        let (strength, all) = (rest.diag().sum(), inside.iter().map(|v| v * v).sum::<f64>() + rest.diag().sum());
        let white = if strength > NOISE * all { block::whiten(&rest, NOISE)? } else { Array2::zeros((LANES, 0)) };
        let rest = self.basis.turn(&mut new, white.view(), (-left.dot(&white)).view());
        let white = block::whiten(&rest, NOISE)?;
        turn(&mut new, white.view());
        rows(&new, &mut x);
        let mut product = self.room();
        self.s.apply(&x, &mut product);
        self.newest = Some((product, white.ncols()));
        self.spare.push(x);
        self.basis.push(new);
        Ok(white.ncols() > 0)
    }

    /// `Bᵀ x`, empty without an `x`. In the same pass over the columns `inner` learns of the newest ones.
    fn overlap(&mut self, x: Option<&Block>) -> Array2<f64> {
        let newest = self.newest.take();
        let blocks: Vec<&Block> = newest.iter().map(|(product, _)| product).chain(x).collect();
        let mut found = self.basis.overlaps(&blocks).into_iter();
        if let Some((product, rank)) = newest {
            // There is one for each block that was asked for, the newest first.
            let (all, row) = (self.basis.width(), found.next().unwrap_or_default());
            let old = all - LANES;
            let mut inner = Array2::zeros((all, all));
            inner.slice_mut(s![..old, ..old]).assign(&self.inner);
            inner.slice_mut(s![old.., ..]).assign(&row.t());
            (old + rank..all).for_each(|zero| inner[[zero, zero]] = ZERO);
            self.inner = inner;
            self.spare.push(product);
        }
        found.next().unwrap_or_default()
    }

    /// Filter the blocks one after the other, and those that come of it, so many times as many as there are; or until the lowest Ritz
    /// pairs of all together are good enough, or there is no more room. `step` is told which share of the room is filled.
    fn grow(
        &mut self,
        filter: &Filter,
        sweeps: usize,
        goal: &Goal,
        progress: &Progress<'_>,
        step: &dyn Fn(f64) -> Result<()>,
    ) -> Result<Ritz> {
        let front = self.basis.width() / LANES;
        let mut before = 1.0;
        let mut from = 0;
        loop {
            let (mut x, spare) = (self.room(), self.room());
            rows(self.basis.block(from), &mut x);
            let [x, spare] = filter.apply(self.s.sparse(), [x, spare], progress)?;
            self.spare.push(spare);
            let new = self.push(x)?;
            from += 1;
            step(self.basis.filled())?;
            let last = !new || from / front >= sweeps || !self.basis.has_room();
            if last || from % front == 0 && self.promising(front * LANES, &mut before, goal)? {
                let found = self.ritz(goal)?;
                if last || found.excess <= 1.0 {
                    return Ok(found);
                }
            }
        }
    }

    /// Whether the wanted pairs are worth a look. What a wanted vector has in the blocks of the last sweep is about what it still lacks
    /// of eigenvectors that follow in the order of eigenvalues; the sweep that `inner` does not know yet will have made it less.
    fn promising(&self, front: usize, before: &mut f64, goal: &Goal) -> Result<bool> {
        let known = self.inner.nrows();
        if known < goal.columns + front {
            return Ok(false);
        }
        let (values, map) = block::eigen(self.inner.view())?;
        let last = map.slice(s![known - front.., ..goal.wanted]);
        let now = last.columns().into_iter().map(|c| c.dot(&c)).fold(0.0, f64::max).sqrt();
        let next = now * (now / *before).min(1.0);
        *before = now;
        Ok(next * values[goal.columns - 1] <= 3.0 * goal.enough(1.0, values[goal.wanted - 1]))
    }

    /// The lowest Ritz pairs of all blocks.
    fn ritz(&mut self, goal: &Goal) -> Result<Ritz> {
        self.overlap(None);
        let (mut values, map) = block::eigen(self.inner.view())?;
        values.truncate(goal.columns);
        let mut vectors = Vec::new();
        for j in (0..values.len()).step_by(LANES) {
            let mut x = self.room();
            rows(&self.basis.times(map.slice(s![.., j..j + LANES])), &mut x);
            vectors.push(x);
        }
        let residuals: Vec<f64> =
            vectors.iter().zip(values.chunks(LANES)).flat_map(|(x, values)| self.residuals(x, values)).collect();
        let rank = values.iter().filter(|&&v| v < 0.9 * ZERO).count();
        let worst = |of: &dyn Fn(usize) -> f64| (0..goal.wanted.min(rank)).map(of).fold(0.0, f64::max);
        let residual = worst(&|j| residuals[j]);
        let excess = worst(&|j| residuals[j] / goal.enough(1.0, values[j]));
        Ok(Ritz { values, vectors, rank, residual, excess })
    }

    /// `‖S x − λ x‖` of each column.
    fn residuals(&mut self, x: &Block, values: &[f64]) -> Vec<f64> {
        let mut product = self.room();
        self.s.apply(x, &mut product);
        let part = |rows: Range<usize>| {
            let mut squares = [0.0; LANES];
            let rows = rows.start * LANES..rows.end * LANES;
            for (p, x) in product[rows.clone()].chunks_exact(LANES).zip(x[rows].chunks_exact(LANES)) {
                for (((square, &p), &x), &value) in squares.iter_mut().zip(p).zip(x).zip(values) {
                    let difference = f64::from(p) - value * f64::from(x);
                    *square += difference * difference;
                }
            }
            squares
        };
        let parts: Vec<[f64; LANES]> = parts(self.s.len()).into_par_iter().map(part).collect();
        self.spare.push(product);
        (0..values.len()).map(|j| parts.iter().map(|squares| squares[j]).sum::<f64>().sqrt()).collect()
    }

    /// Go on from these pairs alone.
    fn restart(&mut self, found: Ritz, room: usize) {
        self.basis = Basis::new(room);
        found.vectors.iter().for_each(|x| self.basis.push(tiles(x)));
        self.spare.extend(found.vectors);
        self.inner = Array2::from_diag(&ArrayView1::from(&found.values));
        self.newest = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::dense;
    use crate::exact::symmetric::Symmetric;
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
        let (near, rounds) = approach(&Single::new(&s), &goal, 1.0, &Progress::silent()).expect("it works");
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
    #[test]
    fn a_space_that_holds_all_there_is_ends_the_search() {
        // Twenty points without and thirty triangles: two eigenvalues outside the kernel in all, each many times.
        let edges: Vec<(u32, u32, f64)> = (0..30)
            .flat_map(|t| [(0, 1), (1, 2), (2, 0)].map(|(a, b)| (3 * t + a, 3 * t + b)))
            .flat_map(|(a, b)| [(a, b, 1.0), (b, a, 1.0)])
            .collect();
        let operator = Operator::new(Csr::from_triplets(110, &edges).expect("inside"), Laplacian::RandomWalk);
        let s = Symmetric::new(&operator.expect("symmetric"));
        let goal = Goal { wanted: 9, columns: 13, tolerance: 1e-6, rounds: 50, seed: 1 };
        let (near, _) = approach(&Single::new(&s), &goal, 1.0, &Progress::silent()).expect("it works");
        assert!(near.nrows() == 110 && near.ncols() <= 13 && near.ncols() >= 8, "{:?}", near.dim());
        assert!(near.columns().into_iter().all(|column| (column.dot(&column) - 1.0).abs() < 1e-4));
    }
}
