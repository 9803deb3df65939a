//! The stored example: it is small, it is shown in the place of a training, and a training repeats it.

use std::path::Path;

use eigenscope::pipeline::{Chain, Command, Event, Outcome, Worker, example, made_example};
use eigenscope::recipe::Stage;
use eigenscope::support::progress::Control;

use crate::support::listening::{Deaf, ended, listen};

/// What the file may weigh, in bytes.
const MOST: u64 = 300_000;
/// How far the figures of another machine may lie from those stored, as shares: sums of single precision in another order.
const EIGENVALUES: f64 = 1e-2;
/// The share of the samples that may lie in another cluster.
const ELSEWHERE: f64 = 2e-3;

fn file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/example/moons.training")
}

fn shown() -> Outcome {
    let (job, stored) = example().expect("the program has an example");
    Chain::default().show((&job, stored), &Control::new(), &Deaf).expect("it is shown")
}

fn values(outcome: &Outcome) -> Vec<f64> {
    outcome.snapshot.learned.as_ref().expect("a learned side").space.values.clone()
}

#[test]
fn it_is_small_and_shows_all_that_a_training_does() {
    assert!(std::fs::metadata(file()).expect("the file").len() < MOST);
    let outcome = shown();
    let snapshot = &outcome.snapshot;
    assert!(snapshot.network.is_some() && snapshot.model.is_some() && snapshot.exact.is_some());
    assert!(snapshot.unseen.as_ref().is_some_and(|unseen| unseen.sides.is_some()), "the rows held out too");
    assert!(snapshot.distance().is_some_and(|distance| distance < 0.05), "{:?}", snapshot.distance());
    let curve: Vec<(usize, f64)> = outcome.curve.iter().filter_map(|p| Some((p.step, p.grassmann?))).collect();
    assert!(curve.len() >= 5 && curve[0].0 == 1, "its first steps are seen one by one: {curve:?}");
    let (first, last) = (curve[0].1, curve[curve.len() - 1].1);
    assert!(last < 0.2 * first, "it is seen to learn: {first} to {last}");
}

#[test]
fn training_with_the_same_settings_gives_the_same_figures() {
    let (job, stored) = example().expect("the program has an example");
    let shown = shown();
    let mut chain = Chain::default();
    let trained = chain.run(&job, &Control::new(), &Deaf).expect("it trains");
    for (a, b) in values(&shown).iter().zip(values(&trained)) {
        // The lowest is 0 but for rounding.
        assert!((a - b).abs() <= EIGENVALUES * b.abs() + 1e-6, "{a} stored, {b} trained; `just example` makes it anew");
    }
    let clusters = |of: &Outcome| of.snapshot.learned.as_ref().expect("learned").clusters.assignment.clone();
    let (a, b) = (clusters(&shown), clusters(&trained));
    let other = a.iter().zip(&b).filter(|(a, b)| a != b).count();
    assert!(other as f64 <= ELSEWHERE * a.len() as f64, "{other} of {} lie elsewhere", a.len());
    assert_eq!(shown.snapshot.step, trained.snapshot.step, "as many steps");
    let (last, now) = (stored.curve.last().expect("a look"), trained.curve.last().expect("a look"));
    assert!((last.loss - now.loss).abs() <= EIGENVALUES * now.loss.abs() + 1e-6, "{} and {}", last.loss, now.loss);
}

#[test]
fn it_is_not_taken_for_a_training_of_this_window() {
    let (job, stored) = example().expect("the program has an example");
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Show(Box::new((job.clone(), stored))));
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)), "{:?}", heard.last());
    let learned =
        |heard: &[Event]| heard.iter().any(|e| matches!(e, Event::Done { stage: Stage::Learn, kept: true, .. }));
    assert!(learned(&heard), "nothing was trained");
    assert!(heard.iter().any(|e| matches!(e, Event::Curve(_))), "its curves are there");
    worker.send(Command::Start(Box::new(job)));
    let heard = listen(&worker, |e| ended(e) || matches!(e, Event::Curve(_)));
    assert!(!learned(&heard), "Train trains");
}

/// Not a test: `just example` writes the file anew.
#[test]
#[ignore = "it writes the example; `just example`"]
fn the_example_is_made_anew() {
    let bytes = made_example().expect("it trains");
    assert!((bytes.len() as u64) < MOST, "{} bytes", bytes.len());
    std::fs::write(file(), bytes).expect("it is written");
}
