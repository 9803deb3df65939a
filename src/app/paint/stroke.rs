//! One stroke, from the button going down to its release. What it has done so far is its own until then.

use rand_chacha::ChaCha8Rng;

use super::shape::{Grip, Held};
use super::tools::{self, Box2, Brush, Place, Trail};
use super::{Paint, Tool};
use crate::data::{Painted, Spot};
use crate::support::random::{Stream, rng};

/// Dabs on a line as long as the brush is wide.
const DABS: f64 = 4.0;

/// A stroke that is being made.
#[derive(Debug)]
pub(super) struct Stroke {
    /// The points as it has left them.
    dots: Vec<Spot>,
    pub(super) deed: Deed,
    /// Whether it has changed any.
    changed: bool,
}

/// What it does.
#[derive(Debug)]
pub(super) enum Deed {
    /// Points are left behind or taken away.
    Brush {
        tool: Tool,
        trail: Trail,
        rng: Box<ChaCha8Rng>,
        /// When the last dab fell, seconds.
        since: f64,
    },
    /// The selection, or all, change with the hand.
    Shape(Held),
    /// A rectangle is drawn around what is to be selected, beside what is selected already or instead of it.
    Choose { from: Place, to: Place, adds: bool },
}

impl Stroke {
    /// The points so far, where there is something new to see.
    pub(super) fn painted(&self) -> Option<Painted> {
        self.changed.then(|| Painted::new(self.dots.iter().copied()))
    }
}

/// The way between two places that a brush leaves behind.
fn spacing(tool: Tool, brush: Brush) -> f64 {
    let width = 2.0 * brush.radius;
    if tool == Tool::Draw { width / brush.density.max(1) as f64 } else { width / DABS }
}

impl Paint {
    /// Begins a stroke at a place. `grip` is what of the selection's frame is under the hand.
    pub(super) fn begin(
        &mut self,
        painted: &Painted,
        (seed, time): (u64, f64),
        (at, brush): (Place, Brush),
        (grip, adds): (Option<Grip>, bool),
    ) {
        let mut dots = painted.dots().to_vec();
        let before = dots.len();
        let tool = self.tool;
        if tool != Tool::Shape {
            self.chosen.clear(); // What is painted now would be dimmed beside it.
        }
        let deed = match (tool, grip, Box2::of(&dots, &self.chosen)) {
            (Tool::Shape, Some(grip), Some(frame)) => Deed::Shape(Held { grip, from: at, dots: dots.clone(), frame }),
            (Tool::Shape, ..) => Deed::Choose { from: at, to: at, adds },
            _ => {
                let mut rng = Box::new(rng(seed, Stream::Spray, self.next()));
                dab(&mut dots, tool, (at, at), brush, &mut rng);
                Deed::Brush { tool, trail: Trail::begin(at, spacing(tool, brush)), rng, since: time }
            }
        };
        let changed = dots.len() != before;
        self.stroke = Some(Stroke { dots, deed, changed });
    }

    /// The hand goes on to a place; `even` keeps proportions.
    pub(super) fn go_on(&mut self, at: Place, brush: Brush, time: f64, even: bool) {
        let Some(Stroke { dots, deed, changed }) = &mut self.stroke else { return };
        let before = dots.len();
        match deed {
            Deed::Brush { tool: Tool::Erase, trail, .. } => {
                tools::erase(dots, (trail.last(), at), brush.radius);
                trail.to(at, brush.radius);
            }
            Deed::Brush { tool, trail, rng, since } => {
                for at in trail.to(at, spacing(*tool, brush)) {
                    dab(dots, *tool, (at, at), brush, rng);
                    *since = time;
                }
            }
            Deed::Shape(held) => {
                let (now, moved) = held.at(at, &self.chosen, even);
                (*dots, *changed) = (now, *changed || moved);
            }
            Deed::Choose { to, .. } => *to = at,
        }
        *changed |= dots.len() != before;
    }

    /// A spray that is held still goes on, so many seconds after the dab before.
    pub(super) fn hold(&mut self, brush: Brush, time: f64, pause: f64) -> bool {
        let Some(Stroke { dots, deed: Deed::Brush { tool: Tool::Spray, trail, rng, since }, changed }) =
            &mut self.stroke
        else {
            return false;
        };
        if time - *since >= pause {
            let before = dots.len();
            dab(dots, Tool::Spray, (trail.last(), trail.last()), brush, rng);
            (*since, *changed) = (time, *changed || dots.len() != before);
        }
        true
    }

    /// Ends the stroke: the points, where it has changed any.
    pub(super) fn end(&mut self, small: f64) -> Option<Painted> {
        let stroke = self.stroke.take()?;
        if let Deed::Choose { from, to, adds } = stroke.deed {
            let click = (from[0] - to[0]).abs() < small && (from[1] - to[1]).abs() < small;
            let mut found = if click { Vec::new() } else { tools::inside(&stroke.dots, (from, to)) };
            if adds {
                found.append(&mut self.chosen);
                found.sort_unstable();
                found.dedup();
            }
            self.chosen = found;
        }
        stroke.changed.then(|| Painted::new(stroke.dots))
    }
}

/// What a brush does at a place, or on the way between two.
fn dab(dots: &mut Vec<Spot>, tool: Tool, (from, to): (Place, Place), brush: Brush, rng: &mut ChaCha8Rng) {
    match tool {
        Tool::Draw => tools::draw(dots, to, brush),
        Tool::Spray => tools::spray(dots, to, brush, rng),
        Tool::Erase => tools::erase(dots, (from, to), brush.radius),
        Tool::Shape => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRUSH: Brush = Brush { radius: 0.1, density: 5, class: 1 };

    fn line(paint: &mut Paint, painted: &Painted, tool: Tool, ends: (Place, Place)) -> Painted {
        paint.tool = tool;
        paint.begin(painted, (3, 0.0), (ends.0, BRUSH), (None, false));
        paint.go_on(ends.1, BRUSH, 0.1, false);
        paint.end(1e-3).unwrap_or_else(|| painted.clone())
    }

    #[test]
    fn a_stroke_draws_sprays_and_erases_and_each_has_its_own_random_numbers() {
        let mut paint = Paint::default();
        let none = Painted::default();
        let drawn = line(&mut paint, &none, Tool::Draw, ([0.0, 0.0], [0.41, 0.0]));
        assert_eq!(drawn.len(), 11, "five points a brush's width, the first one too");
        let sprayed = line(&mut paint, &drawn, Tool::Spray, ([0.0, 1.0], [0.41, 1.0]));
        assert_eq!(sprayed.len(), 11 + 9 * 5);
        let again = line(&mut paint, &drawn, Tool::Spray, ([0.0, 1.0], [0.41, 1.0]));
        assert_ne!(again, sprayed);
        let mut other = Paint::default();
        let repeated = line(&mut other, &none, Tool::Draw, ([0.0, 0.0], [0.41, 0.0]));
        assert_eq!(line(&mut other, &repeated, Tool::Spray, ([0.0, 1.0], [0.41, 1.0])), sprayed, "the seed repeats it");
        let erased = line(&mut paint, &sprayed, Tool::Erase, ([0.0, 0.0], [0.41, 0.0]));
        assert_eq!(erased.dots(), &sprayed.dots()[11..]);
        let same = line(&mut paint, &erased, Tool::Erase, ([5.0, 5.0], [6.0, 6.0]));
        assert_eq!(same, erased);
    }

    #[test]
    fn a_spray_held_still_goes_on_and_a_line_does_not() {
        let mut paint = Paint::default();
        for (tool, more) in [(Tool::Spray, 5), (Tool::Draw, 0)] {
            paint.tool = tool;
            paint.begin(&Painted::default(), (0, 0.0), ([0.0; 2], BRUSH), (None, false));
            let before = paint.stroke.as_ref().and_then(Stroke::painted).map_or(0, |p| p.len());
            assert_eq!(paint.hold(BRUSH, 0.02, 0.05), more > 0, "too early for another dab");
            paint.hold(BRUSH, 0.06, 0.05);
            assert_eq!(paint.end(1e-3).map(|p| p.len()), Some(before + more));
        }
    }

    #[test]
    fn a_rectangle_selects_a_click_deselects_and_a_grip_moves_what_is_selected() {
        let mut paint = Paint { tool: Tool::Shape, ..Paint::default() };
        let at = |x: f32| Spot { at: [x, 0.0], class: 0 };
        let painted = Painted::new([at(0.0), at(1.0), at(2.0)]);
        let drag = |paint: &mut Paint, ends: (Place, Place), grip, adds| {
            paint.begin(&painted, (0, 0.0), (ends.0, BRUSH), (grip, adds));
            paint.go_on(ends.1, BRUSH, 0.1, false);
            paint.end(1e-3)
        };
        assert_eq!(drag(&mut paint, ([0.5, -1.0], [1.5, 1.0]), None, false), None);
        assert_eq!(drag(&mut paint, ([1.5, -1.0], [2.5, 1.0]), None, true), None);
        assert_eq!(paint.chosen, [1, 2]);
        let moved = drag(&mut paint, ([1.0, 0.0], [1.0, 3.0]), Some(Grip::Inside), false).expect("moved");
        let places: Vec<[f32; 2]> = moved.dots().iter().map(|dot| dot.at).collect();
        assert_eq!(places, [[0.0, 0.0], [1.0, 3.0], [2.0, 3.0]]);
        assert_eq!(drag(&mut paint, ([9.0, 9.0], [9.0, 9.0]), None, false), None);
        assert!(paint.chosen.is_empty());
    }
}
