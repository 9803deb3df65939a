//! Results of stages, kept between jobs while what they hang on holds, and trainings that were stopped.

use super::event::Event;
use super::job::Job;
use super::run::Run;
use crate::recipe::Stage;

/// A stage's result with the job that made it.
#[derive(Debug)]
pub(super) struct Cached<T>(pub Option<Entry<T>>);

#[derive(Debug)]
pub(super) struct Entry<T> {
    pub job: Job,
    pub seconds: f64,
    pub notes: Vec<String>,
    /// What its training told as it went, so that its curves come back with it.
    pub(super) told: Vec<Event>,
    /// Whether no training that it rests on was stopped before its end: only then is it the result of its job.
    pub(super) whole: bool,
    pub value: T,
}

impl<T> Entry<T> {
    /// A result that cost nothing worth telling.
    pub(super) fn new(job: &Job, value: T) -> Self {
        Self { job: job.clone(), seconds: 0.0, notes: Vec::new(), told: Vec::new(), whole: true, value }
    }
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// Trainings that were stopped and can go on, each with the job it is of.
#[derive(Debug)]
pub(super) struct Resumable<T>(Option<(Job, T)>);

impl<T> Default for Resumable<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Resumable<T> {
    /// The training to go on with, if this run wants one and there is one of its job; a run that trains anew frees the old one.
    pub(super) fn take_for(&mut self, run: &Run<'_>) -> Option<T> {
        let (job, training) = self.0.take()?;
        let same = job.source == run.job.source
            && !run.known.stages_redone(&job.recipe, &run.job.recipe).contains(&Stage::Learn);
        (run.goes_on && same).then_some(training)
    }

    /// Keeps a training that was stopped.
    pub(super) fn keep(&mut self, job: &Job, training: Option<T>) {
        self.0 = training.map(|training| (job.clone(), training));
    }
}
