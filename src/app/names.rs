//! Names a person gave to clusters.

use std::collections::BTreeMap;

use super::coloring::ColorBy;
use crate::learn::Snapshot;

/// Names by side and cluster; a cluster without one is called by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterNames {
    given: BTreeMap<(u8, u32), String>,
    serial: u64,
}

fn key(by: ColorBy) -> Option<u8> {
    match by {
        ColorBy::Learned => Some(0),
        ColorBy::Exact => Some(1),
        ColorBy::Baseline => Some(2),
        _ => None,
    }
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
        key(by).and_then(|key| self.given.get(&(key, id))).cloned().unwrap_or_else(|| id.to_string())
    }

    /// Calls a cluster something; nothing but spaces gives it its number back.
    pub fn rename(&mut self, by: ColorBy, id: u32, name: &str) {
        let Some(key) = key(by) else { return };
        let name = name.trim();
        if name.is_empty() || name == id.to_string() {
            self.given.remove(&(key, id));
        } else {
            self.given.insert((key, id), name.to_owned());
        }
        self.serial += 1;
    }

    /// Whether any cluster of this kind was named.
    #[must_use]
    pub fn any(&self, by: ColorBy) -> bool {
        key(by).is_some_and(|key| self.given.keys().any(|(kind, _)| *kind == key))
    }

    /// Names of `k` clusters in their order, for an export.
    #[must_use]
    pub fn all(&self, by: ColorBy, k: usize, snapshot: &Snapshot) -> Vec<String> {
        (0..k).map(|id| self.name(by, id as u32, snapshot)).collect()
    }

    /// Forgets every name, for other data.
    pub fn clear(&mut self) {
        self.given.clear();
        self.serial += 1;
    }
}
