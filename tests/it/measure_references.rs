//! Measures against those of scikit-learn and SciPy; `references/measure.py` made the numbers.

// A helper of a test may stop the test.
use std::sync::Arc;

use eigenscope::graph::Eigenspace;
use eigenscope::graph::{Components, Csr, Operator};
use eigenscope::measure::{agreement, kmeans, scores};
use eigenscope::recipe::Laplacian;
use eigenscope::support::progress::Progress;
use ndarray::Array2;
use serde::Deserialize;

#[derive(Deserialize)]
struct References {
    partitions: Vec<Partition>,
    clusterings: Vec<Clustered>,
    spaces: Vec<Spaces>,
}

#[derive(Deserialize)]
struct Partition {
    clusters: Vec<u32>,
    labels: Vec<u32>,
    acc: f64,
    nmi: f64,
    ari: f64,
}

#[derive(Deserialize)]
struct Clustered {
    x: Vec<Vec<f64>>,
    k: usize,
    inertia: f64,
}

#[derive(Deserialize)]
struct Spaces {
    mass: Vec<f64>,
    exact: Vec<Vec<f64>>,
    learned: Vec<Vec<f64>>,
    grassmann: f64,
}

fn references() -> References {
    serde_json::from_str(include_str!("../references/measure.json")).expect("the script wrote it")
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

#[test]
fn scores_of_partitions() {
    for (case, wanted) in references().partitions.iter().enumerate() {
        let found = scores(&wanted.clusters, &wanted.labels).expect("one label for each sample");
        for (name, found, wanted) in
            [("ACC", found.acc, wanted.acc), ("NMI", found.nmi, wanted.nmi), ("ARI", found.ari, wanted.ari)]
        {
            assert!((found - wanted).abs() < 1e-12, "case {case}: {name} {found}, and scikit-learn says {wanted}");
        }
    }
}

#[test]
fn k_means_finds_what_a_hundred_starts_find() {
    for (case, wanted) in references().clusterings.iter().enumerate() {
        let x = matrix(&wanted.x);
        let found = kmeans(x.view(), wanted.k, 10, 0, &Progress::silent()).expect("finite samples");
        assert!(
            found.inertia <= wanted.inertia * (1.0 + 1e-3),
            "case {case}: {} against {}",
            found.inertia,
            wanted.inertia
        );
        assert!(found.inertia >= wanted.inertia * (1.0 - 1e-9), "case {case}: nobody does better than the best");
        let single = kmeans(x.mapv(|v| v as f32).view(), wanted.k, 10, 0, &Progress::silent()).expect("finite samples");
        assert_eq!(single.assignment, found.assignment, "case {case} in single precision");
    }
}

#[test]
fn principal_angles_under_a_mass() {
    for (case, wanted) in references().spaces.iter().enumerate() {
        let n = wanted.mass.len();
        let operator = Operator {
            affinity: Arc::new(Csr { offsets: vec![0; n + 1], columns: vec![], values: vec![] }),
            degrees: Arc::new(vec![0.0; n]),
            mass: Arc::new(wanted.mass.clone()),
            kind: Laplacian::RandomWalk,
            components: Arc::new(Components { of: vec![0; n], sizes: vec![n] }),
            joins: None,
        };
        let k = wanted.exact[0].len();
        let spectrum: Vec<f64> = (0..=k).map(|j| j as f64).collect();
        let space = |rows| Eigenspace { values: spectrum[..k].to_vec(), vectors: matrix(rows) };
        let found = agreement(&operator, &space(&wanted.learned), &space(&wanted.exact), &spectrum, &[0; 3], &[0; 3]);
        assert!(
            (found.grassmann - wanted.grassmann).abs() < 1e-10,
            "case {case}: {found:?}, SciPy {}",
            wanted.grassmann
        );
        assert_eq!(found.groups, (0..k).collect::<Vec<_>>());
    }
}
