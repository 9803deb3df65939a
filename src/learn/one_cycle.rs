//! The one-cycle schedule of the networks before the spectral one: a fixed number of steps of Adam, on a rate that rises and falls once.

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Tensor;
use rand::seq::SliceRandom as _;

use super::drive::{Clock, End, Listener, Training, drive};
use crate::nets::adam::{AdamSettings, adam};
use crate::nets::crossing::Tally;
use crate::support::language::counted;
use crate::support::progress::Control;
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// What [`OneCycle::adam`] should be for gradients of a mean over many outputs: these are so small that burn's least divisor of 1e-5
/// would hold them up, and a memory of a hundred steps follows the one-cycle rate.
pub(crate) const SHORT: AdamSettings = AdamSettings { beta_1: 0.9, beta_2: 0.99, epsilon: 1e-8 };
/// Times that a training is looked at, and the fewest steps between two looks, since some looks cost as much as a step.
const LOOKS: usize = 40;
const LEAST_APART: usize = 10;

/// How a network is trained.
pub(crate) struct OneCycle<'a> {
    /// Steps to take.
    pub(crate) steps: usize,
    /// The highest learning rate.
    pub(crate) lr: f64,
    /// The flag that sets it, for errors.
    pub(crate) flag: &'static str,
    /// Adam's own.
    pub(crate) adam: AdamSettings,
    /// Pauses, and ends it.
    pub(crate) control: &'a Control,
}

/// One look at a network in training.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<S> {
    /// Steps taken.
    pub(crate) step: usize,
    /// Seconds of training.
    pub(crate) seconds: f64,
    /// Mean loss since the look before.
    pub(crate) loss: f64,
    /// Learning rate of the last step.
    pub(crate) lr: f64,
    /// What the network makes of some samples.
    pub(crate) shown: S,
}

impl OneCycle<'_> {
    /// Trains `net`: `loss` says what a step's batch costs, `show` makes of the network what is to be seen of it a few dozen times.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::Numerics`] when the loss is not finite; what `loss`, `show` and the listener find.
    pub(crate) fn run<M: Module, S>(
        &self,
        net: M,
        loss: impl FnMut(&M, usize) -> Result<Tensor<1>>,
        show: impl FnMut(&M) -> Result<S>,
        told: &mut Listener<'_, Seen<S>>,
    ) -> Result<(M, End)> {
        let optimizer = adam(self.adam);
        let every = (self.steps / LOOKS).max(LEAST_APART);
        let (net, lr) = (Some(net), self.lr);
        let mut turning =
            Turning { of: self, net, optimizer, loss, show, step: 0, every, lr, losses: Tally::default() };
        let end = drive(&mut turning, self.control, &Clock::start(0.0, self.control), told)?;
        let net = turning.net.ok_or_else(lost)?;
        Ok((net, end))
    }
}

/// A step that failed took the network with it.
fn lost() -> Error {
    Error::Numerics("the network was lost in a step that failed".to_owned())
}

/// A network on its way through the cycle.
struct Turning<'a, M: Module, L, S> {
    of: &'a OneCycle<'a>,
    /// Away while a step makes the next one of it.
    net: Option<M>,
    optimizer: ModuleOptimizer,
    loss: L,
    show: S,
    step: usize,
    every: usize,
    lr: f64,
    /// Since the last look.
    losses: Tally,
}

impl<M, L, S, F> Training for Turning<'_, M, L, F>
where
    M: Module,
    L: FnMut(&M, usize) -> Result<Tensor<1>>,
    F: FnMut(&M) -> Result<S>,
{
    type Look = Seen<S>;

    fn taken(&self) -> usize {
        self.step
    }

    fn steps(&self) -> usize {
        self.of.steps
    }

    fn step(&mut self) -> Result<()> {
        let net = self.net.take().ok_or_else(lost)?;
        let value = (self.loss)(&net, self.step)?;
        let gradients = GradientsParams::from_grads(value.backward(), &net);
        self.lr = one_cycle(self.step, self.of.steps, self.of.lr);
        self.net = Some(self.optimizer.step(self.lr, net, gradients));
        self.losses.add(&value)?;
        self.step += 1;
        Ok(())
    }

    fn is_due(&self) -> bool {
        self.step.is_multiple_of(self.every) || self.step == self.of.steps
    }

    fn look(&mut self, due: bool, seconds: f64) -> Result<Seen<S>> {
        let loss = self.losses.mean()?.unwrap_or(f64::NAN);
        if due {
            if !loss.is_finite() {
                let (done, OneCycle { flag, lr, .. }) = (counted(self.step, "step"), self.of);
                return Err(Error::Numerics(format!(
                    "the loss is not finite after {done}; a lower {flag} than {lr} helps"
                )));
            }
            self.losses = Tally::default();
        }
        let shown = (self.show)(self.net.as_ref().ok_or_else(lost)?)?;
        Ok(Seen { step: self.step, seconds, loss, lr: self.lr, shown })
    }
}

/// The learning rate of a step: up a cosine for the first third, down one for the rest (Smith and Topin, 2019).
fn one_cycle(step: usize, steps: usize, peak: f64) -> f64 {
    let half_cosine =
        |from: f64, to: f64, part: f64| to + (from - to) * 0.5 * (1.0 + (std::f64::consts::PI * part).cos());
    let (start, end) = (peak / 25.0, peak / 1000.0);
    let turn = steps as f64 / 3.0;
    let at = step as f64;
    if at < turn {
        half_cosine(start, peak, at / turn)
    } else {
        half_cosine(peak, end, (at - turn) / (steps as f64 - turn))
    }
}

/// Rows of each step: every sample once an epoch, in an order that hangs on the seed and the epoch alone.
pub(crate) struct Epochs {
    order: Vec<u32>,
    batch: usize,
    seed: u64,
    stream: Stream,
    shuffled: Option<usize>,
}

impl Epochs {
    /// Batches of at most `batch` of `n` rows; `stream` keeps users of one seed apart.
    pub(crate) fn new(n: usize, batch: usize, seed: u64, stream: Stream) -> Self {
        let order = (0..n as u32).collect();
        Self { order, batch: batch.min(n).max(1), seed, stream, shuffled: None }
    }

    /// The rows of a step.
    pub(crate) fn rows(&mut self, step: usize) -> &[u32] {
        // A rest that does not fill a batch is left out; the next epoch mixes anew.
        let batches = self.order.len() / self.batch;
        let (epoch, at) = (step / batches, step % batches);
        if self.shuffled != Some(epoch) {
            self.order.sort_unstable();
            self.order.shuffle(&mut rng(self.seed, self.stream, epoch as u64));
            self.shuffled = Some(epoch);
        }
        &self.order[at * self.batch..(at + 1) * self.batch]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_for_a_third_and_falls_to_almost_nothing() {
        let rates: Vec<f64> = (0..300).map(|step| one_cycle(step, 300, 1.0)).collect();
        assert!((rates[0] - 0.04).abs() < 1e-9 && (rates[100] - 1.0).abs() < 1e-9 && rates[299] < 0.002);
        assert!(rates[..101].is_sorted() && rates[100..].is_sorted_by(|a, b| a >= b));
        assert!((1..4).all(|steps| one_cycle(0, steps, 1.0).is_finite()));
    }

    #[test]
    fn an_epoch_has_every_row_once_in_an_order_of_its_own() {
        let mut epochs = Epochs::new(10, 5, 3, Stream::EncoderOrder);
        let mut epoch = |e: usize| [epochs.rows(2 * e).to_vec(), epochs.rows(2 * e + 1).to_vec()].concat();
        let (first, second) = (epoch(0), epoch(1));
        let sorted = |mut rows: Vec<u32>| {
            rows.sort_unstable();
            rows
        };
        assert_eq!(sorted(first.clone()), (0..10).collect::<Vec<u32>>());
        assert_ne!(first, second);
        assert_eq!(first, epoch(0), "whatever was asked before");
    }
}
