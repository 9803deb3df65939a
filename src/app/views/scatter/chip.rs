//! What is said of points that a view leaves outside: how many, by a chip that shows them, and where, by marks at the frame.

use eframe::egui::{self, Align, Layout, Rect, RichText, Shape, Stroke, Ui};

use super::marks::color_of;
use super::{Fitted, ScatterState, Scene};
use crate::app::gpu::Projection;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, UNIT};

/// Length of a mark, in points.
const MARK: f32 = 7.0;

/// The chip in the corner of a view; nothing where no point lies far off.
pub(super) fn chip_ui(ui: &mut Ui, title: &str, rect: Rect, state: &mut ScatterState) {
    let count = state.outside().len();
    if count == 0 {
        return;
    }
    let tokens = Tokens::in_ui(ui);
    let all = state.fitted_to == Fitted::All;
    let corner = Rect::from_min_max(rect.left_top(), rect.right_top() + egui::vec2(-UNIT, 8.0 * UNIT));
    let builder =
        egui::UiBuilder::new().max_rect(corner).layout(Layout::right_to_left(Align::Center)).id_salt("outside");
    ui.scope_builder(builder, |ui| {
        let unit = if count == 1 { "point" } else { "points" };
        let text = if all {
            format!("{} far {unit} shown", format::count(count))
        } else {
            format!("{} {unit} outside", format::count(count))
        };
        let button = egui::Button::selectable(all, RichText::new(&text).small().color(tokens.text_strong));
        let response = ui.add(button.small().frame_when_inactive(true).stroke(Stroke::new(1.0, tokens.warning)));
        let name = format!("{title}: {text}");
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, all, &name));
        let tip = if all {
            "The view is fitted to all points; choose to fit it to the rest and leave the far ones outside"
        } else {
            "The view is fitted to the rest, which the far ones would press together; choose to show them too"
        };
        if response.on_hover_text(tip).clicked() {
            state.fitted_to = if all { Fitted::Rest } else { Fitted::All };
            state.fit();
        }
    });
}

/// Small triangles at the frame, towards the points outside.
pub(super) fn marks(ui: &Ui, scene: &Scene<'_>, projection: &Projection) {
    if scene.state.fitted_to == Fitted::All {
        return;
    }
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter().with_clip_rect(projection.rect);
    let inner = projection.rect.shrink(2.0);
    for &index in scene.state.outside() {
        let Some(point) = scene.points.positions.get(index as usize) else { continue };
        let Some((at, _)) = projection.project(*point).filter(|(at, _)| !projection.rect.contains(*at)) else {
            continue;
        };
        let tip = inner.clamp(at);
        let out = (at - tip).normalized();
        let (back, side) = (tip - out * MARK, out.rot90() * (0.6 * MARK));
        let corners = vec![tip, back + side, back - side];
        let color = color_of(scene, index as usize).to_opaque();
        painter.add(Shape::convex_polygon(corners, color, Stroke::new(1.0, tokens.marker)));
    }
}
