//! Nyström's extension: what the eigenvectors of a graph are at rows that it was not built of.
//!
//! A row joins the graph by edges to its nearest samples, weighed as theirs are, and takes the value that an eigenvector has there: the
//! weighted mean of its neighbours' values, divided by what a step of the walk leaves of the vector (Bengio et al., 2004).

use std::sync::{Arc, OnceLock};

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::nearest::Nearest;
use super::scales::{Scales, Widths};
use super::search::places;
use super::tree::{self, Find};
use super::{Eigenspace, Neighbors};
use crate::Result;
use crate::recipe::{Affinity, Distance, Laplacian, Recipe};

/// Rows taken at once.
const BLOCK: usize = 256;
/// Samples compared with them at once.
const SEEN: usize = 8192;
/// Candidates beyond the wanted ones where products find them.
const SPARE: usize = 16;
/// The least of a vector that a step may leave: beyond it there is nothing to divide by.
pub const LEAST_LEFT: f64 = 1e-6;

/// The samples of a graph with its eigenvectors: all that places rows among them that were never seen.
///
/// A row that is a sample takes its sample's values; every other row takes Nyström's, which on a sample itself would be near its values
/// and not they: no sample is its own neighbour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Landmarks {
    /// Where the samples lie by the graph's distance, `n × d`.
    #[serde(with = "crate::support::matrix_serde::shared")]
    rows: Arc<Array2<f32>>,
    distance: Distance,
    neighbors: usize,
    /// The recipe's: which neighbour's distance sets a scale.
    scale_neighbor: usize,
    /// None where all edges weigh the same.
    scales: Option<Scales>,
    laplacian: Laplacian,
    /// Eigenvalues, ascending.
    values: Vec<f64>,
    /// Eigenvectors, `n × k`.
    #[serde(with = "crate::support::matrix_serde::shared")]
    vectors: Arc<Array2<f64>>,
    #[serde(skip)]
    index: Index,
}

impl Landmarks {
    /// Of the samples (`n × d`, features or codes) whose graph was built from these neighbours with the recipe's resolved scale.
    ///
    /// # Errors
    /// As [`super::enough_for`].
    pub fn new(
        samples: &Arc<Array2<f32>>,
        neighbors: &Neighbors,
        recipe: &Recipe,
        space: &Eigenspace,
        laplacian: Laplacian,
    ) -> Result<Self> {
        super::enough_for(neighbors.k, samples.nrows())?;
        let rows = match recipe.distance {
            Distance::Auto | Distance::Euclidean => Arc::clone(samples),
            distance => Arc::new(places(samples.view(), distance).into_owned()),
        };
        let weighted = recipe.affinity != Affinity::Binary;
        Ok(Self {
            distance: recipe.distance,
            neighbors: neighbors.k,
            scale_neighbor: recipe.scale_neighbor,
            scales: weighted.then(|| Scales::of(neighbors, rows.nrows(), recipe)),
            laplacian,
            values: space.values.clone(),
            vectors: Arc::new(space.vectors.clone()),
            index: Index::default(),
            rows,
        })
    }

    /// Samples and eigenvectors.
    #[must_use]
    pub fn dim(&self) -> (usize, usize) {
        self.vectors.dim()
    }

    /// Eigenvalues, ascending.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All that [`Landmarks::place`] reads.
    #[must_use]
    pub fn parts(&self) -> Parts<'_> {
        Parts {
            rows: self.rows.view(),
            distance: self.distance,
            neighbors: self.neighbors,
            scale_neighbor: self.scale_neighbor,
            widths: self.scales.as_ref().map(Scales::widths),
            laplacian: self.laplacian,
            values: &self.values,
            vectors: self.vectors.view(),
        }
    }

    /// Bytes that it takes in a file, unpacked.
    #[must_use]
    pub fn bytes(&self) -> usize {
        5 * self.rows.len() + 9 * (self.vectors.len() + 2 * self.rows.nrows())
    }

    /// The eigenvectors at new rows (`m × d`, scaled or coded as the samples were), `m × k`.
    #[must_use]
    pub fn place(&self, new: ArrayView2<'_, f32>) -> Array2<f64> {
        let new = places(new, self.distance);
        let k = self.neighbors;
        let (indices, distances) = self.index.nearest(new.view(), self.rows.view(), k);
        let mut values = Array2::zeros((new.nrows(), self.values.len()));
        values.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(i, mut row)| {
            let (indices, distances) = (&indices[i * k..(i + 1) * k], &distances[i * k..(i + 1) * k]);
            if distances[0] == 0.0 {
                row.assign(&self.vectors.row(indices[0] as usize));
                return;
            }
            let own = self.scales.as_ref().map(|scales| (scales, scales.own_of(distances, self.scale_neighbor)));
            let mut degree = 0.0;
            for (&j, &d) in indices.iter().zip(distances) {
                let weight = own.as_ref().map_or(1.0, |(scales, own)| scales.weight_of(*own, j as usize, f64::from(d)));
                let weight = weight.max(f64::MIN_POSITIVE);
                degree += weight;
                row.scaled_add(weight, &self.vectors.row(j as usize));
            }
            for (value, &eigenvalue) in row.iter_mut().zip(&self.values) {
                *value /= match self.laplacian {
                    Laplacian::RandomWalk => degree * (1.0 - eigenvalue).max(LEAST_LEFT),
                    Laplacian::Unnormalized => (degree - eigenvalue).max(degree * LEAST_LEFT),
                };
            }
        });
        values
    }

    /// Whether its parts fit each other and rows of so many numbers, or what does not: it may come from a file.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn check(&self, width: usize) -> std::result::Result<(), String> {
        let (n, k) = self.vectors.dim();
        let scales = self.scales.as_ref().is_none_or(|scales| scales.fit(n));
        if self.rows.dim() != (n, width) || self.values.len() != k || !(1..=n).contains(&self.neighbors) || !scales {
            return Err("the samples of its graph do not fit its eigenvectors".to_owned());
        }
        let finite = self.rows.iter().all(|v| v.is_finite()) && self.values.iter().all(|v| v.is_finite());
        if !finite || !self.vectors.iter().all(|v| v.is_finite()) {
            return Err("the samples of its graph hold a number that is not finite".to_owned());
        }
        Ok(())
    }
}

/// What places a row among samples, for programs that do it elsewhere.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    /// Where the samples lie by the graph's distance, `n × d`.
    pub rows: ArrayView2<'a, f32>,
    /// By which new rows are brought there.
    pub distance: Distance,
    /// How many samples a row is tied to.
    pub neighbors: usize,
    /// Which of them sets a row's own scale, from 1; 0 for the median of all.
    pub scale_neighbor: usize,
    /// What makes weights of distances; none where all weigh the same.
    pub widths: Option<Widths<'a>>,
    /// Which Laplacian the eigenvectors are of.
    pub laplacian: Laplacian,
    /// Eigenvalues, ascending.
    pub values: &'a [f64],
    /// Eigenvectors, `n × k`.
    pub vectors: ArrayView2<'a, f64>,
}

/// What finds the nearest samples, made when it is first asked for.
#[derive(Clone, Default)]
struct Index(OnceLock<Finder>);

#[derive(Clone)]
enum Finder {
    /// In few dimensions.
    Tree(Arc<dyn Find>),
    /// In many: the samples' squared lengths.
    Products(Arc<Vec<f32>>),
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

/// It follows from the samples.
impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Index {
    /// The `k` nearest of `seen` for each row of `new`, and their distances, nearest first.
    fn nearest(&self, new: ArrayView2<'_, f32>, seen: ArrayView2<'_, f32>, k: usize) -> (Vec<u32>, Vec<f32>) {
        let finder = self.0.get_or_init(|| match tree::finder(seen) {
            Some(tree) => Finder::Tree(tree),
            None => Finder::Products(Arc::new(seen.rows().into_iter().map(|row| row.dot(&row)).collect())),
        });
        let found: Vec<(Vec<u32>, Vec<f32>)> = new
            .axis_chunks_iter(Axis(0), BLOCK)
            .into_par_iter()
            .map(|block| match finder {
                Finder::Tree(tree) => by_tree(&**tree, block, k),
                Finder::Products(squares) => by_products(block, seen, squares, k),
            })
            .collect();
        let (indices, distances): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        (indices.concat(), distances.concat())
    }
}

fn by_tree(tree: &dyn Find, block: ArrayView2<'_, f32>, k: usize) -> (Vec<u32>, Vec<f32>) {
    let (mut indices, mut distances) = (Vec::new(), Vec::new());
    let mut best = Nearest::new(k);
    for query in block.rows() {
        best.clear();
        tree.find(query, &mut best);
        indices.extend_from_slice(best.indices());
        distances.extend(best.keys().iter().map(|d| d.sqrt() as f32));
    }
    (indices, distances)
}

fn by_products(
    block: ArrayView2<'_, f32>,
    seen: ArrayView2<'_, f32>,
    squares: &[f32],
    k: usize,
) -> (Vec<u32>, Vec<f32>) {
    // Products cancel: a few more are looked at, and the distances that count are taken from the rows themselves.
    let most = (k + SPARE).min(seen.nrows());
    let mut candidates = vec![Nearest::<f32>::new(most); block.nrows()];
    for (chunk, part) in seen.axis_chunks_iter(Axis(0), SEEN).enumerate() {
        let products = block.dot(&part.t());
        for (best, products) in candidates.iter_mut().zip(products.rows()) {
            for (at, &product) in products.iter().enumerate() {
                // |x − y|² less |x|², which is the same for all.
                let j = chunk * SEEN + at;
                best.offer(squares[j] - 2.0 * product, j as u32);
            }
        }
    }
    let (mut indices, mut distances) = (Vec::new(), Vec::new());
    for (query, best) in block.rows().into_iter().zip(&candidates) {
        let distance = |j: u32| {
            let gaps = query.iter().zip(seen.row(j as usize)).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2));
            gaps.sum::<f64>().sqrt() as f32
        };
        let mut found: Vec<(f32, u32)> = best.indices().iter().map(|&j| (distance(j), j)).collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(k);
        indices.extend(found.iter().map(|f| f.1));
        distances.extend(found.iter().map(|f| f.0));
    }
    (indices, distances)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::graph::{Operator, affinity};
    use crate::recipe::Scale;
    use crate::support::progress::Progress;

    /// Points on a line at these places.
    fn line(places: impl Iterator<Item = f32>) -> Array2<f32> {
        let places: Vec<f32> = places.collect();
        Array2::from_shape_vec((places.len(), 1), places).expect("a column")
    }

    fn graph(seen: &Array2<f32>, recipe: &Recipe) -> (Neighbors, Operator) {
        let neighbors = super::super::neighbors(seen.view(), 6, recipe, &Progress::silent()).expect("neighbours");
        let (weights, _) = affinity(&neighbors, seen.nrows(), recipe).expect("an affinity");
        (neighbors, Operator::new(weights, recipe.laplacian).expect("an operator"))
    }

    #[test]
    fn a_wave_on_a_line_is_the_same_wave_between_its_points() {
        let n = 400;
        let seen = Arc::new(line((0..n).map(|i| i as f32)));
        for laplacian in [Laplacian::RandomWalk, Laplacian::Unnormalized] {
            let recipe = Recipe { scale: Scale::Global, laplacian, ..Recipe::default() };
            let (neighbors, _) = graph(&seen, &recipe);
            let wave = |at: f64| (PI * (at + 0.5) / n as f64).cos();
            let space = Eigenspace {
                values: vec![0.0, 1e-4],
                vectors: Array2::from_shape_fn((n, 2), |(i, j)| if j == 0 { 1.0 } else { wave(i as f64) }),
            };
            let new = line((20..380).map(|i| i as f32 + 0.5));
            let landmarks = Landmarks::new(&seen, &neighbors, &recipe, &space, laplacian).expect("enough samples");
            let values = landmarks.place(new.view());
            for (i, row) in values.rows().into_iter().enumerate() {
                assert!((row[0] - 1.0).abs() < 1e-9, "the constant stays: {}", row[0]);
                assert!((row[1] - wave(i as f64 + 20.5)).abs() < 2e-3, "row {i}: {}", row[1]);
            }
            assert_eq!(landmarks.place(seen.view()), space.vectors, "a sample is where it is");
        }
    }

    #[test]
    fn the_mean_of_the_neighbours_is_what_brute_force_gives_by_each_distance() {
        let cloud = |n: usize, d: usize, shift: f32| {
            Array2::from_shape_fn((n, d), |(i, j)| {
                ((i * 7 + j * j * 3) as f32 * 0.37 + shift).sin() * (1 + i % 4) as f32
            })
        };
        for (d, distance, affinity) in [
            (4, Distance::Euclidean, Affinity::Gaussian),
            (4, Distance::Cosine, Affinity::Gaussian),
            (16, Distance::Auto, Affinity::Gaussian),
            (16, Distance::Correlation, Affinity::Binary),
        ] {
            let recipe = Recipe { distance, affinity, scale: Scale::Fixed(0.7), ..Recipe::default() };
            let seen = Arc::new(cloud(150, d, 0.0));
            let (neighbors, operator) = graph(&seen, &recipe);
            let space = Eigenspace {
                values: vec![0.0, 0.25],
                vectors: Array2::from_shape_fn((150, 2), |(i, j)| (i as f64 + 1.0).sqrt() + j as f64),
            };
            let landmarks = Landmarks::new(&seen, &neighbors, &recipe, &space, operator.kind).expect("enough samples");
            landmarks.check(d).expect("it fits itself");
            let new = cloud(20, d, 0.21);
            let (near, far) = (places(seen.view(), distance), places(new.view(), distance));
            let placed = landmarks.place(new.view());
            for (query, placed) in far.rows().into_iter().zip(placed.rows()) {
                let gap = |j: usize| query.iter().zip(near.row(j)).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
                let mut order: Vec<usize> = (0..150).collect();
                order.sort_by(|&a, &b| gap(a).total_cmp(&gap(b)));
                let weight = |j: usize| if affinity == Affinity::Binary { 1.0 } else { (-gap(j) / 0.49).exp() };
                let degree: f64 = order[..6].iter().map(|&j| weight(j)).sum();
                for (column, left) in [(0, 1.0), (1, 0.75)] {
                    let mean: f64 = order[..6].iter().map(|&j| weight(j) * space.vectors[(j, column)]).sum();
                    let wanted = mean / degree / left;
                    assert!(
                        (placed[column] - wanted).abs() < 1e-4 * wanted,
                        "{distance:?}: {} {wanted}",
                        placed[column]
                    );
                }
            }
            assert_eq!(landmarks.place(seen.view()), space.vectors, "{distance:?}: a sample is where it is");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let seen = Arc::new(line((0..30).map(|i| i as f32)));
        let recipe = Recipe { scale: Scale::Local, ..Recipe::default() };
        let (neighbors, _) = graph(&seen, &recipe);
        let space = Eigenspace { values: vec![0.0], vectors: Array2::ones((30, 1)) };
        let whole = Landmarks::new(&seen, &neighbors, &recipe, &space, Laplacian::RandomWalk).expect("enough samples");
        whole.check(1).expect("it fits itself");
        assert!(whole.check(2).is_err());
        assert!(Landmarks { neighbors: 0, ..whole.clone() }.check(1).is_err());
        assert!(Landmarks { neighbors: 31, ..whole.clone() }.check(1).is_err());
        assert!(Landmarks { values: vec![0.0, 1.0], ..whole.clone() }.check(1).is_err());
        assert!(Landmarks { vectors: Arc::new(Array2::from_elem((30, 1), f64::NAN)), ..whole }.check(1).is_err());
    }
}
