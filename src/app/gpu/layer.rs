//! One off-screen picture of the points of a view: the sums, and what they look like.

use std::ops::Range;

use eframe::wgpu;

use super::pipelines::{COLORS, DEPTHS, Pipelines};

/// Sums and their picture, `size` pixels large.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) size: [u32; 2],
    uniform: wgpu::Buffer,
    colors: wgpu::TextureView,
    depths: wgpu::TextureView,
    picture: wgpu::TextureView,
    gather: wgpu::BindGroup,
    tone: wgpu::BindGroup,
    show: wgpu::BindGroup,
}

impl Layer {
    /// The layer in `slot` if it is `size` large, else a new one. `smooth` where it is coarser than the window.
    pub(super) fn of<'a>(
        slot: &'a mut Option<Self>,
        device: &wgpu::Device,
        pipelines: &Pipelines,
        size: [u32; 2],
        smooth: bool,
    ) -> &'a Self {
        if slot.as_ref().is_some_and(|layer| layer.size != size) {
            *slot = None;
        }
        slot.get_or_insert_with(|| Self::new(device, pipelines, size, smooth))
    }

    fn new(device: &wgpu::Device, pipelines: &Pipelines, size: [u32; 2], smooth: bool) -> Self {
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("points: view"),
            size: super::draw::UNIFORM,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let texture = |format| {
            let texture = device.create_texture(&wgpu::TextureDescriptor {
                label: Some("points"),
                size: wgpu::Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
                view_formats: &[],
            });
            texture.create_view(&wgpu::TextureViewDescriptor::default())
        };
        let (colors, depths, picture) = (texture(COLORS), texture(DEPTHS), texture(pipelines.picture));
        let bind = |layout, resources: &[(u32, wgpu::BindingResource<'_>)]| {
            let own = (0, uniform.as_entire_binding());
            let all = std::iter::once(own).chain(resources.iter().cloned());
            let entries: Vec<_> = all.map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource }).collect();
            let label = Some("points");
            device.create_bind_group(&wgpu::BindGroupDescriptor { label, layout, entries: &entries })
        };
        let view = wgpu::BindingResource::TextureView;
        let sampler = if smooth { &pipelines.smooth } else { &pipelines.nearest };
        let gather = bind(&pipelines.uniform_layout, &[]);
        let tone = bind(&pipelines.tone_layout, &[(1, view(&colors)), (2, view(&depths))]);
        let reading = wgpu::BindingResource::Sampler(sampler);
        let show = bind(&pipelines.show_layout, &[(3, view(&picture)), (4, reading)]);
        Self { size, uniform, colors, depths, picture, gather, tone, show }
    }

    /// What the shader is to know from now on.
    pub(super) fn set(&self, queue: &wgpu::Queue, uniform: &[u8]) {
        queue.write_buffer(&self.uniform, 0, uniform);
    }

    /// Adds some points to the sums, which are emptied first if `clear`; `pipeline` draws discs or shapes.
    pub(super) fn gather(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        pipeline: &wgpu::RenderPipeline,
        [positions, paints]: [&wgpu::Buffer; 2],
        points: Range<u32>,
        clear: bool,
    ) {
        let load = if clear { wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT) } else { wgpu::LoadOp::Load };
        let mut pass = begin(encoder, "points: gather", &[&self.colors, &self.depths], load);
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &self.gather, &[]);
        pass.set_vertex_buffer(0, positions.slice(..));
        pass.set_vertex_buffer(1, paints.slice(..));
        pass.draw(0..4, points);
    }

    /// Makes the picture of the sums.
    pub(super) fn tone(&self, encoder: &mut wgpu::CommandEncoder, pipelines: &Pipelines) {
        let load = wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT);
        let mut pass = begin(encoder, "points: tone", &[&self.picture], load);
        pass.set_pipeline(&pipelines.tone);
        pass.set_bind_group(0, &self.tone, &[]);
        pass.draw(0..3, 0..1);
    }

    /// Lays the picture over the window's.
    pub(super) fn show(&self, pass: &mut wgpu::RenderPass<'static>, pipelines: &Pipelines) {
        pass.set_pipeline(&pipelines.show);
        pass.set_bind_group(0, &self.show, &[]);
        pass.draw(0..3, 0..1);
    }
}

pub(super) fn begin<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    label: &str,
    targets: &[&wgpu::TextureView],
    load: wgpu::LoadOp<wgpu::Color>,
) -> wgpu::RenderPass<'a> {
    let ops = wgpu::Operations { load, store: wgpu::StoreOp::Store };
    let attachment =
        |view| Some(wgpu::RenderPassColorAttachment { view, depth_slice: None, resolve_target: None, ops });
    let attachments: Vec<_> = targets.iter().copied().map(attachment).collect();
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(label),
        color_attachments: &attachments,
        ..wgpu::RenderPassDescriptor::default()
    })
}
