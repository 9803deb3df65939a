//! Recall@K: whether a sample's nearest neighbours are of its own class.

use ndarray::ArrayView2;
use serde::Serialize;

use crate::graph::nearest_neighbors;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Share of queries that find a sample of their class among their K nearest. Serialised under the numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Recall {
    /// K = 1.
    #[serde(rename = "1")]
    pub at_1: f64,
    /// K = 2.
    #[serde(rename = "2")]
    pub at_2: f64,
    /// K = 4.
    #[serde(rename = "4")]
    pub at_4: f64,
    /// K = 8.
    #[serde(rename = "8")]
    pub at_8: f64,
}

/// Recall of rows of `x`, `n × d`, by Euclidean distance: each row asks once, and all other rows may answer.
///
/// # Errors
/// Fewer than two rows, not one class for each, a value that is not finite, or [`Error::Cancelled`].
pub fn recall(x: ArrayView2<'_, f32>, classes: &[u32], progress: &Progress<'_>) -> Result<Recall> {
    let n = x.nrows();
    if n < 2 || classes.len() != n {
        return Err(Error::Data(format!("recall needs two samples with their classes, and there are {n}")));
    }
    let k = 8.min(n - 1);
    let neighbors = nearest_neighbors(x, k, progress)?;
    let mut hits = [0_usize; 4];
    for (found, class) in neighbors.indices.chunks(k).zip(classes) {
        if let Some(first) = found.iter().position(|&j| classes[j as usize] == *class) {
            for (hit, most) in hits.iter_mut().zip([1, 2, 4, 8]) {
                *hit += usize::from(first < most);
            }
        }
    }
    let [at_1, at_2, at_4, at_8] = hits.map(|h| h as f64 / n as f64);
    Ok(Recall { at_1, at_2, at_4, at_8 })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_hit_counts_from_its_place_on() {
        // On a line the nearest of each: 0 → 1, 1 → 0, 3 → 1 (of another class), then 0.
        let x = array![[0.0_f32], [1.0], [3.0]];
        let found = recall(x.view(), &[5, 7, 5], &Progress::silent()).expect("three rows");
        let third = 1.0 / 3.0;
        assert_eq!(found, Recall { at_1: 0.0, at_2: 2.0 * third, at_4: 2.0 * third, at_8: 2.0 * third });
        assert!(recall(x.view(), &[5, 7], &Progress::silent()).is_err());
    }
}
