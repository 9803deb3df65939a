//! Edits in the words of the window: labels by their places in the list, samples by theirs in the snapshot.

use super::{Labels, Wanted, keys, side};
use crate::app::shown::coloring::{ColorBy, categories};
use crate::pipeline::Snapshot;
use crate::project::{Deed, Edit, Group, GroupId, Rows, Side, free_name};

impl Labels {
    /// The group of a label, founded where nobody had touched it.
    fn group(&self, by: ColorBy, id: u32, snapshot: &Snapshot, founded: &mut Vec<(GroupId, Group)>) -> Option<GroupId> {
        if let Some(labelled) = self.labelled(by) {
            let entry = labelled.entries.get(id as usize)?;
            if entry.group.is_some() || entry.outliers {
                return entry.group;
            }
        }
        let found = founded.iter().find(|(_, group)| group.number == Some(id)).map(|(group, _)| *group);
        found.or_else(|| {
            let (ids, _) = categories(by, snapshot)?;
            let held = (0..).zip(ids).filter_map(|(i, &of)| (of == id).then_some(i));
            let group = self.document.layer(side(by)?).free(founded.len() as u32);
            founded.push((group, Group::cluster(id, keys(snapshot).rows(held))));
            Some(group)
        })
    }

    /// One edit of one label.
    fn of_label(
        &self,
        by: ColorBy,
        id: u32,
        snapshot: &Snapshot,
        title: String,
        edit: impl FnOnce(GroupId) -> Edit,
    ) -> Option<Deed> {
        let mut founded = Vec::new();
        let group = self.group(by, id, snapshot, &mut founded)?;
        Some(Deed { side: side(by)?, title, founded, edit: edit(group) })
    }

    /// Calls a label something; nothing but spaces gives it its number back.
    #[must_use]
    pub fn rename(&self, by: ColorBy, id: u32, name: &str, snapshot: &Snapshot) -> Option<Deed> {
        let before = self.name(by, id, snapshot);
        let name = name.trim();
        if name == before {
            return None;
        }
        let of_cluster = categories(by, snapshot).is_some_and(|(_, k)| (id as usize) < k);
        let name = if of_cluster && name == id.to_string() { "" } else { name };
        if name.is_empty() && !of_cluster {
            return None; // A group made by hand has no number to go back to.
        }
        let title =
            if name.is_empty() { format!("Name of {before} taken back") } else { format!("Name {before} {name}") };
        self.of_label(by, id, snapshot, title, |group| Edit::Name(group, name.to_owned()))
    }

    /// Gives a label a colour of the palette, or its own again.
    #[must_use]
    pub fn colour(&self, by: ColorBy, id: u32, colour: Option<u16>, snapshot: &Snapshot) -> Option<Deed> {
        let title = format!("Colour of {}", self.name(by, id, snapshot));
        self.of_label(by, id, snapshot, title, |group| Edit::Colour(group, colour))
    }

    /// Makes a label part of another.
    #[must_use]
    pub fn merge(&self, by: ColorBy, id: u32, into: u32, snapshot: &Snapshot) -> Option<Deed> {
        let mut founded = Vec::new();
        let group = self.group(by, id, snapshot, &mut founded)?;
        let to = self.group(by, into, snapshot, &mut founded)?;
        let title = format!("Merge {} into {}", self.name(by, id, snapshot), self.name(by, into, snapshot));
        Some(Deed { side: side(by)?, title, founded, edit: Edit::Merge(group, to) })
    }

    /// Makes two labels of one: `part` of its samples are another.
    #[must_use]
    pub fn split(&self, by: ColorBy, id: u32, part: &[u32], snapshot: &Snapshot) -> Option<Deed> {
        let new = self.document.layer(side(by)?).free(0);
        let name = self.free_name(by, snapshot);
        let title = format!("Split {} in two", self.name(by, id, snapshot));
        let rows = keys(snapshot).rows(part.iter().copied());
        let founded = vec![(new, Group::named(name))];
        Some(Deed { side: side(by)?, title, founded, edit: Edit::Split(vec![(new, rows)]) })
    }

    /// A number for a new label.
    fn free_name(&self, by: ColorBy, snapshot: &Snapshot) -> String {
        let k = categories(by, snapshot).map_or(0, |(_, k)| k);
        self.labelled(by).map_or_else(|| free_name(k, &[]), |labelled| labelled.free_name())
    }

    /// Does something with samples.
    #[must_use]
    pub fn with(&self, by: ColorBy, wanted: Wanted, samples: &[u32], snapshot: &Snapshot) -> Option<Deed> {
        let side = side(by)?;
        let rows = keys(snapshot).rows(samples.iter().copied());
        let (count, mut founded) = (crate::support::language::counted(samples.len(), "point"), Vec::new());
        let (title, edit) = match wanted {
            Wanted::Assign(id) => {
                let group = self.group(by, id, snapshot, &mut founded)?;
                (format!("Assign {count} to {}", self.name(by, id, snapshot)), Edit::Assign(group, rows))
            }
            Wanted::AssignNew => {
                let (group, name) = (self.document.layer(side).free(0), self.free_name(by, snapshot));
                let title = format!("Make {count} cluster {name}");
                founded.push((group, Group::named(name)));
                (title, Edit::Assign(group, rows))
            }
            Wanted::Outliers => (format!("Mark {count} as outliers"), Edit::Outliers(rows)),
            Wanted::Accept => {
                let parts = self.parts(by, samples, snapshot, &mut founded)?;
                (format!("Accept {count}"), Edit::Accept(parts))
            }
            Wanted::GiveBack => (format!("Give {count} back to the solver"), Edit::GiveBack(rows)),
        };
        Some(Deed { side, title, founded, edit })
    }

    /// Makes samples a label of their own, of this name.
    #[must_use]
    pub fn found_named(&self, by: ColorBy, name: &str, samples: &[u32], snapshot: &Snapshot) -> Option<Deed> {
        let side = side(by)?;
        let (new, rows) = (self.document.layer(side).free(0), keys(snapshot).rows(samples.iter().copied()));
        let title = format!("Make {} cluster {name}", crate::support::language::counted(samples.len(), "point"));
        let founded = vec![(new, Group::named(name))];
        if rows.is_empty() { None } else { Some(Deed { side, title, founded, edit: Edit::Assign(new, rows) }) }
    }

    /// Keeps samples as a selection of this name; none give the name up.
    #[must_use]
    pub fn keep_selection(&self, name: &str, samples: impl IntoIterator<Item = u32>, snapshot: &Snapshot) -> Deed {
        let rows = keys(snapshot).rows(samples);
        let title = match rows.len() {
            0 => format!("Give up the selection {name}"),
            count => format!("Keep {} as {name}", crate::support::language::counted(count, "point")),
        };
        Deed { side: Side::Learned, title, founded: Vec::new(), edit: Edit::Save(name.to_owned(), rows) }
    }

    /// Samples by the groups that they are shown in; outliers are in none.
    fn parts(
        &self,
        by: ColorBy,
        samples: &[u32],
        snapshot: &Snapshot,
        founded: &mut Vec<(GroupId, Group)>,
    ) -> Option<Vec<(GroupId, Rows)>> {
        let (ids, k) = self.ids(by, snapshot)?;
        let mut members = vec![Vec::new(); k];
        for &sample in samples {
            if let Some(of) = ids.get(sample as usize).and_then(|&id| members.get_mut(id as usize)) {
                of.push(sample);
            }
        }
        let mut parts = Vec::new();
        for (id, members) in (0..).zip(members).filter(|(_, members)| !members.is_empty()) {
            if let Some(group) = self.group(by, id, snapshot, founded) {
                parts.push((group, keys(snapshot).rows(members)));
            }
        }
        (!parts.is_empty()).then_some(parts)
    }
}
