//! Figures taken from eigenvalues and Gram matrices alone.

use ndarray::Array2;

/// The number of clusters that a spectrum suggests: the `k` of `2..values.len()` with the widest relative gap
/// `(λₖ₊₁ − λₖ) / λₖ₊₁` above the `k` lowest eigenvalues (von Luxburg, 2007, section 8.3, relative so that neither the
/// operator's scale nor the growth of the spectrum decides). With `c > 1` components the gap above their zeros is 1, the
/// widest possible. Of equal gaps the first wins; with fewer than three values there is no choice but their number, at
/// most 2.
#[must_use]
pub fn eigengap(values: &[f64]) -> usize {
    let largest = values.iter().fold(0.0_f64, |most, &v| most.max(v));
    let zero = 1e-10 * largest;
    let clean = |v: f64| if v <= zero { 0.0 } else { v };
    let mut widest = (0.0, values.len().min(2));
    for k in 2..values.len() {
        let (below, above) = (clean(values[k - 1]), clean(values[k]));
        let gap = if above > 0.0 { (above - below) / above } else { 0.0 };
        if gap > widest.0 {
            widest = (gap, k);
        }
    }
    widest.1
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

/// What [`orthogonality_error`] comes to on `rows` fresh samples when the weights are right for another batch of as many:
/// about `√(2k/m)`, the noise of two Gram matrices of `m` samples. No training gets below it.
#[must_use]
pub fn orthogonality_floor(columns: usize, rows: usize) -> f64 {
    (2.0 * columns as f64 / rows.max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn the_gap_above_the_components_wins() {
        assert_eq!(eigengap(&[0.0, 1e-17, 3e-16, 0.02, 0.021, 0.5]), 3);
        assert_eq!(eigengap(&[0.0, 1e-6, 4e-5, 5e-5, 6e-5]), 2);
        assert_eq!(eigengap(&[0.0, 0.1, 0.11, 0.12, 0.6, 0.61]), 4);
    }

    #[test]
    fn spectra_without_a_choice() {
        assert_eq!(eigengap(&[]), 0);
        assert_eq!(eigengap(&[0.0]), 1);
        assert_eq!(eigengap(&[0.0, 0.3]), 2);
        assert_eq!(eigengap(&[0.0, 0.0, 0.0]), 2);
    }

    #[test]
    fn the_identity_has_no_error() {
        assert!(orthogonality_error(&Array2::eye(7)) == 0.0);
        assert!((orthogonality_error(&array![[1.0, 0.3], [0.3, 0.6]]) - (0.34_f64 / 2.0).sqrt()).abs() < 1e-15);
        assert!(orthogonality_error(&Array2::zeros((0, 0))) == 0.0);
        assert!((orthogonality_floor(10, 1024) - 0.1398).abs() < 1e-4);
    }
}
