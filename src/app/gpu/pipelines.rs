//! The render pipelines: gathering the discs into sums, toning the sums, showing the result; and filling an area.

use eframe::wgpu;

use super::edges::{self, EdgePipeline};

/// Format of the sum of weighted colours and weights.
pub(super) const COLORS: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
/// Format of the sum of optical depths.
pub(super) const DEPTHS: wgpu::TextureFormat = wgpu::TextureFormat::R16Float;
/// Bytes of one position.
pub(super) const POSITION: u64 = 12;
/// Bytes of one colour.
pub(super) const PAINT: u64 = 4;

/// A position and a colour for every point.
const POINTS: [Option<wgpu::VertexBufferLayout<'static>>; 2] = [
    Some(wgpu::VertexBufferLayout {
        array_stride: POSITION,
        step_mode: wgpu::VertexStepMode::Instance,
        attributes: &wgpu::vertex_attr_array![0 => Float32x3],
    }),
    Some(wgpu::VertexBufferLayout {
        array_stride: PAINT,
        step_mode: wgpu::VertexStepMode::Instance,
        attributes: &wgpu::vertex_attr_array![1 => Uint8x4],
    }),
];
/// What is drawn is added to what is there.
const SUM: wgpu::BlendComponent = wgpu::BlendComponent {
    src_factor: wgpu::BlendFactor::One,
    dst_factor: wgpu::BlendFactor::One,
    operation: wgpu::BlendOperation::Add,
};

/// What all views share.
#[derive(Debug)]
pub(super) struct Pipelines {
    pub(super) gather: wgpu::RenderPipeline,
    /// The same for points with shapes of their own.
    pub(super) gather_shapes: wgpu::RenderPipeline,
    pub(super) tone: wgpu::RenderPipeline,
    pub(super) show: wgpu::RenderPipeline,
    pub(super) fill: wgpu::RenderPipeline,
    /// The same for areas without round corners.
    pub(super) flat: wgpu::RenderPipeline,
    /// The same for those that nothing is seen through: what lies behind need not be read.
    pub(super) solid: wgpu::RenderPipeline,
    /// Binds one uniform: that of a layer of a view, or that of an area to fill.
    pub(super) uniform_layout: wgpu::BindGroupLayout,
    /// Binds the layer and its two sums.
    pub(super) tone_layout: wgpu::BindGroupLayout,
    /// Binds the layer, its picture and how that is read.
    pub(super) show_layout: wgpu::BindGroupLayout,
    /// What draws edges, where the device can.
    pub(super) edges: Option<EdgePipeline>,
    /// Reads the texel that lies under a pixel, for pictures as fine as the window.
    pub(super) nearest: wgpu::Sampler,
    /// Mixes the texels around a pixel, for pictures coarser than the window.
    pub(super) smooth: wgpu::Sampler,
    /// Format of the pictures.
    pub(super) picture: wgpu::TextureFormat,
    /// Whether the window's picture is stored in linear light.
    pub(super) linear: bool,
}

impl Pipelines {
    pub(super) fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let module = |label, text: &'static str| {
            let source = wgpu::ShaderSource::Wgsl(text.into());
            device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(label), source })
        };
        let points = &module("points", include_str!("../../../shaders/points.wgsl"));
        let area = &module("fill", include_str!("../../../shaders/fill.wgsl"));
        let layout = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        let uniform_layout = layout("uniform", &[uniform()]);
        let tone_layout = layout("points: tone", &[uniform(), texture(1, false), texture(2, false)]);
        let show_layout = layout("points: show", &[uniform(), texture(3, true), reading(4)]);
        // Eight bits are fine steps for the eye where they are not of linear light.
        let linear = target.is_srgb();
        let picture = if linear { wgpu::TextureFormat::Rgba16Float } else { wgpu::TextureFormat::Rgba8Unorm };
        let over = Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING);
        let pass = |module, layout, entries, blend, targets| Pass { device, module, layout, entries, blend, targets };
        let whole = |fragment| ["whole_vertex", fragment];
        let tone = if linear { "tone_linear_fragment" } else { "tone_fragment" };
        let edges = edges::supported(device).then(|| {
            let module = module("edges", include_str!("../../../shaders/edges.wgsl"));
            let layout = edges::layout(device);
            let fragment = if linear { "edge_linear_fragment" } else { "edge_fragment" };
            let entries = ["edge_vertex", fragment];
            let (blend, targets) = (over, &[picture]);
            let pass = Pass { device, module: &module, layout: &layout, entries, blend, targets };
            let pipeline = pass.strip(&[]);
            EdgePipeline { pipeline, layout }
        });
        let add = Some(wgpu::BlendState { color: SUM, alpha: SUM });
        let gather = |entries| pass(points, &uniform_layout, entries, add, &[COLORS, DEPTHS]).pipeline(&POINTS);
        Self {
            gather: gather(["gather_vertex", "gather_fragment"]),
            gather_shapes: gather(["gather_shape_vertex", "gather_shape_fragment"]),
            tone: pass(points, &tone_layout, whole(tone), None, &[picture]).pipeline(&[]),
            show: pass(points, &show_layout, whole("show_fragment"), over, &[target]).pipeline(&[]),
            fill: pass(area, &uniform_layout, ["fill_vertex", "fill_fragment"], over, &[target]).pipeline(&[]),
            flat: pass(area, &uniform_layout, ["fill_vertex", "flat_fragment"], over, &[target]).pipeline(&[]),
            solid: pass(area, &uniform_layout, ["fill_vertex", "flat_fragment"], None, &[target]).pipeline(&[]),
            edges,
            uniform_layout,
            tone_layout,
            show_layout,
            nearest: sampler(device, wgpu::FilterMode::Nearest),
            smooth: sampler(device, wgpu::FilterMode::Linear),
            picture,
            linear,
        }
    }
}

fn uniform() -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding: 0,
        visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    }
}

fn texture(binding: u32, filterable: bool) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        },
        count: None,
    }
}

/// How a texture is read.
fn reading(binding: u32) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
        count: None,
    }
}

fn sampler(device: &wgpu::Device, filter: wgpu::FilterMode) -> wgpu::Sampler {
    device.create_sampler(&wgpu::SamplerDescriptor {
        mag_filter: filter,
        min_filter: filter,
        ..wgpu::SamplerDescriptor::default()
    })
}

/// What differs between the pipelines.
struct Pass<'a> {
    device: &'a wgpu::Device,
    module: &'a wgpu::ShaderModule,
    layout: &'a wgpu::BindGroupLayout,
    entries: [&'a str; 2],
    blend: Option<wgpu::BlendState>,
    targets: &'a [wgpu::TextureFormat],
}

impl Pass<'_> {
    fn pipeline(&self, buffers: &[Option<wgpu::VertexBufferLayout<'_>>]) -> wgpu::RenderPipeline {
        // What has no buffers is one triangle over everything.
        let topology = if buffers.is_empty() {
            wgpu::PrimitiveTopology::TriangleList
        } else {
            wgpu::PrimitiveTopology::TriangleStrip
        };
        self.drawn_as(topology, buffers)
    }

    /// Quads of four vertices.
    fn strip(&self, buffers: &[Option<wgpu::VertexBufferLayout<'_>>]) -> wgpu::RenderPipeline {
        self.drawn_as(wgpu::PrimitiveTopology::TriangleStrip, buffers)
    }

    fn drawn_as(
        &self,
        topology: wgpu::PrimitiveTopology,
        buffers: &[Option<wgpu::VertexBufferLayout<'_>>],
    ) -> wgpu::RenderPipeline {
        let label = Some(self.entries[1]);
        let layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(self.layout)],
            immediate_size: 0,
        });
        let target = |&format| {
            let write_mask = wgpu::ColorWrites::ALL;
            Some(wgpu::ColorTargetState { format, blend: self.blend, write_mask })
        };
        let targets: Vec<_> = self.targets.iter().map(target).collect();
        self.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label,
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: self.module,
                entry_point: Some(self.entries[0]),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers,
            },
            primitive: wgpu::PrimitiveState { topology, ..wgpu::PrimitiveState::default() },
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
