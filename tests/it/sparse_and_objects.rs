//! Sparse matrices, LIBSVM and objects as data: what SciPy, scikit-learn and pandas wrote reads back, and what lies is refused.

use std::path::{Path, PathBuf};

use eigenscope::Recipe;
use eigenscope::data::Dataset;
use eigenscope::recipe::{Auto, Missing, TextColumns};

use crate::bad_days::files::{array, deflated};
use crate::support::bytes::gzip;
use crate::support::desk::{self, Desk, noted};

/// A file that `tests/references/make_formats.py` wrote.
fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references/formats").join(name)
}

fn open(path: &Path, recipe: &Recipe) -> Dataset {
    desk::open(path, recipe).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The matrix of the references, times `factor`.
fn matrix(factor: f32) -> Vec<f32> {
    let value = |i: usize, j: usize| {
        let there = (3 * i + 5 * j).is_multiple_of(7) && j != 4 && i != 6;
        if there { factor * (0.5 * (i as f32 + 1.0) - 20.0 * j as f32) } else { 0.0 }
    };
    (0..12).flat_map(|i| (0..9).map(move |j| value(i, j))).collect()
}

fn values(data: &Dataset) -> Vec<f32> {
    data.numbers().iter().copied().collect()
}

fn label_words(data: &Dataset) -> Vec<&str> {
    let labels = data.labels.as_ref().expect("labels");
    labels.ids.iter().map(|&id| labels.names[id as usize].as_str()).collect()
}

#[test]
fn sparse_matrices_of_scipy_are_their_rows() {
    for (name, factor) in [
        ("csr.npz", 1.0),
        ("csc.npz", 1.0),
        ("coo.npz", 1.0),
        ("coords.npz", 1.0),
        ("bsr.npz", 1.0),
        ("dia.npz", 1.0),
        ("integers.npz", 2.0),
        ("parts.npz", 1.0),
        ("coordinates.mtx", 1.0),
        ("integers.mtx", 2.0),
    ] {
        let data = open(&reference(name), &Recipe::default());
        assert_eq!((data.len(), data.dim()), (12, 9), "{name}");
        assert_eq!(values(&data), matrix(factor), "{name}");
        assert!(noted(&data, "sparse matrix of 12 × 9: 13.0% of its entries are not 0"), "{name}: {:?}", data.notes);
        assert_eq!(noted(&data, "taken for csr"), name == "parts.npz", "{name}: {:?}", data.notes);
    }
    let data = open(&reference("array.mtx"), &Recipe::default());
    assert_eq!(values(&data), matrix(1.0));
    assert!(!noted(&data, "sparse"), "{:?}", data.notes);
}

#[test]
fn a_limit_of_a_sparse_matrix_takes_rows_of_the_source() {
    let recipe = Recipe { limit: 5, ..Recipe::default() };
    let data = open(&reference("csc.npz"), &recipe);
    let all = matrix(1.0);
    assert_eq!((data.len(), data.rows.len()), (5, 5));
    for (at, &row) in data.rows.iter().enumerate() {
        assert_eq!(data.numbers().row(at).to_vec(), all[row * 9..(row + 1) * 9]);
    }
    assert!(noted(&data, "5 of 12 samples kept") && noted(&data, "in these rows"), "{:?}", data.notes);
    // The rows that a table of as many rows would keep.
    let desk = Desk::new();
    let table: String = (0..12).fold("a\n".to_owned(), |text, i| text + &format!("{i}.5\n"));
    assert_eq!(open(&desk.put("a.csv", table), &recipe).rows, data.rows);
    let one = Recipe { limit: 1, ..Recipe::default() };
    let refused = desk::open(&reference("csr.npz"), &one).expect_err("one sample").to_string();
    assert!(refused.contains("--limit 1"), "{refused}");
}

#[test]
fn libsvm_is_known_by_name_and_by_its_lines() {
    let classes: Vec<String> = (0..12).map(|i| (i % 3).to_string()).collect();
    for (name, first) in [("zero.svm", "feature 0"), ("one.txt", "feature 1")] {
        let data = open(&reference(name), &Recipe::default());
        assert_eq!((data.len(), data.dim()), (12, 9), "{name}");
        assert_eq!((values(&data), label_words(&data)), (matrix(1.0), classes.iter().map(String::as_str).collect()));
        assert_eq!(data.columns[0], first);
        assert!(noted(&data, "taken for its label") && noted(&data, "sparse matrix of 12 × 9"), "{:?}", data.notes);
        let limited = open(&reference(name), &Recipe { limit: 6, ..Recipe::default() });
        let kept: Vec<&str> = limited.rows.iter().map(|&row| classes[row].as_str()).collect();
        assert_eq!(label_words(&limited), kept);
    }
}

#[test]
fn objects_of_pandas_are_a_table() {
    let recipe = Recipe { text: TextColumns::OneHot, missing: Missing::Mean, ..Recipe::default() };
    let lines = open(&reference("rows.jsonl"), &recipe);
    let list = open(&reference("rows.json"), &recipe);
    assert_eq!((values(&lines), &lines.columns, &lines.table), (values(&list), &list.columns, &list.table));
    let table = lines.table.as_ref().expect("a table");
    assert_eq!(table.header, ["width", "count", "kind", "gap", "flag", "label"]);
    assert_eq!(table.texts(2).collect::<Vec<_>>(), ["0.0", "0", "gréen", "0.0", "true", "2"]);
    let matrix = matrix(1.0);
    let column = |name: &str| {
        let at = lines.columns.iter().position(|column| column.starts_with(name)).expect(name);
        lines.numbers().column(at).to_vec()
    };
    let expected = |j: usize, factor: f32| (0..12).map(|i| factor * matrix[9 * i + j]).collect::<Vec<f32>>();
    assert_eq!((column("width"), column("count")), (expected(0, 1.0), expected(1, 2.0)));
    let filled: Vec<usize> = lines.filled.iter().map(|&(row, _)| row as usize).collect();
    assert_eq!(filled, [1, 4, 7, 10]);
    assert_eq!(label_words(&lines)[..4], ["0", "1", "2", "0"]);
}

#[test]
fn each_is_read_out_of_gzip_and_a_table_stays_a_table() {
    let desk = Desk::new();
    for name in ["coordinates.mtx", "array.mtx", "zero.svm", "one.txt", "rows.jsonl", "rows.json"] {
        let recipe = Recipe { text: TextColumns::OneHot, missing: Missing::Mean, ..Recipe::default() };
        let plain = open(&reference(name), &recipe);
        let bytes = std::fs::read(reference(name)).expect("it is in the repository");
        let packed = open(&desk.put(&format!("{name}.gz"), gzip(&bytes)), &recipe);
        assert_eq!((values(&plain), &plain.columns), (values(&packed), &packed.columns), "{name}");
        // As what comes through a pipe, it has no name that says what it is.
        let unnamed = open(&desk.put("unnamed", &bytes), &recipe);
        assert_eq!((values(&plain), &plain.columns), (values(&unnamed), &unnamed.columns), "{name}");
    }
    let times = open(
        &desk.put("times.txt", "1 8:30 x\n2 9:15 y\n5 10:45 x\n"),
        &Recipe { text: TextColumns::OneHot, ..Recipe::default() },
    );
    assert!(times.table.is_some() && !noted(&times, "sparse"), "{:?}", times.notes);
    let data = open(&desk.put("braces.csv", "{a},{b}\n1,2\n3,4.5\n"), &Recipe::default());
    assert_eq!(data.columns.as_slice(), ["{a}", "{b}"]);
}

// ---------------------------------------------------------------- files that lie

fn ints(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn floats(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A matrix of 3 × 4 with four entries as SciPy saves it, with some arrays replaced.
fn sparse(format: &str, changed: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut members = vec![
        ("format.npy", array("|S3", "()", format.as_bytes())),
        ("shape.npy", array("<i8", "(2,)", &ints(&[3, 4]))),
        ("data.npy", array("<f8", "(4,)", &floats(&[0.5, -0.5, 2.0, 3.0]))),
    ];
    if format == "coo" {
        members.push(("row.npy", array("<i8", "(4,)", &ints(&[0, 1, 1, 2]))));
        members.push(("col.npy", array("<i8", "(4,)", &ints(&[1, 0, 3, 1]))));
    } else {
        members.push(("indices.npy", array("<i8", "(4,)", &ints(&[1, 0, 2, 1]))));
        let starts: &[i64] = if format == "csr" { &[0, 1, 3, 4] } else { &[0, 1, 2, 3, 4] };
        members.push(("indptr.npy", array("<i8", &format!("({},)", starts.len()), &ints(starts))));
    }
    for (name, bytes) in changed {
        members.retain(|m| m.0 != *name);
        if !bytes.is_empty() {
            members.push((name, bytes.clone()));
        }
    }
    let borrowed: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    deflated(&borrowed)
}

/// The file is refused, with a message that has its name and these words.
fn refused(name: &str, bytes: &[u8], words: &[&str]) {
    let desk = Desk::new();
    let message = match desk::open(&desk.put(name, bytes), &Recipe::default()) {
        Ok(data) => panic!("{name} was read as {} × {}", data.len(), data.dim()),
        Err(e) => e.to_string(),
    };
    for word in words.iter().copied().chain([name]) {
        assert!(message.contains(word), "`{word}` is not in the message about {name}: {message}");
    }
}

#[test]
fn sparse_archives_that_lie() {
    let desk = Desk::new();
    for format in ["csr", "csc", "coo"] {
        let data = open(&desk.put(&format!("{format}.npz"), sparse(format, &[])), &Recipe::default());
        assert_eq!((data.len(), data.dim()), (3, 4), "{format}");
    }
    let shape = |rows: i64, columns: i64| ("shape.npy", array("<i8", "(2,)", &ints(&[rows, columns])));
    refused("rows.npz", &sparse("coo", &[shape(2, 4)]), &["array `row`, number 4", "index 2 is outside 0 to 1"]);
    refused("columns.npz", &sparse("csr", &[shape(3, 2)]), &["array `indices`, number 3", "outside 0 to 1"]);
    refused("other.npz", &sparse("csr", &[shape(9, 4)]), &["`indptr` has 4 numbers and 9 rows need 10"]);
    refused("huge.npz", &sparse("coo", &[shape(1_000_000, 1_000_000)]), &["sparse matrix is 1000000 × 1000000"]);
    refused("beyond.npz", &sparse("coo", &[shape(1 << 40, 4)]), &["1099511627776 × 4"]);
    refused("none.npz", &sparse("coo", &[shape(0, 4)]), &["0 × 4: nothing"]);
    refused("minus.npz", &sparse("coo", &[shape(-3, 4)]), &["`shape`", "no sizes"]);
    let minus = ("col.npy", array("<i8", "(4,)", &ints(&[1, 0, -3, 1])));
    refused("index.npz", &sparse("coo", &[minus]), &["array `col`, number 3", "-3"]);
    let falls = ("indptr.npy", array("<i8", "(4,)", &ints(&[0, 3, 1, 4])));
    refused("falls.npz", &sparse("csr", &[falls]), &["`indptr`", "never falls"]);
    let long = ("indptr.npy", array("<i8", "(4,)", &ints(&[0, 1, 3, 2_000_000_000])));
    refused("long.npz", &sparse("csr", &[long]), &["`indptr` ends with 2000000000"]);
    let short = ("data.npy", array("<f8", "(3,)", &floats(&[1.0; 3])));
    refused("lengths.npz", &sparse("csr", &[short]), &["differ in length", "`data` has 3"]);
    let promise = ("data.npy", array("<f8", "(999999999999,)", &floats(&[1.0; 4])));
    refused("promise.npz", &sparse("coo", &[promise]), &["999999999999"]);
    let infinite = ("data.npy", array("<f8", "(4,)", &floats(&[1.0, f64::INFINITY, 1.0, 1.0])));
    refused("infinite.npz", &sparse("csr", &[infinite]), &["number 2 (row 2, column 1)", "infinite"]);
    let whole = sparse("csr", &[]);
    refused("cut.npz", &whole[..whole.len() / 2], &["cut off"]);
    let nan = ("data.npy", array("<f8", "(4,)", &floats(&[1.0, f64::NAN, 1.0, 1.0])));
    let path = desk.put("nan.npz", sparse("csr", &[nan]));
    let strict = Recipe { missing: Missing::Error, ..Recipe::default() };
    let message = desk::open(&path, &strict).expect_err("a value is missing").to_string();
    assert!(message.contains("row 2") && message.contains("`column 1`"), "{message}");
}

#[test]
fn what_does_not_fit_into_memory_is_refused_with_what_helps() {
    let desk = Desk::new();
    let mut text = "%%MatrixMarket matrix coordinate pattern general\n4000 50000 8000\n".to_owned();
    for entry in 0..8000 {
        text += &format!("{} {}\n", entry / 2 + 1, entry * 6 + 1);
    }
    let path = desk.put("docs.mtx", text);
    let tight = Recipe { memory: Auto::Set(0.01), components: Auto::Set(0), ..Recipe::default() };
    let message = desk::open(&path, &tight).expect_err("it does not fit").to_string();
    for word in ["sparse matrix is 4000 × 50000", "GiB", "--memory", "--limit", "fewer columns"] {
        assert!(message.contains(word), "{message}");
    }
    let data = open(&path, &Recipe { limit: 20, ..tight });
    assert_eq!((data.len(), data.dim()), (20, 50_000));
}

#[test]
fn texts_that_lie() {
    let banner = "%%MatrixMarket matrix coordinate real general\n";
    let market = |rest: &str| format!("{banner}{rest}").into_bytes();
    refused("outside.mtx", &market("2 2 1\n3 1 1\n"), &["line 3", "row 3 is outside 1 to 2"]);
    refused("many.mtx", &market("2 2 999999999999\n1 1 1\n"), &["999999999999 entries", "4 places"]);
    refused("cut.mtx", &market("9 9 5\n1 1 1\n"), &["line 3", "1 of the 5"]);
    refused("wide.mtx", &market("1000000 1000000 1\n1 1 1\n"), &["1000000 × 1000000"]);
    refused("word.mtx", &market("2 2 1\n1 1 one\n"), &["line 3", "`one`"]);
    refused("none.mtx", b"hello\n", &["line 1", "%%MatrixMarket"]);
    refused("labels.svm", b"1 1:1\n1,3 1:1\n", &["line 2", "several labels"]);
    refused("twice.svm", b"1 1:1\n2 3:1 3:1\n", &["line 2", "twice"]);
    refused("wide.svm", b"1 1:1\n2 4000000000:1\n", &["2 × 4000000000"]);
    refused("infinite.svm", b"1 1:1\n2 2:inf\n", &["line 2", "feature 2", "infinite"]);
    refused("table.svm", b"a,b\n1,2\n", &["line 1"]);
    refused("nested.jsonl", b"{\"a\":1}\n{\"a\":{\"b\":[2}}\n", &["line 2", "end of the list"]);
    refused("cut.jsonl", b"{\"a\":1}\n{\"a\":2", &["line 2", "ends within"]);
    refused("array.json", b"[1,2,3,4]", &["line 1, column 2", "an object"]);
    refused("open.json", b"[{\"a\":1},{\"a\":2}", &["line 1", "ends within its list"]);
    // Two bytes of a value in a list are no name as long as the key of the list.
    let list = |key: usize, values: usize| format!("{{\"{}\":[{}0]}}\n", "k".repeat(key), "0,".repeat(values));
    refused("way.jsonl", list(100_000, 100_000).as_bytes(), &["line 1", "on the way", "1024 bytes"]);
    refused("ways.jsonl", list(1000, 100_000).as_bytes(), &["line 1", "on the way", "32 MiB"]);
    refused("table.json", b"a,b\n1,2\n", &["line 1, column 1"]);
    let blank = vec![b'\n'; 80 << 20];
    refused("bomb.jsonl.gz", &gzip(&[&b"{\"a\": 1}"[..], &blank].concat()), &["trap"]);
    refused("bomb.svm.gz", &gzip(&[&b"1 1:1 2:2"[..], &blank].concat()), &["trap"]);
}
