//! Small dense algebra around tall blocks of columns.

use std::ops::Range;

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{Mat, MatRef, Par, Spec};
use ndarray::{Array1, Array2, ArrayView2, Axis, Slice, Zip};

use crate::{Error, Result};

/// A range of columns. (ndarray's `s!` expands to an `allow(unsafe_code)`, which this crate forbids.)
pub(super) fn columns(x: &Array2<f64>, range: Range<usize>) -> ArrayView2<'_, f64> {
    x.slice_axis(Axis(1), Slice::from(range))
}

/// The columns of `a`, and those of `b` beside them, row by row.
pub(super) fn beside(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut both = Array2::zeros((a.nrows(), a.ncols() + b.ncols()));
    let (left, right) = both.view_mut().split_at(Axis(1), a.ncols());
    for (to, from) in [(left, a), (right, b)] {
        Zip::from(to).and(from).par_for_each(|to, &from| *to = from);
    }
    both
}

/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix, of which the lower half is read. On one core: how faer parts its work, and
/// with it the last digits, would hang on the number of threads.
pub(super) fn eigen(a: ArrayView2<'_, f64>) -> Result<(Vec<f64>, Array2<f64>)> {
    if a.iter().any(|v| !v.is_finite()) {
        return Err(Error::Numerics("a matrix of inner products is not finite".into()));
    }
    let a = a.as_standard_layout();
    let n = a.nrows();
    let all = a.as_slice().unwrap_or_default(); // In standard layout there is one.
    let (mut values, mut found) = (Diag::<f64>::zeros(n), Mat::<f64>::zeros(n, n));
    let needs = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Spec::default());
    self_adjoint_evd(
        MatRef::from_row_major_slice(all, n, n),
        values.as_mut(),
        Some(found.as_mut()),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(needs)),
        Spec::default(),
    )
    .map_err(|e| Error::Numerics(format!("the eigenvalues of a symmetric matrix of {n} rows were not found: {e:?}")))?;
    let vectors = Array2::from_shape_fn((n, n), |(i, j)| found[(i, j)]);
    Ok((values.column_vector().iter().copied().collect(), vectors))
}

/// A map `B` with `Bᵀ G B = I` for a Gram matrix `G`, whose columns span all directions that carry more than `least` of the
/// strongest one's square, strongest last. Columns of `G` are brought to unit length first, so their units do not matter.
pub(super) fn whiten(gram: &Array2<f64>, least: f64) -> Result<Array2<f64>> {
    let scale: Array1<f64> = gram.diag().mapv(|square| if square > 0.0 { square.sqrt().recip() } else { 0.0 });
    let unit = Array2::from_shape_fn(gram.raw_dim(), |(i, j)| {
        let (row, column) = (i.max(j), i.min(j));
        gram[[row, column]] * scale[i] * scale[j]
    });
    let (values, vectors) = eigen(unit.view())?;
    let strongest = values.last().copied().unwrap_or(0.0);
    let first = values.iter().position(|&v| v > least * strongest && v > 0.0).unwrap_or(values.len());
    Ok(Array2::from_shape_fn((values.len(), values.len() - first), |(i, j)| {
        scale[i] * vectors[[i, first + j]] / values[first + j].sqrt()
    }))
}

/// The map `B Z` and the values of the pencil `(H, G)` restricted to the directions that [`whiten`] keeps, values ascending.
pub(super) fn pencil(h: &Array2<f64>, gram: &Array2<f64>, least: f64) -> Result<(Vec<f64>, Array2<f64>)> {
    let white = whiten(gram, least)?;
    let full = Array2::from_shape_fn(h.raw_dim(), |(i, j)| h[[i.max(j), i.min(j)]]);
    let inner = white.t().dot(&full.dot(&white));
    let (values, vectors) = eigen(inner.view())?;
    Ok((values, white.dot(&vectors)))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_dependent_direction_is_dropped() {
        // The third column is the sum of the first two; units differ by a million.
        let a = array![[1.0, 0.0, 1.0], [0.0, 1e6, 1e6], [2.0, 3e6, 2.0 + 3e6]];
        let gram = a.t().dot(&a);
        let white = whiten(&gram, 1e-10).expect("finite");
        assert_eq!(white.ncols(), 2);
        let product = white.t().dot(&gram.dot(&white));
        for ((i, j), v) in product.indexed_iter() {
            assert!((v - f64::from(u8::from(i == j))).abs() < 1e-6, "{product}");
        }
    }

    #[test]
    fn a_pencil_by_hand() {
        let (values, map) =
            pencil(&array![[2.0, 0.0], [0.0, 12.0]], &array![[4.0, 0.0], [0.0, 3.0]], 1e-12).expect("fine");
        assert!((values[0] - 0.5).abs() < 1e-14 && (values[1] - 4.0).abs() < 1e-14);
        assert!((map[[0, 0]].abs() - 0.5).abs() < 1e-14 && map[[1, 0]].abs() < 1e-14);
    }
}
