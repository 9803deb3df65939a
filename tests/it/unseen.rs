//! Rows that a training never saw: measured beside Nyström's extension, the same each time, and refused where that makes no sense.

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::pipeline::{Job, Variation, unseen};
use eigenscope::recipe::{Auto, DeviceChoice, Represent};
use eigenscope::support::progress::Control;

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

#[test]
fn what_cannot_be_measured_is_refused_in_words() {
    let refused = |job: Job, share| {
        unseen(&job, (share, 1), &[Variation::NONE], &Control::new(), &Deaf).expect_err("it cannot be").to_string()
    };
    assert!(refused(job(|_| ()), 1.0).contains("--share 1"));
    assert!(refused(job(|r| r.represent = Represent::Autoencoder), 0.4).contains("between features"));
    assert!(refused(job(|r| r.samples = Auto::Set(4)), 0.9).contains("each side needs two"));
}
