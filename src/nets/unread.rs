//! The [`objective`](super::objective) where the outputs stay on the device: value and gradient by products of matrices alone, in `f32`, so
//! that no step waits for a number.
//!
//! Only `AAᵀ = G⁻¹` of the orthonormal layer enters value and gradient, and not `A` itself. With a `P` from a while ago that made the outputs
//! orthonormal then, `Z = ỸP` is nearly so now, and its Gram matrix `G` nearly the identity: that keeps single precision from losing what
//! columns of very different size would lose. `X = G⁻¹` comes by sweeps: `S ← S − uuᵀ/p` for each column `s` of `S` in turn, which begins as `G`,
//! with `u` the column less its unit vector and `p` its pivot, leaves `2I − G⁻¹`. Two rounds of Newton's `X ← X(2I − GX)` (Schulz, 1933) take most of
//! the rounding from it. With `C` as in the objective, taken of `Z`, the loss is `tr(XC)`, and its gradient for `Z` that of `tr(XC) − tr(XCX G)`
//! with `X` and `C` held fixed; times `Pᵀ` it is the one for `Ỹ`.
//!
//! It is the first rung of the layer's ladder. Where it finds no inverse the step's gradient is zero; that is counted, and whoever reads the
//! count takes the next step on the host, whose ladder in `f64` has the other rungs. A young network turns fast: so steps are few before the first
//! reading, and twice as many before each next one.

use burn::tensor::{Bool, Device, Tensor};
use ndarray::{Array2, ArrayView2};

use super::Compute;
use super::crossing::{numbers, tensor};
use super::layer::parts;
use super::orthonormal::{Factorization, Orthonormal};
use crate::Result;

/// Most steps until what they left on the device is read, where nothing else asks for it: a wait in one step of so many.
const READ_EVERY: usize = 64;
/// Rounds of Newton's iteration.
const ROUNDS: usize = 2;
/// `‖I − GX‖` up to which the inverse is one, and its largest trace for a `G` with ones on its diagonal: beyond, single precision has lost it.
const INVERTED: f32 = 1e-2;
const LARGEST: f32 = 1e5;
/// How far outputs may be from what a layer made of them for steps to go on from it: the mean eigenvalue of their Gram matrix and of its inverse.
const STEADY: f64 = 30.0;
/// Added to a Gram matrix with ones on its diagonal: next to nothing where it has an inverse, and too little to give it one.
const RIDGE: f32 = 1e-6;

/// What is kept on the device from step to step.
#[derive(Debug)]
pub struct Unread {
    device: Device,
    /// `P`, `k × k`, on both sides.
    here: Array2<f64>,
    there: Tensor<2>,
    identity: Tensor<2>,
    /// Sum of the losses, and of the steps that did not find the inverse.
    sums: Option<Tensor<1>>,
    /// Of the last step: its Gram matrix by `P`, and its loss.
    gram: Option<Tensor<2>>,
    value: Option<Tensor<1>>,
    /// Steps since the last reading, and since the last renewal of `P`; those after which there has to be one.
    fresh: usize,
    steps: usize,
    until: usize,
    /// Whether one of these found no inverse, as far as was read.
    lost: bool,
}

/// Rows beside the batch that are tied: how far the map misses their means (`v × k`), and what their energy weighs.
#[derive(Clone, Debug)]
pub struct Misses {
    /// `v × k`.
    pub rows: Tensor<2>,
    /// The weight of `E rrᵀ`.
    pub weight: f64,
}

/// What steps left behind since the last reading.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Steps taken.
    pub steps: usize,
    /// Their mean loss, of those that found the inverse; NaN where none did.
    pub loss: f64,
    /// Steps that did not, whose gradient was zero.
    pub missed: usize,
    /// Whether one since the last renewal did not.
    pub lost: bool,
    /// ‖G − I‖/√k of the last step: how far `P` is from making its outputs orthonormal.
    pub orthogonality: f64,
    /// The layer of the last step's outputs.
    pub layer: Orthonormal,
}

impl Unread {
    /// Goes on from a layer that made outputs orthonormal a while ago.
    #[must_use]
    pub fn new(layer: &Orthonormal, compute: &Compute) -> Self {
        let here = layer.weights.clone();
        let device = compute.device.clone();
        let identity = Tensor::eye(here.nrows(), &device);
        Self {
            there: sent(&here, &device),
            here,
            identity,
            device,
            sums: None,
            gram: None,
            value: None,
            fresh: 0,
            steps: 0,
            until: 1,
            lost: false,
        }
    }

    /// Whether a network whose outputs a layer made orthonormal is so much the same still, now that their Gram matrix is this (`k × k`), that
    /// steps can go on from it.
    #[must_use]
    pub fn can_go_on(layer: &Orthonormal, gram: ArrayView2<'_, f64>) -> bool {
        let a = &layer.weights;
        let now = a.t().dot(&gram).dot(a);
        let next = Orthonormal::from_gram(now.view());
        // The trace of the inverse is what its factor adds up to.
        let inverse: f64 = next.weights.iter().map(|w| w * w).sum();
        let most = STEADY * a.nrows() as f64;
        let sound = |layer: &Orthonormal| layer.factorization <= Factorization::Ridge;
        sound(layer) && sound(&next) && now.diag().sum() <= most && inverse <= most
    }

    /// Whether what steps left is to be read before the next one.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.steps >= self.until
    }

    /// The loss of the last step, on the device; 0 where it found no inverse, `None` before the first.
    #[must_use]
    pub fn value(&self) -> Option<Tensor<1>> {
        self.value.clone()
    }

    /// Loss over pairs as [`super::objective::pairs_tied`] has it: the gradients for `y` (`2m × k`) and for the misses. By `other`, outputs of
    /// a batch used for nothing else, the layer is frozen.
    #[must_use]
    pub fn pairs(
        &mut self,
        y: Tensor<2>,
        misses: Option<&Misses>,
        other: Option<Tensor<2>>,
    ) -> (Tensor<2>, Option<Tensor<2>>) {
        let (m, through) = (y.dims()[0] / 2, other.is_none());
        let z = y.matmul(self.there.clone());
        let sample = other.map_or_else(|| z.clone(), |other| other.matmul(self.there.clone()));
        let gram = mean_square(sample);
        let (inverse, found) = self.inverse(&gram);
        let difference = z.clone().narrow(0, 0, m) - z.clone().narrow(0, m, m);
        let own = mean_square(difference.clone()).mul_scalar(0.5);
        let value = (inverse.clone() * own.clone()).sum();
        let rests = misses.map(|Misses { rows, weight }| (rows.clone().matmul(self.there.clone()), *weight));
        let c = match &rests {
            Some((rest, weight)) => own + mean_square(rest.clone()).mul_scalar(*weight),
            None => own,
        };
        let toward = difference.matmul(inverse.clone()).div_scalar(m as f64);
        let mut gradient = Tensor::cat(vec![toward.clone(), toward.neg()], 0);
        if through {
            let push = inverse.clone().matmul(c).matmul(inverse.clone());
            gradient = gradient - z.matmul(push).div_scalar(m as f64);
        }
        let back = self.there.clone().transpose();
        let or_zero = |gradient: Tensor<2>| {
            let lost = found.clone().bool_not().expand(gradient.dims());
            gradient.matmul(back.clone()).mask_fill(lost, 0.0)
        };
        let for_misses = rests.map(|(rest, weight)| {
            let count = rest.dims()[0];
            or_zero(rest.matmul(inverse.clone()).mul_scalar(2.0 * weight / count as f64))
        });
        let missed = found.clone().bool_not().reshape([1]);
        let value = value.mask_fill(missed.clone(), 0.0);
        let sums = Tensor::cat(vec![value.clone(), missed.float()], 0);
        self.sums = Some(match self.sums.take() {
            Some(before) => before + sums,
            None => sums,
        });
        (self.gram, self.value) = (Some(gram), Some(value));
        self.fresh += 1;
        self.steps += 1;
        (or_zero(gradient), for_misses)
    }

    /// `G⁻¹`, and whether it is (`1 × 1`).
    fn inverse(&self, gram: &Tensor<2>) -> (Tensor<2>, Tensor<2, Bool>) {
        // With ones on its diagonal.
        let sizes = (gram.clone() * self.identity.clone()).sum_dim(1).sqrt();
        let sizes = sizes.clone() * sizes.transpose();
        let even = gram.clone() / sizes.clone() + self.identity.clone().mul_scalar(RIDGE);
        let mut swept = even.clone();
        for at in 0..self.here.nrows() {
            let column = swept.clone().narrow(1, at, 1);
            let pivot = column.clone().narrow(0, at, 1);
            let u = column - self.identity.clone().narrow(1, at, 1);
            swept = swept - (u.clone() / pivot) * u.transpose();
        }
        let twice = self.identity.clone().mul_scalar(2.0);
        let mut inverse = twice.clone() - swept;
        for _ in 0..ROUNDS {
            let rest = twice.clone() - even.clone().matmul(inverse.clone());
            inverse = inverse.matmul(rest);
        }
        let rest = self.identity.clone() - even.matmul(inverse.clone());
        let away = (rest.clone() * rest).sum().reshape([1, 1]).lower_equal_scalar(INVERTED * INVERTED);
        let trace = (inverse.clone() * self.identity.clone()).sum().reshape([1, 1]).lower_equal_scalar(LARGEST);
        (inverse / sizes, away.bool_and(trace))
    }

    /// Reads what steps left behind, one small tensor: the only wait there is. With `renew` the last step's outputs become what `P` makes
    /// orthonormal; without it nothing of the training changes.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when it cannot be read back.
    pub fn read(&mut self, renew: bool) -> Result<Option<Reading>> {
        let k = self.here.nrows();
        let idle = self.fresh == 0 && !(renew && self.steps > 0);
        let Some(gram) = self.gram.as_ref().filter(|_| !idle) else { return Ok(None) };
        let sums = self.sums.take().unwrap_or_else(|| Tensor::zeros([2], &self.device));
        let packed = numbers(Tensor::cat(vec![sums, gram.clone().reshape([k * k])], 0))?;
        let steps = std::mem::take(&mut self.fresh);
        let gram = Array2::from_shape_fn((k, k), |(i, j)| {
            0.5 * (f64::from(packed[2 + i * k + j]) + f64::from(packed[2 + j * k + i]))
        });
        let [sum, missed] = [packed[0], packed[1]].map(f64::from);
        // A sum that is no number is one of outputs that are none.
        let missed = if sum.is_finite() && missed.is_finite() { (missed as usize).min(steps) } else { steps };
        self.lost |= missed > 0;
        let lost = self.lost;
        if renew {
            (self.steps, self.lost, self.until) = (0, false, (2 * self.until).min(READ_EVERY));
        }
        let away = &gram - &Array2::<f64>::eye(k);
        let Orthonormal { weights, factorization, rank } = Orthonormal::from_gram(gram.view());
        let layer = Orthonormal { weights: self.here.dot(&weights), factorization, rank };
        if renew && factorization <= Factorization::Ridge {
            self.here.clone_from(&layer.weights);
            self.there = sent(&self.here, &self.device);
        }
        Ok(Some(Reading {
            steps,
            loss: if missed == steps { f64::NAN } else { sum / (steps - missed) as f64 },
            missed,
            lost,
            orthogonality: (away.iter().map(|v| v * v).sum::<f64>() / k.max(1) as f64).sqrt(),
            layer,
        }))
    }
}

/// `E xxᵀ` of rows, `k × k`.
fn mean_square(rows: Tensor<2>) -> Tensor<2> {
    let [count, k] = rows.dims();
    let parts = parts(count);
    let rows = rows.reshape([parts, count / parts, k]);
    let sums = rows.clone().transpose().matmul(rows);
    sums.sum_dim(0).reshape([k, k]).div_scalar(count.max(1) as f64)
}

fn sent(weights: &Array2<f64>, device: &Device) -> Tensor<2> {
    tensor(weights.mapv(|w| w as f32).view(), device)
}

#[cfg(test)]
mod tests {
    use rand::Rng as _;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::nets::check::read;
    use crate::nets::objective::{self, Loss};

    fn random(rows: usize, seed: u64, scales: [f64; 4]) -> Array2<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Array2::from_shape_fn((rows, 4), |(_, j)| scales[j] * rng.random_range(-1.0..1.0_f64))
            .mapv(|v| f64::from(v as f32))
    }

    fn there(values: &Array2<f64>) -> Tensor<2> {
        tensor(values.mapv(|v| v as f32).view(), &Device::flex())
    }

    /// Largest error of a gradient in f32 beside the one in f64, relative to the largest entry.
    fn error(ours: Tensor<2>, expected: &Array2<f64>) -> f64 {
        let size = expected.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        (read(ours).mapv(f64::from) - expected).iter().fold(0.0_f64, |most, v| most.max(v.abs())) / size
    }

    fn unread(y: &Array2<f64>) -> Unread {
        let layer = Orthonormal::from_gram(objective::gram(y.view()).view());
        Unread::new(&layer, &Compute::as_if_afar(usize::MAX, usize::MAX))
    }

    #[test]
    fn value_and_gradients_are_those_of_the_host_though_columns_differ_ten_thousandfold() {
        for (seed, scales) in [(1, [1.0; 4]), (2, [1e-3, 1.0, 30.0, 0.2])] {
            // What P was made of, what the outputs became since, and the batch that freezes the layer.
            let (before, other) = (random(200, seed, scales), random(90, seed + 20, scales));
            let y = random(120, seed + 10, scales) * 1.7;
            let rows = random(15, seed + 30, scales) * 0.3;
            for frozen in [false, true] {
                let mut unread = unread(&before);
                let weight = 0.8;
                let misses = Misses { rows: there(&rows), weight };
                let (own, for_misses) = unread.pairs(there(&y), Some(&misses), frozen.then(|| there(&other)));
                let sample = if frozen { &other } else { &y };
                let layer = Orthonormal::from_gram(objective::gram(sample.view()).view());
                let (Loss { value, gradient, .. }, pull) =
                    objective::pairs_tied(y.view(), rows.view(), weight, layer, !frozen);
                assert!(error(own, &gradient) < 1e-4, "seed {seed}, frozen {frozen}");
                assert!(error(for_misses.expect("rows are tied"), &pull) < 1e-4, "seed {seed}, frozen {frozen}");
                let reading = unread.read(true).expect("read").expect("a step was taken");
                assert!((reading.loss / value - 1.0).abs() < 1e-4 && (reading.steps, reading.missed) == (1, 0));
                // The layer that was read makes the same outputs orthonormal.
                let made = reading.layer.weights.t().dot(&objective::gram(sample.view())).dot(&reading.layer.weights);
                assert!((made - Array2::<f64>::eye(4)).iter().all(|v| v.abs() < 1e-3));
                assert!(unread.read(true).expect("nothing to read").is_none());
            }
        }
    }

    #[test]
    fn a_step_that_finds_no_inverse_teaches_nothing_and_is_counted() {
        let y = random(80, 3, [1.0; 4]);
        let mut flat = y.clone();
        let first = flat.column(0).to_owned();
        flat.column_mut(1).assign(&first);
        for lost in [flat, &y * f64::NAN] {
            let mut unread = unread(&y);
            let (gradient, _) = unread.pairs(there(&lost), None, None);
            assert!(read(gradient).iter().all(|g| g.abs() < 1e-12));
            let (sound, _) = unread.pairs(there(&y), None, None);
            assert!(read(sound).iter().any(|g| g.abs() > 1e-6));
            let reading = unread.read(false).expect("read").expect("two steps were taken");
            assert_eq!((reading.steps, reading.missed), (2, 1));
            assert!(reading.loss.is_finite() && reading.orthogonality < 1e-3);
        }
    }

    #[test]
    fn outputs_that_grow_twentyfold_between_two_readings_are_inverted_still() {
        let y = random(200, 5, [1.0; 4]);
        let mut unread = unread(&y);
        let grown = random(200, 6, [20.0, 1.0, 4.0, 2.0]);
        let (gradient, _) = unread.pairs(there(&grown), None, None);
        let expected = objective::pairs(grown.view(), None).gradient;
        assert!(error(gradient, &expected) < 2e-3);
        assert!(unread.is_due());
        // From then on it is as good as new, and more steps come before the next reading.
        unread.read(true).expect("read");
        let (gradient, _) = unread.pairs(there(&grown), None, None);
        assert!(error(gradient, &expected) < 1e-4 && !unread.is_due());
    }

    #[test]
    fn steps_go_on_from_a_layer_that_still_fits() {
        let y = random(200, 5, [1.0; 4]);
        let layer = Orthonormal::from_gram(objective::gram(y.view()).view());
        let goes_on = |scales| Unread::can_go_on(&layer, objective::gram(random(200, 6, scales).view()).view());
        assert!(goes_on([2.0, 1.0, 0.5, 1.0]) && !goes_on([40.0, 1.0, 1.0, 1.0]) && !goes_on([0.02, 1.0, 1.0, 1.0]));
        let flat = Orthonormal { factorization: Factorization::Whitening, ..layer.clone() };
        assert!(!Unread::can_go_on(&flat, objective::gram(y.view()).view()));
    }
}
