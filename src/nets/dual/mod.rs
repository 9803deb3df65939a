//! The dual autoencoder (Yang et al., CVPR 2019): an encoder to a mean and a variance, one decoder for the mean and for a noisy draw
//! around it, critics that measure what a code tells of its sample, a prior with several means, and the spectral head.
//!
//! Paper and released code differ, and this follows the paper where the two do:
//!
//! - Mutual information is estimated by critics of their own parameters between features and codes, globally and, for images, at every
//!   place of the last map ([`critic`]). The released code pairs codes with themselves, globally alone, and never trains its critic.
//! - The noisy latent is the draw `mean + exp(½ log variance) ε`, as in the released code; the paper names a transformation of its own.
//! - The prior is a mixture ([`prior`]), as in the released code; the paper has one normal law, which is the mixture of one part. The
//!   parts' weights do not need the head: the tightest bound is a formula.
//! - The spectral head is linear at its end, and its outputs go through the orthonormal layer of [`super::orthonormal`], as in the
//!   paper; the released code puts a softmax before it, whose Gram matrix is singular as soon as a cluster is empty.

pub mod critic;
pub mod prior;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, activation};

use self::critic::{Critic, LocalCritic};
use super::Encoder;
use super::convolution::{Convolutions, Grow, Shrink, last_map};
use super::perceptron::{Layer, Perceptron, Weights, tensor};
use crate::data::ImageShape;
use crate::recipe::Activation;
use crate::support::random::Stream;

/// The relative reconstruction is taken on one row of this many, since decoding is what costs most.
const RELATIVE: usize = 4;
/// A log variance beyond this is a network on its way to overflow.
const LARGEST_LOG_VARIANCE: f32 = 10.0;

/// What the parts are sized by.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What a row stands for, where it is a picture.
    pub image: Option<ImageShape>,
    /// Features of a row.
    pub features: usize,
    /// Hidden layers of encoder and decoder, after the convolutions of a picture.
    pub layers: Vec<usize>,
    /// Width of the code.
    pub latent: usize,
    /// Means of the prior.
    pub parts: usize,
    /// The spectral head: its hidden layers and outputs, and what stands between them.
    pub head: (Vec<usize>, Activation),
    /// Whether every value lies between 0 and 1, so that the decoder may end in a sigmoid.
    pub bounded: bool,
}

/// All networks of the dual autoencoder, trained together.
#[derive(Module, Debug)]
pub struct Dual {
    shrink: Option<Shrink>,
    /// From features to means and log variances, side by side.
    code: Perceptron,
    widen: Perceptron,
    grow: Option<Grow>,
    global: Critic,
    local: Option<LocalCritic>,
    /// `parts × latent`.
    means: Param<Tensor<2>>,
    head: Perceptron,
    latent: usize,
    bounded: bool,
    /// Channels of the last map, for images.
    channels: Option<usize>,
}

/// Rows after the encoder.
#[derive(Clone, Debug)]
pub struct Coded {
    /// What the code was made of, `b × h`.
    features: Tensor<2>,
    /// The same place by place, `b × p × c`, for images.
    places: Option<Tensor<3>>,
    /// `b × latent`.
    pub mean: Tensor<2>,
    /// `b × latent`.
    pub log_variance: Tensor<2>,
}

/// The terms' weights in the loss. A term of weight 0 is not computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TermWeights {
    /// δ, of the relative reconstruction.
    pub relative: f64,
    /// β, of the mutual information.
    pub mutual: f64,
    /// γ, of the prior.
    pub prior: f64,
}

/// What a batch costs, term by term, before weights; `None` for what was not computed.
#[derive(Clone, Debug)]
pub struct Costs {
    /// `E ‖x − x̂(ẑ)‖²`, summed over features.
    pub reconstruction: Tensor<1>,
    /// `E ‖x̂(z) − x̂(ẑ)‖²`.
    pub relative: Option<Tensor<1>>,
    /// Of the global critic, 2 ln 2 at chance (see [`critic`]).
    pub global: Option<Tensor<1>>,
    /// Of the local critic.
    pub local: Option<Tensor<1>>,
    /// KL to the prior, in nats (see [`prior`]).
    pub prior: Option<Tensor<1>>,
}

impl Costs {
    /// The weighted sum.
    #[must_use]
    pub fn total(&self, weights: &TermWeights) -> Tensor<1> {
        let terms = [
            (&self.relative, weights.relative),
            (&self.global, weights.mutual),
            (&self.local, weights.mutual),
            (&self.prior, weights.prior),
        ];
        terms.into_iter().fold(self.reconstruction.clone(), |sum, (term, weight)| match term {
            Some(term) => sum + term.clone().mul_scalar(weight),
            None => sum,
        })
    }
}

impl Dual {
    /// Starting weights for this shape, from the run's seed.
    #[must_use]
    pub fn random(shape: &Shape, seed: u64, device: &Device) -> Self {
        let dense =
            |sizes: &[usize], stream| Weights::random_on(sizes, Activation::Relu, seed, stream, 0).to_module(device);
        let map = shape.image.map(last_map);
        let first = map.map_or(shape.features, |m| m.iter().product());
        let features = shape.layers.last().copied().unwrap_or(first);
        let mut sizes = vec![first];
        sizes.extend(&shape.layers);
        let mirrored: Vec<usize> = std::iter::once(shape.latent).chain(sizes.iter().rev().copied()).collect();
        sizes.push(2 * shape.latent);
        let head = {
            let sizes: Vec<usize> = std::iter::once(shape.latent).chain(shape.head.0.iter().copied()).collect();
            Weights::random_on(&sizes, shape.head.1, seed, Stream::DualHead, 0).to_module(device)
        };
        let parts = Layer::random_on([shape.parts, shape.latent], seed, Stream::DualMeans, 0).weight;
        Self {
            shrink: shape.image.map(|image| Convolutions::random_on(image, seed, Stream::DualShrink).to_module(device)),
            code: dense(&sizes, Stream::DualCode),
            widen: dense(&mirrored, Stream::DualWiden),
            grow: shape.image.map(|image| Grow::random(image, seed, device)),
            global: Critic::random(features, shape.latent, seed, device),
            local: map.map(|[.., channels]| LocalCritic::random(channels, shape.latent, seed, device)),
            means: Param::from_tensor(tensor(parts.view(), device)),
            head,
            latent: shape.latent,
            bounded: shape.bounded,
            channels: map.map(|[.., channels]| channels),
        }
    }

    /// Means and log variances of rows.
    #[must_use]
    pub fn encode(&self, x: Tensor<2>) -> Coded {
        let rows = x.dims()[0];
        let map = self.shrink.as_ref().map(|shrink| shrink.forward(x.clone()));
        let places = map.clone().zip(self.channels).map(|(map, channels)| {
            let count = map.dims()[1] / channels;
            map.reshape([rows, count, channels])
        });
        let features = self.code.features(map.unwrap_or(x));
        let both = self.code.last(features.clone());
        let mean = both.clone().narrow(1, 0, self.latent);
        let bound = LARGEST_LOG_VARIANCE;
        let log_variance = both.narrow(1, self.latent, self.latent).clamp(-bound, bound);
        Coded { features, places, mean, log_variance }
    }

    /// Rows rebuilt from codes.
    #[must_use]
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        let wide = self.widen.forward(codes);
        let rows = match &self.grow {
            Some(grow) => grow.forward(wide),
            None => wide,
        };
        if self.bounded { activation::sigmoid(rows) } else { rows }
    }

    /// The spectral head's raw outputs, `b × k`.
    #[must_use]
    pub fn head(&self, codes: Tensor<2>) -> Tensor<2> {
        self.head.forward(codes)
    }

    /// What encoded rows cost that should come back as `clean` (`b × d`), with `noise` of standard normal numbers (`b × latent`).
    #[must_use]
    pub fn costs(&self, coded: &Coded, clean: Tensor<2>, noise: Tensor<2>, weights: &TermWeights) -> Costs {
        let Coded { features, places, mean, log_variance } = coded;
        let rows = mean.dims()[0];
        let noisy = mean.clone() + log_variance.clone().mul_scalar(0.5).exp() * noise;
        let (rebuilt, relative) = if weights.relative == 0.0 {
            (self.decode(noisy.clone()), None)
        } else {
            let some = rows.div_ceil(RELATIVE);
            let both = self.decode(Tensor::cat(vec![noisy.clone(), mean.clone().narrow(0, 0, some)], 0));
            let rebuilt = both.clone().narrow(0, 0, rows);
            (rebuilt.clone(), Some(squared(both.narrow(0, rows, some), rebuilt.narrow(0, 0, some))))
        };
        let mutual = weights.mutual != 0.0;
        Costs {
            reconstruction: squared(clean, rebuilt),
            relative,
            global: mutual.then(|| self.global.cost(features.clone(), noisy.clone())),
            local: self
                .local
                .as_ref()
                .zip(places.as_ref())
                .filter(|_| mutual)
                .map(|(critic, places)| critic.cost(places.clone(), noisy)),
            prior: (weights.prior != 0.0)
                .then(|| prior::divergence(mean.clone(), log_variance.clone(), self.means.val())),
        }
    }

    /// What makes codes, the means, of rows.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when its numbers cannot be read back.
    pub fn encoder(&self) -> crate::Result<Encoder> {
        let mut dense = self.code.weights()?;
        if let Some(Layer { weight, bias }) = dense.layers.last_mut() {
            *weight = weight.slice(ndarray::s![.., ..self.latent]).to_owned();
            bias.truncate(self.latent);
        }
        Ok(Encoder { convolutions: self.shrink.as_ref().map(Shrink::weights).transpose()?, dense })
    }

    /// The spectral head's numbers.
    ///
    /// # Errors
    /// As [`Dual::encoder`].
    pub fn head_weights(&self) -> crate::Result<Weights> {
        self.head.weights()
    }
}

/// Mean over rows of the squared distance.
fn squared(a: Tensor<2>, b: Tensor<2>) -> Tensor<1> {
    let rows = a.dims()[0];
    let gap = a - b;
    (gap.clone() * gap).sum().div_scalar(rows as f64)
}

#[cfg(test)]
mod tests;
