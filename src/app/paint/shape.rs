//! The frame around a selection, by which it is moved, turned and stretched.

use eframe::egui::{Pos2, Rect, Ui, pos2, vec2};
use eframe::egui::{Stroke as Line, StrokeKind};

use super::tools::{self, Box2, Place};
use crate::app::kit::theme::Tokens;
use crate::app::views::camera::FlatView;
use crate::data::Spot;

/// How near the hand must come to a corner or the knob, in points on the screen.
const REACH: f32 = 9.0;
/// Least half side of a frame, and how far it stands off its points and the knob off the frame.
const LEAST: f32 = 12.0;
const OFF: f32 = 6.0;
const KNOB: f32 = 22.0;

/// A part of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grip {
    /// Inside it: moves.
    Inside,
    /// A corner, left or right and low or high: stretches.
    Corner(bool, bool),
    /// The knob above: turns.
    Knob,
}

/// A frame that is held.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) grip: Grip,
    /// Where it was taken.
    pub(super) from: Place,
    /// All points as they were then, and the box around those that change.
    pub(super) dots: Vec<Spot>,
    pub(super) frame: Box2,
}

impl Held {
    /// The points once the hand is at a place, and whether that is another place than where it began.
    pub(super) fn at(&self, to: Place, chosen: &[u32], even: bool) -> (Vec<Spot>, bool) {
        let Self { grip, from, dots, frame: Box2 { center, half } } = self;
        let mut dots = dots.clone();
        match *grip {
            Grip::Inside => tools::shift(&mut dots, chosen, [to[0] - from[0], to[1] - from[1]]),
            Grip::Knob => {
                let angle = |at: &Place| (at[1] - center[1]).atan2(at[0] - center[0]);
                tools::turn(&mut dots, chosen, *center, angle(&to) - angle(from));
            }
            Grip::Corner(right, high) => {
                // The corner across stays.
                let across = |i: usize, more: bool| if more { center[i] - half[i] } else { center[i] + half[i] };
                let about = [across(0, right), across(1, high)];
                let factor = |i: usize| {
                    let factor = (to[i] - about[i]) / (from[i] - about[i]);
                    if half[i] > 0.0 && factor.is_finite() { factor.clamp(-100.0, 100.0) } else { 1.0 }
                };
                let by = [factor(0), factor(1)];
                let larger = if by[0].abs() > by[1].abs() { by[0] } else { by[1] };
                tools::stretch(&mut dots, chosen, about, if even { [larger; 2] } else { by });
            }
        }
        let moved = (to[0] - from[0]).abs() + (to[1] - from[1]).abs() > 0.0;
        (dots, moved)
    }
}

/// The frame on the screen.
pub(super) fn frame(of: &Box2, view: &FlatView) -> Rect {
    let corner = |sign: f64| view.to_screen([of.center[0] + sign * of.half[0], of.center[1] + sign * of.half[1]]);
    let rect = Rect::from_two_pos(corner(-1.0), corner(1.0)).expand(OFF);
    let short = vec2((LEAST - 0.5 * rect.width()).max(0.0), (LEAST - 0.5 * rect.height()).max(0.0));
    rect.expand2(short)
}

fn knob(frame: Rect) -> Pos2 {
    pos2(frame.center().x, frame.top() - KNOB)
}

fn corners(frame: Rect) -> [(Grip, Pos2); 4] {
    [
        (Grip::Corner(false, true), frame.left_top()),
        (Grip::Corner(true, true), frame.right_top()),
        (Grip::Corner(false, false), frame.left_bottom()),
        (Grip::Corner(true, false), frame.right_bottom()),
    ]
}

/// What of the frame lies under the hand.
pub(super) fn grip(frame: Rect, at: Pos2) -> Option<Grip> {
    if knob(frame).distance(at) <= REACH {
        return Some(Grip::Knob);
    }
    let corner = corners(frame).into_iter().find(|(_, corner)| corner.distance(at) <= REACH);
    corner.map(|(grip, _)| grip).or_else(|| frame.contains(at).then_some(Grip::Inside))
}

/// Draws the frame with its corners and its knob.
pub(super) fn paint(ui: &Ui, frame: Rect, clip: Rect) {
    let tokens = Tokens::in_ui(ui);
    let painter = ui.painter().with_clip_rect(clip);
    let line = Line::new(1.0, tokens.accent);
    painter.rect_stroke(frame, 0.0, line, StrokeKind::Middle);
    painter.line_segment([frame.center_top(), knob(frame)], line);
    painter.circle(knob(frame), 5.0, tokens.plot, Line::new(1.5, tokens.accent));
    for (_, corner) in corners(frame) {
        let square = Rect::from_center_size(corner, vec2(8.0, 8.0));
        painter.rect(square, 1.0, tokens.plot, Line::new(1.5, tokens.accent), StrokeKind::Middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(grip: Grip, from: Place) -> Held {
        let dots = [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0]].map(|at| Spot { at, class: 0 }).to_vec();
        let frame = Box2::of(&dots, &[]).expect("a box");
        Held { grip, from, dots, frame }
    }

    fn places(held: &Held, to: Place, even: bool) -> Vec<[f32; 2]> {
        held.at(to, &[], even).0.iter().map(|dot| dot.at).collect()
    }

    #[test]
    fn each_grip_does_what_it_is_for() {
        let corner = held(Grip::Corner(true, true), [2.0, 1.0]);
        assert_eq!(places(&corner, [4.0, 3.0], false), [[0.0, 0.0], [4.0, 0.0], [4.0, 3.0]], "the corner across stays");
        assert_eq!(places(&corner, [4.0, 3.0], true), [[0.0, 0.0], [6.0, 0.0], [6.0, 3.0]]);
        let shifted = places(&held(Grip::Inside, [1.0, 0.5]), [2.0, 0.0], false);
        assert_eq!(shifted, [[1.0, -0.5], [3.0, -0.5], [3.0, 0.5]]);
        let turned = places(&held(Grip::Knob, [1.0, 5.0]), [1.0, -5.0], false);
        assert!((turned[0][0] - 2.0).abs() < 1e-5 && (turned[0][1] - 1.0).abs() < 1e-5, "half a turn: {turned:?}");
        assert!(!corner.at([2.0, 1.0], &[], false).1, "a hand that stays changes nothing");
    }

    #[test]
    fn points_on_a_line_or_in_one_place_are_stretched_only_where_they_have_an_extent() {
        let dots = vec![Spot { at: [1.0, 1.0], class: 0 }; 3];
        let frame = Box2::of(&dots, &[]).expect("a box");
        let held = Held { grip: Grip::Corner(true, true), from: [1.1, 1.1], dots, frame };
        assert_eq!(places(&held, [9.0, 9.0], false), [[1.0, 1.0]; 3]);
    }

    #[test]
    fn the_hand_finds_knob_corners_and_inside() {
        let frame = Rect::from_min_max(pos2(100.0, 100.0), pos2(200.0, 180.0));
        assert_eq!(grip(frame, pos2(150.0, 80.0)), Some(Grip::Knob));
        assert_eq!(grip(frame, pos2(204.0, 98.0)), Some(Grip::Corner(true, true)));
        assert_eq!(grip(frame, pos2(150.0, 140.0)), Some(Grip::Inside));
        assert_eq!(grip(frame, pos2(300.0, 140.0)), None);
    }
}
