//! Training as a person commands it: through the worker, and through the window's own keys.

mod by_window;
mod recorded;
mod said;
mod stopping;

use std::sync::Arc;

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::pipeline::{Command, Event, Job, Snapshot, Stopped, Worker};
use eigenscope::recipe::Stage;
use eigenscope::recipe::{Auto, DeviceChoice, Gradient, Hidden, Inference, Laplacian, Objective, System};

use crate::support::listening::{ended, listen};

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

/// A worker whose training waits after so many steps.
fn waiting_after(steps: usize, job: &Job) -> Worker {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Start(Box::new(job.clone())));
    worker.send(Command::Pause);
    worker.send(Command::Step(steps));
    // The thread says that it waits too.
    let mut waits = 0;
    listen(&worker, |e| {
        waits += usize::from(matches!(e, Event::Paused(true)));
        waits >= 2 || ended(e)
    });
    worker
}

fn stopped(heard: &[Event]) -> Option<Stopped> {
    heard.iter().find_map(|e| if let Event::Stopped(s) = e { Some(*s) } else { None })
}

fn kept(heard: &[Event], stage: Stage) -> Option<bool> {
    let of = |e: &Event| if let Event::Done { stage: s, kept, .. } = e { (*s == stage).then_some(*kept) } else { None };
    heard.iter().find_map(of)
}

fn assert_same(one: &Snapshot, other: &Snapshot) {
    let (a, b) = (one.learned.as_ref().expect("learned"), other.learned.as_ref().expect("learned"));
    assert_eq!((one.step, &a.space.values), (other.step, &b.space.values));
    assert_eq!(a.space.vectors, b.space.vectors);
    assert_eq!(a.clusters.assignment, b.clusters.assignment);
}

fn finish(worker: &Worker, command: Command) -> Vec<Event> {
    worker.send(command);
    let heard = listen(worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)), "{heard:?}");
    heard
}

#[test]
fn a_setting_that_cannot_be_is_refused_before_the_picture_changes() {
    let worker = Worker::spawn(|| ()).expect("a thread");
    finish(&worker, Command::Start(Box::new(job("moons", |_| ()))));
    let before = worker.latest().expect("a result");
    worker.send(Command::Start(Box::new(job("moons", |r| r.neighbors = Auto::Set(10_000)))));
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Failed(why)) if why.reason.contains("--neighbors")), "{heard:?}");
    assert!(worker.latest().is_some_and(|s| Arc::ptr_eq(&s, &before)));
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
        let acc = |s: &Option<Arc<eigenscope::pipeline::Solution>>| s.as_ref().and_then(|s| s.scores).map(|s| s.acc);
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

    let worker = waiting_after(57, &toy(|_| ()));
    let heard = finish(&worker, Command::StopAndKeep);
    assert!(stopped(&heard).is_some_and(|s| s.step == 57), "{heard:?}");
    assert!(worker.latest().is_some_and(|s| s.step == 57 && s.supervised.is_some()));
    let heard = finish(&worker, Command::Continue(Box::new(toy(|_| ()))));
    assert_eq!(stopped(&heard), None);
    assert_eq!(worker.latest().and_then(|s| s.supervised.clone()), unbroken.supervised, "neither does a stop");
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

#[test]
fn what_auto_took_is_kept_when_it_is_set_by_hand() {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Start(Box::new(job("moons", |_| ()))));
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)));
    let first = worker.latest().expect("a result");
    let taken = first.job.recipe.worked_out(&first.facts).training;
    worker.send(Command::Start(Box::new(job("moons", |r| {
        r.neighbors = Auto::Set(15);
        r.clusters = Auto::Set(2);
        r.lr = Auto::Set(taken.lr);
        r.fourier = Auto::Set(taken.fourier);
        r.walk = Auto::Set(taken.walk.expect("the spectrum is known"));
    }))));
    let heard = listen(&worker, ended);
    for event in &heard {
        if let Event::Done { stage, kept, .. } = event {
            assert!(*kept || *stage == Stage::Clusters, "{stage:?} was done again: {heard:?}");
        }
    }
    let second = worker.latest().expect("a result");
    assert_eq!(first.step, second.step);
}
