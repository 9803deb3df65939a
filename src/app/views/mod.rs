//! Views: what you look at.

pub mod camera;
pub mod fit;
pub mod matrix;
pub mod pick;
pub mod scatter;

use eframe::egui;

use crate::app::kit::theme::Tokens;

/// One quiet sentence in the middle of the space that is left: nothing here yet, and what to do about it.
pub fn empty_ui(ui: &mut egui::Ui, text: &str) {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, text));
    let font = egui::TextStyle::Body.resolve(ui.style());
    let galley = ui.painter().layout(text.to_owned(), font, tokens.text_weak, (rect.width() * 0.8).max(1.0));
    let corner = rect.center() - galley.size() * 0.5;
    ui.painter().galley(corner, galley, tokens.text_weak);
}
