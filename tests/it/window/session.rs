//! One session from a person's own table to files that other tools read, with real trainings: opened, roles given, trained, a lasso drawn,
//! labelled, steps taken back and made again, saved, closed, opened again, exported.
//!
//! Where there is a Python with pandas and pyarrow (`EIGENSCOPE_PYTHON`, else `python3`), `tests/session.py` reads what was written.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use eframe::egui::{self, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::files::export::TableWanted;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::coloring::ColorBy;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::output::TableFormat;
use eigenscope::pipeline::{Job, Worker};
use eigenscope::project::{Document, read_project};
use eigenscope::recipe::{Auto, DeviceChoice};

use super::labelling::{listed, of_cluster, run, select};
use super::projects::answer;
use super::{Window, press, settle};

const ROWS: usize = 240;

/// Two heaps of trees, with what tools read wrongly: numbers that are names, numbers of sixty bits, days, gaps, quotes and letters.
fn trees() -> String {
    let mut text = "tag,height,width,city,planted,serial,kind\n".to_owned();
    for i in 0..ROWS {
        let far = if i % 2 == 0 { 0.0 } else { 9.0 };
        let turn = i as f64 * 2.399_963;
        let (height, width) =
            (far + 0.9 * turn.cos() * (i % 7) as f64 / 6.0, far + 0.9 * turn.sin() * (i % 5) as f64 / 4.0);
        let city = ["Oslo", "\"Łódź, old town\"", "", "São Paulo"][i % 4];
        let day = format!("20{:02}-{:02}-{:02}", 10 + i % 12, 1 + i % 12, 1 + i % 28);
        let kind = if i % 2 == 0 { "oak" } else { "elm" };
        let serial = 9_007_199_254_740_993_u64 + i as u64;
        let _ = writeln!(text, "{i:04},{height:.6},{width:.6},{city},{day},{serial},{kind}");
    }
    text
}

/// A window whose engine computes.
fn real(state: &Path) -> Window {
    let recipe = Recipe { device: DeviceChoice::Cpu, samples: Auto::Set(60), ..Recipe::default() };
    let job = Job { source: Source::Named("moons".to_owned()), recipe };
    let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
    let state = state.to_owned();
    let mut harness = Harness::builder().with_size([1440.0, 2400.0]).with_max_steps(40).build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        app.remember_in(&cc.egui_ctx, state);
        app.show_all_settings(true);
        app
    });
    until(&mut harness, "the first data", |app| app.run().phase == Phase::Ready);
    harness
}

fn until(harness: &mut Window, what: &str, done: impl Fn(&App) -> bool) {
    let since = Instant::now();
    while !done(harness.state()) {
        let run = harness.state().run();
        assert!(since.elapsed() < Duration::from_secs(90), "{what}: still {:?}, {:?}", run.phase, run.error);
        harness.run_steps(1);
        std::thread::sleep(Duration::from_millis(4));
    }
    settle(harness);
}

fn choose(harness: &mut Window, list: &str, entry: &str) {
    harness.get(By::new().label(list).role(egui::accesskit::Role::ComboBox)).click();
    settle(harness);
    harness.get_by_label(entry).click();
    settle(harness);
}

/// Draws a lasso around the left half of the input.
fn lasso(harness: &mut Window) {
    run(harness, UiCommand::ToolLasso);
    let view = harness.get_by_label_contains(&format!("Input: {ROWS} points")).rect();
    let at = |x: f32, y: f32| Pos2::new(view.left() + x * view.width(), view.top() + y * view.height());
    let way = [at(0.03, 0.03), at(0.5, 0.03), at(0.5, 0.97), at(0.03, 0.97), at(0.03, 0.1)];
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.event(egui::Event::PointerMoved(way[0]));
    harness.event(button(way[0], true));
    harness.run_steps(1);
    for two in way.windows(2) {
        for step in 1..=8 {
            harness.event(egui::Event::PointerMoved(two[0] + (two[1] - two[0]) * (step as f32 / 8.0)));
            harness.run_steps(1);
        }
    }
    harness.event(button(way[4], false));
    until(harness, "the lasso", |app| app.selection().count() > 0);
}

fn rename(harness: &mut Window, cluster: &str, name: &str) {
    of_cluster(harness, cluster, &["Rename"]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text(name.to_owned()));
    press(harness, Key::Enter);
}

/// The label that a click assigns the selection to.
fn assign(harness: &mut Window, name: &str) {
    harness.get_by_label("Label").click();
    settle(harness);
    harness.get_all_by_label_contains(&format!("{name} ·")).last().expect("it is in the menu").click();
    settle(harness);
}

/// What undo brings back.
type Stand = (Document, Vec<u32>);

fn stand(harness: &Window) -> Stand {
    (harness.state().labels().document().clone(), harness.state().selection().iter().collect())
}

/// Something that is done, kept where it changed anything.
fn did(harness: &mut Window, stands: &mut Vec<Stand>, what: &str, deed: impl FnOnce(&mut Window)) {
    let before = stands.len();
    deed(harness);
    let now = stand(harness);
    assert!(stands.last() != Some(&now), "{what} changes something after {before} steps");
    stands.push(now);
}

fn python() -> Option<PathBuf> {
    let python = std::env::var_os("EIGENSCOPE_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let there = Command::new(&python).args(["-c", "import pandas, pyarrow, openpyxl"]).output();
    there.is_ok_and(|output| output.status.success()).then_some(python)
}

/// What pandas and pyarrow make of it.
fn read_by_others(out: &Path, data: &Path) {
    let Some(python) = python() else {
        println!("passed over: there is no Python with pandas, pyarrow and openpyxl to read what was written");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/session.py");
    let read = Command::new(python).arg(script).arg(out).arg(data).output().expect("it starts");
    let said = String::from_utf8_lossy(&read.stdout).into_owned() + &String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{said}");
    println!("{said}");
}

#[test]
fn a_table_becomes_a_labelled_one_that_other_tools_read() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (data, file, state) =
        (folder.path().join("trees.csv"), folder.path().join("trees.eigenscope"), folder.path().join("state"));
    std::fs::write(&data, trees()).expect("written");

    // Opened, with roles for its columns.
    let mut harness = real(&state);
    answer(&mut harness, Purpose::Open, &data);
    until(&mut harness, "the table", |app| app.run().shown.as_ref().is_some_and(|s| s.data.len() == ROWS));
    run(&mut harness, UiCommand::Columns);
    choose(&mut harness, "Role of kind", "label");
    choose(&mut harness, "Role of serial", "shown only");
    choose(&mut harness, "Role of planted", "shown only");
    let wanted = ["height", "width"];
    until(&mut harness, "the roles", |app| app.run().shown.as_ref().is_some_and(|s| *s.data.columns == wanted));
    run(&mut harness, UiCommand::Columns);

    // Trained.
    run(&mut harness, UiCommand::RunPause);
    until(&mut harness, "the training", |app| app.run().phase == Phase::Finished);
    assert!(harness.state().recording().is_some(), "its looks are kept");
    choose(&mut harness, "Colour by", "cluster, learned");

    // Labelled.
    let mut stands = vec![stand(&harness)];
    did(&mut harness, &mut stands, "the lasso", lasso);
    let caught = harness.state().selection().count();
    assert_eq!(caught, ROWS / 2, "one heap");
    did(&mut harness, &mut stands, "a name", |h| rename(h, "0", "near"));
    did(&mut harness, &mut stands, "another", |h| rename(h, "1", "far, \"away\""));
    did(&mut harness, &mut stands, "a selection", |h| select(h, 20..50));
    did(&mut harness, &mut stands, "a new cluster", |h| run(h, UiCommand::AssignNew));
    did(&mut harness, &mut stands, "a merge", |h| of_cluster(h, "2", &["Merge into", "near ·"]));
    did(&mut harness, &mut stands, "a split", |h| {
        let before = listed(h).len();
        of_cluster(h, "near", &["Split in two"]);
        until(h, "the split", |app| {
            let shown = app.run().shown.clone().expect("there is data");
            app.labels().seen(ColorBy::Learned, &shown).len() > before
        });
    });
    did(&mut harness, &mut stands, "a selection", |h| select(h, [100, 101, 103]));
    did(&mut harness, &mut stands, "an assignment", |h| assign(h, "far, \"away\""));
    did(&mut harness, &mut stands, "a selection", |h| select(h, 200..205));
    did(&mut harness, &mut stands, "outliers", |h| run(h, UiCommand::Outliers));
    did(&mut harness, &mut stands, "a selection", |h| select(h, 150..160));
    did(&mut harness, &mut stands, "accepted rows", |h| run(h, UiCommand::Accept));

    // Taken back and made again.
    let last = stands.len() - 1;
    (0..9).for_each(|_| run(&mut harness, UiCommand::Undo));
    assert_eq!(stand(&harness), stands[last - 9], "nine steps are taken back");
    (0..5).for_each(|_| run(&mut harness, UiCommand::Redo));
    assert_eq!(stand(&harness), stands[last - 4], "five are made again");
    (0..4).for_each(|_| run(&mut harness, UiCommand::Redo));
    assert_eq!(stand(&harness), stands[last]);
    let labels = listed(&harness);

    // Saved with its results, closed, opened again.
    harness.state_mut().store_results(true);
    answer(&mut harness, Purpose::SaveProject, &file);
    until(&mut harness, "saving", |app| app.project_file().is_some() && !app.title().contains('*'));
    let then = harness.state().run().shown.clone().expect("a result");
    drop(harness);
    assert_eq!(read_project(&file).expect("whole").edits, stands[last].0);
    let mut harness = real(&state);
    answer(&mut harness, Purpose::Open, &file);
    until(&mut harness, "the stored result", |app| app.run().stored);
    until(&mut harness, "its graph", |app| app.run().shown.as_ref().is_some_and(|s| s.operator.is_some()));
    assert_eq!(listed(&harness), labels);
    assert_eq!(stand(&harness), stands[last]);
    let now = harness.state().run().shown.clone().expect("a result");
    let graph = |of: &eigenscope::pipeline::Snapshot| of.operator.as_ref().expect("there").affinity.clone();
    assert_eq!(graph(&now), graph(&then), "the graph is the one that it was");
    assert_eq!(now.unseen, then.unseen);
    let steps = |of: &eigenscope::pipeline::Snapshot| of.recording.looks().iter().map(|l| l.step).collect::<Vec<_>>();
    assert!(steps(&now).len() > 1 && steps(&now) == steps(&then), "so are the looks of its training");
    assert!(harness.state().run().stored && !harness.state().title().contains('*'));
    harness.state_mut().look_back(0);
    settle(&mut harness);
    assert_eq!(harness.state().past_step(), steps(&now).first().copied());
    run(&mut harness, UiCommand::Now);

    // Exported.
    let out = folder.path().join("out");
    std::fs::create_dir(&out).expect("made");
    for format in TableFormat::ALL {
        let path = out.join("trees").with_extension(format.extension());
        harness.state_mut().export_as(format, TableWanted { row: true, readme: true, ..TableWanted::default() });
        answer(&mut harness, Purpose::Export, &path);
        until(&mut harness, "the export", |_| path.exists());
        while harness.query_by_label("Cancel export").is_some() {
            settle(&mut harness);
        }
    }
    let expected = serde_json::json!({
        "rows": ROWS,
        "labels": labels.iter().filter(|(name, _)| name != "outliers").collect::<Vec<_>>(),
        "outliers": (200..205).collect::<Vec<_>>(),
        "assigned": [100, 101, 103],
        "accepted": (150..160).collect::<Vec<_>>(),
    });
    std::fs::write(out.join("expected.json"), expected.to_string()).expect("written");
    assert_eq!(std::fs::read_to_string(&data).expect("there"), trees(), "the data is never touched");
    read_by_others(&out, &data);
}
