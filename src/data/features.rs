//! Features as they came, in as few bytes as hold them exactly.
//!
//! The stages read scaled features in single precision. What came in is kept beside them for the table of an export and for pictures of
//! single samples; pixels and counts need a byte each for that instead of four.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis, CowArray, Ix2, s};

/// An `n × d` matrix of finite numbers, one sample a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Features {
    /// Whole numbers from 0 to 255.
    Bytes(Array2<u8>),
    /// Any numbers.
    Numbers(Arc<Array2<f32>>),
}

impl Features {
    /// Packs numbers that all fit into bytes.
    #[must_use]
    pub fn new(numbers: Array2<f32>) -> Self {
        if numbers.axis_iter(Axis(0)).into_par_iter().all(|row| row.iter().all(|&v| is_byte(v))) {
            let mut bytes = Array2::zeros(numbers.dim());
            let rows = bytes.axis_iter_mut(Axis(0)).into_par_iter().zip(numbers.axis_iter(Axis(0)));
            rows.for_each(|(mut to, from)| to.zip_mut_with(&from, |to, &v| *to = v as u8));
            return Self::Bytes(bytes);
        }
        Self::Numbers(Arc::new(numbers))
    }

    /// Samples and features.
    #[must_use]
    pub fn dim(&self) -> (usize, usize) {
        match self {
            Self::Bytes(bytes) => bytes.dim(),
            Self::Numbers(numbers) => numbers.dim(),
        }
    }

    /// Some samples in a row; of bytes, a copy.
    #[must_use]
    pub fn rows(&self, range: Range<usize>) -> CowArray<'_, f32, Ix2> {
        match self {
            Self::Bytes(bytes) => bytes.slice(s![range, ..]).mapv(f32::from).into(),
            Self::Numbers(numbers) => numbers.slice(s![range, ..]).into(),
        }
    }

    /// One sample.
    #[must_use]
    pub fn row(&self, i: usize) -> Vec<f32> {
        self.rows(i..i + 1).iter().copied().collect()
    }

    /// One feature of all samples.
    #[must_use]
    pub fn column(&self, j: usize) -> Vec<f32> {
        match self {
            Self::Bytes(bytes) => bytes.column(j).mapv(f32::from).to_vec(),
            Self::Numbers(numbers) => numbers.column(j).to_vec(),
        }
    }

    /// Distinct samples, counted up to `most`; 0 and −0 are one number.
    #[must_use]
    pub fn distinct_rows(&self, most: usize) -> usize {
        let mut seen = HashSet::new();
        for i in 0..self.dim().0 {
            if seen.len() >= most {
                break;
            }
            seen.insert(self.row(i).iter().map(|&v| (v + 0.0).to_bits()).collect::<Vec<_>>());
        }
        seen.len()
    }

    /// All of them; of bytes, a copy.
    #[must_use]
    pub fn numbers(&self) -> Arc<Array2<f32>> {
        match self {
            Self::Bytes(bytes) => Arc::new(bytes.mapv(f32::from)),
            Self::Numbers(numbers) => Arc::clone(numbers),
        }
    }
}

/// Whether a byte holds exactly this; not −0.
fn is_byte(v: f32) -> bool {
    f32::from(v as u8).to_bits() == v.to_bits()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn equal_samples_are_counted_once_and_no_further_than_asked() {
        let bytes = array![[1.0_f32, 2.0], [1.0, 2.0], [3.0, 2.0], [4.0, 0.0]];
        let numbers = array![[0.5_f32, 0.0], [0.5, -0.0], [1.5, 0.0]];
        assert_eq!([2, 3, 9].map(|most| Features::new(bytes.clone()).distinct_rows(most)), [2, 3, 3]);
        assert_eq!([1, 9].map(|most| Features::new(numbers.clone()).distinct_rows(most)), [1, 2]);
    }

    #[test]
    fn every_number_comes_back_to_the_last_bit() {
        let bytes = array![[0.0_f32, 255.0, 7.0], [3.0, 1.0, 128.0]];
        assert!(matches!(Features::new(bytes.clone()), Features::Bytes(_)));
        let mut sets = vec![bytes.clone(), Array2::zeros((0, 3))];
        for odd in [-0.0, 0.5, 256.0, -1.0, f32::MAX, 1e-45] {
            let mut numbers = bytes.clone();
            numbers[[1, 2]] = odd;
            assert!(matches!(Features::new(numbers.clone()), Features::Numbers(_)), "{odd}");
            sets.push(numbers);
        }
        for numbers in sets {
            let kept = Features::new(numbers.clone());
            let bits = |a: &[f32]| a.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(kept.dim(), numbers.dim());
            assert_eq!(bits(kept.numbers().as_slice().expect("rows")), bits(numbers.as_slice().expect("rows")));
            for i in 0..numbers.nrows() {
                assert_eq!(bits(&kept.row(i)), bits(&numbers.row(i).to_vec()));
            }
            (0..3).for_each(|j| assert_eq!(bits(&kept.column(j)), bits(&numbers.column(j).to_vec())));
        }
    }
}
