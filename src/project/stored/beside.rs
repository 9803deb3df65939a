//! What stands beside the eigenspaces in a picture: codes and places, rows held out, reports, and the looks of the trainings.

use std::sync::Arc;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::looks::Look;
use super::numbers::Bytes;
use super::report::Report;
use super::{MOST_COLUMNS, MOST_LOOKS, finite};
use crate::learn::{PairHistogram, Rebuilt, Terms};
use crate::measure::Scores;
use crate::pipeline::{Placed, Prepared, SelfTrained, Sides, Snapshot, Unseen};
use crate::recipe::Stage;

/// Bars of a histogram.
const MOST_BARS: usize = 1 << 12;

/// All of it; a picture has what its settings ask for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Beside {
    /// Codes, and what a Siamese network makes of a sample, row by row, 4 bytes a number.
    codes: Option<Bytes>,
    metric: Option<Bytes>,
    rebuilt: Option<Pictures>,
    pairs: Option<Pairs>,
    unseen: Option<HeldOut>,
    supervised: Option<Report>,
    self_trained: Option<Answers>,
    /// Stage, step, seconds, loss and rate of each look at a network that is trained before the spectral one, 8 bytes each.
    prepared: Bytes,
    /// Step and terms of the dual autoencoder's looks, 8 bytes each; not a number where one is not there.
    terms: Bytes,
    /// The looks of the training.
    pub(super) looks: Vec<Look>,
}

/// Some samples and what an autoencoder makes of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pictures {
    samples: Bytes,
    before: Bytes,
    after: Bytes,
}

/// Distances of pairs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {
    width: f64,
    near: Bytes,
    far: Bytes,
}

/// Rows held out of the training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeldOut {
    rows: Bytes,
    share: f64,
    extension: f64,
    /// Steps, then the learned side and Nyström's.
    sides: Option<(u64, Place, Place)>,
}

/// Distance, adjusted Rand index and accuracy.
type Place = (f64, f64, Option<f64>);

/// What self-training came to; its classifier is the model's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    /// 4 bytes each.
    confidence: Bytes,
    /// A byte each.
    moved: Bytes,
    agreement: f64,
    taken: bool,
    before: Option<Scores>,
}

/// Numbers of a look at an earlier network, and of the dual autoencoder's terms.
const PREPARED: usize = 5;
const TERMS: usize = 7;

impl Beside {
    /// What stands beside the eigenspaces of a picture.
    pub(super) fn of(snapshot: &Snapshot, prepared: &[Prepared], terms: &[Terms]) -> Self {
        let rows = |rows: &Option<Arc<Array2<f32>>>| rows.as_ref().map(|rows| Bytes::of(rows.iter().copied()));
        Self {
            codes: rows(&snapshot.codes),
            metric: rows(&snapshot.metric),
            rebuilt: snapshot.rebuilt.as_deref().map(Pictures::of),
            pairs: snapshot.pairs.as_deref().map(Pairs::of),
            unseen: snapshot.unseen.as_deref().map(HeldOut::of),
            supervised: snapshot.supervised.as_deref().map(Report::of),
            self_trained: snapshot.self_trained.as_deref().map(Answers::of),
            prepared: Bytes::of(prepared.iter().flat_map(prepared_numbers)),
            terms: Bytes::of(terms.iter().flat_map(terms_numbers)),
            looks: Look::all(&snapshot.recording),
        }
    }

    /// About how many bytes it takes in a file.
    pub(super) fn bytes(snapshot: &Snapshot) -> usize {
        let rows = [&snapshot.codes, &snapshot.metric].into_iter().flatten().map(|rows| 4 * rows.len()).sum::<usize>();
        rows + snapshot.self_trained.as_ref().map_or(0, |trained| 5 * trained.moved.len())
            + Look::weigh(&snapshot.recording)
    }

    /// Whether it fits so many samples and features.
    pub(super) fn check(&self, samples: u64, features: u64) -> Result<(), String> {
        for rows in self.codes.iter().chain(&self.metric) {
            let numbers = rows.count(4).map(|n| n as u64).filter(|_| samples > 0);
            let columns = numbers.filter(|n| n.is_multiple_of(samples)).map(|n| n / samples);
            if !columns.is_some_and(|columns| (1..=MOST_COLUMNS).contains(&columns)) {
                return Err("its codes are not those of its samples".to_owned());
            }
            finite("the codes", rows.numbers::<4, f32>().map(f64::from))?;
        }
        let there = |rows: &Bytes| rows.numbers::<4, u32>().all(|row| u64::from(row) < samples);
        if let Some(Pictures { samples: rows, before, after }) = &self.rebuilt {
            let all = rows.count(4).and_then(|rows| (rows as u64).checked_mul(features));
            if !there(rows) || all.is_none() || [before, after].iter().any(|of| of.count(4).map(|n| n as u64) != all) {
                return Err("its rebuilt samples are not those of its samples".to_owned());
            }
        }
        if let Some(Pairs { near, far, .. }) = &self.pairs
            && (near.count(8).is_none_or(|bars| bars > MOST_BARS) || near.count(8) != far.count(8))
        {
            return Err("its histogram of pairs is cut off".to_owned());
        }
        if let Some(HeldOut { rows, .. }) = &self.unseen {
            let ascending = || rows.numbers::<4, u32>().is_sorted_by(|a, b| a < b);
            if rows.count(4).is_none() || !there(rows) || !ascending() {
                return Err("its rows held out are not rows of its samples".to_owned());
            }
        }
        if let Some(Answers { confidence, moved, .. }) = &self.self_trained
            && [confidence.count(4), moved.count(1)].iter().any(|of| of.map(|n| n as u64) != Some(samples))
        {
            return Err("its answers are not those of its samples".to_owned());
        }
        self.supervised.as_ref().map_or(Ok(()), Report::check)?;
        for (list, width) in [(&self.prepared, PREPARED), (&self.terms, TERMS)] {
            if list.count(8 * width).is_none_or(|looks| looks > MOST_LOOKS) {
                return Err("a curve in it is cut off".to_owned());
            }
        }
        Look::check_all(&self.looks, samples)
    }

    /// Puts it on a picture of so many samples, whose model is there already.
    pub(super) fn onto(&self, snapshot: &mut Snapshot) -> Result<(), String> {
        let (samples, features) = (snapshot.data.len(), snapshot.data.dim());
        let rows = |rows: &Option<Bytes>| rows.as_ref().map(|rows| matrix(samples, rows).map(Arc::new)).transpose();
        (snapshot.codes, snapshot.metric) = (rows(&self.codes)?, rows(&self.metric)?);
        snapshot.rebuilt = self.rebuilt.as_ref().map(|of| of.rebuilt(features).map(Arc::new)).transpose()?;
        snapshot.pairs = self.pairs.as_ref().map(|pairs| Arc::new(pairs.histogram()));
        snapshot.unseen = self.unseen.as_ref().map(|unseen| Arc::new(unseen.unseen()));
        snapshot.supervised = self.supervised.as_ref().and_then(Report::report).map(Arc::new);
        let classifier = snapshot.model.as_deref().and_then(|model| model.classifier.clone());
        snapshot.self_trained = self.self_trained.as_ref().map(|answers| {
            Arc::new(SelfTrained { classifier: classifier.filter(|_| answers.taken), ..answers.answers() })
        });
        snapshot.recording = Arc::new(Look::recording(&self.looks, samples)?);
        Ok(())
    }

    /// Looks at the networks that are trained before the spectral one, and the dual autoencoder's terms.
    pub(super) fn curves(&self) -> (Vec<Prepared>, Vec<Terms>) {
        let numbers = |list: &Bytes| list.numbers::<8, f64>().collect::<Vec<_>>();
        let prepared = numbers(&self.prepared).chunks_exact(PREPARED).filter_map(prepared_of).collect();
        (prepared, numbers(&self.terms).chunks_exact(TERMS).map(terms_of).collect())
    }
}

/// A matrix of so many rows.
fn matrix(rows: usize, numbers: &Bytes) -> Result<Array2<f32>, String> {
    let numbers: Vec<f32> = numbers.numbers().collect();
    let columns = numbers.len().checked_div(rows).unwrap_or(0);
    Array2::from_shape_vec((rows, columns), numbers).map_err(|_| "a matrix in it has no whole rows".to_owned())
}

impl Pictures {
    fn of(rebuilt: &Rebuilt) -> Self {
        Self {
            samples: Bytes::of(rebuilt.samples.iter().map(|&row| row as u32)),
            before: Bytes::of(rebuilt.before.iter().copied()),
            after: Bytes::of(rebuilt.after.iter().copied()),
        }
    }

    fn rebuilt(&self, features: usize) -> Result<Rebuilt, String> {
        let samples: Vec<usize> = self.samples.numbers::<4, u32>().map(|row| row as usize).collect();
        let of = |numbers: &Bytes| {
            let rows = matrix(samples.len(), numbers)?;
            if rows.ncols() == features {
                Ok(rows)
            } else {
                Err("its rebuilt samples are of other features".to_owned())
            }
        };
        Ok(Rebuilt { before: of(&self.before)?, after: of(&self.after)?, samples })
    }
}

impl Pairs {
    fn of(pairs: &PairHistogram) -> Self {
        let bars = |bars: &Vec<f64>| Bytes::of(bars.iter().copied());
        Self { width: pairs.width, near: bars(&pairs.near), far: bars(&pairs.far) }
    }

    fn histogram(&self) -> PairHistogram {
        let bars = |bars: &Bytes| bars.numbers().collect();
        PairHistogram { width: self.width, near: bars(&self.near), far: bars(&self.far) }
    }
}

impl HeldOut {
    fn of(unseen: &Unseen) -> Self {
        let place = |placed: Placed| (placed.distance, placed.ari, placed.acc);
        Self {
            rows: Bytes::of(unseen.rows.iter().copied()),
            share: unseen.share,
            extension: unseen.extension,
            sides: unseen.sides.map(|sides| (sides.step as u64, place(sides.learned), place(sides.nystrom))),
        }
    }

    fn unseen(&self) -> Unseen {
        let placed = |(distance, ari, acc): Place| Placed { distance, ari, acc };
        let sides = |(step, learned, nystrom): (u64, Place, Place)| Sides {
            step: step as usize,
            learned: placed(learned),
            nystrom: placed(nystrom),
        };
        Unseen {
            rows: Arc::new(self.rows.numbers().collect()),
            share: self.share,
            extension: self.extension,
            sides: self.sides.map(sides),
        }
    }
}

impl Answers {
    fn of(trained: &SelfTrained) -> Self {
        Self {
            confidence: Bytes::of(trained.confidence.iter().map(|&c| c as f32)),
            moved: Bytes(trained.moved.iter().map(|&moved| u8::from(moved)).collect()),
            agreement: trained.agreement,
            taken: trained.taken,
            before: trained.before,
        }
    }

    fn answers(&self) -> SelfTrained {
        SelfTrained {
            confidence: self.confidence.numbers::<4, f32>().map(f64::from).collect(),
            moved: self.moved.0.iter().map(|&moved| moved != 0).collect(),
            agreement: self.agreement,
            taken: self.taken,
            before: self.before,
            classifier: None,
        }
    }
}

fn prepared_numbers(look: &Prepared) -> [f64; PREPARED] {
    let stage = Stage::ALL.iter().position(|stage| *stage == look.stage).unwrap_or(0);
    [stage as f64, look.step as f64, look.seconds, look.loss, look.lr]
}

fn prepared_of(numbers: &[f64]) -> Option<Prepared> {
    let &[stage, step, seconds, loss, lr] = numbers else { return None };
    Some(Prepared { stage: *Stage::ALL.get(stage as usize)?, step: step as usize, seconds, loss, lr })
}

fn terms_numbers(look: &Terms) -> [f64; TERMS] {
    let Terms { step, reconstruction, relative, global, local, prior, spectral } = *look;
    let [a, b, c, d, e, f] = [reconstruction, relative, global, local, prior, spectral].map(|v| v.unwrap_or(f64::NAN));
    [step as f64, a, b, c, d, e, f]
}

fn terms_of(numbers: &[f64]) -> Terms {
    let at = |place: usize| numbers.get(place).copied().filter(|number| !number.is_nan());
    Terms {
        step: at(0).unwrap_or_default() as usize,
        reconstruction: at(1),
        relative: at(2),
        global: at(3),
        local: at(4),
        prior: at(5),
        spectral: at(6),
    }
}
