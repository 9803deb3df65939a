//! The column sheet: what is decided there is what the flags decide.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use eframe::egui::{Key, accesskit};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::App;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::{Source, load};
use eigenscope::pipeline::{Failure, Job};
use eigenscope::recipe::{Missing, TextColumns};
use eigenscope::support::error::Remedy;
use eigenscope::support::progress::Progress;
use eigenscope::{Error, Recipe};

use super::scripted::{Script, Scripted};
use super::{Window, last_start, press, press_command, settle, window};
use crate::support::desk::Desk;

const SIZE: [f32; 2] = [1280.0, 800.0];

/// Sixty people in three towns.
fn people() -> String {
    let row = |i: usize| {
        format!("{},{}.5,{},{},{}\n", i + 1, 20 + i * 7 % 50, i * i % 97, ["Bern", "Wien", "Graz"][i % 3], i % 2)
    };
    format!("id,age,points,town,class\n{}", (0..60).map(row).collect::<String>())
}

/// A window on a table.
fn on_table(desk: &Desk, text: &str) -> (Window, Rc<RefCell<Script>>) {
    let job = Job { source: Source::Path(desk.put("people.csv", text)), recipe: Recipe::default() };
    let script = Rc::new(RefCell::new(Script::default()));
    let engine = Box::new(Scripted(script.clone()));
    let mut harness =
        Harness::builder().with_size(SIZE).with_max_steps(40).build_eframe(move |cc| App::new(cc, engine, job));
    settle(&mut harness);
    (harness, script)
}

fn combo(label: &str) -> By<'_> {
    By::new().label(label).role(accesskit::Role::ComboBox)
}

/// Chooses an entry of a list.
fn choose(harness: &mut Window, list: &str, entry: &str) {
    harness.get(combo(list)).click();
    settle(harness);
    harness.get_by_label(entry).click();
    settle(harness);
}

fn recipe(harness: &Window) -> Recipe {
    harness.state().job().recipe.clone()
}

/// Runs frames until something holds.
fn until(harness: &mut Window, what: &str, holds: impl Fn(&Window) -> bool) {
    let start = Instant::now();
    while !holds(harness) {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(20));
        harness.run_steps(2);
    }
}

fn shown_columns(harness: &Window) -> String {
    harness.state().run().shown.as_ref().map_or_else(String::new, |shown| shown.data.columns.join("|"))
}

#[test]
fn a_role_changed_in_the_sheet_is_the_flag_and_gives_its_features() {
    let desk = Desk::new();
    let (mut harness, script) = on_table(&desk, &people());
    press_command(&mut harness, Key::D);
    for label in ["Column town", "Role of town", "Kind of age", "Role of class"] {
        assert!(harness.query_all_by_label(label).next().is_some(), "{label}");
    }
    harness.check_accessibility();
    choose(&mut harness, "Role of town", "feature");
    choose(&mut harness, "Role of points", "shown only");
    choose(&mut harness, "Kind of age", "category");
    let wanted = Recipe {
        features: "auto,town".to_owned(),
        shown: "points".to_owned(),
        kind: "age=category,town=category".to_owned(),
        ..Recipe::default()
    };
    assert_eq!(recipe(&harness), wanted);
    until(&mut harness, "the raw points follow", |window| shown_columns(window).contains("town = Graz"));
    assert_eq!(harness.state().run().phase, Phase::Ready, "nothing was trained");
    harness.get_by_label("Train on this").click();
    settle(&mut harness);
    assert_eq!(last_start(&script), wanted);
    let data = load(&harness.state().job().source, &wanted, &Progress::silent()).expect("it loads");
    let shown = harness.state().run().shown.clone().expect("the data is shown");
    assert_eq!((&data.features, &data.labels), (&shown.data.features, &shown.data.labels));
}

#[test]
fn what_is_guessed_comes_back_for_one_column_for_all_and_by_undo() {
    let desk = Desk::new();
    let (mut harness, _script) = on_table(&desk, &people());
    press_command(&mut harness, Key::D);
    choose(&mut harness, "Role of town", "label");
    choose(&mut harness, "Role of age", "ignored");
    assert_eq!((recipe(&harness).label_column.as_str(), recipe(&harness).ignore.as_str()), ("town", "age"));
    choose(&mut harness, "Role of age", "as guessed: feature");
    assert_eq!(recipe(&harness).ignore, "none");
    harness.get_by_label("All as guessed").click();
    settle(&mut harness);
    assert_eq!(recipe(&harness), Recipe::default());
}

#[test]
fn several_columns_are_marked_and_changed_at_once() {
    let desk = Desk::new();
    let (mut harness, _script) = on_table(&desk, &people());
    press_command(&mut harness, Key::D);
    harness.get_by_label("Filter columns").click();
    settle(&mut harness);
    harness.get_by_label("Filter columns").type_text("po");
    settle(&mut harness);
    assert!(harness.query_by_label("Column town").is_none() && harness.query_by_label("Column points").is_some());
    harness.get_by_label("Mark all").click();
    settle(&mut harness);
    harness.get_by_label("Ignored").click();
    settle(&mut harness);
    assert_eq!(recipe(&harness).ignore, "points");
}

#[test]
fn after_a_training_a_change_is_a_preview_and_the_result_stays() {
    let desk = Desk::new();
    let (mut harness, script) = on_table(&desk, &people());
    harness.get_by_label("Train").click();
    settle(&mut harness);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let commands = script.borrow().commands.len();
    press_command(&mut harness, Key::D);
    assert!(harness.query_by_label("as trained").is_some());
    choose(&mut harness, "Kind of town", "category");
    until(&mut harness, "the preview comes", |window| window.query_by_label_contains("preview: the views").is_some());
    assert!(harness.query_by_label_contains("5 features").is_some(), "age, points and three towns");
    assert_eq!(shown_columns(&harness), "age|points", "the views show the result");
    assert_eq!(script.borrow().commands.len(), commands, "the engine was asked nothing");
    choose(&mut harness, "Kind of town", "as it looks: category");
    until(&mut harness, "back to the result", |window| window.query_by_label("as trained").is_some());
    choose(&mut harness, "Kind of town", "number");
    until(&mut harness, "the error is said", |window| window.query_by_label_contains("is not a number").is_some());
    assert!(harness.query_by_label("Role of town").is_some(), "and there is a way out");
}

#[test]
fn the_keyboard_alone_decides() {
    fn has_it(node: &egui_kittest::kittest::AccessKitNode<'_>) -> bool {
        node.is_focused()
    }
    let desk = Desk::new();
    let (mut harness, _script) = on_table(&desk, &people());
    press_command(&mut harness, Key::D);
    let has = |harness: &Window, label: &str| {
        harness.query_all(By::new().predicate(has_it)).any(|n| n.accesskit_node().label().as_deref() == Some(label))
    };
    assert!(has(&harness, "Column id"), "the columns have the keyboard");
    for _ in 0..3 {
        press(&mut harness, Key::ArrowDown);
    }
    assert!(has(&harness, "Column town"), "arrows go from column to column");
    press(&mut harness, Key::Space);
    assert!(harness.query_by_label("1 marked:").is_some(), "Space marks");
    press(&mut harness, Key::ArrowRight);
    assert!(has(&harness, "Role of town"), "and sideways to its role");
    press(&mut harness, Key::Enter);
    for _ in 0..12 {
        if has(&harness, "ignored") {
            break;
        }
        press(&mut harness, Key::ArrowDown);
    }
    press(&mut harness, Key::Enter);
    assert_eq!(recipe(&harness).ignore, "town");
    press_command(&mut harness, Key::D);
    assert!(harness.query_by_label("Column town").is_none(), "the same keys put it away");
}

#[test]
fn of_thousands_of_columns_those_in_sight_are_drawn() {
    let desk = Desk::new();
    let names: Vec<String> = (0..5000).map(|i| format!("g{i}")).collect();
    let row = |i: usize| (0..5000).map(|j| format!("{}", (i * j) % 7)).collect::<Vec<_>>().join(",");
    let text = format!("{}\n{}\n", names.join(","), (0..8).map(row).collect::<Vec<_>>().join("\n"));
    let (mut harness, _script) = on_table(&desk, &text);
    press_command(&mut harness, Key::D);
    let lists = harness.query_all(By::new().role(accesskit::Role::ComboBox)).count();
    assert!((20..200).contains(&lists), "{lists} lists are drawn");
    harness.get_by_label("Mark all").click();
    settle(&mut harness);
    let start = Instant::now();
    // The panel has a setting of this name.
    harness.get(By::new().label("Shown only").role(accesskit::Role::Button)).click();
    settle(&mut harness);
    assert!(start.elapsed() < Duration::from_secs(5), "all of them at once: {:?}", start.elapsed());
    assert_eq!(recipe(&harness).shown.split(',').count(), 5000);
    let typed = By::new().label("Shown only").role(accesskit::Role::TextInput);
    assert!(harness.query(typed).is_none(), "the panel does not hold them as text");
}

#[test]
fn how_a_table_is_read_holds_for_no_other() {
    let desk = Desk::new();
    let (mut harness, script) = on_table(&desk, &people());
    let mut job = harness.state().job().clone();
    job.recipe.ignore = "town".to_owned();
    job.recipe.missing = Missing::Mean;
    // Files with something to say of its rows.
    (job.recipe.known_labels, job.recipe.affinity_file) = (Some(desk.path("known.csv")), Some(desk.path("w.mtx")));
    job.recipe.limit = 50;
    harness.state_mut().set_job(job);
    settle(&mut harness);
    let other = desk.put("other.csv", "width,height\n1,2\n2,5\n7,7\n4,1\n9,3\n8,8\n3,1\n5,5\n");
    let error = Error::Data("a cell is no number".to_owned()).or(Remedy::set(
        "text",
        "one-hot",
        "makes a 0/1 column of each word",
        "Spread words",
    ));
    script.borrow_mut().fail_as = Some(Failure::from(&error));
    let ctx = harness.ctx.clone();
    harness.state_mut().answered(&ctx, Purpose::Open, other.clone());
    settle(&mut harness);
    harness.get_by_label("Spread words").click();
    settle(&mut harness);
    let limited = Recipe { limit: 50, ..Recipe::default() };
    let read = Recipe { text: TextColumns::OneHot, ..limited.clone() };
    assert_eq!((harness.state().job().source.clone(), recipe(&harness)), (Source::Path(other), read));
    let carried = harness.query_all_by_label_contains("Set by hand for people: Limit 50").next();
    assert!(
        carried.is_some() && harness.query_all_by_label_contains("Limit 50,").next().is_none(),
        "the words are other's"
    );
    harness.state_mut().answered(&ctx, Purpose::Open, desk.path("people.csv"));
    settle(&mut harness);
    assert_eq!(recipe(&harness), limited, "nor is the first table read as the other was");
}

#[test]
fn decisions_that_do_not_fit_the_next_table_give_way_to_guesses() {
    let desk = Desk::new();
    let (mut harness, script) = window("moons", SIZE);
    let mut job = harness.state().job().clone();
    job.recipe = Recipe { ignore: "town".to_owned(), ..Recipe::default() };
    harness.state_mut().set_job(job);
    settle(&mut harness);
    let other = desk.put("other.csv", "width,height\n1,2\n2,5\n7,7\n4,1\n9,3\n8,8\n3,1\n5,5\n");
    let error = load(&Source::Path(other.clone()), &recipe(&harness), &Progress::silent()).expect_err("it has no town");
    script.borrow_mut().fail_as = Some(Failure::from(&error));
    let ctx = harness.ctx.clone();
    harness.state_mut().answered(&ctx, Purpose::Open, other.clone());
    settle(&mut harness);
    assert_eq!((harness.state().job().source.clone(), recipe(&harness)), (Source::Path(other), Recipe::default()));
    assert!(harness.query_by_label_contains("does not fit other").is_some(), "and it is said");
}

#[test]
fn data_without_columns_says_so() {
    let (mut harness, _script) = window("moons", SIZE);
    press_command(&mut harness, Key::D);
    assert!(harness.query_by_label_contains("nothing to decide").is_some());
}

#[test]
fn notes_about_columns_lead_to_the_sheet_and_roles_are_saved_and_taken() {
    let desk = Desk::new();
    let (mut harness, _script) = on_table(&desk, &people());
    // The notes stand at the end of a long panel.
    harness.get_by_label_contains("taken for the labels").click_accesskit();
    settle(&mut harness);
    choose(&mut harness, "Role of town", "id");
    let (ctx, path) = (harness.ctx.clone(), desk.path("roles.toml"));
    harness.state_mut().answered(&ctx, Purpose::SaveRoles, path.clone());
    settle(&mut harness);
    let text = std::fs::read_to_string(&path).expect("it is written");
    assert!(text.contains("\"town\" = \"id\"") && text.contains("# \"age\" = \"feature\""), "{text}");
    harness.get_by_label("All as guessed").click();
    settle(&mut harness);
    assert_eq!(recipe(&harness).id_column, "auto");
    harness.state_mut().answered(&ctx, Purpose::Open, path);
    settle(&mut harness);
    assert_eq!(recipe(&harness).id_column, "town", "opening the file takes its roles");
}
