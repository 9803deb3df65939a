//! The sets a person can call by name.

use std::path::PathBuf;

use super::generated::{self, Shape};
use super::idx::{Images, read_labels};
use super::labels::Classes;
use super::manifolds;
use super::named::{load_named, rename};
use super::raw::Raw;
use super::source::Input;
use super::toy;
use crate::support::language::nearest;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// A set that has a name.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// What it is called.
    pub name: &'static str,
    /// One sentence about it.
    pub about: &'static str,
    /// Where its samples come from.
    pub origin: Origin,
}

/// Where a named set's samples come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin {
    /// Made from the seed.
    Generated {
        /// Samples unless `--samples` says otherwise.
        samples: usize,
        /// Standard deviation of the noise unless `--noise` says otherwise; none where noise has no meaning.
        noise: Option<f64>,
    },
    /// Part of the program.
    Embedded,
    /// Read from files in `--data-dir` or the cache.
    Files,
}

const fn generated(name: &'static str, about: &'static str, samples: usize, noise: Option<f64>) -> BuiltIn {
    BuiltIn { name, about, origin: Origin::Generated { samples, noise } }
}

const SETS: &[BuiltIn] = &[
    generated(
        "moons",
        "Two half circles that reach into each other: the first thing k-means gets wrong.",
        7000,
        Some(0.075),
    ),
    generated("circles", "A ring inside a ring.", 4000, Some(0.04)),
    generated("blobs", "Five round Gaussian clouds: easy for every method.", 5000, Some(1.0)),
    generated("aniso", "Three stretched Gaussian clouds, side by side.", 3000, Some(1.0)),
    generated("varied", "Three Gaussian clouds of very different spread.", 3000, Some(1.0)),
    generated(
        "no-structure",
        "A square filled evenly: there is nothing to find, and a method should not pretend.",
        3000,
        None,
    ),
    generated("nested-c", "Two letters C hooked into each other, the toy of the SpectralNet paper.", 1500, Some(0.1)),
    generated("spirals", "Two spiral arms wound around each other.", 4000, Some(0.02)),
    generated(
        "dscl-toy",
        "Three classes of three clouds each, woven so that no plane parts them: the toy of the DSCL paper, in 3-D.",
        21_000,
        Some(0.3),
    ),
    generated(
        "linked-circles",
        "Two rings in three dimensions, hooked into each other like links of a chain.",
        4000,
        Some(0.05),
    ),
    generated(
        "moon-10d",
        "One half circle turned into ten dimensions: its eigenvectors are the waves along the arc.",
        10_000,
        Some(0.1),
    ),
    BuiltIn { name: "digits", about: "1,797 handwritten digits of 8 × 8 pixels (UCI).", origin: Origin::Embedded },
    BuiltIn {
        name: "fashion-10k",
        about: "10,000 pictures of clothes, 28 × 28 pixels: the test half of Fashion-MNIST.",
        origin: Origin::Embedded,
    },
    BuiltIn { name: "mnist", about: "70,000 handwritten digits, 28 × 28 pixels.", origin: Origin::Files },
    BuiltIn { name: "fashion-mnist", about: "70,000 pictures of clothes, 28 × 28 pixels.", origin: Origin::Files },
];

/// Every set that has a name, in the order to show them.
#[must_use]
pub fn builtin() -> &'static [BuiltIn] {
    SETS
}

const CLOTHES: &[&str] =
    &["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

const DIGITS: [&[u8]; 2] = [
    include_bytes!("../../assets/data/digits-images-idx3-ubyte.gz"),
    include_bytes!("../../assets/data/digits-labels-idx1-ubyte.gz"),
];

const FASHION: [&[u8]; 2] = [
    include_bytes!("../../assets/data/fashion-10k-images-idx3-ubyte.gz"),
    include_bytes!("../../assets/data/fashion-10k-labels-idx1-ubyte.gz"),
];

/// Load a set by name, and say whether it was generated.
pub(super) fn load(name: &str, recipe: &Recipe, progress: &Progress) -> Result<(Raw, bool)> {
    let Some(set) = SETS.iter().find(|set| set.name == name) else {
        let names: Vec<&str> = SETS.iter().map(|set| set.name).collect();
        let meant = nearest(name, names.iter().copied()).map_or_else(String::new, |m| format!("did you mean `{m}`? "));
        let message = format!(
            "`{name}` is no built-in set, and there is no file of that name; {meant}Built in are {}",
            names.join(", ")
        );
        return Err(Error::Data(message));
    };
    let class_names = name.starts_with("fashion").then_some(CLOTHES);
    let mut raw = match set.origin {
        Origin::Generated { samples, noise } if name == "dscl-toy" => toy::generate((samples, noise), recipe)?,
        Origin::Generated { samples, noise } => {
            let defaults = (samples, noise);
            match manifolds::generate(name, defaults, recipe)? {
                Some(raw) => raw,
                None => generated::generate(Shape::named(name)?, name, defaults, recipe)?,
            }
        }
        Origin::Embedded => {
            embedded(name, if name == "digits" { DIGITS } else { FASHION }, class_names, recipe, progress)?
        }
        Origin::Files => load_named(name, class_names, recipe, progress)?,
    };
    match recipe.label_column.as_str() {
        "auto" => {}
        "none" => raw.classes = None,
        _ => raw.notes.push("--label-column acts on files only; this set has its own labels".to_owned()),
    }
    Ok((raw, matches!(set.origin, Origin::Generated { .. })))
}

fn embedded(
    name: &str,
    files: [&'static [u8]; 2],
    class_names: Option<&[&str]>,
    recipe: &Recipe,
    progress: &Progress,
) -> Result<Raw> {
    let mut images = Images::default();
    images.append(Input::embedded(name, files[0])?, recipe, progress)?;
    let mut raw = images.into_raw(name.to_owned(), PathBuf::from(name))?;
    let mut classes = Classes::from_numbers(&read_labels(Input::embedded(name, files[1])?)?);
    rename(&mut classes, class_names);
    raw.classes = Some(classes);
    Ok(raw)
}
