//! The columns that an export has, with a tick each.

use eframe::egui::{self, RichText, Ui};

use super::{ExportSheet, Shown};
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;

pub(super) fn columns_ui(sheet: &mut ExportSheet, ui: &mut Ui, header: &[String], shown: &Shown<'_>) {
    let tokens = Tokens::in_ui(ui);
    ui.vertical(|ui| {
        let wanted = sheet.filter.trim().to_lowercase();
        let matching: Vec<&String> = header.iter().filter(|name| name.to_lowercase().contains(&wanted)).collect();
        ui.horizontal(|ui| {
            let ticked = header.iter().filter(|name| sheet.is_ticked(name, shown)).count();
            let text = format!("{} of {}", format::count(ticked), format::counted(header.len(), "column"));
            ui.label(RichText::new(text).small().color(tokens.text_weak));
            focus::group(ui, "ticks of columns", Kind::Once, |ui| {
                for (text, tip, on) in
                    [("All", "Tick those that the filter leaves", true), ("None", "Untick them", false)]
                {
                    if ui.small_button(text).on_hover_text(tip).clicked() {
                        sheet.ticked.extend(matching.iter().map(|name| ((*name).clone(), on)));
                    }
                }
            });
        });
        let edit =
            egui::TextEdit::singleline(&mut sheet.filter).desired_width(f32::INFINITY).hint_text("Filter by name");
        let filter = ui.add(edit);
        filter.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter columns to export"));
        let height = ui.spacing().interact_size.y;
        focus::group(ui, "columns to export", Kind::Once, |ui| {
            let area = egui::ScrollArea::vertical().auto_shrink([false, false]).id_salt("columns to export");
            area.show_rows(ui, height, matching.len(), |ui, range| {
                for name in &matching[range] {
                    let mut on = sheet.is_ticked(name, shown);
                    let check = ui.checkbox(&mut on, format::short(name, 30));
                    if check.on_hover_text(meaning(name)).changed() {
                        sheet.ticked.insert((*name).clone(), on);
                    }
                }
                focus::reveal(ui);
            });
        });
    });
}

/// What the program's own columns hold.
fn meaning(name: &str) -> &str {
    match name {
        "row" => "The place of the row in the source, from 0",
        "index" => "The place of the picture in the source, from 0",
        "cluster" => "The learned cluster, or the exact one where nothing was learned, from 0",
        "cluster_name" => "The name you gave it",
        "cluster_exact" => "The cluster of the exact side",
        "by" => "Where the label is from: learned or exact, the run itself, or model",
        "label_edited" => "The label as you edited it, by name; empty for outliers",
        "label_source" => "solver, merged, assigned, accepted or outlier",
        "selected" => "1 for selected points",
        name if name.starts_with("learned_diffusion_") => "A learned eigenvector, weighted as it was clustered",
        name if name.starts_with("exact_diffusion_") => "An exact eigenvector, weighted as it was clustered",
        name if name.starts_with("learned_") => "A coordinate of the learned eigenspace",
        name if name.starts_with("exact_") => "A coordinate of the exact eigenspace",
        name => name,
    }
}
