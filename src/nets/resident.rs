//! Rows that stay on the training device, so that a batch is gathered there and only its rows' numbers are sent.

use burn::tensor::{Int, Tensor};
use ndarray::{ArrayView2, s};

use super::Compute;
use super::crossing::tensor;

/// The most numbers that are kept on a device, a GiB of them: nothing tells how much memory it has.
const KEPT: usize = 256 << 20;

/// A matrix on a device other than the CPU, `n × d`.
#[derive(Clone, Debug)]
pub struct Resident {
    /// Side by side, since no tensor may hold more than the device binds at once.
    columns: Vec<Tensor<2>>,
}

impl Resident {
    /// These rows on the device; `None` on the CPU, which has them at hand, and where they are too many to be kept there.
    #[must_use]
    pub fn new(rows: ArrayView2<'_, f32>, compute: &Compute) -> Option<Self> {
        let (n, d) = rows.dim();
        let widest = compute.room() / n.max(1);
        if compute.is_cpu() || rows.len() > KEPT || widest == 0 || rows.is_empty() {
            return None;
        }
        let width = d.div_ceil(d.div_ceil(widest));
        let part = |from: usize| tensor(rows.slice(s![.., from..d.min(from + width)]), &compute.device);
        Some(Self { columns: (0..d).step_by(width).map(part).collect() })
    }

    /// Some rows, in this order.
    #[must_use]
    pub fn gather(&self, rows: &Tensor<1, Int>) -> Tensor<2> {
        self.side_by_side(|columns| columns.select(0, rows.clone()))
    }

    /// So many rows from one on.
    #[must_use]
    pub fn narrow(&self, from: usize, count: usize) -> Tensor<2> {
        self.side_by_side(|columns| columns.narrow(0, from, count))
    }

    fn side_by_side(&self, of: impl Fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
        let mut parts: Vec<Tensor<2>> = self.columns.iter().cloned().map(of).collect();
        if parts.len() == 1 { parts.swap_remove(0) } else { Tensor::cat(parts, 1) }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Axis};

    use super::*;
    use crate::nets::check::read;
    use crate::nets::crossing::indices;

    #[test]
    fn rows_come_back_as_they_are_however_little_a_tensor_holds() {
        let rows = Array2::from_shape_fn((7, 5), |(i, j)| (10 * i + j) as f32);
        for room in [7, 14, 20, 35, 1000] {
            let compute = Compute::as_if_afar(room, usize::MAX);
            let there = Resident::new(rows.view(), &compute).expect("it fits");
            assert!(there.columns.iter().all(|part| part.dims()[1] * 7 <= room));
            let picked = there.gather(&indices(&[6, 0, 6], &compute.device));
            assert_eq!(read(picked), rows.select(Axis(0), &[6, 0, 6]));
            assert_eq!(read(there.narrow(2, 3)), rows.slice(s![2..5, ..]));
        }
        assert!(Resident::new(rows.view(), &Compute::as_if_afar(6, 0)).is_none(), "not even a column fits");
        assert!(Resident::new(rows.view(), &Compute::cpu()).is_none());
    }
}
