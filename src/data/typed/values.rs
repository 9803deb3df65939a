//! Columns of numbers, a few thousand rows at a time, become one matrix: in single precision as long as that holds all of them.

use std::collections::TryReserveError;

use ndarray::Array2;
use rayon::prelude::*;

use crate::data::values::{Values, zeros};

/// Rows that one core writes at once.
const PART: usize = 512;

/// A matrix of so many rows that is filled column by column, in single precision as long as that holds all that came.
pub(super) struct Builder {
    rows: usize,
    width: usize,
    stored: Option<Stored>,
}

enum Stored {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

/// Some numbers of a column: which column, and they from a row on.
pub(in crate::data) type Piece = (usize, Vec<f64>);

impl Builder {
    pub(in crate::data) fn new(rows: usize, width: usize) -> Self {
        Self { rows, width, stored: None }
    }

    /// Puts pieces of columns in their places, from row `start` on.
    ///
    /// # Errors
    /// Where there is no memory for the matrix.
    pub(in crate::data) fn put(&mut self, start: usize, pieces: &[Piece]) -> Result<(), TryReserveError> {
        let single = pieces.par_iter().all(|(_, values)| values.iter().all(|&v| fits(v)));
        let size = self.rows * self.width;
        self.stored = Some(match self.stored.take() {
            Some(Stored::Single(values)) if !single => {
                let mut wide = zeros(size)?;
                wide.par_iter_mut().zip(values).for_each(|(to, v)| *to = f64::from(v));
                Stored::Double(wide)
            }
            Some(stored) => stored,
            None if single => Stored::Single(zeros(size)?),
            None => Stored::Double(zeros(size)?),
        });
        let from = (start * self.width).min(size);
        match &mut self.stored {
            Some(Stored::Single(values)) => write(&mut values[from..], self.width, pieces, |v| v as f32),
            Some(Stored::Double(values)) => write(&mut values[from..], self.width, pieces, |v| v),
            None => {}
        }
        Ok(())
    }

    pub(in crate::data) fn finish(self) -> Values {
        // As many as there are rows and columns, and 0 where nothing was put.
        let dim = (self.rows, self.width);
        match self.stored {
            Some(Stored::Double(values)) => Array2::from_shape_vec(dim, values).unwrap_or_default().into(),
            Some(Stored::Single(values)) => Array2::from_shape_vec(dim, values).unwrap_or_default().into(),
            None => Array2::<f32>::zeros(dim).into(),
        }
    }
}

/// Whether single precision holds a number; a gap is filled with one that it may not hold.
fn fits(value: f64) -> bool {
    !value.is_nan() && f64::from(value as f32).to_bits() == value.to_bits()
}

/// Writes pieces of columns into rows of so many numbers.
fn write<T: Copy + Send + Sync>(rows: &mut [T], width: usize, pieces: &[Piece], of: impl Fn(f64) -> T + Sync) {
    if width == 0 {
        return;
    }
    rows.par_chunks_mut(PART * width).enumerate().for_each(|(part, rows)| {
        for (j, values) in pieces {
            let cells = values.iter().skip(part * PART);
            rows.iter_mut().skip(*j).step_by(width).zip(cells).for_each(|(to, &v)| *to = of(v));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_single_precision_as_long_as_it_holds_them() {
        let mut builder = Builder::new(3, 2);
        builder.put(0, &[(0, vec![1.0, 2.0]), (1, vec![0.5, 1e10])]).expect("there is memory");
        assert!(matches!(&builder.stored, Some(Stored::Single(values)) if values[..4] == [1.0, 0.5, 2.0, 1e10]));
        builder.put(2, &[(0, vec![0.1]), (1, vec![f64::NAN])]).expect("there is memory");
        let Values::Double(values) = builder.finish() else { panic!("single precision has no such 0.1") };
        assert_eq!((values.dim(), values[(1, 1)], values[(2, 0)]), ((3, 2), 1e10, 0.1));
        assert!(values[(2, 1)].is_nan());
    }

    #[test]
    fn many_rows_stand_where_they_belong() {
        let column = |rows: std::ops::Range<usize>, j: usize| rows.map(|i| (3 * i + j) as f64).collect::<Vec<_>>();
        let mut builder = Builder::new(1500, 3);
        builder.put(0, &[(0, column(0..1500, 0)), (2, column(0..1500, 2))]).expect("there is memory");
        builder.put(0, &[(1, column(0..700, 1))]).expect("there is memory");
        builder.put(700, &[(1, column(700..1500, 1))]).expect("there is memory");
        let Values::Single(values) = builder.finish() else { panic!("whole numbers fit") };
        assert!(values.iter().enumerate().all(|(at, &v)| v.to_bits() == (at as f32).to_bits()));
    }
}
