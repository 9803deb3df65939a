//! Writing the labelled table and the model from the window.

use std::path::Path;

use crate::app::shown::coloring::{ColorBy, categories};
use crate::app::shown::labels::Labels;
use crate::app::views::scatter::Selection;
use crate::model::Side;
use crate::output::{Edited, Form, LabelOptions, OnnxOptions, write_every_row, write_model, write_onnx};
use crate::pipeline::Snapshot;
use crate::project::Mark;
use crate::support::progress::Progress;

/// Writes every original column with clusters, their names where a person gave some, coordinates and the selection as CSV;
/// the sentences say what a person should know of it.
///
/// # Errors
/// When the file cannot be written, or the source not read once more; when it is cancelled.
pub fn labels(
    path: &Path,
    snapshot: &Snapshot,
    (labels, selection): (&Labels, &Selection),
    progress: &Progress<'_>,
) -> crate::Result<Vec<String>> {
    // The column `cluster` is the learned side's, or the exact one's where nothing was learned.
    let by = if snapshot.learned.is_some() { ColorBy::Learned } else { ColorBy::Exact };
    let of = |by| {
        let k = categories(by, snapshot).map_or(0, |(_, k)| k);
        labels.any(by).then(|| labels.all(by, k, snapshot))
    };
    let (first, baseline) = (of(by), of(ColorBy::Baseline));
    let exact = if by == ColorBy::Exact { None } else { of(ColorBy::Exact) };
    let selected = (selection.count() > 0).then(|| selection.flags().as_slice());
    let edited: Vec<Edited> = [ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline]
        .into_iter()
        .filter(|&side| labels.relabels(side))
        .filter_map(|side| edited(if side == by { "label" } else { column(side) }, side, labels, snapshot))
        .collect();
    let options = LabelOptions {
        edited: &edited,
        cluster_names: first.as_deref(),
        exact_names: exact.as_deref(),
        baseline_names: baseline.as_deref(),
        selected,
        ..LabelOptions::default()
    };
    let mut notes = write_every_row(path, snapshot, options, progress)?;
    let waiting = labels.waiting();
    if !waiting.is_empty() {
        notes.push(format!("No cluster fits these edits at present, and the table lacks them: {}", waiting.join("; ")));
    }
    Ok(notes)
}

/// Writes the model with the names that clusters have now: an ONNX graph where the path ends so, else the program's own file. The sentences
/// say what a person should know of it.
///
/// # Errors
/// When it cannot be said in ONNX, or the file cannot be written.
pub fn model(path: &Path, snapshot: &Snapshot, labels: &Labels) -> crate::Result<Vec<String>> {
    let Some(model) = snapshot.model.as_deref() else { return Ok(Vec::new()) };
    let mut model = model.clone();
    let side = model.side(None)?;
    let by = if side == Side::Learned { ColorBy::Learned } else { ColorBy::Exact };
    if labels.any(by) {
        let k = model.sides().next().map_or(0, |(_, clusters)| clusters.centroids.nrows());
        model.names = labels.all(by, k, snapshot);
    }
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("onnx")) {
        let facts = write_onnx(path, &model, OnnxOptions { side, form: Form::Auto })?;
        let sentence = facts.sentence(path);
        return Ok(facts.notes.into_iter().chain([sentence]).collect());
    }
    write_model(path, &model).map(|()| Vec::new())
}

/// How the columns of a side's edited labels begin where they are not those of the column `cluster`.
fn column(by: ColorBy) -> &'static str {
    match by {
        ColorBy::Exact => "label_exact",
        ColorBy::Baseline => "label_kmeans",
        _ => "label_learned",
    }
}

/// The labels of a side as a person left them.
fn edited(column: &str, by: ColorBy, labels: &Labels, snapshot: &Snapshot) -> Option<Edited> {
    let (ids, count) = labels.ids(by, snapshot)?;
    let (solver, _) = categories(by, snapshot)?;
    let outliers = labels.labelled(by)?.entries.iter().position(|e| e.outliers)?;
    let mut names = labels.all(by, count, snapshot);
    // A label that reads like any other would be taken for a cluster.
    names[outliers].clear();
    let said = |i: usize| match labels.mark(by, i as u32, snapshot) {
        Some(Mark::Accepted(_)) => "accepted",
        Some(Mark::Assigned(_)) => "assigned",
        Some(Mark::Outlier) => "outlier",
        None if ids.get(i) == solver.get(i) => "solver",
        None => "merged",
    };
    let by_whom = (0..ids.len()).map(said).collect();
    Some(Edited { column: column.to_owned(), ids: ids.to_vec(), names, by_whom })
}
