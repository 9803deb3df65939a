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
    let compared = || stages::compared(&picture.data, &picture.scaled, picture.job.recipe.seed).0;
    let places = picture.metric.clone().or_else(|| picture.codes.clone()).unwrap_or_else(compared);
    stages::graph(&mut Caches::default(), &mut run, &mut screen, &picture.data, &places)?;
    let Snapshot { neighbors, operator, .. } = screen.snapshot;
    if let Some(operator) = operator.as_deref() {
        // The exact side tells: the residual of a network is no small number.
        let of_another = |side: &Arc<Solution>| residual(operator, side) > side.residual + ROUNDING;
        if picture.exact.as_ref().is_some_and(of_another) {
            return Err(Error::Data(
                "the graph found is not the one that the eigenvectors were computed of; a new training has its own"
                    .to_owned(),
            ));
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
    fn a_table_with_gaps_gets_its_graph_back() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("gaps.csv");
        let row = |i: usize| {
            let (side, rest) = (if i.is_multiple_of(2) { 9.0 } else { 0.0 }, (i * 7 % 23) as f64 / 9.0);
            let last = if i % 11 == 3 { String::new() } else { format!("{}", side - rest) };
            format!("{},{},{last}\n", side + rest, side + (i * 5 % 19) as f64 / 7.0)
        };
        std::fs::write(&path, "x,y,z\n".to_owned() + &(0..200).map(row).collect::<String>()).expect("it is written");
        let recipe = Recipe { eigenvectors: Auto::Set(5), learn: false, ..Recipe::default() };
        let job = Job { source: Source::Path(path), recipe };
        let picture = Chain::default().run(&job, &Control::new(), &Unheard).expect("it runs").snapshot;
        let told = |note: &&String| note.contains("with gaps are found by what they have");
        assert_eq!(picture.data.notes.iter().filter(told).count(), 1, "{:?}", picture.data.notes);
        let again = with_graph(&alone(&picture), &Control::new()).expect("it is found");
        assert_eq!(again.neighbors, picture.neighbors);
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
