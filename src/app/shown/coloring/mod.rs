//! What the colour of a point means, the same in every view.

mod by;
mod position;

use std::sync::Arc;

use crate::app::gpu::Colors;
use crate::app::kit::identity::Identity;
use crate::app::kit::shapes::Shape;
use crate::app::shown::labels::Labels;
use crate::output::{cluster_colours, palette};
use crate::pipeline::Snapshot;
use crate::project::Entry;
pub use by::ColorBy;

/// One entry of a categorical legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Class or cluster id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: [u8; 3],
    /// Its shape, where shapes are shown.
    pub shape: Shape,
    /// How many samples have it.
    pub count: usize,
}

/// What the colours mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Legend {
    /// One colour a category.
    Categories(Vec<Category>),
    /// A gradient over a quantity.
    Gradient {
        /// The value of its dark end.
        low: f64,
        /// The value of its bright end.
        high: f64,
    },
    /// A gradient over a quantity that has a sign, the same way to both sides of 0.
    Diverging {
        /// The value of its upper end; the lower one is below 0 by as much.
        most: f64,
    },
    /// A colour for each place of the input picture.
    Position,
}

/// Colours and their meaning.
#[derive(Clone, Debug)]
pub struct Coloring {
    /// For the views.
    pub colors: Colors,
    /// For the person.
    pub legend: Legend,
}

/// The classes or clusters behind a categorical colour: ids, and how many there are.
#[must_use]
pub fn categories(by: ColorBy, snapshot: &Snapshot) -> Option<(&[u32], usize)> {
    let clusters = match by {
        ColorBy::Label => return snapshot.data.labels.as_ref().map(|l| (l.ids.as_slice(), l.names.len())),
        ColorBy::Learned => &snapshot.learned.as_ref()?.clusters,
        ColorBy::Exact => &snapshot.exact.as_ref()?.clusters,
        ColorBy::Baseline => &snapshot.baseline.as_ref()?.0,
        _ => return None,
    };
    Some((&clusters.assignment, clusters.centroids.nrows()))
}

/// For each cluster the number of its colour, such that what is the same group on every side has the same colour: classes
/// keep their own numbers, and clusters of one number have one colour ([`cluster_colours`]).
#[must_use]
pub fn color_numbers(by: ColorBy, snapshot: &Snapshot) -> Vec<usize> {
    let Some((_, k)) = categories(by, snapshot) else { return Vec::new() };
    if by == ColorBy::Label { (0..k).collect() } else { cluster_colours(snapshot).into_iter().take(k).collect() }
}

/// The number of colour and shape of each class or label, hidden ones too; outliers have none.
#[must_use]
pub fn category_numbers(by: ColorBy, snapshot: &Snapshot, labels: &Labels) -> Vec<Option<usize>> {
    let numbers = color_numbers(by, snapshot);
    let Some(labelled) = labels.labelled(by) else { return numbers.into_iter().map(Some).collect() };
    let mut beyond = numbers.iter().max().map_or(0, |most| most + 1);
    let number = |(at, entry): (usize, &Entry)| {
        let own = numbers.get(at).copied().unwrap_or_else(|| {
            beyond += 1;
            beyond - 1
        });
        (!entry.outliers).then(|| entry.colour.map_or(own, usize::from))
    };
    labelled.entries.iter().enumerate().map(number).collect()
}

/// The colour of each class or label, hidden ones too.
#[must_use]
pub fn category_colors(by: ColorBy, snapshot: &Snapshot, dark: bool, labels: &Labels) -> Vec<[u8; 3]> {
    let color = |number: Option<usize>| number.map_or(palette::no_category(dark), |i| palette::category(i, dark));
    category_numbers(by, snapshot, labels).into_iter().map(color).collect()
}

/// The colours of all points and what they mean, with a person's `labels`.
#[must_use]
pub fn color(by: ColorBy, snapshot: &Snapshot, dark: bool, labels: &Labels) -> Coloring {
    let opaque = |[r, g, b]: [u8; 3]| [r, g, b, 255];
    let (rgba, legend) = if let Some((ids, _)) = labels.ids(by, snapshot) {
        let colors = category_colors(by, snapshot, dark, labels);
        let shapes: Vec<Shape> = category_numbers(by, snapshot, labels).into_iter().map(Shape::of).collect();
        let of = |id: u32| colors.get(id as usize).copied().unwrap_or([128; 3]);
        let shape = |id: u32| shapes.get(id as usize).copied().unwrap_or_default();
        let rgba = ids.iter().map(|&id| opaque(of(id))).collect();
        let seen = labels.seen(by, snapshot);
        let entry = |(id, count): (u32, usize)| Category {
            id,
            name: labels.name(by, id, snapshot),
            color: of(id),
            shape: shape(id),
            count,
        };
        (rgba, Legend::Categories(seen.into_iter().map(entry).collect()))
    } else if let (Some(values), true) = (quantity(by, snapshot), by.has_a_sign()) {
        let most = values.iter().fold(f64::MIN_POSITIVE, |most, v| most.max(v.abs()));
        let rgba = values.iter().map(|&v| opaque(palette::diverging((v / most) as f32)));
        (rgba.collect(), Legend::Diverging { most })
    } else if let Some(values) = quantity(by, snapshot) {
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
        // Differences keep what single precision would round off a large common offset.
        let above = |v: f64| (v - low) as f32;
        let rgba =
            values.iter().map(|&v| opaque(palette::quantity(palette::fraction(above(v), 0.0, above(high)), dark)));
        (rgba.collect(), Legend::Gradient { low, high })
    } else {
        (position::colors(snapshot, dark).into_iter().map(opaque).collect(), Legend::Position)
    };
    Coloring { colors: Colors { rgba: Arc::new(rgba), serial: 0 }, legend }
}

/// Gives points the shapes of their classes or labels, beside the colours they have.
fn shape(coloring: &mut Coloring, by: ColorBy, snapshot: &Snapshot, labels: &Labels) {
    let Some((ids, _)) = labels.ids(by, snapshot) else { return };
    let shapes: Vec<Shape> = category_numbers(by, snapshot, labels).into_iter().map(Shape::of).collect();
    for (paint, &id) in Arc::make_mut(&mut coloring.colors.rgba).iter_mut().zip(ids) {
        paint[3] = shapes.get(id as usize).copied().unwrap_or_default().byte();
    }
}

/// The quantity behind a gradient, one value a sample.
fn quantity(by: ColorBy, snapshot: &Snapshot) -> Option<Vec<f64>> {
    let column = |s: &Option<Arc<crate::pipeline::Solution>>, j: usize| {
        let space = &s.as_ref()?.space.vectors;
        (j < space.ncols()).then(|| space.column(j).to_vec())
    };
    match by {
        ColorBy::LearnedVector(j) => column(&snapshot.learned, j),
        ColorBy::ExactVector(j) => column(&snapshot.exact, j),
        ColorBy::Feature(j) if j < snapshot.data.dim() => Some(snapshot.data.features.column(j)),
        _ => None,
    }
}

/// The colour of a place of the input picture, `x` and `y` in 0..=1, for the legend.
#[must_use]
pub fn place_color(x: f32, y: f32, dark: bool) -> [u8; 3] {
    position::place(x, y, dark)
}

/// Colours that are computed again only when something they depend on changes.
#[derive(Debug, Default)]
pub struct ColoringCache {
    /// Whether points have shapes beside their colours.
    pub shapes: bool,
    key: Option<(Identity, ColorBy, [bool; 2], u64)>,
    serial: u64,
    coloring: Option<Coloring>,
}

impl ColoringCache {
    /// The colours and their meaning.
    pub fn get(&mut self, by: ColorBy, snapshot: &Arc<Snapshot>, dark: bool, labels: &Labels) -> &Coloring {
        let key = Some((Identity::of(snapshot), by, [dark, self.shapes], labels.serial()));
        if self.key != key {
            self.coloring = None;
            self.key = key;
        }
        let (serial, shapes) = (&mut self.serial, self.shapes);
        self.coloring.get_or_insert_with(|| {
            *serial += 1;
            let mut coloring = color(by, snapshot, dark, labels);
            if shapes {
                shape(&mut coloring, by, snapshot, labels);
            }
            coloring.colors.serial = *serial;
            coloring
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;

    #[test]
    fn one_group_has_one_colour_on_every_side() {
        let vectors = array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        let snapshot = snapshot(Some(&vectors), Some(&vectors));
        let labels = Labels::default();
        let by_label = color(ColorBy::Label, &snapshot, true, &labels);
        // The clusters of the fixture are numbered the other way round.
        let by_cluster = color(ColorBy::Learned, &snapshot, true, &labels);
        assert_eq!(by_label.colors.rgba, by_cluster.colors.rgba);
        let Legend::Categories(entries) = by_cluster.legend else { panic!("clusters are categories") };
        assert_eq!(entries.iter().map(|e| (e.id, e.count)).collect::<Vec<_>>(), [(0, 2), (1, 2)]);
    }

    #[test]
    fn shapes_go_by_the_number_of_the_colour_and_are_there_only_where_they_are_shown() {
        let vectors = array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        let snapshot = Arc::new(snapshot(Some(&vectors), Some(&vectors)));
        let labels = Labels::default();
        let mut cache = ColoringCache::default();
        let plain = cache.get(ColorBy::Label, &snapshot, true, &labels).colors.clone();
        assert!(plain.rgba.iter().all(|paint| paint[3] == 255));
        cache.shapes = true;
        let seen = |cache: &mut ColoringCache, by| {
            let colors = cache.get(by, &snapshot, true, &labels).colors.clone();
            assert!(colors.serial > plain.serial && colors.rgba[0][..3] == plain.rgba[0][..3]);
            colors.rgba.iter().map(|paint| Shape::of_byte(paint[3])).collect::<Vec<_>>()
        };
        let by_class = seen(&mut cache, ColorBy::Label);
        assert_eq!(by_class, [Shape::Disc, Shape::Disc, Shape::Square, Shape::Square]);
        assert_eq!(seen(&mut cache, ColorBy::Learned), by_class, "one group has one shape on every side");
    }

    #[test]
    fn the_fiedler_vector_is_the_learned_one_where_there_is_one() {
        let vectors = array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        assert_eq!(ColorBy::fiedler(&snapshot(None, None)), None);
        assert_eq!(ColorBy::fiedler(&snapshot(Some(&vectors), None)), Some(ColorBy::ExactVector(1)));
        let both = snapshot(Some(&vectors), Some(&vectors));
        let by = ColorBy::fiedler(&both).expect("there is a second vector");
        assert_eq!((by, by.name(&both).as_str()), (ColorBy::LearnedVector(1), "Fiedler vector, learned"));
    }

    #[test]
    fn what_colours_and_axes_are_has_a_word_that_gives_it_back() {
        use crate::app::shown::axes::Axis;
        let all = [ColorBy::Label, ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline, ColorBy::Position];
        let more = [ColorBy::LearnedVector(3), ColorBy::ExactVector(0), ColorBy::Feature(7)];
        assert!(all.into_iter().chain(more).all(|by| ColorBy::of_code(&by.code()) == Some(by)));
        let axes = [Axis::Vector(1), Axis::Input(2), Axis::Feature(9)];
        assert!(axes.into_iter().all(|axis| Axis::of_code(&axis.code()) == Some(axis)));
        assert_eq!(
            (ColorBy::of_code("learned x"), Axis::of_code("vector"), ColorBy::of_code("loud")),
            (None, None, None)
        );
    }

    #[test]
    fn the_first_choice_is_labels_and_a_missing_one_falls_back() {
        let snapshot = snapshot(None, None);
        assert_eq!(ColorBy::resolve(None, &snapshot), ColorBy::Label);
        assert_eq!(ColorBy::resolve(Some(ColorBy::ExactVector(1)), &snapshot), ColorBy::Label);
        assert_eq!(ColorBy::resolve(Some(ColorBy::Feature(1)), &snapshot), ColorBy::Feature(1));
        let coloring = color(ColorBy::Feature(0), &snapshot, false, &Labels::default());
        assert_eq!(coloring.legend, Legend::Gradient { low: 0.0, high: 3.0 });
    }

    #[test]
    fn an_eigenvector_has_a_hue_to_each_side_of_zero_and_none_at_it() {
        let vectors = array![[1.0, -1.0], [1.0, -0.25], [1.0, 0.0], [1.0, 0.5]];
        let coloring = color(ColorBy::ExactVector(1), &snapshot(Some(&vectors), None), true, &Labels::default());
        assert_eq!(coloring.legend, Legend::Diverging { most: 1.0 });
        let [r, g, b, _] = coloring.colors.rgba[2];
        assert_eq!([r, g, b], palette::diverging(0.0));
        let [r, _, b, _] = coloring.colors.rgba[0];
        assert!(b > r, "blue below zero");
        let [r, _, b, _] = coloring.colors.rgba[3];
        assert!(r > b, "orange above it");
    }
}
