//! Damaged files through the whole program, and what else a person gives it.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use super::budget::{Budget, alone, rng, seed};
use super::files::{self, Desk};
use super::mutate::mutated;
use super::program::{command, eigenscope, ended_well, run, text};

/// How the program is called with a file.
type Call = fn(&Desk, &Path) -> Vec<OsString>;

fn words(args: &[&OsStr]) -> Vec<OsString> {
    args.iter().map(|&arg| arg.to_owned()).chain(files::flags().into_iter().map(Into::into)).collect()
}

#[test]
fn damaged_files_of_every_kind() {
    let _alone = alone();
    let desk = Desk::new();
    desk.put("good.csv", files::table());
    desk.put("good.eigenscope", &files::model().1);
    let data: Call = |_, file| words(&[OsStr::new("run"), file.as_os_str()]);
    let kinds: [(&str, Vec<u8>, Call); 9] = [
        ("a.csv", files::table(), data),
        ("a.csv.gz", files::gzip(&files::table()), data),
        ("a-idx3-ubyte.gz", files::gzip(&files::idx()), data),
        ("a.npy", files::npy(), data),
        ("a.npz", files::npz(true), data),
        ("w.mtx", files::matrix(), |desk, file| {
            words(&[
                OsStr::new("run"),
                desk.path("good.csv").as_os_str(),
                OsStr::new("--affinity-file"),
                file.as_os_str(),
            ])
        }),
        ("m.eigenscope", files::model().1.clone(), |desk, file| {
            vec!["apply".into(), file.into(), desk.path("good.csv").into()]
        }),
        ("r.toml", files::settings(), |desk, file| {
            vec![
                "run".into(),
                desk.path("good.csv").into(),
                "--recipe".into(),
                file.into(),
                "--steps=3".into(),
                "--device=cpu".into(),
            ]
        }),
        ("c.json", files::comparison(), |_, file| {
            let rest = ["compare", "moons", "--samples=60", "--systems", "input", "--seeds", "1", "--resume"];
            let mut args = rest.map(OsStr::new).to_vec();
            args.push(file.as_os_str());
            words(&args)
        }),
    ];
    let mut rng = rng(40);
    let mut budget = Budget::of(0.15, 2 * kinds.len());
    let mut codes = [0; 3];
    while budget.next() {
        let (name, whole, call) = &kinds[budget.rounds % kinds.len()];
        let bytes = mutated(whole, &mut rng);
        let path = desk.put(name, &bytes);
        let output = command(call(&desk, &path)).output().expect("the program starts");
        let kept = std::env::temp_dir().join(format!("bad-day-{name}"));
        std::fs::write(&kept, &bytes).expect("the case is kept");
        let what = format!("{name}, seed {}, round {}, kept as {}", seed(), budget.rounds, kept.display());
        let code = ended_well(&what, &output);
        codes[code as usize] += 1;
        let said = text(&output.stderr);
        // A setting that was damaged to another one is named itself.
        assert!(
            code != 1 || said.contains(name) || said.contains("--") || !said.contains("good.csv"),
            "{what}: {said}"
        );
        std::fs::remove_file(kept).expect("it was put there");
    }
    println!("whole program: {} files, exit codes {codes:?}", budget.rounds);
}

#[cfg(unix)]
#[test]
fn text_of_strangers_reaches_no_terminal_as_it_is() {
    let _alone = alone();
    let desk = Desk::new();
    let mut table = "a\x1b]0;owned\x07,b\u{9b}2J,\u{202e}c,id\n".to_owned();
    for i in 0..files::ROWS {
        table += &format!("{i}.5,{},7,{i}\n", i * i % 11);
    }
    let bad = desk.put("bad\x1b[31m.csv", table.as_bytes());
    assert_eq!(ended_well("a run", &run(&bad, &[]).output().expect("it starts")), 0);
    assert_eq!(ended_well("its figures", &run(&bad, &["--json"]).output().expect("it starts")), 0);
    let word = desk.put("word.csv", b"a\x1b[2J,b\n1,2\n3,\x1b[31mred\n5,6\n");
    assert_eq!(ended_well("a word", &eigenscope([OsStr::new("run"), word.as_ref(), "--text=error".as_ref()])), 1);
    let recipe = desk.put("r.toml", b"\"\\u001b[2J\" = 3\n");
    let args = [OsStr::new("run"), "moons".as_ref(), "--recipe".as_ref(), recipe.as_ref()];
    assert_eq!(ended_well("a recipe", &eigenscope(args)), 1);

    let mut model = files::model().0.clone();
    model.names = ["=1+1", "\x1b[2Jtwo", "@x"].map(str::to_owned).to_vec();
    let path = desk.path("m.eigenscope");
    eigenscope::output::write_model(&path, &model).expect("it can be written");
    let good = desk.put("good.csv", files::table());
    let output = eigenscope([OsStr::new("apply"), path.as_ref(), good.as_ref(), "--quiet".as_ref()]);
    assert_eq!(ended_well("a model", &output), 0);
    let cells = text(&output.stdout);
    assert!(!cells.contains(",=1+1,") && !cells.contains(",@x,"), "{cells}");
}

#[test]
fn a_pipe_is_data() {
    let _alone = alone();
    let desk = Desk::new();
    let named = desk.put("table.csv", files::table());
    let wanted = run(&named, &["--json", "--quiet"]).output().expect("it starts");
    let figures = |output: &std::process::Output| -> serde_json::Value {
        assert_eq!(ended_well("a run", output), 0, "{}", text(&output.stderr));
        let all: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one object");
        serde_json::json!([all["samples"], all["learned"]["eigenvalues"], all["learned"]["acc"], all["kmeans"]])
    };
    for bytes in [files::table(), files::gzip(&files::table())] {
        let mut child = run(Path::new("-"), &["--json", "--quiet"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("it is a pipe").write_all(&bytes).expect("someone reads");
        assert_eq!(figures(&child.wait_with_output().expect("it ends")), figures(&wanted));
    }
    for (name, bytes) in [("x.npz", files::npz(true)), ("x.npy", files::npy())] {
        let path = desk.put(name, &bytes);
        let by_pipe = run(Path::new("-"), &["--json", "--quiet"])
            .stdin(std::fs::File::open(&path).expect("it is there"))
            .output();
        let by_name = run(&path, &["--json", "--quiet"]).output().expect("it starts");
        assert_eq!(figures(&by_pipe.expect("it starts")), figures(&by_name));
    }
    let mut child = run(Path::new("-"), &["--text", "error"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("it is a pipe").write_all(b"a,b\n1,2\n3,x\n").expect("someone reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("standard input: line 3, column `b`"), "{}", text(&output.stderr));
    #[cfg(unix)]
    {
        let pipe = desk.path("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|s| s.success()));
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::write(pipe, files::table())
        });
        let output = run(&pipe, &["--json", "--quiet"]).output().expect("it starts");
        assert_eq!(figures(&output), figures(&wanted));
        writer.join().expect("it ends").expect("someone read");
    }
}

#[cfg(unix)]
#[test]
fn paths_that_are_no_text_are_read_written_and_named() {
    use std::os::unix::ffi::OsStrExt as _;
    let _alone = alone();
    let desk = Desk::new();
    let name = OsStr::from_bytes(b"caf\xe9");
    let path = desk.folder().join(name);
    if std::fs::write(&path, files::table()).is_err() {
        return; // A file system that has text alone.
    }
    let out = desk.folder().join(OsStr::from_bytes(b"out\xe9"));
    let mut command = run(&path, &["--quiet"]);
    command.arg("--out").arg(&out).arg("--data-dir").arg(&path);
    let output = command.output().expect("it starts");
    assert_eq!(ended_well("a run", &output), 0, "{}", text(&output.stderr));
    assert!(out.join("recipe.toml").exists() && out.join("model.eigenscope").exists());
    let output = eigenscope([OsStr::new("apply"), out.join("model.eigenscope").as_ref(), path.as_ref()]);
    assert_eq!(ended_well("a model", &output), 0, "{}", text(&output.stderr));
    let missing = desk.folder().join(OsStr::from_bytes(b"none\xe9.csv"));
    let output = run(&missing, &[]).output().expect("it starts");
    assert_eq!(ended_well("a missing file", &output), 1);
    assert!(text(&output.stderr).contains("none\u{fffd}.csv"), "{}", text(&output.stderr));
}

#[test]
fn settings_that_cannot_be_are_named_themselves() {
    let _alone = alone();
    let desk = Desk::new();
    let large = desk.put("large.csv", b"a,b\n3e38,-3e38\n-3e38,3e38\n1,2\n3,4\n5,6\n-3e38,-3e38\n3e38,3e38\n");
    let good = desk.put("good.csv", files::table());
    for (file, more, told) in [
        (&good, &["--frequency", "nan"][..], "--frequency"),
        (&good, &["--diffusion-time=-1"], "--diffusion-time -1"),
        (&good, &["--starts", "18446744073709551615"], "--starts"),
        (&good, &["--hidden", "16384,16384,16384", "--memory", "1"], "--hidden"),
        (&good, &["--batch", "1048576", "--memory", "0.05", "--hidden", "512,512"], "--batch"),
        (&large, &["--scaling", "none", "--neighbors", "3", "--clusters", "2"], "--scaling"),
        (&good, &["--system", "dual-autoencoder", "--encoder-lr", "1e6", "--encoder-steps", "40"], "--encoder-lr"),
    ] {
        let output = run(file, more).output().expect("it starts");
        assert_eq!(ended_well(told, &output), 1);
        let said = text(&output.stderr);
        assert!(said.contains(told), "`{told}` is not in: {said}");
    }
}

#[test]
fn the_largest_seed_and_every_digit_come_back_from_a_recipe() {
    let _alone = alone();
    let desk = Desk::new();
    let (good, out) = (desk.put("good.csv", files::table()), desk.path("o"));
    let figures = |output: std::process::Output| -> serde_json::Value {
        assert_eq!(ended_well("a run", &output), 0, "{}", text(&output.stderr));
        let all: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one object");
        serde_json::json!([all["recipe"], all["learned"]["eigenvalues"], all["learned"]["loss"], all["kmeans"]])
    };
    let settings =
        ["--seed=18446744073709551615", "--decay=0.30000000000000004", "--exact-neighbors-to=18446744073709551615"];
    let mut first = run(&good, &["--json", "--quiet", "--out", out.to_str().expect("text")]);
    let first = figures(first.args(settings).output().expect("it starts"));
    assert_eq!(first[0]["seed"], u64::MAX);
    let recipe = out.join("recipe.toml");
    let again =
        [OsStr::new("run"), good.as_ref(), "--json".as_ref(), "--quiet".as_ref(), "--recipe".as_ref(), recipe.as_ref()];
    assert_eq!(figures(eigenscope(again)), first);
}

#[test]
fn absurd_numbers_of_threads_are_none() {
    let _alone = alone();
    let desk = Desk::new();
    let good = desk.put("good.csv", files::table());
    for threads in ["5000", "18446744073709551615", "0", "-3", "many", ""] {
        let output = run(&good, &["--quiet"]).env("RAYON_NUM_THREADS", threads).output().expect("it starts");
        assert_eq!(ended_well(threads, &output), 0, "{}", text(&output.stderr));
    }
}
