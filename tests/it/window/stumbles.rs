//! What a person trips over at the first start, and does not.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use eframe::egui::{self, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::coloring::ColorBy;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::pipeline::{Event, Job, example};
use eigenscope::project::{Did, Journal, Remembered, remembered};
use eigenscope::recipe::Auto;

use super::labelling::{labelled, listed, run};
use super::newcomer::garden;
use super::projects::{Begun, answer, begun, keeping, wait};
use super::scripted::{Script, Scripted};
use super::{Window, press, scripted, settle, window};
use crate::support::desk::Desk;

/// Another start, without a file: who lost the window does not know that the project asks.
#[test]
fn what_a_crash_left_of_the_last_project_is_offered_at_the_next_start() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(|_| scripted::job("moons"));
    answer(&mut harness, Purpose::SaveProject, &file);
    wait(&mut harness, "the project", |h| h.query_by_label_contains("Saved").is_some());
    let project = eigenscope::project::read_project(&file).expect("it was saved");
    drop(harness);
    assert_eq!(Remembered::read(&state).0.project.as_deref(), Some(file.as_path()));
    let journal = Journal::new(|| ()).expect("a thread");
    let mut recipe = project.recipe.clone();
    recipe.neighbors = Auto::Set(9);
    journal.begin(vec![remembered::journal_beside(&file)], Some(file.clone()), project, None);
    journal.put(Did::Settings(Box::new(recipe)));
    drop(journal);

    let (mut harness, script) = keeping(scripted::job("circles"), &state);
    assert!(harness.query_by_label_contains("Restore 1 edit of p.eigenscope").is_some());
    assert!(harness.query_by_label_contains("before it was saved").is_some());
    press(&mut harness, Key::Enter);
    wait(&mut harness, "the data", |h| h.state().job().source.to_string() == "moons");
    settle(&mut harness);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(9), "Enter restores");
    assert!(harness.query_by_label_contains("Restore").is_none(), "and it is asked once");
    assert!(harness.state().run().shown.as_ref().is_some_and(|shown| shown.learned.is_some()), "trained again");
}

fn on_example() -> (Window, Rc<RefCell<Script>>) {
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    let (job, stored) = example().expect("the program has an example");
    harness.state_mut().show_example(job, stored);
    settle(&mut harness);
    assert!(harness.state().shows_example());
    (harness, script)
}

#[test]
fn the_example_is_one_still_after_a_file_that_cannot_be_read_and_after_a_lesson() {
    let (mut harness, script) = on_example();
    script.borrow_mut().fail_with = Some("the file is empty".to_owned());
    harness.get_by_label("circles").click();
    settle(&mut harness);
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Failed);
    script.borrow_mut().fail_with = None;
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("This would be lost").is_none(), "nothing was trained in this window");

    let (mut harness, _script) = on_example();
    run(&mut harness, UiCommand::Lessons);
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    assert!(harness.state().lesson().is_some_and(|(_, at)| at == 0), "Enter begins the first lesson");
    run(&mut harness, UiCommand::LeaveLesson);
    settle(&mut harness);
    assert!(harness.state().shows_example());
    assert!(harness.query_by_label_contains("Progress: Stored example").is_some());
}

#[test]
fn notes_on_a_table_leave_the_settings_free() {
    let desk = Desk::new();
    let job = Job {
        source: Source::Path(desk.put("garden.csv", garden().replace("Species", "Bed"))),
        recipe: Recipe::default(),
    };
    let script = Rc::new(RefCell::new(Script::default()));
    let engine = Box::new(Scripted(script.clone()));
    let build = move |cc: &mut eframe::CreationContext<'_>| App::new(cc, engine, job);
    let mut harness = Harness::builder().with_size([1440.0, 900.0]).with_max_steps(40).build_eframe(build);
    settle(&mut harness);
    for note in ["1 line above the table left out", "columns of dates taken as days", "missing values filled"] {
        script.borrow_mut().tell(Event::Note(note.to_owned()));
    }
    settle(&mut harness);
    let said: Vec<egui::Rect> =
        harness.query_all_by_label_contains("Dismiss message").map(|node| node.rect()).collect();
    assert_eq!(said.len(), 1, "one line, not one for each note");
    assert!(said.iter().all(|at| at.left() > 304.0), "the settings are clear of it: {said:?}");
    assert!(harness.query_by_label_contains("stand under Data").is_some());
    let own_words = harness.query_all_by_label_contains("Kind “category” in Columns").next().is_some();
    assert!(own_words && harness.query_all_by_label_contains("NAME=").next().is_none());
}

#[test]
fn a_right_click_on_a_cluster_opens_its_menu() {
    let (mut harness, _script) = labelled();
    let (name, count) = listed(&harness)[0].clone();
    harness.get_by_label(&format!("Cluster {name}, {count} points")).click_secondary();
    settle(&mut harness);
    harness.get_by_label("Rename").click();
    settle(&mut harness);
    harness.event(egui::Event::Text("mine".to_owned()));
    press(&mut harness, Key::Enter);
    assert_eq!(listed(&harness)[0].0, "mine", "what is typed replaces the number");
    let shown = harness.state().run().shown.clone().expect("it is shown");
    assert!(harness.state().labels().any(ColorBy::Learned) && shown.learned.is_some());
}

#[test]
fn a_digit_pressed_by_chance_is_seen_to_change_what_a_click_selects() {
    let (mut harness, _script) = labelled();
    assert!(harness.query_by_label_contains("Selecting keeps").is_none());
    press(&mut harness, Key::Num4);
    assert!(harness.query_by_label_contains("Selecting keeps what is in both (1: replaces)").is_some());
    press(&mut harness, Key::Num1);
    assert!(harness.query_by_label_contains("Selecting keeps").is_none());
}

/// The smallest window, and one below it that was asked for.
#[test]
fn the_bar_of_a_narrow_window_has_room_for_how_far_the_run_is() {
    for size in [[1024.0, 700.0], [1100.0, 700.0], [1280.0, 800.0]] {
        let (harness, _script) = window("moons", size);
        let progress = harness.get_by_label_contains("Progress: ").rect();
        let stop = harness.get_by_label("Stop and keep").rect();
        let notes = harness.get_by_label("Notes").rect();
        assert!(stop.right() <= progress.left() && progress.right() <= notes.left(), "{size:?}: {progress:?}");
        assert!(progress.width() >= 90.0, "{size:?}: {progress:?}");
    }
    let (mut harness, _script) = window("moons", [1100.0, 700.0]);
    harness.get_by_label("More").click();
    settle(&mut harness);
    // Its key stands behind it.
    harness.get_by_label_contains("Lessons").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("What you have open is put aside").is_some());
}

/// A program that was started in one folder and, next time, in another.
#[test]
fn recent_files_are_remembered_with_their_folder() {
    let desk = Desk::new();
    let table = desk.put("garden.csv", garden());
    let state = desk.path("state");
    let here = std::env::current_dir().expect("a folder");
    let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
    let relative = up.join(table.strip_prefix("/").unwrap_or(&table));
    let job = Job { source: Source::Path(relative), recipe: Recipe::default() };
    let (harness, _script) = keeping(job, &state);
    drop(harness);
    let recent = Remembered::read(&state).0.recent;
    assert!(recent.iter().all(|path| path.is_absolute()), "{recent:?}");
}

/// What is done with points has its room, whatever the colours mean.
#[test]
fn the_words_of_the_colours_lie_over_no_button() {
    let (mut harness, _script) = window("moons", [1440.0, 900.0]);
    super::labelling::select(&mut harness, 0..600);
    harness.get_by_label("Colour by").click();
    settle(&mut harness);
    harness.get_by_label("input position").click();
    settle(&mut harness);
    let button = harness.get(By::new().label("Label").role(egui::accesskit::Role::Button)).rect();
    let words = harness.query_by_label("place in the input").map(|words| words.rect());
    assert!(words.is_none_or(|words| !words.intersects(button)), "{words:?} over {button:?}");
}
