//! The space in which samples were clustered.

use std::sync::Arc;

use ndarray::Array2;

use crate::app::shown::coloring::ColorBy;
use crate::measure;
use crate::model::Model;
use crate::pipeline::{Snapshot, Solution};

/// The solver's result whose clusters these are.
#[must_use]
pub fn solution(by: ColorBy, snapshot: &Snapshot) -> Option<&Arc<Solution>> {
    match by {
        ColorBy::Learned => snapshot.learned.as_ref(),
        ColorBy::Exact => snapshot.exact.as_ref(),
        _ => None,
    }
}

/// The rows by which samples were clustered, `n × k`: of the eigenspace as k-means saw it, the scaled features where there is none.
#[must_use]
pub fn clustered_rows(by: ColorBy, snapshot: &Snapshot) -> Array2<f64> {
    let Some(solution) = solution(by, snapshot) else { return snapshot.scaled.mapv(f64::from) };
    // A result that a project kept has no graph; its model has the same weights.
    let of_model =
        || snapshot.model.as_deref().and_then(|model| of_model(by, model)).filter(|_| solution.time.is_some());
    let weights = match &snapshot.operator {
        Some(operator) => solution.weights(operator),
        None => of_model(),
    };
    let how = snapshot.job.recipe.worked_out(&snapshot.facts).grouping.rows;
    measure::rows(solution.space.vectors.view(), weights.as_deref(), how)
}

/// What the columns of a side are weighted by before they are clustered.
fn of_model(by: ColorBy, model: &Model) -> Option<Vec<f64>> {
    let clusters = match by {
        ColorBy::Learned => &model.learned.as_ref()?.clusters,
        ColorBy::Exact => &model.exact.as_ref()?.clusters,
        _ => return None,
    };
    clusters.diffusion.clone().filter(|weights| weights.len() == clusters.centroids.ncols())
}
