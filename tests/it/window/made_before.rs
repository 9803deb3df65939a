//! The project that was made of some data before, where the data alone is opened again.

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::shown::run::Phase;
use eigenscope::project::read_project;

use super::labelling::select;
use super::projects::{Begun, begun, keeping, save, table, train, wait};
use super::{Window, press, settle, window};

fn is_offered(harness: &Window) -> bool {
    harness.query_by_label("Open project").is_some()
}

#[test]
fn a_table_offers_the_project_that_lies_beside_it_until_that_is_opened() {
    let Begun { folder, state, file, mut harness, .. } = begun(table);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    save(&mut harness, &file);
    assert!(!is_offered(&harness), "it is open");
    drop(harness);
    let (mut harness, _script) = keeping(table(folder.path()), &state);
    wait(&mut harness, "the offer", is_offered);
    assert!(harness.query_by_label_contains("A project of this data lies beside it: p.eigenscope").is_some());
    harness.check_accessibility();
    harness.get_by_label("Open project").click();
    wait(&mut harness, "the stored result", |h| h.state().run().stored);
    let saved = read_project(&file).expect("it was saved");
    assert_eq!(harness.state().labels().document(), &saved.edits);
    assert!(harness.state().project_file().is_some() && !is_offered(&harness));
}

#[test]
fn a_project_saved_elsewhere_is_offered_too_and_not_again_once_it_is_declined() {
    let Begun { folder, state, mut harness, .. } = begun(table);
    let elsewhere = folder.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("made");
    save(&mut harness, &elsewhere.join("flowers.eigenscope"));
    drop(harness);
    let (mut harness, script) = keeping(table(folder.path()), &state);
    wait(&mut harness, "the offer", is_offered);
    assert!(harness.query_by_label_contains("was saved elsewhere: flowers.eigenscope").is_some());
    harness.get_by_label("Not now").click();
    settle(&mut harness);
    assert!(!is_offered(&harness));
    train(&mut harness, &script);
    assert_eq!(harness.state().run().phase, Phase::Finished);
    assert!(!is_offered(&harness));
}

#[test]
fn data_without_a_project_and_a_window_that_keeps_nothing_offer_none() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, _script) = keeping(table(folder.path()), &folder.path().join("state"));
    harness.run_steps(40);
    assert!(!is_offered(&harness));
    let (harness, _script) = window("moons", [1280.0, 800.0]);
    assert!(!is_offered(&harness));
}
