//! Small pictures of the sheet: how the values of a column lie, and the samples themselves.

use eframe::egui::{self, Color32, Rect, Sense, Ui, Vec2};

use super::seen::{Age, Seen};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, text};
use crate::app::shown::summed;
use crate::data::Histogram;
use crate::output::palette;
use crate::recipe::columns::Role;
use crate::support::plain;

/// Most points that the small picture of the samples draws.
const MOST_POINTS: usize = 4000;
/// Its height.
const HEIGHT: f32 = 190.0;

/// The colour of a role.
pub(super) fn color(role: Role, tokens: &Tokens) -> Color32 {
    match role {
        Role::Feature => tokens.accent,
        Role::Label => tokens.learned,
        Role::Id => tokens.good,
        Role::Shown => tokens.text_weak,
        Role::Ignored => tokens.line,
    }
}

/// How the values of a column lie; under the pointer in words.
pub(super) fn histogram_ui(ui: &mut Ui, histogram: Option<&Histogram>, ink: Color32) {
    let (rect, response) = ui.allocate_exact_size(ui.max_rect().size(), Sense::hover());
    let area = rect.shrink2(Vec2::new(0.0, 3.0));
    let bars = |shares: &[f32], gap: f32| {
        let width = area.width() / shares.len().max(1) as f32;
        for (i, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let left = area.left() + width * i as f32;
            let top = area.bottom() - (area.height() * share).max(1.0);
            let bar = Rect::from_min_max(egui::pos2(left, top), egui::pos2(left + width - gap, area.bottom()));
            ui.painter().rect_filled(bar, 0.0, ink.gamma_multiply(0.8));
        }
    };
    let mut most = None;
    let words = match histogram {
        Some(Histogram::Numbers { least, most: most_value, counts }) => {
            let highest = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
            bars(&counts.map(|count| count as f32 / highest), 0.5);
            most = summed::histogram(&counts.map(|count| count as f64), *least, *most_value);
            format!("from {} to {}", format::number(*least), format::number(*most_value))
        }
        Some(Histogram::Words { top, others }) => {
            let highest = top.first().map_or(1, |(_, count)| *count).max(1) as f32;
            let shares: Vec<f32> = top.iter().map(|(_, count)| *count as f32 / highest).collect();
            bars(&shares, 2.0);
            let mut lines: Vec<String> =
                top.iter().map(|(word, count)| format!("{}  {}", plain::line(word), format::count(*count))).collect();
            lines.extend((*others > 0).then(|| format!("others  {}", format::count(*others))));
            lines.join("\n")
        }
        Some(Histogram::Nothing) | None => return,
    };
    response.widget_info(|| {
        let said = most.as_ref().map_or_else(String::new, |most| format!("; {most}"));
        egui::WidgetInfo::labeled(egui::Role::Image, true, format!("Values {}{said}", words.replace('\n', ", ")))
    });
    response.on_hover_text(words);
}

/// The samples as the settings give them, before any training, at most some thousands of them.
pub(super) fn scatter_ui(ui: &mut Ui, seen: &Seen) {
    let tokens = Tokens::in_ui(ui);
    let height = HEIGHT.min(0.35 * ui.available_height());
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
    let line = egui::Stroke::new(1.0, tokens.line);
    ui.painter().rect(rect, 4.0, tokens.plot, line, egui::StrokeKind::Inside);
    let n = seen.input.nrows();
    let step = n.div_ceil(MOST_POINTS).max(1);
    let rows = || (0..n).step_by(step);
    let range = |j: usize| {
        rows().map(|i| seen.input[[i, j]]).fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)))
    };
    let (x, y) = (range(0), range(1));
    let area = rect.shrink(14.0);
    let place = |v: f32, (low, high): (f32, f32)| if high > low { (v - low) / (high - low) } else { 0.5 };
    let faded = if seen.age == Age::Old { 0.35 } else { 0.85 };
    let mut mesh = egui::Mesh::default();
    for i in rows() {
        let at = egui::pos2(
            area.left() + area.width() * place(seen.input[[i, 0]], x),
            area.bottom() - area.height() * place(seen.input[[i, 1]], y),
        );
        let [r, g, b] = match &seen.data.labels {
            Some(labels) => labels
                .class(i)
                .map_or(palette::no_category(tokens.dark), |class| palette::category(class as usize, tokens.dark)),
            None => palette::category(0, tokens.dark),
        };
        let ink = Color32::from_rgb(r, g, b).gamma_multiply(faded);
        mesh.add_colored_rect(Rect::from_center_size(at, Vec2::splat(2.5)), ink);
    }
    ui.painter().add(mesh);
    let small = egui::FontId::proportional(text::SMALL);
    let axes = [&seen.axes[0], &seen.axes[1]].map(|axis| format::short(&plain::line(axis), 28));
    let title = match seen.age {
        Age::Trained | Age::Raw => "points as read",
        Age::Preview => "preview of the points",
        Age::Old => "points as read before",
    };
    let corner = rect.min + Vec2::new(6.0, 4.0);
    let words = format!("{title} · {} and {}", axes[0], axes[1]);
    let size = ui.painter().layout(words.clone(), small.clone(), tokens.text, rect.width() - 12.0);
    ui.painter().rect_filled(
        Rect::from_min_size(corner, size.size()).expand(2.0),
        2.0,
        tokens.plot.gamma_multiply(0.8),
    );
    ui.painter().galley(corner, size, tokens.text);
    let shown = rows().count();
    let of = if step > 1 {
        format!("{} of {} points", format::count(shown), format::count(n))
    } else {
        format::counted(n, "point")
    };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, format!("{words}, {of}")));
    response.on_hover_text(format!("{of}; colours are those of the labels, where there are any"));
}
