//! The exact stage: the lowest eigenpairs of the graph, and the clusters they give.

use std::sync::Arc;

use super::Graph;
use crate::Result;
use crate::data::Labels;
use crate::exact::{self, Exact};
use crate::graph::Operator;
use crate::measure::{self, Effort};
use crate::pipeline::cache::Cached;
use crate::pipeline::run::Run;
use crate::pipeline::snapshot::Solution;
use crate::recipe::{Grouping, Stage};
use crate::support::progress::Progress;

/// Relative residual of exact eigenpairs.
const TOLERANCE: f64 = 1e-6;

/// The `wanted` lowest eigenpairs, where the recipe asks for the exact side. Where many of the samples are copies of others, those that are
/// the same on all copies; fewer than `wanted` where there are not so many, but `needed` at least.
///
/// # Errors
/// Those of [`exact::solve`].
pub(in crate::pipeline) fn exact(
    cache: &mut Cached<Arc<Exact>>,
    run: &mut Run<'_>,
    graph: &Graph,
    (wanted, needed): (usize, usize),
) -> Result<Option<Arc<Exact>>> {
    let recipe = &run.job.recipe;
    if !recipe.exact {
        return Ok(None);
    }
    run.stage(Stage::Exact, cache, |progress| {
        let copies = graph.copies.as_deref().filter(|copies| exact::has_distinct(copies, needed));
        let exact = exact::solve_for(&graph.operator, copies, wanted, (TOLERANCE, recipe.seed), progress)?;
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
