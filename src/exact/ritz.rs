//! Rayleigh–Ritz: the best eigenvectors that lie in the span of given columns.

use std::ops::Range;

use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Mat, MatRef, Par};
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::exact::{block, points_down};
use crate::graph::Eigenspace;
use crate::graph::product::{Sparse, Terms};
use crate::graph::{Operator, gram};
use crate::{Error, Result};

/// Directions with less than this share of the strongest one's square are rounding noise of the columns.
const LEAST: f64 = 1e-10;

/// What Rayleigh–Ritz finds in the span of `h` columns.
#[derive(Clone, Debug)]
pub struct Ritz {
    /// The lowest pairs the span holds: as many as asked for, or `rank` where that is less.
    pub space: Eigenspace,
    /// `h × k`: the columns times this are the vectors.
    pub map: Array2<f64>,
    /// Independent directions among the columns.
    pub rank: usize,
}

/// The `k` lowest Ritz pairs of the operator in the span of the columns of `y` (`n × h`, `h ≥ k`).
///
/// `YᵀMY` is whitened by its eigenvectors in f64, so columns may be nearly dependent, in any units, or zero; where fewer than
/// `k` directions remain, fewer pairs come back and the caller decides.
///
/// # Errors
/// [`Error::Data`] when `y` has another number of rows than the operator, [`Error::Numerics`] when `y` is not finite or zero.
pub fn rayleigh_ritz(op: &Operator, y: ArrayView2<'_, f64>, k: usize) -> Result<Ritz> {
    if y.nrows() != op.len() {
        return Err(Error::Data(format!("{} rows were given for {} samples", y.nrows(), op.len())));
    }
    let y = y.as_standard_layout();
    let (g, h) = products(op, y.view());
    if g.diag().iter().any(|v| !v.is_finite()) {
        return Err(Error::Numerics("the columns have values that are not finite".into()));
    }
    let (_, all) = block::pencil(&h, &g, LEAST)?;
    let rank = all.ncols();
    if rank == 0 {
        return Err(Error::Numerics("all columns are zero: no direction to look in".into()));
    }
    let mut map = block::columns(&all, 0..k.min(rank)).to_owned();
    let mut vectors = gram::times(y.view(), map.view());
    // Whitening nearly dependent columns costs digits; the few vectors that remain get them back from their own products.
    let (g, h) = products(op, vectors.view());
    let (values, polish) = block::pencil(&h, &g, 0.0)?;
    let polish = polish * op.total_mass().sqrt();
    vectors = gram::times(vectors.view(), polish.view());
    map = map.dot(&polish);
    for (mut column, mut map) in vectors.columns_mut().into_iter().zip(map.columns_mut()) {
        if points_down(column.view()) {
            column.map_inplace(|v| *v = -*v);
            map.map_inplace(|v| *v = -*v);
        }
    }
    Ok(Ritz { space: Eigenspace { values, vectors }, map, rank })
}

/// The lower halves of `YᵀMY` and `Yᵀ(D − W)Y`, in one pass over the rows.
pub(super) fn products(op: &Operator, y: ArrayView2<'_, f64>) -> (Array2<f64>, Array2<f64>) {
    let h = y.ncols();
    let Some(all) = y.as_slice() else { return (Array2::zeros((h, h)), Array2::zeros((h, h))) };
    let sums: Vec<(Mat<f64>, Mat<f64>)> =
        gram::parts(y.nrows()).into_par_iter().map(|part| part_products(op, all, h, part)).collect();
    let (g, l): (Vec<_>, Vec<_>) = sums.into_iter().unzip();
    (gram::add_up(&g, h, h), gram::add_up(&l, h, h))
}

fn part_products(op: &Operator, y: &[f64], h: usize, part: Range<usize>) -> (Mat<f64>, Mat<f64>) {
    let (mut g, mut l) = (Mat::zeros(h, h), Mat::zeros(h, h));
    let mut other = Vec::new();
    for piece in gram::pieces(part) {
        let (rows, own) = (piece.len(), &y[piece.start * h..piece.end * h]);
        let left = MatRef::from_row_major_slice(own, rows, h).transpose();
        other.clear();
        for (&m, row) in op.mass[piece.clone()].iter().zip(own.chunks_exact(h.max(1))) {
            other.extend(row.iter().map(|v| m * v));
        }
        add_lower(&mut g, left, &other);
        let terms = Terms { scale: 1.0, shift: 0.0, keep: 0.0 };
        Sparse::new(&op.affinity, &op.degrees).combine_rows(y, &mut other, piece.start, h, terms);
        add_lower(&mut l, left, &other);
    }
    (g, l)
}

/// The lower half of `YᵀY`.
pub(super) fn square(y: ArrayView2<'_, f64>) -> Array2<f64> {
    let h = y.ncols();
    let y = y.as_standard_layout();
    let Some(all) = y.as_slice() else { return Array2::zeros((h, h)) };
    let part_square = |part: Range<usize>| {
        let mut sum = Mat::zeros(h, h);
        for piece in gram::pieces(part) {
            let own = &all[piece.start * h..piece.end * h];
            add_lower(&mut sum, MatRef::from_row_major_slice(own, piece.len(), h).transpose(), own);
        }
        sum
    };
    let sums: Vec<Mat<f64>> = gram::parts(y.nrows()).into_par_iter().map(part_square).collect();
    gram::add_up(&sums, h, h)
}

/// Add the lower half of `left · right`, `right` row by row.
pub(super) fn add_lower(sum: &mut Mat<f64>, left: MatRef<'_, f64>, right: &[f64]) {
    let right = MatRef::from_row_major_slice(right, left.ncols(), left.nrows());
    triangular::matmul(
        sum.as_mut(),
        BlockStructure::TriangularLower,
        Accum::Add,
        left,
        BlockStructure::Rectangular,
        right,
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
}
