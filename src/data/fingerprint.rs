//! Whether data is what it was.

use std::io::Read as _;
use std::path::Path;

use super::arrays::idx::labels_beside;
use super::bytes::stream;
use super::sets::named::{files_of_folder, files_of_set};
use super::{Features, Source};
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
        Source::Painted(_) => Vec::new(),
    };
    files.extend(recipe.affinity_file.clone());
    files.extend(recipe.known_labels.clone());
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

/// Rows of samples that are hashed at once.
const ROWS: usize = 4096;

/// A checksum of samples as they came, whatever holds them.
#[must_use]
pub fn digest(features: &Features) -> u64 {
    let (n, d) = features.dim();
    let mut hash = Fnv::new().0;
    // Eight bytes at once; the turn lets the highest bits reach the lowest.
    let mut take = |number: u64| hash = (hash ^ number).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
    for size in [n, d] {
        take(size as u64);
    }
    for start in (0..n).step_by(ROWS) {
        features.rows(start..n.min(start + ROWS)).iter().for_each(|number| take(number.to_bits()));
    }
    hash
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
    fn samples_have_one_digest_however_they_are_held_and_another_once_a_number_is() {
        let numbers = ndarray::Array2::from_shape_fn((5000, 3), |(i, j)| ((i * 7 + j * 31) % 200) as f32);
        let whole = digest(&Features::new(numbers.clone()));
        assert_eq!(whole, digest(&Features::Doubles(std::sync::Arc::new(numbers.mapv(f64::from)))));
        for at in [(0, 0), (4095, 2), (4999, 2)] {
            let mut other = numbers.clone();
            other[at] = -other[at] - 1.0;
            assert_ne!(whole, digest(&Features::new(other)), "{at:?}");
        }
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
