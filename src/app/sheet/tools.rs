//! The line above the columns: which are looked at, which are marked, and what is done to those.

use eframe::egui::{self, RichText, Ui};

use super::ColumnSheet;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::data::{Outline, with_role};
use crate::recipe::Recipe;
use crate::recipe::columns::Role;

/// Roles that several columns can have at once.
const OF_MANY: [(Role, &str); 3] =
    [(Role::Feature, "Feature"), (Role::Shown, "Shown only"), (Role::Ignored, "Ignored")];

/// What a role is called in the window.
pub(super) fn title(role: Role) -> &'static str {
    match role {
        Role::Feature => "feature",
        Role::Label => "label",
        Role::Id => "id",
        Role::Shown => "shown only",
        Role::Ignored => "ignored",
    }
}

/// What a role does, in a sentence.
pub(super) fn tip(role: Role) -> &'static str {
    match role {
        Role::Feature => "It decides who is near whom",
        Role::Label => "Its classes colour the points and give the scores; they never reach the solvers",
        Role::Id => "It names the rows and is shown and exported",
        Role::Shown => "It stands in the card of a point and in exports, and is no feature",
        Role::Ignored => "It stands in exports alone",
    }
}

pub(super) fn tools_ui(
    sheet: &mut ColumnSheet,
    ui: &mut Ui,
    recipe: &mut Recipe,
    outline: &Outline,
    matching: &[usize],
) {
    let tokens = Tokens::in_ui(ui);
    ui.horizontal(|ui| {
        let edit = egui::TextEdit::singleline(&mut sheet.filter).desired_width(170.0);
        let filter = ui.add(edit.hint_text("Filter by name, role, kind"));
        filter.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter columns"));
        let of = if matching.len() == outline.columns.len() {
            String::new()
        } else {
            format!("{} of {}", format::count(matching.len()), format::count(outline.columns.len()))
        };
        ui.label(RichText::new(of).small().color(tokens.text_weak));
        focus::group(ui, "marked columns", Kind::Once, |ui| marked_ui(sheet, ui, recipe, outline, matching));
    });
}

fn marked_ui(sheet: &mut ColumnSheet, ui: &mut Ui, recipe: &mut Recipe, outline: &Outline, matching: &[usize]) {
    let all = !matching.is_empty() && matching.iter().all(|column| sheet.picked.contains(column));
    let text = if all { "Mark none" } else { "Mark all" };
    if ui.button(text).on_hover_text("All columns that the filter leaves").clicked() {
        if all {
            sheet.picked.clear();
        } else {
            sheet.picked.extend(matching);
        }
    }
    let picked: Vec<usize> = sheet.picked.iter().copied().collect();
    let weak = Tokens::in_ui(ui).text_weak;
    let count = format!("{} marked:", format::count(picked.len()));
    ui.label(RichText::new(count).small().color(weak));
    for (role, name) in OF_MANY {
        let button = ui.add_enabled(!picked.is_empty(), egui::Button::new(name));
        let tip = format!("Make the marked columns so: {}", tip(role).to_lowercase());
        let button =
            button.on_hover_text(tip).on_disabled_hover_text("Mark columns first: click, Shift+click, or Space");
        if button.clicked() {
            set(recipe, outline, &picked, Some(role));
        }
    }
    let (text, tip) = if picked.is_empty() {
        ("All as guessed", "Drop every decision about columns; Ctrl+Z takes single ones back")
    } else {
        ("As guessed", "Drop what is decided of the marked columns")
    };
    let decided = recipe.decides_columns();
    if ui.add_enabled(decided, egui::Button::new(text)).on_hover_text(tip).clicked() {
        if picked.is_empty() {
            *recipe = recipe.columns_as_guessed();
        } else {
            set(recipe, outline, &picked, None);
        }
    }
}

/// Gives columns a role; where the recipe names columns that are not there, the sheet says so already.
pub(super) fn set(recipe: &mut Recipe, outline: &Outline, columns: &[usize], role: Option<Role>) {
    if let Ok(changed) = with_role(recipe, outline, columns, role) {
        *recipe = changed;
    }
}
