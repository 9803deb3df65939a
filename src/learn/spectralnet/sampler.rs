//! Pairs of samples joined by a random walk on the graph.
//!
//! The walk is reversible with stationary law ∝ M: for the random-walk operator it is `P = D⁻¹W`, started by degree; for the
//! unnormalised one the max-degree walk `P = I − (D − W)/d_max`, started uniformly. Either way `I − Pᵗ` has the operator's own
//! eigenvectors, with eigenvalues `1 − (1 − λ/λ₀)ᵗ`: long walks pull eigenvalues near zero apart.

use rand::{Rng as _, RngCore as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::graph::Operator;
use crate::recipe::Laplacian;
use crate::support::random::{Stream, of_two, rng};

/// Draws pairs in constant time a step (Walker's alias method in every row).
#[derive(Debug)]
pub struct Sampler {
    start: Alias,
    /// Rows in an order in which a walk stays in near memory, each a head and then its hops.
    rows: Vec<Hop>,
    /// Each sample's row.
    heads: Vec<At>,
    /// Probability of staying at a sample in one step, for the max-degree walk; empty where it is zero everywhere.
    stay: Vec<f32>,
    /// Whether every hop takes one random word: nothing stays, and every sample has an edge.
    steady: bool,
    /// λ₀: the unit in which eigenvalues enter the walk.
    unit: f64,
}

/// Where to go from an entry of a row: to its own column with probability `keep`, else to another. In a row's head the number of
/// entries, and its sample twice. Four fill a line of memory, and a hop waits for one line: the next row's length comes with its place.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(16))]
struct Hop {
    keep: u32,
    /// Where the two columns' rows begin. Indexed, not branched on: a fair coin cannot be predicted.
    to: [u32; 2],
    /// Entries of those rows, or [`LONG`].
    lengths: [u16; 2],
}

/// A row of so many entries or more: their number stands in its head.
const LONG: u16 = u16::MAX;

/// Where a walk stands: where its row begins, and the row's length as in [`Hop`].
type At = (u32, u16);

/// Walks of one task, side by side, so that their memory latencies overlap. Fixed, so that the draw does not depend on
/// the number of threads.
const SIDE_BY_SIDE: usize = 8;
/// Most pairs taken from one walk, one every `steps/16`: ends of a long walk cost 8 times less that way, and each pair for
/// itself is distributed as if it had a walk of its own.
const PAIRS_A_WALK: usize = 16;
/// Hops of a walk whose random words are drawn at once.
const AHEAD: usize = 32;
/// Tasks that a thread takes side by side: more walks than memory can be asked for at a time.
const TOGETHER: usize = 4;

/// Some walks of a draw.
struct Task<'a> {
    rng: ChaCha8Rng,
    at: [At; SIDE_BY_SIDE],
    words: [[u64; SIDE_BY_SIDE]; AHEAD],
    starts: &'a mut [u32],
    ends: &'a mut [u32],
}

impl Sampler {
    /// Tables for an operator.
    #[must_use]
    pub fn new(operator: &Operator) -> Self {
        let w = &operator.affinity;
        let order = w.regions();
        let mut heads = vec![At::default(); order.len()];
        let mut length = 0;
        for &i in &order {
            let entries = w.row(i as usize).0.len();
            heads[i as usize] = (length, u16::try_from(entries).unwrap_or(LONG));
            length += 1 + entries as u32;
        }
        let mut rows = Vec::with_capacity(length as usize);
        for &i in &order {
            let (columns, weights) = w.row(i as usize);
            let alias = Alias::new(weights);
            rows.push(Hop { keep: columns.len() as u32, to: [i; 2], lengths: [0; 2] });
            rows.extend(columns.iter().zip(alias.keep.iter().zip(&alias.other)).map(|(&own, (&keep, &other))| {
                let [(own, length), (other, another)] = [own, columns[other as usize]].map(|j| heads[j as usize]);
                Hop { keep, to: [own, other], lengths: [length, another] }
            }));
        }
        let largest = operator.degrees.iter().copied().fold(0.0, f64::max);
        let (unit, stay) = match operator.kind {
            Laplacian::RandomWalk => (1.0, Vec::new()),
            Laplacian::Unnormalized if largest > 0.0 => {
                (largest, operator.degrees.iter().map(|d| (1.0 - d / largest) as f32).collect())
            }
            Laplacian::Unnormalized => (1.0, vec![1.0; order.len()]),
        };
        let steady = stay.is_empty() && w.offsets.windows(2).all(|row| row[0] < row[1]);
        Self { start: Alias::new(&operator.mass), rows, heads, stay, steady, unit }
    }

    /// λ₀: an eigenvalue λ of the operator is `1 − (1 − λ/λ₀)ᵗ` in the loss.
    #[must_use]
    pub fn unit(&self) -> f64 {
        self.unit
    }

    /// The loss's lower bound for a walk of `steps`: Σ 1 − (1 − λᵢ/λ₀)ᵗ.
    #[must_use]
    pub fn bound(&self, values: &[f64], steps: usize) -> f64 {
        values.iter().map(|v| 1.0 - (1.0 - v / self.unit).powi(steps as i32)).sum()
    }

    /// `2·pairs` samples: the starts, then the ends of the walks, in the same order. The same seed,
    /// use and step give the same pairs.
    #[must_use]
    pub fn draw(&self, pairs: usize, steps: usize, seed: u64, (stream, step): (Stream, u64)) -> Vec<u32> {
        self.draws(pairs, steps, seed, stream, &[step]).pop().unwrap_or_default()
    }

    /// [`Sampler::draw`] for several steps of a training. Long walks on a large graph wait for memory, and many wait no longer than few.
    #[must_use]
    pub fn draws(&self, pairs: usize, steps: usize, seed: u64, stream: Stream, at: &[u64]) -> Vec<Vec<u32>> {
        let a_walk = (steps / 4).clamp(1, PAIRS_A_WALK).min(pairs.max(1));
        let mut batches = vec![vec![0; 2 * pairs]; at.len()];
        let chunk = SIDE_BY_SIDE * a_walk;
        let mut tasks = Vec::new();
        for (batch, &step) in batches.iter_mut().zip(at) {
            let (starts, ends) = batch.split_at_mut(pairs);
            for (task, (starts, ends)) in (0_u64..).zip(starts.chunks_mut(chunk).zip(ends.chunks_mut(chunk))) {
                let mut rng = rng(seed, stream, of_two(step, task));
                let at = std::array::from_fn(|_| self.heads[self.start.draw(&mut rng) as usize]);
                tasks.push(Task { rng, at, words: [[0; SIDE_BY_SIDE]; AHEAD], starts, ends });
            }
        }
        tasks.par_chunks_mut(TOGETHER).for_each(|tasks| self.walk(a_walk, steps, tasks));
        batches
    }

    /// Fills `starts` and `ends` of each task with up to `a_walk` pairs from each of its walks.
    fn walk(&self, a_walk: usize, steps: usize, tasks: &mut [Task<'_>]) {
        let every = (steps / a_walk).max(1);
        // Pair `p` starts at time `p·every` and ends `steps` later.
        let mut stops: Vec<(usize, usize, bool)> =
            (0..a_walk).flat_map(|p| [(p * every, p, false), (p * every + steps, p, true)]).collect();
        stops.sort_unstable();
        let mut now = 0;
        for (time, pair, end) in stops {
            self.hops(tasks, time - now);
            now = time;
            // Pair `p` of walk `w` stands at `p · SIDE_BY_SIDE + w`.
            for task in &mut *tasks {
                let out = if end { &mut *task.ends } else { &mut *task.starts };
                for (slot, &at) in out.iter_mut().skip(pair * SIDE_BY_SIDE).zip(&task.at) {
                    *slot = self.sample(at);
                }
            }
        }
    }

    /// So many hops of each walk.
    fn hops(&self, tasks: &mut [Task<'_>], count: usize) {
        if !self.steady {
            for task in tasks {
                for _ in 0..count {
                    task.at.iter_mut().for_each(|at| *at = self.lazy_hop(*at, &mut task.rng));
                }
            }
            return;
        }
        let mut left = count;
        while left > 0 {
            let length = left.min(AHEAD);
            left -= length;
            for task in &mut *tasks {
                task.rng.fill(task.words[..length].as_flattened_mut());
            }
            for hop in 0..length {
                for task in &mut *tasks {
                    for (at, &word) in task.at.iter_mut().zip(&task.words[hop]) {
                        *at = self.hop(*at, word);
                    }
                }
            }
        }
    }

    /// A hop, where it may lead nowhere.
    fn lazy_hop(&self, at: At, rng: &mut ChaCha8Rng) -> At {
        // A sample without edges is a component of its own.
        if at.1 == 0 || (!self.stay.is_empty() && rng.random::<f32>() < self.stay[self.sample(at) as usize]) {
            return at;
        }
        self.hop(at, rng.next_u64())
    }

    #[inline]
    fn hop(&self, (head, length): At, word: u64) -> At {
        let length = if length == LONG { self.rows[head as usize].keep as usize } else { usize::from(length) };
        let (slot, coin) = split(word, length);
        let hop = &self.rows[head as usize + slot + 1];
        let side = usize::from(coin > hop.keep);
        (hop.to[side], hop.lengths[side])
    }

    fn sample(&self, (head, _): At) -> u32 {
        self.rows[head as usize].to[0]
    }
}

/// A slot below `len` from the upper half of a random word, and its lower half.
fn split(word: u64, len: usize) -> (usize, u32) {
    ((((word >> 32) * len as u64) >> 32) as usize, word as u32)
}

/// Walker's alias table: a draw by weight in constant time.
#[derive(Debug)]
struct Alias {
    keep: Vec<u32>,
    other: Vec<u32>,
}

impl Alias {
    fn new(weights: &[f64]) -> Self {
        let n = weights.len();
        let total: f64 = weights.iter().sum();
        let mut share: Vec<f64> = weights.iter().map(|w| w * n as f64 / total).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| share[i] < 1.0);
        let mut table = Self { keep: vec![u32::MAX; n], other: (0..n as u32).collect() };
        while let (Some(low), Some(&high)) = (small.pop(), large.last()) {
            table.keep[low] = (share[low] * f64::from(u32::MAX)) as u32;
            table.other[low] = high as u32;
            share[high] -= 1.0 - share[low];
            if share[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
        table
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> u32 {
        let (slot, coin) = split(rng.next_u64(), self.keep.len());
        if coin <= self.keep[slot] { slot as u32 } else { self.other[slot] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Csr;

    /// Two triangles joined by a weak edge, one node alone.
    fn operator(kind: Laplacian) -> Operator {
        operator_of(7, kind)
    }

    /// The same with so many nodes alone that there are `n` in all.
    fn operator_of(n: usize, kind: Laplacian) -> Operator {
        let edges = [(0, 1, 1.0), (1, 2, 2.0), (0, 2, 1.0), (3, 4, 1.0), (4, 5, 0.5), (3, 5, 1.0), (2, 3, 0.25)];
        let both: Vec<(u32, u32, f64)> = edges.iter().flat_map(|&(i, j, w)| [(i, j, w), (j, i, w)]).collect();
        Operator::new(Csr::from_triplets(n, &both).expect("a graph"), kind).expect("an operator")
    }

    /// The joint law of start and end, from `P` itself.
    fn joint(operator: &Operator, steps: usize) -> Vec<Vec<f64>> {
        let n = operator.len();
        let unit = Sampler::new(operator).unit();
        let total = operator.total_mass();
        let hop = |row: &[f64]| {
            let mut next = vec![0.0; n];
            for i in 0..n {
                let (columns, weights) = operator.affinity.row(i);
                let leave = if operator.kind == Laplacian::RandomWalk { operator.mass[i] } else { unit };
                for (&j, w) in columns.iter().zip(weights) {
                    next[j as usize] += row[i] * w / leave;
                }
                next[i] += row[i] * (1.0 - operator.degrees[i] / leave);
            }
            next
        };
        let row = |i: usize| {
            let mut row = vec![0.0; n];
            row[i] = operator.mass[i] / total;
            (0..steps).fold(row, |row, _| hop(&row))
        };
        (0..n).map(row).collect()
    }

    #[test]
    fn pairs_follow_the_walk_of_either_operator() {
        for (n, kind) in [(7, Laplacian::RandomWalk), (7, Laplacian::Unnormalized), (6, Laplacian::RandomWalk)] {
            let operator = operator_of(n, kind);
            let sampler = Sampler::new(&operator);
            for steps in [1, 3, 40] {
                let pairs = 400_000;
                let batch = sampler.draw(pairs, steps, 5, (Stream::Batch, 1));
                let mut seen = vec![vec![0.0; n]; n];
                for (&i, &j) in batch[..pairs].iter().zip(&batch[pairs..]) {
                    seen[i as usize][j as usize] += 1.0 / pairs as f64;
                }
                for (want, got) in joint(&operator, steps).iter().flatten().zip(seen.iter().flatten()) {
                    // Up to ten pairs are of one walk, which never leaves a sample that is alone: 0.00175 is the deviation there.
                    assert!((want - got).abs() < 0.006, "{kind:?}, {steps} steps: {want} and {got}");
                }
            }
        }
    }

    #[test]
    fn a_draw_hangs_on_seed_and_stream_alone() {
        let operator = operator(Laplacian::RandomWalk);
        let sampler = Sampler::new(&operator);
        let draw = |threads, step| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| sampler.draw(1000, 20, 9, (Stream::Batch, step)))
        };
        assert_eq!(draw(1, 4), draw(3, 4));
        assert_ne!(draw(1, 4), draw(1, 5));
        for operator in [operator, operator_of(6, Laplacian::RandomWalk)] {
            let sampler = Sampler::new(&operator);
            let alone: Vec<Vec<u32>> = (0..6).map(|step| sampler.draw(1000, 50, 9, (Stream::Batch, step))).collect();
            assert_eq!(sampler.draws(1000, 50, 9, Stream::Batch, &[0, 1, 2, 3, 4, 5]), alone);
        }
    }

    #[test]
    fn a_row_may_be_longer_than_its_length_can_tell() {
        let leaves = u32::from(u16::MAX) + 9;
        let edges: Vec<(u32, u32, f64)> = (1..=leaves).flat_map(|j| [(0, j, 1.0), (j, 0, 1.0)]).collect();
        let graph = Csr::from_triplets(leaves as usize + 1, &edges).expect("a star");
        let sampler = Sampler::new(&Operator::new(graph, Laplacian::RandomWalk).expect("an operator"));
        let batch = sampler.draw(200_000, 1, 0, (Stream::Batch, 0));
        assert!(batch[..200_000].iter().zip(&batch[200_000..]).all(|(&i, &j)| (i == 0) != (j == 0)));
        assert!(batch.iter().any(|&i| i + 9 > leaves), "the last of its entries are drawn as well");
    }

    #[test]
    fn the_bound_is_the_trace_of_the_walks_operator() {
        let operator = operator(Laplacian::Unnormalized);
        let sampler = Sampler::new(&operator);
        assert!((sampler.unit() - 3.25).abs() < 1e-12, "the largest degree");
        assert!((sampler.bound(&[0.0, 3.25], 4) - 1.0).abs() < 1e-12);
        assert!((sampler.bound(&[1.0], 1) - 1.0 / 3.25).abs() < 1e-12);
    }
}
