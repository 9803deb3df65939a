//! Adam (Kingma and Ba, 2015) in one pass over memory where the network trains on the CPU.
//!
//! burn's own is a dozen operations on whole tensors, each of which reads and writes all weights: a fifth of a training step of a
//! wide network. On a CPU the numbers are at hand, so that one loop does it, on all cores. On a GPU burn's kernels stay.

use burn::optim::{
    Adam as ByTensors, AdamConfig, AdamState, AdaptiveMomentumState, LearningRate, ModuleOptimizer, Optimizer,
};
use burn::tensor::{DType, Device, Tensor, TensorData};
use pulp::Arch;
use rayon::prelude::*;

/// What Adam is set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamSettings {
    /// Decay of the mean of gradients, a step.
    pub beta_1: f32,
    /// Decay of the mean of squared gradients, a step.
    pub beta_2: f32,
    /// What is added to the root of that mean before it divides.
    pub epsilon: f32,
}

/// As burn sets them: for the spectral and the supervised networks.
pub const USUAL: AdamSettings = AdamSettings { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-5 };
/// For steps that take all rows: gradients without the noise of drawing need little memory, and much of it holds the steps back.
pub const WHOLE: AdamSettings = AdamSettings { beta_1: 0.6, beta_2: 0.9, epsilon: 1e-5 };
/// Numbers that a thread takes at a time.
const PIECE: usize = 16_384;

/// See [`adam`].
#[derive(Clone)]
struct Adam {
    settings: AdamSettings,
    by_tensors: ByTensors,
}

/// Adam with these settings.
#[must_use]
pub fn adam(settings: AdamSettings) -> ModuleOptimizer {
    let AdamSettings { beta_1, beta_2, epsilon } = settings;
    let config = AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon);
    ModuleOptimizer::from(Adam { settings, by_tensors: config.build() })
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let device = tensor.device();
        if device != Device::flex() || tensor.dtype() != DType::F32 || grad.dtype() != DType::F32 {
            return self.by_tensors.step(lr, tensor, grad, state);
        }
        let shape = tensor.dims();
        let numbers = |tensor: Tensor<D>| tensor.into_data();
        let (mut first, mut second, time) = match state.map(|state| state.momentum) {
            Some(past) => (numbers(past.moment_1), numbers(past.moment_2), past.time + 1),
            None => (TensorData::zeros::<f32, _>(shape), TensorData::zeros::<f32, _>(shape), 1),
        };
        let (mut weights, grad) = (numbers(tensor), numbers(grad));
        let pass = Pass::new(lr as f32, self.settings, time);
        // All four are of single precision: the means are made so.
        if let (Ok(w), Ok(g), Ok(m), Ok(v)) =
            (weights.as_mut_slice(), grad.as_slice(), first.as_mut_slice(), second.as_mut_slice())
        {
            pass.over(w, g, m, v);
        }
        let back = |data| Tensor::<D>::from_data(data, &device);
        let momentum = AdaptiveMomentumState::new(time, back(first), back(second));
        (back(weights), Some(AdamState::new(momentum)))
    }

    fn to_device<const D: usize>(mut state: Self::State<D>, device: &Device) -> Self::State<D> {
        state.momentum = state.momentum.to_device(device);
        state
    }
}

/// One step's numbers.
struct Pass {
    rate: f32,
    beta_1: f32,
    beta_2: f32,
    least: f32,
}

impl Pass {
    /// The biases of the two means go into the rate and the divisor.
    fn new(lr: f32, AdamSettings { beta_1, beta_2, epsilon }: AdamSettings, time: usize) -> Self {
        let time = i32::try_from(time).unwrap_or(i32::MAX);
        let spread = (1.0 - beta_2.powi(time)).sqrt();
        Self { rate: lr * spread / (1.0 - beta_1.powi(time)), beta_1, beta_2, least: epsilon * spread }
    }

    fn over(&self, weights: &mut [f32], grad: &[f32], first: &mut [f32], second: &mut [f32]) {
        let pieces = weights.par_chunks_mut(PIECE).zip(grad.par_chunks(PIECE));
        pieces.zip(first.par_chunks_mut(PIECE)).zip(second.par_chunks_mut(PIECE)).for_each(|(((w, g), m), v)| {
            Arch::new().dispatch(|| {
                for (((w, &g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
                    *m = self.beta_1 * *m + (1.0 - self.beta_1) * g;
                    *v = self.beta_2 * *v + (1.0 - self.beta_2) * g * g;
                    *w -= self.rate * *m / (v.sqrt() + self.least);
                }
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use burn::module::Module as _;
    use burn::optim::GradientsParams;

    use super::*;
    use crate::nets::Autoencoder;
    use crate::nets::check::read;
    use crate::nets::perceptron::tensor;

    /// The code of some rows after a few steps.
    fn trained(mut optimizer: ModuleOptimizer) -> ndarray::Array2<f32> {
        let device = Device::flex().autodiff();
        let x = ndarray::Array2::from_shape_fn((16, 12), |(i, j)| ((i * 7 + j * 5) % 13) as f32 / 13.0);
        let mut net = Autoencoder::random(&[12, 150, 130, 3], 4, &device);
        for step in 0..12 {
            let cost = net.loss(tensor(x.view(), &device), tensor(x.view(), &device));
            let gradients = GradientsParams::from_grads(cost.backward(), &net);
            net = optimizer.step(1e-3 * f64::from(step + 1), net, gradients);
        }
        read(net.valid().rebuild(tensor(x.view(), &Device::flex())))
    }

    #[test]
    fn one_pass_gives_what_burn_gives() {
        for settings in [USUAL, WHOLE, AdamSettings { beta_1: 0.9, beta_2: 0.99, epsilon: 1e-8 }] {
            let AdamSettings { beta_1, beta_2, epsilon } = settings;
            let ours = trained(adam(settings));
            let burns = trained(AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon).init());
            let away = (&ours - &burns).iter().fold(0.0_f32, |m, d| m.max(d.abs()));
            let moved = ours.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
            assert!(moved > 0.05 && away < 1e-3 * moved, "{away} of {moved}");
        }
    }
}
