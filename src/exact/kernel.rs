//! The eigenvectors of eigenvalue 0: constant on every component.

use ndarray::Array2;

use crate::graph::Operator;

/// The first `k` of an `M`-orthogonal basis of the kernel, columns of mean square 1: the constant vector, then for each
/// component but the last a vector that sets it against all that follow and is 0 on all before.
///
/// With `m` the mass of component `j`, `t` that of those after it and `T = tr M`, the two values are `√(T t / (m (m + t)))`
/// and `−√(T m / (t (m + t)))`.
pub(super) fn vectors(op: &Operator, k: usize) -> Array2<f64> {
    let count = op.components.count();
    let mut masses = vec![0.0; count];
    for (&c, &m) in op.components.of.iter().zip(op.mass.iter()) {
        masses[c as usize] += m;
    }
    // after[j] is the mass of components j + 1, j + 2, ….
    let mut after = vec![0.0; count];
    for j in (0..count.saturating_sub(1)).rev() {
        after[j] = after[j + 1] + masses[j + 1];
    }
    let total = after.first().map_or(0.0, |rest| rest + masses[0]);
    let columns: Vec<(f64, f64)> = masses
        .iter()
        .zip(&after)
        .take(k.min(count).saturating_sub(1))
        .map(|(&m, &t)| ((total * t / (m * (m + t))).sqrt(), -(total * m / (t * (m + t))).sqrt()))
        .collect();
    Array2::from_shape_fn((op.len(), columns.len() + 1), |(i, column)| {
        let c = op.components.of[i] as usize;
        match column.checked_sub(1) {
            None => 1.0,
            Some(j) if c < j => 0.0,
            Some(j) if c == j => columns[j].0,
            Some(j) => columns[j].1,
        }
    })
}
