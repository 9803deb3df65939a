//! Figures taken from eigenvalues and Gram matrices alone.

use ndarray::Array2;

/// What share of the eigenvalue at place [`FLOOR_AT`] (counted from 1), or of the last where there are fewer, an eigenvalue counts at least:
/// zeros are rounding, and their quotients mean nothing.
const FLOOR: f64 = 1e-4;
const FLOOR_AT: usize = 16;
/// Relative width from which a gap is clear: the value above is five times the one below. What holds together has no such gap inside. By Weyl's
/// law the eigenvalues of a connected piece of `m` dimensions grow as `(k − 1)^(2/m)`, fastest along a curve, where they are as 0, 1, 4, 9, 16,
/// so that from the second on none is more than four times the one before; those of a normal cloud are as 0, 1, 2, 3.
const CLEAR: f64 = 0.8;

/// Relative width below which a gap is next to none. By the same law the gap after the `k`-th value is `2/(mk)` wide inside one piece: in ten
/// dimensions less than this from the fourth on. Between classes that clusters find it is three times as wide.
const NEGLIGIBLE: f64 = 0.05;

/// A gap between two eigenvalues that lie next to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Eigenvalues below it: the number of clusters it suggests.
    pub after: usize,
    /// The eigenvalue below.
    pub below: f64,
    /// The eigenvalue above.
    pub above: f64,
    /// Its width as a share of the eigenvalue above, `(λₖ₊₁ − λₖ) / λₖ₊₁`, where both count as a ten-thousandth of the 16th eigenvalue at least:
    /// what decides.
    pub relative: f64,
}

impl Gap {
    /// The gap after the `k` lowest of the ascending `values`, where there are values on both sides.
    #[must_use]
    pub fn after(values: &[f64], k: usize) -> Option<Self> {
        let (below, above) = (*values.get(k.checked_sub(1)?)?, *values.get(k)?);
        let (low, high) = (below.max(floor(values)), above.max(floor(values)));
        let relative = if high > 0.0 { (high - low) / high } else { 0.0 };
        Some(Self { after: k, below, above, relative })
    }

    /// The gap after the `k` lowest of the ascending `values` where it is next to none, so that nothing in them tells `k` clusters from `k + 1`.
    /// Between zeros, one for each part of the graph, no gap is looked for.
    #[must_use]
    pub fn negligible_after(values: &[f64], k: usize) -> Option<Self> {
        Self::after(values, k).filter(|gap| gap.relative < NEGLIGIBLE && gap.below > floor(values))
    }

    /// Whether it is wider than any gap inside one connected cloud or curve, and so tells of clusters.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.relative > CLEAR
    }
}

/// What an eigenvalue counts at least.
fn floor(values: &[f64]) -> f64 {
    FLOOR * values.get(FLOOR_AT - 1).or(values.last()).copied().unwrap_or(0.0)
}

/// The gap that suggests a number of clusters (von Luxburg, 2007, section 8.3; relative, so that the operator's scale does not decide): of those
/// after `2..values.len()` eigenvalues the last clear one ([`Gap::is_clear`]). Those before it lie between clusters too: parts of the graph may
/// hold several, and clusters lie at different distances. Where none is clear, it is the relatively widest, of equal ones the first. None with
/// fewer than three values, between which there is nothing to choose, or where all of them are 0.
#[must_use]
pub fn telling_gap(values: &[f64]) -> Option<Gap> {
    let gaps = || (2..values.len()).filter_map(|k| Gap::after(values, k)).filter(|gap| gap.relative > 0.0);
    let widest = || gaps().reduce(|widest, gap| if gap.relative > widest.relative { gap } else { widest });
    gaps().rfind(Gap::is_clear).or_else(widest)
}

/// The number of clusters that a spectrum suggests: that of its [`telling_gap`]; without one the number of values, at most 2.
#[must_use]
pub fn eigengap(values: &[f64]) -> usize {
    telling_gap(values).map_or(values.len().min(2), |gap| gap.after)
}

/// How far a Gram matrix `G`, `k × k`, is from the identity: `‖G − I‖_F / √k`. 0 without columns.
#[must_use]
pub fn orthogonality_error(gram: &Array2<f64>) -> f64 {
    let k = gram.nrows();
    if k == 0 {
        return 0.0;
    }
    let off: f64 = gram.indexed_iter().map(|((i, j), &g)| (g - if i == j { 1.0 } else { 0.0 }).powi(2)).sum();
    (off / k as f64).sqrt()
}

/// The typical [`orthogonality_error`] of a batch of `rows` independent samples whose weights were set on another batch of as many:
/// `√(2k/m)`, the noise of two Gram matrices of `m` rows each. No bound: single batches lie on either side, and columns whose squares
/// vary little, as two values ±1 do, mostly below.
#[must_use]
pub fn typical_error(columns: usize, rows: usize) -> f64 {
    (2.0 * columns as f64 / rows.max(1) as f64).sqrt()
}

/// The same of all data, whose own Gram matrix has no noise, with weights set on one batch: `√(k/m)`.
#[must_use]
pub fn typical_error_of_all(columns: usize, rows: usize) -> f64 {
    (columns as f64 / rows.max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn the_gap_above_the_components_wins_unless_parts_hold_clusters() {
        assert_eq!(eigengap(&[0.0, 1e-17, 3e-16, 0.2, 0.21, 0.5]), 3);
        // Two parts, one of three clouds close together and one of two.
        assert_eq!(eigengap(&[0.0, 1e-17, 1e-5, 3e-4, 4e-4, 0.1, 0.12, 0.2]), 5);
        // The fourth is many times the third, and neither is anything.
        assert_eq!(eigengap(&[0.0, 1e-12, 1e-9, 1e-5, 0.3, 0.35, 0.4, 0.5]), 4);
        assert_eq!(eigengap(&[0.0, 1e-6, 4e-5, 5e-5, 6e-5]), 2);
        assert_eq!(eigengap(&[0.0, 0.1, 0.11, 0.12, 0.6, 0.61]), 4);
    }

    #[test]
    fn a_curve_is_one_cluster_however_long() {
        // Two long arcs in a graph of two parts: each has the eigenvalues of a curve, a, 4a, 9a, …
        let arcs: Vec<f64> = (0..12).flat_map(|k| [1e-3 * f64::from(k * k), 1.1e-3 * f64::from(k * k)]).collect();
        assert_eq!(eigengap(&arcs), 2);
        let mut joined = arcs.clone();
        joined[1] = 1e-6;
        assert_eq!(eigengap(&joined), 2, "hardly joined");
        // A ring, whose values come in pairs, around a cloud.
        let ring: Vec<f64> =
            [0.0, 0.0].into_iter().chain((2..24).map(|k| 1e-3 * f64::from((k / 2) * (k / 2)))).collect();
        assert_eq!(eigengap(&ring), 2);
    }

    #[test]
    fn one_cloud_or_curve_has_no_clear_gap() {
        let clear = |values: &[f64]| telling_gap(values).expect("values to choose from").is_clear();
        let spectrum = |of: fn(i32) -> f64| -> Vec<f64> { (0..24).map(of).collect() };
        assert!(!clear(&spectrum(|k| f64::from(k * k))), "a curve");
        assert!(!clear(&spectrum(f64::from)), "a normal cloud along its longest axis");
        assert!(!clear(&[0.0, 1.0, 1.0, 2.0, 4.0, 4.0, 5.0, 5.0, 8.0]), "a square");
        assert!(clear(&[0.0, 0.01, 0.012, 0.2, 0.25, 0.3]), "three clouds");
    }

    #[test]
    fn next_to_no_gap_is_told_from_a_narrow_one_and_from_zeros() {
        let values = [0.0, 0.0, 0.3, 0.33, 0.332, 0.4];
        let negligible = |k: usize| Gap::negligible_after(&values, k).map(|gap| gap.after);
        assert_eq!([1, 2, 3, 4, 5, 6].map(negligible), [None, None, None, Some(4), None, None]);
    }

    #[test]
    fn spectra_without_a_choice() {
        assert_eq!(eigengap(&[]), 0);
        assert_eq!(eigengap(&[0.0]), 1);
        assert_eq!(eigengap(&[0.0, 0.3]), 2);
        assert_eq!(eigengap(&[0.0, 0.0, 0.0]), 2);
    }

    #[test]
    fn the_relative_gap_decides_where_the_widest_is_another() {
        let values = [0.0, 0.001, 0.1, 0.35];
        let gap = telling_gap(&values).expect("three gaps to choose from");
        assert!(gap.after == 2 && (gap.relative - 0.99).abs() < 1e-9 && gap.above - gap.below < 0.25, "{gap:?}");
        let after_three = Gap::after(&values, 3).expect("values on both sides");
        assert!(after_three.above - after_three.below > 0.2 && after_three.relative < gap.relative);
        assert_eq!((telling_gap(&[0.0, 0.3]), Gap::after(&values, 0), Gap::after(&values, 4)), (None, None, None));
    }

    #[test]
    fn the_typical_error_is_no_bound_and_two_noisy_batches_have_more_than_one() {
        use rand::{Rng as _, SeedableRng as _};
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(4);
        let (k, m, draws) = (2, 256, 400);
        let mut gram = |signs: bool| {
            let mut normal = || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
            let y = Array2::from_shape_fn((m, k), |_| if signs { normal().signum() } else { normal() });
            y.t().dot(&y) / m as f64
        };
        // Weights that make one batch orthonormal are its Gram matrix's inverse root; to first order errors subtract.
        let error =
            |one: &Array2<f64>, other: &Array2<f64>| orthogonality_error(&(other - one + Array2::<f64>::eye(k)));
        let mut rms = |signs: bool, all: bool| {
            let mut below = 0;
            let mut squares = 0.0;
            for _ in 0..draws {
                let other = if all { Array2::eye(k) } else { gram(signs) };
                let found = error(&gram(signs), &other);
                below += usize::from(found < typical_error(k, m));
                squares += found * found / f64::from(draws);
            }
            (squares.sqrt(), below)
        };
        let (two, below) = rms(false, false);
        let (one, _) = rms(false, true);
        assert!(
            below < 9 * draws as usize / 10 && below > draws as usize / 3,
            "{below} of {draws} lie below: no bound"
        );
        // Normal columns have a diagonal twice as noisy: √((k + 1)/k) more.
        let normal = (1.0 + 1.0 / k as f64).sqrt();
        assert!((two / typical_error(k, m) / normal - 1.0).abs() < 0.1, "{two}");
        assert!((one / typical_error_of_all(k, m) / normal - 1.0).abs() < 0.1, "{one}");
        assert!(rms(true, false).1 > 3 * draws as usize / 4, "columns of signs lie below more often");
    }

    #[test]
    fn the_identity_has_no_error() {
        assert!(orthogonality_error(&Array2::eye(7)) == 0.0);
        assert!((orthogonality_error(&array![[1.0, 0.3], [0.3, 0.6]]) - (0.34_f64 / 2.0).sqrt()).abs() < 1e-15);
        assert!(orthogonality_error(&Array2::zeros((0, 0))) == 0.0);
        assert!((typical_error(10, 1024) - 0.1398).abs() < 1e-4);
    }
}
