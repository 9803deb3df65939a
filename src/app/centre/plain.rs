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

/// What the colours mean, a line each with its colour, as the points have it.
fn lines(legend: &Legend, dark: bool) -> Vec<(Option<Color32>, String)> {
    let line = |[r, g, b]: [u8; 3], text: String| (Some(Color32::from_rgb(r, g, b)), text);
    match legend {
        Legend::Categories(categories) => {
            categories.iter().map(|c| line(c.color, format::short(&c.name, 22))).collect()
        }
        // The ends alone: heat does not go evenly from one to the other.
        Legend::Gradient { low, high } => vec![
            line(palette::quantity(1.0, dark), format::number(*high)),
            line(palette::quantity(0.0, dark), format::number(*low)),
        ],
        Legend::Diverging { most } => vec![
            line(palette::diverging(1.0), format::number(*most)),
            line(palette::diverging(0.0), format::number(0.0)),
            line(palette::diverging(-1.0), format::number(-most)),
        ],
        Legend::Position => vec![(None, "colour: place in the input".to_owned())],
    }
}

/// What the colours mean, over the upper right of the views.
pub(super) fn legend_inside(ui: &Ui, legend: &Legend, area: Rect) {
    let tokens = Tokens::in_ui(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let mut lines = lines(legend, tokens.dark);
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

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::coloring::{ColorBy, color};
    use crate::app::shown::fixture::snapshot;
    use crate::app::shown::labels::Labels;

    #[test]
    fn the_legend_has_the_colours_of_the_points_in_both_themes() {
        let vectors = array![[0.5, -0.5], [0.5, -0.2], [0.5, 0.1], [0.5, 0.5]];
        let snapshot = snapshot(Some(&vectors), None);
        for dark in [true, false] {
            for by in [ColorBy::Feature(0), ColorBy::ExactVector(1), ColorBy::Label] {
                let coloring = color(by, &snapshot, dark, &Labels::default());
                let points: Vec<Color32> =
                    coloring.colors.rgba.iter().map(|&[r, g, b, _]| Color32::from_rgb(r, g, b)).collect();
                let lines = lines(&coloring.legend, dark);
                let (first, last) = (lines[0].0.expect("a colour"), lines[lines.len() - 1].0.expect("a colour"));
                // The fixture's values grow with the samples, and so do its classes.
                let ends = if by == ColorBy::Label { [points[0], points[3]] } else { [points[3], points[0]] };
                assert_eq!([first, last], ends, "{by:?}, dark: {dark}");
            }
        }
    }
}
