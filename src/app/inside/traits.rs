//! The columns that set the samples apart: a list by effect size, and how the values of the first of them lie.

use eframe::egui::{self, Rect, RichText, Sense, Ui, Vec2};

use super::Asked;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::said::described;
use crate::app::kit::theme::Tokens;
use crate::app::shown::fields::{Field, RowFields};
use crate::app::shown::summed;
use crate::data::Holds;
use crate::measure::portrait::{Portrait, Says, Spread, Trait};
use crate::project::query::quoted;
use crate::support::plain;

/// Height of a trait in the list and of a histogram.
const ROW: f32 = 20.0;
const HEIGHT: f32 = 54.0;
/// An effect that fills the bar of the list.
const WHOLE: f64 = 3.0;

/// A trait in words: what is so inside, and in the rest.
fn words(fields: &RowFields, of: &Trait) -> (String, String) {
    let column = &fields.cells().columns()[of.column];
    let name = format::name(&column.name);
    let share = |p: f64| format!("{:.0} %", 100.0 * p);
    let shares = |[p, q]: [f64; 2]| {
        let times = if q > 0.0 && p > 0.0 { format!(" · ×{}", format::number(p / q)) } else { String::new() };
        format!("{} against {}{times}", share(p), share(q))
    };
    match &of.says {
        Says::Numbers { means, .. } => {
            let [a, b] = means.map(|mean| column.holds.write(mean));
            (name, format!("{a} against {b}"))
        }
        Says::Is(word, s) => (format!("{name} = {}", format::short(&plain::line(word), 24)), shares(*s)),
        Says::Contains(word, s) => (format!("{name} has {}", format::short(&plain::line(word), 24)), shares(*s)),
        Says::Missing(s) => (format!("{name} is missing"), shares(*s)),
    }
}

/// A query that selects by a trait.
fn query(fields: &RowFields, of: &Trait) -> String {
    let name = quoted(fields.name(Field::Column(of.column)));
    match &of.says {
        Says::Numbers { means: [a, b], .. } => {
            let (sign, middle) = (if of.effect > 0.0 { ">" } else { "<" }, f64::midpoint(*a, *b));
            let middle = fields.cells().columns()[of.column].holds.write(middle);
            format!("{name} {sign} {middle}")
        }
        Says::Is(word, _) => format!("{name} = {}", quoted(word)),
        Says::Contains(word, _) => format!("{name} contains {}", quoted(word)),
        Says::Missing(_) => format!("{name} is missing"),
    }
}

/// The list of traits; a click writes a query that selects by it.
pub(super) fn traits_ui(ui: &mut Ui, fields: &RowFields, portrait: &Portrait) -> Option<Asked> {
    let tokens = Tokens::in_ui(ui);
    let tip = "Columns by effect size: for numbers the difference of means in standard deviations (Cohen's d), for words and gaps Cohen's h of the shares. 0.2 is small, 0.8 large";
    ui.label(RichText::new("What sets it apart").color(tokens.text_strong)).on_hover_text(tip);
    if portrait.traits.is_empty() {
        let text = match portrait.counts {
            [_, 0] => "All rows are in it: there is no rest to compare with",
            _ if fields
                .cells()
                .columns()
                .iter()
                .all(|c| matches!(c.role, Some(crate::recipe::columns::Role::Label))) =>
            {
                "The data has no columns to compare, as its pixels are too many; the mean pictures show them"
            }
            _ => "No column differs between it and the rest",
        };
        ui.label(RichText::new(text).small().color(tokens.text_weak));
    }
    let mut asked = None;
    egui::ScrollArea::vertical().id_salt("traits").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        focus::group(ui, "traits", Kind::Once, |ui| {
            for of in &portrait.traits {
                if trait_ui(ui, fields, of) {
                    asked = Some(Asked::Query(query(fields, of)));
                }
            }
        });
        if !portrait.left_out.is_empty() {
            let list: Vec<String> = portrait
                .left_out
                .iter()
                .take(12)
                .map(|(name, why)| format!("{} ({why})", format::short(&plain::line(name), 24)))
                .collect();
            ui.label(RichText::new(format!("Not compared: {}", list.join(", "))).small().color(tokens.text_weak));
        }
        focus::reveal(ui);
    });
    asked
}

fn trait_ui(ui: &mut Ui, fields: &RowFields, of: &Trait) -> bool {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width() - 6.0, ROW), Sense::click());
    let (what, how) = words(fields, of);
    let effect = if of.effect.is_infinite() { "∞".to_owned() } else { format!("{:.2}", of.effect.abs()) };
    let (sign, direction) = if of.effect > 0.0 { ("▲", "more") } else { ("▼", "less") };
    let said = format!("{what}, {how}, effect {effect} {direction}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        if response.hovered() || response.has_focus() {
            painter.rect_filled(rect, 3.0, tokens.control);
        }
        let share = (of.effect.abs() / WHOLE).min(1.0) as f32;
        let bar = Rect::from_min_size(rect.min, Vec2::new(rect.width() * share, rect.height()));
        let [r, g, b] = crate::output::palette::diverging(if of.effect > 0.0 { 1.0 } else { -1.0 });
        let ink = egui::Color32::from_rgb(r, g, b);
        painter.rect_filled(bar, 3.0, ink.gamma_multiply(0.25));
        let small = egui::FontId::proportional(crate::app::kit::theme::text::SMALL);
        let half = rect.left() + 0.46 * rect.width();
        let line = |left: f32, right: f32, text: &str, color| {
            let room = Rect::from_x_y_ranges(left..=right, rect.y_range());
            let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), small.clone(), color);
            job.wrap = egui::text::TextWrapping::truncate_at_width(room.width().max(0.0));
            let galley = painter.layout_job(job);
            painter.galley(egui::pos2(left, room.center().y - 0.5 * galley.size().y), galley, color);
        };
        line(rect.left() + 4.0, half - 4.0, &what, tokens.text_strong);
        line(half, rect.right() - 52.0, &how, tokens.text);
        let right = rect.right_center() - Vec2::new(4.0, 0.0);
        painter.text(right, egui::Align2::RIGHT_CENTER, format!("{sign} {effect}"), small.clone(), ink);
    }
    let tip = format!("{said}\nA click writes the query: {}", query(fields, of));
    response.on_hover_text(tip).clicked()
}

/// How the values of the first traits lie, inside and in the rest.
pub(super) fn spreads_ui(ui: &mut Ui, fields: &RowFields, portrait: &Portrait) {
    let tokens = Tokens::in_ui(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new("How values lie").color(tokens.text_strong))
            .on_hover_text("Shares of either, in equal steps");
        for (name, ink) in [("it", tokens.accent), ("rest", tokens.text_weak)] {
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(9.0), Sense::hover());
            ui.painter().rect_filled(rect, 2.0, ink);
            ui.label(RichText::new(name).small().color(tokens.text_weak));
        }
    });
    let spreads: Vec<(&Trait, &Spread)> =
        portrait.traits.iter().filter_map(|t| Some((t, t.spread.as_ref()?))).collect();
    if spreads.is_empty() {
        ui.label(RichText::new("No column of numbers differs").small().color(tokens.text_weak));
    }
    egui::ScrollArea::vertical().id_salt("spreads").auto_shrink(false).show(ui, |ui| {
        for (of, spread) in spreads {
            let column = &fields.cells().columns()[of.column];
            spread_ui(ui, &plain::line(&column.name), column.holds, spread);
        }
    });
}

fn spread_ui(ui: &mut Ui, name: &str, holds: Holds, spread: &Spread) {
    let tokens = Tokens::in_ui(ui);
    let small = egui::FontId::proportional(crate::app::kit::theme::text::SMALL);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width() - 8.0, HEIGHT), Sense::hover());
    let [low, high] = spread.ends.map(|end| holds.write(end));
    let said = format!("{name} from {low} to {high}, it against the rest");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &said));
    described(&response, || {
        let side = |name: &str, side: usize| {
            let shares: Vec<f64> = spread.shares.iter().map(|shares| shares[side]).collect();
            summed::histogram(&shares, spread.ends[0], spread.ends[1]).map(|said| format!("{name}: {said}."))
        };
        [side("It", 0), side("The rest", 1)].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let area = Rect::from_min_max(rect.min + Vec2::new(0.0, 14.0), rect.max - Vec2::new(0.0, 13.0));
    let most = spread.shares.iter().flatten().copied().fold(0.0, f64::max).max(1e-12);
    let width = area.width() / spread.shares.len().max(1) as f32;
    for (at, shares) in spread.shares.iter().enumerate() {
        let left = area.left() + width * at as f32;
        for (side, ink) in [(1, tokens.text_weak.gamma_multiply(0.45)), (0, tokens.accent.gamma_multiply(0.75))] {
            let height = (shares[side] / most) as f32 * area.height();
            // The rest is the ground, what is looked at stands before it.
            let inset = if side == 0 { 0.18 * width } else { 0.0 };
            let bar = Rect::from_min_max(
                egui::pos2(left + inset, area.bottom() - height),
                egui::pos2(left + width - inset - 0.5, area.bottom()),
            );
            painter.rect_filled(bar, 0.0, ink);
        }
    }
    painter.hline(area.x_range(), area.bottom(), egui::Stroke::new(1.0, tokens.line));
    painter.text(rect.left_top(), egui::Align2::LEFT_TOP, format::short(name, 30), small.clone(), tokens.text);
    painter.text(rect.left_bottom(), egui::Align2::LEFT_BOTTOM, low, small.clone(), tokens.text_weak);
    painter.text(rect.right_bottom(), egui::Align2::RIGHT_BOTTOM, high, small, tokens.text_weak);
}
