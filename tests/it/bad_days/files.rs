//! Good files of every kind, small, for others to damage.

use std::io::Write as _;
use std::sync::{Arc, LazyLock};

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::model::Model;
use eigenscope::output::{Comparison, write_model};
use eigenscope::pipeline::compare::{Entry, Method, Space};
use eigenscope::pipeline::{Chain, Job, Outcome, Snapshot};
use eigenscope::project::{Course, Stored};
use eigenscope::recipe::{Auto, DeviceChoice, Hidden};
use eigenscope::support::progress::Control;
use ndarray::{Array1, Array2};

use crate::support::bytes;
pub(crate) use crate::support::bytes::{gzip, npy as array};
pub(crate) use crate::support::desk::{Desk, open};
use crate::support::listening::Deaf;
use crate::support::npy::{NpzWriter, to_npy};

/// Rows of every small set.
pub(crate) const ROWS: usize = 24;

fn values() -> Array2<f64> {
    Array2::from_shape_fn((ROWS, 3), |(i, j)| ((i * 7 + j * 5) as f64 * 0.37).sin() + (i % 3) as f64)
}

pub(crate) fn table() -> Vec<u8> {
    let mut text = "alpha,\"b, c\",gamma,label\n".to_owned();
    for (i, row) in values().rows().into_iter().enumerate() {
        text += &format!("{:.4},\"{:e}\",{},{}\n", row[0], row[1], row[2], ["red", "blue", "green"][i % 3]);
    }
    text.into_bytes()
}

pub(crate) fn idx() -> Vec<u8> {
    let pixels: Vec<u8> = (0..ROWS * 16).map(|i| (i * i % 251) as u8).collect();
    bytes::idx(8, &[ROWS as u32, 4, 4], &pixels)
}

pub(crate) fn npy() -> Vec<u8> {
    to_npy(&values())
}

pub(crate) fn npz(packed: bool) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = if packed { NpzWriter::new_compressed(&mut bytes) } else { NpzWriter::new(&mut bytes) };
    archive.add_array("x", &values());
    archive.add_array("y", &Array1::from_iter((0..ROWS as i64).map(|i| i % 3)));
    archive.finish().expect("memory takes it");
    bytes.into_inner()
}

pub(crate) fn matrix() -> Vec<u8> {
    let mut text = format!("%%MatrixMarket matrix coordinate real symmetric\n{ROWS} {ROWS} {}\n", ROWS - 1);
    for i in 1..ROWS {
        text += &format!("{} {} {}\n", i + 1, i, 1.0 / i as f64);
    }
    text.into_bytes()
}

/// The same values as objects, a line each, with a gap and a flag.
pub(crate) fn objects() -> Vec<u8> {
    let mut text = String::new();
    for (i, row) in values().rows().into_iter().enumerate() {
        let gap = if i == 5 { "null".to_owned() } else { format!("{:e}", row[1]) };
        let class = ["r\\u00e9d", "blue", "green"][i % 3];
        text +=
            &format!("{{\"alpha\": {:.4}, \"b, c\": {gap}, \"on\": {}, \"label\": \"{class}\"}}\n", row[0], i % 2 == 0);
    }
    text.into_bytes()
}

/// The same rows in a list.
pub(crate) fn list_of_objects() -> Vec<u8> {
    let lines = String::from_utf8(objects()).expect("it is text");
    format!("[{}]\n", lines.trim_end().replace('\n', ",\n ")).into_bytes()
}

/// Sparse rows with classes, as LIBSVM reads them.
pub(crate) fn libsvm() -> Vec<u8> {
    let mut text = "# made for a test\n".to_owned();
    for (i, row) in values().rows().into_iter().enumerate() {
        text += &format!("{:+} 1:{:.4} {}:{:e}\n", i as i64 % 2 * 2 - 1, row[0], i % 3 + 2, row[1]);
    }
    text.into_bytes()
}

/// Values column by column.
pub(crate) fn columns() -> Vec<u8> {
    let mut text = format!("%%MatrixMarket matrix array real general\n% said\n{ROWS} 3\n");
    for v in values().t() {
        text += &format!("{v:.5}\n");
    }
    text.into_bytes()
}

/// A sparse matrix as SciPy saves it: a chain.
pub(crate) fn sparse() -> Vec<u8> {
    let n = ROWS as i32;
    let rows: Vec<Vec<i32>> =
        (0..n).map(|i| [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)).collect()).collect();
    let indices: Vec<u8> = rows.concat().iter().flat_map(|j| j.to_le_bytes()).collect();
    let weights: Vec<u8> = (0..2 * n - 2).flat_map(|_| 0.5_f64.to_le_bytes()).collect();
    let ends = rows.iter().scan(0_i32, |sum, row| {
        *sum += row.len() as i32;
        Some(*sum)
    });
    let starts: Vec<u8> = [0].into_iter().chain(ends).flat_map(i32::to_le_bytes).collect();
    let entries = 2 * ROWS - 2;
    deflated(&[
        ("format.npy", &array("|S3", "()", b"csr")),
        ("shape.npy", &array("<i8", "(2,)", &[i64::from(n); 2].map(i64::to_le_bytes).concat())),
        ("indices.npy", &array("<i4", &format!("({entries},)"), &indices)),
        ("indptr.npy", &array("<i4", &format!("({},)", ROWS + 1), &starts)),
        ("data.npy", &array("<f8", &format!("({entries},)"), &weights)),
    ])
}

/// An archive of deflated members.
pub(crate) fn deflated(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(content).expect("memory takes it");
        let packed = encoder.finish().expect("memory takes it");
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let numbers = [crc.sum(), packed.len() as u32, content.len() as u32].map(u32::to_le_bytes).concat();
        let lengths = [name.len() as u16, 0].map(u16::to_le_bytes).concat();
        let at = (body.len() as u32).to_le_bytes();
        body.extend([b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0", &numbers[..], &lengths, name.as_bytes(), &packed].concat());
        directory.extend([b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0", &numbers[..], &lengths, &[0; 10]].concat());
        directory.extend([&at, name.as_bytes()].concat());
    }
    let count = (members.len() as u16).to_le_bytes();
    let places = [directory.len() as u32, body.len() as u32].map(u32::to_le_bytes).concat();
    [&body[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &places, &[0, 0]].concat()
}

pub(crate) fn recipe() -> Recipe {
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
pub(crate) fn flags() -> Vec<String> {
    recipe().flags()
}

pub(crate) fn settings() -> Vec<u8> {
    toml::to_string(&recipe()).expect("it can be written").into_bytes()
}

pub(crate) fn comparison() -> Vec<u8> {
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

/// A run on [`table`], which is small.
fn outcome() -> &'static Outcome {
    static OUTCOME: LazyLock<Outcome> = LazyLock::new(|| {
        let desk = Desk::new();
        let job = Job { source: Source::Path(desk.put("table.csv", table())), recipe: recipe() };
        Chain::recording().run(&job, &Control::new(), &Deaf).expect("a small run")
    });
    &OUTCOME
}

/// Its result as a project keeps it.
pub(crate) fn stored() -> Stored {
    let outcome = outcome();
    let snapshot = Snapshot { model: outcome.model.clone().map(Arc::new), ..outcome.snapshot.clone() };
    let course = Course { curve: outcome.curve.clone(), seconds: outcome.stages.clone(), ..Course::default() };
    Stored::of(&snapshot, &course).expect("its model is sound")
}

/// Its model.
pub(crate) fn model() -> &'static (Model, Vec<u8>) {
    static MODEL: LazyLock<(Model, Vec<u8>)> = LazyLock::new(|| {
        let desk = Desk::new();
        let mut model = outcome().model.clone().expect("a network was trained");
        model.names = ["one", "two", "three"].map(str::to_owned).to_vec();
        let path = desk.path("model.eigenscope");
        write_model(&path, &model).expect("it can be written");
        let bytes = std::fs::read(path).expect("it is there");
        (model, bytes)
    });
    &MODEL
}
