//! Painting as the window has it: the points are the source of its job, a stroke is a step, and what was painted is written down.

use std::path::{Path, PathBuf};

use eframe::egui;

use super::frame::notices::Grade;
use super::project::leave::Away;
use super::state::App;
use crate::Recipe;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::format;
use crate::app::paint::{Answer, Around, Paint, Wanted};
use crate::app::shown::run::{Phase, Run};
use crate::data::{Labels, Painted, Source, Spot};
use crate::output::write_atomically;
use crate::pipeline::{Job, Snapshot};
use crate::project::Did;
use crate::recipe::Auto;
use crate::support::random::{Stream, rng};

/// Points that the journal is given before it begins anew from all that there is.
const MOST_WRITTEN: usize = 4_000_000;

/// The painter, and what the window knows of its points.
#[derive(Debug, Default)]
pub(super) struct Painting {
    pub(super) paint: Paint,
    /// The points that painting began with, and those that were saved: they are nothing to lose.
    begun: Painted,
    saved: Option<Painted>,
    /// The file whose points were copied.
    origin: Option<PathBuf>,
    /// Points that the journal was given since it began.
    written: usize,
    /// Whether the points are on their way from one step to the next.
    moving: bool,
    /// A copy was asked for of data that is still being opened.
    soon: bool,
}

impl App {
    /// Whether points are painted in the place of the input view.
    #[must_use]
    pub fn paints(&self) -> bool {
        self.painting.paint.on && self.job.source.painted().is_some()
    }

    /// The painter.
    #[must_use]
    pub fn painter(&self) -> &Paint {
        &self.painting.paint
    }

    /// Paints, or looks at what was painted.
    pub(super) fn toggle_paint(&mut self, ctx: &egui::Context) {
        if self.paints() {
            self.painting.paint.on = false;
        } else if let Some(painted) = self.job.source.painted() {
            self.painting.paint.open(painted);
        } else {
            self.begin_painting(ctx, false);
        }
    }

    /// Begins on a copy that was asked for while its data was being opened, once that is there; once a frame.
    pub(super) fn paint_soon(&mut self, ctx: &egui::Context) {
        if self.painting.soon && self.run.phase != Phase::Opening && self.on_its_way().is_none() {
            self.painting.soon = false;
            // Of data that failed there is nothing to copy.
            if self.run.phase != Phase::Failed {
                self.begin_painting(ctx, false);
            }
        }
    }

    /// Goes to an empty plane, or to a copy of what is shown where that is flat.
    pub(super) fn begin_painting(&mut self, ctx: &egui::Context, empty: bool) {
        self.painting.soon = !empty && (self.run.phase == Phase::Opening || self.on_its_way().is_some());
        if self.painting.soon {
            return;
        }
        let shown = self.run.shown.clone().filter(|shown| !empty && shown.job.source == self.job.source);
        let copied = shown.as_deref().and_then(copy);
        if let Some(shown) = shown.filter(|shown| copied.is_some() && shown.data.len() > Painted::MOST) {
            let (count, all) = (format::count(Painted::MOST), format::count(shown.data.len()));
            let text = format!("A fair sample of {count} of the {all} points is painted on: there cannot be more");
            self.notices.say(ctx, Grade::Note, text);
        }
        self.leave(ctx, Away::Source(Source::Painted(copied.unwrap_or_default())));
    }

    /// Goes to these points to paint on.
    pub(super) fn show_painted(&mut self, painted: Painted) {
        match &self.job.source {
            Source::Path(path) => self.painting.origin = Some(path.clone()),
            Source::Named(_) => self.painting.origin = None,
            Source::Painted(_) => {}
        }
        (self.painting.begun, self.painting.saved) = (painted.clone(), None);
        self.painting.paint.open(&painted);
        let few = painted.len() < 2;
        let job = Job { source: Source::Painted(painted), recipe: flat(&self.job.recipe) };
        if few {
            self.show_blank(job, false);
        } else {
            self.want(job, false);
        }
    }

    /// Painted points came out of a project, or, `restored`, out of a journal: they are painted on.
    pub(super) fn paint_on(&mut self, restored: bool) {
        let Some(painted) = self.job.source.painted().cloned() else { return };
        self.painting.paint.open(&painted);
        self.painting.origin = None;
        (self.painting.begun, self.painting.saved) = (if restored { Painted::default() } else { painted }, None);
    }

    /// Shows a plane with too few points to be loaded: nothing is shown of it but the plane itself. `back` when it was there before.
    pub(super) fn show_blank(&mut self, job: Job, back: bool) {
        let left = self.picture();
        self.abandon();
        if !back {
            self.steps.history.settle(&left.job);
        }
        self.way.pictures.keep(left);
        self.centre.reset();
        self.run = Run::default().brought_back(self.engine.latest());
        self.labels.clear();
        self.centre.selection.clear();
        self.rest_selection();
        self.set_job(job);
        if !back {
            self.steps.history.settle(&self.job);
        }
        (self.sent, self.way.elsewhere) = (self.job.clone(), true);
    }

    /// Whether painted points are to be loaded by themselves: there is nothing yet to see of them, or the input view shows others.
    pub(super) fn loads_painted(&self) -> bool {
        let Some(painted) = self.job.source.painted() else { return false };
        let other = self.job.source != self.sent.source;
        other && painted.len() >= 2 && (self.run.shown.is_none() || !self.paints())
    }

    /// Draws the painter in the place of the input view, and takes in what a person does.
    pub(super) fn paint_ui(&mut self, ui: &mut egui::Ui, rect: egui::Rect) {
        let Some(painted) = self.job.source.painted().cloned() else { return };
        let (ctx, dark) = (ui.ctx().clone(), ui.visuals().dark_mode);
        let seen = self.drawn().cloned().filter(|seen| seen.job.source.painted().is_some());
        let labels = if self.live.frame.is_some() { &self.live.labels } else { &self.labels };
        let seen = seen.map(|seen| {
            let colors = self.centre.colors(&seen, labels, dark);
            (seen, colors)
        });
        let around = Around { painted: &painted, seed: self.job.recipe.seed, seen };
        let builder = egui::UiBuilder::new().max_rect(rect).id_salt("painting");
        let answer = ui.scope_builder(builder, |ui| {
            ui.set_clip_rect(rect.intersect(ui.clip_rect()));
            self.painting.paint.ui(ui, &around)
        });
        self.painted(&ctx, answer.inner);
    }

    /// What a person did with the painter.
    pub(super) fn painted(&mut self, ctx: &egui::Context, answer: Answer) {
        if let Some(painted) = answer.painted {
            self.way.forget_reset();
            if !self.painting.moving {
                self.steps.history.settle(&self.job); // What was done before is a step of its own.
            }
            self.painting.moving = !answer.done;
            self.job.source = Source::Painted(painted);
            ctx.request_repaint();
        }
        if answer.done && self.steps.history.settle(&self.job) {
            self.record_painted();
        }
        match answer.wanted {
            Some(Wanted::Leave) => self.painting.paint.on = false,
            Some(Wanted::Save) => self.ask_path(ctx, Purpose::SavePainted),
            None => {}
        }
    }

    /// Writes down the points as they stand.
    pub(super) fn record_painted(&mut self) {
        let Some(painted) = self.job.source.painted().cloned() else { return };
        self.painting.written += painted.len();
        if self.painting.written > MOST_WRITTEN {
            // From all that there is, which is less than what was done.
            (self.keep.begun, self.painting.written) = (None, painted.len());
        }
        self.record(Did::Painted(painted));
    }

    /// Saves the points as a table; never over the one that they were copied from.
    pub(super) fn save_painted(&mut self, path: &Path) -> crate::Result<()> {
        let Some(painted) = self.job.source.painted().cloned() else { return Ok(()) };
        let path = if path.extension().is_none() { path.with_extension("csv") } else { path.to_owned() };
        if self.painting.origin.as_ref().is_some_and(|origin| crate::output::guard::same_file(origin, &path)) {
            let text = "the points were copied from it, and nothing was written; choose another name";
            return Err(crate::Error::format(&path, text));
        }
        write_atomically(&path, |writer| writer.write_all(painted.csv().as_bytes()))?;
        self.painting.saved = Some(painted);
        Ok(())
    }

    /// What of the painted points is nowhere else, in words.
    pub(super) fn unsaved_points(&self) -> Option<String> {
        let painted = self.job.source.painted().filter(|painted| !painted.is_empty())?;
        let kept = *painted == self.painting.begun || self.painting.saved.as_ref() == Some(painted);
        (!kept).then(|| format::counted(painted.len(), "painted point"))
    }
}

/// A recipe for painted points: what it says of other columns, of samples and of noise was for other data.
fn flat(recipe: &Recipe) -> Recipe {
    let recipe = recipe.columns_as_guessed().with_rows_of(&Recipe::default());
    Recipe { samples: Auto::Auto, noise: Auto::Auto, limit: 0, ..recipe }
}

/// The points of a flat set, a fair sample where they are too many. Classes beyond those that one paints with are left out.
fn copy(shown: &Snapshot) -> Option<Painted> {
    let data = &shown.data;
    if data.dim() != 2 {
        return None;
    }
    let numbers = data.numbers();
    let class = |i: usize| {
        let id = data.labels.as_ref().and_then(|labels: &Labels| labels.class(i));
        id.and_then(|id| u8::try_from(id + 1).ok()).unwrap_or(0)
    };
    let dot = |i: usize| Spot { at: [numbers[[i, 0]], numbers[[i, 1]]], class: class(i) };
    if data.len() <= Painted::MOST {
        return Some(Painted::new((0..data.len()).map(dot)));
    }
    let mut draws = rng(shown.job.recipe.seed, Stream::Spray, 0);
    let mut rows = rand::seq::index::sample(&mut draws, data.len(), Painted::MOST).into_vec();
    rows.sort_unstable();
    Some(Painted::new(rows.into_iter().map(dot)))
}

/// Whether the window waits for nothing, so that painted points may be loaded.
pub(super) fn is_idle(phase: Phase) -> bool {
    matches!(phase, Phase::Empty | Phase::Ready | Phase::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shown::fixture::snapshot;

    #[test]
    fn what_is_flat_is_copied_and_the_recipe_is_for_painted_points() {
        let shown = snapshot(None, None);
        let copied = copy(&shown).expect("it has two features");
        assert_eq!(copied.dots()[1], Spot { at: [1.0, 0.2], class: 1 });
        assert_eq!(copied.dots().iter().map(|dot| dot.class).collect::<Vec<_>>(), [1, 1, 2, 2]);
        let known_labels = Some("known.csv".into());
        let recipe = Recipe { limit: 50, samples: Auto::Set(9), known_labels, ..Recipe::default() };
        let recipe = Recipe { ignore: "a".to_owned(), seed: 4, ..recipe };
        assert_eq!(flat(&recipe), Recipe { seed: 4, ..Recipe::default() });
    }
}
