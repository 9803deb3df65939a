//! The learn stage of a supervised system: train, look, tell.

use std::sync::Arc;

use ndarray::Array2;

use super::place::Placing;
use super::report;
use super::settings::Settings;
use super::split::Split;
use super::trainer::Trainer;
use crate::data::{Dataset, Labels, Scaler};
use crate::exact::Eigenspace;
use crate::learn::chain::Watcher;
use crate::learn::model::{Input, Model};
use crate::learn::{CurvePoint, Ending, Event, Snapshot, Solution, Stage};
use crate::measure::{Clustering, Scores, kmeans};
use crate::nets::{Compute, Weights};
use crate::progress::{Control, Progress, Stopwatch};
use crate::recipe::Recipe;
use crate::{Error, Result};

/// What training is given.
pub(super) struct Task<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) compute: &'a Compute,
    pub(super) scaled: &'a Array2<f32>,
    pub(super) labels: &'a Labels,
    pub(super) split: Split,
    pub(super) control: &'a Control,
    pub(super) watcher: &'a dyn Watcher,
}

/// What training leaves.
#[derive(Clone, Debug)]
pub(crate) struct Trained {
    input: Input,
    weights: Weights,
    pub(super) split: Split,
    /// For all samples, `n × d`.
    pub(super) outputs: Array2<f64>,
    pub(super) curve: Vec<CurvePoint>,
    pub(super) step: usize,
    pub(super) steps: usize,
    pub(super) ending: Ending,
    pub(super) notes: Vec<String>,
}

/// Held-out samples that are scored while training is watched.
const GLANCED: usize = 2000;

/// Fourier features. They help to follow the graph's eigenvectors; here they would memorise, and stay out unless asked for.
pub(super) fn waves(recipe: &Recipe) -> usize {
    recipe.fourier.unwrap_or_else(|| 0)
}

/// Train until the steps are used up or the person has enough. The newest network is kept: choosing among networks by their
/// scores would let the held-out labels in.
pub(super) fn train(task: Task<'_>, before: &Snapshot, serial: &mut u64) -> Result<Trained> {
    let watch = Stopwatch::start(task.control);
    let recipe = task.recipe;
    let (n, d) = task.scaled.dim();
    let ids = &task.labels.ids;
    let mut taught: Vec<u32> = task.split.train.iter().map(|&r| ids[r]).collect();
    taught.sort_unstable();
    taught.dedup();
    let settings = Settings::resolve(recipe, n, d, taught.len())?;
    let steps = settings.steps;
    let waves = waves(recipe);
    let train_rows = task.scaled.select(ndarray::Axis(0), &task.split.train);
    let input = Input::fit(train_rows.view(), waves, recipe.frequency, recipe.seed);
    drop(train_rows);
    let features = Arc::new(input.apply(task.scaled.view()));
    let mut trainer = Trainer::new(settings, recipe, task.compute.clone(), features, &task.split, ids);
    let every = task.split.test.len().div_ceil(GLANCED);
    let glanced: Vec<usize> = task.split.test.iter().copied().step_by(every).collect();
    let mut curve = Vec::new();

    let show = |trainer: &Trainer, loss: f64, curve: &mut Vec<CurvePoint>, serial: &mut u64| -> Result<()> {
        let outputs = trainer.outputs()?;
        let placing = report::stored(outputs.view(), &task.split, recipe)?;
        let (recall, scores) = report::glance(outputs.view(), &placing, &glanced, ids, recipe)?;
        let solution = solve(&outputs, &placing, before, 1, scores, recipe, &Progress::silent())?;
        let point = CurvePoint {
            step: trainer.steps_taken(),
            seconds: watch.seconds(),
            loss,
            ritz_sum: f64::NAN,
            orthogonality_batch: f64::NAN,
            orthogonality_all: f64::NAN,
            typical_batch: f64::NAN,
            typical_all: f64::NAN,
            scores,
            lr: trainer.lr(),
            recall: Some(recall.at_1),
            ..CurvePoint::default()
        };
        curve.push(point);
        task.watcher.event(Event::Curve(point));
        *serial += 1;
        task.watcher.snapshot(Snapshot {
            serial: *serial,
            learned: Some(Arc::new(solution)),
            step: trainer.steps_taken(),
            kept: trainer.steps_taken(),
            steps,
            ..before.clone()
        });
        Ok(())
    };

    let mut stopped = false;
    loop {
        if task.control.would_wait() {
            show(&trainer, f64::NAN, &mut Vec::new(), serial)?;
            task.watcher.event(Event::Paused(true));
        }
        task.control.before_step()?;
        if task.control.is_enough() {
            stopped = true;
            break;
        }
        trainer.step();
        let step = trainer.steps_taken();
        if step.is_multiple_of(trainer.settings().every) || step >= steps {
            let loss = trainer.mean_loss();
            show(&trainer, loss, &mut curve, serial)?;
            if step >= steps {
                break;
            }
        }
        task.watcher.event(Event::Progress(Stage::Learn, step as f32 / steps as f32, String::new()));
    }
    let step = trainer.steps_taken();
    if step == 0 {
        return Err(Error::Cancelled);
    }
    let notes = trainer.advice().map(str::to_owned).into_iter().collect();
    let outputs = trainer.outputs()?;
    let ending = Ending::of(stopped, &curve, None);
    Ok(Trained { input, weights: trainer.weights(), split: task.split, outputs, curve, step, steps, ending, notes })
}

/// Places of all samples with clusters on them, numbered as those of k-means on the input, and the scores of those that were held out.
pub(super) fn solve(
    outputs: &Array2<f64>,
    placing: &Placing,
    before: &Snapshot,
    starts: usize,
    scores: Option<Scores>,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<Solution> {
    let vectors = placing.rows(outputs.view());
    let mut clusters: Clustering = kmeans(vectors.view(), before.clusters, starts, recipe.seed, progress)?;
    if let Some(leading) = before.leading_clusters() {
        clusters = clusters.numbered_as(&leading.assignment);
    }
    // There are no eigenvalues: the columns are directions of the embedding.
    Ok(Solution { space: Eigenspace { values: Vec::new(), vectors }, clusters, time: None, scores, residual: 0.0 })
}

impl Trained {
    /// Everything that places and labels a new row as this run did its own.
    pub(super) fn model(
        &self,
        recipe: &Recipe,
        data: &Dataset,
        scaler: &Scaler,
        placing: Placing,
        clusters: &Clustering,
    ) -> Model {
        Model {
            recipe: recipe.clone(),
            columns: data.columns.to_vec(),
            scaler: scaler.clone(),
            encoder: None,
            input: self.input.clone(),
            weights: self.weights.clone(),
            values: vec![0.0; placing.map.ncols()],
            map: placing.map,
            shift: Some(placing.shift),
            diffusion: None,
            centroids: clusters.centroids.clone(),
            names: Vec::new(),
        }
    }
}
