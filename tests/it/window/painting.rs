//! Points that a person paints: by hand and by the keyboard, taken back, saved, kept through a crash.

use eframe::egui::{Key, Modifiers, Pos2, Rect, pos2};
use egui_kittest::kittest::{By, Queryable as _};
use eigenscope::app::App;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::paint::Tool;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::{Painted, Source, Spot};
use eigenscope::pipeline::{Command, Job};

use super::projects::{answer, keeping, train};
use super::{Window, press, press_command, scripted, settle, window};
use crate::support::waiting::until_drawn;

const SIZE: [f32; 2] = [1440.0, 900.0];

fn painted(app: &App) -> Painted {
    app.job().source.painted().cloned().unwrap_or_default()
}

fn plane(harness: &Window) -> Rect {
    harness.get_by_label_contains("Painting: ").rect()
}

/// A place of the plane, in shares of its width and height.
fn at(harness: &Window, [x, y]: [f32; 2]) -> Pos2 {
    let rect = plane(harness);
    pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
}

/// A stroke through these places.
fn stroke(harness: &mut Window, places: &[[f32; 2]]) {
    let ways: Vec<Pos2> = places.iter().map(|&place| at(harness, place)).collect();
    harness.hover_at(ways[0]);
    harness.run_steps(2);
    harness.drag_at(ways[0]);
    harness.run_steps(1);
    for &to in &ways[1..] {
        harness.hover_at(to);
        harness.run_steps(1);
    }
    harness.drop_at(ways[ways.len() - 1]);
    settle(harness);
}

fn choose(harness: &mut Window, name: &str) {
    harness.get(By::new().label(name).role(eframe::egui::accesskit::Role::RadioButton)).click();
    settle(harness);
}

/// A window that paints on an empty plane.
fn empty() -> (Window, std::rc::Rc<std::cell::RefCell<super::Script>>) {
    let (mut harness, script) = window("digits", SIZE);
    press_command(&mut harness, Key::P);
    (harness, script)
}

#[test]
fn an_empty_plane_says_what_is_missing_and_undo_goes_back_to_the_set_before() {
    let (mut harness, script) = empty();
    assert!(harness.state().paints(), "digits are not flat, so the plane is empty");
    assert!(harness.query_by_label("Painting: 0 points, spray, no class").is_some());
    assert_eq!(harness.query_all_by_label("Paint two points or more").count(), 2, "what both solvers wait for");
    harness.check_accessibility();
    script.borrow_mut().fail_with = Some("there is none yet: paint two points at least".to_owned());
    harness.get_by_label("Train").click();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Failed);
    assert!(harness.query_by_label_contains("paint two points at least").is_some() && harness.state().paints());
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().job().source, Source::Named("digits".to_owned()));
    assert!(harness.state().run().shown.is_some(), "with its picture");
    press_command(&mut harness, Key::Y);
    assert!(harness.state().paints() && painted(harness.state()).is_empty());
}

#[test]
fn strokes_draw_spray_and_erase_and_each_is_one_step() {
    let (mut harness, _script) = empty();
    choose(&mut harness, "Draw");
    stroke(&mut harness, &[[0.2, 0.3], [0.5, 0.3], [0.8, 0.3]]);
    let drawn = painted(harness.state());
    assert!(drawn.len() > 10 && drawn.dots().iter().all(|dot| dot.class == 0), "{}", drawn.len());
    assert!(drawn.dots().windows(2).all(|two| two[0].at[0] < two[1].at[0]), "along the line");
    choose(&mut harness, "Spray");
    choose(&mut harness, "Class 4");
    stroke(&mut harness, &[[0.3, 0.7], [0.6, 0.7]]);
    let sprayed = painted(harness.state());
    assert_eq!(&sprayed.dots()[..drawn.len()], drawn.dots());
    assert!(sprayed.len() > drawn.len() + 20 && sprayed.dots()[drawn.len()..].iter().all(|dot| dot.class == 4));
    choose(&mut harness, "Erase");
    stroke(&mut harness, &[[0.2, 0.3], [0.8, 0.3]]);
    let erased = painted(harness.state());
    assert_eq!(erased.dots(), &sprayed.dots()[drawn.len()..], "the line is gone, the cloud is not");
    for before in [&sprayed, &drawn, &Painted::default()] {
        press_command(&mut harness, Key::Z);
        assert_eq!(&painted(harness.state()), before);
    }
    for after in [&drawn, &sprayed, &erased] {
        press_command(&mut harness, Key::Y);
        assert_eq!(&painted(harness.state()), after);
    }
    harness.get_by_label("Clear").click();
    settle(&mut harness);
    assert!(painted(harness.state()).is_empty());
    press_command(&mut harness, Key::Z);
    assert_eq!(painted(harness.state()), erased, "clearing is a step too");
}

#[test]
fn a_selection_is_moved_and_all_are_stretched_and_shaken() {
    let (mut harness, _script) = empty();
    choose(&mut harness, "Draw");
    stroke(&mut harness, &[[0.3, 0.3], [0.35, 0.3]]);
    stroke(&mut harness, &[[0.3, 0.6], [0.6, 0.7]]);
    let before = painted(harness.state());
    choose(&mut harness, "Shape");
    stroke(&mut harness, &[[0.25, 0.2], [0.45, 0.4]]);
    assert_eq!(painted(harness.state()), before, "selecting changes nothing");
    let chosen = before.dots().iter().position(|dot| dot.at[1] < 0.0).expect("the second line");
    assert!(harness.query_by_label_contains(&format!("{chosen} selected, shape")).is_some());
    stroke(&mut harness, &[[0.32, 0.3], [0.62, 0.3]]);
    let moved = painted(harness.state());
    assert_eq!(moved.dots()[chosen..], before.dots()[chosen..], "what is not selected stays");
    let by: Vec<f32> = (0..chosen).map(|i| moved.dots()[i].at[0] - before.dots()[i].at[0]).collect();
    assert!(by.iter().all(|d| (d - by[0]).abs() < 1e-5 && *d > 0.2), "{by:?}");
    harness.get_by_label("Add noise").click();
    settle(&mut harness);
    let shaken = painted(harness.state());
    assert_eq!(shaken.dots()[chosen..], before.dots()[chosen..]);
    assert!((0..chosen).all(|i| shaken.dots()[i] != moved.dots()[i]));
    press_command(&mut harness, Key::Z);
    assert_eq!(painted(harness.state()), moved);
}

#[test]
fn one_paints_by_the_keyboard_alone() {
    let (mut harness, script) = empty();
    harness.get_by_label_contains("Painting: ").focus();
    settle(&mut harness);
    for key in [Key::S, Key::Num3, Key::ArrowRight, Key::ArrowUp, Key::Enter] {
        press(&mut harness, key);
    }
    let first = painted(harness.state());
    assert!(!first.is_empty() && first.dots().iter().all(|dot| dot.class == 3));
    let mean = first.dots().iter().map(|dot| dot.at[1]).sum::<f32>() / first.len() as f32;
    assert!(mean > 0.0, "above the middle");
    assert_eq!(harness.state().painter().tool, Tool::Spray, "3 is no command of the window here");
    press(&mut harness, Key::E);
    press(&mut harness, Key::Enter);
    assert!(painted(harness.state()).is_empty());
    press_command(&mut harness, Key::Z);
    press(&mut harness, Key::M);
    press(&mut harness, Key::ArrowLeft);
    press(&mut harness, Key::R);
    let turned = painted(harness.state());
    assert!(turned.len() == first.len() && turned != first);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    settle(&mut harness);
    press(&mut harness, Key::Delete);
    assert!(painted(harness.state()).is_empty());
    press_command(&mut harness, Key::Z);
    press(&mut harness, Key::Space);
    assert!(script.borrow().commands.iter().any(|c| matches!(c, Command::Start(_))), "Space trains all the same");
}

#[test]
fn a_flat_set_is_copied_with_its_classes_and_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("mine.csv");
    let text = "x,y,label\n0.5,1.0,a\n-2.0,3.5,b\n1.5,0.25,\n4.0,4.0,b\n";
    std::fs::write(&file, text).expect("written");
    let (mut harness, _script) = window("moons", SIZE);
    harness.state_mut().show_source(Source::Path(file.clone()));
    settle(&mut harness);
    harness.get_by_label("Paint on a copy").click();
    settle(&mut harness);
    let copied = painted(harness.state());
    let dots: Vec<([f32; 2], u8)> = copied.dots().iter().map(|dot| (dot.at, dot.class)).collect();
    assert_eq!(dots, [([0.5, 1.0], 1), ([-2.0, 3.5], 2), ([1.5, 0.25], 0), ([4.0, 4.0], 2)]);
    assert!(harness.state().run().shown.as_ref().is_some_and(|shown| shown.job.source.painted().is_some()));
    choose(&mut harness, "Spray");
    stroke(&mut harness, &[[0.5, 0.5], [0.6, 0.5]]);
    assert!(painted(harness.state()).len() > 4);
    answer(&mut harness, Purpose::SavePainted, &file);
    assert!(harness.query_by_label_contains("choose another name").is_some());
    assert_eq!(std::fs::read_to_string(&file).expect("there"), text, "what a person brought is never written over");
    let other = folder.path().join("other");
    answer(&mut harness, Purpose::SavePainted, &other);
    let saved = std::fs::read_to_string(other.with_extension("csv")).expect("saved under its ending");
    assert_eq!(saved, painted(harness.state()).csv());
    harness.get_by_label("Done").click();
    settle(&mut harness);
    assert!(!harness.state().paints() && harness.query_by_label_contains("Input: ").is_some());
    press_command(&mut harness, Key::P);
    assert!(harness.state().paints() && painted(harness.state()).len() > 4, "and on again");
}

#[test]
fn a_copy_asked_for_while_its_data_opens_is_made_once_it_is_there() {
    let (mut harness, script) = window("digits", SIZE);
    script.borrow_mut().hold = true;
    harness.state_mut().show_source(Source::Named("circles".to_owned()));
    settle(&mut harness);
    harness.get_by_label("Paint on a copy").click();
    settle(&mut harness);
    assert!(!harness.state().paints(), "there is nothing to copy yet");
    script.borrow_mut().hold = false;
    script.borrow_mut().opens_held();
    settle(&mut harness);
    settle(&mut harness);
    assert!(harness.state().paints() && painted(harness.state()).len() == 600);
}

#[test]
fn painted_points_survive_a_crash_and_come_back_from_a_project() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let state = folder.path().join("state");
    let job = |name: &str| scripted::job(name);
    let (mut harness, _script) = keeping(job("moons"), &state);
    harness.get_by_label("Paint points").click();
    settle(&mut harness);
    choose(&mut harness, "Class 2");
    stroke(&mut harness, &[[0.3, 0.5], [0.7, 0.5]]);
    stroke(&mut harness, &[[0.5, 0.3], [0.5, 0.7]]);
    let before = painted(harness.state());
    press_command(&mut harness, Key::Z);
    let kept = painted(harness.state());
    assert!(kept.len() < before.len() && kept.len() > 2);
    drop(harness);

    let (mut harness, script) = keeping(job("circles"), &state);
    assert!(harness.query_by_label_contains("painted points").is_some(), "the question names them");
    harness.get_by_label("Restore").click();
    settle(&mut harness);
    assert_eq!(painted(harness.state()), kept);
    assert!(harness.state().paints());
    let project = folder.path().join("p.eigenscope");
    train(&mut harness, &script);
    answer(&mut harness, Purpose::SaveProject, &project);
    until_drawn(&mut harness, "the end of saving", |h| h.query_by_label_contains("Saved").is_some());
    drop(harness);

    let (mut harness, _script) = window("moons", SIZE);
    answer(&mut harness, Purpose::Open, &project);
    settle(&mut harness);
    assert_eq!(painted(harness.state()), kept);
}

#[test]
fn leaving_unsaved_points_asks_and_degenerate_sets_do_no_harm() {
    let (mut harness, _script) = empty();
    choose(&mut harness, "Spray");
    stroke(&mut harness, &[[0.5, 0.5], [0.52, 0.5]]);
    harness.get_by_label("moons").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("painted points").is_some());
    harness.get_by_label("Stay").click();
    settle(&mut harness);
    let dot = |x: f32| Spot { at: [x, 1.0], class: 1 };
    for dots in [vec![], vec![dot(0.0)], vec![dot(0.0); 2], vec![dot(5.0); 300], vec![dot(-1e30), dot(1e30)]] {
        let source = Source::Painted(Painted::new(dots));
        let recipe = harness.state().job().recipe.clone();
        harness.state_mut().set_job(Job { source, recipe });
        settle(&mut harness);
        for tool in ["Draw", "Erase", "Shape", "Spray"] {
            choose(&mut harness, tool);
            stroke(&mut harness, &[[0.4, 0.4], [0.6, 0.6]]);
        }
    }
    harness.check_accessibility();
}
