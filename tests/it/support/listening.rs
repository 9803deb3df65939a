//! What a run says, heard by a test or by nobody.

use std::time::{Duration, Instant};

use eigenscope::pipeline::{Event, Snapshot, Watcher, Worker};

/// Everything a worker says until `enough`.
pub(crate) fn listen(worker: &Worker, mut enough: impl FnMut(&Event) -> bool) -> Vec<Event> {
    let deadline = Instant::now() + Duration::from_mins(2);
    let mut heard = Vec::new();
    while Instant::now() < deadline {
        for event in worker.events() {
            let last = enough(&event);
            heard.push(event);
            if last {
                return heard;
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("nothing more came after {heard:?}");
}

pub(crate) fn ended(event: &Event) -> bool {
    matches!(event, Event::Finished | Event::Failed(_))
}

/// Who asks for nothing of what a run tells.
pub(crate) struct Deaf;

impl Watcher for Deaf {
    fn event(&self, _: Event) {}
    fn snapshot(&self, _: Snapshot) {}
}
