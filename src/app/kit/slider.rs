//! A slider that looks like one: a rail over its whole width, filled to a round handle. It goes with a number that the keyboard and a
//! screen reader turn, and adds a hand to it.

use eframe::egui::{self, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::theme::{Tokens, UNIT};

/// Height of the whole, of the rail, and the radius of the handle, in points.
const HEIGHT: f32 = 4.0 * UNIT;
const RAIL: f32 = UNIT;
const HANDLE: f32 = 6.0;

/// From this ratio of its ends on a slider goes by ratios rather than by differences.
const WIDE: f64 = 20.0;

/// The numbers that a slider goes through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::app) struct Scale {
    ends: [f64; 2],
    whole: bool,
}

impl Scale {
    /// From one end to the other; an end gives way to a value beyond it.
    #[must_use]
    pub(in crate::app) fn new([low, high]: [f64; 2], whole: bool, value: f64) -> Self {
        let ends = if value.is_finite() { [low.min(value), high.max(value)] } else { [low, high] };
        Self { ends, whole }
    }

    fn by_ratios(&self) -> bool {
        let [low, high] = self.ends;
        low > 0.0 && high / low >= WIDE
    }

    /// Where a value lies, 0..=1 from the lower end to the upper one.
    #[must_use]
    pub(in crate::app) fn share(&self, value: f64) -> f64 {
        let [low, high] = self.ends;
        let share = if self.by_ratios() {
            (value.max(low) / low).ln() / (high / low).ln()
        } else {
            (value - low) / (high - low).max(f64::MIN_POSITIVE)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The value at such a place, as round as a hand is exact: whole, or with two digits of its own size or of the span.
    #[must_use]
    pub(in crate::app) fn value(&self, share: f64) -> f64 {
        let [low, high] = self.ends;
        let share = share.clamp(0.0, 1.0);
        let raw = if self.by_ratios() { low * (high / low).powf(share) } else { low + share * (high - low) };
        let size = if self.by_ratios() { raw } else { high - low };
        let unit = 10_f64.powf(size.abs().max(f64::MIN_POSITIVE).log10().floor() - 1.0);
        let unit = if self.whole { unit.max(1.0) } else { unit };
        // The ends are reached, whatever they are.
        let value = if share <= 0.0 || share >= 1.0 { raw } else { (raw / unit).round() * unit };
        if self.whole { value.round() } else { value }.clamp(low, high)
    }
}

/// Draws it with the handle at `value`, faint where the value is worked out and not set; the value that it was dragged or clicked to.
/// `name` is what a screen reader calls it.
pub(in crate::app) fn slider_ui(ui: &mut Ui, name: &str, scale: Scale, value: f64, set: bool) -> Option<f64> {
    let tokens = Tokens::in_ui(ui);
    // The number beside it is the stop of the keyboard.
    let sense = Sense::CLICK | Sense::DRAG;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), sense);
    response.widget_info(|| egui::WidgetInfo::slider(ui.is_enabled(), value, name));
    let run = rect.x_range().shrink(HANDLE + 1.0);
    let at = run.min + run.span() * scale.share(value) as f32;
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        let middle = rect.center().y;
        let rail = Rect::from_x_y_ranges(rect.x_range(), middle - 0.5 * RAIL..=middle + 0.5 * RAIL);
        let enabled = ui.is_enabled();
        let ink = if set && enabled { tokens.accent } else { tokens.edge };
        painter.rect(rail, 0.5 * RAIL, tokens.control, Stroke::new(1.0, tokens.edge), egui::StrokeKind::Inside);
        painter.rect_filled(rail.with_max_x(at), 0.5 * RAIL, ink);
        let held = response.dragged() || response.hovered();
        let fill = if held && enabled { tokens.text_strong } else { tokens.raised };
        let radius = if held && enabled { HANDLE + 1.0 } else { HANDLE };
        painter.circle(pos2(at, middle), radius, fill, Stroke::new(2.0, ink));
    }
    if response.hovered() {
        ui.set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
    }
    let hand = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked())?;
    let to = scale.value(f64::from((hand.x - run.min) / run.span().max(1.0)));
    (to.total_cmp(&value) != std::cmp::Ordering::Equal).then_some(to)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the ends are reached to the last digit")]
mod tests {
    use super::*;

    #[test]
    fn a_slider_reaches_its_ends_and_round_numbers_between() {
        let neighbors = Scale::new([2.0, 100.0], true, 15.0);
        assert_eq!([0.0, 1.0].map(|share| neighbors.value(share)), [2.0, 100.0]);
        for value in [3.0, 15.0, 40.0, 60.0] {
            let there = neighbors.value(neighbors.share(value));
            assert!((there - value).abs() < 1e-9, "{value} became {there}");
        }
        let noise = Scale::new([0.0, 0.5], false, 0.075);
        assert!((noise.value(0.333) - 0.17).abs() < 1e-9, "{}", noise.value(0.333));
        let rate = Scale::new([1e-4, 0.1], false, 0.01);
        assert!((rate.value(2.0 / 3.0) - 0.01).abs() < 1e-9, "{}", rate.value(2.0 / 3.0));
    }

    #[test]
    fn a_value_beyond_the_ends_is_at_one() {
        let scale = Scale::new([0.0, 0.5], false, 1.0);
        assert!((scale.share(1.0) - 1.0).abs() < 1e-9 && (scale.value(1.0) - 1.0).abs() < 1e-9);
        assert_eq!(Scale::new([2.0, 100.0], true, f64::NAN).share(f64::NAN), 0.0);
    }
}
