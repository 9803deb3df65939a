//! The window drawn in every state, size and theme; the pictures lie in Cargo's folder for tests' files, to be looked at.

use eframe::egui;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::{App, ThemeChoice};

use super::scripted::{Script, Scripted, job};
use super::settle;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
enum State {
    Opening,
    NoData,
    Ready,
    Training,
    Finished,
    Older,
    Stopped,
    Question,
    Failed,
    Carried,
    Help,
    Palette,
}

fn draw(name: &str, state: State, size: [f32; 2], theme: ThemeChoice) -> image::RgbaImage {
    let script = std::rc::Rc::new(std::cell::RefCell::new(Script::default()));
    let engine = Box::new(Scripted(script.clone()));
    let job = job(name);
    script.borrow_mut().hold = matches!(state, State::Opening);
    if matches!(state, State::NoData) {
        script.borrow_mut().fail_with = Some("cannot read flowers.csv: no such file; open another".to_owned());
    }
    let mut harness = Harness::builder().with_size(size).with_max_steps(40).wgpu().build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        app.set_theme(theme);
        app
    });
    if !matches!(state, State::Opening) {
        settle(&mut harness);
    }
    if !matches!(state, State::Opening | State::NoData | State::Ready) {
        harness.state_mut().start();
        settle(&mut harness);
        script.borrow_mut().play_to(if matches!(state, State::Training) { 0.4 } else { 1.0 });
        settle(&mut harness);
    }
    match state {
        State::Older => {
            let job = job_with_neighbors(harness.state().job());
            harness.state_mut().set_job(job);
        }
        State::Failed => {
            script.borrow_mut().fail_with =
                Some("moons: batch output has rank 1 < 2; turn --batch up, --lr down or --clusters down".to_owned());
            harness.state_mut().start();
        }
        State::Carried => {
            super::type_number(&mut harness, "Neighbours", "5000");
            super::type_number(&mut harness, "Neighbours", "21");
            super::type_number(&mut harness, "Samples", "1");
            harness.get_by_label("circles").click();
        }
        State::Stopped => {
            harness.state_mut().start();
            settle(&mut harness);
            script.borrow_mut().play_to(0.2);
            settle(&mut harness);
            harness.get_by_label("Stop and keep").click();
        }
        State::Question => {
            script.borrow_mut().tell(eigenscope::pipeline::Event::Done {
                stage: eigenscope::recipe::Stage::Learn,
                seconds: 95.0,
                kept: false,
            });
            settle(&mut harness);
            harness.get_by_label("circles").click();
        }
        State::Help => harness.key_press(egui::Key::F1),
        State::Palette => harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K),
        _ => {}
    }
    settle(&mut harness);
    if matches!(state, State::Finished) {
        let at = harness.get_by_label_contains("Input:").rect().center();
        harness.hover_at(at);
        harness.run_steps(3);
    }
    harness.render().expect("software Vulkan draws")
}

fn job_with_neighbors(job: &eigenscope::pipeline::Job) -> eigenscope::pipeline::Job {
    let mut job = job.clone();
    job.recipe.neighbors = eigenscope::recipe::Auto::Set(30);
    job
}

fn folder() -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("window");
    std::fs::create_dir_all(&folder).expect("Cargo's folder for tests can be written");
    folder
}

/// Colours that cover at least a ten-thousandth of the picture.
fn colors(picture: &image::RgbaImage) -> usize {
    let mut counts = std::collections::HashMap::new();
    for pixel in picture.pixels() {
        *counts.entry(pixel.0).or_insert(0_u32) += 1;
    }
    let least = picture.width() * picture.height() / 10_000;
    counts.values().filter(|&&c| c > least).count()
}

fn check(set: &str, state: State, size: [f32; 2], theme: ThemeChoice) {
    let picture = draw(set, state, size, theme);
    let name = format!("{set}-{state:?}-{theme:?}-{}.png", size[0]).to_lowercase();
    picture.save(folder().join(&name)).expect("the picture can be written");
    assert_eq!([picture.width(), picture.height()], size.map(|s| s as u32));
    assert!(colors(&picture) > 8, "{name} is nearly empty");
    let corner = picture.get_pixel(size[0] as u32 - 3, size[1] as u32 - 3).0;
    let light = corner[0] > 128;
    assert_eq!(light, theme == ThemeChoice::Light, "{name} has the other theme's ground");
}

const SMALL: [f32; 2] = [1280.0, 800.0];
const LARGE: [f32; 2] = [2560.0, 1440.0];

#[test]
fn before_during_and_after_training_in_the_dark() {
    for state in [State::Opening, State::Ready, State::Training, State::Finished] {
        check("moons", state, SMALL, ThemeChoice::Dark);
    }
    check("digits", State::Finished, LARGE, ThemeChoice::Dark);
}

#[test]
fn before_during_and_after_training_in_the_light() {
    for state in [State::Ready, State::Training] {
        check("moons", state, LARGE, ThemeChoice::Light);
    }
    check("digits", State::Finished, SMALL, ThemeChoice::Light);
}

#[test]
fn older_failed_and_overlays() {
    check("moons", State::NoData, [1100.0, 700.0], ThemeChoice::Dark);
    check("digits", State::Finished, [1100.0, 700.0], ThemeChoice::Light);
    check("moons", State::Older, SMALL, ThemeChoice::Dark);
    check("moons", State::Failed, SMALL, ThemeChoice::Light);
    check("moons", State::Carried, SMALL, ThemeChoice::Dark);
    check("moons", State::Stopped, SMALL, ThemeChoice::Light);
    check("moons", State::Stopped, SMALL, ThemeChoice::Dark);
    check("moons", State::Question, [1280.0, 1400.0], ThemeChoice::Light);
    check("moons", State::Question, [1280.0, 1400.0], ThemeChoice::Dark);
    check("moons", State::Help, SMALL, ThemeChoice::Dark);
    check("moons", State::Palette, SMALL, ThemeChoice::Light);
}
