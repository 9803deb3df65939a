//! The project that was made of some data before, where the data alone is opened again.

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::run::Phase;
use eigenscope::project::read_project;

use super::labelling::{run, select};
use super::projects::{Begun, answer, begun, keeping, save, table, train};
use super::{Window, press, press_command, settle, window};
use crate::support::waiting::until_drawn;

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
    until_drawn(&mut harness, "the offer", is_offered);
    assert!(harness.query_by_label_contains("A project of this data lies beside it: p.eigenscope").is_some());
    harness.check_accessibility();
    harness.get_by_label("Open project").click();
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
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
    until_drawn(&mut harness, "the offer", is_offered);
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

#[test]
fn the_table_of_an_open_project_opened_by_hand_leaves_the_project_and_offers_it() {
    let Begun { folder, file, mut harness, .. } = begun(table);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    save(&mut harness, &file);
    let saved = read_project(&file).expect("it was saved");
    assert_eq!(harness.state().title(), "p – Eigenscope");
    answer(&mut harness, Purpose::Open, &folder.path().join("t.csv"));
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Ready);
    assert_eq!(harness.state().project_file(), None);
    assert_eq!(harness.state().title(), "t – Eigenscope");
    until_drawn(&mut harness, "the offer", is_offered);
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().title(), "p – Eigenscope", "undo brings it back as it was");
    assert_eq!(harness.state().labels().document(), &saved.edits);
    answer(&mut harness, Purpose::Open, &folder.path().join("t.csv"));
    until_drawn(&mut harness, "the offer", is_offered);
    harness.get_by_label("Open project").click();
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    assert_eq!(harness.state().labels().document(), &saved.edits);
    assert_eq!(read_project(&file).expect("as it was").edits, saved.edits);
}

#[test]
fn stars_of_a_project_stay_with_it_when_its_table_is_opened_anew_or_other_data() {
    let Begun { folder, file, mut harness, .. } = begun(table);
    run(&mut harness, UiCommand::Runs);
    harness.get_by_label("Star of run 1").click();
    settle(&mut harness);
    run(&mut harness, UiCommand::Runs);
    save(&mut harness, &file);
    let stars = |harness: &Window| harness.state().runs().all().iter().filter(|run| run.star).count();
    answer(&mut harness, Purpose::Open, &folder.path().join("t.csv"));
    settle(&mut harness);
    assert_eq!((stars(&harness), harness.state().title()), (0, "t – Eigenscope"));
    press_command(&mut harness, Key::Z);
    settle(&mut harness);
    assert_eq!((stars(&harness), harness.state().title()), (1, "p – Eigenscope"), "they come back with it");
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert_eq!(harness.state().title(), "circles – Eigenscope", "they are in a file");
    press_command(&mut harness, Key::N);
    assert!(harness.query_by_label_contains("Begin a new project?").is_none(), "there is nothing to lose");
}

#[test]
fn a_table_is_not_opened_over_what_its_project_has_not_without_a_question() {
    let Begun { folder, file, mut harness, .. } = begun(table);
    save(&mut harness, &file);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    answer(&mut harness, Purpose::Open, &folder.path().join("t.csv"));
    assert!(harness.query_by_label("Open t.csv?").is_some());
    assert!(harness.query_by_label_contains("what you did since p.eigenscope was saved").is_some());
    press(&mut harness, Key::Escape);
    assert!(harness.state().project_file().is_some());
    assert!(harness.state().can(UiCommand::Save));
}

#[test]
fn what_fails_to_open_leaves_a_project_as_it_was() {
    let Begun { folder, file, mut harness, script, .. } = begun(table);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    save(&mut harness, &file);
    script.borrow_mut().fail_with = Some("it is no table".to_owned());
    let other = folder.path().join("other.csv");
    std::fs::write(&other, "no table").expect("written");
    answer(&mut harness, Purpose::Open, &other);
    settle(&mut harness);
    assert!(harness.query_all_by_label_contains("it is no table").next().is_some());
    assert_eq!(harness.state().title(), "p – Eigenscope", "without a star");
    assert!(harness.query_all_by_label_contains("Finished in").next().is_some(), "as what is shown still");
    press_command(&mut harness, Key::N);
    assert!(harness.query_by_label_contains("Begin a new project?").is_none(), "there is nothing to lose");
}
