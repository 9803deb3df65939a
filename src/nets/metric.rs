//! Contrastive and triplet losses on a batch, for comparison with [`super::dscl`] on the same network and the same batches.
//!
//! Both act on outputs of length 1, as is usual, and both are functions of the batch's squared distances `D`. The weights
//! `dL/dD` follow in closed form, and `dL/dx` with them.

use ndarray::{Array2, ArrayView2};

use super::dscl::BatchLoss;

/// Contrastive loss (Hadsell, Chopra and LeCun, 2006) over all pairs: half the mean of `d²` over pairs of one class and half
/// the mean of `max(0, margin − d)²` over pairs of two, so that the many pairs of two classes do not drown the others.
///
/// `f` is `n × d`, distances lie between 0 and 2.
#[must_use]
pub fn contrastive(f: ArrayView2<'_, f64>, classes: &[u32], margin: f64) -> BatchLoss {
    on_sphere(f, |d2| {
        let n = d2.nrows();
        let same = |i: usize, j: usize| classes[i] == classes[j];
        let pairs = |i: usize| (0..i).map(move |j| (i, j));
        let alike = (0..n).flat_map(pairs).filter(|&(i, j)| same(i, j)).count();
        let apart = n * n.saturating_sub(1) / 2 - alike;
        let (pull, push) = (0.5 / alike.max(1) as f64, 0.5 / apart.max(1) as f64);
        let mut weights = Array2::zeros((n, n));
        let mut value = 0.0;
        for (i, j) in (0..n).flat_map(pairs) {
            let squared = d2[[i, j]];
            if same(i, j) {
                value += pull * squared;
                weights[[i, j]] = pull;
                continue;
            }
            let distance = squared.sqrt();
            if distance < margin {
                value += push * (margin - distance).powi(2);
                // Two samples in one place have no direction to part in.
                weights[[i, j]] = -push * (margin - distance) / distance.max(1e-6);
            }
        }
        (value, weights)
    })
}

/// Triplet loss with semi-hard negatives (Schroff, Kalenichenko and Philbin, 2015): the mean of `max(0, d²(a,p) − d²(a,n) +
/// margin)` over all pairs of one class, `n` the nearest sample of another class that is farther from the anchor than `p`,
/// or the farthest where there is none such.
#[must_use]
pub fn triplet(f: ArrayView2<'_, f64>, classes: &[u32], margin: f64) -> BatchLoss {
    on_sphere(f, |d2| {
        let n = d2.nrows();
        let mut weights = Array2::zeros((n, n));
        let (mut value, mut pairs) = (0.0, 0_usize);
        for anchor in 0..n {
            let mut others: Vec<(f64, usize)> =
                (0..n).filter(|&j| classes[j] != classes[anchor]).map(|j| (d2[[anchor, j]], j)).collect();
            others.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some(&farthest) = others.last() else { continue };
            for positive in (0..n).filter(|&j| j != anchor && classes[j] == classes[anchor]) {
                let near = d2[[anchor, positive]];
                let (far, negative) = others.get(others.partition_point(|o| o.0 <= near)).copied().unwrap_or(farthest);
                pairs += 1;
                if near - far + margin > 0.0 {
                    value += near - far + margin;
                    weights[[anchor, positive]] += 1.0;
                    weights[[anchor, negative]] -= 1.0;
                }
            }
        }
        let share = 1.0 / pairs.max(1) as f64;
        (value * share, weights * share)
    })
}

/// A loss of the squared distances between rows of length 1, and its gradient with respect to the rows before they got it.
/// `loss` gives the value and `dL/dD`, which need not be symmetric.
fn on_sphere(f: ArrayView2<'_, f64>, loss: impl Fn(&Array2<f64>) -> (f64, Array2<f64>)) -> BatchLoss {
    let (n, d) = f.dim();
    let lengths: Vec<f64> = f.rows().into_iter().map(|r| r.dot(&r).sqrt()).collect();
    if lengths.iter().any(|l| !l.is_finite()) {
        let advice = Some("the network's outputs are not finite; a lower --lr helps".to_owned());
        return BatchLoss { value: f64::NAN, gradient: Array2::zeros((n, d)), advice };
    }
    let mut x = f.to_owned();
    for (mut row, &length) in x.rows_mut().into_iter().zip(&lengths) {
        row /= length.max(f64::MIN_POSITIVE);
    }
    let inner = x.dot(&x.t());
    let d2 = Array2::from_shape_fn((n, n), |(i, j)| (inner[[i, i]] + inner[[j, j]] - 2.0 * inner[[i, j]]).max(0.0));
    let (value, weights) = loss(&d2);
    // dL/dxᵢ = 2 Σⱼ (wᵢⱼ + wⱼᵢ)(xᵢ − xⱼ).
    let both = &weights + &weights.t();
    let mut gradient = both.dot(&x) * -2.0;
    for (i, mut row) in gradient.rows_mut().into_iter().enumerate() {
        row.scaled_add(2.0 * both.row(i).sum(), &x.row(i));
        // Only what turns a row passes through its scaling to length 1.
        let along = row.dot(&x.row(i));
        row.scaled_add(-along, &x.row(i));
        row /= lengths[i].max(1e-12);
    }
    BatchLoss { value, gradient, advice: None }
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::nets::check::{gradient_error, read};
    use crate::nets::perceptron::tensor;

    fn batch() -> (Array2<f64>, Vec<u32>) {
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        (Array2::from_shape_fn((18, 4), |_| rng.random_range(-2.0..2.0)), (0..18).map(|i| i % 3).collect())
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        let (f, classes) = batch();
        for margin in [0.3, 1.0, 1.7] {
            assert!(gradient_error(&f, |f| contrastive(f.view(), &classes, margin)) < 1e-6, "contrastive {margin}");
            assert!(gradient_error(&f, |f| triplet(f.view(), &classes, margin)) < 1e-6, "triplet {margin}");
        }
    }

    #[test]
    fn the_contrastive_gradient_agrees_with_automatic_differentiation() {
        let (f, classes) = batch();
        let f = f.mapv(|v| v as f32);
        let device = burn::tensor::Device::flex().autodiff();
        let x = tensor(f.view(), &device).require_grad();
        let unit = x.clone() / (x.clone() * x.clone()).sum_dim(1).sqrt();
        let d2 = unit.clone().matmul(unit.transpose()).mul_scalar(-2.0).add_scalar(2.0);
        let same = Array2::from_shape_fn((18, 18), |(i, j)| f32::from(u8::from(i != j && classes[i] == classes[j])));
        let apart = Array2::from_shape_fn((18, 18), |(i, j)| f32::from(u8::from(classes[i] != classes[j])));
        let share = |mask: &Array2<f32>| mask / (2.0 * mask.sum());
        let short = d2.clone().clamp_min(1e-6).sqrt().neg().add_scalar(1.2).clamp_min(0.0);
        let value = (d2 * tensor(share(&same).view(), &device)).sum()
            + (short.clone() * short * tensor(share(&apart).view(), &device)).sum();
        let automatic = x.grad(&value.backward()).map(read).expect("it was tracked").mapv(f64::from);
        let ours = contrastive(f.mapv(f64::from).view(), &classes, 1.2).gradient;
        let length = |a: &Array2<f64>| a.iter().map(|v| v * v).sum::<f64>().sqrt();
        assert!(length(&(&ours - &automatic)) < 1e-4 * length(&ours));
    }

    #[test]
    fn separated_classes_cost_nothing() {
        let classes: Vec<u32> = (0..12).map(|i| i % 3).collect();
        let f = Array2::from_shape_fn((12, 3), |(i, j)| if i % 3 == j { 5.0 } else { 0.0 });
        for loss in [contrastive(f.view(), &classes, 1.0), triplet(f.view(), &classes, 0.5)] {
            assert!(loss.value < 1e-12 && loss.gradient.iter().all(|g| g.abs() < 1e-12));
        }
    }

    #[test]
    fn a_negative_farther_than_the_positive_is_preferred() {
        // On a circle: the anchor at 0°, its positive at 40°, others at 20° and 50°.
        let at = |degrees: f64| [degrees.to_radians().cos(), degrees.to_radians().sin()];
        let f = ndarray::arr2(&[at(0.0), at(40.0), at(20.0), at(50.0)]);
        let squared = |a: f64| 2.0 - 2.0 * a.to_radians().cos();
        // From 0° the negative at 50°; from 40° none is farther than the positive, so the farthest, at 20°.
        let expected = 0.5 * ((squared(40.0) - squared(50.0) + 0.4).max(0.0) + squared(40.0) - squared(20.0) + 0.4);
        let value = triplet(f.view(), &[0, 0, 1, 2], 0.4).value;
        assert!((value - expected).abs() < 1e-12, "{value} and not {expected}");
    }
}
