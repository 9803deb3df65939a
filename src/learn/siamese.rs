//! The metric stage: a Siamese network learns distances from who is near whom.

use std::sync::Arc;
use std::thread;

use burn::module::Module as _;
use burn::tensor::Tensor;
use ndarray::{Array2, ArrayView2};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use crate::Result;
use crate::graph::{self, Neighbors};
use crate::learn::ahead::Ahead;
use crate::learn::autoencoder::check_finite;
use crate::learn::batch::{Batch, Source};
use crate::learn::drive::{End, Listener};
use crate::learn::one_cycle::{OneCycle, Seen};
use crate::nets::Input;
use crate::nets::crossing::matrix;
use crate::nets::{Compute, Perceptron, Weights, siamese};
use crate::recipe::{self as settings, Activation, Recipe, SIAMESE_PAIRS};
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};

/// Pairs of either kind whose distances are shown.
const SHOWN: usize = 4000;
/// Bars of a histogram.
const BARS: usize = 48;

/// Distances as learned.
#[derive(Clone, Debug)]
pub(crate) struct Metric {
    /// The Siamese network's outputs, `n × o`: their distances are the metric.
    pub rows: Arc<Array2<f32>>,
    /// How far neighbours and others are from each other.
    pub histogram: Arc<PairHistogram>,
}

/// Distances of pairs, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairHistogram {
    /// Width of a bar, as a distance; the first begins at 0, the last has all beyond.
    pub width: f64,
    /// Share of the pairs of neighbours in each bar.
    pub near: Vec<f64>,
    /// Share of the other pairs.
    pub far: Vec<f64>,
}

/// Trains on codes or scaled features (`n × d`); `told` sees the distances as they part.
///
/// # Errors
/// [`crate::Error::Numerics`] where the places are not finite; those of [`OneCycle::run`] and of the neighbour search.
pub(crate) fn train(
    (recipe, settings): (&Recipe, &settings::Siamese),
    x: ArrayView2<'_, f32>,
    compute: &Compute,
    cycle: &OneCycle<'_>,
    progress: &Progress<'_>,
    told: &mut Listener<'_, Seen<Arc<PairHistogram>>>,
) -> Result<(Metric, End)> {
    let neighbors = graph::neighbors(x, settings.neighbors, recipe, progress)?;
    let input = Input::fit(x, 0, 1.0, recipe.seed).apply(x);
    let sizes = [vec![x.ncols()], settings.layers.clone()].concat();
    let device = compute.device.clone().autodiff();
    let start = Weights::random_on(&sizes, Activation::Relu, recipe.seed, Stream::SiameseWeights, 0);
    let (watched, partners) = pairs(&neighbors, input.nrows(), SHOWN, &mut rng(recipe.seed, Stream::SiameseWatched, 0));
    let source = Source::new(input.view(), compute);
    let are_there = source.are_there();
    let look = |net: &Perceptron| {
        let place = |rows: &[u32]| matrix(net.forward(source.some(rows)));
        Result::Ok(Arc::new(PairHistogram::of(&place(&watched)?, &place(&partners)?)))
    };
    let make = |step| {
        let (anchors, near) =
            pairs(&neighbors, input.nrows(), SIAMESE_PAIRS, &mut rng(recipe.seed, Stream::SiamesePairs, step as u64));
        Batch::of(input.view(), [anchors, near].concat(), are_there)
    };
    let (net, end) = thread::scope(|scope| {
        let batches = Ahead::spawn(scope, cycle.steps, make);
        let loss = |net: &Perceptron, _| {
            let places = net.forward(Tensor::from_inner(source.get(&batches.next()?)));
            Ok(siamese::contrastive(
                places.clone().narrow(0, 0, SIAMESE_PAIRS),
                places.narrow(0, SIAMESE_PAIRS, SIAMESE_PAIRS),
            ))
        };
        cycle.run(start.to_module(&device), loss, |net| look(&net.valid()), told)
    })?;
    let net = net.valid();
    let rows = net.outputs(input.view(), &compute.device)?;
    check_finite(rows.view(), "the learned places", ("siamese-lr", cycle.lr))?;
    Ok((Metric { rows: Arc::new(rows), histogram: look(&net)? }, end))
}

/// `count` samples at random and a neighbour of each at random.
fn pairs(neighbors: &Neighbors, n: usize, count: usize, rng: &mut ChaCha8Rng) -> (Vec<u32>, Vec<u32>) {
    let k = neighbors.k;
    let draw = |_| {
        let i = rng.random_range(0..n);
        (i as u32, neighbors.indices[i * k + rng.random_range(0..k)])
    };
    (0..count).map(draw).unzip()
}

impl PairHistogram {
    /// Row `i` of `near` is a neighbour of row `i` of `anchors`; the other pairs are each anchor with the next one's neighbour.
    fn of(anchors: &Array2<f32>, near: &Array2<f32>) -> Self {
        let m = anchors.nrows();
        let distance = |i: usize, j: usize| {
            let gaps = anchors.row(i).into_iter().zip(near.row(j)).map(|(a, b)| f64::from(a - b).powi(2));
            gaps.sum::<f64>().sqrt()
        };
        let width = 2.0 * f64::from(siamese::FAR_ENOUGH) / BARS as f64;
        let count = |distances: &mut dyn Iterator<Item = f64>| {
            let mut bars = vec![0.0; BARS];
            for d in distances {
                bars[((d / width) as usize).min(BARS - 1)] += 1.0 / m.max(1) as f64;
            }
            bars
        };
        Self {
            width,
            near: count(&mut (0..m).map(|i| distance(i, i))),
            far: count(&mut (0..m).map(|i| distance(i, (i + 1) % m))),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn histograms_hold_every_pair_once() {
        let anchors = array![[0.0_f32], [1.0], [9.0]];
        let near = array![[0.01_f32], [1.5], [9.0]];
        let histogram = PairHistogram::of(&anchors, &near);
        assert!((histogram.near.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((histogram.near[0] - 2.0 / 3.0).abs() < 1e-12, "0.01 and 0");
        assert!((histogram.far[BARS - 1] - 2.0 / 3.0).abs() < 1e-12, "8 and 8.99 lie beyond the last bar's start");
    }
}
