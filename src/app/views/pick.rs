//! Which points lie under the pointer or inside an outline.

use eframe::egui::{Pos2, Rect};
use rayon::prelude::*;

use crate::app::kit::later::aside;

/// Points of a plane sorted into square cells, for the nearest one to a place.
///
/// In 2-D the plane is that of the data, so a grid outlives pan and zoom; in 3-D it is the screen.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    low: [f64; 2],
    cell: [f64; 2],
    side: [usize; 2],
    /// Start of each cell in `order`, one more than there are cells.
    starts: Vec<u32>,
    /// Point indices, cell by cell, ascending within a cell.
    order: Vec<u32>,
    points: Vec<[f32; 2]>,
}

impl Grid {
    /// Sorts points; those with a coordinate that is not finite are never found.
    #[must_use]
    pub fn new(points: Vec<[f32; 2]>) -> Self {
        let finite = |p: &&[f32; 2]| p[0].is_finite() && p[1].is_finite();
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        let mut count = 0_usize;
        for p in points.iter().filter(finite) {
            count += 1;
            for i in 0..2 {
                low[i] = low[i].min(f64::from(p[i]));
                high[i] = high[i].max(f64::from(p[i]));
            }
        }
        if count == 0 {
            return Self::default();
        }
        // About two points per cell where they lie evenly.
        let side = ((count as f64 / 2.0).sqrt().ceil() as usize).clamp(1, 1024);
        let cell = std::array::from_fn(|i: usize| ((high[i] - low[i]) / side as f64).max(f64::MIN_POSITIVE));
        let mut grid = Self { low, cell, side: [side; 2], starts: vec![0; side * side + 1], order: Vec::new(), points };
        for p in grid.points.iter().filter(finite) {
            let at = grid.cell_of(*p);
            grid.starts[at + 1] += 1;
        }
        for i in 1..grid.starts.len() {
            grid.starts[i] += grid.starts[i - 1];
        }
        let mut next = grid.starts.clone();
        let mut order = vec![0; count];
        for (index, p) in (0_u32..).zip(&grid.points).filter(|(_, p)| finite(p)) {
            let at = grid.cell_of(*p);
            order[next[at] as usize] = index;
            next[at] += 1;
        }
        grid.order = order;
        grid
    }

    fn axis(&self, i: usize, value: f64) -> usize {
        // A float cast saturates, so what lies outside lands in the outermost cells.
        (((value - self.low[i]) / self.cell[i]) as usize).min(self.side[i] - 1)
    }

    fn cell_of(&self, p: [f32; 2]) -> usize {
        self.axis(1, f64::from(p[1])) * self.side[0] + self.axis(0, f64::from(p[0]))
    }

    /// The point nearest to `at` inside the ellipse with half axes `reach`, by the distance measured in those half
    /// axes; of equally near ones the first.
    #[must_use]
    pub fn nearest(&self, at: [f64; 2], reach: [f64; 2]) -> Option<u32> {
        if self.order.is_empty() || !at.iter().chain(&reach).all(|v| v.is_finite()) {
            return None;
        }
        let span: [_; 2] =
            std::array::from_fn(|i: usize| self.axis(i, at[i] - reach[i])..=self.axis(i, at[i] + reach[i]));
        let mut best: Option<(f64, u32)> = None;
        for row in span[1].clone() {
            let from = self.starts[row * self.side[0] + span[0].start()];
            let to = self.starts[row * self.side[0] + span[0].end() + 1];
            for &index in &self.order[from as usize..to as usize] {
                let p = self.points[index as usize];
                let d: [f64; 2] = std::array::from_fn(|i: usize| (f64::from(p[i]) - at[i]) / reach[i]);
                let found = (d[0] * d[0] + d[1] * d[1], index);
                if found.0 <= 1.0 && best.is_none_or(|best| found < best) {
                    best = Some(found);
                }
            }
        }
        best.map(|(_, index)| index)
    }
}

/// Whether a place lies inside a closed outline, by the even-odd rule.
#[must_use]
pub fn inside(outline: &[Pos2], at: Pos2) -> bool {
    let Some(mut previous) = outline.last() else { return false };
    let mut odd = false;
    for corner in outline {
        if (corner.y > at.y) != (previous.y > at.y) {
            let cross = previous.x + (at.y - previous.y) / (corner.y - previous.y) * (corner.x - previous.x);
            odd ^= at.x < cross;
        }
        previous = corner;
    }
    odd
}

/// The points, ascending, that `place` puts inside a closed outline on the screen.
pub fn enclosed<T: Sync>(points: &[T], place: impl Fn(&T) -> Option<Pos2> + Sync, outline: &[Pos2]) -> Vec<u32> {
    let hull = outline.iter().fold(Rect::NOTHING, |hull, corner| hull.union(Rect::from_min_max(*corner, *corner)));
    let hit = |point: &T| place(point).is_some_and(|at| hull.contains(at) && inside(outline, at));
    aside(|| points.par_iter().enumerate().filter(|(_, point)| hit(point)).map(|(index, _)| index as u32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;
    use rand::{Rng, SeedableRng};

    fn random(n: usize, seed: u64) -> Vec<[f32; 2]> {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        (0..n).map(|_| [rng.random_range(-3.0..5.0), rng.random_range(0.0..1.0)]).collect()
    }

    fn brute(points: &[[f32; 2]], at: [f64; 2], reach: [f64; 2]) -> Option<u32> {
        let mut best: Option<(f64, u32)> = None;
        for (index, p) in (0..).zip(points) {
            let d: [f64; 2] = std::array::from_fn(|i: usize| (f64::from(p[i]) - at[i]) / reach[i]);
            let distance = d[0] * d[0] + d[1] * d[1];
            if distance <= 1.0 && best.is_none_or(|best| (distance, index) < best) {
                best = Some((distance, index));
            }
        }
        best.map(|b| b.1)
    }

    #[test]
    fn the_nearest_point_is_the_one_brute_force_finds() {
        let mut points = random(3000, 1);
        points[7] = [f32::NAN, 0.5];
        points[8] = [1.0, f32::INFINITY];
        points[10] = points[9];
        let grid = Grid::new(points.clone());
        let mut hits = 0;
        for [x, y] in random(500, 2) {
            for reach in [[0.05, 0.004], [0.4, 0.3], [100.0, 100.0]] {
                let at = [f64::from(x) * 1.2, f64::from(y) * 1.4 - 0.2];
                let found = grid.nearest(at, reach);
                assert_eq!(found, brute(&points, at, reach), "at {at:?} within {reach:?}");
                hits += usize::from(found.is_some());
            }
        }
        assert!(hits > 600, "{hits}");
        let twin = points[9].map(f64::from);
        assert_eq!(grid.nearest(twin, [0.1, 0.1]), Some(9), "the first of two at the same place");
    }

    #[test]
    fn grids_of_nothing_of_one_place_and_of_an_outlier_work() {
        assert_eq!(Grid::new(vec![]).nearest([0.0, 0.0], [1.0, 1.0]), None);
        assert_eq!(Grid::new(vec![[f32::NAN; 2]]).nearest([0.0, 0.0], [1.0, 1.0]), None);
        assert_eq!(Grid::new(vec![[2.0, 2.0]; 50]).nearest([2.1, 2.0], [1.0, 1.0]), Some(0));
        let mut points = random(100, 3);
        points.push([1e30, -1e30]);
        let grid = Grid::new(points.clone());
        assert_eq!(grid.nearest([0.0, 0.5], [2.0, 2.0]), brute(&points, [0.0, 0.5], [2.0, 2.0]));
        assert_eq!(grid.nearest([f64::NAN, 0.0], [1.0, 1.0]), None);
    }

    #[test]
    fn a_lasso_takes_exactly_the_points_inside() {
        // A "C": what lies in its mouth is outside.
        let outline = [(0.0, 0.0), (9.0, 0.0), (9.0, 3.0), (3.0, 3.0), (3.0, 6.0), (9.0, 6.0), (9.0, 9.0), (0.0, 9.0)]
            .map(|(x, y)| pos2(x, y));
        let points = [(1.0, 1.0), (6.0, 4.5), (8.0, 1.0), (8.0, 8.0), (10.0, 1.0), (1.5, 4.5), (-1.0, 4.0)];
        let found = enclosed(&points, |&(x, y)| Some(pos2(x, y)), &outline);
        assert_eq!(found, [0, 2, 3, 5]);
        assert!(enclosed(&points, |_| None, &outline).is_empty());
        assert!(enclosed(&points, |&(x, y)| Some(pos2(x, y)), &outline[..1]).is_empty());
    }
}
