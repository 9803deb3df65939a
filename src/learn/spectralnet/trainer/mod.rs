//! SpectralNet's training, one step at a time.

mod look;
mod schedule;
mod solved;
mod step;
mod taught;
mod unread;

use std::collections::VecDeque;
use std::sync::Arc;

use burn::module::Module as _;
use burn::optim::ModuleOptimizer;
use burn::tensor::Tensor;
use ndarray::Array2;

use crate::Result;
use crate::exact::Ritz;
use crate::graph::{Hints, Operator};
use crate::learn::spectralnet::held::{HeldLook, HeldOut};
use crate::learn::spectralnet::inputs::Inputs;
use crate::learn::spectralnet::sampler::Sampler;
use crate::learn::spectralnet::tie::{Around, NOISE, WIDE_NOISE};
use crate::nets::adam::{USUAL, WHOLE, adam};
use crate::nets::muon::muon;
use crate::nets::perceptron::matrix;
use crate::nets::{Compute, Factorization, Orthonormal, Perceptron, Unread, Weights};
use crate::recipe::{Recipe, Training};

pub use look::Look;
use taught::Taught;

/// A network in training. It belongs to one thread: burn keeps its streams per thread.
pub struct Trainer {
    settings: Training,
    recipe: Recipe,
    compute: Compute,
    net: Perceptron,
    optimizer: ModuleOptimizer,
    inputs: Inputs,
    /// The rows that steps take: those that are not held out, then all.
    taught: Taught,
    /// The rows held out, until the training takes all.
    held: Option<Arc<HeldOut>>,
    /// Steps taken when it began to take all rows, and those after which it ends.
    finish: Option<(usize, usize)>,
    /// The network that placed the rows held out best, once the training takes all.
    unseen: Option<(usize, HeldLook)>,
    /// Pairs of the steps to come, each with its step and the walk that drew it.
    ahead: VecDeque<((u64, usize), Vec<u32>)>,
    /// The whole graph.
    operator: Arc<Operator>,
    /// The highest eigenvalue that the network learns, as far as it is known: what the tie is measured by.
    level: f64,
    hints: Option<Hints>,
    neighbors: usize,
    step: usize,
    lr: f64,
    walk: usize,
    layer: Orthonormal,
    best: Option<Best>,
    /// The least mean loss so far, by which the plateau schedule goes.
    least: f64,
    waited: usize,
    /// Steps that it was to take, and the distance to the exact space when it last took more.
    planned: usize,
    least_at_end: f64,
    /// The least distance so far on the rows held out, and looks since.
    least_unseen: f64,
    waited_unseen: usize,
    losses: Vec<f64>,
    factorizations: [usize; 5],
    /// The objective of steps that wait for nothing, once one was taken on the host, and how many of them taught nothing.
    unread: Option<Unread>,
    missed: usize,
    /// The network that the CPU would go on from, and the steps it had taken: the last look's, where the device could go away.
    last: Option<(usize, Weights)>,
}

impl std::fmt::Debug for Trainer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trainer").field("step", &self.step).field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A network that was looked at.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Steps taken before.
    pub step: usize,
    /// The network.
    pub weights: Weights,
    /// Its span, rotated.
    pub ritz: Ritz,
    /// Where it puts the rows held out, if there are any.
    pub held: Option<HeldLook>,
}

/// The best network so far.
#[derive(Clone, Debug)]
struct Best {
    /// Distance to the exact space, on the rows held out where there are any, or without an exact space the mean loss before it was kept. Not Σ of the eigenvalue estimates: where eigenvalues
    /// are tiny, that sum prefers a smooth wrong function to a right one with a ripple, and the loss after a long walk does not.
    score: f64,
    seen: Seen,
}

/// Samples around a row between neighbours whose mean the map is to take there, where a step has all of them at hand.
const AROUND: usize = 15;

/// Largest first bias of a hidden unit where steps are as long in every direction, whose inputs have size one: as large as what reaches it.
const BIASES: f32 = 0.5;

/// What rows between neighbours are tied to, where they are.
fn around(settings: &Training) -> Option<(Around, f64)> {
    let around = if settings.whole { Around::Nearest(AROUND) } else { Around::Ends };
    let wanted = (around, if settings.even() { WIDE_NOISE } else { NOISE });
    (settings.tie > 0.0).then_some(wanted)
}

/// What takes the steps, before the first one.
fn optimizer(settings: &Training) -> ModuleOptimizer {
    if settings.even() { muon() } else { adam(if settings.whole { WHOLE } else { USUAL }) }
}

impl Trainer {
    /// A network with starting weights that reads these inputs.
    #[must_use]
    pub fn new(settings: Training, recipe: &Recipe, compute: Compute, inputs: Inputs, operator: Arc<Operator>) -> Self {
        let mut sizes = vec![inputs.width()];
        sizes.extend(&settings.hidden);
        sizes.push(settings.outputs);
        let weights = Weights::random(&sizes, settings.activation, recipe.seed);
        let weights = if settings.even() { weights.with_biases(BIASES, recipe.seed) } else { weights };
        let taught = Taught::new(inputs.samples(), &operator, None, around(&settings));
        let inputs = if settings.tie > 0.0 { inputs.with_noise(recipe.seed, &compute) } else { inputs };
        Self {
            last: (!compute.is_cpu()).then(|| (0, weights.clone())),
            net: weights.to_module(&compute.device.clone().autodiff()),
            optimizer: optimizer(&settings),
            inputs,
            lr: settings.lr,
            walk: settings.walk.unwrap_or(1),
            layer: Orthonormal {
                weights: Array2::eye(settings.outputs),
                factorization: Factorization::Cholesky,
                rank: settings.outputs,
            },
            recipe: recipe.clone(),
            step: 0,
            best: None,
            least: f64::INFINITY,
            waited: 0,
            planned: settings.steps,
            least_at_end: f64::INFINITY,
            least_unseen: f64::INFINITY,
            waited_unseen: 0,
            losses: Vec::new(),
            factorizations: [0; 5],
            unread: None,
            missed: 0,
            settings,
            compute,
            taught,
            held: None,
            finish: None,
            unseen: None,
            ahead: VecDeque::new(),
            operator,
            level: 0.0,
            hints: None,
            neighbors: 0,
        }
    }

    /// The same with labels that may shape graphs built inside a batch, where a sample has so many neighbours.
    #[must_use]
    pub fn with_hints(self, hints: Option<Hints>, neighbors: usize) -> Self {
        Self { hints, neighbors, ..self }
    }

    /// The same going on from these weights, where there are any, which read the features and have as many outputs.
    #[must_use]
    pub fn with_weights(self, weights: Option<&Weights>) -> Self {
        match weights {
            Some(weights) => Self {
                net: weights.to_module(&self.compute.device.clone().autodiff()),
                last: self.last.as_ref().map(|(step, _)| (*step, weights.clone())),
                ..self
            },
            None => self,
        }
    }

    /// The same with rows that no step takes before the last part of the training.
    #[must_use]
    pub fn with_held(self, held: Option<Arc<HeldOut>>) -> Self {
        let Some(held) = held else { return self };
        let taught = Taught::new(self.inputs.samples(), &held.operator, Some(&held.seen), around(&self.settings));
        Self { taught, held: Some(held), ..self }
    }

    /// Steps taken.
    #[must_use]
    pub fn steps_taken(&self) -> usize {
        self.step
    }

    /// Steps of the walk in use.
    #[must_use]
    pub fn walk(&self) -> usize {
        self.walk
    }

    /// The pair sampler, for the loss's bound.
    #[must_use]
    pub fn sampler(&self) -> &Sampler {
        &self.taught.sampler
    }

    /// The knobs in use.
    #[must_use]
    pub fn settings(&self) -> &Training {
        &self.settings
    }

    /// How often each factorisation of the orthonormal layer was used: Cholesky, ridge, whitening, nothing, and steps without a layer.
    #[must_use]
    pub fn factorizations(&self) -> [usize; 5] {
        self.factorizations
    }

    /// The orthonormal layer of the last step.
    #[must_use]
    pub fn layer(&self) -> &Orthonormal {
        &self.layer
    }

    fn gather(&self, rows: &[u32]) -> Tensor<2> {
        Tensor::from_inner(self.inputs.gather(rows, &self.compute))
    }

    fn outputs_of(&self, rows: &[u32]) -> Result<Array2<f64>> {
        Ok(matrix(self.net.valid().forward(self.gather(rows).inner()))?.mapv(f64::from))
    }

    /// Raw outputs for all samples, `n × k`.
    fn outputs(&self) -> Result<Array2<f64>> {
        self.inputs.outputs(&self.net.valid(), &self.compute)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::graph::Csr;
    use crate::nets::Input;
    use crate::recipe::{Facts, Laplacian};

    /// A trainer on a ring of 40 samples in the plane.
    pub(super) fn trainer(recipe: &Recipe) -> Trainer {
        trainer_on(recipe, |_| true)
    }

    /// The same where only some of the samples lie on it, and the others far away.
    pub(super) fn trainer_on(recipe: &Recipe, on_it: impl Fn(u32) -> bool) -> Trainer {
        trainer_at(recipe, on_it, &Compute::cpu())
    }

    /// The same on some device.
    pub(super) fn trainer_at(recipe: &Recipe, on_it: impl Fn(u32) -> bool, compute: &Compute) -> Trainer {
        let n = 40_usize;
        let mut ring = Csr { offsets: vec![0], columns: Vec::new(), values: Vec::new() };
        for i in 0..n {
            let mut row = [(i + n - 1) % n, (i + 1) % n];
            row.sort_unstable();
            ring.columns.extend(row.map(|j| j as u32));
            ring.values.extend([1.0; 2]);
            ring.offsets.push(ring.columns.len());
        }
        let operator = Arc::new(Operator::new(ring, Laplacian::RandomWalk).expect("a ring"));
        let angle = |i: usize| std::f32::consts::TAU * i as f32 / n as f32;
        let away = |i: usize| if on_it(i as u32) { 1.0 } else { -3.0 };
        let samples =
            Array2::from_shape_fn((n, 2), |(i, j)| away(i) * if j == 0 { angle(i).cos() } else { angle(i).sin() });
        let spectrum = vec![0.0, 0.01, 0.02, 0.05];
        let facts = Facts { samples: n, features: 2, filled: 2, clusters: Some(3), spectrum, ..Facts::default() };
        let settings = recipe.resolve(&facts).expect("sound settings").training;
        let held = (settings.held > 0).then(|| HeldOut::draw(&operator, settings.held, 1).expect("a part of a ring"));
        let inputs = Inputs::new(Input::identity(2), Arc::new(samples), compute);
        let trainer = Trainer::new(settings, recipe, compute.clone(), inputs, operator);
        trainer.with_hints(None, 5).with_held(held.map(Arc::new))
    }

    #[test]
    fn before_the_first_step_there_is_no_loss() {
        let mut trainer = trainer(&Recipe::default());
        let look = trainer.look().expect("finite outputs");
        assert!(look.loss.is_nan() && look.orthogonality_batch.is_finite());
        trainer.step().expect("the CPU does not fail");
        assert!(trainer.look().expect("finite outputs").loss.is_finite());
    }

    #[test]
    fn the_least_distance_wins_and_without_any_the_least_loss() {
        let walk = |distances: &[Option<f64>], losses: &[f64]| {
            let mut trainer = trainer(&Recipe::default());
            for (&distance, &loss) in distances.iter().zip(losses) {
                trainer.step().expect("the CPU does not fail");
                let look = trainer.look().expect("finite outputs");
                trainer.schedule(&Look { loss, ..look }, distance);
            }
            trainer.best().expect("a network was kept").1.step
        };
        assert_eq!(walk(&[Some(0.5), Some(0.1), Some(0.4)], &[0.9, 0.8, 0.7]), 2);
        assert_eq!(walk(&[None; 3], &[0.9, 0.7, 0.8]), 2);
        assert_eq!(walk(&[None; 2], &[f64::NAN, 0.8]), 2, "any loss is better than none");
        assert_eq!(trainer(&Recipe::default()).best().expect("the newest").1.step, 0);
    }
}
