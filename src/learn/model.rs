//! What labels a row that was never seen: scaling, network, orthonormal and rotation weights, centroids, names.

use std::sync::Arc;

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, s};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::clusters;
use super::inputs::Inputs;
use super::supervised::place::Placing;
use crate::data::Scaler;
use crate::language::counted;
use crate::measure;
use crate::nets::{Compute, Encoder, Weights};
use crate::recipe::Recipe;
use crate::{Error, Result};

/// A trained model, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The recipe it was trained with.
    pub recipe: Recipe,
    /// Names of the features it reads, in order.
    #[serde(with = "crate::words_serde")]
    pub columns: Vec<String>,
    /// What happens to a raw row first.
    pub scaler: Scaler,
    /// What makes a code of it, where the run worked on codes.
    pub encoder: Option<Encoder>,
    /// What the network then reads.
    pub input: Input,
    /// The network.
    pub weights: Weights,
    /// Orthonormal layer and rotation in one, `outputs × k`: raw outputs times this are eigenvector values.
    #[serde(with = "crate::matrix_serde")]
    pub map: Array2<f64>,
    /// Of a supervised model: what is taken from the outputs before `map`; rows then get length 1, and there are no eigenvalues.
    #[serde(default)]
    pub shift: Option<Vec<f64>>,
    /// Eigenvalue estimates of the `k` columns.
    pub values: Vec<f64>,
    /// What the columns are weighted by before k-means, where diffusion coordinates were clustered.
    #[serde(default)]
    pub diffusion: Option<Vec<f64>>,
    /// Centres of the clusters, in the space that was clustered.
    #[serde(with = "crate::matrix_serde")]
    pub centroids: Array2<f64>,
    /// Names given to the clusters; empty where none was given.
    #[serde(with = "crate::words_serde")]
    pub names: Vec<String>,
}

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
    #[serde(with = "crate::matrix_serde")]
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
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(2);
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

    fn fill(&self, mut out: ArrayViewMut2<'_, f32>, x: ArrayView2<'_, f32>) {
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

    /// Whether all its numbers are finite.
    fn is_finite(&self) -> bool {
        self.factor.is_finite() && all_finite(&self.shift) && all_finite(&self.frequencies)
    }

    /// Features it reads, if its parts fit each other.
    fn dim(&self) -> Option<usize> {
        (self.frequencies.nrows() == self.shift.len()).then_some(self.shift.len())
    }

    /// Numbers it gives the network for a row.
    pub(super) fn width(&self) -> usize {
        self.shift.len() + 2 * self.frequencies.ncols()
    }
}

/// Whether all of these are finite.
fn all_finite<'a, T: Into<f64> + Copy + 'a>(values: impl IntoIterator<Item = &'a T>) -> bool {
    values.into_iter().all(|&v| f64::is_finite(v.into()))
}

/// A standard normal number (Box and Muller).
pub(super) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

/// Rows with their place in the eigenspace and their cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// Eigenvector values, `n × k`.
    pub coordinates: Array2<f64>,
    /// Cluster of each row.
    pub clusters: Vec<u32>,
    /// The same as diffusion coordinates, `n × k`, where the recipe clusters those.
    pub diffusion: Option<Array2<f64>>,
}

impl Model {
    /// Whether its parts fit each other, or what does not: a model comes from a file.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn check(&self) -> std::result::Result<(), String> {
        let d = self.columns.len();
        let misfit = || "its layers do not fit".to_owned();
        let code = self.encoder.as_ref().map_or(Some(d), |encoder| encoder.width_after(d)).ok_or_else(misfit)?;
        if self.scaler.dim() != d || self.input.dim() != Some(code) {
            return Err(format!("it reads {d} features and scales another number"));
        }
        let width = self.weights.width_after(self.input.width()).ok_or_else(misfit)?;
        let k = self.map.ncols();
        if self.map.nrows() != width
            || self.shift.as_ref().is_some_and(|s| s.len() != width)
            || self.values.len() != k
            || self.diffusion.as_ref().is_some_and(|d| d.len() != k)
            || self.centroids.ncols() != k
            || self.centroids.nrows() == 0
        {
            return Err("its rotation and centres do not fit the network".to_owned());
        }
        if self.names.len() > self.centroids.nrows() {
            return Err(format!("it has {} names for {} clusters", self.names.len(), self.centroids.nrows()));
        }
        self.check_numbers()
    }

    /// Whether all its numbers are finite: NaN would label every row the same, without a word.
    fn check_numbers(&self) -> std::result::Result<(), String> {
        let parts = [
            ("the scaling", self.scaler.is_finite()),
            ("the encoder", self.encoder.as_ref().is_none_or(Encoder::is_finite)),
            ("the input", self.input.is_finite()),
            ("the network", self.weights.is_finite()),
            ("the rotation", all_finite(&self.map) && self.shift.iter().all(all_finite)),
            ("the eigenvalues", all_finite(&self.values)),
            ("the diffusion", self.diffusion.iter().all(all_finite)),
            ("the centres", all_finite(&self.centroids)),
        ];
        match parts.into_iter().find(|(_, finite)| !finite) {
            Some((part, _)) => Err(format!("{part} holds a number that is not finite")),
            None => Ok(()),
        }
    }

    /// Label raw rows, `n × d`.
    ///
    /// # Errors
    /// [`Error::Data`] when the rows do not have the features the model was trained on, [`Error::Device`] when the device fails.
    pub fn apply(&self, raw: ArrayView2<'_, f32>, compute: &Compute) -> Result<Labelled> {
        if raw.ncols() != self.columns.len() {
            return Err(Error::Data(format!(
                "the model reads {} and the data has {}; the first it was trained on is `{}`",
                counted(self.columns.len(), "feature"),
                raw.ncols(),
                self.columns.first().map_or("", String::as_str)
            )));
        }
        let mut rows = self.scaler.apply(raw);
        if let Some(encoder) = &self.encoder {
            rows = encoder.codes(rows.view(), &compute.device)?;
        }
        let inputs = Inputs::new(self.input.clone(), Arc::new(rows), compute);
        let outputs = inputs.outputs(&self.weights.to_module(&compute.device), compute)?;
        let coordinates = match &self.shift {
            Some(shift) => Placing { shift: shift.clone(), map: self.map.clone() }.rows(outputs.view()),
            None => outputs.dot(&self.map),
        };
        let rows = clusters::rows(coordinates.view(), self.diffusion.as_deref(), &self.recipe);
        let clusters = measure::assign(rows.view(), self.centroids.view());
        let diffusion = self.diffusion.is_some().then_some(rows);
        Ok(Labelled { coordinates, clusters, diffusion })
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
