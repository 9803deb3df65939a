//! What comes in, once a frame and before anything is drawn: events, the newest snapshot, keys, files, answers of dialogs.

use std::sync::Arc;

use eframe::egui;

use super::frame::notices::Grade;
use super::shoot::PointerAway;
use super::state::App;
use crate::app::files::dialogs::Answer;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::later::broken_off;
use crate::data::{BuiltIn, Source};
use crate::pipeline::{Event, Snapshot};

impl App {
    /// Takes in what the engine told, keys, dropped files and dialogs; once a frame, before anything is drawn.
    pub(super) fn logic_at(&mut self, ctx: &egui::Context) {
        for broken in broken_off(ctx) {
            self.notices.say(ctx, Grade::Bad, broken);
        }
        let ended = self.take_events(ctx);
        self.take_snapshot();
        if ended
            && self.example.is_none()
            && let Some(id) = self.keep_run(ctx)
        {
            self.twin_ended(ctx, id);
        }
        self.follow_twins();
        self.run_wanted();
        self.paint_soon(ctx);
        self.say_notes(ctx);
        let away = self.shoot.hides_pointer();
        ctx.plugin_or_default::<PointerAway>().lock().on = away;
        self.take_dropped(ctx);
        match self.dialogs.answer() {
            Some(Answer::Chosen(purpose, path)) => self.answered(ctx, purpose, path),
            Some(Answer::NoDialog(purpose, name)) => self.prompt.ask(purpose, &self.beside_data(&name)),
            None => {}
        }
        self.take_project(ctx);
        self.take_export(ctx);
        self.take_download(ctx);
        self.take_applied(ctx);
        self.review_keys(ctx);
        let helping = self.help_open;
        for command in UiCommand::pressed(ctx) {
            if !helping || command.is_of_sight() || command == UiCommand::Help {
                self.execute(ctx, command);
            }
        }
        self.guard_close(ctx);
        self.take_split(ctx);
        self.notice_steps(ctx);
        self.settle(ctx);
        self.follow_past(ctx);
        self.follow_settings();
        self.follow_lesson(ctx);
    }

    /// Takes in what the engine told. Whether a result came to its end.
    fn take_events(&mut self, ctx: &egui::Context) -> bool {
        let mut ended = false;
        for event in self.engine.drain() {
            if self.runs_sheet.take(&event) || self.compare.take(&event) {
                continue;
            }
            match event {
                Event::Failed(error) if self.guesses_columns(ctx, &error) => {}
                Event::Failed(_) if self.gives_up_example() => {}
                Event::Failed(error) => self.failed(error),
                event => {
                    let finished = matches!(event, Event::Finished);
                    self.run.take(event);
                    if finished {
                        self.way.before = None;
                        ended = !self.run.was_opening();
                    }
                }
            }
        }
        ended
    }

    /// Says what a run wants a person to know.
    fn say_notes(&mut self, ctx: &egui::Context) {
        let notes = self.run.new_notes();
        // What is said of the reading stands under Data; a message for each would only cover the window.
        let listed = self.run.was_opening() && self.settings_open;
        if listed && !self.sheet.open && !notes.is_empty() {
            self.notices.show(ctx, Grade::Note, "Notes on how the data was read stand under Data".to_owned());
        }
        for note in notes {
            // The sheet of columns says by itself what became of them, and is not to be covered.
            if self.sheet.open || listed {
                self.notices.keep(Grade::Note, note);
            } else {
                self.notices.say_once(ctx, &self.job.source.to_string(), Grade::Note, note);
            }
        }
    }

    /// Shows the newest snapshot; what a person marked and named stays as long as the samples are the same.
    fn take_snapshot(&mut self) {
        let before = self.run.shown.clone();
        if !self.run.show(self.engine.latest()) {
            return;
        }
        self.arrive();
        let (Some(before), Some(now)) = (before, self.run.shown.clone()) else { return };
        let same = same_samples(&before, &now);
        let follows = same || before.job.source == now.job.source && keeps_rows(&now.job.source);
        if !before.job.source.goes_with(&now.job.source) {
            self.centre.reset();
            self.labels.clear();
        } else if follows {
            self.labels.follow(&now);
        } else {
            let id = self.labels.id();
            self.labels.clear();
            self.keep_file_of(id);
        }
        if !same {
            self.centre.selection.clear();
            self.centre.selection.pinned = None;
            self.rest_selection();
        }
    }
}

/// Whether two snapshots of one source hold the same samples in the same order; another seed or limit draws others.
fn same_samples(a: &Snapshot, b: &Snapshot) -> bool {
    Arc::ptr_eq(&a.data.features, &b.data.features) || a.data.features == b.data.features
}

/// Whether a row of the source is the same sample whatever is drawn of it; the seed makes other points of a generated set.
pub(in crate::app::shell) fn keeps_rows(source: &Source) -> bool {
    match source {
        Source::Path(_) => true,
        Source::Painted(_) => false,
        Source::Named(name) => BuiltIn::named(name).is_some_and(|set| set.generated().is_none()),
    }
}
