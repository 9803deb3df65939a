//! Batches of rows that stay where they are: on the CPU's own memory, or on the training device, to which only their numbers are sent then.

use burn::tensor::{Device, Tensor};
use ndarray::{Array2, ArrayView2};

use super::autoencoder::gather;
use crate::nets::crossing::{indices, tensor};
use crate::nets::{Compute, Resident};

/// Rows that batches are taken from, `n × d`.
pub(crate) struct Source<'a> {
    rows: ArrayView2<'a, f32>,
    there: Option<Resident>,
    device: Device,
}

/// A batch on its way to the device. Who makes it needs no device.
#[derive(Clone, Debug)]
pub(crate) enum Batch {
    /// Of rows that are there.
    Numbers(Vec<u32>),
    /// The rows themselves.
    Rows(Array2<f32>),
}

impl Batch {
    /// Some rows of all, in this order, of which the device has the numbers or not.
    pub(crate) fn of(rows: ArrayView2<'_, f32>, some: Vec<u32>, are_there: bool) -> Self {
        if are_there { Self::Numbers(some) } else { Self::Rows(gather(rows, &some)) }
    }
}

impl<'a> Source<'a> {
    /// These rows for a network on this device.
    pub(crate) fn new(rows: ArrayView2<'a, f32>, compute: &Compute) -> Self {
        Self { rows, there: Resident::new(rows, compute), device: compute.device.clone() }
    }

    /// Whether the rows are on the device.
    pub(crate) fn are_there(&self) -> bool {
        self.there.is_some()
    }

    /// A batch on the device, without gradients.
    pub(crate) fn get(&self, batch: &Batch) -> Tensor<2> {
        match (batch, &self.there) {
            (Batch::Rows(rows), _) => tensor(rows.view(), &self.device),
            (Batch::Numbers(some), Some(there)) => there.gather(&indices(some, &self.device)),
            (Batch::Numbers(some), None) => tensor(gather(self.rows, some).view(), &self.device),
        }
    }

    /// Some rows on the device, likewise.
    pub(crate) fn some(&self, rows: &[u32]) -> Tensor<2> {
        self.get(&Batch::Numbers(rows.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::crossing::{Crossed, matrix};

    #[test]
    fn a_batch_is_the_same_rows_wherever_they_are_and_numbers_alone_are_sent() {
        let rows = Array2::from_shape_fn((9, 100), |(i, j)| (i * 100 + j) as f32);
        let sent = |compute: &Compute| {
            let source = Source::new(rows.view(), compute);
            let batch = Batch::of(rows.view(), vec![8, 0, 8], source.are_there());
            let before = Crossed::now();
            let got = matrix(source.get(&batch)).expect("read back");
            let crossed = Crossed::now().since(before);
            assert_eq!(got, gather(rows.view(), &[8, 0, 8]));
            assert_eq!(matrix(source.some(&[8, 0, 8])).expect("read back"), got);
            crossed.up
        };
        let afar = Compute::as_if_afar(usize::MAX, usize::MAX);
        assert_eq!((sent(&Compute::cpu()), sent(&afar)), (4 * 300, 4 * 3));
    }
}
