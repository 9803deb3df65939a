//! Which commands can run now, and what each of them does.

use eframe::egui;

use super::project::leave::Away;
use super::state::{App, ThemeChoice};
use crate::Recipe;
use crate::app::dock::Page;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus;
use crate::app::panels::Drafts;
use crate::app::shown::labels::Wanted;
use crate::app::shown::motion::Motion;
use crate::app::shown::run::Phase;
use crate::app::views::scatter::{Effect, Tool};
use crate::pipeline::Command;

impl App {
    fn has_sheet_open(&self) -> bool {
        self.export_sheet.open || self.runs_sheet.open || self.sheet.open || self.compare.open || self.select.open
    }

    /// Closes the sheet that lies on top.
    fn close_sheet(&mut self, ctx: &egui::Context) {
        let open = [
            ("Export", &mut self.export_sheet.open),
            ("Runs", &mut self.runs_sheet.open),
            ("Columns", &mut self.sheet.open),
            ("Compare systems", &mut self.compare.open),
            ("Select", &mut self.select.open),
        ];
        let top = focus::top_sheet(ctx);
        let mut open: Vec<_> = open.into_iter().filter(|(_, open)| **open).collect();
        open.sort_by_key(|(name, _)| top != Some(*name));
        if let Some((_, open)) = open.into_iter().next() {
            *open = false;
        }
    }

    /// Whether a file or folder is being chosen.
    pub(super) fn is_asking_path(&self) -> bool {
        self.dialogs.is_open() || self.prompt.is_open()
    }

    /// Whether a command can run now.
    #[must_use]
    pub fn can(&self, command: UiCommand) -> bool {
        let phase = self.run.phase;
        match command {
            UiCommand::RunPause => phase != Phase::Opening && (self.job.recipe.learn || self.job.recipe.exact),
            UiCommand::Step => phase == Phase::Paused,
            UiCommand::Restart => self.goes_on(),
            UiCommand::StopAndKeep => matches!(phase, Phase::Running | Phase::Paused),
            UiCommand::Export => self.result().is_some() || self.export_sheet.open,
            UiCommand::ExportModel => {
                let model = self.result().is_some_and(|shown| shown.model.is_some());
                model && !self.is_asking_path()
            }
            UiCommand::ApplyModel => !self.is_asking_path(),
            UiCommand::LabelFile => {
                let model = self.result().is_some_and(|shown| shown.model.is_some());
                model && !self.is_asking_path()
            }
            UiCommand::ExportAnimation => self.recording().is_some() && !self.is_asking_path(),
            UiCommand::Undo => self.can_undo(),
            UiCommand::Redo => self.can_redo(),
            UiCommand::AssignNew | UiCommand::Outliers | UiCommand::Accept | UiCommand::GiveBack => self.can_label(),
            UiCommand::OpenLast => self.last_project().is_some() && !self.is_asking_path(),
            UiCommand::Teach => self.can_teach() && !self.is_asking_path(),
            UiCommand::Live => self.live_switch().is_some(),
            UiCommand::PlayPast | UiCommand::EarlierLook => self.recording().is_some(),
            UiCommand::LaterLook | UiCommand::Now => self.past_step().is_some(),
            UiCommand::Pin => self.current_run().is_some(),
            UiCommand::UnpinAll => !self.centre.pins.all().is_empty(),
            UiCommand::Paint => self.on_its_way().is_none(),
            UiCommand::Map => self.seen().is_some_and(|seen| self.centre.has_plane(seen)),
            UiCommand::Edges | UiCommand::Heat => self.seen().is_some_and(|seen| seen.operator.is_some()),
            UiCommand::Review => self.review.is_some() || self.edits_by().is_some(),
            UiCommand::Defaults => self.job.recipe != Recipe::default(),
            UiCommand::Lessons => self.lessons.list_open || self.on_its_way().is_none(),
            UiCommand::LessonNext => self.has_step(1),
            UiCommand::LessonBack => self.has_step(-1),
            UiCommand::LeaveLesson => self.lessons.is_open(),
            // A lesson has nothing to save, and the work is put aside.
            UiCommand::New | UiCommand::Save | UiCommand::SaveAs if self.lessons.is_open() => false,
            UiCommand::ClearSelection if self.present.on => true,
            UiCommand::ClearSelection => {
                let selection = &self.centre.selection;
                self.has_sheet_open() || selection.pinned.is_some() || selection.count() > 0
            }
            UiCommand::Invert => !self.centre.selection.is_empty(),
            UiCommand::Neighbours => self.neighbours_at_hand().is_some(),
            UiCommand::Rename => self.cluster_to_name().is_some(),
            UiCommand::Clusters => self.named_side().is_some(),
            UiCommand::Reset | UiCommand::Rows | UiCommand::Inside | UiCommand::Query => self.run.shown.is_some(),
            UiCommand::ShowRow => self.point_at_hand().is_some(),
            UiCommand::Save => self.run.shown.is_some() && !self.is_asking_path(),
            UiCommand::Open | UiCommand::SaveAs | UiCommand::SaveRecipe | UiCommand::Screenshot => {
                !self.is_asking_path()
            }
            _ => true,
        }
    }

    /// Whether a question waits for its answer, which alone goes on from it.
    pub(super) fn asks(&self) -> bool {
        self.question.is_some() || self.keep.storing.is_asking() || self.to_restore().is_some()
    }

    /// Runs a command, if it can run now. Under a question only what changes how the window is seen can.
    pub fn execute(&mut self, ctx: &egui::Context, command: UiCommand) {
        if self.can(command) && (command.is_of_sight() || !self.asks()) {
            self.carry_out(ctx, command);
        }
    }

    /// Does what a command says.
    #[expect(clippy::too_many_lines, reason = "a line a command")]
    pub(super) fn carry_out(&mut self, ctx: &egui::Context, command: UiCommand) {
        match command {
            UiCommand::RunPause => self.run_or_pause(ctx),
            UiCommand::Step => self.engine.send(Command::Step(self.step_size)),
            UiCommand::Live => self.toggle_live(),
            UiCommand::PlayPast => self.toggle_play(ctx),
            UiCommand::EarlierLook => self.step_look(true),
            UiCommand::LaterLook => self.step_look(false),
            UiCommand::Now => self.leave_past(),
            UiCommand::Pin => self.toggle_pin(),
            UiCommand::UnpinAll => self.centre.pins.clear(),
            UiCommand::Edges => self.centre.graph.edges = !self.centre.graph.edges,
            UiCommand::Map => self.centre.map.on = !self.centre.map.on,
            UiCommand::Paint => self.toggle_paint(ctx),
            UiCommand::Heat => self.centre.toggle_motion(Motion::Heat),
            UiCommand::Reset => self.leave(ctx, Away::Reset),
            UiCommand::Restart => self.start(),
            UiCommand::StopAndKeep => self.engine.send(Command::StopAndKeep),
            UiCommand::Open => self.ask_path(ctx, Purpose::Open),
            UiCommand::New => self.leave(ctx, Away::New),
            UiCommand::Save => self.save(ctx),
            UiCommand::SaveAs => self.ask_where(ctx),
            UiCommand::SaveRecipe => self.ask_path(ctx, Purpose::SaveRecipe),
            UiCommand::Export => self.export_sheet.open = !self.export_sheet.open,
            UiCommand::ExportModel => self.ask_path(ctx, Purpose::ExportModel),
            UiCommand::ApplyModel => self.ask_path(ctx, Purpose::ApplyModel),
            UiCommand::LabelFile => self.label_another(ctx),
            UiCommand::ExportAnimation => self.ask_path(ctx, Purpose::Animation),
            UiCommand::Screenshot => self.ask_path(ctx, Purpose::Screenshot),
            UiCommand::Undo => self.undo_step(),
            UiCommand::Redo => self.redo_step(),
            UiCommand::AssignNew => self.label_selected(ctx, Wanted::AssignNew),
            UiCommand::Outliers => self.label_selected(ctx, Wanted::Outliers),
            UiCommand::Accept => self.label_selected(ctx, Wanted::Accept),
            UiCommand::GiveBack => self.label_selected(ctx, Wanted::GiveBack),
            UiCommand::OpenLast => {
                if let Some(path) = self.last_project().map(std::path::Path::to_owned) {
                    self.leave(ctx, Away::File(path));
                }
            }
            UiCommand::Teach => self.ask_path(ctx, Purpose::Teach),
            UiCommand::Review => self.toggle_review(ctx),
            UiCommand::Invert => {
                let inverse: Vec<u32> = self.centre.selection.rest().collect();
                self.centre.selection.replace(inverse);
            }
            UiCommand::Neighbours => {
                let effect = self.centre.selection.effect;
                let points = self.neighbours_at_hand().unwrap_or_default();
                self.centre.selection.apply(effect, points);
            }
            UiCommand::Defaults => {
                self.job.recipe = Recipe { data_dir: self.job.recipe.data_dir.take(), ..Recipe::default() };
                self.drafts = Drafts::default();
            }
            UiCommand::ClearSelection if self.present.on => self.toggle_present(ctx),
            UiCommand::ClearSelection if self.has_sheet_open() => self.close_sheet(ctx),
            UiCommand::ClearSelection => {
                // The card that stays goes first.
                if self.centre.selection.pinned.take().is_none() {
                    self.centre.selection.clear();
                }
            }
            UiCommand::FitViews => self.centre.fit(),
            UiCommand::ToolMove => self.centre.set_tool(Tool::Navigate),
            UiCommand::ToolLasso => self.centre.set_tool(Tool::Lasso),
            UiCommand::ToolBox => self.centre.set_tool(Tool::Rectangle),
            UiCommand::SelectReplace => self.centre.selection.effect = Effect::Replace,
            UiCommand::SelectAdd => self.centre.selection.effect = Effect::Add,
            UiCommand::SelectRemove => self.centre.selection.effect = Effect::Remove,
            UiCommand::SelectIntersect => self.centre.selection.effect = Effect::Intersect,
            UiCommand::Rename => self.ask_name(ctx),
            UiCommand::Clusters => self.go_to_clusters(),
            UiCommand::NextRegion => focus::step_region(ctx, false),
            UiCommand::PreviousRegion => focus::step_region(ctx, true),
            UiCommand::Maximise => self.toggle_alone(),
            UiCommand::Names => self.centre.nameless = !self.centre.nameless,
            UiCommand::ToggleSettings => self.settings_open = !self.settings_open,
            UiCommand::NextTheme => {
                let theme = if self.present.on { &mut self.present.theme } else { &mut self.theme };
                *theme = match *theme {
                    ThemeChoice::System => ThemeChoice::Dark,
                    ThemeChoice::Dark => ThemeChoice::Light,
                    ThemeChoice::Light => ThemeChoice::System,
                };
            }
            UiCommand::TextLarger
            | UiCommand::TextSmaller
            | UiCommand::TextUsual
            | UiCommand::Still
            | UiCommand::Shapes => self.see(command),
            UiCommand::Rows => self.toggle_page(Page::Rows),
            UiCommand::Inside => self.toggle_page(Page::Inside),
            UiCommand::ShowRow => self.show_row(),
            UiCommand::Query if self.select.open => self.select.open = false,
            UiCommand::Query => self.select.ask(None),
            UiCommand::Columns => self.sheet.open = !self.sheet.open,
            UiCommand::Runs => self.runs_sheet.open = !self.runs_sheet.open,
            UiCommand::Compare => self.compare.open = !self.compare.open,
            UiCommand::Palette => self.palette.toggle(),
            UiCommand::CopyReport => self.copy_report(ctx),
            UiCommand::Lessons => self.lessons.list_open = !self.lessons.list_open,
            UiCommand::LessonNext => self.step_lesson(1),
            UiCommand::LessonBack => self.step_lesson(-1),
            UiCommand::LeaveLesson => self.leave_lesson(ctx),
            UiCommand::Present => self.toggle_present(ctx),
            UiCommand::Help => self.help_open = !self.help_open,
        }
        ctx.request_repaint();
    }
}
