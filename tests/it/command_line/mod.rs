//! The program as a script sees it: arguments in, exit code, stdout and files out.

mod animation;
mod fetch;
mod projects;
mod spared;
mod streams;
mod typed;

use std::path::Path;
use std::process::Output;

use eigenscope::output::guard::RESULTS;
use serde_json::Value;

use crate::support::program::{eigenscope, json, text};

/// A small run that takes well under a second.
const SMALL: &[&str] = &["--device", "cpu", "--samples", "600", "--steps", "60", "--hidden", "32,32", "--quiet"];

fn run(data: &str, more: &[&str]) -> Output {
    let args: Vec<&str> = ["run", data].iter().chain(SMALL).chain(more).copied().collect();
    eigenscope(&args)
}

/// The summary without what a clock or the memory decides.
fn summary(output: &Output) -> Value {
    let mut summary = json(output);
    let object = summary.as_object_mut().expect("an object");
    for timed in ["seconds", "peak_rss_mib"] {
        assert!(object.remove(timed).is_some_and(|v| v.as_f64().is_some_and(|v| v > 0.0)), "{timed}");
    }
    for stage in object["stages"].as_array_mut().expect("a list") {
        assert!(stage.as_object_mut().expect("an object").remove("seconds").is_some());
    }
    object["exact"].as_object_mut().map(|e| e.remove("seconds"));
    summary
}

#[test]
fn the_same_command_prints_the_same_summary() {
    let first = summary(&run("moons", &["--json", "--seed", "3"]));
    assert_eq!(first, summary(&run("moons", &["--json", "--seed", "3"])));
    assert_ne!(first["learned"]["loss"], summary(&run("moons", &["--json", "--seed", "4"]))["learned"]["loss"]);
    let stages: Vec<&str> =
        first["stages"].as_array().expect("a list").iter().filter_map(|s| s["name"].as_str()).collect();
    assert_eq!(stages, ["load", "represent", "neighbours", "affinity", "exact", "learn", "clusters"]);
    for part in ["dataset", "samples", "features", "clusters", "device", "learned", "exact", "kmeans", "agreement"] {
        assert!(!first[part].is_null(), "{part}");
    }
}

#[test]
fn each_side_can_be_left_out() {
    let exact_only = summary(&run("circles", &["--json", "--no-learn"]));
    assert!(exact_only["learned"].is_null() && exact_only["agreement"].is_null());
    assert!(exact_only["exact"]["acc"].as_f64().is_some_and(|acc| acc > 0.99), "{}", exact_only["exact"]);
    let learned_only = json(&run("moons", &["--json", "--no-exact"]));
    assert!(learned_only["exact"].is_null() && learned_only["learned"]["acc"].is_number());
    assert_eq!(run("moons", &["--no-exact", "--no-learn"]).status.code(), Some(1));
}

#[test]
fn a_run_leaves_files_from_which_it_can_be_repeated_and_applied() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("a run");
    let out_text = out.to_str().expect("a readable path");
    let first = summary(&run("moons", &["--json", "--neighbors", "12", "--out", out_text]));
    for file in RESULTS {
        assert!(out.join(file).metadata().is_ok_and(|m| m.len() > 0), "{file}");
    }
    let recipe = out.join("recipe.toml");
    let again =
        summary(&eigenscope(["run", "moons", "--recipe", recipe.to_str().expect("readable"), "--json", "--quiet"]));
    assert_eq!(first, again, "the recipe repeats the run");

    let labels = read_csv(&out.join("labels.csv"));
    assert_eq!(labels.len(), 601);
    let model = out.join("model.eigenscope");
    let applied = folder.path().join("applied.csv");
    let output = eigenscope([
        "apply",
        model.to_str().expect("readable"),
        out.join("labels.csv").to_str().expect("readable"),
        "--out",
        applied.to_str().expect("readable"),
    ]);
    assert!(output.status.success(), "other columns do not matter: {}", text(&output.stderr));
    let features = folder.path().join("features.csv");
    let rows: Vec<String> = labels.iter().map(|r| format!("{},{}", r[0], r[1])).collect();
    std::fs::write(&features, rows.join("\n")).expect("written");
    let output = eigenscope([
        "apply",
        model.to_str().expect("readable"),
        features.to_str().expect("readable"),
        "--out",
        applied.to_str().expect("readable"),
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let column = labels[0].iter().position(|name| name == "cluster").expect("a column of clusters");
    let given: Vec<&str> = labels[1..].iter().map(|r| r[column].as_str()).collect();
    let applied = read_csv(&applied);
    assert_eq!(applied[0][..5], ["x", "y", "row", "cluster", "confidence"]);
    assert_eq!(
        given,
        applied[1..].iter().map(|r| r[3].as_str()).collect::<Vec<_>>(),
        "the model labels its own rows as the run did"
    );
}

/// A small supervised run.
fn supervised(data: &str, system: &str, more: &[&str]) -> Output {
    let first = ["run", data, "--system", system, "--device", "cpu", "--batch", "120", "--starts", "2", "--quiet"];
    eigenscope(first.iter().chain(more).copied().collect::<Vec<_>>())
}

#[test]
fn a_supervised_run_scores_what_it_never_saw_and_its_model_places_new_rows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().to_str().expect("readable");
    let toy = ["--samples", "2100", "--steps", "300", "--json"];
    let first = summary(&supervised("dscl-toy", "dscl", &[&toy[..], &["--out", out]].concat()));
    assert_eq!(first, summary(&supervised("dscl-toy", "dscl", &toy)), "the same digits again");
    let recall = first["recall"].as_object().expect("a supervised run adds it");
    assert_eq!(recall.keys().map(String::as_str).collect::<Vec<_>>(), ["1", "2", "4", "8"]);
    assert!(recall["1"].as_f64().is_some_and(|r| r >= 0.99), "{recall:?}");
    assert!(first["exact"].is_null() && first["learned"]["acc"].is_number());
    assert_eq!(first["supervised"]["held_out"], 600);
    let notes = first["notes"].to_string();
    assert!(notes.contains("supervised") && notes.contains("never saw"), "{notes}");
    let forms: Vec<&str> = first["supervised"]["forms"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|form| form["name"].as_str())
        .collect();
    assert_eq!(forms, ["transductive", "stored", "direct", "input"]);

    let model = folder.path().join("model.eigenscope");
    let applied = eigenscope(["apply", model.to_str().expect("readable"), "dscl-toy", "--limit", "300"]);
    assert!(applied.status.success(), "{}", text(&applied.stderr));
    assert_eq!(text(&applied.stdout).lines().count(), 301);
    assert!(text(&applied.stderr).contains("ACC 1.0"), "{}", text(&applied.stderr));
    assert!(!folder.path().join("ladder.svg").exists() && folder.path().join("learned.svg").exists());
}

#[test]
fn whole_classes_are_held_out_of_many_and_what_cannot_be_is_refused() {
    for system in ["dscl", "contrastive", "triplet"] {
        let found = summary(&supervised("digits", system, &["--steps", "20", "--embedding", "16", "--json"]));
        assert_eq!(found["supervised"]["held_out_classes"], serde_json::json!(["5", "6", "7", "8", "9"]));
        assert!(found["recall"]["1"].as_f64().is_some_and(|r| r > 0.8), "{system}: {}", found["recall"]);
    }
    let trap =
        summary(&supervised("digits", "dscl", &["--steps", "10", "--batch", "40", "--embedding", "64", "--json"]));
    let notes = trap["notes"].to_string();
    assert!(notes.contains("--batch") && notes.contains("--embedding"), "{notes}");
    for (args, words) in [
        (&["no-structure"][..], "--label-column"),
        (&["digits", "--no-learn"], "--no-learn"),
        (&["digits", "--held-out", "2"], "--held-out"),
        (&["digits", "--batch", "3"], "--batch"),
    ] {
        let output = supervised(args[0], "dscl", &args[1..]);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(text(&output.stderr).contains(words), "{args:?}: {}", text(&output.stderr));
    }
}

#[test]
fn files_of_its_own_are_called_what_they_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().to_str().expect("readable");
    assert!(run("moons", &["--out", out]).status.success());
    for (file, words) in [
        ("model.eigenscope", "a trained model, no data; `eigenscope apply"),
        ("recipe.toml", "a recipe, the settings of a run"),
        ("summary.json", "the summary of a run"),
        ("exact.svg", "a picture"),
    ] {
        let path = folder.path().join(file);
        let output = eigenscope(["run", path.to_str().expect("readable")]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{file}: {message}");
        assert!(message.contains(file) && message.contains(words), "{file}: {message}");
    }
    let model = folder.path().join("model.eigenscope");
    let opened = eigenscope([model.to_str().expect("readable")]);
    assert_eq!(opened.status.code(), Some(1), "no window opens on a model");
    assert!(text(&opened.stderr).contains("a trained model"), "{}", text(&opened.stderr));
}

#[test]
fn quiet_is_quiet_and_what_is_not_said_stands_in_the_summary() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data.csv");
    // A column that the labelled table gives another name, and one that is constant.
    let rows: Vec<String> = (0..60).map(|i| format!("{},{},1", i % 2 * 100, i)).collect();
    std::fs::write(&data, format!("cluster,b,c\n{}\n", rows.join("\n"))).expect("written");
    let (data, out) = (data.to_str().expect("readable"), folder.path().join("out"));
    let more = ["--clusters", "2", "--neighbors", "5", "--steps", "20", "--device", "cpu"];
    let args = [&["run", data, "--quiet", "--out", out.to_str().expect("readable")][..], &more].concat();
    let output = eigenscope(&args);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    let summary: Value =
        serde_json::from_slice(&std::fs::read(out.join("summary.json")).expect("written")).expect("JSON");
    let notes: Vec<&str> = summary["notes"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(notes.iter().any(|n| n.contains("cluster_2")), "{notes:?}");
    assert!(notes.iter().any(|n| n.contains("1 of 3 columns is constant")), "{notes:?}");
    let model = out.join("model.eigenscope");
    let apply = ["apply", model.to_str().expect("readable"), data];
    assert!(!eigenscope(apply).stderr.is_empty(), "there is something to say");
    let output = eigenscope([&apply[..], &["--quiet"]].concat());
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().count(), 61);
}

fn read_csv(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("the file is there");
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn wrong_usage_is_2_and_failure_is_1_with_a_message() {
    for (wrong, words) in [
        (&["run"][..], "DATA"),
        (&["run", "moons", "--neighbours", "3"], "--neighbors"),
        (&["run", "moons", "--scale=-1"], "a distance above 0"),
        (&["compare", "moons", "--seeds", "0"], "at least 1"),
        (&["moons", "--size", "100x9000"], "from 200 to 8192"),
        // A word that is nothing opens no window.
        (&["zzzzzz"], "`zzzzzz` is no command, no built-in set and no file; commands are run, compare"),
        (&["exprot"], "did you mean `export`?"),
        (&["export", "model"], "--onnx"),
        (&["aply", "m", "d"], "did you mean `apply`?"),
        (&["mons"], "did you mean `moons`?"),
        (&["no/such/file.csv"], "there is no file or folder no/such/file.csv"),
        (&["--theme", "dark", "mons"], "did you mean `moons`?"),
    ] {
        let output = eigenscope(wrong);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {message}");
        assert!(message.contains(words) && output.stdout.is_empty(), "{wrong:?}: {message}");
    }
    for (args, words) in [
        (&["run", "no-such-set"][..], "no-such-set"),
        (&["run", "missing/file.csv"], "missing/file.csv"),
        (&["run", "moons", "--samples", "50", "--neighbors", "50"], "--neighbors"),
        (&["run", "moons", "--samples", "50", "--neighbors", "5", "--clusters", "50"], "--clusters"),
        (&["run", "moons", "--samples", "50", "--neighbors", "5", "--lr", "0"], "--lr"),
        (&["run", "moons", "--recipe", "missing.toml"], "missing.toml"),
        (&["apply", "missing.model", "moons"], "missing.model"),
    ] {
        let output = eigenscope(args);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
        assert!(message.contains(words) && !message.contains("panicked"), "{args:?}: {message}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn a_summary_has_each_note_once() {
    let summary = summary(&run("digits", &["--no-learn", "--json"]));
    let notes = summary["notes"].as_array().expect("a list");
    let constant = notes.iter().filter(|n| n.as_str().is_some_and(|n| n.contains("constant"))).count();
    assert_eq!(constant, 1, "{notes:?}");
}

#[test]
fn lists_say_what_there_is() {
    let data = text(&eigenscope(["data"]).stdout);
    for name in [
        "moons",
        "circles",
        "blobs",
        "aniso",
        "varied",
        "no-structure",
        "nested-c",
        "spirals",
        "dscl-toy",
        "linked-circles",
        "moon-10d",
        "digits",
        "fashion-10k",
    ] {
        assert!(data.lines().any(|line| line.starts_with(name)), "{name}");
    }
    assert!(text(&eigenscope(["devices"]).stdout).contains("CPU"));
}

#[test]
fn hard_shapes_of_data_do_not_end_a_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines = |n: i32, line: fn(i32) -> String| (0..n).map(line).collect::<Vec<_>>().join("\n");
    let two_far_groups = lines(60, |i| format!("{},{}", i % 2 * 1000, i / 2));
    let duplicates = lines(60, |i| format!("{},1", i % 3));
    let constant = lines(40, |i| format!("7,{i}"));
    for (name, rows) in [("groups", two_far_groups), ("duplicates", duplicates), ("constant", constant)] {
        let path = folder.path().join(format!("{name}.csv"));
        std::fs::write(&path, format!("a,b\n{rows}")).expect("written");
        let path = path.to_str().expect("readable");
        let output = eigenscope([
            "run",
            path,
            "--clusters",
            "2",
            "--neighbors",
            "4",
            "--steps",
            "40",
            "--device",
            "cpu",
            "--json",
            "--quiet",
        ]);
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
    }
}
