//! What a person says of the selected points and of clusters.

use eframe::egui;

use crate::Result;
use crate::app::kit::task::Task;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::{Wanted, side};
use crate::app::shown::spaces::solution;
use crate::pipeline::Snapshot;
use crate::project::review;

/// A cluster on its way to be two.
#[derive(Debug)]
pub(in crate::app::shell) struct Splitting {
    by: ColorBy,
    id: u32,
    /// The labels that it was asked for.
    serial: u64,
    task: Task<[Vec<u32>; 2]>,
}

impl App {
    /// Whose labels are edited: those that colour the points, if they are a solver's clusters, else the best there are.
    pub(in crate::app::shell) fn edits_by(&self) -> Option<ColorBy> {
        // What is live, or past, has no labels to keep.
        if self.shows_other() {
            return None;
        }
        let snapshot = self.run.shown.as_ref()?;
        let sides = [self.color_by(), ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline];
        sides.into_iter().find(|&by| side(by).is_some() && self.labels.ids(by, snapshot).is_some())
    }

    /// Whether something can be said of the selected points.
    pub(in crate::app::shell) fn can_label(&self) -> bool {
        self.centre.selection.count() > 0 && self.edits_by().is_some()
    }

    /// Says something of the selected points.
    pub(in crate::app::shell) fn label_selected(&mut self, ctx: &egui::Context, wanted: Wanted) {
        let samples: Vec<u32> = self.centre.selection.iter().collect();
        self.label(ctx, wanted, &samples);
    }

    /// Says something of some points, and colours by what was said.
    pub(in crate::app::shell) fn label(&mut self, ctx: &egui::Context, wanted: Wanted, samples: &[u32]) {
        let (Some(by), Some(snapshot)) = (self.edits_by(), self.run.shown.clone()) else { return };
        match self.labels.with(by, wanted, samples, &snapshot) {
            Some(deed) => {
                self.edit(ctx, deed);
                if side(self.color_by()).is_none() {
                    self.centre.color_by = Some(by);
                }
            }
            None => self.notices.say(ctx, Grade::Note, "An outlier is in no cluster; assign it to one first"),
        }
    }

    /// Makes the selected points a cluster of this name, and colours by it.
    pub(in crate::app::shell) fn name_selected(&mut self, ctx: &egui::Context, name: &str) {
        let (Some(by), Some(snapshot)) = (self.edits_by(), self.run.shown.clone()) else { return };
        let samples: Vec<u32> = self.centre.selection.iter().collect();
        if let Some(deed) = self.labels.found_named(by, name, &samples, &snapshot) {
            self.edit(ctx, deed);
            if side(self.color_by()).is_none() {
                self.centre.color_by = Some(by);
            }
        }
    }

    /// The point under the pointer, at the keys or on the pinned card, with those that the graph ties to it.
    pub(in crate::app::shell) fn neighbours_at_hand(&self) -> Option<Vec<u32>> {
        let point = self.centre.selection.hovered.or(self.centre.selection.pinned)?;
        let graph = &self.seen_of_result()?.operator.as_ref()?.affinity;
        let (to, _) = ((point as usize) < graph.len()).then(|| graph.row(point as usize))?;
        Some(to.iter().copied().chain([point]).collect())
    }

    /// Begins to make two clusters of one.
    pub(in crate::app::shell) fn split(&mut self, ctx: &egui::Context, by: ColorBy, id: u32) {
        let Some(snapshot) = self.run.shown.clone().filter(|_| self.splitting.is_none()) else { return };
        let Some((ids, _)) = self.labels.ids(by, &snapshot) else { return };
        let samples: Vec<u32> = (0..).zip(ids).filter_map(|(i, &of)| (of == id).then_some(i)).collect();
        let task = Task::start(ctx, "split", "splitting the cluster", move |_| {
            in_two(by, &snapshot, &samples, snapshot.job.recipe.seed)
        });
        match task {
            Ok(task) => self.splitting = Some(Splitting { by, id, serial: self.labels.serial(), task }),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    /// Takes a split that is through.
    pub(in crate::app::shell) fn take_split(&mut self, ctx: &egui::Context) {
        let ended = Task::take_ended(&mut self.splitting, |splitting| &splitting.task);
        let Some((Splitting { by, id, serial, .. }, parts)) = ended else { return };
        if serial != self.labels.serial() {
            return self.notices.say(ctx, Grade::Note, "The labels have changed since; split the cluster again");
        }
        let deed = parts.map(|[_, small]| {
            let snapshot = self.run.shown.as_ref()?;
            self.labels.split(by, id, &small, snapshot)
        });
        match deed {
            Ok(Some(deed)) => self.edit(ctx, deed),
            Ok(None) => {}
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }
}

/// The samples of a cluster in two: by their own graph, or by what they were clustered by where there is none.
fn in_two(by: ColorBy, snapshot: &Snapshot, samples: &[u32], seed: u64) -> Result<[Vec<u32>; 2]> {
    match (&snapshot.operator, by) {
        (_, ColorBy::Baseline) => review::split(snapshot.scaled.mapv(f64::from).view(), samples, seed),
        (Some(operator), _) => review::split_graph(operator, samples, seed),
        (None, _) => match solution(by, snapshot) {
            Some(solution) => review::split(solution.space.vectors.view(), samples, seed),
            None => Err(crate::Error::Data("there is nothing to split it by".to_owned())),
        },
    }
}
