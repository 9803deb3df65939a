//! Greedy k-means++: centres drawn far from each other.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::samples::{Feature, Samples};
use crate::Result;
use crate::support::progress::Progress;

/// Indices of at most `k` samples to start from, all different in value: the first at random, each further one the best of
/// `2 + ⌊ln k⌋` candidates drawn with a probability in proportion to their squared distance from the centres before.
pub(super) fn plus_plus<T: Feature>(
    samples: &Samples<'_, T>,
    k: usize,
    rng: &mut ChaCha8Rng,
    progress: &Progress<'_>,
) -> Result<Vec<usize>> {
    let candidates = 2 + (k as f64).ln() as usize;
    let mut centres = vec![rng.random_range(0..samples.n)];
    let mut closest = vec![f64::INFINITY; samples.n];
    let mut sums = take_in(samples, centres[0], &mut closest);
    while centres.len() < k {
        progress.check()?;
        let total: f64 = sums.iter().sum();
        if total <= 0.0 {
            break;
        }
        let drawn: Vec<usize> =
            (0..candidates).map(|_| draw(samples, &closest, &sums, rng.random::<f64>() * total)).collect();
        let best = best_candidate(samples, &closest, &drawn);
        sums = take_in(samples, drawn[best], &mut closest);
        centres.push(drawn[best]);
    }
    Ok(centres)
}

/// Lowers every sample's squared distance to its closest centre by a new one; the sum over each piece.
fn take_in<T: Feature>(samples: &Samples<'_, T>, centre: usize, closest: &mut [f64]) -> Vec<f64> {
    let centre = samples.row(centre);
    let lower = |(piece, closest): (usize, &mut [f64])| {
        let mut sum = 0.0;
        for (distance, closest) in samples.distances(piece, centre).into_iter().zip(closest) {
            *closest = closest.min(distance.into());
            sum += *closest;
        }
        sum
    };
    closest.par_chunks_mut(samples.piece).enumerate().map(lower).collect()
}

/// The sample at which the running sum of squared distances passes `target`; never one at distance 0.
fn draw<T: Feature>(samples: &Samples<'_, T>, closest: &[f64], sums: &[f64], mut target: f64) -> usize {
    for (piece, &sum) in sums.iter().enumerate() {
        if target >= sum {
            target -= sum;
            continue;
        }
        let mut last = None;
        for i in samples.range(piece).filter(|&i| closest[i] > 0.0) {
            last = Some(i);
            if target < closest[i] {
                break;
            }
            target -= closest[i];
        }
        if let Some(i) = last {
            return i;
        }
    }
    // Rounding carried the target past the end.
    closest.iter().rposition(|&c| c > 0.0).unwrap_or(0)
}

/// Which candidate leaves the least total; the first of equals.
fn best_candidate<T: Feature>(samples: &Samples<'_, T>, closest: &[f64], drawn: &[usize]) -> usize {
    let totals = |piece: usize| {
        let closest = &closest[samples.range(piece)];
        let total = |&candidate: &usize| -> f64 {
            let distances = samples.distances(piece, samples.row(candidate));
            distances.into_iter().zip(closest).map(|(distance, &closest)| closest.min(distance.into())).sum()
        };
        drawn.iter().map(total).collect()
    };
    let parts: Vec<Vec<f64>> = (0..samples.pieces()).into_par_iter().map(totals).collect();
    let mut best = (0, f64::INFINITY);
    for candidate in 0..drawn.len() {
        let total: f64 = parts.iter().map(|part| part[candidate]).sum();
        if total < best.1 {
            best = (candidate, total);
        }
    }
    best.0
}
