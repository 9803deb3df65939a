//! Every step of a person, to be taken back and made again.

mod retraced;

use super::edits::Change;
use super::rows::Rows;
use super::runs::RunChange;
use crate::data::{Painted, Source};
use crate::pipeline::Job;
use crate::recipe::{Recipe, knobs};
use crate::support::language::counted;

/// Steps that are kept, and the runs of rows that they may hold together: 16 bytes or so each.
pub const MOST_STEPS: usize = 500;
const HEAVIEST: usize = 8_000_000;
/// Settings that stand this long are a step, in seconds: a dragged number is one.
const SETTLED: f64 = 1.0;

/// What a person did in one go.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Settings or data were changed.
    Settings(Box<Job>, Box<Job>),
    /// Labels were edited: of which document, and how.
    Labels(u64, Change),
    /// Other rows were selected, of which document.
    Selection(u64, Rows, Rows),
    /// The list of runs was changed.
    Runs(RunChange),
}

impl Step {
    fn weight(&self) -> usize {
        match self {
            // Points take 12 bytes each; those before are the ones after the step before.
            Self::Settings(_, after) => 100 + after.source.painted().map_or(0, Painted::len),
            Self::Runs(_) => 100,
            Self::Labels(_, change) => change.weight(),
            Self::Selection(_, before, after) => before.ranges().len() + after.ranges().len(),
        }
    }

    fn is_of(&self, document: u64) -> bool {
        match self {
            Self::Settings(..) | Self::Runs(_) => true,
            Self::Labels(of, _) | Self::Selection(of, ..) => *of == document,
        }
    }

    /// What it is called in a list.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Settings(before, after) if before.source != after.source => match (&before.source, &after.source) {
                (Source::Painted(before), Source::Painted(after)) => painted(before.len(), after.len()),
                _ => format!("Open {}", after.source),
            },
            Self::Settings(before, after) => match changed(&before.recipe, &after.recipe).as_slice() {
                [] => "Settings".to_owned(),
                [one] => set(one),
                [(one, _), rest @ ..] => format!("Set {one} and {} more", rest.len()),
            },
            Self::Labels(_, change) => change.title.clone(),
            Self::Runs(change) => change.title.clone(),
            Self::Selection(_, _, after) if after.is_empty() => "Clear the selection".to_owned(),
            Self::Selection(_, _, after) => format!("Select {}", counted(after.len(), "point")),
        }
    }
}

/// What painting did, by the number of points before and after.
fn painted(before: usize, after: usize) -> String {
    match after.checked_sub(before) {
        Some(0) => "Change painted points".to_owned(),
        Some(more) => format!("Paint {}", counted(more, "point")),
        None => format!("Erase {}", counted(before - after, "point")),
    }
}

/// Labels of the settings that differ, each with its value now.
fn changed(before: &Recipe, after: &Recipe) -> Vec<(&'static str, String)> {
    let (before, after) = (before.values(), after.values());
    let differs = |value: &&(String, String)| !before.contains(value) || !after.contains(value);
    let now = |flag: &str| after.iter().find(|(of, _)| of == flag).map(|(_, value)| value.clone()).unwrap_or_default();
    let flags = before.iter().chain(&after).filter(differs);
    let mut labels: Vec<(&'static str, String)> =
        flags.filter_map(|(flag, _)| Some((knobs::find(flag)?.label, now(flag)))).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// A setting with its value, where that is short enough for a line.
fn set((label, value): &(&'static str, String)) -> String {
    const LETTERS: usize = 24;
    let fits = !value.is_empty() && value.chars().count() <= LETTERS;
    if fits { format!("Set {label} to {value}") } else { format!("Set {label}") }
}

/// The steps so far.
#[derive(Clone, Debug)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// The settings as the last step left them, and what they have been since when, if they are others.
    settled: Job,
    moving: Option<(f64, Job)>,
}

impl History {
    /// No steps yet.
    #[must_use]
    pub fn new(job: Job) -> Self {
        Self { done: Vec::new(), undone: Vec::new(), settled: job, moving: None }
    }

    /// Looks at the settings once a frame, `time` in seconds; whether they are still on their way to a step.
    pub fn feed(&mut self, time: f64, job: &Job) -> bool {
        if *job == self.settled {
            self.moving = None;
            return false;
        }
        match &self.moving {
            Some((since, at)) if at == job => {
                if time - since < SETTLED {
                    return true;
                }
                self.settle(job);
                false
            }
            _ => {
                self.moving = Some((time, job.clone()));
                true
            }
        }
    }

    /// Makes a step of what the settings have become; whether there was anything.
    pub fn settle(&mut self, job: &Job) -> bool {
        self.moving = None;
        if *job == self.settled {
            return false;
        }
        let before = std::mem::replace(&mut self.settled, job.clone());
        self.put(Step::Settings(Box::new(before), Box::new(job.clone())));
        true
    }

    /// The settings came to be these without a step of the person's.
    pub fn skip_to(&mut self, job: &Job) {
        (self.settled, self.moving) = (job.clone(), None);
    }

    /// A step was made, after the settings had become these.
    pub fn push(&mut self, job: &Job, step: Step) {
        self.settle(job);
        self.put(step);
    }

    /// Goes on from the steps of another history, which lead to where things stand.
    pub fn go_on_from(&mut self, other: Self) {
        self.done.extend(other.done);
        (self.undone, self.settled, self.moving) = (other.undone, other.settled, None);
        self.make_room();
    }

    /// Forgets the last step where it selected exactly these rows; what was selected before it.
    pub fn forget_selection(&mut self, document: u64, rows: &Rows) -> Option<Rows> {
        let last =
            self.done.pop_if(|step| matches!(step, Step::Selection(of, _, after) if *of == document && after == rows));
        match last? {
            Step::Selection(_, before, _) => Some(before),
            _ => None,
        }
    }

    fn put(&mut self, step: Step) {
        self.undone.clear();
        self.done.push(step);
        self.make_room();
    }

    /// The oldest steps give way.
    fn make_room(&mut self) {
        let mut weight: usize = self.done.iter().map(Step::weight).sum();
        let mut over = 0;
        while self.done.len() - over > 1 && (self.done.len() - over > MOST_STEPS || weight > HEAVIEST) {
            weight -= self.done[over].weight();
            over += 1;
        }
        self.done.drain(..over);
    }

    /// Whether there is something to take back on this document.
    #[must_use]
    pub fn has_undo(&self, job: &Job, document: u64) -> bool {
        *job != self.settled || self.done.iter().any(|step| step.is_of(document))
    }

    /// Whether there is something to make again on this document.
    #[must_use]
    pub fn has_redo(&self, job: &Job, document: u64) -> bool {
        *job == self.settled && self.undone.iter().any(|step| step.is_of(document))
    }

    /// The step to take back. Steps on a document that is gone are passed over.
    pub fn undo(&mut self, job: &Job, document: u64) -> Option<Step> {
        self.settle(job);
        let at = self.done.iter().rposition(|step| step.is_of(document))?;
        self.done.truncate(at + 1);
        let step = self.done.pop()?;
        if let Step::Settings(before, _) = &step {
            self.settled = (**before).clone();
        }
        self.undone.push(step.clone());
        Some(step)
    }

    /// The step to make again.
    pub fn redo(&mut self, job: &Job, document: u64) -> Option<Step> {
        if *job != self.settled {
            return None; // What has changed since would be lost.
        }
        let at = self.undone.iter().rposition(|step| step.is_of(document))?;
        self.undone.truncate(at + 1);
        let step = self.undone.pop()?;
        if let Step::Settings(_, after) = &step {
            self.settled = (**after).clone();
        }
        self.done.push(step.clone());
        Some(step)
    }

    /// Titles of the steps made, the oldest first, then of those taken back, the next one to make again first.
    #[must_use]
    pub fn titles(&self) -> (Vec<String>, Vec<String>) {
        (self.done.iter().map(Step::title).collect(), self.undone.iter().rev().map(Step::title).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Spot;
    use crate::project::{Deed, Document, Edit, Group, Side};
    use crate::recipe::Auto;

    fn job(name: &str, neighbors: usize) -> Job {
        let recipe = Recipe { neighbors: Auto::Set(neighbors), ..Recipe::default() };
        Job { source: Source::Named(name.to_owned()), recipe }
    }

    fn selected(document: u64, row: u32) -> Step {
        Step::Selection(document, Rows::default(), Rows::of([row]))
    }

    #[test]
    fn settings_selections_and_labels_are_one_line_of_steps() {
        let mut history = History::new(job("a", 5));
        assert!(history.feed(0.0, &job("a", 6)) && history.feed(0.5, &job("a", 7)), "a drag goes on");
        history.push(&job("a", 7), selected(1, 4));
        let mut document = Document::default();
        let edit = Edit::Name(0, "x".to_owned());
        let deed = Deed { side: Side::Exact, title: "Name 0 x".to_owned(), founded: vec![(0, Group::default())], edit };
        history.push(&job("a", 7), Step::Labels(1, document.apply(deed).expect("made")));
        assert_eq!(history.titles().0, ["Set Neighbours to 7", "Select 1 point", "Name 0 x"]);
        let steps: Vec<Step> = [7, 7, 7, 5].iter().filter_map(|&k| history.undo(&job("a", k), 1)).collect();
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[2], Step::Settings(Box::new(job("a", 5)), Box::new(job("a", 7))));
        assert_eq!(
            history.titles(),
            (Vec::new(), ["Set Neighbours to 7", "Select 1 point", "Name 0 x"].map(str::to_owned).to_vec())
        );
        assert!(history.redo(&job("a", 8), 1).is_none(), "what was set by hand since stays");
        let again: Vec<Step> = [5, 7, 7].iter().filter_map(|&k| history.redo(&job("a", k), 1)).collect();
        assert_eq!(again, steps.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn settings_that_stand_a_second_are_a_step() {
        let mut history = History::new(job("a", 5));
        assert!(history.feed(0.0, &job("a", 6)) && history.feed(0.9, &job("a", 6)));
        assert!(!history.feed(1.0, &job("a", 6)) && !history.feed(9.0, &job("a", 6)));
        assert_eq!(history.titles().0.len(), 1);
    }

    #[test]
    fn steps_on_a_document_that_is_gone_are_passed_over() {
        let mut history = History::new(job("a", 5));
        history.push(&job("a", 5), selected(1, 4));
        history.push(&job("b", 5), selected(2, 7));
        assert!(history.has_undo(&job("b", 5), 3));
        let step = history.undo(&job("b", 5), 3);
        assert!(matches!(step, Some(Step::Settings(..))), "{step:?}");
        assert!(!history.has_undo(&job("a", 5), 3) && history.has_undo(&job("a", 5), 1));
    }

    #[test]
    fn the_oldest_steps_give_way() {
        let mut history = History::new(job("a", 5));
        (0..700).for_each(|row| history.push(&job("a", 5), selected(1, row)));
        assert_eq!(history.titles().0.len(), MOST_STEPS);
    }

    #[test]
    fn strokes_are_steps_that_weigh_what_they_hold() {
        let painted = |points: usize| {
            let dot = |i| Spot { at: [i as f32, 0.0], class: 0 };
            Job { source: Source::Painted(Painted::new((0..points).map(dot))), recipe: Recipe::default() }
        };
        let mut history = History::new(painted(0));
        for points in [40, 1, 20_000] {
            assert!(history.settle(&painted(points)));
        }
        assert_eq!(history.titles().0, ["Paint 40 points", "Erase 39 points", "Paint 19999 points"]);
        assert!(matches!(history.undo(&painted(20_000), 1), Some(Step::Settings(before, _)) if *before == painted(1)));
        (0..900).for_each(|i| assert!(history.settle(&painted(19_000 + i % 2))));
        assert!(history.done.iter().map(Step::weight).sum::<usize>() <= HEAVIEST);
    }
}
