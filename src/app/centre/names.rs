//! Names of classes and clusters on the picture, each on a plate at the middle of its points.

use eframe::egui::{Color32, FontId, Rect, Stroke, StrokeKind, Ui, vec2};

use crate::app::gpu::{Points, Projection};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, UNIT, text};
use crate::app::shown::coloring::Category;

/// More plates than this would hide what they name.
const MOST: usize = 24;
/// Letters of a name on its plate.
const LETTERS: usize = 18;

/// What is named: the entries of the legend, and the entry of each sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) categories: &'a [Category],
    pub(super) ids: &'a [u32],
    /// The one that is shown alone.
    pub(super) alone: Option<u32>,
}

/// Where the plates stand, found anew where points or clusters changed.
#[derive(Debug, Default)]
pub(super) struct Plates {
    key: Option<(u64, usize, u64)>,
    /// The entry and the sample nearest to the mean of its points.
    places: Vec<(u32, [f32; 3])>,
}

impl Plates {
    /// Finds the places. `coloring` changes with the clusters.
    fn look(&mut self, points: &Points, named: &Named<'_>, coloring: u64) {
        let key = (points.serial, points.positions.len(), coloring);
        if self.key != Some(key) {
            self.places = places(&points.positions, named);
            self.key = Some(key);
        }
    }

    /// Draws the plates, the largest cluster's first; one that would lie on another is left out.
    pub(super) fn paint(
        &mut self,
        ui: &Ui,
        (points, coloring): (&Points, u64),
        named: &Named<'_>,
        projection: &Projection,
    ) {
        self.look(points, named, coloring);
        let tokens = Tokens::in_ui(ui);
        let painter = ui.painter().with_clip_rect(projection.rect);
        let mut taken: Vec<Rect> = Vec::new();
        for &(id, place) in &self.places {
            let Some(category) = named.categories.iter().find(|category| category.id == id) else { continue };
            if named.alone.is_some_and(|alone| alone != id) {
                continue;
            }
            let Some((at, _)) = projection.project(place).filter(|(at, _)| projection.rect.contains(*at)) else {
                continue;
            };
            let font = FontId::proportional(text::SMALL);
            let galley = painter.layout_no_wrap(format::short(&category.name, LETTERS), font, tokens.text_strong);
            let room = projection.rect.shrink(2.0);
            let size = galley.size() + vec2(3.0 * UNIT, UNIT);
            if room.width() < size.x || room.height() < size.y {
                continue;
            }
            let middle = at.clamp(room.min + 0.5 * size, room.max - 0.5 * size);
            let plate = Rect::from_center_size(middle, size);
            if taken.iter().any(|other| other.intersects(plate)) {
                continue;
            }
            let [r, g, b] = category.color;
            let edge = Stroke::new(1.5, Color32::from_rgb(r, g, b));
            painter.rect(plate, UNIT, tokens.plot.gamma_multiply(0.88), edge, StrokeKind::Inside);
            painter.galley(plate.min + vec2(1.5 * UNIT, 0.5 * UNIT), galley, tokens.text_strong);
            taken.push(plate);
        }
    }
}

/// For each entry the sample that lies nearest to the mean of its points, the largest entries first. The mean itself may lie where none is.
fn places(positions: &[[f32; 3]], named: &Named<'_>) -> Vec<(u32, [f32; 3])> {
    let most = named.categories.iter().map(|category| category.id as usize + 1).max().unwrap_or(0);
    let mut sums = vec![([0.0_f64; 3], 0_u32); most];
    let finite = |at: &[f32; 3]| at.iter().all(|v| v.is_finite());
    let samples = || positions.iter().zip(named.ids).filter(|(at, id)| finite(at) && (**id as usize) < most);
    for (at, &id) in samples() {
        let (sum, count) = &mut sums[id as usize];
        sum.iter_mut().zip(at).for_each(|(sum, v)| *sum += f64::from(*v));
        *count += 1;
    }
    let means = sums.iter().map(|(sum, count)| sum.map(|v| v / f64::from((*count).max(1))));
    let means: Vec<[f64; 3]> = means.collect();
    // Each axis fills the view, so lengths along it count by its own spread.
    let spread = |j: usize| -> f64 {
        let ends =
            positions.iter().filter(|at| finite(at)).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| {
                (low.min(f64::from(at[j])), high.max(f64::from(at[j])))
            });
        (ends.1 - ends.0).max(f64::MIN_POSITIVE)
    };
    let spreads = [spread(0), spread(1), spread(2)];
    let mut nearest: Vec<Option<(f64, [f32; 3])>> = vec![None; most];
    for (at, &id) in samples() {
        let away = |j: usize| ((f64::from(at[j]) - means[id as usize][j]) / spreads[j]).powi(2);
        let distance = away(0) + away(1) + away(2);
        let best = &mut nearest[id as usize];
        if best.is_none_or(|(least, _)| distance < least) {
            *best = Some((distance, *at));
        }
    }
    let mut order: Vec<&Category> = named.categories.iter().collect();
    order.sort_by_key(|category| std::cmp::Reverse(category.count));
    let place = |category: &&Category| nearest[category.id as usize].map(|(_, at)| (category.id, at));
    order.iter().filter_map(place).take(MOST).collect()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the place of a sample is that very place")]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_on_a_point_of_its_own_cluster_and_the_largest_comes_first() {
        let category = |id: u32, count| Category {
            id,
            name: format!("c{id}"),
            color: [0; 3],
            count,
            shape: crate::app::kit::shapes::Shape::Disc,
        };
        // An arc whose mean lies off it, and a pair.
        let positions = [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [5.0, 5.0, 0.0], [5.2, 5.0, f32::NAN]];
        let categories = [category(1, 2), category(0, 3)];
        let named = Named { categories: &categories, ids: &[0, 0, 0, 1, 1], alone: None };
        let found = places(&positions, &named);
        assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [0, 1]);
        assert!(positions[..3].contains(&found[0].1), "{found:?}");
        assert!(found[1].1 == positions[3], "a point that is nowhere has no say");
    }
}
