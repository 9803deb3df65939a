//! The built-in sets as buttons with a small picture each.

use eframe::egui::{self, Color32, Pos2, Rect, Sense, Ui, Vec2};

use crate::app::kit::theme::Tokens;
use crate::data::{BuiltIn, Dot, Picture};
use crate::output::palette;

/// A button with the set's picture. True when clicked.
pub(super) fn thumb_ui(ui: &mut Ui, set: &BuiltIn, selected: bool, size: f32) -> bool {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, ui.is_enabled(), selected, set.name));
    if ui.is_rect_visible(rect) {
        let line = if selected {
            egui::Stroke::new(2.0, tokens.accent)
        } else if response.hovered() || response.has_focus() {
            egui::Stroke::new(1.0, tokens.text_weak)
        } else {
            egui::Stroke::new(1.0, tokens.edge)
        };
        ui.painter().rect(rect, 4.0, tokens.plot, line, egui::StrokeKind::Inside);
        let inner = rect.shrink(size * 0.14);
        match set.picture {
            Picture::Pixels(rows) => pixels(ui, inner, rows, tokens),
            Picture::Points(points) => dots(ui, inner, &points(), tokens.dark),
        }
    }
    if selected {
        crate::app::kit::focus::enter_at(ui.ctx(), response.id);
    }
    response.on_hover_text(format!("{}\n{}", set.name, set.about.trim_end_matches('.'))).clicked()
}

fn dots(ui: &Ui, rect: Rect, shape: &[Dot], dark: bool) {
    let low = shape.iter().fold(Vec2::splat(f32::MAX), |m, p| m.min(Vec2::new(p.0, p.1)));
    let high = shape.iter().fold(Vec2::splat(f32::MIN), |m, p| m.max(Vec2::new(p.0, p.1)));
    let span = (high - low).max_elem().max(1e-6);
    let middle = (low + high) * 0.5;
    for &(x, y, class) in shape {
        let at = (Vec2::new(x, y) - middle) / span;
        let at: Pos2 = rect.center() + Vec2::new(at.x, -at.y) * rect.width();
        let [r, g, b] = palette::category(class, dark);
        ui.painter().circle_filled(at, 1.1, Color32::from_rgb(r, g, b));
    }
}

fn pixels(ui: &Ui, rect: Rect, rows: [u8; 8], tokens: &Tokens) {
    let cell = rect.width() / 8.0;
    for (y, row) in rows.iter().enumerate() {
        for x in (0..8).filter(|x| row & (0x80 >> x) != 0) {
            let corner = rect.min + Vec2::new(x as f32, y as f32) * cell;
            ui.painter().rect_filled(Rect::from_min_size(corner, Vec2::splat(cell * 0.9)), 0.5, tokens.text);
        }
    }
}
