//! How far two groups are apart, in numbers that do not hang on units or on how many there are.

/// A running mean and the sum of squared differences from it (Welford, 1962).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    pub(super) count: usize,
    pub(super) mean: f64,
    squares: f64,
}

impl Moments {
    pub(super) fn add(&mut self, value: f64) {
        self.count += 1;
        let by = value - self.mean;
        self.mean += by / self.count as f64;
        self.squares += by * (value - self.mean);
    }

    /// The variance of the sample; 0 of fewer than two values.
    pub(super) fn variance(&self) -> f64 {
        if self.count < 2 { 0.0 } else { (self.squares / (self.count - 1) as f64).max(0.0) }
    }
}

/// The standardised difference of two means, `(a − b) / √((s_a² + s_b²) / 2)` (Cohen, 1988): how many standard deviations one lies above
/// the other. Infinite where both groups are constant and differ.
#[must_use]
pub fn standardised_difference(means: [f64; 2], variances: [f64; 2]) -> f64 {
    let by = means[0] - means[1];
    let deviation = (0.5 * (variances[0] + variances[1])).sqrt();
    // What rounding leaves of two equal constants is no difference.
    let noise = 1e-12 * means[0].abs().max(means[1].abs());
    if by.abs() <= noise {
        0.0
    } else if deviation > 0.0 {
        by / deviation
    } else {
        by.signum() * f64::INFINITY
    }
}

/// Cohen's h of two shares, `2 asin √p − 2 asin √q` (Cohen, 1988): a difference of shares that counts as much near 0 and 1 as in the middle,
/// from −π to π.
#[must_use]
pub fn proportion_effect([p, q]: [f64; 2]) -> f64 {
    let angle = |share: f64| 2.0 * share.clamp(0.0, 1.0).sqrt().asin();
    angle(p) - angle(q)
}
