//! Lessons: a file of text each, with what the window is to show at every step and questions that are answered by turning a knob.
//!
//! | File | What |
//! |---|---|
//! | `read` | the text of a file, and what is wrong with it |
//! | `setup` | what a step sets: data, knobs, views, colours |
//! | `figures`, `seen` | what a question asks of the picture, and where that is read off |
//! | `builtin` | the lessons that the program brings along |
//! | `panel`, `list` | how they look |

mod builtin;
pub mod figures;
mod list;
mod panel;
mod read;
mod seen;
mod setup;

pub use builtin::builtin;
pub use figures::Condition;
pub use list::{Chosen, Listed, list_ui};
pub use panel::{Ask, Page, page_ui};
pub use read::{LONGEST_LESSON, read};
pub use seen::Seen;
pub use setup::{Looks, Setup};

use crate::Recipe;
use crate::data::Source;
use crate::pipeline::Job;
use crate::recipe::knobs::Knob;

/// A lesson as its file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence for the list.
    pub about: String,
    /// Its steps, one at least.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its title.
    pub title: String,
    /// What it says, in Markdown.
    pub text: String,
    /// What the window is to show; without it everything stays as the learner has it.
    pub setup: Option<Setup>,
    /// What the learner is to try.
    pub questions: Vec<Question>,
}

/// Something to try, which the window ticks once it is so.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked, in Markdown.
    pub ask: String,
    /// What has to hold, all of it at once.
    pub when: Vec<Condition>,
    /// Knobs that answer it, with values as their flags take them: what the button that shows the answer turns.
    pub turn: Vec<(&'static Knob, String)>,
    /// Whether the answer needs a training.
    pub train: bool,
    /// What may help.
    pub hint: Option<String>,
    /// What to say once it is answered.
    pub well: Option<String>,
}

impl Lesson {
    /// The data and the settings of a step: those of all steps up to it, the last word on each, over the defaults. What is of the
    /// machine is kept as `own` has it. Nothing for a step that sets nothing.
    #[must_use]
    pub fn job_at(&self, step: usize, own: &Recipe) -> Option<Job> {
        self.steps.get(step)?.setup.as_ref()?;
        let base =
            || Recipe { device: own.device, memory: own.memory, data_dir: own.data_dir.clone(), ..Recipe::default() };
        let mut job = Job { source: Source::Named("moons".to_owned()), recipe: base() };
        for setup in self.steps[..=step].iter().filter_map(|step| step.setup.as_ref()) {
            if let Some(name) = &setup.data {
                // Other data begins anew: a knob turned for the data before would surprise.
                job = Job { source: Source::Named(name.clone()), recipe: base() };
            }
            for (knob, value) in &setup.set {
                // The reader of the file has tried each of them.
                job.recipe = job.recipe.with(knob.flag, Some(value)).unwrap_or(job.recipe);
            }
        }
        Some(job)
    }
}
