//! An affinity matrix that a person brings: read as it is meant, refused where it lies, used by both sides.

use std::path::Path;

use eigenscope::Recipe;
use eigenscope::data::{Entry, Source, read_matrix};
use eigenscope::output::SemiSupervised;
use eigenscope::pipeline::{Chain, Job};
use eigenscope::recipe::Auto;
use eigenscope::support::progress::{Control, Progress};

use crate::support::bytes::npy;
use crate::support::desk::Desk;
use crate::support::listening::Deaf;

impl Desk {
    /// The file is refused as a matrix of three samples, with a message that has its name and these words.
    fn no_matrix(&self, name: &str, bytes: impl AsRef<[u8]>, words: &[&str]) {
        let path = self.put(name, bytes);
        let message = read(&path).expect_err(name).to_string();
        for word in words.iter().copied().chain([name]) {
            assert!(message.contains(word), "`{word}` is not in the message about {name}: {message}");
        }
    }

    fn matrix(&self, name: &str, bytes: impl AsRef<[u8]>) -> Vec<Entry> {
        let mut entries = read(&self.put(name, bytes)).unwrap_or_else(|e| panic!("{name} should load: {e}"));
        entries.sort_by_key(|e| (e.0, e.1));
        entries
    }
}

fn read(path: &Path) -> eigenscope::Result<Vec<Entry>> {
    read_matrix(path, 3, &Recipe::default(), &Progress::silent())
}

const EDGES: [Entry; 4] = [(0, 1, 0.5), (1, 0, 0.5), (1, 2, 2.0), (2, 1, 2.0)];

// ---------------------------------------------------------------- Matrix Market

#[test]
fn matrix_market_in_its_dialects() {
    let desk = Desk::new();
    let general =
        "%%MatrixMarket matrix coordinate real general\n% a comment\n3 3 4\n1 2 0.5\n2 1 .5\n2 3 2\n3 2 2e0\n";
    assert_eq!(desk.matrix("general.mtx", general), EDGES);
    let symmetric = "%%matrixmarket MATRIX coordinate double symmetric\r\n%\r\n3 3 2\r\n\r\n2 1 0.5\r\n3 2 2.0\r\n";
    assert_eq!(desk.matrix("symmetric.mtx", symmetric), EDGES);
    let pattern = "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n";
    assert_eq!(desk.matrix("pattern.mtx", pattern), [(0, 1, 1.0), (1, 0, 1.0), (2, 2, 1.0)]);
    let integer = "%%MatrixMarket matrix coordinate integer general\n3 3 2\n1 2 7\n1 3 0";
    assert_eq!(desk.matrix("integer.mtx", integer), [(0, 1, 7.0)]);
}

#[test]
fn matrix_market_that_lies() {
    let desk = Desk::new();
    let file = |rest: &str| format!("%%MatrixMarket matrix coordinate real general\n{rest}");
    desk.no_matrix("other-n.mtx", file("4 4 1\n1 2 1\n"), &["4 × 4", "3 samples"]);
    desk.no_matrix("huge.mtx", file("4294967296 4294967296 9999999999999\n1 2 1\n"), &["4294967296", "3 samples"]);
    desk.no_matrix("oblong.mtx", file("3 4 1\n1 2 1\n"), &["3 × 4"]);
    desk.no_matrix("cut.mtx", file("3 3 4\n1 2 1\n2 1 1\n"), &["line 4", "2 of the 4"]);
    desk.no_matrix(
        "lies.mtx",
        file("3 3 18446744073709551615\n1 2 1\n"),
        &["18446744073709551615 entries", "9 places"],
    );
    let many = "1 2 1\n".repeat(70_000);
    desk.no_matrix("many.mtx", file(&format!("3 3 70000\n{many}")), &["70000 entries", "9 places"]);
    desk.no_matrix("more.mtx", file("3 3 1\n1 2 1\n2 1 1\n"), &["line 4", "goes on"]);
    desk.no_matrix("nan.mtx", file("3 3 1\n1 2 nan\n"), &["line 3", "not a number"]);
    desk.no_matrix("infinite.mtx", file("3 3 1\n1 2 1e999\n"), &["line 3", "infinite"]);
    desk.no_matrix("negative.mtx", file("3 3 1\n1 2 -0.25\n"), &["line 3", "negative", "-0.25"]);
    desk.no_matrix("outside.mtx", file("3 3 1\n1 4 1\n"), &["line 3", "column 4", "1 to 3"]);
    desk.no_matrix("zero.mtx", file("3 3 1\n0 1 1\n"), &["line 3", "row 0"]);
    desk.no_matrix("short.mtx", file("3 3 1\n1 2\n"), &["line 3", "value is missing"]);
    desk.no_matrix("word.mtx", file("3 3 1\n1 two 1\n"), &["line 3", "`two`"]);
    desk.no_matrix("long.mtx", file("3 3 1\n1 2 1 9\n"), &["line 3", "after the value"]);
    desk.no_matrix("sizes.mtx", file("3 3\n1 2 1\n"), &["line 2", "three whole numbers"]);
    desk.no_matrix("array.mtx", "%%MatrixMarket matrix array real general\n3 3\n", &["line 1", "`array`"]);
    desk.no_matrix(
        "complex.mtx",
        "%%MatrixMarket matrix coordinate complex general\n3 3 0\n",
        &["line 1", "`complex`"],
    );
    desk.no_matrix("skew.mtx", "%%MatrixMarket matrix coordinate real skew-symmetric\n3 3 0\n", &["`skew-symmetric`"]);
    desk.no_matrix("table.csv", "a,b\n1,2\n", &["line 1", "%%MatrixMarket"]);
    desk.no_matrix("empty.mtx", "", &["empty"]);
    desk.no_matrix(
        "endless.mtx",
        [b"%%MatrixMarket matrix coordinate real general\n3 3 1\n".to_vec(), vec![b'1'; 1 << 20]].concat(),
        &["line 3", "too long"],
    );
    desk.no_matrix(
        "binary.mtx",
        [b"%%MatrixMarket matrix coordinate real general\n3 3 1\n", &[0xff, 0xfe, 0xfd, b'\n'][..]].concat(),
        &["line 3", "is no row"],
    );
}

// ---------------------------------------------------------------- arrays

fn floats(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn ints(values: &[i32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// An archive whose members are stored, as small as zip allows.
fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let name = format!("{name}.npy");
        let at = body.len() as u32;
        let sizes = [bytes.len() as u32, bytes.len() as u32].map(u32::to_le_bytes).concat();
        let lengths = [name.len() as u16, 0].map(u16::to_le_bytes).concat();
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let crc = crc.sum().to_le_bytes();
        let local = [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0", &crc[..], &sizes, &lengths].concat();
        body.extend([&local[..], name.as_bytes(), bytes].concat());
        let entry = [b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0", &crc[..], &sizes, &lengths, &[0; 10]].concat();
        directory.extend(entry);
        directory.extend([&at.to_le_bytes()[..], name.as_bytes()].concat());
    }
    let count = (members.len() as u16).to_le_bytes();
    let end = [&(directory.len() as u32).to_le_bytes()[..], &(body.len() as u32).to_le_bytes(), &[0, 0]].concat();
    [&body[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &end].concat()
}

/// A sparse matrix as SciPy saves it, with some arrays replaced.
fn sparse(format: &str, changed: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut members = vec![
        ("format", npy("|S3", "()", format.as_bytes())),
        ("shape", npy("<i8", "(2,)", &[3_i64, 3].map(i64::to_le_bytes).concat())),
        ("data", npy("<f8", "(4,)", &floats(&[0.5, 0.5, 2.0, 2.0]))),
    ];
    if format == "coo" {
        members.push(("row", npy("<i4", "(4,)", &ints(&[0, 1, 1, 2]))));
        members.push(("col", npy("<i4", "(4,)", &ints(&[1, 0, 2, 1]))));
    } else {
        members.push(("indices", npy("<i4", "(4,)", &ints(&[1, 0, 2, 1]))));
        members.push(("indptr", npy("<i4", "(4,)", &ints(&[0, 1, 3, 4]))));
    }
    for (name, bytes) in changed {
        members.retain(|m| m.0 != *name);
        if !bytes.is_empty() {
            members.push((name, bytes.clone()));
        }
    }
    zip(&members)
}

#[test]
fn sparse_and_dense_arrays() {
    let desk = Desk::new();
    for format in ["csr", "csc", "coo"] {
        assert_eq!(desk.matrix(&format!("{format}.npz"), sparse(format, &[])), EDGES);
    }
    let wide: Vec<u8> = "csr".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    assert_eq!(desk.matrix("wide.npz", sparse("csr", &[("format", npy("<U3", "()", &wide))])), EDGES);
    let dense = npy("<f8", "(3, 3)", &floats(&[0.0, 0.5, 0.0, 0.5, 0.0, 2.0, 0.0, 2.0, 0.0]));
    assert_eq!(desk.matrix("dense.npy", &dense), EDGES);
    assert_eq!(desk.matrix("dense.npz", zip(&[("W", dense)])), EDGES);
}

#[test]
fn arrays_that_lie() {
    let desk = Desk::new();
    let with =
        |name: &'static str, descr: &str, shape: &str, bytes: &[u8]| sparse("csr", &[(name, npy(descr, shape, bytes))]);
    desk.no_matrix("dok.npz", sparse("dok", &[]), &["`dok`", "csr, csc, coo, bsr and dia"]);
    desk.no_matrix("no-data.npz", sparse("csr", &[("data", Vec::new())]), &["`data`"]);
    desk.no_matrix(
        "other-n.npz",
        with("shape", "<i8", "(2,)", &[9_i64, 9].map(i64::to_le_bytes).concat()),
        &["9 × 9", "3 samples"],
    );
    desk.no_matrix("shape.npz", with("shape", "<i8", "(1,)", &9_i64.to_le_bytes()), &["`shape`"]);
    desk.no_matrix(
        "outside.npz",
        with("indices", "<i4", "(4,)", &ints(&[1, 0, 3, 1])),
        &["`indices`, number 3", "index 3", "0 to 2"],
    );
    desk.no_matrix("minus.npz", with("indices", "<i4", "(4,)", &ints(&[1, 0, -1, 1])), &["`indices`, number 3", "-1"]);
    desk.no_matrix("falls.npz", with("indptr", "<i4", "(4,)", &ints(&[0, 3, 1, 4])), &["`indptr`", "never falls"]);
    desk.no_matrix("starts.npz", with("indptr", "<i4", "(4,)", &ints(&[1, 1, 3, 4])), &["`indptr`", "begins with 0"]);
    desk.no_matrix(
        "ends.npz",
        with("indptr", "<i4", "(4,)", &ints(&[0, 1, 3, 2_000_000_000])),
        &["`indptr` ends with 2000000000"],
    );
    desk.no_matrix("rows.npz", with("indptr", "<i4", "(3,)", &ints(&[0, 1, 4])), &["`indptr` has 3"]);
    desk.no_matrix(
        "lengths.npz",
        with("data", "<f8", "(3,)", &floats(&[1.0; 3])),
        &["differ in length", "`data` has 3"],
    );
    desk.no_matrix(
        "nan.npz",
        with("data", "<f8", "(4,)", &floats(&[1.0, f64::NAN, 1.0, 1.0])),
        &["`data`, number 2", "row 2, column 1", "not a number"],
    );
    desk.no_matrix(
        "negative.npz",
        with("data", "<f8", "(4,)", &floats(&[1.0, 1.0, 1.0, -3.0])),
        &["`data`, number 4", "negative"],
    );
    let (row, ones) = (ints(&vec![1; 70_000]), floats(&vec![1.0; 70_000]));
    let long = [("row", npy("<i4", "(70000,)", &row)), ("data", npy("<f8", "(70000,)", &ones))];
    desk.no_matrix("long.npz", sparse("coo", &long), &["70000 entries", "9 places"]);
    let mut flipped = sparse("csr", &[]);
    let at = flipped.windows(8).position(|w| w == 2.0_f64.to_le_bytes()).expect("a weight of 2");
    flipped[at] ^= 1;
    desk.no_matrix("flipped.npz", flipped, &["checksum"]);
    desk.no_matrix("promise.npz", with("data", "<f8", "(999999999999,)", &floats(&[1.0; 4])), &["999999999999"]);
    let whole = sparse("csr", &[]);
    desk.no_matrix("cut.npz", &whole[..whole.len() / 2], &["damaged or cut off"]);
    desk.no_matrix(
        "many.npz",
        zip(&[("a", npy("<f8", "(1,)", &floats(&[1.0]))), ("b", npy("<f8", "(1,)", &floats(&[1.0])))]),
        &["`format`"],
    );
    let nines = floats(&[1.0; 9]);
    desk.no_matrix("flat.npy", npy("<f8", "(9,)", &nines), &["two dimensions"]);
    desk.no_matrix("oblong.npy", npy("<f8", "(1, 9)", &nines), &["1 × 9", "3 samples"]);
    desk.no_matrix("cut.npy", npy("<f8", "(3, 3)", &nines[..40]), &["cut off"]);
    desk.no_matrix(
        "infinite.npy",
        npy("<f8", "(3, 3)", &floats(&[0.0, 0.0, 0.0, 0.0, 0.0, f64::INFINITY, 0.0, 0.0, 0.0])),
        &["row 2, column 3", "infinite"],
    );
    desk.no_matrix("noise.npz", [7_u8; 300], &["not a zip archive"]);
    desk.no_matrix("noise.mtx", [7_u8, 0, 3, 9, 0, 0, 1, 2], &["no matrix that is read here"]);
}

// ---------------------------------------------------------------- known labels

#[test]
fn known_labels_join_their_rows_and_part_different_ones() {
    let desk = Desk::new();
    let row = |i: usize| format!("{}.5,{}\n", i % 9, (i * i) % 11);
    let data = desk.put("points.csv", format!("x,y\n{}", (0..60).map(row).collect::<String>()));
    let known = desk.put("known.csv", "row,label\n3,a\n50,a\n4,b\n");
    let recipe =
        Recipe { known_labels: Some(known.clone()), learn: false, clusters: Auto::Set(2), ..Recipe::default() };
    let run = |recipe: &Recipe| {
        let job = Job { source: Source::Path(data.clone()), recipe: recipe.clone() };
        Chain::default().run(&job, &Control::new(), &Deaf)
    };
    let outcome = run(&recipe).expect("it runs");
    let weight = |i: usize, j: u32| {
        let operator = outcome.snapshot.operator.as_ref().expect("there is a graph");
        let (columns, weights) = operator.affinity.row(i);
        columns.iter().position(|&to| to == j).map(|at| weights[at])
    };
    assert_eq!((weight(3, 50), weight(50, 3), weight(3, 4)), (Some(1.0), Some(1.0), None));
    assert!(outcome.notes.iter().any(|note| note.starts_with("SEMI-SUPERVISED") && note.contains("--known-labels")));
    let summary = SemiSupervised::of(&outcome.snapshot).expect("it says so");
    assert_eq!((summary.labelled, summary.unlabelled), (3, 57));

    // Rows keep their numbers where others are left out.
    let some = run(&Recipe { limit: 40, ..recipe.clone() });
    let there = |error: &str| error.contains("at least two");
    assert!(some.as_ref().map_or_else(|e| there(&e.to_string()), |o| o.snapshot.data.len() == 40));
    let refused = |recipe: &Recipe| run(recipe).expect_err("it makes no sense").to_string();
    assert!(refused(&Recipe { labelled: 0.1, ..recipe.clone() }).contains("one of them"));
    let other = desk.put("other.csv", "row,label\n3,a\n600,b\n");
    assert!(refused(&Recipe { known_labels: Some(other), ..recipe.clone() }).contains("labels of 1 sample"));
    let none = desk.put("none.csv", "a,b\n1,2\n");
    assert!(refused(&Recipe { known_labels: Some(none), ..recipe }).contains("none.csv"));
}
