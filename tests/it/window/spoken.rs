//! What a screen reader is told: every control has a name and those with a value say it, every picture has a sentence, in every state.

use eframe::egui::accesskit::{Action, Rect, Role};
use eframe::egui::{self, Key};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use eigenscope::app::kit::commands::UiCommand;

use super::labelling::{run, select};
use super::{SHEETS, Window, press, press_command, settle, trained, window};

/// Whether a place is the bar over a window: at its top, as wide as it is but for the button that closes it.
fn is_bar_of(window: Rect, bar: Rect) -> bool {
    let beside = |a: f64, b: f64, most: f64| (a - b).abs() <= most;
    let corner = beside(window.x0, bar.x0, 1.0) && beside(window.y0, bar.y0, 1.0);
    corner && beside(window.x1, bar.x1, 48.0) && bar.height() < 60.0
}

/// What is wrong with the tree as it stands.
fn faults(harness: &Window) -> Vec<String> {
    let mut faults = Vec::new();
    for node in harness.root().children_recursive() {
        let node = node.accesskit_node();
        let (data, role) = (node.data(), node.role());
        if node.is_hidden() {
            continue;
        }
        let name = node.label().or_else(|| data.placeholder().map(str::to_owned)).unwrap_or_default();
        let mut fault = |what: &str| {
            let above = std::iter::successors(node.parent(), egui_kittest::kittest::AccessKitNode::parent)
                .find_map(|n| n.label())
                .unwrap_or_default();
            faults.push(format!("{role:?} “{name}” in “{above}” at {:?}: {what}", node.raw_bounds()));
        };
        // Words can be clicked to be copied, and do nothing.
        let acts = data.supports_action(Action::Click) || data.supports_action(Action::Focus);
        let acts = acts && role != Role::Label;
        // The bars of egui's own scrolling areas go by no key, and what scrolls them is beside them; nor do those over its windows, which move them.
        let above = std::iter::successors(node.parent(), egui_kittest::kittest::AccessKitNode::parent);
        let window = above.filter(|n| n.role() == Role::Window).find_map(|n| n.raw_bounds());
        let bar = role == Role::ScrollBar
            || role == Role::Unknown && window.zip(node.raw_bounds()).is_some_and(|(all, own)| is_bar_of(all, own));
        if acts && !bar && !name.chars().any(char::is_alphanumeric) {
            fault("no name");
        }
        let valued = match role {
            Role::CheckBox | Role::RadioButton | Role::Switch => node.toggled().is_some(),
            Role::SpinButton | Role::Slider | Role::ProgressIndicator => {
                node.numeric_value().is_some() || node.value().is_some_and(|value| !value.is_empty())
            }
            Role::ComboBox => node.value().is_some_and(|value| !value.is_empty()),
            Role::TextInput | Role::MultilineTextInput | Role::SearchInput => data.value().is_some(),
            _ => true,
        };
        if !valued {
            fault("no value");
        }
        let told = |text: &str| text.chars().any(|c| c.is_ascii_digit());
        let sentence = node.description().unwrap_or_default();
        if matches!(role, Role::Canvas | Role::Image) && !acts && !told(&name) && !told(&sentence) {
            fault("no sentence that tells what is to be seen");
        }
        if role == Role::Canvas && !told(&sentence) {
            fault("no sentence that sums the view up");
        }
    }
    faults
}

/// Faults of all the states that a test goes through, each told once.
#[derive(Default)]
struct Told(std::collections::BTreeMap<String, String>);

impl Told {
    fn check(&mut self, harness: &Window, state: &str) {
        for fault in faults(harness) {
            self.0.entry(fault).or_insert_with(|| state.to_owned());
        }
    }

    fn end(self) {
        let all: Vec<String> = self.0.into_iter().map(|(fault, state)| format!("{state}: {fault}")).collect();
        assert!(all.is_empty(), "{} faults\n{}", all.len(), all.join("\n"));
    }
}

/// Opens each list and menu that the window has now, looks at it and closes it again.
fn check_lists(told: &mut Told, harness: &mut Window, state: &str) {
    let names: Vec<String> = harness
        .query_all(By::new().role(Role::ComboBox))
        .filter(|node| !node.accesskit_node().is_disabled())
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    for name in names.into_iter().chain(["File", "History", "Edges", "Notes", "Appearance"].map(str::to_owned)) {
        let found = |n: &egui_kittest::kittest::AccessKitNode<'_>| {
            let is = matches!(n.role(), Role::ComboBox | Role::Button) && !n.is_disabled();
            is && n.label().is_some_and(|label| label == name || label.starts_with(&name) && name.len() > 3)
        };
        let Some(node) = harness.query_all(By::new().predicate(found)).next() else { continue };
        node.click();
        settle(harness);
        told.check(harness, &format!("{state}, {name} open"));
        if egui::Popup::is_any_open(&harness.ctx) {
            press(harness, Key::Escape);
        }
    }
}

#[test]
fn every_control_has_name_and_value_from_the_first_frame_to_the_last() {
    let (mut harness, script) = window("digits", [1440.0, 2600.0]);
    let mut told = Told::default();
    told.check(&harness, "opened");
    check_lists(&mut told, &mut harness, "opened");
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to(0.5);
    settle(&mut harness);
    told.check(&harness, "half trained");
    press(&mut harness, Key::Space);
    told.check(&harness, "paused");
    press(&mut harness, Key::Space);
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    told.check(&harness, "finished");
    check_lists(&mut told, &mut harness, "finished");
    select(&mut harness, 0..40);
    told.check(&harness, "with a selection");
    harness.get_by_label("Label").click();
    settle(&mut harness);
    told.check(&harness, "the menu of a selection");
    press(&mut harness, Key::Escape);
    script.borrow_mut().fail_with = Some("Batch output has rank 1: turn --batch up".to_owned());
    harness.get_by_label("Train").click();
    settle(&mut harness);
    told.check(&harness, "failed");
    told.end();
}

#[test]
fn every_sheet_and_page_has_names_and_values() {
    let (mut harness, _script) = trained("digits", [1440.0, 2600.0]);
    let mut told = Told::default();
    for command in SHEETS.into_iter().chain([UiCommand::Help, UiCommand::Palette]) {
        select(&mut harness, 0..60);
        run(&mut harness, command);
        // What another thread works out is there soon.
        for _ in 0..20 {
            std::thread::sleep(std::time::Duration::from_millis(15));
            harness.step();
        }
        told.check(&harness, command.text());
        if !matches!(command, UiCommand::Help | UiCommand::Palette) {
            check_lists(&mut told, &mut harness, command.text());
        }
        press(&mut harness, Key::Escape);
        if matches!(command, UiCommand::Rows | UiCommand::Inside) {
            run(&mut harness, command);
        }
    }
    for page in ["Side by side", "Grid", "Without labels"] {
        run(&mut harness, UiCommand::Runs);
        harness.get_by_label(page).click();
        settle(&mut harness);
        told.check(&harness, page);
        run(&mut harness, UiCommand::Runs);
    }
    run(&mut harness, UiCommand::Review);
    told.check(&harness, "a review");
    run(&mut harness, UiCommand::Review);
    (0..3).for_each(|_| press(&mut harness, Key::F6));
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::P);
    told.check(&harness, "a pinned point");
    press(&mut harness, Key::F2);
    told.check(&harness, "a name to type");
    press(&mut harness, Key::Escape);
    run(&mut harness, UiCommand::Heat);
    told.check(&harness, "heat");
    run(&mut harness, UiCommand::Heat);
    for side in ["Input", "Learned eigenspace", "Exact eigenspace"] {
        if let Some(box_) = harness.query_by_label(&format!("{side}, three dimensions")) {
            box_.click();
            settle(&mut harness);
        }
    }
    told.check(&harness, "in three dimensions");
    harness.state_mut().type_paths();
    press_command(&mut harness, Key::O);
    harness.run_steps(6);
    told.check(&harness, "a path to type");
    told.end();
}

fn sentence(harness: &Window, name: &str) -> String {
    let pictures = [Role::Canvas, Role::Image];
    let node = harness.get_all_by_label_contains(name).find(|node| pictures.contains(&node.accesskit_node().role()));
    node.and_then(|node| node.accesskit_node().description()).unwrap_or_default()
}

#[test]
fn views_curves_and_matrices_are_summed_up() {
    let (mut harness, _script) = trained("digits", [1440.0, 2600.0]);
    let input = sentence(&harness, "Input: 600 points");
    assert!(input.starts_with("600 points in 10 classes; the largest, ‘"), "{input}");
    assert!(input.contains("; the smallest, ‘") && input.contains(" overlap"), "{input}");
    harness.get_by_label("Colour by").click();
    settle(&mut harness);
    harness.get_by_label("cluster, learned").click();
    settle(&mut harness);
    let learned = sentence(&harness, "Learned");
    assert!(learned.starts_with("600 points in 10 clusters;"), "{learned}");
    let loss = sentence(&harness, "Loss over steps");
    assert!(loss.starts_with("loss from ") && loss.contains(" at step 1,000, lowest "), "{loss}");
    assert!(loss.contains("bound 0.0280 throughout"), "{loss}");
    let ladder = sentence(&harness, "Eigenvalue ladder");
    assert!(ladder.contains("no gap is clear, the widest lies after 2, 50 %"), "{ladder}");
    // Cards wait where room is short; the matrix is one of them.
    harness.get(By::new().label("Affinity").role(Role::Button)).click();
    settle(&mut harness);
    let matrix = sentence(&harness, "Affinity matrix");
    assert!(matrix.starts_with("Most between two: "), "{matrix}");
}
