//! For tests: a gradient against finite differences, a device's numbers.

use burn::tensor::Tensor;
use ndarray::Array2;

use super::dscl::BatchLoss;
use super::perceptron::matrix;

/// A device matrix on the host.
pub(super) fn read(values: Tensor<2>) -> Array2<f32> {
    matrix(values).expect("what was computed can be read back")
}

/// Largest error of the gradient at `f` against central differences, relative to its largest entry.
pub(super) fn gradient_error(f: &Array2<f64>, loss: impl Fn(&Array2<f64>) -> BatchLoss) -> f64 {
    let gradient = loss(f).gradient;
    let scale = gradient.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    let step = 1e-6;
    let mut worst = 0.0_f64;
    for at in ndarray::indices(f.dim()) {
        let mut moved = f.clone();
        moved[at] += step;
        let up = loss(&moved).value;
        moved[at] -= 2.0 * step;
        worst = worst.max(((up - loss(&moved).value) / (2.0 * step) - gradient[at]).abs());
    }
    worst / scale
}
