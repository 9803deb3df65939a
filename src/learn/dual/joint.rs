//! The joint part of the training: batches from the graph of the codes, and the spectral loss on them.
//!
//! The paper builds a graph inside each batch; that stays as `--objective batch-graph`. By default the graph is that of all codes, built
//! anew every other epoch, and a batch is pairs of samples joined by a walk on it: an unbiased estimate of the whole graph's objective,
//! as in SpectralNet's training. A batch small enough for convolutions is a small one for the head, so that in each step the head
//! also learns from [`HEAD_PAIRS`] pairs of codes as they were when the graph was built, which costs next to nothing.

use burn::module::Module as _;
use burn::tensor::Tensor;
use ndarray::{Array2, ArrayView2};

use crate::exact::rayleigh_ritz;
use crate::graph::{self, Operator};
use crate::learn::autoencoder::{check_finite, gather};
use crate::learn::dual::Task;
use crate::learn::one_cycle::{Epochs, OneCycle};
use crate::learn::spectralnet::sampler::Sampler;
use crate::nets::crossing::{Value, indices};
use crate::nets::dual::Dual;
use crate::nets::objective::{self, Loss};
use crate::nets::perceptron::{matrix, tensor};
use crate::nets::{Compute, Orthonormal, Resident, Unread};
use crate::recipe::{CODES_BATCH, Gradient, Objective, Recipe, Training};
use crate::support::progress::Progress;
use crate::support::random::Stream;
use crate::{Result, graph::affinity};

/// Pairs of kept codes that the head learns from in each step.
const HEAD_PAIRS: usize = 512;
/// Epochs between graphs, and the fewest steps.
const EPOCHS: usize = 2;
const FEWEST_STEPS: usize = 50;

/// The joint training's graph and draws.
pub(crate) struct Joint<'a> {
    recipe: Recipe,
    training: &'a Training,
    neighbors: usize,
    x: ArrayView2<'a, f32>,
    compute: &'a Compute,
    cycle: &'a OneCycle<'a>,
    /// The first joint step.
    first: usize,
    /// Rows of a batch.
    batch: usize,
    epochs: Epochs,
    graph: Option<Walked>,
    began: bool,
    /// Where steps wait for no loss: that of a batch, and that of the head's own pairs.
    unread: [Option<Unread>; 2],
    /// Layers of the last steps on the host, of either.
    layers: [Option<Orthonormal>; 2],
}

/// A graph of the codes at some time.
struct Walked {
    codes: Array2<f32>,
    /// The codes where a device other than the CPU keeps them.
    there: Option<Resident>,
    sampler: Sampler,
    walk: usize,
}

impl<'a> Joint<'a> {
    pub(crate) fn new(task: &Task<'a>, cycle: &'a OneCycle<'a>, first: usize) -> Self {
        let n = task.x.nrows();
        let batch = task.recipe.batch.set().map_or(CODES_BATCH, |pairs| 2 * pairs);
        let latent = task.recipe.scale.between_codes();
        Self {
            recipe: Recipe { scale: latent, ..task.recipe.clone() },
            training: task.training,
            neighbors: task.neighbors,
            x: task.x,
            compute: task.compute,
            cycle,
            first,
            batch,
            epochs: Epochs::new(n, batch, task.recipe.seed, Stream::JointOrder),
            graph: None,
            began: false,
            unread: [None, None],
            layers: [None, None],
        }
    }

    /// Whether the joint training has begun.
    pub(crate) fn began(&self) -> bool {
        self.began
    }

    /// The rows of a step: starts of walks, then their ends; distinct samples for a graph of their own.
    pub(crate) fn rows(&mut self, net: &Dual, step: usize) -> Result<Vec<u32>> {
        self.began = true;
        if self.recipe.objective == Objective::BatchGraph {
            return Ok(self.epochs.rows(step - self.first).to_vec());
        }
        let every = (EPOCHS * self.x.nrows() / self.batch).max(FEWEST_STEPS);
        let kept = self.graph.take().filter(|_| !(step - self.first).is_multiple_of(every));
        let graph = kept.map_or_else(|| self.build(net), Ok)?;
        let rows = graph.draw(self.batch / 2, self.recipe.seed, Stream::JointPairs, step);
        self.graph = Some(graph);
        Ok(rows)
    }

    fn build(&self, net: &Dual) -> Result<Walked> {
        let net = net.valid();
        let codes = net.encoder()?.codes(self.x, &self.compute.device)?;
        check_finite(codes.view(), "the codes", ("encoder-lr", self.cycle.lr))?;
        let quiet = |_: f32, _: &str| ();
        let progress = Progress::new(self.cycle.control.clone(), &quiet);
        let neighbors = graph::neighbors(codes.view(), self.neighbors, &self.recipe, &progress)?;
        let (affinity, _) = affinity(&neighbors, codes.nrows(), &self.recipe)?;
        let operator = Operator::new(affinity, self.recipe.laplacian)?;
        let sampler = Sampler::new(&operator);
        let walk = if let Some(walk) = self.training.walk {
            walk
        } else {
            let head = net.head_weights()?.to_module(&self.compute.device);
            let outputs = head.outputs(codes.view(), &self.compute.device)?;
            let ritz = rayleigh_ritz(&operator, outputs.mapv(f64::from).view(), self.training.k).ok();
            let last = ritz.filter(|r| r.rank >= self.training.k).and_then(|r| r.space.values.last().copied());
            last.map_or(1, |last| self.training.walk_after(last, sampler.unit()))
        };
        Ok(Walked { there: Resident::new(codes.view(), self.compute), codes, sampler, walk })
    }

    /// What the spectral loss adds to a step's cost, and its value. `means` are the codes of the step's rows, in order.
    pub(crate) fn loss(&mut self, net: &Dual, means: Tensor<2>, step: usize) -> Result<(Tensor<1>, Value)> {
        // The head feels the whole gradient, the encoder its share of it.
        let share = self.recipe.spectral_weight;
        let felt = means.clone().mul_scalar(share) + means.clone().detach().mul_scalar(1.0 - share);
        let frozen = match self.recipe.gradient {
            Gradient::Through => None,
            Gradient::Frozen => Some(self.fresh_layer(net, step)?),
        };
        let y = net.head(felt);
        let (mut cost, value) = match (self.recipe.objective, frozen) {
            (Objective::Walk, None) => self.through(0, y)?,
            (Objective::Walk, frozen) => self.on_host(y, |y| Ok(objective::pairs(y, frozen)))?.0,
            (Objective::BatchGraph, frozen) => {
                let codes = matrix(means.inner())?;
                self.on_host(y, |y| self.batch_graph(codes.view(), y, frozen))?.0
            }
        };
        if let Some(graph) = &self.graph {
            let rows = graph.draw(HEAD_PAIRS, self.recipe.seed, Stream::JointHead, step);
            let device = &self.compute.device;
            let codes = match &graph.there {
                Some(there) => there.gather(&indices(&rows, device)),
                None => tensor(gather(graph.codes.view(), &rows).view(), device),
            };
            cost = cost + self.through(1, net.head(Tensor::from_inner(codes)))?.0;
        }
        Ok((cost, value))
    }

    /// The cost of pairs by their own layer. On a device other than the CPU it is worked out there, and nobody waits for it: as
    /// [`Unread`] says, the first on the host.
    fn through(&mut self, which: usize, y: Tensor<2>) -> Result<(Tensor<1>, Value)> {
        if let Some(unread) = self.unread[which].as_mut().filter(|unread| unread.is_due())
            && unread.read(true)?.is_some_and(|reading| reading.lost)
        {
            self.unread[which] = None;
        }
        if let Some(unread) = &mut self.unread[which] {
            let outputs = y.clone().inner();
            let (gradient, _) = unread.pairs(outputs.clone(), None, None);
            if let Some(value) = unread.value() {
                let along = (outputs * gradient.clone()).sum();
                let rest = Tensor::from_inner(value.clone() - along);
                return Ok(((y * Tensor::from_inner(gradient)).sum() + rest, Value::There(Box::new(value))));
            }
        }
        let mut leave = false;
        let before = self.layers[which].take();
        let (cost, layer) = self.on_host(y, |y| {
            leave = before.is_some_and(|layer| Unread::can_go_on(&layer, objective::gram(y).view()));
            Ok(objective::pairs(y, None))
        })?;
        if leave {
            self.unread[which] = Some(Unread::new(&layer, self.compute));
        } else if !self.compute.is_cpu() {
            self.layers[which] = Some(layer);
        }
        Ok(cost)
    }

    /// A cost whose value is the loss's and whose gradient with respect to the outputs `y` is the one worked out on the host; its layer.
    fn on_host(
        &self,
        y: Tensor<2>,
        loss: impl FnOnce(ArrayView2<'_, f64>) -> Result<Loss>,
    ) -> Result<((Tensor<1>, Value), Orthonormal)> {
        let outputs = matrix(y.clone().inner())?.mapv(f64::from);
        let Loss { value, gradient, layer } = loss(outputs.view())?;
        if !value.is_finite() || gradient.iter().any(|g| !g.is_finite()) {
            return Ok(((y.sum().mul_scalar(0.0), Value::Here(value)), layer)); // Nothing to learn from this batch.
        }
        let along = (&outputs * &gradient).sum();
        let gradient = tensor(gradient.mapv(|g| g as f32).view(), &self.compute.device.clone().autodiff());
        Ok((((y * gradient).sum().add_scalar(value - along), Value::Here(value)), layer))
    }

    /// The paper's loss, on a graph of the batch's own codes.
    fn batch_graph(
        &self,
        codes: ArrayView2<'_, f32>,
        y: ArrayView2<'_, f64>,
        frozen: Option<Orthonormal>,
    ) -> Result<Loss> {
        check_finite(codes, "the codes", ("encoder-lr", self.cycle.lr))?;
        let k = self.neighbors.min(codes.nrows().saturating_sub(1)).max(1);
        let neighbors = graph::neighbors(codes, k, &self.recipe, &Progress::silent())?;
        let (affinity, _) = affinity(&neighbors, codes.nrows(), &self.recipe)?;
        Ok(objective::batch_graph(y, &affinity, frozen))
    }

    /// The orthonormal layer of samples that are used for nothing else in this step.
    fn fresh_layer(&self, net: &Dual, step: usize) -> Result<Orthonormal> {
        let net = net.valid();
        let codes = if let Some(graph) = &self.graph {
            let rows = graph.draw(self.batch / 2, self.recipe.seed, Stream::JointFresh, step);
            tensor(gather(graph.codes.view(), &rows).view(), &self.compute.device)
        } else {
            let mut other = Epochs::new(self.x.nrows(), self.batch, self.recipe.seed, Stream::JointFreshOrder);
            let rows = gather(self.x, other.rows(step - self.first));
            net.encode(tensor(rows.view(), &self.compute.device)).mean
        };
        let y = matrix(net.head(codes))?.mapv(f64::from);
        Ok(Orthonormal::from_gram(objective::gram(y.view()).view()))
    }
}

impl Walked {
    /// `2·pairs` rows of a step.
    fn draw(&self, pairs: usize, seed: u64, stream: Stream, step: usize) -> Vec<u32> {
        self.sampler.draw(pairs, self.walk, seed, (stream, step as u64))
    }
}
