//! The list of commands, searched as one types.

use eframe::egui::{self, Key, Modifiers, RichText, Ui};

use super::commands::UiCommand;
use super::theme::Tokens;

/// The palette between frames.
#[derive(Debug, Default)]
pub struct Palette {
    open: bool,
    query: String,
    at: usize,
}

impl Palette {
    /// Opens it, or closes it.
    pub fn toggle(&mut self) {
        *self = Self { open: !self.open, ..Self::default() };
    }

    /// Draws it if it is open; the command that was chosen. `enabled` says which can run now.
    pub fn ui(&mut self, ctx: &egui::Context, enabled: impl Fn(UiCommand) -> bool) -> Option<UiCommand> {
        if !self.open {
            return None;
        }
        let mut chosen = None;
        let area = egui::Modal::default_area(egui::Id::unique("command palette"));
        let top = area.anchor(egui::Align2::CENTER_TOP, [0.0, 72.0]);
        let modal = egui::Modal::new(egui::Id::unique("command palette")).area(top).show(ctx, |ui| {
            ui.set_width(460.0);
            chosen = self.list_ui(ui, &enabled);
        });
        if modal.should_close() || chosen.is_some() {
            self.open = false;
        }
        chosen
    }

    fn list_ui(&mut self, ui: &mut Ui, enabled: &impl Fn(UiCommand) -> bool) -> Option<UiCommand> {
        let found = found(&self.query);
        let (down, up, enter) = ui.input_mut(|i| {
            let mut key = |key| i.consume_key(Modifiers::NONE, key);
            (key(Key::ArrowDown), key(Key::ArrowUp), key(Key::Enter))
        });
        let edit = ui
            .add(egui::TextEdit::singleline(&mut self.query).hint_text("Type a command").desired_width(f32::INFINITY));
        edit.request_focus();
        if edit.changed() {
            self.at = 0;
        }
        let last = found.len().saturating_sub(1);
        self.at = (self.at + usize::from(down)).saturating_sub(usize::from(up)).min(last);
        ui.add_space(4.0);
        let mut chosen = None;
        egui::ScrollArea::vertical().max_height(480.0).min_scrolled_height(480.0).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (i, &command) in found.iter().enumerate() {
                let can = enabled(command);
                if entry_ui(ui, command, i == self.at, can) || (enter && i == self.at && can) {
                    chosen = Some(command);
                }
            }
            if found.is_empty() {
                ui.label(RichText::new("No command has these words").color(Tokens::in_ui(ui).text_weak));
            }
        });
        chosen
    }
}

fn entry_ui(ui: &mut Ui, command: UiCommand, current: bool, enabled: bool) -> bool {
    let tokens = Tokens::in_ui(ui);
    let keys = command.keys(ui.ctx()).unwrap_or_default();
    let ink = if enabled { tokens.text_strong } else { tokens.text_weak };
    let button = egui::Button::selectable(current, RichText::new(command.text()).color(ink));
    let button = button.right_text(RichText::new(keys).small().color(tokens.text_weak));
    let size = egui::vec2(ui.available_width(), 26.0);
    let response = ui.add_enabled(enabled, button.min_size(size)).on_hover_text(command.tip());
    if current {
        response.scroll_to_me(None);
    }
    response.clicked()
}

/// The commands whose name or sentence has every typed word, names first.
fn found(query: &str) -> Vec<UiCommand> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let has = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|w| text.contains(w.as_str()))
    };
    let by_name = UiCommand::ALL.into_iter().filter(|c| has(c.text()));
    let by_tip = UiCommand::ALL.into_iter().filter(|c| !has(c.text()) && has(&format!("{} {}", c.text(), c.tip())));
    by_name.chain(by_tip).filter(|&c| c != UiCommand::Palette).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_commands_by_name_and_by_what_they_do() {
        assert_eq!(found("exp"), [UiCommand::Export]);
        assert_eq!(found("PNG"), [UiCommand::Screenshot]);
        assert_eq!(found("").len(), UiCommand::ALL.len() - 1);
        assert!(found("no such thing").is_empty());
    }
}
