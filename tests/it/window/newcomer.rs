//! A person who has the window before them for the first time: the way from a messy table to a labelled one, counted in clicks and keys.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::egui::{self, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::app::shown::run::Phase;
use eigenscope::data::Source;
use eigenscope::pipeline::{Job, Worker};
use eigenscope::recipe::{Auto, DeviceChoice};

use super::labelling::listed;
use super::{Window, settle};
use crate::support::desk::Desk;

const SIZE: [f32; 2] = [1440.0, 1600.0];

/// Ninety plants of three species as a spreadsheet wrote them: a title, semicolons, commas before fractions, dates, gaps.
pub(super) fn garden() -> String {
    let number = |value: f64| format!("{value:.2}").replace('.', ",");
    let row = |i: usize| {
        let kind = i % 3;
        let middle = [5.0, 15.0, 25.0][kind];
        let off = |k: usize| ((i * 7 + k * 13) % 11) as f64 / 10.0;
        let gap = if i % 20 == 7 { "NA".to_owned() } else { number(0.5 * middle + off(3)) };
        format!(
            "P{i:04};{:02}.{:02}.2024;{};{};{gap};{}\n",
            1 + i % 28,
            1 + i % 12,
            number(middle + off(1)),
            number(2.0 * middle + off(2)),
            ["Aster", "Begonia", "Clover"][kind]
        )
    };
    let rows: String = (0..90).map(row).collect();
    format!("Garden survey, second reading\nPlant no;Date;Height (cm);Width (cm);Leaf;Species\n{rows}")
}

/// Who clicks and types; what they do is counted as a person does it: a click, a key, a word with its Enter.
struct Person {
    window: Window,
    deeds: usize,
}

/// A training of ninety plants must take no longer, also where everything else is at work.
const LONGEST: Duration = Duration::from_secs(90);

impl Person {
    /// Before a window whose engine computes.
    fn new() -> Self {
        let recipe = Recipe { device: DeviceChoice::Cpu, samples: Auto::Set(200), ..Recipe::default() };
        let job = Job { source: Source::Named("moons".to_owned()), recipe };
        let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
        let build = move |cc: &mut eframe::CreationContext<'_>| App::new(cc, engine, job);
        let mut window = Harness::builder().with_size(SIZE).with_max_steps(40).build_eframe(build);
        window.state_mut().type_paths();
        let mut person = Self { window, deeds: 0 };
        person.wait_for("the data", |window| window.state().run().phase == Phase::Ready);
        person
    }

    /// With the garden opened by two deeds, and where its export will go.
    fn with_the_garden(desk: &Desk) -> (Self, PathBuf) {
        let mut person = Self::new();
        person.click("Open…");
        person.path(&desk.put("garden.csv", garden()));
        person.wait_for("the table", |window| is_open(window, "garden.csv"));
        (person, desk.path("out.csv"))
    }

    fn click(&mut self, label: &str) {
        self.window.get_by_label(label).click();
        self.done();
    }

    fn choose(&mut self, list: &str, entry: &str) {
        self.window.get(By::new().label(list).role(egui::accesskit::Role::ComboBox)).click();
        self.done();
        self.click(entry);
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.window.key_press_modifiers(modifiers, key);
        self.done();
    }

    fn key(&mut self, key: Key) {
        self.press(Modifiers::NONE, key);
    }

    fn command(&mut self, key: Key) {
        self.press(Modifiers::COMMAND, key);
    }

    /// A word, and Enter after it.
    fn word(&mut self, word: &str) {
        self.window.event(egui::Event::Text(word.to_owned()));
        settle(&mut self.window);
        self.key(Key::Enter);
    }

    /// A path in the place of the one that is offered.
    fn path(&mut self, path: &Path) {
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.word(&path.display().to_string());
    }

    fn done(&mut self) {
        self.deeds += 1;
        settle(&mut self.window);
        settle(&mut self.window);
    }

    fn wait_for(&mut self, what: &str, until: impl Fn(&Window) -> bool) {
        let deadline = Instant::now() + LONGEST;
        while !until(&self.window) {
            let run = self.window.state().run();
            assert!(Instant::now() < deadline, "{what} never came: {:?}, {:?}", run.phase, run.error);
            std::thread::sleep(Duration::from_millis(10));
            self.window.run_steps(2);
        }
        settle(&mut self.window);
    }

    fn wait_for_training(&mut self) {
        self.wait_for("the end of the training", |window| window.state().run().phase == Phase::Finished);
    }

    fn focused(&self) -> String {
        fn has_it(node: &egui_kittest::kittest::AccessKitNode<'_>) -> bool {
            node.is_focused()
        }
        let node = self.window.query_all(By::new().predicate(has_it)).find(|n| n.accesskit_node().parent().is_some());
        node.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
    }
}

fn is_open(window: &Window, name: &str) -> bool {
    let source = &window.state().job().source;
    matches!(source, Source::Path(path) if path.ends_with(name)) && window.state().run().phase == Phase::Ready
}

/// The exported table: the words of a column.
fn column(path: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let at = reader.headers().expect("a header").iter().position(|header| header == name).expect(name);
    reader.records().map(|record| record.expect("a row")[at].to_owned()).collect()
}

/// At a second and a half for each, nine deeds are 14 of the 90 seconds that were asked for.
#[test]
fn a_messy_table_is_read_trained_and_exported_with_nine_clicks() {
    let desk = Desk::new();
    let (mut person, out) = Person::with_the_garden(&desk);
    person.click("Columns…");
    person.wait_for("the columns", |window| window.query_all_by_label("Role of Species").next().is_some());
    person.choose("Role of Species", "label");
    person.wait_for("the class", |window| window.query_all_by_label_contains("3 classes").next().is_some());
    person.click("Train on this");
    assert!(person.window.query_by_label("Train on this").is_none(), "the sheet does not hide the training");
    person.wait_for_training();
    person.click("Export the result…");
    person.wait_for("the sheet", |window| window.query_by_label("Write…").is_some_and(|b| b.is_focused()));
    person.click("Write…");
    person.path(&out);
    person.wait_for("the file", |_| out.exists());
    assert_eq!(column(&out, "Species")[..3], ["Aster", "Begonia", "Clover"].map(str::to_owned));
    assert_eq!(column(&out, "cluster").len(), 90);
    assert_eq!(person.deeds, 9, "open, path, columns, role, label, train, export, write, path");
}

#[test]
fn the_same_by_the_keyboard_alone() {
    let desk = Desk::new();
    let (table, out) = (desk.put("garden.csv", garden()), desk.path("out.csv"));
    let mut person = Person::new();
    person.command(Key::O);
    person.path(&table);
    person.wait_for("the table", |window| is_open(window, "garden.csv"));
    person.command(Key::D);
    person.wait_for("the columns", |window| window.query_all_by_label("Role of Species").next().is_some());
    for _ in 0..5 {
        person.key(Key::ArrowDown);
    }
    person.key(Key::ArrowRight);
    assert_eq!(person.focused(), "Role of Species");
    person.key(Key::Enter);
    for _ in 0..3 {
        person.key(Key::ArrowDown);
    }
    person.key(Key::Enter);
    assert_eq!(person.window.state().job().recipe.label_column, "Species");
    person.wait_for("the class", |window| window.query_all_by_label_contains("3 classes").next().is_some());
    person.key(Key::Escape);
    person.key(Key::Space);
    person.wait_for_training();
    person.command(Key::E);
    person.wait_for("the sheet", |window| window.query_by_label("Write…").is_some_and(|b| b.is_focused()));
    person.key(Key::Enter);
    person.path(&out);
    person.wait_for("the file", |_| out.exists());
    assert_eq!(column(&out, "cluster").len(), 90);
    println!("{} keys and words", person.deeds);
    assert!(person.deeds <= 20, "{}", person.deeds);
}

/// At a second and a half for each, 17 deeds are 26 of the two minutes that were asked for.
#[test]
fn three_names_and_a_merge_take_seventeen_deeds_with_their_export() {
    let desk = Desk::new();
    let (mut person, out) = Person::with_the_garden(&desk);
    super::type_number(&mut person.window, "Clusters", "4");
    person.deeds += 2; // A click into it, a number with its Enter.
    assert_eq!(person.window.state().job().recipe.clusters, Auto::Set(4));
    person.click("Train");
    person.wait_for_training();
    for name in ["small", "middle", "large"] {
        person.key(Key::F2);
        person.word(name);
    }
    let names: Vec<String> = listed(&person.window).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names[..3],
        ["small", "middle", "large"].map(str::to_owned),
        "typed over the numbers, one after the other"
    );
    assert!(
        person.window.query_all_by_label("Edit small").next().is_some(),
        "the list shows what was named, not the classes of the column that was guessed"
    );
    person.click(&format!("Edit {}", names[3]));
    person.click("Merge into");
    let into = person.window.get_by_label_contains("large ·");
    into.click();
    person.done();
    assert_eq!(listed(&person.window).len(), 3);
    person.click("Export the result…");
    person.wait_for("the sheet", |window| window.query_by_label("Write…").is_some_and(|b| b.is_focused()));
    person.click("Write…");
    person.path(&out);
    person.wait_for("the file", |_| out.exists());
    let mut written = column(&out, "label_edited");
    written.sort_unstable();
    written.dedup();
    assert_eq!(written, ["large", "middle", "small"]);
    assert_eq!(column(&out, "cluster_name"), column(&out, "label_edited"), "the merge is in the name too");
    assert_eq!(person.deeds, 17);
}
