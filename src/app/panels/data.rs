//! Data: what to choose it from, and what happened while it was read.

use eframe::egui::{self, RichText, Ui, Vec2};

use super::thumbs;
use super::{Ask, Panels, line, remark};
use crate::app::files::dialogs::Purpose;
use crate::app::files::recent::recent_ui;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;
use crate::data::{Format, Source, builtin};
use crate::recipe::columns::Role;

/// Where the samples come from: a built-in set, a file, and settings that were made for other data.
pub(super) fn choose_ui(ui: &mut Ui, panels: &Panels) -> Option<Ask> {
    let mut ask = picker_ui(ui, &panels.job.source);
    ask = files_ui(ui, panels).or(ask);
    ask = carried_ui(ui, panels.carried.as_deref()).or(ask);
    ui.add_space(4.0);
    ask
}

fn picker_ui(ui: &mut Ui, source: &Source) -> Option<Ask> {
    let mut ask = None;
    let columns = 6.0;
    let gap = 4.0;
    let size = ((ui.available_width() - gap * (columns - 1.0)) / columns).floor().clamp(24.0, 64.0);
    let grid = egui::Grid::new("built-in sets").spacing(Vec2::splat(gap)).min_col_width(size).max_col_width(size);
    focus::group(ui, "built-in sets", Kind::Once, |ui| {
        grid.show(ui, |ui| {
            for (i, set) in builtin().iter().enumerate() {
                let selected = matches!(source, Source::Named(name) if name == set.name);
                if thumbs::thumb_ui(ui, set, selected, size) {
                    ask = Some(Ask::OpenNamed(set.name.to_owned()));
                }
                if (i + 1) % columns as usize == 0 {
                    ui.end_row();
                }
            }
        })
    });
    ask
}

fn files_ui(ui: &mut Ui, panels: &Panels) -> Option<Ask> {
    let mut ask = None;
    let files = |ui: &mut Ui| {
        // All four fit into the panel.
        (ui.spacing_mut().item_spacing.x, ui.spacing_mut().button_padding.x) = (4.0, 6.0);
        let tip = UiCommand::Open.tooltip(ui.ctx());
        ui.spacing_mut().item_spacing.x = 4.0;
        if ui.button("File…").on_hover_text(tip).clicked() {
            ask = Some(Ask::OpenDialog);
        }
        let tip = "Open a folder with the IDX files of a set: images, and their labels beside them";
        if ui.button("Folder…").on_hover_text(tip).clicked() {
            ask = Some(Ask::Choose(Purpose::OpenFolder));
        }
        // There from the start, so that its neighbour does not move.
        ui.add_enabled_ui(!panels.recent.is_empty(), |ui| {
            ui.menu_button("Recent", |ui| {
                if let Some(path) = recent_ui(ui, panels.recent) {
                    ask = Some(Ask::OpenPath(path));
                }
            });
        });
        ui.menu_button("Formats", formats_ui);
    };
    // Of data that is being opened nothing is known yet: a click waits for it.
    let flat = panels.opening || panels.snapshot.is_some_and(|shown| shown.data.dim() == 2);
    let mut paint = None;
    ui.vertical(|ui| {
        focus::group(ui, "files", Kind::Once, |ui| {
            ui.horizontal(files);
            ui.horizontal(|ui| paint = paint_ui(ui, flat));
        });
    });
    ask = paint.or(ask);
    if let Source::Path(path) = &panels.job.source {
        let tokens = Tokens::in_ui(ui);
        let text = RichText::new(path.display().to_string()).small().color(tokens.text_weak);
        ui.add(egui::Label::new(text).truncate());
        ask = columns_ui(ui, panels).or(ask);
    }
    ask
}

/// The ways to points of one's own.
fn paint_ui(ui: &mut Ui, flat: bool) -> Option<Ask> {
    (ui.spacing_mut().item_spacing.x, ui.spacing_mut().button_padding.x) = (4.0, 6.0);
    let mut ask = None;
    let tip = "Draw and spray points of your own on an empty plane";
    if ui.button("Paint points").on_hover_text(tip).clicked() {
        ask = Some(Ask::Paint { empty: true });
    }
    let tip = "Paint on a copy of the set that is shown, which stays as it is";
    let copy = ui.add_enabled(flat, egui::Button::new("Paint on a copy")).on_hover_text(tip);
    if copy.on_disabled_hover_text("The set that is shown has other than two features").clicked() {
        ask = Some(Ask::Paint { empty: false });
    }
    ask
}

/// The way to the columns of a table, and how many of them are features.
fn columns_ui(ui: &mut Ui, panels: &Panels) -> Option<Ask> {
    let shown = panels.snapshot.filter(|shown| shown.job.source == panels.job.source);
    let outline = shown.and_then(|shown| shown.data.outline.as_deref());
    let clicked = ui.horizontal(|ui| {
        let tip = UiCommand::Columns.tooltip(ui.ctx());
        let clicked = ui.button(UiCommand::Columns.text()).on_hover_text(tip).clicked();
        if let Some(outline) = outline {
            let features = outline.columns.iter().filter(|column| column.role == Role::Feature).count();
            let text = format!("{} of {} are features", format::count(features), format::count(outline.columns.len()));
            line(ui, &text);
        }
        clicked
    });
    clicked.inner.then_some(Ask::Columns)
}

/// Settings that came along from other data: which, and a way back.
fn carried_ui(ui: &mut Ui, carried: Option<&str>) -> Option<Ask> {
    let text = carried?;
    let tokens = Tokens::in_ui(ui);
    let mut ask = None;
    let frame = egui::Frame::new().stroke(egui::Stroke::new(1.0, tokens.warning.gamma_multiply(0.5))).inner_margin(6);
    frame.corner_radius(4).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(egui::Label::new(RichText::new(text).small().color(tokens.text)).wrap());
        ui.horizontal(|ui| {
            if ui.button("Use defaults").on_hover_text("Every setting to its default; the data stays").clicked() {
                ask = Some(Ask::Defaults);
            }
            if ui.button("Keep").on_hover_text("They are meant for this data too").clicked() {
                ask = Some(Ask::KeepSettings);
            }
        });
    });
    ask
}

fn formats_ui(ui: &mut Ui) {
    ui.set_max_width(300.0);
    for format in Format::of_samples() {
        ui.label(format.sentence);
        let Some(example) = format.example else { continue };
        egui::Frame::new().fill(Tokens::in_ui(ui).plot).inner_margin(8).corner_radius(4).show(ui, |ui| {
            ui.set_min_width(270.0);
            ui.label(RichText::new(example).monospace());
        });
    }
    ui.label("A file can also be dropped on the window.");
}

/// Notes that are all in sight, and how many are where there are more: settings come below them.
const MOST_NOTES: usize = 4;
const FIRST_NOTES: usize = 3;

/// As many notes in their order: what may be no number at all goes before what left something out or filled something in, and that before what
/// merely says how it was read.
fn weightiest(notes: &[String], count: usize) -> impl Iterator<Item = &String> {
    let weighs = |note: &str| match note {
        _ if note.contains("far from all its other numbers") => 2,
        _ if note.contains("left out") || note.contains("missing values") => 1,
        _ => 0,
    };
    let mut places: Vec<usize> = (0..notes.len()).collect();
    places.sort_by_key(|&at| std::cmp::Reverse(weighs(&notes[at])));
    places.truncate(count);
    places.sort_unstable();
    places.into_iter().map(|at| &notes[at])
}

/// What happened while loading: dropped, filled, sampled, guessed.
pub(super) fn notes_ui(ui: &mut Ui, panels: &Panels) -> Option<Ask> {
    let snapshot = panels.snapshot?;
    let mut ask = None;
    let data = &snapshot.data;
    let classes = |count: usize| format::counted(count, "class");
    let known = data.labels.as_ref().map(|labels| labels.names.len());
    // What is shown of painted points may be older than they are.
    let painted = panels.job.source.painted().filter(|painted| !painted.is_empty());
    let (points, known) = painted.map_or((data.len(), known), |painted| (painted.len(), painted.classes()));
    let labels = known.map_or_else(|| "no labels".to_owned(), classes);
    let (points, features) = (format::counted(points, "point"), format::counted(data.dim(), "feature"));
    remark(ui, &format!("{points} × {features}, {labels}"));
    let unfolded = egui::Id::unique(("notes of", panels.job.source.to_string()));
    let all = data.notes.len() <= MOST_NOTES || ui.data(|d| d.get_temp(unfolded).unwrap_or(false));
    let shown = if all { data.notes.len() } else { FIRST_NOTES };
    for note in weightiest(&data.notes, shown) {
        // What is said of columns is changed where the columns are.
        if data.outline.is_some() && note.contains("column") {
            let text = RichText::new(spoken(note)).small().color(Tokens::in_ui(ui).text_weak);
            let link = ui.add(egui::Label::new(text).wrap().sense(egui::Sense::click()));
            if link.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text("Show the columns").clicked() {
                ask = Some(Ask::Columns);
            }
        } else {
            remark(ui, &spoken(note));
        }
    }
    let more = data.notes.len() - shown;
    let tip = "How the data was read; all that is said stands under Notes too";
    if more > 0 && ui.button(format::counted(more, "more note")).on_hover_text(tip).clicked() {
        ui.data_mut(|d| d.insert_temp(unfolded, true));
    }
    ask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_no_number_is_said_before_what_was_left_out_and_how_it_was_read() {
        let notes = [
            "cells are parted by `;`",
            "1 line above the table left out",
            "columns of words left out: `a`",
            "missing values filled: 3",
            "99 stands 4 times, far from all its other numbers",
        ]
        .map(str::to_owned);
        let shown: Vec<&str> = weightiest(&notes, 3).map(String::as_str).collect();
        assert_eq!(shown, [&notes[1], &notes[2], &notes[4]]);
        assert_eq!(weightiest(&notes, 9).count(), 5);
    }
}
