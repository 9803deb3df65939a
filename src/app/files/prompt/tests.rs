//! Paths are typed, completed and chosen.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;

#[test]
fn a_typed_path_is_the_answer() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("labels.csv");
    let mut prompt = Prompt::default();
    prompt.ask(Purpose::Export, &path.display().to_string());
    let state = (prompt, None);
    let draw = |ui: &mut Ui, (prompt, given): &mut (Prompt, Option<(Purpose, PathBuf)>)| {
        *given = prompt.ui(ui.ctx()).or(given.take());
    };
    let mut harness = Harness::new_ui_state(draw, state);
    harness.run_steps(3);
    harness.get_by_label("Save").click();
    harness.run_steps(3);
    let (prompt, given) = harness.state();
    assert_eq!(given.as_ref(), Some(&(Purpose::Export, path)));
    assert!(!prompt.is_open());
}

/// The line of text is one for all questions, and an earlier one leaves its cursor anywhere.
#[test]
fn what_is_typed_takes_the_place_of_the_name_that_is_offered() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let draw = |ui: &mut Ui, (prompt, given): &mut (Prompt, Option<(Purpose, PathBuf)>)| {
        *given = prompt.ui(ui.ctx()).or(given.take());
    };
    let mut harness = Harness::new_ui_state(draw, (Prompt::default(), None));
    for (purpose, name, written) in [
        (Purpose::Export, "survey-labels.csv", "other.csv"),
        (Purpose::Open, "", "other"),
        (Purpose::SaveProject, "survey.eigenscope", "other.eigenscope"),
    ] {
        harness.state_mut().0.ask(purpose, &folder.path().join(name).display().to_string());
        harness.run_steps(3);
        harness.event(egui::Event::Text("other".to_owned()));
        harness.run_steps(2);
        let typed = harness.state().0.asked.as_ref().map(|asked| asked.typed.clone());
        assert_eq!(typed, Some(folder.path().join(written).display().to_string()), "{purpose:?}");
        harness.key_press(Key::Escape);
        harness.run_steps(3);
    }
}

/// What the window writes as a model it can read as one.
#[test]
fn the_name_that_is_offered_for_a_model_is_one_that_can_be_applied() {
    let endings = |purpose: Purpose| purpose.about().kinds.iter().flat_map(|(_, endings)| endings.clone()).collect();
    let (read, written): (Vec<&str>, Vec<&str>) = (endings(Purpose::ApplyModel), endings(Purpose::ExportModel));
    let offered = Path::new(Purpose::ExportModel.offered()).extension().and_then(|end| end.to_str());
    assert!(offered.is_some_and(|end| read.contains(&end)), "{offered:?}");
    assert_eq!(written, ["eigenscope", "onnx"], "and a graph is still to be had");
}

#[test]
fn tab_completes_and_the_arrows_choose_from_the_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("flowers")).expect("made");
    for name in ["flowers/iris.csv", "flowers/lily.csv", "fleas.csv"] {
        std::fs::write(folder.path().join(name), "a\n1\n2\n").expect("written");
    }
    let mut prompt = Prompt::default();
    prompt.ask(Purpose::Open, &folder.path().join("flo").display().to_string());
    let draw = |ui: &mut Ui, (prompt, given): &mut (Prompt, Option<(Purpose, PathBuf)>)| {
        *given = prompt.ui(ui.ctx()).or(given.take());
    };
    let mut harness = Harness::new_ui_state(draw, (prompt, None));
    let wait = |harness: &mut Harness<'_, (Prompt, Option<(Purpose, PathBuf)>)>, name: &str| {
        for _ in 0..2000 {
            harness.run_steps(2);
            if harness.query_by_label(name).is_some() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("{name} was never listed");
    };
    wait(&mut harness, "flowers/");
    assert!(harness.query_by_label("fleas.csv").is_none(), "it begins otherwise");
    harness.key_press(Key::Tab);
    wait(&mut harness, "iris.csv");
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let (prompt, given) = harness.state();
    assert_eq!(given.as_ref(), Some(&(Purpose::Open, folder.path().join("flowers/lily.csv"))));
    assert!(!prompt.is_open());
}

#[test]
fn the_pointer_alone_finds_a_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("flowers")).expect("made");
    for name in ["flowers/iris.csv", "flowers/lily.csv", "fleas.csv"] {
        std::fs::write(folder.path().join(name), "a\n1\n2\n").expect("written");
    }
    let mut prompt = Prompt::default();
    prompt.ask(Purpose::Open, &folder.path().join("flowers").join("").display().to_string());
    let draw = |ui: &mut Ui, (prompt, given): &mut (Prompt, Option<(Purpose, PathBuf)>)| {
        *given = prompt.ui(ui.ctx()).or(given.take());
    };
    let mut harness = Harness::new_ui_state(draw, (prompt, None));
    harness.ctx.options_mut(|o| o.input_options.max_double_click_delay = 4.0);
    let click = |harness: &mut Harness<'_, (Prompt, Option<(Purpose, PathBuf)>)>, name: &str, right: f32| {
        for _ in 0..2000 {
            harness.run_steps(2);
            if let Some(found) = harness.query_by_label(name) {
                let at = found.rect().left_center() + egui::vec2(right, 0.0);
                harness.hover_at(at);
                for pressed in [true, false] {
                    let modifiers = Modifiers::NONE;
                    let button = egui::PointerButton::Primary;
                    harness.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers });
                }
                return harness.run_steps(1);
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("{name} was never listed");
    };
    click(&mut harness, "Folder above", 5.0);
    // Anywhere in its row, not on its letters alone.
    click(&mut harness, "flowers/", 300.0);
    click(&mut harness, "lily.csv", 300.0);
    assert!(harness.state().1.is_none() && harness.query_by_label("iris.csv").is_some(), "the list stays");
    click(&mut harness, "lily.csv", 300.0);
    let given = harness.state().1.as_ref();
    assert_eq!(given, Some(&(Purpose::Open, folder.path().join("flowers/lily.csv"))));
}

#[test]
fn a_file_that_is_not_there_cannot_be_opened() {
    let mut prompt = Prompt::default();
    prompt.ask(Purpose::Open, "no such file.csv");
    let mut harness =
        Harness::new_ui_state(|ui: &mut Ui, prompt: &mut Prompt| assert!(prompt.ui(ui.ctx()).is_none()), prompt);
    harness.run_steps(3);
    harness.get_by_label("Open").click();
    harness.run_steps(3);
    assert!(harness.state().is_open());
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(!harness.state().is_open());
}
