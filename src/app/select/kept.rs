//! Selections under a name: kept with the project, and brought back.

use eframe::egui::{self, RichText, Ui};

use super::Around;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shown::labels::keys;
use crate::project::Deed;

/// Draws them; an edit that was asked for.
pub(super) fn kept_ui(name: &mut String, ui: &mut Ui, around: &mut Around<'_>) -> Option<Deed> {
    let tokens = Tokens::in_ui(ui);
    let mut deed = None;
    let count = around.selection.count();
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Keep the selection as").small().color(tokens.text_weak));
        let edit = ui.add(egui::TextEdit::singleline(name).char_limit(60).desired_width(190.0)).labelled_by(label.id);
        let enter = edit.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let can = count > 0 && !name.trim().is_empty();
        let button = ui.add_enabled(can, egui::Button::new("Keep"));
        let why = if count == 0 { "Nothing is selected" } else { "A selection is kept under a name" };
        let clicked =
            button.on_hover_text("Kept with the project; undo gives it up").on_disabled_hover_text(why).clicked();
        if can && (enter || clicked) {
            let snapshot = around.fields.snapshot();
            deed = Some(around.labels.keep_selection(name.trim(), around.selection.iter(), snapshot));
            name.clear();
        }
    });
    let saved = around.labels.document().saved();
    if saved.is_empty() {
        ui.label(RichText::new("No selection is kept yet").small().color(tokens.text_weak));
        return deed;
    }
    egui::ScrollArea::vertical().id_salt("selections kept").max_height(150.0).show(ui, |ui| {
        focus::group(ui, "selections kept", Kind::Once, |ui| {
            for kept in saved {
                ui.horizontal(|ui| {
                    let text = format!("{} · {}", format::short(&kept.name, 40), format::count(kept.rows.len()));
                    let tip = "Select its rows, as the switch of effects says";
                    let button = ui.add(egui::Button::new(text).frame_when_inactive(false)).on_hover_text(tip);
                    let spoken = format!("Selection {}", kept.name);
                    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &spoken));
                    if button.clicked() {
                        let mut samples = Vec::new();
                        keys(around.fields.snapshot()).each(&kept.rows, |i| samples.push(i as u32));
                        let effect = around.selection.effect.held(ui.input(|i| i.modifiers));
                        around.selection.apply(effect, samples);
                    }
                    let drop = ui.small_button("×").on_hover_text("Give it up; undo brings it back");
                    let spoken = format!("Give up selection {}", kept.name);
                    drop.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &spoken));
                    if drop.clicked() {
                        deed = Some(around.labels.keep_selection(&kept.name, [], around.fields.snapshot()));
                    }
                });
            }
        });
    });
    deed
}
