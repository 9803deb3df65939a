//! From an eigenspace to clusters: which rows k-means sees, and what the graph says to its result.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use crate::graph::Eigenspace;
use crate::graph::Operator;
use crate::measure::Clustering;
use crate::recipe::{Grouping, Rows};
use crate::support::progress::Progress;
use crate::{Error, Result, measure};

/// What of its length the first vector beyond the clusters keeps where the diffusion time is `auto`: each share makes rows for
/// k-means to try. Vectors beyond the clusters hold parts of clusters; damped they still tell clusters apart that the first ones mix
/// up, and no longer split any. How much is right depends on the graph. The first serves where there is no time to try.
const KEPT: [f64; 3] = [0.8, 0.95, 0.6];
/// Diffusion time where no vector lies beyond the clusters.
const TIME: f64 = 50.0;

/// How hard to look for the best clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// One start of k-means on one set of rows, for a live picture.
    Glance,
    /// All starts of the recipe, all diffusion times, and moves along the graph.
    Full,
}

/// The rows of an eigenspace for k-means, `n × k`, the columns weighted by `weights` where they
/// are to be diffusion coordinates.
#[must_use]
pub fn rows(vectors: ArrayView2<'_, f64>, weights: Option<&[f64]>, how: Rows) -> Array2<f64> {
    let mut rows = vectors.to_owned();
    for (mut column, &weight) in rows.axis_iter_mut(Axis(1)).zip(weights.unwrap_or_default()) {
        column *= weight;
    }
    if matches!(how, Rows::Normalized | Rows::DiffusionNormalized) {
        for mut row in rows.rows_mut() {
            let length = row.dot(&row).sqrt();
            if length > 0.0 {
                row /= length;
            }
        }
    }
    rows
}

/// What makes eigenvectors diffusion coordinates after `time` steps: `(1 − λᵢ)ᵗ` for each (Coifman and Lafon, 2006).
///
/// `unit` is the eigenvalue at which a diffusion has died in one step: 1 for the random-walk Laplacian, the largest degree for the
/// unnormalised one.
#[must_use]
pub fn diffusion(values: &[f64], unit: f64, time: f64) -> Vec<f64> {
    values.iter().map(|&value| left(value, unit).powf(time)).collect()
}

/// What one step of diffusion leaves of a vector.
fn left(value: f64, unit: f64) -> f64 {
    (1.0 - value / unit).clamp(0.0, 1.0)
}

/// The diffusion times worth trying: the one given, or those after which the first vector beyond the clusters has kept the
/// [`KEPT`] shares of its length.
fn times(values: &[f64], unit: f64, clusters: usize, given: Option<f64>) -> Vec<f64> {
    if let Some(time) = given {
        return vec![time];
    }
    let beyond = values.get(clusters).map(|&v| left(v, unit));
    match beyond.filter(|s| (f64::EPSILON..1.0 - f64::EPSILON).contains(s)) {
        Some(share) => KEPT.map(|kept| kept.ln() / share.ln()).to_vec(),
        None => vec![TIME],
    }
}

/// Clusters from an eigenspace, and the diffusion time of the rows that were clustered, where they were diffusion coordinates.
///
/// k-means on the rows first, the least inertia of its starts. Diffusion coordinates of different times cannot be compared by their
/// inertia. Where one of them is bad, a cluster has swallowed another and a third is in pieces, so the time whose clusters are of
/// the most even sizes is taken. (The normalised cut does not tell: on clothes it prefers the swallowed ones.) Then samples move
/// along the graph as long as its normalised cut falls, as many rounds as the recipe allows.
///
/// # Errors
/// As [`measure::kmeans()`].
pub fn cluster(
    space: &Eigenspace,
    operator: &Operator,
    clusters: usize,
    effort: Effort,
    how: &Grouping,
    progress: &Progress<'_>,
) -> Result<(Clustering, Option<f64>)> {
    let full = effort == Effort::Full;
    let starts = if full { how.starts } else { 1 };
    let unit = operator.walk_unit();
    let tried: Vec<Option<f64>> = if how.rows.diffuse() {
        let times = times(&space.values, unit, clusters, how.diffusion_time);
        times.into_iter().take(if full { KEPT.len() } else { 1 }).map(Some).collect()
    } else {
        vec![None]
    };
    let mut best: Option<Candidate> = None;
    for time in tried {
        let weights = time.map(|time| diffusion(&space.values, unit, time));
        let rows = rows(space.vectors.view(), weights.as_deref(), how.rows);
        let found = in_any_order(rows.view(), |rows| measure::kmeans(rows, clusters, starts, how.seed, progress))?;
        let candidate = Candidate { evenness: measure::evenness(&found.assignment), rows, found, time };
        if best.as_ref().is_none_or(|best| candidate.evenness > best.evenness) {
            best = Some(candidate);
        }
    }
    let Candidate { rows, found, time, .. } =
        best.ok_or_else(|| Error::Numerics("k-means gave no result".to_owned()))?;
    let mut assignment = found.assignment.clone();
    let rounds = if full { how.refine } else { 0 };
    if measure::refine(&operator.affinity, &mut assignment, rounds) == 0 {
        return Ok((found, time));
    }
    Ok((measure::regroup(rows.view(), &assignment), time))
}

/// A clustering that does not hang on the order of the rows: `kmeans` draws its starts by their places, so it sees them in an order that their
/// values alone make, along a direction that is no vector's.
fn in_any_order(
    rows: ArrayView2<'_, f64>,
    kmeans: impl FnOnce(ArrayView2<'_, f64>) -> Result<Clustering>,
) -> Result<Clustering> {
    let along = |row: ArrayView1<'_, f64>| row.iter().zip(1_u32..).map(|(v, j)| v * f64::from(j).sqrt()).sum::<f64>();
    let places: Vec<f64> = rows.rows().into_iter().map(along).collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].total_cmp(&places[b]));
    let mut found = kmeans(rows.select(Axis(0), &order).view())?;
    let mut assignment = vec![0; order.len()];
    for (&i, &cluster) in order.iter().zip(&found.assignment) {
        assignment[i] = cluster;
    }
    found.assignment = assignment;
    Ok(found)
}

/// What one diffusion time gives.
struct Candidate {
    rows: Array2<f64>,
    found: Clustering,
    time: Option<f64>,
    /// Entropy of the clusters' sizes.
    evenness: f64,
}

/// Scores where there are labels.
#[must_use]
pub fn scores_of(clusters: &Clustering, labels: Option<&crate::data::Labels>) -> Option<measure::Scores> {
    labels.and_then(|labels| measure::scores(&clusters.assignment, &labels.ids))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    #[test]
    fn diffusion_damps_what_lies_beyond_the_clusters_to_its_share() {
        let values = [0.0, 0.01, 0.02, 0.05];
        let tried = times(&values, 1.0, 2, None);
        for (time, kept) in tried.iter().zip(KEPT) {
            let weights = diffusion(&values, 1.0, *time);
            assert!((weights[0] - 1.0).abs() < 1e-12 && (weights[2] - kept).abs() < 1e-12);
            assert!(weights.is_sorted_by(|a, b| a >= b));
        }
        assert_eq!(times(&values, 1.0, 4, None), [TIME], "no vector lies beyond");
        assert_eq!(times(&[0.0, 0.0, 1.0], 1.0, 2, None), [TIME], "no time damps all of it");
        assert_eq!(times(&values, 2.0, 2, Some(3.0)), [3.0]);
        assert!((diffusion(&values, 2.0, 3.0)[3] - 0.975_f64.powi(3)).abs() < 1e-12);
    }

    #[test]
    fn clusters_do_not_hang_on_the_order_of_the_rows() {
        // Ten blurred groups for four clusters: no start is the best by far.
        let n = 120_usize;
        let rows = Array2::from_shape_fn((n, 3), |(i, j)| {
            ((i % 10 * (j + 3)) as f64).sin() + 0.4 * ((i * i * (j + 1)) as f64 * 0.37).cos()
        });
        let shuffled: Vec<usize> = (0..n).map(|i| i * 77 % n).collect();
        let kmeans = |x: ArrayView2<'_, f64>| measure::kmeans(x, 4, 2, 0, &Progress::silent());
        let first = in_any_order(rows.view(), kmeans).expect("it clusters");
        let second = in_any_order(rows.select(Axis(0), &shuffled).view(), kmeans).expect("it clusters");
        let pairs = |found: &[u32], at: &dyn Fn(usize) -> usize| -> Vec<bool> {
            (0..n * n).map(|p| found[at(p / n)] == found[at(p % n)]).collect()
        };
        let mut back = vec![0; n];
        shuffled.iter().enumerate().for_each(|(to, &from)| back[from] = to);
        assert_eq!(pairs(&first.assignment, &|i| i), pairs(&second.assignment, &|i| back[i]));
    }

    #[test]
    fn rows_have_their_length_or_one() {
        let vectors = array![[1.0, 3.0, 4.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]];
        let weights = [1.0, 0.9, 0.8];
        let of = |how: Rows| rows(vectors.view(), how.diffuse().then_some(&weights[..]), how);
        assert_eq!(of(Rows::AsIs), vectors);
        assert!((of(Rows::Normalized).row(0).dot(&of(Rows::Normalized).row(0)) - 1.0).abs() < 1e-12);
        let (diffused, directions) = (of(Rows::Diffusion), of(Rows::DiffusionNormalized));
        assert!((diffused[[0, 2]] - 4.0 * 0.8).abs() < 1e-12);
        let length = diffused.row(0).dot(&diffused.row(0)).sqrt();
        assert!((&directions.row(0) * length - diffused.row(0)).iter().all(|d| d.abs() < 1e-12));
        assert_eq!(directions.row(2), vectors.row(2), "no direction to take");
    }

    #[test]
    fn the_time_of_the_most_even_clusters_is_chosen() {
        // A ring of 40 samples whose edges are weak in four places, and a second vector that is noise until it is damped.
        let n = 40_usize;
        let weight = |i: usize| if i % 10 == 9 { 0.01 } else { 1.0 };
        let mut ring = Csr { offsets: vec![0], columns: Vec::new(), values: Vec::new() };
        for i in 0..n {
            let mut row = [((i + n - 1) % n, weight((i + n - 1) % n)), ((i + 1) % n, weight(i))];
            row.sort_by_key(|e| e.0);
            ring.columns.extend(row.map(|e| e.0 as u32));
            ring.values.extend(row.map(|e| e.1));
            ring.offsets.push(ring.columns.len());
        }
        let operator = Operator::new(ring, Laplacian::RandomWalk).expect("a ring");
        let signs = |i: usize| [[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]][i / 10];
        let vectors = Array2::from_shape_fn((n, 5), |(i, j)| match j {
            0 => 1.0,
            1 | 2 => signs(i)[j - 1],
            _ => 3.0 * ((i * i * (j + 4)) as f64).sin(),
        });
        let space = Eigenspace { values: vec![0.0, 0.001, 0.001, 0.002, 0.2], vectors };
        let how = Grouping { rows: Rows::DiffusionNormalized, diffusion_time: None, starts: 3, refine: 0, seed: 0 };
        let silent = Progress::silent();
        let full = cluster(&space, &operator, 4, Effort::Full, &how, &silent).expect("it clusters");
        let glance = cluster(&space, &operator, 4, Effort::Glance, &how, &silent).expect("it clusters");
        let cut = |found: &Clustering| measure::normalized_cut(&operator.affinity, &found.assignment);
        let tried = times(&space.values, 1.0, 4, None);
        assert!(tried.iter().any(|&t| Some(t) == full.1) && glance.1 == Some(tried[0]));
        for &time in &tried {
            let alone = Grouping { diffusion_time: Some(time), ..how.clone() };
            let one = cluster(&space, &operator, 4, Effort::Full, &alone, &silent).expect("it clusters");
            assert!(
                measure::evenness(&one.0.assignment) <= measure::evenness(&full.0.assignment) && one.1 == Some(time)
            );
        }
        let again = rows(space.vectors.view(), Some(&diffusion(&space.values, 1.0, full.1.expect("a time"))), how.rows);
        assert_eq!(measure::assign(again.view(), full.0.centroids.view()), full.0.assignment);
        let refined = Grouping { refine: 20, ..how };
        let refined = cluster(&space, &operator, 4, Effort::Full, &refined, &silent).expect("it clusters");
        assert!(cut(&refined.0) <= cut(&full.0) && refined.0.centroids.dim() == (4, 5));
    }
}
