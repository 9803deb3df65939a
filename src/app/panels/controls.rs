//! The few kinds of control the panels are made of: label left, value right, unit beside it, one tooltip for both.

use std::path::PathBuf;

use eframe::egui::{self, Align, Key, Layout, Modifiers, Response, RichText, Ui};

use crate::app::kit::caption::Caption;
use crate::app::kit::combo::combo;
use crate::app::kit::dial::Dial;
use crate::app::kit::find;
use crate::app::kit::focus;
use crate::app::kit::refused;
use crate::app::kit::slider::{self, Scale};
use crate::app::kit::theme::Tokens;
use crate::recipe::Auto;
use crate::recipe::knobs::Choice;

/// Width of the part of a row that holds the value.
const VALUE_WIDTH: f32 = 132.0;

/// A row: the label on the left, the control on the right, the unit after it.
pub(super) fn row<R>(ui: &mut Ui, caption: &Caption, enabled: bool, add: impl FnOnce(&mut Ui) -> (Response, R)) -> R {
    let tokens = Tokens::in_ui(ui);
    let height = ui.spacing().interact_size.y;
    let size = egui::vec2(ui.available_width(), height);
    let inner = ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        let label_width = (ui.available_width() - VALUE_WIDTH - ui.spacing().item_spacing.x).max(60.0);
        let label = ui
            .allocate_ui_with_layout(egui::vec2(label_width, height), Layout::left_to_right(Align::Center), |ui| {
                ui.set_width(label_width);
                ui.spacing_mut().item_spacing.x = 4.0;
                let color = if enabled { tokens.text } else { tokens.text_weak };
                let label = ui.label(RichText::new(caption.label).color(color));
                if !caption.unit.is_empty() {
                    // A long label leaves its unit what is left, and never pushes the control out of the panel.
                    let unit = RichText::new(caption.unit).small().color(tokens.text_weak);
                    ui.add(egui::Label::new(unit).truncate());
                }
                label
            })
            .inner;
        let (response, result) = ui.add_enabled_ui(enabled, |ui| add(ui)).inner;
        let response = response.labelled_by(label.id);
        let tip = caption.tooltip();
        label.on_hover_text(&tip);
        find::here(caption, &response);
        response.on_hover_text(&tip).on_disabled_hover_text(&tip);
        result
    });
    inner.inner
}

fn name_it(response: Response, caption: &Caption) -> Response {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, caption.label));
    response
}

/// A number.
pub(super) fn number<T: egui::emath::Numeric>(
    ui: &mut Ui,
    caption: &Caption,
    value: &mut T,
    (dial, usual): (Dial, Option<[f64; 2]>),
    enabled: bool,
) {
    row(ui, caption, enabled, |ui| {
        let size = egui::vec2(VALUE_WIDTH, ui.spacing().interact_size.y);
        (dial.add(ui, caption, size, value), ())
    });
    if let Some(to) = slide(ui, caption, (dial, usual), (value.to_f64(), true), enabled) {
        *value = T::from_f64(to);
    }
    refused::reason_ui(ui, caption, value.to_f64());
}

/// A number that the program can work out: a switch `auto`, and the number. `worked_out` is what auto means at present.
pub(super) fn auto<T>(
    ui: &mut Ui,
    caption: &Caption,
    value: &mut Auto<T>,
    worked_out: Option<f64>,
    (dial, usual): (Dial, Option<[f64; 2]>),
    enabled: bool,
) where
    T: egui::emath::Numeric,
{
    let from = T::from_f64(worked_out.unwrap_or(dial.range.start));
    row(ui, caption, enabled, |ui| {
        let height = ui.spacing().interact_size.y;
        let is_auto = value.set().is_none();
        ui.spacing_mut().item_spacing.x = 4.0;
        let switch_width = 44.0;
        let tip = "Let the program work it out from the data";
        let switch = ui.add_sized([switch_width, height], egui::Button::selectable(is_auto, "auto"));
        switch.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::CheckBox, enabled, is_auto, format!("{}, automatic", caption.label))
        });
        let switch = switch.on_hover_text(tip);
        let size = egui::vec2(VALUE_WIDTH - switch_width - 4.0, height);
        let response = if let Auto::Set(number) = value {
            name_it(dial.add(ui, caption, size, number), caption)
        } else {
            // A click on the worked-out value takes it over.
            let text = worked_out.map_or_else(|| "set…".to_owned(), |v| shown(v, dial.range.is_whole()));
            let weak = Tokens::in_ui(ui).text_weak;
            let take = ui.add_sized(size, egui::Button::new(RichText::new(text).color(weak)));
            take.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Button, enabled, format!("{}, set by hand", caption.label))
            });
            let steps = if take.has_focus() {
                focus::keeps_arrows(ui.ctx(), take.id);
                let count = |key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::NONE, key)) as f64;
                count(Key::ArrowUp) - count(Key::ArrowDown)
            } else {
                0.0
            };
            if take.clicked() || steps != 0.0 {
                *value = Auto::Set(dial.moved(from, steps));
                focus::go_to(ui.ctx(), take.id);
            }
            take
        };
        if switch.clicked() {
            *value = if is_auto { Auto::Set(from) } else { Auto::Auto };
        }
        (response, ())
    });
    let now = value.set().unwrap_or(from).to_f64();
    if let Some(to) = slide(ui, caption, (dial, usual), (now, value.set().is_some()), enabled) {
        *value = Auto::Set(T::from_f64(to));
    }
    if let Auto::Set(number) = value {
        refused::reason_ui(ui, caption, number.to_f64());
    }
}

/// The slider under a number that has one; what it was turned to.
fn slide(
    ui: &mut Ui,
    caption: &Caption,
    (dial, usual): (Dial, Option<[f64; 2]>),
    (value, set): (f64, bool),
    enabled: bool,
) -> Option<f64> {
    let turned = dial.range.turned();
    let [low, high] = usual?.map(|end| end.clamp(*turned.start(), turned.end().max(*turned.start())));
    let scale = Scale::new([low, high], dial.range.is_whole(), value);
    let name = format!("{}, slider", caption.label);
    ui.add_enabled_ui(enabled, |ui| slider::slider_ui(ui, &name, scale, value, set)).inner
}

fn shown(value: f64, whole: bool) -> String {
    if whole { crate::app::kit::format::count(value.max(0.0) as usize) } else { crate::app::kit::format::number(value) }
}

/// One of a few: the names and sentences are those of the flag's values.
pub(super) fn choice(ui: &mut Ui, caption: &Caption, value: &mut dyn Choice, enabled: bool) {
    row(ui, caption, enabled, |ui| {
        let (words, at) = (value.words(), value.at());
        let name = |at: usize| words.get(at).map(|word| word.get_name().replace('-', " ")).unwrap_or_default();
        let combo = combo(caption.flag, VALUE_WIDTH).selected_text(name(at));
        let shown = combo.show_ui(ui, |ui| {
            for (i, word) in words.iter().enumerate() {
                let option = ui.selectable_label(i == at, name(i));
                let option = match word.get_help() {
                    Some(help) => option.on_hover_text(help.to_string()),
                    None => option,
                };
                if option.clicked() {
                    value.choose(i);
                }
            }
        });
        (shown.response, ())
    });
}

/// Yes or no.
pub(super) fn switch(ui: &mut Ui, caption: &Caption, value: &mut bool, enabled: bool) {
    row(ui, caption, enabled, |ui| {
        let text = if *value { "on" } else { "off" };
        let response = ui.checkbox(value, text);
        let on = *value;
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, enabled, on, caption.label));
        (response, ())
    });
}

/// What a text is known by. Rows above come and go while one types, as a remark does that a given matrix takes away; an id by position would
/// hand the keyboard to another control.
fn text_id(caption: &Caption) -> egui::Id {
    egui::Id::unique(("text", caption.flag))
}

/// A file or folder, typed or chosen; nothing where the text is empty, which `hint` explains. True when a dialog is wanted.
pub(super) fn path(ui: &mut Ui, caption: &Caption, value: &mut Option<PathBuf>, hint: &str) -> bool {
    row(ui, caption, true, |ui| {
        let mut text = value.as_ref().map(|f| f.display().to_string()).unwrap_or_default();
        let height = ui.spacing().interact_size.y;
        ui.spacing_mut().item_spacing.x = 4.0;
        let size = egui::vec2(VALUE_WIDTH - height - 8.0, height);
        let response = ui.add_sized(size, egui::TextEdit::singleline(&mut text).id(text_id(caption)).hint_text(hint));
        if response.changed() {
            *value = (!text.trim().is_empty()).then(|| PathBuf::from(text.trim()));
        }
        let choose = ui.add_sized([height + 4.0, height], egui::Button::new("…"));
        let name = format!("Choose {}…", caption.label.to_lowercase());
        choose.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        (response, choose.on_hover_text(name).clicked())
    })
}

/// A list of columns that is too long to type in. True when the sheet of columns is wanted.
pub(super) fn list(ui: &mut Ui, caption: &Caption, value: &str) -> bool {
    row(ui, caption, true, |ui| {
        let count = crate::recipe::columns::parts(value).len();
        let text = format!("{} columns…", crate::app::kit::format::count(count));
        let size = egui::vec2(VALUE_WIDTH, ui.spacing().interact_size.y);
        let open = ui.add_sized(size, egui::Button::new(text));
        let clicked = open.clicked();
        (open, clicked)
    })
}

/// A text that must parse: what was typed stays visible with the reason until it does.
pub(super) fn text<T>(
    ui: &mut Ui,
    caption: &Caption,
    value: &mut T,
    draft: &mut Option<String>,
    hint: &str,
    enabled: bool,
) where
    T: std::str::FromStr<Err: std::fmt::Display> + std::fmt::Display,
{
    let tokens = Tokens::in_ui(ui);
    let mut typed = draft.clone().unwrap_or_else(|| value.to_string());
    let reason = |typed: &str| typed.trim().parse::<T>().err().map(|e| e.to_string());
    let mut refused = draft.as_deref().and_then(reason);
    row(ui, caption, enabled, |ui| {
        let size = egui::vec2(VALUE_WIDTH, ui.spacing().interact_size.y);
        let color = if refused.is_some() { tokens.bad } else { tokens.text_strong };
        let edit = egui::TextEdit::singleline(&mut typed).id(text_id(caption)).hint_text(hint).text_color(color);
        let response = ui.add_sized(size, edit);
        if response.changed() {
            if let Ok(parsed) = typed.trim().parse() {
                *value = parsed;
            }
            refused = reason(&typed);
            *draft = Some(typed.clone());
        }
        if response.lost_focus() && refused.is_none() {
            *draft = None;
        }
        (response, ())
    });
    if let Some(reason) = refused {
        ui.label(RichText::new(reason).small().color(tokens.bad));
    }
}
