//! Products of tall matrices, summed over fixed chunks of rows: fast, and the same for every number of threads.

use std::ops::Range;

use faer::{Accum, Mat, MatMut, MatRef};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use rayon::prelude::*;

use crate::support::wide::multiply;

/// Most partial sums, which bounds both the memory for them and the threads that can help.
const MOST_SUMS: usize = 16;
/// Fewest rows worth a part of their own.
const FEWEST: usize = 512;
/// Rows multiplied at a time.
pub(crate) const ROWS_AT_ONCE: usize = 256;

/// A view as faer sees it, whatever its strides.
pub(crate) fn faer_view<'a>(x: &'a ArrayView2<'_, f64>) -> Option<MatRef<'a, f64>> {
    x.as_slice().map(|all| MatRef::from_row_major_slice(all, x.nrows(), x.ncols()))
}

/// The rows of each part: at most [`MOST_SUMS`] of equal length.
pub(crate) fn parts(n: usize) -> Vec<Range<usize>> {
    let length = n.div_ceil(MOST_SUMS).max(FEWEST);
    (0..n.div_ceil(length)).map(|part| part * length..((part + 1) * length).min(n)).collect()
}

/// Split a part into pieces of at most [`ROWS_AT_ONCE`] rows.
pub(crate) fn pieces(part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = part.end;
    part.step_by(ROWS_AT_ONCE).map(move |start| start..(start + ROWS_AT_ONCE).min(end))
}

/// `aᵀ diag(weights) b`, with `a` `n × p` and `b` `n × q`.
pub(crate) fn weighted(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, weights: &[f64]) -> Array2<f64> {
    let (a, b) = (a.as_standard_layout(), b.as_standard_layout());
    let (a, b) = (a.view(), b.view());
    let (p, q) = (a.ncols(), b.ncols());
    let (Some(a), Some(b_all)) = (faer_view(&a), b.as_slice()) else { return Array2::zeros((p, q)) };
    let sums: Vec<Mat<f64>> = parts(b.nrows())
        .into_par_iter()
        .map(|part| {
            let mut sum = Mat::zeros(p, q);
            let mut scaled = vec![0.0; ROWS_AT_ONCE * q];
            for piece in pieces(part) {
                let rows = piece.len();
                let from = &b_all[piece.start * q..piece.end * q];
                for ((to, from), &w) in
                    scaled.chunks_exact_mut(q.max(1)).zip(from.chunks_exact(q.max(1))).zip(&weights[piece.clone()])
                {
                    for (to, &from) in to.iter_mut().zip(from) {
                        *to = w * from;
                    }
                }
                multiply(
                    sum.as_mut(),
                    Accum::Add,
                    a.subrows(piece.start, rows).transpose(),
                    MatRef::from_row_major_slice(&scaled[..rows * q], rows, q),
                );
            }
            sum
        })
        .collect();
    add_up(&sums, p, q)
}

/// The sum of the parts, in their order.
pub(crate) fn add_up(sums: &[Mat<f64>], p: usize, q: usize) -> Array2<f64> {
    let mut total = Array2::zeros((p, q));
    for sum in sums {
        for ((i, j), to) in total.indexed_iter_mut() {
            *to += sum[(i, j)];
        }
    }
    total
}

/// `x · map` for a tall `x` (`n × p`) and a small `map` (`p × q`).
pub(crate) fn times(x: ArrayView2<'_, f64>, map: ArrayView2<'_, f64>) -> Array2<f64> {
    let (x, map) = (x.as_standard_layout(), map.as_standard_layout());
    let mut out = Array2::zeros((x.nrows(), map.ncols()));
    let parts = parts(x.nrows());
    let rows = parts.first().map_or(1, ExactSizeIterator::len);
    out.axis_chunks_iter_mut(ndarray::Axis(0), rows).into_par_iter().zip(parts).for_each(
        |(out, part): (ArrayViewMut2<'_, f64>, Range<usize>)| {
            let q = map.ncols();
            let (x, map) = (x.view(), map.view());
            let (Some(x), Some(map), Some(out)) = (faer_view(&x), faer_view(&map), out.into_slice()) else { return };
            let to = MatMut::from_row_major_slice_mut(out, part.len(), q);
            multiply(to, Accum::Replace, x.subrows(part.start, part.len()), map);
        },
    );
    out
}

/// `x · map`, in place of `x` where the map is square: a tall block's memory costs as much to ask for as to fill.
pub(crate) fn turned(mut x: Array2<f64>, map: ArrayView2<'_, f64>) -> Array2<f64> {
    let (n, q) = x.dim();
    if map.dim() != (q, q) || q == 0 {
        return times(x.view(), map);
    }
    let map = map.as_standard_layout();
    let map = map.view();
    let length = parts(n).first().map_or(1, ExactSizeIterator::len);
    let (Some(all), Some(map)) = (x.as_slice_mut(), faer_view(&map)) else { return times(x.view(), map) };
    all.par_chunks_mut(length * q).for_each(|part| {
        let mut old = Vec::with_capacity(ROWS_AT_ONCE * q);
        for piece in part.chunks_mut(ROWS_AT_ONCE * q) {
            old.clear();
            old.extend_from_slice(piece);
            let rows = piece.len() / q;
            let from = MatRef::from_row_major_slice(&old, rows, q);
            multiply(MatMut::from_row_major_slice_mut(piece, rows, q), Accum::Replace, from, map);
        }
    });
    x
}

/// Each of some rows of `x · map`, without the memory for all of them.
pub(crate) fn pieces_times(
    x: ArrayView2<'_, f64>,
    map: ArrayView2<'_, f64>,
    rows: Range<usize>,
    mut row: impl FnMut(usize, &[f64]),
) {
    let (p, q) = map.dim();
    let (x, map) = (x.as_standard_layout(), map.as_standard_layout());
    let map = map.view();
    let (Some(all), Some(map)) = (x.as_slice(), faer_view(&map)) else { return };
    let mut product = vec![0.0; ROWS_AT_ONCE * q];
    for piece in pieces(rows) {
        let from = MatRef::from_row_major_slice(&all[piece.start * p..piece.end * p], piece.len(), p);
        let to = MatMut::from_row_major_slice_mut(&mut product[..piece.len() * q], piece.len(), q);
        multiply(to, Accum::Replace, from, map);
        piece.zip(product.chunks_exact(q.max(1))).for_each(|(i, product)| row(i, product));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_turned_in_place_is_the_product() {
        let x = Array2::from_shape_fn((1_300, 3), |(i, j)| ((i * 7 + j * 13) % 11) as f64 - 5.0);
        let square = Array2::from_shape_fn((3, 3), |(i, j)| 1.0 + i as f64 - 2.0 * j as f64);
        assert_eq!(turned(x.clone(), square.view()), x.dot(&square));
        let mut seen = Array2::zeros((1_300, 3));
        pieces_times(x.view(), square.view(), 100..1_250, |i, row| seen.row_mut(i).assign(&ndarray::aview1(row)));
        assert_eq!(seen.slice(ndarray::s![100..1_250, ..]), x.dot(&square).slice(ndarray::s![100..1_250, ..]));
        let narrow = square.slice(ndarray::s![.., ..2]);
        assert_eq!(turned(x.clone(), narrow), x.dot(&narrow));
    }
}
