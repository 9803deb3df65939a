//! Writing from the window: the labelled table, all of it or the rows and columns that a person chose, and the model.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::edited::{self, OfLabel};
use crate::app::shown::coloring::{ColorBy, categories};
use crate::app::shown::fields::Measured;
use crate::app::shown::labels::Labels;
use crate::app::views::scatter::Selection;
use crate::model::{Model, Side};
use crate::output::{
    About, Chosen, Edited, Form, LabelOptions, OnnxOptions, Preview, new_columns, preview, write_every_row,
    write_model, write_onnx, write_readme,
};
use crate::pipeline::Snapshot;
use crate::support::language::counted;
use crate::support::progress::Progress;

/// Which rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowsWanted {
    /// All of the source.
    #[default]
    All,
    /// The selected points.
    Selection,
    /// Those of a label of the side of the column `cluster`, by its place.
    Label(u32),
}

/// What of a table is written, and what beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableWanted {
    /// The rows.
    pub rows: RowsWanted,
    /// The columns by name; all where nothing is said.
    pub columns: Option<Vec<String>>,
    /// Whether `row` is a column though no row is missing.
    pub row: bool,
    /// Whether a text that says what made it lies beside it.
    pub readme: bool,
}

/// The side of the column `cluster`: the learned one, or the exact one where nothing was learned.
#[must_use]
pub fn side_of(snapshot: &Snapshot) -> ColorBy {
    if snapshot.learned.is_some() { ColorBy::Learned } else { ColorBy::Exact }
}

/// Writes every original column with clusters, their names where a person gave some, coordinates and the selection, as far as they are
/// wanted; the sentences say what a person should know of it.
///
/// # Errors
/// When the file cannot be written, or the source not read once more; when it is cancelled.
pub fn labels(
    path: &Path,
    snapshot: &Snapshot,
    (labels, selection): (&Labels, &Selection),
    wanted: &TableWanted,
    progress: &Progress<'_>,
) -> crate::Result<Vec<String>> {
    let measured = Measured::default();
    let gathered = Gathered::of(snapshot, (labels, selection), wanted.rows, &measured);
    let mut notes = write_every_row(path, snapshot, gathered.options(wanted), progress)?;
    let waiting = labels.waiting();
    if !waiting.is_empty() {
        notes.push(format!("No cluster fits these edits at present, and the table lacks them: {}", waiting.join("; ")));
    }
    if wanted.readme {
        let rows = match wanted.rows {
            RowsWanted::All => "all".to_owned(),
            RowsWanted::Selection => format!("the {} that were selected", counted(selection.count(), "row")),
            RowsWanted::Label(id) => format!("those labelled {}", labels.name(side_of(snapshot), id, snapshot)),
        };
        let found = new_columns(snapshot, gathered.options(wanted));
        let about = About { rows: &rows, columns: wanted.columns.as_deref(), found: &found, notes: &notes };
        write_readme(path, snapshot, &about)?;
    }
    Ok(notes)
}

/// Where the text lies that says what made a table.
#[must_use]
pub fn readme_of(path: &Path) -> PathBuf {
    crate::output::readme_of(path)
}

/// The first rows of the table with all columns that there can be; what takes a while to find of the snapshot is kept in `measured`.
///
/// # Errors
/// As [`labels`].
pub fn first_rows(
    snapshot: &Snapshot,
    (labels, selection): (&Labels, &Selection),
    (rows, most): (RowsWanted, usize),
    measured: &Measured,
) -> crate::Result<Preview> {
    let gathered = Gathered::of(snapshot, (labels, selection), rows, measured);
    let wanted = TableWanted { rows, row: true, ..TableWanted::default() };
    preview(snapshot, gathered.options(&wanted), most, &Progress::silent())
}

/// What a table takes from the window.
struct Gathered<'m> {
    first: Option<Vec<String>>,
    baseline: Option<Vec<String>>,
    exact: Option<Vec<String>>,
    edited: Vec<Edited>,
    confidence: Option<&'m [f64]>,
    unlike: Option<&'m [bool]>,
    selected: Option<Vec<bool>>,
    /// Which rows are written.
    chosen: Option<OfLabel>,
}

impl<'m> Gathered<'m> {
    fn of(
        snapshot: &Snapshot,
        (labels, selection): (&Labels, &Selection),
        rows: RowsWanted,
        measured: &'m Measured,
    ) -> Self {
        let by = side_of(snapshot);
        let of = |by| {
            let k = categories(by, snapshot).map_or(0, |(_, k)| k);
            (labels.any(by) || labels.relabels(by)).then(|| labels.all(by, k, snapshot))
        };
        let edited: Vec<Edited> = [ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline]
            .into_iter()
            .filter(|&side| labels.relabels(side))
            .filter_map(|side| edited::edited(if side == by { "label" } else { column(side) }, side, labels, snapshot))
            .collect();
        Self {
            first: of(by),
            baseline: of(ColorBy::Baseline),
            exact: if by == ColorBy::Exact { None } else { of(ColorBy::Exact) },
            edited,
            confidence: measured.confidence(by, snapshot),
            // Of a result that came without its scaled rows nothing is known.
            unlike: measured.unlike(snapshot).filter(|unlike| unlike.len() == snapshot.data.len()),
            selected: (selection.count() > 0).then(|| selection.flags().to_vec()),
            chosen: match rows {
                RowsWanted::All => None,
                RowsWanted::Selection => Some(OfLabel { samples: selection.flags().to_vec(), ..OfLabel::default() }),
                RowsWanted::Label(id) => Some(edited::of_label(by, id, labels, snapshot)),
            },
        }
    }

    fn options<'a>(&'a self, wanted: &'a TableWanted) -> LabelOptions<'a> {
        let chosen = self.chosen.as_ref();
        LabelOptions {
            edited: &self.edited,
            cluster_names: self.first.as_deref(),
            exact_names: self.exact.as_deref(),
            baseline_names: self.baseline.as_deref(),
            confidence: self.confidence,
            unlike: self.unlike,
            selected: self.selected.as_deref(),
            columns: wanted.columns.as_deref(),
            row: wanted.row,
            rows: chosen.map(|OfLabel { samples, clusters, left_out }| Chosen { samples, clusters, left_out }),
            ..LabelOptions::default()
        }
    }
}

/// Writes the model with the names that clusters have now: an ONNX graph where the path ends so, else the program's own file. The sentences
/// say what a person should know of it.
///
/// # Errors
/// When it cannot be said in ONNX, or the file cannot be written.
pub fn model(path: &Path, snapshot: &Snapshot, labels: &Labels) -> crate::Result<Vec<String>> {
    let Some(model) = named_model(snapshot, labels) else { return Ok(Vec::new()) };
    let without = without_moved(&model, labels);
    let side = model.side(None)?;
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("onnx")) {
        let facts = write_onnx(path, &model, OnnxOptions { side, form: Form::Auto })?;
        let sentence = facts.sentence(path);
        return Ok(facts.notes.into_iter().chain([sentence]).chain(without).collect());
    }
    write_model(path, &model).map(|()| without.into_iter().collect())
}

/// What a model does not know of the labels that a person gave, in a sentence.
#[must_use]
pub fn without_moved(model: &Model, labels: &Labels) -> Option<String> {
    let (side, _) = model.sides().next()?;
    let moved = labels.moved(if side == Side::Learned { ColorBy::Learned } else { ColorBy::Exact });
    (moved > 0).then(|| {
        format!(
            "The model has the names and merges, but not the {} that were assigned or split off by hand: rows like them get the \
             solver's cluster. Train on the labels you gave… teaches them",
            counted(moved, "row")
        )
    })
}

/// The model of a result with the names that clusters have now.
#[must_use]
pub fn named_model(snapshot: &Snapshot, labels: &Labels) -> Option<Arc<Model>> {
    let model = snapshot.model.as_ref()?;
    let (side, clusters) = model.sides().next()?;
    let by = if side == Side::Learned { ColorBy::Learned } else { ColorBy::Exact };
    if !labels.any(by) && !labels.relabels(by) {
        return Some(Arc::clone(model));
    }
    let names = labels.all(by, clusters.centroids.nrows(), snapshot);
    Some(Arc::new(Model { names, ..(**model).clone() }))
}

/// How the columns of a side's edited labels begin where they are not those of the column `cluster`.
fn column(by: ColorBy) -> &'static str {
    match by {
        ColorBy::Exact => "label_exact",
        ColorBy::Baseline => "label_kmeans",
        _ => "label_learned",
    }
}
