//! The base's network goes on from its weights on the graph that is drawn, so that it is seen following.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::frame::Drawn;
use super::{Frame, LearnedAs};
use crate::Result;
use crate::learn::drive::Training as _;
use crate::learn::spectralnet::{SpectralTraining, Task};
use crate::measure::Effort;
use crate::model::Mapping;
use crate::nets::Compute;
use crate::pipeline::snapshot::Snapshot;
use crate::pipeline::stages::{self, Graph};
use crate::recipe::{Objective, Recipe};
use crate::support::progress::Control;

/// A look is taken about this often; the first comes after a fraction of it.
const LOOK: Duration = Duration::from_millis(100);
const FIRST_LOOK: Duration = Duration::from_millis(30);
/// Longest time that a network goes on for one graph.
const LONGEST: Duration = Duration::from_secs(8);
/// Part of the training's learning rate that a network goes on with: it has most of its way behind it.
const RATE: f64 = 0.3;

/// The network that follows, with the base's it came from; on painted points there may be none that it came from.
#[derive(Debug, Default)]
pub(super) struct Follower {
    from: Option<Arc<Mapping>>,
    now: Option<Arc<Mapping>>,
    /// The training that placed the samples of the picture with this number.
    placed: Option<(u64, SpectralTraining)>,
}

impl Follower {
    /// The picture with the network's side as its weights stand. Where there is none one begins, from the seed. Without a learned side
    /// in the settings it is the picture as it was drawn.
    ///
    /// # Errors
    /// Those of the training.
    pub(super) fn place(&mut self, drawn: &Drawn, base: &Snapshot) -> Result<Arc<Frame>> {
        self.placed = None;
        let network = self.network_of(base);
        let going_on = network.map(|network| begin(drawn, Some(&network))).transpose()?.flatten();
        let training = if going_on.is_some() { going_on } else { begin(drawn, None)? };
        let Some(mut training) = training else { return Ok(Arc::clone(&drawn.frame)) };
        let (frame, _) = self.look(&mut training, drawn, 0.0)?;
        self.placed = Some((drawn.frame.number, training));
        Ok(Arc::new(frame))
    }

    /// Trains on the graph drawn and shows its looks, until something newer waits, nothing is to be gained or the time is over. Where
    /// something waits from the beginning there is one look all the same, so that a hand that never rests sees the network follow.
    ///
    /// # Errors
    /// Those of the training; [`crate::Error::Cancelled`].
    pub(super) fn follow(
        &mut self,
        drawn: &Drawn,
        base: &Snapshot,
        (control, waits): (&Control, &dyn Fn() -> bool),
        show: &mut dyn FnMut(Frame),
    ) -> Result<()> {
        let placed = self.placed.take().filter(|(number, _)| *number == drawn.frame.number);
        let training = match (placed, self.network_of(base)) {
            (Some((_, training)), _) => Some(training),
            (None, Some(network)) => begin(drawn, Some(&network))?,
            (None, None) => None,
        };
        let Some(mut training) = training else { return Ok(()) };
        let begun = Instant::now();
        let mut looked = begun;
        let mut due = FIRST_LOOK;
        let (mut over, mut may_break) = (false, !waits());
        while !(over || may_break && waits()) && begun.elapsed() < LONGEST && training.taken() < training.steps() {
            control.check()?;
            training.step()?;
            if looked.elapsed() < due {
                continue;
            }
            let (frame, gained) = self.look(&mut training, drawn, begun.elapsed().as_secs_f64())?;
            over = gained;
            show(frame);
            (looked, due, may_break) = (Instant::now(), LOOK, true);
        }
        Ok(())
    }

    /// The picture as the network sees it now, and whether there is nothing more to be gained.
    fn look(&mut self, training: &mut SpectralTraining, drawn: &Drawn, seconds: f64) -> Result<(Frame, bool)> {
        let look = training.look(true, seconds)?;
        let snapshot = &drawn.frame.snapshot;
        let Graph { operator, .. } = &drawn.graph;
        let grouping = &drawn.settings.grouping;
        let solution = stages::solve(&look.parted, &drawn.graph, snapshot, Effort::Glance, grouping)?;
        let agreement = stages::agreement(operator, &solution, snapshot);
        let over = training.weigh(&look, agreement.as_ref().map(|a| a.grassmann))?;
        let mapping = Arc::new(stages::mapping(&look, &solution, &drawn.graph));
        self.now = Some(Arc::clone(&mapping));
        let seen = Snapshot {
            serial: snapshot.serial + training.taken() as u64,
            learned: Some(Arc::new(solution)),
            agreement,
            network: Some(mapping),
            ..(**snapshot).clone()
        };
        let learned = LearnedAs::Following(training.taken());
        Ok((Frame { snapshot: Arc::new(seen), learned, ..(*drawn.frame).clone() }, over))
    }

    /// The newest weights that came from this base's.
    fn network_of(&mut self, base: &Snapshot) -> Option<Arc<Mapping>> {
        let same = match (&self.from, &base.network) {
            (Some(known), Some(from)) => Arc::ptr_eq(known, from),
            (known, from) => known.is_none() && from.is_none() && base.job.source.painted().is_some(),
        };
        if !same {
            (self.from, self.now) = (base.network.clone(), None);
        }
        self.now.clone().or_else(|| self.from.clone())
    }
}

/// The training on the graph drawn, from these weights or, without any, before its first step; nothing where the network does not fit the
/// settings.
fn begin(drawn: &Drawn, network: Option<&Mapping>) -> Result<Option<SpectralTraining>> {
    let Graph { operator, recipe, .. } = &drawn.graph;
    if !recipe.learn || recipe.objective != Objective::Walk {
        return Ok(None);
    }
    let mut training = drawn.settings.training.clone();
    if network.is_some() {
        training.lr *= RATE;
    }
    let recipe = Recipe { learn: true, ..recipe.clone() };
    let compute = Compute::cpu();
    let task = Task {
        recipe: &recipe,
        training,
        neighbors: drawn.settings.neighbors,
        compute: &compute,
        samples: &drawn.loaded.scaled,
        hints: stages::hints(&drawn.loaded.data, &recipe)?,
        operator,
        held: None,
        spectrum: drawn.frame.snapshot.spectrum.to_vec(),
        head: None,
    };
    Ok(match network {
        Some(network) => SpectralTraining::from_weights(task, &network.input, &network.weights),
        None => Some(SpectralTraining::begin(task)),
    })
}
