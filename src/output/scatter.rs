//! Samples in the plane, coloured by category.

use super::palette::category;
use super::svg::{Anchor, Axis, Element, Frame, INK, Page, QUIET, hex};
use crate::support::language::short;

/// Most lines of the legend.
const LEGEND: usize = 24;

/// What a scatter plot shows.
pub(super) struct Scatter<'a> {
    pub title: &'a str,
    pub caption: &'a str,
    pub x_name: &'a str,
    pub y_name: &'a str,
    /// Both axes in the same unit: a circle stays one.
    pub same_unit: bool,
    pub points: Vec<(f64, f64)>,
    /// A colour for each point; empty paints all alike.
    pub colours: Vec<[u8; 3]>,
    /// Places of rows of another file, each with its colour, drawn as rings.
    pub rings: Vec<((f64, f64), [u8; 3])>,
    /// What a colour stands for, in the order of the legend.
    pub legend: Vec<([u8; 3], String)>,
}

impl Scatter<'_> {
    /// The figure.
    pub(super) fn draw(&self) -> Page {
        let side = if self.legend.is_empty() { 24.0 } else { 170.0 };
        let (left, top, width, height) = (84.0, 62.0, 560.0, 500.0);
        let mut page = Page::new(left + width + side, top + height + 54.0);
        let rings = || self.rings.iter().map(|(at, _)| at);
        let mut frame = Frame {
            left,
            top,
            width,
            height,
            x: Axis::around(self.points.iter().chain(rings()).map(|p| p.0)),
            y: Axis::around(self.points.iter().chain(rings()).map(|p| p.1)),
        };
        if self.same_unit {
            widen(&mut frame);
        }
        page.text((left, 28.0), 17.0, INK, Anchor::Start, self.title);
        page.text((left, 47.0), 12.0, QUIET, Anchor::Start, self.caption);
        frame.draw(&mut page, self.x_name, self.y_name);
        let n = self.points.len();
        let radius = (60.0 / (n.max(1) as f64).sqrt()).clamp(0.9, 3.2);
        let colour = |i: usize| self.colours.get(i).copied().unwrap_or_else(|| category(0, false));
        let shown = shuffled(n).filter(|&i| self.points[i].0.is_finite() && self.points[i].1.is_finite());
        let points = shown.map(|i| (frame.at(self.points[i].0, self.points[i].1), colour(i))).collect();
        page.body.push(Element::Points { corner: (left, top), size: (width, height), points, radius });
        if !self.rings.is_empty() {
            let points = self.rings.iter().map(|&((x, y), colour)| (frame.at(x, y), colour)).collect();
            page.body.push(Element::Rings { points });
        }
        for (line, (colour, name)) in self.legend.iter().take(LEGEND).enumerate() {
            let y = top + 8.0 + 19.0 * line as f64;
            page.disc((left + width + 20.0, y), 5.0, &hex(*colour), "none");
            page.text((left + width + 32.0, y + 4.0), 12.0, INK, Anchor::Start, &short(name, 20));
        }
        if self.legend.len() > LEGEND {
            let y = top + 12.0 + 19.0 * LEGEND as f64;
            let more = format!("and {} more", self.legend.len() - LEGEND);
            page.text((left + width + 14.0, y), 12.0, QUIET, Anchor::Start, &more);
        }
        page
    }
}

/// Every index once, spread out, so that no class lies on top because it comes last.
fn shuffled(n: usize) -> impl Iterator<Item = usize> {
    let mut stride = (n as f64 * 0.618) as usize | 1;
    while gcd(stride, n) > 1 {
        stride += 2;
    }
    (0..n).map(move |i| (i as u64 * stride as u64 % n as u64) as usize)
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Gives both axes the same unit by widening the one that has room.
fn widen(frame: &mut Frame) {
    let unit = ((frame.x.high - frame.x.low) / frame.width).max((frame.y.high - frame.y.low) / frame.height);
    for (axis, size) in [(&mut frame.x, frame.width), (&mut frame.y, frame.height)] {
        let middle = f64::midpoint(axis.low, axis.high);
        axis.low = middle - unit * size / 2.0;
        axis.high = middle + unit * size / 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::svg::MANY;

    #[test]
    fn every_point_is_drawn_once() {
        for n in [0, 1, 2, 3, 10, 15, 24, 1001] {
            let mut all: Vec<usize> = shuffled(n).collect();
            all.sort_unstable();
            assert_eq!(all, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn many_points_become_one_picture() {
        let draw = |n: usize| {
            let points = (0..n).map(|i| (i as f64, (i % 7) as f64)).collect();
            let scatter = Scatter {
                title: "t",
                caption: "",
                x_name: "x",
                y_name: "y",
                same_unit: false,
                points,
                colours: vec![],
                rings: vec![],
                legend: vec![],
            };
            scatter.draw().finish().expect("it can be drawn")
        };
        let few = draw(100);
        assert_eq!((few.matches("<circle").count(), few.matches("<image").count()), (100, 0));
        let many = draw(MANY + 1);
        assert_eq!((many.matches("<circle").count(), many.matches("<image").count()), (0, 1));
        assert_eq!(draw(0).matches("<circle").count(), 0);
    }
}
