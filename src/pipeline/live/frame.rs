//! One live picture: the chain up to the exact clusters, by the stages of a run, turned to the picture before.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use ndarray::Array2;

use super::align::Before;
use super::{Frame, LearnedAs, MOST_LIVE, Wanted, is_generated};
use crate::data::{Features, Source};
use crate::graph::{self, Eigenspace, Neighbors};
use crate::pipeline::cache::Entry;
use crate::pipeline::chain::{Spectral, first_snapshot, numbered, spectral};
use crate::pipeline::event::Unheard;
use crate::pipeline::job::Job;
use crate::pipeline::preflight;
use crate::pipeline::run::{Recorder, Run};
use crate::pipeline::snapshot::Snapshot;
use crate::pipeline::stages::{self, Caches, Graph, Loaded};
use crate::recipe::{Auto, Facts, Recipe, Settings, Stage};
use crate::support::progress::{Control, Progress};
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// Room for the serials of the looks at a network that follows, between two pictures'.
const LOOKS: u64 = 1 << 20;
/// Neighbours are looked for so many at once, so that turning their number only takes fewer of them.
const WIDE: usize = 64;

/// The thread's own stages, and what its pictures are turned to.
#[derive(Debug, Default)]
pub(super) struct LiveStages {
    caches: Caches,
    serial: Cell<u64>,
    known: Option<(Source, Facts)>,
    /// The features of the base, whose change is other data.
    base: Option<Arc<Features>>,
    /// More neighbours than were asked for.
    wide: Option<Entry<Arc<Neighbors>>>,
    before: Option<Before>,
    number: u64,
}

/// A picture, and what a network needs to go on from it.
pub(super) struct Drawn {
    pub frame: Arc<Frame>,
    pub graph: Graph,
    pub loaded: Loaded,
    pub settings: Settings,
}

impl LiveStages {
    /// Draws what is wanted.
    ///
    /// # Errors
    /// Those of the stages, which name the setting to turn; [`Error::Cancelled`].
    pub(super) fn draw(&mut self, wanted: &Wanted, control: &Control) -> Result<Drawn> {
        let started = Instant::now();
        let base = &wanted.base;
        if !self.base.as_ref().is_some_and(|features| Arc::ptr_eq(features, &base.data.features)) {
            *self = Self { number: self.number, ..Self::default() };
            (self.base, self.before) = (Some(Arc::clone(&base.data.features)), before(base));
        }
        let facts = match &self.known {
            Some((of, facts)) if *of == wanted.job.source => facts.clone(),
            _ => Facts::of(&wanted.job.source),
        };
        let (job, of) = drawn(&wanted.job, base, &facts);
        job.recipe.check()?;
        let recorder = Recorder::new(&Unheard);
        let Self { caches, serial, wide, .. } = self;
        let mut run = Run::new(&job, control, &recorder, false, (facts, &*serial));
        let loaded = load(caches, &mut run, (wanted, of))?;
        preflight::check(&mut run, &loaded)?;
        let mut screen = run.screen(first_snapshot(&run, &loaded));
        seed_neighbors(caches, wide, &run, &loaded.compared)?;
        let spectral = spectral(caches, &mut run, &mut screen, (&loaded.data, &loaded.compared))?;
        let baseline = stages::baseline(&mut caches.baseline, &mut run, &loaded, spectral.clusters)?;
        self.known = Some((job.source.clone(), run.known.clone()));
        let (settings, mut snapshot) = (run.settings()?, screen.snapshot);
        self.take_exact(&mut snapshot, &spectral, &loaded)?;
        snapshot.baseline = Some(numbered(baseline, &snapshot));
        let same_samples = Arc::ptr_eq(&base.data.features, &loaded.data.features);
        let learned = take_learned(&mut snapshot, base, same_samples && job.recipe.learn);
        self.number += 1;
        snapshot.serial = self.number * LOOKS;
        let frame = Frame {
            snapshot: Arc::new(snapshot),
            job: wanted.job.clone(),
            sample_of: of,
            same_samples,
            learned,
            seconds: started.elapsed().as_secs_f64(),
            number: self.number,
        };
        Ok(Drawn { frame: Arc::new(frame), graph: spectral.graph, loaded, settings })
    }

    /// The exact side into the picture, turned and numbered as the one before.
    fn take_exact(&mut self, snapshot: &mut Snapshot, spectral: &Spectral, loaded: &Loaded) -> Result<()> {
        let Spectral { graph, exact, clusters, k, grouping } = spectral;
        let Some(exact) = exact else {
            return Err(Error::Setting("--no-exact leaves nothing to draw at once".to_owned()));
        };
        let mut exact = (**exact).clone();
        let features = &loaded.data.features;
        let before = self.before.take().map(|before| {
            let partners = before.partners(features, &loaded.scaled);
            (before, partners)
        });
        if let Some((before, partners)) = &before {
            before.turn(&mut exact.space, &graph.operator, partners);
        }
        let labels = loaded.data.labels.as_ref();
        let mut side = stages::exact_side(&exact, (*clusters, *k), &graph.operator, grouping, labels)?;
        if let Some((before, partners)) = &before {
            side.clusters = before.number(side.clusters, partners);
        }
        self.before = Some(Before {
            features: Arc::clone(features),
            scaled: Arc::clone(&loaded.scaled),
            clusters: side.clusters.assignment.clone(),
            vectors: exact.space.vectors,
        });
        snapshot.spectrum = Arc::new(exact.space.values);
        snapshot.exact = Some(Arc::new(side));
        Ok(())
    }
}

/// What the first picture is turned to: the sides of the base, the exact one first.
fn before(base: &Snapshot) -> Option<Before> {
    let side = base.exact.as_ref().or(base.learned.as_ref())?;
    let Eigenspace { vectors, .. } = &side.space;
    Some(Before {
        features: Arc::clone(&base.data.features),
        scaled: Arc::clone(&base.scaled),
        vectors: vectors.clone(),
        clusters: side.clusters.assignment.clone(),
    })
}

/// The job of the picture, and the number of samples that those it draws stand for where they are a sample.
fn drawn(job: &Job, base: &Snapshot, facts: &Facts) -> (Job, Option<usize>) {
    let recipe = &job.recipe;
    let all = if let Some(painted) = job.source.painted() {
        if recipe.limit > 0 { painted.len().min(recipe.limit) } else { painted.len() }
    } else if is_generated(&job.source) {
        let wanted = facts.generated.map_or(base.data.len(), |(samples, _)| recipe.samples.unwrap_or_else(|| samples));
        if recipe.limit > 0 { wanted.min(recipe.limit) } else { wanted }
    } else {
        base.data.len()
    };
    if all <= MOST_LIVE {
        return (job.clone(), None);
    }
    let recipe = Recipe { limit: MOST_LIVE, ..recipe.clone() };
    (Job { source: job.source.clone(), recipe }, Some(all))
}

/// The samples: those of the base where the settings mean the same ones, else as the load stage makes them.
fn load(caches: &mut Caches, run: &mut Run<'_>, (wanted, of): (&Wanted, Option<usize>)) -> Result<Loaded> {
    let base = &wanted.base;
    let holds = caches.loaded.0.as_ref().is_some_and(|entry| run.holds(Stage::Load, entry));
    let redone = base.facts.stages_redone(&base.job.recipe, &wanted.job.recipe).contains(&Stage::Load);
    // Of a file only the scaling may change, as `refusal` has it; painted points may be others.
    let source = &wanted.job.source;
    let made = redone && is_generated(source) || source.painted().is_some() && (redone || *source != base.job.source);
    if !(holds || made) {
        let data = match of {
            None => base.data.clone(),
            Some(_) => base.data.select(&sample(base.data.len(), run.job.recipe.seed)),
        };
        caches.loaded.0 = Some(Entry::new(run.job, stages::prepared(data, &run.job.recipe)));
    }
    stages::load(&mut caches.loaded, run)
}

/// A fair sample of so many rows, ascending.
fn sample(n: usize, seed: u64) -> Vec<usize> {
    let mut rows = rand::seq::index::sample(&mut rng(seed, Stream::LiveSample, 0), n, MOST_LIVE.min(n)).into_vec();
    rows.sort_unstable();
    rows
}

/// Puts the neighbours of this run where the stage finds them, taken from a wider search.
fn seed_neighbors(
    caches: &mut Caches,
    wide: &mut Option<Entry<Arc<Neighbors>>>,
    run: &Run<'_>,
    places: &Array2<f32>,
) -> Result<()> {
    let (recipe, wanted) = (&run.job.recipe, run.settings()?.neighbors);
    let n = places.nrows();
    let held = caches.neighbors.0.as_ref().is_some_and(|entry| run.holds(Stage::Neighbours, entry));
    if held || recipe.affinity_file.is_some() || wanted >= n {
        return Ok(());
    }
    let serves = |entry: &Entry<Arc<Neighbors>>| {
        let same = Recipe { neighbors: entry.job.recipe.neighbors, ..recipe.clone() };
        entry.value.k >= wanted
            && entry.job.source == run.job.source
            && !run.known.stages_redone(&entry.job.recipe, &same).contains(&Stage::Neighbours)
    };
    if !wide.as_ref().is_some_and(serves) {
        let k = WIDE.max(wanted.next_multiple_of(WIDE)).min(n - 1);
        let wider = Recipe { neighbors: Auto::Set(k), ..recipe.clone() };
        let found = graph::neighbors(places.view(), k, &wider, &Progress::new(run.control.clone(), &|_, _| {}))?;
        *wide = Some(Entry::new(&Job { recipe: wider, ..run.job.clone() }, Arc::new(found)));
    }
    if let Some(entry) = wide {
        caches.neighbors.0 = Some(Entry::new(run.job, Arc::new(entry.value.nearest(wanted))));
    }
    Ok(())
}

/// The base's learned side, where it is of the samples drawn, and how far it lies from the exact side drawn.
fn take_learned(snapshot: &mut Snapshot, base: &Snapshot, is_of_them: bool) -> LearnedAs {
    let (Some(learned), Some(operator), true) = (&base.learned, &snapshot.operator, is_of_them) else {
        return LearnedAs::Missing;
    };
    snapshot.agreement = stages::agreement(operator, learned, snapshot);
    snapshot.learned = Some(Arc::clone(learned));
    snapshot.network.clone_from(&base.network);
    (snapshot.step, snapshot.steps, snapshot.kept) = (base.step, base.steps, base.kept);
    snapshot.device.clone_from(&base.device);
    LearnedAs::Older
}
