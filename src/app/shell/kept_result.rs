//! A finished result that took long, written down beside the journal: a crash takes the edits no more than what one waited for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::app::shell::state::App;
use crate::project::journal::{EXTENSION, Place, results_of};
use crate::project::{Project, Stored, write_project_with};

/// A result that took less than this is computed again, in seconds.
const LONG: f64 = 10.0;
/// Bytes of the largest that is written down.
const HEAVIEST: usize = 1 << 30;
/// How often the writer of the journal is asked for its place, and after what time each.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);

impl App {
    /// Writes the result down that has just come to its end, on a thread of its own.
    pub(super) fn write_result_down(&self) {
        let seconds: f64 = self.run.done.iter().map(|done| done.seconds).sum();
        if seconds < LONG || self.lessons.is_open() {
            return;
        }
        let (Some(journal), Some(result)) = (&self.keep.journal, self.storable()) else { return };
        if Stored::bytes(&result.snapshot) > HEAVIEST {
            return;
        }
        let place = journal.place();
        let project = Project { data: self.where_data_is(None), ..self.project() };
        let write = move || {
            let (Some(at), (Some(stored), _)) = (awaited(&place), result.stored()) else { return };
            // What a full disk refuses is computed again.
            let _ = write_project_with(&results_of(&at), &project, Some(&stored));
            leave_none_behind(&place, &at);
        };
        // Without a thread it is computed again.
        drop(std::thread::Builder::new().name("result".to_owned()).spawn(write));
    }

    /// Puts a result that was brought back beside the journal that goes on, once there is one, on a thread of its own.
    pub(super) fn move_result(&self, from: PathBuf) {
        let Some(journal) = &self.keep.journal else { return };
        let place = journal.place();
        let follow = move || {
            for _ in 0..TRIES {
                if let Some(at) = place.get() {
                    if results_of(&at) != from {
                        let _ = std::fs::rename(&from, results_of(&at));
                    }
                    return leave_none_behind(&place, &at);
                }
                // The journal that it came with goes when the next begins, and that one may have ended already.
                if !from.with_extension(EXTENSION).exists() {
                    return drop(std::fs::remove_file(&from));
                }
                std::thread::sleep(PAUSE);
            }
        };
        drop(std::thread::Builder::new().name("result".to_owned()).spawn(follow));
    }
}

/// Where the journal is, which its own thread opens.
fn awaited(place: &Place) -> Option<PathBuf> {
    (0..TRIES).find_map(|_| {
        let there = place.get();
        if there.is_none() {
            std::thread::sleep(PAUSE);
        }
        there
    })
}

/// Takes a result away again whose journal ended meanwhile.
fn leave_none_behind(place: &Place, at: &Path) {
    if place.get().as_deref() != Some(at) {
        let _ = std::fs::remove_file(results_of(at));
    }
}
