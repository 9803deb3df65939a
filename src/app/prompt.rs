//! A path typed by hand, where the system has no file dialog to offer.

use std::path::{Path, PathBuf};

use eframe::egui::{self, Key, RichText, Ui};

use super::dialogs::{Purpose, title};
use super::theme::Tokens;

/// The question between frames.
#[derive(Debug, Default)]
pub struct Prompt {
    asked: Option<(Purpose, String)>,
}

/// What became of the question in a frame.
enum Answer {
    Waiting,
    Given,
    Cancelled,
}

impl Prompt {
    /// Asks for a path. `name` is the file name offered, in the folder the program was started from.
    pub fn ask(&mut self, purpose: Purpose, name: &str) {
        let folder = std::env::current_dir().unwrap_or_default();
        self.asked = Some((purpose, folder.join(name).display().to_string()));
    }

    /// Whether a path is asked for.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.asked.is_some()
    }

    /// Draws the question if there is one; the path once it is given.
    pub fn ui(&mut self, ctx: &egui::Context) -> Option<(Purpose, PathBuf)> {
        let (purpose, text) = self.asked.as_mut()?;
        let mut answer = Answer::Waiting;
        let modal = egui::Modal::new(egui::Id::unique("path prompt")).show(ctx, |ui| {
            ui.set_width(460.0);
            answer = question_ui(ui, *purpose, text);
        });
        match answer {
            Answer::Given => self.asked.take().map(|(purpose, text)| (purpose, PathBuf::from(text.trim()))),
            Answer::Waiting if !modal.should_close() => None,
            Answer::Waiting | Answer::Cancelled => {
                self.asked = None;
                None
            }
        }
    }
}

fn question_ui(ui: &mut Ui, purpose: Purpose, text: &mut String) -> Answer {
    let tokens = Tokens::in_ui(ui);
    ui.label(RichText::new(title(purpose)).color(tokens.text_strong).strong());
    let why = "The system offers no file dialog (on Linux it comes with xdg-desktop-portal), so type the path.";
    ui.label(RichText::new(why).small().color(tokens.text_weak));
    let label = ui.label(RichText::new("Path").small());
    let edit = ui.add(egui::TextEdit::singleline(text).desired_width(f32::INFINITY)).labelled_by(label.id);
    let enter = edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if !edit.has_focus() && !enter {
        edit.request_focus();
    }
    let path = Path::new(text.trim());
    let can = if purpose == Purpose::Open { path.exists() } else { path.file_name().is_some() && !path.is_dir() };
    if purpose != Purpose::Open && path.is_file() {
        ui.label(RichText::new("There is such a file; it will be replaced").small().color(tokens.warning));
    }
    ui.horizontal(|ui| {
        let verb = if purpose == Purpose::Open { "Open" } else { "Save" };
        if ui.add_enabled(can, egui::Button::new(verb)).clicked() || (enter && can) {
            Answer::Given
        } else if ui.button("Cancel").clicked() {
            Answer::Cancelled
        } else {
            Answer::Waiting
        }
    })
    .inner
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;

    #[test]
    fn a_typed_path_is_the_answer() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("labels.csv");
        let mut prompt = Prompt::default();
        prompt.ask(Purpose::Export, &path.display().to_string());
        let state = (prompt, None);
        let draw = |ui: &mut Ui, (prompt, given): &mut (Prompt, Option<(Purpose, PathBuf)>)| {
            *given = prompt.ui(ui.ctx()).or(given.take());
        };
        let mut harness = Harness::new_ui_state(draw, state);
        harness.run_steps(3);
        harness.get_by_label("Save").click();
        harness.run_steps(3);
        let (prompt, given) = harness.state();
        assert_eq!(given.as_ref(), Some(&(Purpose::Export, path)));
        assert!(!prompt.is_open());
    }

    #[test]
    fn a_file_that_is_not_there_cannot_be_opened() {
        let mut prompt = Prompt::default();
        prompt.ask(Purpose::Open, "no such file.csv");
        let mut harness =
            Harness::new_ui_state(|ui: &mut Ui, prompt: &mut Prompt| assert!(prompt.ui(ui.ctx()).is_none()), prompt);
        harness.run_steps(3);
        harness.get_by_label("Open").click();
        harness.run_steps(3);
        assert!(harness.state().is_open());
        harness.key_press(Key::Escape);
        harness.run_steps(3);
        assert!(!harness.state().is_open());
    }
}
