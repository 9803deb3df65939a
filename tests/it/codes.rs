//! Codes, learned distances and the comparison of spaces, from outside.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::desk::plain;
use crate::support::program::{eigenscope, json, text};

/// A small run over codes that takes a second or two.
const SMALL: &[&str] = &[
    "digits",
    "--limit",
    "400",
    "--device",
    "cpu",
    "--quiet",
    "--steps",
    "20",
    "--hidden",
    "32",
    "--encoder",
    "64,8",
    "--encoder-steps",
    "150",
    "--siamese",
    "32,8",
    "--siamese-steps",
    "60",
    "--neighbors",
    "10",
];

fn small(command: &str, more: &[&str]) -> Output {
    eigenscope([&[command], SMALL, more].concat())
}

#[test]
fn a_run_over_codes_and_learned_distances_repeats_itself_and_its_model_labels_its_own_rows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().to_str().expect("a plain name");
    let run = |more: &[&str]| {
        json(&small("run", &[&["--represent", "autoencoder", "--affinity", "siamese", "--json"], more].concat()))
    };
    let (first, second) = (run(&["--out", out]), run(&[]));
    for part in ["learned", "agreement", "kmeans"] {
        assert_eq!(first[part], second[part], "{part}");
    }
    assert_eq!(notes_of_run(&first), notes_of_run(&second));
    let stages: Vec<&str> =
        first["stages"].as_array().expect("a list").iter().filter_map(|s| s["name"].as_str()).collect();
    assert_eq!(stages, ["load", "represent", "metric", "neighbours", "affinity", "exact", "learn", "clusters"]);
    assert_eq!(first["learned"]["eigenvalues"].as_array().map(Vec::len), Some(24), "1.4 more for each cluster");

    let labels = Path::new(out).join("labels.csv");
    let applied = folder.path().join("applied.csv");
    let model = Path::new(out).join("model.eigenscope");
    let arguments = ["apply", &plain(&model), "digits", "--device", "cpu", "--out", &plain(&applied)];
    let applied_output = eigenscope(arguments);
    assert!(applied_output.status.success(), "{}", text(&applied_output.stderr));
    let (of_run, of_all) = (clusters(&labels), clusters(&applied));
    assert_eq!((of_run.len(), of_all.len()), (1797, 1797), "rows that the run never saw among them");
}

#[test]
fn self_training_is_in_the_summary_and_its_model_labels_the_run_s_rows_as_the_run_did() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = plain(folder.path());
    let moons = ["moons", "--samples", "600", "--device", "cpu"];
    let run = |epochs: &str| {
        let more = ["--self-training", epochs, "--out", &out, "--json", "--quiet"];
        json(&eigenscope([["run"].as_slice(), &moons, &more].concat()))
    };
    assert!(run("0").get("self_training").is_none());
    let summary = run("6");
    let part = &summary["self_training"];
    assert_eq!(part["taken"], true, "{part}");
    assert!(part["agreement"].as_f64().is_some_and(|a| (0.95..=1.0).contains(&a)), "{part}");
    assert!(notes_of_run(&summary).iter().any(|note| note.contains("self-training moved")));
    let (labels, applied) = (folder.path().join("labels.csv"), folder.path().join("applied.csv"));
    let model = plain(&folder.path().join("model.eigenscope"));
    let output = eigenscope(["apply", &model, &plain(&labels), "--device", "cpu", "--out", &plain(&applied)]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(column(&applied, "cluster"), column(&applied, "cluster_2"), "as it stood there, and as it is applied");
}

#[test]
fn a_classifier_that_cannot_see_the_clusters_changes_nothing() {
    let summary = json(&small("run", &["--self-training", "1", "--clusters", "10", "--json"]));
    let part = &summary["self_training"];
    assert_eq!(part["taken"], false, "one epoch teaches nothing: {part}");
    assert_eq!(part["before"]["acc"], summary["learned"]["acc"]);
    assert!(notes_of_run(&summary).iter().any(|note| note.contains("was not taken")));
}

/// What a run says of itself: not what was said when its table was written, which only `--out` does.
pub(crate) fn notes_of_run(summary: &Value) -> Vec<String> {
    let notes = summary["notes"].as_array().expect("a list").iter().filter_map(|note| note.as_str());
    notes.filter(|note| !note.contains("labelled through the model")).map(str::to_owned).collect()
}

/// The column `cluster` of a labelled table.
fn clusters(path: &Path) -> Vec<String> {
    column(path, "cluster")
}

/// A column of a table.
fn column(path: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).expect("the table is there");
    let at = reader.headers().expect("a header").iter().position(|h| h == name).expect("a column of this name");
    reader.records().map(|r| r.expect("a row")[at].to_owned()).collect()
}

#[test]
fn a_comparison_is_taken_up_where_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sheet = plain(&folder.path().join("sheet.json"));
    let compare = |systems: &str, seeds: &str| {
        json(&small("compare", &["--systems", systems, "--seeds", seeds, "--resume", &sheet, "--json"]))
    };
    let first = compare("input", "1");
    assert_eq!(first["entries"].as_array().map(Vec::len), Some(3), "k-means, exact, learned");
    let more = compare("input,codes", "2");
    let entries = more["entries"].as_array().expect("a list");
    assert_eq!(entries.len(), 12);
    assert_eq!(entries[..3], first["entries"].as_array().expect("a list")[..], "kept, seconds and all");
    let other = small("compare", &["--systems", "input", "--seeds", "1", "--resume", &sheet, "--seed", "5"]);
    assert_eq!(other.status.code(), Some(1), "another comparison than the file's");
    assert!(text(&other.stderr).contains("sheet.json"));
}

#[test]
fn settings_of_codes_that_make_no_sense_are_named() {
    for (flag, value) in [("--corruption", "1"), ("--distortion", "5"), ("--encoder-lr", "0"), ("--encoder-steps", "0")]
    {
        let failed = small("run", &["--represent", "autoencoder", flag, value]);
        assert_eq!(failed.status.code(), Some(1));
        assert!(text(&failed.stderr).contains(flag), "{flag}");
    }
    for (flag, value) in [("--siamese-neighbors", "0"), ("--siamese-lr", "0"), ("--siamese-steps", "0")] {
        let failed = small("run", &["--affinity", "siamese", flag, value]);
        assert_eq!(failed.status.code(), Some(1));
        assert!(text(&failed.stderr).contains(flag), "{flag}");
    }
}
