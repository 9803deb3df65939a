//! Where the three views stand: how wide each is, in which order, and whether one has the place of all.

use eframe::egui::{self, Rect, Response, Sense, Stroke, StrokeKind, Ui, vec2};

use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::Side;

/// Room between two views, where a hand takes hold of their border.
const GAP: f32 = 6.0;
/// A view is never narrower than this share of the whole.
const NARROWEST: f32 = 0.12;

/// Where the views stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// The share of the width that each place has, left to right.
    shares: [f32; 3],
    /// The view that stands in each place: 0 the input, 1 the learned, 2 the exact one.
    order: [usize; 3],
    /// The view that has the place of all.
    pub alone: Option<usize>,
    /// The view under the pointer.
    pointed: Option<usize>,
    /// The view that is being taken elsewhere.
    taken: Option<usize>,
}

/// Views of one width beside each other.
pub(super) fn evenly(area: Rect, views: &[usize]) -> Vec<(usize, Rect)> {
    let count = views.len().max(1) as f32;
    let width = (area.width() - (count - 1.0) * GAP) / count;
    let place = |(at, &view): (usize, &usize)| {
        let corner = area.min + vec2(at as f32 * (width + GAP), 0.0);
        (view, Rect::from_min_size(corner, vec2(width, area.height())))
    };
    views.iter().enumerate().map(place).collect()
}

impl Default for Places {
    fn default() -> Self {
        Self { shares: [1.0 / 3.0; 3], order: [0, 1, 2], alone: None, pointed: None, taken: None }
    }
}

impl Places {
    /// Shares in thousandths and the order, to be remembered.
    #[must_use]
    pub fn told(&self) -> ([u16; 3], [u8; 3]) {
        (self.shares.map(|share| (1000.0 * share).round() as u16), self.order.map(|view| view as u8))
    }

    /// The same taken back; what is no order, or leaves a view no room, is passed over.
    pub fn tell(&mut self, shares: [u16; 3], order: [u8; 3]) {
        let mut all = order;
        all.sort_unstable();
        if all == [0, 1, 2] {
            self.order = order.map(usize::from);
        }
        let sum: f32 = shares.iter().map(|&share| f32::from(share)).sum();
        let parts = shares.map(|share| f32::from(share) / sum.max(1.0));
        if parts.iter().all(|part| *part >= 0.99 * NARROWEST) {
            self.shares = parts;
        }
    }

    /// Gives the view under the pointer, or the first, the place of all; or each its own again.
    pub fn toggle_alone(&mut self) {
        self.alone = if self.alone.is_some() { None } else { self.pointed.or(Some(self.order[0])) };
    }

    /// The views to be drawn with their places, left to right.
    pub(super) fn rects(&self, area: Rect) -> Vec<(usize, Rect)> {
        if let Some(view) = self.alone {
            return vec![(view, area)];
        }
        let room = (area.width() - 2.0 * GAP).max(1.0);
        let mut left = area.left();
        let places = self.order.into_iter().zip(self.shares).map(|(view, share)| {
            let rect = Rect::from_min_size(egui::pos2(left, area.top()), vec2(room * share, area.height()));
            left = rect.right() + GAP;
            (view, rect)
        });
        places.collect()
    }

    /// The borders between the views: dragged they move, a double click makes all of one width.
    pub(super) fn borders_ui(&mut self, ui: &Ui, area: Rect) {
        if self.alone.is_some() {
            return;
        }
        let room = (area.width() - 2.0 * GAP).max(1.0);
        for border in 0..2 {
            let right = self.rects(area)[border].1.right();
            let rect = Rect::from_min_size(egui::pos2(right, area.top()), vec2(GAP, area.height()));
            let id = egui::Id::unique(("border of views", border));
            let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
            if response.hovered() || response.dragged() {
                ui.set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
                let line = Stroke::new(2.0, Tokens::in_ui(ui).edge);
                ui.painter().vline(rect.center().x, rect.y_range(), line);
            }
            if response.double_clicked() {
                self.shares = [1.0 / 3.0; 3];
            } else if response.dragged() {
                self.shift(border, response.drag_delta().x / room);
            }
        }
    }

    fn shift(&mut self, border: usize, by: f32) {
        let (low, high) = (NARROWEST - self.shares[border], self.shares[border + 1] - NARROWEST);
        if low <= high {
            let by = by.clamp(low, high);
            self.shares[border] += by;
            self.shares[border + 1] -= by;
        }
    }

    /// What a hand does with a view's head: a double click gives it the place of all or its own again, a drag takes it to another's place.
    pub(super) fn head(&mut self, view: usize, head: &Response) {
        if head.double_clicked() {
            self.alone = if self.alone.is_some() { None } else { Some(view) };
        } else if head.drag_started() && self.alone.is_none() {
            self.taken = Some(view);
        }
    }

    /// Shows where a view that is taken elsewhere would stand, and puts it there when it is let go; and notes where the pointer is.
    pub(super) fn follow(&mut self, ui: &Ui, area: Rect) {
        let at = ui.input(|i| i.pointer.latest_pos());
        let under = at.and_then(|at| self.rects(area).into_iter().find(|(_, rect)| rect.contains(at)));
        self.pointed = under.map(|(view, _)| view);
        let Some(taken) = self.taken else { return };
        if ui.input(|i| i.pointer.any_down()) {
            ui.set_cursor_icon(egui::CursorIcon::Grabbing);
            if let Some((_, rect)) = under.filter(|(view, _)| *view != taken) {
                let tokens = Tokens::in_ui(ui);
                let line = Stroke::new(2.0, tokens.accent);
                ui.painter().rect(rect, 4.0, tokens.accent.gamma_multiply(0.12), line, StrokeKind::Inside);
            }
            return;
        }
        self.taken = None;
        if let Some((view, _)) = under {
            self.swap(taken, view);
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        for place in &mut self.order {
            *place = match *place {
                view if view == a => b,
                view if view == b => a,
                view => view,
            };
        }
    }
}

/// What the head of a view says it can do.
pub(super) fn tip(side: Side, alone: bool) -> String {
    let all = if alone { "Double-click to show the other views again" } else { "Double-click to show it alone" };
    format!("{}. {all}; drag it to another view's place", side.title())
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;

    #[test]
    fn views_fill_their_area_and_swap_places() {
        let area = Rect::from_min_size(pos2(10.0, 20.0), vec2(912.0, 400.0));
        let mut places = Places::default();
        places.swap(0, 2);
        let rects = places.rects(area);
        assert_eq!(rects.iter().map(|(view, _)| *view).collect::<Vec<_>>(), [2, 1, 0]);
        assert!((rects[2].1.right() - area.right()).abs() < 0.01 && rects[0].1.left() <= rects[1].1.left());
        places.shift(0, 0.5);
        assert!(places.rects(area).iter().all(|(_, rect)| rect.width() > 100.0), "each keeps some room");
        places.alone = Some(1);
        assert_eq!(places.rects(area), [(1, area)]);
    }

    #[test]
    fn what_is_remembered_comes_back_and_nonsense_does_not() {
        let mut places = Places::default();
        places.shift(1, 0.1);
        places.swap(1, 2);
        let (shares, order) = places.told();
        let mut other = Places::default();
        other.tell(shares, order);
        assert_eq!(other.told(), (shares, order));
        for (shares, order) in [([0, 0, 0], [0, 0, 1]), ([1000, 0, 0], [3, 1, 2])] {
            let mut other = Places::default();
            other.tell(shares, order);
            assert_eq!(other, Places::default());
        }
    }
}
