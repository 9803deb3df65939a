//! From an eigenspace to clusters: which rows k-means sees.

use ndarray::{Array2, ArrayView2, Axis};

use crate::exact::Eigenspace;
use crate::measure::{Clustering, kmeans};
use crate::progress::Progress;
use crate::recipe::{Recipe, Rows};
use crate::{Result, measure};

/// The rows of an eigenspace as the recipe wants them for k-means, `n × k`.
///
/// `values` are the eigenvalues of the columns, `unit` the eigenvalue at which a diffusion has died in one step: 1 for the
/// random-walk Laplacian, the largest degree for the unnormalised one.
#[must_use]
pub fn rows(vectors: ArrayView2<'_, f64>, values: &[f64], unit: f64, recipe: &Recipe) -> Array2<f64> {
    let mut rows = vectors.to_owned();
    match recipe.rows_in_use() {
        Rows::Auto | Rows::AsIs => {}
        Rows::Normalized => {
            for mut row in rows.rows_mut() {
                let length = row.dot(&row).sqrt();
                if length > 0.0 {
                    row /= length;
                }
            }
        }
        Rows::Diffusion => {
            for (mut column, weight) in rows.axis_iter_mut(Axis(1)).zip(diffusion(values, unit, recipe.diffusion_time))
            {
                column *= weight;
            }
        }
    }
    rows
}

/// What makes eigenvectors diffusion coordinates after `time` steps: `(1 − λᵢ)ᵗ` for each, eigenvalues in their `unit` (Coifman and
/// Lafon, 2006).
#[must_use]
pub fn diffusion(values: &[f64], unit: f64, time: f64) -> Vec<f64> {
    values.iter().map(|value| (1.0 - value / unit).max(0.0).powf(time)).collect()
}

/// k-means on the rows of an eigenspace.
///
/// # Errors
/// As [`kmeans`].
pub fn cluster(
    space: &Eigenspace,
    unit: f64,
    clusters: usize,
    starts: usize,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<Clustering> {
    let rows = rows(space.vectors.view(), &space.values, unit, recipe);
    kmeans(rows.view(), clusters, starts, recipe.seed, progress)
}

/// Scores where there are labels.
#[must_use]
pub fn scores(clusters: &Clustering, labels: Option<&crate::data::Labels>) -> Option<measure::Scores> {
    labels.and_then(|labels| measure::scores(&clusters.assignment, &labels.ids))
}
