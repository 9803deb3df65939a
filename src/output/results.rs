//! What a run leaves in its folder, as a whole: all of it or nothing.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::atomic::{self, write_atomically};
use super::guard::any_result;
use crate::{Error, Result};

/// A run's files on their way into a folder. They are written to a place of their own there; a disk that fills up leaves what was there
/// before.
#[derive(Debug)]
pub struct Results {
    folder: PathBuf,
    place: TempDir,
    /// Tells another run that this place is in use.
    _held: Option<File>,
}

impl Results {
    /// A place for files that will go to `folder`.
    ///
    /// # Errors
    /// [`Error::Io`] with the folder.
    pub fn new(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let (place, held) = atomic::temporary_folder(folder).map_err(Error::io("write to", folder))?;
        Ok(Self { folder: folder.to_owned(), place, _held: held })
    }

    /// Where to write them.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// An error that names a file where it was to go, rather than where it was on its way.
    #[must_use]
    pub fn explain(&self, error: Error) -> Error {
        match error {
            Error::Io { action, path, source } => match path.strip_prefix(self.place.path()) {
                Ok(name) => Error::Io { action, path: self.folder.join(name), source },
                Err(_) => Error::Io { action, path, source },
            },
            other => other,
        }
    }

    /// Puts them where they belong and removes what an earlier run left: a model or a figure of one run must not stand beside the
    /// summary of another.
    ///
    /// # Errors
    /// [`Error::Io`] with the file that cannot be replaced or removed.
    pub fn commit(self) -> Result<()> {
        let made = |name: &String| self.place.path().join(name).exists();
        let (new, gone): (Vec<String>, Vec<String>) = any_result().partition(made);
        gone.iter().try_for_each(|name| self.remove(name))?;
        new.iter().try_for_each(|name| self.publish(&self.place.path().join(name), name))
    }

    fn publish(&self, made: &Path, name: &str) -> Result<()> {
        let target = self.folder.join(name);
        let fail = |e| Error::io("write", &target)(e);
        match target.symlink_metadata() {
            // A link is followed, and a device written to.
            Ok(about) if !about.is_file() => {
                let mut from = File::open(made).map_err(fail)?;
                write_atomically(&target, |to| io::copy(&mut from, to).map(drop))
            }
            before => {
                if let Ok(before) = before {
                    atomic::keep_rights(&File::open(made).map_err(fail)?, &before).map_err(fail)?;
                }
                std::fs::rename(made, &target).map_err(fail)
            }
        }
    }

    /// Removes a file of an earlier run.
    fn remove(&self, name: &str) -> Result<()> {
        let path = self.folder.join(name);
        if path.symlink_metadata().is_ok_and(|about| about.is_file()) {
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io("remove", &path)(e)),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("it is there").flatten();
        let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn an_earlier_run_leaves_nothing_and_other_files_stay() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for name in any_result().chain(["notes.txt".to_owned()]) {
            std::fs::write(folder.path().join(name), "old").expect("the folder can be written");
        }
        let results = Results::new(folder.path()).expect("the folder can be written");
        for name in ["summary.json", "labels.csv"] {
            write_atomically(&results.path().join(name), |w| w.write_all(b"new")).expect("written");
        }
        results.commit().expect("it is ours");
        assert_eq!(names(folder.path()), ["labels.csv", "notes.txt", "summary.json"]);
        assert_eq!(std::fs::read(folder.path().join("labels.csv")).expect("it is there"), b"new");
    }

    #[test]
    fn a_run_that_fails_on_the_way_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join("labels.csv"), "old").expect("the folder can be written");
        let results = Results::new(folder.path()).expect("the folder can be written");
        write_atomically(&results.path().join("labels.csv"), |w| w.write_all(b"new")).expect("written");
        let full = write_atomically(&results.path().join("input.svg"), |_| Err(ErrorKind::StorageFull.into()));
        let message = results.explain(full.expect_err("the disk is full")).to_string();
        assert!(
            message.starts_with(&format!("cannot write {}: ", folder.path().join("input.svg").display())),
            "{message}"
        );
        drop(results);
        assert_eq!(names(folder.path()), ["labels.csv"]);
        assert_eq!(std::fs::read(folder.path().join("labels.csv")).expect("it is there"), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_rights_are_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let at = |name: &str| folder.path().join(name);
        std::os::unix::fs::symlink("elsewhere", at("labels.csv")).expect("links can be made");
        std::fs::write(at("summary.json"), "old").expect("the folder can be written");
        std::fs::write(at("recipe.toml"), "old").expect("the folder can be written");
        std::fs::set_permissions(at("recipe.toml"), std::fs::Permissions::from_mode(0o600)).expect("it is ours");
        let results = Results::new(folder.path()).expect("the folder can be written");
        for name in ["labels.csv", "recipe.toml"] {
            std::fs::write(results.path().join(name), "new").expect("written");
        }
        results.commit().expect("it is ours");
        assert!(at("labels.csv").is_symlink() && !at("summary.json").exists());
        assert_eq!(std::fs::read(at("elsewhere")).expect("it is there"), b"new");
        let mode = std::fs::metadata(at("recipe.toml")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
