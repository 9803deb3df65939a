//! How many numbers the rows of a sparse matrix become.

use super::super::{Auto, Recipe};
use super::{Facts, Taken};

/// Columns up to which `auto` makes a sparse matrix dense: as many as pictures have, and few enough for a network's first layer.
const FEW_COLUMNS: usize = 1000;
/// Columns up to which it does so where the whole is small, since components lose what tells short texts apart (`docs/src/results.md`) ...
const SOME_COLUMNS: usize = 5000;
/// ... and the values of such a whole: 160 MB in single precision.
const SMALL: usize = 40_000_000;
/// Components that `auto` takes beyond, as is usual in latent semantic analysis.
const USUAL: usize = 300;

/// Whether `auto` makes a matrix of this shape dense.
fn is_dense(rows: usize, columns: usize) -> bool {
    columns <= FEW_COLUMNS || columns <= SOME_COLUMNS && rows.saturating_mul(columns) <= SMALL
}

impl Recipe {
    /// Components of a truncated SVD that rows of a sparse matrix of this shape are brought to; none where the matrix is made dense.
    #[must_use]
    pub fn components_of(&self, rows: usize, columns: usize) -> Option<usize> {
        let wanted = self.components.unwrap_or_else(|| if is_dense(rows, columns) { 0 } else { USUAL });
        (wanted > 0).then(|| wanted.min(rows).min(columns))
    }
}

/// What an automatic number is, and why; nothing for one that was given or where the samples are no sparse matrix.
pub(super) fn taken(recipe: &Recipe, facts: &Facts) -> Option<Taken> {
    let columns = facts.sparse.filter(|_| recipe.components == Auto::Auto)?;
    let rows = facts.samples_with(recipe);
    let components = recipe.components_of(rows, columns).unwrap_or(0);
    let few = if is_dense(rows, columns) { "few enough" } else { "too many" };
    let reason = format!("the sparse matrix has {columns} columns, {few} for dense rows");
    Some(Taken { setting: "components", value: components.to_string(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_matrices_get_components_and_narrow_or_small_ones_stay_as_they_are() {
        let recipe = Recipe::default();
        assert_eq!(recipe.components_of(18_000, 50_000), Some(300));
        assert_eq!((recipe.components_of(920, 2000), recipe.components_of(100_000, 2000)), (None, Some(300)));
        assert_eq!((recipe.components_of(40, 50_000), recipe.components_of(70_000, 784)), (Some(40), None));
        let given = |components| Recipe { components: Auto::Set(components), ..Recipe::default() };
        assert_eq!(given(0).components_of(18_000, 50_000), None);
        let facts = Facts { samples: 500, sparse: Some(9000), ..Facts::default() };
        let taken = recipe.worked_out(&facts).taken.into_iter().find(|taken| taken.setting == "components");
        assert!(taken.is_some_and(|taken| taken.value == "300" && taken.reason.contains("9000 columns")));
        assert_eq!(given(9).worked_out(&facts).number("components"), Some(9.0));
        assert_eq!(recipe.worked_out(&Facts::default()).number("components"), None);
        assert_eq!((given(7).components_of(100, 20), given(30).components_of(100, 20)), (Some(7), Some(20)));
    }
}
