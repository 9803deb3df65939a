//! A window on a scripted run, and hands for it: what every test here begins with.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use eframe::egui::{self, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::app::App;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::run::Phase;
use eigenscope::pipeline::Command;

use super::scripted::{self, Script, Scripted};

/// What opens beside the views of a trained window.
pub(super) const SHEETS: [UiCommand; 7] = [
    UiCommand::Rows,
    UiCommand::Inside,
    UiCommand::Export,
    UiCommand::Runs,
    UiCommand::Columns,
    UiCommand::Compare,
    UiCommand::Query,
];

/// A file that is let go over the window.
#[derive(Debug)]
pub(super) struct Dropped(pub(super) PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

pub(super) type Window = Harness<'static, App>;

/// A window on a set, its data opened.
pub(super) fn window(name: &str, size: [f32; 2]) -> (Window, Rc<RefCell<Script>>) {
    let script = Rc::new(RefCell::new(Script::default()));
    let engine = Box::new(Scripted(script.clone()));
    let job = scripted::job(name);
    let mut harness = Harness::builder().with_size(size).with_max_steps(40).build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        // What is folded away at a first start is tried too.
        app.show_all_settings(true);
        app
    });
    settle(&mut harness);
    (harness, script)
}

pub(super) fn settle(harness: &mut Window) {
    harness.run_steps(4);
    // A project is read on a thread of its own.
    let mut waited = 0;
    while harness.state().reads_project().is_some() && waited < 200 {
        std::thread::sleep(Duration::from_millis(5));
        harness.run_steps(1);
        waited += 1;
    }
    if waited > 0 {
        harness.run_steps(4);
    }
}

pub(super) fn last_start(script: &Rc<RefCell<Script>>) -> eigenscope::Recipe {
    let script = script.borrow();
    let start = script.commands.iter().rev().find_map(|c| if let Command::Start(job) = c { Some(job) } else { None });
    start.expect("the window started a run").recipe.clone()
}

pub(super) fn press(harness: &mut Window, key: Key) {
    harness.key_press(key);
    settle(harness);
}

pub(super) fn press_command(harness: &mut Window, key: Key) {
    harness.key_press_modifiers(Modifiers::COMMAND, key);
    settle(harness);
}

/// A window on a set whose scripted training ran to its end.
pub(super) fn trained(name: &str, size: [f32; 2]) -> (Window, Rc<RefCell<Script>>) {
    let (mut harness, script) = window(name, size);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Finished);
    (harness, script)
}

/// A window on a set whose training was stopped after a fifth of its steps.
pub(super) fn stopped(name: &str, size: [f32; 2]) -> (Window, Rc<RefCell<Script>>) {
    let (mut harness, script) = window(name, size);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    settle(&mut harness);
    harness.get_by_label("Stop and keep").click();
    settle(&mut harness);
    (harness, script)
}

/// Clicks into a number and types another.
pub(super) fn type_number(harness: &mut Window, label: &str, value: &str) {
    // A number that the program works out is a button until it is taken over.
    let take_over = By::new().label(label).role(egui::accesskit::Role::Button);
    if let Some(by_hand) = harness.query(take_over) {
        by_hand.click();
        settle(harness);
    }
    // The row's label and its control have one name; the control is the spin button.
    let drag = || By::new().label(label).role(egui::accesskit::Role::SpinButton);
    harness.get(drag()).click();
    settle(harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text(value.to_owned()));
    harness.key_press(Key::Enter);
    settle(harness);
}

pub(super) fn started(command: &Command) -> Option<eigenscope::Recipe> {
    if let Command::Start(job) = command { Some(job.recipe.clone()) } else { None }
}

pub(super) fn sent(script: &Rc<RefCell<Script>>, which: impl Fn(&Command) -> bool) -> bool {
    script.borrow().commands.iter().any(which)
}
