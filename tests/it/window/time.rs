//! Earlier looks of a training, pinned runs, and two trainings to compare.

use std::sync::Arc;

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shell::running::twins::Twins;
use eigenscope::app::shown::run::Phase;
use eigenscope::recipe::{Auto, Gradient, Objective};

use super::{Window, last_start, press, settle, window};

const SIZE: [f32; 2] = [1440.0, 900.0];

/// Steps of the earlier look that is shown.
fn past(harness: &Window) -> Option<usize> {
    harness.state().past_step()
}

#[test]
fn earlier_looks_are_gone_to_by_keys_and_say_what_they_are() {
    let (mut harness, script) = window("moons", SIZE);
    for command in [UiCommand::PlayPast, UiCommand::EarlierLook, UiCommand::LaterLook, UiCommand::Now] {
        assert!(!harness.state().can(command), "{command:?}");
    }
    assert!(harness.query_by_label_contains("each look at it is kept here").is_some());
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().recording().map(|recording| recording.looks().len()), Some(40));
    assert!(harness.query_by_label_contains("An earlier picture").is_none());
    press(&mut harness, Key::OpenBracket);
    press(&mut harness, Key::OpenBracket);
    assert_eq!(past(&harness), Some(975));
    assert!(harness.query_by_label_contains("An earlier picture: step 975 of 1,000").is_some());
    assert!(harness.query_by_label("earlier, step 975").is_some(), "beside the title of the view");
    let app = harness.state();
    let (seen, result) = (app.seen().expect("a picture"), app.run().shown.as_ref().expect("a result"));
    assert_eq!((seen.step, seen.kept, seen.ending), (975, 975, None));
    assert!(result.ending.is_some() && result.step == 1000, "the result is what it was");
    assert!(seen.exact.as_ref().zip(result.exact.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b)));
    assert!(!app.can(UiCommand::Accept), "what is past is not labelled");
    harness.check_accessibility();
    press(&mut harness, Key::CloseBracket);
    assert_eq!(past(&harness), Some(1000));
    press(&mut harness, Key::CloseBracket);
    assert_eq!(past(&harness), None, "after the last look comes what is now");
    press(&mut harness, Key::OpenBracket);
    harness.get_by_label("Back to now").click();
    settle(&mut harness);
    assert_eq!(past(&harness), None);
}

#[test]
fn looks_play_to_their_end_and_leave_for_now() {
    let (mut harness, script) = window("moons", SIZE);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.15);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    harness.get_by_label("Play the training").click();
    harness.run_steps(2);
    assert!(past(&harness).is_some_and(|step| step <= 100), "from the first look: {:?}", past(&harness));
    let mut last = 0;
    for _ in 0..4000 {
        harness.run_steps(1);
        let Some(now) = past(&harness) else { break };
        assert!(now >= last, "{now} after {last}");
        last = now;
    }
    assert_eq!(past(&harness), None, "it came to {last}");
}

#[test]
fn a_training_goes_on_while_one_looks_back_and_a_turned_setting_comes_back_to_now() {
    let (mut harness, script) = window("moons", SIZE);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.5);
    settle(&mut harness);
    harness.state_mut().look_back(4);
    settle(&mut harness);
    assert_eq!(past(&harness), Some(125));
    script.borrow_mut().play_to(0.6);
    settle(&mut harness);
    assert_eq!(past(&harness), Some(125), "it stays");
    assert_eq!(harness.state().recording().map(|recording| recording.looks().len()), Some(24));
    assert_eq!(harness.state().run().phase, Phase::Running);
    let mut job = harness.state().job().clone();
    job.recipe.neighbors = Auto::Set(22);
    harness.state_mut().set_job(job);
    settle(&mut harness);
    assert_eq!(past(&harness), None);
}

#[test]
fn two_trainings_are_made_one_after_the_other_and_both_are_pinned() {
    let (mut harness, script) = window("moons", SIZE);
    harness.get_by_label("Twins").click();
    settle(&mut harness);
    harness.get_by_label("Orthonormal layer on and off").click();
    settle(&mut harness);
    assert!(last_start(&script).orthonormal_layer);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert!(!last_start(&script).orthonormal_layer, "the second began by itself");
    assert_eq!(harness.state().pins().all().len(), 1);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let names: Vec<String> = harness.state().pins().all().iter().map(|pin| pin.name.clone()).collect();
    assert_eq!(names, Twins::Layer.names());
    assert!(harness.query_all_by_label("dotted: layer on").count() > 1, "in the curves");
    harness.check_accessibility();
    harness.get_by_label("Pin the run shown").click();
    settle(&mut harness);
    assert_eq!(harness.state().pins().all().len(), 1, "the pin of the one shown is out");
    let ctx = harness.ctx.clone();
    harness.state_mut().execute(&ctx, UiCommand::UnpinAll);
    assert!(harness.state().pins().all().is_empty());
}

#[test]
fn a_second_pair_begins_from_the_settings_that_were_there_before_the_first() {
    let (mut harness, script) = window("moons", SIZE);
    harness.state_mut().train_twins(Twins::Objective);
    for _ in 0..2 {
        settle(&mut harness);
        script.borrow_mut().play_to_end();
    }
    settle(&mut harness);
    assert_eq!(last_start(&script).objective, Objective::BatchGraph);
    harness.state_mut().train_twins(Twins::Gradient);
    settle(&mut harness);
    let first = last_start(&script);
    assert_eq!(
        (first.objective, first.gradient),
        (Objective::Walk, Gradient::Through),
        "not the batch graph left behind"
    );
}

#[test]
fn the_second_of_two_trainings_does_not_begin_where_something_else_was_asked_for() {
    let (mut harness, script) = window("moons", SIZE);
    harness.state_mut().train_twins(Twins::Batch);
    settle(&mut harness);
    assert_eq!(last_start(&script).batch, Auto::Set(16));
    let mut job = harness.state().job().clone();
    job.recipe.neighbors = Auto::Set(9);
    harness.state_mut().set_job(job);
    harness.state_mut().start();
    settle(&mut harness);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(last_start(&script).neighbors, Auto::Set(9));
    assert!(harness.state().pins().all().is_empty());
}

#[test]
fn a_training_leaves_as_an_animation() {
    let (mut harness, script) = window("moons", SIZE);
    assert!(!harness.state().can(UiCommand::ExportAnimation));
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert!(harness.state().can(UiCommand::ExportAnimation));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("training.gif");
    let ctx = harness.ctx.clone();
    harness.state_mut().answered(&ctx, Purpose::Animation, path.clone());
    let since = std::time::Instant::now();
    while !path.exists() {
        assert!(since.elapsed() < std::time::Duration::from_mins(2), "it never came");
        std::thread::sleep(std::time::Duration::from_millis(20));
        settle(&mut harness);
    }
    let bytes = std::fs::read(&path).expect("it is there");
    assert!(bytes.starts_with(b"GIF89a") && bytes.len() > 10_000, "{}", bytes.len());
}
