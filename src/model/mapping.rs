//! A network as it stands in its training, on the host: what it makes of any row, without the thread that trains it.

use std::sync::Arc;

use ndarray::parallel::prelude::*;
use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::nets::{Input, Weights};
use crate::recipe::Activation;

/// Rows that one core takes through the network at once.
const BLOCK: usize = 256;
/// Slope of the leaky rectifier below 0.
const LEAK: f32 = 0.01;

/// A network with the map from its outputs to eigenvector values, in plain numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// What the network reads.
    pub input: Arc<Input>,
    /// The network.
    pub weights: Weights,
    /// Raw outputs times this are eigenvector values, `outputs × k`.
    pub map: Array2<f64>,
}

impl Mapping {
    /// Features of the rows that it reads; nothing where its parts do not fit each other.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        let outputs = self.weights.width_after(self.input.width())?;
        self.input.dim().filter(|_| outputs == self.map.nrows())
    }

    /// Eigenvector values, `m × k`, of rows that are scaled as the training's, `m × d`; NaN where the rows have another number of features.
    #[must_use]
    pub fn place(&self, rows: ArrayView2<'_, f32>) -> Array2<f64> {
        let mut values = Array2::from_elem((rows.nrows(), self.map.ncols()), f64::NAN);
        if self.width() != Some(rows.ncols()) {
            return values;
        }
        let map = self.map.mapv(|v| v as f32);
        let blocks = values.axis_chunks_iter_mut(Axis(0), BLOCK).into_par_iter();
        blocks.zip(rows.axis_chunks_iter(Axis(0), BLOCK)).for_each(|(mut out, rows)| {
            let mut x = self.input.of_block(rows);
            let last = self.weights.layers.len().saturating_sub(1);
            for (at, layer) in self.weights.layers.iter().enumerate() {
                let bias = Array1::from(layer.bias.clone());
                x = x.dot(&layer.weight) + bias;
                if at < last {
                    x.mapv_inplace(|v| activated(self.weights.activation, v));
                }
            }
            out.zip_mut_with(&x.dot(&map), |to, &from| *to = f64::from(from));
        });
        values
    }
}

fn activated(activation: Activation, v: f32) -> f32 {
    match activation {
        Activation::Tanh => v.tanh(),
        Activation::Isru => v / (1.0 + v * v).sqrt(),
        Activation::Relu => v.max(0.0),
        Activation::LeakyRelu => v.max(LEAK * v),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::s;

    use super::*;
    use crate::nets::Compute;

    #[test]
    fn the_host_makes_of_rows_what_the_device_does() {
        let x = Array2::from_shape_fn((700, 3), |(i, j)| ((i * 7 + j * 31) as f32 * 0.05).sin());
        let compute = Compute::cpu();
        for activation in [Activation::Isru, Activation::Tanh, Activation::Relu, Activation::LeakyRelu] {
            let input = Input::fit(x.view(), 8, 0.7, 3);
            let weights = Weights::random(&[input.width(), 24, 16, 4], activation, 5);
            let map = Array2::from_shape_fn((4, 3), |(i, j)| (i as f64 - j as f64) * 0.4);
            let mapping = Mapping { input: Arc::new(input), weights, map };
            let there = mapping.weights.to_module(&compute.device);
            let there = there.outputs(mapping.input.apply(x.view()).view(), &compute.device).expect("the CPU works");
            let there = there.mapv(f64::from).dot(&mapping.map);
            let here = mapping.place(x.view());
            let most = here.iter().zip(&there).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(most < 1e-4, "{activation:?}: {most}");
            assert!(mapping.place(x.slice(s![.., ..2])).iter().all(|v| v.is_nan()), "rows of other features");
        }
    }
}
