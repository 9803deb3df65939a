//! What the parts cost: `cargo bench`. Times are this machine's; compare them with those of the same sitting.

#![allow(missing_docs, reason = "criterion's macros write public items")]

use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use burn::optim::GradientsParams;
use burn::tensor::Device;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::graph::{self, Eigenspace, Operator};
use eigenscope::learn::spectralnet::Inputs;
use eigenscope::learn::spectralnet::sampler::Sampler;
use eigenscope::learn::spectralnet::trainer::Trainer;
use eigenscope::measure::{Clustering, kmeans, kmeans_of_features};
use eigenscope::nets::Input;
use eigenscope::nets::adam::{USUAL, adam};
use eigenscope::nets::perceptron::tensor;
use eigenscope::nets::{Compute, Weights, objective};
use eigenscope::pipeline::{Chain, Event, Job, Snapshot, Solution, Watcher};
use eigenscope::project::{
    Change, Course, DataRef, Deed, Did, Document, Edit, Group, Journal, Keys, Labelled, Project, Rows, Side, Stored,
    read_project, read_stored, write_project, write_project_with,
};
use eigenscope::recipe::{Activation, Auto, Facts, Hidden, Laplacian, Training};
use eigenscope::support::progress::{Control, Progress};
use eigenscope::support::random::Stream;
use ndarray::Array2;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The program's own, without which a training step is measured with thousands of page faults that it does not have.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rows of a labelled project.
const LABELLED: u32 = 1_000_000;

/// Ten clouds in `d` dimensions, around corners drawn at random.
fn clouds(n: usize, d: usize) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let corners = Array2::from_shape_fn((10, d), |_| rng.random_range(-1.0_f32..1.0));
    Array2::from_shape_fn((n, d), |(i, j)| corners[[i % 10, j]] + rng.random_range(-0.6_f32..0.6))
}

fn operator(x: &Array2<f32>) -> Operator {
    let near = graph::nearest_neighbors(x.view(), 15, &Progress::silent()).expect("finite samples");
    let (affinity, _) = graph::affinity(&near, x.nrows(), &Recipe::default()).expect("sound neighbours");
    Operator::new(affinity, Laplacian::RandomWalk).expect("a sound matrix")
}

fn neighbours(c: &mut Criterion) {
    let mut group = c.benchmark_group("neighbours");
    for (n, d) in [(20_000, 2), (20_000, 10), (5_000, 784)] {
        let x = clouds(n, d);
        group.bench_with_input(BenchmarkId::from_parameter(format!("{n}x{d}")), &x, |b, x| {
            b.iter(|| graph::nearest_neighbors(black_box(x.view()), 15, &Progress::silent()));
        });
    }
}

fn graphs(c: &mut Criterion) {
    let x = clouds(20_000, 10);
    let near = graph::nearest_neighbors(x.view(), 15, &Progress::silent()).expect("finite samples");
    let recipe = Recipe::default();
    c.bench_function("affinity 20000", |b| b.iter(|| graph::affinity(black_box(&near), x.nrows(), &recipe)));
    let operator = operator(&x);
    c.bench_function("exact 20000, 10 vectors", |b| {
        b.iter(|| eigenscope::exact::solve(black_box(&operator), 10, 1e-6, 0, &Progress::silent()));
    });
    let (x, wide) = (clouds(70_000, 10), clouds(20_001, 784));
    c.bench_function("k-means 70000x10, 10 starts", |b| {
        b.iter(|| kmeans(black_box(x.view()), 10, 10, 0, &Progress::silent()));
    });
    c.bench_function("k-means of features 20001x784", |b| {
        b.iter(|| kmeans_of_features(black_box(wide.view()), 10, 10, 0, &Progress::silent()));
    });
}

/// Ten eigenvectors, or as many as `EIGENSCOPE_VECTORS` says, to 10⁻⁵ of a graph that another program has too:
/// `EIGENSCOPE_GRAPH=W.npz EIGENSCOPE_SAMPLES=70000 cargo bench -- given`.
fn given(c: &mut Criterion) {
    let (Ok(path), Ok(samples)) = (std::env::var("EIGENSCOPE_GRAPH"), std::env::var("EIGENSCOPE_SAMPLES")) else {
        return;
    };
    let n = samples.parse().expect("a number of samples");
    let vectors =
        std::env::var("EIGENSCOPE_VECTORS").map_or(10, |vectors| vectors.parse().expect("a number of vectors"));
    let entries = eigenscope::data::read_matrix(path.as_ref(), n, &Recipe::default(), &Progress::silent())
        .expect("an affinity matrix");
    let (affinity, _) = graph::given(entries, n).expect("an affinity");
    let operator = Operator::new(affinity, Laplacian::RandomWalk).expect("a sound matrix");
    c.bench_function(&format!("given graph, {vectors} vectors"), |b| {
        b.iter(|| eigenscope::exact::solve(black_box(&operator), vectors, 1e-5, 0, &Progress::silent()));
    });
}

/// Forward, backward and Adam of a network as wide as the paper's, 784-1024-1024-512-10.
fn training(c: &mut Criterion) {
    let device = Device::flex().autodiff();
    let sizes = [784, 1024, 1024, 512, 10];
    for rows in [256, 1024] {
        let mut net = Some(Weights::random(&sizes, Activation::Relu, 0).to_module(&device));
        let mut optimizer = adam(USUAL);
        let x = clouds(rows, 784);
        let batch = || tensor(x.view(), &device);
        c.bench_function(&format!("training step, {rows} rows"), |b| {
            b.iter(|| {
                let current = net.take().expect("a network");
                let y = current.forward(batch());
                let gradients = GradientsParams::from_grads((y.clone() * y).mean().backward(), &current);
                net = Some(optimizer.step(1e-3, current, gradients));
            });
        });
    }
}

/// A whole SpectralNet step with the network of [`training`] on batches of 1024 rows, and what of it is the host's: drawing the pairs, and
/// the loss with its orthonormal layer from the outputs that were read back.
fn spectral_step(c: &mut Criterion) {
    let x = Arc::new(clouds(20_000, 784));
    let operator = Arc::new(operator(&x));
    let recipe =
        Recipe { hidden: Hidden::Layers(vec![1024, 1024, 512]), activation: Activation::Relu, ..Recipe::default() };
    let (pairs, k, walk) = (512, 10, 8);
    let (samples, features) = x.dim();
    let facts = Facts { samples, features, filled: features, clusters: Some(k), ..Facts::default() };
    let training = recipe.resolve(&facts).expect("sound settings").training;
    let training = Training { batch: pairs, walk: Some(walk), steps: usize::MAX, ..training };
    let inputs = Inputs::new(Input::identity(x.ncols()), Arc::clone(&x), &Compute::cpu());
    let mut trainer = Trainer::new(training, &recipe, Compute::cpu(), inputs, Arc::clone(&operator));
    c.bench_function("SpectralNet step, 1024 rows", |b| b.iter(|| trainer.step()));
    let sampler = Sampler::new(&operator);
    let mut step = 0;
    c.bench_function("SpectralNet step: 512 pairs of the walk", |b| {
        b.iter(|| {
            step += 1;
            sampler.draw(pairs, walk, 0, (Stream::Batch, step))
        });
    });
    let y = clouds(2 * pairs, k).mapv(f64::from);
    c.bench_function("SpectralNet step: loss, layer and gradient, 1024 x 10", |b| {
        b.iter(|| objective::pairs(black_box(y.view()), None));
    });
}

/// Labels of a million rows, half of them assigned by hand, every second one: the most runs that they can have.
fn labelled() -> (Project, Change) {
    let mut edits = Document::default();
    let mut apply = |edit, founded| {
        let deed = Deed { side: Side::Learned, title: "edit".to_owned(), founded, edit };
        edits.apply(deed).expect("a sound edit")
    };
    apply(Edit::Assign(0, Rows::of((0..LABELLED).step_by(3))), vec![(0, Group::named("a"))]);
    let half = Rows::of((0..LABELLED).step_by(2));
    let change = apply(Edit::Assign(1, half), vec![(1, Group::named("b"))]);
    let data = DataRef { name: Some("moons".to_owned()), ..DataRef::default() };
    (Project { data, edits, ..Project::default() }, change)
}

/// What a project of a million rows costs: saved, an edit written down in the journal to the disk, and half of the rows given back with the
/// labels that are shown.
fn projects(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut project, change) = labelled();
    let file = folder.path().join("p.eigenscope");
    c.bench_function("project of 1000000 rows: save", |b| b.iter(|| write_project(&file, black_box(&project))));
    c.bench_function("project of 1000000 rows: open", |b| b.iter(|| read_project(black_box(&file))));
    let small = Deed {
        side: Side::Learned,
        title: "edit".to_owned(),
        founded: Vec::new(),
        edit: Edit::Assign(0, Rows::of((1000..2000).step_by(7))),
    };
    let small = project.edits.apply(small).expect("a sound edit");
    for (name, edit) in [("an edit of 143 rows", &small), ("an edit of 500000 rows", &change)] {
        c.bench_function(&format!("project of 1000000 rows: journal {name}"), |b| {
            b.iter_custom(|times| {
                let path = folder.path().join("p.journal");
                let journal = Journal::new(|| ()).expect("a thread");
                journal.begin(vec![path.clone()], None, Project::default(), Some(path.clone()));
                while !path.exists() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                let start = Instant::now();
                for _ in 0..times {
                    journal.put(Did::Labels(edit.clone()));
                }
                drop(journal); // All of it is on the disk.
                let took = start.elapsed();
                std::fs::remove_file(path).expect("it is there");
                took
            });
        });
    }
    let clusters: Vec<u32> = (0..LABELLED).map(|i| i % 10).collect();
    let (rows, edits) = ((0..LABELLED as usize).collect::<Vec<_>>(), &mut project.edits);
    c.bench_function("project of 1000000 rows: undo an assignment of 500000", |b| {
        b.iter_custom(|times| {
            let mut took = Duration::ZERO;
            for _ in 0..times {
                edits.redo(&change);
                let start = Instant::now();
                edits.undo(&change);
                let keys = Keys::new(&rows, rows.len());
                black_box(Labelled::new(edits.layer(Side::Learned), &clusters, 10, &keys));
                took += start.elapsed();
            }
            took
        });
    });
}

/// Keeps what is shown last.
#[derive(Default)]
struct Last(Mutex<Option<Snapshot>>);

impl Watcher for Last {
    fn event(&self, _: Event) {}

    fn snapshot(&self, snapshot: Snapshot) {
        if let Ok(mut last) = self.0.lock() {
            *last = Some(snapshot);
        }
    }
}

/// A million points with ten eigenvectors and ten clusters on either side, as a training leaves them.
fn result() -> Snapshot {
    let recipe = Recipe { samples: Auto::Set(LABELLED as usize), ..Recipe::default() };
    let job = Job { source: Source::Named("moons".to_owned()), recipe };
    let last = Last::default();
    Chain::default().open(&job, &Control::new(), &last).expect("a set that is built in");
    let opened = last.0.into_inner().expect("one thread").expect("it was shown");
    let side = |turn: f64| {
        let n = LABELLED as usize;
        let vectors = Array2::from_shape_fn((n, 10), |(i, j)| ((i * (j + 1)) as f64 * turn).sin());
        let clusters = Clustering {
            assignment: (0..LABELLED).map(|i| i % 10).collect(),
            centroids: Array2::zeros((10, 10)),
            inertia: 1.0,
        };
        let space = Eigenspace { values: vec![0.1; 10], vectors };
        Some(Arc::new(Solution { space, clusters, time: None, scores: None, residual: 1e-8 }))
    };
    Snapshot { learned: side(0.001), exact: side(0.0011), clusters: 10, ..opened }
}

/// The same project with its results: what is worked out for the file, written, read, and put on the samples.
fn projects_with_results(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let ((project, _), shown) = (labelled(), result());
    let file = folder.path().join("p.eigenscope");
    let stored = || Stored::of(&shown, &Course::default()).expect("it has no model");
    c.bench_function("project of 1000000 rows: save with results", |b| {
        b.iter(|| write_project_with(&file, black_box(&project), Some(&stored())));
    });
    c.bench_function("project of 1000000 rows: open with results", |b| {
        b.iter(|| {
            let read = read_stored(black_box(&file)).expect("whole").expect("it has results");
            read.onto(&file, &shown).expect("of these samples")
        });
    });
}

criterion_group! {
    name = parts;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    targets = neighbours, graphs, given, training, spectral_step, projects, projects_with_results
}
criterion_main!(parts);
