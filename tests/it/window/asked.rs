//! Under an open question no command works, whichever way it is asked for.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eframe::egui::{Key, KeyboardShortcut, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::pipeline::Job;

use super::labelling::{run, select};
use super::projects::keeping;
use super::{Dropped, Script, Window, press, press_command, scripted, settle, trained};

/// Keys that run a command beside its own: Ctrl+Y, Ctrl+=, and what turns the pages of a lesson.
const OTHER_KEYS: [KeyboardShortcut; 4] = [
    KeyboardShortcut::new(Modifiers::COMMAND, Key::Y),
    KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals),
    KeyboardShortcut::new(Modifiers::NONE, Key::PageDown),
    KeyboardShortcut::new(Modifiers::NONE, Key::PageUp),
];

/// What commands change: what the engine was told, settings, selection, labels, runs, and all that is to be seen.
#[derive(Debug, PartialEq)]
struct State {
    sent: usize,
    job: Job,
    serials: [u64; 3],
    title: String,
    seen: Vec<String>,
}

fn state(harness: &Window, script: &Rc<RefCell<Script>>) -> State {
    let app = harness.state();
    let seen = harness.root().children_recursive().filter_map(|node| {
        let node = node.accesskit_node();
        let text = format!("{:?} {:?} {:?} {:?}", node.role(), node.label(), node.value(), node.toggled());
        // Memory in use and the time since then change by themselves.
        (!node.is_hidden() && !text.contains("iB") && !text.contains("ago")).then_some(text)
    });
    State {
        sent: script.borrow().commands.len(),
        job: app.job().clone(),
        serials: [app.selection().serial(), app.labels().serial(), app.runs().serial()],
        title: app.title().to_owned(),
        seen: seen.collect(),
    }
}

/// Goes through all commands under a question that `open` opens and that has `title`, by their keys and as buttons and the palette run them.
fn hold(harness: &mut Window, script: &Rc<RefCell<Script>>, title: &str, skipped: &[Key], open: impl Fn(&mut Window)) {
    open(harness);
    // Messages have gone, and what glides stands.
    harness.run_steps(80);
    let is_open = |harness: &Window| harness.query_all_by_label_contains(title).next().is_some();
    assert!(is_open(harness), "{title}");
    let (before, ease) = (state(harness, script), harness.state().ease());
    // What changes how the window is seen may do so, and nothing else.
    let held = |harness: &mut Window, how: &str, of_sight: bool| {
        let mut now = state(harness, script);
        if of_sight || !is_open(harness) {
            now.seen.clone_from(&before.seen);
        }
        assert_eq!(now, before, "{title}: {how}");
        if of_sight {
            harness.state_mut().set_ease(ease);
            settle(harness);
        }
    };
    for command in UiCommand::ALL {
        run(harness, command);
        assert!(is_open(harness), "{title}: {command:?}");
        held(harness, &format!("{command:?}"), command.is_of_sight());
    }
    let own = UiCommand::ALL.into_iter().filter_map(|c| Some((c.is_of_sight(), c.shortcut()?)));
    let others = OTHER_KEYS.into_iter().map(|keys| (keys.logical_key == Key::Equals, keys));
    for (of_sight, keys) in own.chain(others).filter(|(_, keys)| !skipped.contains(&keys.logical_key)) {
        harness.key_press_modifiers(keys.modifiers, keys.logical_key);
        settle(harness);
        // Space and Esc answer it, with what loses nothing.
        let answers = keys.modifiers.is_none() && matches!(keys.logical_key, Key::Space | Key::Escape);
        assert!(answers || is_open(harness), "{title}: {keys:?}");
        held(harness, &format!("{keys:?}"), of_sight);
        if !is_open(harness) {
            open(harness);
        }
    }
}

#[test]
fn no_command_works_under_the_question_what_would_be_lost() {
    let (mut harness, script) = trained("moons", [1440.0, 900.0]);
    select(&mut harness, 0..40);
    hold(&mut harness, &script, "Begin a new project?", &[], |harness| run(harness, UiCommand::New));
}

#[test]
fn no_command_works_under_the_question_what_a_project_is_saved_with() {
    let (mut harness, script) = trained("moons", [1440.0, 900.0]);
    select(&mut harness, 0..40);
    // Its button leads on to a file.
    hold(&mut harness, &script, "With results", &[Key::Space], |harness| run(harness, UiCommand::SaveAs));
}

#[test]
fn no_command_works_under_the_question_what_is_restored() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, script) = keeping(scripted::job("moons"), folder.path());
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    select(&mut harness, 10..40);
    press(&mut harness, Key::G);
    drop(harness);
    let (mut harness, script) = keeping(scripted::job("circles"), folder.path());
    // Once it is answered it does not come again.
    hold(&mut harness, &script, "Restore", &[Key::Space, Key::Escape], |_| {});
}

#[test]
fn a_file_that_is_dropped_takes_no_question_s_place() {
    let (mut harness, script) = trained("moons", [1440.0, 900.0]);
    select(&mut harness, 0..40);
    run(&mut harness, UiCommand::New);
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("other.csv");
    std::fs::write(&path, "a,b\n1,2\n3,4\n").expect("written");
    let sent = script.borrow().commands.len();
    harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    settle(&mut harness);
    assert!(harness.query_by_label_contains("A question waits for its answer").is_some());
    assert!(harness.query_by_label_contains("Begin a new project?").is_some());
    assert_eq!(script.borrow().commands.len(), sent, "nothing is opened");
}

#[test]
fn the_list_of_commands_closes_where_a_question_opens_over_it() {
    let (mut harness, _script) = trained("moons", [1440.0, 900.0]);
    select(&mut harness, 0..40);
    press_command(&mut harness, Key::K);
    assert!(harness.query_by_label_contains("Train / pause").is_some());
    let viewport = harness.input_mut().viewports.entry(eframe::egui::ViewportId::ROOT).or_default();
    viewport.events.push(eframe::egui::ViewportEvent::Close);
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Close Eigenscope?").is_some());
    assert!(harness.query_by_label_contains("Train / pause").is_none());
}
