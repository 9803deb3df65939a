//! The objective on a batch, its value and its exact gradient with respect to the network's raw outputs `Ỹ`.
//!
//! With `G = E ỹỹᵀ` over the batch's samples and `C = ½ E (ỹᵢ − ỹⱼ)(ỹᵢ − ỹⱼ)ᵀ` over its pairs, and `A` the orthonormal layer's
//! weights (`AᵀGA = I`), the loss is `tr(AᵀCA)`: for pairs drawn from a reversible chain with stationary law ∝ M an unbiased
//! estimate of `tr(Yᵀ(I − Pᵀ)Y)` in the M inner product. Differentiated through `A` its gradient is that of
//! `tr(S C) − tr(Q G)` with `S = AAᵀ` and `Q = A(AᵀCA)Aᵀ` held fixed; frozen, the second term is left out, and with it the
//! force that keeps columns apart.

use ndarray::{Array2, ArrayView2, s};

use super::orthonormal::Orthonormal;
use crate::graph::Csr;

/// A batch's loss and what backpropagation starts from.
#[derive(Clone, Debug)]
pub struct Loss {
    /// `tr(AᵀCA)`.
    pub value: f64,
    /// `dL/dỸ`, rows as in the batch.
    pub gradient: Array2<f64>,
    /// The orthonormal layer's weights in this step.
    pub layer: Orthonormal,
}

/// The batch's Gram matrix `E ỹỹᵀ`, `k × k`.
#[must_use]
pub fn gram(y: ArrayView2<'_, f64>) -> Array2<f64> {
    y.t().dot(&y) / y.nrows().max(1) as f64
}

/// Loss over pairs: row `i` of the first half of `y` (`2m × k`) is joined to row `i` of the second.
///
/// `frozen` holds weights taken from another batch; without them they are this batch's own and the gradient goes through.
#[must_use]
pub fn pairs(y: ArrayView2<'_, f64>, frozen: Option<Orthonormal>) -> Loss {
    let through = frozen.is_none();
    pairs_by(y, frozen.unwrap_or_else(|| Orthonormal::from_gram(gram(y).view())), through)
}

/// Loss over pairs as [`pairs`], by a given layer; `through` says that it is the batch's own and that the gradient goes through it.
#[must_use]
pub fn pairs_by(y: ArrayView2<'_, f64>, layer: Orthonormal, through: bool) -> Loss {
    let none = Array2::zeros((0, y.ncols()));
    pairs_tied(y, none.view(), 0.0, layer, through).0
}

/// Loss over pairs as [`pairs_by`], to which `weight · E rrᵀ` of the rows of `misses` (`v × k`) is added where the layer weighs it: with the
/// gradient for the misses. The value is that of the pairs alone.
#[must_use]
pub fn pairs_tied(
    y: ArrayView2<'_, f64>,
    misses: ArrayView2<'_, f64>,
    weight: f64,
    layer: Orthonormal,
    through: bool,
) -> (Loss, Array2<f64>) {
    let m = y.nrows() / 2;
    let difference = &y.slice(s![..m, ..]) - &y.slice(s![m..2 * m, ..]);
    let own = difference.t().dot(&difference) / (2 * m).max(1) as f64;
    let weight = weight / misses.nrows().max(1) as f64;
    let c = &own + &(misses.t().dot(&misses) * weight);
    let (_, pull, push) = weigh(&c, &layer, through);
    let value = (&pull * &own).sum();
    let for_misses = misses.dot(&pull) * (2.0 * weight);
    let toward = difference.dot(&pull) / m.max(1) as f64;
    let mut gradient = Array2::zeros(y.dim());
    gradient.slice_mut(s![..m, ..]).assign(&toward);
    gradient.slice_mut(s![m..2 * m, ..]).assign(&-toward);
    if let Some(q) = push {
        gradient.scaled_add(-1.0 / m.max(1) as f64, &y.dot(&q));
    }
    (Loss { value, gradient, layer }, for_misses)
}

/// Loss over a graph built inside the batch, as in the paper: `tr(Yᵀ(D − W)Y)/m`, here with `YᵀY = mI`.
#[must_use]
pub fn batch_graph(y: ArrayView2<'_, f64>, affinity: &Csr, frozen: Option<Orthonormal>) -> Loss {
    let through = frozen.is_none();
    batch_graph_by(y, affinity, frozen.unwrap_or_else(|| Orthonormal::from_gram(gram(y).view())), through)
}

/// Loss over a batch's graph as [`batch_graph`], by a given layer; `through` as in [`pairs_by`].
#[must_use]
pub fn batch_graph_by(y: ArrayView2<'_, f64>, affinity: &Csr, layer: Orthonormal, through: bool) -> Loss {
    let m = y.nrows().max(1) as f64;
    let mut laplacian = Array2::<f64>::zeros(y.dim());
    for i in 0..y.nrows() {
        for entry in affinity.offsets[i]..affinity.offsets[i + 1] {
            let (j, w) = (affinity.columns[entry] as usize, affinity.values[entry]);
            laplacian.row_mut(i).scaled_add(w, &(&y.row(i) - &y.row(j)));
        }
    }
    let c = y.t().dot(&laplacian) / m;
    let (value, pull, push) = weigh(&c, &layer, through);
    let mut gradient = laplacian.dot(&pull) * (2.0 / m);
    if let Some(q) = push {
        gradient.scaled_add(-2.0 / m, &y.dot(&q));
    }
    Loss { value, gradient, layer }
}

/// `tr(AᵀCA)`, `S`, and `Q` where the gradient goes through the layer.
fn weigh(c: &Array2<f64>, layer: &Orthonormal, through: bool) -> (f64, Array2<f64>, Option<Array2<f64>>) {
    let a = &layer.weights;
    let inner = a.t().dot(c).dot(a);
    let push = through.then(|| a.dot(&inner).dot(&a.t()));
    (inner.diag().sum(), a.dot(&a.t()), push)
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn random(rows: usize, k: usize) -> Array2<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        Array2::from_shape_fn((rows, k), |_| rng.random_range(-1.0..1.0))
    }

    fn ring(n: usize) -> Csr {
        let columns = (0..n).flat_map(|i| {
            let mut c = [((i + 1) % n) as u32, ((i + n - 1) % n) as u32];
            c.sort_unstable();
            c
        });
        Csr { offsets: (0..=n).map(|i| 2 * i).collect(), columns: columns.collect(), values: vec![0.7; 2 * n] }
    }

    /// Largest error of `loss`'s gradient against central differences, relative to the largest entry.
    fn gradient_error(y: &Array2<f64>, loss: impl Fn(&Array2<f64>) -> Loss) -> f64 {
        let gradient = loss(y).gradient;
        let scale = gradient.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        let step = 1e-5;
        let mut worst = 0.0_f64;
        for at in ndarray::indices(y.dim()) {
            let mut moved = y.clone();
            moved[at] += step;
            let up = loss(&moved).value;
            moved[at] -= 2.0 * step;
            worst = worst.max(((up - loss(&moved).value) / (2.0 * step) - gradient[at]).abs());
        }
        worst / scale
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        let y = random(24, 3);
        let frozen = Orthonormal::from_gram(gram(random(9, 3).view()).view());
        assert!(gradient_error(&y, |y| pairs(y.view(), None)) < 1e-7, "pairs, through");
        assert!(gradient_error(&y, |y| pairs(y.view(), Some(frozen.clone()))) < 1e-7, "pairs, frozen");
        let w = ring(24);
        assert!(gradient_error(&y, |y| batch_graph(y.view(), &w, None)) < 1e-7, "batch graph, through");
        assert!(gradient_error(&y, |y| batch_graph(y.view(), &w, Some(frozen.clone()))) < 1e-7, "batch graph, frozen");
    }

    #[test]
    fn what_is_tied_has_the_gradient_of_the_sum() {
        let (y, misses) = (random(24, 3), random(10, 3) * 0.4);
        let total = |y: &Array2<f64>, misses: &Array2<f64>| {
            let layer = Orthonormal::from_gram(gram(y.view()).view());
            let a = layer.weights.clone();
            let value = pairs_tied(y.view(), misses.view(), 0.7, layer, true).0.value;
            value + 0.7 * misses.dot(&a).mapv(|v| v * v).sum() / 10.0
        };
        let layer = || Orthonormal::from_gram(gram(y.view()).view());
        let (loss, for_misses) = pairs_tied(y.view(), misses.view(), 0.7, layer(), true);
        let whole =
            |y: &Array2<f64>| Loss { value: total(y, &misses), gradient: loss.gradient.clone(), layer: layer() };
        assert!(gradient_error(&y, whole) < 1e-7, "of the pairs' outputs");
        let of_misses = |r: &Array2<f64>| Loss { value: total(&y, r), gradient: for_misses.clone(), layer: layer() };
        assert!(gradient_error(&misses, of_misses) < 1e-7, "of the misses");
    }

    #[test]
    fn the_loss_does_not_depend_on_the_basis() {
        let y = random(40, 3);
        let mixed = y.dot(&ndarray::array![[2.0, 0.3, 0.0], [0.0, 1.0, -1.0], [0.5, 0.0, 1.0]]);
        assert!((pairs(y.view(), None).value - pairs(mixed.view(), None).value).abs() < 1e-10);
    }

    #[test]
    fn a_batch_graph_loss_is_the_trace_of_the_laplacian() {
        let (y, w) = (random(12, 2), ring(12));
        let identity =
            Orthonormal { weights: Array2::eye(2), factorization: super::super::Factorization::Cholesky, rank: 2 };
        let loss = batch_graph(y.view(), &w, Some(identity)).value;
        let sum: f64 = (0..12)
            .flat_map(|i| (w.offsets[i]..w.offsets[i + 1]).map(move |e| (i, e)))
            .map(|(i, e)| w.values[e] * (&y.row(i) - &y.row(w.columns[e] as usize)).mapv(|v| v * v).sum())
            .sum();
        assert!((loss - sum / 24.0).abs() < 1e-12);
    }
}
