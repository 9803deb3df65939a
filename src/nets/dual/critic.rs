//! Mutual information between what a sample shows and its code, after Hjelm et al., 2019 (Deep InfoMax): a critic `T` tells a code that
//! belongs to the features beside it from the code of another sample. Its cost, the Jensen–Shannon form
//! `E softplus(−T(x, z)) + E softplus(T(x, z′))`, is `2 ln 2` at chance and the lower the more a code tells; critic and encoder lower
//! it together, in one step of one optimiser. The code `z′` is that of the next row of the batch, whose rows stand in random order.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation};

use crate::nets::perceptron::{Perceptron, Weights};
use crate::recipe::Activation;
use crate::support::random::Stream;

/// Hidden units of the global critic, and numbers that the local one compares.
const HIDDEN: usize = 64;
const COMPARED: usize = 32;

/// The global critic, `T(f, z) = v·relu(A f + B z + b) + b′`.
#[derive(Module, Debug)]
pub struct Critic {
    feature: Perceptron,
    code: Perceptron,
    score: Perceptron,
}

/// The local critic, at each place of a map `T(c, z) = (A c + a)·(B z + b)`: "encode and dot", which costs little at many places.
#[derive(Module, Debug)]
pub struct LocalCritic {
    place: Perceptron,
    code: Perceptron,
}

impl Critic {
    /// Starting weights for `features` numbers beside `latent` ones.
    #[must_use]
    pub fn random(features: usize, latent: usize, seed: u64, device: &Device) -> Self {
        Self {
            feature: affine([features, HIDDEN], seed, (Stream::DualCritic, 0), device),
            code: affine([latent, HIDDEN], seed, (Stream::DualCritic, 1), device),
            score: affine([HIDDEN, 1], seed, (Stream::DualCritic, 2), device),
        }
    }

    /// For features of whole samples, `b × h`, and their codes, `b × latent`.
    #[must_use]
    pub fn cost(&self, features: Tensor<2>, codes: Tensor<2>) -> Tensor<1> {
        let (shown, told) = (self.feature.forward(features), self.code.forward(codes));
        let score = |told| self.score.forward(activation::relu(shown.clone() + told));
        jensen_shannon(score(told.clone()), score(next(told)))
    }
}

impl LocalCritic {
    /// Starting weights for places of `channels` numbers.
    #[must_use]
    pub fn random(channels: usize, latent: usize, seed: u64, device: &Device) -> Self {
        Self {
            place: affine([channels, COMPARED], seed, (Stream::DualLocalCritic, 0), device),
            code: affine([latent, COMPARED], seed, (Stream::DualLocalCritic, 1), device),
        }
    }

    /// For features at each of `p` places, `b × p × c`, and the samples' codes, `b × latent`: the mean over places.
    #[must_use]
    pub fn cost(&self, places: Tensor<3>, codes: Tensor<2>) -> Tensor<1> {
        let [rows, count, channels] = places.dims();
        let shown = self.place.forward(places.reshape([rows * count, channels])).reshape([rows, count, COMPARED]);
        let told = self.code.forward(codes);
        let score = |told: Tensor<2>| shown.clone().matmul(told.reshape([rows, COMPARED, 1])).reshape([rows, count]);
        jensen_shannon(score(told.clone()), score(next(told)))
    }
}

/// One affine map.
fn affine(sizes: [usize; 2], seed: u64, (stream, part): (Stream, u64), device: &Device) -> Perceptron {
    Weights::random_on(&sizes, Activation::Relu, seed, stream, part).to_module(device)
}

/// `E softplus(−t) + E softplus(t′)`.
fn jensen_shannon(own: Tensor<2>, other: Tensor<2>) -> Tensor<1> {
    (activation::log_sigmoid(own).mean() + activation::log_sigmoid(other.neg()).mean()).neg()
}

/// Each row's place taken by the next row, the first after the last.
fn next(rows: Tensor<2>) -> Tensor<2> {
    let count = rows.dims()[0];
    Tensor::cat(vec![rows.clone().narrow(0, 1, count - 1), rows.narrow(0, 0, 1)], 0)
}
