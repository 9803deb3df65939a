//! The three linked views side by side, with what they share above them.

use std::sync::Arc;

use eframe::egui::{self, Align, Color32, Layout, RichText, Ui};

use super::axes::{Axis, PointsCache, Side, ViewAxes};
use super::coloring::{self, ColorBy, ColoringCache, Legend};
use super::format;
use super::icons::combo;
use super::names::ClusterNames;
use super::run::Phase;
use super::theme::Tokens;
use super::views::empty_ui;
use super::views::scatter::{ScatterState, Selection, Tool, scatter_ui};
use crate::learn::Snapshot;

/// One view between frames.
#[derive(Debug, Default)]
struct View {
    axes: ViewAxes,
    state: ScatterState,
    cache: PointsCache,
}

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

/// What the colours mean, right-aligned, in the room that is left.
fn legend_ui(ui: &mut Ui, legend: &Legend, dark: bool) {
    let tokens = Tokens::in_ui(ui);
    let color = |[r, g, b]: [u8; 3]| Color32::from_rgb(r, g, b);
    match legend {
        Legend::Categories(categories) => {
            let font = egui::TextStyle::Small.resolve(ui.style());
            let text =
                |name: &str| ui.painter().layout_no_wrap(format::short(name, 14), font.clone(), tokens.text_weak);
            let mut room = ui.available_width() - 50.0;
            let galleys: Vec<_> = categories
                .iter()
                .map(|c| (text(&c.name), color(c.color)))
                .take_while(|(galley, _)| {
                    room -= galley.size().x + 22.0;
                    room > 0.0
                })
                .collect();
            let more = categories.len() - galleys.len();
            if more > 0 {
                ui.label(RichText::new(format!("+{more}")).small().color(tokens.text_weak))
                    .on_hover_text("All are listed under Clusters");
            }
            for (galley, color) in galleys.into_iter().rev() {
                let (rect, _) = ui.allocate_exact_size(galley.size() + egui::vec2(14.0, 0.0), egui::Sense::hover());
                ui.painter().circle_filled(rect.left_center() + egui::vec2(4.0, 0.0), 4.0, color);
                ui.painter().galley(rect.min + egui::vec2(12.0, 0.0), galley, tokens.text_weak);
            }
        }
        Legend::Gradient { low, high } => {
            ui.label(RichText::new(format::number(*high)).small().color(tokens.text_weak));
            let (rect, _) = ui.allocate_exact_size(egui::vec2(110.0, 10.0), egui::Sense::hover());
            let steps = 44;
            for i in 0..steps {
                let t = i as f32 / (steps - 1) as f32;
                let x = rect.left() + rect.width() * i as f32 / steps as f32;
                let part = egui::Rect::from_min_size(
                    egui::pos2(x, rect.top()),
                    egui::vec2(rect.width() / steps as f32 + 0.5, rect.height()),
                );
                ui.painter().rect_filled(part, 0.0, color(crate::output::palette::gradient(t)));
            }
            ui.label(RichText::new(format::number(*low)).small().color(tokens.text_weak));
        }
        Legend::Position => {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(22.0, 22.0), egui::Sense::hover());
            let cells = 6;
            let cell = rect.size() / cells as f32;
            for (x, y) in (0..cells * cells).map(|i| (i % cells, i / cells)) {
                let at = |i: i32| (i as f32 + 0.5) / cells as f32;
                let corner = rect.min + egui::vec2(x as f32 * cell.x, y as f32 * cell.y);
                let fill = color(coloring::place_color(at(x), 1.0 - at(y), dark));
                ui.painter().rect_filled(egui::Rect::from_min_size(corner, cell), 0.0, fill);
            }
            ui.label(RichText::new("place in the input").small().color(tokens.text_weak));
        }
    }
}

/// What empty views wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where the run stands.
    pub phase: Phase,
    /// Whether the learned side is wanted.
    pub learn: bool,
    /// Whether the exact side is wanted.
    pub exact: bool,
}

impl Waiting {
    fn text(self, side: Side, data: bool) -> &'static str {
        match side {
            Side::Learned | Side::Exact if !data && self.phase == Phase::Opening => "Waiting for the data…",
            Side::Learned | Side::Exact if !data => "Needs data",
            Side::Input if self.phase == Phase::Opening => "Reading the data…",
            Side::Input => "Open a file, drop one here, or choose a set on the left",
            Side::Learned if !self.learn => "The learned side is off",
            Side::Learned if self.phase == Phase::Running => "Waiting for the first evaluation…",
            Side::Learned => "Press Space to train",
            Side::Exact if !self.exact => "The exact side is off",
            Side::Exact if self.phase == Phase::Running => "Solving…",
            Side::Exact => "Computed beside the training",
        }
    }
}

impl View {
    fn ui(
        &mut self,
        ui: &mut Ui,
        side: Side,
        snapshot: Option<&Arc<Snapshot>>,
        colors: Option<&super::views::scatter::Colors>,
        selection: &mut Selection,
        waiting: Waiting,
    ) -> Option<u32> {
        let tokens = Tokens::in_ui(ui);
        let frame = ui.max_rect();
        ui.painter().rect(frame, 4.0, tokens.plot, egui::Stroke::new(1.0, tokens.line), egui::StrokeKind::Inside);
        let there = snapshot.filter(|s| side == Side::Input || side.space(s).is_some());
        let inner = frame.shrink2(egui::vec2(8.0, 6.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
            self.header_ui(ui, side, there);
            let (Some(snapshot), Some(colors)) = (there, colors) else {
                empty_ui(ui, waiting.text(side, snapshot.is_some()));
                return None;
            };
            let axes = self.axes.resolved(side, snapshot).map(|a| a.label(side, snapshot));
            // Places in the input are lengths; eigenvectors are all of one size already.
            self.state.equal_aspect = side == Side::Input && snapshot.data.dim() > 1;
            let points = self.cache.get(side, &self.axes, snapshot);
            let names = [axes[0].as_str(), axes[1].as_str(), axes[2].as_str()];
            scatter_ui(ui, side.title(), points, colors, names, self.axes.three_d, &mut self.state, selection).hovered
        })
        .inner
    }

    /// Title and figures, then the axis pickers.
    fn header_ui(&mut self, ui: &mut Ui, side: Side, snapshot: Option<&Arc<Snapshot>>) {
        let tokens = Tokens::in_ui(ui);
        ui.horizontal(|ui| {
            ui.label(RichText::new(side.title()).color(title_color(side, tokens)).strong());
            let Some(snapshot) = snapshot else { return };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(
                    egui::Label::new(RichText::new(figure(side, snapshot)).small().color(tokens.text_weak)).truncate(),
                );
            });
        });
        let Some(snapshot) = snapshot else { return };
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let letters = ["x", "y", "z"];
            let shown = if self.axes.three_d { 3 } else { 2 };
            let room = ui.available_width() - 48.0;
            let width = (room / shown as f32 - 32.0).clamp(28.0, 96.0);
            for (i, letter) in letters.into_iter().enumerate().take(shown) {
                self.axis_ui(ui, side, snapshot, i, letter, width);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let button = egui::Button::selectable(self.axes.three_d, "3-D").frame_when_inactive(true);
                let response = ui.add(button);
                let (on, name) = (self.axes.three_d, format!("{}, three dimensions", side.title()));
                response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, &name));
                if response.on_hover_text("Show three axes; drag to turn the picture").clicked() {
                    self.axes.three_d = !self.axes.three_d;
                    self.state.fit();
                }
            });
        });
    }

    fn axis_ui(&mut self, ui: &mut Ui, side: Side, snapshot: &Snapshot, i: usize, letter: &str, width: f32) {
        let now = self.axes.resolved(side, snapshot)[i];
        let label = ui.label(RichText::new(letter).small().color(Tokens::in_ui(ui).text_weak));
        let name = format::short(&now.name(snapshot), (width / 7.0) as usize);
        let combo = combo(("axis", i), width).selected_text(RichText::new(name).small());
        let shown = combo.height(360.0).show_ui(ui, |ui| {
            ui.set_min_width(150.0);
            for axis in Axis::choices(side, snapshot) {
                if ui.selectable_label(axis == now, axis.long_name(side, snapshot)).clicked() {
                    self.axes.chosen[i] = Some(axis);
                    self.state.fit();
                }
            }
        });
        let response = shown.response.labelled_by(label.id);
        response.on_hover_text(format!("What stands on the {letter} axis: {}", now.long_name(side, snapshot)));
    }
}

fn title_color(side: Side, tokens: &Tokens) -> Color32 {
    match side {
        Side::Input => tokens.text_strong,
        Side::Learned => tokens.accent,
        Side::Exact => tokens.exact,
    }
}

/// One line about what a view shows.
fn figure(side: Side, snapshot: &Snapshot) -> String {
    let scored = |scores: Option<crate::measure::Scores>| scores.map(|s| format!("ACC {:.3}", s.acc));
    match side {
        Side::Input => {
            scored(snapshot.baseline.as_ref().and_then(|b| b.1)).map_or_else(String::new, |s| format!("k-means {s}"))
        }
        Side::Learned => {
            let scores = scored(snapshot.learned.as_ref().and_then(|s| s.scores));
            let step = (snapshot.step > 0).then(|| format!("step {}", format::count(snapshot.step)));
            [scores, step].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        Side::Exact => {
            let residual = snapshot.exact.as_ref().map(|s| format!("residual {}", format::number(s.residual)));
            let scores = scored(snapshot.exact.as_ref().and_then(|s| s.scores));
            [scores, residual].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
    }
}
