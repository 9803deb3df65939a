//! Supervised systems: labels of one part of the data teach a network, and the rest scores it.
//!
//! `--system dscl` is Deep Spectral Clustering Learning ([`crate::nets::dscl`]); `contrastive` and `triplet`
//! ([`crate::nets::metric`]) are baselines that share its network, batches and number of steps. The chain is load → represent →
//! learn → clusters: there is no graph, and no exact side to compare with.

mod batches;
pub(crate) mod place;
mod report;
mod settings;
mod split;
mod trainer;
mod training;

use std::sync::Arc;

pub use report::{Form, Report};
pub(crate) use training::{Halted, Trained};

use super::chain::{Chain, Loaded, Outcome, Watcher, begins_anew};
use super::facts::WorkedOut;
use super::kept::Run;
use super::{Event, Snapshot, Stage};
use crate::data::Dataset;
use crate::nets::Compute;
use crate::progress::{Progress, Stopwatch};
use crate::recipe::Recipe;
use crate::{Error, Result};
use settings::Settings;
use split::Split;

/// What a supervised training will use on `n` samples of `d` features.
pub(super) fn worked_out(recipe: &Recipe, n: usize, d: usize) -> WorkedOut {
    // Outputs and classes of a batch hang on what is held out, which is not asked about here.
    let Settings { hidden, steps, lr, margin, .. } = Settings::worked_out(recipe, n, d, 2);
    let (batch, fourier) = (settings::batch(recipe), training::waves(recipe));
    WorkedOut { hidden, fourier, batch, steps, lr, margin: Some(margin), ..WorkedOut::default() }
}

/// Whether a supervised system can be trained so on this data, `d` numbers a sample.
///
/// # Errors
/// [`Error::Setting`] naming the flag whose value makes no sense, [`Error::Data`] where labels are missing.
pub(super) fn check(recipe: &Recipe, data: &Dataset, d: usize) -> Result<()> {
    if !recipe.learn {
        return Err(Error::Setting(
            "a supervised --system has a learned side alone, and --no-learn leaves nothing to do".to_owned(),
        ));
    }
    let split = Split::new(data, recipe)?;
    let Some(labels) = &data.labels else { return Ok(()) };
    let (clusters, n) = (recipe.clusters.set().unwrap_or(labels.names.len()), data.len());
    if clusters == 0 || clusters > n {
        return Err(Error::Setting(format!("--clusters {clusters} is outside 1 to {n}, the number of samples")));
    }
    Settings::resolve(recipe, n, d, split.classes_taught(labels)).map(drop)
}

impl Chain {
    /// The rest of the chain for a supervised system, once the data is loaded.
    pub(super) fn run_supervised(
        &mut self,
        mut run: Run<'_>,
        loaded: &Loaded,
        mut snapshot: Snapshot,
    ) -> Result<Outcome> {
        let recipe = &run.job.recipe;
        let split = Split::new(&loaded.data, recipe)?;
        let Some(labels) = &loaded.data.labels else {
            return Err(Error::Data("there are no labels; --label-column names their column".to_owned()));
        };
        snapshot.clusters = recipe.clusters.set().unwrap_or(labels.names.len());
        let watch = Stopwatch::start(run.control);
        snapshot.baseline = Some(self.baseline(&mut run, loaded, snapshot.clusters)?);
        let mut cluster_seconds = watch.seconds();
        self.publish(&mut snapshot, run.watcher);

        let compute = Compute::open(recipe.device)?;
        snapshot.device.clone_from(&compute.name);
        let (control, watcher): (_, &dyn Watcher) = (run.control, run.watcher);
        let mut halted = self.halted_supervised.take_for(&run);
        let (serial, kept) = (&mut self.serial, &mut self.supervised);
        let goes_on = run.goes_on;
        let trained = run.stage(Stage::Learn, kept, |_| {
            begins_anew(goes_on && halted.is_none(), watcher);
            let scaled = &loaded.scaled;
            let task = training::Task { recipe, compute: &compute, scaled, labels, split, control, watcher };
            let trained = training::train(&task, &snapshot, serial, &mut halted)?;
            let notes = trained.notes.clone();
            Ok((Arc::new(trained), notes))
        });
        self.halted_supervised.keep(run.job, halted);
        let trained = trained?;

        let watch = Stopwatch::start(run.control);
        let report = |f: f32, note: &str| watcher.event(Event::Progress(Stage::Clusters, f, note.to_owned()));
        let progress = Progress::new(control.clone(), &report);
        let outputs = trained.outputs.view();
        let (report, scores) =
            report::evaluate(outputs, loaded.scaled.view(), &trained.split, labels, recipe, &progress)?;
        let placing = report::stored(outputs, &trained.split, recipe)?;
        let solution =
            training::solve(&trained.outputs, &placing, &snapshot, recipe.starts, scores, recipe, &progress)?;
        let model = trained.model(recipe, &loaded.data, &loaded.scaler, placing, &solution.clusters);
        run.note(report.note(recipe.system));
        (snapshot.step, snapshot.kept, snapshot.steps) = (trained.step, trained.step, trained.steps);
        snapshot.ending = Some(trained.ending);
        snapshot.learned = Some(Arc::new(solution));
        snapshot.supervised = Some(Arc::new(report));
        cluster_seconds += watch.seconds();
        run.done(Stage::Clusters, cluster_seconds, false);
        self.publish(&mut snapshot, watcher);
        let (curve, model) = (trained.curve.clone(), Some(model));
        Ok(Outcome { snapshot, stages: run.stages, exact: None, curve, model, notes: run.notes })
    }
}
