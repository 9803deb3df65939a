//! Which of some samples are typical of them, and which odd.

use ndarray::{Array1, ArrayView2};

use crate::data::Dataset;

/// So many of either are told.
const TOLD: usize = 12;

/// Samples by their distance to the centre of theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Those nearest to it, the nearest first.
    pub typical: Vec<u32>,
    /// Those farthest from it, the farthest first.
    pub odd: Vec<u32>,
}

impl Members {
    /// Of the samples inside, by their places, `n × k`.
    #[must_use]
    pub(super) fn of(rows: ArrayView2<'_, f64>, inside: &[bool]) -> Self {
        let members: Vec<usize> = (0..inside.len().min(rows.nrows())).filter(|&row| inside[row]).collect();
        if members.is_empty() {
            return Self::default();
        }
        let mut centre = Array1::<f64>::zeros(rows.ncols());
        for &row in &members {
            centre += &rows.row(row);
        }
        centre /= members.len() as f64;
        let distance = |row: usize| rows.row(row).iter().zip(&centre).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let mut far: Vec<(f64, u32)> = members.iter().map(|&row| (distance(row), row as u32)).collect();
        far.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        // None is both.
        let told = TOLD.min(far.len().div_ceil(2));
        let typical = far.iter().take(told).map(|&(_, row)| row).collect();
        let odd = far.iter().rev().take(told.min(far.len() - told)).map(|&(_, row)| row).collect();
        Self { typical, odd }
    }
}

/// The means of the features, inside and of the rest, where samples are pictures and there is a rest.
pub(super) fn pictures(data: &Dataset, inside: &[bool], counts: [usize; 2]) -> Option<[Vec<f64>; 2]> {
    let shape = data.image?;
    if shape.width * shape.height * shape.channels != data.dim() || counts.contains(&0) {
        return None;
    }
    let mut sums = [vec![0.0; data.dim()], vec![0.0; data.dim()]];
    for (row, &on) in inside.iter().enumerate() {
        let pixels = data.features.rows(row..row + 1);
        for (sum, pixel) in sums[usize::from(!on)].iter_mut().zip(pixels.iter()) {
            *sum += pixel;
        }
    }
    for (sum, count) in sums.iter_mut().zip(counts) {
        for pixel in sum {
            *pixel /= count as f64;
        }
    }
    Some(sums)
}
