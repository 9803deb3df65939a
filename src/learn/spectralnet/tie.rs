//! The tie between neighbours: what a map does where there is no sample.
//!
//! A network that reaches the eigenspace on its samples may do anything between them, and nothing on the samples shows it. So rows are made
//! between a sample and one of its neighbours in the graph, `x' = (1 − u) xᵢ + u xⱼ` with some noise, and the map is to take there the
//! weighted mean of its values at the samples around, divided by what a step of the walk leaves of them, as Nyström's extension of an
//! eigenvector does: the misses `R = H(x') − Σ pⱼ H̃(xⱼ)` of the last hidden layer `H` join the energy it is solved for. On an eigenvector
//! `1/(1 − λ)` is `1 + λ` but for λ², so that `H̃ = H + (I − P)H` divides every one by what is its own, and is linear in `H`. Where steps take
//! pairs, the samples around are the two ends of the line alone, since each is one more row of the batch, and their values stay as they are.

use std::sync::Arc;

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, concatenate};
use rand::Rng as _;
use rayon::prelude::*;

use crate::graph::Operator;
use crate::support::random::{Stream, fill_normal, of_two, rng};

/// Rows drawn by one task, with random numbers of its own.
const A_TASK: usize = 256;
/// Which neighbour's distance the noise is measured by.
const NOISE_NEIGHBOR: usize = 8;
/// Length of the noise, as a part of that distance: the usual one, and that of steps that are as long in every direction.
pub(super) const NOISE: f64 = 0.5;
pub(super) const WIDE_NOISE: f64 = 0.75;

/// What a row between neighbours is tied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// The two samples that it lies between.
    Ends,
    /// So many samples around it.
    Nearest(usize),
}

/// Where rows between neighbours come from.
#[derive(Debug)]
pub(super) struct Tie {
    around: Around,
    /// Standard deviation of each row's noise, a coordinate.
    noise: Vec<f32>,
    /// Median of each row's distances to its neighbours.
    widths: Vec<f32>,
    /// Places of the rows that teach among all samples; none where all of them do.
    rows: Option<Arc<Vec<u32>>>,
}

/// Rows between neighbours.
#[derive(Debug)]
pub(super) struct Virtual {
    /// `m × d`, as samples are.
    pub(super) rows: Array2<f32>,
    /// The rows whose weighted mean the map should have there, as the graph counts them, `each` for every one of `rows`.
    pub(super) around: Vec<(u32, f32)>,
    pub(super) each: usize,
}

/// Rows between neighbours that are still to be made, where the samples lie: numbers of rows, and where on the way between them.
#[derive(Debug)]
pub(super) struct Between {
    /// The one end of each and then, in the same order, the other, as the graph counts rows.
    pub(super) ends: Vec<u32>,
    /// How far each lies on its way from the one to the other.
    pub(super) share: Vec<f32>,
    /// Which row of some noise is added to each.
    pub(super) noise: Vec<u32>,
    /// The standard deviation of that, a coordinate.
    pub(super) widths: Vec<f32>,
}

impl Tie {
    /// For samples (`n × d`) and the graph between the rows that teach; `part` of a distance is the length of the noise.
    pub(super) fn new(
        samples: &Array2<f32>,
        operator: &Operator,
        rows: Option<Arc<Vec<u32>>>,
        (around, part): (Around, f64),
    ) -> Self {
        let d = samples.ncols().max(1) as f64;
        let place = |i: usize| rows.as_ref().map_or(i, |rows| rows[i] as usize);
        let measured = |i: usize| {
            let away = |&j: &u32| squared(samples.row(place(i)), samples.row(place(j as usize)));
            let mut squares: Vec<f32> = operator.affinity.row(i).0.iter().map(away).collect();
            squares.sort_unstable_by(f32::total_cmp);
            let Some(last) = squares.len().checked_sub(1) else { return (0.0, 0.0) };
            let noise = part * (f64::from(squares[last.min(NOISE_NEIGHBOR - 1)]) / d).sqrt();
            (noise as f32, squares[last / 2].sqrt())
        };
        let (noise, widths) = (0..operator.len()).into_par_iter().map(measured).unzip();
        // No row has more samples around it than there are.
        let around = match around {
            Around::Nearest(k) => Around::Nearest(k.clamp(1, operator.len().max(1))),
            Around::Ends => around,
        };
        Self { around, noise, widths, rows }
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
        let each = if let Around::Nearest(k) = self.around { k } else { 2 };
        let mut rows = Array2::zeros((count, samples.ncols()));
        let mut around = vec![(0, 0.0); count * each];
        let tasks = rows.axis_chunks_iter_mut(Axis(0), A_TASK).into_par_iter();
        tasks.zip(around.par_chunks_mut(A_TASK * each)).enumerate().for_each(|(task, (mut rows, around))| {
            let mut rng = rng(seed, Stream::VirtualRows, of_two(step, task as u64));
            let (mut found, mut near_both) = (Vec::new(), Vec::new());
            let mut noise = vec![0.0; samples.ncols()];
            for (mut row, around) in rows.rows_mut().into_iter().zip(around.chunks_exact_mut(each)) {
                let i = rng.random_range(0..n);
                let near = operator.affinity.row(i).0;
                // A sample without a neighbour is tied to itself.
                let j = if near.is_empty() { i } else { near[rng.random_range(0..near.len())] as usize };
                let share: f32 = rng.random();
                let ends = samples.row(self.place(i)).into_iter().zip(samples.row(self.place(j)));
                fill_normal(&mut rng, &mut noise);
                for ((x, noise), (&a, &b)) in row.iter_mut().zip(&noise).zip(ends) {
                    *x = a + share * (b - a) + self.noise[i] * noise;
                }
                match self.around {
                    Around::Ends => around.copy_from_slice(&[(i as u32, 1.0 - share), (j as u32, share)]),
                    Around::Nearest(_) => {
                        let away = |k: u32| (squared(row.view(), samples.row(self.place(k as usize))), k);
                        near_both.clear();
                        near_both
                            .extend(near.iter().chain(operator.affinity.row(j).0).copied().chain([i as u32, j as u32]));
                        near_both.sort_unstable();
                        near_both.dedup();
                        found.clear();
                        found.extend(near_both.iter().copied().map(away));
                        self.weigh(&mut found, around);
                    }
                }
            }
        });
        Virtual { rows, around, each }
    }

    /// So many rows tied to their two ends, to be made with `noise` rows of noise; none where they are tied to more. They hang on the seed
    /// and the step alone.
    pub(super) fn draw_between(
        &self,
        operator: &Operator,
        (count, noise): (usize, usize),
        (seed, step): (u64, u64),
    ) -> Option<Between> {
        if self.around != Around::Ends || noise == 0 {
            return None;
        }
        let mut rng = rng(seed, Stream::VirtualRows, of_two(step, 0));
        let mut drawn = Between {
            ends: vec![0; 2 * count],
            share: vec![0.0; count],
            noise: vec![0; count],
            widths: vec![0.0; count],
        };
        for at in 0..count {
            let i = rng.random_range(0..operator.len());
            let near = operator.affinity.row(i).0;
            let j = if near.is_empty() { i as u32 } else { near[rng.random_range(0..near.len())] };
            (drawn.ends[at], drawn.ends[count + at]) = (i as u32, j);
            drawn.share[at] = rng.random();
            drawn.noise[at] = rng.random_range(0..noise) as u32;
            drawn.widths[at] = self.noise[i];
        }
        Some(drawn)
    }

    /// The nearest of those found, each with its share of the weight: a Gaussian as wide as both ends' distances, as in the graph. Where there are
    /// fewer than wanted the rest weighs nothing.
    fn weigh(&self, found: &mut Vec<(f32, u32)>, around: &mut [(u32, f32)]) {
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(around.len());
        let own = found[found.len() / 2].0.sqrt();
        let nearest = found[0].0;
        let weight = |&(square, k): &(f32, u32)| {
            let width = (own * self.widths[k as usize]).max(f32::MIN_POSITIVE);
            (-(square - nearest) / width).exp()
        };
        around.fill((found[0].1, 0.0));
        for (to, near) in around.iter_mut().zip(&*found) {
            *to = (near.1, weight(near));
        }
        let sum: f32 = around.iter().map(|&(_, weight)| weight).sum();
        for (_, weight) in around {
            *weight /= sum;
        }
    }
}

/// Squared distance of two rows.
fn squared(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f32 {
    let (Some(a), Some(b)) = (a.as_slice(), b.as_slice()) else {
        return a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    };
    // Running sums side by side: a single one would wait for itself.
    let mut sums = [0.0_f32; 16];
    let (a16, b16) = (a.chunks_exact(16), b.chunks_exact(16));
    let tail = a16.remainder().iter().zip(b16.remainder()).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    for (a, b) in a16.zip(b16) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += (a - b) * (a - b);
        }
    }
    sums.iter().sum::<f32>() + tail
}

impl Virtual {
    /// The rows around each, for all of them, in their order.
    pub(super) fn ends(&self) -> Vec<u32> {
        self.around.iter().map(|&(row, _)| row).collect()
    }

    /// How far the map misses the means, `m × k`, from its values at these rows and, below, at [`Virtual::ends`].
    pub(super) fn misses_of(&self, values: ArrayView2<'_, f64>) -> Array2<f64> {
        let (here, ends) = values.split_at(Axis(0), self.rows.nrows());
        let mut misses = here.to_owned();
        for (mut miss, at) in misses.rows_mut().into_iter().zip(0..) {
            for near in at * self.each..(at + 1) * self.each {
                miss.scaled_add(-f64::from(self.around[near].1), &ends.row(near));
            }
        }
        misses
    }

    /// The gradient for those values from the one for the misses.
    pub(super) fn spread(&self, pull: ArrayView2<'_, f64>) -> Array2<f64> {
        let ends = Array2::from_shape_fn((self.around.len(), pull.ncols()), |(at, column)| {
            -f64::from(self.around[at].1) * pull[[at / self.each, column]]
        });
        concatenate![Axis(0), pull, ends]
    }

    /// How far the map misses the means: `m × h`, from its values at these rows (`m × h`) and at the samples of a graph (`n × h`).
    pub(super) fn misses(
        &self,
        operator: &Operator,
        here: ArrayView2<'_, f64>,
        samples: ArrayView2<'_, f64>,
    ) -> Array2<f64> {
        let mut misses = here.to_owned();
        let samples = operator.taken_by_a_step(samples) + samples;
        let rows = misses.axis_iter_mut(Axis(0)).into_par_iter().zip(self.around.par_chunks_exact(self.each));
        rows.for_each(|(mut miss, around)| {
            for &(row, weight) in around.iter().filter(|(_, weight)| *weight > 0.0) {
                miss.scaled_add(-f64::from(weight), &samples.row(row as usize));
            }
        });
        misses
    }

    /// Adds the gradient for the samples' values (`n × k`) from the one for the misses (`m × k`).
    pub(super) fn add_pull(
        &self,
        operator: &Operator,
        pull: ArrayView2<'_, f64>,
        gradient: &mut ArrayViewMut2<'_, f64>,
    ) {
        let mut spread = Array2::zeros(gradient.raw_dim());
        for (pull, around) in pull.rows().into_iter().zip(self.around.chunks_exact(self.each)) {
            for &(row, weight) in around {
                spread.row_mut(row as usize).scaled_add(-f64::from(weight), &pull);
            }
        }
        *gradient += &operator.given_by_a_step(spread.view());
        *gradient += &spread;
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
        let tie = Tie::new(&samples, &operator, None, (Around::Ends, NOISE));
        let drawn = tie.draw(&samples, &operator, 1000, (3, 7));
        let wide = |m: &Array2<f32>| m.mapv(f64::from);
        let misses = drawn.misses(&operator, wide(&drawn.rows).view(), wide(&samples).view());
        // One neighbour's distance is 1, and noise is half of it in two dimensions.
        let size = (misses.iter().map(|m| m * m).sum::<f64>() / 1000.0).sqrt();
        assert!((0.4..0.6).contains(&size), "{size}");
        for ends in drawn.around.chunks(2) {
            let [(i, here), (j, there)] = [ends[0], ends[1]];
            assert!((here + there - 1.0).abs() < 1e-6 && (i.abs_diff(j) == 1 || (i == 40 && j == 40)));
        }
        let still = Tie { noise: vec![0.0; 41], ..tie }.draw(&samples, &operator, 300, (3, 7));
        let misses = still.misses(&operator, wide(&still.rows).view(), wide(&samples).view());
        let inner = |at: usize| still.around[2 * at..2 * at + 2].iter().all(|&(row, _)| row % 39 != 0);
        let mut missed = misses.rows().into_iter().zip(0..).filter(|&(_, at)| inner(at));
        // A walk takes something of a line at its two ends alone.
        assert!(missed.all(|(miss, _)| miss.iter().all(|m| m.abs() < 1e-5)));
    }

    #[test]
    fn rows_to_be_made_elsewhere_lie_between_neighbours_too() {
        let (samples, operator) = line(40);
        let tie = Tie::new(&samples, &operator, None, (Around::Ends, NOISE));
        let draw = |step| tie.draw_between(&operator, (300, 16), (3, step)).expect("they are tied to their ends");
        let Between { ends, share, noise, widths } = draw(7);
        for (at, (&i, &j)) in ends[..300].iter().zip(&ends[300..]).enumerate() {
            assert!(i.abs_diff(j) == 1 || (i == 40 && j == 40));
            assert!(
                (widths[at] - tie.noise[i as usize]).abs() < 1e-9 && (0.0..1.0).contains(&share[at]) && noise[at] < 16
            );
        }
        assert_eq!((draw(7).ends, draw(7).share), (ends.clone(), share));
        assert_ne!(draw(8).ends, ends);
        assert!(tie.draw_between(&operator, (300, 0), (3, 7)).is_none(), "no noise is kept");
        let nearest = Tie::new(&samples, &operator, None, (Around::Nearest(3), NOISE));
        assert!(nearest.draw_between(&operator, (300, 16), (3, 7)).is_none());
    }

    #[test]
    fn rows_are_tied_to_the_mean_of_the_samples_around_them() {
        let (samples, operator) = line(40);
        for (wanted, most) in [(3, 3), (9, 6)] {
            let tie = Tie::new(&samples, &operator, None, (Around::Nearest(wanted), NOISE));
            let drawn = tie.draw(&samples, &operator, 500, (3, 7));
            for (row, around) in drawn.rows.rows().into_iter().zip(drawn.around.chunks(wanted)) {
                let there: Vec<u32> = around.iter().filter(|near| near.1 > 0.0).map(|near| near.0).collect();
                assert!(around.iter().map(|near| near.1).sum::<f32>() > 0.999_99 && there.len() <= most, "{around:?}");
                // The first is the nearest of all joined to either end.
                assert!(f64::from(there[0].abs_diff(row[0].round().clamp(0.0, 39.0) as u32)) <= 1.0 || there[0] == 40);
                assert!(around.windows(2).all(|two| two[0].1 >= two[1].1), "nearer ones weigh more: {around:?}");
            }
            // A constant map misses nothing, in either form and its gradient.
            let (ones, here) = (Array2::ones((41, 1)), Array2::ones((500, 1)));
            assert!(drawn.misses(&operator, here.view(), ones.view()).iter().all(|m: &f64| m.abs() < 1e-6));
            let pull = Array2::from_shape_fn((500, 1), |(i, _)| (i as f64).sin());
            let mut gradient = Array2::zeros((41, 1));
            drawn.add_pull(&operator, pull.view(), &mut gradient.view_mut());
            assert!((gradient.sum() + pull.sum()).abs() < 1e-4 && (drawn.spread(pull.view()).sum()).abs() < 1e-4);
        }
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
        let tie = Tie::new(&samples, &part, Some(Arc::new(rows)), (Around::Nearest(4), NOISE));
        let drawn = tie.draw(&samples, &part, 2000, (3, 7));
        assert!(drawn.rows.iter().all(|x| x.is_finite()));
        assert!(drawn.around.iter().all(|&(i, _)| (i as usize) < part.len()));
    }

    #[test]
    fn a_draw_hangs_on_seed_and_step_alone() {
        let (samples, operator) = line(12);
        let tie = Tie::new(&samples, &operator, None, (Around::Nearest(2), NOISE));
        let draw = |threads, step| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| tie.draw(&samples, &operator, 700, (1, step)).rows)
        };
        assert_eq!(draw(1, 4), draw(3, 4));
        assert_ne!(draw(1, 4), draw(1, 5));
    }
}
