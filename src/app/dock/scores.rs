//! The scores table: every method against the labels, and learned against exact.

use eframe::egui::{self, RichText, Ui};

use super::{Card, title_ui};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, text};
use crate::app::views::empty_ui;
use crate::measure::{Agreement, Marks, Score, Scores};
use crate::pipeline::Snapshot;
use crate::support::number::score;

pub(super) fn scores_ui(ui: &mut Ui, snapshot: Option<&Snapshot>) {
    title_ui(ui, Card::Scores.title(), Card::Scores.tip(), None);
    let Some(snapshot) = snapshot.filter(|s| s.baseline.is_some() || s.exact.is_some() || s.learned.is_some()) else {
        return empty_ui(ui, "Scores appear once there are clusters");
    };
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        // All of it is in sight in a small window.
        ui.spacing_mut().item_spacing.y = 1.0;
        if let Some(report) = &snapshot.supervised {
            super::recall::recall_ui(ui, report);
            ui.add_space(4.0);
        }
        let share = snapshot.job.recipe.labelled;
        if share > 0.0 && snapshot.operator.is_some() {
            let text = format!("Semi-supervised: {:.1} % of the labels shaped the graph", 100.0 * share);
            ui.label(RichText::new(text).small().strong().color(Tokens::in_ui(ui).warning));
        }
        if snapshot.data.labels.is_some() {
            table_ui(ui, snapshot);
        } else {
            let weak = Tokens::in_ui(ui).text_weak;
            ui.label(RichText::new("No labels: nothing to score against").small().color(weak));
        }
        if let Some(agreement) = &snapshot.agreement {
            ui.add_space(3.0);
            agreement_ui(ui, agreement);
            // Before the bars, which may be more than the card has room for.
            if let Some(doubt) = snapshot.undecided() {
                ui.add(egui::Label::new(RichText::new(doubt).small().color(Tokens::in_ui(ui).warning)).wrap());
            }
            bars_ui(ui, agreement);
        }
    });
}

fn table_ui(ui: &mut Ui, snapshot: &Snapshot) {
    let tokens = Tokens::in_ui(ui);
    let rows: [(&str, Option<Scores>, egui::Color32); 3] = [
        ("k-means", snapshot.baseline.as_ref().and_then(|b| b.1), tokens.reference),
        ("exact", snapshot.exact.as_ref().and_then(|s| s.scores), tokens.exact),
        ("learned", snapshot.learned.as_ref().and_then(|s| s.scores), tokens.learned),
    ];
    let columns = 1 + Score::ALL.len();
    let column = (ui.available_width() / columns as f32 - 6.0).max(36.0);
    egui::Grid::new("scores").num_columns(columns).min_col_width(column).min_row_height(16.0).spacing([6.0, 2.0]).show(
        ui,
        |ui| {
            ui.label("");
            for head in Score::ALL {
                ui.label(RichText::new(head.name()).small().color(tokens.text_weak)).on_hover_text(head.meaning());
            }
            ui.end_row();
            for (name, scores, color) in rows {
                ui.label(RichText::new(name).color(color));
                for figure in Marks::from(scores).all() {
                    ui.label(RichText::new(score(figure)).monospace().color(tokens.text_strong));
                }
                ui.end_row();
            }
        },
    );
}

fn agreement_ui(ui: &mut Ui, agreement: &Agreement) {
    let tokens = Tokens::in_ui(ui);
    let k = agreement.sin2.len().max(1) as f64;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let figures = [(
            "Grassmann/dim",
            agreement.grassmann / k,
            "Mean sin² of the principal angles between the two spaces: 0 is the same space",
        )];
        for (name, value, tip) in figures {
            ui.label(RichText::new(name).small().color(tokens.text_weak)).on_hover_text(tip);
            ui.label(RichText::new(format::number(value)).monospace().color(tokens.text_strong));
        }
        ui.label(RichText::new("ARI").small().color(tokens.text_weak))
            .on_hover_text("Adjusted Rand index between the learned and the exact clusters");
        ui.label(RichText::new(score(Some(agreement.ari))).monospace().color(tokens.text_strong));
    });
}

/// sin² of each eigenvector, members of a group of coinciding eigenvalues under one bar.
fn bars_ui(ui: &mut Ui, agreement: &Agreement) {
    scale_ui(ui);
    let mut start = 0;
    while start < agreement.sin2.len() {
        let group = agreement.groups.get(start).copied().unwrap_or(start);
        let same = |j: &usize| agreement.groups.get(*j).copied().unwrap_or(*j) == group;
        let end = (start..agreement.sin2.len()).take_while(same).last().unwrap_or(start) + 1;
        let name = if end - start == 1 { format!("v{}", start + 1) } else { format!("v{}–{}", start + 1, end) };
        bar_ui(ui, &name, agreement.sin2[start]);
        start = end;
    }
}

/// Room beside a bar for its name and for its number.
const NAME: f32 = 44.0;
const NUMBER: f32 = 50.0;
/// The least sin² that a bar shows: what matters lies far below one half.
const LEAST: f64 = 1e-4;

/// Where a value lies on the scale of the bars, decades from [`LEAST`] to 1, as a share of their length.
fn along(sin2: f64) -> f32 {
    (1.0 - sin2.max(LEAST).log10() / LEAST.log10()).clamp(0.0, 1.0) as f32
}

/// What the bars are, and the numbers of the scale that they share.
fn scale_ui(ui: &mut Ui) {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 14.0), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, "sin² per eigenvalue"));
    response.on_hover_text("sin² of the angle between each learned and exact eigenvector; where eigenvalues coincide, of their common space");
    let (left, width) = (rect.left() + NAME, (rect.width() - NAME - NUMBER).max(1.0));
    let font = egui::FontId::proportional(text::SMALL);
    ui.painter().text(rect.left_center(), egui::Align2::LEFT_CENTER, "sin²", font.clone(), tokens.text_weak);
    for (value, label) in [(1e-4, "≤1e-4"), (1e-2, "0.01"), (1.0, "1")] {
        let at = egui::pos2(left + width * along(value), rect.center().y);
        ui.painter().text(at, egui::Align2::CENTER_CENTER, label, font.clone(), tokens.text_weak);
    }
}

fn bar_ui(ui: &mut Ui, name: &str, sin2: f64) {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 14.0), egui::Sense::hover());
    let font = egui::TextStyle::Small.resolve(ui.style());
    let painter = ui.painter();
    painter.text(rect.left_center(), egui::Align2::LEFT_CENTER, name, font.clone(), tokens.text_weak);
    painter.text(rect.right_center(), egui::Align2::RIGHT_CENTER, format::number(sin2), font, tokens.text);
    let track = egui::Rect::from_min_max(rect.min + egui::vec2(NAME, 4.0), rect.max - egui::vec2(NUMBER, 4.0));
    painter.rect_filled(track, 2.0, tokens.control);
    let filled = egui::Rect::from_min_size(track.min, egui::vec2(track.width() * along(sin2), track.height()));
    let color = if sin2 <= 0.02 {
        tokens.good
    } else if sin2 <= 0.2 {
        tokens.warning
    } else {
        tokens.bad
    };
    painter.rect_filled(filled, 2.0, color);
    for decade in [1e-3, 1e-2, 1e-1] {
        let x = track.left() + track.width() * along(decade);
        painter.vline(x, track.y_range(), egui::Stroke::new(1.0, tokens.plot));
    }
    let said = format!("sin² of {name}: {}", format::number(sin2));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    response.on_hover_text("Bars run over four decades, from 0.0001 to 1");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_their_scale_agree() {
        let places = [0.0, 1e-4, 1e-3, 1e-2, 1e-1, 1.0].map(along);
        for (place, wanted) in places.into_iter().zip([0.0, 0.0, 0.25, 0.5, 0.75, 1.0]) {
            assert!((place - wanted).abs() < 1e-6, "{places:?}");
        }
    }
}
