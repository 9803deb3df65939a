//! Small runs beside the picture, as a page knows them.

use std::sync::Arc;

use crate::pipeline::Event;
use crate::pipeline::sweep::{Probe, Sweep};

/// A sweep between frames.
#[derive(Debug, Default)]
pub(super) struct Sweeping {
    /// What came of each run so far.
    pub(super) probes: Vec<Option<Result<Arc<Probe>, String>>>,
    /// The place of the run at work and how many there are, and how far it is.
    at: Option<(usize, usize)>,
    /// Why it ended early, where it did not by itself.
    pub(super) error: Option<String>,
}

impl Sweeping {
    /// It was asked for.
    pub(super) fn began(&mut self, sweep: &Sweep) {
        self.probes = vec![None; sweep.items.len()];
        (self.at, self.error) = (Some((0, sweep.items.len())), None);
    }

    /// Takes an event that is its own.
    pub(super) fn take(&mut self, event: &Event) -> bool {
        if !self.is_running() {
            return false;
        }
        match event {
            Event::Sweeping { at, of } => self.at = Some((*at, *of)),
            Event::Probed(probed) => {
                if let Some(place) = self.probes.get_mut(probed.0) {
                    *place = Some(probed.1.clone().map(Arc::new));
                }
            }
            Event::SweepEnded(error) => {
                self.error.clone_from(error);
                self.at = None;
            }
            Event::Progress(..) => {}
            _ => return false,
        }
        true
    }

    pub(super) fn ended(&mut self) {
        self.at = None;
    }

    pub(super) fn is_running(&self) -> bool {
        self.at.is_some()
    }

    /// The run at work, from 1 on, and how many there are.
    pub(super) fn at(&self) -> Option<(usize, usize)> {
        self.at.map(|(at, of)| (at + 1, of))
    }

    /// What came of a run.
    pub(super) fn probe(&self, at: usize) -> Option<&Result<Arc<Probe>, String>> {
        self.probes.get(at)?.as_ref()
    }
}
