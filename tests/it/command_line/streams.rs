//! What a run leaves, with stdout or stderr that cannot be written.

#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use super::SMALL;
use crate::support::program::{PROGRAM, eigenscope, text};

/// A pipe that nobody reads.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

/// A disk without room.
fn full() -> Stdio {
    std::fs::File::options().write(true).open("/dev/full").expect("the system has one").into()
}

#[test]
fn a_reader_that_went_away_is_no_failure_and_a_full_disk_is_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let model = folder.path().join("model.eigenscope");
    let small: Vec<&str> = ["run", "moons"].iter().chain(SMALL).copied().collect();
    let out = folder.path().to_str().expect("readable");
    assert!(eigenscope([&small[..], &["--out", out]].concat()).status.success());
    let model = model.to_str().expect("readable");
    for args in [
        &["data"][..],
        &["devices"],
        &["--help"],
        &["run", "--help"],
        &["--version"],
        &small,
        &["apply", model, "moons", "--limit", "300"],
        &["compare", "moons", "--systems", "input", "--seeds", "1", "--samples", "300", "--steps", "20", "--quiet"],
    ] {
        let with = |stdout: Stdio| {
            let mut command = Command::new(PROGRAM);
            command.args(args).stdout(stdout).stderr(Stdio::piped()).output().expect("the program starts")
        };
        let output = with(closed());
        let message = text(&output.stderr);
        assert!(output.status.success() && !message.contains("panicked"), "{args:?}: {message}");
        let output = with(full());
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
        assert!(message.contains("cannot write to standard output"), "{args:?}: {message}");
    }
}

#[test]
fn no_message_loses_a_run() {
    for (name, stderr) in [("closed", closed as fn() -> Stdio), ("full", full)] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new(PROGRAM);
        let loud = SMALL.iter().filter(|flag| **flag != "--quiet");
        command.args(["run", "moons", "--out"]).arg(folder.path()).args(loud).stderr(stderr());
        let output = command.output().expect("the program starts");
        assert!(output.status.success(), "{name}: {:?}", output.status);
        for file in ["labels.csv", "summary.json", "model.eigenscope"] {
            assert!(folder.path().join(file).is_file(), "{name}: {file}");
        }
        let mut wrong = Command::new(PROGRAM);
        let status = wrong.args(["run", "no-such-set"]).stderr(stderr()).status().expect("the program starts");
        assert_eq!(status.code(), Some(1), "{name}");
    }
}

#[test]
fn a_run_without_a_desktop_says_nothing_of_one() {
    let mut command = Command::new(PROGRAM);
    command.args(["devices"]).env_remove("XDG_RUNTIME_DIR").env_remove("NODEVICE_SELECT");
    let output = command.output().expect("the program starts");
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
}
