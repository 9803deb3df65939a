//! Networks: layers of perceptrons, and the convolutions before them.

use super::graph::{Graph, Setting, Value};
use crate::nets::convolution::{Convolutions, Kernel, SLOPE};
use crate::nets::perceptron::LEAK;
use crate::nets::{Encoder, Input, Weights};
use crate::recipe::Activation;

/// Outputs of a perceptron for rows of single precision.
pub(super) fn perceptron(graph: &mut Graph, rows: &Value, weights: &Weights) -> Value {
    let mut rows = rows.clone();
    let hidden = weights.layers.len().saturating_sub(1);
    for (at, layer) in weights.layers.iter().enumerate() {
        let weight = graph.constant(&[layer.weight.nrows(), layer.weight.ncols()], layer.weight.iter().copied());
        let bias = graph.constant(&[layer.bias.len()], layer.bias.iter().copied());
        rows = graph.op("Gemm", &[&rows, &weight, &bias]);
        if at < hidden {
            rows = activated(graph, &rows, weights.activation);
        }
    }
    rows
}

fn activated(graph: &mut Graph, x: &Value, activation: Activation) -> Value {
    match activation {
        Activation::Relu => graph.op("Relu", &[x]),
        Activation::LeakyRelu => leaky(graph, x, LEAK),
        Activation::Tanh => graph.op("Tanh", &[x]),
        Activation::Isru => {
            let one = graph.number(1.0_f32);
            let square = graph.op("Mul", &[x, x]);
            let more = graph.op("Add", &[&square, &one]);
            let root = graph.op("Sqrt", &[&more]);
            let inverse = graph.op("Reciprocal", &[&root]);
            graph.op("Mul", &[x, &inverse])
        }
    }
}

fn leaky(graph: &mut Graph, x: &Value, slope: f64) -> Value {
    graph.with("LeakyRelu", &[x], vec![("alpha", Setting::Float(slope as f32))])
}

/// Codes of scaled rows.
pub(super) fn codes(graph: &mut Graph, rows: &Value, encoder: &Encoder) -> Value {
    graph.part("encoder");
    let flat = encoder.convolutions.as_ref().map(|convolutions| shrunk(graph, rows, convolutions));
    perceptron(graph, flat.as_ref().unwrap_or(rows), &encoder.dense)
}

/// The last map of rows of pixels, flat, channels last.
fn shrunk(graph: &mut Graph, rows: &Value, convolutions: &Convolutions) -> Value {
    let image = convolutions.image;
    let shape = [-1, image.height as i64, image.width as i64, image.channels as i64];
    let shape = graph.constant(&[4], shape);
    let map = graph.op("Reshape", &[rows, &shape]);
    let mut map = graph.with("Transpose", &[&map], vec![("perm", Setting::Wholes(vec![0, 3, 1, 2]))]);
    for Kernel { weight, bias, outside } in convolutions.kernels() {
        let side = weight.dim().2;
        let shape = weight.shape().to_vec();
        let weight = graph.constant(&shape, weight.iter().copied());
        let bias = graph.constant(&[bias.len()], bias);
        let settings = vec![
            ("kernel_shape", Setting::Wholes(vec![side as i64; 2])),
            ("strides", Setting::Wholes(vec![2, 2])),
            ("pads", Setting::Wholes(outside.map(|n| n as i64).to_vec())),
        ];
        map = graph.with("Conv", &[&map, &weight, &bias], settings);
        map = leaky(graph, &map, SLOPE);
    }
    let map = graph.with("Transpose", &[&map], vec![("perm", Setting::Wholes(vec![0, 2, 3, 1]))]);
    graph.with("Flatten", &[&map], vec![("axis", Setting::Whole(1))])
}

/// What the network reads of rows that are scaled or codes.
pub(super) fn centred(graph: &mut Graph, rows: &Value, input: &Input) -> Value {
    graph.part("input");
    let shift = graph.constant(&[1, input.shift().len()], input.shift().iter().copied());
    let factor = graph.number(input.factor());
    let rows = graph.op("Sub", &[rows, &shift]);
    let rows = graph.op("Mul", &[&rows, &factor]);
    let frequencies = input.frequencies();
    if frequencies.ncols() == 0 {
        return rows;
    }
    let frequencies = graph.constant(&[frequencies.nrows(), frequencies.ncols()], frequencies.iter().copied());
    let angles = graph.op("MatMul", &[&rows, &frequencies]);
    let (sines, cosines) = (graph.op("Sin", &[&angles]), graph.op("Cos", &[&angles]));
    graph.beside(&[&rows, &sines, &cosines])
}
