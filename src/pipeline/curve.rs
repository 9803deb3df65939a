//! The curves of a training.

use serde::{Deserialize, Serialize};

use crate::measure::Scores;

/// One evaluation of the training, on the full graph unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Steps taken.
    pub step: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Mean training loss since the previous point: the objective after `walk` steps, on batches; NaN where no step was taken since.
    pub loss: f64,
    /// The loss's lower bound, Σ 1 − (1 − λᵢ)ᵗ over the exact eigenvalues.
    pub bound: Option<f64>,
    /// Σ of Rayleigh–Ritz estimates on the full graph.
    pub ritz_sum: f64,
    /// Σ of the exact eigenvalues.
    pub exact_sum: Option<f64>,
    /// ‖YᵀMY/tr(M) − I‖/√k on a fresh batch that did not set the weights.
    pub orthogonality_batch: f64,
    /// The same on all data, with the same weights.
    pub orthogonality_all: f64,
    /// √(2k/m), the typical error of a fresh batch of `m` rows with weights set on another; no bound.
    pub typical_batch: f64,
    /// √(k/m), the typical error of all data with weights set on one batch; no bound.
    pub typical_all: f64,
    /// Grassmann distance per dimension to the exact eigenspace.
    pub grassmann: Option<f64>,
    /// The same on the rows held out and on the others, while some are: what the network makes of rows it never saw, and of those it did.
    pub unseen: Option<f64>,
    /// See `unseen`.
    pub seen: Option<f64>,
    /// Against the labels, where there are any.
    pub scores: Option<Scores>,
    /// Learning rate.
    pub lr: f64,
    /// Steps of the random walk between the samples of a pair.
    pub walk: usize,
    /// Recall@1 on samples that were held out, of a supervised system.
    pub recall: Option<f64>,
}
