//! Squared distances of a row to some others, with the widest vectors the processor has.

use std::iter::Sum;
use std::ops::{AddAssign, Mul};

use pulp::{Arch, Simd, WithSimd};

/// Running sums of a distance; a single one would wait for itself.
const SUMS: usize = 16;

/// Rows of a matrix, one after the other, and the instructions to measure them with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    pub(super) values: &'a [f32],
    /// Numbers in a row.
    pub(super) d: usize,
    pub(super) arch: Arch,
}

impl<'a> Rows<'a> {
    /// Row `i`.
    pub(super) fn row(&self, i: u32) -> &'a [f32] {
        &self.values[i as usize * self.d..][..self.d]
    }

    /// Squared distances of row `i` to the rows `others`, with each difference multiplied by `scale`, in f32: enough to
    /// rank them. The order of the sums is the same on every processor and from either row.
    pub(super) fn rough(&self, i: u32, others: &[u32], scale: f32, out: &mut Vec<f32>) {
        out.clear();
        self.arch.dispatch(Squares { rows: *self, i, others, difference: |a, b| (a - b) * scale, out });
    }

    /// Squared distances of row `i` to the rows `others`, each difference and sum in f64.
    pub(super) fn exact(&self, i: u32, others: &[u32], out: &mut Vec<f64>) {
        out.clear();
        let difference = |a, b| f64::from(a) - f64::from(b);
        self.arch.dispatch(Squares { rows: *self, i, others, difference, out });
    }
}

struct Squares<'a, T, F> {
    rows: Rows<'a>,
    i: u32,
    others: &'a [u32],
    difference: F,
    out: &'a mut Vec<T>,
}

impl<T, F> WithSimd for Squares<'_, T, F>
where
    T: Copy + Default + AddAssign + Mul<Output = T> + Sum,
    F: Fn(f32, f32) -> T,
{
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, _: S) {
        let (row, row_tail) = self.rows.row(self.i).as_chunks::<SUMS>();
        for &other in self.others {
            let (other, tail) = self.rows.row(other).as_chunks::<SUMS>();
            let mut sums = [T::default(); SUMS];
            for (a, b) in row.iter().zip(other) {
                add(&mut sums, a, b, &self.difference);
            }
            add(&mut sums, row_tail, tail, &self.difference);
            self.out.push(sums.into_iter().sum());
        }
    }
}

/// Add the squares of differences to the running sums, one each.
#[inline(always)]
#[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
fn add<T: Copy + AddAssign + Mul<Output = T>>(
    sums: &mut [T; SUMS],
    a: &[f32],
    b: &[f32],
    difference: impl Fn(f32, f32) -> T,
) {
    for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
        let difference = difference(a, b);
        *sum += difference * difference;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::nearest::squared_distance;

    #[test]
    fn distances_of_every_length_agree_with_one_number_after_the_other() {
        for d in [1, 15, 16, 17, 47, 100] {
            let values: Vec<f32> = (0..3 * d).map(|i| (i as f32 * 0.7).sin()).collect();
            let rows = Rows { values: &values, d, arch: Arch::new() };
            let (mut rough, mut exact) = (Vec::new(), Vec::new());
            rows.rough(2, &[0, 1, 2], 0.5, &mut rough);
            rows.exact(2, &[0, 1, 2], &mut exact);
            for j in 0..3 {
                let expected = squared_distance(rows.row(2), rows.row(j));
                assert!((exact[j as usize] - expected).abs() < 1e-12, "{d} numbers");
                assert!((f64::from(rough[j as usize]) - 0.25 * expected).abs() < 1e-5, "{d} numbers");
            }
        }
    }
}
