//! What the program remembers from one start to the next: a small file in the system's folder for state.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::{Ease, journal};
use crate::Result;
use crate::data::Own;
use crate::output::write_atomically;
use crate::support::text_file::read_text;

/// Files that are remembered.
pub const MOST_RECENT: usize = 9;
/// The longest file that is read, in bytes.
const LONGEST: u64 = 1 << 16;
/// Journals that are looked at.
const MOST_JOURNALS: usize = 64;

/// Colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// The system's.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The theme that was chosen.
    pub theme: Theme,
    /// Whether the picture stands still while settings are turned.
    pub still: bool,
    /// Whether projects are saved with their results, where a person chose; else they are while they are light.
    pub with_results: Option<bool>,
    /// Files opened, newest first: data and projects.
    pub recent: Vec<PathBuf>,
    /// The project opened or saved last.
    pub project: Option<PathBuf>,
    /// Where the parts of the window stand.
    pub layout: Layout,
    /// Size of text, motion, shapes.
    pub ease: Ease,
}

/// Where the parts of the window stand, in words and whole numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Whether the settings are shown.
    pub settings: bool,
    /// Whether all of them are unfolded.
    pub all_settings: bool,
    /// Height of the dock in points; 0 where it was never seen.
    pub dock: u16,
    /// The cards that are open, by their titles, the one opened last at the end; none are those of a first start.
    pub cards: Vec<String>,
    /// The share of the width that each place of a view has, left to right, in thousandths.
    pub shares: [u16; 3],
    /// The view in each.
    pub order: [u8; 3],
    /// Whether the names of clusters are left out of the picture.
    pub nameless: bool,
}

impl Default for Layout {
    fn default() -> Self {
        let (cards, shares, order) = (Vec::new(), [333; 3], [0, 1, 2]);
        Self { settings: true, all_settings: false, dock: 0, cards, shares, order, nameless: false }
    }
}

/// Where it is kept: `EIGENSCOPE_STATE`, else the system's folder for state, then `eigenscope`. None where the system names none.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let from = |variable: &str| std::env::var_os(variable).filter(|v| !v.is_empty()).map(PathBuf::from);
    if let Some(own) = from("EIGENSCOPE_STATE") {
        return Some(own);
    }
    let base = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library").join("Application Support"))
    } else {
        // A relative XDG path is to be ignored, says the specification.
        from("XDG_STATE_HOME")
            .filter(|p| p.is_absolute())
            .or_else(|| from("HOME").map(|home| home.join(".local/state")))
    };
    base.map(|base| base.join("eigenscope"))
}

fn file(folder: &Path) -> PathBuf {
    folder.join("state.toml")
}

impl Remembered {
    /// What was remembered in a folder. A damaged file is set aside under another name, which is told.
    #[must_use]
    pub fn read(folder: &Path) -> (Self, Option<PathBuf>) {
        let path = file(folder);
        if !path.exists() {
            return (Self::default(), None);
        }
        let read = read_text(&path, LONGEST).ok().and_then(|text| toml::from_str::<Self>(&text).ok());
        let Some(mut read) = read else {
            let aside = path.with_extension("damaged.toml");
            return (Self::default(), std::fs::rename(&path, &aside).is_ok().then_some(aside));
        };
        read.recent.truncate(MOST_RECENT);
        (read, None)
    }

    /// Remembers it. Paths that are no text are left out.
    ///
    /// # Errors
    /// [`crate::Error::Io`] with the file.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let mut kept = self.clone();
        kept.recent.retain(|path| path.to_str().is_some());
        kept.project = kept.project.filter(|path| path.to_str().is_some());
        let text = toml::to_string_pretty(&kept).map_err(|e| crate::Error::format(&file(folder), e.to_string()))?;
        write_atomically(&file(folder), |w| w.write_all(text.as_bytes()))
    }

    /// What windows that ended badly left beside the projects that were opened last: whoever starts again without one would not hear of it.
    #[must_use]
    pub fn left_beside(&self) -> Vec<journal::Kept> {
        let mut projects: Vec<&PathBuf> = self.project.iter().chain(&self.recent).collect();
        projects.sort_unstable();
        projects.dedup();
        let kept = |path: &&PathBuf| {
            let is_project = Own::of(path) == Some(Own::Project);
            // It is of this project, whatever it says, which may have come with it.
            let kept = is_project.then(|| journal::read(&journal_beside(path))).flatten()?;
            Some(journal::Kept { project: Some((*path).clone()), ..kept })
        };
        projects.iter().filter_map(kept).collect()
    }

    /// Puts a file first.
    pub fn opened(&mut self, path: &Path) {
        self.recent.retain(|p| p != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(MOST_RECENT);
    }
}

/// Where a window that never saved keeps its journal; no two windows have the same.
#[must_use]
pub fn unsaved_journal(folder: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    folder.join(format!("unsaved-{}-{}-{number}.{}", journal::now(), std::process::id(), journal::EXTENSION))
}

/// The journal beside a project.
#[must_use]
pub fn journal_beside(project: &Path) -> PathBuf {
    let name = project.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    project.with_file_name(format!(".{name}.{}", journal::EXTENSION))
}

/// What windows that ended badly left in the folder, the newest first.
#[must_use]
pub fn left_behind(folder: &Path) -> Vec<journal::Kept> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let journals = entries.filter(|path| path.extension().is_some_and(|e| e == journal::EXTENSION));
    let mut kept: Vec<journal::Kept> = journals.take(MOST_JOURNALS).filter_map(|path| journal::whole(&path)).collect();
    kept.retain(|kept| {
        if !kept.is_missed() && is_of_the_past(&kept.path) {
            // Nobody misses it, and the next start would read it again.
            let _ = std::fs::remove_file(&kept.path);
        }
        kept.is_missed()
    });
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.last));
    kept
}

/// Whether nobody has written to a file for a minute: a window that has just begun it may not have locked it yet.
fn is_of_the_past(path: &Path) -> bool {
    let written = std::fs::metadata(path).and_then(|facts| facts.modified()).ok();
    written.and_then(|at| at.elapsed().ok()).is_some_and(|since| since.as_secs() >= 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::MotionChoice;

    #[test]
    fn what_is_remembered_comes_back_and_a_damaged_file_is_set_aside() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        assert_eq!(Remembered::read(folder.path()), (Remembered::default(), None));
        let ease = Ease { size: 150, motion: MotionChoice::Reduced, shapes: true };
        let mut remembered = Remembered { theme: Theme::Light, ease, ..Remembered::default() };
        (0..12).for_each(|i| remembered.opened(Path::new(&format!("/d/{}.csv", i % 10))));
        remembered.project = Some("/d/p.eigenscope".into());
        remembered.write(folder.path()).expect("written");
        assert_eq!(remembered.recent.len(), MOST_RECENT);
        assert_eq!(remembered.recent[0], Path::new("/d/1.csv"));
        assert_eq!(Remembered::read(folder.path()), (remembered, None));
        for damaged in [&b"theme = \"loud\""[..], b"\xff\xfe", &vec![b'#'; 70_000]] {
            std::fs::write(file(folder.path()), damaged).expect("written");
            let (read, aside) = Remembered::read(folder.path());
            let aside = aside.expect("it is set aside");
            assert!(read == Remembered::default() && aside.exists() && !file(folder.path()).exists());
        }
    }

    /// A window that only trained leaves nothing to ask about.
    #[test]
    fn a_run_alone_is_nothing_to_restore_and_a_star_on_it_is() {
        use crate::project::file::tests::sample;
        use crate::project::{Did, Journal, RunRecord};
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = unsaved_journal(folder.path());
        let written = |runs: &[RunRecord]| {
            let journal = Journal::new(|| ()).expect("a thread");
            journal.begin(vec![path.clone()], None, sample(), Some(path.clone()));
            for run in runs {
                journal.put(Did::Run(Box::new(run.clone())));
            }
            drop(journal);
            left_behind(folder.path()).first().map(|kept| kept.edits)
        };
        let run = RunRecord { id: 9, ..RunRecord::default() };
        assert_eq!(written(std::slice::from_ref(&run)), None);
        assert!(path.exists(), "a window may have just begun it");
        let starred = RunRecord { star: true, ..run.clone() };
        assert_eq!(written(&[run, starred]), Some(1));
    }
}
