//! The first rows of a table as they will be written.

use eframe::egui::{self, RichText, Ui};

use super::{ExportSheet, Shown};
use crate::app::kit::format;
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;
use crate::support::plain;

/// Columns that are drawn; the ticks show that there are more.
const MOST: usize = 60;
/// Width of a column, and letters that fit.
const WIDTH: f32 = 92.0;
const GAP: f32 = 10.0;
const LETTERS: usize = 13;

pub(super) fn preview_ui(sheet: &mut ExportSheet, ui: &mut Ui, shown: &Shown<'_>, trouble: Option<&str>) {
    let tokens = Tokens::in_ui(ui);
    ui.vertical(|ui| {
        if let Some(trouble) = trouble {
            ui.add(egui::Label::new(RichText::new(spoken(trouble)).color(tokens.bad)).wrap());
        }
        let fresh = std::mem::take(&mut sheet.fresh);
        let Some(seen) = &sheet.seen else {
            sheet.fresh = fresh;
            if trouble.is_none() {
                ui.label(RichText::new("Reading the first rows…").color(tokens.text_weak));
            }
            return;
        };
        ui.label(RichText::new("The first rows as they will be written").small().color(tokens.text_weak));
        let columns: Vec<usize> =
            (0..seen.header.len()).filter(|&at| sheet.is_ticked(&seen.header[at], shown)).collect();
        if columns.is_empty() {
            ui.label(RichText::new("No column is ticked").color(tokens.warning));
            return;
        }
        let mut area = egui::ScrollArea::both().auto_shrink([false, true]).id_salt("first rows");
        let is_found = |at: &usize| matches!(seen.header[*at].as_str(), "cluster" | "row");
        let all = columns.len();
        let columns = drawn(columns.iter().position(is_found), columns);
        let found = columns.iter().position(is_found);
        if let Some(place) = found.filter(|_| fresh) {
            // What was found is in sight at first, behind the last of the data's own columns.
            area = area.horizontal_scroll_offset((WIDTH + GAP) * place.saturating_sub(1) as f32);
        }
        area.show(ui, |ui| {
            let grid = egui::Grid::new("first rows").striped(true).min_col_width(WIDTH).spacing([GAP, 4.0]);
            grid.show(ui, |ui| {
                for &at in &columns {
                    cell_ui(ui, &seen.header[at], RichText::strong);
                }
                ui.end_row();
                for row in &seen.rows {
                    for &at in &columns {
                        cell_ui(ui, row.get(at).map_or("", String::as_str), RichText::monospace);
                    }
                    ui.end_row();
                }
            });
        });
        if all > columns.len() {
            let text = format!("and {} more", format::counted(all - columns.len(), "column"));
            ui.label(RichText::new(text).small().color(tokens.text_weak));
        }
        for note in &seen.notes {
            ui.add(egui::Label::new(RichText::new(spoken(note)).small().color(tokens.text_weak)).wrap());
        }
    });
}

/// Those of the columns that are drawn: the first, and where what was found stands far behind them, that with what follows.
fn drawn(found: Option<usize>, mut columns: Vec<usize>) -> Vec<usize> {
    if let Some(behind) = found.filter(|&at| at >= MOST / 2 && columns.len() > MOST) {
        columns.drain(MOST / 2..behind.saturating_sub(1).max(MOST / 2));
    }
    columns.truncate(MOST);
    columns
}

fn cell_ui(ui: &mut Ui, text: &str, style: impl Fn(RichText) -> RichText) {
    let line = plain::line(text);
    let label = egui::Label::new(style(RichText::new(format::short(&line, LETTERS)).small()));
    let label = ui.add(label);
    if line.chars().count() > LETTERS {
        label.on_hover_text(format::short(&line, 400));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_drawn_behind_however_many_columns_of_the_data() {
        let all = |count: usize| (0..count).collect::<Vec<_>>();
        assert_eq!(drawn(Some(4), all(20)), all(20));
        assert_eq!(drawn(Some(65), all(92)).len(), 58, "as digits have it");
        for (found, count) in [(65, 92), (30, 70), (31, 400), (784, 820), (800, 2000)] {
            let drawn = drawn(Some(found), all(count));
            assert!(drawn.len() <= MOST && drawn.contains(&found) && drawn.contains(&0), "{found} of {count}");
            assert!(drawn.contains(&(found + 5)) && drawn.is_sorted());
        }
        assert_eq!(drawn(None, all(92)), all(MOST));
    }
}
