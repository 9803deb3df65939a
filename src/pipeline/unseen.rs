//! How well rows are placed that the training never saw, beside the simplest extension of the exact side.
//!
//! A share of the rows is left out. The rest has a graph, an exact eigenspace and a network of its own; both place the rows left out, the
//! network by what it learned and the exact side by Nyström's extension, and are measured against the exact eigenspace of the graph of all
//! rows. Labels take no part but in the scores.

use ndarray::Array2;
use rand::seq::SliceRandom as _;
use serde::Serialize;

use super::chain::{Chain, Outcome};
use super::event::Watcher;
use super::job::Job;
use super::placed::{Placed, Truth};
use crate::data::{self, Dataset};
use crate::graph::Landmarks;
use crate::measure;
use crate::nets::Compute;
use crate::recipe::{Auto, Hidden, LastLayer, Recipe};
use crate::support::progress::{Control, Progress};
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// A way to train, for an ablation: what is left out of the usual one.
#[derive(Clone, Copy, Debug)]
pub struct Variation {
    /// As a person reads it.
    pub title: &'static str,
    /// The recipe without it.
    pub change: fn(&mut Recipe),
}

impl Variation {
    /// The recipe as it is.
    pub const NONE: Self = Self { title: "learned", change: |_| () };
    /// The recipe, and without each part that places rows never seen.
    pub const ALL: [Self; 7] = [
        Self::NONE,
        Self { title: "no tie", change: |recipe| recipe.tie = Auto::Set(0.0) },
        Self { title: "pairs, not the whole graph", change: |recipe| recipe.batch = Auto::Set(1024) },
        Self {
            title: "pairs, no tie",
            change: |recipe| (recipe.batch, recipe.tie) = (Auto::Set(1024), Auto::Set(0.0)),
        },
        Self { title: "last layer learned", change: |recipe| recipe.last_layer = LastLayer::Learned },
        Self { title: "half as wide", change: |recipe| recipe.hidden = Hidden::Layers(vec![128, 128]) },
        Self { title: "nothing held out", change: |recipe| recipe.hold_out = Auto::Set(0.0) },
    ];
}

/// One way to train on one split.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learned {
    /// Which way.
    pub variation: &'static str,
    /// The network's distance to the exact eigenspace of its own graph, on the rows it saw.
    pub distance_seen: f64,
    /// On the rows it did not see.
    #[serde(flatten)]
    pub placed: Placed,
    /// Seconds of the training.
    pub seconds: f64,
}

/// One split.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What drew it, and everything else that is random.
    pub seed: u64,
    /// Rows that taught, and rows left out.
    pub seen: usize,
    /// Rows left out.
    pub unseen: usize,
    /// The network, trained in each way.
    pub learned: Vec<Learned>,
    /// The exact side of the rows seen, extended.
    pub nystrom: Placed,
}

/// Measures `seeds` splits, from the recipe's seed on, each with the `share` of the rows left out, and on each every variation of the training.
///
/// # Errors
/// [`Error::Setting`] for a share that leaves a side too small, or a system that has no exact side between features; those of a run.
pub fn unseen(
    job: &Job,
    (share, seeds): (f64, usize),
    variations: &[Variation],
    control: &Control,
    watcher: &dyn Watcher,
) -> Result<Vec<Row>> {
    let recipe = &job.recipe;
    if recipe.system.is_supervised() || recipe.has_codes() || recipe.affinity_file.is_some() {
        let why = "rows never seen are measured for spectralnet between features: codes and given graphs are others for other rows";
        return Err(Error::Setting(why.to_owned()));
    }
    if !(share > 0.0 && share < 1.0) {
        return Err(Error::Setting(format!("--share {share} must lie between 0 and 1")));
    }
    let data = data::load(&job.source, recipe, &Progress::silent())?;
    let measure = Measure { data: &data, job, share, variations, control, watcher };
    (0..seeds as u64).map(|at| measure.split(recipe.seed.wrapping_add(at))).collect()
}

/// What every split is measured with.
struct Measure<'a> {
    data: &'a Dataset,
    job: &'a Job,
    share: f64,
    variations: &'a [Variation],
    control: &'a Control,
    watcher: &'a dyn Watcher,
}

impl Measure<'_> {
    fn split(&self, seed: u64) -> Result<Row> {
        let Self { data, job, share, control, watcher, .. } = *self;
        let base = Recipe { seed, exact: true, limit: 0, samples: Auto::Auto, ..job.recipe.clone() };
        let job_of = |recipe: Recipe| Job { source: job.source.clone(), recipe };
        let whole = job_of(Recipe { learn: false, ..base.clone() });
        let whole = Chain::given(&whole, data.clone()).run(&whole, control, watcher)?;
        let (seen, unseen) = split(data.len(), share, seed)?;
        // The same number of clusters and vectors on both graphs.
        let side = whole.snapshot.exact.as_deref().ok_or_else(|| missing("the exact side"))?;
        let (clusters, vectors) = (Auto::Set(whole.snapshot.clusters), side.space.values.len());
        let eigenvectors = if job.recipe.eigenvectors.set().is_some() { Auto::Set(vectors) } else { Auto::Auto };
        let base = Recipe { learn: true, clusters, eigenvectors, ..base };
        let rest = data.select(&unseen);
        let raw = rest.features.numbers();
        let operator = whole.snapshot.operator.as_deref().ok_or_else(|| missing("the graph"))?;
        let truth = Truth::new(side, operator, unseen.clone(), data.labels.as_ref());

        // One chain: the graph of the rows seen is built once.
        let mut chain = Chain::given(&job_of(base.clone()), data.select(&seen));
        let (mut learned, mut nystrom) = (Vec::new(), None);
        for variation in self.variations {
            let mut recipe = base.clone();
            (variation.change)(&mut recipe);
            let part = chain.run(&job_of(recipe), control, watcher)?;
            let model = part.model.as_ref().ok_or_else(|| missing("the network"))?;
            let labelled = model.apply(raw.view(), &Compute::cpu())?;
            learned.push(Learned {
                variation: variation.title,
                distance_seen: part.snapshot.distance().unwrap_or(f64::NAN),
                placed: truth.judge(&labelled.coordinates, &labelled.clusters),
                seconds: part.curve.last().map_or(0.0, |point| point.seconds),
            });
            if nystrom.is_none() {
                let (coordinates, assignment) = extended(&part, &model.scaler.apply(raw.view()))?;
                nystrom = Some(truth.judge(&coordinates, &assignment));
            }
        }
        let nystrom = nystrom.ok_or_else(|| missing("every training"))?;
        Ok(Row { seed, seen: seen.len(), unseen: unseen.len(), learned, nystrom })
    }
}

/// Rows that teach and rows left out, each ascending.
fn split(n: usize, share: f64, seed: u64) -> Result<(Vec<usize>, Vec<usize>)> {
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut rng(seed, Stream::Unseen, 0));
    let out = (share * n as f64).round() as usize;
    if out < 2 || out + 2 > n {
        return Err(Error::Setting(format!("--share {share} of {n} rows leaves {out} out; each side needs two")));
    }
    let mut seen = order.split_off(out);
    order.sort_unstable();
    seen.sort_unstable();
    Ok((seen, order))
}

/// The exact side of the rows seen, at new scaled rows: coordinates, and clusters by its own centres.
fn extended(part: &Outcome, new: &Array2<f32>) -> Result<(Array2<f64>, Vec<u32>)> {
    let snapshot = &part.snapshot;
    let (Some(exact), Some(neighbors), Some(operator)) = (&snapshot.exact, &snapshot.neighbors, &snapshot.operator)
    else {
        return Err(missing("the graph of the rows seen"));
    };
    let recipe = Recipe { scale: part.settings.scale, ..snapshot.job.recipe.clone() };
    let landmarks = Landmarks::new(&snapshot.scaled, neighbors, &recipe, &exact.space, operator.kind)?;
    let coordinates = landmarks.place(new.view());
    let weights = exact.weights(operator);
    let rows = measure::rows(coordinates.view(), weights.as_deref(), part.settings.grouping.rows);
    let clusters = measure::assign(rows.view(), exact.clusters.centroids.view());
    Ok((coordinates, clusters))
}

/// A run always has what it was asked for.
fn missing(what: &str) -> Error {
    Error::Numerics(format!("the run left {what} out"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::model::Side;
    use crate::pipeline::Unheard;
    use crate::recipe::DeviceChoice;

    #[test]
    fn a_model_places_new_rows_where_nystrom_is_measured() {
        let recipe = Recipe { device: DeviceChoice::Cpu, learn: false, samples: Auto::Set(400), ..Recipe::default() };
        let job = Job { source: Source::Named("moons".to_owned()), recipe };
        let data = data::load(&job.source, &job.recipe, &Progress::silent()).expect("it is built in");
        let (seen, unseen) = split(data.len(), 0.4, 0).expect("enough rows");
        let part = Chain::given(&job, data.select(&seen)).run(&job, &Control::new(), &Unheard).expect("a small run");
        let model = part.model.as_ref().expect("the exact side leaves one");
        let raw = data.select(&unseen).features.numbers();
        let labelled = model.apply_by(Side::Exact, raw.view(), &Compute::cpu()).expect("its own columns");
        let (coordinates, clusters) = extended(&part, &model.scaler.apply(raw.view())).expect("there is a graph");
        assert_eq!((labelled.coordinates, labelled.clusters), (coordinates, clusters));
    }
}
