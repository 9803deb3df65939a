//! How many dimensions samples fill near each of them, as the distances to their neighbours tell.

use super::Neighbors;

/// Rows looked at; more would not change the first digits.
const ROWS_LOOKED_AT: usize = 20_000;

/// The maximum-likelihood estimate of the intrinsic dimension (Levina and Bickel, 2004), its inverses averaged over samples (MacKay and
/// Ghahramani, 2005): `1/m = mean of log(T_k / T_j)` over a sample's neighbours at distances `0 < T_1 ≤ … ≤ T_k`, the k-th left out and
/// one more taken from their number, which makes it unbiased.
///
/// Duplicates and samples with fewer than three distinct neighbours tell nothing. 0 where no sample tells anything.
#[must_use]
pub fn intrinsic_dimension(neighbors: &Neighbors) -> f64 {
    let k = neighbors.k.max(1);
    let rows = neighbors.distances.chunks_exact(k);
    let stride = rows.len().div_ceil(ROWS_LOOKED_AT).max(1);
    let (mut inverses, mut told) = (0.0, 0.0);
    for row in rows.step_by(stride) {
        let beyond = &row[row.partition_point(|&d| d <= 0.0)..];
        let Some((&last, nearer)) = beyond.split_last().filter(|(_, nearer)| nearer.len() >= 2) else { continue };
        let logs: f64 = nearer.iter().map(|&d| (f64::from(last) / f64::from(d)).ln()).sum();
        inverses += logs / (nearer.len() - 1) as f64;
        told += 1.0;
    }
    if inverses > 0.0 { told / inverses } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::graph::nearest_neighbors;
    use crate::support::progress::Progress;

    fn dimension_of(x: &Array2<f32>) -> f64 {
        intrinsic_dimension(&nearest_neighbors(x.view(), 15, &Progress::silent()).expect("finite"))
    }

    #[test]
    fn uniform_cubes_fill_their_dimensions_also_in_more() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for d in [1, 2, 3, 5] {
            let cube = Array2::from_shape_fn((2000, d), |_| rng.random::<f32>());
            let turn = Array2::from_shape_fn((d, 8), |_| rng.random::<f32>() - 0.5);
            for x in [&cube, &cube.dot(&turn)] {
                let found = dimension_of(x);
                // The surface makes it look a little flatter, the more so in more dimensions.
                assert!((0.8 * d as f64..1.15 * d as f64).contains(&found), "{d} dimensions: {found}");
            }
        }
    }

    #[test]
    fn duplicates_tell_nothing() {
        assert!(dimension_of(&Array2::ones((50, 3))).abs() < f64::EPSILON);
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let line = Array2::from_shape_fn((900, 2), |(_, j)| if j == 0 { rng.random::<f32>() } else { 0.0 });
        let twice = ndarray::concatenate![ndarray::Axis(0), line, line];
        assert!((0.7..1.5).contains(&dimension_of(&twice)), "{}", dimension_of(&twice));
    }
}
