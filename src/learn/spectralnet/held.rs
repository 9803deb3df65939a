//! Rows held out of a training: no step takes them until its last part, and every look shows where the network puts them.

use std::sync::Arc;

use ndarray::Array2;
use rand::seq::index::sample;

use crate::Result;
use crate::graph::{Eigenspace, Operator};
use crate::support::random::{Stream, rng};

/// Rows held out, and what the others are without them.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// Places of the rows held out among all, ascending.
    pub rows: Arc<Vec<u32>>,
    /// Places of the others, which teach, ascending.
    pub seen: Arc<Vec<u32>>,
    /// The graph between those that teach. Its degrees are its own: with those of the whole graph the rows left out would pull all values
    /// towards 0, and the constant would be no eigenvector.
    pub operator: Arc<Operator>,
}

impl HeldOut {
    /// So many rows of a graph, drawn with the seed.
    ///
    /// # Errors
    /// As [`Operator::new`].
    pub fn draw(operator: &Operator, count: usize, seed: u64) -> Result<Self> {
        let n = operator.len();
        let mut held = vec![false; n];
        for row in sample(&mut rng(seed, Stream::HeldOut, 0), n, count.min(n)) {
            held[row] = true;
        }
        let (rows, seen): (Vec<u32>, Vec<u32>) = (0..n as u32).partition(|&row| held[row as usize]);
        let operator = Arc::new(operator.induced(&seen)?);
        Ok(Self { rows: Arc::new(rows), seen: Arc::new(seen), operator })
    }
}

/// Where a network puts rows that it never saw.
#[derive(Clone, Debug)]
pub struct HeldLook {
    /// Its span on the rows seen, rotated on the graph between them.
    pub space: Eigenspace,
    /// The same vectors at the rows held out, `m × k`.
    pub placed: Array2<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    #[test]
    fn the_seed_decides_which_rows_are_held_out_and_the_others_are_all_others() {
        let edges: Vec<_> = (1..50_u32).flat_map(|i| [(i - 1, i, 1.0), (i, i - 1, 1.0)]).collect();
        let graph = Csr::from_triplets(50, &edges).expect("a path");
        let operator = Operator::new(graph, Laplacian::RandomWalk).expect("an operator");
        let held = |seed| HeldOut::draw(&operator, 5, seed).expect("a part of a graph");
        let (one, other) = (held(1), held(2));
        assert_eq!((&one.rows, one.rows.len(), one.seen.len()), (&held(1).rows, 5, 45));
        assert_ne!(one.rows, other.rows);
        assert!(one.seen.iter().all(|row| !one.rows.contains(row)) && one.operator.len() == 45);
    }
}
