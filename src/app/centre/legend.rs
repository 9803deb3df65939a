//! What the colours mean, in one line.

use eframe::egui::{self, Color32, RichText, Ui};

use crate::app::kit::format;
use crate::app::kit::shapes::{self, Shape};
use crate::app::kit::theme::Tokens;
use crate::app::shown::coloring::{self, Legend};

/// What the colours mean, right-aligned, in the room that is left.
pub(super) fn legend_ui(ui: &mut Ui, legend: &Legend, dark: bool) {
    let tokens = Tokens::in_ui(ui);
    let color = |[r, g, b]: [u8; 3]| Color32::from_rgb(r, g, b);
    let shaped = shapes::are_shown(ui.ctx());
    match legend {
        Legend::Categories(categories) => {
            let font = egui::TextStyle::Small.resolve(ui.style());
            let text =
                |name: &str| ui.painter().layout_no_wrap(format::short(name, 14), font.clone(), tokens.text_weak);
            let mut room = ui.available_width() - 50.0;
            let galleys: Vec<_> = categories
                .iter()
                .map(|c| (text(&c.name), color(c.color), if shaped { c.shape } else { Shape::Disc }))
                .take_while(|(galley, ..)| {
                    room -= galley.size().x + 22.0;
                    room > 0.0
                })
                .collect();
            let more = categories.len() - galleys.len();
            if more > 0 {
                ui.label(RichText::new(format!("+{more}")).small().color(tokens.text_weak))
                    .on_hover_text("All are listed under Clusters");
            }
            for (galley, color, shape) in galleys.into_iter().rev() {
                let (rect, _) = ui.allocate_exact_size(galley.size() + egui::vec2(14.0, 0.0), egui::Sense::hover());
                shape.paint(ui.painter(), rect.left_center() + egui::vec2(4.0, 0.0), 4.0, color);
                ui.painter().galley(rect.min + egui::vec2(12.0, 0.0), galley, tokens.text_weak);
            }
        }
        Legend::Gradient { low, high } => {
            ui.label(RichText::new(format::number(*high)).small().color(tokens.text_weak));
            let (rect, _) = ui.allocate_exact_size(egui::vec2(110.0, 10.0), egui::Sense::hover());
            let steps = 44;
            for i in 0..steps {
                let t = i as f32 / (steps - 1) as f32;
                let x = rect.left() + rect.width() * i as f32 / steps as f32;
                let part = egui::Rect::from_min_size(
                    egui::pos2(x, rect.top()),
                    egui::vec2(rect.width() / steps as f32 + 0.5, rect.height()),
                );
                ui.painter().rect_filled(part, 0.0, color(crate::output::palette::gradient(t)));
            }
            ui.label(RichText::new(format::number(*low)).small().color(tokens.text_weak));
        }
        Legend::Position => {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(22.0, 22.0), egui::Sense::hover());
            let cells = 6;
            let cell = rect.size() / cells as f32;
            for (x, y) in (0..cells * cells).map(|i| (i % cells, i / cells)) {
                let at = |i: i32| (i as f32 + 0.5) / cells as f32;
                let corner = rect.min + egui::vec2(x as f32 * cell.x, y as f32 * cell.y);
                let fill = color(coloring::place_color(at(x), 1.0 - at(y), dark));
                ui.painter().rect_filled(egui::Rect::from_min_size(corner, cell), 0.0, fill);
            }
            ui.label(RichText::new("place in the input").small().color(tokens.text_weak));
        }
    }
}
