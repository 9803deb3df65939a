//! How many clusters, eigenvectors and eigenvalues a run has.

use super::kept::Run;
use crate::data::Dataset;
use crate::exact::Exact;
use crate::measure;
use crate::recipe::Recipe;
use crate::{Error, Result};

/// Exact eigenvalues shown beyond those in use, for the eigengap and the ladder.
const BEYOND: usize = 4;
/// Eigenvalues looked at when the eigengap decides the number of clusters.
pub const GAP_SEARCH: usize = 16;

/// Eigenvectors that `auto` takes for so many clusters of `n` samples.
pub(super) fn vectors_for(recipe: &Recipe, clusters: usize, n: usize) -> usize {
    recipe.eigenvectors_for(clusters).min(n.saturating_sub(1)).max(clusters)
}

/// How many clusters, vectors and eigenvalues: from the recipe, the data, or the spectrum.
pub(super) struct Sizes {
    pub clusters: Option<usize>,
    pub vectors: Option<usize>,
    /// Exact eigenvalues to find.
    pub ladder: usize,
}

impl Sizes {
    pub(super) fn new(recipe: &Recipe, data: &Dataset) -> Result<Self> {
        let n = data.len();
        let clusters = recipe.clusters.set().or(data.clusters);
        if let Some(c) = clusters
            && (c == 0 || c > n)
        {
            return Err(Error::Setting(format!("--clusters {c} is outside 1 to {n}, the number of samples")));
        }
        let vectors = recipe.eigenvectors.set().or(clusters.map(|c| vectors_for(recipe, c, n)));
        if let Some(k) = vectors
            && (k == 0 || k >= n)
        {
            return Err(Error::Setting(format!(
                "{k} eigenvectors need more than {k} samples and there are {n}; lower --eigenvectors or --clusters"
            )));
        }
        if clusters.is_none() && !recipe.exact {
            return Err(Error::Setting(
                "the number of clusters is not known: give --clusters, or let --exact find the eigengap".to_owned(),
            ));
        }
        let most = vectors.map_or(recipe.eigenvectors_for(GAP_SEARCH), |k| k + BEYOND);
        let ladder = most.max(if clusters.is_none() { GAP_SEARCH } else { 0 });
        Ok(Self { clusters, vectors, ladder: ladder.min(n - 1) })
    }

    /// Clusters and vectors in use, once the spectrum is known.
    pub(super) fn settle(&self, exact: Option<&Exact>, run: &mut Run<'_>) -> Result<(usize, usize)> {
        let clusters = match (self.clusters, exact) {
            (Some(clusters), _) => clusters,
            (None, Some(exact)) => {
                let values = &exact.space.values;
                let searched = &values[..values.len().min(GAP_SEARCH)];
                let clusters = measure::eigengap(searched);
                run.note(suggestion(searched, clusters));
                clusters
            }
            (None, None) => return Err(Error::Setting("give --clusters".to_owned())),
        };
        let vectors = self.vectors.unwrap_or_else(|| run.job.recipe.eigenvectors_for(clusters).min(self.ladder));
        Ok((clusters, vectors))
    }
}

/// Why so many clusters are taken from a spectrum.
fn suggestion(values: &[f64], clusters: usize) -> String {
    match measure::widest_gap(values) {
        Some(gap) => format!(
            "the spectrum suggests k = {clusters}: of {} eigenvalues the widest relative gap, {:.0} % of the value above it, lies after \
             eigenvalue {clusters}; --clusters sets another number",
            values.len(),
            100.0 * gap.relative
        ),
        None => format!("{clusters} clusters: the spectrum has no gap to tell by; --clusters sets another number"),
    }
}
