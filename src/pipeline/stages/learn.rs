//! The learn stage: train, look, tell, and turn the best network into a solution and a model.

use std::sync::Arc;

use ndarray::Array2;

use super::held::{Beside, Distances};
use super::model::{clusters_of, without_sides};
use super::represent::{say_stopped, show};
use super::{Caches, Graph, Ground, Suspended, begins_anew};
use crate::exact::{self, Ritz};
use crate::graph::Eigenspace;
use crate::graph::Operator;
use crate::learn::autoencoder::Codes;
use crate::learn::drive::{Clock, End, Told, drive};
use crate::learn::spectralnet::{Learned, Look, SpectralTraining, Task};
use crate::measure::{self, Agreement, Effort};
use crate::model::{Mapping, Model, Network};
use crate::pipeline::cache::Entry;
use crate::pipeline::curve::CurvePoint;
use crate::pipeline::ending::Ending;
use crate::pipeline::event::Event;
use crate::pipeline::placed::Unseen;
use crate::pipeline::recording::Recording;
use crate::pipeline::run::{Run, Screen};
use crate::pipeline::snapshot::{Snapshot, Solution};
use crate::recipe::{Grouping, Objective, Recipe, Separate, Settings, Stage};
use crate::support::progress::{Progress, Stopwatch};
use crate::{Error, Result};

/// A training as it ended.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Trained {
    pub(super) learned: Learned,
    pub(super) curve: Vec<CurvePoint>,
    pub(super) recording: Arc<Recording>,
    /// Rows that were held out.
    pub(super) beside: Option<Beside>,
    /// Whether a person ended it.
    pub(super) stopped: bool,
}

/// What the stage gives the run.
pub(in crate::pipeline) struct LearnedSide {
    pub model: Model,
    pub curve: Vec<CurvePoint>,
    /// What its clusters took, which count with the last stage.
    pub seconds: f64,
}

/// Trains on the samples (features or codes, `n × d`) for the lowest eigenvectors, from the first step or from where it was stopped.
///
/// # Errors
/// Those of the training; [`crate::Error::Cancelled`].
pub(in crate::pipeline) fn learn(
    caches: &mut Caches,
    run: &mut Run<'_>,
    screen: &mut Screen<'_>,
    ground: &Ground,
    (graph, codes): (&Graph, Option<&Codes>),
) -> Result<Option<LearnedSide>> {
    let Graph { operator, recipe, .. } = graph;
    let samples = codes.map_or(&ground.loaded.scaled, |codes| &codes.rows);
    let taught = Arc::new(operator.bridged(samples.view(), recipe.distance, run.settings()?.training.k)?);
    let Some(task) = task(run, screen, ground, (graph, codes), &taught)? else { return Ok(None) };
    let grouping = run.settings()?.grouping;
    let mut suspended = caches.suspended.take_for(run);
    let (goes_on, whole, control) = (run.goes_on, run.stopped.is_none(), run.control);
    let (anew, watched) = (run.recording(), run.records);
    let held = task.training.held;
    if let Some(stored) = caches.stored.take() {
        let beside = Beside::draw(held, (graph, &taught), &screen.snapshot, control)?;
        let samples: &Array2<f32> = task.samples;
        let (seconds, told) = (stored.seconds, stored.curve.iter().copied().map(Event::Curve).collect());
        let value = Arc::new(stored.trained((samples, operator, task.training.k), beside)?);
        let notes = value.learned.notes.clone();
        caches.trained.0 = Some(Entry { seconds, notes, told, ..Entry::new(run.job, value) });
    }
    let trained = run.stage(Stage::Learn, &mut caches.trained, |_| {
        begins_anew(goes_on && suspended.is_none(), screen);
        let beside = Beside::draw(held, (graph, &taught), &screen.snapshot, control)?;
        screen.snapshot.unseen = beside.as_ref().map(|beside| Arc::new(beside.shown()));
        let task = task.with_held(beside.as_ref().map(|beside| Arc::clone(&beside.held)));
        let begin = || Suspended::begin(SpectralTraining::begin(task).watched(watched), anew);
        let begun = suspended.take().unwrap_or_else(begin);
        let Suspended { mut training, mut curve, recording, seconds } = begun;
        screen.snapshot.recording = recording;
        for &point in &curve {
            screen.say(Event::Curve(point));
        }
        let clock = Clock::start(seconds, control);
        let listen = &mut |told: Told<'_, Look>| hear(screen, told, &mut curve, (graph, &grouping, beside.as_ref()));
        let ended = drive(&mut training, control, &clock, listen);
        let trained = ended.and_then(|end| Trained::of(&training, (&curve, beside), end, screen));
        // Who cancels or ends a training early may go on with it.
        if matches!(&trained, Err(Error::Cancelled) | Ok(Trained { stopped: true, .. })) {
            let recording = Arc::clone(&screen.snapshot.recording);
            suspended = Some(Suspended { training, curve, recording, seconds: clock.seconds() });
        }
        let trained = trained?;
        let notes = trained.learned.notes.clone();
        Ok((Arc::new(trained), notes))
    });
    // On codes that were stopped themselves there is nothing to go on with.
    caches.suspended.keep(run.job, suspended.filter(|_| whole));
    let trained = trained?;

    let watch = Stopwatch::start(control);
    let model = place(&trained, &mut screen.snapshot, ground, (graph, codes), &grouping)?;
    Ok(Some(LearnedSide { model, curve: trained.curve.clone(), seconds: watch.seconds() }))
}

/// Puts what came of the training beside the exact side, and gives the model of it.
fn place(
    trained: &Trained,
    snapshot: &mut Snapshot,
    ground: &Ground,
    (graph, codes): (&Graph, Option<&Codes>),
    grouping: &Grouping,
) -> Result<Model> {
    let Graph { operator, recipe, .. } = graph;
    let solution = solve(&trained.learned.ritz, graph, snapshot, Effort::Full, grouping)?;
    snapshot.recording = Arc::clone(&trained.recording);
    let Learned { step, steps, kept, .. } = trained.learned;
    (snapshot.step, snapshot.steps, snapshot.kept) = (step, steps, kept);
    snapshot.agreement = agreement(operator, &solution, snapshot);
    snapshot.ending = Some(trained.ending(recipe, snapshot.distance()));
    snapshot.unseen = trained.unseen(snapshot, (operator, grouping))?.map(Arc::new);
    let model = trained.model(ground, codes, (&solution, graph));
    let network = model.learned.as_ref();
    snapshot.network = network.map(|n| {
        Arc::new(Mapping { input: Arc::new(n.input.clone()), weights: n.weights.clone(), map: n.map.clone() })
    });
    snapshot.learned = Some(Arc::new(solution));
    Ok(model)
}

/// What the training is given, where the recipe asks for one.
fn task<'a>(
    run: &Run<'_>,
    screen: &Screen<'_>,
    ground: &'a Ground,
    (graph, codes): (&'a Graph, Option<&'a Codes>),
    operator: &'a Arc<Operator>,
) -> Result<Option<Task<'a>>> {
    let recipe = &graph.recipe;
    let Some(compute) = ground.compute.as_ref().filter(|_| recipe.learn) else { return Ok(None) };
    let samples = codes.map_or(&ground.loaded.scaled, |codes| &codes.rows);
    let head = codes.and_then(|codes| codes.head.as_ref());
    let Settings { training, neighbors, .. } = run.settings()?;
    let spectrum = screen.snapshot.spectrum.to_vec();
    let hints = super::hints(&ground.loaded.data, recipe)?;
    let held = None; // They are drawn when the training begins.
    Ok(Some(Task { recipe, training, neighbors, compute, samples, hints, operator, held, spectrum, head }))
}

/// Shows what the training tells, and says how far it is from the exact eigenspace: on the rows held out, while they are.
fn hear(
    screen: &mut Screen<'_>,
    told: Told<'_, Look>,
    curve: &mut Vec<CurvePoint>,
    (graph, grouping, beside): (&Graph, &Grouping, Option<&Beside>),
) -> Result<Option<f64>> {
    let (look, waits) = match told {
        Told::Waits(look) => (look, true),
        Told::Early(look) | Told::Look(look) => (look, false),
        Told::Step { taken, steps } => {
            screen.say(Event::Progress(Stage::Learn, taken as f32 / steps as f32, String::new()));
            return Ok(None);
        }
    };
    let operator = &graph.operator;
    let before = &screen.snapshot;
    let solution = solve(&look.parted, graph, before, Effort::Glance, grouping)?;
    let agreement = agreement(operator, &solution, before);
    let distance = agreement.as_ref().map(|a| a.grassmann);
    let network = mapping(look, &solution, graph);
    let exact_sum = before.exact.as_ref().map(|e| e.space.values.iter().sum());
    let held = beside.zip(look.seen.held.as_ref()).zip(before.exact.as_deref());
    let held = held.map(|((beside, held), side)| beside.distances(held, side, operator));
    let point = point(look, (distance.map(|d| d / look.wanted as f64), held), exact_sum, &solution);
    screen.say(Event::Curve(point));
    show(screen, waits, |snapshot| {
        (snapshot.step, snapshot.kept, snapshot.steps) = (look.step, look.step, look.steps);
        snapshot.learned = Some(Arc::new(solution));
        snapshot.agreement = agreement;
        snapshot.network = Some(Arc::new(network));
        snapshot.device.clone_from(&look.device);
        if !waits {
            snapshot.record(point);
        }
    });
    if !waits {
        curve.push(point);
    }
    Ok(held.map(|held| held.unseen * look.wanted as f64).or(distance))
}

/// The network that was looked at, with what makes the eigenvector values shown of its outputs.
pub(in crate::pipeline) fn mapping(look: &Look, solution: &Solution, graph: &Graph) -> Mapping {
    let map = turned(&look.parted, &solution.space, graph);
    Mapping { input: Arc::clone(&look.input), weights: look.seen.weights.clone(), map }
}

/// A look as a point of the curves.
fn point(
    look: &Look,
    (grassmann, held): (Option<f64>, Option<Distances>),
    exact_sum: Option<f64>,
    solution: &Solution,
) -> CurvePoint {
    let seen = &look.seen;
    CurvePoint {
        step: look.step,
        seconds: look.seconds,
        loss: seen.loss,
        bound: look.bound,
        ritz_sum: seen.ritz_sum,
        exact_sum,
        orthogonality_batch: seen.orthogonality_batch,
        orthogonality_all: seen.orthogonality_all,
        typical_batch: measure::typical_error(look.outputs, seen.rows),
        typical_all: measure::typical_error_of_all(look.outputs, seen.rows),
        grassmann,
        unseen: held.map(|held| held.unseen),
        seen: held.map(|held| held.seen),
        scores: solution.scores,
        lr: look.lr,
        walk: look.walk,
        recall: None,
    }
}

/// Says that an earlier network than the last was kept, where it lies much nearer to the exact space.
fn kept_note(curve: &[CurvePoint], kept: usize) -> Option<String> {
    let at = |point: &&CurvePoint| point.step == kept;
    // Networks that had not seen all rows were no candidates.
    let first = curve.iter().rposition(|point| point.unseen.is_some()).map_or(0, |last| last + 1);
    let curve = if first < curve.len() { &curve[first..] } else { curve };
    let (best, last) = (curve.iter().find(at)?.grassmann?, curve.last()?);
    let end = last.grassmann?;
    (end > MUCH_FARTHER * best && end > NOTICED).then(|| {
        format!(
            "the network after {kept} of {} steps was kept: of {} looks it lies nearest to the exact eigenspace, at {best:.4} per \
             dimension; at the end it was {end:.4}",
            last.step,
            curve.len()
        )
    })
}

/// A distance so many times that of the network kept, and so large, is worth a word.
const MUCH_FARTHER: f64 = 1.25;
const NOTICED: f64 = 1e-3;

/// A network's span as a solution: signs as in the exact one, clusters with the numbers they have on the other sides, scores.
///
/// # Errors
/// Those of k-means.
pub(in crate::pipeline) fn solve(
    ritz: &Ritz,
    graph: &Graph,
    before: &Snapshot,
    effort: Effort,
    grouping: &Grouping,
) -> Result<Solution> {
    let Graph { operator, recipe, .. } = graph;
    let mut space = ritz.space.clone();
    if recipe.separation() == Separate::Graph {
        exact::constant_first(&mut space, operator);
    }
    if let Some(exact) = &before.exact {
        let groups = match recipe.separation() {
            // Columns that are no eigenvectors may change their signs alone.
            Separate::Off => (0..exact.space.values.len()).collect(),
            _ => measure::groups(&exact.space.values, operator.components.count(), operator.len()),
        };
        measure::procrustes(exact.space.vectors.view(), &mut space.vectors, &groups, &operator.mass);
    }
    let (mut clusters, time) =
        measure::cluster(&space, operator, before.clusters, effort, grouping, &Progress::silent())?;
    if let Some(leading) = before.leading_clusters() {
        clusters = clusters.numbered_as(&leading.assignment);
    }
    let residual = operator.residuals(&space).into_iter().fold(0.0, f64::max);
    let scores = measure::scores_of(&clusters, before.data.labels.as_ref());
    Ok(Solution { space, clusters, time, scores, residual })
}

/// Learned against exact, where both are there.
pub(crate) fn agreement(operator: &Operator, learned: &Solution, snapshot: &Snapshot) -> Option<Agreement> {
    let exact = snapshot.exact.as_deref()?;
    Some(measure::agreement(
        operator,
        &learned.space,
        &exact.space,
        &snapshot.spectrum,
        &learned.clusters.assignment,
        &exact.clusters.assignment,
    ))
}

impl Trained {
    fn of(
        training: &SpectralTraining,
        (curve, beside): (&[CurvePoint], Option<Beside>),
        end: End,
        screen: &Screen<'_>,
    ) -> Result<Self> {
        let mut learned = training.learned()?;
        learned.notes.extend(kept_note(curve, learned.kept));
        say_stopped(screen, Stage::Learn, end, learned.steps);
        let recording = Arc::clone(&screen.snapshot.recording);
        Ok(Self { learned, curve: curve.to_vec(), recording, beside, stopped: end != End::Finished })
    }

    /// Where both sides put the rows held out; the network as it was when it placed them best and had not seen them.
    fn unseen(&self, shown: &Snapshot, (operator, grouping): (&Operator, &Grouping)) -> Result<Option<Unseen>> {
        let (Some(beside), Some(side)) = (&self.beside, shown.exact.as_deref()) else { return Ok(None) };
        let by = (operator, grouping, shown.data.labels.as_ref());
        let look = self.learned.unseen.as_ref();
        let sides = look.map(|(step, look)| beside.sides((*step, look), side, by)).transpose()?;
        Ok(Some(Unseen { sides, ..beside.shown() }))
    }

    /// How it ended, where the network kept lies `distance` per dimension from the exact eigenspace. A graph inside each batch is another
    /// problem than the exact side's, so that its distance says nothing of the end.
    fn ending(&self, recipe: &Recipe, distance: Option<f64>) -> Ending {
        Ending::of(self.stopped, &self.curve, distance.filter(|_| recipe.objective == Objective::Walk))
    }

    /// Everything that labels a new row as this run labelled its own.
    fn model(&self, ground: &Ground, codes: Option<&Codes>, (solution, graph): (&Solution, &Graph)) -> Model {
        let Graph { operator, recipe, .. } = graph;
        let network = Network {
            input: self.learned.input.clone(),
            weights: self.learned.weights.clone(),
            map: turned(&self.learned.ritz, &solution.space, graph),
            shift: None,
            values: solution.space.values.clone(),
            clusters: clusters_of(solution, operator),
        };
        Model { learned: Some(network), ..without_sides(recipe, ground, codes) }
    }
}

/// The map from outputs to the eigenvector values shown: the solution's columns are those of the span, turned among
/// themselves so that they lie as the exact ones do.
fn turned(ritz: &Ritz, shown: &Eigenspace, Graph { operator, recipe, .. }: &Graph) -> Array2<f64> {
    let mut turn = operator.gram(ritz.space.vectors.view(), shown.vectors.view()) / operator.total_mass();
    if !recipe.orthonormal_layer {
        // Columns that are no basis were turned over at most.
        turn = Array2::from_diag(&turn.diag().mapv(f64::signum));
    }
    ritz.map.dot(&turn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_is_kept_though_it_is_not_the_last_is_spoken_of_where_it_matters() {
        let curve = |distances: &[f64]| -> Vec<CurvePoint> {
            let point = |(i, &distance): (usize, &f64)| CurvePoint {
                step: 20 * (i + 1),
                grassmann: Some(distance),
                ..CurvePoint::default()
            };
            distances.iter().enumerate().map(point).collect()
        };
        let note = kept_note(&curve(&[0.3, 0.02, 0.04]), 40).expect("twice as far at the end");
        assert!(note.contains("after 40 of 60 steps") && note.contains("0.0200") && note.contains("0.0400"), "{note}");
        assert_eq!(kept_note(&curve(&[0.3, 0.02, 0.021]), 40), None, "hardly farther");
        let mut held = curve(&[0.001, 0.02, 0.04]);
        held[0].unseen = Some(0.003);
        assert!(
            kept_note(&held, 40).is_some_and(|note| note.contains("of 2 looks")),
            "the first had not seen all rows"
        );
        assert_eq!(kept_note(&curve(&[0.3, 1e-5, 4e-5]), 40), None, "both are next to nothing");
        assert_eq!(kept_note(&[CurvePoint::default()], 0), None, "no exact side");
    }
}
