//! Everything a person can tell the window, once: text, one sentence, shortcut. Buttons, keys, the palette and the help
//! all read it here.

use eframe::egui::{self, Context, Id, Key, KeyboardShortcut, Modifiers};

use crate::app::kit::focus;

mod table;

pub use table::UiCommand;

impl UiCommand {
    /// Whether it changes how the window is seen and nothing else, so that it may run under whatever lies above.
    #[must_use]
    pub fn is_of_sight(self) -> bool {
        matches!(self, Self::TextLarger | Self::TextSmaller | Self::TextUsual | Self::Still | Self::Shapes)
    }

    /// Whether its keys close what they open, which may lie above everything else.
    fn is_closed_by_its_keys(self) -> bool {
        matches!(self, Self::Palette | Self::Help | Self::Lessons | Self::Present)
    }

    /// Other keys that run it too.
    fn also(self) -> Option<KeyboardShortcut> {
        match self {
            Self::Redo => Some(KeyboardShortcut::new(Modifiers::COMMAND, Key::Y)),
            // The same key on boards where + needs Shift.
            Self::TextLarger => Some(KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals)),
            // What sits in the hand of who stands before a class.
            Self::LessonNext => Some(KeyboardShortcut::new(Modifiers::NONE, Key::PageDown)),
            Self::LessonBack => Some(KeyboardShortcut::new(Modifiers::NONE, Key::PageUp)),
            _ => None,
        }
    }

    /// The keys as text, such as `Ctrl+O`.
    #[must_use]
    pub fn keys(self, ctx: &Context) -> Option<String> {
        let keys = self.shortcut().map(|shortcut| ctx.format_shortcut(&shortcut))?;
        let keys = keys.replace("Period", ".").replace("Escape", "Esc");
        Some(keys.replace("OpenBracket", "[").replace("CloseBracket", "]"))
    }

    /// Its sentence with its keys, for a tooltip.
    #[must_use]
    pub fn tooltip(self, ctx: &Context) -> String {
        match self.keys(ctx) {
            Some(keys) => format!("{}\n{keys}", self.tip()),
            None => self.tip().to_owned(),
        }
    }

    /// The commands whose keys were pressed in this frame. Keys without a modifier belong to the text that is typed, Space and Esc
    /// to whatever has the keyboard; a widget that [`shares_keys`] leaves Space to the window.
    #[must_use]
    pub fn pressed(ctx: &Context) -> Vec<Self> {
        let focused = ctx.memory(egui::Memory::focused);
        // A question above the window has the plain keys to itself, even where Esc has just taken the focus from its text.
        let asked = ctx.memory(|m| m.top_modal_layer().is_some());
        let shared = focused.is_some() && focused == ctx.data(|d| d.get_temp(sharing()));
        let typing = ctx.text_edit_focused();
        let kept = focused.is_some() && focused == ctx.data(|d| d.get_temp(keeping()));
        // A button needs Space and Esc for itself; a view has its own F and Esc.
        let own = |c: Self| match c {
            Self::ClearSelection | Self::LessonNext | Self::LessonBack => true,
            Self::RunPause => !shared,
            Self::FitViews => shared,
            _ => false,
        };
        let trains = |c: Self| matches!(c, Self::RunPause | Self::Step);
        // A letter must not turn what lies under a sheet, out of sight.
        let above = focus::is_in_sheet(ctx);
        let takes = |c: Self| asked || typing || focused.is_some() && own(c) || (kept || above) && !trains(c);
        // What lies under a question waits for the answer.
        let behind = |c: Self| asked && !(c.is_of_sight() || c.is_closed_by_its_keys());
        let function = |key: Key| matches!(key, Key::F1 | Key::F2 | Key::F6 | Key::F11);
        // The first Esc closes an open list.
        let open = egui::Popup::is_any_open(ctx);
        let mut order: Vec<Self> = Self::ALL.into_iter().filter(|c| c.shortcut().is_some()).collect();
        // The more modifiers, the earlier: egui lets Ctrl+Shift+Z match Ctrl+Z as well.
        order.sort_by_key(|c| c.shortcut().map_or(0, |s| -i32::from(s.modifiers.shift)));
        // Without a lesson its keys are anyone's.
        let lesson = ctx.data(|d| d.get_temp(in_a_lesson())).unwrap_or(false);
        let idle = |c: Self| !lesson && matches!(c, Self::LessonNext | Self::LessonBack);
        let free = |c: &Self| {
            !(behind(*c) || idle(*c) || open && *c == Self::ClearSelection)
                && c.shortcut().is_some_and(|s| s.modifiers.any() || function(s.logical_key) || !takes(*c))
        };
        ctx.input_mut(|input| {
            order.retain(|c| {
                let also = c.also().into_iter().chain(c.shortcut());
                free(c) && also.into_iter().any(|s| input.consume_shortcut(&s))
            });
        });
        order
    }
}

/// Says whether a lesson is open, whose keys are otherwise left to others.
pub fn keys_of_a_lesson(ctx: &Context, open: bool) {
    ctx.data_mut(|data| data.insert_temp(in_a_lesson(), open));
}

/// Where that is noted.
fn in_a_lesson() -> Id {
    Id::unique("a lesson is open")
}

/// Says that the widget `id`, while it has the keyboard, has no use for the keys that train, pause and step.
pub fn shares_keys(ctx: &Context, id: Id) {
    ctx.data_mut(|data| data.insert_temp(sharing(), id));
}

/// Says that the widget `id`, while it has the keyboard, has the plain keys to itself, but for those that train.
pub fn keeps_keys(ctx: &Context, id: Id) {
    shares_keys(ctx, id);
    ctx.data_mut(|data| data.insert_temp(keeping(), id));
}

/// Where it is noted who shares the keys that train.
fn sharing() -> Id {
    Id::unique("shares the keys that train")
}

/// Where it is noted who keeps the plain keys.
fn keeping() -> Id {
    Id::unique("keeps the plain keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_keys_or_text() {
        for (i, a) in UiCommand::ALL.iter().enumerate() {
            assert!(!a.tip().ends_with('.'), "{a:?}: single sentences have no full stop");
            for b in &UiCommand::ALL[i + 1..] {
                assert_ne!(a.text(), b.text());
                assert!(a.shortcut().is_none() || a.shortcut() != b.shortcut(), "{a:?} and {b:?}");
            }
        }
    }
}
