//! Samples as k-means reads them: rows in memory, fixed pieces, distances.

use pulp::{Arch, Simd, WithSimd};

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
    /// The nearest value of this type.
    fn nearest(value: f64) -> Self;
    /// Whether it is a number and not infinite.
    fn is_finite(self) -> bool;
}

macro_rules! feature {
    ($($float:ty),*) => {$(
        impl Feature for $float {
            const ZERO: Self = 0.0;
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

/// Samples, `n × d`, row by row in memory, cut into pieces that depend on nothing but `n`.
pub(super) struct Samples<'a, T> {
    pub values: &'a [T],
    pub n: usize,
    pub d: usize,
    /// Samples in each piece but the last. Sums are taken piece by piece, then over the pieces in order, so that they do
    /// not depend on which thread did what.
    pub piece: usize,
}

impl<'a, T> Samples<'a, T> {
    pub(super) fn new(values: &'a [T], n: usize, d: usize) -> Self {
        Self { values, n, d, piece: n.div_ceil(64).max(256) }
    }

    pub(super) fn row(&self, i: usize) -> &'a [T] {
        &self.values[i * self.d..(i + 1) * self.d]
    }

    /// Some rows, one after the other.
    pub(super) fn rows(&self, which: &[usize]) -> Vec<T>
    where
        T: Copy,
    {
        which.iter().flat_map(|&i| self.row(i)).copied().collect()
    }

    pub(super) fn pieces(&self) -> usize {
        self.n.div_ceil(self.piece)
    }

    /// The samples of one piece.
    pub(super) fn range(&self, piece: usize) -> std::ops::Range<usize> {
        piece * self.piece..((piece + 1) * self.piece).min(self.n)
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
