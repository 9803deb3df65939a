//! Closed streams, full disks and kills: nothing is lost that was there, nothing half written stays.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use eigenscope::output::guard::RESULTS;
use eigenscope::output::read_model;
use rand::Rng as _;

use super::budget::{Budget, alone, rng};
use super::files::{self, Desk};
use super::program::{PROGRAM, eigenscope, ended_well, run, spawn, text};

/// A device that is always full, where there is one.
const FULL: &str = "/dev/full";

/// A line for a shell, in which `eigenscope` is the program.
fn shell(line: &str, folder: &Path) -> std::process::Output {
    let script = format!("eigenscope() {{ '{PROGRAM}' \"$@\"; }}\n{line}");
    Command::new("sh")
        .arg("-c")
        .arg(script)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell")
}

/// Every file in a folder is whole; hidden ones are not looked at.
fn all_whole(folder: &Path) -> usize {
    let mut found = 0;
    for name in RESULTS {
        let path = folder.join(name);
        let Ok(bytes) = std::fs::read(&path) else { continue };
        found += 1;
        let content = String::from_utf8_lossy(&bytes);
        let whole = match name {
            "model.eigenscope" => read_model(&path).is_ok(),
            "summary.json" => serde_json::from_slice::<serde_json::Value>(&bytes).is_ok(),
            "labels.csv" => content.lines().count() == 1 + files::ROWS && content.ends_with('\n'),
            "recipe.toml" => eigenscope::cli::read_recipe(&path).is_ok(),
            _ => content.trim_end().ends_with("</svg>"),
        };
        assert!(whole, "{} is not whole", path.display());
    }
    found
}

/// Names of files that are not complete.
fn parts(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| e.file_name().to_string_lossy().into_owned()).filter(|name| name.contains(".eigenscope-")).collect()
}

#[test]
fn streams_that_are_closed_or_full() {
    let _alone = alone();
    let desk = Desk::new();
    desk.put("good.csv", files::table());
    desk.put("m.eigenscope", &files::model().1);
    let flags = files::flags().join(" ");
    for (line, code, complete) in [
        ("eigenscope run good.csv FLAGS --out o 2>&-", 0, true),
        ("eigenscope run good.csv FLAGS --out o >&-", 0, true),
        ("eigenscope run good.csv FLAGS --out o >&- 2>&-", 0, true),
        ("eigenscope run good.csv FLAGS --out o 2>/dev/full", 0, true),
        ("eigenscope run good.csv FLAGS --out o >/dev/full", 1, true),
        ("{ eigenscope run good.csv FLAGS --out o; echo $? >code; } 2>&1 | head -1; exit $(cat code)", 0, true),
        ("{ eigenscope run good.csv FLAGS --out o; echo $? >code; } | true; exit $(cat code)", 0, true),
        ("eigenscope apply m.eigenscope good.csv >/dev/full", 1, false),
        ("{ eigenscope apply m.eigenscope good.csv; echo $? >code; } | head -1; exit $(cat code)", 0, false),
        ("{ eigenscope data; echo $? >code; } | head -n 0; exit $(cat code)", 0, false),
    ] {
        if line.contains(FULL) && !Path::new(FULL).exists() {
            continue;
        }
        let output = shell(&line.replace("FLAGS", &flags), desk.folder());
        assert_eq!(output.status.code(), Some(code), "{line}: {}", text(&output.stderr));
        assert!(!text(&output.stderr).contains("panicked") && !text(&output.stdout).contains("panicked"), "{line}");
        if complete {
            assert_eq!(all_whole(&desk.path("o")), RESULTS.len(), "{line}");
            std::fs::remove_dir_all(desk.path("o")).expect("it is there");
        }
    }
}

#[test]
fn a_disk_that_is_full() {
    let _alone = alone();
    let desk = Desk::new();
    desk.put("good.csv", files::table());
    desk.put("m.eigenscope", &files::model().1);
    let flags = files::flags().join(" ");
    let before = run(&desk.path("good.csv"), &["--quiet", "--seed=9", "--out", desk.path("o").to_str().expect("text")]);
    assert!(spawn(before).wait().expect("it ends").success());
    let old = std::fs::read(desk.path("o/labels.csv")).expect("it is there");
    // A file that may grow to so many half kibibytes and then refuses, as a full disk does. Nothing is lost that was there.
    for blocks in [0, 1, 4, 16, 40] {
        let line = format!("trap '' XFSZ; ulimit -f {blocks}; eigenscope run good.csv {flags} --out o");
        let output = shell(&line, desk.folder());
        let code = ended_well(&line, &output);
        assert_eq!(all_whole(&desk.path("o")), RESULTS.len(), "{line}");
        let same = std::fs::read(desk.path("o/labels.csv")).expect("it is there") == old;
        assert_eq!(same, code == 1, "{line}: {}", text(&output.stderr));
        assert!(parts(&desk.path("o")).is_empty(), "{line}");
        if code == 0 {
            break;
        }
        let said = text(&output.stderr);
        assert!(said.contains(" o/") || said.contains(" o:"), "{said}");
        assert!(!said.contains(".part"), "{said}");
        // What was found on the way to the full disk is printed all the same.
        assert!(blocks < 16 || text(&output.stdout).contains("learned"), "{line}: {}", text(&output.stdout));
    }
    let line = "trap '' XFSZ; ulimit -f 0; eigenscope apply m.eigenscope good.csv --out a.csv";
    let output = shell(line, desk.folder());
    assert_eq!(ended_well(line, &output), 1);
    assert!(!desk.path("a.csv").exists() && parts(desk.folder()).is_empty());
}

#[test]
fn a_small_disk_that_fills_up() {
    let _alone = alone();
    let desk = Desk::new();
    let (good, disk) = (desk.put("good.csv", files::table()), desk.path("disk"));
    std::fs::create_dir(&disk).expect("the folder can be written");
    let mount = |kib: u32| {
        let size = format!("size={kib}k");
        let made =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&disk).stderr(Stdio::null()).status();
        made.is_ok_and(|status| status.success())
    };
    for kib in [4, 16, 64, 1024] {
        if !mount(kib) {
            println!("no disk can be mounted here");
            return;
        }
        let output = run(&good, &["--out", disk.to_str().expect("text")]).output().expect("it starts");
        let code = ended_well("a small disk", &output);
        let (found, left) = (all_whole(&disk), parts(&disk));
        assert!(Command::new("umount").arg(&disk).status().is_ok_and(|status| status.success()));
        assert_eq!(
            (found, left.len()),
            (if code == 0 { RESULTS.len() } else { 0 }, 0),
            "{kib} KiB: {}",
            text(&output.stderr)
        );
        assert!(code == 0 || text(&output.stderr).contains("disk"), "{}", text(&output.stderr));
    }
}

#[test]
fn kills_at_any_moment() {
    let _alone = alone();
    let desk = Desk::new();
    let good = desk.put("good.csv", files::table());
    let out = desk.path("o");
    let start = |seed: usize| {
        let seed = format!("--seed={seed}");
        spawn(run(&good, &["--quiet", &seed, "--out", out.to_str().expect("text")]))
    };
    let began = std::time::Instant::now();
    assert!(start(0).wait().expect("it ends").success());
    let whole = began.elapsed();
    let mut rng = rng(50);
    let mut budget = Budget::of(0.1, 12);
    let mut killed = 0;
    while budget.next() {
        let mut child = start(budget.rounds);
        // Often near the end, where files are written.
        let part = if rng.random_bool(0.7) { rng.random_range(0.6..1.1) } else { rng.random_range(0.0..1.0) };
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * part));
        let _ = child.kill();
        let status = child.wait().expect("it ends");
        assert!(status.success() || status.signal() == Some(9), "{status}");
        killed += usize::from(status.signal().is_some());
        all_whole(&out);
    }
    assert!(start(1).wait().expect("it ends").success());
    assert_eq!((all_whole(&out), parts(&out).len()), (RESULTS.len(), 0));
    println!("kills: {killed} of {} runs", budget.rounds);
}

#[test]
fn a_folder_that_cannot_be_written_is_noticed_before_any_work() {
    let _alone = alone();
    let desk = Desk::new();
    desk.put("good.csv", files::table());
    desk.put("m.eigenscope", &files::model().1);
    desk.put("file", b"");
    for line in [
        "eigenscope run good.csv FLAGS --out file",
        "eigenscope run good.csv FLAGS --out file/o",
        "eigenscope run good.csv FLAGS --out /proc/none",
        "trap '' XFSZ; ulimit -f 0; eigenscope run good.csv FLAGS --out o",
        "eigenscope apply m.eigenscope good.csv --out file/a.csv",
        "eigenscope compare good.csv FLAGS --resume file/c.json",
    ] {
        let output = shell(&line.replace("FLAGS", &files::flags().join(" ")), desk.folder());
        assert_eq!(ended_well(line, &output), 1, "{line}");
        let said = text(&output.stderr);
        assert!(
            !said.contains("load")
                && (said.contains("file") || said.contains("/o") || said.contains(" o:") || said.contains("none")),
            "{line}: {said}"
        );
    }
}

#[test]
fn outputs_that_are_no_files_stay_what_they_are() {
    use std::os::unix::fs::FileTypeExt as _;
    let _alone = alone();
    let desk = Desk::new();
    let (good, model) = (desk.put("good.csv", files::table()), desk.put("m.eigenscope", &files::model().1));
    let apply =
        |out: &str| eigenscope(["apply", model.to_str().expect("text"), good.to_str().expect("text"), "--out", out]);
    assert_eq!(ended_well("a device", &apply("/dev/null")), 0);
    assert!(std::fs::metadata("/dev/null").expect("it is there").file_type().is_char_device());
    let output = apply("/dev/stdout");
    assert_eq!(ended_well("standard output", &output), 0);
    assert_eq!(text(&output.stdout).lines().count(), 1 + files::ROWS);
    if Path::new(FULL).exists() {
        assert_eq!(ended_well("a full device", &apply(FULL)), 1);
    }
}

#[test]
fn a_second_run_leaves_nothing_of_the_first() {
    let _alone = alone();
    let desk = Desk::new();
    let (good, out) = (desk.put("good.csv", files::table()), desk.path("o"));
    let out_text = out.to_str().expect("text");
    assert!(spawn(run(&good, &["--quiet", "--out", out_text])).wait().expect("it ends").success());
    std::fs::write(out.join("notes.txt"), "mine").expect("the folder can be written");
    assert!(spawn(run(&good, &["--quiet", "--no-learn", "--out", out_text])).wait().expect("it ends").success());
    for gone in ["learned.svg", "curves.svg"] {
        assert!(!out.join(gone).exists(), "{gone} is of the first run");
    }
    assert!(out.join("summary.json").exists() && out.join("notes.txt").exists());
}
