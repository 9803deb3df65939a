//! The keyboard in a view that has it: going from point to point, selecting them, moving the camera.

use eframe::egui::{EventFilter, Key, Popup, Pos2, Rect, Response, Ui, Vec2, vec2};

use super::Selection;
use super::input::{magnify, move_camera};
use super::state::ScatterState;
use crate::app::gpu::{Points, Projection};
use crate::app::kit::commands::shares_keys;

/// Distance an arrow key moves the picture.
const STEP: f32 = 40.0;
/// Points nearer than this in a direction are at the same place.
const SAME: f32 = 0.5;

const ARROWS: [(Key, Vec2); 4] = [
    (Key::ArrowLeft, Vec2::LEFT),
    (Key::ArrowRight, Vec2::RIGHT),
    (Key::ArrowUp, Vec2::UP),
    (Key::ArrowDown, Vec2::DOWN),
];

/// The camera's keys: F fits, Shift and an arrow move or turn, + and − magnify.
pub(super) fn camera(ui: &Ui, response: &Response, rect: Rect, three_d: bool, state: &mut ScatterState) {
    let focused = response.has_focus();
    if focused {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        shares_keys(ui.ctx(), response.id);
    }
    if !(focused || (response.hovered() && !ui.egui_wants_keyboard_input())) {
        return;
    }
    if ui.input(|i| i.modifiers.is_none() && i.key_pressed(Key::F)) {
        state.fit();
    }
    if !focused {
        return;
    }
    for (key, to) in ARROWS {
        if ui.input(|i| i.modifiers.shift_only() && i.key_pressed(key)) {
            move_camera(-to * STEP, three_d, rect, three_d, state);
        }
    }
    let typed = |key| ui.input(|i| i.key_pressed(key) && !i.modifiers.command);
    for (key, factor) in [(Key::Plus, 1.25), (Key::Equals, 1.25), (Key::Minus, 0.8)] {
        if typed(key) {
            magnify(factor, rect.center(), rect, three_d, state);
        }
    }
}

/// An arrow goes to the nearest point in its direction, Enter selects it as the switch says, P pins its card. True if the
/// selection changed.
pub(super) fn inspect(
    ui: &Ui,
    rect: Rect,
    points: &Points,
    three_d: bool,
    state: &mut ScatterState,
    selection: &mut Selection,
) -> bool {
    if Popup::is_any_open(ui.ctx()) {
        return false;
    }
    let Some(projection) = state.projection(three_d, rect) else { return false };
    state.inspected = state.inspected.filter(|&p| (p as usize) < points.positions.len());
    let pressed = |key| ui.input(|i| i.modifiers.is_none() && i.key_pressed(key));
    for (_, to) in ARROWS.into_iter().filter(|&(key, _)| pressed(key)) {
        let hovered = selection.hovered.filter(|_| state.hovering);
        let at = state.inspected.or(hovered);
        state.inspected = towards(&points.positions, &projection, at, to).or(at);
        selection.by_keys = true;
    }
    let Some(point) = state.inspected else { return false };
    if pressed(Key::P) {
        selection.pinned = if selection.pinned == Some(point) { None } else { Some(point) };
    }
    let (enter, held) = ui.input(|i| (i.key_pressed(Key::Enter), i.modifiers));
    enter && selection.apply(selection.effect.held(held), [point])
}

/// The point one gets to from `from` in a direction: what lies within an eighth of a turn of it first, the nearest of those, what is
/// off the line counting double; from nowhere the one nearest to the middle. Points outside the view are not gone to.
fn towards(positions: &[[f32; 3]], projection: &Projection, from: Option<u32>, to: Vec2) -> Option<u32> {
    let place = |p: &[f32; 3]| projection.project(*p).map(|(at, _)| at);
    let seen = || {
        let all = (0_u32..).zip(positions).filter_map(|(i, p)| Some((i, place(p)?)));
        all.filter(|(_, at)| projection.rect.contains(*at))
    };
    let start = from.and_then(|i| place(positions.get(i as usize)?));
    let Some(start) = start else {
        let middle = projection.rect.center();
        let distance = |at: Pos2| at.distance_sq(middle);
        return seen().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map(|(i, _)| i);
    };
    let way = |at: Pos2| {
        let along = (at - start).dot(to);
        let across = (at - start).dot(vec2(-to.y, to.x)).abs();
        (along > SAME).then_some((across > along, along + 2.0 * across))
    };
    let found = seen().filter_map(|(i, at)| Some((way(at)?, i)));
    found.min_by(|(a, _), (b, _)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(_, i)| i)
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;
    use crate::app::views::bounds::Bounds;
    use crate::app::views::camera::Flat;

    fn grid() -> (Vec<[f32; 3]>, Projection) {
        let points: Vec<_> = (0..25).map(|i| [(i % 5) as f32, (i / 5) as f32, 0.0]).collect();
        let bounds = Bounds::of(&points).expect("a box");
        let rect = Rect::from_min_max(pos2(10.0, 20.0), pos2(310.0, 320.0));
        (points, Flat::default().view(&bounds, true, rect).projection())
    }

    #[test]
    fn arrows_go_to_the_neighbour_in_their_direction_and_stop_at_the_border() {
        let (points, projection) = grid();
        let go = |from, to| towards(&points, &projection, from, to);
        assert_eq!(go(None, Vec2::UP), Some(12), "from nowhere to the middle");
        assert_eq!(
            [Vec2::RIGHT, Vec2::LEFT, Vec2::UP, Vec2::DOWN].map(|to| go(Some(12), to)),
            [13, 11, 17, 7].map(Some)
        );
        assert_eq!(go(Some(4), Vec2::RIGHT), None);
    }

    #[test]
    fn what_lies_aside_is_gone_to_where_nothing_lies_ahead_and_the_same_place_never() {
        let (_, projection) = grid();
        let points = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1.0, 3.0, 0.0], [9.0, 0.0, 0.0]];
        assert_eq!(towards(&points, &projection, Some(0), Vec2::RIGHT), Some(2), "the one at 9 is outside the view");
        assert_eq!(towards(&points, &projection, Some(0), Vec2::LEFT), None);
    }
}
