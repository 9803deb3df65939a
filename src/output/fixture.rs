//! A small finished run for the tests of this floor: a ring in the plane, cut into three arcs.

use std::f64::consts::TAU;
use std::sync::Arc;

use ndarray::Array2;

use crate::Recipe;
use crate::data::Source;
use crate::data::{Dataset, Features, Labels};
use crate::graph::Eigenspace;
use crate::measure::{Agreement, Clustering, Scores};
use crate::pipeline::{CurvePoint, Ending, Job, Placed, Recording, Sides, Snapshot, Solution, Unseen};

pub(super) const SCORES: Scores = Scores { acc: 0.9, nmi: 0.8, ari: 0.7 };

/// A solution whose first column is 1, then cosine and sine of `angle · (1 + error)`.
fn solution(n: usize, error: f64, renamed: [u32; 3]) -> Arc<Solution> {
    let angle = |i: usize| TAU * i as f64 / n as f64 * (1.0 + error);
    let vectors = Array2::from_shape_fn((n, 3), |(i, j)| match j {
        0 => 1.0,
        1 => 2.0_f64.sqrt() * angle(i).cos(),
        _ => 2.0_f64.sqrt() * angle(i).sin(),
    });
    let assignment = (0..n).map(|i| renamed[3 * i / n]).collect();
    Arc::new(Solution {
        space: Eigenspace { values: vec![0.0, 0.01 + error, 0.011 + error], vectors },
        clusters: Clustering { assignment, centroids: Array2::zeros((3, 3)), inertia: 1.5 },
        scores: Some(SCORES),
        time: None,
        residual: 2e-8,
    })
}

/// `n` samples on a ring with everything there is to know about them.
pub(crate) fn snapshot(n: usize) -> Snapshot {
    let wave = |i: usize| (TAU * i as f64 / n as f64, 0.05 * (i as f64 * 12.9898).sin());
    let features = Array2::from_shape_fn((n, 2), |(i, c)| {
        let (angle, noise) = wave(i);
        ((1.0 + noise) * if c == 0 { angle.cos() } else { angle.sin() }) as f32
    });
    let input = Array2::from_shape_fn((n, 3), |(i, c)| if c < 2 { features[(i, c)] } else { 0.0 });
    let features = Arc::new(features);
    let exact = solution(n, 0.0, [0, 1, 2]);
    let learned = solution(n, 0.002, [0, 1, 2]);
    let data = Dataset {
        name: "ring".to_owned(),
        features: Arc::new(Features::Numbers(features.clone())),
        columns: Arc::new(vec!["x".to_owned(), "y".to_owned()]),
        labels: Some(Labels {
            ids: Arc::new((0..n).map(|i| (3 * i / n) as u32).collect()),
            names: Arc::new(["east", "north <west>", "south"].map(str::to_owned).to_vec()),
        }),
        clusters: Some(3),
        image: None,
        sparse: None,
        of: n,
        table: None,
        outline: None,
        rows: Arc::new((0..n).collect()),
        filled: Arc::default(),
        reading: Arc::default(),
        notes: vec!["2 rows were left out".to_owned()],
    };
    let job = Job { source: Source::Named("ring".to_owned()), recipe: Recipe::default() };
    let input = (Arc::new(input), Arc::new(["x", "y", ""].map(str::to_owned)));
    Snapshot {
        serial: 1,
        clusters: 3,
        exact: Some(exact.clone()),
        spectrum: Arc::new(vec![0.0, 0.01, 0.011, 0.04, 0.041, 0.09]),
        learned: Some(learned),
        baseline: Some(Arc::new((exact.clusters.clone(), None))),
        agreement: Some(Agreement { grassmann: 0.006, sin2: vec![0.0, 0.003, 0.003], ari: 1.0, groups: vec![0, 1, 1] }),
        unseen: Some(Arc::new(Unseen {
            rows: Arc::new(vec![2, 11, 19]),
            share: 0.1,
            extension: 0.004,
            sides: Some(Sides {
                step: 240,
                learned: Placed { distance: 0.006, ari: 0.98, acc: Some(0.95) },
                nystrom: Placed { distance: 0.004, ari: 0.99, acc: Some(1.0) },
            }),
        })),
        step: 400,
        steps: 1000,
        kept: 380,
        ending: Some(Ending::Stopped),
        device: "CPU (flex)".to_owned(),
        ..Snapshot::of_data(Arc::new(job), data, features, input)
    }
}

/// Forty evaluations of a training that goes well.
pub(super) fn curve() -> Vec<CurvePoint> {
    let point = |i: usize| {
        let left = (-0.12 * i as f64).exp();
        CurvePoint {
            step: 10 * i,
            seconds: 0.1 * i as f64,
            loss: 0.8 + left * (1.0 + 0.1 * (i as f64 * 2.7).sin()),
            bound: Some(0.79),
            ritz_sum: 0.021 + left,
            exact_sum: Some(0.021),
            orthogonality_batch: 0.08 + 0.2 * left + 0.01 * (i as f64 * 1.3).cos(),
            orthogonality_all: 0.03 + 0.2 * left,
            typical_batch: 0.0765,
            typical_all: 0.0541,
            grassmann: Some(0.3 * left + 0.002),
            unseen: Some(0.3 * left + 0.008),
            seen: Some(0.3 * left + 0.002),
            scores: Some(Scores { acc: 1.0 - 0.5 * left, nmi: 1.0 - 0.7 * left, ari: 1.0 - 0.8 * left }),
            lr: 1e-3,
            walk: 32,
            recall: None,
        }
    };
    (0..40).map(point).collect()
}

/// The same with the recording of a training of so many looks.
pub(super) fn filmed(n: usize, looks: usize) -> Snapshot {
    let mut film = snapshot(n);
    film.recording = Arc::new(Recording::begin());
    for point in curve().into_iter().skip(1).take(looks) {
        let (step, side) = (point.step, solution(n, 0.4 / point.step as f64, [0, 1, 2]));
        (film.step, film.kept, film.learned) = (step, step, Some(side));
        film.record(point);
    }
    Snapshot { recording: film.recording, ..snapshot(n) }
}
