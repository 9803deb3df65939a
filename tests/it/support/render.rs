//! A window with scatter plots and no screen, for the tests that look at pixels.

use std::sync::Arc;

use eframe::egui::{self, Vec2};
use eframe::egui_wgpu;
use egui_kittest::{Harness, wgpu::WgpuTestRenderer};
use eigenscope::app::gpu;
use eigenscope::app::gpu::{Colors, Edges, Points, Projection};
use eigenscope::app::kit::theme;
use eigenscope::app::views::scatter::{Plot, ScatterState, Selection, scatter_ui};
use rand::{Rng, SeedableRng};

/// One view and what it shows.
pub(crate) struct View {
    pub(crate) points: Points,
    pub(crate) colors: Colors,
    pub(crate) axes: [&'static str; 3],
    pub(crate) three_d: bool,
    pub(crate) edges: Option<Edges>,
    pub(crate) state: ScatterState,
    /// Where the points stood in the last frame.
    pub(crate) projection: Option<Projection>,
}

impl View {
    pub(crate) fn new(positions: Vec<[f32; 3]>, rgba: Vec<[u8; 4]>) -> Self {
        Self {
            points: Points { positions: Arc::new(positions), serial: 1 },
            colors: Colors { rgba: Arc::new(rgba), serial: 1 },
            axes: ["x", "y", "z"],
            three_d: false,
            edges: None,
            state: ScatterState::default(),
            projection: None,
        }
    }
}

/// The views side by side and the selection they share.
pub(crate) struct Scene {
    pub(crate) views: Vec<View>,
    pub(crate) selection: Selection,
    pub(crate) changed: bool,
}

/// A renderer, or `None` with a printed reason where the machine has no adapter at all.
fn renderer() -> Option<(WgpuTestRenderer, egui_wgpu::RenderState)> {
    let made = std::panic::catch_unwind(|| {
        let setup = egui_kittest::wgpu::default_wgpu_setup();
        egui_kittest::wgpu::create_render_state(setup, egui_wgpu::RendererOptions::PREDICTABLE)
    });
    let Ok(state) = made else {
        println!("skipped: no graphics adapter, not even a software one");
        return None;
    };
    Some((WgpuTestRenderer::from_render_state(state.clone()), state))
}

/// A window of `size` with the views in a row.
pub(crate) fn window(views: Vec<View>, size: Vec2, dark: bool, scale: f32) -> Option<Harness<'static, Scene>> {
    open(views, size, dark, scale, true)
}

/// The same, as it looks where points cannot be drawn by the GPU.
pub(crate) fn window_without_points(views: Vec<View>, size: Vec2) -> Option<Harness<'static, Scene>> {
    open(views, size, true, 1.0, false)
}

fn open(views: Vec<View>, size: Vec2, dark: bool, scale: f32, points: bool) -> Option<Harness<'static, Scene>> {
    let (renderer, state) = renderer()?;
    let scene = Scene { views, selection: Selection::default(), changed: false };
    let mut installed = false;
    let show = move |ui: &mut egui::Ui, scene: &mut Scene| {
        if !installed {
            if points {
                gpu::install(ui.ctx(), &state);
            }
            theme::apply(ui.ctx(), dark);
            installed = true;
        }
        let tokens = theme::Tokens::of(dark);
        let whole = ui.max_rect();
        ui.painter().rect_filled(whole, 0.0, tokens.panel);
        let count = scene.views.len() as f32;
        for (index, view) in scene.views.iter_mut().enumerate() {
            let width = whole.width() / count;
            let left = whole.left() + width * index as f32;
            let rect = egui::Rect::from_min_size(egui::pos2(left, whole.top()), egui::vec2(width, whole.height()));
            let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink(6.0)));
            let title = format!("view {index}");
            let View { points, colors, axes, three_d, edges, state, projection } = view;
            let plot = Plot {
                title: &title,
                mark: None,
                points,
                colors,
                axes: *axes,
                three_d: *three_d,
                star: (0, &[]),
                edges: edges.as_ref(),
                ground: None,
                landed: None,
                rings: None,
                ghosts: &[],
            };
            let answer = scatter_ui(&mut child, &plot, state, &mut scene.selection);
            *projection = answer.projection;
            scene.changed |= answer.selection_changed;
        }
    };
    let builder = Harness::builder().with_size(size).with_pixels_per_point(scale).renderer(renderer);
    let mut harness = builder.build_ui_state(show, scene);
    harness.run_steps(3);
    Some(harness)
}

/// A round cloud, always the same.
pub(crate) fn noise(n: usize) -> Vec<[f32; 3]> {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let mut bell = move || (0..4).map(|_| rng.random_range(-1.0_f32..1.0)).sum::<f32>() * 0.5;
    (0..n).map(|_| [bell(), bell(), bell()]).collect()
}

/// A turn of the mouse wheel, in points.
pub(crate) fn wheel(by: f32) -> egui::Event {
    egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, by),
        phase: egui::TouchPhase::Move,
        modifiers: egui::Modifiers::NONE,
        source: egui::MouseWheelSource::Wheel,
    }
}
