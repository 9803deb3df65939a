//! Results that are saved with a project, or written down beside a journal: they come back as long as the data is the same.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::pipeline::Event;
use eigenscope::project::Remembered;
use eigenscope::recipe::Stage;

use super::labelling::run;
use super::projects::{Begun, answer, begun, keeping, save, starts, table, train, wait};
use super::{Script, Window, press, scripted, settle};

#[test]
fn a_project_saved_with_its_results_opens_finished_until_it_is_trained_again() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(table);
    run(&mut harness, UiCommand::SaveAs);
    harness.check_accessibility();
    assert!(!harness.state().stores_results());
    harness.get_by_label_contains("With results,").click();
    settle(&mut harness);
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("With results,").is_none());
    save(&mut harness, &file);
    let then = harness.state().run().shown.clone().expect("it was trained");
    let curve = harness.state().run().curve.len();
    drop(harness);
    assert!(Remembered::read(&state).0.results, "the choice is remembered");

    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    wait(&mut harness, "the stored result", |h| h.state().run().stored);
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
        wait(harness, "the result", |_| ending(&state, "results").len() == 1);
    };
    let (mut harness, script) = keeping(table(folder.path()), &state);
    waited(&mut harness, &script);
    let then = harness.state().run().shown.clone().expect("it was trained");
    drop(harness);

    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    assert!(harness.query_by_label_contains("of t.csv, a moment ago?").is_some());
    harness.check_accessibility();
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    wait(&mut harness, "the stored result", |h| h.state().run().stored);
    assert_eq!(starts(&script), 0, "nothing was computed");
    let now = harness.state().run().shown.clone().expect("it is shown");
    let clusters =
        |of: &eigenscope::pipeline::Snapshot| of.learned.as_ref().expect("learned").clusters.assignment.clone();
    assert_eq!(clusters(&now), clusters(&then));
    wait(&mut harness, "its place", |_| ending(&state, "journal").len() == 1 && ending(&state, "results").len() == 1);
    save(&mut harness, &folder.path().join("p.eigenscope"));
    wait(&mut harness, "its end", |_| ending(&state, "results").is_empty() && ending(&state, "journal").is_empty());

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
    run(&mut harness, UiCommand::SaveAs);
    harness.get_by_label_contains("With results,").click();
    settle(&mut harness);
    press(&mut harness, Key::Escape);
    save(&mut harness, &file);
    drop(harness);
    let data = folder.path().join("t.csv");
    let text = std::fs::read_to_string(&data).expect("there").replacen("1,1,a", "2,1,a", 1);
    std::fs::write(&data, text).expect("changed");
    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    wait(&mut harness, "the word", |h| h.query_by_label_contains("were dropped: the data has changed").is_some());
    assert!(!harness.state().run().stored);
    assert_eq!(starts(&script), 1, "what is quick to compute is computed again");
}
