//! What automatic settings became for a run, and why: for the panels, the summary and whoever asks.

use std::sync::Arc;

use serde::Serialize;

use crate::data::Scaler;
use crate::graph::{Neighbors, intrinsic_dimension};
use crate::pipeline::Snapshot;
use crate::recipe::{Affinity, Recipe, Rows, Scale, Scaling};

/// One automatic setting as the run has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Its flag without dashes.
    pub setting: &'static str,
    /// The value in use, as the flag takes it.
    pub value: String,
    /// Why, in a few words.
    pub reason: String,
}

impl Snapshot {
    /// What the automatic `setting` (a flag without dashes) became for this run, once that is known.
    #[must_use]
    pub fn taken(&self, setting: &str) -> Option<&Taken> {
        self.taken.iter().find(|taken| taken.setting == setting)
    }

    /// Adds what the run has settled since.
    pub(crate) fn take(&mut self, taken: Vec<Taken>) {
        self.taken = Arc::new(self.taken.iter().cloned().chain(taken).collect());
    }
}

/// What `--scaling auto` became.
pub(crate) fn scaling(recipe: &Recipe, (value, reason): &(Scaling, String)) -> Option<Taken> {
    let value = name(*value);
    (recipe.scaling == Scaling::Auto).then(|| Taken { setting: "scaling", value, reason: reason.clone() })
}

/// The recipe with the scale and the rows that `auto` means for this graph, and what to say of it.
pub(crate) fn resolve(recipe: &Recipe, scaler: &Scaler, neighbors: Option<&Neighbors>) -> (Recipe, Vec<Taken>) {
    let mut resolved = recipe.clone();
    let mut taken = Vec::new();
    let weighted = recipe.affinity != Affinity::Binary && recipe.scale == Scale::Auto;
    if let Some(neighbors) = neighbors.filter(|_| weighted) {
        let reason = if recipe.has_codes() || recipe.affinity == Affinity::Siamese {
            resolved.scale = recipe.scale.between_codes();
            "between learned places".to_owned()
        } else {
            let dimensions = intrinsic_dimension(neighbors);
            resolved.scale = recipe.scale.resolve(dimensions);
            format!("neighbours' distances fill {dimensions:.1} dimensions")
        };
        taken.push(Taken { setting: "scale", value: resolved.scale.to_string(), reason });
    }
    if recipe.rows == Rows::Auto {
        resolved.rows = recipe.rows_in_use();
        let mut reason = if recipe.has_codes() { "between codes" } else { "eigenvectors as the solvers have them" };
        if !recipe.has_codes() {
            resolved.rows = rows(scaler.is_unit(), resolved.scale);
        }
        if !recipe.has_codes() && resolved.rows == Rows::Normalized {
            reason = if scaler.is_unit() {
                "rows of the data are directions too"
            } else {
                "one width parts clusters by wide gaps"
            };
        }
        let value = name(resolved.rows);
        taken.push(Taken { setting: "rows", value, reason: reason.to_owned() });
    }
    (resolved, taken)
}

/// What automatic rows are between features. Between few wide gaps rows lie on rays, far out where a cluster is small or thin: k-means
/// sees their directions better.
pub(crate) fn rows(unit: bool, scale: Scale) -> Rows {
    if unit || scale == Scale::Robust { Rows::Normalized } else { Rows::AsIs }
}

/// A choice as its flag takes it.
fn name(choice: impl clap::ValueEnum) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
