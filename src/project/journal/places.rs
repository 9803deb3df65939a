//! Where the journals of a writer are. Each has a number: whoever writes beside one must not take the place of another for its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The places of all journals of a writer, shared with those who ask.
#[derive(Clone, Debug, Default)]
pub(super) struct Whereabouts(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    newest: u64,
    /// Those that are there, and those on their way without a path.
    at: BTreeMap<u64, Option<PathBuf>>,
}

impl Whereabouts {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a journal that is on its way from now on.
    pub(super) fn begin(&self) -> u64 {
        let mut known = self.known();
        known.newest += 1;
        let number = known.newest;
        known.at.insert(number, None);
        number
    }

    /// It is there.
    pub(super) fn set(&self, number: u64, path: &Path) {
        self.known().at.insert(number, Some(path.to_owned()));
    }

    /// It is removed, or never came.
    pub(super) fn forget(&self, number: u64) {
        self.known().at.remove(&number);
    }

    /// The place of the one that was begun last.
    pub(super) fn newest(&self) -> Place {
        Place { number: self.known().newest, all: self.clone() }
    }
}

/// The place of one journal, to be asked for by another thread too.
#[derive(Clone, Debug, Default)]
pub struct Place {
    number: u64,
    all: Whereabouts,
}

impl Place {
    /// Its path; none before it is there and once it is removed.
    #[must_use]
    pub fn get(&self) -> Option<PathBuf> {
        self.all.known().at.get(&self.number).cloned().flatten()
    }

    /// Whether it is removed, or was never begun.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !self.all.known().at.contains_key(&self.number)
    }
}
