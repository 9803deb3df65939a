//! The learn stage: train, look, tell, and turn the best network into a solution and a model.

use std::sync::Arc;

use ndarray::Array2;

use super::chain::Watcher;
use super::clusters::Effort;
use super::constant::constant_first;
use super::dimension::filled_dimensions;
use super::inputs::Inputs;
use super::model::{Input, Model};
use super::separate::{Batches, separate};
use super::settings::{Settings, frequency, guards};
use super::trainer::{Look, Trainer};
use super::{CurvePoint, Event, Snapshot, Solution, Stage, Stopped, clusters};
use crate::Result;
use crate::data::{Dataset, Labels, Scaler};
use crate::exact::{Eigenspace, Ritz};
use crate::graph::{Hints, Operator};
use crate::measure::{self, Agreement};
use crate::nets::{Compute, Encoder, Weights};
use crate::progress::{Control, Progress, Stopwatch};
use crate::recipe::{Laplacian, Recipe, Separate};

/// What training is given.
pub(super) struct Task<'a> {
    pub recipe: &'a Recipe,
    pub compute: &'a Compute,
    /// Features or codes, `n × d`.
    pub samples: &'a Arc<Array2<f32>>,
    /// Labels that may be used, for graphs built inside a batch.
    pub hints: Option<Hints>,
    pub operator: &'a Arc<Operator>,
    pub k: usize,
    /// A head that was trained together with the codes, to go on from.
    pub head: Option<&'a Weights>,
    pub control: &'a Control,
    pub watcher: &'a dyn Watcher,
}

/// What training leaves.
#[derive(Clone, Debug)]
pub(super) struct Trained {
    pub input: Input,
    pub weights: Weights,
    pub ritz: Ritz,
    pub curve: Vec<CurvePoint>,
    pub step: usize,
    pub steps: usize,
    pub notes: Vec<String>,
}

/// What stands between a raw row and the network's input.
pub(super) struct Before {
    pub scaler: Scaler,
    pub encoder: Option<Encoder>,
}

impl Task<'_> {
    /// Where graphs inside a batch come from.
    fn batches(&self) -> Batches<'_> {
        Batches { features: self.samples, hints: self.hints.as_ref(), operator: self.operator, recipe: self.recipe }
    }
}

/// The unit of the eigenvalues in a walk (see [`super::sampler`]): 1, or the largest degree for the unnormalised Laplacian.
#[must_use]
pub fn unit(operator: &Operator) -> f64 {
    match operator.kind {
        Laplacian::RandomWalk => 1.0,
        Laplacian::Unnormalized => operator.degrees.iter().copied().fold(f64::MIN_POSITIVE, f64::max),
    }
}

/// A training that was stopped between two steps, with all it takes to go on as if it never had been. It belongs to the thread it began on.
#[derive(Debug)]
pub(super) struct Halted {
    trainer: Trainer,
    curve: Vec<CurvePoint>,
    advice: Option<String>,
    seconds: f64,
}

impl Halted {
    /// The training before its first step.
    fn begin(task: &Task<'_>, before: &Snapshot) -> Result<Self> {
        let (n, d) = task.samples.dim();
        // A head brings its outputs with it.
        let guards = if task.head.is_some() { 0 } else { guards(task.recipe, n, task.k, &before.ladder) };
        let learned = task.k + guards;
        let next = before.ladder.get(learned).map(|&next| next / unit(task.operator));
        let filled = filled_dimensions(task.samples.view());
        let settings = Settings { outputs: learned, ..Settings::resolve(task.recipe, n, filled, task.k, next)? };
        // Waves as long as they were if the samples had only the dimensions they fill.
        let frequency = frequency(task.recipe, filled, d);
        let input = match task.head {
            Some(_) => Input::identity(d),
            None => Input::fit(task.samples.view(), settings.fourier, frequency, task.recipe.seed),
        };
        let inputs = Inputs::new(input, Arc::clone(task.samples), task.compute);
        let trainer = Trainer::new(settings, task.recipe, task.compute.clone(), inputs, Arc::clone(task.operator))
            .with_hints(task.hints.clone())
            .with_weights(task.head);
        Ok(Self { trainer, curve: Vec::new(), advice: None, seconds: 0.0 })
    }
}

/// Train until nothing is gained, the steps are used up, or the person has enough; from where `halted` stands, if there is one. A training that
/// a person ends, or that is cancelled, is left in `halted`.
pub(super) fn train(
    task: &Task<'_>,
    before: &Snapshot,
    serial: &mut u64,
    halted: &mut Option<Halted>,
) -> Result<Trained> {
    let watch = Stopwatch::start(task.control);
    let exact = before.exact.as_deref();
    let begun = halted.take().map_or_else(|| Halted::begin(task, before), Ok)?;
    let Halted { mut trainer, mut curve, mut advice, seconds: earlier } = begun;
    for &point in &curve {
        task.watcher.event(Event::Curve(point));
    }
    let (learned, steps) = (trainer.settings().outputs, trainer.settings().steps);
    let separate = |ritz: &Ritz| separate(ritz, task.recipe, task.operator, &task.batches());

    let show = |trainer: &Trainer, look: &Look, curve: &mut Vec<CurvePoint>, serial: &mut u64| -> Result<()> {
        let labels = before.data.labels.as_ref();
        let ritz = separate(&look.ritz)?;
        let solution = solve(&ritz, task.operator, exact, before.clusters, Effort::Glance, task.recipe, labels)?;
        let agreement = agreement(task.operator, &solution, before);
        let point = CurvePoint {
            step: trainer.steps_taken(),
            seconds: earlier + watch.seconds(),
            loss: look.loss,
            bound: before.ladder.get(..learned).map(|values| trainer.sampler().bound(values, trainer.walk())),
            ritz_sum: look.ritz_sum,
            exact_sum: exact.map(|e| e.space.values.iter().sum()),
            orthogonality_batch: look.orthogonality_batch,
            orthogonality_all: look.orthogonality_all,
            floor: (2.0 * learned as f64 / look.rows as f64).sqrt(),
            grassmann: agreement.as_ref().map(|a| a.grassmann / task.k as f64),
            scores: solution.scores,
            lr: trainer.lr(),
            walk: trainer.walk(),
            recall: None,
        };
        curve.push(point);
        task.watcher.event(Event::Curve(point));
        *serial += 1;
        let snapshot = Snapshot {
            serial: *serial,
            learned: Some(Arc::new(solution)),
            agreement,
            step: trainer.steps_taken(),
            steps,
            ..before.clone()
        };
        task.watcher.snapshot(snapshot);
        Ok(())
    };

    let stopped = loop {
        if task.control.would_wait() {
            // Show exactly where the training stands, without a word to the schedule: a pause must change nothing.
            let look = trainer.look()?;
            show(&trainer, &look, &mut Vec::new(), serial)?;
            task.watcher.event(Event::Paused(true));
        }
        if let Err(cancelled) = task.control.before_step() {
            *halted = Some(Halted { trainer, curve, advice, seconds: earlier + watch.seconds() });
            return Err(cancelled);
        }
        if task.control.is_enough() {
            break true;
        }
        trainer.step()?;
        let step = trainer.steps_taken();
        if advice.is_none() {
            advice = trainer.layer().advice();
        }
        let due = step.is_multiple_of(trainer.settings().every) || step >= steps;
        if due {
            let look = trainer.look()?;
            let finished = trainer.schedule(&look);
            show(&trainer, &look, &mut curve, serial)?;
            if finished {
                break false;
            }
        }
        task.watcher.event(Event::Progress(Stage::Learn, step as f32 / steps as f32, String::new()));
    };
    let step = trainer.steps_taken();
    let notes = notes(&trainer, advice.clone());
    let (input, weights, ritz) = trainer.best()?;
    let ritz = separate(&ritz)?;
    let trained = Trained { input, weights, ritz, curve: curve.clone(), step, steps, notes };
    if stopped {
        task.watcher.event(Event::Stopped(Stopped { stage: Stage::Learn, step, steps }));
        *halted = Some(Halted { trainer, curve, advice, seconds: earlier + watch.seconds() });
    }
    Ok(trained)
}

/// What a person should know of a training at its end.
fn notes(trainer: &Trainer, advice: Option<String>) -> Vec<String> {
    let rungs = trainer.rungs();
    let mut notes: Vec<String> = advice.into_iter().collect();
    if rungs[1..].iter().any(|&r| r > 0) {
        notes.push(format!(
            "the orthonormal layer used Cholesky {} times, a ridge {}, whitening {}, nothing {}",
            rungs[0], rungs[1], rungs[2], rungs[3]
        ));
    }
    notes
}

/// A network's span as a solution: signs as in the exact one, clusters, scores.
fn solve(
    ritz: &Ritz,
    operator: &Operator,
    exact: Option<&Solution>,
    clusters: usize,
    effort: Effort,
    recipe: &Recipe,
    labels: Option<&Labels>,
) -> Result<Solution> {
    let mut space = ritz.space.clone();
    if recipe.separate == Separate::Graph {
        constant_first(&mut space, operator);
    }
    if let Some(exact) = exact {
        let groups = match recipe.separate {
            // Columns that are no eigenvectors may change their signs alone.
            Separate::Off => (0..exact.space.values.len()).collect(),
            _ => measure::groups(&exact.space.values, operator.components.count(), operator.len()),
        };
        measure::procrustes(exact.space.vectors.view(), &mut space.vectors, &groups, &operator.mass);
    }
    let (clusters, time) = clusters::cluster(&space, operator, clusters, effort, recipe, &Progress::silent())?;
    let residual = operator.residuals(&space).into_iter().fold(0.0, f64::max);
    let scores = clusters::scores(&clusters, labels);
    Ok(Solution { space, clusters, time, scores, residual })
}

/// Learned against exact, where both are there.
pub(super) fn agreement(operator: &Operator, learned: &Solution, snapshot: &Snapshot) -> Option<Agreement> {
    let exact = snapshot.exact.as_deref()?;
    Some(measure::agreement(
        operator,
        &learned.space,
        &exact.space,
        &snapshot.ladder,
        &learned.clusters.assignment,
        &exact.clusters.assignment,
    ))
}

impl Trained {
    /// The final solution, with the recipe's number of starts.
    pub(super) fn solution(
        &self,
        operator: &Operator,
        exact: Option<&Solution>,
        clusters: usize,
        recipe: &Recipe,
        labels: Option<&Labels>,
    ) -> Result<Solution> {
        solve(&self.ritz, operator, exact, clusters, Effort::Full, recipe, labels)
    }

    /// Everything that labels a new row as this run labelled its own.
    pub(super) fn model(
        &self,
        recipe: &Recipe,
        data: &Dataset,
        before: Before,
        solution: &Solution,
        operator: &Operator,
    ) -> Model {
        let map = turned(&self.ritz, &solution.space, operator);
        Model {
            recipe: recipe.clone(),
            columns: data.columns.to_vec(),
            scaler: before.scaler,
            encoder: before.encoder,
            input: self.input.clone(),
            weights: self.weights.clone(),
            map,
            values: solution.space.values.clone(),
            diffusion: solution.weights(operator),
            shift: None,
            centroids: solution.clusters.centroids.clone(),
            names: Vec::new(),
        }
    }
}

/// The map from outputs to the eigenvector values shown: the solution's columns are those of the span, turned among
/// themselves so that they lie as the exact ones do.
fn turned(ritz: &Ritz, shown: &Eigenspace, operator: &Operator) -> Array2<f64> {
    let turn = operator.gram(ritz.space.vectors.view(), shown.vectors.view()) / operator.total_mass();
    ritz.map.dot(&turn)
}
