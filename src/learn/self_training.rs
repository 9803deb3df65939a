//! Self-training: the clusters teach a classifier that sees the samples under distortion, and its own answers take the place of theirs
//! while it learns (pseudo-labels; Lee, 2013). What a cluster got wrong in a few places no distortion supports, so the answers come out
//! cleaner than what they were taught by. It cleans a solution and finds no other one.
//!
//! A tenth of the samples is kept from the classifier throughout: how many of those it puts where the clusters have them tells, without
//! labels, whether the clusters are something that can be seen in a sample at all.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;

use burn::module::Module as _;
use ndarray::{Array2, ArrayView2};
use rand::Rng as _;
use rand::seq::SliceRandom as _;

use super::ahead::Ahead;
use super::autoencoder::gather;
use super::distort::distort;
use super::drive::{End, Listener};
use super::one_cycle::{Epochs, OneCycle, Seen};
use crate::Result;
use crate::data::ImageShape;
use crate::graph::Neighbors;
use crate::nets::classifier::decided;
use crate::nets::perceptron::tensor;
use crate::nets::{Classifier, Compute, Encoder};
use crate::support::random::{Stream, normal, rng};

/// One sample of so many is kept from the classifier.
const HELD_OUT: usize = 10;
/// Probability that goes from the wanted class to all of them alike, so that no score grows without end.
const SMOOTHING: f32 = 0.05;
/// Of the epochs, those after which the classifier's answers take the place of what it was taught.
const RENEWED: [f64; 2] = [0.5, 0.75];
/// The share of the samples, those it is least sure of, that a renewal leaves out.
const LEFT_OUT: f64 = 0.05;
/// How far pictures are distorted, in the strengths of [`distort`].
const DISTORTION: f64 = 1.2;
/// How far a row of a table goes towards a neighbour at most, and the noise on it in standard deviations.
const TOWARDS: f32 = 0.5;
const NOISE: f64 = 0.05;
/// Samples in a step, where there are enough for some steps an epoch.
const BATCH: usize = 256;
const STEPS_AN_EPOCH: usize = 32;
/// A look asks this part of the samples anew; the others stand as they were asked last.
const ASKED: usize = 16;

/// What is to be learned.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    /// Scaled features, `n × d`, and what a row stands for where it is a picture.
    pub samples: (ArrayView2<'a, f32>, Option<ImageShape>),
    /// Who is near whom, where that is known: rows of a table are mixed with neighbours.
    pub neighbors: Option<&'a Neighbors>,
    /// The cluster of each sample.
    pub clusters: &'a [u32],
    /// How many clusters there are.
    pub count: usize,
    /// Times that the classifier sees each sample.
    pub epochs: usize,
    /// The run's seed.
    pub seed: u64,
}

/// A classifier as it was taught, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Taught {
    /// The classifier; its code is a score a class.
    pub classifier: Encoder,
    /// Its answer for each sample.
    pub answers: Vec<u32>,
    /// How far each answer is before the next one, from 0 to 1.
    pub confidence: Vec<f64>,
    /// The part of the samples kept from it that it puts where the clusters have them.
    pub agreement: f64,
}

/// What is seen of a classifier that is being taught: its newest answers.
pub(crate) type Answers = Arc<Vec<u32>>;

impl Task<'_> {
    /// Samples in a step.
    fn batch(&self) -> usize {
        (self.clusters.len() / STEPS_AN_EPOCH).clamp(16, BATCH)
    }

    /// Steps in an epoch.
    fn steps_an_epoch(&self, taught: usize) -> usize {
        (taught / self.batch().min(taught.max(1))).max(1)
    }

    /// Steps of the whole training.
    pub(crate) fn steps(&self) -> usize {
        let taught = self.clusters.len() - self.clusters.len() / HELD_OUT;
        self.epochs * self.steps_an_epoch(taught)
    }

    /// The samples taught and those kept from the classifier, each ascending.
    fn split(&self) -> (Vec<u32>, Vec<u32>) {
        let n = self.clusters.len();
        let mut all: Vec<u32> = (0..n as u32).collect();
        all.shuffle(&mut rng(self.seed, Stream::ClassifierHeldOut, 0));
        let (mut held, mut taught) = (all[..n / HELD_OUT].to_vec(), all[n / HELD_OUT..].to_vec());
        held.sort_unstable();
        taught.sort_unstable();
        (taught, held)
    }

    /// The rows of a step as the classifier sees them, and for each how far it lies towards which neighbour.
    fn distorted(&self, rows: &[u32], step: usize) -> (Array2<f32>, Vec<(u32, f32)>) {
        let (x, image) = self.samples;
        let mut seen = gather(x, rows);
        let alone = || rows.iter().map(|&row| (row, 0.0)).collect();
        let mut rng = rng(self.seed, Stream::ClassifierMix, step as u64);
        if let Some(image) = image {
            distort(&mut seen, image, DISTORTION, &mut rng);
            return (seen, alone());
        }
        let Some(neighbors) = self.neighbors else { return (seen, alone()) };
        let mut towards = Vec::with_capacity(rows.len());
        for (mut seen, &row) in seen.rows_mut().into_iter().zip(rows) {
            let at = rng.random_range(0..neighbors.k.max(1));
            let other = neighbors.indices.get(row as usize * neighbors.k + at).copied().unwrap_or(row);
            let part = rng.random_range(0.0..TOWARDS);
            seen.zip_mut_with(&x.row(other as usize), |value, &other| {
                *value += part * (other - *value) + (NOISE * normal(&mut rng)) as f32;
            });
            towards.push((other, part));
        }
        (seen, towards)
    }
}

/// Targets as they stand: the class of each sample, and whether it is taught at present; samples that are held out never are.
struct Targets {
    classes: Vec<u32>,
    sure: Vec<bool>,
    held: Vec<bool>,
    count: usize,
}

impl Targets {
    fn new(task: &Task<'_>, held: &[u32]) -> Self {
        let mut is_held = vec![false; task.clusters.len()];
        for &at in held {
            is_held[at as usize] = true;
        }
        let sure = is_held.iter().map(|held| !held).collect();
        Self { classes: task.clusters.to_vec(), sure, held: is_held, count: task.count }
    }

    /// Wanted probabilities, `b × k`, of rows that lie so far towards others; zeros for those left out.
    fn of(&self, rows: &[u32], towards: &[(u32, f32)]) -> Array2<f32> {
        let even = SMOOTHING / self.count as f32;
        let mut wanted = Array2::zeros((rows.len(), self.count));
        for ((mut wanted, &row), &(other, part)) in wanted.rows_mut().into_iter().zip(rows).zip(towards) {
            if !self.sure[row as usize] {
                continue;
            }
            wanted.fill(even);
            // A neighbour that is left out says nothing of its class.
            let part = if self.sure[other as usize] { part } else { 0.0 };
            wanted[self.classes[row as usize] as usize] += (1.0 - SMOOTHING) * (1.0 - part);
            wanted[self.classes[other as usize] as usize] += (1.0 - SMOOTHING) * part;
        }
        wanted
    }

    /// Takes answers for what is taught, the least sure ones left out.
    fn renew(&mut self, answers: Vec<u32>, confidence: &[f64]) {
        let mut sorted = confidence.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let least = sorted.get((LEFT_OUT * sorted.len() as f64) as usize).copied().unwrap_or(0.0);
        self.sure = confidence.iter().zip(&self.held).map(|(&c, &held)| c >= least && !held).collect();
        self.classes = answers;
    }
}

/// Trains the classifier; `told` sees its answers as they change.
///
/// # Errors
/// Those of [`OneCycle::run`]; [`crate::Error::Device`] where answers cannot be read back.
pub(crate) fn train(
    task: &Task<'_>,
    compute: &Compute,
    cycle: &OneCycle<'_>,
    told: &mut Listener<'_, Seen<Answers>>,
) -> Result<(Taught, End)> {
    let (x, image) = task.samples;
    let n = x.nrows();
    let (taught, held) = task.split();
    let an_epoch = task.steps_an_epoch(taught.len());
    let mut epochs = Epochs::new(taught.len(), task.batch(), task.seed, Stream::ClassifierOrder);
    let make = |step| {
        let rows: Vec<u32> = epochs.rows(step).iter().map(|&at| taught[at as usize]).collect();
        let (seen, towards) = task.distorted(&rows, step);
        (rows, seen, towards)
    };
    let renewed = RENEWED.map(|part| (part * task.epochs as f64).round() as usize * an_epoch);
    let mut targets = Targets::new(task, &held);
    let device = compute.device.clone().autodiff();
    let start = Classifier::random((x.ncols(), image), task.count, task.seed, &device);
    let newest = RefCell::new((Arc::new(task.clusters.to_vec()), 0));
    let show = |net: &Classifier| {
        let (answers, from) = &mut *newest.borrow_mut();
        let to = (*from + n.div_ceil(ASKED)).min(n);
        let rows = x.slice(ndarray::s![*from..to, ..]);
        let (asked, _) = decided(net.still().probabilities(rows, &compute.device)?.view());
        Arc::make_mut(answers)[*from..to].copy_from_slice(&asked);
        *from = if to == n { 0 } else { to };
        Ok(Arc::clone(answers))
    };
    let (net, end) = thread::scope(|scope| {
        let batches = Ahead::spawn(scope, cycle.steps, make);
        let loss = |net: &Classifier, step: usize| {
            if step > 0 && renewed.contains(&step) {
                let (answers, confidence) = decided(net.still().probabilities(x, &compute.device)?.view());
                newest.borrow_mut().0 = Arc::new(answers.clone());
                targets.renew(answers, &confidence);
            }
            let (rows, seen, towards) = batches.next()?;
            let wanted = targets.of(&rows, &towards);
            Ok(net.loss(tensor(seen.view(), &device), tensor(wanted.view(), &device)))
        };
        cycle.run(start, loss, show, told)
    })?;
    let net = net.valid();
    let (answers, confidence) = decided(net.probabilities(x, &compute.device)?.view());
    let alike = held.iter().filter(|&&i| answers[i as usize] == task.clusters[i as usize]).count();
    let agreement = alike as f64 / held.len().max(1) as f64;
    Ok((Taught { classifier: net.weights()?, answers, confidence, agreement }, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::one_cycle::SHORT;
    use crate::support::progress::Control;

    /// Two clouds far from each other, and clusters that have one sample in eight on the wrong side.
    fn clouds() -> (Array2<f32>, Vec<u32>, Vec<u32>) {
        let mut rng = rng(5, Stream::Data, 0);
        let truth: Vec<u32> = (0..400).map(|i| i % 2).collect();
        let x = Array2::from_shape_fn((400, 2), |(i, j)| {
            (normal(&mut rng) + if j == 0 { 6.0 * f64::from(truth[i]) } else { 0.0 }) as f32
        });
        let clusters = truth.iter().enumerate().map(|(i, &c)| if i % 8 == 3 { 1 - c } else { c }).collect();
        (x, truth, clusters)
    }

    fn taught(seed: u64) -> (Taught, Vec<u32>) {
        let (x, truth, clusters) = clouds();
        let task = Task { samples: (x.view(), None), neighbors: None, clusters: &clusters, count: 2, epochs: 8, seed };
        let control = Control::new();
        let cycle = OneCycle { steps: task.steps(), lr: 3e-3, flag: "--self-training", adam: SHORT, control: &control };
        let compute = Compute::open(crate::recipe::DeviceChoice::Cpu).expect("there is a CPU");
        (train(&task, &compute, &cycle, &mut |_| Ok(None)).expect("it trains").0, truth)
    }

    #[test]
    fn wrong_samples_within_a_cluster_come_right_and_the_answer_hangs_on_the_seed() {
        let (first, truth) = taught(1);
        let right = first.answers.iter().zip(&truth).filter(|(a, b)| a == b).count();
        assert!(right > 390, "{right} of 400, 350 before");
        assert!((0.75..0.95).contains(&first.agreement), "one in eight was wrong: {}", first.agreement);
        assert_eq!(first.answers.len(), first.confidence.len());
        let again = taught(1).0;
        assert_eq!(
            (first.answers, first.confidence, first.classifier),
            (again.answers, again.confidence, again.classifier)
        );
    }

    #[test]
    fn what_is_kept_from_the_classifier_hangs_on_the_seed_and_is_a_tenth() {
        let clusters = vec![0; 95];
        let x = Array2::zeros((95, 1));
        let task =
            |seed| Task { samples: (x.view(), None), neighbors: None, clusters: &clusters, count: 1, epochs: 1, seed };
        let (taught, held) = task(3).split();
        assert_eq!((taught.len(), held.len()), (86, 9));
        assert!(held.iter().all(|i| !taught.contains(i)));
        assert_ne!(task(3).split().1, task(4).split().1);
    }

    #[test]
    fn a_renewal_leaves_the_least_sure_samples_out() {
        let mut targets = Targets { classes: vec![0; 40], sure: vec![true; 40], held: vec![false; 40], count: 2 };
        targets.held[39] = true;
        let confidence: Vec<f64> = (0..40).map(|i| f64::from(i) / 40.0).collect();
        targets.renew(vec![1; 40], &confidence);
        assert_eq!(
            targets.sure.iter().filter(|&&s| !s).count(),
            3,
            "two least sure ones, and the one that is held out"
        );
        let wanted = targets.of(&[0, 5, 6], &[(0, 0.0), (5, 0.0), (0, 0.4)]);
        assert!(wanted.row(0).iter().all(|&w| w == 0.0), "left out");
        assert!((wanted[[1, 1]] - 0.975).abs() < 1e-6 && (wanted.row(1).sum() - 1.0).abs() < 1e-6);
        assert!((wanted[[2, 1]] - 0.975).abs() < 1e-6, "a neighbour that is left out adds nothing");
    }
}
