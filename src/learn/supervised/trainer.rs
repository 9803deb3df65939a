//! A supervised network in training, one step at a time: the same network, batches and steps for each of the losses.

use std::sync::Arc;

use burn::module::Module as _;
use burn::optim::{GradientsParams, ModuleOptimizer};
use ndarray::{Array2, Axis};

use crate::learn::supervised::batches::Batches;
use crate::learn::supervised::split::Split;
use crate::nets::adam::{USUAL, adam};
use crate::nets::dscl::{self, BatchLoss};
use crate::nets::perceptron::{matrix, tensor};
use crate::nets::{Compute, Perceptron, Weights, metric};
use crate::recipe::{Recipe, Supervised, System};
use crate::support::language::counted;
use crate::{Error, Result};

/// Part of the learning rate that the last step has.
const LAST_RATE: f64 = 0.01;

/// It belongs to one thread: burn keeps its streams per thread.
pub(crate) struct Trainer {
    settings: Supervised,
    compute: Compute,
    net: Perceptron,
    optimizer: ModuleOptimizer,
    features: Arc<Array2<f32>>,
    batches: Batches,
    step: usize,
    losses: Vec<f64>,
    advice: Option<String>,
}

impl std::fmt::Debug for Trainer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trainer").field("step", &self.step).field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Trainer {
    /// A network with starting weights for `features` (`n × d`, as the network reads them) of classes `ids`.
    pub(crate) fn new(
        settings: Supervised,
        recipe: &Recipe,
        compute: Compute,
        features: Arc<Array2<f32>>,
        split: &Split,
        ids: &[u32],
    ) -> Self {
        let mut sizes = vec![features.ncols()];
        sizes.extend(&settings.hidden);
        sizes.push(settings.embedding);
        let weights = Weights::random(&sizes, recipe.activation, recipe.seed);
        Self {
            net: weights.to_module(&compute.device.clone().autodiff()),
            optimizer: adam(USUAL),
            batches: Batches::new(&split.train, ids, settings.classes, settings.each, recipe.seed),
            settings,
            compute,
            features,
            step: 0,
            losses: Vec::new(),
            advice: None,
        }
    }

    pub(crate) fn settings(&self) -> &Supervised {
        &self.settings
    }

    pub(crate) fn steps_taken(&self) -> usize {
        self.step
    }

    /// The learning rate of the next step, on its way down a cosine.
    pub(crate) fn lr(&self) -> f64 {
        let done = self.step as f64 / self.settings.steps as f64;
        self.settings.lr * (0.5 * (1.0 + (std::f64::consts::PI * done).cos())).max(LAST_RATE)
    }

    /// The first thing that was wrong with a batch.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }

    /// Mean loss since the last call; NaN without a step between.
    pub(crate) fn mean_loss(&mut self) -> f64 {
        let losses = std::mem::take(&mut self.losses);
        losses.iter().sum::<f64>() / losses.len() as f64
    }

    /// One step of Adam. What it draws depends on the seed and the step's number alone, so that a pause changes nothing.
    ///
    /// # Errors
    /// [`Error::Device`] when the device fails.
    pub(crate) fn step(&mut self) -> Result<()> {
        let (rows, classes) = self.batches.draw(self.step);
        let rows: Vec<usize> = rows.into_iter().map(|r| r as usize).collect();
        let training = self.compute.device.clone().autodiff();
        let outputs = self.net.forward(tensor(self.features.select(Axis(0), &rows).view(), &training));
        let f = matrix(outputs.clone().inner())?.mapv(f64::from);
        let BatchLoss { value, gradient, advice } = match self.settings.system {
            System::Contrastive => metric::contrastive(f.view(), &classes, self.settings.margin),
            System::Triplet => metric::triplet(f.view(), &classes, self.settings.margin),
            System::Dscl | System::SpectralNet | System::DualAutoencoder => dscl::loss(f.view(), &classes),
        };
        if self.advice.is_none() {
            self.advice = advice;
        }
        let lr = self.lr();
        self.losses.push(value);
        self.step += 1;
        if gradient.iter().any(|g| !g.is_finite()) {
            return Ok(()); // Nothing to learn from this batch; the advice says so.
        }
        // The sum of outputs times a constant has that constant for its gradient: burn carries it on through the network.
        let gradient = tensor(gradient.mapv(|g| g as f32).view(), &training);
        let gradients = GradientsParams::from_grads((outputs * gradient).sum().backward(), &self.net);
        self.net = self.optimizer.step(lr, self.net.clone(), gradients);
        Ok(())
    }

    /// Outputs for all samples, `n × d`.
    ///
    /// # Errors
    /// [`Error::Numerics`] where they are not finite, [`Error::Device`] where they cannot be read back.
    pub(crate) fn outputs(&self) -> Result<Array2<f64>> {
        let outputs = self.net.valid().outputs(self.features.view(), &self.compute.device)?.mapv(f64::from);
        if outputs.iter().all(|v| v.is_finite()) {
            return Ok(outputs);
        }
        Err(Error::Numerics(format!(
            "the network's outputs are not finite after {}; a lower --lr than {} helps",
            counted(self.step, "step"),
            self.settings.lr
        )))
    }

    /// The network's numbers.
    ///
    /// # Errors
    /// [`Error::Device`] when they cannot be read back.
    pub(crate) fn weights(&self) -> Result<Weights> {
        self.net.weights()
    }
}
