//! Writing the labelled table from the window.

use std::path::Path;

use crate::app::shown::coloring::{ColorBy, categories};
use crate::app::shown::names::ClusterNames;
use crate::app::views::scatter::Selection;
use crate::output::{LabelOptions, write_every_row};
use crate::pipeline::Snapshot;
use crate::support::progress::Progress;

/// Writes every original column with clusters, their names where a person gave some, coordinates and the selection as CSV;
/// the sentences say what a person should know of it.
///
/// # Errors
/// When the file cannot be written, or the source not read once more; when it is cancelled.
pub fn labels(
    path: &Path,
    snapshot: &Snapshot,
    (names, selection): (&ClusterNames, &Selection),
    progress: &Progress<'_>,
) -> crate::Result<Vec<String>> {
    // The column `cluster` is the learned side's, or the exact one's where nothing was learned.
    let by = if snapshot.learned.is_some() { ColorBy::Learned } else { ColorBy::Exact };
    let of = |by| {
        let k = categories(by, snapshot).map_or(0, |(_, k)| k);
        names.any(by).then(|| names.all(by, k, snapshot))
    };
    let (first, baseline) = (of(by), of(ColorBy::Baseline));
    let exact = if by == ColorBy::Exact { None } else { of(ColorBy::Exact) };
    let selected = (selection.count() > 0).then(|| selection.flags().as_slice());
    let options = LabelOptions {
        cluster_names: first.as_deref(),
        exact_names: exact.as_deref(),
        baseline_names: baseline.as_deref(),
        selected,
        ..LabelOptions::default()
    };
    let mut notes = write_every_row(path, snapshot, options, progress)?;
    let waiting = names.waiting();
    if !waiting.is_empty() {
        notes.push(format!("No cluster has these names at present, and the table lacks them: {}", waiting.join(", ")));
    }
    Ok(notes)
}
