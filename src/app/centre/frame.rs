//! The views of one frame: their places, what each draws, and what was done in it.

use std::sync::Arc;

use eframe::egui::{self, Ui};

use super::view::About;
use super::{Centre, CentreResponse, places};
use crate::app::gpu::Colors;
use crate::app::shown::axes::Side;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::Labels;
use crate::pipeline::Snapshot;

/// What all views of a frame share.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) snapshot: Option<&'a Arc<Snapshot>>,
    /// What decides the colours.
    pub(super) by: Option<ColorBy>,
    pub(super) labels: &'a Labels,
    pub(super) dark: bool,
    /// What stands beside each title, left to right.
    pub(super) marks: &'a [Option<String>; 3],
    /// The colours of what moves on the graph.
    pub(super) moving: Option<&'a Colors>,
    /// What is drawn beside the points, each thing by the views that have it.
    pub(super) about: About<'a>,
}

impl Centre {
    /// Whether views have one width and the usual order, as a lesson and a class have them.
    fn is_even(&self) -> bool {
        self.plain || self.hidden.contains(&true)
    }

    /// The views to be drawn with their places, and their borders where a hand can move them.
    fn rects_ui(&mut self, ui: &Ui, area: egui::Rect, snapshot: Option<&Arc<Snapshot>>) -> Vec<(usize, egui::Rect)> {
        if self.is_even() {
            let sides: Vec<usize> = self.sides(snapshot).into_iter().map(|side| side as usize).collect();
            return places::evenly(area, &sides);
        }
        self.places.borders_ui(ui, area);
        self.places.rects(area)
    }

    /// Draws the views in their places.
    pub(super) fn views_ui(&mut self, ui: &mut Ui, area: egui::Rect, frame: &Frame<'_>, answer: &mut CentreResponse) {
        let evenly = self.is_even();
        for (at, rect) in self.rects_ui(ui, area, frame.snapshot) {
            let side = Side::ALL[at];
            if self.taken && side == Side::Input {
                answer.free = Some(rect);
                continue;
            }
            let builder = egui::UiBuilder::new().max_rect(rect).id_salt(side.title());
            ui.scope_builder(builder, |ui| {
                ui.set_clip_rect(rect.intersect(ui.clip_rect()));
                self.view_ui(ui, at, frame, answer);
            });
        }
        if !evenly {
            self.places.follow(ui, area);
        }
    }

    /// Draws one view, and does what was done in it.
    fn view_ui(&mut self, ui: &mut Ui, at: usize, frame: &Frame<'_>, answer: &mut CentreResponse) {
        let side = Side::ALL[at];
        let Frame { snapshot, by, labels, dark, .. } = *frame;
        let own = snapshot.zip(by).map(|(s, by)| self.coloring.get(by, s, dark, labels).colors.clone());
        let whole = frame.moving.cloned().or(own);
        let coloring = whole.zip(snapshot).map(|(colors, s)| self.alone.colors(colors, s, labels));
        let about = About {
            mark: frame.marks[at].as_deref(),
            ground: frame.about.ground.filter(|_| side == Side::Input),
            second: Some(&self.second),
            ghosts: if side == Side::Learned { frame.about.ghosts } else { &[] },
            ..frame.about
        };
        let view = &mut self.views[at];
        let seen = view.ui(ui, side, snapshot, coloring.as_ref(), &mut self.selection, about);
        if let Some(head) = &seen.head {
            self.places.head(at, head);
        }
        if let (Some((widget, _)), Some(snapshot), Some(by)) = (seen.widget, snapshot, by) {
            let coloring = self.coloring.get(by, snapshot, dark, labels);
            let ids = labels.ids(by, snapshot).map_or(&[][..], |(ids, _)| ids);
            view.say(ui.ctx(), widget, (by, &coloring.legend, coloring.colors.serial), ids);
        }
        if let (Some(place), Some(_)) = (seen.empty, about.ground) {
            self.map.put(place);
            ui.ctx().request_repaint();
        }
        if let (Some(point), Some(what)) = (seen.clicked, self.graph.moving.what) {
            self.graph.begin(what, Some(point));
        }
        answer.add(seen);
    }
}
