//! Choices in which the papers and their codes differ.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How the orthonormal layer's weights are factored. Both give the same columns, signs included, up to rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// Cholesky of the batch's Gram matrix in double precision, as in the paper.
    #[default]
    Cholesky,
    /// QR of the batch's outputs with positive signs, as in the PyTorch package: a little slower, half of the digits of the condition
    /// number saved.
    Qr,
}

/// Where a network's last layer comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LastLayer {
    /// Solved for up to 10,000 samples, but learned for what the papers do: batch graphs, frozen gradients, the head of the dual
    /// autoencoder.
    #[default]
    Auto,
    /// The lowest eigenvectors in the span of the last hidden layer, on the whole graph: known in closed form.
    Solved,
    /// By the gradient, as every other layer.
    Learned,
}

/// How the network's span is parted into single eigenvectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Separate {
    /// Rayleigh–Ritz on the whole graph: the best the span holds.
    #[default]
    Graph,
    /// By the mean of VᵀLV over graphs built inside random batches, as in GrEASE: batches see another graph than the whole.
    Batches,
    /// Not at all: the orthonormal layer's own columns, which span the eigenspace and are no eigenvectors.
    Off,
}
