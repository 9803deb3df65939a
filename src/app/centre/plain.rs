//! Views that a class looks at from afar: a title each, two at most, the legend inside.

use std::sync::Arc;

use eframe::egui::{self, Align2, Color32, Pos2, Rect, RichText, TextStyle, Ui, vec2};

use super::Centre;
use super::view::{chip_ui, title_color};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, UNIT};
use crate::app::shown::axes::Side;
use crate::app::shown::coloring::Legend;
use crate::output::palette;
use crate::pipeline::Snapshot;

/// Most names of a legend that lies inside a view.
const MOST_NAMES: usize = 10;
/// Width that the title of a view takes at most, in points.
const TITLE: f32 = 190.0;
/// What stands above the points of a view, in points: its title and the name of its upright axis.
const HEADER: f32 = 52.0;

impl Centre {
    /// The views that are shown, left to right; of three that would stand before a class the two that tell most.
    pub(super) fn sides(&self, snapshot: Option<&Arc<Snapshot>>) -> Vec<Side> {
        let mut sides: Vec<Side> = Side::ALL.into_iter().filter(|&side| !self.hidden[side as usize]).collect();
        if self.plain && sides.len() > 2 {
            let learned = snapshot.is_some_and(|s| s.learned.is_some());
            sides.retain(|&side| side != if learned { Side::Exact } else { Side::Learned });
        }
        sides
    }

    /// Puts the eye of a view of three axes: turn and height in degrees, magnification.
    pub fn look_from(&mut self, side: Side, [turn, height, zoom]: [f64; 3]) {
        self.views[side as usize].state.look_from([turn.to_radians(), height.to_radians()], zoom);
    }
}

/// The title of a view.
pub(super) fn title_ui(ui: &mut Ui, side: Side, mark: Option<&str>) {
    let tokens = Tokens::in_ui(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(side.title()).heading().color(title_color(side, tokens)).strong());
        if let Some(mark) = mark {
            chip_ui(ui, mark, None);
        }
    });
}

/// What the colours mean, over the upper right of the views.
pub(super) fn legend_inside(ui: &Ui, legend: &Legend, area: Rect) {
    let tokens = Tokens::in_ui(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let color = |[r, g, b]: [u8; 3]| Color32::from_rgb(r, g, b);
    let mut lines: Vec<(Option<Color32>, String)> = match legend {
        Legend::Categories(categories) => {
            categories.iter().map(|c| (Some(color(c.color)), format::short(&c.name, 22))).collect()
        }
        Legend::Gradient { low, high } => vec![
            (Some(color(palette::gradient(1.0))), format::number(*high)),
            (Some(color(palette::gradient(0.5))), format::number(0.5 * (low + high))),
            (Some(color(palette::gradient(0.0))), format::number(*low)),
        ],
        Legend::Diverging { most } => {
            // As the points of the drum are coloured.
            vec![(None, format!("± {}", format::number(*most)))]
        }
        Legend::Position => vec![(None, "colour: place in the input".to_owned())],
    };
    if lines.len() > MOST_NAMES {
        let more = lines.len() - MOST_NAMES;
        lines.truncate(MOST_NAMES);
        lines.push((None, format!("and {more} more")));
    }
    let painter = ui.painter();
    let laid: Vec<_> = lines
        .into_iter()
        .map(|(dot, text)| (dot, painter.layout_no_wrap(text, font.clone(), tokens.text_strong)))
        .collect();
    let wide = |text: &Arc<egui::Galley>| text.size().x + 7.0 * UNIT;
    // Beside the title of a view it lies on no point.
    if laid.iter().map(|(_, text)| wide(text)).sum::<f32>() <= 0.5 * area.width() - TITLE {
        let mut left = area.right() - 3.0 * UNIT - laid.iter().map(|(_, text)| wide(text)).sum::<f32>();
        for (dot, text) in laid {
            let (top, next) = (area.top() + 2.5 * UNIT, left + wide(&text));
            if let Some(dot) = dot {
                painter.circle_filled(Pos2::new(left + 2.5 * UNIT, top + 0.5 * text.size().y), 1.4 * UNIT, dot);
            }
            painter.galley(egui::pos2(left + 5.0 * UNIT, top), text, tokens.text_strong);
            left = next;
        }
        return;
    }
    let line = laid.iter().map(|(_, text)| text.size().y).fold(0.0, f32::max) + UNIT;
    let widest = laid.iter().map(|(_, text)| text.size().x).fold(0.0, f32::max);
    let size = vec2(widest + 7.0 * UNIT, laid.len() as f32 * line + 2.0 * UNIT);
    let corner = area.right_top() + vec2(-4.0 * UNIT, HEADER);
    let back = Align2::RIGHT_TOP.anchor_size(corner, size);
    painter.rect_filled(back, UNIT, tokens.plot.gamma_multiply(0.85));
    for (i, (dot, text)) in laid.into_iter().enumerate() {
        let top = back.top() + UNIT + i as f32 * line;
        if let Some(dot) = dot {
            painter.circle_filled(Pos2::new(back.left() + 2.5 * UNIT, top + 0.5 * text.size().y), 1.4 * UNIT, dot);
        }
        painter.galley(egui::pos2(back.left() + 5.0 * UNIT, top), text, tokens.text_strong);
    }
}
