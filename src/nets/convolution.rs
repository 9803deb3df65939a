//! Convolutions for images: the half that shrinks a picture to a map of features, and the one that grows it back.
//!
//! The layout is that of the dual autoencoder's authors (Yang et al., 2019): four layers of 3 × 3, of 32, 32, 64 and 64 channels, the
//! first and third with stride 2, each followed by a leaky rectifier of slope 0.2. A side of `s` pixels becomes `⌈s/2⌉`, whatever its
//! parity, and the transposed half gets the lost pixel back by padding its output.

use burn::module::{Module, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::{Device, Tensor, TensorData, activation};
use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use super::perceptron::{Layer, Weights, matrix, tensor, vector};
use crate::data::ImageShape;
use crate::recipe::Activation;

/// Channels and stride of each layer, input side first.
const LAYERS: [(usize, usize); 4] = [(32, 2), (32, 1), (64, 2), (64, 1)];
/// Pixels of a kernel.
const TAPS: usize = 9;
/// Slope of the rectifier below 0.
const SLOPE: f64 = 0.2;

/// Height, width and channels of a picture or of a map of features.
pub type Map = [usize; 3];

/// What the map is after each layer, the picture itself first.
#[must_use]
pub fn maps(image: ImageShape) -> Vec<Map> {
    let mut maps = vec![[image.height, image.width, image.channels]];
    for (channels, stride) in LAYERS {
        let [height, width, _] = maps[maps.len() - 1];
        maps.push([height.div_ceil(stride), width.div_ceil(stride), channels]);
    }
    maps
}

/// The shrinking half's numbers on the host: what a model file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Convolutions {
    /// What a row stands for.
    pub image: ImageShape,
    /// Input side first; each weight is `outputs × 9·inputs`.
    pub layers: Vec<Layer>,
}

impl Convolutions {
    /// Starting weights (He et al., 2015, uniform, for the leaky rectifier) and zero biases.
    #[must_use]
    pub fn random(image: ImageShape, seed: u64, stream: u64) -> Self {
        let mut inputs = image.channels;
        let layers = LAYERS.iter().enumerate().map(|(i, &(outputs, _))| {
            let layer = random_layer([outputs, TAPS * inputs], TAPS * inputs, outputs, seed, stream + i as u64);
            inputs = outputs;
            layer
        });
        Self { image, layers: layers.collect() }
    }

    /// Numbers in the last map, if the layers fit each other and rows of `inputs` numbers.
    #[must_use]
    pub fn width_after(&self, inputs: usize) -> Option<usize> {
        let pixels = self.image.width.checked_mul(self.image.height)?.checked_mul(self.image.channels)?;
        let mut channels = self.image.channels;
        let fits = |(layer, &(outputs, _)): (&Layer, &(usize, usize))| {
            let fits = layer.weight.dim() == (outputs, TAPS * channels) && layer.bias.len() == outputs;
            channels = outputs;
            fits
        };
        let all = self.layers.len() == LAYERS.len() && self.layers.iter().zip(&LAYERS).all(fits);
        (pixels == inputs && pixels > 0 && all).then(|| maps(self.image)[LAYERS.len()].iter().product())
    }

    /// The module on a device.
    #[must_use]
    pub fn to_module(&self, device: &Device) -> Shrink {
        let layers = self.layers.iter().zip(LAYERS).map(|(layer, (_, stride))| Conv2d {
            weight: Param::from_tensor(kernel(layer, device)),
            bias: Some(Param::from_tensor(vector(&layer.bias, device))),
            stride: [stride; 2],
            kernel_size: [3; 2],
            dilation: [1; 2],
            groups: 1,
            padding: PaddingConfig2d::Explicit(1, 1, 1, 1),
        });
        Shrink { layers: layers.collect(), image: self.image }
    }
}

/// The shrinking half.
#[derive(Module, Debug)]
pub struct Shrink {
    layers: Vec<Conv2d>,
    #[module(skip)]
    image: ImageShape,
}

impl Shrink {
    /// The last map, `b × channels × height × width`, of rows of pixels.
    #[must_use]
    pub fn forward(&self, x: Tensor<2>) -> Tensor<4> {
        let ImageShape { width, height, channels } = self.image;
        let rows = x.dims()[0];
        let mut x = x.reshape([rows, height, width, channels]).permute([0, 3, 1, 2]);
        for layer in &self.layers {
            x = activation::leaky_relu(layer.forward(x), SLOPE);
        }
        x
    }

    /// The numbers, read back to the host.
    #[must_use]
    pub fn weights(&self) -> Convolutions {
        let layers = self.layers.iter().map(|layer| {
            let [outputs, inputs, ..] = layer.weight.dims();
            let weight = matrix(layer.weight.val().reshape([outputs, TAPS * inputs]));
            let bias = layer.bias.as_ref().map(|b| b.val().into_data_as::<f32>().try_into_vec::<f32>());
            Layer { weight, bias: bias.and_then(Result::ok).unwrap_or_default() }
        });
        Convolutions { image: self.image, layers: layers.collect() }
    }
}

/// The growing half, which mirrors the shrinking one. No model needs it, so that it has no form on the host.
#[derive(Module, Debug)]
pub struct Grow {
    layers: Vec<ConvTranspose2d>,
    #[module(skip)]
    image: ImageShape,
}

impl Grow {
    /// Starting weights as those of [`Convolutions::random`].
    #[must_use]
    pub fn random(image: ImageShape, seed: u64, stream: u64, device: &Device) -> Self {
        let maps = maps(image);
        let layers = (0..LAYERS.len()).rev().map(|i| {
            let ([height, width, outputs], [.., inputs], (_, stride)) = (maps[i], maps[i + 1], LAYERS[i]);
            // Each pixel that comes out is a sum over 9 · inputs numbers, of which a stride of 2 leaves a quarter.
            let heard = TAPS * inputs / (stride * stride);
            let layer = random_layer([inputs, TAPS * outputs], heard, outputs, seed, stream + i as u64);
            let lost = |side: usize| (stride - 1) * (1 - side % 2);
            ConvTranspose2d {
                weight: Param::from_tensor(kernel(&layer, device)),
                bias: Some(Param::from_tensor(vector(&layer.bias, device))),
                stride: [stride; 2],
                kernel_size: [3; 2],
                dilation: [1; 2],
                groups: 1,
                padding: [1; 2],
                padding_out: [lost(height), lost(width)],
                channels: [inputs, outputs],
            }
        });
        Self { layers: layers.collect(), image }
    }

    /// Rows of pixels, without a last activation, for rows that hold the smallest map.
    #[must_use]
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let rows = x.dims()[0];
        let [height, width, channels] = maps(self.image)[LAYERS.len()];
        let mut x = x.reshape([rows, channels, height, width]);
        for layer in &self.layers {
            x = layer.forward(activation::leaky_relu(x, SLOPE));
        }
        let ImageShape { width, height, channels } = self.image;
        x.permute([0, 2, 3, 1]).reshape([rows, width * height * channels])
    }
}

/// He-uniform weights in the given shape, and `outputs` biases of 0.
fn random_layer(shape: [usize; 2], heard: usize, outputs: usize, seed: u64, stream: u64) -> Layer {
    // Glorot's bound is √(6/(in + out)); numbers drawn with it are stretched to He's √(6/((1 + slope²) in)).
    let drawn = Weights::random_on(&shape, Activation::LeakyRelu, seed, stream);
    let glorot = (6.0 / (shape[0] + shape[1]) as f64).sqrt();
    let he = (6.0 / ((1.0 + SLOPE * SLOPE) * heard.max(1) as f64)).sqrt();
    let weight: Array2<f32> = drawn.layers.first().map(|l| l.weight.clone()).unwrap_or_default();
    Layer { weight: weight * (he / glorot) as f32, bias: vec![0.0; outputs] }
}

/// A layer's weight as burn wants it: `first × second × 3 × 3`.
fn kernel(layer: &Layer, device: &Device) -> Tensor<4> {
    let (first, rest) = layer.weight.dim();
    let values: Vec<f32> = layer.weight.iter().copied().collect();
    Tensor::from_data(TensorData::new(values, [first, rest / TAPS, 3, 3]), device)
}

/// Rows through the shrinking half, each map as a row of numbers.
#[must_use]
pub fn flat(x: Tensor<4>) -> Tensor<2> {
    let [rows, channels, height, width] = x.dims();
    x.reshape([rows, channels * height * width])
}

/// The last map of host rows, flat.
#[must_use]
pub fn shrink(net: &Shrink, x: ArrayView2<'_, f32>, device: &Device) -> Tensor<2> {
    flat(net.forward(tensor(x, device)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_pictures_come_back_in_their_own_size() {
        let device = Device::flex();
        for (width, height, channels) in [(28, 28, 1), (7, 5, 3), (1, 1, 1), (9, 16, 1)] {
            let image = ImageShape { width, height, channels };
            let weights = Convolutions::random(image, 3, 0);
            let pixels = width * height * channels;
            let x = Array2::from_shape_fn((2, pixels), |(i, j)| ((i + j) % 5) as f32);
            let map = shrink(&weights.to_module(&device), x.view(), &device);
            assert_eq!(Some(map.dims()[1]), weights.width_after(pixels));
            assert_eq!(Grow::random(image, 3, 8, &device).forward(map).dims(), [2, pixels]);
            assert_eq!(weights.width_after(pixels + 1), None);
        }
    }

    #[test]
    fn weights_survive_the_device_and_hang_on_the_seed() {
        let image = ImageShape { width: 6, height: 6, channels: 1 };
        let weights = Convolutions::random(image, 3, 0);
        assert_eq!(weights.to_module(&Device::flex()).weights(), weights);
        assert_eq!(weights, Convolutions::random(image, 3, 0));
        assert_ne!(weights, Convolutions::random(image, 4, 0));
    }

    #[test]
    fn a_layer_keeps_the_size_of_what_goes_through() {
        let device = Device::flex();
        let image = ImageShape { width: 16, height: 16, channels: 1 };
        let x = Array2::from_shape_fn((64, 256), |(i, j)| ((i * 31 + j * 17) as f32).sin());
        let map = matrix(shrink(&Convolutions::random(image, 1, 0).to_module(&device), x.view(), &device));
        let rms = (map.iter().map(|v| v * v).sum::<f32>() / map.len() as f32).sqrt();
        assert!((0.2..2.0).contains(&rms), "{rms}");
    }
}
