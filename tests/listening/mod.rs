//! What a worker says, heard from a test.

use std::time::{Duration, Instant};

use eigenscope::pipeline::{Event, Worker};

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
