//! Rows in lists of near ones: k-means, in levels where there are many lists.
//!
//! This is the inverted file of Jégou, Douze and Schmid, "Product quantization for nearest neighbor search" (IEEE TPAMI 33,
//! 2011), without the quantisation.

use pulp::Arch;
use rayon::prelude::*;

use super::order::{order, place};
use super::products::{PANEL, Panels, QUERIES};
use super::projection::{Projected, square};
use crate::Result;
use crate::support::progress::Progress;
use crate::support::random::{Stream, of_two, rng};

/// Rows that a list should have.
pub(super) const SIZE: usize = 128;
/// Lists this many times longer than they should be are divided again.
const LONGEST: usize = 4;
/// Most parts that rows are divided into at once: the work grows with rows times parts.
const MOST_PARTS: usize = 1024;
/// Rows per part from which the centres are found.
const SAMPLE: usize = 24;
/// Rounds of Lloyd's method.
const ROUNDS: usize = 4;
/// Rounds in which rows of lists that were found level by level go to the nearest list, whatever part it is in.
const EXCHANGES: usize = 3;
/// Nearest lists that a row can go to in such a round.
const REACH: usize = 64;
/// Rows that a thread takes at a time.
const BLOCK: usize = 64 * QUERIES;

/// Divide all rows into lists of about [`SIZE`] near ones. No list is empty, and each row is in one.
pub(super) fn lists(points: &Projected, seed: u64, arch: Arch, progress: &Progress<'_>) -> Result<Vec<Vec<u32>>> {
    let all = (0..points.bias.len() as u32).collect();
    let division = Division { points, arch, seed, progress };
    let mut lists = division.divide(all)?;
    if lists.len() > MOST_PARTS {
        for _ in 0..EXCHANGES {
            lists = division.exchange(lists)?;
        }
    }
    Ok(lists)
}

/// Mean of the rows `members`.
pub(super) fn centre(points: &Projected, members: &[u32]) -> Vec<f32> {
    let mut sums = vec![0.0f32; points.depth];
    for &i in members {
        add(&mut sums, points.row(i));
    }
    let factor = (members.len().max(1) as f32).recip();
    for sum in &mut sums {
        *sum *= factor;
    }
    sums
}

fn add(sums: &mut [f32], row: &[f32]) {
    for (sum, &v) in sums.iter_mut().zip(row) {
        *sum += v;
    }
}

/// Pack centres so that the closest one to a query is the nearest.
pub(super) fn pack<'a>(centres: impl ExactSizeIterator<Item = &'a [f32]>, depth: usize) -> Panels {
    let mut panels = Panels::new(depth);
    panels.extend(centres.map(|centre| (centre, -0.5 * square(centre))));
    panels
}

struct Division<'a> {
    points: &'a Projected,
    arch: Arch,
    seed: u64,
    progress: &'a Progress<'a>,
}

impl Division<'_> {
    fn divide(&self, members: Vec<u32>) -> Result<Vec<Vec<u32>>> {
        self.progress.check()?;
        let wanted = members.len().div_ceil(SIZE);
        if wanted <= 1 {
            return Ok(if members.is_empty() { Vec::new() } else { vec![members] });
        }
        let parts = if wanted <= MOST_PARTS { wanted } else { wanted.isqrt().min(MOST_PARTS) };
        let centres = self.centres(&members, parts);
        let nearest = self.nearest(&members, &centres);
        let mut groups = vec![Vec::new(); parts];
        for (&i, part) in members.iter().zip(nearest) {
            groups[part as usize].push(i);
        }
        let finished = |group: &Vec<u32>| group.len() <= LONGEST * SIZE;
        let divided: Vec<Vec<Vec<u32>>> = groups
            .into_par_iter()
            .map(|group| {
                if finished(&group) {
                    Ok(if group.is_empty() { Vec::new() } else { vec![group] })
                } else if group.len() == members.len() {
                    // Rows that k-means cannot tell apart.
                    Ok(group.chunks(SIZE).map(<[u32]>::to_vec).collect())
                } else {
                    self.divide(group)
                }
            })
            .collect::<Result<_>>()?;
        Ok(divided.into_iter().flatten().collect())
    }

    /// A round of Lloyd's method among lists, in which rows only look at the centres next to their own.
    fn exchange(&self, lists: Vec<Vec<u32>>) -> Result<Vec<Vec<u32>>> {
        let centres: Vec<Vec<f32>> = lists.iter().map(|list| centre(self.points, list)).collect();
        let packed = pack(centres.iter().map(Vec::as_slice), self.points.depth);
        let moved: Vec<Vec<u32>> = lists
            .par_iter()
            .zip(&centres)
            .map(|(members, centre)| {
                self.progress.check()?;
                let mut out = Vec::new();
                packed.closeness(self.arch, [centre; QUERIES], 0..packed.len(), &mut out);
                let mut order = order(&out[..centres.len()]);
                order.select_nth_unstable(REACH - 1);
                let near: Vec<usize> = order[..REACH].iter().map(|&entry| place(entry)).collect();
                let choice = pack(near.iter().map(|&list| centres[list].as_slice()), self.points.depth);
                Ok(self.nearest(members, &choice).into_iter().map(|at| near[at as usize] as u32).collect())
            })
            .collect::<Result<_>>()?;
        let mut exchanged = vec![Vec::new(); lists.len()];
        for (&i, list) in lists.iter().flatten().zip(moved.iter().flatten()) {
            exchanged[*list as usize].push(i);
        }
        // Rows that are all alike gather in one list, which is not to become too long.
        let pieces = |list: Vec<u32>| {
            let size = if list.len() > LONGEST * SIZE { SIZE } else { LONGEST * SIZE };
            list.chunks(size).map(<[u32]>::to_vec).collect::<Vec<_>>()
        };
        Ok(exchanged.into_iter().flat_map(pieces).collect())
    }

    /// Centres of `parts` clusters of some of the rows, packed.
    fn centres(&self, members: &[u32], parts: usize) -> Panels {
        let depth = self.points.depth;
        let mut rng = rng(self.seed, Stream::Lists, of_two(u64::from(members[0]), members.len() as u64));
        let count = members.len().min(parts * SAMPLE);
        let sample: Vec<u32> =
            rand::seq::index::sample(&mut rng, members.len(), count).into_iter().map(|at| members[at]).collect();
        let mut centres: Vec<f32> = sample[..parts].iter().flat_map(|&i| self.points.row(i)).copied().collect();
        for _ in 0..ROUNDS {
            let nearest = self.nearest(&sample, &pack(centres.chunks_exact(depth), depth));
            let mut sums = vec![0.0f32; centres.len()];
            let mut counts = vec![0usize; parts];
            for (&i, &part) in sample.iter().zip(&nearest) {
                add(&mut sums[part as usize * depth..][..depth], self.points.row(i));
                counts[part as usize] += 1;
            }
            for ((centre, sum), &count) in centres.chunks_exact_mut(depth).zip(sums.chunks_exact(depth)).zip(&counts) {
                // A centre that nobody is near stays where it is.
                if count > 0 {
                    centre.iter_mut().zip(sum).for_each(|(to, &sum)| *to = sum / count as f32);
                }
            }
        }
        pack(centres.chunks_exact(depth), depth)
    }

    /// For each of the rows `members`, the number of its nearest centre.
    fn nearest(&self, members: &[u32], centres: &Panels) -> Vec<u32> {
        let mut nearest = vec![0u32; members.len()];
        nearest.par_chunks_mut(BLOCK).zip(members.par_chunks(BLOCK)).for_each_init(
            Vec::new,
            |out, (nearest, members)| {
                for (nearest, members) in nearest.chunks_mut(QUERIES).zip(members.chunks(QUERIES)) {
                    let queries = std::array::from_fn(|q| self.points.row(members[q.min(members.len() - 1)]));
                    centres.closeness(self.arch, queries, 0..centres.len(), out);
                    for (nearest, closeness) in nearest.iter_mut().zip(out.chunks_exact(centres.len() * PANEL)) {
                        *nearest = closest(closeness);
                    }
                }
            },
        );
        nearest
    }
}

/// Where the greatest number stands, the first of equal ones and of none.
fn closest(closeness: &[f32]) -> u32 {
    let most = closeness.chunks(PANEL).fold(f32::NEG_INFINITY, |most, chunk| chunk.iter().fold(most, |m, &v| m.max(v)));
    closeness.iter().position(|&v| v >= most).unwrap_or(0) as u32
}
