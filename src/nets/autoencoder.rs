//! A denoising autoencoder (Vincent et al., 2008): an encoder to a short code, and a decoder that mirrors it.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::{Perceptron, Weights};
use crate::recipe::Activation;
use crate::support::random::Stream;

/// Encoder and decoder, trained together.
#[derive(Module, Debug)]
pub struct Autoencoder {
    encoder: Perceptron,
    decoder: Perceptron,
}

impl Autoencoder {
    /// Starting weights for these sizes: features first, code last. Rectifiers between the layers, code and output linear, as in
    /// the networks that SpectralNet's authors shipped.
    #[must_use]
    pub fn random(sizes: &[usize], seed: u64, device: &Device) -> Self {
        let mirrored: Vec<usize> = sizes.iter().rev().copied().collect();
        let part =
            |sizes: &[usize], stream| Weights::random_on(sizes, Activation::Relu, seed, stream, 0).to_module(device);
        Self { encoder: part(sizes, Stream::EncoderWeights), decoder: part(&mirrored, Stream::DecoderWeights) }
    }

    /// Rows of `x` through code and back.
    #[must_use]
    pub fn rebuild(&self, x: Tensor<2>) -> Tensor<2> {
        self.decoder.forward(self.encoder.forward(x))
    }

    /// Mean squared error of rows rebuilt from their corrupted selves.
    #[must_use]
    pub fn loss(&self, corrupted: Tensor<2>, clean: Tensor<2>) -> Tensor<1> {
        let error = self.rebuild(corrupted) - clean;
        (error.clone() * error).mean()
    }

    /// The half that makes codes.
    #[must_use]
    pub fn encoder(&self) -> &Perceptron {
        &self.encoder
    }
}
