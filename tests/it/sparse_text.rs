//! Wide sparse rows stay sparse: a truncated SVD as SciPy's, columns with roles, and models that read sparse rows again.

use std::path::{Path, PathBuf};

use eigenscope::data::{Dataset, NewRows, Source};
use eigenscope::nets::Compute;
use eigenscope::output::{LabelOptions, write_every_row};
use eigenscope::pipeline::{Chain, Job, Outcome};
use eigenscope::recipe::{Auto, DeviceChoice, Distance, Missing, Scaling};
use eigenscope::support::progress::{Control, Progress};
use eigenscope::{Recipe, Result};

use crate::support::desk::{self, Desk, noted};
use crate::support::listening::Deaf;

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references/formats").join(name)
}

fn few(change: impl FnOnce(&mut Recipe)) -> Recipe {
    let mut recipe = Recipe { components: Auto::Set(8), device: DeviceChoice::Cpu, starts: 2, ..Recipe::default() };
    change(&mut recipe);
    recipe
}

fn open(name: &str, change: impl FnOnce(&mut Recipe)) -> Dataset {
    desk::open(&reference(name), &few(change)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn run(path: &Path, change: impl FnOnce(&mut Recipe)) -> Outcome {
    let job = Job { source: Source::Path(path.to_owned()), recipe: few(change) };
    Chain::default().run(&job, &Control::new(), &Deaf).expect("a small run")
}

#[test]
fn components_are_those_of_scipy() {
    let text = std::fs::read_to_string(reference("text.json")).expect("it is stored");
    let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for (name, scaling) in [
        ("tf-idf", Scaling::Auto),
        ("tf-idf", Scaling::TfIdf),
        ("unit", Scaling::Unit),
        ("standardize", Scaling::Standardize),
        ("none", Scaling::None),
    ] {
        for file in ["text.svm", "text.npz"] {
            let data = open(file, |r| r.scaling = scaling);
            assert_eq!((data.len(), data.dim(), data.columns[0].as_str()), (90, 8, "component 1"));
            let wanted = all[name]["components"].as_array().expect("rows");
            let first = all[name]["values"][0].as_f64().expect("a number");
            // One direction may be turned where two of its largest numbers are alike.
            for (at, row) in wanted.iter().enumerate() {
                let found = data.features.row(at);
                for (found, wanted) in found.iter().zip(row.as_array().expect("numbers")) {
                    let wanted = wanted.as_f64().expect("a number");
                    let apart = (found - wanted).abs().min((found + wanted).abs());
                    assert!(apart < 2e-6 * first, "{name}, {file}, row {at}: {found} for {wanted}");
                }
            }
        }
    }
}

#[test]
fn it_says_what_it_took_and_small_matrices_keep_their_words() {
    let data = open("text.svm", |r| r.components = Auto::Auto);
    assert!(data.dim() > 1000 && data.sparse.is_none(), "small as it is it keeps its words");
    let data = open("text.svm", |r| r.components = Auto::Set(300));
    assert_eq!(data.dim(), 90, "as many as there are rows");
    let data = open("text.svm", |_| ());
    for words in ["sparse matrix of 90 × ", "it stays sparse", "8 components of a truncated SVD", "--components"] {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
    assert_eq!(data.labels.as_ref().expect("the first numbers").names.len(), 3);
    let dense = open("text.svm", |r| r.components = Auto::Set(0));
    assert!(dense.dim() > 1000 && noted(&dense, "made dense") && dense.sparse.is_none());
    let small = open("csr.npz", |r| r.components = Auto::Auto);
    assert_eq!(small.dim(), 9, "few columns are as they were");
    let outcome = run(&reference("text.svm"), |r| (r.components, r.learn) = (Auto::Set(90), false));
    let taken = |setting| outcome.snapshot.taken(setting).map(|taken| taken.value.clone());
    assert_eq!((taken("components"), taken("scaling")), (None, Some("tf-idf".to_owned())));
    let refused = few(|r| r.components = Auto::Set(5000)).check().expect_err("too many").to_string();
    assert!(refused.contains("--components"), "{refused}");
}

#[test]
fn subjects_are_found_and_cosine_is_cosine() {
    for distance in [Distance::Auto, Distance::Cosine] {
        let outcome = run(&reference("text.svm"), |r| (r.distance, r.learn) = (distance, false));
        let exact = outcome.snapshot.exact.as_ref().expect("it ran");
        assert!(exact.scores.expect("there are labels").acc > 0.95, "{:?}", exact.scores);
        // Components have length 1 again, so that distances between them are chords of their angles.
        for row in outcome.snapshot.scaled.rows() {
            assert!((row.dot(&row) - 1.0).abs() < 1e-5);
        }
    }
    // With as many components as rows angles are those between the rows themselves.
    let whole = run(&reference("text.svm"), |r| (r.components, r.learn) = (Auto::Set(90), false)).snapshot;
    let dense = run(&reference("text.svm"), |r| (r.components, r.learn) = (Auto::Set(0), false)).snapshot;
    for (i, j) in [(0, 1), (5, 80), (33, 34), (2, 89)] {
        let cosine = |rows: &ndarray::Array2<f32>| rows.row(i).dot(&rows.row(j));
        let (here, there) = (cosine(&whole.scaled), cosine(&dense.scaled));
        assert!((here - there).abs() < 1e-5, "{i}, {j}: {here} for {there}");
    }
}

fn labelled(outcome: &Outcome, path: &Path) -> Result<(Vec<usize>, ndarray::Array2<f64>, Vec<String>)> {
    let model = outcome.model.as_ref().expect("it has one");
    let mut rows = NewRows::open(path.as_os_str(), &model.reading, &Recipe::default())?;
    let (mut places, mut all) = (Vec::new(), Vec::new());
    while let Some(block) = rows.next_block()? {
        let coordinates = model.apply(block.features.view(), &Compute::cpu())?.coordinates;
        places.extend(block.rows);
        all.extend(coordinates.rows().into_iter().map(|row| row.to_vec()));
    }
    let k = all.first().map_or(0, Vec::len);
    let coordinates = ndarray::Array2::from_shape_vec((places.len(), k), all.concat()).expect("rows of one length");
    Ok((places, coordinates, rows.notes()))
}

#[test]
fn a_model_reads_sparse_rows_again() {
    let desk = Desk::new();
    let outcome = run(&reference("text.svm"), |r| r.learn = false);
    let model = outcome.model.as_ref().expect("it has one");
    let path = desk.path("model.eigenscope");
    eigenscope::output::write_model(&path, model).expect("it can be written");
    assert_eq!(eigenscope::output::read_model(&path).expect("it can be read"), *model);
    let exact = &outcome.snapshot.exact.as_ref().expect("it ran").space.vectors;
    let (places, coordinates, _) = labelled(&outcome, &reference("text.svm")).expect("its own rows");
    assert_eq!((places, &coordinates), ((0..90).collect(), exact), "its own rows have their own places");
    let (_, other, _) = labelled(&outcome, &reference("text.npz")).expect("the same rows");
    assert_eq!(&other, exact, "another format, other names, the same columns");
    // Part of the columns, and columns that training never saw.
    let text = std::fs::read_to_string(reference("text.svm")).expect("it is stored");
    let lines: Vec<&str> = text.lines().take(10).collect();
    let new = desk.put("new.svm", lines.join(" 999999:1\n") + "\n");
    let (_, part, notes) = labelled(&outcome, &new).expect("a few rows");
    assert!(notes.iter().any(|note| note.contains("9 values in columns that the model does not read")), "{notes:?}");
    assert_eq!(part, exact.slice(ndarray::s![..10, ..]));
    let table = desk.put("new.csv", "a,b\n1,2\n");
    let refused = labelled(&outcome, &table).expect_err("a table").to_string();
    assert!(refused.contains("rows of a sparse matrix"), "{refused}");
    // A limit leaves rows out, and they leave through the model.
    let some = run(&reference("text.svm"), |r| (r.learn, r.limit) = (false, 60));
    let to = desk.path("labels.csv");
    write_every_row(&to, &some.snapshot, LabelOptions::default(), &Progress::silent()).expect("it can be written");
    let text = std::fs::read_to_string(&to).expect("it is there");
    assert!(text.starts_with("index,label,cluster,by,") && text.lines().count() == 91, "{text}");
    let by = text.lines().skip(1).filter(|line| line.split(',').nth(3) == Some("model")).count();
    assert_eq!(by, 30);
}

#[test]
fn a_network_learns_from_components() {
    let outcome = run(&reference("text.svm"), |r| {
        (r.steps, r.hidden) = (Auto::Set(60), eigenscope::recipe::Hidden::Layers(vec![32]));
    });
    let (_, coordinates, _) = labelled(&outcome, &reference("text.svm")).expect("its own rows");
    let learned = &outcome.snapshot.learned.as_ref().expect("trained").space.vectors;
    assert!((&coordinates - learned).iter().all(|d| d.abs() < 1e-3));
}

#[test]
fn columns_have_roles_and_gaps_are_filled_or_refused() {
    let desk = Desk::new();
    // Feature 2 is the sum of three others; one value is missing.
    let line =
        |i: usize| format!("{} {}:1 {}:2 5000:{}\n", i % 2, 10 + i % 7, 100 + i % 13, if i == 4 { "nan" } else { "3" });
    let path = desk.put("roles.svm", (0..40).map(line).collect::<String>());
    let open = |change: fn(&mut Recipe)| {
        let recipe = few(|r| {
            (r.scaling, r.components) = (Scaling::Unit, Auto::Set(30));
            change(r);
        });
        desk::open(&path, &recipe)
    };
    let data = open(|_| ()).expect("gaps are filled");
    assert!(
        noted(&data, "missing values filled with their column's median, in which zeros count: 1"),
        "{:?}",
        data.notes
    );
    let row = |data: &Dataset, i: usize| data.features.row(i);
    assert!(row(&data, 4).len() < 30 && noted(&data, "it has no more"), "{:?}", data.notes);
    let refused = open(|r| r.missing = Missing::Error).expect_err("a gap").to_string();
    assert!(refused.contains("line 5") && refused.contains("feature 5000"), "{refused}");
    let fewer = open(|r| r.missing = Missing::DropRows).expect("a row goes");
    assert!(fewer.len() == 39 && fewer.of == 40 && !fewer.rows.contains(&4));
    let without = open(|r| r.ignore = "feature 5000".to_owned()).expect("a column goes");
    assert!(noted(&without, "no features, as asked: `feature 5000`"), "{:?}", without.notes);
    // Without the heavy column, rows of other words are at right angles.
    let angle = |data: &Dataset| {
        let (a, b) = (row(data, 0), row(data, 1));
        a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>()
    };
    assert!(
        angle(&without).abs() < 1e-5 && (angle(&data) - 9.0 / 14.0).abs() < 1e-5,
        "{} and {}",
        angle(&without),
        angle(&data)
    );
    let labelled = open(|r| r.label_column = "feature 10".to_owned()).expect("a column of labels");
    assert_eq!(labelled.labels.expect("0 and 1").names.len(), 2);
    let refused = open(|r| r.ignore = "feature 7000".to_owned()).expect_err("no such column").to_string();
    assert!(refused.contains("7000"), "{refused}");
}
