//! What a person trips over at the first start, and does not.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use eframe::egui::accesskit::Role;
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

use super::labelling::{labelled, listed, run, select};
use super::newcomer::garden;
use super::projects::{Begun, answer, begun, keeping, save, table};
use super::scripted::{Script, Scripted};
use super::{Window, last_start, press, press_command, scripted, settle, type_number, window};
use crate::support::desk::Desk;
use crate::support::waiting::until_drawn;

/// Another start, without a file: who lost the window does not know that the project asks.
#[test]
fn what_a_crash_left_of_the_last_project_is_offered_at_the_next_start() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(|_| scripted::job("moons"));
    answer(&mut harness, Purpose::SaveProject, &file);
    until_drawn(&mut harness, "the project", |h| h.query_by_label_contains("Saved").is_some());
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
    until_drawn(&mut harness, "the data", |h| h.state().job().source.to_string() == "moons");
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

/// The journal begins with the first step, and what was there before it has to stand in it.
#[test]
fn the_first_step_after_a_project_was_saved_can_be_taken_back_after_a_crash() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(|_| scripted::job("moons"));
    select(&mut harness, 10..40);
    press(&mut harness, Key::G);
    save(&mut harness, &file);
    let saved = harness.state().labels().document().clone();
    press(&mut harness, Key::O);
    let made = harness.state().labels().document().clone();
    drop(harness);
    let restored = || {
        let (mut harness, _script) = keeping(scripted::job("circles"), &state);
        harness.get_by_label("Restore").click();
        until_drawn(&mut harness, "the data", |h| h.state().job().source.to_string() == "moons");
        settle(&mut harness);
        assert!(harness.query_by_label_contains("cannot be undone").is_none());
        harness
    };
    let mut harness = restored();
    assert_eq!(harness.state().labels().document(), &made);
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().labels().document(), &saved);
    drop(harness);
    // And what was taken back before that crash can be made again.
    let mut harness = restored();
    assert_eq!(harness.state().labels().document(), &saved);
    press_command(&mut harness, Key::Y);
    assert_eq!(harness.state().labels().document(), &made);
}

#[test]
fn what_was_just_restored_is_not_taken_away_by_the_next_question() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for set in ["moons", "circles"] {
        let (mut harness, script) = keeping(scripted::job(set), folder.path());
        if harness.query_by_label("Later").is_some() {
            harness.get_by_label("Later").click();
            settle(&mut harness);
        }
        press(&mut harness, Key::Space);
        script.borrow_mut().play_to_end();
        settle(&mut harness);
        select(&mut harness, 10..40);
        press(&mut harness, Key::G);
    }
    let (mut harness, script) = keeping(scripted::job("spirals"), folder.path());
    // Which was begun last is not told apart where both were within a second.
    let first =
        if harness.query_by_label_contains("of circles, a moment ago?").is_some() { "circles" } else { "moons" };
    harness.get_by_label("Restore").click();
    until_drawn(&mut harness, "the data", |h| h.state().job().source.to_string() == first);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    settle(&mut harness);
    assert!(harness.query_by_label("Restore").is_none(), "the other would take its place");
    assert!(harness.query_by_label_contains("1 other window left unsaved is offered at the next start").is_some());
    drop(harness);
    let (mut harness, _script) = keeping(scripted::job("spirals"), folder.path());
    let mut asked = Vec::new();
    while harness.query_by_label("Later").is_some() {
        let moons = harness.query_by_label_contains("of moons, a moment ago?").is_some();
        asked.push(if moons { "moons" } else { "circles" });
        harness.get_by_label("Later").click();
        settle(&mut harness);
    }
    asked.sort_unstable();
    assert_eq!(asked, ["circles", "moons"], "none of them is lost");
}

#[test]
fn another_seed_takes_no_label_from_the_rows_of_a_table() {
    let Begun { folder: _folder, mut harness, script, .. } = begun(table);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    let before = harness.state().labels().document().clone();
    type_number(&mut harness, "Seed", "3");
    press(&mut harness, Key::Space);
    assert!(harness.query_by_label_contains("would be lost").is_none(), "the rows are the same");
    assert_eq!(last_start(&script).seed, 3);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().labels().document(), &before);
}

#[test]
fn a_built_in_set_is_opened_by_its_name_from_the_list_of_commands() {
    let (mut harness, _script) = window("moons", [1280.0, 800.0]);
    press_command(&mut harness, Key::K);
    harness.event(egui::Event::Text("digits".to_owned()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().job().source.to_string(), "digits");
}

#[test]
fn every_cluster_can_be_said_in_a_review_those_beyond_the_digits_too() {
    let (mut harness, _script) = super::trained("digits", [1440.0, 900.0]);
    let buttons = |harness: &Window| harness.query_all(By::new().label("9").role(Role::Button)).count();
    harness.get_by_label("Colour by").click();
    settle(&mut harness);
    harness.get_by_label("cluster, learned").click();
    settle(&mut harness);
    let before = buttons(&harness);
    press(&mut harness, Key::V);
    assert_eq!(buttons(&harness), before + 1, "the tenth is there without a digit");
}

#[test]
fn a_review_begins_and_ends_over_the_table_of_rows_too() {
    let (mut harness, _script) = labelled();
    run(&mut harness, UiCommand::Rows);
    let button = || By::new().label("Review").role(Role::Button);
    harness.get(button()).click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Review 1 of 600").is_some());
    harness.get(button()).click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Review 1 of").is_none());
}

#[test]
fn the_card_of_a_review_lies_over_no_tool_and_goes_with_it() {
    let (mut harness, script) = super::trained("moons", [1280.0, 800.0]);
    press(&mut harness, Key::V);
    for _ in 0..12 {
        harness.run_steps(3);
        let bar = harness.get_by_label("Fit").rect();
        let (card, _) = harness.state().pinned_card().expect("the card of the point at hand");
        assert!(card.top() >= bar.bottom(), "{card:?} lies over the tools");
        press(&mut harness, Key::ArrowRight);
    }
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    if harness.query_by_label("End review").is_some() {
        press(&mut harness, Key::Escape);
    }
    assert!(harness.query_by_label("Unpin").is_none(), "it goes with the review");
}

#[test]
fn a_double_click_that_names_a_cluster_is_one_step() {
    let (mut harness, _script) = labelled();
    // A step of the harness is a quarter of a second: two clicks are one double click all the same, and no earlier one makes it three.
    harness.ctx.options_mut(|o| o.input_options.max_double_click_delay = 4.0);
    harness.run_steps(60);
    assert!(!harness.state().can(UiCommand::Undo));
    let (name, count) = listed(&harness)[0].clone();
    let at = harness.get_by_label(&format!("Cluster {name}, {count} points")).rect().center();
    for _ in 0..2 {
        harness.hover_at(at);
        harness.drag_at(at);
        harness.drop_at(at);
        settle(&mut harness);
    }
    harness.event(egui::Event::Text("upper".to_owned()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    assert_eq!(listed(&harness)[0].0, "upper");
    assert_eq!(harness.state().selection().count(), 0);
    press_command(&mut harness, Key::Z);
    assert_eq!(listed(&harness)[0].0, name);
    assert!(!harness.state().can(UiCommand::Undo), "neither click is a step of its own");
}

#[test]
fn at_the_end_of_a_lesson_the_next_one_is_an_enter_away() {
    let (mut harness, _script) = window("moons", [1440.0, 900.0]);
    let title = |harness: &Window| harness.state().lesson().map(|(lesson, _)| lesson.title.clone());
    for wanted in ["Where k-means fails", "From points to a graph"] {
        press_command(&mut harness, Key::L);
        press(&mut harness, Key::Enter);
        until_drawn(&mut harness, "the lesson", |h| title(h).as_deref() == Some(wanted));
        settle(&mut harness);
    }
}

/// Over no view, and nothing has the keyboard.
#[test]
fn the_card_that_stays_is_put_away_by_escape_wherever_the_pointer_is() {
    let (mut harness, _script) = labelled();
    select(&mut harness, 10..40);
    press(&mut harness, Key::F6);
    press(&mut harness, Key::F6);
    press(&mut harness, Key::F6);
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::P);
    assert!(harness.query_by_label("Unpin").is_some());
    harness.ctx.memory_mut(|memory| {
        if let Some(id) = memory.focused() {
            memory.surrender_focus(id);
        }
    });
    settle(&mut harness);
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Unpin").is_none());
    assert_eq!(harness.state().selection().count(), 30, "the next one clears the selection");
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().selection().count(), 0);
}
