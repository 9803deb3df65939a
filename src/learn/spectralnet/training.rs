//! SpectralNet's training as the loop drives it, and what it leaves.

use std::sync::Arc;

use ndarray::Array2;

use super::held::{HeldLook, HeldOut};
use super::inputs::Inputs;
use super::separate::separate;
use super::trainer::{self, Seen, Trainer};
use crate::Result;
use crate::exact::Ritz;
use crate::graph::{Hints, Operator};
use crate::learn::drive;
use crate::nets::{Compute, Input, Weights};
use crate::recipe::{Recipe, Training};

/// What training is given.
pub(crate) struct Task<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) training: Training,
    /// Neighbours, for graphs built inside a batch.
    pub(crate) neighbors: usize,
    pub(crate) compute: &'a Compute,
    /// Features or codes, `n × d`.
    pub(crate) samples: &'a Arc<Array2<f32>>,
    /// Labels that may be used, for graphs built inside a batch.
    pub(crate) hints: Option<Hints>,
    pub(crate) operator: &'a Arc<Operator>,
    /// Rows that no step takes before the last part.
    pub(crate) held: Option<Arc<HeldOut>>,
    /// Exact eigenvalues, as far as they are known: they bound the loss.
    pub(crate) spectrum: Vec<f64>,
    /// A head that was trained together with the codes, to go on from.
    pub(crate) head: Option<&'a Weights>,
}

impl Task<'_> {
    /// The same with rows held out.
    pub(crate) fn with_held(self, held: Option<Arc<HeldOut>>) -> Self {
        Self { held, ..self }
    }
}

/// A SpectralNet in training. It can be put aside between two steps and goes on as if it never had been; it belongs to the thread it began on.
#[derive(Debug)]
pub(crate) struct SpectralTraining {
    trainer: Trainer,
    /// What the network reads.
    input: Arc<Input>,
    spectrum: Vec<f64>,
    /// The first thing that was wrong with a batch.
    advice: Option<String>,
}

/// One look at the network on the full graph.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// Steps taken.
    pub(crate) step: usize,
    /// Most steps to take.
    pub(crate) steps: usize,
    /// Seconds of training.
    pub(crate) seconds: f64,
    /// The span, its columns parted as the recipe wants them.
    pub(crate) parted: Ritz,
    /// The loss's lower bound, where the exact eigenvalues are known.
    pub(crate) bound: Option<f64>,
    /// Learning rate of the next step.
    pub(crate) lr: f64,
    /// Steps of the walk.
    pub(crate) walk: usize,
    /// Vectors wanted, and columns learned, guards among them.
    pub(crate) wanted: usize,
    pub(crate) outputs: usize,
    /// What the trainer saw.
    pub(crate) seen: trainer::Look,
    /// What the network reads.
    pub(crate) input: Arc<Input>,
}

/// What training leaves.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    pub(crate) input: Input,
    pub(crate) weights: Weights,
    /// The network's span, its columns parted as the recipe wants them.
    pub(crate) ritz: Ritz,
    /// Steps taken, most steps, and those after which the network was as it was kept.
    pub(crate) step: usize,
    pub(crate) steps: usize,
    pub(crate) kept: usize,
    /// Where the network that placed the rows held out best put them, and the steps it had taken.
    pub(crate) unseen: Option<(usize, HeldLook)>,
    pub(crate) notes: Vec<String>,
}

impl SpectralTraining {
    /// The training before its first step.
    pub(crate) fn begin(task: Task<'_>) -> Self {
        let d = task.samples.ncols();
        let input = match task.head {
            Some(_) => Input::identity(d),
            None => Input::fit(task.samples.view(), task.training.fourier, task.training.frequency, task.recipe.seed),
        };
        let head = task.head;
        Self::with_input(task, input, head)
    }

    /// A training that goes on from the weights of another, on a graph of its own; nothing where such a network does not fit the task.
    /// Where it has another number of outputs its last layer begins anew.
    pub(crate) fn from_weights(task: Task<'_>, input: &Input, weights: &Weights) -> Option<Self> {
        let training = &task.training;
        let sizes = weights.layers.iter().map(|layer| layer.bias.len());
        let hidden: Vec<usize> = sizes.take(weights.layers.len().saturating_sub(1)).collect();
        let fits = hidden == training.hidden
            && weights.activation == training.activation
            && input.dim() == Some(task.samples.ncols())
            && weights.width_after(input.width()).is_some();
        if !fits {
            return None;
        }
        let weights = weights.with_outputs(training.outputs, task.recipe.seed);
        Some(Self::with_input(task, input.clone(), Some(&weights)))
    }

    fn with_input(task: Task<'_>, input: Input, weights: Option<&Weights>) -> Self {
        let read = Arc::new(input.clone());
        let inputs = Inputs::new(input, Arc::clone(task.samples), task.compute);
        let trainer = Trainer::new(task.training, task.recipe, task.compute.clone(), inputs, Arc::clone(task.operator))
            .with_hints(task.hints, task.neighbors)
            .with_held(task.held)
            .with_weights(weights);
        Self { trainer, input: read, spectrum: task.spectrum, advice: None }
    }

    /// What it has come to.
    ///
    /// # Errors
    /// As [`Trainer::look`], and those of building graphs inside batches.
    pub(crate) fn learned(&self) -> Result<Learned> {
        let (input, Seen { step: kept, weights, ritz, .. }) = self.trainer.best()?;
        let ritz = separate(&ritz, &self.trainer.batches())?;
        let (step, steps) = (self.trainer.steps_taken(), self.trainer.settings().steps);
        let unseen = self.trainer.unseen();
        Ok(Learned { input, weights, ritz, step, steps, kept, unseen, notes: self.notes() })
    }

    /// What a person should know of it.
    fn notes(&self) -> Vec<String> {
        let used = self.trainer.factorizations();
        let mut notes: Vec<String> = self.advice.clone().into_iter().collect();
        if used[1..].iter().any(|&r| r > 0) {
            notes.push(format!(
                "the orthonormal layer used Cholesky {} times, a ridge {}, whitening {}, nothing {}",
                used[0], used[1], used[2], used[3]
            ));
        }
        notes
    }
}

impl drive::Training for SpectralTraining {
    type Look = Look;

    fn taken(&self) -> usize {
        self.trainer.steps_taken()
    }

    fn steps(&self) -> usize {
        self.trainer.settings().steps
    }

    fn step(&mut self) -> Result<()> {
        self.trainer.step()?;
        if self.advice.is_none() {
            self.advice = self.trainer.layer().advice();
        }
        Ok(())
    }

    fn is_due(&self) -> bool {
        let taken = self.taken();
        taken.is_multiple_of(self.trainer.settings().every)
            || taken >= self.steps()
            || self.trainer.has_just_taken_all()
    }

    fn look(&mut self, due: bool, seconds: f64) -> Result<Look> {
        let seen = if due {
            if self.trainer.is_time_to_settle() {
                self.trainer.settle()?;
            }
            self.trainer.look()?
        } else {
            self.trainer.glance()?
        };
        let trainer = &self.trainer;
        let outputs = trainer.settings().outputs;
        let bound = self.spectrum.get(..outputs).map(|values| trainer.sampler().bound(values, trainer.walk()));
        Ok(Look {
            step: self.taken(),
            steps: self.steps(),
            seconds,
            parted: separate(&seen.ritz, &trainer.batches())?,
            bound,
            lr: trainer.lr(),
            walk: trainer.walk(),
            wanted: trainer.settings().k,
            outputs,
            seen,
            input: Arc::clone(&self.input),
        })
    }

    fn weigh(&mut self, look: &Look, distance: Option<f64>) -> Result<bool> {
        Ok(self.trainer.schedule(&look.seen, distance))
    }
}
