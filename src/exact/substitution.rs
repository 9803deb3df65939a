//! Forward and back substitution with a sparse Cholesky factor, eight columns side by side: each number of the factor is read once for
//! all of them.

use faer::sparse::linalg::cholesky::supernodal::SupernodalLltRef;
use pulp::{Arch, Simd, WithSimd};

/// Columns solved at a time.
pub(super) const LANES: usize = 8;

/// One row of them.
pub(super) type Row = [f64; LANES];

/// `x ← (L Lᵀ)⁻¹ x`, rows in the order of elimination.
pub(super) fn solve(factor: SupernodalLltRef<'_, u32, f64>, x: &mut [Row]) {
    Arch::new().dispatch(Both { factor, x });
}

struct Both<'a> {
    factor: SupernodalLltRef<'a, u32, f64>,
    x: &'a mut [Row],
}

impl WithSimd for Both<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, _: S) {
        let count = self.factor.symbolic().n_supernodes();
        (0..count).for_each(|s| Node::new(self.factor, s).forward(self.x));
        (0..count).rev().for_each(|s| Node::new(self.factor, s).back(self.x));
    }
}

/// Neighbouring columns of the factor with the same rows below them.
struct Node<'a> {
    /// The first of its columns, and their number.
    start: usize,
    width: usize,
    /// Its columns one after the other, each with `height` numbers: rows of a triangle, then the rows below it.
    numbers: &'a [f64],
    height: usize,
    below: &'a [u32],
}

impl<'a> Node<'a> {
    fn new(factor: SupernodalLltRef<'a, u32, f64>, s: usize) -> Self {
        let (node, ends) = (factor.supernode(s), factor.symbolic().col_ptr_for_val());
        let numbers = &factor.values()[ends[s] as usize..ends[s + 1] as usize];
        let (width, height) = (node.val().ncols(), node.val().nrows());
        Self { start: node.start(), width, numbers, height, below: node.pattern() }
    }

    /// Column `j`.
    fn column(&self, j: usize) -> &'a [f64] {
        &self.numbers[j * self.height..(j + 1) * self.height]
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn forward(&self, x: &mut [Row]) {
        let end = self.start + self.width;
        let (own, rest) = x.split_at_mut(end);
        let own = &mut own[self.start..];
        for j in 0..self.width {
            let column = self.column(j);
            let solved = own[j].map(|v| v / column[j]);
            own[j] = solved;
            for (x, &l) in own.iter_mut().zip(column).skip(j + 1) {
                x.iter_mut().zip(&solved).for_each(|(x, &solved)| *x -= l * solved);
            }
        }
        for (r, &i) in (self.width..).zip(self.below) {
            let mut sum = [0.0; LANES];
            for (j, own) in own.iter().enumerate() {
                let l = self.numbers[j * self.height + r];
                sum.iter_mut().zip(own).for_each(|(sum, &own)| *sum += l * own);
            }
            rest[i as usize - end].iter_mut().zip(&sum).for_each(|(x, &sum)| *x -= sum);
        }
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn back(&self, x: &mut [Row]) {
        let end = self.start + self.width;
        let (own, rest) = x.split_at_mut(end);
        let own = &mut own[self.start..];
        for j in (0..self.width).rev() {
            let column = self.column(j);
            let mut sum = [0.0; LANES];
            for (&l, &i) in column[self.width..].iter().zip(self.below) {
                sum.iter_mut().zip(&rest[i as usize - end]).for_each(|(sum, &x)| *sum += l * x);
            }
            for (x, &l) in own.iter().zip(column).skip(j + 1) {
                sum.iter_mut().zip(x).for_each(|(sum, &x)| *sum += l * x);
            }
            own[j].iter_mut().zip(&sum).for_each(|(x, &sum)| *x = (*x - sum) / column[j]);
        }
    }
}
