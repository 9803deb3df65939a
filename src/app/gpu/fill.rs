//! Large areas of one colour, which egui's own shader makes dear on a software adapter.

use eframe::egui::{self, Color32, Id, Painter, Rect, Rgba};
use eframe::egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;

use super::buffers::{Area, Store};

/// Bytes of the uniform.
pub(super) const UNIFORM: u64 = 48;

/// Fills a rectangle, by a shader of its own where points are drawn by one, else by egui. `id` tells it from the other
/// areas of the window; `corners` is the radius of its corners in points.
pub fn fill(painter: &Painter, id: Id, rect: Rect, corners: f32, color: Color32) {
    if !super::installed(painter.ctx()) {
        painter.rect_filled(rect, corners, color);
        return;
    }
    let pass = painter.ctx().cumulative_pass_nr();
    let fill = Fill { id, rect, corners, color, pass };
    painter.add(Callback::new_paint_callback(rect, fill));
}

#[derive(Clone, Debug)]
struct Fill {
    id: Id,
    rect: Rect,
    corners: f32,
    color: Color32,
    pass: u64,
}

impl Fill {
    fn uniform(&self, pixels_per_point: f32, linear: bool) -> Vec<u8> {
        let corners = self.corners * pixels_per_point;
        let center = self.rect.center() * pixels_per_point;
        let half = self.rect.size() * 0.5 * pixels_per_point - egui::Vec2::splat(corners);
        let color = if linear { Rgba::from(self.color).to_array() } else { gamma(self.color) };
        let numbers = [center.x, center.y, half.x, half.y].into_iter().chain(color).chain([corners, 0.0, 0.0, 0.0]);
        numbers.flat_map(f32::to_ne_bytes).collect()
    }
}

fn gamma(color: Color32) -> [f32; 4] {
    color.to_array().map(|c| f32::from(c) / 255.0)
}

/// Pixels of the window from a corner to another, which is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pixels {
    from: [i32; 2],
    to: [i32; 2],
}

impl Pixels {
    /// Left, top, width and height of what lies inside `clip`, if anything does.
    fn inside(&self, clip: &Self) -> Option<[u32; 4]> {
        let from: [i32; 2] = std::array::from_fn(|i: usize| self.from[i].max(clip.from[i]));
        let side = |i: usize| u32::try_from(self.to[i].min(clip.to[i]) - from[i]).ok().filter(|&side| side > 0);
        Some([u32::try_from(from[0]).ok()?, u32::try_from(from[1]).ok()?, side(0)?, side(1)?])
    }
}

/// The four strips of an area that its rounded rim lies in, and what is within: the whole of that has one colour, which costs a software
/// adapter a fraction of what the rim does.
fn parts(rect: Rect, corners: f32, pixels_per_point: f32) -> ([Pixels; 4], Pixels) {
    let rect = rect * pixels_per_point;
    let [left, top] = [rect.left(), rect.top()].map(|side| side.floor() as i32);
    let [right, bottom] = [rect.right(), rect.bottom()].map(|side| side.ceil() as i32);
    let rim = (corners * pixels_per_point).ceil() as i32 + 1;
    let [above, below] = [(top + rim).min(bottom), (bottom - rim).max(top)];
    let [before, behind] = [(left + 2).min(right), right - 2];
    let area = |from, to| Pixels { from, to };
    let strips = [
        area([left, top], [right, above]),
        area([left, below.max(above)], [right, bottom]),
        area([left, above], [before, below]),
        area([behind.max(before), above], [right, below]),
    ];
    (strips, area([before, above], [behind, below]))
}

impl CallbackTrait for Fill {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(store) = resources.get_mut::<Store>() {
            store.forget_idle(self.pass);
            let bytes = self.uniform(screen.pixels_per_point, store.pipelines.linear);
            let pipelines = &store.pipelines;
            let area = store.areas.entry(self.id).or_insert_with(|| Area::new(device, pipelines));
            area.used = self.pass;
            area.set(queue, bytes);
        }
        Vec::new()
    }

    fn paint(
        &self,
        info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let Some(store) = resources.get::<Store>() else { return };
        let Some(area) = store.areas.get(&self.id) else { return };
        let pipelines = &store.pipelines;
        pass.set_bind_group(0, &area.bound, &[]);
        let inner = if self.color.is_opaque() { &pipelines.solid } else { &pipelines.flat };
        if self.corners <= 0.0 {
            pass.set_pipeline(inner);
            return pass.draw(0..3, 0..1);
        }
        let clip = info.clip_rect_in_pixels();
        let clip = Pixels {
            from: [clip.left_px, clip.top_px],
            to: [clip.left_px + clip.width_px, clip.top_px + clip.height_px],
        };
        let (rim, within) = parts(self.rect, self.corners, info.pixels_per_point);
        for (pipeline, places) in [(&pipelines.fill, &rim[..]), (inner, &[within][..])] {
            pass.set_pipeline(pipeline);
            for [left, top, width, height] in places.iter().filter_map(|place| place.inside(&clip)) {
                pass.set_scissor_rect(left, top, width, height);
                pass.draw(0..3, 0..1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_of_an_area_is_in_one_part_of_it() {
        let sizes = [(200.0, 100.0), (7.5, 300.0), (3.0, 3.0), (40.0, 9.0)];
        for (width, height) in sizes {
            let rect = Rect::from_min_size(egui::pos2(10.5, 20.0), egui::vec2(width, height));
            let (rim, within) = parts(rect, 4.0, 1.5);
            let mut times = std::collections::HashMap::new();
            for place in rim.iter().chain([&within]) {
                for x in place.from[0]..place.to[0] {
                    for y in place.from[1]..place.to[1] {
                        *times.entry((x, y)).or_insert(0) += 1;
                    }
                }
            }
            assert!(times.values().all(|&count| count == 1), "{width} x {height}");
            let rect = rect * 1.5;
            let side = |low: f32, high: f32| (high.ceil() - low.floor()) as usize;
            assert_eq!(times.len(), side(rect.left(), rect.right()) * side(rect.top(), rect.bottom()));
        }
        let (place, clip) = (Pixels { from: [-5, 3], to: [9, 8] }, Pixels { from: [0, 0], to: [100, 6] });
        assert_eq!(
            (place.inside(&clip), place.inside(&Pixels { from: [9, 0], to: [10, 9] })),
            (Some([0, 3, 9, 3]), None)
        );
    }
}
