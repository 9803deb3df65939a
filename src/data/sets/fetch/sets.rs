//! The public sets that can be downloaded: everything that is known of them, in one table.

/// A public set: where it lies, under which licence, and how its files are told from any others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicSet {
    /// What it is called, as its built-in set is.
    pub name: &'static str,
    /// Who made it.
    pub credit: &'static str,
    /// The licence it is given under.
    pub licence: &'static str,
    /// The page that says so.
    pub source: &'static str,
    /// Addresses of folders that hold its files, in the order in which they are tried.
    pub mirrors: &'static [&'static str],
    /// Its files.
    pub files: &'static [PublicFile],
}

/// A gzipped file of a [`PublicSet`]. What counts is what it unpacks to, so that a mirror may have packed it anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicFile {
    /// Its name, on the mirrors and in the folder.
    pub name: &'static str,
    /// Bytes to download, as it was published.
    pub packed: u64,
    /// Bytes it unpacks to.
    pub unpacked: u64,
    /// SHA-256 of what it unpacks to, in lower-case hexadecimal digits.
    pub sha256: &'static str,
}

impl PublicSet {
    /// Every set, in the order to show them.
    pub const ALL: &'static [Self] = SETS;

    /// The set of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SETS.iter().find(|set| set.name == name)
    }

    /// Bytes to download.
    #[must_use]
    pub fn packed(&self) -> u64 {
        self.files.iter().map(|file| file.packed).sum()
    }
}

const fn file(name: &'static str, packed: u64, unpacked: u64, sha256: &'static str) -> PublicFile {
    PublicFile { name, packed, unpacked, sha256 }
}

/// Names of the files in the shape of MNIST, and the bytes they unpack to: a header, then a byte a pixel or label.
const IMAGES: [&str; 2] = ["train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"];
const LABELS: [&str; 2] = ["train-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];
const PIXELS: [u64; 2] = [16 + 60_000 * 28 * 28, 16 + 10_000 * 28 * 28];
const CLASSES: [u64; 2] = [8 + 60_000, 8 + 10_000];

const SETS: &[PublicSet] = &[
    PublicSet {
        name: "mnist",
        credit: "Y. LeCun, C. Cortes, C. J. C. Burges",
        licence: "CC BY-SA 3.0",
        source: "http://yann.lecun.com/exdb/mnist/",
        mirrors: &[
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ],
        files: &[
            file(IMAGES[0], 9_912_422, PIXELS[0], "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            file(LABELS[0], 28_881, CLASSES[0], "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            file(IMAGES[1], 1_648_877, PIXELS[1], "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            file(LABELS[1], 4_542, CLASSES[1], "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
    },
    PublicSet {
        name: "fashion-mnist",
        credit: "H. Xiao, K. Rasul, R. Vollgraf; © 2017 Zalando SE",
        licence: "MIT",
        source: "https://github.com/zalandoresearch/fashion-mnist",
        mirrors: &[
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ],
        files: &[
            file(IMAGES[0], 26_421_880, PIXELS[0], "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            file(LABELS[0], 29_515, CLASSES[0], "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            file(IMAGES[1], 4_422_102, PIXELS[1], "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            file(LABELS[1], 5_148, CLASSES[1], "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Origin;
    use crate::data::builtin;

    #[test]
    fn every_built_in_set_that_needs_files_can_be_downloaded() {
        let of_files: Vec<&str> = builtin().iter().filter(|s| s.origin == Origin::Files).map(|s| s.name).collect();
        assert_eq!(of_files, SETS.iter().map(|set| set.name).collect::<Vec<_>>());
    }

    #[test]
    fn rows_are_whole() {
        for set in SETS {
            assert!(set.mirrors.iter().all(|m| m.starts_with("http") && m.ends_with('/')), "{}", set.name);
            for file in set.files {
                let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
                assert!(file.sha256.len() == 64 && file.sha256.chars().all(hex), "{}", file.name);
                assert!(file.packed < file.unpacked, "{}", file.name);
            }
        }
    }
}
