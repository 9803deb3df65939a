//! The columns that an export has, with a tick each: what was found first, though a table has it behind its own columns.

use eframe::egui::{self, RichText, Ui};

use super::{ExportSheet, Shown};
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::output::{is_coordinate, meaning};

pub(super) fn columns_ui(sheet: &mut ExportSheet, ui: &mut Ui, header: &[String], shown: &Shown<'_>) {
    let tokens = Tokens::in_ui(ui);
    ui.vertical(|ui| {
        let wanted = sheet.filter.trim().to_lowercase();
        let matching = header.iter().enumerate().filter(|(_, name)| name.to_lowercase().contains(&wanted));
        let mut matching: Vec<(&String, Of)> = matching.map(|(at, name)| (name, of(name, at, shown))).collect();
        matching.sort_by_key(|(_, of)| *of);
        ui.horizontal(|ui| {
            let ticked = header.iter().filter(|name| sheet.is_ticked(name, shown)).count();
            let text = format!("{} of {}", format::count(ticked), format::counted(header.len(), "column"));
            ui.label(RichText::new(text).small().color(tokens.text_weak));
            focus::group(ui, "ticks of columns", Kind::Once, |ui| {
                for (text, tip, on) in
                    [("All", "Tick those that the filter leaves", true), ("None", "Untick them", false)]
                {
                    if ui.small_button(text).on_hover_text(tip).clicked() {
                        sheet.ticked.extend(matching.iter().map(|(name, _)| ((*name).clone(), on)));
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
                for (name, of) in &matching[range] {
                    tick_ui(sheet, ui, shown, name, *of);
                }
                focus::reveal(ui);
            });
        });
    });
}

/// The tick of a column, and what it holds beside it where the program found it.
fn tick_ui(sheet: &mut ExportSheet, ui: &mut Ui, shown: &Shown<'_>, name: &str, of: Of) {
    let says = meaning(name).filter(|_| of != Of::Data);
    ui.horizontal(|ui| {
        let mut on = sheet.is_ticked(name, shown);
        let check = ui.checkbox(&mut on, format::short(name, 30));
        if check.on_hover_text(says.unwrap_or(name)).changed() {
            sheet.ticked.insert(name.to_owned(), on);
        }
        if let Some(says) = says {
            let text = RichText::new(says).small().color(Tokens::in_ui(ui).text_weak);
            ui.add(egui::Label::new(text).truncate().selectable(false)).on_hover_text(says);
        }
    });
}

/// Whose a column is, in the order of the list: what a person looks for first, then their own, then numbers without end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Result,
    Data,
    Space,
}

fn of(name: &str, at: usize, shown: &Shown<'_>) -> Of {
    // A table may have a column of such a name itself.
    let own = shown.snapshot.data.table.as_ref().is_some_and(|table| at < table.header.len());
    match meaning(name) {
        Some(_) if own => Of::Data,
        Some(_) if is_coordinate(name) => Of::Space,
        Some(_) => Of::Result,
        None => Of::Data,
    }
}
