//! Exact neighbours in few dimensions: a k-d tree with bounding boxes.
//!
//! Duplicates are what breaks trees that split at a coordinate. Here a node is split in the middle of its points, ordered
//! by (coordinate, index), and pruned by its bounding box together with the lowest index inside it. So any number of
//! identical points is fine, both for the depth of the tree and for the time of a query.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::Neighbors;
use super::nearest::Nearest;
use crate::Result;
use crate::support::progress::Progress;

/// Dimensions for which a tree beats blocked products.
pub(super) const MOST_DIMENSIONS: usize = 10;
/// Points in a leaf.
const LEAF: usize = 12;
/// The index of a query that is no point of the tree.
const NOBODY: u32 = u32::MAX;
/// Queries that a thread takes at a time.
const QUERIES: usize = 256;

/// A node: its points are `start..end` of the tree's order. Children follow in preorder.
#[derive(Clone, Debug)]
struct Node<const D: usize> {
    low: [f32; D],
    high: [f32; D],
    start: u32,
    end: u32,
    /// The right child; 0 marks a leaf. The left child is the next node.
    right: u32,
    lowest_index: u32,
}

/// What finds the points nearest to one that is none of them.
pub(super) trait Find: Send + Sync {
    /// Offers every point that can be among the best, with its squared distance.
    fn find(&self, query: ArrayView1<'_, f32>, best: &mut Nearest<f64>);
}

impl<const D: usize> Find for Tree<D> {
    fn find(&self, query: ArrayView1<'_, f32>, best: &mut Nearest<f64>) {
        self.visit(0, &std::array::from_fn(|j| query[j]), NOBODY, best);
    }
}

/// A tree over the rows of `x`, where they have few enough dimensions.
pub(super) fn finder(x: ArrayView2<'_, f32>) -> Option<Arc<dyn Find>> {
    Some(match x.ncols() {
        1 => Arc::new(Tree::<1>::build(x)),
        2 => Arc::new(Tree::<2>::build(x)),
        3 => Arc::new(Tree::<3>::build(x)),
        4 => Arc::new(Tree::<4>::build(x)),
        5 => Arc::new(Tree::<5>::build(x)),
        6 => Arc::new(Tree::<6>::build(x)),
        7 => Arc::new(Tree::<7>::build(x)),
        8 => Arc::new(Tree::<8>::build(x)),
        9 => Arc::new(Tree::<9>::build(x)),
        MOST_DIMENSIONS => Arc::new(Tree::<MOST_DIMENSIONS>::build(x)),
        _ => return None,
    })
}

struct Tree<const D: usize> {
    points: Vec<[f32; D]>,
    indices: Vec<u32>,
    nodes: Vec<Node<D>>,
}

/// The `k` nearest of every row of `x`, `1 ≤ k < n` and `1 ≤ d ≤` [`MOST_DIMENSIONS`].
pub(super) fn search(x: ArrayView2<'_, f32>, k: usize, progress: &Progress<'_>) -> Result<Neighbors> {
    match x.ncols() {
        1 => run::<1>(x, k, progress),
        2 => run::<2>(x, k, progress),
        3 => run::<3>(x, k, progress),
        4 => run::<4>(x, k, progress),
        5 => run::<5>(x, k, progress),
        6 => run::<6>(x, k, progress),
        7 => run::<7>(x, k, progress),
        8 => run::<8>(x, k, progress),
        9 => run::<9>(x, k, progress),
        _ => run::<MOST_DIMENSIONS>(x, k, progress),
    }
}

fn run<const D: usize>(x: ArrayView2<'_, f32>, k: usize, progress: &Progress<'_>) -> Result<Neighbors> {
    let n = x.nrows();
    let tree = Tree::<D>::build(x);
    progress.at(0.1, "finding neighbours")?;
    let done = std::sync::atomic::AtomicUsize::new(0);
    // In the tree's order consecutive queries touch the same leaves.
    let found: Vec<(Vec<u32>, Vec<f32>)> = (0..n.div_ceil(QUERIES))
        .into_par_iter()
        .map(|chunk| {
            let at = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) * QUERIES;
            progress.at(0.1 + 0.9 * at as f32 / n as f32, "finding neighbours")?;
            let range = chunk * QUERIES..((chunk + 1) * QUERIES).min(n);
            let mut indices = Vec::with_capacity(range.len() * k);
            let mut distances = Vec::with_capacity(range.len() * k);
            let mut best = Nearest::new(k);
            for position in range {
                best.clear();
                tree.visit(0, &tree.points[position], tree.indices[position], &mut best);
                indices.extend_from_slice(best.indices());
                distances.extend(best.keys().iter().map(|d| d.sqrt() as f32));
            }
            Ok((indices, distances))
        })
        .collect::<Result<_>>()?;

    let (mut indices, mut distances) = (vec![0; n * k], vec![0.0; n * k]);
    let rows = found.iter().flat_map(|(i, d)| i.chunks_exact(k).zip(d.chunks_exact(k)));
    for (&sample, (row_indices, row_distances)) in tree.indices.iter().zip(rows) {
        let at = sample as usize * k;
        indices[at..at + k].copy_from_slice(row_indices);
        distances[at..at + k].copy_from_slice(row_distances);
    }
    Ok(Neighbors { k, indices, distances, recall: None })
}

impl<const D: usize> Tree<D> {
    fn build(x: ArrayView2<'_, f32>) -> Self {
        let points: Vec<[f32; D]> = x.rows().into_iter().map(|row| std::array::from_fn(|j| row[j])).collect();
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        let mut nodes = Vec::with_capacity(4 * points.len() / LEAF + 1);
        grow(&points, &mut order, 0, &mut nodes);
        Self { points: order.iter().map(|&i| points[i as usize]).collect(), indices: order, nodes }
    }

    /// Offer every point under `node` that can be among the best.
    fn visit(&self, node: usize, query: &[f32; D], itself: u32, best: &mut Nearest<f64>) {
        let here = &self.nodes[node];
        if here.right == 0 {
            for position in here.start as usize..here.end as usize {
                let index = self.indices[position];
                if index != itself {
                    best.offer(distance(query, &self.points[position]), index);
                }
            }
            return;
        }
        let (left, right) = (node + 1, here.right as usize);
        let near_left = (self.nodes[left].bound(query), self.nodes[left].lowest_index);
        let near_right = (self.nodes[right].bound(query), self.nodes[right].lowest_index);
        let order = if near_left <= near_right {
            [(left, near_left), (right, near_right)]
        } else {
            [(right, near_right), (left, near_left)]
        };
        for (child, (bound, lowest)) in order {
            if best.accepts(bound, lowest) {
                self.visit(child, query, itself, best);
            }
        }
    }
}

impl<const D: usize> Node<D> {
    /// A lower bound of [`distance`] from the query to every point in the box, in rounded arithmetic too: each difference
    /// is at most that to a point inside, and rounding, squaring and adding in the same order keep "at most".
    #[inline]
    fn bound(&self, query: &[f32; D]) -> f64 {
        let mut sum = 0.0;
        for ((&q, &low), &high) in query.iter().zip(&self.low).zip(&self.high) {
            let q = f64::from(q);
            let outside = (f64::from(low) - q).max(q - f64::from(high)).max(0.0);
            sum += outside * outside;
        }
        sum
    }
}

/// Squared distance, summed in the order of the axes.
#[inline]
fn distance<const D: usize>(a: &[f32; D], b: &[f32; D]) -> f64 {
    let mut sum = 0.0;
    for j in 0..D {
        let difference = f64::from(a[j]) - f64::from(b[j]);
        sum += difference * difference;
    }
    sum
}

/// Append the subtree over `order`, whose first point has position `start`.
fn grow<const D: usize>(points: &[[f32; D]], order: &mut [u32], start: usize, nodes: &mut Vec<Node<D>>) {
    let (mut low, mut high) = ([f32::INFINITY; D], [f32::NEG_INFINITY; D]);
    let mut lowest_index = u32::MAX;
    for &index in &*order {
        lowest_index = lowest_index.min(index);
        for j in 0..D {
            low[j] = low[j].min(points[index as usize][j]);
            high[j] = high[j].max(points[index as usize][j]);
        }
    }
    let node = nodes.len();
    let end = (start + order.len()) as u32;
    nodes.push(Node { low, high, start: start as u32, end, right: 0, lowest_index });
    if order.len() <= LEAF {
        return;
    }
    let axis = (0..D).max_by(|&a, &b| (high[a] - low[a]).total_cmp(&(high[b] - low[b]))).unwrap_or(0);
    let middle = order.len() / 2;
    order.select_nth_unstable_by(middle, |&a, &b| {
        points[a as usize][axis].total_cmp(&points[b as usize][axis]).then(a.cmp(&b))
    });
    let (left, right) = order.split_at_mut(middle);
    grow(points, left, start, nodes);
    nodes[node].right = nodes.len() as u32;
    grow(points, right, start + middle, nodes);
}
