//! What a person made is not lost: stopped trainings, failures, other data, the close button.

use eframe::egui::{self, Key};
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::pipeline::CurvePoint;
use eigenscope::pipeline::{Command, Event};
use eigenscope::recipe::Auto;

use super::{Window, last_start, press, press_command, sent, settle, stopped, trained, type_number, window};
use crate::support::waiting::until_drawn;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn source(harness: &Window) -> String {
    harness.state().job().source.to_string()
}

/// The set whose points are shown.
fn shown(harness: &Window) -> String {
    harness.state().run().shown.as_ref().map(|s| s.data.name.clone()).unwrap_or_default()
}

fn has_result(harness: &Window) -> bool {
    harness.state().run().shown.as_ref().is_some_and(|s| s.learned.is_some())
}

/// A window on a set that is trained to its end.
/// Selects the points of the first class.
fn select_first(harness: &mut Window) {
    let labels = harness.state().run().shown.as_ref().and_then(|s| s.data.labels.clone()).expect("there are classes");
    harness.get_by_label_contains(&format!("Cluster {}", labels.names[0])).click();
    settle(harness);
    assert!(harness.query_by_label_contains(" selected").is_some());
}

#[test]
fn a_stopped_training_says_where_and_goes_on_or_begins_anew() {
    let (mut harness, script) = stopped("moons", SIZE);
    assert_eq!(harness.state().run().phase, Phase::Stopped);
    assert!(harness.query_all_by_label_contains("Stopped at 200 of 1,000").count() > 0);
    assert!(harness.query_by_label("Train").is_none() && harness.query_by_label_contains("Finished").is_none());
    harness.get_by_label("Continue").click();
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Continue(_))));
    assert_eq!(harness.state().run().phase, Phase::Running);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Finished);
    assert!(harness.query_by_label("Continue").is_none());

    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.5);
    settle(&mut harness);
    harness.get_by_label("Stop and keep").click();
    settle(&mut harness);
    harness.get_by_label("Restart").click();
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Start(_))));
}

#[test]
fn settings_that_the_stopped_training_is_not_of_train_anew() {
    let (mut harness, script) = stopped("moons", SIZE);
    type_number(&mut harness, "Neighbours", "22");
    assert!(harness.query_by_label("Continue").is_none());
    press(&mut harness, Key::Space);
    assert_eq!(last_start(&script).neighbors, Auto::Set(22));
}

#[test]
fn a_failure_brings_the_last_good_picture_back() {
    let (mut harness, script) = trained("moons", SIZE);
    let before = harness.state().run().clone();
    script.borrow_mut().fail_with = Some("--neighbors 500 needs more than 500 samples and there are 178".to_owned());
    script.borrow_mut().fail_late = true;
    press(&mut harness, Key::Space);
    let run = harness.state().run();
    assert_eq!(run.phase, Phase::Failed);
    assert!(harness.query_by_label_contains("What was there before is still shown").is_some());
    assert!(has_result(&harness), "as the banner says");
    assert_eq!((run.curve.len(), run.done.len()), (before.curve.len(), before.done.len()));
    harness.run_steps(10);
    assert!(has_result(&harness), "what the failed run had shown does not come back");
    harness.get_by_label("Dismiss").click();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Finished);
}

#[test]
fn a_failed_opening_leaves_the_name_of_what_is_shown() {
    let (mut harness, script) = trained("moons", SIZE);
    script.borrow_mut().fail_with = Some("circles: it cannot be read".to_owned());
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert_eq!((source(&harness).as_str(), shown(&harness).as_str()), ("moons", "moons"));
    assert!(has_result(&harness) && !harness.state().run().curve.is_empty());
    harness.get_by_label("Try again").click();
    settle(&mut harness);
    assert_eq!((source(&harness).as_str(), shown(&harness).as_str()), ("circles", "circles"));
}

#[test]
fn a_job_changes_only_when_its_data_is_there() {
    let (mut harness, script) = window("moons", SIZE);
    script.borrow_mut().hold = true;
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Open(job)) if job.source.to_string() == "circles"));
    assert_eq!((source(&harness).as_str(), shown(&harness).as_str()), ("moons", "moons"));
    assert!(harness.query_all_by_label_contains("Opening circles").count() > 0);
}

#[test]
fn undo_brings_back_what_other_data_took_away_and_redo_returns() {
    let (mut harness, script) = trained("moons", SIZE);
    let steps = harness.state().run().curve.len();
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert_eq!((source(&harness).as_str(), shown(&harness).as_str()), ("circles", "circles"));
    assert!(harness.state().run().curve.is_empty());
    let commands = script.borrow().commands.len();
    press_command(&mut harness, Key::Z);
    assert_eq!((source(&harness).as_str(), shown(&harness).as_str()), ("moons", "moons"));
    assert!(has_result(&harness) && harness.state().run().curve.len() == steps);
    assert_eq!(harness.state().run().phase, Phase::Finished);
    assert_eq!(script.borrow().commands.len(), commands, "nothing is computed for it");
    harness.key_press_modifiers(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, Key::Z);
    settle(&mut harness);
    assert_eq!((source(&harness).as_str(), shown(&harness).as_str()), ("circles", "circles"));
}

#[test]
fn a_training_left_for_other_data_stands_where_it_was_after_undo() {
    let (mut harness, script) = window("moons", SIZE);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    settle(&mut harness);
    harness.get_by_label("circles").click();
    settle(&mut harness);
    press_command(&mut harness, Key::Z);
    assert_eq!(shown(&harness), "moons");
    assert!(harness.query_all_by_label_contains("Stopped at 200 of 1,000").count() > 0);
    harness.get_by_label("Continue").click();
    settle(&mut harness);
    assert!(
        matches!(script.borrow().commands.last(), Some(Command::Continue(job)) if job.source.to_string() == "moons")
    );
}

#[test]
fn other_data_is_not_opened_over_a_hands_work_without_a_question() {
    let (mut harness, script) = window("moons", [1280.0, 2600.0]);
    select_first(&mut harness);
    let commands = script.borrow().commands.len();
    harness.get_by_label("circles").click();
    settle(&mut harness);
    harness.check_accessibility();
    assert!(harness.query_by_label("Open circles?").is_some());
    assert!(harness.query_by_label_contains("the selection of").is_some());
    press(&mut harness, Key::Enter);
    assert!(harness.query_by_label("Open circles?").is_none(), "Enter stays");
    assert_eq!(script.borrow().commands.len(), commands);
    harness.get_by_label("circles").click();
    settle(&mut harness);
    harness.get_by_label("Open").click();
    settle(&mut harness);
    assert_eq!(shown(&harness), "circles");
    assert!(harness.query_by_label_contains(" selected").is_none());
    press_command(&mut harness, Key::Z);
    assert_eq!(shown(&harness), "moons");
    assert!(harness.query_by_label_contains(" selected").is_some(), "undo brings the selection back");
}

#[test]
fn enter_on_a_tile_asks_too() {
    let (mut harness, script) = window("moons", [1280.0, 2600.0]);
    select_first(&mut harness);
    let commands = script.borrow().commands.len();
    harness.get_by_label("circles").focus();
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    assert!(harness.query_by_label("Open circles?").is_some());
    assert_eq!(script.borrow().commands.len(), commands);
}

#[test]
fn a_long_training_is_not_dropped_without_a_question() {
    let (mut harness, script) = window("moons", SIZE);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    script.borrow_mut().tell(Event::Curve(CurvePoint { step: 210, seconds: 34.0, ..CurvePoint::default() }));
    settle(&mut harness);
    press_command(&mut harness, Key::R);
    assert!(harness.query_by_label("Show the data alone?").is_some());
    assert!(harness.query_by_label_contains("a training of 34").is_some());
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().run().phase, Phase::Running);
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert!(harness.query_by_label("Open circles?").is_some());
    assert!(!sent(&script, |c| matches!(c, Command::Open(job) if job.source == Source::Named("circles".to_owned()))));
}

#[test]
fn the_close_button_asks_before_it_takes_a_hands_work() {
    let (mut harness, _script) = window("moons", [1280.0, 2600.0]);
    let close = |harness: &mut Window| {
        let viewport = harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
        viewport.events.push(egui::ViewportEvent::Close);
        harness.step();
        let output = &harness.output().viewport_output[&egui::ViewportId::ROOT];
        output.commands.contains(&egui::ViewportCommand::CancelClose)
    };
    assert!(!close(&mut harness), "there is nothing to lose");
    select_first(&mut harness);
    assert!(close(&mut harness));
    settle(&mut harness);
    assert!(harness.query_by_label("Close Eigenscope?").is_some());
    harness.get_by_label("Close").click();
    harness.step();
    assert!(!close(&mut harness), "the person has said so");
}

#[test]
fn reset_can_be_undone() {
    let (mut harness, _script) = trained("moons", SIZE);
    press_command(&mut harness, Key::R);
    assert!(!has_result(&harness));
    press_command(&mut harness, Key::Z);
    assert!(has_result(&harness));
    assert_eq!(harness.state().run().phase, Phase::Finished);
}

#[test]
fn an_export_says_which_step_it_is_of_and_spares_the_data() {
    let (mut harness, script) = window("moons", SIZE);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("labels.csv");
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    settle(&mut harness);
    let ctx = harness.ctx.clone();
    harness.state_mut().answered(&ctx, Purpose::Export, path.clone());
    until_drawn(&mut harness, "what is written", |h| {
        h.query_by_label_contains("as it stood at step 200 of 1,000").is_some()
    });
    assert!(path.exists());

    let mine = folder.path().join("mine.csv");
    std::fs::write(&mine, "x,y\n1,2\n3,4\n5,9\n").expect("written");
    let mut job = harness.state().job().clone();
    job.source = Source::Path(mine.clone());
    harness.state_mut().set_job(job);
    harness.state_mut().answered(&ctx, Purpose::SaveRecipe, mine.clone());
    settle(&mut harness);
    assert!(harness.query_by_label_contains("is the data that is open").is_some());
    assert_eq!(std::fs::read_to_string(&mine).expect("it is there"), "x,y\n1,2\n3,4\n5,9\n");
}
