//! What the work says while it goes: small facts, in order.

use std::sync::Arc;

use super::compare;
use super::curve::CurvePoint;
use super::snapshot::Snapshot;
use super::sweep;
use crate::Error;
use crate::learn::Terms;
use crate::recipe::Stage;
use crate::support::error::Remedy;

/// Who is told what happens, from the working thread and those it starts.
pub trait Watcher: Sync {
    /// A small fact.
    fn event(&self, event: Event);
    /// The newest state.
    fn snapshot(&self, snapshot: Snapshot);
}

/// A watcher of runs whose result alone is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Unheard;

impl Watcher for Unheard {
    fn event(&self, _: Event) {}

    fn snapshot(&self, _: Snapshot) {}
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
    /// The next run of a sweep began.
    Sweeping {
        /// Its place, from 0 on.
        at: usize,
        /// How many there are.
        of: usize,
    },
    /// A run of a sweep ended.
    Probed(Arc<sweep::Probed>),
    /// The sweep ended: complete, ended by the person, or for this reason.
    SweepEnded(Option<String>),
}

impl Event {
    /// Writes down what a report should tell of a run's course.
    pub fn write_down(&self) {
        match self {
            Self::Started => log::info!("a job began"),
            Self::Done { stage, kept: true, .. } => log::info!("{}: kept", stage.name()),
            Self::Done { stage, seconds, .. } => log::info!("{}: {seconds:.2} s", stage.name()),
            Self::Note(note) => log::info!("note: {note}"),
            Self::Stopped(at) => log::info!("{}: stopped at step {} of {}", at.stage.name(), at.step, at.steps),
            Self::Finished => log::info!("the job is complete"),
            Self::Failed(failure) => log::warn!("the job failed: {}", failure.reason),
            Self::Comparing { seed, run, runs, .. } => log::info!("comparison: run {run} of {runs}, seed {seed}"),
            Self::ComparisonEnded(Some(reason)) => log::warn!("the comparison ended: {reason}"),
            Self::ComparisonEnded(None) => log::info!("the comparison is complete"),
            Self::SweepEnded(Some(reason)) => log::warn!("the grid ended: {reason}"),
            Self::SweepEnded(None) => log::info!("the grid is complete"),
            Self::Progress(..)
            | Self::Prepared(_)
            | Self::Terms(_)
            | Self::Curve(_)
            | Self::Paused(_)
            | Self::Compared(_)
            | Self::Sweeping { .. }
            | Self::Probed(_) => {}
        }
    }
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
