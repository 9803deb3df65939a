//! The multilayer perceptron, as a burn module whose starting weights come from the run's own seed.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, activation};
use ndarray::{Array2, ArrayView2, Axis};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::crossing::{self, lost};
pub use super::crossing::{matrix, tensor, vector};
use super::layer::{After, at_once, in_parts};
use crate::Result;
use crate::recipe::Activation;
use crate::support::random::{Stream, rng};

/// Rows that go through a network at once outside training.
const BLOCK: usize = 8192;
/// Slope of the leaky rectifier below 0.
pub const LEAK: f64 = 0.01;

/// Hidden layers with an activation, then a linear layer.
#[derive(Module, Debug)]
pub struct Perceptron {
    layers: Vec<Linear>,
    #[module(skip)]
    activation: Activation,
}

/// A perceptron's numbers on the host: what is kept as the best so far, and what a model file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Input side first.
    pub layers: Vec<Layer>,
    /// Between the layers.
    pub activation: Activation,
}

/// One affine map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// `inputs × outputs`.
    #[serde(with = "crate::support::matrix_serde")]
    pub weight: Array2<f32>,
    /// One number an output.
    pub bias: Vec<f32>,
}

impl Layer {
    /// Glorot-uniform weights, `inputs × outputs`, and zero biases, from a stream of the seed's numbers of its own.
    #[must_use]
    pub fn random_on(shape: [usize; 2], seed: u64, stream: Stream, at: u64) -> Self {
        Self::draw(shape, &mut rng(seed, stream, at))
    }

    fn draw(shape: [usize; 2], rng: &mut ChaCha8Rng) -> Self {
        let bound = (6.0 / (shape[0] + shape[1]) as f32).sqrt();
        let weight = Array2::from_shape_fn((shape[0], shape[1]), |_| rng.random_range(-bound..bound));
        Self { weight, bias: vec![0.0; shape[1]] }
    }

    fn to_module(&self, device: &Device) -> Linear {
        Linear {
            weight: Param::from_tensor(tensor(self.weight.view(), device)),
            bias: Some(Param::from_tensor(vector(&self.bias, device))),
        }
    }

    /// Whether all numbers are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.weight.iter().chain(&self.bias).all(|v| v.is_finite())
    }
}

impl Weights {
    /// Glorot-uniform weights and zero biases for these sizes, inputs first, outputs last.
    #[must_use]
    pub fn random(sizes: &[usize], activation: Activation, seed: u64) -> Self {
        Self::random_on(sizes, activation, seed, Stream::NetworkWeights, 0)
    }

    /// As [`Weights::random`], from a stream of the seed's numbers of its own, for networks that stand beside each other.
    #[must_use]
    pub fn random_on(sizes: &[usize], activation: Activation, seed: u64, stream: Stream, at: u64) -> Self {
        let mut rng = rng(seed, stream, at);
        let layers = sizes.windows(2).map(|pair| Layer::draw([pair[0], pair[1]], &mut rng));
        Self { layers: layers.collect(), activation }
    }

    /// The same with hidden biases drawn from −`size` to `size`: with zeros all units bend at the mean of the rows, and their places are to be
    /// learned first.
    #[must_use]
    pub fn with_biases(mut self, size: f32, seed: u64) -> Self {
        let mut rng = rng(seed, Stream::NetworkBiases, 0);
        let hidden = self.layers.len().saturating_sub(1);
        for bias in self.layers[..hidden].iter_mut().flat_map(|layer| &mut layer.bias) {
            *bias = rng.random_range(-size..=size);
        }
        self
    }

    /// The same with so many outputs: where it had another number its last layer is drawn anew.
    #[must_use]
    pub fn with_outputs(&self, outputs: usize, seed: u64) -> Self {
        let mut layers = self.layers.clone();
        if let Some(last) = layers.last_mut().filter(|last| last.bias.len() != outputs) {
            *last = Layer::random_on([last.weight.nrows(), outputs], seed, Stream::NetworkWeights, 0);
        }
        Self { layers, activation: self.activation }
    }

    /// Outputs for rows of `inputs` numbers, if the layers fit each other and them.
    #[must_use]
    pub fn width_after(&self, inputs: usize) -> Option<usize> {
        self.layers.iter().try_fold(inputs, |width, Layer { weight, bias }| {
            (weight.nrows() == width && weight.ncols() == bias.len()).then_some(bias.len())
        })
    }

    /// Whether all numbers are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.layers.iter().all(Layer::is_finite)
    }

    /// Number of trained numbers.
    #[must_use]
    pub fn count(&self) -> usize {
        self.layers.iter().map(|layer| layer.weight.len() + layer.bias.len()).sum()
    }

    /// The module on a device.
    #[must_use]
    pub fn to_module(&self, device: &Device) -> Perceptron {
        let layers = self.layers.iter().map(|layer| layer.to_module(device));
        Perceptron { layers: layers.collect(), activation: self.activation }
    }
}

impl Perceptron {
    /// Outputs for rows of `x`.
    #[must_use]
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.last(self.features(x))
    }

    /// Outputs from those of the last hidden layer.
    #[must_use]
    pub fn last(&self, features: Tensor<2>) -> Tensor<2> {
        match self.layers.last() {
            Some(last) => affine(last, features),
            None => features,
        }
    }

    /// Outputs of the last hidden layer.
    #[must_use]
    pub fn features(&self, mut x: Tensor<2>) -> Tensor<2> {
        let hidden = self.layers.len().saturating_sub(1);
        for layer in &self.layers[..hidden] {
            let after = match self.activation {
                Activation::Tanh => After::Tanh,
                Activation::Isru => After::Isru,
                Activation::Relu => After::Below(0.0),
                Activation::LeakyRelu => After::Below(LEAK as f32),
            };
            x = at_once(layer, &x, after).unwrap_or_else(|| match self.activation {
                Activation::Tanh => activation::tanh(in_parts(layer, x)),
                Activation::Isru => isru(in_parts(layer, x)),
                Activation::Relu => activation::relu(in_parts(layer, x)),
                Activation::LeakyRelu => activation::leaky_relu(in_parts(layer, x), LEAK),
            });
        }
        x
    }

    /// The same with another last layer.
    #[must_use]
    pub fn with_last(mut self, last: &Layer, device: &Device) -> Self {
        self.layers.pop();
        self.layers.push(last.to_module(device));
        self
    }

    /// Outputs for all rows of a host matrix, in blocks.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be read back.
    pub fn outputs(&self, x: ArrayView2<'_, f32>, device: &Device) -> Result<Array2<f32>> {
        let blocks = x.axis_chunks_iter(Axis(0), BLOCK).map(|block| matrix(self.forward(tensor(block, device))));
        stacked(x.nrows(), blocks)
    }

    /// The numbers, read back to the host.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be.
    pub fn weights(&self) -> Result<Weights> {
        let layers = self.layers.iter().map(|layer| {
            let bias = layer.bias.as_ref().map(|b| crossing::numbers(b.val())).transpose()?;
            // Each layer has its biases, by `to_module`.
            Ok(Layer { weight: matrix(layer.weight.val())?, bias: bias.unwrap_or_default() })
        });
        Ok(Weights { layers: layers.collect::<Result<_>>()?, activation: self.activation })
    }
}

/// A layer without anything after it.
fn affine(layer: &Linear, x: Tensor<2>) -> Tensor<2> {
    at_once(layer, &x, After::Nothing).unwrap_or_else(|| in_parts(layer, x))
}

/// x/√(1 + x²), with its slope (1 + x²)^(−3/2) given rather than derived: burn's derivative of a square root is a general power,
/// which costs more than all the rest.
fn isru(x: Tensor<2>) -> Tensor<2> {
    let fixed = x.clone().detach();
    let root = (fixed.clone() * fixed.clone()).add_scalar(1.0).sqrt().recip();
    let slope = root.clone() * root.clone() * root.clone();
    let rest = fixed.clone() * (root - slope.clone());
    x * slope + rest
}

/// `rows` rows out of blocks of them, in their order.
///
/// # Errors
/// That of a block; [`crate::Error::Device`] when the blocks have other numbers of rows or differ in width.
pub fn stacked<T: From<f32>>(rows: usize, blocks: impl Iterator<Item = Result<Array2<f32>>>) -> Result<Array2<T>> {
    let (mut all, mut width) = (Vec::new(), 0);
    for block in blocks {
        let block = block?;
        width = block.ncols();
        all.reserve_exact(if all.is_empty() { rows * width } else { 0 });
        all.extend(block.into_iter().map(T::from));
    }
    Array2::from_shape_vec((rows, width), all).map_err(lost)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Error;
    use crate::nets::check::read;

    #[test]
    fn blocks_that_do_not_make_a_matrix_are_an_error() {
        let block = |rows, columns| Ok(Array2::<f32>::ones((rows, columns)));
        let whole = stacked::<f64>(3, [block(2, 2), block(1, 2)].into_iter()).expect("they fit");
        assert_eq!(whole, Array2::<f64>::ones((3, 2)));
        assert_eq!(stacked::<f32>(0, std::iter::empty()).expect("nothing").dim(), (0, 0));
        let lost =
            |blocks: Vec<Result<Array2<f32>>>| stacked::<f32>(3, blocks.into_iter()).expect_err("rows are missing");
        assert!(matches!(lost(vec![block(2, 3)]), Error::Device(_)));
        assert!(matches!(lost(vec![block(2, 2), Err(Error::Cancelled)]), Error::Cancelled));
    }

    #[test]
    fn weights_survive_the_device_and_hang_on_the_seed() {
        let weights = Weights::random(&[3, 5, 2], Activation::Tanh, 7);
        assert_eq!(weights.count(), 3 * 5 + 5 + 5 * 2 + 2);
        assert_eq!(weights.to_module(&Device::flex()).weights().expect("read back"), weights);
        assert_eq!(weights, Weights::random(&[3, 5, 2], Activation::Tanh, 7));
        assert_ne!(weights, Weights::random(&[3, 5, 2], Activation::Tanh, 8));
    }

    #[test]
    fn the_given_slope_of_the_inverse_square_root_unit_is_its_derivative() {
        let device = Device::flex().autodiff();
        let values = array![[-3.0_f32, -0.5, 0.0, 0.7, 4.0]];
        let x = tensor(values.view(), &device).require_grad();
        let y = isru(x.clone());
        let gradient = x.grad(&y.clone().sum().backward()).map(read).expect("it was tracked");
        for ((&x, &y), &slope) in values.iter().zip(&read(y.inner())).zip(&gradient) {
            let f = |x: f64| x / (1.0 + x * x).sqrt();
            let x = f64::from(x);
            assert!((f64::from(y) - f(x)).abs() < 1e-6);
            assert!((f64::from(slope) - (f(x + 1e-5) - f(x - 1e-5)) / 2e-5).abs() < 1e-6);
        }
    }

    #[test]
    fn forward_is_the_formula() {
        let first = Layer { weight: array![[0.5_f32], [-1.0]], bias: vec![0.25] };
        let second = Layer { weight: array![[2.0]], bias: vec![-1.0] };
        let weights = Weights { layers: vec![first, second], activation: Activation::Tanh };
        let device = Device::flex();
        let y = read(weights.to_module(&device).forward(tensor(array![[1.0, 2.0]].view(), &device)));
        assert!((y[[0, 0]] - (2.0 * (0.5_f32 - 2.0 + 0.25).tanh() - 1.0)).abs() < 1e-6);
    }
}
