//! Mutual information between what a sample shows and its code, after Hjelm et al., 2019 (Deep InfoMax): a critic `T` tells a code that
//! belongs to the features beside it from the code of another sample. Its cost, the Jensen–Shannon form
//! `E softplus(−T(x, z)) + E softplus(T(x, z′))`, is `2 ln 2` at chance and the lower the more a code tells; critic and encoder lower
//! it together, in one step of one optimiser. The code `z′` is that of the next row of the batch, whose rows stand in random order.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation};

use crate::nets::perceptron::{Perceptron, Weights};
use crate::recipe::Activation;

/// Hidden units of a critic.
const HIDDEN: usize = 64;

/// `T(c, z) = v·relu(A c + B z + b) + b′`.
#[derive(Module, Debug)]
pub struct Critic {
    feature: Perceptron,
    code: Perceptron,
    score: Perceptron,
}

impl Critic {
    /// Starting weights for `features` numbers beside `latent` ones, from three streams of the seed's numbers.
    #[must_use]
    pub fn random(features: usize, latent: usize, seed: u64, stream: u64, device: &Device) -> Self {
        let layer = |inputs, outputs, stream| {
            Weights::random_on(&[inputs, outputs], Activation::Relu, seed, stream).to_module(device)
        };
        Self {
            feature: layer(features, HIDDEN, stream),
            code: layer(latent, HIDDEN, stream + 1),
            score: layer(HIDDEN, 1, stream + 2),
        }
    }

    /// For features of whole samples, `b × h`, and their codes, `b × latent`.
    #[must_use]
    pub fn cost(&self, features: Tensor<2>, codes: Tensor<2>) -> Tensor<1> {
        let (shown, told) = (self.feature.forward(features), self.code.forward(codes));
        let score = |told| self.score.forward(activation::relu(shown.clone() + told));
        jensen_shannon(score(told.clone()), score(next(told)))
    }

    /// For features at each of `p` places, `b × p × c`, and the samples' codes, `b × latent`: the mean over places.
    #[must_use]
    pub fn local_cost(&self, places: Tensor<3>, codes: Tensor<2>) -> Tensor<1> {
        let [rows, count, channels] = places.dims();
        let shown = self.feature.forward(places.reshape([rows * count, channels]));
        let shown = shown.reshape([rows, count, HIDDEN]);
        let told = self.code.forward(codes);
        let score = |told: Tensor<2>| {
            let hidden = activation::relu(shown.clone() + told.reshape([rows, 1, HIDDEN]));
            self.score.forward(hidden.reshape([rows * count, HIDDEN]))
        };
        jensen_shannon(score(told.clone()), score(next(told)))
    }
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
