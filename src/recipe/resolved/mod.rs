//! What every setting means: the recipe with each `auto` replaced by what it comes to on the data at hand. The stages, the memory estimate,
//! the panels and the question whether a picture is older than the settings all read the same [`Settings`].

mod codes;
mod components;
mod facts;
mod graph;
mod settled;
mod supervised;
mod training;

pub use codes::{CODES_BATCH, Codes, SIAMESE_PAIRS, Siamese};
pub use facts::{Facts, Origin};
pub(crate) use graph::name;
pub use graph::{BEYOND, GAP_SEARCH, Grouping, LEAST_TAUGHT, Taken};
pub use settled::stages_run;
pub use supervised::Supervised;
pub use training::Training;

use super::knobs::Knob;
use super::{Affinity, Recipe, Scale};
use crate::{Error, Result};

/// Every setting as a run has it, as far as the facts tell: resolved again when more is known, it changes nowhere else.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Clusters, once they are known.
    pub clusters: Option<usize>,
    /// What a person should know about their number.
    pub note: Option<String>,
    /// Eigenvectors in use, once they are known.
    pub vectors: Option<usize>,
    /// Components that rows of a sparse matrix become, where the samples are such; 0 where it was made dense.
    pub components: Option<usize>,
    /// Exact eigenvalues to find, for the spectrum and the eigengap; a graph of many parts may need more.
    pub eigenvalues: usize,
    /// Neighbours of a sample.
    pub neighbors: usize,
    /// Width of the Gaussian; `auto` until the graph tells.
    pub scale: Scale,
    /// From eigenvectors to clusters.
    pub grouping: Grouping,
    /// Epochs of self-training; 0 where there is none.
    pub self_training: usize,
    /// The network that makes codes, where the recipe has one.
    pub codes: Option<Codes>,
    /// The network that learns distances, where the recipe has one.
    pub siamese: Option<Siamese>,
    /// SpectralNet's training, or that of the dual autoencoder's head.
    pub training: Training,
    /// A supervised system's training.
    pub supervised: Option<Supervised>,
    /// What automatic settings became, and why.
    pub taken: Vec<Taken>,
}

impl Recipe {
    /// What every setting means on this data.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the flag whose value makes no sense.
    pub fn resolve(&self, facts: &Facts) -> Result<Settings> {
        self.check()?;
        let settings = self.worked_out(facts);
        if let Some(supervised) = &settings.supervised {
            supervised::check(self, facts, supervised)?;
            return Ok(settings);
        }
        graph::check(self, facts, &settings)?;
        if self.has_codes() {
            codes::check(self, &settings)?;
        }
        if self.affinity == Affinity::Siamese && self.affinity_file.is_none() {
            codes::check_siamese(self, facts.samples_with(self))?;
        }
        if self.learn {
            training::check(self, facts, &settings)?;
        }
        Ok(settings)
    }

    /// The same, whether its numbers make sense or not.
    #[must_use]
    pub fn worked_out(&self, facts: &Facts) -> Settings {
        let graph::Sizes { clusters, note, vectors, eigenvalues } = graph::sizes(self, facts);
        let (scale, because) = graph::scale(self, facts);
        let (grouping, taken_rows) = graph::grouping(self, facts, (scale, clusters));
        let (neighbors, few) = graph::neighbors(self, facts);
        let taken_neighbors = few.map(|reason| Taken { setting: "neighbors", value: neighbors.to_string(), reason });
        let taken_scale = because.map(|reason| Taken { setting: "scale", value: scale.to_string(), reason });
        Settings {
            clusters,
            note,
            vectors,
            eigenvalues,
            components: facts.sparse.map(|columns| self.components_of(facts.samples_with(self), columns).unwrap_or(0)),
            neighbors,
            scale,
            grouping,
            self_training: graph::self_training(self, facts),
            codes: codes::codes(self, facts),
            siamese: codes::siamese(self, facts),
            training: training::training(self, facts, vectors.unwrap_or(2)),
            supervised: supervised::supervised(self, facts),
            taken: components::taken(self, facts)
                .into_iter()
                .chain(graph::distance(self, facts))
                .chain(taken_neighbors)
                .chain(taken_scale)
                .chain(taken_rows)
                .collect(),
        }
    }
}

impl Settings {
    /// Hidden layers of the network that is trained, input side first.
    #[must_use]
    pub fn hidden(&self) -> &[usize] {
        self.supervised.as_ref().map_or(&self.training.hidden, |supervised| &supervised.hidden)
    }

    /// The number that the automatic setting of a flag comes to, where the facts tell: panels, and whether two recipes mean the same, read it.
    #[must_use]
    pub fn number(&self, flag: &str) -> Option<f64> {
        let (codes, siamese, supervised) = (self.codes.as_ref(), self.siamese.as_ref(), self.supervised.as_ref());
        let training = &self.training;
        let whole = match flag {
            "lr" => return Some(supervised.map_or(training.lr, |s| s.lr)),
            "tie" => return Some(training.tie),
            "hold-out" => return (training.samples > 0).then(|| training.held as f64 / training.samples as f64),
            "margin" => return supervised.map(|s| s.margin),
            "encoder-lr" => return codes.map(|c| c.lr),
            "distortion" => return codes.map(|c| c.distortion),
            "clusters" => self.clusters?,
            "eigenvectors" => self.vectors?,
            "components" => self.components?,
            "neighbors" => self.neighbors,
            "refine" => self.grouping.refine,
            "self-training" => self.self_training,
            "encoder-steps" => codes?.steps,
            "siamese-steps" => siamese?.steps,
            "fourier" => supervised.map_or(training.fourier, |s| s.fourier),
            "batch" if supervised.is_none() && training.whole => return None,
            "batch" => supervised.map_or(training.batch, |s| s.batch),
            "steps" => supervised.map_or(training.steps, |s| s.steps),
            "walk" => training.walk?,
            "guards" => training.guards?,
            _ => return None,
        };
        Some(whole as f64)
    }
}

/// Whether a number lies in its knob's range; where it does not, `instead` says what a person may have meant.
fn check_or(knob: &Knob, value: f64, instead: &str) -> Result<()> {
    knob.check(value).map_err(|error| match error {
        Error::Setting(text) => Error::Setting(format!("{text}; {instead}")),
        other => other,
    })
}

/// A setting that makes no sense.
fn wrong(text: String) -> Result<()> {
    Err(Error::Setting(text))
}
