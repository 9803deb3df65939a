//! What the window says of settings: in the words of its controls, with a way out as a button; and what it refuses.

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::Error;
use eigenscope::app::kit::later::Later;
use eigenscope::app::shown::run::Phase;
use eigenscope::pipeline::{Command, Event, Failure};
use eigenscope::recipe::{Auto, Missing, TextColumns};
use eigenscope::support::error::Remedy;

use super::{Dropped, press, settle, type_number, window};
use crate::support::waiting::until_drawn;

#[test]
fn an_error_speaks_of_controls_and_its_way_out_is_a_button() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    let error = Error::Data("line 3, column `kind`: `red` is not a number, and --scaling wants one".to_owned())
        .or(Remedy::set("text", "one-hot", "makes a 0/1 column of each word", "Spread words"))
        .or(Remedy::set("missing", "mean", "fills", "Fill with mean"));
    script.borrow_mut().fail_as = Some(Failure::from(&error));
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Failed);
    assert!(harness.query_by_label_contains("`red` is not a number, and Scaling wants one").is_some());
    assert!(harness.query_by_label_contains("--").is_none(), "no flag is named");
    harness.get_by_label("Spread words").click();
    settle(&mut harness);
    let commands = &script.borrow().commands;
    let Some(Command::Open(job)) = commands.last() else { panic!("what failed to open is opened again: {commands:?}") };
    assert_eq!((job.recipe.text, job.recipe.missing), (TextColumns::OneHot, Missing::Median));
    assert_eq!(harness.state().run().phase, Phase::Ready);
}

#[test]
fn work_beside_the_window_that_breaks_off_is_said() {
    let (mut harness, _script) = window("moons", [1280.0, 800.0]);
    let ctx = harness.ctx.clone();
    let later = Later::start(&ctx, "The order of the rows", || -> u8 { panic!("as expected") });
    until_drawn(&mut harness, "the word", |h| {
        h.query_by_label_contains("The order of the rows could not be worked out: an internal error ended it").is_some()
    });
    assert!(later.get().is_none() && !later.is_coming());
}

/// A graph that falls into parts does so at every training, another number of clusters says so again.
#[test]
fn what_every_training_says_is_shown_once_and_stands_in_the_list() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    let train = |harness: &mut super::Window, note: &str| {
        press(harness, Key::Space);
        script.borrow_mut().tell(Event::Note(note.to_owned()));
        script.borrow_mut().play_to_end();
        settle(harness);
        harness.query_all_by_label_contains(note).count()
    };
    assert_eq!(train(&mut harness, "the graph falls into 3 connected components"), 1);
    // A message goes by itself.
    harness.run_steps(200);
    assert!(harness.query_by_label_contains("3 connected components").is_none());
    assert_eq!(train(&mut harness, "the graph falls into 3 connected components"), 0, "it was said");
    assert_eq!(train(&mut harness, "the graph falls into 4 connected components"), 1, "that is something else");
    harness.get_all_by_label_contains("Notes ").next().expect("the list").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("3 connected components").is_some(), "it is to be read there");
}

#[test]
fn an_error_about_a_setting_offers_its_default() {
    let (mut harness, script) = window("moons", [1280.0, 2600.0]);
    type_number(&mut harness, "Batch", "4");
    script.borrow_mut().fail_as = Some("--batch 4 is outside 6 to 65536; --lr is fine".into());
    press(&mut harness, Key::Space);
    assert!(harness.query_by_label_contains("Batch 4 is outside 6 to 65536; Learning rate is fine").is_some());
    assert!(harness.query_by_label("Learning rate “auto”").is_none(), "it is at its default");
    harness.get_by_label("Batch “auto”").click();
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Start(job)) if job.recipe.batch == Auto::Auto));
}

#[test]
fn a_number_that_cannot_be_is_refused_in_words_and_one_that_can_be_is_taken() {
    let (mut harness, _script) = window("moons", [1280.0, 2600.0]);
    type_number(&mut harness, "Clusters", "5000");
    assert!(harness.query_by_label_contains("5000 is too much; the most is 600").is_some());
    assert_eq!(harness.state().job().recipe.clusters, Auto::Set(2), "what was taken over stays");
    type_number(&mut harness, "Clusters", "500");
    assert!(harness.query_by_label_contains("too much").is_none());
    assert_eq!(harness.state().job().recipe.clusters, Auto::Set(500));
    type_number(&mut harness, "Learning rate", "1000");
    assert_eq!(harness.state().job().recipe.lr, Auto::Set(1000.0));
    type_number(&mut harness, "Patience", "2.5");
    assert!(harness.query_by_label_contains("2.5 is no whole number").is_some());
    assert_eq!(harness.state().job().recipe.patience, 10);
}

#[test]
fn a_value_from_elsewhere_is_not_bent_by_being_shown() {
    let (mut harness, _script) = window("moons", [1280.0, 2600.0]);
    let mut job = harness.state().job().clone();
    job.recipe.clusters = Auto::Set(9000);
    job.recipe.starts = 0;
    harness.state_mut().set_job(job.clone());
    harness.run_steps(10);
    assert_eq!(harness.state().job().recipe, job.recipe);
}

#[test]
fn settings_made_for_other_data_are_named_and_can_go() {
    let (mut harness, _script) = window("moons", [1280.0, 2600.0]);
    type_number(&mut harness, "Neighbours", "21");
    assert!(harness.query_by_label_contains("Set by hand").is_none());
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Set by hand for moons: Limit 600, Neighbours 21, Samples 800").is_some());
    harness.get_by_label("Keep").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Set by hand").is_none());
    harness.get_by_label("blobs").click();
    settle(&mut harness);
    harness.get_by_label("Use defaults").click();
    settle(&mut harness);
    assert_eq!(harness.state().job().recipe, eigenscope::Recipe::default());
    assert!(harness.query_by_label_contains("Set by hand").is_none());
    // It was answered: the same value, set again, is of this data, and between two clicks nothing moves.
    let row = |harness: &super::Window| harness.query_all_by_label("Neighbours").next().map(|row| row.rect().top());
    let before = row(&harness);
    type_number(&mut harness, "Neighbours", "21");
    assert!(harness.query_by_label_contains("Set by hand").is_none());
    assert_eq!(row(&harness), before);
}

#[test]
fn what_is_dropped_and_no_data_is_called_what_it_is_and_nothing_is_lost() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let drop = |harness: &mut super::Window, name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path)));
        settle(harness);
    };
    drop(&mut harness, "model.eigenscope", "eigenscope model 1\nand more");
    until_drawn(&mut harness, "the word", |h| h.query_by_label_contains("the model is damaged").is_some());
    drop(&mut harness, "summary.json", "{\"dataset\": \"moons\", \"stages\": []}");
    assert!(harness.query_by_label_contains("this is the summary of a run").is_some());
    assert_eq!(script.borrow().commands.len(), 1, "the data shown stays");
    drop(&mut harness, "recipe.toml", "neighbors = 9\n");
    assert_eq!(harness.state().job().recipe.neighbors, Auto::Set(9));
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_picture_as_it_was_and_leads_to_another() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    harness.state_mut().type_paths();
    let error = Error::Data("/data/empty.csv: the file is empty".to_owned());
    script.borrow_mut().fail_as = Some(Failure::from(&error));
    harness.get_by_label("circles").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("the file is empty").is_some());
    assert_eq!(harness.state().picture_stands().word(), "Ready", "what is shown did not fail");
    assert!(harness.query_by_label_contains("It was not computed").is_none());
    assert!(harness.query_by_label_contains("Press Space to train").is_some());
    harness.get_by_label("Open another…").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Open data, project or recipe").is_some());
}
