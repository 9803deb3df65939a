//! What stays on the GPU between frames: per view its instances, its uniform and the picture of its sums.

use std::collections::HashMap;

use eframe::egui::Id;
use eframe::wgpu;

use super::pipelines::{COLORS, DEPTHS, PAINT, POSITION, Pipelines};

/// Passes after which the buffers of a view that is no longer drawn are freed.
const IDLE: u64 = 120;

/// Everything this module keeps in egui's renderer.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) pipelines: Pipelines,
    pub(super) views: HashMap<Id, ViewBuffers>,
}

impl Store {
    pub(super) fn new(pipelines: Pipelines) -> Self {
        Self { pipelines, views: HashMap::new() }
    }

    /// Frees what has not been drawn for a while.
    pub(super) fn forget_idle(&mut self, pass: u64) {
        self.views.retain(|_, view| view.used + IDLE >= pass);
    }
}

/// An instance buffer that grows when it must and is otherwise written in place.
#[derive(Debug, Default)]
pub(super) struct Instances {
    buffer: Option<wgpu::Buffer>,
    /// What was written last: serials and number of points.
    written: Option<(u64, u64, usize)>,
}

impl Instances {
    /// Writes `bytes()` unless this version is there already; true if it wrote.
    pub(super) fn write(
        &mut self,
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        version: (u64, u64, usize),
        bytes: impl FnOnce() -> Vec<u8>,
    ) -> bool {
        if self.written == Some(version) {
            return false;
        }
        self.written = Some(version);
        let bytes = bytes();
        let size = bytes.len() as u64;
        let buffer = match &mut self.buffer {
            Some(buffer) if buffer.size() >= size => buffer,
            slot => slot.insert(device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("points: instances"),
                size: size.next_power_of_two().min(device.limits().max_buffer_size).max(size),
                usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })),
        };
        queue.write_buffer(buffer, 0, &bytes);
        true
    }

    /// The buffer, once something was written.
    pub(super) fn buffer(&self) -> Option<&wgpu::Buffer> {
        self.buffer.as_ref()
    }
}

/// The off-screen sums of one view.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) size: [u32; 2],
    pub(super) colors: wgpu::TextureView,
    pub(super) depths: wgpu::TextureView,
    pub(super) show: wgpu::BindGroup,
}

/// What one view keeps on the GPU.
#[derive(Debug)]
pub(super) struct ViewBuffers {
    pub(super) positions: Instances,
    pub(super) paints: Instances,
    pub(super) count: u32,
    pub(super) uniform: wgpu::Buffer,
    /// Content of the uniform for which the sums were drawn.
    pub(super) drawn: Vec<u8>,
    pub(super) gather: wgpu::BindGroup,
    pub(super) sums: Option<Sums>,
    /// The pass in which this view was drawn last.
    pub(super) used: u64,
}

impl ViewBuffers {
    pub(super) fn new(device: &wgpu::Device, pipelines: &Pipelines, uniform_size: usize) -> Self {
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("points: view"),
            size: uniform_size as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let gather = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("points: gather"),
            layout: &pipelines.gather_layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: uniform.as_entire_binding() }],
        });
        Self {
            positions: Instances::default(),
            paints: Instances::default(),
            count: 0,
            uniform,
            drawn: Vec::new(),
            gather,
            sums: None,
            used: 0,
        }
    }

    /// How many points fit into the device's buffers.
    pub(super) fn room(device: &wgpu::Device) -> usize {
        (device.limits().max_buffer_size / POSITION.max(PAINT)).min(u64::from(u32::MAX)) as usize
    }

    /// Makes the picture of the sums `size` pixels large; true if it is new.
    pub(super) fn resize(&mut self, device: &wgpu::Device, pipelines: &Pipelines, size: [u32; 2]) -> bool {
        if self.sums.as_ref().is_some_and(|sums| sums.size == size) {
            return false;
        }
        let texture = |format| {
            let texture = device.create_texture(&wgpu::TextureDescriptor {
                label: Some("points: sums"),
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
        let (colors, depths) = (texture(COLORS), texture(DEPTHS));
        let show = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("points: show"),
            layout: &pipelines.show_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: self.uniform.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(&colors) },
                wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::TextureView(&depths) },
            ],
        });
        self.sums = Some(Sums { size, colors, depths, show });
        true
    }
}
