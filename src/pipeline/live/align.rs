//! No flips: the vectors and clusters of a picture turned to those of the picture before.

use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;

use crate::data::Features;
use crate::graph::{Eigenspace, Operator};
use crate::measure::{self, Clustering};

/// Samples that are looked up among those before, where the two are not the same.
const PROBES: usize = 512;

/// What the next picture is turned to.
#[derive(Clone, Debug)]
pub(super) struct Before {
    /// Held so that no others can take their place in memory.
    pub features: Arc<Features>,
    /// Scaled, `n × d`.
    pub scaled: Arc<Array2<f32>>,
    /// `n × k`.
    pub vectors: Array2<f64>,
    pub clusters: Vec<u32>,
}

/// For each sample the one before that stands for it, where there is one.
pub(super) type Partners = Vec<Option<usize>>;

impl Before {
    /// The partners of samples: themselves where they are the same ones; else, of a few hundred evenly taken, the nearest before.
    pub(super) fn partners(&self, features: &Arc<Features>, scaled: &Array2<f32>) -> Partners {
        let n = scaled.nrows();
        if Arc::ptr_eq(&self.features, features) {
            return (0..n).map(Some).collect();
        }
        let mut partners = vec![None; n];
        if self.scaled.ncols() != scaled.ncols() {
            return partners;
        }
        let step = n.div_ceil(PROBES).max(1);
        let nearest = |i: usize| {
            let row = scaled.row(i);
            let away =
                |other: usize| -> f32 { row.iter().zip(self.scaled.row(other)).map(|(a, b)| (a - b) * (a - b)).sum() };
            (0..self.scaled.nrows()).min_by(|&a, &b| away(a).total_cmp(&away(b)))
        };
        let probes: Vec<usize> = (0..n).step_by(step).collect();
        let found: Vec<Option<usize>> = probes.par_iter().map(|&i| nearest(i)).collect();
        for (i, partner) in probes.into_iter().zip(found) {
            partners[i] = partner;
        }
        partners
    }

    /// Turns the vectors of a space to those before: each so that its inner product with its predecessor, taken over the samples with a
    /// partner, is not negative; those of coinciding eigenvalues among themselves, since only their span means anything.
    pub(super) fn turn(&self, space: &mut Eigenspace, operator: &Operator, partners: &Partners) {
        let shared = self.vectors.ncols().min(space.vectors.ncols());
        let mut reference = Array2::zeros((operator.len(), shared));
        let mut mass = vec![0.0; operator.len()];
        for (i, partner) in partners.iter().enumerate() {
            if let Some(partner) = partner {
                mass[i] = operator.mass[i];
                for (to, from) in reference.row_mut(i).iter_mut().zip(self.vectors.row(*partner)) {
                    *to = *from;
                }
            }
        }
        let groups = measure::groups(&space.values, operator.components.count(), operator.len());
        // The constant vector comes first also where other eigenvalues are 0, and stays the constant one.
        let groups: Vec<usize> =
            groups.into_iter().enumerate().map(|(j, first)| if first == 0 { j.min(1) } else { first }).collect();
        measure::procrustes(reference.view(), &mut space.vectors, &groups, &mass);
    }

    /// The clusters under the numbers that they had before.
    pub(super) fn number(&self, clusters: Clustering, partners: &Partners) -> Clustering {
        let guide = partners.iter().map(|p| p.and_then(|p| self.clusters.get(p)).copied().unwrap_or(u32::MAX));
        clusters.numbered_as(&guide.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    #[test]
    fn vectors_and_clusters_follow_those_before_also_where_the_samples_are_others() {
        let path: Vec<(u32, u32, f64)> = (1..4).flat_map(|i| [(i - 1, i, 1.0), (i, i - 1, 1.0)]).collect();
        let graph = Csr::from_triplets(4, &path).expect("a path");
        let operator = Operator::new(graph, Laplacian::Unnormalized).expect("an operator");
        let features = |numbers: Array2<f32>| Arc::new(Features::new(numbers));
        let four = array![[0.0_f32], [1.0], [2.0], [3.0]];
        let before = Before {
            features: features(four.clone()),
            scaled: Arc::new(four),
            vectors: array![[1.0, 1.0], [1.0, 0.5], [1.0, -0.5], [1.0, -1.0]],
            clusters: vec![1, 1, 0, 0],
        };
        // The same line from its other end.
        let turned = array![[3.1_f32], [2.1], [0.9], [-0.1]];
        let own = features(turned.clone());
        let partners = before.partners(&own, &turned);
        assert_eq!(partners, [Some(3), Some(2), Some(1), Some(0)]);
        let vectors = array![[1.0, 1.1], [1.0, 0.4], [1.0, -0.4], [1.0, -1.1]];
        let mut space = Eigenspace { values: vec![0.0, 0.5], vectors };
        before.turn(&mut space, &operator, &partners);
        assert!(space.vectors[(0, 1)] < 0.0 && space.vectors[(0, 0)] > 0.0, "{}", space.vectors);
        let clusters = Clustering { assignment: vec![1, 1, 0, 0], centroids: array![[0.0], [1.0]], inertia: 0.0 };
        assert_eq!(before.number(clusters, &partners).assignment, [0, 0, 1, 1]);
        assert_eq!(
            before.partners(&before.features, &before.scaled)[2],
            Some(2),
            "the same samples stand for themselves"
        );
    }
}
