//! From a picture to what is stored of it, and back onto the samples once they are read again.

use std::path::Path;
use std::sync::Arc;

use ndarray::Array2;

use super::beside::Beside;
use super::numbers::Bytes;
use super::{Agreement, Clusters, Found, Side, Stored};
use crate::Result;
use crate::data::digest;
use crate::graph::Eigenspace;
use crate::learn::Terms;
use crate::measure::{self, Clustering};
use crate::model::{Mapping, Model};
use crate::output::model_to_bytes;
use crate::pipeline::{CurvePoint, Job, Prepared, Snapshot, Solution};
use crate::recipe::{Facts, Stage, Taken, knobs};
use crate::support::number::dimensions;

/// k-means on the features, and its scores.
type Baseline = (Clustering, Option<measure::Scores>);

/// A stored result as it is shown.
#[derive(Clone, Debug)]
pub struct StoredPicture {
    /// What the views show.
    pub snapshot: Snapshot,
    /// The curve of its training.
    pub curve: Vec<CurvePoint>,
    /// Looks at the networks that were trained before, and term by term at those of the dual autoencoder.
    pub prepared: (Vec<Prepared>, Vec<Terms>),
    /// What each stage took, in seconds.
    pub seconds: Vec<(Stage, f64)>,
}

/// What a run told on its way.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// The curve of its training.
    pub curve: Vec<CurvePoint>,
    /// Looks at the networks that were trained before.
    pub prepared: Vec<Prepared>,
    /// The same term by term, of the dual autoencoder.
    pub terms: Vec<Terms>,
    /// What each stage took, in seconds.
    pub seconds: Vec<(Stage, f64)>,
}

impl Stored {
    /// What there is to keep of a picture with a result, and of what its run told. Reads all samples.
    ///
    /// # Errors
    /// Those of a model that cannot be kept.
    pub fn of(snapshot: &Snapshot, course: &Course) -> Result<Self> {
        let facts = &snapshot.facts;
        let Course { curve, prepared, terms, seconds } = course;
        let of_stage = |stage: Stage| seconds.iter().find(|(of, _)| *of == stage).map_or(0.0, |(_, seconds)| *seconds);
        let count = |number: Option<usize>| number.map(|n| n as u64);
        let taken = |taken: &Taken| [taken.setting.to_owned(), taken.value.clone(), taken.reason.clone()];
        Ok(Self {
            recipe: snapshot.job.recipe.clone(),
            checksum: digest(&snapshot.data.features),
            samples: snapshot.data.len() as u64,
            features: snapshot.data.dim() as u64,
            clusters: snapshot.clusters as u64,
            learned: snapshot.learned.as_deref().map(Side::of),
            exact: snapshot.exact.as_deref().map(Side::of),
            spectrum: Bytes::of(snapshot.spectrum.iter().copied()),
            baseline: snapshot.baseline.as_ref().map(|baseline| (Clusters::of(&baseline.0), baseline.1)),
            agreement: snapshot.agreement.as_ref().map(Agreement::of),
            found: Found {
                filled_by_codes: count(facts.filled_by_codes),
                distinct: count(facts.distinct),
                classes_taught: count(facts.classes_taught),
                dimensions: facts.dimensions,
                clusters: count(facts.found),
                spectrum: Bytes::of(facts.spectrum.iter().copied()),
            },
            taken: snapshot.taken.iter().flat_map(taken).collect(),
            curve: curve.clone(),
            seconds: Bytes::of(Stage::ALL.map(of_stage)),
            step: snapshot.step as u64,
            steps: snapshot.steps as u64,
            kept: snapshot.kept as u64,
            ending: snapshot.ending,
            device: snapshot.device.clone(),
            model: snapshot.model.as_deref().map(model_to_bytes).transpose()?.map(Bytes),
            beside: Beside::of(snapshot, prepared, terms),
        })
    }

    /// About how many bytes the results of a picture take in a file.
    #[must_use]
    pub fn bytes(snapshot: &Snapshot) -> usize {
        let sides = snapshot.learned.iter().chain(&snapshot.exact);
        let vectors: usize = sides.map(|side| 4 * side.space.vectors.len() + side.clusters.assignment.len()).sum();
        let baseline = snapshot.baseline.as_ref().map_or(0, |baseline| baseline.0.assignment.len());
        let model = snapshot.model.as_deref().map_or(0, |model| {
            let weight = |layer: &crate::nets::Layer| 5 * (layer.weight.len() + layer.bias.len());
            let network = model.learned.as_ref().map_or(0, |n| n.weights.layers.iter().map(weight).sum());
            network + model.exact.as_ref().map_or(0, |graph| graph.landmarks.bytes())
        });
        vectors + baseline + model + Beside::bytes(snapshot) + (4 << 10)
    }

    /// The picture on samples that were just read, as the project at `path` has it.
    ///
    /// # Errors
    /// Why it is not of these samples, or what in it is damaged, in words.
    pub fn onto(&self, path: &Path, opened: &Snapshot) -> std::result::Result<StoredPicture, String> {
        let (samples, features) = (opened.data.len() as u64, opened.data.dim() as u64);
        if (samples, features) != (self.samples, self.features) {
            let [then, now] = [(self.samples, self.features), (samples, features)]
                .map(|(samples, features)| dimensions(samples as usize, features as usize));
            return Err(format!("they are of {then} values, and now there are {now}"));
        }
        if opened.facts.stages_redone(&self.recipe, &opened.job.recipe).contains(&Stage::Load) {
            return Err("the settings ask for other samples than theirs".to_owned());
        }
        if digest(&opened.data.features) != self.checksum {
            return Err("the samples are not those that they were computed of".to_owned());
        }
        let model = self.model(path).map_err(|e| e.to_string())?.map(Arc::new);
        let n = opened.data.len();
        let size = |number: u64| number as usize;
        let number = |number: Option<u64>| number.map(size);
        let facts = Facts {
            filled_by_codes: number(self.found.filled_by_codes),
            distinct: number(self.found.distinct),
            classes_taught: number(self.found.classes_taught),
            dimensions: self.found.dimensions,
            found: number(self.found.clusters),
            spectrum: self.found.spectrum.numbers::<8, f64>().collect(),
            ..(*opened.facts).clone()
        };
        let seconds = Stage::ALL.into_iter().zip(self.seconds.numbers::<8, f64>()).filter(|(_, s)| *s > 0.0);
        let mut snapshot = Snapshot {
            job: Arc::new(Job { source: opened.job.source.clone(), recipe: self.recipe.clone() }),
            facts: Arc::new(facts),
            clusters: size(self.clusters),
            learned: self.learned.as_ref().map(|side| side.solution(n).map(Arc::new)).transpose()?,
            exact: self.exact.as_ref().map(|side| side.solution(n).map(Arc::new)).transpose()?,
            spectrum: Arc::new(self.spectrum.numbers::<8, f64>().collect()),
            baseline: self.baseline()?,
            agreement: self.agreement.as_ref().map(Agreement::measured),
            taken: Arc::new(taken(&self.taken)),
            network: model.as_deref().and_then(mapping).map(Arc::new),
            model,
            step: size(self.step),
            steps: size(self.steps),
            kept: size(self.kept),
            ending: self.ending,
            device: self.device.chars().take(200).collect(),
            ..opened.clone()
        };
        self.beside.onto(&mut snapshot)?;
        let (curve, prepared) = (self.curve.clone(), self.beside.curves());
        Ok(StoredPicture { snapshot, curve, prepared, seconds: seconds.collect() })
    }

    fn baseline(&self) -> std::result::Result<Option<Arc<Baseline>>, String> {
        let Some((clusters, scores)) = &self.baseline else { return Ok(None) };
        Ok(Some(Arc::new((clusters.clustering()?, *scores))))
    }
}

/// What automatic settings became; a flag that is none any more is passed over.
fn taken(words: &[String]) -> Vec<Taken> {
    let one = |words: &[String]| {
        let [flag, value, reason] = words else { return None };
        Some(Taken { setting: knobs::find(flag)?.flag, value: value.clone(), reason: reason.clone() })
    };
    words.chunks_exact(3).filter_map(one).collect()
}

/// The network of a model, on the host; none of a supervised one.
fn mapping(model: &Model) -> Option<Mapping> {
    let network = model.learned.as_ref().filter(|network| network.shift.is_none())?;
    Some(Mapping { input: Arc::new(network.input.clone()), weights: network.weights.clone(), map: network.map.clone() })
}

/// A matrix of so many rows.
fn matrix(rows: usize, numbers: Vec<f64>) -> std::result::Result<Array2<f64>, String> {
    let columns = numbers.len().checked_div(rows).unwrap_or(0);
    Array2::from_shape_vec((rows, columns), numbers).map_err(|_| "a matrix in it has no whole rows".to_owned())
}

impl Side {
    pub(super) fn of(solution: &Solution) -> Self {
        Self {
            values: Bytes::of(solution.space.values.iter().copied()),
            vectors: Bytes::of(solution.space.vectors.iter().map(|&v| v as f32)),
            clusters: Clusters::of(&solution.clusters),
            time: solution.time,
            scores: solution.scores,
            residual: solution.residual,
        }
    }

    pub(super) fn solution(&self, samples: usize) -> std::result::Result<Solution, String> {
        let vectors = matrix(samples, self.vectors.numbers::<4, f32>().map(f64::from).collect())?;
        Ok(Solution {
            space: Eigenspace { values: self.values.numbers::<8, f64>().collect(), vectors },
            clusters: self.clusters.clustering()?,
            time: self.time,
            scores: self.scores,
            residual: self.residual,
        })
    }
}

impl Clusters {
    fn of(clustering: &Clustering) -> Self {
        let count = clustering.centroids.nrows() as u64;
        let width = Self::width(count);
        let mut ids = Vec::with_capacity(width * clustering.assignment.len());
        for id in &clustering.assignment {
            ids.extend_from_slice(&id.to_le_bytes()[..width]);
        }
        let centroids = Bytes::of(clustering.centroids.iter().copied());
        Self { count, ids: Bytes(ids), centroids, inertia: clustering.inertia }
    }

    fn clustering(&self) -> std::result::Result<Clustering, String> {
        let centroids = matrix(self.count as usize, self.centroids.numbers::<8, f64>().collect())?;
        Ok(Clustering { assignment: self.ids(), centroids, inertia: self.inertia })
    }
}

impl Agreement {
    pub(super) fn of(agreement: &measure::Agreement) -> Self {
        Self {
            grassmann: agreement.grassmann,
            ari: agreement.ari,
            sin2: Bytes::of(agreement.sin2.iter().copied()),
            groups: Bytes::of(agreement.groups.iter().map(|&group| group as u32)),
        }
    }

    pub(super) fn measured(&self) -> measure::Agreement {
        measure::Agreement {
            grassmann: self.grassmann,
            sin2: self.sin2.numbers::<8, f64>().collect(),
            ari: self.ari,
            groups: self.groups.numbers::<4, u32>().map(|group| group as usize).collect(),
        }
    }
}
