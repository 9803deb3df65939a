//! Orthonormal columns in single precision, eight more at a time.
//!
//! Products are summed in single precision within 256 rows and in double beyond, always in the same order.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array2, ArrayView2};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use crate::graph::gram::{ROWS, parts, pieces};

/// Columns of a block: half of a wide register, and few enough that a block of a large graph lies in the nearest caches.
pub(super) const LANES: usize = 8;

/// `n × 8`, row by row.
pub(super) type Block = Vec<f32>;

/// Columns, row by row, with room for more in each row.
pub(super) struct Basis {
    rows: Vec<f32>,
    room: usize,
    width: usize,
}

impl Basis {
    /// None yet of at most `room` columns of `n` numbers.
    pub(super) fn new(n: usize, room: usize) -> Self {
        Self { rows: vec![0.0; n * room], room, width: 0 }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Whether another block has room.
    pub(super) fn has_room(&self) -> bool {
        self.width + LANES <= self.room
    }

    /// The share of the room that is filled.
    pub(super) fn filled(&self) -> f64 {
        self.width as f64 / self.room as f64
    }

    /// Take a block's columns in.
    pub(super) fn push(&mut self, x: &Block) {
        let to = self.width..self.width + LANES;
        let rows = self.rows.par_chunks_exact_mut(self.room).zip(x.par_chunks_exact(LANES));
        rows.with_min_len(ROWS).for_each(|(row, x)| row[to.clone()].copy_from_slice(x));
        self.width += LANES;
    }

    /// Columns `from..from + 8`.
    pub(super) fn copy(&self, from: usize, out: &mut Block) {
        let rows = self.rows.par_chunks_exact(self.room).zip(out.par_chunks_exact_mut(LANES));
        rows.with_min_len(ROWS).for_each(|(row, out)| out.copy_from_slice(&row[from..from + LANES]));
    }

    /// `Bᵀ x` for each of some blocks, `width × 8`.
    pub(super) fn overlaps(&self, blocks: &[&Block]) -> Vec<Array2<f64>> {
        let n = self.rows.len() / self.room;
        let part = |part: Range<usize>| {
            let mut sums = vec![Sum::new(self.width); blocks.len()];
            for piece in pieces(part) {
                for (sum, x) in sums.iter_mut().zip(blocks) {
                    sum.add(self.piece(&piece), &x[piece.start * LANES..piece.end * LANES]);
                }
            }
            sums
        };
        let parts: Vec<Vec<Sum>> = parts(n).into_par_iter().map(part).collect();
        (0..blocks.len()).map(|b| Sum::all(parts.iter().map(|sums| &sums[b]), self.width)).collect()
    }

    /// `x ← x − B map` for a map `width × 8` (or fewer), and what is then `Bᵀ x`, unless nobody asks.
    pub(super) fn take_out(&self, x: &mut Block, map: ArrayView2<'_, f64>, ask: bool) -> Array2<f64> {
        let map = numbers(map.mapv(|v| -v).view());
        let parts = parts(x.len() / LANES);
        let length = parts.first().map_or(1, ExactSizeIterator::len) * LANES;
        let part = |(x, part): (&mut [f32], Range<usize>)| {
            let mut sum = Sum::new(self.width);
            for (x, piece) in x.chunks_mut(ROWS * LANES).zip(pieces(part)) {
                Arch::new().dispatch(Combine { from: self.piece(&piece), map: &map, x: x.as_chunks_mut().0 });
                if ask {
                    sum.add(self.piece(&piece), x);
                }
            }
            sum
        };
        let sums: Vec<Sum> = x.par_chunks_mut(length).zip(parts).map(part).collect();
        Sum::all(sums.iter(), self.width)
    }

    /// `B map` for a map `width × 8`.
    pub(super) fn times(&self, map: ArrayView2<'_, f64>) -> Block {
        let map = numbers(map);
        let mut out = vec![0.0; self.rows.len() / self.room * LANES];
        out.par_chunks_mut(ROWS * LANES).enumerate().for_each(|(piece, out)| {
            let rows = piece * ROWS..piece * ROWS + out.len() / LANES;
            Arch::new().dispatch(Combine { from: self.piece(&rows), map: &map, x: out.as_chunks_mut().0 });
        });
        out
    }

    fn piece(&self, rows: &Range<usize>) -> Rows<'_> {
        let numbers = &self.rows[rows.start * self.room..rows.end * self.room];
        Rows { numbers, stride: self.room, width: self.width }
    }
}

/// `xᵀ x`, `8 × 8`.
pub(super) fn gram(x: &Block) -> Array2<f64> {
    let part = |part: Range<usize>| {
        let mut sum = Sum::new(LANES);
        for piece in pieces(part) {
            let numbers = &x[piece.start * LANES..piece.end * LANES];
            sum.add(Rows { numbers, stride: LANES, width: LANES }, numbers);
        }
        sum
    };
    let sums: Vec<Sum> = parts(x.len() / LANES).into_par_iter().map(part).collect();
    Sum::all(sums.iter(), LANES)
}

/// `x ← x map` for a map `8 × 8`, or `8 × fewer`: the columns that are left become 0.
pub(super) fn turn(x: &mut Block, map: ArrayView2<'_, f64>) {
    let map = numbers(map);
    x.par_chunks_mut(ROWS * LANES).for_each_init(Vec::new, |old, x| {
        old.clear();
        old.extend_from_slice(x);
        x.fill(0.0);
        let from = Rows { numbers: old, stride: LANES, width: LANES };
        Arch::new().dispatch(Combine { from, map: &map, x: x.as_chunks_mut().0 });
    });
}

/// A map's numbers row by row, with columns of 0 up to eight.
fn numbers(map: ArrayView2<'_, f64>) -> Vec<[f32; LANES]> {
    let number = |i, j| map.get((i, j)).map_or(0.0, |&v| v as f32);
    (0..map.nrows()).map(|i| std::array::from_fn(|j| number(i, j))).collect()
}

/// The first `width` numbers of every `stride`.
#[derive(Clone, Copy)]
struct Rows<'a> {
    numbers: &'a [f32],
    stride: usize,
    width: usize,
}

impl<'a> Rows<'a> {
    fn iter(self) -> impl Iterator<Item = &'a [f32]> {
        self.numbers.chunks_exact(self.stride).map(move |row| &row[..self.width])
    }
}

/// `x ← x + from · map`.
struct Combine<'a> {
    from: Rows<'a>,
    map: &'a [[f32; LANES]],
    x: &'a mut [[f32; LANES]],
}

impl WithSimd for Combine<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, _: S) {
        for (x, row) in self.x.iter_mut().zip(self.from.iter()) {
            let mut sum = [0.0; LANES];
            for (&a, map) in row.iter().zip(self.map) {
                for (sum, &map) in sum.iter_mut().zip(map) {
                    *sum += a * map;
                }
            }
            for (x, &sum) in x.iter_mut().zip(&sum) {
                *x += sum;
            }
        }
    }
}

/// A sum of products `aᵀ b` of pieces, `width × 8` column by column.
#[derive(Clone)]
struct Sum {
    total: Vec<f64>,
    piece: Vec<f32>,
}

impl Sum {
    fn new(width: usize) -> Self {
        Self { total: vec![0.0; width * LANES], piece: vec![0.0; width * LANES] }
    }

    /// Add a piece.
    fn add(&mut self, a: Rows<'_>, b: &[f32]) {
        let n = b.len() / LANES;
        let left = MatRef::from_row_major_slice(a.numbers, n, a.stride).subcols(0, a.width).transpose();
        let to = MatMut::from_column_major_slice_mut(&mut self.piece, a.width, LANES);
        matmul(to, Accum::Replace, left, MatRef::from_row_major_slice(b, n, LANES), 1.0, Par::Seq);
        self.total.iter_mut().zip(&self.piece).for_each(|(total, &v)| *total += f64::from(v));
    }

    fn all<'a>(sums: impl Iterator<Item = &'a Self>, width: usize) -> Array2<f64> {
        let mut all = vec![0.0; width * LANES];
        for sum in sums {
            all.iter_mut().zip(&sum.total).for_each(|(all, v)| *all += v);
        }
        Array2::from_shape_fn((width, LANES), |(i, j)| all[j * width + i])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(n: usize, seed: usize) -> Block {
        (0..n * LANES).map(|i| ((i * 7_919 + seed * 104_729 + 13) % 1_000) as f32 / 500.0 - 1.0).collect()
    }

    fn wide(blocks: &[&Block]) -> Array2<f64> {
        let number = |i: usize, j: usize| f64::from(blocks[j / LANES][i * LANES + j % LANES]);
        Array2::from_shape_fn((blocks[0].len() / LANES, blocks.len() * LANES), |(i, j)| number(i, j))
    }

    fn near(a: &Array2<f64>, b: &Array2<f64>, most: f64) {
        assert_eq!(a.dim(), b.dim());
        let away = (a - b).iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        assert!(away < most, "{away} of {}", b.iter().fold(0.0_f64, |most, v| most.max(v.abs())));
    }

    #[test]
    fn products_are_those_of_matrices() {
        let n = 3_001;
        let [a, b, x] = [block(n, 1), block(n, 2), block(n, 3)];
        let mut basis = Basis::new(n, 3 * LANES);
        basis.push(&a);
        basis.push(&b);
        assert!(basis.width() == 2 * LANES && basis.has_room());
        let (all, own) = (wide(&[&a, &b]), wide(&[&x]));
        let mut copy = x.clone();
        basis.copy(LANES, &mut copy);
        assert_eq!(copy, b);

        let found = basis.overlaps(&[&x, &a]);
        near(&found[0], &all.t().dot(&own), 2e-3);
        near(&found[1], &all.t().dot(&wide(&[&a])), 2e-3);
        near(&gram(&x), &own.t().dot(&own), 2e-3);

        let map = Array2::from_shape_fn((2 * LANES, LANES), |(i, j)| (i as f64 - 3.0 * j as f64) / 40.0);
        near(&wide(&[&basis.times(map.view())]), &all.dot(&map), 1e-5);
        let mut rest = x.clone();
        let overlap = basis.take_out(&mut rest, map.view(), true);
        near(&wide(&[&rest]), &(&own - &all.dot(&map)), 1e-5);
        near(&overlap, &all.t().dot(&wide(&[&rest])), 2e-3);

        // A map to three columns: the other five become 0.
        let narrow = map.slice(ndarray::s![..LANES, ..3]);
        let mut turned = x.clone();
        turn(&mut turned, narrow);
        let turned = wide(&[&turned]);
        near(&turned.slice(ndarray::s![.., ..3]).to_owned(), &own.dot(&narrow), 1e-5);
        assert!(turned.slice(ndarray::s![.., 3..]).iter().all(|&v| v == 0.0));
    }
}
