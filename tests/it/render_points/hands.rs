//! Pointer, wheel and keys over a view.

use eframe::egui::{Key, Modifiers, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{drag, grid, picture, pixel, place, selected, show};
use crate::support::render::{self, Scene};

#[test]
fn a_lasso_adds_alt_removes_ctrl_is_a_rectangle_and_escape_clears() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    // Around the points (2, 2) to (4, 4), with a corner cut off by a triangle.
    let corner = |harness: &Harness<'static, Scene>, x: f32, y: f32| {
        harness.state().views[0].projection.unwrap().project([x, y, 0.0]).unwrap().0
    };
    let path = [(1.5, 1.5), (4.3, 1.5), (1.5, 4.3)].map(|(x, y)| corner(&harness, x, y));
    drag(&mut harness, &path, Modifiers::SHIFT);
    assert_eq!(selected(&harness), [42, 43, 62]);
    assert!(harness.state().changed);
    assert!(!harness.state().views[0].state.moved(false), "a lasso does not move the picture");

    let path = [(9.5, 9.5), (12.5, 11.5)].map(|(x, y)| corner(&harness, x, y));
    drag(&mut harness, &path, Modifiers::CTRL);
    assert_eq!(selected(&harness), [42, 43, 62, 210, 211, 212, 230, 231, 232]);

    let path = [(1.5, 1.5), (2.5, 1.5), (2.5, 4.5), (1.5, 4.5)].map(|(x, y)| corner(&harness, x, y));
    drag(&mut harness, &path, Modifiers::ALT);
    assert_eq!(selected(&harness), [43, 210, 211, 212, 230, 231, 232]);

    harness.key_press(Key::Escape);
    harness.step();
    assert!(selected(&harness).is_empty());
}

#[test]
fn ctrl_and_shift_take_out_and_the_switch_rules_a_drag_without_keys() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    let around = |harness: &Harness<'static, Scene>, corners: [[f32; 2]; 4]| {
        let projection = harness.state().views[0].projection.unwrap();
        corners.map(|[x, y]| projection.project([x, y, 0.0]).unwrap().0)
    };
    let square = |harness: &Harness<'static, Scene>, low: f32, high: f32| {
        around(harness, [[low, low], [high, low], [high, high], [low, high]])
    };
    harness.state_mut().views[0].state.tool = eigenscope::app::views::scatter::Tool::Lasso;
    let path = square(&harness, 1.5, 4.5);
    drag(&mut harness, &path, Modifiers::NONE);
    assert_eq!(selected(&harness), [42, 43, 44, 62, 63, 64, 82, 83, 84]);
    let path = square(&harness, 1.5, 3.5);
    drag(&mut harness, &path, Modifiers::CTRL | Modifiers::SHIFT);
    assert_eq!(selected(&harness), [44, 64, 82, 83, 84]);
    harness.state_mut().selection.effect = eigenscope::app::views::scatter::Effect::Intersect;
    let path = square(&harness, 2.5, 5.5);
    drag(&mut harness, &path, Modifiers::NONE);
    assert_eq!(selected(&harness), [64, 83, 84]);
    assert!(!harness.state().views[0].state.moved(false), "the tool draws and does not move");
}

#[test]
fn arrow_keys_go_from_point_to_point_in_a_view_that_has_the_keyboard() {
    let Some(mut harness) = show(vec![grid(), grid()]) else { return };
    harness.get_by_label("view 0: 400 points").focus();
    harness.run_steps(2);
    let press = |harness: &mut Harness<'static, Scene>, key| {
        harness.key_press(key);
        harness.run_steps(2);
        harness.state().selection.hovered
    };
    let start = press(&mut harness, Key::ArrowUp).expect("the point in the middle");
    assert_eq!(press(&mut harness, Key::ArrowRight), Some(start + 1));
    assert_eq!(press(&mut harness, Key::ArrowUp), Some(start + 21));
    assert_eq!(press(&mut harness, Key::ArrowLeft), Some(start + 20));
    harness.get_by_label(&format!("view 0: 400 points, at sample {}", start + 21));
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(selected(&harness), [start + 20]);
    press(&mut harness, Key::P);
    assert_eq!(harness.state().selection.pinned, Some(start + 20));
    assert_eq!(press(&mut harness, Key::Escape), None, "the point is left first");
    press(&mut harness, Key::Escape);
    assert_eq!((harness.state().selection.pinned, selected(&harness).len()), (None, 1), "then the card");
    press(&mut harness, Key::Escape);
    assert!(selected(&harness).is_empty(), "then the selection");
}

#[test]
fn a_far_point_stays_outside_until_the_chip_shows_it() {
    let far = |three_d: bool| {
        let mut view = grid();
        let positions = std::sync::Arc::make_mut(&mut view.points.positions);
        (positions[399], view.three_d) = ([900.0, 5.0, 0.0], three_d);
        view
    };
    let Some(mut harness) = show(vec![far(false), far(true), grid()]) else { return };
    let width = |harness: &Harness<'static, Scene>, view| place(harness, view, 19).distance(place(harness, view, 0));
    let fitted = [0, 1].map(|view| width(&harness, view));
    assert!(fitted[0] > 80.0 && fitted[1] > 60.0, "the rest fills both views: {fitted:?}");
    assert!(harness.query_by_label_contains("view 2: 1 point").is_none(), "no chip where nothing is far");
    for view in [0, 1] {
        harness.get_by_label(&format!("view {view}: 1 point outside")).click();
        harness.run_steps(120);
        assert!(width(&harness, view) < fitted[view] / 10.0, "all points are shown");
        harness.get_by_label(&format!("view {view}: 1 far point shown")).click();
        harness.run_steps(120);
        assert!((width(&harness, view) - fitted[view]).abs() < 0.5, "and the rest again");
    }
}

#[test]
fn a_view_does_not_jump_while_a_far_point_moves() {
    let mut view = grid();
    std::sync::Arc::make_mut(&mut view.points.positions)[399] = [900.0, 5.0, 0.0];
    let Some(mut harness) = show(vec![view]) else { return };
    let start = place(&harness, 0, 0);
    for far in [700.0, 1200.0, 80.0, 63.0, 400.0] {
        let points = &mut harness.state_mut().views[0].points;
        std::sync::Arc::make_mut(&mut points.positions)[399][0] = far;
        points.serial += 1;
        harness.run_steps(30);
        assert!(place(&harness, 0, 0).distance(start) < 0.5, "with the far one at {far}");
    }
}

#[test]
fn hovering_finds_the_point_and_every_view_marks_it() {
    let Some(mut harness) = show(vec![grid(), grid()]) else { return };
    let (here, there) = (place(&harness, 0, 105), place(&harness, 1, 105));
    let before = picture(&mut harness);
    harness.hover_at(here + vec2(3.0, -2.0));
    harness.run_steps(2);
    assert_eq!(harness.state().selection.hovered, Some(105));
    let after = picture(&mut harness);
    for center in [here, there] {
        let ring = center + vec2(0.0, 7.0);
        let differs = (-3..=3).any(|dy| {
            let at = ring + vec2(0.0, dy as f32);
            pixel(&before, at) != pixel(&after, at)
        });
        assert!(differs, "the ring around {center:?}");
    }
    harness.hover_at(here + vec2(0.0, 1000.0));
    harness.run_steps(2);
    assert_eq!(harness.state().selection.hovered, None);
}

#[test]
fn the_camera_moves_by_pointer_wheel_and_keys_and_fits_again() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    let start = place(&harness, 0, 210);
    drag(&mut harness, &[pos2(250.0, 200.0), pos2(290.0, 220.0)], Modifiers::NONE);
    let moved = place(&harness, 0, 210) - start;
    assert!((moved - vec2(40.0, 20.0)).length() < 2.0, "{moved:?}");
    assert!(harness.state().views[0].state.moved(false));

    let spread = |harness: &Harness<'static, Scene>| place(harness, 0, 211).x - place(harness, 0, 210).x;
    let before = spread(&harness);
    let under = pos2(200.0, 200.0);
    harness.hover_at(under);
    harness.step();
    harness.event(render::wheel(100.0));
    harness.run_steps(60);
    let zoomed = spread(&harness);
    assert!(zoomed > before * 1.3, "{before} to {zoomed}");

    // The drag gave the view the focus, so the keys are its own.
    harness.key_press(Key::Minus);
    harness.step();
    assert!((spread(&harness) / zoomed - 0.8).abs() < 1e-2);
    let before = place(&harness, 0, 210);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    harness.step();
    assert!((place(&harness, 0, 210) - before + Vec2::new(40.0, 0.0)).length() < 1e-2);
    harness.key_press(Key::F);
    harness.run_steps(120);
    assert!(!harness.state().views[0].state.moved(false));
    assert!((place(&harness, 0, 210) - start).length() < 0.5, "everything is back where it was");
}

#[test]
fn the_view_follows_live_data_until_the_person_moves_it() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    let grow = |harness: &mut Harness<'static, Scene>, by: f32| {
        let points = &mut harness.state_mut().views[0].points;
        points.positions = points.positions.iter().map(|p| p.map(|c| c * by)).collect::<Vec<_>>().into();
        points.serial += 1;
        harness.run_steps(120);
    };
    let start = place(&harness, 0, 399);
    grow(&mut harness, 5.0);
    assert!((place(&harness, 0, 399) - start).length() < 0.5, "refitted");
    drag(&mut harness, &[pos2(250.0, 200.0), pos2(260.0, 200.0)], Modifiers::NONE);
    let held = place(&harness, 0, 399);
    grow(&mut harness, 2.0);
    assert!((place(&harness, 0, 399) - held).length() > 100.0, "the person's view is left alone");
}

#[test]
fn the_widget_has_a_role_a_name_and_takes_the_focus() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    let node = harness.get_by_label("view 0: 400 points");
    assert_eq!(node.accesskit_node().role(), eframe::egui::Role::Canvas);
    node.focus();
    harness.run_steps(2);
    assert!(harness.get_by_label("view 0: 400 points").is_focused());
}
