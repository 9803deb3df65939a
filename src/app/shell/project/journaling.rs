//! What was done since the project was saved, as it is written down and brought back, and what the program remembers.

use std::path::{Path, PathBuf};

use eframe::egui;

use super::reopening::Restored;
use crate::Recipe;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::data::{Own, Painted, Source};
use crate::project::journal::results_beside;
use crate::project::{DataRef, Did, History, Journal, Kept, Project, Remembered, Rows, remembered};

impl App {
    /// Remembers things in this folder from now on, and offers what a window that ended badly left there.
    pub fn remember_in(&mut self, ctx: &egui::Context, folder: PathBuf) {
        let (remembered, aside) = Remembered::read(&folder);
        if let Some(aside) = aside {
            let text = format!("What the program remembered was damaged; it is set aside as {}", aside.display());
            self.notices.say(ctx, Grade::Note, text);
        }
        self.theme = remembered.theme;
        self.live.off = remembered.still;
        (self.keep.storing.wanted, self.keep.storing.chosen) = (remembered.with_results, remembered.with_results);
        self.take_layout(&remembered.layout);
        self.sight.ease = remembered.ease;
        for path in &remembered.recent {
            if !self.recent.contains(path) {
                self.recent.push(path.clone());
            }
        }
        self.tell_fault(ctx, &folder);
        self.keep.offered = remembered::left_behind(&folder);
        self.keep.offered.extend(remembered.left_beside());
        self.keep.offered.sort_by_key(|kept| kept.last);
        let wake = ctx.clone();
        match Journal::new(move || wake.request_repaint()) {
            Ok(journal) => self.keep.journal = Some(journal),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
        (self.keep.remembered, self.keep.folder) = (remembered, Some(folder));
    }

    /// Writes down what was done, once it is done.
    pub(in crate::app::shell) fn record(&mut self, did: Did) {
        // What is done in a lesson is none of the work that the journal is of.
        if self.lessons.is_open() {
            return;
        }
        let id = self.labels.id();
        if self.keep.begun.as_ref().is_none_or(|(of, job)| *of != id || !job.source.goes_with(&self.job.source)) {
            let mut state = self.project();
            // It begins with what was there before, so that the first step, too, can be taken back after a crash.
            match &did {
                Did::Labels(change) => state.edits.undo(change),
                Did::Back(change) => state.edits.redo(change),
                _ => {}
            }
            let turned = self.project_file().is_none() && state.recipe != Recipe::default();
            self.begin_journal(state);
            if let (true, Did::Run(_), Some(journal)) = (turned, &did, &self.keep.journal) {
                // A run is nothing that a person did, and the settings it is of are.
                journal.put(Did::Settings(Box::new(self.job.recipe.clone())));
            }
        }
        if let Some(journal) = &self.keep.journal {
            journal.put(did);
        }
    }

    /// What is done is of another document from now on: the journal of the one before stays for a crash.
    pub(super) fn put_journal_aside(&mut self) {
        if let (Some(journal), Some((before, _))) = (&self.keep.journal, self.keep.begun.take()) {
            journal.put_aside(before);
        }
    }

    /// Begins to write down what is done from this state on.
    fn begin_journal(&mut self, mut state: Project) {
        let (Some(journal), Some(folder)) = (&self.keep.journal, &self.keep.folder) else { return };
        let file = self.project_file().map(Path::to_owned);
        let beside = file.as_deref().map(remembered::journal_beside);
        let places = beside.into_iter().chain([remembered::unsaved_journal(folder)]).collect();
        state.data = self.where_data_is(state.data.painted.take());
        let id = self.labels.id();
        if let Some((before, _)) = self.keep.begun.as_ref().filter(|(before, _)| *before != id) {
            journal.put_aside(*before);
        }
        journal.take_up(id);
        let restored = self.keep.restored.take();
        let with = restored.as_deref().map_or_else(Vec::new, results_beside);
        journal.begin(places, file, state, restored);
        self.keep.beside.begin(&with);
        self.keep.begun = Some((id, self.job.clone()));
    }

    /// Where the data is, without reading it for a checksum; of points that were painted on since, as they stood.
    pub(super) fn where_data_is(&self, painted: Option<Painted>) -> DataRef {
        match &self.job.source {
            Source::Named(name) => DataRef { name: Some(name.clone()), ..DataRef::default() },
            Source::Path(path) => {
                DataRef { path: Some(path.canonicalize().unwrap_or_else(|_| path.clone())), ..DataRef::default() }
            }
            Source::Painted(now) => {
                DataRef { painted: Some(painted.unwrap_or_else(|| now.clone())), ..DataRef::default() }
            }
        }
    }

    /// Goes on from what was restored: its steps can be taken back, and are written down again.
    pub(super) fn retrace(&mut self, ctx: &egui::Context, Restored { start, did, .. }: Restored, selection: Rows) {
        let retraced = History::retraced(&self.job.source, self.labels.id(), &start, &did);
        if let Some(history) = retraced {
            self.steps.history.go_on_from(history);
            self.steps.history.skip_to(&self.job);
            self.begin_journal(*start);
            if let Some(journal) = &self.keep.journal {
                for did in did {
                    journal.put(did);
                }
            }
        } else {
            let text = "What was restored is there as it was left, but its steps cannot be undone: the journal does not fit itself";
            self.notices.say(ctx, Grade::Note, text);
            self.record(Did::Selected(selection));
        }
    }

    /// The project that was saved or opened last, where it is not the one that is open.
    pub(in crate::app::shell) fn last_project(&self) -> Option<&Path> {
        let last = self.keep.remembered.project.as_deref()?;
        Some(last).filter(|last| self.project_file() != Some(last))
    }

    pub(super) fn remember_project(&mut self, path: &Path) {
        self.recent.retain(|p| p != path);
        self.recent.insert(0, path.to_owned());
        self.keep.remembered.project = Some(path.to_owned());
        self.remember();
    }

    /// Writes down what is remembered, if it changed.
    pub(in crate::app::shell) fn remember(&mut self) {
        let Some(folder) = &self.keep.folder else { return };
        let mut now = self.keep.remembered.clone();
        now.recent = self.recent.iter().take(remembered::MOST_RECENT).cloned().collect();
        now.theme = self.theme;
        now.still = self.live.off;
        now.with_results = self.keep.storing.chosen;
        now.layout = self.layout();
        now.ease = self.sight.ease;
        if now != Remembered::read(folder).0
            && let Err(error) = now.write(folder)
        {
            self.notices.keep(Grade::Note, error.to_string());
        }
        self.keep.remembered = now;
    }

    /// Remembers theme, size and motion once they are others; once a frame. A picture of the window may have a theme of its own.
    pub(super) fn remember_looks(&mut self) {
        let Remembered { theme, ease, .. } = self.keep.remembered;
        if (theme, ease) != (self.theme, self.sight.ease) && !self.shoot.is_waiting() {
            self.remember();
        }
    }

    /// Brings back what a journal kept.
    pub(in crate::app::shell) fn restore(&mut self, ctx: &egui::Context, mut kept: Kept) {
        // Nothing is written where a journal points unless a project is there.
        kept.project = kept.project.filter(|path| Own::of(path) == Some(Own::Project));
        let at = kept.project.clone().unwrap_or_default();
        if let Some(source) = kept.state.data.find(&at) {
            let restored = Restored { start: kept.start, did: kept.did, results: kept.results };
            self.expect(ctx, kept.project, kept.state, source, Some(restored));
            // Its edits are in the new journal from the moment they are shown.
            self.keep.restored = Some(kept.path);
        } else {
            let text =
                format!("{} is not where it was; its edits wait until it is there again", kept.state.data.title());
            self.notices.say(ctx, Grade::Bad, text);
        }
    }

    /// The window closes, and a person let go what is not saved.
    pub(in crate::app::shell) fn end_keeping(&mut self) {
        if let Some(mut saving) = self.keep.saving.take() {
            saving.task.wait();
        }
        self.keep.beside.wait();
        if let Some(journal) = self.keep.journal.take() {
            journal.end();
        }
    }
}
