//! Points on the screen: instanced discs in `shaders/points.wgsl`, drawn into the window's own picture.
//!
//! Each view keeps its buffers and an off-screen picture on the GPU. Buffers are written when the data changed, the
//! picture is drawn when the data, the camera or the size changed; a frame in which nothing of that happened lays the
//! picture over the window, which is one triangle.
//!
//! Where that takes longer than a frame should ([`pace`]), a picture of some of the points, a fair sample ([`order`])
//! weighted to stand for all, is shown while things move; once they stand still the picture of all points is gathered
//! over as many frames as it needs, and takes its place. [`draw_whole`] is for pictures that are kept.

mod buffers;
mod draw;
mod edges;
mod fill;
mod layer;
mod order;
mod pace;
mod pipelines;
mod points;

use std::time::Duration;

use eframe::egui::{self, Context, Id};
use eframe::egui_wgpu::RenderState;
use eframe::wgpu;

pub use draw::{Drawing, Style, size_and_strength};
pub use edges::{Edge, Edges, draws_edges};
pub use fill::fill;
pub use points::{Colors, Points, Projection};

/// The [`rest`] where the processor draws.
const IN_SOFTWARE: Duration = Duration::from_millis(150);

/// Prepares drawing points on the window's own GPU device; call once at start. Where the device cannot blend half
/// floats the views use egui's painter, as they do without a GPU; [`installed`] tells.
///
/// The window must not ask for multisampling: the discs are smooth by themselves.
pub fn install(ctx: &Context, render_state: &RenderState) {
    let blends = [wgpu::TextureFormat::Rgba16Float, wgpu::TextureFormat::R16Float].into_iter().all(|format| {
        let features = render_state.adapter.get_texture_format_features(format);
        features.flags.contains(wgpu::TextureFormatFeatureFlags::BLENDABLE)
            && features.allowed_usages.contains(wgpu::TextureUsages::RENDER_ATTACHMENT)
    });
    let adapter = render_state.adapter.get_info().device_type;
    if blends {
        let pipelines = pipelines::Pipelines::new(&render_state.device, render_state.target_format);
        edges::note(ctx, pipelines.edges.is_some());
        render_state.renderer.write().callback_resources.insert(buffers::Store::new(pipelines, adapter));
    }
    let rest = if adapter == wgpu::DeviceType::Cpu { IN_SOFTWARE } else { Duration::ZERO };
    ctx.data_mut(|data| {
        data.insert_temp(marker(), blends);
        data.insert_temp(marker(), rest);
    });
}

/// How long a frame that no hand asked for should wait: not at all, or, where the processor draws, so long that the work beside the window
/// gets on too.
#[must_use]
pub fn rest(ctx: &Context) -> Duration {
    ctx.data(|data| data.get_temp(marker())).unwrap_or_default()
}

/// What draws: the adapter's name, its interface and its kind.
#[must_use]
pub fn name(adapter: &wgpu::Adapter) -> String {
    let info = adapter.get_info();
    format!("{} ({}, {:?})", info.name, info.backend, info.device_type)
}

/// Whether [`install`] succeeded for this window.
#[must_use]
pub fn installed(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(marker())).unwrap_or(false)
}

/// The next frames draw all points at once, however long that takes: for a picture that is kept.
pub fn draw_whole(ctx: &Context) {
    let until = ctx.cumulative_pass_nr() + 3;
    ctx.data_mut(|data| data.insert_temp(marker(), until));
}

/// Whether this frame is to draw all points at once.
#[must_use]
pub fn draws_whole(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp::<u64>(marker())).is_some_and(|until| ctx.cumulative_pass_nr() <= until)
}

/// How many points the pictures on the screen stand on, and whether that is all points of all views.
#[must_use]
pub fn drawn(render_state: &RenderState) -> (usize, bool) {
    let renderer = render_state.renderer.read();
    let Some(store) = renderer.callback_resources.get::<buffers::Store>() else { return (0, true) };
    let (mut points, mut all) = (0, true);
    for view in store.views.values().filter(|view| view.count > 0) {
        let whole = view.shown == buffers::Shown::Fine;
        points += if whole { view.count as usize } else { view.drafted as usize };
        all &= whole;
    }
    (points, all)
}

/// How many edges the pictures on the screen hold, and whether that is all.
#[must_use]
pub fn edges_drawn(render_state: &RenderState) -> (usize, bool) {
    let renderer = render_state.renderer.read();
    let Some(store) = renderer.callback_resources.get::<buffers::Store>() else { return (0, true) };
    let held = store.views.values().map(|view| view.edges.held());
    held.fold((0, true), |(sum, all), (drawn, count)| (sum + drawn as usize, all && drawn == count))
}

fn marker() -> Id {
    egui::Id::unique("eigenscope points on the GPU")
}
