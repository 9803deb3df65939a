//! What labels a row that was never seen: reading and scaling, then a network with its rotation, or the training's graph with its
//! eigenvectors; centroids, names.

mod before;
mod confidence;
mod familiar;
mod mapping;

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::data::{Reading, Scaler};
use crate::graph::Landmarks;
use crate::learn::spectralnet::Inputs;
use crate::learn::supervised::Placing;
use crate::measure;
use crate::nets::classifier::{decided, softmax};
use crate::nets::{Compute, Encoder, Input, Weights, forward};
use crate::recipe::{Facts, Recipe, Rows};
use crate::support::language::counted;
use crate::{Error, Result};

pub(crate) use before::Before;
pub use confidence::confidence;
pub use familiar::Familiar;
pub use mapping::Mapping;

/// What labels rows that were never seen, whole: how a table is read and scaled, and the sides that place its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The recipe it was made with.
    pub recipe: Recipe,
    /// Names of the features it reads, in order.
    #[serde(with = "crate::support::words_serde")]
    pub columns: Vec<String>,
    /// How the columns of a table become these features.
    pub reading: Reading,
    /// What happens to a raw row first.
    pub scaler: Scaler,
    /// What makes a code of it, where the run worked on codes.
    pub encoder: Option<Encoder>,
    /// The learned side, where a network was trained.
    pub learned: Option<Network>,
    /// The exact side, where its graph can take new rows in.
    pub exact: Option<Graph>,
    /// What has the last word on the cluster of a row on the side that labels unless told otherwise: a classifier of scaled rows that the
    /// clusters taught, whose code is a score a cluster.
    #[serde(default)]
    pub classifier: Option<Encoder>,
    /// What tells rows that are unlike the training data; models of earlier versions have nothing of the kind.
    pub familiar: Option<Familiar>,
    /// Names given to the clusters; empty where none was given.
    #[serde(with = "crate::support::words_serde")]
    pub names: Vec<String>,
}

/// A trained network, and what makes clusters of its outputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// What the network reads.
    pub input: Input,
    /// The network.
    pub weights: Weights,
    /// Orthonormal layer and rotation in one, `outputs × k`: raw outputs times this are eigenvector values.
    #[serde(with = "crate::support::matrix_serde")]
    pub map: Array2<f64>,
    /// Of a supervised model: what is taken from the outputs before `map`; rows then get length 1, and there are no eigenvalues.
    pub shift: Option<Vec<f64>>,
    /// Eigenvalue estimates of the `k` columns.
    pub values: Vec<f64>,
    /// How its clusters are told.
    pub clusters: Clusters,
}

/// The samples of a graph with its eigenvectors, and what makes clusters of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graph {
    /// What places a row.
    pub landmarks: Landmarks,
    /// How its clusters are told.
    pub clusters: Clusters,
}

/// From places in an eigenspace to clusters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clusters {
    /// What the columns are weighted by before k-means, where diffusion coordinates were clustered.
    pub diffusion: Option<Vec<f64>>,
    /// Centres of the clusters, in the space that was clustered.
    #[serde(with = "crate::support::matrix_serde")]
    pub centroids: Array2<f64>,
}

impl Clusters {
    /// Whether it goes with so many columns.
    fn fit(&self, k: usize) -> bool {
        let diffusion = self.diffusion.as_ref().is_none_or(|diffusion| diffusion.len() == k);
        diffusion && self.centroids.ncols() == k && self.centroids.nrows() > 0
    }
}

/// Which side of a model places rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Side {
    /// The network.
    Learned,
    /// Nyström's extension of the exact eigenvectors, on the graph of the training rows.
    Exact,
}

impl Side {
    /// What its coordinates are called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Learned => "learned",
            Self::Exact => "exact",
        }
    }
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
    /// nearest one, in the space that was clustered; 1 where there is one cluster. Where a classifier has the last word, its probability of the
    /// cluster less that of the next one.
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
        if self.scaler.dim() != d {
            return Err(format!("it reads {d} features and scales another number"));
        }
        if self.learned.is_none() && self.exact.is_none() {
            return Err("it has neither a network nor a graph".to_owned());
        }
        if let Some(network) = &self.learned {
            network.check(code)?;
        }
        if let Some(graph) = &self.exact {
            graph.landmarks.check(code)?;
            if !graph.clusters.fit(graph.landmarks.dim().1) {
                return Err("its centres do not fit its eigenvectors".to_owned());
            }
        }
        let clusters = self.sides().map(|(_, clusters)| clusters.centroids.nrows()).max().unwrap_or(0);
        if self.names.len() > clusters {
            return Err(format!("it has {} names for {clusters} clusters", self.names.len()));
        }
        if self.classifier.as_ref().is_some_and(|classifier| classifier.width_after(d) != Some(clusters)) {
            return Err("its classifier does not fit its features and clusters".to_owned());
        }
        self.reading.check(&self.columns)?;
        self.familiar.as_ref().map_or(Ok(()), |familiar| familiar.check(code))?;
        self.check_numbers()
    }

    /// The sides it has, the one first that `apply` takes unless told otherwise.
    pub fn sides(&self) -> impl Iterator<Item = (Side, &Clusters)> {
        let learned = self.learned.as_ref().map(|network| (Side::Learned, &network.clusters));
        learned.into_iter().chain(self.exact.as_ref().map(|graph| (Side::Exact, &graph.clusters)))
    }

    /// The side that a person wants, or else the one that there is.
    ///
    /// # Errors
    /// [`Error::Setting`] for a side that it does not have.
    pub fn side(&self, wanted: Option<Side>) -> Result<Side> {
        let found = self.sides().map(|(side, _)| side).find(|&side| wanted.is_none_or(|wanted| wanted == side));
        found.ok_or_else(|| {
            Error::Setting(match wanted {
                Some(Side::Learned) => {
                    "--by learned: this model has no network, since the run that wrote it did not train one".to_owned()
                }
                _ => "--by exact: this model has no exact side; `run DATA --no-learn --out DIR` writes one that has"
                    .to_owned(),
            })
        })
    }

    /// What of the eigenspace its centres are centres of.
    #[must_use]
    pub fn grouped_as(&self) -> Rows {
        // A model written before rows were resolved says `auto` here.
        self.recipe.worked_out(&Facts::default()).grouping.rows
    }

    /// Whether all its numbers are finite: NaN would label every row the same, without a word.
    fn check_numbers(&self) -> std::result::Result<(), String> {
        let network = |of: &dyn Fn(&Network) -> bool| self.learned.as_ref().is_none_or(of);
        let parts = [
            ("the scaling", self.scaler.is_finite()),
            ("the encoder", self.encoder.as_ref().is_none_or(Encoder::is_finite)),
            ("the classifier", self.classifier.as_ref().is_none_or(Encoder::is_finite)),
            ("the input", network(&|n| n.input.is_finite())),
            ("the network", network(&|n| n.weights.is_finite())),
            ("the rotation", network(&|n| all_finite(&n.map) && n.shift.iter().all(all_finite))),
            ("the eigenvalues", network(&|n| all_finite(&n.values))),
            ("the diffusion", self.sides().all(|(_, c)| c.diffusion.iter().all(all_finite))),
            ("the centres", self.sides().all(|(_, c)| all_finite(&c.centroids))),
        ];
        match parts.into_iter().find(|(_, finite)| !finite) {
            Some((part, _)) => Err(format!("{part} holds a number that is not finite")),
            None => Ok(()),
        }
    }

    /// Label raw rows, `n × d`, by the network where there is one and by the graph elsewhere.
    ///
    /// # Errors
    /// As [`Model::apply_by`].
    pub fn apply<T: Copy + Into<f64> + Send + Sync>(
        &self,
        raw: ArrayView2<'_, T>,
        compute: &Compute,
    ) -> Result<Labelled> {
        self.apply_by(self.side(None)?, raw, compute)
    }

    /// Label raw rows, `n × d`, by one of the sides.
    ///
    /// # Errors
    /// [`Error::Data`] when the rows do not have the features the model was trained on, [`Error::Setting`] for a side that it does not have,
    /// [`Error::Device`] when the device fails.
    pub fn apply_by<T: Copy + Into<f64> + Send + Sync>(
        &self,
        side: Side,
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
        let classifier = self.classifier.as_ref().filter(|_| self.side(None).is_ok_and(|first| first == side));
        let scores = classifier.map(|classifier| classifier.codes(rows.view(), &compute.device)).transpose()?;
        if let Some(encoder) = &self.encoder {
            rows = encoder.codes(rows.view(), &compute.device)?;
        }
        let unlike = self.familiar.as_ref().map(|familiar| familiar.unlike(rows.view()));
        let (coordinates, clusters) = match (side, &self.learned, &self.exact) {
            (Side::Learned, Some(network), _) => (network.place(rows, compute)?, &network.clusters),
            (Side::Exact, _, Some(graph)) => (graph.landmarks.place(rows.view()), &graph.clusters),
            _ => return self.side(Some(side)).and(Err(Error::Data("the model has no such side".to_owned()))),
        };
        let rows = measure::rows(coordinates.view(), clusters.diffusion.as_deref(), self.grouped_as());
        let (assignment, confidence) = match scores {
            Some(scores) => decided(softmax(scores).view()),
            None => (
                measure::assign(rows.view(), clusters.centroids.view()),
                confidence::confidence(rows.view(), clusters.centroids.view()),
            ),
        };
        let diffusion = clusters.diffusion.is_some().then_some(rows);
        Ok(Labelled { coordinates, clusters: assignment, diffusion, confidence, unlike })
    }
}

impl Network {
    /// Whether its parts fit each other and rows of so many numbers, or what does not.
    fn check(&self, code: usize) -> std::result::Result<(), String> {
        if self.input.dim() != Some(code) {
            return Err("its network reads another number of features".to_owned());
        }
        let width = self.weights.width_after(self.input.width()).ok_or("its layers do not fit")?;
        let k = self.map.ncols();
        if self.map.nrows() != width
            || self.shift.as_ref().is_some_and(|s| s.len() != width)
            || self.values.len() != k
            || !self.clusters.fit(k)
        {
            return Err("its rotation and centres do not fit the network".to_owned());
        }
        Ok(())
    }

    /// Eigenvector values of rows that are scaled or codes.
    fn place(&self, rows: Array2<f32>, compute: &Compute) -> Result<Array2<f64>> {
        let outputs = if compute.is_cpu() {
            forward::outputs_of(&self.weights, &self.input, rows.view())
        } else {
            let inputs = Inputs::new(self.input.clone(), Arc::new(rows), compute);
            inputs.outputs(&self.weights.to_module(&compute.device), compute)?
        };
        Ok(match &self.shift {
            Some(shift) => Placing { shift: shift.clone(), map: self.map.clone() }.rows(outputs.view()),
            None => outputs.dot(&self.map),
        })
    }
}
