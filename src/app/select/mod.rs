//! Selecting by a query: the text as it is typed with what is wrong in it, what it would select, queries of before, and selections that
//! are kept under a name.

mod answer;
mod kept;

use std::sync::Arc;

use eframe::egui::{self, Key, Modifiers, RichText, Ui};

use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shown::fields::{Field, Found, RowFields};
use crate::app::shown::labels::Labels;
use crate::app::views::scatter::{Effect, Selection};
use crate::project::query::{Fault, Fields as _, quoted};
use crate::project::{Deed, MOST_QUERIES};
use crate::support::plain;
use answer::Answers;

/// Width of the window.
const WIDTH: f32 = 520.0;
/// Columns that are offered.
const OFFERED: usize = 40;
/// Letters of a name that a button has.
const LETTERS: usize = 22;

/// The window between frames.
#[derive(Debug, Default)]
pub struct Select {
    /// Whether it is open.
    pub open: bool,
    text: String,
    was_closed: bool,
    /// Queries of before, the latest first, and which of them stands in the text.
    queries: Vec<String>,
    recalled: Option<usize>,
    answers: Answers,
    /// What is to be done once it is known what the text selects.
    waiting: Option<Effect>,
    /// The name to keep the selection under.
    name: String,
    /// What was done last, in words.
    done: Option<String>,
}

/// What the window works on.
#[derive(Debug)]
pub struct Around<'a> {
    /// The columns.
    pub fields: &'a Arc<RowFields>,
    /// Selections that are kept.
    pub labels: &'a Labels,
    /// The selected points.
    pub selection: &'a mut Selection,
}

impl Select {
    /// Opens it with a query, or with the last one, and the keyboard in the text.
    pub fn ask(&mut self, text: Option<String>) {
        (self.open, self.was_closed) = (true, true);
        if let Some(text) = text {
            (self.text, self.recalled, self.done) = (text, None, None);
        }
    }

    /// The same, and selects as soon as it is known what.
    pub fn run(&mut self, text: String, effect: Effect) {
        self.ask(Some(text));
        self.waiting = Some(effect);
    }

    /// Queries of before, the latest first.
    #[must_use]
    pub fn queries(&self) -> &[String] {
        &self.queries
    }

    /// Takes the queries of a project.
    pub fn set_queries(&mut self, queries: Vec<String>) {
        (self.queries, self.recalled) = (queries, None);
    }

    /// Draws it, if it is open; an edit that was asked for.
    pub fn ui(&mut self, ctx: &egui::Context, around: &mut Around<'_>) -> Option<Deed> {
        if !self.open {
            (self.was_closed, self.waiting) = (true, None);
            return None;
        }
        self.answers.take(ctx, &self.text, around.fields);
        self.apply_waiting(around);
        let (mut open, mut deed) = (true, None);
        let room = ctx.content_rect();
        let place = egui::pos2(room.right() - WIDTH - 40.0, room.top() + 84.0);
        egui::Window::new("Select")
            .open(&mut open)
            .collapsible(false)
            .resizable(false)
            .default_pos(place)
            .default_width(WIDTH)
            .constrain(true)
            .show(ctx, |ui| {
                ui.set_width(WIDTH);
                focus::sheet(ui, "Select");
                deed = self.content_ui(ui, around);
            });
        self.open &= open;
        deed
    }

    fn content_ui(&mut self, ui: &mut Ui, around: &mut Around<'_>) -> Option<Deed> {
        self.text_ui(ui, around);
        self.said_ui(ui, around);
        ui.add_space(2.0);
        self.buttons_ui(ui, around);
        ui.add_space(4.0);
        self.offers_ui(ui, around);
        ui.separator();
        kept::kept_ui(&mut self.name, ui, around)
    }

    fn text_ui(&mut self, ui: &mut Ui, around: &mut Around<'_>) {
        let id = ui.make_persistent_id("query");
        if ui.memory(|m| m.has_focus(id)) {
            let (up, down) = ui.input_mut(|i| {
                let mut key = |key| i.consume_key(Modifiers::NONE, key);
                (key(Key::ArrowUp), key(Key::ArrowDown))
            });
            self.recall(up, down);
            focus::keeps_arrows(ui.ctx(), id);
        }
        let fault = self.answers.fault(&self.text).map(|fault| fault.at.clone());
        let tokens = Tokens::in_ui(ui);
        let font = egui::TextStyle::Monospace.resolve(ui.style());
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _: f32| {
            let mut job = egui::text::LayoutJob::default();
            let plain = egui::TextFormat::simple(font.clone(), tokens.text_strong);
            let line = egui::Stroke::new(1.5, tokens.bad);
            let wrong = egui::TextFormat { underline: line, ..plain.clone() };
            let text = text.as_str();
            let at = fault.clone().filter(|at| text.get(at.clone()).is_some()).unwrap_or(0..0);
            job.append(&text[..at.start], 0.0, plain.clone());
            job.append(&text[at.clone()], 0.0, wrong);
            job.append(&text[at.end..], 0.0, plain);
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let edit = egui::TextEdit::singleline(&mut self.text).id(id).desired_width(f32::INFINITY);
        let edit = edit.hint_text("height > 140 and city = Oslo").layouter(&mut layouter);
        let response = ui.add(edit);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Query"));
        // What lies under a list of commands cannot have the keyboard before that is gone.
        if self.was_closed && ui.memory(|m| m.top_modal_layer().is_none()) {
            self.was_closed = false;
            focus::go_to(ui.ctx(), id);
        }
        if response.changed() {
            (self.recalled, self.done) = (None, None);
        }
        if response.lost_focus() {
            let (enter, escape) = ui.input(|i| (i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
            if enter {
                self.waiting = Some(around.selection.effect.held(ui.input(|i| i.modifiers)));
                focus::go_to(ui.ctx(), id);
            }
            self.open &= !escape;
        }
    }

    /// Puts a query of before into the text.
    fn recall(&mut self, up: bool, down: bool) {
        let to = match (up, down, self.recalled) {
            (true, _, None) => Some(0),
            (true, _, Some(at)) => Some((at + 1).min(self.queries.len().saturating_sub(1))),
            (_, true, Some(at)) => at.checked_sub(1),
            _ => return,
        };
        let Some(query) = to.and_then(|at| self.queries.get(at)) else { return };
        self.text.clone_from(query);
        (self.recalled, self.done) = (to, None);
    }

    /// What is wrong with the text, or how many rows it selects.
    fn said_ui(&mut self, ui: &mut Ui, around: &Around<'_>) {
        let tokens = Tokens::in_ui(ui);
        let fault: Option<Fault> = self.answers.fault(&self.text).cloned();
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(20.0);
            if let Some(fault) = fault.filter(|_| !self.text.trim().is_empty()) {
                let what = format!("At letter {}: {}", fault.column(&self.text), plain::line(&fault.what));
                ui.label(RichText::new(what).small().color(tokens.bad));
                if let (Some(meant), Some(mended)) = (&fault.meant, fault.mended(&self.text))
                    && ui.button(format!("Use {}", format::short(&plain::line(meant), LETTERS))).clicked()
                {
                    (self.text, self.done) = (mended, None);
                    self.was_closed = true;
                }
                return;
            }
            let words = match self.answers.rows(&self.text, around.fields) {
                _ if self.text.trim().is_empty() => {
                    "A condition on columns; Up and Down bring back those of before".to_owned()
                }
                Some(rows) => {
                    let done = self.done.as_ref().map_or_else(String::new, |done| format!(" · {done}"));
                    format!("{} of {}{done}", format::count(rows.len()), format::counted(around.fields.rows(), "row"))
                }
                None => "Looking…".to_owned(),
            };
            ui.label(RichText::new(words).small().color(tokens.text_weak));
        });
    }

    fn buttons_ui(&mut self, ui: &mut Ui, around: &mut Around<'_>) {
        let ready = self.answers.rows(&self.text, around.fields).is_some() && !self.text.trim().is_empty();
        ui.horizontal(|ui| {
            focus::group(ui, "effects of a query", Kind::Once, |ui| {
                for (effect, name, tip) in [
                    (Effect::Replace, "Select", "These rows alone are selected"),
                    (Effect::Add, "Add", "They are selected too"),
                    (Effect::Remove, "Take out", "They are selected no more"),
                    (Effect::Intersect, "Keep only", "Of the selected rows they alone stay"),
                ] {
                    let button = ui.add_enabled(ready, egui::Button::new(name));
                    let said = format!("{name}: the rows of the query");
                    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, ready, &said));
                    let enter = if effect == around.selection.effect { "\nEnter in the text" } else { "" };
                    if button.on_hover_text(format!("{tip}{enter}")).clicked() {
                        self.waiting = Some(effect);
                    }
                }
                let inverts = !around.selection.is_empty();
                if ui
                    .add_enabled(inverts, egui::Button::new("Invert"))
                    .on_hover_text("Select what is not selected")
                    .clicked()
                {
                    let rest: Vec<u32> = around.selection.rest().collect();
                    around.selection.replace(rest);
                }
            });
            let selected = format!("{} selected", format::count(around.selection.count()));
            ui.label(RichText::new(selected).small().color(Tokens::in_ui(ui).text_weak));
        });
        self.apply_waiting(around);
    }

    /// Selects, once it is known what.
    fn apply_waiting(&mut self, around: &mut Around<'_>) {
        let Some(effect) = self.waiting else { return };
        if self.answers.fault(&self.text).is_some() {
            self.waiting = None;
            return;
        }
        let Some(rows) = self.answers.rows(&self.text, around.fields) else { return };
        self.waiting = None;
        let changed = around.selection.apply(effect, rows.iter().copied());
        self.done = Some(if changed { "done" } else { "nothing changed" }.to_owned());
        let text = self.text.trim().to_owned();
        self.queries.retain(|query| *query != text);
        self.queries.insert(0, text);
        self.queries.truncate(MOST_QUERIES);
        self.recalled = Some(0);
    }

    /// Queries that are often wanted, those of before, and the names of columns.
    fn offers_ui(&mut self, ui: &mut Ui, around: &Around<'_>) {
        let tokens = Tokens::in_ui(ui);
        let fields = around.fields;
        let known = |found: Found| fields.is_known(Field::Found(found));
        let name = |found: Found| fields.name(Field::Found(found)).to_owned();
        let mut chosen = None;
        ui.horizontal_wrapped(|ui| {
            focus::group(ui, "queries to begin with", Kind::Once, |ui| {
                for (found, rest, text, tip) in [
                    (Found::Confidence, " < 0.2", "Unclear", "Rows between two clusters"),
                    (Found::Disagrees, "", "Solvers disagree", "Rows whose learned and exact clusters differ"),
                    (Found::Unlike, "", "Unlike", "Rows far from the training data"),
                    (Found::Edited, "", "Edited", "Rows that you said something of"),
                ] {
                    if known(found) && ui.small_button(text).on_hover_text(tip).clicked() {
                        chosen = Some(format!("{}{rest}", quoted(&name(found))));
                    }
                }
                if !self.queries.is_empty() {
                    ui.menu_button(RichText::new("Before").small(), |ui| {
                        for query in self.queries.iter().take(12) {
                            if ui.button(format::short(&plain::line(query), 60)).clicked() {
                                chosen = Some(query.clone());
                                ui.close();
                            }
                        }
                    });
                }
            });
        });
        if let Some(text) = chosen {
            self.ask(Some(text));
        }
        ui.label(RichText::new("Columns, a click writes one").small().color(tokens.text_weak));
        let mut added = None;
        egui::ScrollArea::vertical().id_salt("columns of a query").max_height(92.0).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(4.0, 3.0);
                focus::group(ui, "columns of a query", Kind::Once, |ui| {
                    let columns = (0..fields.cells().columns().len()).map(Field::Column).take(OFFERED);
                    for field in columns.chain(Found::ALL.into_iter().map(Field::Found).filter(|f| fields.is_known(*f)))
                    {
                        let name = fields.name(field);
                        let button = ui.small_button(format::short(&plain::line(name), LETTERS));
                        let tip = match field {
                            Field::Found(found) => found.tip().to_owned(),
                            Field::Column(_) => format!("Holds {}", fields.holds(field.number()).name()),
                        };
                        if button.on_hover_text(tip).clicked() {
                            added = Some(quoted(name));
                        }
                    }
                });
            });
        });
        if let Some(name) = added {
            let gap = if self.text.is_empty() || self.text.ends_with([' ', '(']) { "" } else { " " };
            let text = format!("{}{gap}{name} ", self.text);
            self.ask(Some(text));
        }
    }
}
