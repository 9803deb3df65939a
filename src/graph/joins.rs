//! Which parts of a graph lie together. All vectors that are constant on its parts have the eigenvalue 0, so that no spectrum tells which parts
//! belong to one cluster where they are more than the clusters.

use std::sync::Arc;

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::search::places;
use super::{Components, Csr, Operator};
use crate::Result;
use crate::recipe::Distance;

/// More parts than these are crumbs, which nobody joins.
const MOST_PARTS: usize = 256;
/// Products of two rows' numbers to look at, and rows at most: of larger data each part sends some.
const PRODUCTS: f64 = 2e9;
const MOST_ROWS: usize = 6000;
/// Rows of the smaller of two groups for each edge that bridges them, and its weight as a part of their lesser degree.
const A_PAIR: usize = 4;
const BRIDGE: f64 = 0.5;

/// How the parts come apart: all of them are one group at first, and each step splits a group in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joins {
    splits: Vec<[Vec<u32>; 2]>,
}

impl Joins {
    /// The splits of parts whose rows lie at `places`, `n × d`; none where there is nothing to join or far too much.
    ///
    /// Backwards, the two groups are joined whose join costs least: `ab / (a + b) · d²` for `a` and `b` samples whose nearest rows lie `d`
    /// apart. That is Ward's criterion (1963) with the distance that a graph has: what is small or near joins first.
    #[must_use]
    pub fn of(components: &Components, places: ArrayView2<'_, f32>) -> Option<Self> {
        let count = components.count();
        if !(2..=MOST_PARTS).contains(&count) || places.nrows() != components.of.len() {
            return None;
        }
        let mut apart = apart(&sent(components, places.ncols()), places);
        let mut groups: Vec<(Vec<u32>, f64)> =
            (0..).zip(&components.sizes).map(|(c, &n)| (vec![c], n as f64)).collect();
        let mut alive: Vec<usize> = (0..count).collect();
        let mut splits = Vec::with_capacity(count - 1);
        while alive.len() > 1 {
            let cost =
                |a: usize, b: usize| groups[a].1 * groups[b].1 / (groups[a].1 + groups[b].1) * apart[a * count + b];
            let pairs = alive.iter().enumerate().flat_map(|(at, &a)| alive[at + 1..].iter().map(move |&b| (a, b)));
            let (a, b) = pairs.min_by(|x, y| cost(x.0, x.1).total_cmp(&cost(y.0, y.1)))?;
            let joined = std::mem::take(&mut groups[b]);
            splits.push([groups[a].0.clone(), joined.0.clone()]);
            groups[a].0.extend(joined.0);
            groups[a].1 += joined.1;
            alive.retain(|&c| c != b);
            for &c in &alive {
                let nearest = apart[a * count + c].min(apart[b * count + c]);
                (apart[a * count + c], apart[c * count + a]) = (nearest, nearest);
            }
        }
        splits.reverse();
        Some(Self { splits })
    }

    /// The parts on either side of each split, the coarsest first.
    #[must_use]
    pub fn splits(&self) -> &[[Vec<u32>; 2]] {
        &self.splits
    }
}

impl Operator {
    /// The same of samples that lie at `places` by this distance: its parts know which of them lie together.
    #[must_use]
    pub fn joined(self, at: ArrayView2<'_, f32>, distance: Distance) -> Self {
        let joins = Joins::of(&self.components, places(at, distance).view());
        Self { joins: joins.map(Arc::new), ..self }
    }
}

impl Operator {
    /// The same with edges between parts that lie together, so that only `k` groups of parts stay apart. A graph in more parts than `k` has many
    /// spans of `k` vectors of eigenvalue 0, of which the exact side takes the one that tells these groups apart; with the edges it is the only
    /// one, so that a network finds it too. Of another graph, or one whose parts are not known to lie together, nothing changes.
    ///
    /// # Errors
    /// As [`Operator::new`].
    pub fn bridged(&self, at: ArrayView2<'_, f32>, distance: Distance, k: usize) -> Result<Self> {
        let Some(joins) = self.joins.as_deref().filter(|_| k > 0 && self.components.count() > k) else {
            return Ok(self.clone());
        };
        let (places, sent) = (places(at, distance), sent(&self.components, at.ncols()));
        let rows =
            |parts: &[u32]| -> Vec<usize> { parts.iter().flat_map(|&c| sent[c as usize].iter().copied()).collect() };
        let mut edges: Vec<(u32, u32, f64)> = (0..self.len())
            .flat_map(|i| {
                let (columns, values) = self.affinity.row(i);
                columns.iter().zip(values).map(move |(&j, &value)| (i as u32, j, value))
            })
            .collect();
        for [one, other] in joins.splits().iter().skip(k - 1) {
            for (i, j) in bridge(&rows(one), &rows(other), places.view()) {
                let [a, b] = [self.degrees[i], self.degrees[j]];
                let weight = if a.min(b) > 0.0 { a.min(b) * BRIDGE } else { a.max(b).max(1.0) * BRIDGE };
                edges.extend([(i as u32, j as u32, weight), (j as u32, i as u32, weight)]);
            }
        }
        Self::new(Csr::from_triplets(self.len(), &edges)?, self.kind)
    }
}

/// The nearest pairs of rows of two groups: one for every few rows of the smaller group.
fn bridge(one: &[usize], other: &[usize], places: ArrayView2<'_, f32>) -> Vec<(usize, usize)> {
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let nearest = |&i: &usize| {
        let away = |&j: &usize| (squared(places, i, j), j);
        let (away, j) = many.iter().map(away).min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((away, i, j))
    };
    let mut pairs: Vec<(f64, usize, usize)> = few.par_iter().filter_map(nearest).collect();
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    pairs.truncate(few.len().div_ceil(A_PAIR));
    pairs.into_iter().map(|(_, i, j)| (i, j)).collect()
}

/// The rows that stand for each part: all, or some spread over it.
fn sent(components: &Components, columns: usize) -> Vec<Vec<usize>> {
    let most = ((PRODUCTS / columns.max(1) as f64).sqrt() as usize).clamp(1, MOST_ROWS);
    let step = components.of.len().div_ceil(most);
    let mut seen = vec![0_usize; components.count()];
    let mut rows = vec![Vec::new(); components.count()];
    for (i, &c) in components.of.iter().enumerate() {
        let c = c as usize;
        if seen[c].is_multiple_of(step) {
            rows[c].push(i);
        }
        seen[c] += 1;
    }
    rows
}

/// The squared distances of the nearest rows of each two parts, part by part.
fn apart(rows: &[Vec<usize>], places: ArrayView2<'_, f32>) -> Vec<f64> {
    let nearest = |a: &[usize], b: &[usize]| {
        a.iter().flat_map(|&i| b.iter().map(move |&j| squared(places, i, j))).fold(f64::INFINITY, f64::min)
    };
    let count = rows.len();
    let above: Vec<Vec<f64>> =
        (0..count).into_par_iter().map(|a| rows[a + 1..].iter().map(|b| nearest(&rows[a], b)).collect()).collect();
    let mut all = vec![0.0; count * count];
    for (a, row) in above.iter().enumerate() {
        for (b, &d) in (a + 1..).zip(row) {
            (all[a * count + b], all[b * count + a]) = (d, d);
        }
    }
    all
}

/// Squared distance of two rows.
fn squared(places: ArrayView2<'_, f32>, i: usize, j: usize) -> f64 {
    places.row(i).iter().zip(places.row(j)).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// Parts of so many rows each, a tenth apart, that begin at these places on a line.
    fn line(parts: &[(usize, f32)]) -> (Components, Array2<f32>) {
        let of: Vec<u32> = (0..).zip(parts).flat_map(|(c, &(n, _))| vec![c; n]).collect();
        let at: Vec<f32> = parts.iter().flat_map(|&(n, from)| (0..n).map(move |i| from + 0.1 * i as f32)).collect();
        let sizes = parts.iter().map(|part| part.0).collect();
        (Components { of, sizes }, Array2::from_shape_fn((at.len(), 1), |(i, _)| at[i]))
    }

    fn splits(parts: &[(usize, f32)]) -> Vec<[Vec<u32>; 2]> {
        let (components, places) = line(parts);
        Joins::of(&components, places.view()).expect("parts to join").splits().to_vec()
    }

    #[test]
    fn near_parts_stay_together_longest() {
        // Two pairs far from each other.
        let found = splits(&[(20, 0.0), (20, 100.0), (20, 5.0), (20, 106.0)]);
        assert_eq!(found[0], [vec![0, 2], vec![1, 3]]);
        assert_eq!(found[1..], [[vec![1], vec![3]], [vec![0], vec![2]]]);
    }

    #[test]
    fn a_crumb_joins_what_is_nearest_before_large_parts_join() {
        let found = splits(&[(80, 0.0), (80, 20.0), (5, 45.0)]);
        assert_eq!(found, [[vec![0], vec![1, 2]], [vec![1], vec![2]]]);
    }

    #[test]
    fn bridges_leave_as_many_groups_as_are_learned() {
        let parts = [(20, 0.0), (20, 100.0), (20, 5.0), (20, 106.0)];
        let (components, places) = line(&parts);
        let within = |i: usize| components.of.get(i + 1) == Some(&components.of[i]);
        let edges: Vec<(u32, u32, f64)> = (0..places.nrows())
            .filter(|&i| within(i))
            .flat_map(|i| [(i as u32, i as u32 + 1, 1.0), (i as u32 + 1, i as u32, 1.0)])
            .collect();
        let graph = Csr::from_triplets(places.nrows(), &edges).expect("four paths");
        let alone = Operator::new(graph, crate::recipe::Laplacian::RandomWalk).expect("an operator");
        let joined = alone.joined(places.view(), Distance::Euclidean);
        for (k, groups) in [(1, 1), (2, 2), (3, 3), (4, 4), (9, 4)] {
            let bridged = joined.bridged(places.view(), Distance::Euclidean, k).expect("a sound graph");
            assert_eq!(bridged.components.count(), groups);
            assert!(k < 4 || bridged.affinity.values == joined.affinity.values);
        }
        let two = joined.bridged(places.view(), Distance::Euclidean, 2).expect("a sound graph");
        assert_eq!([0, 20, 40, 60].map(|i| two.components.of[i]), [0, 1, 0, 1], "near parts are one");
    }

    #[test]
    fn one_part_and_crumbs_without_number_are_left_alone() {
        let (one, places) = line(&[(9, 0.0)]);
        assert_eq!(Joins::of(&one, places.view()), None);
        let many: Vec<(usize, f32)> = (0..300).map(|i| (2, i as f32)).collect();
        let (many, places) = line(&many);
        assert_eq!(Joins::of(&many, places.view()), None);
    }

    #[test]
    fn of_large_parts_some_rows_are_looked_at() {
        let (components, _) = line(&[(9000, 0.0), (8000, 2000.0), (3, 5000.0)]);
        let rows: Vec<usize> = sent(&components, 2).iter().map(Vec::len).collect();
        assert_eq!(rows, [3000, 2667, 1]);
    }
}
