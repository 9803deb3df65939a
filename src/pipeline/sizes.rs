//! How many clusters, eigenvectors and eigenvalues a run has.

use crate::data::Dataset;
use crate::exact::Exact;
use crate::graph::Components;
use crate::measure::{self, Gap};
use crate::pipeline::Snapshot;
use crate::pipeline::run::Run;
use crate::recipe::Recipe;
use crate::support::error::Remedy;
use crate::support::language::{are, counted};
use crate::{Error, Result};

/// Exact eigenvalues shown beyond those in use, for the eigengap and the ladder.
const BEYOND: usize = 4;
/// Eigenvalues looked at when the eigengap decides the number of clusters.
const GAP_SEARCH: usize = 16;
/// The same at most, where the graph has more parts: their zeros are no gap.
const MOST_PARTS: usize = 256;
/// Share of the samples from which a part counts as a cluster where parts are too many to look behind.
const LARGE_PART: f64 = 0.01;

/// Eigenvectors that `auto` takes for so many clusters of `n` samples.
pub(crate) fn vectors_for(recipe: &Recipe, clusters: usize, n: usize) -> usize {
    recipe.eigenvectors_for(clusters).min(n.saturating_sub(1)).max(clusters)
}

/// How many clusters, vectors and eigenvalues: from the recipe, the data, or the spectrum.
pub(crate) struct Sizes {
    pub clusters: Option<usize>,
    pub vectors: Option<usize>,
    /// Exact eigenvalues to find.
    pub ladder: usize,
    /// What a person should know about the number of clusters.
    pub note: Option<String>,
}

impl Sizes {
    pub(crate) fn new(recipe: &Recipe, data: &Dataset) -> Result<Self> {
        let n = data.len();
        let (clusters, note) = clusters(recipe, data)?;
        let vectors = recipe.eigenvectors.set().or(clusters.map(|c| vectors_for(recipe, c, n)));
        if let Some(k) = vectors
            && (k == 0 || k >= n)
        {
            return Err(Error::Setting(format!(
                "--eigenvectors or --clusters is too high: {} want more than {}, and there {} {n}",
                counted(k, "eigenvector"),
                counted(k, "sample"),
                are(n)
            )));
        }
        if clusters.is_none() && !recipe.exact {
            return Err(Error::Setting("the number of clusters is not known: give --clusters".to_owned())
                .or(Remedy::set("exact", true, "finds the eigengap", "Find the eigengap")));
        }
        let most = vectors.map_or(recipe.eigenvectors_for(GAP_SEARCH), |k| k + BEYOND);
        let ladder = most.max(if clusters.is_none() { GAP_SEARCH } else { 0 });
        Ok(Self { clusters, vectors, ladder: ladder.min(n - 1), note })
    }

    /// Exact eigenvalues to find on this graph: where their number shall tell that of the clusters, more than its parts, each of which
    /// has an eigenvalue of 0.
    pub(crate) fn eigenvalues(&self, components: &Components) -> usize {
        let behind_parts = (components.count() + BEYOND).min(MOST_PARTS).min(components.of.len() - 1);
        if self.clusters.is_none() { self.ladder.max(behind_parts) } else { self.ladder }
    }

    /// Clusters and vectors in use, once the spectrum is known.
    pub(crate) fn settle(
        &self,
        exact: Option<&Exact>,
        components: &Components,
        run: &mut Run<'_>,
    ) -> Result<(usize, usize)> {
        if let Some(note) = &self.note {
            run.note(note.clone());
        }
        let clusters = match (self.clusters, exact) {
            (Some(clusters), _) => clusters,
            (None, Some(exact)) => {
                let (clusters, why) = suggested(&exact.space.values, components);
                run.note(format!("{}: {why}; --clusters sets another number", counted(clusters, "cluster")));
                clusters
            }
            (None, None) => return Err(Error::Setting("give --clusters".to_owned())),
        };
        let vectors = self.vectors.unwrap_or_else(|| {
            run.job.recipe.eigenvectors_for(clusters).min(exact.map_or(self.ladder, |e| e.space.values.len()))
        });
        Ok((clusters, vectors))
    }
}

/// The number of clusters from the recipe or the data, and what to say of it.
fn clusters(recipe: &Recipe, data: &Dataset) -> Result<(Option<usize>, Option<String>)> {
    let n = data.len();
    let Some(wanted) = recipe.clusters.set().or(data.clusters) else { return Ok((None, None)) };
    if wanted == 0 || wanted > n {
        return Err(Error::Setting(format!("--clusters {wanted} is outside 1 to {n}, the number of samples")));
    }
    // Equal rows belong together, so there cannot be more clusters than distinct ones.
    let distinct = data.features.distinct_rows(wanted);
    if distinct == wanted {
        return Ok((Some(wanted), None));
    }
    let rows = counted(distinct, "distinct one");
    if recipe.clusters.set().is_some() {
        return Err(Error::Setting(format!(
            "--clusters {wanted}: the {n} rows hold only {rows}, and equal rows belong to one cluster; ask for {distinct} at most"
        )));
    }
    let clusters = counted(distinct, "cluster");
    let note = format!(
        "{clusters}, though there are {wanted} classes: the {n} rows hold only {rows}, and equal rows belong to one cluster"
    );
    Ok((Some(distinct), Some(note)))
}

/// The number of clusters that the spectrum or, where all eigenvalues looked at are 0, the parts suggest, and why.
fn suggested(values: &[f64], components: &Components) -> (usize, String) {
    let parts = components.count();
    if parts >= values.len() {
        let least = (LARGE_PART * components.of.len() as f64).ceil() as usize;
        let large = components.sizes.iter().filter(|&&size| size >= least).count().max(1);
        let why = format!(
            "the graph falls into {parts} parts, so that all {} eigenvalues looked at are 0 and there is no eigengap; {large} parts hold \
             {least} samples or more. More --neighbors join parts",
            values.len()
        );
        return (large, why);
    }
    let searched = searched(values, parts);
    let clusters = measure::eigengap(searched);
    let why = match measure::widest_gap(searched) {
        Some(gap) => format!(
            "the spectrum suggests k = {clusters}, since of {} eigenvalues the widest relative gap, {:.0} % of the value above it, lies \
             after eigenvalue {clusters}",
            searched.len(),
            100.0 * gap.relative
        ),
        None => "the spectrum has no gap to tell by".to_owned(),
    };
    (clusters, why)
}

/// The eigenvalues among which the gap is looked for that tells the number of clusters of a graph of so many parts.
fn searched(values: &[f64], parts: usize) -> &[f64] {
    &values[..values.len().min(GAP_SEARCH.max(parts + BEYOND))]
}

impl Snapshot {
    /// The widest relative gap among the exact eigenvalues, where there is one: what suggests a number of clusters.
    #[must_use]
    pub fn eigengap(&self) -> Option<Gap> {
        let parts = self.operator.as_ref().map_or(1, |operator| operator.components.count());
        measure::widest_gap(searched(&self.ladder, parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(sizes: &[usize]) -> Components {
        let of = sizes.iter().enumerate().flat_map(|(part, &size)| vec![part as u32; size]).collect();
        Components { of, sizes: sizes.to_vec() }
    }

    fn unsettled() -> Sizes {
        Sizes { clusters: None, vectors: None, ladder: GAP_SEARCH, note: None }
    }

    #[test]
    fn no_eigengap_is_announced_among_the_zeros_of_many_parts() {
        let hundred = components(&[20; 100]);
        assert_eq!(unsettled().eigenvalues(&hundred), 104);
        let values: Vec<f64> = (0..104).map(|i| if i < 100 { 0.0 } else { 0.1 }).collect();
        assert_eq!(suggested(&values, &hundred).0, 100, "one cluster a part");

        let mut sizes = vec![400, 300, 200];
        sizes.extend([2; 300]);
        let crumbs = components(&sizes);
        assert_eq!(unsettled().eigenvalues(&crumbs), MOST_PARTS);
        let (clusters, why) = suggested(&[0.0; MOST_PARTS], &crumbs);
        assert!(clusters == 3 && why.contains("303 parts") && why.contains("no eigengap"), "{clusters}: {why}");
    }

    #[test]
    fn few_parts_leave_the_spectrum_to_decide() {
        let one = components(&[50]);
        assert_eq!(unsettled().eigenvalues(&one), GAP_SEARCH);
        assert_eq!(suggested(&[0.0, 0.001, 0.002, 0.4, 0.5], &one).0, 3);
        let settled = Sizes { clusters: Some(3), ladder: 7, ..unsettled() };
        assert_eq!(settled.eigenvalues(&components(&[9; 30])), 7, "nothing is left to decide");
    }
}
