//! What a first-time user stumbled over on the way from a table to an export and back.

use eframe::egui::{self, Key};
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::recipe::Auto;

use super::labelling::{run, select};
use super::projects::{Begun, answer, begun, keeping, save, starts, table, train};
use super::{Window, press, scripted, settle};
use crate::support::waiting::until_drawn;

fn close(harness: &mut Window) {
    let viewport = harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
    viewport.events.push(egui::ViewportEvent::Close);
    harness.step();
    settle(harness);
}

#[test]
fn the_question_before_closing_saves_and_then_closes() {
    let Begun { folder: _folder, file, mut harness, .. } = begun(table);
    save(&mut harness, &file);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    close(&mut harness);
    assert!(harness.query_by_label("Close Eigenscope?").is_some());
    harness.get_by_label("Save and close").click();
    until_drawn(&mut harness, "the end of saving", |h| !h.state().title().contains('*'));
    settle(&mut harness);
    assert!(harness.query_by_label("Close Eigenscope?").is_none(), "nothing is left to ask");
    assert!(harness.state().is_closing());
}

#[test]
fn who_thinks_better_of_saving_does_not_lose_the_window_at_the_next_save() {
    let Begun { folder: _folder, file, mut harness, .. } = begun(table);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    close(&mut harness);
    harness.get_by_label("Save and close").click();
    settle(&mut harness);
    // It is asked what the project is saved with, as it has no file.
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    save(&mut harness, &file);
    settle(&mut harness);
    assert!(!harness.state().is_closing());
}

#[test]
fn an_earlier_run_comes_back_with_its_picture_after_a_restart() {
    let Begun { folder: _folder, state, file, mut harness, script } = begun(table);
    let first = harness.state().run().shown.clone().expect("it was trained");
    let mut job = harness.state().job().clone();
    job.recipe.neighbors = Auto::Set(9);
    harness.state_mut().set_job(job);
    train(&mut harness, &script);
    assert_eq!(harness.state().runs().all().len(), 2);
    harness.state_mut().store_results(true);
    save(&mut harness, &file);
    drop(harness);

    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    run(&mut harness, UiCommand::Runs);
    until_drawn(&mut harness, "the earlier run", |h| h.query_by_label("Restore run 1").is_some());
    harness.get_by_label("Restore run 1").click();
    settle(&mut harness);
    assert_eq!(starts(&script), 0, "nothing was computed");
    let shown = harness.state().run().shown.clone().expect("it is shown");
    assert_eq!(shown.job.recipe.neighbors, Auto::Auto, "its settings came back too");
    let clusters =
        |of: &eigenscope::pipeline::Snapshot| of.learned.as_ref().map(|side| side.clusters.assignment.clone());
    assert_eq!(clusters(&shown), clusters(&first));
}
