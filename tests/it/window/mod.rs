//! What the window promises, tried through its own controls and keys on a scripted run.

mod applying;
mod asked;
mod by_keys;
mod columns;
mod comparing;
mod covered;
mod exporting;
mod fetching;
mod first;
mod first_time;
mod gallery;
mod graph_seen;
mod hands;
mod harness;
#[cfg(target_os = "linux")]
mod kills;
mod labelling;
mod lessons;
mod lost;
mod made_before;
mod messages;
mod monkey;
mod newcomer;
mod painting;
mod pictures;
mod projects;
mod rows;
mod runs;
mod scripted;
mod session;
mod settings;
mod sight;
mod spoken;
mod stored_results;
mod stumbles;
mod time;

use eframe::egui::{self, Key};
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::files::export::TableWanted;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::coloring::ColorBy;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::pipeline::Command;
use eigenscope::pipeline::Ending;
use eigenscope::support::progress::Progress;

use harness::{
    Dropped, SHEETS, Window, last_start, press, press_command, sent, settle, started, stopped, trained, type_number,
    window,
};
use scripted::{Script, Scripted};

#[test]
fn the_window_opens_its_data_at_once() {
    let (harness, script) = window("moons", [1280.0, 800.0]);
    assert!(matches!(script.borrow().commands.as_slice(), [Command::Open(_)]));
    assert_eq!(harness.state().run().phase, Phase::Ready);
    assert!(harness.query_by_label("600 × 2").is_some(), "the bar says how large the data is");
}

#[test]
fn every_control_has_a_name_in_every_state() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    harness.check_accessibility();
    harness.get_by_label("Train").click();
    settle(&mut harness);
    script.borrow_mut().play_to(0.5);
    settle(&mut harness);
    harness.check_accessibility();
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    harness.check_accessibility();
    press(&mut harness, Key::F1);
    harness.check_accessibility();
    press(&mut harness, Key::F1);
    press_command(&mut harness, Key::K);
    harness.check_accessibility();
}

#[test]
fn rows_held_out_have_a_card_beside_nystroms_extension() {
    let (mut harness, script) = window("moons", [2400.0, 900.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.5);
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Rows never seen over steps: ").is_some());
    assert!(harness.query_by_label("60 rows held out, 10 %. All rows come in at the end.").is_some());
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Rows never seen over steps: ").is_some());
    assert!(harness.query_by_label_contains("At step 600 ARI 0.970, ACC 0.950; Nyström 0.980, ACC 0.950").is_some());
}

#[test]
fn each_end_of_a_training_is_said_in_its_own_words() {
    for (ending, words) in [
        (Ending::NotConverged, "Not converged after 1,000 steps"),
        (Ending::Diverged, "Diverged after 1,000 steps"),
        (Ending::Converged, "Finished in"),
    ] {
        let (mut harness, script) = window("moons", [1280.0, 800.0]);
        script.borrow_mut().ending = Some(ending);
        press(&mut harness, Key::Space);
        script.borrow_mut().play_to_end();
        settle(&mut harness);
        assert!(harness.query_by_label_contains(&format!("Progress: {words}")).is_some(), "{ending:?}");
    }
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    settle(&mut harness);
    harness.get_by_label("Stop and keep").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("Progress: Stopped at 200 of 1,000").is_some());
}

#[test]
fn space_pauses_and_goes_on_and_a_period_steps() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.2);
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Running);
    press(&mut harness, Key::Period);
    assert!(!sent(&script, |c| matches!(c, Command::Step(_))), "a step needs a pause");
    press(&mut harness, Key::Space);
    assert_eq!(harness.state().run().phase, Phase::Paused);
    press(&mut harness, Key::Period);
    assert!(sent(&script, |c| matches!(c, Command::Step(1))));
    assert_eq!(harness.state().run().phase, Phase::Paused);
    harness.get_by_label("Resume").click();
    settle(&mut harness);
    assert!(sent(&script, |c| matches!(c, Command::Resume)));
    assert_eq!(harness.state().run().phase, Phase::Running);
    harness.get_by_label("Stop and keep").click();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Stopped);
    assert!(harness.state().run().shown.as_ref().is_some_and(|s| s.learned.is_some()));
    press(&mut harness, Key::R);
    assert!(!matches!(script.borrow().commands.last(), Some(Command::Open(_))), "no single letter drops a result");
    press_command(&mut harness, Key::R);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Open(_))));
}

#[test]
fn an_error_is_shown_and_the_old_picture_stays() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let message = "Batch output has rank 1 < 2: turn --batch up or --lr down";
    script.borrow_mut().fail_with = Some(message.to_owned());
    press(&mut harness, Key::Space);
    assert_eq!(harness.state().run().phase, Phase::Failed);
    let message = "Batch output has rank 1 < 2: turn Batch up or Learning rate down";
    assert!(harness.query_by_label_contains(message).is_some(), "settings go by the names of their controls");
    assert!(harness.state().run().shown.as_ref().is_some_and(|s| s.learned.is_some()));
    assert!(!harness.state().run().curve.is_empty());
    harness.get_by_label("Dismiss").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains(message).is_none());
}

#[test]
fn a_thumbnail_opens_its_set() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    harness.get_by_label("circles").click();
    settle(&mut harness);
    let commands = &script.borrow().commands;
    let Some(Command::Open(job)) = commands.last() else { panic!("the window opens the set") };
    assert_eq!(job.source, Source::Named("circles".to_owned()));
}

#[test]
fn a_cluster_in_the_list_selects_its_points() {
    let (mut harness, script) = window("moons", [1280.0, 2600.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let labels = harness.state().run().shown.as_ref().and_then(|s| s.data.labels.clone()).expect("moons have classes");
    let of_first = labels.ids.iter().filter(|&&l| l == 0).count();
    harness.get_by_label_contains(&format!("Cluster {}", labels.names[0])).click();
    settle(&mut harness);
    assert!(harness.query_by_label(&format!("{of_first} selected")).is_some());
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label(&format!("{of_first} selected")).is_none());
}

#[test]
fn the_palette_runs_a_command_by_name() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press_command(&mut harness, Key::K);
    harness.event(egui::Event::Text("train".to_owned()));
    settle(&mut harness);
    press(&mut harness, Key::Enter);
    assert!(sent(&script, |c| matches!(c, Command::Start(_))));
}

#[test]
fn esc_closes_what_lies_above_before_it_clears_the_selection() {
    let (mut harness, _script) = window("moons", [1280.0, 2600.0]);
    let ctx = harness.ctx.clone();
    let shown = harness.state().run().shown.clone().expect("the data is there");
    let labels = shown.data.labels.as_ref().expect("moons have classes");
    let selected = format!("{} selected", labels.ids.iter().filter(|&&l| l == 0).count());
    harness.get_by_label_contains(&format!("Cluster {}", labels.names[0])).click();
    settle(&mut harness);
    assert!(harness.query_by_label(&selected).is_some());
    press_command(&mut harness, Key::K);
    assert!(harness.query_by_label_contains("Train / pause").is_some(), "the palette is open");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label_contains("Train / pause").is_none(), "the palette is closed");
    harness.get_by_label("Colour by").click();
    settle(&mut harness);
    assert!(egui::Popup::is_any_open(&ctx));
    press(&mut harness, Key::Escape);
    assert!(!egui::Popup::is_any_open(&ctx), "the list is closed");
    assert!(harness.query_by_label(&selected).is_some());
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label(&selected).is_none());
}

#[test]
fn an_idle_window_asks_for_no_frame() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    harness.run_steps(120);
    let delay = harness.output().viewport_output.values().map(|v| v.repaint_delay).min();
    assert!(delay.is_none_or(|d| d > std::time::Duration::from_secs(1)), "{delay:?}");
}

#[test]
fn typing_is_no_shortcut() {
    let (mut harness, script) = window("moons", [1280.0, 2600.0]);
    let field = egui_kittest::kittest::By::new().label("Hidden layers").role(egui::accesskit::Role::TextInput);
    harness.get(field).click();
    settle(&mut harness);
    press(&mut harness, Key::Space);
    press(&mut harness, Key::Period);
    assert_eq!(script.borrow().commands.len(), 1, "only the first opening");
}

#[test]
fn a_view_that_was_clicked_leaves_the_training_keys_to_the_window() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    harness.get_by_label_contains(": 600 points").click();
    settle(&mut harness);
    assert!(harness.ctx.memory(|m| m.focused().is_some()), "the view has the keyboard");
    press(&mut harness, Key::Space);
    assert_eq!(harness.state().run().phase, Phase::Running);
    script.borrow_mut().play_to(0.5);
    press(&mut harness, Key::Space);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Pause)));
    press(&mut harness, Key::Period);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Step(_))));
}

#[test]
fn every_theme_can_be_chosen() {
    let (mut harness, _script) = window("moons", [1280.0, 800.0]);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let ctx = harness.ctx.clone();
        harness.state_mut().execute(&ctx, UiCommand::NextTheme);
        settle(&mut harness);
        seen.push(harness.ctx.theme());
    }
    assert!(seen.contains(&egui::Theme::Dark) && seen.contains(&egui::Theme::Light));
}

#[test]
fn the_labelled_table_has_the_names_and_the_selection() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let snapshot = harness.state().run().shown.clone().expect("a result");
    let mut names = eigenscope::app::shown::labels::Labels::default();
    for (by, id, name) in
        [(ColorBy::Learned, 1, "lower moon"), (ColorBy::Exact, 0, "first half"), (ColorBy::Baseline, 1, "right side")]
    {
        let deed = names.rename(by, id, name, &snapshot).expect("another name");
        names.apply(deed, &snapshot).expect("named");
    }
    let mut selection = eigenscope::app::views::scatter::Selection::new(snapshot.data.len());
    selection.add([0, 3]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("labels.csv");
    eigenscope::app::files::export::labels(
        &path,
        &snapshot,
        (&names, &selection),
        &TableWanted::default(),
        &Progress::silent(),
    )
    .expect("written");
    let text = std::fs::read_to_string(&path).expect("read");
    let header = text.lines().next().expect("a header");
    for column in [
        "x",
        "y",
        "cluster",
        "cluster_name",
        "cluster_exact",
        "cluster_exact_name",
        "cluster_kmeans",
        "cluster_kmeans_name",
        "learned_1",
        "exact_2",
        "selected",
    ] {
        assert!(header.split(',').any(|c| c == column), "{column} in {header}");
    }
    assert_eq!(text.lines().count(), 1 + snapshot.data.len());
    assert!(["lower moon", "first half", "right side"].iter().all(|name| text.contains(name)));
}
