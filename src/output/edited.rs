//! Which rows a table has, and what a person said of them.

use crate::model::Side;

/// Some rows of the table.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// Which samples of the run.
    pub samples: &'a [bool],
    /// Of rows that the run left out those in one of these clusters of the column `cluster`.
    pub clusters: &'a [u32],
    /// Of those a person said something of: place in the source, and whether it is written, whatever its cluster; ascending.
    pub left_out: &'a [(usize, bool)],
}

impl Chosen<'_> {
    /// Whether a row that the run left out is written, which a model put in this cluster.
    pub(super) fn takes_left_out(&self, row: usize, cluster: Option<u32>) -> bool {
        match self.left_out.binary_search_by_key(&row, |entry| entry.0) {
            Ok(at) => self.left_out[at].1,
            Err(_) => cluster.is_some_and(|cluster| self.clusters.contains(&cluster)),
        }
    }

    /// Whether any such row can be.
    pub(super) fn takes_any_left_out(&self) -> bool {
        !self.clusters.is_empty() || self.left_out.iter().any(|entry| entry.1)
    }
}

/// Labels of one side as a person left them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    /// How its two columns begin: `label` for that of the column `cluster`.
    pub column: String,
    /// For each sample the place of its label.
    pub ids: Vec<u32>,
    /// The labels; empty for what belongs to no cluster.
    pub names: Vec<String>,
    /// For each sample where its label comes from: `solver`, `merged`, `assigned`, `accepted` or `outlier`.
    pub by_whom: Vec<&'static str>,
    /// Which of the run's sides its clusters are of; none where no model has them.
    pub side: Option<Side>,
    /// What a person said of rows that the run left out: place in the source, label, where it comes from; ascending.
    pub left_out: Vec<(usize, u32, &'static str)>,
    /// For each of the solver's clusters the label that it was merged into, where it was.
    pub merged: Vec<Option<u32>>,
}

impl Edited {
    /// The column of clusters that these labels are of.
    pub(super) fn clusters(&self) -> &'static str {
        match self.column.as_str() {
            "label_exact" => "cluster_exact",
            "label_kmeans" => "cluster_kmeans",
            _ => "cluster",
        }
    }

    /// The label of a row that the run left out, which a model put in this cluster, and where it comes from; none where nobody edited it.
    pub(super) fn of_left_out(&self, row: usize, cluster: Option<u32>) -> Option<(u32, &'static str)> {
        if let Ok(at) = self.left_out.binary_search_by_key(&row, |entry| entry.0) {
            let (_, label, by_whom) = self.left_out[at];
            return Some((label, by_whom));
        }
        let merged = cluster.and_then(|cluster| self.merged.get(cluster as usize).copied().flatten());
        merged.map(|label| (label, "merged"))
    }
}
