//! What was on the screen, so that it can come back: after a failure, and when a person undoes a step to other data.

use std::sync::Arc;

use crate::app::shell::state::App;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::Labels;
use crate::app::shown::run::Run;
use crate::app::views::scatter::Selection;
use crate::pipeline::Job;
use crate::recipe::Stage;
use crate::recipe::changes::stages_redone;

/// Pictures that can come back, and the features that those beside the newest may hold together.
const MOST: usize = 4;
const MOST_FEATURES: usize = 50_000_000;

/// What was shown, with all that a person had made of it. Heavy parts are shared with the views.
#[derive(Clone, Debug)]
pub(in crate::app::shell) struct Picture {
    /// What the panels said.
    pub(in crate::app::shell) job: Job,
    pub(in crate::app::shell) run: Run,
    selection: Selection,
    labels: Labels,
    color_by: Option<ColorBy>,
    /// The job of the stored example, where the picture is it.
    example: Option<Job>,
}

impl Picture {
    /// Whether it is of this data.
    fn is_of(&self, job: &Job) -> bool {
        self.run.shown.as_ref().is_some_and(|shown| {
            shown.job.source == job.source && !stages_redone(&shown.job.recipe, &job.recipe).contains(&Stage::Load)
        })
    }

    /// The same with what a person has marked and named since.
    pub(in crate::app::shell) fn with_marks_of(self, app: &App) -> Self {
        Self { selection: app.centre.selection.clone(), labels: app.labels.clone(), ..self }
    }

    /// The same with what a person has edited since, where it is of the same document.
    pub(in crate::app::shell) fn with_edits_of(self, app: &App) -> Self {
        if self.labels.id() == app.labels.id() { self.with_marks_of(app) } else { self }
    }

    /// Whether a solver's result is on it.
    pub(in crate::app::shell) fn has_result(&self) -> bool {
        self.run.shown.as_ref().is_some_and(|s| s.learned.is_some() || s.exact.is_some())
    }

    /// Whether a person has selected or named anything on it.
    fn is_marked(&self) -> bool {
        self.selection.count() > 0 || !self.labels.document().is_empty()
    }

    fn features(&self) -> usize {
        self.run.shown.as_ref().map_or(0, |s| s.data.len() * s.data.dim())
    }
}

/// Pictures that were left, the newest last.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct Pictures(Vec<Picture>);

impl Pictures {
    /// Keeps a picture; the oldest give way.
    pub(in crate::app::shell) fn keep(&mut self, picture: Picture) {
        // What is nothing but data is read again as well as kept.
        if picture.run.shown.is_none() || !(picture.has_result() || picture.is_marked()) {
            return;
        }
        self.0.retain(|p| p.job != picture.job);
        self.0.push(picture);
        let beside = |pictures: &[Picture]| pictures.iter().rev().skip(1).map(Picture::features).sum::<usize>();
        while self.0.len() > MOST || self.0.len() > 1 && beside(&self.0) > MOST_FEATURES {
            self.0.remove(0);
        }
    }

    /// The newest picture of this job's data, that of this very job first.
    pub(in crate::app::shell) fn take(&mut self, job: &Job) -> Option<Picture> {
        let very = self.0.iter().rposition(|p| p.job == *job && p.is_of(job));
        let at = very.or_else(|| self.0.iter().rposition(|p| p.is_of(job)))?;
        Some(self.0.remove(at))
    }
}

impl App {
    /// What is on the screen.
    pub(in crate::app::shell) fn picture(&self) -> Picture {
        Picture {
            job: self.job.clone(),
            run: self.run.clone(),
            selection: self.centre.selection.clone(),
            labels: self.labels.clone(),
            color_by: self.centre.color_by,
            example: self.example.clone().filter(|_| self.shows_example()),
        }
    }

    /// The picture of a run that was kept; `here` where it is of the data shown, so that what a person marked and named since stays.
    pub(in crate::app::shell) fn picture_of(&self, run: Run, job: Job, here: bool) -> Picture {
        let points = run.shown.as_ref().map_or(0, |shown| shown.data.len());
        let same = |run: &Run| {
            let two = run.shown.as_ref().zip(self.run.shown.as_ref());
            two.is_some_and(|(a, b)| a.data.len() == b.data.len() && a.data.rows == b.data.rows)
        };
        let selection = if here && same(&run) { self.centre.selection.clone() } else { Selection::new(points) };
        let labels = if here { self.labels.clone() } else { Labels::default() };
        Picture { job, run, selection, labels, color_by: self.centre.color_by.filter(|_| here), example: None }
    }

    /// Shows a picture again, whatever the engine is at; the panels stay as they are.
    pub(in crate::app::shell) fn show_picture(&mut self, picture: Picture) {
        let same_data = self.run.shown.as_ref().zip(picture.run.shown.as_ref());
        let same_data = same_data.is_some_and(|(a, b)| Arc::ptr_eq(&a.data.features, &b.data.features));
        let serials = (self.centre.selection.serial(), self.labels.serial());
        if !same_data {
            self.centre.reset();
        }
        self.run = picture.run.brought_back(self.engine.latest());
        self.example = picture.example;
        self.centre.selection = picture.selection.renumbered(serials.0);
        self.labels = picture.labels.renumbered(serials.1);
        if let Some(shown) = self.run.shown.clone() {
            self.labels.follow(&shown);
        }
        self.centre.color_by = picture.color_by;
        self.rest_selection();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shown::fixture::snapshot;
    use crate::data::Source;
    use crate::recipe::Auto;

    fn picture(name: &str, neighbors: usize) -> Picture {
        let mut job = (*snapshot(None, None).job).clone();
        job.source = Source::Named(name.to_owned());
        job.recipe.neighbors = Auto::Set(neighbors);
        let vectors = ndarray::array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        let mut shown = snapshot(Some(&vectors), None);
        shown.job = Arc::new(job.clone());
        let mut run = Run::default();
        run.shown = Some(Arc::new(shown));
        Picture { job, run, selection: Selection::new(4), labels: Labels::default(), color_by: None, example: None }
    }

    #[test]
    fn the_newest_picture_of_the_data_comes_back_once() {
        let mut pictures = Pictures::default();
        for (name, neighbors) in [("a", 3), ("b", 3), ("a", 5), ("a", 7)] {
            pictures.keep(picture(name, neighbors));
        }
        let mut take = |name: &str, neighbors| {
            let found = pictures.take(&picture(name, neighbors).job);
            found.map(|p| p.job.recipe.neighbors.set().unwrap_or_default())
        };
        assert_eq!(take("a", 5), Some(5), "of the very job");
        assert_eq!(take("a", 9), Some(7), "else the newest of the same data");
        assert_eq!((take("c", 3), take("b", 3), take("b", 3)), (None, Some(3), None));
    }

    #[test]
    fn the_oldest_give_way() {
        let mut pictures = Pictures::default();
        (0..10).for_each(|k| pictures.keep(picture("a", k)));
        assert_eq!(pictures.0.len(), MOST);
        assert_eq!(pictures.0[0].job.recipe.neighbors, Auto::Set(10 - MOST));
    }
}
