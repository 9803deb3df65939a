//! The question before something is lost that took long or a hand to make.

use std::path::PathBuf;

use eframe::egui::{self, RichText};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, modal};
use crate::app::shell::coming::keeps_rows;
use crate::app::shell::files::opening::{is_recipe, read_recipe};
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::run::Phase;
use crate::data::{Own, Source};
use crate::recipe::Stage;
use crate::recipe::changes::stages_redone;
use crate::support::language::counted;

/// What takes less than this to make again is made again, in seconds.
const LONG: f64 = 10.0;

/// What a person asked for that may cost them work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::shell) enum Away {
    /// Other data.
    Source(Source),
    /// A recipe, a comparison, or data.
    File(PathBuf),
    /// The data alone.
    Reset,
    /// A run that draws other samples.
    Train,
    /// The same data without what was said of it.
    New,
    /// A lesson, which puts everything else aside.
    Lesson,
    /// The end.
    Close,
}

impl Away {
    /// What its button says.
    fn verb(&self) -> &'static str {
        match self {
            Self::Source(_) | Self::File(_) | Self::Lesson => "Open",
            Self::Reset => "Reset",
            Self::Train => "Train",
            Self::New => "New",
            Self::Close => "Close",
        }
    }

    /// The same behind "Save and".
    fn verb_after_saving(&self) -> String {
        if *self == Self::New { "begin anew".to_owned() } else { self.verb().to_lowercase() }
    }

    /// What it does, for the title of the question.
    fn question(&self) -> String {
        match self {
            Self::Source(Source::Named(name)) => format!("Open {name}?"),
            Self::Source(Source::Painted(_)) => "Paint points?".to_owned(),
            Self::Source(Source::Path(path)) | Self::File(path) => {
                let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.display().to_string());
                format!("Open {}?", format::short(&name, 40))
            }
            Self::Reset => "Show the data alone?".to_owned(),
            Self::Train => "Train on other samples?".to_owned(),
            Self::New => "Begin a new project?".to_owned(),
            Self::Lesson => "Open the lesson?".to_owned(),
            Self::Close => "Close Eigenscope?".to_owned(),
        }
    }

    /// Whether the list of runs becomes another one.
    fn ends_runs(&self) -> bool {
        match self {
            Self::Close | Self::New => true,
            Self::File(path) => Own::of(path) == Some(Own::Project),
            Self::Source(_) | Self::Reset | Self::Train | Self::Lesson => false,
        }
    }

    /// Whether undo brings back what it takes away.
    fn can_be_undone(&self) -> bool {
        !matches!(self, Self::Close | Self::New | Self::Lesson)
    }
}

/// A question that waits for its answer.
#[derive(Clone, Debug)]
pub(in crate::app::shell) struct Question {
    away: Away,
    lost: Vec<String>,
    /// Not drawn yet.
    fresh: bool,
}

/// What a person answered.
enum Answer {
    Go,
    Stay,
    Export,
    Save,
}

impl App {
    /// Goes on with what waited for the project to be saved, or asks again where something would be lost still; not where nothing was saved.
    pub(super) fn leave_once_saved(&mut self, ctx: &egui::Context, saved: bool) {
        let Some(away) = self.keep.then.take().filter(|_| saved) else { return };
        self.go_or_ask(ctx, away);
        ctx.request_repaint();
    }

    /// Does what was asked for at once, or asks first where it would cost something.
    pub(in crate::app::shell) fn leave(&mut self, ctx: &egui::Context, away: Away) {
        if let Away::File(path) = &away
            && Own::of(path) == Some(Own::Lesson)
        {
            if let Err(error) = self.ask_for_lesson_file(ctx, path) {
                self.notices.say(ctx, Grade::Bad, error.to_string());
            }
            return;
        }
        // What is no lesson's takes the place of the work, not of the lesson.
        if matches!(away, Away::File(_) | Away::Source(Source::Path(_))) {
            self.leave_lesson(ctx);
        }
        // The data that is shown is shown alone, as after a reset; that of a project leaves the project, whose file has its result still.
        let same = matches!(&away, Away::Source(source) if *source == self.job.source && self.run.shown.is_some());
        let same = same && self.project_file().is_none();
        let away = if same { Away::Reset } else { away };
        self.go_or_ask(ctx, away);
    }

    fn go_or_ask(&mut self, ctx: &egui::Context, away: Away) {
        let lost = self.lost_by(&away);
        if lost.is_empty() {
            self.go(ctx, away);
        } else {
            self.ask(away, lost);
            ctx.request_repaint();
        }
    }

    /// Asks whether this is to be lost.
    fn ask(&mut self, away: Away, lost: Vec<String>) {
        // No command can be chosen under a question.
        self.palette.close();
        self.question = Some(Question { away, lost, fresh: true });
    }

    fn go(&mut self, ctx: &egui::Context, away: Away) {
        match away {
            Away::Source(Source::Painted(painted)) => self.show_painted(painted),
            Away::Source(source) => self.show_source(source),
            Away::File(path) => self.open_path(ctx, path),
            Away::Reset => {
                let job = self.result().is_some().then(|| self.job.clone());
                self.way.pictures.keep(self.picture());
                self.open();
                self.way.reset_from = job;
            }
            Away::Train => {
                self.way.pictures.keep(self.picture());
                self.start();
            }
            Away::New => self.new_project(ctx),
            Away::Lesson => self.begin_lesson(),
            Away::Close => {
                self.may_close = true;
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    /// What this would take from a person, in words.
    fn lost_by(&self, away: &Away) -> Vec<String> {
        let mut lost = Vec::new();
        if matches!(away, Away::File(path) if Own::of(path) == Some(Own::Model)) {
            return lost; // It labels another file, and what is shown stays.
        }
        if let Away::File(path) = away
            && is_recipe(path)
        {
            // It sets the panels alone. Marks and names go with the samples, once it draws others.
            let other = read_recipe(path).is_ok_and(|r| stages_redone(&self.job.recipe, &r).contains(&Stage::Load));
            return if other { self.marks() } else { lost };
        }
        // The example is part of the program, however long a slow machine takes to open it.
        let so_far = if self.opens_example() { 0.0 } else { self.run.seconds_so_far() };
        if so_far >= LONG && !matches!(away, Away::Train | Away::New) {
            lost.push(match self.step_words() {
                Some(at) => format!("a training of {}, {at}", format::seconds(so_far)),
                None => format!("a run of {}", format::seconds(so_far)),
            });
        }
        if let Some(words) = self.compare.at_work(LONG).filter(|_| *away != Away::New) {
            lost.push(words);
        }
        if matches!(away, Away::Source(_) | Away::File(_) | Away::Close) && self.is_unsaved() {
            lost.extend(self.unsaved_points());
        }
        // All that has come to its end is put aside and comes back.
        if self.is_exported() || *away == Away::Lesson {
            return lost;
        }
        let spent = self.run.seconds_spent();
        // Reset keeps a complete result at hand, and training goes on with the stages that hold.
        let result = match away {
            Away::Source(_) | Away::File(_) | Away::Close => self.result().is_some(),
            Away::Reset => self.run.stopped.is_some(),
            Away::Train | Away::New | Away::Lesson => false,
        };
        if result && spent >= LONG && !self.is_stored() && self.example.is_none() {
            lost.push(format!("a result that took {}", format::seconds(spent)));
        }
        let keeps = self.project_file().is_none() || self.stores_results();
        if away.ends_runs() && keeps {
            lost.extend(self.runs_in_no_file(LONG));
        }
        // After a reset the same samples are shown, and what belongs to them stays; so does what belongs to the rows of a file.
        let stays = match away {
            Away::Train => keeps_rows(&self.job.source),
            _ => *away == Away::Reset,
        };
        if !stays {
            lost.extend(self.marks());
        }
        lost
    }

    /// What a person has named and selected, in words.
    fn marks(&self) -> Vec<String> {
        let mut lost = Vec::new();
        if !self.has_unsaved_work() {
            return lost;
        }
        if let Some(path) = self.project_file() {
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            lost.push(format!("what you did since {} was saved", format::short(&name, 40)));
            return lost;
        }
        match self.labels.count() {
            (0, 0) => {}
            (1, 0) => lost.push("what you said of a cluster".to_owned()),
            (count, 0) => lost.push(format!("what you said of {count} clusters")),
            (_, rows) => lost.push(format!("your labels of {}", counted(rows, "point"))),
        }
        let said = self.kept_runs.said_in_no_file();
        if said > 0 {
            lost.push(format!("the stars and notes of {}", counted(said, "run")));
        }
        match self.centre.selection.count() {
            0 => {}
            1 => lost.push("the selection of a point".to_owned()),
            count => lost.push(format!("the selection of {} points", format::count(count))),
        }
        lost
    }

    /// Where a training that has not ended is, in words.
    pub(in crate::app::shell) fn step_words(&self) -> Option<String> {
        let shown = self.run.shown.as_ref().filter(|s| s.learned.is_some() && s.steps > 0)?;
        let unfinished = matches!(self.run.phase, Phase::Running | Phase::Paused) || self.run.stopped.is_some();
        let (step, steps) = self.run.stopped.map_or((shown.step, shown.steps), |s| (s.step, s.steps));
        unfinished.then(|| format!("step {} of {}", format::count(step), format::count(steps)))
    }

    /// Whether everything that could be lost was written to a file as it stands.
    fn is_exported(&self) -> bool {
        self.exports.last.is_some() && self.exports.last == self.as_it_stands()
    }

    /// What tells whether anything changed since an export.
    pub(in crate::app::shell) fn as_it_stands(&self) -> Option<[u64; 3]> {
        let shown = self.run.shown.as_ref()?;
        Some([shown.serial, self.labels.serial(), self.centre.selection.serial()])
    }

    /// Whether the window goes with the next frame.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.may_close
    }

    /// The system wants to close the window: not before a person was asked.
    pub(in crate::app::shell) fn guard_close(&mut self, ctx: &egui::Context) {
        if self.may_close || self.shoot.is_waiting() || self.watch.is_some() {
            return;
        }
        if ctx.input(|i| i.viewport().close_requested()) {
            self.leave_lesson(ctx); // It is the work put aside that could be lost.
            let lost = self.lost_by(&Away::Close);
            if !lost.is_empty() {
                ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
                self.ask(Away::Close, lost);
            }
        }
    }

    /// Draws the question, if there is one, and does what was answered.
    pub(in crate::app::shell) fn question_ui(&mut self, ctx: &egui::Context) {
        let can = (self.can(UiCommand::Export), self.can(UiCommand::Save) && self.is_unsaved());
        let Some(question) = &mut self.question else { return };
        let mut answer = None;
        let modal = modal(ctx, egui::Id::unique("question")).show(ctx, |ui| {
            ui.set_width(380.0);
            answer = question_ui(ui, question, can);
        });
        if modal.should_close() {
            answer = Some(Answer::Stay);
        }
        let Some(answer) = answer else { return };
        let Some(Question { away, .. }) = self.question.take() else { return };
        match answer {
            Answer::Go => self.go(ctx, away),
            Answer::Export => self.carry_out(ctx, UiCommand::Export),
            Answer::Save => {
                self.carry_out(ctx, UiCommand::Save);
                self.keep.then = Some(away);
            }
            Answer::Stay => {}
        }
    }
}

fn question_ui(ui: &mut egui::Ui, question: &mut Question, (can_export, can_save): (bool, bool)) -> Option<Answer> {
    let tokens = Tokens::in_ui(ui);
    ui.label(RichText::new(question.away.question()).color(tokens.text_strong).strong());
    let recipe = matches!(&question.away, Away::File(path) if is_recipe(path));
    ui.label(if recipe { "It draws other samples, with which this would be lost:" } else { "This would be lost:" });
    for what in &question.lost {
        ui.label(format!("• {what}"));
    }
    if question.away.can_be_undone() {
        let keys = UiCommand::Undo.keys(ui.ctx()).unwrap_or_default();
        ui.label(
            RichText::new(format!("Undo ({keys}) brings it back in this session.")).small().color(tokens.text_weak),
        );
    }
    ui.add_space(4.0);
    let mut answer = None;
    ui.horizontal(|ui| {
        let stay = ui.button("Stay");
        if std::mem::take(&mut question.fresh) {
            stay.request_focus(); // Enter, pressed once too often, must lose nothing.
        }
        if stay.clicked() {
            answer = Some(Answer::Stay);
        }
        let save = format!("Save and {}", question.away.verb_after_saving());
        if can_save && ui.button(save).on_hover_text("Save the project, and then go on").clicked() {
            answer = Some(Answer::Save);
        }
        if can_export && ui.button("Export…").on_hover_text("Write the labelled table first; then ask again").clicked()
        {
            answer = Some(Answer::Export);
        }
        if ui.button(question.away.verb()).clicked() {
            answer = Some(Answer::Go);
        }
    });
    answer
}
