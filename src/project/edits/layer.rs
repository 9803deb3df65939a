//! The edits of one side as they stand: its groups, the ways they were merged, and what was said of rows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Group, GroupId, Marks};

/// The edits of one side as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    pub(super) groups: BTreeMap<GroupId, Group>,
    pub(super) marks: Marks,
}

impl Layer {
    /// The groups by their numbers.
    #[must_use]
    pub fn groups(&self) -> &BTreeMap<GroupId, Group> {
        &self.groups
    }

    /// What was said of rows.
    #[must_use]
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.marks.is_empty()
    }

    /// Whether labels differ from the solver's clusters in more than name and colour.
    #[must_use]
    pub fn relabels(&self) -> bool {
        !self.marks.is_empty() || self.groups.values().any(|g| g.into.is_some())
    }

    /// A number for the `ahead`-th group to be founded.
    #[must_use]
    pub fn free(&self, ahead: u32) -> GroupId {
        self.groups.last_key_value().map_or(0, |(last, _)| last.saturating_add(1)).saturating_add(ahead)
    }

    /// The group that a group is part of after all merges, itself where there are none. No edit makes a circle; in one from a file each
    /// group is itself.
    #[must_use]
    pub fn root(&self, group: GroupId) -> GroupId {
        let (mut at, mut seen) = (group, BTreeSet::new());
        while let Some(into) = self.into(at).filter(|_| seen.insert(at)) {
            at = into;
        }
        at
    }

    /// The same for all groups, each way gone once.
    #[must_use]
    pub fn roots(&self) -> BTreeMap<GroupId, GroupId> {
        let mut roots = BTreeMap::new();
        for &group in self.groups.keys() {
            let (mut at, mut way, mut seen) = (group, Vec::new(), BTreeSet::new());
            let root = loop {
                match (roots.get(&at), self.into(at)) {
                    (Some(&known), _) => break known,
                    (None, None) => break at,
                    (None, Some(into)) if seen.insert(at) => {
                        way.push(at);
                        at = into;
                    }
                    (None, Some(_)) => {
                        let begins = way.iter().position(|&id| id == at).unwrap_or(0);
                        roots.extend(way.split_off(begins).into_iter().map(|id| (id, id)));
                        break at;
                    }
                }
            };
            roots.insert(root, root);
            roots.extend(way.into_iter().map(|id| (id, root)));
        }
        roots
    }

    fn into(&self, group: GroupId) -> Option<GroupId> {
        self.groups.get(&group).and_then(|g| g.into).filter(|into| *into != group)
    }
}
