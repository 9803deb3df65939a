//! Features as they came, in as few bytes as hold them exactly.
//!
//! The stages read scaled features in single precision. What came in is kept beside them for the table of an export and for pictures of
//! single samples; pixels and counts need a byte each for that instead of four, and only numbers that single precision would round take
//! eight.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;
use std::sync::Arc;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis, CowArray, Ix2, s};

use super::values::{Number, Values};

/// An `n × d` matrix of finite numbers, one sample a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Features {
    /// Whole numbers from 0 to 255.
    Bytes(Array2<u8>),
    /// Numbers that single precision holds exactly.
    Numbers(Arc<Array2<f32>>),
    /// Any numbers.
    Doubles(Arc<Array2<f64>>),
}

impl Features {
    /// Packs numbers that all fit into bytes.
    #[must_use]
    pub fn new(numbers: Array2<f32>) -> Self {
        match bytes(&numbers) {
            Some(bytes) => Self::Bytes(bytes),
            None => Self::Numbers(Arc::new(numbers)),
        }
    }

    /// Packs numbers into as few bytes as hold all of them exactly.
    #[must_use]
    pub fn exact(numbers: Array2<f64>) -> Self {
        if let Some(bytes) = bytes(&numbers) {
            return Self::Bytes(bytes);
        }
        let single = |v: f64| f64::from(v as f32).to_bits() == v.to_bits();
        if numbers.axis_iter(Axis(0)).into_par_iter().all(|row| row.iter().all(|&v| single(v))) {
            let mut packed = Array2::zeros(numbers.dim());
            let rows = packed.axis_iter_mut(Axis(0)).into_par_iter().zip(numbers.axis_iter(Axis(0)));
            rows.for_each(|(mut to, from)| to.zip_mut_with(&from, |to, &v| *to = v as f32));
            return Self::Numbers(Arc::new(packed));
        }
        Self::Doubles(Arc::new(numbers))
    }

    /// The same of what a reader found.
    pub(super) fn packed(values: Values) -> Self {
        match values {
            Values::Single(numbers) => Self::new(numbers),
            Values::Double(numbers) => Self::exact(numbers),
        }
    }

    /// Samples and features.
    #[must_use]
    pub fn dim(&self) -> (usize, usize) {
        match self {
            Self::Bytes(bytes) => bytes.dim(),
            Self::Numbers(numbers) => numbers.dim(),
            Self::Doubles(numbers) => numbers.dim(),
        }
    }

    /// Whether single precision holds all of them exactly.
    #[must_use]
    pub fn is_single(&self) -> bool {
        !matches!(self, Self::Doubles(_))
    }

    /// Some samples in a row; a copy unless they are doubles.
    #[must_use]
    pub fn rows(&self, range: Range<usize>) -> CowArray<'_, f64, Ix2> {
        match self {
            Self::Bytes(bytes) => bytes.slice(s![range, ..]).mapv(f64::from).into(),
            Self::Numbers(numbers) => numbers.slice(s![range, ..]).mapv(f64::from).into(),
            Self::Doubles(numbers) => numbers.slice(s![range, ..]).into(),
        }
    }

    /// One number; both have to be there.
    pub(super) fn at(&self, i: usize, j: usize) -> f64 {
        match self {
            Self::Bytes(bytes) => f64::from(bytes[(i, j)]),
            Self::Numbers(numbers) => f64::from(numbers[(i, j)]),
            Self::Doubles(numbers) => numbers[(i, j)],
        }
    }

    /// One number, without a copy of its sample; none where there is no such sample or feature.
    #[must_use]
    pub fn get(&self, i: usize, j: usize) -> Option<f64> {
        let (n, d) = self.dim();
        (i < n && j < d).then(|| self.at(i, j))
    }

    /// One sample.
    #[must_use]
    pub fn row(&self, i: usize) -> Vec<f64> {
        self.rows(i..i + 1).iter().copied().collect()
    }

    /// One feature of all samples.
    #[must_use]
    pub fn column(&self, j: usize) -> Vec<f64> {
        match self {
            Self::Bytes(bytes) => bytes.column(j).mapv(f64::from).to_vec(),
            Self::Numbers(numbers) => numbers.column(j).mapv(f64::from).to_vec(),
            Self::Doubles(numbers) => numbers.column(j).to_vec(),
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

    /// Distinct samples, where at least a tenth are copies of others.
    #[must_use]
    pub fn without_copies(&self) -> Option<usize> {
        let (n, d) = self.dim();
        let most = n - n.div_ceil(10);
        let count = |columns: &[usize]| {
            let mut seen = HashSet::new();
            for i in 0..n {
                let mut hasher = DefaultHasher::new();
                for &j in columns {
                    (self.at(i, j) + 0.0).to_bits().hash(&mut hasher);
                }
                seen.insert(hasher.finish());
                if seen.len() > most {
                    return None;
                }
            }
            Some(seen.len())
        };
        // A few columns tell nearly all rows apart.
        let some: Vec<usize> = (0..d).step_by(d.div_ceil(64).max(1)).collect();
        count(&some)?;
        count(&(0..d).collect::<Vec<_>>())
    }

    /// All of them in single precision, rounded where that does not hold them; a copy unless they came so.
    #[must_use]
    pub fn numbers(&self) -> Arc<Array2<f32>> {
        match self {
            Self::Bytes(bytes) => Arc::new(bytes.mapv(f32::from)),
            Self::Numbers(numbers) => Arc::clone(numbers),
            Self::Doubles(numbers) => Arc::new(numbers.mapv(|v| v as f32)),
        }
    }

    /// All of them; a copy unless they are doubles.
    #[must_use]
    pub fn doubles(&self) -> Arc<Array2<f64>> {
        match self {
            Self::Doubles(numbers) => Arc::clone(numbers),
            _ => Arc::new(self.rows(0..self.dim().0).into_owned()),
        }
    }
}

/// The same numbers as bytes, if bytes hold them exactly; −0 is none.
fn bytes<T: Number>(numbers: &Array2<T>) -> Option<Array2<u8>> {
    let is_byte = |v: T| {
        let v: f64 = v.into();
        f64::from(v as u8).to_bits() == v.to_bits()
    };
    if !numbers.axis_iter(Axis(0)).into_par_iter().all(|row| row.iter().all(|&v| is_byte(v))) {
        return None;
    }
    let mut bytes = Array2::zeros(numbers.dim());
    let rows = bytes.axis_iter_mut(Axis(0)).into_par_iter().zip(numbers.axis_iter(Axis(0)));
    rows.for_each(|(mut to, from)| {
        to.zip_mut_with(&from, |to, &v| {
            let v: f64 = v.into();
            *to = v as u8;
        });
    });
    Some(bytes)
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
        assert_eq!(
            (Features::new(bytes).without_copies(), Features::new(numbers).without_copies()),
            (Some(3), Some(2))
        );
        let unlike = Array2::from_shape_fn((20, 3), |(i, j)| (i * j) as f32);
        assert_eq!(Features::new(unlike).without_copies(), None);
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
            let single = |a: Vec<f64>| bits(&a.iter().map(|&v| v as f32).collect::<Vec<_>>());
            assert_eq!(kept.dim(), numbers.dim());
            assert_eq!(Features::exact(numbers.mapv(f64::from)), kept);
            assert_eq!(bits(kept.numbers().as_slice().expect("rows")), bits(numbers.as_slice().expect("rows")));
            for i in 0..numbers.nrows() {
                assert_eq!(single(kept.row(i)), bits(&numbers.row(i).to_vec()));
            }
            (0..3).for_each(|j| assert_eq!(single(kept.column(j)), bits(&numbers.column(j).to_vec())));
        }
    }

    #[test]
    fn what_single_precision_would_round_is_kept_in_double() {
        let metres = array![[5_948_996.799_842_604_f64, 1e-50], [5_948_995.902_704_605, 1e20]];
        let kept = Features::exact(metres.clone());
        assert!(matches!(&kept, Features::Doubles(_)) && !kept.is_single());
        assert_eq!((kept.doubles().as_ref(), kept.row(1)), (&metres, metres.row(1).to_vec()));
        assert_eq!(kept.distinct_rows(9), 2);
        assert!(matches!(Features::exact(array![[0.5, -2.0]]), Features::Numbers(_)));
        assert!(matches!(Features::exact(array![[5.0, 2.0]]), Features::Bytes(_)));
    }
}
