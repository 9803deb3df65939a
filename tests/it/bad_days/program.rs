//! The program itself, as a shell starts it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::files;
use crate::support::program;
pub(crate) use crate::support::program::{PROGRAM, text};

/// A command that computes on the CPU with few threads and never asks anything.
pub(crate) fn command<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Command {
    let mut command = program::command(args);
    command.env("RAYON_NUM_THREADS", "2");
    command
}

pub(crate) fn eigenscope<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    command(args).output().expect("the program starts")
}

/// A small run of `data` with more arguments.
pub(crate) fn run(data: &Path, more: &[&str]) -> Command {
    let mut command = command([OsStr::new("run"), data.as_os_str()]);
    command.args(files::flags()).args(more);
    command
}

pub(crate) fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

/// The program ended as it may: 0, 1 or 2, with words where it failed, without a panic, and without anything that a terminal would act on.
pub(crate) fn ended_well(what: &str, output: &Output) -> i32 {
    let said = text(&output.stderr);
    let code = output.status.code().unwrap_or_else(|| panic!("{what}: {}: {said}", output.status));
    assert!((0..=2).contains(&code), "{what}: exit {code}: {said}");
    assert!(!said.contains("panicked"), "{what}: {said}");
    assert!(code == 0 || !said.trim().is_empty(), "{what}: exit {code} without a word");
    for stream in [&output.stderr, &output.stdout] {
        let active = text(stream).chars().find(|&c| c.is_control() && !"\n".contains(c));
        assert!(active.is_none(), "{what}: {active:?} reaches the terminal: {said}");
    }
    code
}
