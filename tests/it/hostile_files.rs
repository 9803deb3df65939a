//! Files that lie, are cut off or hold nonsense: every loader answers with a message that names file and place, and never
//! panics or takes memory for what a header merely claims.

mod arrays;

use std::path::Path;

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::data::{Dataset, load};
use eigenscope::recipe::{Missing, TextColumns};
use eigenscope::support::progress::Progress;
use ndarray::{Array1, Array2};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::support::bytes::{gzip, idx};
use crate::support::desk::{Desk, noted, open};
use crate::support::npy::to_npy;
use arrays::npz;

impl Desk {
    /// The file is refused, with a message that has its name and these words.
    fn refused(&self, name: &str, bytes: &[u8], words: &[&str]) {
        self.refused_with(name, bytes, &Recipe::default(), words);
    }

    fn refused_with(&self, name: &str, bytes: &[u8], recipe: &Recipe, words: &[&str]) {
        let path = self.put(name, bytes);
        refused(&path, recipe, words);
    }

    fn taken(&self, name: &str, bytes: &[u8], recipe: &Recipe) -> Dataset {
        let path = self.put(name, bytes);
        open(&path, recipe).unwrap_or_else(|e| panic!("{name} should load: {e}"))
    }
}

fn refused(path: &Path, recipe: &Recipe, words: &[&str]) {
    let name = path.file_name().expect("a file").to_string_lossy();
    let message = open(path, recipe).expect_err(&name).to_string();
    for word in words.iter().copied().chain([&*name]) {
        assert!(message.contains(word), "`{word}` is not in the message about {name}: {message}");
    }
}

#[test]
fn tables_with_nothing_in_them() {
    let desk = Desk::new();
    desk.refused("empty.csv", b"", &["empty"]);
    desk.refused("blank.csv", b"\n\n\n", &["no row"]);
    desk.refused("header.csv", b"a,b,c\n", &["no row follows"]);
    desk.refused("one.csv", b"a,b\n1,2\n", &["one sample", "at least two"]);
    desk.refused("labels.csv", b"label\n1\n0\n1\n", &["no feature"]);
}

#[test]
fn tables_with_wrong_cells() {
    let desk = Desk::new();
    let strict = Recipe { text: TextColumns::Error, missing: Missing::Error, ..Recipe::default() };
    let strictly = |name: &str, bytes: &[u8], words: &[&str]| desk.refused_with(name, bytes, &strict, words);
    strictly("word.csv", b"a,b\n1,2\n3,abc\n5,6\n", &["line 3", "`b`", "`abc`", "--text"]);
    strictly("nan.csv", b"a,b\n1,2\nNaN,4\n5,6\n", &["line 3", "`a`", "missing", "--missing"]);
    strictly("hole.csv", b"a,b\n1,2\n3,4\n5,\n", &["line 4", "`b`", "--missing"]);
    strictly("inf.csv", b"a,b\n1,2\n3,-inf\n", &["line 3", "`b`", "missing", "--missing"]);
    desk.refused("words.csv", b"a,b\nx,y\nz,w\nx,w\n", &["line 2", "`a`", "`x`", "--text one-hot"]);
    let drop = Recipe { missing: Missing::DropRows, ..Recipe::default() };
    desk.refused_with("holes.csv", b"a,b\n1,?\nNA,4\n5,6\n", &drop, &["1 of 3 samples"]);
}

/// All were found by fuzzing.
#[test]
fn what_a_stranger_wrote_does_not_act_on_a_terminal() {
    let desk = Desk::new();
    let acts = |message: &str| message.chars().any(|c| c.is_control() && c != '\n');
    let table = desk.put("a.txt", b"\xef\xbb\xbf\x1f3\n5 4 6$5 4 6\n4");
    let message = open(&table, &Recipe::default()).expect_err("it is no table").to_string();
    assert!(message.contains("--label-column \\u{1f}3 makes it the labels") && !acts(&message), "{message}");

    let recipe = desk.put("r.toml", b"device = \"cpu\"\x0bsys\n");
    let message = eigenscope::cli::read_recipe(&recipe).expect_err("it is no TOML").to_string();
    assert!(message.contains("r.toml") && message.contains("\\u{b}sys") && !acts(&message), "{message}");

    let field = |name: &str| (ciborium::Value::Text(name.to_owned()), ciborium::Value::Integer(1.into()));
    let mut body = Vec::new();
    ciborium::into_writer(&ciborium::Value::Map(vec![field("fr\0\u{1b}[2J")]), &mut body).expect("memory takes it");
    let model = desk.put("m.eigenscope", [&b"eigenscope model 3\n"[..], &gzip(&body)].concat());
    let message = eigenscope::output::read_model(&model).expect_err("it is none").to_string();
    assert!(message.contains("unknown field `fr\\u{0}\\u{1b}[2J`") && !acts(&message), "{message}");
}

#[test]
fn tables_with_a_wrong_shape() {
    let desk = Desk::new();
    desk.refused("ragged.csv", b"a,b,c\n1,2,3\n4,5\n6,7,8\n", &["line 3", "2 cells", "3 columns"]);
    desk.refused("wide.csv", b"a,b\n1,2\n3,4\n5,6,7\n", &["line 4", "3 cells"]);
    desk.refused("ragged.txt", b"1.0 2.0\n3.0  4.0\n5.0\n", &["line 3"]);
}

#[test]
fn a_quote_that_nothing_closes_hides_no_row() {
    let opened = Desk::new().taken("quote.csv", b"a,b\n1,2\n\"3,4\n5,6\n", &Recipe::default());
    assert_eq!(opened.features.dim(), (3, 2));
    assert_eq!(opened.features.row(1), [3.0, 4.0]);
    assert!(opened.notes.iter().any(|note| note.contains("quote") && note.contains("line 3")), "{:?}", opened.notes);
}

#[test]
fn tables_that_are_no_text() {
    let desk = Desk::new();
    desk.refused("signs.csv", b"a,b\n1,2\n3,\xff\x01\n", &["line 3", "UTF-8"]);
    desk.refused("utf16.csv", b"\xff\xfea\0,\0b\0\n\0", &["no row"]);
    desk.refused("binary.csv", b"a,b\n1,2\n\0\0\0\0\0\0", &["zero bytes"]);
    desk.refused("sheet.xlsx", b"PK\x03\x04 and then nothing of use", &["zip"]);
    desk.refused("not.csv.gz", b"a,b\n1,2\n3,4\n", &["not gzipped"]);
    let whole = gzip(&b"a,b\n1,2\n3,4\n".repeat(1000));
    desk.refused("cut.csv.gz", &whole[..whole.len() / 2], &[]);
    let mut bad = gzip(b"a,b\n1,2\n3,4\n5,6\n");
    let middle = bad.len() / 2;
    bad[middle] ^= 0xff;
    desk.refused("bad.csv.gz", &bad, &[]);
    desk.refused("bomb.csv.gz", &gzip(&b"1,2\n".repeat(25 << 20)), &["trap"]);
}

#[test]
fn label_columns_that_do_not_exist() {
    let desk = Desk::new();
    for name in ["nothing", "0", "3", "-1"] {
        let recipe = Recipe { label_column: name.to_owned(), ..Recipe::default() };
        desk.refused_with("two.csv", b"a,b\n1,2\n3,4\n", &recipe, &["--label-column", "`a`, `b`"]);
    }
}

#[test]
fn a_column_of_ids_is_not_spread() {
    let desk = Desk::new();
    let mut text = "a,name\n".to_owned();
    for row in 0..1200 {
        text += &format!("{row}.5,person{row}\n");
    }
    let recipe = Recipe { text: TextColumns::OneHot, ..Recipe::default() };
    desk.refused_with("ids.csv", text.as_bytes(), &recipe, &["`name`", "--text one-hot", "line 1002"]);
    let recipe = Recipe { text: TextColumns::Drop, ..Recipe::default() };
    let data = desk.taken("ids.csv", text.as_bytes(), &recipe);
    assert!(data.dim() == 1 && noted(&data, "`name`"), "{:?}", data.notes);
}

#[test]
fn a_table_of_a_million_columns_loads() {
    let desk = Desk::new();
    let row = |v: &str| vec![v; 1_000_000].join(",");
    let data =
        desk.taken("wide.csv", format!("{}\n{}\n{}\n", row("1"), row("2"), row("0")).as_bytes(), &Recipe::default());
    assert_eq!((data.len(), data.dim()), (3, 1_000_000));
}

#[test]
fn constant_columns_and_repeated_rows_load_and_are_noted() {
    let desk = Desk::new();
    let data = desk.taken("same.csv", b"a,b\n1,7\n2,7\n1,7\n", &Recipe::default());
    assert!(noted(&data, "constant: `b`") && noted(&data, "1 of 3 rows repeat"), "{:?}", data.notes);
    let data = desk.taken("all.csv", b"a,b\n1,7\n1,7\n", &Recipe::default());
    assert!(noted(&data, "all samples are the same"), "{:?}", data.notes);
}

#[test]
fn folders_and_names_that_hold_nothing() {
    let desk = Desk::new();
    let folder = desk.folder().join("sub");
    std::fs::create_dir(&folder).expect("a folder");
    for name in ["data.csv", "some-idx3-ubyte", "data.npy", "data.npz"] {
        let path = folder.join(name);
        std::fs::create_dir(&path).expect("a folder");
        refused(&path, &Recipe::default(), &["no IDX set", "CSV"]);
    }
    refused(&folder, &Recipe::default(), &["no IDX set", "CSV"]);
    refused(&desk.folder().join("missing.csv"), &Recipe::default(), &["cannot read"]);
    let message =
        load(&Source::Named("mons".to_owned()), &Recipe::default(), &Progress::silent()).expect_err("no such set");
    assert!(message.to_string().contains("`mons`") && message.to_string().contains("moons"), "{message}");
    let recipe = Recipe { data_dir: Some(folder.clone()), ..Recipe::default() };
    let message =
        load(&Source::Named("mnist".to_owned()), &recipe, &Progress::silent()).expect_err("no files").to_string();
    for word in ["--data-dir", "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "sub"] {
        assert!(message.contains(word), "{message}");
    }
    desk.put("sub/a-images-idx3-ubyte", idx(8, &[2, 4, 4], &[7; 32]));
    desk.put("sub/b-images-idx3-ubyte", idx(8, &[2, 4, 4], &[7; 32]));
    refused(&folder, &Recipe::default(), &["a-images-idx3-ubyte, b-images-idx3-ubyte"]);
}

#[cfg(unix)]
#[test]
fn a_device_is_not_read() {
    let message = open(Path::new("/dev/zero"), &Recipe::default()).expect_err("it has no end").to_string();
    assert!(message.contains("/dev/zero") && message.contains("not a file"), "{message}");
}

#[test]
fn random_damage_never_panics() {
    let desk = Desk::new();
    let x = Array2::from_shape_fn((12, 4), |(i, j)| (i * 5 + j) as f64 / 3.0);
    let y = Array1::from_iter((0..12).map(|i| i % 3));
    let matrix = to_npy(&x);
    let mut table = "a,b c,label\n".to_owned();
    for row in 0..12 {
        table += &format!("{row}.25,\"-{row}e1\",{}\n", ["red", "blue"][row % 2]);
    }
    let images = idx(8, &[6, 4, 4], &[9; 96]);
    let wholes = [
        ("a.csv", table.clone().into_bytes()),
        ("a.csv.gz", gzip(table.as_bytes())),
        ("a-idx3-ubyte", images.clone()),
        ("a-idx3-ubyte.gz", gzip(&images)),
        ("a.npy", matrix.clone()),
        ("a.npy.gz", gzip(&matrix)),
        ("a.npz", npz(&[("x", &x)], Some(("y", &y)), false)),
        ("b.npz", npz(&[("x", &x)], Some(("y", &y)), true)),
    ];
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let recipes =
        [Recipe::default(), Recipe { missing: Missing::DropRows, text: TextColumns::OneHot, ..Recipe::default() }];
    for (name, whole) in wholes {
        desk.taken(name, &whole, &recipes[0]);
        for round in 0..300 {
            let mut bytes = whole.clone();
            for _ in 0..rng.random_range(1..4) {
                let at = rng.random_range(0..bytes.len());
                bytes[at] = if rng.random_bool(0.5) { rng.random() } else { bytes[at] ^ 1 << rng.random_range(0..8) };
            }
            if rng.random_bool(0.2) {
                bytes.truncate(rng.random_range(0..bytes.len()));
            }
            // Either answer is right; what counts is that there is one, and that a refusal names the file.
            if let Err(e) = open(&desk.put(name, &bytes), &recipes[round % 2]) {
                assert!(e.to_string().contains(name), "{e}");
            }
        }
    }
}
