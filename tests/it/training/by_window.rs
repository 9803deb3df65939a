//! Training by the window's own controls and keys.

use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::App;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::run::Phase;
use eigenscope::pipeline::{Job, Worker};
use eigenscope::recipe::{Auto, Hidden};

use super::{assert_same, job, run};
use crate::support::waiting::until;

/// A window on a real worker, driven by its own controls.
fn window(job: Job) -> Harness<'static, App> {
    let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
    Harness::builder().with_size([1280.0, 800.0]).with_max_steps(40).build_eframe(move |cc| App::new(cc, engine, job))
}

#[test]
fn the_window_trains_by_its_own_keys_and_shows_the_result() {
    let mut window = window(job("circles", |r| {
        r.steps = Auto::Set(150);
        r.hidden = Hidden::Auto;
        r.batch = Auto::Auto;
    }));
    until(&mut window, "opening", |app| app.run().phase == Phase::Ready);
    window.key_press(Key::Space);
    until(&mut window, "training", |app| app.run().phase == Phase::Finished);
    let shown = window.state().run().shown.clone().expect("a result is shown");
    let learned = shown.learned.as_ref().expect("it was trained");
    assert!(learned.scores.is_some_and(|s| s.acc > 0.99), "{:?}", learned.scores);
    assert!(shown.agreement.as_ref().is_some_and(|a| a.grassmann < 0.05), "{:?}", shown.agreement);
    assert!(!window.state().run().curve.is_empty());
    assert!(window.query_by_label("600 × 2").is_some());
}

#[test]
fn the_window_goes_on_from_a_stop_and_shows_a_run_again_after_a_reset() {
    let mut window = window(job("moons", |_| ()));
    until(&mut window, "opening", |app| app.run().phase == Phase::Ready);
    let ctx = window.ctx.clone();
    window.state_mut().start();
    window.state_mut().execute(&ctx, UiCommand::RunPause);
    until(&mut window, "pausing", |app| app.run().phase == Phase::Paused);
    window.state_mut().execute(&ctx, UiCommand::Step);
    until(&mut window, "a step", |app| app.run().shown.as_ref().is_some_and(|s| s.step == 1));
    window.get_by_label("Stop and keep").click();
    until(&mut window, "stopping", |app| app.run().phase == Phase::Stopped);
    assert!(window.query_all_by_label_contains("Stopped at 1 of 60").count() > 0);
    window.get_by_label("Continue").click();
    until(&mut window, "going on", |app| app.run().phase == Phase::Finished);
    let (first, curve) = (window.state().run().shown.clone().expect("a result"), window.state().run().curve.clone());
    assert_same(&run(job("moons", |_| ())).0, &first);

    window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::R);
    until(&mut window, "a reset", |app| app.run().phase == Phase::Ready);
    assert!(window.state().run().curve.is_empty());
    window.key_press(Key::Space);
    until(&mut window, "showing again", |app| app.run().phase == Phase::Finished);
    assert_eq!(window.state().run().curve, curve);
    assert_same(&first, window.state().run().shown.as_ref().expect("a result"));
}
