//! The space in which samples were clustered.

use std::sync::Arc;

use ndarray::Array2;

use crate::app::shown::coloring::ColorBy;
use crate::measure;
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
    let weights = snapshot.operator.as_ref().and_then(|operator| solution.weights(operator));
    let how = snapshot.job.recipe.worked_out(&snapshot.facts).grouping.rows;
    measure::rows(solution.space.vectors.view(), weights.as_deref(), how)
}
