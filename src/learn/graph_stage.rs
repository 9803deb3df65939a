//! The affinity stage: a graph built from neighbours or given as a file, shaped by labels where a person said so.

use std::sync::Arc;

use ndarray::ArrayView2;

use crate::data::{self, Dataset};
use crate::error::{Error, Remedy, Result};
use crate::graph::{self, Hints, Neighbors, Operator};
use crate::progress::Progress;
use crate::recipe::Recipe;

/// The neighbours of the rows of `x`, as exact as the recipe wants them for so many.
pub(super) fn neighbors(
    x: ArrayView2<'_, f32>,
    k: usize,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<Neighbors> {
    if x.nrows() > recipe.exact_neighbors_to {
        graph::approximate_neighbors(x, k, recipe.seed, progress)
    } else {
        graph::nearest_neighbors(x, k, progress)
    }
}

/// What a person should know about how neighbours were found.
pub(super) fn neighbors_note(found: &Neighbors) -> Option<String> {
    let recall = found.recall?;
    Some(format!(
        "neighbours are approximate: {:.1} % of those of some samples are among the nearest; --exact-neighbors-to finds all",
        100.0 * recall
    ))
}

/// The operator and what a person should know about it. `neighbors` are needed unless the recipe names an affinity file.
pub(super) fn operator(
    neighbors: Option<&Neighbors>,
    data: &Dataset,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<(Arc<Operator>, Vec<String>)> {
    let (mut affinity, mut notes) = match (&recipe.affinity_file, neighbors) {
        (Some(path), _) => {
            let matrix = data::read_matrix(path, data.len(), recipe, progress);
            let given = matrix.and_then(|matrix| graph::given(matrix, data.len()));
            let (given, mut notes) = given.map_err(|e| match e {
                Error::Cancelled => e,
                e => e.or(Remedy::choose("affinity-file", "FILE", "takes another one", "Choose another file…")),
            })?;
            notes
                .insert(0, format!("the affinity was read from {}: neighbours and scale play no part", path.display()));
            (given, notes)
        }
        (None, Some(neighbors)) => {
            let (built, _, notes) = graph::affinity(neighbors, data.len(), recipe)?;
            (built, notes)
        }
        (None, None) => graph::given(Vec::new(), data.len())?,
    };
    if let Some(hints) = hints(data, recipe)? {
        affinity = hints.apply(&affinity)?;
        notes.insert(0, hints.note());
    }
    let operator = Operator::new(affinity, recipe.laplacian)?;
    notes.extend(operator.notes());
    Ok((Arc::new(operator), notes))
}

/// The samples whose labels the recipe allows to be used: the same ones whenever they are asked for.
///
/// # Errors
/// As [`Hints::draw`].
pub fn hints(data: &Dataset, recipe: &Recipe) -> Result<Option<Hints>> {
    Hints::draw(data.labels.as_ref(), data.len(), recipe.labelled, recipe.seed)
}
