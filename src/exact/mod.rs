//! The exact eigenspace: the lowest eigenpairs of the sparse Laplacian.

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
