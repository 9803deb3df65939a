//! Lessons in the window: opened beside a person's work, which is put aside, gone through step by step, their questions watched, and left.

mod aside;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use eframe::egui;
use egui_commonmark::CommonMarkCache;

use super::project::leave::Away;
use super::state::App;
use crate::Recipe;
use crate::app::files::dialogs::Purpose;
use crate::app::kit::commands::{UiCommand, keys_of_a_lesson};
use crate::app::kit::find;
use crate::app::lesson::{Ask, Chosen, Lesson, Listed, Looks, Page, Seen, builtin, list_ui, page_ui, read};
use crate::app::shown::axes::Side;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::motion::Moving;
use crate::app::shown::run::Phase;
use crate::pipeline::Job;
use crate::recipe::Stage;
use aside::Aside;

/// A question by its step and its place there.
type Place = (usize, usize);

/// The lessons between frames.
#[derive(Debug, Default)]
pub(super) struct Lessons {
    pub(super) list_open: bool,
    open: Option<Open>,
    /// One that waits for a person's leave.
    wanted: Option<Arc<Lesson>>,
    /// What was answered in this session, by the titles of lessons.
    answered: BTreeMap<String, BTreeSet<Place>>,
    cache: CommonMarkCache,
}

/// A lesson that is open.
#[derive(Debug)]
struct Open {
    lesson: Arc<Lesson>,
    at: usize,
    hints: BTreeSet<Place>,
    /// The data of a step is on its way.
    coming: Option<Job>,
    aside: Box<Aside>,
}

impl Lessons {
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

impl App {
    /// The lesson that is open and the step at hand, 0-based.
    #[must_use]
    pub fn lesson(&self) -> Option<(&Lesson, usize)> {
        self.lessons.open.as_ref().map(|open| (&*open.lesson, open.at))
    }

    /// Whether a question of the step at hand is answered.
    #[must_use]
    pub fn is_answered(&self, question: usize) -> bool {
        let Some(open) = &self.lessons.open else { return false };
        let answered = self.lessons.answered.get(&open.lesson.title);
        answered.is_some_and(|answered| answered.contains(&(open.at, question)))
    }

    /// Whether the step at hand shows what it sets: its data is there, and no training that it began is at work.
    #[must_use]
    pub fn step_is_set(&self) -> bool {
        self.lessons.open.as_ref().is_some_and(|open| open.coming.is_none()) && !self.run.phase.is_busy()
    }

    /// Opens a lesson, or asks first where that would cost something.
    pub(super) fn ask_for_lesson(&mut self, ctx: &egui::Context, lesson: Lesson) {
        self.lessons.wanted = Some(Arc::new(lesson));
        self.leave(ctx, Away::Lesson);
    }

    /// Opens the lesson of a file.
    ///
    /// # Errors
    /// As [`read`].
    pub(super) fn ask_for_lesson_file(&mut self, ctx: &egui::Context, path: &Path) -> crate::Result<()> {
        let lesson = read(path)?;
        self.ask_for_lesson(ctx, lesson);
        Ok(())
    }

    /// Opens the lesson that was asked for.
    pub(super) fn begin_lesson(&mut self) {
        let Some(lesson) = self.lessons.wanted.take() else { return };
        let aside = match self.lessons.open.take() {
            Some(open) => open.aside, // Of the work before all lessons.
            None => Box::new(self.put_aside()),
        };
        self.live.off = false;
        self.lessons.open = Some(Open { lesson, at: 0, hints: BTreeSet::new(), coming: None, aside });
        self.go_to_step(0);
    }

    /// Ends the lesson and brings back what there was before it.
    pub fn leave_lesson(&mut self, ctx: &egui::Context) {
        if let Some(open) = self.lessons.open.take() {
            self.bring_back(*open.aside);
            ctx.request_repaint();
        }
    }

    /// Whether the lesson has a step so many on.
    pub(super) fn has_step(&self, by: isize) -> bool {
        let Some(open) = &self.lessons.open else { return false };
        open.at.checked_add_signed(by).is_some_and(|at| at < open.lesson.steps.len())
    }

    /// Goes so many steps on.
    pub(super) fn step_lesson(&mut self, by: isize) {
        let to = self.lessons.open.as_ref().and_then(|open| open.at.checked_add_signed(by));
        if let Some(to) = to.filter(|_| self.has_step(by)) {
            self.go_to_step(to);
        }
    }

    /// Goes to a step and sets what it sets: settings and looks at once where the data shown is its own, else once that is there.
    fn go_to_step(&mut self, at: usize) {
        let Some(open) = &mut self.lessons.open else { return };
        (open.at, open.coming) = (at, None);
        let own: &Recipe = open.aside.recipe();
        let lesson = Arc::clone(&open.lesson);
        let Some(job) = lesson.job_at(at, own) else { return };
        let Some(setup) = lesson.steps.get(at).and_then(|step| step.setup.as_ref()) else { return };
        let (of_data, same) = match &self.run.shown {
            Some(shown) if shown.job.source == job.source => {
                let redone = shown.facts.stages_redone(&shown.job.recipe, &job.recipe);
                (!redone.contains(&Stage::Load), redone.is_empty())
            }
            _ => (false, false),
        };
        let keeps = same || self.result().is_none() && !self.run.phase.is_busy();
        if of_data && (setup.train || keeps) {
            self.set_step(job);
        } else {
            // What another step computed would be taken for this one's.
            if let Some(open) = &mut self.lessons.open {
                open.coming = Some(job.clone());
            }
            self.want(job, false);
        }
    }

    /// Sets the step at hand on the data shown.
    fn set_step(&mut self, job: Job) {
        let Some(open) = &self.lessons.open else { return };
        let (lesson, at) = (Arc::clone(&open.lesson), open.at);
        let Some(setup) = lesson.steps.get(at).and_then(|step| step.setup.as_ref()) else { return };
        self.set_job(job);
        self.set_looks(&setup.looks);
        if setup.train && !self.is_trained() && !self.is_training() {
            self.start();
        }
    }

    fn set_looks(&mut self, looks: &Looks) {
        let centre = &mut self.centre;
        centre.tell(looks.colour.map(ColorBy::code).as_deref(), &looks.views());
        centre.hidden = Side::ALL.map(|side| !looks.sides.is_empty() && !looks.sides.contains(&side));
        for (side, camera) in Side::ALL.into_iter().zip(looks.camera) {
            if let Some(camera) = camera {
                centre.look_from(side, camera);
            }
        }
        centre.graph.edges = looks.edges.is_some();
        centre.graph.color = looks.edges.unwrap_or_default();
        centre.graph.moving = Moving::default();
        centre.map.on = looks.map;
        centre.map.take_away();
        centre.selection.clear();
        centre.selection.pinned = None;
        self.dock.bring(&looks.cards);
    }

    /// Whether the picture is of the settings, so far as it has come.
    fn is_of_settings(&self) -> bool {
        if let Some(frame) = self.live() {
            return frame.job == self.job;
        }
        self.run.shown.as_ref().is_some_and(|shown| {
            shown.job.source == self.job.source
                && shown.facts.stages_redone(&shown.job.recipe, &self.job.recipe).is_empty()
        })
    }

    /// Whether a training of these settings is finished.
    fn is_trained(&self) -> bool {
        let learned = self.result().is_some_and(|shown| shown.learned.is_some() || !self.job.recipe.learn);
        self.run.phase == Phase::Finished && learned && self.live().is_none() && self.is_of_settings()
    }

    /// Whether one is at work.
    fn is_training(&self) -> bool {
        matches!(self.run.phase, Phase::Running | Phase::Paused) && self.sent == self.job
    }

    /// Takes in the data of a step once it is there, and ticks what is answered; once a frame.
    pub(super) fn follow_lesson(&mut self, ctx: &egui::Context) {
        keys_of_a_lesson(ctx, self.lessons.is_open());
        let on_its_way = self.on_its_way().is_some();
        let Some(open) = &mut self.lessons.open else { return };
        if open.coming.is_some() {
            if on_its_way {
                return;
            }
            let Some(job) = open.coming.take() else { return };
            if self.run.shown.as_ref().is_none_or(|shown| shown.job.source != job.source) {
                return; // It could not be read, which is said.
            }
            self.carried = None;
            self.set_step(job);
        }
        let Some(open) = &self.lessons.open else { return };
        let (lesson, at) = (Arc::clone(&open.lesson), open.at);
        let Some(step) = lesson.steps.get(at) else { return };
        let seen = self.lesson_sees();
        let holds =
            |(_, question): &(usize, &crate::app::lesson::Question)| question.when.iter().all(|c| c.holds(&seen));
        let answered: Vec<usize> = step.questions.iter().enumerate().filter(holds).map(|(i, _)| i).collect();
        let known = self.lessons.answered.entry(lesson.title.clone()).or_default();
        let before = known.len();
        known.extend(answered.into_iter().map(|question| (at, question)));
        if known.len() > before {
            ctx.request_repaint();
        }
    }

    fn lesson_sees(&self) -> Seen<'_> {
        let picture = self.seen().filter(|_| self.is_of_settings()).map(AsRef::as_ref);
        Seen {
            job: &self.job,
            picture,
            learned: self.live().is_none(),
            run: &self.run,
            trained: self.is_trained(),
            colour: self.color_by(),
            selected: self.centre.selection.count(),
            moving: self.centre.graph.moving.what.is_some() && self.centre.graph.moving.from.is_some(),
            new_point: self.centre.map.landed().is_some(),
        }
    }

    /// Turns the knobs that answer a question of the step at hand.
    pub fn show_answer(&mut self, question: usize) {
        let Some(open) = &self.lessons.open else { return };
        let lesson = Arc::clone(&open.lesson);
        let Some(question) = lesson.steps.get(open.at).and_then(|step| step.questions.get(question)) else { return };
        let mut job = self.job.clone();
        for (knob, value) in &question.turn {
            // The reader of the file has tried each of them.
            job.recipe = job.recipe.with(knob.flag, Some(value)).unwrap_or(job.recipe);
        }
        self.set_job(job);
        if question.train {
            self.start();
        }
    }

    /// The step at hand, beside the views or before a class.
    pub(super) fn lesson_ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        let Lessons { open, answered, cache, .. } = &mut self.lessons;
        let Some(open) = open else { return };
        let (none, at) = (BTreeSet::new(), open.at);
        let mut page = Page {
            lesson: &open.lesson,
            at,
            answered: answered.get(&open.lesson.title).unwrap_or(&none),
            hints: &mut open.hints,
            cache,
            presented: self.present.on,
            busy: self.run.phase.is_busy(),
        };
        match page_ui(ui, &mut page) {
            Some(Ask::Command(command)) => self.execute(&ctx, command),
            Some(Ask::Go(at)) => self.go_to_step(at),
            Some(Ask::Again) => self.go_to_step(at),
            Some(Ask::Show(question)) => self.show_answer(question),
            Some(Ask::Find(knob)) => {
                self.settings_open = true;
                find::ask(&ctx, knob);
            }
            None => {}
        }
    }

    /// The list of lessons, if it is open.
    pub(super) fn lessons_ui(&mut self, ctx: &egui::Context) {
        if !self.lessons.list_open {
            return;
        }
        let count = |lesson: &Lesson| {
            let all = lesson.steps.iter().map(|step| step.questions.len()).sum();
            (self.lessons.answered.get(&lesson.title).map_or(0, BTreeSet::len), all)
        };
        let listed: Vec<Listed<'_>> = builtin()
            .iter()
            .map(|lesson| Listed { title: &lesson.title, about: &lesson.about, answered: count(lesson) })
            .collect();
        // The one after that which is open: whoever asks for more has mostly come to its end.
        let open = self.lesson().and_then(|(open, _)| builtin().iter().position(|lesson| lesson.title == open.title));
        let next = open.map_or(0, |at| (at + 1) % listed.len().max(1));
        match list_ui(ctx, &mut self.lessons.list_open, &listed, next) {
            Some(Chosen::Lesson(at)) => {
                if let Some(lesson) = builtin().get(at) {
                    self.ask_for_lesson(ctx, lesson.clone());
                }
            }
            Some(Chosen::File) if self.can(UiCommand::Open) => self.ask_path(ctx, Purpose::Open),
            Some(Chosen::File) | None => {}
        }
    }
}
