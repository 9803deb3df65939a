//! Jobs on their way to the engine and back: training, going on, other data, failures, undo.
//!
//! The panels' job changes only when its data is there, and what was shown comes back where a job fails.

use eframe::egui;

use crate::Recipe;
use crate::app::panels::Drafts;
use crate::app::shell::files::carried::Carried;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::project::leave::Away;
use crate::app::shell::project::picture::{Picture, Pictures};
use crate::app::shell::state::{App, name_of};
use crate::app::shown::run::Phase;
use crate::data::Source;
use crate::output::guard::same_file;
use crate::pipeline::{Command, Event, Failure, Job};
use crate::recipe::Stage;
use crate::recipe::changes::stages_redone;
use crate::recipe::knobs::OF_COLUMNS;

/// Jobs on their way, and what was there before them.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct Way {
    /// Other data that is being opened, and the same once that failed.
    pub(in crate::app::shell) wanted: Option<Wanted>,
    refused: Option<Wanted>,
    /// What was shown before the job at work.
    pub(in crate::app::shell) before: Option<Picture>,
    /// Pictures that were left for other data.
    pub(in crate::app::shell) pictures: Pictures,
    /// Whether the engine has gone to other data than what is shown, and holds none of its stages.
    pub(in crate::app::shell) elsewhere: bool,
    /// The job whose result was put away to show its data alone, until something else happens.
    pub(in crate::app::shell) reset_from: Option<Job>,
}

impl Way {
    /// Something else happened since a reset, which undo takes back first.
    pub(in crate::app::shell) fn forget_reset(&mut self) {
        self.reset_from = None;
    }
}

/// Other data on its way to the screen.
#[derive(Debug)]
pub(in crate::app::shell) struct Wanted {
    job: Job,
    /// What is left for it.
    left: Picture,
    /// Whether it is wanted back rather than anew.
    back: bool,
    /// Whether a person opened this data, rather than something that brings it along.
    by_hand: bool,
}

impl App {
    pub(in crate::app::shell) fn run_or_pause(&mut self, ctx: &egui::Context) {
        match self.run.phase {
            Phase::Running => self.engine.send(Command::Pause),
            Phase::Paused => self.engine.send(Command::Resume),
            _ => self.train(ctx),
        }
    }

    /// Trains as the panels say: on from where a training was stopped, or anew.
    pub(in crate::app::shell) fn train(&mut self, ctx: &egui::Context) {
        if self.goes_on() {
            self.go_on();
        } else if self.stages_behind().contains(&Stage::Load) {
            self.leave(ctx, Away::Train);
        } else {
            self.start();
        }
    }

    /// Whether the training shown was stopped and the panels still ask for it, so that it can go on.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        let Some(shown) = self.run.shown.as_ref().filter(|_| !self.run.phase.is_busy()) else { return false };
        self.run.stopped.is_some_and(|s| s.stage == Stage::Learn)
            && shown.job.source == self.job.source
            && self.job.recipe.learn
            && !shown.facts.stages_redone(&shown.job.recipe, &self.job.recipe).contains(&Stage::Learn)
    }

    /// Goes on with a training that was stopped.
    pub fn go_on(&mut self) {
        let job = Box::new(self.job.clone());
        self.send(self.job.clone(), false, Command::Continue(job));
    }

    /// Runs the whole chain with the panels' settings.
    pub fn start(&mut self) {
        let job = Box::new(self.job.clone());
        self.send(self.job.clone(), false, Command::Start(job));
    }

    /// Opens the panels' data and shows it, nothing more.
    pub fn open(&mut self) {
        let job = Box::new(self.job.clone());
        self.send(self.job.clone(), true, Command::Open(job));
    }

    /// Gives the engine a job; what is shown now comes back if it fails.
    pub(in crate::app::shell) fn send(&mut self, job: Job, opening: bool, command: Command) {
        if !opening {
            self.keep_seen();
        }
        let picture = self.picture();
        if picture.has_result() || !self.run.phase.is_busy() {
            self.way.before = Some(picture);
        }
        (self.sent, self.unsettled, self.way.elsewhere, self.example) = (job, None, false, None);
        (self.way.wanted, self.way.refused, self.way.reset_from) = (None, None, None);
        // What was asked for last is what comes.
        self.keep.reading = None;
        self.run.asked(opening);
        self.compare.began(None);
        self.runs_sheet.ended();
        self.engine.send(command);
    }

    /// Opens the data of a job, which takes the place of the panels' once it is there. `back` when the job was there before.
    pub(in crate::app::shell) fn want(&mut self, job: Job, back: bool) {
        let left = self.picture();
        self.send(job.clone(), true, Command::Open(Box::new(job.clone())));
        self.way.wanted = Some(Wanted { job, left, back, by_hand: false });
    }

    /// Opens data that a person chose.
    pub(in crate::app::shell) fn want_by_hand(&mut self, source: Source) {
        let recipe = taken_along(&self.job, &source, &Recipe::default());
        self.want(Job { source, recipe }, false);
        self.is_by_hand();
    }

    fn is_by_hand(&mut self) {
        if let Some(wanted) = &mut self.way.wanted {
            wanted.by_hand = true;
        }
    }

    /// Whether data could not be opened, and what was there before is shown still.
    pub(in crate::app::shell) fn is_refused(&self) -> bool {
        self.run.phase == Phase::Failed && self.way.refused.is_some()
    }

    /// The data on its way, if there is any.
    pub(in crate::app::shell) fn on_its_way(&self) -> Option<&Source> {
        self.way.wanted.as_ref().map(|w| &w.job.source)
    }

    /// Takes over the job whose data has just been shown, if it was wanted.
    pub(in crate::app::shell) fn arrive(&mut self) {
        let here = |w: &Wanted| self.run.shown.as_ref().is_some_and(|s| *s.job == w.job);
        if !self.way.wanted.as_ref().is_some_and(here) {
            return;
        }
        let Some(Wanted { job, left, back, by_hand }) = self.way.wanted.take() else { return };
        let left = left.with_marks_of(self);
        if left.run.shown.is_none() {
            self.steps.history.skip_to(&job); // There is nothing to go back to.
        } else if !back {
            self.steps.history.settle(&left.job);
        }
        // What was set by hand while the data was on its way stays.
        self.job = if self.job == left.job {
            job
        } else {
            Job { recipe: taken_along(&self.job, &job.source, &job.recipe), ..job }
        };
        if !back && left.job.source != self.job.source {
            let name = name_of(&left.job.source);
            // What a way out of an error set was set for the new table, though it may be as it was for the one before.
            let set = taken_along(&left.job, &self.job.source, &Recipe::default());
            self.carried = Carried::on(&name, &set, &self.job.recipe, self.carried.as_ref());
        }
        // Under another name it is the same table still.
        let lets_go = by_hand && is_same(&left.job.source, &self.job.source) && self.project_file().is_some();
        self.drafts = Drafts::default();
        self.remember_path();
        self.way.pictures.keep(left);
        if lets_go {
            self.let_go_of_project();
        }
    }

    /// What was decided of the columns of one table may not fit another that is opened: then its own columns are guessed. Whether that is
    /// so, and it is opened again.
    pub(in crate::app::shell) fn guesses_columns(&mut self, ctx: &egui::Context, failure: &Failure) -> bool {
        let of_columns = failure.remedies.iter().any(|way| OF_COLUMNS.iter().any(|knob| knob.flag == way.flag));
        let decided = |w: &mut Wanted| !w.back && w.job.source != self.job.source && w.job.recipe.decides_columns();
        let Some(Wanted { job, left, back, by_hand }) = self.way.wanted.take_if(|w| of_columns && decided(w)) else {
            return false;
        };
        let (name, before) = (name_of(&job.source), name_of(&self.job.source));
        let text = format!("What was decided of the columns of {before} does not fit {name}: its columns are guessed");
        self.notices.say(ctx, Grade::Note, text);
        let job = Job { recipe: job.recipe.columns_as_guessed(), ..job };
        self.send(job.clone(), true, Command::Open(Box::new(job.clone())));
        self.way.wanted = Some(Wanted { job, left, back, by_hand });
        true
    }

    /// The job at work failed: the last good picture comes back.
    pub(in crate::app::shell) fn failed(&mut self, failure: Failure) {
        self.notices.keep(Grade::Bad, failure.reason.clone());
        let wanted = self.way.wanted.take();
        let before = self.way.before.take();
        let back = match &wanted {
            Some(wanted) => Some(wanted.left.clone()),
            // Without a result before, what the run had got to says more than the data alone.
            None => before.filter(|p| p.has_result() || self.result().is_none()),
        };
        if let Some(picture) = back.filter(|p| p.run.shown.is_some()) {
            let picture = picture.with_edits_of(self);
            self.show_picture(picture);
        }
        if wanted.is_some() {
            self.sent = self.job.clone(); // What the panels say is loaded.
        }
        self.way.refused = wanted;
        self.run.take(Event::Failed(failure));
    }

    /// Tries again what failed.
    pub(in crate::app::shell) fn try_again(&mut self) {
        match self.way.refused.take() {
            Some(refused) => {
                self.want(refused.job, refused.back);
                if refused.by_hand {
                    self.is_by_hand();
                }
            }
            None if self.run.was_opening() => self.open(),
            None => self.start(),
        }
    }

    /// The settings of the job that failed: those of the data that was wanted, or the panels'.
    pub(super) fn failed_recipe(&self) -> &Recipe {
        self.way.refused.as_ref().map_or(&self.job.recipe, |refused| &refused.job.recipe)
    }

    /// Tries again what failed, with other settings.
    pub(super) fn try_again_with(&mut self, recipe: Recipe) {
        if let Some(refused) = &mut self.way.refused {
            refused.job.recipe = recipe;
        } else {
            self.job.recipe = recipe;
            self.drafts = Drafts::default();
        }
        self.try_again();
    }

    /// Ends what the engine is at; nothing more of it will be heard.
    pub(in crate::app::shell) fn abandon(&mut self) {
        (self.way.wanted, self.way.refused, self.way.before) = (None, None, None);
        self.keep.reading = None;
        if self.run.phase.is_busy() || self.compare.is_running() || self.runs_sheet.is_running() {
            self.compare.began(None);
            self.runs_sheet.ended();
            self.engine.send(Command::Cancel);
        }
    }

    /// Whether the last step was a reset, so that undo brings back what it took away.
    pub(in crate::app::shell) fn undoes_reset(&self) -> bool {
        self.run.phase == Phase::Ready && self.way.reset_from.as_ref() == Some(&self.job)
    }

    /// Brings back what a reset took away, if that was the last step.
    pub(in crate::app::shell) fn brings_back_reset(&mut self) -> bool {
        let picture = if self.undoes_reset() { self.way.reset_from.take() } else { None };
        let picture = picture.and_then(|job| self.way.pictures.take(&job));
        let there = picture.is_some();
        if let Some(picture) = picture {
            self.show_picture(picture);
        }
        there
    }

    /// Goes back, or forward, to an earlier job: settings at once, other data with the picture that was left there, or once it is read.
    pub(in crate::app::shell) fn go_back_to(&mut self, job: Job) {
        if let Some(painted) = job.source.painted() {
            if self.job.source.painted().is_some() {
                self.set_job(job);
                return self.record_painted();
            }
            if painted.len() < 2 {
                return self.show_blank(job, true);
            }
        }
        let same =
            self.job.source == job.source && !stages_redone(&self.job.recipe, &job.recipe).contains(&Stage::Load);
        if same {
            return self.set_job(job);
        }
        if let Some(picture) = self.way.pictures.take(&job) {
            let left = self.picture();
            self.abandon();
            self.show_picture(picture);
            self.way.pictures.keep(left);
            self.set_job(job);
            (self.sent, self.way.elsewhere) = (self.job.clone(), true);
        } else if self.job.source == job.source {
            self.set_job(job); // Other samples of the same data are drawn when the person trains.
        } else {
            self.want(job, true);
        }
    }
}

/// Whether two sources are the same data, be it under another name.
fn is_same(a: &Source, b: &Source) -> bool {
    match (a, b) {
        (Source::Path(a), Source::Path(b)) => a == b || same_file(a, b),
        (a, b) => a == b,
    }
}

/// The settings of a job as they hold for other data: how a table is read was settled for that table, and files that say something of its
/// rows are of it; both are as `otherwise` has them.
fn taken_along(from: &Job, to: &Source, otherwise: &Recipe) -> Recipe {
    if is_same(&from.source, to) {
        return from.recipe.clone();
    }
    let recipe = from.recipe.with_rows_of(otherwise);
    if matches!(from.source, Source::Path(_)) { recipe.read_as(otherwise) } else { recipe }
}
