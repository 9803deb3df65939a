//! An affinity that is given rather than built, and parts of one.

use super::Csr;
use crate::data::Entry;
use crate::{Error, Result};

/// The affinity of `n` samples from given entries, and what a person should know about it. Entries at the same place are added, those
/// on the diagonal left out (they change no Laplacian), and what is not symmetric becomes `(A + Aᵀ)/2`.
///
/// # Errors
/// [`Error::Data`] when an entry lies outside the `n × n` matrix or no edge remains.
pub fn given(entries: Vec<Entry>, n: usize) -> Result<(Csr, Vec<String>)> {
    let mut notes = Vec::new();
    let all = entries.len();
    let mut edges = entries;
    edges.retain(|&(i, j, value)| i != j && value > 0.0);
    if edges.is_empty() {
        return Err(Error::Data(format!("the given affinity joins none of the {n} samples")));
    }
    let diagonal = all - edges.len();
    if diagonal > 0 {
        notes.push(format!(
            "{diagonal} weights on the diagonal of the given affinity were left out: they change nothing"
        ));
    }
    let one_sided = Csr::from_triplets(n, &edges)?;
    let other = one_sided.transpose();
    if one_sided == other {
        return Ok((one_sided, notes));
    }
    drop(edges);
    let mut halves = Vec::with_capacity(2 * one_sided.values.len());
    for i in 0..n {
        let (columns, values) = one_sided.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            halves.push((i as u32, j, 0.5 * value));
            halves.push((j, i as u32, 0.5 * value));
        }
    }
    let symmetric = Csr::from_triplets(n, &halves)?;
    let gap = largest_gap(&symmetric, &one_sided);
    let largest = symmetric.values.iter().copied().fold(0.0, f64::max);
    if gap > 1e-9 * largest {
        notes.push(format!(
            "the given affinity is not symmetric: the two weights of a pair differ by up to {:.3e}, and each became the mean of both",
            2.0 * gap
        ));
    }
    Ok((symmetric, notes))
}

/// The largest difference between entries of `whole` and those of `part`, whose entries are among them.
fn largest_gap(whole: &Csr, part: &Csr) -> f64 {
    let mut gap = 0.0_f64;
    for i in 0..whole.len() {
        let (columns, values) = whole.row(i);
        let (own, weights) = part.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            let there = own.binary_search(&j).map_or(0.0, |at| weights[at]);
            gap = gap.max((value - there).abs());
        }
    }
    gap
}

/// The affinity among some of the nodes, numbered in the order in which they stand in `rows`, each at most once.
#[must_use]
pub fn among(affinity: &Csr, rows: &[usize]) -> Csr {
    let mut number = std::collections::HashMap::with_capacity(rows.len());
    for (new, &old) in rows.iter().enumerate() {
        number.insert(old as u32, new as u32);
    }
    let mut part = Csr { offsets: vec![0], columns: Vec::new(), values: Vec::new() };
    let mut row = Vec::new();
    for &old in rows {
        let (columns, values) = affinity.row(old);
        row.clear();
        row.extend(columns.iter().zip(values).filter_map(|(j, &value)| number.get(j).map(|&new| (new, value))));
        row.sort_unstable_by_key(|&(j, _)| j);
        part.columns.extend(row.iter().map(|&(j, _)| j));
        part.values.extend(row.iter().map(|&(_, value)| value));
        part.offsets.push(part.columns.len());
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_becomes_a_symmetric_graph_and_changes_are_said() {
        let (w, notes) = given(vec![(0, 1, 2.0), (1, 0, 2.0), (2, 1, 1.0), (1, 2, 1.0)], 3).expect("a graph");
        assert!(notes.is_empty() && w.values == [2.0, 2.0, 1.0, 1.0]);
        let (w, notes) = given(vec![(0, 1, 2.0), (1, 1, 9.0), (2, 1, 1.0), (2, 1, 0.5)], 3).expect("a graph");
        assert_eq!((w.columns.as_slice(), w.values.as_slice()), (&[1, 0, 2, 1][..], &[1.0, 1.0, 0.75, 0.75][..]));
        assert!(notes[0].contains("diagonal") && notes[1].contains("not symmetric"), "{notes:?}");
        assert!(given(vec![(0, 0, 1.0)], 3).expect_err("no edge").to_string().contains("none of the 3"));
        assert!(given(vec![(0, 3, 1.0)], 3).is_err());
    }

    #[test]
    fn a_part_keeps_the_weights_among_its_nodes() {
        let (w, _) = given(vec![(0, 1, 1.0), (1, 0, 1.0), (1, 3, 2.0), (3, 1, 2.0), (0, 2, 5.0), (2, 0, 5.0)], 4)
            .expect("a graph");
        let part = among(&w, &[3, 0, 1]);
        assert!(part.is_well_formed());
        assert_eq!((part.columns.as_slice(), part.values.as_slice()), (&[2, 2, 0, 1][..], &[2.0, 1.0, 2.0, 1.0][..]));
    }
}
