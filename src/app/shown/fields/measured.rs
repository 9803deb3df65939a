//! What takes a while to find about rows: the table of rows shows it, queries ask for it and exports write it.

use std::sync::OnceLock;

use crate::app::shown::coloring::{ColorBy, categories};
use crate::app::shown::spaces::clustered_rows;
use crate::pipeline::Snapshot;
use crate::project::review;

/// What takes a while to find and is found when it is asked for: of one snapshot, and of the clusters of one side.
#[derive(Debug, Default)]
pub struct Measured {
    confidence: OnceLock<Option<Vec<f64>>>,
    unlike: OnceLock<Option<Vec<bool>>>,
}

impl Measured {
    /// How clear the choice of each sample's cluster is.
    #[must_use]
    pub fn confidence(&self, by: ColorBy, snapshot: &Snapshot) -> Option<&[f64]> {
        let margins = || {
            let (ids, _) = categories(by, snapshot)?;
            review::margins(clustered_rows(by, snapshot).view(), ids)
        };
        self.confidence.get_or_init(margins).as_deref()
    }

    /// Whether each sample is unlike the training data.
    #[must_use]
    pub fn unlike(&self, snapshot: &Snapshot) -> Option<&[bool]> {
        let unlike = || {
            let familiar = snapshot.model.as_ref()?.familiar.as_ref()?;
            let rows = snapshot.codes.as_ref().unwrap_or(&snapshot.scaled);
            Some(familiar.unlike(rows.view()))
        };
        self.unlike.get_or_init(unlike).as_deref()
    }

    /// Whether the former is there without waiting.
    pub(super) fn has_confidence(&self) -> bool {
        self.confidence.get().is_some()
    }

    /// Whether the latter is.
    pub(super) fn has_unlike(&self) -> bool {
        self.unlike.get().is_some()
    }
}
