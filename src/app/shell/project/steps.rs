//! Every step of a person, noticed, taken back and made again.

use eframe::egui::{self, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::format;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::labels::keys;
use crate::project::{Deed, Did, History, Rows, Step};

/// Steps that the list shows on either side of the present.
const LISTED: usize = 12;

/// The steps so far, and what was selected at the last of them.
#[derive(Debug)]
pub(in crate::app::shell) struct Steps {
    pub(in crate::app::shell) history: History,
    /// Of which document, at which state of the selection, which rows.
    selected: (u64, u64, Rows),
}

impl Steps {
    pub(in crate::app::shell) fn new(history: History) -> Self {
        Self { history, selected: (0, 0, Rows::default()) }
    }
}

impl App {
    /// Makes an edit of labels, as a step.
    pub fn edit(&mut self, ctx: &egui::Context, deed: Deed) {
        let Some(snapshot) = self.run.shown.clone() else { return };
        self.notice_selection();
        match self.labels.apply(deed, &snapshot) {
            Ok(change) => {
                self.way.forget_reset();
                self.steps.history.push(&self.job, Step::Labels(self.labels.id(), change.clone()));
                self.record(Did::Labels(change));
            }
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
        ctx.request_repaint();
    }

    /// Looks once a frame for what a person did to settings and selection.
    pub(in crate::app::shell) fn notice_steps(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|i| i.time);
        let stroke = self.painting.paint.is_at_work();
        let moving = self.way.wanted.is_none() && !stroke && self.steps.history.feed(time, &self.job);
        if moving {
            ctx.request_repaint_after(std::time::Duration::from_millis(1100));
        }
        self.notice_selection();
        self.keep_up(ctx, moving);
    }

    /// The rows that are selected.
    pub(super) fn selected_rows(&self) -> Rows {
        let shown = self.run.shown.as_ref().filter(|_| self.centre.selection.count() > 0);
        shown.map_or_else(Rows::default, |shown| keys(shown).rows(self.centre.selection.iter()))
    }

    fn notice_selection(&mut self) {
        self.notice_double_click();
        let (document, serial) = (self.labels.id(), self.centre.selection.serial());
        if (self.steps.selected.0, self.steps.selected.1) == (document, serial) {
            return;
        }
        let rows = self.selected_rows();
        let before = std::mem::replace(&mut self.steps.selected, (document, serial, rows.clone()));
        if before.0 == document && before.2 != rows {
            self.steps.history.push(&self.job, Step::Selection(document, before.2, rows.clone()));
            self.record(Did::Selected(rows));
        }
    }

    /// A double click renames: what its first click selected is no step, and what was selected before is so again.
    fn notice_double_click(&mut self) {
        let Some(serial) = self.centre.selection.take_click() else { return };
        let (document, noticed, rows) = &self.steps.selected;
        if (*document, *noticed) != (self.labels.id(), serial) {
            return;
        }
        if let Some(before) = self.steps.history.forget_selection(*document, rows) {
            self.select_rows(&before);
            self.record(Did::Selected(before));
        }
    }

    /// What is selected came with the picture: it is no step.
    pub(in crate::app::shell) fn rest_selection(&mut self) {
        self.steps.selected = (self.labels.id(), self.centre.selection.serial(), self.selected_rows());
    }

    pub(in crate::app::shell) fn can_undo(&self) -> bool {
        self.way.wanted.is_none() && (self.undoes_reset() || self.steps.history.has_undo(&self.job, self.labels.id()))
    }

    pub(in crate::app::shell) fn can_redo(&self) -> bool {
        self.way.wanted.is_none() && self.steps.history.has_redo(&self.job, self.labels.id())
    }

    pub(in crate::app::shell) fn undo_step(&mut self) {
        if self.brings_back_reset() {
            return;
        }
        self.notice_selection();
        if let Some(step) = self.steps.history.undo(&self.job, self.labels.id()) {
            self.take_step(&step, false);
        }
    }

    pub(in crate::app::shell) fn redo_step(&mut self) {
        if let Some(step) = self.steps.history.redo(&self.job, self.labels.id()) {
            self.take_step(&step, true);
        }
    }

    /// Takes a step back, or makes it again.
    fn take_step(&mut self, step: &Step, again: bool) {
        match step {
            Step::Settings(before, after) => self.go_back_to((**if again { after } else { before }).clone()),
            Step::Labels(_, change) => {
                let shown = self.run.shown.clone();
                self.labels.step(change, again, shown.as_deref());
                self.record(if again { Did::Labels(change.clone()) } else { Did::Back(change.clone()) });
            }
            Step::Runs(change) => self.step_runs(change, again),
            Step::Selection(_, before, after) => {
                let rows = if again { after } else { before };
                self.select_rows(rows);
                self.record(Did::Selected(rows.clone()));
            }
        }
    }

    /// Selects exactly these rows, which is no step of its own.
    pub(super) fn select_rows(&mut self, rows: &Rows) {
        let Some(shown) = self.run.shown.clone() else { return };
        let mut samples = Vec::new();
        keys(&shown).each(rows, |i| samples.push(i as u32));
        self.centre.selection.resize(shown.data.len());
        self.centre.selection.replace(samples);
        self.rest_selection();
    }

    /// The menu with the list of steps: a click goes back behind a step, or makes it again with those before it.
    pub(in crate::app::shell) fn steps_menu_ui(&mut self, ui: &mut Ui) {
        let (done, undone) = self.steps.history.titles();
        let mut go = 0_isize;
        let menu = ui.menu_button("History", |ui| {
            ui.set_min_width(220.0);
            if done.is_empty() && undone.is_empty() {
                ui.label("Nothing was done yet");
            }
            for (ahead, title) in undone.iter().enumerate().take(LISTED).rev() {
                let text = egui::RichText::new(format::short(title, 44)).weak();
                let tip = "Taken back; a click makes it again, with those before it";
                if ui.button(text).on_hover_text(tip).clicked() {
                    go = ahead as isize + 1;
                    ui.close();
                }
            }
            if !undone.is_empty() {
                ui.separator();
            }
            for (back, title) in done.iter().rev().enumerate().take(LISTED) {
                let tip = "A click takes it back, with those after it";
                if ui.button(format::short(title, 44)).on_hover_text(tip).clicked() {
                    go = -(back as isize) - 1;
                    ui.close();
                }
            }
        });
        menu.response.on_hover_text("What you did, the latest on top; undo and redo");
        let ctx = ui.ctx().clone();
        let command = if go < 0 { UiCommand::Undo } else { UiCommand::Redo };
        (0..go.unsigned_abs()).for_each(|_| self.execute(&ctx, command));
    }
}
