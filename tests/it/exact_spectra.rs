//! Spectra that are known on paper, and graphs that fall apart.

use std::f64::consts::PI;

use eigenscope::Error;
use eigenscope::exact::{self, Exact, Method};
use eigenscope::graph::{Csr, Operator, affinity, nearest_neighbors};
use eigenscope::recipe::Laplacian::{self, RandomWalk, Unnormalized};
use eigenscope::recipe::Recipe;
use eigenscope::support::progress::{Control, Progress};
use ndarray::Array2;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const METHODS: [Method; 3] = [Method::Dense, Method::Cholesky, Method::Chebyshev];

fn graph(n: usize, edges: &[(u32, u32)], kind: Laplacian) -> Operator {
    let both: Vec<_> = edges.iter().flat_map(|&(i, j)| [(i, j, 1.0), (j, i, 1.0)]).collect();
    Operator::new(Csr::from_triplets(n, &both).expect("inside"), kind).expect("symmetric")
}

fn path(n: u32) -> Vec<(u32, u32)> {
    (1..n).map(|i| (i - 1, i)).collect()
}

fn cycle(from: u32, n: u32) -> Vec<(u32, u32)> {
    (0..n).map(|i| (from + i, from + (i + 1) % n)).collect()
}

fn grid(side: u32) -> Vec<(u32, u32)> {
    let across = (0..side * side).filter(|i| (i + 1) % side != 0).map(|i| (i, i + 1));
    across.chain((0..side * (side - 1)).map(|i| (i, i + side))).collect()
}

/// Solve, and check everything that holds for any graph.
fn solved(op: &Operator, k: usize, method: Option<Method>) -> Exact {
    let progress = Progress::silent();
    let exact = match method {
        None => exact::solve(op, k, 1e-6, 7, &progress),
        Some(method) => exact::solve_with(op, k, 1e-6, 7, method, &progress),
    }
    .expect("eigenpairs");
    assert!(exact.converged, "{method:?}: {:?} after {} rounds", exact.residuals, exact.rounds);
    assert_eq!(exact.space.values.len(), k);
    assert!(exact.space.values.is_sorted(), "{:?}", exact.space.values);
    assert!(exact.residuals.iter().all(|&r| r <= 1e-6));
    let vectors = &exact.space.vectors;
    let gram = op.gram(vectors.view(), vectors.view()) / op.total_mass();
    for ((i, j), g) in gram.indexed_iter() {
        assert!((g - f64::from(u8::from(i == j))).abs() < 1e-8, "{method:?}: vectors {i} and {j} have product {g}");
    }
    assert!(vectors.column(0).iter().all(|v| (v - 1.0).abs() < 1e-9), "the first vector is the constant one");
    for column in vectors.columns() {
        let largest = column.iter().fold(0.0f64, |a, v| a.max(v.abs()));
        assert!(*column.iter().find(|v| v.abs() >= largest * (1.0 - 1e-6)).expect("an entry") > 0.0, "signs are fixed");
    }
    exact
}

fn assert_values(exact: &Exact, expected: &[f64], tolerance: f64, title: &str) {
    for (found, expected) in exact.space.values.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance, "{title}: {found} is not {expected}");
    }
}

#[test]
fn paths_cycles_and_complete_graphs() {
    for method in METHODS {
        let n = 120u32;
        let along = |j: usize| (PI * j as f64 / f64::from(n)).cos();
        let values: Vec<f64> = (0..6).map(|j| 2.0 - 2.0 * along(j)).collect();
        let op = graph(n as usize, &path(n), Unnormalized);
        assert_values(&solved(&op, 6, Some(method)), &values, 1e-9, "path");
        // The walk on a path of n nodes is that on a cycle of 2n − 2, folded.
        let values: Vec<f64> = (0..6).map(|j| 1.0 - (PI * f64::from(j) / f64::from(n - 1)).cos()).collect();
        let op = graph(n as usize, &path(n), RandomWalk);
        assert_values(&solved(&op, 6, Some(method)), &values, 1e-9, "random walk on a path");

        // Every eigenvalue of a cycle but the first is double.
        let around = |j: usize| (2.0 * PI * j.div_ceil(2) as f64 / f64::from(n)).cos();
        for (kind, degree) in [(Unnormalized, 2.0), (RandomWalk, 1.0)] {
            let values: Vec<f64> = (0..7).map(|j| degree * (1.0 - around(j))).collect();
            let op = graph(n as usize, &cycle(0, n), kind);
            assert_values(&solved(&op, 7, Some(method)), &values, 1e-9, "cycle");
            assert_values(&solved(&op, 6, Some(method)), &values, 1e-9, "cycle, a pair cut in two");
        }

        // All n − 1 others are equal.
        let all: Vec<_> = (0..40).flat_map(|i| (0..i).map(move |j| (j, i))).collect();
        for (kind, value) in [(Unnormalized, 40.0), (RandomWalk, 40.0 / 39.0)] {
            let op = graph(40, &all, kind);
            assert_values(&solved(&op, 5, Some(method)), &[0.0, value, value, value, value], 1e-9, "complete graph");
        }
    }
}

#[test]
fn a_grid_has_the_sums_of_two_paths() {
    let side = 40u32;
    let along = |j: u32| 2.0 - 2.0 * (PI * f64::from(j) / f64::from(side)).cos();
    let mut values: Vec<f64> = (0..8).flat_map(|i| (0..8).map(move |j| along(i) + along(j))).collect();
    values.sort_by(f64::total_cmp);
    let op = graph(1600, &grid(side), Unnormalized);
    for method in [None, Some(Method::Dense), Some(Method::Cholesky), Some(Method::Chebyshev)] {
        let exact = solved(&op, 12, method);
        assert_values(&exact, &values, 1e-7, "grid");
    }
}

#[test]
fn every_component_has_its_zero() {
    // Cycles of different sizes and nodes without an edge.
    for (sizes, isolated) in
        [(vec![300u32, 200], 0u32), (vec![250, 250, 100], 0), (vec![220, 130, 90, 40], 3), (vec![500], 1)]
    {
        let mut edges = Vec::new();
        let mut from = 0;
        for &size in &sizes {
            edges.extend(cycle(from, size));
            from += size;
        }
        let n = (from + isolated) as usize;
        let count = sizes.len() + isolated as usize;
        let mut positive: Vec<f64> = sizes
            .iter()
            .flat_map(|&size| {
                (1..8).map(move |j: u32| 1.0 - (2.0 * PI * f64::from(j.div_ceil(2)) / f64::from(size)).cos())
            })
            .collect();
        positive.sort_by(f64::total_cmp);
        for (kind, factor) in [(Unnormalized, 2.0), (RandomWalk, 1.0)] {
            let op = graph(n, &edges, kind);
            assert_eq!(op.components.count(), count);
            let values: Vec<f64> = std::iter::repeat_n(0.0, count).chain(positive.iter().map(|v| factor * v)).collect();
            for method in METHODS {
                let exact = solved(&op, count + 3, Some(method));
                assert_eq!(exact.components, count);
                assert_values(&exact, &values, 1e-9, "components");
                constant_on_components(&op, &exact, count);
            }
            // No more zeros than asked for.
            for k in 1..=count {
                let exact = solved(&op, k, None);
                assert!(exact.space.values.iter().all(|&v| v == 0.0));
                constant_on_components(&op, &exact, k);
            }
            assert!(
                op.notes()[0].contains(&format!("{count} connected components"))
                    && op.notes()[0].contains("--neighbors")
            );
            assert_eq!(op.notes().len(), if isolated > 0 { 2 } else { 1 });
        }
    }
}

fn constant_on_components(op: &Operator, exact: &Exact, zeros: usize) {
    for column in exact.space.vectors.columns().into_iter().take(zeros) {
        let mut seen = vec![None; op.components.count()];
        for (&c, &v) in op.components.of.iter().zip(column) {
            let first = *seen[c as usize].get_or_insert(v);
            assert!((v - first).abs() < 1e-12, "a zero's vector changes within a component");
        }
    }
}

#[test]
fn two_moons_of_ten_thousand_points() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let n = 10_000;
    let x = Array2::from_shape_fn((n, 2), |(i, j)| {
        let (sine, cosine) = (std::f32::consts::PI * (i / 2) as f32 / 5000.0).sin_cos();
        let point = if i % 2 == 0 { [cosine, sine] } else { [1.0 - cosine, 0.5 - sine] };
        point[j] + rng.random_range(-0.1..0.1)
    });
    let recipe = Recipe::default();
    let neighbors = nearest_neighbors(
        x.view(),
        recipe.worked_out(&eigenscope::recipe::Facts::default()).neighbors,
        &Progress::silent(),
    )
    .expect("neighbours");
    let (w, _) = affinity(&neighbors, n, &recipe).expect("affinity");
    for kind in [Unnormalized, RandomWalk] {
        let op = Operator::new(w.clone(), kind).expect("symmetric");
        assert_eq!(op.components.sizes, [n / 2, n / 2]);
        let exact = solved(&op, 6, None);
        assert_eq!(exact.method, Method::Cholesky.name());
        assert_eq!(exact.space.values[..2], [0.0; 2]);
        assert!(exact.space.values[2] > 0.0);
        assert!((0..n).all(|i| (exact.space.vectors[[i, 1]] > 0.0) == (i % 2 == 0)), "the second vector is the moon");
        // The filter finds the same space, only later.
        let filtered = solved(&op, 6, Some(Method::Chebyshev));
        assert_values(&filtered, &exact.space.values, 1e-6 * op.norm_bound(), "filter");
    }
}

#[test]
fn laplacian_identities() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let n = 300u32;
    let triplets: Vec<(u32, u32, f64)> = (0..2000)
        .map(|_| (rng.random_range(0..n), rng.random_range(0..n), rng.random_range(0.1..2.0)))
        .filter(|(i, j, _)| i != j)
        .flat_map(|(i, j, w)| [(i, j, w), (j, i, w)])
        .collect();
    let w = Csr::from_triplets(n as usize, &triplets).expect("inside");
    let op = Operator::new(w.clone(), Unnormalized).expect("symmetric");
    let constant = op.apply(Array2::ones((n as usize, 1)).view());
    assert!(constant.iter().all(|v| v.abs() < 1e-12), "rows sum to 0");
    for b in [1, 3, 8, 21] {
        let y = Array2::from_shape_simple_fn((n as usize, b), || rng.random_range(-1.0..1.0));
        let product = op.apply(y.view());
        let quadratic = y.t().dot(&product);
        for c in 0..b {
            let edges: f64 = (0..w.len())
                .flat_map(|i| w.row(i).0.iter().zip(w.row(i).1).map(move |(&j, &v)| (i, j as usize, v)))
                .map(|(i, j, v)| 0.5 * v * (y[[i, c]] - y[[j, c]]).powi(2))
                .sum();
            assert!((quadratic[[c, c]] - edges).abs() < 1e-10 * edges, "yᵀLy is half the sum over edges");
        }
        let weighted = w.multiply(y.view());
        let by_parts = &y * &Array2::from_shape_fn((n as usize, b), |(i, _)| op.degrees[i]) - &weighted;
        assert!((&by_parts - &product).iter().all(|v| v.abs() < 1e-12), "(D − W) y is D y − W y");
    }
}

#[test]
fn nearly_all_eigenvectors_of_small_graphs() {
    for kind in [Unnormalized, RandomWalk] {
        let op = graph(2, &[(0, 1)], kind);
        assert_values(&solved(&op, 1, None), &[0.0], 0.0, "one of two");
        let op = graph(3, &cycle(0, 3), kind);
        let value = if kind == RandomWalk { 1.5 } else { 3.0 };
        assert_values(&solved(&op, 2, None), &[0.0, value], 1e-12, "two of three");
        let op = graph(30, &path(30), kind);
        assert_eq!(solved(&op, 29, None).space.values.len(), 29);
        for k in [0, 30, 31] {
            let error = exact::solve(&op, k, 1e-6, 0, &Progress::silent()).expect_err("no such number");
            assert!(
                matches!(&error, Error::Setting(m) if m.contains("--eigenvectors") && m.contains("--clusters")),
                "{error}"
            );
        }
    }
    // Without any edge every vector is one of eigenvalue 0.
    let op = graph(5, &[], RandomWalk);
    assert_values(&solved(&op, 4, None), &[0.0; 4], 0.0, "no edges");
}

#[test]
fn weights_over_many_orders_end_with_an_answer() {
    // Two cycles joined by an edge that weighs nearly nothing, and weights down to the floor.
    for weak in [1e-9, 1e-100] {
        let mut edges: Vec<(u32, u32, f64)> = Vec::new();
        for (i, j) in cycle(0, 400).into_iter().chain(cycle(400, 500)) {
            edges.extend([(i, j, 1.0), (j, i, 1.0)]);
        }
        edges.extend([(0, 400, weak), (400, 0, weak)]);
        for kind in [Unnormalized, RandomWalk] {
            let op = Operator::new(Csr::from_triplets(900, &edges).expect("inside"), kind).expect("symmetric");
            for method in METHODS {
                let exact = solved(&op, 4, Some(method));
                assert!(exact.space.values[1] < 1e-9, "{method:?}: {:?}", exact.space.values);
                let split = exact.space.vectors.column(1);
                let same = (0..400).all(|i| split[i] * split[0] > 0.0) && (400..900).all(|i| split[i] * split[0] < 0.0);
                assert!(same, "{method:?}: the second vector tells the two cycles apart");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let op = graph(1600, &grid(40), RandomWalk);
    for method in METHODS {
        let (a, b) = (solved(&op, 6, Some(method)), solved(&op, 6, Some(method)));
        assert_eq!(a.space.vectors, b.space.vectors);
        let one = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .expect("a pool")
            .install(|| solved(&op, 6, Some(method)));
        if method != Method::Dense {
            assert_eq!(a.space.values, one.space.values, "{method:?}: one thread or several");
        }
    }
}

#[test]
fn a_cancelled_solution_stops() {
    let op = graph(1600, &grid(40), RandomWalk);
    for method in METHODS {
        let control = Control::new();
        control.cancel();
        let result = exact::solve_with(&op, 4, 1e-6, 0, method, &Progress::new(control, &|_, _| {}));
        assert!(matches!(result, Err(Error::Cancelled)));
    }
}

#[test]
fn rayleigh_ritz_finds_what_the_span_holds() {
    let op = graph(1600, &grid(40), RandomWalk);
    let exact = solved(&op, 6, None);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    // The eigenvectors mixed by a random map, one column twice, one zero, one of a huge unit.
    let mix = Array2::from_shape_simple_fn((6, 9), || rng.random_range(-1.0..1.0));
    let mut y = exact.space.vectors.dot(&mix);
    let first = y.column(0).to_owned();
    y.column_mut(7).assign(&first);
    y.column_mut(8).fill(0.0);
    y.column_mut(2).mapv_inplace(|v| 1e7 * v);
    let ritz = exact::rayleigh_ritz(&op, y.view(), 6).expect("a span");
    assert_eq!((ritz.rank, ritz.map.dim()), (6, (9, 6)));
    for (found, expected) in ritz.space.values.iter().zip(&exact.space.values) {
        assert!((found - expected).abs() < 1e-10, "{found} is not {expected}");
    }
    let mapped = y.dot(&ritz.map);
    assert!((&mapped - &ritz.space.vectors).iter().all(|v| v.abs() < 1e-5), "y · map are the vectors");
    let gram = op.gram(ritz.space.vectors.view(), ritz.space.vectors.view()) / op.total_mass();
    assert!(gram.indexed_iter().all(|((i, j), g)| (g - f64::from(u8::from(i == j))).abs() < 1e-10));
    assert!(op.residuals(&ritz.space).iter().all(|&r| r < 1e-6));

    // Fewer directions than asked for: fewer pairs. None: an error.
    let narrow = exact::rayleigh_ritz(&op, y.select(ndarray::Axis(1), &[0, 7, 8]).view(), 3).expect("a span");
    assert_eq!((narrow.rank, narrow.space.values.len()), (1, 1));
    assert!(exact::rayleigh_ritz(&op, Array2::zeros((1600, 3)).view(), 2).is_err());
    assert!(exact::rayleigh_ritz(&op, Array2::from_elem((1600, 3), f64::NAN).view(), 2).is_err());
    assert!(exact::rayleigh_ritz(&op, Array2::zeros((5, 3)).view(), 2).is_err());
    // Ritz values of any span bound the eigenvalues from above.
    let random = Array2::from_shape_simple_fn((1600, 20), || rng.random_range(-1.0..1.0));
    let ritz = exact::rayleigh_ritz(&op, random.view(), 6).expect("a span");
    assert!(ritz.space.values.iter().zip(&exact.space.values).all(|(r, e)| r >= e) && ritz.space.values.is_sorted());
}
