//! Every training that the window makes is recorded look by look.

use std::sync::Arc;

use eigenscope::Recipe;
use eigenscope::pipeline::{Chain, Recording};
use eigenscope::recipe::{Auto, System};
use eigenscope::support::progress::Control;

use super::job;
use crate::support::listening::Deaf;

fn steps(recording: &Recording) -> Vec<usize> {
    recording.looks().iter().map(|look| look.step).collect()
}

/// Each step takes the whole graph.
fn whole(recipe: &mut Recipe) {
    recipe.batch = Auto::Auto;
}

#[test]
fn each_look_is_kept_with_its_figures_and_stays_where_the_stage_is_kept() {
    let mut chain = Chain::recording();
    let outcome = chain.run(&job("moons", whole), &Control::new(), &Deaf).expect("it runs");
    let now = &outcome.snapshot;
    let told: Vec<usize> = outcome.curve.iter().map(|point| point.step).collect();
    assert_eq!(steps(&now.recording), told);
    assert!(told.starts_with(&[1, 2, 3, 4, 5]), "the first steps are seen one by one: {told:?}");
    for (look, point) in now.recording.looks().iter().zip(&outcome.curve) {
        assert_eq!(look.point.grassmann, point.grassmann);
        let then = now.at(look, 7);
        let side = then.learned.as_ref().expect("learned");
        assert_eq!((then.step, then.serial, side.scores), (point.step, 7, point.scores));
        assert!(then.ending.is_none() && then.model.is_none() && then.network.is_some());
        let sum = then.agreement.as_ref().map(|agreement| agreement.grassmann / agreement.sin2.len() as f64);
        assert_eq!(sum, point.grassmann, "the figure beside the picture is that of the curve");
    }
    let again = chain.run(&job("moons", |r| (whole(r), r.starts = 3).1), &Control::new(), &Deaf).expect("it runs");
    assert_eq!(again.snapshot.recording.id(), now.recording.id(), "clusters alone were made anew");
    let anew = chain.run(&job("moons", |r| (whole(r), r.seed = 5).1), &Control::new(), &Deaf).expect("it runs");
    assert_ne!(anew.snapshot.recording.id(), now.recording.id());
    let deaf = Chain::default().run(&job("moons", whole), &Control::new(), &Deaf).expect("it runs");
    assert!(deaf.snapshot.recording.looks().is_empty(), "who does not ask for it pays nothing");
    assert!(deaf.curve.len() < outcome.curve.len() && deaf.curve.iter().all(|point| told.contains(&point.step)));
    let (one, other) = (now.learned.as_ref().expect("learned"), deaf.snapshot.learned.as_ref().expect("learned"));
    assert_eq!(one.space.vectors, other.space.vectors);
}

#[test]
fn supervised_trainings_are_recorded_too() {
    let dscl = job("dscl-toy", |r| {
        (r.system, r.samples, r.batch) = (System::Dscl, Auto::Set(2100), Auto::Set(120));
    });
    let outcome = Chain::recording().run(&dscl, &Control::new(), &Deaf).expect("it runs");
    let told: Vec<usize> = outcome.curve.iter().map(|point| point.step).collect();
    assert_eq!(steps(&outcome.snapshot.recording), told);
    let first = Arc::clone(&outcome.snapshot.recording.looks()[0]);
    assert!(outcome.snapshot.at(&first, 1).supervised.is_none(), "scores on what was held out are the end's");
}
