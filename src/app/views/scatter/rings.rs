//! A second layer over the points: rings, which no sample is drawn as, and the one under the pointer.

use eframe::egui::{self, Color32, ColorImage, Context, Mesh, Pos2, Rect, TextureHandle, TextureOptions, Ui, Vec2};

use super::Scene;
use crate::app::gpu::Projection;
use crate::app::kit::theme::Tokens;

/// Rings that a view draws at most, an even share of all.
pub const MOST_DRAWN: usize = 20_000;
/// Radius of a ring on the screen, of the one under the pointer, and how near the pointer must come, in points.
const RADIUS: f32 = 5.0;
const PICKED: f32 = 8.0;
const REACH: f32 = 7.0;
/// Pixels along the side of the picture of a ring.
const SIDE: usize = 48;

/// Rows that are no samples, as a view draws them.
#[derive(Clone, Copy, Debug)]
pub struct Rings<'a> {
    /// Where they stand; one that is not finite is not drawn.
    pub positions: &'a [[f32; 3]],
    /// Their colours.
    pub colors: &'a [[u8; 3]],
    /// What [`ring_texture`] made.
    pub texture: egui::TextureId,
    /// The one at hand, larger in every view.
    pub picked: Option<u32>,
}

impl Rings<'_> {
    /// Those that are drawn.
    fn drawn(&self) -> impl Iterator<Item = usize> + '_ {
        let every = self.positions.len().div_ceil(MOST_DRAWN).max(1);
        (0..self.positions.len()).step_by(every)
    }

    /// The nearest one that is drawn under the pointer.
    pub(super) fn under(&self, projection: &Projection, at: Pos2) -> Option<u32> {
        let near = |i: usize| {
            let (place, _) = projection.project(self.positions[i])?;
            let away = place.distance(at);
            (away <= REACH).then_some((away, i as u32))
        };
        self.drawn().filter_map(near).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, i)| i)
    }
}

/// The picture of a ring: on its left half a disc, which is drawn under it so that it is seen among points of its own colour, on its right
/// half the ring.
pub fn ring_texture(ctx: &Context) -> TextureHandle {
    let pixel = |i: usize| {
        let (x, y) = (i % (2 * SIDE), i / (2 * SIDE));
        let half = SIDE as f32 / 2.0;
        let away = ((x % SIDE) as f32 + 0.5 - half).hypot(y as f32 + 0.5 - half) / half;
        let depth = if x < SIDE { 0.98 - away } else { 0.12 - (away - 0.72).abs() };
        let inside = (depth * half + 0.5).clamp(0.0, 1.0);
        Color32::from_white_alpha((255.0 * inside) as u8)
    };
    let image = ColorImage::new([2 * SIDE, SIDE], (0..2 * SIDE * SIDE).map(pixel).collect());
    ctx.load_texture("rings", image, TextureOptions::LINEAR)
}

pub(super) fn paint(ui: &Ui, scene: &Scene<'_>, projection: &Projection) {
    let Some(rings) = scene.rings else { return };
    let tokens = Tokens::in_ui(ui);
    let reach = projection.rect.expand(PICKED);
    let mut mesh = Mesh::with_texture(rings.texture);
    let half = |right: f32| Rect::from_min_max(egui::pos2(0.5 * right, 0.0), egui::pos2(0.5 + 0.5 * right, 1.0));
    let mut put = |i: usize, radius: f32| {
        let Some((at, _)) = rings.positions.get(i).and_then(|&place| projection.project(place)) else { return };
        if !reach.contains(at) {
            return;
        }
        let rect = Rect::from_center_size(at, Vec2::splat(2.0 * radius / 0.84));
        let [r, g, b] = rings.colors.get(i).copied().unwrap_or([128; 3]);
        mesh.add_rect_with_uv(rect, half(0.0), tokens.plot);
        mesh.add_rect_with_uv(rect, half(1.0), Color32::from_rgb(r, g, b));
    };
    rings.drawn().for_each(|i| put(i, RADIUS));
    if let Some(picked) = rings.picked {
        put(picked as usize, PICKED);
    }
    ui.painter().with_clip_rect(projection.rect).add(mesh);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_ring_within_reach_is_the_one_under_the_pointer() {
        let rect = Rect::from_min_size(Pos2::ZERO, Vec2::splat(200.0));
        let rows = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0; 4], [0.0, 0.0, 0.0, 1.0]];
        let projection = Projection { center: [0.0; 3], rows, rect };
        let positions = [[0.0, 0.0, 0.0], [0.05, 0.0, 0.0], [f32::NAN, 0.0, 0.0], [0.9, 0.9, 0.0]];
        let texture = egui::TextureId::default();
        let rings = Rings { positions: &positions, colors: &[], texture, picked: None };
        let under = |x: f32, y: f32| rings.under(&projection, egui::pos2(x, y));
        assert_eq!((under(101.0, 100.0), under(104.0, 100.0), under(190.0, 10.0)), (Some(0), Some(1), Some(3)));
        assert_eq!(under(120.0, 100.0), None);
        let many = vec![[0.0; 3]; 3 * MOST_DRAWN];
        let rings = Rings { positions: &many, ..rings };
        assert_eq!(rings.drawn().count(), MOST_DRAWN);
    }
}
