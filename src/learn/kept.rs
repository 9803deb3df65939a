//! Results of stages, kept between jobs while what they hang on holds.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::chain::Watcher;
use super::{Event, Facts, Job, Snapshot, Stage, Stopped};
use crate::progress::{Control, Progress, Stopwatch};
use crate::{Error, Result};

/// A stage's result with the job that made it.
#[derive(Debug)]
pub(super) struct Kept<T>(pub Option<Entry<T>>);

#[derive(Debug)]
pub(super) struct Entry<T> {
    pub job: Job,
    pub seconds: f64,
    pub notes: Vec<String>,
    /// What its training told as it went, so that its curves come back with it.
    told: Vec<Event>,
    /// Whether no training that it rests on was stopped before its end: only then is it the result of its job.
    whole: bool,
    pub value: T,
}

impl<T> Entry<T> {
    /// A result that cost nothing worth telling.
    pub(super) fn new(job: &Job, value: T) -> Self {
        Self { job: job.clone(), seconds: 0.0, notes: Vec::new(), told: Vec::new(), whole: true, value }
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// Passes on what happens, and keeps what the stage at work told of its training.
pub(super) struct Recorder<'a> {
    watcher: &'a dyn Watcher,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    told: Vec<Event>,
    stopped: Option<Stopped>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(watcher: &'a dyn Watcher) -> Self {
        Self { watcher, heard: Mutex::default() }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was heard since the last call.
    fn take(&self) -> Heard {
        std::mem::take(&mut *self.heard())
    }
}

impl Watcher for Recorder<'_> {
    fn event(&self, event: Event) {
        match &event {
            Event::Curve(_) | Event::Prepared(_) | Event::Terms(_) => self.heard().told.push(event.clone()),
            Event::Stopped(stopped) => self.heard().stopped = Some(*stopped),
            _ => {}
        }
        self.watcher.event(event);
    }

    fn snapshot(&self, snapshot: Snapshot) {
        self.watcher.snapshot(snapshot);
    }
}

/// One job on its way through the chain.
pub(super) struct Run<'a> {
    pub job: &'a Job,
    pub control: &'a Control,
    pub watcher: &'a Recorder<'a>,
    /// What is known so far, by which settings are compared.
    pub facts: Facts,
    /// Whether a training that was stopped goes on rather than begins anew.
    pub goes_on: bool,
    /// The first training of this run that a person stopped.
    pub stopped: Option<Stopped>,
    pub stages: Vec<(Stage, f64)>,
    pub notes: Vec<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        job: &'a Job,
        control: &'a Control,
        watcher: &'a Recorder<'a>,
        goes_on: bool,
        facts: Facts,
    ) -> Self {
        Self { job, control, watcher, facts, goes_on, stopped: None, stages: Vec::new(), notes: Vec::new() }
    }

    /// Whether a result of a stage still holds.
    pub(super) fn holds<T>(&self, stage: Stage, entry: &Entry<T>) -> bool {
        entry.whole
            && entry.job.source == self.job.source
            && !self.facts.stages_redone(&entry.job.recipe, &self.job.recipe).contains(&stage)
    }

    /// Says something new.
    pub(super) fn note(&mut self, note: String) {
        self.watcher.event(Event::Note(note.clone()));
        self.notes.push(note);
    }

    /// The kept result of a stage if nothing it depends on changed, else a new one. A kept one tells its curves again.
    pub(super) fn stage<T: Clone>(
        &mut self,
        stage: Stage,
        kept: &mut Kept<T>,
        make: impl FnOnce(&Progress<'_>) -> Result<(T, Vec<String>)>,
    ) -> Result<T> {
        self.control.check()?;
        let hit = kept.0.as_ref().is_some_and(|entry| self.holds(stage, entry));
        if !hit {
            kept.0 = None; // Free the old result before the new one is made.
            self.watcher.take();
            let watch = Stopwatch::start(self.control);
            let report =
                |fraction: f32, note: &str| self.watcher.event(Event::Progress(stage, fraction, note.to_owned()));
            report(0.0, "");
            let (value, notes) = make(&Progress::new(self.control.clone(), &report))?;
            let Heard { told, stopped } = self.watcher.take();
            self.stopped = self.stopped.or(stopped);
            let (job, seconds, whole) = (self.job.clone(), watch.seconds(), self.stopped.is_none());
            kept.0 = Some(Entry { job, seconds, notes, told, whole, value });
        }
        let Some(entry) = &kept.0 else { return Err(Error::Cancelled) };
        let (seconds, value, notes) = (entry.seconds, entry.value.clone(), entry.notes.clone());
        if hit {
            for event in &entry.told {
                self.watcher.event(event.clone());
            }
            self.notes.extend(notes); // They belong to this run too, and were said when the result was made.
        } else {
            for note in notes {
                self.note(note);
            }
        }
        self.done(stage, seconds, hit);
        Ok(value)
    }

    pub(super) fn done(&mut self, stage: Stage, seconds: f64, kept: bool) {
        match self.stages.iter_mut().find(|(s, _)| *s == stage) {
            Some((_, sum)) => *sum += seconds,
            None => self.stages.push((stage, seconds)),
        }
        self.watcher.event(Event::Done { stage, seconds, kept });
    }
}

/// Trainings that were stopped and can go on, each with the job it is of.
#[derive(Debug)]
pub(super) struct Halted<T>(Option<(Job, T)>);

impl<T> Default for Halted<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Halted<T> {
    /// The training to go on with, if this run wants one and there is one of its job; a run that trains anew frees the old one.
    pub(super) fn take_for(&mut self, run: &Run<'_>) -> Option<T> {
        let (job, training) = self.0.take()?;
        let same = job.source == run.job.source
            && !run.facts.stages_redone(&job.recipe, &run.job.recipe).contains(&Stage::Learn);
        (run.goes_on && same).then_some(training)
    }

    /// Keeps a training that was stopped.
    pub(super) fn keep(&mut self, job: &Job, training: Option<T>) {
        self.0 = training.map(|training| (job.clone(), training));
    }
}
