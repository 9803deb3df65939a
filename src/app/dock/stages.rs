//! What each stage took.

use eframe::egui::{self, RichText, Ui};

use super::{Card, title_ui};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shown::run::{Run, stage_name};
use crate::app::views::empty_ui;

pub(super) fn stages_ui(ui: &mut Ui, run: &Run) {
    let total: f64 = run.done.iter().filter(|d| !d.kept).map(|d| d.seconds).sum();
    let figure = (!run.done.is_empty()).then(|| format::seconds(total));
    title_ui(ui, Card::Stages.title(), Card::Stages.tip(), figure);
    if run.done.is_empty() && run.progress.is_none() {
        return empty_ui(ui, "Times appear once the first stage is through");
    }
    let tokens = Tokens::in_ui(ui);
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let column = (ui.available_width() / 3.0 - 8.0).max(40.0);
        egui::Grid::new("stages").num_columns(3).min_col_width(column).min_row_height(16.0).spacing([8.0, 2.0]).show(
            ui,
            |ui| {
                for done in &run.done {
                    ui.label(stage_name(done.stage));
                    ui.label(RichText::new(format::seconds(done.seconds)).monospace().color(tokens.text_strong));
                    ui.label(RichText::new(if done.kept { "kept" } else { "" }).small().color(tokens.text_weak));
                    ui.end_row();
                }
                if let Some(progress) = &run.progress {
                    ui.label(RichText::new(stage_name(progress.stage)).color(tokens.accent));
                    ui.label(
                        RichText::new(format!("{:.0} %", 100.0 * progress.fraction)).monospace().color(tokens.accent),
                    );
                    ui.end_row();
                }
            },
        );
    });
}
