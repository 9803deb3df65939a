//! Size of text, stillness, shapes, and what is spoken by itself.

use eframe::egui::{self, Key, accesskit::Live};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::kit::{ease, shapes};
use eigenscope::app::shown::motion::Motion;
use eigenscope::app::{App, ThemeChoice};
use eigenscope::project::{Ease, MotionChoice, Remembered};

use super::labelling::run;
use super::{Scripted, Window, press, press_command, scripted, settle, window};
use crate::support::waiting::until_drawn;

#[test]
fn text_grows_by_keys_within_its_bounds_and_comes_back() {
    let (mut harness, _script) = window("moons", [1440.0, 900.0]);
    let factor = |harness: &Window| (100.0 * harness.ctx.zoom_factor()).round() as u32;
    assert_eq!(factor(&harness), 100);
    let mut seen = Vec::new();
    for key in [Key::Plus, Key::Equals, Key::Plus, Key::Plus, Key::Plus, Key::Plus] {
        press_command(&mut harness, key);
        seen.push(factor(&harness));
    }
    assert_eq!(seen, [110, 125, 150, 175, 200, 200]);
    press(&mut harness, Key::F1);
    press_command(&mut harness, Key::Minus);
    assert_eq!(factor(&harness), 175, "under the help too");
    press(&mut harness, Key::Escape);
    press_command(&mut harness, Key::Num0);
    assert_eq!(factor(&harness), 100);
}

#[test]
fn a_window_of_large_text_scrolls_to_what_has_the_keyboard() {
    let (mut harness, _script) = window("moons", [1440.0, 900.0]);
    harness.state_mut().set_ease(Ease { size: 200, ..Ease::default() });
    harness.run_steps(2);
    // What the system does to a window whose text is twice as large.
    harness.set_size(egui::vec2(720.0, 450.0));
    harness.run_steps(6);
    let room = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(720.0, 450.0));
    let help = || By::new().label("Help").role(egui::accesskit::Role::Button);
    assert!(!room.contains_rect(harness.get(help()).rect()), "it is beyond the right end");
    harness.get(help()).focus();
    harness.run_steps(12);
    assert!(room.contains_rect(harness.get(help()).rect()), "{:?}", harness.get(help()).rect());
}

#[test]
fn the_menu_sets_size_motion_and_shapes_and_they_are_remembered() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, _script) = window("moons", [1440.0, 900.0]);
    let ctx = harness.ctx.clone();
    harness.state_mut().remember_in(&ctx, folder.path().to_owned());
    settle(&mut harness);
    harness.get_by_label_contains("Appearance: theme").click();
    settle(&mut harness);
    for label in ["Larger text", "Larger text", "Reduced", "Shapes of clusters", "Light"] {
        harness.get_by_label(label).click();
        settle(&mut harness);
    }
    assert!(harness.query_by_label("Appearance: theme light, text 125 %").is_some());
    let wanted = Ease { size: 125, motion: MotionChoice::Reduced, shapes: true };
    assert_eq!(harness.state().ease(), wanted);
    assert_eq!(Remembered::read(folder.path()).0.ease, wanted);
    assert!(ease::is_still(&ctx) && shapes::are_shown(&ctx));

    let (mut again, _script) = window("moons", [1440.0, 900.0]);
    let ctx = again.ctx.clone();
    again.state_mut().remember_in(&ctx, folder.path().to_owned());
    settle(&mut again);
    assert_eq!(again.state().ease(), wanted);
    assert!((ctx.zoom_factor() - 1.25).abs() < 1e-6 && ease::is_still(&ctx));
}

#[test]
fn where_things_stand_still_views_jump_and_nothing_plays_by_itself() {
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    run(&mut harness, UiCommand::Still);
    assert_eq!(harness.state().ease().motion, MotionChoice::Reduced);
    (0..3).for_each(|_| press(&mut harness, Key::F6));
    press(&mut harness, Key::ArrowRight);
    run(&mut harness, UiCommand::Heat);
    harness.run_steps(20);
    let moving = &harness.state().graph_view().moving;
    assert_eq!((moving.what, moving.playing, moving.at), (Some(Motion::Heat), false, 0), "it waits for Play");
    harness.get_by_label("Play").click();
    harness.run_steps(2);
    assert!(harness.state().graph_view().moving.playing, "a person may let it play");
    run(&mut harness, UiCommand::Heat);
    run(&mut harness, UiCommand::Still);
    assert_eq!(harness.state().ease().motion, MotionChoice::Full);
    run(&mut harness, UiCommand::Heat);
    assert!(harness.state().graph_view().moving.playing, "it plays by itself");
}

#[test]
fn the_legend_of_shapes_is_drawn_without_a_word_too_many() {
    let (mut harness, script) = window("digits", [1440.0, 2400.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let ctx = harness.ctx.clone();
    for on in [true, false] {
        run(&mut harness, UiCommand::Shapes);
        assert_eq!(shapes::are_shown(&ctx), on);
        assert!(harness.query_by_label_contains("Cluster 3, ").is_some());
    }
}

fn live(harness: &Window, words: &str) -> Option<Live> {
    harness.query_all_by_label_contains(words).map(|node| node.accesskit_node().live()).max_by_key(|live| *live as u8)
}

#[test]
fn what_ended_failed_and_was_saved_is_spoken_by_itself() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (mut harness, script) = window("moons", [1440.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.5);
    settle(&mut harness);
    assert_eq!(live(&harness, "Progress: learn"), Some(Live::Off), "not every step");
    harness.get_by_label("Stop and keep").click();
    settle(&mut harness);
    assert_eq!(live(&harness, "Progress: Stopped at"), Some(Live::Polite));
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(live(&harness, "Progress: Finished in"), Some(Live::Polite));
    let ctx = harness.ctx.clone();
    let path = folder.path().join("it.eigenscope");
    harness.state_mut().answered(&ctx, eigenscope::app::files::dialogs::Purpose::SaveProject, path.clone());
    until_drawn(&mut harness, "the word that it is saved", |h| live(h, "Saved ").is_some());
    assert_eq!(live(&harness, "Saved "), Some(Live::Polite));
    script.borrow_mut().fail_with = Some("Batch output has rank 1".to_owned());
    harness.get_by_label("Train").click();
    settle(&mut harness);
    assert_eq!(live(&harness, "Batch output has rank 1"), Some(Live::Assertive));
}

/// A window that is drawn, of the two moons, all points of one shape or each of its own.
fn drawn(shaped: bool) -> image::RgbaImage {
    let engine = Box::new(Scripted(std::rc::Rc::default()));
    let job = scripted::job("moons");
    let builder = egui_kittest::Harness::builder().with_size([1440.0, 900.0]).with_max_steps(40).wgpu();
    let mut harness = builder.build_eframe(move |cc| App::new(cc, engine, job));
    settle(&mut harness);
    harness.state_mut().set_ease(Ease { shapes: shaped, ..Ease::default() });
    settle(&mut harness);
    harness.render().expect("software Vulkan draws")
}

#[test]
fn shapes_are_drawn_by_the_gpu() {
    let (discs, shapes) = (drawn(false), drawn(true));
    if let Some(folder) = std::env::var_os("EIGENSCOPE_FIGURES").map(std::path::PathBuf::from) {
        shapes.save(folder.join("shapes.png")).expect("a picture");
    }
    let differing = discs.pixels().zip(shapes.pixels()).filter(|(a, b)| a != b).count();
    assert!(differing > 2_000, "{differing} pixels");
}

/// The theme changes with it, and a change of theme gives the window its size anew.
#[test]
fn before_a_class_everything_is_larger_in_either_theme() {
    for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
        let (mut harness, _script) = window("moons", [1440.0, 900.0]);
        harness.state_mut().set_theme(theme);
        settle(&mut harness);
        let factor = |harness: &Window| (100.0 * harness.ctx.zoom_factor()).round() as u32;
        press(&mut harness, Key::F11);
        harness.run_steps(4);
        assert_eq!(factor(&harness), 160, "{theme:?} before");
        press(&mut harness, Key::F11);
        harness.run_steps(4);
        assert_eq!(factor(&harness), 100);
    }
}
