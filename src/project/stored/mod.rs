//! What the solvers found, kept in a project: opening it shows the finished picture without a training.
//!
//! It belongs to the samples that it was computed of, which a checksum tells, and to its own recipe. Eigenvectors are kept in single
//! precision, which the eye and the labels cannot tell from what was computed; a training computes all of it anew. The graph is not kept: it is
//! found again of the same samples in a fraction of the time.

mod beside;
mod looks;
mod numbers;
mod picture;
mod report;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::measure::Scores;
use crate::model::Model;
use crate::output::model_of_bytes;
use crate::pipeline::{CurvePoint, Ending};
use crate::recipe::Stage;
use crate::{Error, Recipe, Result};
use beside::Beside;
use numbers::Bytes;
pub use picture::{Course, StoredPicture};

/// Columns of an eigenspace, and clusters, that a file may tell of.
const MOST_COLUMNS: u64 = 4096;
const MOST_CLUSTERS: u64 = 1 << 20;
/// Looks at a training.
const MOST_LOOKS: usize = 1 << 20;

/// The results of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// The settings that were run.
    recipe: Recipe,
    /// What tells the samples, how many there are, and of how many features.
    checksum: u64,
    samples: u64,
    features: u64,
    /// The number of clusters in use.
    clusters: u64,
    learned: Option<Side>,
    exact: Option<Side>,
    /// Exact eigenvalues, 8 bytes each.
    spectrum: Bytes,
    /// k-means on the features, and its scores.
    baseline: Option<(Clusters, Option<Scores>)>,
    agreement: Option<Agreement>,
    found: Found,
    /// What automatic settings became: flag, value and reason of each.
    #[serde(with = "crate::support::words_serde")]
    taken: Vec<String>,
    curve: Vec<CurvePoint>,
    /// Seconds of each stage, 8 bytes each.
    seconds: Bytes,
    step: u64,
    steps: u64,
    kept: u64,
    ending: Option<Ending>,
    device: String,
    /// A model's file.
    model: Option<Bytes>,
    /// What else there is to see; nothing in projects of earlier versions.
    #[serde(default)]
    beside: Beside,
}

/// One solver's result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Side {
    /// Eigenvalues, 8 bytes each.
    values: Bytes,
    /// Eigenvectors row by row, 4 bytes a number.
    vectors: Bytes,
    clusters: Clusters,
    time: Option<f64>,
    scores: Option<Scores>,
    residual: f64,
}

/// Clusters of the samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clusters {
    count: u64,
    /// One number a sample, of as few bytes as hold all clusters: 1, 2 or 4.
    ids: Bytes,
    /// Centres row by row, 8 bytes a number.
    centroids: Bytes,
    inertia: f64,
}

/// Learned against exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    grassmann: f64,
    ari: f64,
    /// 8 bytes each, and 4 bytes each for the first member of the group.
    sin2: Bytes,
    groups: Bytes,
}

/// What a run found out of the data that loading it does not tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    filled_by_codes: Option<u64>,
    distinct: Option<u64>,
    classes_taught: Option<u64>,
    dimensions: Option<f64>,
    clusters: Option<u64>,
    spectrum: Bytes,
}

impl Clusters {
    /// Bytes of a number.
    fn width(count: u64) -> usize {
        match count {
            0..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        }
    }

    fn ids(&self) -> Vec<u32> {
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0_u32, |number, &byte| number << 8 | u32::from(byte));
        self.ids.0.chunks_exact(Self::width(self.count)).map(number).collect()
    }

    fn check(&self, samples: u64) -> std::result::Result<(), String> {
        if self.count == 0 || self.count > MOST_CLUSTERS {
            return Err(format!("it tells of {} clusters", self.count));
        }
        let columns = self.centroids.count(8).filter(|n| (*n as u64).is_multiple_of(self.count));
        if self.ids.count(Self::width(self.count)).map(|n| n as u64) != Some(samples) || columns.is_none() {
            return Err("its clusters are not those of its samples".to_owned());
        }
        if self.ids().iter().any(|&id| u64::from(id) >= self.count) {
            return Err("a sample is in a cluster that is not there".to_owned());
        }
        finite("the centres", self.centroids.numbers::<8, f64>())
    }
}

impl Side {
    fn check(&self, samples: u64) -> std::result::Result<(), String> {
        let columns = self.values.count(8).map(|n| n as u64).filter(|n| (1..=MOST_COLUMNS).contains(n));
        let all = columns.and_then(|columns| columns.checked_mul(samples));
        if all.is_none() || self.vectors.count(4).map(|n| n as u64) != all {
            return Err("its eigenvectors are not those of its samples".to_owned());
        }
        finite("the eigenvalues", self.values.numbers::<8, f64>())?;
        finite("the eigenvectors", self.vectors.numbers::<4, f32>().map(f64::from))?;
        self.clusters.check(samples)
    }
}

impl Agreement {
    fn check(&self) -> std::result::Result<(), String> {
        if self.sin2.count(8).is_none() || self.sin2.count(8) != self.groups.count(4) {
            return Err("its angles are not those of its eigenvectors".to_owned());
        }
        Ok(())
    }
}

fn finite(what: &str, mut numbers: impl Iterator<Item = f64>) -> std::result::Result<(), String> {
    if numbers.all(f64::is_finite) { Ok(()) } else { Err(format!("{what} hold a number that is not finite")) }
}

impl Stored {
    /// The settings that were run.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Whether its parts fit each other, or what does not: it comes from a file.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn check(&self) -> std::result::Result<(), String> {
        if self.learned.is_none() && self.exact.is_none() {
            return Err("there is no result in it".to_owned());
        }
        for side in self.learned.iter().chain(&self.exact) {
            side.check(self.samples)?;
        }
        if let Some((clusters, _)) = &self.baseline {
            clusters.check(self.samples)?;
        }
        let lists = [&self.spectrum, &self.seconds, &self.found.spectrum];
        if lists.into_iter().any(|list| list.count(8).is_none()) || !self.taken.len().is_multiple_of(3) {
            return Err("a list in it is cut off".to_owned());
        }
        finite("the spectrum", self.spectrum.numbers::<8, f64>())?;
        finite("the spectrum", self.found.spectrum.numbers::<8, f64>())?;
        self.agreement.as_ref().map_or(Ok(()), Agreement::check)?;
        if self.seconds.0.len() > 8 * Stage::ALL.len() || self.curve.len() > MOST_LOOKS {
            return Err("it tells of more than a run can have".to_owned());
        }
        self.beside.check(self.samples, self.features)
    }

    /// The model in the file at `path`, if one is in it.
    ///
    /// # Errors
    /// As [`crate::output::read_model`].
    pub fn model(&self, path: &Path) -> Result<Option<Model>> {
        let model = self.model.as_ref().map(|bytes| model_of_bytes(path, &bytes.0)).transpose()?;
        match model {
            Some(model) if model.columns.len() as u64 != self.features => {
                Err(Error::format(path, "the model in the project reads other features than its samples have"))
            }
            model => Ok(model),
        }
    }
}

#[cfg(test)]
mod tests;
