//! Columns made orthonormal one after the other: the modified method of Gram and Schmidt.
//!
//! What an inner product is, and in what order it adds, is the column's own: [`Column`].

use ndarray::{Array2, ArrayView1, ArrayViewMut1, Axis};

/// A column that is made orthogonal to others of the form `Q`.
pub(crate) trait Column<Q: ?Sized = Self> {
    /// The inner product with another.
    fn inner(&self, other: &Q) -> f64;
    /// Take `amount` times another away.
    fn subtract(&mut self, amount: f64, other: &Q);
    /// The square root of the inner product with itself.
    fn length(&self) -> f64;
}

/// Passes after which a column is orthogonal to the last digit: twice is enough (Kahan and Parlett).
pub(crate) const PASSES: usize = 2;

/// Take out of a column what lies along each of `done`, which are orthonormal, in so many passes. What is left of its length; nothing
/// where that is not finite or no more than the share `least` of the length before: then the column depends on them.
pub(crate) fn orthogonalize<C: Column<Q> + ?Sized, Q>(
    column: &mut C,
    done: impl Iterator<Item = Q> + Clone,
    passes: usize,
    least: f64,
) -> Option<f64> {
    let before = column.length();
    for _ in 0..passes {
        for other in done.clone() {
            let along = column.inner(&other);
            column.subtract(along, &other);
        }
    }
    let left = column.length();
    (left.is_finite() && left > least * before).then_some(left)
}

/// The columns of a matrix made orthonormal; none where they are dependent, of which less than 10⁻¹⁰ of a length tells, or not finite.
pub(crate) fn orthonormal(columns: &Array2<f64>) -> Option<Array2<f64>> {
    let mut q = columns.clone();
    for j in 0..q.ncols() {
        let (done, mut rest) = q.view_mut().split_at(Axis(1), j);
        let mut column = rest.column_mut(0);
        let left = orthogonalize(&mut column, done.columns().into_iter(), PASSES, 1e-10)?;
        column.mapv_inplace(|v| v / left);
    }
    Some(q)
}

impl Column<ArrayView1<'_, f64>> for ArrayViewMut1<'_, f64> {
    fn inner(&self, other: &ArrayView1<'_, f64>) -> f64 {
        self.dot(other)
    }

    fn subtract(&mut self, amount: f64, other: &ArrayView1<'_, f64>) {
        self.scaled_add(-amount, other);
    }

    fn length(&self) -> f64 {
        self.dot(self).sqrt()
    }
}

impl Column<&[f64]> for [f64] {
    fn inner(&self, other: &&[f64]) -> f64 {
        self.iter().zip(*other).map(|(a, b)| a * b).sum()
    }

    fn subtract(&mut self, amount: f64, other: &&[f64]) {
        for (from, direction) in self.iter_mut().zip(*other) {
            *from -= amount * direction;
        }
    }

    fn length(&self) -> f64 {
        self.iter().map(|v| v * v).sum::<f64>().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn columns_become_orthonormal_also_where_they_are_nearly_dependent() {
        let nearly = array![[1.0, 1.0, 1.0], [1e-7, 0.0, 0.0], [0.0, 1e-7, 0.0], [0.0, 0.0, 1e-7]];
        let q = orthonormal(&nearly).expect("they are independent");
        let gram = q.t().dot(&q);
        assert!((&gram - &Array2::<f64>::eye(3)).iter().all(|v| v.abs() < 1e-14), "{gram}");
        assert!((q[[0, 0]] - 1.0).abs() < 1e-12, "the first keeps its direction");
    }

    #[test]
    fn dependent_and_infinite_columns_are_none() {
        assert_eq!(orthonormal(&array![[1.0, 2.0], [1.0, 2.0]]), None);
        assert_eq!(orthonormal(&array![[1.0, 0.0], [1.0, 0.0]]), None);
        assert_eq!(orthonormal(&array![[f64::INFINITY, 0.0], [1.0, 1.0]]), None);
        let mut column = [3.0, 4.0];
        assert_eq!(orthogonalize(&mut column[..], [&[1.0, 0.0][..]].into_iter(), 1, 1e-8), Some(4.0));
    }
}
