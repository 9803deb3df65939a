//! The files of finished results beside a journal, one a run: projects with results, which go when the journal goes.

use std::path::{Path, PathBuf};

use crate::project::runs::RunId;

/// How their names end, behind the number of the run.
const EXTENSION: &str = "results";
/// Bytes that they may take together; of a journal that a stranger left, no more are read.
pub const HEAVIEST: u64 = 1 << 30;

/// A finished result beside a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFile {
    /// Its run.
    pub run: RunId,
    /// Where it is.
    pub path: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
}

/// The file of a run's result beside a journal.
#[must_use]
pub fn result_of(journal: &Path, run: RunId) -> PathBuf {
    journal.with_extension(format!("{run}.{EXTENSION}"))
}

/// Those that are there, the oldest run first; of more than are read the newest.
#[must_use]
pub fn results_beside(journal: &Path) -> Vec<ResultFile> {
    let mut found = all(journal);
    let mut room = HEAVIEST;
    found.sort_by_key(|file| std::cmp::Reverse(file.run));
    let fits = found.into_iter().map_while(|file| {
        room = room.checked_sub(file.bytes)?;
        Some(file)
    });
    let mut fitting: Vec<_> = fits.collect();
    fitting.reverse();
    fitting
}

fn all(journal: &Path) -> Vec<ResultFile> {
    let Some(stem) = journal.file_stem().and_then(|stem| stem.to_str()) else { return Vec::new() };
    let folder = journal.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let one = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.strip_prefix(stem)?.strip_prefix('.')?;
        let run: RunId = name.strip_suffix(EXTENSION)?.strip_suffix('.')?.parse().ok()?;
        let about = std::fs::symlink_metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
        Some(ResultFile { run, path, bytes: about.len() })
    };
    std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| one(entry.path())).collect()
}

/// Removes them.
pub fn remove_results(journal: &Path) {
    for file in all(journal) {
        let _ = std::fs::remove_file(file.path);
    }
}

/// Gives those of one journal to the one that goes on from it.
pub(super) fn move_results(from: &Path, to: &Path) {
    for file in all(from) {
        let _ = std::fs::rename(file.path, result_of(to, file.run));
    }
}
