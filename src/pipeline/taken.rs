//! What automatic settings became for a run, and why: for the panels, the summary and whoever asks.

use std::sync::Arc;

use super::snapshot::Snapshot;
use crate::recipe::{Recipe, Scaling, Taken, name};

impl Snapshot {
    /// What the automatic `setting` (a flag without dashes) became for this run, once that is known.
    #[must_use]
    pub fn taken(&self, setting: &str) -> Option<&Taken> {
        self.taken.iter().find(|taken| taken.setting == setting)
    }

    /// Adds what the run has settled since.
    pub(super) fn take(&mut self, taken: Vec<Taken>) {
        self.taken = Arc::new(self.taken.iter().cloned().chain(taken).collect());
    }
}

/// What `--scaling auto` became.
pub(super) fn scaling(recipe: &Recipe, (value, reason): &(Scaling, String)) -> Option<Taken> {
    let value = name(*value);
    (recipe.scaling == Scaling::Auto).then(|| Taken { setting: "scaling", value, reason: reason.clone() })
}
