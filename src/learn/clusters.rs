//! From an eigenspace to clusters: which rows k-means sees.

use ndarray::{Array2, ArrayView2, Axis};

use crate::exact::Eigenspace;
use crate::measure::{Clustering, kmeans};
use crate::progress::Progress;
use crate::recipe::{Recipe, Rows};
use crate::{Result, measure};

/// What of its length the first vector beyond the clusters keeps where the diffusion time is `auto`. Vectors beyond the clusters hold
/// parts of clusters; damped a little they still tell clusters apart that the first ones mix up, and no longer split any.
const KEPT: f64 = 0.8;
/// Diffusion time where no vector lies beyond the clusters.
const TIME: f64 = 50.0;

/// The rows of an eigenspace as the recipe wants them for k-means into `clusters`, `n × k`.
///
/// `values` are the eigenvalues of the columns, `unit` the eigenvalue at which a diffusion has died in one step: 1 for the
/// random-walk Laplacian, the largest degree for the unnormalised one.
#[must_use]
pub fn rows(
    vectors: ArrayView2<'_, f64>,
    (values, unit): (&[f64], f64),
    clusters: usize,
    recipe: &Recipe,
) -> Array2<f64> {
    let mut rows = vectors.to_owned();
    let how = recipe.rows_in_use();
    if how.diffuse() {
        for (mut column, weight) in rows.axis_iter_mut(Axis(1)).zip(diffusion(values, unit, clusters, recipe)) {
            column *= weight;
        }
    }
    if matches!(how, Rows::Normalized | Rows::DiffusionNormalized) {
        for mut row in rows.rows_mut() {
            let length = row.dot(&row).sqrt();
            if length > 0.0 {
                row /= length;
            }
        }
    }
    rows
}

/// What makes eigenvectors diffusion coordinates after the recipe's time `t`: `(1 − λᵢ)ᵗ` for each, eigenvalues in their `unit` (Coifman
/// and Lafon, 2006).
#[must_use]
pub fn diffusion(values: &[f64], unit: f64, clusters: usize, recipe: &Recipe) -> Vec<f64> {
    let share = |value: &f64| (1.0 - value / unit).clamp(0.0, 1.0);
    let time = recipe.diffusion_time.unwrap_or_else(|| {
        let beyond = values.get(clusters).map(share).filter(|s| (f64::EPSILON..1.0 - f64::EPSILON).contains(s));
        beyond.map_or(TIME, |share| KEPT.ln() / share.ln())
    });
    values.iter().map(|value| share(value).powf(time)).collect()
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
    let rows = rows(space.vectors.view(), (&space.values, unit), clusters, recipe);
    kmeans(rows.view(), clusters, starts, recipe.seed, progress)
}

/// Scores where there are labels.
#[must_use]
pub fn scores(clusters: &Clustering, labels: Option<&crate::data::Labels>) -> Option<measure::Scores> {
    labels.and_then(|labels| measure::scores(&clusters.assignment, &labels.ids))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::recipe::Auto;

    #[test]
    fn diffusion_damps_what_lies_beyond_the_clusters_to_its_share() {
        let values = [0.0, 0.01, 0.02, 0.05];
        let weights = diffusion(&values, 1.0, 2, &Recipe::default());
        assert!((weights[0] - 1.0).abs() < 1e-12 && (weights[2] - KEPT).abs() < 1e-12);
        assert!(weights.is_sorted_by(|a, b| a >= b));
        let given = diffusion(&values, 2.0, 2, &Recipe { diffusion_time: Auto::Set(3.0), ..Recipe::default() });
        assert!((given[3] - 0.975_f64.powi(3)).abs() < 1e-12);
        let alone = diffusion(&values, 1.0, 4, &Recipe::default());
        assert!((alone[1] - 0.99_f64.powf(TIME)).abs() < 1e-12, "no vector lies beyond");
        assert_eq!(diffusion(&[0.0, 0.0, 1.0], 1.0, 2, &Recipe::default()), [1.0, 1.0, 0.0], "no time damps all of it");
    }

    #[test]
    fn rows_have_their_length_or_one() {
        let vectors = array![[1.0, 3.0, 4.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]];
        let of = |how| rows(vectors.view(), (&[0.0, 0.1, 0.2], 1.0), 2, &Recipe { rows: how, ..Recipe::default() });
        assert_eq!(of(Rows::AsIs), vectors);
        assert!((of(Rows::Normalized).row(0).dot(&of(Rows::Normalized).row(0)) - 1.0).abs() < 1e-12);
        let (diffused, directions) = (of(Rows::Diffusion), of(Rows::DiffusionNormalized));
        assert!((diffused[[0, 2]] - 4.0 * KEPT).abs() < 1e-12);
        let length = diffused.row(0).dot(&diffused.row(0)).sqrt();
        assert!((&directions.row(0) * length - diffused.row(0)).iter().all(|d| d.abs() < 1e-12));
        assert_eq!(directions.row(2), vectors.row(2), "no direction to take");
    }
}
