//! Rows that a run left out leave the window too, and the window does not wait for them.

use std::time::{Duration, Instant};

use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use eigenscope::Recipe;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::pipeline::{Chain, Job, Snapshot};
use eigenscope::recipe::{Auto, DeviceChoice};
use eigenscope::support::progress::Control;

use super::{press, settle, window};
use crate::support::listening::Deaf;

#[test]
fn rows_beyond_the_limit_are_written_beside_the_window_with_a_way_to_cancel() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let shown = harness.state().run().shown.clone().expect("a result");
    assert_eq!((shown.data.len(), shown.data.of), (600, 800));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("labels.csv");
    let ctx = harness.ctx.clone();
    // Nothing labels the others yet, and that is said.
    harness.state_mut().answered(&ctx, Purpose::Export, path.clone());
    settle(&mut harness);
    assert!(harness.query_by_label_contains("200 rows of the source").is_some());
    assert_eq!(std::fs::read_to_string(&path).expect("it is there").lines().count(), 601);

    let mut recipe = shown.job.recipe.clone();
    (recipe.learn, recipe.device, recipe.clusters) = (false, DeviceChoice::Cpu, Auto::Set(2));
    let job = Job { source: shown.job.source.clone(), recipe };
    let outcome = Chain::default().run(&job, &Control::new(), &Deaf).expect("a small run");
    let model = outcome.model.map(std::sync::Arc::new);
    script.borrow_mut().publish(Snapshot { model, ..(*shown).clone() });
    script.borrow_mut().tell(eigenscope::pipeline::Event::Finished);
    settle(&mut harness);
    harness.state_mut().answered(&ctx, Purpose::Export, path.clone());
    harness.step();
    let since = Instant::now();
    while std::fs::read_to_string(&path).is_ok_and(|text| text.lines().count() != 801) {
        assert!(since.elapsed() < Duration::from_mins(1), "it never came");
        harness.step();
        std::thread::sleep(Duration::from_millis(10));
    }
    settle(&mut harness);
    let text = std::fs::read_to_string(&path).expect("it is there");
    let header = text.lines().next().expect("a header");
    assert!(header.contains(",by,"), "{header}");
    assert!(harness.query_by_label_contains("200 of 800 rows were labelled through the model").is_some());
    assert!(harness.query_by_label("Cancel export").is_none(), "it has ended");
}

#[test]
fn a_model_is_exported_with_the_names_that_clusters_have() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    assert!(!harness.state().can(UiCommand::ExportModel), "this training left none");
    let shown = harness.state().run().shown.clone().expect("a result");
    let recipe = Recipe { learn: false, device: DeviceChoice::Cpu, clusters: Auto::Set(2), ..shown.job.recipe.clone() };
    let job = Job { source: shown.job.source.clone(), recipe };
    let outcome = Chain::default().run(&job, &Control::new(), &Deaf).expect("a small run");
    let model = outcome.model.map(std::sync::Arc::new);
    script.borrow_mut().publish(Snapshot { model, ..(*shown).clone() });
    script.borrow_mut().tell(eigenscope::pipeline::Event::Finished);
    settle(&mut harness);
    assert!(harness.state().can(UiCommand::ExportModel));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ctx = harness.ctx.clone();
    for (name, begin) in [("model.onnx", &b"\x08\x0a\x12\x0aeigenscope"[..]), ("model.eigenscope", b"eigenscope model")]
    {
        let path = folder.path().join(name);
        harness.state_mut().answered(&ctx, Purpose::ExportModel, path.clone());
        let since = Instant::now();
        while harness.query_by_label_contains(&format!("Saved {}", path.display())).is_none() {
            assert!(since.elapsed() < Duration::from_mins(1), "it never came");
            harness.step();
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(std::fs::read(&path).expect("it is there").starts_with(begin), "{name}");
    }
}
