//! Columns of numbers, a few thousand rows at a time, become one matrix: in single precision as long as that holds all of them.

use std::collections::TryReserveError;

use ndarray::Array2;
use rayon::prelude::*;

use super::values::Values;

/// Rows that one core writes at once.
const PART: usize = 512;

/// A matrix that grows.
pub(super) struct Builder {
    width: usize,
    rows: usize,
    /// Rows to make room for at once.
    likely: usize,
    stored: Stored,
}

enum Stored {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

impl Builder {
    /// Rows of so many numbers, likely so many of them.
    pub(super) fn new(width: usize, likely: usize) -> Self {
        Self { width, rows: 0, likely, stored: Stored::Single(Vec::new()) }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Adds so many rows, a column after the other.
    ///
    /// # Errors
    /// Where there is no memory for them.
    pub(super) fn push(&mut self, columns: &[Vec<f64>], count: usize) -> Result<(), TryReserveError> {
        if let Stored::Single(values) = &self.stored
            && !columns.par_iter().all(|column| column.iter().all(|&v| fits(v)))
        {
            let mut wide = Vec::new();
            wide.try_reserve_exact((self.rows + count).max(self.likely) * self.width)?;
            wide.extend(values.iter().map(|&v| f64::from(v)));
            self.stored = Stored::Double(wide);
        }
        let rows = self.rows.max(self.likely);
        match &mut self.stored {
            Stored::Single(values) => write(values, columns, (count, rows), |v| v as f32)?,
            Stored::Double(values) => write(values, columns, (count, rows), |v| v)?,
        }
        self.rows += count;
        Ok(())
    }

    pub(super) fn finish(self) -> Values {
        // Every row has this many numbers.
        let dim = (self.rows, self.width);
        match self.stored {
            Stored::Single(values) => Values::Single(Array2::from_shape_vec(dim, values).unwrap_or_default()),
            Stored::Double(values) => Values::Double(Array2::from_shape_vec(dim, values).unwrap_or_default()),
        }
    }
}

/// Whether single precision holds a number; a gap is filled with one that it may not hold.
fn fits(value: f64) -> bool {
    !value.is_nan() && f64::from(value as f32).to_bits() == value.to_bits()
}

/// Adds rows to those there are, with room for so many of them.
fn write<T: Copy + Default + Send + Sync>(
    values: &mut Vec<T>,
    columns: &[Vec<f64>],
    (count, room): (usize, usize),
    of: impl Fn(f64) -> T + Sync,
) -> Result<(), TryReserveError> {
    let width = columns.len();
    let before = values.len();
    if values.capacity() == 0 {
        values.try_reserve_exact(room.max(count) * width)?;
    }
    values.try_reserve(count * width)?;
    values.resize(before + count * width, T::default());
    if width == 0 {
        return Ok(());
    }
    values[before..].par_chunks_mut(PART * width).enumerate().for_each(|(part, rows)| {
        for (j, column) in columns.iter().enumerate() {
            let cells = column.iter().skip(part * PART);
            rows.iter_mut().skip(j).step_by(width).zip(cells).for_each(|(to, &v)| *to = of(v));
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_single_precision_as_long_as_it_holds_them() {
        let mut builder = Builder::new(2, 1);
        builder.push(&[vec![1.0, 2.0], vec![0.5, 1e10]], 2).expect("there is memory");
        assert!(matches!(&builder.stored, Stored::Single(values) if values == &[1.0, 0.5, 2.0, 1e10]));
        builder.push(&[vec![0.1], vec![f64::NAN]], 1).expect("there is memory");
        let Values::Double(values) = builder.finish() else { panic!("single precision has no such 0.1") };
        assert_eq!((values.dim(), values[(1, 1)], values[(2, 0)]), ((3, 2), 1e10, 0.1));
        assert!(values[(2, 1)].is_nan());
    }

    #[test]
    fn many_rows_stand_where_they_belong() {
        let column = |j: usize| (0..1500).map(|i| (3 * i + j) as f64).collect::<Vec<_>>();
        let mut builder = Builder::new(3, 0);
        builder.push(&[column(0), column(1), column(2)], 1500).expect("there is memory");
        let Values::Single(values) = builder.finish() else { panic!("whole numbers fit") };
        assert!(values.iter().enumerate().all(|(at, &v)| v.to_bits() == (at as f32).to_bits()));
    }
}
