//! Steps of one size in every direction (Muon; Jordan et al., 2024) for networks whose steps take all rows.
//!
//! The gradient of a layer's weights is a few directions that all rows share and many small ones. Adam takes each number by itself, so that the
//! small directions are learned late; here a layer's step is the nearest matrix to its gradient whose singular values are all one. What tells
//! rows apart that the large directions put in one place is learned as fast as these. It asks for gradients without the noise of drawing, which
//! has small directions too.

use burn::optim::momentum::{Momentum, MomentumConfig, MomentumState};
use burn::optim::{LearningRate, ModuleOptimizer, Optimizer};
use burn::tensor::{Device, Tensor};

/// What is kept of the mean of gradients, a step: without noise there is little to average.
const MEMORY: f64 = 0.3;
/// Size of a step in every direction of a layer's weights, in learning rates.
const WEIGHTS: f64 = 20.0;
/// The same of the root mean square of a step of its biases.
const BIASES: f64 = 4.0;
/// Rounds that bring singular values near one, from a thousandth on.
const ROUNDS: usize = 5;
/// Of the polynomial `ax + bx³ + cx⁵` that each applies to them: steepest at 0, and within 0.7 and 1.2 after all.
const POLYNOMIAL: [f64; 3] = [3.4445, -4.7750, 2.0315];
/// No length is divided by less.
const LEAST: f32 = 1e-20;

/// See [`muon`].
#[derive(Clone)]
struct Muon {
    momentum: Momentum,
}

/// An optimiser for whole gradients.
#[must_use]
pub fn muon() -> ModuleOptimizer {
    let config = MomentumConfig::new().with_momentum(MEMORY).with_dampening(0.0).with_nesterov(true);
    ModuleOptimizer::from(Muon { momentum: Momentum::new(&config) })
}

impl Optimizer for Muon {
    type State<const D: usize> = MomentumState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let (grad, state) = self.momentum.transform(grad, state);
        let shape = tensor.dims();
        let step = if D == 2 {
            let (rows, columns) = (shape[0], shape[1]);
            let wide = (columns as f64 / rows.max(1) as f64).max(1.0).sqrt();
            orthogonal(grad.reshape([rows, columns])).reshape(shape).mul_scalar(WEIGHTS * wide)
        } else {
            of_length(grad, (shape.iter().product::<usize>() as f64).sqrt()).mul_scalar(BIASES)
        };
        (tensor - step.mul_scalar(lr), Some(state))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        state.to_device(device)
    }
}

/// The numbers brought to so long a root of their sum of squares; zeros stay.
fn of_length<const D: usize>(x: Tensor<D>, length: f64) -> Tensor<D> {
    // Divided by the largest first, since squares of small numbers would vanish.
    let largest = x.clone().abs().max().clamp_min(LEAST).reshape([1; D]);
    let x = x / largest;
    let root = (x.clone() * x.clone()).sum().sqrt().clamp_min(LEAST).reshape([1; D]);
    x / root * length
}

/// The matrix with the same singular vectors and with singular values near 1 (Newton–Schulz, of the fifth order).
fn orthogonal(x: Tensor<2>) -> Tensor<2> {
    let tall = x.dims()[0] > x.dims()[1];
    let mut x = of_length(if tall { x.transpose() } else { x }, 1.0);
    let [a, b, c] = POLYNOMIAL;
    for _ in 0..ROUNDS {
        let square = x.clone().matmul(x.clone().transpose());
        let even = square.clone().mul_scalar(b) + square.clone().matmul(square).mul_scalar(c);
        x = x.clone().mul_scalar(a) + even.matmul(x);
    }
    if tall { x.transpose() } else { x }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::nets::crossing::{matrix, tensor};

    /// The singular values, ascending.
    fn singular(x: &Array2<f32>) -> Vec<f64> {
        let x = x.mapv(f64::from);
        let square = if x.nrows() > x.ncols() { x.t().dot(&x) } else { x.dot(&x.t()) };
        let n = square.nrows();
        let square = faer::Mat::from_fn(n, n, |i, j| square[[i, j]]);
        let values = square.self_adjoint_eigenvalues(faer::Side::Lower).expect("finite");
        values.into_iter().map(f64::sqrt).collect()
    }

    #[test]
    fn a_step_is_as_long_in_every_direction() {
        // Directions whose sizes lie apart by a factor of a hundred, and a gradient of whatever size.
        for (shape, size) in [((9, 24), 1.0), ((24, 9), 1e-9), ((12, 12), 1e6)] {
            let mixed = Array2::from_shape_fn(shape, |(i, j)| {
                let wave = |k: usize| ((i * k) as f32 * 0.7).sin() * ((j * k) as f32 * 0.3 + 0.2).cos();
                size * (wave(1) + 0.05 * wave(2) + 0.02 * ((i * 31 + j * 17) % 23) as f32 / 23.0)
            });
            let device = Device::flex();
            let values = singular(&matrix(orthogonal(tensor(mixed.view(), &device))).expect("read back"));
            let middle = values[values.len() / 2];
            assert!(values.iter().all(|value| *value < 1.25), "{values:?}");
            assert!((0.6..1.25).contains(&middle), "{values:?}");
        }
    }

    #[test]
    fn nothing_moves_without_a_gradient() {
        let device = Device::flex();
        let (w, zero) = (Array2::from_elem((3, 4), 0.5_f32), Array2::zeros((3, 4)));
        let optimizer = Muon { momentum: Momentum::new(&MomentumConfig::new()) };
        let (still, _) = optimizer.step(0.1, tensor(w.view(), &device), tensor(zero.view(), &device), None);
        assert_eq!(matrix(still).expect("read back"), w);
    }
}
