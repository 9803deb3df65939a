//! The sets a person can call by name.

use std::path::PathBuf;

use super::generated::{self, Shape};
use super::manifolds::{self, Manifold};
use super::named::{load_named, rename};
use super::pictures::{self, Dot, Picture};
use super::toy;
use crate::data::arrays::idx::{Images, read_labels};
use crate::data::bytes::source::Input;
use crate::data::columns::labels::Classes;
use crate::data::raw::Raw;
use crate::support::language::nearest;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// A set that has a name: everything that is known of it, in one row.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// What it is called.
    pub name: &'static str,
    /// One sentence about it.
    pub about: &'static str,
    /// A small picture of it.
    pub picture: Picture,
    /// Where its samples come from.
    pub origin: Origin,
    make: Make,
}

impl BuiltIn {
    /// The set of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SETS.iter().find(|set| set.name == name)
    }

    /// Samples and noise of a generated set unless a person says otherwise; a set without a meaning for noise has none.
    #[must_use]
    pub fn generated(&self) -> Option<(usize, Option<f64>)> {
        match self.origin {
            Origin::Generated { samples, noise } => Some((samples, noise)),
            Origin::Embedded | Origin::Files => None,
        }
    }
}

/// How the samples of a set are made.
#[derive(Clone, Copy, Debug)]
enum Make {
    /// In the plane.
    Plane(Shape),
    /// In more dimensions.
    Space(Manifold),
    /// The toy of the DSCL paper.
    Toy,
    /// From images and labels that are part of the program; names of the classes where they are more than numbers.
    Embedded([&'static [u8]; 2], Option<&'static [&'static str]>),
    /// From the files of both halves, with names of the classes likewise.
    Files(Option<&'static [&'static str]>),
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

const fn generated(
    name: &'static str,
    about: &'static str,
    amounts: (usize, Option<f64>),
    picture: fn() -> Vec<Dot>,
    make: Make,
) -> BuiltIn {
    let origin = Origin::Generated { samples: amounts.0, noise: amounts.1 };
    BuiltIn { name, about, picture: Picture::Points(picture), origin, make }
}

const SETS: &[BuiltIn] = &[
    generated(
        "moons",
        "Two half circles that reach into each other: k-means cuts them, the eigenvectors do not.",
        (7000, Some(0.075)),
        pictures::moons,
        Make::Plane(Shape::Moons),
    ),
    generated(
        "circles",
        "A ring inside a ring: one eigenvector tells them apart.",
        (4000, Some(0.04)),
        pictures::circles,
        Make::Plane(Shape::Circles),
    ),
    generated(
        "blobs",
        "Five round Gaussian clouds: easy for every method.",
        (5000, Some(1.0)),
        pictures::blobs,
        Make::Plane(Shape::Blobs),
    ),
    generated(
        "aniso",
        "Three stretched Gaussian clouds, side by side: k-means cuts them across.",
        (3000, Some(1.0)),
        pictures::aniso,
        Make::Plane(Shape::Aniso),
    ),
    generated(
        "varied",
        "Three Gaussian clouds of very different spread: watch what the scale does.",
        (3000, Some(1.0)),
        pictures::varied,
        Make::Plane(Shape::Varied),
    ),
    generated(
        "no-structure",
        "A square filled evenly: there is nothing to find, and a method should not pretend.",
        (3000, None),
        pictures::square,
        Make::Plane(Shape::NoStructure),
    ),
    generated(
        "nested-c",
        "Two letters C hooked into each other, the toy of the SpectralNet paper.",
        (1500, Some(0.1)),
        pictures::nested_c,
        Make::Plane(Shape::NestedC),
    ),
    generated(
        "spirals",
        "Two spiral arms wound around each other: the longest way from end to end.",
        (4000, Some(0.02)),
        pictures::spirals,
        Make::Plane(Shape::Spirals),
    ),
    generated(
        "dscl-toy",
        "Three classes of three clouds each, woven so that no plane parts them: the toy of the DSCL paper, in 3-D.",
        (21_000, Some(0.3)),
        pictures::dscl_toy,
        Make::Toy,
    ),
    generated(
        "linked-circles",
        "Two rings in three dimensions, hooked into each other like links of a chain: no plane parts them.",
        (4000, Some(0.05)),
        pictures::linked_circles,
        Make::Space(Manifold::LinkedCircles),
    ),
    generated(
        "moon-10d",
        "One half circle turned into ten dimensions: its eigenvectors are the waves along the arc.",
        (10_000, Some(0.1)),
        pictures::moon,
        Make::Space(Manifold::Moon),
    ),
    BuiltIn {
        name: "digits",
        about: "1,797 handwritten digits of 8 × 8 pixels (UCI).",
        picture: Picture::Pixels(pictures::EIGHT),
        origin: Origin::Embedded,
        make: Make::Embedded(DIGITS, None),
    },
    BuiltIn {
        name: "fashion-10k",
        about: "10,000 pictures of clothes, 28 × 28 pixels: the test half of Fashion-MNIST.",
        picture: Picture::Pixels(pictures::SHIRT),
        origin: Origin::Embedded,
        make: Make::Embedded(FASHION, Some(CLOTHES)),
    },
    BuiltIn {
        name: "mnist",
        about: "70,000 handwritten digits, 28 × 28 pixels, from the cache or the data folder.",
        picture: Picture::Pixels(pictures::FIVE),
        origin: Origin::Files,
        make: Make::Files(None),
    },
    BuiltIn {
        name: "fashion-mnist",
        about: "70,000 pictures of clothes, 28 × 28 pixels, from the cache or the data folder.",
        picture: Picture::Pixels(pictures::SHOE),
        origin: Origin::Files,
        make: Make::Files(Some(CLOTHES)),
    },
];

/// Every set that has a name, in the order to show them.
#[must_use]
pub fn builtin() -> &'static [BuiltIn] {
    SETS
}

const CLOTHES: &[&str] =
    &["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

const DIGITS: [&[u8]; 2] = [
    include_bytes!("../../../assets/data/digits-images-idx3-ubyte.gz"),
    include_bytes!("../../../assets/data/digits-labels-idx1-ubyte.gz"),
];

const FASHION: [&[u8]; 2] = [
    include_bytes!("../../../assets/data/fashion-10k-images-idx3-ubyte.gz"),
    include_bytes!("../../../assets/data/fashion-10k-labels-idx1-ubyte.gz"),
];

/// Load a set by name, and say whether it was generated.
pub(in crate::data) fn load(name: &str, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let Some(set) = BuiltIn::named(name) else {
        let names: Vec<&str> = SETS.iter().map(|set| set.name).collect();
        let meant = nearest(name, names.iter().copied()).map_or_else(String::new, |m| format!("did you mean `{m}`? "));
        let message = format!(
            "`{name}` is no built-in set, and there is no file of that name; {meant}Built in are {}",
            names.join(", ")
        );
        return Err(Error::Data(message));
    };
    let defaults = set.generated().unwrap_or((0, None)); // Used by what is generated alone.
    let mut raw = match set.make {
        Make::Plane(shape) => generated::generate(shape, name, defaults, recipe)?,
        Make::Space(manifold) => manifolds::generate(manifold, name, defaults, recipe)?,
        Make::Toy => toy::generate(defaults, recipe)?,
        Make::Embedded(files, class_names) => embedded(name, files, class_names, recipe, progress)?,
        Make::Files(class_names) => load_named(name, class_names, recipe, progress)?,
    };
    match recipe.label_column.as_str() {
        "auto" => {}
        "none" => raw.classes = None,
        _ => raw.notes.push("--label-column acts on files only; this set has its own labels".to_owned()),
    }
    Ok(raw)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    #[test]
    fn each_row_that_needs_no_files_loads() {
        let recipe = Recipe { samples: Auto::Set(60), ..Recipe::default() };
        for (at, set) in SETS.iter().enumerate() {
            assert_eq!(SETS.iter().position(|other| other.name == set.name), Some(at), "each name once");
            assert!(set.about.ends_with('.'), "{}", set.about);
            if set.origin == Origin::Files {
                continue;
            }
            let raw = load(set.name, &recipe, &Progress::silent()).expect(set.name);
            assert_eq!(raw.name, set.name);
            assert!(
                if set.generated().is_some() { raw.features.nrows() == 60 } else { raw.features.nrows() > 1000 },
                "{}",
                set.name
            );
        }
    }
}
