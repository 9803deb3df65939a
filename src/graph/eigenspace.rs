//! The lowest eigenvectors of an operator, as both solvers return them.

use ndarray::Array2;

/// What both solvers return. Vectors `n × k`, column `j` belongs to `values[j]`, values ascending, and
/// `Vᵀ M V = tr(M) I`: in the operator's own inner product every column has mean square 1, so the constant vector is ±1.
/// Signs are fixed: the entry of largest magnitude (the first such) is positive.
#[derive(Clone, Debug)]
pub struct Eigenspace {
    /// Eigenvalues, or Rayleigh–Ritz estimates of them, ascending.
    pub values: Vec<f64>,
    /// Eigenvectors, `n × k`.
    pub vectors: Array2<f64>,
}

impl Eigenspace {
    /// The first `k` pairs.
    #[must_use]
    pub fn truncated(&self, k: usize) -> Self {
        let k = k.min(self.values.len());
        Self { values: self.values[..k].to_vec(), vectors: self.vectors.slice(ndarray::s![.., ..k]).to_owned() }
    }
}
