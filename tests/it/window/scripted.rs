//! A run that plays itself: a small real dataset with a real neighbour graph, and eigenvectors as a solver would find them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use eigenscope::app::Engine;
use eigenscope::data::Source;
use eigenscope::data::{Dataset, load};
use eigenscope::graph::Eigenspace;
use eigenscope::graph::{Components, Csr, Operator};
use eigenscope::measure::{Agreement, Clustering, Scores};
use eigenscope::pipeline::{
    Command, Event, Failure, Job, Placed, Recording, Sides, Snapshot, Solution, Stopped, Unseen,
};
use eigenscope::pipeline::{CurvePoint, Ending};
use eigenscope::recipe::Facts;
use eigenscope::recipe::Stage;
use eigenscope::recipe::{Auto, Laplacian};
use eigenscope::support::progress::Progress;
use ndarray::Array2;

/// Evaluations of a scripted training.
const EVALUATIONS: usize = 40;
const STEPS_EACH: usize = 25;

/// What the test and the window share.
#[derive(Default)]
pub(crate) struct Script {
    /// Everything the window sent.
    pub(crate) commands: Vec<Command>,
    events: VecDeque<Event>,
    snapshot: Option<Arc<Snapshot>>,
    serial: u64,
    evaluation: usize,
    job: Option<Job>,
    training: bool,
    /// How the training ends, where it is not as its steps say.
    pub(crate) ending: Option<Ending>,
    /// Jobs do not get through loading.
    pub(crate) hold: bool,
    /// The next job ends with this error, at once or once its data was shown.
    pub(crate) fail_with: Option<String>,
    /// The same with ways out.
    pub(crate) fail_as: Option<Failure>,
    pub(crate) fail_late: bool,
}

/// The engine that plays a script.
pub(crate) struct Scripted(pub(crate) Rc<RefCell<Script>>);

impl Engine for Scripted {
    fn send(&self, command: Command) {
        self.0.borrow_mut().receive(command);
    }

    fn drain(&mut self) -> Vec<Event> {
        self.0.borrow_mut().events.drain(..).collect()
    }

    fn latest(&self) -> Option<Arc<Snapshot>> {
        self.0.borrow().snapshot.clone()
    }
}

/// A job on a built-in set.
pub(crate) fn job(name: &str) -> Job {
    let recipe = eigenscope::Recipe { samples: Auto::Set(800), limit: 600, ..eigenscope::Recipe::default() };
    Job { source: Source::Named(name.to_owned()), recipe }
}

impl Script {
    /// Tells the window something out of turn.
    pub(crate) fn tell(&mut self, event: Event) {
        self.events.push_back(event);
    }

    fn receive(&mut self, command: Command) {
        self.commands.push(command.clone());
        match command {
            Command::Open(job) => self.open(&job, true),
            Command::Start(job) => self.open(&job, false),
            Command::Show(of) => {
                self.open(&of.0, false);
                self.play_to_end();
            }
            Command::Pause => self.events.push_back(Event::Paused(true)),
            Command::Resume => self.events.push_back(Event::Paused(false)),
            Command::Step(_) => {
                self.evaluate();
                self.events.push_back(Event::Paused(true));
            }
            Command::StopAndKeep => {
                let (step, steps) = (self.evaluation * STEPS_EACH, EVALUATIONS * STEPS_EACH);
                self.events.push_back(Event::Stopped(Stopped { stage: Stage::Learn, step, steps }));
                self.finish();
            }
            Command::Continue(_) => {
                self.events.push_back(Event::Started);
                self.training = true;
            }
            Command::Cancel => self.training = false,
            Command::Compare(plan) => {
                let (space, seed) = plan.missing()[0];
                self.events.push_back(Event::Comparing { space, seed, run: 1, runs: plan.missing().len() });
            }
            Command::EndComparison => self.events.push_back(Event::ComparisonEnded(None)),
            Command::Sweep(sweep) => {
                self.events.push_back(Event::Sweeping { at: 0, of: sweep.items.len() });
            }
            Command::EndSweep => self.events.push_back(Event::SweepEnded(None)),
        }
    }

    /// The data that was held is opened now.
    pub(crate) fn opens_held(&mut self) {
        if let Some(job) = self.job.clone() {
            self.open(&job, true);
        }
    }

    fn open(&mut self, job: &Job, only: bool) {
        self.job = Some(job.clone());
        self.events.push_back(Event::Started);
        if let Some(failure) = self.fail_with.take().map(Failure::from).or(self.fail_as.take()) {
            if self.fail_late {
                let data = load(&job.source, &job.recipe, &Progress::silent()).expect("a built-in set loads");
                self.publish(before_solvers(job, data));
            }
            self.events.push_back(Event::Failed(failure));
            return;
        }
        if self.hold {
            self.events.push_back(Event::Progress(Stage::Load, 0.4, "reading".to_owned()));
            return;
        }
        let data = match load(&job.source, &job.recipe, &Progress::silent()) {
            Ok(data) => data,
            Err(error) => return self.events.push_back(Event::Failed(Failure::from(error.to_string()))),
        };
        self.done(Stage::Load, 0.031);
        self.publish(before_solvers(job, data));
        if only {
            self.events.push_back(Event::Finished);
            return;
        }
        self.done(Stage::Neighbours, 0.012);
        self.done(Stage::Affinity, 0.004);
        self.done(Stage::Exact, 0.27);
        let snapshot = self.snapshot.clone().expect("published above");
        self.publish(with_exact(&snapshot));
        self.events.push_back(Event::Note(
            "Graph has 1 component; the eigengap after 2 decided the walk of 128 steps".to_owned(),
        ));
        self.training = true;
        self.evaluation = 0;
    }

    fn done(&mut self, stage: Stage, seconds: f64) {
        self.events.push_back(Event::Progress(stage, 1.0, String::new()));
        self.events.push_back(Event::Done { stage, seconds, kept: false });
    }

    pub(crate) fn publish(&mut self, mut snapshot: Snapshot) {
        self.serial += 1;
        snapshot.serial = self.serial;
        self.snapshot = Some(Arc::new(snapshot));
    }

    /// Plays one evaluation of the training.
    pub(crate) fn evaluate(&mut self) {
        self.evaluation += 1;
        let progress = self.evaluation as f32 / EVALUATIONS as f32;
        let snapshot = self.snapshot.clone().expect("there is data");
        let (next, point) = trained(&snapshot, self.evaluation);
        self.publish(next);
        self.events.push_back(Event::Progress(Stage::Learn, progress, "training".to_owned()));
        self.events.push_back(Event::Curve(point));
        if self.evaluation == EVALUATIONS {
            self.finish();
        }
    }

    /// Plays evaluations until the script ends.
    pub(crate) fn play_to_end(&mut self) {
        while self.training && self.evaluation < EVALUATIONS {
            self.evaluate();
        }
    }

    /// The share of the training that was played.
    pub(crate) fn play_to(&mut self, share: f32) {
        while (self.evaluation as f32) < share * EVALUATIONS as f32 {
            self.evaluate();
        }
    }

    fn finish(&mut self) {
        self.training = false;
        let stopped = self.evaluation < EVALUATIONS;
        if let Some(snapshot) = self.snapshot.clone() {
            let ending = self.ending.unwrap_or(if stopped { Ending::Stopped } else { Ending::Converged });
            let placed = |distance, ari| Placed { distance, ari, acc: Some(0.95) };
            let (learned, nystrom) = (placed(0.0052, 0.97), placed(0.006, 0.98));
            let sides = Some(Sides { step: 600, learned, nystrom });
            let unseen = snapshot.unseen.as_deref().map(|unseen| Arc::new(Unseen { sides, ..unseen.clone() }));
            self.publish(Snapshot { ending: Some(ending), unseen, ..(*snapshot).clone() });
        }
        self.done(Stage::Learn, 2.4);
        self.done(Stage::Clusters, 0.02);
        self.events.push_back(Event::Finished);
    }
}

/// A tenth of the rows, as a run holds them out.
fn held_out(samples: usize) -> Unseen {
    let rows = (0..samples as u32).step_by(10).collect();
    Unseen { rows: Arc::new(rows), share: 0.1, extension: 0.006, sides: None }
}

/// What a run finds out before it trains.
fn facts(job: &Job, data: &Dataset) -> Facts {
    let (samples, features) = (data.len(), data.dim());
    let scaling = Some(eigenscope::recipe::Scaling::Standardize);
    Facts { samples, features, filled: features, clusters: data.clusters, scaling, ..Facts::of(&job.source) }
}

fn before_solvers(job: &Job, data: Dataset) -> Snapshot {
    let n = data.len();
    let scaled = data.numbers();
    let input = Array2::from_shape_fn((n, 3), |(i, j)| if j < data.dim().min(2) { scaled[[i, j]] } else { 0.0 });
    let (input, axes) = if data.dim() > 3 {
        let projected = eigenscope_projection(&data);
        (projected, ["PC 1 (12 %)", "PC 2 (10 %)", "PC 3 (8 %)"].map(str::to_owned))
    } else {
        (input, ["x", "y", ""].map(str::to_owned))
    };
    Snapshot {
        facts: Arc::new(facts(job, &data)),
        clusters: data.clusters.unwrap_or(2),
        steps: EVALUATIONS * STEPS_EACH,
        device: "CPU (flex)".to_owned(),
        ..Snapshot::of_data(Arc::new(job.clone()), data, scaled, (Arc::new(input), Arc::new(axes)))
    }
}

/// Three fixed directions: class means would give labels away, a hash does not.
fn eigenscope_projection(data: &Dataset) -> Array2<f32> {
    let features = data.numbers();
    let direction = |j: usize, c: usize| ((j * 31 + c * 17 + 7) as f32 * 0.754_877_7).sin();
    Array2::from_shape_fn((data.len(), 3), |(i, c)| (0..data.dim()).map(|j| features[[i, j]] * direction(j, c)).sum())
}

fn with_exact(snapshot: &Snapshot) -> Snapshot {
    let k = snapshot.clusters;
    let labels = classes(snapshot);
    let exact = solution(snapshot, &vectors(snapshot, k, 0.0), spectrum(k)[..k].to_vec(), &labels, 0.998);
    let crude: Vec<u32> =
        labels.iter().enumerate().map(|(i, &l)| if i % 4 == 0 { (l + 1) % k as u32 } else { l }).collect();
    let baseline = Clustering { assignment: crude, centroids: Array2::zeros((k, 2)), inertia: 1.0 };
    Snapshot {
        recording: Arc::new(Recording::begin()),
        operator: Some(Arc::new(operator(snapshot))),
        unseen: Some(Arc::new(held_out(snapshot.data.len()))),
        exact: Some(Arc::new(exact)),
        spectrum: Arc::new(spectrum(k)),
        baseline: Some(Arc::new((baseline, Some(Scores { acc: 0.751, nmi: 0.2, ari: 0.251 })))),
        ..snapshot.clone()
    }
}

fn trained(snapshot: &Snapshot, evaluation: usize) -> (Snapshot, CurvePoint) {
    let left = (-0.16 * evaluation as f64).exp();
    let k = snapshot.clusters;
    let step = evaluation * STEPS_EACH;
    let labels = classes(snapshot);
    let values: Vec<f64> = spectrum(k)[..k].iter().map(|v| v * (1.0 + left) + 0.004 * left).collect();
    let sum = values.iter().sum();
    let accuracy = 0.996 - 0.4 * left;
    let learned = solution(snapshot, &vectors(snapshot, k, left), values, &labels, accuracy);
    let wobble = 1.0 + 0.15 * (evaluation as f64 * 2.3).sin();
    let point = CurvePoint {
        step,
        seconds: step as f64 / 410.0,
        loss: 0.031 + 0.9 * left * wobble,
        bound: Some(0.028),
        ritz_sum: sum,
        exact_sum: Some(spectrum(k)[..k].iter().sum()),
        orthogonality_batch: 0.06 * wobble + 0.4 * left,
        orthogonality_all: 0.03 * wobble + 0.2 * left,
        typical_batch: 0.0625,
        typical_all: 0.0442,
        grassmann: Some(0.0004 + 0.3 * left * wobble),
        unseen: (evaluation < EVALUATIONS * 2 / 3).then_some(0.004 + 0.3 * left * wobble),
        seen: (evaluation < EVALUATIONS * 2 / 3).then_some(0.0008 + 0.3 * left * wobble),
        scores: learned.scores,
        lr: 1e-3,
        walk: 128,
        recall: None,
    };
    let agreement = Agreement {
        grassmann: k as f64 * (0.0004 + 0.3 * left),
        sin2: (0..k).map(|j| if j == 0 { 1e-5 } else { 0.0006 * j as f64 + 0.4 * left }).collect(),
        ari: 0.99 - 0.5 * left,
        groups: (0..k).map(|j| if k > 3 && j == 3 { 2 } else { j }).collect(),
    };
    let mut next =
        Snapshot { learned: Some(Arc::new(learned)), agreement: Some(agreement), step, kept: step, ..snapshot.clone() };
    next.record(point);
    (next, point)
}

fn classes(snapshot: &Snapshot) -> Vec<u32> {
    match &snapshot.data.labels {
        Some(labels) => labels.ids.to_vec(),
        None => vec![0; snapshot.data.len()],
    }
}

fn spectrum(k: usize) -> Vec<f64> {
    (0..k + 4).map(|j| if j < k { 0.0012 * j as f64 } else { 0.012 + 0.004 * (j - k) as f64 }).collect()
}

/// Column 0 constant; the others tell classes apart, bent by the input and shaken by `noise`.
fn vectors(snapshot: &Snapshot, k: usize, noise: f64) -> Array2<f64> {
    let labels = classes(snapshot);
    Array2::from_shape_fn((snapshot.data.len(), k), |(i, j)| {
        let shake = |salt: usize| ((i * 7919 + j * 104_729 + salt) as f64 * 0.618_034).fract() - 0.5;
        if j == 0 {
            return 1.0 + 0.01 * noise * shake(3);
        }
        let angle = std::f64::consts::TAU * j as f64 * f64::from(labels[i]) / k as f64 + 0.4 * j as f64;
        let bend = f64::from(snapshot.input[[i, 0]]).sin() * 0.12;
        1.35 * angle.cos() * (1.0 - 0.5 * noise) + bend + 0.16 * shake(1) + 1.8 * noise * shake(2)
    })
}

fn solution(snapshot: &Snapshot, vectors: &Array2<f64>, values: Vec<f64>, labels: &[u32], accuracy: f64) -> Solution {
    let wrong = ((1.0 - accuracy) * labels.len() as f64) as usize;
    let k = snapshot.clusters as u32;
    let assignment = labels.iter().enumerate().map(|(i, &l)| if i < wrong { (l + 1) % k } else { l }).collect();
    let nmi = (2.0 * accuracy - 1.0).max(0.0);
    Solution {
        clusters: Clustering { assignment, centroids: Array2::zeros((k as usize, vectors.ncols())), inertia: 1.0 },
        space: Eigenspace { values, vectors: vectors.clone() },
        scores: snapshot.data.labels.as_ref().map(|_| Scores { acc: accuracy, nmi, ari: nmi }),
        time: None,
        residual: 3e-8,
    }
}

/// Ten nearest neighbours by brute force, weight 1.
fn operator(snapshot: &Snapshot) -> Operator {
    let n = snapshot.data.len();
    let mut edges = std::collections::BTreeSet::new();
    for i in 0..n {
        let mut near: Vec<(f32, usize)> = (0..n)
            .filter(|&j| j != i)
            .map(|j| {
                let apart = &snapshot.scaled.row(i) - &snapshot.scaled.row(j);
                (apart.dot(&apart), j)
            })
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        for &(_, j) in &near[..10.min(near.len())] {
            edges.insert((i, j));
            edges.insert((j, i));
        }
    }
    let mut offsets = vec![0; n + 1];
    for &(i, _) in &edges {
        offsets[i + 1] += 1;
    }
    for i in 0..n {
        offsets[i + 1] += offsets[i];
    }
    let columns: Vec<u32> = edges.iter().map(|e| e.1 as u32).collect();
    let degrees: Vec<f64> = offsets.windows(2).map(|w| (w[1] - w[0]) as f64).collect();
    let affinity = Csr { values: vec![1.0; columns.len()], offsets, columns };
    Operator {
        affinity: Arc::new(affinity),
        mass: Arc::new(degrees.clone()),
        degrees: Arc::new(degrees),
        kind: Laplacian::RandomWalk,
        components: Arc::new(Components { of: vec![0; n], sizes: vec![n] }),
        joins: None,
    }
}
