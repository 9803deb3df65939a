//! Graph: the control of the scale, and what the run shown says of its neighbours and parts.

use eframe::egui::{self, Ui};

use super::controls;
use crate::app::kit::caption::Caption;
use crate::app::kit::combo::combo;
use crate::app::kit::dial::Dial;
use crate::pipeline::Snapshot;
use crate::recipe::Scale;
use crate::support::language::plural;

/// How many of the neighbours shown are the nearest.
pub(super) fn found(shown: Option<&Snapshot>) -> String {
    match shown.and_then(|s| s.neighbors.as_ref()) {
        None => "How many of them are the nearest is known after a run".to_owned(),
        Some(found) => match found.recall {
            None => "All neighbours shown are the nearest".to_owned(),
            Some(recall) => format!("{:.1} % of the neighbours shown are the nearest", 100.0 * recall),
        },
    }
}

/// Into how many parts the graph falls.
pub(super) fn parts(shown: Option<&Snapshot>) -> String {
    let Some(operator) = shown.and_then(|s| s.operator.as_ref()) else {
        return "How many parts the graph has is known after a run".to_owned();
    };
    let parts = operator.components.sizes.len();
    if parts == 1 {
        return "The graph is one part".to_owned();
    }
    let alone = operator.components.sizes.iter().filter(|&&n| n == 1).count();
    let alone = if alone > 0 { format!(", {alone} single {}", plural(alone, "point")) } else { String::new() };
    format!("{parts} parts{alone}: as many eigenvalues are 0; more neighbours join them")
}

/// What a scale does, in a sentence.
fn effect(scale: Scale) -> &'static str {
    match scale {
        Scale::Auto => "Robust where the neighbours' distances fill few dimensions, robust-local where they fill many",
        Scale::Robust => "One width for all points, and no point so far out that it falls off the graph",
        Scale::RobustLocal => "Each point has its own width, and no point so far out that it falls off the graph",
        Scale::Local => "Each point has its own width, from the distances to its neighbours",
        Scale::Global => "One width for all points, the median distance to a neighbour; strays may fall off the graph",
        Scale::Fixed(_) => "One width for all points, given as a distance between scaled features",
    }
}

/// The rule that a distance given by hand is.
const GIVEN: &str = "given";

/// A rule for the width, or a distance given by hand.
pub(super) fn scale_ui(
    ui: &mut Ui,
    (caption, dial): (&Caption, Dial),
    scale: &mut Scale,
    width: &mut Option<f64>,
    enabled: bool,
) {
    controls::row(ui, caption, enabled, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let by_hand = matches!(scale, Scale::Fixed(_));
        // Short enough that the row is as wide as the others.
        let text = if by_hand { GIVEN.to_owned() } else { scale.to_string() };
        let combo = combo("scale", if by_hand { 70.0 } else { 132.0 }).selected_text(text);
        let shown = combo.show_ui(ui, |ui| {
            for word in Scale::WORDS {
                let choice = ui.selectable_label(*scale == word, word.to_string());
                if choice.on_hover_text(effect(word)).clicked() {
                    *scale = word;
                }
            }
            let given = Scale::Fixed(width.unwrap_or(dial.range.start));
            if ui.selectable_label(by_hand, GIVEN).on_hover_text(effect(given)).clicked() && !by_hand {
                *scale = given;
            }
        });
        if let Scale::Fixed(distance) = scale {
            let size = egui::vec2(58.0, ui.spacing().interact_size.y);
            let response = dial.add(ui, caption, size, distance);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, enabled, "Scale, distance"));
            response.on_hover_text(effect(Scale::Fixed(*distance)));
            *width = Some(*distance);
        }
        (shown.response, ())
    });
    if let Scale::Fixed(distance) = scale {
        crate::app::kit::refused::reason_ui(ui, caption, *distance);
    }
}
