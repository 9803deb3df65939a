//! Numbers as a reader found them: in single precision where that holds what came, in double precision elsewhere.

use std::collections::TryReserveError;

use ndarray::{Array2, Axis};
use rayon::prelude::*;

/// An `n × d` matrix, one sample a row; NaN where a value is missing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    /// What came fits single precision.
    Single(Array2<f32>),
    /// It may not.
    Double(Array2<f64>),
}

/// Zeros that one core writes at once.
const PART: usize = 1 << 16;

/// So many zeros, each core's part written by it: the system clears new memory as it is first touched, which takes longer than writing.
///
/// # Errors
/// Where there is no memory for them.
pub(super) fn zeros<T: Number + Default>(size: usize) -> Result<Vec<T>, TryReserveError> {
    let mut values = Vec::new();
    values.try_reserve_exact(size)?;
    (0..size).into_par_iter().with_min_len(PART).map(|_| T::default()).collect_into_vec(&mut values);
    Ok(values)
}

/// The same expression for a matrix of either precision.
macro_rules! each {
    ($values:expr, $x:ident => $do:expr) => {
        match $values {
            $crate::data::values::Values::Single($x) => $do,
            $crate::data::values::Values::Double($x) => $do,
        }
    };
}

/// A number of either precision.
pub(super) trait Number: Copy + PartialEq + Send + Sync + Into<f64> {
    /// The nearest to it.
    fn of(value: f64) -> Self;
    fn is_nan(self) -> bool;
}

impl Number for f32 {
    fn of(value: f64) -> Self {
        value as Self
    }

    fn is_nan(self) -> bool {
        Self::is_nan(self)
    }
}

impl Number for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn is_nan(self) -> bool {
        Self::is_nan(self)
    }
}

impl From<Array2<f32>> for Values {
    fn from(values: Array2<f32>) -> Self {
        Self::Single(values)
    }
}

impl From<Array2<f64>> for Values {
    fn from(values: Array2<f64>) -> Self {
        Self::Double(values)
    }
}

impl Values {
    pub(super) fn dim(&self) -> (usize, usize) {
        each!(self, x => x.dim())
    }

    pub(super) fn nrows(&self) -> usize {
        self.dim().0
    }

    /// The first feature of a row that is missing.
    pub(super) fn first_gap(&self, row: usize) -> Option<usize> {
        each!(self, x => x.row(row).iter().position(|v| v.is_nan()))
    }

    /// How many values each row lacks.
    pub(super) fn gaps(&self) -> Vec<usize> {
        each!(self, x => {
            x.axis_iter(Axis(0)).into_par_iter().map(|row| row.iter().filter(|v| v.is_nan()).count()).collect()
        })
    }

    pub(super) fn column(&self, j: usize) -> Vec<f64> {
        each!(self, x => wide(x.column(j).iter()).collect())
    }

    /// With so many columns of zeros behind the others.
    pub(super) fn with_zeros(&self, columns: usize) -> Self {
        fn wider<T: Clone + Default>(x: &Array2<T>, columns: usize) -> Array2<T> {
            Array2::from_shape_fn((x.nrows(), x.ncols() + columns), |at| x.get(at).cloned().unwrap_or_default())
        }
        match self {
            Self::Single(x) => Self::Single(wider(x, columns)),
            Self::Double(x) => Self::Double(wider(x, columns)),
        }
    }

    /// Some rows or columns, in the order given.
    pub(super) fn select(&self, axis: Axis, which: &[usize]) -> Self {
        match self {
            Self::Single(x) => Self::Single(x.select(axis, which)),
            Self::Double(x) => Self::Double(x.select(axis, which)),
        }
    }

    /// Put `fill[j]` where feature `j` is missing; calls `filled` with each such place, row by row.
    pub(super) fn fill(&mut self, fill: &[f64], filled: impl FnMut(usize, usize)) {
        each!(self, x => fill_gaps(x, fill, filled));
    }

    /// Makes gaps of a number in feature `j`; the rows in which it stood, ascending.
    pub(super) fn leave_out(&mut self, j: usize, value: f64) -> Vec<usize> {
        each!(self, x => leave_out(x, j, value))
    }

    /// A number as this precision has it.
    pub(super) fn rounded(&self, value: f64) -> f64 {
        if matches!(self, Self::Single(_)) { f64::from(value as f32) } else { value }
    }

    /// Some row of numbers.
    pub(super) fn row(&self, i: usize) -> Vec<f64> {
        each!(self, x => wide(x.row(i).iter()).collect())
    }

    /// Which columns lack every value.
    pub(super) fn empty_columns(&self) -> Vec<bool> {
        each!(self, x => empty(x))
    }

    /// Whether all values of a column are one number.
    pub(super) fn constant_columns(&self) -> Vec<bool> {
        each!(self, x => constant(x))
    }

    /// For each row a hash of its values; 64 bits make a false match among millions of rows very unlikely.
    pub(super) fn hashes(&self) -> Vec<u64> {
        each!(self, x => {
            x.axis_iter(Axis(0)).into_par_iter().map(|row| hash(wide(row.iter()))).collect()
        })
    }

    /// The matrix of a set that is made in single precision.
    #[cfg(test)]
    pub(super) fn single(&self) -> &Array2<f32> {
        match self {
            Self::Single(x) => x,
            Self::Double(_) => panic!("the set was made in double precision"),
        }
    }
}

fn wide<'a, T: Number + 'a>(values: impl Iterator<Item = &'a T>) -> impl Iterator<Item = f64> {
    values.map(|&v| v.into())
}

fn empty<T: Number>(x: &Array2<T>) -> Vec<bool> {
    let mut empty = vec![true; x.ncols()];
    for row in x.rows() {
        if !empty.contains(&true) {
            break;
        }
        empty.iter_mut().zip(row).for_each(|(empty, v)| *empty &= v.is_nan());
    }
    empty
}

fn fill_gaps<T: Number>(x: &mut Array2<T>, fill: &[f64], mut filled: impl FnMut(usize, usize)) {
    for (i, mut row) in x.rows_mut().into_iter().enumerate() {
        for (j, (v, &with)) in row.iter_mut().zip(fill).enumerate().filter(|(_, (v, _))| v.is_nan()) {
            *v = T::of(with);
            filled(i, j);
        }
    }
}

fn leave_out<T: Number>(x: &mut Array2<T>, j: usize, value: f64) -> Vec<usize> {
    let value = T::of(value);
    let mut rows = Vec::new();
    for (row, v) in x.column_mut(j).iter_mut().enumerate().filter(|(_, v)| **v == value) {
        *v = T::of(f64::NAN);
        rows.push(row);
    }
    rows
}

#[allow(clippy::float_cmp, reason = "a column is constant only if its values are equal to the last bit")]
fn constant<T: Number>(x: &Array2<T>) -> Vec<bool> {
    let mut constant = vec![true; x.ncols()];
    if x.nrows() == 0 {
        return constant;
    }
    let first = x.row(0);
    for row in x.rows() {
        if !constant.contains(&true) {
            break;
        }
        for ((constant, v), first) in constant.iter_mut().zip(row).zip(first) {
            *constant &= v == first;
        }
    }
    constant
}

/// A multiply-and-rotate hash of finite values.
fn hash(values: impl Iterator<Item = f64>) -> u64 {
    // Adding 0 makes −0 and 0 the same.
    let mixed = values.fold(0x9e37_79b9_7f4a_7c15_u64, |h, v| {
        let bits = (v + 0.0).to_bits();
        (h.rotate_left(5) ^ bits ^ bits >> 32).wrapping_mul(0x517c_c1b7_2722_0a95)
    });
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn what_single_precision_would_make_equal_stays_apart() {
        let clock = [1_700_000_000_000_000_000.0, 1_700_000_001_000_000_000.0];
        let values = Values::from(array![[clock[0], 1e-50], [clock[1], 3e-50], [clock[0], 1e-50]]);
        assert_eq!(values.constant_columns(), [false, false]);
        let hashes = values.hashes();
        assert!(hashes[0] == hashes[2] && hashes[0] != hashes[1]);
        assert_eq!(Values::from(array![[0.0_f64], [-0.0]]).hashes().windows(2).filter(|h| h[0] == h[1]).count(), 1);
    }

    #[test]
    fn gaps_are_counted_and_filled() {
        let mut values = Values::from(array![[f32::NAN, 1.0], [2.0, f32::NAN], [f32::NAN, f32::NAN]]);
        assert_eq!((values.gaps(), values.first_gap(1), values.first_gap(0)), (vec![1, 1, 2], Some(1), Some(0)));
        let mut places = Vec::new();
        values.fill(&[5.0, 7.0], |i, j| places.push((i, j)));
        assert_eq!(values, Values::from(array![[5.0_f32, 1.0], [2.0, 7.0], [5.0, 7.0]]));
        assert_eq!(places, [(0, 0), (1, 1), (2, 0), (2, 1)]);
        assert_eq!((values.leave_out(0, 5.0), values.gaps()), (vec![0, 2], vec![1, 0, 1]));
    }
}
