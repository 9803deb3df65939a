//! Results in a project: whether they are saved with it, and how they come back when it is opened.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, RichText};

use crate::Error;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::format;
use crate::app::kit::task::Task;
use crate::app::kit::theme::{Tokens, modal};
use crate::app::shell::notices::Grade;
use crate::app::shell::regrowing::Regrowing;
use crate::app::shell::state::{App, name_of};
use crate::app::shell::stored_runs::{RunsComing, course_of};
use crate::app::shown::run::Phase;
use crate::pipeline::Snapshot;
use crate::project::{Course, RunRecord, Stored, StoredPicture, read_stored};
use crate::recipe::Stage;

/// A result that took longer than this is computed again only when a person says so, in seconds.
const LONGEST_AGAIN: f64 = 120.0;

/// The results of projects as the window knows them.
#[derive(Debug, Default)]
pub(super) struct Storing {
    /// Whether this project is saved with them, and what a person chose last for any.
    pub(super) wanted: bool,
    pub(super) chosen: bool,
    /// The question before a project gets its file; whether it was not drawn yet.
    asking: Option<bool>,
    /// Those on their way from a file.
    coming: Option<Coming>,
    /// The data is not what it was when they were saved.
    pub(super) stale: bool,
    /// The picture that stands in a file as it is shown.
    pub(super) kept: Option<Arc<Snapshot>>,
    /// Those of earlier runs on their way from a file.
    pub(super) runs: Option<RunsComing>,
    /// The graph of that picture, which is found again.
    pub(super) regrowing: Option<Regrowing>,
}

#[derive(Debug)]
struct Coming {
    /// The samples that they are put on.
    onto: Arc<Snapshot>,
    task: Task<StoredPicture>,
    /// What it took to compute them.
    seconds: Option<f64>,
    /// Their file, where that stands beside a journal.
    beside: Option<PathBuf>,
}

/// What is saved of a result.
#[derive(Clone, Debug)]
pub(super) struct ToStore {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) course: Course,
}

impl ToStore {
    /// What stands in the file; a sentence where that is not to be.
    pub(super) fn stored(&self) -> (Option<Stored>, Option<String>) {
        match Stored::of(&self.snapshot, &self.course) {
            Ok(stored) => (Some(stored), None),
            Err(error) => (None, Some(format!("The project was saved without its results: {error}"))),
        }
    }
}

impl Storing {
    /// Whether it is asked what a project is saved with.
    pub(super) fn is_asking(&self) -> bool {
        self.asking.is_some()
    }
}

impl App {
    /// The result that a project can be saved with: one that is whole, on the samples that the settings ask for.
    pub(super) fn storable(&self) -> Option<ToStore> {
        let snapshot = self.result().filter(|_| !self.run.phase.is_busy())?;
        let redone = snapshot.facts.stages_redone(&snapshot.job.recipe, &self.job.recipe);
        if snapshot.job.source != self.job.source || redone.contains(&Stage::Load) {
            return None;
        }
        Some(ToStore { snapshot: Arc::clone(snapshot), course: course_of(&self.run) })
    }

    /// Whether the result shown stands in a project's file.
    pub(super) fn is_stored(&self) -> bool {
        self.keep.storing.kept.as_ref().zip(self.result()).is_some_and(|(kept, shown)| Arc::ptr_eq(kept, shown))
    }

    /// Whether projects are saved with their results.
    #[must_use]
    pub fn stores_results(&self) -> bool {
        self.keep.storing.wanted
    }

    /// Saves this project with its results from now on, or without, as the tick does.
    pub fn store_results(&mut self, with: bool) {
        self.keep.storing.wanted = with;
    }

    /// Asks where to save the project, and with what, where there is a choice.
    pub(super) fn ask_where(&mut self, ctx: &egui::Context) {
        if self.storable().is_some() {
            if self.project_file().is_none() {
                self.keep.storing.wanted = self.keep.storing.chosen;
            }
            self.keep.storing.asking = Some(true);
            ctx.request_repaint();
        } else {
            self.ask_path(ctx, Purpose::SaveProject);
        }
    }

    /// Draws the question, if there is one.
    pub(super) fn storing_ui(&mut self, ctx: &egui::Context) {
        let Some(fresh) = self.keep.storing.asking else { return };
        let Some(bytes) = self.result().map(|snapshot| Stored::bytes(snapshot)) else {
            self.keep.storing.asking = None;
            return;
        };
        let runs = self.storable_runs();
        let bytes = bytes + runs.iter().map(|(_, run)| Stored::bytes(&run.snapshot)).sum::<usize>();
        let mut answer = None;
        let mut wanted = self.keep.storing.wanted;
        let modal = modal(ctx, egui::Id::unique("save with results")).show(ctx, |ui| {
            ui.set_width(400.0);
            let tokens = Tokens::in_ui(ui);
            ui.label(RichText::new("Save project").color(tokens.text_strong).strong());
            let size =
                if bytes < 1 << 20 { "under 1 MiB".to_owned() } else { format!("about {}", format::bytes(bytes)) };
            let text = format!("With results, {size}");
            let tip = "Eigenvectors, clusters, curves, scores and the model stand in the file too";
            ui.checkbox(&mut wanted, text).on_hover_text(tip);
            let what = match (wanted, runs.len()) {
                (false, _) => "Opening it computes this picture again; the same seed gives the same one.".to_owned(),
                (true, 0) => "Opening it shows this picture at once, as long as its data is the same.".to_owned(),
                (true, more) => {
                    let more = format::counted(more, "earlier run");
                    format!("Opening it shows this picture, and on request {more}, at once, as long as its data is the same.")
                }
            };
            ui.label(RichText::new(what).small().color(tokens.text_weak));
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let go = ui.button("Choose a file…");
                if fresh {
                    go.request_focus();
                }
                if go.clicked() {
                    answer = Some(true);
                } else if ui.button("Cancel").clicked() {
                    answer = Some(false);
                }
            });
        });
        self.keep.storing.asking = Some(false);
        if wanted != self.keep.storing.wanted {
            (self.keep.storing.wanted, self.keep.storing.chosen) = (wanted, wanted);
            self.remember();
        }
        if answer.is_some() || modal.should_close() {
            self.keep.storing.asking = None;
        }
        if answer == Some(true) {
            self.ask_path(ctx, Purpose::SaveProject);
        }
    }

    /// Reads the results in a project's file, on a thread of its own, for the samples that are shown.
    /// Those that stand beside a journal are not in the project yet.
    pub(super) fn await_stored(&mut self, ctx: &egui::Context, path: PathBuf, seconds: Option<f64>, journal: bool) {
        let Some(onto) = self.run.shown.clone() else { return };
        let beside = Some(path.clone()).filter(|_| journal);
        let opened = Arc::clone(&onto);
        let task = Task::start(ctx, "results", "reading the results", move |_| {
            let stored = read_stored(&path)?.ok_or_else(|| Error::Data("they are gone".to_owned()))?;
            stored.onto(&path, &opened).map_err(Error::Data)
        });
        match task {
            Ok(task) => self.keep.storing.coming = Some(Coming { onto, task, seconds, beside }),
            Err(_) => self.compute_again(ctx, seconds),
        }
    }

    /// Shows results that have come, once it is known whether the data is what it was.
    pub(super) fn take_stored(&mut self, ctx: &egui::Context, data_is_known: bool) {
        let ready = data_is_known && self.run.phase != Phase::Opening;
        if !ready {
            return;
        }
        let ended = Task::take_ended(&mut self.keep.storing.coming, |coming| &coming.task);
        let Some((Coming { onto, seconds, beside, .. }, read)) = ended else { return };
        let journal = beside.is_some();
        if let Some(file) = beside {
            self.move_result(file);
        }
        let here = self.run.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &onto));
        if !here || self.run.phase != Phase::Ready {
            return; // A person went on without them.
        }
        let read =
            if self.keep.storing.stale { Err(Error::Data("the data has changed since".to_owned())) } else { read };
        match read {
            Ok(picture) => self.show_stored(ctx, picture, journal),
            Err(why) => {
                let of = if journal { "that were kept" } else { "in the project" };
                self.notices.say(ctx, Grade::Bad, format!("The results {of} were dropped: {why}"));
                self.compute_again(ctx, seconds);
            }
        }
    }

    fn show_stored(&mut self, ctx: &egui::Context, picture: StoredPicture, journal: bool) {
        let snapshot = Arc::new(picture.snapshot);
        let seconds: f64 = picture.seconds.iter().map(|(_, seconds)| seconds).sum();
        self.run.show_stored(Arc::clone(&snapshot), (picture.curve, picture.prepared), &picture.seconds);
        self.labels.follow(&snapshot);
        let record = RunRecord::of(&snapshot, name_of(&snapshot.job.source), 0, (seconds, false));
        if let Some(same) = self.kept_runs.list.all().iter().find(|run| run.is_again(&record)) {
            self.kept_runs.results.insert(same.id, self.run.clone());
        }
        self.keep.storing.kept = Some(snapshot).filter(|_| !journal);
        let which = if journal { "from before the window ended" } else { "in the project" };
        self.notices.say(ctx, Grade::Note, format!("The result is the one {which}; a training computes it anew"));
        self.regrow_graph(ctx);
        ctx.request_repaint();
    }

    /// Computes the result of a project again, or says that it can be.
    pub(super) fn compute_again(&mut self, ctx: &egui::Context, seconds: Option<f64>) {
        match seconds {
            Some(seconds) if seconds < LONGEST_AGAIN => self.start(),
            Some(_) => {
                let text = "Press Space to compute the result again that the labels belong to";
                self.notices.say(ctx, Grade::Note, text);
            }
            None => {}
        }
    }
}
