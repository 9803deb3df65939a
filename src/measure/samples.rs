//! Samples as k-means reads them: rows in memory, fixed pieces, distances.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// What a sample may be made of: `f32` or `f64`. Distances are taken in it, sums in `f64`.
pub trait Feature:
    Copy
    + Send
    + Sync
    + Into<f64>
    + PartialOrd
    + std::ops::Add<Output = Self>
    + std::ops::Sub<Output = Self>
    + std::ops::Mul<Output = Self>
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// More than any number.
    const INFINITY: Self;
    /// The nearest value of this type.
    fn nearest(value: f64) -> Self;
    /// Whether it is a number and not infinite.
    fn is_finite(self) -> bool;
}

macro_rules! feature {
    ($($float:ty),*) => {$(
        impl Feature for $float {
            const ZERO: Self = 0.0;
            const INFINITY: Self = <$float>::INFINITY;
            fn nearest(value: f64) -> Self {
                value as $float
            }
            fn is_finite(self) -> bool {
                <$float>::is_finite(self)
            }
        }
    )*};
}
feature!(f32, f64);

/// Samples whose distances are worked out side by side.
const LANES: usize = 16;
/// Columns up to which that is quicker than row by row.
const NARROW: usize = 32;

/// Samples, `n × d`, row by row in memory, cut into pieces that depend on nothing but `n`.
pub(super) struct Samples<'a, T> {
    pub values: &'a [T],
    pub n: usize,
    pub d: usize,
    /// Samples in each piece but the last. Sums are taken piece by piece, then over the pieces in order, so that they do
    /// not depend on which thread did what.
    pub piece: usize,
    /// Narrow rows once more, [`LANES`] samples at a time: their first columns, their second ones, and so on.
    groups: Vec<[T; LANES]>,
}

impl<'a, T: Feature> Samples<'a, T> {
    pub(super) fn new(values: &'a [T], n: usize, d: usize) -> Self {
        let groups = if d <= NARROW {
            values.par_chunks(LANES * d).flat_map_iter(|rows| group(rows, d)).collect()
        } else {
            Vec::new()
        };
        Self { values, n, d, piece: n.div_ceil(64).max(256).next_multiple_of(LANES), groups }
    }

    /// Whether distances are worked out side by side.
    pub(super) fn are_narrow(&self) -> bool {
        !self.groups.is_empty()
    }

    pub(super) fn row(&self, i: usize) -> &'a [T] {
        &self.values[i * self.d..(i + 1) * self.d]
    }

    /// Some rows, one after the other.
    pub(super) fn rows(&self, which: &[usize]) -> Vec<T> {
        which.iter().flat_map(|&i| self.row(i)).copied().collect()
    }

    pub(super) fn pieces(&self) -> usize {
        self.n.div_ceil(self.piece)
    }

    /// The samples of one piece.
    pub(super) fn range(&self, piece: usize) -> Range<usize> {
        piece * self.piece..((piece + 1) * self.piece).min(self.n)
    }

    /// Squared distance of each sample of a piece to `centre`.
    pub(super) fn distances(&self, piece: usize, centre: &[T]) -> Vec<T> {
        self.nearest(piece, centre).1
    }

    /// For each sample of a piece the nearest of the rows `centres`, the first of equals, and the squared distance to it.
    pub(super) fn nearest(&self, piece: usize, centres: &[T]) -> (Vec<u32>, Vec<T>) {
        let range = self.range(piece);
        if !self.are_narrow() {
            return range.map(|i| nearest(self.row(i), centres, self.d)).map(|(j, v)| (j, T::nearest(v))).unzip();
        }
        let mut found = (Vec::with_capacity(self.piece), Vec::with_capacity(self.piece));
        let groups = &self.groups[range.start / LANES * self.d..range.end.div_ceil(LANES) * self.d];
        Arch::new().dispatch(Nearest { groups, centres, d: self.d, found: &mut found });
        found.0.truncate(range.len());
        found.1.truncate(range.len());
        found
    }
}

/// A group's columns. What is missing in the last group is filled up with 0.
fn group<T: Feature>(rows: &[T], d: usize) -> impl Iterator<Item = [T; LANES]> {
    (0..d).map(move |c| std::array::from_fn(|lane| rows.get(lane * d + c).copied().unwrap_or(T::ZERO)))
}

struct Nearest<'a, T> {
    groups: &'a [[T; LANES]],
    centres: &'a [T],
    d: usize,
    found: &'a mut (Vec<u32>, Vec<T>),
}

impl<T: Feature> WithSimd for Nearest<'_, T> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, _: S) {
        for group in self.groups.chunks_exact(self.d) {
            let (mut which, mut least) = ([0; LANES], [T::INFINITY; LANES]);
            for (j, centre) in self.centres.chunks_exact(self.d).enumerate() {
                let mut sums = [T::ZERO; LANES];
                for (values, &c) in group.iter().zip(centre) {
                    for lane in 0..LANES {
                        let apart = values[lane] - c;
                        sums[lane] = sums[lane] + apart * apart;
                    }
                }
                for lane in 0..LANES {
                    let nearer = sums[lane] < least[lane];
                    least[lane] = if nearer { sums[lane] } else { least[lane] };
                    which[lane] = if nearer { j as u32 } else { which[lane] };
                }
            }
            self.found.0.extend(which);
            self.found.1.extend(least);
        }
    }
}

/// Squared Euclidean distance.
pub(super) fn squared_distance<T: Feature>(a: &[T], b: &[T]) -> f64 {
    // Many running sums, so that additions need not wait for each other; eight for what is left of a long row, and for short ones.
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<32>(), b.as_chunks::<32>());
    let long = if a.is_empty() { 0.0 } else { Arch::new().dispatch(Long { a, b }) };
    let ((a, a_rest), (b, b_rest)) = (a_rest.as_chunks::<8>(), b_rest.as_chunks::<8>());
    let mut sum = T::ZERO;
    for (&a, &b) in a_rest.iter().zip(b_rest) {
        sum = sum + (a - b) * (a - b);
    }
    long + sum_of_squares(a, b) + sum.into()
}

/// The part of a long row, with the widest vectors the processor has.
struct Long<'a, T> {
    a: &'a [[T; 32]],
    b: &'a [[T; 32]],
}

impl<T: Feature> WithSimd for Long<'_, T> {
    type Output = f64;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        sum_of_squares(self.a, self.b)
    }
}

/// Squared differences, with as many running sums as a chunk has values.
#[inline(always)]
#[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
fn sum_of_squares<T: Feature, const LANES: usize>(a: &[[T; LANES]], b: &[[T; LANES]]) -> f64 {
    let mut lanes = [T::ZERO; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            let apart = a[lane] - b[lane];
            lanes[lane] = lanes[lane] + apart * apart;
        }
    }
    lanes.iter().fold(0.0, |sum, &lane| sum + lane.into())
}

/// Index of the nearest of `centroids` (rows of length `d`), the first of equals, and its squared distance.
pub(super) fn nearest<T: Feature>(row: &[T], centroids: &[T], d: usize) -> (u32, f64) {
    let mut best = (0, f64::INFINITY);
    for (j, centroid) in centroids.chunks_exact(d).enumerate() {
        let distance = squared_distance(row, centroid);
        if distance < best.1 {
            best = (j as u32, distance);
        }
    }
    best
}
