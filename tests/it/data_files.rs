//! What good files and built-in sets give: values, names, classes, the original table, and notes about every guess.

use std::path::Path;

use eigenscope::data::Source;
use eigenscope::data::{Dataset, Origin, builtin, load};
use eigenscope::recipe::{Auto, Missing, TextColumns};
use eigenscope::support::progress::{Control, Progress};
use eigenscope::{Error, Recipe};
use ndarray::{Array1, Array2, Array3, ShapeBuilder as _, array};

use crate::support::bytes::idx;
use crate::support::desk::{self, Desk, noted};
use crate::support::npy::{NpzWriter, write_npy};

fn named(name: &str, recipe: &Recipe) -> Dataset {
    load(&Source::Named(name.to_owned()), recipe, &Progress::silent()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn open(path: &Path, recipe: &Recipe) -> Dataset {
    desk::open(path, recipe).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn text(name: &str, content: &str, recipe: &Recipe) -> Dataset {
    let desk = Desk::new();
    open(&desk.put(name, content.as_bytes()), recipe)
}

fn label_words(data: &Dataset) -> Vec<&str> {
    let labels = data.labels.as_ref().expect("labels");
    labels.ids.iter().map(|&id| labels.names[id as usize].as_str()).collect()
}

#[test]
fn every_set_that_needs_no_files_loads_the_same_each_time() {
    for set in builtin().iter().filter(|set| set.origin != Origin::Files) {
        let data = named(set.name, &Recipe::default());
        let again = named(set.name, &Recipe::default());
        assert_eq!(data.features, again.features, "{}", set.name);
        assert_eq!((data.name.as_str(), data.labels.as_ref()), (set.name, again.labels.as_ref()));
        assert!(data.numbers().iter().all(|v| v.is_finite()) && data.columns.len() == data.dim());
        if let Origin::Generated { samples, .. } = set.origin {
            let dimensions = match set.name {
                "dscl-toy" | "linked-circles" => 3,
                "moon-10d" => 10,
                _ => 2,
            };
            assert_eq!((data.len(), data.dim()), (samples, dimensions), "{}", set.name);
        }
        let classes = data.labels.as_ref().map(|labels| labels.names.len());
        let without = ["no-structure", "moon-10d"].contains(&set.name);
        assert!(if without { classes.is_none() } else { classes == data.clusters }, "{}", set.name);
        assert_eq!(data.rows.as_slice(), (0..data.len()).collect::<Vec<_>>());
    }
    assert_eq!(named("no-structure", &Recipe::default()).clusters, Some(3));
}

#[test]
fn the_embedded_sets_are_what_they_are_known_to_be() {
    let digits = named("digits", &Recipe::default());
    assert_eq!((digits.len(), digits.dim()), (1797, 64));
    let labels = digits.labels.as_ref().expect("digits have labels");
    let count = |class| labels.ids.iter().filter(|&&id| id == class).count();
    assert_eq!((0..10).map(count).collect::<Vec<_>>(), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert_eq!(&digits.numbers().row(0).to_vec()[..8], [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0]);
    assert_eq!(digits.numbers().iter().copied().fold(0.0, f32::max), 16.0);
    let fashion = named("fashion-10k", &Recipe::default());
    assert_eq!((fashion.len(), fashion.dim(), fashion.clusters), (10_000, 784, Some(10)));
    let labels = fashion.labels.as_ref().expect("fashion has labels");
    assert_eq!((labels.names[0].as_str(), labels.names[9].as_str()), ("T-shirt/top", "Ankle boot"));
    assert_eq!(labels.names[labels.ids[0] as usize], "Ankle boot");
}

#[test]
fn samples_noise_seed_and_limit_act() {
    let recipe = Recipe { samples: Auto::Set(300), noise: Auto::Set(0.0), limit: 100, ..Recipe::default() };
    let data = named("circles", &recipe);
    assert_eq!((data.len(), data.clusters), (100, Some(2)));
    assert!(noted(&data, "100 of 300 samples kept"), "{:?}", data.notes);
    let radii = data.numbers().rows().into_iter().map(|r| r[0].hypot(r[1])).collect::<Vec<_>>();
    assert!(radii.iter().all(|r| (r - 1.0).abs() < 1e-5 || (r - 0.4).abs() < 1e-5));
    assert!(data.rows.windows(2).all(|w| w[0] < w[1]), "the order is kept");
    let all = named("circles", &Recipe { limit: 0, ..recipe.clone() });
    for (row, &source) in data.numbers().rows().into_iter().zip(data.rows.iter()) {
        assert_eq!(row, all.numbers().row(source));
    }
    assert_ne!(data.rows, named("circles", &Recipe { seed: 1, ..recipe.clone() }).rows);
    let unlabelled = named("circles", &Recipe { label_column: "none".to_owned(), ..recipe });
    assert!(unlabelled.labels.is_none() && unlabelled.clusters == Some(2));
}

#[test]
fn a_table_keeps_every_cell_of_every_kept_row() {
    let content = "id,a,\"b, c\",Class\n1, 1.5,2,red\n2,NA,3,blue\n3,4.5,\"1e2\",red\n4,0,-1,\"a \"\"b\"\"\"\n";
    let recipe = Recipe { missing: Missing::DropRows, ..Recipe::default() };
    let data = text("flowers.csv", content, &recipe);
    assert_eq!(data.name, "flowers");
    assert_eq!(data.columns.as_slice(), ["a", "b, c"]);
    assert_eq!(*data.numbers(), array![[1.5, 2.0], [4.5, 100.0], [0.0, -1.0]]);
    assert_eq!(label_words(&data), ["red", "red", "a \"b\""]);
    assert_eq!((data.clusters, data.rows.as_slice()), (Some(2), [0, 2, 3].as_slice()));
    let table = data.table.as_ref().expect("a table is kept");
    assert_eq!(table.header, ["id", "a", "b, c", "Class"]);
    assert_eq!(table.len(), 3);
    assert_eq!(table.texts(1).collect::<Vec<_>>(), ["3", "4.5", "1e2", "red"]);
    for words in ["`id` only numbers the rows", "1 of 4 rows left out", "`Class` taken for the labels"] {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
}

#[test]
fn headers_and_delimiters_are_found() {
    let recipe = Recipe::default();
    let values = array![[1.0, 2.5], [3.0, 4.0], [5.0, 6.0]];
    for (name, content, columns) in [
        ("a.csv", "x,z\n1,2.5\n3,4\n5,6\n", ["x", "z"]),
        ("a.csv", "1,2.5\n3,4\n5,6\n", ["column 1", "column 2"]),
        ("a.csv", "\u{feff}x,z\r\n1,2.5\r\n\r\n3,4\r\n5,6", ["x", "z"]),
        ("a.csv", "x;z\n1;2,5\n3;4\n5;6\n", ["x", "z"]),
        ("a.tsv", "x y\tz\n1\t2.5\n3\t4\n5\t6\n", ["x y", "z"]),
        ("a.txt", "  1   2.5\n  3   4\n  5  6 \n", ["column 1", "column 2"]),
        ("a.data", "x|z\n1|2.5\n3|4\n5|6\n", ["x", "z"]),
        ("a.csv", ",z\n1,2.5\n3,4\n5,6\n", ["column 1", "z"]),
        ("a.csv", "x,z,\n1,2.5,\n3,4,\n5,6,\n", ["x", "z"]),
        ("a.csv", "x,z,\n1,2.5\n3,4\n5,6\n", ["x", "z"]),
        ("a.csv", "x,z\n1,2.5,\n3,4,\n5,6,\n", ["x", "z"]),
        ("a.csv", "x,z\nr1,1,2.5\nr2,3,4\nr3,5,6\n", ["x", "z"]),
        ("a.csv", "x;z;\r\n\"1\";1;2,5;\r\n\"2\";3;4;\r\n\"3\";5;6;\r\n", ["x", "z"]),
        ("a.csv", "sep=;\r\nx;z\r\n1;2,5\r\n3;4\r\n5;6\r\n", ["x", "z"]),
        ("a.csv", "# x,z\n1,2.5\n3,4\n5,6\n", ["x", "z"]),
        ("a.txt", "# x z\n1 2.5\n3 4\n5 6\n", ["x", "z"]),
        ("a.csv", "# made by run 7\n# in mm, in deg\n# x,z\n1,2.5\n3,4\n5,6\n", ["x", "z"]),
        ("a.csv", "x,x\n1,2.5\n3,4\n5,6\n", ["x", "x_2"]),
    ] {
        let data = text(name, content, &recipe);
        assert_eq!((*data.numbers()).clone(), values, "{content}");
        assert_eq!(data.columns.as_slice(), columns, "{content}");
    }
    let pandas = text("a.csv", ",0,1,2\n0,5,6,7\n1,8,9,10\n2,1,2,3\n", &recipe);
    assert_eq!((pandas.columns.join(" "), pandas.len()), ("0 1 2".to_owned(), 3));
}

#[test]
fn text_of_older_programs_is_read_in_its_encoding() {
    let recipe = Recipe::default();
    let content = "città,größe,class\r\n1,2.5,Füße\r\n3,4,caffè\r\n5,6,Füße\r\n";
    let utf_16: Vec<u8> = content.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = content.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1 has it")).collect();
    let desk = Desk::new();
    for (name, bytes) in [("excel.txt", [b"\xff\xfe".as_slice(), &utf_16].concat()), ("old.csv", latin.clone())] {
        let data = open(&desk.put(name, &bytes), &recipe);
        assert_eq!(data.columns.as_slice(), ["città", "größe"], "{name}");
        assert_eq!(*data.numbers(), array![[1.0, 2.5], [3.0, 4.0], [5.0, 6.0]], "{name}");
        assert_eq!(label_words(&data), ["Füße", "caffè", "Füße"], "{name}");
        assert_eq!(noted(&data, "windows-1252"), name == "old.csv", "a guess is said: {:?}", data.notes);
    }
    let cyrillic = Recipe { encoding: "windows-1251".to_owned(), ..recipe };
    let data = open(&desk.put("given.csv", b"\xf5,\xe8\n1,2\n3,4\n5,7\n"), &cyrillic);
    assert_eq!((data.columns.join(" "), noted(&data, "judged")), ("х и".to_owned(), false));
    let unknown = Recipe { encoding: "latin".to_owned(), ..Recipe::default() };
    let message = desk::open(&desk.put("a.csv", &latin), &unknown).expect_err("there is none").to_string();
    assert!(message.contains("--encoding latin"), "{message}");
}

#[test]
fn labels_are_found_named_numbered_or_none() {
    let content = "y,a,kind\n0,1.5,u\n10,2,v\n9,3,u\n9,4,v\n";
    let drop = Recipe { text: TextColumns::Drop, ..Recipe::default() };
    let auto = text("a.csv", content, &drop);
    assert_eq!(auto.labels.as_ref().expect("y is found").names.as_slice(), ["0", "9", "10"]);
    assert_eq!(auto.columns.as_slice(), ["a"]);
    for column in ["kind", "KIND", "3"] {
        let data = text("a.csv", content, &Recipe { label_column: column.to_owned(), ..Recipe::default() });
        assert_eq!(label_words(&data), ["u", "v", "u", "v"]);
        assert_eq!(data.columns.as_slice(), ["y", "a"]);
    }
    let none = text("a.csv", content, &Recipe { label_column: "none".to_owned(), ..drop });
    assert!(none.labels.is_none() && none.clusters.is_none() && none.dim() == 2);
    for coordinates in ["x,y\n1,2\n3,4\n", "a,y\n1,2.5\n3,4\n"] {
        let data = text("a.csv", coordinates, &Recipe::default());
        assert!(data.labels.is_none() && data.dim() == 2 && noted(&data, "stays a feature"), "{:?}", data.notes);
    }
}

#[test]
fn whole_numbers_with_many_values_are_no_classes_unless_a_person_says_so() {
    let table = |values: usize, rows: usize| {
        let rows: Vec<String> = (0..rows).map(|i| format!("{}.5,{}", i % 7, i * 31 % values)).collect();
        format!("a,target\n{}\n", rows.join("\n"))
    };
    for (values, rows, classes) in [(214, 442, false), (300, 100_000, false), (10, 60, true), (100, 5000, true)] {
        let data = text("a.csv", &table(values, rows), &Recipe::default());
        assert_eq!(data.labels.is_some(), classes, "{values} values in {rows} rows");
        let said = format!("{values} different whole numbers in {rows} rows, so it stays a feature");
        assert_eq!(noted(&data, &said), !classes, "{:?}", data.notes);
    }
    let named = Recipe { label_column: "target".to_owned(), ..Recipe::default() };
    assert_eq!(text("a.csv", &table(214, 442), &named).clusters, Some(214));
    // Words are classes as long as rows share them.
    let rows: Vec<String> = (0..442).map(|i| format!("{}.5,w{}", i % 7, i * 31 % 214)).collect();
    let words = text("a.csv", &format!("a,target\n{}\n", rows.join("\n")), &Recipe::default());
    assert_eq!(words.clusters, Some(214));

    let desk = Desk::new();
    let path = desk.path("a.npz");
    let x = Array2::from_shape_fn((442, 3), |(i, j)| (i * 7 + j) as f32);
    let y = Array1::from_iter((0..442i64).map(|i| i * 31 % 214));
    let mut archive = NpzWriter::new_compressed(std::fs::File::create(&path).expect("creates"));
    archive.add_array("x", &x);
    archive.add_array("y", &y);
    archive.finish().expect("writes");
    let data = open(&path, &Recipe::default());
    assert!(data.labels.is_none() && data.dim() == 3 && noted(&data, "no set of classes"), "{:?}", data.notes);
    let named = Recipe { label_column: "y".to_owned(), ..Recipe::default() };
    assert_eq!(open(&path, &named).clusters, Some(214));
}

#[test]
fn gaps_and_words_follow_the_chosen_policy() {
    let content = "a,b,w\n1,?,red\n3,4,blue\nnull,8,red\n";
    let recipe = Recipe { missing: Missing::Mean, text: TextColumns::OneHot, ..Recipe::default() };
    let data = text("a.csv", content, &recipe);
    assert_eq!(data.columns.as_slice(), ["a", "b", "w = blue", "w = red"]);
    assert_eq!(*data.numbers(), array![[1.0, 6.0, 0.0, 1.0], [3.0, 4.0, 1.0, 0.0], [2.0, 8.0, 0.0, 1.0]]);
    assert!(noted(&data, "mean and marked: 2, in 2 of 4 columns") && noted(&data, "one-hot"), "{:?}", data.notes);
    // What was filled in is told from what was measured, also where only some of the rows are kept.
    let filled = |data: &eigenscope::data::Dataset| -> Vec<(usize, usize)> {
        let all = (0..data.len()).flat_map(|i| (0..data.dim()).map(move |j| (i, j)));
        all.filter(|&(i, j)| data.is_filled(i, j)).collect()
    };
    assert_eq!(filled(&data), [(0, 1), (2, 0)]);
    for seed in 0..6 {
        let some = text("a.csv", content, &Recipe { limit: 2, seed, ..recipe.clone() });
        let wanted: Vec<_> = some.rows.iter().enumerate().filter(|(_, row)| **row != 1).collect();
        let wanted: Vec<_> = wanted.into_iter().map(|(at, &row)| (at, usize::from(row == 0))).collect();
        assert_eq!(filled(&some), wanted, "{:?}", some.rows);
    }
}

#[test]
fn numpy_arrays_in_both_orders_and_as_images() {
    let desk = Desk::new();
    let path = desk.path("a.npy");
    let plain = array![[1.0f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let mut fortran = Array2::zeros((2, 3).f());
    fortran.assign(&plain);
    for matrix in [&plain, &fortran] {
        write_npy(&path, matrix).expect("writes");
        assert_eq!(open(&path, &Recipe::default()).numbers().mapv(f64::from), plain);
    }
    let column = open(&path, &Recipe { label_column: "2".to_owned(), ..Recipe::default() });
    assert_eq!((label_words(&column), column.columns.join(" ")), (vec!["2", "5"], "column 1 column 3".to_owned()));
    write_npy(&path, &array![1i16, -2, 3]).expect("writes");
    assert_eq!(*open(&path, &Recipe::default()).numbers(), array![[1.0], [-2.0], [3.0]]);
    let stack = Array3::from_shape_fn((3, 5, 4), |(i, j, k)| (i * 20 + j * 4 + k) as u8);
    write_npy(&path, &stack).expect("writes");
    let data = open(&path, &Recipe::default());
    let image = data.image.expect("a stack of matrices is taken for images");
    assert_eq!((image.width, image.height, image.channels, data.columns[5].as_str()), (4, 5, 1, "pixel 2,2"));
    assert_eq!(data.numbers()[[2, 19]], 59.0);
    let mut turned = Array3::zeros((3, 5, 4).f());
    turned.assign(&stack);
    write_npy(&path, &turned).expect("writes");
    assert_eq!(open(&path, &Recipe::default()).features, data.features);
}

#[test]
fn numpy_archives_give_features_and_labels() {
    let desk = Desk::new();
    let path = desk.path("a.npz");
    let x = Array2::from_shape_fn((300, 7), |(i, j)| (i * 7 + j) as f32);
    let y = Array1::from_iter((0..300i64).map(|i| 10 - i % 3));
    for (names, column) in [(["X", "y"], "auto"), (["data", "target"], "auto"), (["codes", "truth"], "truth")] {
        let mut archive = NpzWriter::new_compressed(std::fs::File::create(&path).expect("creates"));
        archive.add_array(names[0], &x);
        archive.add_array(names[1], &y);
        archive.finish().expect("writes");
        let data = open(&path, &Recipe { label_column: column.to_owned(), ..Recipe::default() });
        assert_eq!(*data.numbers(), x);
        assert_eq!(data.labels.as_ref().expect("labels").names.as_slice(), ["8", "9", "10"]);
    }
}

#[test]
fn a_folder_or_data_dir_gives_both_halves() {
    let desk = Desk::new();
    for (half, labels) in [("train", [3, 1, 0].as_slice()), ("t10k", &[1, 2])] {
        let n = labels.len() as u32;
        desk.put(&format!("{half}-images-idx3-ubyte"), idx(8, &[n, 4, 4], &vec![n as u8; 16 * n as usize]));
        desk.put(&format!("{half}-labels-idx1-ubyte"), idx(8, &[n], labels));
    }
    let recipe = Recipe { data_dir: Some(desk.folder().to_owned()), ..Recipe::default() };
    for data in [named("mnist", &recipe), named("fashion-mnist", &recipe), open(desk.folder(), &recipe)] {
        assert_eq!(data.len(), 5);
        assert_eq!(data.numbers().column(0).to_vec(), [3.0, 3.0, 3.0, 2.0, 2.0]);
        assert_eq!(data.labels.as_ref().expect("labels").ids.as_slice(), [3, 1, 0, 1, 2]);
    }
    assert_eq!(label_words(&named("fashion-mnist", &recipe))[1], "Trouser");
    let half = open(&desk.path("t10k-images-idx3-ubyte"), &Recipe::default());
    assert_eq!((label_words(&half), half.name.as_str()), (vec!["1", "2"], "t10k-images-idx3-ubyte"));
}

#[test]
fn loading_can_be_stopped() {
    let control = Control::new();
    control.cancel();
    let result = load(&Source::Named("digits".to_owned()), &Recipe::default(), &Progress::new(control, &|_, _| {}));
    assert!(matches!(result, Err(Error::Cancelled)));
}
