//! Labels as a person left them, of samples and of rows that a run left out: edits follow rows by their numbers in the source.

use crate::app::shown::coloring::{ColorBy, categories};
use crate::app::shown::labels::{Labels, side};
use crate::model;
use crate::output::Edited;
use crate::pipeline::Snapshot;
use crate::project::marks::Run;

/// The rows of a label.
#[derive(Clone, Debug, Default)]
pub(super) struct OfLabel {
    /// Which samples are.
    pub(super) samples: Vec<bool>,
    /// The solver's clusters whose rows are where nobody said otherwise.
    pub(super) clusters: Vec<u32>,
    /// Of rows that the run left out those of which a person said something, and whether they are.
    pub(super) left_out: Vec<(usize, bool)>,
}

/// The rows of a label of a side.
pub(super) fn of_label(by: ColorBy, id: u32, labels: &Labels, snapshot: &Snapshot) -> OfLabel {
    let Some((ids, _)) = labels.ids(by, snapshot) else {
        return OfLabel { samples: vec![false; snapshot.data.len()], ..OfLabel::default() };
    };
    let samples = ids.iter().map(|&of| of == id).collect();
    let left_out = left_out(by, labels, snapshot).into_iter().map(|(row, label, _)| (row, label == id)).collect();
    let Some((solver, k)) = categories(by, snapshot) else {
        return OfLabel { samples, left_out, ..OfLabel::default() };
    };
    let mut label: Vec<Option<u32>> = vec![None; k];
    for (i, (&cluster, &of)) in solver.iter().zip(ids).enumerate() {
        if let Some(label) = label.get_mut(cluster as usize).filter(|label| label.is_none())
            && labels.mark(by, i as u32, snapshot).is_none()
        {
            *label = Some(of);
        }
    }
    let clusters = (0..k as u32).filter(|&cluster| label[cluster as usize] == Some(id)).collect();
    OfLabel { samples, clusters, left_out }
}

/// The labels of a side as a person left them.
pub(super) fn edited(column: &str, by: ColorBy, labels: &Labels, snapshot: &Snapshot) -> Option<Edited> {
    let (ids, count) = labels.ids(by, snapshot)?;
    let (solver, _) = categories(by, snapshot)?;
    let labelled = labels.labelled(by)?;
    let outliers = labelled.entries.iter().position(|e| e.outliers)?;
    let mut names = labels.all(by, count, snapshot);
    // A label that reads like any other would be taken for a cluster.
    names[outliers].clear();
    let said = |i: usize| match labels.mark(by, i as u32, snapshot) {
        Some(mark) => mark.word(),
        None if ids.get(i) == solver.get(i) => "solver",
        None => "merged",
    };
    let by_whom = (0..ids.len()).map(said).collect();
    Some(Edited {
        column: column.to_owned(),
        ids: ids.to_vec(),
        names,
        by_whom,
        side: match by {
            ColorBy::Learned => Some(model::Side::Learned),
            ColorBy::Exact => Some(model::Side::Exact),
            _ => None,
        },
        left_out: left_out(by, labels, snapshot),
        merged: labelled.merged(labels.document().layer(side(by)?)),
    })
}

/// What a person said of rows of the source that are no samples now: place, label, and how that is called; ascending.
fn left_out(by: ColorBy, labels: &Labels, snapshot: &Snapshot) -> Vec<(usize, u32, &'static str)> {
    let (data, labelled) = (&snapshot.data, labels.labelled(by));
    let Some((side, labelled)) = side(by).zip(labelled).filter(|_| data.len() < data.of) else { return Vec::new() };
    let layer = labels.document().layer(side);
    let mut there: Vec<usize> = data.rows.to_vec();
    there.sort_unstable();
    let mut there = there.into_iter().peekable();
    let mut rows = Vec::new();
    for run in layer.marks().runs() {
        let (label, word) = (labelled.label_of(layer, run.mark), run.mark.word());
        for row in run.start as usize..(run.end as usize).min(data.of) {
            while there.next_if(|&sample| sample < row).is_some() {}
            if there.peek() != Some(&row) {
                rows.push((row, label, word));
            }
        }
    }
    rows
}

/// Rows of the source that a person assigned or accepted, ascending, each with the name of its label.
pub(in crate::app) fn known_labels(by: ColorBy, labels: &Labels, snapshot: &Snapshot) -> Vec<(u32, String)> {
    let Some((side, labelled)) = side(by).zip(labels.labelled(by)) else { return Vec::new() };
    let layer = labels.document().layer(side);
    let of = |run: &Run| {
        let name = labels.name(by, labelled.label_of(layer, run.mark), snapshot);
        (run.start..run.end).map(move |row| (row, name.clone()))
    };
    layer.marks().runs().iter().filter(|run| run.mark.group().is_some()).flat_map(of).collect()
}
