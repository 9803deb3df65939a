//! Clusters against classes: accuracy, mutual information, Rand index.

use ndarray::Array2;

use super::{Scores, hungarian};
use crate::data::Labels;

/// How often each cluster (row) meets each class (column), `largest id + 1` of each; ids that do not occur give empty
/// rows and columns. Samples without a class are not counted.
#[must_use]
pub fn contingency(assignment: &[u32], labels: &[u32]) -> Array2<f64> {
    let size = |ids: &[u32]| ids.iter().filter(|&&id| id != Labels::UNLABELLED).max().map_or(0, |&id| id as usize + 1);
    let mut counts = Array2::zeros((size(assignment), size(labels)));
    for (&cluster, &class) in assignment.iter().zip(labels).filter(|(_, class)| **class != Labels::UNLABELLED) {
        counts[(cluster as usize, class as usize)] += 1.0;
    }
    counts
}

/// ACC, NMI and ARI of clusters against classes, whose numbers may differ, on the samples whose class is known. Which ids stand for which does not matter.
/// `None` where there is nothing to compare: no sample, or not one label for each.
#[must_use]
pub fn scores(assignment: &[u32], labels: &[u32]) -> Option<Scores> {
    if assignment.is_empty() || assignment.len() != labels.len() {
        return None;
    }
    let known = |&(_, class): &(u32, u32)| class != Labels::UNLABELLED;
    let (assignment, labels): (Vec<u32>, Vec<u32>) =
        assignment.iter().copied().zip(labels.iter().copied()).filter(known).unzip();
    if labels.is_empty() {
        return None;
    }
    let counts = contingency(&compact(&assignment), &compact(&labels));
    let matched: f64 =
        best_match(&counts).iter().enumerate().filter_map(|(row, column)| column.map(|c| counts[(row, c)])).sum();
    Some(Scores { acc: matched / assignment.len() as f64, nmi: mutual_information(&counts), ari: rand_index(&counts) })
}

/// Adjusted Rand index of two partitions; 1 for the same partition under other names, and for no samples at all.
#[must_use]
pub fn adjusted_rand(one: &[u32], other: &[u32]) -> f64 {
    rand_index(&contingency(&compact(one), &compact(other)))
}

/// For each cluster the class whose colour it takes: the one it is matched to, so that most samples keep their colour.
/// Clusters without a class of their own get new numbers, from the number of classes on.
#[must_use]
pub fn matching(assignment: &[u32], labels: &[u32]) -> Vec<u32> {
    let counts = contingency(assignment, labels);
    let mut fresh = counts.ncols() as u32;
    let own_or_fresh = |class: Option<usize>| {
        class.map_or_else(
            || {
                fresh += 1;
                fresh - 1
            },
            |class| class as u32,
        )
    };
    best_match(&counts).into_iter().map(own_or_fresh).collect()
}

/// The same partition with ids `0..number of parts`, in the order of the old ids.
fn compact(ids: &[u32]) -> Vec<u32> {
    let mut known = ids.to_vec();
    known.sort_unstable();
    known.dedup();
    ids.iter().map(|id| known.partition_point(|k| k < id) as u32).collect()
}

fn best_match(counts: &Array2<f64>) -> Vec<Option<usize>> {
    hungarian(counts.mapv(|count| -count).view())
}

/// Row sums, column sums and the total of a table of counts.
fn margins(counts: &Array2<f64>) -> (Vec<f64>, Vec<f64>, f64) {
    let rows: Vec<f64> = counts.rows().into_iter().map(|row| row.sum()).collect();
    let columns: Vec<f64> = counts.columns().into_iter().map(|column| column.sum()).collect();
    let total = rows.iter().sum();
    (rows, columns, total)
}

/// Mutual information over the arithmetic mean of the two entropies. Two partitions of one part each agree: 1.
fn mutual_information(counts: &Array2<f64>) -> f64 {
    let (rows, columns, total) = margins(counts);
    let entropy =
        |sums: &[f64]| -> f64 { sums.iter().filter(|&&s| s > 0.0).map(|&s| -(s / total) * (s / total).ln()).sum() };
    let mean = f64::midpoint(entropy(&rows), entropy(&columns));
    if mean <= 0.0 {
        return 1.0;
    }
    let mut shared = 0.0;
    for ((row, column), &count) in counts.indexed_iter() {
        if count > 0.0 {
            shared += count / total * (count * total / (rows[row] * columns[column])).ln();
        }
    }
    (shared / mean).clamp(0.0, 1.0)
}

/// Hubert and Arabie (1985), from numbers of pairs of samples.
fn rand_index(counts: &Array2<f64>) -> f64 {
    let (rows, columns, total) = margins(counts);
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let together: f64 = counts.iter().map(|&count| pairs(count)).sum();
    let in_rows: f64 = rows.iter().map(|&sum| pairs(sum)).sum();
    let in_columns: f64 = columns.iter().map(|&sum| pairs(sum)).sum();
    let all = pairs(total);
    if (together - in_rows).abs() < 0.5 && (together - in_columns).abs() < 0.5 {
        return 1.0;
    }
    let expected = in_rows * in_columns / all;
    (together - expected) / (f64::midpoint(in_rows, in_columns) - expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_clusters_do_not_matter() {
        let labels = [0, 0, 1, 1, 2, 2];
        let perfect = Scores { acc: 1.0, nmi: 1.0, ari: 1.0 };
        assert_eq!(scores(&[7, 7, 0, 0, 900_000_000, 900_000_000], &labels), Some(perfect));
        assert_eq!(matching(&[2, 2, 0, 0, 1, 1], &labels), [1, 2, 0]);
        let unlabelled = [0, u32::MAX, 1, 1, u32::MAX, 2];
        assert_eq!(scores(&[5, 6, 7, 7, 8, 8], &unlabelled), Some(perfect), "on the labelled samples alone");
        assert_eq!(scores(&[0, 1], &[u32::MAX; 2]), None);
        assert_eq!(matching(&[0, 1, 1], &[1, u32::MAX, 0]), [1, 0]);
    }

    #[test]
    fn more_clusters_than_classes_and_fewer() {
        let split = scores(&[0, 0, 1, 1, 2, 2], &[0, 0, 0, 0, 1, 1]).expect("as many labels as samples");
        assert!((split.acc - 4.0 / 6.0).abs() < 1e-15);
        let merged = scores(&[0, 0, 0, 0, 1, 1], &[0, 0, 1, 1, 2, 2]).expect("as many labels as samples");
        assert!((merged.acc - 4.0 / 6.0).abs() < 1e-15);
        assert!((split.nmi - merged.nmi).abs() < 1e-15 && (split.ari - merged.ari).abs() < 1e-15);
        let colours = matching(&[0, 1, 2, 3], &[1, 1, 0, 0]);
        let mut sorted = colours.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3], "every cluster has a colour of its own in {colours:?}");
    }

    #[test]
    fn one_cluster_and_nothing_at_all() {
        let one = scores(&[0, 0, 0, 0], &[0, 0, 1, 1]).expect("as many labels as samples");
        assert_eq!((one.acc, one.nmi, one.ari), (0.5, 0.0, 0.0));
        let same = scores(&[3, 3], &[5, 5]).expect("as many labels as samples");
        assert_eq!((same.acc, same.nmi, same.ari), (1.0, 1.0, 1.0));
        assert_eq!(scores(&[], &[]), None);
        assert_eq!(scores(&[0, 1], &[0]), None);
        assert!(matching(&[], &[]).is_empty());
    }
}
