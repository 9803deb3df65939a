//! How well points lie in their own clusters, without labels.

use std::collections::BTreeMap;

use ndarray::ArrayView2;
use rayon::prelude::*;

/// Mean silhouette (Rousseeuw, 1987) of at most `most` of the rows, evenly spread, among each other: `(b − a) / max(a, b)` of the mean
/// distances to a row's own cluster and to the nearest other one, 0 for a row that is alone in its cluster. From −1 to 1; `None` with fewer
/// than two clusters.
#[must_use]
pub fn silhouette(rows: ArrayView2<'_, f64>, assignment: &[u32], most: usize) -> Option<f64> {
    let n = rows.nrows().min(assignment.len());
    let step = n.div_ceil(most.max(2)).max(1);
    let some: Vec<usize> = (0..n).step_by(step).collect();
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for &i in &some {
        *sizes.entry(assignment[i]).or_default() += 1;
    }
    if sizes.len() < 2 {
        return None;
    }
    let place: BTreeMap<u32, usize> = sizes.keys().enumerate().map(|(at, &cluster)| (cluster, at)).collect();
    let counts: Vec<usize> = sizes.values().copied().collect();
    let of = |i: usize| place[&assignment[i]];
    let one = |&i: &usize| {
        let mut sums = vec![0.0; counts.len()];
        for &j in &some {
            let apart = rows.row(i).iter().zip(rows.row(j)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
            sums[of(j)] += apart;
        }
        let own = of(i);
        if counts[own] < 2 {
            return 0.0;
        }
        let inside = sums[own] / (counts[own] - 1) as f64;
        let others = (0..counts.len()).filter(|&c| c != own).map(|c| sums[c] / counts[c] as f64);
        let outside = others.fold(f64::INFINITY, f64::min);
        let widest = inside.max(outside);
        if widest > 0.0 { (outside - inside) / widest } else { 0.0 }
    };
    // In order, so that the sum does not hang on the threads.
    let all: Vec<f64> = some.par_iter().map(one).collect();
    Some(all.iter().sum::<f64>() / all.len() as f64)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn worked_out_by_hand() {
        let rows = array![[0.0], [1.0], [10.0], [12.0]];
        // a and b: 1 and 11, 1 and 10, 2 and 9.5, 2 and 11.5.
        let wanted = (10.0 / 11.0 + 9.0 / 10.0 + 7.5 / 9.5 + 9.5 / 11.5) / 4.0;
        let found = silhouette(rows.view(), &[0, 0, 7, 7], 100).expect("two clusters");
        assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
        assert!(silhouette(rows.view(), &[0, 7, 0, 7], 100).expect("two clusters") < 0.0, "the wrong way round");
        assert_eq!(silhouette(rows.view(), &[3; 4], 100), None);
    }

    #[test]
    fn some_of_many_rows_tell_about_as_much() {
        let rows = Array2::from_shape_fn((1000, 2), |(i, j)| {
            f64::from(u8::from(i >= 500)) * 5.0 + ((i * 7919 + j * 31) as f64 * 0.618).fract()
        });
        let assignment: Vec<u32> = (0..1000).map(|i| u32::from(i >= 500)).collect();
        let (all, some) = (silhouette(rows.view(), &assignment, 1000), silhouette(rows.view(), &assignment, 100));
        assert!((all.expect("two") - some.expect("two")).abs() < 0.03);
        let alone: Vec<u32> = (0..1000).map(|i| u32::from(i == 0)).collect();
        assert!(silhouette(rows.view(), &alone, 1000).is_some_and(f64::is_finite));
    }
}
