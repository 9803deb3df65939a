//! What one paints with, above the plane.

use eframe::egui::{self, Align, Layout, RichText, Slider, Ui, vec2};

use super::keys::RADIUS;
use super::{Answer, Around, Paint, Tool, Wanted, tint};
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::data::Painted;

/// Points of a dab at most, and noise in hundredths of the plane's width.
const DENSEST: usize = 60;
const NOISIEST: f32 = 20.0;
const SLIDER: f32 = 56.0;

impl Paint {
    pub(super) fn bar_ui(&mut self, ui: &mut Ui, around: &Around<'_>, answer: &mut Answer) {
        Self::title_ui(ui, around, answer);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(2.0, 2.0);
            focus::group(ui, "paint tools", Kind::Once, |ui| {
                for tool in Tool::ALL {
                    let on = self.tool == tool;
                    let button = ui.add(egui::Button::selectable(on, tool.name()));
                    button.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, on, tool.name()));
                    if button.on_hover_text(tool.tip()).clicked() {
                        self.tool = tool;
                    }
                }
                ui.separator();
                let tip = "Take every point away; undo brings them back";
                let clear = ui.add_enabled(!around.painted.is_empty(), egui::Button::new("Clear"));
                if clear.on_hover_text(tip).clicked() {
                    (answer.painted, answer.done) = (Some(Painted::default()), true);
                }
            });
        });
        self.classes_ui(ui);
        self.brush_ui(ui);
        self.noise_ui(ui, around, answer);
        ui.add_space(2.0);
    }

    fn title_ui(ui: &mut Ui, around: &Around<'_>, answer: &mut Answer) {
        let tokens = Tokens::in_ui(ui);
        ui.horizontal(|ui| {
            ui.label(RichText::new("Painting").color(tokens.text_strong).strong());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let tip = "Look at the points in the input view again; they stay";
                if ui
                    .button("Done")
                    .on_hover_text(
                        UiCommand::Paint.keys(ui.ctx()).map_or_else(|| tip.to_owned(), |keys| format!("{tip}\n{keys}")),
                    )
                    .clicked()
                {
                    answer.wanted = Some(Wanted::Leave);
                }
                let tip = "Write the points to a CSV file, which `eigenscope run` reads as they are";
                let save = ui.add_enabled(!around.painted.is_empty(), egui::Button::new("Save CSV…"));
                if save.on_hover_text(tip).clicked() {
                    answer.wanted = Some(Wanted::Save);
                }
                let count = around.painted.len();
                let full = count >= Painted::MOST;
                let text = format::counted(count, "point");
                let ink = if full { tokens.warning } else { tokens.text_weak };
                let words = if full { format!("{text}, the most") } else { text };
                ui.add(egui::Label::new(RichText::new(words).small().color(ink)).truncate());
            });
        });
    }

    /// The class of new points.
    fn classes_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        let [r, g, b, _] = tokens.text.to_array();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(2.0, 2.0);
            ui.spacing_mut().button_padding.x = 6.0;
            ui.label(RichText::new("Class").small().color(tokens.text_weak));
            focus::group(ui, "paint classes", Kind::Once, |ui| {
                for class in 0..=Painted::CLASSES {
                    let (text, name, tip) = if class == 0 {
                        ("none".to_owned(), "No class".to_owned(), "New points have no class\n0 in the picture".to_owned())
                    } else {
                        let tip = format!("New points have class {class}: it colours and scores, and no training sees it\n{class} in the picture");
                        (class.to_string(), format!("Class {class}"), tip)
                    };
                    let on = self.class == class;
                    let button = ui.add(egui::Button::selectable(on, text).frame_when_inactive(true));
                    button.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, on, &name));
                    let [r, g, b, _] = tint::of_class(class, tokens.dark, [r, g, b]);
                    let mut bar = button.rect.shrink2(vec2(2.0, 0.0));
                    bar.set_top(bar.bottom() - 3.0);
                    ui.painter().rect_filled(bar, 1.0, egui::Color32::from_rgb(r, g, b));
                    if button.on_hover_text(tip).clicked() {
                        self.class = class;
                    }
                }
            });
        });
    }

    fn brush_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            slim(ui);
            let size = Slider::new(&mut self.radius, RADIUS).logarithmic(true).fixed_decimals(0).suffix(" px");
            slider_ui(ui, "Size", size, "Radius of the brush on the screen\n[ and ] in the picture");
            let density = Slider::new(&mut self.density, 1..=DENSEST);
            slider_ui(ui, "Density", density, "Points of a dab, and of a line as long as the brush is wide");
        });
    }

    fn noise_ui(&mut self, ui: &mut Ui, around: &Around<'_>, answer: &mut Answer) {
        ui.horizontal(|ui| {
            slim(ui);
            let noise = Slider::new(&mut self.noise, 0.1..=NOISIEST).logarithmic(true).max_decimals(1).suffix(" %");
            slider_ui(ui, "Noise", noise, "Standard deviation of the noise, in hundredths of the plane's width");
            let can = !around.painted.is_empty();
            let add = ui.add_enabled(can, egui::Button::new("Add noise"));
            let tip = "Move each point, or each selected one, a little at random; the seed of the settings decides how";
            if add.on_hover_text(tip).clicked() {
                (answer.painted, answer.done) = (Some(self.shaken(around)), true);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let tip = "Colour the points by their classes; otherwise they have the colours of the other views";
                let on = self.by_class;
                let button = ui.add(egui::Button::selectable(on, "By class").frame_when_inactive(true));
                button.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, "Colour by class"));
                if button.on_hover_text(tip).clicked() {
                    self.by_class = !on;
                }
            });
        });
    }
}

/// Room for two sliders in a narrow view.
fn slim(ui: &mut Ui) {
    ui.spacing_mut().item_spacing.x = 4.0;
    ui.spacing_mut().slider_width = SLIDER;
    ui.spacing_mut().interact_size.x = 30.0;
}

fn slider_ui(ui: &mut Ui, name: &str, slider: Slider<'_>, tip: &str) {
    let label = ui.label(RichText::new(name).small().color(Tokens::in_ui(ui).text_weak));
    ui.add(slider).labelled_by(label.id).on_hover_text(tip);
}
