//! Scenes of what is computed in truth: the live picture, graph and map, painted points, tables, systems, every step of every lesson.

use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::lesson::builtin;
use eigenscope::app::shell::running::twins::Twins;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::{Painted, Source, Spot};
use eigenscope::pipeline::{Job, Live, Worker, example};
use eigenscope::recipe::{Affinity, Auto, DeviceChoice, Hidden, Represent, System};

use super::super::{Window, press, press_command, settle};
use super::{Act, Make, Scene, Sizes, built, run, type_text};
use crate::support::desk::Desk;
use crate::support::waiting::until;

fn recipe() -> Recipe {
    Recipe {
        device: DeviceChoice::Cpu,
        samples: Auto::Set(400),
        limit: 400,
        steps: Auto::Set(120),
        hidden: Hidden::Layers(vec![64, 64]),
        ..Recipe::default()
    }
}

/// A window whose engine computes, its data opened.
fn real(source: Source, recipe: Recipe) -> Window {
    let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
    let job = Job { source, recipe };
    let mut window: Window = built().build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        app.follow_by(Live::spawn(|| ()).expect("a thread"));
        app.type_paths();
        app
    });
    until(&mut window, "its data", |app| app.run().phase != Phase::Opening);
    window
}

fn named(name: &str) -> Source {
    Source::Named(name.to_owned())
}

fn train(window: &mut Window) {
    window.state_mut().start();
    window.run_steps(2);
    until(window, "the training", |app| !app.run().phase.is_busy());
}

fn trained(source: Source, recipe: Recipe) -> Window {
    let mut window = real(source, recipe);
    train(&mut window);
    window
}

fn button(label: &str) -> By<'_> {
    By::new().label(label).role(Role::Button)
}

/// The point in the middle of the input view has the keyboard.
fn at_a_point(window: &mut Window) {
    window.get_by_label_contains("Input: ").click();
    settle(window);
    press(window, Key::ArrowRight);
}

/// Scenes after a training of the moons.
const AFTER: [(&str, Act); 9] = [
    ("finished-real", |_| ()),
    ("live", |window| {
        let mut job = window.state().job().clone();
        job.recipe.neighbors = Auto::Set(6);
        window.state_mut().set_job(job);
        until(window, "a live picture", |app| app.live().is_some_and(|frame| frame.job == *app.job()));
    }),
    ("star", at_a_point),
    ("edges", |window| {
        run(window, UiCommand::Edges);
        window.run_steps(12);
    }),
    ("heat", |window| {
        at_a_point(window);
        run(window, UiCommand::Heat);
        until(window, "heat", |app| app.graph_view().moving.at > 6);
        window.get(button("Pause")).click();
        settle(window);
    }),
    ("map", |window| {
        run(window, UiCommand::Map);
        until(window, "a map", |app| app.map_view().map().is_some_and(|map| map.side > 100));
    }),
    ("map-clusters-new-point", |window| {
        run(window, UiCommand::Map);
        window.get(button("Map")).click();
        settle(window);
        window.get(By::new().label("clusters").role(Role::RadioButton)).click();
        settle(window);
        // A choice closes the menu.
        window.get(button("Map")).click();
        settle(window);
        window.get(button("New point in the middle")).click();
        until(window, "the point", |app| app.map_view().landed().is_some());
    }),
    ("second-layer", |window| {
        let model = window.state().run().shown.as_ref().and_then(|shown| shown.model.clone()).expect("a model");
        let desk = Desk::new();
        let [x, y] = [0, 1].map(|column| model.columns[column].clone());
        let mut rows = String::new();
        for i in 0..80 {
            rows += &format!("{},{}\n", f64::from(i) / 20.0 - 1.5, (f64::from(i) / 9.0).sin());
        }
        let path = desk.put("new-flowers.csv", format!("{x},{y}\n{rows}40,40\n"));
        window.state_mut().label_with(model);
        let ctx = window.ctx.clone();
        window.state_mut().answered(&ctx, Purpose::NewRows, path);
        until(window, "the rows", |app| app.standing().is_some());
        let bad = desk.path("missing.csv");
        window.state_mut().answered(&ctx, Purpose::Open, bad);
        settle(window);
    }),
    ("present-map", |window| {
        run(window, UiCommand::Map);
        until(window, "a map", |app| app.map_view().map().is_some_and(|map| map.side > 100));
        press(window, Key::F11);
    }),
];

/// A set, what of the recipe is other, and a name.
type Other = (&'static str, &'static str, fn(Recipe) -> Recipe);

const SYSTEMS: [Other; 4] = [
    ("codes", "digits", |recipe| Recipe { represent: Represent::Autoencoder, encoder_steps: Auto::Set(40), ..recipe }),
    ("siamese", "digits", |recipe| Recipe { affinity: Affinity::Siamese, ..recipe }),
    ("supervised", "digits", |recipe| Recipe { system: System::Dscl, ..recipe }),
    ("dual", "digits", |recipe| Recipe { system: System::DualAutoencoder, encoder_steps: Auto::Set(40), ..recipe }),
];

pub(super) fn scenes() -> Vec<(String, Sizes, Make)> {
    let mut all: Vec<(String, Sizes, Make)> = Vec::new();
    let mut add = |name: &str, sizes: Sizes, make: Make| all.push((name.to_owned(), sizes, make));
    for (name, deed) in AFTER {
        add(
            name,
            Sizes::All,
            Box::new(move || {
                let mut window = trained(named("moons"), recipe());
                deed(&mut window);
                Scene::new(window)
            }),
        );
    }
    add("example", Sizes::All, Box::new(stored));
    for (name, set, change) in SYSTEMS {
        add(name, Sizes::All, Box::new(move || Scene::new(trained(named(set), change(recipe())))));
    }
    for (at, twins) in Twins::ALL.into_iter().enumerate() {
        let make = move || {
            let mut window = real(named("moons"), recipe());
            window.get(button("Twins")).click();
            settle(&mut window);
            window.get(button(twins.title())).click();
            until(&mut window, "both trainings", |app| app.pins().all().len() == 2 && !app.run().phase.is_busy());
            Scene::new(window)
        };
        add(&format!("twins-{}", at + 1), Sizes::Small, Box::new(make));
    }
    add(
        "paint-empty",
        Sizes::All,
        Box::new(|| {
            let mut window = real(named("digits"), recipe());
            press_command(&mut window, Key::P);
            Scene::new(window)
        }),
    );
    for (name, tool) in [("paint-spray", "Spray"), ("paint-shape", "Shape")] {
        add(name, Sizes::All, Box::new(move || painted(tool)));
    }
    add(
        "table",
        Sizes::All,
        Box::new(|| {
            let desk = Desk::new();
            let window = trained(Source::Path(people(&desk)), Recipe { limit: 0, samples: Auto::Auto, ..recipe() });
            Scene::new(window).keep(desk)
        }),
    );
    add(
        "sheet-columns",
        Sizes::All,
        Box::new(|| {
            let desk = Desk::new();
            let mut window = real(Source::Path(people(&desk)), Recipe { limit: 0, samples: Auto::Auto, ..recipe() });
            run(&mut window, UiCommand::Columns);
            window.run_steps(8);
            Scene::new(window).keep(desk)
        }),
    );
    add(
        "query-found",
        Sizes::All,
        Box::new(|| {
            let desk = Desk::new();
            let mut window = trained(Source::Path(people(&desk)), Recipe { limit: 0, samples: Auto::Auto, ..recipe() });
            run(&mut window, UiCommand::Query);
            type_text(&mut window, "age > 40");
            window.run_steps(6);
            Scene::new(window).keep(desk)
        }),
    );
    for (at, lesson) in builtin().iter().enumerate() {
        for step in 0..lesson.steps.len() {
            let sizes = if step == 0 { Sizes::All } else { Sizes::Small };
            add(&format!("lesson-{}-{}", at + 1, step + 1), sizes, Box::new(move || lesson_at(at, step)));
        }
        add(
            &format!("lesson-{}-presented", at + 1),
            Sizes::Small,
            Box::new(move || {
                let mut scene = lesson_at(at, 0);
                press(&mut scene.window, Key::F11);
                scene
            }),
        );
    }
    all
}

fn people(desk: &Desk) -> std::path::PathBuf {
    let row = |i: usize| {
        let town = ["Bern", "Wien", "Graz"][i % 3];
        format!("{},{}.5,{},{town},{}\n", i + 1, 20 + i * 7 % 50 + 30 * (i % 3), i * i % 97 + 80 * (i % 3), i % 2)
    };
    desk.put("people.csv", format!("id,age,points,town,class\n{}", (0..180).map(row).collect::<String>()))
}

fn painted(tool: &str) -> Scene {
    let dot = |i: usize| {
        let turn = i as f32 * 0.21;
        let far = if i.is_multiple_of(2) { 0.3 } else { 0.8 };
        Spot { at: [far * turn.cos(), far * turn.sin()], class: (i % 2) as u8 + 1 }
    };
    let mut window = real(named("moons"), recipe());
    press_command(&mut window, Key::P);
    let job =
        Job { source: Source::Painted(Painted::new((0..160).map(dot))), recipe: window.state().job().recipe.clone() };
    window.state_mut().set_job(job);
    until(&mut window, "a live picture", |app| app.live().is_some_and(|frame| frame.job == *app.job()));
    window.get(By::new().label(tool).role(Role::RadioButton)).click();
    settle(&mut window);
    Scene::new(window)
}

/// What the window opens on at a first start.
fn stored() -> Scene {
    let mut window = real(named("moons"), Recipe { device: DeviceChoice::Cpu, ..Recipe::default() });
    let (job, stored) = example().expect("the program has an example");
    window.state_mut().show_example(job, stored);
    until(&mut window, "the example", |app| app.run().phase == Phase::Finished);
    Scene::new(window)
}

fn lesson_at(at: usize, step: usize) -> Scene {
    let mut window = real(named("moons"), recipe());
    let lesson = &builtin()[at];
    press_command(&mut window, Key::L);
    window.get_by_label_contains(&format!("Lesson {}: {}", at + 1, lesson.title)).click();
    until(&mut window, &lesson.title, |app| app.lesson().is_some());
    for _ in 0..step {
        window.get(button("Next")).click();
        window.run_steps(2);
    }
    until(&mut window, &lesson.title, |app| app.lesson().is_some_and(|(_, at)| at == step) && app.step_is_set());
    let trains = lesson.steps[step].setup.as_ref().is_some_and(|setup| setup.train);
    until(&mut window, "its picture", |app| {
        let learns = trains && app.job().recipe.learn;
        let there = app.seen().is_some_and(|seen| seen.exact.is_some() && (!learns || seen.learned.is_some()));
        there && app.live().is_none_or(|frame| frame.job == *app.job()) && !app.run().phase.is_busy()
    });
    window.run_steps(8);
    Scene::new(window)
}
