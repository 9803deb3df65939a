//! Rows that a training never saw: measured beside Nyström's extension, the same each time, and refused where that makes no sense.

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::pipeline::{Job, Variation, unseen};
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

/// Three clouds in fifteen dimensions, fifty rows each: too few for a network to be held by its rows alone.
fn clouds(folder: &std::path::Path) -> Job {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut text = (0..15).map(|j| format!("x{j}")).collect::<Vec<_>>().join(",");
    for i in 0..150 {
        let cell = |j: usize| {
            let noise: f64 = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
            format!("{:.4}", noise + if j % 3 == i % 3 { 2.2 } else { 0.0 })
        };
        text += "\n";
        text += &(0..15).map(cell).collect::<Vec<_>>().join(",");
    }
    let path = folder.join("clouds.csv");
    std::fs::write(&path, text).expect("a file for the test");
    let recipe = Recipe { device: DeviceChoice::Cpu, clusters: Auto::Set(3), starts: 2, ..Recipe::default() };
    Job { source: Source::Path(path), recipe }
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
fn what_cannot_be_measured_is_refused_in_words() {
    let refused = |job: Job, share| {
        unseen(&job, (share, 1), &[Variation::NONE], &Control::new(), &Deaf).expect_err("it cannot be").to_string()
    };
    assert!(refused(job(|_| ()), 1.0).contains("--share 1"));
    assert!(refused(job(|r| r.represent = Represent::Autoencoder), 0.4).contains("between features"));
    assert!(refused(job(|r| r.samples = Auto::Set(4)), 0.9).contains("each side needs two"));
}
