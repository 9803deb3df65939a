//! What stands under a setting: what its `auto` became, and what the run shown says of it.

use eframe::egui::{RichText, Ui};

use super::rules::Rules;
use super::{Panels, graph, line, remark, taken};
use crate::app::kit::theme::Tokens;
use crate::recipe::{Affinity, Distance, Hidden, Rows, Scale, Scaling};

/// Says it, for the settings that have something to say.
pub(super) fn below(ui: &mut Ui, panels: &Panels, rules: &Rules, flag: &str) {
    let (recipe, shown) = (&panels.job.recipe, panels.snapshot);
    let built = recipe.affinity_file.is_none();
    match flag {
        "scaling" if recipe.scaling == Scaling::Auto => taken(ui, shown, "scaling"),
        "system" if recipe.system.is_supervised() => remark(
            ui,
            "Supervised: labels of one part of the data teach the network, and scores are of the other part alone. There is no graph and no exact side.",
        ),
        "exact-neighbors-to" if built => line(ui, &graph::found(shown)),
        "exact-neighbors-to" => line(ui, "A given matrix says by itself who is near whom"),
        "scale" if recipe.scale == Scale::Auto && built && recipe.affinity != Affinity::Binary => {
            taken(ui, shown, "scale");
        }
        "labelled" => {
            if recipe.labelled > 0.0 {
                let text = format!("Semi-supervised: {:.1} % of the labels shape the graph", 100.0 * recipe.labelled);
                ui.label(RichText::new(text).small().strong().color(Tokens::in_ui(ui).warning));
            }
            ui.add_space(4.0);
        }
        "known-labels" if recipe.known_labels.is_some() => {
            let text = "Semi-supervised: the labels in the file shape the graph";
            ui.label(RichText::new(text).small().strong().color(Tokens::in_ui(ui).warning));
        }
        "distance" if recipe.distance == Distance::Auto => taken(ui, shown, "distance"),
        "rows" if recipe.rows == Rows::Auto => taken(ui, shown, "rows"),
        "exact" => line(ui, &graph::parts(shown)),
        "hidden" => {
            if let (Hidden::Auto, Some(hidden)) = (&recipe.hidden, rules.hidden()) {
                let layers: Vec<String> = hidden.iter().map(ToString::to_string).collect();
                remark(ui, &format!("auto takes {}", layers.join(",")));
            }
        }
        // The line is there from the start, so that nothing below it moves when the device is known.
        "device" => {
            let device = shown.map(|s| s.device.as_str()).filter(|d| !d.is_empty());
            let unknown = || "What trains is known once it trains".to_owned();
            line(ui, &device.map_or_else(unknown, |d| format!("Trains on {d}")));
        }
        _ => {}
    }
}
