//! The exact stage: the lowest eigenpairs of the graph, and the clusters they give.

use std::sync::Arc;

use ndarray::Array2;

use crate::Result;
use crate::data::Labels;
use crate::exact::{self, Exact};
use crate::graph::{Copies, Operator};
use crate::measure::{self, Effort};
use crate::pipeline::cache::Cached;
use crate::pipeline::run::Run;
use crate::pipeline::snapshot::Solution;
use crate::recipe::{Grouping, Stage};
use crate::support::progress::Progress;

/// Relative residual of exact eigenpairs.
const TOLERANCE: f64 = 1e-6;

/// The `wanted` lowest eigenpairs, where the recipe asks for the exact side. Where many of the samples at `places` are copies of others, those
/// that are the same on all copies; fewer than `wanted` where there are not so many, but `needed` at least.
///
/// # Errors
/// Those of [`exact::solve`].
pub(in crate::pipeline) fn exact(
    cache: &mut Cached<Arc<Exact>>,
    run: &mut Run<'_>,
    (operator, places): (&Operator, &Array2<f32>),
    (wanted, needed): (usize, usize),
) -> Result<Option<Arc<Exact>>> {
    let recipe = &run.job.recipe;
    if !recipe.exact {
        return Ok(None);
    }
    // A graph from a file, or one that labels shaped, tells equal samples apart.
    let by_places = recipe.affinity_file.is_none() && recipe.known_labels.is_none() && recipe.labelled <= 0.0;
    let copied = by_places && run.known.without_copies.is_some();
    run.stage(Stage::Exact, cache, |progress| {
        let copies = copied.then(|| Copies::among(places.view(), recipe.distance)).flatten();
        let exact = match copies.filter(|copies| exact::has_distinct(copies, needed)) {
            Some(copies) => exact::solve_distinct(operator, &copies, wanted, (TOLERANCE, recipe.seed), progress)?,
            None => exact::solve(operator, wanted, TOLERANCE, recipe.seed, progress)?,
        };
        let notes = exact.notes.clone();
        Ok((Arc::new(exact), notes))
    })
    .map(Some)
}

/// The `k` lowest exact eigenvectors with their clusters.
///
/// # Errors
/// Those of k-means.
pub(in crate::pipeline) fn exact_side(
    exact: &Exact,
    (clusters, k): (usize, usize),
    operator: &Operator,
    grouping: &Grouping,
    labels: Option<&Labels>,
) -> Result<Solution> {
    let space = exact.space.truncated(k);
    let silent = Progress::silent();
    let (clusters, time) = measure::cluster(&space, operator, clusters, Effort::Full, grouping, &silent)?;
    let residual = exact.residuals.iter().take(k).copied().fold(0.0, f64::max);
    let scores = measure::scores_of(&clusters, labels);
    Ok(Solution { space, clusters, time, scores, residual })
}
