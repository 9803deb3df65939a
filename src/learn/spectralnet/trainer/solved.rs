//! Training whose last layer is solved: the lowest eigenvectors in the span of the last hidden layer, on the whole graph.
//!
//! With `H` the hidden outputs and a column of ones, the best last layer `A` is the lowest eigenvectors of the pencil
//! `(HᵀLH + μRᵀR, HᵀMH)`, where `R` are the misses of [`Tie`](crate::learn::spectralnet::tie). The hidden layers then get the gradient of the sum of its values,
//! which is the residual alone: `2(LY − MYΛ)Aᵀ` on the samples, since at the minimum the last layer's own part of it is zero (variable
//! projection; Golub and Pereyra, 1973).

use std::ops::RangeInclusive;

use burn::module::Module as _;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use ndarray::{Array2, ArrayView2, Axis, s};
use rayon::prelude::*;

use super::{Taught, Trainer};
use crate::Result;
use crate::exact::Pencil;
use crate::graph::gram;
use crate::learn::spectralnet::tie::Virtual;
use crate::nets::perceptron::{matrix, tensor};
use crate::nets::{Layer, Perceptron};
use crate::recipe::Objective;

/// Rows between neighbours for each column of the last hidden layer. With fewer the solution fits the very rows that were drawn.
const A_COLUMN: usize = 4;
/// The least and the most of them in a step, and up to how many samples there are twice as many: a step is short then, and what lies between few
/// samples is known by these rows alone.
const A_STEP: RangeInclusive<usize> = 1024..=2048;
const FEW: usize = 500;
/// Pairs of a step for each row that it ties.
const A_TIED: usize = 4;
/// The most numbers of all samples' hidden outputs that a solution is worth.
const MOST_SOLVED: usize = 1 << 26;

/// A last layer that was solved.
struct Solved {
    pencil: Pencil,
    /// Values of the pencil, misses among them.
    values: Vec<f64>,
    /// `(h + 1) × outputs`.
    map: Array2<f64>,
    /// How far the hidden outputs miss the means around the rows between neighbours, `m × (h + 1)`.
    misses: Option<Array2<f64>>,
}

impl Solved {
    /// The highest eigenvalue that it finds.
    fn level(&self) -> f64 {
        self.pencil.energies(self.map.view()).into_iter().fold(0.0, f64::max)
    }
}

impl Trainer {
    /// `μ`: the tie is measured by the highest eigenvalue learned, so that it does not outweigh where all are tiny.
    pub(super) fn tie_weight(&self) -> f64 {
        self.settings.tie * self.level
    }

    /// How many rows a step on pairs ties.
    pub(super) fn tied_rows(&self) -> usize {
        (self.settings.batch / A_TIED).max(1)
    }

    /// The rows that a step on pairs ties.
    pub(super) fn tied(&self) -> Option<Virtual> {
        let seed = (self.recipe.seed, self.step as u64);
        let count = self.tied_rows();
        let walks = self.settings.objective == Objective::Walk;
        walks.then(|| self.taught.between(self.inputs.samples(), count, seed)).flatten()
    }

    /// A batch with the rows tied below it, and then the samples that each is tied to.
    pub(super) fn with_tied(&self, batch: Tensor<2>, tied: &Virtual) -> Tensor<2> {
        let ends = self.taught.places(tied.ends());
        let rows = self.inputs.input().apply(tied.rows.view());
        let rows = tensor(rows.view(), &self.compute.device);
        Tensor::cat(vec![batch, Tensor::from_inner(rows), self.gather(&ends)], 0)
    }

    /// So many rows between neighbours that the solution does not fit those drawn; none where nothing is tied.
    fn between(&self, taught: &Taught) -> Option<Virtual> {
        let columns = self.settings.hidden.last().copied().unwrap_or(self.inputs.width()) + 1;
        let times = if taught.len() <= FEW { 2 } else { 1 };
        let count = times * (A_COLUMN * columns).clamp(*A_STEP.start(), *A_STEP.end());
        let seed = (self.recipe.seed, self.step as u64);
        taught.between(self.inputs.samples(), count, seed)
    }

    /// Solves the last layer for hidden outputs and a column of ones: of the rows that teach, then of the rows between them, which count
    /// with `weight`.
    fn solve(
        &self,
        taught: &Taught,
        hidden: ArrayView2<'_, f64>,
        (between, weight): (Option<&Virtual>, f64),
    ) -> Result<Solved> {
        let n = taught.len();
        let (samples, here) = hidden.split_at(Axis(0), n);
        let mut pencil = Pencil::of(&taught.operator, samples)?;
        let misses = between.map(|drawn| drawn.misses(&taught.operator, here, samples));
        if let Some(misses) = &misses {
            pencil.avoid(misses.view(), weight / misses.nrows().max(1) as f64);
        }
        let (values, map) = pencil.lowest(self.settings.outputs)?;
        Ok(Solved { pencil, values, map, misses })
    }

    /// One step on the whole graph.
    pub(super) fn whole_step(&mut self) -> Result<()> {
        let between = self.between(&self.taught);
        let none = Array2::zeros((0, self.inputs.samples().ncols()));
        let more = between.as_ref().map_or(none.view(), |drawn| drawn.rows.view());
        let inputs = self.inputs.beside(self.taught.rows(), more, &self.compute);
        let hidden = self.net.features(Tensor::from_inner(inputs));
        let h = with_ones(&matrix(hidden.clone().inner())?);
        let solved = self.solve(&self.taught, h.view(), (between.as_ref(), self.tie_weight()))?;
        self.level = solved.level();
        self.losses.push(solved.pencil.energies(solved.map.view()).iter().sum::<f64>() / self.taught.sampler.unit());
        self.factorizations[0] += 1;
        self.step += 1;
        let gradient = self.residual(&solved, h.view(), between.as_ref());
        let device = self.compute.device.clone().autodiff();
        let map = solved.map.slice(s![..h.ncols() - 1, ..]).mapv(|v| v as f32);
        let outputs = hidden.matmul(tensor(map.view(), &device));
        let gradient = tensor(gradient.mapv(|g| g as f32).view(), &device);
        let gradients = GradientsParams::from_grads((outputs * gradient).sum().backward(), &self.net);
        self.net = self.optimizer.step(self.lr(), self.net.clone(), gradients);
        Ok(())
    }

    /// The gradient of the values' sum with respect to the outputs, on the samples and the rows between them.
    fn residual(&self, solved: &Solved, hidden: ArrayView2<'_, f64>, between: Option<&Virtual>) -> Array2<f64> {
        let (n, operator) = (self.taught.len(), &self.taught.operator);
        let samples = hidden.slice(s![..n, ..]);
        let y = gram::times(samples, solved.map.view());
        let mut gradient = Array2::zeros((hidden.nrows(), solved.values.len()));
        let mut own = operator.apply(y.view());
        for ((mut row, y), &mass) in own.rows_mut().into_iter().zip(y.rows()).zip(operator.mass.iter()) {
            for ((g, y), value) in row.iter_mut().zip(y).zip(&solved.values) {
                *g -= mass * value * y;
            }
        }
        gradient.slice_mut(s![..n, ..]).assign(&(own * (2.0 / operator.total_mass())));
        if let (Some(misses), Some(drawn)) = (&solved.misses, between) {
            let pull = gram::times(misses.view(), solved.map.view());
            let pull = pull * (2.0 * self.tie_weight() / misses.nrows().max(1) as f64);
            gradient.slice_mut(s![n.., ..]).assign(&pull);
            drawn.add_pull(operator, pull.view(), &mut gradient.slice_mut(s![..n, ..]));
        }
        gradient
    }

    /// Gives the network the last layer that is best for its hidden ones on the rows that teach, where that is to be solved.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when the hidden outputs cannot be read back, [`crate::Error::Numerics`] when they are not finite.
    pub fn settle(&mut self) -> Result<()> {
        if let Some((last, level)) = self.last_layer(&self.net.valid(), &self.taught)? {
            self.level = level;
            self.net = self.net.clone().with_last(&last, &self.compute.device.clone().autodiff());
            self.unread = None; // Its outputs are others now.
        }
        Ok(())
    }

    /// The last layer that is best for a network's hidden ones on some rows, where that is to be solved, and the highest eigenvalue then.
    pub(super) fn last_layer(&self, net: &Perceptron, taught: &Taught) -> Result<Option<(Layer, f64)>> {
        let width = self.settings.hidden.last().copied().unwrap_or(0);
        if !self.settings.solved || width == 0 || taught.len().saturating_mul(width) > MOST_SOLVED {
            return Ok(None);
        }
        let hidden = self.inputs.features(taught.rows(), net, &self.compute)?;
        let between = self.between(taught);
        let hidden = match &between {
            Some(drawn) => {
                let inputs = self.inputs.input().apply(drawn.rows.view());
                let more = with_ones(&matrix(net.features(tensor(inputs.view(), &self.compute.device)))?);
                ndarray::concatenate(Axis(0), &[hidden.view(), more.view()]).unwrap_or(hidden)
            }
            None => hidden,
        };
        let weight = if self.level > 0.0 {
            self.tie_weight()
        } else {
            self.settings.tie * self.solve(taught, hidden.view(), (None, 0.0))?.level()
        };
        let solved = self.solve(taught, hidden.view(), (between.as_ref(), weight))?;
        let map = solved.map.mapv(|v| v as f32);
        let (weight, bias) = map.view().split_at(Axis(0), width);
        let last = Layer { weight: weight.to_owned(), bias: bias.iter().copied().collect() };
        Ok(Some((last, solved.level())))
    }
}

/// The columns in f64, and one of ones.
fn with_ones(x: &Array2<f32>) -> Array2<f64> {
    let mut wide = Array2::ones((x.nrows(), x.ncols() + 1));
    wide.axis_iter_mut(Axis(0)).into_par_iter().zip(x.axis_iter(Axis(0)).into_par_iter()).for_each(|(mut to, from)| {
        to.iter_mut().zip(from).for_each(|(to, &from)| *to = f64::from(from));
    });
    wide
}
