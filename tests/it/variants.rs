//! Every variant of SpectralNet that can be chosen trains, says what it is, and ends no run.

use std::fmt::Write as _;
use std::path::Path;

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::output::SemiSupervised;
use eigenscope::pipeline::{Chain, Job, Outcome};
use eigenscope::recipe::Stage;
use eigenscope::recipe::{Auto, DeviceChoice, Factor, Gradient, Laplacian, LastLayer, Objective, Rows, Separate};
use eigenscope::support::progress::{Control, Progress};

use crate::support::listening::Deaf;

fn recipe(samples: usize) -> Recipe {
    Recipe { device: DeviceChoice::Cpu, samples: Auto::Set(samples), ..Recipe::default() }
}

fn try_run(name: &str, recipe: &Recipe) -> eigenscope::Result<Outcome> {
    let job = Job { source: Source::Named(name.to_owned()), recipe: recipe.clone() };
    Chain::default().run(&job, &Control::new(), &Deaf)
}

fn run(name: &str, recipe: &Recipe) -> Outcome {
    try_run(name, recipe).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn learned_acc(outcome: &Outcome) -> f64 {
    outcome.snapshot.learned.as_ref().and_then(|s| s.scores).expect("labels").acc
}

fn distance(outcome: &Outcome) -> f64 {
    outcome.snapshot.agreement.as_ref().expect("both sides").grassmann
}

#[test]
fn every_combination_of_objective_gradient_operator_and_factor_trains_on_moons() {
    for objective in [Objective::Walk, Objective::BatchGraph] {
        for gradient in [Gradient::Through, Gradient::Frozen] {
            for laplacian in [Laplacian::RandomWalk, Laplacian::Unnormalized] {
                for orthonormal in [Factor::Cholesky, Factor::Qr] {
                    let change = Recipe { objective, gradient, laplacian, orthonormal, ..recipe(900) };
                    let outcome = run("moons", &change);
                    let which = format!("{objective:?}, {gradient:?}, {laplacian:?}, {orthonormal:?}");
                    let last = outcome.curve.last().expect("it was evaluated");
                    assert!(last.loss.is_finite() && last.orthogonality_batch.is_finite(), "{which}");
                    let vectors = &outcome.snapshot.learned.as_ref().expect("it was trained").space.vectors;
                    assert!(vectors.iter().all(|v| v.is_finite()), "{which}");
                    // The gradient through the layer on pairs of the whole graph reaches the exact space; so much is not promised of the rest.
                    if (objective, gradient) == (Objective::Walk, Gradient::Through) {
                        assert!(
                            distance(&outcome) < 0.02 && learned_acc(&outcome) > 0.98,
                            "{which}: {}",
                            distance(&outcome)
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn cholesky_and_qr_train_the_same_network_up_to_rounding() {
    let by = |orthonormal| run("circles", &Recipe { orthonormal, steps: Auto::Set(60), ..recipe(600) });
    let (one, other) = (by(Factor::Cholesky), by(Factor::Qr));
    let space = |o: &Outcome| o.snapshot.learned.as_ref().expect("trained").space.vectors.clone();
    let worst = (&space(&one) - &space(&other)).iter().fold(0.0_f64, |w, d| w.max(d.abs()));
    assert!(worst < 0.05, "{worst}");
}

#[test]
fn separation_changes_the_columns_and_not_the_span() {
    let by = |separate| {
        let recipe = Recipe {
            separate,
            last_layer: LastLayer::Learned,
            guards: Auto::Set(0),
            eigenvectors: Auto::Set(3),
            steps: Auto::Set(200),
            ..recipe(1500)
        };
        run("moons", &recipe)
    };
    let (graph, batches, off) = (by(Separate::Graph), by(Separate::Batches), by(Separate::Off));
    for other in [&batches, &off] {
        assert!((distance(&graph) - distance(other)).abs() < 1e-6, "{} and {}", distance(&graph), distance(other));
    }
    let worst = |o: &Outcome| o.snapshot.agreement.as_ref().expect("both").sin2.iter().copied().fold(0.0, f64::max);
    assert!(worst(&off) > worst(&graph), "{} and {}", worst(&graph), worst(&off));
    // The model places its own samples where the run did, whatever the separation.
    let model = off.model.as_ref().expect("a model");
    let compute = eigenscope::nets::Compute::open(DeviceChoice::Cpu).expect("a CPU");
    let placed = model.apply(off.snapshot.data.numbers().view(), &compute).expect("its own features");
    let shown = &off.snapshot.learned.as_ref().expect("trained").space.vectors;
    assert!((&placed.coordinates - shown).iter().all(|d| d.abs() < 1e-3));
    assert!(placed.diffusion.is_none());
}

#[test]
fn a_few_labels_pull_the_noisy_letters_apart_and_it_is_said() {
    // One stray sample is nearly a part of its own; a vector more takes it up, and normalised rows keep it from being a cluster.
    let noisy = |labelled| Recipe {
        noise: Auto::Set(0.175),
        eigenvectors: Auto::Set(3),
        rows: Rows::Normalized,
        labelled,
        ..recipe(1900)
    };
    let without = run("nested-c", &noisy(0.0));
    assert!(learned_acc(&without) < 0.95 && SemiSupervised::of(&without.snapshot).is_none());
    let with = run("nested-c", &noisy(0.02));
    let rest = SemiSupervised::of(&with.snapshot).expect("it is semi-supervised");
    assert_eq!((rest.labelled, rest.unlabelled), (38, 1862));
    assert!(
        learned_acc(&with) > learned_acc(&without) + 0.02,
        "{} after {}",
        learned_acc(&with),
        learned_acc(&without)
    );
    assert!(rest.learned.acc.expect("labels") > 0.95, "{rest:?}");
    assert!(
        with.notes.iter().any(|n| n.starts_with("SEMI-SUPERVISED") && n.contains("38 of 1900")),
        "{:?}",
        with.notes
    );
    let error = try_run("no-structure", &Recipe { labelled: 0.1, ..recipe(300) }).expect_err("it has no labels");
    assert!(error.to_string().contains("--labelled"));
}

/// The graph of an outcome as a Matrix Market file.
fn write_graph(outcome: &Outcome, path: &Path) {
    let w = &outcome.snapshot.operator.as_ref().expect("a graph").affinity;
    let n = w.offsets.len() - 1;
    let mut text = format!("%%MatrixMarket matrix coordinate real general\n{n} {n} {}\n", w.values.len());
    for i in 0..n {
        for at in w.offsets[i]..w.offsets[i + 1] {
            writeln!(text, "{} {} {}", i + 1, w.columns[at] + 1, w.values[at]).expect("text takes it");
        }
    }
    std::fs::write(path, text).expect("a file for the test");
}

#[test]
fn a_given_affinity_takes_the_place_of_the_built_one_on_both_sides() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("w.mtx");
    // A given graph is not tied of itself.
    let recipe = |samples| Recipe { tie: Auto::Set(0.0), ..recipe(samples) };
    let built = run("moons", &recipe(700));
    write_graph(&built, &path);
    let by_file = Recipe { affinity_file: Some(path.clone()), ..recipe(700) };
    let given = run("moons", &by_file);
    assert_eq!(
        built.snapshot.operator.as_ref().expect("a graph").affinity,
        given.snapshot.operator.as_ref().expect("a graph").affinity
    );
    let values = |o: &Outcome| o.snapshot.learned.as_ref().expect("trained").space.values.clone();
    assert_eq!(values(&built), values(&given), "the same graph trains the same network");
    assert!(given.snapshot.neighbors.is_none());
    assert!(given.stages.contains(&(Stage::Neighbours, 0.0)), "{:?}", given.stages);
    assert!(given.notes.iter().any(|n| n.contains("w.mtx")), "{:?}", given.notes);
    let batches =
        run("moons", &Recipe { objective: Objective::BatchGraph, separate: Separate::Batches, ..by_file.clone() });
    assert!(batches.snapshot.learned.is_some(), "batches take their part of the given graph");
    let error = try_run("moons", &Recipe { samples: Auto::Set(600), ..by_file }).expect_err("another size").to_string();
    assert!(error.contains("w.mtx") && error.contains("700 × 700") && error.contains("600 samples"), "{error}");
}

#[test]
fn diffusion_coordinates_are_exported_and_applied() {
    let outcome = run("circles", &Recipe { rows: Rows::Diffusion, steps: Auto::Set(40), ..recipe(400) });
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("labels.csv");
    let options = eigenscope::output::LabelOptions::default();
    eigenscope::output::write_labels(&path, &outcome.snapshot, options, &Progress::silent()).expect("written");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
    for name in ["learned_diffusion_1", "learned_diffusion_2", "exact_diffusion_2"] {
        assert!(header.contains(&name), "{name} in {header:?}");
    }
    let compute = eigenscope::nets::Compute::open(DeviceChoice::Cpu).expect("a CPU");
    let placed = outcome
        .model
        .expect("a model")
        .apply(outcome.snapshot.data.numbers().view(), &compute)
        .expect("its own features");
    assert_eq!(placed.diffusion.expect("the recipe clusters them").dim(), (400, 2));
}
