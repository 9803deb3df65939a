//! The picture that follows the settings while a hand turns them, beside the result that a training made.
//!
//! What is live is looked at and no more: labels, exports and projects are those of the result, and a training takes its place.

use std::sync::Arc;

use crate::app::centre::{Marks, STORED};
use crate::app::kit::format;
use crate::app::shell::state::App;
use crate::app::shown::labels::Labels;
use crate::app::shown::run::Phase;
use crate::app::views::scatter::Selection;
use crate::pipeline::live::{Answer, Frame, LearnedAs, Live, Wanted, refusal};
use crate::pipeline::{Command, Failure, Job, Snapshot};
use crate::recipe::Stage;

/// The live picture as the window knows it.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct LivePicture {
    /// What draws it; a window without one shows results alone.
    engine: Option<Live>,
    /// Whether a person switched it off.
    pub(in crate::app::shell) off: bool,
    /// What was wanted last, and of which snapshot.
    asked: Option<(Job, Arc<Snapshot>)>,
    pub(in crate::app::shell) frame: Option<Arc<Frame>>,
    /// Why the newest settings gave no picture.
    pub(in crate::app::shell) failure: Option<Failure>,
    /// Why these settings give none at once.
    pub(in crate::app::shell) refused: Option<&'static str>,
    /// The labels on the samples of the picture.
    pub(in crate::app::shell) labels: Labels,
    /// What was seen before the job at work, whose sides stay until it has its own; and the picture put together of both.
    before: Option<Arc<Snapshot>>,
    ghost: Option<Ghost>,
    /// The settings for which a training was held.
    held_for: Option<Job>,
    /// What is selected of samples that are not the result's.
    pub(in crate::app::shell) selection: Selection,
}

/// A picture put together of the job's own and the one before.
#[derive(Debug)]
struct Ghost {
    /// The newest of the engine, for which it was put together.
    of: Arc<Snapshot>,
    picture: Arc<Snapshot>,
    /// Which sides are of the picture before: the learned and the exact one.
    older: [bool; 2],
}

impl LivePicture {
    pub(in crate::app::shell) fn rest(&mut self) {
        if self.asked.take().is_some()
            && let Some(engine) = &self.engine
        {
            engine.rest();
        }
        (self.frame, self.failure, self.refused) = (None, None, None);
    }
}

impl App {
    /// Lets the picture follow the settings while they are turned.
    pub fn follow_by(&mut self, live: Live) {
        self.live.engine = Some(live);
    }

    /// The live picture, where one is shown.
    #[must_use]
    pub fn live(&self) -> Option<&Arc<Frame>> {
        self.live.frame.as_ref()
    }

    /// What the views show: an earlier look, the live picture, or the result where neither is.
    #[must_use]
    pub fn seen(&self) -> Option<&Arc<Snapshot>> {
        let live = || self.live.frame.as_ref().map(|frame| &frame.snapshot);
        self.past.picture().or_else(live).or(self.run.shown.as_ref())
    }

    /// The same as far as it is of the samples that are shown of the result.
    pub(in crate::app::shell) fn seen_of_result(&self) -> Option<&Arc<Snapshot>> {
        let live = self.live.frame.as_ref().filter(|frame| frame.same_samples);
        self.past.picture().or(live.map(|frame| &frame.snapshot)).or(self.run.shown.as_ref())
    }

    /// What the views draw: what is seen, and while a job has no side of its own yet, that of the picture before.
    pub(in crate::app::shell) fn drawn(&self) -> Option<&Arc<Snapshot>> {
        let ghost = self.live.ghost.as_ref().filter(|_| !self.shows_other());
        ghost.map(|ghost| &ghost.picture).or_else(|| self.seen())
    }

    /// A job begins: what is seen now stays until it has something of its own to show.
    pub(super) fn keep_seen(&mut self) {
        self.leave_past();
        self.live.before = self.drawn().filter(|seen| seen.exact.is_some() || seen.learned.is_some()).cloned();
    }

    /// Puts the picture before under the one of the job at work, once a frame.
    fn draw_ghost(&mut self) {
        let busy = matches!(self.run.phase, Phase::Running | Phase::Paused);
        let (Some(before), Some(shown), true) = (&self.live.before, &self.run.shown, busy) else {
            (self.live.before, self.live.ghost) = (None, None);
            return;
        };
        if self.live.ghost.as_ref().is_some_and(|ghost| Arc::ptr_eq(&ghost.of, shown)) {
            return;
        }
        let of = Arc::clone(shown);
        // Until the job has come to its own data the engine's newest is older still than what was seen.
        let (at, sent) = (&*shown.job, &self.sent);
        let older = at.recipe != sent.recipe || at.source != sent.source;
        self.live.ghost = if older && at.source.goes_with(&before.job.source) {
            Some(Ghost { of, picture: Arc::clone(before), older: [before.learned.is_some(), before.exact.is_some()] })
        } else {
            ghost(shown, before).map(|picture| {
                let older = [
                    shown.learned.is_none() && picture.learned.is_some(),
                    shown.exact.is_none() && picture.exact.is_some(),
                ];
                Ghost { of, picture: Arc::new(picture), older }
            })
        };
    }

    /// Whether the picture follows the settings; none where nothing can draw it.
    pub(in crate::app::shell) fn live_switch(&self) -> Option<bool> {
        self.live.engine.as_ref().map(|_| !self.live.off)
    }

    /// Switches it on or off.
    pub(in crate::app::shell) fn toggle_live(&mut self) {
        self.live.off = !self.live.off;
        self.remember();
    }

    /// Wants the picture that the settings ask for, and takes the newest one; once a frame.
    pub(in crate::app::shell) fn follow_settings(&mut self) {
        self.draw_ghost();
        let wants = self.wants_live();
        let (Some(base), true) = (self.run.shown.clone(), wants) else {
            let refused = self.live.refused.take();
            self.live.rest();
            self.live.refused = refused;
            return;
        };
        // A training is held once for the settings that its graph is turned to; who lets it go on all the same sees it and no live picture.
        if self.run.phase == Phase::Running {
            if self.live.held_for.as_ref() == Some(&self.job) {
                return self.live.rest();
            }
            self.live.held_for = Some(self.job.clone());
            return self.engine.send(Command::Pause);
        }
        let Some(engine) = &self.live.engine else { return };
        let known = |(job, of): &(Job, Arc<Snapshot>)| *job == self.job && Arc::ptr_eq(of, &base);
        if !self.live.asked.as_ref().is_some_and(known) {
            if let Some((job, _)) = &self.live.asked
                && !job.source.goes_with(&self.job.source)
            {
                engine.rest();
                (self.live.frame, self.live.failure) = (None, None);
            }
            engine.want(Wanted { job: self.job.clone(), base: Arc::clone(&base), follow: true });
            self.live.asked = Some((self.job.clone(), base));
        }
        match engine.latest() {
            Some(Answer::Frame(frame)) => {
                let known = self.live.frame.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &frame));
                if !known {
                    self.take_frame(frame);
                }
                self.live.failure = None;
            }
            Some(Answer::Failed(job, failure)) if *job == self.job => {
                // What is painted is seen, and a picture of other points beside it would be none of it.
                if job.source.painted().is_some() {
                    self.live.frame = None;
                }
                self.live.failure = Some(failure);
            }
            Some(Answer::Failed(..)) | None => {}
        }
    }

    fn take_frame(&mut self, frame: Arc<Frame>) {
        // Edits are of rows of the source, and what is no file may have other points in its rows.
        self.live.labels = if frame.same_samples && !self.labels.document().is_empty() {
            let mut labels = self.labels.clone();
            labels.follow(&frame.snapshot);
            labels.renumbered(self.live.labels.serial())
        } else {
            Labels::default().renumbered(self.live.labels.serial())
        };
        if frame.same_samples {
            self.live.selection = Selection::default();
        }
        self.live.frame = Some(frame);
    }

    /// Whether the settings ask for another exact side than the one shown, which can be drawn at once.
    fn wants_live(&mut self) -> bool {
        self.live.refused = None;
        if self.live.engine.is_none()
            || self.past.picture().is_some()
            || self.live.off
            || self.run.phase == Phase::Opening
            || self.on_its_way().is_some()
        {
            return false;
        }
        let goes_with = |base: &Arc<Snapshot>| base.job.source.goes_with(&self.job.source);
        let Some(base) = self.run.shown.clone().filter(goes_with) else { return false };
        if self.run.phase == Phase::Running && base.exact.is_none() || self.compare.is_running() {
            return false;
        }
        // Of a job that has not come to its own data yet nothing is older.
        let sent = base.job.recipe == self.sent.recipe && base.job.source == self.sent.source;
        if self.run.phase.is_busy() && !sent {
            return false;
        }
        let redone = base.facts.stages_redone(&base.job.recipe, &self.job.recipe);
        let has = |stage| redone.contains(&stage);
        let exact = [Stage::Load, Stage::Neighbours, Stage::Affinity, Stage::Exact].into_iter().any(has);
        // Of a change that the network alone reads the exact side knows nothing.
        let other = base.job.source != self.job.source;
        let differs = other || exact || has(Stage::Clusters) && !has(Stage::Learn);
        if !differs && (base.exact.is_some() || base.learned.is_some()) {
            return false;
        }
        self.live.refused = refusal(&self.job, &base);
        self.live.refused.is_none()
    }

    /// What the views say beside their titles.
    pub(super) fn live_marks(&self) -> Marks {
        let (live, standing) = (self.live_switch(), self.picture_stands());
        let Some(frame) = &self.live.frame else {
            let word = |older: bool| older.then(|| "of the picture before".to_owned());
            let ghost = self.live.ghost.as_ref().map(|Ghost { older, .. }| [None, word(older[0]), word(older[1])]);
            let stored = self.run.shown.as_ref().filter(|_| self.run.stored).map(|shown| {
                let word = |there: bool| there.then(|| STORED.to_owned());
                [None, word(shown.learned.is_some()), word(shown.exact.is_some())]
            });
            let example = self.shows_example().then(|| [None, Some("example".to_owned()), None]);
            return Marks { sides: ghost.or(stored).or(example).unwrap_or_default(), live, standing, tip: None };
        };
        let count = format::count(frame.snapshot.data.len());
        let sample = frame.sample_of.map(|of| format!("live, {count} of {}", format::count(of)));
        let other = (!frame.same_samples).then(|| "live".to_owned());
        let learned = match frame.learned {
            LearnedAs::Missing => None,
            LearnedAs::Older => Some("of the older graph".to_owned()),
            LearnedAs::Following(steps) => Some(format!("live, {} on", format::counted(steps, "step"))),
        };
        Marks { sides: [sample.or(other), learned, Some("live".to_owned())], live, standing, tip: None }
    }

    /// What the strip above the views says of the live picture: a sentence and what goes with it.
    pub(in crate::app::shell) fn live_words(&self) -> Option<(String, String)> {
        let frame = self.live.frame.as_ref()?;
        let behind = frame.job != self.job;
        let pace = format!("in {}", format::seconds(frame.seconds));
        let text =
            if behind { "Live, catching up".to_owned() } else { format!("Live: the exact side follows, {pace}") };
        let sample = frame.sample_of.map(|of| {
            let count = format::count(frame.snapshot.data.len());
            format!("a fair sample of {count} of {} samples · ", format::count(of))
        });
        let result = self.result().is_some();
        let detail = if result {
            "Training repeats it from the seed; until then labels and files are those of the last result"
        } else {
            "Training repeats it from the seed and learns it"
        };
        Some((text, format!("{}{detail}", sample.unwrap_or_default())))
    }
}

/// The picture of a job on its way, with the sides that it wants and has not yet taken from the picture before; nothing where it misses none
/// or the samples are others.
fn ghost(shown: &Snapshot, before: &Snapshot) -> Option<Snapshot> {
    let recipe = &shown.job.recipe;
    let same = Arc::ptr_eq(&shown.data.features, &before.data.features) || shown.data.features == before.data.features;
    if !same || recipe.system.is_supervised() != before.job.recipe.system.is_supervised() {
        return None;
    }
    let exact = before.exact.as_ref().filter(|_| shown.exact.is_none() && recipe.exact);
    let learned = before.learned.as_ref().filter(|_| shown.learned.is_none() && recipe.learn);
    if exact.is_none() && learned.is_none() {
        return None;
    }
    let mut ghost = shown.clone();
    if let Some(exact) = exact {
        (ghost.exact, ghost.spectrum) = (Some(Arc::clone(exact)), Arc::clone(&before.spectrum));
    }
    if let Some(learned) = learned {
        (ghost.learned, ghost.network) = (Some(Arc::clone(learned)), before.network.clone());
    }
    ghost.operator = ghost.operator.or_else(|| before.operator.clone());
    ghost.baseline = ghost.baseline.or_else(|| before.baseline.clone());
    Some(ghost)
}
