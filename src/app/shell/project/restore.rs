//! The question whether what a window that ended badly had kept is wanted back.

use eframe::egui::{self, RichText};

use crate::Error;
use crate::app::kit::focus::is_fresh;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, modal};
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::project::journal::remove_results;
use crate::project::{Kept, journal};
use crate::support::language::counted;

/// What a person answered.
enum Answer {
    Restore,
    Discard,
    Later,
}

impl App {
    /// What it is asked of now.
    pub(in crate::app::shell) fn to_restore(&self) -> Option<&Kept> {
        let opening = self.keep.reading.is_some() || self.keep.coming.is_some() || self.on_its_way().is_some();
        let waits = self.question.is_some() || opening;
        self.keep.offered.last().filter(|_| !waits)
    }

    /// Draws the question, if there is one, and does what was answered.
    pub(in crate::app::shell) fn restore_ui(&mut self, ctx: &egui::Context) {
        let Some(kept) = self.to_restore() else { return };
        let mut answer = None;
        let fresh = is_fresh(ctx, egui::Id::unique(("restore", &kept.path)));
        let modal = modal(ctx, egui::Id::unique("restore")).show(ctx, |ui| {
            ui.set_width(400.0);
            let tokens = Tokens::in_ui(ui);
            ui.label(RichText::new(title(kept)).color(tokens.text_strong).strong());
            ui.label(body(kept));
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let restore = ui.button("Restore");
                if fresh {
                    restore.request_focus();
                }
                if restore.clicked() {
                    answer = Some(Answer::Restore);
                }
                if ui.button("Later").on_hover_text("Ask again at the next start").clicked() {
                    answer = Some(Answer::Later);
                }
                if ui.button("Discard").on_hover_text("They cannot be brought back").clicked() {
                    answer = Some(Answer::Discard);
                }
            });
        });
        if modal.should_close() {
            answer = Some(Answer::Later);
        }
        let Some(answer) = answer else { return };
        let Some(kept) = self.keep.offered.pop() else { return };
        match answer {
            Answer::Restore => {
                self.restore(ctx, kept);
                // Another would take the place of this one, which is not saved yet.
                let others = std::mem::take(&mut self.keep.offered).len();
                if others > 0 && self.keep.restored.is_some() {
                    let what = counted(others, "other window");
                    let text = format!("What {what} left unsaved is offered at the next start");
                    self.notices.say(ctx, Grade::Note, text);
                }
            }
            // It is no project, and nothing else has it open.
            Answer::Discard => {
                remove_results(&kept.path);
                if let Err(error) = std::fs::remove_file(&kept.path).map_err(Error::io("remove", &kept.path)) {
                    self.notices.say(ctx, Grade::Bad, format!("It will be asked again at the next start: {error}"));
                }
            }
            Answer::Later => {}
        }
    }
}

/// What comes back, and why it is asked.
fn body(kept: &Kept) -> String {
    let many = if kept.edits == 0 { kept.results.len() } else { kept.edits };
    let it = if many > 1 { "they were" } else { "it was" };
    let results = match kept.results.len() {
        count if count > 0 && kept.edits > 0 => format!(" {} with them.", comes(count)),
        _ => String::new(),
    };
    format!("The window ended before {it} saved.{results}")
}

fn comes(results: usize) -> String {
    if results == 1 {
        "A finished result comes back".to_owned()
    } else {
        format!("{results} finished results come back")
    }
}

fn title(kept: &Kept) -> String {
    let data = kept.state.data.title();
    let of = kept.project.as_ref().map_or(data, |path| path.display().to_string());
    let of = of.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let minutes = journal::now().saturating_sub(kept.last) / 60;
    let ago = match minutes {
        0 => "a moment ago".to_owned(),
        1..120 => format!("{} ago", counted(minutes as usize, "minute")),
        120..2880 => format!("{} ago", counted(minutes as usize / 60, "hour")),
        _ => format!("{} ago", counted(minutes as usize / 1440, "day")),
    };
    let what = match (kept.edits, kept.results.len()) {
        (0, 1) => "the result".to_owned(),
        (0, results) => counted(results, "result"),
        (edits, _) => counted(edits, "edit"),
    };
    format!("Restore {what} of {}, {ago}?", format::short(&of, 40))
}
