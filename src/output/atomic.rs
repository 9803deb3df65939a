//! Files that are either complete or not touched.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::{Error, Result};

/// Writes a file so that under its name stands either what stood there before or all of the new content, whatever
/// happens in between: into a temporary file in the same folder, through to the disk, then renamed. Missing folders are
/// created. A symbolic link is followed, so that it stays one.
///
/// # Errors
/// [`Error::Io`] with `path` when the folder, the disk or `write` refuses; the old file is then as it was.
pub fn write_atomically(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    std::fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let finish = || -> io::Result<()> {
        let file = temporary(&folder)?;
        let mut buffered = BufWriter::with_capacity(1 << 16, file);
        write(&mut buffered)?;
        let file = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(&target).map_err(|e| e.error)?;
        Ok(())
    };
    finish().map_err(Error::io("write", path))
}

/// A file that removes itself unless it is kept, with the rights that any new file gets.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".eigenscope-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The system's mask is taken off these; without a word the file would be readable by its owner alone.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
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
        write_atomically(&deep, |w| w.write_all(b"deep")).expect("folders are made");
        let message = write_atomically(&deep.join("d.txt"), |_| Ok(())).expect_err("a file is no folder").to_string();
        assert!(message.contains("c.txt"), "{message}");
        let message = write_atomically(folder.path(), |_| Ok(())).expect_err("a folder is no file").to_string();
        assert!(message.contains("cannot write"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn rights_are_those_of_any_new_file_and_links_stay_links() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (ours, plain, link) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("l"));
        write_atomically(&ours, |_| Ok(())).expect("the folder can be written");
        std::fs::write(&plain, b"").expect("the folder can be written");
        let mode = |path| std::fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
        std::os::unix::fs::symlink(&plain, &link).expect("links can be made");
        write_atomically(&link, |w| w.write_all(b"through")).expect("the folder can be written");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&plain).expect("it is there"), b"through");
    }
}
