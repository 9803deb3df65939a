//! A project that is opened: its data comes first, then what was made of it.

use std::path::{Path, PathBuf};

use eframe::egui;

use super::stored_runs::Places;
use crate::Result;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::format;
use crate::app::kit::standing::Standing;
use crate::app::kit::task::Task;
use crate::app::shell::frame::banner::banner;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::running::runs::KeptRuns;
use crate::app::shell::state::App;
use crate::app::shown::labels::Labels;
use crate::data::Source;
use crate::pipeline::Job;
use crate::project::journal::ResultFile;
use crate::project::{Did, Journal, Kept, Project, RunId, has_results, journal, read_project, remembered};
use crate::support::progress::Control;

/// A project whose data is on its way to the screen.
#[derive(Debug)]
pub(in crate::app::shell) struct Coming {
    /// Its file, if it has one.
    path: Option<PathBuf>,
    state: Project,
    job: Job,
    /// Where it comes from a journal, and is not on the disk as it is: all that was before the last things that were done, and these.
    restored: Option<Restored>,
}

/// A project's file that is being read. Dropping it lets the project be.
#[derive(Debug)]
pub(in crate::app::shell) struct Reading {
    path: PathBuf,
    task: Task<Read>,
}

/// What was read.
#[derive(Debug)]
struct Read {
    /// The whole path of its file.
    path: PathBuf,
    state: Project,
    /// Where its data is, if that is there.
    data: Option<Source>,
    /// What a window that ended badly had gone on with.
    beside: Option<Kept>,
}

impl Read {
    /// Reads a project, and its journal where one is wanted.
    fn of(path: &Path, with_journal: bool) -> Result<Self> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let state = read_project(&path)?;
        let beside = if with_journal { journal::read(&remembered::journal_beside(&path)) } else { None };
        let data = state.data.find(&path);
        Ok(Self { path, state, data, beside })
    }
}

/// What a journal kept of the way to where it ended.
#[derive(Debug)]
pub(in crate::app::shell) struct Restored {
    pub(in crate::app::shell) start: Box<Project>,
    pub(in crate::app::shell) did: Vec<Did>,
    /// The finished results beside it, the oldest run first.
    pub(in crate::app::shell) results: Vec<ResultFile>,
}

impl App {
    /// Opens a project's file, which is read on a thread of its own: its data first, then what was made of it.
    ///
    /// # Errors
    /// [`crate::Error::Device`] where the system refuses a thread.
    pub(in crate::app::shell) fn open_project(&mut self, ctx: &egui::Context, path: PathBuf) -> Result<()> {
        let (of, with_journal) = (path.clone(), self.keep.journal.is_some());
        let work = move |_: &Control| Read::of(&of, with_journal);
        let task = Task::start(ctx, "project", format!("reading {}", path.display()), work)?;
        self.keep.reading = Some(Reading { path, task });
        ctx.request_repaint();
        Ok(())
    }

    /// The project's file that is being read.
    #[must_use]
    pub fn reads_project(&self) -> Option<&Path> {
        self.keep.reading.as_ref().map(|reading| reading.path.as_path())
    }

    /// Goes on with a project that was read, once no question waits for its answer; once a frame.
    pub(in crate::app::shell) fn take_project(&mut self, ctx: &egui::Context) {
        if self.asks() || self.is_asking_path() {
            return;
        }
        let Some((_, read)) = Task::take_ended(&mut self.keep.reading, |reading| &reading.task) else { return };
        match read {
            Ok(read) => self.take_read(ctx, read),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    fn take_read(&mut self, ctx: &egui::Context, Read { path, state, data, beside }: Read) {
        // A window that ended badly had gone on from there. It is of this project, whatever it says, which may have come with it.
        if let Some(kept) = beside {
            // It may wait already, as the project was opened last.
            self.keep.offered.retain(|waiting| waiting.path != kept.path);
            self.keep.offered.push(Kept { project: Some(path.clone()), ..kept });
        }
        if let Some(source) = data {
            self.expect(ctx, Some(path), state, source, None);
        } else {
            let text = format!("{} is not where it was; choose where it is now", state.data.title());
            self.notices.say(ctx, Grade::Note, text);
            self.keep.lost = Some((path, state));
            self.ask_path(ctx, Purpose::FindData);
        }
    }

    /// The strip that says which project is read. Whether there is one.
    pub(in crate::app::shell) fn reading_ui(&mut self, ui: &mut egui::Ui) -> bool {
        let Some(path) = self.reads_project() else { return false };
        let text = format!("Reading {}", path.display());
        if banner(ui, Standing::Opening, &text, "", &["Cancel opening"]).is_some() {
            self.keep.reading = None;
        }
        true
    }

    /// A person said where the data of a project is now.
    pub(in crate::app::shell) fn found_data(&mut self, ctx: &egui::Context, data: PathBuf) {
        if let Some((path, state)) = self.keep.lost.take() {
            self.expect(ctx, Some(path), state, Source::Path(data), None);
        }
    }

    pub(in crate::app::shell) fn expect(
        &mut self,
        ctx: &egui::Context,
        path: Option<PathBuf>,
        state: Project,
        source: Source,
        restored: Option<Restored>,
    ) {
        let job = Job { source, recipe: state.recipe.clone() };
        self.keep.storing.stale = false;
        let (data, of) = (state.data.clone(), job.clone());
        let task = Task::start(ctx, "checksum", "a look at the data's checksum", move |_| {
            Ok(data.changed(&of.source, &of.recipe))
        });
        match task {
            Ok(task) => self.keep.changed = Some(task),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
        self.keep.coming = Some(Coming { path, state, job: job.clone(), restored });
        self.want(job, false);
    }

    /// Shows what a project holds once its data is there.
    pub(super) fn take_coming(&mut self, ctx: &egui::Context) {
        if self.keep.coming.is_none() || self.on_its_way().is_some() {
            return;
        }
        let Some(Coming { path, state, job, restored }) = self.keep.coming.take() else { return };
        let Some(shown) = self.run.shown.clone().filter(|shown| shown.job.source == job.source) else {
            return; // It failed, which is said.
        };
        let (samples, features) = self.dim();
        if state.data.samples > 0 && (samples as u64, features as u64) != (state.data.samples, state.data.features) {
            let then = format::dimensions(state.data.samples as usize, state.data.features as usize);
            let now = format::dimensions(samples, features);
            let text = format!("The project was saved with {then} values, now there are {now}");
            self.notices.say(ctx, Grade::Note, text);
        }
        self.carried = None;
        self.kept_runs = KeptRuns::of(state.runs, &job.source);
        self.keep.runs_aside = None;
        self.job = job;
        self.steps.history.skip_to(&self.job);
        self.labels = Labels::of(state.edits).renumbered(self.labels.serial());
        self.labels.follow(&shown);
        self.centre.tell(state.colour_by.as_deref(), &state.views);
        self.select_rows(&state.selection);
        self.select.set_queries(state.queries);
        let results = restored.as_ref().map_or_else(Vec::new, |restored| restored.results.clone());
        let stored = path.clone().filter(|path| has_results(path));
        if let Some(path) = path {
            self.remember_project(&path);
            let storing = &mut self.keep.storing;
            storing.wanted = stored.as_ref().map_or(storing.chosen, |_| Some(true));
            self.keep.file = Some((self.labels.id(), path));
        }
        self.keep.storing.inside.clear();
        let is_restored = restored.is_some();
        self.paint_on(is_restored);
        self.keep.saved = restored.is_none().then(|| self.stand());
        self.put_journal_aside();
        // The journal that begins now is of a project with a result, though it is not there yet.
        self.keep.again = state.trained;
        if let Some(restored) = restored {
            self.retrace(ctx, restored, state.selection);
        }
        self.await_results(ctx, stored, results, state.trained, is_restored);
    }

    /// Has the results read that a project's file and a journal hold: the one of the settings beside the journal is shown, else the newest there,
    /// else the one of the project.
    fn await_results(
        &mut self,
        ctx: &egui::Context,
        project: Option<PathBuf>,
        mut journal: Vec<ResultFile>,
        trained: Option<f64>,
        restored: bool,
    ) {
        let place = self.keep.journal.as_ref().map(Journal::place).unwrap_or_default();
        let asked = |run: RunId| self.runs().get(run).is_some_and(|run| run.recipe == self.job.recipe);
        let of_settings = journal.iter().rposition(|file| asked(file.run));
        let newest = of_settings.or(journal.len().checked_sub(1)).map(|at| journal.remove(at));
        // A result that was put away is an earlier one like others.
        let main = project.clone().filter(|_| trained.is_some() && newest.is_none());
        let places = Places { project: project.map(|path| (path, main.is_none())), journal, place: place.clone() };
        if restored || places.project.is_some() {
            self.await_runs(ctx, places, restored);
        }
        match (newest, main) {
            (Some(file), _) => self.await_stored(ctx, file.path, trained, Some((file.run, place))),
            (None, Some(path)) => self.await_stored(ctx, path, trained, None),
            (None, None) => self.compute_again(ctx, trained),
        }
    }
}
