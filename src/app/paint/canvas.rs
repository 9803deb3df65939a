//! The plane that is painted on: its points, the hand over it, and what it does.

use std::time::Duration;

use eframe::egui::emath::GuiRounding as _;
use eframe::egui::{self, Align2, Color32, CursorIcon, Event, PointerButton, Pos2, Rect, Response, Sense, Ui, Vec2};

use super::shape::{self, Grip};
use super::stroke::Deed;
use super::tools::{Box2, Place};
use super::{Answer, Around, Paint, Tool};
use crate::app::gpu::{self, Drawing, Style};
use crate::app::kit::focus;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, UNIT};
use crate::app::views::camera::FlatView;
use crate::data::Painted;

/// Time between two dabs of a spray that is held still.
const DAB: Duration = Duration::from_millis(60);
/// A rectangle smaller than this is a click, in points on the screen.
const CLICK: f64 = 3.0;

/// A place under the hand, in the units of the plane.
fn place(view: &FlatView, at: Pos2) -> Place {
    view.to_data(at)
}

impl Paint {
    /// Draws the plane and takes in what the hand and the keys do on it.
    pub(super) fn canvas_ui(&mut self, ui: &mut Ui, around: &Around<'_>, answer: &mut Answer) {
        let size = ui.available_size().max(Vec2::splat(10.0 * UNIT));
        let id = ui.make_persistent_id("painting");
        let (_, outer) = ui.allocate_space(size);
        let response = ui.interact(outer, id, Sense::click_and_drag());
        let rect = outer.round_to_pixels(ui.pixels_per_point());
        self.camera(ui, &response, rect);
        let view = self.flat.view(&self.framing, true, rect);
        self.by_hand(ui, &response, &view, around, answer);
        if response.has_focus() {
            self.by_keys(ui, &response, &view, around, answer);
        }
        let painted = answer.painted.clone().unwrap_or_else(|| around.painted.clone());
        self.paint(ui, &response, &view, &painted);
        focus::enter_at(ui.ctx(), response.id);
        let text = self.words(&painted);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, &text));
    }

    /// What a screen reader is told.
    fn words(&self, painted: &Painted) -> String {
        let class = if self.class == 0 { "no class".to_owned() } else { format!("class {}", self.class) };
        let chosen = if self.chosen.is_empty() { String::new() } else { format!(", {} selected", self.chosen.len()) };
        let count = format::counted(painted.len(), "point");
        format!("Painting: {count}{chosen}, {}, {class}", self.tool.name().to_lowercase())
    }

    /// Wheel, pinch and the other buttons move the plane.
    fn camera(&mut self, ui: &Ui, response: &Response, rect: Rect) {
        let view = self.flat.view(&self.framing, true, rect);
        if let Some(at) = response.hover_pos().filter(|at| rect.contains(*at)) {
            let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta()));
            let factor = (f64::from(scroll.x + scroll.y) * 0.005).exp() * f64::from(pinch);
            if (factor - 1.0).abs() > 1e-6 {
                self.flat.zoom_about(factor, at, &self.framing, &view);
                ui.input_mut(|i| i.smooth_scroll_delta = Vec2::ZERO);
            }
        }
        let others = [PointerButton::Secondary, PointerButton::Middle];
        if others.into_iter().any(|button| response.dragged_by(button)) {
            self.flat.pan(response.drag_delta(), &self.framing, &view);
        }
    }

    /// The frame around what changes, on the screen.
    fn frame(&self, painted: &Painted, view: &FlatView) -> Option<Rect> {
        let wanted = self.tool == Tool::Shape;
        Box2::of(painted.dots(), &self.chosen).filter(|_| wanted).map(|of| shape::frame(&of, view))
    }

    fn by_hand(&mut self, ui: &Ui, response: &Response, view: &FlatView, around: &Around<'_>, answer: &mut Answer) {
        let (time, down, modifiers) = ui.input(|i| (i.time, i.pointer.primary_down(), i.modifiers));
        let held = down && response.is_pointer_button_down_on();
        let brush = self.brush(view.scale[0]);
        let at = response.interact_pointer_pos().or(response.hover_pos());
        // A press that was let go within one frame is a stroke all the same.
        let quick = response.clicked() && self.stroke.is_none();
        let start = ui.input(|i| i.pointer.press_origin()).or(at);
        if let Some(start) = start.filter(|_| self.stroke.is_none() && (held || quick)) {
            response.request_focus();
            self.cursor = None;
            let grip = self.frame(around.painted, view).and_then(|frame| shape::grip(frame, start));
            let hand = (place(view, start), brush);
            self.begin(around.painted, (around.seed, time), hand, (grip, modifiers.shift));
        }
        if self.stroke.is_none() || self.is_by_keys() {
            return;
        }
        // A quick hand passes many places in one frame.
        let passed: Vec<Pos2> = ui.input(|i| {
            let moved = |event: &Event| if let Event::PointerMoved(at) = event { Some(*at) } else { None };
            i.events.iter().filter_map(moved).collect()
        });
        for at in passed.into_iter().chain(at) {
            self.go_on(place(view, at), brush, time, modifiers.shift);
        }
        if held && self.hold(brush, time, DAB.as_secs_f64()) {
            ui.request_repaint_after(DAB);
        }
        if held {
            answer.painted = self.stroke.as_ref().and_then(super::stroke::Stroke::painted);
        } else {
            answer.painted = self.end(CLICK / view.scale[0]);
            answer.done = answer.painted.is_some();
        }
    }

    fn paint(&mut self, ui: &Ui, response: &Response, view: &FlatView, painted: &Painted) {
        let tokens = Tokens::in_ui(ui);
        let rect = view.rect;
        gpu::fill(ui.painter(), response.id, rect, 0.0, tokens.plot);
        self.grid(ui, view);
        let [r, g, b, _] = tokens.text.to_array();
        let zoom = self.flat.zoom;
        let dim = !self.chosen.is_empty();
        let drawn = self.drawing(painted, tokens.dark, [r, g, b]);
        let (radius, depth, tone) = gpu::size_and_strength(painted.len(), 0.3, rect, zoom);
        if painted.is_empty() {
            let text = "Drag here to paint points";
            let font = egui::TextStyle::Body.resolve(ui.style());
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, tokens.text_weak);
        } else if gpu::installed(ui.ctx()) {
            let style = Style {
                radius,
                depth,
                tone,
                fade: 0.0,
                shapes: false,
                dimmed: tokens.dimmed,
                dense: tokens.text_strong,
            };
            let drawing = Drawing {
                id: response.id,
                points: drawn.points.clone(),
                colors: drawn.colors.clone(),
                selected: drawn.flags.clone(),
                dim,
                edges: None,
                projection: view.projection(),
                style,
                whole: gpu::draws_whole(ui.ctx()),
                pass: ui.cumulative_pass_nr(),
                ctx: ui.ctx().clone(),
            };
            ui.painter().with_clip_rect(rect).add(drawing.into_callback());
        } else {
            let painter = ui.painter().with_clip_rect(rect);
            for (position, [r, g, b, _]) in drawn.points.positions.iter().zip(drawn.colors.rgba.iter()) {
                let at = view.to_screen([f64::from(position[0]), f64::from(position[1])]);
                painter.circle_filled(at, radius, Color32::from_rgb(*r, *g, *b));
            }
        }
        if let Some(frame) = self.frame(painted, view) {
            shape::paint(ui, frame, rect);
        }
        self.hand(ui, response, view, painted);
    }

    /// Lines at round numbers, so that one sees where one is.
    fn grid(&self, ui: &Ui, view: &FlatView) {
        let tokens = Tokens::in_ui(ui);
        let painter = ui.painter().with_clip_rect(view.rect);
        let widest = self.framing.half[0].max(self.framing.half[1]) / self.flat.zoom;
        // A step of 1, 2 or 5 of the leading digit, some five across.
        let digit = 10_f64.powf((widest / 2.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * digit).into_iter().find(|s| *s >= widest / 2.5).unwrap_or(digit);
        let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        let [low, high] = [view.rect.left_bottom(), view.rect.right_top()].map(|at| view.to_data(at));
        for axis in 0..2 {
            let (first, last) = ((low[axis] / step).ceil(), (high[axis] / step).floor());
            if !(first.is_finite() && last - first < 200.0) {
                continue;
            }
            for k in 0..=(last - first).max(-1.0) as i64 {
                let value = (first + k as f64) * step;
                let at = view.to_screen([value, value]);
                let line = egui::Stroke::new(1.0, if value == 0.0 { tokens.line } else { tokens.grid });
                let text = if value.abs() < 1e6 { format!("{value:.decimals$}") } else { format::number(value) };
                let text = text.replace('-', "−");
                let font = egui::TextStyle::Small.resolve(ui.style());
                if axis == 0 {
                    painter.vline(at.x, view.rect.y_range(), line);
                    let below = egui::pos2(at.x + 3.0, view.rect.bottom() - 2.0);
                    painter.text(below, Align2::LEFT_BOTTOM, text, font, tokens.text_weak);
                } else {
                    painter.hline(view.rect.x_range(), at.y, line);
                    let beside = egui::pos2(view.rect.left() + 3.0, at.y - 2.0);
                    painter.text(beside, Align2::LEFT_BOTTOM, text, font, tokens.text_weak);
                }
            }
        }
    }

    /// The brush under the hand or at the keys, and the rectangle that is being drawn.
    fn hand(&self, ui: &Ui, response: &Response, view: &FlatView, painted: &Painted) {
        let tokens = Tokens::in_ui(ui);
        let painter = ui.painter().with_clip_rect(view.rect);
        if let Some(Deed::Choose { from, to, .. }) = self.stroke.as_ref().map(|stroke| &stroke.deed) {
            let chosen = Rect::from_two_pos(view.to_screen(*from), view.to_screen(*to));
            painter.rect_stroke(chosen, 0.0, egui::Stroke::new(1.0, tokens.text_strong), egui::StrokeKind::Middle);
        }
        let keys = self.cursor.filter(|_| response.has_focus()).map(|cursor| view.to_screen(cursor));
        let Some(at) = keys.or(response.hover_pos()).filter(|at| view.rect.contains(*at)) else { return };
        if self.tool == Tool::Shape {
            let grip = self.frame(painted, view).and_then(|frame| shape::grip(frame, at));
            ui.set_cursor_icon(match grip {
                Some(Grip::Inside) => CursorIcon::Move,
                Some(Grip::Corner(right, high)) if right == high => CursorIcon::ResizeNeSw,
                Some(Grip::Corner(..)) => CursorIcon::ResizeNwSe,
                Some(Grip::Knob) => CursorIcon::Grab,
                None => CursorIcon::Crosshair,
            });
            return;
        }
        if keys.is_none() {
            ui.set_cursor_icon(CursorIcon::Crosshair);
        }
        let line = egui::Stroke::new(1.0, tokens.text_strong);
        painter.circle_stroke(at, self.radius, line);
        painter.circle_filled(at, 1.5, tokens.text_strong);
    }
}
