//! What the monkey does: clicks, drags, keys, texts, files, sizes, commands.

use std::sync::Arc;

use eframe::egui::accesskit::{Action, Role};
use eframe::egui::{self, Key, Modifiers, PointerButton, Pos2, Vec2, pos2, vec2};
use egui_kittest::kittest::NodeT as _;
use eigenscope::app::kit::commands::UiCommand;
use rand::Rng as _;
use rand::seq::IndexedRandom as _;

use super::super::{Dropped, Window};
use super::Monkey;

const KEYS: [Key; 30] = [
    Key::Tab,
    Key::Enter,
    Key::Space,
    Key::Escape,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::Backspace,
    Key::Delete,
    Key::F1,
    Key::F2,
    Key::F6,
    Key::Num1,
    Key::Num3,
    Key::Num0,
    Key::Plus,
    Key::Minus,
    Key::Period,
    Key::A,
    Key::D,
    Key::F,
    Key::P,
    Key::V,
    Key::W,
    Key::Z,
];

const HELD: [Modifiers; 6] = [
    Modifiers::NONE,
    Modifiers::NONE,
    Modifiers::NONE,
    Modifiers::SHIFT,
    Modifiers::COMMAND,
    Modifiers { alt: true, ctrl: false, shift: true, mac_cmd: false, command: false },
];

/// Nothing here names a place on the disk outside the folder that the test is in.
const TEXTS: [&str; 14] = [
    "3",
    "-1",
    "0",
    "1e9",
    "nan",
    "0.001",
    "64,32",
    "auto",
    "height > 3",
    "cluster = 1 and (",
    "abc",
    "Äpfel",
    "999999999999",
    "a b",
];

impl Monkey {
    pub(super) fn deed(&mut self, window: &mut Window) {
        match self.rng.random_range(0..100) {
            0..34 => self.click_a_control(window),
            34..44 => self.click_anywhere(window),
            44..52 => self.drag(window),
            52..57 => self.turn_the_wheel(window),
            57..77 => self.press(window),
            77..84 => self.type_text(window),
            84..88 => self.drop_a_file(window),
            88..92 => self.resize(window),
            _ => self.command(window),
        }
    }

    fn place(&mut self, window: &Window) -> Pos2 {
        let room = window.input().screen_rect.map_or(vec2(1440.0, 900.0), |rect| rect.size());
        pos2(self.rng.random_range(-20.0..room.x + 20.0), self.rng.random_range(0.0..room.y))
    }

    fn click_a_control(&mut self, window: &mut Window) {
        let controls: Vec<(Pos2, String)> = window
            .root()
            .children_recursive()
            .filter(|node| {
                let node = node.accesskit_node();
                node.data().supports_action(Action::Click) && !node.is_disabled() && node.role() != Role::ScrollBar
            })
            .map(|node| (node.rect().center(), node.accesskit_node().label().unwrap_or_default()))
            .collect();
        let Some((at, name)) = controls.choose(&mut self.rng).cloned() else { return };
        self.note(format!("clicks “{name}” at {at:?}"));
        press_at(window, at, PointerButton::Primary, Modifiers::NONE);
    }

    fn click_anywhere(&mut self, window: &mut Window) {
        let at = self.place(window);
        let buttons = [PointerButton::Primary, PointerButton::Primary, PointerButton::Secondary, PointerButton::Middle];
        let button = *buttons.choose(&mut self.rng).expect("there are buttons");
        let held = *HELD.choose(&mut self.rng).expect("there are keys");
        self.note(format!("clicks {button:?} at {at:?} with {held:?}"));
        for _ in 0..self.rng.random_range(1..3) {
            press_at(window, at, button, held);
        }
    }

    fn drag(&mut self, window: &mut Window) {
        let (from, to) = (self.place(window), self.place(window));
        let modifiers = *HELD.choose(&mut self.rng).expect("there are keys");
        self.note(format!("drags from {from:?} to {to:?} with {modifiers:?}"));
        let button = PointerButton::Primary;
        window.event(egui::Event::PointerMoved(from));
        window.event_modifiers(egui::Event::PointerButton { pos: from, button, pressed: true, modifiers }, modifiers);
        for step in 1..=6 {
            let shaken = vec2(self.rng.random_range(-9.0..9.0), self.rng.random_range(-9.0..9.0));
            window.event(egui::Event::PointerMoved(from + (to - from) * (step as f32 / 6.0) + shaken));
        }
        window.event_modifiers(egui::Event::PointerButton { pos: to, button, pressed: false, modifiers }, modifiers);
        window.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    }

    fn turn_the_wheel(&mut self, window: &mut Window) {
        let at = self.place(window);
        let by = self.rng.random_range(-400.0..400.0);
        self.note(format!("turns the wheel by {by} at {at:?}"));
        window.event(egui::Event::PointerMoved(at));
        window.event(crate::support::render::wheel(by));
    }

    fn press(&mut self, window: &mut Window) {
        let key = *KEYS.choose(&mut self.rng).expect("there are keys");
        let held = *HELD.choose(&mut self.rng).expect("there are keys");
        self.note(format!("presses {key:?} with {held:?}"));
        window.key_press_modifiers(held, key);
        window.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    }

    fn type_text(&mut self, window: &mut Window) {
        let text = *TEXTS.choose(&mut self.rng).expect("there are texts");
        self.note(format!("types “{text}”"));
        if self.rng.random_ratio(1, 2) {
            window.key_press_modifiers(Modifiers::COMMAND, Key::A);
            window.event(egui::Event::ModifiersChanged(Modifiers::NONE));
        }
        window.event(egui::Event::Text(text.to_owned()));
        if self.rng.random_ratio(2, 3) {
            window.key_press(Key::Enter);
        }
    }

    fn drop_a_file(&mut self, window: &mut Window) {
        let path = self.files.choose(&mut self.rng).expect("there are files").clone();
        self.note(format!("drops {}", path.display()));
        window.input_mut().dropped_files.push(Arc::new(Dropped(path)));
        self.frame(window, 1);
        window.input_mut().dropped_files.clear();
    }

    fn resize(&mut self, window: &mut Window) {
        let size = Vec2::new(self.rng.random_range(120.0..2600.0), self.rng.random_range(90.0..1700.0));
        let scale = *[1.0, 1.0, 1.5, 2.0].choose(&mut self.rng).expect("there are scales");
        self.note(format!("makes the window {size:?} at {scale}"));
        window.set_size(size).set_pixels_per_point(scale);
        self.frame(window, 1);
        if self.rng.random_ratio(2, 3) {
            window.set_size(vec2(1440.0, 900.0));
        }
    }

    fn command(&mut self, window: &mut Window) {
        let command = *UiCommand::ALL.choose(&mut self.rng).expect("there are commands");
        self.note(format!("runs {command:?}"));
        let ctx = window.ctx.clone();
        window.state_mut().execute(&ctx, command);
    }
}

fn press_at(window: &Window, pos: Pos2, button: PointerButton, modifiers: Modifiers) {
    window.event(egui::Event::PointerMoved(pos));
    for pressed in [true, false] {
        window.event_modifiers(egui::Event::PointerButton { pos, button, pressed, modifiers }, modifiers);
    }
    window.event(egui::Event::ModifiersChanged(Modifiers::NONE));
}
