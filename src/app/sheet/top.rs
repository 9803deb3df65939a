//! How the table is read: header, delimiter, decimal mark, words; and what the sheet shows at present.

use eframe::egui::{self, RichText, Ui};

use super::seen::{Age, Seen};
use super::{Around, SheetAsk};
use crate::app::kit::combo::combo;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::data::{Labels, Outline, Source};
use crate::pipeline::Job;
use crate::recipe::Recipe;
use crate::recipe::knobs::{self, Field, Knob};

/// What may stand between the cells of a text, as the setting has it.
const DELIMITERS: &[&str] = &["auto", "comma", "semicolon", "tab", "pipe", "space"];
/// Encodings that people meet; the setting knows more.
const ENCODINGS: &[&str] = &[
    "auto",
    "utf-8",
    "utf-16le",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-kr",
];
/// Settings that are a choice, with the width of their control.
const CHOICES: [(&Knob, f32); 4] = [
    (knobs::of("header"), 58.0),
    (knobs::of("decimal"), 66.0),
    (knobs::of("text"), 82.0),
    (knobs::of("missing"), 92.0),
];

/// The setting that names a part of a file, an array or a sheet, and the extensions of files that have several.
const PART: &Knob = knobs::of("array");
const WITH_PARTS: [&str; 6] = ["npz", "xlsx", "xlsm", "xlsb", "xls", "ods"];

/// The strip on top.
pub(super) fn top_ui(ui: &mut Ui, around: &mut Around<'_>, seen: &Seen, outline: &Outline) -> Option<SheetAsk> {
    let mut ask = None;
    ui.horizontal_wrapped(|ui| {
        focus::group(ui, "how the table is read", Kind::Once, |ui| {
            reading_ui(ui, &mut around.job.recipe, outline);
            part_ui(ui, around.job);
        });
    });
    ui.horizontal(|ui| {
        ask = state_ui(ui, seen, outline, around.busy);
    });
    ask
}

fn reading_ui(ui: &mut Ui, recipe: &mut Recipe, outline: &Outline) {
    for (knob, width) in CHOICES {
        let Field::Choice(value) = (knob.field)(recipe) else { continue };
        let (words, at) = (value.words(), value.at());
        let name = |at: usize| words.get(at).map(|word| word.get_name().replace('-', " ")).unwrap_or_default();
        captioned(ui, knob.label, |ui| {
            let shown = combo(("sheet", knob.flag), width).selected_text(name(at)).show_ui(ui, |ui| {
                for (i, word) in words.iter().enumerate() {
                    let option = ui.selectable_label(i == at, name(i));
                    let help = word.get_help().map(ToString::to_string).unwrap_or_default();
                    if option.on_hover_text(help).clicked() {
                        value.choose(i);
                    }
                }
            });
            shown.response.on_hover_text(knob.effect)
        });
    }
    if let Some(taken) = &outline.delimiter {
        word_ui(ui, recipe, (const { knobs::of("delimiter") }, 96.0), DELIMITERS, &format!("auto: {taken}"));
        word_ui(ui, recipe, (const { knobs::of("encoding") }, 104.0), ENCODINGS, "auto");
    }
}

/// A setting that is a word, and the words that are offered; `auto` is what stands there while nobody chose.
fn word_ui(ui: &mut Ui, recipe: &mut Recipe, (knob, width): (&Knob, f32), words: &[&str], auto: &str) {
    let Field::Text(value) = (knob.field)(recipe) else { return };
    captioned(ui, knob.label, |ui| {
        let text = if value == "auto" { auto.to_owned() } else { value.clone() };
        let shown = combo(("sheet", knob.flag), width).selected_text(text).show_ui(ui, |ui| {
            for &word in words {
                if ui.selectable_label(value == word, word).clicked() {
                    word.clone_into(value);
                }
            }
        });
        shown.response.on_hover_text(knob.effect)
    });
}

/// Which part of a file is read, of formats that have several.
pub(super) fn part_ui(ui: &mut Ui, job: &mut Job) {
    let Source::Path(path) = &job.source else { return };
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !WITH_PARTS.contains(&end.as_str()) {
        return;
    }
    if let Field::Text(value) = (PART.field)(&mut job.recipe) {
        captioned(ui, PART.label, |ui| {
            let edit = egui::TextEdit::singleline(value).desired_width(110.0).hint_text("auto or a name");
            ui.add(edit).on_hover_text(PART.effect)
        });
    }
}

/// A control behind its name.
fn captioned(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> egui::Response) {
    let weak = Tokens::in_ui(ui).text_weak;
    let label = ui.label(RichText::new(name).small().color(weak));
    add(ui).labelled_by(label.id);
    ui.add_space(4.0);
}

/// What is shown, and what can be made of it.
fn state_ui(ui: &mut Ui, seen: &Seen, outline: &Outline, busy: bool) -> Option<SheetAsk> {
    let tokens = Tokens::in_ui(ui);
    let mut ask = None;
    let (tone, text) = match seen.age {
        Age::Trained | Age::Raw if busy => (tokens.accent, "a run of it is at work"),
        Age::Trained => (tokens.good, "as trained"),
        Age::Raw => (tokens.accent, "raw points, not trained yet"),
        Age::Preview => (tokens.warning, "preview: the views show an older result until you train"),
        Age::Old if seen.error.is_some() => (tokens.bad, "as read before: the settings give nothing"),
        Age::Old => (tokens.warning, "reading again…"),
    };
    let (dot, _) = ui.allocate_exact_size(egui::vec2(8.0, 8.0), egui::Sense::hover());
    ui.painter().circle_filled(dot.center(), 4.0, tone);
    ui.label(RichText::new(text).strong().color(tokens.text_strong));
    let data = &seen.data;
    let kept = if data.len() == outline.rows {
        format::counted(data.len(), "row")
    } else {
        format!("{} of {} kept", format::count(data.len()), format::counted(outline.rows, "row"))
    };
    let columns = format::counted(outline.columns.len(), "column");
    let features = format::counted(data.dim(), "feature");
    let classes = |labels: &Labels| format!(" · {}", format::counted(labels.names.len(), "class"));
    let classes = data.labels.as_ref().map(classes).unwrap_or_default();
    ui.label(RichText::new(format!("{kept} · {columns} · {features}{classes}")).color(tokens.text_weak));
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let on = match seen.age {
            Age::Trained => false,
            Age::Raw => !busy,
            Age::Preview => true,
            Age::Old => seen.error.is_none(),
        };
        let button = ui.add_enabled(on, egui::Button::new("Train on this"));
        let tip = "Run every stage with what is decided here";
        if button.on_hover_text(tip).on_disabled_hover_text("There is nothing new to train on").clicked() {
            ask = Some(SheetAsk::Train);
        }
        let tip = "Write what is decided to a small file; the command line's --roles reads it, and so does the window";
        if ui.button("Save roles…").on_hover_text(tip).clicked() {
            ask = Some(SheetAsk::Save);
        }
    });
    ask
}
