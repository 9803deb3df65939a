//! The few kinds of control the panels are made of: label left, value right, unit beside it, one tooltip for both.

use std::cell::Cell;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::ValueEnum;
use eframe::egui::{self, Align, DragValue, Key, Layout, Modifiers, Response, RichText, Ui};

use super::knobs::Knob;
use super::refused;
use crate::app::icons::combo;
use crate::app::theme::Tokens;
use crate::app::{find, focus};
use crate::recipe::Auto;

/// Width of the part of a row that holds the value.
const VALUE_WIDTH: f32 = 132.0;

/// A row: the label on the left, the control on the right, the unit after it.
pub(super) fn row<R>(ui: &mut Ui, knob: &Knob, enabled: bool, add: impl FnOnce(&mut Ui) -> (Response, R)) -> R {
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
                let label = ui.label(RichText::new(knob.label).color(color));
                if !knob.unit.is_empty() {
                    ui.label(RichText::new(knob.unit).small().color(tokens.text_weak));
                }
                label
            })
            .inner;
        let (response, result) = ui.add_enabled_ui(enabled, |ui| add(ui)).inner;
        let response = response.labelled_by(label.id);
        let tip = knob.tooltip();
        label.on_hover_text(&tip);
        find::here(knob.flag, &response);
        response.on_hover_text(&tip).on_disabled_hover_text(&tip);
        result
    });
    inner.inner
}

/// How a number is turned.
#[derive(Clone, Debug)]
pub(in crate::app) struct Dial<T> {
    /// From least to most.
    pub(super) range: RangeInclusive<T>,
    /// Change per point of dragging, as a share of the value for large ones.
    pub(super) speed: f64,
    /// Decimals shown at most.
    pub(super) decimals: usize,
    /// Shown in powers of ten where small.
    pub(super) scientific: bool,
    /// What stands there instead of 0, where 0 is no amount.
    pub(super) zero: Option<&'static str>,
}

impl<T: egui::emath::Numeric> Dial<T> {
    /// Whole numbers.
    pub(in crate::app) fn whole(range: RangeInclusive<T>) -> Self {
        Self { range, speed: 0.25, decimals: 0, scientific: false, zero: None }
    }

    /// Numbers with a fraction.
    pub(super) fn fine(range: RangeInclusive<T>, speed: f64, decimals: usize) -> Self {
        Self { range, speed, decimals, scientific: false, zero: None }
    }

    /// Rates, over powers of ten.
    pub(super) fn rate(range: RangeInclusive<T>) -> Self {
        Self { range, speed: 0.0, decimals: 12, scientific: true, zero: None }
    }

    /// The same with a word for 0.
    pub(super) fn zero(self, word: &'static str) -> Self {
        Self { zero: Some(word), ..self }
    }

    /// The control itself. What is typed and cannot be changes nothing; [`refused::reason_ui`] then has the reason. Dragging ends
    /// at the ends of the range, and a value that stands outside already, as a file may bring it, stays until it is changed.
    pub(in crate::app) fn add(&self, ui: &mut Ui, knob: &Knob, size: egui::Vec2, value: &mut T) -> Response {
        let typed = Cell::new(None);
        let before = value.to_f64();
        let response = ui.add_sized(size, |ui: &mut Ui| {
            let steps = self.by_keys(ui, value);
            ui.add(self.widget(value, steps, &typed))
        });
        let range = self.range.start().to_f64()..=self.range.end().to_f64();
        // A screen reader sets a number without typing it.
        let (now, mut outside) = (value.to_f64(), None);
        if response.changed() && !range.contains(&now) {
            outside = refused::read(&now.to_string(), &range, false).err();
            *value = T::from_f64(before);
        }
        match (typed.into_inner(), outside) {
            (_, Some(reason)) | (Some(Err(reason)), _) => refused::keep(ui, knob, value.to_f64(), Some(reason)),
            (Some(Ok(())), None) => refused::keep(ui, knob, value.to_f64(), None),
            (None, None) => {}
        }
        response
    }

    /// What an arrow key changes: one of whole numbers, a tenth of a rate's leading digit, else a hundredth or what is shown.
    fn step(&self, now: f64) -> f64 {
        if self.scientific {
            return 10_f64.powf(now.abs().max(f64::MIN_POSITIVE).log10().floor() - 1.0);
        }
        10_f64.powi(-(self.decimals.min(2) as i32))
    }

    /// Whether the number to come has the keyboard, so that the upright arrows step; Page Up and Page Down go ten steps.
    fn by_keys(&self, ui: &mut Ui, value: &mut T) -> bool {
        let id = ui.next_auto_id();
        let by_keys = ui.memory(|m| m.has_focus(id));
        let pages = if by_keys {
            let count = |key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::NONE, key)) as f64;
            count(Key::PageUp) - count(Key::PageDown)
        } else {
            0.0
        };
        if pages != 0.0 {
            *value = self.moved(*value, 10.0 * pages);
        }
        let reader = |action| ui.input(|i| i.has_accesskit_action_request(id, action));
        by_keys || reader(egui::accesskit::Action::Increment) || reader(egui::accesskit::Action::Decrement)
    }

    /// The value some steps away, within the range.
    fn moved(&self, value: T, steps: f64) -> T {
        let (low, high) = (self.range.start().to_f64(), self.range.end().to_f64());
        T::from_f64((value.to_f64() + steps * self.step(value.to_f64())).clamp(low, high))
    }

    /// egui takes one speed for dragging and for keys, and by that of dragging a key would not reach the next whole number. `typed` is
    /// told what became of a text.
    fn widget<'a>(&self, value: &'a mut T, steps: bool, typed: &'a Cell<Option<Result<(), String>>>) -> DragValue<'a> {
        let now = value.to_f64();
        // Large values move in steps of their own size.
        let drag =
            if self.scientific { now.abs() * 0.01 } else { self.speed.max(now.abs() * 0.005 * self.speed.min(1.0)) };
        let range = self.range.start().to_f64()..=self.range.end().to_f64();
        let zero = self.zero;
        let parse = move |text: &str| {
            let text = if zero == Some(text.trim()) { "0" } else { text };
            let read = refused::read(text, &range, T::INTEGRAL);
            let number = read.as_ref().ok().copied().flatten();
            typed.set(Some(read.map(drop)));
            number
        };
        let speed = if steps { self.step(now) } else { drag };
        let drag = DragValue::new(value)
            .range(self.range.clone())
            .clamp_existing_to_range(false)
            .update_while_editing(false)
            .speed(speed)
            .max_decimals(self.decimals)
            .custom_parser(parse);
        if self.scientific {
            drag.custom_formatter(|v, _| if v < 0.001 { format!("{v:.1e}") } else { format!("{v}") })
        } else if let Some(word) = self.zero {
            drag.custom_formatter(move |v, _| if v == 0.0 { word.to_owned() } else { format!("{v}") })
        } else {
            drag
        }
    }
}

fn name_it(response: Response, knob: &Knob) -> Response {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, knob.label));
    response
}

/// A number.
pub(super) fn number<T: egui::emath::Numeric>(ui: &mut Ui, knob: &Knob, value: &mut T, dial: &Dial<T>, enabled: bool) {
    row(ui, knob, enabled, |ui| {
        let size = egui::vec2(VALUE_WIDTH, ui.spacing().interact_size.y);
        (dial.add(ui, knob, size, value), ())
    });
    refused::reason_ui(ui, knob, value.to_f64());
}

/// A number that the program can work out: a switch `auto`, and the number. `worked_out` is what auto means at present.
pub(super) fn auto<T>(
    ui: &mut Ui,
    knob: &Knob,
    value: &mut Auto<T>,
    worked_out: Option<T>,
    start: T,
    dial: &Dial<T>,
    enabled: bool,
) where
    T: egui::emath::Numeric,
{
    row(ui, knob, enabled, |ui| {
        let height = ui.spacing().interact_size.y;
        let is_auto = value.set().is_none();
        ui.spacing_mut().item_spacing.x = 4.0;
        let switch_width = 44.0;
        let tip = "Let the program work it out from the data";
        let switch = ui.add_sized([switch_width, height], egui::Button::selectable(is_auto, "auto"));
        switch.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::CheckBox, enabled, is_auto, format!("{}, automatic", knob.label))
        });
        let switch = switch.on_hover_text(tip);
        let size = egui::vec2(VALUE_WIDTH - switch_width - 4.0, height);
        let response = if let Auto::Set(number) = value {
            name_it(dial.add(ui, knob, size, number), knob)
        } else {
            // A click on the worked-out value takes it over.
            let text = worked_out.map_or_else(|| "set…".to_owned(), |v| shown(v.to_f64(), dial.decimals));
            let weak = Tokens::in_ui(ui).text_weak;
            let take = ui.add_sized(size, egui::Button::new(RichText::new(text).color(weak)));
            take.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Button, enabled, format!("{}, set by hand", knob.label))
            });
            let from = worked_out.unwrap_or(start);
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
            *value = if is_auto { Auto::Set(worked_out.unwrap_or(start)) } else { Auto::Auto };
        }
        (response, ())
    });
    if let Auto::Set(number) = value {
        refused::reason_ui(ui, knob, number.to_f64());
    }
}

fn shown(value: f64, decimals: usize) -> String {
    if decimals == 0 { crate::app::format::count(value.max(0.0) as usize) } else { crate::app::format::number(value) }
}

/// One of a few: the names and sentences are those of the flag's values.
pub(super) fn choice<T: ValueEnum + PartialEq>(ui: &mut Ui, knob: &Knob, value: &mut T, enabled: bool) {
    row(ui, knob, enabled, |ui| {
        let name = |v: &T| v.to_possible_value().map(|p| p.get_name().replace('-', " ")).unwrap_or_default();
        let combo = combo(knob.flag, VALUE_WIDTH).selected_text(name(value));
        let shown = combo.show_ui(ui, |ui| {
            for variant in T::value_variants() {
                let help = variant.to_possible_value().and_then(|p| p.get_help().map(ToString::to_string));
                let option = ui.selectable_label(*variant == *value, name(variant));
                let option = match help {
                    Some(help) => option.on_hover_text(help),
                    None => option,
                };
                if option.clicked() {
                    *value = variant.clone();
                }
            }
        });
        (shown.response, ())
    });
}

/// Yes or no.
pub(super) fn switch(ui: &mut Ui, knob: &Knob, value: &mut bool, enabled: bool) {
    row(ui, knob, enabled, |ui| {
        let text = if *value { "on" } else { "off" };
        let response = ui.checkbox(value, text);
        let on = *value;
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, enabled, on, knob.label));
        (response, ())
    });
}

/// A file or folder, typed or chosen; nothing where the text is empty, which `hint` explains. True when a dialog is wanted.
pub(super) fn path(ui: &mut Ui, knob: &Knob, value: &mut Option<PathBuf>, hint: &str) -> bool {
    row(ui, knob, true, |ui| {
        let mut text = value.as_ref().map(|f| f.display().to_string()).unwrap_or_default();
        let height = ui.spacing().interact_size.y;
        ui.spacing_mut().item_spacing.x = 4.0;
        let size = egui::vec2(VALUE_WIDTH - height - 8.0, height);
        let response = ui.add_sized(size, egui::TextEdit::singleline(&mut text).hint_text(hint));
        if response.changed() {
            *value = (!text.trim().is_empty()).then(|| PathBuf::from(text.trim()));
        }
        let choose = ui.add_sized([height + 4.0, height], egui::Button::new("…"));
        let name = format!("Choose {}…", knob.label.to_lowercase());
        choose.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        (response, choose.on_hover_text(name).clicked())
    })
}

/// A text that must parse: what was typed stays visible with the reason until it does.
pub(super) fn text<T>(ui: &mut Ui, knob: &Knob, value: &mut T, draft: &mut Option<String>, hint: &str, enabled: bool)
where
    T: std::str::FromStr<Err: std::fmt::Display> + std::fmt::Display,
{
    let tokens = Tokens::in_ui(ui);
    let mut typed = draft.clone().unwrap_or_else(|| value.to_string());
    let reason = |typed: &str| typed.trim().parse::<T>().err().map(|e| e.to_string());
    let mut refused = draft.as_deref().and_then(reason);
    row(ui, knob, enabled, |ui| {
        let size = egui::vec2(VALUE_WIDTH, ui.spacing().interact_size.y);
        let color = if refused.is_some() { tokens.bad } else { tokens.text_strong };
        let edit = egui::TextEdit::singleline(&mut typed).hint_text(hint).text_color(color);
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
