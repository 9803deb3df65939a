//! The stages of the chain, a file each (neighbours and affinity share one): what one takes comes as arguments, what it makes is returned, and what is shown goes to the screen.

mod clusters;
mod exact;
mod graph;
mod held;
mod learn;
mod load;
mod metric;
mod model;
mod represent;
mod self_training;
mod stored;
mod supervised;

use std::sync::Arc;

pub(super) use clusters::{Baseline, baseline};
pub(super) use exact::{exact, exact_side};
pub use graph::hints;
pub(super) use graph::{Graph, graph};
pub(super) use learn::{LearnedSide, agreement, learn, mapping, solve};
pub(super) use load::{Loaded, compared, load, prepared};
pub(super) use metric::metric;
pub(super) use model::model;
pub(super) use represent::represent;
pub use self_training::SelfTrained;
pub(super) use self_training::{self_training, with_classifier};
pub use stored::Stored;
pub(super) use supervised::supervised;

use super::cache::{Cached, Resumable};
use super::curve::CurvePoint;
use super::event::Event;
use super::recording::Recording;
use super::run::Screen;
use crate::exact::Exact;
use crate::graph::{Copies, Neighbors, Operator};
use crate::learn::autoencoder::Codes;
use crate::learn::self_training::Taught;
use crate::learn::siamese::Metric;
use crate::learn::spectralnet::SpectralTraining;
use crate::learn::supervised::SupervisedTraining;
use crate::nets::Compute;

/// The stages' results, kept between jobs.
#[derive(Debug, Default)]
pub(super) struct Caches {
    pub loaded: Cached<Loaded>,
    pub codes: Cached<Arc<Codes>>,
    pub metric: Cached<Arc<Metric>>,
    pub neighbors: Cached<Arc<Neighbors>>,
    /// With the samples that are copies of others, as [`Graph::copies`] has them.
    pub operator: Cached<(Arc<Operator>, Option<Arc<Copies>>)>,
    pub exact: Cached<Arc<Exact>>,
    pub trained: Cached<Arc<learn::Trained>>,
    pub baseline: Cached<Arc<Baseline>>,
    pub taught: Cached<Arc<Taught>>,
    pub supervised: Cached<Arc<supervised::Trained>>,
    /// A training from a file that the next learn stage takes in the place of one of its own.
    pub stored: Option<Stored>,
    /// Trainings that a person stopped, of either kind.
    pub suspended: Resumable<Suspended<SpectralTraining>>,
    pub suspended_supervised: Resumable<Suspended<SupervisedTraining>>,
}

/// What every stage after the first reads.
pub(super) struct Ground {
    pub loaded: Loaded,
    /// The device, where anything is trained.
    pub compute: Option<Compute>,
}

/// A training that was stopped between two steps, with its curve, its looks and its seconds so far: all it takes to go on.
#[derive(Debug)]
pub(super) struct Suspended<T> {
    training: T,
    curve: Vec<CurvePoint>,
    recording: Arc<Recording>,
    seconds: f64,
}

impl<T> Suspended<T> {
    /// A training before its first step.
    fn begin(training: T, recording: Arc<Recording>) -> Self {
        Self { training, curve: Vec::new(), recording, seconds: 0.0 }
    }
}

/// Says that a training that should have gone on begins anew: its numbers are the same.
fn begins_anew(it_does: bool, screen: &Screen<'_>) {
    if it_does {
        let note = "the stopped training had made room for another one and begins anew, to the same end";
        screen.say(Event::Note(note.to_owned()));
    }
}
