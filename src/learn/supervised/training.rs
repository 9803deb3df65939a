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
use crate::learn::{CurvePoint, Ending, Event, Snapshot, Solution, Stage, Stopped};
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

/// A training that was stopped between two steps, with all it takes to go on. It belongs to the thread it began on.
#[derive(Debug)]
pub(crate) struct Halted {
    trainer: Trainer,
    input: Input,
    split: Split,
    curve: Vec<CurvePoint>,
    seconds: f64,
}

impl Halted {
    /// The training before its first step.
    fn begin(task: &Task<'_>) -> Result<Self> {
        let recipe = task.recipe;
        let (n, d) = task.scaled.dim();
        let ids = &task.labels.ids;
        let settings = Settings::resolve(recipe, n, d, task.split.classes_taught(task.labels))?;
        let train_rows = task.scaled.select(ndarray::Axis(0), &task.split.train);
        let input = Input::fit(train_rows.view(), waves(recipe), recipe.frequency, recipe.seed);
        drop(train_rows);
        let features = Arc::new(input.apply(task.scaled.view()));
        let trainer = Trainer::new(settings, recipe, task.compute.clone(), features, &task.split, ids);
        Ok(Self { trainer, input, split: task.split.clone(), curve: Vec::new(), seconds: 0.0 })
    }
}

/// Train until the steps are used up or the person has enough; from where `halted` stands, if there is one. The newest network is kept:
/// choosing among networks by their scores would let the held-out labels in. A training that a person ends, or that is cancelled, is left
/// in `halted`.
pub(super) fn train(
    task: &Task<'_>,
    before: &Snapshot,
    serial: &mut u64,
    halted: &mut Option<Halted>,
) -> Result<Trained> {
    let watch = Stopwatch::start(task.control);
    let recipe = task.recipe;
    let ids = &task.labels.ids;
    let begun = halted.take().map_or_else(|| Halted::begin(task), Ok)?;
    let Halted { mut trainer, input, split, mut curve, seconds: earlier } = begun;
    for &point in &curve {
        task.watcher.event(Event::Curve(point));
    }
    let steps = trainer.settings().steps;
    let every = split.test.len().div_ceil(GLANCED);
    let glanced: Vec<usize> = split.test.iter().copied().step_by(every).collect();

    let show = |trainer: &Trainer, loss: f64, curve: &mut Vec<CurvePoint>, serial: &mut u64| -> Result<()> {
        let outputs = trainer.outputs()?;
        let placing = report::stored(outputs.view(), &split, recipe)?;
        let (recall, scores) = report::glance(outputs.view(), &placing, &glanced, ids, recipe)?;
        let solution = solve(&outputs, &placing, before, 1, scores, recipe, &Progress::silent())?;
        let point = CurvePoint {
            step: trainer.steps_taken(),
            seconds: earlier + watch.seconds(),
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

    let stopped = loop {
        if task.control.would_wait() {
            show(&trainer, f64::NAN, &mut Vec::new(), serial)?;
            task.watcher.event(Event::Paused(true));
        }
        if let Err(cancelled) = task.control.before_step() {
            *halted = Some(Halted { trainer, input, split, curve, seconds: earlier + watch.seconds() });
            return Err(cancelled);
        }
        if task.control.is_enough() {
            break true;
        }
        trainer.step()?;
        let step = trainer.steps_taken();
        if step.is_multiple_of(trainer.settings().every) || step >= steps {
            let loss = trainer.mean_loss();
            show(&trainer, loss, &mut curve, serial)?;
            if step >= steps {
                break false;
            }
        }
        task.watcher.event(Event::Progress(Stage::Learn, step as f32 / steps as f32, String::new()));
    };
    let step = trainer.steps_taken();
    if step == 0 {
        return Err(Error::Data("training was stopped before its first step, and there is nothing to keep".to_owned()));
    }
    let notes = trainer.advice().map(str::to_owned).into_iter().collect();
    let trained = Trained {
        input: input.clone(),
        weights: trainer.weights()?,
        split: split.clone(),
        outputs: trainer.outputs()?,
        curve: curve.clone(),
        step,
        steps,
        ending: Ending::of(stopped, &curve, None),
        notes,
    };
    if stopped {
        task.watcher.event(Event::Stopped(Stopped { stage: Stage::Learn, step, steps }));
        *halted = Some(Halted { trainer, input, split, curve, seconds: earlier + watch.seconds() });
    }
    Ok(trained)
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
