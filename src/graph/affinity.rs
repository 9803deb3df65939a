//! Distances become weights, and the neighbour relation a symmetric matrix.
//!
//! For a neighbour at distance `d` the Gaussian weight is `exp(−d² / (σᵢ σⱼ))`, without a factor 2 (the published codes do not agree on
//! it); [`super::scales`] says what σ is.
//!
//! The neighbour relation is not symmetric: `W = (A + Aᵀ)/2`, so an edge that both sides name has its full weight and one
//! that a single side names has half. No weight falls below [`LEAST`], so an edge stays an edge however far it reaches.

use rayon::prelude::*;

use super::scales::Scales;
use super::{Csr, Neighbors};
use crate::recipe::{Affinity, Recipe, Scale};
use crate::{Error, Result};

/// The smallest weight of an edge: far below anything that matters, and far enough above the rounding of a degree of order 1 that the
/// eigenvectors of a sample with no heavier edge keep their digits.
pub const LEAST: f64 = 1e-12;

/// Whether the distance to neighbour `which` can set a scale where `k` are found; 0 takes the median of all.
///
/// # Errors
/// [`Error::Setting`] when there is no such neighbour.
pub fn can_scale(which: usize, k: usize) -> Result<()> {
    if which <= k {
        return Ok(());
    }
    Err(Error::Setting(format!(
        "--scale-neighbor {which} asks for a neighbour that --neighbors {k} does not find; lower the one or raise the other"
    )))
}

/// The affinity of `n` samples from their neighbours, and what a person should know about it, one sentence each.
///
/// # Errors
/// [`Error::Setting`] when `--scale-neighbor` exceeds the number of neighbours, [`Error::Data`] when `neighbors` is not a
/// list of `n` rows of finite distances.
pub fn affinity(neighbors: &Neighbors, n: usize, recipe: &Recipe) -> Result<(Csr, Vec<String>)> {
    let k = neighbors.k;
    check(neighbors, n)?;
    let mut notes = Vec::new();
    if recipe.affinity == Affinity::Binary {
        return Ok((symmetrise(neighbors, n, |_, _| 1.0), notes));
    }
    if !matches!(recipe.scale, Scale::Fixed(_)) {
        can_scale(recipe.scale_neighbor, k)?;
    }
    let scales = Scales::of(neighbors, n, recipe);
    notes.extend(scales.note(n));
    let weight = |place: usize, j: usize| {
        let i = place / k;
        scales.weight(i, j, f64::from(neighbors.distances[place])).max(2.0 * LEAST)
    };
    let matrix = symmetrise(neighbors, n, weight);
    let least = matrix.values.iter().filter(|&&w| w <= 2.0 * LEAST).count() / 2;
    if least > 0 {
        let edges = matrix.values.len() / 2;
        notes.push(format!(
            "no weight is left for {least} of {edges} edges, too long for their scale: {LEAST:e} stands for it. \
             --scale robust, --scale local or a larger --scale gives one."
        ));
    }
    Ok((matrix, notes))
}

fn check(neighbors: &Neighbors, n: usize) -> Result<()> {
    let entries = n * neighbors.k;
    let sound = neighbors.indices.len() == entries
        && neighbors.distances.len() == entries
        && neighbors.indices.iter().all(|&j| (j as usize) < n)
        && neighbors.distances.iter().all(|d| d.is_finite() && *d >= 0.0);
    if sound && neighbors.k > 0 {
        Ok(())
    } else {
        Err(Error::Data(format!("the neighbours are not {n} rows of indices and finite distances")))
    }
}

/// `(A + Aᵀ)/2` for the directed weights `A`; `weight` gets a place in the neighbours' arrays and the neighbour there.
fn symmetrise(neighbors: &Neighbors, n: usize, weight: impl Fn(usize, usize) -> f64 + Sync) -> Csr {
    let k = neighbors.k;
    let weights: Vec<f64> =
        neighbors.indices.par_iter().enumerate().map(|(place, &j)| weight(place, j as usize)).collect();
    let mut half = Csr {
        offsets: (0..=n).map(|i| i * k).collect(),
        columns: Vec::with_capacity(n * k),
        values: Vec::with_capacity(n * k),
    };
    let mut row = Vec::with_capacity(k);
    for i in 0..n {
        row.clear();
        row.extend((i * k..(i + 1) * k).map(|place| (neighbors.indices[place], 0.5 * weights[place])));
        row.sort_by_key(|&(j, _)| j);
        half.columns.extend(row.iter().map(|&(j, _)| j));
        half.values.extend(row.iter().map(|&(_, w)| w));
    }
    drop(weights);
    let other = half.transpose();
    let mut sum = Csr { offsets: Vec::with_capacity(n + 1), columns: Vec::new(), values: Vec::new() };
    sum.offsets.push(0);
    for i in 0..n {
        add_rows(half.row(i), other.row(i), &mut sum);
        sum.offsets.push(sum.columns.len());
    }
    sum
}

/// Append the sum of two sorted rows.
fn add_rows(a: (&[u32], &[f64]), b: (&[u32], &[f64]), sum: &mut Csr) {
    let (mut p, mut q) = (0, 0);
    loop {
        let (left, right) = (a.0.get(p), b.0.get(q));
        let column = match (left, right) {
            (Some(&l), Some(&r)) => l.min(r),
            (Some(&only), None) | (None, Some(&only)) => only,
            (None, None) => break,
        };
        let mut value = 0.0;
        if left == Some(&column) {
            value += a.1[p];
            p += 1;
        }
        if right == Some(&column) {
            value += b.1[q];
            q += 1;
        }
        sum.columns.push(column);
        sum.values.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::scales::SHARE;

    /// Points 0, 1, 3 and 7 on a line, with two neighbours each.
    fn line() -> Neighbors {
        Neighbors {
            k: 2,
            indices: vec![1, 2, 0, 2, 1, 0, 2, 1],
            distances: vec![1.0, 3.0, 1.0, 2.0, 2.0, 3.0, 4.0, 6.0],
            recall: None,
        }
    }

    fn dense(matrix: &Csr) -> Vec<Vec<f64>> {
        (0..matrix.len())
            .map(|i| {
                let mut row = vec![0.0; matrix.len()];
                for (&j, &v) in matrix.row(i).0.iter().zip(matrix.row(i).1) {
                    row[j as usize] = v;
                }
                row
            })
            .collect()
    }

    fn assert_close(matrix: &Csr, expected: [[f64; 4]; 4]) {
        assert!(matrix.is_well_formed());
        for (row, expected) in dense(matrix).iter().zip(expected) {
            for (a, b) in row.iter().zip(expected) {
                assert!((a - b).abs() < 1e-14, "{row:?} is not {expected:?}");
            }
        }
    }

    #[test]
    fn local_scales_by_hand() {
        let recipe = Recipe { scale: Scale::Local, scale_neighbor: 1, ..Recipe::default() };
        let (w, notes) = affinity(&line(), 4, &recipe).expect("valid");
        let shown = Scales::of(&line(), 4, &recipe).shown;
        // σ = 1, 1, 2, 4; mutual edges 01, 02, 12; one-sided 32, 31.
        let (a, b, c) = ((-1.0f64).exp(), (-9.0f64 / 2.0).exp(), (-4.0f64 / 2.0).exp());
        let (d, e) = (0.5 * (-16.0f64 / 8.0).exp(), 0.5 * (-36.0f64 / 4.0).exp());
        assert_close(&w, [[0.0, a, b, 0.0], [a, 0.0, c, e], [b, c, 0.0, d], [0.0, e, d, 0.0]]);
        assert!((shown - 1.5).abs() < 1e-15 && notes.is_empty());
    }

    #[test]
    fn a_median_over_the_neighbours_by_hand() {
        let (w, _) = affinity(&line(), 4, &Recipe::default()).expect("valid");
        let shown = Scales::of(&line(), 4, &Recipe::default()).shown;
        // σ = 2, 1.5, 2.5, 5.
        let (a, b, c) = ((-1.0f64 / 3.0).exp(), (-9.0f64 / 5.0).exp(), (-4.0f64 / 3.75).exp());
        let (d, e) = (0.5 * (-16.0f64 / 12.5).exp(), 0.5 * (-36.0f64 / 7.5).exp());
        assert_close(&w, [[0.0, a, b, 0.0], [a, 0.0, c, e], [b, c, 0.0, d], [0.0, e, d, 0.0]]);
        assert!((shown - 2.25).abs() < 1e-15);
    }

    #[test]
    fn global_and_given_scales_by_hand() {
        let by_hand = |sigma: f64| {
            let w = |d: f64| (-(d / sigma).powi(2)).exp();
            [
                [0.0, w(1.0), w(3.0), 0.0],
                [w(1.0), 0.0, w(2.0), 0.5 * w(6.0)],
                [w(3.0), w(2.0), 0.0, 0.5 * w(4.0)],
                [0.0, 0.5 * w(6.0), 0.5 * w(4.0), 0.0],
            ]
        };
        let recipe = Recipe { scale: Scale::Global, scale_neighbor: 2, ..Recipe::default() };
        let (w, _) = affinity(&line(), 4, &recipe).expect("valid");
        let shown = Scales::of(&line(), 4, &recipe).shown;
        assert_close(&w, by_hand(3.0));
        assert!((shown - 3.0).abs() < 1e-15);
        let recipe = Recipe { scale: Scale::Fixed(2.5), ..Recipe::default() };
        assert_close(&affinity(&line(), 4, &recipe).expect("valid").0, by_hand(2.5));
    }

    #[test]
    fn a_robust_scale_keeps_a_stray_on_the_graph() {
        // Three samples close together and one a thousand times as far.
        let neighbors = Neighbors {
            k: 2,
            indices: vec![1, 2, 0, 2, 1, 0, 2, 1],
            distances: vec![1.0, 2.0, 1.0, 1.0, 1.0, 2.0, 1000.0, 1001.0],
            recall: None,
        };
        let weight = |scale| {
            let recipe = Recipe { scale, scale_neighbor: 1, ..Recipe::default() };
            let (w, notes) = affinity(&neighbors, 4, &recipe).expect("valid");
            (dense(&w)[3][2], dense(&w)[0][1], notes.len())
        };
        let by_own_scale = 0.5 * SHARE * (-1.0f64).exp();
        let near = (-1.0f64).exp();
        for scale in [Scale::Global, Scale::Local] {
            let (far, close, notes) = weight(scale);
            assert!(far <= LEAST && (close - near).abs() < 1e-14 && notes == 1, "{scale}: {far:e}");
        }
        for scale in [Scale::Robust, Scale::RobustLocal] {
            let (far, close, notes) = weight(scale);
            assert!(
                (far - by_own_scale).abs() < 1e-14 && (close - near).abs() < 1e-14 && notes == 0,
                "{scale}: {far:e}"
            );
        }
    }

    #[test]
    fn the_binary_affinity_is_one_and_a_half() {
        let recipe = Recipe { affinity: Affinity::Binary, ..Recipe::default() };
        let (w, _) = affinity(&line(), 4, &recipe).expect("valid");
        assert_close(&w, [[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.5], [1.0, 1.0, 0.0, 0.5], [0.0, 0.5, 0.5, 0.0]]);
    }

    #[test]
    fn duplicates_leave_no_scale_at_zero() {
        // Three identical samples and one at distance 2; then four identical ones.
        let three = Neighbors {
            k: 2,
            indices: vec![1, 2, 0, 2, 0, 1, 0, 1],
            distances: vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 2.0],
            recall: None,
        };
        let four = Neighbors { distances: vec![0.0; 8], ..three.clone() };
        for (neighbors, expected) in [(three, 0.5 * (-1.0f64).exp()), (four, 0.5)] {
            for scale in [Scale::Local, Scale::RobustLocal, Scale::Robust, Scale::Global] {
                let recipe = Recipe { scale, ..Recipe::default() };
                let (w, notes) = affinity(&neighbors, 4, &recipe).expect("valid");
                let shown = Scales::of(&neighbors, 4, &recipe).shown;
                assert!((dense(&w)[0][1] - 1.0).abs() < 1e-15);
                assert!((dense(&w)[3][0] - expected).abs() < 1e-15);
                assert!(shown > 0.0 && notes.len() == usize::from(matches!(scale, Scale::Local | Scale::RobustLocal)));
            }
        }
    }

    #[test]
    fn a_vanishing_weight_remains_an_edge_and_is_mentioned() {
        let recipe = Recipe { scale: Scale::Fixed(1e-3), ..Recipe::default() };
        let (w, notes) = affinity(&line(), 4, &recipe).expect("valid");
        assert_eq!(w.values.len(), 10);
        assert!(w.values.iter().all(|&v| v >= LEAST));
        assert!(notes[0].contains("5 of 5 edges") && notes[0].contains("--scale"), "{notes:?}");
    }

    #[test]
    fn a_neighbour_beyond_the_last_is_refused() {
        let recipe = Recipe { scale_neighbor: 3, ..Recipe::default() };
        let error = affinity(&line(), 4, &recipe).expect_err("there are two neighbours");
        assert!(error.to_string().contains("--scale-neighbor"), "{error}");
    }
}
