//! Comparisons that are broken off and taken up again.

use std::path::Path;

use eigenscope::output::Comparison;
use eigenscope::pipeline::compare::Entry;
use rand::Rng as _;
use rand::seq::SliceRandom as _;

use super::budget::{alone, rng};
use super::files::{self, Desk};
use super::program::{command, ended_well, spawn, text};

/// A comparison of `data` in one space.
fn compare(data: &Path, seeds: usize, file: &Path) -> std::process::Command {
    let mut command = command(["compare".as_ref(), data.as_os_str()]);
    command
        .args(files::flags())
        .args(["--systems", "input", "--quiet", "--json", "--seeds", &seeds.to_string(), "--resume"])
        .arg(file);
    command
}

/// Everything but what a clock or the memory decides, to the last bit.
fn figures(entries: &[Entry]) -> Vec<String> {
    let bits = |score: Option<f64>| score.map(f64::to_bits);
    let line = |e: &Entry| format!("{:?} {} {:?} {:?}", e.space, e.seed, e.method, [e.acc, e.nmi, e.ari].map(bits));
    entries.iter().map(line).collect()
}

#[test]
fn thirty_that_were_broken_off_end_like_the_unbroken_one() {
    let _alone = alone();
    let desk = Desk::new();
    let data = desk.put("good.csv", files::table());
    let whole = desk.path("whole.json");
    assert!(spawn(compare(&data, 4, &whole)).wait().expect("it ends").success());
    let whole = Comparison::read(&whole).expect("it is there");
    assert_eq!(whole.entries.len(), 12);
    assert!(whole.entries.iter().all(|e| e.data.is_some()));
    let mut rng = rng(60);
    for round in 0..30 {
        // What is there is any part of the runs, as it was written.
        let file = desk.path(&format!("{round}.json"));
        let mut seeds: Vec<u64> = (0..4).map(|i| whole.recipe.seed + i).collect();
        seeds.shuffle(&mut rng);
        seeds.truncate(rng.random_range(1..4));
        let kept = whole.entries.iter().filter(|e| seeds.contains(&e.seed)).cloned().collect();
        Comparison { entries: kept, ..whole.clone() }.write(&file).expect("it can be written");
        let output = compare(&data, 4, &file).output().expect("it starts");
        assert_eq!(ended_well("a resumed comparison", &output), 0, "{}", text(&output.stderr));
        let again = Comparison::read(&file).expect("it is there");
        assert_eq!(figures(&again.entries), figures(&whole.entries), "round {round}");
        let kept =
            |c: &Comparison| -> Vec<Entry> { c.entries.iter().filter(|e| seeds.contains(&e.seed)).cloned().collect() };
        assert_eq!(kept(&again), kept(&whole), "what was there is as it was, seconds too");
    }
}

#[test]
fn two_processes_on_one_file_keep_all_entries() {
    let _alone = alone();
    let desk = Desk::new();
    let data = desk.put("good.csv", files::table());
    let file = desk.path("both.json");
    let mut first = spawn(compare(&data, 6, &file));
    let mut second = spawn(compare(&data, 6, &file));
    assert!(first.wait().expect("it ends").success() && second.wait().expect("it ends").success());
    let both = Comparison::read(&file).expect("it is there");
    let alone = desk.path("alone.json");
    assert!(spawn(compare(&data, 6, &alone)).wait().expect("it ends").success());
    assert_eq!(figures(&both.entries), figures(&Comparison::read(&alone).expect("it is there").entries));
}

#[test]
fn data_that_changed_and_settings_that_differ_are_said() {
    let _alone = alone();
    let desk = Desk::new();
    let data = desk.put("good.csv", files::table());
    let file = desk.path("c.json");
    assert!(spawn(compare(&data, 1, &file)).wait().expect("it ends").success());
    let before = std::fs::read(&file).expect("it is there");
    let output = compare(&data, 2, &file).args(["--neighbors", "7"]).output().expect("it starts");
    assert_eq!(ended_well("other settings", &output), 1);
    assert!(text(&output.stderr).contains("--neighbors 5 rather than 7"), "{}", text(&output.stderr));
    let changed = text(&files::table()).replacen("red", "blue", 1);
    desk.put("good.csv", changed.as_bytes());
    let output = compare(&data, 2, &file).output().expect("it starts");
    assert_eq!(ended_well("changed data", &output), 1);
    let said = text(&output.stderr);
    assert!(said.contains("c.json") && said.contains("good.csv") && said.contains("not what it was"), "{said}");
    assert_eq!(std::fs::read(&file).expect("it is there"), before);
}
