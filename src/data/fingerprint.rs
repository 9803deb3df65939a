//! Whether data is what it was.

use std::io::Read as _;
use std::path::Path;

use super::idx::labels_beside;
use super::named::{files_of_folder, files_of_set};
use super::{Source, stream};
use crate::{Error, Recipe, Result};

/// A checksum of every file that `source` is loaded from, and of the recipe's affinity file: another one says that something else stands
/// there now. None where there is no file. It tells accidents, not malice.
///
/// # Errors
/// [`Error::Io`] with the file that cannot be read.
pub fn fingerprint(source: &Source, recipe: &Recipe) -> Result<Option<String>> {
    let mut files = match source {
        Source::Named(name) => files_of_set(name, recipe),
        Source::Path(folder) if folder.is_dir() => files_of_folder(folder)?,
        Source::Path(file) => [Some(file.clone()), labels_beside(file)].into_iter().flatten().collect(),
    };
    files.extend(recipe.affinity_file.clone());
    if files.is_empty() {
        return Ok(None);
    }
    let mut hash = Fnv::new();
    for file in &files {
        hash.take_file(file)?;
    }
    Ok(Some(format!("fnv1a-{:016x}", hash.0)))
}

/// A checksum of bytes, which tells accidents from what was written, not malice.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let mut hash = Fnv::new();
    hash.take(bytes);
    hash.0
}

/// The hash of Fowler, Noll and Vo, 64 bits, variant 1a.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn take(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    }

    /// A file's content and its length.
    fn take_file(&mut self, path: &Path) -> Result<()> {
        let (mut reader, _) = stream::open(path)?;
        let mut chunk = vec![0; 1 << 16];
        let mut length = 0_u64;
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(got) => {
                    self.take(&chunk[..got]);
                    length += got as u64;
                }
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Error::io("read", path)(e)),
            }
        }
        self.take(&length.to_le_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let hash = |bytes: &[u8]| {
            let mut hash = Fnv::new();
            hash.take(bytes);
            hash.0
        };
        assert_eq!((hash(b""), hash(b"a")), (0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c));
    }

    #[test]
    fn every_file_that_is_read_counts() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let put = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("the folder can be written");
            path
        };
        let of =
            |path: &PathBuf, recipe: &Recipe| fingerprint(&Source::Path(path.clone()), recipe).expect("it can be read");
        let recipe = Recipe::default();
        let images = put("a-images-idx3-ubyte", b"1");
        let first = of(&images, &recipe);
        assert!(first.is_some() && first == of(&images, &recipe));
        put("a-labels-idx1-ubyte", b"2");
        let second = of(&images, &recipe);
        let weighted = Recipe { affinity_file: Some(put("w.mtx", b"3")), ..recipe.clone() };
        let all = [first, second.clone(), of(&images, &weighted)];
        assert!(all[0] != all[1] && all[1] != all[2]);
        assert_eq!(of(&folder.path().to_owned(), &recipe), second);
        assert_eq!(fingerprint(&Source::Named("moons".to_owned()), &recipe).expect("nothing to read"), None);
    }
}
