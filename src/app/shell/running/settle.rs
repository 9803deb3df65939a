//! Settings of the data that changed while there is no result to keep: they are loaded again by themselves.

use std::time::{Duration, Instant};

use eframe::egui;

use crate::app::shell::painting::is_idle;
use crate::app::shell::state::App;
use crate::recipe::{Facts, Stage};

/// A change of what is loaded waits this long for the next, so that dragging a number does not load at every point.
const SETTLE: Duration = Duration::from_millis(350);

impl App {
    /// Loads again when the panels changed what is loaded and there is no result that a person may want to keep.
    pub(in crate::app::shell) fn settle(&mut self, ctx: &egui::Context) {
        let idle = is_idle(self.run.phase) && self.result().is_none();
        let facts = Facts::of(&self.job.source);
        let differs = facts.stages_redone(&self.sent.recipe, &self.job.recipe).contains(&Stage::Load);
        if idle && self.run.shown.is_none() && self.loads_painted() {
            return self.open(); // At once: both sides are to follow the very first stroke.
        }
        if !idle || !(differs || self.loads_painted()) {
            self.unsettled = None;
            return;
        }
        match &self.unsettled {
            Some((since, job)) if *job == self.job => {
                if since.elapsed() >= SETTLE {
                    if !self.labels.document().is_empty() || self.centre.selection.count() > 0 {
                        self.way.pictures.keep(self.picture()); // Undo brings it back.
                    }
                    self.open();
                } else {
                    ctx.request_repaint_after(SETTLE);
                }
            }
            _ => {
                self.unsettled = Some((Instant::now(), self.job.clone()));
                ctx.request_repaint_after(SETTLE);
            }
        }
    }
}
