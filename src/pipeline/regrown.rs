//! The graph of a picture that was kept without it: found again of the same samples and settings.

use std::cell::Cell;
use std::sync::Arc;

use super::event::Unheard;
use super::run::{Recorder, Run};
use super::snapshot::{Snapshot, Solution};
use super::stages::{self, Caches};
use crate::graph::Operator;
use crate::support::progress::Control;
use crate::{Error, Result};

/// How far a residual may lie above the one that was kept: positions were kept in single precision.
const ROUNDING: f64 = 1e-4;

/// The picture with its neighbours and its operator.
///
/// # Errors
/// Those of the neighbours and affinity stages; [`Error::Data`] where the eigenvectors of the picture are not those of the graph that was
/// found; [`Error::Cancelled`].
pub fn with_graph(picture: &Snapshot, control: &Control) -> Result<Snapshot> {
    let (recorder, serial) = (Recorder::new(&Unheard), Cell::new(0));
    let mut run = Run::new(&picture.job, control, &recorder, false, ((*picture.facts).clone(), &serial));
    run.facts = (*picture.facts).clone();
    let mut screen = run.screen(picture.clone());
    let places = picture.metric.as_ref().or(picture.codes.as_ref()).unwrap_or(&picture.scaled);
    stages::graph(&mut Caches::default(), &mut run, &mut screen, &picture.data, places)?;
    let Snapshot { neighbors, operator, .. } = screen.snapshot;
    if let Some(operator) = operator.as_deref() {
        // The exact side tells: the residual of a network is no small number.
        let of_another = |side: &Arc<Solution>| residual(operator, side) > side.residual + ROUNDING;
        if picture.exact.as_ref().is_some_and(of_another) {
            return Err(Error::Data("the graph is not the one that the eigenvectors were computed of".to_owned()));
        }
    }
    Ok(Snapshot { neighbors, operator, ..picture.clone() })
}

fn residual(operator: &Operator, side: &Solution) -> f64 {
    operator.residuals(&side.space).into_iter().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::pipeline::{Chain, Job};
    use crate::recipe::{Auto, Recipe};

    fn run(recipe: Recipe) -> Snapshot {
        let job = Job { source: Source::Named("moons".to_owned()), recipe };
        Chain::default().run(&job, &Control::new(), &Unheard).expect("it runs").snapshot
    }

    fn alone(picture: &Snapshot) -> Snapshot {
        let exact = picture.exact.as_deref().map(|side| {
            let mut side = side.clone();
            side.space.vectors.mapv_inplace(|v| f64::from(v as f32));
            Arc::new(side)
        });
        Snapshot { neighbors: None, operator: None, exact, ..picture.clone() }
    }

    #[test]
    fn a_picture_gets_the_graph_back_that_it_was_computed_of() {
        // More vectors than there are parts of the graph: those of its parts fit every graph that falls apart so.
        let recipe = Recipe { samples: Auto::Set(300), eigenvectors: Auto::Set(5), learn: false, ..Recipe::default() };
        let picture = run(recipe.clone());
        let again = with_graph(&alone(&picture), &Control::new()).expect("it is found");
        assert_eq!(again.neighbors, picture.neighbors);
        let affinity = |of: &Snapshot| of.operator.as_ref().expect("there").affinity.clone();
        assert_eq!(affinity(&again), affinity(&picture), "to the last digit");

        let mut other = alone(&picture);
        let job = Job { recipe: Recipe { neighbors: Auto::Set(4), ..recipe }, ..(*picture.job).clone() };
        other.job = Arc::new(job);
        let error = with_graph(&other, &Control::new()).expect_err("it is of other neighbours").to_string();
        assert!(error.contains("not the one"), "{error}");
        let control = Control::new();
        control.cancel();
        assert!(matches!(with_graph(&alone(&picture), &control), Err(Error::Cancelled)));
    }
}
