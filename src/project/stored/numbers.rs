//! Numbers in a file as one string of bytes, so that a list promises no more memory than it brings.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::project::rows::bytes_of;

/// Bytes that CBOR has as such. No more memory is taken than has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bytes_of(deserializer).map(Self)
    }
}

/// A number of so many bytes, the lowest first.
pub(super) trait Number<const N: usize>: Copy {
    fn put(self) -> [u8; N];
    fn take(bytes: [u8; N]) -> Self;
}

macro_rules! number {
    ($kind:ty, $bytes:literal) => {
        impl Number<$bytes> for $kind {
            fn put(self) -> [u8; $bytes] {
                self.to_le_bytes()
            }

            fn take(bytes: [u8; $bytes]) -> Self {
                Self::from_le_bytes(bytes)
            }
        }
    };
}

number!(f32, 4);
number!(f64, 8);
number!(u32, 4);

impl Bytes {
    /// These numbers.
    pub(super) fn of<const N: usize, T: Number<N>>(numbers: impl IntoIterator<Item = T>) -> Self {
        let numbers = numbers.into_iter();
        let mut bytes = Vec::with_capacity(numbers.size_hint().0.saturating_mul(N));
        for number in numbers {
            bytes.extend_from_slice(&number.put());
        }
        Self(bytes)
    }

    /// How many numbers of so many bytes it holds; none where it is no whole number of them.
    pub(super) fn count(&self, each: usize) -> Option<usize> {
        self.0.len().is_multiple_of(each).then_some(self.0.len() / each)
    }

    /// The numbers it holds; what is no whole one at the end is left out.
    pub(super) fn numbers<const N: usize, T: Number<N>>(&self) -> impl Iterator<Item = T> + '_ {
        self.0.chunks_exact(N).filter_map(|bytes| bytes.try_into().ok().map(T::take))
    }
}
