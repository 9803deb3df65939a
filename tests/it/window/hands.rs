//! The window by hand: what stays in its place, what the keyboard alone can do, and that one sees where it is.

use eframe::egui::{self, Key, Modifiers, Rect};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::shown::run::Phase;
use eigenscope::app::views::scatter::Effect;
use eigenscope::app::{App, ThemeChoice};
use eigenscope::recipe::Auto;

use super::{Window, press, press_command, settle, type_number, window};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn rect(harness: &Window, label: &str) -> Rect {
    harness.get_by_label_contains(label).rect()
}

fn shift(harness: &mut Window, key: Key) {
    harness.key_press_modifiers(Modifiers::SHIFT, key);
    settle(harness);
}

/// The label of what has the keyboard.
fn focused(harness: &Window) -> String {
    fn has_it(node: &egui_kittest::kittest::AccessKitNode<'_>) -> bool {
        node.is_focused()
    }
    let node = harness.query_all(By::new().predicate(has_it)).next();
    node.and_then(|n| n.accesskit_node().label()).unwrap_or_default()
}

fn train(harness: &mut Window, script: &std::cell::RefCell<super::Script>) {
    harness.get_by_label("Train").click();
    settle(harness);
    script.borrow_mut().play_to_end();
    settle(harness);
}

#[test]
fn buttons_rows_and_views_stay_in_their_places_whatever_there_is_to_say() {
    let (mut harness, script) = window("moons", SIZE);
    let buttons =
        |harness: &Window| ["Step", "Reset", "Stop and keep", "Compare"].map(|l| harness.get_by_label(l).rect());
    let hidden = || By::new().label("Hidden layers").role(egui::accesskit::Role::TextInput);
    let steps = |harness: &Window| harness.get_all_by_label("Patience").map(|n| n.rect()).collect::<Vec<_>>();
    let places =
        |harness: &Window| (buttons(harness), harness.get(hidden()).rect(), steps(harness), rect(harness, "Input:"));
    let before = places(&harness);
    let train_at = harness.get_by_label("Train").rect();
    train(&mut harness, &script);
    assert_eq!(places(&harness), before, "after a run");
    assert_eq!(harness.get_by_label("Train").rect(), train_at);
    type_number(&mut harness, "Neighbours", "22");
    assert!(harness.query_by_label_contains("older result").is_some());
    assert_eq!(places(&harness), before, "under a banner");
    script.borrow_mut().fail_with = Some("A long message that names the thing and the setting to turn. ".repeat(8));
    harness.get_by_label("Train").click();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Failed);
    assert_eq!(places(&harness), before, "under an error of several lines");
    harness.get_by_label("Dismiss").click();
    settle(&mut harness);
    let bar = buttons(&harness);
    harness.get_by_label("no-structure").click();
    settle(&mut harness);
    assert_eq!(buttons(&harness), bar, "beside another name");
}

#[test]
fn the_keys_reach_neighbours_in_a_few_presses_and_step_it_by_one() {
    let (mut harness, _script) = window("moons", SIZE);
    press(&mut harness, Key::F6);
    press(&mut harness, Key::F6);
    assert_eq!(focused(&harness), "Data", "the settings begin with a heading");
    press(&mut harness, Key::ArrowDown);
    assert_eq!(focused(&harness), "Essentials");
    press(&mut harness, Key::Tab);
    assert_eq!(focused(&harness), "Represent");
    press(&mut harness, Key::Tab);
    assert_eq!(focused(&harness), "Neighbours, automatic");
    press(&mut harness, Key::Tab);
    assert_eq!(focused(&harness), "Neighbours");
    press(&mut harness, Key::ArrowUp);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(16), "one more than the program takes");
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::ArrowUp);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(18));
    press(&mut harness, Key::ArrowDown);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(17));
    press(&mut harness, Key::PageUp);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(27));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("8".to_owned()));
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(8));
}

#[test]
fn whole_numbers_of_every_size_move_by_one_and_fractions_by_a_hundredth() {
    let (mut harness, _script) = window("moons", [1280.0, 2400.0]);
    let mut step = |label: &str| {
        harness.get(By::new().label(label).role(egui::accesskit::Role::SpinButton)).focus();
        settle(&mut harness);
        press(&mut harness, Key::ArrowUp);
        harness.state().job().recipe.clone()
    };
    let default = eigenscope::Recipe::default();
    assert_eq!(step("Starts").starts, default.starts + 1);
    assert_eq!(step("Patience").patience, default.patience + 1);
    assert_eq!(step("Seed").seed, default.seed + 1);
    assert_eq!(step("Exact up to").exact_neighbors_to, default.exact_neighbors_to + 1);
    assert!((step("Decay").decay - default.decay - 0.01).abs() < 1e-9);
}

#[test]
fn tab_passes_rows_of_buttons_and_tiles_in_one_stop() {
    let (mut harness, _script) = window("moons", SIZE);
    let mut way = Vec::new();
    for _ in 0..24 {
        press(&mut harness, Key::Tab);
        way.push(focused(&harness));
        if way.last().is_some_and(|l| l == "Neighbours, automatic") {
            break;
        }
    }
    assert_eq!(&way[1..4], ["Data", "moons", "File…"], "{way:?}");
    assert!(way.len() <= 18 && way.contains(&"Neighbours, automatic".to_owned()), "{way:?}");
    shift(&mut harness, Key::Tab);
    assert_eq!(focused(&harness), "Represent", "and back");
}

#[test]
fn arrows_go_through_the_tiles_and_enter_opens_one() {
    let (mut harness, _script) = window("moons", SIZE);
    harness.get(By::new().label("moons").role(egui::accesskit::Role::RadioButton)).focus();
    settle(&mut harness);
    press(&mut harness, Key::ArrowRight);
    assert_eq!(focused(&harness), "circles");
    press(&mut harness, Key::ArrowDown);
    assert_eq!(focused(&harness), "spirals");
    press(&mut harness, Key::End);
    assert_eq!(focused(&harness), "fashion-mnist");
    press(&mut harness, Key::Home);
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().job().source, eigenscope::data::Source::Named("circles".to_owned()));
}

#[test]
fn f6_goes_around_the_parts_of_the_window_and_comes_back_to_where_one_was() {
    let (mut harness, script) = window("moons", SIZE);
    train(&mut harness, &script);
    let mut parts = Vec::new();
    for _ in 0..5 {
        press(&mut harness, Key::F6);
        parts.push(focused(&harness));
    }
    assert_eq!(parts[1], "Data");
    assert!(parts[2].starts_with("Input:"), "{parts:?}");
    assert_eq!(parts[4], parts[0], "{parts:?}");
    assert!(parts.iter().all(|p| !p.is_empty()), "{parts:?}");
    press(&mut harness, Key::F6);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::F6);
    shift(&mut harness, Key::F6);
    assert_eq!(focused(&harness), "Essentials");
}

#[test]
fn a_heading_folds_and_unfolds_by_arrows() {
    let (mut harness, _script) = window("moons", SIZE);
    let heading = || By::new().label("Data").role(egui::accesskit::Role::DisclosureTriangle);
    harness.get(heading()).focus();
    settle(&mut harness);
    press(&mut harness, Key::ArrowLeft);
    harness.run_steps(30);
    assert!(harness.query_by_label("circles").is_none(), "folded");
    press(&mut harness, Key::ArrowRight);
    harness.run_steps(30);
    assert!(harness.query_by_label("circles").is_some(), "unfolded");
    assert_eq!(focused(&harness), "Data");
}

#[test]
fn the_palette_finds_a_setting_unfolds_its_section_and_gives_it_the_keyboard() {
    let (mut harness, _script) = window("moons", SIZE);
    let heading = By::new().label("Training").role(egui::accesskit::Role::DisclosureTriangle);
    harness.get(heading).focus();
    settle(&mut harness);
    press(&mut harness, Key::ArrowLeft);
    harness.run_steps(30);
    assert!(harness.query_by_label("Patience").is_none(), "the section is folded");
    press_command(&mut harness, Key::K);
    harness.event(egui::Event::Text("patience".to_owned()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    harness.run_steps(40);
    let control = harness.get(By::new().label("Patience").role(egui::accesskit::Role::SpinButton));
    assert!(control.is_focused());
    let (at, window) = (control.rect(), Rect::from_min_size(egui::Pos2::ZERO, SIZE.into()));
    assert!(window.contains_rect(at), "it is in sight: {at:?}");
    harness.event(egui::Event::Text("7".to_owned()));
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().job().recipe.patience, 7, "what is typed takes the place of what was there");
}

#[test]
fn a_setting_that_is_not_in_use_is_looked_for_in_vain_and_says_why() {
    let (mut harness, _script) = window("moons", SIZE);
    press_command(&mut harness, Key::K);
    harness.event(egui::Event::Text("encoder layers".to_owned()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    let said =
        |harness: &Window| harness.query_by_label_contains("Encoder layers has its place under Method").is_some();
    let mut steps = 0;
    while !said(&harness) && steps < 60 {
        harness.step();
        steps += 1;
    }
    assert!(said(&harness));
}

#[test]
fn a_point_is_inspected_and_its_cluster_named_by_the_keyboard_alone() {
    let (mut harness, script) = window("moons", [1280.0, 2600.0]);
    train(&mut harness, &script);
    for _ in 0..3 {
        press(&mut harness, Key::F6);
    }
    press(&mut harness, Key::ArrowRight);
    assert!(focused(&harness).contains("at sample"), "{}", focused(&harness));
    let first = focused(&harness);
    press(&mut harness, Key::ArrowRight);
    assert_ne!(focused(&harness), first, "the next point");
    assert!(harness.query_all_by_label_contains("sample ").count() > 1, "the card beside it");
    press(&mut harness, Key::Enter);
    assert!(harness.query_by_label("1 selected").is_some());
    press(&mut harness, Key::P);
    assert!(harness.query_by_label("Unpin").is_some(), "the card stays");
    press(&mut harness, Key::F2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("crescent".to_owned()));
    press(&mut harness, Key::Enter);
    harness.run_steps(4);
    assert!(harness.query_by_label_contains("New name").is_none(), "the question is gone");
    assert!(harness.query_all_by_label_contains("crescent").next().is_some(), "the card has the name");
    assert!(focused(&harness).starts_with("Input:"), "the view has the keyboard again");
}

#[test]
fn f2_on_a_row_of_the_list_names_that_cluster() {
    let (mut harness, script) = window("moons", [1280.0, 2600.0]);
    train(&mut harness, &script);
    harness.get_by_label("Colour by").click();
    settle(&mut harness);
    harness.get_by_label("cluster, learned").click();
    settle(&mut harness);
    harness.get_all_by_label_contains("Cluster ").next().expect("a list").focus();
    settle(&mut harness);
    press(&mut harness, Key::F2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("lower".to_owned()));
    press(&mut harness, Key::Enter);
    harness.run_steps(4);
    assert!(harness.query_by_label_contains("Cluster lower").is_some());
    assert!(focused(&harness).contains("Cluster lower"), "{}", focused(&harness));
}

#[test]
fn the_switch_of_effects_is_seen_has_keys_and_rules_the_list_of_clusters() {
    let (mut harness, _script) = window("moons", [1440.0, 2200.0]);
    let labels = harness.state().run().shown.as_ref().and_then(|s| s.data.labels.clone()).expect("classes");
    let of = |class: u32| labels.ids.iter().filter(|&&l| l == class).count();
    let pick = |harness: &mut Window, class: usize| {
        harness.get_by_label_contains(&format!("Cluster {}", labels.names[class])).click();
        settle(harness);
    };
    let selected = |harness: &Window, count: usize| harness.query_by_label(&format!("{count} selected")).is_some();
    pick(&mut harness, 0);
    harness.get_by_label("Selection: add").click();
    settle(&mut harness);
    pick(&mut harness, 1);
    assert!(selected(&harness, of(0) + of(1)));
    press(&mut harness, Key::Num3);
    pick(&mut harness, 0);
    assert!(selected(&harness, of(1)), "taken out");
    press(&mut harness, Key::Num4);
    pick(&mut harness, 0);
    assert!(!selected(&harness, of(1)), "nothing is in both");
    press(&mut harness, Key::Num1);
    pick(&mut harness, 1);
    assert!(selected(&harness, of(1)));
    for effect in Effect::ALL {
        harness.get_by_label(&format!("Selection: {}", effect.name().to_lowercase()));
    }
}

/// Draws the window in a theme with the keyboard at a control; the picture and the control's place.
fn with_focus_at(theme: ThemeChoice, label: &str) -> (image::RgbaImage, Rect) {
    let script = std::rc::Rc::new(std::cell::RefCell::new(super::Script::default()));
    let engine = Box::new(super::Scripted(script));
    let job = super::scripted::job("moons");
    let mut harness =
        egui_kittest::Harness::builder().with_size(SIZE).with_max_steps(40).wgpu().build_eframe(move |cc| {
            let mut app = App::new(cc, engine, job);
            app.set_theme(theme);
            app.show_all_settings(true);
            app
        });
    settle(&mut harness);
    let named = |l: String| l == label || label.ends_with(':') && l.starts_with(label);
    let control =
        || By::new().predicate(move |n| n.role() != egui::accesskit::Role::Label && n.label().is_some_and(named));
    harness.get(control()).focus();
    settle(&mut harness);
    let rect = harness.get(control()).rect();
    (harness.render().expect("software Vulkan draws"), rect)
}

fn luminance(pixel: image::Rgba<u8>) -> f64 {
    let channel = |c: u8| (f64::from(c) / 255.0).powf(2.2);
    0.2126 * channel(pixel.0[0]) + 0.7152 * channel(pixel.0[1]) + 0.0722 * channel(pixel.0[2])
}

/// The strongest contrast between neighbouring pixels on the way into a widget from its left.
fn edge(picture: &image::RgbaImage, rect: Rect) -> f64 {
    let y = rect.center().y as u32;
    let from = (rect.left() - 6.0).max(0.0) as u32;
    let light: Vec<f64> = (from..rect.left() as u32).map(|x| luminance(*picture.get_pixel(x, y))).collect();
    let (low, high) = light.iter().fold((1.0_f64, 0.0_f64), |(l, h), &v| (l.min(v), h.max(v)));
    (high + 0.05) / (low + 0.05)
}

#[test]
fn what_has_the_keyboard_wears_a_ring_of_contrast_three_in_both_themes() {
    for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
        for label in ["Train", "moons", "Graph", "Scaling", "Move", "Eigenvalues", "Input:"] {
            let (picture, rect) = with_focus_at(theme, label);
            assert!(edge(&picture, rect) >= 3.0, "{label} in {theme:?}: {}", edge(&picture, rect));
        }
    }
}

#[test]
fn a_narrow_window_has_the_effects_in_a_list() {
    let (mut harness, _script) = window("moons", [1100.0, 2600.0]);
    harness.check_accessibility();
    harness.get_by_label("What a selection does").click();
    settle(&mut harness);
    harness.get_by_label("Intersect").click();
    settle(&mut harness);
    harness.get_all_by_label_contains("Cluster ").next().expect("a list").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains(" selected").is_none(), "nothing was selected before");
    press(&mut harness, Key::Num1);
    harness.get_all_by_label_contains("Cluster ").next().expect("a list").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains(" selected").is_some());
}

#[test]
fn a_path_is_typed_to_its_end_though_the_remarks_above_it_go() {
    let (mut harness, _) = window("moons", SIZE);
    let field = || By::new().label("Affinity file").role(egui::accesskit::Role::TextInput);
    harness.get(field()).focus();
    settle(&mut harness);
    for letter in "/tmp/w.npz".chars() {
        harness.event(egui::Event::Text(letter.to_string()));
        settle(&mut harness);
    }
    let path = harness.state().job().recipe.affinity_file.clone();
    assert_eq!(path.as_deref(), Some(std::path::Path::new("/tmp/w.npz")));
    assert_eq!(focused(&harness), "Affinity file");
}
