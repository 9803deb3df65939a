//! The results of earlier runs in a project's file or beside a journal: which of them are saved, and how they come back to the list of runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui;

use super::beside_journal::read_beside;
use super::storing::{LIGHT, ToStore};
use crate::Error;
use crate::app::kit::format;
use crate::app::kit::task::Task;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::{App, name_of};
use crate::app::shown::run::Run;
use crate::pipeline::{Recording, Snapshot};
use crate::project::journal::{Place, ResultFile};
use crate::project::{Course, RunId, RunRecord, Stored, StoredPicture, read_stored, read_stored_runs};
use crate::recipe::Stage;
use crate::support::priority::give_way;

/// Bytes that the results in a file may take together where a person chose that it holds them.
const HEAVIEST: usize = 256 << 20;
/// Numbers of pictures that come back begin here, above those of all others.
const SERIALS: u64 = 1 << 61;

/// Where results of earlier runs are read from.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// A project's file, and whether the result in it that was shown is an earlier one too.
    pub(in crate::app::shell) project: Option<(PathBuf, bool)>,
    /// Files beside a journal.
    pub(in crate::app::shell) journal: Vec<ResultFile>,
    /// Where that journal goes on.
    pub(in crate::app::shell) place: Place,
}

/// A result that came back.
#[derive(Debug)]
struct Back {
    /// Which run it is of, where its file says so.
    run: Option<RunId>,
    /// Whether it stands in the project's file.
    inside: bool,
    picture: StoredPicture,
}

/// Results of earlier runs on their way from a file.
#[derive(Debug)]
pub(in crate::app::shell) struct RunsComing {
    /// The samples that they are put on.
    onto: Arc<Snapshot>,
    /// Whether a crash came before.
    restored: bool,
    task: Task<Vec<Result<Back, String>>>,
}

impl ToStore {
    /// What is saved of a run; nothing where it has no result.
    pub(in crate::app::shell) fn of(run: &Run) -> Option<Self> {
        let snapshot = run.shown.clone().filter(|shown| shown.learned.is_some() || shown.exact.is_some())?;
        Some(Self { snapshot, course: course_of(run) })
    }

    /// The same without the looks of its training, which take more room than the result.
    fn without_looks(&self) -> Self {
        let snapshot = Snapshot { recording: Arc::new(Recording::default()), ..(*self.snapshot).clone() };
        Self { snapshot: Arc::new(snapshot), course: self.course.clone() }
    }
}

/// What a run told on its way.
fn course_of(run: &Run) -> Course {
    Course {
        curve: run.curve.clone(),
        prepared: run.prepared.clone(),
        terms: run.terms.clone(),
        seconds: run.done.iter().map(|done| (done.stage, done.seconds)).collect(),
    }
}

/// As many of these as so many bytes hold, in their order; first without the looks of their trainings, then with them.
fn within(mut room: usize, runs: Vec<(RunId, ToStore)>) -> Vec<(RunId, ToStore)> {
    let mut take = |bytes: usize| {
        let left = room.checked_sub(bytes);
        room = left.unwrap_or(room);
        left.is_some()
    };
    let bare: Vec<_> = runs.iter().map(|(_, run)| run.without_looks()).collect();
    let plain: Vec<bool> = bare.iter().map(|run| take(Stored::bytes(&run.snapshot))).collect();
    let one = |((run, bare), fits): (((RunId, ToStore), ToStore), bool)| {
        if !fits {
            return None;
        }
        let more = Stored::bytes(&run.1.snapshot).saturating_sub(Stored::bytes(&bare.snapshot));
        Some((run.0, if take(more) { run.1 } else { bare }))
    };
    runs.into_iter().zip(bare).zip(plain).filter_map(one).collect()
}

/// All there is at these places, put on samples that were just read; why not, of one that cannot be. It is run again when it is wanted.
fn read_back(places: &Places, opened: &Snapshot) -> Vec<Result<Back, String>> {
    let put = |run: Option<RunId>, inside: bool, path: &Path, stored: &Stored| {
        stored.onto(path, opened).map(|picture| Back { run, inside, picture })
    };
    let mut back = Vec::new();
    if let Some((path, main)) = &places.project {
        if *main {
            let stored = read_stored(path).map_err(|error| error.to_string()).transpose();
            back.extend(stored.map(|stored| stored.and_then(|stored| put(None, true, path, &stored))));
        }
        match read_stored_runs(path) {
            Ok(runs) => back.extend(runs.iter().map(|(run, stored)| put(Some(*run), true, path, stored))),
            Err(error) => back.push(Err(error.to_string())),
        }
    }
    for ResultFile { run, path, .. } in &places.journal {
        let stored = read_beside(&places.place, *run, path).map_err(|error| error.to_string());
        back.push(stored.and_then(|stored| put(Some(*run), false, path, &stored)));
    }
    back
}

impl App {
    /// Whether a result is of the samples that the settings ask for.
    pub(super) fn is_here(&self, of: &Snapshot) -> bool {
        let redone = of.facts.stages_redone(&of.job.recipe, &self.job.recipe);
        of.job.source == self.job.source && !redone.contains(&Stage::Load)
    }

    /// The runs of those samples whose results are at hand, the oldest first.
    pub(super) fn runs_here(&self) -> impl Iterator<Item = (RunId, &Run)> {
        let listed = self.kept_runs.results.iter().filter(|(run, _)| self.runs().get(**run).is_some());
        let here = listed.filter(|(_, run)| run.shown.as_deref().is_some_and(|shown| self.is_here(shown)));
        here.map(|(id, run)| (*id, run))
    }

    /// The results of runs beside the main one that a project is saved with, as far as there is room for them: of the same samples, those
    /// with a star first, then the newest. And how many there is no room for.
    pub(super) fn storable_runs(&self, main: &ToStore) -> (Vec<(RunId, ToStore)>, usize) {
        let current = self.run_of(&main.snapshot);
        let others = self.runs_here().filter(|(id, _)| current != Some(*id));
        let mut runs: Vec<_> = others.filter_map(|(id, run)| Some((id, ToStore::of(run)?))).collect();
        let star = |id: RunId| self.runs().get(id).is_some_and(|run| run.star);
        runs.sort_by_key(|(id, _)| (std::cmp::Reverse(star(*id)), std::cmp::Reverse(*id)));
        let all = runs.len();
        let most = if self.keep.storing.wanted == Some(true) { HEAVIEST } else { LIGHT };
        let runs = within(most.saturating_sub(Stored::bytes(&main.snapshot)), runs);
        let over = all - runs.len();
        (runs, over)
    }

    /// Reads results of earlier runs, on a thread of its own, for the samples that are shown.
    pub(super) fn await_runs(&mut self, ctx: &egui::Context, places: Places, restored: bool) {
        let Some(onto) = self.run.shown.clone() else { return };
        let opened = Arc::clone(&onto);
        let task = Task::start(ctx, "runs", "reading results of earlier runs", move |_| {
            give_way();
            Ok(read_back(&places, &opened))
        });
        match task {
            Ok(task) => self.keep.storing.runs = Some(RunsComing { onto, restored, task }),
            Err(error) => self.say_without_runs(ctx, &error),
        }
    }

    fn say_without_runs(&mut self, ctx: &egui::Context, error: &Error) {
        let text = format!("Earlier runs are listed without their results: {error}");
        self.notices.say(ctx, Grade::Bad, text);
    }

    /// Puts results that have come into the list of runs, once it is known whether the data is what it was; once a frame.
    pub(super) fn take_runs(&mut self, ctx: &egui::Context, data_is_known: bool) {
        if !data_is_known {
            return;
        }
        let ended = Task::take_ended(&mut self.keep.storing.runs, |coming| &coming.task);
        let Some((RunsComing { onto, restored, .. }, read)) = ended else { return };
        let same = |shown: &Arc<Snapshot>| Arc::ptr_eq(&shown.data.features, &onto.data.features);
        if self.keep.storing.stale || !self.run.shown.as_ref().is_some_and(same) {
            return;
        }
        let mut dropped = Vec::new();
        match read {
            Ok(all) => all.into_iter().for_each(|back| match back {
                Ok(back) => self.put_back(back),
                Err(why) => dropped.push(why),
            }),
            Err(error) => self.say_without_runs(ctx, &error),
        }
        self.kept_runs.make_room();
        let coming = usize::from(self.keep.storing.awaits_run());
        let (all, there) = (self.runs().all().len(), self.kept_runs.results.len() + coming);
        if restored && there < all {
            let text =
                format!("{} of {all} runs came back without a result: the list of runs computes it again", all - there);
            self.notices.say(ctx, Grade::Note, text);
        } else if let Some(why) = dropped.first() {
            let many = format::counted(dropped.len(), "result");
            self.notices.say(ctx, Grade::Bad, format!("{many} of earlier runs could not be brought back: {why}"));
        }
        ctx.request_repaint();
    }

    /// Puts a result that has come to its run in the list, unless there is one.
    fn put_back(&mut self, Back { run, inside, picture }: Back) {
        let Some(id) = run.or_else(|| self.known_run(&picture)) else { return };
        if inside {
            self.keep.storing.inside.insert(id);
        }
        if self.runs().get(id).is_none() || self.kept_runs.results.contains_key(&id) {
            return;
        }
        let mut run = Run::default();
        let snapshot = Arc::new(Snapshot { serial: SERIALS + id, ..picture.snapshot });
        run.show_stored(snapshot, (picture.curve, picture.prepared), &picture.seconds);
        self.kept_runs.results.insert(id, run);
    }

    /// The run in the list that a result is of.
    pub(super) fn known_run(&self, picture: &StoredPicture) -> Option<RunId> {
        let snapshot = &picture.snapshot;
        let record = RunRecord::of(snapshot, name_of(&snapshot.job.source), 0, (0.0, false));
        self.runs().all().iter().find(|run| run.is_again(&record)).map(|run| run.id)
    }

    /// What earlier runs took whose results stand in no file, in words, where it was long.
    pub(super) fn runs_in_no_file(&self, long: f64) -> Option<String> {
        let current = self.current_run();
        let lost = |run: &&RunRecord| {
            let id = run.id;
            self.kept_runs.results.contains_key(&id) && current != Some(id) && !self.keep.storing.inside.contains(&id)
        };
        let lost: Vec<_> = self.runs().all().iter().filter(lost).collect();
        let seconds: f64 = lost.iter().map(|run| run.seconds).sum();
        let what = format!("{} that took {}", format::counted(lost.len(), "earlier run"), format::seconds(seconds));
        (seconds >= long).then_some(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture::snapshot;
    use crate::pipeline::CurvePoint;

    #[test]
    fn results_come_first_and_looks_of_trainings_where_there_is_room() {
        let mut shown = Snapshot { recording: Arc::new(Recording::begin()), ..snapshot(90) };
        for step in [10, 20, 30] {
            shown.step = step;
            shown.record(CurvePoint { step, ..CurvePoint::default() });
        }
        let run = ToStore { snapshot: Arc::new(shown), course: Course::default() };
        let (all, bare) = (Stored::bytes(&run.snapshot), Stored::bytes(&run.without_looks().snapshot));
        assert!(all > bare);
        let kept = |room: usize| {
            let kept = within(room, (0..3).map(|id| (id, run.clone())).collect());
            kept.iter().map(|(id, run)| (*id, run.snapshot.recording.looks().len())).collect::<Vec<_>>()
        };
        assert_eq!(kept(3 * all), [(0, 3), (1, 3), (2, 3)]);
        assert_eq!(kept(2 * bare + all), [(0, 3), (1, 0), (2, 0)]);
        assert_eq!(kept(2 * bare), [(0, 0), (1, 0)]);
        assert!(kept(bare - 1).is_empty());
    }
}
