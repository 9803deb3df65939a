//! Small pictures of the built-in sets, drawn from what each is.

use std::f32::consts::{PI, TAU};

use eframe::egui::{self, Color32, Pos2, Rect, Sense, Ui, Vec2};

use crate::app::kit::theme::Tokens;
use crate::output::palette;

/// A built-in set in the picker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Builtin {
    /// The name it is opened by.
    pub(super) name: &'static str,
    /// What it shows, in one sentence.
    pub(super) about: &'static str,
}

const fn set(name: &'static str, about: &'static str) -> Builtin {
    Builtin { name, about }
}

/// The sets in the picker.
pub(super) const BUILTIN: [Builtin; 15] = [
    set("moons", "Two half circles, one in the other's arm: k-means cuts them, the eigenvectors do not"),
    set("circles", "A ring around a ring: one eigenvector tells them apart"),
    set("blobs", "Round clusters: every method finds them"),
    set("aniso", "Stretched clusters: k-means cuts them across"),
    set("varied", "Clusters of different density: watch what the scale does"),
    set("no-structure", "A filled square: no good clustering exists, whatever the picture says"),
    set("nested-c", "Two letters C hooked into each other, the toy of the SpectralNet paper"),
    set("spirals", "Two arms wound around each other: the longest way from end to end"),
    set("dscl-toy", "Three classes of three clouds each, woven in 3-D: a set for the supervised systems"),
    set("linked-circles", "Two links of a chain in three dimensions: no plane parts them, one eigenvector does"),
    set("moon-10d", "A half circle turned into ten dimensions: the Fiedler vector runs along it"),
    set("digits", "1,797 handwritten digits of 8 × 8 pixels"),
    set("fashion-10k", "10,000 pieces of clothing of 28 × 28 pixels"),
    set("mnist", "70,000 handwritten digits, from the cache or the data folder"),
    set("fashion-mnist", "70,000 pieces of clothing, from the cache or the data folder"),
];

/// A button with the set's picture. True when clicked.
pub(super) fn thumb_ui(ui: &mut Ui, set: &Builtin, selected: bool, size: f32) -> bool {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, ui.is_enabled(), selected, set.name));
    if ui.is_rect_visible(rect) {
        let line = if selected {
            egui::Stroke::new(2.0, tokens.accent)
        } else if response.hovered() || response.has_focus() {
            egui::Stroke::new(1.0, tokens.text_weak)
        } else {
            egui::Stroke::new(1.0, tokens.line)
        };
        ui.painter().rect(rect, 4.0, tokens.plot, line, egui::StrokeKind::Inside);
        let inner = rect.shrink(size * 0.14);
        match set.name {
            "digits" => pixels(ui, inner, EIGHT, tokens),
            "mnist" => pixels(ui, inner, FIVE, tokens),
            "fashion-10k" => pixels(ui, inner, SHIRT, tokens),
            "fashion-mnist" => pixels(ui, inner, SHOE, tokens),
            name => points(ui, inner, &shape(name), tokens.dark),
        }
    }
    if selected {
        crate::app::kit::focus::enter_at(ui.ctx(), response.id);
    }
    response.on_hover_text(format!("{}\n{}", set.name, set.about)).clicked()
}

fn points(ui: &Ui, rect: Rect, shape: &[(f32, f32, usize)], dark: bool) {
    let low = shape.iter().fold(Vec2::splat(f32::MAX), |m, p| m.min(Vec2::new(p.0, p.1)));
    let high = shape.iter().fold(Vec2::splat(f32::MIN), |m, p| m.max(Vec2::new(p.0, p.1)));
    let span = (high - low).max_elem().max(1e-6);
    let middle = (low + high) * 0.5;
    for &(x, y, class) in shape {
        let at = (Vec2::new(x, y) - middle) / span;
        let at: Pos2 = rect.center() + Vec2::new(at.x, -at.y) * rect.width();
        let [r, g, b] = palette::category(class, dark);
        ui.painter().circle_filled(at, 1.1, Color32::from_rgb(r, g, b));
    }
}

fn pixels(ui: &Ui, rect: Rect, rows: [u8; 8], tokens: &Tokens) {
    let cell = rect.width() / 8.0;
    for (y, row) in rows.iter().enumerate() {
        for x in (0..8).filter(|x| row & (0x80 >> x) != 0) {
            let corner = rect.min + Vec2::new(x as f32, y as f32) * cell;
            ui.painter().rect_filled(Rect::from_min_size(corner, Vec2::splat(cell * 0.9)), 0.5, tokens.text);
        }
    }
}

const EIGHT: [u8; 8] =
    [0b0011_1100, 0b0110_0110, 0b0110_0110, 0b0011_1100, 0b0011_1100, 0b0110_0110, 0b0110_0110, 0b0011_1100];
const FIVE: [u8; 8] =
    [0b0111_1110, 0b0110_0000, 0b0110_0000, 0b0111_1100, 0b0000_0110, 0b0000_0110, 0b0110_0110, 0b0011_1100];
const SHIRT: [u8; 8] =
    [0b0110_0110, 0b1111_1111, 0b1111_1111, 0b1011_1101, 0b0011_1100, 0b0011_1100, 0b0011_1100, 0b0011_1100];
const SHOE: [u8; 8] =
    [0b0000_0000, 0b0000_1110, 0b0000_1111, 0b0001_1111, 0b0111_1111, 0b1111_1111, 0b1111_1111, 0b1110_0111];

/// Numbers in −1..1 that look random and are always the same.
fn scatter(i: usize) -> (f32, f32) {
    let part = |x: f32| (x - x.floor()) * 2.0 - 1.0;
    (part(i as f32 * 0.754_877_7), part(i as f32 * 0.569_840_3))
}

/// A few points of a generated set: x, y, class.
fn shape(name: &str) -> Vec<(f32, f32, usize)> {
    let ball = |n: usize, x: f32, y: f32, r: f32, class: usize| {
        (1..=n).map(move |i| {
            let (u, v) = scatter(i + 31 * class);
            let (angle, radius) = (u * PI, r * (v * 0.5 + 0.5).sqrt());
            (x + radius * angle.cos(), y + radius * angle.sin(), class)
        })
    };
    let ring = |n: usize, r: f32, class: usize| {
        (0..n).map(move |i| {
            let angle = TAU * i as f32 / n as f32;
            (r * angle.cos(), r * angle.sin(), class)
        })
    };
    match name {
        "moons" => (0..22)
            .flat_map(|i| {
                let angle = PI * i as f32 / 21.0;
                [(angle.cos(), angle.sin(), 0), (1.0 - angle.cos(), 0.5 - angle.sin(), 1)]
            })
            .collect(),
        "circles" => ring(26, 1.0, 0).chain(ring(15, 0.5, 1)).collect(),
        "blobs" => ball(14, -0.8, 0.6, 0.45, 0)
            .chain(ball(14, 0.8, 0.5, 0.45, 1))
            .chain(ball(14, 0.0, -0.8, 0.45, 2))
            .collect(),
        "aniso" => (0..3)
            .flat_map(|c| {
                ball(15, 0.0, 0.0, 0.8, c)
                    .map(move |(x, y, c)| (x + y * 0.2 + c as f32 * 0.7, 0.25 * y - x * 0.8 + c as f32 * 0.7, c))
            })
            .collect(),
        "varied" => ball(24, 0.5, -0.1, 0.95, 0)
            .chain(ball(12, -0.9, 0.6, 0.4, 1))
            .chain(ball(10, -0.8, -0.8, 0.18, 2))
            .collect(),
        "nested-c" => (0..20)
            .flat_map(|i| {
                let (sin, cos) = (PI * (i as f32 / 19.0 - 0.5)).sin_cos();
                [(cos, sin, 0), (0.5 - cos, -sin - 1.0, 1)]
            })
            .collect(),
        "spirals" => (0..26)
            .flat_map(|i| {
                let t = i as f32 / 25.0;
                let (angle, r) = (3.2 * PI * t, 0.12 + 0.9 * t);
                [(r * angle.cos(), r * angle.sin(), 0), (-r * angle.cos(), -r * angle.sin(), 1)]
            })
            .collect(),
        "dscl-toy" => (0..9)
            .flat_map(|i| {
                let (column, row) = (i % 3, i / 3);
                let radius = [0.12, 0.2, 0.28][row];
                ball(3 + 2 * row, column as f32 * 0.9 - 0.9, row as f32 * 0.9 - 0.9, radius, (column + row) % 3)
            })
            .collect(),
        // Both seen at a slant.
        "linked-circles" => (0..24)
            .flat_map(|i| {
                let (sin, cos) = (TAU * i as f32 / 24.0).sin_cos();
                [(cos - 0.45, 0.45 * sin, 0), (0.55 * cos + 0.55, sin, 1)]
            })
            .collect(),
        "moon-10d" => (0..34)
            .map(|i| {
                let angle = PI * i as f32 / 33.0;
                let radius = 1.0 + 0.12 * scatter(i + 1).0;
                (radius * angle.cos(), radius * angle.sin(), i * 4 / 34)
            })
            .collect(),
        _ => (1..46).map(scatter).map(|(x, y)| (x, y, 0)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nested_cs_are_as_many_here_as_in_the_data() {
        let here = BUILTIN.iter().find(|set| set.name == "nested-c").expect("it is in the picker");
        let there = crate::data::builtin().iter().find(|set| set.name == "nested-c").expect("it is built in");
        assert_eq!(here.about, there.about.trim_end_matches('.'));
        let classes = shape("nested-c").iter().map(|p| p.2).max();
        assert_eq!(classes, Some(1), "two letters, as the sentence says");
    }
}
