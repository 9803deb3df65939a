//! The control of a number: what is typed must lie in its range, and turning it ends at the ends of that.

use std::cell::Cell;

use eframe::egui::{self, DragValue, Key, Modifiers, Response, Ui};

use super::caption::Caption;
use super::refused;
use crate::recipe::knobs::{Range, Step};

/// Change of a whole number per point of dragging.
const WHOLE_SPEED: f64 = 0.25;

/// How a number is turned.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Dial {
    /// What it may be.
    pub(in crate::app) range: Range,
}

impl Dial {
    /// The control itself. What is typed and cannot be changes nothing; [`refused::reason_ui`] then has the reason. Dragging ends
    /// at the ends of the range, and a value that stands outside already, as a file may bring it, stays until it is changed.
    pub(in crate::app) fn add<T: egui::emath::Numeric>(
        &self,
        ui: &mut Ui,
        caption: &Caption,
        size: egui::Vec2,
        value: &mut T,
    ) -> Response {
        let typed = Cell::new(None);
        let before = value.to_f64();
        let response = ui.add_sized(size, |ui: &mut Ui| {
            let steps = self.by_keys(ui, value);
            ui.add(self.widget(value, steps, &typed))
        });
        // A screen reader sets a number without typing it.
        let (now, mut outside) = (value.to_f64(), None);
        if response.changed() && !self.range.typed().contains(&now) {
            outside = refused::read(&now.to_string(), &self.range).err();
            *value = T::from_f64(before);
        } else if response.changed() && self.at_an_open_end(now) {
            *value = self.moved(*value, 0.0);
        }
        match (typed.into_inner(), outside) {
            (_, Some(reason)) | (Some(Err(reason)), _) => refused::keep(ui, caption, value.to_f64(), Some(reason)),
            (Some(Ok(())), None) => refused::keep(ui, caption, value.to_f64(), None),
            (None, None) => {}
        }
        response
    }

    /// Whether turning went all the way to an end that is not included, where no one types a number.
    fn at_an_open_end(&self, now: f64) -> bool {
        let (typed, turned) = (self.range.typed(), self.range.turned());
        let is = |end: f64| now.total_cmp(&end).is_eq();
        (is(*typed.start()) || is(*typed.end())) && !turned.contains(&now)
    }

    /// What an arrow key changes: one of whole numbers, a tenth of a rate's leading digit, else a hundredth or what is shown.
    fn step(&self, now: f64) -> f64 {
        if self.range.step == Step::Share {
            return 10_f64.powf(now.abs().max(f64::MIN_POSITIVE).log10().floor() - 1.0);
        }
        10_f64.powi(-(self.range.decimals().min(2) as i32))
    }

    /// Whether the number to come has the keyboard, so that the upright arrows step; Page Up and Page Down go ten steps.
    fn by_keys<T: egui::emath::Numeric>(&self, ui: &mut Ui, value: &mut T) -> bool {
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

    /// The value some steps away, within what turning comes to.
    pub(in crate::app) fn moved<T: egui::emath::Numeric>(&self, value: T, steps: f64) -> T {
        let (low, high) = self.range.turned().into_inner();
        // An end that the data sets may lie below the least.
        T::from_f64((value.to_f64() + steps * self.step(value.to_f64())).min(high).max(low))
    }

    /// egui takes one speed for dragging and for keys, and by that of dragging a key would not reach the next whole number. `typed` is
    /// told what became of a text.
    fn widget<'a, T: egui::emath::Numeric>(
        &self,
        value: &'a mut T,
        steps: bool,
        typed: &'a Cell<Option<Result<(), String>>>,
    ) -> DragValue<'a> {
        let now = value.to_f64();
        // Large values move in steps of their own size.
        let drag = match self.range.step {
            Step::Share => now.abs() * 0.01,
            Step::Whole => WHOLE_SPEED.max(now.abs() * 0.005 * WHOLE_SPEED),
            Step::Fine(speed, _) => speed.max(now.abs() * 0.005 * speed.min(1.0)),
        };
        let range = self.range;
        let parse = move |text: &str| {
            let text = if range.zero == Some(text.trim()) { "0" } else { text };
            let read = refused::read(text, &range);
            let number = read.as_ref().ok().copied().flatten();
            typed.set(Some(read.map(drop)));
            number
        };
        let speed = if steps { self.step(now) } else { drag };
        let (least, most) = range.typed().into_inner();
        let drag = DragValue::new(value)
            .range(T::from_f64(least)..=T::from_f64(most))
            .clamp_existing_to_range(false)
            .update_while_editing(false)
            .speed(speed)
            .max_decimals(range.decimals())
            .custom_parser(parse);
        if range.step == Step::Share {
            drag.custom_formatter(|v, _| if v < 0.001 { format!("{v:.1e}") } else { format!("{v}") })
        } else if let Some(word) = range.zero {
            drag.custom_formatter(move |v, _| if v == 0.0 { word.to_owned() } else { format!("{v}") })
        } else {
            drag
        }
    }
}
