//! A training as an animation, and what becomes of one without the orthonormal layer.

use super::{run, summary};
use crate::support::program::text;

#[test]
fn a_training_is_written_as_a_gif_or_as_pictures_and_its_figures_stay_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a readable path").to_owned();
    let narrow = ["--json", "--animation-width", "240", "--animation"];
    let plain = summary(&run("moons", &["--json"]));
    let filmed = summary(&run("moons", &[&narrow[..], &[&path("a.gif")]].concat()));
    assert_eq!(plain, filmed, "who is filmed trains as ever");
    assert!(std::fs::read(path("a.gif")).is_ok_and(|bytes| bytes.starts_with(b"GIF89a")));
    assert!(run("moons", &[&narrow[..], &[&path("looks")]].concat()).status.success());
    assert!(std::fs::read_dir(path("looks")).is_ok_and(|pictures| pictures.count() > 2));
    let again = run("moons", &[&narrow[..], &[&path("looks")]].concat());
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("new folder"), "{}", text(&again.stderr));
    let none = run("moons", &["--no-learn", "--animation", &path("b.gif")]);
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stderr).contains("--no-learn"), "{}", text(&none.stderr));
}

#[test]
fn without_the_orthonormal_layer_columns_become_one_and_the_model_still_labels() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("off");
    let out = out.to_str().expect("a readable path");
    let off = summary(&run("moons", &["--no-orthonormal-layer", "--steps", "1500", "--json", "--out", out]));
    let learned = &off["learned"];
    let error = learned["orthogonality"].as_f64().expect("a number");
    // Two equal columns are an error of 1 away from orthonormal ones.
    assert!((0.9..=1.01).contains(&error), "{error}");
    let values: Vec<f64> =
        learned["eigenvalues"].as_array().expect("a list").iter().filter_map(serde_json::Value::as_f64).collect();
    assert!(values.len() == 2 && values.iter().all(|value| *value >= 0.0), "{values:?}");
    let model = format!("{out}/model.eigenscope");
    let labelled = crate::support::program::eigenscope(["apply", &model, "moons", "--limit", "5"]);
    assert!(labelled.status.success(), "{}", text(&labelled.stderr));
    let refused = run("moons", &["--no-orthonormal-layer", "--last-layer", "solved"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--last-layer"), "{}", text(&refused.stderr));
}
