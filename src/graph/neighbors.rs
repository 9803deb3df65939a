//! The k nearest neighbours of every sample, exact or nearly so.

use ndarray::ArrayView2;

use super::{Neighbors, approximate, tiles, tree};
use crate::support::error::Remedy;
use crate::support::language::{are, counted};
use crate::support::progress::Progress;
use crate::{Error, Result};

/// The `k` nearest neighbours of every row of `x` (`n × d`) by Euclidean distance, itself left out.
///
/// Exact: a k-d tree up to ten dimensions, blocked matrix products with distances computed anew in f64 beyond. Equal
/// distances go to the lower index, so the answer depends on nothing but the data.
///
/// # Errors
/// [`Error::Setting`] unless `1 ≤ k < n`, [`Error::Data`] for rows without features or with values that are not finite,
/// [`Error::Cancelled`].
pub fn nearest_neighbors(x: ArrayView2<'_, f32>, k: usize, progress: &Progress<'_>) -> Result<Neighbors> {
    check(x, k)?;
    progress.at(0.0, "finding neighbours")?;
    let small = x.ncols() <= tree::MOST_DIMENSIONS;
    let found = if small { tree::search(x, k, progress) } else { tiles::search(x, k, progress) }?;
    progress.at(1.0, "finding neighbours")?;
    check_found(x, found)
}

/// As [`nearest_neighbors`], but in more than ten dimensions and with some thousand rows a few neighbours may be others than the
/// nearest; [`Neighbors::recall`] then says how many are right. The same seed gives the same neighbours.
///
/// # Errors
/// As [`nearest_neighbors`].
pub fn approximate_neighbors(
    x: ArrayView2<'_, f32>,
    k: usize,
    seed: u64,
    progress: &Progress<'_>,
) -> Result<Neighbors> {
    if x.ncols() <= tree::MOST_DIMENSIONS {
        return nearest_neighbors(x, k, progress);
    }
    check(x, k)?;
    let found = approximate::search(x, k, seed, progress)?;
    progress.at(1.0, "finding neighbours")?;
    check_found(x, found)
}

impl Neighbors {
    /// The `k` nearest of them; all where there are no more.
    #[must_use]
    pub fn nearest(&self, k: usize) -> Self {
        let k = k.min(self.k);
        let rows = |of: usize| of * self.k..of * self.k + k;
        let n = self.indices.len() / self.k.max(1);
        Self {
            k,
            indices: (0..n).flat_map(|i| &self.indices[rows(i)]).copied().collect(),
            distances: (0..n).flat_map(|i| &self.distances[rows(i)]).copied().collect(),
            recall: self.recall,
        }
    }
}

/// Says so where distances are too large for single precision.
fn check_found(x: ArrayView2<'_, f32>, found: Neighbors) -> Result<Neighbors> {
    let Some(at) = found.distances.iter().position(|d| !d.is_finite()) else { return Ok(found) };
    let largest = x.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
    Err(Error::Data(format!(
        "sample {} lies farther from its neighbours than single precision can hold; values reach {largest:e}, and --scaling standardize \
         brings them near 1",
        at / found.k.max(1) + 1
    )))
}

/// Whether `n` samples can each have `k` neighbours.
///
/// # Errors
/// [`Error::Setting`] when they cannot.
pub fn enough_for(k: usize, n: usize) -> Result<()> {
    if k == 0 {
        return Err(Error::Setting("--neighbors 0 would leave every sample alone; give at least 1".into()));
    }
    if k >= n {
        return Err(Error::Setting(format!(
            "--neighbors {k} needs more than {} and there {} {n}",
            counted(k, "sample"),
            are(n)
        ))
        .or(Remedy::set("neighbors", n - 1, "joins each to all others", format!("Take {} neighbours", n - 1))));
    }
    Ok(())
}

fn check(x: ArrayView2<'_, f32>, k: usize) -> Result<()> {
    let (n, d) = x.dim();
    enough_for(k, n)?;
    if d == 0 {
        return Err(Error::Data("there is no feature column, so no sample is nearer than another".into()));
    }
    if u32::try_from(n).is_err() {
        return Err(Error::Setting(format!("{n} samples are more than the graph can number; lower --limit")));
    }
    if let Some(((i, j), value)) = x.indexed_iter().find(|(_, v)| !v.is_finite()) {
        return Err(Error::Data(format!("sample {}, feature {}: {value} has no distance", i + 1, j + 1)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Every pair, sorted by exact distance and index.
    fn naive(x: &Array2<f32>, k: usize) -> Neighbors {
        let (mut indices, mut distances) = (Vec::new(), Vec::new());
        for i in 0..x.nrows() {
            let mut all: Vec<(f64, u32)> = (0..x.nrows())
                .filter(|&j| j != i)
                .map(|j| {
                    let pairs = x.row(i).into_iter().zip(x.row(j));
                    (pairs.map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum(), j as u32)
                })
                .collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            indices.extend(all.iter().take(k).map(|a| a.1));
            distances.extend(all.iter().take(k).map(|a| a.0.sqrt() as f32));
        }
        Neighbors { k, indices, distances, recall: None }
    }

    fn uniform(n: usize, d: usize, seed: u64) -> Array2<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Array2::from_shape_fn((n, d), |_| rng.random_range(-1.0..1.0))
    }

    fn search(x: &Array2<f32>, k: usize) -> Neighbors {
        nearest_neighbors(x.view(), k, &Progress::silent()).expect("valid input")
    }

    #[test]
    fn every_dimension_agrees_with_all_pairs() {
        for (d, n) in
            [(1, 700), (2, 1500), (3, 900), (4, 600), (5, 600), (6, 600), (7, 500), (8, 500), (9, 500), (10, 500)]
        {
            let x = uniform(n, d, d as u64);
            assert_eq!(search(&x, 9), naive(&x, 9), "{d} dimensions");
        }
        for (d, n) in [(11, 1300), (17, 600), (64, 1100), (300, 520)] {
            let x = uniform(n, d, d as u64);
            let (found, expected) = (search(&x, 9), naive(&x, 9));
            assert_eq!(found.indices, expected.indices, "{d} dimensions");
            let close = found.distances.iter().zip(&expected.distances).all(|(a, b)| (a - b).abs() <= 1e-6 * b);
            assert!(close, "{d} dimensions");
        }
    }

    #[test]
    fn grids_and_duplicates_break_ties_by_index() {
        for d in [2, 3, 12, 40] {
            // Integer coordinates from a small range: many equal distances, each exact in f32 and f64.
            let mut rng = ChaCha8Rng::seed_from_u64(7);
            let x = Array2::from_shape_fn((1200, d), |(_, j)| if j < 3 { rng.random_range(0..4) as f32 } else { 1.5 });
            assert_eq!(search(&x, 12), naive(&x, 12), "{d} dimensions");
        }
    }

    #[test]
    fn identical_points_are_no_trouble() {
        for d in [1, 2, 11] {
            let mut x = Array2::from_elem((3000, d), 0.25f32);
            x[[2999, 0]] = 1.0;
            let found = search(&x, 4);
            assert_eq!(found.indices[..8], [1, 2, 3, 4, 0, 2, 3, 4]);
            assert_eq!(found.indices[2999 * 4..], [0, 1, 2, 3]);
            assert!(found.distances[..2999 * 4].iter().all(|&r| r == 0.0));
            assert_eq!(found.distances[2999 * 4..], [0.75; 4]);
        }
    }

    #[test]
    fn far_from_the_origin_nothing_cancels() {
        // One part in a thousand of spread on an offset of a thousand: products without centring would see noise.
        let x = uniform(800, 20, 3).mapv(|v| 1000.0 + 0.25 * v);
        assert_eq!(search(&x, 6).indices, naive(&x, 6).indices);
    }

    #[test]
    fn huge_and_tiny_values_neither_overflow_nor_vanish() {
        for factor in [1.0e18f32, 1.0e-18] {
            let x = uniform(300, 15, 4).mapv(|v| v * factor);
            assert_eq!(search(&x, 5).indices, naive(&x, 5).indices, "factor {factor}");
        }
    }

    #[test]
    fn all_others_can_be_neighbours() {
        for d in [2, 14] {
            let x = uniform(20, d, 1);
            assert_eq!(search(&x, 19).indices, naive(&x, 19).indices);
            let pair = uniform(2, d, 2);
            assert_eq!(search(&pair, 1).indices, [1, 0]);
        }
    }

    #[test]
    fn settings_without_meaning_are_refused() {
        let x = uniform(10, 2, 0);
        for k in [0, 10, 11] {
            let error = nearest_neighbors(x.view(), k, &Progress::silent()).expect_err("no such neighbour");
            assert!(error.reason().contains("--neighbors"), "{error}");
        }
        let mut broken = x.clone();
        broken[[3, 1]] = f32::NAN;
        let error = nearest_neighbors(broken.view(), 2, &Progress::silent()).expect_err("NaN has no distance");
        assert!(error.to_string().contains("sample 4, feature 2"), "{error}");
    }

    #[test]
    fn distances_beyond_single_precision_are_laid_at_the_values_door() {
        for d in [2, 14] {
            let mut x = uniform(30, d, 3);
            x.row_mut(7).fill(3e38);
            x.row_mut(8).fill(-3e38);
            let error =
                nearest_neighbors(x.view(), 3, &Progress::silent()).expect_err("6e38 is no distance").to_string();
            assert!(error.contains("sample 8") && error.contains("3e38") && error.contains("--scaling"), "{error}");
        }
    }

    #[test]
    fn a_cancelled_search_stops() {
        let control = crate::support::progress::Control::new();
        control.cancel();
        for d in [2, 20] {
            let x = uniform(50, d, 0);
            let result = nearest_neighbors(x.view(), 3, &Progress::new(control.clone(), &|_, _| {}));
            assert!(matches!(result, Err(Error::Cancelled)));
        }
    }
}
