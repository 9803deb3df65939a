//! What a summary says of each side, of the two side by side, and of what is scored.

use serde::Serialize;

use crate::measure::{Agreement, Marks};
use crate::pipeline::{CurvePoint, Ending, SelfTrained, Sides, Snapshot, Solution};

/// The learned side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learned {
    /// Scores against the labels; `null` without labels.
    #[serde(flatten)]
    pub marks: Marks,
    /// Mean training loss at the evaluation of the network kept.
    pub loss: Option<f64>,
    /// Its orthogonality error on a fresh batch.
    pub orthogonality: Option<f64>,
    /// Training steps taken.
    pub steps: usize,
    /// Rayleigh–Ritz values on the full graph, ascending.
    pub eigenvalues: Vec<f64>,
    /// The least the loss can be, from the exact eigenvalues.
    pub bound: Option<f64>,
    /// The diffusion time of the rows that were clustered, where they were diffusion coordinates.
    pub diffusion_time: Option<f64>,
    /// √(2k/m), the typical orthogonality error of two independent batches of m rows; no bound.
    pub orthogonality_typical: Option<f64>,
    /// Orthogonality error on all samples.
    pub orthogonality_all: Option<f64>,
    /// √(k/m), the typical orthogonality error of all samples with weights set on one batch; no bound.
    pub orthogonality_all_typical: Option<f64>,
    /// Steps after which the network was as it was kept: of all looks the nearest to the exact space or, without one, the one with the
    /// least mean loss.
    pub kept: usize,
    /// How the training ended.
    pub ending: Option<Ending>,
    /// Rows held out of it; missing where there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unseen: Option<UnseenRows>,
}

impl Learned {
    /// Of a run that learned; `last` is the evaluation of the network kept.
    pub(super) fn of(snapshot: &Snapshot, last: Option<&CurvePoint>) -> Option<Self> {
        let learned = snapshot.learned.as_deref()?;
        Some(Self {
            marks: learned.scores.into(),
            loss: last.map(|p| p.loss),
            orthogonality: last.map(|p| p.orthogonality_batch),
            steps: snapshot.step,
            eigenvalues: learned.space.values.clone(),
            bound: last.and_then(|p| p.bound),
            diffusion_time: learned.time,
            orthogonality_typical: last.map(|p| p.typical_batch),
            orthogonality_all: last.map(|p| p.orthogonality_all),
            orthogonality_all_typical: last.map(|p| p.typical_all),
            kept: snapshot.kept,
            ending: snapshot.ending,
            unseen: UnseenRows::of(snapshot),
        })
    }
}

/// Rows that a training did not see, measured before its last part took all rows, beside Nyström's extension of the exact side of the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct UnseenRows {
    /// Their share of all samples.
    pub share: f64,
    /// Their number.
    pub rows: usize,
    /// Steps taken before.
    pub step: usize,
    /// Σ sin² of the principal angles to the whole graph's exact eigenspace, on these rows.
    pub grassmann: f64,
    /// The same of Nyström's extension.
    pub nystrom: f64,
    /// `grassmann` over the number of dimensions.
    pub grassmann_per_dimension: f64,
    /// `nystrom` over the number of dimensions.
    pub nystrom_per_dimension: f64,
    /// Adjusted Rand index with the whole graph's exact clusters.
    pub ari: f64,
    /// The same of Nyström's extension.
    pub nystrom_ari: f64,
    /// Accuracy; missing without labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acc: Option<f64>,
    /// The same of Nyström's extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nystrom_acc: Option<f64>,
}

impl UnseenRows {
    /// Of a training that ended.
    fn of(snapshot: &Snapshot) -> Option<Self> {
        let unseen = snapshot.unseen.as_deref()?;
        let Sides { step, learned, nystrom } = unseen.sides?;
        let k = snapshot.exact.as_ref()?.space.values.len() as f64;
        Some(Self {
            share: unseen.share,
            rows: unseen.rows.len(),
            step,
            grassmann: k * learned.distance,
            nystrom: k * nystrom.distance,
            grassmann_per_dimension: learned.distance,
            nystrom_per_dimension: nystrom.distance,
            ari: learned.ari,
            nystrom_ari: nystrom.ari,
            acc: learned.acc,
            nystrom_acc: nystrom.acc,
        })
    }
}

/// The exact side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exact {
    /// Scores against the labels; `null` without labels.
    #[serde(flatten)]
    pub marks: Marks,
    /// Wall clock of the eigensolver.
    pub seconds: Option<f64>,
    /// Eigenvalues, ascending.
    pub eigenvalues: Vec<f64>,
    /// Largest relative residual.
    pub residual: f64,
    /// The diffusion time of the rows that were clustered, where they were diffusion coordinates.
    pub diffusion_time: Option<f64>,
}

impl Exact {
    /// Of an exact side that took the eigensolver so many seconds.
    pub(super) fn of(side: &Solution, seconds: Option<f64>) -> Self {
        Self {
            marks: side.scores.into(),
            seconds,
            eigenvalues: side.space.values.clone(),
            residual: side.residual,
            diffusion_time: side.time,
        }
    }
}

/// Learned against exact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distance {
    /// Σ sin² of the principal angles.
    pub grassmann: f64,
    /// For each eigenvector, or its group's mean.
    pub sin2: Vec<f64>,
    /// Adjusted Rand index between learned and exact clusters.
    pub ari: f64,
    /// `grassmann` over the number of dimensions.
    pub grassmann_per_dimension: f64,
    /// For each eigenvector the first (0-based) of its group of coinciding eigenvalues.
    pub groups: Vec<usize>,
}

impl Distance {
    pub(super) fn of(agreement: &Agreement) -> Self {
        Self {
            grassmann: agreement.grassmann,
            sin2: agreement.sin2.clone(),
            ari: agreement.ari,
            grassmann_per_dimension: agreement.grassmann / agreement.sin2.len().max(1) as f64,
            groups: agreement.groups.clone(),
        }
    }
}

/// What self-training made of the clusters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfTraining {
    /// Whether the classifier's answers are the clusters now.
    pub taken: bool,
    /// Samples whose answer is another cluster than the one before.
    pub moved: usize,
    /// The part of the samples kept from the classifier that it puts where the clusters had them.
    pub agreement: f64,
    /// Scores of the clusters before.
    pub before: Marks,
}

impl SelfTraining {
    pub(super) fn of(trained: &SelfTrained) -> Self {
        Self {
            taken: trained.taken,
            moved: trained.moved.iter().filter(|&&moved| moved).count(),
            agreement: trained.agreement,
            before: trained.before.into(),
        }
    }
}
