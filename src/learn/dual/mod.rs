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
use burn::tensor::Tensor;
use ndarray::{Array2, ArrayView2, Axis};
use serde::Serialize;

use self::joint::Joint;
use super::Event;
use super::course::{Course, Epochs, generator};
use super::distort::distort;
use super::model::normal;
use super::represent::{self, BATCH, Codes, Rebuilt, corrupt, gather};
use super::settings::Settings;
use crate::data::ImageShape;
use crate::nets::Compute;
use crate::nets::dual::{Costs, Dual, Shape, TermWeights};
use crate::nets::perceptron::{matrix, tensor};
use crate::recipe::{Hidden, Recipe};
use crate::{Error, Result};

/// Hidden layers of encoder and decoder, where `--encoder` gives none: of tables, and of pictures, after the convolutions.
const LAYERS: [usize; 2] = [500, 500];
const LAYERS_OF_PICTURES: [usize; 1] = [256];
/// Passes over the data that `auto` takes, and the fewest and most steps.
const EPOCHS: usize = 40;
const STEPS: std::ops::RangeInclusive<usize> = 1500..=6000;
/// Streams of the seed's numbers: the order of the rows, and the noise of the codes.
const ORDER: u64 = 24;
const NOISE: u64 = 25;

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
pub(super) struct Task<'a> {
    pub recipe: &'a Recipe,
    /// Scaled rows, `n × d`.
    pub x: ArrayView2<'a, f32>,
    /// What a row stands for, where it is a picture.
    pub image: Option<ImageShape>,
    /// Clusters, if they are known.
    pub clusters: Option<usize>,
    /// Outputs of the head, if they are known.
    pub vectors: Option<usize>,
    pub compute: &'a Compute,
}

/// What `auto` steps are for `n` samples.
#[must_use]
pub fn steps(n: usize) -> usize {
    (EPOCHS * n / BATCH).clamp(*STEPS.start(), *STEPS.end())
}

/// Train; `show` sees the rebuilt samples as they come.
///
/// # Errors
/// [`Error::Setting`] naming the flag whose value makes no sense; those of [`Course::run`] and of the neighbour search.
pub(super) fn train<'a>(task: &Task<'a>, course: &'a Course<'a>, mut show: impl FnMut(Arc<Rebuilt>)) -> Result<Codes> {
    let Task { recipe, x, compute, .. } = *task;
    check(recipe, task.clusters)?;
    let (Some(clusters), Some(vectors)) = (task.clusters, task.vectors) else { return Err(without_clusters()) };
    let latent = width(recipe)?;
    let settings = Settings::resolve(recipe, x.nrows(), latent, vectors, None)?;
    let image = task.image;
    let shape = Shape {
        image,
        features: x.ncols(),
        layers: match &recipe.encoder {
            Hidden::Auto if image.is_some() => LAYERS_OF_PICTURES.to_vec(),
            Hidden::Auto => LAYERS.to_vec(),
            Hidden::Layers(layers) => layers[..layers.len().saturating_sub(1)].to_vec(),
        },
        latent,
        parts: clusters,
        head: (settings.hidden.iter().copied().chain([vectors]).collect(), recipe.activation),
        bounded: image.is_some() && x.iter().all(|v| (0.0..=1.0).contains(v)),
    };
    let weights =
        TermWeights { relative: recipe.relative_weight, mutual: recipe.mutual_weight, prior: recipe.prior_weight };
    let device = compute.device.clone().autodiff();
    let samples = represent::shown(x.nrows());
    let before = x.select(Axis(0), &samples);
    let rebuild = |net: &Dual| {
        let rows = tensor(before.view(), &compute.device);
        let after = matrix(net.decode(net.encode(rows).mean))?;
        Result::Ok(Arc::new(Rebuilt { samples: samples.clone(), before: before.clone(), after }))
    };

    let pretraining = ((1.0 - recipe.joint) * course.steps as f64).round() as usize;
    let mut joint = Joint::new(task, settings, course, pretraining);
    let mut epochs = Epochs::new(x.nrows(), BATCH, recipe.seed, ORDER);
    let sums = RefCell::new(Sums::default());
    let loss = |net: &Dual, step: usize| -> Result<Tensor<1>> {
        let rows = if step < pretraining { epochs.rows(step).to_vec() } else { joint.rows(net, step)? };
        let clean = gather(x, &rows);
        let mut seen = clean.clone();
        if let Some(image) = image {
            distort(&mut seen, image, recipe.distortion_in_use(), recipe.seed, step);
        }
        let seen = corrupt(seen, recipe.corruption, recipe.seed, step);
        let coded = net.encode(tensor(seen.view(), &device));
        let noise = tensor(noise(rows.len(), latent, recipe.seed, step).view(), &device);
        let costs = net.costs(&coded, tensor(clean.view(), &device), noise, &weights);
        let mut spectral = None;
        let mut total = costs.total(&weights);
        if step >= pretraining {
            let (more, value) = joint.loss(net, coded.mean, step)?;
            total = total + more;
            spectral = Some(value);
        }
        sums.borrow_mut().add(&costs, spectral, step + 1);
        Ok(total)
    };
    let net = course.run(Dual::random(&shape, recipe.seed, &device), loss, |net| {
        let terms = sums.borrow_mut().take();
        if let Some(terms) = terms {
            course.watcher.event(Event::Terms(terms));
        }
        show(rebuild(&net.valid())?);
        Ok(())
    })?;
    let net = net.valid();
    let encoder = net.encoder()?;
    let rows = Arc::new(encoder.codes(x, &compute.device)?);
    represent::check_finite(rows.view(), "the codes", ("encoder-lr", course.lr))?;
    // Who stopped before the joint part has no head, and the learn stage trains one.
    let head = joint.began().then(|| net.head_weights()).transpose()?;
    Ok(Codes { rows, encoder, rebuilt: rebuild(&net)?, head })
}

/// Standard normal numbers for the codes of a step, which hang on seed and step alone.
fn noise(rows: usize, latent: usize, seed: u64, step: usize) -> Array2<f32> {
    let mut rng = generator(seed, NOISE, step);
    Array2::from_shape_fn((rows, latent), |_| normal(&mut rng) as f32)
}

/// Terms since the last look.
#[derive(Debug, Default)]
struct Sums {
    step: usize,
    /// Sum and count of each term, in the order of [`Terms`].
    terms: [(f64, u32); 6],
}

impl Sums {
    fn add(&mut self, costs: &Costs, spectral: Option<f64>, step: usize) {
        self.step = step;
        let read = |term: &Option<Tensor<1>>| term.as_ref().map(|t| f64::from(t.clone().into_scalar::<f32>()));
        let reconstruction = Some(f64::from(costs.reconstruction.clone().into_scalar::<f32>()));
        let rest = [&costs.relative, &costs.global, &costs.local, &costs.prior].map(read);
        let values = [reconstruction, rest[0], rest[1], rest[2], rest[3], spectral];
        for ((sum, count), value) in self.terms.iter_mut().zip(values) {
            if let Some(value) = value {
                *sum += value;
                *count += 1;
            }
        }
    }

    /// The means; nothing where nothing was added.
    fn take(&mut self) -> Option<Terms> {
        let Self { step, terms } = std::mem::take(self);
        let [reconstruction, relative, global, local, prior, spectral] =
            terms.map(|(sum, count)| (count > 0).then(|| sum / f64::from(count)));
        (step > 0).then_some(Terms { step, reconstruction, relative, global, local, prior, spectral })
    }
}

/// What `--latent` means.
fn width(recipe: &Recipe) -> Result<usize> {
    let last = match &recipe.encoder {
        Hidden::Auto => None,
        Hidden::Layers(layers) => layers.last().copied(),
    };
    match recipe.latent.set().or(last).unwrap_or(10) {
        width @ 1..=1024 => Ok(width),
        width => Err(Error::Setting(format!("--latent {width} is outside 1 to 1024"))),
    }
}

fn without_clusters() -> Error {
    Error::Setting(
        "the dual autoencoder's prior has a mean for each cluster: give --clusters, since this data does not say"
            .to_owned(),
    )
}

/// Whether it can be trained so, with as many clusters where they are known.
///
/// # Errors
/// [`Error::Setting`] naming the flag whose value makes no sense.
pub(super) fn check(recipe: &Recipe, clusters: Option<usize>) -> Result<()> {
    represent::check(recipe)?;
    clusters.ok_or_else(without_clusters)?;
    width(recipe)?;
    let weights = [
        ("relative-weight", recipe.relative_weight),
        ("mutual-weight", recipe.mutual_weight),
        ("prior-weight", recipe.prior_weight),
        ("spectral-weight", recipe.spectral_weight),
    ];
    if let Some((flag, weight)) = weights.iter().find(|(_, w)| !(w.is_finite() && *w >= 0.0)) {
        return Err(Error::Setting(format!("--{flag} {weight} must be at least 0")));
    }
    if !(recipe.joint > 0.0 && recipe.joint <= 1.0) {
        return Err(Error::Setting(format!(
            "--joint {} must be above 0 and at most 1; --spectral-weight 0 keeps the codes from it",
            recipe.joint
        )));
    }
    Ok(())
}
