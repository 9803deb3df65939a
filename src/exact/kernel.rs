//! The eigenvectors of eigenvalue 0: constant on every component.

use ndarray::Array2;

use crate::graph::Operator;

/// The first `k` of an `M`-orthogonal basis of the kernel, columns of mean square 1: the constant vector, then vectors each of which sets two
/// groups of components against each other and is 0 on all others. The first `k` of them tell `k` groups apart, those that lie together
/// longest ([`crate::graph::Joins`]); where nothing is known of that, each but the last component in turn is set against all that follow.
///
/// With `m` and `t` the masses of the two groups and `T = tr M`, the two values are `√(T t / (m (m + t)))` and `−√(T m / (t (m + t)))`.
pub(super) fn vectors(op: &Operator, k: usize) -> Array2<f64> {
    let count = op.components.count();
    let columns = k.min(count);
    let mut masses = vec![0.0; count];
    for (&c, &m) in op.components.of.iter().zip(op.mass.iter()) {
        masses[c as usize] += m;
    }
    let total: f64 = masses.iter().sum();
    let in_turn = |c: u32| [vec![c], (c + 1..count as u32).collect()];
    let splits: Vec<[Vec<u32>; 2]> = match &op.joins {
        Some(joins) => joins.splits().iter().take(columns.saturating_sub(1)).cloned().collect(),
        None => (0..columns.saturating_sub(1) as u32).map(in_turn).collect(),
    };
    let mut values = Array2::from_shape_fn((count, columns), |(_, j)| if j == 0 { 1.0 } else { 0.0 });
    for (j, [one, other]) in (1..).zip(&splits) {
        let [m, t] = [one, other].map(|group| group.iter().map(|&c| masses[c as usize]).sum::<f64>());
        for &c in one {
            values[[c as usize, j]] = (total * t / (m * (m + t))).sqrt();
        }
        for &c in other {
            values[[c as usize, j]] = -(total * m / (t * (m + t))).sqrt();
        }
    }
    Array2::from_shape_fn((op.len(), columns), |(i, j)| values[[op.components.of[i] as usize, j]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Csr;
    use crate::recipe::{Distance, Laplacian};

    #[test]
    fn the_first_vectors_tell_groups_of_parts_apart() {
        // Pairs of samples: 0 and 1 near 0, 2 and 3 near 50.
        let edges: Vec<_> = (0..4).flat_map(|p| [(2 * p, 2 * p + 1, 1.0), (2 * p + 1, 2 * p, 1.0)]).collect();
        let graph = Csr::from_triplets(8, &edges).expect("pairs");
        let places = Array2::from_shape_fn((8, 1), |(i, _)| [0.0, 3.0, 50.0, 52.0][i / 2] + 0.1 * (i % 2) as f32);
        let alone = Operator::new(graph, Laplacian::RandomWalk).expect("an operator");
        let operator = alone.clone().joined(places.view(), Distance::Euclidean);
        let found = vectors(&operator, 2);
        let side = |i: usize| found[[i, 1]] > 0.0;
        assert!(side(0) == side(3) && side(4) == side(7) && side(0) != side(4), "{found}");
        for operator in [&operator, &alone] {
            let all = vectors(operator, 9);
            let gram = operator.gram(all.view(), all.view()) / operator.total_mass();
            assert!((gram - Array2::<f64>::eye(4)).iter().all(|off| off.abs() < 1e-12));
        }
    }
}
