//! The represent stage: codes of a denoising autoencoder that is trained on the data itself.

use std::sync::Arc;
use std::thread;

use burn::module::Module as _;
use burn::tensor::Tensor;
use ndarray::{Array2, ArrayView2, Axis};
use rand::RngCore as _;
use rand::seq::SliceRandom as _;

use crate::data::ImageShape;
use crate::learn::ahead::Ahead;
use crate::learn::drive::{End, Listener, Told};
use crate::learn::dual::Terms;
use crate::learn::one_cycle::{Epochs, OneCycle, Seen};
use crate::learn::spoilt::spoiling;
use crate::nets::perceptron::{matrix, tensor};
use crate::nets::{Autoencoder, Compute, Encoder, Weights};
use crate::recipe::{self as settings, CODES_BATCH};
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// Samples whose rebuilt selves are shown.
const SHOWN: usize = 12;
/// One row of so many decides how long a training is, where the rows decide; the steps of the first; and what twice as many must gain.
const ONE_IN: usize = 10;
const FIRST_STEPS: usize = 100;
const GAIN: f64 = 0.02;

/// What stands for the samples, and what makes it of a row never seen.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    /// Codes, `n × c`.
    pub rows: Arc<Array2<f32>>,
    /// The encoder.
    pub encoder: Encoder,
    /// Some samples beside what the decoder makes of their codes.
    pub rebuilt: Arc<Rebuilt>,
    /// The spectral head that was trained together with the encoder, of the dual autoencoder.
    pub head: Option<Weights>,
}

/// Samples and what an autoencoder makes of them.
#[derive(Clone, Debug)]
pub struct Rebuilt {
    /// Which samples.
    pub samples: Vec<usize>,
    /// Their scaled features, `s × d`.
    pub before: Array2<f32>,
    /// The same through code and back.
    pub after: Array2<f32>,
}

/// What a training of codes shows.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// Some samples beside what the decoder makes of their codes.
    pub(crate) rebuilt: Arc<Rebuilt>,
    /// The terms of the loss since the look before, of the dual autoencoder.
    pub(crate) terms: Option<Terms>,
}

/// Trains on scaled rows (`n × d`), pictures where they have a shape; `told` sees the rebuilt samples as they come.
///
/// # Errors
/// [`Error::Numerics`] where the codes are not finite; those of [`OneCycle::run`].
pub(crate) fn train(
    (settings, seed): (&settings::Codes, u64),
    (x, image): (ArrayView2<'_, f32>, Option<ImageShape>),
    compute: &Compute,
    cycle: &OneCycle<'_>,
    told: &mut Listener<'_, Seen<Shown>>,
) -> Result<(Codes, End)> {
    let task = Task { settings, seed, x, image, compute };
    let (net, end) = match task.held_out() {
        Some((held, taught)) => task.longest_that_helps(&held, &taught, cycle, told)?,
        None => task.fit(&(0..x.nrows() as u32).collect::<Vec<u32>>(), cycle, told)?,
    };
    let net = net.valid();
    let rows = Arc::new(net.encoder().outputs(x, &compute.device)?);
    check_finite(rows.view(), "the codes", ("encoder-lr", cycle.lr))?;
    let encoder = net.encoder().weights()?.into();
    Ok((Codes { rows, encoder, rebuilt: task.rebuild(&net)?, head: None }, end))
}

/// What an autoencoder is trained on.
#[derive(Clone, Copy)]
struct Task<'a> {
    settings: &'a settings::Codes,
    seed: u64,
    x: ArrayView2<'a, f32>,
    image: Option<ImageShape>,
    compute: &'a Compute,
}

impl Task<'_> {
    /// One whole training on these rows.
    fn fit(
        &self,
        taught: &[u32],
        cycle: &OneCycle<'_>,
        told: &mut Listener<'_, Seen<Shown>>,
    ) -> Result<(Autoencoder, End)> {
        let Self { settings, seed, x, image, compute } = *self;
        let sizes = [vec![x.ncols()], settings.layers.clone()].concat();
        let mut epochs = Epochs::new(taught.len(), CODES_BATCH, seed, Stream::EncoderOrder);
        let (spoiling, spoiler) = spoiling((settings, seed), (x, image), compute);
        let make = |step| {
            let rows: Vec<u32> = epochs.rows(step).iter().map(|&at| taught[at as usize]).collect();
            spoiling.of(&rows, step)
        };
        let start = Autoencoder::random(&sizes, seed, &compute.device.clone().autodiff());
        thread::scope(|scope| {
            let batches = Ahead::spawn(scope, cycle.steps, make);
            let loss = |net: &Autoencoder, _| {
                let (seen, clean) = spoiler.get(&batches.next()?);
                Ok(net.loss(Tensor::from_inner(seen), Tensor::from_inner(clean)))
            };
            let show = |net: &Autoencoder| Ok(Shown { rebuilt: self.rebuild(&net.valid())?, terms: None });
            cycle.run(start, loss, show, told)
        })
    }

    /// Some samples through code and back.
    fn rebuild(&self, net: &Autoencoder) -> Result<Arc<Rebuilt>> {
        let samples = shown(self.x.nrows());
        let before = self.x.select(Axis(0), &samples);
        let after = matrix(net.rebuild(tensor(before.view(), &self.compute.device)))?;
        Ok(Arc::new(Rebuilt { samples, before, after }))
    }

    /// Rows that are held out, and the others, where the training's length is left to them.
    fn held_out(&self) -> Option<(Vec<u32>, Vec<u32>)> {
        let n = self.x.nrows();
        let mut rows: Vec<u32> = (0..n as u32).collect();
        rows.shuffle(&mut rng(self.seed, Stream::EncoderHeldOut, 0));
        let taught = rows.split_off((n / ONE_IN).max(1).min(n));
        (self.settings.rows_decide && !taught.is_empty()).then_some((rows, taught))
    }

    /// Trainings from the start, each of twice as many steps as the one before, until that gains the rows held out next to nothing: of few rows an
    /// autoencoder learns each by heart, and codes lose what they have in common. The network of the last that gained is the result.
    fn longest_that_helps(
        &self,
        held: &[u32],
        taught: &[u32],
        cycle: &OneCycle<'_>,
        told: &mut Listener<'_, Seen<Shown>>,
    ) -> Result<(Autoencoder, End)> {
        let held = gather(self.x, held);
        let (mut best, mut before) = (None, Taken::default());
        let mut steps = FIRST_STEPS;
        loop {
            let cycle = OneCycle { steps: steps.min(cycle.steps), ..*cycle };
            let mut last = before;
            let (net, end) = self.fit(taught, &cycle, &mut |news| before.shifted(news, &mut last, told))?;
            before = last;
            let after = matrix(net.valid().rebuild(tensor(held.view(), &self.compute.device)))?;
            let squares = |x: &Array2<f32>| x.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
            let missed = squares(&(after - &held)) / squares(&held).max(f64::MIN_POSITIVE);
            log::info!("after {} steps the autoencoder misses {missed:.4} of the rows held out", cycle.steps);
            let (loss, kept) = match best {
                Some((least, kept)) if least * (1.0 - GAIN) <= missed => return Ok((kept, end)),
                _ => (missed, net),
            };
            if end != End::Finished || steps >= self.settings.steps {
                return Ok((kept, end));
            }
            best = Some((loss, kept));
            steps *= 2;
        }
    }
}

/// Steps and seconds of the trainings before, which go on in the curves.
#[derive(Clone, Copy, Default)]
struct Taken {
    steps: usize,
    seconds: f64,
}

impl Taken {
    /// Passes on what a training tells, behind the ones before; `last` is where it stands.
    fn shifted(
        self,
        news: Told<'_, Seen<Shown>>,
        last: &mut Self,
        told: &mut Listener<'_, Seen<Shown>>,
    ) -> Result<Option<f64>> {
        let mut moved = |seen: &Seen<Shown>| {
            *last = Self { steps: self.steps + seen.step, seconds: self.seconds + seen.seconds };
            Seen { step: last.steps, seconds: last.seconds, ..seen.clone() }
        };
        match news {
            Told::Waits(seen) => told(Told::Waits(&moved(seen))),
            Told::Early(seen) => told(Told::Early(&moved(seen))),
            Told::Look(seen) => told(Told::Look(&moved(seen))),
            Told::Step { taken, steps } => told(Told::Step { taken: self.steps + taken, steps: self.steps + steps }),
        }
    }
}

/// The samples whose rebuilt selves are shown.
pub(crate) fn shown(n: usize) -> Vec<usize> {
    (0..SHOWN.min(n)).map(|i| i * n / SHOWN.min(n)).collect()
}

/// Says that a network diverged whose outputs are no numbers; `rate` is what it learned with and the flag of that.
pub(crate) fn check_finite(rows: ArrayView2<'_, f32>, what: &str, rate: (&str, f64)) -> Result<()> {
    if rows.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    let (flag, rate) = rate;
    Err(Error::Numerics(format!("the training diverged: {what} are not finite; a lower --{flag} than {rate} helps")))
}

/// Some rows, in this order.
pub(crate) fn gather(x: ArrayView2<'_, f32>, rows: &[u32]) -> Array2<f32> {
    let mut out = Array2::zeros((rows.len(), x.ncols()));
    for (mut to, &from) in out.rows_mut().into_iter().zip(rows) {
        to.assign(&x.row(from as usize));
    }
    out
}

/// Each value to 0 with this probability, to the nearest 256th.
pub(crate) fn corrupt(mut x: Array2<f32>, share: f64, seed: u64, step: usize) -> Array2<f32> {
    let below = (share * 256.0).round() as u16;
    let mut dice = vec![0_u8; x.len()];
    rng(seed, Stream::Corruption, step as u64).fill_bytes(&mut dice);
    for (value, die) in x.iter_mut().zip(dice) {
        if u16::from(die) < below {
            *value = 0.0;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::one_cycle::SHORT;
    use crate::support::progress::Control;

    #[test]
    fn corruption_takes_its_share_and_hangs_on_seed_and_step() {
        let ones = Array2::<f32>::ones((100, 100));
        let corrupted = corrupt(ones.clone(), 0.2, 1, 5);
        assert!((corrupted.mean().unwrap_or_default() - 0.8).abs() < 0.02);
        assert_eq!(corrupted, corrupt(ones.clone(), 0.2, 1, 5));
        assert_ne!(corrupted, corrupt(ones.clone(), 0.2, 1, 6));
        assert_eq!(corrupt(ones.clone(), 0.0, 1, 5), ones);
    }

    /// Of noise nothing is to be learned of rows held out.
    #[test]
    fn rows_held_out_end_the_training_and_its_looks_go_on_from_one_part_to_the_next() {
        let mut rng = rng(4, Stream::Data, 0);
        let x = Array2::from_shape_fn((60, 40), |_| rng.next_u32() as f32 / u32::MAX as f32 - 0.5);
        let settings = settings::Codes {
            layers: vec![64, 4],
            width: 4,
            steps: 3200,
            rows_decide: true,
            lr: 3e-3,
            corruption: 0.2,
            distortion: 0.0,
        };
        let control = Control::new();
        let cycle =
            OneCycle { steps: settings.steps, lr: settings.lr, flag: "--encoder-lr", adam: SHORT, control: &control };
        let mut looks = Vec::new();
        let told = &mut |told: Told<'_, Seen<Shown>>| {
            if let Told::Look(seen) = told {
                looks.push(seen.step);
            }
            Ok(None)
        };
        let (codes, end) =
            train((&settings, 0), (x.view(), None), &Compute::cpu(), &cycle, told).expect("it is trained");
        assert_eq!((codes.rows.dim(), end), ((60, 4), End::Finished));
        assert!(looks.is_sorted() && looks.contains(&100), "{looks:?}");
        assert_eq!(looks.last(), Some(&300), "parts of 100 and 200 steps, and the second gained nothing");
    }
}
