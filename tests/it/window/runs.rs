//! Runs that are kept: the list, two side by side, the grid, and what tells without labels.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eframe::egui::{self, Key};
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::pipeline::sweep::Probe;
use eigenscope::pipeline::{Command, Event};
use eigenscope::project::{RunEnd, read_project};
use eigenscope::recipe::{Auto, Scale};

use super::{Script, Window, press, press_command, settle, window};
use crate::support::waiting::until_drawn;

const SIZE: [f32; 2] = [1440.0, 1000.0];

fn train(harness: &mut Window, script: &Rc<RefCell<Script>>) {
    harness.get_by_label("Train").click();
    settle(harness);
    script.borrow_mut().play_to_end();
    settle(harness);
}

fn with_neighbors(harness: &mut Window, neighbors: usize) {
    let mut job = harness.state().job().clone();
    job.recipe.neighbors = Auto::Set(neighbors);
    harness.state_mut().set_job(job);
    settle(harness);
}

/// A window with two runs, of 15 neighbours and of 22.
fn two_runs() -> (Window, Rc<RefCell<Script>>) {
    let (mut harness, script) = window("moons", SIZE);
    train(&mut harness, &script);
    with_neighbors(&mut harness, 22);
    train(&mut harness, &script);
    (harness, script)
}

/// The same with the sheet of runs open.
fn two_runs_listed() -> (Window, Rc<RefCell<Script>>) {
    let (mut harness, script) = two_runs();
    press_command(&mut harness, Key::H);
    (harness, script)
}

#[test]
fn every_run_is_kept_once_with_its_settings_and_a_stopped_one_says_so() {
    let (mut harness, script) = two_runs();
    assert_eq!(harness.state().runs().all().len(), 2);
    harness.get_by_label("Reset").click();
    settle(&mut harness);
    train(&mut harness, &script);
    assert_eq!(harness.state().runs().all().len(), 2, "the same once more is no other");
    with_neighbors(&mut harness, 30);
    harness.get_by_label("Train").click();
    settle(&mut harness);
    script.borrow_mut().play_to(0.2);
    settle(&mut harness);
    harness.get_by_label("Stop and keep").click();
    settle(&mut harness);
    let runs = harness.state().runs().all().to_vec();
    let ends: Vec<RunEnd> = runs.iter().map(|run| run.end).collect();
    assert_eq!(ends, [RunEnd::Complete, RunEnd::Complete, RunEnd::Stopped]);
    let neighbors: Vec<Auto<usize>> = runs.iter().map(|run| run.recipe.neighbors).collect();
    assert_eq!(neighbors, [Auto::Auto, Auto::Set(22), Auto::Set(30)]);
    assert!(runs[0].learned.is_some_and(|scores| scores.acc > 0.9) && runs[0].seconds > 0.0);
    press_command(&mut harness, Key::H);
    assert!(harness.query_by_label_contains("3 runs, 3 with the result at hand").is_some());
    assert!(harness.query_by_label_contains("stopped at 200").is_some());
    harness.check_accessibility();
}

#[test]
fn a_run_is_restored_with_its_result_and_undo_brings_the_settings_back() {
    let (mut harness, script) = two_runs();
    let second = harness.state().run().shown.clone().expect("a result");
    let sent = script.borrow().commands.len();
    press_command(&mut harness, Key::H);
    harness.get_by_label("Restore run 1").click();
    settle(&mut harness);
    let state = harness.state();
    assert_eq!(state.job().recipe.neighbors, Auto::Auto);
    let shown = state.run().shown.clone().expect("a result");
    assert!(shown.serial != second.serial && shown.job.recipe.neighbors == Auto::Auto);
    assert!(!state.run().curve.is_empty() && state.stages_behind().is_empty());
    assert_eq!(script.borrow().commands.len(), sent, "nothing is computed");
    assert!(harness.query_by_label_contains("Run 1 is shown again").is_some());
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(22));
}

#[test]
fn star_note_and_deletion_are_steps() {
    let (mut harness, _script) = two_runs_listed();
    harness.get_by_label("Star of run 1").click();
    settle(&mut harness);
    harness.get_by_label("Note of run 2").click();
    settle(&mut harness);
    harness.event(egui::Event::Text("the better one".to_owned()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    let runs = harness.state().runs().all().to_vec();
    assert!(runs[0].star && runs[1].note == "the better one");
    harness.get_by_label("Delete run 1").click();
    settle(&mut harness);
    assert_eq!(harness.state().runs().all().len(), 1);
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().runs().all(), runs, "the run is back with its star");
    assert!(harness.query_by_label_contains("2 with the result at hand").is_some(), "and with its result");
    press_command(&mut harness, Key::Z);
    press_command(&mut harness, Key::Z);
    assert!(harness.state().runs().all().iter().all(|run| !run.star && run.note.is_empty()));
    press_command(&mut harness, Key::Y);
    assert!(harness.state().runs().all()[0].star);
}

#[test]
fn two_runs_stand_side_by_side_with_what_differs() {
    let (mut harness, _script) = two_runs_listed();
    for name in ["Compare run 1", "Compare run 2"] {
        harness.get_by_label(name).click();
        settle(&mut harness);
    }
    until_drawn(&mut harness, "both pictures", |h| h.query_by_label_contains("turned onto the first").is_some());
    assert!(harness.query_by_label_contains("agree to an ARI of 1.000").is_some());
    assert!(harness.query_all_by_label("22").count() > 0 && harness.query_by_label_contains("ACC, learned").is_some());
    harness.check_accessibility();
    harness.get_by_label_contains("Picture of run 1").click();
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Auto);
}

#[test]
fn runs_are_in_the_project_and_come_back_without_their_results() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("p.eigenscope");
    let (mut harness, script) = two_runs_listed();
    harness.get_by_label("Star of run 1").click();
    settle(&mut harness);
    let ctx = harness.ctx.clone();
    harness.state_mut().store_results(false);
    harness.state_mut().answered(&ctx, Purpose::SaveProject, file.clone());
    until_drawn(&mut harness, "the end of saving", |h| file.exists() && !h.state().title().contains('*'));
    let saved = read_project(&file).expect("a project").runs;
    assert_eq!(saved, harness.state().runs().all());
    drop((harness, script));

    let (mut harness, script) = window("circles", SIZE);
    let ctx = harness.ctx.clone();
    harness.state_mut().answered(&ctx, Purpose::Open, file);
    settle(&mut harness);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().runs().all(), saved, "what is computed again is no run of its own");
    assert!(!harness.state().title().contains('*'), "{}", harness.state().title());
    press_command(&mut harness, Key::H);
    assert!(harness.query_by_label_contains("2 runs, 1 with the result at hand").is_some());
    harness.get_by_label("Run again run 1").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("is computed again").is_some());
    assert!(matches!(script.borrow().commands.last(), Some(Command::Start(job)) if job.recipe.neighbors == Auto::Auto));
}

fn probe(ari: f64) -> Probe {
    Probe {
        picture: vec![[0.0, 0.0], [1.0, 1.0]],
        clusters_of: vec![0, 1],
        clusters: 2,
        gap: None,
        eigenvalues: 8,
        parts: 1,
        degrees: [4.0, 10.0, 17.0],
        ari: Some(ari),
        distance: None,
        scores: None,
        silhouette: Some(0.75),
        seconds: 0.1,
    }
}

#[test]
fn a_grid_is_computed_beside_the_picture_and_a_cell_gives_its_settings() {
    let (mut harness, script) = two_runs_listed();
    harness.get_by_label("Grid").click();
    settle(&mut harness);
    harness.check_accessibility();
    harness.get_by_label("Compute 16 cells").click();
    settle(&mut harness);
    let sweep =
        script.borrow().commands.iter().find_map(|c| if let Command::Sweep(s) = c { Some(s.clone()) } else { None });
    let sweep = sweep.expect("the window asked for it");
    assert!(sweep.items.iter().all(|item| !item.recipe.learn && item.recipe.exact));
    assert_eq!(sweep.items[6].recipe.neighbors, Auto::Set(15));
    assert_eq!(sweep.items[6].recipe.scale, Scale::RobustLocal);
    assert!(harness.query_by_label("cell 1 of 16").is_some());
    script.borrow_mut().tell(Event::Probed(Arc::new((6, Ok(probe(0.5))))));
    script.borrow_mut().tell(Event::Probed(Arc::new((7, Err("no graph".to_owned())))));
    script.borrow_mut().tell(Event::Sweeping { at: 8, of: 16 });
    settle(&mut harness);
    assert!(harness.query_by_label("cell 9 of 16").is_some());
    assert!(harness.query_by_label_contains("no graph").is_some());
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::EndSweep)));
    harness.check_accessibility();
    harness.get_by_label_contains("Take Neighbours 15, Scale robust-local").click();
    settle(&mut harness);
    let recipe = &harness.state().job().recipe;
    assert_eq!((recipe.neighbors, recipe.scale, recipe.learn), (Auto::Set(15), Scale::RobustLocal, true));
    assert_eq!(harness.state().runs().all().len(), 2, "cells are no runs");
}

#[test]
fn what_tells_without_labels_is_a_sentence_each() {
    let (mut harness, script) = two_runs_listed();
    harness.get_by_label("Without labels").click();
    settle(&mut harness);
    harness.get_by_label("Measure").click();
    settle(&mut harness);
    for (at, ari) in [1.0, 0.9, 1.0, 1.0, 0.5, 0.4, 0.6].into_iter().enumerate() {
        script.borrow_mut().tell(Event::Probed(Arc::new((at, Ok(probe(ari))))));
    }
    script.borrow_mut().tell(Event::SweepEnded(None));
    settle(&mut harness);
    for words in ["mean silhouette is 0.75", "hardly hang on the seed", "0.50 (0.40 to 0.60)", "one connected part"] {
        assert!(harness.query_by_label_contains(words).is_some(), "{words}");
    }
    harness.check_accessibility();
}

#[test]
fn a_training_ends_small_runs() {
    let (mut harness, script) = two_runs_listed();
    harness.get_by_label("Without labels").click();
    settle(&mut harness);
    harness.get_by_label("Measure").click();
    settle(&mut harness);
    assert!(harness.query_by_label("run 1 of 7").is_some());
    with_neighbors(&mut harness, 9);
    harness.get_by_label("Train").click();
    settle(&mut harness);
    assert!(harness.query_by_label("run 1 of 7").is_none());
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().runs().all().len(), 3);
}
