//! The pointer: moving the camera, drawing outlines, finding the hovered point.

use std::sync::Arc;

use eframe::egui::{CursorIcon, Event, Key, Modifiers, PointerButton, Popup, Pos2, Rect, Response, Ui, Vec2};

use super::state::{AT_ONCE, Outline, ScatterState, Tool};
use super::{Effect, Selection, keys};
use crate::app::gpu::Points;
use crate::app::kit::later::Later;
use crate::app::views::pick;

/// How near the pointer must come to a point, in points on the screen.
const REACH: f64 = 8.0;
/// Least distance between two corners of a lasso.
const LASSO_STEP: f32 = 3.0;

/// Where the pointer works: a view's own response and rectangle, and the points in it.
#[derive(Clone, Copy)]
pub(super) struct Area<'a> {
    pub(super) response: &'a Response,
    pub(super) rect: Rect,
    pub(super) points: &'a Points,
    pub(super) three_d: bool,
}

/// Handles this frame's gestures; true if the set of selected points changed.
pub(super) fn handle(ui: &Ui, area: &Area<'_>, state: &mut ScatterState, selection: &mut Selection) -> bool {
    let Area { response, rect, points, three_d } = *area;
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    if response.double_clicked() {
        state.fit();
    }
    wheel(ui, response, rect, three_d, state);
    keys::camera(ui, response, rect, three_d, state);
    if response.has_focus() || response.hovered() {
        cursor(ui, response, rect, state);
    }
    let mut changed = select_enclosed(state, selection);
    changed |= drag(ui, area, state, selection);
    changed |= click(ui, area, state, selection);
    if response.has_focus() {
        changed |= keys::inspect(ui, rect, points, three_d, state, selection);
    } else if ui.ctx().memory(|m| m.top_modal_layer().is_none()) && state.inspected.take().is_some() {
        selection.by_keys = false;
    }
    let listening = response.has_focus() || (response.hovered() && !ui.egui_wants_keyboard_input());
    if listening && !Popup::is_any_open(ui.ctx()) && ui.input(|i| i.key_pressed(Key::Escape)) {
        // A first Esc gives up the outline that is being drawn, or the point the keys are at, or the card that stays.
        let gives_up = state.outline.take().is_some() || state.inspected.take().is_some();
        selection.by_keys &= !gives_up;
        changed |= !gives_up && selection.pinned.take().is_none() && selection.clear();
    }
    changed
}

fn cursor(ui: &Ui, response: &Response, rect: Rect, state: &ScatterState) {
    if response.hover_pos().is_some_and(|at| rect.contains(at)) {
        let drawing =
            state.outline.is_some() || outline_kind(state.tool, ui.input(|i| i.modifiers), Effect::default()).is_some();
        if drawing {
            ui.set_cursor_icon(CursorIcon::Crosshair);
        } else if response.dragged() {
            ui.set_cursor_icon(CursorIcon::Grabbing);
        }
    }
}

/// Whether a drag draws an outline: rectangle or not, and what becomes of the points in it. While the picture is moved by
/// dragging, any of Shift, Ctrl and Alt draws a lasso, Ctrl without Shift a rectangle.
fn outline_kind(tool: Tool, modifiers: Modifiers, switch: Effect) -> Option<(bool, Effect)> {
    let control = modifiers.ctrl || modifiers.command;
    let effect = switch.held(modifiers);
    match tool {
        Tool::Rectangle => Some((true, effect)),
        Tool::Lasso => Some((false, effect)),
        Tool::Navigate => {
            (modifiers.shift || modifiers.alt || control).then_some((control && !modifiers.shift, effect))
        }
    }
}

fn drag(ui: &Ui, area: &Area<'_>, state: &mut ScatterState, selection: &mut Selection) -> bool {
    let Area { response, rect, three_d, .. } = *area;
    let start = ui.input(|i| i.pointer.press_origin());
    if response.drag_started_by(PointerButton::Primary)
        && let Some((rectangle, effect)) = outline_kind(state.tool, ui.input(|i| i.modifiers), selection.effect)
        && let Some(start) = start
    {
        state.outline = Some(Outline { rectangle, effect, corners: vec![start] });
    }
    if state.outline.is_some() {
        return draw_outline(ui, area, state, selection);
    }
    // egui waits a little to tell a drag from a click; what was passed meanwhile counts too.
    let by = match (start, response.interact_pointer_pos()) {
        (Some(start), Some(at)) if response.drag_started() => at - start,
        _ => response.drag_delta(),
    };
    if by != Vec2::ZERO {
        let turn = three_d && response.dragged_by(PointerButton::Primary);
        move_camera(by, turn, rect, three_d, state);
    }
    false
}

pub(super) fn move_camera(by: Vec2, turn: bool, rect: Rect, three_d: bool, state: &mut ScatterState) {
    if turn {
        state.orbit.turn(by);
        return;
    }
    state.take_over();
    if three_d {
        state.orbit.shift(by, rect);
    } else if let (Some(framing), Some(view)) = (state.framing(), state.flat_view(rect)) {
        state.flat.pan(by, &framing, &view);
    }
}

/// Carries the outline on; when the button is let go, selects. True if the selection changed.
fn draw_outline(ui: &Ui, area: &Area<'_>, state: &mut ScatterState, selection: &mut Selection) -> bool {
    let Area { response, rect, points, three_d } = *area;
    if let (Some(at), Some(outline)) = (response.interact_pointer_pos(), &mut state.outline) {
        // A quick hand passes many places in one frame, and a lasso has them all.
        ui.input(|i| {
            for event in &i.events {
                if let Event::PointerMoved(at) = event {
                    extend(outline, rect.clamp(*at));
                }
            }
        });
        extend(outline, rect.clamp(at));
    }
    if response.dragged() {
        return false;
    }
    let (Some(outline), Some(projection)) = (state.outline.take(), state.projection(three_d, rect)) else {
        return false;
    };
    let corners = corners(&outline);
    // What is outside the view is not seen, so it is not meant; the outline itself is clamped to the view.
    let positions = Arc::clone(&points.positions);
    let find = move || {
        let place = |p: &[f32; 3]| projection.project(*p).map(|(at, _)| at);
        pick::enclosed(&positions, place, &corners)
    };
    let at_once = points.positions.len() <= AT_ONCE;
    let inside = if at_once { Later::now(find) } else { Later::start(ui.ctx(), "What the outline holds", find) };
    state.enclosed = Some((outline.effect, inside));
    select_enclosed(state, selection)
}

/// Selects what a closed outline holds, once that is known. True if the selection changed.
fn select_enclosed(state: &mut ScatterState, selection: &mut Selection) -> bool {
    let ended = state.enclosed.take_if(|(_, inside)| !inside.is_coming());
    ended.is_some_and(|(effect, inside)| {
        inside.get().is_some_and(|points| selection.apply(effect, points.iter().copied()))
    })
}

fn extend(outline: &mut Outline, at: Pos2) {
    if outline.rectangle {
        outline.corners.truncate(1);
        outline.corners.push(at);
    } else if outline.corners.last().is_none_or(|last| last.distance(at) >= LASSO_STEP) {
        outline.corners.push(at);
    }
}

/// The closed outline.
pub(super) fn corners(outline: &Outline) -> Vec<Pos2> {
    match (&outline.corners[..], outline.rectangle) {
        (&[a, b], true) => {
            let rect = Rect::from_two_pos(a, b);
            vec![rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()]
        }
        (corners, _) => corners.to_vec(),
    }
}

fn click(ui: &Ui, area: &Area<'_>, state: &mut ScatterState, selection: &mut Selection) -> bool {
    let Area { response, rect, points, three_d } = *area;
    let modifiers = ui.input(|i| i.modifiers);
    if !response.clicked_by(PointerButton::Primary) || !(modifiers.shift || modifiers.alt || modifiers.command) {
        return false;
    }
    let Some(at) = response.interact_pointer_pos().filter(|at| rect.contains(*at)) else { return false };
    let point = state.pick(ui.ctx(), points, three_d, rect, at, REACH);
    selection.apply(selection.effect.held(modifiers), point)
}

/// The point that was clicked while no key was held down, or the place in a flat view where there is none.
pub(super) fn clicked(ui: &Ui, area: &Area<'_>, state: &mut ScatterState) -> (Option<u32>, Option<[f64; 2]>) {
    let Area { response, rect, points, three_d } = *area;
    if !response.clicked_by(PointerButton::Primary) || ui.input(|i| i.modifiers.any()) {
        return (None, None);
    }
    let Some(at) = response.interact_pointer_pos().filter(|at| rect.contains(*at)) else { return (None, None) };
    let point = state.pick(ui.ctx(), points, three_d, rect, at, REACH);
    let empty = state.flat_view(rect).filter(|_| point.is_none() && !three_d).map(|view| view.to_data(at));
    (point, empty)
}

fn wheel(ui: &Ui, response: &Response, rect: Rect, three_d: bool, state: &mut ScatterState) {
    let Some(at) = response.hover_pos().filter(|at| rect.contains(*at)) else { return };
    let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta()));
    let factor = (f64::from(scroll.x + scroll.y) * 0.005).exp() * f64::from(pinch);
    if (factor - 1.0).abs() > 1e-6 {
        magnify(factor, at, rect, three_d, state);
        // A scrolling panel around the view stays where it is.
        ui.input_mut(|i| i.smooth_scroll_delta = Vec2::ZERO);
    }
}

pub(super) fn magnify(factor: f64, at: Pos2, rect: Rect, three_d: bool, state: &mut ScatterState) {
    state.take_over();
    if three_d {
        state.orbit.zoom_by(factor);
    } else if let (Some(framing), Some(view)) = (state.framing(), state.flat_view(rect)) {
        state.flat.zoom_about(factor, at, &framing, &view);
    }
}

/// Finds the point under the pointer and tells the other views.
pub(super) fn hover(ui: &Ui, area: &Area<'_>, state: &mut ScatterState, selection: &mut Selection) {
    let Area { response, rect, points, three_d } = *area;
    let at = response.hover_pos().filter(|at| rect.contains(*at) && !response.dragged());
    if at.is_some() && ui.input(|i| i.pointer.delta() != Vec2::ZERO || i.pointer.any_pressed()) {
        selection.by_keys = false;
    }
    state.inspected = state.inspected.filter(|_| selection.by_keys);
    if let Some(point) = state.inspected {
        (selection.hovered, state.hovering) = (Some(point), true);
    } else if let Some(at) = at.filter(|_| !selection.by_keys) {
        selection.hovered = state.pick(ui.ctx(), points, three_d, rect, at, REACH);
        state.hovering = selection.hovered.is_some();
    } else if state.hovering {
        state.hovering = false;
        selection.hovered = selection.hovered.filter(|_| selection.by_keys);
    }
}
