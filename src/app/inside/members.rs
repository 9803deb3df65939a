//! Typical and odd samples, each to be gone to.

use std::sync::Arc;

use eframe::egui::{self, RichText, Sense, TextureHandle, Ui, Vec2};

use super::Asked;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::said::described;
use crate::app::kit::theme::Tokens;
use crate::app::shown::fields::{Field, RowFields};
use crate::app::shown::picture::Thumbs;
use crate::app::views::scatter::Selection;
use crate::measure::portrait::Portrait;
use crate::recipe::columns::Role;
use crate::support::plain;

/// Side of a sample's picture, and of a mean one.
const SIDE: f32 = 34.0;
const MEAN: f32 = 44.0;

/// Draws them; a click pins the card of a sample and goes to its row.
pub(super) fn members_ui(
    thumbs: &mut Thumbs,
    ui: &mut Ui,
    (fields, portrait, means): (&Arc<RowFields>, &Portrait, Option<&[TextureHandle; 2]>),
    selection: &mut Selection,
) -> Option<Asked> {
    let tokens = Tokens::in_ui(ui);
    let mut asked = None;
    egui::ScrollArea::vertical().id_salt("members").auto_shrink(false).show(ui, |ui| {
        if let Some(means) = means {
            ui.label(RichText::new("Mean pictures").color(tokens.text_strong))
                .on_hover_text("Of it and of the rest, each from its darkest to its brightest pixel");
            ui.horizontal(|ui| {
                for ((texture, name), count) in means.iter().zip(["it", "rest"]).zip(portrait.counts) {
                    let image = ui.image((texture.id(), Vec2::splat(MEAN)));
                    let said = format!("Mean picture of {name}");
                    image.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &said));
                    described(&image, || format!("Of {}.", format::counted(count, "sample")));
                    ui.label(RichText::new(name).small().color(tokens.text_weak));
                }
            });
        }
        let members = &portrait.members;
        let tip =
            "By the distance to their centre in the space that was clustered; a click pins the card and shows the row";
        for (title, samples) in [("Typical", &members.typical), ("Odd", &members.odd)] {
            if samples.is_empty() {
                continue;
            }
            ui.label(RichText::new(title).color(tokens.text_strong)).on_hover_text(tip);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(3.0);
                focus::group(ui, title, Kind::Once, |ui| {
                    for &sample in samples {
                        if member_ui(thumbs, ui, fields, title, sample, selection) {
                            asked = Some(Asked::Row(sample));
                        }
                    }
                });
            });
        }
        focus::reveal(ui);
    });
    asked
}

fn member_ui(
    thumbs: &mut Thumbs,
    ui: &mut Ui,
    fields: &RowFields,
    title: &str,
    sample: u32,
    selection: &mut Selection,
) -> bool {
    let tokens = Tokens::in_ui(ui);
    let number = format::count(fields.place(sample as usize) + 1);
    let response = match thumbs.get(ui.ctx(), &fields.snapshot().data, sample) {
        Some(texture) => {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(SIDE), Sense::click());
            let whole = egui::Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
            ui.painter().image(texture, rect, whole, egui::Color32::WHITE);
            if response.hovered() || response.has_focus() {
                let line = egui::Stroke::new(1.5, tokens.marker);
                ui.painter().rect_stroke(rect, 2.0, line, egui::StrokeKind::Outside);
            }
            response
        }
        None => ui.small_button(called(fields, sample).unwrap_or_else(|| number.clone())),
    };
    let said = format!("{title}: row {number}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
    if response.hovered() || response.has_focus() {
        selection.pointed = Some(sample);
    }
    let clicked = response.on_hover_text(format!("Row {number}")).clicked();
    if clicked {
        selection.pinned = Some(sample);
    }
    clicked
}

/// What names a sample: its id.
fn called(fields: &RowFields, sample: u32) -> Option<String> {
    let id = fields.cells().columns().iter().position(|c| c.role == Some(Role::Id))?;
    let cell = fields.shown(Field::Column(id), sample as usize);
    let cell = plain::line(cell.trim());
    (!cell.is_empty()).then(|| format::short(&cell, 18))
}
