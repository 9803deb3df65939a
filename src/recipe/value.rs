//! Values of a recipe that are more than a number: automatic ones, layer lists, the Gaussian's scale.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::LazyLock;

use clap::Parser as _;
use serde::{Deserialize, Serialize};

use super::Recipe;

/// A value the person gave, or one the program works out from the data. Written `auto` or as the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Auto<T> {
    /// Worked out from the data.
    #[default]
    #[serde(serialize_with = "write_auto", deserialize_with = "read_auto")]
    Auto,
    /// As given.
    Set(T),
}

impl<T> Auto<T> {
    /// The given value, or the one worked out.
    pub fn unwrap_or_else(self, work_out: impl FnOnce() -> T) -> T {
        match self {
            Self::Auto => work_out(),
            Self::Set(value) => value,
        }
    }

    /// The given value.
    pub fn set(self) -> Option<T> {
        match self {
            Self::Auto => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Auto<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Set(value) => value.fmt(f),
        }
    }
}

impl<T: FromStr<Err: fmt::Display>> FromStr for Auto<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        text.parse().map(Self::Set).map_err(|e: T::Err| format!("`auto` or a number, and `{text}` is neither: {e}"))
    }
}

fn write_auto<S: serde::Serializer>(to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str("auto")
}

fn read_auto<'de, D: serde::Deserializer<'de>>(from: D) -> Result<(), D::Error> {
    let text = String::deserialize(from)?;
    if text == "auto" { Ok(()) } else { Err(serde::de::Error::custom(format!("`auto` or a number, not `{text}`"))) }
}

/// Sizes of the hidden layers. Written `auto` or as a list such as `256,256`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Hidden {
    /// Follows the number of features and samples.
    #[default]
    Auto,
    /// These sizes, input side first.
    Layers(Vec<usize>),
}

/// The widest layer anyone may ask for; beyond it memory, not time, is the limit.
pub const WIDEST_LAYER: usize = 16_384;

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Layers(sizes) => {
                let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
                f.write_str(&sizes.join(","))
            }
        }
    }
}

impl FromStr for Hidden {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let layer = |part: &str| match part.trim().parse() {
            Ok(size) if (1..=WIDEST_LAYER).contains(&size) => Ok(size),
            _ => Err(format!(
                "layer sizes are whole numbers from 1 to {WIDEST_LAYER} with commas between, such as 256,256; `{part}` is none"
            )),
        };
        text.split(',').map(layer).collect::<Result<_, _>>().map(Self::Layers)
    }
}

impl TryFrom<String> for Hidden {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Hidden> for String {
    fn from(hidden: Hidden) -> Self {
        hidden.to_string()
    }
}

/// Width of the Gaussian. Written `auto`, `robust`, `robust-local`, `local`, `global` or as a distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scale {
    /// Robust in few dimensions, robust-local in many, as the graph shows.
    #[default]
    Auto,
    /// As global, and no edge weighs less than a hundredth of what its sample's own width gives it: gaps in density part clusters, and
    /// neither strays nor thin clusters fall off the graph.
    Robust,
    /// As local, with the same least weight.
    RobustLocal,
    /// Each sample has its own, and a pair the geometric mean of its two.
    Local,
    /// One for all: the median distance to the `--scale-neighbor`-th neighbour.
    Global,
    /// One for all, given.
    Fixed(f64),
}

/// Dimensions up to which `--scale auto` takes one width for all. Distances to neighbours tell samples within clusters from those between
/// them the better the fewer dimensions there are; in many all of them are nearly alike, and one width fits no one.
const FEW_DIMENSIONS: f64 = 4.0;

impl Scale {
    /// Every scale that is a word, in the order to offer them.
    pub const WORDS: [Self; 5] = [Self::Auto, Self::Robust, Self::RobustLocal, Self::Local, Self::Global];

    /// What `auto` means for samples whose neighbours' distances fill `dimensions`; another scale is itself.
    #[must_use]
    pub fn resolve(self, dimensions: f64) -> Self {
        match self {
            Self::Auto if dimensions <= FEW_DIMENSIONS => Self::Robust,
            Self::Auto => Self::RobustLocal,
            given => given,
        }
    }

    /// What `auto` means between codes, which fill the dimensions they were given.
    #[must_use]
    pub fn between_codes(self) -> Self {
        self.resolve(f64::INFINITY)
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Robust => f.write_str("robust"),
            Self::RobustLocal => f.write_str("robust-local"),
            Self::Local => f.write_str("local"),
            Self::Global => f.write_str("global"),
            Self::Fixed(distance) => distance.fmt(f),
        }
    }
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "robust" => Ok(Self::Robust),
            "robust-local" => Ok(Self::RobustLocal),
            "local" => Ok(Self::Local),
            "global" => Ok(Self::Global),
            _ => match text.parse::<f64>() {
                Ok(distance) if distance.is_finite() && distance > 0.0 => Ok(Self::Fixed(distance)),
                _ => Err(format!(
                    "`auto`, `robust`, `robust-local`, `local`, `global` or a distance above 0, and `{text}` is none of them"
                )),
            },
        }
    }
}

impl TryFrom<String> for Scale {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Scale> for String {
    fn from(scale: Scale) -> Self {
        scale.to_string()
    }
}

/// A path in a file of text. One that is no text is written as near to it as can be: better than losing all else that is written.
#[expect(clippy::ref_option, reason = "this is how serde passes a field")]
pub(super) fn write_path<S: serde::Serializer>(path: &Option<PathBuf>, to: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|path| path.to_string_lossy()).serialize(to)
}

/// A command line of the recipe's flags alone.
#[derive(clap::Parser)]
struct NoFlags {
    #[command(flatten)]
    recipe: Recipe,
}

/// The flags' own defaults, so that each default stands in one place.
pub(super) fn defaults() -> Recipe {
    static DEFAULTS: LazyLock<Recipe> = LazyLock::new(|| NoFlags::parse_from(["recipe"]).recipe);
    DEFAULTS.clone()
}
