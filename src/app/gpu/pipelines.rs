//! The two render pipelines: gathering the discs into sums, and showing the sums.

use eframe::wgpu;

/// Format of the sum of weighted colours and weights.
pub(super) const COLORS: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
/// Format of the sum of optical depths.
pub(super) const DEPTHS: wgpu::TextureFormat = wgpu::TextureFormat::R16Float;
/// Bytes of one position.
pub(super) const POSITION: u64 = 12;
/// Bytes of one colour.
pub(super) const PAINT: u64 = 4;

/// What all views share.
#[derive(Debug)]
pub(super) struct Pipelines {
    pub(super) gather: wgpu::RenderPipeline,
    pub(super) show: wgpu::RenderPipeline,
    /// Binds the view alone.
    pub(super) gather_layout: wgpu::BindGroupLayout,
    /// Binds the view and the two sums.
    pub(super) show_layout: wgpu::BindGroupLayout,
    /// Whether the window's picture is stored in linear light.
    pub(super) linear: bool,
}

impl Pipelines {
    pub(super) fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let source = wgpu::ShaderSource::Wgsl(include_str!("../../../shaders/points.wgsl").into());
        let module = &device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some("points"), source });
        let uniform = wgpu::BindGroupLayoutEntry {
            binding: 0,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
            ty: wgpu::BindingType::Buffer {
                ty: wgpu::BufferBindingType::Uniform,
                has_dynamic_offset: false,
                min_binding_size: None,
            },
            count: None,
        };
        let texture = |binding| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::FRAGMENT,
            ty: wgpu::BindingType::Texture {
                sample_type: wgpu::TextureSampleType::Float { filterable: false },
                view_dimension: wgpu::TextureViewDimension::D2,
                multisampled: false,
            },
            count: None,
        };
        let layout = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        let gather_layout = layout("points: gather", &[uniform]);
        let show_layout = layout("points: show", &[uniform, texture(1), texture(2)]);
        let positions = wgpu::VertexBufferLayout {
            array_stride: POSITION,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![0 => Float32x3],
        };
        let paints = wgpu::VertexBufferLayout {
            array_stride: PAINT,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![1 => Uint8x4],
        };
        let sum = wgpu::BlendComponent {
            src_factor: wgpu::BlendFactor::One,
            dst_factor: wgpu::BlendFactor::One,
            operation: wgpu::BlendOperation::Add,
        };
        let gather = Pass {
            device,
            module,
            layout: &gather_layout,
            entries: ["gather_vertex", "gather_fragment"],
            buffers: &[Some(positions), Some(paints)],
            blend: wgpu::BlendState { color: sum, alpha: sum },
            targets: &[COLORS, DEPTHS],
        }
        .pipeline();
        let show = Pass {
            device,
            module,
            layout: &show_layout,
            entries: ["show_vertex", "show_fragment"],
            buffers: &[],
            blend: wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING,
            targets: &[target],
        }
        .pipeline();
        Self { gather, show, gather_layout, show_layout, linear: target.is_srgb() }
    }
}

/// What differs between the two pipelines.
struct Pass<'a> {
    device: &'a wgpu::Device,
    module: &'a wgpu::ShaderModule,
    layout: &'a wgpu::BindGroupLayout,
    entries: [&'a str; 2],
    buffers: &'a [Option<wgpu::VertexBufferLayout<'a>>],
    blend: wgpu::BlendState,
    targets: &'a [wgpu::TextureFormat],
}

impl Pass<'_> {
    fn pipeline(&self) -> wgpu::RenderPipeline {
        let label = Some(self.entries[0]);
        let layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(self.layout)],
            immediate_size: 0,
        });
        let targets: Vec<_> = self
            .targets
            .iter()
            .map(|&format| {
                let write_mask = wgpu::ColorWrites::ALL;
                Some(wgpu::ColorTargetState { format, blend: Some(self.blend), write_mask })
            })
            .collect();
        self.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label,
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: self.module,
                entry_point: Some(self.entries[0]),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: self.buffers,
            },
            primitive: wgpu::PrimitiveState {
                topology: if self.buffers.is_empty() {
                    wgpu::PrimitiveTopology::TriangleList
                } else {
                    wgpu::PrimitiveTopology::TriangleStrip
                },
                ..wgpu::PrimitiveState::default()
            },
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: self.module,
                entry_point: Some(self.entries[1]),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &targets,
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}
