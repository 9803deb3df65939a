//! Points on the screen: instanced discs in `shaders/points.wgsl`, drawn into the window's own picture.
//!
//! Each view keeps its buffers and an off-screen picture on the GPU. Buffers are written when the data changed, the
//! picture is drawn when the data, the camera or the size changed; a frame in which nothing of that happened costs one
//! triangle.

mod buffers;
mod draw;
mod pipelines;

use eframe::egui::{self, Context, Id};
use eframe::egui_wgpu::RenderState;
use eframe::wgpu;

pub use draw::{Drawing, Style, size_and_strength};

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
    if blends {
        let pipelines = pipelines::Pipelines::new(&render_state.device, render_state.target_format);
        render_state.renderer.write().callback_resources.insert(buffers::Store::new(pipelines));
    }
    ctx.data_mut(|data| data.insert_temp(marker(), blends));
}

/// Whether [`install`] succeeded for this window.
#[must_use]
pub fn installed(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(marker())).unwrap_or(false)
}

fn marker() -> Id {
    egui::Id::unique("eigenscope points on the GPU")
}
