//! The steps that a journal kept: after a crash they can be taken back as they could before it.

use super::{History, Step};
use crate::data::Source;
use crate::pipeline::Job;
use crate::project::{Did, Project};

impl History {
    /// The steps that lead from `start` through what was done, on this data, as those of `document`; none where a file says what cannot
    /// have been done. Stars, notes and ends of runs are no steps here.
    #[must_use]
    pub fn retraced(source: &Source, document: u64, start: &Project, did: &[Did]) -> Option<Self> {
        start.edits.check().ok()?;
        let first = start.data.painted.clone().map_or_else(|| source.clone(), Source::Painted);
        let mut history = Self::new(Job { source: first, recipe: start.recipe.clone() });
        let (mut edits, mut selection) = (start.edits.clone(), start.selection.clone());
        for did in did {
            match did {
                Did::Labels(change) => {
                    if !edits.can_make(change) {
                        return None;
                    }
                    edits.redo(change);
                    history.take_again(Step::Labels(document, change.clone()));
                }
                Did::Back(change) => {
                    if matches!(history.done.last(), Some(Step::Labels(_, last)) if last == change) {
                        history.undone.extend(history.done.pop());
                    } else if edits.can_take_back(change) {
                        // It was made before the journal began.
                        history.undone.push(Step::Labels(document, change.clone()));
                    } else {
                        return None;
                    }
                    edits.undo(change);
                }
                Did::Selected(rows) => {
                    let before = std::mem::replace(&mut selection, rows.clone());
                    if before != *rows {
                        history.take_again(Step::Selection(document, before, rows.clone()));
                    }
                }
                Did::Settings(_) | Did::Painted(_) => {
                    let mut now = history.settled.clone();
                    match did {
                        Did::Settings(recipe) => now.recipe = (**recipe).clone(),
                        Did::Painted(painted) => now.source = Source::Painted(painted.clone()),
                        _ => {}
                    }
                    let before = std::mem::replace(&mut history.settled, now.clone());
                    if before != now {
                        history.take_again(Step::Settings(Box::new(before), Box::new(now)));
                    }
                }
                Did::Run(_) | Did::RunGone(_) => {}
            }
        }
        Some(history)
    }

    /// A step that was made, or one that was made again, or the way back over the last one, which look alike.
    fn take_again(&mut self, step: Step) {
        let back = match (self.done.last(), &step) {
            (Some(Step::Selection(_, before, _)), Step::Selection(_, _, now)) => before == now,
            (Some(Step::Settings(before, _)), Step::Settings(_, now)) => before == now,
            _ => false,
        };
        if back {
            self.undone.extend(self.done.pop());
        } else if self.undone.last() == Some(&step) {
            self.done.extend(self.undone.pop());
        } else {
            self.put(step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recipe;
    use crate::project::{Deed, Document, Edit, Group, Rows, Side};
    use crate::recipe::Auto;

    fn start() -> Project {
        let mut edits = Document::default();
        let deed = Deed {
            side: Side::Learned,
            title: "Name b".to_owned(),
            founded: vec![(1, Group::named("a"))],
            edit: Edit::Name(1, "b".to_owned()),
        };
        edits.apply(deed).expect("made");
        Project { edits, ..Project::default() }
    }

    fn assigned(edits: &mut Document, title: &str, rows: &[u32]) -> Did {
        let edit = Edit::Assign(1, Rows::of(rows.iter().copied()));
        let deed = Deed { side: Side::Learned, title: title.to_owned(), founded: Vec::new(), edit };
        Did::Labels(edits.apply(deed).expect("made"))
    }

    fn back(did: &Did) -> Did {
        let Did::Labels(change) = did else { panic!("labels") };
        Did::Back(change.clone())
    }

    #[test]
    fn what_was_done_and_taken_back_can_be_taken_back_and_done_again() {
        let (start, source) = (start(), Source::Named("a".to_owned()));
        let mut edits = start.edits.clone();
        let first = assigned(&mut edits, "first", &[3, 4]);
        let second = assigned(&mut edits, "second", &[5]);
        let recipe = Recipe { neighbors: Auto::Set(7), ..Recipe::default() };
        let select = |rows: &[u32]| Did::Selected(Rows::of(rows.iter().copied()));
        let did = [
            select(&[3, 4]),
            first,
            Did::Settings(Box::new(recipe.clone())),
            select(&[5]),
            second.clone(),
            back(&second),
            select(&[3, 4]), // The selection was taken back too.
        ];
        let mut history = History::retraced(&source, 9, &start, &did).expect("it was done so");
        let titles = history.titles();
        assert_eq!(titles.0, ["Select 2 points", "first", "Set Neighbours to 7"]);
        assert_eq!(titles.1, ["Select 1 point", "second"]);
        let mut job = Job { source, recipe };
        assert!(history.has_undo(&job, 9) && history.has_redo(&job, 9));
        assert!(matches!(history.undo(&job, 9), Some(Step::Settings(..))));
        job.recipe = Recipe::default();
        let Some(Step::Labels(9, change)) = history.undo(&job, 9) else { panic!("the first edit") };
        let Did::Labels(second) = second else { panic!("labels") };
        edits.undo(&second);
        edits.undo(&change);
        assert_eq!(edits, start.edits);
    }

    #[test]
    fn what_cannot_have_been_done_gives_no_steps() {
        let (start, source) = (start(), Source::Named("a".to_owned()));
        let mut edits = start.edits.clone();
        let [first, second] = [[3_u32], [4]].map(|rows| assigned(&mut edits, "x", &rows));
        let retraced = |did: &[Did]| History::retraced(&source, 1, &start, did);
        assert!(retraced(&[first.clone(), second.clone()]).is_some());
        assert!(retraced(&[back(&first)]).is_none(), "nothing was done before");
        assert!(retraced(&[first.clone(), back(&second)]).is_none(), "another thing was done before");
        assert!(retraced(&[first.clone(), first.clone()]).is_none(), "it says what was before, and that is not so");
        let nothing = Project::default();
        assert!(History::retraced(&source, 1, &nothing, &[first]).is_none(), "its group is not there");
    }
}
