//! The middle of the window: the three linked views side by side with what they share above them, the card of the point at hand, and
//! systems side by side in their place.

pub mod compare;
pub mod inspect;
mod legend;
mod toolbar;
mod view;

use std::sync::Arc;

use eframe::egui::{self, Pos2, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::shown::axes::{Axis, Side};
use crate::app::shown::coloring::{ColorBy, ColoringCache};
use crate::app::shown::labels::{Labels, Wanted};
use crate::app::views::scatter::{Selection, Tool};
use crate::pipeline::Snapshot;
use crate::project::ViewState;
use view::View;
pub use view::Waiting;

/// The three views and what they share.
#[derive(Debug, Default)]
pub struct Centre {
    views: [View; 3],
    /// What the person coloured by; `None` follows the data.
    pub color_by: Option<ColorBy>,
    coloring: ColoringCache,
    /// The marked points.
    pub selection: Selection,
}

/// What happened in the views.
#[derive(Clone, Debug, Default)]
pub struct CentreResponse {
    /// The point under the pointer, or the one the keys went to.
    pub hovered: Option<u32>,
    /// Where the latter is.
    pub place: Option<Pos2>,
    /// What is wanted of the selected points.
    pub wanted: Option<Wanted>,
    /// A command that a button asked for.
    pub command: Option<UiCommand>,
}

impl Centre {
    /// Fits every view again.
    pub fn fit(&mut self) {
        for view in &mut self.views {
            view.state.fit();
        }
    }

    /// Forgets what belongs to the data shown so far.
    pub fn reset(&mut self) {
        let (tool, effect) = (self.tool(), self.selection.effect);
        *self = Self::default();
        self.set_tool(tool);
        self.selection.effect = effect;
    }

    /// What a person chose for the views, in words that a project keeps.
    #[must_use]
    pub fn told(&self) -> (Option<String>, Vec<ViewState>) {
        let view = |view: &View| ViewState {
            three_d: view.axes.three_d,
            axes: view.axes.chosen.map(|axis| axis.map(Axis::code)),
        };
        (self.color_by.map(ColorBy::code), self.views.iter().map(view).collect())
    }

    /// The same taken back from a project; words that mean nothing here are passed over.
    pub fn tell(&mut self, colour_by: Option<&str>, views: &[ViewState]) {
        self.color_by = colour_by.and_then(ColorBy::of_code);
        for (view, state) in self.views.iter_mut().zip(views) {
            view.axes.three_d = state.three_d;
            view.axes.chosen = state.axes.clone().map(|axis| axis.and_then(|axis| Axis::of_code(&axis)));
            view.state.fit_anew();
        }
    }

    /// What dragging in a view does.
    #[must_use]
    pub fn tool(&self) -> Tool {
        self.views[0].state.tool
    }

    /// Gives every view this tool.
    pub fn set_tool(&mut self, tool: Tool) {
        for view in &mut self.views {
            view.state.tool = tool;
        }
    }

    /// Draws everything. `waiting` says what an empty view waits for.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        snapshot: Option<&Arc<Snapshot>>,
        labels: &Labels,
        waiting: Waiting,
    ) -> CentreResponse {
        let dark = ui.visuals().dark_mode;
        let by = snapshot.map(|s| ColorBy::resolve(self.color_by, s));
        let mut answer = CentreResponse::default();
        if let (Some(snapshot), Some(by)) = (snapshot, by) {
            self.selection.resize(snapshot.data.len());
            let legend = self.coloring.get(by, snapshot, dark, labels).legend.clone();
            (answer.wanted, answer.command) = self.toolbar_ui(ui, snapshot, by, &legend, labels);
        } else {
            ui.add_space(ui.spacing().interact_size.y);
        }
        let area = ui.available_rect_before_wrap();
        let gap = 6.0;
        let width = (area.width() - 2.0 * gap) / 3.0;
        let before = self.selection.hovered;
        for (i, side) in Side::ALL.into_iter().enumerate() {
            let corner = area.min + egui::vec2(i as f32 * (width + gap), 0.0);
            let rect = egui::Rect::from_min_size(corner, egui::vec2(width, area.height()));
            let builder = egui::UiBuilder::new().max_rect(rect).id_salt(side.title());
            ui.scope_builder(builder, |ui| {
                ui.set_clip_rect(rect.intersect(ui.clip_rect()));
                let coloring = snapshot.zip(by).map(|(s, by)| self.coloring.get(by, s, dark, labels).colors.clone());
                let view = &mut self.views[i];
                let seen = view.ui(ui, side, snapshot, coloring.as_ref(), &mut self.selection, waiting);
                answer.hovered = answer.hovered.or(seen.point);
                answer.place = answer.place.or(seen.place);
            });
        }
        self.selection.hovered = answer.hovered;
        if before != answer.hovered {
            // The views to the left of the pointer were drawn with the point of the frame before.
            ui.ctx().request_repaint();
        }
        ui.advance_cursor_after_rect(area);
        answer
    }
}
