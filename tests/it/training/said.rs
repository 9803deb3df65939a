//! What a training says of itself: numbers of clusters, the network that it keeps, how it ended.

use eigenscope::Recipe;
use eigenscope::pipeline::{Chain, Ending, Event, Snapshot, Watcher};
use eigenscope::recipe::{Auto, Hidden, LastLayer};
use eigenscope::support::progress::Control;

use super::{job, run};

/// Keeps everything that a run tells.
#[derive(Default)]
struct Scribe(std::sync::Mutex<Vec<Snapshot>>);

impl Watcher for Scribe {
    fn event(&self, _: Event) {}

    fn snapshot(&self, snapshot: Snapshot) {
        self.0.lock().expect("no panic holds it").push(snapshot);
    }
}

/// For each number of `guide` the number that most of its samples have in `of`.
fn renumbered(of: &[u32], guide: &[u32]) -> Vec<u32> {
    let k = 1 + guide.iter().chain(of).copied().max().unwrap_or(0) as usize;
    let mut counts = vec![vec![0_usize; k]; k];
    for (&a, &b) in guide.iter().zip(of) {
        counts[a as usize][b as usize] += 1;
    }
    counts.iter().map(|row| (0..k).max_by_key(|&i| row[i]).unwrap_or(0) as u32).collect()
}

#[test]
fn one_cluster_has_one_number_on_every_side_and_at_every_look() {
    for exact in [true, false] {
        let scribe = Scribe::default();
        // Five clouds of nearly the same size: numbers by size alone would differ from side to side.
        let job = job("blobs", |r| (r.exact, r.steps, r.seed) = (exact, Auto::Set(120), 3));
        let outcome = Chain::default().run(&job, &Control::new(), &scribe).expect("it runs");
        let snapshots = scribe.0.into_inner().expect("no panic holds it");
        let looks =
            snapshots.iter().filter(|s| s.learned.as_ref().is_some_and(|l| l.scores.is_some_and(|s| s.acc > 0.9)));
        let mut seen = 0;
        for snapshot in looks {
            let guide = &snapshot.leading_clusters().expect("they come before the training").assignment;
            let learned = &snapshot.learned.as_ref().expect("as filtered").clusters.assignment;
            let baseline = &snapshot.baseline.as_ref().expect("it comes before the training").0.assignment;
            for side in [learned, baseline] {
                assert_eq!(renumbered(side, guide), [0, 1, 2, 3, 4], "with the exact side: {exact}");
            }
            seen += 1;
        }
        assert!(seen > 2, "{seen} looks");
        let model = outcome.model.expect("it was trained");
        let data = &outcome.snapshot.data;
        let applied = model.apply(data.numbers().view(), &eigenscope::nets::Compute::cpu()).expect("its own rows");
        let learned = &outcome.snapshot.learned.as_ref().expect("trained").clusters.assignment;
        let same = applied.clusters.iter().zip(learned).filter(|(a, b)| a == b).count();
        assert!(same > 99 * data.len() / 100, "the model's centres have the same numbers: {same}");
    }
}

#[test]
fn the_network_nearest_to_the_exact_space_is_kept_and_that_is_said() {
    let mut earlier = 0;
    for seed in 0..6 {
        // Small batches and a high rate: the distance falls and grows again.
        let rough = job("moons", |r| {
            (r.seed, r.samples, r.noise) = (seed, Auto::Set(300), Auto::Set(0.2));
            (r.steps, r.batch, r.lr) = (Auto::Set(200), Auto::Set(16), Auto::Set(0.05));
        });
        let outcome = Chain::default().run(&rough, &Control::new(), &Scribe::default()).expect("it runs");
        let distances: Vec<f64> = outcome.curve.iter().filter_map(|p| p.grassmann).collect();
        let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let kept = outcome.snapshot.distance().expect("both sides");
        assert!((kept - least).abs() < 1e-9, "{kept} was kept, {least} was seen: {distances:?}");
        assert_eq!(outcome.kept_look().and_then(|p| p.grassmann), Some(least));
        if outcome.snapshot.kept < outcome.snapshot.step {
            earlier += 1;
            let totals = eigenscope::output::Totals { last: outcome.kept_look(), ..Default::default() };
            let summary = eigenscope::output::Summary::new(&outcome.snapshot, &totals).to_string();
            assert!(summary.contains(&format!("the network after {} kept", outcome.snapshot.kept)), "{summary}");
        }
    }
    assert!(earlier > 0, "the last network is not always the best");
}

#[test]
fn a_run_says_how_it_ended() {
    let ending = |change: fn(&mut Recipe)| run(job("moons", change)).0.ending;
    let few = |r: &mut Recipe| (r.steps, r.last_layer) = (Auto::Set(2), LastLayer::Learned);
    assert_eq!(ending(few), Some(Ending::NotConverged));
    assert_eq!(
        ending(|r| (r.steps, r.hidden, r.batch) = (Auto::Set(150), Hidden::Auto, Auto::Auto)),
        Some(Ending::Converged)
    );
    assert_eq!(ending(|r| r.exact = false), Some(Ending::Complete));
    assert_eq!(ending(|r| r.learn = false), None);
}
