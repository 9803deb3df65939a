//! Scenes on a run that plays itself: where it stands, menus, sheets, questions.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eframe::egui::{Event, HoveredFile, Key, accesskit::Role};
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::app::App;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::pipeline::Ending;
use eigenscope::pipeline::compare::{Entry, Method, Space};
use eigenscope::project::Ease;
use eigenscope::recipe::{Auto, Stage};

use super::super::scripted::{Script, Scripted, job};
use super::super::{Window, press, press_command, settle, type_number};
use super::{Act, Make, Scene, Sizes, built, run, type_text};

type Shared = Rc<RefCell<Script>>;

/// A window on a set whose script `set` sets up.
fn on(name: &str, set: impl FnOnce(&mut Script)) -> (Window, Shared) {
    let script = Rc::new(RefCell::new(Script::default()));
    set(&mut script.borrow_mut());
    let engine = Box::new(Scripted(script.clone()));
    let job = job(name);
    let mut window: Window = built().build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        app.type_paths();
        app
    });
    settle(&mut window);
    (window, script)
}

/// A window whose training was played so far.
fn played(name: &str, share: f32) -> (Window, Shared) {
    let (mut window, script) = on(name, |_| ());
    window.state_mut().start();
    settle(&mut window);
    script.borrow_mut().play_to(share);
    settle(&mut window);
    (window, script)
}

fn finished(name: &str) -> Window {
    played(name, 1.0).0
}

fn ended(ending: Ending) -> Scene {
    let (mut window, script) = on("moons", |script| script.ending = Some(ending));
    window.state_mut().start();
    settle(&mut window);
    script.borrow_mut().play_to_end();
    settle(&mut window);
    Scene::new(window)
}

fn click(window: &mut Window, label: &str) {
    let button = By::new().label(label).role(Role::Button);
    let exact = window.query_by_label(label).is_some();
    if exact {
        window.get_by_label(label).click();
    } else if window.query(button).is_some() {
        window.get(By::new().label(label).role(Role::Button)).click();
    } else {
        window.get_by_label_contains(label).click();
    }
    settle(window);
}

/// Scenes after a training, each by what is done in its window.
const AFTER: [(&str, &str, Act); 41] = [
    ("finished-moons", "moons", |_| ()),
    ("finished-digits", "digits", |_| ()),
    ("finished-circles", "circles", |_| ()),
    ("older", "moons", |window| type_number(window, "Neighbours", "30")),
    ("refused", "moons", |window| {
        type_number(window, "Neighbours", "5000");
        type_number(window, "Samples", "1");
    }),
    ("settings-all", "moons", |window| {
        window.state_mut().show_all_settings(true);
        settle(window);
    }),
    ("settings-hidden", "moons", |window| run(window, UiCommand::ToggleSettings)),
    ("settings-found", "moons", |window| {
        window.get(By::new().label("Find").role(Role::TextInput)).focus();
        settle(window);
        type_text(window, "rate");
    }),
    ("menu-file", "moons", |window| click(window, "File")),
    ("menu-history", "moons", |window| click(window, "History")),
    ("menu-notes", "moons", |window| click(window, "Notes 1")),
    ("menu-appearance", "moons", |window| click(window, "Appearance: theme")),
    ("menu-edges", "moons", |window| click(window, "Edges")),
    ("menu-map", "moons", |window| click(window, "Map")),
    ("menu-colour", "digits", |window| click(window, "Colour by")),
    ("menu-twins", "moons", |window| click(window, "Twins")),
    ("menu-cluster", "moons", |window| {
        window.state_mut().show_all_settings(false);
        window.get_by_label("Colour by").click();
        settle(window);
        window.get_by_label("cluster, learned").click();
        settle(window);
        window.query_all_by_label_contains("Edit ").next().expect("a cluster").click();
        settle(window);
    }),
    ("palette", "moons", |window| press_command(window, Key::K)),
    ("palette-typed", "moons", |window| {
        press_command(window, Key::K);
        type_text(window, "graph");
    }),
    ("palette-nothing", "moons", |window| {
        press_command(window, Key::K);
        type_text(window, "zzzz");
    }),
    ("help", "moons", |window| press(window, Key::F1)),
    ("lessons-list", "moons", |window| run(window, UiCommand::Lessons)),
    ("sheet-export", "digits", |window| run(window, UiCommand::Export)),
    ("sheet-runs", "moons", |window| run(window, UiCommand::Runs)),
    ("sheet-compare", "moons", |window| run(window, UiCommand::Compare)),
    ("query", "moons", |window| {
        run(window, UiCommand::Query);
        type_text(window, "x > 0.5 and");
    }),
    ("rows", "digits", |window| run(window, UiCommand::Rows)),
    ("inside", "digits", |window| {
        window.state_mut().select(0..60);
        run(window, UiCommand::Inside);
    }),
    ("selected", "digits", |window| {
        window.state_mut().select(0..120);
        settle(window);
    }),
    ("pinned-card", "digits", |window| {
        window.get_by_label_contains("Input: ").click();
        settle(window);
        press(window, Key::ArrowRight);
        press(window, Key::P);
    }),
    ("review", "digits", |window| run(window, UiCommand::Review)),
    ("rename", "moons", |window| {
        window.get_by_label_contains("Input: ").click();
        settle(window);
        press(window, Key::ArrowRight);
        press(window, Key::F2);
    }),
    ("view-alone", "moons", |window| run(window, UiCommand::Maximise)),
    ("card-alone", "moons", |window| {
        let card = window.get_by_label_contains("Loss over steps").rect();
        window.hover_at(card.center());
        settle(window);
        press(window, Key::X);
        window.remove_cursor();
    }),
    ("three-d", "digits", |window| {
        window.query_all_by_label_contains(", three dimensions").last().expect("a view's switch").click();
        settle(window);
    }),
    ("shapes", "digits", |window| run(window, UiCommand::Shapes)),
    ("text-150", "moons", |window| {
        window.state_mut().set_ease(Ease { size: 150, ..Ease::default() });
        settle(window);
    }),
    ("earlier-look", "moons", |window| {
        window.state_mut().look_back(6);
        settle(window);
    }),
    ("pinned-run", "moons", |window| {
        run(window, UiCommand::Pin);
        type_number(window, "Neighbours", "9");
        window.state_mut().start();
        settle(window);
    }),
    ("present", "moons", |window| press(window, Key::F11)),
    ("present-digits", "digits", |window| press(window, Key::F11)),
];

/// Scenes by their names.
pub(super) fn scenes() -> Vec<(String, Sizes, Make)> {
    let mut all: Vec<(String, Sizes, Make)> = Vec::new();
    let mut add = |name: &str, make: Make| all.push((name.to_owned(), Sizes::All, make));
    add("opening", Box::new(|| Scene::new(on("moons", |script| script.hold = true).0)));
    add("no-data", Box::new(|| Scene::new(no_data())));
    add("ready-moons", Box::new(|| Scene::new(on("moons", |_| ()).0)));
    add("ready-digits", Box::new(|| Scene::new(on("digits", |_| ()).0)));
    add("training", Box::new(|| Scene::new(played("moons", 0.4).0)));
    add("training-digits", Box::new(|| Scene::new(played("digits", 0.4).0)));
    add(
        "paused",
        Box::new(|| {
            let (mut window, _script) = played("moons", 0.4);
            press(&mut window, Key::Space);
            Scene::new(window)
        }),
    );
    add(
        "stopped",
        Box::new(|| {
            let (mut window, _script) = played("moons", 0.2);
            click(&mut window, "Stop and keep");
            Scene::new(window)
        }),
    );
    add("not-converged", Box::new(|| ended(Ending::NotConverged)));
    add("diverged", Box::new(|| ended(Ending::Diverged)));
    add("failed-late", Box::new(failed));
    add("question", Box::new(question));
    add(
        "carried",
        Box::new(|| {
            let mut window = finished("moons");
            type_number(&mut window, "Neighbours", "21");
            type_number(&mut window, "Clusters", "3");
            click(&mut window, "circles");
            Scene::new(window)
        }),
    );
    add("comparison", Box::new(comparison));
    add("two-runs", Box::new(two_runs));
    add(
        "drop-hint",
        Box::new(|| {
            Scene::new(finished("moons")).again(|window| {
                window.input_mut().hovered_files.push(HoveredFile::default());
            })
        }),
    );
    add("notices", Box::new(|| Scene::new(finished("moons")).again(notices)));
    for (name, set, deed) in AFTER {
        add(
            name,
            Box::new(move || {
                let mut window = finished(set);
                deed(&mut window);
                Scene::new(window)
            }),
        );
    }
    all
}

fn no_data() -> Window {
    on("moons", |script| {
        script.fail_with = Some("cannot read flowers.csv: no such file; open another".to_owned());
    })
    .0
}

fn failed() -> Scene {
    let (mut window, script) = played("moons", 1.0);
    script.borrow_mut().fail_late = true;
    script.borrow_mut().fail_with =
        Some("moons: batch output has rank 1 < 2; turn --batch up, --lr down or --clusters down".to_owned());
    window.state_mut().start();
    settle(&mut window);
    Scene::new(window)
}

fn question() -> Scene {
    let (mut window, script) = played("moons", 1.0);
    let done = eigenscope::pipeline::Event::Done { stage: Stage::Learn, seconds: 95.0, kept: false };
    script.borrow_mut().tell(done);
    settle(&mut window);
    click(&mut window, "circles");
    Scene::new(window)
}

fn comparison() -> Scene {
    let (mut window, script) = played("moons", 1.0);
    press_command(&mut window, Key::T);
    click(&mut window, "Start comparison");
    let entry = |(method, acc): (Method, f64)| {
        let score = Some(acc);
        let (space, seed) = (Space::Input, 0);
        Entry {
            space,
            seed,
            method,
            acc: score,
            nmi: score,
            ari: score,
            seconds: 2.0,
            peak_mib: Some(50.0),
            data: None,
        }
    };
    let entries = [(Method::KMeans, 0.75), (Method::Exact, 0.95), (Method::Learned, 0.94)].map(entry).to_vec();
    script.borrow_mut().tell(eigenscope::pipeline::Event::Compared(Arc::new(entries)));
    settle(&mut window);
    Scene::new(window)
}

fn two_runs() -> Scene {
    let (mut window, script) = played("moons", 1.0);
    let mut job = window.state().job().clone();
    job.recipe.neighbors = Auto::Set(22);
    window.state_mut().set_job(job);
    settle(&mut window);
    window.state_mut().start();
    settle(&mut window);
    script.borrow_mut().play_to_end();
    settle(&mut window);
    run(&mut window, UiCommand::Runs);
    for name in ["Compare run 1", "Compare run 2"] {
        click(&mut window, name);
    }
    for _ in 0..20 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        settle(&mut window);
    }
    Scene::new(window)
}

/// A good message, a note and a bad one at once.
fn notices(window: &mut Window) {
    let ctx = window.ctx.clone();
    let folder = std::env::temp_dir();
    window.state_mut().answered(&ctx, Purpose::SaveRecipe, folder.join("eigenscope-gallery.toml"));
    window.state_mut().answered(&ctx, Purpose::Open, folder.join("missing.csv"));
    window.event(Event::PointerGone);
    window.run_steps(2);
}
