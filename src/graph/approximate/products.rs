//! Products of few queries with many packed points, with the widest vectors the processor has.
//!
//! General matrix products pack both operands anew on every call. Here the points stay packed, and a call serves only the
//! queries that want these points, which are as few as six. The kernel is the register tile of Goto and van de Geijn,
//! "Anatomy of high-performance matrix multiplication" (ACM TOMS 34, 2008); `pulp` picks the instructions at run time.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

/// Points in a panel, a multiple of every processor's vector length.
pub(super) const PANEL: usize = 32;
/// Queries that a call serves: with two vectors of points they fill the 16 registers of AVX2.
pub(super) const QUERIES: usize = 6;

/// Points in panels of [`PANEL`]: their biases first, then coordinate after coordinate.
#[derive(Clone, Debug)]
pub(super) struct Panels {
    values: Vec<f32>,
    depth: usize,
}

impl Panels {
    /// No panels yet, for points of `depth` coordinates.
    pub(super) fn new(depth: usize) -> Self {
        Self { values: Vec::new(), depth }
    }

    /// Make room for so many panels more.
    pub(super) fn reserve(&mut self, panels: usize) {
        self.values.reserve(panels * self.stride());
    }

    /// Coordinates of a point.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Numbers in a panel.
    fn stride(&self) -> usize {
        (self.depth + 1) * PANEL
    }

    /// Panels packed so far.
    pub(super) fn len(&self) -> usize {
        self.values.len() / self.stride()
    }

    /// Pack points, given as coordinates and bias, in new panels. Places left over are never close to anything.
    pub(super) fn extend<'a>(&mut self, points: impl ExactSizeIterator<Item = (&'a [f32], f32)>) {
        let (from, stride) = (self.values.len(), self.stride());
        self.values.resize(from + points.len().div_ceil(PANEL) * stride, 0.0);
        for panel in self.values[from..].chunks_exact_mut(stride) {
            panel[..PANEL].fill(f32::NEG_INFINITY);
        }
        for (at, (point, bias)) in points.enumerate() {
            let panel = &mut self.values[from + at / PANEL * stride..][..stride];
            panel[at % PANEL] = bias;
            for (row, &value) in panel[PANEL..].chunks_exact_mut(PANEL).zip(point) {
                row[at % PANEL] = value;
            }
        }
    }

    /// Coordinates of a point: number `at` among those from panel `start` on.
    pub(super) fn point(&self, start: usize, at: usize) -> Vec<f32> {
        let panel = &self.values[(start + at / PANEL) * self.stride()..][..self.stride()];
        panel[PANEL..].iter().skip(at % PANEL).step_by(PANEL).copied().collect()
    }

    /// How close each point of `panels` is to each query: bias plus inner product, larger is closer. Row `q` of `out` gets
    /// the numbers of query `q`, [`PANEL`] for each panel.
    pub(super) fn closeness(&self, arch: Arch, queries: [&[f32]; QUERIES], panels: Range<usize>, out: &mut Vec<f32>) {
        let width = panels.len() * PANEL;
        out.resize(QUERIES * width, 0.0);
        let panels = self.some(panels);
        arch.dispatch(Closeness { queries, panels, stride: self.stride(), width, out });
    }

    /// The points of `panels` that are closer to a query than its limit, as [`Panels::closeness`] has it. A limit of
    /// infinity finds none.
    pub(super) fn closer(
        &self,
        arch: Arch,
        queries: [&[f32]; QUERIES],
        limits: [f32; QUERIES],
        panels: Range<usize>,
        hits: &mut Hits,
    ) {
        hits.places.clear();
        hits.closeness.clear();
        let panels = self.some(panels);
        arch.dispatch(Closer { queries, limits, panels, stride: self.stride(), hits });
    }

    fn some(&self, panels: Range<usize>) -> &[f32] {
        &self.values[panels.start * self.stride()..panels.end * self.stride()]
    }
}

/// Where points are closer than the limits of the queries.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits {
    /// Query, and number of the first of [`Hits::width`] points that stand side by side.
    places: Vec<(u8, u32)>,
    /// For each place, how close each of its points is; some are no closer than the limit.
    closeness: Vec<f32>,
    width: usize,
}

impl Hits {
    /// Each query with the number of a point and the closeness of it and those after it.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize, &[f32])> {
        let places = self.places.iter().zip(self.closeness.chunks_exact(self.width.max(1)));
        places.map(|(&(q, from), closeness)| (q as usize, from as usize, closeness))
    }
}

struct Closeness<'a> {
    queries: [&'a [f32]; QUERIES],
    panels: &'a [f32],
    stride: usize,
    width: usize,
    out: &'a mut [f32],
}

impl WithSimd for Closeness<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { queries, panels, stride, width, out } = self;
        tiles(simd, queries, panels, stride, |from, sums| {
            for (sums, out) in sums.iter().zip(out.chunks_exact_mut(width)) {
                let (out, _) = S::as_mut_simd_f32s(&mut out[from..from + 2 * S::F32_LANES]);
                out.copy_from_slice(sums);
            }
        });
    }
}

struct Closer<'a> {
    queries: [&'a [f32]; QUERIES],
    limits: [f32; QUERIES],
    panels: &'a [f32],
    stride: usize,
    hits: &'a mut Hits,
}

impl WithSimd for Closer<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { queries, limits, panels, stride, hits } = self;
        hits.width = 2 * S::F32_LANES;
        let limits = limits.map(|limit| simd.splat_f32s(limit));
        tiles(simd, queries, panels, stride, |from, sums| {
            for ((sums, &limit), q) in sums.iter().zip(&limits).zip(0u8..) {
                let [first, second] = sums.map(|sums| simd.less_than_f32s(limit, sums));
                if simd.first_true_m32s(simd.or_m32s(first, second)) < S::F32_LANES {
                    hits.places.push((q, from as u32));
                    let at = hits.closeness.len();
                    hits.closeness.resize(at + 2 * S::F32_LANES, 0.0);
                    let (out, _) = S::as_mut_simd_f32s(&mut hits.closeness[at..]);
                    out.copy_from_slice(sums);
                }
            }
        });
    }
}

/// Go through panels by two vectors of points: `done` gets the number of the first point and the sums for each query.
#[inline(always)]
#[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
fn tiles<S: Simd>(
    simd: S,
    queries: [&[f32]; QUERIES],
    panels: &[f32],
    stride: usize,
    mut done: impl FnMut(usize, &[[S::f32s; 2]; QUERIES]),
) {
    let per_row = PANEL / S::F32_LANES;
    let depth = stride / PANEL - 1;
    let queries = queries.map(|query| &query[..depth]);
    for (number, panel) in panels.chunks_exact(stride).enumerate() {
        let (vectors, _) = S::as_simd_f32s(panel);
        for pair in 0..per_row / 2 {
            let rows = vectors.chunks_exact(per_row).map(|row| [row[2 * pair], row[2 * pair + 1]]);
            done(number * PANEL + 2 * pair * S::F32_LANES, &tile(simd, queries, rows));
        }
    }
}

/// Two vectors of points with all queries. The first of `rows` holds the biases.
#[inline(always)]
#[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
fn tile<S: Simd>(
    simd: S,
    queries: [&[f32]; QUERIES],
    mut rows: impl Iterator<Item = [S::f32s; 2]>,
) -> [[S::f32s; 2]; QUERIES] {
    // The packed rows begin with their biases.
    let bias = rows.next().unwrap_or([simd.splat_f32s(0.0); 2]);
    let mut sums = [bias; QUERIES];
    for (at, row) in rows.enumerate() {
        for (sums, query) in sums.iter_mut().zip(queries) {
            let value = simd.splat_f32s(query[at]);
            sums[0] = simd.mul_add_e_f32s(value, row[0], sums[0]);
            sums[1] = simd.mul_add_e_f32s(value, row[1], sums[1]);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_multiplied_with_every_query() {
        let depth = 5;
        let points: Vec<Vec<f32>> =
            (0..40u16).map(|i| (0..5u16).map(|j| f32::from(i * 3 + j) % 7.0).collect()).collect();
        let mut panels = Panels::new(depth);
        panels.extend(points[..3].iter().map(|point| (point.as_slice(), 0.5)));
        panels.extend(points.iter().map(|point| (point.as_slice(), -1.0)));
        assert_eq!((panels.len(), panels.point(1, 37)), (3, points[37].clone()));

        let queries: [&[f32]; QUERIES] = std::array::from_fn(|q| points[q].as_slice());
        let (mut out, mut hits) = (Vec::new(), Hits::default());
        panels.closeness(Arch::new(), queries, 1..3, &mut out);
        let mut limits = [f32::INFINITY; QUERIES];
        limits[4] = 30.0;
        panels.closer(Arch::new(), queries, limits, 1..3, &mut hits);
        let mut found: Vec<usize> = Vec::new();
        for (q, from, closeness) in hits.iter() {
            assert_eq!(q, 4);
            found.extend(closeness.iter().zip(from..).filter(|&(&c, _)| c > 30.0).map(|(_, at)| at));
        }
        let product = |q: usize, at: usize| queries[q].iter().zip(&points[at]).map(|(a, b)| a * b).sum::<f32>() - 1.0;
        assert_eq!(found, (0..40).filter(|&at| product(4, at) > 30.0).collect::<Vec<_>>());
        for (q, row) in out.chunks_exact(64).enumerate() {
            for (at, &c) in row.iter().enumerate() {
                let expected = if at < 40 { product(q, at) } else { f32::NEG_INFINITY };
                assert!(c <= expected + 1e-4 && c >= expected - 1e-4, "{c} {expected}");
            }
        }
    }
}
