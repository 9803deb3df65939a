//! Samples of very many features are brought to their leading principal components before the network reads them.
//!
//! Most of what a step on pictures costs is its first layer, and most of what that layer reads is nearly the same for all samples: of 784
//! pixels of handwritten digits 260 components hold 98 % of the variance. The network learns on these, and its first layer is multiplied by
//! the directions when it leaves the training: what is stored, shown and applied reads the features themselves, as ever.

use faer::{Mat, Side};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand::seq::index::sample;
use rayon::prelude::*;

use crate::nets::perceptron::Layer;
use crate::nets::{Input, Weights};
use crate::support::random::{Stream, rng};

/// Features from which on it is worth the while.
const MANY: usize = 128;
/// Part of the variance that the components are to hold.
const HELD: f64 = 0.98;
/// Rows that the directions are found from, where there are more of them: a fair sample's are as good.
const ROWS: usize = 8192;
/// Rows that one core brings to their components at once.
const BLOCK: usize = 1024;

/// Leading principal directions of some samples.
#[derive(Clone, Debug)]
pub(super) struct Leading {
    mean: Array1<f32>,
    /// `d × p`, orthonormal.
    directions: Array2<f32>,
}

impl Leading {
    /// Those of samples with so many features that steps get cheaper by half at least in their first layer; `None` elsewhere.
    pub(super) fn of(samples: ArrayView2<'_, f32>, seed: u64) -> Option<Self> {
        let (n, d) = samples.dim();
        if d < MANY || n < d {
            return None;
        }
        let mean = samples.mapv(f64::from).mean_axis(Axis(0))?;
        let mut chosen = sample(&mut rng(seed, Stream::Leading, 0), n, n.min(ROWS)).into_vec();
        chosen.sort_unstable();
        let rows = Mat::from_fn(chosen.len(), d, |i, j| f64::from(samples[[chosen[i], j]]) - mean[j]);
        let eigen = (rows.transpose() * &rows).self_adjoint_eigen(Side::Lower).ok()?;
        // They ascend.
        let values: Vec<f64> = (0..d).map(|at| eigen.S()[d - 1 - at].max(0.0)).collect();
        let share = std::env::var("LEAD_SHARE").ok().and_then(|v| v.parse::<f64>().ok()).unwrap_or(HELD);
        let wanted = share * values.iter().sum::<f64>();
        let mut held = 0.0;
        let below = values.iter().take_while(|&&value| {
            held += value;
            held < wanted
        });
        let p = (below.count() + 1).min(d);
        let directions = Array2::from_shape_fn((d, p), |(i, j)| eigen.U()[(i, d - 1 - j)] as f32);
        (2 * p <= d).then(|| Self { mean: mean.mapv(|m| m as f32), directions })
    }

    /// Components of rows, `n × p`.
    pub(super) fn components(&self, rows: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut out = Array2::zeros((rows.nrows(), self.directions.ncols()));
        let blocks = out.axis_chunks_iter_mut(Axis(0), BLOCK).into_par_iter();
        blocks
            .zip(rows.axis_chunks_iter(Axis(0), BLOCK).into_par_iter())
            .for_each(|(mut out, rows)| out.assign(&(&rows - &self.mean).dot(&self.directions)));
        out
    }

    /// What stands before a network that reads features, where `input` stands before one that reads their components.
    pub(super) fn input(&self, input: &Input) -> Input {
        // Components have mean 0, so that nothing but the factor is left of theirs.
        Input::centred_at(self.mean.to_vec(), input.factor())
    }

    /// The network that makes of features what this one makes of their components.
    pub(super) fn on_features(&self, weights: &Weights) -> Weights {
        let mut weights = weights.clone();
        if let Some(Layer { weight, .. }) = weights.layers.first_mut() {
            *weight = self.directions.dot(weight);
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Compute;
    use crate::nets::perceptron::{matrix, tensor};
    use crate::recipe::Activation;
    use crate::support::random::normal;

    /// Rows of so many features that vary along a few directions, and a little along all.
    fn rows(n: usize, d: usize, few: usize) -> Array2<f32> {
        let mut rng = rng(3, Stream::Data, 0);
        let directions = Array2::from_shape_simple_fn((few, d), || normal(&mut rng) as f32);
        let scores = Array2::from_shape_simple_fn((n, few), || normal(&mut rng) as f32);
        let noise = Array2::from_shape_simple_fn((n, d), || 0.05 * normal(&mut rng) as f32);
        scores.dot(&directions) + noise + 7.0
    }

    #[test]
    fn components_are_those_that_hold_the_variance() {
        let x = rows(500, 200, 6);
        let leading = Leading::of(x.view(), 1).expect("many features along few directions");
        assert!(leading.directions.ncols() <= 6);
        let components = leading.components(x.view());
        let spread = |x: &Array2<f32>| {
            let mean = x.mean_axis(Axis(0)).expect("rows");
            (x - &mean).mapv(|v| f64::from(v).powi(2)).sum()
        };
        let held = spread(&components) / spread(&x);
        assert!((HELD..=1.0).contains(&held), "{held}");
        assert!(components.mean_axis(Axis(0)).expect("rows").iter().all(|mean| mean.abs() < 1e-3));
    }

    #[test]
    fn there_are_none_of_few_features_nor_where_each_counts() {
        assert!(Leading::of(rows(500, 100, 6).view(), 1).is_none(), "few features");
        assert!(Leading::of(rows(150, 200, 6).view(), 1).is_none(), "more features than rows");
        let mut rng = rng(4, Stream::Data, 0);
        let even = Array2::from_shape_simple_fn((600, 200), || normal(&mut rng) as f32);
        assert!(Leading::of(even.view(), 1).is_none(), "the variance is everywhere");
        assert!(Leading::of(Array2::ones((500, 200)).view(), 1).is_none_or(|found| found.directions.ncols() == 1));
    }

    #[test]
    fn a_network_on_components_is_one_on_the_features() {
        let x = rows(300, 160, 5);
        let leading = Leading::of(x.view(), 1).expect("many features along few directions");
        let components = leading.components(x.view());
        let input = Input::fit(components.view(), 0, 1.0, 0);
        let weights = Weights::random(&[components.ncols(), 12, 3], Activation::Isru, 5);
        let device = Compute::cpu().device;
        let outputs = |weights: &Weights, rows: Array2<f32>| {
            matrix(weights.to_module(&device).forward(tensor(rows.view(), &device))).expect("read back")
        };
        let here = outputs(&weights, input.apply(components.view()));
        let there = outputs(&leading.on_features(&weights), leading.input(&input).apply(x.view()));
        assert!((here - there).iter().all(|away| away.abs() < 1e-4));
    }
}
