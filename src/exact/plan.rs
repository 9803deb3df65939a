//! Which method suits a graph, and what is left when none reaches the goal.

use std::time::Instant;

use super::chebyshev::Chebyshev;
use super::cholesky::Pattern;
use super::single::Single;
use super::subspace::{Found, Goal, iterate};
use super::symmetric::Symmetric;
use crate::exact::{Exact, block, block_krylov, dense, fix_sign, kernel};
use crate::graph::Eigenspace;
use crate::graph::{Copies, Csr, Operator};
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Samples up to which a dense matrix is quickest.
const DENSE: usize = 400;
/// Samples up to which a dense matrix is an answer at all.
const DENSE_AT_MOST: usize = 6_000;

/// Ways to the lowest eigenpairs outside the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// All eigenpairs of a dense matrix.
    Dense,
    /// Block inverse iteration with a sparse Cholesky factor.
    Cholesky,
    /// Chebyshev-filtered subspace iteration.
    Chebyshev,
}

impl Method {
    /// The method's name for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Cholesky => "sparse Cholesky, inverse iteration",
            Self::Chebyshev => "Chebyshev-filtered subspace",
        }
    }
}

/// The `k` lowest eigenpairs of the operator, `1 ≤ k < n`, each to a relative residual of `tolerance` (and of a thousandth of
/// its own eigenvalue, where that is less: a tiny eigenvalue's vector would otherwise be arbitrary).
///
/// The method follows the graph: dense for small ones, a sparse factor where a narrow separator promises one, a polynomial
/// filter elsewhere; one that stalls hands over to the other. Where neither reaches the tolerance, the best pairs come back
/// with [`Exact::converged`] false and a note.
///
/// # Errors
/// [`Error::Setting`] unless `1 ≤ k < n`, [`Error::Numerics`] when no method works at all, [`Error::Cancelled`].
pub fn solve(op: &Operator, k: usize, tolerance: f64, seed: u64, progress: &Progress<'_>) -> Result<Exact> {
    fewer_than_samples(op, k)?;
    run(op, k, tolerance, seed, None, progress)
}

/// [`solve`], or where there are copies among the samples for the distinct ones, whose pairs it gives for all. There may be as many pairs as
/// distinct samples, where these are few; no more are found.
///
/// # Errors
/// As [`solve`].
pub(crate) fn solve_for(
    whole: &Operator,
    copies: Option<&Copies>,
    k: usize,
    (tolerance, seed): (f64, u64),
    progress: &Progress<'_>,
) -> Result<Exact> {
    let Some(copies) = copies else { return solve(whole, k, tolerance, seed, progress) };
    fewer_than_samples(whole, k)?;
    let exact = run(&copies.gathered(whole), k.min(copies.distinct()), tolerance, seed, None, progress)?;
    Ok(Exact { space: copies.scattered(&exact.space), ..exact })
}

/// Whether a graph of so many distinct samples has `k` pairs that [`solve_for`] can find.
pub(crate) fn has_distinct(copies: &Copies, k: usize) -> bool {
    k < copies.distinct() || k == copies.distinct() && k <= DENSE
}

fn fewer_than_samples(op: &Operator, k: usize) -> Result<()> {
    let n = op.len();
    if k == 0 || k >= n {
        return Err(Error::Setting(format!(
            "{k} eigenvectors of a graph with {n} samples: there must be at least 1 and fewer than samples; change \
             --eigenvectors (or --clusters, which it follows)"
        )));
    }
    Ok(())
}

/// [`solve`] by the given method alone.
///
/// # Errors
/// As [`solve`].
pub fn solve_with(
    op: &Operator,
    k: usize,
    tolerance: f64,
    seed: u64,
    method: Method,
    progress: &Progress<'_>,
) -> Result<Exact> {
    fewer_than_samples(op, k)?;
    run(op, k, tolerance, seed, Some(method), progress)
}

fn run(
    op: &Operator,
    k: usize,
    tolerance: f64,
    seed: u64,
    method: Option<Method>,
    progress: &Progress<'_>,
) -> Result<Exact> {
    let started = Instant::now();
    let n = op.len();
    progress.at(0.0, "preparing the Laplacian")?;
    let zeros = op.components.count().min(k);
    let mut vectors = kernel::vectors(op, zeros);
    let mut values = vec![0.0; zeros];
    let (mut name, mut converged, mut rounds) = ("components", true, 0);
    if k > zeros {
        let s = Symmetric::new(op);
        let goal = goal(k - zeros, n - zeros, tolerance, seed);
        let (method, found) = match method {
            Some(method) => (method, attempt(&s, method, &goal, progress)?),
            None => choose(&s, &goal, progress)?,
        };
        (name, converged, rounds) = (method.name(), found.converged, found.rounds);
        // Outside the kernel nothing is negative but rounding.
        values.extend(found.values.iter().map(|v| v.max(0.0)));
        vectors = block::beside(vectors.view(), s.unscale(found.vectors).view());
    }
    for column in vectors.columns_mut() {
        fix_sign(column);
    }
    let space = Eigenspace { values, vectors };
    let residuals = op.residuals(&space);
    let worst = residuals.iter().copied().fold(0.0, f64::max);
    converged &= worst <= tolerance.max(1e-12);
    let mut notes = Vec::new();
    if !converged {
        notes.push(format!(
            "The exact eigenvectors are less exact than asked: a residual of {worst:.1e} was reached, {tolerance:.0e} was the \
             goal. --scale local or more --neighbors make the problem easier."
        ));
    }
    progress.at(1.0, "exact eigenvectors found")?;
    let seconds = started.elapsed().as_secs_f64();
    Ok(Exact { space, method: name, residuals, converged, components: op.components.count(), rounds, seconds, notes })
}

/// The same with fewer columns, where blocks are searched together, and whole registers of them.
fn slim(goal: &Goal) -> Goal {
    let columns = (goal.wanted + (goal.wanted / 6).max(3)).next_multiple_of(8).min(goal.columns);
    Goal { columns, ..*goal }
}

/// A block with room beside the wanted pairs: convergence depends on the first eigenvalue outside it.
fn goal(wanted: usize, most: usize, tolerance: f64, seed: u64) -> Goal {
    let columns = (wanted + (wanted / 2).clamp(5, 16)).next_multiple_of(8).min(most);
    Goal { wanted, columns, tolerance, rounds: 120, seed }
}

fn attempt(s: &Symmetric, method: Method, goal: &Goal, progress: &Progress<'_>) -> Result<Found> {
    match method {
        Method::Dense => dense::solve(s, goal.wanted),
        Method::Chebyshev => {
            let goal = &slim(goal);
            let single = Single::new(s);
            let upper = single.upper_end(goal.seed)?;
            let (start, rounds) = block_krylov::approach(&single, goal, upper, progress)?;
            let found = iterate(s, goal, Some(start), &mut Chebyshev { upper: upper * s.norm }, progress)?;
            Ok(Found { rounds: rounds + found.rounds, ..found })
        }
        Method::Cholesky => {
            let pattern =
                Pattern::new(s).ok_or_else(|| Error::Numerics("the Laplacian's factor is too large".into()))?;
            invert(s, pattern, goal, progress)
        }
    }
}

fn invert(s: &Symmetric, pattern: Pattern, goal: &Goal, progress: &Progress<'_>) -> Result<Found> {
    progress.at(0.05, "factorising the Laplacian")?;
    let mut factor = pattern.factorize(s, progress)?;
    iterate(s, goal, None, &mut factor, progress)
}

/// The method for a graph, and the other one where it fails.
fn choose(s: &Symmetric, goal: &Goal, progress: &Progress<'_>) -> Result<(Method, Found)> {
    let n = s.len();
    if n <= DENSE || (3 * goal.columns >= n && n <= DENSE_AT_MOST) {
        return Ok((Method::Dense, attempt(s, Method::Dense, goal, progress)?));
    }
    progress.at(0.01, "looking at the graph's shape")?;
    let few = 300.max(10 * n.isqrt());
    let pattern =
        if separator(&s.affinity, few) <= few { Pattern::new(s).filter(|p| p.fill() <= cheap_fill(n)) } else { None };
    let factorised = pattern.is_some();
    let first = match pattern {
        Some(pattern) => invert(s, pattern, goal, progress).map(|found| (Method::Cholesky, found)),
        None => attempt(s, Method::Chebyshev, goal, progress).map(|found| (Method::Chebyshev, found)),
    };
    match first {
        Ok((method, found)) if found.converged => return Ok((method, found)),
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        _ => {}
    }
    let second = if factorised {
        attempt(s, Method::Chebyshev, goal, progress).map(|found| (Method::Chebyshev, found))
    } else {
        match Pattern::new(s).filter(|p| p.fill() <= MOST_FILL) {
            Some(pattern) => invert(s, pattern, goal, progress).map(|found| (Method::Cholesky, found)),
            None => Err(Error::Numerics("the Laplacian's factor is too large".into())),
        }
    };
    match (first, second) {
        (_, Err(Error::Cancelled)) => Err(Error::Cancelled),
        (_, Ok(found)) if found.1.converged => Ok(found),
        (Ok(found), _) | (Err(_), Ok(found)) => Ok(found),
        (Err(error), Err(_)) => Err(error),
    }
}

/// Numbers in a factor up to which a round of inverse iteration costs less than one of the polynomial, whose degree times
/// neighbours per sample is some hundreds. Graphs of points in a plane have 30 to 60 for each sample.
fn cheap_fill(n: usize) -> usize {
    160 * n
}

/// Numbers in a factor that memory must not exceed: 1.2 GB.
const MOST_FILL: usize = 150_000_000;

/// The size of a set of nodes without which the graph falls into two halves: the narrowest layer in the middle of a search
/// by breadth. Graphs of low-dimensional data have a small one, and a factor with little fill. It is sought until it is clear whether it
/// has more than `few` nodes.
fn separator(graph: &Csr, few: usize) -> usize {
    let mut seen = vec![false; graph.len()];
    let mut widest = 0;
    for start in 0..graph.len() {
        if widest > few {
            break;
        }
        if !seen[start] {
            // From the far end of a first search the layers are narrower, but not four times.
            let first = layers(graph, start, &mut seen);
            let mut narrowest = middle(&first);
            if narrowest <= 4 * few {
                let far = first.last().and_then(|layer| layer.last()).copied().unwrap_or(start as u32);
                first.iter().flatten().for_each(|&i| seen[i as usize] = false);
                narrowest = middle(&layers(graph, far as usize, &mut seen));
            }
            widest = widest.max(narrowest);
        }
    }
    widest
}

/// The smallest layer that leaves a quarter of the nodes on each side.
fn middle(layers: &[Vec<u32>]) -> usize {
    let size: usize = layers.iter().map(Vec::len).sum();
    let mut before = 0;
    let middle = layers.iter().filter_map(|layer| {
        before += layer.len();
        (4 * before >= size && 4 * (before - layer.len()) <= 3 * size).then_some(layer.len())
    });
    middle.min().unwrap_or(0)
}

/// Nodes by their number of edges from `start`; marks them as seen.
fn layers(graph: &Csr, start: usize, seen: &mut [bool]) -> Vec<Vec<u32>> {
    seen[start] = true;
    let mut layers = vec![vec![start as u32]];
    while let Some(last) = layers.last() {
        let mut next = Vec::new();
        for &i in last {
            for &j in graph.row(i as usize).0 {
                if !std::mem::replace(&mut seen[j as usize], true) {
                    next.push(j);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        layers.push(next);
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_narrow_and_a_complete_graph_is_not() {
        let side = 30u32;
        let mut edges = Vec::new();
        for i in 0..side * side {
            for j in [i + 1, i + side] {
                if j < side * side && (j != i + 1 || j % side != 0) {
                    edges.extend([(i, j, 1.0), (j, i, 1.0)]);
                }
            }
        }
        let grid = Csr::from_triplets(900, &edges).expect("inside");
        assert!((10..=30).contains(&separator(&grid, 900)), "{}", separator(&grid, 900));
        let all: Vec<_> = (0..40).flat_map(|i| (0..40).filter(move |&j| j != i).map(move |j| (i, j, 1.0))).collect();
        let complete = Csr::from_triplets(40, &all).expect("inside");
        assert_eq!(separator(&complete, 39), 39);
        assert!(separator(&complete, 2) > 2);
    }
}
