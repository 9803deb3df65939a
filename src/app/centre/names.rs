//! Names of classes and clusters on the picture, each on a plate at the middle of its points. A click on a plate selects them, a double
//! click asks for another name.

use eframe::egui::{Color32, FontId, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, vec2};

use crate::app::gpu::{Points, Projection};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, UNIT, text};
use crate::app::shown::coloring::Category;

/// More plates than this would hide what they name.
const MOST: usize = 24;
/// Points of an entry that tell its middle and reach, and the standard deviation of normal values in their median distance from the middle.
const LOOKED_AT: usize = 2048;
const DEVIATION: f32 = 1.4826;
/// Points of an entry that tell how much of it a plate hides, and the share of them that may be hidden where they can be seen elsewhere.
const TOLD_BY: usize = 128;
const HIDDEN: f32 = 0.4;
/// Letters of a name on its plate.
const LETTERS: usize = 18;

/// What is named: the entries of the legend, and the entry of each sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) categories: &'a [Category],
    pub(super) ids: &'a [u32],
    /// The one that is shown alone.
    pub(super) alone: Option<u32>,
    /// Whether they can have other names.
    pub(super) can_rename: bool,
}

/// The plate under the pointer, and what was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OnPlate {
    pub(super) id: u32,
    pub(super) done: Option<PlateDone>,
}

/// What a hand does with a plate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlateDone {
    /// Selects the points that have its name.
    Selected,
    /// Wants another name for them.
    Renamed,
}

/// Where the plates stand, found anew where points or clusters changed.
#[derive(Debug, Default)]
pub(super) struct Plates {
    key: Option<(u64, usize, u64)>,
    /// In the order of drawing.
    places: Vec<Place>,
    /// Some points of each entry that is named, spread over all of them.
    some: Vec<Vec<[f32; 3]>>,
}

/// Where an entry's points are.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    id: u32,
    /// The sample nearest to the middle of its points.
    at: [f32; 3],
    /// How far they mostly lie from there, along each axis.
    reach: [f32; 3],
}

impl Plates {
    /// Finds the places. `coloring` changes with the clusters.
    fn look(&mut self, points: &Points, named: &Named<'_>, coloring: u64) {
        let key = (points.serial, points.positions.len(), coloring);
        if self.key != Some(key) {
            (self.places, self.some) = places(&points.positions, named);
            self.key = Some(key);
        }
    }

    /// Draws the plates, the largest cluster's first; one that would lie on others wherever it stood is left out. None hides a cluster, its own
    /// or another, where it can stand beside. Says which is under the pointer.
    pub(super) fn ui(
        &mut self,
        ui: &Ui,
        (points, coloring): (&Points, u64),
        named: &Named<'_>,
        projection: &Projection,
    ) -> Option<OnPlate> {
        self.look(points, named, coloring);
        let mut on_plate = None;
        let tokens = Tokens::in_ui(ui);
        let painter = ui.painter().with_clip_rect(projection.rect);
        let mut taken: Vec<Rect> = Vec::new();
        let clumps = Clumps::of(&self.some, projection);
        for place in &self.places {
            let id = place.id;
            let Some(category) = named.categories.iter().find(|category| category.id == id) else { continue };
            if named.alone.is_some_and(|alone| alone != id) {
                continue;
            }
            let Some((at, _)) = projection.project(place.at).filter(|(at, _)| projection.rect.contains(*at)) else {
                continue;
            };
            let font = FontId::proportional(text::SMALL);
            let galley = painter.layout_no_wrap(format::short(&category.name, LETTERS), font, tokens.text_strong);
            let room = projection.rect.shrink(2.0);
            let size = galley.size() + vec2(3.0 * UNIT, UNIT);
            if room.width() < size.x || room.height() < size.y {
                continue;
            }
            let reach = place.on_screen(at, projection);
            let near = vec2(0.0, size.y + UNIT);
            let up = vec2(0.0, reach.y + 0.5 * size.y + UNIT);
            let aside = vec2(reach.x + 0.5 * size.x + UNIT, 0.0);
            // At the edge of the view some are pushed over the points again.
            let plates = [at, at - near, at + near, at - up, at + up, at + aside, at - aside]
                .map(|middle| Rect::from_center_size(middle.clamp(room.min + 0.5 * size, room.max - 0.5 * size), size));
            let free = |plate: &Rect| !taken.iter().any(|other| other.intersects(*plate));
            let Some(plate) = clumps.least_hiding(plates.into_iter().filter(free)) else { continue };
            // No stop of the keyboard: the legend and the list of clusters are.
            let response = ui.interact(plate, ui.scope_id().with(("plate", id)), Sense::CLICK);
            if response.hovered() {
                let done = if response.double_clicked() && named.can_rename {
                    Some(PlateDone::Renamed)
                } else {
                    response.clicked().then_some(PlateDone::Selected)
                };
                on_plate = Some(OnPlate { id, done });
            }
            let [r, g, b] = category.color;
            let edge = Stroke::new(if response.hovered() { 2.5 } else { 1.5 }, Color32::from_rgb(r, g, b));
            painter.rect(plate, UNIT, tokens.plot.gamma_multiply(0.88), edge, StrokeKind::Inside);
            painter.galley(plate.min + vec2(1.5 * UNIT, 0.5 * UNIT), galley, tokens.text_strong);
            taken.push(plate);
            let rename = if named.can_rename { ", a double click names them anew" } else { "" };
            let points = format::counted(category.count, "point");
            response.on_hover_text(format!("{}, {points}\nA click selects them{rename}", category.name));
        }
        on_plate
    }
}

/// Points of each entry on the screen, and the rectangle that they lie in.
struct Clumps(Vec<(Rect, Vec<Pos2>)>);

impl Clumps {
    fn of(some: &[Vec<[f32; 3]>], projection: &Projection) -> Self {
        let seen = |at: &[f32; 3]| projection.project(*at).map(|(at, _)| at).filter(|at| projection.rect.contains(*at));
        let clump = |some: &Vec<[f32; 3]>| {
            let points: Vec<Pos2> = some.iter().filter_map(seen).collect();
            (Rect::from_points(&points), points)
        };
        Self(some.iter().map(clump).filter(|(_, points)| !points.is_empty()).collect())
    }

    /// The first plate under which every entry can still be seen, else the one that hides the least of any; none where each hides an entry whole.
    fn least_hiding(&self, plates: impl Iterator<Item = Rect>) -> Option<Rect> {
        let mut least: Option<(f32, Rect)> = None;
        for plate in plates {
            let hidden = self.hidden(plate);
            if hidden <= HIDDEN {
                return Some(plate);
            }
            if least.is_none_or(|(before, _)| hidden < before) {
                least = Some((hidden, plate));
            }
        }
        least.filter(|(hidden, _)| *hidden < 1.0).map(|(_, plate)| plate)
    }

    /// The share that a plate hides of the entry of which it hides the most.
    fn hidden(&self, plate: Rect) -> f32 {
        let share = |(around, points): &(Rect, Vec<Pos2>)| {
            if !around.intersects(plate) {
                return 0.0;
            }
            points.iter().filter(|at| plate.contains(**at)).count() as f32 / points.len() as f32
        };
        self.0.iter().map(share).fold(0.0, f32::max)
    }
}

impl Place {
    /// How far its points mostly lie from the middle on the screen, across and up.
    fn on_screen(&self, at: Pos2, projection: &Projection) -> Vec2 {
        let mut reach = Vec2::ZERO;
        for axis in 0..3 {
            let mut end = self.at;
            end[axis] += self.reach[axis];
            if let Some((end, _)) = projection.project(end) {
                reach = reach.max((end - at).abs());
            }
        }
        reach
    }
}

/// For each entry the sample that lies nearest to the middle of its points, the largest entries first. The middle itself may lie where none
/// is. Middle and reach are medians: a few points far from the others move neither. With some points of each entry.
fn places(positions: &[[f32; 3]], named: &Named<'_>) -> (Vec<Place>, Vec<Vec<[f32; 3]>>) {
    let most = named.categories.iter().map(|category| category.id as usize + 1).max().unwrap_or(0);
    let finite = |at: &[f32; 3]| at.iter().all(|v| v.is_finite());
    let samples = || positions.iter().zip(named.ids).filter(|(at, id)| finite(at) && (**id as usize) < most);
    let mut counts = vec![0_usize; most];
    for (_, &id) in samples() {
        counts[id as usize] += 1;
    }
    // Some of each are enough, spread over all.
    let mut seen = vec![0_usize; most];
    let mut some: Vec<[Vec<f32>; 3]> = vec![Default::default(); most];
    for (at, &id) in samples() {
        let id = id as usize;
        if seen[id].is_multiple_of(counts[id].div_ceil(LOOKED_AT)) {
            some[id].iter_mut().zip(at).for_each(|(values, v)| values.push(*v));
        }
        seen[id] += 1;
    }
    let middles: Vec<[f32; 3]> = some.iter().map(|axes| std::array::from_fn(|j| middle(axes[j].clone()))).collect();
    // Each axis fills the view, so lengths along it count by its own spread.
    let spread = |j: usize| -> f32 {
        let ends = positions.iter().filter(|at| finite(at));
        let ends = ends.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), at| (low.min(at[j]), high.max(at[j])));
        (ends.1 - ends.0).max(f32::MIN_POSITIVE)
    };
    let spreads: [f32; 3] = std::array::from_fn(spread);
    let mut nearest: Vec<Option<(f32, [f32; 3])>> = vec![None; most];
    for (at, &id) in samples() {
        let away = |j: usize| ((at[j] - middles[id as usize][j]) / spreads[j]).powi(2);
        let distance = away(0) + away(1) + away(2);
        let best = &mut nearest[id as usize];
        if best.is_none_or(|(least, _)| distance < least) {
            *best = Some((distance, *at));
        }
    }
    let mut order: Vec<&Category> = named.categories.iter().collect();
    order.sort_by_key(|category| std::cmp::Reverse(category.count));
    let place = |category: &&Category| {
        let id = category.id as usize;
        let away = |j: usize| some[id][j].iter().map(|v| (v - middles[id][j]).abs()).collect();
        let reach = std::array::from_fn(|j| DEVIATION * middle(away(j)));
        nearest[id].map(|(_, at)| Place { id: category.id, at, reach })
    };
    let told_by = |axes: &[Vec<f32>; 3]| {
        let every = axes[0].len().div_ceil(TOLD_BY).max(1);
        (0..axes[0].len()).step_by(every).map(|i| std::array::from_fn(|j| axes[j][i])).collect()
    };
    let told_by = order.iter().map(|category| told_by(&some[category.id as usize])).take(MOST).collect();
    (order.iter().filter_map(place).take(MOST).collect(), told_by)
}

/// The median of some values, 0 of none.
fn middle(mut values: Vec<f32>) -> f32 {
    let half = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(half, f32::total_cmp).1 }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the place of a sample is that very place")]
mod tests {
    use super::*;

    #[test]
    fn a_click_on_a_name_selects_and_a_double_click_names_anew() {
        use std::sync::Arc;

        use eframe::egui::{Event, Modifiers, PointerButton, pos2};

        type Done = Vec<Option<PlateDone>>;
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(400.0, 300.0));
        let rows = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5], [0.0, 0.0, 0.0, 1.0]];
        let projection = Projection { center: [0.0; 3], rows, rect };
        let positions = vec![[-0.8, -0.4, 0.0], [-0.5, 0.0, 0.0], [-0.2, 0.4, 0.0], [0.5, 0.0, 0.0]];
        let points = Points { positions: Arc::new(positions), serial: 1 };
        let categories = [Category {
            id: 7,
            name: "grown".to_owned(),
            color: [0; 3],
            count: 3,
            shape: crate::app::kit::shapes::Shape::Disc,
        }];
        let ids = [7, 7, 7, 9];
        let draw = |ui: &mut Ui, (plates, done, can_rename): &mut (Plates, Done, bool)| {
            let named = Named { categories: &categories, ids: &ids, alone: None, can_rename: *can_rename };
            if let Some(on) = plates.ui(ui, (&points, 1), &named, &projection) {
                assert_eq!(on.id, 7);
                done.push(on.done);
            }
        };
        for (can_rename, second) in [(true, PlateDone::Renamed), (false, PlateDone::Selected)] {
            let mut harness = egui_kittest::Harness::new_ui_state(draw, (Plates::default(), Done::new(), can_rename));
            harness.ctx.options_mut(|o| o.input_options.max_double_click_delay = 4.0);
            harness.hover_at(pos2(300.0, 150.0));
            harness.run_steps(3);
            assert!(harness.state().1.is_empty(), "no name is there");
            for _ in 0..2 {
                // In the middle of its points.
                let pos = pos2(100.0, 150.0);
                harness.hover_at(pos);
                harness.run_steps(2);
                for pressed in [true, false] {
                    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
                    harness.event(Event::PointerButton { pos, button, pressed, modifiers });
                    harness.run_steps(1);
                }
            }
            let done: Vec<PlateDone> = harness.state().1.iter().copied().flatten().collect();
            assert_eq!(done, [PlateDone::Selected, second]);
        }
    }

    /// A flat clump that is wider than its name, and a small one in the middle of a wide cluster.
    #[test]
    fn a_name_hides_neither_the_clump_that_it_names_nor_another() {
        use std::sync::Arc;

        let rect = Rect::from_min_size(Pos2::ZERO, vec2(400.0, 300.0));
        let rows = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5], [0.0, 0.0, 0.0, 1.0]];
        let projection = Projection { center: [0.0; 3], rows, rect };
        let category = |id: u32, name: &str, count| Category {
            id,
            name: name.to_owned(),
            color: [0; 3],
            count,
            shape: crate::app::kit::shapes::Shape::Disc,
        };
        let flat = (0..100).map(|i| [-0.5 + 0.002 * i as f32, -0.5, 0.0]);
        let wide = (0..100).map(|i| [-0.4 + 0.2 * (i % 10) as f32 / 2.0, 0.1 + 0.08 * (i / 10) as f32, 0.0]);
        let inside = (0..20).map(|i| [0.05 + 0.002 * i as f32, 0.46, 0.0]);
        let positions: Vec<[f32; 3]> = flat.chain(wide).chain(inside).collect();
        let ids: Vec<u32> = (0..220).map(|i: u32| (i / 100).min(2)).collect();
        let points = Points { positions: Arc::new(positions), serial: 1 };
        let categories = [category(0, "flat and long", 100), category(1, "wide", 100), category(2, "in", 20)];
        let draw = |ui: &mut Ui, (plates, drawn): &mut (Plates, Vec<(u32, Rect)>)| {
            let named = Named { categories: &categories, ids: &ids, alone: None, can_rename: false };
            plates.ui(ui, (&points, 1), &named, &projection);
            let of = |id: u32| ui.ctx().read_response(ui.scope_id().with(("plate", id))).map(|plate| (id, plate.rect));
            *drawn = (0..3).filter_map(of).collect();
        };
        let mut harness = egui_kittest::Harness::new_ui_state(draw, (Plates::default(), Vec::new()));
        harness.run_steps(3);
        let (_, drawn) = harness.state();
        assert_eq!(drawn.len(), 3, "each has its name: {drawn:?}");
        for cluster in 0..3 {
            let of = ids.iter().zip(points.positions.iter()).filter(|(id, _)| **id == cluster);
            let seen: Vec<Pos2> = of.filter_map(|(_, at)| projection.project(*at)).map(|(at, _)| at).collect();
            for (name, plate) in drawn {
                let hidden = seen.iter().filter(|at| plate.contains(**at)).count();
                assert!(hidden as f32 <= HIDDEN * seen.len() as f32, "{name} hides {hidden} of {cluster} at {plate:?}");
            }
        }
    }

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
        let named = Named { categories: &categories, ids: &[0, 0, 0, 1, 1], alone: None, can_rename: false };
        let (found, _) = places(&positions, &named);
        assert_eq!(found.iter().map(|place| place.id).collect::<Vec<_>>(), [0, 1]);
        assert!(positions[..3].contains(&found[0].at), "{found:?}");
        assert!(found[1].at == positions[3], "a point that is nowhere has no say");
        assert!(found[0].reach[0] > 0.5 && found[1].reach == [0.0; 3], "{found:?}");
    }

    #[test]
    fn a_straggler_moves_neither_the_name_nor_the_reach_of_its_cluster() {
        let category = Category {
            id: 0,
            name: "a".to_owned(),
            color: [0; 3],
            count: 5001,
            shape: crate::app::kit::shapes::Shape::Disc,
        };
        // A dense cluster, and one of its points far away.
        let dense = (0..5000).map(|i| [1.0 + (i % 7) as f32 * 1e-3, 2.0, 0.0]);
        let positions: Vec<[f32; 3]> = dense.chain([[-30.0, -30.0, 0.0]]).collect();
        let ids = vec![0; positions.len()];
        let named = Named { categories: &[category], ids: &ids, alone: None, can_rename: false };
        let (found, _) = places(&positions, &named);
        assert!(found[0].at[0] > 0.9 && found[0].reach.iter().all(|&reach| reach < 0.01), "{found:?}");
    }
}
