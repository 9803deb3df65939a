//! Rows that a run left out leave the window too, and the window does not wait for them.

use std::time::{Duration, Instant};

use eframe::egui::{self, Key};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use eigenscope::Recipe;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::files::export::{RowsWanted, TableWanted};
use eigenscope::app::files::exporting::PictureOf;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::coloring::ColorBy;
use eigenscope::app::shown::fields::{Field, FieldsCache, Found};
use eigenscope::app::shown::labels::Labels;
use eigenscope::output::TableFormat;
use eigenscope::pipeline::{Chain, Job, Snapshot};
use eigenscope::recipe::{Auto, DeviceChoice};
use eigenscope::support::progress::Control;

use super::{Window, press, press_command, settle, window};
use crate::support::listening::Deaf;
use crate::support::waiting::until_drawn;

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
    until_drawn(&mut harness, "what is said of it", |h| h.query_by_label_contains("200 rows of the source").is_some());
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
    until_drawn(&mut harness, "what the file says", |_| {
        std::fs::read_to_string(&path).is_ok_and(|text| text.lines().count() == 801)
    });
    until_drawn(&mut harness, "what is said of it", |h| {
        h.query_by_label_contains("labelled through the model").is_some()
    });
    let text = std::fs::read_to_string(&path).expect("it is there");
    let header = text.lines().next().expect("a header");
    assert!(header.contains(",by,"), "{header}");
    assert!(harness.query_by_label_contains("200 of 800 rows were labelled through the model").is_some());
    assert!(harness.query_by_label("Cancel export").is_none(), "it has ended");
}

#[test]
fn the_sheet_shows_the_first_rows_with_the_ticked_columns_and_writes_what_it_shows() {
    let (mut harness, script) = window("moons", [1440.0, 1000.0]);
    press_command(&mut harness, Key::E);
    assert!(harness.query_by_label("Export").is_none(), "there is nothing to export yet");
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    harness.state_mut().select(100..150);
    settle(&mut harness);
    press_command(&mut harness, Key::E);
    until_drawn(&mut harness, "the first rows", |h| h.query_by_label_contains("The first rows").is_some());
    harness.check_accessibility();
    let ticked = |harness: &Window, name: &str| {
        let tick = egui_kittest::kittest::By::new().label(name).role(egui::accesskit::Role::CheckBox);
        harness.get(tick).accesskit_node().toggled()
    };
    assert_eq!(ticked(&harness, "learned_1"), Some(egui::accesskit::Toggled::True));
    harness.get_by_label("None").click();
    settle(&mut harness);
    assert!(harness.query_by_label_contains("No column is ticked").is_some());
    for name in ["x", "cluster"] {
        let tick = egui_kittest::kittest::By::new().label(name).role(egui::accesskit::Role::CheckBox);
        harness.get(tick).click();
        settle(&mut harness);
    }
    harness.get_by_label("selection: 50").click();
    settle(&mut harness);
    until_drawn(&mut harness, "the first rows", |h| h.query_by_label_contains("The first rows").is_some());
    harness.check_accessibility();
    let (ctx, folder) = (harness.ctx.clone(), tempfile::tempdir().expect("a temporary folder"));
    let wanted = TableWanted {
        rows: RowsWanted::Selection,
        columns: Some(["x", "cluster", "row"].map(str::to_owned).to_vec()),
        row: true,
        readme: true,
    };
    for format in TableFormat::ALL {
        harness.state_mut().export_as(format, wanted.clone());
        // Without an ending the name gets that of the format.
        harness.state_mut().answered(&ctx, Purpose::Export, folder.path().join("chosen"));
        let path = folder.path().join("chosen").with_extension(format.extension());
        until_drawn(&mut harness, "the file", |h| path.exists() && h.query_by_label("Cancel export").is_none());
        let readme = std::fs::read_to_string(folder.path().join(format!("chosen.{}.README.txt", format.extension())));
        let readme = readme.expect("it lies beside the table");
        assert!(
            readme.contains("the 50 rows that were selected") && readme.contains("eigenscope run moons"),
            "{readme}"
        );
    }
    let mut reader = csv::Reader::from_path(folder.path().join("chosen.csv")).expect("a table");
    assert_eq!(reader.headers().expect("a header"), ["x", "row", "cluster"].as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
    let shown = harness.state().run().shown.clone().expect("a result");
    let wanted: Vec<String> = shown.data.rows[100..150].iter().map(ToString::to_string).collect();
    assert_eq!(rows.iter().map(|row| row[1].to_owned()).collect::<Vec<_>>(), wanted);
    let tabs = std::fs::read_to_string(folder.path().join("chosen.tsv")).expect("text");
    assert!(tabs.starts_with("x\trow\tcluster\n") && tabs.lines().count() == 51);
}

#[test]
fn one_label_is_written_with_the_rows_that_the_model_puts_there() {
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let shown = harness.state().run().shown.clone().expect("a result");
    let mut recipe = shown.job.recipe.clone();
    (recipe.learn, recipe.device, recipe.clusters) = (false, DeviceChoice::Cpu, Auto::Set(2));
    let job = Job { source: shown.job.source.clone(), recipe };
    let outcome = Chain::default().run(&job, &Control::new(), &Deaf).expect("a small run");
    script.borrow_mut().publish(outcome.snapshot.clone());
    script.borrow_mut().tell(eigenscope::pipeline::Event::Finished);
    settle(&mut harness);
    let (ctx, folder) = (harness.ctx.clone(), tempfile::tempdir().expect("a temporary folder"));
    let mut sizes = [0; 2];
    for (id, size) in sizes.iter_mut().enumerate() {
        let path = folder.path().join(format!("{id}.csv"));
        let wanted = TableWanted { rows: RowsWanted::Label(id as u32), ..TableWanted::default() };
        harness.state_mut().export_as(TableFormat::Csv, wanted);
        harness.state_mut().answered(&ctx, Purpose::Export, path.clone());
        until_drawn(&mut harness, "the file", |h| path.exists() && h.query_by_label("Cancel export").is_none());
        let mut reader = csv::Reader::from_path(&path).expect("a table");
        let header = reader.headers().expect("a header").clone();
        let at = |name: &str| header.iter().position(|n| n == name).expect(name);
        let (cluster, by) = (at("cluster"), at("by"));
        let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
        assert!(rows.iter().all(|row| row[cluster] == id.to_string()), "one cluster alone");
        assert!(rows.iter().any(|row| &row[by] == "model") && rows.iter().any(|row| &row[by] == "exact"));
        *size = rows.len();
    }
    assert_eq!(sizes.iter().sum::<usize>(), 800, "both together are all rows");
}

#[test]
fn how_clear_a_cluster_is_and_what_is_unlike_the_training_is_written_as_the_table_of_rows_has_it() {
    let (mut harness, script) = window("moons", [1440.0, 1000.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let shown = harness.state().run().shown.clone().expect("a result");
    let recipe = Recipe { learn: false, device: DeviceChoice::Cpu, clusters: Auto::Set(2), ..shown.job.recipe.clone() };
    let job = Job { source: shown.job.source.clone(), recipe };
    let outcome = Chain::default().run(&job, &Control::new(), &Deaf).expect("a small run");
    let model = outcome.model.map(std::sync::Arc::new);
    script.borrow_mut().publish(Snapshot { model, ..outcome.snapshot });
    script.borrow_mut().tell(eigenscope::pipeline::Event::Finished);
    settle(&mut harness);
    press_command(&mut harness, Key::E);
    until_drawn(&mut harness, "the first rows", |h| h.query_by_label_contains("The first rows").is_some());
    for name in ["confidence", "unlike"] {
        let tick = egui_kittest::kittest::By::new().label(name).role(egui::accesskit::Role::CheckBox);
        let ticked = harness.get(tick).accesskit_node().toggled();
        assert_eq!(ticked, Some(egui::accesskit::Toggled::True), "{name} is ticked by itself");
    }
    let (ctx, folder) = (harness.ctx.clone(), tempfile::tempdir().expect("a temporary folder"));
    let columns = ["row", "by", "confidence", "unlike"].map(str::to_owned).to_vec();
    let wanted = TableWanted { columns: Some(columns), row: true, readme: true, ..TableWanted::default() };
    for format in TableFormat::ALL {
        harness.state_mut().export_as(format, wanted.clone());
        harness.state_mut().answered(&ctx, Purpose::Export, folder.path().join("all"));
        let path = folder.path().join("all").with_extension(format.extension());
        until_drawn(&mut harness, "the file", |h| path.exists() && h.query_by_label("Cancel export").is_none());
    }
    let readme = std::fs::read_to_string(folder.path().join("all.csv.README.txt")).expect("it lies beside the table");
    assert!(readme.contains("confidence  How clear") && readme.contains("unlike      1 where"), "{readme}");

    let shown = harness.state().run().shown.clone().expect("a result");
    let selected = std::sync::Arc::new(vec![false; shown.data.len()]);
    let mut cache = FieldsCache::default();
    let fields = cache.get(&shown, (&Labels::default(), Some(ColorBy::Exact)), (&selected, 0));
    let confidence = fields.confidence().expect("a side is there");
    let mut reader = csv::Reader::from_path(folder.path().join("all.csv")).expect("a table");
    assert_eq!(reader.headers().expect("a header"), ["row", "by", "confidence", "unlike"].as_slice());
    let mut rows = [0; 2];
    for record in reader.records().map(|record| record.expect("a row")) {
        let place: usize = record[0].parse().expect("a place");
        let clear: f64 = record[2].parse().expect("a number");
        let Some(sample) = shown.data.rows.iter().position(|&row| row == place) else {
            rows[1] += 1;
            assert!(&record[1] == "model" && (0.0..=1.0).contains(&clear), "{record:?}");
            continue;
        };
        rows[0] += 1;
        assert!((clear - confidence[sample]).abs() == 0.0, "{record:?}: {}", confidence[sample]);
        let unlike = if fields.shown(Field::Found(Found::Unlike), sample).is_empty() { "0" } else { "1" };
        assert_eq!(&record[3], unlike, "{record:?}");
    }
    assert_eq!(rows, [600, 200]);
}

#[test]
fn figures_curves_and_the_model_leave_the_window_and_never_over_the_data() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut harness, script) = window("moons", [1280.0, 800.0]);
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    let ctx = harness.ctx.clone();
    for (of, words) in [
        (PictureOf::View(0), "moons: input"),
        (PictureOf::View(1), "moons: learned eigenspace"),
        (PictureOf::Curves, "moons: training"),
        (PictureOf::Spectrum, "moons: eigenvalues"),
    ] {
        let path = folder.path().join(format!("{words}.svg"));
        harness.state_mut().picture_as(of);
        harness.state_mut().answered(&ctx, Purpose::Figure, path.clone());
        until_drawn(&mut harness, "the file", |_| path.exists());
        let svg = std::fs::read_to_string(&path).expect("a figure");
        assert!(svg.starts_with("<svg") && svg.contains(words) && !svg.contains("NaN"), "{words}");
    }
    let curves = folder.path().join("curves.parquet");
    harness.state_mut().answered(&ctx, Purpose::Curves, curves.clone());
    until_drawn(&mut harness, "the file", |h| curves.exists() && h.query_by_label("Cancel export").is_none());

    let mine = folder.path().join("mine.csv");
    std::fs::write(&mine, "x,y\n1,2\n3,4\n5,9\n").expect("written");
    let mut job = harness.state().job().clone();
    job.source = eigenscope::data::Source::Path(mine.clone());
    harness.state_mut().set_job(job);
    for purpose in [Purpose::Export, Purpose::Curves, Purpose::Figure, Purpose::ExportModel] {
        harness.state_mut().answered(&ctx, purpose, mine.clone());
        settle(&mut harness);
    }
    assert!(harness.query_all_by_label_contains("is the data that is open").count() > 0);
    assert_eq!(std::fs::read_to_string(&mine).expect("it is there"), "x,y\n1,2\n3,4\n5,9\n");
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
