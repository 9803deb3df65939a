//! The graph of a result that came out of a project: found again beside what is shown, and put under it.

use std::sync::Arc;

use eframe::egui;

use crate::Error;
use crate::app::kit::format;
use crate::app::kit::task::Task;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::pipeline::{Snapshot, with_graph};
use crate::recipe::Stage;
use crate::support::priority::give_way;

/// A graph that took longer than this is found again with a training alone, in seconds.
const LONGEST: f64 = 120.0;
/// One that took longer than this is said to be on its way.
const LONG: f64 = 2.0;

/// A graph on its way. Dropping it ends the search.
#[derive(Debug)]
pub(super) struct Regrowing {
    /// The picture that it is of.
    of: Arc<Snapshot>,
    task: Task<Snapshot>,
}

impl App {
    /// Finds the graph of the stored result that is shown, on a thread of its own.
    pub(in crate::app::shell) fn regrow_graph(&mut self, ctx: &egui::Context) {
        self.keep.storing.regrowing = None;
        let Some(of) = self.run.shown.clone().filter(|shown| shown.operator.is_none()) else { return };
        if of.job.recipe.system.is_supervised() {
            return;
        }
        let stages = [Stage::Neighbours, Stage::Affinity];
        let seconds: f64 = self.run.done.iter().filter(|d| stages.contains(&d.stage)).map(|d| d.seconds).sum();
        if seconds > LONGEST {
            let text = format!("Its graph took {} to find and comes back with a training", format::seconds(seconds));
            return self.notices.say(ctx, Grade::Note, text);
        }
        if seconds > LONG {
            let text = format!("Its graph is being found again, which took {}", format::seconds(seconds));
            self.notices.say(ctx, Grade::Note, text);
        }
        let picture = Arc::clone(&of);
        let task = Task::start(ctx, "graph", "finding the graph again", move |control| {
            give_way();
            with_graph(&picture, control)
        });
        match task {
            Ok(task) => self.keep.storing.regrowing = Some(Regrowing { of, task }),
            Err(error) => self.say_without_graph(ctx, &error),
        }
    }

    /// Puts a graph that has come under the picture it is of; once a frame.
    pub(super) fn take_graph(&mut self, ctx: &egui::Context) {
        let Some(regrowing) = &self.keep.storing.regrowing else { return };
        let here = self.run.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &regrowing.of));
        if !here {
            self.keep.storing.regrowing = None; // A person went on without it.
            return;
        }
        let ended = Task::take_ended(&mut self.keep.storing.regrowing, |regrowing| &regrowing.task);
        let Some((Regrowing { of, .. }, found)) = ended else { return };
        match found {
            Ok(picture) => self.put_graph(&of, Arc::new(picture)),
            Err(Error::Cancelled) => {}
            Err(error) => self.say_without_graph(ctx, &error),
        }
        ctx.request_repaint();
    }

    fn say_without_graph(&mut self, ctx: &egui::Context, error: &Error) {
        let text = format!("The result in the project is shown without its graph: {error}");
        self.notices.say(ctx, Grade::Bad, text);
    }

    /// Shows a picture in the place of the same one without its graph.
    fn put_graph(&mut self, of: &Arc<Snapshot>, picture: Arc<Snapshot>) {
        let same = |shown: &Option<Arc<Snapshot>>| shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, of));
        if same(&self.keep.storing.kept) {
            self.keep.storing.kept = Some(Arc::clone(&picture));
        }
        for run in self.kept_runs.results.values_mut().filter(|run| same(&run.shown)) {
            run.shown = Some(Arc::clone(&picture));
        }
        self.labels.follow(&picture);
        self.run.shown = Some(picture);
    }
}
