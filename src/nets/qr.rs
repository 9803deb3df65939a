//! The orthonormal layer by QR: from the outputs themselves rather than from their Gram matrix, whose condition number is the
//! square of theirs.

use faer::Mat;
use ndarray::{Array2, ArrayView2};

use super::objective::gram;
use super::orthonormal::{Factorization, Orthonormal};
use crate::recipe::Factor;

/// A diagonal entry of `R` below this part of the largest means that `f32` outputs cannot tell the columns apart.
const SMALLEST: f64 = 1e-6;

impl Orthonormal {
    /// The layer's weights for a batch's outputs `y` (`m × k`): `A` with `Aᵀ (YᵀY/m) A = I`, upper triangular with a positive
    /// diagonal by either factor, so that no column changes its sign from one step to the next.
    #[must_use]
    pub fn from_outputs(y: ArrayView2<'_, f64>, factor: Factor) -> Self {
        let by_qr = (factor == Factor::Qr).then(|| inverse_r(y)).flatten();
        match by_qr {
            Some(weights) => Self { rank: weights.ncols(), weights, factorization: Factorization::Cholesky },
            // Where QR finds too low a rank, the factorisations of the Gram matrix know what to do.
            None => Self::from_gram(gram(y).view()),
        }
    }
}

/// `√m R⁻¹` for `Y = QR` with positive diagonal, or nothing where `Y` is not finite, not tall or of too low a rank.
fn inverse_r(y: ArrayView2<'_, f64>) -> Option<Array2<f64>> {
    let (m, k) = y.dim();
    if m < k || k == 0 || y.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let decomposed = Mat::from_fn(m, k, |i, j| y[[i, j]]).qr();
    let r = decomposed.thin_R();
    let largest = (0..k).map(|i| r[(i, i)].abs()).fold(0.0, f64::max);
    if (0..k).any(|i| r[(i, i)].abs() <= SMALLEST * largest) {
        return None;
    }
    // Householder reflections leave the signs to chance: rows of R are turned so that its diagonal is positive.
    let at = |i: usize, j: usize| r[(i, j)] * r[(i, i)].signum();
    let scale = (m as f64).sqrt();
    let mut weights = Array2::zeros((k, k));
    for j in 0..k {
        weights[[j, j]] = scale / at(j, j);
        for i in (0..j).rev() {
            let sum: f64 = (i + 1..=j).map(|p| at(i, p) * weights[[p, j]]).sum();
            weights[[i, j]] = -sum / at(i, i);
        }
    }
    Some(weights)
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn outputs(m: usize, k: usize, seed: u64) -> Array2<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mixed = Array2::from_shape_fn((k, k), |_| rng.random_range(-1.0..1.0));
        Array2::from_shape_fn((m, k), |_| rng.random_range(-1.0..1.0)).dot(&mixed)
    }

    #[test]
    fn both_factors_give_the_same_columns_signs_included() {
        for seed in 0..20 {
            let y = outputs(200, 5, seed);
            let one = y.dot(&Orthonormal::from_outputs(y.view(), Factor::Cholesky).weights);
            let other = y.dot(&Orthonormal::from_outputs(y.view(), Factor::Qr).weights);
            let worst = (&one - &other).iter().fold(0.0_f64, |w, d| w.max(d.abs()));
            assert!(worst < 1e-8, "seed {seed}: {worst}");
            // Σ sin² of the principal angles between the two spans.
            let distance = 5.0 - (one.t().dot(&other) / 200.0).mapv(|v| v * v).sum();
            assert!(distance.abs() < 1e-8, "seed {seed}: {distance}");
            let identity = other.t().dot(&other) / 200.0 - Array2::<f64>::eye(5);
            assert!(identity.iter().all(|e| e.abs() < 1e-10));
        }
    }

    #[test]
    fn qr_keeps_digits_that_the_gram_matrix_loses() {
        // Columns that differ by one part in 10⁵: their Gram matrix has condition 10¹⁰.
        let base = outputs(300, 2, 1);
        let y = Array2::from_shape_fn((300, 2), |(i, j)| base[[i, 0]] + if j == 1 { 1e-5 * base[[i, 1]] } else { 0.0 });
        let error = |factor| {
            let v = y.dot(&Orthonormal::from_outputs(y.view(), factor).weights);
            (v.t().dot(&v) / 300.0 - Array2::<f64>::eye(2)).iter().fold(0.0_f64, |w, e| w.max(e.abs()))
        };
        assert!(error(Factor::Qr) < 1e-9, "{}", error(Factor::Qr));
    }

    #[test]
    fn what_qr_cannot_factor_falls_to_the_gram_matrix() {
        let mut y = outputs(50, 3, 2);
        let copy = y.column(0).to_owned();
        y.column_mut(2).assign(&copy);
        let layer = Orthonormal::from_outputs(y.view(), Factor::Qr);
        assert!(layer.factorization != Factorization::Cholesky && layer.weights.iter().all(|w| w.is_finite()));
        let few = outputs(2, 3, 2);
        let layer = Orthonormal::from_outputs(few.view(), Factor::Qr);
        assert!(layer.factorization != Factorization::Cholesky && layer.weights.iter().all(|w| w.is_finite()));
        y[[0, 0]] = f64::NAN;
        assert_eq!(Orthonormal::from_outputs(y.view(), Factor::Qr).factorization, Factorization::Nothing);
    }
}
