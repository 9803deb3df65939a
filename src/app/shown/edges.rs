//! The graph as it is seen: its edges with a colour each, and the star of a single point.

use std::sync::Arc;

use eframe::egui::Context;
use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

use crate::app::gpu::{Edge, Edges};
use crate::app::kit::identity::Identity;
use crate::app::kit::later::Later;
use crate::graph::{Neighbors, Operator};
use crate::output::palette;
use crate::pipeline::Snapshot;

/// What the colour of an edge means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EdgeColor {
    /// Its weight, of which its width and strength tell in any case.
    #[default]
    Weight,
    /// The part of the graph it is in.
    Part,
    /// The mean degree of its ends.
    Degree,
    /// The mean distance of its ends to the neighbour that sets a local scale.
    Scale,
}

impl EdgeColor {
    /// In the order of the menu.
    pub const ALL: [Self; 4] = [Self::Weight, Self::Part, Self::Degree, Self::Scale];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Part => "part of the graph",
            Self::Degree => "degree",
            Self::Scale => "local scale",
        }
    }

    /// What it means, in one sentence.
    #[must_use]
    pub fn tip(self) -> &'static str {
        match self {
            Self::Weight => "Heavy edges are bright: they join points that are alike",
            Self::Part => "Each connected part has a colour of its own: no edge leads from one to another",
            Self::Degree => "The sum of a point's weights, over both ends: bright where the graph is dense",
            Self::Scale => {
                "The distance to the neighbour that sets a local scale, over both ends: bright where points are sparse"
            }
        }
    }
}

/// Edges of a point and how heavy each is: 1 for the heaviest of the graph. The heaviest first.
#[must_use]
pub fn star(operator: &Operator, point: u32) -> Vec<(u32, f64)> {
    if point as usize >= operator.len() {
        return Vec::new();
    }
    let (columns, values) = operator.affinity.row(point as usize);
    let mut star: Vec<(u32, f64)> =
        columns.iter().copied().zip(values.iter().copied()).filter(|(_, w)| *w > 0.0).collect();
    star.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    star
}

/// All edges, each once, with its colour; in an order whose first are a fair sample of all.
#[must_use]
pub fn edges(
    operator: &Operator,
    neighbors: Option<&Neighbors>,
    scale_neighbor: usize,
    by: EdgeColor,
    dark: bool,
) -> Vec<Edge> {
    let heaviest = operator.affinity.values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let node: Vec<f32> = match by {
        EdgeColor::Degree => spread(&operator.degrees),
        EdgeColor::Scale => neighbors.map_or_else(Vec::new, |found| spread(&scales(found, scale_neighbor))),
        EdgeColor::Weight | EdgeColor::Part => Vec::new(),
    };
    let color = |i: usize, j: usize, weight: f32| match by {
        EdgeColor::Part => palette::category(operator.components.of[i] as usize, dark),
        EdgeColor::Weight => palette::gradient(shade(weight, dark)),
        EdgeColor::Degree | EdgeColor::Scale => {
            let at = |i: usize| node.get(i).copied().unwrap_or(f32::NAN);
            palette::gradient(shade(0.5 * (at(i) + at(j)), dark))
        }
    };
    let mut all = Vec::with_capacity(operator.affinity.columns.len() / 2);
    for i in 0..operator.len() {
        let (columns, values) = operator.affinity.row(i);
        for (&j, &value) in columns.iter().zip(values).filter(|&(&j, &value)| j as usize > i && value > 0.0) {
            let weight = (value / heaviest) as f32;
            let [r, g, b] = color(i, j as usize, weight);
            all.push(Edge { ends: [i as u32, j], paint: [r, g, b, (255.0 * weight).round() as u8] });
        }
    }
    let mut rng = ChaCha8Rng::seed_from_u64(all.len() as u64);
    all.shuffle(&mut rng);
    all
}

/// The part of the gradient that is seen on the ground.
fn shade(t: f32, dark: bool) -> f32 {
    if dark { 0.25 + 0.75 * t } else { 0.75 * t }
}

/// The distance of each sample to the neighbour that sets a local scale, or to the last there is.
fn scales(found: &Neighbors, scale_neighbor: usize) -> Vec<f64> {
    let at = scale_neighbor.clamp(1, found.k.max(1)) - 1;
    found.distances.chunks(found.k.max(1)).map(|row| row.get(at).map_or(0.0, |&d| f64::from(d))).collect()
}

/// Values as shares of their range, the outermost fiftieths at its ends.
fn spread(values: &[f64]) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get((share * sorted.len().saturating_sub(1) as f64) as usize).copied().unwrap_or(0.0);
    let (low, high) = (at(0.02), at(0.98));
    values.iter().map(|&v| palette::fraction((v - low) as f32, 0.0, (high - low) as f32).clamp(0.0, 1.0)).collect()
}

/// Of what the edges are: the graph, their colour, the theme.
type Key = (Identity, EdgeColor, bool);

/// Edges that another thread makes, with the number of points they join.
type Coming = (Key, usize, Later<Arc<Vec<Edge>>>);

/// The edges, made beside the window when the graph or their colour changes; those before stay until then.
#[derive(Debug, Default)]
pub struct EdgeCache {
    coming: Option<Coming>,
    /// Those that are there, with the number of points they join.
    shown: Option<(Key, usize, Edges)>,
}

impl EdgeCache {
    /// The edges of the snapshot's graph, where it has one.
    pub fn get(&mut self, ctx: &Context, snapshot: &Snapshot, by: EdgeColor, dark: bool) -> Option<Edges> {
        let operator = snapshot.operator.as_ref()?;
        let key = (Identity::of(&operator.affinity), by, dark);
        let known = self.shown.as_ref().is_some_and(|(of, ..)| *of == key);
        let busy = self.coming.as_ref().is_some_and(|(of, _, later)| *of == key || later.is_coming());
        if !known && !busy {
            let (graph, found) = (Arc::clone(operator), snapshot.neighbors.clone());
            let scale_neighbor = snapshot.job.recipe.scale_neighbor;
            let make = move || Arc::new(edges(&graph, found.as_deref(), scale_neighbor, by, dark));
            self.coming = Some((key.clone(), operator.len(), Later::start(ctx, "The edges of the graph", make)));
        }
        if let Some((of, points, later)) = &self.coming
            && let Some(all) = later.get()
        {
            let serial = self.shown.as_ref().map_or(0, |(_, _, edges)| edges.serial) + 1;
            self.shown = Some((of.clone(), *points, Edges { all: Arc::clone(all), serial }));
            self.coming = None;
            if self.shown.as_ref().is_some_and(|(of, ..)| *of != key) {
                ctx.request_repaint();
            }
        }
        let (_, points, edges) = self.shown.as_ref()?;
        (*points == snapshot.data.len()).then(|| edges.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    #[test]
    fn the_star_and_the_edges_are_those_of_the_operator() {
        let mut triplets = Vec::new();
        for (i, j, w) in [(0, 1, 1.0), (0, 2, 0.5), (2, 3, 0.25), (4, 5, 0.75)] {
            triplets.extend([(i, j, w), (j, i, w)]);
        }
        let operator = Operator::new(Csr::from_triplets(6, &triplets).expect("a graph"), Laplacian::RandomWalk);
        let operator = operator.expect("an operator");
        assert_eq!(star(&operator, 0), [(1, 1.0), (2, 0.5)]);
        assert_eq!(star(&operator, 3), [(2, 0.25)]);
        assert!(star(&operator, 6).is_empty());
        let mut all = edges(&operator, None, 7, EdgeColor::Part, true);
        all.sort_by_key(|edge| edge.ends);
        assert_eq!(
            all.iter().map(|e| (e.ends, e.paint[3])).collect::<Vec<_>>(),
            [([0, 1], 255), ([0, 2], 128), ([2, 3], 64), ([4, 5], 191)]
        );
        assert!(all[0].paint[..3] == all[2].paint[..3] && all[0].paint[..3] != all[3].paint[..3], "a colour a part");
        let found =
            Neighbors { k: 2, indices: vec![0; 12], distances: (0..12).map(|i| i as f32).collect(), recall: None };
        assert_eq!(scales(&found, 7), [1.0, 3.0, 5.0, 7.0, 9.0, 11.0], "the last there is");
        assert_eq!(edges(&operator, Some(&found), 1, EdgeColor::Scale, false).len(), 4);
    }
}
