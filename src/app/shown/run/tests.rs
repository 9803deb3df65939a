//! Events of jobs that follow and overtake each other, and what is left on the screen.

use super::*;
use crate::recipe::Represent;

fn point(step: usize, seconds: f64) -> Event {
    Event::Curve(CurvePoint { step, seconds, ..CurvePoint::default() })
}

#[test]
fn old_curves_stay_until_new_ones_come() {
    let mut run = Run::default();
    run.asked(false);
    run.take(Event::Started);
    run.take(point(10, 1.0));
    run.take(Event::Finished);
    assert_eq!(run.phase, Phase::Finished);
    run.asked(false);
    run.take(Event::Started);
    assert_eq!(run.curve.len(), 1, "still the old one");
    run.take(point(5, 0.5));
    assert_eq!(run.curve[0].step, 5);
}

#[test]
fn a_kept_training_keeps_its_curves() {
    let mut run = Run::default();
    let show = |run: &mut Run| run.show(Some(Arc::new(crate::app::shown::fixture::snapshot(None, None))));
    run.asked(false);
    run.take(point(10, 1.0));
    run.asked(false);
    run.take(Event::Started);
    show(&mut run);
    run.take(Event::Done { stage: Stage::Learn, seconds: 1.0, kept: true });
    run.take(Event::Finished);
    assert_eq!(run.curve.len(), 1);
    run.asked(true);
    run.take(Event::Started);
    show(&mut run);
    assert!(run.curve.is_empty(), "the data alone has no curves");
}

#[test]
fn looks_of_an_earlier_job_are_known_as_such_and_go_with_other_data() {
    let mut run = Run::default();
    let prepared = |step| Event::Prepared(Prepared { stage: Stage::Represent, step, seconds: 1.0, loss: 0.1, lr: 0.1 });
    let of = |name: &str, codes: bool| {
        let mut snapshot = crate::app::shown::fixture::snapshot(None, None);
        let mut job = (*snapshot.job).clone();
        job.source = crate::data::Source::Named(name.to_owned());
        job.recipe.represent = if codes { Represent::Autoencoder } else { Represent::None };
        snapshot.job = Arc::new(job);
        Some(Arc::new(snapshot))
    };
    run.asked(false);
    run.take(Event::Started);
    run.show(of("digits", true));
    run.take(prepared(10));
    run.take(point(10, 1.0));
    assert!(!run.is_old(Stage::Represent) && !run.is_old(Stage::Learn));
    run.take(Event::Finished);
    run.asked(false);
    run.take(Event::Started);
    run.show(of("digits", true));
    assert!(run.is_old(Stage::Represent) && run.is_old(Stage::Learn) && run.prepared.len() == 1);
    run.take(prepared(5));
    assert_eq!((run.prepared.len(), run.prepared[0].step), (1, 5), "the new job's own");
    run.take(Event::Finished);
    run.asked(false);
    run.take(Event::Started);
    run.show(of("fashion", true));
    assert!(run.prepared.is_empty() && run.curve.is_empty(), "curves of another set");
    run.take(prepared(5));
    run.asked(false);
    run.take(Event::Started);
    run.show(of("fashion", false));
    assert!(run.prepared.is_empty(), "there are no codes any more");
}

#[test]
fn what_crosses_on_the_way_leaves_no_wrong_phase() {
    let mut run = Run::default();
    run.asked(false);
    run.take(Event::Started);
    run.take(Event::Finished);
    run.take(Event::Paused(true));
    assert_eq!(run.phase, Phase::Finished, "a pause that came too late");
    run.asked(true);
    run.take(Event::Finished);
    run.take(Event::Started);
    assert_eq!(run.phase, Phase::Opening, "the end of the job before");
}

#[test]
fn the_pace_is_that_of_the_last_evaluations() {
    let mut run = Run::default();
    assert_eq!(run.steps_per_second(), None);
    run.take(point(100, 2.0));
    assert_eq!(run.steps_per_second(), Some(50.0));
    run.take(point(200, 3.0));
    assert_eq!(run.steps_per_second(), Some(100.0));
}

#[test]
fn a_failure_keeps_what_was_there() {
    let mut run = Run::default();
    run.take(point(1, 1.0));
    run.asked(false);
    run.take(Event::Started);
    run.take(Event::Failed("no".into()));
    assert_eq!((run.phase, run.error.as_deref(), run.curve.len()), (Phase::Failed, Some("no"), 1));
    run.asked(true);
    assert_eq!((run.phase, run.error.as_deref()), (Phase::Opening, None));
    run.take(Event::Finished);
    assert_eq!(run.phase, Phase::Ready);
}
