//! What panels and the comparison ask for, done.

use eframe::egui;

use super::frame::notices::Grade;
use super::project::leave::Away;
use super::state::App;
use crate::app::centre::compare::CompareAsk;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::commands::UiCommand;
use crate::app::panels::Ask;
use crate::data::{Own, Source};
use crate::pipeline::Command;

impl App {
    /// Does what the comparison asked for.
    pub(super) fn compare_asked(&mut self, ctx: &egui::Context, ask: CompareAsk) {
        match ask {
            CompareAsk::Start(plan) => {
                self.compare.began(Some(&plan));
                self.runs_sheet.ended();
                self.engine.send(Command::Compare(plan));
            }
            CompareAsk::Pause => self.engine.send(Command::Pause),
            CompareAsk::Resume => self.engine.send(Command::Resume),
            CompareAsk::End => self.engine.send(Command::EndComparison),
            CompareAsk::Adopt(job) => self.want(*job, false),
            CompareAsk::Save => self.ask_path(ctx, Purpose::SaveComparison),
        }
    }

    /// Does what a panel asked for.
    pub(super) fn asked(&mut self, ctx: &egui::Context, ask: Ask) {
        match ask {
            Ask::OpenDialog => self.execute(ctx, UiCommand::Open),
            Ask::OpenNamed(name) => self.leave(ctx, Away::Source(Source::Named(name))),
            Ask::OpenPath(path) if Own::of(&path).is_some() => self.leave(ctx, Away::File(path)),
            Ask::OpenPath(path) => self.leave(ctx, Away::Source(Source::Path(path))),
            Ask::Choose(purpose) if self.can(UiCommand::Open) => self.ask_path(ctx, purpose),
            Ask::Choose(_) => {}
            Ask::Columns => self.sheet.open = true,
            Ask::Paint { empty } => self.begin_painting(ctx, empty),
            Ask::Defaults => self.execute(ctx, UiCommand::Defaults),
            Ask::KeepSettings => self.carried = None,
            // Their numbers are those of the earlier look's clusters.
            Ask::Edit(_) | Ask::Inside(_) | Ask::Split(..) if self.past_step().is_some() => {
                self.notices.say(
                    ctx,
                    Grade::Note,
                    "An earlier picture is shown; Now returns to the clusters of the result",
                );
            }
            Ask::Edit(deed) => self.edit(ctx, *deed),
            Ask::Inside(id) => self.show_inside(id),
            Ask::Split(by, id) => self.split(ctx, by, id),
            Ask::ColorBy(by) => self.centre.color_by = Some(by),
            Ask::Review => self.execute(ctx, UiCommand::Review),
            Ask::Export => self.execute(ctx, UiCommand::Export),
        }
    }

    /// Goes to other data; the panels follow once it is there.
    pub fn show_source(&mut self, source: Source) {
        self.want_by_hand(source);
    }
}
