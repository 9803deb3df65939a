//! The eigenvalue ladder: exact rungs, learned dots on them, and the gap that suggests a number of clusters.

use eframe::egui::{self, Align2, Color32, FontId, Pos2, Rect, Sense, Stroke, Ui};

use super::{Card, limits, title_ui};
use crate::app::kit::format;
use crate::app::kit::said::described;
use crate::app::kit::theme::{Tokens, text};
use crate::app::kit::ticks::round_step;
use crate::app::views::empty_ui;
use crate::measure::Gap;
use crate::pipeline::Snapshot;

pub(super) fn eigenvalues_ui(ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let exact: &[f64] = snapshot.map_or(&[], |s| if s.spectrum.is_empty() { exact_values(s) } else { &s.spectrum });
    let learned: &[f64] = snapshot.and_then(|s| s.learned.as_ref()).map_or(&[], |s| &s.space.values);
    let k = snapshot.map_or(0, |s| s.clusters);
    let gap = snapshot.and_then(Snapshot::eigengap);
    let figure = gap.map(|gap| suggestion(gap, k));
    title_ui(ui, Card::Eigenvalues.title(), Card::Eigenvalues.tip(), figure);
    if exact.is_empty() && learned.is_empty() {
        return empty_ui(ui, "Eigenvalues appear once a solver has some");
    }
    let tokens = Tokens::in_ui(ui);
    let (area, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let ladder = Ladder::new(area, exact, learned);
    ladder.axis(ui, tokens);
    ladder.gap(ui, k, gap, tokens);
    ladder.values(ui, exact, learned, tokens);
    ladder.key(ui, tokens, !exact.is_empty(), !learned.is_empty());
    let said = format!("Eigenvalue ladder: {} exact, {} learned", exact.len(), learned.len());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &said));
    described(&response, || sentence(exact, learned, gap));
    let index = response.hover_pos().and_then(|at| ladder.index(at));
    if let Some(j) = index {
        let line = |name: &str, values: &[f64]| {
            values.get(j).map_or_else(String::new, |v| format!("\n{name} {}", format::number(*v)))
        };
        let after = Gap::after(exact, j + 1).map_or_else(String::new, |gap| {
            let (wide, share) = (format::number(gap.above - gap.below), 100.0 * gap.relative);
            format!("\ngap after it {wide}, {share:.0} % of the next value")
        });
        let values = format!("v{}{}{}", j + 1, line("exact", exact), line("learned", learned));
        response.on_hover_text_at_pointer(format!("{values}{after}"));
    }
}

/// What the spectrum says, with what decides, and what is in use where that is another number.
fn suggestion(gap: Gap, k: usize) -> String {
    let share = 100.0 * gap.relative;
    // A narrow card has no room for all.
    if !gap.is_clear() {
        format!("no clear gap, {share:.0} % after {}", gap.after)
    } else if gap.after == k || k == 0 {
        format!("suggests k = {}, gap {share:.0} %", gap.after)
    } else {
        format!("suggests k = {}; {k} in use", gap.after)
    }
}

fn exact_values(snapshot: &Snapshot) -> &[f64] {
    snapshot.exact.as_ref().map_or(&[], |s| &s.space.values)
}

/// Where the values begin and end, where the gap lies, and how far the learned ones are off.
fn sentence(exact: &[f64], learned: &[f64], gap: Option<Gap>) -> String {
    let number = format::number;
    let ends = |name: &str, values: &[f64]| {
        let (first, last) = (values.first()?, values.last()?);
        Some(format!("{name} from {} to {}", number(*first), number(*last)))
    };
    let gap = gap.map(|gap| {
        let which = if gap.is_clear() { "the last clear gap lies" } else { "no gap is clear, the widest lies" };
        format!("{which} after {}, {:.0} % of the next value", gap.after, 100.0 * gap.relative)
    });
    let off = exact.iter().zip(learned).map(|(a, b)| (a - b).abs()).max_by(f64::total_cmp);
    let off = off.map(|off| format!("learned ones are off by at most {}", number(off)));
    let said: Vec<String> = [ends("Exact", exact), ends("learned", learned), gap, off].into_iter().flatten().collect();
    format!("{}.", said.join("; "))
}

/// A tick without digits that say nothing.
fn tick(value: f64) -> String {
    if value != 0.0 && value < 1e-3 {
        format!("{value:.1e}").replace(".0e", "e")
    } else {
        format!("{}", (value * 1e6).round() / 1e6)
    }
}

/// Where things stand in the picture.
struct Ladder {
    area: Rect,
    count: usize,
    top: f64,
    font: FontId,
}

impl Ladder {
    fn new(area: Rect, exact: &[f64], learned: &[f64]) -> Self {
        // Estimates begin high and come down: where the exact values are there they set the scale, which then stands still.
        let setting = if exact.is_empty() { learned } else { exact };
        let top = setting.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
        let plot = Rect::from_min_max(area.min + egui::vec2(40.0, 18.0), area.max - egui::vec2(4.0, 16.0));
        let top = match top {
            0.0 => 1.0,
            top if exact.is_empty() => limits::mark_above(top),
            top => 1.08 * top,
        };
        Self { area: plot, count: exact.len().max(learned.len()).max(1), top, font: FontId::proportional(text::SMALL) }
    }

    fn x(&self, index: f32) -> f32 {
        self.area.left() + self.area.width() * (index + 0.5) / self.count as f32
    }

    fn y(&self, value: f64) -> f32 {
        self.area.bottom() - self.area.height() * (value / self.top).clamp(0.0, 1.0) as f32
    }

    fn index(&self, at: Pos2) -> Option<usize> {
        let share = (at.x - self.area.left()) / self.area.width();
        (0.0..1.0).contains(&share).then_some((share * self.count as f32) as usize)
    }

    fn axis(&self, ui: &Ui, tokens: &Tokens) {
        let step = round_step(self.top / 3.0);
        for i in 0..=(self.top / step) as u32 {
            let value = step * f64::from(i);
            let y = self.y(value);
            ui.painter().hline(self.area.x_range(), y, Stroke::new(1.0, tokens.grid));
            let at = Pos2::new(self.area.left() - 6.0, y);
            ui.painter().text(at, Align2::RIGHT_CENTER, tick(value), self.font.clone(), tokens.text_weak);
        }
        let every = (self.count as f32 * 24.0 / self.area.width()).ceil().max(1.0) as usize;
        for j in (0..self.count).step_by(every) {
            let at = Pos2::new(self.x(j as f32), self.area.bottom() + 3.0);
            ui.painter().text(at, Align2::CENTER_TOP, format!("{}", j + 1), self.font.clone(), tokens.text_weak);
        }
    }

    /// The gap that suggests a number of clusters, filled, and a dashed line behind the number in use.
    fn gap(&self, ui: &Ui, k: usize, gap: Option<Gap>, tokens: &Tokens) {
        if let Some(gap) = gap {
            let (left, right) = (self.x(gap.after as f32 - 1.0), self.x(gap.after as f32));
            let rect = Rect::from_min_max(Pos2::new(left, self.y(gap.above)), Pos2::new(right, self.y(gap.below)));
            ui.painter().rect_filled(rect, 2.0, tokens.good.gamma_multiply(0.18));
        }
        if k == 0 || k >= self.count {
            return;
        }
        let x = (self.x(k as f32 - 1.0) + self.x(k as f32)) * 0.5;
        let line = Stroke::new(1.0, tokens.text_weak);
        let ends = [Pos2::new(x, self.area.top()), Pos2::new(x, self.area.bottom())];
        ui.painter().extend(egui::Shape::dashed_line(&ends, line, 3.0, 3.0));
    }

    fn values(&self, ui: &Ui, exact: &[f64], learned: &[f64], tokens: &Tokens) {
        let half = (self.area.width() / self.count as f32 * 0.38).clamp(3.0, 14.0);
        for (j, &value) in exact.iter().enumerate() {
            let at = Pos2::new(self.x(j as f32), self.y(value));
            let x = egui::Rangef::new(at.x - half, at.x + half);
            ui.painter().hline(x, at.y, Stroke::new(2.0, tokens.exact));
        }
        for (j, &value) in learned.iter().enumerate() {
            let at = Pos2::new(self.x(j as f32), self.y(value));
            ui.painter().circle(at, 3.2, tokens.learned, Stroke::new(1.0, tokens.plot));
        }
    }

    fn key(&self, ui: &Ui, tokens: &Tokens, exact: bool, learned: bool) {
        let mut at = Pos2::new(self.area.left(), self.area.top() - 11.0);
        let mut entry = |color: Color32, text: &str, dot: bool| {
            if dot {
                ui.painter().circle_filled(at + egui::vec2(5.0, 0.0), 3.2, color);
            } else {
                ui.painter().hline(egui::Rangef::new(at.x, at.x + 10.0), at.y, Stroke::new(2.0, color));
            }
            let end = ui.painter().text(
                at + egui::vec2(14.0, 0.0),
                Align2::LEFT_CENTER,
                text,
                self.font.clone(),
                tokens.text_weak,
            );
            at.x = end.right() + 10.0;
        };
        if exact {
            entry(tokens.exact, "exact", false);
        }
        if learned {
            entry(tokens.learned, "learned", true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::telling_gap;

    #[test]
    fn ticks_are_round() {
        assert_eq!([0.0, 0.005, 0.3, 2e-6, 2.5e-4].map(tick), ["0", "0.005", "0.3", "2e-6", "2.5e-4"]);
        for (rough, step) in [(0.0086, 0.005), (0.21, 0.2), (1.0, 1.0)] {
            assert!((round_step(rough) - step).abs() < 1e-12, "{rough}");
        }
    }

    #[test]
    fn the_ladder_has_a_sentence() {
        let (exact, learned) = ([0.0, 0.001, 0.1, 0.4], [0.0, 0.003]);
        let said = sentence(&exact, &learned, telling_gap(&exact));
        let words = "Exact from 0 to 0.400; learned from 0 to 0.00300; the last clear gap lies after 2, 99 % of the next value; learned ones are off by at most 0.00200.";
        assert_eq!(said, words);
        assert_eq!(sentence(&[], &[0.5], None), "learned from 0.500 to 0.500.");
    }

    #[test]
    fn what_decides_is_shown_and_what_is_in_use_where_it_differs() {
        // The widest gap lies after the third value, the relatively widest after the second.
        let gap = telling_gap(&[0.0, 0.001, 0.1, 0.4]).expect("values to choose between");
        assert_eq!(suggestion(gap, 2), "suggests k = 2, gap 99 %");
        assert_eq!(suggestion(gap, 3), "suggests k = 2; 3 in use");
        let slope = telling_gap(&[0.0, 0.1, 0.2, 0.3]).expect("values to choose between");
        assert_eq!(suggestion(slope, 3), "no clear gap, 50 % after 2");
        assert_eq!(telling_gap(&[0.0, 0.1]), None);
    }
}
