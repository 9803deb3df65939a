//! The samples crossed with a category.

use eframe::egui::{self, Rect, RichText, Sense, Ui, Vec2};

use crate::app::kit::combo::combo;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, text};
use crate::measure::portrait::{Cross, Portrait};
use crate::support::plain;

/// Height of a value.
const ROW: f32 = 18.0;

/// A category as a table: of each value the share inside and in the rest.
pub(super) fn crosses_ui(chosen: &mut Option<String>, ui: &mut Ui, portrait: &Portrait) {
    let tokens = Tokens::in_ui(ui);
    let cross = portrait.crosses.iter().find(|c| Some(&c.name) == chosen.as_ref()).or(portrait.crosses.first());
    ui.horizontal(|ui| {
        let tip = "Of each value the share in it and in the rest";
        let label = ui.label(RichText::new("Crossed with").color(tokens.text_strong)).on_hover_text(tip);
        let Some(cross) = cross else { return };
        let width = (ui.available_width() - 4.0).clamp(40.0, 130.0);
        let name = |cross: &Cross| format::short(&plain::line(&cross.name), 30);
        let combo = combo("crossed with", width).truncate().selected_text(name(cross));
        let shown = combo.show_ui(ui, |ui| {
            for other in &portrait.crosses {
                if ui.selectable_label(other.name == cross.name, name(other)).clicked() {
                    *chosen = Some(other.name.clone());
                }
            }
        });
        shown.response.labelled_by(label.id);
    });
    let Some(cross) = cross else {
        let none = "No column has few values, and there are no classes";
        ui.label(RichText::new(none).small().color(tokens.text_weak));
        return;
    };
    egui::ScrollArea::vertical().id_salt("crossed").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        heads_ui(ui);
        for (value, counts) in &cross.values {
            value_ui(ui, &plain::line(value), *counts, portrait.counts);
        }
        if cross.others != [0, 0] {
            value_ui(ui, "others", cross.others, portrait.counts);
        }
    });
}

fn heads_ui(ui: &mut Ui) {
    let tokens = Tokens::in_ui(ui);
    let small = egui::FontId::proportional(text::SMALL);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width() - 8.0, 14.0), Sense::hover());
    for (x, head) in ends(rect).into_iter().zip(["in it", "rest"]) {
        ui.painter().text(
            egui::pos2(x, rect.center().y),
            egui::Align2::RIGHT_CENTER,
            head,
            small.clone(),
            tokens.text_weak,
        );
    }
}

/// Where the two columns of shares end.
fn ends(rect: Rect) -> [f32; 2] {
    [rect.right() - 46.0, rect.right() - 2.0]
}

fn value_ui(ui: &mut Ui, value: &str, counts: [usize; 2], of: [usize; 2]) {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width() - 8.0, ROW), Sense::hover());
    let shares = [0, 1].map(|side| counts[side] as f64 / of[side].max(1) as f64);
    let percent = shares.map(|share| format!("{:.0} %", 100.0 * share));
    let said = format!(
        "{value}: {} in it, {}, and {} in the rest, {}",
        format::count(counts[0]),
        percent[0],
        format::count(counts[1]),
        percent[1]
    );
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    let painter = ui.painter();
    let bar = Rect::from_min_size(rect.min, Vec2::new(rect.width() * shares[0] as f32, rect.height()));
    painter.rect_filled(bar, 2.0, tokens.accent.gamma_multiply(0.18));
    let small = egui::FontId::proportional(text::SMALL);
    let room = rect.width() - 96.0;
    let mut job = egui::text::LayoutJob::simple_singleline(format::short(value, 80), small.clone(), tokens.text_strong);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room.max(10.0));
    let galley = painter.layout_job(job);
    painter.galley(egui::pos2(rect.left() + 4.0, rect.center().y - 0.5 * galley.size().y), galley, tokens.text_strong);
    for (x, (percent, ink)) in ends(rect).into_iter().zip(percent.iter().zip([tokens.text, tokens.text_weak])) {
        painter.text(egui::pos2(x, rect.center().y), egui::Align2::RIGHT_CENTER, percent, small.clone(), ink);
    }
    response.on_hover_text(said);
}
