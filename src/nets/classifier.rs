//! A classifier: a perceptron that ends in a score a class, for pictures with convolutions before it. Clusters teach it.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation};
use ndarray::{Array2, ArrayView2, Axis};

use super::convolution::{Convolutions, Shrink, last_map};
use super::encoder::Encoder;
use super::perceptron::{Perceptron, Weights, matrix, stacked, tensor};
use crate::Result;
use crate::data::ImageShape;
use crate::recipe::Activation;
use crate::support::random::Stream;

/// Hidden layers: behind the convolutions of a picture, and of other rows.
const AFTER_CONVOLUTIONS: &[usize] = &[128];
const OF_ROWS: &[usize] = &[256, 256];
/// Rows that go through it at once outside training.
const BLOCK: usize = 1024;

/// The network; its host form is an [`Encoder`] whose code is a score a class.
#[derive(Module, Debug)]
pub struct Classifier {
    shrink: Option<Shrink>,
    dense: Perceptron,
}

impl Classifier {
    /// Starting weights for rows of `features` numbers, pictures where they have a shape.
    #[must_use]
    pub fn random((features, image): (usize, Option<ImageShape>), classes: usize, seed: u64, device: &Device) -> Self {
        let (input, hidden) = match image {
            Some(image) => (last_map(image).iter().product(), AFTER_CONVOLUTIONS),
            None => (features, OF_ROWS),
        };
        let sizes = [&[input], hidden, &[classes]].concat();
        let dense = Weights::random_on(&sizes, Activation::Relu, seed, Stream::ClassifierWeights, 0);
        let shrink =
            image.map(|image| Convolutions::random_on(image, seed, Stream::ClassifierShrink).to_module(device));
        Self { shrink, dense: dense.to_module(device) }
    }

    /// A score a class for each row, `b × k`: the logarithm of its probability, up to a number of the row's own.
    #[must_use]
    pub fn scores(&self, x: Tensor<2>) -> Tensor<2> {
        self.dense.forward(match &self.shrink {
            Some(shrink) => shrink.forward(x),
            None => x,
        })
    }

    /// Mean cross-entropy to the classes' wanted probabilities, `b × k`; a row of zeros counts for nothing.
    #[must_use]
    pub fn loss(&self, x: Tensor<2>, wanted: Tensor<2>) -> Tensor<1> {
        let rows = wanted.clone().sum().detach().clamp_min(1.0);
        (activation::log_softmax(self.scores(x), 1) * wanted).sum().neg() / rows
    }

    /// Probabilities of the classes for all rows of a host matrix, `n × k`.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be read back.
    pub fn probabilities(&self, x: ArrayView2<'_, f32>, device: &Device) -> Result<Array2<f32>> {
        let blocks = x.axis_chunks_iter(Axis(0), BLOCK);
        stacked(x.nrows(), blocks.map(|block| matrix(activation::softmax(self.scores(tensor(block, device)), 1))))
    }

    /// The numbers, read back to the host.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be.
    pub fn weights(&self) -> Result<Encoder> {
        let convolutions = self.shrink.as_ref().map(Shrink::weights).transpose()?;
        Ok(Encoder { convolutions, dense: self.dense.weights()? })
    }

    /// The same network without gradients.
    #[must_use]
    pub fn still(&self) -> Self {
        self.valid()
    }
}

/// Probabilities from scores, row by row, in place.
#[must_use]
pub fn softmax(mut scores: Array2<f32>) -> Array2<f32> {
    for mut row in scores.rows_mut() {
        let most = row.fold(f32::MIN, |most, &score| most.max(score));
        row.mapv_inplace(|score| (score - most).exp());
        let sum = row.sum();
        row.mapv_inplace(|p| p / sum);
    }
    scores
}

/// The most probable class of each row of probabilities, `n × k`, and how far it is before the next one, from 0 to 1.
#[must_use]
pub fn decided(probabilities: ArrayView2<'_, f32>) -> (Vec<u32>, Vec<f64>) {
    let of_row = |row: ndarray::ArrayView1<'_, f32>| {
        let (mut first, mut second) = ((0, f32::MIN), 0.0_f32);
        for (class, &p) in row.iter().enumerate() {
            if p > first.1 {
                second = first.1.max(0.0);
                first = (class as u32, p);
            } else {
                second = second.max(p);
            }
        }
        (first.0, f64::from(first.1 - second).clamp(0.0, 1.0))
    };
    probabilities.rows().into_iter().map(of_row).unzip()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::nets::check::read;

    #[test]
    fn the_loss_is_the_cross_entropy_and_rows_without_a_wanted_class_are_left_out() {
        let device = Device::flex();
        let net = Classifier::random((3, None), 2, 4, &device);
        let x = array![[0.3_f32, -1.0, 0.5], [2.0, 0.1, 0.0], [9.0, 9.0, 9.0]];
        let wanted = array![[1.0_f32, 0.0], [0.25, 0.75], [0.0, 0.0]];
        let p = net.probabilities(x.view(), &device).expect("it can be read");
        assert!(p.rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-6));
        let expected = -(p[[0, 0]].ln() + 0.25 * p[[1, 0]].ln() + 0.75 * p[[1, 1]].ln()) / 2.0;
        let loss = net.loss(tensor(x.view(), &device), tensor(wanted.view(), &device));
        assert!((loss.into_scalar::<f32>() - expected).abs() < 1e-5);
    }

    #[test]
    fn its_host_form_gives_the_same_scores() {
        let device = Device::flex();
        let image = ImageShape { width: 8, height: 8, channels: 1 };
        let net = Classifier::random((64, Some(image)), 3, 1, &device);
        let x = Array2::from_shape_fn((5, 64), |(i, j)| ((i * 31 + j * 17) % 11) as f32 / 11.0);
        let host = net.weights().expect("it can be read");
        assert_eq!(host.width_after(64), Some(3));
        let scores = host.codes(x.view(), &device).expect("scores");
        assert_eq!(scores, read(net.scores(tensor(x.view(), &device))));
        let away = softmax(scores) - net.probabilities(x.view(), &device).expect("it can be read");
        assert!(away.iter().all(|d| d.abs() < 1e-6));
    }

    #[test]
    fn the_first_of_two_equal_classes_is_taken_and_nothing_is_sure_there() {
        let (classes, margins) = decided(array![[0.5_f32, 0.5], [0.1, 0.9], [1.0, 0.0]].view());
        assert_eq!(classes, [0, 1, 0]);
        assert!(margins[0].abs() < 1e-9 && (margins[1] - 0.8).abs() < 1e-6 && (margins[2] - 1.0).abs() < 1e-9);
        assert_eq!(decided(array![[1.0_f32]].view()), (vec![0], vec![1.0]));
    }
}
