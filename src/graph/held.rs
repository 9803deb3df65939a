//! Rows held out of a graph: what is left between the others, and where Nyström's extension puts those held out.

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::extension::LEAST_LEFT;
use super::{Csr, Eigenspace, Operator};
use crate::Result;
use crate::recipe::Laplacian;

impl Csr {
    /// The rows and columns of these places, which ascend.
    #[must_use]
    pub fn induced(&self, places: &[u32]) -> Self {
        let mut new = vec![u32::MAX; self.len()];
        for (at, &place) in (0..).zip(places) {
            new[place as usize] = at;
        }
        let mut part = Self { offsets: vec![0], columns: Vec::new(), values: Vec::new() };
        for &place in places {
            let (columns, values) = self.row(place as usize);
            for (&column, &value) in columns.iter().zip(values) {
                if new[column as usize] != u32::MAX {
                    part.columns.push(new[column as usize]);
                    part.values.push(value);
                }
            }
            part.offsets.push(part.columns.len());
        }
        part
    }
}

impl Operator {
    /// The operator of the graph between some samples alone, in their order: degrees and components are those of what is left, as if no one
    /// else were there. `places` ascend.
    ///
    /// # Errors
    /// As [`Operator::new`].
    pub fn induced(&self, places: &[u32]) -> Result<Self> {
        Self::new(self.affinity.induced(places), self.kind)
    }

    /// Nyström's extension along the edges of the graph: the values at `held` (`m × k`) of an eigenspace of the graph between `seen` alone.
    /// A row's value is the weighted mean over its neighbours among those seen, divided by what a step of the walk leaves of the vector; 0
    /// where it has none.
    #[must_use]
    pub fn extended(&self, held: &[u32], seen: &[u32], space: &Eigenspace) -> Array2<f64> {
        let mut at = vec![usize::MAX; self.len()];
        for (row, &place) in seen.iter().enumerate() {
            at[place as usize] = row;
        }
        let mut placed = Array2::zeros((held.len(), space.values.len()));
        placed.axis_iter_mut(Axis(0)).into_par_iter().zip(held).for_each(|(mut row, &place)| {
            let (columns, weights) = self.affinity.row(place as usize);
            let mut degree = 0.0;
            for (&column, &weight) in columns.iter().zip(weights) {
                let from = at[column as usize];
                if from != usize::MAX {
                    degree += weight;
                    row.scaled_add(weight, &space.vectors.row(from));
                }
            }
            if degree > 0.0 {
                for (value, &eigenvalue) in row.iter_mut().zip(&space.values) {
                    *value /= match self.kind {
                        Laplacian::RandomWalk => degree * (1.0 - eigenvalue).max(LEAST_LEFT),
                        Laplacian::Unnormalized => (degree - eigenvalue).max(degree * LEAST_LEFT),
                    };
                }
            }
        });
        placed
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    /// A path of `n` nodes, each joined to the next and the one after.
    fn path(n: u32, kind: Laplacian) -> Operator {
        let both = |i: u32, j: u32| [(i, j, 1.0), (j, i, 1.0)];
        let edges: Vec<_> = (0..n)
            .flat_map(|i| [i + 1, i + 2].map(|j| (i, j)))
            .filter(|&(_, j)| j < n)
            .flat_map(|(i, j)| both(i, j))
            .collect();
        Operator::new(Csr::from_triplets(n as usize, &edges).expect("a path"), kind).expect("an operator")
    }

    #[test]
    fn what_is_left_is_a_graph_of_its_own() {
        let whole = path(6, Laplacian::RandomWalk);
        let part = whole.induced(&[0, 1, 3, 5]).expect("symmetric");
        assert_eq!(part.len(), 4);
        assert_eq!(*part.degrees, [1.0, 2.0, 2.0, 1.0], "0–1, 1–3, 3–5");
        assert_eq!(part.affinity.row(1).0, [0, 2]);
        let apart = whole.induced(&[0, 5]).expect("symmetric");
        assert_eq!((apart.components.count(), &*apart.mass), (2, &vec![1.0, 1.0]), "nothing joins them");
    }

    #[test]
    fn a_wave_is_the_same_wave_at_rows_held_out() {
        let n = 300;
        for kind in [Laplacian::RandomWalk, Laplacian::Unnormalized] {
            let whole = path(n, kind);
            let held: Vec<u32> = (20..280).step_by(10).collect();
            let seen: Vec<u32> = (0..n).filter(|place| !held.contains(place)).collect();
            let wave = |place: u32, j: usize| if j == 0 { 1.0 } else { (PI * f64::from(place) / f64::from(n)).cos() };
            let vectors = Array2::from_shape_fn((seen.len(), 2), |(i, j)| wave(seen[i], j));
            let space = Eigenspace { values: vec![0.0, 1e-4], vectors };
            let placed = whole.extended(&held, &seen, &space);
            for (row, &place) in placed.rows().into_iter().zip(&held) {
                assert!((row[0] - 1.0).abs() < 1e-12 && (row[1] - wave(place, 1)).abs() < 1e-3, "{place}: {row}");
            }
        }
    }
}
