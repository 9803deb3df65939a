//! The represent stage: codes of a denoising autoencoder that is trained on the data itself.

use std::sync::Arc;
use std::thread;

use burn::module::Module as _;
use burn::tensor::{Device, Tensor};
use ndarray::{Array2, ArrayView2, Axis};
use rand::RngCore as _;

use crate::data::ImageShape;
use crate::learn::ahead::Ahead;
use crate::learn::drive::{End, Listener};
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
    let sizes = [vec![x.ncols()], settings.layers.clone()].concat();
    let device = compute.device.clone().autodiff();
    let mut epochs = Epochs::new(x.nrows(), CODES_BATCH, seed, Stream::EncoderOrder);
    let samples = shown(x.nrows());
    let before = x.select(Axis(0), &samples);
    let rebuild = |net: &Autoencoder, device: &Device| {
        let after = matrix(net.rebuild(tensor(before.view(), device)))?;
        Result::Ok(Arc::new(Rebuilt { samples: samples.clone(), before: before.clone(), after }))
    };
    let (spoiling, spoiler) = spoiling((settings, seed), (x, image), compute);
    let make = |step| spoiling.of(epochs.rows(step), step);
    let start = Autoencoder::random(&sizes, seed, &device);
    let (net, end) = thread::scope(|scope| {
        let batches = Ahead::spawn(scope, cycle.steps, make);
        let loss = |net: &Autoencoder, _| {
            let (seen, clean) = spoiler.get(&batches.next()?);
            Ok(net.loss(Tensor::from_inner(seen), Tensor::from_inner(clean)))
        };
        let show = |net: &Autoencoder| Ok(Shown { rebuilt: rebuild(&net.valid(), &compute.device)?, terms: None });
        cycle.run(start, loss, show, told)
    })?;
    let net = net.valid();
    let rows = Arc::new(net.encoder().outputs(x, &compute.device)?);
    check_finite(rows.view(), "the codes", ("encoder-lr", cycle.lr))?;
    let encoder = net.encoder().weights()?.into();
    Ok((Codes { rows, encoder, rebuilt: rebuild(&net, &compute.device)?, head: None }, end))
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

    #[test]
    fn corruption_takes_its_share_and_hangs_on_seed_and_step() {
        let ones = Array2::<f32>::ones((100, 100));
        let corrupted = corrupt(ones.clone(), 0.2, 1, 5);
        assert!((corrupted.mean().unwrap_or_default() - 0.8).abs() < 0.02);
        assert_eq!(corrupted, corrupt(ones.clone(), 0.2, 1, 5));
        assert_ne!(corrupted, corrupt(ones.clone(), 0.2, 1, 6));
        assert_eq!(corrupt(ones.clone(), 0.0, 1, 5), ones);
    }
}
