//! What rows are called: a solver's clusters with the edits over them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edits::{Group, GroupId, Layer};
use super::marks::Mark;
use super::rows::Rows;
use crate::support::language::counted;

/// The numbers in the source of the samples that are there.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    rows: &'a [usize],
    n: usize,
    /// Each sample stands at its own number.
    whole: bool,
}

impl<'a> Keys<'a> {
    /// Of `n` samples, whose numbers in the source are `rows`, or their own where there are none.
    #[must_use]
    pub fn new(rows: &'a [usize], n: usize) -> Self {
        let rows = if rows.len() == n { rows } else { &[] };
        Self { rows, n, whole: rows.iter().enumerate().all(|(at, &row)| at == row) }
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// The number in the source of sample `i`.
    #[must_use]
    pub fn key(&self, i: usize) -> u32 {
        let row = if self.whole { i } else { self.rows.get(i).copied().unwrap_or(i) };
        u32::try_from(row).unwrap_or(u32::MAX)
    }

    /// The rows of these samples.
    #[must_use]
    pub fn rows(&self, samples: impl IntoIterator<Item = u32>) -> Rows {
        Rows::of(samples.into_iter().map(|i| self.key(i as usize)))
    }

    /// Calls back for each sample in a set.
    pub fn each(&self, rows: &Rows, mut found: impl FnMut(usize)) {
        if self.whole {
            for &(start, end) in rows.ranges() {
                (start as usize..(end as usize).min(self.n)).for_each(&mut found);
            }
        } else if !rows.is_empty() {
            (0..self.n).filter(|&i| rows.contains(self.key(i))).for_each(found);
        }
    }
}

/// One label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The group, where a person touched it.
    pub group: Option<GroupId>,
    /// The solver's cluster, where it is one.
    pub cluster: Option<u32>,
    /// What it is called.
    pub name: String,
    /// The number of a colour that a person chose.
    pub colour: Option<u16>,
    /// Whether it is what belongs to none.
    pub outliers: bool,
    /// Number of samples.
    pub count: usize,
    /// Whether there is nothing to show of it: it is part of another now, or empty and not a cluster.
    pub hidden: bool,
}

/// The labels of all samples. The first are the solver's clusters under their numbers, then groups made by hand, then outliers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// For each sample the place of its label in `entries`.
    pub ids: Arc<Vec<u32>>,
    /// The labels.
    pub entries: Vec<Entry>,
    /// Edits of clusters that no cluster answers to at present, in words. They are kept.
    pub strays: Vec<String>,
}

impl Labelled {
    /// The labels of samples that a solver put into `k` clusters.
    #[must_use]
    pub fn new(layer: &Layer, clusters: &[u32], k: usize, keys: &Keys<'_>) -> Self {
        let (heirs, roots) = (heirs(layer, clusters, k, keys), layer.roots());
        let is_root = |id: GroupId| roots.get(&id).is_none_or(|&root| root == id);
        let by_cluster: BTreeMap<u32, GroupId> = heirs.iter().filter_map(|(&id, &c)| Some((c?, id))).collect();
        let of_cluster = |cluster: u32| by_cluster.get(&cluster).copied();
        let mut entries: Vec<Entry> = (0..k as u32)
            .map(|cluster| {
                let group = of_cluster(cluster);
                let known = group.and_then(|id| layer.groups().get(&id));
                let mut entry = entry(group, known, || cluster.to_string());
                entry.cluster = Some(cluster);
                entry.hidden = group.is_some_and(|id| !is_root(id));
                entry
            })
            .collect();
        let own = |id: GroupId| heirs.get(&id).is_some_and(Option::is_some);
        for (&id, group) in layer.groups() {
            if !own(id) && is_root(id) {
                entries.push(entry(Some(id), Some(group), || group.called()));
            }
        }
        let outliers = entries.len() as u32;
        entries.push(Entry { outliers: true, ..entry(None, None, || "outliers".to_owned()) });
        let of_groups = (0..).zip(&entries).filter_map(|(at, entry)| Some((entry.group?, at)));
        let of_roots: BTreeMap<GroupId, u32> = of_groups.collect();
        let place = |root: &GroupId| of_roots.get(root).copied().unwrap_or(outliers);
        let places: BTreeMap<GroupId, u32> = roots.iter().map(|(&id, root)| (id, place(root))).collect();
        let home: Vec<u32> = (0..k as u32)
            .map(|cluster| of_cluster(cluster).and_then(|id| places.get(&id).copied()).unwrap_or(cluster))
            .collect();
        let mut ids: Vec<u32> =
            clusters.iter().map(|&c| home.get(c as usize).copied().unwrap_or(outliers)).take(keys.len()).collect();
        ids.resize(keys.len(), outliers);
        let marked = |mark: Mark| mark.group().map_or(outliers, |id| places.get(&id).copied().unwrap_or(outliers));
        if keys.whole {
            for run in layer.marks().runs() {
                let range = (run.start as usize).min(ids.len())..(run.end as usize).min(ids.len());
                ids[range].fill(marked(run.mark));
            }
        } else if !layer.marks().is_empty() {
            for (i, id) in ids.iter_mut().enumerate() {
                if let Some(mark) = layer.marks().get(keys.key(i)) {
                    *id = marked(mark);
                }
            }
        }
        for &id in &ids {
            entries[id as usize].count += 1;
        }
        for entry in &mut entries {
            entry.hidden |= entry.cluster.is_none() && entry.count == 0;
        }
        let strays = strays(layer, &heirs);
        Self { ids: Arc::new(ids), entries, strays }
    }

    /// The places of the labels that are to be seen.
    pub fn seen(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.entries).filter_map(|(at, entry)| (!entry.hidden).then_some(at))
    }

    /// The place of the label that a mark gives a row, whether the row is a sample or not; `layer` is what this was made of.
    #[must_use]
    pub fn label_of(&self, layer: &Layer, mark: Mark) -> u32 {
        let place = |found: &dyn Fn(&Entry) -> bool| self.entries.iter().position(found).map(|at| at as u32);
        let group = mark.group().and_then(|group| {
            let root = layer.root(group);
            place(&|entry| entry.group == Some(root))
        });
        group.or_else(|| place(&|entry| entry.outliers)).unwrap_or(0)
    }

    /// For each of the solver's clusters the label that it was merged into, where it was.
    #[must_use]
    pub fn merged(&self, layer: &Layer) -> Vec<Option<u32>> {
        let of = |entry: &Entry| {
            let group = entry.group.filter(|&group| layer.root(group) != group)?;
            Some(self.label_of(layer, Mark::Assigned(group)))
        };
        self.entries.iter().filter(|entry| entry.cluster.is_some()).map(of).collect()
    }

    /// A number that no label is called by, for a new one.
    #[must_use]
    pub fn free_name(&self) -> String {
        let first = self.entries.iter().filter(|e| e.cluster.is_some()).count();
        free_name(first, &self.entries.iter().map(|e| e.name.as_str()).collect::<Vec<_>>())
    }
}

/// The first number from `first` on that is not among the names.
#[must_use]
pub fn free_name(first: usize, taken: &[&str]) -> String {
    let free = |number: &usize| !taken.contains(&number.to_string().as_str());
    (first..=first + taken.len()).find(free).unwrap_or(first).to_string()
}

fn entry(group: Option<GroupId>, known: Option<&Group>, called: impl FnOnce() -> String) -> Entry {
    let name = known.and_then(|g| g.name.clone()).unwrap_or_else(called);
    let colour = known.and_then(|g| g.colour);
    Entry { group, cluster: None, name, colour, outliers: false, count: 0, hidden: false }
}

/// What a person said of clusters that are not there.
fn strays(layer: &Layer, heirs: &BTreeMap<GroupId, Option<u32>>) -> Vec<String> {
    let lost = |id: &GroupId| heirs.get(id).is_some_and(Option::is_none);
    let groups = layer.groups().iter().filter(|(id, _)| lost(id));
    groups
        .filter_map(|(_, group)| {
            let rows = counted(group.held.len(), "row");
            match (&group.name, group.into.and_then(|into| layer.groups().get(&into)), group.colour) {
                (_, Some(into), _) => Some(format!("{} merged into {}, {rows}", group.called(), into.called())),
                (Some(name), None, _) => Some(format!("the name {name}, {rows}")),
                (None, None, Some(_)) => Some(format!("the colour of {}, {rows}", group.called())),
                (None, None, None) => None,
            }
        })
        .collect()
}

/// For each group that was a cluster the cluster it is now: the one it shares most samples with, each cluster once, the largest share
/// first, and only where the shared samples are most of either. A group that finds none waits for a later training.
fn heirs(layer: &Layer, clusters: &[u32], k: usize, keys: &Keys<'_>) -> BTreeMap<GroupId, Option<u32>> {
    let mut sizes = vec![0_usize; k];
    for &cluster in clusters {
        if let Some(size) = sizes.get_mut(cluster as usize) {
            *size += 1;
        }
    }
    let groups: Vec<(GroupId, &Group)> =
        layer.groups().iter().filter(|(_, g)| !g.held.is_empty()).map(|(&id, g)| (id, g)).collect();
    let mut shared = Vec::new();
    for (at, (_, group)) in groups.iter().enumerate() {
        let mut counts = vec![0_usize; k];
        let mut there = 0;
        keys.each(&group.held, |i| {
            there += 1;
            if let Some(count) = clusters.get(i).and_then(|&c| counts.get_mut(c as usize)) {
                *count += 1;
            }
        });
        for (cluster, (&count, &size)) in counts.iter().zip(&sizes).enumerate() {
            if 2 * count > there.min(size) {
                shared.push((count, at, cluster as u32));
            }
        }
    }
    shared.sort_by_key(|&(count, at, cluster)| (std::cmp::Reverse(count), at, cluster));
    let (mut found, mut taken) = (vec![None; groups.len()], vec![false; k]);
    for (_, at, cluster) in shared {
        if found[at].is_none() && !taken[cluster as usize] {
            (found[at], taken[cluster as usize]) = (Some(cluster), true);
        }
    }
    groups.iter().map(|(id, _)| *id).zip(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::edits::{Deed, Document, Edit, Side};

    const N: usize = 12;

    fn labelled(document: &Document, clusters: &[u32]) -> Labelled {
        Labelled::new(document.layer(Side::Exact), clusters, 3, &Keys::new(&[], clusters.len()))
    }

    fn made(document: &mut Document, edit: Edit, founded: Vec<(GroupId, Group)>) {
        document.apply(Deed { side: Side::Exact, title: String::new(), founded, edit }).expect("made");
    }

    /// Twelve rows, four a cluster.
    fn first() -> Vec<u32> {
        (0..N as u32).map(|i| i / 4).collect()
    }

    fn cluster(number: u32) -> Group {
        Group::cluster(number, Rows::of(number * 4..number * 4 + 4))
    }

    fn names(labelled: &Labelled) -> Vec<&str> {
        labelled.ids.iter().map(|&id| labelled.entries[id as usize].name.as_str()).collect()
    }

    #[test]
    fn edits_lie_over_the_clusters_and_follow_their_rows_when_these_are_numbered_anew() {
        let mut document = Document::default();
        assert_eq!(names(&labelled(&document, &first()))[4..], ["1", "1", "1", "1", "2", "2", "2", "2"]);
        made(&mut document, Edit::Name(0, " left ".to_owned()), vec![(0, cluster(0))]);
        made(&mut document, Edit::Merge(1, 0), vec![(1, cluster(1))]);
        made(&mut document, Edit::Assign(2, Rows::of([8])), vec![(2, Group::named("3"))]);
        made(&mut document, Edit::Outliers(Rows::of([9])), Vec::new());
        let expected = ["left", "left", "left", "left", "left", "left", "left", "left", "3", "outliers", "2", "2"];
        assert_eq!(names(&labelled(&document, &first())), expected);
        let anew: Vec<u32> = first().iter().map(|&c| (c + 1) % 3).collect();
        let after = labelled(&document, &anew);
        let mut expected = expected;
        expected[10..].fill("0"); // The cluster nobody touched has its new number.
        assert_eq!(names(&after), expected);
        assert!(after.strays.is_empty());
        let seen: Vec<(&str, usize)> =
            after.seen().map(|at| &after.entries[at as usize]).map(|e| (e.name.as_str(), e.count)).collect();
        assert_eq!(seen, [("0", 2), ("left", 8), ("3", 1), ("outliers", 1)]);
        assert_eq!(after.free_name(), "4");
    }

    #[test]
    fn a_row_that_is_no_sample_has_the_label_that_was_given_to_it() {
        let mut document = Document::default();
        made(&mut document, Edit::Merge(1, 0), vec![(0, cluster(0)), (1, cluster(1))]);
        made(&mut document, Edit::Assign(2, Rows::of([100])), vec![(2, Group::named("far"))]);
        let (labelled, layer) = (labelled(&document, &first()), document.layer(Side::Exact));
        let name = |mark| labelled.entries[labelled.label_of(layer, mark) as usize].name.as_str();
        assert_eq!(name(layer.marks().get(100).expect("it is marked")), "far");
        assert_eq!((name(Mark::Accepted(1)), name(Mark::Outlier)), ("0", "outliers"));
        assert_eq!(labelled.merged(layer), [None, Some(0), None]);
    }

    #[test]
    fn what_no_longer_fits_is_listed_and_comes_back() {
        let mut document = Document::default();
        made(&mut document, Edit::Name(0, "left".to_owned()), vec![(0, cluster(0))]);
        made(&mut document, Edit::Accept(vec![(0, Rows::of([0, 1]))]), Vec::new());
        let far = Group::cluster(9, Rows::of([999]));
        made(&mut document, Edit::Name(9, "far".to_owned()), vec![(9, far)]);
        let mixed: Vec<u32> = (0..N as u32).map(|i| i % 3).collect();
        let lost = labelled(&document, &mixed);
        assert_eq!(lost.strays, ["the name left, 4 rows", "the name far, 1 row"]);
        assert_eq!(names(&lost)[..4], ["left", "left", "2", "0"], "what was accepted keeps its label");
        let back = labelled(&document, &first());
        assert_eq!(back.strays, ["the name far, 1 row"]);
        assert_eq!(names(&back)[..4], ["left"; 4]);
    }

    #[test]
    fn a_hundred_thousand_groups_one_in_the_other_are_shown() {
        // As long as a file may have it; each way gone for itself would take an hour.
        const GROUPS: u32 = 100_000;
        let mut document = Document::default();
        let chained = |id: u32| Group { into: (id > 0).then(|| id - 1), ..cluster(id % 3) };
        let founded = (0..GROUPS).map(|id| (id, chained(id))).collect();
        made(&mut document, Edit::Name(0, "all".to_owned()), founded);
        made(&mut document, Edit::Assign(GROUPS - 1, Rows::of([5])), Vec::new());
        let shown = labelled(&document, &first());
        assert_eq!(names(&shown), ["all"; N]);
    }

    #[test]
    fn groups_in_a_circle_are_themselves() {
        let mut document = Document::default();
        let into = |into| Group { into: Some(into), ..Group::named("in a circle") };
        made(&mut document, Edit::Assign(3, Rows::of([0])), vec![(0, into(1)), (1, into(0)), (3, into(1))]);
        let layer = document.layer(Side::Exact);
        assert_eq!(layer.roots().into_iter().collect::<Vec<_>>(), [(0, 0), (1, 1), (3, 1)]);
        assert!(layer.roots().iter().all(|(&id, &root)| layer.root(id) == root));
    }

    #[test]
    fn edits_follow_rows_of_the_source_where_other_samples_are_drawn() {
        let mut document = Document::default();
        made(&mut document, Edit::Assign(0, Rows::of([7, 100])), vec![(0, Group::named("odd"))]);
        let rows = [3, 7, 9, 100];
        let found = Labelled::new(document.layer(Side::Exact), &[0, 0, 1, 1], 2, &Keys::new(&rows, 4));
        assert_eq!(names(&found), ["0", "odd", "1", "odd"]);
    }
}
