//! How features are scaled before distances are taken.
//!
//! Numbers are in double precision until they are centred and scaled: metres of a map and ticks of a clock then lose nothing that tells
//! them apart. What single precision held exactly when it came is scaled by numbers of single precision.

#![allow(clippy::float_cmp, reason = "equal to the last bit is what constant means here")]

use std::sync::Arc;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, Axis, CowArray, Ix2};
use serde::{Deserialize, Serialize};

use super::answers::answers;
use super::wild::{FARTHEST, can_be_wild, core};
use crate::data::{Dataset, Features, resolve_scaling};
use crate::recipe::Scaling;

/// A scaling that was fitted to data and can be applied to other rows: `(x − shift) · factor`, column by column, or where rows are
/// brought to length 1 `x · factor` divided by its Euclidean length; a row of zeros stays one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaler {
    shift: Vec<f64>,
    factor: Vec<f64>,
    /// Whether rows are brought to length 1. Models of earlier versions never did.
    #[serde(default)]
    unit: bool,
    /// How far from 0 a scaled number lies at most; nothing where none is cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<f64>,
}

/// Rows summed by one task; fixed, so that sums do not depend on the number of threads.
const BLOCK: usize = 4096;
/// How many times its spread a column must lie from 0 to be moved there where nothing is scaled: single precision has seven digits.
const FAR: f64 = 1000.0;
/// Running statistics of one column.
#[derive(Clone, Copy)]
struct Column {
    low: f64,
    high: f64,
    sum: f64,
    squares: f64,
}

impl Scaler {
    /// Fit to all samples of a set. Constant columns are shifted to 0 when standardising and never divided. Where columns keep their unit
    /// (none, range), one that lies far from 0 for its spread is moved there, which changes no distance.
    #[must_use]
    pub fn fit(data: &Dataset, scaling: Scaling) -> Self {
        let (x, d) = (&*data.features, data.dim());
        let identity = Self { shift: vec![0.0; d], factor: vec![1.0; d], unit: false, limit: None };
        if let Some(projection) = &data.reading.projection {
            // Columns were scaled before they became components; rows of length 1 are shorter now.
            return Self { unit: projection.is_unit(), ..identity };
        }
        match resolve_scaling(data, scaling).0 {
            Scaling::None => Self { shift: far_shifts(x), ..identity },
            Scaling::Unit => Self { unit: true, ..identity },
            Scaling::TfIdf => {
                let mut held = vec![0; d];
                for i in 0..x.dim().0 {
                    held.iter_mut().zip(x.row(i)).for_each(|(held, v)| *held += usize::from(v != 0.0));
                }
                Self { factor: held.into_iter().map(|held| idf(x.dim().0, held)).collect(), unit: true, ..identity }
            }
            Scaling::Range => {
                let shift = far_shifts(x);
                let largest = blocks(x).map(|block| largest(&block, &shift)).reduce(|| 0.0, f64::max);
                let factor = usable(1.0 / largest, x.is_single());
                Self { factor: vec![factor; d], shift, ..identity }
            }
            Scaling::Auto | Scaling::Standardize => Self::standard(x),
            Scaling::Mixed => Self::mixed(x),
        }
    }

    /// As [`Scaler::standard`], but columns of answers are divided by how far these lie apart: dividing by the deviation would make a rare
    /// answer, and a question of many, louder than any number.
    fn mixed(x: &Features) -> Self {
        let mut scaler = Self::standard(x);
        for (factor, apart) in scaler.factor.iter_mut().zip(answers(x).divisors) {
            if let Some(apart) = apart {
                *factor = usable(1.0 / apart, x.is_single());
            }
        }
        scaler
    }

    /// Mean 0 and standard deviation 1 (of the population, as elsewhere); of all but the wild values where there are such, which are brought nearer.
    fn standard(x: &Features) -> Self {
        let (samples, d) = x.dim();
        if samples == 0 {
            return Self { shift: vec![0.0; d], factor: vec![1.0; d], unit: false, limit: None };
        }
        let (n, first, single) = (samples as f64, x.row(0), x.is_single());
        let blocks = statistics(x, &first);
        let mut limit = None;
        let mut scale = |j: usize| {
            let origin = first[j];
            let parts = blocks.iter().map(|block| block[j]);
            let (low, high) = parts.clone().fold((origin, origin), |(l, h), c| (l.min(c.low), h.max(c.high)));
            if low == high {
                return (low, 1.0);
            }
            let (sum, squares) = parts.fold((0.0, 0.0), |(s, q), c| (s + c.sum, q + c.squares));
            let variance = (squares - sum * sum / n) / n;
            // Squares of very small or very large numbers leave the range of doubles; their spread stands in for the deviation.
            let deviation = if variance.is_normal() && variance > 0.0 { variance.sqrt() } else { (high - low) / 2.0 };
            let mean = origin + sum / n;
            let farthest = (high - mean).max(mean - low) / deviation;
            let without = can_be_wild(farthest, samples).then(|| core(&x.column(j), deviation)).flatten();
            if without.is_some() {
                limit = Some(FARTHEST);
            }
            let (mean, deviation) = without.unwrap_or((mean, deviation));
            (rounded(mean, single), usable(1.0 / deviation, single))
        };
        let (shift, factor) = (0..d).map(&mut scale).unzip();
        Self { shift, factor, unit: false, limit }
    }

    /// Number of columns it was fitted to.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.shift.len()
    }

    /// Scale rows of the same columns, `m × d` to `m × d`.
    #[must_use]
    pub fn apply<T: Copy + Into<f64> + Send + Sync>(&self, x: ArrayView2<'_, T>) -> Array2<f32> {
        debug_assert_eq!(x.ncols(), self.dim(), "a scaler fits the columns it was made for");
        let mut scaled = Array2::zeros(x.dim());
        let rows = scaled.axis_iter_mut(Axis(0)).into_par_iter().zip(x.axis_iter(Axis(0)));
        rows.for_each(|(to, from)| self.scale(from, to));
        scaled
    }

    /// Scale all samples; where that changes nothing, there is no copy.
    #[must_use]
    pub fn scaled(&self, x: &Features) -> Arc<Array2<f32>> {
        match x {
            Features::Numbers(numbers) if self.is_identity() => Arc::clone(numbers),
            Features::Numbers(numbers) => Arc::new(self.apply(numbers.view())),
            Features::Doubles(numbers) => Arc::new(self.apply(numbers.view())),
            Features::Bytes(bytes) => Arc::new(self.apply(bytes.view())),
        }
    }

    /// What is taken from each column first.
    #[must_use]
    pub fn shift(&self) -> &[f64] {
        &self.shift
    }

    /// What each column is multiplied by then.
    #[must_use]
    pub fn factor(&self) -> &[f64] {
        &self.factor
    }

    /// How far from 0 a scaled number lies at most: that of single precision unless wild values are cut.
    #[must_use]
    pub fn limit(&self) -> f64 {
        self.limit.unwrap_or(f64::from(f32::MAX))
    }

    /// Whether rows are brought to length 1.
    #[must_use]
    pub fn is_unit(&self) -> bool {
        self.unit
    }

    /// Whether all its numbers are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        let limited = self.limit.is_none_or(|limit| limit.is_finite() && limit > 0.0);
        limited && self.shift.len() == self.factor.len() && self.shift.iter().chain(&self.factor).all(|v| v.is_finite())
    }

    fn is_identity(&self) -> bool {
        !self.unit && self.shift.iter().all(|&s| s == 0.0) && self.factor.iter().all(|&f| f == 1.0)
    }

    fn scale<T: Copy + Into<f64>>(&self, from: ArrayView1<'_, T>, to: ArrayViewMut1<'_, f32>) {
        if self.unit {
            let weighed = || from.iter().zip(&self.factor).map(|(&v, factor)| v.into() * factor);
            let peak = weighed().fold(0.0_f64, |m, v| m.max(v.abs()));
            // Squares of what lies outside single precision may leave the range of doubles.
            let unit = if (1e-45..=f64::from(f32::MAX)).contains(&peak) { 1.0 } else { peak };
            let length = weighed().map(|v| (v / unit) * (v / unit)).sum::<f64>().sqrt();
            if length > 0.0 {
                to.into_iter().zip(weighed()).for_each(|(to, v)| *to = (v / unit / length) as f32);
            }
            return;
        }
        let limit = self.limit();
        for (((to, &v), &shift), &factor) in to.into_iter().zip(from).zip(&self.shift).zip(&self.factor) {
            *to = ((v.into() - shift) * factor).clamp(-limit, limit) as f32;
        }
    }
}

/// What a column is weighed by that `held` of `rows` rows have something in: the smoothed inverse document frequency, as scikit-learn's
/// `TfidfVectorizer` has it. A word that all texts have counts once, a rare one several times.
pub(in crate::data) fn idf(rows: usize, held: usize) -> f64 {
    ((1.0 + rows as f64) / (1.0 + held as f64)).ln() + 1.0
}

/// What each block of rows adds to the statistics of the columns. Sums are taken of differences from the first row: a large common offset
/// then costs no digits.
fn statistics(x: &Features, first: &[f64]) -> Vec<Vec<Column>> {
    blocks(x)
        .map(|block| {
            let mut columns: Vec<Column> =
                first.iter().map(|&v| Column { low: v, high: v, sum: 0.0, squares: 0.0 }).collect();
            for row in block.rows() {
                for ((column, &v), &origin) in columns.iter_mut().zip(row).zip(first) {
                    let difference = v - origin;
                    column.low = column.low.min(v);
                    column.high = column.high.max(v);
                    column.sum += difference;
                    column.squares += difference * difference;
                }
            }
            columns
        })
        .collect()
}

/// The largest magnitude of a block once its columns are shifted.
fn largest(block: &CowArray<'_, f64, Ix2>, shift: &[f64]) -> f64 {
    block.rows().into_iter().flat_map(|row| row.into_iter().zip(shift)).fold(0.0, |m, (&v, s)| m.max((v - s).abs()))
}

/// For each column the middle of its values where it lies so far from 0 that single precision would round its differences, else 0.
fn far_shifts(x: &Features) -> Vec<f64> {
    let (n, d) = x.dim();
    if n == 0 || x.is_single() {
        return vec![0.0; d];
    }
    let blocks = statistics(x, &x.row(0));
    let middle = |j: usize| {
        let (low, high) =
            blocks.iter().fold((f64::MAX, f64::MIN), |(l, h), block| (l.min(block[j].low), h.max(block[j].high)));
        let (middle, half) = (low / 2.0 + high / 2.0, high / 2.0 - low / 2.0);
        if half > 0.0 && middle.abs() > FAR * half { middle } else { 0.0 }
    };
    (0..d).map(middle).collect()
}

/// The samples in blocks.
fn blocks(x: &Features) -> impl IndexedParallelIterator<Item = CowArray<'_, f64, Ix2>> {
    let n = x.dim().0;
    (0..n.div_ceil(BLOCK)).into_par_iter().map(move |b| x.rows(b * BLOCK..((b + 1) * BLOCK).min(n)))
}

/// A number as it is, or in single precision.
fn rounded(value: f64, single: bool) -> f64 {
    if single { f64::from(value as f32) } else { value }
}

/// A factor, or 1 where it would be none.
fn usable(factor: f64, single: bool) -> f64 {
    let factor = rounded(factor, single);
    if factor.is_finite() && factor > 0.0 { factor } else { 1.0 }
}

#[cfg(test)]
pub(in crate::data) mod tests;
