//! Where the table is scrolled to. Rows are counted, not measured: a place in points has too few digits for a million rows.

use eframe::egui::{self, Id, Rect, Sense, Ui, Vec2};

use crate::app::kit::theme::Tokens;

/// Thickness of a bar, and the least length of what is dragged on it, in points.
pub(super) const BAR: f32 = 9.0;
const LEAST: f32 = 24.0;

/// The first row in sight with its fraction, and how far the columns are moved, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// The first row in sight; its fraction is out of sight.
    pub(super) top: f64,
    /// How far the columns are moved to the left.
    pub(super) left: f32,
}

impl Place {
    /// Keeps within `rows` rows of which `seen` fit, and columns of `width` points of which `room` fit.
    pub(super) fn clamp(&mut self, (rows, seen): (usize, f64), (width, room): (f32, f32)) {
        self.top = self.top.clamp(0.0, (rows as f64 - seen).max(0.0));
        self.left = self.left.clamp(0.0, (width - room).max(0.0));
    }

    /// Brings a row into sight, in the middle where it was far away.
    pub(super) fn reveal(&mut self, row: usize, seen: f64) {
        let (row, whole) = (row as f64, seen.floor().max(1.0));
        if row < self.top - whole || row > self.top + 2.0 * whole {
            self.top = row - 0.5 * (whole - 1.0);
        } else if row < self.top {
            self.top = row;
        } else if row > self.top + whole - 1.0 {
            self.top = row - (whole - 1.0);
        }
    }

    /// What a wheel over `area` makes of it.
    pub(super) fn wheel(&mut self, ui: &Ui, area: Rect, row_height: f32) {
        if !ui.rect_contains_pointer(area) {
            return;
        }
        let by = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta));
        if by != Vec2::ZERO {
            self.top -= f64::from(by.y / row_height);
            self.left -= by.x;
            ui.request_repaint();
        }
    }
}

/// A bar along a side of `track`: `at` of `all`, of which `seen` fit. Where it was dragged to.
pub(super) fn bar(ui: &Ui, id: Id, track: Rect, upright: bool, (at, seen, all): (f64, f64, f64)) -> Option<f64> {
    if all <= seen || track.width() < 2.0 || track.height() < 2.0 {
        return None;
    }
    let tokens = Tokens::in_ui(ui);
    let length = if upright { track.height() } else { track.width() };
    let handle = ((seen / all) as f32 * length).clamp(LEAST.min(length), length);
    let way = f64::from(length - handle);
    let from = (at / (all - seen)).clamp(0.0, 1.0) * way;
    let rect = if upright {
        Rect::from_min_size(track.min + egui::vec2(1.0, from as f32), egui::vec2(track.width() - 2.0, handle))
    } else {
        Rect::from_min_size(track.min + egui::vec2(from as f32, 1.0), egui::vec2(handle, track.height() - 2.0))
    };
    // Not for the keyboard, which scrolls by going through the rows.
    let response = ui.interact(track, id, Sense::DRAG | Sense::CLICK);
    let said = if upright { "Scroll the rows" } else { "Scroll the columns" };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ScrollBar, true, said));
    let ink = if response.dragged() || response.hovered() { tokens.text_weak } else { tokens.line };
    ui.painter().rect_filled(rect, 3.0, ink);
    let pointer = response.interact_pointer_pos()?;
    let grabbed = Id::with(id, "grabbed");
    if response.drag_started() || response.clicked() || ui.data(|d| d.get_temp::<f32>(grabbed)).is_none() {
        // Grabbed where it is; beside it, in its middle.
        let along = |p: egui::Pos2| if upright { p.y } else { p.x };
        let inside = if rect.contains(pointer) { along(pointer) - along(rect.min) } else { 0.5 * handle };
        ui.data_mut(|d| d.insert_temp(grabbed, inside));
    }
    let inside: f32 = ui.data(|d| d.get_temp(grabbed)).unwrap_or(0.5 * handle);
    let start = if upright { track.top() } else { track.left() };
    let along = if upright { pointer.y } else { pointer.x };
    if response.drag_stopped() {
        ui.data_mut(|d| d.remove::<f32>(grabbed));
    }
    (way > 0.0).then(|| f64::from(along - inside - start) / way * (all - seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_into_sight_with_as_little_moving_as_it_takes() {
        let at = |top: f64, row: usize| {
            let mut place = Place { top, left: 0.0 };
            place.reveal(row, 10.5);
            place.clamp((1_000_000, 10.5), (0.0, 100.0));
            place.top
        };
        for (top, row, expected) in [
            (5.0, 7, 5.0),
            (5.0, 4, 4.0),
            (5.0, 15, 6.0),
            (5.0, 500_000, 499_995.5),
            (900_000.0, 3, 0.0),
            (0.0, 999_999, 999_989.5),
        ] {
            assert!((at(top, row) - expected).abs() < 1e-9, "{row} from {top}: {}", at(top, row));
        }
    }
}
