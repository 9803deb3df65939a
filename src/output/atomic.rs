//! Files that are either complete or not touched.

use std::collections::HashSet;
#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::{Error, Result};

/// How the name of a file begins and ends that is not complete yet.
const PREFIX: &str = ".eigenscope-";
const SUFFIX: &str = ".part";
/// Links that are followed before they are taken for a circle.
const MOST_LINKS: usize = 40;

/// Writes a file so that under its name stands either what stood there before or all of the new content, whatever
/// happens in between: into a temporary file in the same folder, through to the disk, then renamed. Missing folders are
/// created, rights are kept, and a symbolic link is followed, so that it stays one. What is no file, such as a pipe or a device, is
/// written to as it is.
///
/// # Errors
/// [`Error::Io`] with `path` when the folder, the disk or `write` refuses; the old file is then as it was.
pub fn write_atomically(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    if let Some(device) = open_device(path) {
        let finish = || {
            let mut buffered = BufWriter::with_capacity(1 << 16, device?);
            write(&mut buffered)?;
            buffered.flush()
        };
        return finish().map_err(Error::io("write", path));
    }
    let target = behind_links(path).map_err(Error::io("write", path))?;
    let folder = folder_of(&target);
    std::fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let finish = || -> io::Result<()> {
        let before = std::fs::metadata(&target).ok();
        let file = temporary(&folder, before.as_ref())?;
        let mut buffered = BufWriter::with_capacity(1 << 16, file.as_file());
        write(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        file.as_file().sync_all()?;
        if !cfg!(unix) {
            file.as_file().unlock()?; // A locked file cannot be renamed there.
        }
        file.persist(&target).map_err(|e| e.error)?;
        Ok(())
    };
    finish().map_err(Error::io("write", path))
}

/// Finds out before the work whether `path` can be written after it, as far as that can be known.
///
/// # Errors
/// [`Error::Io`] with the path or its folder.
pub fn check_writable(path: &Path) -> Result<()> {
    if let Some(device) = open_device_for_a_look(path) {
        return device.map(drop).map_err(Error::io("write", path));
    }
    let target = behind_links(path).map_err(Error::io("write", path))?;
    if target.is_dir() {
        return Err(Error::io("write", path)(io::ErrorKind::IsADirectory.into()));
    }
    check_folder(&folder_of(&target))
}

/// Finds out before the work whether files can be written to a folder after it. A missing one is created.
///
/// # Errors
/// [`Error::Io`] with the folder.
pub fn check_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let probe = || -> io::Result<()> {
        let file = temporary(folder, None)?;
        // A full disk lets files be created and takes nothing into them.
        file.as_file().write_all(&[0; 4096])?;
        file.as_file().sync_all()
    };
    probe().map_err(Error::io("write to", folder))
}

/// The folder a file is in.
pub(super) fn folder_of(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Where the links end that `path` may begin; that place may be empty.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = std::fs::read_link(&target) else { return Ok(target) };
        target = folder_of(&target).join(next);
    }
    Err(io::Error::other("the links go in a circle"))
}

/// Whether what stands there is no file that could be replaced. What lies below `/dev` or `/proc` leads to what someone else has open,
/// though it may be a file.
fn is_device(path: &Path) -> bool {
    let Ok(about) = std::fs::metadata(path) else { return false };
    !about.is_dir() && (!about.is_file() || (cfg!(unix) && (path.starts_with("/dev") || path.starts_with("/proc"))))
}

fn open_device(path: &Path) -> Option<io::Result<File>> {
    is_device(path).then(|| OpenOptions::new().write(true).open(path))
}

/// As [`open_device`], without waiting for whoever reads a pipe.
fn open_device_for_a_look(path: &Path) -> Option<io::Result<()>> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if std::fs::metadata(path).is_ok_and(|about| about.file_type().is_fifo()) {
            return Some(Ok(()));
        }
    }
    open_device(path).map(|device| device.map(drop))
}

/// A file that removes itself unless it is kept, with the rights of the file it will replace or those that any new file gets. It is locked
/// as long as it is open, so that another run can tell it from what a killed one left behind.
fn temporary(folder: &Path, before: Option<&Metadata>) -> io::Result<NamedTempFile> {
    sweep(folder);
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The system's mask is taken off these; without a word the file would be readable by its owner alone.
        let mode = before.map_or(0o666, |before| before.permissions().mode() & 0o777);
        builder.permissions(Permissions::from_mode(mode | 0o200));
    }
    loop {
        let file = builder.tempfile_in(folder)?;
        let locked = file.as_file().try_lock();
        // Another run may have swept it away before it was locked.
        if locked.is_ok() && !file.path().exists() {
            continue;
        }
        if let Some(before) = before.filter(|before| before.is_file()) {
            keep_rights(file.as_file(), before)?;
        }
        return Ok(file);
    }
}

/// A folder that removes itself with all that is in it, and what tells another run that it is in use, where a folder can be locked.
pub(super) fn temporary_folder(folder: &Path) -> io::Result<(TempDir, Option<File>)> {
    sweep(folder);
    loop {
        let place = Builder::new().prefix(PREFIX).suffix(SUFFIX).tempdir_in(folder)?;
        let held = File::open(place.path()).ok().filter(|held| held.try_lock().is_ok());
        // Another run may have swept it away before it was locked.
        if place.path().exists() {
            return Ok((place, held));
        }
    }
}

/// Owner and rights of the file that is replaced.
pub(super) fn keep_rights(file: &File, before: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
            // Who may not give files away keeps them.
            let _ = std::os::unix::fs::fchown(file, Some(before.uid()), Some(before.gid()));
        }
    }
    file.set_permissions(before.permissions())
}

/// Removes what killed runs left in a folder, once for each folder: files and folders with our names that nobody holds locked.
fn sweep(folder: &Path) {
    static SWEPT: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);
    if !SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned()) {
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        // Opening a pipe would wait for whoever writes to it.
        let Some(kind) = entry.file_type().ok().filter(|kind| ours && (kind.is_file() || kind.is_dir())) else {
            continue;
        };
        let Ok(held) = File::open(entry.path()) else { continue };
        if held.try_lock().is_ok() {
            let path = entry.path();
            let _ = if kind.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("labels.csv");
        write_atomically(&path, |w| w.write_all(b"old")).expect("the folder can be written");
        let full = |w: &mut dyn Write| {
            w.write_all(&vec![b'x'; 200_000])?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        let message = write_atomically(&path, full).expect_err("the disk is full").to_string();
        assert!(message.contains("labels.csv"), "{message}");
        assert_eq!(std::fs::read(&path).expect("it is still there"), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder can be read").count(), 1);
        write_atomically(&path, |w| w.write_all(b"new")).expect("the folder can be written");
        assert_eq!(std::fs::read(&path).expect("it is there"), b"new");
    }

    #[test]
    fn missing_folders_are_made_and_impossible_ones_named() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let deep = folder.path().join("a/b/c.txt");
        check_writable(&deep).expect("folders are made");
        write_atomically(&deep, |w| w.write_all(b"deep")).expect("folders are made");
        let message = write_atomically(&deep.join("d.txt"), |_| Ok(())).expect_err("a file is no folder").to_string();
        assert!(message.contains("c.txt"), "{message}");
        assert!(check_writable(&deep.join("d.txt")).is_err());
        for refused in [write_atomically(folder.path(), |_| Ok(())), check_writable(folder.path())] {
            let message = refused.expect_err("a folder is no file").to_string();
            assert!(message.contains("cannot write"), "{message}");
        }
    }

    #[test]
    fn what_a_killed_run_left_is_swept_and_what_a_living_one_writes_is_not() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let at = |name: &str| folder.path().join(name);
        for name in [".eigenscope-dead.part", ".eigenscope-alive.part", "eigenscope-mine.part"] {
            std::fs::write(at(name), b"half").expect("the folder can be written");
        }
        let alive = File::open(at(".eigenscope-alive.part")).expect("it is there");
        alive.lock().expect("nobody else has it");
        write_atomically(&at("a.txt"), |w| w.write_all(b"whole")).expect("the folder can be written");
        assert!(!at(".eigenscope-dead.part").exists());
        assert!(at(".eigenscope-alive.part").exists() && at("eigenscope-mine.part").exists() && at("a.txt").exists());
    }

    #[cfg(unix)]
    #[test]
    fn rights_are_those_of_the_old_file_or_of_any_new_one() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (ours, plain) = (folder.path().join("a"), folder.path().join("b"));
        write_atomically(&ours, |_| Ok(())).expect("the folder can be written");
        std::fs::write(&plain, b"").expect("the folder can be written");
        let mode = |path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&ours), mode(&plain));
        for wanted in [0o600, 0o640, 0o666, 0o755] {
            std::fs::set_permissions(&ours, Permissions::from_mode(wanted)).expect("it is ours");
            write_atomically(&ours, |w| w.write_all(b"again")).expect("the folder can be written");
            assert_eq!(mode(&ours), wanted);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_also_those_to_nothing_yet() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), b"").expect("the folder can be written");
        for (link, to) in [("whole", "file"), ("dangling", "new"), ("second", "dangling")] {
            std::os::unix::fs::symlink(to, at(link)).expect("links can be made");
            write_atomically(&at(link), |w| w.write_all(link.as_bytes())).expect("the folder can be written");
            assert!(at(link).is_symlink(), "{link}");
            assert_eq!(std::fs::read(at(link)).expect("it is there"), link.as_bytes());
        }
        assert_eq!(std::fs::read(at("new")).expect("it is there"), b"second");
        std::os::unix::fs::symlink("circle", at("circle")).expect("links can be made");
        assert!(write_atomically(&at("circle"), |_| Ok(())).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_written_to_and_not_replaced() {
        use std::io::Read as _;
        use std::os::unix::fs::FileTypeExt as _;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo is part of every Unix");
        check_writable(&pipe).expect("it waits for nobody");
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut text = String::new();
                File::open(pipe).and_then(|mut file| file.read_to_string(&mut text)).map(|_| text)
            }
        });
        write_atomically(&pipe, |w| w.write_all(b"through")).expect("someone reads");
        assert_eq!(reader.join().expect("it ends").expect("it reads"), "through");
        assert!(std::fs::metadata(&pipe).expect("it is there").file_type().is_fifo());
        write_atomically(Path::new("/dev/null"), |w| w.write_all(b"gone")).expect("it takes anything");
        assert!(std::fs::metadata("/dev/null").expect("it is there").file_type().is_char_device());
        if Path::new("/dev/full").exists() {
            let message = write_atomically(Path::new("/dev/full"), |w| w.write_all(b"x")).expect_err("it is full");
            assert!(message.to_string().contains("/dev/full"), "{message}");
        }
    }
}
