//! A sparse matrix by rows, and its products with a few dense columns.

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView2, Axis};

/// Row, column and value of an entry, counted from 0.
pub type Entry = (u32, u32, f64);

/// Rows multiplied by one task.
const ROWS: usize = 256;

/// `n × d` in compressed rows; columns ascend within a row, each at most once.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::data) struct SparseRows {
    /// `n + 1` offsets into the two other arrays.
    offsets: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
    width: usize,
}

impl SparseRows {
    /// The entries of the rows `picked` (ascending), or of all `rows`, as a matrix of `width` columns; those of one place add up, in the order
    /// they came. A place whose sum is infinite is the error.
    pub(in crate::data) fn new(
        entries: &[Entry],
        rows: usize,
        width: usize,
        picked: Option<&[usize]>,
    ) -> Result<Self, (usize, usize)> {
        let slot = |row: u32| picked.map_or(Some(row as usize), |rows| rows.binary_search(&(row as usize)).ok());
        let n = picked.map_or(rows, <[usize]>::len);
        let mut ends = vec![0_usize; n + 1];
        for slot in entries.iter().filter_map(|entry| slot(entry.0)) {
            ends[slot + 1] += 1;
        }
        for i in 0..n {
            ends[i + 1] += ends[i];
        }
        let mut next = ends.clone();
        let mut unsorted = vec![(0_u32, 0.0_f64); ends[n]];
        for &(row, column, value) in entries {
            if let Some(slot) = slot(row) {
                unsorted[next[slot]] = (column, value);
                next[slot] += 1;
            }
        }
        let mut made = Self { offsets: vec![0], columns: Vec::new(), values: Vec::new(), width };
        for i in 0..n {
            let row = &mut unsorted[ends[i]..ends[i + 1]];
            row.sort_by_key(|entry| entry.0);
            for &(column, value) in &*row {
                let begun = made.offsets.last().is_some_and(|&start| start < made.columns.len());
                match (made.columns.last(), made.values.last_mut()) {
                    (Some(&last), Some(sum)) if begun && last == column => *sum += value,
                    _ => {
                        made.columns.push(column);
                        made.values.push(value);
                    }
                }
                if made.values.last().is_some_and(|sum| sum.is_infinite()) {
                    return Err((picked.map_or(i, |rows| rows[i]), column as usize));
                }
            }
            made.offsets.push(made.columns.len());
        }
        Ok(made)
    }

    /// Rows and columns.
    pub(in crate::data) fn dim(&self) -> (usize, usize) {
        (self.offsets.len() - 1, self.width)
    }

    /// Entries that are kept.
    pub(in crate::data) fn entries(&self) -> usize {
        self.values.len()
    }

    /// The columns and values of a row.
    pub(in crate::data) fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let range = self.offsets[i]..self.offsets[i + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// Changes every value, given its row and its column.
    pub(in crate::data) fn change(&mut self, mut change: impl FnMut(usize, u32, &mut f64)) {
        for i in 0..self.offsets.len() - 1 {
            for at in self.offsets[i]..self.offsets[i + 1] {
                change(i, self.columns[at], &mut self.values[at]);
            }
        }
    }

    /// Without what stands in these columns, ascending; the columns stay and are empty.
    pub(in crate::data) fn without(&self, left_out: &[u32]) -> Self {
        self.filtered(|_| true, |column| left_out.binary_search(&column).is_err())
    }

    /// The same over the columns that hold something, and which those are, ascending.
    pub(in crate::data) fn compact(mut self) -> (Self, Vec<u32>) {
        let mut held = self.columns.clone();
        held.sort_unstable();
        held.dedup();
        for column in &mut self.columns {
            *column = held.binary_search(column).unwrap_or_default() as u32;
        }
        self.width = held.len();
        (self, held)
    }

    /// Some of the rows.
    pub(in crate::data) fn select(&self, stays: impl Fn(usize) -> bool) -> Self {
        self.filtered(stays, |_| true)
    }

    fn filtered(&self, row_stays: impl Fn(usize) -> bool, column_stays: impl Fn(u32) -> bool) -> Self {
        let mut made = Self { offsets: vec![0], columns: Vec::new(), values: Vec::new(), width: self.width };
        for i in (0..self.dim().0).filter(|&i| row_stays(i)) {
            let (columns, values) = self.row(i);
            for (&column, &value) in columns.iter().zip(values).filter(|(column, _)| column_stays(**column)) {
                made.columns.push(column);
                made.values.push(value);
            }
            made.offsets.push(made.columns.len());
        }
        made
    }

    /// Columns become rows.
    pub(in crate::data) fn transpose(&self) -> Self {
        let n = self.dim().0;
        let mut offsets = vec![0_usize; self.width + 1];
        for &column in &self.columns {
            offsets[column as usize + 1] += 1;
        }
        for j in 0..self.width {
            offsets[j + 1] += offsets[j];
        }
        let mut next = offsets.clone();
        let (mut columns, mut values) = (vec![0; self.columns.len()], vec![0.0; self.values.len()]);
        for i in 0..n {
            let (from, given) = self.row(i);
            for (&column, &value) in from.iter().zip(given) {
                let at = &mut next[column as usize];
                (columns[*at], values[*at]) = (i as u32, value);
                *at += 1;
            }
        }
        Self { offsets, columns, values, width: n }
    }

    /// The product with `x`, `d × l`.
    pub(in crate::data) fn times(&self, x: ArrayView2<'_, f64>) -> Array2<f64> {
        let x = x.as_standard_layout();
        let (n, l) = (self.dim().0, x.ncols());
        let mut product = Array2::zeros((n, l));
        let from = x.as_slice().unwrap_or_default();
        product.axis_chunks_iter_mut(Axis(0), ROWS).into_par_iter().enumerate().for_each(|(chunk, mut rows)| {
            for (at, mut to) in rows.rows_mut().into_iter().enumerate() {
                let (columns, values) = self.row(chunk * ROWS + at);
                let Some(to) = to.as_slice_mut() else { continue };
                for (&column, &value) in columns.iter().zip(values) {
                    let start = column as usize * l;
                    for (to, &v) in to.iter_mut().zip(&from[start..start + l]) {
                        *to += value * v;
                    }
                }
            }
        });
        product
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn entries_become_rows_and_products_are_those_of_the_dense_matrix() {
        let entries = [(2, 1, 4.0), (0, 2, 1.5), (0, 2, 0.5), (1, 0, -1.0), (0, 0, 3.0)];
        let rows = SparseRows::new(&entries, 3, 4, None).expect("finite");
        assert_eq!((rows.dim(), rows.entries()), ((3, 4), 4));
        assert_eq!(rows.row(0), (&[0, 2][..], &[3.0, 2.0][..]));
        let dense = array![[3.0, 0.0, 2.0, 0.0], [-1.0, 0.0, 0.0, 0.0], [0.0, 4.0, 0.0, 0.0]];
        let x = Array2::from_shape_fn((4, 3), |(i, j)| (i * 3 + j) as f64 - 4.5);
        assert_eq!(rows.times(x.view()), dense.dot(&x));
        let y = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        assert_eq!(rows.transpose().times(y.view()), dense.t().dot(&y));
        assert_eq!(rows.transpose().transpose(), rows);
        let two = SparseRows::new(&entries, 3, 4, Some(&[0, 2])).expect("finite");
        assert_eq!(two, rows.select(|i| i != 1));
        assert_eq!(rows.without(&[0, 1]).row(0), (&[2][..], &[2.0][..]));
        let (compact, held) = rows.without(&[1]).compact();
        assert_eq!((held, compact.dim(), compact.row(0)), (vec![0, 2], (3, 2), (&[0, 1][..], &[3.0, 2.0][..])));
        assert_eq!(SparseRows::new(&[(1, 2, 1e308), (1, 2, 1e308)], 2, 3, None), Err((1, 2)));
    }
}
