//! Windows above this one: each takes the keyboard when it opens, and gives it back to what had it when it closes.

use eframe::egui::{Context, Id, LayerId, Memory, Ui};

use super::stops::Stop;
use super::{Focus, drawn};

/// An open sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sheet {
    name: &'static str,
    layer: LayerId,
    /// What had the keyboard when it opened.
    before: Option<Id>,
    /// Widgets of its frame, which come before what it holds.
    frame: usize,
    /// Whether it has not had the keyboard yet.
    waits: bool,
}

/// The sheets of the window.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    open: Vec<Sheet>,
    drawn: Vec<(&'static str, LayerId, usize)>,
}

/// Says, before what it holds, that this layer is a sheet. One that gives the keyboard to a widget by itself keeps its choice.
pub fn sheet(ui: &Ui, name: &'static str) {
    let (layer, frame) = (ui.layer_id(), drawn(ui));
    ui.ctx().with_plugin(|focus: &mut Focus| focus.sheets.drawn.push((name, layer, frame)));
}

/// The name of the sheet that lies on top of the others.
#[must_use]
pub fn top_sheet(ctx: &Context) -> Option<&'static str> {
    let open = ctx.with_plugin(|focus: &mut Focus| focus.sheets.open.clone())?;
    let order: Vec<LayerId> = ctx.memory(|m| m.layer_ids().collect());
    let place = |sheet: &Sheet| order.iter().position(|layer| *layer == sheet.layer);
    open.iter().max_by_key(|sheet| place(sheet)).map(|sheet| sheet.name)
}

/// Whether a sheet is open that what floats over the views would lie on. The one that selects points is of the views itself.
#[must_use]
pub fn is_under_sheet(ctx: &Context) -> bool {
    let open = ctx.with_plugin(|focus: &mut Focus| focus.sheets.open.iter().any(|sheet| sheet.name != "Select"));
    open.unwrap_or(false)
}

/// Whether what has the keyboard lies in such a sheet.
#[must_use]
pub fn is_in_sheet(ctx: &Context) -> bool {
    let Some(focused) = ctx.memory(Memory::focused) else { return false };
    let inside = |focus: &mut Focus| {
        let layer = focus.stops.iter().find(|stop| stop.id == focused)?.layer;
        Some(focus.sheets.open.iter().any(|sheet| sheet.name != "Select" && sheet.layer == layer))
    };
    ctx.with_plugin(inside).flatten().unwrap_or(false)
}

impl Sheets {
    /// The layers of those that are open.
    pub(super) fn layers(&self) -> impl Iterator<Item = LayerId> {
        self.open.iter().map(|sheet| sheet.layer)
    }

    /// Looks at what was drawn; where the keyboard is to go: into a sheet that opened, or back where it was before one that closed.
    pub(super) fn end_pass(
        &mut self,
        ctx: &Context,
        stops: &[Stop],
        entries: &[Id],
        focused: Option<Id>,
    ) -> Option<Id> {
        let drawn = std::mem::take(&mut self.drawn);
        let is_stop = |id: Id| stops.iter().any(|stop| stop.id == id);
        let mut to = None;
        self.open.retain(|sheet| {
            let there = drawn.iter().any(|(_, layer, _)| *layer == sheet.layer);
            // A hand that has taken the keyboard elsewhere meanwhile keeps it there.
            if !there && focused.is_none_or(|id| !is_stop(id)) {
                to = sheet.before.filter(|&id| is_stop(id));
            }
            there
        });
        for (name, layer, frame) in drawn {
            if !self.open.iter().any(|sheet| sheet.layer == layer) {
                self.open.push(Sheet { name, layer, before: focused, frame, waits: true });
            }
        }
        // What lies under a question cannot have the keyboard before that is gone.
        if ctx.memory(Memory::top_modal_layer).is_some() {
            return to;
        }
        for sheet in self.open.iter_mut().filter(|sheet| sheet.waits) {
            let (layer, frame) = (sheet.layer, sheet.frame);
            let inside = |id: Id| stops.iter().any(|stop| stop.id == id && stop.layer == layer);
            sheet.waits = false;
            if focused.is_some_and(inside) {
                continue;
            }
            // What it is entered at may not be ready yet.
            let lies = |id: &Id| ctx.viewport(|v| v.this_pass.widgets.get(*id).is_some_and(|w| w.layer_id == layer));
            if entries.iter().any(|id| lies(id) && !inside(*id)) {
                sheet.waits = true;
                continue;
            }
            let first = || stops.iter().find(|stop| stop.layer == layer && stop.index >= frame).map(|stop| stop.id);
            let into = entries.iter().copied().find(|&id| inside(id)).or_else(first);
            sheet.waits = into.is_none();
            to = into.or(to);
        }
        to
    }
}
