//! A model labels another file in the window: its rows are a second layer, and leave as a table.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::Recipe;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::files::exporting::PictureOf;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::axes::{Axis, Side};
use eigenscope::model::{self, Model};
use eigenscope::output::write_model;
use eigenscope::pipeline::{Chain, Job, Snapshot};
use eigenscope::recipe::{Auto, DeviceChoice, Hidden};
use eigenscope::support::progress::Control;

use super::labelling::run;
use super::projects::answer;
use super::{Window, press, settle, window};
use crate::support::listening::Deaf;
use crate::support::waiting::until_drawn;

/// A window on the result of a small run without a network, and its model.
fn trained() -> (Window, Arc<Model>) {
    trained_with(|recipe| recipe.learn = false)
}

/// The same with other settings.
fn trained_with(set: impl FnOnce(&mut Recipe)) -> (Window, Arc<Model>) {
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let shown = harness.state().run().shown.clone().expect("a result");
    let mut recipe = Recipe { device: DeviceChoice::Cpu, clusters: Auto::Set(2), ..shown.job.recipe.clone() };
    set(&mut recipe);
    let job = Job { source: shown.job.source.clone(), recipe };
    let outcome = Chain::default().run(&job, &Control::new(), &Deaf).expect("a small run");
    let model = Arc::new(outcome.model.expect("the exact side places new rows"));
    script.borrow_mut().publish(Snapshot { model: Some(Arc::clone(&model)), ..outcome.snapshot });
    script.borrow_mut().tell(eigenscope::pipeline::Event::Finished);
    settle(&mut harness);
    (harness, model)
}

fn table(folder: &Path, columns: [&str; 2]) -> std::path::PathBuf {
    let path = folder.join("new.csv");
    let [x, y] = columns;
    std::fs::write(&path, format!("{x},{y},word\n0,1,a\n1,,b\n40,40,c\n")).expect("written");
    path
}

/// What a class looks at has no strip above it.
#[test]
fn a_file_that_is_labelled_before_a_class_is_shown_to_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, model) = trained();
    let path = table(folder.path(), [&model.columns[0], &model.columns[1]]);
    run(&mut harness, UiCommand::Present);
    harness.state_mut().label_with(model);
    answer(&mut harness, Purpose::NewRows, &path);
    until_drawn(&mut harness, "the rows", |h| h.state().second().is_some());
}

#[test]
fn another_file_is_labelled_drawn_counted_and_exported() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, model) = trained();
    assert!(harness.state().can(UiCommand::LabelFile));
    let columns: [&str; 2] = [&model.columns[0], &model.columns[1]];
    let path = table(folder.path(), columns);
    harness.state_mut().label_with(Arc::clone(&model));
    answer(&mut harness, Purpose::NewRows, &path);
    until_drawn(&mut harness, "the rows", |h| h.state().second().is_some());
    let second = harness.state().second().cloned().expect("it is there");
    assert_eq!((second.tally.rows, second.len(), second.rows.as_slice()), (3, 3, &[0, 1, 2][..]));
    let unlike = second.labelled(second.first).and_then(|labelled| labelled.unlike.clone()).expect("it can tell");
    assert!(unlike[2] && !unlike[0], "{unlike:?}");
    until_drawn(&mut harness, "what is said of them", |h| h.query_by_label_contains("new.csv: 3 rows").is_some());
    assert!(harness.query_by_label_contains("1 unlike the training data").is_some());
    assert!(harness.query_by_label_contains("missing values filled").is_some());
    until_drawn(&mut harness, "the places", |h| h.state().standing().is_some());
    let standing = harness.state().standing().cloned().expect("it is known");
    assert!(standing.same[1], "the exact eigenspace is the model's");
    let places = |side, axis: fn(usize) -> Axis| standing.positions(&second, side, [0, 1, 2].map(axis), false);
    for (side, axis) in
        [(Side::Input, Axis::Input as fn(usize) -> Axis), (Side::Exact, Axis::Vector as fn(usize) -> Axis)]
    {
        assert!(places(side, axis).iter().flatten().all(|v| v.is_finite()), "{side:?}");
    }
    assert!(places(Side::Learned, Axis::Vector).iter().all(|at| at[0].is_nan()), "nothing was learned");
    assert!(harness.query_by_label_contains("Input: 600 points, 3 of another file").is_some());
    harness.check_accessibility();
    let figure = folder.path().join("input.svg");
    harness.state_mut().picture_as(PictureOf::View(0));
    answer(&mut harness, Purpose::Figure, &figure);
    until_drawn(&mut harness, "the figure", |_| figure.exists());
    let svg = std::fs::read_to_string(&figure).expect("it is there");
    assert!(svg.contains("rings: 3 rows of new.csv"), "a figure says what its rings are");
    assert_eq!(svg.matches("fill=\"#ffffff\" stroke=").count(), 3, "and has them");
    let labels = folder.path().join("labels.csv");
    answer(&mut harness, Purpose::ExportRows, &labels);
    until_drawn(&mut harness, "the table", |_| labels.exists());
    let text = std::fs::read_to_string(&labels).expect("it is there");
    let header = format!("{},{},word,row,cluster,confidence,unlike,exact_1", columns[0], columns[1]);
    assert!(text.starts_with(&header), "{text}");
    assert_eq!((text.lines().count(), text.contains("40,40,c,2,")), (4, true));
    // The name that is offered is that of the file, not of the data that is open.
    harness.state_mut().type_paths();
    harness.get_by_label("Export rows…").click();
    settle(&mut harness);
    settle(&mut harness);
    let typed = harness.query_all(By::new().role(Role::TextInput)).filter_map(|node| node.accesskit_node().value());
    let typed: Vec<String> = typed.collect();
    assert!(typed.iter().any(|path| path.ends_with("new-labels.csv")), "{typed:?}");
    press(&mut harness, Key::Escape);
    // Never over what is read.
    answer(&mut harness, Purpose::ExportRows, &path);
    assert!(harness.query_by_label_contains("is read here, and nothing was written").is_some());
    assert!(std::fs::read_to_string(&path).expect("there").ends_with("40,40,c\n"));
    // The question for another name.
    press(&mut harness, Key::Escape);
    harness.get_by_label("Rings").click();
    settle(&mut harness);
    harness.get_by_label("Remove").click();
    settle(&mut harness);
    assert!(harness.state().second().is_none() && path.exists());
}

/// A note on rows never seen asks for it.
#[test]
fn rows_of_another_file_are_labelled_by_the_exact_side_at_a_click() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, model) =
        trained_with(|recipe| (recipe.steps, recipe.hidden) = (Auto::Set(5), Hidden::Layers(vec![16])));
    let path = table(folder.path(), [&model.columns[0], &model.columns[1]]);
    harness.state_mut().label_with(model);
    answer(&mut harness, Purpose::NewRows, &path);
    until_drawn(&mut harness, "the rows", |h| h.state().second().is_some());
    assert_eq!(harness.state().second().map(|second| second.first), Some(model::Side::Learned));
    harness.get_by_label("By the exact side").click();
    let by_exact = |h: &Window| h.state().second().is_some_and(|second| second.first == model::Side::Exact);
    until_drawn(&mut harness, "the exact side", by_exact);
    let labels = folder.path().join("labels.csv");
    answer(&mut harness, Purpose::ExportRows, &labels);
    until_drawn(&mut harness, "the table", |_| labels.exists());
    assert!(std::fs::read_to_string(&labels).is_ok_and(|text| text.contains(",exact_1")));
}

#[test]
fn a_model_from_a_file_asks_for_rows_and_a_file_without_its_columns_is_refused() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, model) = trained();
    let file = folder.path().join("m.eigenscope");
    let named = Model { names: ["low", "high"].map(str::to_owned).to_vec(), ..(*model).clone() };
    write_model(&file, &named).expect("written");
    answer(&mut harness, Purpose::Open, &file);
    until_drawn(&mut harness, "the question", |h| {
        h.query_by_label_contains("choose the file that it is to label").is_some()
    });
    assert_eq!(harness.state().job().source.to_string(), "moons", "what is shown stays");
    let path = table(folder.path(), [&model.columns[0], "other"]);
    answer(&mut harness, Purpose::NewRows, &path);
    let gone = format!("there is no column `{}`", model.columns[1]);
    until_drawn(&mut harness, "the refusal", |h| h.query_by_label_contains(&gone).is_some());
    assert!(harness.query_by_label_contains("rename or add what is missing").is_some());
    assert!(harness.state().second().is_none());
    let path = table(folder.path(), [&model.columns[0], &model.columns[1]]);
    answer(&mut harness, Purpose::NewRows, &path);
    until_drawn(&mut harness, "the rows", |h| h.state().second().is_some());
    let second = harness.state().second().expect("it is there");
    assert!(["low", "high"].contains(&second.name(0).as_str()));
    // What is no model is said to be none.
    answer(&mut harness, Purpose::ApplyModel, &path);
    assert!(harness.query_by_label_contains("is no model").is_some());
}
