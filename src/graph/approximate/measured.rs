//! Candidates in all coordinates: the nearest of them, and what rows learn from those that found them.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::candidates::{Effort, Lists};
use super::distances::Rows;
use crate::Result;
use crate::graph::Neighbors;
use crate::support::progress::Progress;

/// Measured candidates per neighbour that are kept until the rows they belong to have been asked, no more, for memory.
const KEPT: usize = 3;

/// What the rows of a list found, row by row.
pub(super) struct Found {
    /// The nearest that were measured, equally many for each row: rough squared distance and index, ascending.
    near: Vec<(f32, u32)>,
    /// The `k` nearest: exact squared distance and index, ascending.
    best: Vec<(f64, u32)>,
}

impl Rows<'_> {
    /// The rows `others` by their distance to row `i`, that row left out: rough squared distances and indices, ascending.
    pub(super) fn nearest(&self, i: u32, others: &[u32], scale: f32) -> Vec<(f32, u32)> {
        let mut squares = Vec::with_capacity(others.len());
        self.rough(i, others, scale, &mut squares);
        let mut near: Vec<(f32, u32)> = squares.into_iter().zip(others.iter().copied()).filter(|n| n.1 != i).collect();
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        near
    }

    /// The rows `others` by their distance to row `i`: exact squared distances and indices, ascending.
    fn sorted(&self, i: u32, others: &[u32]) -> Vec<(f64, u32)> {
        let mut squares = Vec::with_capacity(others.len());
        self.exact(i, others, &mut squares);
        let mut sorted: Vec<(f64, u32)> = squares.into_iter().zip(others.iter().copied()).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        sorted
    }
}

/// Candidates of all rows, measured, list by list.
pub(super) fn measure(
    lists: &Lists,
    rows: Rows<'_>,
    k: usize,
    scale: f32,
    effort: Effort,
    progress: &Progress<'_>,
) -> Result<Vec<Found>> {
    let done = AtomicUsize::new(0);
    (0..lists.members.len())
        .into_par_iter()
        .with_max_len(1)
        .map(|list| {
            let fraction = done.fetch_add(1, Ordering::Relaxed) as f32 / lists.members.len() as f32;
            progress.at(0.2 + 0.75 * fraction, "finding neighbours")?;
            let members = &lists.members[list];
            let kept = (effort.room - 1).min(KEPT * k);
            let mut found =
                Found { near: Vec::with_capacity(members.len() * kept), best: Vec::with_capacity(members.len() * k) };
            for (&i, candidates) in members.iter().zip(lists.candidates(list, 0..members.len(), effort)) {
                let mut near = rows.nearest(i, &candidates, scale);
                // A row is not always among its own candidates: there may be many like it.
                near.truncate(kept);
                let best: Vec<u32> = near.iter().take(k).map(|near| near.1).collect();
                found.best.extend(rows.sorted(i, &best));
                found.near.extend(near);
            }
            Ok(found)
        })
        .collect()
}

/// The neighbours found, and for each row the rough squared distance of the worst.
pub(super) fn gather(lists: &Lists, found: &[Found], n: usize, k: usize) -> (Neighbors, Vec<f32>) {
    let mut neighbors = Neighbors { k, indices: vec![0; n * k], distances: vec![0.0; n * k], recall: None };
    let mut limits = vec![0.0; n];
    for (members, found) in lists.members.iter().zip(found) {
        let near = found.near.chunks_exact(found.near.len() / members.len());
        for ((&i, best), near) in members.iter().zip(found.best.chunks_exact(k)).zip(near) {
            neighbors.set(i, best);
            limits[i as usize] = near[k - 1].0;
        }
    }
    (neighbors, limits)
}

impl Neighbors {
    /// Where the neighbours of row `i` stand.
    pub(super) fn range(&self, i: u32) -> Range<usize> {
        i as usize * self.k..(i as usize + 1) * self.k
    }

    /// Store the neighbours of row `i`.
    fn set(&mut self, i: u32, best: &[(f64, u32)]) {
        let range = self.range(i);
        let to = self.indices[range.clone()].iter_mut().zip(&mut self.distances[range]);
        for ((index, distance), &(square, j)) in to.zip(best) {
            (*index, *distance) = (j, square.sqrt() as f32);
        }
    }
}

/// Pairs `(j, i)` where `i` measured `j` and belongs to the neighbours of `j`, which did not find it.
pub(super) fn reversed(lists: &Lists, found: &[Found], neighbors: &Neighbors, limits: &[f32]) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = lists
        .members
        .par_iter()
        .zip(found)
        .flat_map_iter(|(members, found)| {
            let near = found.near.chunks_exact(found.near.len() / members.len());
            members.iter().zip(near).flat_map(|(&i, near)| {
                let better = move |&&(square, j): &&(f32, u32)| {
                    square <= limits[j as usize] && !neighbors.indices[neighbors.range(j)].contains(&i)
                };
                near.iter().filter(better).map(move |&(_, j)| (j, i))
            })
        })
        .collect();
    pairs.par_sort_unstable();
    pairs
}

/// Let rows choose among their neighbours and some more: `pairs`, sorted, of a row and one that it may prefer.
pub(super) fn improve(neighbors: &mut Neighbors, rows: Rows<'_>, pairs: &[(u32, u32)]) {
    for pairs in pairs.chunk_by(|a, b| a.0 == b.0) {
        let j = pairs[0].0;
        let mut all = neighbors.indices[neighbors.range(j)].to_vec();
        all.extend(pairs.iter().map(|pair| pair.1));
        neighbors.set(j, &rows.sorted(j, &all));
    }
}
