//! Small pictures on buttons, drawn, so that they look the same with every font.

use eframe::egui::{self, Pos2, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, Vec2};

use crate::app::kit::theme::{Tokens, text};

/// What a button shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A window with its left part marked: the settings.
    Settings,
    /// A disc, half of it filled: the theme.
    Theme,
    /// A question mark.
    Help,
}

/// A square button with a picture, called `name` by a screen reader.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(28.0), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, on, name));
    let ink = if response.hovered() || on { tokens.text_strong } else { tokens.text };
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, tokens.control_hover);
    }
    let line = Stroke::new(1.4, ink);
    let middle = rect.center();
    let painter = ui.painter();
    match icon {
        Icon::Settings => {
            let frame = Rect::from_center_size(middle, Vec2::new(16.0, 13.0));
            painter.rect_stroke(frame, 2.5, line, StrokeKind::Middle);
            let part = Rect::from_min_max(frame.min, Pos2::new(frame.left() + 5.5, frame.bottom()));
            if on {
                painter.rect_filled(part.shrink(1.6), 0.5, ink);
            }
            painter.vline(part.right(), frame.y_range(), line);
        }
        Icon::Theme => {
            painter.circle_stroke(middle, 6.5, line);
            let arc = (0..=16).map(|i| {
                let angle = std::f32::consts::PI * (i as f32 / 16.0 - 0.5);
                middle + 6.5 * Vec2::angled(angle)
            });
            painter.add(Shape::convex_polygon(arc.collect(), ink, Stroke::NONE));
        }
        Icon::Help => {
            let font = egui::FontId::proportional(text::HEADING);
            painter.text(middle, egui::Align2::CENTER_CENTER, "?", font, ink);
        }
    }
    response
}

/// A star, filled where it is given: a box to tick.
pub fn star_box(ui: &mut Ui, name: &str, on: bool) -> Response {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, tokens.control_hover);
    }
    let corner = |at: i32| {
        let radius = if at % 2 == 0 { 7.0 } else { 2.9 };
        rect.center() + radius * Vec2::angled(std::f32::consts::PI * (at as f32 / 5.0 - 0.5))
    };
    if on {
        // Five kites, since only convex shapes are filled as they are.
        for tip in (0..10).step_by(2) {
            let kite = vec![rect.center(), corner(tip - 1), corner(tip), corner(tip + 1)];
            ui.painter().add(Shape::convex_polygon(kite, tokens.warning, Stroke::new(0.5, tokens.warning)));
        }
    } else {
        let line = Stroke::new(1.2, if response.hovered() { tokens.text_strong } else { tokens.text_weak });
        ui.painter().add(Shape::closed_line((0..10).map(corner).collect(), line));
    }
    response
}

/// Lets text fall back to the monospace font, which has the super- and subscripts of formulas.
pub fn install_fonts(ctx: &egui::Context) {
    let mut fonts = egui::FontDefinitions::default();
    if let Some(family) = fonts.families.get_mut(&egui::FontFamily::Proportional) {
        family.push("Hack".to_owned());
    }
    ctx.set_fonts(fonts);
}
