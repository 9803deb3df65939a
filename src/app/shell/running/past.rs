//! Earlier looks of the training shown: scrubbed, played, and left again for what is now.
//!
//! An earlier look is looked at and no more: labels, files and projects stay those of the result, and a setting that is turned comes back to it.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui;

use crate::app::centre::Marks;
use crate::app::gpu;
use crate::app::kit::format;
use crate::app::kit::standing::Standing;
use crate::app::shell::state::App;
use crate::app::shown::labels::Labels;
use crate::app::shown::run::Run;
use crate::pipeline::{Job, Recorded, Recording, Snapshot};

/// Looks a second at the usual speed.
const PACE: f64 = 6.0;
/// The speeds there are, in parts of the usual one.
pub(super) const SPEEDS: [f64; 4] = [0.5, 1.0, 2.0, 4.0];
/// Numbers of these pictures begin here, above those of all others.
const SERIALS: u64 = 1 << 60;

/// Earlier looks as the window knows them.
#[derive(Debug)]
pub(in crate::app::shell) struct Past {
    shown: Option<Shown>,
    /// Whether the next look comes by itself.
    pub(super) playing: bool,
    /// Which of the speeds.
    pub(super) speed: usize,
    /// When the look shown came, by the window's clock.
    since: f64,
    serial: u64,
}

impl Default for Past {
    fn default() -> Self {
        Self { shown: None, playing: false, speed: 1, since: 0.0, serial: 0 }
    }
}

/// An earlier look on the screen.
#[derive(Debug)]
struct Shown {
    look: Arc<Recorded>,
    /// The recording that it is of, and what the panels said when it was looked back.
    of: u64,
    job: Job,
    picture: Arc<Snapshot>,
    run: Run,
    labels: Labels,
}

impl Past {
    /// The picture of the earlier look, where one is shown.
    pub(in crate::app::shell) fn picture(&self) -> Option<&Arc<Snapshot>> {
        self.shown.as_ref().map(|shown| &shown.picture)
    }

    /// The run as it stood then.
    pub(in crate::app::shell) fn run(&self) -> Option<&Run> {
        self.shown.as_ref().map(|shown| &shown.run)
    }

    /// The labels on its clusters.
    pub(in crate::app::shell) fn labels(&self) -> Option<&Labels> {
        self.shown.as_ref().map(|shown| &shown.labels)
    }

    /// The look.
    pub(in crate::app::shell) fn look(&self) -> Option<&Recorded> {
        self.shown.as_ref().map(|shown| &*shown.look)
    }
}

impl App {
    /// The looks of the training shown, once there are two to go between.
    #[must_use]
    pub fn recording(&self) -> Option<&Arc<Recording>> {
        self.run.shown.as_ref().map(|shown| &shown.recording).filter(|recording| recording.looks().len() > 1)
    }

    /// The steps of the earlier look that is shown, where one is.
    #[must_use]
    pub fn past_step(&self) -> Option<usize> {
        self.past.look().map(|look| look.step)
    }

    /// The place of what is shown among the looks; behind the last one for what is now.
    pub(in crate::app::shell) fn place(&self) -> usize {
        let Some(recording) = self.recording() else { return 0 };
        let looks = recording.looks().len();
        self.past_step().and_then(|step| recording.place(step)).unwrap_or(looks)
    }

    /// Shows the look at a place, or what is now where the place lies behind the last.
    pub fn look_back(&mut self, place: usize) {
        let Some(shown) = self.run.shown.clone() else { return self.leave_past() };
        let Some(look) = shown.recording.looks().get(place).cloned() else { return self.leave_past() };
        if self.past.shown.as_ref().is_some_and(|past| past.of == shown.recording.id() && past.look.step == look.step) {
            return;
        }
        self.live.rest();
        self.past.serial += 1;
        let picture = Arc::new(shown.at(&look, SERIALS + self.past.serial));
        let run = self.run.at(&picture);
        let mut labels = self.labels.clone();
        labels.follow(&picture);
        let (of, job) = (shown.recording.id(), self.job.clone());
        self.past.shown = Some(Shown { look, of, job, picture, run, labels });
    }

    /// Leaves earlier looks for what is now.
    pub(in crate::app::shell) fn leave_past(&mut self) {
        (self.past.shown, self.past.playing) = (None, false);
    }

    /// One look back, or on.
    pub(in crate::app::shell) fn step_look(&mut self, back: bool) {
        self.past.playing = false;
        let place = self.place();
        self.look_back(if back { place.saturating_sub(1) } else { place + 1 });
    }

    /// Plays the looks from the one shown, or from the first; or holds them.
    pub(in crate::app::shell) fn toggle_play(&mut self, ctx: &egui::Context) {
        let Some(recording) = self.recording() else { return };
        if self.past.playing {
            self.past.playing = false;
            return;
        }
        if self.place() >= recording.looks().len() {
            self.look_back(0);
        }
        self.past.playing = true;
        self.past.since = ctx.input(|i| i.time);
    }

    /// Goes on with what plays, and leaves a look whose training is gone or whose settings were turned; once a frame.
    pub(in crate::app::shell) fn follow_past(&mut self, ctx: &egui::Context) {
        let Some(shown) = &mut self.past.shown else {
            self.past.playing = false;
            return;
        };
        let here = self.run.shown.as_ref().is_some_and(|now| now.recording.id() == shown.of);
        if !here || self.job != shown.job {
            return self.leave_past();
        }
        if shown.run.curve.len() != self.run.curve.len() {
            // The training goes on meanwhile.
            shown.run = self.run.at(&shown.picture);
        }
        if !self.past.playing {
            return;
        }
        let now = ctx.input(|i| i.time);
        let wait = 1.0 / (PACE * SPEEDS[self.past.speed.min(SPEEDS.len() - 1)]);
        let passed = now - self.past.since;
        if passed >= wait {
            // Where frames come more slowly than looks, some are passed over.
            let looks = (passed / wait).floor().max(1.0);
            self.past.since = now;
            let place = self.place() + looks as usize;
            self.look_back(place);
        }
        if self.past.playing {
            ctx.request_repaint_after(Duration::from_secs_f64(wait).max(gpu::rest(ctx)));
        }
    }

    /// Whether the views show something else than the result.
    pub(in crate::app::shell) fn shows_other(&self) -> bool {
        self.live.frame.is_some() || self.past.shown.is_some()
    }

    /// What the views say beside their titles.
    pub(in crate::app::shell) fn view_marks(&self) -> Marks {
        let Some(look) = self.past.look() else {
            let mut marks = self.live_marks();
            let unbound = |seen: &Arc<Snapshot>| seen.learned.is_some() && !seen.job.recipe.orthonormal_layer;
            if marks.sides[1].is_none() && self.seen().is_some_and(unbound) {
                marks.sides[1] = Some("no orthonormal layer".to_owned());
                marks.tip = Some("Each column is as the network gives it, brought to length 1 and kept from nothing");
            }
            return marks;
        };
        Marks {
            sides: [None, Some(format!("earlier, step {}", format::count(look.step))), None],
            live: self.live_switch(),
            standing: Standing::Older,
            tip: Some("A look from earlier in the training; Now, under the views, returns to the newest"),
        }
    }

    /// What the strip above the views says of an earlier look.
    pub(in crate::app::shell) fn past_words(&self) -> Option<(String, &'static str)> {
        let look = self.past.look()?;
        let text = format!("An earlier picture: step {} of {}", format::count(look.step), format::count(look.steps));
        Some((text, "The learned side, its clusters and figures as they were then; labels and files are those of now"))
    }
}
