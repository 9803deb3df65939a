//! IDX, NPY and NPZ files that lie.

use eigenscope::Recipe;
use eigenscope::recipe::Missing;
use ndarray::{Array1, Array2};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::support::bytes::{gzip, idx, npy, npy_raw};
use crate::support::desk::{Desk, noted, open};
use crate::support::npy::NpzWriter;

#[test]
fn idx_headers_that_lie() {
    let desk = Desk::new();
    let pixels = [7; 32];
    desk.refused("more-idx3-ubyte", &idx(8, &[3, 4, 4], &pixels), &["[3, 4, 4]", "64 bytes", "has 48"]);
    desk.refused("less-idx3-ubyte", &idx(8, &[1, 4, 4], &pixels), &["header is wrong"]);
    desk.refused("huge-idx3-ubyte", &idx(8, &[u32::MAX; 3], &pixels), &["4294967295", "cut off"]);
    desk.refused("huger-idx4", &idx(14, &[u32::MAX; 4], &pixels), &["4294967295"]);
    desk.refused("none-idx3-ubyte", &idx(8, &[0, 4, 4], &[]), &["nothing"]);
    desk.refused("huge-idx3-ubyte.gz", &gzip(&idx(8, &[u32::MAX; 3], &pixels)), &["cannot hold"]);
    desk.refused(
        "more-idx3-ubyte.gz",
        &gzip(&idx(8, &[3, 4, 4], &pixels)),
        &["ends after 32 of the 48", "sample 3, value 1"],
    );
    desk.refused("less-idx3-ubyte.gz", &gzip(&idx(8, &[1, 4, 4], &pixels)), &["goes on"]);
}

#[test]
fn idx_files_that_are_none() {
    let desk = Desk::new();
    desk.refused("kind-idx3-ubyte", &idx(10, &[2, 4, 4], &[7; 32]), &["IDX mark"]);
    desk.refused("dims-idx3-ubyte", &idx(8, &[1; 5], &[7]), &["IDX mark"]);
    desk.refused("text-idx3-ubyte", b"hello, world", &["IDX mark"]);
    desk.refused("header-idx3-ubyte", &[0, 0, 8, 3, 0, 0], &["within its header"]);
    desk.refused("empty-idx3-ubyte", b"", &["empty"]);
    desk.refused("empty-idx3-ubyte.gz", &gzip(b""), &["nothing"]);
    desk.refused("plain-idx3-ubyte.gz", &idx(8, &[2, 4, 4], &[7; 32]), &["not gzipped"]);
    let noise: Vec<u8> = ChaCha8Rng::seed_from_u64(0).random_iter().take(40_000).collect();
    let packed = gzip(&idx(8, &[100, 20, 20], &noise));
    desk.refused("cut-idx3-ubyte.gz", &packed[..packed.len() / 2], &["ends after", "sample"]);
    desk.refused("one-idx3-ubyte", &idx(8, &[1, 4, 4], &[7; 16]), &["one sample"]);
}

#[test]
fn idx_values_that_are_no_numbers() {
    let desk = Desk::new();
    let floats = |values: &[f32]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let strict = Recipe { missing: Missing::Error, ..Recipe::default() };
    let words = ["row 2", "`column 1`", "--missing"];
    desk.refused_with("nan.idx2", &idx(13, &[2, 2], &floats(&[1.0, 2.0, f32::NAN, 4.0])), &strict, &words);
    desk.refused(
        "inf.idx2",
        &idx(13, &[2, 2], &floats(&[1.0, 2.0, 3.0, f32::INFINITY])),
        &["sample 2, value 2", "infinite"],
    );
    let data = desk.taken("same.idx2", &idx(13, &[3, 2], &floats(&[1.0, 5.0, 2.0, 5.0, 3.0, 5.0])), &Recipe::default());
    assert!(noted(&data, "constant: `column 2`"), "{:?}", data.notes);
    let wide = desk.taken("wide.idx2", &idx(8, &[2, 1_000_000], &vec![3; 2_000_000]), &Recipe::default());
    assert_eq!(wide.dim(), 1_000_000);
}

#[test]
fn idx_labels_that_do_not_fit() {
    let desk = Desk::new();
    let images = desk.put("a-images-idx3-ubyte", idx(8, &[2, 4, 4], &[7; 32]));
    for (labels, words) in [
        (idx(8, &[3], &[0, 1, 2]), "3 labels for the 2 samples"),
        (idx(8, &[2, 1], &[0, 1]), "one dimension"),
        (idx(8, &[2], &[0]), "cut off"),
        (idx(13, &[2], &[0x3f, 0, 0, 0, 0, 0, 0, 0]), "label 1: 0.5"),
        (b"text".to_vec(), "IDX mark"),
    ] {
        desk.put("a-labels-idx1-ubyte", &labels);
        let message = open(&images, &Recipe::default()).expect_err(words).to_string();
        assert!(message.contains(words) && message.contains("a-labels-idx1-ubyte"), "{message}");
    }
    let none = Recipe { label_column: "none".to_owned(), ..Recipe::default() };
    assert!(open(&images, &none).expect("labels are not read").labels.is_none());
}

#[test]
fn npy_headers_that_lie() {
    let desk = Desk::new();
    let floats = [0u8; 32];
    desk.refused("more.npy", &npy("<f8", "(3, 2)", &floats), &["[3, 2]", "cut off"]);
    desk.refused("less.npy", &npy("<f8", "(1, 2)", &floats), &["header is wrong"]);
    desk.refused("huge.npy", &npy("<f8", "(18446744073709551615, 18446744073709551615)", &floats), &["cut off"]);
    desk.refused("beyond.npy", &npy("<f8", "(99999999999999999999999, 2)", &floats), &["no size"]);
    desk.refused("none.npy", &npy("<f8", "(0, 2)", &[]), &["nothing"]);
    desk.refused("scalar.npy", &npy("<f8", "()", &floats[..8]), &["single number"]);
    desk.refused("long.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff{", &["4294967295 bytes long"]);
    desk.refused("cut.npy", b"\x93NUMPY\x01\x00\x76\x00{'descr': ", &["within its header"]);
    desk.refused("mark.npy", b"\x93NUMP", &["NPY mark"]);
    desk.refused("version.npy", b"\x93NUMPY\x09\x00\x00\x00\x00\x00", &["version 9"]);
    desk.refused("huge.npy.gz", &gzip(&npy("<f8", "(4000000000, 4000000000)", &floats)), &["cannot hold"]);
    desk.refused("more.npy.gz", &gzip(&npy("<f8", "(3, 2)", &floats)), &["row 3, column 1"]);
}

#[test]
fn npy_content_that_is_no_number() {
    let desk = Desk::new();
    desk.refused("object.npy", &npy("|O", "(2, 2)", &[0; 32]), &["Python objects"]);
    desk.refused("words.npy", &npy("<U2", "(2, 2)", &[0; 32]), &["words"]);
    desk.refused("complex.npy", &npy("<c16", "(2,)", &[0; 32]), &["<c16"]);
    let fields = |kind: &str, bytes: &[u8]| {
        npy_raw(&format!("{{'descr': [('a', '{kind}')], 'fortran_order': False, 'shape': (2,)}}"), bytes)
    };
    assert_eq!(desk.taken("record.npy", &fields("<f8", &[0; 16]), &Recipe::default()).columns[..], ["a"]);
    desk.refused("half.npy", &fields("<f8", &[0; 9]), &[]);
    desk.refused("objects.npy", &fields("|O", &[0; 16]), &[]);
    desk.refused("dict.npy", &npy_raw("not a dictionary", &[0; 16]), &["descr"]);
    desk.refused("utf8.npy", b"\x93NUMPY\x01\x00\x02\x00\xff\xfe", &["no text"]);
    let bytes = |values: [f64; 4]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let strict = Recipe { missing: Missing::Error, ..Recipe::default() };
    let words = ["row 2", "`column 2`", "--missing"];
    desk.refused_with("nan.npy", &npy("<f8", "(2, 2)", &bytes([1.0, 2.0, 3.0, f64::NAN])), &strict, &words);
    desk.refused(
        "inf.npy",
        &npy("<f8", "(2, 2)", &bytes([1.0, f64::INFINITY, 3.0, 4.0])),
        &["row 1, column 2", "infinite"],
    );
    desk.taken("large.npy", &npy("<f8", "(2, 2)", &bytes([1.0, 2.0, 1e300, 4.0])), &Recipe::default());
    desk.refused("one.npy", &npy("<f8", "(1, 4)", &bytes([1.0, 2.0, 3.0, 4.0])), &["one sample"]);
    let data = desk.taken("same.npy", &npy("<f8", "(2, 2)", &bytes([1.0, 2.0, 1.0, 4.0])), &Recipe::default());
    assert!(noted(&data, "constant: `column 1`"), "{:?}", data.notes);
    let wide = desk.taken("wide.npy", &npy("|u1", "(2, 1000000)", &vec![1; 2_000_000]), &Recipe::default());
    assert_eq!(wide.dim(), 1_000_000);
}

pub(super) fn npz(arrays: &[(&str, &Array2<f64>)], labels: Option<(&str, &Array1<i64>)>, packed: bool) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = if packed { NpzWriter::new_compressed(&mut bytes) } else { NpzWriter::new(&mut bytes) };
    for (name, array) in arrays {
        archive.add_array(*name, *array);
    }
    if let Some((name, labels)) = labels {
        archive.add_array(name, labels);
    }
    archive.finish().expect("memory takes it");
    bytes.into_inner()
}

#[test]
fn npz_archives_that_are_broken() {
    let desk = Desk::new();
    let x = Array2::from_shape_fn((20, 3), |(i, j)| (i * 7 + j) as f64);
    for packed in [false, true] {
        let whole = npz(&[("x", &x)], None, packed);
        desk.refused("cut.npz", &whole[..whole.len() - 30], &["cut off"]);
        desk.refused("half.npz", &whole[..whole.len() / 2], &["cut off"]);
        let mut front = whole.clone();
        front[0] = b'Q';
        desk.refused("front.npz", &front, &["not a zip archive"]);
        // The directory's place, its size, and the member's size, each far too large.
        let end = whole.len() - 22;
        let directory = u32::from_le_bytes(whole[end + 16..end + 20].try_into().expect("four bytes")) as usize;
        for (at, word) in
            [(end + 16, "outside"), (end + 12, "outside"), (directory + 20, "claims"), (directory + 42, "claims")]
        {
            let mut lying = whole.clone();
            lying[at..at + 4].copy_from_slice(&0x7fff_ffffu32.to_le_bytes());
            desk.refused("lying.npz", &lying, &[word]);
        }
        let mut method = whole.clone();
        method[directory + 10] = 99;
        desk.refused("method.npz", &method, &["method 99"]);
    }
    desk.refused("empty.npz", b"", &["empty"]);
    desk.refused("text.npz", b"hello", &["not a zip archive"]);
    desk.refused("none.npz", &npz(&[], None, false), &["no array"]);
    desk.refused("packed.npz.gz", &gzip(&npz(&[("x", &x)], None, false)), &["not read packed"]);
}

#[test]
fn npz_archives_with_the_wrong_arrays() {
    let desk = Desk::new();
    let x = Array2::from_shape_fn((20, 3), |(i, j)| (i * 7 + j) as f64);
    let y = Array1::from_iter(0..19i64);
    desk.refused("labels.npz", &npz(&[("x", &x)], Some(("y", &y)), true), &["19 labels", "20 samples"]);
    desk.refused("two.npz", &npz(&[("a", &x), ("b", &x)], None, false), &["which array", "`a` [20, 3]", "`b` [20, 3]"]);
    desk.refused("only.npz", &npz(&[], Some(("y", &y)), false), &["which array", "`y` [19]"]);
    let named = Recipe { label_column: "z".to_owned(), ..Recipe::default() };
    desk.refused_with("named.npz", &npz(&[("x", &x)], Some(("y", &y)), false), &named, &["--label-column z", "`y`"]);
    let mut hole = x.clone();
    hole[[4, 1]] = f64::NAN;
    let strict = Recipe { missing: Missing::Error, ..Recipe::default() };
    desk.refused_with("nan.npz", &npz(&[("x", &hole)], None, true), &strict, &["row 5", "`column 2`"]);
}
