//! What a training looked like on its way, look by look, in bounded memory: the longest training has a recording too.
//!
//! Positions are kept in `f32`, which is more than a screen shows; figures are kept as they were told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::Array2;

use super::curve::CurvePoint;
use super::placed::Unseen;
use super::snapshot::{Snapshot, Solution};
use crate::graph::Eigenspace;
use crate::measure::{Agreement, Clustering, Scores};
use crate::model::Mapping;

/// Bytes that the looks of one recording may hold together.
const HEAVIEST: usize = 64 << 20;
/// Looks that it holds at most.
const MOST: usize = 200;
/// Of larger samples than those of which so many looks fit nothing is recorded: what is left would be no film.
const FEWEST: usize = 4;
/// Networks up to so many bytes are kept with their looks, so that the map over the plane can be drawn of them too.
const NETWORK: usize = 512 << 10;

/// One look of a training.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Steps taken, and the most that this training takes.
    pub step: usize,
    /// See `step`.
    pub steps: usize,
    /// What the curves have of it.
    pub point: CurvePoint,
    /// Learned against exact.
    pub agreement: Option<Agreement>,
    /// Eigenvector values, `n × k`.
    vectors: Array2<f32>,
    values: Vec<f64>,
    clusters: Clustering,
    time: Option<f64>,
    scores: Option<Scores>,
    residual: f64,
    network: Option<Arc<Mapping>>,
}

impl Recorded {
    /// The look that a snapshot shows, where a network was learned.
    fn of(snapshot: &Snapshot, point: CurvePoint) -> Option<Self> {
        let side = snapshot.learned.as_deref()?;
        let kept = Self::again((snapshot.step, snapshot.steps), point, side, snapshot.agreement.clone());
        let network = snapshot.network.clone().filter(|network| weight(network) <= NETWORK);
        Some(Self { network, ..kept })
    }

    /// Eigenvector values, `n × k`.
    #[must_use]
    pub fn vectors(&self) -> &Array2<f32> {
        &self.vectors
    }

    /// Its clusters.
    #[must_use]
    pub fn clusters(&self) -> &Clustering {
        &self.clusters
    }

    /// A look that was kept in a file: its steps and the most there are, and the learned side as it was. Its network is not there.
    #[must_use]
    pub fn again(
        (step, steps): (usize, usize),
        point: CurvePoint,
        side: &Solution,
        agreement: Option<Agreement>,
    ) -> Self {
        Self {
            step,
            steps,
            point,
            agreement,
            vectors: side.space.vectors.mapv(|v| v as f32),
            values: side.space.values.clone(),
            clusters: side.clusters.clone(),
            time: side.time,
            scores: side.scores,
            residual: side.residual,
            network: None,
        }
    }

    /// Bytes that it holds.
    fn bytes(&self) -> usize {
        self.bytes_alone() + self.network.as_deref().map_or(0, weight)
    }

    /// The same without its network.
    fn bytes_alone(&self) -> usize {
        4 * (self.vectors.len() + self.clusters.assignment.len()) + 8 * self.clusters.centroids.len()
    }

    /// The learned side as it was.
    #[must_use]
    pub fn solution(&self) -> Solution {
        Solution {
            space: Eigenspace { values: self.values.clone(), vectors: self.vectors.mapv(f64::from) },
            clusters: self.clusters.clone(),
            time: self.time,
            scores: self.scores,
            residual: self.residual,
        }
    }
}

/// Bytes of a network's weights.
fn weight(network: &Mapping) -> usize {
    let layers = network.weights.layers.iter();
    layers.map(|layer| 4 * (layer.weight.len() + layer.bias.len())).sum::<usize>() + 8 * network.map.len()
}

/// The looks of one training: the first, the last, and evenly spread ones between them. One that was not begun records nothing.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Which recording of the session; 0 for none.
    id: u64,
    looks: Vec<Arc<Recorded>>,
    too_large: bool,
}

impl Recording {
    /// A recording before its first look.
    #[must_use]
    pub fn begin() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self { id: NEXT.fetch_add(1, Ordering::Relaxed), looks: Vec::new(), too_large: false }
    }

    /// The recording of looks that were kept, in their order.
    #[must_use]
    pub fn of(looks: Vec<Recorded>) -> Self {
        let mut recording = Self::begin();
        for look in looks {
            recording.push(look);
        }
        recording
    }

    /// The same with no more looks than take so many bytes without their networks, evenly spread; nothing where too few would be left.
    #[must_use]
    pub fn within(&self, bytes: usize) -> Self {
        let each = self.looks.last().map_or(0, |look| look.bytes_alone());
        if FEWEST * each > bytes {
            return Self::default();
        }
        let mut fewer = self.clone();
        fewer.thin(bytes / each.max(1));
        fewer
    }

    /// Which recording of the session it is; it stays the same while looks come.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The looks, in their order.
    #[must_use]
    pub fn looks(&self) -> &[Arc<Recorded>] {
        &self.looks
    }

    /// Whether the samples are so many that nothing is recorded.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.too_large
    }

    /// Bytes that its looks hold.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.looks.iter().map(|look| look.bytes()).sum()
    }

    /// The same without their networks.
    #[must_use]
    pub fn bytes_alone(&self) -> usize {
        self.looks.iter().map(|look| look.bytes_alone()).sum()
    }

    /// The place of the look after so many steps, or of the nearest before it.
    #[must_use]
    pub fn place(&self, step: usize) -> Option<usize> {
        self.looks.partition_point(|look| look.step <= step).checked_sub(1)
    }

    /// Takes a look in; one that was told before is replaced.
    fn push(&mut self, look: Recorded) {
        let bytes = look.bytes();
        self.too_large = FEWEST * bytes > HEAVIEST;
        if self.too_large {
            return self.looks.clear();
        }
        self.looks.retain(|known| known.step < look.step);
        self.looks.push(Arc::new(look));
        self.thin(MOST.min(HEAVIEST / bytes.max(1)));
    }

    /// Keeps so many looks at most.
    fn thin(&mut self, most: usize) {
        while self.looks.len() > most {
            let Some(at) = self.closest() else { return };
            self.looks.remove(at);
        }
    }

    /// The look whose neighbours lie closest together, the earliest of such: without it the others stay the most evenly spread.
    fn closest(&self) -> Option<usize> {
        let gap = |at: &usize| self.looks[at + 1].step - self.looks[at - 1].step;
        (1..self.looks.len().saturating_sub(1)).min_by_key(gap)
    }
}

impl Snapshot {
    /// Keeps what is shown as a look of the recording, where one was begun.
    pub fn record(&mut self, point: CurvePoint) {
        if self.recording.id == 0 {
            return;
        }
        if let Some(look) = Recorded::of(self, point) {
            Arc::make_mut(&mut self.recording).push(look);
        }
    }

    /// The picture of an earlier look of the same training. What only the end of a training has is not there.
    #[must_use]
    pub fn at(&self, look: &Recorded, serial: u64) -> Self {
        let unseen = self.unseen.as_deref().map(|unseen| Arc::new(Unseen { sides: None, ..unseen.clone() }));
        Self {
            serial,
            learned: Some(Arc::new(look.solution())),
            agreement: look.agreement.clone(),
            network: look.network.clone(),
            unseen,
            self_trained: None,
            supervised: None,
            model: None,
            step: look.step,
            steps: look.steps,
            kept: look.step,
            ending: None,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(step: usize, rows: usize) -> Recorded {
        Recorded {
            step,
            steps: 100_000,
            point: CurvePoint::default(),
            agreement: None,
            vectors: Array2::zeros((rows, 4)),
            values: vec![0.0; 4],
            clusters: Clustering { assignment: vec![0; rows], centroids: Array2::zeros((2, 4)), inertia: 0.0 },
            time: None,
            scores: None,
            residual: 0.0,
            network: None,
        }
    }

    #[test]
    fn a_long_training_keeps_its_first_its_last_and_evenly_spread_looks() {
        let mut recording = Recording::begin();
        for i in 1..=5 * MOST + 37 {
            recording.push(look(10 * i, 8));
            assert!(recording.looks().len() <= MOST);
            assert_eq!(recording.looks().last().map(|look| look.step), Some(10 * i), "the newest is there");
        }
        let steps: Vec<usize> = recording.looks().iter().map(|look| look.step).collect();
        assert_eq!((steps.len(), steps[0]), (MOST, 10));
        let gaps: Vec<usize> = steps.windows(2).map(|two| two[1] - two[0]).collect();
        // Each was halved or not yet: none is more than four times as long as another, the newest ones aside.
        let (least, most) = gaps.iter().fold((usize::MAX, 0), |(l, h), &gap| (l.min(gap), h.max(gap)));
        assert!((40..=80).contains(&most) && least >= 10, "{least} to {most}");
    }

    #[test]
    fn a_recording_never_holds_more_than_its_bytes_and_very_large_samples_are_not_recorded() {
        let rows = 200_000;
        let mut recording = Recording::begin();
        for i in 0..30 {
            recording.push(look(i, rows));
            assert!(recording.bytes() <= HEAVIEST, "{} bytes", recording.bytes());
        }
        let steps: Vec<usize> = recording.looks().iter().map(|look| look.step).collect();
        assert!(steps.len() > FEWEST && steps.first() == Some(&0) && steps.last() == Some(&29), "{steps:?}");
        recording.push(look(30, 1_000_000));
        assert!(recording.looks().is_empty() && recording.is_too_large());
    }

    #[test]
    fn fewer_looks_of_a_recording_are_as_evenly_spread_and_too_few_are_none() {
        let mut recording = Recording::begin();
        for i in 1..=100 {
            recording.push(look(i, 50));
        }
        let each = recording.bytes() / 100;
        let fewer = recording.within(10 * each);
        let steps: Vec<usize> = fewer.looks().iter().map(|look| look.step).collect();
        assert!(steps.len() == 10 && steps[0] == 1 && steps[9] == 100, "{steps:?}");
        assert!(steps.windows(2).all(|two| two[1] - two[0] <= 20), "{steps:?}");
        assert!(recording.within(3 * each).looks().is_empty());
        assert_eq!(recording.within(usize::MAX).looks().len(), 100);
    }

    /// A project has the looks without them, and would otherwise be said to take several times what it does.
    #[test]
    fn looks_in_a_file_are_counted_without_their_networks() {
        use crate::nets::{Input, Weights};
        use crate::recipe::Activation;

        let rows = Array2::from_shape_fn((50, 2), |(i, j)| (i * 2 + j) as f32);
        let input = Input::fit(rows.view(), 8, 1.0, 3);
        let weights = Weights::random(&[input.width(), 64, 4], Activation::Isru, 5);
        let network = Arc::new(Mapping { input: Arc::new(input), weights, map: Array2::eye(4) });
        let mut recording = Recording::begin();
        for i in 1..=10 {
            recording.push(Recorded { network: Some(Arc::clone(&network)), ..look(i, 50) });
        }
        let alone = 10 * (4 * (50 * 4 + 50) + 8 * 8);
        assert_eq!((recording.bytes_alone(), recording.bytes()), (alone, alone + 10 * weight(&network)));
        assert_eq!(recording.within(alone).looks().len(), 10);
    }

    #[test]
    fn a_look_that_is_told_again_takes_the_place_of_those_after_it() {
        let mut recording = Recording::begin();
        for step in [5, 10, 15, 10] {
            recording.push(look(step, 3));
        }
        let steps: Vec<usize> = recording.looks().iter().map(|look| look.step).collect();
        assert_eq!(steps, [5, 10]);
        assert_eq!([4, 5, 9, 10, 99].map(|step| recording.place(step)), [None, Some(0), Some(0), Some(1), Some(1)]);
    }
}
