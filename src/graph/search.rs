//! Which search finds the neighbours, and by which distance.

use ndarray::{ArrayView2, Axis, CowArray, Ix2};

use super::copies::Copies;
use super::{Neighbors, approximate_neighbors, enough_for, nearest_neighbors};
use crate::Result;
use crate::recipe::{Distance, Recipe};
use crate::support::progress::Progress;

/// The `k` neighbours of each row of `x` (`n × d`) by the recipe's distance, as exact as the recipe wants them for so many. Where a tenth of
/// the rows are copies of others, they are those among the distinct rows, and one of the row's own copies; fewer than `k` where there are not
/// so many.
///
/// # Errors
/// As [`nearest_neighbors`].
pub(crate) fn neighbors(
    x: ArrayView2<'_, f32>,
    k: usize,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<Neighbors> {
    let places = places(x, recipe.distance);
    let Some(copies) = Copies::of(places.view()) else { return search(places.view(), k, recipe, progress) };
    enough_for(k, x.nrows())?;
    let distinct = places.select(Axis(0), &copies.firsts());
    let found = search(distinct.view(), k.min(distinct.nrows() - 1), recipe, progress)?;
    Ok(copies.spread(&found))
}

/// The same, copies or not.
fn search(x: ArrayView2<'_, f32>, k: usize, recipe: &Recipe, progress: &Progress<'_>) -> Result<Neighbors> {
    if x.nrows() > recipe.exact_neighbors_to {
        approximate_neighbors(x, k, recipe.seed, progress)
    } else {
        nearest_neighbors(x, k, progress)
    }
}

/// Rows whose Euclidean distances are the wanted ones. A row without a direction stays in the middle, as far from all others.
pub(super) fn places(x: ArrayView2<'_, f32>, distance: Distance) -> CowArray<'_, f32, Ix2> {
    let centred = match distance {
        Distance::Auto | Distance::Euclidean => return x.into(),
        Distance::Cosine => false,
        Distance::Correlation => true,
    };
    let mut rows = x.to_owned();
    for mut row in rows.axis_iter_mut(Axis(0)) {
        let mean = row.iter().map(|&v| f64::from(v)).sum::<f64>() / row.len().max(1) as f64;
        let middle = if centred { mean } else { 0.0 };
        let length = row.iter().map(|&v| (f64::from(v) - middle).powi(2)).sum::<f64>().sqrt();
        let factor = if length > 0.0 { 1.0 / length } else { 0.0 };
        row.mapv_inplace(|v| ((f64::from(v) - middle) * factor) as f32);
    }
    rows.into()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// Rows of any direction and length, some far out.
    fn rows() -> Array2<f32> {
        Array2::from_shape_fn((40, 5), |(i, j)| {
            ((i * 7 + j * j * 3) as f32 * 0.37).sin() * (1 + i % 4 * 10) as f32 + 2.0
        })
    }

    /// The nearest by brute force, `unlike` telling two rows apart.
    fn nearest(x: &Array2<f32>, unlike: impl Fn(&[f64], &[f64]) -> f64) -> Vec<usize> {
        let row = |i: usize| -> Vec<f64> { x.row(i).iter().map(|&v| f64::from(v)).collect() };
        let best = |i: usize| {
            let others = (0..x.nrows()).filter(|&j| j != i);
            others.min_by(|&a, &b| unlike(&row(i), &row(a)).total_cmp(&unlike(&row(i), &row(b)))).expect("another row")
        };
        (0..x.nrows()).map(best).collect()
    }

    fn cosine(a: &[f64], b: &[f64]) -> f64 {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        1.0 - dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    fn correlation(a: &[f64], b: &[f64]) -> f64 {
        let less = |a: &[f64]| -> Vec<f64> {
            let mean = a.iter().sum::<f64>() / a.len() as f64;
            a.iter().map(|v| v - mean).collect()
        };
        cosine(&less(a), &less(b))
    }

    #[test]
    fn neighbours_are_the_nearest_by_each_distance() {
        let x = rows();
        let found = |distance| {
            let recipe = Recipe { distance, ..Recipe::default() };
            let found = neighbors(x.view(), 1, &recipe, &Progress::silent()).expect("finite rows");
            (found.indices.iter().map(|&j| j as usize).collect::<Vec<_>>(), found.distances)
        };
        let (by_angle, lengths) = found(Distance::Cosine);
        assert_eq!(by_angle, nearest(&x, cosine));
        let row = |i: usize| -> Vec<f64> { x.row(i).iter().map(|&v| f64::from(v)).collect() };
        let chord = (2.0 * cosine(&row(0), &row(by_angle[0]))).sqrt();
        assert!((f64::from(lengths[0]) - chord).abs() < 1e-5, "{} against {chord}", lengths[0]);
        assert_eq!(found(Distance::Correlation).0, nearest(&x, correlation));
        assert_eq!(found(Distance::Auto), found(Distance::Euclidean));
        assert_ne!(found(Distance::Euclidean).0, by_angle, "rows of other lengths are not near");
    }

    #[test]
    fn a_row_without_a_direction_is_as_far_from_all() {
        let mut x = rows();
        x.row_mut(3).fill(0.0);
        x.row_mut(5).fill(7.0);
        let placed = places(x.view(), Distance::Correlation);
        assert!(placed.row(3).iter().chain(placed.row(5)).all(|&v| v == 0.0));
        assert!(places(x.view(), Distance::Cosine).iter().all(|v| v.is_finite()));
    }
}
