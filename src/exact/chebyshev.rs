//! Graphs of high-dimensional data: a Chebyshev polynomial of the Laplacian damps all that lies above the block's own Ritz
//! values (Zhou, Saad, Tiago and Chelikowsky, 2006). It needs products with the matrix and nothing else.

use ndarray::Array2;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::block;
use super::subspace::Drive;
use super::symmetric::Symmetric;
use crate::Result;
use crate::graph::csr::Terms;
use crate::progress::Progress;

/// Degrees of the polynomial: the first round's, and the bounds of later ones.
const FIRST: usize = 16;
const DEGREES: std::ops::RangeInclusive<usize> = 12..=160;
/// Natural logarithm of the damping aimed at in one round.
const DAMPING: f64 = 7.0;
/// Natural logarithm of the amplification between the block's own columns beyond which they would become parallel.
const SPREAD: f64 = 14.0;
/// Lanczos steps for the upper end of the spectrum.
const STEPS: usize = 12;

/// The filter.
pub(super) struct Chebyshev {
    /// No eigenvalue lies above.
    upper: f64,
    first: bool,
}

impl Chebyshev {
    pub(super) fn new(s: &Symmetric, seed: u64) -> Result<Self> {
        Ok(Self { upper: upper_end(s, seed)?, first: true })
    }

    /// A degree for which the last wanted pair is amplified as [`DAMPING`] says over what lies at the cut, within [`SPREAD`].
    fn degree(&self, ritz: &[f64], wanted: usize, cut: f64) -> usize {
        if self.first {
            return FIRST;
        }
        let rate = |value: f64| (1.0 + 2.0 * (cut - value).max(0.0) / (self.upper - cut)).acosh();
        let last = rate(ritz[wanted.min(ritz.len()) - 1]).max(1e-6);
        let most = (SPREAD / rate(ritz[0]).max(1e-6)) as usize;
        ((DAMPING / last) as usize).min(most).clamp(*DEGREES.start(), *DEGREES.end())
    }
}

impl Drive for Chebyshev {
    fn advance(
        &mut self,
        s: &Symmetric,
        mut x: Array2<f64>,
        ritz: &[f64],
        wanted: usize,
        progress: &Progress<'_>,
    ) -> Result<Array2<f64>> {
        let lowest = ritz[0];
        let highest = ritz[ritz.len() - 1];
        // The interval to damp must be neither empty nor everything.
        let cut = highest.clamp(1e-9 * self.upper, 0.9 * self.upper);
        let lowest = lowest.clamp(0.0, 0.999 * cut);
        let degree = self.degree(ritz, wanted, cut);
        self.first = false;
        let (half, centre) = (0.5 * (self.upper - cut), 0.5 * (self.upper + cut));
        // The polynomial scaled to 1 at the lowest Ritz value, so that nothing overflows.
        let mut sigma = half / (lowest - centre);
        let tau = 2.0 / sigma;
        let mut y = Array2::zeros(x.raw_dim());
        s.combine(&x, &mut y, Terms { scale: sigma / half, shift: centre, keep: 0.0 });
        for _ in 1..degree {
            progress.check()?;
            let next = 1.0 / (tau - sigma);
            s.combine(&y, &mut x, Terms { scale: 2.0 * next / half, shift: centre, keep: -sigma * next });
            std::mem::swap(&mut x, &mut y);
            sigma = next;
        }
        Ok(y)
    }
}

/// An upper bound of the spectrum from a few Lanczos steps: the largest Ritz value and the length of what is left over
/// (Zhou and Li, 2011), never more than the bound known beforehand.
fn upper_end(s: &Symmetric, seed: u64) -> Result<f64> {
    let n = s.len();
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed_1a2c);
    let mut v = Array2::from_shape_simple_fn((n, 1), || rng.random_range(-1.0..1.0));
    let length = |x: &Array2<f64>| x.iter().map(|v| v * v).sum::<f64>().sqrt();
    v /= length(&v);
    let mut before = Array2::<f64>::zeros((n, 1));
    let steps = STEPS.min(n);
    let mut tridiagonal = Array2::<f64>::zeros((steps, steps));
    let mut beta = 0.0;
    for j in 0..steps {
        let mut next = s.apply(&v);
        let alpha: f64 = next.iter().zip(&v).map(|(a, b)| a * b).sum();
        next.zip_mut_with(&v, |a, b| *a -= alpha * b);
        next.zip_mut_with(&before, |a, b| *a -= beta * b);
        tridiagonal[[j, j]] = alpha;
        beta = length(&next);
        if j + 1 == steps || beta < 1e-12 * s.norm {
            break;
        }
        tridiagonal[[j + 1, j]] = beta;
        tridiagonal[[j, j + 1]] = beta;
        next /= beta;
        before = std::mem::replace(&mut v, next);
    }
    let (values, _) = block::eigen(tridiagonal.view())?;
    Ok((values.last().copied().unwrap_or(s.norm) + beta).min(s.norm))
}
