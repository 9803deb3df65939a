//! The project's file: whether what was done stands in it, and how it is saved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui;

use super::beside_journal::BesideJournal;
use super::leave::Away;
use super::made_before::MadeBefore;
use super::reopening::{Coming, Reading};
use super::storing::{Storing, ToStore, size};
use crate::Error;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::task::Task;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::running::runs::{KeptRuns, Said, said_of};
use crate::app::shell::state::{App, name_of};
use crate::data::Own;
use crate::pipeline::Job;
use crate::project::{DataRef, Did, Journal, Kept, Project, Remembered, RunId, write_project_and_runs};
use crate::support::language::counted;

/// What tells whether anything was done: document, edits and selection, the settings, and whether a result was put away. The selected points
/// themselves, as a picture that comes back has another serial.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app::shell) struct Stand {
    labels: (u64, u64),
    selection: Arc<Vec<bool>>,
    runs: u64,
    job: Job,
    /// Whether the data was to be shown alone: the file has its result still.
    alone: bool,
}

impl Stand {
    /// Whether another differs by no more than that a result was put away, which takes nothing from anyone.
    fn is_same_work(&self, other: &Self) -> bool {
        *self == Self { alone: self.alone, ..other.clone() }
    }
}

/// Runs of one document while another of the same data is shown.
#[derive(Debug)]
pub(super) struct RunsAside {
    /// Theirs, and the other one.
    of: u64,
    beside: u64,
    runs: KeptRuns,
    /// Those whose results stand in the project's file.
    inside: BTreeSet<RunId>,
}

/// A project on its way to the disk.
#[derive(Debug)]
pub(in crate::app::shell) struct Saving {
    path: PathBuf,
    stand: Stand,
    /// The result that is saved with it.
    stored: Option<ToStore>,
    /// What is said of its runs.
    said: Vec<(RunId, Said)>,
    pub(in crate::app::shell) task: Task<Written>,
}

/// What was written.
#[derive(Debug)]
pub(in crate::app::shell) struct Written {
    /// Whether the result is in it that is saved with it, and of which runs there are results.
    with_result: bool,
    inside: BTreeSet<RunId>,
    /// Why a result is not in it that should be.
    why_not: Option<Error>,
    bytes: u64,
}

/// What is kept between the steps and the disk.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct Keep {
    /// The folder for state; without one nothing is remembered.
    pub(in crate::app::shell) folder: Option<PathBuf>,
    pub(in crate::app::shell) remembered: Remembered,
    /// The project's file, and of which document it is.
    pub(in crate::app::shell) file: Option<(u64, PathBuf)>,
    pub(in crate::app::shell) saved: Option<Stand>,
    pub(in crate::app::shell) saving: Option<Saving>,
    /// The file of a project that is being read, and a project whose data is on its way.
    pub(in crate::app::shell) reading: Option<Reading>,
    pub(in crate::app::shell) coming: Option<Coming>,
    /// The project of the data that is shown, where there is one.
    pub(super) made_before: Option<MadeBefore>,
    /// The runs of a project that was let go.
    pub(super) runs_aside: Option<RunsAside>,
    /// A project whose data is to be found by hand.
    pub(in crate::app::shell) lost: Option<(PathBuf, Project)>,
    /// Tells how the data differs from what a project was saved with.
    pub(in crate::app::shell) changed: Option<Task<Option<String>>>,
    /// Results in the project.
    pub(in crate::app::shell) storing: Storing,
    pub(in crate::app::shell) journal: Option<Journal>,
    /// Results beside it.
    pub(in crate::app::shell) beside: BesideJournal,
    /// The document that the journal is of, and the settings that it last heard of.
    pub(in crate::app::shell) begun: Option<(u64, Job)>,
    /// What windows that ended badly left, the next to be asked about last.
    pub(in crate::app::shell) offered: Vec<Kept>,
    /// What the result of what was just opened took, while it is computed again.
    pub(in crate::app::shell) again: Option<f64>,
    /// The journal that the one to begin goes on from.
    pub(in crate::app::shell) restored: Option<PathBuf>,
    title: String,
    /// What goes on once the project is saved.
    pub(in crate::app::shell) then: Option<Away>,
}

impl App {
    /// The project's file, if what is shown is of one.
    #[must_use]
    pub fn project_file(&self) -> Option<&Path> {
        self.keep.file.as_ref().filter(|(of, _)| *of == self.labels.id()).map(|(_, path)| path.as_path())
    }

    pub(in crate::app::shell) fn stand(&self) -> Stand {
        let labels = (self.labels.id(), self.labels.edited());
        let runs = self.kept_runs.list.serial();
        let (selection, job) = (Arc::clone(self.centre.selection.flags()), self.job.clone());
        Stand { labels, selection, runs, job, alone: self.undoes_reset() }
    }

    /// Whether anything stands that is not in the project's file.
    pub(super) fn is_unsaved(&self) -> bool {
        match (&self.keep.saved, self.project_file()) {
            (Some(saved), Some(_)) => *saved != self.stand(),
            (None, Some(_)) => true,
            (_, None) => self.has_work_in_no_file(),
        }
    }

    /// Whether anything that a person did is in no file.
    pub(super) fn has_unsaved_work(&self) -> bool {
        match (&self.keep.saved, self.project_file()) {
            (Some(saved), Some(_)) => !saved.is_same_work(&self.stand()),
            _ => self.is_unsaved(),
        }
    }

    /// Whether anything is in no file that would be in a project's, where none is open.
    fn has_work_in_no_file(&self) -> bool {
        let (said, points) = (self.kept_runs.said_in_no_file() > 0, self.unsaved_points().is_some());
        !self.labels.document().is_empty() || self.centre.selection.count() > 0 || said || points
    }

    /// All that a person did, but for where the data is.
    pub(in crate::app::shell) fn project(&self) -> Project {
        let seconds = self.run.done.iter().map(|d| d.seconds).sum();
        let (colour_by, views) = self.centre.told();
        Project {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            data: DataRef::default(),
            recipe: self.job.recipe.clone(),
            edits: self.labels.document().clone(),
            selection: self.selected_rows(),
            colour_by,
            views,
            trained: self.result().map(|_| seconds).or(self.keep.again),
            runs: self.kept_runs.on(&self.job.source),
            queries: self.select.queries().to_vec(),
        }
    }

    pub(in crate::app::shell) fn dim(&self) -> (usize, usize) {
        self.run.shown.as_ref().map_or((0, 0), |s| (s.data.len(), s.data.dim()))
    }

    /// Whether the project is being saved, or asked where to.
    fn is_saving(&self) -> bool {
        self.keep.storing.is_asking() || self.is_asking_path() || self.keep.saving.is_some()
    }

    /// Saves the project in its file, or asks for one.
    pub(in crate::app::shell) fn save(&mut self, ctx: &egui::Context) {
        match self.project_file().map(Path::to_owned) {
            Some(path) => self.save_to(ctx, path),
            None => self.ask_where(ctx),
        }
    }

    /// Saves the project, on a thread of its own: the data is read once for its checksum.
    pub(in crate::app::shell) fn save_to(&mut self, ctx: &egui::Context, mut path: PathBuf) {
        if self.keep.saving.is_some() {
            return self.notices.say(ctx, Grade::Note, "The project is being saved already");
        }
        if path.extension().is_none() {
            path.set_extension("eigenscope");
        }
        if path.exists() && Own::of(&path) != Some(Own::Project) {
            let text = format!("{} is there and is no project; choose another name", path.display());
            self.notices.say(ctx, Grade::Bad, text);
            return self.ask_path(ctx, Purpose::SaveProject);
        }
        let (mut project, stand, dim) = (self.project(), self.stand(), self.dim());
        let (job, to) = (self.job.clone(), path.clone());
        let stored = self.storable().filter(|_| self.stores_results());
        let runs = stored.as_ref().map_or_else(Vec::new, |main| self.runs_to_save(ctx, main));
        if let Some(main) = stored.as_ref().filter(|_| self.run.phase.is_busy()) {
            // What is at work is not whole, and the last result that is comes back.
            project.trained = Some(main.seconds());
        }
        let (to_store, said) = (stored.clone(), said_of(&project.runs));
        let task = Task::start(ctx, "save", format!("saving {}", path.display()), move |_| {
            project.data = DataRef::of(&job.source, &job.recipe, Some(&to), dim)?;
            let mut why_not = None;
            let mut whole = |run: &ToStore| run.stored().map_err(|error| why_not = Some(error)).ok();
            let runs: Vec<_> = runs.iter().filter_map(|(id, run)| Some((*id, whole(run)?))).collect();
            let result = to_store.as_ref().and_then(whole);
            write_project_and_runs(&to, &project, result.as_ref(), &runs)?;
            let ids = runs.iter().map(|(id, _)| *id);
            let inside = if result.is_some() { ids.collect() } else { BTreeSet::new() };
            let bytes = std::fs::metadata(&to).map_or(0, |about| about.len());
            Ok(Written { with_result: result.is_some(), inside, why_not, bytes })
        });
        match task {
            Ok(task) => self.keep.saving = Some(Saving { path, stand, stored, said, task }),
            Err(error) => self.notices.say(ctx, Grade::Bad, format!("the project was not saved: {error}")),
        }
    }

    /// The earlier runs that are saved with the main one; those for which there is no room are counted.
    fn runs_to_save(&mut self, ctx: &egui::Context, main: &ToStore) -> Vec<(RunId, ToStore)> {
        let (runs, over) = self.storable_runs(main);
        if over > 0 {
            let text = format!(
                "The results of {} are not in the project, which has no room for them",
                counted(over, "earlier run")
            );
            self.notices.say(ctx, Grade::Note, text);
        }
        if self.run.phase.is_busy() {
            let text = "The training at work is not in the project yet: save again once it has ended";
            self.notices.say(ctx, Grade::Note, text);
        }
        runs
    }

    /// Begins anew with the same data: no edits, no selection, no file.
    pub(super) fn new_project(&mut self, ctx: &egui::Context) {
        self.labels.clear();
        self.centre.selection.clear();
        self.rest_selection();
        self.kept_runs = KeptRuns::default();
        self.keep.storing.inside.clear();
        self.keep.reading = None;
        if let (Some(journal), Some(_)) = (&self.keep.journal, self.keep.begun.take()) {
            journal.remove();
        }
        self.keep_run(ctx);
    }

    /// The data of the project was opened anew by hand: its file stays as it was saved, and what is done from now on is of no file. Undo brings
    /// back what was shown, of the project as before.
    pub(in crate::app::shell) fn let_go_of_project(&mut self) {
        let before = self.labels.id();
        self.labels.clear();
        self.centre.selection.clear();
        self.centre.selection.pinned = None;
        self.rest_selection();
        self.put_journal_aside();
        // Runs with their stars and notes are the project's, and come back with it.
        let (runs, inside) = (std::mem::take(&mut self.kept_runs), std::mem::take(&mut self.keep.storing.inside));
        self.keep.runs_aside = Some(RunsAside { of: before, beside: self.labels.id(), runs, inside });
        self.keep.made_before = None; // It is looked for again, as one was saved since.
        self.way.reset_from = Some(self.job.clone());
    }

    /// Gives a document that is shown again the runs that were put aside with it, and puts those of the other one aside; once a frame.
    fn swap_runs(&mut self) {
        let document = self.labels.id();
        let Some(aside) = self.keep.runs_aside.as_mut().filter(|aside| aside.of == document) else { return };
        std::mem::swap(&mut aside.of, &mut aside.beside);
        std::mem::swap(&mut aside.runs, &mut self.kept_runs);
        std::mem::swap(&mut aside.inside, &mut self.keep.storing.inside);
    }

    /// The labels were begun anew on other samples of the same data: the project is the same.
    pub(in crate::app::shell) fn keep_file_of(&mut self, before: u64) {
        if let Some((of, _)) = self.keep.file.as_mut().filter(|(of, _)| *of == before) {
            *of = self.labels.id();
        }
    }

    /// Once a frame: what came of a project being saved or looked at, settings that changed, the window's title.
    pub(super) fn keep_up(&mut self, ctx: &egui::Context, moving: bool) {
        self.take_coming(ctx);
        self.swap_runs();
        self.look_for_project(ctx);
        self.take_saved(ctx);
        if !self.is_saving() {
            self.keep.then = None; // A person thought better of it.
        }
        if self.result().is_some() || !self.run.phase.is_busy() {
            self.keep.again = None;
        }
        if !moving && !self.lessons.is_open() && self.settings_are_news() {
            self.record(Did::Settings(Box::new(self.job.recipe.clone())));
            self.keep.begun = Some((self.labels.id(), self.job.clone()));
        }
        if let Some(trouble) = self.keep.journal.as_ref().and_then(Journal::trouble) {
            let text = format!("What you do is not written down, and a crash would lose it: {trouble}");
            self.notices.say(ctx, Grade::Bad, text);
        }
        if let Some((_, looked)) = Task::take_ended(&mut self.keep.changed, |task| task) {
            // Results are not shown over data of which nothing is known.
            let said = looked.unwrap_or_else(|error| Some(error.to_string()));
            self.keep.storing.stale = said.is_some();
            if let Some(said) = said {
                self.notices.say(ctx, Grade::Bad, said);
            }
        }
        self.take_stored(ctx, self.keep.changed.is_none());
        self.take_runs(ctx, self.keep.changed.is_none());
        self.write_results_down(ctx);
        self.take_written(ctx);
        self.take_graph(ctx);
        self.remember_looks();
        self.remember_layout(ctx.input(|i| i.pointer.any_down()));
        let name = match self.project_file() {
            Some(path) => path.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
            None => name_of(&self.job.source),
        };
        let star = if self.is_unsaved() { "*" } else { "" };
        let title = format!("{name}{star} – Eigenscope");
        if title != self.keep.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.keep.title = title;
        }
    }

    /// Whether neither the journal has the settings, nor, where none is begun, the project's file.
    fn settings_are_news(&self) -> bool {
        let known = match (&self.keep.begun, self.project_file(), &self.keep.saved) {
            (Some((of, job)), _, _) => Some((*of, job)),
            (None, Some(_), Some(saved)) => Some((saved.labels.0, &saved.job)),
            _ => None,
        };
        known.is_some_and(|(of, job)| {
            of == self.labels.id() && job.source.goes_with(&self.job.source) && job.recipe != self.job.recipe
        })
    }

    /// What the window is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.keep.title
    }

    fn take_saved(&mut self, ctx: &egui::Context) {
        let Some((saving, written)) = Task::take_ended(&mut self.keep.saving, |saving| &saving.task) else { return };
        let Saving { path, stand, stored, said, .. } = saving;
        match written {
            Ok(Written { with_result, inside, why_not, bytes }) => {
                let with = if with_result { "with its results" } else { "without results" };
                let text = format!("Saved {}, {with}, {}", path.display(), size(bytes as usize));
                self.notices.say(ctx, Grade::Good, text);
                // A run that came to its end just before may have been listed since.
                let main = stored.as_ref().filter(|_| with_result).and_then(|main| self.run_of(&main.snapshot));
                self.keep.storing.inside = inside.into_iter().chain(main).collect();
                self.keep.storing.kept = stored.filter(|_| with_result).map(|stored| stored.snapshot);
                if let Some(why_not) = why_not {
                    let what = if with_result {
                        "An earlier run is in the project without"
                    } else {
                        "The project was saved without"
                    };
                    self.notices.say(ctx, Grade::Bad, format!("{what} its result: {why_not}"));
                }
                self.remember_project(&path);
                if stand.labels.0 == self.labels.id() {
                    self.keep.file = Some((stand.labels.0, path));
                    self.kept_runs.are_in_a_file(said);
                }
                let all = stand == self.stand();
                self.keep.saved = Some(stand);
                if let (true, Some(journal)) = (all, &self.keep.journal) {
                    self.keep.begun = None;
                    journal.remove();
                }
                self.leave_once_saved(ctx, true);
            }
            Err(error) => {
                self.notices.say(ctx, Grade::Bad, error.to_string());
                self.leave_once_saved(ctx, false);
            }
        }
    }
}
