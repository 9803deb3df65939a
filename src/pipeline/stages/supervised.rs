//! The rest of the chain for a supervised system, once the data is loaded: learn → clusters.

use std::sync::Arc;

use ndarray::Array2;

use super::represent::{say_stopped, show};
use super::{Caches, Loaded, Suspended, baseline, begins_anew};
use crate::data::Reading;
use crate::graph::Eigenspace;
use crate::learn::drive::{Clock, End, Told, drive};
use crate::learn::supervised::{self, Learned, Look, Placing, Split, SupervisedTraining, Task};
use crate::measure::{Clustering, Scores, kmeans};
use crate::model::{Clusters, Familiar, Model, Network};
use crate::nets::Compute;
use crate::pipeline::chain::Outcome;
use crate::pipeline::curve::CurvePoint;
use crate::pipeline::ending::Ending;
use crate::pipeline::event::{Event, Watcher as _};
use crate::pipeline::recording::Recording;
use crate::pipeline::run::{Run, Screen};
use crate::pipeline::snapshot::{Snapshot, Solution};
use crate::recipe::{Recipe, Stage, name};
use crate::support::progress::{Progress, Stopwatch};
use crate::{Error, Result};

/// Held-out samples that are scored while training is watched.
const GLANCED: usize = 2000;

/// A training as it ended.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Trained {
    learned: Learned,
    curve: Vec<CurvePoint>,
    recording: Arc<Recording>,
    ending: Ending,
}

/// Trains and scores on what was held out.
///
/// # Errors
/// Those of the training, [`Error::Data`] where labels are missing, [`Error::Cancelled`].
pub(in crate::pipeline) fn supervised(
    caches: &mut Caches,
    mut run: Run<'_>,
    mut screen: Screen<'_>,
    loaded: &Loaded,
) -> Result<Outcome> {
    let recipe = &run.job.recipe;
    let split = Split::new(&loaded.data, recipe)?;
    let Some(labels) = &loaded.data.labels else {
        return Err(Error::Data("there are no labels; --label-column names their column".to_owned()));
    };
    let clusters = recipe.clusters.set().unwrap_or(labels.names.len());
    let watch = Stopwatch::start(run.control);
    let baseline = baseline(&mut caches.baseline, &mut run, loaded, clusters)?;
    let mut cluster_seconds = watch.seconds();
    screen.show(|snapshot| (snapshot.clusters, snapshot.baseline) = (clusters, Some(baseline)));
    let compute = Compute::open(recipe.device)?;
    screen.snapshot.device.clone_from(&compute.name);
    let unfit = || Error::Setting(format!("--system {} is not taught by labels", name(recipe.system)));
    let settings = run.settings()?.supervised.ok_or_else(unfit)?;
    let task = Task { recipe, settings: &settings, compute: &compute, scaled: &loaded.scaled, labels, split };
    let trained = train(caches, &mut run, &mut screen, &task)?;

    let watch = Stopwatch::start(run.control);
    let watcher = run.watcher;
    let report = |f: f32, note: &str| watcher.event(Event::Progress(Stage::Clusters, f, note.to_owned()));
    let progress = Progress::new(run.control.clone(), &report);
    let Learned { outputs, split, step, steps, .. } = &trained.learned;
    let (report, scores) =
        supervised::evaluate(outputs.view(), loaded.scaled.view(), split, labels, recipe, &progress)?;
    let placing = supervised::stored(outputs.view(), split, recipe)?;
    let solution = solve(outputs, &placing, &screen.snapshot, (recipe, recipe.starts), scores, &progress)?;
    let model = trained.model(recipe, loaded, placing, &solution.clusters);
    run.note(report.note(recipe.system));
    cluster_seconds += watch.seconds();
    run.done(Stage::Clusters, cluster_seconds, false);
    screen.show(|snapshot| {
        (snapshot.step, snapshot.kept, snapshot.steps) = (*step, *step, *steps);
        snapshot.ending = Some(trained.ending);
        snapshot.recording = Arc::clone(&trained.recording);
        snapshot.learned = Some(Arc::new(solution));
        snapshot.supervised = Some(Arc::new(report));
    });
    let (snapshot, settings, stages) = (screen.snapshot, run.settings()?, run.stages);
    let (curve, model) = (trained.curve.clone(), Some(model));
    Ok(Outcome { snapshot, settings, stages, exact: None, curve, model, notes: run.notes })
}

/// The learn stage, from the first step or from where it was stopped.
fn train(caches: &mut Caches, run: &mut Run<'_>, screen: &mut Screen<'_>, task: &Task<'_>) -> Result<Arc<Trained>> {
    let mut suspended = caches.suspended_supervised.take_for(run);
    let (goes_on, control) = (run.goes_on, run.control);
    let anew = run.recording();
    let trained = run.stage(Stage::Learn, &mut caches.supervised, |_| {
        begins_anew(goes_on && suspended.is_none(), screen);
        let begun = suspended.take().unwrap_or_else(|| Suspended::begin(SupervisedTraining::begin(task), anew));
        let Suspended { mut training, mut curve, recording, seconds } = begun;
        screen.snapshot.recording = recording;
        for &point in &curve {
            screen.say(Event::Curve(point));
        }
        let clock = Clock::start(seconds, control);
        let split = training.split().clone();
        let listen = &mut |told: Told<'_, Look>| hear(screen, told, &mut curve, task, &split).map(|()| None);
        let ended = drive(&mut training, control, &clock, listen);
        let trained = ended.and_then(|end| Trained::of(&training, &curve, end, screen));
        if matches!(&trained, Err(Error::Cancelled) | Ok(Trained { ending: Ending::Stopped, .. })) {
            let recording = Arc::clone(&screen.snapshot.recording);
            suspended = Some(Suspended { training, curve, recording, seconds: clock.seconds() });
        }
        let trained = trained?;
        let notes = trained.learned.notes.clone();
        Ok((Arc::new(trained), notes))
    });
    caches.suspended_supervised.keep(run.job, suspended);
    trained
}

/// Shows what the training tells.
fn hear(
    screen: &mut Screen<'_>,
    told: Told<'_, Look>,
    curve: &mut Vec<CurvePoint>,
    task: &Task<'_>,
    split: &Split,
) -> Result<()> {
    let (look, waits) = match told {
        Told::Waits(look) => (look, true),
        Told::Early(look) | Told::Look(look) => (look, false),
        Told::Step { taken, steps } => {
            screen.say(Event::Progress(Stage::Learn, taken as f32 / steps as f32, String::new()));
            return Ok(());
        }
    };
    let recipe = task.recipe;
    let every = split.test.len().div_ceil(GLANCED);
    let glanced: Vec<usize> = split.test.iter().copied().step_by(every).collect();
    let placing = supervised::stored(look.outputs.view(), split, recipe)?;
    let (recall, scores) = supervised::glance(look.outputs.view(), &placing, &glanced, &task.labels.ids, recipe)?;
    let solution = solve(&look.outputs, &placing, &screen.snapshot, (recipe, 1), scores, &Progress::silent())?;
    let point = CurvePoint {
        step: look.step,
        seconds: look.seconds,
        loss: look.loss,
        ritz_sum: f64::NAN,
        orthogonality_batch: f64::NAN,
        orthogonality_all: f64::NAN,
        typical_batch: f64::NAN,
        typical_all: f64::NAN,
        scores,
        lr: look.lr,
        recall: Some(recall.at_1),
        ..CurvePoint::default()
    };
    screen.say(Event::Curve(point));
    show(screen, waits, |snapshot| {
        (snapshot.step, snapshot.kept, snapshot.steps) = (look.step, look.step, look.steps);
        snapshot.learned = Some(Arc::new(solution));
        if !waits {
            snapshot.record(point);
        }
    });
    if !waits {
        curve.push(point);
    }
    Ok(())
}

/// Places of all samples with clusters on them, numbered as those of k-means on the input, and the scores of those that were held out.
fn solve(
    outputs: &Array2<f64>,
    placing: &Placing,
    before: &Snapshot,
    (recipe, starts): (&Recipe, usize),
    scores: Option<Scores>,
    progress: &Progress<'_>,
) -> Result<Solution> {
    let vectors = placing.rows(outputs.view());
    let mut clusters: Clustering = kmeans(vectors.view(), before.clusters, starts, recipe.seed, progress)?;
    if let Some(leading) = before.leading_clusters() {
        clusters = clusters.numbered_as(&leading.assignment);
    }
    // There are no eigenvalues: the columns are directions of the embedding.
    Ok(Solution { space: Eigenspace { values: Vec::new(), vectors }, clusters, time: None, scores, residual: 0.0 })
}

impl Trained {
    fn of(training: &SupervisedTraining, curve: &[CurvePoint], end: End, screen: &Screen<'_>) -> Result<Self> {
        if end == End::Stopped(0) {
            let nothing = "training was stopped before its first step, and there is nothing to keep";
            return Err(Error::Data(nothing.to_owned()));
        }
        let learned = training.learned()?;
        say_stopped(screen, Stage::Learn, end, learned.steps);
        let ending = Ending::of(end != End::Finished, curve, None);
        Ok(Self { learned, curve: curve.to_vec(), recording: Arc::clone(&screen.snapshot.recording), ending })
    }

    /// Everything that places and labels a new row as this run did its own.
    fn model(&self, recipe: &Recipe, loaded: &Loaded, placing: Placing, clusters: &Clustering) -> Model {
        Model {
            recipe: recipe.clone(),
            columns: loaded.data.columns.to_vec(),
            reading: Reading::with_fills(&loaded.data, recipe.missing),
            scaler: loaded.scaler.clone(),
            encoder: None,
            learned: Some(Network {
                input: self.learned.input.clone(),
                weights: self.learned.weights.clone(),
                values: vec![0.0; placing.map.ncols()],
                map: placing.map,
                shift: Some(placing.shift),
                clusters: Clusters { diffusion: None, centroids: clusters.centroids.clone() },
            }),
            exact: None,
            classifier: None,
            familiar: Some(Familiar::of(loaded.scaled.view(), recipe.seed)),
            names: Vec::new(),
        }
    }
}
