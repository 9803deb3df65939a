//! What tells rows that are unlike the training data: some of its rows, and how far a row of its kind lies from the nearest of them.

use faer::{Accum, MatMut, MatRef};
use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis, CowArray, Ix2};
use pulp::Arch;
use serde::{Deserialize, Serialize};

use crate::support::random::{Stream, rng};
use crate::support::wide::multiply;

/// Rows that are kept at most.
const MOST_ROWS: usize = 2000;
/// Numbers that are kept at most, as long as [`FEWEST_ROWS`] are.
const MOST_NUMBERS: usize = 1 << 19;
const FEWEST_ROWS: usize = 100;
/// Rows of which products are taken at once.
const PIECE: usize = 64;
/// Products that are compared side by side.
const LANES: usize = 32;
/// Share of rows like those of the training that lie within the distance.
const SHARE: f64 = 0.99;

/// Rows of the training, scaled, or their codes where the run worked on codes; and the distance to the nearest of them that 99 % of the
/// training's other rows keep within.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Familiar {
    /// At most 2000 rows, drawn with the seed, ascending along `axis`.
    #[serde(with = "crate::support::matrix_serde")]
    rows: Array2<f32>,
    /// The column along which they spread most: rows far away along it alone need no look.
    axis: usize,
    /// A row farther than this from all of them is unlike.
    distance: f64,
}

impl Familiar {
    /// Measured on the training's rows, `n × d`.
    #[must_use]
    pub fn of(training: ArrayView2<'_, f32>, seed: u64) -> Self {
        let (n, d) = training.dim();
        let most = (MOST_NUMBERS / d.max(1)).clamp(FEWEST_ROWS, MOST_ROWS);
        // Those that are kept, and as many others, by which the distance is measured.
        let drawn = rand::seq::index::sample(&mut rng(seed, Stream::Familiar, 0), n, (2 * most).min(n)).into_vec();
        let (kept, others) = drawn.split_at(most.min(n));
        let axis = widest(training, kept);
        let mut kept = kept.to_vec();
        kept.sort_unstable_by(|&a, &b| training[(a, axis)].total_cmp(&training[(b, axis)]).then(a.cmp(&b)));
        let new = Self { rows: training.select(Axis(0), &kept), axis, distance: 0.0 };
        // Where all are kept, each is measured against the others.
        let mut distances: Vec<f64> = if others.is_empty() {
            let own = new.rows.axis_iter(Axis(0)).into_par_iter().enumerate();
            own.map(|(i, row)| new.nearest(row, Some(i))).collect()
        } else {
            others.par_iter().map(|&i| new.nearest(training.row(i), None)).collect()
        };
        distances.retain(|distance| distance.is_finite());
        distances.sort_unstable_by(f64::total_cmp);
        let at = ((SHARE * distances.len() as f64).ceil() as usize).saturating_sub(1);
        Self { distance: distances.get(at).copied().unwrap_or(0.0), ..new }
    }

    /// The rows kept, scaled or codes, at most 2000.
    #[must_use]
    pub fn rows(&self) -> ArrayView2<'_, f32> {
        self.rows.view()
    }

    /// How far from all of them a row lies that is unlike.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.distance
    }

    /// Which rows, scaled or codes as those of the training, lie farther from it than 99 % of its own kind.
    #[must_use]
    pub fn unlike(&self, rows: ArrayView2<'_, f32>) -> Vec<bool> {
        let reach = Reach::of(self);
        let pieces = rows.axis_chunks_iter(Axis(0), PIECE).into_par_iter();
        let of_piece = |piece: ArrayView2<'_, f32>| {
            let near = reach.near(piece);
            let rows = piece.rows().into_iter().zip(near);
            rows.map(|(row, near)| !near.unwrap_or_else(|| self.has_near(row))).collect::<Vec<_>>()
        };
        pieces.map(of_piece).collect::<Vec<_>>().concat()
    }

    /// How far a row lies from those of the training, in the distance that 99 % of their kind keep within: above 1 it is unlike them.
    #[must_use]
    pub fn strangeness(&self, row: ArrayView1<'_, f32>) -> f64 {
        self.nearest(row, None) / self.distance.max(f64::MIN_POSITIVE)
    }

    /// Distance to the nearest of the rows kept but `without`.
    fn nearest(&self, row: ArrayView1<'_, f32>, without: Option<usize>) -> f64 {
        let mut least = f64::INFINITY;
        self.look(row, |at, along, distance| {
            if along >= least {
                return false;
            }
            if Some(at) != without {
                least = least.min(distance(least));
            }
            true
        });
        least
    }

    /// Whether one of the rows kept lies within the distance.
    fn has_near(&self, row: ArrayView1<'_, f32>) -> bool {
        let mut near = false;
        self.look(row, |_, along, distance| {
            near |= along <= self.distance && distance(self.distance) <= self.distance;
            !near && along <= self.distance
        });
        near
    }

    /// Goes through the rows kept, those nearest along the axis first, with how far each lies along it and what tells how far it lies in
    /// all, up to a bound, until `more` has enough.
    fn look(&self, row: ArrayView1<'_, f32>, mut more: impl FnMut(usize, f64, &dyn Fn(f64) -> f64) -> bool) {
        let Some(&here) = row.get(self.axis) else { return };
        let place = |at: usize| self.rows[(at, self.axis)];
        let n = self.rows.nrows();
        let (mut below, mut above) = (0, n);
        while below < above {
            let middle = usize::midpoint(below, above);
            if place(middle) < here {
                below = middle + 1;
            } else {
                above = middle;
            }
        }
        // `below` rows lie before this one; those from `above` on do not.
        loop {
            let gap = |at: usize| (f64::from(place(at)) - f64::from(here)).abs();
            let (back, on) = (below.checked_sub(1), Some(above).filter(|&at| at < n));
            let at = match (back, on) {
                (Some(b), Some(a)) if gap(b) <= gap(a) => b,
                (_, Some(a)) => a,
                (Some(b), None) => b,
                (None, None) => return,
            };
            if Some(at) == back && Some(at) != on {
                below = at;
            } else {
                above = at + 1;
            }
            let distance = |bound: f64| distance(row, self.rows.row(at), bound);
            if !more(at, gap(at), &distance) {
                return;
            }
        }
    }

    /// Whether it fits rows of so many numbers, or what does not: it may come from a file.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn check(&self, width: usize) -> Result<(), String> {
        let along = self.rows.columns().into_iter().nth(self.axis);
        let in_order = along.is_some_and(|column| column.iter().is_sorted());
        if self.rows.ncols() != width || self.rows.is_empty() || !in_order {
            return Err("the training rows it keeps do not fit its network or are out of order".to_owned());
        }
        if !self.distance.is_finite() || self.distance < 0.0 || !self.rows.iter().all(|v| v.is_finite()) {
            return Err("the training rows it keeps hold a number that is not finite".to_owned());
        }
        Ok(())
    }
}

/// What tells of most rows at once whether one of the rows kept is near: products of matrices, as exact as single precision is.
struct Reach<'a> {
    familiar: &'a Familiar,
    /// The rows kept, each after the other.
    kept: CowArray<'a, f32, Ix2>,
    /// Half of their squared lengths.
    halves: Vec<f32>,
    longest: f32,
}

impl<'a> Reach<'a> {
    fn of(familiar: &'a Familiar) -> Self {
        let kept = familiar.rows.as_standard_layout();
        let halves: Vec<f32> = kept.rows().into_iter().map(|row| 0.5 * row.dot(&row)).collect();
        let longest = halves.iter().copied().fold(0.0, f32::max);
        Self { familiar, kept, halves, longest }
    }

    /// Whether one lies within the distance of each row; nothing where rounding leaves that open.
    fn near(&self, rows: ArrayView2<'_, f32>) -> Vec<Option<bool>> {
        let (n, m, d) = (rows.nrows(), self.kept.nrows(), rows.ncols());
        let rows = rows.as_standard_layout();
        let (Some(from), Some(kept)) = (rows.as_slice(), self.kept.as_slice()) else { return vec![None; n] };
        let mut products = vec![0.0_f32; n * m];
        multiply(
            MatMut::from_row_major_slice_mut(&mut products, n, m),
            Accum::Replace,
            MatRef::from_row_major_slice(from, n, d),
            MatRef::from_row_major_slice(kept, m, d).transpose(),
        );
        let bound = self.familiar.distance * self.familiar.distance;
        let of_row = |(row, products): (ArrayView1<'_, f32>, &[f32])| {
            let length = 0.5 * row.dot(&row);
            // |x − y|²/2 = |x|²/2 + (|y|²/2 − xy), of which the last part is least for the nearest.
            let least = 2.0 * f64::from(length + least_gap(&self.halves, products));
            // Each of the three sums of d terms is wrong by d roundings of numbers that |x|² + |y|² bounds.
            let unsure = 8.0 * (d as f64 + 8.0) * f64::from(f32::EPSILON) * f64::from(length + self.longest);
            if least + unsure <= bound {
                Some(true)
            } else if least - unsure > bound {
                Some(false)
            } else {
                None
            }
        };
        rows.rows().into_iter().zip(products.chunks_exact(m.max(1))).map(of_row).collect()
    }
}

/// The least of `halves − products`.
fn least_gap(halves: &[f32], products: &[f32]) -> f32 {
    Arch::new().dispatch(|| {
        let mut least = [f32::INFINITY; LANES];
        let (halves, products) = (halves.chunks_exact(LANES), products.chunks_exact(LANES));
        let rest = halves.remainder().iter().zip(products.remainder());
        let rest = rest.map(|(half, product)| half - product).fold(f32::INFINITY, f32::min);
        for (halves, products) in halves.zip(products) {
            for ((least, half), product) in least.iter_mut().zip(halves).zip(products) {
                let gap = half - product;
                *least = if gap < *least { gap } else { *least };
            }
        }
        least.into_iter().fold(rest, f32::min)
    })
}

/// The distance of two rows; where it is beyond `bound`, anything beyond.
fn distance(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>, bound: f64) -> f64 {
    const AT_ONCE: usize = 64;
    let enough = bound * bound;
    let mut sum = 0.0;
    for (a, b) in a.axis_chunks_iter(Axis(0), AT_ONCE).zip(b.axis_chunks_iter(Axis(0), AT_ONCE)) {
        sum += a.iter().zip(b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>();
        if sum > enough {
            // Rounding must not make it the bound itself.
            return f64::INFINITY;
        }
    }
    sum.sqrt()
}

/// The column along which some rows spread most.
fn widest(training: ArrayView2<'_, f32>, rows: &[usize]) -> usize {
    let n = rows.len().max(1) as f64;
    let spread = |column: usize| {
        let values = || rows.iter().map(|&row| f64::from(training[(row, column)]));
        let mean = values().sum::<f64>() / n;
        values().map(|v| (v - mean).powi(2)).sum::<f64>()
    };
    let all: Vec<f64> = (0..training.ncols()).into_par_iter().map(spread).collect();
    all.iter().enumerate().fold(0, |widest, (at, spread)| if *spread > all[widest] { at } else { widest })
}

#[cfg(test)]
mod tests {
    use rand::Rng as _;

    use super::*;

    fn cloud(n: usize, d: usize, seed: u64) -> Array2<f32> {
        let mut rng = rng(seed, Stream::Data, 0);
        Array2::from_shape_simple_fn((n, d), || rng.random_range(-1.0..1.0))
    }

    #[test]
    fn a_row_in_a_hundred_of_the_same_kind_is_unlike_and_one_far_away_always() {
        for (n, d) in [(500, 2), (9000, 5), (3000, 700)] {
            let familiar = Familiar::of(cloud(n, d, 1).view(), 3);
            familiar.check(d).expect("it fits itself");
            assert!(familiar.rows.nrows() <= MOST_ROWS && familiar.rows.len() <= MOST_NUMBERS.max(FEWEST_ROWS * d));
            let unlike = familiar.unlike(cloud(2000, d, 2).view());
            let share = unlike.iter().filter(|u| **u).count() as f64 / 2000.0;
            assert!((0.001..0.03).contains(&share), "{n} × {d}: {share}");
            assert!(familiar.unlike(cloud(50, d, 2).mapv(|v| v + 40.0).view()).iter().all(|u| *u));
            assert!(familiar.unlike(familiar.rows.view()).iter().all(|u| !u), "its own rows");
        }
    }

    #[test]
    fn the_nearest_is_the_nearest() {
        let (training, new) = (cloud(400, 3, 4), cloud(60, 3, 5));
        let familiar = Familiar::of(training.view(), 0);
        for row in new.rows() {
            let to = |other: ArrayView1<'_, f32>| {
                row.iter().zip(other).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>().sqrt()
            };
            let least = training.rows().into_iter().map(to).fold(f64::INFINITY, f64::min);
            assert!((familiar.nearest(row, None) - least).abs() < 1e-12);
            assert_eq!(familiar.has_near(row), least <= familiar.distance);
        }
    }

    #[test]
    fn products_tell_what_a_look_at_each_row_tells() {
        for (n, d, away) in [(500, 2, 0.0), (3000, 10, 1e3), (1500, 300, 0.0)] {
            let shifted = |seed| cloud(n, d, seed).mapv(|v| v + away as f32);
            let familiar = Familiar::of(shifted(1).view(), 3);
            let mut new = shifted(2);
            new.row_mut(0).fill(f32::MAX);
            new.row_mut(1).fill(-9.0);
            let wanted: Vec<bool> = new.rows().into_iter().map(|row| !familiar.has_near(row)).collect();
            assert_eq!(familiar.unlike(new.view()), wanted, "{n} × {d}");
            assert_eq!(familiar.unlike(new.t().as_standard_layout().t()), wanted, "whatever their order in memory");
        }
    }

    #[test]
    fn training_rows_that_are_all_the_same_or_one_are_told_from_others() {
        for n in [1, 2, 50] {
            let familiar = Familiar::of(Array2::from_elem((n, 3), 0.5).view(), 0);
            familiar.check(3).expect("it fits itself");
            let unlike = familiar.unlike(ndarray::array![[0.5, 0.5, 0.5], [0.5, 0.5, 0.6]].view());
            assert_eq!(unlike, [false, true], "{n}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let familiar = Familiar::of(cloud(20, 3, 1).view(), 0);
        assert!(familiar.check(4).is_err());
        assert!(Familiar { axis: 3, ..familiar.clone() }.check(3).is_err());
        assert!(Familiar { distance: f64::NAN, ..familiar.clone() }.check(3).is_err());
        let mut rows = familiar.rows.clone();
        rows[(0, familiar.axis)] = 9.0;
        assert!(Familiar { rows, ..familiar }.check(3).is_err());
    }
}
