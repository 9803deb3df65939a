//! One job on its way through the stages: what it says, what it keeps, what it shows.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cache::{Cached, Entry};
use super::event::{Event, Stopped, Watcher};
use super::job::Job;
use super::recording::Recording;
use super::snapshot::Snapshot;
use crate::Result;
use crate::recipe::{Facts, Settings, Stage};
use crate::support::progress::{Control, Progress, Stopwatch};

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
    /// What this run has found out so far, from which its settings are worked out.
    pub facts: Facts,
    /// The same with what earlier runs of the source found, by which settings are compared.
    pub known: Facts,
    /// Whether a training that was stopped goes on rather than begins anew.
    pub goes_on: bool,
    /// The first training of this run that a person stopped.
    pub stopped: Option<Stopped>,
    pub stages: Vec<(Stage, f64)>,
    pub notes: Vec<String>,
    /// Whether the looks of a training are kept.
    pub records: bool,
    serial: &'a Cell<u64>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        job: &'a Job,
        control: &'a Control,
        watcher: &'a Recorder<'a>,
        goes_on: bool,
        (known, serial): (Facts, &'a Cell<u64>),
    ) -> Self {
        let (stages, notes, facts) = (Vec::new(), Vec::new(), Facts::default());
        let records = false;
        Self { job, control, watcher, facts, known, goes_on, stopped: None, stages, notes, records, serial }
    }

    /// Takes in what was found out.
    pub(super) fn find(&mut self, tell: impl Fn(&mut Facts)) {
        tell(&mut self.facts);
        tell(&mut self.known);
    }

    /// What the settings mean, as far as the run has come.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] naming the flag whose value makes no sense.
    pub(super) fn settings(&self) -> Result<Settings> {
        self.job.recipe.resolve(&self.facts)
    }

    /// The recording of a training before its first step.
    pub(super) fn recording(&self) -> Arc<Recording> {
        if self.records { Arc::new(Recording::begin()) } else { Arc::default() }
    }

    /// What is shown of it from here on.
    pub(super) fn screen(&self, snapshot: Snapshot) -> Screen<'a> {
        Screen { snapshot, serial: self.serial, watcher: self.watcher }
    }

    /// Whether a result of a stage still holds.
    pub(super) fn holds<T>(&self, stage: Stage, entry: &Entry<T>) -> bool {
        entry.whole
            && entry.job.source == self.job.source
            && !self.known.stages_redone(&entry.job.recipe, &self.job.recipe).contains(&stage)
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
        cache: &mut Cached<T>,
        make: impl FnOnce(&Progress<'_>) -> Result<(T, Vec<String>)>,
    ) -> Result<T> {
        self.control.check()?;
        // What no longer holds is freed before the new result is made.
        let kept = cache.0.take().filter(|entry| self.holds(stage, entry));
        let hit = kept.is_some();
        let entry = match kept {
            Some(entry) => entry,
            None => self.made(stage, make)?,
        };
        let entry = cache.0.insert(entry);
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

    /// A new result of a stage, with what its training told.
    fn made<T>(
        &mut self,
        stage: Stage,
        make: impl FnOnce(&Progress<'_>) -> Result<(T, Vec<String>)>,
    ) -> Result<Entry<T>> {
        self.watcher.take();
        let watch = Stopwatch::start(self.control);
        let report = |fraction: f32, note: &str| self.watcher.event(Event::Progress(stage, fraction, note.to_owned()));
        report(0.0, "");
        let (value, notes) = make(&Progress::new(self.control.clone(), &report))?;
        let Heard { told, stopped } = self.watcher.take();
        self.stopped = self.stopped.or(stopped);
        let (job, seconds, whole) = (self.job.clone(), watch.seconds(), self.stopped.is_none());
        Ok(Entry { job, seconds, notes, told, whole, value })
    }

    pub(super) fn done(&mut self, stage: Stage, seconds: f64, kept: bool) {
        match self.stages.iter_mut().find(|(s, _)| *s == stage) {
            Some((_, sum)) => *sum += seconds,
            None => self.stages.push((stage, seconds)),
        }
        self.watcher.event(Event::Done { stage, seconds, kept });
    }
}

/// What is shown of a run: the snapshot as it grows. Stages hand each other their results, and this is not their way.
pub(super) struct Screen<'a> {
    pub snapshot: Snapshot,
    serial: &'a Cell<u64>,
    watcher: &'a Recorder<'a>,
}

impl Screen<'_> {
    /// Shows what changed.
    pub(super) fn show(&mut self, change: impl FnOnce(&mut Snapshot)) {
        change(&mut self.snapshot);
        self.serial.set(self.serial.get() + 1);
        self.snapshot.serial = self.serial.get();
        self.watcher.snapshot(self.snapshot.clone());
    }

    /// Shows a training that waits, and says so.
    pub(super) fn show_waiting(&mut self, change: impl FnOnce(&mut Snapshot)) {
        self.show(change);
        self.watcher.event(Event::Paused(true));
    }

    /// Says something small.
    pub(super) fn say(&self, event: Event) {
        self.watcher.event(event);
    }
}
