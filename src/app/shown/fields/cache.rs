//! The fields of what is shown, kept as long as it is the same.

use std::sync::Arc;

use super::RowFields;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::{Labels, side};
use crate::data::Cells;
use crate::pipeline::Snapshot;

/// The fields of what is shown, made anew when it changes.
#[derive(Debug, Default)]
pub struct FieldsCache {
    fields: Option<(Key, Arc<RowFields>)>,
}

/// What fields of one snapshot are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// [`Labels::serial`].
    pub(super) labels: u64,
    /// The side whose clusters these are.
    pub(super) by: Option<ColorBy>,
    /// Changes with the selection.
    pub(super) selected: u64,
}

impl FieldsCache {
    /// The fields of a snapshot with a person's labels on the clusters of `by`.
    pub fn get(
        &mut self,
        snapshot: &Arc<Snapshot>,
        (labels, by): (&Labels, Option<ColorBy>),
        selected: (&Arc<Vec<bool>>, u64),
    ) -> Arc<RowFields> {
        let key = Key { labels: labels.serial(), by, selected: selected.1 };
        if let Some((at, fields)) = &self.fields
            && *at == key
            && Arc::ptr_eq(&fields.snapshot, snapshot)
        {
            return Arc::clone(fields);
        }
        let before = self.fields.take().map(|(_, fields)| fields);
        let same_data = |f: &&Arc<RowFields>| Arc::ptr_eq(&f.snapshot.data.features, &snapshot.data.features);
        let cells = before.as_ref().filter(same_data).map(|f| Arc::clone(&f.cells));
        let measured = before
            .as_ref()
            .filter(|f| Arc::ptr_eq(&f.snapshot, snapshot) && f.by == by)
            .map(|f| Arc::clone(&f.measured));
        let side = by.and_then(side);
        let fields = Arc::new(RowFields {
            snapshot: Arc::clone(snapshot),
            cells: cells.unwrap_or_else(|| Arc::new(Cells::of(&snapshot.data))),
            by,
            labelled: by.and_then(|by| labels.labelled(by)).cloned(),
            marks: side.map(|side| labels.document().layer(side).marks().clone()).unwrap_or_default(),
            selected: Arc::clone(selected.0),
            measured: measured.unwrap_or_default(),
            key,
        });
        self.fields = Some((key, Arc::clone(&fields)));
        fields
    }
}
