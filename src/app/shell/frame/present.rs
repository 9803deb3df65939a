//! Before a class: the views alone, two at most, in large type and light unless the theme is switched there; the step of a lesson beside them.

use eframe::egui::{self, Margin, Panel, Rect, UiBuilder, pos2, vec2};

use crate::app::dock::{Card, Shown, card_alone_ui};
use crate::app::kit::focus::{self, Region};
use crate::app::shell::state::{App, ThemeChoice};

/// Type, lines and points are so much larger.
const LARGER: f32 = 1.6;
/// Share of the window that the step of a lesson takes, and its least and most width in points.
const LESSON: f32 = 0.34;
const LESSON_WIDTH: [f32; 2] = [200.0, 460.0];
/// Share of the height that the card has of which a step speaks, and the gap above it in points.
const CARD: f32 = 0.36;
const GAP: f32 = 6.0;

/// Whether a class looks at the window, and how it was before.
#[derive(Debug)]
pub(in crate::app::shell) struct Present {
    pub(in crate::app::shell) on: bool,
    pub(in crate::app::shell) theme: ThemeChoice,
    full: bool,
}

impl Default for Present {
    fn default() -> Self {
        Self { on: false, theme: ThemeChoice::Light, full: false }
    }
}

impl Present {
    /// How much larger everything is than at the desk.
    pub(super) fn larger(&self) -> f32 {
        if self.on { LARGER } else { 1.0 }
    }
}

impl App {
    /// Whether a class looks at the window.
    #[must_use]
    pub fn is_presenting(&self) -> bool {
        self.present.on
    }

    /// Begins to present, or ends it.
    pub(in crate::app::shell) fn toggle_present(&mut self, ctx: &egui::Context) {
        self.present.on = !self.present.on;
        self.centre.plain = self.present.on;
        if self.present.on {
            self.present.full = ctx.input(|i| i.viewport().fullscreen).unwrap_or(false);
            // The arrows are those of the lesson.
            if let Some(id) = ctx.memory(egui::Memory::focused) {
                ctx.memory_mut(|memory| memory.surrender_focus(id));
            }
        }
        self.centre.fit();
        ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(self.present.on || self.present.full));
        ctx.request_repaint();
    }

    /// The card that the step at hand speaks of.
    fn card_of_step(&self) -> Option<Card> {
        let (lesson, at) = self.lesson()?;
        let setup = lesson.steps.get(..=at)?.iter().rev().find_map(|step| step.setup.as_ref());
        setup?.looks.cards.first().copied()
    }

    fn card_ui(&mut self, ui: &mut egui::Ui, card: Card) {
        let (seen, dark) = (self.seen().cloned(), ui.visuals().dark_mode);
        let shown =
            Shown { job: &self.job, run: &self.run, snapshot: seen.as_ref(), dark, pins: self.centre.pins.all() };
        card_alone_ui(ui, &mut self.dock, card, shown);
    }

    /// Everything there is to see.
    pub(super) fn present_ui(&mut self, ui: &mut egui::Ui) {
        if self.lessons.is_open() {
            let width = (LESSON * ui.available_width()).clamp(LESSON_WIDTH[0], LESSON_WIDTH[1]);
            let side = egui::Frame::new().inner_margin(Margin::same(14));
            Panel::left("presented lesson").frame(side).resizable(false).exact_size(width).show(ui, |ui| {
                focus::region(ui, Region::Lesson, |ui| self.lesson_ui(ui));
            });
        }
        egui::CentralPanel::no_frame().frame(egui::Frame::new().inner_margin(Margin::same(8))).show(ui, |ui| {
            focus::region(ui, Region::Views, |ui| {
                let card = self.card_of_step();
                let room = ui.available_rect_before_wrap();
                let share = if card.is_some() { 1.0 - CARD } else { 1.0 };
                let views = Rect::from_min_size(room.min, vec2(room.width(), share * room.height()));
                ui.scope_builder(UiBuilder::new().max_rect(views).id_salt("views"), |ui| self.centre_ui(ui));
                if let Some(card) = card {
                    let below = Rect::from_min_max(pos2(room.left(), views.bottom() + GAP), room.max);
                    let builder = UiBuilder::new().max_rect(below).id_salt("card");
                    ui.scope_builder(builder, |ui| self.card_ui(ui, card));
                }
            });
        });
    }
}
