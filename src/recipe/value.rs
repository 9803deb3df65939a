//! Values of a recipe that are more than a number: automatic ones, layer lists, the Gaussian's scale.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

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

/// Width of the Gaussian. Written `auto`, `local`, `global` or as a distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scale {
    /// Global in up to three dimensions, where gaps in density part clusters; local in more, where one width fits no one.
    #[default]
    Auto,
    /// Each sample has its own, and a pair the geometric mean of its two.
    Local,
    /// One for all: the median distance to the `--scale-neighbor`-th neighbour.
    Global,
    /// One for all, given.
    Fixed(f64),
}

impl Scale {
    /// What `auto` means for `n` samples of `d` features; another scale is itself.
    ///
    /// One scale for all follows gaps in density, but it shrinks as samples grow dense, and strays that lie many scales from the rest
    /// become parts of their own: of 30,000 two moons they take the second eigenvector.
    #[must_use]
    pub fn resolve(self, n: usize, d: usize) -> Self {
        match self {
            Self::Auto if d <= 3 && n <= 20_000 => Self::Global,
            Self::Auto => Self::Local,
            given => given,
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
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
            "local" => Ok(Self::Local),
            "global" => Ok(Self::Global),
            _ => match text.parse::<f64>() {
                Ok(distance) if distance.is_finite() && distance > 0.0 => Ok(Self::Fixed(distance)),
                _ => Err(format!("`auto`, `local`, `global` or a distance above 0, and `{text}` is none of them")),
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

/// The flags' own defaults, so that each default stands in one place.
pub(super) fn defaults() -> Recipe {
    static DEFAULTS: LazyLock<Recipe> = LazyLock::new(|| {
        use clap::{Args as _, FromArgMatches as _};
        let matches = Recipe::augment_args(clap::Command::new("recipe")).get_matches_from(["recipe"]);
        Recipe::from_arg_matches(&matches).unwrap_or_else(|e| unreachable!("every flag has a default: {e}"))
    });
    DEFAULTS.clone()
}
