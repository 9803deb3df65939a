//! The run as the window knows it: where it stands, its curves, its notes. No drawing here.

use std::sync::Arc;
use std::time::Instant;

use crate::learn::Terms;
use crate::pipeline::CurvePoint;
use crate::pipeline::{Event, Prepared, Snapshot, Stopped};
use crate::recipe::Affinity;
use crate::recipe::Stage;
use crate::support::error::Remedy;

/// Where the run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was asked for yet.
    #[default]
    Empty,
    /// Data is being read.
    Opening,
    /// Data is there, nothing was computed.
    Ready,
    /// The chain of stages is at work.
    Running,
    /// The chain waits.
    Paused,
    /// There is a complete result.
    Finished,
    /// There is a result of a training that a person ended before its last step.
    Stopped,
    /// The last job ended with an error.
    Failed,
}

impl Phase {
    /// Whether the engine has a job.
    #[must_use]
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Opening | Self::Running | Self::Paused)
    }
}

/// How far the stage at work is.
#[derive(Clone, Debug, PartialEq)]
pub struct StageProgress {
    /// Which stage.
    pub stage: Stage,
    /// Fraction done, 0..=1.
    pub fraction: f32,
    /// A few words.
    pub note: String,
}

/// A stage that ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageDone {
    /// Which.
    pub stage: Stage,
    /// Wall clock, seconds.
    pub seconds: f64,
    /// Whether an earlier result was kept.
    pub kept: bool,
}

/// Everything the engine told so far.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Where it stands.
    pub phase: Phase,
    /// The stage at work.
    pub progress: Option<StageProgress>,
    /// Stages of the present job that ended.
    pub done: Vec<StageDone>,
    /// Looks at the networks that are trained before the spectral one.
    pub prepared: Vec<Prepared>,
    /// The same, term by term, of the dual autoencoder.
    pub terms: Vec<Terms>,
    /// Evaluations of the training shown.
    pub curve: Vec<CurvePoint>,
    /// Notes of the present job, oldest first.
    pub notes: Vec<String>,
    /// Why the last job failed.
    pub error: Option<String>,
    /// Ways out of that.
    pub remedies: Vec<Remedy>,
    /// What is shown.
    pub shown: Option<Arc<Snapshot>>,
    /// Where a person ended the training behind what is shown, if one did.
    pub stopped: Option<Stopped>,
    /// Whether what is shown was kept in a project rather than computed.
    pub stored: bool,
    /// The steps of the earlier look that is shown, where it is not the newest.
    pub past: Option<usize>,
    /// The engine's newest snapshot as this run last saw it; not what is shown where an earlier picture was brought back.
    seen: Option<Arc<Snapshot>>,
    began: Option<Instant>,
    opening: bool,
    curve_is_old: bool,
    /// Stages whose looks are of an earlier job.
    old: Vec<Stage>,
    notes_seen: usize,
}

impl Run {
    /// The window sent a job: `opening` when it only reads data.
    pub fn asked(&mut self, opening: bool) {
        self.opening = opening;
        self.phase = if opening { Phase::Opening } else { Phase::Running };
        self.progress = None;
        self.error = None;
        self.began = Some(Instant::now());
    }

    /// Nothing was asked for, or what was asked for is over: where the run stands by what is shown.
    pub fn rest(&mut self) {
        self.progress = None;
        self.phase = self.at_rest();
    }

    /// Where what is shown stands while nothing is at work.
    #[must_use]
    pub fn at_rest(&self) -> Phase {
        match &self.shown {
            None => Phase::Empty,
            Some(shown) if shown.learned.is_none() && shown.exact.is_none() => Phase::Ready,
            Some(_) if self.stopped.is_some() => Phase::Stopped,
            Some(_) => Phase::Finished,
        }
    }

    /// The same run brought back after the engine went to other work. What it was at when it was left is over; a training that had shown
    /// something stands where it last did, and can go on.
    #[must_use]
    pub fn brought_back(mut self, engine: Option<Arc<Snapshot>>) -> Self {
        if matches!(self.phase, Phase::Running | Phase::Paused)
            && let Some(shown) = self.shown.as_ref().filter(|s| s.learned.is_some() && s.step < s.steps)
        {
            self.stopped = Some(Stopped { stage: Stage::Learn, step: shown.step, steps: shown.steps });
        }
        self.error = None;
        self.rest();
        self.notes_seen = self.notes.len();
        (self.seen, self.opening, self.curve_is_old) = (engine, false, false);
        self
    }

    /// Shows a result that a project kept, on the samples that are shown: its curve, and what its stages took.
    pub fn show_stored(
        &mut self,
        snapshot: Arc<Snapshot>,
        (curve, prepared): (Vec<CurvePoint>, (Vec<Prepared>, Vec<Terms>)),
        seconds: &[(Stage, f64)],
    ) {
        (self.curve, self.curve_is_old) = (curve, false);
        (self.prepared, self.terms) = prepared;
        self.old.clear();
        self.done = seconds.iter().map(|&(stage, seconds)| StageDone { stage, seconds, kept: false }).collect();
        (self.shown, self.stored, self.stopped, self.opening) = (Some(snapshot), true, None, false);
        self.rest();
    }

    /// Seconds that a training at work has taken so far.
    #[must_use]
    pub fn seconds_so_far(&self) -> f64 {
        if !matches!(self.phase, Phase::Running | Phase::Paused) {
            return 0.0;
        }
        let told = self.curve.last().filter(|_| !self.curve_is_old).map_or(0.0, |p| p.seconds);
        self.began.map_or(0.0, |began| began.elapsed().as_secs_f64()).max(told)
    }

    /// Seconds that the result shown would take to make again.
    #[must_use]
    pub fn seconds_spent(&self) -> f64 {
        let result = matches!(self.phase, Phase::Finished | Phase::Stopped | Phase::Failed);
        if result { self.done.iter().map(|d| d.seconds).sum() } else { 0.0 }
    }

    /// Whether the last job that was asked for only reads data.
    #[must_use]
    pub fn was_opening(&self) -> bool {
        self.opening
    }

    /// Takes one event in.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::Started => self.begin(),
            Event::Progress(stage, fraction, note) => {
                self.progress = Some(StageProgress { stage, fraction: fraction.clamp(0.0, 1.0), note });
            }
            Event::Done { stage, seconds, kept } => self.end_stage(StageDone { stage, seconds, kept }),
            Event::Note(note) => self.notes.push(note),
            Event::Prepared(look) => {
                self.forget_old(look.stage);
                let last = self.prepared.iter().rfind(|p| p.stage == look.stage);
                if last.is_some_and(|p| p.step >= look.step) {
                    self.prepared.retain(|p| p.stage != look.stage);
                }
                self.prepared.push(look);
            }
            Event::Terms(terms) => {
                self.forget_old(Stage::Represent);
                if self.terms.last().is_some_and(|t| t.step >= terms.step) {
                    self.terms.clear();
                }
                self.terms.push(terms);
            }
            Event::Curve(point) => {
                self.forget_old_curve();
                self.curve.push(point);
            }
            // A pause that comes just after the end must not leave the window waiting for a resume.
            Event::Paused(paused) if matches!(self.phase, Phase::Running | Phase::Paused) => {
                self.phase = if paused { Phase::Paused } else { Phase::Running };
            }
            // Those after it had nothing to learn from.
            Event::Stopped(stopped) => self.stopped = self.stopped.or(Some(stopped)),
            Event::Paused(_)
            | Event::Comparing { .. }
            | Event::Compared(_)
            | Event::ComparisonEnded(_)
            | Event::Sweeping { .. }
            | Event::Probed(_)
            | Event::SweepEnded(_) => {}
            Event::Finished => {
                // A training that was stopped before its first look has no curve, and that of another is not its.
                if !self.opening {
                    self.forget_old_curve();
                }
                self.phase = match (self.opening, self.stopped) {
                    (true, _) => Phase::Ready,
                    (false, Some(_)) => Phase::Stopped,
                    (false, None) => Phase::Finished,
                };
                self.progress = None;
            }
            Event::Failed(failure) => {
                self.phase = Phase::Failed;
                self.progress = None;
                (self.error, self.remedies) = (Some(failure.reason), failure.remedies);
            }
        }
    }

    /// A job begins: what the last one said goes, its curves stay until there is something to show in their place.
    fn begin(&mut self) {
        self.done.clear();
        self.notes.clear();
        self.notes_seen = 0;
        self.error = None;
        self.stopped = None;
        // What an earlier job said last may have come after this one was asked for.
        if !self.phase.is_busy() {
            self.phase = if self.opening { Phase::Opening } else { Phase::Running };
        }
        self.curve_is_old = true;
        self.old = vec![Stage::Represent, Stage::Metric, Stage::Clusters];
    }

    /// A stage has ended; the curves of one that was kept are not old.
    fn end_stage(&mut self, ended: StageDone) {
        let StageDone { stage, kept, .. } = ended;
        self.done.retain(|done| done.stage != stage);
        self.done.push(ended);
        if kept {
            self.curve_is_old &= stage != Stage::Learn;
            self.old.retain(|old| *old != stage);
        }
    }

    fn forget_old_curve(&mut self) {
        if std::mem::take(&mut self.curve_is_old) {
            self.curve.clear();
        }
    }

    /// Shows a newer snapshot. True if it is another one than before.
    pub fn show(&mut self, snapshot: Option<Arc<Snapshot>>) -> bool {
        let Some(snapshot) = snapshot else { return false };
        if self.seen.as_ref().is_some_and(|s| Arc::ptr_eq(s, &snapshot)) {
            return false;
        }
        self.seen = Some(Arc::clone(&snapshot));
        // On the way to a training, which may turn out to be the one kept, the old curves have still to stay.
        let nothing_comes = self.opening || !snapshot.job.recipe.learn;
        if snapshot.learned.is_none() && nothing_comes {
            self.forget_old_curve();
        }
        self.forget_what_is_not_of(&snapshot);
        (self.shown, self.stored) = (Some(snapshot), false);
        true
    }

    /// Whether the curves of a stage are those of an earlier job, which stay until the present one has some of its own.
    #[must_use]
    pub fn is_old(&self, stage: Stage) -> bool {
        if stage == Stage::Learn { self.curve_is_old } else { self.old.contains(&stage) }
    }

    /// The same as it stood at an earlier look, whose picture this is. Its curves stay whole: cards draw faint what came after.
    #[must_use]
    pub fn at(&self, picture: &Arc<Snapshot>) -> Self {
        Self { shown: Some(Arc::clone(picture)), past: Some(picture.step), ..self.clone() }
    }

    /// The evaluation of the network shown: of the one kept once the training is over, else the last.
    #[must_use]
    pub fn look_shown(&self) -> Option<&CurvePoint> {
        if let Some(past) = self.past {
            return self.curve.iter().rfind(|point| point.step <= past);
        }
        let kept = self.shown.as_ref().filter(|s| s.ending.is_some()).map(|s| s.kept);
        let kept = kept.and_then(|kept| self.curve.iter().rfind(|point| point.step == kept));
        kept.or(self.curve.last())
    }

    /// Drops the looks of a stage that are of an earlier job.
    fn forget_old(&mut self, stage: Stage) {
        let before = self.old.len();
        self.old.retain(|old| *old != stage);
        if self.old.len() < before {
            self.prepared.retain(|look| look.stage != stage);
            if stage == Stage::Represent {
                self.terms.clear();
            }
        }
    }

    /// Drops what an earlier job left that has no place beside a snapshot: curves of other data, and of networks it has not.
    fn forget_what_is_not_of(&mut self, snapshot: &Snapshot) {
        let recipe = &snapshot.job.recipe;
        let other = self.shown.as_ref().is_some_and(|shown| shown.job.source != snapshot.job.source);
        if other || !recipe.has_codes() {
            self.forget_old(Stage::Represent);
        }
        if other || recipe.affinity != Affinity::Siamese {
            self.forget_old(Stage::Metric);
        }
        if other || recipe.self_training.set().map_or(!recipe.has_codes(), |epochs| epochs == 0) {
            self.forget_old(Stage::Clusters);
        }
        if other && std::mem::take(&mut self.curve_is_old) {
            self.curve.clear();
        }
    }

    /// Notes that came since the last call.
    pub fn new_notes(&mut self) -> Vec<String> {
        let new = self.notes.get(self.notes_seen..).unwrap_or_default().to_vec();
        self.notes_seen = self.notes.len();
        new
    }

    /// Training steps a second, over the last few evaluations.
    #[must_use]
    pub fn steps_per_second(&self) -> Option<f64> {
        let last = self.curve.last()?;
        let first = self.curve.get(self.curve.len().saturating_sub(6))?;
        let (steps, seconds) = (last.step.checked_sub(first.step)?, last.seconds - first.seconds);
        if steps > 0 && seconds > 0.0 {
            return Some(steps as f64 / seconds);
        }
        (last.seconds > 0.0 && last.step > 0).then(|| last.step as f64 / last.seconds)
    }

    /// Seconds of training left if it goes on to its last step at its present pace.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        let shown = self.shown.as_ref()?;
        let last = self.curve.last()?;
        Some(shown.steps.saturating_sub(last.step) as f64 / self.steps_per_second()?)
    }
}

/// The name of a stage as a person reads it.
#[must_use]
pub fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Load => "load",
        Stage::Represent => "represent",
        Stage::Metric => "metric",
        Stage::Neighbours => "neighbours",
        Stage::Affinity => "affinity",
        Stage::Exact => "exact",
        Stage::Learn => "learn",
        Stage::Clusters => "clusters",
    }
}

#[cfg(test)]
mod tests;
