//! Training as a person commands it: through the worker, and through the window's own keys.

mod listening;

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::app::run::Phase;
use eigenscope::learn::{Command, Event, Job, Snapshot, Source, Stage, Worker};
use eigenscope::recipe::{Auto, DeviceChoice, Gradient, Hidden, Inference, Laplacian, Objective, System};
use listening::{ended, listen};

fn job(name: &str, change: impl FnOnce(&mut Recipe)) -> Job {
    let mut recipe = Recipe {
        device: DeviceChoice::Cpu,
        samples: Auto::Set(600),
        steps: Auto::Set(60),
        hidden: Hidden::Layers(vec![32, 32]),
        batch: Auto::Set(64),
        ..Recipe::default()
    };
    change(&mut recipe);
    Job { source: Source::Named(name.to_owned()), recipe }
}

fn run(job: Job) -> (Arc<Snapshot>, Vec<Event>) {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Start(Box::new(job)));
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)), "{:?}", heard.last());
    (worker.latest().expect("a result"), heard)
}

#[test]
fn a_pause_with_steps_changes_nothing() {
    let (unbroken, _) = run(job("moons", |_| ()));
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Pause); // No job yet: nothing may happen.
    worker.send(Command::Start(Box::new(job("moons", |_| ()))));
    listen(&worker, |e| matches!(e, Event::Curve(_)));
    worker.send(Command::Pause);
    worker.send(Command::Step(20));
    // The thread says that it waits again once the 20 steps are taken.
    let mut waits = 0;
    listen(&worker, |e| {
        waits += usize::from(matches!(e, Event::Paused(true)));
        waits >= 2 || ended(e)
    });
    worker.send(Command::Resume);
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)));
    let broken = worker.latest().expect("a result");
    let (one, other) = (unbroken.learned.as_ref().expect("learned"), broken.learned.as_ref().expect("learned"));
    assert_eq!(unbroken.step, broken.step);
    assert_eq!(one.space.values, other.space.values);
    assert_eq!(one.space.vectors, other.space.vectors);
    assert_eq!(one.clusters.assignment, other.clusters.assignment);
}

#[test]
fn enough_keeps_what_was_learned() {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Start(Box::new(job("moons", |r| r.steps = Auto::Set(100_000)))));
    listen(&worker, |e| matches!(e, Event::Curve(_)));
    worker.send(Command::StopAndKeep);
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)));
    let result = worker.latest().expect("a result");
    assert!(result.learned.is_some() && result.step < 100_000);
}

#[test]
fn a_new_job_takes_the_place_of_the_running_one_and_keeps_its_stages() {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Start(Box::new(job("moons", |r| r.steps = Auto::Set(100_000)))));
    listen(&worker, |e| matches!(e, Event::Curve(_)));
    worker.send(Command::Start(Box::new(job("moons", |r| r.lr = Auto::Set(2e-3)))));
    let heard = listen(&worker, ended);
    let kept: Vec<_> = heard
        .iter()
        .filter_map(|e| if let Event::Done { stage, kept, .. } = e { Some((*stage, *kept)) } else { None })
        .collect();
    for stage in [Stage::Load, Stage::Neighbours, Stage::Affinity, Stage::Exact] {
        assert!(kept.contains(&(stage, true)), "{stage:?} did not change: {kept:?}");
    }
    assert!(kept.contains(&(Stage::Learn, false)));
    assert_eq!(worker.latest().expect("a result").step, 60);
}

#[test]
fn what_is_to_be_known_of_the_data_is_said_once() {
    let worker = Worker::spawn(|| ()).expect("a thread");
    let digits = Box::new(job("digits", |r| r.learn = false));
    worker.send(Command::Open(digits.clone()));
    let mut heard = listen(&worker, ended);
    worker.send(Command::Start(digits));
    heard.extend(listen(&worker, ended));
    let constant = heard.iter().filter(|e| matches!(e, Event::Note(note) if note.contains("constant"))).count();
    assert_eq!(constant, 1, "{heard:?}");
}

#[test]
fn a_failure_leaves_the_worker_ready() {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Start(Box::new(job("moons", |r| r.neighbors = Auto::Set(10_000)))));
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Failed(why)) if why.reason.contains("--neighbors")), "{heard:?}");
    worker.send(Command::Start(Box::new(job("moons", |_| ()))));
    assert!(matches!(listen(&worker, ended).last(), Some(Event::Finished)));
}

#[test]
fn the_learned_space_reaches_the_exact_one_under_both_operators() {
    for (name, laplacian, most) in [
        ("moons", Laplacian::RandomWalk, 0.01),
        ("circles", Laplacian::RandomWalk, 0.01),
        ("circles", Laplacian::Unnormalized, 0.02),
    ] {
        let (result, _) = run(job(name, |r| {
            r.samples = Auto::Set(1500);
            r.steps = Auto::Auto;
            r.hidden = Hidden::Auto;
            r.batch = Auto::Auto;
            r.laplacian = laplacian;
        }));
        let distance = result.agreement.as_ref().expect("both sides ran").grassmann / 2.0;
        assert!(distance < most, "{name}, {laplacian:?}: {distance}");
        let acc = |s: &Option<Arc<eigenscope::learn::Solution>>| s.as_ref().and_then(|s| s.scores).map(|s| s.acc);
        assert!(acc(&result.learned).is_some_and(|acc| acc > 0.99) && acc(&result.exact).is_some_and(|acc| acc > 0.99));
    }
}

#[test]
fn a_supervised_training_obeys_the_same_commands_and_is_kept_for_another_inference() {
    let toy = |change: fn(&mut Recipe)| {
        job("dscl-toy", |r| {
            r.system = System::Dscl;
            r.samples = Auto::Set(2100);
            r.batch = Auto::Set(120);
            change(r);
        })
    };
    let (unbroken, _) = run(toy(|_| ()));
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Start(Box::new(toy(|_| ()))));
    listen(&worker, |e| matches!(e, Event::Curve(p) if p.recall.is_some()));
    worker.send(Command::Pause);
    worker.send(Command::Step(7));
    let mut waits = 0;
    listen(&worker, |e| {
        waits += usize::from(matches!(e, Event::Paused(true)));
        waits >= 2 || ended(e)
    });
    worker.send(Command::Resume);
    assert!(matches!(listen(&worker, ended).last(), Some(Event::Finished)));
    let broken = worker.latest().expect("a result");
    assert_eq!(unbroken.supervised, broken.supervised, "a pause changes nothing");
    assert!(broken.exact.is_none() && broken.operator.is_none());

    worker.send(Command::Start(Box::new(toy(|r| r.inference = Inference::Direct))));
    let heard = listen(&worker, ended);
    assert!(heard.iter().any(|e| matches!(e, Event::Done { stage: Stage::Learn, kept: true, .. })));
    assert!(heard.iter().any(|e| matches!(e, Event::Note(note) if note.contains("supervised"))));
    let other = worker.latest().and_then(|s| s.supervised.clone()).expect("scores");
    assert_eq!(other.inference, "direct");

    worker.send(Command::Start(Box::new(toy(|r| r.steps = Auto::Set(100_000)))));
    listen(&worker, |e| matches!(e, Event::Curve(_)));
    worker.send(Command::StopAndKeep);
    assert!(matches!(listen(&worker, ended).last(), Some(Event::Finished)));
    assert!(worker.latest().is_some_and(|s| s.step < 100_000 && s.supervised.is_some()));
}

#[test]
fn the_papers_variants_run_too() {
    for (objective, gradient) in [
        (Objective::BatchGraph, Gradient::Frozen),
        (Objective::BatchGraph, Gradient::Through),
        (Objective::Walk, Gradient::Frozen),
    ] {
        let (result, heard) = run(job("blobs", |r| {
            r.objective = objective;
            r.gradient = gradient;
        }));
        assert!(result.learned.is_some(), "{objective:?}, {gradient:?}");
        assert!(
            heard
                .iter()
                .any(|e| matches!(e, Event::Curve(p) if p.loss.is_finite() && p.orthogonality_batch.is_finite()))
        );
    }
}

#[test]
fn more_outputs_than_a_batch_has_rank_end_no_run() {
    let (result, _) = run(job("moons", |r| {
        r.batch = Auto::Set(2);
        r.eigenvectors = Auto::Set(9);
    }));
    assert!(result.learned.is_some());
}

/// A window on a real worker, driven by its own controls.
fn window(job: Job) -> Harness<'static, App> {
    let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
    Harness::builder().with_size([1280.0, 800.0]).with_max_steps(40).build_eframe(move |cc| App::new(cc, engine, job))
}

fn until(window: &mut Harness<'static, App>, what: &str, done: impl Fn(&App) -> bool) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while !done(window.state()) {
        assert!(Instant::now() < deadline, "{what}: still {:?}", window.state().run().phase);
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    window.run_steps(2);
}

#[test]
fn the_window_trains_by_its_own_keys_and_shows_the_result() {
    let mut window = window(job("circles", |r| {
        r.steps = Auto::Set(150);
        r.hidden = Hidden::Auto;
        r.batch = Auto::Auto;
    }));
    until(&mut window, "opening", |app| app.run().phase == Phase::Ready);
    window.key_press(Key::Space);
    until(&mut window, "training", |app| app.run().phase == Phase::Finished);
    let shown = window.state().run().shown.clone().expect("a result is shown");
    let learned = shown.learned.as_ref().expect("it was trained");
    assert!(learned.scores.is_some_and(|s| s.acc > 0.99), "{:?}", learned.scores);
    assert!(shown.agreement.as_ref().is_some_and(|a| a.grassmann < 0.05), "{:?}", shown.agreement);
    assert!(!window.state().run().curve.is_empty());
    assert!(window.query_by_label("600 × 2").is_some());
}
