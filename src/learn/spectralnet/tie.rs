//! The tie between neighbours: what a map does where there is no sample.
//!
//! A network that reaches the eigenspace on its samples may do anything between them, and nothing on the samples shows it. So rows are made
//! between a sample and one of its neighbours in the graph, `x' = (1 − u) xᵢ + u xⱼ` with some noise, and the map is to lie on the line
//! between its two values: the misses `R = H(x') − (1 − u) H(xᵢ) − u H(xⱼ)` of the last hidden layer `H` join the energy it is solved for.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use rand::Rng as _;
use rayon::prelude::*;

use crate::graph::Operator;
use crate::support::random::{Stream, normal, of_two, rng};

/// Rows drawn by one task, with random numbers of its own.
const A_TASK: usize = 256;
/// Which neighbour's distance the noise is measured by.
const NOISE_NEIGHBOR: usize = 8;
/// Length of the noise, as a part of that distance.
const NOISE: f64 = 0.5;

/// Where rows between neighbours come from.
#[derive(Debug)]
pub(super) struct Tie {
    /// Standard deviation of each row's noise, a coordinate.
    noise: Vec<f32>,
    /// Places of the rows that teach among all samples; none where all of them do.
    rows: Option<Arc<Vec<u32>>>,
}

/// Rows between neighbours.
#[derive(Debug)]
pub(super) struct Virtual {
    /// `m × d`, as samples are.
    pub(super) rows: Array2<f32>,
    /// The two rows of each, as the graph counts them, and how far it lies from the first on the way to the second.
    pub(super) between: Vec<(u32, u32, f32)>,
}

impl Tie {
    /// For samples (`n × d`) and the graph between the rows that teach.
    pub(super) fn new(samples: &Array2<f32>, operator: &Operator, rows: Option<Arc<Vec<u32>>>) -> Self {
        let d = samples.ncols().max(1) as f64;
        let place = |i: usize| rows.as_ref().map_or(i, |rows| rows[i] as usize);
        let noise = |i: usize| {
            let own = samples.row(place(i));
            let away = |&j: &u32| -> f64 {
                own.iter().zip(samples.row(place(j as usize))).map(|(a, b)| f64::from(a - b).powi(2)).sum()
            };
            let mut squares: Vec<f64> = operator.affinity.row(i).0.iter().map(away).collect();
            let Some(last) = squares.len().checked_sub(1) else { return 0.0 };
            let (_, square, _) = squares.select_nth_unstable_by(last.min(NOISE_NEIGHBOR - 1), f64::total_cmp);
            (NOISE * (*square / d).sqrt()) as f32
        };
        let noise = (0..operator.len()).into_par_iter().map(noise).collect();
        Self { noise, rows }
    }

    /// A row that teaches among all samples.
    fn place(&self, row: usize) -> usize {
        self.rows.as_ref().map_or(row, |rows| rows[row] as usize)
    }

    /// So many rows, which hang on the seed and the step alone.
    pub(super) fn draw(
        &self,
        samples: &Array2<f32>,
        operator: &Operator,
        count: usize,
        (seed, step): (u64, u64),
    ) -> Virtual {
        let n = operator.len();
        let mut rows = Array2::zeros((count, samples.ncols()));
        let mut between = vec![(0, 0, 0.0); count];
        let tasks = rows.axis_chunks_iter_mut(Axis(0), A_TASK).into_par_iter().zip(between.par_chunks_mut(A_TASK));
        tasks.enumerate().for_each(|(task, (mut rows, between))| {
            let mut rng = rng(seed, Stream::VirtualRows, of_two(step, task as u64));
            for (mut row, between) in rows.rows_mut().into_iter().zip(between) {
                let i = rng.random_range(0..n);
                let near = operator.affinity.row(i).0;
                // A sample without a neighbour is tied to itself.
                let j = if near.is_empty() { i } else { near[rng.random_range(0..near.len())] as usize };
                let share: f32 = rng.random();
                let ends = samples.row(self.place(i)).into_iter().zip(samples.row(self.place(j)));
                for (x, (&a, &b)) in row.iter_mut().zip(ends) {
                    *x = a + share * (b - a) + self.noise[i] * normal(&mut rng) as f32;
                }
                *between = (i as u32, j as u32, share);
            }
        });
        Virtual { rows, between }
    }
}

impl Virtual {
    /// The sample that each lies behind, in their order.
    pub(super) fn firsts(&self) -> impl Iterator<Item = u32> {
        self.between.iter().map(|&(i, _, _)| i)
    }

    /// The sample that each lies before.
    pub(super) fn seconds(&self) -> impl Iterator<Item = u32> {
        self.between.iter().map(|&(_, j, _)| j)
    }

    /// How far the map misses the lines, `m × k`, from its values at these rows, at the first and at the second samples, below each other.
    pub(super) fn misses_of(&self, values: ArrayView2<'_, f64>) -> Array2<f64> {
        let m = self.between.len();
        let (here, ends) = values.split_at(Axis(0), m);
        let (first, second) = ends.split_at(Axis(0), m);
        let share = self.shares();
        &here - &(&first * &(1.0 - &share)) - &second * &share
    }

    /// The gradient for those values from the one for the misses.
    pub(super) fn spread(&self, pull: ArrayView2<'_, f64>) -> Array2<f64> {
        let share = self.shares();
        concatenate![Axis(0), pull, &pull * &(&share - 1.0), &pull * &-share]
    }

    /// How far each lies from the first sample on the way to the second, as a column.
    fn shares(&self) -> Array2<f64> {
        Array2::from_shape_fn((self.between.len(), 1), |(i, _)| f64::from(self.between[i].2))
    }

    /// How far the map misses the lines: `m × h`, from its values at these rows (`m × h`) and at the samples (`n × h`).
    pub(super) fn misses(&self, here: &Array2<f64>, samples: &Array2<f64>) -> Array2<f64> {
        let mut misses = here.clone();
        misses.axis_iter_mut(Axis(0)).into_par_iter().zip(&self.between).for_each(|(mut miss, &(i, j, share))| {
            let share = f64::from(share);
            let ends = samples.row(i as usize).into_iter().zip(samples.row(j as usize));
            for (miss, (a, b)) in miss.iter_mut().zip(ends) {
                *miss -= a + share * (b - a);
            }
        });
        misses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    /// Samples on a line at whole numbers, each joined to the next, and one that is alone.
    fn line(n: usize) -> (Array2<f32>, Operator) {
        let edges: Vec<(u32, u32, f64)> = (1..n as u32).flat_map(|i| [(i - 1, i, 1.0), (i, i - 1, 1.0)]).collect();
        let operator = Operator::new(Csr::from_triplets(n + 1, &edges).expect("a graph"), Laplacian::RandomWalk);
        (Array2::from_shape_fn((n + 1, 2), |(i, j)| (i * (1 - j)) as f32), operator.expect("an operator"))
    }

    #[test]
    fn rows_lie_between_neighbours_and_a_linear_map_misses_by_the_noise_alone() {
        let (samples, operator) = line(40);
        let tie = Tie::new(&samples, &operator, None);
        let drawn = tie.draw(&samples, &operator, 1000, (3, 7));
        let wide = |m: &Array2<f32>| m.mapv(f64::from);
        let misses = drawn.misses(&wide(&drawn.rows), &wide(&samples));
        // One neighbour's distance is 1, and noise is half of it in two dimensions.
        let size = (misses.iter().map(|m| m * m).sum::<f64>() / 1000.0).sqrt();
        assert!((0.4..0.6).contains(&size), "{size}");
        for &(i, j, share) in &drawn.between {
            assert!((0.0..1.0).contains(&share) && (i.abs_diff(j) == 1 || (i == 40 && j == 40)));
        }
        let still = Tie { noise: vec![0.0; 41], rows: None }.draw(&samples, &operator, 300, (3, 7));
        assert!(still.misses(&wide(&still.rows), &wide(&samples)).iter().all(|m| m.abs() < 1e-5));
    }

    #[test]
    fn rows_that_do_not_teach_are_no_end_of_any_line() {
        let (mut samples, operator) = line(40);
        let rows: Vec<u32> = (0..41).filter(|i| i % 5 != 2).collect();
        let part = operator.induced(&rows).expect("a graph");
        // Were one of them read, the rows drawn would be no numbers.
        for held in (0..41).filter(|i| i % 5 == 2) {
            samples.row_mut(held).fill(f32::NAN);
        }
        let tie = Tie::new(&samples, &part, Some(Arc::new(rows)));
        let drawn = tie.draw(&samples, &part, 2000, (3, 7));
        assert!(drawn.rows.iter().all(|x| x.is_finite()));
        assert!(drawn.between.iter().all(|&(i, j, _)| (i as usize) < part.len() && (j as usize) < part.len()));
    }

    #[test]
    fn a_draw_hangs_on_seed_and_step_alone() {
        let (samples, operator) = line(12);
        let tie = Tie::new(&samples, &operator, None);
        let draw = |threads, step| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| tie.draw(&samples, &operator, 700, (1, step)).rows)
        };
        assert_eq!(draw(1, 4), draw(3, 4));
        assert_ne!(draw(1, 4), draw(1, 5));
    }
}
