//! What stays on the GPU between frames: per view its instances and the pictures of its points.

use std::collections::HashMap;
use std::time::Instant;

use eframe::egui::Id;
use eframe::wgpu;

use super::edges::EdgeLayer;
use super::layer::Layer;
use super::order::Order;
use super::pace::Pace;
use super::pipelines::{PAINT, POSITION, Pipelines};

/// Passes after which the buffers of a view that is no longer drawn are freed.
const IDLE: u64 = 120;

/// Everything this module keeps in egui's renderer.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) pipelines: Pipelines,
    pub(super) pace: Pace,
    pub(super) order: Order,
    pub(super) views: HashMap<Id, ViewBuffers>,
    pub(super) areas: HashMap<Id, Area>,
}

impl Store {
    pub(super) fn new(pipelines: Pipelines, adapter: wgpu::DeviceType) -> Self {
        let (views, areas) = (HashMap::new(), HashMap::new());
        Self { pipelines, pace: Pace::new(adapter), order: Order::default(), views, areas }
    }

    /// Frees what has not been drawn for a while.
    pub(super) fn forget_idle(&mut self, pass: u64) {
        self.views.retain(|_, view| view.used + IDLE >= pass);
        self.areas.retain(|_, area| area.used + IDLE >= pass);
    }

    /// Views that were drawn in this pass or the one before, at least one.
    pub(super) fn live(&self, pass: u64) -> usize {
        self.views.values().filter(|view| view.used + 1 >= pass && view.count > 0).count().max(1)
    }
}

/// An instance buffer that grows when it must and is otherwise written in place.
#[derive(Debug, Default)]
pub(super) struct Instances {
    buffer: Option<wgpu::Buffer>,
    /// Grows with each new buffer.
    pub(super) made: u64,
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
            slot => {
                self.made += 1;
                slot.insert(device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("points: instances"),
                    size: size.next_power_of_two().min(device.limits().max_buffer_size).max(size),
                    usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                }))
            }
        };
        queue.write_buffer(buffer, 0, &bytes);
        true
    }

    /// The buffer, once something was written.
    pub(super) fn buffer(&self) -> Option<&wgpu::Buffer> {
        self.buffer.as_ref()
    }
}

/// Which picture of a view is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Nothing,
    /// All points, as fine as the window.
    Fine,
    /// Some of the points, maybe coarser.
    Draft,
}

/// What one view keeps on the GPU.
#[derive(Debug)]
pub(super) struct ViewBuffers {
    pub(super) positions: Instances,
    pub(super) paints: Instances,
    pub(super) count: u32,
    /// The uniform of the fine picture: where the camera stands and what the points look like.
    pub(super) seen: Vec<u8>,
    pub(super) fine: Option<Layer>,
    pub(super) draft: Option<Layer>,
    /// How many points the sums of the fine picture hold.
    pub(super) gathered: u32,
    /// How many points the draft stands on.
    pub(super) drafted: u32,
    pub(super) shown: Shown,
    /// The edges under the points.
    pub(super) edges: EdgeLayer,
    /// Which buffer of positions they are bound to.
    pub(super) bound: u64,
    /// When the points moved last.
    pub(super) moved: Instant,
    /// The pass in which this view was drawn last.
    pub(super) used: u64,
}

impl ViewBuffers {
    pub(super) fn new() -> Self {
        Self {
            positions: Instances::default(),
            paints: Instances::default(),
            count: 0,
            seen: Vec::new(),
            fine: None,
            draft: None,
            gathered: 0,
            drafted: 0,
            shown: Shown::Nothing,
            edges: EdgeLayer::default(),
            bound: 0,
            moved: Instant::now(),
            used: 0,
        }
    }

    /// How many points fit into the device's buffers.
    pub(super) fn room(device: &wgpu::Device) -> usize {
        (device.limits().max_buffer_size / POSITION.max(PAINT)).min(u64::from(u32::MAX)) as usize
    }

    /// The picture to show.
    pub(super) fn picture(&self) -> Option<&Layer> {
        match self.shown {
            Shown::Nothing => None,
            Shown::Fine => self.fine.as_ref(),
            Shown::Draft => self.draft.as_ref(),
        }
    }
}

/// An area of one colour.
#[derive(Debug)]
pub(super) struct Area {
    uniform: wgpu::Buffer,
    written: Vec<u8>,
    pub(super) bound: wgpu::BindGroup,
    /// The pass in which it was drawn last.
    pub(super) used: u64,
}

impl Area {
    pub(super) fn new(device: &wgpu::Device, pipelines: &Pipelines) -> Self {
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("fill"),
            size: super::fill::UNIFORM,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let bound = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("fill"),
            layout: &pipelines.uniform_layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: uniform.as_entire_binding() }],
        });
        Self { uniform, written: Vec::new(), bound, used: 0 }
    }

    pub(super) fn set(&mut self, queue: &wgpu::Queue, bytes: Vec<u8>) {
        if self.written != bytes {
            queue.write_buffer(&self.uniform, 0, &bytes);
            self.written = bytes;
        }
    }
}
