//! Groups of coinciding eigenvalues that the number of compared vectors cuts in two.
//!
//! On a ring the second and third eigenvalue coincide. With two vectors compared, the exact second one is any vector of a
//! plane, and a learned one elsewhere in that plane is just as right. What the learned vector has outside the exact vectors is
//! orthogonal to all of them, so it is made of eigenvectors from `λₖ₊₁` on; how much of it lies beyond the group follows
//! from its Rayleigh quotient.

use crate::graph::Csr;

/// The largest share, 0..=1, of a remainder that can lie beyond the cut group.
///
/// A remainder orthogonal to the `k` exact vectors, with Rayleigh quotient `rayleigh`, has eigenvalues of at least `inside`
/// (`λₖ₊₁`, the lowest that is left) in the group and of at least `beyond` (the first after the group) outside:
/// `rayleigh ≥ (1 − share)·inside + share·beyond`.
pub(super) fn share_beyond(rayleigh: f64, inside: f64, beyond: Option<f64>) -> f64 {
    match beyond {
        Some(beyond) if beyond > inside => ((rayleigh - inside) / (beyond - inside)).clamp(0.0, 1.0),
        _ => 1.0,
    }
}

/// `yᵀ(D − W)y = ½ Σ wᵢⱼ (yᵢ − yⱼ)²`: in this form nothing cancels, however small it is.
pub(super) fn dirichlet_energy(affinity: &Csr, y: &[f64]) -> f64 {
    let mut energy = 0.0;
    for (i, bounds) in affinity.offsets.windows(2).enumerate() {
        let row = bounds[0]..bounds[1];
        for (&j, &w) in affinity.columns[row.clone()].iter().zip(&affinity.values[row]) {
            energy += 0.5 * w * (y[i] - y[j as usize]).powi(2);
        }
    }
    energy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_follows_from_the_rayleigh_quotient() {
        assert!(share_beyond(0.2, 0.2, Some(0.6)) == 0.0);
        assert!((share_beyond(0.3, 0.2, Some(0.6)) - 0.25).abs() < 1e-15);
        assert!(share_beyond(0.9, 0.2, Some(0.6)) >= 1.0);
        assert!(share_beyond(0.2, 0.2, None) >= 1.0, "nothing is known beyond the spectrum");
    }

    #[test]
    fn energy_of_a_path() {
        let path = Csr { offsets: vec![0, 1, 3, 4], columns: vec![1, 0, 2, 1], values: vec![2.0, 2.0, 1.0, 1.0] };
        assert!((dirichlet_energy(&path, &[0.0, 1.0, 3.0]) - (2.0 + 4.0)).abs() < 1e-15);
    }
}
