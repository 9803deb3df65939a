//! The represent stage of the dual autoencoder: encoder, decoder, critics and prior first, then all of it together with the spectral
//! head on graphs of the codes as they are at that time ([`joint`]).
//!
//! Its codes, the latent means, then go through the chain as those of any autoencoder: the graph, the exact side and k-means are
//! computed on them. The head comes from the joint training knowing codes as they were on their way; the learn stage goes on with
//! it on the graph of the codes as they are.
//!
//! Squared errors are summed over features, so that the prior's weight γ has a meaning that does not hang on their number: `γ/2` is
//! the variance of the noise that the decoder takes the data to have, and directions that vary less are not worth a code.

mod joint;

use std::cell::RefCell;
use std::sync::Arc;

use burn::module::Module as _;
use burn::tensor::{Device, Tensor};
use ndarray::{Array2, ArrayView2, Axis};
use rand::Rng as _;
use serde::Serialize;

use self::joint::Joint;
use crate::Result;
use crate::data::ImageShape;
use crate::learn::autoencoder::{self, Codes, Rebuilt, Shown};
use crate::learn::drive::{End, Listener};
use crate::learn::one_cycle::{Epochs, OneCycle, Seen};
use crate::learn::spoilt::{Spoiler, Spoiling, spoiling};
use crate::nets::Compute;
use crate::nets::crossing::{Tally, Value, indices};
use crate::nets::dual::{Costs, Dual, Shape, TermWeights};
use crate::nets::perceptron::{matrix, tensor};
use crate::recipe::{self as settings, CODES_BATCH, Recipe, Training};
use crate::support::random::{Stream, normal, rng};

/// Rows of noise that a device keeps, for codes.
const KEPT_NOISE: usize = 8192;

/// What the dual autoencoder's terms cost, before weights; each the mean since the previous look, `None` while it is not computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Terms {
    /// Steps taken.
    pub step: usize,
    /// Squared error of samples rebuilt from noisy codes, summed over features.
    pub reconstruction: Option<f64>,
    /// Squared distance between samples rebuilt from noisy codes and from means.
    pub relative: Option<f64>,
    /// Cost of the global critic, 2 ln 2 at chance.
    pub global: Option<f64>,
    /// Cost of the local critic, 2 ln 2 at chance.
    pub local: Option<f64>,
    /// Divergence from the prior, in nats.
    pub prior: Option<f64>,
    /// The spectral loss `tr(AᵀCA)`.
    pub spectral: Option<f64>,
}

/// What the data and the recipe settle before the training.
pub(crate) struct Task<'a> {
    pub recipe: &'a Recipe,
    /// Scaled rows, `n × d`.
    pub x: ArrayView2<'a, f32>,
    /// What a row stands for, where it is a picture.
    pub image: Option<ImageShape>,
    /// How the codes are learned.
    pub codes: &'a settings::Codes,
    /// How the head is trained.
    pub training: &'a Training,
    /// Neighbours in the graph of the codes.
    pub neighbors: usize,
    /// Clusters.
    pub clusters: usize,
    pub compute: &'a Compute,
}

/// Trains; `told` sees the rebuilt samples as they come, and the terms of the loss.
///
/// # Errors
/// [`crate::Error::Numerics`] where codes are not finite; those of [`OneCycle::run`] and of the neighbour search.
pub(crate) fn train<'a>(
    task: &Task<'a>,
    cycle: &'a OneCycle<'a>,
    told: &mut Listener<'_, Seen<Shown>>,
) -> Result<(Codes, End)> {
    let Task { recipe, x, compute, .. } = *task;
    let shape = shape(task);
    let samples = autoencoder::shown(x.nrows());
    let before = x.select(Axis(0), &samples);
    let rebuild = |net: &Dual| {
        let rows = tensor(before.view(), &compute.device);
        let after = matrix(net.decode(net.encode(rows).mean))?;
        Result::Ok(Arc::new(Rebuilt { samples: samples.clone(), before: before.clone(), after }))
    };
    let pretraining = ((1.0 - recipe.joint) * cycle.steps as f64).round() as usize;
    let mut joint = Joint::new(task, cycle, pretraining);
    let sums = RefCell::new(Sums::default());
    let mut cost = Cost::new(task, pretraining);
    let loss = |net: &Dual, step: usize| cost.of(net, step, &mut joint, &sums);
    let show = |net: &Dual| Ok(Shown { terms: sums.borrow_mut().take()?, rebuilt: rebuild(&net.valid())? });
    let (net, end) =
        cycle.run(Dual::random(&shape, recipe.seed, &compute.device.clone().autodiff()), loss, show, told)?;
    let net = net.valid();
    let encoder = net.encoder()?;
    let rows = Arc::new(encoder.codes(x, &compute.device)?);
    autoencoder::check_finite(rows.view(), "the codes", ("encoder-lr", cycle.lr))?;
    // Who stopped before the joint part has no head, and the learn stage trains one.
    let head = joint.began().then(|| net.head_weights()).transpose()?;
    Ok((Codes { rows, encoder, rebuilt: rebuild(&net)?, head }, end))
}

/// The networks' sizes.
fn shape(task: &Task<'_>) -> Shape {
    let Task { recipe, x, image, codes, training, .. } = *task;
    Shape {
        image,
        features: x.ncols(),
        layers: codes.layers.clone(),
        latent: codes.width,
        parts: task.clusters,
        head: (training.hidden.iter().copied().chain([training.k]).collect(), recipe.activation),
        bounded: image.is_some() && x.iter().all(|v| (0.0..=1.0).contains(v)),
    }
}

/// What a step costs: batch, noise and the weighted terms.
struct Cost<'a> {
    recipe: &'a Recipe,
    spoiling: Spoiling<'a>,
    spoiler: Spoiler,
    device: Device,
    weights: TermWeights,
    codes: &'a settings::Codes,
    /// Noise that a device other than the CPU keeps.
    kept: Option<Tensor<2>>,
    /// The first joint step.
    first: usize,
    epochs: Epochs,
}

impl<'a> Cost<'a> {
    fn new(task: &Task<'a>, first: usize) -> Self {
        let Task { recipe, x, image, compute, codes, .. } = *task;
        let weights =
            TermWeights { relative: recipe.relative_weight, mutual: recipe.mutual_weight, prior: recipe.prior_weight };
        let epochs = Epochs::new(x.nrows(), CODES_BATCH, recipe.seed, Stream::DualOrder);
        let (spoiling, spoiler) = spoiling((codes, recipe.seed), (x, image), compute);
        let device = compute.device.clone().autodiff();
        let kept = (!compute.is_cpu()).then(|| {
            let mut rng = rng(recipe.seed, Stream::KeptCorruption, 1);
            let noise = Array2::from_shape_simple_fn((KEPT_NOISE, codes.width), || normal(&mut rng) as f32);
            tensor(noise.view(), &compute.device)
        });
        Self { recipe, spoiling, spoiler, device, weights, codes, kept, first, epochs }
    }

    /// Standard normal numbers for so many codes, which hang on seed and step alone.
    fn noise(&self, rows: usize, step: usize) -> Tensor<2> {
        let Some(kept) = &self.kept else {
            return tensor(noise(rows, self.codes.width, self.recipe.seed, step).view(), &self.device);
        };
        let mut rng = rng(self.recipe.seed, Stream::DualNoise, step as u64);
        let rows: Vec<u32> = (0..rows).map(|_| rng.random_range(0..KEPT_NOISE) as u32).collect();
        Tensor::from_inner(kept.clone().select(0, indices(&rows, &self.device.clone().inner())))
    }

    fn of(&mut self, net: &Dual, step: usize, joint: &mut Joint<'_>, sums: &RefCell<Sums>) -> Result<Tensor<1>> {
        let rows = if step < self.first { self.epochs.rows(step).to_vec() } else { joint.rows(net, step)? };
        let (seen, clean) = self.spoiler.get(&self.spoiling.of(&rows, step));
        let coded = net.encode(Tensor::from_inner(seen));
        let noise = self.noise(rows.len(), step);
        let costs = net.costs(&coded, Tensor::from_inner(clean), noise, &self.weights);
        let mut spectral = None;
        let mut total = costs.total(&self.weights);
        if step >= self.first {
            let (more, value) = joint.loss(net, coded.mean, step)?;
            total = total + more;
            spectral = Some(value);
        }
        sums.borrow_mut().add(&costs, spectral.as_ref(), step + 1)?;
        Ok(total)
    }
}

/// Standard normal numbers for the codes of a step, which hang on seed and step alone.
fn noise(rows: usize, latent: usize, seed: u64, step: usize) -> Array2<f32> {
    let mut rng = rng(seed, Stream::DualNoise, step as u64);
    Array2::from_shape_fn((rows, latent), |_| normal(&mut rng) as f32)
}

/// Terms since the last look.
#[derive(Debug, Default)]
struct Sums {
    step: usize,
    /// In the order of [`Terms`].
    terms: [Tally; 6],
}

impl Sums {
    fn add(&mut self, costs: &Costs, spectral: Option<&Value>, step: usize) -> Result<()> {
        self.step = step;
        let Costs { reconstruction, relative, global, local, prior } = costs;
        let rest = [relative, global, local, prior].map(Option::as_ref);
        let values = [Some(reconstruction), rest[0], rest[1], rest[2], rest[3]];
        for (term, value) in self.terms.iter_mut().zip(values) {
            if let Some(value) = value {
                term.add(value)?;
            }
        }
        spectral.map_or(Ok(()), |value| self.terms[5].add_value(value))
    }

    /// The means; nothing where nothing was added.
    fn take(&mut self) -> Result<Option<Terms>> {
        let Self { step, mut terms } = std::mem::take(self);
        let mut mean = |at: usize| terms[at].mean();
        let terms = Terms {
            step,
            reconstruction: mean(0)?,
            relative: mean(1)?,
            global: mean(2)?,
            local: mean(3)?,
            prior: mean(4)?,
            spectral: mean(5)?,
        };
        Ok((step > 0).then_some(terms))
    }
}
