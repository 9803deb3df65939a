//! A supervised training as the loop drives it.

use std::sync::Arc;

use ndarray::{Array2, Axis};

use super::split::Split;
use super::trainer::Trainer;
use crate::Result;
use crate::data::Labels;
use crate::learn::drive::Training;
use crate::nets::{Compute, Input, Weights};
use crate::recipe::{Recipe, Supervised};

/// What training is given.
pub(crate) struct Task<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) settings: &'a Supervised,
    pub(crate) compute: &'a Compute,
    /// Scaled features, `n × d`.
    pub(crate) scaled: &'a Array2<f32>,
    pub(crate) labels: &'a Labels,
    pub(crate) split: Split,
}

/// A supervised network in training. It can be put aside between two steps; it belongs to the thread it began on.
#[derive(Debug)]
pub(crate) struct SupervisedTraining {
    trainer: Trainer,
    input: Input,
    split: Split,
}

/// One look at the network.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// Steps taken.
    pub(crate) step: usize,
    /// Most steps to take.
    pub(crate) steps: usize,
    /// Seconds of training.
    pub(crate) seconds: f64,
    /// Mean loss since the look before; NaN where the training only waits.
    pub(crate) loss: f64,
    /// Learning rate of the next step.
    pub(crate) lr: f64,
    /// For all samples, `n × d`.
    pub(crate) outputs: Array2<f64>,
}

/// What training leaves: the newest network, since choosing among networks by their scores would let the held-out labels in.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    pub(crate) input: Input,
    pub(crate) weights: Weights,
    pub(crate) split: Split,
    /// For all samples, `n × d`.
    pub(crate) outputs: Array2<f64>,
    pub(crate) step: usize,
    pub(crate) steps: usize,
    pub(crate) notes: Vec<String>,
}

impl SupervisedTraining {
    /// The training before its first step.
    pub(crate) fn begin(task: &Task<'_>) -> Self {
        let recipe = task.recipe;
        let train_rows = task.scaled.select(Axis(0), &task.split.train);
        let input = Input::fit(train_rows.view(), task.settings.fourier, recipe.frequency, recipe.seed);
        drop(train_rows);
        let features = Arc::new(input.apply(task.scaled.view()));
        let compute = task.compute.clone();
        let trainer = Trainer::new(task.settings.clone(), recipe, compute, features, &task.split, &task.labels.ids);
        Self { trainer, input, split: task.split.clone() }
    }

    /// Which samples teach and which are scored.
    pub(crate) fn split(&self) -> &Split {
        &self.split
    }

    /// What it has come to.
    ///
    /// # Errors
    /// [`crate::Error::Numerics`] where outputs are not finite.
    pub(crate) fn learned(&self) -> Result<Learned> {
        Ok(Learned {
            input: self.input.clone(),
            weights: self.trainer.weights()?,
            split: self.split.clone(),
            outputs: self.trainer.outputs()?,
            step: self.taken(),
            steps: self.steps(),
            notes: self.trainer.advice().map(str::to_owned).into_iter().collect(),
        })
    }
}

impl Training for SupervisedTraining {
    type Look = Look;

    fn taken(&self) -> usize {
        self.trainer.steps_taken()
    }

    fn steps(&self) -> usize {
        self.trainer.settings().steps
    }

    fn step(&mut self) -> Result<()> {
        self.trainer.step()
    }

    fn is_due(&self) -> bool {
        self.taken().is_multiple_of(self.trainer.settings().every) || self.taken() >= self.steps()
    }

    fn look(&mut self, due: bool, seconds: f64) -> Result<Look> {
        let loss = if due { self.trainer.mean_loss() } else { f64::NAN };
        let outputs = self.trainer.outputs()?;
        let (step, steps, lr) = (self.taken(), self.steps(), self.trainer.lr());
        Ok(Look { step, steps, seconds, loss, lr, outputs })
    }

    fn weigh(&mut self, _: &Look, _: Option<f64>) -> Result<bool> {
        Ok(self.taken() >= self.steps())
    }
}
