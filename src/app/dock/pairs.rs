//! The Siamese network: how far neighbours and others are from each other, as two histograms.

use eframe::egui::{self, Ui};
use egui_plot::{Bar, BarChart};

use super::{Card, Shown, codes, title_ui};
use crate::app::kit::format;
use crate::app::kit::plot::still;
use crate::app::kit::said::described;
use crate::app::kit::theme::Tokens;
use crate::app::shown::summed;
use crate::app::views::empty_ui;
use crate::recipe::Stage;

pub(super) fn pairs_ui(ui: &mut Ui, shown: Shown) {
    let last = shown.run.prepared.iter().rfind(|p| p.stage == Stage::Metric);
    title_ui(ui, Card::Pairs.title(), Card::Pairs.tip(), codes::figure(shown.run, Stage::Metric, last));
    let Some(pairs) = shown.snapshot.and_then(|s| s.pairs.as_ref()) else {
        return empty_ui(ui, "Distances appear once the Siamese network trains");
    };
    let tokens = Tokens::in_ui(ui);
    let kinds = [("neighbours", tokens.accent, &pairs.near), ("others", tokens.exact, &pairs.far)];
    ui.horizontal(|ui| {
        for (name, color, _) in kinds {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(10.0, 10.0), egui::Sense::hover());
            ui.painter().rect_filled(rect, 2.0, color);
            ui.label(egui::RichText::new(name).small().color(tokens.text_weak));
        }
    });
    let plot = still("pair distances", tokens)
        .include_y(0.0)
        .y_axis_min_width(30.0)
        .width(ui.available_width())
        .height(ui.available_height());
    let response = plot.show(ui, |plot| {
        for (name, color, shares) in kinds {
            let bar = |(i, &share): (usize, &f64)| Bar::new((i as f64 + 0.5) * pairs.width, share).width(pairs.width);
            let bars = shares.iter().enumerate().map(bar).collect();
            plot.bar_chart(BarChart::new(name, bars).color(color.gamma_multiply(0.6)));
        }
    });
    let said = format!("Distances of pairs, loss {}", last.map_or_else(String::new, |p| format::number(p.loss)));
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &said));
    described(&response.response, || {
        let said = kinds.into_iter().filter_map(|(name, _, shares)| {
            let most = pairs.width * shares.len() as f64;
            summed::histogram(shares, 0.0, most).map(|said| format!("{name}: {said}."))
        });
        said.collect::<Vec<_>>().join(" ")
    });
}
