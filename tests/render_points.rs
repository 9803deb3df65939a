//! What the scatter plot draws, pixel by pixel, on whatever adapter there is (a software one is enough).
//!
//! With `EIGENSCOPE_SHOTS=folder` the pictures are kept, to be looked at.

mod common {
    use std::sync::Arc;

    use eframe::egui::{self, Vec2};
    use eframe::egui_wgpu;
    use egui_kittest::{Harness, wgpu::WgpuTestRenderer};
    use eigenscope::app::views::scatter::{Colors, Points, ScatterState, Selection, scatter_ui};
    use eigenscope::app::{gpu, theme};

    /// One view and what it shows.
    pub(crate) struct View {
        pub(crate) points: Points,
        pub(crate) colors: Colors,
        pub(crate) axes: [&'static str; 3],
        pub(crate) three_d: bool,
        pub(crate) state: ScatterState,
    }

    impl View {
        pub(crate) fn new(positions: Vec<[f32; 3]>, rgba: Vec<[u8; 4]>) -> Self {
            Self {
                points: Points { positions: Arc::new(positions), serial: 1 },
                colors: Colors { rgba: Arc::new(rgba), serial: 1 },
                axes: ["x", "y", "z"],
                three_d: false,
                state: ScatterState::default(),
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
        match made {
            Ok(state) => Some((WgpuTestRenderer::from_render_state(state.clone()), state)),
            Err(_) => {
                println!("skipped: no graphics adapter, not even a software one");
                None
            }
        }
    }

    /// A window of `size` with the views in a row.
    pub(crate) fn window(views: Vec<View>, size: Vec2, dark: bool, scale: f32) -> Option<Harness<'static, Scene>> {
        let (renderer, state) = renderer()?;
        let scene = Scene { views, selection: Selection::default(), changed: false };
        let mut installed = false;
        let show = move |ui: &mut egui::Ui, scene: &mut Scene| {
            if !installed {
                gpu::install(ui.ctx(), &state);
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
                let View { points, colors, axes, three_d, state } = view;
                let answer =
                    scatter_ui(&mut child, &title, points, colors, *axes, *three_d, state, &mut scene.selection);
                scene.changed |= answer.selection_changed;
            }
        };
        let builder = Harness::builder().with_size(size).with_pixels_per_point(scale).renderer(renderer);
        let mut harness = builder.build_ui_state(show, scene);
        harness.run_steps(3);
        Some(harness)
    }

    /// Keeps a picture where the person asked for pictures.
    pub(crate) fn keep(picture: &image::RgbaImage, name: &str) {
        if let Some(folder) = std::env::var_os("EIGENSCOPE_SHOTS") {
            picture.save(std::path::Path::new(&folder).join(name).with_extension("png")).unwrap();
        }
    }
}

use common::{View, keep, window};
use eframe::egui::{self, Modifiers, vec2};
use rand::{Rng, SeedableRng};

fn noise(n: usize) -> Vec<[f32; 3]> {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let mut bell = move || (0..4).map(|_| rng.random_range(-1.0_f32..1.0)).sum::<f32>() * 0.5;
    (0..n).map(|_| [bell(), bell(), bell()]).collect()
}

/// Two interleaved half circles and a third cluster, coloured by cluster.
fn moons(n: usize, dark: bool) -> View {
    let noise = noise(n);
    let mut positions = Vec::new();
    let mut rgba = Vec::new();
    for (i, e) in noise.iter().enumerate() {
        let t = (i / 4) as f32 / (n / 4).max(1) as f32 * std::f32::consts::PI;
        let cluster = i % 4;
        let p = match cluster {
            0 | 2 => [t.cos(), t.sin(), 0.4 * t.sin()],
            1 => [1.0 - t.cos(), 0.5 - t.sin(), 0.6],
            _ => [2.2, 1.2, 0.9],
        };
        let spread = if cluster == 3 { 0.16 } else { 0.09 };
        positions.push(std::array::from_fn(|c| p[c] + spread * e[c]));
        let [r, g, b] = eigenscope::app::theme::category([0, 1, 0, 2][cluster], dark);
        rgba.push([r, g, b, 255]);
    }
    View::new(positions, rgba)
}

#[test]
fn gallery() {
    if std::env::var_os("EIGENSCOPE_SHOTS").is_none() {
        println!("skipped: pictures are made only on request");
        return;
    }
    for (n, dark) in [(500, true), (500, false), (7000, true), (70_000, true), (70_000, false), (1_000_000, true)] {
        let mut solid = moons(n, dark);
        solid.three_d = true;
        solid.axes = ["λ₂", "λ₃", "λ₄"];
        let mut part = moons(n, dark);
        part.state.equal_aspect = true;
        let Some(mut harness) = window(vec![part, solid, moons(n, dark)], vec2(1280.0, 420.0), dark, 1.0) else {
            return;
        };
        keep(&harness.render().unwrap(), &format!("{n}-{dark}"));
        harness.state_mut().selection.add((0..n as u32).filter(|i| i % 4 == 1));
        harness.state_mut().selection.hovered = Some(2);
        harness.run_steps(2);
        keep(&harness.render().unwrap(), &format!("{n}-{dark}-selected"));
    }
    let _ = (egui::Key::A, Modifiers::NONE);
}
