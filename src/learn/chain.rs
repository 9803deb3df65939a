//! The chain of stages: load → represent → neighbours → affinity → exact → learn → clusters.
//!
//! Each stage is a pure function of its input and of its own part of the recipe, and its result is kept while both hold.

use std::sync::Arc;
use std::time::Instant;

use ndarray::Array2;

use super::supervised;
use super::training::{self, Trained};
use super::{CurvePoint, Event, Job, Model, Snapshot, Solution, Stage, clusters};
use crate::data::{self, Dataset, Scaler};
use crate::exact::{self, Exact};
use crate::graph::{self, Neighbors, Operator};
use crate::measure::{self, Clustering, Scores};
use crate::nets::Compute;
use crate::progress::{Control, Progress};
use crate::recipe::{Recipe, changes};
use crate::{Error, Result};

/// Who is told what happens, from the working thread and those it starts.
pub trait Watcher: Sync {
    /// A small fact.
    fn event(&self, event: Event);
    /// The newest state.
    fn snapshot(&self, snapshot: Snapshot);
}

/// The stages' results, kept between jobs.
#[derive(Debug, Default)]
pub struct Chain {
    loaded: Kept<Loaded>,
    neighbors: Kept<Arc<Neighbors>>,
    operator: Kept<Arc<Operator>>,
    exact: Kept<Arc<Exact>>,
    trained: Kept<Arc<Trained>>,
    baseline: Kept<Arc<(Clustering, Option<Scores>)>>,
    pub(super) supervised: Kept<Arc<supervised::Trained>>,
    pub(super) serial: u64,
}

/// A complete run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The result.
    pub snapshot: Snapshot,
    /// Every stage in order with its wall clock in seconds.
    pub stages: Vec<(Stage, f64)>,
    /// The exact side's own seconds and largest residual, where it ran.
    pub exact: Option<Arc<Exact>>,
    /// Every evaluation of the training.
    pub curve: Vec<CurvePoint>,
    /// What labels new rows, where a network was trained.
    pub model: Option<Model>,
    /// What a person should know, in order.
    pub notes: Vec<String>,
}

/// A stage's result with the job that made it.
#[derive(Debug)]
pub(super) struct Kept<T>(Option<Entry<T>>);

#[derive(Debug)]
struct Entry<T> {
    job: Job,
    seconds: f64,
    notes: Vec<String>,
    value: T,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// What the first stage makes.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) data: Dataset,
    pub(super) scaler: Scaler,
    pub(super) scaled: Arc<Array2<f32>>,
    input: Arc<Array2<f32>>,
    axes: Arc<[String; 3]>,
}

/// One job on its way through the chain.
pub(super) struct Run<'a> {
    pub(super) job: &'a Job,
    pub(super) control: &'a Control,
    pub(super) watcher: &'a dyn Watcher,
    pub(super) stages: Vec<(Stage, f64)>,
    pub(super) notes: Vec<String>,
}

impl Run<'_> {
    pub(super) fn note(&mut self, note: String) {
        self.watcher.event(Event::Note(note.clone()));
        self.notes.push(note);
    }

    /// The kept result of a stage if nothing it depends on changed, else a new one.
    pub(super) fn stage<T: Clone>(
        &mut self,
        stage: Stage,
        kept: &mut Kept<T>,
        make: impl FnOnce(&Progress<'_>) -> Result<(T, Vec<String>)>,
    ) -> Result<T> {
        self.control.check()?;
        let still_holds = |entry: &Entry<T>| {
            entry.job.source == self.job.source
                && !changes::stages_redone(&entry.job.recipe, &self.job.recipe).contains(&stage)
        };
        let hit = kept.0.as_ref().is_some_and(still_holds);
        if !hit {
            kept.0 = None; // Free the old result before the new one is made.
            let started = Instant::now();
            let report =
                |fraction: f32, note: &str| self.watcher.event(Event::Progress(stage, fraction, note.to_owned()));
            report(0.0, "");
            let (value, notes) = make(&Progress::new(self.control.clone(), &report))?;
            kept.0 = Some(Entry { job: self.job.clone(), seconds: started.elapsed().as_secs_f64(), notes, value });
        }
        let Some(entry) = &kept.0 else { return Err(Error::Cancelled) };
        let (seconds, value, notes) = (entry.seconds, entry.value.clone(), entry.notes.clone());
        for note in notes {
            self.note(note);
        }
        self.done(stage, seconds, hit);
        Ok(value)
    }

    pub(super) fn done(&mut self, stage: Stage, seconds: f64, kept: bool) {
        match self.stages.iter_mut().find(|(s, _)| *s == stage) {
            Some((_, sum)) => *sum += seconds,
            None => self.stages.push((stage, seconds)),
        }
        self.watcher.event(Event::Done { stage, seconds, kept });
    }
}

/// Exact eigenvalues shown beyond those in use, for the eigengap and the ladder.
const BEYOND: usize = 4;
/// Eigenvalues looked at when the eigengap decides the number of clusters.
const GAP_SEARCH: usize = 16;
/// Samples on which the baseline's k-means takes fewer starts, since it works on raw features.
const LARGE: usize = 20_000;

impl Chain {
    /// Load and show, nothing more.
    ///
    /// # Errors
    /// Those of the stages; [`Error::Cancelled`] when the control says so.
    pub fn open(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<()> {
        let mut run = Run { job, control, watcher, stages: Vec::new(), notes: Vec::new() };
        let loaded = self.load(&mut run)?;
        watcher.snapshot(self.first_snapshot(job, &loaded));
        Ok(())
    }

    /// The whole chain.
    ///
    /// # Errors
    /// Those of the stages; [`Error::Cancelled`] when the control says so.
    pub fn run(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<Outcome> {
        if !job.recipe.exact && !job.recipe.learn {
            return Err(Error::Setting("--no-exact and --no-learn together leave nothing to do".to_owned()));
        }
        let mut run = Run { job, control, watcher, stages: Vec::new(), notes: Vec::new() };
        let loaded = self.load(&mut run)?;
        let scale = job.recipe.scale.resolve(loaded.data.dim());
        let recipe = &Recipe { scale, ..job.recipe.clone() };
        let mut snapshot = self.first_snapshot(job, &loaded);
        watcher.snapshot(snapshot.clone());
        run.done(Stage::Represent, 0.0, true);
        if recipe.system.is_supervised() {
            return self.run_supervised(run, &loaded, snapshot);
        }

        let scaled = Arc::clone(&loaded.scaled);
        let neighbors = run.stage(Stage::Neighbours, &mut self.neighbors, |p| {
            Ok((Arc::new(graph::nearest_neighbors(scaled.view(), recipe.neighbors, p)?), Vec::new()))
        })?;
        let operator =
            run.stage(Stage::Affinity, &mut self.operator, |_| build(&neighbors, loaded.data.len(), recipe))?;
        snapshot.neighbors = Some(neighbors);
        snapshot.operator = Some(Arc::clone(&operator));
        self.publish(&mut snapshot, watcher);

        let sizes = Sizes::new(recipe, &loaded.data)?;
        let exact = if recipe.exact {
            let (wanted, tolerance) = (sizes.ladder, 1e-6);
            Some(run.stage(Stage::Exact, &mut self.exact, |p| {
                let exact = exact::solve(&operator, wanted, tolerance, recipe.seed, p)?;
                let notes = exact.notes.clone();
                Ok((Arc::new(exact), notes))
            })?)
        } else {
            None
        };
        let (clusters, k) = sizes.settle(exact.as_deref(), &mut run)?;
        snapshot.clusters = clusters;
        let unit = training::unit(&operator);
        let labels = loaded.data.labels.clone();

        // The baseline and the exact clusters come before the training, so that it can be watched beside them.
        let started = Instant::now();
        snapshot.baseline = Some(self.baseline(&mut run, &loaded, clusters)?);
        if let Some(exact) = &exact {
            snapshot.ladder = Arc::new(exact.space.values.clone());
            let space = exact.space.truncated(k);
            let clusters = clusters::cluster(&space, unit, clusters, recipe.starts, recipe, &Progress::silent())?;
            let residual = exact.residuals.iter().take(k).copied().fold(0.0, f64::max);
            let scores = clusters::scores(&clusters, labels.as_ref());
            snapshot.exact = Some(Arc::new(Solution { space, clusters, scores, residual }));
        }
        let mut cluster_seconds = started.elapsed().as_secs_f64();
        self.publish(&mut snapshot, watcher);

        let mut model = None;
        let mut curve = Vec::new();
        if recipe.learn {
            let compute = Compute::open(recipe.device)?;
            snapshot.device.clone_from(&compute.name);
            let serial = &mut self.serial;
            let task = training::Task {
                recipe,
                compute: &compute,
                scaled: &loaded.scaled,
                operator: &operator,
                k,
                control,
                watcher,
            };
            let trained = run.stage(Stage::Learn, &mut self.trained, |_| {
                training::train(&task, &snapshot, serial).map(|t| {
                    let notes = t.notes.clone();
                    (Arc::new(t), notes)
                })
            })?;
            let started = Instant::now();
            let solution = trained.solution(
                &operator,
                snapshot.exact.as_deref(),
                clusters,
                recipe.starts,
                recipe,
                labels.as_ref(),
            )?;
            snapshot.step = trained.step;
            snapshot.steps = trained.steps;
            snapshot.agreement = training::agreement(&operator, &solution, &snapshot);
            model = Some(trained.model(recipe, &loaded.data, &loaded.scaler, &solution, &operator));
            snapshot.learned = Some(Arc::new(solution));
            curve.clone_from(&trained.curve);
            cluster_seconds += started.elapsed().as_secs_f64();
        }
        run.done(Stage::Clusters, cluster_seconds, false);
        self.publish(&mut snapshot, watcher);
        Ok(Outcome { snapshot, stages: run.stages, exact, curve, model, notes: run.notes })
    }

    fn load(&mut self, run: &mut Run<'_>) -> Result<Loaded> {
        let job = run.job;
        run.stage(Stage::Load, &mut self.loaded, |p| {
            let data = data::load(&job.source, &job.recipe, p)?;
            let scaler = Scaler::fit(&data, job.recipe.scaling);
            let scaled = Arc::new(scaler.apply(data.view()));
            let (input, axes) = input_view(&data, &scaled, job.recipe.seed);
            let notes = data.notes.clone();
            Ok((Loaded { data, scaler, scaled, input: Arc::new(input), axes: Arc::new(axes) }, notes))
        })
    }

    pub(super) fn baseline(
        &mut self,
        run: &mut Run<'_>,
        loaded: &Loaded,
        clusters: usize,
    ) -> Result<Arc<(Clustering, Option<Scores>)>> {
        let same = |e: &Entry<Arc<(Clustering, Option<Scores>)>>| {
            e.value.0.centroids.nrows() == clusters
                && e.job.recipe.starts == run.job.recipe.starts
                && e.job.source == run.job.source
                && !changes::stages_redone(&e.job.recipe, &run.job.recipe).contains(&Stage::Load)
        };
        if let Some(entry) = self.baseline.0.as_ref().filter(|e| same(e)) {
            return Ok(Arc::clone(&entry.value));
        }
        let starts = if loaded.data.len() > LARGE { run.job.recipe.starts.min(2) } else { run.job.recipe.starts };
        let report =
            |f: f32, _: &str| run.watcher.event(Event::Progress(Stage::Clusters, f, "k-means on the input".to_owned()));
        let progress = Progress::new(run.control.clone(), &report);
        let clustering = measure::kmeans(loaded.scaled.view(), clusters, starts, run.job.recipe.seed, &progress)?;
        let scores = clusters::scores(&clustering, loaded.data.labels.as_ref());
        let value = Arc::new((clustering, scores));
        self.baseline.0 =
            Some(Entry { job: run.job.clone(), seconds: 0.0, notes: Vec::new(), value: Arc::clone(&value) });
        Ok(value)
    }

    fn first_snapshot(&mut self, job: &Job, loaded: &Loaded) -> Snapshot {
        self.serial += 1;
        Snapshot {
            serial: self.serial,
            job: Arc::new(job.clone()),
            data: loaded.data.clone(),
            scaled: Arc::clone(&loaded.scaled),
            input: Arc::clone(&loaded.input),
            input_axes: Arc::clone(&loaded.axes),
            neighbors: None,
            operator: None,
            clusters: job.recipe.clusters.set().or(loaded.data.clusters).unwrap_or(0),
            exact: None,
            ladder: Arc::default(),
            learned: None,
            baseline: None,
            agreement: None,
            supervised: None,
            step: 0,
            steps: 0,
            device: String::new(),
        }
    }

    pub(super) fn publish(&mut self, snapshot: &mut Snapshot, watcher: &dyn Watcher) {
        self.serial += 1;
        snapshot.serial = self.serial;
        watcher.snapshot(snapshot.clone());
    }
}

fn build(neighbors: &Neighbors, n: usize, recipe: &Recipe) -> Result<(Arc<Operator>, Vec<String>)> {
    let (affinity, _, mut notes) = graph::affinity(neighbors, n, recipe)?;
    let operator = Operator::new(affinity, recipe.laplacian)?;
    notes.extend(operator.notes());
    Ok((Arc::new(operator), notes))
}

/// Two or three columns that show the input: itself when it is flat enough, else its principal components.
fn input_view(data: &Dataset, scaled: &Array2<f32>, seed: u64) -> (Array2<f32>, [String; 3]) {
    let (n, d) = scaled.dim();
    if d <= 3 {
        let mut view = Array2::zeros((n, 3));
        view.slice_mut(ndarray::s![.., ..d]).assign(scaled);
        let axis = |i: usize| data.columns.get(i).cloned().unwrap_or_default();
        return (view, [axis(0), axis(1), axis(2)]);
    }
    let (view, shares) = data::principal_components(scaled.view(), 3, seed);
    let axis =
        |i: usize| shares.get(i).map_or_else(String::new, |s| format!("component {} ({:.0} %)", i + 1, 100.0 * s));
    (view, [axis(0), axis(1), axis(2)])
}

/// How many clusters, vectors and eigenvalues: from the recipe, the data, or the spectrum.
struct Sizes {
    clusters: Option<usize>,
    vectors: Option<usize>,
    ladder: usize,
}

impl Sizes {
    fn new(recipe: &Recipe, data: &Dataset) -> Result<Self> {
        let n = data.len();
        let clusters = recipe.clusters.set().or(data.clusters);
        if let Some(c) = clusters
            && (c == 0 || c > n)
        {
            return Err(Error::Setting(format!("--clusters {c} is outside 1 to {n}, the number of samples")));
        }
        let vectors = recipe.eigenvectors.set().or(clusters);
        if let Some(k) = vectors
            && (k == 0 || k >= n)
        {
            return Err(Error::Setting(format!(
                "{k} eigenvectors need more than {k} samples and there are {n}; lower --eigenvectors or --clusters"
            )));
        }
        if clusters.is_none() && !recipe.exact {
            return Err(Error::Setting(
                "the number of clusters is not known: give --clusters, or let --exact find the eigengap".to_owned(),
            ));
        }
        let ladder = vectors.map_or(GAP_SEARCH, |k| k + BEYOND).max(if clusters.is_none() { GAP_SEARCH } else { 0 });
        Ok(Self { clusters, vectors, ladder: ladder.min(n - 1) })
    }

    /// Clusters and vectors in use, once the spectrum is known.
    fn settle(&self, exact: Option<&Exact>, run: &mut Run<'_>) -> Result<(usize, usize)> {
        let clusters = match (self.clusters, exact) {
            (Some(clusters), _) => clusters,
            (None, Some(exact)) => {
                let clusters = measure::eigengap(&exact.space.values);
                run.note(format!("{clusters} clusters: the widest eigengap lies behind eigenvalue {clusters}; --clusters sets another number"));
                clusters
            }
            (None, None) => return Err(Error::Setting("give --clusters".to_owned())),
        };
        Ok((clusters, self.vectors.unwrap_or(clusters)))
    }
}
