//! The list of commands, settings and built-in data sets, searched as one types.

use eframe::egui::{self, Key, Modifiers, RichText, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::theme::{Tokens, modal};
use crate::data::{BuiltIn, builtin};
use crate::recipe::knobs::{self, Knob};

/// The palette between frames.
#[derive(Debug, Default)]
pub struct Palette {
    open: bool,
    query: String,
    at: usize,
}

/// What was chosen.
#[derive(Clone, Copy, Debug)]
pub enum Chosen {
    /// To run.
    Command(UiCommand),
    /// To go to.
    Setting(&'static Knob),
    /// To open.
    Set(&'static BuiltIn),
    /// What was typed is a query: to select what it says.
    Query,
}

impl Chosen {
    fn text(self) -> &'static str {
        match self {
            Self::Command(command) => command.text(),
            Self::Setting(setting) => setting.label,
            Self::Set(set) => set.name,
            Self::Query => "Select the rows of this query",
        }
    }

    fn tip(self) -> &'static str {
        match self {
            Self::Command(command) => command.tip(),
            Self::Setting(setting) => setting.effect,
            Self::Set(set) => set.about,
            Self::Query => "Select the rows that pass it, as the switch of effects says",
        }
    }

    /// By what else it is found.
    fn also(self) -> String {
        match self {
            Self::Command(command) => command.tip().to_owned(),
            Self::Query => String::new(),
            Self::Set(set) => format!("open data set {}", set.about),
            Self::Setting(Knob { flag, section, effect, .. }) => format!("{flag} {} {effect}", section.title()),
        }
    }
}

impl Palette {
    /// Opens it, or closes it.
    pub fn toggle(&mut self) {
        *self = Self { open: !self.open, ..Self::default() };
    }

    /// Closes it.
    pub fn close(&mut self) {
        self.open = false;
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// What was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        self.query.trim()
    }

    /// Draws it if it is open; what was chosen. `enabled` says which commands can run now, `is_query` what selects rows.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        enabled: impl Fn(UiCommand) -> bool,
        is_query: impl Fn(&str) -> bool,
    ) -> Option<Chosen> {
        if !self.open {
            return None;
        }
        let mut chosen = None;
        let area = egui::Modal::default_area(egui::Id::unique("command palette"));
        let top = area.anchor(egui::Align2::CENTER_TOP, [0.0, 72.0]);
        let modal = modal(ctx, egui::Id::unique("command palette")).area(top).show(ctx, |ui| {
            ui.set_width(460.0);
            chosen = self.list_ui(ui, &enabled, &is_query);
        });
        if modal.should_close() || chosen.is_some() {
            self.open = false;
        }
        chosen
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        enabled: &impl Fn(UiCommand) -> bool,
        is_query: &impl Fn(&str) -> bool,
    ) -> Option<Chosen> {
        let (down, up, enter) = ui.input_mut(|i| {
            let mut key = |key| i.consume_key(Modifiers::NONE, key);
            (key(Key::ArrowDown), key(Key::ArrowUp), key(Key::Enter))
        });
        let hint = "Type a command, a setting, a data set or a query";
        let edit = ui.add(egui::TextEdit::singleline(&mut self.query).hint_text(hint).desired_width(f32::INFINITY));
        edit.request_focus();
        if edit.changed() {
            self.at = 0;
        }
        let mut found = found(&self.query);
        if is_query(self.query.trim()) {
            found.insert(0, Chosen::Query);
        }
        let last = found.len().saturating_sub(1);
        self.at = (self.at + usize::from(down)).saturating_sub(usize::from(up)).min(last);
        ui.add_space(4.0);
        let mut chosen = None;
        egui::ScrollArea::vertical().max_height(480.0).min_scrolled_height(480.0).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (i, &entry) in found.iter().enumerate() {
                let can = if let Chosen::Command(command) = entry { enabled(command) } else { true };
                if entry_ui(ui, entry, i == self.at, can) || (enter && i == self.at && can) {
                    chosen = Some(entry);
                }
            }
            if found.is_empty() {
                let text = "No command, no setting and no data set has these words";
                ui.label(RichText::new(text).color(Tokens::in_ui(ui).text_weak));
            }
        });
        chosen
    }
}

fn entry_ui(ui: &mut Ui, entry: Chosen, current: bool, enabled: bool) -> bool {
    let tokens = Tokens::in_ui(ui);
    let right = match entry {
        Chosen::Command(command) => command.keys(ui.ctx()).unwrap_or_default(),
        Chosen::Setting(setting) => format!("{}, setting", setting.section.title()),
        Chosen::Set(_) => "data set".to_owned(),
        Chosen::Query => "query".to_owned(),
    };
    let ink = if enabled { tokens.text_strong } else { tokens.text_weak };
    let button = egui::Button::selectable(current, RichText::new(entry.text()).color(ink));
    let button = button.right_text(RichText::new(right).small().color(tokens.text_weak));
    let size = egui::vec2(ui.available_width(), 26.0);
    let response = ui.add_enabled(enabled, button.min_size(size)).on_hover_text(entry.tip());
    if current {
        response.scroll_to_me(None);
    }
    response.clicked()
}

/// The commands, settings and built-in data sets whose name, or else whose sentence, has every typed word; those whose name begins so first.
fn found(query: &str) -> Vec<Chosen> {
    let query = query.trim().to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let rank = |entry: Chosen| {
        let text = entry.text().to_lowercase();
        let has = |text: &str| words.iter().all(|w| text.contains(w));
        let flag = if let Chosen::Setting(setting) = entry { setting.flag } else { "" };
        let begins = !query.is_empty() && (text.starts_with(&query) || flag.starts_with(&query));
        if begins {
            Some(0)
        } else if has(&text) || has(flag) {
            Some(1)
        } else {
            has(&format!("{text} {}", entry.also().to_lowercase())).then_some(2)
        }
    };
    let commands = UiCommand::ALL.into_iter().filter(|&c| c != UiCommand::Palette).map(Chosen::Command);
    let sets = builtin().iter().map(Chosen::Set);
    let all = commands.chain(knobs::all().map(Chosen::Setting)).chain(sets);
    let mut ranked: Vec<(u8, Chosen)> = all.filter_map(|entry| Some((rank(entry)?, entry))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(query: &str) -> Vec<&'static str> {
        found(query).into_iter().map(Chosen::text).collect()
    }

    #[test]
    fn words_find_commands_by_name_and_by_what_they_do() {
        assert_eq!(names("exp")[0], "Export…");
        assert_eq!(names("PNG"), ["Save window as picture…"]);
        assert_eq!(names("").len(), UiCommand::ALL.len() - 1 + knobs::all().count() + builtin().len());
        assert!(names("no such thing").is_empty());
    }

    #[test]
    fn data_sets_are_found_by_their_name_before_what_merely_speaks_of_them() {
        assert_eq!(names("digits")[0], "digits");
        assert!(names("open data set").contains(&"moons"));
    }

    #[test]
    fn settings_are_found_by_their_label_their_flag_and_their_section() {
        assert_eq!(names("neighbours")[0], "Neighbours");
        assert_eq!(names("neighbors")[0], "Neighbours", "as the flag has it");
        assert_eq!(names("learning rate")[0], "Learning rate");
        assert!(names("network activation").contains(&"Activation"));
        assert_eq!(names("train")[0], "Train / pause", "a command whose name begins so comes first");
    }
}
