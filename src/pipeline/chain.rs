//! The chain of stages: load → represent → metric → neighbours → affinity → exact → learn → clusters.
//!
//! Each stage is a function of its input and of its own part of the recipe, and its result is kept while both hold.

use std::cell::Cell;
use std::sync::Arc;

use ndarray::Array2;

use super::cache::{Cached, Entry};
use super::curve::CurvePoint;
use super::event::Watcher;
use super::job::Job;
use super::placed::Unseen;
use super::run::{Recorder, Run, Screen};
use super::snapshot::Snapshot;
use super::stages::{self, Baseline, Caches, Graph, Ground, LearnedSide, Loaded, Stored};
use super::taken;
use super::{eigengap, preflight};
use crate::data::{Dataset, Source, filled_dimensions};
use crate::exact::Exact;
use crate::graph::Operator;
use crate::model::Model;
use crate::nets::Compute;
use crate::recipe::{Affinity, DeviceChoice, Facts, Grouping, Recipe, Settings, Stage};
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::progress::{Control, Stopwatch};
use crate::{Error, Result};

/// The stages, with their results kept between jobs.
#[derive(Debug, Default)]
pub struct Chain {
    caches: Caches,
    /// The number of the last snapshot.
    serial: Cell<u64>,
    /// What the last run of a source found out, so that the next compares settings with as much.
    known: Option<(Source, Facts)>,
    /// Whether the looks of a training are kept.
    records: bool,
}

/// A complete run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The result.
    pub snapshot: Snapshot,
    /// What every setting came to.
    pub settings: Settings,
    /// Every stage in order with its wall clock in seconds.
    pub stages: Vec<(Stage, f64)>,
    /// The exact side's own seconds and largest residual, where it ran.
    pub exact: Option<Arc<Exact>>,
    /// Every evaluation of the training.
    pub curve: Vec<CurvePoint>,
    /// What labels new rows, where a network was trained or the exact side can take them in.
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

impl Chain {
    /// A chain that keeps the looks of its trainings.
    #[must_use]
    pub fn recording() -> Self {
        Self { records: true, ..Self::default() }
    }

    /// A chain that has the samples of this job already.
    pub(super) fn given(job: &Job, data: Dataset) -> Self {
        let mut chain = Self::default();
        chain.caches.loaded.0 = Some(Entry::new(job, stages::prepared(data, &job.recipe)));
        chain
    }

    /// Load and show, nothing more.
    ///
    /// # Errors
    /// Those of the stages; [`Error::Cancelled`] when the control says so.
    pub fn open(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<()> {
        job.recipe.check()?;
        let recorder = Recorder::new(watcher);
        let facts = self.facts(&job.source);
        let mut run = Run::new(job, control, &recorder, false, (facts, &self.serial));
        let loaded = stages::load(&mut self.caches.loaded, &mut run)?;
        run.screen(first_snapshot(&run, &loaded)).show(|_| ());
        Ok(())
    }

    /// The whole chain. A training that was stopped before its end begins anew.
    ///
    /// # Errors
    /// Those of the stages; [`Error::Cancelled`] when the control says so.
    pub fn run(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<Outcome> {
        self.complete(job, control, watcher, false)
    }

    /// The whole chain, where a training of this job that was stopped goes on, and ends where an unbroken one ends.
    ///
    /// # Errors
    /// As [`Chain::run`].
    pub fn go_on(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher) -> Result<Outcome> {
        self.complete(job, control, watcher, true)
    }

    /// The whole chain, with a stored training in the place of one of its own. It is shown and not kept: the next run trains.
    ///
    /// # Errors
    /// As [`Chain::run`]; [`Error::Data`] where the training is of other samples.
    pub fn show(&mut self, (job, stored): (&Job, Stored), control: &Control, watcher: &dyn Watcher) -> Result<Outcome> {
        (self.caches.stored, self.caches.trained) = (Some(stored), Cached::default());
        let done = self.complete(job, control, watcher, false);
        (self.caches.stored, self.caches.trained) = (None, Cached::default());
        done
    }

    /// The training of a built-in set that has just run, to be stored.
    ///
    /// # Errors
    /// [`Error::Data`] where none has, [`Error::Setting`] where it does not go into a file.
    pub fn stored(&self, job: &Job) -> Result<Stored> {
        match (&self.caches.trained.0, &job.source) {
            (Some(entry), Source::Named(set)) if entry.job == *job => {
                Stored::of(set, &job.recipe, &entry.value, entry.seconds)
            }
            _ => Err(Error::Data("there is no training of a built-in set to store".to_owned())),
        }
    }

    fn complete(&mut self, job: &Job, control: &Control, watcher: &dyn Watcher, goes_on: bool) -> Result<Outcome> {
        let recipe = &job.recipe;
        recipe.check()?;
        leaves_something(recipe)?;
        let facts = self.facts(&job.source);
        let Self { caches, serial, known, records } = self;
        let recorder = Recorder::new(watcher);
        let mut run = Run::new(job, control, &recorder, goes_on, (facts, &*serial));
        run.records = *records;
        let loaded = stages::load(&mut caches.loaded, &mut run)?;
        // What cannot be is said before anything is computed and before the picture changes.
        preflight::check(&mut run, &loaded)?;
        let mut screen = run.screen(first_snapshot(&run, &loaded));
        screen.show(|_| ());
        if recipe.system.is_supervised() {
            run.done(Stage::Represent, 0.0, true);
            return stages::supervised(caches, run, screen, &loaded);
        }
        let mut ground = Ground { loaded, compute: compute_for(recipe, &run.settings()?)? };
        if let Some(compute) = &ground.compute {
            screen.snapshot.device.clone_from(&compute.name);
        }
        unsupervised(caches, run, screen, &mut ground, known)
    }

    /// What is known before a run: what the last one of the source found out.
    fn facts(&self, source: &Source) -> Facts {
        match &self.known {
            Some((of, facts)) if of == source => facts.clone(),
            _ => Facts::of(source),
        }
    }
}

/// The chain from the loaded samples on, for a system that labels do not teach.
fn unsupervised(
    caches: &mut Caches,
    mut run: Run<'_>,
    mut screen: Screen<'_>,
    ground: &mut Ground,
    known: &mut Option<(Source, Facts)>,
) -> Result<Outcome> {
    let codes = or_on_the_cpu(&mut run, &mut screen, ground, |run, screen, ground| {
        stages::represent(&mut caches.codes, run, screen, ground)
    })?;
    let loaded = ground.loaded.clone();
    let loaded = &loaded;
    let coded = codes.as_ref().map(|codes| &codes.rows);
    let samples = coded.unwrap_or(&loaded.scaled);
    let filled = coded.map(|rows| filled_dimensions(rows.view()));
    run.find(|facts| facts.filled_by_codes = filled);
    let metric = or_on_the_cpu(&mut run, &mut screen, ground, |run, screen, ground| {
        stages::metric(&mut caches.metric, run, screen, samples, ground.compute.as_ref())
    })?;
    let places = metric.as_ref().map(|metric| &metric.rows).or(coded).unwrap_or(&loaded.compared);
    let spectral = spectral(caches, &mut run, &mut screen, (&loaded.data, places))?;
    let Spectral { graph, exact, clusters, k, grouping } = &spectral;
    *known = Some((run.job.source.clone(), run.known.clone()));

    // The baseline and the exact clusters come before the training, so that it can be watched beside them.
    let watch = Stopwatch::start(run.control);
    let baseline = stages::baseline(&mut caches.baseline, &mut run, loaded, *clusters)?;
    if let Some(exact) = exact {
        let labels = loaded.data.labels.as_ref();
        let side = stages::exact_side(exact, (*clusters, *k), &graph.operator, grouping, labels)?;
        screen.snapshot.spectrum = Arc::new(exact.space.values.clone());
        screen.snapshot.exact = Some(Arc::new(side));
    }
    let mut cluster_seconds = watch.seconds();
    screen.show(|snapshot| snapshot.baseline = Some(numbered(baseline, snapshot)));

    let side = stages::learn(caches, &mut run, &mut screen, ground, (graph, codes.as_deref()))?;
    let (model, curve) = match side {
        Some(LearnedSide { model, curve, seconds }) => {
            cluster_seconds += seconds;
            (Some(model), curve)
        }
        None => (None, Vec::new()),
    };
    or_on_the_cpu(&mut run, &mut screen, ground, |run, screen, ground| {
        stages::self_training(&mut caches.taught, run, screen, ground, graph)
    })?;
    let (model, note) = stages::model(model, ground, (graph, codes.as_deref()), &screen.snapshot)?;
    let model = stages::with_classifier(model, &screen.snapshot);
    let by_exact = model.as_ref().is_some_and(|model| model.exact.is_some());
    let warning = screen.snapshot.unseen.as_deref().filter(|_| by_exact).and_then(Unseen::warning);
    for note in note.into_iter().chain(warning) {
        run.note(note);
    }
    run.done(Stage::Clusters, cluster_seconds, false);
    screen.show(|snapshot| snapshot.model = model.clone().map(Arc::new));
    let (snapshot, settings) = (screen.snapshot, run.settings()?);
    let Spectral { exact, .. } = spectral;
    Ok(Outcome { snapshot, settings, stages: run.stages, exact, curve, model, notes: run.notes })
}

/// A stage; where its device goes away in the middle the CPU begins it again and does the rest of the run, and that is said.
fn or_on_the_cpu<T>(
    run: &mut Run<'_>,
    screen: &mut Screen<'_>,
    ground: &mut Ground,
    mut stage: impl FnMut(&mut Run<'_>, &mut Screen<'_>, &Ground) -> Result<T>,
) -> Result<T> {
    match (stage(run, screen, ground), ground.compute.clone()) {
        (Err(error), Some(compute)) if compute.is_lost(&error) => {
            let cpu = Compute::cpu();
            run.note(format!("{} went away: the {} begins anew what it was at", compute.name, cpu.name));
            screen.snapshot.device.clone_from(&cpu.name);
            ground.compute = Some(cpu);
            stage(run, screen, ground)
        }
        (done, _) => done,
    }
}

/// The graph with its lowest eigenpairs, and what the settings come to on them.
pub(super) struct Spectral {
    pub graph: Graph,
    /// Where the recipe asks for the exact side.
    pub exact: Option<Arc<Exact>>,
    pub clusters: usize,
    /// Eigenvectors in use.
    pub k: usize,
    pub grouping: Grouping,
}

/// The graph of samples that lie at these places (`n × d`), and its spectrum.
///
/// # Errors
/// Those of the neighbours, affinity and exact stages.
pub(super) fn spectral(
    caches: &mut Caches,
    run: &mut Run<'_>,
    screen: &mut Screen<'_>,
    (data, places): (&Dataset, &Array2<f32>),
) -> Result<Spectral> {
    let mut graph = stages::graph(caches, run, screen, data, places)?;
    let operator = Arc::clone(&graph.operator);
    let Settings { clusters, vectors, eigenvalues, note, .. } = run.settings()?;
    let wanted = eigengap::eigenvalues(clusters, eigenvalues, &operator.components);
    let exact = stages::exact(&mut caches.exact, run, &graph, (wanted, vectors.unwrap_or(1)))?;
    if let Some(note) = note {
        run.note(note);
    }
    find_spectrum(run, exact.as_deref(), &operator, clusters.is_none());
    let Settings { clusters: Some(clusters), vectors: Some(k), grouping, taken, .. } = run.settings()? else {
        return Err(Error::Setting("give --clusters".to_owned()));
    };
    if let Some(doubt) = exact.as_deref().and_then(|exact| eigengap::undecided(&exact.space.values, clusters, k)) {
        run.note(doubt);
    }
    // Rows may hang on the number of clusters.
    let new = taken.into_iter().filter(|taken| screen.snapshot.taken(taken.setting).is_none()).collect();
    screen.snapshot.take(new);
    graph.recipe.rows = grouping.rows;
    (screen.snapshot.clusters, screen.snapshot.facts) = (clusters, Arc::new(run.known.clone()));
    Ok(Spectral { graph, exact, clusters, k, grouping })
}

/// A run needs a solver.
fn leaves_something(recipe: &Recipe) -> Result<()> {
    if recipe.exact || recipe.learn {
        return Ok(());
    }
    Err(Error::Setting("--no-exact and --no-learn together leave nothing to do".to_owned())
        .or(Remedy::set("exact", true, "computes the exact side", "Compute the exact side"))
        .or(Remedy::set("learn", true, "trains the network", "Train the network")))
}

/// Takes in the exact eigenvalues, and the number of clusters they suggest where nobody said it.
fn find_spectrum(run: &mut Run<'_>, exact: Option<&Exact>, operator: &Operator, searched: bool) {
    let Some(exact) = exact else { return run.find(|facts| facts.spectrum.clear()) };
    let unit = operator.walk_unit();
    let values = &exact.space.values;
    run.find(|facts| facts.spectrum = values.iter().map(|value| value / unit).collect());
    if searched {
        let (clusters, why) = eigengap::suggested(values, &operator.components);
        run.find(|facts| facts.found = Some(clusters));
        run.note(format!("{}: {why}; --clusters sets another number", counted(clusters, "cluster")));
    }
}

/// k-means on the input under the numbers of the clusters that lead.
pub(super) fn numbered(baseline: Arc<Baseline>, snapshot: &Snapshot) -> Arc<Baseline> {
    match snapshot.leading_clusters() {
        Some(leading) => Arc::new((baseline.0.clone().numbered_as(&leading.assignment), baseline.1)),
        None => baseline,
    }
}

/// The device, where anything is trained.
fn compute_for(recipe: &Recipe, settings: &Settings) -> Result<Option<Compute>> {
    let before = recipe.has_codes() || recipe.affinity == Affinity::Siamese;
    if !before && !recipe.learn && settings.self_training == 0 {
        return Ok(None);
    }
    // A step on a small graph is solved on the host: a GPU would wait for it each time.
    let small = settings.training.whole && !before && recipe.device == DeviceChoice::Auto;
    Compute::open(if small { DeviceChoice::Cpu } else { recipe.device }).map(Some)
}

/// What there is to see of samples that were just loaded.
pub(super) fn first_snapshot(run: &Run<'_>, loaded: &Loaded) -> Snapshot {
    let recipe = &run.job.recipe;
    let input = (Arc::clone(&loaded.input), Arc::clone(&loaded.axes));
    let snapshot = Snapshot::of_data(Arc::new(run.job.clone()), loaded.data.clone(), Arc::clone(&loaded.scaled), input);
    Snapshot {
        facts: Arc::new(run.known.clone()),
        clusters: recipe.clusters.set().or(loaded.data.clusters).unwrap_or(0),
        taken: Arc::new(taken::scaling(recipe, &loaded.auto).into_iter().collect()),
        ..snapshot
    }
}
