//! The three linked views side by side, with what they share above them.

mod legend;
mod view;

use std::sync::Arc;

use eframe::egui::{self, Align, Layout, RichText, Ui};

use super::axes::{Side, is_connected};
use super::coloring::{ColorBy, ColoringCache, Legend};
use super::format;
use super::icons::combo;
use super::names::ClusterNames;
use super::theme::Tokens;
use super::views::scatter::{Selection, Tool};
use crate::learn::Snapshot;
use legend::legend_ui;
use view::View;
pub use view::Waiting;

/// The three views and what they share.
#[derive(Debug, Default)]
pub struct Centre {
    views: [View; 3],
    /// What the person coloured by; `None` follows the data.
    pub color_by: Option<ColorBy>,
    coloring: ColoringCache,
    /// The marked points.
    pub selection: Selection,
}

/// What happened in the views.
#[derive(Clone, Debug, Default)]
pub struct CentreResponse {
    /// The point under the pointer, and where it is.
    pub hovered: Option<u32>,
}

impl Centre {
    /// Shows all points in every view again.
    pub fn fit(&mut self) {
        for view in &mut self.views {
            view.state.fit();
        }
    }

    /// Forgets what belongs to the data shown so far.
    pub fn reset(&mut self) {
        let tool = self.views[0].state.tool;
        *self = Self::default();
        self.set_tool(tool);
    }

    fn set_tool(&mut self, tool: Tool) {
        for view in &mut self.views {
            view.state.tool = tool;
        }
    }

    /// Draws everything. `waiting` says what an empty view waits for.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        snapshot: Option<&Arc<Snapshot>>,
        names: &ClusterNames,
        waiting: Waiting,
    ) -> CentreResponse {
        let dark = ui.visuals().dark_mode;
        let by = snapshot.map(|s| ColorBy::resolve(self.color_by, s));
        if let (Some(snapshot), Some(by)) = (snapshot, by) {
            self.selection.resize(snapshot.data.len());
            let legend = self.coloring.get(by, snapshot, dark, names).legend.clone();
            self.toolbar_ui(ui, snapshot, by, &legend);
        } else {
            ui.add_space(ui.spacing().interact_size.y);
        }
        let area = ui.available_rect_before_wrap();
        let gap = 6.0;
        let width = (area.width() - 2.0 * gap) / 3.0;
        let mut answer = CentreResponse::default();
        let before = self.selection.hovered;
        for (i, side) in Side::ALL.into_iter().enumerate() {
            let corner = area.min + egui::vec2(i as f32 * (width + gap), 0.0);
            let rect = egui::Rect::from_min_size(corner, egui::vec2(width, area.height()));
            let builder = egui::UiBuilder::new().max_rect(rect).id_salt(side.title());
            ui.scope_builder(builder, |ui| {
                ui.set_clip_rect(rect.intersect(ui.clip_rect()));
                let coloring = snapshot.zip(by).map(|(s, by)| self.coloring.get(by, s, dark, names).colors.clone());
                let view = &mut self.views[i];
                let hovered = view.ui(ui, side, snapshot, coloring.as_ref(), &mut self.selection, waiting);
                answer.hovered = answer.hovered.or(hovered);
            });
        }
        self.selection.hovered = answer.hovered;
        if before != answer.hovered {
            // The views to the left of the pointer were drawn with the point of the frame before.
            ui.ctx().request_repaint();
        }
        ui.advance_cursor_after_rect(area);
        answer
    }

    /// One click colours by the Fiedler vector, another goes back to what the data suggests.
    fn fiedler_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot, by: ColorBy) {
        let fiedler = ColorBy::fiedler(snapshot);
        let on = fiedler == Some(by);
        let tip = if is_connected(snapshot) {
            "Colour by the second eigenvector: it runs along the graph from end to end, and its change of sign approximates the best balanced cut in two"
        } else {
            "Colour by the second eigenvector: the graph is in parts, which it tells apart and no more"
        };
        let button = ui.add_enabled(fiedler.is_some(), egui::Button::selectable(on, "Fiedler vector"));
        if button
            .on_hover_text(tip)
            .on_disabled_hover_text("There is a Fiedler vector once two eigenvectors are found")
            .clicked()
        {
            self.color_by = if on { None } else { fiedler };
        }
    }

    fn toolbar_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot, by: ColorBy, legend: &Legend) {
        let tokens = Tokens::in_ui(ui);
        ui.horizontal(|ui| {
            let label = ui.label(RichText::new("Colour by").color(tokens.text_weak));
            let combo = combo("colour by", 132.0).selected_text(by.name(snapshot));
            let shown = combo.height(420.0).show_ui(ui, |ui| {
                for choice in ColorBy::choices(snapshot) {
                    if ui.selectable_label(choice == by, choice.name(snapshot)).clicked() {
                        self.color_by = Some(choice);
                    }
                }
            });
            shown
                .response
                .labelled_by(label.id)
                .on_hover_text("What the colour of a point means, the same in all views");
            self.fiedler_ui(ui, snapshot, by);
            ui.separator();
            let tool = self.views[0].state.tool;
            let tools = [
                (Tool::Navigate, "Move", "Drag to move the picture, or to turn it in 3-D; scroll to zoom"),
                (Tool::Lasso, "Lasso", "Draw around points to select them; Shift adds, Alt removes"),
                (Tool::Rectangle, "Box", "Drag a rectangle over points to select them; Shift adds, Alt removes"),
            ];
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                for (choice, name, tip) in tools {
                    if ui.add(egui::Button::selectable(tool == choice, name)).on_hover_text(tip).clicked() {
                        self.set_tool(choice);
                    }
                }
            });
            let fit = super::commands::UiCommand::FitViews.tooltip(ui.ctx());
            if ui.button("Fit").on_hover_text(fit).clicked() {
                self.fit();
            }
            if self.selection.count() > 0 {
                ui.separator();
                ui.label(format!("{} selected", format::count(self.selection.count())));
                let clear = super::commands::UiCommand::ClearSelection.tooltip(ui.ctx());
                if ui.button("Clear").on_hover_text(clear).clicked() {
                    self.selection.clear();
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| legend_ui(ui, legend, tokens.dark));
        });
    }
}
