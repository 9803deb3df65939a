//! The random walk on a graph: where it is after some steps, which is how heat spreads.

use rayon::prelude::*;

use super::{Csr, Operator};

/// Rows that are worked on in one piece.
const PIECE: usize = 2048;

/// Where a random walk is, step by step: a distribution over the samples that begins at one of them.
///
/// A step goes along an edge with the probability of its weight over the degree of where it starts, `P = D⁻¹W`, so that the distribution
/// becomes `Pᵀp`. Its sum stays 1, and on a connected graph it ends as the degrees over their sum. A sample without an edge keeps what it has.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    affinity: &'a Csr,
    degrees: &'a [f64],
    at: Vec<f64>,
    steps: usize,
}

impl<'a> Walk<'a> {
    /// A walk that stands at a sample; nothing where there is no such sample.
    #[must_use]
    pub fn from(operator: &'a Operator, sample: usize) -> Option<Self> {
        let mut at = vec![0.0; operator.len()];
        *at.get_mut(sample)? = 1.0;
        Some(Self { affinity: &operator.affinity, degrees: &operator.degrees, at, steps: 0 })
    }

    /// One step. `W` is symmetric, so that what comes to a sample is read from its own row.
    pub fn step(&mut self) {
        let Self { affinity, degrees, at, .. } = self;
        let shares: Vec<f64> = at.iter().zip(*degrees).map(|(&p, &d)| if d > 0.0 { p / d } else { 0.0 }).collect();
        let mut next = vec![0.0; at.len()];
        next.par_chunks_mut(PIECE).enumerate().for_each(|(piece, next)| {
            for (i, to) in (piece * PIECE..).zip(next) {
                let (columns, values) = affinity.row(i);
                let comes: f64 = columns.iter().zip(values).map(|(&j, &w)| w * shares[j as usize]).sum();
                *to = if degrees[i] > 0.0 { comes } else { at[i] };
            }
        });
        *at = next;
        self.steps += 1;
    }

    /// Steps taken.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The probability of each sample.
    #[must_use]
    pub fn distribution(&self) -> &[f64] {
        &self.at
    }

    /// The same over each sample's share of all degrees: 1 everywhere once the walk has forgotten where it began. This is
    /// `(Pᵗeᵢ)ⱼ` but for a factor, by the symmetry of the walk, and so what heat of one unit at the start is at each sample.
    #[must_use]
    pub fn heat(&self) -> Vec<f64> {
        let all: f64 = self.degrees.iter().sum();
        let share = |&d: &f64| if d > 0.0 && all > 0.0 { d / all } else { 1.0 };
        self.at.iter().zip(self.degrees).map(|(p, d)| p / share(d)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Laplacian;

    fn operator() -> Operator {
        // A ring with a chord, weights of their own, and a sample alone.
        let mut edges: Vec<(u32, u32, f64)> = Vec::new();
        for (i, j, w) in [(0, 1, 1.0), (1, 2, 0.5), (2, 3, 2.0), (3, 4, 1.0), (4, 0, 0.25), (1, 3, 0.7)] {
            edges.extend([(i, j, w), (j, i, w)]);
        }
        Operator::new(Csr::from_triplets(6, &edges).expect("a graph"), Laplacian::RandomWalk).expect("an operator")
    }

    #[test]
    fn a_walk_loses_nothing_and_ends_as_the_degrees() {
        let operator = operator();
        let mut walk = Walk::from(&operator, 2).expect("a sample");
        for _ in 0..400 {
            walk.step();
            assert!((walk.distribution().iter().sum::<f64>() - 1.0).abs() < 1e-12, "after {} steps", walk.steps());
        }
        let all: f64 = operator.degrees.iter().sum();
        for (p, d) in walk.distribution().iter().zip(operator.degrees.iter()) {
            assert!((p - d / all).abs() < 1e-9, "{p} {d}");
        }
        assert!(walk.heat()[..5].iter().all(|heat| (heat - 1.0).abs() < 1e-8));
    }

    #[test]
    fn a_step_is_the_transition_matrix_and_who_is_alone_stays() {
        let operator = operator();
        let mut walk = Walk::from(&operator, 1).expect("a sample");
        walk.step();
        let (columns, values) = operator.affinity.row(1);
        let mut wanted = vec![0.0; 6];
        for (&j, w) in columns.iter().zip(values) {
            wanted[j as usize] = w / operator.degrees[1];
        }
        assert!(walk.distribution().iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-15));
        let mut alone = Walk::from(&operator, 5).expect("a sample");
        alone.step();
        assert!((alone.distribution()[5] - 1.0).abs() < 1e-15);
        assert!(Walk::from(&operator, 6).is_none());
    }
}
