//! Which search finds the neighbours.

use ndarray::ArrayView2;

use super::{Neighbors, approximate_neighbors, nearest_neighbors};
use crate::Result;
use crate::recipe::Recipe;
use crate::support::progress::Progress;

/// The `k` neighbours of each row of `x` (`n × d`), as exact as the recipe wants them for so many.
///
/// # Errors
/// As [`nearest_neighbors`].
pub(crate) fn neighbors(
    x: ArrayView2<'_, f32>,
    k: usize,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<Neighbors> {
    if x.nrows() > recipe.exact_neighbors_to {
        approximate_neighbors(x, k, recipe.seed, progress)
    } else {
        nearest_neighbors(x, k, progress)
    }
}
