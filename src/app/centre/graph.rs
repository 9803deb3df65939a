//! The graph in the views: its edges, the star of the point at hand, and what moves on it from a point.

use std::time::Duration;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{self, RichText, Ui};

use super::Centre;
use crate::app::gpu;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::ease;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, bordered};
use crate::app::shown::edges::{EdgeCache, EdgeColor};
use crate::app::shown::motion::{Motion, Moving};
use crate::pipeline::Snapshot;

/// What moves shows this many pictures a second.
const PICTURE: Duration = Duration::from_millis(80);

/// How the graph is shown.
#[derive(Debug, Default)]
pub struct GraphView {
    /// Whether its edges are drawn.
    pub edges: bool,
    /// What their colour means.
    pub color: EdgeColor,
    /// What moves on it.
    pub moving: Moving,
    pub(super) cache: EdgeCache,
    /// When the picture shown came, by the window's clock.
    since: f64,
    /// Whether nothing may play by itself: what moves waits for Play.
    still: bool,
}

impl GraphView {
    /// The same for other data: nothing moves.
    #[must_use]
    pub(super) fn without_data(&self) -> Self {
        Self { edges: self.edges, color: self.color, ..Self::default() }
    }

    /// Begins with what moves, which plays unless nothing may by itself.
    pub(super) fn begin(&mut self, what: Motion, from: Option<u32>) {
        self.moving.begin(what, from);
        self.moving.playing = !self.still;
    }

    /// Goes on with what moves, once its picture was long enough on the screen.
    pub(super) fn play(&mut self, ctx: &egui::Context) {
        self.still = ease::is_still(ctx);
        if !self.moving.playing || self.moving.what.is_none() || self.moving.from.is_none() {
            return;
        }
        let now = ctx.input(|i| i.time);
        if now - self.since >= PICTURE.as_secs_f64() {
            self.since = now;
            self.moving.advance();
        }
        if self.moving.playing {
            ctx.request_repaint_after(PICTURE.max(gpu::rest(ctx)));
        }
    }
}

impl Centre {
    /// Starts what moves at the point at hand, or ends it.
    pub fn toggle_motion(&mut self, what: Motion) {
        let moving = &mut self.graph.moving;
        if moving.what == Some(what) {
            *moving = Moving::default();
        } else {
            let from = self.selection.hovered.or(self.selection.pinned).or(moving.from);
            self.graph.begin(what, from);
        }
    }

    /// The menu of the graph; a command that was chosen.
    pub(super) fn graph_menu_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot) -> Option<UiCommand> {
        let mut command = None;
        let there = snapshot.operator.is_some();
        ui.add_enabled_ui(there, |ui| {
            let lit = self.graph.edges || self.graph.moving.what.is_some();
            let button = MenuButton::from_button(egui::Button::new("Edges").selected(lit));
            let (menu, _) = button.ui(ui, |ui| {
                ui.set_min_width(200.0);
                let can = gpu::draws_edges(ui.ctx());
                let keys = |of: UiCommand| of.keys(ui.ctx()).unwrap_or_default();
                let [edges_keys, heat_keys] = [UiCommand::Edges, UiCommand::Heat].map(keys);
                let edges = egui::Button::selectable(self.graph.edges, "Draw edges").shortcut_text(edges_keys);
                let response = ui.add_enabled(can, edges).on_hover_text(UiCommand::Edges.tip());
                if response.on_disabled_hover_text("This device draws no edges").clicked() {
                    command = Some(UiCommand::Edges);
                }
                ui.label(RichText::new("Colour of edges").small().color(Tokens::in_ui(ui).text_weak));
                ui.scope(|ui| {
                    bordered(ui);
                    for by in EdgeColor::ALL {
                        let choice = ui.radio(self.graph.color == by, by.name());
                        if choice.on_hover_text(by.tip()).clicked() {
                            (self.graph.color, self.graph.edges) = (by, can);
                        }
                    }
                });
                ui.separator();
                let from = RichText::new("From a clicked point").small().color(Tokens::in_ui(ui).text_weak);
                ui.label(from);
                for what in [Motion::Heat, Motion::Drum] {
                    let keys = if what == Motion::Heat { heat_keys.clone() } else { String::new() };
                    let on = self.graph.moving.what == Some(what);
                    let button = egui::Button::selectable(on, what.name()).shortcut_text(keys);
                    let can = what == Motion::Heat || snapshot.exact.is_some();
                    let response = ui.add_enabled(can, button).on_hover_text(what.tip());
                    if response.on_disabled_hover_text("There are no exact eigenvectors yet").clicked() {
                        self.toggle_motion(what);
                        ui.close();
                    }
                }
            });
            let tip = "Draw the edges of the graph, and what moves along them";
            menu.on_hover_text(tip).on_disabled_hover_text("There is a graph once a run has built it");
        });
        command
    }

    /// The controls of what moves, over the views.
    pub(super) fn motion_ui(&mut self, ctx: &egui::Context, area: egui::Rect, snapshot: &Snapshot) {
        let Some(what) = self.graph.moving.what.filter(|_| snapshot.operator.is_some()) else { return };
        let place = area.center_bottom() - egui::vec2(0.0, 26.0);
        let panel = egui::Area::new(egui::Id::unique("motion")).pivot(egui::Align2::CENTER_BOTTOM);
        panel.fixed_pos(place).order(egui::Order::Middle).constrain_to(area).show(ctx, |ui| {
            egui::Frame::popup(ui.style()).show(ui, |ui| {
                ui.horizontal(|ui| self.motion_row_ui(ui, what, snapshot));
            });
        });
    }

    fn motion_row_ui(&mut self, ui: &mut Ui, what: Motion, snapshot: &Snapshot) {
        let tokens = Tokens::in_ui(ui);
        let moving = &mut self.graph.moving;
        let Some(from) = moving.from else {
            ui.label(format!("{}: click a point", what.name()));
            if ui.button("Close").clicked() {
                *moving = Moving::default();
            }
            return;
        };
        let row = snapshot.data.rows.get(from as usize).copied().unwrap_or(from as usize);
        ui.label(
            RichText::new(format!("{} from sample {}", what.name(), format::count(row + 1))).color(tokens.text_strong),
        );
        let (text, tip) = if moving.playing { ("Pause", "Hold it where it is") } else { ("Play", "Let it go on") };
        if ui.button(text).on_hover_text(tip).clicked() {
            if !moving.playing && moving.at >= moving.last() {
                moving.at = 0;
            }
            moving.playing = !moving.playing;
        }
        let mut at = moving.at;
        let slider = egui::Slider::new(&mut at, 0..=moving.last().max(1)).show_value(false);
        ui.spacing_mut().slider_width = 180.0;
        let response = ui.add(slider).on_hover_text("How far it has come");
        let words = moving.words();
        response.widget_info(|| egui::WidgetInfo::slider(true, at as f64, format!("{}, {words}", what.name())));
        if response.changed() {
            (moving.at, moving.playing) = (at, false);
        }
        ui.add_sized([86.0, 16.0], egui::Label::new(RichText::new(moving.words()).color(tokens.text_weak)));
        if ui.button("Close").on_hover_text("The points take their own colours again").clicked() {
            *moving = Moving::default();
        }
    }
}
