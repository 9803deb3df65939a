//! One frame of one view: egui calls `prepare` before its own pass and `paint` inside it.

use std::sync::Arc;

use eframe::egui::{Color32, Id, PaintCallback, PaintCallbackInfo, Rect};
use eframe::egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;

use super::buffers::{Store, ViewBuffers};
use crate::app::views::camera::Projection;
use crate::app::views::scatter::{Colors, Points};

/// How the points of one view look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Radius of a disc in points on the screen (at the centre of a 3-D view).
    pub radius: f32,
    /// Optical depth of one disc: it covers a share 1 − e^−depth of what is behind.
    pub depth: f32,
    /// Exponent of the summed optical depths, 0..=1: below 1 single points stand out and dense places saturate later.
    pub tone: f32,
    /// How much the far side of a 3-D view fades, 0..=1.
    pub fade: f32,
    /// What unselected points fade towards while something is selected.
    pub dimmed: Color32,
    /// What the densest places go towards.
    pub dense: Color32,
}

/// What is left of the optical depth of a dimmed point.
const DIM_DEPTH: f32 = 0.25;
/// Share of the dimming colour in a dimmed point.
const DIM_COLOR: f32 = 0.6;
/// Share of the density colour in the densest place.
const DENSE_COLOR: f32 = 0.35;

/// The points of one view, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// Whose buffers these are.
    pub id: Id,
    /// Where the points are.
    pub points: Points,
    /// What colour they have.
    pub colors: Colors,
    /// One flag per point: selected. And a number that changes with them.
    pub selected: (Arc<Vec<bool>>, u64),
    /// Whether any point is selected, so that the others are dimmed.
    pub dim: bool,
    /// Where they appear.
    pub projection: Projection,
    /// What they look like.
    pub style: Style,
    /// `Context::cumulative_pass_nr`, to free the buffers of views that are gone.
    pub pass: u64,
}

impl Drawing {
    /// The callback to add to a painter. The view's rectangle must lie on whole pixels.
    #[must_use]
    pub fn into_callback(self) -> PaintCallback {
        Callback::new_paint_callback(self.projection.rect, self)
    }

    fn uniform(&self, corner: [f32; 2], size: [u32; 2], pixels_per_point: f32, linear: bool) -> Vec<u8> {
        let Projection { center, rows, .. } = self.projection;
        let style = &self.style;
        let ink = |color: Color32, share: f32| {
            [color.r(), color.g(), color.b()].map(|c| f32::from(c) / 255.0).into_iter().chain([share])
        };
        let numbers = rows
            .into_iter()
            .flatten()
            .chain(center)
            .chain([style.radius * pixels_per_point])
            .chain([size[0] as f32, size[1] as f32, corner[0], corner[1]])
            .chain([style.depth, DIM_DEPTH, f32::from(u8::from(self.dim)), style.fade])
            .chain(ink(style.dimmed, DIM_COLOR))
            .chain(ink(style.dense, DENSE_COLOR))
            .chain([f32::from(u8::from(linear)), style.tone, 0.0, 0.0]);
        numbers.flat_map(f32::to_ne_bytes).collect()
    }

    fn position_bytes(&self, count: usize) -> Vec<u8> {
        self.points.positions[..count].as_flattened().iter().flat_map(|c| c.to_ne_bytes()).collect()
    }

    /// Colour, and in the fourth byte seven bits of strength above the bit "selected".
    fn paint_bytes(&self, count: usize) -> Vec<u8> {
        let colors = self.colors.rgba.iter().copied().chain(std::iter::repeat([255; 4]));
        let flags = self.selected.0.iter().copied().chain(std::iter::repeat(false));
        let paint = |([r, g, b, a], on): ([u8; 4], bool)| [r, g, b, a & !1 | u8::from(on)];
        colors.zip(flags).take(count).flat_map(paint).collect()
    }
}

impl CallbackTrait for Drawing {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(store) = resources.get_mut::<Store>() else { return Vec::new() };
        store.forget_idle(self.pass);
        let scale = screen.pixels_per_point;
        let rect = self.projection.rect;
        let corner = [(rect.min.x * scale).round(), (rect.min.y * scale).round()];
        let largest = device.limits().max_texture_dimension_2d;
        let size = [rect.width(), rect.height()].map(|side| ((side * scale).round() as u32).clamp(1, largest));
        let bytes = self.uniform(corner, size, scale, store.pipelines.linear);

        let pipelines = &store.pipelines;
        let view = store.views.entry(self.id).or_insert_with(|| ViewBuffers::new(device, pipelines, bytes.len()));
        view.used = self.pass;
        let count = self.points.positions.len().min(ViewBuffers::room(device));
        view.count = count as u32;
        if count == 0 {
            return Vec::new();
        }
        let gpu = (device, queue);
        let mut changed = view.positions.write(gpu, (self.points.serial, 0, count), || self.position_bytes(count));
        let version = (self.colors.serial, self.selected.1, count);
        changed |= view.paints.write(gpu, version, || self.paint_bytes(count));
        changed |= view.resize(device, pipelines, size);
        if view.drawn != bytes {
            queue.write_buffer(&view.uniform, 0, &bytes);
            view.drawn = bytes;
            changed = true;
        }
        if changed {
            gather(encoder, view, &pipelines.gather);
        }
        Vec::new()
    }

    fn paint(&self, _: PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, resources: &CallbackResources) {
        let Some(store) = resources.get::<Store>() else { return };
        if let Some(view) = store.views.get(&self.id)
            && let Some(sums) = &view.sums
            && view.count > 0
        {
            pass.set_pipeline(&store.pipelines.show);
            pass.set_bind_group(0, &sums.show, &[]);
            pass.draw(0..3, 0..1);
        }
    }
}

/// Draws all discs of a view into its sums.
fn gather(encoder: &mut wgpu::CommandEncoder, view: &ViewBuffers, pipeline: &wgpu::RenderPipeline) {
    let (Some(sums), Some(positions), Some(paints)) = (&view.sums, view.positions.buffer(), view.paints.buffer())
    else {
        return;
    };
    let attachment = |view| {
        let ops = wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT), store: wgpu::StoreOp::Store };
        Some(wgpu::RenderPassColorAttachment { view, depth_slice: None, resolve_target: None, ops })
    };
    let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("points: gather"),
        color_attachments: &[attachment(&sums.colors), attachment(&sums.depths)],
        ..wgpu::RenderPassDescriptor::default()
    });
    pass.set_pipeline(pipeline);
    pass.set_bind_group(0, &view.gather, &[]);
    pass.set_vertex_buffer(0, positions.slice(..));
    pass.set_vertex_buffer(1, paints.slice(..));
    pass.draw(0..4, 0..view.count);
}

/// Size and strength of discs so that `points` of them, which fill the share `filled` of a fitted view of this size,
/// neither drown in each other nor vanish: radius in points on the screen, optical depth and tone.
#[must_use]
pub fn size_and_strength(points: usize, filled: f64, rect: Rect, zoom: f64) -> (f32, f32, f32) {
    let per_point = f64::from(rect.area().max(1.0)) / points.max(1) as f64;
    let zoom = zoom.max(1.0);
    let radius = ((0.7 + 0.2 * per_point.sqrt()).min(4.5) * zoom.powf(0.3).min(4.0)).min(9.0);
    // How many discs lie over an average place among the data; together they are to cover it well, but not fully.
    let over = std::f64::consts::PI * radius * radius / (per_point * filled.clamp(0.01, 1.0) * zoom * zoom);
    let depth = (2.0 / over).clamp(0.02, 3.0);
    let tone = (1.0 + 0.4 * depth.log10()).clamp(0.5, 1.0);
    (radius as f32, depth as f32, tone as f32)
}
