//! Which eigenvalues count as one, because single eigenvectors of theirs mean nothing.

/// How close two eigenvalues of a graph of `n` nodes must be, relative to the larger, to form a group: `1/√n`, at most 1 %.
///
/// A graph is a sample, and `1/√n` is the noise of its eigenvalues: closer ones change places when other samples are drawn,
/// as the pairs of a circle do, which coincide in the limit and are a little apart in any sample.
#[must_use]
pub fn group_tolerance(n: usize) -> f64 {
    (1.0 / (n.max(1) as f64).sqrt()).min(0.01)
}

/// For each of the ascending `values` the index of the first member of its group.
///
/// The first `components` values, the zeros of a graph that falls into so many parts, are one group whatever rounding
/// made of them. Above, a group is a value and those that follow within [`group_tolerance`] of it, counted from its first
/// member so that no chain of small steps makes a wide group. Values below 10⁻¹² of the largest are zeros.
#[must_use]
pub fn groups(values: &[f64], components: usize, n: usize) -> Vec<usize> {
    let tolerance = group_tolerance(n);
    let zero = 1e-12 * values.iter().fold(0.0_f64, |most, &v| most.max(v.abs()));
    let mut first = Vec::with_capacity(values.len());
    for (i, &value) in values.iter().enumerate() {
        let joins = first.last().is_some_and(|&start: &usize| {
            if i < components {
                return true;
            }
            let apart = value - values[start];
            start >= components && apart <= tolerance * value.abs() || apart <= zero
        });
        first.push(if joins { first[i - 1] } else { i });
    }
    first
}

/// The members of each group, as ranges of indices in order.
pub(super) fn ranges(groups: &[usize]) -> Vec<std::ops::Range<usize>> {
    groups.chunk_by(|a, b| a == b).map(|members| members[0]..members[0] + members.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_one_group_and_stay_apart_from_tiny_values() {
        let values = [-3e-17, 1e-16, 4e-10, 1e-6, 4e-6, 0.1];
        assert_eq!(groups(&values, 3, 7000), [0, 0, 0, 3, 4, 5]);
        assert_eq!(
            groups(&values[..2], 1, 7000),
            [0, 1],
            "nothing else to compare with: two values of rounding's size"
        );
        assert_eq!(groups(&[0.0, 1e-6, 1.0], 1, 7000), [0, 1, 2]);
    }

    #[test]
    fn pairs_of_a_circle_are_groups_and_steps_do_not_chain() {
        assert_eq!(groups(&[0.0, 0.100, 0.1005, 0.4, 0.402], 1, 5000), [0, 1, 1, 3, 3]);
        let steps: Vec<f64> = (0..6).map(|i| 1.0 + 0.006 * f64::from(i)).collect();
        assert_eq!(groups(&steps, 0, 100), [0, 0, 2, 2, 4, 4]);
        assert_eq!(ranges(&[0, 0, 2, 3, 3]), [0..2, 2..3, 3..5]);
        assert!(ranges(&[]).is_empty());
    }

    #[test]
    fn larger_graphs_are_resolved_finer() {
        assert!(group_tolerance(0) <= 0.01 && (group_tolerance(70_000) - 0.003_78).abs() < 1e-5);
    }
}
