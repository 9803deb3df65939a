//! Many small runs beside the picture: the same samples with other settings, other seeds, or a part of them. The stages that two of them
//! share are computed once.

use std::sync::Arc;

use rand::seq::SliceRandom as _;

use super::chain::{Chain, Outcome};
use super::event::{Event, Watcher};
use super::job::Job;
use super::snapshot::Snapshot;
use crate::data::{Dataset, Source};
use crate::measure::{self, Gap, Scores};
use crate::recipe::{Auto, Recipe};
use crate::support::progress::Control;
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// Points of a probe's picture.
pub const MOST_POINTS: usize = 600;
/// Points whose silhouette is measured.
const MOST_MEASURED: usize = 1500;

/// One run of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its settings.
    pub recipe: Recipe,
    /// The share of the samples that are drawn for it, from 0 to 1, and the seed of the draw; all where nothing is said.
    pub part: Option<(f64, u64)>,
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Where the samples are from.
    pub source: Source,
    /// The samples.
    pub data: Dataset,
    /// The runs, those that share stages behind each other.
    pub items: Vec<Item>,
    /// The clusters of all samples that the runs are compared with.
    pub reference: Option<Arc<Vec<u32>>>,
}

/// What one run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Two columns of the eigenspace that vary, of some of the samples.
    pub picture: Vec<[f32; 2]>,
    /// The clusters of these samples, under the numbers of the reference where there is one.
    pub clusters_of: Vec<u32>,
    /// Number of clusters.
    pub clusters: usize,
    /// The widest gap of the exact eigenvalues.
    pub gap: Option<Gap>,
    /// Exact eigenvalues looked at.
    pub eigenvalues: usize,
    /// Parts of the graph.
    pub parts: usize,
    /// Degrees of the samples: least, median, largest.
    pub degrees: [f64; 3],
    /// Adjusted Rand index of its clusters and the reference's, on the samples that both have.
    pub ari: Option<f64>,
    /// Grassmann distance per dimension from the learned eigenspace to the exact one, where both are there.
    pub distance: Option<f64>,
    /// Against the labels, where there are any.
    pub scores: Option<Scores>,
    /// Mean silhouette of some samples as they were clustered.
    pub silhouette: Option<f64>,
    /// Wall clock of its stages, in seconds, those that it shares included.
    pub seconds: f64,
}

/// A run of a sweep that ended: its place, and what it came to or why it failed.
pub type Probed = (usize, std::result::Result<Probe, String>);

/// Runs one after the other. A run that fails is told and the others go on.
///
/// # Errors
/// [`Error::Cancelled`].
pub(super) fn sweep(sweep: &Sweep, control: &Control, watcher: &dyn Watcher) -> Result<()> {
    let of = sweep.items.len();
    let mut whole: Option<Chain> = None;
    for (at, item) in sweep.items.iter().enumerate() {
        control.check()?;
        watcher.event(Event::Sweeping { at, of });
        let job = Job { source: sweep.source.clone(), recipe: item.recipe.clone() };
        let drawn = item.part.map(|(share, seed)| part_of(sweep.data.len(), share, seed));
        let outcome = match &drawn {
            None => whole.get_or_insert_with(|| Chain::given(&job, sweep.data.clone())).run(&job, control, watcher),
            Some(rows) => Chain::given(&job, sweep.data.select(rows)).run(&job, control, watcher),
        };
        let reference = sweep.reference.as_ref().map(|all| match &drawn {
            None => all.to_vec(),
            Some(rows) => rows.iter().map(|&row| all.get(row).copied().unwrap_or_default()).collect(),
        });
        let probed = match outcome {
            Ok(outcome) => probe(&outcome, reference.as_deref()).ok_or_else(|| "it has no eigenspace".to_owned()),
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => Err(error.to_string()),
        };
        watcher.event(Event::Probed(Arc::new((at, probed))));
    }
    Ok(())
}

/// A share of `n` samples, at least two of them, in their order.
fn part_of(n: usize, share: f64, seed: u64) -> Vec<usize> {
    let wanted = ((n as f64 * share.clamp(0.0, 1.0)).round() as usize).max(2).min(n);
    let mut rows: Vec<usize> = (0..n).collect();
    rows.shuffle(&mut rng(seed, Stream::Parts, 0));
    rows.truncate(wanted);
    rows.sort_unstable();
    rows
}

fn probe(outcome: &Outcome, reference: Option<&[u32]>) -> Option<Probe> {
    let snapshot = &outcome.snapshot;
    let side = snapshot.learned.as_ref().or(snapshot.exact.as_ref())?;
    let vectors = &side.space.vectors;
    let n = vectors.nrows();
    let mut assignment = side.clusters.assignment.clone();
    let same = reference.filter(|reference| reference.len() == n);
    let ari = same.map(|reference| measure::adjusted_rand(&assignment, reference));
    if let Some(reference) = same {
        let numbers = measure::matching(&assignment, reference);
        for id in &mut assignment {
            *id = numbers.get(*id as usize).copied().unwrap_or(*id);
        }
    }
    let first = usize::from(vectors.ncols() > 1 && crate::exact::first_is_constant(&side.space));
    let second = (first + 1).min(vectors.ncols().saturating_sub(1));
    let step = n.div_ceil(MOST_POINTS).max(1);
    let some = || (0..n).step_by(step);
    let operator = snapshot.operator.as_deref();
    let weights = operator.and_then(|operator| side.weights(operator));
    let rows = measure::rows(vectors.view(), weights.as_deref(), outcome.settings.grouping.rows);
    Some(Probe {
        picture: some().map(|i| [vectors[[i, first]] as f32, vectors[[i, second]] as f32]).collect(),
        clusters_of: some().map(|i| assignment[i]).collect(),
        clusters: snapshot.clusters,
        gap: snapshot.eigengap(),
        eigenvalues: snapshot.spectrum.len(),
        parts: operator.map_or(0, |operator| operator.components.count()),
        degrees: operator.map_or([0.0; 3], |operator| degrees(&operator.degrees)),
        ari,
        distance: snapshot.distance(),
        scores: side.scores,
        silhouette: measure::silhouette(rows.view(), &side.clusters.assignment, MOST_MEASURED),
        seconds: outcome.stages.iter().map(|(_, seconds)| seconds).sum(),
    })
}

/// The least, the median and the largest.
fn degrees(all: &[f64]) -> [f64; 3] {
    let mut sorted = all.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get(((sorted.len().saturating_sub(1)) as f64 * share) as usize).copied();
    [0.0, 0.5, 1.0].map(|share| at(share).unwrap_or_default())
}

/// The recipe with the exact side alone, whose clusters do not hang on a training of the network or of a classifier.
#[must_use]
pub fn exact_alone(recipe: &Recipe) -> Recipe {
    Recipe { exact: true, learn: false, self_training: Auto::Set(0), ..recipe.clone() }
}

/// The runs that tell how far the clusters of a result hang on chance: the settings themselves, `seeds` other seeds, and as many draws of a
/// `share` of the samples, all on the exact side.
#[must_use]
pub fn stability(snapshot: &Snapshot, seeds: u64, share: f64) -> Sweep {
    let recipe = exact_alone(&snapshot.job.recipe);
    let seed = recipe.seed;
    let whole = |by: u64| Item { recipe: Recipe { seed: seed.wrapping_add(by), ..recipe.clone() }, part: None };
    let drawn = |by: u64| Item { recipe: recipe.clone(), part: Some((share, seed.wrapping_add(by))) };
    let items = (0..=seeds).map(whole).chain((1..=seeds).map(drawn)).collect();
    let reference = snapshot.exact.as_ref().or(snapshot.learned.as_ref());
    let reference = reference.map(|side| Arc::new(side.clusters.assignment.clone()));
    Sweep { source: snapshot.job.source.clone(), data: snapshot.data.clone(), items, reference }
}

/// Progress is let through, and what would change the picture held back.
pub(super) struct ProgressOnly<'a>(pub(super) &'a dyn Watcher);

impl Watcher for ProgressOnly<'_> {
    fn event(&self, event: Event) {
        let own =
            matches!(event, Event::Progress(..) | Event::Comparing { .. } | Event::Sweeping { .. } | Event::Probed(_));
        if own {
            self.0.event(event);
        }
    }

    fn snapshot(&self, _: Snapshot) {}
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::recipe::{DeviceChoice, Scale, Stage};
    use crate::support::progress::Progress;

    #[derive(Default)]
    struct Heard(Mutex<Vec<Event>>);

    impl Watcher for Heard {
        fn event(&self, event: Event) {
            self.0.lock().expect("one thread").push(event);
        }

        fn snapshot(&self, _: Snapshot) {}
    }

    fn probes(job: &Job, items: Vec<Item>) -> (Vec<Probed>, usize) {
        let data = crate::data::load(&job.source, &job.recipe, &Progress::silent()).expect("a built-in set");
        let outcome =
            Chain::given(job, data.clone()).run(job, &Control::new(), &Heard::default()).expect("a small run");
        let reference = outcome.snapshot.exact.map(|side| Arc::new(side.clusters.assignment.clone()));
        let heard = Heard::default();
        let plan = Sweep { source: job.source.clone(), data, items, reference };
        sweep(&plan, &Control::new(), &heard).expect("nobody cancels");
        let events = heard.0.into_inner().expect("one thread");
        let probes = events.iter().filter_map(|e| if let Event::Probed(p) = e { Some((**p).clone()) } else { None });
        let searched = |e: &&Event| matches!(e, Event::Done { stage: Stage::Neighbours, kept: false, .. });
        let computed = events.iter().filter(searched);
        (probes.collect(), computed.count())
    }

    #[test]
    fn runs_share_stages_a_failure_is_told_and_the_reference_agrees_with_itself() {
        let base = Recipe {
            samples: Auto::Set(200),
            clusters: Auto::Set(2),
            learn: false,
            device: DeviceChoice::Cpu,
            ..Recipe::default()
        };
        let job = Job { source: Source::Named("moons".to_owned()), recipe: base.clone() };
        let with = |change: &dyn Fn(&mut Recipe)| {
            let mut recipe = base.clone();
            change(&mut recipe);
            Item { recipe, part: None }
        };
        let items = vec![
            with(&|_| ()),
            with(&|r| r.scale = Scale::Global),
            with(&|r| r.clusters = Auto::Set(500)),
            Item { recipe: base.clone(), part: Some((0.5, 3)) },
        ];
        let (probes, neighbours) = probes(&job, items);
        assert_eq!(probes.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 1, 2, 3]);
        let first = probes[0].1.as_ref().expect("it runs");
        assert!(first.ari.is_some_and(|ari| ari > 0.999) && first.silhouette.is_some_and(|s| s > 0.0), "{first:?}");
        assert!(first.parts >= 1 && first.degrees[0] <= first.degrees[1] && first.degrees[1] <= first.degrees[2]);
        assert!(probes[1].1.is_ok() && probes[2].1.as_ref().is_err_and(|e| e.contains("500")), "{:?}", probes[2].1);
        let half = probes[3].1.as_ref().expect("it runs");
        assert_eq!(half.picture.len(), 100);
        assert_eq!(neighbours, 2, "one search for each set of samples");
    }

    #[test]
    fn a_draw_is_the_same_for_the_same_seed() {
        assert_eq!(part_of(100, 0.8, 4), part_of(100, 0.8, 4));
        assert_ne!(part_of(100, 0.8, 4), part_of(100, 0.8, 5));
        assert_eq!((part_of(100, 0.8, 4).len(), part_of(3, 0.0, 1).len(), part_of(1, 1.0, 1).len()), (80, 2, 1));
    }
}
