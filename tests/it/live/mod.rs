//! The live picture: what it draws while a knob is turned, and that a training afterwards is the command line's.

mod by_window;
mod painting;

use std::sync::Arc;
use std::time::{Duration, Instant};

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::pipeline::live::{Answer, Frame, LearnedAs, Live, MOST_LIVE, Wanted, refusal};
use eigenscope::pipeline::{Chain, Command, Event, Job, Snapshot, Worker};
use eigenscope::recipe::{Auto, DeviceChoice, Distance, Laplacian, Represent, Scale};
use eigenscope::support::progress::Control;

use crate::support::listening::{Deaf, ended, listen};

fn job(name: &str, change: impl FnOnce(&mut Recipe)) -> Job {
    let mut recipe = Recipe { device: DeviceChoice::Cpu, samples: Auto::Set(600), ..Recipe::default() };
    change(&mut recipe);
    Job { source: Source::Named(name.to_owned()), recipe }
}

/// The data of a job, opened.
fn opened(job: &Job) -> Arc<Snapshot> {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(Command::Open(Box::new(job.clone())));
    assert!(matches!(listen(&worker, ended).last(), Some(Event::Finished)));
    worker.latest().expect("the data")
}

fn answer(live: &Live, job: &Job) -> Answer {
    let deadline = Instant::now() + Duration::from_mins(2);
    loop {
        if let Some(answer) = live.latest().filter(|answer| answer.job() == job) {
            return answer;
        }
        assert!(Instant::now() < deadline, "no answer");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn frame(live: &Live, base: &Arc<Snapshot>, job: &Job) -> Arc<Frame> {
    live.want(Wanted { job: job.clone(), base: Arc::clone(base), follow: false });
    match answer(live, job) {
        Answer::Frame(frame) => frame,
        Answer::Failed(_, failure) => panic!("{failure:?}"),
    }
}

/// Inner products of the columns of two pictures of the same samples, each over the lengths of both.
fn products(before: &Frame, now: &Frame) -> Vec<f64> {
    let [a, b] = [before, now].map(|frame| frame.snapshot.exact.clone().expect("an exact side"));
    let (mass, mut products) = (&now.snapshot.operator.as_ref().expect("a graph").mass, Vec::new());
    for (u, v) in a.space.vectors.columns().into_iter().zip(b.space.vectors.columns()) {
        let dot = |x: &ndarray::ArrayView1<'_, f64>, y: &ndarray::ArrayView1<'_, f64>| -> f64 {
            x.iter().zip(y).zip(mass.iter()).map(|((x, y), m)| x * y * m).sum()
        };
        products.push(dot(&u, &v) / (dot(&u, &u) * dot(&v, &v)).sqrt());
    }
    products
}

/// The share of samples whose cluster has the number that it had before.
fn same_numbers(before: &Frame, now: &Frame) -> f64 {
    let [a, b] =
        [before, now].map(|frame| frame.snapshot.exact.as_ref().expect("an exact side").clusters.assignment.clone());
    a.iter().zip(&b).filter(|(a, b)| a == b).count() as f64 / a.len() as f64
}

#[test]
fn nothing_flips_while_neighbours_scale_laplacian_and_noise_are_turned() {
    for name in ["moons", "circles", "digits"] {
        let start = job(name, |r| {
            if name == "digits" {
                r.limit = 500;
            }
        });
        let base = opened(&start);
        let live = Live::spawn(|| ()).expect("a thread");
        let mut before = frame(&live, &base, &start);
        let turned = [3, 4, 6, 9, 14, 22, 35, 60, 61, 40, 18, 5].map(|k| {
            let neighbors = Auto::Set(k);
            Job { recipe: Recipe { neighbors, ..start.recipe.clone() }, ..start.clone() }
        });
        let with = |change: &dyn Fn(&mut Recipe)| {
            let mut job = start.clone();
            change(&mut job.recipe);
            job
        };
        let others = [
            with(&|r| r.scale = Scale::Local),
            with(&|r| r.scale = Scale::Fixed(0.4)),
            with(&|r| r.laplacian = Laplacian::Unnormalized),
            with(&|r| r.distance = Distance::Correlation),
            start.clone(),
        ];
        let others = if name == "digits" { &others[..] } else { &others[..3] };
        for job in turned.iter().chain(others) {
            let now = frame(&live, &base, job);
            for (j, product) in products(&before, &now).into_iter().enumerate() {
                assert!(product > -1e-9, "{name}, {:?}: vector {} turned over: {product}", job.recipe.neighbors, j + 1);
            }
            let exact = now.snapshot.exact.as_ref().expect("an exact side");
            let first = exact.space.vectors.column(0);
            assert!(first.iter().all(|v| (v - first[0]).abs() < 1e-6), "the constant vector stays the first");
            before = now;
        }
    }
    // Clusters that stay what they are keep their colours, also where the points move.
    let start = job("moons", |_| ());
    let (base, live) = (opened(&start), Live::spawn(|| ()).expect("a thread"));
    let mut before = frame(&live, &base, &start);
    for (noise, samples) in [(0.05, 600), (0.06, 600), (0.07, 600), (0.07, 700), (0.07, 500)] {
        let job = job("moons", |r| (r.noise, r.samples) = (Auto::Set(noise), Auto::Set(samples)));
        let now = frame(&live, &base, &job);
        assert!(!now.same_samples && now.snapshot.data.len() == samples);
        if samples == before.snapshot.data.len() {
            assert!(same_numbers(&before, &now) > 0.95, "{noise}: {}", same_numbers(&before, &now));
            assert!(products(&before, &now).into_iter().all(|p| p > 0.0));
        }
        // The upper moon stays on its side: by the mean of the Fiedler vector over the first class.
        let side = |frame: &Frame| {
            let exact = frame.snapshot.exact.clone().expect("an exact side");
            let labels = frame.snapshot.data.labels.clone().expect("moons have classes");
            (0..labels.ids.len()).filter(|&i| labels.ids[i] == 0).map(|i| exact.space.vectors[(i, 1)]).sum::<f64>()
                > 0.0
        };
        assert_eq!(side(&before), side(&now), "{samples} samples");
        before = now;
    }
}

#[test]
fn a_live_picture_is_the_exact_side_that_a_run_has() {
    for change in [
        (|r: &mut Recipe| r.neighbors = Auto::Set(7)) as fn(&mut Recipe),
        |r| (r.neighbors, r.scale) = (Auto::Set(23), Scale::Local),
        |r| r.clusters = Auto::Set(5),
        |r| r.noise = Auto::Set(0.2),
    ] {
        let start = job("moons", |_| ());
        let (base, live) = (opened(&start), Live::spawn(|| ()).expect("a thread"));
        frame(&live, &base, &start);
        let job = job("moons", |r| {
            change(r);
            r.learn = false;
        });
        let now = frame(&live, &base, &job);
        let run = Chain::default().run(&job, &Control::new(), &Deaf).expect("a run").snapshot;
        let (live, run) = (now.snapshot.exact.clone().expect("a side"), run.exact.clone().expect("a side"));
        assert_eq!(live.space.values, run.space.values);
        for (a, b) in live.space.vectors.columns().into_iter().zip(run.space.vectors.columns()) {
            let sign = if a.dot(&b) < 0.0 { -1.0 } else { 1.0 };
            assert!(a.iter().zip(b).all(|(a, b)| (a - sign * b).abs() < 1e-9));
        }
        assert!(eigenscope::measure::adjusted_rand(&live.clusters.assignment, &run.clusters.assignment) > 0.999);
    }
}

#[test]
fn many_samples_are_stood_for_by_a_fair_sample_and_what_cannot_be_is_told() {
    let start = job("moons", |r| r.samples = Auto::Set(12_000));
    let (base, live) = (opened(&start), Live::spawn(|| ()).expect("a thread"));
    let now = frame(&live, &base, &start);
    assert_eq!((now.snapshot.data.len(), now.sample_of, now.same_samples), (MOST_LIVE, Some(12_000), false));
    let labels = now.snapshot.data.labels.clone().expect("moons have classes");
    let first = labels.ids.iter().filter(|&&id| id == 0).count();
    assert!((2300..2700).contains(&first), "both moons are drawn: {first}");

    let few = job("moons", |r| r.neighbors = Auto::Set(20_000));
    live.want(Wanted { job: few.clone(), base: Arc::clone(&base), follow: false });
    let Answer::Failed(_, failure) = answer(&live, &few) else { panic!("no such graph") };
    assert!(failure.reason.contains("--neighbors 20000") && !failure.remedies.is_empty(), "{failure:?}");

    let refused = |change: fn(&mut Recipe)| refusal(&job("moons", change), &base);
    assert!(refused(|r| r.represent = Represent::Autoencoder).is_some_and(|why| why.contains("codes")));
    assert!(refused(|r| r.exact = false).is_some_and(|why| why.contains("exact")));
    assert_eq!(refused(|r| r.noise = Auto::Set(0.3)), None);
}

#[test]
fn a_trained_network_goes_on_from_its_weights_and_comes_nearer_to_the_new_space() {
    let trained = job("moons", |r| r.neighbors = Auto::Set(12));
    let base = Arc::new(Chain::default().run(&trained, &Control::new(), &Deaf).expect("a run").snapshot);
    let live = Live::spawn(|| ()).expect("a thread");
    for turned in [job("moons", |r| r.neighbors = Auto::Set(40)), job("moons", |r| r.noise = Auto::Set(0.12))] {
        live.want(Wanted { job: turned.clone(), base: Arc::clone(&base), follow: true });
        let Answer::Frame(first) = answer(&live, &turned) else { panic!("a picture") };
        let same = turned.recipe.noise == Auto::Auto;
        assert!(first.learned != LearnedAs::Missing || !same, "the older network is shown until it follows");
        let deadline = Instant::now() + Duration::from_mins(2);
        let far = loop {
            let Some(Answer::Frame(frame)) = live.latest() else { panic!("a picture") };
            if let (LearnedAs::Following(steps), Some(distance)) = (frame.learned, frame.snapshot.distance())
                && steps >= 1
            {
                break distance;
            }
            assert!(Instant::now() < deadline, "it does not follow");
            std::thread::sleep(Duration::from_millis(5));
        };
        assert!(far < 0.1, "{far}");
        live.rest();
    }
}
