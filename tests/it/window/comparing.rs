//! The comparison of systems, through its own window.

use std::sync::Arc;

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::output::Comparison;
use eigenscope::pipeline::compare::{Entry, Method, Space};
use eigenscope::pipeline::{Command, Event, Job};
use eigenscope::recipe::Stage;

use super::{Dropped, press, press_command, settle, window};

fn entry(space: Space, seed: u64, method: Method, acc: f64) -> Entry {
    let score = Some(acc);
    Entry { space, seed, method, acc: score, nmi: score, ari: score, seconds: 2.0, peak_mib: Some(50.0), data: None }
}

#[test]
fn a_comparison_shows_its_table_beside_the_picture_and_goes_on_where_it_ended() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let shown = harness.state().run().shown.as_ref().map(|s| s.serial);

    press_command(&mut harness, Key::T);
    harness.check_accessibility();
    harness.get_by_label("Start comparison").click();
    settle(&mut harness);
    let plan =
        script.borrow().commands.iter().find_map(|c| if let Command::Compare(p) = c { Some(p.clone()) } else { None });
    let plan = plan.expect("the window asked for a comparison");
    assert_eq!((plan.seeds, plan.missing().len(), &plan.job), (3, 12, harness.state().job()));
    assert!(harness.query_by_label_contains("run 1 of 12: input, seed 0").is_some());

    let entries = [(Method::KMeans, 0.75), (Method::Exact, 0.95), (Method::Learned, 0.94)];
    let entries = entries.map(|(method, acc)| entry(Space::Input, 0, method, acc)).to_vec();
    script.borrow_mut().tell(Event::Compared(Arc::new(entries.clone())));
    script.borrow_mut().tell(Event::Comparing { space: Space::InputSiamese, seed: 0, run: 2, runs: 12 });
    script.borrow_mut().tell(Event::Progress(Stage::Metric, 0.5, String::new()));
    settle(&mut harness);
    harness.check_accessibility();
    assert!(harness.query_by_label_contains("metric 50 %").is_some());
    assert!(harness.query_all_by_label("0.950").count() == 3, "ACC, NMI and ARI of the exact side");
    let state = harness.state();
    assert_eq!(state.run().phase, Phase::Finished, "the picture's run is not the comparison's");
    assert_eq!(state.run().shown.as_ref().map(|s| s.serial), shown);

    harness.get_by_label("End").click();
    settle(&mut harness);
    harness.get_by_label("Go on").click();
    settle(&mut harness);
    let script = script.borrow();
    let Some(Command::Compare(plan)) = script.commands.last() else { panic!("no comparison: {:?}", script.commands) };
    assert_eq!((plan.done.as_slice(), plan.missing().len()), (entries.as_slice(), 11));
}

#[test]
fn a_training_ends_the_comparison() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press_command(&mut harness, Key::T);
    harness.get_by_label("Start comparison").click();
    settle(&mut harness);
    harness.get_by_label("Train").click();
    settle(&mut harness);
    assert!(matches!(script.borrow().commands.last(), Some(Command::Start(_))));
    assert!(harness.query_by_label_contains("run 1 of 12").is_none());
    script.borrow_mut().tell(Event::ComparisonEnded(None));
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert_eq!(harness.state().run().phase, Phase::Finished);
}

#[test]
fn a_comparison_from_a_file_is_shown_and_its_path_is_read_only_when_asked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("theirs.json");
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    let data = folder.path().join("theirs.csv");
    std::fs::write(&data, "a,b\n1,2\n3,5\n4,4\n").expect("the folder can be written");
    let job = Job { source: Source::Path(data), recipe: harness.state().job().recipe.clone() };
    Comparison::new(&job, &[entry(Space::Codes, 0, Method::Exact, 0.875)]).write(&file).expect("it can be written");
    harness.input_mut().dropped_files.push(Arc::new(Dropped(file)));
    settle(&mut harness);
    assert_eq!(harness.query_all_by_label("0.875").count(), 3, "ACC, NMI and ARI are shown");
    let opened = |script: &super::scripted::Script| {
        let sources =
            script.commands.iter().filter_map(|c| if let Command::Open(job) = c { Some(&job.source) } else { None });
        sources.filter(|source| matches!(source, Source::Path(_))).count()
    };
    assert_eq!(opened(&script.borrow()), 0, "a stranger's path is not read by itself");
    harness.get_by_label("Open their data").click();
    settle(&mut harness);
    assert_eq!(opened(&script.borrow()), 1);
    assert_eq!(harness.state().job(), &job);
}
