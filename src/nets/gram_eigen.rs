//! The eigenvectors of a Gram matrix `FᵀF`: singular values and right singular vectors of `F`, with the rank that numbers of
//! 32 bits can tell.

use faer::Mat;
use ndarray::{Array2, ArrayView2};

/// Singular values below this part of the largest are noise of 32-bit outputs.
const SMALLEST: f64 = 1e-6;

/// `FᵀF = V S² Vᵀ` over the directions that count.
#[derive(Clone, Debug)]
pub struct GramEigen {
    /// Singular values of `F`, falling, `r` of them.
    pub singular: Vec<f64>,
    /// Right singular vectors, `d × r`. Each column's largest entry is positive, so that the same span has the same signs.
    pub vectors: Array2<f64>,
}

impl GramEigen {
    /// Of outputs `f`, `n × d`; `None` where they are not finite.
    #[must_use]
    pub fn of(f: ArrayView2<'_, f64>) -> Option<Self> {
        Self::of_gram(f.t().dot(&f).view())
    }

    /// Of a Gram matrix, `d × d`; `None` where it is not finite.
    #[must_use]
    pub fn of_gram(gram: ArrayView2<'_, f64>) -> Option<Self> {
        let d = gram.nrows();
        if gram.iter().any(|v| !v.is_finite()) {
            return None;
        }
        let matrix = Mat::from_fn(d, d, |i, j| 0.5 * (gram[[i, j]] + gram[[j, i]]));
        let eigen = matrix.self_adjoint_eigen(faer::Side::Lower).ok()?;
        let values: Vec<f64> = eigen.S().column_vector().iter().copied().collect();
        let largest = values.iter().copied().fold(0.0, f64::max);
        let counts = |&j: &usize| values[j] > SMALLEST * SMALLEST * largest && values[j] > 0.0;
        let kept: Vec<usize> = (0..d).rev().filter(counts).collect();
        let singular = kept.iter().map(|&j| values[j].sqrt()).collect();
        let mut vectors = Array2::from_shape_fn((d, kept.len()), |(i, j)| eigen.U()[(i, kept[j])]);
        for mut column in vectors.columns_mut() {
            let extreme = column.iter().copied().fold(0.0_f64, |a, v| if v.abs() > a.abs() { v } else { a });
            if extreme < 0.0 {
                column *= -1.0;
            }
        }
        Some(Self { singular, vectors })
    }

    /// Directions that count.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.singular.len()
    }

    /// `(FᵀF)⁺`, `d × d`.
    #[must_use]
    pub fn pseudoinverse(&self) -> Array2<f64> {
        let whitening = self.whitening();
        whitening.dot(&whitening.t())
    }

    /// `V S⁻¹`, `d × r`: with it the rows of `F` become those of its left singular vectors.
    #[must_use]
    pub fn whitening(&self) -> Array2<f64> {
        let mut map = self.vectors.clone();
        for (mut column, s) in map.columns_mut().into_iter().zip(&self.singular) {
            column /= *s;
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn whitened_columns_are_orthonormal_and_dependent_ones_are_left_out() {
        let f = array![[1.0, 2.0, 3.0], [0.5, -1.0, -0.5], [2.0, 0.0, 2.0], [1.0, 1.0, 2.0]];
        let eigen = GramEigen::of(f.view()).expect("finite");
        assert_eq!(eigen.rank(), 2, "the third column is the sum of the others");
        let u = f.dot(&eigen.whitening());
        let error = (u.t().dot(&u) - Array2::<f64>::eye(2)).iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        assert!(error < 1e-12, "{error}");
        assert!(GramEigen::of(Array2::zeros((3, 2)).view()).is_some_and(|e| e.rank() == 0));
        assert!(GramEigen::of(array![[f64::NAN]].view()).is_none());
    }
}
