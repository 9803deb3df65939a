//! One step of the training: its batch, its loss, and what the network learns from them.

use burn::optim::GradientsParams;
use ndarray::{Array2, ArrayView2, Axis, concatenate, s};
use rand::seq::index::sample;

use super::Trainer;
use crate::Result;
use crate::learn::spectralnet::separate::Batches;
use crate::learn::spectralnet::tie::Virtual;
use crate::nets::objective::{self, Loss};
use crate::nets::perceptron::{matrix, tensor};
use crate::nets::{Orthonormal, Unread};
use crate::recipe::{Gradient, Objective};
use crate::support::random::{Stream, of_two, rng};

/// Walks of at least so many steps are taken for so many steps of the training at once.
const LONG_WALK: usize = 256;
const STEPS_AHEAD: u64 = 8;

impl Trainer {
    /// One step of Adam. What it draws depends on the seed and the step's number alone, so that a pause changes nothing.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when the device fails.
    pub fn step(&mut self) -> Result<()> {
        if self.step == 0 {
            self.settle()?;
        }
        if self.settings.whole {
            return self.whole_step();
        }
        if let Some(unread) = self.take_unread()? {
            self.unread_step(unread);
            return Ok(());
        }
        let frozen = match self.settings.gradient {
            None => Some(Orthonormal::off(self.settings.outputs)),
            Some(Gradient::Through) => None,
            Some(Gradient::Frozen) => Some(self.fresh_layer()?),
        };
        let rows = self.batch();
        let tied = self.tied();
        let inputs = self.gather(&rows);
        let inputs = tied.as_ref().map_or(inputs.clone(), |tied| self.with_tied(inputs, tied));
        let outputs = self.net.forward(inputs);
        let y = matrix(outputs.clone().inner())?.mapv(f64::from);
        let (loss, gradient) = self.loss(&rows, y.view(), frozen, tied.as_ref())?;
        let leave = self.settings.gradient.is_some() && self.can_leave_unread(y.slice(s![..rows.len(), ..]));
        self.factorizations[loss.layer.factorization as usize] += 1;
        self.losses.push(loss.value);
        self.layer = loss.layer;
        self.step += 1;
        if gradient.iter().any(|g| !g.is_finite()) {
            return Ok(()); // Nothing to learn from this batch; the factorisation says so.
        }
        let gradient = tensor(gradient.mapv(|g| g as f32).view(), &self.compute.device.clone().autodiff());
        let gradients = GradientsParams::from_grads((outputs * gradient).sum().backward(), &self.net);
        self.net = self.optimizer.step(self.lr(), self.net.clone(), gradients);
        self.unread = leave.then(|| Unread::new(&self.layer, &self.compute));
        Ok(())
    }

    /// The loss of a batch's outputs, and its gradient for them and for those of the rows that are tied.
    fn loss(
        &self,
        rows: &[u32],
        y: ArrayView2<'_, f64>,
        frozen: Option<Orthonormal>,
        tied: Option<&Virtual>,
    ) -> Result<(Loss, Array2<f64>)> {
        let through = frozen.is_none();
        let (y, ends) = y.split_at(Axis(0), rows.len());
        let layer = frozen.unwrap_or_else(|| Orthonormal::from_outputs(y, self.recipe.orthonormal));
        match (self.settings.objective, tied) {
            (Objective::Walk, None) => {
                let loss = objective::pairs_by(y, layer, through);
                Ok((loss.clone(), loss.gradient))
            }
            (Objective::Walk, Some(tied)) => {
                // A walk of T steps makes T of one step's small eigenvalues.
                let weight = self.tie_weight() / self.taught.sampler.unit() * self.walk as f64;
                let misses = tied.misses_of(ends);
                let (loss, pull) = objective::pairs_tied(y, misses.view(), weight, layer, through);
                let whole = concatenate![Axis(0), loss.gradient, tied.spread(pull.view())];
                Ok((loss, whole))
            }
            (Objective::BatchGraph, _) => {
                let rows: Vec<usize> = rows.iter().map(|&r| r as usize).collect();
                let loss = objective::batch_graph_by(y, &self.batches().affinity(&rows)?, layer, through);
                Ok((loss.clone(), loss.gradient))
            }
        }
    }

    /// Where graphs inside a batch come from.
    pub(crate) fn batches(&self) -> Batches<'_> {
        let Self { inputs, hints, operator, recipe, neighbors, .. } = self;
        Batches { features: inputs.samples(), hints: hints.as_ref(), operator, recipe, neighbors: *neighbors }
    }

    /// The orthonormal layer of a batch that is used for nothing else, as in the paper.
    fn fresh_layer(&self) -> Result<Orthonormal> {
        let y = self.outputs_of(&self.draw(Stream::FreshLayer))?;
        Ok(Orthonormal::from_outputs(y.view(), self.recipe.orthonormal))
    }

    /// This step's batch. Long walks are taken for some steps at once, since many wait no longer for memory than few.
    pub(super) fn batch(&mut self) -> Vec<u32> {
        if self.settings.objective != Objective::Walk || self.walk < LONG_WALK {
            return self.draw(Stream::Batch);
        }
        let (step, walk) = (self.step as u64, self.walk);
        if self.ahead.front().is_none_or(|(of, _)| *of != (step, walk)) {
            let steps: Vec<u64> = (step..step + STEPS_AHEAD).collect();
            let drawn = self.taught.sampler.draws(self.settings.batch, walk, self.recipe.seed, Stream::Batch, &steps);
            let drawn = drawn.into_iter().map(|rows| self.taught.places(rows));
            self.ahead = steps.into_iter().map(|step| (step, walk)).zip(drawn).collect();
        }
        self.ahead.pop_front().map_or_else(|| self.draw(Stream::Batch), |(_, rows)| rows)
    }

    /// A batch: pairs of the walk, or distinct samples for a graph of their own; all of them rows that teach.
    pub(super) fn draw(&self, stream: Stream) -> Vec<u32> {
        let (seed, step) = (self.recipe.seed, self.step as u64);
        let drawn = match self.settings.objective {
            Objective::Walk => self.taught.sampler.draw(self.settings.batch, self.walk, seed, (stream, step)),
            Objective::BatchGraph => {
                let n = self.taught.len();
                let mut rng = rng(seed, stream, of_two(step, 0));
                sample(&mut rng, n, (2 * self.settings.batch).min(n)).into_iter().map(|i| i as u32).collect()
            }
        };
        self.taught.places(drawn)
    }
}
