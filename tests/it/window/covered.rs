//! What lies over what, and what has no room: tips under sheets, names over points, lines that a narrow window cuts.

use eframe::egui::{self, Key, Pos2, Rect, Shape};
use egui_kittest::kittest::{By, Queryable as _};

use super::{Window, press, press_command, settle, stopped, trained};

/// Whether something with these words is drawn.
fn says(harness: &Window, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

/// The texts that are cut for want of room, with their places.
fn cut(harness: &Window) -> Vec<(Rect, String)> {
    let texts = harness.output().shapes.iter().filter_map(|drawn| match &drawn.shape {
        Shape::Text(text) if text.galley.elided => Some((text.visual_bounding_rect(), text.galley.text().to_owned())),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_tip_goes_when_a_key_opens_a_sheet_and_comes_again_where_the_pointer_points() {
    let (mut harness, _script) = trained("moons", [1280.0, 800.0]);
    let tip = "Drop the results and show the data alone";
    harness.hover_at(harness.get_by_label("Reset").rect().center());
    harness.run_steps(90);
    assert!(says(&harness, tip), "the pointer rests on the button");
    for key in [Key::E, Key::H, Key::T, Key::K] {
        press_command(&mut harness, key);
        harness.run_steps(90);
        assert!(!says(&harness, tip), "{key:?} has opened something over it");
        press(&mut harness, Key::Escape);
        harness.run_steps(90);
        assert!(says(&harness, tip), "{key:?}: it is closed, and the pointer rests there");
    }
    press_command(&mut harness, Key::E);
    let button = harness.get_by_label("Stop and keep").rect().center();
    harness.hover_at(button);
    harness.run_steps(90);
    assert!(says(&harness, "End training now"), "what the pointer comes to has its tip");
}

#[test]
fn the_card_of_the_point_under_the_pointer_goes_when_a_key_opens_a_sheet() {
    let (mut harness, _script) = trained("moons", [1280.0, 800.0]);
    press(&mut harness, Key::V);
    harness.run_steps(4);
    let (_, places) = harness.state().pinned_card().expect("the card of the point at hand");
    let at: Pos2 = places[0];
    press(&mut harness, Key::ArrowRight);
    harness.hover_at(at);
    harness.run_steps(8);
    let of_sample = |words: String| words.strip_prefix("sample ").is_some_and(|n| n.parse::<usize>().is_ok());
    let label = egui::accesskit::Role::Label;
    let head = || By::new().role(label).predicate(move |n| n.value().or_else(|| n.label()).is_some_and(of_sample));
    let cards = |harness: &Window| harness.query_all(head()).count();
    assert_eq!(cards(&harness), 2, "that of the point at hand and that under the pointer");
    press_command(&mut harness, Key::E);
    harness.run_steps(8);
    assert_eq!(cards(&harness), 0, "the sheet lies over them");
}

/// As wide as a small screen, and as narrow as the window gets.
#[test]
fn no_line_of_a_narrow_window_is_cut_in_its_middle() {
    for size in [[1280.0, 800.0], [1100.0, 700.0]] {
        for (name, begin) in [("trained", trained as fn(&str, [f32; 2]) -> _), ("stopped", stopped)] {
            let (mut harness, _script) = begin("moons", size);
            settle(&mut harness);
            let bar = harness.get_by_label("Stop and keep").rect().bottom() + 60.0;
            let lines: Vec<_> = cut(&harness).into_iter().filter(|(at, _)| at.top() < bar).collect();
            assert!(lines.is_empty(), "{name} at {size:?}: {lines:?}");
            assert!(says(&harness, "Drag moves or turns"), "{name} at {size:?}");
            assert!(says(&harness, "F6 next part"), "a screen reader is told all of it: {name} at {size:?}");
        }
    }
}
