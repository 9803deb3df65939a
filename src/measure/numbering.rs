//! One numbering for clusterings of the same samples: what is the same cluster has the same number.

use std::cmp::Reverse;
use std::collections::HashMap;

use ndarray::Axis;

use super::Clustering;

impl Clustering {
    /// The same clusters under the numbers of `guide`, another clustering of the same samples: the largest overlap takes its number
    /// first, each number goes once, and what finds none takes those that are left, in its own order. Numbers stay `0..k`.
    #[must_use]
    pub fn numbered_as(mut self, guide: &[u32]) -> Self {
        let k = self.centroids.nrows();
        let numbers = numbers_of(&self.assignment, k, guide);
        for cluster in &mut self.assignment {
            *cluster = numbers.get(*cluster as usize).copied().unwrap_or(*cluster);
        }
        let mut from = vec![0; k];
        for (old, &new) in numbers.iter().enumerate() {
            from[new as usize] = old;
        }
        self.centroids = self.centroids.select(Axis(0), &from);
        self
    }
}

/// For each of `k` clusters its number in `0..k`, as [`Clustering::numbered_as`] gives them.
fn numbers_of(assignment: &[u32], k: usize, guide: &[u32]) -> Vec<u32> {
    let mut counts: HashMap<(u32, u32), usize> = HashMap::new();
    for (&cluster, &number) in assignment.iter().zip(guide) {
        if (cluster as usize) < k && (number as usize) < k {
            *counts.entry((cluster, number)).or_default() += 1;
        }
    }
    let mut overlaps: Vec<((u32, u32), usize)> = counts.into_iter().collect();
    overlaps.sort_unstable_by_key(|&(pair, count)| (Reverse(count), pair));
    let mut numbers = vec![None; k];
    let mut taken = vec![false; k];
    for ((cluster, number), _) in overlaps {
        let (cluster, at) = (cluster as usize, number as usize);
        if numbers[cluster].is_none() && !taken[at] {
            (numbers[cluster], taken[at]) = (Some(number), true);
        }
    }
    // As many numbers are free as clusters are without one.
    let mut free = (0..k as u32).filter(|&number| !taken[number as usize]);
    numbers.into_iter().map(|number| number.or_else(|| free.next()).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_same_cluster_takes_the_guides_number_and_its_centre_goes_along() {
        let own =
            Clustering { assignment: vec![0, 0, 0, 1, 1, 2], centroids: array![[0.0], [1.0], [2.0]], inertia: 0.5 };
        let numbered = own.clone().numbered_as(&[2, 2, 1, 0, 0, 1]);
        assert_eq!(numbered.assignment, [2, 2, 2, 0, 0, 1]);
        assert_eq!(numbered.centroids, array![[1.0], [2.0], [0.0]]);
        assert_eq!(numbered.clone().numbered_as(&numbered.assignment), numbered);
        assert_eq!(own.clone().numbered_as(&own.assignment), own);
    }

    #[test]
    fn clusters_without_a_number_take_those_that_are_left() {
        assert_eq!(numbers_of(&[0, 1, 1, 2], 3, &[1, 1, 1, 1]), [0, 1, 2], "all of the guide is one cluster");
        assert_eq!(numbers_of(&[0, 0, 1], 2, &[5, 5, 0]), [1, 0], "numbers beyond its own are nobody's");
        assert_eq!(numbers_of(&[0, 1], 2, &[]), [0, 1]);
    }
}
