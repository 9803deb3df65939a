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
use crate::support::language::counted;

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
    /// What became of the device, where it went away.
    lost: Option<String>,
    /// Whether its first steps are looked at one by one.
    watched: bool,
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
    /// Where it is trained, as a person knows it.
    pub(crate) device: String,
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

    /// The same looked at after each of its first steps: a step on the whole graph goes a long way, and a few are all that small samples need.
    /// Who does not watch pays nothing, and the network is the same.
    pub(crate) fn watched(self, watched: bool) -> Self {
        Self { watched, ..self }
    }

    fn with_input(task: Task<'_>, input: Input, weights: Option<&Weights>) -> Self {
        let read = Arc::new(input.clone());
        let inputs = Inputs::new(input, Arc::clone(task.samples), task.compute);
        let trainer = Trainer::new(task.training, task.recipe, task.compute.clone(), inputs, Arc::clone(task.operator))
            .with_hints(task.hints, task.neighbors)
            .with_held(task.held)
            .with_weights(weights);
        Self { trainer, input: read, spectrum: task.spectrum, advice: None, lost: None, watched: false }
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
        if used[1..4].iter().any(|&r| r > 0) {
            notes.push(format!(
                "the orthonormal layer used Cholesky {} times, a ridge {}, whitening {}, nothing {}",
                used[0], used[1], used[2], used[3]
            ));
        }
        let missed = self.trainer.missed();
        if missed > 0 {
            notes.push(format!(
                "{} on the GPU found no orthonormal layer and taught nothing; the CPU took the one after each reading that told so",
                counted(missed, "step")
            ));
        }
        notes.extend(self.lost.clone());
        notes
    }

    /// Does something with the trainer. Where the device goes away in the middle the CPU does it, from the last look on.
    fn on_device<T>(&mut self, what: impl Fn(&mut Trainer) -> Result<T>) -> Result<T> {
        let compute = self.trainer.compute().clone();
        match compute.on(|| what(&mut self.trainer)) {
            Err(error) if compute.is_lost(&error) => {
                let taken = self.trainer.steps_taken();
                self.trainer.go_on_on_cpu();
                let from = self.trainer.steps_taken();
                let lost = format!(
                    "{} went away after {}: the CPU went on from the last look, after {from}",
                    compute.name,
                    counted(taken, "step")
                );
                log::warn!("{lost} ({error})");
                self.lost = Some(lost);
                what(&mut self.trainer)
            }
            done => done,
        }
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
        self.on_device(Trainer::step)?;
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

    fn is_early(&self) -> bool {
        let settings = self.trainer.settings();
        self.watched && settings.whole && self.taken() < settings.every
    }

    fn look(&mut self, due: bool, seconds: f64) -> Result<Look> {
        let seen = self.on_device(|trainer| {
            trainer.collect(due)?;
            if !due {
                return trainer.glance();
            }
            if trainer.is_time_to_settle() {
                trainer.settle()?;
            }
            trainer.look()
        })?;
        let trainer = &self.trainer;
        let outputs = trainer.settings().outputs;
        // Without the orthonormal layer nothing keeps the loss above it.
        let known = self.spectrum.get(..outputs).filter(|_| trainer.settings().gradient.is_some());
        let bound = known.map(|values| trainer.sampler().bound(values, trainer.walk()));
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
            device: trainer.compute().name.clone(),
        })
    }

    fn weigh(&mut self, look: &Look, distance: Option<f64>) -> Result<bool> {
        Ok(self.trainer.schedule(&look.seen, distance))
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::graph::Csr;
    use crate::learn::drive::{Clock, End, Told, drive};
    use crate::recipe::{Auto, Facts, Laplacian};
    use crate::support::progress::Control;

    #[test]
    fn where_the_device_goes_away_the_cpu_goes_on_from_the_last_look_and_that_is_said() {
        let n = 60_u32;
        let edges: Vec<(u32, u32, f64)> =
            (0..n).flat_map(|i| [(i, (i + 1) % n), ((i + 1) % n, i)]).map(|(i, j)| (i, j, 1.0)).collect();
        let ring = Csr::from_triplets(n as usize, &edges).expect("a graph");
        let operator = Arc::new(Operator::new(ring, Laplacian::RandomWalk).expect("a ring"));
        let turn = |i: usize| std::f32::consts::TAU * i as f32 / n as f32;
        let samples =
            Array2::from_shape_fn((n as usize, 2), |(i, j)| if j == 0 { turn(i).cos() } else { turn(i).sin() });
        let samples = Arc::new(samples);
        let recipe =
            Recipe { batch: Auto::Set(32), steps: Auto::Set(40), hold_out: Auto::Set(0.0), ..Recipe::default() };
        let facts = Facts { samples: n as usize, features: 2, filled: 2, clusters: Some(3), ..Facts::default() };
        let training = recipe.resolve(&facts).expect("sound settings").training;
        // Steps and looks are pieces of work on the device: in a step, in the first, and in a look, every tenth of which follows ten steps.
        for (fails_after, step, from) in [(0, 0, 0), (16, 15, 10), (21, 20, 10), (usize::MAX, 0, 0)] {
            let compute = Compute::as_if_afar(usize::MAX, fails_after);
            let task = Task {
                recipe: &recipe,
                training: training.clone(),
                neighbors: 5,
                compute: &compute,
                samples: &samples,
                hints: None,
                operator: &operator,
                held: None,
                spectrum: Vec::new(),
                head: None,
            };
            assert_eq!(task.training.every, 10);
            let mut training = SpectralTraining::begin(task);
            let (control, mut devices) = (Control::new(), Vec::new());
            let end = drive(&mut training, &control, &Clock::start(0.0, &control), &mut |told| {
                if let Told::Look(look) = told {
                    devices.push(look.device.clone());
                }
                Ok(None)
            });
            assert_eq!((end.ok(), training.trainer.steps_taken()), (Some(End::Finished), 40));
            let learned = training.learned().expect("it was trained");
            let said: Vec<&String> = learned.notes.iter().filter(|note| note.contains("went away")).collect();
            if fails_after == usize::MAX {
                assert!(said.is_empty() && devices.iter().all(|device| device == "a GPU"));
                continue;
            }
            let expected = format!("after {}: the CPU went on from the last look, after {from}", counted(step, "step"));
            assert!(said.len() == 1 && said[0].contains(&expected), "{said:?}");
            assert_eq!(devices.last().map(String::as_str), Some("CPU"));
        }
    }
}
