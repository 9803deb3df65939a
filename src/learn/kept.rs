//! Results of stages, kept between jobs while what they hang on holds.

use super::chain::Watcher;
use super::{Event, Facts, Job, Stage};
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
    pub value: T,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// One job on its way through the chain.
pub(super) struct Run<'a> {
    pub job: &'a Job,
    pub control: &'a Control,
    pub watcher: &'a dyn Watcher,
    /// What is known so far, by which settings are compared.
    pub facts: Facts,
    pub stages: Vec<(Stage, f64)>,
    pub notes: Vec<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(job: &'a Job, control: &'a Control, watcher: &'a dyn Watcher, facts: Facts) -> Self {
        Self { job, control, watcher, facts, stages: Vec::new(), notes: Vec::new() }
    }

    /// Whether a result of a stage still holds.
    pub(super) fn holds<T>(&self, stage: Stage, entry: &Entry<T>) -> bool {
        entry.job.source == self.job.source
            && !self.facts.stages_redone(&entry.job.recipe, &self.job.recipe).contains(&stage)
    }

    /// Says something new.
    pub(super) fn note(&mut self, note: String) {
        self.watcher.event(Event::Note(note.clone()));
        self.notes.push(note);
    }

    /// The kept result of a stage if nothing it depends on changed, else a new one.
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
            let watch = Stopwatch::start(self.control);
            let report =
                |fraction: f32, note: &str| self.watcher.event(Event::Progress(stage, fraction, note.to_owned()));
            report(0.0, "");
            let (value, notes) = make(&Progress::new(self.control.clone(), &report))?;
            kept.0 = Some(Entry { job: self.job.clone(), seconds: watch.seconds(), notes, value });
        }
        let Some(entry) = &kept.0 else { return Err(Error::Cancelled) };
        let (seconds, value, notes) = (entry.seconds, entry.value.clone(), entry.notes.clone());
        if hit {
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
