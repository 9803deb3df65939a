//! A sparse matrix of which the column means are taken, without a dense number: as its products with blocks of columns.

use ndarray::{Array1, Array2, Axis};

use super::rows::SparseRows;

/// A sparse matrix, by rows and by columns, less its column means where it is centred.
#[derive(Debug)]
pub(super) struct Centred {
    rows: SparseRows,
    by_column: SparseRows,
    /// `d` numbers.
    mean: Option<Array1<f64>>,
}

impl Centred {
    pub(in crate::data) fn new(rows: SparseRows, mean: Option<Vec<f64>>) -> Self {
        Self { by_column: rows.transpose(), rows, mean: mean.map(Array1::from) }
    }

    /// Rows and columns.
    pub(in crate::data) fn dim(&self) -> (usize, usize) {
        self.rows.dim()
    }

    /// `A X`.
    fn times(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut product = self.rows.times(x.view());
        if let Some(mean) = &self.mean {
            product -= &mean.dot(x);
        }
        product
    }

    /// `Aᵀ Y`.
    pub(super) fn transposed_times(&self, y: &Array2<f64>) -> Array2<f64> {
        let mut product = self.by_column.times(y.view());
        if let Some(mean) = &self.mean {
            let sums = y.sum_axis(Axis(0));
            for (mut row, &mean) in product.rows_mut().into_iter().zip(mean) {
                row.scaled_add(-mean, &sums);
            }
        }
        product
    }

    /// The sum of all squares.
    pub(in crate::data) fn squares(&self) -> f64 {
        let (n, _) = self.rows.dim();
        let all: f64 = (0..n).map(|i| self.rows.row(i).1.iter().map(|v| v * v).sum::<f64>()).sum();
        // The sum of squares about a mean is less by what the mean itself has.
        all - self.mean.as_ref().map_or(0.0, |mean| n as f64 * mean.dot(mean))
    }

    /// The column means, where it is centred.
    pub(super) fn into_mean(self) -> Option<Array1<f64>> {
        self.mean
    }

    /// The smaller of `A Aᵀ` and `Aᵀ A`.
    pub(in crate::data) fn square(&self, x: &Array2<f64>) -> Array2<f64> {
        if self.is_tall() { self.transposed_times(&self.times(x)) } else { self.times(&self.transposed_times(x)) }
    }

    /// Whether `Aᵀ A` is the smaller one.
    pub(super) fn is_tall(&self) -> bool {
        let (n, d) = self.rows.dim();
        n > d
    }
}
