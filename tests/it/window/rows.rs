//! The table of rows, queries, and what sets a selection apart, through the window's own controls and keys.

use std::cell::RefCell;
use std::rc::Rc;

use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::kit::commands::UiCommand;

use super::labelling::{labelled, listed, run, select};
use super::{Script, Window, press, press_command, settle, window};
use crate::support::waiting::until_drawn;

fn selected(harness: &Window) -> Vec<u32> {
    harness.state().selection().iter().collect()
}

fn type_text(harness: &mut Window, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    settle(harness);
}

/// The value of a feature of the sample in the first row that is drawn.
fn first_row(harness: &Window) -> usize {
    let is_row = |node: &egui_kittest::kittest::AccessKitNode<'_>| node.role() == egui::accesskit::Role::Row;
    let node = harness.query_all(By::new().predicate(is_row)).next().expect("there are rows");
    let label = node.accesskit_node().label().expect("a row is spoken");
    let number = label.trim_start_matches("Row ").split(',').next().expect("its number");
    let place = number.parse::<usize>().expect("a number") - 1;
    let rows = &harness.state().run().shown.as_ref().expect("data").data.rows;
    rows.iter().position(|&row| row == place).expect("a row of the source that was kept")
}

/// The number of a sample's row in its source, from 1 on: some were left out.
fn number(harness: &Window, sample: usize) -> usize {
    harness.state().run().shown.as_ref().expect("data").data.rows[sample] + 1
}

fn row(harness: &Window, sample: usize) -> String {
    format!("Row {},", number(harness, sample))
}

fn moons() -> (Window, Rc<RefCell<Script>>) {
    labelled()
}

#[test]
fn a_click_on_a_row_selects_its_point_and_the_key_leads_back_to_the_row() {
    let (mut harness, _script) = moons();
    press(&mut harness, Key::D);
    assert!(harness.query_by_label_contains("Rows: 600").is_some());
    let (third, fifth, last) = (row(&harness, 2), row(&harness, 4), row(&harness, 555));
    harness.get_by_label_contains(&third).click();
    settle(&mut harness);
    assert_eq!(selected(&harness), [2]);
    harness.get_by_label_contains(&fifth).click_modifiers(Modifiers::COMMAND);
    settle(&mut harness);
    assert_eq!(selected(&harness), [2, 4]);
    select(&mut harness, [555]);
    press(&mut harness, Key::J);
    settle(&mut harness);
    assert_eq!(harness.state().rows().cursor(), Some(555));
    assert!(harness.query_by_label_contains(&last).is_some(), "it is in sight");
    harness.check_accessibility();
    press_command(&mut harness, Key::Z);
    assert_eq!(selected(&harness), [2, 4], "what was selected by the table is a step");
}

#[test]
fn by_keyboard_alone_rows_are_gone_through_selected_and_labelled() {
    let (mut harness, _script) = moons();
    press(&mut harness, Key::D);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    assert_eq!(selected(&harness), [1]);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Space);
    assert_eq!(selected(&harness), [1, 2], "Space adds");
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    settle(&mut harness);
    assert_eq!(selected(&harness), [1, 2, 3], "Shift takes what it passes along");
    press(&mut harness, Key::End);
    assert_eq!(harness.state().rows().cursor(), Some(599));
    press(&mut harness, Key::PageUp);
    assert!(harness.state().rows().cursor().is_some_and(|row| (500..599).contains(&row)));
    press(&mut harness, Key::Home);
    press(&mut harness, Key::G);
    assert_eq!(listed(&harness)[2], ("2".to_owned(), 3), "the selected rows are a cluster of their own");
    assert!(harness.query_all_by_label_contains("edited assigned").next().is_some(), "and the rows say so");
}

#[test]
fn a_head_sorts_the_search_finds_and_the_list_keeps_to_the_selection() {
    let (mut harness, _script) = moons();
    press(&mut harness, Key::D);
    let x =
        |harness: &Window, row: usize| harness.state().run().shown.as_ref().expect("data").data.features.row(row)[0];
    harness.get_by_label("Sort by x").click();
    settle(&mut harness);
    let first = first_row(&harness);
    assert!((0..600).all(|row| x(&harness, row) >= x(&harness, first)));
    harness.get_by_label("Sort by x, sorted upwards").click();
    settle(&mut harness);
    let first = first_row(&harness);
    assert!((0..600).all(|row| x(&harness, row) <= x(&harness, first)));
    harness.get_by_label("Sort by x, sorted downwards").click();
    settle(&mut harness);
    assert_eq!(first_row(&harness), 0, "a third click sorts no more");
    select(&mut harness, [7, 300]);
    harness.get_by_label("Rows shown").click();
    settle(&mut harness);
    harness.get_by_label("Selection · 2").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Rows: 2").is_some());
    let one = row(&harness, 300);
    harness.get_by_label_contains(&one).click();
    settle(&mut harness);
    assert_eq!(selected(&harness), [7, 300], "a row of the selection does not take the others out");
    select(&mut harness, [9]);
    assert!(harness.query_by_label_contains("Rows: 1").is_some(), "the list follows the selection");
}

#[test]
fn a_query_selects_adds_takes_out_and_is_undone() {
    let (mut harness, _script) = moons();
    let expected = |harness: &Window, is: &dyn Fn(&[f64]) -> bool| {
        let data = &harness.state().run().shown.as_ref().expect("data").data;
        (0..600_u32).filter(|&i| is(&data.features.row(i as usize))).collect::<Vec<_>>()
    };
    press(&mut harness, Key::Q);
    type_text(&mut harness, "x > 0.5 and not y > 0");
    press(&mut harness, Key::Enter);
    let first = expected(&harness, &|row| row[0] > 0.5 && row[1] <= 0.0);
    assert!(!first.is_empty());
    assert_eq!(selected(&harness), first);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    type_text(&mut harness, "y > 0 and clustr = 1");
    assert!(harness.query_by_label_contains("At letter 11: there is no column `clustr`").is_some());
    harness.get_by_label("Use cluster").click();
    settle(&mut harness);
    harness.get_by_label("Add: the rows of the query").click();
    settle(&mut harness);
    let clusters = harness.state().run().shown.as_ref().and_then(|s| s.learned.clone()).expect("a result");
    let mut both = expected(&harness, &|row| row[1] > 0.0);
    both.retain(|&i| clusters.clusters.assignment[i as usize] == 1);
    both.extend(&first);
    both.sort_unstable();
    assert!(both.len() > first.len());
    assert_eq!(selected(&harness), both);
    press(&mut harness, Key::Escape);
    press_command(&mut harness, Key::Z);
    assert_eq!(selected(&harness), first);
    press_command(&mut harness, Key::Z);
    assert!(selected(&harness).is_empty());
}

#[test]
fn the_palette_selects_by_what_is_a_query_and_the_query_comes_back_with_up() {
    let (mut harness, _script) = moons();
    press_command(&mut harness, Key::K);
    let (third, ninth) = (number(&harness, 2), number(&harness, 8));
    type_text(&mut harness, &format!("row <= {third}"));
    assert!(harness.query_by_label_contains("Select the rows of this query").is_some());
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    assert_eq!(selected(&harness), [0, 1, 2]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    type_text(&mut harness, &format!("row = {ninth}"));
    press(&mut harness, Key::Enter);
    assert_eq!(selected(&harness), [8]);
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::Enter);
    assert_eq!(selected(&harness), [0, 1, 2]);
    harness.check_accessibility();
}

#[test]
fn a_selection_is_kept_under_a_name_brought_back_and_given_up() {
    let (mut harness, _script) = moons();
    select(&mut harness, 10..20);
    press(&mut harness, Key::Q);
    harness.get(By::new().label("Keep the selection as").role(egui::accesskit::Role::TextInput)).click();
    settle(&mut harness);
    type_text(&mut harness, "odd ones");
    press(&mut harness, Key::Enter);
    assert!(harness.query_by_label("Selection odd ones").is_some());
    select(&mut harness, [1]);
    harness.get_by_label("Selection odd ones").click();
    settle(&mut harness);
    assert_eq!(selected(&harness), (10..20).collect::<Vec<_>>());
    harness.get_by_label("Give up selection odd ones").click();
    settle(&mut harness);
    assert!(harness.state().labels().document().saved().is_empty());
    run(&mut harness, UiCommand::Undo);
    assert_eq!(harness.state().labels().document().saved()[0].name, "odd ones");
}

#[test]
fn what_sets_a_selection_apart_is_told_and_its_name_taken() {
    let (mut harness, _script) = moons();
    let right: Vec<u32> = {
        let data = &harness.state().run().shown.as_ref().expect("data").data;
        (0..600_u32).filter(|&i| data.features.row(i as usize)[0] > 0.8).collect()
    };
    select(&mut harness, right.clone());
    press(&mut harness, Key::W);
    until_drawn(&mut harness, "the portrait", |h| {
        h.state().inside().portrait().is_some_and(|p| p.counts[0] == right.len())
    });
    settle(&mut harness);
    let portrait = harness.state().inside().portrait().expect("it is there").clone();
    assert_eq!(portrait.counts, [right.len(), 600 - right.len()]);
    assert!(portrait.traits[0].effect > 1.0 && portrait.traits[0].column == 0, "x is large there");
    assert!(harness.query_all_by_label_contains("x, ").next().is_some());
    harness.check_accessibility();
    harness.get_by_label("Call it high x").click();
    settle(&mut harness);
    assert_eq!(listed(&harness)[2], ("high x".to_owned(), right.len()));
    press_command(&mut harness, Key::Z);
    assert_eq!(listed(&harness).len(), 2);
    let typical = portrait.members.typical[0];
    harness.get_by_label(&format!("Typical: row {}", number(&harness, typical as usize))).click();
    settle(&mut harness);
    assert_eq!(harness.state().rows().cursor(), Some(typical as usize), "a click goes to its row");
}

#[test]
fn pictures_have_thumbnails_and_what_is_not_there_yet_is_said() {
    let (mut harness, _script) = window("digits", [1440.0, 900.0]);
    press(&mut harness, Key::D);
    assert!(harness.query_by_label_contains("Rows: 600").is_some());
    press(&mut harness, Key::Q);
    type_text(&mut harness, "confidence < 0.2");
    assert!(harness.query_by_label_contains("`confidence` is known once a solver is through").is_some());
    press(&mut harness, Key::Escape);
    press(&mut harness, Key::W);
    assert!(harness.query_by_label_contains("Select points or train").is_some());
    select(&mut harness, 0..50);
    until_drawn(&mut harness, "the portrait", |h| h.state().inside().portrait().is_some());
    settle(&mut harness);
    assert!(harness.query_by_label("Mean picture of it").is_some());
    harness.check_accessibility();
}
