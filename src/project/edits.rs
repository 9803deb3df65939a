//! Edits of labels, a layer over a solver's clusters: what a person says stands here, what the solver said stays where it is.
//!
//! A group is what a person touched: a cluster, known by the rows that it held then, or one made by hand. Rows are known by their numbers
//! in the source, so that edits follow them through another training and another choice of samples.

mod agrees;
mod layer;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::marks::{Mark, Marks};
use super::rows::Rows;
use crate::{Error, Result};
pub use layer::Layer;

/// Whose clusters are edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    /// Those of the learned eigenspace.
    Learned,
    /// Those of the exact one.
    Exact,
    /// Those of k-means on the features.
    Baseline,
}

impl Side {
    /// All of them, each at its place in a [`Document`].
    pub const ALL: [Self; 3] = [Self::Learned, Self::Exact, Self::Baseline];
}

/// The number of a group on its side.
pub type GroupId = u32;

/// A name has at most this many characters, a side this many groups, and a document this many selections.
pub const LONGEST_NAME: usize = 200;
const MOST_GROUPS: usize = 100_000;
const MOST_SAVED: usize = 1000;

/// A cluster that a person touched, or a group made by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What a person called it.
    pub name: Option<String>,
    /// The number of its colour in the palette, where a person chose one.
    pub colour: Option<u16>,
    /// The rows of the solver's cluster when it was first touched; none for a group made by hand.
    pub held: Rows,
    /// The number of that cluster.
    pub number: Option<u32>,
    /// The group that it was merged into.
    pub into: Option<GroupId>,
}

impl Group {
    /// A solver's cluster that holds these rows.
    #[must_use]
    pub fn cluster(number: u32, held: Rows) -> Self {
        Self { held, number: Some(number), ..Self::default() }
    }

    /// A group made by hand.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// What it is called where no cluster is its own.
    #[must_use]
    pub fn called(&self) -> String {
        match (&self.name, self.number) {
            (Some(name), _) => name.clone(),
            (None, Some(number)) => format!("{number} (earlier)"),
            (None, None) => "unnamed".to_owned(),
        }
    }
}

/// A selection with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// What it is called.
    pub name: String,
    /// Its rows.
    pub rows: Rows,
}

/// What a person says of clusters and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A group has this name; nothing but spaces takes it back.
    Name(GroupId, String),
    /// A group has the colour of this number, or its own again.
    Colour(GroupId, Option<u16>),
    /// The first group is part of the second.
    Merge(GroupId, GroupId),
    /// These rows, parts of what was one group, are these groups.
    Split(Vec<(GroupId, Rows)>),
    /// These rows belong to a group.
    Assign(GroupId, Rows),
    /// These rows belong to none.
    Outliers(Rows),
    /// These rows are in the right group.
    Accept(Vec<(GroupId, Rows)>),
    /// These rows are as the solver said.
    GiveBack(Rows),
    /// These rows are kept as a selection of this name; without any the name is given up. The side means nothing.
    Save(String, Rows),
}

/// An edit with what it needs to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Whose clusters.
    pub side: Side,
    /// What it is called in the list of steps.
    pub title: String,
    /// Groups that are there from this edit on.
    pub founded: Vec<(GroupId, Group)>,
    /// What is said.
    pub edit: Edit,
}

/// What an edit changed, to be taken back and made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Whose clusters.
    pub side: Side,
    /// What it is called in the list of steps.
    pub title: String,
    /// Groups as they were and as they are.
    groups: Vec<(GroupId, Option<Group>, Option<Group>)>,
    rows: Rows,
    /// Marks of those rows, as they were and as they are.
    before: Marks,
    after: Marks,
    /// The selections with a name as they were and as they are, where they are others.
    #[serde(default)]
    saved: Option<[Vec<Saved>; 2]>,
}

impl Change {
    /// Runs of rows that it holds, a measure of its memory.
    #[must_use]
    pub fn weight(&self) -> usize {
        let held = |g: &Option<Group>| g.as_ref().map_or(0, |g| g.held.ranges().len());
        let groups: usize = self.groups.iter().map(|(_, before, after)| held(before) + held(after)).sum();
        let saved: usize = self.saved.iter().flatten().flatten().map(|saved| saved.rows.ranges().len()).sum();
        groups + saved + self.rows.ranges().len() + self.before.runs().len() + self.after.runs().len()
    }

    /// Number of rows of which something else is said.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }
}

/// All edits as they stand, side by side, and what makes and unmakes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    layers: [Layer; 3],
    #[serde(default)]
    saved: Vec<Saved>,
}

impl Document {
    /// The edits of a side.
    #[must_use]
    pub fn layer(&self, side: Side) -> &Layer {
        &self.layers[side as usize]
    }

    /// The selections with a name, by their names.
    #[must_use]
    pub fn saved(&self) -> &[Saved] {
        &self.saved
    }

    /// Whether nothing was said of any side, and no selection kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.saved.is_empty() && self.layers.iter().all(Layer::is_empty)
    }

    /// The selections with a name once these rows have this one.
    fn with_saved(&self, name: &str, rows: &Rows) -> Result<Vec<Saved>> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return refuse(format!("a selection has a name of 1 to {LONGEST_NAME} characters"));
        }
        let mut saved = self.saved.clone();
        saved.retain(|other| other.name != name);
        if !rows.is_empty() {
            saved.push(Saved { name: name.to_owned(), rows: rows.clone() });
        }
        if saved.len() > MOST_SAVED {
            return refuse(format!("there are {MOST_SAVED} selections already; give some up"));
        }
        saved.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(saved)
    }

    /// Makes an edit; what it changed, to be undone. Nothing is changed where it is refused.
    ///
    /// # Errors
    /// [`Error::Setting`] for a name that is too long, a group that is not there, a merge into itself, and too many groups.
    pub fn apply(&mut self, deed: Deed) -> Result<Change> {
        let Deed { side, title, founded, edit } = deed;
        let layer = self.layer(side);
        if layer.groups.len() + founded.len() > MOST_GROUPS {
            return refuse(format!("there are {MOST_GROUPS} groups already; undo or merge some"));
        }
        let mut after: BTreeMap<GroupId, Group> = founded.into_iter().collect();
        let mut change = |id: GroupId, to: &dyn Fn(&mut Group)| {
            let Some(group) = after.get(&id).or(layer.groups.get(&id)) else {
                return refuse(format!("there is no group {id}"));
            };
            let mut group = group.clone();
            to(&mut group);
            after.insert(id, group);
            Ok(())
        };
        let mut marked = (Rows::default(), Marks::default());
        let mut saved = None;
        match edit {
            Edit::Name(group, name) => {
                let name = name.trim();
                if name.chars().count() > LONGEST_NAME {
                    return refuse(format!("a name has at most {LONGEST_NAME} characters"));
                }
                let name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
                change(group, &|g| g.name.clone_from(&name))?;
            }
            Edit::Colour(group, colour) => change(group, &|g| g.colour = colour)?,
            Edit::Merge(group, into) => {
                if layer.root(into) == group || into == group {
                    return refuse("a cluster cannot be merged into itself".to_owned());
                }
                change(into, &|_| ())?;
                change(group, &|g| g.into = Some(into))?;
            }
            Edit::Assign(group, rows) => {
                change(group, &|_| ())?;
                marked = (rows.clone(), Marks::same(&rows, Mark::Assigned(group)));
            }
            Edit::Split(parts) => marked = of_parts(&parts, Mark::Split),
            Edit::Accept(parts) => marked = of_parts(&parts, Mark::Accepted),
            Edit::Outliers(rows) => marked = (rows.clone(), Marks::same(&rows, Mark::Outlier)),
            Edit::GiveBack(rows) => marked = (rows, Marks::default()),
            Edit::Save(name, rows) => saved = Some([self.saved.clone(), self.with_saved(&name, &rows)?]),
        }
        let groups = after.into_iter().map(|(id, group)| (id, layer.groups.get(&id).cloned(), Some(group)));
        let groups = groups.filter(|(_, before, after)| before != after).collect();
        let (rows, after) = marked;
        let change = Change { side, title, groups, before: layer.marks.within(&rows), rows, after, saved };
        self.redo(&change);
        Ok(change)
    }

    /// Takes back the change made last.
    pub fn undo(&mut self, change: &Change) {
        if let Some([before, _]) = &change.saved {
            self.saved.clone_from(before);
        }
        self.put(change.side, change.groups.iter().map(|(id, before, _)| (*id, before)), &change.rows, &change.before);
    }

    /// Makes the change again that was taken back last.
    pub fn redo(&mut self, change: &Change) {
        if let Some([_, after]) = &change.saved {
            self.saved.clone_from(after);
        }
        self.put(change.side, change.groups.iter().map(|(id, _, after)| (*id, after)), &change.rows, &change.after);
    }

    fn put<'a>(
        &mut self,
        side: Side,
        groups: impl Iterator<Item = (GroupId, &'a Option<Group>)>,
        rows: &Rows,
        marks: &Marks,
    ) {
        let layer = &mut self.layers[side as usize];
        for (id, group) in groups {
            match group {
                Some(group) => layer.groups.insert(id, group.clone()),
                None => layer.groups.remove(&id),
            };
        }
        if !rows.is_empty() {
            layer.marks = layer.marks.replaced(rows, marks);
        }
    }

    /// Whether a document that came from a file keeps to the bounds that edits keep to.
    ///
    /// # Errors
    /// What does not, in words.
    pub fn check(&self) -> std::result::Result<(), String> {
        if self.saved.len() > MOST_SAVED {
            return Err(format!("it has more than {MOST_SAVED} selections"));
        }
        if self.saved.iter().any(|saved| saved.name.chars().count() > LONGEST_NAME) {
            return Err(format!("the name of a selection has more than {LONGEST_NAME} characters"));
        }
        for layer in &self.layers {
            if layer.groups.len() > MOST_GROUPS {
                return Err(format!("it has more than {MOST_GROUPS} groups"));
            }
            let long = |g: &Group| g.name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME);
            if layer.groups.values().any(long) {
                return Err(format!("a name has more than {LONGEST_NAME} characters"));
            }
            let there = |id: &GroupId| layer.groups.contains_key(id);
            let marked = layer.marks.runs().iter().filter_map(|run| run.mark.group());
            let merged = layer.groups.values().filter_map(|g| g.into);
            if let Some(missing) = marked.chain(merged).find(|id| !there(id)) {
                return Err(format!("rows belong to group {missing}, which is not there"));
            }
        }
        Ok(())
    }
}

fn refuse<T>(what: String) -> Result<T> {
    Err(Error::Setting(what))
}

fn of_parts(parts: &[(GroupId, Rows)], mark: impl Fn(GroupId) -> Mark) -> (Rows, Marks) {
    let rows = Rows::of(parts.iter().flat_map(|(_, rows)| rows.iter()));
    (rows, Marks::each(parts.iter().map(|(group, rows)| (rows, mark(*group)))))
}

#[cfg(test)]
mod tests;
