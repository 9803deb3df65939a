//! Learned against exact: principal angles in the operator's own inner product.

use std::ops::Range;

use ndarray::{Array2, ArrayView2};

use super::cut::{dirichlet_energy, share_beyond};
use super::groups::{groups, ranges};
use super::{Agreement, adjusted_rand};
use crate::graph::Eigenspace;
use crate::graph::Operator;
use crate::support::gram_schmidt::{Column as _, PASSES, orthogonalize};

/// Compares the learned eigenspace with the exact one, both in the inner product `⟨u, v⟩ = uᵀMv`.
///
/// Columns are made orthonormal first, in their order, so a learned space need not be exactly so; columns that hang on
/// those before them are lost, and every one that is missing counts as `sin² = 1`.
///
/// Eigenvalues that coincide (see [`super::groups()`]) form a group, and each member carries the mean `sin²` of the principal
/// angles between the group's exact and learned columns. `spectrum` are the exact eigenvalues, ascending, with some beyond
/// the `k` compared: where a group goes on beyond the `k`-th value, which of its vectors the exact solver returned is an
/// accident. There `sin²` and Grassmann distance are upper bounds of the distance to the best choice: what the learned
/// vectors have outside the exact ones counts only as far as its Rayleigh quotient does not prove it to lie in the
/// group. Without a spectrum value after the group all of it counts.
#[must_use]
pub fn agreement(
    op: &Operator,
    learned: &Eigenspace,
    exact: &Eigenspace,
    spectrum: &[f64],
    learned_clusters: &[u32],
    exact_clusters: &[u32],
) -> Agreement {
    let k = exact.vectors.ncols();
    let n = exact.vectors.nrows();
    let mut values = exact.values.clone();
    values.extend(spectrum.iter().skip(k));
    let grouped = groups(&values, op.components.sizes.len(), n);
    let known = orthonormal(exact.vectors.view(), &op.mass);
    let found = orthonormal(learned.vectors.view(), &op.mass);
    let overlap = Array2::from_shape_fn((k, k), |(i, j)| match (&known[i], found.get(j)) {
        (Some(exact), Some(Some(learned))) => dot(exact, learned).powi(2),
        _ => 0.0,
    });
    let mut sin2 = Vec::with_capacity(k);
    let mut grassmann = k as f64 - overlap.sum();
    for group in ranges(&grouped[..k]) {
        let size = group.len() as f64;
        let mut miss = size - block(&overlap, group.clone(), group.clone());
        if grouped.get(k).is_some_and(|&first| first == group.start) {
            let beyond = values.iter().zip(&grouped).find(|&(_, &first)| first > group.start).map(|(&value, _)| value);
            let columns = found.iter().take(k).skip(group.start).flatten();
            miss -= columns.map(|y| in_group(op, y, &known, values[k], beyond)).sum::<f64>();
            let below = group.start as f64 - block(&overlap, 0..group.start, 0..k);
            grassmann = grassmann.min(below + miss);
        }
        sin2.extend(group.map(|_| (miss / size).clamp(0.0, 1.0)));
    }
    Agreement {
        grassmann: grassmann.clamp(0.0, k as f64),
        sin2,
        ari: adjusted_rand(learned_clusters, exact_clusters),
        groups: grouped[..k].to_vec(),
    }
}

/// How far the span of some columns lies from `exact` on the same rows, in the inner product that `mass` weighs: the part of the exact
/// columns' squared length that the span misses, `‖V − PV‖² / ‖V‖²`.
///
/// On the rows of the eigenvectors' own graph this is the Grassmann distance Σ sin² of the principal angles per dimension, and nearly so on a
/// fair sample of them. Where the sample leaves out the few rows on which a vector lives, what is left of it is next to nothing and is next to
/// nothing here, while an angle to it would be noise.
#[must_use]
pub fn span_distance(exact: ArrayView2<'_, f64>, other: ArrayView2<'_, f64>, mass: &[f64]) -> f64 {
    let found = orthonormal(other, mass);
    let (mut missed, mut whole) = (0.0, 0.0);
    for column in exact.columns() {
        let own: Vec<f64> = column.iter().zip(mass).map(|(v, m)| v * m.sqrt()).collect();
        let length = dot(&own, &own);
        whole += length;
        missed += length - found.iter().flatten().map(|b| dot(&own, b).powi(2)).sum::<f64>();
    }
    if whole > 0.0 { (missed / whole).clamp(0.0, 1.0) } else { 1.0 }
}

/// The sum of a block of a matrix.
fn block(of: &Array2<f64>, rows: Range<usize>, columns: Range<usize>) -> f64 {
    rows.map(|i| columns.clone().map(|j| of[(i, j)]).sum::<f64>()).sum()
}

/// How much of the unit vector `y` (scaled by √M) is proven to lie in the part of the cut group beyond the known vectors.
fn in_group(op: &Operator, y: &[f64], known: &[Option<Vec<f64>>], inside: f64, beyond: Option<f64>) -> f64 {
    let mut rest = y.to_vec();
    for exact in known.iter().flatten() {
        rest[..].subtract(dot(exact, y), &exact.as_slice());
    }
    let size = dot(&rest, &rest);
    if size <= f64::EPSILON {
        return 0.0;
    }
    let plain: Vec<f64> = rest.iter().zip(op.mass.iter()).map(|(r, m)| r / m.sqrt()).collect();
    size * (1.0 - share_beyond(dirichlet_energy(&op.affinity, &plain) / size, inside, beyond))
}

/// Columns of `√M V` made orthonormal one after the other. `None` for a column that has nothing of its own left.
pub(super) fn orthonormal(vectors: ArrayView2<'_, f64>, mass: &[f64]) -> Vec<Option<Vec<f64>>> {
    let mut done: Vec<Option<Vec<f64>>> = Vec::with_capacity(vectors.ncols());
    for column in vectors.columns() {
        let mut own: Vec<f64> = column.iter().zip(mass).map(|(v, m)| v * m.sqrt()).collect();
        let others = done.iter().flatten().map(Vec::as_slice);
        let left = orthogonalize(&mut own[..], others, PASSES, 1e-8);
        done.push(left.map(|left| own.iter().map(|value| value / left).collect()));
    }
    done
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.inner(&b)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;
    use std::sync::Arc;

    use super::*;
    use crate::graph::{Components, Csr};
    use crate::recipe::Laplacian;

    /// A ring of `n` nodes, whose eigenvalues `2 − 2cos(2πj/n)` come in pairs, with the given masses.
    fn ring(n: usize, mass: Vec<f64>) -> Operator {
        let columns = (0..n as u32)
            .flat_map(|i| {
                let mut ends = [(i + n as u32 - 1) % n as u32, (i + 1) % n as u32];
                ends.sort_unstable();
                ends
            })
            .collect();
        Operator {
            affinity: Arc::new(Csr { offsets: (0..=n).map(|i| 2 * i).collect(), columns, values: vec![1.0; 2 * n] }),
            degrees: Arc::new(vec![2.0; n]),
            mass: Arc::new(mass),
            kind: Laplacian::Unnormalized,
            components: Arc::new(Components { of: vec![0; n], sizes: vec![n] }),
            joins: None,
        }
    }

    fn value(n: usize, j: usize) -> f64 {
        2.0 - 2.0 * (2.0 * PI * j as f64 / n as f64).cos()
    }

    /// Constant, then cosine and sine of each frequency.
    fn waves(n: usize, k: usize) -> Array2<f64> {
        Array2::from_shape_fn((n, k), |(i, j)| {
            let angle = 2.0 * PI * (i * j.div_ceil(2)) as f64 / n as f64;
            match j {
                0 => 1.0,
                _ if j % 2 == 1 => 2.0_f64.sqrt() * angle.cos(),
                _ => 2.0_f64.sqrt() * angle.sin(),
            }
        })
    }

    fn spectrum(n: usize, k: usize) -> Vec<f64> {
        (0..k).map(|j| value(n, j.div_ceil(2))).collect()
    }

    fn space(values: &[f64], vectors: Array2<f64>) -> Eigenspace {
        Eigenspace { values: values.to_vec(), vectors }
    }

    /// Columns `a` and `b` turned by `angle`.
    fn turned(mut vectors: Array2<f64>, a: usize, b: usize, angle: f64) -> Array2<f64> {
        let (sin, cos) = angle.sin_cos();
        for mut row in vectors.rows_mut() {
            let (x, y) = (row[a], row[b]);
            row[a] = cos * x - sin * y;
            row[b] = sin * x + cos * y;
        }
        vectors
    }

    fn first(vectors: &Array2<f64>, k: usize) -> Array2<f64> {
        vectors.select(ndarray::Axis(1), &(0..k).collect::<Vec<_>>())
    }

    fn close(found: &[f64], wanted: &[f64]) -> bool {
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < 1e-9)
    }

    #[test]
    fn a_plane_tilted_out_of_the_space_shows_its_angle() {
        let n = 60;
        let op = ring(n, vec![1.0; n]);
        let values = spectrum(n, 7);
        let exact = space(&values[..3], waves(n, 3));
        let tilted = turned(waves(n, 7), 2, 5, 0.3);
        let learned = space(&values[..3], first(&tilted, 3));
        let found = agreement(&op, &learned, &exact, &values, &[0, 1], &[1, 0]);
        let sin2 = 0.3_f64.sin().powi(2);
        assert!((found.grassmann - sin2).abs() < 1e-9, "{found:?}");
        assert!(close(&found.sin2, &[0.0, sin2 / 2.0, sin2 / 2.0]), "{found:?}");
        assert_eq!((found.groups, found.ari), (vec![0, 1, 1], 1.0));
    }

    #[test]
    fn turning_within_a_pair_is_no_error_but_between_eigenvalues_it_is() {
        let n = 60;
        let op = ring(n, vec![1.0; n]);
        let values = spectrum(n, 9);
        let exact = space(&values[..5], waves(n, 5));
        let within = space(&values[..5], turned(waves(n, 5), 1, 2, 1.1));
        let found = agreement(&op, &within, &exact, &values, &[], &[]);
        assert!(found.grassmann < 1e-9 && close(&found.sin2, &[0.0; 5]), "{found:?}");
        let between = space(&values[..5], turned(waves(n, 5), 2, 3, 0.2));
        let found = agreement(&op, &between, &exact, &values, &[], &[]);
        let half = 0.2_f64.sin().powi(2) / 2.0;
        assert!(found.grassmann < 1e-9 && close(&found.sin2, &[0.0, half, half, half, half]), "{found:?}");
    }

    #[test]
    fn any_vector_of_a_cut_pair_is_right() {
        let n = 60;
        let op = ring(n, vec![1.0; n]);
        let values = spectrum(n, 5);
        let exact = space(&values[..2], waves(n, 2));
        let other = first(&turned(waves(n, 3), 1, 2, 1.0), 2);
        let found = agreement(&op, &space(&values[..2], other.clone()), &exact, &values, &[], &[]);
        assert!(found.grassmann < 1e-9 && close(&found.sin2, &[0.0, 0.0]), "{found:?}");
        let wrong = first(&turned(waves(n, 5), 1, 3, 0.4), 2);
        let found = agreement(&op, &space(&values[..2], wrong), &exact, &values, &[], &[]);
        assert!((found.sin2[1] - 0.4_f64.sin().powi(2)).abs() < 1e-9, "what lies beyond the pair counts: {found:?}");
        let blind = agreement(&op, &space(&values[..2], other), &exact, &values[..3], &[], &[]);
        assert!((blind.sin2[1] - 1.0_f64.sin().powi(2)).abs() < 1e-9, "no value beyond the pair is known: {blind:?}");
    }

    #[test]
    fn a_vector_that_lives_on_rows_left_out_is_no_distance_on_the_others() {
        // Two halves and three rows of their own: vectors of a graph in three parts, a little of the last leaking into the others.
        let part = |i: usize| if i < 50 { 0 } else { usize::from(i < 97) + usize::from(i >= 97) * 2 };
        let vectors = |leak: f64| {
            Array2::from_shape_fn((100, 3), |(i, j)| {
                let of = if part(i) == j { 1.0 } else { 0.0 };
                of * if j == 2 { 5.0 } else { 1.0 } + leak * ((i * (j + 2)) as f64).sin()
            })
        };
        let (exact, other) = (vectors(0.0), vectors(1e-3));
        let on = |rows: std::ops::Range<usize>| {
            let of = |all: &Array2<f64>| all.slice(ndarray::s![rows.clone(), ..]).to_owned();
            span_distance(of(&exact).view(), of(&other).view(), &vec![1.0; rows.len()])
        };
        assert!(on(0..100) < 1e-4, "{}", on(0..100));
        assert!(on(0..97) < 1e-4, "{}", on(0..97));
        let missed = span_distance(exact.view(), exact.slice(ndarray::s![.., ..2]), &[1.0; 100]);
        assert!((missed - 75.0 / 172.0).abs() < 1e-12, "the third holds 3 · 25 of 50 + 47 + 75: {missed}");
    }

    #[test]
    fn lost_columns_count_whole_and_masses_weigh() {
        let n = 60;
        let op = ring(n, vec![1.0; n]);
        let values = spectrum(n, 7);
        let exact = space(&values[..5], waves(n, 5));
        let fewer = space(&values[..3], waves(n, 3));
        let found = agreement(&op, &fewer, &exact, &values, &[], &[]);
        assert!((found.grassmann - 2.0).abs() < 1e-9 && close(&found.sin2, &[0.0, 0.0, 0.0, 1.0, 1.0]), "{found:?}");
        let mut twice = waves(n, 5);
        let copy = twice.column(3).to_owned();
        twice.column_mut(4).assign(&copy);
        let found = agreement(&op, &space(&values[..5], twice), &exact, &values, &[], &[]);
        assert!((found.grassmann - 1.0).abs() < 1e-9 && close(&found.sin2[3..], &[0.5, 0.5]), "{found:?}");

        let heavy = ring(4, vec![1.0, 4.0, 9.0, 16.0]);
        let unit = |row: usize| Array2::from_shape_fn((4, 1), |(i, _)| if i == row { 1.0 } else { 0.0 });
        let mix = &unit(0) + &unit(1);
        let found = agreement(&heavy, &space(&[0.0], mix), &space(&[0.0], unit(1)), &[0.0, 1.0], &[], &[]);
        assert!((found.grassmann - 0.2).abs() < 1e-12, "mass 1 against 4: {found:?}");
    }
}
