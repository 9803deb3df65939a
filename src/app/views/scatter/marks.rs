//! What egui draws over the points: the hovered one, the outline being drawn; and all points where there is no GPU.

use eframe::egui::{self, Align2, Color32, Rect, Stroke, StrokeKind, TextStyle, Ui, vec2};

use super::state::ScatterState;
use super::{Scene, input};
use crate::app::gpu::{Colors, Points, Projection};
use crate::app::kit::format;
use crate::app::kit::shapes::{self, Shape};
use crate::app::kit::theme::{Tokens, UNIT};

/// How many points egui's painter draws where there is no GPU.
const WITHOUT_GPU: usize = 10_000;

pub(super) fn color_of(scene: &Scene<'_>, index: usize) -> Color32 {
    let [r, g, b, a] = scene.colors.rgba.get(index).copied().unwrap_or([255; 4]);
    Color32::from_rgba_unmultiplied(r, g, b, a)
}

/// Whether a point is drawn: those that are hidden have a colour of no strength.
pub(super) fn is_drawn(colors: &Colors, index: u32) -> bool {
    colors.rgba.get(index as usize).is_none_or(|rgba| rgba[3] > 0)
}

/// Edges that a star shows at most, the heaviest of them.
const MOST_OF_STAR: usize = 256;

/// The edges of the point at hand: lines to its neighbours, wider and stronger by weight, and a ring around each.
pub(super) fn star(ui: &Ui, scene: &Scene<'_>, projection: &Projection) {
    let (center, edges) = scene.star;
    let place = |index: u32| projection.project(*scene.points.positions.get(index as usize)?).map(|(at, _)| at);
    let seen = Some(center).filter(|&center| is_drawn(scene.colors, center));
    let (Some(from), Some(&(_, most))) = (seen.and_then(place), edges.first()) else { return };
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter().with_clip_rect(projection.rect);
    let joined = |&(index, weight): &(u32, f64)| Some((index, place(index)?, (weight / most) as f32));
    let edges: Vec<_> = edges.iter().take(MOST_OF_STAR).filter_map(joined).collect();
    for &(_, to, share) in &edges {
        let color = tokens.marker.gamma_multiply(0.25 + 0.6 * share);
        painter.line_segment([from, to], Stroke::new(0.75 + 1.5 * share, color));
    }
    for (index, at, share) in edges {
        let radius = 2.5 + 1.5 * share;
        painter.circle(at, radius, color_of(scene, index as usize).to_opaque(), Stroke::new(1.0, tokens.marker));
    }
}

/// A point that is no sample: a ring with a cross that reaches beyond it.
pub(super) fn landed(ui: &Ui, scene: &Scene<'_>, projection: &Projection) {
    let Some((at, _)) = scene.landed.and_then(|point| projection.project(point)) else { return };
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter().with_clip_rect(projection.rect);
    let stroke = Stroke::new(2.0, tokens.marker);
    painter.circle(at, 2.0 * UNIT, tokens.plot.gamma_multiply(0.6), stroke);
    for way in [vec2(1.0, 0.0), vec2(0.0, 1.0)] {
        painter.line_segment([at - way * 3.5 * UNIT, at + way * 3.5 * UNIT], stroke);
    }
}

/// The hovered point, the one of the row at hand and the one whose card stays, larger and ringed, in every view.
pub(super) fn hovered(ui: &Ui, scene: &Scene<'_>, projection: &Projection, radius: f32) {
    let pinned = scene.selection.pinned.filter(|&p| scene.selection.hovered != Some(p));
    let pointed = scene.selection.pointed.filter(|&p| scene.selection.hovered != Some(p));
    for index in pinned.into_iter().chain(pointed).chain(scene.selection.hovered) {
        ringed(ui, scene, projection, radius, index);
    }
}

fn ringed(ui: &Ui, scene: &Scene<'_>, projection: &Projection, radius: f32, index: u32) {
    let Some(point) = scene.points.positions.get(index as usize).filter(|_| is_drawn(scene.colors, index)) else {
        return;
    };
    let Some((at, w)) = projection.project(*point).filter(|(at, _)| projection.rect.contains(*at)) else { return };
    let tokens = Tokens::in_ui(ui);
    let radius = (radius / w * 1.6).clamp(1.25 * UNIT, 3.0 * UNIT);
    let painter = ui.painter().with_clip_rect(projection.rect);
    painter.circle_filled(at, radius + 2.5, tokens.plot);
    painter.circle(at, radius, color_of(scene, index as usize).to_opaque(), Stroke::new(1.5, tokens.marker));
}

/// The lasso or rectangle that is being drawn.
pub(super) fn outline(ui: &Ui, state: &ScatterState, rect: Rect) {
    let Some(outline) = &state.outline else { return };
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter().with_clip_rect(rect);
    let mut corners = input::corners(outline);
    let stroke = Stroke::new(1.5, tokens.marker);
    if outline.rectangle {
        let area = Rect::from_points(&corners);
        painter.rect(area, 0.0, tokens.accent.gamma_multiply(0.12), stroke, StrokeKind::Middle);
        return;
    }
    if let (Some(&first), Some(&last)) = (corners.first(), corners.last()) {
        painter.add(egui::Shape::dashed_line(&[last, first], Stroke::new(1.0, tokens.marker), UNIT, UNIT));
        corners.dedup();
        painter.add(egui::Shape::line(corners, stroke));
    }
}

/// Points with shapes are larger, so that one sees which; where there are many of them only the zoom can do that.
pub(super) fn radius_of_shapes(radius: f32, points: usize) -> f32 {
    const SEEN: f32 = 3.4;
    const FEW: usize = 6_000;
    (1.4 * radius).max(if points <= FEW { SEEN } else { 0.0 })
}

/// Draws the points of a pinned run with egui's own painter.
pub(super) fn ghost(ui: &Ui, (points, colors): &(Points, Colors), projection: &Projection, radius: f32) {
    let painter = ui.painter().with_clip_rect(projection.rect);
    let every = points.positions.len().div_ceil(WITHOUT_GPU).max(1);
    for (point, &[r, g, b, a]) in points.positions.iter().zip(colors.rgba.iter()).step_by(every) {
        if let Some((at, w)) = projection.project(*point).filter(|(at, _)| projection.rect.contains(*at)) {
            painter.circle_filled(at, radius / w, Color32::from_rgba_unmultiplied(r, g, b, a));
        }
    }
}

/// Draws points with egui's own painter, evenly thinned out, and says so.
pub(super) fn without_gpu(ui: &Ui, scene: &Scene<'_>, projection: &Projection, radius: f32) {
    let tokens = Tokens::in_ui(ui);
    let count = scene.points.positions.len();
    let every = count.div_ceil(WITHOUT_GPU).max(1);
    let painter = ui.painter().with_clip_rect(projection.rect);
    let dim = scene.selection.count() > 0;
    let shaped = shapes::are_shown(ui.ctx());
    for (index, point) in scene.points.positions.iter().enumerate().step_by(every) {
        if let Some((at, w)) = projection.project(*point).filter(|(at, _)| projection.rect.contains(*at)) {
            let mut color = color_of(scene, index);
            if dim && !scene.selection.contains(index as u32) {
                color = color.lerp_to_gamma(tokens.plot, 0.75);
            }
            let byte = scene.colors.rgba.get(index).map_or(u8::MAX, |paint| paint[3]);
            let shape = if shaped { Shape::of_byte(byte) } else { Shape::Disc };
            shape.paint(&painter, at, radius / w, color);
        }
    }
    if every > 1 {
        let text =
            format!("Without a GPU: {} of {} points drawn", format::count(count.div_ceil(every)), format::count(count));
        let font = TextStyle::Small.resolve(ui.style());
        let at = projection.rect.right_bottom() - vec2(UNIT, UNIT);
        painter.text(at, Align2::RIGHT_BOTTOM, text, font, tokens.text_weak);
    }
}
