//! A snapshot of four samples for tests.

use std::sync::Arc;

use ndarray::{Array2, array};

use crate::Recipe;
use crate::data::Source;
use crate::data::{Dataset, Features, Labels};
use crate::graph::Eigenspace;
use crate::measure::Clustering;
use crate::pipeline::{Job, Snapshot, Solution};
use crate::recipe::Facts;
use crate::recipe::Scaling;

/// Four samples in two classes, with the given eigenvectors, `4 × k`.
pub(in crate::app) fn snapshot(exact: Option<&Array2<f64>>, learned: Option<&Array2<f64>>) -> Snapshot {
    let features = Arc::new(array![[0.0, 0.1], [1.0, 0.2], [2.0, 0.9], [3.0, 0.8]]);
    let input = Array2::from_shape_fn((4, 3), |(i, j)| if j < 2 { features[[i, j]] } else { 0.0 });
    let solution = |vectors: &Array2<f64>| {
        Arc::new(Solution {
            space: Eigenspace { values: vec![0.0; vectors.ncols()], vectors: vectors.clone() },
            clusters: Clustering { assignment: vec![1, 1, 0, 0], centroids: Array2::zeros((2, 2)), inertia: 0.0 },
            scores: None,
            time: None,
            residual: 0.0,
        })
    };
    let data = Dataset {
        name: "four".to_owned(),
        columns: Arc::new(vec!["x".to_owned(), "y".to_owned()]),
        labels: Some(Labels {
            ids: Arc::new(vec![0, 0, 1, 1]),
            names: Arc::new(vec!["left".to_owned(), "right".to_owned()]),
        }),
        clusters: Some(2),
        image: None,
        sparse: None,
        of: 4,
        table: None,
        outline: None,
        rows: Arc::new((0..4).collect()),
        filled: Arc::default(),
        reading: Arc::default(),
        notes: Vec::new(),
        features: Arc::new(Features::Numbers(features.clone())),
    };
    let job = Job { source: Source::Named("four".to_owned()), recipe: Recipe::default() };
    let input = (Arc::new(input), Arc::new(["x", "y", ""].map(str::to_owned)));
    Snapshot {
        serial: 1,
        facts: Arc::new(Facts {
            samples: 4,
            features: 2,
            filled: 2,
            clusters: Some(2),
            scaling: Some(Scaling::Standardize),
            ..Facts::default()
        }),
        clusters: 2,
        exact: exact.map(solution),
        learned: learned.map(solution),
        ..Snapshot::of_data(Arc::new(job), data, features, input)
    }
}
