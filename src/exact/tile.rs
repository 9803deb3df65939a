//! 256 rows of eight columns in single precision, column by column, and what is done with them: products for the widest vectors the
//! processor has.

use pulp::Simd;

/// Columns of a block: half of a wide register, and few enough that a block of a large graph lies in the nearest caches.
pub(super) const LANES: usize = 8;
/// Rows of a tile, a multiple of every processor's vector length: few enough to sum in single precision.
pub(super) const TILE_ROWS: usize = 256;

/// The columns one after the other.
pub(super) type Tile = [[f32; TILE_ROWS]; LANES];
/// What turns eight columns into others.
pub(super) type Map = [[f32; LANES]; LANES];
/// Inner products of eight columns with eight others.
pub(super) type Sum = [[f64; LANES]; LANES];

/// Columns, or rows of a result, at a time: sixteen sums and what they are made of fill half of the registers of AVX-512.
const SIDE: usize = 4;

/// A tile of so many rows, and of 0 below.
pub(super) fn from_rows(rows: &[[f32; LANES]]) -> Tile {
    let mut tile = [[0.0; TILE_ROWS]; LANES];
    let (squares, rest) = rows.as_chunks::<LANES>();
    for (at, square) in squares.iter().enumerate().take(TILE_ROWS / LANES) {
        for (j, column) in tile.iter_mut().enumerate() {
            column[at * LANES..][..LANES].copy_from_slice(&square.map(|row| row[j]));
        }
    }
    for (at, row) in (squares.len() * LANES..TILE_ROWS).zip(rest) {
        for (column, &v) in tile.iter_mut().zip(row) {
            column[at] = v;
        }
    }
    tile
}

/// A tile's first rows.
pub(super) fn to_rows(tile: &Tile, rows: &mut [[f32; LANES]]) {
    for (r, row) in rows.iter_mut().enumerate().take(TILE_ROWS) {
        for (v, column) in row.iter_mut().zip(tile) {
            *v = column[r];
        }
    }
}

/// `sum ← sum + aᵀ b`.
#[inline(always)]
#[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
pub(super) fn product<S: Simd>(simd: S, a: &Tile, b: &Tile, sum: &mut Sum) {
    for (sum, a) in sum.as_chunks_mut::<SIDE>().0.iter_mut().zip(a.as_chunks::<SIDE>().0) {
        for (j, b) in b.as_chunks::<SIDE>().0.iter().enumerate() {
            let (a, b) = (a.each_ref().map(|a| S::as_simd_f32s(a).0), b.each_ref().map(|b| S::as_simd_f32s(b).0));
            let mut sums = [[simd.splat_f32s(0.0); SIDE]; SIDE];
            for v in 0..TILE_ROWS / S::F32_LANES {
                let (a, b) = (a.map(|a| a[v]), b.map(|b| b[v]));
                for (sums, a) in sums.iter_mut().zip(a) {
                    for (sum, b) in sums.iter_mut().zip(b) {
                        *sum = simd.mul_add_e_f32s(a, b, *sum);
                    }
                }
            }
            for (sum, sums) in sum.iter_mut().zip(sums) {
                for (sum, v) in sum[j * SIDE..][..SIDE].iter_mut().zip(sums) {
                    *sum += f64::from(simd.reduce_sum_f32s(v));
                }
            }
        }
    }
}

/// `x ← x + from · map`.
#[inline(always)]
#[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
pub(super) fn combine<S: Simd>(simd: S, from: &Tile, map: &Map, x: &mut Tile) {
    let from = from.each_ref().map(|column| S::as_simd_f32s(column).0);
    for (j, x) in x.as_chunks_mut::<SIDE>().0.iter_mut().enumerate() {
        let mut x = x.each_mut().map(|column| S::as_mut_simd_f32s(column).0);
        for v in 0..TILE_ROWS / S::F32_LANES {
            let mut sums = x.each_ref().map(|x| x[v]);
            for (from, map) in from.iter().zip(map) {
                for (sum, &map) in sums.iter_mut().zip(&map[j * SIDE..][..SIDE]) {
                    *sum = simd.mul_add_e_f32s(from[v], simd.splat_f32s(map), *sum);
                }
            }
            for (x, sum) in x.iter_mut().zip(sums) {
                x[v] = sum;
            }
        }
    }
}
