//! Matrices in files, for `#[serde(with)]`: rows, columns, and the values row by row. A matrix that brings more values than its shape has
//! is refused before they are kept.

use std::fmt;
use std::marker::PhantomData;

use ndarray::Array2;
use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<T, S>(matrix: &Array2<T>, to: S) -> Result<S::Ok, S::Error>
where
    T: Serialize + Copy,
    S: Serializer,
{
    (matrix.nrows(), matrix.ncols(), InOrder(matrix)).serialize(to)
}

/// The values row by row, without a copy of them.
struct InOrder<'a, T>(&'a Array2<T>);

impl<T: Serialize> Serialize for InOrder<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter())
    }
}

/// The same for a matrix that others hold too.
pub(crate) mod shared {
    use std::sync::Arc;

    use super::{Array2, Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<T, S>(matrix: &Arc<Array2<T>>, to: S) -> Result<S::Ok, S::Error>
    where
        T: Serialize + Copy,
        S: Serializer,
    {
        super::serialize(matrix, to)
    }

    pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<Arc<Array2<T>>, D::Error>
    where
        T: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        super::deserialize(from).map(Arc::new)
    }
}

pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<Array2<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    from.deserialize_tuple(3, Whole(PhantomData))
}

/// The three parts.
struct Whole<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Whole<T> {
    type Value = Array2<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows, columns and values of a matrix")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Array2<T>, A::Error> {
        let mut size = |at| parts.next_element::<usize>()?.ok_or_else(|| A::Error::invalid_length(at, &"three parts"));
        let (rows, columns) = (size(0)?, size(1)?);
        let most = rows.checked_mul(columns).ok_or_else(|| A::Error::custom("a matrix without end"))?;
        let values = parts.next_element_seed(Values { most, kind: PhantomData })?;
        let values = values.ok_or_else(|| A::Error::invalid_length(2, &"three parts"))?;
        let count = values.len();
        Array2::from_shape_vec((rows, columns), values)
            .map_err(|_| A::Error::custom(format!("a matrix of {rows} × {columns} with {count} values")))
    }
}

/// The values, at most so many.
struct Values<T> {
    most: usize,
    kind: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Values<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Vec<T>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Values<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values of a matrix")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Vec<T>, A::Error> {
        // A promise is worth a mebibyte; beyond it the values have to come.
        let promised = from.size_hint().unwrap_or(0).min(self.most).min((1 << 20) / size_of::<T>().max(1));
        let mut values = Vec::with_capacity(promised);
        while let Some(value) = from.next_element()? {
            if values.len() == self.most {
                return Err(A::Error::custom(format!("a matrix with more than its {} values", self.most)));
            }
            values.push(value);
        }
        Ok(values)
    }
}
