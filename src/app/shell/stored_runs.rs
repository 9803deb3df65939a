//! The results of earlier runs in a project's file: which of them are saved with it, and how they come back to the list of runs.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui;

use crate::app::kit::task::Task;
use crate::app::shell::state::App;
use crate::app::shell::storing::ToStore;
use crate::app::shown::run::Run;
use crate::pipeline::{Recording, Snapshot};
use crate::project::{Course, RunId, Stored, StoredPicture, read_stored_runs};
use crate::recipe::Stage;
use crate::support::priority::give_way;

/// Bytes that the results of earlier runs may take in a file together.
const HEAVIEST: usize = 256 << 20;
/// Numbers of pictures that come back begin here, above those of all others.
const SERIALS: u64 = 1 << 61;

/// Results of earlier runs on their way from a file.
#[derive(Debug)]
pub(super) struct RunsComing {
    /// The samples that they are put on.
    onto: Arc<Snapshot>,
    task: Task<Vec<(RunId, StoredPicture)>>,
}

impl ToStore {
    /// What is saved of an earlier run: all but the looks of its training, which take more room than the result.
    fn of_run(run: &Run) -> Option<Self> {
        let shown = run.shown.as_ref()?;
        let snapshot = Arc::new(Snapshot { recording: Arc::new(Recording::default()), ..(**shown).clone() });
        Some(Self { snapshot, course: course_of(run) })
    }
}

/// What a run told on its way.
pub(super) fn course_of(run: &Run) -> Course {
    Course {
        curve: run.curve.clone(),
        prepared: run.prepared.clone(),
        terms: run.terms.clone(),
        seconds: run.done.iter().map(|done| (done.stage, done.seconds)).collect(),
    }
}

impl App {
    /// The results of runs beside the one shown that a project is saved with, as far as there is room for them: of the same samples, those
    /// with a star first, then the newest.
    pub(super) fn storable_runs(&self) -> Vec<(RunId, ToStore)> {
        let Some(shown) = self.result() else { return Vec::new() };
        let current = self.current_run();
        let here = |of: &Snapshot| {
            let redone = shown.facts.stages_redone(&of.job.recipe, &shown.job.recipe);
            of.job.source == shown.job.source && !redone.contains(&Stage::Load)
        };
        let mut runs: Vec<_> = self.runs().all().iter().filter(|run| current != Some(run.id)).collect();
        runs.sort_by_key(|run| (std::cmp::Reverse(run.star), std::cmp::Reverse(run.id)));
        let mut room = HEAVIEST;
        let fits = |(id, run): (RunId, &Run)| {
            let stored = ToStore::of_run(run)?;
            room = room.checked_sub(Stored::bytes(&stored.snapshot))?;
            Some((id, stored))
        };
        let results = runs.into_iter().filter_map(|run| Some((run.id, self.kept_runs.results.get(&run.id)?)));
        let results = results.filter(|(_, run)| run.shown.as_deref().is_some_and(here));
        results.map_while(fits).collect()
    }

    /// Reads the results of earlier runs in a project's file, on a thread of its own, for the samples that are shown.
    pub(super) fn await_runs(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(onto) = self.run.shown.clone() else { return };
        let opened = Arc::clone(&onto);
        let task = Task::start(ctx, "runs", "reading results of earlier runs", move |_| {
            give_way();
            let put = |(id, stored): (RunId, Stored)| Some((id, stored.onto(&path, &opened).ok()?));
            Ok(read_stored_runs(&path)?.into_iter().filter_map(put).collect())
        });
        match task {
            Ok(task) => self.keep.storing.runs = Some(RunsComing { onto, task }),
            Err(error) => log::warn!("results of earlier runs: {error}"),
        }
    }

    /// Puts results that have come into the list of runs, once it is known whether the data is what it was; once a frame.
    pub(super) fn take_runs(&mut self, data_is_known: bool) {
        if !data_is_known {
            return;
        }
        let ended = Task::take_ended(&mut self.keep.storing.runs, |coming| &coming.task);
        let Some((RunsComing { onto, .. }, read)) = ended else { return };
        let read = match read {
            Ok(read) => read,
            // What cannot be read is run again when it is wanted, which the list of runs offers.
            Err(error) => return log::warn!("results of earlier runs: {error}"),
        };
        let same = |shown: &Arc<Snapshot>| Arc::ptr_eq(&shown.data.features, &onto.data.features);
        if self.keep.storing.stale || !self.run.shown.as_ref().is_some_and(same) {
            return;
        }
        for (id, picture) in read {
            if self.runs().get(id).is_none() || self.kept_runs.results.contains_key(&id) {
                continue;
            }
            let mut run = Run::default();
            let snapshot = Arc::new(Snapshot { serial: SERIALS + id, ..picture.snapshot });
            run.show_stored(snapshot, (picture.curve, picture.prepared), &picture.seconds);
            self.kept_runs.results.insert(id, run);
        }
        self.kept_runs.make_room();
    }
}
