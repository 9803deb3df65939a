//! Sets that are not here, faults and reports: what the window says of them, and what one click does.

use std::time::{Duration, Instant};

use eframe::egui::OutputCommand;
use egui_kittest::kittest::Queryable as _;
use eigenscope::Error;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::data::fetch::{Patience, PublicFile, PublicSet, Request};
use eigenscope::pipeline::{Command, Failure};
use eigenscope::support::error::Remedy;

use super::{Window, settle, window};
use crate::support::desk::Desk;
use crate::support::mirror::{Deed, Mirror, whole};

/// A window that was asked for MNIST, which is not here; downloads come from this server.
fn without_mnist(
    desk: &Desk,
    set: PublicSet,
    mirror: &Mirror,
) -> (Window, std::rc::Rc<std::cell::RefCell<super::Script>>) {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    let mut request = Request::into_folder(&set, desk.folder().to_owned());
    request.mirrors = vec![mirror.address.clone()];
    request.patience = Patience { answer: Duration::from_millis(500), pause: Duration::from_millis(1), tries: 1 };
    harness.state_mut().download_as(request);
    let error = Error::Data("mnist needs the four files, and they are not there".to_owned())
        .or(Remedy::download("mnist", "downloads them (11 MiB)", "Download 11 MiB"))
        .or(Remedy::choose("data-dir", "FOLDER", "says where they are", "Choose folder…"));
    script.borrow_mut().fail_as = Some(Failure::from(&error));
    harness.get_by_label("mnist").click();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Failed);
    assert!(harness.query_by_label("Choose folder…").is_some());
    (harness, script)
}

fn until(harness: &mut Window, there: impl Fn(&Window) -> bool) {
    let began = Instant::now();
    while !there(harness) {
        assert!(began.elapsed().as_secs() < 60, "it never came");
        std::thread::sleep(Duration::from_millis(5));
        harness.run_steps(1);
    }
}

#[test]
fn one_click_downloads_a_set_and_opens_it() {
    let desk = Desk::new();
    let mirror = Mirror::new(|_, _| whole(b"the whole of it"));
    let sum = ring::digest::digest(&ring::digest::SHA256, b"the whole of it");
    let sha256 = sum.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let file = PublicFile { name: "it", packed: 15, unpacked: 15, sha256: Box::leak(sha256.into_boxed_str()) };
    let mnist = PublicSet::named("mnist").expect("it is known");
    let set = PublicSet { files: Box::leak(Box::new([file])), ..*mnist };
    let (mut harness, script) = without_mnist(&desk, set, &mirror);
    let opened = |script: &super::Script| script.commands.iter().filter(|c| matches!(c, Command::Open(_))).count();
    let before = opened(&script.borrow());
    script.borrow_mut().hold = true; // There is nothing to open here but a few bytes.
    harness.get_by_label("Download 11 MiB").click();
    until(&mut harness, |_| opened(&script.borrow()) > before);
    settle(&mut harness);
    let Some(Command::Open(job)) = script.borrow().commands.last().cloned() else { panic!("it is opened") };
    assert_eq!(job.source, Source::Named("mnist".to_owned()));
    assert!(desk.path("it").exists() && harness.query_by_label_contains("CC BY-SA 3.0").is_some());
}

#[test]
fn a_download_can_be_cancelled_at_once_and_one_that_fails_says_why() {
    let desk = Desk::new();
    let mirror = Mirror::new(|_, number| if number == 0 { vec![Deed::Stall] } else { whole(b"not it") });
    let mnist = PublicSet::named("mnist").expect("it is known");
    let (mut harness, _script) = without_mnist(&desk, *mnist, &mirror);
    harness.get_by_label("Download 11 MiB").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Downloading mnist (CC BY-SA 3.0)").is_some());
    assert!(harness.query_by_label("Choose folder…").is_none(), "one thing at a time");
    until(&mut harness, |_| !mirror.asked().is_empty());
    harness.get_by_label("Cancel download").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("was cancelled").is_some());
    // The thread that was left lets go of the part once its server is tired or waited for long enough.
    let part = desk.path(&format!("{}.part", mnist.files[0].name));
    until(&mut harness, |_| std::fs::File::open(&part).map_or(true, |file| file.try_lock().is_ok()));
    harness.get_by_label("Download 11 MiB").click();
    until(&mut harness, |harness| harness.query_by_label_contains("no mirror gave").is_some());
    assert!(harness.query_by_label("Download 11 MiB").is_some(), "it can be tried again");
}

#[test]
fn a_fault_of_the_last_session_is_said_once_and_is_in_the_report() {
    let desk = Desk::new();
    desk.put(
        "fault.txt",
        "2026-11-26T10:28:07Z Eigenscope 0.1.0\npanic in thread worker at src/x.rs:3: it broke\nmore\n",
    );
    let (mut harness, _script) = window("moons", [1280.0, 800.0]);
    let ctx = harness.ctx.clone();
    harness.state_mut().remember_in(&ctx, desk.folder().to_owned());
    settle(&mut harness);
    assert!(harness.query_by_label_contains("panic in thread worker at src/x.rs:3: it broke").is_some());
    let report = harness.state().report();
    assert!(report.contains("it broke") && !report.contains("more\n"), "{report}");
    let (mut harness, _script) = window("moons", [1280.0, 800.0]);
    let ctx = harness.ctx.clone();
    harness.state_mut().remember_in(&ctx, desk.folder().to_owned());
    settle(&mut harness);
    assert!(harness.query_by_label_contains("it broke").is_none());
}

#[test]
fn the_report_has_versions_and_settings_and_nothing_of_the_data() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    let mut job = harness.state().job().clone();
    job.recipe.neighbors = eigenscope::recipe::Auto::Set(21);
    job.recipe.data_dir = Some("/home/ann/My private data/sets".into());
    harness.state_mut().set_job(job);
    let error = "/home/ann/My private data/people.csv: line 3, column `name`: `Ann` is not a number";
    script.borrow_mut().fail_with = Some(error.to_owned());
    let ctx = harness.ctx.clone();
    harness.state_mut().start();
    settle(&mut harness);
    let report = harness.state().report();
    for told in ["Eigenscope 0.", "draws with: ", "--neighbors=21", "people.csv: line 3", "data: moons"] {
        assert!(report.contains(told), "{told}: {report}");
    }
    for secret in ["ann", "Ann", "private", "home", "name`"] {
        assert!(!report.contains(secret), "{secret}: {report}");
    }
    harness.state_mut().execute(&ctx, UiCommand::Help);
    settle(&mut harness);
    harness.get_by_label("Copy report").click();
    let copied = |harness: &Window| {
        let mut commands = harness.output().platform_output.commands.iter();
        commands.any(|c| matches!(c, OutputCommand::CopyText(text) if text.contains("draws with: ")))
    };
    let seen = (0..6).any(|_| {
        harness.run_steps(1);
        copied(&harness)
    });
    assert!(seen, "it is on the clipboard");
    settle(&mut harness);
    assert!(harness.query_by_label_contains("The report is on the clipboard").is_some());
}
