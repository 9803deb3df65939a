//! What stands around the points: frame, grid, ticks, names, and in 3-D the box and a small gizmo.

use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, TextStyle, Ui, Vec2, pos2, vec2};

use super::Scene;
use crate::app::gpu::Projection;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, UNIT};
use crate::support::number::tick;

/// Room for the tick labels of the upright axis.
const LEFT: f32 = 10.0 * UNIT;
/// Room for the tick labels and the name of the level axis.
const BOTTOM: f32 = 5.0 * UNIT;
/// Room for the name of the upright axis.
const TOP: f32 = 5.0 * UNIT;

/// Where the points go within the whole widget.
pub(super) fn plot_rect(outer: Rect, three_d: bool) -> Rect {
    let left = if three_d { 0.0 } else { LEFT };
    let bottom = if three_d { 0.0 } else { BOTTOM };
    let min = pos2((outer.left() + left).min(outer.right() - 1.0), (outer.top() + TOP).min(outer.bottom() - 1.0));
    Rect::from_min_max(min, pos2(outer.right(), (outer.bottom() - bottom).max(min.y + 1.0)))
}

fn small(ui: &Ui) -> FontId {
    TextStyle::Small.resolve(ui.style())
}

/// Tick values that are 1, 2 or 5 times a power of ten, about `wanted` of them and two at least, and the place of their last digit
/// after the point, below 0 before it.
fn ticks(low: f64, high: f64, wanted: f64) -> (Vec<f64>, i32) {
    let raw = (high - low) / wanted.max(1.0);
    if !(raw.is_finite() && raw > 0.0) {
        return (Vec::new(), 0);
    }
    let power = 10_f64.powf(raw.log10().floor());
    let steps = [10.0, 5.0, 2.0, 1.0, 0.5, 0.2].map(|m| m * power);
    let within = |step: f64| (high / step).floor() - (low / step).ceil();
    // The smallest that is large enough; a smaller one where it has no two values within.
    let smallest = steps.iter().rposition(|s| *s >= raw * 0.999).unwrap_or(0);
    let step = steps[smallest..].iter().copied().find(|&s| within(s) >= 1.0).unwrap_or(steps[5]);
    let first = (low / step).ceil();
    let count = within(step).clamp(-1.0, 100.0) as i64;
    let values = (0..=count).map(|i| (first + i as f64) * step).collect();
    (values, -step.log10().floor() as i32)
}

/// Grid lines behind the points and the numbers beside them.
pub(super) fn grid_and_ticks(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let tokens = Tokens::in_ui(ui);
    let Some(view) = scene.state.flat_view(rect) else { return };
    let [low, high] = [view.to_data(rect.left_bottom()), view.to_data(rect.right_top())];
    let painter = ui.painter();
    let line = |value: f64| Stroke::new(1.0, if value == 0.0 { tokens.line } else { tokens.grid });
    let name_width = width(ui, scene.axes[0]) + 3.0 * UNIT;

    let (values, digits) = ticks(low[0], high[0], f64::from(rect.width() / (20.0 * UNIT)));
    for value in values {
        let x = snap(view.to_screen([value, 0.0]).x, ui);
        painter.vline(x, rect.y_range(), line(value));
        let text = tick(value, digits);
        let half = width(ui, &text) * 0.5;
        if x - half >= rect.left() - UNIT && x + half < rect.right() - name_width {
            let at = pos2(x, rect.bottom() + UNIT);
            painter.text(at, Align2::CENTER_TOP, text, small(ui), tokens.text_weak);
        }
    }
    let (values, digits) = ticks(low[1], high[1], f64::from(rect.height() / (14.0 * UNIT)));
    for value in values {
        let y = snap(view.to_screen([0.0, value]).y, ui);
        painter.hline(rect.x_range(), y, line(value));
        let at = pos2(rect.left() - 1.5 * UNIT, y);
        painter.text(at, Align2::RIGHT_CENTER, tick(value, digits), small(ui), tokens.text_weak);
    }
}

/// A line one pixel wide is sharp when it runs through the middle of pixels.
fn snap(at: f32, ui: &Ui) -> f32 {
    let scale = ui.pixels_per_point();
    ((at * scale).floor() + 0.5) / scale
}

fn width(ui: &Ui, text: &str) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), small(ui), Color32::PLACEHOLDER).size().x
}

/// The frame around the points.
pub(super) fn frame(ui: &Ui, rect: Rect) {
    let stroke = Stroke::new(1.0, Tokens::in_ui(ui).line);
    ui.painter().rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
}

/// Names of the axes, and how many points are selected.
pub(super) fn names(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter();
    let above = rect.top() - UNIT;
    if scene.three_d {
        gizmo(ui, scene, rect);
    } else {
        let [x, y, _] = scene.axes;
        painter.text(pos2(rect.left(), above), Align2::LEFT_BOTTOM, y, small(ui), tokens.text);
        let at = pos2(rect.right(), rect.bottom() + UNIT);
        painter.text(at, Align2::RIGHT_TOP, x, small(ui), tokens.text);
    }
    let count = scene.selection.count();
    if count > 0 {
        let text = format!("{} of {} selected", format::count(count), format::count(scene.selection.len()));
        painter.text(pos2(rect.right(), above), Align2::RIGHT_BOTTOM, text, small(ui), tokens.text_strong);
    }
}

/// In 3-D: a grid on the floor, and the edges of the box save the three that come towards the eye.
pub(super) fn floor_and_box(ui: &Ui, scene: &Scene<'_>, projection: &Projection) {
    let tokens = Tokens::in_ui(ui);
    let Some(bounds) = scene.state.framing() else { return };
    let painter = ui.painter().with_clip_rect(projection.rect);
    let place = |unit: [f64; 3]| {
        let p = std::array::from_fn(|i: usize| (bounds.center[i] + unit[i] * bounds.half[i]) as f32);
        projection.project(p).map(|(at, _)| at)
    };
    let segment = |from: [f64; 3], to: [f64; 3], color: Color32| {
        if let (Some(a), Some(b)) = (place(from), place(to)) {
            painter.line_segment([a, b], Stroke::new(1.0, color));
        }
    };
    let [_, _, toward] = scene.state.orbit.directions();
    let floor = if toward[2] >= 0.0 { -1.0 } else { 1.0 };
    for i in -3..=3 {
        let t = f64::from(i) / 4.0;
        segment([t, -1.0, floor], [t, 1.0, floor], tokens.grid);
        segment([-1.0, t, floor], [1.0, t, floor], tokens.grid);
    }
    let nearest = toward.map(|d| d >= 0.0);
    for axis in 0..3 {
        for corner in 0..4 {
            let high = [corner & 1 == 1, corner & 2 == 2];
            let sign = |bit: usize| if high[bit] { 1.0 } else { -1.0 };
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            if high == [nearest[u], nearest[v]] {
                continue;
            }
            let end = |along: f64| {
                let mut p = [along; 3];
                (p[u], p[v]) = (sign(0), sign(1));
                p
            };
            segment(end(-1.0), end(1.0), tokens.line);
        }
    }
}

/// Three short named lines in the corner that show how the picture is turned.
fn gizmo(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter().with_clip_rect(rect);
    let length = 6.0 * UNIT;
    let center = rect.left_bottom() + vec2(12.0 * UNIT, -11.0 * UNIT);
    let [right, up, toward] = scene.state.orbit.directions();
    let mut order = [0, 1, 2];
    order.sort_by(|&a, &b| toward[a].total_cmp(&toward[b]));
    for axis in order {
        let tip = vec2(right[axis] as f32, -up[axis] as f32);
        let near = (toward[axis] as f32 * 0.5 + 0.5).clamp(0.0, 1.0);
        let color = tokens.text_weak.lerp_to_gamma(tokens.text_strong, near);
        painter.line_segment([center, center + tip * length], Stroke::new(1.5, color));
        painter.circle_filled(center + tip * length, 2.0, color);
        named(&painter, center + tip * (length + 1.5 * UNIT), scene.axes[axis], small(ui), color, tip);
    }
}

fn named(painter: &Painter, at: Pos2, name: &str, font: FontId, color: Color32, tip: Vec2) {
    let align = if tip.x > 0.35 {
        Align2::LEFT_CENTER
    } else if tip.x < -0.35 {
        Align2::RIGHT_CENTER
    } else if tip.y < 0.0 {
        Align2::CENTER_BOTTOM
    } else {
        Align2::CENTER_TOP
    };
    painter.text(at, align, name, font, color);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_lie_within() {
        let named = |low, high, wanted| {
            let (values, digits) = ticks(low, high, wanted);
            values.into_iter().map(|v| tick(v, digits)).collect::<Vec<_>>()
        };
        assert_eq!(named(-0.37, 1.42, 4.0), ["0", "0.5", "1.0"]);
        assert_eq!(named(-0.031, 0.029, 6.0), ["−0.03", "−0.02", "−0.01", "0", "0.01", "0.02"]);
        assert_eq!(named(0.0, 4e6, 4.0), ["0", "1.0e6", "2.0e6", "3.0e6", "4.0e6"]);
        assert_eq!(named(0.006_300_5, 0.006_304_5, 4.0), ["6.301e−3", "6.302e−3", "6.303e−3", "6.304e−3"]);
        assert!(named(1.0, 1.0, 4.0).is_empty() && named(0.0, f64::NAN, 4.0).is_empty());
        assert!(named(0.3, 0.4, 1.0).len() <= 2);
        for (low, high) in [(0.21, 1.19), (-3.9, 3.9), (1.1, 1.9), (-0.04, 0.011)] {
            assert!(named(low, high, 1.0).len() > 1, "{low}..{high}: no axis is without ticks");
        }
    }

    #[test]
    fn the_plot_lies_within_the_widget_however_small() {
        for size in [1.0, 30.0, 400.0] {
            for three_d in [false, true] {
                let outer = Rect::from_min_size(pos2(7.0, 9.0), vec2(size, size));
                let rect = plot_rect(outer, three_d);
                assert!(rect.width() > 0.0 && rect.height() > 0.0, "{rect:?}");
            }
        }
    }
}
