//! What the window needs of whatever does the work: it sends commands, drains small events, and looks at the newest
//! snapshot. The worker thread is one; the tests' scripted run is another.

use std::sync::Arc;

use crate::pipeline::{Command, Event, Snapshot, Worker};

/// Something that runs jobs somewhere else than on the window's thread. No call here may block.
pub trait Engine {
    /// Tell it what to do.
    fn send(&self, command: Command);
    /// What happened since the last call, in order.
    fn drain(&mut self) -> Vec<Event>;
    /// The newest state there is to look at.
    fn latest(&self) -> Option<Arc<Snapshot>>;
}

impl Engine for Worker {
    fn send(&self, command: Command) {
        Worker::send(self, command);
    }

    fn drain(&mut self) -> Vec<Event> {
        self.events().collect()
    }

    fn latest(&self) -> Option<Arc<Snapshot>> {
        Worker::latest(self)
    }
}
