//! Lessons, taken through the window with real trainings, and the window before a class.

use std::time::Instant;

use eframe::egui::{self, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::lesson::{Lesson, Question, builtin};
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::pipeline::{Command, CurvePoint, Event, Job, Live, Worker};
use eigenscope::recipe::{Auto, DeviceChoice};

use super::{Window, press, press_command, sent, settle, window};
use crate::support::waiting::until;

/// A window whose engine computes, wide enough for all that a lesson names.
fn real() -> Window {
    let recipe = Recipe { device: DeviceChoice::Cpu, samples: Auto::Set(200), ..Recipe::default() };
    let job = Job { source: Source::Named("moons".to_owned()), recipe };
    let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
    let mut harness = Harness::builder().with_size([2400.0, 1300.0]).with_max_steps(40).build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        app.follow_by(Live::spawn(|| ()).expect("a thread"));
        app
    });
    until(&mut harness, "its own data", |app| app.run().phase == Phase::Ready);
    harness
}

fn open(window: &mut Window, at: usize, lesson: &Lesson) {
    press_command(window, Key::L);
    window.get_by_label_contains(&format!("Lesson {}: {}", at + 1, lesson.title)).click();
    until(window, &lesson.title, |app| app.lesson().is_some_and(|(open, at)| open.title == lesson.title && at == 0));
}

/// Turns a question's knobs as a hand would, and trains where the answer needs it.
fn answer(window: &mut Window, question: &Question) {
    let mut job = window.state().job().clone();
    for (knob, value) in &question.turn {
        job.recipe = job.recipe.with(knob.flag, Some(value)).expect("a knob of the lesson");
    }
    window.state_mut().set_job(job);
    window.run_steps(2);
    if question.train {
        window.key_press(Key::Space);
        window.run_steps(2);
    }
}

/// A button by its name, which may stand in the text of a lesson, too.
fn button(label: &'static str) -> By<'static> {
    By::new().label(label).role(egui::accesskit::Role::Button)
}

/// Answers a question that no knob answers, by what its words say to click.
fn answer_by_hand(window: &mut Window, question: &Question) {
    if question.ask.contains("Fiedler") {
        window.get(button("Fiedler")).click();
    } else if question.ask.contains("Colour by") {
        window.get(By::new().label("Colour by").role(egui::accesskit::Role::ComboBox)).click();
        settle(window);
        window.get(button("cluster, exact")).click();
    } else if question.ask.contains("heat") {
        window.get_by_label_contains("Input: ").click();
        settle(window);
        press(window, Key::ArrowRight);
        press(window, Key::H);
    } else if question.ask.contains("empty place") {
        window.get(button("Map")).click();
        settle(window);
        window.get(button("New point in the middle")).click();
    } else {
        panic!("nothing says how this is answered: {}", question.ask);
    }
    settle(window);
}

#[test]
fn every_lesson_is_completed_by_turning_its_knobs() {
    let mut window = real();
    let own = window.state().job().clone();
    let began = Instant::now();
    for (at, lesson) in builtin().iter().enumerate() {
        open(&mut window, at, lesson);
        for (step, page) in lesson.steps.iter().enumerate() {
            let name = format!("{}, {}", lesson.title, page.title);
            until(&mut window, &name, App::step_is_set);
            assert!(window.query_by_label(&format!("Step {} of {}", step + 1, lesson.steps.len())).is_some(), "{name}");
            window.check_accessibility();
            let trains = page.setup.as_ref().is_some_and(|setup| setup.train);
            let of_settings = |app: &App| {
                let exact = app.seen().is_some_and(|seen| seen.exact.is_some());
                exact && app.live().is_none_or(|frame| frame.job == *app.job()) || trains
            };
            until(&mut window, &format!("{name}: a picture"), of_settings);
            for (i, question) in page.questions.iter().enumerate() {
                let said = format!("{name}: {}", question.ask);
                if question.turn.is_empty() && !question.train {
                    assert!(!window.state().is_answered(i), "answered before anything was done: {said}");
                    answer_by_hand(&mut window, question);
                } else {
                    let before = window.state().is_answered(i);
                    assert!(question.turn.is_empty() || !before, "answered before anything was turned: {said}");
                    if !before {
                        answer(&mut window, question);
                    }
                }
                until(&mut window, &said, |app| app.is_answered(i));
                until(&mut window, &said, |app| !app.run().phase.is_busy());
            }
            if step + 1 < lesson.steps.len() {
                window.get(button("Next")).click();
                until(&mut window, &name, |app| app.lesson().is_some_and(|(_, at)| at == step + 1));
            }
        }
        assert!(window.query_by_label("Next").is_none(), "the last step has no next");
        println!("{}: {:.1} s so far", lesson.title, began.elapsed().as_secs_f64());
    }
    window.get(button("Leave")).click();
    until(&mut window, "the work before", |app| app.lesson().is_none() && *app.job() == own);
}

#[test]
fn what_was_open_comes_back_when_a_lesson_is_left() {
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    harness.state_mut().select(0..40);
    settle(&mut harness);
    let before = harness.state().run().shown.clone().expect("a result");
    let (job, runs) = (harness.state().job().clone(), harness.state().runs().all().len());

    open_first(&mut harness);
    let data = |harness: &Window| harness.state().job().source.to_string();
    assert_eq!(data(&harness), "circles");
    assert_eq!((harness.state().selection().count(), harness.state().runs().all().len()), (0, 0));
    assert!(!harness.state().can(UiCommand::Save), "a lesson has nothing to save");
    press(&mut harness, Key::ArrowRight);
    assert_eq!(harness.state().lesson().map(|(_, at)| at), Some(1));
    harness.state_mut().select(0..3);
    settle(&mut harness);

    harness.get_by_label("Leave").click();
    settle(&mut harness);
    assert!(harness.state().lesson().is_none());
    let after = harness.state().run().shown.clone().expect("the result");
    assert!(std::sync::Arc::ptr_eq(&before, &after));
    assert_eq!(*harness.state().job(), job);
    assert_eq!((harness.state().selection().count(), harness.state().runs().all().len()), (40, runs));
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().selection().count(), 0, "its steps are those of the work");
}

/// Opens the first lesson.
fn open_first(harness: &mut Window) {
    press_command(harness, Key::L);
    harness.get_by_label_contains("Lesson 1: ").click();
    settle(harness);
    harness.run_steps(4);
}

#[test]
fn a_long_training_is_asked_about_before_a_lesson_ends_it() {
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    script.borrow_mut().tell(Event::Curve(CurvePoint { step: 210, seconds: 34.0, ..CurvePoint::default() }));
    settle(&mut harness);
    open_first(&mut harness);
    assert!(harness.query_by_label("Open the lesson?").is_some());
    harness.get_by_label("Stay").click();
    settle(&mut harness);
    assert!(harness.state().lesson().is_none() && harness.state().run().phase == Phase::Running);
    let opened = |c: &Command| matches!(c, Command::Open(job) if job.source != Source::Named("moons".to_owned()));
    assert!(!sent(&script, opened));
}

#[test]
fn a_teachers_own_lesson_is_opened_and_what_is_wrong_with_it_is_said() {
    let (mut harness, _script) = window("moons", [1440.0, 900.0]);
    let ctx = harness.ctx.clone();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("own.md");
    std::fs::write(&path, "# Mine\n\n## Turn\n\n```question\nask Turn it.\nwhen neighbours = 9\n```\n")
        .expect("written");
    harness.state_mut().answered(&ctx, Purpose::Open, path.clone());
    settle(&mut harness);
    assert!(harness.state().lesson().is_none());
    let wrong = "own.md: line 7: `neighbours` is no figure and no knob; did you mean `neighbors`?";
    assert!(harness.query_by_label_contains(wrong).is_some());

    std::fs::write(
        &path,
        "# Mine\n\n## Turn\n\n```question\nask Turn it.\nwhen neighbors = 9\nturn neighbors 9\n```\n",
    )
    .expect("written");
    harness.state_mut().answered(&ctx, Purpose::Open, path);
    settle(&mut harness);
    assert!(harness.state().lesson().is_some_and(|(lesson, _)| lesson.title == "Mine"));
    assert_eq!(harness.state().job().source.to_string(), "moons", "a step that sets nothing leaves the data");
    assert!(harness.query_by_label("To try: Turn it.").is_some());
    harness.get_by_label("Show me").click();
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(9));
    assert!(harness.state().is_answered(0) && harness.query_by_label("Answered: Turn it.").is_some());
}

#[test]
fn before_a_class_the_views_stand_alone_and_the_arrows_turn_the_pages() {
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    press(&mut harness, Key::F11);
    assert!(harness.state().is_presenting());
    assert!(harness.query_by_label("Train").is_none() && harness.query_by_label("Neighbours").is_none());
    assert!(harness.query_by_label_contains("Input: 600 points").is_some());
    assert!(harness.query_by_label_contains("Exact eigenspace: ").is_none(), "two views at most");
    harness.check_accessibility();
    press(&mut harness, Key::Escape);
    assert!(!harness.state().is_presenting() && harness.query_by_label("Train").is_some());

    open_first(&mut harness);
    press(&mut harness, Key::F11);
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::PageDown);
    assert_eq!(harness.state().lesson().map(|(_, at)| at), Some(2));
    press(&mut harness, Key::ArrowLeft);
    assert_eq!(harness.state().lesson().map(|(_, at)| at), Some(1));
    assert!(harness.query_by_label("Step 2 of 4").is_some() && harness.query_by_label("Next").is_none());
    assert!(harness.query_by_label("Find it").is_none(), "there are no settings to find");
    harness.get_by_label("Show me").click();
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe.clusters, Auto::Set(6), "the class sees what the question asks for");
    press(&mut harness, Key::F11);
    assert!(!harness.state().is_presenting() && harness.query_by_label("Next").is_some());
}

/// Topics of a lecture with the lesson and the step, 0-based, that show them. `k` and the Fiedler vector have controls of their own, too.
const LECTURE: [(&str, &str, usize); 12] = [
    ("k-means fails", "Where k-means fails", 0),
    ("the graph", "From points to a graph", 0),
    ("k", "From points to a graph", 1),
    ("scale", "Scale: how near is near?", 0),
    ("the Fiedler vector", "What an eigenvector is", 0),
    ("a vector as a function", "What an eigenvector is", 1),
    ("the eigengap", "How many clusters?", 0),
    ("the orthonormal layer", "The layer that keeps columns apart", 0),
    ("the layer left out", "The layer that keeps columns apart", 1),
    ("batch size", "The layer that keeps columns apart", 2),
    ("learned against exact", "Learned against exact", 0),
    ("points never seen", "Points never seen", 0),
];

#[test]
fn no_topic_of_the_lecture_is_more_than_three_clicks_away() {
    for (topic, title, step) in LECTURE {
        let (mut harness, _script) = window("moons", [1440.0, 900.0]);
        let mut clicks = 1;
        let mut click = |harness: &mut Window, label: &str| {
            harness.get_by_label_contains(label).click();
            settle(harness);
            harness.run_steps(4);
            clicks += 1;
        };
        harness.get(button("Lessons")).click();
        settle(&mut harness);
        click(&mut harness, &format!(": {title}"));
        if step > 0 {
            click(&mut harness, &format!("Step {}: ", step + 1));
        }
        let open = harness.state().lesson().map(|(lesson, at)| (lesson.title.clone(), at));
        assert_eq!(open, Some((title.to_owned(), step)), "{topic}");
        assert!(clicks <= 3, "{topic}: {clicks} clicks");
    }
}
