//! What a view is fitted to: all points, or all save the very few that would press the others together.
//!
//! On each axis the shortest interval that holds all but a two-hundredth of the points (1 to 32) is the body of the data. A
//! point farther from it than half its length is far off, and where the far ones make the axis four times as long as the
//! rest needs, they are left outside. Nothing here is random, and a picture that moves keeps what it decided until the
//! axis is clearly shorter again, so that a view does not jump to and fro while a network learns.

use rayon::prelude::*;

use super::bounds::Bounds;
use crate::app::kit::later::aside;

/// Fewer points than this are always all shown.
const FEWEST: usize = 8;
/// The share of points that may be left outside on an axis, as its inverse, and their most.
const ONE_IN: usize = 200;
const MOST: usize = 32;
/// How far from the body a point may lie, in lengths of the body.
const REACH: f64 = 0.5;
/// An axis is stretched when it is this many times as long as the rest needs, and stays so down to the second.
const STRETCHED: [f64; 2] = [4.0, 3.0];
/// Points that one task looks at.
const CHUNK: usize = 1 << 16;

/// The boxes a view can be fitted to.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The box of all points.
    pub all: Bounds,
    /// The box of those that are not far off.
    pub rest: Bounds,
    /// The points far off, ascending; where there are none the two boxes are the same.
    pub outside: Vec<u32>,
}

impl Fit {
    /// Looks at points, those with a coordinate that is not finite aside; `None` if there is none. On an axis where the rest is
    /// no wider than `noise` nobody is outside: there the far point is all there is to see. `before` says that the
    /// positions before these had points outside.
    #[must_use]
    pub fn of(points: &[[f32; 3]], noise: [f64; 3], before: bool) -> Option<Self> {
        let all = Bounds::of(points)?;
        let most = (points.len() / ONE_IN).clamp(1, MOST);
        let whole = || Some(Self { all, rest: all, outside: Vec::new() });
        if points.len() < FEWEST {
            return whole();
        }
        let ends = ends(points, most + 1);
        let least = STRETCHED[usize::from(before)];
        let fences: [Option<[f64; 2]>; 3] = std::array::from_fn(|axis| ends[axis].fence(most, noise[axis], least));
        if fences.iter().all(Option::is_none) {
            return whole();
        }
        let far = |p: &[f32; 3]| {
            let beyond = |axis: usize| fences[axis].is_some_and(|[l, h]| !(l..=h).contains(&f64::from(p[axis])));
            finite(p) && (0..3).any(beyond)
        };
        let outside: Vec<u32> = (0..).zip(points).filter_map(|(i, p)| far(p).then_some(i)).collect();
        let rest: Vec<[f32; 3]> = points.iter().filter(|p| !far(p)).copied().collect();
        let mut rest = Bounds::of(&rest)?;
        let widest = rest.half.iter().copied().fold(0.0, f64::max);
        for axis in 0..3 {
            // What is left there is noise, a line and no cloud.
            if fences[axis].is_none() && 2.0 * rest.half[axis] <= noise[axis] {
                rest.half[axis] = widest;
            }
        }
        Some(Self { all, rest, outside })
    }
}

fn finite(point: &[f32; 3]) -> bool {
    point.iter().all(|c| c.is_finite())
}

/// The lowest and the highest values of one axis.
#[derive(Clone, Debug, Default)]
struct Ends {
    /// Ascending.
    low: Vec<f32>,
    /// Descending.
    high: Vec<f32>,
}

impl Ends {
    fn take(&mut self, value: f32, room: usize) {
        insert(&mut self.low, value, room, |a, b| a < b);
        insert(&mut self.high, value, room, |a, b| a > b);
    }

    fn join(mut self, other: &Self, room: usize) -> Self {
        for &value in &other.low {
            insert(&mut self.low, value, room, |a, b| a < b);
        }
        for &value in &other.high {
            insert(&mut self.high, value, room, |a, b| a > b);
        }
        self
    }

    /// What lies beyond is far off; `None` where the axis is not stretched `least` times as long as the rest needs.
    fn fence(&self, most: usize, noise: f64, least: f64) -> Option<[f64; 2]> {
        let most = most.min(self.low.len().saturating_sub(1));
        let bodies =
            (0..=most).filter_map(|i| Some([f64::from(*self.low.get(i)?), f64::from(*self.high.get(most - i)?)]));
        let [low, high] = bodies.min_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))?;
        let length = high - low;
        if length <= noise.max(1e-6 * low.abs().max(high.abs())) {
            return None;
        }
        let fence = [low - REACH * length, high + REACH * length];
        let first = self.low.iter().map(|&v| f64::from(v)).find(|&v| v >= fence[0])?;
        let last = self.high.iter().map(|&v| f64::from(v)).find(|&v| v <= fence[1])?;
        let whole = f64::from(*self.high.first()?) - f64::from(*self.low.first()?);
        (whole >= least * (last - first)).then_some(fence)
    }
}

fn insert(kept: &mut Vec<f32>, value: f32, room: usize, before: impl Fn(f32, f32) -> bool) {
    if kept.len() == room && kept.last().is_some_and(|&last| !before(value, last)) {
        return;
    }
    let at = kept.partition_point(|&k| !before(value, k));
    kept.insert(at, value);
    kept.truncate(room);
}

/// The `room` lowest and highest values of each axis.
fn ends(points: &[[f32; 3]], room: usize) -> [Ends; 3] {
    let of_chunk = |chunk: &[[f32; 3]]| {
        let mut ends: [Ends; 3] = Default::default();
        for point in chunk.iter().filter(|p| finite(p)) {
            for (end, &value) in ends.iter_mut().zip(point) {
                end.take(value, room);
            }
        }
        ends
    };
    if points.len() <= CHUNK {
        return of_chunk(points);
    }
    let join = |a: [Ends; 3], b: [Ends; 3]| {
        let [x, y, z] = a;
        [x.join(&b[0], room), y.join(&b[1], room), z.join(&b[2], room)]
    };
    aside(|| points.par_chunks(CHUNK).map(of_chunk).reduce(Default::default, join))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A flat square of 40 × 40 points, sides 0 to 1.
    fn square() -> Vec<[f32; 3]> {
        (0..1600).map(|i| [(i % 40) as f32 / 39.0, (i / 40) as f32 / 39.0, 0.0]).collect()
    }

    fn fit(points: &[[f32; 3]]) -> Fit {
        Fit::of(points, [0.0; 3], false).expect("there are points")
    }

    #[test]
    fn a_point_that_stretches_an_axis_is_outside_and_the_rest_fills_the_view() {
        let mut points = square();
        points[7] = [230.0, 0.5, 0.0];
        points[900] = [0.5, -5e33, 0.0];
        let fit = fit(&points);
        assert_eq!(fit.outside, [7, 900]);
        assert_eq!(fit.rest, Bounds::of(&square()).expect("a box"));
        assert!(fit.all.half[0] > 100.0 && fit.all.half[1] > 1e33);
    }

    #[test]
    fn nobody_is_outside_a_plain_cloud_a_small_cluster_or_a_gentle_tail() {
        let plain = fit(&square());
        assert_eq!((plain.outside.len(), plain.rest), (0, plain.all));
        let mut small = square();
        for point in &mut small[..20] {
            point[0] += 50.0;
        }
        assert!(fit(&small).outside.is_empty(), "twenty of 1,600 points are a cluster, no strays");
        let mut tail = square();
        tail[3][0] = 2.5;
        assert!(fit(&tail).outside.is_empty(), "a view two and a half times as wide shows it all");
        let few: Vec<[f32; 3]> = (0..7).map(|i| [if i == 0 { 1e9 } else { i as f32 }, 0.0, 0.0]).collect();
        assert!(fit(&few).outside.is_empty(), "of seven points each is one to see");
    }

    #[test]
    fn where_the_rest_is_noise_the_far_point_is_what_there_is_to_see() {
        let mut points: Vec<[f32; 3]> = square().iter().map(|p| [p[0] * 1e-9, p[1], 0.0]).collect();
        points[0][0] = 40.0;
        assert!(Fit::of(&points, [1e-6; 3], false).expect("points").outside.is_empty());
        let constant: Vec<[f32; 3]> = (0..100).map(|i| [if i == 0 { 9.0 } else { 0.0 }, i as f32, 0.0]).collect();
        assert!(fit(&constant).outside.is_empty(), "a rest without any width cannot fill a view");
    }

    #[test]
    fn what_was_outside_stays_so_until_the_axis_is_clearly_shorter() {
        let at = |far: f32, before: bool| {
            let mut points = square();
            points[11][0] = far;
            Fit::of(&points, [0.0; 3], before).expect("points").outside.len()
        };
        assert_eq!([at(3.5, false), at(3.5, true)], [0, 1]);
        assert_eq!([at(4.5, false), at(2.5, true)], [1, 0]);
    }

    #[test]
    fn three_axes_and_many_points_are_looked_at_and_what_is_not_finite_is_left_out() {
        let mut points: Vec<[f32; 3]> =
            (0..200_000).map(|i| [(i % 50) as f32, (i % 53) as f32, (i % 59) as f32]).collect();
        points[5][2] = -1e6;
        points[70_000] = [1e7, 1e7, 1e7];
        points[9] = [f32::NAN, 0.0, 0.0];
        points[199_999] = [0.0, f32::INFINITY, 0.0];
        let fit = fit(&points);
        assert_eq!(fit.outside, [5, 70_000]);
        assert_eq!(fit.rest, Bounds { center: [24.5, 26.0, 29.0], half: [24.5, 26.0, 29.0] });
        assert_eq!(Fit::of(&[[f32::NAN; 3]; 20], [0.0; 3], false), None);
    }
}
