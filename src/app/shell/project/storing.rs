//! Results in a project: whether they are saved with it, and how they come back when it is opened.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, RichText};

use super::beside_journal::read_beside;
use super::regrowing::Regrowing;
use super::stored_runs::RunsComing;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::format;
use crate::app::kit::task::Task;
use crate::app::kit::theme::{Tokens, modal};
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::run::Phase;
use crate::pipeline::Snapshot;
use crate::project::journal::Place;
use crate::project::{Course, RunId, Stored, StoredPicture, read_stored};
use crate::{Error, Result};

/// Bytes of results that a project is saved with where nobody chose.
pub(super) const LIGHT: usize = 128 << 20;
/// A result that took longer than this is computed again only when a person says so, in seconds.
const LONGEST_AGAIN: f64 = 120.0;

/// The results of projects as the window knows them.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct Storing {
    /// Whether this project is saved with them, and what a person chose last for any; where nobody chose they are while they are light.
    pub(in crate::app::shell) wanted: Option<bool>,
    pub(in crate::app::shell) chosen: Option<bool>,
    /// The runs whose results stand in the project's file.
    pub(in crate::app::shell) inside: BTreeSet<RunId>,
    /// The question before a project gets its file; whether it was not drawn yet.
    asking: Option<bool>,
    /// Those on their way from a file.
    coming: Option<ResultComing>,
    /// The data is not what it was when they were saved.
    pub(super) stale: bool,
    /// The picture that stands in a file as it is shown.
    pub(in crate::app::shell) kept: Option<Arc<Snapshot>>,
    /// Those of earlier runs on their way from a file.
    pub(in crate::app::shell) runs: Option<RunsComing>,
    /// The graph of that picture, which is found again.
    pub(super) regrowing: Option<Regrowing>,
}

/// A result on its way from a file.
#[derive(Debug)]
struct ResultComing {
    /// The samples that they are put on.
    onto: Arc<Snapshot>,
    task: Task<StoredPicture>,
    /// What it took to compute them.
    seconds: Option<f64>,
    /// Their run, where they stood beside a journal.
    beside: Option<RunId>,
}

/// What the results in a project are.
const INSIDE: &str =
    "Eigenvectors, clusters, curves, scores, the model and the looks of the training stand in the file too";

/// What a person can save a project with.
struct Offer {
    with: String,
    /// Earlier runs, and how many of them there is no room for.
    runs: usize,
    over: usize,
    /// It is so much that nobody gets it without a tick.
    heavy: bool,
}

impl Offer {
    /// What the tick does, or its want.
    fn words(&self, wanted: bool) -> String {
        let heavy = if self.heavy {
            format!("More than {} is left out unless you tick it. ", format::bytes(LIGHT))
        } else {
            String::new()
        };
        if !wanted {
            return format!("{heavy}Opening it computes the last picture again; the same seed gives the same one.");
        }
        let more =
            if self.runs > 0 { format!(" and {}", format::counted(self.runs, "earlier run")) } else { String::new() };
        let over = match self.over {
            0 => String::new(),
            over => format!(" There is no room for {}.", format::counted(over, "other run")),
        };
        format!("Opening it shows this picture{more} at once, as long as its data is the same.{over}")
    }
}

/// How much that is, in words.
pub(in crate::app::shell) fn size(bytes: usize) -> String {
    if bytes < 1 << 20 { "under 1 MiB".to_owned() } else { format::bytes(bytes) }
}

/// What is saved of a result.
#[derive(Clone, Debug)]
pub(super) struct ToStore {
    pub(in crate::app::shell) snapshot: Arc<Snapshot>,
    pub(super) course: Course,
}

impl ToStore {
    /// What its stages took.
    pub(in crate::app::shell) fn seconds(&self) -> f64 {
        self.course.seconds.iter().map(|(_, seconds)| seconds).sum()
    }

    /// What stands in the file.
    ///
    /// # Errors
    /// As [`Stored::of`].
    pub(in crate::app::shell) fn stored(&self) -> Result<Stored> {
        Stored::of(&self.snapshot, &self.course)
    }
}

impl Storing {
    /// Whether it is asked what a project is saved with.
    pub(in crate::app::shell) fn is_asking(&self) -> bool {
        self.asking.is_some()
    }

    /// Whether the result of a run that stood beside a journal is on its way.
    pub(super) fn awaits_run(&self) -> bool {
        self.coming.as_ref().is_some_and(|coming| coming.beside.is_some())
    }
}

impl App {
    /// The result that is shown: one that is whole, on the samples that the settings ask for.
    pub(super) fn whole_result(&self) -> Option<ToStore> {
        self.result().filter(|shown| !self.run.phase.is_busy() && self.is_here(shown))?;
        ToStore::of(&self.run)
    }

    /// The result that a project is saved with: the one that is shown, else that of the last run on these samples.
    pub(super) fn storable(&self) -> Option<ToStore> {
        self.whole_result().or_else(|| ToStore::of(self.runs_here().last()?.1))
    }

    /// Whether the result shown stands in a project's file.
    pub(super) fn is_stored(&self) -> bool {
        self.keep.storing.kept.as_ref().zip(self.result()).is_some_and(|(kept, shown)| Arc::ptr_eq(kept, shown))
    }

    /// Whether this project is saved with its results: as a person chose, else while they are light.
    #[must_use]
    pub fn stores_results(&self) -> bool {
        let light = || self.storable().is_none_or(|stored| Stored::bytes(&stored.snapshot) <= LIGHT);
        self.keep.storing.wanted.unwrap_or_else(light)
    }

    /// Saves this project with its results from now on, or without, as the tick does.
    pub fn store_results(&mut self, with: bool) {
        self.keep.storing.wanted = Some(with);
    }

    /// Asks where to save the project, and with what, where there is a choice.
    pub(in crate::app::shell) fn ask_where(&mut self, ctx: &egui::Context) {
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
    pub(in crate::app::shell) fn storing_ui(&mut self, ctx: &egui::Context) {
        let Some(fresh) = self.keep.storing.asking else { return };
        let Some(main) = self.storable() else {
            self.keep.storing.asking = None;
            return;
        };
        let before = self.stores_results();
        let (mut wanted, mut answer) = (before, None);
        let offer = self.offer(&main);
        let modal = modal(ctx, egui::Id::unique("save with results")).show(ctx, |ui| {
            ui.set_width(400.0);
            let tokens = Tokens::in_ui(ui);
            ui.label(RichText::new("Save project").color(tokens.text_strong).strong());
            ui.checkbox(&mut wanted, &offer.with).on_hover_text(INSIDE);
            ui.label(RichText::new(offer.words(wanted)).small().color(tokens.text_weak));
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
        if wanted != before {
            (self.keep.storing.wanted, self.keep.storing.chosen) = (Some(wanted), Some(wanted));
            self.remember();
        }
        if answer.is_some() || modal.should_close() {
            self.keep.storing.asking = None;
        }
        if answer == Some(true) {
            self.ask_path(ctx, Purpose::SaveProject);
        }
    }

    /// What the question offers with this result.
    fn offer(&self, main: &ToStore) -> Offer {
        let (runs, over) = self.storable_runs(main);
        let snapshots = std::iter::once(&main.snapshot).chain(runs.iter().map(|(_, run)| &run.snapshot));
        let bytes = snapshots.map(|snapshot| Stored::bytes(snapshot)).sum::<usize>();
        let about = if bytes < 1 << 20 { "" } else { "about " };
        let size = format!("{about}{}", size(bytes));
        let heavy = bytes > LIGHT && self.keep.storing.wanted.is_none();
        Offer { with: format!("With results, {size}"), runs: runs.len(), over, heavy }
    }

    /// Reads a result on a thread of its own, for the samples that are shown: the one in a project's file, or that of a run beside a journal.
    pub(super) fn await_stored(
        &mut self,
        ctx: &egui::Context,
        path: PathBuf,
        seconds: Option<f64>,
        beside: Option<(RunId, Place)>,
    ) {
        let Some(onto) = self.run.shown.clone() else { return };
        let opened = Arc::clone(&onto);
        let run = beside.as_ref().map(|(run, _)| *run);
        let task = Task::start(ctx, "results", "reading the results", move |_| {
            let gone = || Error::Data("they are gone".to_owned());
            let stored = match &beside {
                Some((run, place)) => read_beside(place, *run, &path)?,
                None => read_stored(&path)?.ok_or_else(gone)?,
            };
            stored.onto(&path, &opened).map_err(Error::Data)
        });
        match task {
            Ok(task) => self.keep.storing.coming = Some(ResultComing { onto, task, seconds, beside: run }),
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
        let Some((ResultComing { onto, seconds, beside, .. }, read)) = ended else { return };
        let here = self.run.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &onto));
        if !here || self.run.phase != Phase::Ready {
            return; // A person went on without them.
        }
        let read =
            if self.keep.storing.stale { Err(Error::Data("the data has changed since".to_owned())) } else { read };
        match read {
            Ok(picture) => self.show_stored(ctx, picture, beside),
            Err(why) => {
                let of = if beside.is_some() { "that were kept" } else { "in the project" };
                self.notices.say(ctx, Grade::Bad, format!("The results {of} were dropped: {why}"));
                self.compute_again(ctx, seconds);
            }
        }
    }

    fn show_stored(&mut self, ctx: &egui::Context, picture: StoredPicture, beside: Option<RunId>) {
        let run = beside.or_else(|| self.known_run(&picture));
        let snapshot = Arc::new(picture.snapshot);
        self.run.show_stored(Arc::clone(&snapshot), (picture.curve, picture.prepared), &picture.seconds);
        self.labels.follow(&snapshot);
        if let Some(run) = run.filter(|run| self.runs().get(*run).is_some()) {
            self.kept_runs.results.insert(run, self.run.clone());
            if beside.is_none() {
                self.keep.storing.inside.insert(run);
            }
        }
        self.keep.storing.kept = Some(snapshot).filter(|_| beside.is_none());
        let which = if beside.is_some() { "from before the window ended" } else { "in the project" };
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
