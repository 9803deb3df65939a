//! Results that are saved with a project, or written down beside a journal: they come back as long as the data is the same.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::kit::standing::Standing;
use eigenscope::pipeline::Event;
use eigenscope::project::{Remembered, has_results};
use eigenscope::recipe::{Auto, Stage};

use super::labelling::run;
use super::projects::{Begun, answer, begun, keeping, save, starts, table, train};
use super::{Script, Window, press, scripted, settle};
use crate::support::waiting::until_drawn;

/// The settings with other neighbours, and a training of them.
fn train_with(harness: &mut Window, script: &Rc<RefCell<Script>>, neighbors: usize) {
    let mut job = harness.state().job().clone();
    job.recipe.neighbors = Auto::Set(neighbors);
    harness.state_mut().set_job(job);
    train(harness, script);
}

/// Whether the list of runs has the results of these at hand.
fn at_hand(harness: &Window, runs: &[usize]) -> bool {
    runs.iter().all(|run| harness.query_by_label(&format!("Restore run {run}")).is_some())
}

fn said(harness: &mut Window, words: &str) {
    until_drawn(harness, words, |h| h.query_by_label_contains(words).is_some());
}

#[test]
fn a_project_is_saved_with_its_results_unless_a_person_says_otherwise_and_opens_finished_until_it_is_trained_again() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(table);
    run(&mut harness, UiCommand::SaveAs);
    harness.check_accessibility();
    assert!(harness.state().stores_results(), "nobody has to know of the tick");
    assert!(harness.query_by_label("With results, under 1 MiB").is_some());
    assert!(harness.query_by_label_contains("Opening it shows this picture at once").is_some());
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("With results,").is_none());
    save(&mut harness, &file);
    said(&mut harness, "p.eigenscope, with its results, ");
    let then = harness.state().run().shown.clone().expect("it was trained");
    let curve = harness.state().run().curve.len();
    drop(harness);
    assert_eq!(Remembered::read(&state).0.with_results, None, "nobody chose");

    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    let shown = harness.state().run().shown.clone().expect("it is shown");
    let (now, then) = (shown.learned.as_ref().expect("learned"), then.learned.as_ref().expect("learned"));
    assert_eq!(
        (&now.clusters, now.scores, now.space.values.len()),
        (&then.clusters, then.scores, then.space.values.len())
    );
    assert_eq!((harness.state().run().curve.len(), starts(&script)), (curve, 0), "nothing was computed");
    assert_eq!(harness.get_all_by_label("stored").count(), 2, "on both sides");
    assert_eq!(harness.state().title(), "p – Eigenscope");
    harness.check_accessibility();
    train(&mut harness, &script);
    assert!(!harness.state().run().stored && starts(&script) == 1);
    assert!(harness.query_by_label("stored").is_none());
}

/// It cannot go on, and is not finished for that.
#[test]
fn a_training_that_was_stopped_comes_back_from_a_project_as_one() {
    let Begun { folder: _folder, state, file, mut harness, script } = begun(table);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    settle(&mut harness);
    harness.get_by_label("Stop and keep").click();
    settle(&mut harness);
    assert_eq!(harness.state().picture_stands(), Standing::Stopped);
    save(&mut harness, &file);
    said(&mut harness, "p.eigenscope, with its results, ");
    drop(harness);
    let (mut harness, _script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    assert_eq!(harness.state().picture_stands(), Standing::Stopped);
    assert!(harness.query_by_label_contains("Progress: Stopped at").is_some());
}

#[test]
fn a_person_who_wants_no_results_in_a_project_says_so_once() {
    let Begun { folder, state, file, mut harness, .. } = begun(table);
    run(&mut harness, UiCommand::SaveAs);
    harness.get_by_label("With results, under 1 MiB").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Opening it computes the last picture again").is_some());
    press(&mut harness, Key::Escape);
    save(&mut harness, &file);
    said(&mut harness, "p.eigenscope, without results, ");
    assert!(!has_results(&file));
    drop(harness);
    assert_eq!(Remembered::read(&state).0.with_results, Some(false));

    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    settle(&mut harness);
    assert_eq!(starts(&script), 1, "it is computed again");
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let other = folder.path().join("other.eigenscope");
    save(&mut harness, &other);
    assert!(!has_results(&other), "the choice holds for the next one");
}

#[test]
fn what_is_saved_in_the_midst_of_a_training_keeps_the_results_that_were_whole() {
    let Begun { folder: _folder, state, file, mut harness, script } = begun(table);
    save(&mut harness, &file);
    let mut job = harness.state().job().clone();
    job.recipe.neighbors = Auto::Set(9);
    harness.state_mut().set_job(job);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.5);
    settle(&mut harness);
    assert!(harness.state().run().phase.is_busy());
    run(&mut harness, UiCommand::Save);
    said(&mut harness, "The training at work is not in the project yet");
    said(&mut harness, "p.eigenscope, with its results, ");
    drop(harness);

    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    assert_eq!(starts(&script), 0);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(9), "the settings are those of the panels");
    assert_eq!(harness.state().run().shown.as_ref().expect("shown").job.recipe.neighbors, Auto::Auto);
}

#[test]
fn a_result_that_was_put_away_comes_back_as_an_earlier_run() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(table);
    run(&mut harness, UiCommand::Reset);
    save(&mut harness, &file);
    drop(harness);
    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    run(&mut harness, UiCommand::Runs);
    until_drawn(&mut harness, "the run", |h| at_hand(h, &[1]));
    assert!(!harness.state().run().stored && starts(&script) == 0, "the data is shown alone, as it was left");
    harness.get_by_label("Restore run 1").click();
    settle(&mut harness);
    assert!(harness.state().run().shown.as_ref().is_some_and(|shown| shown.learned.is_some()));
    assert_eq!(starts(&script), 0);
}

#[test]
fn every_finished_run_outlives_a_kill_and_another() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let state = folder.path().join("state");
    let (mut harness, script) = keeping(table(folder.path()), &state);
    for neighbors in [7, 9, 12] {
        train_with(&mut harness, &script, neighbors);
    }
    until_drawn(&mut harness, "the results", |_| ending(&state, "results").len() == 3);
    drop(harness); // As a kill: nobody said that the window may close.
    for shown in [12, 9] {
        let of = |h: &Window| h.state().run().shown.as_ref().expect("shown").job.recipe.neighbors;
        let (mut harness, script) = keeping(scripted::job("moons"), &state);
        assert!(harness.query_by_label_contains("of t.csv, ").is_some());
        assert!(harness.query_by_label_contains("3 finished results come back with them").is_some());
        harness.get_by_label("Restore").click();
        settle(&mut harness);
        until_drawn(&mut harness, "the one of the settings", |h| h.state().run().stored);
        assert_eq!(of(&harness), Auto::Set(shown));
        run(&mut harness, UiCommand::Runs);
        until_drawn(&mut harness, "the others", |h| at_hand(h, &[1, 2, 3]));
        if shown == 12 {
            harness.get_by_label("Restore run 2").click();
        }
        settle(&mut harness);
        harness.run_steps(60);
        assert_eq!(of(&harness), Auto::Set(9), "its settings are there too");
        assert_eq!(starts(&script), 0, "nothing was computed");
        until_drawn(&mut harness, "their places", |_| ending(&state, "journal").len() == 1);
        assert_eq!(ending(&state, "results").len(), 3);
    }
    // What is missing is said.
    let (mut harness, _script) = keeping(scripted::job("moons"), &state);
    let of_first = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(".0.results");
    let first = ending(&state, "results").into_iter().find(of_first).expect("it is there");
    std::fs::remove_file(first).expect("it goes");
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    said(&mut harness, "1 of 3 runs came back without a result");
}

#[test]
fn results_of_earlier_runs_that_are_damaged_are_said_to_be_missing() {
    let Begun { folder: _folder, state, file, mut harness, script } = begun(table);
    train_with(&mut harness, &script, 9);
    save(&mut harness, &file);
    drop(harness);
    let mut bytes = std::fs::read(&file).expect("it was saved");
    *bytes.last_mut().expect("bytes") ^= 1; // The results of the first run stand at the end.
    std::fs::write(&file, bytes).expect("written");
    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    said(&mut harness, "1 result of earlier runs could not be brought back");
    assert_eq!(starts(&script), 0, "the one that is shown is whole");
}

#[test]
fn runs_since_a_project_was_saved_come_back_beside_those_in_it() {
    let Begun { folder, state, file, mut harness, script } = begun(table);
    save(&mut harness, &file);
    train_with(&mut harness, &script, 9);
    until_drawn(&mut harness, "the result", |_| ending(folder.path(), "results").len() == 1);
    drop(harness);
    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    assert!(harness.query_by_label_contains("of p.eigenscope, ").is_some());
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    until_drawn(&mut harness, "the newest", |h| h.state().run().stored);
    run(&mut harness, UiCommand::Runs);
    until_drawn(&mut harness, "the one in the project", |h| at_hand(h, &[1]));
    assert_eq!((harness.state().job().recipe.neighbors, starts(&script)), (Auto::Set(9), 0));
}

#[test]
fn a_kill_takes_the_work_on_no_table_of_the_session() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let state = folder.path().join("state");
    let (mut harness, script) = keeping(table(folder.path()), &state);
    train(&mut harness, &script);
    harness.get_by_label("circles").click();
    settle(&mut harness);
    train(&mut harness, &script);
    until_drawn(&mut harness, "the results", |_| ending(&state, "results").len() == 2);
    drop(harness);
    let (mut harness, _script) = keeping(scripted::job("moons"), &state);
    assert!(harness.query_by_label_contains("of circles, ").is_some());
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    until_drawn(&mut harness, "the first", |h| h.state().run().stored);
    assert!(harness.query_by_label("Restore").is_none(), "the other would take its place");
    drop(harness);
    let (mut harness, _script) = keeping(scripted::job("moons"), &state);
    if harness.query_by_label_contains("of circles, ").is_some() {
        harness.get_by_label("Later").click();
        settle(&mut harness);
    }
    assert!(harness.query_by_label_contains("of t.csv, ").is_some());
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    until_drawn(&mut harness, "the second", |h| {
        h.state().run().stored && h.state().run().shown.as_ref().is_some_and(|shown| shown.data.name == "t")
    });
}

#[test]
fn closing_asks_for_earlier_runs_that_took_long() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, script) = keeping(table(folder.path()), &folder.path().join("state"));
    press(&mut harness, Key::Space);
    script.borrow_mut().tell(Event::Done { stage: Stage::Metric, seconds: 300.0, kept: false });
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    train_with(&mut harness, &script, 9);
    run(&mut harness, UiCommand::New);
    assert!(harness.query_by_label_contains("1 earlier run that took 5").is_some());
    press(&mut harness, Key::Escape);
    save(&mut harness, &folder.path().join("p.eigenscope"));
    run(&mut harness, UiCommand::New);
    assert!(harness.query_by_label_contains("earlier run that took").is_none());
}

/// Files in a folder whose names end so.
fn ending(folder: &Path, end: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|e| e == end)).collect()
}

#[test]
fn a_result_that_one_waited_for_outlives_a_kill_and_goes_with_its_journal() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let state = folder.path().join("state");
    let waited = |harness: &mut Window, script: &Rc<RefCell<Script>>| {
        press(harness, Key::Space);
        // A stage that took half a minute.
        script.borrow_mut().tell(Event::Done { stage: Stage::Metric, seconds: 30.0, kept: false });
        script.borrow_mut().play_to_end();
        settle(harness);
        until_drawn(harness, "the result", |_| ending(&state, "results").len() == 1);
    };
    let (mut harness, script) = keeping(table(folder.path()), &state);
    waited(&mut harness, &script);
    let then = harness.state().run().shown.clone().expect("it was trained");
    drop(harness);

    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    assert!(harness.query_by_label_contains("of t.csv, ").is_some());
    harness.check_accessibility();
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    assert_eq!(starts(&script), 0, "nothing was computed");
    let now = harness.state().run().shown.clone().expect("it is shown");
    let clusters =
        |of: &eigenscope::pipeline::Snapshot| of.learned.as_ref().expect("learned").clusters.assignment.clone();
    assert_eq!(clusters(&now), clusters(&then));
    until_drawn(&mut harness, "its place", |_| {
        ending(&state, "journal").len() == 1 && ending(&state, "results").len() == 1
    });
    save(&mut harness, &folder.path().join("p.eigenscope"));
    until_drawn(&mut harness, "its end", |_| {
        ending(&state, "results").is_empty() && ending(&state, "journal").is_empty()
    });

    // What was given up is gone.
    let (mut harness, script) = keeping(table(folder.path()), &state);
    waited(&mut harness, &script);
    drop(harness);
    let (mut harness, _script) = keeping(scripted::job("moons"), &state);
    harness.get_by_label("Discard").click();
    settle(&mut harness);
    assert!(ending(&state, "results").is_empty() && ending(&state, "journal").is_empty());
}

#[test]
fn stored_results_are_dropped_with_a_word_once_the_data_is_another() {
    let Begun { folder, state, file, mut harness, .. } = begun(table);
    save(&mut harness, &file);
    drop(harness);
    let data = folder.path().join("t.csv");
    let text = std::fs::read_to_string(&data).expect("there").replacen("1,1,a", "2,1,a", 1);
    std::fs::write(&data, text).expect("changed");
    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the word", |h| {
        h.query_by_label_contains("were dropped: the data has changed").is_some()
    });
    assert!(!harness.state().run().stored);
    assert_eq!(starts(&script), 1, "what is quick to compute is computed again");
}
