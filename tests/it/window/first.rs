//! The first look: the stored example, the settings that are always in sight, the legend that can be clicked, views and cards alone.

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::SMALLEST;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::kit::standing::Standing;
use eigenscope::app::shown::run::Phase;
use eigenscope::pipeline::{Command, example};
use eigenscope::project::Remembered;
use eigenscope::recipe::Auto;

use super::{Window, press, press_command, settle, type_number, window};

const SIZE: [f32; 2] = [1440.0, 900.0];

fn trained() -> Window {
    let (mut harness, script) = window("moons", SIZE);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    harness
}

fn click(harness: &mut Window, label: &str) {
    harness.get_by_label(label).click();
    settle(harness);
}

#[test]
fn the_window_opens_on_a_stored_example_and_says_so_until_one_trains() {
    let (mut harness, script) = window("moons", SIZE);
    let (job, stored) = example().expect("the program has an example");
    harness.state_mut().show_example(job.clone(), stored);
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Show(of)) if of.0 == job));
    assert_eq!((harness.state().run().phase, harness.state().picture_stands()), (Phase::Finished, Standing::Stored));
    assert!(harness.query_by_label_contains("A stored example").is_some());
    assert!(harness.query_by_label_contains("Progress: Stored example").is_some());
    assert!(harness.query_by_label("example").is_some(), "and beside the view's title");
    assert!(harness.state().runs().all().is_empty(), "it is no run of this window");
    harness.check_accessibility();
    type_number(&mut harness, "Neighbours", "22");
    assert!(!harness.state().shows_example() && harness.query_by_label_contains("A stored example").is_none());
    assert!(harness.query_by_label_contains("Progress: Stored example").is_some(), "nothing was finished here");
    // The number was taken over from the program, then changed.
    press_command(&mut harness, Key::Z);
    press_command(&mut harness, Key::Z);
    assert!(harness.state().shows_example(), "as it was");
    click(&mut harness, "Train it here");
    assert!(matches!(script.borrow().commands.last(), Some(Command::Start(of)) if **of == job));
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().picture_stands(), Standing::Finished);
    assert_eq!(harness.state().runs().all().len(), 1);
}

#[test]
fn an_example_that_cannot_be_shown_leaves_the_data() {
    let (mut harness, script) = window("moons", SIZE);
    script.borrow_mut().fail_with = Some("the stored training is of other samples".to_owned());
    let (job, stored) = example().expect("the program has an example");
    harness.state_mut().show_example(job, stored);
    settle(&mut harness);
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Open(_))));
    assert_eq!((harness.state().run().phase, harness.state().run().error.clone()), (Phase::Ready, None));
}

#[test]
fn essential_settings_are_in_sight_and_the_rest_is_found_by_typing() {
    let (mut harness, _script) = window("moons", SIZE);
    harness.state_mut().show_all_settings(false);
    harness.run_steps(20);
    for label in ["Samples", "Noise", "Clusters", "Neighbours", "Scale", "Represent", "Hidden layers", "Batch", "Seed"]
    {
        assert!(harness.query_all_by_label(label).next().is_some(), "{label} is in sight");
    }
    assert!(harness.query_by_label("Patience").is_none(), "one fold away");
    let find = || By::new().label("Find").role(eframe::egui::accesskit::Role::TextInput);
    harness.get(find()).focus();
    settle(&mut harness);
    harness.event(eframe::egui::Event::Text("patience".to_owned()));
    settle(&mut harness);
    assert!(harness.query_all_by_label("Patience").next().is_some(), "found");
    assert!(harness.query_by_label("Guards").is_none(), "and no other");
    click(&mut harness, "Clear the search");
    assert!(harness.query_by_label("Patience").is_none());
    harness.get_by_label_contains("All settings").click();
    harness.run_steps(30);
    assert!(harness.query_all_by_label("Patience").next().is_some());
    harness.check_accessibility();
}

#[test]
fn the_palette_goes_to_a_setting_that_is_folded_away() {
    let (mut harness, _script) = window("moons", SIZE);
    harness.state_mut().show_all_settings(false);
    harness.run_steps(20);
    press_command(&mut harness, Key::K);
    harness.event(eframe::egui::Event::Text("patience".to_owned()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    harness.run_steps(40);
    let control = harness.get(By::new().label("Patience").role(eframe::egui::accesskit::Role::SpinButton));
    assert!(control.is_focused());
}

#[test]
fn a_slider_turns_the_number_above_it() {
    let (mut harness, _script) = window("moons", SIZE);
    let rail = harness.get_by_label("Neighbours, slider").rect();
    for (share, least, most) in [(0.98, 80, 100), (0.02, 2, 4)] {
        let at = eframe::egui::pos2(rail.left() + share * rail.width(), rail.center().y);
        harness.hover_at(at);
        harness.drag_at(at);
        harness.drop_at(at);
        settle(&mut harness);
        let Auto::Set(now) = harness.state().job().recipe.neighbors else { panic!("it is set") };
        assert!((least..=most).contains(&now), "{now} at {share}");
    }
}

#[test]
fn a_click_on_the_legend_selects_and_a_double_click_isolates() {
    let mut harness = trained();
    let entry = |harness: &Window| harness.query_all_by_label_contains("Legend ").next().expect("an entry").rect();
    let at = entry(&harness).center();
    let click_at = |harness: &mut Window| {
        harness.hover_at(at);
        harness.drag_at(at);
        harness.drop_at(at);
        harness.step();
    };
    // A step of the harness is a quarter of a second: two clicks are one double click all the same, and no earlier one makes it three.
    harness.ctx.options_mut(|o| o.input_options.max_double_click_delay = 4.0);
    harness.run_steps(60);
    click_at(&mut harness);
    settle(&mut harness);
    let selected = harness.state().selection().count();
    assert!(selected > 100 && selected < 600, "{selected}");
    click_at(&mut harness);
    settle(&mut harness);
    assert_eq!(harness.state().selection().count(), 0);
    let alone = harness
        .query_all_by_label_contains("Legend ")
        .filter(|n| n.accesskit_node().toggled() == Some(eframe::egui::accesskit::Toggled::True));
    assert_eq!(alone.count(), 1, "one is shown alone");
    harness.check_accessibility();
}

/// Neither at the usual width nor in the narrowest window.
#[test]
fn the_legend_has_the_same_names_in_the_same_places_while_points_are_selected() {
    for size in [SIZE, SMALLEST] {
        let (mut harness, _script) = super::trained("digits", size);
        let entries = |harness: &Window| -> Vec<eframe::egui::Rect> {
            harness.query_all_by_label_contains("Legend ").map(|entry| entry.rect()).collect()
        };
        let before = entries(&harness);
        assert!(before.len() > 4 && before.iter().all(|entry| entry.width() > 16.0), "{size:?}: {before:?}");
        harness.state_mut().select(0..600);
        settle(&mut harness);
        assert!(harness.query_by_label("600 selected").is_some());
        assert_eq!(entries(&harness), before, "{size:?}");
    }
}

#[test]
fn one_view_or_card_has_the_place_of_all_and_gives_it_back() {
    let mut harness = trained();
    let views = |harness: &Window| harness.query_all_by_label_contains(": 600 points").count();
    let before = harness.get_by_label_contains("Exact eigenspace: 600").rect();
    assert_eq!(views(&harness), 3);
    harness.state_mut().execute(&eframe::egui::Context::default(), UiCommand::Maximise);
    settle(&mut harness);
    assert_eq!(views(&harness), 1);
    assert!(harness.query_by_label_contains("Loss over steps").is_none(), "the cards make room");
    harness.check_accessibility();
    press(&mut harness, Key::X);
    assert_eq!(views(&harness), 3);
    assert_eq!(harness.get_by_label_contains("Exact eigenspace: 600").rect(), before);
    let card = harness.get_by_label_contains("Loss over steps").rect();
    harness.hover_at(card.center());
    settle(&mut harness);
    press(&mut harness, Key::X);
    let alone = harness.get_by_label_contains("Loss over steps").rect();
    assert!(alone.width() > 2.0 * card.width(), "{alone:?}");
    assert_eq!(views(&harness), 0);
    press(&mut harness, Key::X);
    assert_eq!((views(&harness), harness.get_by_label_contains("Loss over steps").rect()), (3, card));
}

#[test]
fn where_the_parts_stand_is_remembered() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, _script) = window("moons", SIZE);
    harness.state_mut().remember_in(&eframe::egui::Context::default(), folder.path().to_owned());
    harness.state_mut().show_all_settings(true);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::B);
    settle(&mut harness);
    press(&mut harness, Key::Y);
    let layout = Remembered::read(folder.path()).0.layout;
    assert!(!layout.settings && layout.all_settings && layout.nameless, "{layout:?}");
    drop(harness);
    let (mut harness, _script) = window("moons", SIZE);
    harness.state_mut().remember_in(&eframe::egui::Context::default(), folder.path().to_owned());
    settle(&mut harness);
    assert!(harness.query_by_label("Essentials").is_none(), "the settings are put away");
    assert_eq!(Remembered::read(folder.path()).0.layout, layout);
}
