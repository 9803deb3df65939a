//! Trainings that are stopped: what is kept of them, and how they go on.

use eigenscope::Recipe;
use eigenscope::pipeline::{Chain, Command, CurvePoint, Ending, Event, Job, Stopped, Worker};
use eigenscope::recipe::Stage;
use eigenscope::recipe::{Affinity, Auto, Hidden, Represent, Rows};
use eigenscope::support::progress::Control;

use super::{assert_same, finish, job, kept, run, stopped, waiting_after};
use crate::support::listening::{Deaf, ended, listen};

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

/// The curve as it was told, without what a clock decides.
fn curve(heard: &[Event]) -> Vec<CurvePoint> {
    let point = |e: &Event| if let Event::Curve(p) = e { Some(CurvePoint { seconds: 0.0, ..*p }) } else { None };
    heard.iter().filter_map(point).collect()
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
fn a_training_that_is_stopped_before_its_first_step_says_so() {
    let control = Control::new();
    control.finish_early();
    let outcome = Chain::default().run(&job("moons", |_| ()), &control, &Deaf).expect("it runs");
    let snapshot = &outcome.snapshot;
    assert_eq!((snapshot.ending, snapshot.step, snapshot.kept), (Some(Ending::Stopped), 0, 0));
    assert!(snapshot.learned.is_some() && outcome.kept_look().is_none());
}
