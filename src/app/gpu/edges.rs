//! The edges of a graph, laid under the points of a view: a picture of their own that grows over as many frames as it needs.

use std::sync::Arc;

use eframe::egui::Context;
use eframe::wgpu;

use super::order::Order;
use super::pipelines::Pipelines;

/// Bytes of an edge on the GPU.
const RECORD: u64 = 12;
/// How many edges a frame draws for each point that it has room for: an edge covers more pixels than a point.
const EDGES_A_POINT: f64 = 0.5;
/// Edges that a frame draws at least.
const FEWEST: u32 = 2000;
/// The opacity of the heaviest edge, where there are few and where there are many.
const OPACITY: [f64; 2] = [0.7, 0.04];
/// Few edges are so many, and of more each is the weaker.
const FEW: f64 = 4000.0;

/// An edge between two points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The points.
    pub ends: [u32; 2],
    /// sRGB colour, and in the fourth byte the weight: 255 for the heaviest.
    pub paint: [u8; 4],
}

/// The edges of a view, in an order whose first are a fair sample of all. The view uploads them again only when `serial` changes.
#[derive(Clone, Debug, Default)]
pub struct Edges {
    /// The edges.
    pub all: Arc<Vec<Edge>>,
    /// Changes with the edges.
    pub serial: u64,
}

/// Whether this window's device can draw edges.
#[must_use]
pub fn draws_edges(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(marker())).unwrap_or(false)
}

/// Notes whether it can.
pub(super) fn note(ctx: &Context, can: bool) {
    ctx.data_mut(|data| data.insert_temp(marker(), can));
}

fn marker() -> eframe::egui::Id {
    eframe::egui::Id::unique("eigenscope edges on the GPU")
}

/// What draws edges; nothing on devices whose vertex shaders read no storage buffers.
#[derive(Debug)]
pub(super) struct EdgePipeline {
    pub(super) pipeline: wgpu::RenderPipeline,
    pub(super) layout: wgpu::BindGroupLayout,
}

/// What one view keeps of its edges.
#[derive(Debug, Default)]
pub(super) struct EdgeLayer {
    records: Option<wgpu::Buffer>,
    /// Serial of the edges and number of points that the records are of.
    written: Option<(u64, usize)>,
    count: u32,
    target: Option<Target>,
    /// Serials of the positions, and the uniform, that the picture is of.
    seen: Option<(u64, Vec<u8>)>,
    /// How many edges the picture holds.
    drawn: u32,
}

/// The picture, and what binds it.
#[derive(Debug)]
struct Target {
    size: [u32; 2],
    uniform: wgpu::Buffer,
    picture: wgpu::TextureView,
    show: wgpu::BindGroup,
    /// Bound with the buffers of points and edges, made anew when one of them is.
    draw: Option<wgpu::BindGroup>,
}

/// A view whose edges are drawn.
pub(super) struct View<'a> {
    pub(super) positions: &'a wgpu::Buffer,
    /// Changes with the positions.
    pub(super) serial: u64,
    pub(super) order: &'a Order,
    pub(super) points: usize,
    pub(super) size: [u32; 2],
    /// The numbers of the projection, 19 of them: four rows and the centre.
    pub(super) projection: Vec<f32>,
    /// Corner in the window, and one over the size there.
    pub(super) window: [f32; 4],
    pub(super) pixels_per_point: f32,
    /// How much the far side of a 3-D view fades.
    pub(super) fade: f32,
    /// Whether the positions were written into another buffer than before.
    pub(super) rebind: bool,
}

impl EdgeLayer {
    /// Brings the picture on by as many edges as `room` points take; true while there are more.
    pub(super) fn advance(
        &mut self,
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        encoder: &mut wgpu::CommandEncoder,
        pipelines: &Pipelines,
        (edges, view): (&Edges, &View<'_>),
        room: Option<u32>,
    ) -> bool {
        let Some(edge_pipeline) = &pipelines.edges else { return false };
        let rewritten = self.write((device, queue), edges, view);
        if self.target.as_ref().is_none_or(|target| target.size != view.size) {
            (self.target, self.seen) = (Some(Target::new(device, pipelines, view.size)), None);
        }
        let uniform = self.uniform(view);
        let state = (view.serial, uniform);
        let other = self.seen.as_ref() != Some(&state) || rewritten;
        let (Some(target), Some(records)) = (&mut self.target, &self.records) else { return false };
        if target.draw.is_none() || rewritten || view.rebind {
            target.draw = Some(target.bind(device, edge_pipeline, [view.positions, records]));
        }
        if other {
            queue.write_buffer(&target.uniform, 0, &state.1);
            (self.seen, self.drawn) = (Some(state), 0);
        } else if self.drawn >= self.count {
            return false;
        }
        let more = room.map_or(u32::MAX, |points| ((f64::from(points) * EDGES_A_POINT) as u32).max(FEWEST));
        let end = self.drawn.saturating_add(more).min(self.count);
        target.lay(encoder, edge_pipeline, self.drawn..end, self.drawn == 0);
        self.drawn = end;
        self.drawn < self.count
    }

    /// Lays the picture over the window's.
    pub(super) fn show(&self, pass: &mut wgpu::RenderPass<'static>, pipelines: &Pipelines) {
        if let Some(target) = self.target.as_ref().filter(|_| self.seen.is_some()) {
            pass.set_pipeline(&pipelines.show);
            pass.set_bind_group(0, &target.show, &[]);
            pass.draw(0..3, 0..1);
        }
    }

    /// How many edges the picture holds, and of how many.
    pub(super) fn held(&self) -> (u32, u32) {
        (self.drawn, self.count)
    }

    /// Writes the edges, their ends by where the points lie on the GPU; true if it wrote.
    fn write(&mut self, (device, queue): (&wgpu::Device, &wgpu::Queue), edges: &Edges, view: &View<'_>) -> bool {
        let version = (edges.serial, view.points);
        if self.written == Some(version) {
            return false;
        }
        self.written = Some(version);
        let room = device.limits().max_storage_buffer_binding_size.min(device.limits().max_buffer_size) / RECORD;
        let ranks = view.order.ranks();
        let rank = |i: u32| ranks.get(i as usize).copied();
        let records = edges.all.iter().take(room as usize).filter_map(|edge| {
            let [first, second] = [rank(edge.ends[0])?, rank(edge.ends[1])?];
            Some([first.to_ne_bytes(), second.to_ne_bytes(), edge.paint])
        });
        let bytes: Vec<u8> = records.flatten().flatten().collect();
        self.count = (bytes.len() as u64 / RECORD) as u32;
        let size = (bytes.len() as u64).max(RECORD);
        if self.records.as_ref().is_none_or(|buffer| buffer.size() < size) {
            self.records = Some(device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("edges"),
                size: size.next_power_of_two().min(room * RECORD).max(size),
                usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }));
        }
        if let Some(buffer) = &self.records {
            queue.write_buffer(buffer, 0, &bytes);
        }
        true
    }

    fn uniform(&self, view: &View<'_>) -> Vec<u8> {
        let many = f64::from(self.count.max(1));
        let opacity = (OPACITY[0] * (FEW / many).sqrt()).clamp(OPACITY[1], OPACITY[0]) as f32;
        let width = 1.25 * view.pixels_per_point;
        let size = view.size.map(|side| side as f32);
        let numbers = view.projection.iter().copied().chain([width, size[0], size[1], opacity, view.fade]);
        numbers.chain(view.window).flat_map(f32::to_ne_bytes).collect()
    }
}

impl Target {
    fn new(device: &wgpu::Device, pipelines: &Pipelines, size: [u32; 2]) -> Self {
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("edges: view"),
            // What shows the picture reads the uniform of the points.
            size: super::draw::UNIFORM,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("edges"),
            size: wgpu::Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: pipelines.picture,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        });
        let picture = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let show = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("edges: show"),
            layout: &pipelines.show_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: uniform.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 3, resource: wgpu::BindingResource::TextureView(&picture) },
                wgpu::BindGroupEntry { binding: 4, resource: wgpu::BindingResource::Sampler(&pipelines.nearest) },
            ],
        });
        Self { size, uniform, picture, show, draw: None }
    }

    fn bind(
        &self,
        device: &wgpu::Device,
        edges: &EdgePipeline,
        [points, records]: [&wgpu::Buffer; 2],
    ) -> wgpu::BindGroup {
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("edges"),
            layout: &edges.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: self.uniform.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 5, resource: points.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 6, resource: records.as_entire_binding() },
            ],
        })
    }

    /// Lays some edges over those that are there, or over nothing if `clear`.
    fn lay(&self, encoder: &mut wgpu::CommandEncoder, edges: &EdgePipeline, which: std::ops::Range<u32>, clear: bool) {
        let load = if clear { wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT) } else { wgpu::LoadOp::Load };
        let mut pass = super::layer::begin(encoder, "edges", &[&self.picture], load);
        pass.set_pipeline(&edges.pipeline);
        pass.set_bind_group(0, self.draw.as_ref(), &[]);
        pass.draw(0..4, which);
    }
}

/// The layout that binds view, positions and edges.
pub(super) fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding, visibility, ty| wgpu::BindGroupLayoutEntry {
        binding,
        visibility,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
        count: None,
    };
    let storage = wgpu::BufferBindingType::Storage { read_only: true };
    let vertex = wgpu::ShaderStages::VERTEX;
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("edges"),
        entries: &[
            entry(0, vertex, wgpu::BufferBindingType::Uniform),
            entry(5, vertex, storage),
            entry(6, vertex, storage),
        ],
    })
}

/// Whether a device's vertex shaders read storage buffers.
pub(super) fn supported(device: &wgpu::Device) -> bool {
    device.limits().max_storage_buffers_per_shader_stage >= 2
}
