//! The one product everything here spends its time in: a sparse matrix and a block of columns, with the widest vectors the processor has.

use std::ops::{Add, AddAssign, Mul, Sub};

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::Csr;

/// Rows a thread takes at a time.
const ROWS_A_TASK: usize = 256;

/// What a block holds: f64, or f32 where half of the digits do and half of the memory counts.
pub(crate) trait Number:
    Copy + Default + PartialEq + Send + Sync + Add<Output = Self> + AddAssign + Sub<Output = Self> + Mul<Output = Self>
{
    /// The nearest one to a number in f64.
    fn nearest(value: f64) -> Self;
}

impl Number for f32 {
    fn nearest(value: f64) -> Self {
        value as Self
    }
}

impl Number for f64 {
    fn nearest(value: f64) -> Self {
        value
    }
}

/// `diag(diagonal) − A` for a sparse `A`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sparse<'a, T> {
    /// Offsets of the rows in the two arrays that follow, one more than rows.
    pub(crate) offsets: &'a [usize],
    /// Column of each entry of `A`.
    pub(crate) columns: &'a [u32],
    /// Value of each entry of `A`.
    pub(crate) values: &'a [T],
    /// One number a row.
    pub(crate) diagonal: &'a [T],
}

/// The numbers in [`Sparse::combine`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<T> {
    /// Factor of the operator.
    pub(crate) scale: T,
    /// Multiple of the identity taken off the operator.
    pub(crate) shift: T,
    /// Factor of what `out` held before.
    pub(crate) keep: T,
}

impl<'a> Sparse<'a, f64> {
    /// Of a matrix and as many numbers as it has rows.
    pub(crate) fn new(a: &'a Csr, diagonal: &'a [f64]) -> Self {
        Self { offsets: &a.offsets, columns: &a.columns, values: &a.values, diagonal }
    }
}

impl<T: Number> Sparse<'_, T> {
    /// `out ← scale · (diag(diagonal) − A − shift) x + keep · out`, with `x` and `out` `n × b` row by row.
    ///
    /// Each row is summed in the order of its entries by one thread, so the result does not depend on their number.
    pub(crate) fn combine(self, x: &[T], out: &mut [T], terms: Terms<T>) {
        if out.is_empty() {
            return;
        }
        let (b, arch) = (out.len() / self.diagonal.len(), Arch::new());
        out.par_chunks_mut(ROWS_A_TASK * b).enumerate().for_each(|(chunk, out)| {
            arch.dispatch(Rows { matrix: self, x, out, start: chunk * ROWS_A_TASK, b, terms });
        });
    }

    /// The rows of [`Sparse::combine`] from `start` on, as many as `out` has of `b` numbers each.
    pub(crate) fn combine_rows(self, x: &[T], out: &mut [T], start: usize, b: usize, terms: Terms<T>) {
        Arch::new().dispatch(Rows { matrix: self, x, out, start, b, terms });
    }
}

struct Rows<'a, T> {
    matrix: Sparse<'a, T>,
    x: &'a [T],
    out: &'a mut [T],
    start: usize,
    b: usize,
    terms: Terms<T>,
}

impl<T: Number> WithSimd for Rows<'_, T> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { matrix, x, out, start, b, terms } = self;
        for (i, out) in (start..).zip(out.chunks_exact_mut(b)) {
            let entries = matrix.offsets[i]..matrix.offsets[i + 1];
            let row = Row {
                columns: &matrix.columns[entries.clone()],
                values: &matrix.values[entries],
                own: matrix.diagonal[i] - terms.shift,
                x,
                at: i * b,
                b,
                terms,
            };
            // As many columns at once as have their sums in registers.
            let mut from = 0;
            while from < b {
                from += match b - from {
                    16.. => row.columns_from::<16>(out, from),
                    8.. => row.columns_from::<8>(out, from),
                    4.. => row.columns_from::<4>(out, from),
                    2.. => row.columns_from::<2>(out, from),
                    _ => row.columns_from::<1>(out, from),
                };
            }
        }
    }
}

impl Terms<f64> {
    /// The same numbers as nearly as they can be.
    pub(crate) fn nearest<T: Number>(self) -> Terms<T> {
        Terms { scale: T::nearest(self.scale), shift: T::nearest(self.shift), keep: T::nearest(self.keep) }
    }
}

/// One row of the product.
struct Row<'a, T> {
    columns: &'a [u32],
    values: &'a [T],
    /// The diagonal less the shift.
    own: T,
    x: &'a [T],
    /// Where the row's own numbers begin in `x`.
    at: usize,
    b: usize,
    terms: Terms<T>,
}

impl<T: Number> Row<'_, T> {
    /// `L` columns from `from` on, and `L`.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn columns_from<const L: usize>(&self, out: &mut [T], from: usize) -> usize {
        let mut sum = [T::default(); L];
        if self.b == L {
            // Half of the instructions, so that loads of twice as many rows are under way at a time.
            let (rows, _) = self.x.as_chunks::<L>();
            for (&j, &value) in self.columns.iter().zip(self.values) {
                for (sum, &x) in sum.iter_mut().zip(&rows[j as usize]) {
                    *sum += value * x;
                }
            }
        } else {
            for (&j, &value) in self.columns.iter().zip(self.values) {
                let at = j as usize * self.b + from;
                for (sum, &x) in sum.iter_mut().zip(&self.x[at..at + L]) {
                    *sum += value * x;
                }
            }
        }
        let Terms { scale, keep, .. } = self.terms;
        let x = &self.x[self.at + from..][..L];
        for ((out, &x), &sum) in out[from..from + L].iter_mut().zip(x).zip(&sum) {
            let value = scale * (self.own * x - sum);
            // Not `keep · out` for 0: what was there may be anything.
            *out = if keep == T::default() { value } else { keep * *out + value };
        }
        L
    }
}
