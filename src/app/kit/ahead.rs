//! Keys in their order, also where a frame takes longer than a hand. What comes in one frame would else be taken as one: letters behind Ctrl+K
//! would run commands before their line of text is there, Tab would complete a path without the letter typed before it.

use std::collections::VecDeque;

use eframe::egui::{Context, Event, Key, Modifiers, Plugin, RawInput};

/// Events on their way to the window.
#[derive(Debug, Default)]
struct Ahead {
    waiting: VecDeque<Event>,
}

/// What a frame takes one of, as often as it comes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    /// Text into the line that has the keyboard.
    Text,
    /// A key that does something.
    Key(Key, Modifiers),
    /// A button of the pointer.
    Pointer,
    /// The clipboard.
    Clipboard,
}

impl Act {
    /// Whether a frame takes many of them: a key that is held down must not lag.
    fn is_taken_together(self) -> bool {
        match self {
            Self::Text | Self::Pointer => true,
            Self::Key(key, _) => {
                is_arrow(key) || matches!(key, Key::Backspace | Key::Delete | Key::PageUp | Key::PageDown)
            }
            Self::Clipboard => false,
        }
    }
}

/// What an event does; nothing where it goes along with others. `typing` says whether a line of text has the keyboard.
fn act(event: &Event, typing: bool) -> Option<Act> {
    match event {
        Event::Text(_) => typing.then_some(Act::Text),
        Event::Key { key, pressed: true, modifiers, .. } => {
            let letter = typing && !modifiers.command && !modifiers.ctrl && !modifiers.alt && types(*key);
            Some(if letter { Act::Text } else { Act::Key(*key, *modifiers) })
        }
        Event::PointerButton { .. } => Some(Act::Pointer),
        Event::Copy | Event::Cut | Event::Paste(_) => Some(Act::Clipboard),
        _ => None,
    }
}

/// Whether a key puts a letter into a line of text.
fn types(key: Key) -> bool {
    key == Key::Space || key.symbol_or_name().chars().count() == 1 && !is_arrow(key)
}

fn is_arrow(key: Key) -> bool {
    matches!(key, Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown)
}

impl Ahead {
    /// The events of a frame: as many as do one thing.
    fn next(&mut self, typing: bool) -> Vec<Event> {
        let mut first = None;
        let goes_on = |event: &Event| match (act(event, typing), first) {
            (None, _) => true,
            (does, None) => {
                first = does;
                true
            }
            (does, first) => does == first && does.is_some_and(Act::is_taken_together),
        };
        let count = self.waiting.iter().map(goes_on).take_while(|goes_on| *goes_on).count();
        self.waiting.drain(..count).collect()
    }
}

impl Plugin for Ahead {
    fn debug_name(&self) -> &'static str {
        "keys in their order"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        self.waiting.extend(input.events.drain(..));
        input.events = self.next(ctx.text_edit_focused());
        if !self.waiting.is_empty() {
            ctx.request_repaint();
        }
    }
}

/// Installs it, once.
pub fn install(ctx: &Context) {
    ctx.add_plugin(Ahead::default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: Key, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    fn frames(events: &[Event], typing: bool) -> Vec<usize> {
        let mut ahead = Ahead { waiting: events.iter().cloned().collect() };
        let frames = std::iter::from_fn(|| Some(ahead.next(typing).len()).filter(|&count| count > 0));
        frames.collect()
    }

    #[test]
    fn a_frame_takes_one_thing_as_often_as_it_comes() {
        let letter = |key, text: &str| [press(key, Modifiers::NONE), Event::Text(text.to_owned())];
        let typed = [letter(Key::A, "a"), letter(Key::B, "b")].concat();
        let tab = press(Key::Tab, Modifiers::NONE);
        let arrow = press(Key::ArrowDown, Modifiers::NONE);
        assert_eq!(frames(&typed, true), [4], "a word at once");
        assert_eq!(frames(&[&typed[..], &[tab]].concat(), true), [4, 1]);
        assert_eq!(frames(&typed, false), [2, 2], "each letter is a command of its own");
        assert_eq!(frames(&[arrow.clone(), arrow.clone(), arrow], true), [3], "a key that is held down does not lag");
        let enter = press(Key::Enter, Modifiers::NONE);
        assert_eq!(frames(&[enter.clone(), enter], true), [1, 1], "one chooses, the next opens");
        let open = [vec![press(Key::K, Modifiers::COMMAND)], typed].concat();
        assert_eq!(frames(&open, false)[0], 1);
        assert!(frames(&[], true).is_empty());
    }
}
