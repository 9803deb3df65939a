//! Convolutions for images: the half that shrinks a picture to a map of features, and the one that grows it back.
//!
//! Two layers with stride 2, each followed by a leaky rectifier, so that a side of `s` pixels becomes `⌈s/2⌉` and then a quarter: windows
//! of 4 × 4 that overlap, then of 2 × 2 that do not. The authors of the dual autoencoder (Yang et al., 2019) have four layers of 3 × 3
//! and no dense one; on a CPU those take twenty times as long. Maps are kept channels last and cut into blocks of 2 × 2 pixels, of which
//! a large window has four, so that a layer is one product of matrices: windows × weights. The growing half mirrors it.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation};
use ndarray::{Array4, ArrayView2};
use serde::{Deserialize, Serialize};

use super::perceptron::{Layer, Perceptron, Weights, tensor};
use crate::Result;
use crate::data::ImageShape;
use crate::recipe::Activation;
use crate::support::random::Stream;

/// Layers of each half.
const DEPTH: usize = 2;
/// Channels of each layer, input side first.
const CHANNELS: [usize; DEPTH] = [16, 64];
/// Pixels of a window of each layer.
const TAPS: [usize; DEPTH] = [16, 4];
/// Slope of the rectifier below 0.
pub const SLOPE: f64 = 0.2;

/// Height, width and channels of a picture or of a map of features.
pub type Map = [usize; 3];

/// What the map is after each layer, the picture itself first.
#[must_use]
pub fn maps(image: ImageShape) -> [Map; DEPTH + 1] {
    let mut maps = [[image.height, image.width, image.channels]; DEPTH + 1];
    for (i, channels) in CHANNELS.into_iter().enumerate() {
        let [height, width, _] = maps[i];
        maps[i + 1] = [height.div_ceil(2), width.div_ceil(2), channels];
    }
    maps
}

/// The last of [`maps`].
#[must_use]
pub fn last_map(image: ImageShape) -> Map {
    maps(image)[DEPTH]
}

/// The shrinking half's numbers on the host: what a model file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convolutions {
    /// What a row stands for.
    pub image: ImageShape,
    /// Input side first; each weight is `window·inputs × outputs`.
    pub layers: Vec<Layer>,
}

impl Convolutions {
    /// Starting weights (He et al., 2015, uniform, for the leaky rectifier) and zero biases; a draw of the stream a layer.
    #[must_use]
    pub fn random_on(image: ImageShape, seed: u64, stream: Stream) -> Self {
        let maps = maps(image);
        let layers = (0..DEPTH).map(|i| {
            let heard = TAPS[i] * maps[i][2];
            random_layer([heard, maps[i + 1][2]], heard, seed, (stream, i as u64))
        });
        Self { image, layers: layers.collect() }
    }

    /// Numbers in the last map, if the layers fit each other and rows of `inputs` numbers.
    #[must_use]
    pub fn width_after(&self, inputs: usize) -> Option<usize> {
        let ImageShape { width, height, channels } = self.image;
        let pixels = width.checked_mul(height)?.checked_mul(channels)?;
        if pixels != inputs || pixels == 0 || self.layers.len() != DEPTH {
            return None;
        }
        let maps = maps(self.image);
        let fits = |i: usize| {
            let Layer { weight, bias } = &self.layers[i];
            weight.dim() == (TAPS[i] * maps[i][2], maps[i + 1][2]) && bias.len() == maps[i + 1][2]
        };
        (0..DEPTH).all(fits).then(|| maps[DEPTH].iter().product())
    }

    /// The layers as convolutions in the usual sense, each followed by a leaky rectifier of [`SLOPE`]; none where they do not fit.
    #[must_use]
    pub fn kernels(&self) -> Vec<Kernel> {
        let maps = maps(self.image);
        let of = |((layer, map), taps): ((&Layer, Map), usize)| Kernel::of(layer, map, taps);
        self.layers.iter().zip(maps).zip(TAPS).filter_map(of).collect()
    }

    /// The module on a device.
    #[must_use]
    pub fn to_module(&self, device: &Device) -> Shrink {
        Shrink { layers: self.layers.iter().map(|l| module(l.clone(), device)).collect(), image: self.image }
    }
}

/// A layer of the shrinking half as other programs have it: a window of `side × side` pixels that moves by two.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    /// `outputs × inputs × side × side`.
    pub weight: Array4<f32>,
    /// One number an output.
    pub bias: Vec<f32>,
    /// Pixels of zeros above, on the left, below and on the right of the map.
    pub outside: [usize; 4],
}

impl Kernel {
    /// Of a layer for windows of so many pixels of such a map; see [`windows`] for their order.
    fn of(layer: &Layer, [height, width, channels]: Map, taps: usize) -> Option<Self> {
        let blocks = (taps / 4).isqrt();
        let place = |y: usize, x: usize, c: usize| {
            let block = (y / 2) * blocks + x / 2;
            (block * 4 + (y % 2) * 2 + x % 2) * channels + c
        };
        if layer.weight.nrows() != taps * channels {
            return None;
        }
        let shape = (layer.weight.ncols(), channels, 2 * blocks, 2 * blocks);
        let weight = Array4::from_shape_fn(shape, |(out, c, y, x)| layer.weight[(place(y, x, c), out)]);
        let before = usize::from(taps > 4);
        let after = |side: usize| 2 * (side.div_ceil(2) + before) - before - side;
        Some(Self { weight, bias: layer.bias.clone(), outside: [before, before, after(height), after(width)] })
    }
}

/// The shrinking half.
#[derive(Module, Debug)]
pub struct Shrink {
    layers: Vec<Perceptron>,
    #[module(skip)]
    image: ImageShape,
}

impl Shrink {
    /// The last map, flat, channels last, of rows of pixels.
    #[must_use]
    pub fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        let rows = x.dims()[0];
        for ((layer, map), taps) in self.layers.iter().zip(maps(self.image)).zip(TAPS) {
            x = activation::leaky_relu(layer.forward(windows(x, rows, map, taps)), SLOPE);
        }
        let width = x.dims().iter().product::<usize>() / rows;
        x.reshape([rows, width])
    }

    /// The numbers, read back to the host.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be.
    pub fn weights(&self) -> Result<Convolutions> {
        let layers: Vec<Weights> = self.layers.iter().map(Perceptron::weights).collect::<Result<_>>()?;
        Ok(Convolutions { image: self.image, layers: layers.into_iter().flat_map(|weights| weights.layers).collect() })
    }
}

/// The growing half, which mirrors the shrinking one. No model needs it, so that it has no form on the host.
#[derive(Module, Debug)]
pub struct Grow {
    layers: Vec<Perceptron>,
    #[module(skip)]
    image: ImageShape,
}

impl Grow {
    /// Starting weights as those of [`Convolutions::random_on`].
    #[must_use]
    pub fn random(image: ImageShape, seed: u64, device: &Device) -> Self {
        let maps = maps(image);
        let layers = (0..DEPTH).map(|i| {
            // A pixel that comes out hears as many windows as a window has blocks.
            let layer = random_layer(
                [maps[i + 1][2], TAPS[i] * maps[i][2]],
                TAPS[i] / 4 * maps[i + 1][2],
                seed,
                (Stream::DualGrow, i as u64),
            );
            module(layer, device)
        });
        Self { layers: layers.collect(), image }
    }

    /// Rows of pixels, without a last activation, for rows that hold the last map, flat.
    #[must_use]
    pub fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        let rows = x.dims()[0];
        let maps = maps(self.image);
        for (i, layer) in self.layers.iter().enumerate().rev() {
            let [height, width, channels] = maps[i + 1];
            x = activation::leaky_relu(x.reshape([rows * height * width, channels]), SLOPE);
            x = overlay(layer.forward(x), rows, maps[i], TAPS[i]);
        }
        x
    }
}

/// Windows at every second pixel, large ones from one pixel outside on: `(b·⌈h/2⌉·⌈w/2⌉) × taps·c` of `rows` flat maps.
fn windows(x: Tensor<2>, rows: usize, [height, width, channels]: Map, taps: usize) -> Tensor<2> {
    let (h, w) = (height.div_ceil(2), width.div_ceil(2));
    let outside = usize::from(taps > 4);
    let (down, across) = (h + outside, w + outside);
    let x = x.reshape([rows, height, width, channels]);
    let edges = [(0, 0), (outside, 2 * down - outside - height), (outside, 2 * across - outside - width), (0, 0)];
    let x = if edges == [(0, 0); 4] { x } else { x.pad(edges, 0.0) };
    let blocks: Tensor<6> = x.reshape([rows, down, 2, across, 2, channels]).permute([0, 1, 3, 2, 4, 5]);
    if outside == 0 {
        return blocks.reshape([rows * h * w, taps * channels]);
    }
    let blocks: Tensor<4> = blocks.reshape([rows, down, across, 4 * channels]);
    let beside = Tensor::cat(vec![blocks.clone().narrow(2, 0, w), blocks.narrow(2, 1, w)], 3);
    let windows = Tensor::cat(vec![beside.clone().narrow(1, 0, h), beside.narrow(1, 1, h)], 3);
    windows.reshape([rows * h * w, taps * channels])
}

/// Each window added where [`windows`] would take it from: `rows` flat maps, `b × hwc`.
fn overlay(windows: Tensor<2>, rows: usize, [height, width, channels]: Map, taps: usize) -> Tensor<2> {
    let (h, w) = (height.div_ceil(2), width.div_ceil(2));
    let outside = usize::from(taps > 4);
    let (down, across) = (h + outside, w + outside);
    let mut blocks = windows.reshape([rows, h, w, taps * channels]);
    if outside == 1 {
        let half = 8 * channels;
        let (upper, lower) = (blocks.clone().narrow(3, 0, half), blocks.narrow(3, half, half));
        let beside = upper.pad([(0, 1), (0, 0), (0, 0)], 0.0) + lower.pad([(1, 0), (0, 0), (0, 0)], 0.0);
        let half = 4 * channels;
        let (left, right) = (beside.clone().narrow(3, 0, half), beside.narrow(3, half, half));
        blocks = left.pad([(0, 1), (0, 0)], 0.0) + right.pad([(1, 0), (0, 0)], 0.0);
    }
    let pixels: Tensor<6> = blocks.reshape([rows, down, across, 2, 2, channels]).permute([0, 1, 3, 2, 4, 5]);
    let mut pixels: Tensor<4> = pixels.reshape([rows, 2 * down, 2 * across, channels]);
    if [2 * down, 2 * across] != [height, width] {
        pixels = pixels.narrow(1, outside, height).narrow(2, outside, width);
    }
    pixels.reshape([rows, height * width * channels])
}

/// He-uniform weights of this shape for units that hear this many numbers, and biases of 0.
fn random_layer(shape: [usize; 2], heard: usize, seed: u64, (stream, at): (Stream, u64)) -> Layer {
    // Glorot's bound is √(6/(in + out)); numbers drawn with it are stretched to He's √(6/((1 + slope²) in)).
    let drawn = Layer::random_on(shape, seed, stream, at);
    let glorot = (6.0 / (shape[0] + shape[1]) as f64).sqrt();
    let he = (6.0 / ((1.0 + SLOPE * SLOPE) * heard.max(1) as f64)).sqrt();
    Layer { weight: drawn.weight * (he / glorot) as f32, bias: drawn.bias }
}

/// One affine map on a device.
fn module(layer: Layer, device: &Device) -> Perceptron {
    Weights { layers: vec![layer], activation: Activation::LeakyRelu }.to_module(device)
}

/// The last map of host rows, flat.
#[must_use]
pub fn shrink(net: &Shrink, x: ArrayView2<'_, f32>, device: &Device) -> Tensor<2> {
    net.forward(tensor(x, device))
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::nets::check::read;

    #[test]
    fn odd_pictures_come_back_in_their_own_size() {
        let device = Device::flex();
        for (width, height, channels) in [(28, 28, 1), (7, 5, 3), (1, 1, 1), (9, 16, 1)] {
            let image = ImageShape { width, height, channels };
            let weights = Convolutions::random_on(image, 3, Stream::DualShrink);
            let pixels = width * height * channels;
            let x = Array2::from_shape_fn((2, pixels), |(i, j)| ((i + j) % 5) as f32);
            let map = shrink(&weights.to_module(&device), x.view(), &device);
            assert_eq!(Some(map.dims()[1]), weights.width_after(pixels));
            assert_eq!(Grow::random(image, 3, &device).forward(map).dims(), [2, pixels]);
            assert_eq!(weights.width_after(pixels + 1), None);
        }
    }

    #[test]
    fn a_window_holds_its_pixels_and_overlaying_is_the_transpose() {
        let device = Device::flex();
        let map = [5, 4, 2];
        let numbers = |rows, columns, phase: f32| {
            Array2::from_shape_fn((rows, columns), |(i, j)| (i as f32 * 3.1 + j as f32 * 0.7 + phase).sin())
        };
        let x = numbers(2, 40, 0.0);
        let taken = read(windows(tensor(x.view(), &device), 2, map, 16));
        assert_eq!(taken.dim(), (2 * 3 * 2, 32));
        // The window of the second row and column of the first picture begins at pixel (1, 1); its blocks are of 2 × 2 pixels.
        let pixel = |y: usize, x_: usize, c: usize| x[[0, (y * 4 + x_) * 2 + c]];
        let same = |at: usize, value: f32| (taken[[3, at]] - value).abs() < 1e-6;
        assert!(same(0, pixel(1, 1, 0)));
        assert!(same(7, pixel(2, 2, 1)), "the last of the first block");
        assert!(same(8, pixel(1, 3, 0)), "the block beside it");
        assert!(same(16, pixel(3, 1, 0)), "the block below");
        assert!(taken[[0, 0]].abs() < 1e-6, "outside");
        for taps in TAPS {
            let z = numbers(12, 2 * taps, 1.0);
            let taken = read(windows(tensor(x.view(), &device), 2, map, taps));
            let laid = read(overlay(tensor(z.view(), &device), 2, map, taps));
            assert!(((&taken * &z).sum() - (&x * &laid).sum()).abs() < 1e-3);
        }
    }

    #[test]
    fn a_kernel_that_moves_by_two_gives_what_the_windows_give() {
        let device = Device::flex();
        for (width, height, channels) in [(5, 4, 2), (6, 7, 1)] {
            let image = ImageShape { width, height, channels };
            let convolutions = Convolutions::random_on(image, 9, Stream::DualShrink);
            let x = Array2::from_shape_fn((1, width * height * channels), |(_, j)| (j as f32 * 0.7).sin());
            let wanted = read(shrink(&convolutions.to_module(&device), x.view(), &device));
            let mut map = (height, width, channels, x.row(0).to_vec());
            for Kernel { weight, bias, outside } in convolutions.kernels() {
                let (height, width, channels, values) = map;
                let (h, w, side) = (height.div_ceil(2), width.div_ceil(2), weight.dim().2);
                assert_eq!((height + outside[0] + outside[2] - side) / 2 + 1, h);
                assert_eq!((width + outside[1] + outside[3] - side) / 2 + 1, w);
                let pixel = |y: usize, x: usize, c: usize| {
                    let (y, x) = (y.checked_sub(outside[0]), x.checked_sub(outside[1]));
                    let (y, x) = (y.filter(|&y| y < height), x.filter(|&x| x < width));
                    y.zip(x).map_or(0.0, |(y, x)| values[(y * width + x) * channels + c])
                };
                let mut next = Vec::new();
                for (y, x, out) in triples(h, w, bias.len()) {
                    let mut sum = bias[out];
                    for (dy, dx, c) in triples(side, side, channels) {
                        sum += weight[(out, c, dy, dx)] * pixel(2 * y + dy, 2 * x + dx, c);
                    }
                    next.push(if sum > 0.0 { sum } else { SLOPE as f32 * sum });
                }
                map = (h, w, bias.len(), next);
            }
            assert_eq!(map.3.len(), wanted.len());
            assert!(map.3.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-4));
        }
    }

    /// All triples of numbers below these, the last one fastest.
    fn triples(a: usize, b: usize, c: usize) -> impl Iterator<Item = (usize, usize, usize)> {
        (0..a).flat_map(move |i| (0..b).flat_map(move |j| (0..c).map(move |k| (i, j, k))))
    }

    #[test]
    fn weights_survive_the_device_and_hang_on_the_seed() {
        let image = ImageShape { width: 6, height: 6, channels: 1 };
        let weights = Convolutions::random_on(image, 3, Stream::DualShrink);
        assert_eq!(weights.to_module(&Device::flex()).weights().expect("read back"), weights);
        assert_eq!(weights, Convolutions::random_on(image, 3, Stream::DualShrink));
        assert_ne!(weights, Convolutions::random_on(image, 4, Stream::DualShrink));
    }

    #[test]
    fn a_layer_keeps_the_size_of_what_goes_through() {
        let device = Device::flex();
        let image = ImageShape { width: 16, height: 16, channels: 1 };
        let x = Array2::from_shape_fn((64, 256), |(i, j)| ((i * 31 + j * 17) as f32).sin());
        let map =
            read(shrink(&Convolutions::random_on(image, 1, Stream::DualShrink).to_module(&device), x.view(), &device));
        let rms = (map.iter().map(|v| v * v).sum::<f32>() / map.len() as f32).sqrt();
        assert!((0.2..2.0).contains(&rms), "{rms}");
    }
}
