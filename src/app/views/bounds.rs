//! The box of the data, which a view is framed by and follows smoothly.

use rayon::prelude::*;

use crate::app::kit::later::aside;

/// Points that one task looks at.
const CHUNK: usize = 1 << 16;
/// Time constant of following the data, seconds.
const FOLLOW: f64 = 0.09;

/// An axis-aligned box in data units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Centre.
    pub center: [f64; 3],
    /// Half the side along each axis, above zero.
    pub half: [f64; 3],
}

impl Bounds {
    /// The box around 0 that holds this one, and so much on either side at least.
    #[must_use]
    pub fn around_zero(&self, least: f64) -> Self {
        let half = std::array::from_fn(|i: usize| least.max(self.center[i].abs() + self.half[i]));
        Self { center: [0.0; 3], half }
    }

    /// The box of all points whose coordinates are finite; `None` if there is none.
    #[must_use]
    pub fn of(points: &[[f32; 3]]) -> Option<Self> {
        let empty = || ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
        let join = |a: ([f32; 3], [f32; 3]), b: ([f32; 3], [f32; 3])| -> ([f32; 3], [f32; 3]) {
            (std::array::from_fn(|i: usize| a.0[i].min(b.0[i])), std::array::from_fn(|i: usize| a.1[i].max(b.1[i])))
        };
        let of_chunk = |chunk: &[[f32; 3]]| {
            let finite = chunk.iter().filter(|p| p.iter().all(|c| c.is_finite()));
            finite.fold(empty(), |seen, &p| join(seen, (p, p)))
        };
        let (low, high) = if points.len() > CHUNK {
            aside(|| points.par_chunks(CHUNK).map(of_chunk).reduce(empty, join))
        } else {
            of_chunk(points)
        };
        if low[0] > high[0] {
            return None;
        }
        let center = std::array::from_fn(|i: usize| f64::midpoint(f64::from(low[i]), f64::from(high[i])));
        let half: [f64; 3] = std::array::from_fn(|i: usize| (f64::from(high[i]) - f64::from(low[i])) / 2.0);
        // An axis without extent gets one, so that its points stand in the middle.
        let widest = half.iter().copied().fold(0.0, f64::max);
        let floor = if widest > 0.0 { widest * 1e-6 } else { 1.0 };
        Some(Self {
            center,
            half: half.map(|h| {
                if h > floor {
                    h
                } else if widest > 0.0 {
                    widest
                } else {
                    1.0
                }
            }),
        })
    }

    /// Share of the box, seen along z, that the points would fill if they lay everywhere as densely as they do around a
    /// point of their own: 0..=1, from at most 65,536 of them.
    #[must_use]
    pub fn filled(&self, points: &[[f32; 3]]) -> f64 {
        let every = points.len().div_ceil(1 << 16).max(1);
        // Cells large enough to hold several of the points looked at.
        let side = (((points.len() / every) as f64).sqrt() / 2.0).clamp(2.0, 64.0) as usize;
        let mut cells = vec![0_u32; side * side];
        for point in points.iter().step_by(every).filter(|p| p.iter().all(|c| c.is_finite())) {
            let cell: [usize; 2] = std::array::from_fn(|i: usize| {
                let place = (f64::from(point[i]) - self.center[i]) / self.half[i] + 1.0;
                ((place * 0.5 * side as f64) as usize).min(side - 1)
            });
            cells[cell[1] * side + cell[0]] += 1;
        }
        // Pairs of points in one cell; a point does not count as its own neighbour.
        let count: f64 = cells.iter().copied().map(f64::from).sum();
        let pairs: f64 = cells.iter().map(|&c| f64::from(c) * (f64::from(c) - 1.0)).sum();
        if pairs > 0.0 { (count * (count - 1.0) / pairs / cells.len() as f64).min(1.0) } else { 1.0 }
    }

    /// Moves towards `target` by what passes in `dt` seconds; true while there is still way to go.
    pub fn follow(&mut self, target: &Self, dt: f64) -> bool {
        let step = 1.0 - (-dt / FOLLOW).exp();
        let mut moving = false;
        for i in 0..3 {
            let scale = target.half[i];
            let center = target.center[i] - self.center[i];
            let half = (target.half[i] / self.half[i]).ln();
            if center.abs() > 1e-3 * scale || half.abs() > 1e-3 {
                moving = true;
                self.center[i] += center * step;
                self.half[i] *= (half * step).exp();
            } else {
                (self.center[i], self.half[i]) = (target.center[i], target.half[i]);
            }
        }
        moving
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_leave_out_what_is_not_finite_and_give_flat_axes_a_side() {
        let points = [[0.0, 5.0, f32::NAN], [-1.0, 5.0, 2.0], [3.0, 5.0, 2.0], [f32::INFINITY, 0.0, 0.0]];
        let bounds = Bounds::of(&points).unwrap();
        assert_eq!(bounds, Bounds { center: [1.0, 5.0, 2.0], half: [2.0, 2.0, 2.0] });
        assert_eq!(Bounds::of(&[[f32::NAN; 3]]), None);
        assert_eq!(Bounds::of(&[[4.0; 3]]), Some(Bounds { center: [4.0; 3], half: [1.0; 3] }));
    }

    #[test]
    fn the_filled_share_is_measured() {
        let square: Vec<_> = (0..10_000).map(|i| [(i % 100) as f32, (i / 100) as f32, 0.0]).collect();
        let all = Bounds::of(&square).unwrap();
        assert!((all.filled(&square) - 1.0).abs() < 1e-9);
        let quarter: Vec<_> =
            square.iter().filter(|p| p[0] < 50.0 && p[1] < 50.0 || p[0] + p[1] > 197.0).copied().collect();
        let share = all.filled(&quarter);
        assert!((0.24..0.28).contains(&share), "{share}");
    }

    #[test]
    fn following_reaches_its_target_and_stops() {
        let mut bounds = Bounds { center: [0.0; 3], half: [1.0; 3] };
        let target = Bounds { center: [100.0, 0.0, -3.0], half: [50.0, 1e-3, 1.0] };
        let frames = (0..200).take_while(|_| bounds.follow(&target, 1.0 / 60.0)).count();
        assert!((10..150).contains(&frames), "{frames} frames");
        assert_eq!(bounds, target);
    }
}
