//! The two sides of a model: eigenvector values of rows that are scaled or codes, by the network or by Nyström's extension.

use super::graph::{Graph, Of, Setting, Value};
use super::layers;
use super::nearest::{Found, SPARE, nearest};
use crate::graph::{LEAST_LEFT, Landmarks, Parts, SHARE, Widths};
use crate::model::Network;
use crate::recipe::{Distance, Laplacian};

/// By the network, `N × k` doubles.
pub(super) fn learned(graph: &mut Graph, rows: &Value, network: &Network) -> Value {
    let inputs = layers::centred(graph, rows, &network.input);
    graph.part("network");
    let outputs = layers::perceptron(graph, &inputs, &network.weights);
    graph.part("rotation");
    let mut outputs = graph.cast(&outputs, Of::Double);
    if let Some(shift) = &network.shift {
        let shift = graph.constant(&[1, shift.len()], shift.iter().copied());
        outputs = graph.op("Sub", &[&outputs, &shift]);
    }
    let map = graph.constant(&[network.map.nrows(), network.map.ncols()], network.map.iter().copied());
    let places = graph.op("MatMul", &[&outputs, &map]);
    if network.shift.is_some() { graph.of_length_one(&places) } else { places }
}

/// By the samples of the graph, `N × k` doubles.
pub(super) fn exact(graph: &mut Graph, rows: &Value, landmarks: &Landmarks) -> Value {
    graph.part("neighbours");
    let parts = landmarks.parts();
    let rows = places(graph, rows, parts.distance);
    let Found { which, squares } = nearest(graph, &rows, parts.rows, (parts.neighbors, SPARE));
    // The program has distances in single precision.
    let root = graph.op("Sqrt", &[&squares]);
    let single = graph.cast(&root, Of::Float);
    let distances = graph.cast(&single, Of::Double);
    graph.part("extension");
    let weights = weights(graph, (&which, &distances), &parts);
    let shape = [parts.vectors.nrows(), parts.vectors.ncols()];
    let vectors = graph.constant(&shape, parts.vectors.iter().copied());
    let near = graph.with("Gather", &[&vectors, &which], vec![("axis", Setting::Whole(0))]);
    let across = graph.widened(&weights, 1);
    let sums = graph.op("MatMul", &[&across, &near]);
    let sums = graph.squeezed(&sums, 1);
    let axes = graph.constant(&[1], [1_i64]);
    let degree = graph.op("ReduceSum", &[&weights, &axes]);
    let left = left(graph, &degree, &parts);
    let extended = graph.op("Div", &[&sums, &left]);
    // A row that is a sample takes its sample's values.
    let nothing = graph.number(0.0_f64);
    let first = graph.columns(&distances, 0, 1);
    let is_sample = graph.op("Equal", &[&first, &nothing]);
    let sample = graph.columns(&which, 0, 1);
    let sample = graph.squeezed(&sample, 1);
    let own = graph.with("Gather", &[&vectors, &sample], vec![("axis", Setting::Whole(0))]);
    graph.op("Where", &[&is_sample, &own, &extended])
}

/// Rows as doubles whose Euclidean distances are the wanted ones.
fn places(graph: &mut Graph, rows: &Value, distance: Distance) -> Value {
    let rows = graph.cast(rows, Of::Double);
    let centred = match distance {
        Distance::Auto | Distance::Euclidean => return rows,
        Distance::Cosine => rows,
        Distance::Correlation => {
            let axes = graph.constant(&[1], [1_i64]);
            let mean = graph.op("ReduceMean", &[&rows, &axes]);
            graph.op("Sub", &[&rows, &mean])
        }
    };
    let squares = graph.squares(&centred, 1, true);
    let length = graph.op("Sqrt", &[&squares]);
    let nothing = graph.number(0.0_f64);
    let positive = graph.op("Greater", &[&length, &nothing]);
    let inverse = graph.op("Reciprocal", &[&length]);
    let factor = graph.op("Where", &[&positive, &inverse, &nothing]);
    let directions = graph.op("Mul", &[&centred, &factor]);
    let single = graph.cast(&directions, Of::Float);
    graph.cast(&single, Of::Double)
}

/// Weights of the neighbours, `N × m`.
fn weights(graph: &mut Graph, (which, distances): (&Value, &Value), parts: &Parts<'_>) -> Value {
    let Some(widths) = parts.widths else {
        let (nothing, one) = (graph.number(0.0_f64), graph.number(1.0_f64));
        let none = graph.op("Mul", &[distances, &nothing]);
        return graph.op("Add", &[&none, &one]);
    };
    let Widths { pair, shown, local, least } = widths;
    let shown = graph.number(shown);
    let own = own_scale(graph, distances, (parts, &shown));
    let pairs = graph.constant(&[pair.len()], pair.iter().copied());
    let theirs = graph.with("Gather", &[&pairs, which], vec![("axis", Setting::Whole(0))]);
    let first = graph.op("Div", &[distances, if local { &own } else { &shown }]);
    let second = graph.op("Div", &[distances, &theirs]);
    let mut weights = gaussian(graph, &first, &second);
    if least {
        let by_own = graph.op("Div", &[distances, &own]);
        let floor = gaussian(graph, &by_own, &by_own);
        let share = graph.number(SHARE);
        let floor = graph.op("Mul", &[&floor, &share]);
        weights = graph.op("Max", &[&weights, &floor]);
    }
    let smallest = graph.number(f64::MIN_POSITIVE);
    graph.op("Max", &[&weights, &smallest])
}

/// exp(−ab).
fn gaussian(graph: &mut Graph, a: &Value, b: &Value) -> Value {
    let product = graph.op("Mul", &[a, b]);
    let negative = graph.op("Neg", &[&product]);
    graph.op("Exp", &[&negative])
}

/// The local scale of each row, `N × 1`.
fn own_scale(graph: &mut Graph, distances: &Value, (parts, shown): (&Parts<'_>, &Value)) -> Value {
    let (nth, k) = (parts.scale_neighbor.min(parts.neighbors), parts.neighbors);
    let own = if nth > 0 {
        graph.columns(distances, nth - 1, nth)
    } else if k % 2 == 1 {
        graph.columns(distances, k / 2, k / 2 + 1)
    } else {
        let middle = graph.columns(distances, k / 2 - 1, k / 2 + 1);
        let axes = graph.constant(&[1], [1_i64]);
        graph.op("ReduceMean", &[&middle, &axes])
    };
    let nothing = graph.number(0.0_f64);
    let positive = graph.op("Greater", &[&own, &nothing]);
    graph.op("Where", &[&positive, &own, shown])
}

/// What the sums are divided by: the degree, less what a step of the walk takes of each vector.
fn left(graph: &mut Graph, degree: &Value, parts: &Parts<'_>) -> Value {
    let k = parts.values.len();
    match parts.laplacian {
        Laplacian::RandomWalk => {
            let left = graph.constant(&[1, k], parts.values.iter().map(|value| (1.0 - value).max(LEAST_LEFT)));
            graph.op("Mul", &[degree, &left])
        }
        Laplacian::Unnormalized => {
            let values = graph.constant(&[1, k], parts.values.iter().copied());
            let least = graph.number(LEAST_LEFT);
            let (left, least) = (graph.op("Sub", &[degree, &values]), graph.op("Mul", &[degree, &least]));
            graph.op("Max", &[&left, &least])
        }
    }
}
