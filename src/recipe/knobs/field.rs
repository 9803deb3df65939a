//! A field of the recipe by its kind, so that a control is drawn and two recipes are compared without naming each field again.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::recipe::{Auto, Hidden, Scale};

/// A field of a recipe that can be changed.
#[derive(Debug)]
pub enum Field<'a> {
    /// A whole number.
    Whole(&'a mut usize),
    /// A whole number that can be worked out.
    AutoWhole(&'a mut Auto<usize>),
    /// A number.
    Real(&'a mut f64),
    /// A number that can be worked out.
    AutoReal(&'a mut Auto<f64>),
    /// What random draws begin with.
    Seed(&'a mut u64),
    /// Yes or no.
    Switch(&'a mut bool),
    /// One of a few words.
    Choice(&'a mut dyn Choice),
    /// Sizes of layers.
    Layers(&'a mut Hidden),
    /// Any text.
    Text(&'a mut String),
    /// A file or folder.
    Path(&'a mut Option<PathBuf>),
    /// The Gaussian's width.
    Scale(&'a mut Scale),
}

/// One of a few words, whatever its type.
pub trait Choice: std::fmt::Debug {
    /// The words, each with its sentence, in the order to offer them.
    fn words(&self) -> Vec<PossibleValue>;
    /// Which of them it is.
    fn at(&self) -> usize;
    /// Makes it that one of them; nothing where there are fewer.
    fn choose(&mut self, at: usize);
}

impl<T: ValueEnum + PartialEq + std::fmt::Debug> Choice for T {
    fn words(&self) -> Vec<PossibleValue> {
        T::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect()
    }

    fn at(&self) -> usize {
        T::value_variants().iter().position(|variant| variant == self).unwrap_or(0)
    }

    fn choose(&mut self, at: usize) {
        if let Some(variant) = T::value_variants().get(at) {
            *self = variant.clone();
        }
    }
}

impl Field<'_> {
    /// Takes the value of the same field of another recipe.
    pub(crate) fn take(self, other: Field) {
        match (self, other) {
            (Self::Whole(to), Field::Whole(from)) => *to = *from,
            (Self::AutoWhole(to), Field::AutoWhole(from)) => *to = *from,
            (Self::Real(to), Field::Real(from)) => *to = *from,
            (Self::AutoReal(to), Field::AutoReal(from)) => *to = *from,
            (Self::Seed(to), Field::Seed(from)) => *to = *from,
            (Self::Switch(to), Field::Switch(from)) => *to = *from,
            (Self::Choice(to), Field::Choice(from)) => to.choose(from.at()),
            (Self::Layers(to), Field::Layers(from)) => to.clone_from(from),
            (Self::Text(to), Field::Text(from)) => to.clone_from(from),
            (Self::Path(to), Field::Path(from)) => to.clone_from(from),
            (Self::Scale(to), Field::Scale(from)) => *to = *from,
            // Two fields of one row are of one kind.
            _ => {}
        }
    }

    /// The number it holds; none where it holds none or is to be worked out.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(value) => Some(**value as f64),
            Self::AutoWhole(value) => value.set().map(|value| value as f64),
            Self::Real(value) => Some(**value),
            Self::AutoReal(value) => value.set(),
            Self::Seed(value) => Some(**value as f64),
            Self::Scale(Scale::Fixed(distance)) => Some(*distance),
            Self::Switch(_) | Self::Choice(_) | Self::Layers(_) | Self::Text(_) | Self::Path(_) | Self::Scale(_) => {
                None
            }
        }
    }
}

/// A number that was not touched is the same to the last bit.
impl PartialEq for Field<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a == b,
            (Self::AutoWhole(a), Self::AutoWhole(b)) => a == b,
            (Self::Real(a), Self::Real(b)) => a == b,
            (Self::AutoReal(a), Self::AutoReal(b)) => a == b,
            (Self::Seed(a), Self::Seed(b)) => a == b,
            (Self::Switch(a), Self::Switch(b)) => a == b,
            (Self::Choice(a), Self::Choice(b)) => a.at() == b.at(),
            (Self::Layers(a), Self::Layers(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Path(a), Self::Path(b)) => a == b,
            (Self::Scale(a), Self::Scale(b)) => a == b,
            _ => false,
        }
    }
}
