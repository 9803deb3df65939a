//! What the network reads of each sample, kept where that is small and made when asked for where it is not.

use std::sync::Arc;

use burn::tensor::{Int, Tensor, TensorData};
use ndarray::{Array2, ArrayView2, Axis, concatenate};

use crate::Result;
use crate::learn::autoencoder::gather;
use crate::nets::Input;
use crate::nets::perceptron::{matrix, stacked, tensor};
use crate::nets::{Compute, Perceptron};

/// Numbers that are kept, 192 MiB of them. A million samples with 512 Fourier features would take 2 GiB; making those of a batch costs
/// a few milliseconds a step.
const KEPT: usize = 48 << 20;
/// Rows that are made at once.
const BLOCK: usize = 8192;

/// The network's inputs for all samples.
#[derive(Debug)]
pub struct Inputs {
    input: Input,
    samples: Arc<Array2<f32>>,
    rows: Rows,
}

/// Where they are.
#[derive(Debug)]
enum Rows {
    Host(Array2<f32>),
    Device(Box<Tensor<2>>),
    /// Nowhere until a batch asks.
    Made,
}

impl Inputs {
    /// Those that `input` makes of the samples, for a network on this device.
    #[must_use]
    pub fn new(input: Input, samples: Arc<Array2<f32>>, compute: &Compute) -> Self {
        Self::within(KEPT, input, samples, compute)
    }

    fn within(kept: usize, input: Input, samples: Arc<Array2<f32>>, compute: &Compute) -> Self {
        let rows = if samples.nrows().saturating_mul(input.width()) > kept {
            Rows::Made
        } else {
            let all = input.apply(samples.view());
            if compute.is_cpu() { Rows::Host(all) } else { Rows::Device(Box::new(tensor(all.view(), &compute.device))) }
        };
        Self { input, samples, rows }
    }

    /// Numbers that the network reads of a sample.
    #[must_use]
    pub fn width(&self) -> usize {
        self.input.width()
    }

    /// The samples themselves, `n × d`.
    #[must_use]
    pub fn samples(&self) -> &Array2<f32> {
        &self.samples
    }

    /// What stands between a sample and the network.
    #[must_use]
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// Some rows on the device, in this order.
    #[must_use]
    pub fn gather(&self, rows: &[u32], compute: &Compute) -> Tensor<2> {
        let host = match &self.rows {
            Rows::Host(all) => gather(all.view(), rows),
            Rows::Made => self.input.apply(gather(self.samples.view(), rows).view()),
            Rows::Device(all) => {
                let rows: Vec<i32> = rows.iter().map(|&r| r as i32).collect();
                let length = rows.len();
                let rows = Tensor::<1, Int>::from_data(TensorData::new(rows, [length]), &compute.device);
                return all.as_ref().clone().select(0, rows);
            }
        };
        tensor(host.view(), &compute.device)
    }

    /// Some of the samples on the device, or all, and under them `more`, rows as the samples are.
    #[must_use]
    pub fn beside(&self, rows: Option<&[u32]>, more: ArrayView2<'_, f32>, compute: &Compute) -> Tensor<2> {
        let more = self.input.apply(more);
        let host = match (&self.rows, rows) {
            (Rows::Device(all), None) => {
                return Tensor::cat(vec![all.as_ref().clone(), tensor(more.view(), &compute.device)], 0);
            }
            (Rows::Device(_), Some(rows)) => {
                return Tensor::cat(vec![self.gather(rows, compute), tensor(more.view(), &compute.device)], 0);
            }
            (Rows::Host(all), None) => concatenate(Axis(0), &[all.view(), more.view()]),
            (Rows::Host(all), Some(rows)) => concatenate(Axis(0), &[gather(all.view(), rows).view(), more.view()]),
            (Rows::Made, None) => concatenate(Axis(0), &[self.input.apply(self.samples.view()).view(), more.view()]),
            (Rows::Made, Some(rows)) => {
                let some = self.input.apply(gather(self.samples.view(), rows).view());
                concatenate(Axis(0), &[some.view(), more.view()])
            }
        };
        // The widths are both the input's.
        tensor(host.unwrap_or(more).view(), &compute.device)
    }

    /// Outputs of a network's last hidden layer and a column of ones for some of the samples (`m × (h + 1)`), or for all.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be read back.
    pub fn features(&self, rows: Option<&[u32]>, net: &Perceptron, compute: &Compute) -> Result<Array2<f64>> {
        let beside_ones = |block| {
            let hidden = net.features(block);
            let ones = Tensor::ones([hidden.dims()[0], 1], &compute.device);
            Tensor::cat(vec![hidden, ones], 1)
        };
        self.through(rows, beside_ones, compute)
    }

    /// Raw outputs of a network for all samples, `n × k`, in f64 for what is computed from them.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when they cannot be read back.
    pub fn outputs(&self, net: &Perceptron, compute: &Compute) -> Result<Array2<f64>> {
        self.through(None, |block| net.forward(block), compute)
    }

    fn through(
        &self,
        rows: Option<&[u32]>,
        map: impl Fn(Tensor<2>) -> Tensor<2>,
        compute: &Compute,
    ) -> Result<Array2<f64>> {
        let n = rows.map_or(self.samples.nrows(), <[u32]>::len);
        let blocks = (0..n).step_by(BLOCK).map(|start| {
            let end = (start + BLOCK).min(n);
            let block = match (&self.rows, rows) {
                (_, Some(rows)) => self.gather(&rows[start..end], compute),
                (Rows::Host(all), None) => tensor(all.slice(ndarray::s![start..end, ..]), &compute.device),
                (Rows::Device(all), None) => all.as_ref().clone().narrow(0, start, end - start),
                (Rows::Made, None) => {
                    let samples = self.samples.slice_axis(Axis(0), (start..end).into());
                    tensor(self.input.apply(samples).view(), &compute.device)
                }
            };
            matrix(map(block))
        });
        stacked(n, blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Weights;
    use crate::recipe::Activation;

    #[test]
    fn inputs_that_are_made_are_those_that_are_kept() {
        let samples = Arc::new(Array2::from_shape_fn((BLOCK + 700, 3), |(i, j)| ((i * 37 + j * 11) % 101) as f32));
        let input = Input::fit(samples.view(), 20, 0.5, 4);
        let compute = Compute::cpu();
        let net = Weights::random(&[43, 16, 2], Activation::Isru, 1).to_module(&compute.device);
        let rows = [5, 8191, 8192, 0, 8800];
        let more = Array2::ones((2, 3));
        let of = |kept| {
            let inputs = Inputs::within(kept, input.clone(), Arc::clone(&samples), &compute);
            assert!(inputs.width() == 43 && matches!(inputs.rows, Rows::Made) == (kept == 0));
            (
                matrix(inputs.gather(&rows, &compute)).expect("read back"),
                inputs.outputs(&net, &compute).expect("read back"),
                inputs.features(Some(&rows), &net, &compute).expect("read back"),
                matrix(inputs.beside(Some(&rows), more.view(), &compute)).expect("read back"),
            )
        };
        let (kept, made) = (of(KEPT), of(0));
        assert_eq!(kept, made);
        assert_eq!(kept.3.slice(ndarray::s![..5, ..]), kept.0, "those asked for, and two more");
        assert_eq!((kept.2.dim(), kept.3.nrows()), ((5, 17), 7));
        assert!(kept.2.column(16).iter().all(|one| (one - 1.0).abs() < 1e-12));
        let alone = matrix(net.forward(tensor(made.0.view(), &compute.device))).expect("read back");
        for (row, &i) in alone.rows().into_iter().zip(&rows) {
            assert!((0..2).all(|c| (f64::from(row[c]) - made.1[[i as usize, c]]).abs() < 1e-5));
        }
    }
}
