//! What no command writes over.

use std::process::Command;

use super::{run as small_run, summary};
use crate::support::program::{PROGRAM, eigenscope, text};

#[test]
fn what_a_run_reads_and_results_of_other_data_are_not_replaced() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let here = folder.path();
    let rows: Vec<String> = (0..60).map(|i| format!("{},{}", i % 2 * 50 + i % 7, i % 5)).collect();
    let mine = format!("x,y\n{}\n", rows.join("\n"));
    let data = here.join("labels.csv");
    std::fs::write(&data, &mine).expect("written");
    let command =
        |args: &[&str]| Command::new(PROGRAM).args(args).current_dir(here).output().expect("the program starts");
    let small = ["--clusters", "2", "--neighbors", "4", "--no-learn", "--quiet"];
    let run = |data: &str, more: &[&str]| command(&[&["run", data][..], &small, more].concat());
    for out in [".", "sub/..", ""] {
        std::fs::create_dir_all(here.join("sub")).expect("written");
        let whole = here.to_str().expect("readable").to_owned();
        let out = if out.is_empty() { whole.as_str() } else { out };
        for more in [&["--out", out][..], &["--out", out, "--force"]] {
            let output = run("labels.csv", more);
            let message = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{message}");
            assert!(message.contains("labels.csv, which this run reads"), "{message}");
            assert!(output.stdout.is_empty() && !here.join("summary.json").exists());
        }
    }
    assert_eq!(std::fs::read_to_string(&data).expect("it is there"), mine);

    std::fs::rename(&data, here.join("mine.csv")).expect("moved");
    assert!(run("mine.csv", &["--out", "result"]).status.success());
    assert!(run("mine.csv", &["--out", "result"]).status.success(), "the same data again");
    let summary = std::fs::read(here.join("result/summary.json")).expect("it is there");
    std::fs::copy(here.join("mine.csv"), here.join("other.csv")).expect("copied");
    let output = run("other.csv", &["--out", "result"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("results of mine") && text(&output.stderr).contains("--force"));
    assert_eq!(std::fs::read(here.join("result/summary.json")).expect("it is there"), summary);
    assert!(run("other.csv", &["--out", "result", "--force"]).status.success());
    assert!(run("mine.csv", &["--recipe", "result/recipe.toml", "--out", "result", "--force"]).status.success());
    assert_eq!(run("mine.csv", &["--force"]).status.code(), Some(2), "--force goes with --out");
}

#[test]
fn data_through_a_pipe_is_known_by_what_came_through() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |shift: usize, force: bool| {
        let args = ["run", "-", "--clusters", "2", "--neighbors", "4", "--no-learn", "--quiet", "--out"];
        let mut command = Command::new(PROGRAM);
        command.args(args).arg(folder.path().join("result")).args(force.then_some("--force"));
        command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("the program starts");
        let rows: Vec<String> = (0..60).map(|i| format!("{},{}", i % 2 * 50 + i % 7 + shift, i % 5)).collect();
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(format!("x,y\n{}\n", rows.join("\n")).as_bytes()).expect("it is read");
        drop(stdin);
        child.wait_with_output().expect("it ends")
    };
    assert!(run(0, false).status.success());
    assert!(run(0, false).status.success(), "the same data");
    let other = run(1, false);
    assert_eq!(other.status.code(), Some(1));
    assert!(text(&other.stderr).contains("--force"), "{}", text(&other.stderr));
    assert!(run(1, true).status.success());
}

#[test]
fn apply_spares_the_rows_it_labels_and_files_that_are_not_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().to_str().expect("readable");
    summary(&small_run("moons", &["--json", "--out", out]));
    let path = |name: &str| folder.path().join(name).to_str().expect("readable").to_owned();
    let (model, new, theirs) = (path("model.eigenscope"), path("new.csv"), path("theirs.csv"));
    let rows = "x,y\n0.1,0.2\n1.0,0.4\n0.5,0.3\n";
    std::fs::write(&new, rows).expect("written");
    std::fs::write(&theirs, "mine\n").expect("written");
    let apply = |out: &str, force: bool| {
        let mut args = vec!["apply", model.as_str(), new.as_str(), "--out", out];
        args.extend(force.then_some("--force"));
        eigenscope(&args)
    };
    for (out, force, words) in [
        (new.as_str(), false, "is what this command reads"),
        (new.as_str(), true, "is what this command reads"),
        (model.as_str(), true, "is what this command reads"),
        (theirs.as_str(), false, "--force"),
    ] {
        let output = apply(out, force);
        assert_eq!(output.status.code(), Some(1), "{out}");
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    }
    assert_eq!(std::fs::read_to_string(&new).expect("it is there"), rows);
    assert_eq!(std::fs::read_to_string(&theirs).expect("it is there"), "mine\n");
    for (force, why) in [(true, "a person said so"), (false, "it is an earlier output now")] {
        let output = apply(&theirs, force);
        assert!(output.status.success(), "{why}: {}", text(&output.stderr));
    }
}
