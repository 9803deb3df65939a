//! Names a person gave to clusters.

use crate::app::shown::coloring::{ColorBy, categories};
use crate::pipeline::Snapshot;

/// Names of clusters; a cluster without one is called by its number.
///
/// A name belongs to the samples that the cluster held when it was given, not to the cluster's number: k-means numbers its
/// clusters anew in every run and at every look during training, and the name goes where most of its samples went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterNames {
    given: Vec<Given>,
    serial: u64,
}

/// One name: on which side, for which samples, and the cluster that has it at present.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    side: u8,
    text: String,
    samples: Vec<u32>,
    cluster: Option<u32>,
}

/// The sides whose clusters have names, each by its place here.
const SIDES: [ColorBy; 3] = [ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline];

fn key(by: ColorBy) -> Option<u8> {
    (0..).zip(SIDES).find_map(|(key, side)| (side == by).then_some(key))
}

impl ClusterNames {
    /// Changes with every name.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Whether clusters of this kind can be renamed; classes have the names of the data.
    #[must_use]
    pub fn can_name(by: ColorBy) -> bool {
        key(by).is_some()
    }

    /// What a class or cluster is called.
    #[must_use]
    pub fn name(&self, by: ColorBy, id: u32, snapshot: &Snapshot) -> String {
        if by == ColorBy::Label {
            let names = snapshot.data.labels.as_ref().map(|l| &l.names);
            return names.and_then(|n| n.get(id as usize)).cloned().unwrap_or_else(|| id.to_string());
        }
        let side = key(by);
        let given = self.given.iter().find(|g| Some(g.side) == side && g.cluster == Some(id));
        given.map_or_else(|| id.to_string(), |g| g.text.clone())
    }

    /// Calls a cluster of the snapshot something; nothing but spaces gives it its number back.
    pub fn rename(&mut self, by: ColorBy, id: u32, name: &str, snapshot: &Snapshot) {
        let (Some(side), Some((ids, _))) = (key(by), categories(by, snapshot)) else { return };
        self.given.retain(|g| g.side != side || g.cluster != Some(id));
        let name = name.trim();
        if !name.is_empty() && name != id.to_string() {
            let samples = (0..).zip(ids).filter_map(|(i, &of)| (of == id).then_some(i)).collect();
            self.given.push(Given { side, text: name.to_owned(), samples, cluster: Some(id) });
        }
        self.serial += 1;
    }

    /// Takes the names to the clusters of a newer snapshot of the same samples.
    pub fn follow(&mut self, snapshot: &Snapshot) {
        let mut changed = false;
        for (side, by) in (0..).zip(SIDES) {
            let mut of_side: Vec<&mut Given> = self.given.iter_mut().filter(|g| g.side == side).collect();
            if of_side.is_empty() {
                continue;
            }
            let found = categories(by, snapshot).map_or_else(Vec::new, |(ids, k)| heirs(&of_side, ids, k));
            for (i, given) in of_side.iter_mut().enumerate() {
                let cluster = found.get(i).copied().flatten();
                changed |= given.cluster != cluster;
                given.cluster = cluster;
            }
        }
        self.serial += u64::from(changed);
    }

    /// Whether any cluster of this kind has a name.
    #[must_use]
    pub fn any(&self, by: ColorBy) -> bool {
        let side = key(by);
        self.given.iter().any(|g| Some(g.side) == side && g.cluster.is_some())
    }

    /// Names of `k` clusters in their order, for an export.
    #[must_use]
    pub fn all(&self, by: ColorBy, k: usize, snapshot: &Snapshot) -> Vec<String> {
        (0..k).map(|id| self.name(by, id as u32, snapshot)).collect()
    }

    /// How many clusters were given a name, on any side.
    #[must_use]
    pub fn count(&self) -> usize {
        self.given.len()
    }

    /// Names that no cluster has at present.
    #[must_use]
    pub fn waiting(&self) -> Vec<&str> {
        self.given.iter().filter(|g| g.cluster.is_none()).map(|g| g.text.as_str()).collect()
    }

    /// The same, brought back after others whose serial was `after`.
    #[must_use]
    pub fn renumbered(self, after: u64) -> Self {
        Self { serial: self.serial.max(after) + 1, ..self }
    }

    /// Forgets every name, for other data.
    pub fn clear(&mut self) {
        self.given.clear();
        self.serial += 1;
    }
}

/// For each name the cluster it goes to: the one it shares most samples with, each cluster once, the largest share first, and
/// only where the shared samples are most of either. A name that finds none waits for a later snapshot.
fn heirs(names: &[&mut Given], ids: &[u32], k: usize) -> Vec<Option<u32>> {
    let count = |samples: &mut dyn Iterator<Item = u32>| {
        let mut counts = vec![0_usize; k];
        for id in samples {
            if let Some(count) = counts.get_mut(id as usize) {
                *count += 1;
            }
        }
        counts
    };
    let sizes = count(&mut ids.iter().copied());
    let mut shared = Vec::new();
    for (name, given) in names.iter().enumerate() {
        let counts = count(&mut given.samples.iter().filter_map(|&sample| ids.get(sample as usize)).copied());
        for (cluster, (&count, &size)) in counts.iter().zip(&sizes).enumerate() {
            if 2 * count > given.samples.len().min(size) {
                shared.push((count, name, cluster));
            }
        }
    }
    shared.sort_by_key(|&(count, name, cluster)| (std::cmp::Reverse(count), name, cluster));
    let mut found = vec![None; names.len()];
    for (_, name, cluster) in shared {
        let cluster = cluster as u32;
        if found[name].is_none() && !found.contains(&Some(cluster)) {
            found[name] = Some(cluster);
        }
    }
    found
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
        snapshot.learned = Some(std::sync::Arc::new(solution));
        snapshot
    }

    #[test]
    fn a_name_follows_its_samples_when_clusters_are_numbered_anew() {
        let mut names = ClusterNames::default();
        let first = clustered(&[1, 1, 0, 0]);
        names.rename(ColorBy::Learned, 1, " upper ", &first);
        names.rename(ColorBy::Exact, 0, "lower", &first);
        let anew = clustered(&[0, 0, 1, 1]);
        names.follow(&anew);
        assert_eq!(names.all(ColorBy::Learned, 2, &anew), ["upper", "1"]);
        assert_eq!(names.all(ColorBy::Exact, 2, &anew), ["lower", "1"], "the other side did not change");
    }

    #[test]
    fn a_name_waits_while_no_cluster_is_its_own_and_comes_back() {
        let mut names = ClusterNames::default();
        let first = clustered(&[1, 1, 0, 0]);
        names.rename(ColorBy::Learned, 1, "upper", &first);
        let mixed = clustered(&[0, 1, 0, 1]);
        names.follow(&mixed);
        assert!(!names.any(ColorBy::Learned));
        names.follow(&first);
        assert_eq!(names.name(ColorBy::Learned, 1, &first), "upper");
        names.rename(ColorBy::Learned, 1, "", &first);
        assert_eq!(names, ClusterNames { serial: names.serial, ..ClusterNames::default() });
    }
}
