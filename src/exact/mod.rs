//! The exact eigenspace: the lowest eigenpairs of the sparse Laplacian.
//!
//! Every component of the graph has an eigenvalue 0 whose vector is known beforehand, so the whole space of zeros is written
//! down ([`kernel`]) and taken out of the problem; an iteration would confuse its vectors, and SciPy's even misses some. The
//! rest is found by the method that suits the graph ([`plan`]), and the true residual of each pair decides when it is done.

mod basis;
mod block;
mod block_krylov;
mod chebyshev;
mod cholesky;
mod constant;
mod dense;
mod kernel;
mod pencil;
mod plan;
mod ritz;
mod single;
mod subspace;
mod substitution;
mod symmetric;
mod tile;

use ndarray::{ArrayView1, ArrayViewMut1};

use crate::graph::Eigenspace;

pub(crate) use constant::{constant_first, first_is_constant};
pub use pencil::Pencil;
pub use plan::{Method, solve, solve_with};
pub(crate) use plan::{has_distinct, solve_for};
pub use ritz::{Ritz, rayleigh_ritz};

/// The exact eigenspace and how it was found.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The lowest pairs. Where several eigenvalues are 0, the first vector is the constant one.
    pub space: Eigenspace,
    /// What found them, in a word or two for the person.
    pub method: &'static str,
    /// Relative residual of each pair, as [`Operator::residuals`](crate::graph::Operator::residuals) defines it.
    pub residuals: Vec<f64>,
    /// Whether every residual is within the tolerance. Where it is not, a note says how far the method came, and the pairs
    /// are still the best there are.
    pub converged: bool,
    /// Components of the graph, which is the number of eigenvalues 0.
    pub components: usize,
    /// Rounds of the iteration; 0 for a direct method.
    pub rounds: usize,
    /// Wall clock.
    pub seconds: f64,
    /// What a person should know about the solution, one sentence each.
    pub notes: Vec<String>,
}

/// Make the entry of largest magnitude positive. Of entries that are equally large up to rounding, as in a symmetric graph,
/// the first counts.
pub fn fix_sign(mut column: ArrayViewMut1<'_, f64>) {
    if points_down(column.view()) {
        column.map_inplace(|v| *v = -*v);
    }
}

/// Whether [`fix_sign`] would turn a column.
fn points_down(column: ArrayView1<'_, f64>) -> bool {
    let largest = column.iter().fold(0.0f64, |largest, v| largest.max(v.abs()));
    column.iter().find(|v| v.abs() >= largest * (1.0 - 1e-6)).is_some_and(|&v| v < 0.0)
}
