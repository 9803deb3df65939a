//! What stands before a network and is not trained.

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, s};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::support::random::normal;
use crate::support::random::{Stream, rng};

/// Rows that one core makes inputs of at once.
const BLOCK: usize = 256;

/// What stands before the network and is not trained: centring and one common factor, so that it sees numbers of size one
/// whatever the scaling was, and random Fourier features (Tancik et al., 2020) beside them.
#[expect(clippy::unsafe_derive_deserialize, reason = "the unsafe code is inside ndarray's slicing macro")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    shift: Vec<f32>,
    factor: f32,
    /// `d × f`, radians per unit of the centred input.
    #[serde(with = "crate::support::matrix_serde")]
    frequencies: Array2<f32>,
}

impl Input {
    /// Measured on the training rows, with `fourier` random frequencies of standard deviation `frequency`.
    #[must_use]
    pub fn fit(x: ArrayView2<'_, f32>, fourier: usize, frequency: f64, seed: u64) -> Self {
        let n = x.nrows().max(1) as f64;
        let d = x.ncols();
        let mean: Vec<f64> =
            x.columns().into_iter().map(|c| c.iter().map(|&v| f64::from(v)).sum::<f64>() / n).collect();
        let away =
            |row: ArrayView1<'_, f32>| row.iter().zip(&mean).map(|(&v, m)| (f64::from(v) - m).powi(2)).sum::<f64>();
        let rms = (x.rows().into_iter().map(away).sum::<f64>() / (n * d.max(1) as f64)).sqrt();
        let factor = if rms > 0.0 { 1.0 / rms } else { 1.0 };
        let mut rng = rng(seed, Stream::Fourier, 0);
        let frequencies = Array2::from_shape_fn((d, fourier), |_| (frequency * normal(&mut rng)) as f32);
        Self { shift: mean.into_iter().map(|m| m as f32).collect(), factor: factor as f32, frequencies }
    }

    /// For a network that reads rows of `d` numbers as they are.
    #[must_use]
    pub fn identity(d: usize) -> Self {
        Self { shift: vec![0.0; d], factor: 1.0, frequencies: Array2::zeros((d, 0)) }
    }

    /// What the network reads for scaled rows: `n × (d + 2f)`.
    #[must_use]
    pub fn apply(&self, x: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut out = Array2::zeros((x.nrows(), self.width()));
        let blocks = out.axis_chunks_iter_mut(Axis(0), BLOCK).into_par_iter();
        blocks.zip(x.axis_chunks_iter(Axis(0), BLOCK)).for_each(|(out, x)| self.fill(out, x));
        out
    }

    /// The same without Fourier features, `n × d`: what they are made of.
    pub(crate) fn centred(&self, x: ArrayView2<'_, f32>) -> Array2<f32> {
        let (shift, factor) = (self.shift.clone(), self.factor);
        Self { shift, factor, frequencies: Array2::zeros((x.ncols(), 0)) }.apply(x)
    }

    /// The same for a few rows, by this thread alone.
    pub(crate) fn of_block(&self, x: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut out = Array2::zeros((x.nrows(), self.width()));
        self.fill(out.view_mut(), x);
        out
    }

    pub(super) fn fill(&self, mut out: ArrayViewMut2<'_, f32>, x: ArrayView2<'_, f32>) {
        let (d, f) = self.frequencies.dim();
        let mut centred = out.slice_mut(s![.., ..d]);
        centred.assign(&x);
        for mut row in centred.rows_mut() {
            for (v, shift) in row.iter_mut().zip(&self.shift) {
                *v = (*v - shift) * self.factor;
            }
        }
        if f > 0 {
            let angles = centred.dot(&self.frequencies);
            out.slice_mut(s![.., d..d + f]).zip_mut_with(&angles, |v, angle| *v = angle.sin());
            out.slice_mut(s![.., d + f..]).zip_mut_with(&angles, |v, angle| *v = angle.cos());
        }
    }

    /// What is taken from each number first.
    #[must_use]
    pub fn shift(&self) -> &[f32] {
        &self.shift
    }

    /// What all of them are multiplied by then.
    #[must_use]
    pub fn factor(&self) -> f32 {
        self.factor
    }

    /// The frequencies of the Fourier features, `d × f`, whose sines stand behind the numbers and whose cosines behind those.
    #[must_use]
    pub fn frequencies(&self) -> ArrayView2<'_, f32> {
        self.frequencies.view()
    }

    /// Whether all its numbers are finite.
    pub(crate) fn is_finite(&self) -> bool {
        self.factor.is_finite() && self.shift.iter().chain(&self.frequencies).all(|v| v.is_finite())
    }

    /// Features it reads, if its parts fit each other.
    pub(crate) fn dim(&self) -> Option<usize> {
        (self.frequencies.nrows() == self.shift.len()).then_some(self.shift.len())
    }

    /// Numbers it gives the network for a row.
    pub(crate) fn width(&self) -> usize {
        self.shift.len() + 2 * self.frequencies.ncols()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn inputs_have_mean_zero_and_size_one() {
        let x = array![[1.0_f32, 10.0], [3.0, 10.0], [5.0, 10.0]];
        let y = Input::fit(x.view(), 0, 1.0, 0).apply(x.view());
        assert!(y.sum().abs() < 1e-5);
        assert!((y.mapv(|v| v * v).mean().unwrap_or_default() - 1.0).abs() < 1e-5);
        let constant = array![[2.0_f32], [2.0]];
        let waves = Input::fit(x.view(), 3, 2.0, 5).apply(x.view());
        assert_eq!(waves.dim(), (3, 8));
        for j in 2..5 {
            let squares = &waves.column(j).mapv(|v| v * v) + &waves.column(j + 3).mapv(|v| v * v);
            assert!(squares.iter().all(|s| (s - 1.0).abs() < 1e-5), "sine and cosine of one angle");
        }
        assert_eq!(Input::fit(constant.view(), 0, 1.0, 0).apply(constant.view()), array![[0.0], [0.0]]);
    }
}
