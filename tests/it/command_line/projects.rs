//! A project in the place of data and settings.

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::project::{DataRef, Project, write_project};
use eigenscope::recipe::Auto;

use super::summary;
use crate::support::program::{eigenscope, text};

#[test]
fn a_project_is_run_as_its_settings_on_its_data() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let here = folder.path();
    let rows: Vec<String> = (0..60).map(|i| format!("{},{}", i % 2 * 50 + i % 7, i % 5)).collect();
    let (data, file) = (here.join("t.csv"), here.join("p.eigenscope"));
    std::fs::write(&data, format!("x,y\n{}\n", rows.join("\n"))).expect("written");
    let recipe = Recipe { clusters: Auto::Set(2), neighbors: Auto::Set(4), learn: false, seed: 5, ..Recipe::default() };
    let of = DataRef::of(&Source::Path(data.clone()), &recipe, Some(&file), (60, 2)).expect("text");
    let project = Project { data: of, recipe, ..Project::default() };
    write_project(&file, &project).expect("written");
    let arg = |path: &std::path::Path| path.to_str().expect("text").to_owned();
    let run = |first: &str, more: &[&str]| eigenscope([&["run", first][..], more, &["--json", "--quiet"]].concat());
    let flags = ["--clusters", "2", "--neighbors", "4", "--no-learn", "--seed", "5"];
    let by_hand = summary(&run(&arg(&data), &flags));
    assert_eq!(summary(&run(&arg(&file), &[])), by_hand);
    let other = summary(&run(&arg(&file), &["--neighbors", "6"]));
    assert_ne!(other["exact"], by_hand["exact"], "flags win over the project");
    std::fs::write(&data, "x,y\n1,2\n3,4\n").expect("written");
    let refused = run(&arg(&file), &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("is not what it was"), "{}", text(&refused.stderr));
    std::fs::remove_file(&data).expect("removed");
    assert!(text(&run(&arg(&file), &[]).stderr).contains("is not where it was"));
    assert!(text(&eigenscope(["apply", &arg(&file), "moons"]).stderr).contains("eigenscope"), "it is no model");
}
