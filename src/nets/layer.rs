//! A layer of a perceptron where the network trains on the CPU: product, bias and activation with their gradient, all on all cores.
//!
//! burn would do bias, activation, their gradients and sums in passes of their own on one core, a dozen of them for an inverse square root
//! unit, each into memory of its own; and its products are slower than faer's when a batch has few rows. On a GPU burn's kernels stay, but sums
//! over all rows of a batch are taken [in parts](parts).

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::nn::Linear;
use burn::tensor::{DType, Device, Tensor, TensorData};
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use pulp::Arch;
use rayon::prelude::*;

/// Multiplications from which a product is worth more than one core.
const WIDE: usize = 192 * 192 * 192;
/// Numbers that a thread takes at a time.
const PIECE: usize = 16_384;

/// What becomes of each number after product and bias.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum After {
    /// It stays.
    Nothing,
    /// Those below 0 are multiplied: by 0 in a rectifier.
    Below(f32),
    /// x/√(1 + x²).
    Isru,
    /// The hyperbolic tangent.
    Tanh,
}

/// `x · weight + bias` and what comes after it. `None` where burn's own has to do it.
#[must_use]
pub(super) fn at_once(layer: &Linear, x: &Tensor<2>, after: After) -> Option<Tensor<2>> {
    let (weight, bias) = (layer.weight.val(), layer.bias.as_ref()?.val());
    let single = [x.dtype(), weight.dtype(), bias.dtype()] == [DType::F32; 3];
    let at_hand = single && x.device().inner() == Device::flex();
    (at_hand && weight.dims()[1] > 0).then(|| {
        let (x, weight, bias) = (x.clone().into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
        Tensor::from_dispatch(Dispatch::layer(x, weight, bias, after))
    })
}

/// Rows in a part at least, and the most parts.
const PART: usize = 64;
const PARTS: usize = 16;

/// Into how many parts of as many rows a batch is taken where sums over its rows are to be found side by side.
///
/// A GPU gives each tile of a product to one group of threads, which sums up over all rows by itself: of the gradient of a layer's weights, or of
/// the outputs' Gram matrix, there are few tiles and thousands of rows, so that most of the card has nothing to do. Parts are sums of their own
/// that are added up in the end (split-K).
#[must_use]
pub(super) fn parts(rows: usize) -> usize {
    (2..=PARTS).rev().find(|parts| rows.is_multiple_of(*parts) && rows / parts >= PART).unwrap_or(1)
}

/// `x · weight + bias` by burn's own operations, whose gradients for weight and bias are found [in parts](parts).
#[must_use]
pub(super) fn in_parts(layer: &Linear, x: Tensor<2>) -> Tensor<2> {
    let [rows, inputs] = x.dims();
    let count = parts(rows);
    let Some(bias) = layer.bias.as_ref().filter(|_| count > 1) else { return layer.forward(x) };
    let weight = layer.weight.val();
    let outputs = weight.dims()[1];
    let product = x.reshape([count, rows / count, inputs]).matmul(weight.unsqueeze::<3>());
    // A row of biases for each part: theirs are summed within the parts first.
    let bias = bias.val().reshape([1, 1, outputs]).expand([count, 1, outputs]);
    (product + bias).reshape([rows, outputs])
}

/// What burn is told about: the operation on its tensors, without and with gradients.
#[backend_extension(Flex, Autodiff)]
pub(super) trait LayerOps: Backend {
    /// See [`at_once`].
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        after: After,
    ) -> FloatTensor<Self>;
}

impl LayerOps for Flex {
    fn layer(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, after: After) -> FlexTensor {
        let (x, weight, bias) = (x.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
        let mut y = product(view(&x), view(&weight));
        onwards(y.storage_mut(), numbers(&bias), after);
        y
    }
}

impl<C: CheckpointStrategy> LayerOps for Autodiff<Flex, C> {
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        after: After,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let (x, weight) = (x.to_contiguous(), weight.to_contiguous());
        let y = Flex::layer(x.clone(), weight.clone(), bias, after);
        match Slopes.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(ops) => ops.finish(Past { x, weight, y: y.clone(), after }, y),
            OpsKind::UnTracked(ops) => ops.finish(y),
        }
    }
}

/// What the gradient needs of the way there.
#[derive(Clone, Debug)]
struct Past {
    x: FlexTensor,
    weight: FlexTensor,
    y: FlexTensor,
    after: After,
}

/// The gradient.
#[derive(Debug)]
struct Slopes;

impl Backward<Flex, 3> for Slopes {
    type State = Past;

    fn backward(self, ops: Ops<Past, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let Past { x, weight, y, after } = ops.state;
        let mut grad = grads.consume::<Flex>(&ops.node).to_contiguous();
        let sums = back(grad.storage_mut(), numbers(&y), after, view(&weight).ncols());
        let [to_x, to_weight, to_bias] = ops.parents;
        if let Some(node) = to_bias {
            let width = sums.len();
            grads.register::<Flex>(node.id, FlexTensor::from_data(TensorData::new(sums, [width])));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, product(view(&x).transpose(), view(&grad)));
        }
        if let Some(node) = to_x {
            grads.register::<Flex>(node.id, product(view(&grad), view(&weight).transpose()));
        }
    }
}

/// A contiguous tensor's numbers, `rows × columns`.
fn view(tensor: &FlexTensor) -> MatRef<'_, f32> {
    let shape = tensor.layout().shape();
    MatRef::from_row_major_slice(numbers(tensor), shape[0], shape[1])
}

/// A contiguous tensor's numbers. There is a slice of them, since [`at_once`] lets single precision through alone; burn's operations
/// cannot fail, and a matrix of none where some must be stops at once.
fn numbers(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().unwrap_or_default()
}

/// `a · b`.
fn product(a: MatRef<'_, f32>, b: MatRef<'_, f32>) -> FlexTensor {
    let (rows, width) = (a.nrows(), b.ncols());
    let mut c = vec![0.0_f32; rows * width];
    let cores = if rows * a.ncols() * width < WIDE { Par::Seq } else { Par::rayon(0) };
    matmul(MatMut::from_row_major_slice_mut(&mut c, rows, width), Accum::Replace, a, b, 1.0, cores);
    FlexTensor::from_data(TensorData::new(c, [rows, width]))
}

/// Outputs from what the product gave, in place. Not only for speed in wide registers: faer's kernels leave these in use, with which
/// everything narrow after them is three times as slow on a Zen 4 core until a function that knows of them returns, as this does.
fn onwards(y: &mut [f32], bias: &[f32], after: After) {
    match after {
        After::Nothing => onwards_by(y, bias, |z| z),
        After::Below(slope) => onwards_by(y, bias, move |z| if z > 0.0 { z } else { slope * z }),
        After::Isru => onwards_by(y, bias, |z| z / (1.0 + z * z).sqrt()),
        After::Tanh => onwards_by(y, bias, f32::tanh),
    }
}

fn onwards_by(y: &mut [f32], bias: &[f32], value: impl Fn(f32) -> f32 + Copy + Sync) {
    let width = bias.len();
    y.par_chunks_mut(piece(width)).for_each(|rows| {
        Arch::new().dispatch(|| {
            for row in rows.chunks_exact_mut(width) {
                for (y, b) in row.iter_mut().zip(bias) {
                    *y = value(*y + b);
                }
            }
        });
    });
}

/// Gradients before the activation from those after it, where its values are `y`, in place, and their sum over the rows. Pieces are added
/// in their order.
fn back(grad: &mut [f32], y: &[f32], after: After, width: usize) -> Vec<f32> {
    match after {
        After::Nothing => back_by(grad, y, width, |_| 1.0),
        After::Below(slope) => back_by(grad, y, width, move |y| if y > 0.0 { 1.0 } else { slope }),
        After::Isru => back_by(grad, y, width, |y| {
            let left = (1.0 - y * y).max(0.0); // 1/(1 + x²)
            left * left.sqrt()
        }),
        After::Tanh => back_by(grad, y, width, |y| 1.0 - y * y),
    }
}

fn back_by(grad: &mut [f32], y: &[f32], width: usize, slope: impl Fn(f32) -> f32 + Copy + Sync) -> Vec<f32> {
    let piece = piece(width);
    let sums = grad.par_chunks_mut(piece).zip(y.par_chunks(piece)).map(|(grad, y)| {
        let mut sums = vec![0.0_f32; width];
        Arch::new().dispatch(|| {
            for (grad, y) in grad.chunks_exact_mut(width).zip(y.chunks_exact(width)) {
                for ((sum, g), &y) in sums.iter_mut().zip(grad).zip(y) {
                    *g *= slope(y);
                    *sum += *g;
                }
            }
        });
        sums
    });
    sums.collect::<Vec<_>>().into_iter().fold(vec![0.0; width], |mut all, sums| {
        all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum);
        all
    })
}

/// Whole rows of this width that a thread takes at a time, in numbers.
fn piece(width: usize) -> usize {
    PIECE.div_ceil(width) * width
}

#[cfg(test)]
mod tests {
    use burn::module::Param;
    use ndarray::{Array2, Axis};

    use super::super::perceptron::{tensor, vector};
    use super::*;
    use crate::nets::check::read;

    /// Numbers of both signs, which differ from entry to entry.
    fn numbers(rows: usize, columns: usize, turn: usize) -> Array2<f32> {
        Array2::from_shape_fn((rows, columns), |(i, j)| ((i * 31 + j * 17 + turn * 7) % 23) as f32 / 11.0 - 1.0)
    }

    /// A layer that is trained.
    fn trained(weight: &Array2<f32>, device: &Device) -> Linear {
        let bias = numbers(1, weight.ncols(), 5).into_raw_vec_and_offset().0;
        let (weight, bias) = (tensor(weight.view(), device), vector(&bias, device));
        Linear { weight: Param::from_tensor(weight), bias: Some(Param::from_tensor(bias)) }
    }

    /// Output and gradients of a map by a layer, for input, weight and bias of rows that are not next to each other in memory, with these
    /// gradients after it.
    fn through(
        x: &Array2<f32>,
        weight: &Array2<f32>,
        grads: &Array2<f32>,
        map: impl Fn(&Linear, Tensor<2>) -> Tensor<2>,
    ) -> [Array2<f32>; 4] {
        let device = Device::flex().autodiff();
        let given = tensor(x.t().as_standard_layout().view(), &device).require_grad();
        let layer = trained(weight, &device);
        let y = map(&layer, given.clone().transpose());
        let grads = (y.clone() * tensor(grads.view(), &device)).sum().backward();
        let of_x = given.grad(&grads).map(|g| read(g).t().to_owned());
        let of_weight = layer.weight.val().grad(&grads).map(read);
        let of_bias = layer.bias.and_then(|bias| bias.val().grad(&grads)).map(|g| read(g.unsqueeze::<2>()));
        [Some(read(y.inner())), of_x, of_weight, of_bias].map(|m| m.expect("it was tracked"))
    }

    #[test]
    fn output_and_gradients_are_the_formulas_whatever_the_number_of_cores() {
        let kinds = [After::Nothing, After::Below(0.0), After::Below(0.01), After::Isru, After::Tanh];
        for ([rows, inputs, outputs], after) in
            [[7, 5, 3], [37, 19, 23], [260, 190, 210]].into_iter().flat_map(|s| kinds.map(|k| (s, k)))
        {
            let (x, weight) = (numbers(rows, inputs, 0), numbers(inputs, outputs, 1));
            let grads = numbers(rows, outputs, 2);
            let map = |layer: &Linear, x| at_once(layer, &x, after).expect("on the CPU");
            let got = through(&x, &weight, &grads, map);
            let z = x.dot(&weight) + numbers(1, outputs, 5);
            let (y, slope): (Array2<f32>, Array2<f32>) = match after {
                After::Nothing => (z.clone(), Array2::ones(z.dim())),
                After::Below(s) => {
                    (z.mapv(|z| if z > 0.0 { z } else { s * z }), z.mapv(|z| if z > 0.0 { 1.0 } else { s }))
                }
                After::Isru => (z.mapv(|z| z / (1.0 + z * z).sqrt()), z.mapv(|z| (1.0 + z * z).powf(-1.5))),
                After::Tanh => (z.mapv(f32::tanh), z.mapv(|z| z.cosh().powi(-2))),
            };
            let before = &grads * &slope;
            let bias = before.sum_axis(Axis(0)).insert_axis(Axis(0));
            let expected = [y, before.dot(&weight.t()), x.t().dot(&before), bias];
            for (got, expected) in got.iter().zip(&expected) {
                let away = (got - expected).iter().fold(0.0_f32, |m, d| m.max(d.abs()));
                let size = expected.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
                assert!(got.dim() == expected.dim() && away < 1e-5 * size, "{away} of {size}");
            }
            let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
            assert_eq!(got, alone.install(|| through(&x, &weight, &grads, map)));
        }
    }

    #[test]
    fn in_parts_a_layer_and_its_gradients_are_what_they_are_at_once() {
        for (rows, expected) in [(2048, 16), (260, 4), (257, 1), (127, 1), (0, 1)] {
            assert_eq!(parts(rows), expected, "{rows}");
        }
        for rows in [260, 1024, 7] {
            let (x, weight, grads) = (numbers(rows, 19, 0), numbers(19, 6, 1), numbers(rows, 6, 2));
            let at_once = |layer: &Linear, x| at_once(layer, &x, After::Nothing).expect("on the CPU");
            let expected = through(&x, &weight, &grads, at_once);
            let got = through(&x, &weight, &grads, in_parts);
            for (got, expected) in got.iter().zip(&expected) {
                let size = expected.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
                assert!(got.dim() == expected.dim() && (got - expected).iter().all(|d| d.abs() < 1e-5 * size));
            }
        }
    }

    #[test]
    fn elsewhere_and_in_other_precision_burn_does_it() {
        let device = Device::flex();
        let x = tensor(numbers(4, 3, 0).view(), &device).cast(burn::tensor::FloatDType::F64);
        assert!(at_once(&trained(&numbers(3, 2, 1), &device), &x, After::Nothing).is_none());
    }
}
