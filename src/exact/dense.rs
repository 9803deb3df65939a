//! Small graphs: all eigenpairs of a dense matrix.

use ndarray::Array2;

use super::block;
use super::subspace::Found;
use super::symmetric::Symmetric;
use crate::Result;

/// The `wanted` lowest pairs outside the kernel.
pub(super) fn solve(s: &Symmetric, wanted: usize) -> Result<Found> {
    let n = s.len();
    let mut dense = Array2::zeros((n, n));
    for i in 0..n {
        dense[[i, i]] = s.diagonal[i];
        let (columns, values) = s.row(i);
        for (&j, &w) in columns.iter().zip(values) {
            dense[[i, j as usize]] -= w;
        }
    }
    // The kernel is moved above the whole spectrum, so that what comes first is wanted.
    let above = 2.0 * s.norm;
    for i in 0..n {
        for j in 0..n {
            if s.components.of[i] == s.components.of[j] {
                dense[[i, j]] += above * s.kernel[i] * s.kernel[j];
            }
        }
    }
    let (values, vectors) = block::eigen(dense.view())?;
    Ok(Found {
        values: values[..wanted].to_vec(),
        vectors: block::columns(&vectors, 0..wanted).to_owned(),
        converged: true,
        rounds: 0,
    })
}
