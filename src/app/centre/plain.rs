//! Views that a class looks at from afar: a title each, two at most, the legend inside.

use std::sync::Arc;

use eframe::egui::{self, Align2, Color32, Pos2, Rect, RichText, TextStyle, Ui, Vec2, vec2};

use super::Centre;
use super::view::{chip_ui, title_color};
use crate::app::gpu::{Points, Projection};
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
/// Points of a view that tell where it has room, and the share of them that may lie under the legend.
const SOME: usize = 600;
const NEXT_TO_NONE: f32 = 0.004;

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

/// The part of a view that has points, and some of these, spread over all.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    plot: Rect,
    some: Vec<Pos2>,
}

impl Cloud {
    pub(super) fn of(points: &Points, projection: &Projection) -> Self {
        let every = points.positions.len().div_ceil(SOME).max(1);
        let seen = points.positions.iter().step_by(every).filter_map(|at| projection.project(*at));
        Self {
            plot: projection.rect,
            some: seen.map(|(at, _)| at).filter(|at| projection.rect.contains(*at)).collect(),
        }
    }

    /// The share of its points that lie under something.
    fn hidden(&self, by: Rect) -> f32 {
        let under = self.some.iter().filter(|at| by.contains(**at)).count();
        under as f32 / self.some.len().max(1) as f32
    }
}

/// Where a legend of this size lies: in the first corner of a view, the last one's upper right before others, in which it hides next to no
/// point, else in the one where it hides the fewest. None where no view has room.
fn corner(clouds: &[Cloud], size: Vec2) -> Option<Rect> {
    let corners = [Align2::RIGHT_TOP, Align2::RIGHT_BOTTOM, Align2::LEFT_TOP, Align2::LEFT_BOTTOM];
    let places = clouds.iter().rev().filter(|cloud| cloud.plot.width() >= size.x && cloud.plot.height() >= size.y);
    let places = places.flat_map(|cloud| {
        corners.map(|corner| {
            let place = corner.align_size_within_rect(size, cloud.plot.shrink(UNIT));
            (cloud.hidden(place.expand(UNIT)), place)
        })
    });
    let mut least: Option<(f32, Rect)> = None;
    for (hidden, place) in places {
        if least.is_none_or(|(before, _)| hidden < before && before > NEXT_TO_NONE) {
            least = Some((hidden, place));
        }
    }
    least.map(|(_, place)| place)
}

/// What the colours mean: beside the title of a view, or among the points where these leave room.
pub(super) fn legend_inside(ui: &Ui, legend: &Legend, area: Rect, clouds: &[Cloud]) {
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
    let usual = || Align2::RIGHT_TOP.anchor_size(area.right_top() + vec2(-4.0 * UNIT, HEADER), size);
    let back = corner(clouds, size).unwrap_or_else(usual);
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
    fn the_legend_stands_where_it_hides_no_point() {
        let plot = |left: f32| Rect::from_min_size(Pos2::new(left, 50.0), vec2(300.0, 400.0));
        let cloud = |left: f32, some: &[[f32; 2]]| {
            let at = |[x, y]: &[f32; 2]| plot(left).min + vec2(x * 300.0, y * 400.0);
            Cloud { plot: plot(left), some: some.iter().map(at).collect() }
        };
        let size = vec2(90.0, 120.0);
        let upper_right = corner(&[cloud(0.0, &[[0.1, 0.1]]), cloud(320.0, &[[0.2, 0.8]])], size).expect("room");
        assert!(upper_right.right() > 600.0 && upper_right.top() < 60.0, "{upper_right:?}");
        let full = [[0.9, 0.1], [0.1, 0.1], [0.95, 0.95]];
        let clouds = [cloud(0.0, &[[0.1, 0.1]]), cloud(320.0, &full)];
        let free = corner(&clouds, size).expect("room");
        assert!(clouds.iter().all(|cloud| cloud.hidden(free) <= 0.0), "{free:?}");
        assert_eq!(corner(&clouds, vec2(400.0, 90.0)), None, "no view is as wide");
    }

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
