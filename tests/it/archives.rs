//! Archives of arrays as people name and shape them: labels as networks want them, labels that are pickles, sparse matrices by hand.

use eigenscope::data::Dataset;
use eigenscope::{Recipe, Result};
use ndarray::{Array1, Array2};

use crate::support::bytes::npy_raw;
use crate::support::desk::{self, Desk, noted};
use crate::support::npy::NpzWriter;

const ROWS: usize = 30;

type Archive = NpzWriter<std::io::Cursor<Vec<u8>>>;

/// What is read of an archive.
fn open(fill: impl FnOnce(&mut Archive), recipe: &Recipe) -> Result<Dataset> {
    let desk = Desk::new();
    let mut archive = NpzWriter::new(std::io::Cursor::new(Vec::new()));
    fill(&mut archive);
    desk::open(&desk.put("a.npz", archive.finish().expect("memory takes it").into_inner()), recipe)
}

fn features(rows: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, 3), |(i, j)| ((i * 7 + j * 5) % 13) as f64)
}

fn class(row: usize) -> usize {
    row * row % 3
}

fn ids(data: &Dataset) -> Vec<u32> {
    data.labels.as_ref().map(|labels| labels.ids.to_vec()).unwrap_or_default()
}

#[test]
fn a_one_in_each_row_is_a_class() {
    let expected: Vec<u32> = (0..ROWS).map(|row| class(row) as u32).collect();
    let ones = Array2::from_shape_fn((ROWS, 3), |(i, j)| u8::from(class(i) == j));
    let by_columns = Array2::from_shape_fn((3, ROWS), |(j, i)| f32::from(u8::from(class(i) == j))).reversed_axes();
    for of_columns in [false, true] {
        let fill = |archive: &mut Archive| {
            archive.add_array("x", &features(ROWS));
            if of_columns { archive.add_array("y", &by_columns) } else { archive.add_array("y", &ones) }
        };
        let data = open(fill, &Recipe::default()).expect("classes");
        assert_eq!((ids(&data), data.dim()), (expected.clone(), 3), "{:?}", data.notes);
    }
    // Two targets a row are no classes: they are left out and said, and refused where they are asked for.
    let targets = Array2::from_shape_fn((ROWS, 2), |(i, j)| (i * (j + 2)) as f64);
    let fill = |archive: &mut Archive| {
        archive.add_array("x", &features(ROWS));
        archive.add_array("y", &targets);
    };
    let data = open(fill, &Recipe::default()).expect("the features are read");
    assert!(data.labels.is_none() && noted(&data, "array `y` is left out"), "{:?}", data.notes);
    let asked = Recipe { label_column: "y".to_owned(), ..Recipe::default() };
    let refused = open(fill, &asked).expect_err("no classes").to_string();
    assert!(refused.contains("one 1 in each row"), "{refused}");
}

#[test]
fn labels_that_are_pickled_leave_the_features() {
    let header = format!("{{'descr': '|O', 'fortran_order': False, 'shape': ({ROWS},), }}\n");
    let fill = |archive: &mut Archive| {
        archive.add_array("X", &features(ROWS));
        archive.add_bytes("y", npy_raw(&header, b"\x80\x04\x95pickle."));
    };
    let data = open(fill, &Recipe::default()).expect("the features are read");
    assert_eq!((data.len(), data.dim(), ids(&data)), (ROWS, 3, Vec::new()));
    assert!(noted(&data, "array `y` is left out") && noted(&data, "Python objects"), "{:?}", data.notes);
}

#[test]
fn halves_are_known_by_short_names_too() {
    let labels = |rows: usize| Array1::from_iter((0..rows).map(|row| class(row) as i64));
    let fill = |archive: &mut Archive| {
        for (half, rows) in [("te", 10), ("tr", ROWS)] {
            archive.add_array(format!("X_{half}"), &features(rows));
            archive.add_array(format!("y_{half}"), &labels(rows));
        }
    };
    let data = open(fill, &Recipe::default()).expect("the training half");
    assert_eq!((data.len(), ids(&data).len()), (ROWS, ROWS), "{:?}", data.notes);
}

#[test]
fn labels_beside_the_arrays_of_a_sparse_matrix_are_its_labels() {
    let fill = |labels: &'static str, rows: usize| {
        move |archive: &mut Archive| {
            archive.add_array("data", &Array1::from_iter((0..2 * ROWS).map(|at| (1 + at % 5) as f64)));
            archive.add_array("indices", &Array1::from_iter((0..2 * ROWS).map(|at| (at % 2 + at / 2 % 3 * 2) as i32)));
            archive.add_array("indptr", &Array1::from_iter((0..=ROWS).map(|row| 2 * row as i32)));
            archive.add_array("shape", &Array1::from(vec![ROWS as i64, 6]));
            archive.add_array(labels, &Array1::from_iter((0..rows).map(|row| class(row) as i64)));
        }
    };
    let expected: Vec<u32> = (0..ROWS).map(|row| class(row) as u32).collect();
    let data = open(fill("labels", ROWS), &Recipe::default()).expect("a sparse matrix");
    assert_eq!((data.len(), data.dim(), ids(&data)), (ROWS, 6, expected.clone()), "{:?}", data.notes);
    let limited = open(fill("y", ROWS), &Recipe { limit: 12, ..Recipe::default() }).expect("some of it");
    let kept: Vec<u32> = limited.rows.iter().map(|&row| expected[row]).collect();
    assert_eq!(ids(&limited), kept);
    let asked = |name: &str| Recipe { label_column: name.to_owned(), ..Recipe::default() };
    assert_eq!(ids(&open(fill("topic", ROWS), &asked("topic")).expect("as asked")), expected);
    assert!(open(fill("y", ROWS), &asked("none")).expect("without").labels.is_none());
    assert!(open(fill("y", ROWS - 1), &Recipe::default()).expect("not one a row").labels.is_none());
    assert!(open(fill("y", ROWS - 1), &asked("y")).is_err_and(|e| e.to_string().contains("no label for each")));
}
