//! A folder for one test's files, and how they load.

use std::path::{Path, PathBuf};

use eigenscope::data::Source;
use eigenscope::data::{Dataset, load};
use eigenscope::support::progress::Progress;
use eigenscope::{Recipe, Result};
use tempfile::TempDir;

/// A folder that goes with the test.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a folder for the test"))
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file for the test");
        path
    }
}

pub(crate) fn open(path: &Path, recipe: &Recipe) -> Result<Dataset> {
    load(&Source::Path(path.to_owned()), recipe, &Progress::silent())
}

pub(crate) fn noted(data: &Dataset, words: &str) -> bool {
    data.notes.iter().any(|note| note.contains(words))
}

/// A path as an argument.
pub(crate) fn plain(path: &Path) -> String {
    path.to_str().expect("a plain name").to_owned()
}
