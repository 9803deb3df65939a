//! What makes codes of rows: a perceptron, for images with convolutions before it. This is what a model file holds.

use burn::tensor::Device;
use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::convolution::{Convolutions, shrink};
use super::forward;
use super::perceptron::{Layer, Weights, matrix, stacked};
use crate::Result;

/// An encoder's numbers on the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encoder {
    /// What stands before the perceptron, for images.
    #[serde(default)]
    pub convolutions: Option<Convolutions>,
    /// Input side first, the code last.
    pub dense: Weights,
}

/// Rows that go through convolutions at once: their maps are large.
const BLOCK: usize = 1024;

impl Encoder {
    /// Width of the code for rows of `inputs` numbers, if the layers fit each other and them.
    #[must_use]
    pub fn width_after(&self, inputs: usize) -> Option<usize> {
        let width = self.convolutions.as_ref().map_or(Some(inputs), |c| c.width_after(inputs))?;
        self.dense.width_after(width)
    }

    /// Whether all numbers are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        let convolutions = self.convolutions.iter().flat_map(|c| &c.layers);
        convolutions.chain(&self.dense.layers).all(Layer::is_finite)
    }

    /// Codes of rows, `n × c`.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be read back.
    pub fn codes(&self, x: ArrayView2<'_, f32>, device: &Device) -> Result<Array2<f32>> {
        let Some(convolutions) = &self.convolutions else {
            if *device == Device::flex() {
                return Ok(forward::outputs(&self.dense, x));
            }
            return self.dense.to_module(device).outputs(x, device);
        };
        let dense = self.dense.to_module(device);
        let convolutions = convolutions.to_module(device);
        let blocks = x.axis_chunks_iter(Axis(0), BLOCK);
        stacked(x.nrows(), blocks.map(|block| matrix(dense.forward(shrink(&convolutions, block, device)))))
    }
}

impl From<Weights> for Encoder {
    fn from(dense: Weights) -> Self {
        Self { convolutions: None, dense }
    }
}
