//! The colour of a cluster's number, one for all sides, the figures and the window.

use std::cmp::Reverse;

use crate::pipeline::Snapshot;

/// For each cluster number the number of its colour, the same on every side, since clusters that match have one number
/// ([`crate::measure::Clustering::numbered_as`]): that of the class which the leading side's cluster shares most samples with, so that
/// classes and clusters that are the same group look alike. Without labels a number is its own colour.
#[must_use]
pub fn cluster_colours(snapshot: &Snapshot) -> Vec<usize> {
    let sides = [&snapshot.exact, &snapshot.learned].into_iter().flatten().map(|s| &s.clusters);
    let k = sides.chain(snapshot.baseline.as_ref().map(|b| &b.0)).map(|c| c.centroids.nrows()).max().unwrap_or(0);
    match (snapshot.leading_clusters(), &snapshot.data.labels) {
        (Some(leading), Some(labels)) => matched(&leading.assignment, k, &labels.ids, labels.names.len()),
        _ => (0..k).collect(),
    }
}

/// For each of `k` clusters the class it shares most samples with, each class given once, the largest overlap first;
/// clusters beyond the number of classes get the numbers after the last class.
fn matched(clusters: &[u32], k: usize, classes: &[u32], number: usize) -> Vec<usize> {
    let mut overlap = vec![0_u32; k * number];
    for (&cluster, &class) in clusters.iter().zip(classes) {
        let (cluster, class) = (cluster as usize, class as usize);
        if cluster < k && class < number {
            overlap[cluster * number + class] += 1;
        }
    }
    let mut order: Vec<usize> = (0..overlap.len()).collect();
    order.sort_by_key(|&i| (Reverse(overlap[i]), i));
    let mut colors = vec![None; k];
    let mut taken = vec![false; number];
    for i in order {
        let (cluster, class) = (i / number, i % number);
        if colors[cluster].is_none() && !taken[class] {
            colors[cluster] = Some(class);
            taken[class] = true;
        }
    }
    let mut next = number;
    let mut beyond = || {
        next += 1;
        next - 1
    };
    colors.into_iter().map(|color| color.unwrap_or_else(&mut beyond)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture::snapshot;

    #[test]
    fn a_cluster_takes_the_colour_of_the_class_it_covers() {
        assert_eq!(matched(&[0, 0, 1, 1, 2], 3, &[1, 1, 0, 0, 2], 3), [1, 0, 2]);
    }

    #[test]
    fn clusters_without_a_class_get_new_colours() {
        assert_eq!(matched(&[0, 0, 1, 2], 3, &[0, 0, 0, 0], 1), [0, 1, 2]);
        assert_eq!(matched(&[], 2, &[], 0), [0, 1]);
    }

    #[test]
    fn without_labels_a_number_is_its_own_colour() {
        let mut ring = snapshot(30);
        assert_eq!(cluster_colours(&ring), [0, 1, 2]);
        ring.data.labels = None;
        assert_eq!(cluster_colours(&ring), [0, 1, 2]);
    }
}
