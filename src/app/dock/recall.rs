//! Recall of a supervised system on what was held out, in every form of inference.

use eframe::egui::{self, RichText, Ui};

use crate::app::kit::theme::Tokens;
use crate::learn::supervised::Report;
use crate::support::number::score;

pub(super) fn recall_ui(ui: &mut Ui, report: &Report) {
    let tokens = Tokens::in_ui(ui);
    let whose = match (report.validation, report.zero_shot) {
        (true, _) => "Supervised, on a split of the training side",
        (false, true) => "Supervised, on classes never trained on",
        (false, false) => "Supervised, on rows never trained on",
    };
    ui.label(RichText::new(whose).small().color(tokens.text_weak)).on_hover_text(
        "Share of held-out samples that find one of their class among their nearest 1 or 8, and NMI of k-means on them",
    );
    let grid = egui::Grid::new("recall").num_columns(4).min_row_height(16.0).spacing([6.0, 2.0]);
    grid.show(ui, |ui| {
        for head in ["", "R@1", "R@8", "NMI"] {
            ui.label(RichText::new(head).small().color(tokens.text_weak));
        }
        ui.end_row();
        for form in &report.forms {
            let used = form.name == report.inference;
            ui.label(RichText::new(form.name).color(if used { tokens.accent } else { tokens.text }));
            for value in [Some(form.recall.at_1), Some(form.recall.at_8), form.nmi] {
                ui.label(RichText::new(score(value)).monospace().color(tokens.text_strong));
            }
            ui.end_row();
        }
    });
}
