//! The whole window by the keyboard: every sheet and panel is gone through and left again, one sees where one is, Esc closes what lies on
//! top and nothing else, and a review with its export is counted key by key.

use std::collections::BTreeSet;

use eframe::egui::{self, Key, Modifiers, Rect};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::coloring::ColorBy;

use super::labelling::{run, select};
use super::{SHEETS, Window, press, press_command, settle, trained};
use crate::support::waiting::until_drawn;

/// What has the keyboard: its name and where it is.
fn focused(harness: &Window) -> Option<(String, Rect)> {
    fn has_it(node: &egui_kittest::kittest::AccessKitNode<'_>) -> bool {
        node.is_focused()
    }
    let node = harness.query_all(By::new().predicate(has_it)).find(|node| node.accesskit_node().parent().is_some())?;
    let at = node.rect();
    Some((node.accesskit_node().label().unwrap_or_default(), at))
}

/// Goes around by Tab until it is where it was; everything that had the keyboard on the way.
fn around(harness: &mut Window, state: &str, size: [f32; 2]) -> Vec<String> {
    const MOST: usize = 400;
    let room = Rect::from_min_size(egui::Pos2::ZERO, size.into());
    let mut way: Vec<(String, Rect)> = Vec::new();
    for step in 0..MOST {
        press(harness, Key::Tab);
        let (name, at) =
            focused(harness).unwrap_or_else(|| panic!("{state}: nothing has the keyboard after {step} stops"));
        assert!(room.intersects(at), "{state}: {name} has the keyboard at {at:?}, which no one sees");
        // Places move as lists scroll; a name alone may be there twice.
        if let Some((first, _)) = way.first()
            && *first == name
            && way.len() > 2
        {
            return way.into_iter().map(|(name, _)| name).collect();
        }
        if let Some((before, was)) = way.last() {
            assert!(*before != name || was.center().distance(at.center()) > 1.0, "{state}: Tab stays at {name}");
        }
        way.push((name, at));
    }
    panic!("{state}: {MOST} stops and no end: {:?}", &way[way.len() - 8..]);
}

#[test]
fn a_cluster_is_merged_by_keys_alone_and_the_keyboard_is_on_the_list_again() {
    let (mut harness, _script) = trained("moons", [1440.0, 900.0]);
    run(&mut harness, UiCommand::ToggleSettings);
    for key in [Key::U, Key::ArrowRight, Key::Enter] {
        press(&mut harness, key);
    }
    assert!(harness.query_by_label_contains("Split in two").is_some(), "the menu of the first cluster is open");
    // Rename, Colour, Merge into; its first entry.
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::Enter, Key::ArrowRight, Key::Enter] {
        press(&mut harness, key);
    }
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Split in two").is_none(), "a choice closes the menu");
    let shown = harness.state().run().shown.clone().expect("there is data");
    assert_eq!(harness.state().labels().seen(ColorBy::Learned, &shown).len(), 1);
}

#[test]
fn tab_goes_around_the_window_and_every_sheet_without_a_trap() {
    const SIZE: [f32; 2] = [1440.0, 900.0];
    let (mut harness, _script) = trained("digits", SIZE);
    let main = around(&mut harness, "the window", SIZE);
    let distinct: BTreeSet<&String> = main.iter().collect();
    assert!(distinct.len() > 25, "{main:?}");
    for part in ["Input:", "Learned", "Exact"] {
        assert!(main.iter().any(|name| name.starts_with(part)), "{part} in {main:?}");
    }
    for command in SHEETS {
        select(&mut harness, 0..60);
        run(&mut harness, command);
        harness.run_steps(8);
        let way = around(&mut harness, command.text(), SIZE);
        assert!(way.len() > 5, "{command:?}: {way:?}");
        // And the other way round, from wherever it is.
        let here = focused(&harness);
        harness.key_press_modifiers(Modifiers::SHIFT, Key::Tab);
        settle(&mut harness);
        assert_ne!(focused(&harness), here, "{command:?}: backwards");
        if matches!(command, UiCommand::Rows | UiCommand::Inside) {
            run(&mut harness, command);
        } else {
            press(&mut harness, Key::Escape);
        }
    }
}

#[test]
fn a_sheet_takes_the_keyboard_and_gives_it_back() {
    let (mut harness, _script) = trained("moons", [1440.0, 900.0]);
    press(&mut harness, Key::F6);
    press(&mut harness, Key::F6);
    assert_eq!(focused(&harness).expect("the settings").0, "Data");
    for (key, inside) in [(Key::E, "Write…"), (Key::H, "Runs")] {
        press_command(&mut harness, key);
        harness.run_steps(4);
        assert_eq!(focused(&harness).expect("the sheet").0, inside);
        press(&mut harness, Key::Escape);
        harness.run_steps(4);
        assert_eq!(focused(&harness).map(|f| f.0).as_deref(), Some("Data"), "after {inside}");
    }
}

#[test]
fn esc_closes_what_lies_on_top_and_nothing_else() {
    let (mut harness, _script) = trained("moons", [1440.0, 900.0]);
    select(&mut harness, 0..30);
    let selected = |harness: &Window| harness.query_by_label("30 selected").is_some();
    let open = |harness: &Window, words: &str| harness.query_all_by_label_contains(words).next().is_some();
    let (export, runs, palette, help) = ("with a README", "Side by side", "Switch theme", "Reading the pictures");
    run(&mut harness, UiCommand::Runs);
    run(&mut harness, UiCommand::Export);
    harness.run_steps(4);
    assert!(open(&harness, export) && open(&harness, runs));
    run(&mut harness, UiCommand::Palette);
    assert!(open(&harness, palette));
    press(&mut harness, Key::Escape);
    assert!(!open(&harness, palette) && open(&harness, export), "the palette alone");
    press(&mut harness, Key::F1);
    assert!(open(&harness, help));
    press(&mut harness, Key::Escape);
    assert!(!open(&harness, help) && open(&harness, export), "the help alone");
    harness.get_by_label("Format").click();
    settle(&mut harness);
    let list = |harness: &Window| egui::Popup::is_any_open(&harness.ctx);
    if !list(&harness) {
        harness.get(By::new().label("Format").role(egui::accesskit::Role::ComboBox)).click();
        settle(&mut harness);
    }
    assert!(list(&harness), "a list in the sheet");
    press(&mut harness, Key::Escape);
    assert!(!list(&harness) && open(&harness, export), "the list alone");
    press(&mut harness, Key::Escape);
    assert!(!open(&harness, export) && open(&harness, runs), "the sheet opened last");
    press(&mut harness, Key::Escape);
    assert!(!open(&harness, runs) && selected(&harness));
    for command in [UiCommand::Compare, UiCommand::Query] {
        run(&mut harness, command);
        harness.run_steps(4);
        press(&mut harness, Key::Escape);
        harness.run_steps(2);
        assert!(selected(&harness), "{command:?} was closed, and the selection stays");
    }
    press(&mut harness, Key::Escape);
    assert!(!selected(&harness), "at last the selection");
}

/// A person who presses keys, which are counted.
struct Hands<'a> {
    harness: &'a mut Window,
    keys: usize,
}

impl Hands<'_> {
    fn press(&mut self, key: Key) {
        self.keys += 1;
        press(self.harness, key);
    }

    fn command(&mut self, key: Key) {
        self.keys += 1;
        press_command(self.harness, key);
    }
}

#[test]
fn twenty_rows_are_reviewed_five_corrected_and_exported_with_twenty_five_keys() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, _script) = trained("digits", [1440.0, 900.0]);
    harness.state_mut().type_paths();
    let shown = harness.state().run().shown.clone().expect("a result");
    let said: Vec<u32> = shown.learned.as_ref().expect("it was trained").clusters.assignment.clone();
    let mut hands = Hands { harness: &mut harness, keys: 0 };
    hands.press(Key::V);
    let mut corrected = Vec::new();
    for row in 0..20 {
        let at = hands.harness.state().selection().pinned.expect("a row at hand");
        if row % 4 == 0 {
            // Whatever it is now, it is to be one of the first two labels and another one.
            let digit = if said[at as usize] == 0 { (Key::Num1, 1) } else { (Key::Num0, 0) };
            hands.press(digit.0);
            corrected.push((at, digit.1));
        } else {
            hands.press(Key::Enter);
        }
    }
    hands.press(Key::Escape);
    hands.command(Key::E);
    // The first rows are read by another thread, and without them nothing can be written.
    until_drawn(hands.harness, "the sheet", |h| focused(h).is_some_and(|(name, _)| name == "Write…"));
    hands.press(Key::Enter);
    hands.harness.run_steps(6);
    let keys = hands.keys;
    // The name of the file is the person's; that offered would do with one Enter.
    let path = folder.path().join("labels.csv");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text(path.display().to_string()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    let keys = keys + 1;
    until_drawn(&mut harness, "the word that it is saved", |h| {
        h.query_all_by_label_contains("Saved ").next().is_some()
    });
    println!("{keys} keys: review 1, rows 20, end 1, export 3");
    assert_eq!(keys, 25);
    assert_eq!(corrected.len(), 5);
    let labels = harness.state().labels();
    let (ids, _) = labels.ids(ColorBy::Learned, &shown).expect("labels");
    assert!(corrected.iter().all(|&(row, label)| ids[row as usize] == label && said[row as usize] != label));
    let changed = ids.iter().zip(&said).filter(|(now, then)| now != then).count();
    assert_eq!(changed, 5, "and no other row");
    let text = std::fs::read_to_string(&path).expect("it was written");
    assert_eq!(text.lines().count(), 1 + shown.data.len());
}

/// Keys and letters of one frame.
fn typed_in_one_frame(harness: &mut Window, modifiers: Modifiers, key: Key, letters: &[(Key, &str)]) {
    let event = |key, modifiers| egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    let events = &mut harness.input_mut().events;
    events.push(event(key, modifiers));
    for (key, letter) in letters {
        events.push(event(*key, Modifiers::NONE));
        events.push(egui::Event::Text((*letter).to_owned()));
    }
    harness.run_steps(8);
}

#[test]
fn letters_that_are_typed_before_their_line_is_drawn_go_there_and_run_nothing() {
    let (mut harness, _script) = trained("moons", [1440.0, 900.0]);
    let letters = [(Key::W, "w"), (Key::I, "i"), (Key::D, "d"), (Key::E, "e")];
    typed_in_one_frame(&mut harness, Modifiers::COMMAND, Key::K, &letters);
    let line = By::new().role(egui::accesskit::Role::TextInput).value("wide");
    assert!(harness.query(line).is_some(), "the palette has them");
    assert!(harness.query_by_label_contains("What sets it apart").is_none(), "W opened nothing");
    assert_eq!(harness.state().selection().count(), 0, "I selected nothing");
    assert!(!harness.state().graph_view().edges, "E drew nothing");
}
