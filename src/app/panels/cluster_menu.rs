//! What can be done with a cluster beside selecting it: a name, a colour, another cluster to be part of, two of one.

use eframe::egui::{self, Color32, Sense, Ui};

use super::{Ask, Panels};
use crate::app::kit::format;
use crate::app::shown::coloring::ColorBy;
use crate::output::palette;

/// Colours in a row of the menu.
const IN_A_ROW: usize = 8;

/// The menu at the end of a cluster's row, and what was chosen.
pub(super) fn menu_ui(ui: &mut Ui, panels: &mut Panels, by: ColorBy, id: u32, name: &str) -> Option<Ask> {
    let mut ask = None;
    let button =
        egui::Button::new("…").frame_when_inactive(false).min_size(egui::vec2(super::clusters::MENU_WIDTH, 0.0));
    let padding = ui.ctx().global_style().spacing.button_padding;
    let (response, _) = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        ui.spacing_mut().button_padding = padding;
        ask = items_ui(ui, panels, by, id, name);
    });
    let spoken = format!("Edit {name}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &spoken));
    response.on_hover_text("Rename, colour, merge, split");
    ask
}

/// What the menu holds, and what was chosen.
pub(super) fn items_ui(ui: &mut Ui, panels: &mut Panels, by: ColorBy, id: u32, name: &str) -> Option<Ask> {
    let mut ask = None;
    ui.set_min_width(150.0);
    if ui.button("Rename").clicked() {
        panels.drafts.cluster = Some((by, id, name.to_owned()));
        ui.close();
    }
    ui.menu_button("Colour", |ui| ask = colour_ui(ui, panels, by, id).or(ask.take()));
    ui.menu_button("Merge into", |ui| ask = merge_ui(ui, panels, by, id).or(ask.take()));
    let tip = "What sets it apart from the rest";
    if ui.button("What is in it?").on_hover_text(tip).clicked() {
        ask = Some(Ask::Inside(id));
        ui.close();
    }
    let split = ui.button("Split in two").on_hover_text("By k-means on its own rows of the eigenspace");
    if split.clicked() {
        ask = Some(Ask::Split(by, id));
        ui.close();
    }
    ask
}

fn colour_ui(ui: &mut Ui, panels: &Panels, by: ColorBy, id: u32) -> Option<Ask> {
    let snapshot = panels.snapshot?;
    let mut chosen = None;
    for row in 0..palette::CATEGORIES / IN_A_ROW {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for colour in row * IN_A_ROW..(row + 1) * IN_A_ROW {
                let [r, g, b] = palette::category(colour, panels.dark);
                let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(20.0), Sense::click());
                let name = format!("Colour {}", colour + 1);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                let radius = if response.hovered() || response.has_focus() { 9.0 } else { 7.0 };
                ui.painter().circle_filled(rect.center(), radius, Color32::from_rgb(r, g, b));
                if response.clicked() {
                    chosen = Some(Some(colour as u16));
                }
            }
        });
    }
    if ui.button("As before any choice").clicked() {
        chosen = Some(None);
    }
    let colour = chosen?;
    ui.close();
    panels.labels.colour(by, id, colour, snapshot).map(|deed| Ask::Edit(Box::new(deed)))
}

fn merge_ui(ui: &mut Ui, panels: &Panels, by: ColorBy, id: u32) -> Option<Ask> {
    let snapshot = panels.snapshot?;
    let mut chosen = None;
    egui::ScrollArea::vertical().max_height(280.0).show(ui, |ui| {
        for (other, count) in panels.labels.seen(by, snapshot) {
            let outliers =
                panels.labels.labelled(by).and_then(|l| l.entries.get(other as usize)).is_some_and(|e| e.outliers);
            if other == id || outliers {
                continue;
            }
            let name = format::short(&panels.labels.name(by, other, snapshot), 22);
            if ui.button(format!("{name} · {}", format::count(count))).clicked() {
                chosen = Some(other);
            }
        }
    });
    let into = chosen?;
    ui.close();
    panels.labels.merge(by, id, into, snapshot).map(|deed| Ask::Edit(Box::new(deed)))
}
