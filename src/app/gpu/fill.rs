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

    fn paint(&self, _: egui::PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, resources: &CallbackResources) {
        let Some(store) = resources.get::<Store>() else { return };
        if let Some(area) = store.areas.get(&self.id) {
            let pipelines = &store.pipelines;
            pass.set_pipeline(if self.corners > 0.0 { &pipelines.fill } else { &pipelines.flat });
            pass.set_bind_group(0, &area.bound, &[]);
            pass.draw(0..3, 0..1);
        }
    }
}
