//! The labels that are shown: a solver's clusters with what a person said over them.

mod deeds;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Result;
use crate::app::shown::coloring::{ColorBy, categories};
use crate::pipeline::Snapshot;
use crate::project::{Change, Deed, Document, GroupId, Keys, Labelled, Mark, Side};

/// The side whose clusters a colour is of; classes have the names of the data.
#[must_use]
pub fn side(by: ColorBy) -> Option<Side> {
    match by {
        ColorBy::Learned => Some(Side::Learned),
        ColorBy::Exact => Some(Side::Exact),
        ColorBy::Baseline => Some(Side::Baseline),
        _ => None,
    }
}

/// The colour by a side's clusters.
#[must_use]
pub fn by_side(side: Side) -> ColorBy {
    match side {
        Side::Learned => ColorBy::Learned,
        Side::Exact => ColorBy::Exact,
        Side::Baseline => ColorBy::Baseline,
    }
}

/// The samples of a snapshot by their rows in the source.
#[must_use]
pub fn keys(snapshot: &Snapshot) -> Keys<'_> {
    Keys::new(&snapshot.data.rows, snapshot.data.len())
}

/// What a person wants done with the selected samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// They belong to this label.
    Assign(u32),
    /// They are a cluster of their own.
    AssignNew,
    /// They belong to none.
    Outliers,
    /// They are labelled right.
    Accept,
    /// They are as the solver said.
    GiveBack,
}

/// The edits of the data shown, and the labels they make of the newest snapshot.
///
/// An edit belongs to the samples that it was made on, not to a cluster's number: k-means numbers its clusters anew in every run and at
/// every look during training, and a name goes where most of its samples went.
#[derive(Clone, Debug)]
pub struct Labels {
    document: Document,
    /// Which document of the session.
    id: u64,
    serial: u64,
    /// Edits made and unmade.
    edited: u64,
    shown: [Option<Arc<Labelled>>; 3],
}

impl Default for Labels {
    fn default() -> Self {
        Self { document: Document::default(), id: next_id(), serial: 0, edited: 0, shown: [None, None, None] }
    }
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Labels {
    /// Edits that come from a file.
    #[must_use]
    pub fn of(document: Document) -> Self {
        Self { document, ..Self::default() }
    }

    /// Which document of the session it is; another one has other steps.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The edits.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Changes with every label.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Changes with every edit, and not with what solvers do.
    #[must_use]
    pub fn edited(&self) -> u64 {
        self.edited
    }

    /// The labels of a side, where a person edited any.
    #[must_use]
    pub fn labelled(&self, by: ColorBy) -> Option<&Arc<Labelled>> {
        self.shown[side(by)? as usize].as_ref()
    }

    /// For each sample its class or label, and how many of these there are, hidden ones too.
    #[must_use]
    pub fn ids<'a>(&'a self, by: ColorBy, snapshot: &'a Snapshot) -> Option<(&'a [u32], usize)> {
        let (ids, k) = categories(by, snapshot)?;
        Some(match self.labelled(by).filter(|labelled| labelled.ids.len() == ids.len()) {
            Some(labelled) => (labelled.ids.as_slice(), labelled.entries.len()),
            None => (ids, k),
        })
    }

    /// The labels that are to be seen, and the count of each.
    #[must_use]
    pub fn seen(&self, by: ColorBy, snapshot: &Snapshot) -> Vec<(u32, usize)> {
        let Some((ids, k)) = self.ids(by, snapshot) else { return Vec::new() };
        if let Some(labelled) = self.labelled(by).filter(|l| l.entries.len() == k) {
            return labelled.seen().map(|id| (id, labelled.entries[id as usize].count)).collect();
        }
        let mut counts = vec![0; k];
        for &id in ids {
            if let Some(count) = counts.get_mut(id as usize) {
                *count += 1;
            }
        }
        (0..).zip(counts).collect()
    }

    /// What a class or label is called.
    #[must_use]
    pub fn name(&self, by: ColorBy, id: u32, snapshot: &Snapshot) -> String {
        if by == ColorBy::Label {
            if id == crate::data::Labels::UNLABELLED {
                return "none".to_owned();
            }
            let names = snapshot.data.labels.as_ref().map(|l| &l.names);
            return names.and_then(|n| n.get(id as usize)).cloned().unwrap_or_else(|| id.to_string());
        }
        let entry = self.labelled(by).and_then(|labelled| labelled.entries.get(id as usize));
        entry.map_or_else(|| id.to_string(), |entry| entry.name.clone())
    }

    /// Names of the solver's `k` clusters in their order, for an export: of one that was merged that of the cluster it went into.
    #[must_use]
    pub fn all(&self, by: ColorBy, k: usize, snapshot: &Snapshot) -> Vec<String> {
        self.standing(by, k).into_iter().map(|id| self.name(by, id, snapshot)).collect()
    }

    /// For each of the solver's `k` clusters the label that its rows have where nothing else was said of them.
    #[must_use]
    pub fn standing(&self, by: ColorBy, k: usize) -> Vec<u32> {
        let merged = side(by).zip(self.labelled(by)).map(|(side, of)| of.merged(self.document.layer(side)));
        let merged = merged.unwrap_or_default();
        (0..k).map(|id| merged.get(id).copied().flatten().unwrap_or(id as u32)).collect()
    }

    /// Whether any cluster of the solver's has a name on this side.
    #[must_use]
    pub fn any(&self, by: ColorBy) -> bool {
        self.labelled(by).is_some_and(|labelled| {
            let named = |id: Option<GroupId>| {
                let group = id.and_then(|id| self.document.layer(side(by)?).groups().get(&id));
                group.is_some_and(|group| group.name.is_some())
            };
            labelled.entries.iter().any(|entry| entry.cluster.is_some() && named(entry.group))
        })
    }

    /// Whether rows of a side are labelled otherwise than the solver said.
    #[must_use]
    pub fn relabels(&self, by: ColorBy) -> bool {
        side(by).is_some_and(|side| self.document.layer(side).relabels())
    }

    /// How many rows of a side a person took out of the solver's clusters, by assigning or splitting them or as outliers.
    #[must_use]
    pub fn moved(&self, by: ColorBy) -> usize {
        let runs = side(by).map_or(&[][..], |side| self.document.layer(side).marks().runs());
        let moved = runs.iter().filter(|run| !matches!(run.mark, Mark::Accepted(_)));
        moved.map(|run| (run.end - run.start) as usize).sum()
    }

    /// What a person said of a sample.
    #[must_use]
    pub fn mark(&self, by: ColorBy, sample: u32, snapshot: &Snapshot) -> Option<Mark> {
        let row = snapshot.data.rows.get(sample as usize).copied().unwrap_or(sample as usize);
        self.document.layer(side(by)?).marks().get(u32::try_from(row).ok()?)
    }

    /// How many clusters were touched and rows marked, on all sides.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let layers = Side::ALL.map(|side| self.document.layer(side));
        (layers.iter().map(|l| l.groups().len()).sum(), layers.iter().map(|l| l.marks().len()).sum())
    }

    /// Edits that no cluster answers to at present, in words.
    #[must_use]
    pub fn waiting(&self) -> Vec<String> {
        self.shown.iter().flatten().flat_map(|labelled| labelled.strays.clone()).collect()
    }

    /// Takes the edits to the clusters of a newer snapshot.
    pub fn follow(&mut self, snapshot: &Snapshot) {
        let before = self.shown.clone();
        for side in Side::ALL {
            self.shown[side as usize] = self.made(side, snapshot);
        }
        self.serial += u64::from(self.shown != before);
    }

    fn made(&self, side: Side, snapshot: &Snapshot) -> Option<Arc<Labelled>> {
        let layer = Some(self.document.layer(side)).filter(|layer| !layer.is_empty())?;
        let (ids, k) = categories(by_side(side), snapshot)?;
        Some(Arc::new(Labelled::new(layer, ids, k, &keys(snapshot))))
    }

    /// Makes an edit; what it changed.
    ///
    /// # Errors
    /// As [`Document::apply`].
    pub fn apply(&mut self, deed: Deed, snapshot: &Snapshot) -> Result<Change> {
        let change = self.document.apply(deed)?;
        self.changed(change.side, Some(snapshot));
        Ok(change)
    }

    /// Takes back the change made last, or makes it `again`.
    pub fn step(&mut self, change: &Change, again: bool, snapshot: Option<&Snapshot>) {
        if again {
            self.document.redo(change);
        } else {
            self.document.undo(change);
        }
        self.changed(change.side, snapshot);
    }

    fn changed(&mut self, side: Side, snapshot: Option<&Snapshot>) {
        self.shown[side as usize] = snapshot.and_then(|snapshot| self.made(side, snapshot));
        self.serial += 1;
        self.edited += 1;
    }

    /// The same, brought back after others whose serial was `after`.
    #[must_use]
    pub fn renumbered(self, after: u64) -> Self {
        Self { serial: self.serial.max(after) + 1, ..self }
    }

    /// Forgets every edit, for other data.
    pub fn clear(&mut self) {
        *self = Self { serial: self.serial + 1, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;

    /// The fixture's four samples in the given clusters on the learned side.
    fn clustered(assignment: &[u32]) -> Snapshot {
        let vectors = array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        let mut snapshot = snapshot(Some(&vectors), Some(&vectors));
        let mut solution = (**snapshot.learned.as_ref().expect("a learned side")).clone();
        solution.clusters.assignment = assignment.to_vec();
        snapshot.learned = Some(Arc::new(solution));
        snapshot
    }

    fn made(labels: &mut Labels, deed: Option<Deed>, snapshot: &Snapshot) -> Change {
        labels.apply(deed.expect("it means something"), snapshot).expect("made")
    }

    #[test]
    fn a_sample_without_a_class_is_said_to_have_none() {
        let shown = clustered(&[0, 0, 1, 1]);
        let labels = Labels::default();
        let name = |id| labels.name(ColorBy::Label, id, &shown);
        assert_eq!([name(0), name(crate::data::Labels::UNLABELLED)], ["left", "none"]);
    }

    #[test]
    fn a_name_follows_its_samples_when_clusters_are_numbered_anew() {
        let mut labels = Labels::default();
        let first = clustered(&[1, 1, 0, 0]);
        let deed = labels.rename(ColorBy::Learned, 1, " upper ", &first);
        made(&mut labels, deed, &first);
        let deed = labels.rename(ColorBy::Exact, 0, "lower", &first);
        made(&mut labels, deed, &first);
        let anew = clustered(&[0, 0, 1, 1]);
        labels.follow(&anew);
        assert_eq!(labels.all(ColorBy::Learned, 2, &anew), ["upper", "1"]);
        assert_eq!(labels.all(ColorBy::Exact, 2, &anew), ["lower", "1"], "the other side did not change");
    }

    #[test]
    fn a_cluster_that_was_merged_is_called_as_the_one_it_went_into() {
        let (mut labels, first, by) = (Labels::default(), clustered(&[1, 1, 0, 0]), ColorBy::Learned);
        let deed = labels.merge(by, 1, 0, &first);
        made(&mut labels, deed, &first);
        let deed = labels.rename(by, 0, "both", &first);
        made(&mut labels, deed, &first);
        assert_eq!((labels.all(by, 2, &first), labels.standing(by, 2)), (vec!["both".to_owned(); 2], vec![0, 0]));
    }

    #[test]
    fn a_name_waits_while_no_cluster_is_its_own_and_comes_back() {
        let mut labels = Labels::default();
        let first = clustered(&[1, 1, 0, 0]);
        let deed = labels.rename(ColorBy::Learned, 1, "upper", &first);
        let change = made(&mut labels, deed, &first);
        let mixed = clustered(&[0, 1, 0, 1]);
        labels.follow(&mixed);
        assert!(!labels.any(ColorBy::Learned));
        assert_eq!(labels.waiting(), ["the name upper, 2 rows"]);
        labels.follow(&first);
        assert_eq!(labels.name(ColorBy::Learned, 1, &first), "upper");
        labels.step(&change, false, Some(&first));
        assert!(labels.document().is_empty() && labels.labelled(ColorBy::Learned).is_none());
    }

    #[test]
    fn samples_are_assigned_accepted_and_given_back() {
        let mut labels = Labels::default();
        let first = clustered(&[1, 1, 0, 0]);
        let by = ColorBy::Learned;
        let names = |labels: &Labels| {
            let (ids, _) = labels.ids(by, &first).expect("there are clusters");
            ids.iter().map(|&id| labels.name(by, id, &first)).collect::<Vec<_>>()
        };
        for (wanted, samples, after) in [
            (Wanted::AssignNew, [0, 2], ["2", "1", "2", "0"]),
            (Wanted::Assign(1), [2, 3], ["2", "1", "1", "1"]),
            (Wanted::Outliers, [0, 3], ["outliers", "1", "1", "outliers"]),
            (Wanted::Accept, [1, 2], ["outliers", "1", "1", "outliers"]),
            (Wanted::GiveBack, [0, 2], ["1", "1", "0", "outliers"]),
        ] {
            let deed = labels.with(by, wanted, &samples, &first);
            made(&mut labels, deed, &first);
            assert_eq!(names(&labels), after, "{wanted:?}");
        }
        assert_eq!((labels.moved(by), labels.moved(ColorBy::Exact)), (1, 0), "an outlier; what was accepted stayed");
        assert!(matches!(labels.mark(by, 1, &first), Some(Mark::Accepted(_))));
        assert_eq!(labels.mark(by, 0, &first), None);
        assert!(labels.with(by, Wanted::Accept, &[3], &first).is_none(), "an outlier is in no cluster");
    }
}
