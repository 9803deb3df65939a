//! From places in an eigenspace to clusters, their names and how clear they are; and which rows are unlike the training data.

use super::graph::{Graph, Of, Setting, Value};
use super::nearest::{Found, SPARE, nearest};
use crate::model::{Clusters, Familiar};
use crate::recipe::Rows;

/// What a row becomes.
pub(super) struct Told {
    /// `N` whole numbers.
    pub(super) cluster: Value,
    /// `N` texts.
    pub(super) name: Value,
    /// `N` doubles.
    pub(super) confidence: Value,
    /// Diffusion coordinates, `N × k` doubles, where those were clustered.
    pub(super) diffusion: Option<Value>,
}

/// Tells the clusters of eigenvector values, `N × k` doubles, or by the scores of a classifier, which then has the last word.
pub(super) fn tell(
    graph: &mut Graph,
    (places, scores): (&Value, Option<&Value>),
    (clusters, how): (&Clusters, Rows),
    names: &[String],
) -> Told {
    graph.part("clusters");
    let mut rows = places.clone();
    if let Some(weights) = &clusters.diffusion {
        let weights = graph.constant(&[1, weights.len()], weights.iter().copied());
        rows = graph.op("Mul", &[&rows, &weights]);
    }
    if matches!(how, Rows::Normalized | Rows::DiffusionNormalized) {
        rows = graph.of_length_one(&rows);
    }
    let count = clusters.centroids.nrows();
    let (cluster, confidence) = if let Some(scores) = scores {
        decided(graph, scores, count)
    } else {
        let Found { which, squares } = nearest(graph, &rows, clusters.centroids.view(), (count.min(2), SPARE));
        let first = graph.columns(&which, 0, 1);
        (graph.squeezed(&first, 1), confidence(graph, &squares, count))
    };
    let texts = graph.texts((0..count).map(|at| names.get(at).cloned().unwrap_or_default()));
    let name = graph.with("Gather", &[&texts, &cluster], vec![("axis", Setting::Whole(0))]);
    Told { cluster, name, confidence, diffusion: clusters.diffusion.is_some().then_some(rows) }
}

/// The most probable of so many clusters by a classifier's scores, and how far it is before the next one.
fn decided(graph: &mut Graph, scores: &Value, clusters: usize) -> (Value, Value) {
    let probabilities = graph.with("Softmax", &[scores], vec![("axis", Setting::Whole(1))]);
    let count = graph.constant(&[1], [clusters.min(2) as i64]);
    let [values, which] = graph.outputs("", "TopK", &[&probabilities, &count], vec![("axis", Setting::Whole(1))]);
    let values = graph.cast(&values, Of::Double);
    let first = graph.columns(&values, 0, 1);
    let first = graph.squeezed(&first, 1);
    let confidence = if clusters < 2 {
        first
    } else {
        let second = graph.columns(&values, 1, 2);
        let second = graph.squeezed(&second, 1);
        graph.op("Sub", &[&first, &second])
    };
    let which = graph.columns(&which, 0, 1);
    (graph.squeezed(&which, 1), confidence)
}

/// `(d₂ − d₁) / (d₂ + d₁)` of the distances to the two nearest of so many centres, as the model has it.
fn confidence(graph: &mut Graph, squares: &Value, centres: usize) -> Value {
    let distances = graph.op("Sqrt", &[squares]);
    let (nothing, one) = (graph.number(0.0_f64), graph.number(1.0_f64));
    if centres < 2 {
        let alone = graph.squeezed(&distances, 1);
        let none = graph.op("Mul", &[&alone, &nothing]);
        return graph.op("Add", &[&none, &one]);
    }
    let [first, second] = [0, 1].map(|at| {
        let column = graph.columns(&distances, at, at + 1);
        graph.squeezed(&column, 1)
    });
    let (sum, gap) = (graph.op("Add", &[&first, &second]), graph.op("Sub", &[&second, &first]));
    let apart = graph.op("Greater", &[&sum, &nothing]);
    let divisor = graph.op("Where", &[&apart, &sum, &one]);
    graph.op("Div", &[&gap, &divisor])
}

/// Which rows, scaled or codes, are unlike the training data: `N` flags.
pub(super) fn unlike(graph: &mut Graph, rows: &Value, familiar: &Familiar) -> Value {
    graph.part("unlike");
    let double = graph.cast(rows, Of::Double);
    let Found { squares, .. } = nearest(graph, &double, familiar.rows(), (1, 0));
    let least = graph.squeezed(&squares, 1);
    let distance = graph.op("Sqrt", &[&least]);
    let bound = graph.number(familiar.distance());
    graph.op("Greater", &[&distance, &bound])
}
