//! A name for a cluster, asked for by its key: of the point at hand, or of the row in the list.

use std::sync::Arc;

use eframe::egui::{self, Key, RichText, Ui};

use crate::app::kit::focus::{self, select_all};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, modal};
use crate::app::shell::state::App;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::{Labels, side};
use crate::pipeline::Snapshot;
use crate::project::Deed;

/// The question between frames.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct Rename {
    asked: Option<(ColorBy, u32, String)>,
    /// What had the keyboard before.
    back_to: Option<egui::Id>,
    fresh: bool,
    /// When the last question was answered, in seconds of the window.
    answered: Option<f64>,
}

impl Rename {
    /// Draws the question if there is one; the edit once the name is given.
    pub(in crate::app::shell) fn ui(
        &mut self,
        ctx: &egui::Context,
        snapshot: Option<&Snapshot>,
        labels: &Labels,
    ) -> Option<Deed> {
        let Some(snapshot) = snapshot else {
            self.asked = None;
            return None;
        };
        let Some((by, id, text)) = self.asked.as_mut() else {
            // What lies under a question cannot have the keyboard before the question is gone.
            if ctx.memory(|m| m.top_modal_layer().is_none())
                && let Some(before) = self.back_to.take()
            {
                focus::go_to(ctx, before);
            }
            return None;
        };
        let fresh = std::mem::take(&mut self.fresh);
        if fresh {
            self.back_to = ctx.memory(egui::Memory::focused);
        }
        let mut given = false;
        let modal = modal(ctx, egui::Id::unique("cluster name")).show(ctx, |ui| {
            ui.set_width(320.0);
            let side = by.name(snapshot);
            let side = side.strip_prefix("cluster, ").unwrap_or(&side);
            let seen = labels.seen(*by, snapshot);
            let points = seen.iter().find(|(of, _)| of == id).map_or(0, |&(_, points)| points);
            let points = format::counted(points, "point");
            let title = format!("New name of {side} cluster {}, {points}", labels.name(*by, *id, snapshot));
            given = question_ui(ui, &title, text, fresh);
        });
        let deed = labels.rename(*by, *id, text, snapshot).filter(|_| given);
        if given || modal.should_close() {
            self.asked = None;
            self.answered = Some(ctx.input(|i| i.time));
            ctx.request_repaint();
        }
        deed
    }
}

fn question_ui(ui: &mut Ui, title: &str, text: &mut String, fresh: bool) -> bool {
    let tokens = Tokens::in_ui(ui);
    let label = ui.label(RichText::new(title).color(tokens.text_strong).strong());
    let edit = egui::TextEdit::singleline(text).char_limit(60).desired_width(f32::INFINITY);
    let edit = ui.add(edit).labelled_by(label.id);
    if fresh {
        select_all(ui.ctx(), edit.id, text); // What is typed takes the place of the number.
    }
    let enter = edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if !edit.has_focus() && !enter {
        edit.request_focus();
    }
    ui.label(RichText::new("Enter gives the name, an empty one takes it back").small().color(tokens.text_weak));
    enter
}

impl App {
    /// The cluster a name would be for: of the row in the list that has the keyboard, else of the name on the picture or the point under the pointer or at the keys, else of the pinned one. On the side that
    /// colours the points, if its clusters can have names, else on the learned or the exact one.
    pub(super) fn cluster_at_hand(&self) -> Option<(ColorBy, u32)> {
        let snapshot = self.run.shown.as_ref().filter(|_| !self.shows_other())?;
        if let Some((by, id)) = self.drafts.row().filter(|(by, _)| self.settings_open && side(*by).is_some()) {
            return Some((by, id));
        }
        if let Some(named) = self.centre.at_name.filter(|&(by, _)| side(by).is_some()) {
            return Some(named);
        }
        let point = self.centre.selection.hovered.or(self.centre.selection.pinned)?;
        let sides = [self.color_by(), ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline];
        let of = |by: ColorBy| self.labels.ids(by, snapshot)?.0.get(point as usize).copied();
        sides.into_iter().filter(|&by| side(by).is_some()).find_map(|by| Some((by, of(by)?)))
    }

    /// The cluster to be named: that at hand, else the first that has no name yet, so that one after the other can be named by keys alone.
    pub(in crate::app::shell) fn cluster_to_name(&self) -> Option<(ColorBy, u32)> {
        self.cluster_at_hand().or_else(|| self.nameless()).or_else(|| {
            let (by, snapshot) = self.named_side()?;
            self.labels.seen(by, snapshot).first().map(|&(id, _)| (by, id))
        })
    }

    /// Takes the keyboard to the list of clusters.
    pub(in crate::app::shell) fn go_to_clusters(&mut self) {
        if let Some((by, _)) = self.named_side() {
            // Classes have no menu.
            self.centre.color_by = Some(by);
            self.settings_open = true;
            self.drafts.go_to_list();
        }
    }

    /// The side whose clusters are named: that which colours the points, if its clusters can have names.
    pub(in crate::app::shell) fn named_side(&self) -> Option<(ColorBy, &Arc<Snapshot>)> {
        let snapshot = self.run.shown.as_ref().filter(|_| !self.shows_other())?;
        let sides = [self.color_by(), ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline];
        let can = |by: &ColorBy| side(*by).is_some() && self.labels.ids(*by, snapshot).is_some();
        sides.into_iter().find(can).map(|by| (by, snapshot))
    }

    /// The first cluster that has no name yet.
    fn nameless(&self) -> Option<(ColorBy, u32)> {
        let (by, snapshot) = self.named_side()?;
        let seen = self.labels.seen(by, snapshot);
        seen.into_iter().find(|&(id, _)| self.labels.name(by, id, snapshot) == id.to_string()).map(|(id, _)| (by, id))
    }

    /// Asks for its name.
    pub(in crate::app::shell) fn ask_name(&mut self, ctx: &egui::Context) {
        // A pointer that rests where it was when the last name was given points at nothing: the keys go on.
        let moved = ctx.input(|i| i.time - f64::from(i.pointer.time_since_last_movement()));
        let rests = self.rename.answered.is_some_and(|at| moved < at);
        let in_list = self.settings_open && self.drafts.row().is_some();
        let next = if rests && !in_list { self.nameless() } else { None };
        if let Some(cluster) = next.or_else(|| self.cluster_to_name()) {
            self.ask_name_of(cluster);
        }
    }

    /// Asks for the name of this cluster, unless what is seen is not the result.
    pub(in crate::app::shell) fn ask_name_of(&mut self, (by, id): (ColorBy, u32)) {
        let Some(snapshot) = self.run.shown.as_ref().filter(|_| !self.shows_other()) else { return };
        let name = self.labels.name(by, id, snapshot);
        // What is named is seen: another colouring, as that of given labels, would list other things.
        self.centre.color_by = Some(by);
        self.rename.asked = Some((by, id, name));
        self.rename.fresh = true;
    }
}
