//! How the networks before the spectral one are trained: a fixed number of steps of Adam on a one-cycle rate, watched, and paused and
//! ended as a person wants.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::chain::Watcher;
use super::{Event, Prepared, Stage, Stopped};
use crate::language::counted;
use crate::nets::adam::{AdamSettings, adam};
use crate::progress::{Control, Stopwatch};
use crate::{Error, Result};

/// What [`Course::memory`] should be for gradients of a mean over many outputs: these are so small that burn's least divisor of 1e-5
/// would hold them up, and a memory of a hundred steps follows the one-cycle rate.
pub(super) const SHORT: AdamSettings = AdamSettings { beta_2: 0.99, epsilon: 1e-8 };
/// Times that a course is looked at, and the fewest steps between two looks, since some looks cost as much as a step.
const LOOKS: usize = 40;
const LEAST_APART: usize = 10;

/// What a course is given.
pub(super) struct Course<'a> {
    pub stage: Stage,
    pub steps: usize,
    /// The highest learning rate.
    pub lr: f64,
    /// The flag that sets it, for errors.
    pub flag: &'static str,
    /// Adam's memory of squared gradients and least divisor.
    pub memory: AdamSettings,
    pub control: &'a Control,
    pub watcher: &'a dyn Watcher,
}

impl Course<'_> {
    /// Train `net`: `loss` says what a step's batch costs, `show` is told the network a few dozen times.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::Numerics`] when the loss is not finite; what `loss` and `show` find.
    pub(super) fn run<M: Module>(
        &self,
        mut net: M,
        mut loss: impl FnMut(&M, usize) -> Result<Tensor<1>>,
        mut show: impl FnMut(&M) -> Result<()>,
    ) -> Result<M> {
        let watch = Stopwatch::start(self.control);
        let mut optimizer = adam(self.memory);
        let every = (self.steps / LOOKS).max(LEAST_APART);
        let (mut sum, mut count) = (0.0, 0_u32);
        for step in 0..self.steps {
            if self.control.would_wait() {
                show(&net)?;
                self.watcher.event(Event::Paused(true));
            }
            self.control.before_step()?;
            if self.control.is_enough() {
                let Self { stage, steps, .. } = *self;
                self.watcher.event(Event::Stopped(Stopped { stage, step, steps }));
                break;
            }
            let value = loss(&net, step)?;
            let gradients = GradientsParams::from_grads(value.backward(), &net);
            let lr = one_cycle(step, self.steps, self.lr);
            net = optimizer.step(lr, net, gradients);
            sum += f64::from(value.into_scalar::<f32>());
            count += 1;
            let done = step + 1;
            if done.is_multiple_of(every) || done == self.steps {
                let mean = sum / f64::from(count);
                if !mean.is_finite() {
                    return Err(Error::Numerics(format!(
                        "the loss is not finite after {}; a lower {} than {} helps",
                        counted(done, "step"),
                        self.flag,
                        self.lr
                    )));
                }
                self.watcher.event(Event::Prepared(Prepared {
                    stage: self.stage,
                    step: done,
                    seconds: watch.seconds(),
                    loss: mean,
                    lr,
                }));
                show(&net)?;
                (sum, count) = (0.0, 0);
            }
            self.watcher.event(Event::Progress(self.stage, done as f32 / self.steps as f32, String::new()));
        }
        Ok(net)
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
pub(super) struct Epochs {
    order: Vec<u32>,
    batch: usize,
    seed: u64,
    stream: u64,
    shuffled: Option<usize>,
}

impl Epochs {
    /// Batches of at most `batch` of `n` rows; `stream` keeps users of one seed apart.
    pub(super) fn new(n: usize, batch: usize, seed: u64, stream: u64) -> Self {
        let order = (0..n as u32).collect();
        Self { order, batch: batch.min(n).max(1), seed, stream, shuffled: None }
    }

    /// The rows of a step.
    pub(super) fn rows(&mut self, step: usize) -> &[u32] {
        // A rest that does not fill a batch is left out; the next epoch mixes anew.
        let batches = self.order.len() / self.batch;
        let (epoch, at) = (step / batches, step % batches);
        if self.shuffled != Some(epoch) {
            self.order.sort_unstable();
            self.order.shuffle(&mut generator(self.seed, self.stream, epoch));
            self.shuffled = Some(epoch);
        }
        &self.order[at * self.batch..(at + 1) * self.batch]
    }
}

/// Random numbers of a step or an epoch, apart from those of every other.
pub(super) fn generator(seed: u64, stream: u64, at: usize) -> ChaCha8Rng {
    let mut base = ChaCha8Rng::seed_from_u64(seed);
    base.set_stream(stream);
    let own = base.random::<u64>();
    let mut rng = ChaCha8Rng::seed_from_u64(own);
    rng.set_stream(at as u64);
    rng
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
        let mut epochs = Epochs::new(10, 5, 3, 1);
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
