//! Rows that others are copies of. The nearest of a row with many copies are those alone, so that its copies would be an island of the graph.
//! Among the distinct rows a graph sees what lies between.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2, Axis};

use super::search::places;
use super::{Components, Csr, Eigenspace, Neighbors, Operator};
use crate::recipe::Distance;

/// Share of the rows that must be copies of others before anything is done about them: it costs a copy of the rest.
const WORTH: f64 = 0.1;
/// Columns that tell most rows apart, looked at first.
const COLUMNS: usize = 64;

/// Which rows are the same.
#[derive(Debug)]
pub(crate) struct Copies {
    /// The rows that are equal, one list for each distinct row, in the order of their first.
    members: Vec<Vec<u32>>,
    /// For each row the list it stands in, and its place there.
    of: Vec<(u32, u32)>,
}

impl Copies {
    /// The copies among the rows of `x`, where they are worth looking at.
    pub(super) fn of(x: ArrayView2<'_, f32>) -> Option<Self> {
        let (n, d) = x.dim();
        let most = n - (WORTH * n as f64).ceil() as usize;
        let some: Vec<usize> = (0..d).step_by(d.div_ceil(COLUMNS).max(1)).collect();
        let mut seen = HashSet::new();
        for row in x.rows() {
            seen.insert(hash(some.iter().map(|&j| row[j])));
            if seen.len() > most {
                return None;
            }
        }
        let mut members: Vec<Vec<u32>> = Vec::new();
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut of = Vec::with_capacity(n);
        for (i, row) in x.rows().into_iter().enumerate() {
            let alike = known.entry(hash(row.iter().copied())).or_default();
            let list = alike.iter().copied().find(|&list| same(x.row(members[list][0] as usize), row));
            let list = list.unwrap_or_else(|| {
                members.push(Vec::new());
                alike.push(members.len() - 1);
                members.len() - 1
            });
            if members.len() > most {
                return None;
            }
            of.push((list as u32, members[list].len() as u32));
            members[list].push(i as u32);
        }
        (members.len() > 1).then_some(Self { members, of })
    }

    /// The copies among rows at these places, by this distance, where they are worth looking at.
    pub(crate) fn among(x: ArrayView2<'_, f32>, distance: Distance) -> Option<Self> {
        Self::of(places(x, distance).view())
    }

    /// The copies among some of the rows, which ascend.
    pub(crate) fn among_some(&self, rows: &[u32]) -> Self {
        let mut place: HashMap<u32, u32> = HashMap::new();
        let (mut members, mut of): (Vec<Vec<u32>>, Vec<(u32, u32)>) = (Vec::new(), Vec::with_capacity(rows.len()));
        for (at, &row) in (0_u32..).zip(rows) {
            let list = *place.entry(self.of[row as usize].0).or_insert_with(|| {
                members.push(Vec::new());
                members.len() as u32 - 1
            });
            of.push((list, members[list as usize].len() as u32));
            members[list as usize].push(at);
        }
        Self { members, of }
    }

    /// Distinct rows.
    pub(crate) fn distinct(&self) -> usize {
        self.members.len()
    }

    /// The pencil of functions that are the same on all copies of a row: `Pᵀ(D − W)P` and `PᵀMP`, where `P` gives each row the value of its
    /// distinct one. Edges between copies have no say in it. No other function hangs on the features alone; without this, waves that run
    /// along hundreds of copies would come before those that tell distinct rows apart.
    pub(crate) fn gathered(&self, whole: &Operator) -> Operator {
        let mut affinity = Csr { offsets: vec![0], columns: Vec::new(), values: Vec::new() };
        let mut mass = Vec::with_capacity(self.members.len());
        let mut edges: Vec<(u32, f64)> = Vec::new();
        for (list, members) in (0_u32..).zip(&self.members) {
            edges.clear();
            for &i in members {
                let (columns, values) = whole.affinity.row(i as usize);
                edges.extend(columns.iter().map(|&j| self.of[j as usize].0).zip(values.iter().copied()));
            }
            edges.retain(|&(other, _)| other != list);
            edges.sort_by_key(|&(other, _)| other);
            for run in edges.chunk_by(|a, b| a.0 == b.0) {
                affinity.columns.push(run[0].0);
                affinity.values.push(run.iter().map(|(_, weight)| weight).sum());
            }
            affinity.offsets.push(affinity.columns.len());
            mass.push(members.iter().map(|&i| whole.mass[i as usize]).sum());
        }
        // Sums in another order differ in their last digits.
        let transpose = affinity.transpose();
        affinity.values.iter_mut().zip(transpose.values).for_each(|(a, b)| *a = f64::midpoint(*a, b));
        let of = self.firsts().into_iter().map(|i| whole.components.of[i]).collect();
        Operator {
            degrees: Arc::new(affinity.row_sums()),
            affinity: Arc::new(affinity),
            mass: Arc::new(mass),
            kind: whole.kind,
            components: Arc::new(Components { of, sizes: whole.components.sizes.clone() }),
            joins: whole.joins.clone(),
        }
    }

    /// The same space with a row for each copy.
    pub(crate) fn scattered(&self, space: &Eigenspace) -> Eigenspace {
        let rows: Vec<usize> = self.of.iter().map(|&(list, _)| list as usize).collect();
        Eigenspace { values: space.values.clone(), vectors: space.vectors.select(Axis(0), &rows) }
    }

    /// The first of each distinct row.
    pub(super) fn firsts(&self) -> Vec<usize> {
        self.members.iter().filter_map(|members| members.first()).map(|&i| i as usize).collect()
    }

    /// The neighbours of all rows from those of the distinct ones: a row that has copies is joined to the next of them, at distance 0, and
    /// each to one copy of the distinct rows that are near, another one for each row, so that all copies are reached.
    pub(super) fn spread(&self, found: &Neighbors) -> Neighbors {
        let k = found.k;
        let (mut indices, mut distances) =
            (Vec::with_capacity(self.of.len() * k), Vec::with_capacity(self.of.len() * k));
        for (i, &(list, place)) in self.of.iter().enumerate() {
            let (own, near) = (&self.members[list as usize], list as usize * k..(list as usize + 1) * k);
            let next = (own.len() > 1).then(|| (own[(place as usize + 1) % own.len()], 0.0));
            let one_of = |(j, (&list, &d)): (usize, (&u32, &f32))| {
                let copies = &self.members[list as usize];
                (copies[(i + j) % copies.len()], d)
            };
            let others = found.indices[near.clone()].iter().zip(&found.distances[near]).enumerate().map(one_of);
            for (index, distance) in next.into_iter().chain(others).take(k) {
                indices.push(index);
                distances.push(distance);
            }
        }
        Neighbors { k, indices, distances, recall: found.recall }
    }
}

/// The same for equal rows; 0 and −0 are one number.
fn hash(row: impl Iterator<Item = f32>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for v in row {
        (v + 0.0).to_bits().hash(&mut hasher);
    }
    hasher.finish()
}

fn same(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> bool {
    a.iter().zip(b).all(|(a, b)| (a + 0.0).to_bits() == (b + 0.0).to_bits())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::graph::{affinity, neighbors};
    use crate::recipe::{Laplacian, Recipe};
    use crate::support::progress::Progress;

    #[test]
    fn few_copies_are_left_alone() {
        let mut x = Array2::from_shape_fn((30, 3), |(i, j)| (i * i * (j + 1)) as f32);
        assert!(Copies::of(x.view()).is_none());
        x.row_mut(4).assign(&array![9.0, 18.0, 27.0]);
        assert!(Copies::of(x.view()).is_none(), "one of thirty");
        let same = Array2::<f32>::ones((30, 3));
        assert!(Copies::of(same.view()).is_none(), "nothing lies between");
        let zeros = array![[0.0_f32, 1.0], [-0.0, 1.0], [2.0, 1.0]];
        assert_eq!(Copies::of(zeros.view()).expect("two are equal").firsts(), [0, 2]);
    }

    #[test]
    fn a_row_is_joined_to_a_copy_and_to_what_lies_beyond() {
        // Three places on a line, of three, one and two rows.
        let x = array![[0.0_f32], [1.0], [0.0], [3.0], [0.0], [3.0]];
        let copies = Copies::of(x.view()).expect("half are copies");
        let found = Neighbors {
            k: 2,
            indices: vec![1, 2, 0, 2, 1, 0],
            distances: vec![1.0, 3.0, 1.0, 2.0, 2.0, 3.0],
            recall: None,
        };
        let all = copies.spread(&found);
        assert_eq!(all.indices, [2, 1, 2, 3, 4, 1, 5, 1, 0, 1, 3, 1]);
        assert_eq!(all.distances, [0.0, 1.0, 1.0, 2.0, 0.0, 1.0, 0.0, 2.0, 0.0, 1.0, 0.0, 2.0]);
    }

    #[test]
    fn copies_are_no_islands() {
        // A grid of 25 places with 20 rows each.
        let x = Array2::from_shape_fn((500, 2), |(i, j)| if j == 0 { (i % 5) as f32 } else { (i / 5 % 5) as f32 });
        let recipe = Recipe::default();
        let found = neighbors(x.view(), 6, &recipe, &Progress::silent()).expect("finite");
        assert!(found.distances.chunks_exact(6).all(|row| row.is_sorted() && row[1] > 0.0));
        let (w, ..) = affinity(&found, 500, &recipe).expect("a graph");
        assert_eq!(Components::of(&w).count(), 1);
    }

    #[test]
    fn what_is_the_same_on_all_copies_costs_in_the_small_pencil_what_it_costs_in_the_large_one() {
        let x = Array2::from_shape_fn((60, 2), |(i, j)| [(i % 7 % 4) as f32, (i % 3) as f32][j]);
        let recipe = Recipe::default();
        for kind in [Laplacian::RandomWalk, Laplacian::Unnormalized] {
            let found = neighbors(x.view(), 5, &recipe, &Progress::silent()).expect("finite");
            let (w, ..) = affinity(&found, 60, &recipe).expect("a graph");
            let whole = Operator::new(w, kind).expect("an operator");
            let copies = Copies::of(x.view()).expect("twelve places");
            let small = copies.gathered(&whole);
            let u = Array2::from_shape_fn((copies.distinct(), 2), |(i, j)| ((i * i + 3 * j) % 11) as f64);
            let y = copies.scattered(&Eigenspace { values: vec![0.0; 2], vectors: u.clone() }).vectors;
            let energies = [(&whole, &y), (&small, &u)].map(|(op, v)| v.t().dot(&op.apply(v.view())));
            let sizes = [(&whole, &y), (&small, &u)].map(|(op, v)| op.gram(v.view(), v.view()));
            for [large, small] in [energies, sizes] {
                assert!((&large - &small).iter().all(|d| d.abs() < 1e-9 * large[[0, 0]].abs()), "{large} {small}");
            }
        }
    }
}
