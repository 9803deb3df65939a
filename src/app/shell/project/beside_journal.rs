//! Finished results, written down beside the journal: a crash takes what was found no more than what a person did.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eframe::egui;

use super::storing::ToStore;
use crate::app::kit::format;
use crate::app::kit::task::Task;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::project::journal::{HEAVIEST, Place, ResultFile, result_of};
use crate::project::{Project, RunId, Stored, read_stored, write_project_with};
use crate::{Error, Result};

/// How often the writer of the journal is asked for its place, and after what time each.
const TRIES: usize = 300;
const PAUSE: Duration = Duration::from_millis(20);

/// What stands beside the journal, and what is on its way there.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct BesideJournal {
    /// Bytes of each, about.
    bytes: BTreeMap<RunId, u64>,
    writing: Vec<(Vec<RunId>, Task<()>)>,
    /// Held by the one that writes.
    turn: Arc<Mutex<()>>,
    /// Whether it was said that the oldest go.
    said: bool,
    /// A journal has just begun, and results of its data are not beside it yet.
    due: bool,
    /// Something could not be written, and is tried again with the next run.
    failed: bool,
}

impl BesideJournal {
    /// A journal begins with these, and goes on from the one that they stood beside.
    pub(in crate::app::shell) fn begin(&mut self, with: &[ResultFile]) {
        self.bytes = with.iter().map(|file| (file.run, file.bytes)).collect();
        self.due = true;
    }

    /// Waits until nothing is written any more.
    pub(in crate::app::shell) fn wait(&mut self) {
        self.writing.drain(..).for_each(|(_, mut task)| task.wait());
    }

    /// Those that go, so that one of so many bytes has room: the oldest without a star first. None where it has none at all.
    fn make_room(&mut self, bytes: u64, star: impl Fn(RunId) -> bool) -> Option<Vec<RunId>> {
        if bytes > HEAVIEST {
            return None;
        }
        let mut order: Vec<RunId> = self.bytes.keys().copied().collect();
        order.sort_by_key(|&run| (star(run), run));
        let mut all: u64 = self.bytes.values().sum();
        let mut gone = Vec::new();
        for run in order {
            if all + bytes <= HEAVIEST {
                break;
            }
            all -= self.bytes.remove(&run).unwrap_or_default();
            gone.push(run);
        }
        Some(gone)
    }
}

impl App {
    /// Writes down the result of the run that has just come to its end, on a thread of its own.
    pub(in crate::app::shell) fn write_result_down(&mut self, ctx: &egui::Context, run: RunId) {
        self.keep.beside.due |= std::mem::take(&mut self.keep.beside.failed);
        if self.keep.begun.is_some()
            && !self.outlives_a_crash(run)
            && let Some(result) = self.whole_result()
        {
            self.write_down(ctx, vec![(run, result)]);
        }
    }

    /// Whether a run's result stands in the project's file or beside the journal.
    fn outlives_a_crash(&self, run: RunId) -> bool {
        self.keep.storing.inside.contains(&run) || self.keep.beside.bytes.contains_key(&run)
    }

    /// Writes down all results of this data that neither a project's file nor a journal has that has just begun; once a frame.
    pub(super) fn write_results_down(&mut self, ctx: &egui::Context) {
        if !std::mem::take(&mut self.keep.beside.due) {
            return;
        }
        let due = self.runs_here().filter(|(run, _)| !self.outlives_a_crash(*run));
        let all = due.filter_map(|(id, run)| Some((id, ToStore::of(run)?))).collect();
        self.write_down(ctx, all);
    }

    fn write_down(&mut self, ctx: &egui::Context, results: Vec<(RunId, ToStore)>) {
        let Some(journal) = self.keep.journal.as_ref().filter(|_| !self.lessons.is_open()) else { return };
        let place = journal.place();
        let (mut wanted, mut gone) = (Vec::new(), Vec::new());
        for (run, result) in results {
            let bytes = Stored::bytes(&result.snapshot) as u64;
            let star = |run| self.kept_runs.list.get(run).is_some_and(|run| run.star);
            let Some(over) = self.keep.beside.make_room(bytes, star) else {
                let text =
                    format!("The result of run {} is too large to outlive a crash; a saved project has it", run + 1);
                self.notices.say(ctx, Grade::Note, text);
                continue;
            };
            self.keep.beside.bytes.insert(run, bytes);
            wanted.retain(|(run, _)| !over.contains(run));
            gone.extend(over);
            wanted.push((run, result));
        }
        if !gone.is_empty() && !std::mem::replace(&mut self.keep.beside.said, true) {
            let most = format::bytes(HEAVIEST as usize);
            let text = format!(
                "Results beyond {most} do not outlive a crash: the oldest are dropped. A saved project has them"
            );
            self.notices.say(ctx, Grade::Note, text);
        }
        if wanted.is_empty() {
            return;
        }
        let project = Project { data: self.where_data_is(None), recipe: self.job.recipe.clone(), ..Project::default() };
        let runs: Vec<RunId> = wanted.iter().map(|(run, _)| *run).collect();
        let turn = Arc::clone(&self.keep.beside.turn);
        let work = move |_: &_| {
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(at) = awaited(&place)? else { return Ok(()) };
            for run in &gone {
                let _ = std::fs::remove_file(result_of(&at, *run));
            }
            let written = wanted.iter().try_for_each(|(run, result)| write(&result_of(&at, *run), &project, result));
            leave_none_behind(&at, wanted.iter().map(|(run, _)| *run));
            written
        };
        match Task::start(ctx, "result", "writing a result down", work) {
            Ok(task) => self.keep.beside.writing.push((runs, task)),
            Err(error) => self.say_unwritten(ctx, &error),
        }
    }

    /// Says what became of results that were to be written down; once a frame.
    pub(super) fn take_written(&mut self, ctx: &egui::Context) {
        let mut refused = Vec::new();
        self.keep.beside.writing.retain(|(runs, task)| {
            let ended = task.ended();
            let over = ended.is_some();
            refused.extend(ended.and_then(Result::err).map(|error| (runs.clone(), error)));
            !over
        });
        for (runs, error) in refused {
            self.keep.beside.bytes.retain(|run, _| !runs.contains(run));
            self.keep.beside.failed = true;
            self.say_unwritten(ctx, &error);
        }
    }

    fn say_unwritten(&mut self, ctx: &egui::Context, error: &Error) {
        let text =
            format!("A finished result is not written down and would have to be computed again after a crash: {error}");
        self.notices.say(ctx, Grade::Note, text);
    }
}

fn write(path: &Path, project: &Project, result: &ToStore) -> Result<()> {
    write_project_with(path, project, Some(&result.stored()?))
}

/// The result of a run that stood beside a journal, wherever that goes on meanwhile.
pub(super) fn read_beside(place: &Place, run: RunId, from: &Path) -> Result<Stored> {
    for _ in 0..TRIES {
        // Once the next journal has its place it has all results, too; so its place is asked for before they are looked for.
        let (next, over) = (place.get().map(|at| result_of(&at, run)), place.is_over());
        for path in [Some(from), next.as_deref()].into_iter().flatten() {
            match read_stored(path) {
                Ok(Some(stored)) => return Ok(stored),
                // It may be on its way from the one place to the other.
                Err(error) if path.exists() => return Err(error),
                Ok(None) | Err(_) => {}
            }
        }
        if next.is_some() || over {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    Err(Error::Data("they are gone".to_owned()))
}

/// Where a journal is, which its own thread opens; one that ended meanwhile needs no results.
fn awaited(place: &Place) -> Result<Option<PathBuf>> {
    for _ in 0..TRIES {
        let there = place.get();
        if there.is_some() || place.is_over() {
            return Ok(there);
        }
        std::thread::sleep(PAUSE);
    }
    Err(Error::Data("the journal beside which it goes is not there yet".to_owned()))
}

/// Takes results away again whose journal ended meanwhile.
fn leave_none_behind(at: &Path, runs: impl Iterator<Item = RunId>) {
    if !at.exists() {
        runs.for_each(|run| drop(std::fs::remove_file(result_of(at, run))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_without_a_star_give_way() {
        let mut beside = BesideJournal::default();
        let file = |run: RunId| ResultFile { run, path: PathBuf::new(), bytes: HEAVIEST / 4 };
        beside.begin(&[0, 1, 2, 3].map(file));
        assert_eq!(beside.make_room(HEAVIEST / 2, |run| run == 0), Some(vec![1, 2]));
        assert_eq!(beside.make_room(HEAVIEST + 1, |_| false), None, "there is no room for it at all");
    }
}
