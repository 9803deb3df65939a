//! `eigenscope bench render`: what a frame with three linked views costs, drawn without a window on any adapter.

use std::sync::Arc;
use std::time::Instant;

use eframe::egui::{self, Context, RawInput, Rect, Ui, Vec2, vec2};
use eframe::egui_wgpu::{RenderState, Renderer, RendererOptions, ScreenDescriptor};
use eframe::wgpu;
use ndarray::Array2;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::app::gpu;
use crate::app::gpu::{Colors, Edges, Points};
use crate::app::kit::theme;
use crate::app::shell::watch::quantile;
use crate::app::shown::edges::{EdgeColor, edges, star};
use crate::app::views::scatter::{Plot, ScatterState, Selection, scatter_ui};
use crate::graph::{self, Operator};
use crate::output::palette;
use crate::recipe::Laplacian;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Milliseconds of frames, of which half took less, and how many points they drew.
#[derive(Clone, Copy, Debug)]
pub struct FrameCost {
    /// What the window's own code takes on the CPU of a turning frame: layout, picking, what goes to the GPU.
    pub code: f64,
    /// A whole frame in which nothing moved, until the GPU has finished it.
    pub still: f64,
    /// A whole frame in which each view's camera turned, until the GPU has finished it.
    pub turning: f64,
    /// What the 99th of a hundred turning frames takes.
    pub worst: f64,
    /// A whole frame in which each view got new coordinates too.
    pub moving: f64,
    /// Points that the last turning frame drew, in all views.
    pub drawn: usize,
    /// From the last turning frame until all points are drawn.
    pub complete: f64,
    /// What the edges of a graph cost, where the scene has some.
    pub edges: Option<EdgeCost>,
}

/// Milliseconds that edges take, and how many there are.
#[derive(Clone, Copy, Debug)]
pub struct EdgeCost {
    /// Edges in all views.
    pub count: usize,
    /// From the first frame with edges until all are drawn, nothing moving.
    pub complete: f64,
    /// The longest of the frames in between.
    pub longest: f64,
    /// A frame with all of them in which nothing moved.
    pub still: f64,
    /// A frame with all of them in which the star of another point is shown.
    pub star: f64,
}

/// What the frame is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// Points in each of the three views.
    pub points: usize,
    /// Pixels of the picture.
    pub size: [u32; 2],
    /// Frames of each kind.
    pub frames: usize,
    /// Neighbours that edges join each point to; 0 draws none.
    pub neighbors: usize,
}

/// The adapter's name and what its frames cost.
///
/// # Errors
/// [`Error::Device`] when there is no adapter, or it cannot draw points.
pub fn render(scene: &Scene) -> Result<(String, FrameCost)> {
    let state = pollster::block_on(open())?;
    let adapter = gpu::name(&state.adapter);
    let mut window = Window::new(state, scene)?;
    window.frame(Change::Nothing);
    // How much a frame may draw is learnt from frames.
    for _ in 0..WARM_UP {
        window.frame(Change::Camera);
    }
    let frames = scene.frames.max(1);
    let turning: Vec<_> = (0..frames).map(|_| window.frame(Change::Camera)).collect();
    let (drawn, _) = gpu::drawn(&window.state);
    let complete = window.complete();
    let still: Vec<_> = (0..frames).map(|_| window.frame(Change::Nothing)).collect();
    let moving: Vec<_> = (0..frames).map(|_| window.frame(Change::Coordinates)).collect();
    let edges = (scene.neighbors > 0).then(|| window.edges(scene.neighbors, frames)).transpose()?;
    let cost = FrameCost {
        code: quantile(turning.iter().map(|f| f[0]), 0.5),
        still: quantile(still.iter().map(|f| f[1]), 0.5),
        turning: quantile(turning.iter().map(|f| f[1]), 0.5),
        worst: quantile(turning.iter().map(|f| f[1]), 0.99),
        moving: quantile(moving.iter().map(|f| f[1]), 0.5),
        drawn,
        complete,
        edges,
    };
    Ok((adapter, cost))
}

/// Turning frames before the first that is measured.
const WARM_UP: usize = 15;

/// What differs from the frame before.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Nothing,
    Camera,
    Coordinates,
    /// The star of another point.
    Star,
}

/// Three views without a window.
struct Window {
    ctx: Context,
    state: RenderState,
    target: wgpu::TextureView,
    size: [u32; 2],
    views: Vec<(Points, Colors, ScatterState)>,
    selection: Selection,
    graph: Graph,
}

/// What joins the points: each view's edges, and the star of a point.
#[derive(Default)]
struct Graph {
    operator: Option<Operator>,
    edges: Option<Edges>,
    at: u32,
    star: Vec<(u32, f64)>,
}

impl Window {
    fn new(state: RenderState, scene: &Scene) -> Result<Self> {
        let ctx = Context::default();
        gpu::install(&ctx, &state);
        if !gpu::installed(&ctx) {
            return Err(Error::Device(format!("{} cannot blend half floats", state.adapter.get_info().name)));
        }
        theme::apply(&ctx, true);
        let target = state.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("bench"),
            size: wgpu::Extent3d { width: scene.size[0], height: scene.size[1], depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: state.target_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        });
        let target = target.create_view(&wgpu::TextureViewDescriptor::default());
        let views = (0..3).map(|view| cloud(scene.points, view)).collect();
        let (selection, graph) = (Selection::default(), Graph::default());
        Ok(Self { ctx, state, target, size: scene.size, views, selection, graph })
    }

    /// What the edges to so many neighbours cost, nothing moving.
    fn edges(&mut self, neighbors: usize, frames: usize) -> Result<EdgeCost> {
        if !gpu::draws_edges(&self.ctx) {
            return Err(Error::Device("this device draws no edges".to_owned()));
        }
        let places: &[[f32; 3]] = &self.views[0].0.positions;
        let rows = Array2::from_shape_fn((places.len(), 3), |(i, j)| places[i][j]);
        let silent = Progress::silent();
        let found = graph::nearest_neighbors(rows.view(), neighbors, &silent)?;
        let (affinity, ..) = graph::affinity(&found, rows.nrows(), &Recipe::default())?;
        let operator = Operator::new(affinity, Laplacian::RandomWalk)?;
        let all = Arc::new(edges(&operator, None, 1, EdgeColor::Weight, true));
        // The points stand still again.
        while !gpu::drawn(&self.state).1 {
            self.frame(Change::Nothing);
        }
        (self.graph.operator, self.graph.edges) = (Some(operator), Some(Edges { all, serial: 1 }));
        let (start, mut longest) = (Instant::now(), 0.0_f64);
        loop {
            longest = longest.max(self.frame(Change::Nothing)[1]);
            if gpu::edges_drawn(&self.state).1 || start.elapsed().as_secs() >= 60 {
                break;
            }
        }
        let complete = start.elapsed().as_secs_f64() * 1e3;
        let mut frames_of = |change| {
            let times: Vec<f64> = (0..frames).map(|_| self.frame(change)[1]).collect();
            quantile(times.into_iter(), 0.5)
        };
        let (still, star) = (frames_of(Change::Nothing), frames_of(Change::Star));
        Ok(EdgeCost { count: gpu::edges_drawn(&self.state).0, complete, longest, still, star })
    }

    /// Frames in which nothing moves, until all points are drawn: milliseconds of all of them.
    fn complete(&mut self) -> f64 {
        let start = Instant::now();
        while !gpu::drawn(&self.state).1 && start.elapsed().as_secs() < 60 {
            self.frame(Change::Nothing);
        }
        start.elapsed().as_secs_f64() * 1e3
    }

    /// One frame: milliseconds of the window's own code, and of all until the GPU has finished.
    fn frame(&mut self, change: Change) -> [f64; 2] {
        let start = Instant::now();
        if change == Change::Star {
            self.graph.at = (self.graph.at + 7) % self.views[0].0.positions.len().max(1) as u32;
            self.graph.star = self.graph.operator.as_ref().map_or_else(Vec::new, |of| star(of, self.graph.at));
        } else if change != Change::Nothing {
            for (points, _, state) in &mut self.views {
                state.turn(vec2(1.0, 0.3));
                points.serial += u64::from(change == Change::Coordinates);
            }
        }
        let screen = Vec2::new(self.size[0] as f32, self.size[1] as f32);
        let input =
            RawInput { screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, screen)), ..RawInput::default() };
        let (views, selection, graph) = (&mut self.views, &mut self.selection, &self.graph);
        let output = self.ctx.run_ui(input, |ui| show(ui, views, selection, graph));
        let jobs = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let RenderState { device, queue, renderer, .. } = &self.state;
        let mut renderer = renderer.write();
        for (id, deltas) in &output.textures_delta.set {
            for delta in deltas {
                renderer.update_texture(device, queue, *id, delta);
            }
        }
        let screen = ScreenDescriptor { size_in_pixels: self.size, pixels_per_point: output.pixels_per_point };
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut commands = renderer.update_buffers(device, queue, &mut encoder, &jobs, &screen);
        let code = start.elapsed();
        let attachment = wgpu::RenderPassColorAttachment {
            view: &self.target,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::BLACK), store: wgpu::StoreOp::Store },
        };
        let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(attachment)],
            ..wgpu::RenderPassDescriptor::default()
        });
        renderer.render(&mut pass.forget_lifetime(), &jobs, &screen);
        commands.push(encoder.finish());
        queue.submit(commands);
        // A device that was lost ends the wait with an error; the time is of no use then, and the next frame says why.
        let _ = device.poll(wgpu::PollType::wait_indefinitely());
        [code.as_secs_f64() * 1e3, start.elapsed().as_secs_f64() * 1e3]
    }
}

/// The views in a row.
fn show(ui: &mut Ui, views: &mut [(Points, Colors, ScatterState)], selection: &mut Selection, graph: &Graph) {
    let whole = ui.max_rect();
    let width = whole.width() / views.len().max(1) as f32;
    for (index, (points, colors, state)) in views.iter_mut().enumerate() {
        let left = egui::pos2((whole.left() + width * index as f32).round(), whole.top());
        let rect = Rect::from_min_size(left, vec2(width.floor(), whole.height()));
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect));
        let title = ["input", "learned", "exact"][index % 3];
        let plot = Plot {
            title,
            mark: None,
            points,
            colors,
            axes: ["x", "y", "z"],
            three_d: index > 0,
            star: (graph.at, &graph.star),
            edges: graph.edges.as_ref(),
            ground: None,
            landed: None,
            rings: None,
            ghosts: &[],
        };
        scatter_ui(&mut child, &plot, state, selection);
    }
}

/// Ten round clouds.
fn cloud(points: usize, view: usize) -> (Points, Colors, ScatterState) {
    let mut rng = ChaCha8Rng::seed_from_u64(view as u64);
    let bell = |rng: &mut ChaCha8Rng| (0..4).map(|_| rng.random_range(-0.15_f32..0.15)).sum::<f32>();
    let place = |i: usize, rng: &mut ChaCha8Rng| {
        let turn = (i % 10) as f32 * 0.6283;
        [turn.cos() + bell(rng), turn.sin() + bell(rng), (2.0 * turn).sin() + bell(rng)]
    };
    let positions = (0..points).map(|i| place(i, &mut rng)).collect();
    let paint = |i: usize| {
        let [r, g, b] = palette::category(i % 10, true);
        [r, g, b, 255]
    };
    (
        Points { positions: Arc::new(positions), serial: 1 },
        Colors { rgba: Arc::new((0..points).map(paint).collect()), serial: 1 },
        ScatterState::default(),
    )
}

/// The strongest adapter there is, with a device that can hold the points.
async fn open() -> Result<RenderState> {
    let failed = |e: &dyn std::fmt::Display| Error::Device(format!("nothing to draw with: {e}"));
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let wanted = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..wgpu::RequestAdapterOptions::default()
    };
    let adapter = instance.request_adapter(&wanted).await.map_err(|e| failed(&e))?;
    let descriptor = wgpu::DeviceDescriptor { required_limits: adapter.limits(), ..wgpu::DeviceDescriptor::default() };
    let (device, queue) = adapter.request_device(&descriptor).await.map_err(|e| failed(&e))?;
    let target_format = wgpu::TextureFormat::Rgba8Unorm;
    let renderer = Renderer::new(&device, target_format, RendererOptions::default());
    Ok(RenderState {
        adapter,
        available_adapters: Vec::new(),
        instance,
        device,
        queue,
        target_format,
        renderer: Arc::new(egui::mutex::RwLock::new(renderer)),
    })
}
