//! How a network's span is parted into single eigenvectors (`--separate`).
//!
//! Every minimiser of SpectralNet's loss is `VQ` with the eigenvectors `V` and any rotation `Q` (Ben-Ari, Yacobi and Shaham, 2025,
//! lemma 1), so something must undo `Q`. Rayleigh–Ritz on the whole graph does it best. GrEASE diagonalises the mean of `VᵀLV` over
//! graphs built inside batches; here that is done with batches that are drawn at random from all samples (its own code takes the first
//! `m` rows each time), with the operator that was chosen, and as the symmetric pencil that it is.

use faer::Mat;
use ndarray::{Array1, Array2, Axis};
use rand::seq::SliceRandom as _;

use crate::Result;
use crate::exact::Ritz;
use crate::graph::Eigenspace;
use crate::graph::{self, Csr, Hints, Operator};
use crate::recipe::{Recipe, Separate};
use crate::support::gram_schmidt::orthonormal;
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};

/// Samples in a batch, as GrEASE's examples have.
const BATCH: usize = 1024;
/// Most batches that are averaged.
const MOST: usize = 16;

/// Where graphs inside a batch come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batches<'a> {
    /// Scaled features, `n × d`.
    pub features: &'a Array2<f32>,
    pub hints: Option<&'a Hints>,
    pub operator: &'a Operator,
    pub recipe: &'a Recipe,
    /// Neighbours of a sample in its batch.
    pub neighbors: usize,
}

impl Batches<'_> {
    /// The affinity inside a batch: built from its own neighbours, or the part of a given one, shaped by the same labels.
    pub(crate) fn affinity(&self, rows: &[usize]) -> Result<Csr> {
        if self.recipe.affinity_file.is_some() {
            return Ok(graph::among(&self.operator.affinity, rows)); // Labels have shaped it already.
        }
        let batch = self.features.select(Axis(0), rows);
        let k = self.neighbors.min(rows.len() - 1);
        let neighbors = graph::neighbors(batch.view(), k, self.recipe, &Progress::silent())?;
        // The neighbour that sets the scale must be one of those found.
        let recipe = Recipe { scale_neighbor: self.recipe.scale_neighbor.min(k), ..self.recipe.clone() };
        let (affinity, _) = graph::affinity(&neighbors, rows.len(), &recipe)?;
        self.hints.map_or(Ok(affinity.clone()), |hints| hints.among(rows).apply(&affinity))
    }
}

/// The span's columns as the recipe wants them; the span stays the same. Values are their Rayleigh quotients on the whole graph.
///
/// # Errors
/// Those of building a graph inside a batch.
pub(crate) fn separate(ritz: &Ritz, batches: &Batches<'_>) -> Result<Ritz> {
    let turn = match batches.recipe.separate {
        // There is no span whose columns could be turned.
        _ if !batches.recipe.orthonormal_layer => None,
        Separate::Graph => None,
        Separate::Off => own_columns(ritz),
        Separate::Batches => Some(by_batches(&ritz.space, batches)?),
    };
    Ok(turn.map_or_else(|| ritz.clone(), |turn| turned(ritz, &turn)))
}

/// The columns times a rotation.
fn turned(ritz: &Ritz, turn: &Array2<f64>) -> Ritz {
    let values = Array1::from(ritz.space.values.clone());
    let quotient = |column: ndarray::ArrayView1<'_, f64>| column.iter().zip(&values).map(|(c, v)| c * c * v).sum();
    Ritz {
        space: Eigenspace {
            values: turn.columns().into_iter().map(quotient).collect(),
            vectors: ritz.space.vectors.dot(turn),
        },
        map: ritz.map.dot(turn),
        rank: ritz.rank,
    }
}

/// The rotation back to the orthonormal layer's own columns: the outputs are the Ritz vectors times `map⁻¹`, and the layer makes
/// them orthonormal one after the other. None where the map has no inverse.
fn own_columns(ritz: &Ritz) -> Option<Array2<f64>> {
    let k = ritz.map.ncols();
    if ritz.map.nrows() != k || k == 0 {
        return None;
    }
    let map = Mat::from_fn(k, k, |i, j| ritz.map[[i, j]]);
    let lu = map.partial_piv_lu();
    let inverse = faer::linalg::solvers::DenseSolveCore::inverse(&lu);
    orthonormal(&Array2::from_shape_fn((k, k), |(i, j)| inverse[(i, j)]))
}

/// The rotation that makes the mean of `VᵀLV` over random batches diagonal, values ascending.
fn by_batches(space: &Eigenspace, batches: &Batches<'_>) -> Result<Array2<f64>> {
    let (n, k) = space.vectors.dim();
    let size = BATCH.min(n);
    let mut order: Vec<usize> = (0..n).collect();
    let mut rng = rng(batches.recipe.seed, Stream::Separate, 0);
    order.shuffle(&mut rng);
    let (mut energy, mut mass) = (Array2::<f64>::zeros((k, k)), Array2::<f64>::zeros((k, k)));
    for rows in order.chunks_exact(size).take(MOST) {
        let part = Operator::new(batches.affinity(rows)?, batches.operator.kind)?;
        let v = space.vectors.select(Axis(0), rows);
        energy += &(v.t().dot(&part.apply(v.view())) / part.total_mass());
        mass += &(part.gram(v.view(), v.view()) / part.total_mass());
    }
    // The pencil (energy, mass): whiten by Cholesky, then diagonalise. Batches that see less than the span leave it as it is.
    let layer = crate::nets::Orthonormal::from_gram(mass.view());
    let inner = layer.weights.t().dot(&energy).dot(&layer.weights);
    let symmetric = Mat::from_fn(k, k, |i, j| 0.5 * (inner[[i, j]] + inner[[j, i]]));
    let Ok(eigen) = symmetric.self_adjoint_eigen(faer::Side::Lower) else { return Ok(Array2::eye(k)) };
    let turn = layer.weights.dot(&Array2::from_shape_fn((k, k), |(i, j)| eigen.U()[(i, j)]));
    // On the whole graph the columns are orthonormal already, so the turn must be a rotation.
    Ok(orthonormal(&turn).unwrap_or_else(|| Array2::eye(k)))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::exact::rayleigh_ritz;
    use crate::recipe::Auto;

    /// Points on a line, their graph, and a mixture of its three lowest eigenvectors.
    fn mixed(n: usize, recipe: &Recipe) -> (Array2<f32>, Operator, Array2<f64>) {
        let features = Array2::from_shape_fn((n, 1), |(i, _)| i as f32);
        let neighbors = graph::nearest_neighbors(features.view(), 10, &Progress::silent()).expect("neighbours");
        let (affinity, _) = graph::affinity(&neighbors, n, recipe).expect("an affinity");
        let operator = Operator::new(affinity, recipe.laplacian).expect("an operator");
        let waves = Array2::from_shape_fn((n, 3), |(i, j)| (PI * j as f64 * (i as f64 + 0.5) / n as f64).cos());
        let mix = ndarray::array![[1.0, 0.4, -0.3], [0.2, 1.0, 0.9], [0.5, -0.8, 1.0]];
        (features, operator, waves.dot(&mix))
    }

    fn run(how: Separate) -> (Ritz, Ritz, Array2<f64>) {
        let recipe = Recipe { separate: how, neighbors: Auto::Set(10), ..Recipe::default() };
        let (features, operator, outputs) = mixed(3000, &recipe);
        let ritz = rayleigh_ritz(&operator, outputs.view(), 3).expect("a span");
        let batches = Batches { features: &features, hints: None, operator: &operator, recipe: &recipe, neighbors: 10 };
        let parted = separate(&ritz, &batches).expect("it parts");
        let gram = operator.gram(parted.space.vectors.view(), parted.space.vectors.view()) / operator.total_mass();
        assert!((&gram - &Array2::<f64>::eye(3)).iter().all(|e| e.abs() < 1e-8), "{how:?}: {gram}");
        let by_map = outputs.dot(&parted.map);
        assert!((&by_map - &parted.space.vectors).iter().all(|e| e.abs() < 1e-8), "{how:?}: the map gives the vectors");
        (ritz, parted, outputs)
    }

    /// sin² of the angle between two columns of equal length.
    fn sin2(one: &Ritz, other: &Ritz, j: usize) -> f64 {
        let n = one.space.vectors.nrows() as f64;
        1.0 - (one.space.vectors.column(j).dot(&other.space.vectors.column(j)) / n).powi(2)
    }

    #[test]
    fn the_graph_leaves_ritz_vectors_as_they_are() {
        let (ritz, parted, _) = run(Separate::Graph);
        assert_eq!(ritz.space.vectors, parted.space.vectors);
    }

    #[test]
    fn off_gives_the_orthonormal_layers_own_columns() {
        let (ritz, parted, outputs) = run(Separate::Off);
        let first = outputs.column(0);
        let along = first.dot(&parted.space.vectors.column(0)).powi(2)
            / (first.dot(&first) * parted.space.vectors.column(0).dot(&parted.space.vectors.column(0)));
        assert!((along - 1.0).abs() < 1e-9, "the first column is the first output: {along}");
        assert!(sin2(&ritz, &parted, 0) > 0.1, "and no eigenvector");
        assert!((ritz.space.values.iter().sum::<f64>() - parted.space.values.iter().sum::<f64>()).abs() < 1e-9);
    }

    #[test]
    fn random_batches_part_nearly_as_well_as_the_graph() {
        let (ritz, parted, _) = run(Separate::Batches);
        for j in 0..3 {
            assert!(sin2(&ritz, &parted, j) < 0.02, "vector {j}: {}", sin2(&ritz, &parted, j));
        }
    }
}
