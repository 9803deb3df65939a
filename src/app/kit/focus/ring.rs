//! The ring around what has the keyboard: light on dark and dark on light, with a gap in the ground's colour, so that it is seen
//! beside every fill.

use eframe::egui::{Context, Id, Rect, Stroke, StrokeKind};

use crate::app::kit::theme::Tokens;

/// Distance of the ring from the widget, and its width, in points.
const GAP: f32 = 1.5;
const WIDTH: f32 = 2.0;

/// Draws it on top of the widget's layer; `quiet` where the pointer gave it the keyboard, so that a line is enough.
pub(super) fn ring(ctx: &Context, focused: Option<Id>, quiet: bool) {
    if !ctx.input(|i| i.focused) {
        return;
    }
    let Some(id) = focused else { return };
    let Some(widget) = ctx.viewport(|v| v.this_pass.widgets.get(id).copied()) else { return };
    // The first pass of what opens above the window measures it, unseen and not in its place.
    if !widget.visible || !widget.interact_rect.is_positive() {
        return;
    }
    let tokens = Tokens::of(ctx.global_style().visuals.dark_mode);
    let painter = ctx.layer_painter(widget.layer_id).with_clip_rect(seen(widget.rect, widget.interact_rect));
    if quiet {
        painter.rect_stroke(widget.rect, 4.0, Stroke::new(1.0, tokens.accent), StrokeKind::Inside);
        return;
    }
    painter.rect_stroke(widget.rect, 4.0, Stroke::new(GAP, tokens.panel), StrokeKind::Outside);
    painter.rect_stroke(widget.rect.expand(GAP), 5.0, Stroke::new(WIDTH, tokens.marker), StrokeKind::Outside);
}

/// Where the ring may be drawn: around the widget, but not past a side at which the widget is cut off.
fn seen(rect: Rect, cut: Rect) -> Rect {
    let room = GAP + WIDTH + 1.0;
    let least = |whole: f32, part: f32| if part > whole + 0.5 { part } else { whole - room };
    let most = |whole: f32, part: f32| if part < whole - 0.5 { part } else { whole + room };
    Rect::from_min_max(
        [least(rect.left(), cut.left()), least(rect.top(), cut.top())].into(),
        [most(rect.right(), cut.right()), most(rect.bottom(), cut.bottom())].into(),
    )
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Modal, RawInput, Shape};

    use super::*;
    use crate::app::kit::focus;

    /// The first pass measures what opens above the window: nothing of it is to be seen.
    #[test]
    fn the_ring_comes_with_the_question_and_not_before() {
        let ctx = Context::default();
        focus::install(&ctx);
        let tokens = Tokens::of(ctx.global_style().visuals.dark_mode);
        let rings = || {
            let output = ctx.run_ui(RawInput::default(), |ui| {
                Modal::new(Id::unique("question")).show(ui.ctx(), |ui| ui.button("Stay").request_focus());
            });
            let is_ring = |shape: &Shape| matches!(shape, Shape::Rect(rect) if rect.stroke.color == tokens.marker);
            output.shapes.iter().filter(|clipped| is_ring(&clipped.shape)).count()
        };
        assert_eq!([rings(), rings(), rings()], [0, 1, 1]);
    }
}
