//! The map under the points of a flat view: its picture, and where each side's vector is 0.

use std::sync::Arc;

use eframe::egui::{Color32, Rect, Shape, Stroke, TextureId, Ui, pos2};

use super::Scene;
use crate::app::kit::theme::{Tokens, UNIT};

/// Lines through places in data units.
pub type Lines = Arc<Vec<Vec<[f64; 2]>>>;

/// A map and its picture.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The picture, its highest y on top.
    pub texture: TextureId,
    /// Least and greatest x, then y, of its outermost nodes in data units.
    pub bounds: [[f64; 2]; 2],
    /// Nodes along each axis.
    pub side: usize,
    /// Where each side's vector is 0: the learned one, then the exact one.
    pub zeros: [Lines; 2],
}

/// Draws it: filled, the learned zero line whole, the exact one in dashes.
pub(super) fn paint(ui: &Ui, scene: &Scene<'_>, ground: &Ground, rect: Rect) {
    let Some(view) = scene.state.flat_view(rect).filter(|_| !scene.three_d) else { return };
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter().with_clip_rect(rect);
    let [[left, right], [bottom, top]] = ground.bounds;
    // The outermost nodes are in the middle of the outermost texels.
    let half = [right - left, top - bottom].map(|length| 0.5 * length / (ground.side.max(2) - 1) as f64);
    let area = Rect::from_two_pos(
        view.to_screen([left - half[0], bottom - half[1]]),
        view.to_screen([right + half[0], top + half[1]]),
    );
    painter.image(ground.texture, area, Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)), Color32::WHITE);
    let [learned, exact] = &ground.zeros;
    for line in learned.iter() {
        let points = line.iter().map(|&at| view.to_screen(at)).collect();
        painter.add(Shape::line(points, Stroke::new(2.0, tokens.learned)));
    }
    for line in exact.iter() {
        let points: Vec<_> = line.iter().map(|&at| view.to_screen(at)).collect();
        painter.extend(Shape::dashed_line(&points, Stroke::new(2.0, tokens.exact), 1.5 * UNIT, 1.5 * UNIT));
    }
}
