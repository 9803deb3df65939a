//! Shapes of points: what tells clusters apart beside their colours, for whoever does not see these apart.

use eframe::egui::{Color32, Context, Id, Painter, Pos2, Shape as Drawn, Stroke, Vec2, vec2};

/// The shape of a point. All cover as much as a disc of the same radius.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// ●, as every point is where shapes are off.
    #[default]
    Disc,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// An upright cross.
    Cross,
    /// A disc with a hole.
    Ring,
    /// ▼
    Wedge,
    /// A cross that lies: outliers, whatever their number.
    Saltire,
}

/// The shapes of clusters in the order of their numbers; afterwards they come again, with other colours.
const OF_CLUSTERS: [Shape; 7] =
    [Shape::Disc, Shape::Square, Shape::Triangle, Shape::Diamond, Shape::Cross, Shape::Ring, Shape::Wedge];

/// Half a side of a square, and half a diagonal of a diamond, that cover as much as a disc of radius 1.
const SQUARE: f32 = 0.886_227;
const DIAMOND: f32 = 1.253_314;
/// From the middle of a triangle to its corners.
const TRIANGLE: f32 = 1.555_12;
/// Half the length and half the breadth of an arm of a cross.
const ARM: [f32; 2] = [1.271, 0.36];
/// Middle and half the breadth of a ring.
const RING: [f32; 2] = [0.93, 0.27];

impl Shape {
    /// The shape of a cluster by the number of its colour; of outliers, which have none.
    #[must_use]
    pub fn of(number: Option<usize>) -> Self {
        number.map_or(Self::Saltire, |number| OF_CLUSTERS[number % OF_CLUSTERS.len()])
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Disc => "disc",
            Self::Square => "square",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
            Self::Cross => "cross",
            Self::Ring => "ring",
            Self::Wedge => "triangle upside down",
            Self::Saltire => "lying cross",
        }
    }

    /// The fourth byte of a point's colour in which `shaders/points.wgsl` finds the shape: four bits of strength, here all, and the
    /// shape counted down from 7, so that 255 is a whole disc.
    #[must_use]
    pub fn byte(self) -> u8 {
        0xf0 | (7 - self as u8) << 1
    }

    /// The shape that a byte stands for.
    #[must_use]
    pub fn of_byte(byte: u8) -> Self {
        let at = usize::from(7 - (byte >> 1 & 7));
        OF_CLUSTERS.get(at).copied().unwrap_or(Self::Saltire)
    }

    /// Draws one by egui's painter, as large as a disc of this radius.
    pub fn paint(self, painter: &Painter, at: Pos2, radius: f32, color: Color32) {
        let corners = |places: &[[f32; 2]]| {
            let places = places.iter().map(|&[x, y]| at + radius * vec2(x, y)).collect();
            Drawn::convex_polygon(places, color, Stroke::NONE)
        };
        let triangle = |up: f32| {
            let (x, y) = (TRIANGLE * 0.866_025, TRIANGLE * 0.5);
            corners(&[[0.0, -TRIANGLE * up], [x, y * up], [-x, y * up]])
        };
        let [long, broad] = ARM;
        let cross = |along: [Vec2; 2]| {
            let stroke = Stroke::new(2.0 * broad * radius, color);
            along.map(|way| Drawn::line_segment([at - radius * long * way, at + radius * long * way], stroke))
        };
        let half = std::f32::consts::FRAC_1_SQRT_2;
        let drawn = match self {
            Self::Disc => vec![Drawn::circle_filled(at, radius, color)],
            Self::Square => {
                vec![corners(&[[-SQUARE, -SQUARE], [SQUARE, -SQUARE], [SQUARE, SQUARE], [-SQUARE, SQUARE]])]
            }
            Self::Diamond => vec![corners(&[[0.0, -DIAMOND], [DIAMOND, 0.0], [0.0, DIAMOND], [-DIAMOND, 0.0]])],
            Self::Triangle => vec![triangle(1.0)],
            Self::Wedge => vec![triangle(-1.0)],
            Self::Ring => {
                vec![Drawn::circle_stroke(at, RING[0] * radius, Stroke::new(2.0 * RING[1] * radius, color))]
            }
            Self::Cross => cross([vec2(1.0, 0.0), vec2(0.0, 1.0)]).into(),
            Self::Saltire => cross([vec2(half, half), vec2(half, -half)]).into(),
        };
        painter.extend(drawn);
    }
}

/// Says whether shapes are shown from now on.
pub fn show(ctx: &Context, shapes: bool) {
    ctx.data_mut(|data| data.insert_temp(marker(), shapes));
}

/// Whether shapes are shown.
#[must_use]
pub fn are_shown(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(marker())).unwrap_or(false)
}

fn marker() -> Id {
    Id::unique("shapes of points are shown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_a_byte_that_gives_it_back() {
        let all: Vec<Shape> = OF_CLUSTERS.into_iter().chain([Shape::Saltire]).collect();
        assert!(all.iter().all(|&shape| Shape::of_byte(shape.byte()) == shape && shape.byte() & 1 == 0));
        assert!(all.iter().all(|&shape| Shape::of_byte(shape.byte() | 1) == shape), "the bit below is another thing");
        assert_eq!(Shape::of_byte(255), Shape::Disc, "what knows of no shape draws discs");
        let mut names: Vec<&str> = all.iter().map(|shape| shape.name()).collect();
        names.dedup();
        assert_eq!(names.len(), 8);
        assert_eq!([Shape::of(Some(8)), Shape::of(None)], [Shape::Square, Shape::Saltire]);
    }

    #[test]
    fn all_cover_as_much_as_a_disc() {
        let [long, broad] = ARM;
        let areas = [
            (2.0 * SQUARE).powi(2),
            2.0 * DIAMOND.powi(2),
            0.75 * 3.0_f32.sqrt() * TRIANGLE.powi(2),
            8.0 * long * broad - 4.0 * broad.powi(2),
            std::f32::consts::PI * ((RING[0] + RING[1]).powi(2) - (RING[0] - RING[1]).powi(2)),
        ];
        for area in areas {
            assert!((area - std::f32::consts::PI).abs() < 0.02, "{areas:?}");
        }
    }
}
