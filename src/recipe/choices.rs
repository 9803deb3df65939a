//! The settings that are a choice between words.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Which method to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// SpectralNet (Shaham et al., 2018).
    #[default]
    #[value(name = "spectralnet")]
    #[serde(rename = "spectralnet")]
    SpectralNet,
    /// Dual autoencoder with a spectral head trained together with it (Yang et al., 2019).
    DualAutoencoder,
    /// Deep Spectral Clustering Learning (Law et al., 2017). Supervised: labels teach the network.
    Dscl,
    /// Contrastive loss (Hadsell et al., 2006) on the network and batches of dscl. Supervised.
    Contrastive,
    /// Triplet loss with semi-hard negatives (Schroff et al., 2015) on the network and batches of dscl. Supervised.
    Triplet,
}

/// What stands for a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Represent {
    /// Its scaled features.
    #[default]
    None,
    /// The code of a denoising autoencoder (Vincent et al., 2008), trained on the data itself.
    Autoencoder,
}

/// Where the network trains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceChoice {
    /// A real GPU where there is one, the CPU otherwise.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// A GPU, also one that is drawn in software; an error where there is none.
    Gpu,
}

/// Whether the first line of a table names its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeaderLine {
    /// Judged by what stands below it.
    #[default]
    Auto,
    /// It does.
    Yes,
    /// It is a sample.
    No,
}

/// What stands before the fraction of a number in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecimalMark {
    /// Judged column by column.
    #[default]
    Auto,
    /// A point; commas part thousands.
    Point,
    /// A comma; points part thousands.
    Comma,
}

/// What to do with a missing value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Put the column's median in its place and mark it.
    #[default]
    Median,
    /// Put the column's mean in its place and mark it.
    Mean,
    /// Leave the row out.
    DropRows,
    /// Stop and name row and column.
    Error,
}

/// What to do with a column of words in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextColumns {
    /// Leave the column out.
    #[default]
    Drop,
    /// One 0/1 column for each distinct word.
    OneHot,
    /// Stop and name the column.
    Error,
}

/// How features are scaled before distances are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scaling {
    /// Divide images by their largest value, bring rows that are amounts of many things or embeddings to length 1, take tf-idf for counts of
    /// what is mostly absent and mixed where columns have two values, standardise all else.
    #[default]
    Auto,
    /// Each column to mean 0 and standard deviation 1; constant columns stay constant, and single wild values do not count.
    Standardize,
    /// As standardize, but another answer in a column of two values, or in 0/1 columns of one question, counts as one deviation at most,
    /// however rare, and as less where many rows share all their answers.
    Mixed,
    /// All columns by one factor, to a largest magnitude of 1.
    Range,
    /// Each row to length 1, so that distances are those of directions: cosine distance.
    Unit,
    /// Counts of words and their like: each column is weighed by how few rows have it, then each row brought to length 1.
    TfIdf,
    /// As they are.
    None,
}

impl Scaling {
    /// Whether rows are brought to length 1, so that directions alone tell them apart.
    #[must_use]
    pub fn has_directions(self) -> bool {
        matches!(self, Self::Unit | Self::TfIdf)
    }
}

/// How the distance between neighbours becomes a weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Affinity {
    /// exp(−d²/σᵢσⱼ).
    #[default]
    Gaussian,
    /// 1 for neighbours.
    Binary,
    /// Gaussian, with distances that a Siamese network learned (Hadsell et al., 2006) from who is near whom.
    Siamese,
}

/// How far two samples are from each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distance {
    /// Euclidean; between rows of length 1, as of text, that has the neighbours of cosine.
    #[default]
    Auto,
    /// The length of the difference.
    Euclidean,
    /// By the angle alone: the Euclidean distance √(2 − 2 cos) of rows brought to length 1.
    Cosine,
    /// As cosine, of rows less their own mean: √(2 − 2 r) with Pearson's r.
    Correlation,
}

/// The operator whose lowest eigenvectors are sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Laplacian {
    /// I − D⁻¹W, constraint YᵀDY = tr(D) I.
    #[default]
    RandomWalk,
    /// D − W, constraint YᵀY = n I.
    Unnormalized,
}

/// How rows of the eigenspace go into k-means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rows {
    /// As they are between features, weighted by diffusion and normalised between codes, normalised alone between the dual
    /// autoencoder's.
    #[default]
    Auto,
    /// As they are.
    AsIs,
    /// Each row to length 1.
    Normalized,
    /// Column i weighted by (1 − λᵢ)ᵗ.
    Diffusion,
    /// Columns weighted so, then each row to length 1: directions in diffusion space.
    DiffusionNormalized,
}

impl Rows {
    /// Whether columns are weighted by diffusion.
    #[must_use]
    pub fn diffuse(self) -> bool {
        matches!(self, Self::Diffusion | Self::DiffusionNormalized)
    }
}

/// What each hidden unit does to its sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// x/√(1 + x²), the inverse square root unit: smooth and bounded like tanh, and several times faster on a CPU.
    #[default]
    Isru,
    /// tanh x.
    Tanh,
    /// max(0, x).
    Relu,
    /// max(0.01 x, x).
    LeakyRelu,
}

/// Where the loss is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// Pairs drawn from the whole graph: an unbiased estimate of the exact solver's own objective.
    #[default]
    Walk,
    /// A neighbour graph built inside each batch, as in the paper: another problem than the exact solver's.
    BatchGraph,
}

/// What the orthonormal layer does in a gradient step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gradient {
    /// The gradient goes through its weights, which are those of the batch itself.
    #[default]
    Through,
    /// Its weights come from a batch of their own and are constants in the step, as in the paper.
    Frozen,
}
