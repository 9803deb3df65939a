//! A Siamese network's loss (Hadsell et al., 2006): neighbours are drawn together, others pushed apart.

use burn::tensor::{Tensor, activation};

/// Distance below which neighbours are near enough.
pub const NEAR_ENOUGH: f32 = 0.05;
/// Distance beyond which others are far enough.
pub const FAR_ENOUGH: f32 = 1.0;

/// Contrastive loss with the slack that SpectralNet's authors added: the mean of `max(d − 0.05, 0)²` over pairs of neighbours and of
/// `max(1 − d, 0)²` over the others, each half the loss. Row `i` of `near` is a neighbour of row `i` of `anchors` (both `m × d`); the
/// other pairs are row `i` with the neighbour of row `i + 1`, which is some sample at random where the anchors are.
#[must_use]
pub fn contrastive(anchors: Tensor<2>, near: Tensor<2>) -> Tensor<1> {
    let rows = anchors.dims()[0];
    let far = Tensor::cat(vec![near.clone().narrow(0, 1, rows - 1), near.clone().narrow(0, 0, 1)], 0);
    let too_far = activation::relu(distances(anchors.clone(), near).sub_scalar(NEAR_ENOUGH));
    let too_near = activation::relu(distances(anchors, far).neg().add_scalar(FAR_ENOUGH));
    ((too_far.clone() * too_far).mean() + (too_near.clone() * too_near).mean()).mul_scalar(0.5)
}

/// Distances of matching rows, `m × 1`.
fn distances(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    let difference = a - b;
    // A distance of exactly 0 has no gradient; the least one is far below the slack.
    (difference.clone() * difference).sum_dim(1).add_scalar(1e-8).sqrt()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use ndarray::{Array2, array};

    use super::*;
    use crate::nets::check::read;
    use crate::nets::perceptron::tensor;

    fn loss(anchors: &Array2<f32>, near: &Array2<f32>) -> f32 {
        let device = Device::flex();
        let value = contrastive(tensor(anchors.view(), &device), tensor(near.view(), &device));
        read(value.reshape([1, 1]))[[0, 0]]
    }

    #[test]
    fn it_is_the_formula() {
        let anchors = array![[0.0_f32, 0.0], [3.0, 0.0]];
        let near = array![[0.0_f32, 0.25], [3.0, 0.0]];
        // Neighbours: (0.25 − 0.05)² and 0. Others are (3, 0) from (0, 0), far enough, and (0, 0.25) from (3, 0), far enough.
        assert!((loss(&anchors, &near) - 0.5 * 0.5 * 0.04).abs() < 1e-5);
        let close = array![[0.0_f32, 0.0], [0.6, 0.0]];
        // Neighbours 0 and 0; others at 0.6 each.
        assert!((loss(&close, &close) - 0.5 * 0.16).abs() < 1e-5);
    }

    #[test]
    fn its_gradient_is_the_slope_of_its_value() {
        let device = Device::flex().autodiff();
        let anchors = array![[0.1_f32, 0.4], [0.5, -0.2], [-0.3, 0.2]];
        let near = array![[0.3_f32, 0.1], [0.2, 0.2], [0.4, 0.9]];
        let x = tensor(anchors.view(), &device).require_grad();
        let value = contrastive(x.clone(), tensor(near.view(), &device));
        let gradient = read(x.grad(&value.backward()).expect("it was tracked"));
        for ((i, j), slope) in gradient.indexed_iter() {
            let moved = |by: f32| {
                let mut x = anchors.clone();
                x[[i, j]] += by;
                loss(&x, &near)
            };
            assert!((slope - (moved(1e-3) - moved(-1e-3)) / 2e-3).abs() < 2e-3, "row {i}, column {j}");
        }
    }
}
