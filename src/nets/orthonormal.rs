//! The orthonormal layer: the `k × k` weights `A` with `AᵀGA = I`, for `G` the Gram matrix of the network's outputs.
//!
//! It never aborts. `G` is taken in `f64` and factored by the first of these that holds: Cholesky, Cholesky with a ridge,
//! then whitening by eigenvectors, which leaves out directions that the outputs do not span. QR of the outputs themselves is
//! another first one ([`super::qr`]).

use faer::Mat;
use ndarray::{Array2, ArrayView2};

/// What the weights come from: a factorisation of the Gram matrix, tried in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factorization {
    /// The plain factor: Cholesky of the Gram matrix, or QR of the outputs.
    #[default]
    Cholesky,
    /// Cholesky of `G` with a small multiple of the identity added.
    Ridge,
    /// Eigen-whitening; the batch's outputs have (numerically) less than full rank.
    Whitening,
    /// The outputs are all zero or not finite; the weights are the identity.
    Nothing,
    /// There is no layer: the weights are the identity.
    Off,
}

/// Weights of the orthonormal layer.
#[derive(Clone, Debug)]
pub struct Orthonormal {
    /// `A`, `k × k`.
    pub weights: Array2<f64>,
    /// What they come from.
    pub factorization: Factorization,
    /// Numerical rank of `G`.
    pub rank: usize,
}

/// Pivots below this part of the mean diagonal mean that `f32` outputs cannot tell the columns apart.
const SMALLEST_PIVOT: f64 = 1e-10;

impl Orthonormal {
    /// No layer over `k` columns: outputs are taken as they are.
    #[must_use]
    pub fn off(k: usize) -> Self {
        Self { weights: Array2::eye(k), factorization: Factorization::Off, rank: k }
    }

    /// Factor the Gram matrix of a batch.
    #[must_use]
    pub fn from_gram(gram: ArrayView2<'_, f64>) -> Self {
        let k = gram.nrows();
        let mean = gram.diag().sum() / k.max(1) as f64;
        if !mean.is_finite() || mean <= 0.0 || gram.iter().any(|v| !v.is_finite()) {
            return Self { weights: Array2::eye(k), factorization: Factorization::Nothing, rank: 0 };
        }
        if let Some(weights) = inverse_cholesky(gram, 0.0, SMALLEST_PIVOT * mean) {
            return Self { weights, factorization: Factorization::Cholesky, rank: k };
        }
        for ridge in [1e-8, 1e-6] {
            if let Some(weights) = inverse_cholesky(gram, ridge * mean, 0.5 * ridge * mean) {
                return Self { weights, factorization: Factorization::Ridge, rank: k };
            }
        }
        whiten(gram)
    }

    /// What a person should do about it, when the factorisation is a bad sign.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        let k = self.weights.nrows();
        match self.factorization {
            Factorization::Cholesky | Factorization::Ridge | Factorization::Off => None,
            Factorization::Whitening => Some(format!(
                "a batch's outputs have rank {} of {k}; a larger --batch, a lower --lr or fewer --eigenvectors helps",
                self.rank
            )),
            Factorization::Nothing => Some("the network's outputs are not finite; a lower --lr helps".to_owned()),
        }
    }
}

/// `L⁻ᵀ` for `G + ridge·I = LLᵀ`, or nothing when a pivot falls below `smallest`.
fn inverse_cholesky(gram: ArrayView2<'_, f64>, ridge: f64, smallest: f64) -> Option<Array2<f64>> {
    let k = gram.nrows();
    let mut l = Array2::<f64>::zeros((k, k));
    for i in 0..k {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|p| l[[i, p]] * l[[j, p]]).sum();
            let rest = gram[[i, j]] - dot + if i == j { ridge } else { 0.0 };
            if i == j {
                if rest <= smallest {
                    return None;
                }
                l[[i, i]] = rest.sqrt();
            } else {
                l[[i, j]] = rest / l[[j, j]];
            }
        }
    }
    // Row i of L⁻¹ by forward substitution, written transposed.
    let mut weights = Array2::zeros((k, k));
    for j in 0..k {
        weights[[j, j]] = 1.0 / l[[j, j]];
        for i in j + 1..k {
            let dot: f64 = (j..i).map(|p| l[[i, p]] * weights[[j, p]]).sum();
            weights[[j, i]] = -dot / l[[i, i]];
        }
    }
    Some(weights)
}

/// `V Λ^{-1/2}` over the directions that carry weight; the others get columns of zero.
fn whiten(gram: ArrayView2<'_, f64>) -> Orthonormal {
    let k = gram.nrows();
    let matrix = Mat::from_fn(k, k, |i, j| 0.5 * (gram[[i, j]] + gram[[j, i]]));
    let Ok(eigen) = matrix.self_adjoint_eigen(faer::Side::Lower) else {
        return Orthonormal { weights: Array2::eye(k), factorization: Factorization::Nothing, rank: 0 };
    };
    let values: Vec<f64> = eigen.S().column_vector().iter().copied().collect();
    let largest = values.iter().copied().fold(0.0, f64::max);
    let mut weights = Array2::zeros((k, k));
    let mut rank = 0;
    for (j, &value) in values.iter().enumerate().rev() {
        if value > 1e-8 * largest {
            for i in 0..k {
                weights[[i, rank]] = eigen.U()[(i, j)] / value.sqrt();
            }
            rank += 1;
        }
    }
    Orthonormal { weights, factorization: Factorization::Whitening, rank }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn error(gram: &Array2<f64>, o: &Orthonormal) -> f64 {
        let g = o.weights.t().dot(gram).dot(&o.weights);
        (0..o.rank)
            .flat_map(|i| (0..o.rank).map(move |j| (i, j)))
            .map(|(i, j)| (g[[i, j]] - f64::from(u8::from(i == j))).abs())
            .fold(0.0, f64::max)
    }

    #[test]
    fn a_good_gram_matrix_is_factored_exactly() {
        let gram = array![[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]];
        let o = Orthonormal::from_gram(gram.view());
        assert_eq!((o.factorization, o.rank), (Factorization::Cholesky, 3));
        assert!(error(&gram, &o) < 1e-14);
    }

    #[test]
    fn nearly_dependent_columns_get_a_ridge() {
        let e = 1e-11;
        let gram = array![[1.0, 1.0], [1.0, 1.0 + e]];
        let o = Orthonormal::from_gram(gram.view());
        assert_eq!(o.factorization, Factorization::Ridge);
        assert!(o.weights.iter().all(|v| v.is_finite()));
    }

    #[test]
    fn an_indefinite_or_deficient_gram_matrix_is_whitened_where_it_has_rank() {
        let gram = array![[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 0.0]];
        let o = Orthonormal::from_gram(gram.view());
        assert_eq!((o.factorization, o.rank), (Factorization::Whitening, 1));
        assert!(error(&gram, &o) < 1e-12);
        assert!(o.advice().is_some_and(|a| a.contains("--batch")));
    }

    #[test]
    fn nothing_to_factor_is_said() {
        for gram in [Array2::zeros((2, 2)), array![[f64::NAN, 0.0], [0.0, 1.0]]] {
            let o = Orthonormal::from_gram(gram.view());
            assert_eq!(o.factorization, Factorization::Nothing);
            assert_eq!(o.weights, Array2::<f64>::eye(2));
        }
    }
}
