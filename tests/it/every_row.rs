//! Every row leaves: what a run left out is labelled through its model, and both sides of a model place rows that were never seen.

use eigenscope::data::Source;
use eigenscope::model::{Model, Side};
use eigenscope::nets::Compute;
use eigenscope::output::{Chosen, Edited, LabelOptions, read_model, write_every_row, write_labels, write_model};
use eigenscope::pipeline::{Chain, Job, Outcome};
use eigenscope::recipe::{Affinity, Auto, DeviceChoice, Distance, Missing, Represent, System};
use eigenscope::support::progress::{Control, Progress};
use eigenscope::{Error, Recipe};
use ndarray::ArrayView2;

use crate::support::desk::{Desk, plain};
use crate::support::listening::Deaf;
use crate::support::program::{eigenscope, text};

/// A small run.
fn run(source: Source, change: impl FnOnce(&mut Recipe)) -> Outcome {
    let mut recipe = Recipe { device: DeviceChoice::Cpu, starts: 2, steps: Auto::Set(60), ..Recipe::default() };
    change(&mut recipe);
    Chain::default().run(&Job { source, recipe }, &Control::new(), &Deaf).expect("a small run")
}

fn moons(change: impl FnOnce(&mut Recipe)) -> Outcome {
    run(Source::Named("moons".to_owned()), |r| {
        r.samples = Auto::Set(700);
        change(r);
    })
}

/// Two clouds in four columns, beside a word; every seventh row has a gap.
fn table(rows: usize) -> String {
    let line = |i: usize| {
        let (side, noise) = ((i % 2) as f64 * 9.0, |by: usize| (i * i * by % 997) as f64 / 500.0 - 1.0);
        let gap = if i % 7 == 3 { String::new() } else { format!("{:.3}", side + noise(31)) };
        format!("\"row, {i}\",{gap},{:.3},{:.3}\n", side + noise(57), side + noise(83))
    };
    "word,a,b,c\n".to_owned() + &(0..rows).map(line).collect::<String>()
}

fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|r| r.expect("every row is as long").iter().map(str::to_owned).collect()).collect()
}

fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|cell| cell == name).unwrap_or_else(|| panic!("no `{name}` in {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

/// The table of every row, and what is said of it.
fn written(outcome: &Outcome) -> (Vec<Vec<String>>, Vec<String>) {
    let desk = Desk::new();
    let path = desk.path("labels.csv");
    let notes = write_every_row(&path, &outcome.snapshot, LabelOptions::default(), &Progress::silent());
    (cells(&std::fs::read_to_string(&path).expect("it is there")), notes.expect("it can be written"))
}

/// Rows of the source that the run has not.
fn left_out(outcome: &Outcome) -> Vec<usize> {
    let kept = &outcome.snapshot.data.rows;
    (0..outcome.snapshot.data.of).filter(|row| kept.binary_search(row).is_err()).collect()
}

#[test]
fn rows_beyond_a_limit_are_labelled_by_the_model_and_those_within_stay_as_they_are() {
    let desk = Desk::new();
    let path = desk.put("table.csv", table(400));
    for (learn, own) in [(true, "learned"), (false, "exact")] {
        let outcome = run(Source::Path(path.clone()), |r| (r.limit, r.learn, r.clusters) = (150, learn, Auto::Set(2)));
        let (rows, notes) = written(&outcome);
        assert!(notes.iter().any(|note| note.contains("250 of 400 rows were labelled through the model")), "{notes:?}");
        assert_eq!(rows.len(), 401);
        assert_eq!(column(&rows, "word")[398], "row, 398", "cells as they came");
        assert_eq!(column(&rows, "row"), (0..400).map(|i| i.to_string()).collect::<Vec<_>>());
        let out = left_out(&outcome);
        let by = column(&rows, "by");
        assert!((0..400).all(|row| by[row] == if out.contains(&row) { "model" } else { own }), "{by:?}");
        // The rows of the run have what its own table has.
        let alone = desk.path("alone.csv");
        write_labels(&alone, &outcome.snapshot, LabelOptions::default(), &Progress::silent())
            .expect("it can be written");
        let alone = cells(&std::fs::read_to_string(&alone).expect("it is there"));
        for name in ["a", "cluster", "cluster_exact", &format!("{own}_1"), &format!("{own}_2")] {
            let (all, own) = (column(&rows, name), column(&alone, name));
            assert!(outcome.snapshot.data.rows.iter().zip(&own).all(|(&row, own)| all[row] == *own), "{name}");
        }
        // The others have what the model makes of them, on both of its sides.
        let model = outcome.model.as_ref().expect("it has one");
        let whole = run(Source::Path(path.clone()), |r| (r.learn, r.clusters) = (false, Auto::Set(2))).snapshot.data;
        // Gaps are filled by what the model has in the middle, not by what all rows have there.
        let out: Vec<usize> = out.into_iter().filter(|row| row % 7 != 3).collect();
        let new = whole.features.doubles().select(ndarray::Axis(0), &out);
        for (side, _) in model.sides() {
            let labelled = model.apply_by(side, new.view(), &Compute::cpu()).expect("its own columns");
            let shown = column(&rows, if side == Side::Exact { "cluster_exact" } else { "cluster" });
            assert!(out.iter().zip(&labelled.clusters).all(|(&row, c)| shown[row] == c.to_string()), "{side:?}");
            let first = column(&rows, &format!("{}_1", side.name()));
            for (&row, &value) in out.iter().zip(labelled.coordinates.column(0)) {
                let found: f64 = first[row].parse().expect("a number");
                assert!((found - value).abs() < 1e-4, "{side:?}, row {row}: {found} {value}");
            }
        }
        let clusters = column(&rows, "cluster");
        // Those with a gap, filled from the middle of one cloud, are a part of the graph of their own.
        let mut whole = (2..400).filter(|row| row % 7 != 3);
        assert!(whole.all(|row| clusters[row] == clusters[row % 2]), "two clouds are two clusters");
    }
}

#[test]
fn edits_follow_rows_that_the_run_left_out_and_say_nothing_of_the_others() {
    let desk = Desk::new();
    let path = desk.put("table.csv", table(400));
    let outcome = run(Source::Path(path), |r| (r.limit, r.learn, r.clusters) = (150, false, Auto::Set(2)));
    let (snapshot, out) = (&outcome.snapshot, left_out(&outcome));
    let solver = &snapshot.exact.as_ref().expect("a side").clusters.assignment;
    // The person merged cluster 1 into the first label, and said something of two rows that are no samples.
    let edited = [Edited {
        column: "label".to_owned(),
        ids: vec![0; solver.len()],
        names: ["left", "right", "far", ""].map(str::to_owned).to_vec(),
        by_whom: solver.iter().map(|&c| if c == 0 { "solver" } else { "merged" }).collect(),
        side: Some(Side::Exact),
        left_out: vec![(out[3], 2, "assigned"), (out[7], 3, "outlier")],
        merged: vec![None, Some(0)],
    }];
    let table = |options: LabelOptions<'_>| {
        let path = desk.path("edited.csv");
        write_every_row(&path, snapshot, options, &Progress::silent()).expect("it can be written");
        cells(&std::fs::read_to_string(&path).expect("it is there"))
    };
    let options = LabelOptions { edited: &edited, ..LabelOptions::default() };
    let rows = table(options);
    let [label, source, cluster] = ["label_edited", "label_source", "cluster"].map(|name| column(&rows, name));
    for row in 0..400 {
        let expected = match out.iter().position(|&other| other == row) {
            Some(3) => ["far", "assigned"],
            Some(7) => ["", "outlier"],
            Some(_) if cluster[row] == "1" => ["left", "merged"],
            Some(_) => ["", ""],
            None => ["left", if cluster[row] == "0" { "solver" } else { "merged" }],
        };
        assert_eq!([label[row].as_str(), source[row].as_str()], expected, "row {row}");
    }
    // Of one label the rows that were given to it, wherever a model puts them, and not those that were taken out of it.
    let none = vec![false; solver.len()];
    let left_out = [(out[3], true), (out[7], false)];
    let chosen = Chosen { samples: &none, clusters: &[], left_out: &left_out };
    let rows = table(LabelOptions { rows: Some(chosen), ..options });
    assert_eq!(column(&rows, "row"), [out[3].to_string()]);
}

#[test]
fn rows_with_gaps_leave_too_and_a_whole_run_writes_what_it_wrote() {
    let desk = Desk::new();
    let path = desk.put("table.csv", table(210));
    let two = |missing| move |r: &mut Recipe| (r.missing, r.learn, r.clusters) = (missing, false, Auto::Set(2));
    let outcome = run(Source::Path(path.clone()), two(Missing::DropRows));
    let (rows, notes) = written(&outcome);
    let by = column(&rows, "by");
    assert!((0..210).all(|row| by[row] == if row % 7 == 3 { "model" } else { "exact" }), "{by:?}");
    assert_eq!(column(&rows, "a")[3], "", "the gap stays one");
    assert!(notes.iter().any(|note| note.contains("missing values filled")), "{notes:?}");
    let clusters = column(&rows, "cluster");
    assert!((2..210).all(|row| clusters[row] == clusters[row % 2]), "{clusters:?}");

    let (rows, notes) = written(&run(Source::Path(path), two(Missing::Median)));
    assert!(notes.is_empty() && !rows[0].contains(&"by".to_owned()) && !rows[0].contains(&"row".to_owned()));
}

#[test]
fn large_pictures_and_generated_points_leave_whole() {
    let outcome = moons(|r| r.limit = 200);
    let (rows, _) = written(&outcome);
    assert_eq!(rows[0][..6].join(","), "x,y,label,row,cluster,by");
    assert_eq!((rows.len(), rows[700][3].as_str()), (701, "699"));
    let desk = Desk::new();
    let pixels: Vec<u8> =
        (0..60 * 144).map(|i| if (i / 144) % 2 == 0 { (i % 90) as u8 } else { 200 + (i % 40) as u8 }).collect();
    let mut idx = vec![0, 0, 8, 3];
    for size in [60_u32, 12, 12] {
        idx.extend(size.to_be_bytes());
    }
    idx.extend(pixels);
    let outcome = run(Source::Path(desk.put("images.idx3-ubyte", idx)), |r| (r.limit, r.clusters) = (30, Auto::Set(2)));
    let (rows, _) = written(&outcome);
    assert_eq!((rows[0][..3].join(","), rows.len()), ("index,cluster,by".to_owned(), 61));
    assert_eq!(column(&rows, "index")[59], "59");
}

#[test]
fn a_source_that_changed_loses_no_label_and_a_person_who_cancels_gets_no_table() {
    let desk = Desk::new();
    let path = desk.put("table.csv", table(300));
    let outcome = run(Source::Path(path.clone()), |r| (r.limit, r.learn, r.clusters) = (90, false, Auto::Set(2)));
    let to = desk.path("labels.csv");
    let write = |progress: &Progress<'_>| write_every_row(&to, &outcome.snapshot, LabelOptions::default(), progress);
    let control = Control::new();
    control.cancel();
    let refused = write(&Progress::new(control, &|_, _| {})).expect_err("it was cancelled");
    assert!(matches!(refused, Error::Cancelled) && !to.exists());
    for (changed, what) in [
        (table(299), "had 300 rows and has 299"),
        (table(300).replace("\"row, 7\",", "\"row, 7\",1"), "row 8 is another one"),
        ("x,y\n1,2\n".to_owned(), "there are no columns"),
    ] {
        desk.put("table.csv", changed);
        let notes = write(&Progress::silent()).expect("the run's own rows are not lost");
        // Row 8 may be one that the run left out: then nothing of it is known.
        let kept = outcome.snapshot.data.rows.contains(&7) || !what.contains("row 8");
        assert!(!kept || notes.iter().any(|note| note.contains("210 rows") && note.contains(what)), "{notes:?}");
        let rows = if kept { 91 } else { 301 };
        assert_eq!(std::fs::read_to_string(&to).expect("it is there").lines().count(), rows, "{what}");
    }
    desk.put("table.csv", table(300));
    let seen = std::sync::Mutex::new(Vec::new());
    write(&Progress::new(Control::new(), &|share, note| seen.lock().unwrap().push((share, note.to_owned()))))
        .expect("it is back");
    assert!(
        seen.lock().unwrap().iter().all(|(share, note)| (0.0..=1.0).contains(share) && note == "labelling every row")
    );
}

#[test]
fn without_a_model_that_is_said() {
    let outcome =
        moons(|r| (r.limit, r.learn, r.affinity, r.siamese_steps) = (120, false, Affinity::Siamese, Auto::Set(20)));
    assert!(outcome.model.is_none());
    assert!(outcome.notes.iter().any(|note| note.contains("no model for new rows") && note.contains("Siamese")));
    let (rows, notes) = written(&outcome);
    assert_eq!(rows.len(), 121);
    assert!(notes.iter().any(|note| note.contains("580 rows") && note.contains("no model")), "{notes:?}");
}

/// The model as it comes back from a file.
fn read_back(model: &Model) -> Model {
    let desk = Desk::new();
    let path = desk.path("model.eigenscope");
    write_model(&path, model).expect("it can be written");
    let read = read_model(&path).expect("it can be read");
    assert_eq!(read, *model);
    read
}

#[test]
fn a_run_without_learning_leaves_a_model_that_gives_samples_their_own_places() {
    for change in [
        (|_| ()) as fn(&mut Recipe),
        |r| r.distance = Distance::Cosine,
        |r| r.affinity = Affinity::Binary,
        |r| r.laplacian = eigenscope::recipe::Laplacian::Unnormalized,
    ] {
        let outcome = run(Source::Named("digits".to_owned()), |r| {
            (r.learn, r.limit) = (false, 300);
            change(r);
        });
        let model = read_back(outcome.model.as_ref().expect("the exact side can take new rows in"));
        assert!(model.learned.is_none());
        let labelled = model.apply(outcome.snapshot.data.numbers().view(), &Compute::cpu()).expect("its own features");
        let exact = outcome.snapshot.exact.as_ref().expect("it ran");
        assert_eq!(labelled.coordinates, exact.space.vectors, "equal rows have equal places");
        let same = labelled.clusters.iter().zip(&exact.clusters.assignment).filter(|(a, b)| a == b).count();
        assert!(same >= 299, "{same} of 300 clusters");
        let refused = model.side(Some(Side::Learned)).expect_err("there is no network").to_string();
        assert!(refused.contains("--by learned"), "{refused}");
    }
}

#[test]
fn codes_are_placed_too_and_supervised_models_have_a_network_alone() {
    let outcome = run(Source::Named("digits".to_owned()), |r| {
        (r.learn, r.limit, r.represent) = (false, 200, Represent::Autoencoder);
        (r.encoder_steps, r.encoder) = (Auto::Set(30), eigenscope::recipe::Hidden::Layers(vec![32, 6]));
    });
    let model = read_back(outcome.model.as_ref().expect("codes have a graph"));
    let labelled = model.apply(outcome.snapshot.data.numbers().view(), &Compute::cpu()).expect("its own features");
    let exact = &outcome.snapshot.exact.as_ref().expect("it ran").clusters.assignment;
    let same = labelled.clusters.iter().zip(exact).filter(|(a, b)| a == b).count();
    assert!(same >= 180, "{same} of 200: refined clusters differ from the nearest centre's at their rims");
    let supervised = run(Source::Named("digits".to_owned()), |r| {
        (r.system, r.limit, r.steps) = (System::Dscl, 300, Auto::Set(20));
    });
    let model = supervised.model.as_ref().expect("a network");
    let refused = model.side(Some(Side::Exact)).expect_err("it has no graph").to_string();
    assert!(refused.contains("--by exact"), "{refused}");
}

#[test]
fn unseen_rows_are_placed_by_the_exact_side_about_where_a_graph_of_all_has_them() {
    let whole = moons(|r| r.learn = false);
    let part = moons(|r| (r.learn, r.limit) = (false, 350));
    let out = left_out(&part);
    let model = part.model.as_ref().expect("it has one");
    let all = whole.snapshot.data.features.doubles();
    let placed = model.apply(all.select(ndarray::Axis(0), &out).view(), &Compute::cpu()).expect("its own columns");
    let exact = &whole.snapshot.exact.as_ref().expect("it ran").clusters.assignment;
    let same = out.iter().zip(&placed.clusters).filter(|(row, c)| exact[**row] == **c).count();
    let agree = same.max(out.len() - same);
    assert!(agree >= out.len() - 2, "{agree} of {}", out.len());
    assert!(placed.unlike.is_some_and(|unlike| unlike.iter().filter(|u| **u).count() < out.len() / 20));
}

#[test]
fn the_command_line_chooses_the_side() {
    let desk = Desk::new();
    let (out, alone) = (plain(&desk.path("both")), plain(&desk.path("alone")));
    let base = ["run", "moons", "--samples", "300", "--steps", "40", "--device", "cpu", "--quiet", "--out"];
    assert!(eigenscope(base.iter().chain(&[out.as_str()])).status.success());
    assert!(eigenscope(base.iter().chain(&[alone.as_str(), "--no-learn"])).status.success());
    let apply = |folder: &str, more: &[&str]| {
        let model = format!("{folder}/model.eigenscope");
        let output = eigenscope(["apply", &model, "moons", "--quiet"].iter().chain(more));
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let header = |(code, table, said): (Option<i32>, String, String)| {
        assert_eq!(code, Some(0), "{said}");
        table.lines().next().expect("a header").to_owned()
    };
    assert!(header(apply(&out, &[])).contains("unlike,learned_1"));
    assert!(header(apply(&out, &["--by", "learned"])).contains("unlike,learned_1"));
    assert!(header(apply(&out, &["--by", "exact"])).contains("unlike,exact_1"));
    assert!(header(apply(&alone, &[])).contains("unlike,exact_1"));
    let (both, one) = (apply(&out, &["--by", "exact"]).1, apply(&alone, &[]).1);
    assert_eq!(both, one, "the exact side does not hang on the network");
    let (code, _, said) = apply(&alone, &["--by", "learned"]);
    assert!(code == Some(1) && said.contains("--by learned"), "{said}");
    // An output of the exact side may be replaced without force, as any of apply.
    let to = plain(&desk.path("new.csv"));
    assert_eq!(apply(&alone, &["--out", &to]).0, Some(0));
    assert_eq!(apply(&alone, &["--out", &to]).0, Some(0));
}

/// Rows of the network's place, for a model whose exact side was taken away.
#[test]
fn a_damaged_exact_side_is_refused() {
    let outcome = moons(|r| (r.learn, r.limit) = (false, 100));
    let model = outcome.model.expect("it has one");
    let mut half = model.clone();
    half.exact = None;
    assert!(half.check().expect_err("nothing places a row").contains("neither a network nor a graph"));
    let mut off = model.clone();
    if let Some(exact) = &mut off.exact {
        exact.clusters.centroids = ndarray::Array2::zeros((2, 9));
    }
    assert!(off.check().is_err());
    let wide: ArrayView2<'_, f64> = ndarray::ArrayView2::from_shape((1, 3), &[0.0, 1.0, 2.0]).expect("a row");
    assert!(model.apply(wide, &Compute::cpu()).is_err());
}
