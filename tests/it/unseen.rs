//! Rows that a training never saw: measured beside Nyström's extension, the same each time, and refused where that makes no sense.

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::pipeline::{Chain, Job, Variation, unseen};
use eigenscope::recipe::{Auto, DeviceChoice, Represent};
use eigenscope::support::progress::Control;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::support::listening::Deaf;

fn job(change: impl FnOnce(&mut Recipe)) -> Job {
    let mut recipe = Recipe {
        device: DeviceChoice::Cpu,
        samples: Auto::Set(600),
        starts: 2,
        steps: Auto::Set(60),
        ..Recipe::default()
    };
    change(&mut recipe);
    Job { source: Source::Named("moons".to_owned()), recipe }
}

#[test]
fn both_sides_place_rows_never_seen_and_the_seed_decides_which() {
    let measure =
        || unseen(&job(|_| ()), (0.4, 2), &[Variation::NONE], &Control::new(), &Deaf).expect("moons are placed");
    let rows = measure();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!((row.seen, row.unseen), (360, 240));
        assert!(row.nystrom.distance < 0.05 && row.nystrom.ari > 0.95, "{row:?}");
        let learned = row.learned[0].placed;
        assert!(learned.distance < 0.05 && learned.ari > 0.95, "{row:?}");
        assert!(row.nystrom.acc.is_some_and(|acc| acc > 0.95), "{row:?}");
    }
    assert_ne!(rows[0].learned[0].placed, rows[1].learned[0].placed);
    let again = measure();
    assert_eq!((again[1].learned[0].placed, again[1].nystrom), (rows[1].learned[0].placed, rows[1].nystrom));
}

/// Rows around places, with normal noise: for each row and column where the middle is.
fn scattered(
    folder: &std::path::Path,
    seed: u64,
    (rows, columns): (usize, usize),
    middle: impl Fn(usize, usize) -> f64,
) -> Job {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut text = (0..columns).map(|j| format!("x{j}")).collect::<Vec<_>>().join(",");
    for i in 0..rows {
        let cell = |j: usize| {
            let noise: f64 = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
            format!("{:.4}", middle(i, j) + noise)
        };
        text += "\n";
        text += &(0..columns).map(cell).collect::<Vec<_>>().join(",");
    }
    let path = folder.join("scattered.csv");
    std::fs::write(&path, text).expect("a file for the test");
    let recipe = Recipe { device: DeviceChoice::Cpu, clusters: Auto::Set(3), starts: 2, ..Recipe::default() };
    Job { source: Source::Path(path), recipe }
}

/// Three clouds in fifteen dimensions, fifty rows each: too few for a network to be held by its rows alone.
fn clouds(folder: &std::path::Path) -> Job {
    scattered(folder, 4, (150, 15), |i, j| if j % 3 == i % 3 { 2.2 } else { 0.0 })
}

/// Two clouds of five hundred rows in space and one of twenty, each as far from the others.
fn unequal(folder: &std::path::Path) -> Job {
    const MIDDLES: [[f64; 3]; 3] = [[0.0, 0.0, 0.0], [8.0, 0.0, 0.0], [4.0, 7.0, 0.0]];
    scattered(folder, 6, (1020, 3), |i, j| MIDDLES[(i / 500).min(2)][j])
}

#[test]
fn the_tie_keeps_rows_never_seen_near_where_the_graph_has_them() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let ways = [Variation::ALL[0], Variation::ALL[1]];
    let rows = unseen(&clouds(folder.path()), (0.4, 2), &ways, &Control::new(), &Deaf).expect("clouds are placed");
    for row in &rows {
        let [tied, free] = [&row.learned[0], &row.learned[1]];
        assert_eq!((tied.variation, free.variation), ("learned", "no tie"));
        assert!(tied.distance_seen < 0.005 && free.distance_seen < 0.005, "both learn their own rows: {row:?}");
        assert!(tied.placed.distance < 0.02 && tied.placed.distance < 0.5 * free.placed.distance, "{row:?}");
    }
}

#[test]
fn rows_held_out_are_placed_though_a_cluster_is_small() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let outcome = Chain::default().run(&unequal(folder.path()), &Control::new(), &Deaf).expect("clouds are learned");
    let unseen = outcome.snapshot.unseen.as_ref().and_then(|unseen| unseen.sides).expect("the training ended");
    assert!(unseen.learned.distance < 0.005 && unseen.learned.ari > 0.99, "{unseen:?}");
    assert!(outcome.snapshot.distance().is_some_and(|distance| distance < 0.005));
}

#[test]
fn a_training_holds_a_tenth_out_and_measures_both_sides_there() {
    let run = |change: fn(&mut Recipe)| {
        Chain::default().run(&job(change), &Control::new(), &Deaf).expect("moons are learned")
    };
    let outcome = run(|_| ());
    let unseen = outcome.snapshot.unseen.clone().expect("600 rows spare 60");
    assert_eq!((unseen.rows.len(), unseen.share), (60, 0.1));
    let sides = unseen.sides.expect("the training ended");
    assert!(sides.learned.distance < 0.05 && sides.learned.ari > 0.9, "{sides:?}");
    assert!((sides.nystrom.distance - unseen.extension).abs() < 1e-12 && sides.nystrom.ari > 0.9, "{sides:?}");
    assert!(sides.learned.acc.is_some_and(|acc| acc > 0.9), "{sides:?}");
    // They are out of the steps first, and then they are not: the network kept has seen all rows.
    let held: Vec<bool> = outcome.curve.iter().map(|point| point.unseen.is_some()).collect();
    assert!(held[0] && !held[held.len() - 1] && held.is_sorted_by(|a, b| a >= b), "{held:?}");
    let least = outcome.curve.iter().filter_map(|point| point.unseen).fold(f64::INFINITY, f64::min);
    assert!((sides.learned.distance - least).abs() < 1e-12, "the best look on rows held out: {least} {sides:?}");
    assert!(outcome.snapshot.kept > sides.step && outcome.snapshot.distance().is_some_and(|d| d < 0.002));
    assert_eq!(run(|_| ()).snapshot.unseen.as_deref(), Some(&*unseen), "the seed decides");
    assert!(run(|recipe| recipe.hold_out = Auto::Set(0.0)).snapshot.unseen.is_none());
    assert!(run(|recipe| recipe.exact = false).snapshot.unseen.is_none(), "nothing to measure by");
}

#[test]
fn what_cannot_be_measured_is_refused_in_words() {
    let refused = |job: Job, share| {
        unseen(&job, (share, 1), &[Variation::NONE], &Control::new(), &Deaf).expect_err("it cannot be").to_string()
    };
    assert!(refused(job(|_| ()), 1.0).contains("--share 1"));
    assert!(refused(job(|r| r.represent = Represent::Autoencoder), 0.4).contains("between features"));
    assert!(refused(job(|r| r.samples = Auto::Set(4)), 0.9).contains("each side needs two"));
}
