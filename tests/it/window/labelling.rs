//! What a person says of clusters and points: each action of the window, its undo, and that it follows its samples.

use std::cell::RefCell;
use std::rc::Rc;

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::coloring::ColorBy;

use super::projects::answer;
use super::{Script, Window, press, press_command, settle, window};
use crate::support::waiting::until_drawn;

const SIZE: [f32; 2] = [1440.0, 2400.0];

/// A window on the moons, trained, coloured by the learned clusters.
pub(super) fn labelled() -> (Window, Rc<RefCell<Script>>) {
    let (mut harness, script) = window("moons", SIZE);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    harness.get_by_label("Colour by").click();
    settle(&mut harness);
    harness.get_by_label("cluster, learned").click();
    settle(&mut harness);
    (harness, script)
}

/// Names and counts of the labels in the list.
pub(super) fn listed(harness: &Window) -> Vec<(String, usize)> {
    let app = harness.state();
    let shown = app.run().shown.clone().expect("there is data");
    let labels = app.labels();
    labels
        .seen(ColorBy::Learned, &shown)
        .into_iter()
        .map(|(id, count)| (labels.name(ColorBy::Learned, id, &shown), count))
        .collect()
}

pub(super) fn counts(harness: &Window) -> Vec<usize> {
    listed(harness).into_iter().map(|(_, count)| count).collect()
}

pub(super) fn run(harness: &mut Window, command: UiCommand) {
    let ctx = harness.ctx.clone();
    harness.state_mut().execute(&ctx, command);
    settle(harness);
}

/// Selects points as a lasso would.
pub(super) fn select(harness: &mut Window, points: impl IntoIterator<Item = u32>) {
    harness.state_mut().select(points);
    settle(harness);
}

/// Chooses something in the menu of a cluster's row.
pub(super) fn of_cluster(harness: &mut Window, name: &str, path: &[&str]) {
    harness.get_by_label(&format!("Edit {name}")).click();
    settle(harness);
    for entry in path {
        let exact = harness.query_by_label(entry).is_some();
        let found = if exact { harness.get_by_label(entry) } else { harness.get_by_label_contains(entry) };
        found.click();
        settle(harness);
    }
}

#[test]
fn a_selection_becomes_a_cluster_outliers_and_is_given_back_each_a_step() {
    let (mut harness, _script) = labelled();
    let before = listed(&harness);
    assert_eq!(before.len(), 2);
    assert!(!harness.state().can(UiCommand::AssignNew), "nothing is selected");
    select(&mut harness, 100..130);
    harness.get_by_label("Label").click();
    settle(&mut harness);
    harness.get_by_label_contains("A new cluster").click();
    settle(&mut harness);
    assert_eq!(listed(&harness)[2], ("2".to_owned(), 30));
    assert!(harness.query_by_label_contains("Cluster 2, 30 points").is_some());
    assert!(harness.query_by_label_contains("learned, edited").is_some(), "it is said that labels are edited");
    press(&mut harness, Key::O);
    assert_eq!(listed(&harness)[2], ("outliers".to_owned(), 30));
    select(&mut harness, 100..110);
    run(&mut harness, UiCommand::GiveBack);
    assert_eq!(listed(&harness)[2], ("outliers".to_owned(), 20));
    (0..3).for_each(|_| press_command(&mut harness, Key::Z));
    assert_eq!(listed(&harness)[2], ("2".to_owned(), 30), "give back, selection, outliers are undone");
    press_command(&mut harness, Key::Z);
    assert_eq!(listed(&harness), before);
    press_command(&mut harness, Key::Z);
    assert!(harness.query_by_label_contains(" selected").is_none(), "the selection is a step too");
    (0..3).for_each(|_| press_command(&mut harness, Key::Y));
    assert_eq!(listed(&harness)[2], ("outliers".to_owned(), 30));
}

#[test]
fn a_cluster_is_named_coloured_merged_and_split_from_its_menu() {
    let (mut harness, _script) = labelled();
    let before = listed(&harness);
    of_cluster(&mut harness, "0", &["Rename"]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("upper".to_owned()));
    press(&mut harness, Key::Enter);
    assert_eq!(listed(&harness)[0].0, "upper");
    let color = |harness: &Window| {
        let app = harness.state();
        let shown = app.run().shown.clone().expect("there is data");
        eigenscope::app::shown::coloring::category_colors(ColorBy::Learned, &shown, true, app.labels())[0]
    };
    let own = color(&harness);
    of_cluster(&mut harness, "upper", &["Colour", "Colour 10"]);
    assert_eq!(color(&harness), eigenscope::output::palette::category(9, true));
    press_command(&mut harness, Key::Z);
    assert_eq!(color(&harness), own);
    of_cluster(&mut harness, "upper", &["Split in two"]);
    until_drawn(&mut harness, "the split", |h| listed(h).len() == 3);
    let split = listed(&harness);
    assert_eq!((split.len(), split[0].1 + split[2].1), (3, before[0].1));
    assert!(split[2].1 >= 10, "{split:?}");
    let marked = harness.state().labels().document().layer(eigenscope::project::Side::Learned).marks().clone();
    assert!(marked.runs().iter().all(|run| run.mark.word() == "split"), "nobody assigned a row: {marked:?}");
    press(&mut harness, Key::V);
    assert!(harness.query_by_label_contains("Review 1 of 600").is_some(), "nobody has looked at its rows");
    press(&mut harness, Key::Escape);
    of_cluster(&mut harness, "2", &["Merge into", "1 ·"]);
    assert_eq!(listed(&harness).len(), 2);
    assert_eq!(counts(&harness), [split[0].1, split[1].1 + split[2].1]);
    (0..3).for_each(|_| press_command(&mut harness, Key::Z));
    assert_eq!(listed(&harness), before, "to where there was no name");
}

#[test]
fn the_list_of_steps_goes_back_and_forth() {
    let (mut harness, _script) = labelled();
    select(&mut harness, 0..20);
    press(&mut harness, Key::G);
    press(&mut harness, Key::A);
    harness.get_by_label("History").click();
    settle(&mut harness);
    assert!(harness.query_by_label("Accept 20 points").is_some());
    harness.get_by_label("Make 20 points cluster 2").click();
    settle(&mut harness);
    assert_eq!(listed(&harness).len(), 2, "it and what came after it are taken back");
    harness.get_by_label("History").click();
    settle(&mut harness);
    harness.get_by_label("Accept 20 points").click();
    settle(&mut harness);
    assert_eq!(listed(&harness).len(), 3, "and made again");
}

#[test]
fn edits_follow_their_samples_through_another_training() {
    let (mut harness, script) = labelled();
    select(&mut harness, 300..340);
    press(&mut harness, Key::G);
    let edited = listed(&harness);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.1);
    settle(&mut harness);
    assert_eq!(listed(&harness)[2], edited[2], "in the midst of it");
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(listed(&harness), edited);
}

#[test]
fn by_keyboard_alone_the_least_clear_points_are_reviewed() {
    let (mut harness, _script) = labelled();
    press(&mut harness, Key::V);
    assert!(harness.query_by_label_contains("Review 1 of 600").is_some());
    assert!(harness.query_by_label("Unpin").is_some(), "the card of the point at hand is shown");
    let marks = |harness: &Window| harness.state().labels().count().1;
    press(&mut harness, Key::Num1);
    assert!(harness.query_by_label_contains("Review 2 of 600").is_some(), "it goes on by itself");
    assert_eq!(marks(&harness), 1);
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::O);
    assert_eq!(marks(&harness), 3);
    assert!(harness.query_by_label_contains("Review 5 of 600").is_some());
    press(&mut harness, Key::ArrowLeft);
    assert!(harness.query_by_label_contains("Review 4 of 600: in outliers").is_some());
    press_command(&mut harness, Key::Z);
    assert_eq!(marks(&harness), 2, "undo works in the midst of it");
    harness.check_accessibility();
    for (key, name) in [(Key::Num0, "0"), (Key::Num1, "1")] {
        press(&mut harness, key);
        press(&mut harness, Key::ArrowLeft);
        let words = format!("in cluster {name}");
        assert!(harness.query_by_label_contains(&words).is_some(), "a digit is the number that is shown: {name}");
        press_command(&mut harness, Key::Z);
    }
    assert_eq!(marks(&harness), 2, "undone");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label_contains("Review 4").is_none());
    press(&mut harness, Key::V);
    assert!(harness.query_by_label_contains("Review 1 of 598").is_some(), "what was said is not asked again");
}

#[test]
fn a_review_begins_and_ends_by_the_mouse_where_the_clusters_are_listed() {
    let (mut harness, _script) = labelled();
    let button = || By::new().label(UiCommand::Review.text()).role(Role::Button);
    harness.get(button()).click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Review 1 of 600").is_some());
    harness.get_by_label("Next").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Review 2 of 600").is_some());
    harness.get(button()).click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Review 2 of").is_none());
}

/// In the usual window, a small one, the smallest, and one smaller yet.
#[test]
fn neither_card_nor_strip_of_a_review_lies_over_points_that_it_asks_about_or_tools() {
    let sizes = [[1440.0, 900.0], [1280.0, 800.0], [1100.0, 700.0], [900.0, 600.0]];
    for (set, size) in ["moons", "digits"].into_iter().flat_map(|set| sizes.map(|size| (set, size))) {
        let (mut harness, _script) = super::trained(set, size);
        press(&mut harness, Key::V);
        for at in 1..=12 {
            harness.run_steps(3);
            let words = format!("Review {at} of");
            let strip = harness.get_by_label_contains(&words).rect();
            let (card, places) = harness.state().pinned_card().expect("the card of the point at hand");
            assert!(!places.is_empty() && places.iter().all(|place| !card.expand(8.0).contains(*place)), "{set} {at}");
            assert!(places.iter().all(|place| place.y < strip.top()), "{set} {at}");
            let off = card.bottom() <= strip.top() || card.top() >= strip.bottom();
            assert!(off, "{set} {at} at {size:?}: {card:?} lies on the strip, {strip:?}");
            let under = |role: Role| harness.query_all(By::new().role(role)).any(|node| card.intersects(node.rect()));
            assert!(
                ![Role::ComboBox, Role::CheckBox].into_iter().any(under),
                "{set} at {size:?}: {card:?} lies on a tool"
            );
            press(&mut harness, Key::ArrowRight);
        }
        press(&mut harness, Key::Escape);
    }
}

#[test]
fn a_review_has_its_keys_with_the_keyboard_in_the_list_of_clusters() {
    let (mut harness, _script) = labelled();
    let (name, count) = listed(&harness)[0].clone();
    harness.get_by_label(&format!("Cluster {name}, {count} points")).focus();
    settle(&mut harness);
    press(&mut harness, Key::V);
    assert!(harness.query_by_label_contains("Review 1 of 600").is_some());
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowRight);
    assert!(harness.query_by_label_contains("Review 3 of 600").is_some());
    press(&mut harness, Key::ArrowLeft);
    assert!(harness.query_by_label_contains("Review 2 of 600").is_some());
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::O);
    assert!(harness.query_by_label_contains("Review 4 of 600").is_some());
    assert_eq!(harness.state().labels().count().1, 2);
    assert_eq!(harness.state().selection().count(), 0, "the row was not clicked");
}

#[test]
fn settings_and_labels_are_undone_in_the_order_they_were_made() {
    let (mut harness, _script) = labelled();
    super::type_number(&mut harness, "Neighbours", "22");
    select(&mut harness, 0..5);
    press(&mut harness, Key::G);
    let set = |harness: &Window| harness.state().job().recipe.neighbors.set();
    press_command(&mut harness, Key::Z);
    assert_eq!((set(&harness), listed(&harness).len()), (Some(22), 2));
    press_command(&mut harness, Key::Z); // The selection.
    press_command(&mut harness, Key::Z); // 22, which was typed over the number that auto had taken.
    assert_eq!(set(&harness), Some(15));
    press_command(&mut harness, Key::Z);
    assert_eq!(set(&harness), None);
}

#[test]
fn a_selection_is_inverted_and_neighbours_of_a_point_are_selected() {
    let (mut harness, _script) = labelled();
    select(&mut harness, 0..100);
    press(&mut harness, Key::I);
    assert!(harness.query_by_label("500 selected").is_some());
    press(&mut harness, Key::Escape);
    assert!(!harness.state().can(UiCommand::Neighbours), "no point is at hand");
    press(&mut harness, Key::V); // Its card is that of a point.
    run(&mut harness, UiCommand::Neighbours);
    let count = harness.state().selection().count();
    assert!((11..100).contains(&count), "ten neighbours or more, and itself: {count:?}");
}

#[test]
fn labels_that_were_given_are_known_to_the_next_training() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("known.csv");
    let (mut harness, script) = labelled();
    assert!(!harness.state().can(UiCommand::Teach), "nothing was said yet");
    select(&mut harness, 10..14);
    run(&mut harness, UiCommand::Accept);
    select(&mut harness, 400..403);
    run(&mut harness, UiCommand::AssignNew);
    select(&mut harness, 500..503);
    run(&mut harness, UiCommand::Outliers);
    assert!(harness.state().can(UiCommand::Teach));
    let shown = harness.state().run().shown.clone().expect("there is data");
    let row = |sample: usize| shown.data.rows[sample].to_string();
    answer(&mut harness, Purpose::Teach, &path);
    let known = std::fs::read_to_string(&path).expect("it is written");
    let places: Vec<&str> = known.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let mut wanted: Vec<String> = (10..14).chain(400..403).map(row).collect();
    wanted.sort_by_key(|row| row.parse::<usize>().expect("a number"));
    assert_eq!(places, wanted, "rows of the source, outliers not among them");
    assert_eq!(harness.state().job().recipe.known_labels.as_ref(), Some(&path));
    assert!(harness.query_by_label_contains("it is semi-supervised").is_some());
    press(&mut harness, Key::Space);
    assert_eq!(super::last_start(&script).known_labels.as_ref(), Some(&path));
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().job().recipe.known_labels, None, "a step takes it back");
}
