//! What the scatter plot draws and does, pixel by pixel, on whatever adapter there is (a software one is enough).

mod hands;

use eframe::egui::{Color32, Event, Modifiers, PointerButton, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::gpu;
use eigenscope::app::gpu::{Edge, Edges};
use eigenscope::app::kit::theme;

use crate::support::render::{self, Scene, View, window};

const RED: [u8; 4] = [250, 60, 60, 255];
const GREEN: [u8; 4] = [60, 250, 60, 255];
const BLUE: [u8; 4] = [60, 60, 250, 255];

/// A picture of the window as it stands.
fn picture(harness: &mut Harness<'static, Scene>) -> image::RgbaImage {
    gpu::draw_whole(&harness.ctx);
    harness.step();
    harness.render().unwrap()
}

fn pixel(picture: &image::RgbaImage, at: Pos2) -> [u8; 3] {
    let [r, g, b, _] = picture.get_pixel(at.x as u32, at.y as u32).0;
    [r, g, b]
}

fn near(a: [u8; 3], b: [u8; 3], by: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= by)
}

fn rgb(color: Color32) -> [u8; 3] {
    [color.r(), color.g(), color.b()]
}

/// Where a point of a view stands on the screen.
fn place(harness: &Harness<'static, Scene>, view: usize, index: usize) -> Pos2 {
    let view = &harness.state().views[view];
    view.projection.unwrap().project(view.points.positions[index]).unwrap().0
}

/// 20 × 20 points on a grid; every third is red, green or blue.
fn grid() -> View {
    let at = |i: usize| [(i % 20) as f32, (i / 20) as f32, 0.0];
    View::new((0..400).map(at).collect(), (0..400).map(|i| [RED, GREEN, BLUE][i % 3]).collect())
}

fn show(views: Vec<View>) -> Option<Harness<'static, Scene>> {
    window(views, vec2(500.0, 460.0), true, 1.0)
}

fn press(harness: &mut Harness<'static, Scene>, at: Pos2, pressed: bool, modifiers: Modifiers) {
    harness.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers });
}

/// Drags along a path with modifier keys held.
fn drag(harness: &mut Harness<'static, Scene>, path: &[Pos2], modifiers: Modifiers) {
    harness.event(Event::ModifiersChanged(modifiers));
    harness.hover_at(path[0]);
    press(harness, path[0], true, modifiers);
    for ends in path.windows(2) {
        for step in 1..=8 {
            harness.hover_at(ends[0] + (ends[1] - ends[0]) * (step as f32 / 8.0));
        }
    }
    press(harness, path[path.len() - 1], false, modifiers);
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.step();
}

fn selected(harness: &Harness<'static, Scene>) -> Vec<u32> {
    harness.state().selection.iter().collect()
}

#[test]
fn every_point_stands_at_its_place_in_its_colour() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    let image = picture(&mut harness);
    let colors = [RED, GREEN, BLUE];
    for index in 0..400 {
        let [r, g, b, _] = colors[index % 3];
        let at = place(&harness, 0, index);
        let seen = pixel(&image, at);
        assert!(near(seen, [r, g, b], 20), "point {index} at {at:?} is {seen:?}");
        // Halfway to the next point there is nothing but the plot.
        if index % 20 < 19 && index / 20 < 19 {
            let between = at + (place(&harness, 0, index + 21) - at) * 0.5;
            assert!(near(pixel(&image, between), rgb(theme::DARK.plot), 1), "beside point {index}");
        }
    }
}

#[test]
fn sharp_screens_show_the_same_places() {
    let Some(mut harness) = window(vec![grid()], vec2(500.0, 460.0), false, 2.0) else { return };
    let image = picture(&mut harness);
    assert_eq!(image.dimensions(), (1000, 920));
    for index in [0, 19, 137, 380, 399] {
        let at = place(&harness, 0, index) * 2.0;
        let [r, g, b, _] = [RED, GREEN, BLUE][index % 3];
        assert!(near(pixel(&image, at), [r, g, b], 20), "point {index} is {:?}", pixel(&image, at));
    }
}

#[test]
fn unselected_points_are_dimmed_and_not_hidden() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    harness.state_mut().selection.add((0..400).filter(|i| i % 3 == 0));
    harness.run_steps(2);
    let image = picture(&mut harness);
    let plot = rgb(theme::DARK.plot);
    for index in 0..400 {
        let seen = pixel(&image, place(&harness, 0, index));
        let [r, g, b, _] = [RED, GREEN, BLUE][index % 3];
        if index % 3 == 0 {
            assert!(near(seen, [r, g, b], 45), "selected point {index} is {seen:?}");
        } else {
            let strongest = seen.iter().max().unwrap();
            assert!(*strongest < 140, "point {index} is dimmed: {seen:?}");
            assert!(!near(seen, plot, 12), "point {index} is still there: {seen:?}");
        }
    }
}

#[test]
fn the_order_of_the_points_does_not_change_the_picture() {
    let picture_of = |reverse: bool| {
        let mut noise: Vec<_> =
            render::noise(20_000).into_iter().zip((0..).map(|i| [RED, GREEN, BLUE][i % 3])).collect();
        if reverse {
            noise.reverse();
        }
        let (positions, rgba) = noise.into_iter().unzip();
        show(vec![View::new(positions, rgba)]).map(|mut harness| picture(&mut harness))
    };
    let (Some(a), Some(b)) = (picture_of(false), picture_of(true)) else { return };
    let worst = a.iter().zip(b.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(worst <= 6, "rounding of half floats apart, nothing differs; the worst is {worst}");
}

#[test]
fn denser_places_are_brighter_and_single_points_still_show() {
    let mut positions = render::noise(70_000);
    positions.push([3.0, 3.0, 0.0]);
    let Some(mut harness) = show(vec![View::new(positions, vec![[90, 170, 240, 255]; 70_001])]) else { return };
    let image = picture(&mut harness);
    let projection = harness.state().views[0].projection.unwrap();
    let mean = |x: f32| {
        let center = projection.project([x, 0.0, 0.0]).unwrap().0;
        let window = (-6..=6).flat_map(|dx| (-6..=6).map(move |dy| vec2(dx as f32, dy as f32)));
        window.map(|by| f64::from(pixel(&image, center + by)[2])).sum::<f64>() / 169.0
    };
    let along = [0.0, 0.6, 1.1, 1.5].map(mean);
    assert!(along.windows(2).all(|pair| pair[0] > pair[1] + 8.0), "brightness falls outwards: {along:?}");
    let alone = pixel(&image, place(&harness, 0, 70_000));
    assert!(alone[2] > rgb(theme::DARK.plot)[2] + 40, "the lonely point is {alone:?}");
}

#[test]
fn in_3d_the_nearer_point_wins_whatever_the_order() {
    let toward = |view: &View, by: f32| {
        let d = view.state.toward();
        [d[0] as f32 * by, d[1] as f32 * by, d[2] as f32 * by]
    };
    for near_first in [false, true] {
        let mut view = View::new(vec![], vec![]);
        view.three_d = true;
        view.state.equal_aspect = true;
        let (front, back) = (toward(&view, 0.5), toward(&view, -0.5));
        let mut points = vec![(front, GREEN), (back, RED)];
        if !near_first {
            points.reverse();
        }
        points.extend([-1.0, 1.0].map(|c| ([c, c, c], BLUE)));
        let (positions, rgba): (Vec<_>, Vec<_>) = points.into_iter().unzip();
        let three_d = View { three_d: true, state: view.state, ..View::new(positions, rgba) };
        let Some(mut harness) = show(vec![three_d]) else { return };
        let image = picture(&mut harness);
        let seen = pixel(&image, place(&harness, 0, 0));
        assert!(near(seen, [60, 250, 60], 40), "the green point is in front: {seen:?}");
    }
}

#[test]
fn points_are_uploaded_when_the_serial_changes_and_only_then() {
    let Some(mut harness) = show(vec![grid()]) else { return };
    let before = picture(&mut harness);
    harness.state_mut().views[0].colors.rgba = vec![GREEN; 400].into();
    harness.run_steps(2);
    assert!(picture(&mut harness) == before, "the same serial means the same colours");
    harness.state_mut().views[0].colors.serial += 1;
    harness.run_steps(2);
    let image = picture(&mut harness);
    assert!(near(pixel(&image, place(&harness, 0, 0)), [60, 250, 60], 20));
}

#[test]
fn what_is_not_a_number_is_not_drawn_and_nothing_is_fine() {
    let mut view = grid();
    let positions = std::sync::Arc::make_mut(&mut view.points.positions);
    positions[210] = [f32::NAN, 10.0, 0.0];
    positions[211] = [11.0, f32::INFINITY, 0.0];
    let Some(mut harness) = show(vec![view, View::new(vec![], vec![]), View::new(vec![[2.0; 3]], vec![])]) else {
        return;
    };
    let image = picture(&mut harness);
    let gap = harness.state().views[0].projection.unwrap().project([10.0, 10.0, 0.0]).unwrap().0;
    assert!(near(pixel(&image, gap), rgb(theme::DARK.grid), 1), "only a line of the grid is there");
    let alone = pixel(&image, place(&harness, 2, 0));
    assert!(alone.iter().all(|c| *c > 200), "a point without a colour is white: {alone:?}");
    harness.get_by_label("view 1: 0 points");
    harness.get_by_label("view 2: 1 point");
}

#[test]
fn without_the_gpu_a_part_of_the_points_is_drawn_by_the_painter() {
    let mut positions = render::noise(30_000);
    // Two lonely points at the border: of every three points the first is drawn.
    (positions[3], positions[4]) = ([3.0, 3.0, 0.0], [-3.0, 3.0, 0.0]);
    let view = View::new(positions, vec![GREEN; 30_000]);
    let Some(mut harness) = render::window_without_points(vec![view], vec2(500.0, 460.0)) else { return };
    assert!(!gpu::installed(&harness.ctx));
    let image = picture(&mut harness);
    let brightest = |index: usize| {
        let at = place(&harness, 0, index);
        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| vec2(dx as f32, dy as f32)));
        around.map(|by| pixel(&image, at + by)[1]).max().unwrap()
    };
    assert!(brightest(3) > 120, "{}", brightest(3));
    assert!(brightest(4) < 60, "{}", brightest(4));
}

/// The grid with its edges to the right, all green.
fn joined() -> View {
    let edge = |i: u32| Edge { ends: [i, i + 1], paint: [0, 255, 0, 255] };
    let all: Vec<Edge> = (0..400).filter(|i| i % 20 != 19).map(edge).collect();
    View { edges: Some(Edges { all: std::sync::Arc::new(all), serial: 1 }), ..grid() }
}

#[test]
fn edges_lie_between_their_points_and_nowhere_else_and_follow_a_move() {
    let Some(mut harness) = show(vec![joined()]) else { return };
    let green = |[r, g, b]: [u8; 3]| g > 60 && g > r.saturating_add(30) && g > b.saturating_add(30);
    let middle = |harness: &Harness<'static, Scene>, a: usize, b: usize| {
        let [a, b] = [place(harness, 0, a), place(harness, 0, b)];
        a + (b - a) * 0.5
    };
    let seen = picture(&mut harness);
    for (a, b) in [(0, 1), (210, 211), (398, 399)] {
        assert!(green(pixel(&seen, middle(&harness, a, b))), "{a} is joined to {b}");
    }
    for (a, b) in [(0, 20), (210, 230)] {
        assert!(!green(pixel(&seen, middle(&harness, a, b))), "{a} is not joined to {b}");
    }
    let before = middle(&harness, 210, 211);
    let from = pos2(250.0, 230.0);
    drag(&mut harness, &[from, from + vec2(0.0, 37.0)], Modifiers::NONE);
    let seen = picture(&mut harness);
    let now = middle(&harness, 210, 211);
    assert!((now - before).length() > 20.0 && green(pixel(&seen, now)));
    harness.state_mut().views[0].edges = None;
    let seen = picture(&mut harness);
    assert!(!green(pixel(&seen, now)), "they go when they are not wanted");
}
