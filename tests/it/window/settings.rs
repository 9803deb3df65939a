//! Settings: what a change does to the picture, what is redone, and what is refused.

use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::shown::run::Phase;
use eigenscope::recipe::Auto;
use eigenscope::recipe::Stage;

use super::{last_start, press, press_command, settle, started, type_number, window};

#[test]
fn train_sends_the_panels_recipe() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    type_number(&mut harness, "Neighbours", "21");
    harness.get_by_label("Train").click();
    settle(&mut harness);
    assert_eq!(last_start(&script).neighbors, Auto::Set(21));
    assert_eq!(last_start(&script), harness.state().job().recipe);
}

#[test]
fn another_number_of_neighbours_marks_the_result_older_and_lists_the_stages() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Finished);
    assert!(harness.state().stages_behind().is_empty());
    assert!(harness.query_by_label_contains("older result").is_none());
    type_number(&mut harness, "Neighbours", "22");
    let behind = [Stage::Neighbours, Stage::Affinity, Stage::Exact, Stage::Learn, Stage::Clusters];
    assert_eq!(harness.state().stages_behind(), behind);
    assert!(harness.query_by_label_contains("older result").is_some());
    assert!(harness.query_by_label_contains("neighbours, affinity, exact, learn, clusters").is_some());
    let shown = harness.state().run().shown.clone().expect("the old picture stays");
    assert!(shown.learned.is_some());
    assert_eq!(shown.job.recipe.neighbors, Auto::Auto);
    press_command(&mut harness, Key::Z);
}

#[test]
fn a_number_that_auto_took_anyway_is_no_change() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    // A click on the worked-out number takes it over.
    let number = egui_kittest::kittest::By::new().label("Neighbours").role(egui::accesskit::Role::Button);
    harness.get(number).click();
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(15));
    assert!(harness.state().stages_behind().is_empty());
    assert!(harness.query_by_label_contains("older result").is_none());
}

#[test]
fn the_banner_lists_every_stage_that_the_run_will_have_and_no_other() {
    let (mut harness, script) = window("digits", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let mut job = harness.state().job().clone();
    job.recipe.represent = eigenscope::recipe::Represent::Autoencoder;
    job.recipe.affinity = eigenscope::recipe::Affinity::Siamese;
    harness.state_mut().set_job(job.clone());
    settle(&mut harness);
    let all = "redoes represent, metric, neighbours, affinity, exact, learn, clusters";
    assert!(harness.query_by_label_contains(all).is_some());
    job.recipe =
        eigenscope::Recipe { exact: false, ..script.borrow().commands.iter().find_map(started).expect("a run") };
    harness.state_mut().set_job(job);
    settle(&mut harness);
    assert!(harness.query_by_label_contains("redoes learn, clusters").is_some());
}

#[test]
fn settings_can_be_undone() {
    let (mut harness, _script) = window("moons", [1280.0, 800.0]);
    // An undo point is made once the settings stand still for a second.
    harness.run_steps(60);
    type_number(&mut harness, "Neighbours", "33");
    harness.run_steps(60);
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(33));
    press_command(&mut harness, Key::Z);
    assert_eq!(harness.state().job().recipe.worked_out(&eigenscope::recipe::Facts::default()).neighbors, 15);
}

#[test]
fn hidden_layers_that_make_no_sense_say_why_and_change_nothing() {
    let (mut harness, _script) = window("moons", [1280.0, 2600.0]);
    let field = || egui_kittest::kittest::By::new().label("Hidden layers").role(egui::accesskit::Role::TextInput);
    harness.get(field()).click();
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("64,x".to_owned()));
    settle(&mut harness);
    assert!(harness.query_by_label_contains("layer sizes are whole numbers").is_some());
    assert_eq!(harness.state().job().recipe.hidden, eigenscope::recipe::Hidden::Auto);
    harness.key_press(Key::Backspace);
    harness.event(egui::Event::Text("32".to_owned()));
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe.hidden, eigenscope::recipe::Hidden::Layers(vec![64, 32]));
}
