//! A project from the first step to the last: saved, opened, moved, left by a crash.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use eframe::egui::{self, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::{App, ThemeChoice};
use eigenscope::pipeline::{Command, Job};
use eigenscope::project::{DataRef, Did, Journal, Project, Remembered, Rows, read_project, remembered, write_project};
use tempfile::TempDir;

use super::labelling::{labelled, listed, of_cluster, run, select};
use super::{Script, Scripted, Window, press, press_command, scripted, settle, window};
use crate::support::waiting::until_drawn;

const SIZE: [f32; 2] = [1440.0, 2400.0];

/// A window that keeps its state in a folder.
pub(super) fn keeping(job: Job, folder: &Path) -> (Window, Rc<RefCell<Script>>) {
    let script = Rc::new(RefCell::new(Script::default()));
    let engine = Box::new(Scripted(script.clone()));
    let folder = folder.to_owned();
    let build = move |cc: &mut eframe::CreationContext<'_>| {
        let mut app = App::new(cc, engine, job);
        app.remember_in(&cc.egui_ctx, folder);
        app
    };
    let mut harness = Harness::builder().with_size(SIZE).with_max_steps(40).build_eframe(build);
    settle(&mut harness);
    (harness, script)
}

/// A trained window that keeps its state, and where its project will be.
pub(super) struct Begun {
    pub(super) folder: TempDir,
    pub(super) state: PathBuf,
    pub(super) file: PathBuf,
    pub(super) harness: Window,
    pub(super) script: Rc<RefCell<Script>>,
}

/// On this job, whose data may lie in the folder.
pub(super) fn begun(job: impl FnOnce(&Path) -> Job) -> Begun {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (state, file) = (folder.path().join("state"), folder.path().join("p.eigenscope"));
    let (mut harness, script) = keeping(job(folder.path()), &state);
    train(&mut harness, &script);
    Begun { folder, state, file, harness, script }
}

/// Draws frames until it is so.
pub(super) fn answer(harness: &mut Window, purpose: Purpose, path: &Path) {
    let ctx = harness.ctx.clone();
    harness.state_mut().answered(&ctx, purpose, path.to_owned());
    settle(harness);
}

pub(super) fn save(harness: &mut Window, path: &Path) {
    answer(harness, Purpose::SaveProject, path);
    until_drawn(harness, "the end of saving", |h| {
        h.query_by_label_contains("Saved").is_some() && !h.state().title().contains('*')
    });
}

pub(super) fn train(harness: &mut Window, script: &Rc<RefCell<Script>>) {
    press(harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(harness);
}

fn name(harness: &mut Window, cluster: &str, name: &str) {
    of_cluster(harness, cluster, &["Rename"]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text(name.to_owned()));
    press(harness, Key::Enter);
}

#[test]
fn a_session_from_opening_to_export_comes_back_as_it_was_left() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("moons.eigenscope");
    let (mut harness, _script) = labelled();
    assert_eq!(harness.state().title(), "moons – Eigenscope");
    select(&mut harness, 100..140);
    press(&mut harness, Key::G);
    assert_eq!(harness.state().title(), "moons* – Eigenscope", "nothing is saved yet");
    name(&mut harness, "2", "bridge");
    name(&mut harness, "0", "upper");
    of_cluster(&mut harness, "bridge", &["Merge into", "upper ·"]);
    of_cluster(&mut harness, "upper", &["Split in two"]);
    until_drawn(&mut harness, "the split", |h| listed(h).len() == 3);
    select(&mut harness, 200..210);
    press(&mut harness, Key::O);
    let done = listed(&harness);
    (0..9).for_each(|_| press_command(&mut harness, Key::Z));
    (0..9).for_each(|_| press_command(&mut harness, Key::Y));
    assert_eq!(listed(&harness), done, "nine steps back and forth");
    (0..5).for_each(|_| press_command(&mut harness, Key::Z));
    (0..5).for_each(|_| press_command(&mut harness, Key::Y));
    save(&mut harness, &file);
    assert_eq!(harness.state().title(), "moons – Eigenscope");
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().title(), "moons* – Eigenscope", "the selection is another");
    press_command(&mut harness, Key::S);
    until_drawn(&mut harness, "the end of saving", |h| !h.state().title().contains('*'));
    drop(harness);

    let (mut harness, script) = window("circles", SIZE);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    assert_eq!((harness.state().job().source.to_string(), starts(&script)), ("moons".to_owned(), 0));
    assert_eq!(listed(&harness), done, "with the labels over it");
    assert_eq!(harness.state().title(), "moons – Eigenscope");
    assert_eq!(harness.state().project_file(), Some(file.canonicalize().expect("it is there").as_path()));
    let table = folder.path().join("labels.csv");
    answer(&mut harness, Purpose::Export, &table);
    until_drawn(&mut harness, "the table", |_| table.exists());
    let mut reader = csv::Reader::from_path(&table).expect("a table");
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|c| c == name).expect(name);
    let (solver, edited, source) = (at("cluster"), at("label_edited"), at("label_source"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
    let count = |name: &str| rows.iter().filter(|row| &row[edited] == name).count();
    for (name, of) in &done {
        assert_eq!(count(if name == "outliers" { "" } else { name }), *of, "{name}");
    }
    assert!(rows.iter().all(|row| ["0", "1"].contains(&&row[solver])), "the solver's own stay");
    assert!((200..210).all(|i| &rows[i][source] == "outlier" && rows[i][edited].is_empty()));
    for word in ["assigned", "split", "solver"] {
        assert!(rows.iter().any(|row| &row[source] == word), "{word}");
    }
}

#[test]
fn what_a_killed_window_had_is_offered_and_brought_back() {
    let state = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, script) = keeping(scripted::job("moons"), state.path());
    train(&mut harness, &script);
    select(&mut harness, 10..40);
    press(&mut harness, Key::G);
    press(&mut harness, Key::O);
    press_command(&mut harness, Key::Z);
    let before = harness.state().labels().document().clone();
    drop(harness); // As a kill: nobody said that the window may close.

    let (mut harness, script) = keeping(scripted::job("circles"), state.path());
    assert!(harness.query_by_label_contains("edits of moons, a moment ago?").is_some());
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().job().source.to_string(), "moons");
    assert_eq!(harness.state().labels().document(), &before);
    assert!(harness.query_by_label("30 selected").is_some());
    press_command(&mut harness, Key::Y);
    assert_ne!(harness.state().labels().document(), &before, "what was taken back can be made again");
    (0..3).for_each(|_| press_command(&mut harness, Key::Z));
    assert!(harness.state().labels().document().is_empty(), "the steps before the end can be taken back");
    assert!(!harness.state().can(UiCommand::Undo));
    (0..2).for_each(|_| press_command(&mut harness, Key::Y));
    assert_eq!(harness.state().labels().document(), &before);
    drop(harness);

    let (mut harness, _script) = keeping(scripted::job("moons"), state.path());
    assert!(harness.query_by_label_contains("a moment ago?").is_some(), "what was restored is not saved yet");
    harness.get_by_label("Discard").click();
    settle(&mut harness);
    drop(harness);
    let (harness, _script) = keeping(scripted::job("moons"), state.path());
    assert!(harness.query_by_label_contains("a moment ago?").is_none());
}

#[test]
fn a_saved_project_that_was_gone_on_with_offers_the_rest_beside_it() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(|_| scripted::job("moons"));
    select(&mut harness, 10..40);
    press(&mut harness, Key::G);
    save(&mut harness, &file);
    press(&mut harness, Key::A);
    let before = harness.state().labels().document().clone();
    drop(harness);
    assert_ne!(read_project(&file).expect("whole").edits, before, "the file is as it was saved");
    let (mut harness, _script) = keeping(scripted::job("circles"), &state);
    // At the start, and where that is put off, whenever the project is opened.
    assert!(harness.query_by_label_contains("1 edit of p.eigenscope, a moment ago?").is_some());
    harness.get_by_label("Later").click();
    settle(&mut harness);
    answer(&mut harness, Purpose::Open, &file);
    settle(&mut harness);
    assert!(harness.query_by_label_contains("1 edit of p.eigenscope").is_some());
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    assert_eq!(harness.state().labels().document(), &before);
    assert_eq!(harness.state().title(), "p* – Eigenscope");
}

#[test]
fn settings_changed_since_a_project_was_saved_are_kept_too() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(|_| scripted::job("moons"));
    save(&mut harness, &file);
    super::type_number(&mut harness, "Neighbours", "23");
    harness.run_steps(60);
    drop(harness);
    let (mut harness, _script) = keeping(scripted::job("circles"), &state);
    answer(&mut harness, Purpose::Open, &file);
    settle(&mut harness);
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe.neighbors, eigenscope::recipe::Auto::Set(23));
}

#[test]
fn a_journal_that_names_another_place_writes_nothing_there() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (state, theirs, outside) =
        (folder.path().join("state"), folder.path().join("theirs"), folder.path().join("outside"));
    for new in [&state, &theirs, &outside] {
        std::fs::create_dir(new).expect("made");
    }
    let data = DataRef { name: Some("moons".to_owned()), ..DataRef::default() };
    let project = Project { data, recipe: scripted::job("moons").recipe, ..Project::default() };
    let file = theirs.join("p.eigenscope");
    write_project(&file, &project).expect("written");
    for journal in [state.join("unsaved-1.journal"), remembered::journal_beside(&file)] {
        let writer = Journal::new(|| ()).expect("a thread");
        writer.begin(vec![journal.clone()], Some(outside.join("their.eigenscope")), project.clone(), None);
        writer.put(Did::Selected(Rows::of([3, 4])));
        drop(writer);
        let (mut harness, script) = keeping(scripted::job("circles"), &state);
        if journal.starts_with(&theirs) {
            harness.get_by_label("Discard").click();
            settle(&mut harness);
            answer(&mut harness, Purpose::Open, &file);
        }
        settle(&mut harness);
        harness.get_by_label("Restore").click();
        settle(&mut harness);
        train(&mut harness, &script);
        select(&mut harness, 10..40);
        press(&mut harness, Key::G);
        drop(harness);
        assert_eq!(std::fs::read_dir(&outside).expect("it is there").count(), 0, "{}", journal.display());
    }
}

#[test]
fn moved_data_is_asked_for_and_changed_data_is_said() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let row = |i: u32| format!("{},{},{}", i % 7, i % 11, if i < 30 { "a" } else { "b" });
    let rows = (0..60).map(row).collect::<Vec<_>>().join("\n");
    let (data, moved) = (folder.path().join("t.csv"), folder.path().join("elsewhere.csv"));
    std::fs::write(&data, format!("x,y,label\n{rows}")).expect("written");
    let recipe = eigenscope::Recipe { label_column: "label".to_owned(), ..eigenscope::Recipe::default() };
    let job = Job { source: eigenscope::data::Source::Path(data.clone()), recipe };
    let state = folder.path().join("state");
    let (mut harness, script) = keeping(job, &state);
    train(&mut harness, &script);
    select(&mut harness, 3..9);
    press(&mut harness, Key::G);
    let file = folder.path().join("p.eigenscope");
    save(&mut harness, &file);
    drop(harness);
    std::fs::rename(&data, &moved).expect("moved");
    std::fs::write(&moved, format!("x,y,label\n{}", rows.replacen('1', "2", 1))).expect("changed");
    let (mut harness, _script) = keeping(scripted::job("moons"), &state);
    answer(&mut harness, Purpose::Open, &file);
    assert!(harness.query_by_label_contains("is not where it was").is_some());
    assert_eq!(harness.state().job().source.to_string(), "moons", "nothing is guessed");
    answer(&mut harness, Purpose::FindData, &moved);
    until_drawn(&mut harness, "the checksum", |h| h.query_by_label_contains("is not what it was").is_some());
    assert_eq!(harness.state().labels().count().1, 6);
    assert!(std::fs::read_to_string(&moved).expect("there").starts_with("x,y,label"), "the data is never touched");
}

/// A trained project in a file, its window still open.
fn saved() -> Begun {
    let mut begun = begun(table);
    save(&mut begun.harness, &begun.file);
    begun
}

#[test]
fn a_project_is_read_beside_the_window_and_gives_way_to_what_is_asked_for_meanwhile() {
    let Begun { folder: _folder, state, file, harness, .. } = saved();
    drop(harness);
    let (mut harness, _script) = keeping(scripted::job("moons"), &state);
    let ctx = harness.ctx.clone();
    // Between two frames, which no file comes in.
    harness.state_mut().answered(&ctx, Purpose::Open, file.clone());
    assert_eq!(harness.state().reads_project(), Some(file.as_path()));
    assert_eq!(harness.state().job().source.to_string(), "moons", "what is shown stays until it is read");
    harness.state_mut().show_source(eigenscope::data::Source::Named("circles".to_owned()));
    assert_eq!(harness.state().reads_project(), None);
    settle(&mut harness);
    harness.run_steps(20);
    assert_eq!(harness.state().job().source.to_string(), "circles");
    assert_eq!(harness.state().project_file(), None);
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    assert!(harness.state().project_file().is_some());
}

#[test]
fn a_project_that_was_read_waits_for_the_answer_to_a_question() {
    let Begun { folder: _folder, state, file, harness, .. } = saved();
    drop(harness);
    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    train(&mut harness, &script);
    let ctx = harness.ctx.clone();
    harness.state_mut().answered(&ctx, Purpose::Open, file);
    harness.state_mut().select(0..5);
    harness.state_mut().execute(&ctx, UiCommand::New);
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(10));
        harness.run_steps(1);
    }
    assert!(harness.query_by_label_contains("Begin a new project?").is_some());
    assert!(harness.state().reads_project().is_some() && harness.state().job().source.to_string() == "moons");
    assert!(harness.query_by_label("Cancel opening").is_some(), "the strip says what is read");
    harness.get_by_label("Stay").click();
    settle(&mut harness);
    until_drawn(&mut harness, "the stored result", |h| h.state().run().stored);
    assert!(harness.state().project_file().is_some());
}

#[test]
fn a_project_that_cannot_be_read_leaves_a_training_at_work() {
    let Begun { folder: _folder, state, file, harness, .. } = saved();
    drop(harness);
    let mut bytes = std::fs::read(&file).expect("it was saved");
    bytes[60] ^= 1;
    std::fs::write(&file, bytes).expect("written");
    let (mut harness, script) = keeping(scripted::job("moons"), &state);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    answer(&mut harness, Purpose::Open, &file);
    assert!(harness.query_by_label_contains("the project is damaged").is_some());
    assert!(harness.state().run().phase.is_busy() && harness.state().reads_project().is_none());
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert!(harness.state().run().shown.as_ref().is_some_and(|shown| shown.learned.is_some()));
}

#[test]
fn a_result_that_is_put_away_makes_the_project_another_until_it_is_back_and_takes_no_work() {
    let Begun { folder: _folder, mut harness, .. } = saved();
    assert_eq!(harness.state().title(), "p – Eigenscope");
    run(&mut harness, UiCommand::Reset);
    assert_eq!(harness.state().title(), "p* – Eigenscope", "the file has a result, and the window shows none");
    run(&mut harness, UiCommand::New);
    assert!(harness.query_by_label_contains("This would be lost").is_none());
    let Begun { folder: _folder, mut harness, .. } = saved();
    run(&mut harness, UiCommand::Reset);
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().title(), "p – Eigenscope");
}

/// A table of two features and its job.
pub(super) fn table(folder: &Path) -> Job {
    let row = |i: u32| format!("{},{},{}", i % 7, i % 11, if i < 30 { "a" } else { "b" });
    let rows = (0..60).map(row).collect::<Vec<_>>().join("\n");
    std::fs::write(folder.join("t.csv"), format!("x,y,label\n{rows}")).expect("written");
    let recipe = eigenscope::Recipe { label_column: "label".to_owned(), ..eigenscope::Recipe::default() };
    Job { source: eigenscope::data::Source::Path(folder.join("t.csv")), recipe }
}

pub(super) fn starts(script: &Rc<RefCell<Script>>) -> usize {
    script.borrow().commands.iter().filter(|command| matches!(command, Command::Start(_))).count()
}

#[test]
fn closing_asks_while_something_is_unsaved_and_a_new_project_begins_empty() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, _script) = labelled();
    select(&mut harness, 0..10);
    press(&mut harness, Key::G);
    press_command(&mut harness, Key::N);
    assert!(harness.query_by_label_contains("Begin a new project?").is_some());
    assert!(harness.query_by_label_contains("your labels of 10 points").is_some());
    harness.get_by_label("Stay").click();
    settle(&mut harness);
    save(&mut harness, &folder.path().join("p"));
    assert!(folder.path().join("p.eigenscope").exists(), "the name gets its ending");
    press_command(&mut harness, Key::N);
    assert!(harness.query_by_label_contains("Begin a new project?").is_none(), "all is saved");
    assert!(harness.state().labels().document().is_empty() && harness.state().project_file().is_none());
    assert_eq!(listed(&harness).len(), 2, "the result stays");
}

#[test]
fn a_file_that_is_no_project_is_not_written_over() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mine = folder.path().join("mine.eigenscope");
    std::fs::write(&mine, "a person's own").expect("written");
    let (mut harness, _script) = labelled();
    answer(&mut harness, Purpose::SaveProject, &mine);
    assert!(harness.query_by_label_contains("is there and is no project").is_some());
    assert_eq!(std::fs::read_to_string(&mine).expect("there"), "a person's own");
}

#[test]
fn theme_and_files_are_remembered() {
    let Begun { folder: _folder, state, file, mut harness, .. } = begun(|_| scripted::job("moons"));
    harness.state_mut().set_theme(ThemeChoice::Light);
    settle(&mut harness);
    save(&mut harness, &file);
    drop(harness);
    let (remembered, _) = Remembered::read(&state);
    assert_eq!((remembered.theme, remembered.recent.len()), (ThemeChoice::Light, 1));
    let (mut harness, _script) = keeping(scripted::job("circles"), &state);
    assert_eq!(harness.ctx.theme(), egui::Theme::Light);
    assert!(harness.state().can(UiCommand::OpenLast), "the last project is remembered");
    harness.get_by_label("File").click();
    settle(&mut harness);
    harness.get_all_by_label_contains("Recent").last().expect("in the menu").click();
    settle(&mut harness);
    harness.get_by_label("p.eigenscope").click();
    settle(&mut harness);
    assert_eq!(harness.state().job().source.to_string(), "moons");
    assert!(!harness.state().can(UiCommand::OpenLast), "it is open");
    run(&mut harness, UiCommand::Help);
    harness.check_accessibility();
}
