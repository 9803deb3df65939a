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

/// The network that follows, with the base's it came from.
#[derive(Debug, Default)]
pub(super) struct Follower {
    from: Option<Arc<Mapping>>,
    now: Option<Arc<Mapping>>,
}

impl Follower {
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
        let Some(network) = self.network_of(base) else { return Ok(()) };
        let Some(mut training) = begin(drawn, &network)? else { return Ok(()) };
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
            let look = training.look(true, begun.elapsed().as_secs_f64())?;
            let snapshot = &drawn.frame.snapshot;
            let Graph { operator, .. } = &drawn.graph;
            let grouping = &drawn.settings.grouping;
            let solution = stages::solve(&look.parted, &drawn.graph, snapshot, Effort::Glance, grouping)?;
            let agreement = stages::agreement(operator, &solution, snapshot);
            over = training.weigh(&look, agreement.as_ref().map(|a| a.grassmann))?;
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
            show(Frame { snapshot: Arc::new(seen), learned, ..(*drawn.frame).clone() });
            (looked, due, may_break) = (Instant::now(), LOOK, true);
        }
        Ok(())
    }

    /// The newest weights that came from this base's.
    fn network_of(&mut self, base: &Snapshot) -> Option<Arc<Mapping>> {
        let from = base.network.as_ref()?;
        if !self.from.as_ref().is_some_and(|known| Arc::ptr_eq(known, from)) {
            (self.from, self.now) = (Some(Arc::clone(from)), None);
        }
        self.now.clone().or_else(|| self.from.clone())
    }
}

/// The training on the graph drawn; nothing where the network does not fit the settings.
fn begin(drawn: &Drawn, network: &Mapping) -> Result<Option<SpectralTraining>> {
    let Graph { operator, recipe } = &drawn.graph;
    if !recipe.learn || recipe.objective != Objective::Walk {
        return Ok(None);
    }
    let mut training = drawn.settings.training.clone();
    training.lr *= RATE;
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
    Ok(SpectralTraining::from_weights(task, &network.input, &network.weights))
}
