//! k-means: greedy k-means++ and Lloyd's iteration, the best of several starts, the same on any number of threads.

use std::cmp::Reverse;
use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis, Slice};
use rayon::prelude::*;

use super::samples::{Feature, Samples, nearest};
use super::{Clustering, lloyd, seeding};
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// Squared movement of all centres that ends a start, in variances of a column.
const TOLERANCE: f64 = 1e-4;
/// Samples above which k-means on features looks for its centres in a part, the size of that part, the starts there, and the random
/// stream that draws it, beyond those of the starts.
const LARGE: usize = 20_000;
const PART: usize = 10_000;
const PART_STARTS: usize = 4;
/// Starts whose results are held at once.
const AT_ONCE: usize = 64;

/// Clusters the rows of `x`, `n × d`, into at most `k` clusters: fewer where there are fewer distinct rows. Of `starts`
/// random starts, each from a stream of `seed` of its own, the one with the least inertia is kept.
///
/// A start seeds by greedy k-means++ (Arthur and Vassilvitskii, 2007, with `2 + ln k` candidates for each centre) and
/// iterates until the centres' squared movement is below 10⁻⁴ of the mean variance of a column, or 300 times.
///
/// # Errors
/// `--clusters` or `--starts` of 0, no sample, a value that is not finite, or [`Error::Cancelled`].
pub fn kmeans<T: Feature>(
    x: ArrayView2<'_, T>,
    k: usize,
    starts: usize,
    seed: u64,
    progress: &Progress<'_>,
) -> Result<Clustering> {
    check(x, k, starts)?;
    ended(x, |samples, _, tolerance| {
        let one_start = |start: usize| -> Result<lloyd::Fit> {
            let mut rng = rng(seed, Stream::KMeans, start as u64);
            let centres = samples.rows(&seeding::plus_plus(samples, k.min(samples.n), &mut rng, progress)?);
            let fit = lloyd::iterate(samples, centres, tolerance, progress)?;
            progress.at((start + 1) as f32 / starts as f32, "k-means")?;
            Ok(fit)
        };
        let better = |a: lloyd::Fit, b: lloyd::Fit| if b.inertia < a.inertia { b } else { a };
        // Small data is one piece, so the starts are what can be done at once; large data goes through memory start by start.
        let best = if samples.pieces() < 8 {
            let mut best: Option<lloyd::Fit> = None;
            for from in (0..starts).step_by(AT_ONCE) {
                let some = from..starts.min(from.saturating_add(AT_ONCE));
                let fits: Vec<lloyd::Fit> = some.into_par_iter().map(one_start).collect::<Result<_>>()?;
                best = best.into_iter().chain(fits).reduce(better);
            }
            best
        } else {
            let first = one_start(0)?;
            Some((1..starts).try_fold(first, |best, start| Ok::<_, Error>(better(best, one_start(start)?)))?)
        };
        best.ok_or_else(|| Error::Numerics("k-means gave no result".to_owned()))
    })
}

/// The clustering that `fit` ends at. It is given the samples brought to a common size, what they were divided by, and the squared movement
/// at which an iteration ends.
fn ended<T: Feature>(
    x: ArrayView2<'_, T>,
    fit: impl FnOnce(&Samples<'_, T>, f64, f64) -> Result<lloyd::Fit>,
) -> Result<Clustering> {
    let (n, d) = x.dim();
    let x = x.as_standard_layout(); // Of which there is a slice.
    let values = x.as_slice().unwrap_or_default();
    let (scale, scaled) = to_common_size(values);
    let samples = Samples::new(scaled.as_deref().unwrap_or(values), n, d);
    let fit = fit(&samples, scale, TOLERANCE * mean_variance(&samples))?;
    Ok(by_falling_size(&fit, d, scale))
}

/// [`kmeans`] for raw features, which are long: above [`LARGE`] samples a few starts are tried on a random part of them, and the best one's
/// centres go on with all.
///
/// # Errors
/// As [`kmeans`].
pub fn kmeans_of_features(
    x: ArrayView2<'_, f32>,
    k: usize,
    starts: usize,
    seed: u64,
    progress: &Progress<'_>,
) -> Result<Clustering> {
    let n = x.nrows();
    if n <= LARGE {
        return kmeans(x, k, starts, seed, progress);
    }
    check(x, k, starts)?;
    let mut rng = rng(seed, Stream::KMeansPart, 0);
    let mut part = rand::seq::index::sample(&mut rng, n, PART).into_vec();
    part.sort_unstable();
    let found = kmeans(x.select(Axis(0), &part).view(), k, starts.min(PART_STARTS), seed, progress)?;
    if found.centroids.nrows() < k {
        return kmeans(x, k, 1, seed, progress); // The part has fewer distinct rows.
    }
    ended(x, |samples, scale, tolerance| {
        let centres = found.centroids.iter().map(|&c| (c / scale) as f32).collect();
        lloyd::iterate(samples, centres, tolerance, progress)
    })
}

/// Whether there is something to cluster, and in finite numbers.
fn check<T: Feature>(x: ArrayView2<'_, T>, k: usize, starts: usize) -> Result<()> {
    let (n, d) = x.dim();
    if k == 0 || k > u32::MAX as usize {
        return Err(Error::Setting(format!("--clusters {k}: k-means needs at least 1 cluster")));
    }
    if starts == 0 {
        return Err(Error::Setting("--starts 0: k-means needs at least 1 start".to_owned()));
    }
    if n == 0 {
        return Err(Error::Data("there are no samples to cluster".to_owned()));
    }
    if d == 0 {
        return Err(Error::Data("the samples have no columns to cluster by".to_owned()));
    }
    let rows = |range: Range<usize>| x.slice_axis(Axis(0), Slice::from(range)).iter().position(|v| !v.is_finite());
    let piece = n.div_ceil(64);
    let found = (0..n.div_ceil(piece)).into_par_iter().find_map_first(|p| {
        let from = p * piece;
        rows(from..(from + piece).min(n)).map(|at| from * d + at)
    });
    if let Some(at) = found {
        return Err(Error::Data(format!(
            "k-means needs finite numbers; row {}, column {} of what is to be clustered is none",
            at / d + 1,
            at % d + 1
        )));
    }
    Ok(())
}

/// The nearest of `centroids`, `k × d`, for each row of `x`, `n × d`: the label of samples that took no part in
/// [`kmeans`]. Of equally near ones the first. Without centroids every label is 0. Columns that one of the two does not
/// have are left out of the distance.
#[must_use]
pub fn assign<T: Feature>(x: ArrayView2<'_, T>, centroids: ArrayView2<'_, f64>) -> Vec<u32> {
    let d = x.ncols().min(centroids.ncols());
    if d == 0 {
        return vec![0; x.nrows()];
    }
    let centres: Vec<T> = centroids.slice_axis(Axis(1), Slice::from(..d)).iter().map(|&c| T::nearest(c)).collect();
    let (x, width) = (x.as_standard_layout(), x.ncols()); // Of which there is a slice.
    let rows = x.as_slice().unwrap_or_default().par_chunks(width).with_min_len(64);
    rows.map(|row| nearest(&row[..d], &centres, d).0).collect()
}

/// Values whose squares would overflow or vanish, brought near 1 by a power of two, and that power; `None` where there is no need.
fn to_common_size<T: Feature>(values: &[T]) -> (f64, Option<Vec<T>>) {
    let largest = values.iter().fold(0.0_f64, |most, &v| most.max(v.into().abs()));
    if largest == 0.0 || (1e-6..1e6).contains(&largest) {
        return (1.0, None);
    }
    let scale = largest.log2().floor().exp2();
    (scale, Some(values.iter().map(|&v| T::nearest(v.into() / scale)).collect()))
}

/// Variance of a column, averaged over the columns.
fn mean_variance<T: Feature>(samples: &Samples<'_, T>) -> f64 {
    let sums = |piece: usize| {
        let mut sums = vec![[0.0; 2]; samples.d];
        let first = samples.row(0);
        for i in samples.range(piece) {
            for ((sum, &value), &origin) in sums.iter_mut().zip(samples.row(i)).zip(first) {
                let away = value.into() - origin.into();
                sum[0] += away;
                sum[1] += away * away;
            }
        }
        sums
    };
    let parts: Vec<_> = (0..samples.pieces()).into_par_iter().map(sums).collect();
    let n = samples.n as f64;
    let variance = |column: usize| {
        let [sum, squares] = parts.iter().fold([0.0; 2], |a, p| [a[0] + p[column][0], a[1] + p[column][1]]);
        (squares / n - (sum / n).powi(2)).max(0.0)
    };
    (0..samples.d).map(variance).sum::<f64>() / samples.d as f64
}

/// The clustering of the rows of `x`, `n × d`, that an assignment found otherwise stands for: clusters numbered anew by falling size, centres
/// that are the means of their rows.
#[must_use]
pub fn regroup(x: ArrayView2<'_, f64>, assignment: &[u32]) -> Clustering {
    let d = x.ncols();
    let clusters = assignment.iter().max().map_or(0, |&most| most as usize + 1);
    let (mut centres, mut sizes) = (vec![0.0; clusters * d], vec![0.0_f64; clusters]);
    for (row, &cluster) in x.rows().into_iter().zip(assignment) {
        sizes[cluster as usize] += 1.0;
        centres[cluster as usize * d..].iter_mut().zip(row).for_each(|(sum, v)| *sum += v);
    }
    for (j, size) in sizes.iter().enumerate() {
        centres[j * d..(j + 1) * d].iter_mut().for_each(|sum| *sum /= size.max(1.0));
    }
    let apart = |(row, &cluster): (ArrayView1<'_, f64>, &u32)| -> f64 {
        row.iter().zip(&centres[cluster as usize * d..]).map(|(v, c)| (v - c).powi(2)).sum()
    };
    let inertia = x.rows().into_iter().zip(assignment).map(apart).sum();
    by_falling_size(&lloyd::Fit { centres, assignment: assignment.to_vec(), inertia }, d, 1.0)
}

/// Drops empty clusters, numbers the others by falling size, ties by their first sample, and returns to the samples' scale.
fn by_falling_size(fit: &lloyd::Fit, d: usize, scale: f64) -> Clustering {
    let mut sizes = vec![(0_usize, usize::MAX); fit.centres.len() / d];
    for (i, &cluster) in fit.assignment.iter().enumerate() {
        let (size, first) = &mut sizes[cluster as usize];
        *size += 1;
        *first = (*first).min(i);
    }
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&j| sizes[j].0 > 0).collect();
    order.sort_by_key(|&j| (Reverse(sizes[j].0), sizes[j].1));
    let mut number = vec![0; sizes.len()];
    for (new, &old) in order.iter().enumerate() {
        number[old] = new as u32;
    }
    Clustering {
        assignment: fit.assignment.iter().map(|&cluster| number[cluster as usize]).collect(),
        centroids: Array2::from_shape_fn((order.len(), d), |(j, c)| scale * fit.centres[order[j] * d + c]),
        inertia: scale * scale * fit.inertia,
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    fn quiet(x: &Array2<f64>, k: usize) -> Clustering {
        kmeans(x.view(), k, 4, 7, &Progress::silent()).expect("finite samples and settings")
    }

    /// Uniform clouds of falling size around the corners `10·j` of a diagonal.
    fn clouds(sizes: &[usize], d: usize) -> (Array2<f64>, Vec<u32>) {
        let mut rng = rng(1, Stream::Data, 0);
        let labels: Vec<u32> = sizes.iter().enumerate().flat_map(|(j, &size)| vec![j as u32; size]).collect();
        let x = Array2::from_shape_fn((labels.len(), d), |(i, _)| 10.0 * f64::from(labels[i]) + rng.random::<f64>());
        (x, labels)
    }

    #[test]
    fn clouds_are_found_and_numbered_by_size() {
        for d in [1, 2, 9, 40] {
            let (x, labels) = clouds(&[900, 500, 300, 299], d);
            let found = quiet(&x, 4);
            assert_eq!(found.assignment, labels, "{d} columns");
            for j in 0..4 {
                let rows: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == j).collect();
                let mean = x.select(Axis(0), &rows).mean_axis(Axis(0)).expect("no cloud is empty");
                let off = (&mean - &found.centroids.row(j as usize)).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
                assert!(off < 1e-9, "centre {j} is {off} from the mean of its samples");
            }
        }
    }

    #[test]
    fn bounds_never_change_the_result() {
        let mut rng = rng(5, Stream::Data, 0);
        for (n, d, k) in [(3000, 3, 40), (3000, 3, 90), (2000, 20, 5), (2000, 40, 5), (700, 2, 17)] {
            let x = Array2::from_shape_fn((n, d), |_| rng.random::<f64>());
            let found = quiet(&x, k);
            let mut inertia = 0.0;
            for (row, &cluster) in x.rows().into_iter().zip(&found.assignment) {
                let apart: Vec<f64> =
                    found.centroids.rows().into_iter().map(|c| (&c - &row).iter().map(|v| v * v).sum()).collect();
                let least = apart.iter().copied().fold(f64::INFINITY, f64::min);
                assert!(apart[cluster as usize] <= least + 1e-12, "a nearer centre was missed");
                inertia += least;
            }
            assert!((found.inertia / inertia - 1.0).abs() < 1e-12);
            assert_eq!(assign(x.view(), found.centroids.view()), found.assignment);
            for j in 0..k {
                let rows: Vec<usize> = (0..n).filter(|&i| found.assignment[i] == j as u32).collect();
                let mean = x.select(Axis(0), &rows).mean_axis(Axis(0)).expect("no cluster is empty");
                let off = (&mean - &found.centroids.row(j)).iter().map(|v| v * v).sum::<f64>().sqrt();
                assert!(off < 0.02, "it ended near a fixed point, not {off} from one");
            }
        }
    }

    #[test]
    fn threads_and_memory_order_do_not_matter() {
        let mut rng = rng(2, Stream::Data, 0);
        let x = Array2::from_shape_fn((4000, 6), |_| rng.random::<f64>());
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
        let many = rayon::ThreadPoolBuilder::new().num_threads(5).build().expect("five threads");
        let once = alone.install(|| quiet(&x, 8));
        assert_eq!(once, many.install(|| quiet(&x, 8)));
        let by_columns = x.t().as_standard_layout().reversed_axes().into_owned();
        assert!(!by_columns.is_standard_layout());
        assert_eq!(once, quiet(&by_columns, 8));
    }

    #[test]
    fn fewer_distinct_rows_than_clusters() {
        let x = Array2::from_shape_fn((50, 2), |(i, _)| (i % 3) as f64);
        let found = quiet(&x, 10);
        assert_eq!((found.centroids.nrows(), found.inertia), (3, 0.0));
        assert_eq!(found.assignment[..4], [0, 1, 2, 0]);
        let same = quiet(&Array2::ones((5, 3)), 2);
        assert_eq!((same.assignment, same.centroids.nrows()), (vec![0; 5], 1));
        let alone = quiet(&Array2::zeros((1, 1)), 4);
        assert_eq!(alone.assignment, [0]);
    }

    #[test]
    fn huge_and_tiny_values_cluster_as_their_shape_says() {
        let (x, labels) = clouds(&[300, 200], 3);
        for scale in [1e-30_f32, 1e30] {
            let scaled = x.mapv(|v| v as f32 * scale);
            let found = kmeans(scaled.view(), 2, 2, 0, &Progress::silent()).expect("finite samples");
            assert_eq!(found.assignment, labels, "scale {scale}");
            let centre = found.centroids[(1, 0)] / f64::from(scale);
            assert!((centre - 10.5).abs() < 0.2, "scale {scale}: {centre}");
        }
    }

    #[test]
    fn what_cannot_be_clustered_is_an_error_with_a_place() {
        let mut x = Array2::<f32>::zeros((4, 3));
        x[(2, 1)] = f32::NAN;
        let message = |k, starts, x: &Array2<f32>| {
            kmeans(x.view(), k, starts, 0, &Progress::silent()).expect_err("it cannot be clustered").to_string()
        };
        assert!(message(2, 1, &x).contains("row 3, column 2"));
        assert!(message(0, 1, &x).contains("--clusters"));
        assert!(message(2, 0, &x).contains("--starts"));
        assert!(message(2, 1, &Array2::zeros((0, 3))).contains("no samples"));
        assert!(message(2, 1, &Array2::zeros((3, 0))).contains("no columns"));
        let control = crate::support::progress::Control::new();
        control.cancel();
        let stopped = kmeans(Array2::<f32>::ones((9, 2)).view(), 2, 1, 0, &Progress::new(control, &|_, _| {}));
        assert!(matches!(stopped, Err(Error::Cancelled)));
    }

    #[test]
    fn many_rows_of_features_start_from_a_part_and_end_at_a_fixed_point() {
        let (x, labels) = clouds(&[12_000, 9000, 4000], 40);
        let x = x.mapv(|v| v as f32 * 1e9);
        let of = |x: &Array2<f32>, k| kmeans_of_features(x.view(), k, 10, 3, &Progress::silent());
        let found = of(&x, 3).expect("finite samples");
        assert_eq!(found.assignment, labels);
        let all = kmeans(x.view(), 3, 1, 3, &Progress::silent()).expect("finite samples");
        assert!((found.inertia / all.inertia - 1.0).abs() < 1e-6, "{} and {}", found.inertia, all.inertia);
        // A row that a part may well be without is a cluster all the same.
        let odd = Array2::from_shape_fn((LARGE + 1, 2), |(i, _)| f32::from(u8::from(i == 77)));
        assert_eq!(of(&odd, 2).expect("finite samples").centroids.nrows(), 2);
        let mut hole = x;
        hole[(20_123, 5)] = f32::NAN;
        let message = of(&hole, 3).expect_err("not a number").to_string();
        assert!(message.contains("row 20124, column 6"), "{message}");
    }

    #[test]
    fn assigning_copes_with_odd_shapes() {
        let x = Array2::<f32>::ones((3, 2));
        assert_eq!(assign(x.view(), Array2::zeros((0, 2)).view()), [0; 3]);
        assert_eq!(assign(x.view(), Array2::zeros((2, 0)).view()), [0; 3]);
        assert_eq!(assign(Array2::<f32>::zeros((0, 2)).view(), Array2::zeros((2, 2)).view()), [0_u32; 0]);
    }
}
