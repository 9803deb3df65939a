//! Distances become weights.
//!
//! For a neighbour at distance `d` the Gaussian weight is `exp(−d² / (σᵢ σⱼ))`, without a factor 2 (the published codes do
//! not agree on it). What σ is, `--scale` says; `s` is `--scale-neighbor`, and a sample is never its own neighbour, so
//! `s = 1` is the nearest other sample:
//!
//! - `local`: `σᵢ` is the distance from `i` to its s-th neighbour, or for `s = 0` the median of its `k` neighbour distances.
//!   Both samples' scales enter, as in self-tuning clustering (Zelnik-Manor and Perona, 2004), so the weight is symmetric.
//! - `global`: `σ` is the median of those same distances over all samples, and `σᵢ = σⱼ = σ`.
//! - a number: that distance for all.
//! - `robust` and `robust-local`: as `global` and `local`, but the weight that `i` gives `j` is at least [`SHARE`]` · exp(−d²/sᵢ²)` with
//!   the local scale `sᵢ`. A sample in a thin place keeps edges that way: without them, strays and the outskirts of thin clusters are
//!   all but parts of their own and take the lowest eigenvectors, while edges across a gap between dense places stay as light.
//!
//! A median of an even number of values is the mean of the two in the middle. A local scale of 0, which duplicates make, is
//! replaced by the smallest positive neighbour distance of the sample, else by the median of all positive scales, else by 1.
//!
//! The neighbour relation is not symmetric: `W = (A + Aᵀ)/2`, so an edge that both sides name has its full weight and one
//! that a single side names has half. No weight falls below [`LEAST`], so an edge stays an edge however far it reaches.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Csr, Neighbors};
use crate::recipe::{Affinity, Recipe, Scale};
use crate::{Error, Result};

/// The smallest weight of an edge: far below anything that matters, and far enough above the rounding of a degree of order 1 that the
/// eigenvectors of a sample with no heavier edge keep their digits.
pub const LEAST: f64 = 1e-12;

/// Share of the weight by its sample's own scale below which no edge falls where the scale is robust. Between 0.001 and 0.03 nothing
/// that counts depends on it.
pub const SHARE: f64 = 0.01;

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

/// The affinity of `n` samples from their neighbours; the global scale, or the median of the local ones (0 for the binary
/// affinity, which has none); and what a person should know about it, one sentence each.
///
/// # Errors
/// [`Error::Setting`] when `--scale-neighbor` exceeds the number of neighbours, [`Error::Data`] when `neighbors` is not a
/// list of `n` rows of finite distances.
pub fn affinity(neighbors: &Neighbors, n: usize, recipe: &Recipe) -> Result<(Csr, f64, Vec<String>)> {
    let k = neighbors.k;
    check(neighbors, n)?;
    let mut notes = Vec::new();
    if recipe.affinity == Affinity::Binary {
        return Ok((symmetrise(neighbors, n, |_, _| 1.0), 0.0, notes));
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
    Ok((matrix, scales.shown, notes))
}

/// What makes weights of a new row's distances to samples: `exp(−d² / (σ σⱼ))`, not less than [`SHARE`]` · exp(−d²/s²)` where a share is
/// due. `s` is the row's own scale, the one `shown` where that is 0; `σ` is `s` where scales are local, else the one shown.
#[derive(Clone, Copy, Debug)]
pub struct Widths<'a> {
    /// The scale `σⱼ` of each sample.
    pub pair: &'a [f64],
    /// The scale of all, or their median.
    pub shown: f64,
    /// Whether a row's own scale counts for its pairs.
    pub local: bool,
    /// Whether no weight falls below its share.
    pub least: bool,
}

/// The widths that make weights of distances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scales {
    /// The scale of each sample that counts for a pair.
    pair: Vec<f64>,
    /// Each sample's local scale, where it sets a least weight.
    own: Option<Vec<f64>>,
    /// The scale a person is shown: the one for all, or the median.
    shown: f64,
    /// Local scales that duplicates made 0.
    replaced: usize,
    /// Whether each sample has a scale of its own for its pairs.
    local: bool,
}

impl Scales {
    pub(super) fn of(neighbors: &Neighbors, n: usize, recipe: &Recipe) -> Self {
        let raw = || -> Vec<f64> {
            let row = |i: usize| &neighbors.distances[i * neighbors.k..(i + 1) * neighbors.k];
            let nth = recipe.scale_neighbor;
            let own = |i: usize| if nth == 0 { sorted_median(row(i)) } else { f64::from(row(i)[nth - 1]) };
            (0..n).into_par_iter().map(own).collect()
        };
        match recipe.scale {
            Scale::Fixed(sigma) => Self { pair: vec![sigma; n], own: None, shown: sigma, replaced: 0, local: false },
            Scale::Global => {
                let shown = positive_median(raw());
                Self { pair: vec![shown; n], own: None, shown, replaced: 0, local: false }
            }
            Scale::Robust => {
                let raw = raw();
                let shown = positive_median(raw.clone());
                let own = Some(positive(raw, shown, neighbors).0);
                Self { pair: vec![shown; n], own, shown, replaced: 0, local: false }
            }
            // `auto` needs to know what is between the neighbours and is settled before; here it can only mean the default for many
            // dimensions.
            Scale::Local | Scale::RobustLocal | Scale::Auto => {
                let raw = raw();
                let shown = positive_median(raw.clone());
                let (pair, replaced) = positive(raw, shown, neighbors);
                let own = (recipe.scale != Scale::Local).then(|| pair.clone());
                Self { pair, own, shown, replaced, local: true }
            }
        }
    }

    /// The weight that `i` gives its neighbour `j` at distance `d`.
    fn weight(&self, i: usize, j: usize, d: f64) -> f64 {
        // The quotients first: their product cannot overflow where the scales' product could vanish.
        let weight = (-(d / self.pair[i]) * (d / self.pair[j])).exp();
        self.own.as_ref().map_or(weight, |own| weight.max(SHARE * (-(d / own[i]).powi(2)).exp()))
    }

    /// Whether there is a usable one for each of `n` samples.
    pub(super) fn fit(&self, n: usize) -> bool {
        let usable = |scales: &[f64]| scales.len() == n && scales.iter().all(|&scale| scale.is_finite() && scale > 0.0);
        usable(&self.pair)
            && self.own.as_ref().is_none_or(|own| usable(own))
            && self.shown.is_finite()
            && self.shown > 0.0
    }

    /// The local scale of a row that is no sample, whose ascending distances to its neighbours are these; the `nth` sets it, 0 the median.
    pub(super) fn own_of(&self, distances: &[f32], nth: usize) -> f64 {
        let nth = nth.min(distances.len());
        let own = if nth == 0 { sorted_median(distances) } else { f64::from(distances[nth - 1]) };
        if own > 0.0 { own } else { self.shown }
    }

    /// The weight that such a row with the scale `own` gives the sample `j` at distance `d`.
    pub(super) fn weight_of(&self, own: f64, j: usize, d: f64) -> f64 {
        let pair = if self.local { own } else { self.shown };
        let weight = (-(d / pair) * (d / self.pair[j])).exp();
        if self.own.is_some() { weight.max(SHARE * (-(d / own).powi(2)).exp()) } else { weight }
    }

    /// What [`Scales::own_of`] and [`Scales::weight_of`] read.
    pub(super) fn widths(&self) -> Widths<'_> {
        Widths { pair: &self.pair, shown: self.shown, local: self.local, least: self.own.is_some() }
    }

    fn note(&self, n: usize) -> Option<String> {
        let replaced = self.replaced;
        (replaced > 0).then(|| {
            format!(
                "{replaced} of {n} samples with duplicates for neighbours would have a scale of 0: it is the \
                 distance to the nearest other sample, or the median scale where there is none. A higher \
                 --scale-neighbor reaches past duplicates."
            )
        })
    }
}

/// Local scales without zeros, which duplicates make, and how many were replaced: by the smallest positive neighbour distance, else by
/// `median`.
fn positive(mut scales: Vec<f64>, median: f64, neighbors: &Neighbors) -> (Vec<f64>, usize) {
    let mut replaced = 0;
    for (i, scale) in scales.iter_mut().enumerate().filter(|(_, scale)| **scale == 0.0) {
        let row = &neighbors.distances[i * neighbors.k..(i + 1) * neighbors.k];
        *scale = row.iter().find(|&&d| d > 0.0).map_or(median, |&d| f64::from(d));
        replaced += 1;
    }
    (scales, replaced)
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

/// The median of ascending values.
fn sorted_median(values: &[f32]) -> f64 {
    let half = values.len() / 2;
    if values.len() % 2 == 1 {
        f64::from(values[half])
    } else {
        0.5 * (f64::from(values[half - 1]) + f64::from(values[half]))
    }
}

/// The median of the values above 0; 1 where there is none.
fn positive_median(mut values: Vec<f64>) -> f64 {
    values.retain(|&v| v > 0.0);
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => 1.0,
        count if count % 2 == 1 => values[half],
        _ => 0.5 * (values[half - 1] + values[half]),
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
        let (w, shown, notes) = affinity(&line(), 4, &recipe).expect("valid");
        // σ = 1, 1, 2, 4; mutual edges 01, 02, 12; one-sided 32, 31.
        let (a, b, c) = ((-1.0f64).exp(), (-9.0f64 / 2.0).exp(), (-4.0f64 / 2.0).exp());
        let (d, e) = (0.5 * (-16.0f64 / 8.0).exp(), 0.5 * (-36.0f64 / 4.0).exp());
        assert_close(&w, [[0.0, a, b, 0.0], [a, 0.0, c, e], [b, c, 0.0, d], [0.0, e, d, 0.0]]);
        assert!((shown - 1.5).abs() < 1e-15 && notes.is_empty());
    }

    #[test]
    fn a_median_over_the_neighbours_by_hand() {
        let (w, shown, _) = affinity(&line(), 4, &Recipe::default()).expect("valid");
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
        let (w, shown, _) = affinity(&line(), 4, &recipe).expect("valid");
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
            let (w, _, notes) = affinity(&neighbors, 4, &recipe).expect("valid");
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
        let (w, _, _) = affinity(&line(), 4, &recipe).expect("valid");
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
                let (w, shown, notes) = affinity(&neighbors, 4, &recipe).expect("valid");
                assert!((dense(&w)[0][1] - 1.0).abs() < 1e-15);
                assert!((dense(&w)[3][0] - expected).abs() < 1e-15);
                assert!(shown > 0.0 && notes.len() == usize::from(matches!(scale, Scale::Local | Scale::RobustLocal)));
            }
        }
    }

    #[test]
    fn a_vanishing_weight_remains_an_edge_and_is_mentioned() {
        let recipe = Recipe { scale: Scale::Fixed(1e-3), ..Recipe::default() };
        let (w, _, notes) = affinity(&line(), 4, &recipe).expect("valid");
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
