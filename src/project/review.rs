//! Which rows to look at first, and how a cluster falls into two.

use ndarray::{Array2, ArrayView2, Axis};

use crate::graph::{Components, Csr, Operator};
use crate::measure;
use crate::model::confidence;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Starts of the k-means that splits a cluster.
const STARTS: usize = 10;
/// A component that is at least one in so many of a cluster's rows is a part of its own.
const APART: usize = 20;
/// Residual at which the Fiedler vector is good enough to see where it falls apart.
const TOLERANCE: f64 = 1e-6;

/// How clear the choice of each sample's cluster is: the margin between the distances to the nearest and the next centre,
/// `(d₂ − d₁) / (d₂ + d₁)`, of the rows that were clustered, `n × k`. None where there are not as many of them as samples.
#[must_use]
pub fn margins(rows: ArrayView2<'_, f64>, clusters: &[u32]) -> Option<Vec<f64>> {
    if rows.nrows() != clusters.len() || rows.is_empty() {
        return None;
    }
    Some(confidence(rows, measure::regroup(rows, clusters).centroids.view()))
}

/// The share of each sample's edges, by weight, that lead to samples of its own cluster; 1 where it has no edge.
#[must_use]
pub fn agreement(affinity: &Csr, clusters: &[u32]) -> Vec<f64> {
    let share = |i: usize| {
        let (columns, weights) = affinity.row(i);
        let all: f64 = weights.iter().sum();
        let same = columns.iter().zip(weights).filter(|(j, _)| clusters.get(**j as usize) == clusters.get(i));
        if all > 0.0 { same.map(|(_, weight)| weight).sum::<f64>() / all } else { 1.0 }
    };
    (0..affinity.len()).map(share).collect()
}

/// The samples by how clear their cluster is, the least clear first: their [`margins`] times the [`agreement`] of their neighbours, where
/// there is a graph. Samples that are as clear stand in their order.
#[must_use]
pub fn least_confident(rows: ArrayView2<'_, f64>, clusters: &[u32], graph: Option<&Csr>) -> Vec<u32> {
    let Some(mut clear) = margins(rows, clusters) else { return (0..clusters.len() as u32).collect() };
    if let Some(graph) = graph.filter(|graph| graph.len() == clear.len()) {
        for (clear, agreement) in clear.iter_mut().zip(agreement(graph, clusters)) {
            *clear *= agreement;
        }
    }
    let mut order: Vec<u32> = (0..clear.len() as u32).collect();
    order.sort_by(|&a, &b| clear[a as usize].total_cmp(&clear[b as usize]));
    order
}

/// The samples of a cluster, ascending, in two by their own part of the graph: the Fiedler vector of the edges among them, and k-means on
/// it. A part that no edge ties to the rest is one of the two. The larger part first.
///
/// # Errors
/// [`Error::Data`] where there are fewer than two samples or nothing tells them apart, and those of the solver.
pub fn split_graph(operator: &Operator, samples: &[u32], seed: u64) -> Result<[Vec<u32>; 2]> {
    let inside = part_of(&operator.affinity, samples);
    let components = Components::of(&inside);
    let mut by_size: Vec<(usize, u32)> = components.sizes.iter().copied().zip(0..).collect();
    by_size.sort_by_key(|&(size, at)| (std::cmp::Reverse(size), at));
    let (Some(&(_, first)), second) = (by_size.first(), by_size.get(1).map_or(0, |s| s.0)) else { return Err(alike()) };
    let of = |which: bool| {
        let members = samples.iter().zip(&components.of).filter(|(_, of)| (**of == first) == which);
        members.map(|(&i, _)| i).collect::<Vec<u32>>()
    };
    let (largest, rest) = (of(true), of(false));
    if second > 1 && second * APART >= samples.len() {
        return Ok(in_order([largest, rest]));
    }
    if largest.len() < 3 {
        return Err(alike());
    }
    let connected = Operator::new(part_of(&operator.affinity, &largest), operator.kind)?;
    let exact = crate::exact::solve(&connected, 2, TOLERANCE, seed, &Progress::silent())?;
    let fiedler = exact.space.vectors.slice(ndarray::s![.., 1..2]);
    let places: Vec<u32> = (0..largest.len() as u32).collect();
    let [large, small] =
        split(fiedler, &places, seed)?.map(|part| part.iter().map(|&at| largest[at as usize]).collect());
    // A few rows that nothing ties to either go with the larger.
    Ok(in_order([[large, rest].concat(), small]))
}

fn in_order(mut parts: [Vec<u32>; 2]) -> [Vec<u32>; 2] {
    for part in &mut parts {
        part.sort_unstable();
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

fn alike() -> Error {
    Error::Data("the cluster cannot be split: nothing tells its rows apart".to_owned())
}

/// The edges among some samples, ascending, numbered by their places among them.
fn part_of(graph: &Csr, samples: &[u32]) -> Csr {
    let (mut offsets, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    for &sample in samples {
        let (to, weights) =
            if (sample as usize) < graph.len() { graph.row(sample as usize) } else { (&[][..], &[][..]) };
        for (other, &weight) in to.iter().zip(weights) {
            if let Ok(at) = samples.binary_search(other) {
                columns.push(at as u32);
                values.push(weight);
            }
        }
        offsets.push(columns.len());
    }
    Csr { offsets, columns, values }
}

/// The samples of a cluster in two: k-means on their rows, each column brought to one size first, since those that tell parts of one
/// cluster apart vary little in it. The larger part first.
///
/// # Errors
/// [`Error::Data`] where the rows are all alike.
pub fn split(rows: ArrayView2<'_, f64>, samples: &[u32], seed: u64) -> Result<[Vec<u32>; 2]> {
    let places: Vec<usize> = samples.iter().map(|&i| i as usize).filter(|&i| i < rows.nrows()).collect();
    let mut of_them: Array2<f64> = rows.select(Axis(0), &places);
    for mut column in of_them.columns_mut() {
        let mean = column.mean().unwrap_or_default();
        column -= mean;
        let size = column.dot(&column).sqrt();
        // What a solver leaves of a constant column is noise.
        let noise = 1e-9 * mean.abs() * (column.len() as f64).sqrt();
        column.mapv_inplace(|v| if size > noise { v / size } else { 0.0 });
    }
    if places.len() < 2 {
        return Err(alike());
    }
    let found = measure::kmeans(of_them.view(), 2, STARTS, seed, &Progress::silent())?;
    let part = |which: u32| {
        let members = places.iter().zip(&found.assignment).filter(|(_, of)| **of == which);
        members.map(|(&i, _)| i as u32).collect::<Vec<u32>>()
    };
    let parts = in_order([part(0), part(1)]);
    if parts[1].is_empty() { Err(alike()) } else { Ok(parts) }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::recipe::Laplacian;

    #[test]
    fn the_row_between_two_centres_comes_first() {
        let rows = array![[0.0, 1.0], [0.1, 1.0], [0.45, 1.0], [1.0, 1.0], [0.9, 1.0]];
        assert_eq!(least_confident(rows.view(), &[0, 0, 0, 1, 1], None)[0], 2);
        assert_eq!(least_confident(rows.slice(ndarray::s![..0, ..]), &[], None), Vec::<u32>::new());
        // All that the last one is tied to lies in the other cluster.
        let ties = [(0, 1, 1.0), (1, 2, 1.0), (0, 4, 3.0)];
        let both: Vec<_> = ties.iter().flat_map(|&(i, j, w)| [(i, j, w), (j, i, w)]).collect();
        let graph = Csr::from_triplets(5, &both).expect("inside");
        assert_eq!(agreement(&graph, &[0, 0, 0, 1, 1]), [0.25, 1.0, 1.0, 1.0, 0.0]);
        assert_eq!(least_confident(rows.view(), &[0, 0, 0, 1, 1], Some(&graph))[0], 4);
    }

    #[test]
    fn a_cluster_of_two_clumps_falls_into_them_also_where_another_column_is_larger() {
        let rows = Array2::from_shape_fn((60, 3), |(i, j)| match j {
            0 => 1.0,
            1 => {
                if i % 3 == 0 {
                    1e-4
                } else {
                    -1e-4
                }
            }
            _ => {
                if i >= 50 {
                    4.0
                } else {
                    0.0
                }
            }
        });
        let samples: Vec<u32> = (0..48).collect();
        let [large, small] = split(rows.view(), &samples, 0).expect("two clumps");
        assert_eq!((large.len(), small.len()), (32, 16));
        assert!(small.iter().all(|i| i % 3 == 0));
        let alike = split(Array2::ones((5, 2)).view(), &[0, 1, 2], 0).expect_err("nothing tells them apart");
        assert!(alike.to_string().contains("nothing tells"), "{alike}");
    }

    #[test]
    fn a_cluster_falls_apart_where_its_own_graph_is_thinnest() {
        // Two cliques of six with one edge between them, and a third that the cluster does not hold.
        let mut edges = Vec::new();
        let mut tie = |a: u32, b: u32| edges.extend([(a, b, 1.0), (b, a, 1.0)]);
        for clique in 0..3 {
            for a in 0..6 {
                (a + 1..6).for_each(|b| tie(6 * clique + a, 6 * clique + b));
            }
        }
        tie(5, 6);
        tie(11, 12);
        edges.sort_by_key(|e| (e.0, e.1));
        let operator = |edges: &[(u32, u32, f64)]| {
            Operator::new(Csr::from_triplets(18, edges).expect("a graph"), Laplacian::RandomWalk).expect("symmetric")
        };
        let samples: Vec<u32> = (0..12).collect();
        let mut parts = split_graph(&operator(&edges), &samples, 0).expect("two cliques");
        parts.sort();
        assert_eq!(parts, [(0..6).collect::<Vec<u32>>(), (6..12).collect()]);
        edges.retain(|&(a, b, _)| ![(5, 6), (6, 5)].contains(&(a, b)));
        let mut parts = split_graph(&operator(&edges), &samples, 0).expect("two components");
        parts.sort();
        assert_eq!(parts, [(0..6).collect::<Vec<u32>>(), (6..12).collect()]);
        assert!(split_graph(&operator(&edges), &[3], 0).is_err());
    }
}
