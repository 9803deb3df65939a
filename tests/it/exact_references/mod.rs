//! The graph and its eigenspace against SciPy and scikit-learn (`tests/references/make_references.py`).

mod first_picture;
mod sets;

use std::path::PathBuf;

use eigenscope::exact::{self, Method};
use eigenscope::graph::{Operator, affinity, nearest_neighbors};
use eigenscope::recipe::{Auto, Laplacian, Recipe, Scale};
use eigenscope::support::progress::Progress;
use ndarray::Array2;

use crate::support::npy::read_npy;

fn reference(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/references").join(name)
}

fn number(case: &serde_json::Value, key: &str) -> f64 {
    case[key].as_f64().unwrap_or_else(|| panic!("{key} is a number"))
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1e-300)
}

#[test]
fn graph_and_eigenspace_agree_with_scipy() {
    let text = std::fs::read_to_string(reference("references.json")).expect("the references are in the repository");
    let references: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    let cases = references["cases"].as_array().expect("a list of cases");
    assert_eq!(cases.len(), 12);
    for case in cases {
        let data = case["data"].as_str().expect("a name");
        let laplacian = case["laplacian"].as_str().expect("a name");
        let title = format!("{data}, {} {}, {laplacian}", case["scale"], case["scale-neighbor"]);
        let x: Array2<f32> = read_npy(reference(&format!("{data}.npy"))).expect("samples");
        let recipe = Recipe {
            neighbors: Auto::Set(number(case, "neighbors") as usize),
            scale: if case["scale"] == "local" { Scale::Local } else { Scale::Global },
            scale_neighbor: number(case, "scale-neighbor") as usize,
            laplacian: if laplacian == "random-walk" { Laplacian::RandomWalk } else { Laplacian::Unnormalized },
            ..Recipe::default()
        };
        let neighbors = nearest_neighbors(
            x.view(),
            recipe.worked_out(&eigenscope::recipe::Facts::default()).neighbors,
            &Progress::silent(),
        )
        .expect("neighbours");
        let sum: f64 = neighbors.distances.iter().map(|&d| f64::from(d)).sum();
        assert!(close(sum, number(case, "distances"), 1e-6), "{title}: distances");

        let (w, _) = affinity(&neighbors, x.nrows(), &recipe).expect("affinity");
        assert_eq!(w.values.len() as f64, number(case, "entries"), "{title}: entries");
        assert!(close(w.values.iter().sum(), number(case, "sum"), 1e-6), "{title}: sum of weights");
        assert!(close(w.values.iter().map(|v| v * v).sum(), number(case, "squares"), 1e-6), "{title}: squares");

        let op = Operator::new(w, recipe.laplacian).expect("operator");
        assert_eq!(op.components.count() as f64, number(case, "components"), "{title}: components");
        let expected: Vec<f64> =
            case["eigenvalues"].as_array().expect("values").iter().filter_map(serde_json::Value::as_f64).collect();
        for method in [None, Some(Method::Dense), Some(Method::Cholesky), Some(Method::Chebyshev)] {
            let progress = Progress::silent();
            let exact = match method {
                None => exact::solve(&op, expected.len(), 1e-6, 0, &progress),
                Some(method) => exact::solve_with(&op, expected.len(), 1e-6, 0, method, &progress),
            }
            .expect("eigenpairs");
            assert!(
                exact.converged && exact.residuals.iter().all(|&r| r <= 1e-6),
                "{title}, {method:?}: {:?}",
                exact.residuals
            );
            let norm = op.norm_bound();
            for (found, expected) in exact.space.values.iter().zip(&expected) {
                // Distances are f32, which alone moves an eigenvalue by some 1e-7 of the norm.
                assert!((found - expected).abs() <= 1e-6 * norm, "{title}, {method:?}: {found} is not {expected}");
            }
            let file = reference(&format!("{data}-{laplacian}.npy"));
            if recipe.scale == Scale::Local && recipe.scale_neighbor == 0 {
                let theirs: Array2<f32> = read_npy(file).expect("vectors");
                same_space(&op, &exact.space.vectors, &theirs.mapv(f64::from), &expected, &title);
            }
        }
    }
}

/// Their leading vectors lie in the span of ours, as far as an eigengap separates it.
fn same_space(op: &Operator, ours: &Array2<f64>, theirs: &Array2<f64>, values: &[f64], title: &str) {
    let overlap = op.gram(ours.view(), theirs.view()) / op.total_mass();
    let widest =
        (1..=theirs.ncols()).max_by(|&a, &b| (values[a] - values[a - 1]).total_cmp(&(values[b] - values[b - 1])));
    let k = widest.expect("a gap");
    for j in 0..k {
        let inside: f64 = (0..k).map(|i| overlap[[i, j]].powi(2)).sum();
        assert!((1.0 - inside).abs() < 1e-4, "{title}: sin² of vector {j} to the first {k} is {}", 1.0 - inside);
    }
}
