//! The graph of a result that came out of a project: found again beside what is shown, and put under it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use eframe::egui;

use crate::app::kit::format;
use crate::app::shell::notices::Grade;
use crate::app::shell::state::App;
use crate::pipeline::{Snapshot, with_graph};
use crate::recipe::Stage;
use crate::support::priority::give_way;
use crate::support::progress::Control;
use crate::{Error, Result};

/// A graph that took longer than this is found again with a training alone, in seconds.
const LONGEST: f64 = 120.0;
/// One that took longer than this is said to be on its way.
const LONG: f64 = 2.0;

/// A graph on its way. Dropping it ends the search.
#[derive(Debug)]
pub(super) struct Regrowing {
    /// The picture that it is of.
    of: Arc<Snapshot>,
    control: Control,
    done: Receiver<Result<Snapshot>>,
}

impl Drop for Regrowing {
    fn drop(&mut self) {
        self.control.cancel();
    }
}

impl App {
    /// Finds the graph of the stored result that is shown, on a thread of its own.
    pub(super) fn regrow_graph(&mut self, ctx: &egui::Context) {
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
        let (sender, done) = channel();
        let (picture, control, wake) = (Arc::clone(&of), Control::new(), ctx.clone());
        let ends = control.clone();
        let work = move || {
            give_way();
            let _ = sender.send(with_graph(&picture, &ends));
            wake.request_repaint();
        };
        if std::thread::Builder::new().name("graph".to_owned()).spawn(work).is_ok() {
            self.keep.storing.regrowing = Some(Regrowing { of, control, done });
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
        let told = match regrowing.done.try_recv() {
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => Err(Error::Numerics("it could not be computed".to_owned())),
            Ok(told) => told,
        };
        let of = Arc::clone(&regrowing.of);
        self.keep.storing.regrowing = None;
        match told {
            Ok(picture) => self.put_graph(&of, Arc::new(picture)),
            Err(Error::Cancelled) => {}
            Err(error) => {
                let text = format!("The result in the project is shown without its graph: {error}");
                self.notices.say(ctx, Grade::Bad, text);
            }
        }
        ctx.request_repaint();
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
