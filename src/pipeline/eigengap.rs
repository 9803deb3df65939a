//! How many clusters the spectrum suggests.

use super::snapshot::Snapshot;
use crate::graph::Components;
use crate::measure::{self, Gap};
use crate::recipe::{BEYOND, GAP_SEARCH};
use crate::support::number::percent;

/// Exact eigenvalues to find at most where the graph has more parts than are looked behind: their zeros are no gap.
const MOST_ZEROS: usize = 256;
/// Share of the samples from which a part counts as a cluster where parts are too many to look behind.
const LARGE_PART: f64 = 0.01;

/// Exact eigenvalues to find on this graph, `wanted` of which the settings ask for: where their number shall tell that of the clusters, more
/// than its parts, each of which has an eigenvalue of 0.
pub(super) fn eigenvalues(clusters: Option<usize>, wanted: usize, components: &Components) -> usize {
    let behind_parts = (components.count() + BEYOND).min(MOST_ZEROS).min(components.of.len() - 1);
    if clusters.is_none() { wanted.max(behind_parts) } else { wanted }
}

/// The number of clusters that the spectrum or, where all eigenvalues looked at are 0, the parts suggest, and why.
pub(super) fn suggested(values: &[f64], components: &Components) -> (usize, String) {
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
    let looked = searched.len();
    let why = match measure::telling_gap(searched) {
        Some(gap) if gap.is_clear() || parts > 1 => format!(
            "the spectrum suggests k = {clusters}, since of {looked} eigenvalues the last gap wider than one cloud or curve alone has, {:.0} % of \
             the value above it, lies after eigenvalue {clusters}",
            100.0 * gap.relative
        ),
        Some(gap) => format!(
            "there may be none at all, or they run into each other, since among {looked} eigenvalues no gap is wider than one cloud or curve alone \
             has; k = {clusters} is after the relatively widest, {:.0} % of the value above it",
            100.0 * gap.relative
        ),
        None => "the spectrum has no gap to tell by".to_owned(),
    };
    (clusters, why)
}

/// What to say where the eigenvalue of the last of so many clusters lies next to the one behind it; `k` eigenvectors are in use.
pub(super) fn undecided(values: &[f64], clusters: usize, k: usize) -> Option<String> {
    let gap = Gap::negligible_after(values, clusters)?;
    let apart =
        if gap.relative > 0.0 { format!("only {} apart", percent(gap.relative)) } else { "the same".to_owned() };
    let far = if k == clusters { ", and a learned space far from the exact one may be as good" } else { "" };
    let next = clusters + 1;
    Some(format!(
        "Eigenvalues {clusters} and {next} are {apart}: the graph does not tell {clusters} clusters from {next}, there may be no such clusters{far}"
    ))
}

/// The eigenvalues among which the gap is looked for that tells the number of clusters of a graph of so many parts.
fn searched(values: &[f64], parts: usize) -> &[f64] {
    &values[..values.len().min(GAP_SEARCH.max(parts + BEYOND))]
}

impl Snapshot {
    /// The gap among the exact eigenvalues that suggests a number of clusters, where there is one.
    #[must_use]
    pub fn eigengap(&self) -> Option<Gap> {
        let parts = self.operator.as_ref().map_or(1, |operator| operator.components.count());
        measure::telling_gap(searched(&self.spectrum, parts))
    }

    /// What is to be said where next to no gap lies behind the eigenvalue of the last cluster.
    #[must_use]
    pub fn undecided(&self) -> Option<String> {
        let k = self.exact.as_ref().map_or(0, |exact| exact.space.values.len());
        undecided(&self.spectrum, self.clusters, k)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(sizes: &[usize]) -> Components {
        let of = sizes.iter().enumerate().flat_map(|(part, &size)| vec![part as u32; size]).collect();
        Components { of, sizes: sizes.to_vec() }
    }

    #[test]
    fn no_eigengap_is_announced_among_the_zeros_of_many_parts() {
        let hundred = components(&[20; 100]);
        assert_eq!(eigenvalues(None, GAP_SEARCH, &hundred), 104);
        let values: Vec<f64> = (0..104).map(|i| if i < 100 { 0.0 } else { 0.1 }).collect();
        assert_eq!(suggested(&values, &hundred).0, 100, "one cluster a part");

        let mut sizes = vec![400, 300, 200];
        sizes.extend([2; 300]);
        let crumbs = components(&sizes);
        assert_eq!(eigenvalues(None, GAP_SEARCH, &crumbs), MOST_ZEROS);
        let (clusters, why) = suggested(&[0.0; MOST_ZEROS], &crumbs);
        assert!(clusters == 3 && why.contains("303 parts") && why.contains("no eigengap"), "{clusters}: {why}");
    }

    #[test]
    fn clusters_that_no_gap_ends_are_said_to_be_doubtful() {
        let values = [0.0, 0.2, 0.3, 0.303, 0.5];
        let said = undecided(&values, 3, 3).expect("next to no gap");
        assert!(said.starts_with("Eigenvalues 3 and 4 are only 0.99 % apart") && said.contains("learned"), "{said}");
        assert!(undecided(&values, 3, 4).is_some_and(|said| !said.contains("learned")), "it has another dimension");
        assert_eq!((undecided(&values, 2, 2), undecided(&values, 5, 5)), (None, None));
    }

    #[test]
    fn few_parts_leave_the_spectrum_to_decide() {
        let one = components(&[50]);
        assert_eq!(eigenvalues(None, GAP_SEARCH, &one), GAP_SEARCH);
        assert_eq!(suggested(&[0.0, 0.001, 0.002, 0.4, 0.5], &one).0, 3);
        let (clusters, why) = suggested(&[0.0, 0.1, 0.19, 0.3, 0.5], &one);
        assert!(clusters == 2 && why.contains("there may be none at all"), "{clusters}: {why}");
        assert_eq!(eigenvalues(Some(3), 7, &components(&[9; 30])), 7, "nothing is left to decide");
    }
}
