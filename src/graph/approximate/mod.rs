//! Approximate neighbours in many dimensions: short rows propose, exact distances decide.
//!
//! 1. Rows are projected to a few principal components ([`projection`]).
//! 2. The projected rows are divided into lists of near ones by k-means, and every row meets the rows of the lists nearest
//!    to it: the inverted file of Jégou, Douze and Schmid, "Product quantization for nearest neighbor search" (IEEE TPAMI
//!    33, 2011), with projections in the place of quantised rows ([`candidates`]).
//! 3. The closest few are measured in all coordinates.
//! 4. What a row found, it tells to the rows found: a neighbour need only be met from one side.
//!
//! How many rows are met and how many measured is found out on a few rows first ([`effort`](mod@effort)). The answer
//! depends on data and seed alone, not on the number of threads. Distances are exact; a neighbour may be lacking, and
//! [`Neighbors::recall`] says how often.

mod candidates;
mod distances;
mod effort;
mod lists;
mod measured;
mod order;
mod products;
mod projection;

use ndarray::ArrayView2;
use pulp::Arch;
use rayon::prelude::*;

use self::candidates::Lists;
use self::distances::Rows;
use self::effort::effort;
use self::measured::{gather, improve, measure, reversed};
use self::projection::Projected;
use super::nearest::Nearest;
use super::{Neighbors, tiles};
use crate::Result;
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};

/// Fewer rows than these are searched exactly, which takes no longer.
const FEWEST: usize = 4096;
/// With fewer rows per neighbour than these, too, most rows would be candidates.
const FEWEST_PER_NEIGHBOUR: usize = 20;
/// Rows on which the recall is measured, those of them that one thread measures together, and numbers in a piece of all rows.
const MEASURED: usize = 100;
const SIDE_BY_SIDE: usize = 10;
const PIECE: usize = 1 << 17;
/// What is being done, for the person who waits.
const NOTE: &str = "finding neighbours";

/// Nearly the `k` nearest of every row of `x` (`n × d`), itself left out, `1 ≤ k < n`, `d ≥ 1`, all numbers finite. Each
/// row gets exactly `k`, sorted by distance and then by index.
///
/// # Errors
/// [`Error::Cancelled`](crate::Error::Cancelled).
pub(super) fn search(x: ArrayView2<'_, f32>, k: usize, seed: u64, progress: &Progress<'_>) -> Result<Neighbors> {
    let (n, d) = x.dim();
    let x = x.as_standard_layout();
    let Some(values) = x.as_slice().filter(|_| n >= FEWEST && k <= n / FEWEST_PER_NEIGHBOUR) else {
        return tiles::search(x.view(), k, progress);
    };
    let rows = Rows { values, d, arch: Arch::new() };
    progress.at(0.0, NOTE)?;
    let points = Projected::new(values, d, seed, progress)?;
    progress.at(0.1, NOTE)?;
    let lists = Lists::new(&points, seed, rows.arch, progress)?;
    progress.at(0.18, NOTE)?;
    let (depth, scale) = (points.depth, points.scale);
    drop(points);
    let effort = effort(&lists, rows, depth, k, scale, progress)?;
    progress.at(0.2, NOTE)?;
    let found = measure(&lists, rows, k, scale, effort, progress)?;
    progress.at(0.95, NOTE)?;
    let (mut neighbors, limits) = gather(&lists, &found, n, k);
    let pairs = reversed(&lists, &found, &neighbors, &limits);
    drop(found);
    improve(&mut neighbors, rows, &pairs);
    neighbors.recall = Some(recall(x.view(), &neighbors, MEASURED, seed));
    Ok(neighbors)
}

/// The part of the true nearest neighbours that `found` has, measured on `samples` rows of `x` (`n × d`) chosen by `seed`:
/// each is compared with all rows. Of equally distant rows, any is right. 1 where nothing was asked for.
#[must_use]
pub fn recall(x: ArrayView2<'_, f32>, found: &Neighbors, samples: usize, seed: u64) -> f64 {
    let ((n, d), k) = (x.dim(), found.k);
    let x = x.as_standard_layout();
    let Some(values) = x.as_slice().filter(|_| (1..n).contains(&k) && samples > 0) else { return 1.0 };
    let rows = Rows { values, d, arch: Arch::new() };
    let everyone: Vec<u32> = (0..n as u32).collect();
    let chosen = rand::seq::index::sample(&mut rng(seed, Stream::Recall, 0), n, samples.min(n)).into_vec();
    // A piece of all rows stays in the cache while it is measured from several chosen ones.
    let right = |chosen: &[usize]| {
        let mut best = vec![Nearest::new(k); chosen.len()];
        let mut squares = Vec::new();
        for piece in everyone.chunks((PIECE / d).max(1)) {
            for (&i, best) in chosen.iter().zip(&mut best) {
                rows.exact(i as u32, piece, &mut squares);
                for (&j, &square) in piece.iter().zip(&squares).filter(|&(&j, _)| j as usize != i) {
                    best.offer(square, j);
                }
            }
        }
        let mut right = 0;
        for (&i, best) in chosen.iter().zip(&best) {
            rows.exact(i as u32, &found.indices[found.range(i as u32)], &mut squares);
            let kth = best.keys().last().copied().unwrap_or(f64::INFINITY);
            right += squares.iter().filter(|&&square| square <= kth).count();
        }
        right
    };
    let right: usize = chosen.par_chunks(SIDE_BY_SIDE).map(right).sum();
    right as f64 / (chosen.len() * k) as f64
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::Rng;

    use super::*;
    use crate::Error;
    use crate::support::progress::Control;

    /// Rows around some centres, not equally far out in all directions.
    fn clustered(n: usize, d: usize, seed: u64) -> Array2<f32> {
        let mut rng = rng(seed, Stream::Data, 0);
        let centres = Array2::from_shape_fn((20, d), |_| rng.random_range(-2.0f32..2.0));
        let of: Vec<usize> = (0..n).map(|_| rng.random_range(0..20)).collect();
        Array2::from_shape_fn((n, d), |(i, j)| {
            centres[[of[i], j]] + rng.random_range(-1.0f32..1.0) / (1 + j / 4) as f32
        })
    }

    fn approximate(x: &Array2<f32>, k: usize) -> Neighbors {
        search(x.view(), k, 5, &Progress::silent()).expect("valid input")
    }

    fn exact(x: &Array2<f32>, k: usize) -> Neighbors {
        tiles::search(x.view(), k, &Progress::silent()).expect("valid input")
    }

    /// The part of the entries of `right` that `found` has too.
    fn shared(found: &Neighbors, right: &Neighbors) -> f64 {
        let pairs = found.indices.chunks_exact(found.k).zip(right.indices.chunks_exact(right.k));
        let hits: usize = pairs.map(|(found, right)| right.iter().filter(|j| found.contains(j)).count()).sum();
        hits as f64 / right.indices.len() as f64
    }

    #[test]
    fn nearly_all_neighbours_are_found_and_recall_says_how_many() {
        let x = clustered(6000, 40, 1);
        let (found, right) = (approximate(&x, 10), exact(&x, 10));
        let part = shared(&found, &right);
        assert!(part >= 0.97, "{part}");
        assert!((recall(x.view(), &found, 6000, 0) - part).abs() < 1e-9);
        assert!((recall(x.view(), &right, 300, 0) - 1.0).abs() < 1e-9);
        let rows =
            found.indices.chunks_exact(10).zip(found.distances.chunks_exact(10)).zip(right.distances.chunks_exact(10));
        for (i, ((indices, distances), right)) in rows.enumerate() {
            assert!(distances.is_sorted() && !indices.contains(&(i as u32)), "row {i}");
            assert!(distances.iter().zip(right).all(|(d, right)| d >= right), "row {i}");
        }
    }

    #[test]
    fn the_answer_does_not_depend_on_threads_or_on_the_unit() {
        let x = clustered(4500, 100, 2);
        let found = approximate(&x, 7);
        assert!(shared(&found, &exact(&x, 7)) >= 0.97);
        for threads in [1, 4] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            assert_eq!(pool.install(|| approximate(&x, 7)), found, "{threads} threads");
        }
        for factor in [2.0f32.powi(60), 2.0f32.powi(-60)] {
            assert!(shared(&approximate(&x.mapv(|v| v * factor), 7), &found) >= 0.99, "factor {factor}");
        }
    }

    #[test]
    fn identical_rows_are_no_trouble() {
        for n in [5000, 4999] {
            let mut x = Array2::from_elem((5000, 12), 0.25f32);
            x.rows_mut().into_iter().skip(n).for_each(|mut row| row[0] = 1.0);
            let found = approximate(&x, 6);
            for (i, row) in found.indices.chunks_exact(6).enumerate() {
                let mut different = row.to_vec();
                different.sort_unstable();
                different.dedup();
                assert!(different.len() == 6 && !row.contains(&(i as u32)), "row {i}: {row:?}");
            }
            assert!(found.distances[..n * 6].iter().all(|&d| d == 0.0));
            assert!(found.distances[n * 6..].iter().all(|&d| (d - 0.75).abs() < 1e-7));
            assert!((recall(x.view(), &found, 50, 1) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn few_rows_or_many_neighbours_are_searched_exactly() {
        for (n, k) in [(300, 10), (4200, 220), (2, 1)] {
            let x = clustered(n, 11, 3);
            assert_eq!(approximate(&x, k), exact(&x, k));
        }
    }

    #[test]
    fn a_cancelled_search_stops() {
        let x = clustered(4500, 20, 4);
        let control = Control::new();
        let report = |fraction: f32, _: &str| {
            if fraction > 0.15 {
                control.cancel();
            }
        };
        let result = search(x.view(), 5, 0, &Progress::new(control.clone(), &report));
        assert!(matches!(result, Err(Error::Cancelled)));
    }
}
