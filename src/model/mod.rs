//! What labels a row that was never seen: scaling, network, orthonormal and rotation weights, centroids, names.

mod confidence;
mod familiar;

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::data::{Reading, Scaler};
use crate::learn::spectralnet::Inputs;
use crate::learn::supervised::Placing;
use crate::measure;
use crate::nets::{Compute, Encoder, Input, Weights};
use crate::recipe::{Facts, Recipe};
use crate::support::language::counted;
use crate::{Error, Result};

pub use confidence::confidence;
pub use familiar::Familiar;

/// A trained model, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The recipe it was trained with.
    pub recipe: Recipe,
    /// Names of the features it reads, in order.
    #[serde(with = "crate::support::words_serde")]
    pub columns: Vec<String>,
    /// How the columns of a table become these features.
    #[serde(default)]
    pub reading: Reading,
    /// What happens to a raw row first.
    pub scaler: Scaler,
    /// What makes a code of it, where the run worked on codes.
    pub encoder: Option<Encoder>,
    /// What the network then reads.
    pub input: Input,
    /// The network.
    pub weights: Weights,
    /// Orthonormal layer and rotation in one, `outputs × k`: raw outputs times this are eigenvector values.
    #[serde(with = "crate::support::matrix_serde")]
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
    #[serde(with = "crate::support::matrix_serde")]
    pub centroids: Array2<f64>,
    /// What tells rows that are unlike the training data; models of earlier versions have nothing of the kind.
    #[serde(default)]
    pub familiar: Option<Familiar>,
    /// Names given to the clusters; empty where none was given.
    #[serde(with = "crate::support::words_serde")]
    pub names: Vec<String>,
}

/// Whether all of these are finite.
fn all_finite<'a, T: Into<f64> + Copy + 'a>(values: impl IntoIterator<Item = &'a T>) -> bool {
    values.into_iter().all(|&v| f64::is_finite(v.into()))
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
    /// How clear the choice of the cluster is, from 0 to 1: `(d₂ − d₁) / (d₂ + d₁)` of the distances to the nearest centre and to the second
    /// nearest one, in the space that was clustered; 1 where there is one cluster.
    pub confidence: Vec<f64>,
    /// Whether a row is unlike the training data; see [`Familiar`].
    pub unlike: Option<Vec<bool>>,
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
        self.reading.check(&self.columns)?;
        self.familiar.as_ref().map_or(Ok(()), |familiar| familiar.check(code))?;
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
    pub fn apply<T: Copy + Into<f64> + Send + Sync>(
        &self,
        raw: ArrayView2<'_, T>,
        compute: &Compute,
    ) -> Result<Labelled> {
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
        let unlike = self.familiar.as_ref().map(|familiar| familiar.unlike(rows.view()));
        let inputs = Inputs::new(self.input.clone(), Arc::new(rows), compute);
        let outputs = inputs.outputs(&self.weights.to_module(&compute.device), compute)?;
        let coordinates = match &self.shift {
            Some(shift) => Placing { shift: shift.clone(), map: self.map.clone() }.rows(outputs.view()),
            None => outputs.dot(&self.map),
        };
        // A model written before rows were resolved says `auto` here.
        let how = self.recipe.worked_out(&Facts::default()).grouping.rows;
        let rows = measure::rows(coordinates.view(), self.diffusion.as_deref(), how);
        let clusters = measure::assign(rows.view(), self.centroids.view());
        let confidence = confidence::confidence(rows.view(), self.centroids.view());
        let diffusion = self.diffusion.is_some().then_some(rows);
        Ok(Labelled { coordinates, clusters, diffusion, confidence, unlike })
    }
}
