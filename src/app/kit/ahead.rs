//! What is typed faster than the window draws: behind keys that open a line of text, in the frame of those keys, letters wait until the line
//! takes them. They would run commands else.

use eframe::egui::{self, Context, Event, RawInput};

use crate::app::kit::commands::UiCommand;

/// Commands that open a line of text which has the keyboard at once.
const OPENING: [UiCommand; 3] = [UiCommand::Palette, UiCommand::Query, UiCommand::Rename];
/// Frames after which letters are handed on all the same.
const PATIENCE: u8 = 8;

/// Letters on their way to a line of text.
#[derive(Debug, Default)]
struct Ahead {
    waiting: Vec<Event>,
    frames: u8,
}

fn is_typed(event: &Event) -> bool {
    matches!(event, Event::Key { .. } | Event::Text(_))
}

fn opens(event: &Event) -> bool {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return false };
    let is_its =
        |shortcut: egui::KeyboardShortcut| shortcut.logical_key == *key && modifiers.matches_exact(shortcut.modifiers);
    OPENING.into_iter().filter_map(UiCommand::shortcut).any(is_its)
}

/// Where what waits begins. The letter that a plain key types itself belongs to the key.
fn first_behind(events: &[Event]) -> Option<usize> {
    let at = events.iter().position(opens)?;
    let plain = matches!(&events[at], Event::Key { modifiers, .. } if modifiers.is_none());
    let own = plain && matches!(events.get(at + 1), Some(Event::Text(_)));
    Some(at + 1 + usize::from(own))
}

/// Installs it, once.
pub fn install(ctx: &Context) {
    ctx.add_plugin(Ahead::default());
}

impl egui::Plugin for Ahead {
    fn debug_name(&self) -> &'static str {
        "typed ahead"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let typing = ctx.text_edit_focused();
        if !self.waiting.is_empty() {
            self.frames += 1;
            let typed = input.events.iter().filter(|event| is_typed(event)).cloned();
            self.waiting.extend(typed);
            input.events.retain(|event| !is_typed(event));
            if typing || self.frames > PATIENCE {
                input.events.append(&mut self.waiting);
            } else {
                ctx.request_repaint();
            }
        } else if !typing && let Some(behind) = first_behind(&input.events) {
            let rest = input.events.split_off(behind);
            let (typed, other) = rest.into_iter().partition(is_typed);
            (self.waiting, self.frames) = (typed, 0);
            input.events.extend::<Vec<Event>>(other);
            if !self.waiting.is_empty() {
                ctx.request_repaint();
            }
        }
    }
}
