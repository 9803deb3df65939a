//! A perceptron's outputs on the CPU, where nothing is trained: pieces of the rows go through all layers on one core, while they are in
//! its cache. burn would take each layer over all rows, and its activations in passes of their own.

use faer::{Accum, MatMut, MatRef};
use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};
use pulp::Arch;

use super::Input;
use super::perceptron::{LEAK, Layer, Weights};
use crate::recipe::Activation;
use crate::support::wide::multiply;

/// Numbers of a layer that go on at once, as long as [`FEWEST`] rows are.
const NUMBERS: usize = 1 << 18;
const FEWEST: usize = 64;
const MOST: usize = 512;

/// Outputs for rows (`n × d`): `n × k`. Layers and rows fit each other, or there are no outputs.
#[must_use]
pub fn outputs<T>(weights: &Weights, rows: ArrayView2<'_, f32>) -> Array2<T>
where
    T: From<f32> + Clone + Default + Send + Sync,
{
    through(weights, rows.ncols(), rows, |piece, mut to| to.assign(&piece))
}

/// The same of a network that reads what `input` makes of the rows.
#[must_use]
pub fn outputs_of<T>(weights: &Weights, input: &Input, rows: ArrayView2<'_, f32>) -> Array2<T>
where
    T: From<f32> + Clone + Default + Send + Sync,
{
    through(weights, input.width(), rows, |piece, to| input.fill(to, piece))
}

/// Rows become inputs of so many numbers by `make`, and these outputs.
fn through<T>(
    weights: &Weights,
    inputs: usize,
    rows: ArrayView2<'_, f32>,
    make: impl Fn(ArrayView2<'_, f32>, ArrayViewMut2<'_, f32>) + Sync,
) -> Array2<T>
where
    T: From<f32> + Clone + Default + Send + Sync,
{
    let Some(width) = weights.width_after(inputs) else { return Array2::default((rows.nrows(), 0)) };
    let widest = weights.layers.iter().map(|layer| layer.bias.len()).fold(inputs, usize::max);
    let piece = (NUMBERS / widest.max(1)).clamp(FEWEST, MOST);
    // As one slice each: a matrix may have been read in another order.
    let layers: Vec<_> = weights.layers.iter().map(|layer| (layer.weight.as_standard_layout(), layer)).collect();
    let mut out = Array2::default((rows.nrows(), width));
    let room = || (vec![0.0_f32; piece * widest], vec![0.0_f32; piece * widest]);
    let pieces = out.axis_chunks_iter_mut(Axis(0), piece).into_par_iter().zip(rows.axis_chunks_iter(Axis(0), piece));
    pieces.for_each_init(room, |(from, to), (mut out, rows)| {
        let n = rows.nrows();
        if let Ok(inputs) = ArrayViewMut2::from_shape((n, inputs), &mut from[..n * inputs]) {
            make(rows, inputs);
        }
        let mut width = inputs;
        for (at, (matrix, layer)) in layers.iter().enumerate() {
            let next = layer.bias.len();
            let hidden = (at + 1 < layers.len()).then_some(weights.activation);
            step((&from[..n * width], width), (matrix.view(), layer), hidden, &mut to[..n * next]);
            std::mem::swap(from, to);
            width = next;
        }
        out.iter_mut().zip(&from[..n * width]).for_each(|(out, &value)| *out = T::from(value));
    });
    out
}

/// One layer and, where it is hidden, its activation.
fn step(
    (from, width): (&[f32], usize),
    (weight, layer): (ArrayView2<'_, f32>, &Layer),
    hidden: Option<Activation>,
    to: &mut [f32],
) {
    let next = layer.bias.len();
    let Some(weight) = weight.as_slice().filter(|_| next > 0) else { return };
    let rows = to.len() / next;
    multiply(
        MatMut::from_row_major_slice_mut(to, rows, next),
        Accum::Replace,
        MatRef::from_row_major_slice(from, rows, width),
        MatRef::from_row_major_slice(weight, width, next),
    );
    Arch::new().dispatch(|| {
        for row in to.chunks_exact_mut(next) {
            let both = row.iter_mut().zip(&layer.bias);
            match hidden {
                None => both.for_each(|(z, b)| *z += b),
                Some(Activation::Relu) => both.for_each(|(z, b)| *z = (*z + b).max(0.0)),
                Some(Activation::LeakyRelu) => both.for_each(|(z, b)| *z = leaky(*z + b)),
                Some(Activation::Tanh) => both.for_each(|(z, b)| *z = (*z + b).tanh()),
                Some(Activation::Isru) => both.for_each(|(z, b)| *z = isru(*z + b)),
            }
        }
    });
}

fn leaky(z: f32) -> f32 {
    if z > 0.0 { z } else { LEAK as f32 * z }
}

/// x/√(1 + x²), summed up as training does it, whose numbers these are.
fn isru(x: f32) -> f32 {
    let root = 1.0 / (x * x + 1.0).sqrt();
    let slope = root * root * root;
    x * slope + x * (root - slope)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn it_is_what_burn_gives_whatever_the_number_of_cores() {
        let device = Device::flex();
        let rows = Array2::from_shape_fn((1300, 5), |(i, j)| ((i * 31 + j * 17) % 23) as f32 / 11.0 - 1.0);
        let input = Input::fit(rows.view(), 8, 1.0, 2);
        for activation in [Activation::Isru, Activation::Tanh, Activation::Relu, Activation::LeakyRelu] {
            let weights = Weights::random(&[21, 640, 33, 3], activation, 1);
            let wanted =
                weights.to_module(&device).outputs(input.apply(rows.view()).view(), &device).expect("read back");
            let got: Array2<f32> = outputs_of(&weights, &input, rows.view());
            let away = (&got - &wanted).iter().fold(0.0_f32, |most, d| most.max(d.abs()));
            assert!(got.dim() == (1300, 3) && away < 1e-6, "{activation:?}: {away}");
            let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
            assert_eq!(got, alone.install(|| outputs_of::<f32>(&weights, &input, rows.view())));
            let inputs = input.apply(rows.view());
            assert_eq!(outputs::<f32>(&weights, inputs.view()), got);
        }
    }

    #[test]
    fn no_rows_and_layers_that_do_not_fit_give_none() {
        let weights = Weights::random(&[4, 3, 2], Activation::Isru, 0);
        assert_eq!(outputs::<f64>(&weights, Array2::zeros((0, 4)).view()).dim(), (0, 2));
        assert_eq!(outputs::<f64>(&weights, Array2::zeros((3, 5)).view()).dim(), (3, 0));
    }
}
