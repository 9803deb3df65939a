//! Sparse rows.

use ndarray::{Array2, ArrayView2};

use super::Csr;
use super::product::{Sparse, Terms};
use crate::{Error, Result};

impl Csr {
    /// Number of rows, which is that of columns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Columns and values of row `i`.
    #[must_use]
    pub fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let range = self.offsets[i]..self.offsets[i + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// A matrix from `(row, column, value)` in any order; entries at the same place are added.
    ///
    /// # Errors
    /// [`Error::Data`] when an entry lies outside the `n × n` matrix.
    pub fn from_triplets(n: usize, triplets: &[(u32, u32, f64)]) -> Result<Self> {
        if let Some((i, j, _)) = triplets.iter().find(|(i, j, _)| (*i).max(*j) as usize >= n) {
            return Err(Error::Data(format!("an affinity at row {i}, column {j} lies outside a matrix of {n} rows")));
        }
        let mut sorted = triplets.to_vec();
        sorted.sort_by_key(|&(i, j, _)| (i, j));
        let mut matrix = Self { offsets: vec![0; n + 1], columns: Vec::new(), values: Vec::new() };
        let mut last = None;
        for (i, j, value) in sorted {
            if last == Some((i, j)) {
                if let Some(entry) = matrix.values.last_mut() {
                    *entry += value;
                }
                continue;
            }
            last = Some((i, j));
            matrix.columns.push(j);
            matrix.values.push(value);
            matrix.offsets[i as usize + 1] += 1;
        }
        for i in 0..n {
            matrix.offsets[i + 1] += matrix.offsets[i];
        }
        Ok(matrix)
    }

    /// The transpose; rows come out sorted.
    #[must_use]
    pub fn transpose(&self) -> Self {
        let n = self.len();
        let mut offsets = vec![0; n + 1];
        for &j in &self.columns {
            offsets[j as usize + 1] += 1;
        }
        for i in 0..n {
            offsets[i + 1] += offsets[i];
        }
        let mut next = offsets.clone();
        let (mut columns, mut values) = (vec![0; self.columns.len()], vec![0.0; self.values.len()]);
        for i in 0..n {
            let (row_columns, row_values) = self.row(i);
            for (&j, &value) in row_columns.iter().zip(row_values) {
                let at = next[j as usize];
                next[j as usize] += 1;
                columns[at] = i as u32;
                values[at] = value;
            }
        }
        Self { offsets, columns, values }
    }

    /// Whether offsets and columns describe an `n × n` matrix with ascending columns in each row.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let n = self.len();
        self.offsets.first() == Some(&0)
            && self.offsets.last() == Some(&self.columns.len())
            && self.values.len() == self.columns.len()
            && self.offsets.is_sorted()
            && (0..n).all(|i| {
                let columns = self.row(i).0;
                columns.is_sorted_by(|a, b| a < b) && columns.last().is_none_or(|&j| (j as usize) < n)
            })
    }

    /// Row sums.
    #[must_use]
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.len()).map(|i| self.row(i).1.iter().sum()).collect()
    }

    /// The product with a matrix of as many rows, `n × b`.
    #[must_use]
    pub fn multiply(&self, x: ArrayView2<'_, f64>) -> Array2<f64> {
        let x = x.as_standard_layout();
        let mut out = Array2::zeros(x.raw_dim());
        if let (Some(from), Some(to)) = (x.as_slice(), out.as_slice_mut()) {
            let zero = vec![0.0; self.len()];
            Sparse::new(self, &zero).combine(from, to, Terms { scale: -1.0, shift: 0.0, keep: 0.0 });
        }
        out
    }
}
