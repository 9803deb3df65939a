//! The symmetric form in single precision, its samples in an order in which neighbours lie near each other in memory.
//!
//! A product of a sparse matrix with a block of columns waits for the rows of the block that it picks. Samples come in any order; in one
//! that grows the graph region by region about half of what a row needs was read a moment ago, which saves a quarter of the time.

use ndarray::Array2;
use rand::Rng;
use rayon::prelude::*;

use super::basis::Block;
use super::block;
use super::symmetric::Symmetric;
use super::tile::LANES;
use crate::Result;
use crate::graph::gram::parts;
use crate::graph::product::{Sparse, Terms};
use crate::support::random::{Stream, rng};

/// Lanczos steps for the upper end of the spectrum.
const STEPS: usize = 12;

/// `S` in units of its norm, so that no number is too large for single precision.
pub(super) struct Single {
    /// Which sample stands in each row.
    order: Vec<u32>,
    offsets: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    diagonal: Vec<f32>,
    /// Component of each row, their number, and the row's entry in the unit kernel vector of its component.
    of: Vec<u32>,
    components: usize,
    kernel: Vec<f64>,
}

impl Single {
    pub(super) fn new(s: &Symmetric) -> Self {
        let order = s.affinity.regions();
        let mut place = vec![0u32; order.len()];
        (0..).zip(&order).for_each(|(row, &i)| place[i as usize] = row);
        let mut offsets = vec![0];
        offsets.extend(order.iter().scan(0, |sum, &i| {
            *sum += s.row(i as usize).0.len();
            Some(*sum)
        }));
        let (mut columns, mut values) = (vec![0; s.affinity.values.len()], vec![0.0; s.affinity.values.len()]);
        let fill = |(rows, columns, values): (&[u32], &mut [u32], &mut [f32])| {
            let entries = rows.iter().flat_map(|&i| {
                let (columns, values) = s.row(i as usize);
                columns.iter().zip(values)
            });
            for ((to, value), (&j, &v)) in columns.iter_mut().zip(values).zip(entries) {
                *to = place[j as usize];
                *value = (v / s.norm) as f32;
            }
        };
        let (mut columns_left, mut values_left) = (&mut columns[..], &mut values[..]);
        // The parts' lengths add up to all entries, so that none goes without.
        let tasks = parts(order.len()).into_iter().map(|part| {
            let length = offsets[part.end] - offsets[part.start];
            let to = columns_left.split_off_mut(..length).unwrap_or_default();
            (&order[part], to, values_left.split_off_mut(..length).unwrap_or_default())
        });
        tasks.collect::<Vec<_>>().into_par_iter().for_each(fill);
        Self {
            diagonal: order.iter().map(|&i| (s.diagonal[i as usize] / s.norm) as f32).collect(),
            of: order.iter().map(|&i| s.components.of[i as usize]).collect(),
            components: s.components.count(),
            kernel: order.iter().map(|&i| s.kernel[i as usize]).collect(),
            order,
            offsets,
            columns,
            values,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn sparse(&self) -> Sparse<'_, f32> {
        Sparse { offsets: &self.offsets, columns: &self.columns, values: &self.values, diagonal: &self.diagonal }
    }

    /// `S x`.
    pub(super) fn apply(&self, x: &[f32], out: &mut [f32]) {
        self.sparse().combine(x, out, Terms { scale: 1.0, shift: 0.0, keep: 0.0 });
    }

    /// Take the kernel out of every column.
    pub(super) fn project(&self, x: &mut Block) {
        let rows = x.as_chunks_mut::<LANES>().0;
        let part = |part: std::ops::Range<usize>| {
            let mut sums = vec![[0.0; LANES]; self.components];
            for ((&c, &u), row) in self.of[part.clone()].iter().zip(&self.kernel[part.clone()]).zip(&rows[part]) {
                for (sum, &v) in sums[c as usize].iter_mut().zip(row) {
                    *sum += u * f64::from(v);
                }
            }
            sums
        };
        let add = |mut a: Vec<[f64; LANES]>, b: Vec<[f64; LANES]>| {
            a.as_flattened_mut().iter_mut().zip(b.as_flattened()).for_each(|(a, &b)| *a += b);
            a
        };
        let sums: Vec<_> = parts(self.len()).into_par_iter().map(part).collect();
        // No part, no row.
        let sums = sums.into_iter().reduce(add).unwrap_or_default();
        let rows = rows.par_iter_mut().zip(&self.of).zip(&self.kernel);
        rows.with_min_len(4096).for_each(|((row, &c), &u)| {
            for (v, &sum) in row.iter_mut().zip(&sums[c as usize]) {
                *v = (f64::from(*v) - u * sum) as f32;
            }
        });
    }

    /// The first `columns` columns of some blocks, in double precision and the samples' own order.
    pub(super) fn widened(&self, blocks: &[Block], columns: usize) -> Array2<f64> {
        let mut place = vec![0; self.len()];
        self.order.iter().enumerate().for_each(|(row, &i)| place[i as usize] = row);
        let mut wide = Array2::zeros((self.len(), columns));
        // Made in rows just above, so that there is a slice.
        let rows = wide.as_slice_mut().unwrap_or_default().par_chunks_mut(columns.max(1)).zip(&place);
        rows.with_min_len(4096).for_each(|(to, &row)| {
            let numbers = blocks.iter().flat_map(|x| &x[row * LANES..][..LANES]);
            to.iter_mut().zip(numbers).for_each(|(to, &v)| *to = f64::from(v));
        });
        wide
    }

    /// An upper bound of the spectrum, at most 1, from a few Lanczos steps: the largest Ritz value, and of the length of what is left over
    /// the largest share that a Ritz vector has in the last step (Zhou and Li, 2011).
    pub(super) fn upper_end(&self, seed: u64) -> Result<f64> {
        let (n, mut rng) = (self.len(), rng(seed, Stream::Lanczos, 0));
        let mut v: Vec<f32> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
        let start = dot(&v, &v).sqrt().recip() as f32;
        for v in &mut v {
            *v *= start;
        }
        let (mut before, mut next) = (vec![0.0; n], vec![0.0; n]);
        let steps = STEPS.min(n);
        let mut tridiagonal = Array2::<f64>::zeros((steps, steps));
        let mut beta = 0.0;
        for j in 0..steps {
            self.apply(&v, &mut next);
            let alpha = dot(&next, &v);
            tridiagonal[[j, j]] = alpha;
            let (alpha, old) = (alpha as f32, beta as f32);
            next.iter_mut().zip(&v).zip(&before).for_each(|((next, v), before)| *next -= alpha * v + old * before);
            beta = dot(&next, &next).sqrt();
            if j + 1 == steps || beta < 1e-6 {
                break;
            }
            tridiagonal[[j + 1, j]] = beta;
            tridiagonal[[j, j + 1]] = beta;
            let unit = beta.recip() as f32;
            before.iter_mut().zip(&next).for_each(|(to, &next)| *to = next * unit);
            std::mem::swap(&mut before, &mut v);
        }
        let (values, vectors) = block::eigen(tridiagonal.view())?;
        let share = vectors.row(steps - 1).iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        Ok((values.last().copied().unwrap_or(1.0) + beta * share).min(1.0))
    }
}

/// An inner product, in double precision.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
            *sum += f64::from(a) * f64::from(b);
        }
    }
    sums.iter().sum()
}
