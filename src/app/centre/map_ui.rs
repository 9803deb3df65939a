//! The menu of the map over the plane, and the card of the new point in it.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{self, RichText, Ui};

use super::Centre;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, bordered};
use crate::app::shown::axes::{Axis, Side};
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::Labels;
use crate::app::shown::plane::{Landed, Plane, Shows};
use crate::pipeline::Snapshot;

impl Centre {
    /// The menu of the map; a command that was chosen.
    pub(super) fn map_menu_ui(&mut self, ui: &mut Ui, snapshot: &Snapshot) -> Option<UiCommand> {
        let mut command = None;
        let can = self.has_plane(snapshot) && (snapshot.network.is_some() || snapshot.exact.is_some());
        ui.add_enabled_ui(can, |ui| {
            let button = MenuButton::from_button(egui::Button::new("Map").selected(can && self.map.on));
            let (menu, _) = button.ui(ui, |ui| {
                ui.set_min_width(210.0);
                let keys = UiCommand::Map.keys(ui.ctx()).unwrap_or_default();
                let button = egui::Button::selectable(self.map.on, "Map over the plane").shortcut_text(keys);
                if ui.add(button).on_hover_text(UiCommand::Map.tip()).clicked() {
                    command = Some(UiCommand::Map);
                }
                let quiet = |text: &str| RichText::new(text).small().color(Tokens::in_ui(ui).text_weak);
                let heads = [quiet("Filled by"), quiet("What it shows")];
                let [by, what] = heads;
                ui.label(by);
                ui.scope(|ui| {
                    bordered(ui);
                    for (exact, name, tip) in [
                        (false, "the network", "What the learned map makes of every place"),
                        (true, "Nyström's extension", "What the exact eigenvectors become where there is no sample"),
                    ] {
                        let there = if exact { snapshot.exact.is_some() } else { snapshot.network.is_some() };
                        let on = (self.map.filled(snapshot) == Side::Exact) == exact;
                        if ui.add_enabled(there, egui::RadioButton::new(on, name)).on_hover_text(tip).clicked() {
                            (self.map.exact, self.map.on) = (exact, true);
                        }
                    }
                });
                ui.label(what);
                let k = self.map.filled(snapshot).space(snapshot).map_or(0, |space| space.vectors.ncols());
                let shows = self.map.shows_of(snapshot);
                egui::ScrollArea::vertical().max_height(220.0).show(ui, |ui| {
                    bordered(ui);
                    let vectors = (0..k).map(|j| (Shows::Vector(j), Axis::Vector(j).name(snapshot)));
                    for (what, name) in [(Shows::Clusters, "clusters".to_owned())].into_iter().chain(vectors) {
                        if ui.radio(shows == what, name).clicked() {
                            (self.map.shows, self.map.on) = (Some(what), true);
                        }
                    }
                });
                ui.separator();
                let place = ui.button("New point in the middle");
                if place
                    .on_hover_text("Put a point that is no sample into the plane; a click on an empty place does too")
                    .clicked()
                    && let Some(plane) = self.plane(snapshot)
                {
                    self.map.on = true;
                    self.map.put(plane.bounds.map(|[low, high]| f64::midpoint(low, high)));
                    ui.close();
                }
            });
            let tip = "What both solvers make of every place of the input view, between the samples too";
            let why = "The input view has to show two features on its axes, and a solver has to be through";
            menu.on_hover_text(tip).on_disabled_hover_text(why);
        });
        command
    }

    /// The card of the new point.
    pub(super) fn landed_ui(&mut self, ctx: &egui::Context, area: egui::Rect, snapshot: &Snapshot, labels: &Labels) {
        let (Some(mut at), true) = (self.map.point, self.map.on) else { return };
        let Some(plane) = self.plane(snapshot) else { return };
        let names = plane.features.map(|j| Axis::Feature(j).name(snapshot));
        let landed = self.map.landed.clone();
        let window = egui::Area::new(egui::Id::unique("new point")).pivot(egui::Align2::RIGHT_BOTTOM);
        let corner = area.right_bottom() - egui::vec2(16.0, 40.0);
        let shown = window.default_pos(corner).order(egui::Order::Middle).constrain_to(area).show(ctx, |ui| {
            egui::Frame::popup(ui.style())
                .show(ui, |ui| point_ui(ui, (&names, &plane), &mut at, landed.as_ref(), (snapshot, labels)))
                .inner
        });
        self.map.point = if shown.inner { None } else { Some(at) };
    }
}

/// What is known of the new point; true when it is to go.
fn point_ui(
    ui: &mut Ui,
    (names, plane): (&[String; 2], &Plane),
    at: &mut [f64; 2],
    landed: Option<&Landed>,
    (snapshot, labels): (&Snapshot, &Labels),
) -> bool {
    let tokens = Tokens::in_ui(ui);
    let gone = ui
        .horizontal(|ui| {
            ui.label(RichText::new("New point").color(tokens.text_strong));
            ui.button("Remove").on_hover_text("Take the new point out of the views").clicked()
        })
        .inner;
    for ((name, value), [low, high]) in names.iter().zip(at.iter_mut()).zip(plane.bounds) {
        ui.horizontal(|ui| {
            let label = ui.label(RichText::new(format::short(name, 14)).small().color(tokens.text_weak));
            let drag = egui::DragValue::new(value).speed((high - low) / 300.0).max_decimals(3);
            ui.add(drag).labelled_by(label.id).on_hover_text("Where the new point lies, in the unit of the axis");
        });
    }
    let Some(landed) = landed else { return gone };
    for ((by, title), place) in
        [(ColorBy::Learned, "learned"), (ColorBy::Exact, "exact")].into_iter().zip(&landed.sides)
    {
        let Some(place) = place else { continue };
        let name = format::short(&labels.name(by, place.cluster, snapshot), 18);
        ui.label(RichText::new(format!("{title}: cluster {name}, {:.0} % clear", 100.0 * place.clear)).small());
    }
    let strange = format::number(landed.strangeness);
    let (text, ink) = if landed.strangeness > 1.0 {
        (format!("unlike the samples: {strange} times the distance that 99 % of them keep within"), tokens.warning)
    } else {
        (format!("like the samples: at {strange} of the distance that 99 % of them keep within"), tokens.text)
    };
    ui.set_max_width(230.0);
    ui.label(RichText::new(text).small().color(ink));
    gone
}
