//! Matrices in files, for `#[serde(with)]`: rows, columns, and the values row by row.

use ndarray::Array2;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub(crate) fn serialize<T, S>(matrix: &Array2<T>, to: S) -> Result<S::Ok, S::Error>
where
    T: Serialize + Copy,
    S: Serializer,
{
    (matrix.nrows(), matrix.ncols(), matrix.iter().copied().collect::<Vec<T>>()).serialize(to)
}

pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<Array2<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let (rows, columns, values) = <(usize, usize, Vec<T>)>::deserialize(from)?;
    let count = values.len();
    Array2::from_shape_vec((rows, columns), values)
        .map_err(|_| D::Error::custom(format!("a matrix of {rows} × {columns} with {count} values")))
}
