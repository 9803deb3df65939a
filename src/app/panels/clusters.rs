//! Clusters: the legend that can be clicked. A click selects a cluster's points, a double click renames it, its menu does the rest.

use eframe::egui::{self, Align, Color32, Id, Key, Layout, RichText, Sense, Ui};

use super::cluster_menu::{items_ui, menu_ui};
use super::{Ask, Panels, remark};
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::shapes::{self, Shape};
use crate::app::kit::theme::Tokens;
use crate::app::shown::coloring::{self, ColorBy};
use crate::app::shown::labels::{Labels, side};
use crate::app::views::scatter::Effect;
use crate::pipeline::Snapshot;
use crate::project::Deed;

/// Width of a row's menu, in points.
pub(super) const MENU_WIDTH: f32 = 22.0;

/// What a row of the list asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterAction {
    /// Select its points, as the switch of effects says.
    Select,
    /// Add its points, or take them out if all are in.
    Toggle,
    /// Give it another name.
    Rename,
}

/// What the list shows: the colours' own clusters if they are clusters, the best there is otherwise.
fn listed(panels: &Panels, snapshot: &Snapshot) -> Option<ColorBy> {
    [panels.color_by, ColorBy::Learned, ColorBy::Exact, ColorBy::Label]
        .into_iter()
        .find(|&by| coloring::categories(by, snapshot).is_some())
}

pub(super) fn clusters_ui(ui: &mut Ui, panels: &mut Panels) -> Option<Ask> {
    let Some(snapshot) = panels.snapshot else {
        remark(ui, "They appear once there is data");
        return None;
    };
    let Some(by) = listed(panels, snapshot) else {
        remark(ui, "They appear once a solver is through");
        return None;
    };
    let labels = panels.labels;
    let (ids, _) = labels.ids(by, snapshot)?;
    let rows = rows(ui, panels, by, snapshot);
    remark(ui, &heading(ui.ctx(), labels, by, snapshot));
    // Classes have the names of the data, and are nobody's guess.
    let mut ask = if side(by).is_some() { review_ui(ui, panels.review) } else { found_ui(ui, snapshot) };
    let mut arrived = false;
    focus::group(ui, "clusters", Kind::Once, |ui| {
        for row in rows {
            if panels.drafts.cluster.as_ref().is_some_and(|(b, i, _)| (*b, *i) == (by, row.id)) {
                ask = rename_ui(ui, panels, by, row.id).map(|deed| Ask::Edit(Box::new(deed))).or(ask.take());
                continue;
            }
            if std::mem::take(&mut panels.drafts.to_list) {
                focus::go_to(ui.ctx(), row.widget);
                arrived = true;
            }
            let (action, chosen) = row_ui(ui, panels, by, &row);
            ask = chosen.or(ask.take());
            if let Some(action) = action {
                act(panels, by, row, ids, action);
            }
        }
    });
    if arrived {
        // All of it, not its first row alone.
        ui.scroll_to_rect(ui.min_rect(), Some(Align::Min));
    }
    let nameless = ids.iter().filter(|&&id| id == crate::data::Labels::UNLABELLED).count();
    if by == ColorBy::Label && nameless > 0 {
        let share = 100.0 * nameless as f32 / ids.len() as f32;
        remark(ui, &format!("{} without a class, {share:.0} %", format::counted(nameless, "point")));
    }
    let waiting = labels.waiting();
    if !waiting.is_empty() {
        remark(ui, &format!("No cluster fits these at present; they are kept: {}", waiting.join("; ")));
    }
    ask
}

/// Whose clusters these are, and what a click does with them.
fn heading(ctx: &egui::Context, labels: &Labels, by: ColorBy, snapshot: &Snapshot) -> String {
    let add = if ctx.os().is_mac() { "⌘+click" } else { "Ctrl+click" };
    let rename = if side(by).is_some() { ", double-click or F2 to rename" } else { "" };
    let edited = if labels.relabels(by) { ", edited" } else { "" };
    let name = by.name(snapshot);
    let of = match name.strip_prefix("cluster, ") {
        Some(solver) => format!("Clusters, {solver}"),
        None if by == ColorBy::Label => "Classes of the data".to_owned(),
        None => format!("By {name}"),
    };
    format!("{of}{edited}. Click to select, {add} to add{rename}")
}

/// A row for each cluster that is to be seen.
fn rows(ui: &Ui, panels: &Panels, by: ColorBy, snapshot: &Snapshot) -> Vec<Row> {
    let labels = panels.labels;
    let colors = coloring::category_colors(by, snapshot, panels.dark, labels);
    let shaped = shapes::are_shown(ui.ctx());
    let shapes = if shaped { coloring::category_numbers(by, snapshot, labels) } else { Vec::new() };
    let seen = labels.seen(by, snapshot);
    let all = labels.ids(by, snapshot).map_or(1, |(ids, _)| ids.len().max(1)) as f32;
    let row = |(id, count): (u32, usize)| {
        let outliers = labels.labelled(by).and_then(|l| l.entries.get(id as usize)).is_some_and(|e| e.outliers);
        let [r, g, b] = colors.get(id as usize).copied().unwrap_or([128; 3]);
        Row {
            id,
            widget: row_id(ui, by, id),
            name: labels.name(by, id, snapshot),
            color: Color32::from_rgb(r, g, b),
            shape: shapes.get(id as usize).map_or(Shape::Disc, |&number| Shape::of(number)),
            count,
            share: count as f32 / all,
            can_edit: side(by).is_some() && !outliers,
        }
    };
    seen.into_iter().map(row).collect()
}

/// Does what a click on a row asked for; `ids` are the clusters of all samples.
fn act(panels: &mut Panels, by: ColorBy, row: Row, ids: &[u32], action: ClusterAction) {
    if action == ClusterAction::Rename {
        // The first of the two clicks selected its points.
        panels.selection.give_back_click();
        panels.drafts.cluster = Some((by, row.id, row.name));
        return;
    }
    let points: Vec<u32> = (0..).zip(ids).filter_map(|(i, &of)| (of == row.id).then_some(i)).collect();
    select(panels, &points, action);
}

/// A row with its menu: what was done to the cluster, and what was chosen.
fn row_ui(ui: &mut Ui, panels: &mut Panels, by: ColorBy, row: &Row) -> (Option<ClusterAction>, Option<Ask>) {
    let id = row.id;
    if ui.memory(|m| m.has_focus(row.widget)) {
        panels.drafts.row = Some((by, id));
    }
    let drawn = ui.horizontal(|ui| {
        // The menu has exactly its width, so that the rows do.
        (ui.spacing_mut().item_spacing.x, ui.spacing_mut().button_padding.x) = (2.0, 0.0);
        let (response, action) = row.ui(ui);
        if !row.can_edit {
            return (action, None);
        }
        // A right click opens the same menu.
        let menu = egui::Popup::context_menu(&response);
        let chosen = menu.show(|ui| items_ui(ui, panels, by, id, &row.name)).and_then(|chosen| chosen.inner);
        (action, menu_ui(ui, panels, by, id, &row.name).or(chosen))
    });
    drawn.inner
}

/// Where classes are listed, which have the names of the data: the way to the clusters that can be named, merged and split.
fn found_ui(ui: &mut Ui, snapshot: &Snapshot) -> Option<Ask> {
    let found = [ColorBy::Learned, ColorBy::Exact].into_iter().find(|&by| coloring::categories(by, snapshot).is_some());
    let tip =
        "Colour the points by the clusters that were found, and list those here: they can be named, merged and split";
    // There from the start, so that nothing below it moves.
    let button = ui.add_enabled(found.is_some(), egui::Button::new("Show the clusters found"));
    let clicked =
        button.on_hover_text(tip).on_disabled_hover_text("There are clusters once a solver is through").clicked();
    found.filter(|_| clicked).map(Ask::ColorBy)
}

/// The way into a review, and out of it again.
fn review_ui(ui: &mut Ui, review: Option<bool>) -> Option<Ask> {
    let (command, on) = (UiCommand::Review, review == Some(true));
    let button = egui::Button::selectable(on, command.text()).frame_when_inactive(true);
    let button = ui.add_enabled(review.is_some(), button).on_hover_text(command.tooltip(ui.ctx()));
    let clicked = button.on_disabled_hover_text("What is shown is no result, whose labels are kept").clicked();
    clicked.then_some(Ask::Review)
}

fn row_id(ui: &Ui, by: ColorBy, id: u32) -> Id {
    ui.make_persistent_id(("cluster", by, id))
}

fn select(panels: &mut Panels, points: &[u32], action: ClusterAction) {
    let all_in = points.iter().all(|&p| panels.selection.contains(p));
    let only_these = all_in && panels.selection.count() == points.len();
    let effect = match action {
        ClusterAction::Toggle if all_in => Effect::Remove,
        ClusterAction::Toggle => Effect::Add,
        _ if only_these && panels.selection.effect == Effect::Replace => Effect::Remove,
        _ => panels.selection.effect,
    };
    panels.selection.apply(effect, points.iter().copied());
}

/// A cluster in the list.
struct Row {
    id: u32,
    widget: Id,
    name: String,
    color: Color32,
    shape: Shape,
    count: usize,
    /// Of all points, 0..=1.
    share: f32,
    can_edit: bool,
}

impl Row {
    fn ui(&self, ui: &mut Ui) -> (egui::Response, Option<ClusterAction>) {
        let menu = if self.can_edit { MENU_WIDTH + 2.0 } else { 0.0 };
        let size = egui::vec2(ui.available_width() - menu, ui.spacing().interact_size.y - 2.0);
        let (_, rect) = ui.allocate_space(size);
        let response = ui.interact(rect, self.widget, Sense::click());
        let text = format!("Cluster {}, {}", self.name, format::counted(self.count, "point"));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &text));
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, response.hovered() || response.has_focus());
        }
        if self.can_edit && response.double_clicked() {
            return (response, Some(ClusterAction::Rename));
        }
        let add = ui.input(|i| i.modifiers.command || i.modifiers.shift);
        let action = response.clicked().then_some(if add { ClusterAction::Toggle } else { ClusterAction::Select });
        (response, action)
    }

    fn paint(&self, ui: &Ui, rect: egui::Rect, on: bool) {
        let tokens = Tokens::in_ui(ui);
        let painter = ui.painter();
        if on {
            painter.rect_filled(rect, 4.0, tokens.control);
        }
        // The tint behind is the cluster's share of all points.
        let tint = egui::Rect::from_min_size(rect.min, egui::vec2(rect.width() * self.share, rect.height()));
        painter.rect_filled(tint, 4.0, self.color.gamma_multiply(0.16));
        self.shape.paint(painter, rect.left_center() + egui::vec2(9.0, 0.0), 4.5, self.color);
        let font = egui::TextStyle::Body.resolve(ui.style());
        let small = egui::TextStyle::Small.resolve(ui.style());
        let at = rect.left_center() + egui::vec2(22.0, 0.0);
        painter.text(at, egui::Align2::LEFT_CENTER, format::short(&self.name, 22), font, tokens.text);
        let number = format!("{}  {:.0} %", format::count(self.count), 100.0 * self.share);
        let at = rect.right_center() - egui::vec2(4.0, 0.0);
        painter.text(at, egui::Align2::RIGHT_CENTER, number, small, tokens.text_weak);
    }
}

/// The name being typed; the edit once it is given.
fn rename_ui(ui: &mut Ui, panels: &mut Panels, by: ColorBy, id: u32) -> Option<Deed> {
    let (_, _, typed) = panels.drafts.cluster.as_mut()?;
    let mut done = false;
    ui.allocate_ui_with_layout(egui::vec2(ui.available_width(), 24.0), Layout::left_to_right(Align::Center), |ui| {
        let label = ui.label(RichText::new("Name").small());
        let edit = ui.add(egui::TextEdit::singleline(typed).char_limit(60).desired_width(f32::INFINITY));
        let edit = edit.labelled_by(label.id);
        if edit.lost_focus() {
            done = true;
        } else if !edit.has_focus() {
            edit.request_focus();
            focus::select_all(ui.ctx(), edit.id, typed);
        }
    });
    if !done {
        return None;
    }
    let (enter, escape) = ui.input(|i| (i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
    if enter || escape {
        // The row has the keyboard again, so that one can go on from it.
        focus::go_to(ui.ctx(), row_id(ui, by, id));
    }
    let name = panels.drafts.cluster.take().map(|(_, _, name)| name).filter(|_| !escape)?;
    panels.labels.rename(by, id, &name, panels.snapshot?)
}
