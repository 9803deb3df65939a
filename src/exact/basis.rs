//! Orthonormal columns in single precision, eight more at a time.
//!
//! Products are summed in single precision within 256 rows and in double beyond, always in the same order.

use ndarray::{Array2, ArrayView2};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::tile::{LANES, Map, Sum, TILE_ROWS, Tile, combine, from_rows, product, to_rows};

/// `n × 8`, row by row, as products with a sparse matrix want it.
pub(super) type Block = Vec<f32>;

/// The same in tiles, as products of blocks want it.
pub(super) type Tiles = Vec<Tile>;

/// Most partial sums.
const MOST_SUMS: usize = 16;

/// Blocks of columns, with room for more.
pub(super) struct Basis {
    blocks: Vec<Tiles>,
    /// Columns at most.
    room: usize,
}

impl Basis {
    /// None yet of at most `room` columns.
    pub(super) fn new(room: usize) -> Self {
        Self { blocks: Vec::new(), room }
    }

    pub(super) fn width(&self) -> usize {
        self.blocks.len() * LANES
    }

    /// Whether another block has room.
    pub(super) fn has_room(&self) -> bool {
        self.width() + LANES <= self.room
    }

    /// The share of the room that is filled.
    pub(super) fn filled(&self) -> f64 {
        self.width() as f64 / self.room as f64
    }

    /// Take a block's columns in.
    pub(super) fn push(&mut self, x: Tiles) {
        self.blocks.push(x);
    }

    /// The block that came in as the `index`-th.
    pub(super) fn block(&self, index: usize) -> &Tiles {
        &self.blocks[index]
    }

    /// `Bᵀ x` for each of some blocks, `width × 8`.
    pub(super) fn overlaps(&self, blocks: &[&Block]) -> Vec<Array2<f64>> {
        let tiles = self.blocks.first().map_or(0, Vec::len);
        let length = part(tiles);
        let task = |first: usize| Arch::new().dispatch(Overlaps { basis: self, of: blocks, first, length });
        let sums = added((0..tiles).into_par_iter().step_by(length).map(task).collect());
        let width = self.blocks.len();
        (0..blocks.len()).map(|b| tall(sums.get(b * width..(b + 1) * width).unwrap_or_default())).collect()
    }

    /// `x − B map` for a map `width × 8`, what is then `Bᵀ x`, and `xᵀ x`.
    pub(super) fn rest(&self, x: &Block, map: ArrayView2<'_, f64>) -> (Tiles, Array2<f64>, Array2<f64>) {
        let mut rest = vec![[[0.0; TILE_ROWS]; LANES]; x.len().div_ceil(TILE_ROWS * LANES)];
        let (maps, length) = (maps(map.mapv(|v| -v).view()), part(rest.len()));
        let task = |(part, rest)| {
            let x = &x.as_chunks().0[part * length * TILE_ROWS..];
            Arch::new().dispatch(Rest { basis: self, maps: &maps, first: part * length, x, left: rest })
        };
        let sums = added(rest.par_chunks_mut(length).enumerate().map(task).collect());
        let (left, own) = sums.split_at(self.blocks.len().min(sums.len()));
        let (left, own) = (tall(left), tall(own));
        (rest, left, own)
    }

    /// `x ← x own + B map` for maps `8 × 8` and `width × 8`, or with fewer columns: those left become 0. And what is then `xᵀ x`.
    pub(super) fn turn(&self, x: &mut Tiles, own: ArrayView2<'_, f64>, map: ArrayView2<'_, f64>) -> Array2<f64> {
        let (own, maps, length) = (maps(own), maps(map), part(x.len()));
        let task =
            |(part, x)| Arch::new().dispatch(Turn { basis: self, own: &own, maps: &maps, first: part * length, x });
        tall(&added(x.par_chunks_mut(length).enumerate().map(task).collect()))
    }

    /// `B map` for a map `width × 8`, or with fewer columns: those left become 0.
    pub(super) fn times(&self, map: ArrayView2<'_, f64>) -> Tiles {
        let mut x = vec![[[0.0; TILE_ROWS]; LANES]; self.blocks.first().map_or(0, Vec::len)];
        self.turn(&mut x, Array2::zeros((LANES, 0)).view(), map);
        x
    }
}

/// `x ← x map` for a map `8 × 8`, or with fewer columns: those left become 0.
pub(super) fn turn(x: &mut Tiles, map: ArrayView2<'_, f64>) {
    Basis::new(0).turn(x, map, Array2::zeros((0, LANES)).view());
}

/// In tiles.
pub(super) fn tiles(x: &Block) -> Tiles {
    x.par_chunks(TILE_ROWS * LANES).map(|rows| from_rows(rows.as_chunks().0)).collect()
}

/// Row by row.
pub(super) fn rows(tiles: &Tiles, x: &mut Block) {
    x.par_chunks_mut(TILE_ROWS * LANES).zip(tiles).for_each(|(rows, tile)| to_rows(tile, rows.as_chunks_mut().0));
}

/// Tiles of a part, for so many in all.
fn part(tiles: usize) -> usize {
    tiles.div_ceil(MOST_SUMS).max(2)
}

/// A tall map's squares of eight rows, with columns of 0 up to eight.
fn maps(map: ArrayView2<'_, f64>) -> Vec<Map> {
    let number = |i, j| map.get((i, j)).map_or(0.0, |&v| v as f32);
    let square = |b| std::array::from_fn(|i| std::array::from_fn(|j| number(b + i, j)));
    (0..map.nrows()).step_by(LANES).map(square).collect()
}

/// The sums of all parts; none of none, as of a basis without blocks.
fn added(parts: Vec<Vec<Sum>>) -> Vec<Sum> {
    let add = |mut all: Vec<Sum>, part: Vec<Sum>| {
        let pairs = all.as_flattened_mut().as_flattened_mut().iter_mut().zip(part.as_flattened().as_flattened());
        pairs.for_each(|(all, v)| *all += v);
        all
    };
    parts.into_iter().reduce(add).unwrap_or_default()
}

/// Squares below each other.
fn tall(sums: &[Sum]) -> Array2<f64> {
    Array2::from_shape_fn((sums.len() * LANES, LANES), |(i, j)| sums[i / LANES][i % LANES][j])
}

/// A part of [`Basis::overlaps`].
struct Overlaps<'a> {
    basis: &'a Basis,
    of: &'a [&'a Block],
    first: usize,
    length: usize,
}

impl WithSimd for Overlaps<'_> {
    type Output = Vec<Sum>;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<Sum> {
        let Self { basis: Basis { blocks, .. }, of, first, length } = self;
        let mut sums = vec![Sum::default(); of.len() * blocks.len()];
        let last = (first + length).min(blocks.first().map_or(0, Vec::len));
        for t in first..last {
            for (sums, x) in sums.chunks_exact_mut(blocks.len()).zip(of) {
                let rows = x.as_chunks().0;
                let x = from_rows(&rows[t * TILE_ROWS..((t + 1) * TILE_ROWS).min(rows.len())]);
                for (sum, block) in sums.iter_mut().zip(blocks) {
                    product(simd, &block[t], &x, sum);
                }
            }
        }
        sums
    }
}

/// A part of [`Basis::rest`], its first rows those of `x`.
struct Rest<'a> {
    basis: &'a Basis,
    maps: &'a [Map],
    first: usize,
    x: &'a [[f32; LANES]],
    left: &'a mut [Tile],
}

impl WithSimd for Rest<'_> {
    type Output = Vec<Sum>;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<Sum> {
        let Self { basis: Basis { blocks, .. }, maps, first, x, left } = self;
        let mut sums = vec![Sum::default(); blocks.len() + 1];
        for ((t, rest), x) in (first..).zip(left).zip(x.chunks(TILE_ROWS)) {
            *rest = from_rows(x);
            for (block, map) in blocks.iter().zip(maps) {
                combine(simd, &block[t], map, rest);
            }
            for (sum, block) in sums.iter_mut().zip(blocks) {
                product(simd, &block[t], rest, sum);
            }
            product(simd, rest, rest, &mut sums[blocks.len()]);
        }
        sums
    }
}

/// A part of [`Basis::turn`].
struct Turn<'a> {
    basis: &'a Basis,
    own: &'a [Map],
    maps: &'a [Map],
    first: usize,
    x: &'a mut [Tile],
}

impl WithSimd for Turn<'_> {
    type Output = Vec<Sum>;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<Sum> {
        let Self { basis: Basis { blocks, .. }, own, maps, first, x } = self;
        let mut sum = Sum::default();
        for (t, x) in (first..).zip(x) {
            let mut new = [[0.0; TILE_ROWS]; LANES];
            for own in own {
                combine(simd, x, own, &mut new);
            }
            for (block, map) in blocks.iter().zip(maps) {
                combine(simd, &block[t], map, &mut new);
            }
            product(simd, &new, &new, &mut sum);
            *x = new;
        }
        vec![sum]
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
        let mut basis = Basis::new(3 * LANES);
        basis.push(tiles(&a));
        basis.push(tiles(&b));
        let flat = |tiles: &Tiles| {
            let mut x = block(n, 4);
            rows(tiles, &mut x);
            x
        };
        assert!(basis.width() == 2 * LANES && basis.has_room() && flat(basis.block(1)) == b);
        let (all, own) = (wide(&[&a, &b]), wide(&[&x]));

        let found = basis.overlaps(&[&x, &a]);
        near(&found[0], &all.t().dot(&own), 2e-3);
        near(&found[1], &all.t().dot(&wide(&[&a])), 2e-3);

        let map = Array2::from_shape_fn((2 * LANES, LANES), |(i, j)| (i as f64 - 3.0 * j as f64) / 40.0);
        near(&wide(&[&flat(&basis.times(map.view()))]), &all.dot(&map), 1e-5);
        let (mut rest, overlap, square) = basis.rest(&x, map.view());
        let left = wide(&[&flat(&rest)]);
        near(&left, &(&own - &all.dot(&map)), 1e-5);
        near(&overlap, &all.t().dot(&left), 2e-3);
        near(&square, &left.t().dot(&left), 2e-3);
        // Maps to three columns: the other five become 0.
        let (narrow, narrower) = (map.slice(ndarray::s![..LANES, ..3]), map.slice(ndarray::s![.., ..3]));
        let square = basis.turn(&mut rest, narrow, narrower);
        let turned = wide(&[&flat(&rest)]);
        near(&turned.slice(ndarray::s![.., ..3]).to_owned(), &(&left.dot(&narrow) + &all.dot(&narrower)), 1e-5);
        assert!(turned.slice(ndarray::s![.., 3..]).iter().all(|&v| v == 0.0));
        near(&square, &turned.t().dot(&turned), 2e-3);
    }
}
