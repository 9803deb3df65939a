//! The dual autoencoder and its ablation, from outside.

use std::process::Output;

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::learn::Terms;
use eigenscope::pipeline::{self, Event, Job, Worker};
use eigenscope::recipe::{Auto, DeviceChoice, Hidden, System};
use serde_json::Value;

use crate::codes::notes_of_run;
use crate::support::desk::plain;
use crate::support::listening::{ended, listen};
use crate::support::program::{eigenscope, json, text};

/// A run on small pictures that takes a second or two.
const SMALL: &[&str] = &[
    "digits",
    "--limit",
    "300",
    "--device",
    "cpu",
    "--quiet",
    "--hidden",
    "32",
    "--encoder",
    "64,8",
    "--encoder-steps",
    "60",
    "--batch",
    "32",
    "--neighbors",
    "10",
];

fn run(more: &[&str]) -> Output {
    eigenscope([&["run", "--system", "dual-autoencoder"], SMALL, more].concat())
}

#[test]
fn a_run_repeats_itself_and_its_model_labels_pictures_it_never_saw() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let first = json(&run(&["--json", "--out", &plain(folder.path())]));
    let second = json(&run(&["--json"]));
    assert_eq!(notes_of_run(&first), notes_of_run(&second));
    for part in ["learned", "exact", "agreement", "kmeans"] {
        let without_time = |run: &Value| {
            let mut part = run[part].clone();
            part.as_object_mut().map(|p| p.remove("seconds"));
            part
        };
        assert_eq!(without_time(&first), without_time(&second), "{part}");
    }
    assert_eq!(first["learned"]["eigenvalues"].as_array().map(Vec::len), Some(12), "two more than clusters");
    let applied = folder.path().join("applied.csv");
    let model = folder.path().join("model.eigenscope");
    let output = eigenscope(["apply", &plain(&model), "digits", "--device", "cpu", "--out", &plain(&applied)]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = std::fs::read_to_string(&applied).expect("the table is there").lines().count();
    assert_eq!(lines, 1 + 1797);
}

#[test]
fn an_ablation_has_a_line_for_each_part_and_is_taken_up_where_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sheet = plain(&folder.path().join("sheet.json"));
    let ablate = |more: &[&str]| eigenscope([&["ablate"], SMALL, &["--resume", &sheet], more].concat());
    let first = json(&ablate(&["--systems", "dual-autoencoder", "--seeds", "1", "--json"]));
    let more = json(&ablate(&["--systems", "dual-autoencoder,dual-no-prior", "--seeds", "1", "--json"]));
    let entries = more["entries"].as_array().expect("a list");
    assert_eq!(entries.len(), 6, "k-means, exact and learned, twice");
    assert_eq!(entries[..3], first["entries"].as_array().expect("a list")[..], "kept, seconds and all");
    assert_ne!(entries[0]["nmi"], entries[3]["nmi"], "the prior makes a difference");
    let table = ablate(&["--systems", "dual-autoencoder,dual-no-prior", "--seeds", "1"]);
    let table = text(&table.stdout);
    assert!(
        table.contains("dual autoencoder ") && table.contains("dual, no prior") && !table.contains("mutual"),
        "{table}"
    );
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let wrong = [("--joint", "0"), ("--prior-weight", "-1"), ("--latent", "0"), ("--distortion", "inf")];
    for (flag, value) in wrong {
        let failed = run(&[&format!("{flag}={value}")]);
        assert_eq!(failed.status.code(), Some(1), "{flag}");
        assert!(text(&failed.stderr).contains(flag), "{flag}");
    }
}

/// A job on a table.
fn blobs(change: impl FnOnce(&mut Recipe)) -> Job {
    let mut recipe = Recipe {
        device: DeviceChoice::Cpu,
        system: System::DualAutoencoder,
        samples: Auto::Set(200),
        encoder: Hidden::Layers(vec![16, 2]),
        encoder_steps: Auto::Set(60),
        hidden: Hidden::Layers(vec![16]),
        batch: Auto::Set(32),
        ..Recipe::default()
    };
    change(&mut recipe);
    Job { source: Source::Named("blobs".to_owned()), recipe }
}

fn terms(heard: &[Event]) -> Vec<Terms> {
    heard.iter().filter_map(|e| if let Event::Terms(terms) = e { Some(*terms) } else { None }).collect()
}

#[test]
fn a_table_has_every_term_but_the_local_one_and_a_pause_changes_nothing() {
    let start = || {
        let worker = Worker::spawn(|| ()).expect("a thread");
        worker.send(pipeline::Command::Start(Box::new(blobs(|_| ()))));
        worker
    };
    let unbroken = start();
    let heard = listen(&unbroken, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)), "{:?}", heard.last());
    let (early, late) = (terms(&heard)[0], terms(&heard).pop().expect("terms are told"));
    assert!(early.spectral.is_none() && late.spectral.is_some(), "the head comes in later");
    assert!(late.relative.is_some() && late.global.is_some() && late.prior.is_some() && late.local.is_none());
    assert!(late.reconstruction < early.reconstruction, "it learns");

    let broken = start();
    listen(&broken, |e| matches!(e, Event::Terms(_)));
    broken.send(pipeline::Command::Pause);
    broken.send(pipeline::Command::Step(5));
    broken.send(pipeline::Command::Resume);
    let heard = listen(&broken, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)), "{:?}", heard.last());
    let (one, other) = (unbroken.latest().expect("a result"), broken.latest().expect("a result"));
    assert_eq!(one.codes, other.codes);
    let learned = |s: &pipeline::Snapshot| s.learned.as_ref().map(|l| l.space.vectors.clone());
    assert_eq!(learned(&one), learned(&other));
}

#[test]
fn stopping_early_keeps_codes_and_clusters() {
    let worker = Worker::spawn(|| ()).expect("a thread");
    worker.send(pipeline::Command::Start(Box::new(blobs(|r| r.encoder_steps = Auto::Set(1_000_000)))));
    listen(&worker, |e| matches!(e, Event::Progress(eigenscope::recipe::Stage::Represent, ..)));
    worker.send(pipeline::Command::StopAndKeep);
    let heard = listen(&worker, ended);
    assert!(matches!(heard.last(), Some(Event::Finished)), "{:?}", heard.last());
    let result = worker.latest().expect("a result");
    assert!(result.codes.is_some() && result.learned.is_some());
}
