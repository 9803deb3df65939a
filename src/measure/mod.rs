//! What is true of a result: k-means, ACC/NMI/ARI, principal angles, alignment.

// A view is a pointer with a shape; ndarray hands it on by value, and so does this floor.
mod agreement;
mod align;
mod cut;
mod groups;
mod hungarian;
mod kmeans;
mod lloyd;
mod marks;
mod numbering;
mod partition;
pub mod portrait;
mod recall;
mod samples;
mod scores;
mod seeding;
mod silhouette;
mod spectral;
mod spectrum;

use serde::Serialize;

pub use agreement::{agreement, span_distance};
pub use align::procrustes;
pub use groups::{group_tolerance, groups};
pub use hungarian::hungarian;
pub use kmeans::{assign, kmeans, kmeans_of_features, regroup};
pub use marks::{Each, Marks, Score, Scores};
#[cfg(test)]
pub(crate) use partition::normalized_cut;
pub use partition::{evenness, refine};
pub use recall::{Recall, recall};
pub use samples::Feature;
pub use scores::{adjusted_rand, contingency, matching, scores, scores_of_counts};
pub use silhouette::silhouette;
pub use spectral::{Effort, cluster, diffusion, rows, scores_of};
pub use spectrum::{Gap, eigengap, orthogonality_error, telling_gap, typical_error, typical_error_of_all};

/// Clusters of the samples, with what is needed to label another.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// Cluster of each sample, `0..k`; numbered by falling size, ties by their first sample, until [`Clustering::numbered_as`]
    /// gives them the numbers of another clustering.
    pub assignment: Vec<u32>,
    /// Centres, `k × d`, in the space that was clustered.
    pub centroids: ndarray::Array2<f64>,
    /// Sum of squared distances to the nearest centre.
    pub inertia: f64,
}

/// How far the learned eigenspace is from the exact one, in the operator's own inner product.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Σ sin² of the principal angles between the two spaces.
    pub grassmann: f64,
    /// For each exact eigenvalue sin² between its eigenvector and the learned one; eigenvalues that coincide form a group, and
    /// each member carries the group's mean sin² of principal angles.
    pub sin2: Vec<f64>,
    /// Adjusted Rand index between the learned and the exact clusters.
    pub ari: f64,
    /// For each eigenvalue the first member of its group, so that equal numbers mean "only their space means anything".
    #[serde(skip)]
    pub groups: Vec<usize>,
}
