//! Graphs of high-dimensional data: a Chebyshev polynomial of the Laplacian damps all that lies above the block's own Ritz
//! values (Zhou, Saad, Tiago and Chelikowsky, 2006). It needs products with the matrix and nothing else. [`super::block_krylov`] comes near
//! the eigenvectors with it; where more digits are asked for, the iteration here goes on in double precision.

use ndarray::Array2;

use super::subspace::{Drive, State};
use super::symmetric::Symmetric;
use crate::graph::product::{Number, Sparse, Terms};
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Degrees of the polynomial.
const DEGREES: std::ops::RangeInclusive<usize> = 12..=160;
/// Natural logarithm of the damping aimed at in one round.
const DAMPING: f64 = 7.0;
/// What is added to the logarithm of the residual's excess for a round that should be the last.
const LAST_ROUND: f64 = 2.0;
/// Natural logarithm of the amplification between the block's own columns beyond which they would become parallel.
const SPREAD: f64 = 14.0;

/// The filter.
pub(super) struct Chebyshev {
    /// No eigenvalue lies above.
    pub(super) upper: f64,
}

/// How fast a polynomial of growing degree amplifies a value over what lies above `cut`: the logarithm's growth for each degree.
pub(super) fn rate(value: f64, cut: f64, upper: f64) -> f64 {
    (1.0 + 2.0 * (cut - value).max(0.0) / (upper - cut)).acosh().max(1e-6)
}

impl Chebyshev {
    /// A degree for which the last wanted pair is amplified as [`DAMPING`] says over what lies at the cut, or as much as is still needed,
    /// within [`SPREAD`].
    fn degree(&self, State { ritz, wanted, excess }: State<'_>, cut: f64) -> usize {
        let last = rate(ritz[wanted.min(ritz.len()) - 1], cut, self.upper);
        let most = (SPREAD / rate(ritz[0], cut, self.upper)) as usize;
        ((DAMPING.min(excess.ln() + LAST_ROUND) / last) as usize).min(most).clamp(*DEGREES.start(), *DEGREES.end())
    }
}

impl Drive for Chebyshev {
    fn advance(
        &mut self,
        s: &Symmetric,
        x: Array2<f64>,
        state: State<'_>,
        progress: &Progress<'_>,
    ) -> Result<Array2<f64>> {
        let mut filter = Filter::between(state.ritz, self.upper);
        filter.degree = self.degree(state, filter.cut);
        let shape = x.raw_dim();
        let blocks = [x.into_iter().collect(), vec![0.0; shape[0] * shape[1]]];
        let [y, _] = filter.apply(s.sparse(), blocks, progress)?;
        Array2::from_shape_vec(shape, y).map_err(|e| Error::Numerics(format!("a block changed its shape: {e}")))
    }
}

/// A Chebyshev polynomial that is 1 at `lowest` and small from `cut` to `upper`.
pub(super) struct Filter {
    pub(super) degree: usize,
    pub(super) lowest: f64,
    pub(super) cut: f64,
    pub(super) upper: f64,
}

impl Filter {
    /// One of degree 1 for a block with these Ritz values: what it damps is neither nothing nor everything.
    pub(super) fn between(ritz: &[f64], upper: f64) -> Self {
        let cut = ritz[ritz.len() - 1].clamp(1e-9 * upper, 0.9 * upper);
        Self { degree: 1, lowest: ritz[0].clamp(0.0, 0.999 * cut), cut, upper }
    }

    /// The polynomial of `matrix` times the first block, row by row, and another block of no use; the second's numbers do not matter.
    /// Scaled as it is, nothing overflows.
    pub(super) fn apply<T: Number>(
        &self,
        matrix: Sparse<'_, T>,
        [mut x, mut y]: [Vec<T>; 2],
        progress: &Progress<'_>,
    ) -> Result<[Vec<T>; 2]> {
        let (half, centre) = (0.5 * (self.upper - self.cut), 0.5 * (self.upper + self.cut));
        let mut sigma = half / (self.lowest - centre);
        let tau = 2.0 / sigma;
        matrix.combine(&x, &mut y, Terms { scale: sigma / half, shift: centre, keep: 0.0 }.nearest());
        for _ in 1..self.degree {
            progress.check()?;
            let next = 1.0 / (tau - sigma);
            let terms = Terms { scale: 2.0 * next / half, shift: centre, keep: -sigma * next };
            matrix.combine(&y, &mut x, terms.nearest());
            std::mem::swap(&mut x, &mut y);
            sigma = next;
        }
        Ok([y, x])
    }
}
