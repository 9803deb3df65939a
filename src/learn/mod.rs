//! Training: the chain of stages, the worker thread, the schedule and the snapshots it gives.

mod ahead;
pub mod chain;
pub mod clusters;
pub mod compare;
mod constant;
mod course;
mod dimension;
mod distort;
mod dual;
mod ending;
mod facts;
mod graph_stage;
mod input_view;
mod inputs;
mod kept;
mod metric;
pub mod model;
mod need;
mod preflight;
mod represent;
pub mod sampler;
mod separate;
pub mod settings;
mod sizes;
pub mod supervised;
mod taken;
pub mod trainer;
mod training;
pub mod worker;

use std::sync::Arc;

use ndarray::Array2;
use serde::Serialize;

use crate::data::Dataset;
use crate::error::{Error, Remedy};
use crate::exact::Eigenspace;
use crate::graph::{Neighbors, Operator};
use crate::measure::{Agreement, Clustering, Scores};
use crate::recipe::Recipe;

pub use crate::data::Source;
pub use crate::recipe::Stage;
pub use chain::{Chain, Outcome, Watcher};
pub use dual::{Terms, steps as dual_steps};
pub use ending::{CLOSE, Ending};
pub use facts::{Facts, WorkedOut, stages_run};
pub use graph_stage::hints;
pub use inputs::Inputs;
pub use metric::{PairHistogram, steps as siamese_steps};
pub use model::{Labelled, Model};
pub use represent::{Rebuilt, steps as encoder_steps};
pub use taken::Taken;
pub use training::unit;
pub use worker::Worker;

/// What a person can tell the worker.
#[derive(Clone, Debug)]
pub enum Command {
    /// Load and scale the data and show it, nothing more.
    Open(Box<Job>),
    /// Run the whole chain; stages whose inputs did not change are kept. A training that was stopped before its end is no such result:
    /// it begins anew.
    Start(Box<Job>),
    /// As `Start`, but a training that was stopped goes on where it stood and ends where an unbroken one ends, to the last digit.
    Continue(Box<Job>),
    /// End the job at work and say nothing more of it; what it had trained can be continued.
    Cancel,
    /// Hold the running job where it is; what it has stays visible.
    Pause,
    /// Go on.
    Resume,
    /// From a pause, take this many training steps and pause again.
    Step(usize),
    /// End training now and finish with what was learned so far; [`Command::Continue`] goes on from there.
    StopAndKeep,
    /// Run what a comparison still misses, beside what is shown.
    Compare(Box<compare::Plan>),
    /// End the comparison; the run at work is lost, those before it are kept.
    EndComparison,
}

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The data.
    pub source: Source,
    /// Every setting.
    pub recipe: Recipe,
}

/// Small facts from the worker, in order.
#[derive(Clone, Debug)]
pub enum Event {
    /// A job began; curves start anew.
    Started,
    /// A stage is this far: fraction in 0..=1, and a few words.
    Progress(Stage, f32, String),
    /// A stage ended.
    Done {
        /// Which.
        stage: Stage,
        /// Its wall clock in seconds; what it cost when it was computed if it was kept.
        seconds: f64,
        /// Whether an earlier result was kept.
        kept: bool,
    },
    /// Something the person should know; nothing was lost.
    Note(String),
    /// One look at a network that is trained before the spectral one.
    Prepared(Prepared),
    /// The same, term by term, of the dual autoencoder.
    Terms(Terms),
    /// One evaluation of the training.
    Curve(CurvePoint),
    /// A training ended before its last step because a person said so; the job finishes with what was learned.
    Stopped(Stopped),
    /// Training waits (true) or goes on (false).
    Paused(bool),
    /// The job is complete; the newest snapshot is the result.
    Finished,
    /// The job ended with an error; what was there before stays.
    Failed(Failure),
    /// The next run of a comparison began.
    Comparing {
        /// Where.
        space: compare::Space,
        /// With which seed.
        seed: u64,
        /// Its number, from 1 on.
        run: usize,
        /// How many runs there were to do.
        runs: usize,
    },
    /// Everything that a comparison has so far.
    Compared(Arc<Vec<compare::Entry>>),
    /// The comparison ended: complete, ended by the person, or for this reason.
    ComparisonEnded(Option<String>),
}

/// Why a job failed, and what a person can do about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub reason: String,
    /// Ways out.
    pub remedies: Vec<Remedy>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { reason: error.reason(), remedies: error.remedies().to_vec() }
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self { reason, remedies: Vec::new() }
    }
}

impl From<&str> for Failure {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// A training that ended before its last step because a person said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The stage it belongs to.
    pub stage: Stage,
    /// Steps taken.
    pub step: usize,
    /// Steps it would have taken at most.
    pub steps: usize,
}

/// One look at a network that is trained before the spectral one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prepared {
    /// The stage it belongs to.
    pub stage: Stage,
    /// Steps taken.
    pub step: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Mean loss since the previous look.
    pub loss: f64,
    /// Learning rate.
    pub lr: f64,
}

/// One evaluation of the training, on the full graph unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Steps taken.
    pub step: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Mean training loss since the previous point: the objective after `walk` steps, on batches; NaN where no step was taken since.
    pub loss: f64,
    /// The loss's lower bound, Σ 1 − (1 − λᵢ)ᵗ over the exact eigenvalues.
    pub bound: Option<f64>,
    /// Σ of Rayleigh–Ritz estimates on the full graph.
    pub ritz_sum: f64,
    /// Σ of the exact eigenvalues.
    pub exact_sum: Option<f64>,
    /// ‖YᵀMY/tr(M) − I‖/√k on a fresh batch that did not set the weights.
    pub orthogonality_batch: f64,
    /// The same on all data, with the same weights.
    pub orthogonality_all: f64,
    /// √(2k/m), the typical error of a fresh batch of `m` rows with weights set on another; no bound.
    pub typical_batch: f64,
    /// √(k/m), the typical error of all data with weights set on one batch; no bound.
    pub typical_all: f64,
    /// Grassmann distance per dimension to the exact eigenspace.
    pub grassmann: Option<f64>,
    /// Against the labels, where there are any.
    pub scores: Option<Scores>,
    /// Learning rate.
    pub lr: f64,
    /// Steps of the random walk between the samples of a pair.
    pub walk: usize,
    /// Recall@1 on samples that were held out, of a supervised system.
    pub recall: Option<f64>,
}

/// One solver's result as it stands.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Vectors and values; the learned one is rotated by Rayleigh–Ritz, its columns matched in sign to the exact one.
    pub space: Eigenspace,
    /// k-means on its rows.
    pub clusters: Clustering,
    /// The diffusion time of the rows that were clustered, where they were diffusion coordinates.
    pub time: Option<f64>,
    /// Against the labels, where there are any.
    pub scores: Option<Scores>,
    /// Largest relative residual ‖(D−W)v − λMv‖ / ‖Mv‖ of its pairs.
    pub residual: f64,
}

impl Solution {
    /// What the vectors were weighted by before k-means, where diffusion coordinates were clustered: `k` numbers.
    #[must_use]
    pub fn weights(&self, operator: &Operator) -> Option<Vec<f64>> {
        self.time.map(|time| clusters::diffusion(&self.space.values, unit(operator), time))
    }
}

/// Everything there is to look at, newest state. Heavy parts are shared: a clone is cheap.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Grows by one with each snapshot.
    pub serial: u64,
    /// What was run to get here. Compare it with the panel's to know whether the picture is older than the settings.
    pub job: Arc<Job>,
    /// What settings are worked out from, as far as the run has come.
    pub facts: Arc<Facts>,
    /// The samples.
    pub data: Dataset,
    /// Scaled features, `n × d`: what the graph and the network see where there are no codes.
    pub scaled: Arc<Array2<f32>>,
    /// The input in two or three dimensions, `n × 3` (last column 0 for flat data): the scaled features themselves, or their principal components.
    pub input: Arc<Array2<f32>>,
    /// Names of the three input axes, with the share of variance for principal components.
    pub input_axes: Arc<[String; 3]>,
    /// Codes, `n × c`, where they are wanted and once they are there.
    pub codes: Option<Arc<Array2<f32>>>,
    /// Samples as the autoencoder rebuilds them at present.
    pub rebuilt: Option<Arc<Rebuilt>>,
    /// The Siamese network's outputs, `n × o`, where they are wanted and once they are there.
    pub metric: Option<Arc<Array2<f32>>>,
    /// Distances of pairs as the Siamese network has them at present.
    pub pairs: Option<Arc<PairHistogram>>,
    /// Neighbours, once found.
    pub neighbors: Option<Arc<Neighbors>>,
    /// The operator, once built.
    pub operator: Option<Arc<Operator>>,
    /// The number of clusters in use.
    pub clusters: usize,
    /// The exact side, `k` vectors compared; `ladder` has more eigenvalues.
    pub exact: Option<Arc<Solution>>,
    /// Exact eigenvalues, a few more than vectors in use, for the ladder and the eigengap.
    pub ladder: Arc<Vec<f64>>,
    /// The learned side.
    pub learned: Option<Arc<Solution>>,
    /// k-means on the scaled features: the baseline, and its scores.
    pub baseline: Option<Arc<(Clustering, Option<Scores>)>>,
    /// Learned against exact.
    pub agreement: Option<Agreement>,
    /// Scores of a supervised system on what was held out, once it is trained.
    pub supervised: Option<Arc<supervised::Report>>,
    /// What automatic settings became, as far as the run has come.
    pub taken: Arc<Vec<Taken>>,
    /// Training steps taken.
    pub step: usize,
    /// Most steps this run will take.
    pub steps: usize,
    /// Steps after which the network was as it is shown: `step` while it trains, then those of the best look.
    pub kept: usize,
    /// How the training ended, once it has.
    pub ending: Option<Ending>,
    /// What trains, such as `CPU (flex)` or the GPU's name.
    pub device: String,
}

impl Snapshot {
    /// Clusters whose numbers all others take, so that one cluster has one number wherever it stands: the exact side's, else those of
    /// k-means on the input, else the learned ones.
    #[must_use]
    pub fn leading_clusters(&self) -> Option<&Clustering> {
        let exact = self.exact.as_ref().map(|s| &s.clusters);
        let learned = || self.learned.as_ref().map(|s| &s.clusters);
        exact.or(self.baseline.as_ref().map(|b| &b.0)).or_else(learned)
    }

    /// Grassmann distance per dimension of the network shown to the exact eigenspace, where there is one.
    #[must_use]
    pub fn distance(&self) -> Option<f64> {
        self.agreement.as_ref().map(|a| a.grassmann / a.sin2.len().max(1) as f64)
    }
}
