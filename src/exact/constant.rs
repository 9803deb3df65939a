//! The one eigenvector that every graph has: the constant one, with eigenvalue 0.

use faer::Mat;
use ndarray::{Array1, Array2};

use crate::graph::Eigenspace;
use crate::graph::Operator;

/// Squared cosine above which a span counts as holding the constant vector.
const HELD: f64 = 0.9;

/// Turn the columns so that the first lies as near to the constant vector as the span allows, and the rest stay Ritz vectors among
/// themselves. Where the second eigenvalue is far below what the span resolves (10⁻⁸ beside ripples of 10⁻⁴), the plain Ritz
/// rotation of the two is noise, and this one is not. The span, and so every distance between spaces, stays as it is; values are
/// those of the turned columns, so the second may come out below the first.
pub(crate) fn constant_first(space: &mut Eigenspace, operator: &Operator) {
    let k = space.values.len();
    let total = operator.total_mass();
    let along: Array1<f64> = space.vectors.t().dot(&Array1::from(operator.mass.to_vec())) / total;
    let held = along.dot(&along);
    if k < 2 || held < HELD {
        return;
    }
    // A reflection that takes the first axis to the constant's direction; its other columns span the rest.
    let mut normal = &along / held.sqrt();
    let sign = if normal[0] > 0.0 { 1.0 } else { -1.0 };
    normal[0] += sign;
    let length = normal.dot(&normal);
    let turn =
        Array2::from_shape_fn((k, k), |(i, j)| f64::from(u8::from(i == j)) - 2.0 * normal[i] * normal[j] / length)
            * -sign;
    let values = Array1::from(space.values.clone());
    let energy = |i: usize, j: usize| (0..k).map(|p| turn[[p, i]] * values[p] * turn[[p, j]]).sum::<f64>();
    let rest = Mat::from_fn(k - 1, k - 1, |i, j| energy(i + 1, j + 1));
    let Ok(eigen) = rest.self_adjoint_eigen(faer::Side::Lower) else { return };
    let mut whole = Array2::zeros((k, k));
    whole.column_mut(0).assign(&turn.column(0));
    for j in 1..k {
        for p in 0..k {
            whole[[p, j]] = (1..k).map(|i| turn[[p, i]] * eigen.U()[(i - 1, j - 1)]).sum();
        }
    }
    space.vectors = space.vectors.dot(&whole);
    space.values = std::iter::once(energy(0, 0)).chain(eigen.S().column_vector().iter().copied()).collect();
}

/// Whether the first vector of a space is the constant one, which carries no picture. A learned constant is only nearly one: half of
/// the vector's squared length in its mean is none of the others'.
#[must_use]
pub(crate) fn first_is_constant(space: &Eigenspace) -> bool {
    let Some(column) = space.vectors.columns().into_iter().next() else { return false };
    let n = column.len().max(1) as f64;
    let (mean, square) = (column.sum() / n, column.dot(&column) / n);
    mean * mean > 0.5 * square
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    #[test]
    fn a_mixed_pair_is_parted_and_the_span_stays() {
        let path: Vec<(u32, u32, f64)> = (0..9).flat_map(|i| [(i, i + 1, 1.0), (i + 1, i, 1.0)]).collect();
        let operator = Operator::new(Csr::from_triplets(10, &path).expect("a path"), Laplacian::Unnormalized)
            .expect("an operator");
        let wave =
            |k: usize, i: usize| 2.0_f64.sqrt() * (std::f64::consts::PI * k as f64 * (i as f64 + 0.5) / 10.0).cos();
        let (sin, cos) = 0.4_f64.sin_cos();
        let pure = Array2::from_shape_fn((10, 3), |(i, j)| if j == 0 { 1.0 } else { wave(j, i) });
        let mut space = Eigenspace {
            values: vec![1e-9, 2e-9, 0.5],
            vectors: Array2::from_shape_fn((10, 3), |(i, j)| match j {
                0 => cos * pure[[i, 0]] + sin * pure[[i, 1]],
                1 => cos * pure[[i, 1]] - sin * pure[[i, 0]],
                _ => pure[[i, 2]],
            }),
        };
        constant_first(&mut space, &operator);
        assert!(space.vectors.column(0).iter().all(|v| (v - 1.0).abs() < 1e-12));
        for j in 1..3 {
            let along = space.vectors.column(j).dot(&pure.column(j)) / 10.0;
            assert!((along.abs() - 1.0).abs() < 1e-12, "column {j}: {along}");
        }
        assert!((space.values.iter().sum::<f64>() - 0.500_000_003).abs() < 1e-15);
    }

    #[test]
    fn a_first_vector_that_is_nearly_constant_is_the_constant_one() {
        let of = |first: &[f64]| {
            let vectors = Array2::from_shape_fn((first.len(), 1), |(i, _)| first[i]);
            first_is_constant(&Eigenspace { values: vec![0.0], vectors })
        };
        assert!(of(&[1.0; 4]) && of(&[-1.0, -0.9, -1.2, -0.8]), "either sign, and as a network has it");
        assert!(!of(&[1.0, 1.0, -1.0, -1.0]) && !of(&[1.0, 0.0, 0.0, 0.0]) && !of(&[0.0; 4]));
        assert!(!first_is_constant(&Eigenspace { values: Vec::new(), vectors: Array2::zeros((4, 0)) }));
    }
}
