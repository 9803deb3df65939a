//! The numbers that a column came as, where it is kept as a feature.

use arrow_schema::DataType;

use crate::support::number::shortest;

/// How the numbers of a column were kept, so that they are written as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Native {
    /// Whole numbers.
    Whole,
    /// Single precision, or half.
    Single,
    /// Double precision.
    Double,
}

impl Native {
    /// Whole numbers that are kept as features with every digit.
    pub(in crate::data) const MOST: f64 = 9_007_199_254_740_992.0;

    /// That of a column, where it is plain numbers: what is written otherwise than its number is kept as it came.
    pub(in crate::data) fn of(kind: &DataType) -> Option<Self> {
        match kind {
            kind if kind.is_integer() => Some(Self::Whole),
            DataType::Float16 | DataType::Float32 => Some(Self::Single),
            DataType::Float64 => Some(Self::Double),
            _ => None,
        }
    }

    /// A number with its digits.
    pub(in crate::data) fn text(self, value: f64) -> String {
        match self {
            Self::Whole => format!("{value:.0}"),
            Self::Single => shortest(value, value as f32),
            Self::Double => shortest(value, value),
        }
    }
}
