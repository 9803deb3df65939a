//! What the three views share, above them: colours, tools, and what a selection does.

use eframe::egui::{self, Align, Layout, RichText, Ui};

use super::Centre;
use super::legend::legend_ui;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::icons::combo;
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::is_connected;
use crate::app::shown::coloring::{ColorBy, Legend};
use crate::app::views::scatter::{Effect, Tool};
use crate::pipeline::Snapshot;

/// With less room than this the effects are a list instead of a row of buttons, in points.
const WIDE: f32 = 900.0;

impl Centre {
    pub(super) fn toolbar_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot, by: ColorBy, legend: &Legend) {
        let dark = Tokens::in_ui(ui).dark;
        let wide = ui.available_width() >= WIDE;
        ui.horizontal(|ui| {
            focus::group(ui, "views", Kind::Once, |ui| {
                self.color_ui(ui, snapshot, by);
                self.fiedler_ui(ui, snapshot, by);
                ui.separator();
                self.tools_ui(ui);
                let fit = UiCommand::FitViews.tooltip(ui.ctx());
                if ui.button("Fit").on_hover_text(fit).clicked() {
                    self.fit();
                }
                ui.separator();
                self.effects_ui(ui, wide);
                self.selected_ui(ui);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| legend_ui(ui, legend, dark));
        });
    }

    fn color_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot, by: ColorBy) {
        let label = ui.label(RichText::new("Colour by").color(Tokens::in_ui(ui).text_weak));
        let combo = combo("colour by", 118.0).selected_text(by.name(snapshot));
        let shown = combo.height(420.0).show_ui(ui, |ui| {
            for choice in ColorBy::choices(snapshot) {
                if ui.selectable_label(choice == by, choice.name(snapshot)).clicked() {
                    self.color_by = Some(choice);
                }
            }
        });
        shown.response.labelled_by(label.id).on_hover_text("What the colour of a point means, the same in all views");
    }

    /// One click colours by the Fiedler vector, another goes back to what the data suggests.
    fn fiedler_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot, by: ColorBy) {
        let fiedler = ColorBy::fiedler(snapshot);
        let on = fiedler == Some(by);
        let tip = if is_connected(snapshot) {
            "Colour by the second eigenvector: it runs along the graph from end to end, and its change of sign approximates the best balanced cut in two"
        } else {
            "Colour by the second eigenvector: the graph is in parts, which it tells apart and no more"
        };
        let button = ui.add_enabled(fiedler.is_some(), egui::Button::selectable(on, "Fiedler"));
        if button
            .on_hover_text(tip)
            .on_disabled_hover_text("There is a Fiedler vector once two eigenvectors are found")
            .clicked()
        {
            self.color_by = if on { None } else { fiedler };
        }
    }

    fn tools_ui(&mut self, ui: &mut Ui) {
        let now = self.tool();
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for (tool, name, command) in [
                (Tool::Navigate, "Move", UiCommand::ToolMove),
                (Tool::Lasso, "Lasso", UiCommand::ToolLasso),
                (Tool::Rectangle, "Box", UiCommand::ToolBox),
            ] {
                let button = ui.add(egui::Button::selectable(now == tool, name));
                if button.on_hover_text(command.tooltip(ui.ctx())).clicked() {
                    self.set_tool(tool);
                }
            }
        });
    }

    /// The switch of what a selection does; keys held down show on it what they make of it.
    fn effects_ui(&mut self, ui: &mut Ui, wide: bool) {
        let set = self.selection.effect;
        let now = set.held(ui.input(|i| i.modifiers));
        if !wide {
            let combo = combo("effect", 84.0).selected_text(now.name());
            let shown = combo.show_ui(ui, |ui| {
                for effect in Effect::ALL {
                    let choice = ui.selectable_label(effect == set, effect.name());
                    if choice.on_hover_text(command(effect).tooltip(ui.ctx())).clicked() {
                        self.selection.effect = effect;
                    }
                }
            });
            let name = || egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "What a selection does");
            shown.response.widget_info(name);
            return;
        }
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for effect in Effect::ALL {
                let button = ui.add(egui::Button::selectable(effect == now, effect.name()));
                button.widget_info(|| {
                    let name = format!("Selection: {}", effect.name().to_lowercase());
                    egui::WidgetInfo::selected(egui::Role::RadioButton, true, effect == set, name)
                });
                if button.on_hover_text(command(effect).tooltip(ui.ctx())).clicked() {
                    self.selection.effect = effect;
                }
            }
        });
    }

    fn selected_ui(&mut self, ui: &mut Ui) {
        if self.selection.count() == 0 {
            return;
        }
        ui.label(format!("{} selected", format::count(self.selection.count())));
        let clear = UiCommand::ClearSelection.tooltip(ui.ctx());
        if ui.button("Clear").on_hover_text(clear).clicked() {
            self.selection.clear();
        }
    }
}

/// The command that sets the switch to an effect.
fn command(effect: Effect) -> UiCommand {
    match effect {
        Effect::Replace => UiCommand::SelectReplace,
        Effect::Add => UiCommand::SelectAdd,
        Effect::Remove => UiCommand::SelectRemove,
        Effect::Intersect => UiCommand::SelectIntersect,
    }
}
