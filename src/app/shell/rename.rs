//! A name for a cluster, asked for by its key: of the point at hand, or of the row in the list.

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
pub(super) struct Rename {
    asked: Option<(ColorBy, u32, String)>,
    /// What had the keyboard before.
    back_to: Option<egui::Id>,
    fresh: bool,
}

impl Rename {
    /// Draws the question if there is one; the edit once the name is given.
    pub(super) fn ui(&mut self, ctx: &egui::Context, snapshot: Option<&Snapshot>, labels: &Labels) -> Option<Deed> {
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
    /// The cluster a name would be for: of the row in the list that has the keyboard, else of the point under the pointer or at the keys, else of the pinned one. On the side that
    /// colours the points, if its clusters can have names, else on the learned or the exact one.
    pub(super) fn cluster_at_hand(&self) -> Option<(ColorBy, u32)> {
        let snapshot = self.run.shown.as_ref().filter(|_| !self.shows_other())?;
        if let Some((by, id)) = self.drafts.row().filter(|(by, _)| self.settings_open && side(*by).is_some()) {
            return Some((by, id));
        }
        let point = self.centre.selection.hovered.or(self.centre.selection.pinned)?;
        let sides = [self.color_by(), ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline];
        let of = |by: ColorBy| self.labels.ids(by, snapshot)?.0.get(point as usize).copied();
        sides.into_iter().filter(|&by| side(by).is_some()).find_map(|by| Some((by, of(by)?)))
    }

    /// The cluster to be named: that at hand, else the first that has no name yet, so that one after the other can be named by keys alone.
    pub(super) fn cluster_to_name(&self) -> Option<(ColorBy, u32)> {
        let first = || {
            let snapshot = self.run.shown.as_ref().filter(|_| !self.shows_other())?;
            let sides = [self.color_by(), ColorBy::Learned, ColorBy::Exact, ColorBy::Baseline];
            let by = sides.into_iter().find(|&by| side(by).is_some() && self.labels.ids(by, snapshot).is_some())?;
            let seen = self.labels.seen(by, snapshot);
            let nameless = |&&(id, _): &&(u32, usize)| self.labels.name(by, id, snapshot) == id.to_string();
            let (id, _) = seen.iter().find(nameless).or(seen.first())?;
            Some((by, *id))
        };
        self.cluster_at_hand().or_else(first)
    }

    /// Asks for its name.
    pub(super) fn ask_name(&mut self) {
        let Some(((by, id), snapshot)) = self.cluster_to_name().zip(self.run.shown.as_ref()) else { return };
        let name = self.labels.name(by, id, snapshot);
        // What is named is seen: another colouring, as that of given labels, would list other things.
        self.centre.color_by = Some(by);
        self.rename.asked = Some((by, id, name));
        self.rename.fresh = true;
    }
}
