//! A path typed by hand, where the system has no file dialog to offer: its folder is listed, and what was begun is completed.

use std::path::{Path, PathBuf};

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{self, EventFilter, Id, Key, Modifiers, RichText, Ui};

use crate::app::files::dialogs::Purpose;
use crate::app::files::paths::{self, Entry};
use crate::app::files::purpose::Way;
use crate::app::kit::later::Later;
use crate::app::kit::theme::{Tokens, modal};

/// The question between frames.
#[derive(Debug, Default)]
pub struct Prompt {
    asked: Option<Question>,
}

#[derive(Debug)]
struct Question {
    purpose: Purpose,
    typed: String,
    /// The folder last looked into and what it holds.
    listed: Option<(PathBuf, Later<Vec<Entry>>)>,
    /// Which of the entries shown the arrow keys stand on.
    at: Option<usize>,
    /// The entry that stands in the line of text was clicked: the list is the whole folder's still.
    clicked: bool,
    /// Its line of text does not take what is typed yet.
    fresh: bool,
}

/// What a hand at the pointer did with an entry of the list.
#[derive(Clone, Copy, Debug)]
struct Hit {
    at: usize,
    /// Whether it was a double click.
    twice: bool,
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
        let typed = folder.join(name).display().to_string();
        self.asked = Some(Question { purpose, typed, listed: None, at: None, clicked: false, fresh: true });
    }

    /// Whether a path is asked for.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.asked.is_some()
    }

    /// Draws the question if there is one; the path once it is given.
    pub fn ui(&mut self, ctx: &egui::Context) -> Option<(Purpose, PathBuf)> {
        let question = self.asked.as_mut()?;
        let mut answer = Answer::Waiting;
        let modal = modal(ctx, Id::unique("path prompt")).show(ctx, |ui| {
            ui.set_width(520.0);
            answer = question.ui(ui);
        });
        match answer {
            Answer::Given => self.asked.take().map(|q| (q.purpose, paths::expanded(q.typed.trim()))),
            Answer::Waiting if !modal.should_close() => None,
            Answer::Waiting | Answer::Cancelled => {
                self.asked = None;
                None
            }
        }
    }
}

impl Question {
    fn ui(&mut self, ui: &mut Ui) -> Answer {
        let tokens = Tokens::in_ui(ui);
        ui.label(RichText::new(self.purpose.title()).color(tokens.text_strong).strong());
        let why = "The system offers no file dialog (on Linux it comes with xdg-desktop-portal). Click through the list, or type the \
                   path: Tab completes it, the arrow keys go through the list.";
        ui.label(RichText::new(why).small().color(tokens.text_weak));
        let label = self.head_ui(ui);
        let entries = self.entries(ui.ctx());
        let beginning = if self.clicked { "" } else { paths::split(&self.typed).1 };
        let shown: Vec<Entry> =
            paths::matching(&entries, beginning, self.purpose.is_folder()).into_iter().cloned().collect();
        let enter = self.edit_ui(ui, label, &shown);
        let hit = self.list_ui(ui, &shown);
        if let Some(entry) = self.at.filter(|_| enter).and_then(|at| shown.get(at)).or(hit.map(|hit| &shown[hit.at])) {
            self.take(ui.ctx(), entry);
            if let Some(hit) = hit.filter(|_| !entry.is_folder) {
                (self.at, self.clicked) = (Some(hit.at), true);
            }
            // What would be replaced is not replaced by a double click.
            let opens = hit.is_some_and(|hit| hit.twice) && self.purpose.reads() && !entry.is_folder;
            if opens {
                return Answer::Given;
            }
            if entry.is_folder || hit.is_some() {
                return Answer::Waiting;
            }
        }
        let path = paths::expanded(self.typed.trim());
        let can = self.can(&path);
        if !self.purpose.reads() && path.is_file() {
            ui.label(RichText::new("There is such a file; it will be replaced").small().color(tokens.warning));
        }
        ui.horizontal(|ui| {
            let verb = if self.purpose.reads() { "Open" } else { "Save" };
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

    /// What the line of text is, and the way to the folder above; the id of the former.
    fn head_ui(&mut self, ui: &mut Ui) -> Id {
        let row = ui.horizontal(|ui| {
            let label = ui.label(RichText::new("Path").small());
            let (folder, _) = paths::split(&self.typed);
            let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).map(Path::to_owned);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let up = ui.add_enabled(above.is_some(), egui::Button::new("Folder above").small());
                if let Some(above) = above.filter(|_| up.clicked()) {
                    self.typed = paths::ended(&above);
                    (self.at, self.clicked) = (None, false);
                    to_the_end(ui.ctx(), Id::unique("typed path"), &self.typed);
                }
            });
            label.id
        });
        row.inner
    }

    fn can(&self, path: &Path) -> bool {
        match self.purpose.about().way {
            Way::Folder => path.is_dir(),
            Way::File => path.is_file(),
            Way::Either => path.exists(),
            Way::Save => path.file_name().is_some() && !path.is_dir(),
        }
    }

    /// What the typed folder holds; nothing until it was looked into, which no frame waits for.
    fn entries(&mut self, ctx: &egui::Context) -> Vec<Entry> {
        let (folder, _) = paths::split(&self.typed);
        if self.listed.as_ref().is_none_or(|(of, _)| *of != folder) {
            let there = folder.clone();
            self.listed = Some((folder, Later::start(ctx, "What the folder holds", move || paths::list(&there))));
            self.at = None;
        }
        self.listed.as_ref().and_then(|(_, entries)| entries.get()).cloned().unwrap_or_default()
    }

    /// The line of text; true when Enter was pressed in it.
    fn edit_ui(&mut self, ui: &mut Ui, label: Id, shown: &[Entry]) -> bool {
        let id = Id::unique("typed path");
        if self.fresh {
            // A line that does not yet take what is typed lets go of every mark.
            self.fresh = !ui.memory(|m| m.owns_ime_events(id));
            self.mark_name(ui.ctx(), id);
            ui.ctx().request_repaint();
        }
        if ui.memory(|m| m.has_focus(id)) {
            self.keys(ui, id, shown);
        }
        let edit = egui::TextEdit::singleline(&mut self.typed).id(id).desired_width(f32::INFINITY).lock_focus(true);
        let edit = ui.add(edit).labelled_by(label);
        if edit.changed() {
            (self.at, self.clicked) = (None, false);
        }
        let enter = edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if !edit.has_focus() && !enter {
            edit.request_focus();
        }
        let filter =
            EventFilter { tab: true, vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
        enter
    }

    /// A name that is offered is marked up to its ending, so that another is typed over it; else the cursor is behind the last letter.
    fn mark_name(&self, ctx: &egui::Context, id: Id) {
        let (_, name) = paths::split(&self.typed);
        let stem = Path::new(name).file_stem().map_or(0, |stem| stem.to_string_lossy().chars().count());
        if self.purpose.reads() || stem == 0 {
            return to_the_end(ctx, id, &self.typed);
        }
        let from = self.typed.chars().count() - name.chars().count();
        mark(ctx, id, CCursorRange::two(CCursor::new(from), CCursor::new(from + stem)));
    }

    /// Tab completes, the arrow keys choose.
    fn keys(&mut self, ui: &Ui, id: Id, shown: &[Entry]) {
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        if pressed(Key::Tab) {
            let matches: Vec<&Entry> = shown.iter().collect();
            let chosen = self.at.and_then(|at| shown.get(at)).map(|entry| paths::with_entry(&self.typed, entry));
            if let Some(completed) = chosen.or_else(|| paths::completed(&self.typed, &matches)) {
                self.typed = completed;
                (self.at, self.clicked) = (None, false);
                to_the_end(ui.ctx(), id, &self.typed);
            }
        }
        let last = shown.len().saturating_sub(1);
        if pressed(Key::ArrowDown) && !shown.is_empty() {
            self.at = Some(self.at.map_or(0, |at| (at + 1).min(last)));
        }
        if pressed(Key::ArrowUp) {
            self.at = self.at.and_then(|at| at.checked_sub(1));
        }
    }

    /// The folder's entries that fit; the one that was clicked.
    fn list_ui(&mut self, ui: &mut Ui, shown: &[Entry]) -> Option<Hit> {
        let mut hit = None;
        let height = 180.0;
        let list =
            egui::ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, false]);
        list.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.spacing_mut().interact_size.y = 18.0;
            if shown.is_empty() {
                let words = if self.purpose.reads() { "Nothing here begins so" } else { "A new file" };
                let text = RichText::new(words).small().color(Tokens::in_ui(ui).text_weak);
                ui.label(text);
            }
            for (i, entry) in shown.iter().enumerate() {
                let text = if entry.is_folder { format!("{}/", entry.name) } else { entry.name.clone() };
                // An empty text on the right leaves the name on the left of a row that is as wide as the list.
                let row = egui::Button::selectable(self.at == Some(i), &text).right_text("").truncate();
                let row = ui.add(row.min_size(egui::vec2(ui.available_width(), 0.0)));
                row.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, self.at == Some(i), &text));
                if self.at == Some(i) {
                    row.scroll_to_me(None);
                }
                if row.clicked() {
                    // Of two clicks close together the first may have been on a folder, whose list has given way to this one.
                    let before = self.clicked && self.at == Some(i);
                    let twice = before && (row.double_clicked() || row.triple_clicked());
                    hit = Some(Hit { at: i, twice });
                }
            }
        });
        hit
    }

    /// Puts an entry into the line of text.
    fn take(&mut self, ctx: &egui::Context, entry: &Entry) {
        self.typed = paths::with_entry(&self.typed, entry);
        (self.at, self.clicked) = (None, false);
        to_the_end(ctx, Id::unique("typed path"), &self.typed);
    }
}

/// The cursor behind the last letter.
fn to_the_end(ctx: &egui::Context, id: Id, text: &str) {
    mark(ctx, id, CCursorRange::one(CCursor::new(text.chars().count())));
}

/// Marks letters of the line of text.
fn mark(ctx: &egui::Context, id: Id, range: CCursorRange) {
    let mut state = egui::TextEdit::load_state(ctx, id).unwrap_or_default();
    state.cursor.set_char_range(Some(range));
    state.store(ctx, id);
}

#[cfg(test)]
mod tests;
