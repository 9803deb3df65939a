//! Nyström's extension: what the eigenvectors of a graph are at rows that it was not built of.
//!
//! A row joins the graph by edges to its nearest samples, weighed as theirs are, and takes the value that an eigenvector has there: the
//! weighted mean of its neighbours' values, divided by what a step of the walk leaves of the vector (Bengio et al., 2004).

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::affinity::Scales;
use super::search::places;
use super::{Eigenspace, Neighbors, Operator};
use crate::Result;
use crate::recipe::{Affinity, Laplacian, Recipe};

/// Rows taken at once.
const BLOCK: usize = 256;
/// The least of a vector that a step may leave: beyond it there is nothing to divide by.
const LEAST_LEFT: f64 = 1e-6;

/// New rows with their edges to the samples of a graph.
#[derive(Clone, Debug)]
pub(crate) struct Extension {
    k: usize,
    /// `m·k` samples, row by row.
    indices: Vec<u32>,
    /// `m·k` weights.
    weights: Vec<f64>,
}

impl Extension {
    /// Joins `new` (`m × d`) to the samples `seen` (`n × d`), whose graph was built from these neighbours with the recipe's resolved scale.
    ///
    /// # Errors
    /// As [`super::nearest_neighbors`].
    pub(crate) fn new(
        new: ArrayView2<'_, f32>,
        seen: ArrayView2<'_, f32>,
        neighbors: &Neighbors,
        recipe: &Recipe,
    ) -> Result<Self> {
        super::enough_for(neighbors.k, seen.nrows())?;
        let (new, seen) = (places(new, recipe.distance), places(seen, recipe.distance));
        let k = neighbors.k;
        let (indices, distances) = nearest(new.view(), seen.view(), k);
        let scales = Scales::of(neighbors, seen.nrows(), recipe);
        let weight = |(row, near): (&[f32], &[u32])| -> Vec<f64> {
            let own = scales.own_of(row, recipe);
            let edge = |(&d, &j): (&f32, &u32)| scales.weight_of(own, j as usize, f64::from(d)).max(f64::MIN_POSITIVE);
            row.iter().zip(near).map(edge).collect()
        };
        let weights = if recipe.affinity == Affinity::Binary {
            vec![1.0; indices.len()]
        } else {
            distances.par_chunks(k).zip(indices.par_chunks(k)).flat_map_iter(weight).collect()
        };
        Ok(Self { k, indices, weights })
    }

    /// The eigenvectors at the new rows, `m × k`.
    pub(crate) fn values(&self, space: &Eigenspace, operator: &Operator) -> Array2<f64> {
        let rows = self.indices.len() / self.k;
        let mut values = Array2::zeros((rows, space.values.len()));
        values.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(i, mut row)| {
            let edges = i * self.k..(i + 1) * self.k;
            let degree: f64 = self.weights[edges.clone()].iter().sum();
            for (&j, &weight) in self.indices[edges.clone()].iter().zip(&self.weights[edges]) {
                row.scaled_add(weight, &space.vectors.row(j as usize));
            }
            for (value, &eigenvalue) in row.iter_mut().zip(&space.values) {
                let left = match operator.kind {
                    Laplacian::RandomWalk => degree * (1.0 - eigenvalue).max(LEAST_LEFT),
                    Laplacian::Unnormalized => (degree - eigenvalue).max(degree * LEAST_LEFT),
                };
                *value /= left;
            }
        });
        values
    }
}

/// The `k` nearest of `seen` for each row of `new`, and their distances, nearest first.
fn nearest(new: ArrayView2<'_, f32>, seen: ArrayView2<'_, f32>, k: usize) -> (Vec<u32>, Vec<f32>) {
    let squares: Vec<f32> = seen.rows().into_iter().map(|row| row.dot(&row)).collect();
    let blocks: Vec<(Vec<u32>, Vec<f32>)> = new
        .axis_chunks_iter(Axis(0), BLOCK)
        .into_par_iter()
        .map(|block| {
            let products = block.dot(&seen.t());
            let (mut indices, mut distances) = (Vec::new(), Vec::new());
            for (query, products) in block.rows().into_iter().zip(products.rows()) {
                // |x − y|² less |x|², which is the same for all.
                let key = |j: u32| squares[j as usize] - 2.0 * products[j as usize];
                let mut order: Vec<u32> = (0..seen.nrows() as u32).collect();
                let by_key = |a: &u32, b: &u32| key(*a).total_cmp(&key(*b)).then(a.cmp(b));
                order.select_nth_unstable_by(k - 1, by_key);
                // Products cancel; the distances that count are taken from the rows themselves.
                let distance = |j: u32| {
                    let gaps = query.iter().zip(seen.row(j as usize)).map(|(a, b)| f64::from(a - b).powi(2));
                    gaps.sum::<f64>().sqrt() as f32
                };
                let mut found: Vec<(f32, u32)> = order[..k].iter().map(|&j| (distance(j), j)).collect();
                found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                indices.extend(found.iter().map(|f| f.1));
                distances.extend(found.iter().map(|f| f.0));
            }
            (indices, distances)
        })
        .collect();
    let (indices, distances): (Vec<_>, Vec<_>) = blocks.into_iter().unzip();
    (indices.concat(), distances.concat())
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::graph::{affinity, nearest_neighbors};
    use crate::recipe::Scale;
    use crate::support::progress::Progress;

    /// Points on a line at these places.
    fn line(places: impl Iterator<Item = f32>) -> Array2<f32> {
        let places: Vec<f32> = places.collect();
        Array2::from_shape_vec((places.len(), 1), places).expect("a column")
    }

    #[test]
    fn a_wave_on_a_line_is_the_same_wave_between_its_points() {
        let n = 400;
        let seen = line((0..n).map(|i| i as f32));
        let neighbors = nearest_neighbors(seen.view(), 6, &Progress::silent()).expect("neighbours");
        for laplacian in [Laplacian::RandomWalk, Laplacian::Unnormalized] {
            let recipe = Recipe { scale: Scale::Global, laplacian, ..Recipe::default() };
            let (weights, _, _) = affinity(&neighbors, n, &recipe).expect("an affinity");
            let operator = Operator::new(weights, laplacian).expect("an operator");
            let wave = |at: f64| (PI * (at + 0.5) / n as f64).cos();
            let space = Eigenspace {
                values: vec![0.0, 1e-4],
                vectors: Array2::from_shape_fn((n, 2), |(i, j)| if j == 0 { 1.0 } else { wave(i as f64) }),
            };
            let new = line((20..380).map(|i| i as f32 + 0.5));
            let extension = Extension::new(new.view(), seen.view(), &neighbors, &recipe).expect("finite rows");
            let values = extension.values(&space, &operator);
            for (i, row) in values.rows().into_iter().enumerate() {
                assert!((row[0] - 1.0).abs() < 1e-9, "the constant stays: {}", row[0]);
                assert!((row[1] - wave(i as f64 + 20.5)).abs() < 2e-3, "row {i}: {}", row[1]);
            }
        }
    }

    #[test]
    fn the_nearest_are_found_and_nearest_first() {
        let seen = line([0.0, 1.0, 3.0, 7.0].into_iter());
        let (indices, distances) = nearest(line([2.9].into_iter()).view(), seen.view(), 3);
        assert_eq!(indices, [2, 1, 0]);
        assert!((distances[0] - 0.1).abs() < 1e-6 && distances.is_sorted());
    }
}
