//! Candidates for the nearest neighbours of every row: the best of the lists nearest to it, as the projection sees them.
//!
//! The rows of a list look for neighbours together, in much the same other lists, so that a list is read once for many
//! rows and the processor multiplies what is in its cache.

use std::ops::Range;

use pulp::Arch;

use super::lists::{SIZE, centre, lists, pack};
use super::order::{closeness, entry, order, place};
use super::products::{Hits, PANEL, Panels, QUERIES};
use super::projection::Projected;
use crate::Result;
use crate::support::progress::Progress;

/// The lists that the rows of a list choose from have together so many times the rows that one row meets.
const CHOICE: usize = 3;
/// A shortlist is cut to its room when it has so many times as many entries.
const OVERFLOW: usize = 3;

/// How many rows a row meets, and how many of them it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Effort {
    /// Rows met: lists are visited, nearest first, until they have this many rows.
    pub(super) budget: usize,
    /// Candidates kept, itself perhaps among them; no more than `budget`.
    pub(super) room: usize,
}

/// Rows packed list by list.
#[derive(Debug)]
pub(super) struct Lists {
    /// The rows of each list.
    pub(super) members: Vec<Vec<u32>>,
    /// First panel of each list, and the number of panels.
    starts: Vec<usize>,
    panels: Panels,
    /// The centres of the lists.
    centres: Panels,
    arch: Arch,
}

/// The candidates of one row. Kept unsorted: most rows met are no better than the worst candidate, and the few that are
/// wait until they fill the space.
struct Shortlist {
    entries: Vec<u64>,
    room: usize,
    /// Closeness of the worst candidate that is surely kept.
    limit: f32,
}

impl Lists {
    /// Divide the rows into lists and pack these.
    pub(super) fn new(points: &Projected, seed: u64, arch: Arch, progress: &Progress<'_>) -> Result<Self> {
        let members = lists(points, seed, arch, progress)?;
        let mut panels = Panels::new(points.depth);
        panels.reserve(members.iter().map(|list| list.len().div_ceil(PANEL)).sum());
        let mut starts = vec![0];
        let mut centres = Vec::with_capacity(members.len());
        for list in &members {
            panels.extend(list.iter().map(|&i| (points.row(i), points.bias[i as usize])));
            starts.push(panels.len());
            centres.push(centre(points, list));
        }
        let centres = pack(centres.iter().map(Vec::as_slice), points.depth);
        Ok(Self { members, starts, panels, centres, arch })
    }

    fn panels_of(&self, list: usize) -> Range<usize> {
        self.starts[list]..self.starts[list + 1]
    }

    /// Candidates for some rows of a list, `rows` by their places in it: closest first, and as many as there is room for
    /// unless all rows together are fewer.
    pub(super) fn candidates(&self, list: usize, rows: Range<usize>, effort: Effort) -> Vec<Vec<u32>> {
        let queries: Vec<Vec<f32>> = rows.map(|at| self.panels.point(self.starts[list], at)).collect();
        let choice = self.nearby(list, CHOICE * effort.budget);
        let visits = self.visits(&queries, &choice, effort.budget);
        let mut shortlists: Vec<Shortlist> = queries.iter().map(|_| Shortlist::new(effort.room)).collect();
        let mut hits = Hits::default();
        for (&other, visitors) in choice.iter().zip(&visits) {
            for visitors in visitors.chunks(QUERIES) {
                let visitor = |q: usize| visitors[q.min(visitors.len() - 1)];
                let some = std::array::from_fn(|q| queries[visitor(q)].as_slice());
                // The last query takes the places of those lacking, and finds nothing there.
                let limit = |q| if q < visitors.len() { shortlists[visitor(q)].limit } else { f32::INFINITY };
                let limits = std::array::from_fn(limit);
                self.panels.closer(self.arch, some, limits, self.panels_of(other), &mut hits);
                for (q, from, closeness) in hits.iter() {
                    shortlists[visitor(q)].offer_all(closeness, &self.members[other][from..]);
                }
            }
        }
        shortlists.into_iter().map(Shortlist::finish).collect()
    }

    /// The lists nearest to a list's centre, nearest first, until they have `enough` rows.
    fn nearby(&self, list: usize, enough: usize) -> Vec<usize> {
        let centre = self.centres.point(0, list);
        let mut out = Vec::new();
        self.centres.closeness(self.arch, [&centre; QUERIES], 0..self.centres.len(), &mut out);
        self.head(order(&out[..self.members.len()]), |at| at, enough)
    }

    /// The first places of an order (not yet sorted) whose lists have `enough` rows together, or all.
    fn head(&self, mut order: Vec<u64>, list: impl Fn(usize) -> usize, enough: usize) -> Vec<usize> {
        let (mut rows, mut sorted) = (0, 0);
        // Usually few are wanted of many, so they are sorted a few at a time.
        let step = enough / SIZE + PANEL;
        while rows < enough && sorted < order.len() {
            let end = (sorted + step).min(order.len());
            if end < order.len() {
                order[sorted..].select_nth_unstable(end - sorted);
            }
            order[sorted..end].sort_unstable();
            while rows < enough && sorted < end {
                rows += self.members[list(place(order[sorted]))].len();
                sorted += 1;
            }
        }
        order[..sorted].iter().map(|&entry| place(entry)).collect()
    }

    /// For each list of `choice`, which queries visit it: each visits those with the nearest centres, until these have
    /// `budget` rows.
    fn visits(&self, queries: &[Vec<f32>], choice: &[usize], budget: usize) -> Vec<Vec<usize>> {
        let centres: Vec<Vec<f32>> = choice.iter().map(|&list| self.centres.point(0, list)).collect();
        let panels = pack(centres.iter().map(Vec::as_slice), self.centres.depth());
        let mut visits = vec![Vec::new(); choice.len()];
        let mut out = Vec::new();
        for (number, some) in queries.chunks(QUERIES).enumerate() {
            let padded = std::array::from_fn(|q| some[q.min(some.len() - 1)].as_slice());
            panels.closeness(self.arch, padded, 0..panels.len(), &mut out);
            for (q, closeness) in out.chunks_exact(panels.len() * PANEL).take(some.len()).enumerate() {
                for at in self.head(order(&closeness[..choice.len()]), |at| choice[at], budget) {
                    visits[at].push(number * QUERIES + q);
                }
            }
        }
        visits
    }
}

impl Shortlist {
    fn new(room: usize) -> Self {
        Self { entries: Vec::with_capacity(OVERFLOW * room), room, limit: f32::NEG_INFINITY }
    }

    /// Offer rows, of which each is as close as `closeness` says.
    #[inline]
    fn offer_all(&mut self, closeness: &[f32], rows: &[u32]) {
        for (&c, &i) in closeness.iter().zip(rows) {
            if c > self.limit {
                self.entries.push(entry(c, i));
                if self.entries.len() == OVERFLOW * self.room {
                    self.cut();
                }
            }
        }
    }

    /// Keep no more than there is room for.
    fn cut(&mut self) {
        if self.entries.len() > self.room {
            let (_, &mut worst, _) = self.entries.select_nth_unstable(self.room - 1);
            self.entries.truncate(self.room);
            self.limit = closeness(worst);
        }
    }

    fn finish(mut self) -> Vec<u32> {
        self.cut();
        self.entries.sort_unstable();
        self.entries.into_iter().map(|entry| entry as u32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortlist_keeps_the_closest() {
        let mut shortlist = Shortlist::new(4);
        let closeness: Vec<f32> = (0..100u16).map(|i| f32::from(i * 37 % 101)).collect();
        shortlist.offer_all(&closeness, &(0..100).collect::<Vec<_>>());
        let kept: Vec<f32> = shortlist.finish().into_iter().map(|i| closeness[i as usize]).collect();
        let mut best = closeness.clone();
        best.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(kept, best[..4]);
    }
}
