//! Orthonormal columns in single precision, eight more at a time.
//!
//! Products are summed in single precision within 256 rows and in double beyond, always in the same order.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array2, ArrayView2};
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
                    sum.add(self.piece(&piece), piece_of(x, &piece));
                }
            }
            sums
        };
        let parts: Vec<Vec<Sum>> = parts(n).into_par_iter().map(part).collect();
        (0..blocks.len()).map(|b| Sum::all(parts.iter().map(|sums| &sums[b]), self.width)).collect()
    }

    /// `x ← x − B map` for a map `width × 8` (or fewer), and what is then `Bᵀ x`, unless nobody asks.
    pub(super) fn take_out(&self, x: &mut Block, map: ArrayView2<'_, f64>, ask: bool) -> Array2<f64> {
        let map: Vec<f32> = numbers(map).iter().map(|v| -v).collect();
        let map = MatRef::from_row_major_slice(&map, self.width, LANES);
        let parts = parts(x.len() / LANES);
        let length = parts.first().map_or(1, ExactSizeIterator::len) * LANES;
        let part = |(x, part): (&mut [f32], Range<usize>)| {
            let mut sum = Sum::new(self.width);
            for (x, piece) in x.chunks_mut(ROWS * LANES).zip(pieces(part)) {
                let own = self.piece(&piece);
                matmul(MatMut::from_row_major_slice_mut(x, piece.len(), LANES), Accum::Add, own, map, 1.0, Par::Seq);
                if ask {
                    sum.add(own, MatRef::from_row_major_slice(x, piece.len(), LANES));
                }
            }
            sum
        };
        let sums: Vec<Sum> = x.par_chunks_mut(length).zip(parts).map(part).collect();
        Sum::all(sums.iter(), self.width)
    }

    /// `B map` for a map `width × 8`.
    pub(super) fn times(&self, map: ArrayView2<'_, f64>) -> Block {
        let (n, map) = (self.rows.len() / self.room, numbers(map));
        let map = MatRef::from_row_major_slice(&map, self.width, LANES);
        let mut out = vec![0.0; n * LANES];
        out.par_chunks_mut(ROWS * LANES).enumerate().for_each(|(piece, out)| {
            let rows = piece * ROWS..piece * ROWS + out.len() / LANES;
            let to = MatMut::from_row_major_slice_mut(out, rows.len(), LANES);
            matmul(to, Accum::Replace, self.piece(&rows), map, 1.0, Par::Seq);
        });
        out
    }

    fn piece(&self, rows: &Range<usize>) -> MatRef<'_, f32> {
        let all = &self.rows[rows.start * self.room..rows.end * self.room];
        MatRef::from_row_major_slice(all, rows.len(), self.room).subcols(0, self.width)
    }
}

/// `xᵀ x`, `8 × 8`.
pub(super) fn gram(x: &Block) -> Array2<f64> {
    let part = |part: Range<usize>| {
        let mut sum = Sum::new(LANES);
        pieces(part).for_each(|piece| sum.add(piece_of(x, &piece), piece_of(x, &piece)));
        sum
    };
    let sums: Vec<Sum> = parts(x.len() / LANES).into_par_iter().map(part).collect();
    Sum::all(sums.iter(), LANES)
}

/// `x ← x map` for a map `8 × 8`, or `8 × fewer`: the columns that are left become 0.
pub(super) fn turn(x: &mut Block, map: ArrayView2<'_, f64>) {
    let map = numbers(map);
    let map = MatRef::from_row_major_slice(&map, LANES, LANES);
    x.par_chunks_mut(ROWS * LANES).for_each_init(Vec::new, |old, x| {
        old.clear();
        old.extend_from_slice(x);
        let rows = x.len() / LANES;
        let old = MatRef::from_row_major_slice(old, rows, LANES);
        matmul(MatMut::from_row_major_slice_mut(x, rows, LANES), Accum::Replace, old, map, 1.0, Par::Seq);
    });
}

/// A map's numbers row by row, with columns of 0 up to eight.
fn numbers(map: ArrayView2<'_, f64>) -> Vec<f32> {
    let number = |at: usize| map.get((at / LANES, at % LANES)).map_or(0.0, |&v| v as f32);
    (0..map.nrows() * LANES).map(number).collect()
}

fn piece_of<'a>(x: &'a Block, rows: &Range<usize>) -> MatRef<'a, f32> {
    MatRef::from_row_major_slice(&x[rows.start * LANES..rows.end * LANES], rows.len(), LANES)
}

/// A sum of products of pieces, `width × 8` column by column.
#[derive(Clone)]
struct Sum {
    total: Vec<f64>,
    piece: Vec<f32>,
}

impl Sum {
    fn new(width: usize) -> Self {
        Self { total: vec![0.0; width * LANES], piece: vec![0.0; width * LANES] }
    }

    /// Add `aᵀ b`.
    fn add(&mut self, a: MatRef<'_, f32>, b: MatRef<'_, f32>) {
        let to = MatMut::from_column_major_slice_mut(&mut self.piece, a.ncols(), LANES);
        matmul(to, Accum::Replace, a.transpose(), b, 1.0, Par::Seq);
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
