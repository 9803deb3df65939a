//! Painted points: both sides follow while they change, and a training is the command line's on the saved table.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::{Painted, Source, Spot};
use eigenscope::pipeline::live::{Answer, LearnedAs, Live, Wanted};
use eigenscope::pipeline::{Chain, Job};
use eigenscope::recipe::{Auto, DeviceChoice, Hidden};
use eigenscope::support::progress::Control;

use super::by_window::{is_up_to_date, window};
use super::{answer, opened};
use crate::support::listening::Deaf;
use crate::support::waiting::until;

/// Two rings, the outer one in its own class.
fn rings(points: usize) -> Painted {
    Painted::new((0..points).map(|i| {
        let (angle, outer) = (i as f32 * 2.399_963, i % 2);
        let radius = 0.4 + 0.6 * outer as f32 + 0.02 * (i as f32 * 0.7).sin();
        Spot { at: [radius * angle.cos(), radius * angle.sin()], class: outer as u8 + 1 }
    }))
}

fn job(painted: Painted) -> Job {
    let recipe = Recipe { device: DeviceChoice::Cpu, ..Recipe::default() };
    Job { source: Source::Painted(painted), recipe }
}

#[test]
fn both_sides_follow_the_points_and_the_newest_win() {
    let base = opened(&job(rings(40)));
    let live = Live::spawn(|| ()).expect("a thread");
    for points in (40..300).step_by(5) {
        live.want(Wanted { job: job(rings(points)), base: Arc::clone(&base), follow: true });
        std::thread::sleep(Duration::from_millis(3));
    }
    let last = job(rings(300));
    live.want(Wanted { job: last.clone(), base: Arc::clone(&base), follow: true });
    let Answer::Frame(first) = answer(&live, &last) else { panic!("a picture") };
    assert!(first.snapshot.data.len() == 300 && !first.same_samples);
    assert!(matches!(first.learned, LearnedAs::Following(_)), "a network places the points before they are shown");
    assert!(first.snapshot.learned.is_some() && first.snapshot.exact.is_some());
    let deadline = Instant::now() + Duration::from_mins(2);
    let near = loop {
        let Some(Answer::Frame(frame)) = live.latest() else { panic!("a picture") };
        if let (LearnedAs::Following(1..), Some(distance)) = (frame.learned, frame.snapshot.distance()) {
            break distance;
        }
        assert!(Instant::now() < deadline, "it does not learn");
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(near < 0.3, "it comes near to the exact space: {near}");
}

#[test]
fn few_points_and_points_in_one_place_end_in_words() {
    let base = opened(&job(rings(40)));
    let live = Live::spawn(|| ()).expect("a thread");
    let one_place = |n| Painted::new(std::iter::repeat_n(Spot { at: [3.0, 3.0], class: 0 }, n));
    let line = Painted::new((0..30).map(|i| Spot { at: [i as f32, 2.0], class: 0 }));
    let far = Painted::new([-1e30, 0.0, 1.0, 1e30].map(|x| Spot { at: [x, 0.0], class: 0 }));
    let few = [0, 1, 2, 3, 4, 5, 8, 16].map(rings);
    for painted in few.into_iter().chain([one_place(2), one_place(50), line, far]) {
        let wanted = job(painted.clone());
        live.want(Wanted { job: wanted.clone(), base: Arc::clone(&base), follow: true });
        match answer(&live, &wanted) {
            Answer::Frame(frame) => assert_eq!(frame.snapshot.data.len(), painted.len()),
            Answer::Failed(_, failure) => {
                assert!(!failure.reason.contains("internal"), "{painted:?}: {failure:?}");
                assert!(painted.len() > 1 || failure.reason.contains("paint two points"), "{failure:?}");
            }
        }
    }
}

#[test]
fn training_on_painted_points_gives_the_digits_of_a_run_on_the_saved_table() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let small = |source| {
        let recipe = Recipe {
            device: DeviceChoice::Cpu,
            steps: Auto::Set(40),
            hidden: Hidden::Layers(vec![16, 16]),
            neighbors: Auto::Set(8),
            ..Recipe::default()
        };
        Job { source, recipe }
    };
    let mut window = window(small(Source::Painted(rings(80))));
    until(&mut window, "the first picture", |app| app.run().phase == Phase::Ready && is_up_to_date(app));
    // More points while the picture follows.
    let more = rings(150);
    window.state_mut().set_job(small(Source::Painted(more.clone())));
    until(&mut window, "the points", is_up_to_date);
    let seen = window.state().seen().cloned().expect("a picture");
    assert!(seen.data.len() == 150 && seen.exact.is_some() && seen.learned.is_some(), "both sides are live");
    let ctx = window.ctx.clone();
    window.state_mut().start();
    ctx.request_repaint();
    let trained = |app: &App| app.run().phase == Phase::Finished && app.live().is_none();
    until(&mut window, "training", trained);
    let shown = window.state().run().shown.clone().expect("a result");

    let table = folder.path().join("painted.csv");
    std::fs::write(&table, more.csv()).expect("written");
    let run = Chain::default().run(&small(Source::Path(table)), &Control::new(), &Deaf).expect("a run").snapshot;
    assert_eq!(shown.data.name, run.data.name);
    for (ours, theirs) in [(&shown.learned, &run.learned), (&shown.exact, &run.exact)] {
        let (ours, theirs) = (ours.as_ref().expect("a side"), theirs.as_ref().expect("a side"));
        assert_eq!(ours.space.values, theirs.space.values);
        assert_eq!(ours.space.vectors, theirs.space.vectors);
        assert_eq!(ours.clusters.assignment, theirs.clusters.assignment);
        assert_eq!(ours.scores.map(|s| s.acc), theirs.scores.map(|s| s.acc));
    }
    assert_eq!(shown.agreement.as_ref().map(|a| a.grassmann), run.agreement.as_ref().map(|a| a.grassmann));
}
