//! Deep Spectral Clustering Learning (Law, Urtasun and Zemel, ICML 2017): its loss on a batch and the gradient in closed form.
//!
//! For outputs `F` (`n × d`) and class indicators `Y` (`n × k`), `C = YY⁺` and `FF⁺` are the projectors on their columns, and
//! `J(F) = k − tr(C F F⁺)`: what is left of the classes outside the span of the outputs. `0 ≤ J ≤ k`, zero exactly where the
//! columns of `Y` lie in that span, and the same for `F` and `FA` with any invertible `A`. The gradient is
//! `dJ/dF = 2 (F(F⁺Y) − Y)(Y⁺(F⁺)ᵀ)`; the authors' code leaves the 2 out.
//!
//! All of it goes through the `d × d` Gram matrix, so a step costs `O(nd² + d³)`. Its pseudoinverse leaves out directions that
//! numbers of 32 bits cannot tell from nothing: inverting them is what makes other implementations explode.

use ndarray::{Array2, ArrayView2, Axis};

use super::gram_eigen::GramEigen;
use crate::support::language::counted;

/// A supervised batch: its loss, and what backpropagation starts from.
#[derive(Clone, Debug)]
pub struct BatchLoss {
    /// The loss.
    pub value: f64,
    /// `dL/dF`, `n × d`, rows as in the batch.
    pub gradient: Array2<f64>,
    /// What is wrong with the batch, in words that name the setting to turn.
    pub advice: Option<String>,
}

/// The loss and its gradient for outputs `f`, `n × d`, of samples with class `classes[i]`.
///
/// With as many independent outputs as samples `FF⁺` is the identity: the loss and its gradient are 0 whatever the classes,
/// and nothing is learned. The advice says so.
#[must_use]
pub fn loss(f: ArrayView2<'_, f64>, classes: &[u32]) -> BatchLoss {
    let (n, d) = f.dim();
    let (y, sizes) = indicators(classes, n);
    let k = sizes.len();
    let Some(gram) = GramEigen::of(f) else {
        let advice = Some("the network's outputs are not finite; a lower --lr helps".to_owned());
        return BatchLoss { value: f64::NAN, gradient: Array2::zeros((n, d)), advice };
    };
    let pseudoinverse = gram.pseudoinverse();
    let rank = gram.rank();
    // F⁺Y = G⁺ FᵀY and Y⁺(F⁺)ᵀ = (YᵀY)⁻¹ (F⁺Y)ᵀ.
    let sums = f.t().dot(&y);
    let fit = pseudoinverse.dot(&sums);
    let kept: f64 = (0..k).map(|c| sums.column(c).dot(&fit.column(c)) / sizes[c]).sum();
    let mut miss = f.dot(&fit) - &y;
    for (mut column, size) in miss.axis_iter_mut(Axis(1)).zip(&sizes) {
        column *= 2.0 / size;
    }
    let gradient = miss.dot(&fit.t());
    BatchLoss { value: (k as f64 - kept).clamp(0.0, k as f64), gradient, advice: advice(n, d, k, rank) }
}

/// What a person should know about the shape of a batch.
fn advice(n: usize, d: usize, k: usize, rank: usize) -> Option<String> {
    if rank >= n {
        return Some(format!(
            "a batch of {} has outputs of rank {rank}: the loss is 0 whatever the labels, and nothing is learned; a --batch well above --embedding {d} helps",
            counted(n, "sample")
        ));
    }
    if d < k {
        return Some(format!(
            "{} cannot hold {k} classes, so the loss stays above {}; --embedding {k} or more helps",
            counted(d, "output"),
            k - d
        ));
    }
    (rank < d.min(k)).then(|| {
        format!(
            "a batch's outputs have rank {rank}, less than its {k} classes; a larger --batch, a lower --lr or a wider --hidden helps"
        )
    })
}

/// `Y`, one column for each class that occurs, and the number of samples of each.
fn indicators(classes: &[u32], n: usize) -> (Array2<f64>, Vec<f64>) {
    let mut distinct = classes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut y = Array2::zeros((n, distinct.len()));
    for (i, class) in classes.iter().enumerate().take(n) {
        if let Ok(c) = distinct.binary_search(class) {
            y[[i, c]] = 1.0;
        }
    }
    let sizes = y.sum_axis(Axis(0)).to_vec();
    (y, sizes)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor};
    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::nets::check::read;
    use crate::nets::perceptron::tensor;

    fn random(n: usize, d: usize, seed: u64) -> Array2<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Array2::from_shape_fn((n, d), |_| rng.random_range(-1.0..1.0))
    }

    fn classes(n: usize, k: usize) -> Vec<u32> {
        (0..n).map(|i| ((i * i + 3 * i) % (7 * k) / 7) as u32).collect()
    }

    #[test]
    fn the_gradient_agrees_with_finite_differences() {
        for (n, d, k) in [(24, 3, 3), (40, 6, 3), (30, 2, 4)] {
            let (f, classes) = (random(n, d, 1), classes(n, k));
            let error = super::super::check::gradient_error(&f, |f| loss(f.view(), &classes));
            assert!(error < 1e-7, "n {n}, d {d}, k {k}: {error}");
        }
    }

    /// The projector on three columns by Gram and Schmidt, each step of which burn can differentiate.
    fn differentiable(f: &Tensor<2>, y: &Tensor<2>, sizes: &[f64]) -> Tensor<1> {
        let n = f.dims()[0];
        let mut basis: Vec<Tensor<2>> = Vec::new();
        for j in 0..f.dims()[1] {
            let mut column = f.clone().slice([0..n, j..j + 1]);
            for q in &basis {
                column = column.clone() - q.clone() * (q.clone() * column).sum().reshape([1, 1]);
            }
            let length = (column.clone() * column.clone()).sum().sqrt();
            basis.push(column / length.reshape([1, 1]));
        }
        let mut kept = Tensor::<1>::zeros([1], &f.device());
        for q in basis {
            for (c, size) in sizes.iter().enumerate() {
                let inner = (q.clone() * y.clone().slice([0..n, c..c + 1])).sum();
                kept = kept + inner.clone() * inner / *size;
            }
        }
        kept.neg().add_scalar(sizes.len() as f64)
    }

    #[test]
    fn the_gradient_agrees_with_automatic_differentiation() {
        let device = Device::flex().autodiff();
        let classes = classes(60, 3);
        let f = random(60, 3, 2).mapv(|v| v as f32);
        let (y, sizes) = indicators(&classes, 60);
        let x = tensor(f.view(), &device).require_grad();
        let value = differentiable(&x, &tensor(y.mapv(|v| v as f32).view(), &device), &sizes);
        let automatic = x.grad(&value.clone().backward()).map(read).expect("it was tracked");
        let ours = loss(f.mapv(f64::from).view(), &classes);
        let length = |a: &Array2<f64>| a.iter().map(|v| v * v).sum::<f64>().sqrt();
        let error = length(&(&ours.gradient - &automatic.mapv(f64::from))) / length(&ours.gradient);
        assert!(error < 1e-4, "{error}");
        let value = f64::from(value.into_scalar::<f32>());
        assert!((value - ours.value).abs() < 1e-4);
    }

    #[test]
    fn the_loss_lies_between_0_and_k_and_does_not_depend_on_the_basis() {
        let (f, classes) = (random(50, 4, 3), classes(50, 3));
        let here = loss(f.view(), &classes);
        assert!(here.value > 0.0 && here.value < 3.0);
        let mixed = f.dot(&(random(4, 4, 4) + Array2::<f64>::eye(4) * 2.0));
        assert!((loss(mixed.view(), &classes).value - here.value).abs() < 1e-10);
        let along: f64 = (&f * &here.gradient).sum();
        assert!(along.abs() < 1e-10, "the length of F plays no part: {along}");
        assert!((loss(Array2::zeros((50, 4)).view(), &classes).value - 3.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_left_where_the_outputs_are_the_classes() {
        let classes = classes(50, 3);
        let (y, _) = indicators(&classes, 50);
        let perfect = loss(y.view(), &classes);
        assert!(perfect.value < 1e-12 && perfect.gradient.iter().all(|g| g.abs() < 1e-12));
        assert!(perfect.advice.is_none());
    }

    #[test]
    fn batches_that_teach_nothing_are_named() {
        let advice = |f: Array2<f64>, k: usize| {
            let classes = classes(f.nrows(), k);
            loss(f.view(), &classes).advice.unwrap_or_default()
        };
        let trap = advice(random(5, 8, 5), 2);
        assert!(trap.contains("--batch") && trap.contains("--embedding"), "{trap}");
        let trapped = loss(random(5, 8, 5).view(), &classes(5, 2));
        assert!(trapped.value < 1e-9 && trapped.gradient.iter().all(|g| g.abs() < 1e-9), "it is a trap");
        assert!(advice(random(40, 2, 6), 4).contains("--embedding 4"));
        let one = random(40, 1, 7);
        let flat = ndarray::concatenate![Axis(1), one.view(), one.view(), one.view()];
        assert!(advice(flat.clone(), 3).contains("rank 1"));
        assert!(loss(flat.view(), &classes(40, 3)).gradient.iter().all(|g| g.is_finite()));
        assert!(loss(Array2::from_elem((4, 2), f64::NAN).view(), &[0, 1, 0, 1]).advice.is_some());
    }
}
