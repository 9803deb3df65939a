//! The bar under the views: the looks of the training along a line, to go to with the mouse or the keys, and to play.

use eframe::egui::{self, Align, Layout, Margin, Panel, RichText, Ui};

use super::past::SPEEDS;
use super::twins::Twins;
use crate::app::kit::combo::combo;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Region};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shell::state::App;
use crate::app::shown::pins::Pins;

/// Height of the bar, in points.
const HEIGHT: f32 = 28.0;
/// The lowest window that has room for it.
const LOWEST: f32 = 420.0;
/// Room of the words to the right of the line.
const WORDS: f32 = 138.0;

impl App {
    /// The bar, where something is trained and the window has room for it.
    pub(in crate::app::shell) fn time_panel(&mut self, ui: &mut Ui) {
        if !self.job.recipe.learn && self.recording().is_none() || ui.ctx().content_rect().height() < LOWEST {
            return;
        }
        let frame = egui::Frame::new().inner_margin(Margin { left: 8, right: 8, top: 2, bottom: 0 });
        Panel::bottom("time").frame(frame).resizable(false).exact_size(HEIGHT).show(ui, |ui| {
            focus::region(ui, Region::Dock, |ui| ui.horizontal_centered(|ui| self.time_ui(ui)));
        });
    }

    fn time_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        let ctx = ui.ctx().clone();
        self.twins_ui(ui);
        let Some(recording) = self.recording().cloned() else {
            let large = self.run.shown.as_ref().is_some_and(|shown| shown.recording.is_too_large());
            let text = if large {
                "No recording: the samples are too many to keep the looks of a training"
            } else {
                "Time: once a training runs, each look at it is kept here, to be shown again"
            };
            ui.label(RichText::new(text).small().color(tokens.text_weak));
            return;
        };
        let looks = recording.looks();
        let mut chosen = None;
        let mut button = |ui: &mut Ui, command: UiCommand, text: &str, on: bool| {
            let response = ui.add_enabled(on, egui::Button::new(text).small());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, on, command.text()));
            if response.on_hover_text(command.tooltip(ui.ctx())).clicked() {
                chosen = Some(command);
            }
        };
        ui.spacing_mut().item_spacing.x = 4.0;
        let play = if self.past.playing { "Pause" } else { "Play" };
        button(ui, UiCommand::PlayPast, play, true);
        button(ui, UiCommand::EarlierLook, "<", self.place() > 0);
        button(ui, UiCommand::LaterLook, ">", self.past_step().is_some());
        self.speed_ui(ui);
        self.pins_ui(ui);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            button(ui, UiCommand::Now, "Now", self.past_step().is_some());
            let words = match self.past.look() {
                Some(look) => format!("step {} of {}", format::count(look.step), format::count(look.steps)),
                None => format!("now, {}", format::counted(looks.len(), "look")),
            };
            let ink = if self.past_step().is_some() { tokens.warning } else { tokens.text_weak };
            let label = egui::Label::new(RichText::new(&words).small().color(ink)).truncate();
            ui.add_sized([WORDS, 16.0], label);
            self.place_ui(ui, looks.len(), &words);
        });
        if let Some(command) = chosen {
            self.execute(&ctx, command);
        }
    }

    /// The slider over the looks, whose right end is what is now; Home and End go to its ends.
    fn place_ui(&mut self, ui: &mut Ui, looks: usize, words: &str) {
        let before = self.place();
        let mut place = before;
        ui.spacing_mut().slider_width = ui.available_width() - 4.0;
        let slider = egui::Slider::new(&mut place, 0..=looks).show_value(false);
        let response = ui.add(slider).on_hover_text("The looks of this training; the right end is what is now");
        response.widget_info(|| egui::WidgetInfo::slider(true, place as f64, format!("Time, {words}")));
        let ends = [(egui::Key::Home, 0), (egui::Key::End, looks)];
        let keyed = ends.into_iter().find(|(key, _)| response.has_focus() && ui.input(|i| i.key_pressed(*key)));
        let wanted = keyed.map_or(place, |(_, end)| end);
        if wanted != before {
            self.past.playing = false;
            self.look_back(wanted);
            ui.ctx().request_repaint();
        }
    }

    /// The pin of the run shown, and the runs that are pinned.
    fn pins_ui(&mut self, ui: &mut Ui) {
        let current = self.current_run();
        let on = current.is_some_and(|id| self.centre.pins.has(id));
        let pin = ui.add_enabled(current.is_some(), egui::Button::selectable(on, "Pin").small());
        pin.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, UiCommand::Pin.text()));
        let tip = UiCommand::Pin.tooltip(ui.ctx());
        if pin.on_hover_text(tip).on_disabled_hover_text("A run that has ended can be pinned").clicked() {
            self.toggle_pin();
        }
        let tokens = Tokens::in_ui(ui);
        let mut gone = None;
        for (at, pin) in self.centre.pins.all().iter().enumerate() {
            let text = RichText::new(format::short(&pin.name, 18)).small().color(Pins::color(at, tokens));
            if ui.small_button(text).on_hover_text(format!("{} is pinned; a click takes it out", pin.name)).clicked() {
                gone = Some(pin.id);
            }
        }
        if let Some(id) = gone {
            self.centre.pins.unpin(id);
        }
    }

    /// The menu of pairs of trainings.
    fn twins_ui(&mut self, ui: &mut Ui) {
        let mut wanted = None;
        ui.add_enabled_ui(self.can_twin(), |ui| {
            let menu = ui.menu_button(RichText::new("Twins").small(), |ui| {
                ui.set_min_width(240.0);
                for twins in Twins::ALL {
                    if ui.button(twins.title()).on_hover_text(twins.tip()).clicked() {
                        wanted = Some(twins);
                        ui.close();
                    }
                }
            });
            let tip = "Train twice with one thing changed, and pin both to compare them";
            menu.response
                .on_hover_text(tip)
                .on_disabled_hover_text("With data open, SpectralNet chosen and nothing training");
        });
        if let Some(twins) = wanted {
            self.train_twins(twins);
        }
    }

    fn speed_ui(&mut self, ui: &mut Ui) {
        let name = |speed: usize| format!("{}×", SPEEDS[speed.min(SPEEDS.len() - 1)]);
        let combo = combo("speed of time", 44.0).selected_text(RichText::new(name(self.past.speed)).small());
        let shown = combo.show_ui(ui, |ui| {
            for speed in 0..SPEEDS.len() {
                ui.selectable_value(&mut self.past.speed, speed, name(speed));
            }
        });
        let response = shown.response.on_hover_text("How fast the looks follow each other");
        let text = name(self.past.speed);
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Speed of time");
            info.current_text_value = Some(text.clone());
            info
        });
    }
}
