//! What can be said of each row: the columns of the data as they came, and what was found about its sample. The table of rows shows it,
//! queries ask for it.

mod cache;
mod found;
mod measured;

use std::borrow::Cow;
use std::sync::Arc;

use crate::app::shown::coloring::{ColorBy, categories};
use crate::data::{Cells, Holds};
use crate::pipeline::Snapshot;
use crate::project::query::Fields;
use crate::project::{Labelled, Marks};
use crate::support::number::significant;
pub use cache::FieldsCache;
use cache::Key;
pub use found::{Field, Found};
pub use measured::Measured;

/// All that can be said of the rows of a snapshot. A clone is cheap.
#[derive(Clone, Debug)]
pub struct RowFields {
    snapshot: Arc<Snapshot>,
    cells: Arc<Cells>,
    by: Option<ColorBy>,
    labelled: Option<Arc<Labelled>>,
    marks: Marks,
    selected: Arc<Vec<bool>>,
    measured: Arc<Measured>,
    key: Key,
}

impl RowFields {
    /// Whether two say the same of the data; of snapshot and labels where `run` says so, and of the selection where `chosen` does.
    #[must_use]
    pub fn says_the_same(&self, other: &Self, (run, chosen): (bool, bool)) -> bool {
        let (a, b) = (&self.key, &other.key);
        let data = Arc::ptr_eq(&self.snapshot.data.features, &other.snapshot.data.features);
        let shown = Arc::ptr_eq(&self.snapshot, &other.snapshot) && (a.labels, a.by) == (b.labels, b.by);
        data && (!run || shown) && (!chosen || a.selected == b.selected)
    }

    /// The samples they are of.
    #[must_use]
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// The columns of the data.
    #[must_use]
    pub fn cells(&self) -> &Arc<Cells> {
        &self.cells
    }

    /// Whose clusters they tell of.
    #[must_use]
    pub fn by(&self) -> Option<ColorBy> {
        self.by
    }

    /// One flag a sample: whether it is selected.
    #[must_use]
    pub fn selected(&self) -> &Arc<Vec<bool>> {
        &self.selected
    }

    /// For each sample the place of its label.
    #[must_use]
    pub fn ids(&self) -> Option<&[u32]> {
        let (ids, _) = categories(self.by?, &self.snapshot)?;
        Some(self.labelled.as_ref().filter(|l| l.ids.len() == ids.len()).map_or(ids, |l| l.ids.as_slice()))
    }

    /// What the label in a place is called.
    #[must_use]
    pub fn label(&self, id: u32) -> Cow<'_, str> {
        let entry = self.labelled.as_ref().and_then(|l| l.entries.get(id as usize));
        entry.map_or_else(|| id.to_string().into(), |entry| entry.name.as_str().into())
    }

    /// The name of a field as it is written in a query.
    #[must_use]
    pub fn name(&self, field: Field) -> &str {
        match field {
            Field::Column(column) => self.cells.columns().get(column).map_or("", |c| c.name.as_str()),
            Field::Found(found) => {
                let taken = self.cells.columns().iter().any(|c| c.name.eq_ignore_ascii_case(found.name()));
                if taken { found.dotted() } else { found.name() }
            }
        }
    }

    /// Whether something is known of a field.
    #[must_use]
    pub fn is_known(&self, field: Field) -> bool {
        Fields::waits(self, field.number()).is_none()
    }

    /// What of a field is there without waiting; nothing where another thread has to find it first ([`Self::find_out`]).
    #[must_use]
    pub fn at_hand(&self, field: Field) -> bool {
        match field {
            Field::Found(Found::Confidence) => self.measured.has_confidence(),
            Field::Found(Found::Unlike) => self.measured.has_unlike(),
            _ => true,
        }
    }

    /// Finds what takes a while. Not for the window's thread.
    pub fn find_out(&self, field: Field) {
        match field {
            Field::Found(Found::Confidence) => drop(self.confidence()),
            Field::Found(Found::Unlike) => drop(self.unlike()),
            _ => {}
        }
    }

    /// How clear the choice of each cluster is.
    #[must_use]
    pub fn confidence(&self) -> Option<&[f64]> {
        self.measured.confidence(self.by?, &self.snapshot)
    }

    fn unlike(&self) -> Option<&[bool]> {
        self.measured.unlike(&self.snapshot)
    }

    /// The number of a row in the data, from 0.
    #[must_use]
    pub fn place(&self, row: usize) -> usize {
        self.snapshot.data.rows.get(row).copied().unwrap_or(row)
    }

    /// What a person said of a row, in a word.
    #[must_use]
    pub fn said(&self, row: usize) -> Option<&'static str> {
        if let Some(mark) = u32::try_from(self.place(row)).ok().and_then(|row| self.marks.get(row)) {
            return Some(mark.word());
        }
        let solver = categories(self.by?, &self.snapshot)?.0.get(row);
        (self.ids()?.get(row) != solver).then_some("merged")
    }

    fn class(&self, row: usize) -> Option<&str> {
        let labels = self.snapshot.data.labels.as_ref()?;
        labels.names.get(labels.class(row)? as usize).map(String::as_str)
    }

    fn found(&self, found: Found, row: usize) -> Option<f64> {
        let flag = |on: bool| f64::from(u8::from(on));
        let snapshot = &self.snapshot;
        match found {
            Found::Row => Some(self.place(row) as f64 + 1.0),
            Found::Cluster => categories(self.by?, snapshot)?.0.get(row).map(|&c| f64::from(c)),
            Found::Edited => self.by.map(|_| flag(self.said(row).is_some())),
            Found::Label => self.class(row)?.parse().ok(),
            Found::Confidence => self.confidence()?.get(row).copied(),
            Found::Unlike => self.unlike()?.get(row).map(|&on| flag(on)),
            Found::Degree => snapshot.operator.as_ref()?.degrees.get(row).copied(),
            Found::Part => snapshot.operator.as_ref()?.components.of.get(row).map(|&part| f64::from(part)),
            Found::Disagrees => {
                let of = |s: &Option<Arc<crate::pipeline::Solution>>| s.as_ref()?.clusters.assignment.get(row).copied();
                Some(flag(of(&snapshot.learned)? != of(&snapshot.exact)?))
            }
            Found::Selected => self.selected.get(row).map(|&on| flag(on)),
            Found::Name => None,
        }
    }

    /// A cell as the table shows it; empty where it holds nothing.
    #[must_use]
    pub fn shown(&self, field: Field, row: usize) -> Cow<'_, str> {
        let Field::Found(found) = field else {
            return if let Field::Column(column) = field { self.cells.text(row, column) } else { "".into() };
        };
        match found {
            Found::Edited => self.said(row).unwrap_or_default().into(),
            Found::Unlike | Found::Disagrees | Found::Selected => {
                self.found(found, row).map_or("", |on| if on > 0.0 { "yes" } else { "" }).into()
            }
            Found::Confidence | Found::Degree => self.found(found, row).map(significant).unwrap_or_default().into(),
            Found::Label => self.class(row).unwrap_or_default().into(),
            _ => self.word(field.number(), row).unwrap_or_default(),
        }
    }
}

impl Fields for RowFields {
    fn rows(&self) -> usize {
        self.snapshot.data.len()
    }

    fn names(&self) -> Vec<&str> {
        let columns = self.cells.columns().iter().map(|c| c.name.as_str());
        columns.chain(Found::ALL.into_iter().map(|found| self.name(Field::Found(found)))).collect()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let columns = self.cells.columns();
        let exact = columns.iter().position(|c| c.name == name);
        let loose = || columns.iter().position(|c| c.name.eq_ignore_ascii_case(name));
        let column = exact.or_else(loose).map(|column| Field::Column(column).number());
        let is = |found: &Found| found.name().eq_ignore_ascii_case(name) || found.dotted().eq_ignore_ascii_case(name);
        column.or_else(|| Found::ALL.into_iter().find(is).map(|found| Field::Found(found).number()))
    }

    fn holds(&self, field: usize) -> Holds {
        match Field::of(field) {
            Field::Found(found) => found.holds(self),
            Field::Column(column) => self.cells.columns().get(column).map_or(Holds::Words, |c| c.holds),
        }
    }

    fn waits(&self, field: usize) -> Option<String> {
        match Field::of(field) {
            Field::Found(found) => found.waits(self),
            Field::Column(_) => None,
        }
    }

    fn number(&self, field: usize, row: usize) -> Option<f64> {
        match Field::of(field) {
            Field::Found(found) => self.found(found, row),
            Field::Column(column) => self.cells.number(row, column),
        }
    }

    fn word(&self, field: usize, row: usize) -> Option<Cow<'_, str>> {
        match Field::of(field) {
            Field::Column(column) => self.cells.word(row, column),
            Field::Found(Found::Name) => self.ids()?.get(row).map(|&id| self.label(id)),
            Field::Found(Found::Label) => self.class(row).map(Cow::from),
            Field::Found(found) => self.found(found, row).map(|value| value.to_string().into()),
        }
    }

    fn rounded(&self, field: usize, value: f64) -> f64 {
        match Field::of(field) {
            Field::Column(column) => self.cells.rounded(value, column),
            Field::Found(_) => value,
        }
    }
}

#[cfg(test)]
mod tests;
