//! Small pictures of points.

use eframe::egui::{self, Color32, Rect, Sense, Ui, Vec2};

use crate::app::kit::theme::Tokens;
use crate::output::palette;

/// Points in a square of this width and height, coloured by category; `name` says what it is.
pub(super) fn points_ui(ui: &mut Ui, size: Vec2, points: &[[f32; 2]], of: &[u32], name: &str) -> egui::Response {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let edge = if response.hovered() || response.has_focus() { tokens.accent } else { tokens.line };
    ui.painter().rect(rect, 4.0, tokens.plot, egui::Stroke::new(1.0, edge), egui::StrokeKind::Inside);
    let area = rect.shrink(6.0);
    let range = |j: usize| {
        let values = points.iter().map(|point| point[j]).filter(|v| v.is_finite());
        values.fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)))
    };
    let (x, y) = (range(0), range(1));
    let place = |v: f32, (low, high): (f32, f32)| if high > low { (v - low) / (high - low) } else { 0.5 };
    let side = (60.0 / (points.len().max(1) as f32).sqrt()).clamp(1.6, 3.0);
    let mut mesh = egui::Mesh::default();
    for (i, point) in points.iter().enumerate().filter(|(_, p)| p[0].is_finite() && p[1].is_finite()) {
        let at = egui::pos2(
            area.left() + area.width() * place(point[0], x),
            area.bottom() - area.height() * place(point[1], y),
        );
        let [r, g, b] = palette::category(of.get(i).map_or(0, |&c| c as usize), tokens.dark);
        let ink = Color32::from_rgb(r, g, b).gamma_multiply(0.85);
        mesh.add_colored_rect(Rect::from_center_size(at, Vec2::splat(side)), ink);
    }
    ui.painter().add(mesh);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    response
}
