//! In which unit features are shown.

use crate::pipeline::Snapshot;
use crate::recipe::Scaling;

/// What stands behind a feature's name where its scaled values are shown; nothing where they are as they came.
#[must_use]
pub(in crate::app) fn scaled_unit(snapshot: &Snapshot) -> Option<&'static str> {
    let scaling = match snapshot.job.recipe.scaling {
        Scaling::Auto => snapshot.facts.scaling?,
        given => given,
    };
    match scaling {
        Scaling::None => None,
        Scaling::Range => Some("÷ largest"),
        Scaling::Standardize | Scaling::Mixed => Some("standardised"),
        Scaling::Unit => Some("÷ length"),
        Scaling::TfIdf => Some("tf–idf"),
        Scaling::Auto => Some("scaled"),
    }
}

/// A feature's name with the unit of its scaled values.
#[must_use]
pub(in crate::app) fn named(feature: &str, snapshot: &Snapshot) -> String {
    match scaled_unit(snapshot) {
        Some(unit) if !feature.is_empty() => format!("{feature}, {unit}"),
        _ => feature.to_owned(),
    }
}
