//! The learn stage: train, look, tell, and turn the best network into a solution and a model.

use std::sync::Arc;

use ndarray::Array2;

use super::chain::Watcher;
use super::clusters::Effort;
use super::constant::constant_first;
use super::inputs::Inputs;
use super::model::{Input, Model};
use super::separate::{Batches, separate};
use super::settings::{Settings, frequency, guards};
use super::trainer::{Look, Seen, Trainer};
use super::{CurvePoint, Ending, Event, Snapshot, Solution, Stage, Stopped, clusters};
use crate::Result;
use crate::data::{Dataset, Scaler};
use crate::exact::{Eigenspace, Ritz};
use crate::graph::{Hints, Operator};
use crate::measure::{self, Agreement};
use crate::nets::{Compute, Encoder, Weights};
use crate::progress::{Control, Progress, Stopwatch};
use crate::recipe::{Laplacian, Objective, Recipe, Separate};

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
    /// Steps after which the network was as it was kept.
    pub kept: usize,
    /// Whether a person ended it.
    pub stopped: bool,
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
        let filled = before.facts.filled_by_codes.unwrap_or(before.facts.filled);
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

    let see = |look: &Look| -> Result<(Solution, Option<Agreement>)> {
        let solution = solve(&separate(&look.ritz)?, task.operator, before, Effort::Glance, task.recipe)?;
        let agreement = agreement(task.operator, &solution, before);
        Ok((solution, agreement))
    };
    let show = |trainer: &Trainer, look: &Look, seen: (Solution, Option<Agreement>), serial: &mut u64| -> CurvePoint {
        let (solution, agreement) = seen;
        let step = trainer.steps_taken();
        let point = CurvePoint {
            step,
            seconds: earlier + watch.seconds(),
            loss: look.loss,
            bound: before.ladder.get(..learned).map(|values| trainer.sampler().bound(values, trainer.walk())),
            ritz_sum: look.ritz_sum,
            exact_sum: exact.map(|e| e.space.values.iter().sum()),
            orthogonality_batch: look.orthogonality_batch,
            orthogonality_all: look.orthogonality_all,
            typical_batch: measure::typical_error(learned, look.rows),
            typical_all: measure::typical_error_of_all(learned, look.rows),
            grassmann: agreement.as_ref().map(|a| a.grassmann / task.k as f64),
            scores: solution.scores,
            lr: trainer.lr(),
            walk: trainer.walk(),
            recall: None,
        };
        task.watcher.event(Event::Curve(point));
        *serial += 1;
        let learned = Some(Arc::new(solution));
        let snapshot = Snapshot { serial: *serial, learned, agreement, step, kept: step, steps, ..before.clone() };
        task.watcher.snapshot(snapshot);
        point
    };

    let stopped = loop {
        if task.control.would_wait() {
            // Show exactly where the training stands, without a word to the schedule: a pause must change nothing.
            let look = trainer.look()?;
            show(&trainer, &look, see(&look)?, serial);
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
            let seen = see(&look)?;
            let distance = seen.1.as_ref().map(|a| a.grassmann);
            let finished = trainer.schedule(&look, distance)?;
            curve.push(show(&trainer, &look, seen, serial));
            if finished {
                break false;
            }
        }
        task.watcher.event(Event::Progress(Stage::Learn, step as f32 / steps as f32, String::new()));
    };
    let step = trainer.steps_taken();
    let mut notes = notes(&trainer, advice.clone());
    let (input, Seen { step: kept, weights, ritz }) = trainer.best()?;
    notes.extend(kept_note(&curve, kept));
    let ritz = separate(&ritz)?;
    let trained = Trained { input, weights, ritz, curve: curve.clone(), step, steps, kept, stopped, notes };
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

/// Says that an earlier network than the last was kept, where it lies much nearer to the exact space.
fn kept_note(curve: &[CurvePoint], kept: usize) -> Option<String> {
    let at = |point: &&CurvePoint| point.step == kept;
    let (best, last) = (curve.iter().find(at)?.grassmann?, curve.last()?);
    let end = last.grassmann?;
    (end > MUCH_FARTHER * best && end > NOTICED).then(|| {
        format!(
            "the network after {kept} of {} steps was kept: of {} looks it lies nearest to the exact eigenspace, at {best:.4} per \
             dimension; at the end it was {end:.4}",
            last.step,
            curve.len()
        )
    })
}

/// A distance so many times that of the network kept, and so large, is worth a word.
const MUCH_FARTHER: f64 = 1.25;
const NOTICED: f64 = 1e-3;

/// A network's span as a solution: signs as in the exact one, clusters with the numbers they have on the other sides, scores.
fn solve(ritz: &Ritz, operator: &Operator, before: &Snapshot, effort: Effort, recipe: &Recipe) -> Result<Solution> {
    let mut space = ritz.space.clone();
    if recipe.separate == Separate::Graph {
        constant_first(&mut space, operator);
    }
    if let Some(exact) = &before.exact {
        let groups = match recipe.separate {
            // Columns that are no eigenvectors may change their signs alone.
            Separate::Off => (0..exact.space.values.len()).collect(),
            _ => measure::groups(&exact.space.values, operator.components.count(), operator.len()),
        };
        measure::procrustes(exact.space.vectors.view(), &mut space.vectors, &groups, &operator.mass);
    }
    let (mut clusters, time) =
        clusters::cluster(&space, operator, before.clusters, effort, recipe, &Progress::silent())?;
    if let Some(leading) = before.leading_clusters() {
        clusters = clusters.numbered_as(&leading.assignment);
    }
    let residual = operator.residuals(&space).into_iter().fold(0.0, f64::max);
    let scores = clusters::scores(&clusters, before.data.labels.as_ref());
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
    /// The final solution, with the recipe's number of starts, beside what came `before`.
    pub(super) fn solution(&self, operator: &Operator, before: &Snapshot, recipe: &Recipe) -> Result<Solution> {
        solve(&self.ritz, operator, before, Effort::Full, recipe)
    }

    /// How it ended, where the network kept lies `distance` per dimension from the exact space. A graph inside each batch is another
    /// problem than the exact side's, so that its distance says nothing of the end.
    pub(super) fn ending(&self, recipe: &Recipe, distance: Option<f64>) -> Ending {
        Ending::of(self.stopped, &self.curve, distance.filter(|_| recipe.objective == Objective::Walk))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_is_kept_though_it_is_not_the_last_is_spoken_of_where_it_matters() {
        let curve = |distances: &[f64]| -> Vec<CurvePoint> {
            let point = |(i, &distance): (usize, &f64)| CurvePoint {
                step: 20 * (i + 1),
                grassmann: Some(distance),
                ..CurvePoint::default()
            };
            distances.iter().enumerate().map(point).collect()
        };
        let note = kept_note(&curve(&[0.3, 0.02, 0.04]), 40).expect("twice as far at the end");
        assert!(note.contains("after 40 of 60 steps") && note.contains("0.0200") && note.contains("0.0400"), "{note}");
        assert_eq!(kept_note(&curve(&[0.3, 0.02, 0.021]), 40), None, "hardly farther");
        assert_eq!(kept_note(&curve(&[0.3, 1e-5, 4e-5]), 40), None, "both are next to nothing");
        assert_eq!(kept_note(&[CurvePoint::default()], 0), None, "no exact side");
    }
}
