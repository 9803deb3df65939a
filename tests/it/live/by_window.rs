//! Turning a knob in the window.

use eframe::egui::{self, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::App;
use eigenscope::app::shown::run::Phase;
use eigenscope::pipeline::{Chain, Job, Live, Worker};
use eigenscope::recipe::{Auto, Hidden};
use eigenscope::support::progress::Control;

use super::job;
use crate::support::listening::Deaf;
use crate::support::waiting::until;

pub(super) type Window = Harness<'static, App>;

pub(super) fn window(job: Job) -> Window {
    let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
    Harness::builder().with_size([1280.0, 800.0]).with_max_steps(40).build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        app.follow_by(Live::spawn(|| ()).expect("a thread"));
        app
    })
}

fn turn(window: &mut Window, neighbors: usize) {
    let mut job = window.state().job().clone();
    job.recipe.neighbors = Auto::Set(neighbors);
    window.state_mut().set_job(job);
}

/// Whether the live picture is of the settings.
pub(super) fn is_up_to_date(app: &App) -> bool {
    app.live().is_some_and(|frame| frame.job == *app.job())
}

#[test]
fn a_turned_knob_shows_at_once_and_training_afterwards_gives_the_command_lines_digits() {
    let small = |neighbors: Auto<usize>| {
        job("moons", |r| {
            (r.steps, r.hidden, r.batch) = (Auto::Set(60), Hidden::Layers(vec![32, 32]), Auto::Set(64));
            r.neighbors = neighbors;
        })
    };
    let mut window = window(small(Auto::Auto));
    until(&mut window, "the first picture", |app| app.run().phase == Phase::Ready && is_up_to_date(app));
    let label = "Exact eigenspace (live): 600 points";
    assert!(window.query_by_label_contains(label).is_some(), "a screen reader is told that it is live");
    assert!(window.state().run().shown.as_ref().is_some_and(|shown| shown.exact.is_none()), "it is no result");
    window.key_press(Key::Space);
    until(&mut window, "training", |app| app.run().phase == Phase::Finished);
    assert!(window.state().live().is_none(), "the result takes its place");

    let result = window.state().run().shown.clone().expect("a result");
    for k in 3..40 {
        turn(&mut window, k);
        window.run_steps(1);
        let seen = window.state().seen().expect("a picture").clone();
        assert!(seen.exact.is_some() && seen.learned.is_some(), "no view is ever blank: {k} neighbours");
    }
    until(&mut window, "the last picture", is_up_to_date);
    assert_eq!(window.state().seen().and_then(|s| s.neighbors.as_ref().map(|n| n.k)), Some(39));
    assert!(window.query_by_label_contains("Live: the exact side follows").is_some());
    let shown = window.state().run().shown.clone().expect("the result");
    assert!(std::sync::Arc::ptr_eq(&shown, &result), "what is live takes no result away");

    window.get_by_label("Train now").click();
    window.run_steps(2);
    until(&mut window, "training again", |app| app.run().phase == Phase::Finished);
    let shown = window.state().run().shown.clone().expect("a result");
    let run = Chain::default().run(&small(Auto::Set(39)), &Control::new(), &Deaf).expect("a run").snapshot;
    let (window_side, run_side) = (shown.learned.as_ref().expect("learned"), run.learned.as_ref().expect("learned"));
    assert_eq!(window_side.space.values, run_side.space.values);
    assert_eq!(window_side.space.vectors, run_side.space.vectors);
    assert_eq!(window_side.clusters.assignment, run_side.clusters.assignment);
    let (window_side, run_side) = (shown.exact.as_ref().expect("exact"), run.exact.as_ref().expect("exact"));
    assert_eq!(window_side.space.vectors, run_side.space.vectors);
    assert_eq!(shown.agreement.as_ref().map(|a| a.grassmann), run.agreement.as_ref().map(|a| a.grassmann));
}

#[test]
fn live_is_switched_off_by_its_key_and_the_picture_waits_for_the_training() {
    let mut window = window(job("circles", |_| ()));
    until(&mut window, "the first picture", |app| app.run().phase == Phase::Ready && is_up_to_date(app));
    window.key_press(Key::T);
    window.run_steps(3);
    assert!(window.state().live().is_none());
    turn(&mut window, 30);
    window.run_steps(30);
    assert!(window.state().live().is_none());
    let switch = egui_kittest::kittest::By::new().label("Live").role(egui::accesskit::Role::CheckBox);
    window.get(switch).click();
    until(&mut window, "the picture of the settings", is_up_to_date);
}

#[test]
fn a_training_waits_while_its_graph_is_turned_and_goes_on_when_it_is_turned_back() {
    let mut window = window(job("moons", |r| {
        (r.steps, r.hidden, r.batch) = (Auto::Set(100_000), Hidden::Layers(vec![32, 32]), Auto::Set(64));
    }));
    until(&mut window, "opening", |app| app.run().phase == Phase::Ready);
    window.key_press(Key::Space);
    until(&mut window, "training", |app| app.run().shown.as_ref().is_some_and(|shown| shown.learned.is_some()));
    turn(&mut window, 33);
    until(&mut window, "a live picture", is_up_to_date);
    until(&mut window, "a pause", |app| app.run().phase == Phase::Paused);
    let shown = window.state().run().shown.clone().expect("a picture");
    let back = (*shown.job).clone();
    window.state_mut().set_job(back);
    until(&mut window, "the training's own picture", |app| app.live().is_none());
    window.key_press(Key::Space);
    until(&mut window, "going on", |app| app.run().phase == Phase::Running);
}
