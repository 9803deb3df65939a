//! Views: what you look at.

pub mod bounds;
pub mod camera;
pub mod fit;
pub mod matrix;
pub mod pick;
pub mod scatter;
pub mod steady;

use eframe::egui;

use crate::app::kit::standing::Standing;
use crate::app::kit::theme::{self, Tokens, UNIT};

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

/// A whole view that has nothing to show: the sign of where things stand, one large line, and a sentence about what to do.
pub fn standing_ui(ui: &mut egui::Ui, standing: Standing, title: &str, text: &str) {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), egui::Sense::hover());
    let said = if text.is_empty() { title.to_owned() } else { format!("{title}. {text}") };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, &said));
    let width = (rect.width() * 0.8).max(1.0);
    let middle = |words: &str, style: egui::TextStyle, ink| {
        let mut job = egui::text::LayoutJob::simple(words.to_owned(), style.resolve(ui.style()), ink, width);
        job.halign = egui::Align::Center;
        ui.painter().layout_job(job)
    };
    // Where there is little room the large line is as small as the sentence.
    let large = rect.width() >= 260.0 && rect.height() >= 180.0;
    let style = if large { theme::title_style() } else { egui::TextStyle::Heading };
    let (head, body) =
        (middle(title, style, tokens.text_strong), middle(text, egui::TextStyle::Body, tokens.text_weak));
    let sign = if large { theme::text::DISPLAY } else { theme::text::HEADING };
    let height = sign + 3.0 * UNIT + head.size().y + 2.0 * UNIT + body.size().y;
    let mut at = egui::pos2(rect.center().x, rect.center().y - 0.5 * height);
    standing.sign(ui.painter(), at + egui::vec2(0.0, 0.5 * sign), sign, standing.tone(tokens));
    at.y += sign + 3.0 * UNIT;
    ui.painter().galley(at, std::sync::Arc::clone(&head), tokens.text_strong);
    at.y += head.size().y + 2.0 * UNIT;
    ui.painter().galley(at, body, tokens.text_weak);
}
