//! Subspace iteration: a block of columns is driven towards the lowest eigenvectors, Rayleigh–Ritz sorts it, and pairs whose
//! true residual is small enough are locked and left alone.

use std::ops::Range;

use ndarray::{Array2, ArrayView2};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::block;
use super::symmetric::Symmetric;
use crate::graph::gram;
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// Share of a pair's own eigenvalue that its residual may reach: the tolerance, which is relative to the largest eigenvalue,
/// would pass any vector at all for an eigenvalue below it.
const OWN: f64 = 1e-3;
/// Relative to the norm, what rounding leaves of a residual.
const ROUNDING: f64 = 1e-13;
/// Directions weaker than this, relative to the strongest, are renewed.
const WEAK: f64 = 1e-13;
/// Pairs are locked so many at a time: what is left fills whole registers.
const TOGETHER: usize = 8;
/// Rounds without a residual falling to half before the iteration counts as stalled.
const PATIENCE: usize = 12;

/// Pairs of the symmetric matrix outside its kernel: unit columns.
pub(super) struct Found {
    pub(super) values: Vec<f64>,
    pub(super) vectors: Array2<f64>,
    pub(super) converged: bool,
    pub(super) rounds: usize,
}

/// What drives a block towards the lowest eigenvectors.
pub(super) trait Drive {
    /// Amplify them in a random block as far as that needs no Ritz values.
    fn begin(&mut self, x: Array2<f64>, _: &Progress<'_>) -> Result<Array2<f64>> {
        Ok(x)
    }

    /// Amplify the lowest eigenvectors in the columns of `x`.
    fn advance(
        &mut self,
        s: &Symmetric,
        x: Array2<f64>,
        state: State<'_>,
        progress: &Progress<'_>,
    ) -> Result<Array2<f64>>;
}

/// Where the iteration stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct State<'a> {
    /// The block's Ritz values, ascending.
    pub(super) ritz: &'a [f64],
    /// How many of them are wanted.
    pub(super) wanted: usize,
    /// The largest residual of the wanted ones, in multiples of what it has to be.
    pub(super) excess: f64,
}

/// What is asked of an iteration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    /// Pairs outside the kernel.
    pub(super) wanted: usize,
    /// Columns iterated, at least `wanted`.
    pub(super) columns: usize,
    /// Residual allowed, relative to the norm.
    pub(super) tolerance: f64,
    /// Rounds allowed.
    pub(super) rounds: usize,
    pub(super) seed: u64,
}

impl Goal {
    /// The residual at which a pair is done.
    pub(super) fn enough(&self, norm: f64, value: f64) -> f64 {
        (self.tolerance * norm).min(OWN * value.abs()).max(ROUNDING * norm)
    }
}

/// Iterate until the goal is met, the iteration stalls or the rounds are used up; from random columns, or from as many
/// orthonormal ones as the goal has, or fewer.
pub(super) fn iterate(
    s: &Symmetric,
    goal: &Goal,
    start: Option<Array2<f64>>,
    drive: &mut dyn Drive,
    progress: &Progress<'_>,
) -> Result<Found> {
    let mut rng = rng(goal.seed, Stream::Subspace, 0);
    let mut locked = Array2::<f64>::zeros((s.len(), 0));
    let mut locked_values = Vec::new();
    let mut pairs = sort(s, begin(s, goal, start, drive, &mut rng, progress)?)?;
    let (mut best, mut since, mut reached) = (f64::INFINITY, 0, 0);
    let mut start = None;
    let mut rounds = 0;
    loop {
        let wanted = goal.wanted - locked_values.len();
        let met = {
            let excess = |j: usize| pairs.residuals[j] / goal.enough(s.norm, pairs.values[j]);
            (0..wanted).take_while(|&j| excess(j) <= 1.0).count()
        };
        if met == goal.wanted {
            return Ok(pairs.into_found(met, rounds));
        }
        if locked_values.len() + met > reached {
            (best, since, reached) = (f64::INFINITY, 0, locked_values.len() + met);
        }
        let done = if met == wanted { met } else { met - met % TOGETHER };
        if done > 0 {
            let (values, vectors) = pairs.take_first(done);
            locked = block::beside(locked.view(), vectors.view());
            locked_values.extend(values);
        }
        let (wanted, met) = (wanted - done, met - done);
        if wanted == 0 {
            break;
        }
        let excess = |j: usize| pairs.residuals[j] / goal.enough(s.norm, pairs.values[j]);
        let first = excess(met);
        let start = *start.get_or_insert(first);
        let towards = (1.0 - first.max(1.0).ln() / start.max(2.0).ln()).clamp(0.0, 1.0);
        let share = (reached as f64 + towards) / goal.wanted as f64;
        progress.at(share as f32, "refining eigenvectors")?;
        since = if first < 0.5 * best { 0 } else { since + 1 };
        best = best.min(first);
        if since >= PATIENCE || rounds == goal.rounds {
            break;
        }
        rounds += 1;
        let excess = (0..wanted).map(excess).fold(0.0, f64::max);
        let x = drive.advance(s, pairs.vectors, State { ritz: &pairs.values, wanted, excess }, progress)?;
        pairs = sort(s, independent(s, x, locked.view(), &mut rng)?)?;
    }
    let converged = locked_values.len() == goal.wanted;
    let missing = goal.wanted - locked_values.len();
    if missing > 0 {
        locked = block::beside(locked.view(), block::columns(&pairs.vectors, 0..missing));
    }
    Ok(Found { converged, ..sort(s, locked)?.into_found(goal.wanted, rounds) })
}

/// The block that an iteration begins with: orthonormal columns outside the kernel.
fn begin(
    s: &Symmetric,
    goal: &Goal,
    start: Option<Array2<f64>>,
    drive: &mut dyn Drive,
    rng: &mut ChaCha8Rng,
    progress: &Progress<'_>,
) -> Result<Array2<f64>> {
    let n = s.len();
    let none = Array2::<f64>::zeros((n, 0));
    match start {
        Some(mut near) if near.ncols() == goal.columns => {
            s.project(&mut near);
            Ok(near)
        }
        Some(near) => {
            let more = random(n, goal.columns - near.ncols(), rng);
            independent(s, block::beside(near.view(), more.view()), none.view(), rng)
        }
        None => {
            let begun = drive.begin(random(n, goal.columns, rng), progress)?;
            independent(s, begun, none.view(), rng)
        }
    }
}

struct Pairs {
    values: Vec<f64>,
    vectors: Array2<f64>,
    residuals: Vec<f64>,
}

impl Pairs {
    /// Takes the first pairs out: their values and vectors.
    fn take_first(&mut self, count: usize) -> (Vec<f64>, Array2<f64>) {
        let first = block::columns(&self.vectors, 0..count).to_owned();
        self.vectors = block::columns(&self.vectors, count..self.vectors.ncols()).to_owned();
        self.residuals.drain(..count);
        (self.values.drain(..count).collect(), first)
    }

    /// The first pairs, as good as asked for.
    fn into_found(mut self, count: usize, rounds: usize) -> Found {
        self.values.truncate(count);
        let vectors = block::columns(&self.vectors, 0..count).as_standard_layout().into_owned();
        Found { values: self.values, vectors, converged: true, rounds }
    }
}

/// Rayleigh–Ritz on nearly orthonormal columns.
fn sort(s: &Symmetric, x: Array2<f64>) -> Result<Pairs> {
    let ones = vec![1.0; s.len()];
    let product = s.apply(&x);
    let h = gram::weighted(x.view(), product.view(), &ones);
    let g = gram::weighted(x.view(), x.view(), &ones);
    let (values, map) = block::pencil(&h, &g, 0.0)?;
    let vectors = gram::turned(x, map.view());
    let part = |part: Range<usize>| {
        let mut squares = vec![0.0; values.len()];
        gram::pieces_times(product.view(), map.view(), part, |i, product| {
            for (((square, &p), &v), &value) in squares.iter_mut().zip(product).zip(vectors.row(i)).zip(&values) {
                let difference = p - value * v;
                *square += difference * difference;
            }
        });
        squares
    };
    let parts: Vec<Vec<f64>> = gram::parts(s.len()).into_par_iter().map(part).collect();
    let squares = (0..values.len()).map(|j| parts.iter().map(|squares| squares[j]).sum());
    let residuals = squares.map(f64::sqrt).collect();
    Ok(Pairs { values, vectors, residuals })
}

/// The columns made orthonormal to each other, to the kernel and to the locked ones; weak directions are replaced by random
/// ones, so the number of columns stays.
fn independent(
    s: &Symmetric,
    mut x: Array2<f64>,
    locked: ArrayView2<'_, f64>,
    rng: &mut ChaCha8Rng,
) -> Result<Array2<f64>> {
    let (n, columns) = x.dim();
    let ones = vec![1.0; n];
    for _ in 0..4 {
        for _ in 0..2 {
            s.project(&mut x);
            if locked.ncols() > 0 {
                let overlap = gram::weighted(locked, x.view(), &ones);
                x -= &gram::times(locked, overlap.view());
            }
        }
        let white = block::whiten(&gram::weighted(x.view(), x.view(), &ones), WEAK)?;
        x = gram::turned(x, white.view());
        if x.ncols() == columns {
            return Ok(x);
        }
        x = block::beside(x.view(), random(n, columns - x.ncols(), rng).view());
    }
    Err(Error::Numerics("the eigensolver's block of vectors lost its rank; ask for fewer --eigenvectors".into()))
}

fn random(n: usize, columns: usize, rng: &mut ChaCha8Rng) -> Array2<f64> {
    Array2::from_shape_simple_fn((n, columns), || rng.random_range(-1.0..1.0))
}
