//! The first rows of the table as they stand in the file, each column in the colour of its role. Only what is in sight is drawn.

use std::sync::Arc;

use eframe::egui::{self, Align2, FontId, Rect, RichText, Sense, Ui, Vec2};

use super::{ColumnSheet, drawn};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, text};
use crate::data::Outline;
use crate::recipe::Recipe;
use crate::recipe::columns::Role;
use crate::support::plain;

/// Width of a column, height of a row.
const WIDTH: f32 = 92.0;
const ROW: f32 = 17.0;
/// Height of the names above the rows.
const HEAD: f32 = 20.0;
/// Letters of a cell that are drawn: a gap is left before the next column.
const LETTERS: usize = 12;

/// The first rows.
pub(super) fn rows_ui(sheet: &mut ColumnSheet, ui: &mut Ui, recipe: &Recipe, outline: &Arc<Outline>) {
    let tokens = Tokens::in_ui(ui);
    let (rows, columns) = (outline.first.len(), outline.columns.len());
    let words = if rows < outline.rows {
        format!("the first {} of {}, as they stand in the file", rows, format::counted(outline.rows, "row"))
    } else {
        format!("{}, as they stand in the file", format::counted(rows, "row"))
    };
    ui.label(RichText::new(words).small().color(tokens.text_weak));
    let decided = sheet.decided(recipe, outline).unwrap_or_default();
    let role =
        |column: usize| decided.roles.get(column).copied().flatten().unwrap_or_else(|| outline.columns[column].role);
    let mut area = egui::ScrollArea::both().id_salt("first rows").auto_shrink(false);
    if let Some(column) = sheet.reveal.take() {
        area = area.horizontal_scroll_offset((WIDTH * column as f32 - 0.4 * ui.available_width()).max(0.0));
    }
    let mut clicked = None;
    area.show_viewport(ui, |ui, view| {
        ui.set_width(WIDTH * columns as f32);
        ui.set_height(HEAD + ROW * rows as f32);
        let corner = ui.max_rect().min;
        let (from, to) = ((view.min.x / WIDTH) as usize, ((view.max.x / WIDTH) as usize + 1).min(columns));
        // The names stay on top.
        let first = (view.min.y / ROW) as usize;
        let last = ((view.max.y / ROW) as usize + 1).min(rows);
        for column in from..to {
            let left = corner.x + WIDTH * column as f32;
            let picked = sheet.picked.contains(&column);
            let strip = Rect::from_min_max(
                egui::pos2(left, corner.y + view.min.y),
                egui::pos2(left + WIDTH - 4.0, corner.y + view.max.y),
            );
            if picked {
                ui.painter().rect_filled(strip, 2.0, tokens.control);
            }
            for row in first..last {
                let at = egui::pos2(left + 4.0, corner.y + HEAD + ROW * row as f32);
                cell(ui, at, &outline.first.text(row, column), role(column), tokens);
            }
            let head = Rect::from_min_size(strip.min, Vec2::new(WIDTH - 4.0, HEAD - 2.0));
            ui.painter().rect_filled(head, 2.0, tokens.raised);
            let bar = Rect::from_min_size(head.left_bottom() - Vec2::new(0.0, 2.0), Vec2::new(head.width(), 2.0));
            ui.painter().rect_filled(bar, 1.0, drawn::color(role(column), tokens));
            let name = format::name(&outline.first.header[column]);
            draw(ui, head.min + Vec2::new(4.0, 1.0), &name, tokens.text_strong, false);
            // The keyboard marks columns in the list beside it.
            let response = ui.interact(head, egui::Id::unique(("head of", column)), Sense::CLICK);
            if response.on_hover_text(&name).clicked() {
                clicked = Some(column);
            }
        }
    });
    if let Some(column) = clicked {
        sheet.picked = [column].into();
        sheet.anchor = Some(column);
    }
}

fn cell(ui: &Ui, at: egui::Pos2, text: &str, role: Role, tokens: &Tokens) {
    let text = plain::line(text.trim());
    let missing = text.is_empty();
    let ink = match role {
        _ if missing => tokens.warning,
        Role::Feature | Role::Label => tokens.text,
        Role::Id | Role::Shown => tokens.text_weak,
        Role::Ignored => tokens.dimmed,
    };
    draw(ui, at, if missing { "·" } else { &text }, ink, role == Role::Ignored);
}

fn draw(ui: &Ui, at: egui::Pos2, words: &str, ink: egui::Color32, struck: bool) {
    let font = FontId::monospace(text::SMALL);
    let place = ui.painter().text(at, Align2::LEFT_TOP, format::short(words, LETTERS), font, ink);
    if struck {
        ui.painter().hline(place.x_range(), place.center().y, egui::Stroke::new(1.0, ink));
    }
}
