//! Training as a person commands it: through the worker, and through the window's own keys.

mod by_window;
mod recorded;
mod said;

use std::sync::Arc;

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::pipeline::{Chain, Command, CurvePoint, Ending, Event, Job, Snapshot, Stopped, Worker};
use eigenscope::recipe::Stage;
use eigenscope::recipe::{
    Affinity, Auto, DeviceChoice, Gradient, Hidden, Inference, Laplacian, Objective, Represent, Rows, System,
};
use eigenscope::support::progress::Control;

use crate::support::listening::{Deaf, ended, listen};

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

/// The curve as it was told, without what a clock decides.
fn curve(heard: &[Event]) -> Vec<CurvePoint> {
    let point = |e: &Event| if let Event::Curve(p) = e { Some(CurvePoint { seconds: 0.0, ..*p }) } else { None };
    heard.iter().filter_map(point).collect()
}

fn stopped(heard: &[Event]) -> Option<Stopped> {
    heard.iter().find_map(|e| if let Event::Stopped(s) = e { Some(*s) } else { None })
}

fn kept(heard: &[Event], stage: Stage) -> Option<bool> {
    let of = |e: &Event| if let Event::Done { stage: s, kept, .. } = e { (*s == stage).then_some(*kept) } else { None };
    heard.iter().find_map(of)
}

fn finish(worker: &Worker, command: Command) -> Vec<Event> {
    worker.send(command);
    let heard = listen(worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)), "{heard:?}");
    heard
}

fn assert_same(one: &Snapshot, other: &Snapshot) {
    let (a, b) = (one.learned.as_ref().expect("learned"), other.learned.as_ref().expect("learned"));
    assert_eq!((one.step, &a.space.values), (other.step, &b.space.values));
    assert_eq!(a.space.vectors, b.space.vectors);
    assert_eq!(a.clusters.assignment, b.clusters.assignment);
}

#[test]
fn a_stopped_training_goes_on_and_ends_where_an_unbroken_one_ends() {
    let job = job("moons", |_| ());
    let (unbroken, whole) = run(job.clone());
    // Between two looks, at one, and before the first.
    for steps in [23, 20, 1] {
        let worker = waiting_after(steps, &job);
        let heard = finish(&worker, Command::StopAndKeep);
        assert_eq!(stopped(&heard), Some(Stopped { stage: Stage::Learn, step: steps, steps: 60 }));
        assert_eq!(worker.latest().expect("a result").step, steps);
        let heard = finish(&worker, Command::Continue(Box::new(job.clone())));
        assert_same(&unbroken, &worker.latest().expect("a result"));
        assert_eq!(curve(&heard), curve(&whole), "stopped after {steps}");
        assert_eq!(stopped(&heard), None);
        let heard = finish(&worker, Command::Start(Box::new(job.clone())));
        assert_eq!(kept(&heard, Stage::Learn), Some(true), "now it is the result");
    }
}

#[test]
fn a_stopped_training_is_no_result_for_good() {
    let job = job("moons", |_| ());
    let (unbroken, whole) = run(job.clone());
    let worker = waiting_after(23, &job);
    finish(&worker, Command::StopAndKeep);
    let other = Job { recipe: Recipe { rows: Rows::Normalized, ..job.recipe.clone() }, ..job.clone() };
    let heard = finish(&worker, Command::Start(Box::new(other.clone())));
    assert_eq!((kept(&heard, Stage::Exact), kept(&heard, Stage::Learn)), (Some(true), Some(false)));

    let worker = waiting_after(23, &job);
    finish(&worker, Command::StopAndKeep);
    finish(&worker, Command::Open(Box::new(job.clone())));
    let heard = finish(&worker, Command::Start(Box::new(job.clone())));
    assert_eq!((kept(&heard, Stage::Learn), curve(&heard)), (Some(false), curve(&whole)));
    assert_same(&unbroken, &worker.latest().expect("a result"));
}

#[test]
fn a_training_that_other_work_cancelled_can_go_on() {
    let moons = job("moons", |_| ());
    let (unbroken, _) = run(moons.clone());
    let worker = waiting_after(23, &moons);
    finish(&worker, Command::Open(Box::new(job("circles", |_| ()))));
    let heard = finish(&worker, Command::Continue(Box::new(moons.clone())));
    assert_same(&unbroken, &worker.latest().expect("a result"));
    assert!(!heard.iter().any(|e| matches!(e, Event::Note(n) if n.contains("begins anew"))), "{heard:?}");

    let worker = waiting_after(23, &moons);
    worker.send(Command::Cancel);
    finish(&worker, Command::Start(Box::new(job("circles", |_| ()))));
    let heard = finish(&worker, Command::Continue(Box::new(moons)));
    assert!(heard.iter().any(|e| matches!(e, Event::Note(n) if n.contains("begins anew"))), "it made room");
    assert_same(&unbroken, &worker.latest().expect("a result"));
}

#[test]
fn after_a_reset_a_run_is_told_again_with_all_its_curves() {
    let job = job("moons", |r| {
        r.represent = Represent::Autoencoder;
        r.encoder = Hidden::Layers(vec![16, 2]);
        r.encoder_steps = Auto::Set(40);
        r.affinity = Affinity::Siamese;
        r.siamese = Hidden::Layers(vec![16, 2]);
        r.siamese_steps = Auto::Set(40);
    });
    let worker = Worker::spawn(|| ()).expect("a thread");
    let first = finish(&worker, Command::Start(Box::new(job.clone())));
    let before = worker.latest().expect("a result");
    finish(&worker, Command::Open(Box::new(job.clone())));
    assert!(worker.latest().is_some_and(|s| s.learned.is_none()));
    let again = finish(&worker, Command::Start(Box::new(job)));
    assert_eq!(kept(&again, Stage::Learn), Some(true));
    let prepared = |heard: &[Event]| heard.iter().filter(|e| matches!(e, Event::Prepared(_))).count();
    assert!(prepared(&first) >= 4 && curve(&first).len() >= 2, "{first:?}");
    assert_eq!((prepared(&again), curve(&again)), (prepared(&first), curve(&first)));
    assert_same(&before, &worker.latest().expect("a result"));
}

#[test]
fn stopped_codes_are_no_result_and_nothing_on_them_is() {
    let of = |stage: Stage| {
        job("moons", |r| {
            let steps = Auto::Set(20_000);
            if stage == Stage::Represent {
                (r.represent, r.encoder_steps) = (Represent::Autoencoder, steps);
                r.encoder = Hidden::Layers(vec![16, 2]);
            } else {
                (r.affinity, r.siamese_steps) = (Affinity::Siamese, steps);
                r.siamese = Hidden::Layers(vec![16, 2]);
            }
        })
    };
    for stage in [Stage::Represent, Stage::Metric] {
        let worker = Worker::spawn(|| ()).expect("a thread");
        worker.send(Command::Start(Box::new(of(stage))));
        listen(&worker, |e| matches!(e, Event::Prepared(p) if p.stage == stage));
        let heard = finish(&worker, Command::StopAndKeep);
        assert!(stopped(&heard).is_some_and(|s| s.stage == stage && s.step < s.steps), "{heard:?}");
        worker.send(Command::Start(Box::new(of(stage))));
        let heard = listen(&worker, |e| ended(e) || matches!(e, Event::Prepared(p) if p.stage == stage));
        assert!(matches!(heard.last(), Some(Event::Prepared(_))), "{stage:?} is trained anew: {heard:?}");
    }
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

#[test]
fn a_training_that_is_stopped_before_its_first_step_says_so() {
    let control = Control::new();
    control.finish_early();
    let outcome = Chain::default().run(&job("moons", |_| ()), &control, &Deaf).expect("it runs");
    let snapshot = &outcome.snapshot;
    assert_eq!((snapshot.ending, snapshot.step, snapshot.kept), (Some(Ending::Stopped), 0, 0));
    assert!(snapshot.learned.is_some() && outcome.kept_look().is_none());
}
