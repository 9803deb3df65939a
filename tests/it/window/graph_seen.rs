//! The graph in the views and the map over the plane: their switches, keys, and what a screen reader is told.

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::motion::Motion;
use eigenscope::app::shown::plane::Shows;

use super::{Window, press, settle, window};

/// A window on moons with a result.
fn finished() -> Window {
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    harness
}

/// Goes to a point of the input view by the keyboard.
fn go_to_a_point(harness: &mut Window) {
    harness.get_by_label_contains("Input: 600 points").click();
    settle(harness);
    press(harness, Key::ArrowRight);
}

#[test]
fn before_there_is_a_graph_nothing_of_it_can_be_asked_for() {
    let (mut harness, _script) = window("moons", [1440.0, 900.0]);
    for command in [UiCommand::Edges, UiCommand::Heat] {
        assert!(!harness.state().can(command), "{command:?}");
    }
    press(&mut harness, Key::E);
    harness.check_accessibility();
}

#[test]
fn a_point_at_the_keys_says_in_every_view_what_it_is_joined_to() {
    let mut harness = finished();
    go_to_a_point(&mut harness);
    for title in ["Input", "Learned eigenspace", "Exact eigenspace"] {
        let joined = harness
            .query_all_by_label_contains("joined to")
            .any(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with(title)));
        assert!(joined, "{title}");
    }
    harness.check_accessibility();
}

#[test]
fn edges_are_switched_by_their_key_and_from_the_menu() {
    let mut harness = finished();
    press(&mut harness, Key::E);
    assert!(harness.state().graph_view().edges);
    harness.run_steps(4);
    press(&mut harness, Key::E);
    assert!(!harness.state().graph_view().edges);
    harness.get_by_label("Edges").click();
    settle(&mut harness);
    harness.get_by_label("local scale").click();
    settle(&mut harness);
    harness.check_accessibility();
}

#[test]
fn heat_spreads_from_the_point_at_the_keys_and_is_held_moved_and_ended() {
    let mut harness = finished();
    press(&mut harness, Key::H);
    assert!(harness.query_by_label("Heat: click a point").is_some(), "it waits for a point");
    press(&mut harness, Key::H);
    go_to_a_point(&mut harness);
    press(&mut harness, Key::H);
    let moving = &harness.state().graph_view().moving;
    assert!(moving.what == Some(Motion::Heat) && moving.from.is_some());
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    while harness.state().graph_view().moving.at < 2 {
        assert!(std::time::Instant::now() < deadline, "it does not play");
        std::thread::sleep(std::time::Duration::from_millis(5));
        harness.run_steps(1);
    }
    harness.check_accessibility();
    let pause = By::new().label("Pause").role(eframe::egui::accesskit::Role::Button);
    harness.get(pause).click();
    settle(&mut harness);
    assert!(!harness.state().graph_view().moving.playing);
    harness.get_by_label("Close").click();
    settle(&mut harness);
    assert!(harness.state().graph_view().moving.what.is_none());
}

#[test]
fn the_map_is_drawn_and_a_new_point_lands_in_it_by_the_keyboard() {
    let mut harness = finished();
    press(&mut harness, Key::C);
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    // A scripted run has no network: the exact side fills the map where its graph can take new rows in.
    let shown = harness.state().run().shown.clone().expect("a result");
    if shown.neighbors.is_some() {
        while harness.state().map_view().map().is_none() {
            assert!(std::time::Instant::now() < deadline, "no map");
            std::thread::sleep(std::time::Duration::from_millis(5));
            harness.run_steps(1);
        }
        assert!(matches!(harness.state().map_view().map().map(|map| map.shows), Some(Shows::Vector(1))));
    }
    harness.get_by_label("Map").click();
    settle(&mut harness);
    harness.get_by_label("New point in the middle").click();
    while harness.state().map_view().landed().is_none() {
        assert!(std::time::Instant::now() < deadline, "it does not land");
        std::thread::sleep(std::time::Duration::from_millis(5));
        harness.run_steps(1);
    }
    assert!(harness.query_by_label_contains("the samples").is_some(), "how unlike it is");
    harness.check_accessibility();
    // The card grew with what is known of the point, and its corner stays where it is.
    settle(&mut harness);
    harness.get_by_label("Remove").click();
    settle(&mut harness);
    assert!(harness.state().map_view().landed().is_none());
    harness.key_press_modifiers(Modifiers::NONE, Key::C);
    settle(&mut harness);
    assert!(!harness.state().map_view().on);
}
