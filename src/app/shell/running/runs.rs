//! The runs that are kept: noticed as they end, shown again, starred, noted, deleted, and the small runs of their sheet.

use std::collections::BTreeMap;

use eframe::egui;

use crate::app::sheet::runs::{RunsAsk, RunsShown};
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::{App, name_of};
use crate::app::shown::run::Run;
use crate::data::Source;
use crate::pipeline::{Command, Job, Snapshot};
use crate::project::{Did, RunChange, RunId, RunRecord, Runs, Step, journal};

/// Bytes that the results of runs may hold together; beyond it the oldest without a star go, and are computed again when they are wanted.
const HEAVIEST: usize = 512 << 20;

/// Runs with what is kept of them.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct KeptRuns {
    pub(in crate::app::shell) list: Runs,
    /// Results with their curves; heavy parts are shared with the views.
    pub(in crate::app::shell) results: BTreeMap<RunId, Run>,
    /// Where each run's samples are from.
    sources: BTreeMap<RunId, Source>,
    /// A run whose data is on its way, to be computed again.
    wanted: Option<Job>,
    /// The star and the note that a run has in a project's file.
    in_a_file: BTreeMap<RunId, Said>,
}

impl KeptRuns {
    /// Those of a project on this data; nothing of their results.
    pub(in crate::app::shell) fn of(runs: Vec<RunRecord>, source: &Source) -> Self {
        let list = Runs::of(runs);
        let sources = list.all().iter().map(|run| (run.id, source.clone())).collect();
        let in_a_file = said_of(list.all()).into_iter().collect();
        Self { list, sources, in_a_file, ..Self::default() }
    }

    /// This stands in a project's file now.
    pub(in crate::app::shell) fn are_in_a_file(&mut self, said: Vec<(RunId, Said)>) {
        self.in_a_file.extend(said);
    }

    /// How many runs have a star or a note that stands in no file.
    pub(in crate::app::shell) fn said_in_no_file(&self) -> usize {
        let said = said_of(self.list.all()).into_iter().filter(|(_, (star, note))| *star || !note.is_empty());
        said.filter(|(id, said)| self.in_a_file.get(id) != Some(said)).count()
    }

    /// The runs on this data.
    pub(in crate::app::shell) fn on(&self, source: &Source) -> Vec<RunRecord> {
        let here = |run: &&RunRecord| self.sources.get(&run.id) == Some(source);
        self.list.all().iter().filter(here).cloned().collect()
    }

    fn job(&self, id: RunId) -> Option<Job> {
        let recipe = self.list.get(id)?.recipe.clone();
        Some(Job { source: self.sources.get(&id)?.clone(), recipe })
    }

    /// Frees the oldest results beyond what all may hold.
    pub(in crate::app::shell) fn make_room(&mut self) {
        let weight = |run: &Run| run.shown.as_deref().map_or(0, weight);
        let mut all: usize = self.results.values().map(weight).sum();
        let rank = |id: RunId| self.list.get(id).map(|run| run.star);
        let mut order: Vec<RunId> = self.results.keys().copied().collect();
        // Those that were deleted go first, those with a star last.
        order.sort_by_key(|&id| (rank(id), id));
        // The newest stays, however heavy it is.
        for id in order {
            if all <= HEAVIEST || self.results.len() < 2 {
                break;
            }
            if let Some(gone) = self.results.remove(&id) {
                all -= weight(&gone);
            }
        }
    }
}

/// What a person says of a run: its star, and its note.
pub(in crate::app::shell) type Said = (bool, String);

/// The same of some runs.
pub(in crate::app::shell) fn said_of(runs: &[RunRecord]) -> Vec<(RunId, Said)> {
    runs.iter().map(|run| (run.id, (run.star, run.note.clone()))).collect()
}

/// Bytes that a result takes, beyond the samples, which runs share.
fn weight(snapshot: &Snapshot) -> usize {
    let sides = [&snapshot.learned, &snapshot.exact].into_iter().flatten();
    let vectors: usize = sides.map(|side| 8 * side.space.vectors.len() + 4 * side.clusters.assignment.len()).sum();
    let edges = snapshot.operator.as_ref().map_or(0, |operator| 12 * operator.affinity.columns.len());
    let codes = [&snapshot.codes, &snapshot.metric].into_iter().flatten().map(|rows| 4 * rows.len()).sum::<usize>();
    // Neighbours have a place and a distance each, about as many as there are edges.
    vectors + 2 * edges + codes + snapshot.recording.bytes()
}

impl App {
    /// The runs of this session and of the project.
    #[must_use]
    pub fn runs(&self) -> &Runs {
        &self.kept_runs.list
    }

    /// Keeps the run that has just ended.
    pub(in crate::app::shell) fn keep_run(&mut self, ctx: &egui::Context) -> Option<RunId> {
        let snapshot = self.result().cloned()?;
        let seconds = self.run.done.iter().map(|done| done.seconds).sum();
        let stopped = self.run.stopped.is_some();
        let record = RunRecord::of(&snapshot, name_of(&snapshot.job.source), journal::now(), (seconds, stopped));
        let (id, new) = self.kept_runs.list.add(record);
        self.kept_runs.sources.insert(id, snapshot.job.source.clone());
        self.kept_runs.results.insert(id, self.run.clone());
        self.kept_runs.make_room();
        if let Some(run) = self.kept_runs.list.get(id).filter(|_| new).cloned() {
            self.record(Did::Run(Box::new(run)));
        }
        self.write_result_down(ctx, id);
        Some(id)
    }

    /// The run that the views show.
    pub(in crate::app::shell) fn current_run(&self) -> Option<RunId> {
        self.run_of(self.result()?)
    }

    /// The run that a result is of.
    pub(in crate::app::shell) fn run_of(&self, result: &Snapshot) -> Option<RunId> {
        let same = |run: &Run| run.shown.as_ref().is_some_and(|s| s.serial == result.serial && s.job == result.job);
        self.kept_runs.results.iter().find(|(_, run)| same(run)).map(|(&id, _)| id)
    }

    /// The sheet of runs, if it is open.
    pub(in crate::app::shell) fn runs_ui(&mut self, ctx: &egui::Context) {
        let shown = RunsShown {
            runs: &self.kept_runs.list,
            results: &self.kept_runs.results,
            current: self.current_run(),
            snapshot: self.run.shown.as_ref().filter(|s| s.learned.is_some() || s.exact.is_some()),
            job: &self.job,
            pins: &self.centre.pins,
            busy: self.run.phase.is_busy() || self.compare.is_running(),
        };
        if let Some(ask) = self.runs_sheet.ui(ctx, &shown) {
            self.runs_asked(ctx, ask);
        }
    }

    fn runs_asked(&mut self, ctx: &egui::Context, ask: RunsAsk) {
        match ask {
            RunsAsk::Restore(id) => self.restore_run(ctx, id),
            RunsAsk::Star(id) => {
                let title = |run: &RunRecord| {
                    let deed = if run.star { "Unstar" } else { "Star" };
                    format!("{deed} run {}", run.id + 1)
                };
                self.change_run(id, title, |run| Some(RunRecord { star: !run.star, ..run }));
            }
            RunsAsk::Pin(id) => self.toggle_pin_of(id),
            RunsAsk::Note(id, note) => {
                let title = |run: &RunRecord| format!("Note to run {}", run.id + 1);
                self.change_run(id, title, |run| Some(RunRecord { note, ..run }));
            }
            RunsAsk::Delete(id) => self.change_run(id, |run| format!("Delete run {}", run.id + 1), |_| None),
            RunsAsk::Sweep(sweep) => self.engine.send(Command::Sweep(sweep)),
            RunsAsk::EndSweep => self.engine.send(Command::EndSweep),
            RunsAsk::Take(recipe) => {
                self.set_job(Job { recipe: *recipe, ..self.job.clone() });
                self.notices.say(
                    ctx,
                    Grade::Good,
                    "The cell's settings are in the panels: train to see the whole result",
                );
            }
        }
        ctx.request_repaint();
    }

    /// Changes a run, or takes it out, as a step.
    fn change_run(
        &mut self,
        id: RunId,
        title: impl FnOnce(&RunRecord) -> String,
        change: impl FnOnce(RunRecord) -> Option<RunRecord>,
    ) {
        let Some(before) = self.kept_runs.list.get(id).cloned() else { return };
        let title = title(&before);
        let after = change(before.clone()).map(Box::new);
        let change = RunChange { title, before: Some(Box::new(before)), after };
        self.step_runs(&change, true);
        self.way.forget_reset();
        self.steps.history.push(&self.job, Step::Runs(change));
    }

    /// Makes a change of the list, or takes it back.
    pub(in crate::app::shell) fn step_runs(&mut self, change: &RunChange, again: bool) {
        self.kept_runs.list.step(change, again);
        let now = if again { &change.after } else { &change.before };
        match (now, &change.before) {
            (Some(run), _) => self.record(Did::Run(run.clone())),
            (None, Some(run)) => self.record(Did::RunGone(run.id)),
            (None, None) => {}
        }
    }

    /// Shows a run again: its settings, and its result where it is kept; else it is computed again.
    pub fn restore_run(&mut self, ctx: &egui::Context, id: RunId) {
        let Some(job) = self.kept_runs.job(id) else { return };
        let kept = self.kept_runs.results.get(&id).cloned().filter(|run| run.shown.is_some());
        let here = self.run.shown.as_ref().is_some_and(|shown| shown.job.source == job.source);
        let Some(run) = kept else {
            let text = format!("The result of run {} is not kept any more: it is computed again", id + 1);
            self.notices.say(ctx, Grade::Note, text);
            if here {
                self.set_job(job);
                self.start();
            } else {
                self.want(job.clone(), false);
                self.kept_runs.wanted = Some(job);
            }
            return;
        };
        self.way.forget_reset();
        self.steps.history.settle(&self.job);
        if !here {
            self.way.pictures.keep(self.picture());
        }
        let picture = self.picture_of(run, job.clone(), here);
        self.abandon();
        self.show_picture(picture);
        self.set_job(job);
        self.steps.history.settle(&self.job);
        self.sent = self.job.clone();
        self.regrow_graph(ctx);
        self.notices.say(ctx, Grade::Good, format!("Run {} is shown again", id + 1));
    }

    /// Computes a run again whose data has come.
    pub(in crate::app::shell) fn run_wanted(&mut self) {
        if self.on_its_way().is_some() {
            return;
        }
        if let Some(job) = self.kept_runs.wanted.take()
            && self.run.shown.as_ref().is_some_and(|shown| *shown.job == job)
        {
            self.set_job(job);
            self.start();
        }
    }
}
