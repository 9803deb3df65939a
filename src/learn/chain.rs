//! The chain of stages: load → represent → metric → neighbours → affinity → exact → learn → clusters.
//!
//! Each stage is a pure function of its input and of its own part of the recipe, and its result is kept while both hold.

use std::sync::Arc;

use ndarray::Array2;

use super::clusters::Effort;
use super::course::{Course, SHORT};
use super::dimension::filled_dimensions;
use super::graph_stage;
use super::input_view::input_view;
use super::kept::{Entry, Halted, Kept, Recorder, Run};
use super::metric::Metric;
use super::represent::Codes;
use super::sizes::Sizes;
use super::supervised;
use super::taken::{self, Taken};
use super::training::{self, Before, Trained};
use super::{
    CurvePoint, Event, Facts, Job, Model, Snapshot, Solution, Stage, clusters, dual, metric, preflight, represent,
};
use crate::data::{self, Dataset, Labels, Scaler, Source};
use crate::error::Remedy;
use crate::exact::{self, Exact};
use crate::graph::{Neighbors, Operator};
use crate::measure::{self, Clustering, Scores};
use crate::nets::Compute;
use crate::nets::adam::USUAL;
use crate::progress::{Control, Progress, Stopwatch};
use crate::recipe::{Affinity, Recipe, System};
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
    codes: Kept<Arc<Codes>>,
    metric: Kept<Arc<Metric>>,
    neighbors: Kept<Arc<Neighbors>>,
    operator: Kept<Arc<Operator>>,
    exact: Kept<Arc<Exact>>,
    trained: Kept<Arc<Trained>>,
    baseline: Kept<Arc<(Clustering, Option<Scores>)>>,
    pub(super) supervised: Kept<Arc<supervised::Trained>>,
    /// Trainings that a person stopped, of either kind.
    halted: Halted<training::Halted>,
    pub(super) halted_supervised: Halted<supervised::Halted>,
    pub(super) serial: u64,
    /// What the last run of a source found out, so that the next compares settings with as much.
    known: Option<(Source, Facts)>,
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
    /// What a person should know, the notes of the data among it, in order.
    pub notes: Vec<String>,
}

impl Outcome {
    /// The evaluation of the network that was kept; the last one where the training was stopped before its first.
    #[must_use]
    pub fn kept_look(&self) -> Option<CurvePoint> {
        let kept = self.curve.iter().rfind(|point| point.step == self.snapshot.kept);
        kept.or(self.curve.last()).copied()
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
    taken: Option<Taken>,
    /// Dimensions that the scaled features fill.
    filled: usize,
}

impl Chain {
    /// Load and show, nothing more.
    ///
    /// # Errors
    /// Those of the stages; [`Error::Cancelled`] when the control says so.
    pub fn open(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<()> {
        job.recipe.check()?;
        let recorder = Recorder::new(watcher);
        let mut run = Run::new(job, control, &recorder, false, self.facts(&job.source));
        let loaded = self.load(&mut run)?;
        watcher.snapshot(self.first_snapshot(&run, &loaded));
        Ok(())
    }

    /// The whole chain. A training that was stopped before its end begins anew.
    ///
    /// # Errors
    /// Those of the stages; [`Error::Cancelled`] when the control says so.
    pub fn run(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<Outcome> {
        let facts = self.facts(&job.source);
        self.complete(Run::new(job, control, &Recorder::new(watcher), false, facts))
    }

    /// The whole chain, where a training of this job that was stopped goes on, and ends where an unbroken one ends.
    ///
    /// # Errors
    /// As [`Chain::run`].
    pub fn go_on(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<Outcome> {
        let facts = self.facts(&job.source);
        self.complete(Run::new(job, control, &Recorder::new(watcher), true, facts))
    }

    fn complete(&mut self, mut run: Run<'_>) -> Result<Outcome> {
        let Run { job, control, watcher, .. } = run;
        job.recipe.check()?;
        if !job.recipe.exact && !job.recipe.learn {
            return Err(Error::Setting("--no-exact and --no-learn together leave nothing to do".to_owned())
                .or(Remedy::set("exact", true, "computes the exact side", "Compute the exact side"))
                .or(Remedy::set("learn", true, "trains the network", "Train the network")));
        }
        let loaded = self.load(&mut run)?;
        let recipe = &job.recipe;
        // What cannot be is said before anything is computed and before the picture changes.
        preflight::check(recipe, &loaded.data, loaded.scaled.ncols())?;
        let mut snapshot = self.first_snapshot(&run, &loaded);
        watcher.snapshot(snapshot.clone());
        if recipe.system.is_supervised() {
            run.done(Stage::Represent, 0.0, true);
            return self.run_supervised(run, &loaded, snapshot);
        }
        let sizes = Sizes::new(recipe, &loaded.data)?;

        let compute = compute_for(recipe)?;
        if let Some(compute) = &compute {
            snapshot.device.clone_from(&compute.name);
        }
        let codes = self.represent(&mut run, &loaded, &sizes, compute.as_ref(), &mut snapshot)?;
        let samples = codes.as_ref().map_or_else(|| Arc::clone(&loaded.scaled), |c| Arc::clone(&c.rows));
        run.facts.filled_by_codes = codes.as_ref().map(|codes| filled_dimensions(codes.rows.view()));
        let metric = self.metric(&mut run, &samples, compute.as_ref(), &mut snapshot)?;
        let places = metric.map_or_else(|| Arc::clone(&samples), |m| Arc::clone(&m.rows));
        let neighbors = if recipe.affinity_file.is_some() {
            run.done(Stage::Neighbours, 0.0, true); // A given graph asks for none.
            None
        } else {
            Some(run.stage(Stage::Neighbours, &mut self.neighbors, |p| {
                let k = recipe.neighbors_in_use();
                let found = graph_stage::neighbors(places.view(), k, recipe, p)?;
                let notes = graph_stage::neighbors_note(&found).into_iter().collect();
                Ok((Arc::new(found), notes))
            })?)
        };
        let (recipe, taken) = taken::resolve(recipe, &loaded.scaler, neighbors.as_deref());
        snapshot.take(taken);
        let recipe = &recipe;
        let operator = run.stage(Stage::Affinity, &mut self.operator, |p| {
            graph_stage::operator(neighbors.as_deref(), &loaded.data, recipe, p)
        })?;
        snapshot.neighbors = neighbors;
        snapshot.operator = Some(Arc::clone(&operator));
        self.publish(&mut snapshot, watcher);

        let exact = if recipe.exact {
            let (wanted, tolerance) = (sizes.eigenvalues(&operator.components), 1e-6);
            Some(run.stage(Stage::Exact, &mut self.exact, |p| {
                let exact = exact::solve(&operator, wanted, tolerance, recipe.seed, p)?;
                let notes = exact.notes.clone();
                Ok((Arc::new(exact), notes))
            })?)
        } else {
            None
        };
        let (clusters, k) = sizes.settle(exact.as_deref(), &operator.components, &mut run)?;
        snapshot.clusters = clusters;
        let unit = training::unit(&operator);
        let values = exact.as_ref().map_or(&[][..], |exact| &exact.space.values);
        run.facts.ladder = values.iter().map(|value| value / unit).collect();
        snapshot.facts = Arc::new(run.facts.clone());
        self.known = Some((job.source.clone(), run.facts.clone()));
        let labels = loaded.data.labels.clone();

        // The baseline and the exact clusters come before the training, so that it can be watched beside them.
        let watch = Stopwatch::start(control);
        let baseline = self.baseline(&mut run, &loaded, clusters)?;
        if let Some(exact) = &exact {
            snapshot.ladder = Arc::new(exact.space.values.clone());
            snapshot.exact = Some(Arc::new(exact_side(exact, k, &operator, clusters, recipe, labels.as_ref())?));
        }
        snapshot.baseline = Some(match snapshot.leading_clusters() {
            Some(leading) => Arc::new((baseline.0.clone().numbered_as(&leading.assignment), baseline.1)),
            None => baseline,
        });
        let mut cluster_seconds = watch.seconds();
        self.publish(&mut snapshot, watcher);

        let mut model = None;
        let mut curve = Vec::new();
        if let Some(compute) = compute.as_ref().filter(|_| recipe.learn) {
            let serial = &mut self.serial;
            let hints = graph_stage::hints(&loaded.data, recipe)?;
            let head = codes.as_ref().and_then(|c| c.head.as_ref());
            let mut halted = self.halted.take_for(&run);
            let whole = run.stopped.is_none();
            let task = training::Task {
                recipe,
                compute,
                samples: &samples,
                hints,
                operator: &operator,
                k,
                head,
                control,
                watcher,
            };
            let goes_on = run.goes_on;
            let trained = run.stage(Stage::Learn, &mut self.trained, |_| {
                begins_anew(goes_on && halted.is_none(), watcher);
                training::train(&task, &snapshot, serial, &mut halted).map(|t| {
                    let notes = t.notes.clone();
                    (Arc::new(t), notes)
                })
            });
            // On codes that were stopped themselves there is nothing to go on with.
            self.halted.keep(job, halted.filter(|_| whole));
            let trained = trained?;
            let watch = Stopwatch::start(control);
            let solution = trained.solution(&operator, &snapshot, recipe)?;
            (snapshot.step, snapshot.steps, snapshot.kept) = (trained.step, trained.steps, trained.kept);
            snapshot.agreement = training::agreement(&operator, &solution, &snapshot);
            snapshot.ending = Some(trained.ending(recipe, snapshot.distance()));
            let before = Before { scaler: loaded.scaler.clone(), encoder: codes.map(|c| c.encoder.clone()) };
            model = Some(trained.model(recipe, &loaded.data, before, &solution, &operator));
            snapshot.learned = Some(Arc::new(solution));
            curve.clone_from(&trained.curve);
            cluster_seconds += watch.seconds();
        }
        run.done(Stage::Clusters, cluster_seconds, false);
        self.publish(&mut snapshot, watcher);
        Ok(Outcome { snapshot, stages: run.stages, exact, curve, model, notes: run.notes })
    }

    fn load(&mut self, run: &mut Run<'_>) -> Result<Loaded> {
        let job = run.job;
        run.stage(Stage::Load, &mut self.loaded, |p| {
            let data = data::load(&job.source, &job.recipe, p)?;
            let scaling = data::resolve_scaling(&data, job.recipe.scaling);
            let scaler = Scaler::fit(&data, scaling.0);
            let scaled = scaler.scaled(&data.features);
            let (input, axes) = input_view(&data, &scaled, job.recipe.seed);
            let notes = data.notes.clone();
            let taken = taken::scaling(&job.recipe, &scaling);
            let filled = filled_dimensions(scaled.view());
            Ok((Loaded { data, scaler, scaled, input: Arc::new(input), axes: Arc::new(axes), taken, filled }, notes))
        })
        .inspect(|loaded| run.facts.loaded(&loaded.data, loaded.filled))
    }

    /// What is known before a run: what the last one of the source found out.
    fn facts(&self, source: &Source) -> Facts {
        match &self.known {
            Some((of, facts)) if of == source => facts.clone(),
            _ => Facts::of(source),
        }
    }

    /// Codes for the samples, where they are wanted.
    fn represent(
        &mut self,
        run: &mut Run<'_>,
        loaded: &Loaded,
        sizes: &Sizes,
        compute: Option<&Compute>,
        snapshot: &mut Snapshot,
    ) -> Result<Option<Arc<Codes>>> {
        let recipe = &run.job.recipe;
        let Some(compute) = compute.filter(|_| recipe.has_codes()) else {
            self.codes.0 = None;
            run.done(Stage::Represent, 0.0, true);
            return Ok(None);
        };
        let image = loaded.data.image.filter(|i| i.width * i.height * i.channels == loaded.scaled.ncols());
        let dual = (recipe.system == System::DualAutoencoder).then(|| dual::Task {
            recipe,
            x: loaded.scaled.view(),
            image,
            clusters: sizes.clusters,
            vectors: sizes.vectors,
            compute,
        });
        let default = if dual.is_some() { dual::steps } else { represent::steps };
        let course = Course {
            stage: Stage::Represent,
            steps: recipe.encoder_steps.unwrap_or_else(|| default(loaded.data.len())),
            lr: recipe.encoder_lr_in_use(),
            flag: "--encoder-lr",
            memory: if dual.is_some() { USUAL } else { SHORT },
            control: run.control,
            watcher: run.watcher,
        };
        let serial = &mut self.serial;
        let codes = run.stage(Stage::Represent, &mut self.codes, |_| {
            let show = |rebuilt| {
                *serial += 1;
                snapshot.serial = *serial;
                snapshot.rebuilt = Some(rebuilt);
                course.watcher.snapshot(snapshot.clone());
            };
            let codes = match &dual {
                Some(task) => dual::train(task, &course, show)?,
                None => represent::train(recipe, (loaded.scaled.view(), image), compute, &course, show)?,
            };
            Ok((Arc::new(codes), Vec::new()))
        })?;
        snapshot.codes = Some(Arc::clone(&codes.rows));
        snapshot.rebuilt = Some(Arc::clone(&codes.rebuilt));
        self.publish(snapshot, run.watcher);
        Ok(Some(codes))
    }

    /// Learned distances between the samples, where they are wanted.
    fn metric(
        &mut self,
        run: &mut Run<'_>,
        samples: &Array2<f32>,
        compute: Option<&Compute>,
        snapshot: &mut Snapshot,
    ) -> Result<Option<Arc<Metric>>> {
        let recipe = &run.job.recipe;
        let wanted = recipe.affinity == Affinity::Siamese && recipe.affinity_file.is_none();
        let Some(compute) = compute.filter(|_| wanted) else {
            self.metric.0 = None;
            return Ok(None);
        };
        let course = Course {
            stage: Stage::Metric,
            steps: recipe.siamese_steps.unwrap_or_else(|| metric::steps(samples.nrows())),
            lr: recipe.siamese_lr,
            flag: "--siamese-lr",
            memory: SHORT,
            control: run.control,
            watcher: run.watcher,
        };
        let serial = &mut self.serial;
        let metric = run.stage(Stage::Metric, &mut self.metric, |progress| {
            let show = |pairs| {
                *serial += 1;
                snapshot.serial = *serial;
                snapshot.pairs = Some(pairs);
                course.watcher.snapshot(snapshot.clone());
            };
            Ok((Arc::new(metric::train(recipe, samples.view(), compute, &course, progress, show)?), Vec::new()))
        })?;
        snapshot.metric = Some(Arc::clone(&metric.rows));
        snapshot.pairs = Some(Arc::clone(&metric.histogram));
        self.publish(snapshot, run.watcher);
        Ok(Some(metric))
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
                && run.holds(Stage::Load, e)
        };
        if let Some(entry) = self.baseline.0.as_ref().filter(|e| same(e)) {
            return Ok(Arc::clone(&entry.value));
        }
        let report =
            |f: f32, _: &str| run.watcher.event(Event::Progress(Stage::Clusters, f, "k-means on the input".to_owned()));
        let progress = Progress::new(run.control.clone(), &report);
        let Recipe { starts, seed, .. } = run.job.recipe;
        let clustering = measure::kmeans_of_features(loaded.scaled.view(), clusters, starts, seed, &progress)?;
        let scores = clusters::scores(&clustering, loaded.data.labels.as_ref());
        let value = Arc::new((clustering, scores));
        self.baseline.0 = Some(Entry::new(run.job, Arc::clone(&value)));
        Ok(value)
    }

    fn first_snapshot(&mut self, run: &Run<'_>, loaded: &Loaded) -> Snapshot {
        self.serial += 1;
        let job = run.job;
        Snapshot {
            serial: self.serial,
            job: Arc::new(job.clone()),
            facts: Arc::new(run.facts.clone()),
            data: loaded.data.clone(),
            scaled: Arc::clone(&loaded.scaled),
            input: Arc::clone(&loaded.input),
            input_axes: Arc::clone(&loaded.axes),
            codes: None,
            rebuilt: None,
            metric: None,
            pairs: None,
            neighbors: None,
            operator: None,
            clusters: job.recipe.clusters.set().or(loaded.data.clusters).unwrap_or(0),
            exact: None,
            ladder: Arc::default(),
            learned: None,
            baseline: None,
            agreement: None,
            supervised: None,
            taken: Arc::new(loaded.taken.iter().cloned().collect()),
            step: 0,
            steps: 0,
            kept: 0,
            ending: None,
            device: String::new(),
        }
    }

    pub(super) fn publish(&mut self, snapshot: &mut Snapshot, watcher: &dyn Watcher) {
        self.serial += 1;
        snapshot.serial = self.serial;
        watcher.snapshot(snapshot.clone());
    }
}

/// Says that a training that should have gone on begins anew: its numbers are the same.
pub(super) fn begins_anew(it_does: bool, watcher: &dyn Watcher) {
    if it_does {
        let note = "the stopped training had made room for another one and begins anew, to the same end";
        watcher.event(Event::Note(note.to_owned()));
    }
}

/// The device, where anything is trained.
fn compute_for(recipe: &Recipe) -> Result<Option<Compute>> {
    let trains = recipe.learn || recipe.has_codes() || recipe.affinity == Affinity::Siamese;
    trains.then(|| Compute::open(recipe.device)).transpose()
}

/// The `k` lowest exact eigenvectors with their clusters.
fn exact_side(
    exact: &Exact,
    k: usize,
    operator: &Operator,
    clusters: usize,
    recipe: &Recipe,
    labels: Option<&Labels>,
) -> Result<Solution> {
    let space = exact.space.truncated(k);
    let silent = Progress::silent();
    let (clusters, time) = clusters::cluster(&space, operator, clusters, Effort::Full, recipe, &silent)?;
    let residual = exact.residuals.iter().take(k).copied().fold(0.0, f64::max);
    let scores = clusters::scores(&clusters, labels);
    Ok(Solution { space, clusters, time, scores, residual })
}
