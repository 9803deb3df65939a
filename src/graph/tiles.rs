//! Exact neighbours in many dimensions: blocked matrix products propose, exact distances decide.
//!
//! Rows are centred and scaled, and two columns are added so that one product gives `−½‖xᵢ−xⱼ‖²` for a whole tile. Each
//! tile serves both its rows and its columns. A product in f32 may misjudge by a known amount, so every row keeps a few
//! candidates more than asked, their distances are computed anew from the coordinates in f64, and a row whose k-th distance
//! is not safely below what was left out is searched again with that margin ([`second_look`]).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use faer::{Accum, Mat, MatRef};
use ndarray::{ArrayView2, Axis, CowArray, Ix2};
use rayon::prelude::*;

use super::Neighbors;
use super::nearest::{Nearest, squared_distance};
use crate::Result;
use crate::support::progress::Progress;
use crate::support::wide::multiply;

/// Rows and columns of a tile: the tile's products stay in a core's cache.
const TILE: usize = 512;
/// Candidates kept beyond the `k` asked for.
const SPARE: usize = 8;
/// Products examined at a time before any is looked at singly.
const LANES: usize = 16;

/// Rows as the products need them: centred, scaled, constant columns left out, two columns more on each side.
struct Prepared {
    /// `n × width`: coordinates, `−½‖x‖²`, 1.
    left: Vec<f32>,
    /// `n × width`: coordinates, 1, `−½‖x‖²`.
    right: Vec<f32>,
    /// Lengths of the scaled rows.
    norms: Vec<f64>,
    /// What a coordinate was multiplied by.
    scale: f64,
    width: usize,
    n: usize,
}

/// The candidates of [`TILE`] consecutive rows, as half squared distances in scaled units.
struct Group {
    best: Vec<Nearest<f32>>,
    /// For each row: a half squared distance above this is of no use.
    limits: Vec<f32>,
}

/// The `k` nearest of every row of `x`, `1 ≤ k < n`.
pub(super) fn search(x: ArrayView2<'_, f32>, k: usize, progress: &Progress<'_>) -> Result<Neighbors> {
    let x = x.as_standard_layout();
    let rows = Prepared::new(x.view());
    progress.at(0.02, "finding neighbours")?;
    let proposed = propose(&rows, (k + SPARE).min(rows.n - 1), progress)?;
    progress.at(0.9, "measuring neighbours")?;

    let mut found = Neighbors { k, indices: vec![0; rows.n * k], distances: vec![0.0; rows.n * k], recall: None };
    let doubtful: Vec<Option<usize>> = found
        .indices
        .par_chunks_mut(k)
        .zip(found.distances.par_chunks_mut(k))
        .enumerate()
        .map(|(i, (indices, distances))| {
            progress.check()?;
            let candidates = &proposed[i / TILE].best[i % TILE];
            let mut best = Nearest::new(k);
            for &j in candidates.indices() {
                best.offer(squared_distance(row(&x, i), row(&x, j as usize)), j);
            }
            fill(&best, indices, distances);
            let everyone = candidates.indices().len() == rows.n - 1;
            let limit = rows.limit(i, best.keys().last().copied().unwrap_or(0.0));
            let left_out = 2.0 * candidates.keys().last().copied().map_or(0.0, f64::from);
            Ok((!everyone && left_out <= limit).then_some(i))
        })
        .collect::<Result<_>>()?;
    drop(proposed);
    let doubtful: Vec<usize> = doubtful.into_iter().flatten().collect();
    second_look(&rows, &x, &doubtful, &mut found, progress)?;
    Ok(found)
}

/// One row of a matrix in standard layout.
fn row<'a>(x: &'a CowArray<'_, f32, Ix2>, i: usize) -> &'a [f32] {
    let d = x.ncols();
    x.as_slice().map_or(&[], |all| &all[i * d..(i + 1) * d])
}

fn fill(best: &Nearest<f64>, indices: &mut [u32], distances: &mut [f32]) {
    indices.copy_from_slice(best.indices());
    for (to, &from) in distances.iter_mut().zip(best.keys()) {
        *to = from.sqrt() as f32;
    }
}

impl Prepared {
    fn new(x: ArrayView2<'_, f32>) -> Self {
        let n = x.nrows();
        // Constant columns add nothing to a distance, and pictures have many.
        let columns: Vec<(usize, f64)> = (0..x.ncols())
            .filter_map(|j| {
                let column = x.column(j);
                let constant = column.iter().all(|&v| v.total_cmp(&column[0]).is_eq());
                (!constant).then(|| (j, column.iter().map(|&v| f64::from(v)).sum::<f64>() / n as f64))
            })
            .collect();
        let largest = columns
            .iter()
            .flat_map(|&(j, mean)| x.column(j).into_iter().map(move |&v| (f64::from(v) - mean).abs()))
            .fold(0.0, f64::max);
        let scale = if largest > 0.0 { largest.recip() } else { 1.0 };
        let width = columns.len() + 2;
        let (mut left, mut right) = (vec![0.0f32; n * width], vec![0.0f32; n * width]);
        let mut norms = vec![0.0; n];
        left.par_chunks_mut(width)
            .zip(right.par_chunks_mut(width))
            .zip(&mut norms)
            .zip(x.axis_iter(Axis(0)).into_par_iter())
            .for_each(|(((left, right), norm), row)| {
                let mut square = 0.0;
                for (to, &(j, mean)) in left.iter_mut().zip(&columns) {
                    *to = ((f64::from(row[j]) - mean) * scale) as f32;
                    square += f64::from(*to) * f64::from(*to);
                }
                right[..columns.len()].copy_from_slice(&left[..columns.len()]);
                let half = (-0.5 * square) as f32;
                left[columns.len()..].copy_from_slice(&[half, 1.0]);
                right[columns.len()..].copy_from_slice(&[1.0, half]);
                *norm = square.sqrt();
            });
        Self { left, right, norms, scale, width, n }
    }

    /// Tiles along one side.
    fn groups(&self) -> usize {
        self.n.div_ceil(TILE)
    }

    fn range(&self, group: usize) -> std::ops::Range<usize> {
        group * TILE..((group + 1) * TILE).min(self.n)
    }

    /// Rounding errors of a product's squared distance, for row `i` and any row that can be nearer than the root of `kth`.
    /// Each product sums `width` terms whose magnitudes add up to at most `½(‖xᵢ‖+‖xⱼ‖)²`, and such a row is no longer
    /// than `‖xᵢ‖` and that distance together; the constant covers rounded coordinates and norms.
    fn margin(&self, i: usize, kth: f64) -> f64 {
        let reach = 2.0 * self.norms[i] + kth.sqrt();
        (self.width as f64 + 16.0) * f64::from(f32::EPSILON) * reach * reach
    }

    /// The largest computed squared distance of a row whose true one is at most `kth`, which is in the data's own units.
    #[inline]
    fn limit(&self, i: usize, kth: f64) -> f64 {
        let kth = kth * self.scale * self.scale;
        kth + self.margin(i, kth)
    }

    /// Minus half the squared distances of `rows` (of the given left matrix) to the rows of a group.
    fn product(&self, left: &[f32], columns: std::ops::Range<usize>, tile: &mut Mat<f32>) {
        let count = left.len() / self.width;
        let right = &self.right[columns.start * self.width..columns.end * self.width];
        // The tile is stored by columns, so the roles are swapped: a column of it is a row of `left`.
        multiply(
            tile.as_mut().submatrix_mut(0, 0, columns.len(), count),
            Accum::Replace,
            MatRef::from_row_major_slice(right, columns.len(), self.width),
            MatRef::from_row_major_slice(left, count, self.width).transpose(),
        );
    }
}

/// The `room` nearest of every row as the products see them, in groups of [`TILE`] rows.
fn propose(rows: &Prepared, room: usize, progress: &Progress<'_>) -> Result<Vec<Group>> {
    let groups: Vec<Mutex<Group>> = (0..rows.groups())
        .map(|g| {
            let count = rows.range(g).len();
            Mutex::new(Group { best: vec![Nearest::new(room); count], limits: vec![f32::INFINITY; count] })
        })
        .collect();
    // Diagonal by diagonal: tiles that run at the same time seldom share rows, and near the start every row has met some.
    let tiles: Vec<(usize, usize)> =
        (0..groups.len()).flat_map(|step| (step..groups.len()).map(move |b| (b - step, b))).collect();
    let done = AtomicUsize::new(0);
    tiles.par_iter().with_max_len(4).try_for_each_init(
        || Mat::<f32>::zeros(TILE, TILE),
        |tile, &(a, b)| {
            let fraction = done.fetch_add(1, Ordering::Relaxed) as f32 / tiles.len() as f32;
            progress.at(0.02 + 0.88 * fraction, "finding neighbours")?;
            let (above, beside) = (rows.range(a), rows.range(b));
            rows.product(&rows.left[above.start * rows.width..above.end * rows.width], beside.clone(), tile);
            let mut first = lock(&groups[a]);
            // Always the lower group first, so that no two tiles wait for each other.
            let mut second = (a != b).then(|| lock(&groups[b]));
            for (i, row) in above.enumerate() {
                let values = tile.col_as_slice(i);
                if let Some(second) = second.as_mut() {
                    take_both(&values[..beside.len()], &mut first, i, second, row, beside.start);
                } else {
                    take(&values[..beside.len()], &mut first, i, row, beside.start);
                }
            }
            Ok(())
        },
    )?;
    Ok(groups.into_iter().map(|g| g.into_inner().unwrap_or_else(PoisonError::into_inner)).collect())
}

fn lock(group: &Mutex<Group>) -> MutexGuard<'_, Group> {
    group.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Group {
    #[inline]
    fn offer(&mut self, at: usize, half: f32, index: usize) {
        let best = &mut self.best[at];
        best.offer(half, index as u32);
        if let Some((worst, _)) = best.worst() {
            self.limits[at] = worst;
        }
    }
}

/// Offer products `values` (of `row` with the rows from `start` on) to `row`, which is number `at` of its group.
fn take(values: &[f32], group: &mut Group, at: usize, row: usize, start: usize) {
    for (j, &v) in (start..).zip(values) {
        if j != row && -v <= group.limits[at] {
            group.offer(at, -v, j);
        }
    }
}

/// Offer products to their row, and the same products to the rows on the other side.
fn take_both(values: &[f32], first: &mut Group, at: usize, second: &mut Group, row: usize, start: usize) {
    let (chunks, rest) = values.as_chunks::<LANES>();
    for (chunk, values) in chunks.iter().enumerate() {
        let from = chunk * LANES;
        if any_within(values, first.limits[at], &second.limits[from..]) {
            take_each(values, first, at, second, row, start, from);
        }
    }
    take_each(rest, first, at, second, row, start, values.len() - rest.len());
}

/// Whether any half squared distance is within its row's limit or its column's: almost always no, so this is what a
/// search spends its time on besides the products.
#[inline]
fn any_within(values: &[f32; LANES], limit: f32, limits: &[f32]) -> bool {
    let Some(limits) = limits.first_chunk::<LANES>() else { return true };
    let mut any = false;
    for (&v, &other) in values.iter().zip(limits) {
        any |= -v <= limit.max(other);
    }
    any
}

fn take_each(values: &[f32], first: &mut Group, at: usize, second: &mut Group, row: usize, start: usize, from: usize) {
    for (j, &v) in (from..).zip(values) {
        if -v <= first.limits[at] {
            first.offer(at, -v, start + j);
        }
        if -v <= second.limits[j] {
            second.offer(j, -v, row);
        }
    }
}

/// Search rows again whose candidates may lack a true neighbour: among many equal distances, or where rounding blurs them.
/// Whatever a product puts within the margin of the k-th distance is measured exactly.
fn second_look(
    rows: &Prepared,
    x: &CowArray<'_, f32, Ix2>,
    doubtful: &[usize],
    found: &mut Neighbors,
    progress: &Progress<'_>,
) -> Result<()> {
    let k = found.k;
    let done = AtomicUsize::new(0);
    let searched: Vec<Vec<Nearest<f64>>> = doubtful
        .par_chunks(TILE / 8)
        .map_init(
            || Mat::<f32>::zeros(TILE, TILE / 8),
            |tile, chunk| {
                let fraction = done.fetch_add(chunk.len(), Ordering::Relaxed) as f32 / doubtful.len() as f32;
                let left: Vec<f32> =
                    chunk.iter().flat_map(|&i| &rows.left[i * rows.width..(i + 1) * rows.width]).copied().collect();
                let mut best: Vec<Nearest<f64>> = vec![Nearest::new(k); chunk.len()];
                for group in 0..rows.groups() {
                    progress.at(0.92 + 0.08 * fraction, "telling equal distances apart")?;
                    let range = rows.range(group);
                    rows.product(&left, range.clone(), tile);
                    for (at, (&i, best)) in chunk.iter().zip(&mut best).enumerate() {
                        // What the first look found bounds the k-th distance; the factor covers its rounding to f32.
                        let before = f64::from(found.distances[i * k + k - 1]).powi(2) * (1.0 + 1e-6);
                        let mut limit = rows.limit(i, before);
                        for (j, &v) in range.clone().zip(tile.col_as_slice(at)) {
                            if -2.0 * f64::from(v) <= limit && j != i {
                                best.offer(squared_distance(row(x, i), row(x, j)), j as u32);
                                if let Some((kth, _)) = best.worst() {
                                    limit = rows.limit(i, kth.min(before));
                                }
                            }
                        }
                    }
                }
                Ok(best)
            },
        )
        .collect::<Result<_>>()?;
    for (&i, best) in doubtful.iter().zip(searched.iter().flatten()) {
        fill(best, &mut found.indices[i * k..(i + 1) * k], &mut found.distances[i * k..(i + 1) * k]);
    }
    Ok(())
}
