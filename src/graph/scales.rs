//! How wide the Gaussian of an affinity is: what σ is in `exp(−d² / (σᵢ σⱼ))`.
//!
//! `--scale` says it; `s` is `--scale-neighbor`, and a sample is never its own neighbour, so `s = 1` is the nearest other sample:
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

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Neighbors;
use crate::recipe::{Recipe, Scale};

/// Share of the weight by its sample's own scale below which no edge falls where the scale is robust. Between 0.001 and 0.03 nothing
/// that counts depends on it.
pub const SHARE: f64 = 0.01;

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
    pub(super) shown: f64,
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
    pub(super) fn weight(&self, i: usize, j: usize, d: f64) -> f64 {
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

    /// What a person should know about the scales of `n` samples.
    pub(super) fn note(&self, n: usize) -> Option<String> {
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
