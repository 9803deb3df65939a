//! Good files of every kind, small, for others to damage.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use eigenscope::data::{Dataset, load};
use eigenscope::learn::compare::{Entry, Method, Space};
use eigenscope::learn::{Chain, Event, Job, Model, Snapshot, Source, chain::Watcher};
use eigenscope::output::{Comparison, write_model};
use eigenscope::progress::{Control, Progress};
use eigenscope::recipe::{Auto, DeviceChoice, Hidden};
use eigenscope::{Recipe, Result};
use flate2::{Compression, write::GzEncoder};
use ndarray::{Array1, Array2};
use ndarray_npy::{NpzWriter, WriteNpyExt as _};
use tempfile::TempDir;

/// Rows of every small set.
pub const ROWS: usize = 24;

/// A folder for one test's files.
pub struct Desk(pub TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(TempDir::new().expect("a folder for the test"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file for the test");
        path
    }
}

pub fn open(path: &Path, recipe: &Recipe) -> Result<Dataset> {
    load(&Source::Path(path.to_owned()), recipe, &Progress::silent())
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).expect("memory takes it");
    out.finish().expect("memory takes it")
}

fn values() -> Array2<f64> {
    Array2::from_shape_fn((ROWS, 3), |(i, j)| ((i * 7 + j * 5) as f64 * 0.37).sin() + (i % 3) as f64)
}

pub fn table() -> Vec<u8> {
    let mut text = "alpha,\"b, c\",gamma,label\n".to_owned();
    for (i, row) in values().rows().into_iter().enumerate() {
        text += &format!("{:.4},\"{:e}\",{},{}\n", row[0], row[1], row[2], ["red", "blue", "green"][i % 3]);
    }
    text.into_bytes()
}

pub fn idx() -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3];
    bytes.extend([ROWS as u32, 4, 4].iter().flat_map(|d| d.to_be_bytes()));
    bytes.extend((0..ROWS * 16).map(|i| (i * i % 251) as u8));
    bytes
}

pub fn npy() -> Vec<u8> {
    let mut bytes = Vec::new();
    values().write_npy(&mut bytes).expect("memory takes it");
    bytes
}

pub fn npz(packed: bool) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = if packed { NpzWriter::new_compressed(&mut bytes) } else { NpzWriter::new(&mut bytes) };
    archive.add_array("x", &values()).expect("memory takes it");
    archive.add_array("y", &Array1::from_iter((0..ROWS as i64).map(|i| i % 3))).expect("memory takes it");
    archive.finish().expect("memory takes it");
    bytes.into_inner()
}

pub fn matrix() -> Vec<u8> {
    let mut text = format!("%%MatrixMarket matrix coordinate real symmetric\n{ROWS} {ROWS} {}\n", ROWS - 1);
    for i in 1..ROWS {
        text += &format!("{} {} {}\n", i + 1, i, 1.0 / i as f64);
    }
    text.into_bytes()
}

pub fn sparse() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = NpzWriter::new_compressed(&mut bytes);
    let edges: Vec<(i64, i64)> = (1..ROWS as i64).flat_map(|i| [(i - 1, i), (i, i - 1)]).collect();
    // SciPy writes the format as a word; an array of it cannot be made here, so a dense matrix stands for the sparse ones.
    let mut dense = Array2::<f64>::zeros((ROWS, ROWS));
    for (i, j) in edges {
        dense[[i as usize, j as usize]] = 1.0 / (1 + i.min(j)) as f64;
    }
    archive.add_array("w", &dense).expect("memory takes it");
    archive.finish().expect("memory takes it");
    bytes.into_inner()
}

pub fn recipe() -> Recipe {
    Recipe {
        device: DeviceChoice::Cpu,
        seed: 3,
        clusters: Auto::Set(3),
        neighbors: Auto::Set(5),
        hidden: Hidden::Layers(vec![4]),
        fourier: Auto::Set(2),
        steps: Auto::Set(12),
        lr: Auto::Set(0.012),
        starts: 2,
        ..Recipe::default()
    }
}

/// The settings of [`recipe`] as flags.
pub fn flags() -> Vec<String> {
    recipe().flags()
}

pub fn settings() -> Vec<u8> {
    toml::to_string(&recipe()).expect("it can be written").into_bytes()
}

pub fn comparison() -> Vec<u8> {
    let recipe = Recipe { samples: Auto::Set(60), ..recipe() };
    let first = recipe.seed;
    let job = Job { source: Source::Named("moons".to_owned()), recipe };
    let entry = |seed: u64, method: Method| {
        let score = Some((seed as f64 + 0.1).sin().abs());
        Entry {
            space: Space::Input,
            seed,
            method,
            acc: score,
            nmi: score,
            ari: None,
            seconds: 1.25,
            peak_mib: Some(70.5),
            data: None,
        }
    };
    let entries: Vec<Entry> =
        (first..first + 3).flat_map(|seed| Method::ALL.map(|method| entry(seed, method))).collect();
    Comparison::new(&job, &entries).json().expect("it can be written").into_bytes()
}

struct Quiet;

impl Watcher for Quiet {
    fn event(&self, _: Event) {}
    fn snapshot(&self, _: Snapshot) {}
}

/// A model trained on [`table`], which is small.
pub fn model() -> &'static (Model, Vec<u8>) {
    static MODEL: LazyLock<(Model, Vec<u8>)> = LazyLock::new(|| {
        let desk = Desk::new();
        let job = Job { source: Source::Path(desk.put("table.csv", &table())), recipe: recipe() };
        let outcome = Chain::default().run(&job, &Control::new(), &Quiet).expect("a small run");
        let mut model = outcome.model.expect("a network was trained");
        model.names = ["one", "two", "three"].map(str::to_owned).to_vec();
        let path = desk.path("model.eigenscope");
        write_model(&path, &model).expect("it can be written");
        let bytes = std::fs::read(path).expect("it is there");
        (model, bytes)
    });
    &MODEL
}
