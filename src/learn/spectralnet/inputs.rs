//! What the network reads of each sample, kept where that is small and made when asked for where it is not. A device other than the CPU keeps the
//! samples and makes the rest of them there.

use std::sync::Arc;

use burn::tensor::Tensor;
use ndarray::{Array2, ArrayView2, Axis, concatenate};

use super::tie::Between;
use crate::Result;
use crate::learn::autoencoder::gather;
use crate::nets::crossing::{indices, matrix, tensor, vector};
use crate::nets::perceptron::stacked;
use crate::nets::{Compute, Input, Perceptron, Resident};
use crate::support::random::{Stream, normal, rng};

/// Numbers that are kept, 192 MiB of them. A million samples with 512 Fourier features would take 2 GiB; making those of a batch costs
/// a few milliseconds a step.
const KEPT: usize = 48 << 20;
/// Rows that are made at once.
const BLOCK: usize = 8192;
/// Numbers of the noise that is kept on a device, and the fewest and the most rows of it.
const NOISE: usize = 4 << 20;
const FEWEST_NOISE: usize = 64;
const MOST_NOISE: usize = 4096;

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
    There(Box<There>),
    /// Nowhere until a batch asks.
    Made,
}

/// Samples on a device.
#[derive(Debug)]
struct There {
    centred: Resident,
    /// Those of the Fourier features, where there are any.
    frequencies: Option<Tensor<2>>,
    /// Standard normal numbers for rows between neighbours, as wide as a sample.
    noise: Option<Tensor<2>>,
}

/// What a step that waits for nothing reads.
pub(super) struct Drawn {
    /// The batch; then, where rows are tied, the one ends, the other ends and the rows between them.
    pub(super) inputs: Tensor<2>,
    /// How far each lies on its way from the one end to the other, `m × 1`.
    pub(super) share: Option<Tensor<2>>,
}

impl There {
    fn new(input: &Input, samples: &Array2<f32>, compute: &Compute) -> Option<Self> {
        if compute.is_cpu() {
            return None;
        }
        let centred = Resident::new(input.centred(samples.view()).view(), compute)?;
        let frequencies = input.frequencies();
        let frequencies = (frequencies.ncols() > 0).then(|| tensor(frequencies, &compute.device));
        Some(Self { centred, frequencies, noise: None })
    }

    /// What the network reads of rows that are centred.
    fn widened(&self, centred: Tensor<2>) -> Tensor<2> {
        let Some(frequencies) = &self.frequencies else { return centred };
        let angles = centred.clone().matmul(frequencies.clone());
        Tensor::cat(vec![centred, angles.clone().sin(), angles.cos()], 1)
    }

    fn gather(&self, rows: &[u32], compute: &Compute) -> Tensor<2> {
        self.widened(self.centred.gather(&indices(rows, &compute.device)))
    }
}

impl Inputs {
    /// Those that `input` makes of the samples, for a network on this device.
    #[must_use]
    pub fn new(input: Input, samples: Arc<Array2<f32>>, compute: &Compute) -> Self {
        Self::within(KEPT, input, samples, compute)
    }

    fn within(kept: usize, input: Input, samples: Arc<Array2<f32>>, compute: &Compute) -> Self {
        let rows = if let Some(there) = There::new(&input, &samples, compute) {
            Rows::There(Box::new(there))
        } else if samples.nrows().saturating_mul(input.width()) > kept {
            Rows::Made
        } else {
            Rows::Host(input.apply(samples.view()))
        };
        Self { input, samples, rows }
    }

    /// The same for a device, where the samples are on one of their own: with the noise of rows between neighbours beside them.
    pub(super) fn with_noise(mut self, seed: u64, compute: &Compute) -> Self {
        if let Rows::There(there) = &mut self.rows {
            let d = self.samples.ncols().max(1);
            let count = (NOISE / d).clamp(FEWEST_NOISE, MOST_NOISE).min((compute.room() / d).max(1));
            let mut rng = rng(seed, Stream::KeptNoise, 0);
            let noise = Array2::from_shape_fn((count, d), |_| normal(&mut rng) as f32);
            there.noise = Some(tensor(noise.view(), &compute.device));
        }
        self
    }

    /// The same inputs for another device.
    pub(super) fn moved(&self, compute: &Compute) -> Self {
        Self::new(self.input.clone(), Arc::clone(&self.samples), compute)
    }

    /// Whether a step has to send the numbers of its rows alone.
    pub(super) fn are_there(&self) -> bool {
        matches!(self.rows, Rows::There(_))
    }

    /// Rows of noise that are kept on the device.
    pub(super) fn noise(&self) -> usize {
        match &self.rows {
            Rows::There(there) => there.noise.as_ref().map_or(0, |noise| noise.dims()[0]),
            _ => 0,
        }
    }

    /// A batch, and rows between neighbours made on the device, where the samples are there; only their numbers are sent.
    pub(super) fn drawn(&self, batch: &[u32], between: Option<&Between>, compute: &Compute) -> Option<Drawn> {
        let Rows::There(there) = &self.rows else { return None };
        let device = &compute.device;
        let Some((between, noise)) = between.zip(there.noise.as_ref()) else {
            return Some(Drawn { inputs: there.gather(batch, compute), share: None });
        };
        let (b, m) = (batch.len(), between.share.len());
        let sent = indices(&[batch, &between.ends, &between.noise].concat(), device);
        let rows = there.centred.gather(&sent.clone().narrow(0, 0, b + 2 * m));
        let noise = noise.clone().select(0, sent.narrow(0, b + 2 * m, m));
        let factor = self.input.factor();
        let widths: Vec<f32> = between.widths.iter().map(|width| width * factor).collect();
        let shares = vector(&[between.share.as_slice(), &widths].concat(), device).reshape([2 * m, 1]);
        let (share, widths) = (shares.clone().narrow(0, 0, m), shares.narrow(0, m, m));
        let (one, other) = (rows.clone().narrow(0, b, m), rows.clone().narrow(0, b + m, m));
        let made = one.clone() + (other - one) * share.clone() + noise * widths;
        let inputs = there.widened(Tensor::cat(vec![rows, made], 0));
        Some(Drawn { inputs, share: Some(share) })
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
            Rows::There(there) => return there.gather(rows, compute),
        };
        tensor(host.view(), &compute.device)
    }

    /// Some of the samples on the device, or all, and under them `more`, rows as the samples are.
    #[must_use]
    pub fn beside(&self, rows: Option<&[u32]>, more: ArrayView2<'_, f32>, compute: &Compute) -> Tensor<2> {
        let more = self.input.apply(more);
        let host = match (&self.rows, rows) {
            (Rows::There(there), rows) => {
                let all = || there.widened(there.centred.narrow(0, self.samples.nrows()));
                let rows = rows.map_or_else(all, |rows| there.gather(rows, compute));
                return Tensor::cat(vec![rows, tensor(more.view(), &compute.device)], 0);
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
                (Rows::There(there), None) => there.widened(there.centred.narrow(start, end - start)),
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
    fn inputs_that_are_made_on_a_device_are_those_of_the_host() {
        let samples = Arc::new(Array2::from_shape_fn((40, 3), |(i, j)| ((i * 37 + j * 11) % 101) as f32));
        let input = Input::fit(samples.view(), 6, 0.5, 4);
        let here = Inputs::new(input.clone(), Arc::clone(&samples), &Compute::cpu());
        // No tensor holds more than a column.
        let compute = Compute::as_if_afar(50, usize::MAX);
        let there = Inputs::new(input.clone(), Arc::clone(&samples), &compute).with_noise(7, &compute);
        assert!(there.are_there() && !here.are_there() && here.noise() == 0 && there.noise() == 16);
        let close = |a: Tensor<2>, b: &Array2<f32>| {
            let a = matrix(a).expect("read back");
            assert_eq!(a.dim(), b.dim());
            assert!((a - b).iter().all(|away| away.abs() < 1e-5));
        };
        let rows = [3, 0, 39, 3];
        let host = |rows: &[u32]| matrix(here.gather(rows, &Compute::cpu())).expect("read back");
        close(there.gather(&rows, &compute), &host(&rows));
        let more = Array2::ones((2, 3));
        for some in [Some(&rows[..]), None] {
            let expected = matrix(here.beside(some, more.view(), &Compute::cpu())).expect("read back");
            close(there.beside(some, more.view(), &compute), &expected);
        }
        assert!(here.drawn(&rows, None, &Compute::cpu()).is_none());
        // Without noise the rows between two lie on the line.
        let between =
            Between { ends: vec![5, 9, 6, 2], share: vec![0.25, 1.0], noise: vec![1, 15], widths: vec![0.0, 0.0] };
        let drawn = there.drawn(&rows, Some(&between), &compute).expect("they are there");
        let line = [0.25, 1.0].map(|share| {
            let ends = if share < 1.0 { [5, 6] } else { [9, 2] };
            let [a, b] = ends.map(|row| samples.row(row).to_owned());
            &a + &((&b - &a) * share)
        });
        let line = ndarray::stack(Axis(0), &[line[0].view(), line[1].view()]).expect("two rows");
        let all = concatenate(Axis(0), &[host(&[3, 0, 39, 3, 5, 9, 6, 2]).view(), input.apply(line.view()).view()]);
        close(drawn.inputs, &all.expect("the same width"));
        close(drawn.share.expect("rows are tied"), &ndarray::array![[0.25], [1.0]]);
    }

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
