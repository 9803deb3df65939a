//! Painting by the keyboard alone.

use eframe::egui::{EventFilter, Key, Modifiers, Response, Ui, Vec2};

use super::tools::{self, Box2};
use super::{Answer, Around, Paint, Tool};
use crate::app::kit::commands::keeps_keys;
use crate::app::views::camera::FlatView;
use crate::data::{Painted, Spot};

/// How far an arrow goes, in points on the screen, and how many times as far with Shift.
const STEP: f64 = 12.0;
const FAR: f64 = 4.0;
/// What R turns and + stretches by.
const TURN: f64 = std::f64::consts::PI / 12.0;
const STRETCH: f64 = 1.1;
/// Radius of the brush: least, most, and the factor of a key.
pub(super) const RADIUS: std::ops::RangeInclusive<f32> = 3.0..=120.0;
const WIDER: f32 = 1.25;

const ARROWS: [(Key, Vec2); 4] = [
    (Key::ArrowLeft, Vec2::LEFT),
    (Key::ArrowRight, Vec2::RIGHT),
    (Key::ArrowUp, Vec2::UP),
    (Key::ArrowDown, Vec2::DOWN),
];
const DIGITS: [Key; 10] =
    [Key::Num0, Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
const TOOLS: [(Key, Tool); 4] =
    [(Key::D, Tool::Draw), (Key::S, Tool::Spray), (Key::E, Tool::Erase), (Key::M, Tool::Shape)];

impl Paint {
    /// Whether the keys, and not the hand, are where the brush is.
    pub(super) fn is_by_keys(&self) -> bool {
        self.cursor.is_some()
    }

    /// What the keys do while the plane has them.
    pub(super) fn by_keys(
        &mut self,
        ui: &Ui,
        response: &Response,
        view: &FlatView,
        around: &Around<'_>,
        answer: &mut Answer,
    ) {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        keeps_keys(ui.ctx(), response.id);
        let pressed = |modifiers: Modifiers, key| ui.input(|i| i.modifiers == modifiers && i.key_pressed(key));
        let plain = |key| pressed(Modifiers::NONE, key);
        for (class, key) in (0..=Painted::CLASSES).zip(DIGITS) {
            if plain(key) {
                self.class = class;
            }
        }
        for (key, tool) in TOOLS {
            if plain(key) {
                self.tool = tool;
            }
        }
        if plain(Key::OpenBracket) || plain(Key::CloseBracket) {
            let factor = if plain(Key::CloseBracket) { WIDER } else { 1.0 / WIDER };
            self.radius = (self.radius * factor).clamp(*RADIUS.start(), *RADIUS.end());
        }
        if plain(Key::F) {
            self.fit(around.painted);
        }
        if plain(Key::Escape) {
            self.chosen.clear();
        }
        if self.tool == Tool::Shape {
            if ui.input(|i| i.modifiers.command_only() && i.key_pressed(Key::A)) {
                self.chosen = (0..around.painted.len() as u32).collect();
            }
            if let Some(dots) = self.shaped_by_keys(ui, view, around) {
                (answer.painted, answer.done) = (Some(Painted::new(dots)), true);
            }
            return;
        }
        self.go_by_keys(ui, view);
        if plain(Key::Enter) && self.stroke.is_none() {
            let at = *self.cursor.get_or_insert(view.center);
            let time = ui.input(|i| i.time);
            self.begin(around.painted, (around.seed, time), (at, self.brush(view.scale[0])), (None, false));
            answer.painted = self.end(0.0);
            answer.done = answer.painted.is_some();
        }
        let factor =
            f64::from(u8::from(plain(Key::Plus) || plain(Key::Equals))) - f64::from(u8::from(plain(Key::Minus)));
        if factor != 0.0 {
            self.flat.zoom_about(1.25_f64.powf(factor), view.rect.center(), &self.framing, view);
        }
    }

    /// Arrows move the brush.
    fn go_by_keys(&mut self, ui: &Ui, view: &FlatView) {
        for (key, to) in ARROWS {
            let Some(far) = steps(ui, key) else { continue };
            let from = view.to_screen(self.cursor.unwrap_or(view.center));
            let at = from + to * (far * STEP) as f32;
            self.cursor = Some(view.to_data(view.rect.clamp(at)));
        }
    }

    /// The points once the selection, or all, were moved, turned, stretched or taken away; nothing where no key did.
    fn shaped_by_keys(&mut self, ui: &Ui, view: &FlatView, around: &Around<'_>) -> Option<Vec<Spot>> {
        let mut dots = around.painted.dots().to_vec();
        let Box2 { center, .. } = Box2::of(&dots, &self.chosen)?;
        let mut changed = false;
        for (key, to) in ARROWS {
            if let Some(far) = steps(ui, key) {
                let by = [f64::from(to.x), -f64::from(to.y)].map(|v| v * far * STEP / view.scale[0]);
                tools::shift(&mut dots, &self.chosen, by);
                changed = true;
            }
        }
        let (turns, larger, smaller, gone) = ui.input(|i| {
            let shift = i.modifiers.shift;
            let turn = if i.key_pressed(Key::R) && !i.modifiers.command { if shift { -1.0 } else { 1.0 } } else { 0.0 };
            let larger = i.key_pressed(Key::Plus) || i.key_pressed(Key::Equals);
            (turn, larger, i.key_pressed(Key::Minus), i.key_pressed(Key::Delete) || i.key_pressed(Key::Backspace))
        });
        if turns != 0.0 {
            tools::turn(&mut dots, &self.chosen, center, turns * TURN);
            changed = true;
        }
        if larger || smaller {
            let by = if larger { STRETCH } else { 1.0 / STRETCH };
            tools::stretch(&mut dots, &self.chosen, center, [by; 2]);
            changed = true;
        }
        if gone && !self.chosen.is_empty() {
            tools::remove(&mut dots, &self.chosen);
            self.chosen.clear();
            changed = true;
        }
        changed.then_some(dots)
    }
}

/// How many steps an arrow goes that was pressed.
fn steps(ui: &Ui, key: Key) -> Option<f64> {
    ui.input(|i| {
        let far = if i.modifiers.shift_only() { FAR } else { 1.0 };
        let free = i.modifiers.is_none() || i.modifiers.shift_only();
        (free && i.key_pressed(key)).then_some(far)
    })
}
