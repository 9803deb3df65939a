//! What the three views share, above them: colours, tools, and what a selection does.

use eframe::egui::{self, Align, Layout, RichText, Ui};

use super::legend::{Done, legend_ui};
use super::{Centre, Marks};
use crate::app::kit::combo::combo;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::is_connected;
use crate::app::shown::coloring::{ColorBy, Legend};
use crate::app::shown::labels::{Labels, Wanted, side};
use crate::app::views::scatter::{Effect, Tool};
use crate::pipeline::Snapshot;

/// With less room than this the effects are a list instead of a row of buttons, in points.
const WIDE: f32 = 840.0;
/// With less room than this the bar has two rows: the legend keeps its names beside what comes with a selection.
const ONE_ROW: f32 = 1400.0;

/// Rows that the bar needs in the room there is, whatever is selected: nothing moves when something is.
fn rows(ui: &Ui) -> u8 {
    if ui.available_width() < ONE_ROW { 2 } else { 1 }
}

/// The height of the bar, in points.
pub(super) fn height(ui: &Ui) -> f32 {
    let rows = f32::from(rows(ui));
    rows * ui.spacing().interact_size.y + (rows - 1.0) * ui.spacing().item_spacing.y
}

/// Closer together than elsewhere: the bar is full.
fn close(ui: &mut Ui) {
    (ui.spacing_mut().item_spacing.x, ui.spacing_mut().button_padding.x) = (5.0, 6.0);
}

impl Centre {
    /// Draws it; what is wanted of the selected points, and a command that was clicked.
    pub(super) fn toolbar_ui(
        &mut self,
        ui: &mut Ui,
        (snapshot, by): (&Snapshot, ColorBy),
        legend: &Legend,
        labels: &Labels,
        marks: &Marks,
    ) -> (Option<Wanted>, Option<UiCommand>) {
        let dark = Tokens::in_ui(ui).dark;
        let wide = ui.available_width() >= WIDE;
        let rows = rows(ui);
        let (mut wanted, mut command, mut done) = (None, None, None);
        let alone = self.alone.entry(by);
        // Where two rows are needed the legend stands in the first, so that it has what the colours have not.
        let mut legend_in = |ui: &mut Ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| done = legend_ui(ui, legend, alone, dark));
        };
        focus::group(ui, "views", Kind::Once, |ui| {
            ui.horizontal(|ui| {
                close(ui);
                self.color_ui(ui, snapshot, by);
                self.fiedler_ui(ui, snapshot, by);
                if let Some(on) = marks.live
                    && live_ui(ui, on)
                {
                    command = Some(UiCommand::Live);
                }
                command = self.graph_menu_ui(ui, snapshot).or(command);
                command = self.map_menu_ui(ui, snapshot).or(command);
                if rows == 1 {
                    ui.separator();
                    (wanted, command) = self.second_ui(ui, (snapshot, by), labels, (wide, command));
                }
                legend_in(ui);
            });
            if rows > 1 {
                ui.horizontal(|ui| {
                    close(ui);
                    (wanted, command) = self.second_ui(ui, (snapshot, by), labels, (wide, command));
                });
            }
        });
        if let Some(done) = done {
            let effect = self.selection.effect.held(ui.input(|i| i.modifiers));
            self.legend_done((done, effect), by, snapshot, labels);
        }
        (wanted, command)
    }

    /// The half of the bar that works on points: tools, what a selection does, and what can be said of one.
    fn second_ui(
        &mut self,
        ui: &mut Ui,
        (snapshot, by): (&Snapshot, ColorBy),
        labels: &Labels,
        (wide, mut command): (bool, Option<UiCommand>),
    ) -> (Option<Wanted>, Option<UiCommand>) {
        self.tools_ui(ui);
        let fit = UiCommand::FitViews.tooltip(ui.ctx());
        if ui.button("Fit").on_hover_text(fit).clicked() {
            self.fit();
        }
        ui.separator();
        self.effects_ui(ui, wide);
        let query = UiCommand::Query;
        if ui.button("Query…").on_hover_text(query.tooltip(ui.ctx())).clicked() {
            command = Some(query);
        }
        self.selected_ui(ui);
        let any = self.selection.count() > 0;
        (if any { label_menu_ui(ui, by, snapshot, labels) } else { None }, command)
    }

    /// Does what was done with an entry of the legend.
    pub(super) fn legend_done(
        &mut self,
        (done, effect): (Done, Effect),
        by: ColorBy,
        snapshot: &Snapshot,
        labels: &Labels,
    ) {
        match done {
            Done::Selected(id) => {
                let Some((ids, _)) = labels.ids(by, snapshot) else { return };
                let points: Vec<u32> = (0..).zip(ids).filter_map(|(i, &of)| (of == id).then_some(i)).collect();
                self.selection.apply(effect, points);
            }
            Done::Isolated(id) => {
                // The first of the two clicks selected them.
                self.selection.give_back_click();
                self.alone.toggle(by, id);
            }
        }
    }

    fn color_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot, by: ColorBy) {
        let label = ui.label(RichText::new("Colour by").color(Tokens::in_ui(ui).text_weak));
        // While something moves the colours are its own.
        let moving = self.graph.moving.what.filter(|_| self.graph.moving.from.is_some());
        let named = moving.map_or_else(|| by.name(snapshot), |what| what.name().to_lowercase());
        let combo = combo("colour by", 118.0).selected_text(named);
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
        let on = ColorBy::is_fiedler(by);
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

/// The switch that lets the picture follow the settings; whether it was clicked.
fn live_ui(ui: &mut Ui, on: bool) -> bool {
    let button = ui.add(egui::Button::selectable(on, "Live"));
    button.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, "Live"));
    button.on_hover_text(UiCommand::Live.tooltip(ui.ctx())).clicked()
}

/// What can be said of the selected points.
fn label_menu_ui(ui: &mut Ui, by: ColorBy, snapshot: &Snapshot, labels: &Labels) -> Option<Wanted> {
    let sides = [by, ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline];
    let by = sides.into_iter().find(|&by| side(by).is_some() && labels.ids(by, snapshot).is_some());
    let mut wanted = None;
    ui.add_enabled_ui(by.is_some(), |ui| {
        let menu = ui.menu_button("Label", |ui| {
            let Some(by) = by else { return };
            ui.set_min_width(190.0);
            let name = by.name(snapshot);
            let solver = name.strip_prefix("cluster, ").unwrap_or(&name);
            ui.label(RichText::new(format!("Assign to · {solver} clusters")).small());
            egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                for (id, count) in labels.seen(by, snapshot) {
                    let entry = labels.labelled(by).and_then(|l| l.entries.get(id as usize));
                    if entry.is_some_and(|entry| entry.outliers) {
                        continue;
                    }
                    let name = format::short(&labels.name(by, id, snapshot), 24);
                    if ui.button(format!("{name} · {}", format::count(count))).clicked() {
                        wanted = Some(Wanted::Assign(id));
                        ui.close();
                    }
                }
            });
            ui.separator();
            for (command, what, text) in [
                (UiCommand::AssignNew, Wanted::AssignNew, "A new cluster"),
                (UiCommand::Outliers, Wanted::Outliers, "Outliers"),
                (UiCommand::Accept, Wanted::Accept, "Accept as they are"),
                (UiCommand::GiveBack, Wanted::GiveBack, "Give back to the solver"),
            ] {
                let keys = command.keys(ui.ctx()).unwrap_or_default();
                if ui.add(egui::Button::new(text).shortcut_text(keys)).on_hover_text(command.tip()).clicked() {
                    wanted = Some(what);
                    ui.close();
                }
            }
        });
        let tip = "Say what the selected points are";
        menu.response.on_hover_text(tip).on_disabled_hover_text("There are labels once a solver is through");
    });
    wanted
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
