//! Lloyd's iteration, with bounds that spare most distances.
//!
//! For each sample an upper bound on the distance to its own centre and, for each group of centres, a lower bound on the
//! distance to the nearest other centre of the group are kept, and loosened by how far centres moved. Where the upper is
//! below the lower, no distance is needed (Elkan, 2003; with groups: Ding et al., "Yinyang k-means", 2015). Where rows are narrow and centres
//! few, all distances, many side by side, take less time than the bounds. Sums of clusters are changed only by the samples that changed theirs.

use rayon::prelude::*;

use super::samples::{Feature, Samples, squared_distance};
use crate::Result;
use crate::support::progress::Progress;

/// Most groups of centres; with fewer centres than this each is a group.
const GROUPS: usize = 16;
/// Most centres for which all distances of narrow rows are sooner worked out than spared.
const PLAIN: usize = 64;
/// Most iterations of one start.
const ITERATIONS: usize = 300;
/// A sample that has no cluster yet.
const NONE: u32 = u32::MAX;

/// Where a start ended.
pub(super) struct Fit {
    /// Nearest centre of each sample.
    pub assignment: Vec<u32>,
    /// Centres, row by row.
    pub centres: Vec<f64>,
    /// Sum of squared distances to them.
    pub inertia: f64,
}

/// A sample's cluster and what is known of its distances.
#[derive(Clone)]
struct Bounds {
    cluster: u32,
    /// At least the distance to its own centre.
    upper: f32,
}

/// Centres as they are, and what the last iteration did to them.
struct Centres<T> {
    k: usize,
    d: usize,
    groups: usize,
    /// In the samples' precision, row by row.
    rows: Vec<T>,
    /// Sums of the samples of each cluster, row by row.
    sums: Vec<f64>,
    counts: Vec<i64>,
    /// How far each centre moved last.
    moved: Vec<f32>,
    /// The most that a centre of each group moved last.
    group_moved: Vec<f32>,
    /// Half the distance from each centre to the nearest other.
    half_gap: Vec<f32>,
}

/// What a piece of the samples changes: sums and counts, for the clusters it touched.
type Change = Option<(Vec<f64>, Vec<i64>)>;

/// Iterates from the centres `rows`, row by row, until the squared movement of all centres together is at most `tolerance`.
pub(super) fn iterate<T: Feature>(
    samples: &Samples<'_, T>,
    rows: Vec<T>,
    tolerance: f64,
    progress: &Progress<'_>,
) -> Result<Fit> {
    let mut centres = Centres::new(samples.d, rows);
    let groups = centres.groups;
    let mut bounds = vec![Bounds { cluster: NONE, upper: f32::INFINITY }; samples.n];
    let plain = samples.are_narrow() && centres.k <= PLAIN;
    let mut lower = vec![0.0_f32; if plain { 0 } else { samples.n * groups }];
    for _ in 0..ITERATIONS {
        progress.check()?;
        let bounds_of = bounds.par_chunks_mut(samples.piece);
        let changes: Vec<Change> = if plain {
            bounds_of.enumerate().map(|(piece, bounds)| centres.reassign_all(samples, piece, bounds)).collect()
        } else {
            let both = bounds_of.zip(lower.par_chunks_mut(samples.piece * groups)).enumerate();
            both.map(|(piece, (bounds, lower))| centres.reassign(samples, piece, bounds, lower)).collect()
        };
        let settled = changes.iter().all(Option::is_none);
        for (sums, counts) in changes.into_iter().flatten() {
            centres.sums.iter_mut().zip(sums).for_each(|(sum, change)| *sum += change);
            centres.counts.iter_mut().zip(counts).for_each(|(count, change)| *count += change);
        }
        let refilled = refill(samples, &mut centres, &mut bounds, &mut lower);
        if settled && !refilled {
            break;
        }
        if centres.step() <= tolerance && !refilled {
            break;
        }
    }
    Ok(centres.fit(samples))
}

impl<T: Feature> Centres<T> {
    fn new(d: usize, rows: Vec<T>) -> Self {
        let k = rows.len() / d;
        let groups = k.min(GROUPS);
        let mut centres = Self {
            k,
            d,
            groups,
            rows,
            sums: vec![0.0; k * d],
            counts: vec![0; k],
            moved: vec![0.0; k],
            group_moved: vec![0.0; groups],
            half_gap: vec![0.0; k],
        };
        centres.measure_gaps();
        centres
    }

    fn row(&self, j: usize) -> &[T] {
        &self.rows[j * self.d..(j + 1) * self.d]
    }

    fn distance(&self, row: &[T], j: usize) -> f32 {
        squared_distance(row, self.row(j)).sqrt() as f32
    }

    /// Finds each sample's cluster anew, one piece of the samples.
    fn reassign(&self, samples: &Samples<'_, T>, piece: usize, bounds: &mut [Bounds], lower: &mut [f32]) -> Change {
        let mut change: Change = None;
        for ((i, bound), lower) in samples.range(piece).zip(bounds).zip(lower.chunks_exact_mut(self.groups)) {
            let before = bound.cluster;
            self.find(samples.row(i), bound, lower);
            self.note(&mut change, samples.row(i), before, bound.cluster);
        }
        change
    }

    /// The same by all distances.
    fn reassign_all(&self, samples: &Samples<'_, T>, piece: usize, bounds: &mut [Bounds]) -> Change {
        let mut change: Change = None;
        let (nearest, _) = samples.nearest(piece, &self.rows);
        for ((i, bound), cluster) in samples.range(piece).zip(bounds).zip(nearest) {
            let before = std::mem::replace(&mut bound.cluster, cluster);
            self.note(&mut change, samples.row(i), before, cluster);
        }
        change
    }

    /// Adds what a sample's way from one cluster to another changes.
    fn note(&self, change: &mut Change, row: &[T], before: u32, after: u32) {
        if before == after {
            return;
        }
        let (sums, counts) = change.get_or_insert_with(|| (vec![0.0; self.k * self.d], vec![0; self.k]));
        let mut add = |cluster: u32, sign: f64| {
            let at = cluster as usize;
            counts[at] += sign as i64;
            for (sum, &value) in sums[at * self.d..].iter_mut().zip(row) {
                *sum += sign * value.into();
            }
        };
        add(after, 1.0);
        if before != NONE {
            add(before, -1.0);
        }
    }

    /// One sample: loosens its bounds by the last movement and, where they no longer decide, takes distances.
    fn find(&self, row: &[T], bound: &mut Bounds, lower: &mut [f32]) {
        let mut least = f32::INFINITY;
        for (lower, moved) in lower.iter_mut().zip(&self.group_moved) {
            *lower -= moved;
            least = least.min(*lower);
        }
        let old = bound.cluster;
        if old != NONE {
            bound.upper += self.moved[old as usize];
            least = least.max(self.half_gap[old as usize]);
            if bound.upper <= least {
                return;
            }
            bound.upper = self.distance(row, old as usize);
            if bound.upper <= least {
                return;
            }
        }
        let own = bound.upper;
        for (group, known) in lower.iter_mut().enumerate().filter(|(_, known)| **known < own) {
            *known = f32::INFINITY;
            for j in (group..self.k).step_by(self.groups).filter(|&j| j as u32 != old) {
                *known = known.min(self.distance(row, j));
            }
        }
        self.settle(row, bound, lower);
    }

    /// Moves a sample to a strictly nearer centre, if a group's bound leaves room for one.
    fn settle(&self, row: &[T], bound: &mut Bounds, lower: &mut [f32]) {
        let (mut group, mut least) = (0, f32::INFINITY);
        for (g, &known) in lower.iter().enumerate() {
            if known < least {
                (group, least) = (g, known);
            }
        }
        if least >= bound.upper {
            return;
        }
        // The group's bound is exact here: it was below the old distance, so it was just taken.
        let old = bound.cluster;
        let (mut best, mut second) = ((NONE, f32::INFINITY), f32::INFINITY);
        for j in (group..self.k).step_by(self.groups).filter(|&j| j as u32 != old) {
            let distance = self.distance(row, j);
            if distance < best.1 {
                second = best.1;
                best = (j as u32, distance);
            } else {
                second = second.min(distance);
            }
        }
        if best.0 == NONE {
            return;
        }
        lower[group] = second;
        if old != NONE {
            let left = &mut lower[old as usize % self.groups];
            *left = left.min(bound.upper);
        }
        *bound = Bounds { cluster: best.0, upper: best.1 };
    }

    /// Puts each centre in the middle of its samples; how far all moved, squared.
    fn step(&mut self) -> f64 {
        let mut total = 0.0;
        self.group_moved.fill(0.0);
        for j in (0..self.k).filter(|&j| self.counts[j] > 0) {
            let count = self.counts[j] as f64;
            let mut moved = 0.0;
            for c in j * self.d..(j + 1) * self.d {
                let new = T::nearest(self.sums[c] / count);
                let by: f64 = new.into() - self.rows[c].into();
                moved += by * by;
                self.rows[c] = new;
            }
            total += moved;
            // A little more than it was, for what rounding takes.
            self.moved[j] = moved.sqrt() as f32 * (1.0 + 1e-6);
            let most = &mut self.group_moved[j % self.groups];
            *most = most.max(self.moved[j]);
        }
        self.measure_gaps();
        total
    }

    fn measure_gaps(&mut self) {
        let gap = |j: usize| {
            let others = (0..self.k).filter(|&other| other != j);
            others.map(|other| 0.5 * self.distance(self.row(j), other)).fold(f32::INFINITY, f32::min)
        };
        self.half_gap = (0..self.k).map(gap).collect();
    }

    /// The end: every sample to its nearest centre without regard to bounds, as [`super::assign`] would.
    fn fit(&self, samples: &Samples<'_, T>) -> Fit {
        let piece = |piece: usize| -> (Vec<u32>, f64) {
            let (which, distances) = samples.nearest(piece, &self.rows);
            (which, distances.into_iter().map(Into::into).sum())
        };
        let parts: Vec<_> = (0..samples.pieces()).into_par_iter().map(piece).collect();
        Fit {
            inertia: parts.iter().map(|part| part.1).sum(),
            assignment: parts.into_iter().flat_map(|part| part.0).collect(),
            centres: self.rows.iter().map(|&c| c.into()).collect(),
        }
    }
}

/// Gives each empty cluster the sample farthest from its own centre (never the last of a cluster); whether there was one.
fn refill<T: Feature>(
    samples: &Samples<'_, T>,
    centres: &mut Centres<T>,
    bounds: &mut [Bounds],
    lower: &mut [f32],
) -> bool {
    let empty: Vec<usize> = (0..centres.k).filter(|&j| centres.counts[j] == 0).collect();
    if empty.is_empty() {
        return false;
    }
    let mut far: Vec<(f32, usize)> = bounds
        .par_iter()
        .enumerate()
        .map(|(i, bound)| (centres.distance(samples.row(i), bound.cluster as usize), i))
        .collect();
    far.par_sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut far = far.into_iter().take_while(|f| f.0 > 0.0);
    let mut refilled = false;
    for j in empty {
        let Some((_, i)) = far.by_ref().find(|&(_, i)| centres.counts[bounds[i].cluster as usize] > 1) else {
            break;
        };
        let old = bounds[i].cluster as usize;
        for (c, &value) in samples.row(i).iter().enumerate() {
            centres.sums[old * centres.d + c] -= value.into();
            centres.sums[j * centres.d + c] = value.into();
        }
        centres.counts[old] -= 1;
        centres.counts[j] = 1;
        bounds[i].cluster = j as u32;
        refilled = true;
    }
    if refilled {
        for bound in bounds {
            bound.upper = f32::INFINITY;
        }
        lower.fill(0.0);
    }
    refilled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_cluster_takes_the_farthest_sample() {
        let mut values = vec![0.0; 600];
        values[500] = 5.0;
        values[599] = -7.0;
        let samples = Samples::new(&values, 600, 1);
        let fit = iterate(&samples, samples.rows(&[3, 3, 3]), 0.0, &Progress::silent()).expect("nobody cancels");
        assert!(fit.inertia == 0.0, "two of three equal centres are empty, and the far samples fill them");
        assert_ne!(fit.assignment[500], fit.assignment[599]);
        let same = vec![1.0; 9];
        let fit = iterate(&Samples::new(&same, 9, 1), vec![1.0; 2], 0.0, &Progress::silent()).expect("nobody cancels");
        assert_eq!(fit.assignment, [0; 9], "nothing can fill the second");
    }
}
