//! Whether a change from a file is one of this document.

use std::collections::BTreeMap;

use super::{Change, Document, GroupId};

impl Document {
    /// Whether a change that a file tells of can be made now, and taken back again: what it says was before stands here, and it names no
    /// group that is not there.
    #[must_use]
    pub fn can_make(&self, change: &Change) -> bool {
        let layer = self.layer(change.side);
        let new: BTreeMap<GroupId, bool> = change.groups.iter().map(|(id, _, after)| (*id, after.is_some())).collect();
        let there = |id: GroupId| new.get(&id).copied().unwrap_or_else(|| layer.groups.contains_key(&id));
        let groups = change.groups.iter().all(|(id, before, after)| {
            let into = after.as_ref().and_then(|group| group.into);
            layer.groups.get(id) == before.as_ref() && after.is_some() && into.is_none_or(there)
        });
        let marks = change.after.runs().iter().filter_map(|run| run.mark.group()).all(there);
        let within =
            change.after.within(&change.rows) == change.after && layer.marks.within(&change.rows) == change.before;
        let saved = change.saved.as_ref().is_none_or(|[before, _]| *before == self.saved);
        groups && marks && within && saved && new.len() == change.groups.len()
    }

    /// Whether a change that a file tells of stands here as it was made, and can be taken back.
    #[must_use]
    pub fn can_take_back(&self, change: &Change) -> bool {
        let mut before = self.clone();
        before.undo(change);
        let mut again = before.clone();
        again.redo(change);
        before.can_make(change) && again == *self
    }
}
