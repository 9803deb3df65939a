//! Writing the labelled table from the window.

use std::path::Path;

use super::coloring::{ColorBy, categories};
use super::names::ClusterNames;
use super::views::scatter::Selection;
use crate::learn::Snapshot;
use crate::output::{LabelOptions, write_labels};

/// Writes every original column with clusters, their names where a person gave some, coordinates and the selection as CSV;
/// the sentences say what a person should know of it.
///
/// # Errors
/// When the file cannot be written.
pub fn labels(
    path: &Path,
    snapshot: &Snapshot,
    names: &ClusterNames,
    selection: &Selection,
) -> crate::Result<Vec<String>> {
    // The column `cluster` is the learned side's, or the exact one's where nothing was learned.
    let by = if snapshot.learned.is_some() { ColorBy::Learned } else { ColorBy::Exact };
    let k = categories(by, snapshot).map_or(0, |(_, k)| k);
    let given = names.any(by).then(|| names.all(by, k, snapshot));
    let selected = (selection.count() > 0).then(|| selection.flags().as_slice());
    write_labels(path, snapshot, LabelOptions { all_columns: false, cluster_names: given.as_deref(), selected })
}
