//! A view as it stands, as a figure on white.

use std::sync::Arc;

use super::Centre;
use crate::app::kit::format;
use crate::app::shown::axes::{Axis, Side};
use crate::app::shown::coloring::{ColorBy, Legend, color};
use crate::app::shown::labels::Labels;
use crate::app::views::bounds::Bounds;
use crate::output::{Animation, ViewFigure, palette};
use crate::pipeline::Snapshot;

/// Entries of the legend that a gradient gets.
const SHADES: usize = 5;

impl Centre {
    /// The view at a place from the left with its axes and colours; nothing where there is no such view, or it shows nothing.
    #[must_use]
    pub fn figure(&self, at: usize, snapshot: &Snapshot, labels: &Labels) -> Option<ViewFigure> {
        let (view, side) = (self.views.get(at)?, *Side::ALL.get(at)?);
        if side != Side::Input {
            side.space(snapshot)?;
        }
        let resolved = view.axes.resolved(side, snapshot);
        let rings = self.second.figure(side, (resolved, view.axes.three_d), (snapshot, labels));
        let axes = resolved.map(|axis| axis.label(side, snapshot));
        let places = view.axes.positions(side, snapshot);
        let same_unit = side == Side::Input && snapshot.data.dim() > 1;
        let by = ColorBy::resolve(self.color_by, snapshot);
        let coloring = color(by, snapshot, false, labels);
        let [x, y, z] = axes;
        let samples = format::counted(snapshot.data.len(), "sample");
        let mut caption = format!("{samples}, coloured by {}", by.name(snapshot));
        let (rings, said) = rings.unwrap_or_default();
        if !said.is_empty() {
            caption = format!("{caption}; {said}");
        }
        let rings_at: Vec<[f32; 3]> = rings.iter().map(|(at, _)| *at).collect();
        let ([points, ringed], axes) = if view.axes.three_d {
            caption = format!("{caption}; three dimensions: {x}, {y}, {z}");
            let directions = view.state.directions();
            ([&places, &rings_at].map(|at| turned(at, &places, directions, same_unit)), [String::new(), String::new()])
        } else {
            let flat = |at: &Vec<[f32; 3]>| at.iter().map(|&[x, y, _]| (f64::from(x), f64::from(y))).collect();
            ([flat(&places), flat(&rings_at)], [x, y])
        };
        let legend = match coloring.legend {
            Legend::Categories(entries) => {
                entries.into_iter().map(|entry| (entry.color, format!("{} ({})", entry.name, entry.count))).collect()
            }
            Legend::Gradient { low, high } => shades(low, high, |t| palette::quantity(t, false)),
            Legend::Diverging { most } => shades(-most, most, |t| palette::diverging(2.0 * t - 1.0)),
            Legend::Position => Vec::new(),
        };
        Some(ViewFigure {
            title: format!("{}: {}", snapshot.data.name, side.title().to_lowercase()),
            caption,
            axes,
            same_unit: same_unit || view.axes.three_d,
            points,
            rings: ringed.into_iter().zip(rings.into_iter().map(|(_, colour)| colour)).collect(),
            colours: coloring.colors.rgba.iter().map(|&[r, g, b, _]| [r, g, b]).collect(),
            legend,
        })
    }
}

impl Centre {
    /// The training of a result as an animation: on the axes of the learned view where they are two eigenvectors, and in the colours of the
    /// views where these are not the learned clusters, which have their own at each look.
    #[must_use]
    pub fn animation(&self, snapshot: &Arc<Snapshot>, labels: &Labels) -> Animation {
        let axes = self.views[1].axes.resolved(Side::Learned, snapshot);
        let axes = match axes {
            [Axis::Vector(x), Axis::Vector(y), _] => Some([x, y]),
            _ => None,
        };
        let by = ColorBy::resolve(self.color_by, snapshot);
        let own = (by != ColorBy::Learned).then_some(());
        let colours = own.map(|()| {
            let coloring = color(by, snapshot, false, labels);
            coloring.colors.rgba.iter().map(|&[r, g, b, _]| [r, g, b]).collect()
        });
        Animation { axes, colours, ..Animation::of(Arc::clone(snapshot)) }
    }
}

/// Colours along a gradient, with their values.
fn shades(low: f64, high: f64, colour: impl Fn(f32) -> [u8; 3]) -> Vec<([u8; 3], String)> {
    let shade = |i: usize| {
        let share = i as f64 / (SHADES - 1) as f64;
        (colour(share as f32), format::number(low + share * (high - low)))
    };
    (0..SHADES).map(shade).collect()
}

/// Points in space as they are seen from where the view is turned to, without perspective, in the units of `all` of them.
fn turned(places: &[[f32; 3]], all: &[[f32; 3]], [right, up, _]: [[f64; 3]; 3], same_unit: bool) -> Vec<(f64, f64)> {
    let Some(bounds) = Bounds::of(all) else { return Vec::new() };
    let widest = bounds.half.iter().copied().fold(0.0, f64::max);
    let along = |place: &[f32; 3], way: [f64; 3]| -> f64 {
        let unit = |j: usize| if same_unit { widest } else { bounds.half[j] };
        (0..3).map(|j| way[j] * (f64::from(place[j]) - bounds.center[j]) / unit(j)).sum()
    };
    places.iter().map(|place| (along(place, right), along(place, up))).collect()
}
