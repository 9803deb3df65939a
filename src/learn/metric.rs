//! The metric stage: a Siamese network learns distances from who is near whom.

use std::sync::Arc;
use std::thread;

use burn::module::Module as _;
use burn::tensor::Device;
use ndarray::{Array2, ArrayView2};
use rand::Rng as _;

use super::ahead::Ahead;
use super::course::{Course, generator};
use super::graph_stage;
use super::model::Input;
use super::represent::{check_finite, gather};
use crate::graph::Neighbors;
use crate::nets::perceptron::tensor;
use crate::nets::{Compute, Perceptron, Weights, siamese};
use crate::progress::Progress;
use crate::recipe::{Activation, Hidden, Recipe};
use crate::{Error, Result};

/// Pairs of neighbours in a step, with as many of others.
const PAIRS: usize = 1024;
/// Passes over the data that `auto` takes, and the fewest steps.
const EPOCHS: usize = 30;
const FEWEST_STEPS: usize = 500;
/// Pairs of either kind whose distances are shown.
const SHOWN: usize = 4000;
/// Bars of a histogram.
const BARS: usize = 48;
/// Streams of the seed's numbers: weights, pairs, and the pairs shown.
const WEIGHTS: u64 = 20;
const DRAWN: u64 = 21;
const WATCHED: u64 = 22;

/// Distances as learned.
#[derive(Clone, Debug)]
pub(super) struct Metric {
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

/// What `auto` steps are for `n` samples.
#[must_use]
pub fn steps(n: usize) -> usize {
    (EPOCHS * n / PAIRS).max(FEWEST_STEPS)
}

/// What `--siamese` means.
pub(super) fn layers(recipe: &Recipe) -> Vec<usize> {
    match &recipe.siamese {
        Hidden::Auto => vec![512, 512, 10],
        Hidden::Layers(layers) => layers.clone(),
    }
}

/// Train on codes or scaled features (`n × d`); `show` sees the distances as they part.
///
/// # Errors
/// [`Error::Setting`] naming the flag whose value makes no sense; those of [`Course::run`] and of the neighbour search.
pub(super) fn train(
    recipe: &Recipe,
    x: ArrayView2<'_, f32>,
    compute: &Compute,
    course: &Course<'_>,
    progress: &Progress<'_>,
    mut show: impl FnMut(Arc<PairHistogram>),
) -> Result<Metric> {
    check(recipe, x.nrows())?;
    let neighbors = graph_stage::neighbors(x, recipe.siamese_neighbors, recipe, progress)?;
    let input = Input::fit(x, 0, 1.0, recipe.seed).apply(x);
    let sizes = [vec![x.ncols()], layers(recipe)].concat();
    let device = compute.device.clone().autodiff();
    let start = Weights::random_on(&sizes, Activation::Relu, recipe.seed, WEIGHTS);
    let (watched, partners) = pairs(&neighbors, input.nrows(), SHOWN, recipe.seed, WATCHED, 0);
    let look = |net: &Perceptron, device: &Device| {
        let place = |rows: &[u32]| net.outputs(gather(input.view(), rows).view(), device);
        Result::Ok(Arc::new(PairHistogram::of(&place(&watched)?, &place(&partners)?)))
    };
    let make = |step| {
        let (anchors, near) = pairs(&neighbors, input.nrows(), PAIRS, recipe.seed, DRAWN, step);
        gather(input.view(), &[anchors, near].concat())
    };
    let net = thread::scope(|scope| {
        let batches = Ahead::spawn(scope, course.steps, make);
        let loss = |net: &Perceptron, _| {
            let places = net.forward(tensor(batches.next()?.view(), &device));
            Ok(siamese::contrastive(places.clone().narrow(0, 0, PAIRS), places.narrow(0, PAIRS, PAIRS)))
        };
        course.run(start.to_module(&device), loss, |net| {
            show(look(&net.valid(), &compute.device)?);
            Ok(())
        })
    })?;
    let net = net.valid();
    let rows = net.outputs(input.view(), &compute.device)?;
    check_finite(rows.view(), "the learned places", ("siamese-lr", course.lr))?;
    Ok(Metric { rows: Arc::new(rows), histogram: look(&net, &compute.device)? })
}

/// `count` samples at random and a neighbour of each at random; they hang on seed, stream and step alone.
fn pairs(neighbors: &Neighbors, n: usize, count: usize, seed: u64, stream: u64, step: usize) -> (Vec<u32>, Vec<u32>) {
    let mut rng = generator(seed, stream, step);
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

/// Whether a Siamese network can be trained so.
///
/// # Errors
/// [`Error::Setting`] naming the flag whose value makes no sense.
pub(super) fn check(recipe: &Recipe, n: usize) -> Result<()> {
    let wrong = |text: String| Err(Error::Setting(text));
    if recipe.siamese_neighbors == 0 || recipe.siamese_neighbors >= n {
        return wrong(format!(
            "--siamese-neighbors {} is outside 1 to {}",
            recipe.siamese_neighbors,
            n.saturating_sub(1)
        ));
    }
    if recipe.siamese_steps.set() == Some(0) {
        return wrong(
            "--siamese-steps must be at least 1; --affinity gaussian leaves the Siamese network out".to_owned(),
        );
    }
    if !(recipe.siamese_lr.is_finite() && recipe.siamese_lr > 0.0) {
        return wrong(format!("--siamese-lr {} must be above 0", recipe.siamese_lr));
    }
    Ok(())
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
